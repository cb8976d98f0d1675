//! The neural network: one ONNX file, run window by window, unpadded.
//!
//! Activations are quantised over a whole tensor, so a window's neighbours in a batch would change its results: windows are
//! never batched. The graph is run up to four times: for everything that needs the text alone; then, from values of the first run, for
//! the labels of the heads that the trees have; with the anchors found in the first, for the attribution graph; and, with the triggers,
//! for what they tell of their events.

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
    #[error(
        "the model file cannot be loaded ({0}); restore model.onnx and model.onnx.data in models/english from the repository"
    )]
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
    /// What a token may trigger: first nothing, then PLOVER event types.
    pub event_types: Vec<Arc<str>>,
    /// Whether an event happened, in the words of the record.
    pub event_status: Vec<Arc<str>>,
    /// PLOVER modes; `-` for none.
    pub event_modes: Vec<Arc<str>>,
    /// Ways of committing oneself, in the words of the record; each has a tag for its first token and one for those that follow,
    /// after the tag for none.
    pub commitments: Vec<Arc<str>>,
}

/// Distances are exact up to here and logarithmic beyond; must be as in `training/model.py`.
const NEAR: i64 = 8;
const BUCKETS: i64 = 40;

const MARK_START: i32 = 101;
const MARK_END: i32 = 102;
/// The feature of the two marks: no letters, outside quotation marks.
const MARK_FEATURE: i32 = 4;

/// The file with a network's large tensors, as the network names it.
pub(crate) const WEIGHTS: &str = "model.onnx.data";

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
    event_types: NodeId,
    event_commitments: NodeId,
    event_tokens: NodeId,
    event_told: NodeId,
    event_pair_tokens: NodeId,
    event_anchors: NodeId,
    event_kinds: NodeId,
    event_buckets: NodeId,
    event_status: NodeId,
    event_modes: NodeId,
    event_arguments: NodeId,
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
    /// Logits of what a token triggers, [T, event_types].
    pub event_types: NdTensor<f32, 2>,
    /// Logits of what a token is part of, [T, 1 + 2 * commitments].
    pub commitments: NdTensor<f32, 2>,
    label_dependents: Value,
    label_heads: Value,
    tokens: Value,
    pair_tokens: Value,
    event_tokens: Value,
    event_told: Value,
    event_pair_tokens: Value,
}

/// What the triggers of a window tell of their events; rows are the triggers.
pub struct Told {
    /// Logits of statuses, [E, event_status].
    pub status: NdTensor<f32, 2>,
    /// Logits of modes, [E, event_modes].
    pub modes: NdTensor<f32, 2>,
    /// For each token of the window, the logits of its being part of the event's actor, recipient, place and time, and another trigger
    /// of the same event, [E, T, 5].
    pub arguments: NdTensor<f32, 3>,
}

/// Asks the allocator to keep what is freed for the next window.
///
/// A window needs some megabytes for a moment. The GNU allocator gives what is freed back to the kernel, which must clear it again for the
/// next window: a fifteenth of the time of reading. But once a chunk of up to 32 MB has been freed it keeps twice as much
/// ("dynamic mmap threshold" in mallopt(3)). The chunk is never touched, so that it costs nothing; other allocators do not mind.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(31 << 20)));
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
    /// Loads a network and its weights from buffers that live as long as the program, and its labels from JSON.
    pub fn load(network: &'static [u8], weights: &'static [u8], labels: &str) -> Result<Model, ModelError> {
        keep_freed_memory();
        let labels: Labels = serde_json::from_str(labels)
            .map_err(|e| ModelError::Companion { file: "labels.json", reason: e.to_string() })?;
        let network = rten::ModelOptions::with_all_ops()
            .prepack_weights(true)
            .external_data_static(WEIGHTS, weights)
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
            event_types: node("event_types")?,
            event_commitments: node("event_commitments")?,
            event_tokens: node("event_tokens")?,
            event_told: node("event_told")?,
            event_pair_tokens: node("event_pair_tokens")?,
            event_anchors: node("event_anchors")?,
            event_kinds: node("event_kinds")?,
            event_buckets: node("event_buckets")?,
            event_status: node("event_status")?,
            event_modes: node("event_modes")?,
            event_arguments: node("event_arguments")?,
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
        let wanted = [
            n.upos,
            n.lemma,
            n.names,
            n.arcs,
            n.marks,
            n.event_types,
            n.event_commitments,
            n.label_dependents,
            n.label_heads,
            n.tokens,
            n.pair_tokens,
            n.event_tokens,
            n.event_told,
            n.event_pair_tokens,
        ];
        let [upos, lemma, names, arcs, marks, event_types, commitments, kept @ ..] = self.run(inputs, wanted, pool)?;
        let [label_dependents, label_heads, tokens, pair_tokens, event_tokens, event_told, event_pair_tokens] = kept;
        Ok(Scores {
            upos: matrix(upos)?,
            lemma: matrix(lemma)?,
            names: matrix(names)?,
            arcs: matrix(arcs)?,
            marks: matrix(marks)?,
            event_types: matrix(event_types)?,
            commitments: matrix(commitments)?,
            label_dependents,
            label_heads,
            tokens,
            pair_tokens,
            event_tokens,
            event_told,
            event_pair_tokens,
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
        let buckets = buckets(anchors, scores.marks.size(0));
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

    /// What triggers tell: tokens of the window, ascending, each with its class among [`Labels::event_types`].
    pub fn told(
        &self,
        scores: &Scores,
        triggers: &[(usize, usize)],
        pool: &Arc<ThreadPool>,
    ) -> Result<Told, ModelError> {
        let (anchors, kinds): (Vec<usize>, Vec<usize>) = triggers.iter().copied().unzip();
        let n = &self.nodes;
        let inputs: Vec<(NodeId, ValueOrView)> = vec![
            (n.event_anchors, ints(anchors.iter().map(|&a| a as i32).collect()).into()),
            (n.event_kinds, ints(kinds.iter().map(|&k| k as i32).collect()).into()),
            (n.event_buckets, buckets(&anchors, scores.marks.size(0)).into()),
            (n.event_tokens, (&scores.event_tokens).into()),
            (n.event_told, (&scores.event_told).into()),
            (n.event_pair_tokens, (&scores.event_pair_tokens).into()),
        ];
        let [status, modes, arguments] = self.run(inputs, [n.event_status, n.event_modes, n.event_arguments], pool)?;
        Ok(Told { status: matrix(status)?, modes: matrix(modes)?, arguments: matrix(arguments)? })
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

/// The buckets of every token's distance from every anchor, [C, T].
fn buckets(anchors: &[usize], tokens: usize) -> Tensor<i32> {
    let each = |&anchor: &usize| (0..tokens).map(move |token| bucket(token as i64 - anchor as i64) as i32);
    Tensor::from_data(&[anchors.len(), tokens], anchors.iter().flat_map(each).collect::<Vec<i32>>())
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
