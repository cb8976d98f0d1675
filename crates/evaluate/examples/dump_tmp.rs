use annalist_knowledge::Knowledge;
use annalist_pipeline::Reader;
use annalist_reading::events::learned::candidates;
use annalist_reading::events::lexicon;
use annalist_reading::events::tree::Tree;
use annalist_record::CharIndex;
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let reader = Reader::new()?;
    for path in std::env::args().skip(1) {
        for line in std::fs::read_to_string(path)?.lines() {
            let mut report: Value = serde_json::from_str(line)?;
            if std::env::var("REAL").is_ok() && report["corpus"] == "ngec" {
                continue;
            }
            let text = report["text"].as_str().unwrap_or_default().to_string();
            let analysis = reader.analyse(&text)?;
            let index = CharIndex::new(&text);
            let tree = Tree::new(&text, &analysis);
            let tokens: Vec<Value> = analysis
                .tokens
                .iter()
                .map(|t| json!([index.point(t.start), index.point(t.end), &*t.upos, t.lemma, t.head, &*t.deprel]))
                .collect();
            let ranges =
                |r: &Vec<std::ops::Range<usize>>| r.iter().map(|r| json!([r.start, r.end])).collect::<Vec<_>>();
            let attributions: Vec<Value> = analysis
                .attributions
                .iter()
                .map(|a| json!({"anchor": a.anchor, "source": ranges(&a.source), "content": ranges(&a.content), "c": a.confidence}))
                .collect();
            let found: Vec<Value> = candidates(&tree, &analysis, Knowledge::english())
                .into_iter()
                .map(|(c, j)| json!({"kind": c.kind, "head": c.head, "words": c.words, "trigger": [c.trigger.start, c.trigger.end], "ev": j.evidence(), "score": c.score}))
                .collect();
            let lex: Vec<Value> = lexicon::matches(&tree, Knowledge::english())
                .into_iter()
                .map(|m| json!({"kind": m.entry.kind, "head": m.head, "words": m.words, "s": m.entry.strength}))
                .collect();
            let sentences: Vec<Value> =
                analysis.sentences.iter().map(|s| json!([s.tokens.start, s.tokens.end])).collect();
            report["tokens"] = json!(tokens);
            report["attributions"] = json!(attributions);
            report["found"] = json!(found);
            report["lex"] = json!(lex);
            report["sents"] = json!(sentences);
            println!("{report}");
        }
    }
    Ok(())
}
