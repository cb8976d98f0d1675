//! For calibrating confidence: every attribution of the model on a gold file, whether its triple is right, and its evidence.
//!
//! `cargo run --release -p annalist-evaluate --example evidence -- GOLD [DECODING] > evidence.tsv`

use std::path::Path;

use annalist_evaluate::attribution::{Article, Attribution, right};
use annalist_pipeline::Reader;
use annalist_record::CharIndex;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let gold = arguments.next().ok_or_else(|| anyhow::anyhow!("usage: evidence GOLD [DECODING]"))?;
    let decoding = arguments.next();
    let reader = Reader::with_files(None, decoding.as_deref().map(Path::new))?;
    for line in std::fs::read_to_string(gold)?.lines() {
        let article: Article = serde_json::from_str(line)?;
        let analysis = reader.analyse(&article.text)?;
        let index = CharIndex::new(&article.text);
        let offsets = |stretches: &[std::ops::Range<usize>]| {
            let points = |s: &std::ops::Range<usize>| {
                [index.point(analysis.tokens[s.start].start), index.point(analysis.tokens[s.end - 1].end)]
            };
            stretches.iter().map(points).collect::<Vec<_>>()
        };
        let found: Vec<Attribution> = analysis
            .attributions
            .iter()
            .map(|a| Attribution { source: offsets(&a.source), cue: offsets(&a.cue), content: offsets(&a.content) })
            .collect();
        let right = right(&article.text, &article.attributions, &found);
        for (j, a) in analysis.attributions.iter().enumerate() {
            let [anchor, content, source, none] = a.evidence;
            println!("{}\t{}\t{anchor}\t{content}\t{source}\t{none}", article.id, u8::from(right.contains(&j)));
        }
    }
    Ok(())
}
