//! The neural network: one ONNX file, run window by window, unpadded.
//!
//! Activations are quantised over a whole tensor, so a window's neighbours in a batch would change its results: windows are
//! never batched. The graph is run three times: for everything that needs the text alone; then, from values of the first run, for the
//! labels of the heads that the trees have; and, with the anchors found in the first, for the attribution graph.

use std::sync::Arc;

use rten::{Model as Network, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use serde::Deserialize;

use crate::pieces::Pieces;
use crate::windows::Window;

/// A model that cannot be used, or a run of it that failed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The network file is not one that the runtime can load.
    #[error("the model file cannot be loaded ({0}); restore models/english/model.onnx from the repository")]
    Load(String),
    /// A file beside the network is malformed.
    #[error("the model's {file} cannot be read ({reason}); restore it from the repository")]
    Companion {
        /// Which file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The network failed on a window.
    #[error("the model failed on a stretch of text ({0}); please report the text")]
    Run(String),
}

/// What the classes of each head stand for, in the order of the network's outputs.
#[derive(Debug, Deserialize)]
pub struct Labels {
    /// Universal part-of-speech tags.
    pub upos: Vec<Arc<str>>,
    /// Lemma edit scripts (see [`crate::lemmas`]).
    pub lemmas: Vec<Arc<str>>,
    /// Universal dependency relations, with subtypes.
    pub deprels: Vec<Arc<str>>,
    /// Name tags in BIO notation.
    pub names: Vec<Arc<str>>,
}

/// Distances are exact up to here and logarithmic beyond; must be as in `training/model.py`.
const NEAR: i64 = 8;
const BUCKETS: i64 = 40;

const MARK_START: i32 = 101;
const MARK_END: i32 = 102;
/// The feature of the two marks: no letters, outside quotation marks.
const MARK_FEATURE: i32 = 4;

/// A loaded network and its labels.
pub struct Model {
    network: Network,
    nodes: Nodes,
    /// What the outputs' classes are.
    pub labels: Labels,
}

struct Nodes {
    inputs: [NodeId; 5],
    upos: NodeId,
    lemma: NodeId,
    names: NodeId,
    arcs: NodeId,
    marks: NodeId,
    label_dependents: NodeId,
    label_heads: NodeId,
    tokens: NodeId,
    pair_tokens: NodeId,
    heads: NodeId,
    labels: NodeId,
    anchors: NodeId,
    buckets: NodeId,
    graph: NodeId,
}

/// Scores of one window: rows are its tokens.
pub struct Scores {
    /// Tags, [T, upos].
    pub upos: NdTensor<f32, 2>,
    /// Lemma rules, [T, lemmas].
    pub lemma: NdTensor<f32, 2>,
    /// Name tags, [T, names].
    pub names: NdTensor<f32, 2>,
    /// Heads, [T, 1 + T], column 0 the root.
    pub arcs: NdTensor<f32, 2>,
    /// Logits of being the anchor of a cue, and of being in any content, in any source, in any cue, [T, 4].
    pub marks: NdTensor<f32, 2>,
    label_dependents: Value,
    label_heads: Value,
    tokens: Value,
    pair_tokens: Value,
}

/// The index of the highest value; the first of equals; 0 of none.
pub fn argmax(values: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (i, v) in values.enumerate() {
        if v > best.1 {
            best = (i, v);
        }
    }
    best.0
}

impl Model {
    /// Loads a network from a buffer that lives as long as the program, and its labels from JSON.
    pub fn load(network: &'static [u8], labels: &str) -> Result<Model, ModelError> {
        let labels: Labels = serde_json::from_str(labels)
            .map_err(|e| ModelError::Companion { file: "labels.json", reason: e.to_string() })?;
        let network = rten::ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(network)
            .map_err(|e| ModelError::Load(e.to_string()))?;
        let node = |name: &str| network.node_id(name).map_err(|e| ModelError::Load(format!("no value `{name}`: {e}")));
        let nodes = Nodes {
            inputs: [node("ids")?, node("features")?, node("positions")?, node("first")?, node("last")?],
            upos: node("upos")?,
            lemma: node("lemma")?,
            names: node("names")?,
            arcs: node("arcs")?,
            marks: node("marks")?,
            label_dependents: node("label_dependents")?,
            label_heads: node("label_heads")?,
            tokens: node("tokens")?,
            pair_tokens: node("pair_tokens")?,
            heads: node("heads")?,
            labels: node("labels")?,
            anchors: node("anchors")?,
            buckets: node("buckets")?,
            graph: node("graph")?,
        };
        Ok(Model { network, nodes, labels })
    }

    /// Reads one window.
    pub fn read(&self, pieces: &Pieces, window: &Window, pool: &Arc<ThreadPool>) -> Result<Scores, ModelError> {
        let base = pieces.starts[window.tokens.start];
        let count = pieces.count(window.tokens.clone());
        let mut ids = Vec::with_capacity(count + 2);
        let mut features = Vec::with_capacity(count + 2);
        ids.push(MARK_START);
        features.push(MARK_FEATURE);
        ids.extend_from_slice(&pieces.ids[base..base + count]);
        let (mut first, mut last) = (Vec::with_capacity(window.tokens.len()), Vec::with_capacity(window.tokens.len()));
        for t in window.tokens.clone() {
            let (a, b) = (pieces.starts[t], pieces.starts[t + 1]);
            features.extend(std::iter::repeat_n(pieces.features[t], b - a));
            first.push((a - base + 1) as i32);
            last.push((b - base) as i32);
        }
        ids.push(MARK_END);
        features.push(MARK_FEATURE);
        let positions: Vec<i32> = (0..ids.len() as i32).collect();
        let inputs = [ids, features, positions, first, last];
        let inputs = self.nodes.inputs.iter().zip(inputs).map(|(&node, v)| (node, ints(v).into())).collect();
        let n = &self.nodes;
        let wanted =
            [n.upos, n.lemma, n.names, n.arcs, n.marks, n.label_dependents, n.label_heads, n.tokens, n.pair_tokens];
        let [upos, lemma, names, arcs, marks, label_dependents, label_heads, tokens, pair_tokens] =
            self.run(inputs, wanted, pool)?;
        Ok(Scores {
            upos: matrix(upos)?,
            lemma: matrix(lemma)?,
            names: matrix(names)?,
            arcs: matrix(arcs)?,
            marks: matrix(marks)?,
            label_dependents,
            label_heads,
            tokens,
            pair_tokens,
        })
    }

    /// The scores of labels for each token's head, [T, deprels]; heads are rows of [`Scores::arcs`]' columns, 0 the root.
    pub fn labels(
        &self,
        scores: &Scores,
        heads: &[usize],
        pool: &Arc<ThreadPool>,
    ) -> Result<NdTensor<f32, 2>, ModelError> {
        let inputs: Vec<(NodeId, ValueOrView)> = vec![
            (self.nodes.heads, ints(heads.iter().map(|&h| h as i32).collect()).into()),
            (self.nodes.label_dependents, (&scores.label_dependents).into()),
            (self.nodes.label_heads, (&scores.label_heads).into()),
        ];
        let [labels] = self.run(inputs, [self.nodes.labels], pool)?;
        matrix(labels)
    }

    /// For each anchor (token of the window, ascending), the logits of every token for content, source and cue: [C, T, 3].
    pub fn graph(
        &self,
        scores: &Scores,
        anchors: &[usize],
        pool: &Arc<ThreadPool>,
    ) -> Result<NdTensor<f32, 3>, ModelError> {
        let tokens = scores.marks.size(0);
        let buckets: Vec<i32> = anchors
            .iter()
            .flat_map(|&anchor| (0..tokens).map(move |token| bucket(token as i64 - anchor as i64) as i32))
            .collect();
        let buckets = Tensor::from_data(&[anchors.len(), tokens], buckets);
        let inputs: Vec<(NodeId, ValueOrView)> = vec![
            (self.nodes.anchors, ints(anchors.iter().map(|&a| a as i32).collect()).into()),
            (self.nodes.buckets, buckets.into()),
            (self.nodes.marks, scores.marks.view().into()),
            (self.nodes.tokens, (&scores.tokens).into()),
            (self.nodes.pair_tokens, (&scores.pair_tokens).into()),
        ];
        let [graph] = self.run(inputs, [self.nodes.graph], pool)?;
        matrix(graph)
    }

    fn run<const N: usize>(
        &self,
        inputs: Vec<(NodeId, ValueOrView)>,
        outputs: [NodeId; N],
        pool: &Arc<ThreadPool>,
    ) -> Result<[Value; N], ModelError> {
        let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
        self.network.run_n(inputs, outputs, Some(options)).map_err(|e| ModelError::Run(e.to_string()))
    }
}

fn ints(values: Vec<i32>) -> Tensor<i32> {
    Tensor::from_data(&[values.len()], values)
}

fn matrix<const N: usize>(value: Value) -> Result<NdTensor<f32, N>, ModelError> {
    value.try_into().map_err(|_| ModelError::Run("an output has an unexpected shape".to_string()))
}

/// The bucket of a signed token distance, in `0..BUCKETS`.
fn bucket(distance: i64) -> i64 {
    let far = distance.abs();
    let size = match far < NEAR {
        true => far,
        false => (NEAR + ((far as f32 / NEAR as f32).ln() * 4.0).floor() as i64).min(BUCKETS / 2 - 1),
    };
    if distance < 0 { BUCKETS / 2 + size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_fall_into_buckets_as_in_training() {
        // Values of distance_buckets in training/model.py.
        let buckets: Vec<i64> = [0, 1, 7, 8, 10, 20, 200, -1, -7, -8, -200].into_iter().map(bucket).collect();
        assert_eq!(buckets, [0, 1, 7, 8, 8, 11, 19, 21, 27, 28, 39]);
    }
}
