//! The scores, as the benchmarks' own programs count them.

use std::collections::HashMap;

use annalist_record::Report;
use serde_json::Value;

/// Shared, extra and missing four-word shingles of a page, as shares of their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    tp: f64,
    fp: f64,
    fn_: f64,
}

impl Counts {
    /// Compares the text found with the text known.
    pub fn of(gold: &str, found: &str) -> Counts {
        let (gold, found) = (shingles(gold), shingles(found));
        let (mut tp, mut fp, mut fn_) = (0.0, 0.0, 0.0);
        for (shingle, &n) in &gold {
            let m = found.get(shingle).copied().unwrap_or(0);
            tp += n.min(m) as f64;
            fn_ += n.saturating_sub(m) as f64;
        }
        for (shingle, &m) in &found {
            fp += m.saturating_sub(gold.get(shingle).copied().unwrap_or(0)) as f64;
        }
        let sum = tp + fp + fn_;
        if sum > 0.0 { Counts { tp: tp / sum, fp: fp / sum, fn_: fn_ / sum } } else { Counts { tp, fp, fn_ } }
    }

    /// The share of what was found that is known.
    pub fn precision(&self) -> f64 {
        if self.tp == 0.0 && self.fn_ == 0.0 && self.fp == 0.0 { 1.0 } else { self.tp / (self.tp + self.fp).max(1e-9) }
    }

    /// The share of what is known that was found.
    pub fn recall(&self) -> f64 {
        if self.tp == 0.0 && self.fn_ == 0.0 && self.fp == 0.0 { 1.0 } else { self.tp / (self.tp + self.fn_).max(1e-9) }
    }

    /// Of one page.
    pub fn f1(&self) -> f64 {
        harmonic(self.precision(), self.recall())
    }

    /// Mean precision, mean recall and the F1 of these means.
    pub fn mean(all: &[Counts]) -> (f64, f64, f64) {
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let precision = mean(all.iter().filter(|c| c.tp + c.fp > 0.0).map(Counts::precision).collect());
        let recall = mean(all.iter().filter(|c| c.tp + c.fn_ > 0.0).map(Counts::recall).collect());
        (precision, recall, harmonic(precision, recall))
    }
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

/// Four words in a row and how often; a shorter text is one shingle.
fn shingles(text: &str) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut found = HashMap::new();
    if words.is_empty() {
        return found;
    }
    for shingle in words.windows(4.min(words.len())) {
        *found.entry(shingle.to_vec()).or_insert(0) += 1;
    }
    found
}

/// Dates.
pub struct Date;

impl Date {
    /// The day of an ISO 8601 time.
    pub fn day(time: &str) -> &str {
        time.get(..10).unwrap_or(time)
    }
}

/// What of a page's metadata is right.
#[derive(Debug)]
pub struct Meta {
    /// Date, title, authors: whether right, if known.
    pub fields: [Option<bool>; 3],
    /// Stretches that must be in the text and are.
    pub found: usize,
    /// Stretches that must be in the text and are not.
    pub missing: usize,
    /// Stretches that must not be in the text and are.
    pub extra: usize,
}

impl Meta {
    /// Compares a page with its record.
    pub fn of(gold: &Value, page: &Report) -> Meta {
        let date = gold["date"].as_str().map(|d| page.published.as_deref().map(Date::day) == Some(d));
        let title = gold["title"].as_str().map(|t| page.title.as_deref().map(fold) == Some(fold(t)));
        let names: Vec<String> =
            gold["author"].as_array().into_iter().flatten().filter_map(Value::as_str).map(fold).collect();
        let mut found: Vec<String> = page.authors.iter().map(|a| fold(a)).collect();
        let mut names_sorted = names.clone();
        names_sorted.sort();
        found.sort();
        let author = (!names.is_empty()).then(|| names_sorted == found);
        let text = fold(&page.text);
        let list = |key: &str| -> Vec<String> {
            gold[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(fold).collect()
        };
        let with = list("with");
        let in_text = with.iter().filter(|s| text.contains(s.as_str())).count();
        Meta {
            fields: [date, title, author],
            found: in_text,
            missing: with.len() - in_text,
            extra: list("without").iter().filter(|s| text.contains(s.as_str())).count(),
        }
    }
}

/// Lower case, white space as single spaces.
fn fold(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The middle 95 of 100 of a score over samples drawn with replacement, by a fixed sequence.
pub fn interval(n: usize, score: impl Fn(&[usize]) -> f64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 0.0);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut scores: Vec<f64> = (0..2000)
        .map(|_| {
            let sample: Vec<usize> = (0..n)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) as usize % n
                })
                .collect();
            score(&sample)
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    (scores[50], scores[1949])
}
