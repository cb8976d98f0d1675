//! `annalist commitments`: what actors bound themselves to, and what came of it.

use std::process::ExitCode;

use super::asking::Question;
use super::inputs::day;

/// What to ask.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// The day that counts as today; what was published later is left out [default: that of the newest report].
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<String>,
}

/// Asks and prints.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let today = arguments.today.as_deref();
    arguments.question.ask_on(today, |ledger, filter| ledger.commitments(filter, today))
}
