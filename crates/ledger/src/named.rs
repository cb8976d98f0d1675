//! Who and what is named in some reports: counted report by report, since no sums are kept for these.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

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

/// Of which of a report's numbers.
#[derive(Debug, Clone, Copy)]
enum Rolled {
    Entities,
    Spots,
}

/// A day, as days are compared: its letters, of which there are ten in all days of years from 0 to 9999, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day(u128);

impl Day {
    fn of(day: &str) -> Day {
        let mut letters = [0; 16];
        letters.iter_mut().zip(day.bytes()).for_each(|(to, from)| *to = from);
        Day(u128::from_be_bytes(letters))
    }

    fn told(self) -> String {
        self.0.to_be_bytes().into_iter().filter(|letter| *letter != 0).map(char::from).collect()
    }
}

/// Who or what is counted, by number, each with its counts.
type Tally = Vec<(u32, Counted)>;

/// What is counted of one that is named, by its number.
#[derive(Debug, Clone, Copy)]
struct Counted {
    /// Independent reports,
    prints: i64,
    /// the first of which is this, with its print,
    of_report: i64,
    of_print: i64,
    first: Option<Day>,
    last: Option<Day>,
}

/// The counts of numbers.
#[derive(Debug, Default)]
struct Counts {
    /// Where the count of a number stands: one more than that; 0 for none.
    at: Vec<u32>,
    all: Vec<(u32, Counted)>,
}

impl Counts {
    fn of(&mut self, number: u32, report: i64, print_of: i64) -> &mut Counted {
        let index = number as usize;
        if self.at.len() <= index {
            self.at.resize(index + 1, 0);
        }
        if self.at[index] == 0 {
            let new = Counted { prints: 0, of_report: report, of_print: print_of, first: None, last: None };
            self.all.push((number, new));
            self.at[index] = self.all.len() as u32;
        }
        &mut self.all[self.at[index] as usize - 1].1
    }

    /// Takes in an independent report that names it.
    fn take(&mut self, number: u32, report: i64, print_of: i64, day: Option<Day>) {
        let count = self.of(number, report, print_of);
        count.prints += 1;
        count.see(report, print_of, day);
    }

    /// Takes in reports that print what others do: their prints, numbers, days and what they name. `firsts` are the first that print a
    /// text, as far as they are counted.
    fn take_reprints(
        &mut self,
        ledger: &Ledger,
        what: Rolled,
        reprints: &[(i64, i64, Option<Day>, Vec<u8>)],
        firsts: &[i64],
        is_wanted: &impl Fn(&u32) -> bool,
    ) -> rusqlite::Result<()> {
        let column = match what {
            Rolled::Entities => "entities",
            Rolled::Spots => "spots",
        };
        let mut find = ledger.connection.prepare_cached(&format!("SELECT {column} FROM roll WHERE report = ?1"))?;
        for prints in reprints.chunk_by(|a, b| a.0 == b.0) {
            let Some((print_of, ..)) = prints.first() else { continue };
            let mut told: HashSet<u32> = HashSet::new();
            if firsts.binary_search(print_of).is_ok() {
                let first: Vec<u8> = find.query_row([print_of], |row| row.get(0))?;
                told.extend(numbers::of(&first));
            }
            for (_, report, day, names) in prints {
                for number in numbers::of(names).filter(is_wanted) {
                    match told.insert(number) {
                        true => self.take(number, *report, *print_of, *day),
                        false => self.of(number, *report, *print_of).see(*report, *print_of, *day),
                    }
                }
            }
        }
        Ok(())
    }

    /// Those that most independent reports name first, of equals the lowest number.
    fn most_first(self) -> Vec<(u32, Counted)> {
        let mut all = self.all;
        all.sort_unstable_by_key(|(number, count)| (Reverse(count.prints), *number));
        all
    }
}

impl Counted {
    fn see(&mut self, report: i64, print_of: i64, day: Option<Day>) {
        if (print_of, report) < (self.of_print, self.of_report) {
            (self.of_print, self.of_report) = (print_of, report);
        }
        self.first = self.first.into_iter().chain(day).min();
        self.last = self.last.max(day);
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
        let query = format!("SELECT entity.key FROM entity WHERE {}", conditions.sql());
        let counts: Vec<(i64, i64, Option<Day>, Option<Day>)> = match self.past {
            true => {
                // What was current once may be so no longer.
                let wanted: HashSet<i64> =
                    self.rows(&query, conditions.values.clone(), |row| row.get(0))?.into_iter().collect();
                let counts = self.counted_in_rows(&self.some_reports(filter)?, &wanted)?;
                let day = |day: Option<String>| day.as_deref().map(Day::of);
                let tell = |(entity, count): (i64, Count)| (entity, count.prints, day(count.first), day(count.last));
                counts.into_iter().map(tell).collect()
            }
            false => {
                let wanted = match narrow {
                    true => Some(self.with_keys(&query, conditions.values.clone())?),
                    false => None,
                };
                let (counts, _) = self.counted_on_roll(filter, Rolled::Entities, wanted)?;
                let tell = |(entity, count): (u32, Counted)| (entity.into(), count.prints, count.first, count.last);
                counts.into_iter().map(tell).collect()
            }
        };
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
        for (key, prints, first, last) in counts {
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
                    reports: prints,
                    statements: row.get(4)?,
                    events: row.get(5)?,
                    first: first.map(Day::told),
                    last: last.map(Day::told),
                })
            })?);
        }
        Ok(answers)
    }

    /// How many independent reports name each entity, by the actors of the reports: those that most name first.
    fn counted_in_rows(&self, reports: &[Report], wanted: &HashSet<i64>) -> Result<Vec<(i64, Count)>, LedgerError> {
        let count = || -> rusqlite::Result<HashMap<i64, Count>> {
            let mut counts: HashMap<i64, Count> = HashMap::new();
            let mut read =
                self.connection.prepare_cached("SELECT entity FROM actor WHERE report = ?1 AND entity IS NOT NULL")?;
            for report in reports {
                for entity in read.query_map([report.key], |row| row.get(0))? {
                    let entity = entity?;
                    if wanted.contains(&entity) {
                        counts.entry(entity).or_default().take(report);
                    }
                }
            }
            Ok(counts)
        };
        let mut counts: Vec<(i64, Count)> = count().map_err(|e| self.fault(e))?.into_iter().collect();
        counts.sort_unstable_by_key(|(entity, count)| (Reverse(count.prints), *entity));
        Ok(counts)
    }

    /// [`Ledger::places`], for a filter that has no sums and names no place. `conditions` are on `place`.
    pub(crate) fn places_of_some(
        &self,
        filter: &Filter,
        conditions: Conditions,
    ) -> Result<Vec<PlaceAnswer>, LedgerError> {
        if !self.past {
            return self.places_on_roll(filter);
        }
        let reports = self.some_reports(filter)?;
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
    fn places_on_roll(&self, filter: &Filter) -> Result<Vec<PlaceAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        if let Some(country) = &filter.country {
            conditions.and("country = ?", [text(&self.country_code(country))]);
        }
        if let Some(kind) = &filter.kind {
            conditions.and("kind = ? COLLATE NOCASE", [text(kind)]);
        }
        let wanted = match filter.country.is_some() || filter.kind.is_some() {
            true => {
                Some(self.with_keys(&format!("SELECT key FROM spot WHERE {}", conditions.sql()), conditions.values)?)
            }
            false => None,
        };
        let (counts, mut held) = self.counted_on_roll(filter, Rolled::Spots, wanted)?;
        // As the first of the reports has it.
        let query = "SELECT place.gazetteer_id, place.name, place.kind, place.country, place.lat, place.lon, spot.place FROM spot
             JOIN placed f ON f.spot = spot.key AND f.print_of = ? AND f.report = ? JOIN place ON place.report = f.report AND place.id = f.id
             WHERE spot.key = ? ORDER BY place.id LIMIT 1";
        let mut named: Vec<(PlaceAnswer, String, u32)> = Vec::new();
        for (spot, count) in counts {
            // Places that as many reports name are in order of their names.
            if named.len() >= limit(filter) && named.last().is_some_and(|(last, ..)| last.reports != count.prints) {
                break;
            }
            let keys = [count.of_print, count.of_report, spot.into()].map(Value::Integer);
            named.extend(self.rows(query, keys.to_vec(), |row| {
                let answer = PlaceAnswer {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    kind: row.get(2)?,
                    country: row.get(3)?,
                    lat: row.get(4)?,
                    lon: row.get(5)?,
                    reports: count.prints,
                    events: 0,
                    first: count.first.map(Day::told),
                    last: count.last.map(Day::told),
                };
                Ok((answer, row.get(6)?, spot))
            })?);
        }
        named.sort_by(|(a, own, _), (b, other, _)| (b.reports, &a.name, own).cmp(&(a.reports, &b.name, other)));
        named.truncate(limit(filter));
        // How much happened at these.
        let told: HashSet<u32> = named.iter().map(|(.., spot)| *spot).collect();
        held.retain(|(spot, _)| told.contains(spot));
        held.sort_unstable();
        held.dedup();
        let happened = |spot: u32| {
            held.partition_point(|(s, _)| *s <= spot) as i64 - held.partition_point(|(s, _)| *s < spot) as i64
        };
        Ok(named.into_iter().map(|(place, _, spot)| PlaceAnswer { events: happened(spot), ..place }).collect())
    }

    /// Which numbers a query gives: true at their places.
    fn with_keys(&self, query: &str, values: Vec<Value>) -> Result<Vec<bool>, LedgerError> {
        let mut marked = Vec::new();
        for key in self.rows(query, values, |row| row.get::<_, u32>(0))? {
            let at = key as usize;
            if marked.len() <= at {
                marked.resize(at + 1, false);
            }
            marked[at] = true;
        }
        Ok(marked)
    }

    /// What is named by the reports that a filter asks for, by what is kept of each report: those that most independent reports name
    /// first, of equals the lowest number. Of places, also the happenings at each.
    fn counted_on_roll(
        &self,
        filter: &Filter,
        what: Rolled,
        wanted: Option<Vec<bool>>,
    ) -> Result<(Tally, Vec<(u32, u32)>), LedgerError> {
        let mut conditions = Conditions::default();
        // By the day, all are gone through: that is quicker than to look up each.
        for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                conditions.and(&format!("+roll.day {is} ?"), [text(day)]);
            }
        }
        let other = Filter { since: None, until: None, ..filter.clone() };
        let mut of_reports = Conditions::default();
        self.about_reports(&other, &mut of_reports, "actor")?;
        let from = match of_reports.values.is_empty() {
            true => "roll".to_string(),
            false => {
                conditions.and("report.current", []);
                conditions.and(&of_reports.sql(), of_reports.values);
                "report CROSS JOIN roll ON roll.report = report.key".to_string()
            }
        };
        let query = format!(
            "SELECT roll.report, roll.print_of, roll.day, {} FROM {from} WHERE {}",
            match what {
                Rolled::Entities => "roll.entities",
                Rolled::Spots => "roll.spots, roll.held",
            },
            conditions.sql()
        );
        let is_wanted = |number: &u32| {
            wanted.as_ref().is_none_or(|wanted| wanted.get(*number as usize).copied().unwrap_or_default())
        };
        let count = || -> rusqlite::Result<_> {
            let mut counts = Counts::default();
            let (mut held, mut reprints, mut firsts) = (Vec::new(), Vec::new(), Vec::new());
            let mut statement = self.connection.prepare_cached(&query)?;
            let mut rows = statement.query(params_from_iter(conditions.values.iter()))?;
            while let Some(row) = rows.next()? {
                let (key, print_of): (i64, i64) = (row.get(0)?, row.get(1)?);
                let day = row.get_ref(2)?.as_str_or_null()?.map(Day::of);
                let numbers = row.get_ref(3)?.as_blob()?;
                if let Rolled::Spots = what {
                    held.extend(numbers::pairs(row.get_ref(4)?.as_blob()?).filter(|(spot, _)| is_wanted(spot)));
                }
                match key == print_of {
                    // Of the first that prints a text.
                    true => {
                        firsts.push(key);
                        numbers::of(numbers).filter(is_wanted).for_each(|n| counts.take(n, key, print_of, day));
                    }
                    false => reprints.push((print_of, key, day, numbers.to_vec())),
                }
            }
            reprints.sort_unstable();
            firsts.sort_unstable();
            counts.take_reprints(self, what, &reprints, &firsts, &is_wanted)?;
            Ok((counts, held))
        };
        let (counts, held) = count().map_err(|e| self.fault(e))?;
        Ok((counts.most_first(), held))
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
