//! Words that tell nothing of which thing is meant.

use std::collections::HashSet;

use serde::Deserialize;

/// Words that do not count when names and sentences are compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamenessWords {
    #[serde(deserialize_with = "words")]
    function_words: HashSet<String>,
    #[serde(deserialize_with = "words")]
    government_words: HashSet<String>,
    #[serde(default, deserialize_with = "words")]
    negations: HashSet<String>,
    #[serde(default, deserialize_with = "words")]
    general_events: HashSet<String>,
    #[serde(default)]
    opposites: Vec<[String; 2]>,
}

impl SamenessWords {
    /// Reads the file.
    pub(crate) fn parse(file: &str) -> Result<SamenessWords, String> {
        toml::from_str(file).map_err(|error| error.to_string())
    }

    /// Whether a word, in lower case, has no content of its own.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }

    /// Whether a word, in lower case, tells of a long or common matter rather than of one event.
    pub fn is_general_event(&self, word: &str) -> bool {
        self.general_events.contains(word)
    }

    /// Whether a word, in lower case, adds nothing to a country's name when the country acts.
    pub fn is_government_word(&self, word: &str) -> bool {
        self.government_words.contains(word)
    }

    /// Whether a word, in lower case, turns what is said into its contrary; "t" is what is left of "won't".
    pub fn is_negation(&self, word: &str) -> bool {
        self.negations.contains(word)
    }

    /// Pairs of verbs of which one undoes or rules out the other.
    pub fn opposites(&self) -> impl Iterator<Item = (&str, &str)> {
        self.opposites.iter().map(|[a, b]| (a.as_str(), b.as_str()))
    }
}

fn words<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<HashSet<String>, D::Error> {
    Ok(String::deserialize(deserializer)?.split_whitespace().map(str::to_string).collect())
}
