//! `annalist quotations`: the same words in several reports.

use std::process::ExitCode;

use super::asking::Question;

/// Asks and prints.
pub fn run(question: Question) -> anyhow::Result<ExitCode> {
    question.ask(|ledger, filter| ledger.quotations(filter))
}
