//! Words around the names of places, and how candidates are weighed.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::{lines, place_key};

/// Towns with so many letters are found in the name of a host.
const SHORTEST_TOWN: usize = 5;
const LONGEST_TOWN: usize = 20;

/// What a word beside a place's name says of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceType {
    /// It is a first-order division.
    Division,
    /// It is a lower division.
    Subdivision,
    /// It is a city, town, village.
    Settlement,
}

/// In what way a word tells a first-order division.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DivisionWord {
    /// It is short for its name.
    Abbreviation,
    /// It is the adjective, or a word for its people.
    Demonym,
}

/// Words around the names of places, and the weights of candidates.
#[derive(Debug)]
pub struct PlaceWords {
    types: HashMap<String, PlaceType>,
    sites: HashSet<String>,
    directions: HashSet<String>,
    authorities: HashSet<String>,
    not_countries: HashSet<String>,
    before_towns: Vec<String>,
    not_towns: HashSet<String>,
    /// Divisions by their abbreviations as written, and by words for their people in lower case.
    divisions: HashMap<String, Vec<(DivisionWord, Division)>>,
    alone: BTreeMap<String, f32>,
    together: BTreeMap<String, f32>,
}

/// A first-order division by its country (ISO 3166-1 alpha-2) and its name in the gazetteer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The country's code.
    pub iso2: Box<str>,
    /// The key of its name (see [`place_key`]).
    pub key: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    types: HashMap<PlaceType, Vec<String>>,
    sites: Sites,
    directions: Words,
    authorities: Words,
    hosts: Hosts,
    alone: BTreeMap<String, f32>,
    together: BTreeMap<String, f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sites {
    last: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hosts {
    not_countries: Vec<String>,
    before_towns: Vec<String>,
    not_towns: Vec<String>,
}

impl PlaceWords {
    /// Reads `places.toml` and `division_words.tsv`.
    pub(crate) fn parse(places: &str, divisions: &str) -> Result<PlaceWords, String> {
        let file: File = toml::from_str(places).map_err(|e| e.to_string())?;
        let types = file.types.into_iter().flat_map(|(kind, words)| words.into_iter().map(move |word| (word, kind)));
        let mut known: HashMap<String, Vec<(DivisionWord, Division)>> = HashMap::new();
        for line in lines(divisions) {
            let mut fields = line.split('\t').map(str::trim);
            let (Some(iso2), Some(name)) = (fields.next(), fields.next()) else {
                return Err(format!("`{line}` is not a line of division_words.tsv"));
            };
            let division = Division { iso2: iso2.into(), key: place_key(name).into() };
            for kind in [DivisionWord::Abbreviation, DivisionWord::Demonym] {
                let words = fields.next().unwrap_or_default().split(';').map(str::trim).filter(|word| !word.is_empty());
                for word in words {
                    let word = if kind == DivisionWord::Demonym { word.to_lowercase() } else { word.to_string() };
                    known.entry(word).or_default().push((kind, division.clone()));
                }
            }
        }
        Ok(PlaceWords {
            types: types.collect(),
            sites: file.sites.last.into_iter().collect(),
            directions: file.directions.words.into_iter().collect(),
            authorities: file.authorities.words.into_iter().collect(),
            not_countries: file.hosts.not_countries.into_iter().collect(),
            before_towns: file.hosts.before_towns,
            not_towns: file.hosts.not_towns.into_iter().collect(),
            divisions: known,
            alone: file.alone,
            together: file.together,
        })
    }

    /// What a word (in lower case) beside a name says of the place.
    pub fn place_type(&self, word: &str) -> Option<PlaceType> {
        self.types.get(word).copied()
    }

    /// Whether a word (in lower case) ends the names of roads, buildings and the like.
    pub fn ends_site(&self, word: &str) -> bool {
        self.sites.contains(word)
    }

    /// Whether a word (in lower case) tells a part of a place.
    pub fn is_direction(&self, word: &str) -> bool {
        self.directions.contains(word)
    }

    /// Whether a word (in lower case) behind a place's name makes it the name of an authority of the place.
    pub fn is_authority(&self, word: &str) -> bool {
        self.authorities.contains(word)
    }

    /// The first-order divisions for which a word stands, as written; plurals of words for people are known.
    pub fn divisions(&self, word: &str) -> &[(DivisionWord, Division)] {
        let lower = word.to_lowercase();
        let forms = [word, &lower, lower.strip_suffix('s').unwrap_or_default()];
        let found =
            forms.into_iter().filter(|_| word.starts_with(char::is_uppercase)).find_map(|w| self.divisions.get(w));
        found.map_or(&[], Vec::as_slice)
    }

    /// The code (ISO 3166-1 alpha-2, or `UK`) of the country at the end of a host's name, in capitals.
    pub fn country_of_host(&self, host: &str) -> Option<String> {
        let end = host.trim_end_matches('.').rsplit('.').next()?.to_lowercase();
        (end.len() == 2 && !self.not_countries.contains(&end)).then(|| end.to_uppercase())
    }

    /// What a host's name may begin with if it is called after a town, the longest first, in lower case: `sanjosenews.example` may be called
    /// after "sanjosenews", "sanjose", "san jose", "sanjo" and others.
    pub fn beginnings_of_host(&self, host: &str) -> Vec<String> {
        let mut found = Vec::new();
        // The name of a site stands last, before what all sites of a country share.
        for label in host.trim_end_matches('.').rsplit('.').skip(1).filter(|label| label.is_ascii()) {
            let label: String = label.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
            let rest = self.before_towns.iter().find_map(|word| label.strip_prefix(word.as_str())).unwrap_or(&label);
            let ends = (SHORTEST_TOWN..=rest.len().min(LONGEST_TOWN)).rev().filter(|end| end + 1 != rest.len());
            for name in ends.map(|end| &rest[..end]).take_while(|name| !self.not_towns.contains(*name)) {
                found.push(name.to_string());
                found.extend((3..name.len() - 2).map(|cut| format!("{} {}", &name[..cut], &name[cut..])));
            }
        }
        found
    }

    /// The weight of a feature of a candidate when nothing is known of the other places, 0 if it has none.
    pub fn alone(&self) -> &BTreeMap<String, f32> {
        &self.alone
    }

    /// The weights of features when the other places are known.
    pub fn together(&self) -> &BTreeMap<String, f32> {
        &self.together
    }
}
