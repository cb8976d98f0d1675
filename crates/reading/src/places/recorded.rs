//! What a record says of a place.

use std::collections::HashMap;

use annalist_knowledge::{Feature, GazetteerPlace, Knowledge, PlaceNumber, place_key};
use annalist_record::{CharIndex, Confidence, Place, PlaceKind, Span, item_id};

use super::{Form, Toponym};

/// The places that words name as places (see [`Form::Name`](super::Form::Name)), as items of the record, by where they are first mentioned.
pub fn places(text: &str, index: &CharIndex, toponyms: &[Toponym], knowledge: &Knowledge) -> Vec<Place> {
    let gazetteer = knowledge.gazetteer();
    let mut groups: Vec<(Option<PlaceNumber>, String, Vec<&Toponym>)> = Vec::new();
    for toponym in toponyms.iter().filter(|toponym| toponym.form == Form::Name) {
        let key = place_key(&text[toponym.bytes.clone()]);
        let same = |(place, known, _): &&mut (Option<PlaceNumber>, String, Vec<&Toponym>)| match toponym.place {
            Some(number) => *place == Some(number),
            None => place.is_none() && *known == key,
        };
        match groups.iter_mut().find(same) {
            Some((_, _, mentions)) => mentions.push(toponym),
            None => groups.push((toponym.place, key, vec![toponym])),
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let item = |(number, key, toponyms): (Option<PlaceNumber>, String, Vec<&Toponym>)| {
        let mentions: Vec<Span> = toponyms.iter().map(|t| Span::of_bytes(text, index, t.bytes.clone())).collect();
        let id = item_id('p', &mentions, 0);
        let earlier = seen.entry(id.clone()).or_default();
        let id = if *earlier == 0 { id } else { item_id('p', &mentions, *earlier) };
        *earlier += 1;
        let place = number.map(|number| gazetteer.place(number));
        let country = toponyms[0].country.map(|number| gazetteer.place(number));
        let name = match place {
            // A headline's capitals, a missing accent.
            Some(place) if place_key(place.name) == key => place.name.to_string(),
            _ => mentions[0].text.clone(),
        };
        let division = place.and_then(|p| p.division).and_then(|division| gazetteer.division(division));
        let confidence = toponyms.iter().map(|t| t.confidence).fold(0.0, f32::max);
        Place {
            id,
            name,
            kind: place.map(|p| kind(&p)),
            country: place.or(country).and_then(|p| p.iso3).map(str::to_string),
            admin1: division.map(|number| gazetteer.place(number).name.to_string()),
            lat: place.map(|p| rounded(p.lat)),
            lon: place.map(|p| rounded(p.lon)),
            gazetteer_id: place.and_then(|p| p.geonames).map(|id| format!("geonames:{id}")),
            mentions,
            confidence: Confidence::new(confidence),
        }
    };
    groups.into_iter().map(item).collect()
}

/// To what the gazetteer keeps, some five metres.
fn rounded(degrees: f64) -> f64 {
    (degrees * 10_000.0).round() / 10_000.0
}

/// From this many inhabitants on, a place without rank is called a city.
const CITY: f64 = 5_000.0;

fn kind(place: &GazetteerPlace) -> PlaceKind {
    match place.feature {
        Feature::Country => PlaceKind::Country,
        Feature::Division | Feature::Subdivision | Feature::Region => PlaceKind::Region,
        Feature::Capital => PlaceKind::Capital,
        Feature::Seat => PlaceKind::City,
        Feature::LowerSeat | Feature::Populated | Feature::Section if place.population < CITY => PlaceKind::Village,
        Feature::LowerSeat | Feature::Populated | Feature::Section => PlaceKind::City,
        Feature::Water => PlaceKind::Water,
        Feature::Continent | Feature::Area => PlaceKind::Area,
    }
}
