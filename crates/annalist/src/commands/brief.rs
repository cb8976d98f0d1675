//! `annalist brief`: the situation on a page.

use std::io::{self, Write};
use std::process::ExitCode;

use super::asking::{About, Where};
use super::inputs::day;

/// What the brief is about.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    filter: About,
    /// Words that all lines are about; as --words.
    #[arg(long, value_name = "WORDS", conflicts_with = "words")]
    about: Option<String>,
    /// The day that counts as today; what was published later is left out [default: that of the newest report].
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<String>,
    /// How to write it: markdown; html, one file that needs nothing else.
    #[arg(long, value_enum, default_value_t = Form::Markdown)]
    format: Form,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    Markdown,
    Html,
}

/// Writes it.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let ledger = arguments.ledger.open_on(arguments.filter.as_of.as_deref(), arguments.today.as_deref())?;
    let mut filter = arguments.filter.filter();
    filter.words = arguments.about.or(filter.words);
    let brief = match arguments.format {
        Form::Markdown => ledger.brief(&filter, arguments.today.as_deref())?,
        Form::Html => ledger.brief_html(&filter, arguments.today.as_deref())?,
    };
    let mut out = io::stdout().lock();
    out.write_all(brief.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
