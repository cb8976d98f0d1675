//! The packed form of the gazetteer.
//!
//! Numbers are little-endian. After [`MAGIC`] and six counts of four bytes (countries, divisions, records, steps, bytes of names,
//! bytes of postings) follow, without gaps:
//!
//! * countries, 9 bytes: two- and three-letter code, record;
//! * first-order divisions, 5 bytes: country, record (all ones for "unknown division of the country");
//! * records, 16 bytes: GeoNames number (0 for none), degrees north and east in 1/20,000 in three bytes each, division,
//!   subdivision (all ones for none), feature, population on a scale of logarithms;
//! * steps, 4 bytes: where the name of every [`NAMES_A_STEP`]th record lies in the names;
//! * names, each behind a byte of its length;
//! * postings: a count in two bytes, then places of four bytes, each times two, plus one where the name is not its first;
//! * an `fst` map from keys to one place, times two, of the form that postings have, or to where the posting lies, times two, plus one.

use std::collections::{BTreeMap, HashMap};

use super::{Feature, place_key};

pub(super) const MAGIC: &[u8] = b"annalist gazetteer 1\n";
pub(super) const HEADER: usize = MAGIC.len() + 6 * 4;
pub(super) const RECORD: usize = 16;
pub(super) const NAMES_A_STEP: u32 = 16;
/// No subdivision.
pub(super) const NONE: u16 = u16::MAX;

/// How much of each there is, and so where each lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub countries: u8,
    divisions: u16,
    pub records: u32,
    steps: u32,
    names: u32,
    postings: u32,
}

impl Counts {
    /// Reads the counts; none if the bytes cannot hold what is counted.
    pub fn read(bytes: &[u8]) -> Option<Counts> {
        let count = |n: usize| {
            let at = MAGIC.len() + 4 * n;
            Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
        };
        let counts = Counts {
            countries: count(0)?.try_into().ok()?,
            divisions: count(1)?.try_into().ok()?,
            records: count(2)?,
            steps: count(3)?,
            names: count(4)?,
            postings: count(5)?,
        };
        (bytes.len() > counts.fst()).then_some(counts)
    }

    pub fn country(&self, n: u8) -> usize {
        HEADER + 9 * usize::from(n)
    }

    pub fn division(&self, n: u16) -> usize {
        self.country(self.countries) + 5 * usize::from(n)
    }

    pub fn record(&self, n: u32) -> usize {
        self.division(self.divisions) + RECORD * n as usize
    }

    pub fn step(&self, n: u32) -> usize {
        self.record(self.records) + 4 * n as usize
    }

    pub fn names(&self) -> usize {
        self.step(self.steps)
    }

    pub fn postings(&self) -> usize {
        self.names() + self.names as usize
    }

    pub fn fst(&self) -> usize {
        self.postings() + self.postings as usize
    }
}

/// Twelve steps to a factor of e.
const SCALE: f64 = 12.0;

fn scaled(population: f64) -> u8 {
    (population.max(0.0).ln_1p() * SCALE).round().min(255.0) as u8
}

pub(super) fn population_of(scaled: u8) -> f64 {
    (f64::from(scaled) / SCALE).exp_m1()
}

/// A record before it is packed.
struct Row<'t> {
    id: u32,
    point: (f64, f64),
    population: f64,
    feature: Feature,
    division: u16,
    subdivision: u16,
    name: &'t str,
    others: &'t str,
}

#[derive(Default)]
struct Table<'t> {
    countries: Vec<(&'t str, &'t str, u32)>,
    country_numbers: HashMap<&'t str, u8>,
    divisions: Vec<(u8, u32)>,
    division_numbers: HashMap<String, u16>,
    subdivision_numbers: HashMap<&'t str, u16>,
    rows: Vec<Row<'t>>,
}

impl<'t> Table<'t> {
    /// The number of a division `country.code`; one without a record of its own if it has not come yet.
    fn division(&mut self, code: &str, record: Option<u32>) -> Result<u16, String> {
        if let Some(&known) = self.division_numbers.get(code) {
            return Ok(known);
        }
        let country = code.split('.').next().unwrap_or_default();
        let country = *self.country_numbers.get(country).ok_or_else(|| format!("`{code}` is of no country"))?;
        let number = u16::try_from(self.divisions.len()).map_err(|_| "too many divisions")?;
        self.divisions.push((country, record.unwrap_or(u32::MAX)));
        self.division_numbers.insert(code.to_string(), number);
        Ok(number)
    }

    fn line(&mut self, line: &'t str) -> Result<(), String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let fault = || format!("`{line}` is not a line of places");
        let field = |n: usize| fields.get(n).copied().ok_or_else(fault);
        let number = |n: usize| field(n)?.parse::<f64>().map_err(|_| fault());
        let id = |n: usize| field(n)?.parse::<u32>().map_err(|_| fault());
        let record = u32::try_from(self.rows.len()).map_err(|_| "too many places")?;
        let row = match field(0)? {
            "country" => {
                let (iso2, iso3) = (field(1)?, field(2)?);
                if iso2.len() != 2 || iso3.len() != 3 {
                    return Err(fault());
                }
                let at = u8::try_from(self.countries.len()).map_err(|_| "too many countries")?;
                self.countries.push((iso2, iso3, record));
                self.country_numbers.insert(iso2, at);
                let (point, population) = ((number(4)?, number(5)?), number(6)?);
                let division = self.division(&format!("{iso2}."), None)?;
                let (id, name) = (id(3)?, field(7)?);
                let feature = Feature::Country;
                Row { id, point, population, feature, division, subdivision: NONE, name, others: "" }
            }
            kind @ ("admin1" | "admin2") => {
                let code = field(1)?;
                let (division, subdivision, feature) = if kind == "admin1" {
                    (self.division(code, Some(record))?, NONE, Feature::Division)
                } else {
                    let first = code.rsplit_once('.').map_or(code, |(first, _)| first);
                    let at = u16::try_from(self.subdivision_numbers.len()).map_err(|_| "too many subdivisions")?;
                    self.subdivision_numbers.insert(code, at);
                    (self.division(first, None)?, at, Feature::Subdivision)
                };
                let (id, point, population) = (id(2)?, (number(3)?, number(4)?), number(5)?);
                Row {
                    id,
                    point,
                    population,
                    feature,
                    division,
                    subdivision,
                    name: field(6)?,
                    others: fields.get(7).copied().unwrap_or_default(),
                }
            }
            "place" => {
                let code = field(1)?;
                let parts: Vec<&str> = code.splitn(3, '.').collect();
                let [country, first, ..] = parts[..] else { return Err(fault()) };
                let known = self.division_numbers.get(&format!("{country}.{first}")).copied();
                let division = match known {
                    Some(known) => known,
                    None => self.division(&format!("{country}."), None)?,
                };
                let subdivision = self.subdivision_numbers.get(code).copied().unwrap_or(NONE);
                let feature = match field(6)? {
                    "PPLC" => Feature::Capital,
                    "PPLA" => Feature::Seat,
                    "PPLX" => Feature::Section,
                    lower if lower.starts_with("PPLA") => Feature::LowerSeat,
                    _ => Feature::Populated,
                };
                let (id, point, population) = (id(2)?, (number(3)?, number(4)?), number(5)?);
                let (name, others) = (field(7)?, fields.get(8).copied().unwrap_or_default());
                Row { id, point, population, feature, division, subdivision, name, others }
            }
            other => return Err(format!("`{other}` is no kind of place")),
        };
        if row.name.is_empty() || row.name.len() > 255 || row.point.0.abs() > 90.0 || row.point.1.abs() > 180.0 {
            return Err(fault());
        }
        self.rows.push(row);
        Ok(())
    }
}

/// Packs a table of places, as `training/gazetteer.py` makes it: countries first, then first-order divisions, second-order
/// divisions, inhabited places.
///
/// # Errors
/// A line that is not of that form, or of an unknown country.
pub fn pack(table: &str) -> Result<Vec<u8>, String> {
    let mut all = Table::default();
    table.lines().filter(|line| !line.is_empty()).try_for_each(|line| all.line(line))?;
    let mut keys: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let (mut names, mut steps) = (Vec::new(), Vec::new());
    for (number, row) in (0u32..).zip(&all.rows) {
        if number % NAMES_A_STEP == 0 {
            steps.extend((names.len() as u32).to_le_bytes());
        }
        names.push(row.name.len() as u8);
        names.extend(row.name.bytes());
        let others = row.others.split(';').filter(|name| !name.is_empty());
        for (name, other) in std::iter::once((row.name, 0)).chain(others.map(|name| (name, 1))) {
            let key = place_key(name);
            let known = keys.entry(key).or_default();
            if !known.iter().any(|value| value >> 1 == number) {
                known.push(number << 1 | other);
            }
        }
    }
    keys.remove("");
    let mut postings: Vec<u8> = Vec::new();
    let mut map = fst::MapBuilder::memory();
    for (key, places) in keys {
        let value = match places[..] {
            [one] => u64::from(one) << 1,
            _ => {
                let at = postings.len() as u64;
                let count = u16::try_from(places.len()).map_err(|_| format!("too many places are called `{key}`"))?;
                postings.extend(count.to_le_bytes());
                places.iter().for_each(|place| postings.extend(place.to_le_bytes()));
                at << 1 | 1
            }
        };
        map.insert(&key, value).map_err(|e| e.to_string())?;
    }
    let map = map.into_inner().map_err(|e| e.to_string())?;
    let mut packed = MAGIC.to_vec();
    let steps_count = steps.len() / 4;
    for count in [all.countries.len(), all.divisions.len(), all.rows.len(), steps_count, names.len(), postings.len()] {
        packed.extend(u32::try_from(count).map_err(|_| "too much")?.to_le_bytes());
    }
    for (iso2, iso3, record) in &all.countries {
        packed.extend(iso2.bytes().chain(iso3.bytes()).chain(record.to_le_bytes()));
    }
    for (country, record) in &all.divisions {
        packed.push(*country);
        packed.extend(record.to_le_bytes());
    }
    for row in &all.rows {
        packed.extend(row.id.to_le_bytes());
        for degrees in [row.point.0, row.point.1] {
            packed.extend(&((degrees * 20_000.0).round() as i32).to_le_bytes()[..3]);
        }
        packed.extend(row.division.to_le_bytes());
        packed.extend(row.subdivision.to_le_bytes());
        packed.extend([row.feature as u8, scaled(row.population)]);
    }
    packed.extend(steps.into_iter().chain(names).chain(postings).chain(map));
    Ok(packed)
}
