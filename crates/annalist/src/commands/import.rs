//! `annalist import`: records that were read elsewhere, into the ledger.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use annalist_ledger::{Imported, Ledger, Tally, imported};
use anyhow::Context;

use super::add::{now, summary};
use super::asking::Where;
use super::inputs::stamp;

/// What to import.
#[derive(clap::Args)]
pub struct Arguments {
    /// Files of records, one a line, as `annalist read --format jsonl` and `annalist export jsonl` write them; - for standard input.
    #[arg(value_name = "FILE|-", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    ledger: Where,
    /// When the records come in, if not now: a UTC moment (2026-03-12T10:00:00Z).
    #[arg(long, value_name = "MOMENT", value_parser = stamp)]
    added: Option<String>,
    /// Refuse lines longer than this many bytes.
    #[arg(long, value_name = "N", default_value_t = 256 << 20)]
    max_bytes: u64,
}

/// Imports. A line that is no sound record is told and left out.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut ledger = Ledger::create(&arguments.ledger.path())?;
    let moment = || arguments.added.clone().unwrap_or_else(now);
    let mut tally = Tally::default();
    for path in &arguments.files {
        let name = path.display().to_string();
        let mut lines: Box<dyn BufRead> = match name.as_str() {
            "-" => Box::new(std::io::stdin().lock()),
            _ => {
                let opened = File::open(path);
                Box::new(BufReader::new(opened.with_context(|| format!("{name}: cannot be read; check the path"))?))
            }
        };
        for number in 1.. {
            let mut line = Vec::new();
            let length = lines.by_ref().take(arguments.max_bytes).read_until(b'\n', &mut line);
            if length.with_context(|| format!("{name}:{number}: cannot be read"))? == 0 {
                break;
            }
            let input = format!("{name}:{number}");
            if line.len() as u64 == arguments.max_bytes && !line.ends_with(b"\n") {
                anyhow::bail!("{input}: is longer than {} bytes; raise --max-bytes", arguments.max_bytes);
            }
            let line = String::from_utf8_lossy(&line);
            if line.trim().is_empty() {
                continue;
            }
            match imported(line.trim()) {
                Ok(Imported::Record(record)) => tally.count(&ledger.add(&record, &input, None, &moment())?),
                Ok(Imported::Error(error)) => {
                    tally.failed += 1;
                    ledger.fail(&error, &moment())?;
                }
                Err(error) => {
                    tally.failed += 1;
                    eprintln!("annalist: {input}: {error}");
                }
            }
        }
    }
    println!("{}", summary(&tally));
    Ok(if tally.failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
