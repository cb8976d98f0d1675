//! Words that tell changes of position.

use std::collections::HashSet;

use serde::Deserialize;

/// Words that tell changes of position. All are lemmas in lower case; a verb may be followed by a particle or preposition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeWords {
    verbs: Verbs,
    nouns: Nouns,
    words: Words,
    plans: Plans,
    stands: Stands,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verbs {
    alone: HashSet<String>,
    moves: HashSet<String>,
    undone: HashSet<String>,
    makes: HashSet<String>,
    with: HashSet<String>,
    change: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nouns {
    positions: HashSet<String>,
    minds: HashSet<String>,
    changes: HashSet<String>,
    bonds: HashSet<String>,
    ground: HashSet<String>,
    traded: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    before: HashSet<String>,
    contrast: HashSet<String>,
    after: HashSet<String>,
    again: HashSet<String>,
    when: HashSet<String>,
    real: HashSet<String>,
    ahead: HashSet<String>,
    possible: HashSet<String>,
    conditions: HashSet<String>,
    aside: HashSet<String>,
    unreal: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plans {
    meant: HashSet<String>,
    denied: HashSet<String>,
    none: HashSet<String>,
    support: HashSet<String>,
    light: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stands {
    #[serde(rename = "for")]
    pro: HashSet<String>,
    against: HashSet<String>,
    neutral: HashSet<String>,
}

/// On which side of a matter a verb puts somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// For it.
    For,
    /// Against it.
    Against,
    /// On the side that its clause tells.
    Neutral,
}

impl ChangeWords {
    pub(crate) fn parse(file: &str) -> Result<ChangeWords, String> {
        toml::from_str(file).map_err(|e| e.to_string())
    }

    /// Whether a verb tells the giving up of a position by itself.
    pub fn gives_up(&self, verb: &str) -> bool {
        self.verbs.alone.contains(verb)
    }

    /// Whether a verb tells it by itself, unless it tells where somebody goes: "retreat from".
    pub fn moves(&self, verb: &str) -> bool {
        self.verbs.moves.contains(verb)
    }

    /// Whether a verb (lemma) is done as often to what is another's: "overturn".
    pub fn undoes(&self, lemma: &str) -> bool {
        self.verbs.undone.contains(lemma)
    }

    /// Whether the object of a verb (lemma) that [`Self::is_change`] is a change of its subject: "make".
    pub fn makes(&self, lemma: &str) -> bool {
        self.verbs.makes.contains(lemma)
    }

    /// Whether a verb tells it of a noun that [`Self::is_position`].
    pub fn gives_up_position(&self, verb: &str) -> bool {
        self.verbs.with.contains(verb)
    }

    /// Whether a verb tells it of a noun that [`Self::is_mind`].
    pub fn changes_mind(&self, verb: &str) -> bool {
        self.verbs.change.contains(verb)
    }

    /// Whether a noun is a position of one's own: "promise", "stance".
    pub fn is_position(&self, noun: &str) -> bool {
        self.nouns.positions.contains(noun)
    }

    /// Whether a noun is what changes with a position: "mind", "tune".
    pub fn is_mind(&self, noun: &str) -> bool {
        self.nouns.minds.contains(noun)
    }

    /// Whether a noun, or some words in a row, tell a change itself: "u-turn", "change of heart".
    pub fn is_change(&self, words: &str) -> bool {
        self.nouns.changes.contains(words)
    }

    /// Whether a noun is what was agreed on: "deal".
    pub fn is_bond(&self, noun: &str) -> bool {
        self.nouns.bonds.contains(noun)
    }

    /// Whether a noun that [`Self::is_position`] is also a place where somebody stands: "position".
    pub fn is_ground(&self, noun: &str) -> bool {
        self.nouns.ground.contains(noun)
    }

    /// Whether a noun that [`Self::is_position`] is also something traded: "order".
    pub fn is_traded(&self, noun: &str) -> bool {
        self.nouns.traded.contains(noun)
    }

    /// Whether what depends on a word (lemma, perhaps with a particle or preposition) is only wanted, feared, possible or denied:
    /// "*demanded* a reversal".
    pub fn is_unreal(&self, words: &str) -> bool {
        self.words.unreal.contains(words)
    }

    /// Whether some words say that something was so before: "initially", "until recently".
    pub fn is_before(&self, words: &str) -> bool {
        self.words.before.contains(words)
    }

    /// Whether a word sets one thing against another: "although".
    pub fn is_contrast(&self, word: &str) -> bool {
        self.words.contrast.contains(word)
    }

    /// Whether a word says that something is so since: "now".
    pub fn is_after(&self, word: &str) -> bool {
        self.words.after.contains(word)
    }

    /// Whether a verb (lemma) or adverb says that somebody says or does what he did before: "repeat", "still".
    pub fn goes_on(&self, word: &str) -> bool {
        self.words.again.contains(word)
    }

    /// Whether a word opens a clause that tells when or where something was held.
    pub fn looks_back(&self, word: &str) -> bool {
        self.words.when.contains(word)
    }

    /// Whether an infinitive after this word (lemma) tells what is so: "was *forced* to drop".
    pub fn brings_about(&self, lemma: &str) -> bool {
        self.words.real.contains(lemma)
    }

    /// Whether an auxiliary tells what is to come: "will".
    pub fn looks_ahead(&self, word: &str) -> bool {
        self.words.ahead.contains(word)
    }

    /// Whether an auxiliary tells what is only possible or wanted: "might".
    pub fn is_possible(&self, word: &str) -> bool {
        self.words.possible.contains(word)
    }

    /// Whether a conjunction makes a clause a condition: "unless".
    pub fn is_condition(&self, word: &str) -> bool {
        self.words.conditions.contains(word)
    }

    /// Whether what depends on a word (lemma) is what somebody means to do: "*plans* to leave".
    pub fn is_meant(&self, lemma: &str) -> bool {
        self.plans.meant.contains(lemma)
    }

    /// Whether what depends on a word (lemma, perhaps with a particle) is what somebody does not mean to do: "*ruled out* leaving".
    pub fn is_denied(&self, lemma: &str) -> bool {
        self.plans.denied.contains(lemma)
    }

    /// Whether a word counts nobody: "none", "no".
    pub fn is_none(&self, word: &str) -> bool {
        self.plans.none.contains(word)
    }

    /// Whether a word (lower case) opens a clause that tells what is not so, or not who did it: "sued *for* reneging".
    pub fn is_aside(&self, word: &str) -> bool {
        self.words.aside.contains(word)
    }

    /// Whether the object of a verb (lemma) is what is done: "*hold* talks".
    pub fn supports(&self, lemma: &str) -> bool {
        self.plans.support.contains(lemma)
    }

    /// Whether a verb (lemma) tells no deed by itself.
    pub fn is_light(&self, lemma: &str) -> bool {
        self.plans.light.contains(lemma)
    }

    /// The stand that a verb takes, if it takes one.
    pub fn stand(&self, verb: &str) -> Option<Stand> {
        match verb {
            _ if self.stands.pro.contains(verb) => Some(Stand::For),
            _ if self.stands.against.contains(verb) => Some(Stand::Against),
            _ if self.stands.neutral.contains(verb) => Some(Stand::Neutral),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn verbs_take_stands() {
        let words = Knowledge::english().changes();
        assert_eq!(words.stand("oppose"), Some(Stand::Against));
        assert_eq!(words.stand("endorse"), Some(Stand::For));
        assert_eq!(words.stand("walk"), None);
        assert!(words.gives_up("back down") && words.is_before("until recently"));
    }

    #[test]
    fn a_file_without_a_list_is_refused() {
        assert!(ChangeWords::parse("[verbs]\nalone = []\n").is_err());
    }
}
