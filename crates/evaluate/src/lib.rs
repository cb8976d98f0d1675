//! Scorers for the public corpora, through the same path as `annalist read --as-is`.
//!
//! * [`attribution`] — who said what: source, cue, content (PolNeAR).
//! * [`parse`] — tags, lemmas, trees on gold tokens (Universal Dependencies).
//! * [`names`] — names.
#![forbid(unsafe_code)]

pub mod attribution;
mod bootstrap;
mod jsonl;
pub mod names;
pub mod parse;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use annalist_pipeline::Reader;
use anyhow::Result;

pub use bootstrap::interval;

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Source, cue, content.
    Attribution,
    /// Tags, lemmas, dependencies, on gold tokens.
    Parse,
    /// Names.
    Names,
}

impl Task {
    /// All tasks.
    pub const ALL: [Task; 3] = [Task::Attribution, Task::Parse, Task::Names];
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Task::Attribution => "attribution",
            Task::Parse => "parse",
            Task::Names => "names",
        })
    }
}

impl FromStr for Task {
    type Err = String;

    fn from_str(word: &str) -> Result<Task, String> {
        let known = || Task::ALL.map(|t| t.to_string()).join(", ");
        Task::ALL
            .into_iter()
            .find(|t| t.to_string() == word)
            .ok_or_else(|| format!("no task `{word}`; there are {}", known()))
    }
}

/// Reads the gold's texts, scores what comes out, and prints the figures. With `predictions`, also writes them there, in the
/// gold's own form.
///
/// # Errors
/// Gold that is malformed, by file and line; files that cannot be read or written.
pub fn run(task: Task, gold: &Path, predictions: Option<&Path>, reader: &Reader, out: &mut dyn Write) -> Result<()> {
    match task {
        Task::Attribution => attribution::run(gold, predictions, reader, out),
        Task::Parse => parse::run(gold, predictions, reader, out),
        Task::Names => names::run(gold, predictions, reader, out),
    }
}

/// Reads on this many threads.
///
/// # Errors
/// When threads were already set.
pub fn use_threads(threads: usize) -> Result<()> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?)
}

/// Precision, recall and F1 of counts, in percent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// Right.
    pub right: usize,
    /// Predicted.
    pub predicted: usize,
    /// Gold.
    pub gold: usize,
}

impl Counts {
    /// Share of the predicted that is right; 0 of none.
    pub fn precision(&self) -> f64 {
        percent(self.right, self.predicted)
    }

    /// Share of the gold that was found; 0 of none.
    pub fn recall(&self) -> f64 {
        percent(self.right, self.gold)
    }

    /// Their harmonic mean.
    pub fn f1(&self) -> f64 {
        percent(2 * self.right, self.predicted + self.gold)
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        all.fold(Counts::default(), |a, b| Counts {
            right: a.right + b.right,
            predicted: a.predicted + b.predicted,
            gold: a.gold + b.gold,
        })
    }
}

/// `100 * part / whole`, 0 of nothing.
pub fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}
