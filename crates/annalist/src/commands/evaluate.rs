//! `annalist evaluate`: score against a public corpus.

use std::path::PathBuf;
use std::process::ExitCode;

use annalist_evaluate::Task;
use annalist_pipeline::Reader;

/// What to score.
#[derive(clap::Args)]
pub struct Arguments {
    /// What to score: attribution, parse, names, places, coreference, times, events, actors, stories, happenings, timelines, extraction or metadata.
    task: Task,
    /// The gold: JSON Lines; CoNLL-U for parse and coreference.
    gold: PathBuf,
    /// Also write the predictions, in the gold's own form.
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,
    /// Threads to use (all, unless given).
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Use another network than the built-in one (to compare models): an ONNX file with the same labels.
    #[arg(long, value_name = "FILE", hide = true)]
    network: Option<PathBuf>,
    /// Use other decoding settings than the built-in ones.
    #[arg(long, value_name = "FILE", hide = true)]
    decoding: Option<PathBuf>,
}

/// Scores and prints.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let threads = arguments.threads.or_else(|| Some(std::thread::available_parallelism().ok()?.get())).unwrap_or(1);
    let reader = match (&arguments.network, &arguments.decoding) {
        (None, None) => Reader::new()?,
        (network, decoding) => Reader::with_files(network.as_deref(), decoding.as_deref())?,
    };
    let mut out = std::io::stdout().lock();
    annalist_evaluate::run(
        arguments.task,
        &arguments.gold,
        arguments.predictions.as_deref(),
        &reader,
        threads,
        &mut out,
    )?;
    Ok(ExitCode::SUCCESS)
}
