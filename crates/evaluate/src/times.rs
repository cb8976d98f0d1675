//! Time expressions: TempEval-3, task A (UzZaman et al. 2013).
//!
//! A predicted expression finds a gold one if they overlap, one to one (relaxed), or are the same stretch (strict). Type and value
//! are right if the predicted one that overlaps most has the gold's; their F1 counts wrong and missing ones alike. The gold's
//! document creation time is given as the date of publication.

use std::io::Write;
use std::path::Path;

use annalist_record::Record;
use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Counts, Predictor, jsonl, line, predict_all};

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
    dct: Option<String>,
    timexes: Vec<Timex>,
}

/// A time expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timex {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    #[serde(rename = "type")]
    pub kind: String,
    /// TIMEX3 value; none if it is not known.
    pub value: Option<String>,
}

/// The time expressions of a record.
pub fn of_record(record: &Record) -> Vec<Timex> {
    let timex = |t: &annalist_record::Time| Timex {
        start: t.span.start,
        end: t.span.end,
        kind: t.kind.clone(),
        value: t.value.clone(),
    };
    record.times.iter().map(timex).collect()
}

/// What is counted of one text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Overlapping spans.
    pub relaxed: Counts,
    /// Equal spans.
    pub strict: Counts,
    /// Overlapping spans of equal type.
    pub kind: Counts,
    /// Overlapping spans of equal value.
    pub value: Counts,
}

/// Counts of one text. Gold expressions are taken in their order; each is paired with the predicted one, of those that are left,
/// that overlaps it most.
pub fn score(gold: &[Timex], predicted: &[Timex]) -> Score {
    let overlap = |a: &Timex, b: &Timex| a.end.min(b.end).saturating_sub(a.start.max(b.start));
    let mut gold: Vec<&Timex> = gold.iter().collect();
    gold.sort_by_key(|g| (g.start, g.end));
    let mut left: Vec<&Timex> = predicted.iter().collect();
    let counts = |right| Counts { right, predicted: predicted.len(), gold: gold.len() };
    let (mut relaxed, mut strict, mut kind, mut value) = (0, 0, 0, 0);
    for g in &gold {
        let best = left
            .iter()
            .enumerate()
            .filter(|(_, p)| overlap(p, g) > 0)
            .max_by_key(|(i, p)| (overlap(p, g), usize::MAX - i));
        let Some((i, p)) = best else { continue };
        relaxed += 1;
        strict += usize::from((p.start, p.end) == (g.start, g.end));
        kind += usize::from(p.kind == g.kind);
        value += usize::from(p.value == g.value);
        left.remove(i);
    }
    Score { relaxed: counts(relaxed), strict: counts(strict), kind: counts(kind), value: counts(value) }
}

/// Spans of the gold lie in its text.
fn check(text: &Text) -> Result<()> {
    let n = text.text.chars().count();
    for timex in &text.timexes {
        let (start, end) = (timex.start, timex.end);
        ensure!(start < end && end <= n, "span [{start}, {end}] of text `{}` of {n} code points", text.id);
    }
    Ok(())
}

/// The fields of a prediction, in place of the gold's.
fn fields(text: &Text, timexes: &[Timex]) -> Vec<(&'static str, Value)> {
    let chars: Vec<char> = text.text.chars().collect();
    let timexes = timexes.iter().enumerate().map(|(i, t)| {
        let words: String = chars.get(t.start..t.end).unwrap_or_default().iter().collect();
        let id = format!("t{}", i + 1);
        json!({"id": id, "start": t.start, "end": t.end, "type": t.kind, "value": t.value, "text": words})
    });
    vec![("timexes", timexes.collect())]
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
    let began = ProcessTime::now();
    let predicted = predict_all(&texts, threads, |(t, _)| {
        let day = t.dct.as_deref().map(|dct| dct.get(..10).unwrap_or(dct));
        predictor.times(&t.text, day).with_context(|| format!("text `{}`", t.id))
    })?;
    let spent = began.elapsed();
    let scores: Vec<Score> = texts.iter().zip(&predicted).map(|((t, _), p)| score(&t.timexes, p)).collect();
    writeln!(out, "times ({} texts)", texts.len())?;
    let mut line = |name: &str, pick: &dyn Fn(&Score) -> Counts| line(out, name, 12, &scores, pick);
    line("span relaxed", &|s| s.relaxed)?;
    line("span strict", &|s| s.strict)?;
    line("type", &|s| s.kind)?;
    line("value", &|s| s.value)?;
    crate::attribution::pace(out, texts.iter().map(|(t, _)| t.text.as_str()), spent)?;
    if let Some(path) = predictions {
        jsonl::write(path, texts.into_iter().zip(predicted).map(|((text, line), p)| (line, fields(&text, &p))))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timex(start: usize, end: usize, kind: &str, value: &str) -> Timex {
        Timex { start, end, kind: kind.to_string(), value: Some(value.to_string()) }
    }

    #[test]
    fn overlapping_expressions_are_paired_once_and_compared() {
        let gold = [timex(0, 6, "DATE", "2021-08-16"), timex(10, 20, "DURATION", "P2W"), timex(30, 34, "DATE", "2020")];
        let predicted = [
            timex(0, 6, "DATE", "2021-08-09"),
            timex(12, 20, "DURATION", "P2W"),
            timex(10, 11, "DATE", "2"),
            timex(50, 52, "SET", "P1D"),
        ];
        let s = score(&gold, &predicted);
        let counts = |right| Counts { right, predicted: 4, gold: 3 };
        assert_eq!(s, Score { relaxed: counts(2), strict: counts(1), kind: counts(2), value: counts(1) });
        assert_eq!(score(&gold, &gold).value.f1(), 100.0);
        assert_eq!(score(&gold, &[]).relaxed.f1(), 0.0);
    }
}
