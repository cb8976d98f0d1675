//! `annalist search`: reports, statements and actors by words.

use std::process::ExitCode;

use super::asking::Question;

/// What to search for.
#[derive(clap::Args)]
pub struct Arguments {
    /// The words, all of which must be there.
    #[arg(required = true)]
    words_to_find: Vec<String>,
    #[command(flatten)]
    question: Question,
}

/// Searches and prints.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let words = arguments.words_to_find.join(" ");
    arguments.question.ask(|ledger, filter| ledger.search(&words, filter))
}
