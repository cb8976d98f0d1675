//! An analyst's word is taken in.

use std::collections::{BTreeMap, BTreeSet};

use annalist_record::Record;
use rusqlite::{Transaction, TransactionBehavior, params};
use serde_json::{Value, json};

use super::correct::{Corrected, LISTS, first_span, within};
use super::links::{Bonds, spread};
use super::{Judgement, Mark, on_report};
use crate::add::{derive, word};
use crate::error::LedgerError;
use crate::link::{self, Linker};
use crate::store::Ledger;

/// An item of a report, or the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The report's number.
    pub(crate) key: i64,
    /// Its id.
    pub(crate) report: String,
    /// The list in which the item stands, and its id.
    pub(crate) item: Option<(String, String)>,
}

impl Target {
    fn kind(&self) -> &str {
        self.item.as_ref().map_or("reports", |(kind, _)| kind)
    }

    fn name(&self) -> &str {
        self.item.as_ref().map_or("", |(_, item)| item)
    }
}

/// What a mark is to be on.
enum Aim {
    Item(Target),
    Entity(i64),
    Happening(i64),
}

/// The fields of an entity that can be edited.
const OF_ENTITY: [&str; 4] = ["name", "kind", "country", "sectors"];

/// A mark to be written.
struct New<'m> {
    on: &'m Target,
    entity: bool,
    verdict: &'m str,
    field: Option<&'m str>,
    value: Option<Value>,
    other: Option<&'m Target>,
}

impl Ledger {
    /// Takes in what an analyst says of the report, item, actor (`E…`) or happening (`H…`) with an id. `words` is a note or the reason,
    /// `by` the analyst's name, `moment` now, as UTC in ISO 8601. What is said of a happening is said of all that tell it. Returns the
    /// marks that were made.
    ///
    /// # Errors
    /// When there is no such item, the judgement does not fit it, or the ledger cannot be written; nothing is changed then.
    pub fn mark(
        &mut self,
        id: &str,
        judgement: &Judgement,
        words: Option<&str>,
        by: &str,
        moment: &str,
    ) -> Result<Vec<Mark>, LedgerError> {
        let unfit = |reason: &str| LedgerError::Mark { id: id.to_string(), reason: reason.to_string() };
        let by = by.split_whitespace().collect::<Vec<_>>().join(" ");
        if by.is_empty() {
            return Err(unfit("whose word it is must be said; give a name with --by"));
        }
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate).map_err(|e| self.fault(e))?;
        let aim = self.aim(id)?;
        let first = self.number("SELECT coalesce(max(key), 0) + 1 FROM mark WHERE ?1", 1)?;
        let put = |new: New| self.put(&new, words, &by, moment);
        let mut again: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        match (judgement, &aim) {
            (Judgement::Merge { into }, _) => self.merge(&aim, &self.aim(into)?, &unfit, &put, &mut again)?,
            (Judgement::Split { items, parts }, _) => self.split(&aim, items, parts, &unfit, &put, &mut again)?,
            (_, Aim::Entity(entity)) => {
                let on = self.first_of(*entity)?;
                let verdict = verdict(judgement);
                let (field, value) = match judgement {
                    Judgement::Edit { field, value } if OF_ENTITY.contains(&field.as_str()) => {
                        let value = self.entity_value(field, value);
                        self.change("UPDATE entity SET fixed = json_set(coalesce(fixed, '{}'), '$.' || ?2, json(?3)) WHERE key = ?1",
                            params![entity, field, value.to_string()])?;
                        (Some(field.as_str()), Some(value))
                    }
                    Judgement::Edit { .. } => {
                        return Err(unfit("of an actor across reports, name, kind, country and sectors can be edited"));
                    }
                    _ => (None, None),
                };
                put(New { on: &on, entity: true, verdict, field, value, other: None })?;
                match judgement {
                    Judgement::Reject => self.change("UPDATE entity SET rejected = 1 WHERE key = ?1", [entity])?,
                    Judgement::Accept => self.change("UPDATE entity SET rejected = 0 WHERE key = ?1", [entity])?,
                    Judgement::Edit { .. } => link::fix(&self.connection, *entity).map_err(|e| self.fault(e))?,
                    _ => {}
                }
                spread(&self.connection, *entity).map_err(|e| self.fault(e))?;
            }
            (_, Aim::Item(_) | Aim::Happening(_)) => {
                let targets = match aim {
                    Aim::Item(target) => vec![target],
                    Aim::Happening(happening) => self.told_by(happening)?,
                    Aim::Entity(_) => Vec::new(),
                };
                for target in &targets {
                    let (field, value) = match judgement {
                        Judgement::Edit { field, value } => {
                            (Some(field.as_str()), Some(self.value(target, field, value).map_err(|e| unfit(&e))?))
                        }
                        _ => (None, None),
                    };
                    put(New { on: target, entity: false, verdict: verdict(judgement), field, value, other: None })?;
                    if !matches!(judgement, Judgement::Note) {
                        again.entry(target.key).or_default();
                    }
                }
            }
        }
        for (report, loose) in again {
            self.derive_again(report, &loose)?;
        }
        let made = self.marks_from(first)?;
        transaction.commit().map_err(|e| self.fault(e))?;
        Ok(made)
    }

    /// Makes everything anew that is made from a report's record. Its items keep their entities and happenings, but for those named.
    pub(crate) fn derive_again(&self, report: i64, loose: &BTreeSet<String>) -> Result<(), LedgerError> {
        let record = self.record(report)?;
        let make = || -> rusqlite::Result<()> {
            let mut bonds = Bonds::of(&self.connection, report, true)?;
            bonds.loosen(loose.iter().map(String::as_str));
            link::unlink(&self.connection, report)?;
            derive(&self.connection, report, &record, &mut Linker::new(&self.connection, self.knowledge).bound(bonds))
        };
        make().map_err(|e| self.fault(e))
    }

    fn merge(
        &self,
        aim: &Aim,
        into: &Aim,
        unfit: &dyn Fn(&str) -> LedgerError,
        put: &dyn Fn(New) -> Result<(), LedgerError>,
        again: &mut BTreeMap<i64, BTreeSet<String>>,
    ) -> Result<(), LedgerError> {
        let new =
            |on, other, entity| New { on, entity, verdict: "merge", field: None, value: None, other: Some(other) };
        match (aim, into) {
            (Aim::Entity(a), Aim::Entity(b)) if a == b => Err(unfit("it cannot be merged with itself")),
            (Aim::Entity(a), Aim::Entity(b)) => {
                let (on, other) = (self.first_of(*a)?, self.first_of(*b)?);
                put(New { value: Some(json!(a)), ..new(&on, &other, true) })?;
                self.change("UPDATE entity SET merged_into = ?2 WHERE key = ?1 OR merged_into = ?1", [a, b])?;
                self.change("UPDATE actor SET entity = ?2 WHERE entity = ?1", [a, b])?;
                self.change("UPDATE participant SET entity = ?2 WHERE entity = ?1", [a, b])?;
                link::relearn(&self.connection, *b).map_err(|e| self.fault(e))?;
                spread(&self.connection, *b).map_err(|e| self.fault(e))
            }
            (Aim::Item(a), Aim::Entity(b)) if a.kind() == "actors" => {
                put(new(a, &self.first_of(*b)?, false))?;
                again.entry(a.key).or_default().insert(a.name().to_string());
                Ok(())
            }
            (Aim::Happening(a), Aim::Happening(b)) if a == b => Err(unfit("it cannot be merged with itself")),
            (Aim::Happening(_) | Aim::Item(_), Aim::Happening(b)) => {
                let own = match aim {
                    Aim::Happening(a) => self.told_by(*a)?,
                    Aim::Item(a) => vec![a.clone()],
                    Aim::Entity(_) => Vec::new(),
                };
                let other =
                    self.told_by(*b)?.into_iter().next().ok_or_else(|| unfit("the other is told by no report"))?;
                for a in &own {
                    if a.kind() != "events" {
                        return Err(unfit("only an event can be merged into a happening"));
                    }
                    put(new(a, &other, false))?;
                    again.entry(a.key).or_default().insert(a.name().to_string());
                }
                Ok(())
            }
            (Aim::Item(a), Aim::Item(b)) if a == b => Err(unfit("it cannot be merged with itself")),
            (Aim::Item(a), Aim::Item(b)) if a.kind() == b.kind() && a.item.is_some() => {
                if a.kind() == "places" && a.key != b.key {
                    return Err(unfit("places of two reports are one when they have one gazetteer_id; edit that"));
                }
                put(new(a, b, false))?;
                again.entry(a.key).or_default().insert(a.name().to_string());
                Ok(())
            }
            _ => Err(unfit("only things of one kind can be merged: two actors, two happenings, two statements, …")),
        }
    }

    fn split(
        &self,
        aim: &Aim,
        items: &[String],
        parts: &[String],
        unfit: &dyn Fn(&str) -> LedgerError,
        put: &dyn Fn(New) -> Result<(), LedgerError>,
        again: &mut BTreeMap<i64, BTreeSet<String>>,
    ) -> Result<(), LedgerError> {
        let own = match aim {
            Aim::Item(target) if !parts.is_empty() => {
                let marks = on_report(&self.connection, &target.report).map_err(|e| self.fault(e))?;
                let corrected = Corrected::new(&self.record(target.key)?, &marks);
                let item =
                    corrected.item(target.kind(), target.name()).ok_or_else(|| unfit("nothing is left of it"))?;
                let text = self.record(target.key)?.report.text;
                if parts.len() < 2 {
                    return Err(unfit("give the words of at least two parts"));
                }
                if let Some(missing) = parts.iter().find(|part| within(&text, item, part).is_none()) {
                    return Err(unfit(&format!("\"{missing}\" does not stand in the report")));
                }
                put(New {
                    on: target,
                    entity: false,
                    verdict: "split",
                    field: None,
                    value: Some(json!(parts)),
                    other: None,
                })?;
                again.entry(target.key).or_default().insert(target.name().to_string());
                return Ok(());
            }
            Aim::Item(target) if matches!(target.kind(), "actors" | "events") && items.is_empty() => {
                vec![target.clone()]
            }
            Aim::Entity(_) | Aim::Happening(_) if !items.is_empty() => {
                let kind = if matches!(aim, Aim::Entity(_)) { "actors" } else { "events" };
                let all = items.iter().map(|item| match self.aim(item)? {
                    Aim::Item(target) if target.kind() == kind && self.is_of(&target, aim)? => Ok(target),
                    _ => Err(unfit(&format!("{item} is not part of it"))),
                });
                all.collect::<Result<Vec<_>, _>>()?
            }
            Aim::Item(_) => return Err(unfit("give the words of its parts")),
            _ => return Err(unfit("name the items that are another one; `annalist show` lists them")),
        };
        // They leave together: none finds the others where they were.
        let mut happening = None;
        for target in &own {
            if target.kind() == "actors" {
                self.change(
                    "UPDATE actor SET entity = NULL WHERE report = ?1 AND id = ?2",
                    params![target.key, target.name()],
                )?;
                continue;
            }
            let number = match happening {
                Some(number) => number,
                None => {
                    self.change(
                        "INSERT INTO happening (type) SELECT type FROM event WHERE report = ?1 AND id = ?2",
                        params![target.key, target.name()],
                    )?;
                    *happening.insert(self.connection.last_insert_rowid())
                }
            };
            self.change(
                "UPDATE event SET happening = ?3 WHERE report = ?1 AND id = ?2",
                params![target.key, target.name(), number],
            )?;
        }
        for target in &own {
            let other = own.first().filter(|first| *first != target);
            put(New { on: target, entity: false, verdict: "split", field: None, value: None, other })?;
            again.entry(target.key).or_default().insert(target.name().to_string());
        }
        Ok(())
    }

    /// Whether an actor is of an entity, or an event of a happening.
    fn is_of(&self, target: &Target, aim: &Aim) -> Result<bool, LedgerError> {
        let (query, number) = match aim {
            Aim::Entity(e) => ("SELECT EXISTS (SELECT 1 FROM actor WHERE report = ?1 AND id = ?2 AND entity = ?3)", e),
            Aim::Happening(h) => {
                ("SELECT EXISTS (SELECT 1 FROM event WHERE report = ?1 AND id = ?2 AND happening = ?3)", h)
            }
            Aim::Item(_) => return Ok(false),
        };
        self.connection
            .query_row(query, params![target.key, target.name(), number], |row| row.get(0))
            .map_err(|e| self.fault(e))
    }

    fn aim(&self, id: &str) -> Result<Aim, LedgerError> {
        let unknown = || LedgerError::Unknown { path: self.path.clone(), id: id.to_string() };
        if let Some(key) = id.strip_prefix('H').and_then(|key| key.parse().ok()) {
            return if self.told_by(key)?.is_empty() { Err(unknown()) } else { Ok(Aim::Happening(key)) };
        }
        if let Some(key) = id.strip_prefix('E').and_then(|key| key.parse().ok()) {
            self.first_of(key).map_err(|_| unknown())?;
            return Ok(Aim::Entity(key));
        }
        let (report, item) = match id.split_once('/') {
            Some((report, item)) => (report, Some(item)),
            None => (id, None),
        };
        let (key, report, item) = match (self.report_named(report)?, item) {
            (Some((key, report)), item) => (key, report, item),
            (None, None) => match self.reports_with(id)?.as_slice() {
                [] => return Err(unknown()),
                [(key, report)] => (*key, report.clone(), Some(id)),
                several => {
                    let (path, count) = (self.path.clone(), several.len());
                    return Err(LedgerError::Ambiguous { path, id: id.to_string(), count });
                }
            },
            (None, Some(_)) => return Err(unknown()),
        };
        let Some(item) = item else { return Ok(Aim::Item(Target { key, report, item: None })) };
        let marks = on_report(&self.connection, &report).map_err(|e| self.fault(e))?;
        let corrected = Corrected::new(&self.record(key)?, &marks);
        let kind = LISTS.iter().map(|(kind, _)| *kind).find(|kind| corrected.item(kind, item).is_some());
        let kind = kind.ok_or_else(unknown)?;
        Ok(Aim::Item(Target { key, report, item: Some((kind.to_string(), item.to_string())) }))
    }

    /// The first actor that is of an entity.
    fn first_of(&self, entity: i64) -> Result<Target, LedgerError> {
        let query = "SELECT report.key, report.id, actor.id FROM actor JOIN report ON report.key = actor.report
                     WHERE actor.entity = ?1 AND report.current ORDER BY report.key, actor.id LIMIT 1";
        let found = self.connection.query_row(query, [entity], |row| {
            Ok(Target { key: row.get(0)?, report: row.get(1)?, item: Some(("actors".to_string(), row.get(2)?)) })
        });
        match found {
            Err(rusqlite::Error::QueryReturnedNoRows) => {
                Err(LedgerError::Unknown { path: self.path.clone(), id: format!("E{entity}") })
            }
            found => found.map_err(|e| self.fault(e)),
        }
    }

    /// The events that tell a happening, in the order in which they came in.
    fn told_by(&self, happening: i64) -> Result<Vec<Target>, LedgerError> {
        let query = "SELECT report.key, report.id, event.id FROM event JOIN report ON report.key = event.report
                     WHERE event.happening = ?1 AND report.current ORDER BY report.key, event.key";
        self.rows(query, vec![rusqlite::types::Value::Integer(happening)], |row| {
            Ok(Target { key: row.get(0)?, report: row.get(1)?, item: Some(("events".to_string(), row.get(2)?)) })
        })
    }

    /// What a field of an item should hold, as JSON that fits it.
    fn value(&self, target: &Target, field: &str, given: &str) -> Result<Value, String> {
        let record = self.record(target.key).map_err(|e| e.to_string())?;
        let marks = on_report(&self.connection, &target.report).map_err(|e| e.to_string())?;
        let corrected = Corrected::new(&record, &marks);
        let item = corrected.item(target.kind(), target.name()).ok_or("only items have fields")?;
        let (Some(old), false) = (item.get(field), field == "id") else {
            let fields: Vec<&str> = item.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            return Err(format!("it has no field {field} that can be edited, only {}", fields.join(", ")));
        };
        let text = &record.report.text;
        let spanned = |words: &str| {
            let span = within(text, item, words).ok_or_else(|| format!("\"{words}\" does not stand in the report"))?;
            Ok::<Value, String>(json!({"start": span.start, "end": span.end, "text": span.text}))
        };
        let words: Vec<&str> = given.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
        let nothing = given.is_empty() || given == "null";
        let value = match field {
            _ if nothing && !old.is_array() => Value::Null,
            "speaker" | "addressee" | "by" | "to" | "who" => json!(actor(&record, given)?),
            "time" | "due" => match record.times.iter().find(|t| t.id == given || t.span.text == given) {
                Some(time) => json!(time.id),
                None => {
                    let day: jiff::civil::Date = given
                        .parse()
                        .map_err(|_| format!("{given} is no time of the report and no day, as 2026-03-31"))?;
                    json!({"day": day.to_string()})
                }
            },
            "place" => {
                let named = record.places.iter().find(|p| p.id == given || p.name.eq_ignore_ascii_case(given));
                let names: Vec<&str> = record.places.iter().map(|p| p.name.as_str()).collect();
                json!(named.ok_or_else(|| format!("{given} is no place of the report, only {}", names.join(", ")))?.id)
            }
            "actors" | "recipients" => words
                .iter()
                .map(|words| {
                    let span = spanned(words)?;
                    Ok(json!({"actor": actor(&record, words).ok(), "span": span}))
                })
                .collect::<Result<Vec<Value>, String>>()?
                .into(),
            "source" | "cue" | "content" | "also" => {
                words.iter().map(|words| spanned(words)).collect::<Result<Vec<Value>, String>>()?.into()
            }
            "trigger" | "evidence" | "what" | "span" if target.kind() != "figures" || field == "span" => {
                spanned(given)?
            }
            "contexts" | "sectors" | "described_as" | "via" => json!(words),
            "value" | "upper" if target.kind() == "figures" => {
                json!(given.parse::<f64>().map_err(|_| format!("{given} is no number"))?)
            }
            _ => match old {
                Value::Number(_) | Value::Object(_) | Value::Array(_) => {
                    serde_json::from_str(given).map_err(|e| format!("{field} holds JSON, and this is none ({e})"))?
                }
                _ => json!(given),
            },
        };
        // It must still be a record with it.
        let probe = super::Row {
            key: i64::MAX,
            at: String::new(),
            by: String::new(),
            verdict: "edit".to_string(),
            report: target.report.clone(),
            kind: Some(target.kind().to_string()),
            item: Some(target.name().to_string()),
            entity: false,
            field: Some(field.to_string()),
            value: Some(value.clone()),
            other_report: None,
            other_item: None,
            words: None,
            read_as: Value::Null,
            content_id: String::new(),
            made_by: Default::default(),
            hangs: None,
        };
        let mut all = marks;
        all.push(probe);
        let mut with = serde_json::to_value(&record).map_err(|e| e.to_string())?;
        let corrected = Corrected::new(&record, &all);
        let item = corrected.item(target.kind(), target.name()).cloned().unwrap_or_default();
        with[target.kind()] = json!([item]);
        match serde_json::from_value::<Record>(with) {
            Ok(_) => Ok(value),
            Err(e) => Err(format!("{field} cannot hold {given} ({e})")),
        }
    }

    fn entity_value(&self, field: &str, given: &str) -> Value {
        match field {
            "country" if !given.is_empty() => json!(self.country_code(given)),
            "sectors" => json!(given.split(';').map(str::trim).filter(|s| !s.is_empty()).collect::<Vec<_>>()),
            "name" => json!(given),
            _ if given.is_empty() => Value::Null,
            _ => json!(given),
        }
    }

    fn put(&self, new: &New, words: Option<&str>, by: &str, moment: &str) -> Result<(), LedgerError> {
        let record = self.record(new.on.key)?;
        let marks = on_report(&self.connection, &new.on.report).map_err(|e| self.fault(e))?;
        // What was put back by an earlier mark is kept as that one had it.
        let corrected = Corrected::new(&record, &[]);
        let earlier = Corrected::new(&record, &marks);
        let read_as = new.on.item.as_ref().and_then(|(kind, id)| {
            let found = corrected.item(kind, id).or_else(|| earlier.item(kind, id));
            found.cloned().filter(|item| first_span(kind, item).is_some())
        });
        let insert = "INSERT INTO mark (at, by, verdict, report, kind, item, entity, field, value, other_report, other_item, words, read_as,
                        content_id, program, model, knowledge, hangs)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?6)";
        self.change(
            insert,
            params![
                moment,
                by,
                new.verdict,
                new.on.report,
                new.on.item.as_ref().map(|(kind, _)| kind),
                new.on.item.as_ref().map(|(_, item)| item),
                new.entity,
                new.field,
                new.value.as_ref().map(Value::to_string),
                new.other.map(|other| &other.report),
                new.other.and_then(|other| other.item.as_ref()).map(|(_, item)| item),
                words.map(str::trim).filter(|words| !words.is_empty()),
                read_as.unwrap_or_default().to_string(),
                record.report.content_id,
                record.made_by.program,
                record.made_by.model,
                record.made_by.knowledge,
            ],
        )
    }

    pub(crate) fn change(&self, statement: &str, with: impl rusqlite::Params) -> Result<(), LedgerError> {
        let changed = self.connection.prepare_cached(statement).and_then(|mut s| s.execute(with));
        changed.map(|_| ()).map_err(|e| self.fault(e))
    }
}

fn verdict(judgement: &Judgement) -> &'static str {
    match judgement {
        Judgement::Accept => "accept",
        Judgement::Reject => "reject",
        Judgement::Edit { .. } => "edit",
        Judgement::Note => "note",
        Judgement::Merge { .. } => "merge",
        Judgement::Split { .. } => "split",
    }
}

/// The actor of a report with an id, a name, or a mention in these words.
fn actor(record: &Record, given: &str) -> Result<String, String> {
    let same = |words: &str| words.eq_ignore_ascii_case(given);
    let by_name = record.actors.iter().find(|a| a.id == given || same(&a.name));
    let found = by_name.or_else(|| record.actors.iter().find(|a| a.mentions.iter().any(|m| same(&m.span.text))));
    let names =
        || record.actors.iter().map(|a| format!("{} ({})", a.name, a.kind.as_ref().map(word).unwrap_or_default()));
    match found {
        Some(actor) => Ok(actor.id.clone()),
        None => Err(format!("{given} is no actor of the report, only {}", names().collect::<Vec<_>>().join(", "))),
    }
}
