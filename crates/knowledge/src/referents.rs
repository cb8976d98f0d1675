//! What nouns and first names refer to: persons, groups, places; women, men.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

/// What a noun's uses mostly refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum NounClass {
    Person,
    Group,
    Place,
    Animal,
    Time,
    Thing,
    Event,
    Abstract,
}

/// Grammatical gender of English pronouns: which of "she" and "he" stands for someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Gender {
    Female,
    Male,
}

/// Words by class; those of a class are in order, so that looking one up needs no table.
#[derive(Debug)]
struct Classes {
    text: String,
    /// A class's name, and where its words stand in the text.
    classes: Vec<(String, Vec<(u32, u32)>)>,
}

impl Classes {
    fn parse(file: String) -> Result<Classes, String> {
        let mut classes: Vec<(String, Vec<(u32, u32)>)> = Vec::new();
        let mut at = 0;
        for line in file.split_inclusive('\n') {
            let begin = at;
            at += line.len();
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                classes.push((name.to_string(), Vec::new()));
                continue;
            }
            let (_, words) = classes.last_mut().ok_or("a word stands before the first `[class]`")?;
            let mut place = begin;
            for word in line.split(' ') {
                if !word.is_empty() {
                    let offset = |n: usize| u32::try_from(n).map_err(|_| "the file is too large".to_string());
                    words.push((offset(place)?, offset(place + word.len())?));
                }
                place += word.len() + 1;
            }
        }
        let word = |&(start, end): &(u32, u32)| &file.as_bytes()[start as usize..end as usize];
        for (_, words) in &mut classes {
            if !words.is_sorted_by_key(word) {
                words.sort_by_key(word);
            }
        }
        Ok(Classes { text: file, classes })
    }

    fn of(&self, word: &str) -> Option<&str> {
        let text = self.text.as_bytes();
        let has = |words: &[(u32, u32)]| {
            words.binary_search_by(|&(start, end)| text[start as usize..end as usize].cmp(word.as_bytes())).is_ok()
        };
        self.classes.iter().find(|(_, words)| has(words)).map(|(name, _)| name.as_str())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    female: HashSet<String>,
    male: HashSet<String>,
    person: HashSet<String>,
    group: HashSet<String>,
    place: HashSet<String>,
    plural: HashSet<String>,
    pronouns: HashMap<String, String>,
    organs: HashSet<String>,
    namesakes: HashSet<String>,
    hollow: HashSet<String>,
    fellow: HashSet<String>,
    #[serde(default)]
    countries: HashSet<String>,
    #[serde(default)]
    lesser: HashSet<String>,
    #[serde(default)]
    any_body: HashSet<String>,
    #[serde(default)]
    no_one: HashSet<String>,
    #[serde(default)]
    parts: HashSet<String>,
    #[serde(default)]
    anyone: HashSet<String>,
    #[serde(default)]
    titles: HashMap<String, String>,
}

/// What is known of referents.
#[derive(Debug)]
pub struct Referents {
    lists: Lists,
    nouns: Classes,
    names: Classes,
}

impl Referents {
    /// The given `referents.toml`, `nouns.txt` and `first_names.txt`, and the built-in ones for those not given; the name of the
    /// file that is malformed, and why.
    pub(crate) fn with(files: [Option<String>; 3]) -> Result<Referents, (&'static str, String)> {
        let [lists, nouns, names] = files;
        let lists = lists.as_deref().unwrap_or(include_str!("../data/en/referents.toml"));
        let nouns = nouns.unwrap_or_else(|| include_str!("../data/en/nouns.txt").to_string());
        let names = names.unwrap_or_else(|| include_str!("../data/en/first_names.txt").to_string());
        Ok(Referents {
            lists: toml::from_str(lists).map_err(|e| ("referents.toml", e.to_string()))?,
            nouns: Classes::parse(nouns).map_err(|e| ("nouns.txt", e))?,
            names: Classes::parse(names).map_err(|e| ("first_names.txt", e))?,
        })
    }

    /// What a noun, given by its lemma in lower case, mostly refers to.
    pub fn noun(&self, lemma: &str) -> Option<NounClass> {
        let lists = &self.lists;
        if lists.female.contains(lemma) || lists.male.contains(lemma) || lists.person.contains(lemma) {
            return Some(NounClass::Person);
        }
        if lists.group.contains(lemma) {
            return Some(NounClass::Group);
        }
        if lists.place.contains(lemma) {
            return Some(NounClass::Place);
        }
        Some(match self.nouns.of(lemma)? {
            "person" => NounClass::Person,
            "group" => NounClass::Group,
            "place" => NounClass::Place,
            "animal" => NounClass::Animal,
            "time" => NounClass::Time,
            "thing" => NounClass::Thing,
            "event" => NounClass::Event,
            _ => NounClass::Abstract,
        })
    }

    /// The gender of whom a noun, title or pronoun (in lower case) is used, if of one only.
    pub fn gender(&self, word: &str) -> Option<Gender> {
        match (self.lists.female.contains(word), self.lists.male.contains(word)) {
            (true, false) => Some(Gender::Female),
            (false, true) => Some(Gender::Male),
            _ => None,
        }
    }

    /// The gender of those who mostly bear a first name, in lower case.
    pub fn first_name(&self, name: &str) -> Option<Gender> {
        match self.names.of(name)? {
            "female" => Some(Gender::Female),
            "male" => Some(Gender::Male),
            _ => None,
        }
    }

    /// Whether a noun (lower case) is said of whole countries only: "the country" is no capital.
    pub fn is_country(&self, word: &str) -> bool {
        self.lists.countries.contains(word)
    }

    /// Whether a word (lower case) is plural, or meant of many, though its form does not tell.
    pub fn is_plural(&self, word: &str) -> bool {
        self.lists.plural.contains(word)
    }

    /// The citation form of a personal, possessive, reflexive or demonstrative pronoun (lower case): "he" of "his".
    pub fn pronoun(&self, word: &str) -> Option<&str> {
        self.lists.pronouns.get(word).map(String::as_str)
    }

    /// Whether a noun (lemma, lower case) is what states and bodies act through: "ministry", "embassy".
    pub fn is_organ(&self, lemma: &str) -> bool {
        self.lists.organs.contains(lemma)
    }

    /// Whether the last word of a person's name (lower case) tells a child from a parent of the same name: "Jr.".
    pub fn tells_namesakes_apart(&self, word: &str) -> bool {
        self.lists.namesakes.contains(word)
    }

    /// Whether a word (lower case) before a noun calls those whom it names the speaker's own: "fellow".
    pub fn is_fellow(&self, word: &str) -> bool {
        self.lists.fellow.contains(word)
    }

    /// Whether a word (lower case) before an office makes it another: "vice", "former".
    pub fn is_lesser(&self, word: &str) -> bool {
        self.lists.lesser.contains(word)
    }

    /// Whether any body may be called by a noun (lemma, lower case), whatever kind it is: "group".
    pub fn is_any_body(&self, lemma: &str) -> bool {
        self.lists.any_body.contains(lemma)
    }

    /// Whether a noun (lemma, lower case) tells only what part somebody has in a family or a case: "child", "defendant".
    pub fn is_part(&self, lemma: &str) -> bool {
        self.lists.parts.contains(lemma)
    }

    /// Whether a word (lower case) is for nobody: "neither".
    pub fn is_no_one(&self, word: &str) -> bool {
        self.lists.no_one.contains(word)
    }

    /// Whether a word (lower case) is for everybody, anybody or somebody, and tells nothing of whom.
    pub fn is_anyone(&self, word: &str) -> bool {
        self.lists.anyone.contains(word)
    }

    /// The noun that a title (lower case) is short for, or means: "senator" of "sen.".
    pub fn title(&self, word: &str) -> Option<&str> {
        self.lists.titles.get(word).map(String::as_str)
    }

    /// Whether a noun (lemma, lower case) names no one in particular even with "the": "the other", "the rest".
    pub fn is_hollow(&self, lemma: &str) -> bool {
        self.lists.hollow.contains(lemma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn nouns_have_classes() {
        let referents = Knowledge::english().referents();
        assert_eq!(referents.noun("ministry"), Some(NounClass::Group));
        assert_eq!(referents.noun("insurgent"), Some(NounClass::Person));
        assert_eq!(referents.noun("queen"), Some(NounClass::Person));
        assert_eq!(referents.noun("frobnication"), None);
    }

    #[test]
    fn words_and_names_tell_gender() {
        let referents = Knowledge::english().referents();
        assert_eq!(referents.gender("mrs."), Some(Gender::Female));
        assert_eq!(referents.gender("king"), Some(Gender::Male));
        assert_eq!(referents.gender("minister"), None);
        assert_eq!(referents.first_name("susan"), Some(Gender::Female));
        assert_eq!(referents.first_name("sergei"), Some(Gender::Male));
    }

    #[test]
    fn pronouns_have_citation_forms() {
        let referents = Knowledge::english().referents();
        assert_eq!(referents.pronoun("himself"), Some("he"));
        assert_eq!(referents.pronoun("its"), Some("it"));
        assert_eq!(referents.pronoun("table"), None);
    }

    #[test]
    fn files_without_a_class_are_refused() {
        assert!(Classes::parse("word\n".to_string()).is_err());
        let classes = Classes::parse("# b\n[x]\nb a\n[y]\nc\n".to_string()).unwrap();
        assert_eq!(
            (classes.of("a"), classes.of("b"), classes.of("c"), classes.of("d")),
            (Some("x"), Some("x"), Some("y"), None)
        );
    }
}
