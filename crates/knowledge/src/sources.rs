//! How a source is named, by the words in it.

use std::collections::HashSet;

use serde::Deserialize;

/// Word lists about sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    document: HashSet<String>,
    unnamed: HashSet<String>,
    outlet: HashSet<String>,
    occasion: HashSet<String>,
    telling: HashSet<String>,
    carrying: HashSet<String>,
}

impl Sources {
    /// Whether a source headed by `lemma` is a text.
    pub fn is_document(&self, lemma: &str) -> bool {
        self.document.contains(lemma)
    }

    /// Whether `word` (lower case) marks a source that does not want to be named, or cannot be.
    pub fn is_unnamed(&self, word: &str) -> bool {
        self.unnamed.contains(word)
    }

    /// Whether a word (lower case) in a name tells that it is of a paper, a station, an agency or a programme.
    pub fn is_outlet(&self, word: &str) -> bool {
        self.outlet.contains(word)
    }

    /// Whether a noun (lemma) is an occasion on which somebody speaks to somebody: "interview".
    pub fn is_occasion(&self, lemma: &str) -> bool {
        self.occasion.contains(lemma)
    }

    /// Whether the object of a verb (lemma) is whom something is said to: "tell".
    pub fn is_telling(&self, lemma: &str) -> bool {
        self.telling.contains(lemma)
    }

    /// Whether a verb (lemma) tells that somebody passes on another's words: "quote".
    pub fn is_carrying(&self, lemma: &str) -> bool {
        self.carrying.contains(lemma)
    }
}
