//! What a question is about.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use annalist_identity::{Name, words};
use rusqlite::types::Value;

use crate::error::LedgerError;
use crate::store::Ledger;

/// What a question is about; what is `None` does not matter. All that is given must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Words of the name of somebody who speaks, takes part or is bound.
    pub actor: Option<String>,
    /// A country, by name or ISO 3166-1 code: of an actor, or of the place.
    pub country: Option<String>,
    /// A place, by name or gazetteer id.
    pub place: Option<String>,
    /// Around that place, so many kilometres.
    pub within: Option<f64>,
    /// The PLOVER type of an event, the act of a statement, or the kind of a commitment or actor.
    pub kind: Option<String>,
    /// The first day, as YYYY-MM-DD.
    pub since: Option<String>,
    /// The last.
    pub until: Option<String>,
    /// Who published the report.
    pub outlet: Option<String>,
    /// The status of an event, the outcome of a commitment or of what is due.
    pub status: Option<String>,
    /// Words that the report has, and the sentence or statement too.
    pub words: Option<String>,
    /// Only what came into the ledger at this moment or later: UTC, ISO 8601.
    pub new_since: Option<String>,
    /// At most so many rows.
    pub limit: Option<usize>,
}

/// A place `p` has a name, or a gazetteer id. Looked for one by one: for both at once, the planner of queries goes through all places.
const PLACE_NAMED: [&str; 2] = ["p.name = ?1 COLLATE NOCASE", "p.gazetteer_id = ?1"];

/// Rows that answer to a condition are found first if there are no more of them than this,
pub(crate) const FEW_ROWS: usize = 10_000;
/// or if they are in no more reports than this.
const FEW_REPORTS: usize = 500;
/// Where there are no more reports than this, a row is asked whether it is in one of them; otherwise its report is asked.
const SOME_REPORTS: usize = 10_000;

/// What rows are filtered by: conditions, and the values that stand in them.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    text: Vec<String>,
    pub(crate) values: Vec<Value>,
    /// Whether rows that answer to one of them were found first.
    pub(crate) narrow: bool,
    /// Whether there is one that more rows answer to than were to be found first.
    pub(crate) wide: bool,
    /// The rows that answer to those of which no more were found first, in order of time; `None` if there is none of these.
    pub(crate) found: Option<Arc<Vec<Dated>>>,
}

impl Conditions {
    /// Adds a condition in which each `?` stands for one of the values, in order.
    pub(crate) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push(format!("({condition})"));
        self.values.extend(values);
    }

    /// Adds a condition in which `?1` stands for the first of the values, and so on, as often as they stand there.
    fn numbered(&mut self, condition: &str, values: &[Value]) {
        let mut parts = condition.split('?');
        let mut text = parts.next().unwrap_or_default().to_string();
        for part in parts {
            let (number, rest) = part.split_at(part.len().min(1));
            let value = number.parse::<usize>().ok().and_then(|n| values.get(n.checked_sub(1)?));
            self.values.push(value.cloned().unwrap_or(Value::Null));
            text.push('?');
            text.push_str(rest);
        }
        self.text.push(format!("({text})"));
    }

    /// Adds the condition that a column holds one of some keys.
    pub(crate) fn among(&mut self, column: &str, keys: &[i64]) {
        let keys = keys.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        self.and(&format!("{column} IN (SELECT value FROM json_each(?))"), [Value::Text(format!("[{keys}]"))]);
    }

    /// The condition that a column holds one of some keys, alone.
    pub(crate) fn of_keys(column: &str, keys: &[i64]) -> Conditions {
        let mut all = Conditions::default();
        all.among(column, keys);
        all
    }

    pub(crate) fn sql(&self) -> String {
        match self.text.is_empty() {
            true => "1".to_string(),
            false => self.text.join(" AND "),
        }
    }
}

/// What was found of conditions; `None` if it is not kept.
pub(crate) type Found = RefCell<Option<Kept>>;

/// What was found, by the query.
#[derive(Default)]
pub(crate) struct Kept {
    keys: HashMap<String, Option<Vec<i64>>>,
    dated: HashMap<String, Known>,
    /// Changes of position, each by its report and id.
    pub(crate) changes: HashMap<String, Vec<(i64, String)>>,
}

/// What is known of the rows that a query selects.
enum Known {
    All(Arc<Vec<Dated>>),
    /// There are more of them than this.
    MoreThan(usize),
}

/// How many letters a day has in ISO 8601.
const LETTERS: usize = 10;

/// A day as days are compared: by its letters. One that is not known is before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Day([u8; LETTERS]);

impl Day {
    pub(crate) fn of(day: &str) -> Day {
        let mut letters = [0; LETTERS];
        letters.iter_mut().zip(day.bytes()).for_each(|(letter, of)| *letter = of);
        Day(letters)
    }
}

/// The key of a row and its day, in order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dated {
    pub(crate) day: Day,
    pub(crate) key: i64,
}

pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_string())
}

/// Words as the index of words is asked for all of them; `None` if there are none.
pub(crate) fn all_words(of: &str) -> Option<String> {
    let quoted: Vec<String> = words(of).map(|word| format!("\"{word}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

/// The number of an actor of the ledger, where that is what an actor is asked for by.
fn by_number(name: &str) -> Option<i64> {
    name.strip_prefix('E')?.parse().ok()
}

/// An actor `a` of a report is nobody of the entities; whoever is, is found by these. Whom an analyst rejected takes part in nothing.
const OTHERS: &str =
    "(a.entity IS NULL OR a.entity NOT IN (SELECT key FROM entity WHERE key IN ({entities}) AND NOT rejected))";

/// A condition that few rows may answer to, in two forms.
pub(crate) struct Facet {
    /// The rows that do, found from what is asked for: selections of their keys and days, each of which may tell some again.
    rows: &'static [&'static str],
    /// Whether a row does, found from the row.
    holds: &'static str,
}

/// What is asked about: which table holds it and how it tells who, when, where and in which words.
pub(crate) struct Subject {
    /// The table; joined with `report`.
    pub(crate) table: &'static str,
    /// Somebody of the entities, or an actor of the name, is in it; `{entities}` is a list, `?1` the name, and `{others}` stands for
    /// [`OTHERS`].
    actor: Facet,
    /// Of somebody who is known by number, `{entities}`, nobody's name is asked.
    known: Facet,
    /// Its actor is of a country, or it is in it: `?1`.
    country: Facet,
    /// It is at a place `p` of which `{where}` holds.
    place: Facet,
    /// The column with its words.
    pub(crate) words: &'static str,
    /// The column with its type.
    pub(crate) kind: &'static str,
}

pub(crate) const EVENTS: Subject = Subject {
    table: "event",
    actor: Facet {
        rows: &[
            "SELECT event, day FROM participant WHERE entity IN ({entities})",
            "SELECT q.event, q.day FROM actor a CROSS JOIN participant q INDEXED BY participant_report ON q.report = a.report AND q.actor = a.id
             WHERE a.name = ?1 COLLATE NOCASE AND {others}",
        ],
        holds: "EXISTS (SELECT 1 FROM participant q WHERE q.event = event.key AND (q.entity IN ({entities})
                  OR EXISTS (SELECT 1 FROM actor a WHERE a.report = event.report AND a.id = q.actor AND a.name = ?1 COLLATE NOCASE)))",
    },
    known: Facet {
        rows: &["SELECT event, day FROM participant WHERE entity IN ({entities})"],
        // The plus has those looked at who take part in the event, not all events of somebody.
        holds: "EXISTS (SELECT 1 FROM participant q WHERE q.event = event.key AND +q.entity IN ({entities}))",
    },
    // An event is of a country by who takes part in it and by where it is.
    country: Facet {
        rows: &[
            "SELECT q.event, q.day FROM entity e CROSS JOIN participant q ON q.entity = e.key WHERE e.country = ?1",
            "SELECT o.key, o.day FROM place p CROSS JOIN event o INDEXED BY event_place ON o.report = p.report AND o.place = p.id
             WHERE p.country = ?1",
        ],
        holds: "EXISTS (SELECT 1 FROM participant q CROSS JOIN entity e ON e.key = q.entity WHERE q.event = event.key AND e.country = ?1)
                OR EXISTS (SELECT 1 FROM place p WHERE p.report = event.report AND p.id = event.place AND p.country = ?1)",
    },
    place: Facet {
        rows: &["SELECT o.key, o.day FROM place p CROSS JOIN event o INDEXED BY event_place ON o.report = p.report AND o.place = p.id
                 WHERE {where}"],
        holds: "EXISTS (SELECT 1 FROM place p WHERE p.report = event.report AND p.id = event.place AND ({where}))",
    },
    words: "event.evidence",
    kind: "event.type",
};

pub(crate) const STATEMENTS: Subject = Subject {
    table: "statement",
    actor: Facet {
        rows: &[
            "SELECT key, day FROM statement WHERE entity IN ({entities})",
            "SELECT s.key, s.day FROM actor a CROSS JOIN statement s INDEXED BY statement_speaker ON s.report = a.report AND s.speaker = a.id
             WHERE a.name = ?1 COLLATE NOCASE AND {others}",
        ],
        holds: "statement.entity IN ({entities}) OR EXISTS
                  (SELECT 1 FROM actor a WHERE a.report = statement.report AND a.id = statement.speaker AND a.name = ?1 COLLATE NOCASE)",
    },
    // An index has them in order of time.
    known: Facet { rows: &[], holds: "statement.entity IN ({entities})" },
    country: Facet {
        rows: &["SELECT s.key, s.day FROM entity e CROSS JOIN statement s ON s.entity = e.key WHERE e.country = ?1"],
        holds: "EXISTS (SELECT 1 FROM entity e WHERE e.key = statement.entity AND e.country = ?1)",
    },
    place: Facet {
        rows: &["SELECT o.key, o.day FROM place p CROSS JOIN statement o INDEXED BY statement_speaker ON o.report = p.report WHERE {where}"],
        holds: "EXISTS (SELECT 1 FROM place p WHERE p.report = statement.report AND ({where}))",
    },
    words: "statement.content",
    kind: "statement.act",
};

pub(crate) const COMMITMENTS: Subject = Subject {
    table: "commitment",
    actor: Facet {
        rows: &[
            "SELECT key, day FROM commitment WHERE by_entity IN ({entities})",
            "SELECT c.key, c.day FROM actor a CROSS JOIN commitment c ON c.report = a.report AND c.by = a.id
             WHERE a.name = ?1 COLLATE NOCASE AND {others}",
        ],
        holds: "commitment.by_entity IN ({entities}) OR EXISTS
                  (SELECT 1 FROM actor a WHERE a.report = commitment.report AND a.id = commitment.by AND a.name = ?1 COLLATE NOCASE)",
    },
    known: Facet { rows: &[], holds: "commitment.by_entity IN ({entities})" },
    country: Facet {
        rows: &["SELECT c.key, c.day FROM entity e CROSS JOIN commitment c ON c.by_entity = e.key WHERE e.country = ?1"],
        holds: "EXISTS (SELECT 1 FROM entity e WHERE e.key = commitment.by_entity AND e.country = ?1)",
    },
    place: Facet {
        rows: &["SELECT o.key, o.day FROM place p CROSS JOIN commitment o ON o.report = p.report WHERE {where}"],
        holds: "EXISTS (SELECT 1 FROM place p WHERE p.report = commitment.report AND ({where}))",
    },
    words: "commitment.what",
    kind: "commitment.kind",
};

pub(crate) const CHANGES: Subject = Subject {
    table: "change",
    // There are few changes: they are looked at one by one.
    actor: Facet {
        rows: &[],
        holds: "change.entity IN ({entities})
                OR EXISTS (SELECT 1 FROM actor a WHERE a.report = change.report AND a.id = change.who AND a.name = ?1 COLLATE NOCASE)",
    },
    known: Facet { rows: &[], holds: "change.entity IN ({entities})" },
    country: Facet { rows: &[], holds: "EXISTS (SELECT 1 FROM entity e WHERE e.key = change.entity AND e.country = ?1)" },
    place: Facet { rows: &[], holds: "EXISTS (SELECT 1 FROM place p WHERE p.report = change.report AND ({where}))" },
    words: "change.about || ' ' || change.before_words || ' ' || change.after_words",
    kind: "'change'",
};

impl Ledger {
    /// The conditions of a filter on rows of a subject.
    pub(crate) fn conditions(&self, filter: &Filter, on: &Subject) -> Result<Conditions, LedgerError> {
        self.conditions_if(filter, on, FEW_ROWS)
    }

    /// The same, where rows that answer to a condition are found first if there are no more of them than `few`.
    pub(crate) fn conditions_if(&self, filter: &Filter, on: &Subject, few: usize) -> Result<Conditions, LedgerError> {
        self.conditions_by(filter, on, Some(&format!("{}.key", on.table)), few)
    }

    /// The same; `key` is the column in which keys that were found first are looked for. Without one, they are no condition but kept with
    /// their days, if these are of the filter's time.
    pub(crate) fn conditions_by(
        &self,
        filter: &Filter,
        on: &Subject,
        key: Option<&str>,
        few: usize,
    ) -> Result<Conditions, LedgerError> {
        let mut all = Conditions::default();
        let table = on.table;
        all.and("report.current", []);
        // The rows of a facet in which a hole is filled in one way or another, and whether a row is one in any of the ways.
        let mut narrow = |facet: &Facet, hole: &str, ways: &[&str], values: Vec<Value>| {
            let of = |rows: &&str| {
                let rows = rows.replace("{others}", OTHERS);
                ways.iter().map(|way| rows.replace(hole, way)).collect::<Vec<_>>()
            };
            let rows: Vec<String> = facet.rows.iter().flat_map(of).collect();
            let holds = facet.holds.replace(hole, &ways.join(" OR "));
            match key {
                Some(key) => self.narrow_keys(&mut all, key, &rows, &holds, values, few),
                None => self.narrow_dated(&mut all, filter, &rows, &holds, values, few),
            }
        };
        if let Some(name) = &filter.actor {
            let entities: Vec<String> = self.entities_named(name)?.iter().map(i64::to_string).collect();
            match by_number(name) {
                Some(_) => narrow(&on.known, "{entities}", &[&entities.join(", ")], Vec::new())?,
                None => narrow(&on.actor, "{entities}", &[&entities.join(", ")], vec![text(name)])?,
            }
        }
        if let Some(country) = &filter.country {
            narrow(&on.country, "{}", &[""], vec![text(&self.country_code(country))])?;
        }
        if let Some(place) = &filter.place {
            let around = match filter.within {
                Some(within) => self.coordinates(place)?.map(|at| (within, at)),
                None => None,
            };
            match around {
                Some((within, (lat, lon))) => {
                    // Degrees are never longer than 111.3 km: a box first, then the circle. Meridians come together towards the poles.
                    let high = within / 110.0;
                    let wide = match (lat.abs() + high).min(90.0).to_radians().cos() {
                        narrow if narrow > 0.01 => high / narrow,
                        _ => 360.0,
                    };
                    // Beyond the line where the degrees begin again, there is no box.
                    let wide = if lon.abs() + wide > 180.0 { 540.0 } else { wide };
                    let near = "p.lat BETWEEN ?1 AND ?2 AND p.lon BETWEEN ?6 AND ?7 AND kilometres(p.lat, p.lon, ?3, ?4) <= ?5";
                    let values = [lat - high, lat + high, lat, lon, within, lon - wide, lon + wide].map(Value::Real);
                    narrow(&on.place, "{where}", &[near], values.to_vec())?;
                }
                None => narrow(&on.place, "{where}", &PLACE_NAMED, vec![text(place)])?,
            }
        }
        if let Some(kind) = &filter.kind {
            // Types of events are in capitals, the others are not.
            match table {
                "event" => all.and(&format!("{} = ?", on.kind), [Value::Text(kind.to_uppercase())]),
                _ => all.and(&format!("{} = ? COLLATE NOCASE", on.kind), [text(kind)]),
            }
        }
        if let Some(since) = &filter.since {
            all.and(&format!("{table}.day >= ?"), [text(since)]);
        }
        if let Some(until) = &filter.until {
            all.and(&format!("{table}.day <= ?"), [text(until)]);
        }
        if let Some(outlet) = &filter.outlet {
            let of = "SELECT key FROM report WHERE outlet = ? COLLATE NOCASE AND current";
            self.narrow_reports(&mut all, table, of, "+report.outlet = ? COLLATE NOCASE", outlet)?;
        }
        if let Some(moment) = &filter.new_since {
            let of = "SELECT key FROM report WHERE added >= ?";
            self.narrow_reports(&mut all, table, of, "+report.added >= ?", moment)?;
        }
        if let Some(status) = filter.status.as_ref().filter(|_| table == "event") {
            all.and("event.status = ? COLLATE NOCASE", [text(status)]);
        }
        if let Some(wanted) = &filter.words {
            let Some(quoted) = all_words(wanted) else { return Err(LedgerError::NoWords { words: wanted.clone() }) };
            match table {
                "statement" => {
                    let having = "SELECT rowid FROM statement_words WHERE statement_words MATCH ?";
                    let few = self.keys(having, vec![text(&quoted)], FEW_ROWS)?;
                    match few {
                        Some(keys) => {
                            all.among("statement.key", &keys);
                            all.narrow = true;
                        }
                        None => all.and(&format!("+statement.key IN ({having})"), [text(&quoted)]),
                    }
                }
                _ => {
                    let having = "SELECT rowid FROM report_words WHERE report_words MATCH ?";
                    let holds = format!("+{table}.report IN ({having})");
                    self.narrow_reports(&mut all, table, having, &holds, &quoted)?;
                    // The index knows the words of a report; those of a sentence are looked at.
                    for word in words(wanted) {
                        all.and(&format!("{} LIKE ?", on.words), [Value::Text(format!("%{word}%"))]);
                    }
                }
            }
        }
        Ok(all)
    }

    /// Adds a condition. Where no more than `few` rows answer to it, they are found first; where more do, rows are looked at in their
    /// order, and the first are soon found. `rows` select the former, `holds` tells the latter; in both, `?1`, `?2`, … are the values.
    /// `column` holds the keys.
    pub(crate) fn narrow_keys(
        &self,
        all: &mut Conditions,
        column: &str,
        rows: &[String],
        holds: &str,
        values: Vec<Value>,
        few: usize,
    ) -> Result<(), LedgerError> {
        if !rows.is_empty()
            && let Some(keys) = self.keys(&rows.join(" UNION ALL "), values.clone(), few)?
        {
            all.among(column, &keys);
            all.narrow = true;
        } else {
            all.numbered(holds, &values);
            // What cannot be found first is found in the order of an index.
            all.wide |= !rows.is_empty();
        }
        Ok(())
    }

    /// The same, of rows that are selected with their days: where no more than `few` of the filter's time answer, they are kept.
    pub(crate) fn narrow_dated(
        &self,
        all: &mut Conditions,
        filter: &Filter,
        rows: &[String],
        holds: &str,
        values: Vec<Value>,
        few: usize,
    ) -> Result<(), LedgerError> {
        let dated = match rows.is_empty() {
            true => None,
            false => self.dated(filter, rows, values.clone(), few)?,
        };
        match dated {
            Some(dated) => {
                all.found = Some(match all.found.take() {
                    Some(found) => {
                        Arc::new(found.iter().filter(|one| dated.binary_search(one).is_ok()).copied().collect())
                    }
                    None => dated,
                })
            }
            None => {
                all.numbered(holds, &values);
                all.wide |= !rows.is_empty();
            }
        }
        Ok(())
    }

    /// The rows of the filter's time that some queries select, each once, in order of time; `None` if they give more than `few`.
    fn dated(
        &self,
        filter: &Filter,
        rows: &[String],
        mut values: Vec<Value>,
        few: usize,
    ) -> Result<Option<Arc<Vec<Dated>>>, LedgerError> {
        let mut within = String::new();
        for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                values.push(text(day));
                let and = if within.is_empty() { "WHERE" } else { "AND" };
                within.push_str(&format!(" {and} day {is} ?{}", values.len()));
            }
        }
        let of_time = |rows: &String| match within.is_empty() {
            true => rows.clone(),
            false => format!("SELECT * FROM ({rows}){within}"),
        };
        let query = rows.iter().map(of_time).collect::<Vec<_>>().join(" UNION ALL ");
        let asked = self.found.borrow().is_some().then(|| format!("{query} {values:?}"));
        if let Some(asked) = &asked
            && let Some(known) = self.found.borrow().as_ref().and_then(|found| found.dated.get(asked))
        {
            match known {
                Known::All(dated) => return Ok(Some(Arc::clone(dated))),
                Known::MoreThan(many) if *many >= few => return Ok(None),
                Known::MoreThan(_) => {}
            }
        }
        let query = format!("SELECT * FROM ({query}) LIMIT {}", few.saturating_add(1));
        let mut dated: Vec<Dated> = self.rows(&query, values, |row| {
            let day = row.get_ref(1)?.as_str_or_null()?.map(Day::of).unwrap_or_default();
            Ok(Dated { day, key: row.get(0)? })
        })?;
        let dated = match dated.len() <= few {
            true => {
                dated.sort_unstable();
                dated.dedup();
                Some(Arc::new(dated))
            }
            false => None,
        };
        if let (Some(asked), Some(found)) = (asked, self.found.borrow_mut().as_mut()) {
            found.dated.insert(asked, dated.clone().map_or(Known::MoreThan(few), Known::All));
        }
        Ok(dated)
    }

    /// Adds a condition on the reports of rows, if these are few in the same way; `of` selects them, and `?` is the value in all forms.
    fn narrow_reports(
        &self,
        all: &mut Conditions,
        table: &str,
        of: &str,
        holds: &str,
        value: &str,
    ) -> Result<(), LedgerError> {
        match self.keys(of, vec![text(value)], SOME_REPORTS)? {
            Some(keys) if keys.len() <= FEW_REPORTS => {
                all.among(&format!("{table}.report"), &keys);
                all.narrow = true;
            }
            Some(_) => all.and(&format!("+{table}.report IN ({of})"), [text(value)]),
            None => all.and(holds, [text(value)]),
        }
        Ok(())
    }

    /// The keys that a query selects, each once; `None` if it gives more than `few`.
    pub(crate) fn keys(&self, query: &str, values: Vec<Value>, few: usize) -> Result<Option<Vec<i64>>, LedgerError> {
        let query = format!("SELECT * FROM ({query}) LIMIT {}", few + 1);
        let asked = self.found.borrow().is_some().then(|| format!("{query} {values:?}"));
        if let Some(asked) = &asked
            && let Some(known) = self.found.borrow().as_ref().and_then(|found| found.keys.get(asked))
        {
            return Ok(known.clone());
        }
        let mut keys: Vec<i64> = self.rows(&query, values, |row| row.get(0))?;
        let few = keys.len() <= few;
        keys.sort_unstable();
        keys.dedup();
        let keys = few.then_some(keys);
        if let (Some(asked), Some(found)) = (asked, self.found.borrow_mut().as_mut()) {
            found.keys.insert(asked, keys.clone());
        }
        Ok(keys)
    }

    /// The entities whose names have these words, and those that bear a name of the same body: of "ISIS" also the Islamic State.
    pub(crate) fn entities_named(&self, name: &str) -> Result<Vec<i64>, LedgerError> {
        if let Some(key) = by_number(name) {
            return Ok(vec![key]);
        }
        let Some(quoted) = all_words(name) else { return Err(LedgerError::NoWords { words: name.to_string() }) };
        let find = || -> rusqlite::Result<Vec<i64>> {
            // Who is somebody else by an analyst's word is found by both names.
            let query = "SELECT DISTINCT coalesce(entity.merged_into, entity.key) FROM entity_words
                         JOIN entity ON entity.key = entity_words.rowid WHERE entity_words MATCH ?1 LIMIT 500";
            let mut found: Vec<i64> = self
                .connection
                .prepare_cached(query)?
                .query_map([quoted], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let body = self.knowledge.actors().named(name, None).and_then(|_| Name::new(name, None, self.knowledge));
            if let Some(body) = body {
                let query = "SELECT DISTINCT coalesce(merged_into, key) FROM entity WHERE name_key = ?1";
                let same = self
                    .connection
                    .prepare_cached(query)?
                    .query_map([body.key], |row| row.get(0))?
                    .collect::<Result<Vec<i64>, _>>()?;
                found.extend(same.into_iter().filter(|key| !found.contains(key)).collect::<Vec<_>>());
            }
            Ok(found)
        };
        find().map_err(|e| self.fault(e))
    }

    pub(crate) fn country_code(&self, country: &str) -> String {
        let countries = self.knowledge.countries();
        let found = countries.get(&country.to_uppercase()).or_else(|| countries.named(country));
        found.map_or_else(|| country.to_string(), |c| c.iso3.to_string())
    }

    /// Whether words are the name of a country.
    pub(crate) fn is_country(&self, words: &str) -> bool {
        self.knowledge.countries().named(words).is_some()
    }

    /// Where a place is, as most mentions of it in the ledger have it; of a place with very many, as most of the first have it.
    fn coordinates(&self, place: &str) -> Result<Option<(f64, f64)>, LedgerError> {
        let each = |by: &str| {
            format!(
                "SELECT * FROM (SELECT report, id, lat, lon FROM place WHERE {by} AND +lat IS NOT NULL LIMIT {FEW_ROWS})"
            )
        };
        let query = format!(
            "SELECT lat, lon FROM ({} UNION {}) GROUP BY lat, lon ORDER BY count(*) DESC, lat, lon LIMIT 1",
            each("name = ?1 COLLATE NOCASE"),
            each("gazetteer_id = ?1")
        );
        let found: Vec<(f64, f64)> = self.rows(&query, vec![text(place)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.into_iter().next())
    }
}
