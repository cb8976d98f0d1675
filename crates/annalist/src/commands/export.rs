//! `annalist export`: the ledger for other programs.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use annalist_ledger::Form;
use anyhow::Context;
use clap::ValueEnum;

use super::asking::{About, Where};

/// What to write out.
#[derive(clap::Args)]
pub struct Arguments {
    /// jsonl: records of reports; csv: events; geojson: events with their places; icalendar: what is due; graphml: contacts.
    form: Kind,
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    about: About,
    /// Write here instead of to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Jsonl,
    Csv,
    Geojson,
    Icalendar,
    Graphml,
}

/// Writes it.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let ledger = arguments.ledger.open()?;
    let form = match arguments.form {
        Kind::Jsonl => Form::Jsonl,
        Kind::Csv => Form::Csv,
        Kind::Geojson => Form::GeoJson,
        Kind::Icalendar => Form::ICalendar,
        Kind::Graphml => Form::GraphMl,
    };
    let mut out: Box<dyn Write> = match &arguments.output {
        Some(path) => {
            let file = File::create(path);
            let what = || format!("{}: cannot be written; check the path and its permissions", path.display());
            Box::new(BufWriter::new(file.with_context(what)?))
        }
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    ledger.export(form, &arguments.about.filter(), &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
