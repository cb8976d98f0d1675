//! For telling mentions of one event across reports: every two mentions of one story in a gold file of ECB+, whether they are of one event,
//! and the evidence.
//!
//! `cargo run -p annalist-evaluate --example happening_pairs -- GOLD > pairs.tsv`

use std::path::Path;

use annalist_evaluate::happenings;
use annalist_pipeline::Reader;

fn main() -> anyhow::Result<()> {
    let gold = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: happening_pairs GOLD"))?;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    happenings::evidence(Path::new(&gold), &Reader::new()?, threads, &mut std::io::stdout().lock())
}
