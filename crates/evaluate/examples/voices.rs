//! What reports are told to be comment by, for `training/voice.py`.
//!
//! Reads labels, `corpus file <TAB> id <TAB> kind <TAB> sure` a line, and the corpora in a folder; writes a line for each report:
//! corpus, kind, whether the label is sure, and the rates of `voice.toml`.
//!
//! `cargo run --release -p annalist-evaluate --example voices -- training/annotations/kinds.tsv BENCH > evidence.tsv`

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use annalist_knowledge::Knowledge;
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (labels, bench) = arguments.next().zip(arguments.next()).ok_or("usage: voices LABELS BENCH > EVIDENCE")?;
    let knowledge = Knowledge::english();
    let mut corpora: HashMap<String, HashMap<String, String>> = HashMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::fs::read_to_string(labels)?.lines().filter(|line| !line.starts_with('#')) {
        let [file, id, kind, sure] = line.split('\t').collect::<Vec<_>>().try_into().map_err(|_| line.to_string())?;
        if !corpora.contains_key(file) {
            let mut texts = HashMap::new();
            for line in std::fs::read_to_string(Path::new(&bench).join(file))?.lines() {
                let record: Value = serde_json::from_str(line)?;
                let of = |name: &str| record[name].as_str().map(str::to_string);
                texts.extend(of("id").or(of("title")).zip(of("text")));
            }
            corpora.insert(file.to_string(), texts);
        }
        let text = corpora.get(file).and_then(|texts| texts.get(id)).ok_or_else(|| format!("{file} has no {id}"))?;
        let measured = knowledge.voice().measure(text, knowledge.sources().is_noted(text));
        let rates: Vec<String> = measured.rates().iter().map(|rate| format!("{rate:.4}")).collect();
        writeln!(out, "{file}\t{kind}\t{sure}\t{}", rates.join("\t"))?;
    }
    Ok(())
}
