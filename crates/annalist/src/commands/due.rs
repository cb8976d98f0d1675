//! `annalist due`: what is announced, and whether it took place.

use std::process::ExitCode;

use super::asking::Question;
use super::inputs::day;

/// What to ask.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// The day that counts as today [default: that of the newest report].
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<String>,
}

/// Asks and prints.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    arguments.question.ask(|ledger, filter| ledger.due(filter, arguments.today.as_deref()))
}
