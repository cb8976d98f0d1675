//! Figures: how numbers are told, and what reports count.

use std::collections::{HashMap, HashSet};

use annalist_record::Hedge;
use serde::Deserialize;

/// Numbers, their hedges, and what reports count.
#[derive(Debug)]
pub struct FigureWords {
    numbers: HashMap<String, f64>,
    multipliers: HashMap<String, f64>,
    vague: HashMap<String, f64>,
    /// Words before a number and their hedge, the longest first.
    before: Vec<(Vec<String>, Hedge)>,
    /// Words after a number.
    after: Vec<(Vec<String>, Hedge)>,
    words: Words,
    standing: Standing,
    marks: HashSet<String>,
    currencies: HashSet<String>,
    wanted: HashSet<String>,
    coming: HashSet<String>,
    units: HashSet<String>,
    kinds: Vec<FigureKind>,
    payments: Vec<Payment>,
}

/// Something that reports count. All words are lemmas in lower case; a verb may be followed by a second word that depends on it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FigureKind {
    /// What the record calls it.
    pub what: String,
    /// What is done to those counted.
    pub verbs: HashSet<String>,
    /// What those counted do.
    pub undergo: HashSet<String>,
    /// Nouns of the deed, with those counted after "of".
    pub acts: HashSet<String>,
    /// Nouns that are counted themselves.
    pub toll: HashSet<String>,
    /// Nouns for those counted.
    pub people: HashSet<String>,
    /// Adjectives.
    pub states: HashSet<String>,
    /// Nouns that have a number: "the toll stands at 30".
    pub numbered: HashSet<String>,
    /// Types of events (PLOVER codes) that such a figure may belong to where the tree does not join them.
    pub events: HashSet<String>,
    /// Whether only persons and groups are counted so.
    pub persons: bool,
    /// Whether another kind that is told of the same tells more: who was "shot and killed" was killed.
    pub broad: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payment {
    what: String,
    events: HashSet<String>,
    lemmas: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    numbers: HashMap<String, f64>,
    multipliers: HashMap<String, f64>,
    vague: HashMap<String, f64>,
    hedges: HashMap<Hedge, Vec<String>>,
    words: Words,
    standing: Standing,
    money: Money,
    units: Units,
    kinds: Vec<FigureKind>,
    payments: Vec<Payment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    passing: HashSet<String>,
    parts: HashSet<String>,
    wholes: HashSet<String>,
    intransitive: HashSet<String>,
    rising: HashSet<String>,
    labels: HashSet<String>,
    streets: HashSet<String>,
}

/// Words that tell whether what is told of those counted was done. Of two words, the second is a preposition or particle.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Modal verbs: what depends on them is to come, or may be.
    pub modals: HashSet<String>,
    /// Modal verbs under which nothing is there to be counted.
    pub doubtful: HashSet<String>,
    /// Verbs whose infinitive tells what was done.
    pub real: HashSet<String>,
    /// Verbs and nouns whose object or gerund tells what was not done, or not yet.
    pub undone: HashSet<String>,
    /// Verbs and adjectives whose clause is said not to be so.
    pub denials: HashSet<String>,
    /// Verbs that bring about what their object tells, which then stands as they do.
    pub bringing: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Money {
    marks: HashSet<String>,
    words: HashSet<String>,
    wanted: HashSet<String>,
    coming: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Units {
    words: HashSet<String>,
}

impl FigureWords {
    pub(crate) fn parse(file: &str) -> Result<FigureWords, String> {
        let file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (hedge, phrases) in file.hedges {
            for phrase in phrases {
                let (list, words) = match phrase.strip_prefix('^') {
                    Some(words) => (&mut after, words),
                    None => (&mut before, phrase.as_str()),
                };
                let words: Vec<String> = words.split_whitespace().map(str::to_string).collect();
                if words.is_empty() {
                    return Err("a hedge has no word".to_string());
                }
                list.push((words, hedge));
            }
        }
        // Hedges come from a map, in any order.
        for list in [&mut before, &mut after] {
            list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Ok(FigureWords {
            numbers: file.numbers,
            multipliers: file.multipliers,
            vague: file.vague,
            before,
            after,
            words: file.words,
            standing: file.standing,
            marks: file.money.marks,
            currencies: file.money.words,
            wanted: file.money.wanted,
            coming: file.money.coming,
            units: file.units.words,
            kinds: file.kinds,
            payments: file.payments,
        })
    }

    /// The value of a number word (lower case): 3 for "three".
    pub fn number(&self, word: &str) -> Option<f64> {
        self.numbers.get(word).copied()
    }

    /// What a word (lower case) multiplies a number by: 1000 for "thousand".
    pub fn multiplier(&self, word: &str) -> Option<f64> {
        self.multipliers.get(word).copied()
    }

    /// The least that a word of size alone (lower case) can mean: 24 for "dozens".
    pub fn vague(&self, word: &str) -> Option<f64> {
        self.vague.get(word).copied()
    }

    /// The hedge that the last of the words (lower case) before a number are, and how many words it has.
    pub fn hedge_before<S: AsRef<str>>(&self, words: &[S]) -> Option<(Hedge, usize)> {
        let fits = |phrase: &Vec<String>| {
            phrase.len() <= words.len()
                && phrase.iter().zip(&words[words.len() - phrase.len()..]).all(|(a, b)| a == b.as_ref())
        };
        self.before.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, hedge)| (*hedge, phrase.len()))
    }

    /// The hedge that the first of the words (lower case) after a number are, and how many words it has.
    pub fn hedge_after<S: AsRef<str>>(&self, words: &[S]) -> Option<(Hedge, usize)> {
        let fits = |phrase: &Vec<String>| {
            phrase.len() <= words.len() && phrase.iter().zip(words).all(|(a, b)| a == b.as_ref())
        };
        self.after.iter().find(|(phrase, _)| fits(phrase)).map(|(phrase, hedge)| (*hedge, phrase.len()))
    }

    /// Whether a verb (lemma) may stand between those counted and what is told of them: "12 were *left* dead".
    pub fn passes(&self, lemma: &str) -> bool {
        self.words.passing.contains(lemma)
    }

    /// Whether a word (lower case) opens a part of those counted before: "including three children".
    pub fn includes(&self, word: &str) -> bool {
        self.words.parts.contains(word)
    }

    /// Whether a noun (lemma) stands for those counted as a whole, whom "of" adds: "a *total* of 12 people".
    pub fn is_whole(&self, lemma: &str) -> bool {
        self.words.wholes.contains(lemma)
    }

    /// Whether a verb (lemma) needs no object, so that its past tense alone is no passive: "two men *fired* at police".
    pub fn is_intransitive(&self, lemma: &str) -> bool {
        self.words.intransitive.contains(lemma)
    }

    /// Whether a word (lemma) tells of a change, whose start is no figure: "*rose* from 12 to 15".
    pub fn rises(&self, lemma: &str) -> bool {
        self.words.rising.contains(lemma)
    }

    /// Words that tell whether what is told of those counted was done.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Whether a number after a word (lower case) is that of a name, an age or a rank: "*number* two".
    pub fn is_label(&self, word: &str) -> bool {
        self.words.labels.contains(word)
    }

    /// Whether a word (lower case) ends the name of a street: the number before it is a house's.
    pub fn is_street(&self, word: &str) -> bool {
        self.words.streets.contains(word)
    }

    /// Whether a payment that a word (lower case, or lemma) governs is only wanted or weighed: "*asked* for donations of …".
    pub fn is_wanted(&self, word: &str) -> bool {
        self.wanted.contains(word)
    }

    /// Whether a payment that a word (lower case, or lemma) governs is still to come: "*will* pay".
    pub fn is_coming(&self, word: &str) -> bool {
        self.coming.contains(word)
    }

    /// What an amount is that is to be paid: the last of the kinds of payment.
    pub fn still_to_come(&self) -> Option<&str> {
        self.payments.last().map(|p| p.what.as_str())
    }

    /// Whether a mark or abbreviation (lower case) stands beside amounts of money.
    pub fn is_money_mark(&self, word: &str) -> bool {
        self.marks.contains(word)
    }

    /// Whether a noun (lemma) names a currency.
    pub fn is_currency(&self, lemma: &str) -> bool {
        self.currencies.contains(lemma)
    }

    /// Whether the number of a noun (lemma) is a measure and counts nobody: "three days".
    pub fn is_unit(&self, lemma: &str) -> bool {
        self.units.contains(lemma)
    }

    /// What is counted, in the order of preference.
    pub fn kinds(&self) -> &[FigureKind] {
        &self.kinds
    }

    /// Whether a figure of a kind (what the record calls it) may belong to an event of a type (PLOVER code) that the tree does not join to it.
    pub fn fits_event(&self, what: &str, code: &str) -> bool {
        self.kinds.iter().any(|k| k.what == what && k.events.contains(code))
            || self.payments.iter().any(|p| p.what == what && p.events.contains(code))
    }

    /// What is told of an amount of money by the verb or noun (lemma) that governs it.
    pub fn payment(&self, lemma: &str) -> Option<&str> {
        self.payments.iter().find(|p| p.lemmas.contains(lemma)).map(|p| p.what.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn hedges_stand_beside_numbers() {
        let words = Knowledge::english().figures();
        assert_eq!(words.hedge_before(&["killed", "at", "least"]), Some((Hedge::AtLeast, 2)));
        assert_eq!(words.hedge_before(&["no", "more", "than"]), Some((Hedge::AtMost, 3)));
        assert_eq!(words.hedge_before(&["more", "than"]), Some((Hedge::AtLeast, 2)));
        assert_eq!(words.hedge_before(&["killed"]), None);
        assert_eq!(words.hedge_after(&["or", "so", "people"]), Some((Hedge::About, 2)));
    }

    #[test]
    fn a_malformed_file_is_refused() {
        assert!(FigureWords::parse("[numbers]\none = 1").is_err());
    }
}
