//! `annalist`: reads the news and keeps a situation's record.
//!
//! Exit status: 0 when all went well, 1 when some input could not be read, 2 when the command itself could not be carried
//! out. A reader that closes the pipe early is no error.
#![forbid(unsafe_code)]

mod commands;
mod render;

use std::process::ExitCode;

use clap::Parser;

use commands::asking::Question;

/// Reads news reports and keeps, with evidence, who said and did what.
#[derive(Parser)]
#[command(name = "annalist", version, arg_required_else_help = true)]
enum Arguments {
    /// Read reports and print who said what in them.
    Read(commands::read::Arguments),
    /// Add reports to a ledger.
    Add(commands::add::Arguments),
    /// Add records that were read elsewhere to a ledger.
    Import(commands::import::Arguments),
    /// Add what feeds and folders bring, as it comes.
    Watch(commands::watch::Arguments),
    /// Read everything in a ledger again, with this program's model and knowledge.
    Reread(commands::reread::Arguments),
    /// Say of a record that it is right or wrong, or what it should be.
    Mark(commands::mark::Arguments),
    /// What happened, across reports: how many say so, and which say otherwise.
    Timeline(Question),
    /// What each report says happened.
    Events(Question),
    /// Who said what.
    Statements(Question),
    /// What several reports quote: who carried it first, and where the wording differs.
    Quotations(Question),
    /// What actors said on one matter, in order, and what they took back.
    Positions(commands::positions::Arguments),
    /// The affairs that reports are on.
    Stories(Question),
    /// What actors bound themselves to, and what came of it.
    Commitments(commands::commitments::Arguments),
    /// What is announced, and whether it took place.
    Due(commands::due::Arguments),
    /// Who met or spoke with whom.
    Contacts(Question),
    /// Who is named.
    Actors(Question),
    /// What places are named.
    Places(Question),
    /// Find reports, statements and actors by words.
    Search(commands::search::Arguments),
    /// Show everything that is known about one record.
    Show(commands::show::Arguments),
    /// The situation on a page, in Markdown or HTML.
    Brief(commands::brief::Arguments),
    /// Write the ledger out for other programs.
    Export(commands::export::Arguments),
    /// Print the JSON Schema of what `read --format json` writes.
    Schema,
    /// Score against a public corpus.
    Evaluate(commands::evaluate::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Arguments::Read(arguments) => commands::read::run(arguments),
        Arguments::Add(arguments) => commands::add::run(arguments),
        Arguments::Import(arguments) => commands::import::run(arguments),
        Arguments::Watch(arguments) => commands::watch::run(arguments),
        Arguments::Reread(arguments) => commands::reread::run(arguments),
        Arguments::Mark(arguments) => commands::mark::run(arguments),
        Arguments::Timeline(question) => commands::timeline::run(question),
        Arguments::Events(question) => commands::events::run(question),
        Arguments::Statements(question) => commands::statements::run(question),
        Arguments::Quotations(question) => commands::quotations::run(question),
        Arguments::Positions(arguments) => commands::positions::run(arguments),
        Arguments::Stories(question) => commands::stories::run(question),
        Arguments::Commitments(arguments) => commands::commitments::run(arguments),
        Arguments::Due(arguments) => commands::due::run(arguments),
        Arguments::Contacts(question) => commands::contacts::run(question),
        Arguments::Actors(question) => commands::actors::run(question),
        Arguments::Places(question) => commands::places::run(question),
        Arguments::Search(arguments) => commands::search::run(arguments),
        Arguments::Show(arguments) => commands::show::run(arguments),
        Arguments::Brief(arguments) => commands::brief::run(arguments),
        Arguments::Export(arguments) => commands::export::run(arguments),
        Arguments::Schema => commands::schema::run(),
        Arguments::Evaluate(arguments) => commands::evaluate::run(arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) if closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("annalist: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all that went wrong is that nobody reads the output any more.
fn closed_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(broken))
}
