//! Events in the columns of POLECAT, the event data set in PLOVER's terms, which researchers' scripts expect.
//!
//! Columns and their order are those of POLECAT's weekly files (Harvard Dataverse, doi:10.7910/DVN/AJGVIT). What POLECAT has and this
//! ledger does not know (intensity, Correlates of War codes, Wikipedia's articles) is empty. Several actors are joined with `; `.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use rusqlite::types::Value;

use crate::error::LedgerError;
use crate::filter::{EVENTS, Filter};
use crate::questions::limit;
use crate::store::Ledger;

/// The columns, in order.
pub const COLUMNS: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Kinds of places that are a city.
const CITIES: [&str; 3] = ["city", "capital", "village"];

/// Somebody who takes part.
#[derive(Default)]
struct Part {
    name: String,
    country: Option<String>,
    sectors: Vec<String>,
    title: Option<String>,
    raw: String,
}

/// Who and where a report names.
#[derive(Default, Clone)]
struct Story {
    people: String,
    organizations: String,
    locations: String,
}

impl Ledger {
    /// Writes the events that happened or go on (or those of the filter's status) as CSV in POLECAT's columns, one an event of a report
    /// that is no reprint.
    ///
    /// # Errors
    /// When the ledger cannot be read or the output not be written.
    pub(crate) fn polecat(&self, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        let mut conditions = self.conditions(filter, &EVENTS)?;
        conditions.and("report.key = report.print_of", []);
        if filter.status.is_none() {
            conditions.and("event.status IN ('happened', 'ongoing')", []);
        }
        let query = format!(
            "SELECT event.key, report.key, report.id || '/' || event.id, event.day, event.type, event.mode, event.contexts, place.name,
               place.kind, place.admin1, place.country, place.lat, place.lon, place.gazetteer_id, report.outlet, report.day,
               report.language, report.program
             FROM event JOIN report ON report.key = event.report
             LEFT JOIN place ON place.report = event.report AND place.id = event.place
             WHERE {} ORDER BY event.day, event.key LIMIT {}",
            conditions.sql(),
            limit(filter)
        );
        let mut csv = csv::Writer::from_writer(out);
        let mut line = |cells: &[String]| csv.write_record(cells).map_err(|e| LedgerError::Output(e.into()));
        line(&COLUMNS.map(str::to_string))?;
        let mut story: Option<(i64, Story)> = None;
        let rows = self.rows(&query, conditions.values, |row| {
            let cell = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.unwrap_or_default());
            let degrees = |at: usize| {
                Ok::<_, rusqlite::Error>(row.get::<_, Option<f64>>(at)?.map(|d| d.to_string()).unwrap_or_default())
            };
            let told: Vec<String> =
                [2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17].into_iter().map(cell).collect::<Result<_, _>>()?;
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, told, degrees(11)?, degrees(12)?))
        })?;
        for (event, report, told, lat, lon) in rows {
            let [
                id,
                day,
                kind,
                mode,
                contexts,
                place,
                place_kind,
                admin1,
                country,
                gazetteer,
                outlet,
                published,
                language,
                program,
            ] = &told[..]
            else {
                continue;
            };
            if story.as_ref().is_none_or(|(of, _)| *of != report) {
                story = Some((report, self.told_of(report)?));
            }
            let story = story.as_ref().map(|(_, story)| story.clone()).unwrap_or_default();
            let parts = self.parts(event)?;
            let quad = self.knowledge.events().quad(kind).unwrap_or_default().replace('-', " ").to_uppercase();
            let contexts: Vec<String> = serde_json::from_str(contexts).unwrap_or_default();
            let country_name = |code: &str| {
                self.knowledge.countries().get(code).map_or(code.to_string(), |country| country.name.to_string())
            };
            let side = |role: &str| {
                let parts: &[Part] = parts.get(role).map_or(&[], Vec::as_slice);
                let joined = |of: &dyn Fn(&Part) -> String| {
                    let all: Vec<String> = parts.iter().map(of).collect();
                    if all.iter().all(String::is_empty) { String::new() } else { all.join("; ") }
                };
                let sectors: BTreeSet<&String> = parts.iter().flat_map(|part| &part.sectors).collect();
                [
                    joined(&|p| p.name.clone()),
                    joined(&|p| p.country.clone().unwrap_or_default()),
                    String::new(),
                    parts.iter().find_map(|p| p.sectors.first()).cloned().unwrap_or_default(),
                    sectors.into_iter().cloned().collect::<Vec<_>>().join("; "),
                    joined(&|p| p.title.clone().unwrap_or_default()),
                    joined(&|p| p.raw.clone()),
                    String::new(),
                ]
            };
            let is_city = CITIES.contains(&place_kind.as_str());
            let city = if is_city { place.clone() } else { String::new() };
            let mut cells =
                vec![id.clone(), day.clone(), kind.clone(), mode.clone(), String::new(), quad, contexts.join("; ")];
            cells.extend(side("actor"));
            cells.extend(side("recipient"));
            cells.extend([place.clone(), city, String::new(), admin1.clone(), country_name(country), lat, lon]);
            cells.push(gazetteer.strip_prefix("geonames:").unwrap_or(gazetteer).to_string());
            cells.extend([place.clone(), place_kind.clone(), outlet.clone(), published.clone()]);
            cells.extend([story.people, story.organizations, story.locations, language.clone(), program.clone()]);
            line(&cells)?;
        }
        Ok(csv.flush()?)
    }

    fn parts(&self, event: i64) -> Result<BTreeMap<String, Vec<Part>>, LedgerError> {
        let query = "SELECT participant.role, coalesce(entity.name, actor.name, participant.words), coalesce(entity.country, actor.country),
                       coalesce(entity.sectors, actor.sectors), actor.described, participant.words
                     FROM participant JOIN event ON event.key = participant.event LEFT JOIN entity ON entity.key = participant.entity
                     LEFT JOIN actor ON actor.report = event.report AND actor.id = participant.actor
                     WHERE participant.event = ?1 ORDER BY role, position";
        let list = |json: Option<String>| -> Vec<String> {
            json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
        };
        let rows = self.rows(query, vec![Value::Integer(event)], |row| {
            let part = Part {
                name: row.get(1)?,
                country: row.get(2)?,
                sectors: list(row.get(3)?),
                title: list(row.get(4)?).into_iter().next(),
                raw: row.get(5)?,
            };
            Ok((row.get::<_, String>(0)?, part))
        })?;
        let mut parts: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        rows.into_iter().for_each(|(role, part)| parts.entry(role).or_default().push(part));
        Ok(parts)
    }

    fn told_of(&self, report: i64) -> Result<Story, LedgerError> {
        let names = |query: &str| -> Result<String, LedgerError> {
            Ok(self.rows::<String>(query, vec![Value::Integer(report)], |row| row.get(0))?.join("; "))
        };
        Ok(Story {
            people: names(
                "SELECT name FROM actor WHERE report = ?1 AND kind = 'person' AND entity IS NOT NULL ORDER BY mentions DESC, name",
            )?,
            organizations: names(
                "SELECT name FROM actor WHERE report = ?1 AND kind <> 'person' AND entity IS NOT NULL ORDER BY mentions DESC, name",
            )?,
            locations: names("SELECT name FROM place WHERE report = ?1 ORDER BY mentions DESC, name")?,
        })
    }
}
