//! Learns how strongly the words of the event lexicon tell events: `event_strengths GOLD LEXICON`, with annotated reports and
//! `events.tsv`; prints the lexicon with strengths moved from those it has towards the share of finds that the gold has.
//!
//! The strength in the file counts as much as [`PRIOR`] finds. Run it on the file with strengths that were set by hand: run again
//! on its own output, it would count the same reports twice.

use std::collections::HashMap;
use std::path::Path;

use annalist_knowledge::Knowledge;
use annalist_pipeline::Reader;
use annalist_reading::events::lexicon::matches;
use annalist_reading::events::tree::Tree;
use annalist_record::CharIndex;
use anyhow::{Context, Result};
use serde::Deserialize;

const PRIOR: f32 = 4.0;

#[derive(Deserialize)]
struct Report {
    text: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    trigger: Words,
    also: Vec<Words>,
}

#[derive(Deserialize)]
struct Words {
    start: usize,
    end: usize,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [gold, lexicon] = &arguments[..] else { anyhow::bail!("event_strengths GOLD LEXICON") };
    let reader = Reader::new()?;
    let knowledge = Knowledge::english();
    let file = std::fs::read_to_string(Path::new(gold)).with_context(|| gold.clone())?;
    // By entry: found, right.
    let mut counts: HashMap<usize, (f32, f32)> = HashMap::new();
    for line in file.lines() {
        let report: Report = serde_json::from_str(line)?;
        let analysis = reader.analyse(&report.text)?;
        let index = CharIndex::new(&report.text);
        let tree = Tree::new(&report.text, &analysis);
        for m in matches(&tree, knowledge) {
            let Some(kind) = &m.entry.kind else { continue };
            let meets = |w: &Words| {
                m.words.iter().filter_map(|&t| analysis.tokens.get(t)).any(|t| {
                    let (start, end) = (index.point(t.start), index.point(t.end));
                    start < w.end && w.start < end
                })
            };
            let right =
                report.events.iter().any(|e| *e.kind == **kind && (meets(&e.trigger) || e.also.iter().any(meets)));
            let count = counts.entry(m.entry.number).or_default();
            *count = (count.0 + 1.0, count.1 + if right { 1.0 } else { 0.0 });
        }
    }
    let lexicon = std::fs::read_to_string(Path::new(lexicon)).with_context(|| lexicon.clone())?;
    let mut number = 0;
    for line in lexicon.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let entry = columns.len() == 6 && !line.starts_with('#');
        match columns.last().and_then(|s| s.parse::<f32>().ok()).filter(|_| entry) {
            Some(strength) => {
                let (found, right) = counts.get(&number).copied().unwrap_or_default();
                let learnt = (right + PRIOR * strength) / (found + PRIOR);
                let rounded = format!("{learnt:.2}");
                let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
                println!("{}\t{}", columns[..5].join("\t"), if rounded.is_empty() { "0" } else { rounded });
                number += 1;
            }
            None => println!("{line}"),
        }
    }
    Ok(())
}
