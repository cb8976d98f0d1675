//! For telling mentions of one event: every two mentions of one type in a gold file of the desk form that are both the gold's, whether they
//! are of one event, what the model tells of them (`-` if nothing), and the other evidence, for `training/event_pairs.py`.
//!
//! `cargo run --release -p annalist-evaluate --example event_pairs -- GOLD > pairs.tsv`

use annalist_pipeline::{Options, Reader};
use annalist_reading::events::merge::Pair;
use annalist_reading::events::tree::Tree;
use annalist_reading::events::{EventMention, mentions};
use annalist_record::CharIndex;
use serde::Deserialize;

#[derive(Deserialize)]
struct Report {
    id: String,
    corpus: String,
    date: Option<String>,
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
    let gold = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: event_pairs GOLD"))?;
    let reader = Reader::new()?;
    for line in std::fs::read_to_string(gold)?.lines() {
        let report: Report = serde_json::from_str(line)?;
        let options =
            Options { date: report.date.as_deref().map(|d| d.chars().take(10).collect()), ..Options::default() };
        reader.before_events(&report.text, &options, |setting| {
            let tree = Tree::new(setting.text, setting.analysis);
            let index = CharIndex::new(setting.text);
            let found = mentions(setting, &tree);
            let event_of = |m: &EventMention| {
                let meets = |w: &Words| {
                    m.trigger.clone().filter_map(|t| setting.analysis.tokens.get(t)).any(|t| {
                        let (start, end) = (index.point(t.start), index.point(t.end));
                        start < w.end && w.start < end
                    })
                };
                report.events.iter().position(|e| e.kind == m.kind && (meets(&e.trigger) || e.also.iter().any(meets)))
            };
            for (i, a) in found.iter().enumerate() {
                for b in found[i + 1..].iter().filter(|b| b.kind == a.kind) {
                    let (Some(x), Some(y)) = (event_of(a), event_of(b)) else { continue };
                    let pair = Pair::of(a, b, &tree, setting);
                    let told = pair.told.map_or("-".to_string(), |told| told.to_string());
                    let evidence: Vec<String> = pair.evidence.iter().map(f32::to_string).collect();
                    let right = u8::from(x == y);
                    println!("{}\t{}\t{}\t{right}\t{told}\t{}", report.id, report.corpus, a.kind, evidence.join("\t"));
                }
            }
        })?;
    }
    Ok(())
}
