//! `annalist show`: everything that is known about one record.

use std::io::{self, Write};
use std::process::ExitCode;

use super::asking::Where;

/// What to show.
#[derive(clap::Args)]
pub struct Arguments {
    /// The id of a report, of an item (REPORT/ITEM), of an actor (E…) or of a happening (H…); of reports, also its beginning.
    id: String,
    #[command(flatten)]
    ledger: Where,
}

/// Shows it, as JSON.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let shown = arguments.ledger.open()?.show(&arguments.id)?;
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &shown).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}
