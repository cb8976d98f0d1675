//! PLOVER's gold standard records.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use annalist_knowledge::Knowledge;
use annalist_record::EventStatus;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Found, FoundEvent};
use crate::{Counts, Predictor, interval, jsonl, line, percent, predict_all};

/// A sentence with its main event.
#[derive(Deserialize)]
pub(super) struct Record {
    pub id: String,
    text: String,
    event_2021: String,
    quad: String,
    source: Vec<Participant>,
    target: Vec<Participant>,
}

#[derive(Deserialize)]
struct Participant {
    code: Option<String>,
}

/// The same, predicted.
#[derive(Deserialize)]
pub(super) struct Predicted {
    id: String,
    event_2021: Option<String>,
    #[serde(default)]
    source: Vec<Participant>,
    #[serde(default)]
    target: Vec<Participant>,
}

impl Predicted {
    pub fn found(self) -> (String, Found) {
        let codes = |all: Vec<Participant>| all.into_iter().filter_map(|p| p.code).collect();
        let (sources, targets) = (codes(self.source), codes(self.target));
        let events = self.event_2021.map(|kind| FoundEvent { kind, sources, targets, ..FoundEvent::default() });
        (self.id, Found { events: events.into_iter().collect(), ..Found::default() })
    }
}

/// The event that is told first: news begin with what is new.
fn main(found: &Found) -> Option<&FoundEvent> {
    found.events.iter().min_by_key(|e| e.trigger)
}

/// Its type in PLOVER, which has no status.
fn kind(event: &FoundEvent) -> &str {
    match event.status.as_deref() {
        Some("planned") => Knowledge::english().events().plover_type(&event.kind, EventStatus::Planned),
        _ => &event.kind,
    }
}

/// A code of the gold as it was meant.
fn mended(code: &str) -> &str {
    match code {
        "JAP" => "JPN",
        "ITL" => "ITA",
        "VTN" => "VNM",
        code => code,
    }
}

fn codes<'c>(all: impl Iterator<Item = &'c str>) -> BTreeSet<&'c str> {
    all.filter_map(|code| crate::actors::standard_code(mended(code))).collect()
}

/// What is counted of one sentence.
#[derive(Debug, Clone, PartialEq)]
struct Score {
    gold: String,
    predicted: Option<String>,
    quad: bool,
    source: Counts,
    target: Counts,
}

fn score(record: &Record, found: &Found) -> Score {
    let main = main(found);
    let quad = |kind: &str| Knowledge::english().events().quad(kind).map(str::to_string);
    let counts = |gold: &[Participant], predicted: Option<&Vec<String>>| {
        let gold = codes(gold.iter().filter_map(|p| p.code.as_deref()));
        let predicted = codes(predicted.into_iter().flatten().map(String::as_str));
        Counts { right: gold.intersection(&predicted).count(), predicted: predicted.len(), gold: gold.len() }
    };
    Score {
        gold: record.event_2021.clone(),
        predicted: main.map(|e| kind(e).to_string()),
        quad: main.and_then(|e| quad(kind(e))).is_some_and(|q| q == record.quad),
        source: counts(&record.source, main.map(|e| &e.sources)),
        target: counts(&record.target, main.map(|e| &e.targets)),
    }
}

/// Mean of the F1 of the types that the gold has.
fn macro_f1<'s>(scores: impl Iterator<Item = &'s Score> + Clone) -> f64 {
    let by_type = by_type(scores);
    let of_gold: Vec<f64> = by_type.values().filter(|c| c.gold > 0).map(Counts::f1).collect();
    of_gold.iter().sum::<f64>() / of_gold.len().max(1) as f64
}

fn by_type<'s>(scores: impl Iterator<Item = &'s Score>) -> BTreeMap<&'s str, Counts> {
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for s in scores {
        all.entry(&s.gold).or_default().gold += 1;
        if let Some(predicted) = &s.predicted {
            let counts = all.entry(predicted).or_default();
            counts.predicted += 1;
            counts.right += usize::from(*predicted == s.gold);
        }
    }
    all
}

fn accuracy(out: &mut dyn Write, name: &str, right: &[bool]) -> Result<()> {
    let share = |drawn: &[usize]| percent(drawn.iter().filter(|&&i| right[i]).count(), drawn.len());
    let (low, high) = interval(right.len(), share);
    let n = right.iter().filter(|r| **r).count();
    let all = right.len();
    writeln!(out, "{name:<12} accuracy {:5.1}  [{low:.1}, {high:.1}]  (right {n} of {all})", percent(n, all))?;
    Ok(())
}

pub(super) fn run(
    records: Vec<(Record, String)>,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let found = predict_all(&records, threads, |(r, _)| {
        predictor.events(&r.text, None).with_context(|| format!("record `{}`", r.id))
    })?;
    let scores: Vec<Score> = records.iter().zip(&found).map(|((r, _), f)| score(r, f)).collect();
    writeln!(out, "events ({} sentences of one event)", records.len())?;
    accuracy(out, "type", &scores.iter().map(|s| s.predicted.as_ref() == Some(&s.gold)).collect::<Vec<_>>())?;
    let (low, high) = interval(scores.len(), |drawn| macro_f1(drawn.iter().map(|&i| &scores[i])));
    writeln!(out, "{:<12} macro F1 {:5.1}  [{low:.1}, {high:.1}]", "type", macro_f1(scores.iter()))?;
    accuracy(out, "quad", &scores.iter().map(|s| s.quad).collect::<Vec<_>>())?;
    line(out, "source code", 12, &scores, |s: &Score| s.source)?;
    line(out, "target code", 12, &scores, |s: &Score| s.target)?;
    writeln!(out, "\nby type")?;
    for (kind, c) in by_type(scores.iter()) {
        let (p, r, f1) = (c.precision(), c.recall(), c.f1());
        writeln!(out, "  {kind:<10} P {p:5.1}  R {r:5.1}  F1 {f1:5.1}  (gold {})", c.gold)?;
    }
    let mut wrong: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for s in scores.iter().filter(|s| s.predicted.as_ref() != Some(&s.gold)) {
        *wrong.entry((&s.gold, s.predicted.as_deref().unwrap_or("none"))).or_default() += 1;
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(pair, n)| (std::cmp::Reverse(*n), *pair));
    writeln!(out, "\ncommonest errors")?;
    for ((gold, predicted), n) in wrong.into_iter().take(12) {
        writeln!(out, "  {n:>4}  {gold} taken for {predicted}")?;
    }
    if let Some(path) = predictions {
        let lines = records.into_iter().zip(&found).map(|((_, line), found)| (line, fields(found)));
        jsonl::write(path, lines)?;
    }
    Ok(())
}

/// The fields of a prediction, in place of the gold's.
fn fields(found: &Found) -> Vec<(&'static str, Value)> {
    let main = main(found);
    let quad = main.and_then(|e| Knowledge::english().events().quad(kind(e)));
    let actors = |codes: Option<&Vec<String>>| -> Value {
        codes.into_iter().flatten().map(|code| json!({"code": code})).collect()
    };
    vec![
        ("event_2021", json!(main.map(kind))),
        ("event", json!(main.map(kind))),
        ("mode_2021", json!(main.and_then(|e| e.mode.as_ref()))),
        ("quad", json!(quad)),
        ("source", actors(main.map(|e| &e.sources))),
        ("target", actors(main.map(|e| &e.targets))),
        ("confidence", json!(main.and_then(|e| e.confidence))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, status: &str, start: usize, sources: &[&str]) -> FoundEvent {
        FoundEvent {
            kind: kind.to_string(),
            status: Some(status.to_string()),
            trigger: (start, start + 4),
            sources: sources.iter().map(|s| s.to_string()).collect(),
            ..FoundEvent::default()
        }
    }

    #[test]
    fn the_event_told_first_is_the_sentences() {
        let record: Record = serde_json::from_str(
            r#"{"id": "1", "text": "t", "event_2021": "AID", "quad": "material-cooperation",
                "source": [{"code": "JAP"}, {"code": "FRN"}], "target": [{"code": null}]}"#,
        )
        .unwrap();
        let found = |events| Found { events, ..Found::default() };
        let right = score(
            &record,
            &found(vec![event("ASSAULT", "happened", 20, &[]), event("COOPERATE", "ongoing", 9, &["JPN", "USA"])]),
        );
        assert_eq!(right.predicted.as_deref(), Some("COOPERATE"));
        assert!(right.quad);
        assert_eq!(right.source, Counts { right: 1, predicted: 2, gold: 1 });
        let announced = score(&record, &found(vec![event("COOPERATE", "planned", 9, &[])]));
        assert_eq!((announced.predicted.as_deref(), announced.quad), (Some("AGREE"), false));
        let none = score(&record, &found(vec![]));
        assert!(none.predicted.is_none() && !none.quad && none.source.gold == 1);
    }
}
