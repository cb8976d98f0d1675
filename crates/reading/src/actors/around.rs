//! What the words around a description tell of an actor, and the country that a report alone speaks of.

use annalist_knowledge::CountryWord;
use annalist_record::{Actor, ActorKind, Confidence, Place};

use super::phrase::{Reading, descent, foreign};
use super::words::{Item, Link, Origin, What};
use super::{Basis, Clue, Coder, Coding, Description, Told};

/// Gives those actors of a report that are a state's, or stand up to one (offices, forces, parties, rebels, crowds), the country that the
/// report alone speaks of, if there is one and their own words name none: "President Ana Sol" in a report on Malta and no other country.
pub fn settle(
    actors: &mut [Actor],
    codings: &mut [Coding],
    coder: &Coder,
    text: &str,
    places: &[Place],
    day: Option<&str>,
) {
    let homeless = |actor: &Actor, coding: &Coding| {
        use ActorKind::{ArmedGroup, Government, Military, Office, Party, People, Person, Police};
        coding.place_code().is_none()
            && match actor.kind {
                Some(Person) => !actor.sectors.is_empty(),
                Some(Office | Government | Military | Police | Party | ArmedGroup | People) => true,
                _ => false,
            }
    };
    if !actors.iter().zip(&*codings).any(|(actor, coding)| homeless(actor, coding)) {
        return;
    }
    let Some((country, clue)) = coder.only_country(text, day) else { return };
    if places.iter().filter_map(|place| place.country.as_ref()).any(|other| *other != country) {
        return;
    }
    for (actor, coding) in actors.iter_mut().zip(codings) {
        if homeless(actor, coding) {
            actor.country = Some(country.clone());
            coding.country = Some(country.clone());
            coding.evidence.push(clue.clone());
            coding.confidence = Confidence::new(match coding.confidence.value() {
                0.0 => AROUND,
                known => known.min(AROUND),
            });
        }
    }
}

impl Coder<'_> {
    /// Fills what the description leaves open from the words around it.
    pub(super) fn read_around(&self, reading: &mut Reading, description: &Description, context: &str, guess: bool) {
        let within = description.within.clone().or_else(|| {
            let at = context.find(description.words.trim())?;
            Some(at..at + description.words.trim().len())
        });
        let around = self.items(context, description.day);
        if let Some(within) = &within {
            let before = around.iter().rposition(|item| item.at.end <= within.start).map_or(0, |at| at + 1);
            let after = around.iter().position(|item| item.at.start >= within.end).unwrap_or(around.len());
            // What stands before the words in the same noun phrase: "German Foreign Minister" before a name.
            let first = around[..before].iter().rposition(|item| !item.joins()).map_or(0, |at| at + 1);
            // What stands after them: ", the Iraqi president", "of Morocco", "(PLO)".
            let rest = &around[after.max(first)..];
            let last = rest.iter().position(|item| matches!(item.what, What::Stop | What::Unknown { capital: false }));
            let mut last = last.unwrap_or(rest.len());
            // "a professor of Chinese politics", "a veteran of the Iraq war": the country is that of what nobody is.
            let article = last >= 2 && matches!(rest[last - 2].what, What::Filler);
            let of_a_thing = last < rest.len()
                && !matches!(rest[last].what, What::Stop)
                && match rest[..last].last().map(|item| &item.what) {
                    Some(What::Country(CountryWord::Demonym, _)) => true,
                    Some(What::Country(..)) => article,
                    _ => false,
                };
            last -= usize::from(of_a_thing);
            let wider: Vec<Item> = around[first..after.max(first)].iter().chain(&rest[..last]).cloned().collect();
            let mut wider = self.read(&wider);
            wider.sure *= 0.9;
            reading.fill(wider, true);
        }
        if guess && reading.origin.is_none() && !reading.stateless {
            // The country that the sentence speaks of most.
            let found = spoken_of(&around);
            let best = found.iter().map(|f| f.0).fold(0.0, f32::max);
            if best >= HELD
                && let Some((_, origin, item)) = found.into_iter().find(|f| f.0 == best)
            {
                reading.clues.push(clue_around(item, origin.basis));
                reading.origin = Some(origin);
                reading.sure = reading.sure.min(AROUND);
            }
        }
    }

    /// The country of a text that speaks of one alone, and the word that names it. Media do not count: whom it is told to says nothing of
    /// whom it is told of.
    fn only_country(&self, text: &str, day: Option<&str>) -> Option<(String, Clue)> {
        let items = self.items(text, day);
        let media = |item: &Item| matches!(item.what, What::Named(actor) if actor.kind == Some(ActorKind::Media));
        let named: Vec<Item> = items.into_iter().filter(|item| !media(item)).collect();
        let mut countries = named.iter().filter_map(|item| item.origin()?.country);
        let first = countries.next()?;
        if countries.any(|country| country != first) {
            return None;
        }
        let (_, origin, item) = spoken_of(&named).into_iter().find(|(weight, ..)| *weight >= HELD)?;
        Some((first, clue_around(item, origin.basis)))
    }
}

/// What a sentence says of a country weighs at least so much if the country's it may be: one thing done against it does not.
const HELD: f32 = 0.5;

/// How sure it is, at most, that somebody is of the country which is spoken of.
const AROUND: f32 = 0.5;

/// How much items speak of each country; one that something is done against or said to counts little.
fn spoken_of<'i, 't>(items: &'i [Item<'t>]) -> Vec<(f32, Origin, &'i Item<'t>)> {
    let mut found: Vec<(f32, Origin, &Item)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(origin) = item.origin().filter(|o| o.country.is_some()) else { continue };
        if foreign(items, at) || descent(items, at) {
            continue;
        }
        // "against Iraq", "to the Taliban"; but not "to Iraq's leaders", "with Iraqi leaders".
        let before = items[..at].iter().rev().find(|item| !matches!(item.what, What::Filler));
        let object = before.is_some_and(|item| matches!(item.what, What::Link(Link::Toward)))
            && !matches!(item.what, What::Country(CountryWord::Demonym, _))
            && !items.get(at + 1).is_some_and(|next| matches!(next.what, What::Genitive));
        let weight = if object {
            0.3
        } else if origin.basis == Basis::ActorName {
            0.7
        } else {
            1.0
        };
        match found.iter_mut().find(|(_, known, _)| known.country == origin.country) {
            Some(known) => known.0 += weight,
            None => found.push((weight, origin, item)),
        }
    }
    found
}

fn clue_around(item: &Item, basis: Basis) -> Clue {
    Clue { tells: Told::Country, words: item.text.to_string(), basis, in_context: true }
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use super::*;
    use crate::actors::tests::coded;

    #[test]
    fn the_sentence_around_tells_what_the_words_do_not() {
        let sentence = "Mia Bell, the Maltese health minister, met union leaders in Valletta.";
        let coding = coded("Mia Bell", Some(sentence));
        assert_eq!((coding.place_code(), &coding.sectors[..]), (Some("MLT"), &["GOV"][..]));
        assert!(coding.evidence.iter().all(|clue| clue.in_context));
        let sentence = "Police said the prime minister had left Oslo before Norwegian lawmakers voted.";
        assert_eq!(coded("the prime minister", Some(sentence)).place_code(), Some("NOR"));
        // A threat against a country is not made by it.
        let sentence = "The prime minister threatened to act against Norway.";
        assert_eq!(coded("prime minister", Some(sentence)).place_code(), None);
    }

    #[test]
    fn who_has_no_country_is_of_the_only_one_spoken_of() {
        let coder = Coder::new(Knowledge::english());
        let settled = |text: &str, name: &str, kind: ActorKind, sectors: &[&str]| {
            let mut actor = [Actor {
                id: String::new(),
                name: name.to_string(),
                kind: Some(kind),
                country: None,
                sectors: sectors.iter().map(|s| s.to_string()).collect(),
                described_as: Vec::new(),
                mentions: Vec::new(),
                confidence: Confidence::new(1.0),
            }];
            let mut codings = [coder.code(&Description { words: name, ..Description::default() })];
            settle(&mut actor, &mut codings, &coder, text, &[], None);
            assert_eq!(actor[0].country, codings[0].country);
            actor[0].country.clone()
        };
        let of = |text: &str| settled(text, "President Ana Sol", ActorKind::Person, &["GOV"]);
        assert_eq!(of("President Ana Sol banned Maltese opposition rallies, Reuters said.").as_deref(), Some("MLT"));
        assert_eq!(of("President Ana Sol warned Norway, Maltese officials said."), None);
        assert_eq!(of("President Ana Sol acted against Norway."), None);
        assert_eq!(of("President Ana Sol resigned."), None);
        assert_eq!(of("President Ana Sol gave Maltese police US $5 million.").as_deref(), Some("MLT"));
        assert_eq!(of("President Ana Sol gave Maltese police a US ship."), None);
        let text = "Maltese police held Ana Sol.";
        assert_eq!(settled(text, "Ana Sol", ActorKind::Person, &[]), None);
    }
}
