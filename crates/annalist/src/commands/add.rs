//! `annalist add`: reports into the ledger.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use annalist_fetch::{Fetched, Fetcher, Manners};
use annalist_ledger::{Added, Ledger, LedgerError, Tally};
use annalist_pipeline::{ReadError, Reader, Taken, documents, error_record};
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::asking::Where;
use super::inputs::{Intake, Threads, addresses, list, sources, stamp, unfetched};

/// What to add.
#[derive(clap::Args)]
pub struct Arguments {
    /// Files, folders (read recursively), addresses of pages or feeds, or - for standard input.
    #[arg(value_name = "FILE|FOLDER|URL|-", required = true)]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    intake: Intake,
    #[command(flatten)]
    threads: Threads,
    /// When the reports come in, if not now: a UTC moment (2026-03-12T10:00:00Z).
    #[arg(long, value_name = "MOMENT", value_parser = stamp)]
    added: Option<String>,
    /// Fetch also addresses that are not public: on this machine or a private network.
    #[arg(long)]
    private: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

/// Adds. What is there already is not read again, so that a run that was stopped goes on where it was.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let path = arguments.ledger.path();
    let mut ledger = Ledger::create(&path)?;
    let (urls, paths) = addresses(&arguments.inputs);
    // No path at all would be standard input.
    let (sources, failures) = if paths.is_empty() { Default::default() } else { sources(&paths) };
    if sources.is_empty() && failures.is_empty() && urls.is_empty() {
        bail!("there is no file to read in {}", list(&arguments.inputs));
    }
    let known = Mutex::new(Ledger::open(&path)?);
    let wanted = |report: &annalist_record::Report| {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // Should it not be told, the writer tells it.
        !known.holds(&report.id, &report.content_id).unwrap_or(false)
    };
    let reader = Reader::new()?;
    let progress = progress(sources.len() as u64, "files");
    // The one clock: when something came in. No date of a report ever comes from it.
    let moment = || arguments.added.clone().unwrap_or_else(now);
    let mut tally = Tally::default();
    let failed = |ledger: &mut Ledger, tally: &mut Tally, error: &annalist_record::ErrorRecord| {
        tally.failed += 1;
        progress.suspend(|| eprintln!("annalist: {}", error.error.message));
        ledger.fail(error, &moment())
    };
    let mut outcome: Result<(), LedgerError> = failures.iter().try_for_each(|e| failed(&mut ledger, &mut tally, e));
    if outcome.is_ok() && !sources.is_empty() {
        reader.read_wanted(&sources, &arguments.intake.options(), arguments.threads.number(), wanted, |i, taken| {
            outcome = match taken {
                Taken::Unwanted => {
                    tally.count(&Added::Already);
                    Ok(())
                }
                Taken::Failed(error) => failed(&mut ledger, &mut tally, &error),
                Taken::Read { input, record, kept } => {
                    ledger.add(&record, &input, Some(&kept), &moment()).map(|added| tally.count(&added))
                }
            };
            progress.set_position(i as u64);
            outcome.is_ok()
        });
    }
    if outcome.is_ok() && !urls.is_empty() {
        let options = arguments.intake.options();
        let fetcher =
            Fetcher::new(Manners { private: arguments.private, largest: options.largest, ..Manners::default() });
        outcome = urls.iter().try_for_each(|url| {
            let found = match fetcher.get(url, None) {
                Ok(Fetched::Page(page)) => {
                    documents(&page.url, page.charset.as_deref(), page.body, Some(&moment()), &options)
                }
                Ok(Fetched::Unchanged) => Vec::new(),
                Err(error) => return failed(&mut ledger, &mut tally, &unfetched(&error, url)),
            };
            found.into_iter().try_for_each(|document| match document {
                Ok(raw) => match reader.read_document(raw, &options, wanted) {
                    Taken::Unwanted => {
                        tally.count(&Added::Already);
                        Ok(())
                    }
                    Taken::Failed(error) => failed(&mut ledger, &mut tally, &error),
                    Taken::Read { input, record, kept } => {
                        ledger.add(&record, &input, Some(&kept), &moment()).map(|added| tally.count(&added))
                    }
                },
                Err(error) => failed(&mut ledger, &mut tally, &error_record(url, &ReadError::Intake(error))),
            })
        });
    }
    progress.finish_and_clear();
    match arguments.json {
        true => println!("{}", serde_json::to_string(&tally)?),
        false => println!("{}", summary(&tally)),
    }
    outcome?;
    Ok(if tally.failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What was added, in a line.
pub fn summary(tally: &Tally) -> String {
    let mut parts = vec![format!("{} added", tally.added)];
    if tally.reprinted > 0 {
        parts.push(format!("of these {} reprints", tally.reprinted));
    }
    for (count, what) in [(tally.already, "already there"), (tally.versions, "new versions"), (tally.failed, "failed")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join(", ")
}

/// Now, as the ledger writes it.
pub fn now() -> String {
    format!("{:.0}", jiff::Timestamp::now())
}

/// A bar that tells the rate and the time left; nothing where nobody looks.
pub fn progress(length: u64, what: &str) -> ProgressBar {
    if length < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template(&format!("{{bar:30}} {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left"));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
