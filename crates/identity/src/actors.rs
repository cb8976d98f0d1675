//! When two actors are one.

use std::collections::BTreeSet;

use annalist_knowledge::{CountryWord, Knowledge};
use annalist_record::ActorKind;

use crate::{content_words, words};

/// A name as names are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Equal for names that are written alike: without case, accents, articles; of bodies also without the order of words, and with
    /// a country's code for its name and the words made of it.
    pub key: String,
    /// The last word of a person's name.
    pub last: Option<String>,
    /// How many words count.
    pub words: usize,
}

impl Name {
    /// The name of an actor of a kind; `None` if it has no words that count.
    pub fn new(name: &str, kind: Option<ActorKind>, knowledge: &Knowledge) -> Option<Name> {
        let known = knowledge.sameness();
        if kind == Some(ActorKind::Person) {
            let words: Vec<String> = words(name).filter(|word| word != "s").collect();
            let last = words.last()?.clone();
            return Some(Name { key: words.join(" "), last: Some(last), words: words.len() });
        }
        let countries = knowledge.countries();
        if kind == Some(ActorKind::Government)
            && let Some(country) = countries.of_capital(name)
        {
            return Some(Name { key: country.iso3.to_string(), last: None, words: 1 });
        }
        // Of several names of one body the first in the file.
        let name = knowledge.actors().named(name, None).map_or(name, |known| &known.name);
        let parts: Vec<&str> = name.split_whitespace().collect();
        let (mut key, mut at, mut of_country) = (BTreeSet::new(), 0, false);
        while at < parts.len() {
            let longest = countries.longest().min(parts.len() - at);
            let country = (1..=longest).rev().find_map(|n| {
                let stretch = parts[at..at + n].join(" ");
                let told = |(kind, _): &(CountryWord, _)| *kind != CountryWord::Capital;
                countries.lookup(&stretch).find(told).map(|(_, country)| (n, country.iso3.to_string()))
            });
            match country {
                Some((n, code)) => {
                    key.insert(code);
                    of_country = true;
                    at += n;
                }
                None => {
                    key.extend(words(parts[at]).filter(|word| !known.is_function_word(word)));
                    at += 1;
                }
            }
        }
        if of_country && key.len() > 1 {
            let rest: BTreeSet<String> = key.iter().filter(|word| !known.is_government_word(word)).cloned().collect();
            key = rest;
        }
        let words = key.len();
        (words > 0).then(|| Name { key: key.into_iter().collect::<Vec<_>>().join(" "), last: None, words })
    }
}

/// What is known of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// What it is.
    pub kind: Option<ActorKind>,
    /// ISO 3166-1 alpha-3 code of its country.
    pub country: Option<String>,
    /// PLOVER sectors.
    pub sectors: BTreeSet<String>,
    /// The content words of its descriptions: see [`content_words`].
    pub described: BTreeSet<String>,
}

impl Profile {
    /// What a report says of an actor.
    pub fn of(actor: &annalist_record::Actor, knowledge: &Knowledge) -> Profile {
        Profile {
            kind: actor.kind,
            country: actor.country.clone(),
            sectors: actor.sectors.iter().cloned().collect(),
            described: actor.described_as.iter().flat_map(|words| content_words(words, knowledge)).collect(),
        }
    }

    /// Adds what is known from another report of the same actor.
    pub fn learn(&mut self, other: &Profile) {
        self.kind = self.kind.or(other.kind);
        self.country = self.country.take().or_else(|| other.country.clone());
        self.sectors.extend(other.sectors.iter().cloned());
        self.described.extend(other.described.iter().cloned());
    }
}

/// Whether two actors of different reports whose names have equal keys ([`Name::key`]), or, with `surname`, of which one is named
/// by the other's last name alone, are one: `Some` if it can be told.
///
/// They are two if their countries differ, or one is a person and the other is not, or both are persons in different sectors that
/// no description joins. A surname alone says who is meant only together with something else: the same country, or a description.
pub fn same_actor(a: &Profile, b: &Profile, surname: bool) -> Option<bool> {
    let person = |p: &Profile| p.kind.map(|kind| kind == ActorKind::Person);
    if person(a).zip(person(b)).is_some_and(|(a, b)| a != b) {
        return Some(false);
    }
    let countries = a.country.as_ref().zip(b.country.as_ref()).map(|(a, b)| a == b);
    if countries == Some(false) {
        return Some(false);
    }
    let described = !a.described.is_disjoint(&b.described);
    if surname {
        return (described || countries == Some(true)).then_some(true);
    }
    let elsewhere = !a.sectors.is_empty() && !b.sectors.is_empty() && a.sectors.is_disjoint(&b.sectors);
    match person(a) == Some(true) && elsewhere && !described {
        true => Some(countries == Some(true)).filter(|same| !same),
        false => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, kind: ActorKind) -> String {
        Name::new(name, Some(kind), Knowledge::english()).unwrap().key
    }

    #[test]
    fn names_of_bodies_are_compared_without_order_and_by_country() {
        let ministry = key("Norwegian Foreign Ministry", ActorKind::Government);
        assert_eq!(ministry, key("the Foreign Ministry of Norway", ActorKind::Government));
        assert_eq!(ministry, key("Norway's Foreign Ministry", ActorKind::Government));
        assert_ne!(ministry, key("Swedish Foreign Ministry", ActorKind::Government));
        for name in ["Norway", "the Norwegian government", "Oslo", "Government of Norway"] {
            assert_eq!(key(name, ActorKind::Government), "NOR", "{name}");
        }
        assert!(Name::new("“”", None, Knowledge::english()).is_none());
    }

    #[test]
    fn names_of_one_body_have_one_key() {
        let own = key("Islamic State", ActorKind::ArmedGroup);
        for name in ["ISIS", "Isis", "the Islamic State", "Daesh"] {
            assert_eq!(key(name, ActorKind::ArmedGroup), own, "{name}");
        }
        assert_ne!(key("Islamic State Khorasan", ActorKind::ArmedGroup), own);
    }

    #[test]
    fn what_differs_is_kept_apart() {
        let profile = |country: Option<&str>, sector: &str, described: &str| Profile {
            kind: Some(ActorKind::Person),
            country: country.map(str::to_string),
            sectors: [sector].into_iter().filter(|s| !s.is_empty()).map(str::to_string).collect(),
            described: content_words(described, Knowledge::english()),
        };
        let minister = profile(Some("NOR"), "GOV", "transport minister");
        assert_eq!(same_actor(&minister, &profile(None, "", ""), false), Some(true));
        assert_eq!(same_actor(&minister, &profile(Some("SWE"), "", ""), false), Some(false));
        assert_eq!(same_actor(&minister, &profile(None, "REB", "commander"), false), Some(false));
        assert_eq!(same_actor(&minister, &profile(Some("NOR"), "CVL", "singer"), false), None);
        assert_eq!(same_actor(&minister, &profile(None, "", ""), true), None);
        assert_eq!(same_actor(&minister, &profile(None, "", "the transport minister"), true), Some(true));
        assert_eq!(same_actor(&minister, &profile(Some("NOR"), "", ""), true), Some(true));
    }
}
