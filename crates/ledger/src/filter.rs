//! What a question is about.

use annalist_identity::words;
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

/// What rows are filtered by: conditions, and the values that stand in them.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    text: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition in which each `?` stands for one of the values, in order.
    pub(crate) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push(format!("({condition})"));
        self.values.extend(values);
    }

    pub(crate) fn sql(&self) -> String {
        match self.text.is_empty() {
            true => "1".to_string(),
            false => self.text.join(" AND "),
        }
    }
}

pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_string())
}

/// Words as the index of words is asked for all of them; `None` if there are none.
pub(crate) fn all_words(of: &str) -> Option<String> {
    let quoted: Vec<String> = words(of).map(|word| format!("\"{word}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

/// What is asked about: which table holds it and how it tells who, when, where and in which words.
pub(crate) struct Subject {
    /// The table; joined with `report`.
    pub(crate) table: &'static str,
    /// The condition that somebody of the entities, or an actor of the name, is in it; `{entities}` is a list, `?` the name.
    pub(crate) actor: &'static str,
    /// The condition that its actor is of a country.
    pub(crate) country: &'static str,
    /// The condition that it is at a place `p` of which `{where}` holds.
    pub(crate) place: &'static str,
    /// The column with its words.
    pub(crate) words: &'static str,
    /// The column with its type.
    pub(crate) kind: &'static str,
}

pub(crate) const EVENTS: Subject = Subject {
    table: "event",
    actor: "event.key IN (SELECT event FROM participant WHERE entity IN ({entities}) UNION
            SELECT q.event FROM actor a JOIN event e ON e.report = a.report JOIN participant q ON q.event = e.key AND q.actor = a.id
            WHERE a.name = ? COLLATE NOCASE)",
    country: "event.key IN (SELECT q.event FROM participant q JOIN entity e ON e.key = q.entity WHERE e.country = ?)",
    place: "event.key IN (SELECT o.key FROM place p CROSS JOIN event o ON o.report = p.report AND o.place = p.id WHERE {where})",
    words: "event.evidence",
    kind: "event.type",
};

pub(crate) const STATEMENTS: Subject = Subject {
    table: "statement",
    actor: "statement.key IN (SELECT key FROM statement WHERE entity IN ({entities}) UNION
            SELECT s.key FROM actor a JOIN statement s ON s.report = a.report AND s.speaker = a.id WHERE a.name = ? COLLATE NOCASE)",
    country: "statement.entity IN (SELECT key FROM entity WHERE country = ?)",
    place: "statement.key IN (SELECT o.key FROM place p CROSS JOIN statement o ON o.report = p.report WHERE {where})",
    words: "statement.content",
    kind: "statement.act",
};

pub(crate) const COMMITMENTS: Subject = Subject {
    table: "commitment",
    actor: "commitment.key IN (SELECT key FROM commitment WHERE by_entity IN ({entities}) UNION
            SELECT c.key FROM actor a JOIN commitment c ON c.report = a.report AND c.by = a.id WHERE a.name = ? COLLATE NOCASE)",
    country: "commitment.by_entity IN (SELECT key FROM entity WHERE country = ?)",
    place: "commitment.key IN (SELECT o.key FROM place p CROSS JOIN commitment o ON o.report = p.report WHERE {where})",
    words: "commitment.what",
    kind: "commitment.kind",
};

pub(crate) const CHANGES: Subject = Subject {
    table: "change",
    actor: "change.entity IN ({entities})
            OR EXISTS (SELECT 1 FROM actor a WHERE a.report = change.report AND a.id = change.who AND a.name = ? COLLATE NOCASE)",
    country: "change.entity IN (SELECT key FROM entity WHERE country = ?)",
    place: "change.report IN (SELECT p.report FROM place p WHERE {where})",
    words: "change.about || ' ' || change.before_words || ' ' || change.after_words",
    kind: "'change'",
};

impl Ledger {
    /// The conditions of a filter on rows of a subject.
    pub(crate) fn conditions(&self, filter: &Filter, on: &Subject) -> Result<Conditions, LedgerError> {
        let mut all = Conditions::default();
        let table = on.table;
        all.and("report.current", []);
        if let Some(name) = &filter.actor {
            let entities: Vec<String> = self.entities_named(name)?.iter().map(i64::to_string).collect();
            all.and(&on.actor.replace("{entities}", &entities.join(", ")), [text(name)]);
        }
        if let Some(country) = &filter.country {
            let code = self.country_code(country);
            let place = on.place.replace("{where}", "p.country = ?");
            // A statement or commitment is of a country by who makes it; an event also by where it is.
            match table {
                "event" => all.and(&format!("{} OR {place}", on.country), [text(&code), text(&code)]),
                _ => all.and(on.country, [text(&code)]),
            }
        }
        if let Some(place) = &filter.place {
            match filter.within.zip(self.coordinates(place)?) {
                Some((within, (lat, lon))) => {
                    // Degrees are never longer than 111.3 km: a box first, then the circle.
                    let high = within / 110.0;
                    let near =
                        on.place.replace("{where}", "p.lat BETWEEN ? AND ? AND kilometres(p.lat, p.lon, ?, ?) <= ?");
                    let values = [lat - high, lat + high, lat, lon, within];
                    all.and(&near, values.map(Value::Real));
                }
                None => {
                    let named = on.place.replace("{where}", "p.name = ? COLLATE NOCASE OR p.gazetteer_id = ?");
                    all.and(&named, [text(place), text(place)]);
                }
            }
        }
        if let Some(kind) = &filter.kind {
            all.and(&format!("{} = ? COLLATE NOCASE", on.kind), [text(kind)]);
        }
        if let Some(since) = &filter.since {
            all.and(&format!("{table}.day >= ?"), [text(since)]);
        }
        if let Some(until) = &filter.until {
            all.and(&format!("{table}.day <= ?"), [text(until)]);
        }
        if let Some(outlet) = &filter.outlet {
            all.and("report.outlet = ? COLLATE NOCASE", [text(outlet)]);
        }
        if let Some(moment) = &filter.new_since {
            all.and("report.added >= ?", [text(moment)]);
        }
        if let Some(status) = filter.status.as_ref().filter(|_| table == "event") {
            all.and("event.status = ? COLLATE NOCASE", [text(status)]);
        }
        if let Some(wanted) = &filter.words {
            let Some(quoted) = all_words(wanted) else { return Err(LedgerError::NoWords { words: wanted.clone() }) };
            match table {
                "statement" => all.and(
                    "statement.key IN (SELECT rowid FROM statement_words WHERE statement_words MATCH ?)",
                    [text(&quoted)],
                ),
                _ => {
                    let in_report =
                        format!("{table}.report IN (SELECT rowid FROM report_words WHERE report_words MATCH ?)");
                    all.and(&in_report, [text(&quoted)]);
                    // The index knows the words of a report; those of a sentence are looked at.
                    for word in words(wanted) {
                        all.and(&format!("{} LIKE ?", on.words), [Value::Text(format!("%{word}%"))]);
                    }
                }
            }
        }
        Ok(all)
    }

    /// The entities whose names have these words.
    pub(crate) fn entities_named(&self, name: &str) -> Result<Vec<i64>, LedgerError> {
        if let Some(key) = name.strip_prefix('E').and_then(|key| key.parse().ok()) {
            return Ok(vec![key]);
        }
        let Some(quoted) = all_words(name) else { return Err(LedgerError::NoWords { words: name.to_string() }) };
        let find = || -> rusqlite::Result<Vec<i64>> {
            // Who is somebody else by an analyst's word is found by both names.
            let query = "SELECT DISTINCT coalesce(entity.merged_into, entity.key) FROM entity_words
                         JOIN entity ON entity.key = entity_words.rowid WHERE entity_words MATCH ?1 LIMIT 500";
            self.connection.prepare_cached(query)?.query_map([quoted], |row| row.get(0))?.collect()
        };
        find().map_err(|e| self.fault(e))
    }

    pub(crate) fn country_code(&self, country: &str) -> String {
        let countries = self.knowledge.countries();
        let found = countries.get(&country.to_uppercase()).or_else(|| countries.named(country));
        found.map_or_else(|| country.to_string(), |c| c.iso3.to_string())
    }

    /// Where a place is, as most mentions of it in the ledger have it.
    fn coordinates(&self, place: &str) -> Result<Option<(f64, f64)>, LedgerError> {
        let query =
            "SELECT lat, lon FROM place WHERE (name = ?1 COLLATE NOCASE OR gazetteer_id = ?1) AND lat IS NOT NULL
                     GROUP BY lat, lon ORDER BY count(*) DESC, lat, lon LIMIT 1";
        let found = self.connection.query_row(query, [place], |row| Ok((row.get(0)?, row.get(1)?)));
        match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            found => found.map(Some).map_err(|e| self.fault(e)),
        }
    }
}
