//! Text to analysis: sentences, tokens, one encoder pass, heads.
//!
//! This is the only crate that knows a neural network exists. The same text gives the same [`Analysis`] whatever else was
//! read beside it, on however many threads.
//!
//! ```no_run
//! use std::sync::Arc;
//! use annalist_knowledge::Knowledge;
//! use annalist_language::{ThreadPool, english};
//!
//! let analyser = english()?;
//! let pools = [Arc::new(ThreadPool::with_num_threads(1))];
//! let analysis = analyser.analyse("The minister said talks would go on.", Knowledge::english(), &pools)?;
//! assert_eq!(analysis.sentences.len(), 1);
//! # Ok::<(), annalist_language::ModelError>(())
//! ```
#![forbid(unsafe_code)]

mod analysis;
mod kinds;
pub mod layout;
pub mod lemmas;
mod model;
mod names;
mod persons;
pub mod pieces;
pub mod segments;
pub mod sentences;
pub mod tokens;
pub mod tree;
pub mod windows;

use std::path::Path;

pub use analysis::{Analyser, Analysis, Attribution, Decoding, Name, Parts, Pledge, ThreadPool, Token, Trigger};
pub use model::ModelError;
use model::WEIGHTS;
pub use sentences::Sentence;

/// The name of the English model that is built in.
pub const ENGLISH: &str = "english-1";

const ENGLISH_PARTS: Parts = Parts {
    network: include_bytes!("../../../models/english/model.onnx"),
    weights: rten::include_external_data!("../../../models/english/model.onnx.data"),
    labels: include_str!("../../../models/english/labels.json"),
    vocabulary: include_str!("../../../models/english/vocab.txt"),
    lemmas: include_str!("../../../models/english/lemmas.tsv"),
    decoding: include_str!("../../../models/english/decoding.json"),
};

/// Loads the English model that is built into the program.
pub fn english() -> Result<Analyser, ModelError> {
    Analyser::load(&ENGLISH_PARTS)
}

/// The English model with another network (its weights in it, or in `model.onnx.data` beside it) or other decoding settings, read from files;
/// the built-in ones for `None`.
///
/// # Errors
/// When a file cannot be read or is not of its form.
pub fn english_with(network: Option<&Path>, decoding: Option<&Path>) -> Result<Analyser, ModelError> {
    let unreadable = |file| move |e: std::io::Error| ModelError::Companion { file, reason: e.to_string() };
    // They live as long as the program: models are compared one a run.
    let forever = |bytes: Vec<u8>| -> &'static [u8] { Box::leak(bytes.into_boxed_slice()) };
    let (network, weights) = match network {
        Some(path) => {
            let beside = path.with_file_name(WEIGHTS);
            let weights =
                if beside.exists() { std::fs::read(beside).map_err(unreadable(WEIGHTS))? } else { Vec::new() };
            (forever(std::fs::read(path).map_err(unreadable("network"))?), forever(weights))
        }
        None => (ENGLISH_PARTS.network, ENGLISH_PARTS.weights),
    };
    let decoding = match decoding {
        Some(path) => std::fs::read_to_string(path).map_err(unreadable("decoding.json"))?,
        None => ENGLISH_PARTS.decoding.to_string(),
    };
    Analyser::load(&Parts { network, weights, decoding: &decoding, ..ENGLISH_PARTS })
}
