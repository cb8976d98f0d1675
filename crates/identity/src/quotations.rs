//! When two quotations are of one saying, and where their wording differs.

use std::collections::BTreeSet;

use crate::signature::hash;
use crate::words;

/// Shorter quotations, in words, are too common to be traced.
const SHORTEST: usize = 6;
/// What comes after so many words does not count.
const LONGEST: usize = 300;
/// How many words are a run.
const RUN: usize = 3;
/// So many runs are the keys by which a quotation is found.
const KEYS: usize = 24;
/// Quotations of one saying share this part of the shorter one's runs,
const RUNS: f64 = 0.25;
/// and this part of its words, in their order.
const WORDS: f64 = 0.7;

/// The words of a quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    words: Vec<String>,
    runs: BTreeSet<u32>,
}

/// Where the wording of two quotations differs: one has some words, the other has others, or none, in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The words of the one.
    pub one: String,
    /// The words of the other.
    pub other: String,
}

impl Quotation {
    /// Reads it; `None` if it is too short to be traced.
    pub fn new(text: &str) -> Option<Quotation> {
        let words: Vec<String> = words(text).take(LONGEST).collect();
        let runs =
            words.windows(RUN).map(|run| (hash(run.join(" ").as_bytes()) & u64::from(u32::MAX)) as u32).collect();
        (words.len() >= SHORTEST).then_some(Quotation { words, runs })
    }

    /// Reads a wording of it that is only compared word by word: it has no keys. `None` if it is too short to be traced.
    pub fn wording(text: &str) -> Option<Quotation> {
        let words: Vec<String> = words(text).take(LONGEST).collect();
        (words.len() >= SHORTEST).then_some(Quotation { words, runs: BTreeSet::new() })
    }

    /// By which a quotation is found among many: those of one saying share some, unless they have little in common.
    pub fn keys(&self) -> impl Iterator<Item = u32> {
        self.runs.iter().copied().take(KEYS)
    }

    /// Whether two quotations are of one saying, perhaps cut or with a few words changed.
    pub fn is_of(&self, other: &Quotation) -> bool {
        let (runs, length) = (self.runs.len().min(other.runs.len()), self.words.len().min(other.words.len()));
        let shared = self.runs.intersection(&other.runs).count();
        shared > 0
            && shared as f64 >= RUNS * runs as f64
            && aligned(&self.words, &other.words).len() as f64 >= WORDS * length as f64
    }
}

/// Where the wording of two quotations differs, in order. What one of them lacks at its beginning or end is cut, not different.
pub fn differences(one: &Quotation, other: &Quotation) -> Vec<Difference> {
    let pairs = aligned(&one.words, &other.words);
    let mut found = Vec::new();
    for (before, after) in pairs.iter().zip(pairs.iter().skip(1)) {
        let between = |words: &[String], from: usize, to: usize| words.get(from + 1..to).unwrap_or_default().join(" ");
        let difference =
            Difference { one: between(&one.words, before.0, after.0), other: between(&other.words, before.1, after.1) };
        if !(difference.one.is_empty() && difference.other.is_empty()) {
            found.push(difference);
        }
    }
    found
}

/// The longest common subsequence, as pairs of places.
fn aligned(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    // Words with which both begin are one after the other in both.
    let alike = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let row = b.len() + 1;
    let mut longest = vec![0u16; row * (a.len() + 1)];
    for (i, x) in a.iter().enumerate().skip(alike).rev() {
        for (j, y) in b.iter().enumerate().skip(alike).rev() {
            let (down, right) = (longest[(i + 1) * row + j], longest[i * row + j + 1]);
            longest[i * row + j] = if x == y { longest[(i + 1) * row + j + 1] + 1 } else { down.max(right) };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * row + j] >= longest[i * row + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// What stands in quotation marks; all of it where nothing does and `whole` says that it is a quotation.
pub fn quoted(content: &str, whole: bool) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in content.char_indices() {
        match (c, open) {
            ('“' | '„' | '«', None) | ('"', None) => open = Some(at + c.len_utf8()),
            ('”' | '»' | '"', Some(from)) => {
                found.extend(content.get(from..at));
                open = None;
            }
            _ => {}
        }
    }
    // A paragraph's quotation may be closed after the content's end.
    found.extend(open.and_then(|from| content.get(from..)));
    match (found.is_empty(), whole) {
        (true, true) => vec![content],
        _ => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Quotation {
        Quotation::new(text).unwrap()
    }

    #[test]
    fn one_saying_cut_or_reworded_is_one() {
        let a = of("We will not leave the harbour before the pilots are safe");
        let b = of("We won’t leave the port before the pilots are safe");
        let cut = of("leave the harbour before the pilots are safe, whatever the board decides");
        assert!(a.is_of(&b) && b.is_of(&a) && a.is_of(&cut));
        assert!(a.keys().any(|k| b.keys().any(|other| other == k)));
        let told: Vec<(String, String)> = differences(&a, &b).into_iter().map(|d| (d.one, d.other)).collect();
        assert_eq!(told, [("will not".into(), "won t".into()), ("harbour".into(), "port".into())]);
        assert!(differences(&a, &cut).is_empty());
        assert!(!a.is_of(&of("The board will not decide before the ferries are back")));
        assert!(Quotation::new("We will not leave").is_none());
    }

    #[test]
    fn quotation_marks_tell_what_is_quoted() {
        assert_eq!(
            quoted("that the pilots were “safe and well” but “not amused", false),
            ["safe and well", "not amused"]
        );
        assert_eq!(
            quoted("\"We stay,\" she said, \"as long as it takes\"", false),
            ["We stay,", "as long as it takes"]
        );
        assert_eq!(quoted("We stay.", true), ["We stay."]);
        assert!(quoted("that they stay", false).is_empty());
    }
}
