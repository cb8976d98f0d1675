//! Scorers for the public corpora.
//!
//! What is scored is a [`Predictor`]: the program itself, through the same path as `annalist read --as-is`, or a [`File`] of
//! predictions that any program wrote.
//!
//! * [`attribution`] — who said what: source, cue, content (PolNeAR).
//! * [`parse`] — tags, lemmas, trees on gold tokens (Universal Dependencies).
//! * [`names`] — names.
//! * [`actors`] — the country and sector of actors, given the words that name them.
//! * [`times`] — time expressions: spans, types, values (TempEval-3, task A).
//! * [`coreference`] — mentions and their chains (GUM).
//! * [`events`] — who did what to whom, when and where (PLOVER), and what was promised.
//! * [`places`] — the names of places, and where the places are.
//! * [`stories`] — which reports are on one affair (ECB+).
//! * [`happenings`] — which mentions in several reports are of one event (ECB+).
//! * [`timelines`] — what an actor took part in, and when, over several reports (SemEval-2015 task 4).
//! * [`pages`] — the text and the metadata of web pages; read by the program itself.
//!
//! ```no_run
//! use std::path::Path;
//! use annalist_evaluate::{File, Task, run};
//!
//! let gold = Path::new("gold.jsonl");
//! let predictor = File::load(Task::Names, Path::new("predictions.jsonl"), gold)?;
//! run(Task::Names, gold, None, &predictor, 1, &mut std::io::stdout())?;
//! # Ok::<(), anyhow::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod actors;
pub mod attribution;
mod bootstrap;
pub mod coreference;
pub mod events;
pub mod happenings;
mod jsonl;
pub mod names;
pub mod pages;
pub mod parse;
pub mod places;
mod predictor;
pub mod stories;
pub mod timelines;
pub mod times;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use annalist_pipeline::in_order;
use anyhow::Result;

pub use bootstrap::interval;
use bootstrap::line;
pub use predictor::{File, Predictor};

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Source, cue, content.
    Attribution,
    /// Tags, lemmas, dependencies, on gold tokens.
    Parse,
    /// Names.
    Names,
    /// Countries and sectors of actors.
    Actors,
    /// Time expressions.
    Times,
    /// Mentions and chains, on gold tokens.
    Coreference,
    /// The names of places, and where these are.
    Places,
    /// Events, commitments and changes of position.
    Events,
    /// Reports on one affair.
    Stories,
    /// Mentions of one event in several reports.
    Happenings,
    /// What actors took part in, and when, over several reports.
    Timelines,
    /// The text of web pages.
    Extraction,
    /// Day, title and authors of web pages.
    Metadata,
}

impl Task {
    /// All tasks.
    pub const ALL: [Task; 13] = [
        Task::Attribution,
        Task::Parse,
        Task::Names,
        Task::Coreference,
        Task::Actors,
        Task::Times,
        Task::Places,
        Task::Events,
        Task::Stories,
        Task::Happenings,
        Task::Timelines,
        Task::Extraction,
        Task::Metadata,
    ];
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Task::Attribution => "attribution",
            Task::Parse => "parse",
            Task::Names => "names",
            Task::Actors => "actors",
            Task::Times => "times",
            Task::Coreference => "coreference",
            Task::Places => "places",
            Task::Events => "events",
            Task::Stories => "stories",
            Task::Happenings => "happenings",
            Task::Timelines => "timelines",
            Task::Extraction => "extraction",
            Task::Metadata => "metadata",
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

/// Reads the gold's texts on `threads` threads, scores what comes out, and prints the figures. With `predictions`, also writes
/// them there, in the gold's own form.
///
/// # Errors
/// Gold that is malformed, by file and line; files that cannot be read or written.
pub fn run(
    task: Task,
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    match task {
        Task::Attribution => attribution::run(gold, predictions, predictor, threads, out),
        Task::Parse => parse::run(gold, predictions, predictor, parse::Genres::Open, threads, out),
        Task::Names => names::run(gold, predictions, predictor, threads, out),
        Task::Actors => actors::run(gold, predictions, predictor, threads, out),
        Task::Times => times::run(gold, predictions, predictor, threads, out),
        Task::Coreference => coreference::run(gold, predictions, predictor, threads, out),
        Task::Places => places::run(gold, predictions, predictor, threads, out),
        Task::Events => events::run(gold, predictions, predictor, threads, out),
        Task::Stories => stories::run(gold, predictions, out),
        Task::Happenings => happenings::run(gold, predictions, predictor, threads, out),
        Task::Timelines => timelines::run(gold, predictions, predictor, threads, out),
        Task::Extraction => pages::extraction(gold, predictions, threads, out),
        Task::Metadata => pages::metadata(gold, predictions, threads, out),
    }
}

/// What `predict` says of each item, in their order, or the first error. On threads of its own: a worker that waited for a pool
/// inside a pool would take up the next item meanwhile, and the next, until its stack is full.
pub(crate) fn predict_all<I: Sync, R: Send>(
    items: &[I],
    threads: usize,
    predict: impl Fn(&I) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let mut all = Ok(Vec::with_capacity(items.len()));
    in_order(
        items.iter(),
        &vec![(); threads.max(1)],
        |item, ()| predict(item),
        |result| {
            match (&mut all, result) {
                (Ok(all), Ok(one)) => all.push(one),
                (_, Err(error)) => all = Err(error),
                (Err(_), Ok(_)) => {}
            }
            all.is_ok()
        },
    );
    all
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
        100.0 * share(self.right, self.predicted)
    }

    /// Share of the gold that was found; 0 of none.
    pub fn recall(&self) -> f64 {
        100.0 * share(self.right, self.gold)
    }

    /// Their harmonic mean. In the order of operations of the scripts it is compared with, for the last printed digit.
    pub fn f1(&self) -> f64 {
        let (p, r) = (share(self.right, self.predicted), share(self.right, self.gold));
        if p + r == 0.0 { 0.0 } else { 100.0 * (2.0 * p * r / (p + r)) }
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

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `100 * part / whole`, 0 of nothing.
pub fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}
