//! `annalist show`: everything that is known about one record.

use std::io::{self, Write};
use std::process::ExitCode;

use super::asking::{Where, moment};
use crate::render::known::known;

/// How it is shown.
#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Names and values, one under the other.
    Text,
    /// One JSON object.
    Json,
}

/// What to show.
#[derive(clap::Args)]
pub struct Arguments {
    /// The id of a report, of an item (REPORT/ITEM), of an actor (E…) or of a happening (H…); of reports, also its beginning.
    id: String,
    #[command(flatten)]
    ledger: Where,
    /// As the ledger was at the end of this day, or at this UTC moment.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    as_of: Option<String>,
    /// How it is shown.
    #[arg(long, value_enum, default_value = "text")]
    format: Form,
}

/// Shows it.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let shown = arguments.ledger.open_as_of(arguments.as_of.as_deref())?.show(&arguments.id)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Form::Text => write!(out, "{}", known(&shown))?,
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &shown).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
