//! `annalist stories`: the affairs that reports are on.

use std::process::ExitCode;

use super::asking::Question;

/// Asks and prints.
pub fn run(question: Question) -> anyhow::Result<ExitCode> {
    question.ask(|ledger, filter| ledger.stories(filter))
}
