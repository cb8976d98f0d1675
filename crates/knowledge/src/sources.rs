//! How a source is named, by the words in it.

use std::collections::HashSet;

use serde::Deserialize;

/// Word lists about sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    document: HashSet<String>,
    unnamed: HashSet<String>,
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
}
