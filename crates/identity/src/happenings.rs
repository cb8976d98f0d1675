//! When two mentions of events in reports on one affair are one event.
//!
//! A logistic function of what speaks for and against it ([`evidence`]); its weights are learnt on ECB+ (Cybulska and Vossen 2014), mention
//! pairs within stories. They are read from `models/english/happenings.tsv`, a line a feature, by name, with words that tell the same event
//! or do not: what decided can be read.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use annalist_knowledge::Knowledge;

use crate::words::{content, root};
use crate::{overlap, words};

/// So many words before and after those that tell an event are near it.
const NEAR: usize = 5;

/// A mention of an event, as mentions are compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventWords {
    /// The roots of the words that tell it, in order.
    told: Vec<String>,
    /// The roots of the other content words of its sentence.
    around: BTreeSet<String>,
    /// Those of them that stand near.
    near: BTreeSet<String>,
    /// PLOVER type, if it has one.
    pub kind: Option<String>,
    /// Who is named in its sentence, by numbers that are the same in all reports.
    pub actors: BTreeSet<i64>,
}

impl EventWords {
    /// Reads them off a sentence and the words in it that tell the event.
    pub fn of(trigger: &str, sentence: &str, knowledge: &Knowledge) -> EventWords {
        let rooted = |text: &str| content(text, knowledge).map(|word| root(&word).to_string()).collect::<Vec<_>>();
        let mut told = rooted(trigger);
        if told.is_empty() {
            told = words(trigger).map(|word| root(&word).to_string()).collect();
        }
        let (before, after) = sentence.split_once(trigger).unwrap_or((sentence, ""));
        let (before, after) = (rooted(before), rooted(after));
        let near = before.iter().rev().take(NEAR).chain(after.iter().take(NEAR)).cloned().collect();
        let around = before.into_iter().chain(after).filter(|word| !told.contains(word)).collect();
        EventWords { told, around, near, kind: None, actors: BTreeSet::new() }
    }

    /// The roots of the words that tell it, in order.
    pub fn told(&self) -> &[String] {
        &self.told
    }
}

/// The weights of evidence.
#[derive(Debug)]
pub struct HappeningWeights {
    weights: HashMap<String, f64>,
    pairs: HashMap<(String, String), f64>,
    threshold: f64,
}

impl HappeningWeights {
    /// Those for English.
    pub fn english() -> &'static HappeningWeights {
        static WEIGHTS: OnceLock<HappeningWeights> = OnceLock::new();
        WEIGHTS.get_or_init(|| HappeningWeights::parse(include_str!("../../../models/english/happenings.tsv")))
    }

    /// Reads lines of a name and a weight; `pair one other` is the weight of two roots. Lines that are neither are passed over.
    fn parse(file: &str) -> HappeningWeights {
        let mut read = HappeningWeights { weights: HashMap::new(), pairs: HashMap::new(), threshold: 0.5 };
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, weight)) = line.split_once('\t').and_then(|(n, w)| Some((n, w.parse::<f64>().ok()?)))
            else {
                continue;
            };
            match name.strip_prefix("pair ").and_then(|pair| pair.split_once(' ')) {
                Some((one, other)) => _ = read.pairs.insert((one.to_string(), other.to_string()), weight),
                None if name == "threshold" => read.threshold = weight,
                None => _ = read.weights.insert(name.to_string(), weight),
            }
        }
        read
    }

    /// Mentions are of one event if it is at least so likely.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// How likely two mentions in reports on one affair are of one event, in 0..=1.
    pub fn likelihood(&self, a: &EventWords, b: &EventWords) -> f64 {
        let of = |(name, value): (&str, f64)| self.weights.get(name).copied().unwrap_or(0.0) * value;
        let sum: f64 = evidence(a, b).into_iter().map(of).sum::<f64>() + of(("associated", self.associated(a, b)));
        1.0 / (1.0 + (-sum).exp())
    }

    /// How often words of the two told one event, where others were told apart: the strongest pair's log-odds, 0 where none is known or they
    /// share a word.
    fn associated(&self, a: &EventWords, b: &EventWords) -> f64 {
        if a.told.iter().any(|word| b.told.contains(word)) {
            return 0.0;
        }
        let pairs = a.told.iter().flat_map(|x| b.told.iter().map(move |y| if x < y { (x, y) } else { (y, x) }));
        let known = pairs.filter_map(|(x, y)| self.pairs.get(&(x.clone(), y.clone())).copied());
        known.reduce(f64::max).unwrap_or(0.0)
    }
}

/// What speaks for and against two mentions being of one event, by name.
pub fn evidence(a: &EventWords, b: &EventWords) -> Vec<(&'static str, f64)> {
    let yes = |is: bool| f64::from(u8::from(is));
    let kinds = a.kind.as_ref().zip(b.kind.as_ref()).map(|(a, b)| a == b);
    vec![
        ("always", 1.0),
        ("same words", yes(a.told == b.told)),
        ("same last word", yes(a.told.last().is_some() && a.told.last() == b.told.last())),
        ("a word shared", yes(a.told.iter().any(|word| b.told.contains(word)))),
        ("same type", yes(kinds == Some(true))),
        ("other type", yes(kinds == Some(false))),
        ("words around", overlap(&a.around, &b.around)),
        ("words near", overlap(&a.near, &b.near)),
        (
            "told near the other",
            yes(a.told.iter().any(|w| b.around.contains(w)) || b.told.iter().any(|w| a.around.contains(w))),
        ),
        ("actors shared", overlap(&a.actors, &b.actors)),
        ("other actors", yes(!a.actors.is_empty() && !b.actors.is_empty() && a.actors.is_disjoint(&b.actors))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(trigger: &str, sentence: &str) -> EventWords {
        EventWords::of(trigger, sentence, Knowledge::english())
    }

    #[test]
    fn the_same_words_are_likelier_one_event_than_others() {
        let weights = HappeningWeights::english();
        let a = of("collided", "The ferry Halcyon collided with a tanker off Tarn");
        let b = of("collision", "Nobody was hurt in the collision of the Halcyon");
        let c = of("collided", "Two boats collided near the ferry");
        assert_eq!(weights.likelihood(&a, &b), weights.likelihood(&b, &a));
        assert!(weights.likelihood(&a, &c) > weights.likelihood(&a, &of("sailed", "Two boats sailed near the ferry")));
        assert!(weights.likelihood(&a, &a.clone()) >= weights.threshold());
    }

    #[test]
    fn weights_are_read_by_name() {
        let read = HappeningWeights::parse(
            "# a comment\nthreshold\t0.3\nalways\t-2\npair collid sink\t1.5\nassociated\t2\nodd line\n",
        );
        assert_eq!(read.threshold(), 0.3);
        let likely = read.likelihood(&of("sinks", "a ship sinks"), &of("collided", "a ship collided"));
        assert!((likely - 1.0 / (1.0 + (-1.0f64).exp())).abs() < 1e-9, "{likely}");
        let unknown = read.likelihood(&of("sailed", "a ship sailed"), &of("collided", "a ship collided"));
        assert!((unknown - 1.0 / (1.0 + 2.0f64.exp())).abs() < 1e-9, "{unknown}");
    }
}
