//! When two statements are on one matter, and when one of them takes back what the other says.
//!
//! Both are told from the words alone, and only where they say much the same words: a change of position that is not seen can be read in the
//! statements, one that is none does harm.

use std::collections::BTreeSet;

use annalist_knowledge::{Knowledge, Stand};

use crate::signature::hash;
use crate::words::{content, root};
use crate::{overlap, words};

/// Statements on one matter share this part of the shorter one's words,
const ONE_MATTER: f64 = 0.5;
/// and so many.
const FEWEST: usize = 2;
/// Statements that are set against each other share this part,
const OPPOSED: f64 = 0.6;
/// and so many.
const FEWEST_OPPOSED: usize = 3;
/// In longer statements, in words, it cannot be told what a negation is of.
const LONGEST: usize = 30;

/// What a statement is about, as statements are compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matter {
    /// The roots of its content words, as numbers.
    words: BTreeSet<u64>,
    /// How many words turn it into its contrary: negations, and verbs of being against something.
    turned: usize,
    /// How many words it has.
    length: usize,
    /// Whether it asks.
    asks: bool,
}

impl Matter {
    /// Reads it off the words of a statement.
    pub fn of(text: &str, knowledge: &Knowledge) -> Matter {
        let (known, changes) = (knowledge.sameness(), knowledge.changes());
        let against = |word: &String| {
            let forms = [
                word.as_str(),
                root(word),
                word.strip_suffix('d').unwrap_or(word),
                word.strip_suffix("ed").unwrap_or(word),
            ];
            forms.iter().any(|form| changes.stand(form) == Some(Stand::Against))
        };
        let all: Vec<String> = words(text).collect();
        Matter {
            turned: all.iter().filter(|word| known.is_negation(word) || against(word)).count(),
            words: content(text, knowledge).filter(|word| !against(word)).map(|word| number(&word)).collect(),
            length: all.len(),
            asks: text.contains('?'),
        }
    }

    /// The same, said to be not so.
    pub fn denied(self) -> Matter {
        Matter { turned: self.turned + 1, ..self }
    }

    fn shared(&self, other: &Matter) -> usize {
        self.words.intersection(&other.words).count()
    }
}

/// The number of a word's root. Two roots have one number once in some eighteen million million million pairs.
fn number(word: &str) -> u64 {
    hash(root(word).as_bytes())
}

/// Whether two statements are on one matter.
pub fn one_matter(a: &Matter, b: &Matter) -> bool {
    a.shared(b) >= FEWEST && overlap(&a.words, &b.words) >= ONE_MATTER
}

/// How one statement takes back another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opposed {
    /// One says of the same that it is not.
    Denied,
    /// One says one thing, the other its contrary: the words, as roots.
    Contrary(String, String),
}

/// Whether a statement takes back another of the same actor, and how; `None` where it cannot be told.
pub fn opposed(a: &Matter, b: &Matter, knowledge: &Knowledge) -> Option<Opposed> {
    if a.asks || b.asks || a.length > LONGEST || b.length > LONGEST || a.turned > 1 || b.turned > 1 {
        return None;
    }
    // With contrary words, one word fewer is needed, and one fewer is looked at; this is quickly told of most.
    let (shared, fewer) = (a.shared(b), a.words.len().min(b.words.len()));
    if shared + 1 < FEWEST_OPPOSED || (shared as f64) < OPPOSED * fewer.saturating_sub(1) as f64 {
        return None;
    }
    let has = |of: &Matter, other: &Matter, word: &str| {
        let word = number(word);
        of.words.contains(&word) && !other.words.contains(&word)
    };
    let contrary = knowledge
        .sameness()
        .opposites()
        .flat_map(|(x, y)| [(x, y), (y, x)])
        .find(|(x, y)| has(a, b, x) && has(b, a, y));
    // The contrary words stand in for each other.
    let fewer = fewer.saturating_sub(usize::from(contrary.is_some()));
    let needed = FEWEST_OPPOSED - usize::from(contrary.is_some());
    if shared < needed || (shared as f64) < OPPOSED * fewer as f64 {
        return None;
    }
    match (contrary, a.turned == b.turned) {
        (Some((x, y)), true) => Some(Opposed::Contrary(root(x).to_string(), root(y).to_string())),
        (None, false) => Some(Opposed::Denied),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(a: &str, b: &str) -> Option<Opposed> {
        let of = |text| Matter::of(text, Knowledge::english());
        assert_eq!(
            opposed(&of(a), &of(b), Knowledge::english()).is_some(),
            opposed(&of(b), &of(a), Knowledge::english()).is_some()
        );
        opposed(&of(a), &of(b), Knowledge::english())
    }

    #[test]
    fn what_is_denied_or_contrary_is_opposed() {
        assert_eq!(
            told(
                "we have no plans to evacuate the northern embassy",
                "part of the northern embassy will be evacuated, as planned"
            ),
            Some(Opposed::Denied)
        );
        assert_eq!(
            told("the northern harbour will stay closed", "the northern harbour will open"),
            Some(Opposed::Contrary("clos".into(), "open".into()))
        );
        assert_eq!(
            told("pilots reject the new night shifts", "pilots will work the new night shifts"),
            Some(Opposed::Denied)
        );
    }

    #[test]
    fn what_agrees_asks_or_is_about_something_else_is_not() {
        assert_eq!(told("the northern harbour will not open", "the northern harbour will stay closed"), None);
        assert_eq!(told("the northern harbour will open", "the northern harbour will open on Friday"), None);
        assert_eq!(told("Will the northern harbour not open?", "the northern harbour will open"), None);
        assert_eq!(told("the northern harbour will not open", "the ferries will sail"), None);
        assert_eq!(told("", ""), None);
        let of = |text| Matter::of(text, Knowledge::english());
        assert!(one_matter(&of("the harbour will open at dawn"), &of("the harbour opened")));
        assert!(!one_matter(&of("the harbour will open"), &of("ferries will sail to the harbour of Tarn by night")));
    }
}
