//! What an actor is: its country, its PLOVER sectors, its kind.
//!
//! From the words themselves first: title, office and affiliation ("Foreign Ministry official"), a people ("Turkish troops"), whose it
//! is ("Peru's parliament", "the army of Chad"), where it is from, a capital for a government, an apposition. What bodies and offices
//! are in general, and which go by names of their own, is known from files (`annalist_knowledge`). Then from the sentence around:
//! the words that stand with the mention, or the country the sentence, or the whole report, alone speaks of.

use std::ops::Range;

use annalist_knowledge::{Actors, Countries, Knowledge};
use annalist_record::{Actor, ActorKind, Confidence};

mod around;
mod description;
mod phrase;
mod words;

pub use around::settle;

/// A mention or description of an actor.
#[derive(Debug, Clone, Default)]
pub struct Description<'t> {
    /// The words that name or describe it.
    pub words: &'t str,
    /// What is read around them: a sentence, or whatever else is said of the actor.
    pub context: Option<&'t str>,
    /// Where in the context the words stand (bytes), if it is known; else they are looked for.
    pub within: Option<Range<usize>>,
    /// The day that the words were written (`YYYY-MM-DD`), for what was so in its time only.
    pub day: Option<&'t str>,
}

/// What an actor is.
#[derive(Debug, Clone, PartialEq)]
pub struct Coding {
    /// ISO 3166-1 alpha-3 code of its country (`XKX` for Kosovo).
    pub country: Option<String>,
    /// PLOVER's code in a country's place, if it is of no single country: one of [`annalist_knowledge::INTERNATIONAL`].
    pub international: Option<&'static str>,
    /// PLOVER sectors, the first one first.
    pub sectors: Vec<&'static str>,
    /// What kind it is.
    pub kind: Option<ActorKind>,
    /// How sure of country and sectors together; 0 when nothing is known.
    pub confidence: Confidence,
    /// What decided.
    pub evidence: Vec<Clue>,
}

impl Coding {
    /// The country, or what PLOVER puts in its place.
    pub fn place_code(&self) -> Option<&str> {
        self.country.as_deref().or(self.international)
    }
}

/// Tells of each actor what the report's own words for it say: its country, sectors and kind. Only its names and descriptions count,
/// not the sentences around them, which tell of others, too. Gives what each was coded as.
pub fn characterise(actors: &mut [Actor], coder: &Coder, day: Option<&str>) -> Vec<Coding> {
    let mut codings = Vec::with_capacity(actors.len());
    for actor in actors {
        let coding = coder.code_actor(actor, day);
        actor.country = coding.country.clone();
        actor.sectors = coding.sectors.iter().map(|s| s.to_string()).collect();
        actor.kind = actor.kind.or(coding.kind);
        codings.push(coding);
    }
    codings
}

/// A word that told something of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clue {
    /// What it told: `country`, `sectors` or both.
    pub tells: Told,
    /// The words.
    pub words: String,
    /// By what they are known.
    pub basis: Basis,
    /// Whether they stand outside the description.
    pub in_context: bool,
}

/// What a clue tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The country.
    Country,
    /// The sectors and the kind.
    Sectors,
}

/// By what words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// They are a country's name.
    CountryName,
    /// They are a country's adjective or people.
    Demonym,
    /// They are a capital.
    Capital,
    /// They are an actor's own name.
    ActorName,
    /// They are a general word for actors.
    ActorWord,
    /// They are a place of the gazetteer.
    Place,
}

impl Basis {
    /// The knowledge file in which such words stand.
    pub fn file(self) -> &'static str {
        match self {
            Basis::CountryName => "countries.tsv: name",
            Basis::Demonym => "countries.tsv: demonym",
            Basis::Capital => "countries.tsv: capital",
            Basis::ActorName => "actors.tsv",
            Basis::ActorWord => "actor_words.tsv",
            Basis::Place => "gazetteer.bin",
        }
    }
}

/// Tells in which country a place lies, by its name: an ISO 3166-1 alpha-3 code.
pub type PlaceCountry<'k> = dyn Fn(&str) -> Option<String> + Sync + 'k;

/// Codes actors.
#[derive(Clone, Copy)]
pub struct Coder<'k> {
    countries: &'k Countries,
    actors: &'k Actors,
    places: Option<&'k PlaceCountry<'k>>,
}

impl<'k> Coder<'k> {
    /// A coder that works with this knowledge.
    pub fn new(knowledge: &'k Knowledge) -> Coder<'k> {
        Coder { countries: knowledge.countries(), actors: knowledge.actors(), places: None }
    }

    /// The coder, asking `places` about names that are no country's or actor's.
    pub fn with_places(self, places: &'k PlaceCountry<'k>) -> Coder<'k> {
        Coder { places: Some(places), ..self }
    }

    /// What the described actor is. What cannot be told is left open.
    pub fn code(&self, description: &Description) -> Coding {
        self.code_with(description, true)
    }

    /// As [`Coder::code`]; `guess` is whether a country that is only spoken of around the words may be theirs.
    fn code_with(&self, description: &Description, guess: bool) -> Coding {
        let items = self.items(description.words, description.day);
        let mut reading = self.read(&items);
        if let Some(context) = description.context.filter(|c| !c.trim().is_empty())
            && (reading.origin.is_none() || reading.sectors.is_none())
        {
            self.read_around(&mut reading, description, context, guess);
        }
        reading.coding()
    }

    /// What a report's own words for an actor say that it is: its name first, then its descriptions.
    pub fn code_actor(&self, actor: &Actor, day: Option<&str>) -> Coding {
        let name = actor.name.trim();
        let all = std::iter::once(name).chain(actor.described_as.iter().map(String::as_str));
        let context = all.collect::<Vec<_>>().join(", ");
        // A description speaks of other countries, too: "broker of the Paris agreement".
        self.code_with(&Description { words: name, context: Some(&context), within: Some(0..name.len()), day }, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn coded(words: &str, context: Option<&str>) -> Coding {
        Coder::new(Knowledge::english()).code(&Description { words, context, ..Description::default() })
    }

    pub(super) fn check(cases: &[(&str, &str, &str)]) {
        for &(words, place, sectors) in cases {
            let coding = coded(words, None);
            let got = (coding.place_code().unwrap_or_default(), coding.sectors.join(" "));
            assert_eq!(got, (place, sectors.to_string()), "{words}: {:?}", coding.evidence);
        }
    }

    #[test]
    fn the_words_themselves_tell() {
        check(&[
            ("Peruvian troops", "PER", "MIL"),
            ("Ghana's parliament", "GHA", "LEG"),
            ("the army of Chad", "TCD", "MIL"),
            ("Norwegian Foreign Minister Kari Holm", "NOR", "GOV"),
            ("Lisbon", "PRT", "GOV"),
            ("Portugal", "PRT", ""),
            ("a Nairobi court", "KEN", "JUD"),
            ("protesters in Santiago", "CHL", "CVL OPP"),
            ("the ambassador of Fiji to the United Nations", "FJI", "GOV"),
            ("Danish nurses' union", "DNK", "LAB"),
            ("more than 60 Bolivian miners", "BOL", "LAB"),
        ]);
    }
}
