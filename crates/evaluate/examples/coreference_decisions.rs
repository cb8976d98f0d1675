//! For training coreference: every decision on a gold file with its options' features, as arrays that `training/coreference.py` reads.
//!
//! `cargo run --release -p annalist-evaluate --example coreference_decisions -- mentions|links GOLD OUT [WEIGHTS]`
//!
//! `OUT` is a folder. Documents of GUM's non-commercial genres are left out. Links are those among the mentions that `WEIGHTS` find.

use std::collections::HashMap;
use std::path::Path;

use annalist_evaluate::coreference::{Annotated, read_file};
use annalist_knowledge::Knowledge;
use annalist_pipeline::{Analysis, Reader};
use annalist_reading::coreference::mentions::Mention;
use annalist_reading::coreference::training::{self, Decision};
use annalist_reading::coreference::weights::{self, Weights};
use anyhow::bail;

/// Not for a model that ships.
const NON_COMMERCIAL: [&str; 2] = ["whow", "fiction"];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (step, gold, out, weights) = match &arguments[..] {
        [step, gold, out] => (step.as_str(), gold, Path::new(out), weights::english().clone()),
        [step, gold, out, file] => (
            step.as_str(),
            gold,
            Path::new(out),
            Weights::parse(&std::fs::read_to_string(file)?).map_err(anyhow::Error::msg)?,
        ),
        _ => bail!("usage: coreference_decisions mentions|links GOLD OUT [WEIGHTS]"),
    };
    let reader = Reader::new()?;
    let mut arrays = Arrays::default();
    for (number, document) in read_file(Path::new(gold))?.iter().enumerate() {
        let genre = document.document.genre.clone().unwrap_or_default();
        if NON_COMMERCIAL.contains(&genre.as_str()) {
            continue;
        }
        let given = document.document.sentences.iter().map(|s| s.iter().map(|w| (w.form.as_str(), w.space_after)));
        let (text, analysis) = reader.analyse_words(given)?;
        for decision in decisions(step, &text, &analysis, document, &weights) {
            arrays.push(number, &decision)?;
        }
        arrays.documents.push(format!("{number}\t{}\t{genre}", document.document.id));
    }
    arrays.write(out)
}

fn decisions(step: &str, text: &str, analysis: &Analysis, gold: &Annotated, weights: &Weights) -> Vec<Decision> {
    let mut by_span = HashMap::new();
    let mut by_head = HashMap::new();
    for (id, chain) in gold.chains.iter().enumerate() {
        for span in chain {
            by_span.insert(span.clone(), id);
            if let Some(&head) = gold.heads.get(span) {
                by_head.insert(head, id);
            }
        }
    }
    let knowledge = Knowledge::english();
    match step {
        "mentions" => training::mentions(text, analysis, knowledge, |m: &Mention| by_span.get(&m.tokens).copied()),
        _ => training::links(text, analysis, knowledge, weights, |m: &Mention| {
            by_span.get(&m.tokens).or_else(|| by_head.get(&m.head)).copied()
        }),
    }
}

/// Decisions as flat arrays.
#[derive(Default)]
struct Arrays {
    ids: HashMap<String, u32>,
    names: Vec<String>,
    features: Vec<u32>,
    /// Of each option: how many features.
    sizes: Vec<u32>,
    /// Of each option: 1 if it is right.
    right: Vec<u32>,
    /// Of each decision: how many options.
    options: Vec<u32>,
    /// Of each decision: the number of its document.
    document: Vec<u32>,
    documents: Vec<String>,
}

impl Arrays {
    fn push(&mut self, document: usize, decision: &Decision) -> anyhow::Result<()> {
        for (features, right) in decision {
            for name in features {
                let next = u32::try_from(self.ids.len())?;
                let id = *self.ids.entry(name.clone()).or_insert(next);
                if id == next {
                    self.names.push(name.clone());
                }
                self.features.push(id);
            }
            self.sizes.push(u32::try_from(features.len())?);
            self.right.push(u32::from(*right));
        }
        self.options.push(u32::try_from(decision.len())?);
        self.document.push(u32::try_from(document)?);
        Ok(())
    }

    fn write(&self, out: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(out)?;
        let arrays = [
            ("features", &self.features),
            ("sizes", &self.sizes),
            ("right", &self.right),
            ("options", &self.options),
            ("document", &self.document),
        ];
        for (name, array) in arrays {
            let bytes: Vec<u8> = array.iter().flat_map(|n| n.to_le_bytes()).collect();
            std::fs::write(out.join(name), bytes)?;
        }
        std::fs::write(out.join("names.txt"), self.names.join("\n") + "\n")?;
        std::fs::write(out.join("documents.tsv"), self.documents.join("\n") + "\n")?;
        Ok(())
    }
}
