//! `annalist`: reads the news and keeps a situation's record.
//!
//! Exit status: 0 when all went well, 1 when some input could not be read, 2 when the command itself could not be carried
//! out. A reader that closes the pipe early is no error.
#![forbid(unsafe_code)]

mod commands;
mod render;

use std::process::ExitCode;

use clap::Parser;

/// Reads news reports and writes down, with evidence, who said what.
#[derive(Parser)]
#[command(name = "annalist", version, arg_required_else_help = true)]
enum Arguments {
    /// Read reports and print who said what in them.
    Read(commands::read::Arguments),
    /// Print the JSON Schema of what `read --format json` writes.
    Schema,
    /// Score against a public corpus.
    Evaluate(commands::evaluate::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Arguments::Read(arguments) => commands::read::run(arguments),
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
