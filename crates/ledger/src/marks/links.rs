//! What analysts decided about who and what is one across reports, as it bears on linking a report; and which numbers its items had.

use std::collections::HashMap;

use annalist_record::Record;
use rusqlite::{Connection, OptionalExtension, params};

use super::correct::Corrected;
use super::on_report;

/// With what an actor or event of a report is one, by an analyst's word.
#[derive(Debug, Clone, Default)]
struct Decision {
    /// The reports and items that it is one with.
    with: Vec<(String, String)>,
    /// Whether it is somebody or something of its own where none of these is there.
    apart: bool,
}

/// What bears on linking one report.
#[derive(Debug, Default)]
pub(crate) struct Bonds {
    decisions: HashMap<String, Decision>,
    /// The numbers that its actors' entities and its events' happenings had before it was read again.
    before: HashMap<String, i64>,
    /// The highest of these numbers: what is new gets none of them.
    highest: i64,
    /// Whether they keep them: what is the same reading as before is not linked anew.
    keeps: bool,
}

/// What is known of an actor's entity or an event's happening before it is looked for.
pub(crate) enum Bond {
    /// It is this one.
    This(i64),
    /// It is a new one, with this number if one is given.
    New(Option<i64>),
    /// Nothing: it is to be looked for, and has this number if it turns out to be new.
    Open(Option<i64>),
}

impl Bonds {
    /// The numbers that the items of a report have.
    pub(crate) fn of(connection: &Connection, report: i64, keeps: bool) -> rusqlite::Result<Bonds> {
        let (mut before, mut highest) = (HashMap::new(), 0);
        for query in [
            "SELECT id, entity FROM actor WHERE report = ?1 AND entity IS NOT NULL",
            "SELECT id, happening FROM event WHERE report = ?1",
        ] {
            let mut find = connection.prepare_cached(query)?;
            for row in find.query_map([report], |row| Ok((row.get(0)?, row.get(1)?)))? {
                let (id, number): (String, i64) = row?;
                highest = highest.max(number);
                before.insert(id, number);
            }
        }
        Ok(Bonds { decisions: HashMap::new(), before, highest, keeps })
    }

    /// The number of a new entity or happening that is given none: `None` if any will do.
    pub(crate) fn next(&self, connection: &Connection, table: &str) -> rusqlite::Result<Option<i64>> {
        if self.highest == 0 {
            return Ok(None);
        }
        let query = format!("SELECT max(coalesce(max(key), 0), ?1) + 1 FROM {table}");
        connection.prepare_cached(&query)?.query_row([self.highest], |row| row.get(0)).map(Some)
    }

    /// Forgets the numbers of some items, so that they are linked anew.
    pub(crate) fn loosen<'i>(&mut self, items: impl IntoIterator<Item = &'i str>) {
        items.into_iter().for_each(|item| {
            self.before.remove(item);
        });
    }

    /// Takes in what analysts decided of a report's items.
    pub(crate) fn decide(&mut self, connection: &Connection, report: &str) -> rusqlite::Result<()> {
        // What is one with another, the other is one with, as long as nothing else was said of it since.
        let query = "SELECT report, coalesce(hangs, item), other_report, other_item, verdict, key =
                       (SELECT max(m.key) FROM mark m WHERE m.report = mark.report AND m.item = mark.item AND m.kind = mark.kind
                        AND m.verdict IN ('merge', 'split'))
                     FROM mark WHERE kind IN ('actors', 'events') AND verdict IN ('merge', 'split')
                       AND (report = ?1 OR other_report = ?1) ORDER BY key";
        type Found = (String, String, Option<String>, Option<String>, String, bool);
        let mut find = connection.prepare_cached(query)?;
        let found: Vec<Found> = find
            .query_map([report], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        for (of, item, other_report, other_item, verdict, newest) in &found {
            if of == report && *newest {
                let with = other_report.clone().zip(other_item.clone()).into_iter().collect();
                self.decisions.insert(item.clone(), Decision { with, apart: verdict == "split" });
            }
            if let (true, true, Some(other_item)) = (*newest, other_report.as_deref() == Some(report), other_item) {
                let with = (of.clone(), item.clone());
                self.decisions.entry(other_item.clone()).or_default().with.push(with);
            }
        }
        Ok(())
    }

    /// What is known of an actor's entity.
    pub(crate) fn entity(&self, connection: &Connection, actor: &str) -> rusqlite::Result<Bond> {
        let entity = "SELECT actor.entity FROM actor JOIN report ON report.key = actor.report
                      WHERE report.id = ?1 AND report.current AND actor.id = ?2 AND actor.entity IS NOT NULL";
        self.bond(connection, actor, entity, "SELECT 1 FROM entity WHERE key = ?1")
    }

    /// What is known of an event's happening.
    pub(crate) fn happening(&self, connection: &Connection, event: &str) -> rusqlite::Result<Bond> {
        let happening = "SELECT event.happening FROM event JOIN report ON report.key = event.report
                         WHERE report.id = ?1 AND report.current AND event.id = ?2";
        self.bond(connection, event, happening, "SELECT 1 FROM happening WHERE key = ?1")
    }

    fn bond(&self, connection: &Connection, item: &str, number: &str, there: &str) -> rusqlite::Result<Bond> {
        let before = self.before.get(item).copied();
        let there = |key: i64| connection.prepare_cached(there)?.exists([key]);
        let decision = self.decisions.get(item);
        for (report, other) in decision.iter().flat_map(|d| &d.with) {
            let found =
                connection.prepare_cached(number)?.query_row(params![report, other], |row| row.get(0)).optional()?;
            if let Some(found) = found {
                return Ok(Bond::This(found));
            }
        }
        // A number that was given back may have gone to another since, unless it is this report's still.
        let free = |key: i64| Ok::<_, rusqlite::Error>(if there(key)? { None } else { Some(key) });
        match before {
            Some(key) if self.keeps || decision.is_some_and(|d| d.apart) => match there(key)? {
                true => Ok(Bond::This(key)),
                false => Ok(Bond::New(Some(key))),
            },
            Some(key) if decision.is_none() => Ok(Bond::Open(free(key)?)),
            before if decision.is_some_and(|d| d.apart) => Ok(Bond::New(before.map(free).transpose()?.flatten())),
            before => Ok(Bond::Open(before.map(free).transpose()?.flatten())),
        }
    }
}

/// A report's record as marks correct it; `None` if there are none. Notes on which items the marks hang now.
pub(crate) fn corrected(connection: &Connection, report: i64, record: &Record) -> rusqlite::Result<Option<Record>> {
    let marks = on_report(connection, &record.report.id)?;
    if marks.is_empty() {
        return Ok(None);
    }
    let corrected = Corrected::new(record, &marks);
    let current = "SELECT current FROM report WHERE key = ?1";
    if connection.prepare_cached(current)?.query_row([report], |row| row.get(0))? {
        let mut hang = connection.prepare_cached("UPDATE mark SET hangs = ?2 WHERE key = ?1 AND hangs IS NOT ?2")?;
        for mark in marks.iter().filter(|mark| mark.item.is_some()) {
            hang.execute(params![mark.key, corrected.hangs.get(&mark.key)])?;
        }
    }
    Ok(corrected.record())
}

/// The entity that an entity is by an analyst's word: itself, mostly.
pub(crate) fn canonical(connection: &Connection, entity: i64) -> rusqlite::Result<i64> {
    let query = "SELECT merged_into FROM entity WHERE key = ?1";
    let into: Option<Option<i64>> =
        connection.prepare_cached(query)?.query_row([entity], |row| row.get(0)).optional()?;
    Ok(into.flatten().unwrap_or(entity))
}

/// Gives whatever refers to an actor of an entity that entity, or none if it is rejected.
pub(crate) fn spread(connection: &Connection, entity: i64) -> rusqlite::Result<()> {
    for (table, column, actor) in [
        ("statement", "entity", "speaker"),
        ("commitment", "by_entity", "by"),
        ("commitment", "to_entity", "recipient"),
        ("change", "entity", "who"),
    ] {
        let update = format!(
            "UPDATE {table} SET {column} = (SELECT CASE WHEN e.rejected THEN NULL ELSE e.key END FROM entity e WHERE e.key = ?1)
             WHERE rowid IN (SELECT t.rowid FROM actor a JOIN {table} t ON t.report = a.report AND t.{actor} = a.id WHERE a.entity = ?1)"
        );
        // `change` has no rowid of its own.
        let update = match table {
            "change" => "UPDATE change SET entity = (SELECT CASE WHEN e.rejected THEN NULL ELSE e.key END FROM entity e WHERE e.key = ?1)
                 WHERE EXISTS (SELECT 1 FROM actor a WHERE a.report = change.report AND a.id = change.who AND a.entity = ?1)
                   AND change.report IN (SELECT report FROM actor WHERE entity = ?1)"
                .to_string(),
            _ => update,
        };
        connection.prepare_cached(&update)?.execute([entity])?;
    }
    let parts = "UPDATE participant SET entity = (SELECT CASE WHEN e.rejected THEN NULL ELSE e.key END FROM entity e WHERE e.key = ?1)
                 WHERE event IN (SELECT ev.key FROM actor a JOIN event ev ON ev.report = a.report WHERE a.entity = ?1)
                   AND EXISTS (SELECT 1 FROM event ev JOIN actor a ON a.report = ev.report
                               WHERE ev.key = participant.event AND a.id = participant.actor AND a.entity = ?1)";
    connection.prepare_cached(parts)?.execute([entity])?;
    Ok(())
}
