//! Names: exact spans and their types.
//!
//! Types are folded to PER, ORG, LOC and EVENT (CrossNER's politician, politicalparty, country, election and so on); types
//! without a counterpart are left out of gold and predictions alike, and so are predicted types that the gold does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Counts, Predictor, jsonl, line, predict_all};

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
    entities: Vec<Name>,
    tokens: Option<Vec<String>>,
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its type, as the corpus or the predictor calls it.
    #[serde(rename = "type")]
    pub kind: String,
}

/// The coarse type of a corpus' type; `None` where there is none.
pub fn coarse(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "PER" | "person" | "politician" => "PER",
        "ORG" | "organisation" | "politicalparty" => "ORG",
        "LOC" | "location" | "country" => "LOC",
        "EVENT" | "event" | "election" => "EVENT",
        _ => return None,
    })
}

/// Counts by coarse type of one text, of these types only.
pub fn score(gold: &[Name], predicted: &[Name], types: &BTreeSet<&'static str>) -> BTreeMap<&'static str, Counts> {
    let fold = |all: &[Name]| -> BTreeSet<(&'static str, usize, usize)> {
        let typed = all.iter().filter_map(|e| Some((coarse(&e.kind)?, e.start, e.end)));
        typed.filter(|(kind, ..)| types.contains(kind)).collect()
    };
    let (gold, predicted) = (fold(gold), fold(predicted));
    types
        .iter()
        .map(|&kind| {
            let of = |all: &BTreeSet<(&'static str, usize, usize)>| all.iter().filter(|e| e.0 == kind).count();
            let right = gold.intersection(&predicted).filter(|e| e.0 == kind).count();
            (kind, Counts { right, predicted: of(&predicted), gold: of(&gold) })
        })
        .collect()
}

/// Spans of the gold lie in its text.
fn check(text: &Text) -> Result<()> {
    let n = text.text.chars().count();
    for name in &text.entities {
        let (start, end) = (name.start, name.end);
        ensure!(start < end && end <= n, "span [{start}, {end}] of text `{}` of {n} code points", text.id);
    }
    Ok(())
}

/// Tags of tokens (IOB2) that stand for these names; `None` when the tokens are not those of the text in their order.
fn iob2(text: &str, tokens: &[String], names: &[Name]) -> Option<Vec<String>> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tags, mut at, mut within) = (Vec::new(), 0, None);
    for token in tokens {
        let token: Vec<char> = token.chars().collect();
        while chars.get(at)?.is_whitespace() {
            at += 1;
        }
        if !chars[at..].starts_with(&token) {
            return None;
        }
        let name = names.iter().position(|n| n.start < at + token.len() && at < n.end);
        tags.push(match name {
            None => "O".to_string(),
            Some(i) => format!("{}-{}", if within == name { "I" } else { "B" }, names[i].kind),
        });
        within = name;
        at += token.len();
    }
    Some(tags)
}

/// The fields of a prediction, in place of the gold's.
fn fields(text: &Text, names: &[Name]) -> Vec<(&'static str, Value)> {
    let chars: Vec<char> = text.text.chars().collect();
    let entities = names.iter().map(|n| {
        let words: String = chars.get(n.start..n.end).unwrap_or_default().iter().collect();
        json!({"start": n.start, "end": n.end, "type": n.kind, "text": words})
    });
    let mut fields = vec![("entities", entities.collect())];
    if let Some(tokens) = &text.tokens {
        fields.push(("tags", json!(iob2(&text.text, tokens, names))));
    }
    fields
}

/// Reads the texts of a gold file, scores and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let texts: Vec<(Text, String)> = jsonl::read(gold, check)?;
    jsonl::distinct(gold, "texts", texts.iter().map(|(text, _)| text.id.as_str()))?;
    let types: BTreeSet<&'static str> =
        texts.iter().flat_map(|(t, _)| t.entities.iter().filter_map(|e| coarse(&e.kind))).collect();
    let left_out: BTreeSet<&str> = texts
        .iter()
        .flat_map(|(t, _)| t.entities.iter().map(|e| e.kind.as_str()))
        .filter(|k| coarse(k).is_none())
        .collect();
    let began = ProcessTime::now();
    let predicted =
        predict_all(&texts, threads, |(t, _)| predictor.names(&t.text).with_context(|| format!("text `{}`", t.id)))?;
    let spent = began.elapsed();
    let scores: Vec<_> = texts.iter().zip(&predicted).map(|((t, _), p)| score(&t.entities, p, &types)).collect();
    writeln!(out, "names ({} texts), exact spans; types {types:?}; left out {left_out:?}", texts.len())?;
    let mut ignored: BTreeMap<&str, usize> = BTreeMap::new();
    for name in predicted.iter().flatten().filter(|n| coarse(&n.kind).is_none_or(|kind| !types.contains(kind))) {
        *ignored.entry(&name.kind).or_default() += 1;
    }
    let ignored: Vec<String> = ignored.into_iter().map(|(kind, n)| format!("{kind} ({n})")).collect();
    if !ignored.is_empty() {
        writeln!(out, "predicted, but not annotated in this gold, so ignored: {}", ignored.join(", "))?;
    }
    let mut line =
        |name: &str, pick: &dyn Fn(&BTreeMap<&'static str, Counts>) -> Counts| line(out, name, 6, &scores, pick);
    line("all", &|s| s.values().copied().sum())?;
    for kind in &types {
        line(kind, &|s| s[kind])?;
    }
    crate::attribution::pace(out, texts.iter().map(|(t, _)| t.text.as_str()), spent)?;
    if let Some(path) = predictions {
        jsonl::write(path, texts.into_iter().zip(predicted).map(|((text, line), p)| (line, fields(&text, &p))))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(start: usize, end: usize, kind: &str) -> Name {
        Name { start, end, kind: kind.to_string() }
    }

    #[test]
    fn tags_stand_for_names() {
        let tokens = ["Ann", "Lee", "Bo", "of", "Oslo", "!"].map(String::from);
        let names = [name(0, 7, "PER"), name(8, 10, "PER"), name(14, 18, "LOC")];
        let tags = iob2("Ann Lee Bo of Oslo!", &tokens, &names).unwrap();
        assert_eq!(tags, ["B-PER", "I-PER", "B-PER", "O", "B-LOC", "O"]);
        assert_eq!(iob2("Ann Bo", &tokens, &names), None);
    }

    #[test]
    fn types_are_folded_and_those_without_counterpart_left_out() {
        let e = |start, end, kind: &str| Name { start, end, kind: kind.to_string() };
        let gold = [e(0, 3, "politician"), e(5, 9, "country"), e(10, 12, "misc")];
        let predicted = [e(0, 3, "PER"), e(5, 8, "LOC"), e(20, 22, "EVENT")];
        let types = BTreeSet::from(["PER", "LOC"]);
        let total: Counts = score(&gold, &predicted, &types).into_values().sum();
        assert_eq!(total, Counts { right: 1, predicted: 2, gold: 2 });
    }
}
