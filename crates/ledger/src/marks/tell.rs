//! Marks are told: beside the rows that answer a question, and as training data.

use std::collections::BTreeSet;
use std::io::Write;

use annalist_record::{CharIndex, Record};
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};

use super::correct::{Corrected, each_span};
use super::{COLUMNS, Mark, Row, on_report};
use crate::answers::Answer;
use crate::error::LedgerError;
use crate::filter::text;
use crate::store::Ledger;

/// So many code points before and after an item's words are written with it.
const CONTEXT: usize = 400;

/// The columns of answers that hold ids of what a row tells.
const IDS: [&str; 4] = ["id", "one_id", "other_id", "mentions"];

/// The ids of what a row of an answer tells.
pub fn ids<A: Answer>(row: &A) -> Vec<String> {
    let columns = A::columns().iter().zip(row.cells()).filter(|(column, _)| IDS.contains(column));
    columns
        .flat_map(|(_, cell)| cell.split("; ").map(str::to_string).collect::<Vec<_>>())
        .filter(|id| !id.is_empty())
        .collect()
}

/// A record as it counts.
#[derive(serde::Serialize)]
pub(crate) struct Counted {
    #[serde(flatten)]
    record: Record,
    /// What analysts said of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark>,
}

impl Ledger {
    /// The marks on reports, items, actors (`E…`) and happenings (`H…`) with these ids, in the order in which they were made. What was
    /// said of each of several in the same words is told once.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn marks<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Result<Vec<Mark>, LedgerError> {
        if !self.has_marks()? {
            return Ok(Vec::new());
        }
        let mut found: Vec<Row> = Vec::new();
        for id in ids.into_iter().collect::<BTreeSet<_>>() {
            if let Some(entity) = id.strip_prefix('E').and_then(|key| key.parse().ok()) {
                let query = format!(
                    "SELECT {COLUMNS} FROM mark CROSS JOIN report ON report.id = mark.report AND report.current
                     CROSS JOIN actor ON actor.report = report.key AND actor.id = mark.hangs
                     WHERE actor.entity = ?1 AND (mark.entity OR mark.verdict IN ('merge', 'split'))"
                );
                found.extend(self.rows(&query, vec![Sql::Integer(entity)], Row::of)?);
            } else if let Some(happening) = id.strip_prefix('H').and_then(|key| key.parse().ok()) {
                let query = format!(
                    "SELECT {COLUMNS} FROM mark CROSS JOIN report ON report.id = mark.report AND report.current
                     CROSS JOIN event ON event.report = report.key AND event.id = mark.hangs WHERE event.happening = ?1"
                );
                found.extend(self.rows(&query, vec![Sql::Integer(happening)], Row::of)?);
            } else if let Some((report, item)) = id.split_once('/') {
                let query = format!(
                    "SELECT {COLUMNS} FROM mark WHERE NOT entity AND (report = ?1 AND hangs = ?2
                       OR other_report = ?1 AND other_item = ?2 AND verdict = 'merge')"
                );
                found.extend(self.rows(&query, vec![text(report), text(item)], Row::of)?);
            } else {
                let query = format!("SELECT {COLUMNS} FROM mark WHERE report = ?1 AND item IS NULL");
                found.extend(self.rows(&query, vec![text(id)], Row::of)?);
            }
        }
        found.sort_by_key(|mark| mark.key);
        found.dedup_by_key(|mark| mark.key);
        let mut told: Vec<Mark> = Vec::new();
        for mark in found.into_iter().map(Row::told) {
            let same = |other: &Mark| {
                (&other.verdict, &other.field, &other.value, &other.words, &other.by, &other.at)
                    == (&mark.verdict, &mark.field, &mark.value, &mark.words, &mark.by, &mark.at)
            };
            if mark.verdict == "merge" || !told.iter().any(same) {
                told.push(mark);
            }
        }
        Ok(told)
    }

    /// All marks from a number on.
    pub(crate) fn marks_from(&self, number: i64) -> Result<Vec<Mark>, LedgerError> {
        let query = format!("SELECT {COLUMNS} FROM mark WHERE key >= ?1 ORDER BY key");
        Ok(self.rows(&query, vec![Sql::Integer(number)], Row::of)?.into_iter().map(Row::told).collect())
    }

    fn has_marks(&self) -> Result<bool, LedgerError> {
        Ok(self.number("SELECT EXISTS (SELECT 1 FROM mark WHERE ?1)", 1)? != 0)
    }

    /// The record of a report with marks on it, rejected items too, and the marks; `None` where nobody has marked it.
    pub(crate) fn marked(&self, record: &Record) -> Result<Option<(Record, Vec<Mark>)>, LedgerError> {
        let marks = on_report(&self.connection, &record.report.id).map_err(|e| self.fault(e))?;
        if marks.is_empty() {
            return Ok(None);
        }
        let whole = Corrected::new(record, &marks).whole();
        Ok(whole.map(|whole| (whole, marks.into_iter().map(Row::told).collect())))
    }

    /// The record of a report as it counts, with the marks on it in a field of their own.
    pub(crate) fn counted(&self, key: i64) -> Result<Counted, LedgerError> {
        let record = self.record(key)?;
        let marks = on_report(&self.connection, &record.report.id).map_err(|e| self.fault(e))?;
        if marks.is_empty() {
            return Ok(Counted { record, marks: Vec::new() });
        }
        let record = Corrected::new(&record, &marks).record().unwrap_or(record);
        Ok(Counted { record, marks: marks.into_iter().map(Row::told).collect() })
    }

    /// Writes all marks as training data: JSON Lines, a mark a line, each with the item as the program had read it, as it counts now,
    /// the spans it stands on, and the words around them.
    ///
    /// # Errors
    /// When the ledger cannot be read or the output not be written.
    pub fn write_marks(&self, out: &mut dyn Write) -> Result<(), LedgerError> {
        let query = format!("SELECT {COLUMNS} FROM mark ORDER BY key");
        let mut last: Option<(String, Record, Vec<Row>)> = None;
        for mark in self.rows(&query, Vec::new(), Row::of)? {
            if last.as_ref().is_none_or(|(report, ..)| *report != mark.report) {
                let key = self.number_of("SELECT key FROM report WHERE id = ?1 AND current", &mark.report)?;
                let Some(key) = key else { continue };
                let marks = on_report(&self.connection, &mark.report).map_err(|e| self.fault(e))?;
                last = Some((mark.report.clone(), self.record(key)?, marks));
            }
            let Some((_, record, marks)) = &last else { continue };
            let corrected = Corrected::new(record, marks);
            let id = corrected.hangs.get(&mark.key).cloned().or(mark.item.clone());
            let now = mark.kind.as_deref().zip(id.as_deref()).and_then(|(kind, id)| corrected.item(kind, id));
            let counts = id.as_deref().map(|id| corrected.counts(id));
            let report = &record.report;
            let line = json!({
                "verdict": mark.verdict,
                "kind": mark.kind.as_deref().map(|kind| kind.strip_suffix('s').unwrap_or(kind)),
                "id": id.map(|id| format!("{}/{id}", mark.report)).unwrap_or(mark.report.clone()),
                "across_reports": mark.entity,
                "field": mark.field,
                "value": mark.value,
                "other": mark.other_report.as_ref().zip(mark.other_item.as_ref()).map(|(r, i)| format!("{r}/{i}")),
                "words": mark.words,
                "by": mark.by,
                "at": mark.at,
                "read": mark.read_as,
                "now": now,
                "counts": counts,
                // Spans hold only in the words that were read.
                "context": if mark.content_id == report.content_id { context(&report.text, &mark.read_as) } else { Value::Null },
                "report": {"id": report.id, "content_id": mark.content_id, "title": report.title, "outlet": report.outlet,
                    "published": report.published, "url": report.url},
                "made_by": {"program": mark.made_by[0], "model": mark.made_by[1], "knowledge": mark.made_by[2]},
            });
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// The number in the first column of the first row, if there is one.
    pub(crate) fn number_of(&self, query: &str, of: &str) -> Result<Option<i64>, LedgerError> {
        Ok(self.rows(query, vec![text(of)], |row| row.get(0))?.into_iter().next())
    }
}

/// The words around an item, with the code point at which they begin, so that its spans can be placed in them.
fn context(of: &str, item: &Value) -> Value {
    let (mut start, mut end) = (usize::MAX, 0);
    each_span(item, &mut |span| (start, end) = (start.min(span.start), end.max(span.end)));
    if start > end {
        return Value::Null;
    }
    let index = CharIndex::new(of);
    let (from, to) = (start.saturating_sub(CONTEXT), end.saturating_add(CONTEXT));
    let words = of.get(index.byte(from)..index.byte(to)).unwrap_or_default();
    json!({"start": from, "end": from + words.chars().count(), "text": words})
}
