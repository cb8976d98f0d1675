//! Reads the texts of JSON Lines (`id`, `text`, and `date` or `dct`) as they are, and writes figures, commitments and changes of each, to be
//! read and judged, with the statements, times and actors that they point at.
//!
//! `cargo run -p annalist-evaluate --example records -- FILE [EVERY [FIRST]] > records.jsonl`: every so-manieth text from FIRST on.

use annalist_pipeline::{Options, Reader, in_order};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or_else(|| anyhow::anyhow!("usage: records FILE [EVERY [FIRST]]"))?;
    let mut number = |default| arguments.next().map_or(Ok(default), |n| n.parse::<usize>());
    let (every, first) = (number(1)?, number(0)?);
    let reader = Reader::new()?;
    let contents = std::fs::read_to_string(file)?;
    let read = |line: &str, (): &()| -> anyhow::Result<Value> {
        let item: Value = serde_json::from_str(line)?;
        let text = |key: &str| item[key].as_str().map(str::to_string);
        let date = text("dct").or_else(|| text("date"));
        let date = date.and_then(|d| d.get(..10).map(str::to_string));
        let options = Options { as_is: true, date, ..Options::default() };
        let record = reader.read_plain(&text("text").unwrap_or_default(), &options)?;
        Ok(
            json!({"id": item["id"].as_str().or(item["url"].as_str()), "figures": record.figures, "commitments": record.commitments, "changes": record.changes,
            "statements": record.statements, "times": record.times, "actors": record.actors}),
        )
    };
    let mut failed = None;
    let lines = contents.lines().skip(first).step_by(every.max(1));
    in_order(lines, &[(), ()], read, |result| match result {
        Ok(value) => {
            println!("{value}");
            true
        }
        Err(error) => {
            failed = Some(error);
            false
        }
    });
    failed.map_or(Ok(()), Err)
}
