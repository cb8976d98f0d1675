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
    #[serde(default)]
    withheld: Vec<String>,
    #[serde(default)]
    headings: HashSet<String>,
    #[serde(default)]
    clipped: HashSet<String>,
    #[serde(default)]
    own_words: Vec<String>,
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

    /// Where among the words of a sentence (lower case) it begins to be said that somebody does not want to be named.
    pub fn withheld(&self, words: &[String]) -> Vec<usize> {
        let begins = |at: usize| {
            self.withheld.iter().any(|told| {
                let mut rest = words[at..].iter();
                told.split_whitespace().all(|word| rest.next().is_some_and(|w| w == word))
            })
        };
        (0..words.len()).filter(|&at| begins(at)).collect()
    }

    /// Whether the words before a colon (lower case) are a heading and not somebody who speaks: "the facts".
    pub fn is_heading(&self, words: &str) -> bool {
        self.headings.contains(words)
    }

    /// Whether what stands at the end of a text, its last 300 characters, tells that it is in its writer's own words: "is a columnist".
    pub fn is_noted(&self, text: &str) -> bool {
        let end = text.char_indices().rev().nth(NOTED).map_or(0, |(at, _)| at);
        let end = text[end..].to_lowercase();
        self.own_words.iter().any(|told| end.contains(told.as_str()))
    }

    /// Whether a word (lower case) is written after an apostrophe for the letters it has lost: "'em".
    pub fn is_clipped(&self, word: &str) -> bool {
        self.clipped.contains(word)
    }
}

/// Who wrote a piece is told within so many code points of its end.
const NOTED: usize = 300;

#[cfg(test)]
mod tests {
    use crate::Knowledge;

    #[test]
    fn names_that_are_withheld_are_found() {
        let withheld = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_string).collect();
            Knowledge::english().sources().withheld(&words)
        };
        assert_eq!(withheld("an officer said on condition of anonymity"), [6]);
        assert_eq!(withheld("an officer who was not authorised to speak publicly"), [4]);
        assert!(withheld("the officer was not there to speak").is_empty());
    }

    #[test]
    fn who_wrote_a_piece_is_told_at_its_end() {
        let noted = |text: &str| Knowledge::english().sources().is_noted(text);
        assert!(noted("Holm calls it a triumph. Ann Lind is a senior fellow of the Harbour Fund"));
        assert!(noted("The ferry sank. Write to Letters@tarn.example"));
        // Elsewhere, it is somebody cited.
        assert!(!noted(&format!("Ann Lind is a columnist. {}", "The ferry sank off Tarn. ".repeat(20))));
        assert!(!noted(&"é".repeat(400)));
        assert!(!noted(""));
    }
}
