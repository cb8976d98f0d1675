//! Who and what is named in some reports: counted report by report, since no sums are kept for these.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::params;
use rusqlite::types::{Value, ValueRef};

use crate::answers::{ActorAnswer, PlaceAnswer};
use crate::error::LedgerError;
use crate::filter::{Conditions, Filter, text};
use crate::numbers;
use crate::questions::limit;
use crate::store::Ledger;

/// A report, as it is counted.
struct Report {
    key: i64,
    print_of: i64,
    day: Option<String>,
}

/// What is counted of one that is named.
#[derive(Default)]
struct Count {
    /// Independent reports.
    prints: i64,
    /// The last of them.
    print: Option<i64>,
    first: Option<String>,
    last: Option<String>,
}

impl Count {
    /// Takes in a report that names it; those that print one text come one after the other.
    fn take(&mut self, report: &Report) {
        self.prints += i64::from(self.print.replace(report.print_of) != Some(report.print_of));
        let Some(day) = &report.day else { return };
        if self.first.as_ref().is_none_or(|first| day < first) {
            self.first = Some(day.clone());
        }
        if self.last.as_ref().is_none_or(|last| day > last) {
            self.last = Some(day.clone());
        }
    }
}

/// A place, and the reports that name it, with the id that it has in each.
struct Named {
    answer: PlaceAnswer,
    count: Count,
    within: Vec<(i64, String)>,
}

impl Ledger {
    /// The reports that a filter asks for, prints of one text one after the other.
    fn some_reports(&self, filter: &Filter) -> Result<Vec<Report>, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.and("report.current", []);
        self.about_reports(filter, &mut conditions, "actor")?;
        let query = format!("SELECT report.key, report.print_of, report.day FROM report WHERE {}", conditions.sql());
        let mut reports = self.rows(&query, conditions.values, |row| {
            Ok(Report { key: row.get(0)?, print_of: row.get(1)?, day: row.get(2)? })
        })?;
        reports.sort_by_key(|report| (report.print_of, report.key));
        Ok(reports)
    }

    /// [`Ledger::actors`], for a filter that has no sums. `conditions` are on `entity`; `narrow` says whether they are more than that it
    /// is not rejected.
    pub(crate) fn actors_of_some(
        &self,
        filter: &Filter,
        conditions: Conditions,
        narrow: bool,
    ) -> Result<Vec<ActorAnswer>, LedgerError> {
        let wanted: Option<HashSet<i64>> = match narrow {
            true => {
                let query = format!("SELECT entity.key FROM entity WHERE {}", conditions.sql());
                Some(self.rows(&query, conditions.values.clone(), |row| row.get(0))?.into_iter().collect())
            }
            false => None,
        };
        let reports = self.some_reports(filter)?;
        let count = || -> rusqlite::Result<HashMap<i64, Count>> {
            let mut counts: HashMap<i64, Count> = HashMap::new();
            let mut find = self.connection.prepare_cached("SELECT entities FROM roll WHERE report = ?1")?;
            let mut read =
                self.connection.prepare_cached("SELECT entity FROM actor WHERE report = ?1 AND entity IS NOT NULL")?;
            let mut take = |entity: i64, report: &Report| {
                if wanted.as_ref().is_none_or(|wanted| wanted.contains(&entity)) {
                    counts.entry(entity).or_default().take(report);
                }
            };
            for report in &reports {
                // What was current once may be so no longer.
                let mut rows = if self.past { read.query([report.key])? } else { find.query([report.key])? };
                while let Some(row) = rows.next()? {
                    match row.get_ref(0)? {
                        ValueRef::Blob(all) => numbers::of(all).for_each(|entity| take(entity.into(), report)),
                        entity => take(entity.as_i64()?, report),
                    }
                }
            }
            Ok(counts)
        };
        let mut counts: Vec<(i64, Count)> = count().map_err(|e| self.fault(e))?.into_iter().collect();
        counts.sort_unstable_by_key(|(entity, count)| (Reverse(count.prints), *entity));
        // Of today, the rows keep the sums.
        let sums = match self.past {
            false => "entity.statements, entity.happenings",
            true => {
                "(SELECT count(*) FROM statement JOIN report ON report.key = statement.report
                   WHERE statement.entity = entity.key AND report.current AND report.key = report.print_of),
                 (SELECT count(DISTINCT event.happening) FROM participant JOIN event ON event.key = participant.event
                   JOIN report ON report.key = event.report WHERE participant.entity = entity.key AND report.current)"
            }
        };
        let query = format!(
            "SELECT entity.name, entity.kind, entity.country, entity.sectors, {sums} FROM entity WHERE entity.key = ? AND {}",
            conditions.sql()
        );
        let mut answers = Vec::new();
        for (key, count) in counts {
            if answers.len() >= limit(filter) {
                break;
            }
            let values = std::iter::once(Value::Integer(key)).chain(conditions.values.iter().cloned());
            answers.extend(self.rows(&query, values.collect(), |row| {
                Ok(ActorAnswer {
                    id: format!("E{key}"),
                    name: row.get(0)?,
                    kind: row.get(1)?,
                    country: row.get(2)?,
                    sectors: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
                    reports: count.prints,
                    statements: row.get(4)?,
                    events: row.get(5)?,
                    first: count.first.clone(),
                    last: count.last.clone(),
                })
            })?);
        }
        Ok(answers)
    }

    /// [`Ledger::places`], for a filter that has no sums and names no place. `conditions` are on `place`.
    pub(crate) fn places_of_some(
        &self,
        filter: &Filter,
        conditions: Conditions,
    ) -> Result<Vec<PlaceAnswer>, LedgerError> {
        let reports = self.some_reports(filter)?;
        if !self.past {
            return self.places_on_roll(filter, &reports);
        }
        // A place of its own is what has a gazetteer id, else a name and a country.
        let query = format!(
            "SELECT coalesce(place.gazetteer_id, place.name || '|' || coalesce(place.country, '')), place.id, place.gazetteer_id, place.name,
               place.kind, place.country, place.lat, place.lon FROM place WHERE place.report = ? AND {} ORDER BY place.id",
            conditions.sql()
        );
        let mut named: BTreeMap<String, Named> = BTreeMap::new();
        for report in &reports {
            let values = std::iter::once(Value::Integer(report.key)).chain(conditions.values.iter().cloned());
            let places = self.rows(&query, values.collect(), |row| {
                let answer = PlaceAnswer {
                    id: row.get(2)?,
                    name: row.get(3)?,
                    kind: row.get(4)?,
                    country: row.get(5)?,
                    lat: row.get(6)?,
                    lon: row.get(7)?,
                    reports: 0,
                    events: 0,
                    first: None,
                    last: None,
                };
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, answer))
            })?;
            for (key, id, answer) in places {
                let new = || Named { answer, count: Count::default(), within: Vec::new() };
                let place = named.entry(key).or_insert_with(new);
                place.count.take(report);
                place.within.push((report.key, id));
            }
        }
        let mut named: Vec<Named> = named.into_values().collect();
        named.sort_by(|a, b| (b.count.prints, &a.answer.name).cmp(&(a.count.prints, &b.answer.name)));
        named.truncate(limit(filter));
        named.into_iter().map(|place| self.counted_place(place).map_err(|e| self.fault(e))).collect()
    }

    /// The places that reports name, by what is kept of each report.
    fn places_on_roll(&self, filter: &Filter, reports: &[Report]) -> Result<Vec<PlaceAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        if let Some(country) = &filter.country {
            conditions.and("country = ?", [text(&self.country_code(country))]);
        }
        if let Some(kind) = &filter.kind {
            conditions.and("kind = ? COLLATE NOCASE", [text(kind)]);
        }
        let wanted: Option<HashSet<u32>> = match filter.country.is_some() || filter.kind.is_some() {
            true => {
                let query = format!("SELECT key FROM spot WHERE {}", conditions.sql());
                Some(self.rows(&query, conditions.values, |row| row.get(0))?.into_iter().collect())
            }
            false => None,
        };
        let is_wanted = |spot: &u32| wanted.as_ref().is_none_or(|wanted| wanted.contains(spot));
        type Counts<'r> = HashMap<u32, (Count, &'r Report)>;
        let count = || -> rusqlite::Result<(Counts, HashMap<u32, HashSet<u32>>)> {
            let (mut counts, mut happened) = (Counts::new(), HashMap::<u32, HashSet<u32>>::new());
            let mut find = self.connection.prepare_cached("SELECT spots, held FROM roll WHERE report = ?1")?;
            for report in reports {
                let mut rows = find.query([report.key])?;
                while let Some(row) = rows.next()? {
                    for spot in numbers::of(row.get_ref(0)?.as_blob()?).filter(is_wanted) {
                        counts.entry(spot).or_insert_with(|| (Count::default(), report)).0.take(report);
                    }
                    for (spot, happening) in numbers::pairs(row.get_ref(1)?.as_blob()?) {
                        if is_wanted(&spot) {
                            happened.entry(spot).or_default().insert(happening);
                        }
                    }
                }
            }
            Ok((counts, happened))
        };
        let (counts, happened) = count().map_err(|e| self.fault(e))?;
        let mut counts: Vec<(u32, (Count, &Report))> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(spot, (count, _))| (Reverse(count.prints), *spot));
        // As the first of the reports has it.
        let query = "SELECT place.gazetteer_id, place.name, place.kind, place.country, place.lat, place.lon, spot.place FROM spot
             JOIN placed f ON f.spot = spot.key AND f.print_of = ? AND f.report = ? JOIN place ON place.report = f.report AND place.id = f.id
             WHERE spot.key = ? ORDER BY place.id LIMIT 1";
        let mut named: Vec<(PlaceAnswer, String)> = Vec::new();
        for (spot, (count, first)) in counts {
            // Places that as many reports name are in order of their names.
            if named.len() >= limit(filter) && named.last().is_some_and(|(last, _)| last.reports != count.prints) {
                break;
            }
            let keys = [first.print_of, first.key, spot.into()].map(Value::Integer);
            let events = happened.get(&spot).map_or(0, HashSet::len) as i64;
            named.extend(self.rows(query, keys.to_vec(), |row| {
                let answer = PlaceAnswer {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    kind: row.get(2)?,
                    country: row.get(3)?,
                    lat: row.get(4)?,
                    lon: row.get(5)?,
                    reports: count.prints,
                    events,
                    first: count.first.clone(),
                    last: count.last.clone(),
                };
                Ok((answer, row.get(6)?))
            })?);
        }
        named.sort_by(|(a, own), (b, other)| (b.reports, &a.name, own).cmp(&(a.reports, &b.name, other)));
        named.truncate(limit(filter));
        Ok(named.into_iter().map(|(place, _)| place).collect())
    }

    fn counted_place(&self, place: Named) -> rusqlite::Result<PlaceAnswer> {
        let mut find =
            self.connection.prepare_cached("SELECT happening FROM event WHERE report = ?1 AND place = ?2")?;
        let mut happenings: HashSet<i64> = HashSet::new();
        for (report, id) in &place.within {
            let mut rows = find.query(params![report, id])?;
            while let Some(row) = rows.next()? {
                happenings.insert(row.get(0)?);
            }
        }
        let Count { prints, first, last, .. } = place.count;
        Ok(PlaceAnswer { reports: prints, events: happenings.len() as i64, first, last, ..place.answer })
    }
}
