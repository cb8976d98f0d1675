//! Which places of the gazetteer a name may be.

use annalist_knowledge::{Country, CountryWord, DivisionWord, Feature, PlaceNumber, place_key};

use super::names::Source;
use super::{Candidate, Found, Toponyms};

/// More candidates than this, the least populous, are not weighed.
const MOST_CANDIDATES: usize = 40;

impl<'t> Toponyms<'t> {
    pub(super) fn candidates(&self, found: &Found) -> Vec<Candidate<'t>> {
        let words = self.text[found.bytes.clone()].trim();
        let mut list = self.candidates_of(words, self.behind_comma(found.tokens.start));
        if list.is_empty() {
            let mut parts: Vec<&str> = words.split([' ', '-']).filter(|part| !part.is_empty()).collect();
            let place_words = self.knowledge.place_words();
            let lower = |part: &str| part.to_lowercase();
            while parts.len() > 1 && place_words.is_direction(&lower(parts[0])) {
                parts.remove(0);
            }
            if parts.len() > 1 && place_words.place_type(&lower(parts[parts.len() - 1])).is_some() {
                parts.pop();
            }
            let rest = parts.join(" ");
            if rest.len() < words.len() {
                list = self.candidates_of(&rest, false);
                list.iter_mut().for_each(|candidate| candidate.partial = true);
            }
        }
        list
    }

    pub(super) fn candidates_of(&self, words: &str, behind_comma: bool) -> Vec<Candidate<'t>> {
        let gazetteer = self.knowledge.gazetteer();
        let bare = ["'s", "’s", "'", "’"].iter().find_map(|ending| words.strip_suffix(ending)).unwrap_or(words);
        let bare = bare.strip_prefix("the ").or_else(|| bare.strip_prefix("The ")).unwrap_or(bare);
        let mut list: Vec<Candidate> = Vec::new();
        let mut add = |number: PlaceNumber, other: bool, demonym: bool| {
            if !list.iter().any(|known| known.number == number) {
                list.push(Candidate { number, place: gazetteer.place(number), other, partial: false, demonym });
            }
        };
        let countries: Vec<(CountryWord, &Country)> = self.knowledge.countries().lookup(bare).collect();
        for (kind, country) in countries {
            let code = country.iso2.as_deref().unwrap_or(&country.iso3);
            if kind != CountryWord::Capital
                && let Some(number) = gazetteer.country(code)
            {
                add(number, false, kind == CountryWord::Demonym);
            }
        }
        for (kind, division) in self.knowledge.place_words().divisions(bare) {
            let abbreviation = *kind == DivisionWord::Abbreviation;
            if abbreviation && !behind_comma && !bare.contains('.') && bare.len() < 4 {
                continue;
            }
            for (number, other) in gazetteer.lookup(&division.key) {
                let place = gazetteer.place(number);
                if place.feature == Feature::Division && place.iso2 == Some(&division.iso2) {
                    add(number, other, !abbreviation);
                }
            }
        }
        let key = place_key(bare);
        let mut named = gazetteer.lookup(&key);
        if named.is_empty()
            && let Some(one) = key.strip_suffix('s')
        {
            named = gazetteer.lookup(one);
            named.retain(|(number, other)| *other && !gazetteer.place(*number).feature.is_settlement());
        }
        if named.len() > MOST_CANDIDATES {
            named.sort_by(|a, b| gazetteer.place(b.0).population.total_cmp(&gazetteer.place(a.0).population));
            named.truncate(MOST_CANDIDATES);
        }
        // "E.U." may be the area of a union, but no town whose name has the same letters.
        if self.is_body(bare) {
            named.retain(|&(number, other)| Source::of(&gazetteer.place(number), other) == Source::Area);
        }
        named.into_iter().for_each(|(number, other)| add(number, other, false));
        list
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use annalist_knowledge::Knowledge;
    use annalist_record::CharIndex;

    use crate::places::tests::analysis;
    use crate::places::{Setting, places, resolve, toponyms};

    #[test]
    fn what_the_gazetteer_does_not_have_keeps_its_name_and_lies_nowhere() {
        let (text, analysis) = analysis(
            &[
                ("Kiel", "PROPN", 4, "nsubj"),
                (",", "PUNCT", 3, "punct"),
                ("Germany", "PROPN", 1, "appos"),
                ("lost", "VERB", 0, "root"),
                ("Qwxstead", "PROPN", 4, "obj"),
            ],
            &[(0, 1, "LOC"), (2, 3, "LOC"), (4, 5, "LOC")],
        );
        let knowledge = Knowledge::english();
        let found = toponyms(&text, &analysis, knowledge, Setting::default());
        let items = places(&text, &CharIndex::new(&text), &found, knowledge);
        let unknown = items.iter().find(|item| item.name == "Qwxstead").unwrap();
        assert_eq!((unknown.kind, unknown.lat, unknown.country.as_deref()), (None, None, None));
        // Where it is known that the words name places, they lie where the rest does.
        let words: Vec<Range<usize>> = found.iter().map(|t| t.bytes.clone()).collect();
        let known = resolve(&text, &analysis, knowledge, Setting::default(), &words);
        let country = known.iter().find(|t| t.place.is_none()).and_then(|t| t.country);
        assert_eq!(country.and_then(|n| knowledge.gazetteer().place(n).iso3), Some("DEU"));
        assert_eq!(unknown.gazetteer_id, None);
    }
}
