//! In which country the place of a name lies where nothing around the name tells: where by far the most people live in a place of
//! that name.

use std::collections::HashMap;

use annalist_knowledge::{Knowledge, place_key};

/// Fewer people live in no place whose name alone tells a country; of names of one word, which many a person bears, many more must.
const FEWEST: f64 = 15_000.0;
const FEWEST_OF_ONE_WORD: f64 = 250_000.0;

/// So many times as many people must live there as in the namesakes of any other country.
const BY_FAR: f64 = 4.0;

/// The country (ISO 3166-1 alpha-3) that a place's name tells by itself; none where it is not the name of a place of some size, or
/// of places of some size in several countries.
pub fn country_of_place(knowledge: &Knowledge, name: &str) -> Option<String> {
    let gazetteer = knowledge.gazetteer();
    // Of each country, the largest place of the name: a city and its district hold the same people.
    let mut largest: HashMap<&str, f64> = HashMap::new();
    for (number, _) in gazetteer.lookup(&place_key(name)) {
        let place = gazetteer.place(number);
        if let Some(country) = place.iso3 {
            let known = largest.entry(country).or_default();
            *known = known.max(place.population);
        }
    }
    let (country, most) = largest.iter().max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0)))?;
    let fewest = if name.split_whitespace().nth(1).is_some() { FEWEST } else { FEWEST_OF_ONE_WORD };
    let next = largest.iter().filter(|(other, _)| *other != country).map(|(_, n)| *n).fold(0.0, f64::max);
    (*most >= fewest && *most >= next * BY_FAR).then(|| country.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_by_far_the_largest_of_its_name_tells_its_country() {
        let country = |name: &str| country_of_place(Knowledge::english(), name);
        assert_eq!(country("Casablanca").as_deref(), Some("MAR"));
        assert_eq!(country("Ciudad Juárez").as_deref(), Some("MEX"));
        // Two large cities of one name; a surname that is a small town's; nothing.
        assert_eq!(country("Valencia"), None);
        assert_eq!(country("Truman"), None);
        assert_eq!(country(""), None);
    }
}
