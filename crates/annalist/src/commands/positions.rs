//! `annalist positions`: what actors said on one matter, in order.

use std::process::ExitCode;

use annalist_ledger::Filter;

use super::asking::Question;

/// What to ask.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Words that all statements have; as --words.
    #[arg(long, value_name = "WORDS", conflicts_with = "words")]
    about: Option<String>,
}

/// Asks and prints.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { question, about } = arguments;
    question.ask(|ledger, filter| ledger.positions(&Filter { words: about.or(filter.words.clone()), ..filter.clone() }))
}
