//! `annalist reread`: everything in the ledger, read again by this program.

use std::process::ExitCode;

use annalist_ledger::{Kept, Ledger, LedgerError};
use annalist_pipeline::{Reader, in_order, made_by};

use super::add::progress;
use super::asking::Where;
use super::inputs::Threads;

/// What to read again.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    threads: Threads,
    /// Read again also what this program, model and knowledge have read.
    #[arg(long)]
    all: bool,
}

/// Reads again. A run that was stopped goes on where it was.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.ledger.path();
    // Only a ledger that is there is read again.
    let kept = Ledger::open(&path)?;
    let mut ledger = Ledger::create(&path)?;
    let made_by = made_by();
    let keys = kept.to_reread((!arguments.all).then_some(&made_by))?;
    let reader = Reader::new()?;
    let progress = progress(keys.len() as u64, "reports");
    let (mut reread, mut same, mut failed) = (0, 0, 0);
    let mut outcome: Result<(), LedgerError> = Ok(());
    let read =
        |kept: Result<Kept, LedgerError>, _: &()| kept.map(|kept| (kept.key, reader.read_kept(&kept.input, &kept.raw)));
    let workers = vec![(); arguments.threads.number()];
    in_order(keys.into_iter().map(move |key| kept.kept(key)), &workers, read, |read| {
        outcome = read.and_then(|(key, read)| match read {
            Ok(record) => ledger.reread(key, &record).map(|replaced| match replaced {
                true => reread += 1,
                false => same += 1,
            }),
            Err(error) => {
                failed += 1;
                progress.suspend(|| eprintln!("annalist: {}", error.error.message));
                Ok(())
            }
        });
        progress.inc(1);
        outcome.is_ok()
    });
    progress.finish_and_clear();
    println!("{reread} read again, {same} left because another report has become the same, {failed} failed");
    outcome?;
    Ok(if failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
