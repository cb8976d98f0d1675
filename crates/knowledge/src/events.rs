//! Events: the types of PLOVER, the words that tell them, and the words that tell their status, modes and contexts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use annalist_record::EventStatus;
use serde::Deserialize;

use crate::lines;

/// A type of event (PLOVER).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// Its code: `ASSAULT`.
    pub code: Arc<str>,
    /// Its class: verbal or material, cooperation or conflict.
    pub quad: Arc<str>,
    /// The type as which PLOVER, which knows no status, codes such an act when it is only announced: its own, or another.
    pub announced: Arc<str>,
    /// The codes of its modes.
    pub modes: Vec<Arc<str>>,
}

/// Where a participant stands in the tree, seen from the trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The subject of a verb; of a passive one, whom "by" names.
    Subject,
    /// The object of a verb; of a passive one, its subject.
    Object,
    /// The indirect object.
    Indirect,
    /// The subject of the clause that depends on the verb: "demanded that *they* leave".
    ClauseSubject,
    /// Who has it: "*the army's* attack".
    Possessor,
    /// What stands before the noun: "the *rebel* attack", "the *US*-led attack".
    Modifier,
    /// The subject of the verb the noun depends on: "*rebels* launched an attack".
    Governor,
    /// The object of the verb whose subject the noun is: "the attack killed *two soldiers*".
    GovernorObject,
    /// Whom a preposition names, by the noun or by the verb it depends on.
    Preposition(Arc<str>),
}

/// Where the actor and the recipient stand; the first that is there is it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Who does it.
    pub actor: Vec<Role>,
    /// To whom.
    pub recipient: Vec<Role>,
}

/// A part of speech a trigger may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerPart {
    /// A verb, finite or not.
    Verb,
    /// A noun, common or proper.
    Noun,
    /// An adjective, or a participle that is used as one.
    Adjective,
}

impl TriggerPart {
    /// Whether a token with this universal part of speech is one.
    pub fn admits(self, upos: &str) -> bool {
        match self {
            TriggerPart::Verb => matches!(upos, "VERB" | "AUX"),
            TriggerPart::Noun => matches!(upos, "NOUN" | "PROPN"),
            TriggerPart::Adjective => matches!(upos, "ADJ" | "VERB" | "ADV"),
        }
    }
}

/// A word or phrase that tells an event.
#[derive(Debug, Clone, PartialEq)]
pub struct EventEntry {
    /// The lemma, in lower case, of the word the others depend on.
    pub head: String,
    /// What is joined to the head before it by hyphens: "sit" of "sit-in".
    pub joined: Vec<String>,
    /// The lemmas of the others.
    pub others: Vec<String>,
    /// The part of speech of the head.
    pub part: TriggerPart,
    /// The type; `None` for words that tell no event, though a part of them does elsewhere.
    pub kind: Option<Arc<str>>,
    /// The mode.
    pub mode: Option<Arc<str>>,
    /// Where actor and recipient stand.
    pub frame: Arc<Frame>,
    /// How often the words tell an event of that type where they stand in news, in 0..=1.
    pub strength: f32,
    /// Whether a user added it: then its words tell the event wherever they stand, as surely as it is strong.
    pub added: bool,
    /// Which line it is, from 0, among the entries.
    pub number: usize,
}

/// Words that tell whether what depends on them happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusWords {
    planned: HashSet<String>,
    possible: HashSet<String>,
    denied: HashSet<String>,
    ongoing: HashSet<String>,
    unreal: HashSet<String>,
    negation: HashSet<String>,
    /// Verbs whose object is given by saying it, though what they govern is still to come: "pledged support".
    performing: HashSet<String>,
    /// Nouns of what lasts: "war".
    lasting: HashSet<String>,
    /// Types whose verbs in the present tense tell what lasts: "Paris backs the rebels".
    lasting_types: HashSet<String>,
    /// Types whose passive subject does it all the same: "troops were deployed".
    #[serde(default)]
    moving_types: HashSet<String>,
    /// Adjectives before a noun, by status.
    before: HashMap<EventStatus, HashSet<String>>,
    /// Words that settle the status of what they carry, however it is told, by status: "the *risk* of an attack".
    #[serde(default)]
    above: HashMap<EventStatus, HashSet<String>>,
    /// Nouns and prepositions of whom a deed is done for: "strikes in *support* of the troops".
    #[serde(default)]
    helping: HashSet<String>,
    /// Auxiliaries of what ought to be or may be, which settle it: "*must* withdraw".
    #[serde(default)]
    ought: HashSet<String>,
    /// Conjunctions of clauses that tell nothing as done, by status: "*if* they withdraw".
    #[serde(default)]
    open: HashMap<EventStatus, HashSet<String>>,
    /// Verbs and nouns of setting about a deed: who does *not* do that does not do the deed. "never *sought* the overthrow".
    #[serde(default)]
    undertaking: HashSet<String>,
    /// Words that take what they carry for real, whatever stands above them: "must *stop* shelling the town".
    #[serde(default)]
    granting: HashSet<String>,
    /// Words under which a negation forbids: "*insisted* that they not attack".
    #[serde(default)]
    demanding: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    status: StatusWords,
    /// Verbs with an object whose own subject does what the infinitive says: "promise her to go".
    subject_control: HashSet<String>,
    /// Verbs that only say that what their object tells is done: "launch an attack".
    #[serde(default)]
    light: HashSet<String>,
    /// For a type, its modes with words that tell them.
    modes: BTreeMap<String, Vec<ModeWords>>,
    /// Contexts with words that tell them.
    contexts: BTreeMap<String, HashSet<String>>,
    /// Prepositions before where something happens.
    place_prepositions: HashSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeWords {
    mode: String,
    words: HashSet<String>,
}

/// What is known of events.
#[derive(Debug)]
pub struct Events {
    types: Vec<EventType>,
    entries: Vec<EventEntry>,
    /// By head, the entries, those with the most words first.
    by_head: HashMap<String, Vec<usize>>,
    words: WordsFile,
    defaults: [Arc<Frame>; 2],
}

fn roles(column: &str) -> Result<Vec<Role>, String> {
    column
        .split_whitespace()
        .filter(|word| *word != "-")
        .map(|word| {
            Ok(match word {
                "subj" => Role::Subject,
                "obj" => Role::Object,
                "iobj" => Role::Indirect,
                "csubj" => Role::ClauseSubject,
                "poss" => Role::Possessor,
                "mod" => Role::Modifier,
                "gov" => Role::Governor,
                "govobj" => Role::GovernorObject,
                _ => Role::Preposition(word.strip_prefix('+').ok_or(format!("no role `{word}`"))?.into()),
            })
        })
        .collect()
}

impl Events {
    /// The types' file, the lexicon's files (later ones are preferred), and the words' file.
    pub(crate) fn parse(types: &str, lexicons: &[&str], words: &str) -> Result<Events, String> {
        let types = parse_types(types)?;
        let words: WordsFile = toml::from_str(words).map_err(|e| e.to_string())?;
        let settling = words.status.above.values().chain(words.status.open.values());
        let mut known = HashSet::new();
        if let Some(twice) = settling.flatten().find(|word| !known.insert(word.as_str())) {
            return Err(format!("`{twice}` settles two statuses"));
        }
        for kind in words.modes.keys().chain(&words.status.lasting_types).chain(&words.status.moving_types) {
            if !types.iter().any(|t| *t.code == **kind) {
                return Err(format!("`{kind}` is no type"));
            }
        }
        let mut frames: HashMap<String, Arc<Frame>> = HashMap::new();
        let mut entries: Vec<EventEntry> = Vec::new();
        let mut known: HashMap<(Vec<String>, Vec<String>, u8), usize> = HashMap::new();
        let numbered = lexicons.iter().enumerate().flat_map(|(n, file)| lines(file).map(move |line| (n > 0, line)));
        for (added, line) in numbered {
            let malformed = |reason: String| format!("`{line}`: {reason}");
            let columns: Vec<&str> = line.split('\t').collect();
            if let ["frame", name, actor, recipient] = columns[..] {
                let frame =
                    Frame { actor: roles(actor).map_err(malformed)?, recipient: roles(recipient).map_err(malformed)? };
                frames.insert(name.to_string(), Arc::new(frame));
                continue;
            }
            let [phrase, part, kind, mode, frame, strength] = columns[..] else {
                return Err(malformed("not six columns".to_string()));
            };
            let mut entry = entry(phrase, part, kind, mode, &types).map_err(malformed)?;
            entry.added = added;
            entry.frame = frames.get(frame).ok_or_else(|| malformed(format!("no frame `{frame}`")))?.clone();
            entry.strength = strength
                .parse()
                .ok()
                .filter(|s| (0.0..=1.0).contains(s))
                .ok_or_else(|| malformed(format!("a strength is a number from 0 to 1, not `{strength}`")))?;
            let words = entry.joined.iter().chain([&entry.head]).cloned().collect();
            let key = (words, entry.others.clone(), entry.part as u8);
            entry.number = *known.get(&key).unwrap_or(&entries.len());
            match known.insert(key, entry.number) {
                Some(n) => entries[n] = entry,
                None => entries.push(entry),
            }
        }
        let mut by_head: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, entry) in entries.iter().enumerate() {
            by_head.entry(entry.head.clone()).or_default().push(n);
        }
        for numbers in by_head.values_mut() {
            numbers.sort_by_key(|&n| (std::cmp::Reverse(entries[n].others.len() + entries[n].joined.len()), n));
        }
        let default = |name: &str| frames.get(name).cloned().ok_or(format!("there is no frame `{name}`"));
        let defaults = [default("do")?, default("noun")?];
        Ok(Events { types, entries, by_head, words, defaults })
    }

    /// The types.
    pub fn types(&self) -> &[EventType] {
        &self.types
    }

    /// The class of a type: verbal or material, cooperation or conflict.
    pub fn quad(&self, code: &str) -> Option<&str> {
        self.types.iter().find(|t| *t.code == *code).map(|t| &*t.quad)
    }

    /// Whether a mode is one of a type's.
    pub fn has_mode(&self, code: &str, mode: &str) -> bool {
        self.types.iter().any(|t| *t.code == *code && t.modes.iter().any(|m| **m == *mode))
    }

    /// The type that PLOVER, which knows no status, gives an event: an act that is only announced is what its announcement does, so
    /// that aid to come is AGREE and a strike to come THREATEN.
    pub fn plover_type<'s>(&'s self, code: &'s str, status: EventStatus) -> &'s str {
        match status {
            EventStatus::Planned => self.types.iter().find(|t| *t.code == *code).map_or(code, |t| &*t.announced),
            _ => code,
        }
    }

    /// All entries.
    pub fn entries(&self) -> &[EventEntry] {
        &self.entries
    }

    /// The entries whose head has this lemma (lower case), those with the most words first.
    pub fn with_head(&self, lemma: &str) -> impl Iterator<Item = &EventEntry> {
        self.by_head.get(lemma).into_iter().flatten().map(|&n| &self.entries[n])
    }

    /// Where actor and recipient stand by a trigger of which nothing else is known.
    pub fn default_frame(&self, verb: bool) -> &Arc<Frame> {
        &self.defaults[usize::from(!verb)]
    }

    /// The status of what depends on a word (lemma, lower case): "*plan* to attack".
    pub fn governs(&self, lemma: &str) -> Option<EventStatus> {
        let s = &self.words.status;
        let sets = [
            (&s.denied, EventStatus::Denied),
            (&s.unreal, EventStatus::Unreal),
            (&s.possible, EventStatus::Possible),
            (&s.planned, EventStatus::Planned),
            (&s.ongoing, EventStatus::Ongoing),
        ];
        sets.into_iter().find(|(set, _)| set.contains(lemma)).map(|(_, status)| status)
    }

    /// The status that a word before a noun tells: "*alleged* attack".
    pub fn modifies(&self, lemma: &str) -> Option<EventStatus> {
        let mut sets = self.words.status.before.iter().filter(|(_, words)| words.contains(lemma));
        sets.next().map(|(status, _)| *status)
    }

    /// The status that a word (lemma, lower case) settles of what it carries, however that is told: "the *risk* of an attack".
    pub fn settles(&self, lemma: &str) -> Option<EventStatus> {
        by_status(&self.words.status.above, lemma)
    }

    /// The status of all that a clause with this conjunction tells: "*if* they withdraw".
    pub fn opens(&self, conjunction: &str) -> Option<EventStatus> {
        by_status(&self.words.status.open, conjunction)
    }

    /// Whether a noun after "in", or a preposition, joins those for whom a deed is done and not those to whom: "support", "alongside".
    pub fn is_helping(&self, word: &str) -> bool {
        self.words.status.helping.contains(word)
    }

    /// Whether an auxiliary tells what ought to be, and not what is.
    pub fn is_ought(&self, lemma: &str) -> bool {
        self.words.status.ought.contains(lemma)
    }

    /// Whether a word tells that somebody sets about a deed, so that its negation is the deed's.
    pub fn is_undertaking(&self, lemma: &str) -> bool {
        self.words.status.undertaking.contains(lemma)
    }

    /// Whether a word takes what it carries for real, whatever stands above it: "must *stop* shelling the town".
    pub fn is_granting(&self, lemma: &str) -> bool {
        self.words.status.granting.contains(lemma)
    }

    /// Whether a negation under this word forbids, and tells nothing of what was done.
    pub fn is_demanding(&self, lemma: &str) -> bool {
        self.words.status.demanding.contains(lemma)
    }

    /// Whether a word negates what it depends on.
    pub fn is_negation(&self, lemma: &str) -> bool {
        self.words.status.negation.contains(lemma)
    }

    /// Whether a verb, by its lemma, only says that what its object or complement tells is done, so that its subject does it.
    pub fn is_light(&self, lemma: &str) -> bool {
        self.words.light.contains(lemma)
    }

    /// Whether a verb's object is given by saying it: "pledged support".
    pub fn performs(&self, lemma: &str) -> bool {
        self.words.status.performing.contains(lemma)
    }

    /// Whether a noun (lemma) is of something that lasts.
    pub fn lasts(&self, lemma: &str) -> bool {
        self.words.status.lasting.contains(lemma)
    }

    /// Whether verbs of this type in the present tense tell what lasts.
    pub fn type_lasts(&self, code: &str) -> bool {
        self.words.status.lasting_types.contains(code)
    }

    /// Whether the subject of this type's passive verbs does it all the same: "troops were deployed".
    pub fn type_moves(&self, code: &str) -> bool {
        self.words.status.moving_types.contains(code)
    }

    /// Whether a verb with an object is one whose own subject does what its infinitive says.
    pub fn subject_controls(&self, lemma: &str) -> bool {
        self.words.subject_control.contains(lemma)
    }

    /// The mode of an event of a type that some of the words (lemmas) around its trigger tell; the first of the file's.
    pub fn mode(&self, code: &str, words: &[&str]) -> Option<&str> {
        let modes = self.words.modes.get(code)?;
        modes.iter().find(|m| words.iter().any(|w| m.words.contains(*w))).map(|m| m.mode.as_str())
    }

    /// The contexts that words (lemmas) tell, in the order of the alphabet.
    pub fn contexts<'w>(&self, words: impl Iterator<Item = &'w str> + Clone) -> Vec<String> {
        let told = |(_, set): &(&String, &HashSet<String>)| words.clone().any(|w| set.contains(w));
        self.words.contexts.iter().filter(told).map(|(name, _)| name.clone()).collect()
    }

    /// Whether a preposition stands before where something happens.
    pub fn is_place_preposition(&self, lemma: &str) -> bool {
        self.words.place_prepositions.contains(lemma)
    }
}

/// The status in whose set a word stands.
fn by_status(sets: &HashMap<EventStatus, HashSet<String>>, word: &str) -> Option<EventStatus> {
    sets.iter().find(|(_, words)| words.contains(word)).map(|(status, _)| *status)
}

fn parse_types(file: &str) -> Result<Vec<EventType>, String> {
    lines(file)
        .map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
            [code, quad, announced, modes] => Ok(EventType {
                code: code.into(),
                quad: quad.into(),
                announced: if announced == "-" { code } else { announced }.into(),
                modes: modes.split_whitespace().filter(|m| *m != "-").map(Arc::from).collect(),
            }),
            _ => Err(format!("`{line}`: not a code, a class, the code of what is announced, and modes")),
        })
        .collect()
}

fn entry(phrase: &str, part: &str, kind: &str, mode: &str, types: &[EventType]) -> Result<EventEntry, String> {
    let part = match part {
        "v" => TriggerPart::Verb,
        "n" => TriggerPart::Noun,
        "a" => TriggerPart::Adjective,
        _ => return Err(format!("`{part}` is none of v, n, a")),
    };
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let marked = words.iter().position(|w| w.ends_with('*'));
    let head = marked.unwrap_or(if part == TriggerPart::Noun { words.len().saturating_sub(1) } else { 0 });
    let word = |w: &&str| w.trim_end_matches('*').to_lowercase();
    let others = words.iter().enumerate().filter(|(i, _)| *i != head);
    let others = others.flat_map(|(_, w)| word(w).split('-').map(str::to_string).collect::<Vec<_>>()).collect();
    let mut joined: Vec<String> = words.get(head).map(word).ok_or("no words")?.split('-').map(str::to_string).collect();
    let head = joined.pop().filter(|head| !head.is_empty()).ok_or("no words")?;
    let of_list = types.iter().find(|t| *t.code == *kind);
    if of_list.is_none() && kind != "-" {
        return Err(format!("no type `{kind}`"));
    }
    let of_type = of_list.and_then(|t| t.modes.iter().find(|m| ***m == *mode));
    if of_type.is_none() && mode != "-" {
        return Err(format!("{kind} has no mode `{mode}`"));
    }
    Ok(EventEntry {
        head,
        joined,
        others,
        part,
        kind: of_list.map(|t| t.code.clone()),
        mode: of_type.cloned(),
        frame: Arc::default(),
        strength: 0.0,
        added: false,
        number: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn every_type_has_words_and_longer_phrases_come_first() {
        let events = Knowledge::english().events();
        assert_eq!(events.types().len(), 16);
        for t in events.types() {
            let n = events.entries().iter().filter(|e| e.kind.as_ref() == Some(&t.code)).count();
            assert!(n >= 20, "{} has {n} entries", t.code);
        }
        // No line says twice what another says: learning strengths counts by lines.
        let lines = crate::EVENTS.lines().filter(|l| !l.starts_with('#') && l.split('\t').count() == 6).count();
        assert_eq!(events.entries().len(), lines);
        let talks: Vec<_> = events.with_head("hold").collect();
        assert!(talks[0].others.len() >= talks[talks.len() - 1].others.len());
        assert_eq!(events.quad("AID"), Some("material-cooperation"));
        assert!(events.has_mode("COERCE", "seize") && !events.has_mode("ASSAULT", "seize"));
        assert_eq!(events.plover_type("AID", EventStatus::Planned), "AGREE");
        assert_eq!(events.plover_type("AID", EventStatus::Ongoing), "AID");
        assert_eq!(events.plover_type("CONCEDE", EventStatus::Planned), "CONCEDE");
        let known = |code: &str| events.types().iter().any(|t| *t.code == *code);
        assert!(events.types().iter().all(|t| known(&t.announced)));
    }

    #[test]
    fn users_lines_replace_those_of_the_same_words() {
        let types = "AID\tmaterial-cooperation\t-\t-\nASSAULT\tmaterial-conflict\t-\tbeat\n";
        let words = r#"
            subject_control = []
            place_prepositions = []
            [status]
            planned = []
            possible = []
            denied = []
            ongoing = []
            unreal = []
            negation = []
            performing = []
            lasting = []
            lasting_types = []
            before = {}
            [modes]
            [contexts]
        "#;
        let own = "frame\tdo\tsubj\tobj\nframe\tnoun\tposs\t+of\nhit\tv\tASSAULT\tbeat\tdo\t0.5\n";
        let events =
            Events::parse(types, &[own, "hit\tv\t-\t-\tdo\t0.1\nair lift*\tn\tAID\t-\tnoun\t1\n"], words).unwrap();
        assert_eq!(events.with_head("hit").map(|e| e.kind.clone()).collect::<Vec<_>>(), [None]);
        assert_eq!(events.with_head("lift").next().map(|e| e.others.clone()), Some(vec!["air".to_string()]));
        for wrong in
            ["hit\tv\tASSAULT\taerial\tdo\t0.5", "hit\tv\tASSAULT\t-\tno\t0.5", "hit\tv\tASSAULT\t-\tdo\t2", "hit\tx"]
        {
            assert!(Events::parse(types, &[own, wrong], words).is_err(), "{wrong}");
        }
    }
}
