//! For joining model and lexicon: every candidate for an event in a gold file of the desk form, whether the gold has it, and its evidence.
//!
//! `cargo run --release -p annalist-evaluate --example event_evidence -- GOLD > evidence.tsv`

use annalist_knowledge::Knowledge;
use annalist_pipeline::Reader;
use annalist_reading::events::learned::candidates;
use annalist_reading::events::tree::Tree;
use annalist_record::CharIndex;
use serde::Deserialize;

#[derive(Deserialize)]
struct Report {
    id: String,
    corpus: String,
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

fn main() -> anyhow::Result<()> {
    let gold = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: event_evidence GOLD"))?;
    let reader = Reader::new()?;
    for line in std::fs::read_to_string(gold)?.lines() {
        let report: Report = serde_json::from_str(line)?;
        let analysis = reader.analyse(&report.text)?;
        let index = CharIndex::new(&report.text);
        let tree = Tree::new(&report.text, &analysis);
        for (candidate, joint) in candidates(&tree, &analysis, Knowledge::english()) {
            let meets = |w: &Words| {
                candidate.words.iter().filter_map(|&t| analysis.tokens.get(t)).any(|t| {
                    let (start, end) = (index.point(t.start), index.point(t.end));
                    start < w.end && w.start < end
                })
            };
            let met: Vec<&Event> =
                report.events.iter().filter(|e| meets(&e.trigger) || e.also.iter().any(meets)).collect();
            let right = met.iter().any(|e| e.kind == candidate.kind);
            let evidence: Vec<String> = joint.evidence().iter().map(f32::to_string).collect();
            let (right, met) = (u8::from(right), u8::from(!met.is_empty()));
            println!("{}\t{}\t{}\t{right}\t{met}\t{}", report.id, report.corpus, candidate.kind, evidence.join("\t"));
        }
    }
    Ok(())
}
