//! What analysts say of records: accepted, rejected, edited, noted, merged, split. Their word goes before the program's, is told from
//! it, and stands through every reading.
//!
//! A mark hangs on a report's id and an item's. The tables that questions are answered from are made from the records as marks correct
//! them, so that no question need know of marks; `report.record` stays the program's.

pub(crate) mod correct;
mod judge;
pub(crate) mod links;
pub(crate) mod tell;
mod undo;

use rusqlite::{Connection, Row as SqlRow};
use serde::Serialize;
use serde_json::Value;

/// What an analyst says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is right as it stands; once rejected, it counts again.
    Accept,
    /// It is wrong and does not count.
    Reject,
    /// One of its fields should hold something else.
    Edit {
        /// The field, as the record calls it.
        field: String,
        /// The value: words of the report for a field that holds words, a name or an id for one that refers to another item, a day for a
        /// time, or JSON.
        value: String,
    },
    /// Something to know about it.
    Note,
    /// It is one with another of its kind.
    Merge {
        /// That one's id.
        into: String,
    },
    /// It is several: some of the items that it is made of are another one, or it stands on the words of several.
    Split {
        /// The items of an actor or happening that are another one.
        items: Vec<String>,
        /// The words of the parts of an item.
        parts: Vec<String>,
    },
}

/// An analyst's mark on a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// Its number; later marks go before earlier ones.
    pub number: i64,
    /// The id of what it is on.
    pub id: String,
    /// `accept`, `reject`, `edit`, `note`, `merge` or `split`.
    pub verdict: String,
    /// The field that was edited.
    pub field: Option<String>,
    /// What it should hold.
    pub value: Option<Value>,
    /// What it held as the program read it.
    pub before: Option<Value>,
    /// The id of what it is one with.
    pub other: Option<String>,
    /// A note, or the reason.
    pub words: Option<String>,
    /// Whose word it is.
    pub by: String,
    /// When it was given: UTC, ISO 8601.
    pub at: String,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        let told = |value: &Option<Value>| match value {
            None | Some(Value::Null) => "nothing".to_string(),
            Some(Value::String(words)) => words.clone(),
            Some(value) => match value.get("day").or(value.get("text")).and_then(Value::as_str) {
                Some(words) => words.to_string(),
                None => value.to_string(),
            },
        };
        match self.verdict.as_str() {
            "accept" => write!(out, "accepted")?,
            "reject" => write!(out, "rejected")?,
            "edit" => {
                let field = self.field.as_deref().unwrap_or_default();
                write!(out, "{field} set to {} (program: {})", told(&self.value), told(&self.before))?;
            }
            "note" => write!(out, "note")?,
            "merge" => write!(out, "one with {}", self.other.as_deref().unwrap_or_default())?,
            _ => write!(out, "split off")?,
        }
        write!(out, " by {}, {}", self.by, self.at)?;
        match &self.words {
            Some(words) => write!(out, ": {words}"),
            None => Ok(()),
        }
    }
}

/// A row of `mark`.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) key: i64,
    pub(crate) at: String,
    pub(crate) by: String,
    pub(crate) verdict: String,
    pub(crate) report: String,
    pub(crate) kind: Option<String>,
    pub(crate) item: Option<String>,
    pub(crate) entity: bool,
    pub(crate) field: Option<String>,
    pub(crate) value: Option<Value>,
    pub(crate) other_report: Option<String>,
    pub(crate) other_item: Option<String>,
    pub(crate) words: Option<String>,
    pub(crate) read_as: Value,
    pub(crate) content_id: String,
    pub(crate) made_by: [String; 3],
    pub(crate) hangs: Option<String>,
}

/// The columns of a [`Row`].
pub(crate) const COLUMNS: &str = "mark.key, mark.at, mark.by, mark.verdict, mark.report, mark.kind, mark.item, mark.entity, mark.field, mark.value,
  mark.other_report, mark.other_item, mark.words, mark.read_as, mark.content_id, mark.program, mark.model, mark.knowledge, mark.hangs";

impl Row {
    pub(crate) fn of(row: &SqlRow) -> rusqlite::Result<Row> {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Row {
            key: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            verdict: row.get(3)?,
            report: row.get(4)?,
            kind: row.get(5)?,
            item: row.get(6)?,
            entity: row.get(7)?,
            field: row.get(8)?,
            value: json(row.get(9)?),
            other_report: row.get(10)?,
            other_item: row.get(11)?,
            words: row.get(12)?,
            read_as: json(row.get(13)?).unwrap_or_default(),
            content_id: row.get(14)?,
            made_by: [row.get(15)?, row.get(16)?, row.get(17)?],
            hangs: row.get(18)?,
        })
    }

    /// The mark as it is told.
    pub(crate) fn told(self) -> Mark {
        let item = self.hangs.or(self.item);
        let id = |report: String, item: Option<String>| match item {
            Some(item) => format!("{report}/{item}"),
            None => report,
        };
        let before = self.field.as_ref().map(|field| self.read_as.get(field).cloned().unwrap_or_default());
        Mark {
            number: self.key,
            id: id(self.report, item),
            verdict: self.verdict,
            before,
            field: self.field,
            value: self.value,
            other: self.other_report.map(|report| id(report, self.other_item)),
            words: self.words,
            by: self.by,
            at: self.at,
        }
    }
}

/// The marks on a report and its items, in the order in which they were made.
pub(crate) fn on_report(connection: &Connection, report: &str) -> rusqlite::Result<Vec<Row>> {
    let query = format!("SELECT {COLUMNS} FROM mark WHERE report = ?1 ORDER BY key");
    connection.prepare_cached(&query)?.query_map([report], Row::of)?.collect()
}
