//! Words by which somebody binds themselves.

use std::collections::{HashMap, HashSet};

use annalist_record::CommitmentKind;
use serde::Deserialize;

/// Words by which somebody binds themselves.
#[derive(Debug)]
pub struct CommitmentWords {
    cues: HashMap<String, CommitmentKind>,
    hostile: HashSet<String>,
    idle: HashSet<String>,
}

impl CommitmentWords {
    pub(crate) fn parse(file: &str) -> Result<CommitmentWords, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            cues: HashMap<CommitmentKind, Vec<String>>,
            hostile: Hostile,
            deeds: Deeds,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Hostile {
            verbs: HashSet<String>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Deeds {
            idle: HashSet<String>,
        }
        let file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut cues = HashMap::new();
        for (kind, lemmas) in file.cues {
            for lemma in lemmas {
                if cues.insert(lemma.clone(), kind).is_some_and(|other| other != kind) {
                    return Err(format!("`{lemma}` is of two kinds"));
                }
            }
        }
        Ok(CommitmentWords { cues, hostile: file.hostile.verbs, idle: file.deeds.idle })
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
        self.idle.contains(lemma)
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
        let twice = "[cues]\npromise = [\"a\"]\nplan = [\"a\"]\n[hostile]\nverbs = []\n[deeds]\nidle = []";
        assert!(CommitmentWords::parse(twice).is_err());
    }
}
