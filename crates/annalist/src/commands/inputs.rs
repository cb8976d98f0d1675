//! What several subcommands ask for: inputs, how to take them in, and on how many threads.

use std::path::PathBuf;

use annalist_pipeline::{Options, Source, files};
use annalist_record::{ErrorRecord, InputError, SCHEMA_VERSION};

/// How inputs are taken in.
#[derive(clap::Args)]
pub struct Intake {
    /// The day the reports were published, as YYYY-MM-DD, where they do not say it themselves.
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub date: Option<String>,
    /// Take the input as clean text: remove nothing, keep its own offsets.
    #[arg(long)]
    pub as_is: bool,
    /// Refuse inputs larger than this many bytes.
    #[arg(long, value_name = "N", default_value_t = annalist_pipeline::LARGEST)]
    pub max_bytes: usize,
}

impl Intake {
    /// The options of the pipeline.
    pub fn options(&self) -> Options {
        Options { date: self.date.clone(), as_is: self.as_is, largest: self.max_bytes, ..Options::default() }
    }
}

/// On how many threads to work.
#[derive(clap::Args)]
pub struct Threads {
    /// Threads to use (all, unless given).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    /// Their number.
    pub fn number(&self) -> usize {
        self.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
    }
}

/// A day of the calendar, as it is written.
pub fn day(given: &str) -> Result<String, String> {
    let date: jiff::civil::Date =
        given.parse().map_err(|_| "a date is written YYYY-MM-DD, as in 2026-03-31".to_string())?;
    Ok(date.to_string())
}

/// A moment in UTC, as the ledger writes it.
pub fn stamp(given: &str) -> Result<String, String> {
    let stamp: jiff::Timestamp =
        given.parse().map_err(|_| "a moment is written as 2026-03-31T10:00:00Z".to_string())?;
    Ok(format!("{stamp:.0}"))
}

/// The sources that the inputs name, and an error for each that names none. No input is standard input.
pub fn sources(inputs: &[PathBuf]) -> (Vec<Source>, Vec<ErrorRecord>) {
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    if inputs.is_empty() {
        sources.push(Source::Stdin);
    }
    for input in inputs {
        if input.as_os_str() == "-" {
            if !sources.contains(&Source::Stdin) {
                sources.push(Source::Stdin);
            }
            continue;
        }
        match files(input) {
            Ok(found) => sources.extend(found.into_iter().map(Source::File)),
            Err(error) => failures.push(ErrorRecord {
                schema_version: SCHEMA_VERSION,
                error: InputError {
                    input: error.input().to_string(),
                    kind: error.kind().to_string(),
                    message: error.to_string(),
                },
            }),
        }
    }
    (sources, failures)
}

/// Splits off the inputs that are web addresses.
pub fn addresses(inputs: &[PathBuf]) -> (Vec<String>, Vec<PathBuf>) {
    let (mut urls, mut paths) = (Vec::new(), Vec::new());
    for input in inputs {
        match input.to_str().filter(|name| ["http://", "https://"].iter().any(|scheme| name.starts_with(scheme))) {
            Some(url) => urls.push(url.to_string()),
            None => paths.push(input.clone()),
        }
    }
    (urls, paths)
}

/// The error that a page could not be fetched, as a line of output.
pub fn unfetched(error: &annalist_fetch::FetchError, url: &str) -> ErrorRecord {
    let error = InputError { input: url.to_string(), kind: "unreadable".to_string(), message: error.to_string() };
    ErrorRecord { schema_version: SCHEMA_VERSION, error }
}

/// The inputs, for messages.
pub fn list(inputs: &[PathBuf]) -> String {
    inputs.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ")
}
