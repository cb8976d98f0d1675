//! Reports in: one report, one transaction.

use std::collections::HashMap;

use annalist_knowledge::Knowledge;
use annalist_record::{ErrorRecord, Participant, Record, Report, Span, Time};
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use serde::Serialize;

use crate::error::LedgerError;
use crate::link::{self, Linker};
use crate::marks::links::{self, Bonds};
use crate::pack::{deflated, inflated};
use crate::store::Ledger;
use crate::{items, quotations, stories, voice};

/// What became of a report that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// It is new, and prints the text of an earlier one: that one's id.
    Reprint(String),
    /// The report was there with other words: this is its version of that number, and the old ones are kept.
    Version(u32),
    /// It was there with these words; nothing was changed.
    Already,
}

/// What was added, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Reports that are new, reprints among them.
    pub added: usize,
    /// Of these, reprints.
    pub reprinted: usize,
    /// New versions of reports that were there.
    pub versions: usize,
    /// Reports that were there.
    pub already: usize,
    /// Inputs that gave no report.
    pub failed: usize,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, added: &Added) {
        match added {
            Added::New => self.added += 1,
            Added::Reprint(_) => {
                self.added += 1;
                self.reprinted += 1;
            }
            Added::Version(_) => self.versions += 1,
            Added::Already => self.already += 1,
        }
    }
}

/// A report as it is kept for reading it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number in the ledger.
    pub key: i64,
    /// The name of its input.
    pub input: String,
    /// What was handed over as its raw input.
    pub raw: Vec<u8>,
}

impl Ledger {
    /// Whether the report is in the ledger with these words.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn holds(&self, id: &str, content_id: &str) -> Result<bool, LedgerError> {
        held(&self.connection, id, content_id).map_err(|e| self.fault(e))
    }

    /// Adds a report; when this returns, it is on the disk. `input` names where it came from, `raw` is what it can be read from again,
    /// `moment` is now, as UTC in ISO 8601.
    ///
    /// # Errors
    /// When the ledger cannot be written; nothing of the report is in it then.
    pub fn add(
        &mut self,
        record: &Record,
        input: &str,
        raw: Option<&[u8]>,
        moment: &str,
    ) -> Result<Added, LedgerError> {
        let path = self.path.clone();
        let fault = |source| LedgerError::of(&path, source);
        let packed = pack(record)?;
        let raw = raw.map(deflated).transpose()?;
        let knowledge = self.knowledge;
        let remembered = &mut self.remembered;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        transaction
            .prepare_cached("DELETE FROM failure WHERE input = ?1")
            .and_then(|mut s| s.execute([input]))
            .map_err(fault)?;
        let report = &record.report;
        if held(&transaction, &report.id, &report.content_id).map_err(fault)? {
            transaction.commit().map_err(fault)?;
            return Ok(Added::Already);
        }
        let mut add = || -> rusqlite::Result<Added> {
            let versions = versions(&transaction, &report.id)?;
            let version = versions.len() as u32 + 1;
            // What is known to be older than what is there is a version, but not the newest.
            let newest = versions.iter().find(|v| v.current);
            let older = newest.is_some_and(|newest| match (&report.modified, &newest.modified) {
                (Some(own), Some(other)) => own < other,
                _ => false,
            });
            let corrects = newest.filter(|_| !older);
            if !older {
                let mut retire =
                    transaction.prepare_cached("UPDATE report SET current = 0 WHERE id = ?1 AND current")?;
                retire.execute([&report.id])?;
            }
            let key: i64 =
                transaction.query_row("SELECT coalesce(max(key), 0) + 1 FROM report", [], |row| row.get(0))?;
            let print = link::print_of(&transaction, report)?;
            let mut row = told(record, knowledge);
            row.extend([
                ("key", key.into()),
                ("version", version.into()),
                ("version_of", corrects.map(|v| v.content_id.clone()).into()),
                ("current", (!older).into()),
                ("print_of", print.unwrap_or(key).into()),
                ("input", input.to_string().into()),
                ("added", moment.to_string().into()),
            ]);
            let (columns, values): (Vec<&str>, Vec<Value>) = row.into_iter().unzip();
            let places = vec!["?"; columns.len()].join(", ");
            let insert = format!("INSERT INTO report ({}) VALUES ({places})", columns.join(", "));
            transaction.prepare_cached(&insert)?.execute(params_from_iter(values))?;
            let page = "INSERT INTO page (report, title, text, record, raw) VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.prepare_cached(page)?.execute(params![key, report.title, report.text, packed, raw])?;
            let mut linker = Linker::new(&transaction, knowledge).remembering(std::mem::take(remembered));
            derive(&transaction, key, record, &mut linker)?;
            *remembered = linker.remembered();
            Ok(match print {
                _ if version > 1 => Added::Version(version),
                Some(first) => Added::Reprint(id_of(&transaction, first)?),
                None => Added::New,
            })
        };
        let added = add().map_err(fault)?;
        transaction.commit().map_err(fault)?;
        Ok(added)
    }

    /// Writes down that an input gave no report.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn fail(&mut self, error: &ErrorRecord, moment: &str) -> Result<(), LedgerError> {
        let error = &error.error;
        let write = "INSERT INTO failure (input, kind, message, added) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (input) DO UPDATE SET kind = ?2, message = ?3, added = ?4
                     WHERE kind <> ?2 OR message <> ?3";
        let written = self.connection.execute(write, params![error.input, error.kind, error.message, moment]);
        written.map(|_| ()).map_err(|e| self.fault(e))
    }

    /// The numbers of the reports, all versions, that something else than `made_by` read; or of all.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn to_reread(&self, made_by: Option<&annalist_record::MadeBy>) -> Result<Vec<i64>, LedgerError> {
        let query = "SELECT key FROM report JOIN page ON page.report = report.key WHERE page.raw IS NOT NULL
                     AND (?1 IS NULL OR program <> ?1 OR model <> ?2 OR knowledge <> ?3) ORDER BY key";
        let made = made_by.map(|m| (&m.program, &m.model, &m.knowledge));
        let find = || -> rusqlite::Result<Vec<i64>> {
            let mut statement = self.connection.prepare(query)?;
            let keys = statement
                .query_map(params![made.map(|m| m.0), made.map(|m| m.1), made.map(|m| m.2)], |row| row.get(0))?;
            keys.collect()
        };
        find().map_err(|e| self.fault(e))
    }

    /// A report as it is kept for reading it again.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub fn kept(&self, key: i64) -> Result<Kept, LedgerError> {
        let query =
            "SELECT input, raw FROM report JOIN page ON page.report = report.key WHERE key = ?1 AND raw IS NOT NULL";
        let found =
            self.connection.query_row(query, [key], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
        let (input, raw) = found.map_err(|e| self.fault(e))?;
        let raw = inflated(&raw)
            .map_err(|e| LedgerError::Corrupt { path: self.path.clone(), reason: format!("the input {input}: {e}") })?;
        Ok(Kept { key, input, raw })
    }

    /// Puts a new reading of a report in the place of the old one. Ids of items stay as long as the words they stand on do. Returns
    /// false, and changes nothing, if another row already is that report with those words.
    ///
    /// # Errors
    /// When the ledger cannot be written; the old reading is in it then.
    pub fn reread(&mut self, key: i64, record: &Record) -> Result<bool, LedgerError> {
        let path = self.path.clone();
        let fault = |source| LedgerError::of(&path, source);
        let packed = pack(record)?;
        let knowledge = self.knowledge;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
        let report = &record.report;
        let replace = || -> rusqlite::Result<bool> {
            let other = "SELECT EXISTS (SELECT 1 FROM report WHERE id = ?1 AND content_id = ?2 AND key <> ?3)";
            if transaction.query_row(other, params![report.id, report.content_id, key], |row| row.get(0))? {
                return Ok(false);
            }
            let bonds = Bonds::of(&transaction, key, false)?;
            link::unlink(&transaction, key)?;
            let (columns, mut values): (Vec<&str>, Vec<Value>) = told(record, knowledge).into_iter().unzip();
            values.push(key.into());
            let update = format!("UPDATE report SET {} = ? WHERE key = ?", columns.join(" = ?, "));
            transaction.prepare_cached(&update)?.execute(params_from_iter(values))?;
            let page = "UPDATE page SET title = ?2, text = ?3, record = ?4 WHERE report = ?1";
            transaction.prepare_cached(page)?.execute(params![key, report.title, report.text, packed])?;
            derive(&transaction, key, record, &mut Linker::new(&transaction, knowledge).bound(bonds))?;
            Ok(true)
        };
        let replaced = replace().map_err(fault)?;
        transaction.commit().map_err(fault)?;
        Ok(replaced)
    }

    /// The record of a report, as it was read, with the version it corrects.
    ///
    /// # Errors
    /// When it is not there, or cannot be read.
    pub fn record(&self, key: i64) -> Result<Record, LedgerError> {
        let query =
            "SELECT id, version_of, text, record FROM report JOIN page ON page.report = report.key WHERE key = ?1";
        let found = self.connection.query_row(query, [key], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
        });
        let (id, version_of, text, packed) = found.map_err(|e| self.fault(e))?;
        let unread = |reason: String| LedgerError::Record { path: self.path.clone(), report: id.clone(), reason };
        let json = inflated(&packed).map_err(|e| unread(e.to_string()))?;
        let mut record: Record = serde_json::from_slice(&json).map_err(|e| unread(e.to_string()))?;
        record.report.text = text;
        record.report.version_of = version_of;
        Ok(record)
    }
}

fn pack(record: &Record) -> Result<Vec<u8>, LedgerError> {
    // The text stands beside it, where it can be searched.
    let bare = Record { report: Report { text: String::new(), ..record.report.clone() }, ..record.clone() };
    Ok(deflated(&serde_json::to_vec(&bare).map_err(std::io::Error::from)?)?)
}

/// What a report's row holds of its record, by column.
fn told(record: &Record, knowledge: &Knowledge) -> Vec<(&'static str, Value)> {
    let (report, made_by) = (&record.report, &record.made_by);
    vec![
        ("id", report.id.clone().into()),
        ("content_id", report.content_id.clone().into()),
        ("title", report.title.clone().into()),
        ("outlet", report.outlet.clone().into()),
        ("url", report.url.clone().into()),
        ("section", report.section.clone().into()),
        ("published", report.published.clone().into()),
        ("modified", report.modified.clone().into()),
        ("day", day(report).into()),
        ("language", report.language.clone().into()),
        ("signature", report.signature.clone().into()),
        ("own", voice::likelihood(&report.text, knowledge).into()),
        ("program", made_by.program.clone().into()),
        ("model", made_by.model.clone().into()),
        ("knowledge", made_by.knowledge.clone().into()),
    ]
}

struct Version {
    content_id: String,
    modified: Option<String>,
    current: bool,
}

fn versions(connection: &Connection, id: &str) -> rusqlite::Result<Vec<Version>> {
    let mut find = connection.prepare_cached("SELECT content_id, modified, current FROM report WHERE id = ?1")?;
    let rows = find
        .query_map([id], |row| Ok(Version { content_id: row.get(0)?, modified: row.get(1)?, current: row.get(2)? }))?;
    rows.collect()
}

fn held(connection: &Connection, id: &str, content_id: &str) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM report WHERE id = ?1 AND content_id = ?2")?.exists([id, content_id])
}

pub(crate) fn id_of(connection: &Connection, key: i64) -> rusqlite::Result<String> {
    connection.prepare_cached("SELECT id FROM report WHERE key = ?1")?.query_row([key], |row| row.get(0))
}

/// The day of publication.
pub(crate) fn day(report: &Report) -> Option<String> {
    let day = report.published.as_deref()?.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|day| day.to_string())
}

/// The word by which a value is written in records.
pub(crate) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_string())
}

/// The words of several spans, on one line.
pub(crate) fn joined(spans: &[Span]) -> String {
    let line = |span: &Span| one_line(&span.text);
    spans.iter().map(line).collect::<Vec<_>>().join(" … ")
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Fills the tables that are made from records.
pub(crate) fn derive(
    connection: &Connection,
    report: i64,
    record: &Record,
    linker: &mut Linker,
) -> rusqlite::Result<()> {
    let corrected = links::corrected(connection, report, record)?;
    let record = corrected.as_ref().unwrap_or(record);
    linker.decide(&record.report.id)?;
    let published = day(&record.report);
    let times: HashMap<&str, &Time> = record.times.iter().map(|t| (t.id.as_str(), t)).collect();
    let time = |id: &Option<String>| id.as_deref().and_then(|id| times.get(id)).copied();
    let first = |id: &Option<String>| time(id).and_then(|t| t.earliest.clone());
    let last = |id: &Option<String>| time(id).and_then(|t| t.latest.clone());
    let day_of = |id: &Option<String>| first(id).or_else(|| published.clone());

    linker.prints(report, &record.report)?;
    stories::place(connection, report, &record.report, linker.knowledge)?;

    let mut entities: HashMap<&str, i64> = HashMap::new();
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO actor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for actor in &record.actors {
        let entity = linker.entity(actor)?;
        entities.extend(entity.filter(|_| !linker.is_rejected(entity)).map(|entity| (actor.id.as_str(), entity)));
        insert.execute(params![
            report,
            actor.id,
            entity,
            actor.name,
            actor.kind.as_ref().map(word),
            actor.country,
            json(&actor.sectors),
            json(&actor.described_as),
            actor.mentions.len(),
            actor.confidence.value(),
        ])?;
    }
    let entity = |id: &Option<String>| id.as_deref().and_then(|id| entities.get(id)).copied();

    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO place VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for place in &record.places {
        insert.execute(params![
            report,
            place.id,
            place.name,
            place.kind.as_ref().map(word),
            place.country,
            place.admin1,
            place.lat,
            place.lon,
            place.gazetteer_id,
            place.mentions.len(),
            place.confidence.value(),
        ])?;
    }

    let of_places = "SELECT p.id, s.key FROM place p JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, ''))
                     WHERE p.report = ?1";
    let spots: HashMap<String, i64> = connection
        .prepare_cached(of_places)?
        .query_map([report], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;

    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO statement (report, id, speaker, entity, source, cue, content, start, source_kind, quoted, act, inside,
           earliest, latest, day, confidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    for s in &record.statements {
        insert.execute(params![
            report,
            s.id,
            s.speaker,
            entity(&s.speaker),
            joined(&s.source),
            joined(&s.cue),
            joined(&s.content),
            s.source.iter().chain(&s.cue).chain(&s.content).map(|span| span.start).min().unwrap_or(0),
            word(&s.source_kind),
            word(&s.quoted),
            word(&s.act),
            s.inside,
            first(&s.time),
            last(&s.time),
            day_of(&s.time),
            s.confidence.value(),
        ])?;
    }

    let index = "INSERT INTO statement_words(rowid, content, source) SELECT key, content, source FROM statement WHERE report = ?1 ORDER BY key";
    connection.prepare_cached(index)?.execute([report])?;

    quotations::trace(connection, report, &record.statements)?;

    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO event (report, id, happening, type, mode, contexts, status, trigger_text, evidence, start, said_in, place,
           earliest, latest, day, confidence, spot) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    let mut take_part =
        connection.prepare_cached("INSERT OR FAIL INTO participant VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for e in &record.events {
        let entities = |of: &[Participant]| of.iter().filter_map(|p| entity(&p.actor)).collect::<Vec<i64>>();
        let (actors, recipients) = (entities(&e.actors), entities(&e.recipients));
        let place = e.place.as_deref().and_then(|id| record.places.iter().find(|p| p.id == id));
        let spot = e.place.as_deref().and_then(|id| spots.get(id)).copied();
        let days = first(&e.time).zip(last(&e.time));
        let at = place.zip(spot);
        let happening = linker.happening(report, e, (&actors, &recipients), at, days.as_ref(), published.as_deref())?;
        let day = day_of(&e.time);
        let inserted = insert.execute(params![
            report,
            e.id,
            happening,
            e.kind,
            e.mode,
            json(&e.contexts),
            word(&e.status),
            one_line(&e.trigger.text),
            one_line(&e.evidence.text),
            e.trigger.start,
            e.said_in,
            e.place,
            first(&e.time),
            last(&e.time),
            day,
            e.confidence.value(),
            spot,
        ])?;
        if inserted == 0 {
            link::forget_happening(connection, happening)?;
            continue;
        }
        let key = connection.last_insert_rowid();
        let mut part = |role: &str, all: &[Participant]| {
            all.iter().enumerate().try_for_each(|(i, p)| {
                let words = one_line(&p.span.text);
                take_part
                    .execute(params![key, role, i, p.actor, entity(&p.actor), words, e.kind, day, report])
                    .map(|_| ())
            })
        };
        part("actor", &e.actors)?;
        part("recipient", &e.recipients)?;
    }

    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO figure VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for f in &record.figures {
        let words = one_line(&f.span.text);
        let confidence = f.confidence.value();
        insert.execute(params![
            report,
            f.id,
            f.what,
            f.value,
            f.upper,
            word(&f.hedge),
            f.of,
            f.event,
            f.said_in,
            words,
            confidence
        ])?;
    }

    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO commitment (report, id, kind, by, by_entity, recipient, to_entity, what, due_words, due_first, due_last,
           statement, event, day, confidence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for c in &record.commitments {
        let made = c.statement.as_deref().and_then(|id| record.statements.iter().find(|s| s.id == id));
        insert.execute(params![
            report,
            c.id,
            word(&c.kind),
            c.by,
            entity(&c.by),
            c.to,
            entity(&c.to),
            one_line(&c.what.text),
            time(&c.due).map(|t| one_line(&t.span.text)),
            first(&c.due),
            last(&c.due),
            c.statement,
            c.event,
            made.map_or(published.clone(), |s| day_of(&s.time)),
            c.confidence.value(),
        ])?;
    }

    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for c in &record.changes {
        insert.execute(params![
            report,
            c.id,
            c.who,
            entity(&c.who),
            c.about,
            one_line(&c.before.span.text),
            c.before.statement.as_ref().or(c.before.event.as_ref()),
            one_line(&c.after.span.text),
            c.after.statement.as_ref().or(c.after.event.as_ref()),
            published,
            c.confidence.value(),
        ])?;
    }

    // Who and what is in it, and under which ids.
    let roll = "INSERT INTO roll (report, entities, spots, held, print_of, day) SELECT r.key,
                  number_blob((SELECT group_concat(entity) FROM (SELECT DISTINCT entity FROM actor WHERE report = r.key AND entity IS NOT NULL))),
                  number_blob((SELECT group_concat(s.key) FROM place p JOIN spot s ON s.place = coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, ''))
                    WHERE p.report = r.key)),
                  number_blob((SELECT group_concat(spot || ',' || happening) FROM event WHERE report = r.key AND spot IS NOT NULL)), r.print_of, r.day
                FROM report r WHERE r.key = ?1 AND r.current";
    connection.prepare_cached(roll)?.execute([report])?;
    items::take(connection, report)
}
