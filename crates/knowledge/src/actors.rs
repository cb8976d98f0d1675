//! Who acts: bodies, offices and people in general, and those that go by a name of their own.

use std::collections::{HashMap, HashSet};

use annalist_record::ActorKind;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use crate::countries::{Countries, forms, key, lower};
use crate::lines;

/// PLOVER's sectors of actors.
pub const SECTORS: [&str; 25] = [
    "COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "UNK", "AGR", "BUS", "CRM", "CVL", "EDU",
    "ELI", "JRN", "LAB", "MED", "REF", "OPP", "PRE", "REL", "SOC",
];

/// PLOVER's codes that stand in a country's place for actors of no single country: an intergovernmental organisation, the United
/// Nations, the European Union, a non-governmental organisation, a social movement, a militarised group, a corporation.
pub const INTERNATIONAL: [&str; 7] = ["IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC"];

/// In what way a general word tells an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordClass {
    /// A post that one person holds.
    Office,
    /// An organisation or a part of one.
    Body,
    /// Persons, by what they are or do.
    People,
    /// Is what it belongs to; its own sectors hold only where that says nothing.
    Through,
    /// Before another word: what it makes of it.
    Turns,
    /// Before another word: a further sector.
    Adds,
    /// Before an office: it is held no more.
    Former,
    /// After a country: it is not the country of what follows.
    Foreign,
    /// Before a people: it is not a state's.
    Descent,
    /// Of no single country; a body with it is international.
    World,
    /// Before a country: a part of it.
    Part,
}

/// What a general word tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorWord {
    /// In what way.
    pub class: WordClass,
    /// What kind of actor it is.
    pub kind: Option<ActorKind>,
    /// PLOVER sectors, the first one first.
    pub sectors: Vec<&'static str>,
}

/// What is known of an actor with a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedActor {
    /// Its first name in the file: of those that ` = ` joins.
    pub name: Box<str>,
    /// ISO 3166-1 alpha-3 code of its country (`XKX` for Kosovo).
    pub country: Option<Box<str>>,
    /// One of [`INTERNATIONAL`], if it is of no single country.
    pub international: Option<&'static str>,
    /// What it is.
    pub kind: Option<ActorKind>,
    /// PLOVER sectors, the first one first.
    pub sectors: Vec<&'static str>,
    /// The first day on which this holds (`YYYY-MM-DD`), if it is a dated fact.
    pub since: Option<Box<str>>,
    /// The last day on which this holds (`YYYY-MM-DD`), if it is a dated fact.
    pub until: Option<Box<str>>,
    /// Where a dated fact is from.
    pub source: Option<Box<str>>,
}

impl NamedActor {
    fn holds(&self, day: Option<&str>) -> bool {
        match day {
            Some(day) => {
                self.since.as_deref().is_none_or(|since| since <= day)
                    && self.until.as_deref().is_none_or(|until| day <= until)
            }
            None => self.since.is_none() && self.until.is_none(),
        }
    }
}

/// Words and names of actors.
#[derive(Debug, Default)]
pub struct Actors {
    /// Each word by the number of what it tells.
    words: HashMap<Box<str>, u32>,
    /// What words tell: each line of the files, and each set of lines in which a word stands.
    told: Vec<Vec<ActorWord>>,
    named: Vec<NamedActor>,
    /// Each name by the number of its last line.
    names: HashMap<Box<str>, u32>,
    /// Names of one word as the files spell them.
    spelled: HashSet<Box<str>>,
    /// Lines of names: the actor, and the number of the line before it with the same name.
    lines: Vec<(u32, Option<u32>)>,
    /// First words of the keys of both, singular or not.
    firsts: HashSet<Box<str>>,
    /// Words that begin a general phrase of several.
    qualifying: HashSet<Box<str>>,
    longest: usize,
}

impl Actors {
    /// Reads `actor_words.tsv` and `actors.tsv`, each in several files of which the later ones are preferred.
    pub(crate) fn parse(words: &[&str], named: &[&str], countries: &Countries) -> Result<Actors, String> {
        let size = |files: &[&str]| files.iter().map(|file| file.bytes().filter(|b| *b == b';').count()).sum::<usize>();
        let mut all = Actors::default();
        all.words.reserve(size(words) + 256);
        all.names.reserve(2 * size(named) + 1024);
        for file in words {
            // A word of a later file tells only what that file says of it.
            let earlier = all.told.len() as u32;
            for line in lines(file) {
                let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
                let [class, kind, sectors, words] = fields[..] else {
                    return Err(format!("`{line}` has {} fields, not 4", fields.len()));
                };
                let word = ActorWord { class: closed(class)?, kind: kind_of(kind)?, sectors: sectors_of(sectors)? };
                let row = all.told.len() as u32;
                all.told.push(vec![word.clone()]);
                for phrase in words.split(';').map(str::trim).filter(|w| !w.is_empty()) {
                    let phrase = word_key(phrase);
                    all.begin(&phrase);
                    if let Some((first, _)) = phrase.split_once(' ') {
                        all.qualifying.insert(first.into());
                    }
                    match all.words.get_mut(phrase.as_str()) {
                        Some(known) if *known < earlier => *known = row,
                        Some(known) if !all.told[*known as usize].contains(&word) => {
                            let mut both = all.told[*known as usize].clone();
                            both.push(word.clone());
                            *known = all.told.len() as u32;
                            all.told.push(both);
                        }
                        Some(_) => {}
                        None => _ = all.words.insert(phrase.into(), row),
                    }
                }
            }
        }
        for line in named.iter().flat_map(|file| lines(file)) {
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            if !(3..=7).contains(&fields.len()) {
                return Err(format!("`{line}` has {} fields, not 3 to 7", fields.len()));
            }
            let field = |at: usize| fields.get(at).copied().unwrap_or_default();
            let international = INTERNATIONAL.into_iter().find(|code| *code == field(1));
            let country = match field(1) {
                "-" => None,
                _ if international.is_some() => None,
                code => Some(&countries.get(code).ok_or_else(|| format!("`{code}` is no country's code"))?.iso3),
            };
            let day = |at: usize| match field(at) {
                "" => Ok(None),
                day if is_day(day) => Ok(Some(day.into())),
                other => Err(format!("`{other}` is not a day")),
            };
            let (kind, sectors, since, until) = (kind_of(field(2))?, sectors_of(field(3))?, day(4)?, day(5)?);
            let source = Some(field(6)).filter(|s| !s.is_empty()).map(Box::<str>::from);
            let actors = fields[0].split(';').map(|names| names.split(" = ").map(str::trim).filter(|n| !n.is_empty()));
            let mut any = false;
            for mut names in actors {
                let Some(name) = names.next() else { continue };
                any = true;
                let at = all.named.len() as u32;
                all.named.push(NamedActor {
                    name: name.into(),
                    country: country.cloned(),
                    international,
                    kind,
                    sectors: sectors.clone(),
                    since: since.clone(),
                    until: until.clone(),
                    source: source.clone(),
                });
                for name in std::iter::once(name).chain(names) {
                    if name.contains('=') {
                        return Err(format!("`{name}` is no name: names of one actor stand with ` = ` between them"));
                    }
                    if !name.contains(' ') {
                        all.spelled.insert(name.into());
                    }
                    let exact = key(name);
                    all.begin(&exact);
                    // Acronyms of more than three letters are also written as words are.
                    let small = (exact.len() > 3 && exact.bytes().all(|b| b.is_ascii_uppercase()))
                        .then(|| exact.to_lowercase());
                    for key in [Some(exact), small].into_iter().flatten() {
                        all.begin(&key);
                        let line = all.lines.len() as u32;
                        let before = all.names.insert(key.into(), line);
                        all.lines.push((at, before));
                    }
                }
            }
            if !any {
                return Err(format!("`{line}` has no name"));
            }
        }
        Ok(all)
    }

    fn begin(&mut self, phrase: &str) {
        self.longest = self.longest.max(phrase.split(' ').count());
        let first = phrase.split(' ').next().unwrap_or_default();
        if !self.firsts.contains(first) {
            self.firsts.insert(first.into());
        }
    }

    /// What is known of the actor with that name (as written; with an article, a plural's or genitive's ending or without) on a day
    /// (`YYYY-MM-DD`): the last line of the files that holds then; without a day, the last that is not dated.
    ///
    /// Accents, case and periods do not count, but one letter must be a capital; names of up to three capitals are known only so.
    pub fn named(&self, name: &str, day: Option<&str>) -> Option<&NamedActor> {
        if !name.chars().any(char::is_uppercase) {
            return None;
        }
        let mut line = forms(name).find_map(|form| self.names.get(form.as_str())).copied();
        while let Some(at) = line {
            let (actor, before) = self.lines[at as usize];
            let actor = &self.named[actor as usize];
            if actor.holds(day) {
                return Some(actor);
            }
            line = before;
        }
        None
    }

    /// Whether a name of one word stands in the files in just these letters, capitals and all: "Sadr" is not SADR.
    pub fn is_spelled(&self, name: &str) -> bool {
        self.spelled.contains(name)
    }

    /// Whether a word, in any case, stands before others in a general phrase: "Federal" of "federal court". It is hardly a place's name.
    pub fn qualifies(&self, word: &str) -> bool {
        self.qualifying.contains(word_key(word).as_str())
    }

    /// What a general word or phrase tells, in any case, singular or plural.
    pub fn word(&self, words: &str) -> &[ActorWord] {
        self.word_and_number(words).0
    }

    /// As [`Actors::word`], and whether it was found as a plural.
    pub fn word_and_number(&self, words: &str) -> (&[ActorWord], bool) {
        let exact = word_key(words);
        if let Some(known) = self.words.get(exact.as_str()) {
            return (&self.told[*known as usize], false);
        }
        for singular in singulars(&exact) {
            if let Some(known) = self.words.get(singular.as_str()) {
                return (&self.told[*known as usize], true);
            }
        }
        (&[], false)
    }

    /// Whether a name or a word may begin with this one.
    pub fn begins(&self, word: &str) -> bool {
        let exact = key(word);
        let lower = exact.to_lowercase();
        self.firsts.contains(exact.as_str())
            || self.firsts.contains(lower.as_str())
            || singulars(&lower).any(|singular| self.firsts.contains(singular.as_str()))
            || forms(word).any(|form| self.firsts.contains(form.as_str()))
    }

    /// How many words the longest name or phrase has.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

/// What general words are looked up by.
fn word_key(words: &str) -> String {
    let mut words = key(words);
    lower(&mut words);
    words
}

/// What the singular of a phrase may be.
fn singulars(phrase: &str) -> impl Iterator<Item = String> {
    const ENDINGS: [(&str, &str); 6] =
        [("men", "man"), ("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("children", "child")];
    ENDINGS.into_iter().filter_map(|(plural, singular)| Some(format!("{}{singular}", phrase.strip_suffix(plural)?)))
}

fn closed<'a, T: Deserialize<'a>>(word: &'a str) -> Result<T, String> {
    T::deserialize(IntoDeserializer::<Error>::into_deserializer(word)).map_err(|e| e.to_string())
}

fn kind_of(word: &str) -> Result<Option<ActorKind>, String> {
    if word.is_empty() || word == "-" { Ok(None) } else { closed(word).map(Some) }
}

fn sectors_of(words: &str) -> Result<Vec<&'static str>, String> {
    let all = words.split(';').map(str::trim).filter(|w| !w.is_empty());
    all.map(|word| SECTORS.into_iter().find(|s| *s == word).ok_or_else(|| format!("`{word}` is no PLOVER sector")))
        .collect()
}

/// Whether a word has the form of a day, `YYYY-MM-DD`.
fn is_day(word: &str) -> bool {
    word.len() == 10
        && word.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use crate::Knowledge;

    use super::*;

    fn actors() -> &'static Actors {
        Knowledge::english().actors()
    }

    #[test]
    fn words_are_known_in_singular_and_plural() {
        for (word, class, sector) in [
            ("foreign minister", WordClass::Office, "GOV"),
            ("Foreign Ministers", WordClass::Office, "GOV"),
            ("militiamen", WordClass::People, "PRM"),
            ("policewomen", WordClass::Body, "COP"),
            ("embassies", WordClass::Body, "GOV"),
            ("churches", WordClass::People, "REL"),
            ("nurses", WordClass::People, "MED"),
            ("prime minister's office", WordClass::Body, "GOV"),
        ] {
            let word = actors().word(word).first().unwrap_or_else(|| panic!("{word}"));
            assert_eq!((word.class, word.sectors[0]), (class, sector));
        }
        assert!(actors().word("umbrella").is_empty());
    }

    #[test]
    fn names_are_known_as_papers_write_them() {
        let code = |name| {
            let actor = actors().named(name, None)?;
            actor.country.as_deref().or(actor.international)
        };
        for (name, expected) in [
            ("NATO", "IGO"),
            ("Nato's", "IGO"),
            ("the World Health Organization", "UNO"),
            ("WHO", "UNO"),
            ("Hizbollah", "LBN"),
            ("al-Shabab", "SOM"),
            ("Sinn Féin", "GBR"),
            ("Bundestag", "DEU"),
            ("FARC", "COL"),
            ("Farc", "COL"),
        ] {
            assert_eq!(code(name), Some(expected), "{name}");
        }
        for name in ["who", "nato", "Who", "Is", "taliban"] {
            assert_eq!(code(name), None, "{name}");
        }
    }

    #[test]
    fn dated_lines_hold_in_their_time() {
        let file = "The Guild\tDEU\tngo\tSOC\nThe Guild\tDEU\tgovernment\tGOV\t2001-02-03\t2002-01-01\tGazette 12\n";
        let actors = Actors::parse(&[], &[file], Knowledge::english().countries()).unwrap();
        let sector = |day| actors.named("Guild", day).unwrap().sectors[0];
        assert_eq!(
            [None, Some("2001-02-02"), Some("2001-02-03"), Some("2002-01-02")].map(sector),
            ["SOC", "SOC", "GOV", "SOC"]
        );
    }

    #[test]
    fn later_files_are_preferred() {
        let countries = Knowledge::english().countries();
        let named = ["Guild\tDEU\tngo\tSOC\nLeague\tFRA\tngo", "Guild\tFRA\tparty\tPTY"];
        let words = ["office\toffice\tGOV\tbailiff; reeve", "office\toffice\tJUD\tbailiff"];
        let actors = Actors::parse(&words, &named, countries).unwrap();
        assert_eq!(actors.named("Guild", None).unwrap().country.as_deref(), Some("FRA"));
        assert_eq!(actors.named("League", None).unwrap().sectors, [""; 0]);
        assert_eq!(actors.word("bailiffs").iter().map(|w| w.sectors[0]).collect::<Vec<_>>(), ["JUD"]);
        assert_eq!(actors.word("reeve")[0].sectors, ["GOV"]);
    }

    #[test]
    fn names_of_one_actor_are_shown_by_the_first() {
        let file = "Guild of Weavers = GOW = Weavers' Guild; League\tDEU\tngo\tSOC";
        let actors = Actors::parse(&[], &[file], Knowledge::english().countries()).unwrap();
        let shown = |name| actors.named(name, None).map(|actor| &*actor.name);
        assert_eq!(shown("GOW"), Some("Guild of Weavers"));
        assert_eq!(shown("Weavers' Guild"), Some("Guild of Weavers"));
        assert_eq!(shown("League"), Some("League"));
    }

    #[test]
    fn faults_are_told() {
        let countries = Knowledge::english().countries();
        for (file, fault) in [
            ("; ;\tDEU\tngo", "no name"),
            ("Guild=League\tDEU\tngo", "`Guild=League`"),
            ("Guild\tDEU", "2 fields"),
            ("Guild\tQQQ\tngo", "`QQQ`"),
            ("Guild\tDEU\tclub", "club"),
            ("Guild\tDEU\tngo\tXYZ", "`XYZ`"),
            ("Guild\tDEU\tngo\tSOC\tyesterday", "`yesterday`"),
        ] {
            let error = Actors::parse(&[], &[file], countries).unwrap_err();
            assert!(error.contains(fault), "{error}");
        }
        assert!(Actors::parse(&["job\toffice\tGOV\tbailiff"], &[], countries).unwrap_err().contains("job"));
    }
}
