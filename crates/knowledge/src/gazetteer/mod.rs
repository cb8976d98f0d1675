//! The places of the world by their names: countries, their divisions, inhabited places, and larger areas and waters.
//!
//! The bulk of it is one packed file ([`Gazetteer::of_bytes`]) that is used as it lies in memory: nothing is parsed at start.
//! Areas and waters come from a table that a person can read and edit.

mod areas;
mod key;
mod pack;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use fst::Map;

use areas::Area;
pub use key::place_key;
pub use pack::pack;
use pack::{Counts, MAGIC, NAMES_A_STEP, NONE, RECORD, population_of};

/// A place, by its number in the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceNumber(u32);

/// What a place is in the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Feature {
    /// A state or territory (GeoNames `PCL…`).
    Country,
    /// A first-order division (`ADM1`).
    Division,
    /// A second-order division (`ADM2`).
    Subdivision,
    /// The capital of a country (`PPLC`).
    Capital,
    /// The seat of a first-order division (`PPLA`).
    Seat,
    /// The seat of a lower division (`PPLA2` to `PPLA5`).
    LowerSeat,
    /// Another inhabited place (`PPL`, …).
    Populated,
    /// A section of an inhabited place (`PPLX`).
    Section,
    /// A continent.
    Continent,
    /// A part of the world or of a country that is no division of today.
    Region,
    /// A sea, lake, river, canal.
    Water,
    /// Mountains, islands, deserts.
    Area,
}

impl Feature {
    const ALL: [Feature; 12] = [
        Feature::Country,
        Feature::Division,
        Feature::Subdivision,
        Feature::Capital,
        Feature::Seat,
        Feature::LowerSeat,
        Feature::Populated,
        Feature::Section,
        Feature::Continent,
        Feature::Region,
        Feature::Water,
        Feature::Area,
    ];

    /// Whether people live there in one place: a city, town, village, or part of one.
    pub fn is_settlement(self) -> bool {
        use Feature::{Capital, LowerSeat, Populated, Seat, Section};
        matches!(self, Capital | Seat | LowerSeat | Populated | Section)
    }
}

/// A place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GazetteerPlace<'g> {
    /// Its name, as in the source.
    pub name: &'g str,
    /// What it is.
    pub feature: Feature,
    /// The number of its GeoNames entry, where that is known.
    pub geonames: Option<u32>,
    /// Degrees north of its point, -90..=90.
    pub lat: f64,
    /// Degrees east of its point, -180..=180.
    pub lon: f64,
    /// How many people live there, to within some 5 %; 0 if not known.
    pub population: f64,
    /// ISO 3166-1 alpha-2 code of the country it is or lies in; none for what lies in several or in none.
    pub iso2: Option<&'g str>,
    /// ISO 3166-1 alpha-3 code of that country.
    pub iso3: Option<&'g str>,
    /// The first-order division it is or lies in, to be compared and asked for by [`Gazetteer::division`].
    pub division: Option<u16>,
    /// The second-order division it is or lies in, to be compared.
    pub subdivision: Option<u16>,
}

/// The places of the world.
#[derive(Debug)]
pub struct Gazetteer {
    bytes: Cow<'static, [u8]>,
    counts: Counts,
    names: Map<Cow<'static, [u8]>>,
    areas: Vec<Area>,
    /// Areas by their keys, and whether the key is a name beside the first one.
    area_names: HashMap<Box<str>, Vec<(u32, bool)>>,
    /// The first words of those keys, and the first two, and so on.
    area_starts: HashSet<Box<str>>,
}

impl Gazetteer {
    /// A gazetteer of what [`pack`] made and of tables of areas (see `data/en/areas.tsv`).
    ///
    /// # Errors
    /// When the bytes are not of that form, or a line of a table is not; the reason.
    pub fn of_bytes(bytes: Cow<'static, [u8]>, areas: &[&str]) -> Result<Gazetteer, String> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err("not a packed gazetteer of this version".to_string());
        }
        let counts = Counts::read(&bytes).ok_or("the packed gazetteer is cut short")?;
        let names = match &bytes {
            Cow::Borrowed(all) => Cow::Borrowed(&all[counts.fst()..]),
            Cow::Owned(all) => Cow::Owned(all[counts.fst()..].to_vec()),
        };
        let names = Map::new(names).map_err(|e| format!("the packed names are damaged: {e}"))?;
        let (area_names, area_starts) = (HashMap::new(), HashSet::new());
        let mut gazetteer = Gazetteer { bytes, counts, names, areas: Vec::new(), area_names, area_starts };
        for table in areas {
            for area in areas::parse(table)? {
                let at = gazetteer.areas.len() as u32;
                for (n, name) in area.names.iter().enumerate() {
                    let key = place_key(name);
                    let starts = key.match_indices(' ').map(|(end, _)| Box::from(&key[..end]));
                    gazetteer.area_starts.extend(starts.chain([Box::from(key.as_str())]));
                    gazetteer.area_names.entry(key.into()).or_default().push((at, n > 0));
                }
                gazetteer.areas.push(area);
            }
        }
        Ok(gazetteer)
    }

    /// The places that bear a name, whose [`place_key`] is given, in no particular order; each with whether that is a name beside
    /// its own.
    pub fn lookup(&self, key: &str) -> Vec<(PlaceNumber, bool)> {
        let mut found = Vec::new();
        if let Some(areas) = self.area_names.get(key) {
            let first = self.counts.records;
            found.extend(areas.iter().map(|&(at, other)| (PlaceNumber(first + at), other)));
        }
        if let Some(value) = self.names.get(key) {
            let entry = |value: u32| (PlaceNumber(value >> 1), value & 1 == 1);
            if value & 1 == 0 {
                found.push(entry((value >> 1) as u32));
            } else {
                let list = &self.bytes[self.counts.postings() + (value >> 1) as usize..];
                let count = usize::from(u16::from_le_bytes([list[0], list[1]]));
                found.extend(
                    list[2..]
                        .chunks_exact(4)
                        .take(count)
                        .map(|b| entry(u32::from_le_bytes(b.try_into().expect("4 bytes")))),
                );
            }
        }
        found
    }

    /// Whether some name's key may begin with these words, or be them; `key` is a [`place_key`].
    pub fn begins(&self, key: &str) -> bool {
        let fst = self.names.as_fst();
        let mut node = fst.root();
        for &byte in key.as_bytes() {
            match node.find_input(byte) {
                Some(at) => node = fst.node(node.transition_addr(at)),
                None => return self.area_starts.contains(key),
            }
        }
        true
    }

    /// What is known of a place.
    pub fn place(&self, number: PlaceNumber) -> GazetteerPlace<'_> {
        let Some(at) = number.0.checked_sub(self.counts.records) else { return self.record(number.0) };
        let area = &self.areas[at as usize];
        GazetteerPlace {
            name: &area.names[0],
            feature: area.feature,
            geonames: area.geonames,
            lat: area.lat,
            lon: area.lon,
            population: 0.0,
            iso2: area.iso2.as_deref(),
            iso3: area.iso2.as_deref().and_then(|iso2| self.country(iso2)).and_then(|n| self.place(n).iso3),
            division: None,
            subdivision: None,
        }
    }

    fn record(&self, number: u32) -> GazetteerPlace<'_> {
        let record = &self.bytes[self.counts.record(number)..][..RECORD];
        let short = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
        let degrees = |at: usize| {
            // Three bytes, in 1/20,000 of a degree.
            let raw = i32::from_le_bytes([0, record[at], record[at + 1], record[at + 2]]) >> 8;
            f64::from(raw) / 20_000.0
        };
        let division = short(10);
        let (country, admin1) = self.division_entry(division);
        let codes = &self.bytes[self.counts.country(country)..];
        let text = |range: std::ops::Range<usize>| std::str::from_utf8(&codes[range]).ok();
        let some = |n: u16| (n != NONE).then_some(n);
        GazetteerPlace {
            name: self.name(number),
            feature: Feature::ALL[usize::from(record[14]).min(Feature::ALL.len() - 1)],
            geonames: match u32::from_le_bytes(record[..4].try_into().expect("4 bytes")) {
                0 => None,
                id => Some(id),
            },
            lat: degrees(4),
            lon: degrees(7),
            population: population_of(record[15]),
            iso2: text(0..2),
            iso3: text(2..5),
            division: admin1.map(|_| division),
            subdivision: some(short(12)),
        }
    }

    /// The names lie in the records' order, each behind its length; every so many records, where they lie is noted.
    fn name(&self, number: u32) -> &str {
        let step = self.counts.step(number / NAMES_A_STEP);
        let offset = u32::from_le_bytes(self.bytes[step..step + 4].try_into().expect("4 bytes")) as usize;
        let mut at = self.counts.names() + offset;
        for _ in 0..number % NAMES_A_STEP {
            at += 1 + usize::from(self.bytes[at]);
        }
        let length = usize::from(self.bytes[at]);
        std::str::from_utf8(&self.bytes[at + 1..at + 1 + length]).unwrap_or_default()
    }

    /// The country of a division, by its number, and the division's own record if it has a name.
    fn division_entry(&self, division: u16) -> (u8, Option<u32>) {
        let entry = &self.bytes[self.counts.division(division)..][..5];
        let record = u32::from_le_bytes(entry[1..].try_into().expect("4 bytes"));
        (entry[0], (record != u32::MAX).then_some(record))
    }

    /// The place that a first-order division is.
    pub fn division(&self, division: u16) -> Option<PlaceNumber> {
        self.division_entry(division).1.map(PlaceNumber)
    }

    /// The place that a country is, by its ISO 3166-1 code of two or three letters, in capitals.
    pub fn country(&self, code: &str) -> Option<PlaceNumber> {
        let code = code.as_bytes();
        let range = match code.len() {
            2 => 0..2,
            3 => 2..5,
            _ => return None,
        };
        (0..self.counts.countries).find_map(|n| {
            let entry = &self.bytes[self.counts.country(n)..][..9];
            let record = u32::from_le_bytes(entry[5..].try_into().expect("4 bytes"));
            (entry[range.clone()] == *code).then_some(PlaceNumber(record))
        })
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.counts.records as usize + self.areas.len()
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The distance between two points in kilometres, on a sphere of radius 6,371 km; each in degrees north and east.
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (north, east) = ((b.0 - a.0).to_radians() / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let half = north.sin().powi(2) + a.0.to_radians().cos() * b.0.to_radians().cos() * east.sin().powi(2);
    2.0 * 6371.0 * half.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two invented countries.
    const TABLE: &str = "\
country\tAA\tAAA\t11\t10.5\t20.25\t9000000\tAland
country\tBB\tBBB\t12\t-40\t-170.5\t800\tBland
admin1\tAA.01\t21\t11\t21\t4000000\tNorthshire
admin2\tAA.01.7\t0\t11.1\t21.1\t5000\tMill County
place\tAA.01.7\t31\t11.12345\t21.54321\t120000\tPPLA\tMillton\tMilltún;Port Mill
place\tBB.00\t32\t-40.5\t179.9999\t700\tPPL\tMillton\t
place\tAA.01\t33\t11\t21\t50\tPPLX\tSt. Óla's-on-Sea\t
";

    fn gazetteer() -> Gazetteer {
        let areas = "region\tGreat Waste\tAA\t10\t20\tThe Waste; Waster\nwater\tLong Sea\t-\t0\t0";
        Gazetteer::of_bytes(Cow::Owned(pack(TABLE).unwrap()), &[areas]).unwrap()
    }

    fn found(name: &str) -> Vec<(Option<u32>, bool)> {
        let gazetteer = gazetteer();
        let mut found: Vec<_> = gazetteer
            .lookup(&place_key(name))
            .into_iter()
            .map(|(n, other)| (gazetteer.place(n).geonames, other))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn names_are_found_whatever_their_accents_and_marks() {
        assert_eq!(found("Millton"), [(Some(31), false), (Some(32), false)]);
        assert_eq!(found("MILLTUN"), [(Some(31), true)]);
        assert_eq!(found("Saint Ola’s on Sea"), [(Some(33), false)]);
        assert_eq!(found("Mill"), []);
        assert_eq!(found("Mill County"), [(None, false)]);
    }

    #[test]
    fn a_place_has_its_point_its_divisions_and_its_country() {
        let gazetteer = gazetteer();
        let (number, _) = gazetteer.lookup("port mill")[0];
        let place = gazetteer.place(number);
        assert_eq!(
            (place.name, place.feature, place.iso2, place.iso3),
            ("Millton", Feature::Seat, Some("AA"), Some("AAA"))
        );
        assert!(kilometres((place.lat, place.lon), (11.12345, 21.54321)) < 0.01);
        assert!((place.population / 120_000.0 - 1.0).abs() < 0.05);
        let division = gazetteer.division(place.division.unwrap()).unwrap();
        assert_eq!(gazetteer.place(division).name, "Northshire");
        let (county, _) = gazetteer.lookup("mill county")[0];
        assert_eq!(gazetteer.place(county).subdivision, place.subdivision);
        let other =
            gazetteer.lookup("millton").into_iter().map(|(n, _)| gazetteer.place(n)).find(|p| p.geonames == Some(32));
        let other = other.unwrap();
        assert_eq!((other.iso3, other.division, other.subdivision), (Some("BBB"), None, None));
        assert!((other.lon - 179.9999).abs() < 1e-4 && (other.lat + 40.5).abs() < 1e-4);
    }

    #[test]
    fn areas_stand_beside_the_packed_places() {
        let gazetteer = gazetteer();
        assert_eq!(gazetteer.lookup("waste").len(), 0);
        let (number, other) = gazetteer.lookup("great waste")[0];
        assert!(!other && gazetteer.place(number).iso3 == Some("AAA"));
        assert_eq!(gazetteer.place(gazetteer.lookup("long sea")[0].0).iso3, None);
        assert_eq!(gazetteer.place(gazetteer.country("BBB").unwrap()).name, "Bland");
        assert_eq!(gazetteer.country("BB"), gazetteer.country("BBB"));
        assert_eq!(gazetteer.country("CCC"), None);
        assert!(gazetteer.begins("mill") && gazetteer.begins("great") && !gazetteer.begins("milk"));
    }

    #[test]
    fn faults_are_told() {
        assert!(Gazetteer::of_bytes(Cow::Borrowed(b"something else"), &[]).is_err());
        assert!(Gazetteer::of_bytes(Cow::Owned(pack(TABLE).unwrap()[..40].to_vec()), &[]).is_err());
        assert!(pack("planet\t1").unwrap_err().contains("planet"));
        let packed = Cow::Owned(pack(TABLE).unwrap());
        assert!(Gazetteer::of_bytes(packed, &["region\tNowhere\t-\tnorth\t3"]).unwrap_err().contains("Nowhere"));
    }

    #[test]
    fn the_built_in_places_lie_where_they_should() {
        let gazetteer = crate::Knowledge::english().gazetteer();
        let near = |name: &str, lat: f64, lon: f64| {
            let found = gazetteer.lookup(&place_key(name));
            let distance = |(n, _): &(PlaceNumber, bool)| {
                kilometres((gazetteer.place(*n).lat, gazetteer.place(*n).lon), (lat, lon))
            };
            found.iter().map(distance).fold(f64::INFINITY, f64::min)
        };
        // From an atlas, to a tenth of a degree.
        for (name, lat, lon) in [
            ("Kabul", 34.5, 69.2),
            ("Springfield", 39.8, -89.6),
            ("Ürümqi", 43.8, 87.6),
            ("Saint Petersburg", 59.9, 30.3),
            ("St. Petersburg", 59.9, 30.3),
            ("Kyiv", 50.5, 30.5),
            ("Kiev", 50.5, 30.5),
            ("Suva", -18.1, 178.4),
            ("Black Sea", 43.0, 34.0),
        ] {
            assert!(near(name, lat, lon) < 30.0, "{name}: {} km", near(name, lat, lon));
        }
    }
}
