//! States and territories by their names, the words for their people, and their capitals.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::lines;

/// A state or territory, now or once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3; `XKX` (user-assigned) for Kosovo; ISO 3166-3's former code for a state that is no more.
    pub iso3: Box<str>,
    /// ISO 3166-1 alpha-2; `XK` (user-assigned) for Kosovo; none for a state that is no more.
    pub iso2: Option<Box<str>>,
    /// What it is.
    pub status: CountryStatus,
    /// Its common English name.
    pub name: Box<str>,
    /// Its official English name.
    pub official: Box<str>,
    /// All its names: the common and the official one, short forms, names in its own languages written in Latin letters.
    pub names: Vec<Box<str>>,
    /// Adjectives and words for its people, in the singular.
    pub demonyms: Vec<Box<str>>,
    /// Its capitals and seats of government.
    pub capitals: Vec<Box<str>>,
    /// Its part of the world: `Africa`, `Americas`, `Antarctica`, `Asia`, `Europe` or `Oceania`; empty for a state that is no more.
    pub region: Box<str>,
}

/// What a country is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountryStatus {
    /// It acts as a state, whatever its recognition.
    State,
    /// It is part of, or depends on, a state.
    Territory,
    /// It was a state.
    Former,
}

/// In what way a word tells a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountryWord {
    /// It is a name of the country.
    Name,
    /// It is the adjective, or a word for its people.
    Demonym,
    /// It is a capital or seat of government.
    Capital,
}

/// The states and territories of the world.
#[derive(Debug, Default)]
pub struct Countries {
    all: Vec<Country>,
    codes: HashMap<Box<str>, u16>,
    words: HashMap<Box<str>, Vec<(CountryWord, u16)>>,
    /// First words of the keys.
    firsts: HashSet<Box<str>>,
    longest: usize,
}

impl Countries {
    /// Reads `countries.tsv` and the files of further words, of which the last is the most preferred.
    pub(crate) fn parse(countries: &str, words: &[&str]) -> Result<Countries, String> {
        let mut all = Countries::default();
        for line in lines(countries) {
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [iso3, iso2, status, name, official, others, demonyms, capitals, region] = fields[..] else {
                return Err(format!("`{line}` has {} fields, not 9", fields.len()));
            };
            let status = match status {
                "state" => CountryStatus::State,
                "territory" => CountryStatus::Territory,
                other => return Err(format!("`{other}` is neither state nor territory")),
            };
            if !code(iso3, 3) || !code(iso2, 2) {
                return Err(format!("`{iso3}` and `{iso2}` are not a three- and a two-letter code"));
            }
            let list = |words: &str| -> Vec<Box<str>> { split(words).map(Box::from).collect() };
            let mut names = vec![Box::from(name)];
            names.extend((official != name).then(|| Box::from(official)));
            names.extend(list(others));
            all.add(Country {
                iso3: iso3.into(),
                iso2: Some(iso2.into()),
                status,
                name: name.into(),
                official: official.into(),
                names,
                demonyms: list(demonyms),
                capitals: list(capitals),
                region: region.into(),
            })?;
        }
        for file in words.iter().rev() {
            all.more(file)?;
        }
        // What the further words prefer comes first, then the countries in their order.
        for at in 0..all.all.len() {
            let country = all.all[at].clone();
            for (kind, words) in [
                (CountryWord::Name, &country.names),
                (CountryWord::Demonym, &country.demonyms),
                (CountryWord::Capital, &country.capitals),
            ] {
                words.iter().for_each(|word| all.word(word, kind, at as u16));
            }
        }
        Ok(all)
    }

    fn add(&mut self, country: Country) -> Result<u16, String> {
        let at = u16::try_from(self.all.len()).map_err(|_| "too many countries")?;
        if self.codes.insert(country.iso3.clone(), at).is_some() {
            return Err(format!("`{}` stands twice", country.iso3));
        }
        if let Some(iso2) = &country.iso2 {
            self.codes.insert(iso2.clone(), at);
        }
        self.all.push(country);
        Ok(at)
    }

    fn more(&mut self, file: &str) -> Result<(), String> {
        for line in lines(file) {
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [iso3, kind, words] = fields[..] else {
                return Err(format!("`{line}` has {} fields, not 3", fields.len()));
            };
            if kind == "former" && !self.codes.contains_key(iso3) {
                let name = split(words).next().ok_or_else(|| format!("`{line}` has no name"))?;
                self.add(Country {
                    iso3: iso3.into(),
                    iso2: None,
                    status: CountryStatus::Former,
                    name: name.into(),
                    official: name.into(),
                    names: Vec::new(),
                    demonyms: Vec::new(),
                    capitals: Vec::new(),
                    region: "".into(),
                })?;
            }
            if kind == "code" {
                let at = *self.codes.get(iso3).ok_or_else(|| format!("there is no country `{iso3}`"))?;
                split(words).for_each(|other| _ = self.codes.entry(other.into()).or_insert(at));
                continue;
            }
            let at = *self.codes.get(iso3).ok_or_else(|| format!("there is no country `{iso3}`"))?;
            let country = &mut self.all[usize::from(at)];
            let (list, kind) = match kind {
                "name" | "former" => (&mut country.names, CountryWord::Name),
                "demonym" => (&mut country.demonyms, CountryWord::Demonym),
                "capital" => (&mut country.capitals, CountryWord::Capital),
                other => return Err(format!("`{other}` is not name, demonym, capital, code or former")),
            };
            for word in split(words) {
                if !list.iter().any(|known| **known == *word) {
                    list.push(word.into());
                }
            }
            split(words).for_each(|word| self.word(word, kind, at));
        }
        Ok(())
    }

    fn word(&mut self, word: &str, kind: CountryWord, at: u16) {
        let key = key(word);
        self.longest = self.longest.max(key.split(' ').count());
        let first = key.split(' ').next().unwrap_or_default();
        if !self.firsts.contains(first) {
            self.firsts.insert(first.into());
        }
        let known = self.words.entry(key.into()).or_default();
        if !known.contains(&(kind, at)) {
            known.push((kind, at));
        }
    }

    /// All of them: states, then territories, each in the order of their codes, then states that are no more.
    pub fn all(&self) -> &[Country] {
        &self.all
    }

    /// The country with an ISO 3166-1 alpha-3 or alpha-2 code, ISO 3166-3 code, or code of another scheme, in capitals.
    pub fn get(&self, code: &str) -> Option<&Country> {
        Some(&self.all[usize::from(*self.codes.get(code)?)])
    }

    /// The countries that `words` (as written; without an article or a plural's or a genitive's ending, or with them) tell, and in
    /// what way; the preferred ones first: those that further words prefer, then states, then territories.
    ///
    /// Accents, case and periods do not count, but one letter must be a capital; short forms in capitals are known only so.
    pub fn lookup(&self, words: &str) -> impl Iterator<Item = (CountryWord, &Country)> {
        let mut found: &[(CountryWord, u16)] = &[];
        if words.chars().any(char::is_uppercase) {
            for form in forms(words) {
                if let Some(entry) = self.words.get(form.as_str()) {
                    found = entry;
                    break;
                }
            }
        }
        found.iter().map(|&(kind, at)| (kind, &self.all[usize::from(at)]))
    }

    /// The preferred country of that name.
    pub fn named(&self, name: &str) -> Option<&Country> {
        self.lookup(name).find(|(kind, _)| *kind == CountryWord::Name).map(|(_, country)| country)
    }

    /// The preferred country whose people or things are called so.
    pub fn of_demonym(&self, word: &str) -> Option<&Country> {
        self.lookup(word).find(|(kind, _)| *kind == CountryWord::Demonym).map(|(_, country)| country)
    }

    /// The preferred country with that capital or seat of government.
    pub fn of_capital(&self, name: &str) -> Option<&Country> {
        self.lookup(name).find(|(kind, _)| *kind == CountryWord::Capital).map(|(_, country)| country)
    }

    /// Whether a name, demonym or capital may begin with this word.
    pub fn begins(&self, word: &str) -> bool {
        word.chars().any(char::is_uppercase) && forms(word).any(|form| self.firsts.contains(form.as_str()))
    }

    /// How many words the longest name, demonym or capital has.
    pub fn longest(&self) -> usize {
        self.longest
    }
}

fn code(word: &str, letters: usize) -> bool {
    word.len() == letters && word.bytes().all(|b| b.is_ascii_uppercase())
}

fn split(words: &str) -> impl Iterator<Item = &str> {
    words.split(';').map(str::trim).filter(|word| !word.is_empty())
}

/// What words are looked up by: without accents, periods and an article; in lower case, but for short forms in capitals; typographic
/// apostrophes made plain, and hyphens spaces.
pub(crate) fn key(words: &str) -> String {
    if words.is_ascii() {
        key_of(words.chars(), words.len())
    } else {
        key_of(words.nfd().filter(|&c| !is_combining_mark(c)), words.len())
    }
}

fn key_of(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut plain = String::with_capacity(length);
    let mut gap = false;
    for c in letters {
        match c {
            '.' | ',' => {}
            '’' | '‘' | 'ʻ' | 'ʼ' | '`' => plain.push('\''),
            '-' | '–' | '‑' => gap = true,
            c if c.is_whitespace() => gap = true,
            c => {
                if gap && !plain.is_empty() {
                    plain.push(' ');
                }
                gap = false;
                plain.push(c);
            }
        }
    }
    if plain.as_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"the ")) {
        plain.drain(..4);
    }
    if plain.len() <= 5 && plain.bytes().all(|b| b.is_ascii_uppercase()) {
        return plain;
    }
    lower(&mut plain);
    // A saint's name may be written out or not.
    if plain.starts_with("st ") {
        plain.replace_range(..2, "saint");
    }
    plain
}

/// Makes words small, in place where they are ASCII.
pub(crate) fn lower(words: &mut String) {
    if words.is_ascii() { words.make_ascii_lowercase() } else { *words = words.to_lowercase() }
}

/// The keys under which words as they stand in a text may be known, in the order in which they are tried: as they are, without a
/// genitive's ending, in the singular, and as a headline's capitals may hide them.
pub(crate) fn forms(words: &str) -> impl Iterator<Item = String> {
    let words = words.trim();
    let bare = ["'s", "’s", "'", "’"].iter().find_map(|ending| words.strip_suffix(ending)).unwrap_or(words);
    let base = key(bare);
    let singular = match base.chars().any(char::is_lowercase) {
        true => base.strip_suffix('s').filter(|stem| stem.len() > 2).map(str::to_string),
        false => None,
    };
    let small = (!base.chars().any(char::is_lowercase)).then(|| base.to_lowercase());
    let whole = (bare != words).then(|| key(words));
    [base].into_iter().chain(whole).chain(singular).chain(small)
}

#[cfg(test)]
mod tests {
    use crate::Knowledge;

    use super::*;

    fn countries() -> &'static Countries {
        Knowledge::english().countries()
    }

    fn iso3(country: Option<&Country>) -> &str {
        country.map_or("none", |c| &c.iso3)
    }

    #[test]
    fn names_are_known_in_many_forms() {
        for (name, code) in [
            ("Iran", "IRN"),
            ("Islamic Republic of Iran", "IRN"),
            ("the United Arab Emirates", "ARE"),
            ("UAE", "ARE"),
            ("U.S.", "USA"),
            ("US", "USA"),
            ("the U.S.'s", "USA"),
            ("America", "USA"),
            ("Britain’s", "GBR"),
            ("Turkey", "TUR"),
            ("TÜRKIYE", "TUR"),
            ("MALI", "MLI"),
            ("Republic of China", "TWN"),
            ("People's Republic of China", "CHN"),
            ("Côte d’Ivoire", "CIV"),
            ("Cote d'Ivoire", "CIV"),
            ("St. Kitts and Nevis", "KNA"),
            ("Saint Lucia", "LCA"),
            ("St Lucia", "LCA"),
            ("Congo", "COD"),
            ("Republic of the Congo", "COG"),
            ("Republic of Korea", "KOR"),
            ("Georgia", "GEO"),
            ("Soviet Union", "SUN"),
        ] {
            assert_eq!(iso3(countries().named(name)), code, "{name}");
        }
    }

    #[test]
    fn words_without_a_capital_are_no_names() {
        for word in ["us", "turkey", "chad", "jersey", "the states"] {
            assert!(countries().lookup(word).next().is_none(), "{word}");
        }
    }

    #[test]
    fn demonyms_and_capitals_tell_countries() {
        let of = |word| iso3(countries().of_demonym(word));
        assert_eq!(
            ["Russian", "Russians", "Turks", "Frenchmen", "Swiss", "Dominican", "Congolese", "Kosovan", "Soviet"]
                .map(of),
            ["RUS", "RUS", "TUR", "FRA", "CHE", "DOM", "COD", "XKX", "SUN"]
        );
        let of = |word| iso3(countries().of_capital(word));
        assert_eq!(
            ["Moscow", "Kiev", "Kyiv", "Washington", "N'Djamena", "Sana’a", "Bogota"].map(of),
            ["RUS", "UKR", "UKR", "USA", "TCD", "YEM", "COL"]
        );
        assert_eq!(countries().named("Moscow"), None);
    }

    #[test]
    fn every_country_has_a_name_and_codes_of_its_own() {
        let all = countries().all();
        assert!(all.iter().filter(|c| c.status == CountryStatus::State).count() > 190);
        for country in all {
            assert_eq!(countries().get(&country.iso3), Some(country));
            assert_eq!(country.iso2.is_none(), country.status == CountryStatus::Former, "{}", country.iso3);
            assert!(!country.names.is_empty(), "{}", country.iso3);
        }
        let nameless: Vec<&str> =
            all.iter().filter(|c| countries().lookup(&c.name).next().is_none()).map(|c| &*c.iso3).collect();
        assert!(nameless.is_empty(), "{nameless:?}");
    }

    #[test]
    fn faults_are_told() {
        assert!(Countries::parse("AAA\tAA\tstate\tA", &[]).unwrap_err().contains("4 fields"));
        let land = "AAA\tAA\tstate\tAland\tAland\t\tAlandic\tAton\tAsia";
        assert!(Countries::parse(&format!("{land}\n{land}"), &[]).unwrap_err().contains("twice"));
        assert!(Countries::parse(land, &["BBB\tname\tBland"]).unwrap_err().contains("`BBB`"));
        assert!(Countries::parse(land, &["AAA\tnickname\tBland"]).unwrap_err().contains("nickname"));
        assert_eq!(iso3(Countries::parse(land, &["AAA\tname\tBland"]).unwrap().named("Bland")), "AAA");
    }
}
