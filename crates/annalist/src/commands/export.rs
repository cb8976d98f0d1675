//! `annalist export`: the ledger for other programs.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use annalist_ledger::{Form, Table};
use anyhow::Context;
use clap::ValueEnum;

use super::asking::{About, Where};

/// What to write out.
#[derive(clap::Args)]
pub struct Arguments {
    /// jsonl: records of reports; csv, parquet: a table; polecat: events in POLECAT's columns, as CSV; geojson: events with their places; icalendar: what is due; graphml: contacts; marks: what
    /// analysts said of records, as training data.
    form: Kind,
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    about: About,
    /// Which table csv and parquet are of.
    #[arg(long, value_enum, default_value_t = Name::Events)]
    table: Name,
    /// Write here instead of to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Events,
    Timeline,
    Statements,
    Commitments,
    Due,
    Contacts,
    Actors,
    Places,
}

impl Name {
    fn table(self) -> Table {
        match self {
            Name::Events => Table::Events,
            Name::Timeline => Table::Timeline,
            Name::Statements => Table::Statements,
            Name::Commitments => Table::Commitments,
            Name::Due => Table::Due,
            Name::Contacts => Table::Contacts,
            Name::Actors => Table::Actors,
            Name::Places => Table::Places,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Jsonl,
    Csv,
    Parquet,
    Polecat,
    Geojson,
    Icalendar,
    Graphml,
    Marks,
}

/// Writes it.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let ledger = arguments.ledger.open_as_of(arguments.about.as_of.as_deref())?;
    let table = arguments.table.table();
    let form = match arguments.form {
        Kind::Marks => Form::Marks,
        Kind::Jsonl => Form::Jsonl,
        Kind::Csv => Form::Csv(table),
        Kind::Parquet => Form::Parquet(table),
        Kind::Polecat => Form::Polecat,
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
