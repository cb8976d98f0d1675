//! Attribution cues: what is done by saying it.

use std::collections::HashMap;

use annalist_record::Act;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

/// How the content of a cue begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Complement {
    /// An infinitive: "to leave".
    To,
    /// A clause with "that".
    That,
    /// An indirect question: "whether", "if", "who", "how".
    Whether,
    /// "for …"
    For,
    /// "on …"
    On,
    /// "not to …"
    Not,
    /// "with …"
    With,
    /// Anything else.
    Bare,
}

/// A cue as it stands in a text.
#[derive(Debug, Clone, Copy)]
pub struct CueFrame<'c> {
    /// The lemmas of the cue's words in order, in lower case.
    pub lemmas: &'c [&'c str],
    /// How its content begins.
    pub complement: Complement,
    /// Whether it is negated.
    pub negated: bool,
}

#[derive(Debug)]
struct Entry {
    lemmas: Vec<String>,
    complement: Option<Complement>,
    negated: bool,
    act: Act,
}

/// The lexicon of cues.
#[derive(Debug)]
pub struct Cues {
    entries: Vec<Entry>,
    /// By first lemma, the entries that begin with it, the most telling first.
    by_first: HashMap<String, Vec<usize>>,
    /// The acts that are done by saying that one does not: "does not believe".
    negatable: Vec<Act>,
}

impl Cues {
    pub(crate) fn parse(file: &str) -> Result<Cues, String> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            negatable: Vec<Act>,
            #[serde(flatten)]
            acts: HashMap<String, Vec<String>>,
        }
        let File { negatable, acts } = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut entries = Vec::new();
        for (act, cues) in acts {
            let name: StrDeserializer<'_, Error> = act.as_str().into_deserializer();
            let act = Act::deserialize(name).map_err(|e| e.to_string())?;
            for cue in cues {
                let mut entry = Entry { lemmas: Vec::new(), complement: None, negated: false, act };
                for word in cue.split_whitespace() {
                    match word {
                        "!not" => entry.negated = true,
                        "@to" => entry.complement = Some(Complement::To),
                        "@that" => entry.complement = Some(Complement::That),
                        "@whether" => entry.complement = Some(Complement::Whether),
                        "@for" => entry.complement = Some(Complement::For),
                        "@on" => entry.complement = Some(Complement::On),
                        "@not" => entry.complement = Some(Complement::Not),
                        "@with" => entry.complement = Some(Complement::With),
                        _ if word.starts_with(['@', '!']) => return Err(format!("`{cue}`: `{word}` is no mark")),
                        _ => entry.lemmas.push(word.to_string()),
                    }
                }
                if entry.lemmas.is_empty() {
                    return Err(format!("`{cue}` has no word"));
                }
                entries.push(entry);
            }
        }
        // Acts come from a map, in any order: where a bare cue stands under several acts, the first act of the list is it.
        let weight = |e: &Entry| (e.lemmas.len(), usize::from(e.complement.is_some()) + usize::from(e.negated));
        entries.sort_by_key(|e| (std::cmp::Reverse(weight(e)), e.act as usize));
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, entry) in entries.iter().enumerate() {
            by_first.entry(entry.lemmas[0].clone()).or_default().push(i);
        }
        Ok(Cues { entries, by_first, negatable })
    }

    /// What is done by saying something with this cue; [`Act::Other`] if the lexicon does not know it.
    pub fn act(&self, frame: &CueFrame) -> Act {
        self.best(frame).map_or(Act::Other, |entry| entry.act)
    }

    /// The entry that tells what is done with this cue, as the lexicon writes it.
    pub fn entry(&self, frame: &CueFrame) -> Option<String> {
        self.best(frame).map(ToString::to_string)
    }

    fn best(&self, frame: &CueFrame) -> Option<&Entry> {
        let candidates = frame
            .lemmas
            .iter()
            .enumerate()
            .flat_map(|(at, lemma)| self.by_first.get(*lemma).into_iter().flatten().map(move |&i| (i, at)));
        candidates
            .filter(|&(i, at)| self.entries[i].fits(&frame.lemmas[at..], frame) && self.holds(&self.entries[i], frame))
            .min()
            .map(|(i, _)| &self.entries[i])
    }

    /// Whether the act of an entry is done with a cue that may be negated: who did not deny has not denied.
    fn holds(&self, entry: &Entry, frame: &CueFrame) -> bool {
        entry.negated == frame.negated || frame.negated && self.negatable.contains(&entry.act)
    }

    /// Whether the lexicon has an entry that begins with this lemma.
    pub fn knows(&self, lemma: &str) -> bool {
        self.by_first.contains_key(lemma)
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}", self.lemmas.join(" "))?;
        let mark = self.complement.map(|complement| match complement {
            Complement::To => " @to",
            Complement::That => " @that",
            Complement::Whether => " @whether",
            Complement::For => " @for",
            Complement::On => " @on",
            Complement::Not => " @not",
            Complement::With => " @with",
            Complement::Bare => "",
        });
        write!(f, "{}{}", mark.unwrap_or_default(), if self.negated { " !not" } else { "" })
    }
}

impl Entry {
    fn fits(&self, lemmas: &[&str], frame: &CueFrame) -> bool {
        let mut rest = lemmas.iter();
        self.lemmas.iter().all(|wanted| rest.any(|lemma| lemma == wanted))
            && self.complement.is_none_or(|c| c == frame.complement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    fn act(cue: &str, complement: Complement) -> Act {
        let lemmas: Vec<&str> = cue.split(' ').collect();
        Knowledge::english().cues().act(&CueFrame { lemmas: &lemmas, complement, negated: false })
    }

    #[test]
    fn the_complement_decides() {
        assert_eq!(act("tell", Complement::That), Act::Assert);
        assert_eq!(act("tell", Complement::To), Act::Demand);
        assert_eq!(act("ask", Complement::Whether), Act::Ask);
        assert_eq!(act("ask", Complement::To), Act::Demand);
        assert_eq!(act("hope", Complement::That), Act::Believe);
        assert_eq!(act("hope", Complement::To), Act::Plan);
    }

    #[test]
    fn more_words_tell_more() {
        assert_eq!(act("have call on", Complement::Bare), Act::Demand);
        assert_eq!(act("call", Complement::Bare), Act::Assert);
        assert_eq!(act("accord to", Complement::Bare), Act::Assert);
        assert_eq!(act("rule out", Complement::Bare), Act::Deny);
        assert_eq!(act("frobnicate", Complement::Bare), Act::Other);
    }

    #[test]
    fn a_negated_cue_is_not_its_act() {
        let act = |cue: &str, complement| {
            let lemmas: Vec<&str> = cue.split(' ').collect();
            Knowledge::english().cues().act(&CueFrame { lemmas: &lemmas, complement, negated: true })
        };
        for cue in [
            "do not deny",
            "do not rule out",
            "have not threaten",
            "can not confirm",
            "have not apologize",
            "never say",
        ] {
            assert_eq!(act(cue, Complement::Bare), Act::Other, "{cue}");
        }
        assert_eq!(act("do not believe", Complement::That), Act::Believe);
        assert_eq!(act("do not intend", Complement::To), Act::Plan);
        assert_eq!(act("do not recognise", Complement::Bare), Act::Deny);
    }

    #[test]
    fn who_refuses_to_deny_denies_nothing() {
        assert_eq!(act("refuse to rule out", Complement::Bare), Act::Other);
        assert_eq!(act("refuse to comment", Complement::Bare), Act::Deny);
    }

    #[test]
    fn a_malformed_file_is_refused() {
        assert!(Cues::parse("assert = [\"say @maybe\"]").is_err());
        assert!(Cues::parse("sing = [\"hum\"]").is_err());
    }
}
