//! The table of areas and waters.

use super::Feature;
use crate::lines;

/// A line of the table.
#[derive(Debug)]
pub(super) struct Area {
    pub names: Vec<Box<str>>,
    pub feature: Feature,
    pub iso2: Option<Box<str>>,
    pub lat: f64,
    pub lon: f64,
    pub geonames: Option<u32>,
}

/// Reads a table: kind, name, country or `-`, degrees north and east, other names, GeoNames number; the last two may be left out.
pub(super) fn parse(table: &str) -> Result<Vec<Area>, String> {
    lines(table).map(|line| area(line).ok_or_else(|| format!("`{line}` is not a line of areas.tsv"))).collect()
}

fn area(line: &str) -> Option<Area> {
    let mut fields = line.split('\t').map(str::trim);
    let feature = match fields.next()? {
        "continent" => Feature::Continent,
        "region" => Feature::Region,
        "water" => Feature::Water,
        "area" => Feature::Area,
        _ => return None,
    };
    let name = fields.next().filter(|name| !name.is_empty())?;
    let iso2 = fields.next()?;
    let within = |field: Option<&str>, most: f64| field?.parse().ok().filter(|d: &f64| d.abs() <= most);
    let (lat, lon) = (within(fields.next(), 90.0)?, within(fields.next(), 180.0)?);
    let others = fields.next().unwrap_or_default().split(';').map(str::trim).filter(|name| !name.is_empty());
    let names = std::iter::once(name).chain(others).map(Box::from).collect();
    let geonames = match fields.next() {
        None | Some("") => None,
        Some(number) => Some(number.parse().ok()?),
    };
    Some(Area { names, feature, iso2: (iso2 != "-").then(|| iso2.into()), lat, lon, geonames })
}
