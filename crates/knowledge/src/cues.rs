//! Attribution cues: what is done by saying it.

use std::collections::{HashMap, HashSet};

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
    /// Whether it is a passive: "was said to".
    pub passive: bool,
    /// Whether the clause that is its content has "should" or a bare verb: "suggested that he (should) leave".
    pub wanted: bool,
}

#[derive(Debug)]
struct Entry {
    lemmas: Vec<String>,
    complement: Option<Complement>,
    negated: bool,
    /// Whether the cue must be a passive, or must not be one.
    passive: Option<bool>,
    /// Whether the clause must have "should" or a bare verb.
    wanted: bool,
    act: Act,
}

/// The lexicon of cues.
#[derive(Debug)]
pub struct Cues {
    entries: Vec<Entry>,
    /// By first lemma, the entries that begin with it, the most telling first.
    by_first: HashMap<String, Vec<usize>>,
    /// All lemmas of all entries.
    words: HashSet<String>,
    /// The acts that are done by saying that one does not: "does not believe".
    negatable: Vec<Act>,
    /// Verbs whose past is like their infinitive.
    alike: HashSet<String>,
}

impl Cues {
    pub(crate) fn parse(file: &str) -> Result<Cues, String> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            negatable: Vec<Act>,
            #[serde(default)]
            alike: HashSet<String>,
            #[serde(flatten)]
            acts: HashMap<String, Vec<String>>,
        }
        let File { negatable, alike, acts } = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut entries = Vec::new();
        for (act, cues) in acts {
            let name: StrDeserializer<'_, Error> = act.as_str().into_deserializer();
            let act = Act::deserialize(name).map_err(|e| e.to_string())?;
            for cue in cues {
                let mut entry =
                    Entry { lemmas: Vec::new(), complement: None, negated: false, passive: None, wanted: false, act };
                for word in cue.split_whitespace() {
                    match word {
                        "!not" => entry.negated = true,
                        "@passive" => entry.passive = Some(true),
                        "!passive" => entry.passive = Some(false),
                        "@should" => (entry.complement, entry.wanted) = (Some(Complement::That), true),
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
        let marks = |e: &Entry| [e.complement.is_some(), e.negated, e.passive.is_some(), e.wanted];
        let weight = |e: &Entry| (e.lemmas.len(), marks(e).into_iter().filter(|mark| *mark).count());
        entries.sort_by_key(|e| (std::cmp::Reverse(weight(e)), e.act as usize));
        let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, entry) in entries.iter().enumerate() {
            by_first.entry(entry.lemmas[0].clone()).or_default().push(i);
        }
        let words = entries.iter().flat_map(|e| e.lemmas.iter().cloned()).collect();
        Ok(Cues { entries, by_first, words, negatable, alike })
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

    /// Whether the past of a verb (lower case) is like its infinitive, so that its form tells no wish: "put".
    pub fn has_past_alike(&self, verb: &str) -> bool {
        self.alike.contains(verb)
    }

    /// Whether the lexicon has an entry with this lemma.
    pub fn has(&self, lemma: &str) -> bool {
        self.words.contains(lemma)
    }

    /// The lemma of a word (lower case) that was analysed as `lemma`: that one if some entry has it, else the one that some entry has and
    /// that the word is a regular form of ("joked", taken for a form of "jok"); else `lemma`.
    pub fn lemma(&self, word: &str, lemma: &str) -> String {
        if self.words.contains(lemma) {
            return lemma.to_string();
        }
        let base = || ENDINGS.iter().find_map(|(ending, base)| self.base(word, ending, base));
        base().unwrap_or_else(|| lemma.to_string())
    }

    /// The word with another ending, if some entry has it; a doubled consonant before the ending is made one.
    fn base(&self, word: &str, ending: &str, base: &str) -> Option<String> {
        let stem = word.strip_suffix(ending)?;
        let plain = format!("{stem}{base}");
        if self.words.contains(&plain) {
            return Some(plain);
        }
        let mut letters = stem.chars().rev();
        let doubled = base.is_empty() && letters.next().is_some_and(|last| letters.next() == Some(last));
        let single = stem.char_indices().last().filter(|_| doubled).and_then(|(at, _)| stem.get(..at))?;
        self.words.contains(single).then(|| single.to_string())
    }
}

/// Endings of the regular forms of verbs and nouns, each with what a word that is not inflected has for it.
const ENDINGS: [(&str, &str); 9] = [
    ("ies", "y"),
    ("ied", "y"),
    ("es", "e"),
    ("ed", "e"),
    ("ing", "e"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ing", ""),
];

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
        let mark = if self.wanted { " @should" } else { mark.unwrap_or_default() };
        let voice = match self.passive {
            Some(true) => " @passive",
            Some(false) => " !passive",
            None => "",
        };
        write!(f, "{mark}{}{voice}", if self.negated { " !not" } else { "" })
    }
}

impl Entry {
    fn fits(&self, lemmas: &[&str], frame: &CueFrame) -> bool {
        let mut rest = lemmas.iter();
        self.lemmas.iter().all(|wanted| rest.any(|lemma| lemma == wanted))
            && self.complement.is_none_or(|c| c == frame.complement)
            && self.passive.is_none_or(|passive| passive == frame.passive)
            && (!self.wanted || frame.wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    fn act(cue: &str, complement: Complement) -> Act {
        let lemmas: Vec<&str> = cue.split(' ').collect();
        Knowledge::english().cues().act(&frame(&lemmas, complement))
    }

    fn frame<'c>(lemmas: &'c [&'c str], complement: Complement) -> CueFrame<'c> {
        CueFrame { lemmas, complement, negated: false, passive: false, wanted: false }
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
            Knowledge::english().cues().act(&CueFrame { negated: true, ..frame(&lemmas, complement) })
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
    fn what_is_said_of_somebody_is_no_demand() {
        let cues = Knowledge::english().cues();
        let passive = |cue: &str, complement| {
            let lemmas: Vec<&str> = cue.split(' ').collect();
            cues.act(&CueFrame { passive: true, ..frame(&lemmas, complement) })
        };
        assert_eq!(act("say", Complement::To), Act::Demand);
        assert_eq!(passive("be say", Complement::To), Act::Report);
        assert_eq!(act("consider", Complement::Bare), Act::Plan);
        assert_eq!(passive("be consider", Complement::Bare), Act::Believe);
        assert_eq!(act("seek", Complement::To), Act::Plan);
        assert_eq!(act("refuse", Complement::To), Act::Deny);
    }

    #[test]
    fn only_who_suggests_that_one_should_offers() {
        let cues = Knowledge::english().cues();
        assert_eq!(act("suggest", Complement::That), Act::Assert);
        let wanted = CueFrame { wanted: true, ..frame(&["suggest"], Complement::That) };
        assert_eq!((cues.act(&wanted), cues.entry(&wanted).as_deref()), (Act::Offer, Some("suggest @should")));
    }

    #[test]
    fn regular_forms_have_the_lemma_that_the_lexicon_knows() {
        let cues = Knowledge::english().cues();
        for (word, taken_for, lemma) in [
            ("denies", "denie", "deny"),
            ("joked", "jok", "joke"),
            ("indicted", "indicte", "indict"),
            ("quipping", "quipp", "quip"),
            ("said", "say", "say"),
            ("frobnicated", "frobnicate", "frobnicate"),
        ] {
            assert_eq!(cues.lemma(word, taken_for), lemma, "{word}");
        }
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
