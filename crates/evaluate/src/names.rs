//! Names: exact spans and their types.
//!
//! Types are folded to PER, ORG, LOC and EVENT (CrossNER's politician, politicalparty, country, election and so on); types
//! without a counterpart are left out of gold and predictions alike, and so are predicted types that the gold does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use annalist_pipeline::Reader;
use annalist_record::CharIndex;
use anyhow::Result;
use cpu_time::ProcessTime;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Counts, interval, jsonl};

#[derive(Deserialize)]
struct Text {
    text: String,
    entities: Vec<Entity>,
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its words.
    pub text: String,
}

/// The coarse type of a corpus' type; `None` where there is none.
fn coarse(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "PER" | "person" | "politician" => "PER",
        "ORG" | "organisation" | "politicalparty" => "ORG",
        "LOC" | "location" | "country" => "LOC",
        "EVENT" | "event" | "election" => "EVENT",
        _ => return None,
    })
}

/// Counts by type of one text.
fn score(gold: &[Entity], predicted: &[Entity], types: &BTreeSet<&'static str>) -> BTreeMap<&'static str, Counts> {
    let fold = |all: &[Entity]| -> BTreeSet<(&'static str, usize, usize)> {
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

/// The names in a text.
fn find(reader: &Reader, text: &str) -> Result<Vec<Entity>> {
    let analysis = reader.analyse(text)?;
    let index = CharIndex::new(text);
    let names = analysis.names.iter().map(|name| {
        let bytes = analysis.tokens[name.tokens.start].start..analysis.tokens[name.tokens.end - 1].end;
        Entity {
            start: index.point(bytes.start),
            end: index.point(bytes.end),
            kind: name.kind.clone(),
            text: text[bytes].to_string(),
        }
    });
    Ok(names.collect())
}

/// Reads the texts of a gold file, scores and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn run(gold: &Path, predictions: Option<&Path>, reader: &Reader, out: &mut dyn Write) -> Result<()> {
    let texts: Vec<(Text, String)> = jsonl::read(gold)?;
    let types: BTreeSet<&'static str> =
        texts.iter().flat_map(|(t, _)| t.entities.iter().filter_map(|e| coarse(&e.kind))).collect();
    let left_out: BTreeSet<&str> = texts
        .iter()
        .flat_map(|(t, _)| t.entities.iter().map(|e| e.kind.as_str()))
        .filter(|k| coarse(k).is_none())
        .collect();
    let began = ProcessTime::now();
    let predicted = texts.par_iter().map(|(t, _)| find(reader, &t.text)).collect::<Result<Vec<_>>>()?;
    let spent = began.elapsed();
    let scores: Vec<_> = texts.iter().zip(&predicted).map(|((t, _), p)| score(&t.entities, p, &types)).collect();
    writeln!(out, "names ({} texts), exact spans; types {types:?}; left out {left_out:?}", texts.len())?;
    let mut line = |name: &str, pick: &dyn Fn(&BTreeMap<&'static str, Counts>) -> Counts| -> Result<()> {
        let c: Counts = scores.iter().map(pick).sum();
        let (low, high) = interval(scores.len(), |drawn| drawn.iter().map(|&i| pick(&scores[i])).sum::<Counts>().f1());
        writeln!(
            out,
            "{name:<6} P {:5.1}  R {:5.1}  F1 {:5.1}  [{low:.1}, {high:.1}]  (right {}, predicted {}, gold {})",
            c.precision(),
            c.recall(),
            c.f1(),
            c.right,
            c.predicted,
            c.gold
        )?;
        Ok(())
    };
    line("all", &|s| s.values().copied().sum())?;
    for kind in &types {
        line(kind, &|s| s[kind])?;
    }
    crate::attribution::pace(out, texts.iter().map(|(t, _)| t.text.as_str()), spent)?;
    if let Some(path) = predictions {
        jsonl::write(
            path,
            texts.into_iter().zip(predicted).map(|((_, line), p)| (line, vec![("entities", json!(p))])),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_folded_and_those_without_counterpart_left_out() {
        let e = |start, end, kind: &str| Entity { start, end, kind: kind.to_string(), text: String::new() };
        let gold = [e(0, 3, "politician"), e(5, 9, "country"), e(10, 12, "misc")];
        let predicted = [e(0, 3, "PER"), e(5, 8, "LOC"), e(20, 22, "EVENT")];
        let types = BTreeSet::from(["PER", "LOC"]);
        let total: Counts = score(&gold, &predicted, &types).into_values().sum();
        assert_eq!(total, Counts { right: 1, predicted: 2, gold: 2 });
    }
}
