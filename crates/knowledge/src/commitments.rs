//! Words by which somebody binds themselves.

use std::collections::{HashMap, HashSet};

use annalist_record::CommitmentKind;
use serde::Deserialize;

/// Words by which somebody binds themselves.
#[derive(Debug)]
pub struct CommitmentWords {
    cues: HashMap<String, CommitmentKind>,
    hostile: HashSet<String>,
    warning: HashSet<String>,
    deeds: Deeds,
    indefinite: HashSet<String>,
}

/// Verbs by what doing them binds to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deeds {
    idle: HashSet<String>,
    saying: HashSet<String>,
    moving: HashSet<String>,
    forcing: HashSet<String>,
    liking: HashSet<String>,
}

impl CommitmentWords {
    pub(crate) fn parse(file: &str) -> Result<CommitmentWords, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            cues: HashMap<CommitmentKind, Vec<String>>,
            hostile: Hostile,
            deeds: Deeds,
            words: Words,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Hostile {
            verbs: HashSet<String>,
            warning: HashSet<String>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Words {
            indefinite: HashSet<String>,
        }
        let mut file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut cues = HashMap::new();
        for (kind, lemmas) in std::mem::take(&mut file.cues) {
            for lemma in lemmas {
                if cues.insert(lemma.clone(), kind).is_some_and(|other| other != kind) {
                    return Err(format!("`{lemma}` is of two kinds"));
                }
            }
        }
        let File { hostile, deeds, words, .. } = file;
        Ok(CommitmentWords {
            cues,
            hostile: hostile.verbs,
            warning: hostile.warning,
            deeds,
            indefinite: words.indefinite,
        })
    }

    /// The kind of commitment that a verb, noun or adjective (lemma, lower case) tells.
    pub fn kind(&self, lemma: &str) -> Option<CommitmentKind> {
        self.cues.get(lemma).copied()
    }

    /// Whether a deed (lemma, lower case) is one that is threatened.
    pub fn is_hostile(&self, lemma: &str) -> bool {
        self.hostile.contains(lemma)
    }

    /// Whether a verb (lemma, lower case) tells what nobody undertakes: what is so, befalls, or comes of something else.
    pub fn is_idle(&self, lemma: &str) -> bool {
        self.deeds.idle.contains(lemma)
    }

    /// Whether a verb (lemma, lower case) is one of saying: to say more is no commitment.
    pub fn is_saying(&self, lemma: &str) -> bool {
        self.deeds.saying.contains(lemma)
    }

    /// Whether the object of a verb (lemma, lower case) is moved or made by it, and not dealt with: "train", "hand".
    pub fn moves(&self, lemma: &str) -> bool {
        self.deeds.moving.contains(lemma)
    }

    /// Whether who is the object of a verb (lemma, lower case) does what follows against his will: "forced to".
    pub fn forces(&self, lemma: &str) -> bool {
        self.deeds.forcing.contains(lemma)
    }

    /// Whether with "would" a verb (lemma, lower case) tells a wish alone: "would like to".
    pub fn likes(&self, lemma: &str) -> bool {
        self.deeds.liking.contains(lemma)
    }

    /// Whether a word of threatening (lemma, lower case) is also used of what others may do: "warned of an attack".
    pub fn only_warns(&self, lemma: &str) -> bool {
        self.warning.contains(lemma)
    }

    /// Whether a word (lower case) stands for any of many: "everything", "some".
    pub fn is_indefinite(&self, word: &str) -> bool {
        self.indefinite.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn cues_have_kinds() {
        let words = Knowledge::english().commitments();
        assert_eq!(words.kind("vow"), Some(CommitmentKind::Promise));
        assert_eq!(words.kind("threaten"), Some(CommitmentKind::Threat));
        assert_eq!(words.kind("frobnicate"), None);
        assert!(words.is_hostile("retaliate"));
        assert!(words.is_idle("benefit") && !words.is_idle("build"));
    }

    #[test]
    fn a_word_of_two_kinds_is_refused() {
        let twice = "[cues]\npromise = [\"a\"]\nplan = [\"a\"]\n[hostile]\nverbs = []\nwarning = []\n[deeds]\nidle = []\nsaying = []\nmoving = []\nforcing = []\nliking = []\n[words]\nindefinite = []";
        assert!(CommitmentWords::parse(twice).is_err());
    }
}
