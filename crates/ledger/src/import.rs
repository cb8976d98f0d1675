//! Records that were read elsewhere.

use std::collections::BTreeSet;

use annalist_record::{ErrorRecord, Record, SCHEMA_VERSION};
use serde_json::Value;

/// A line of JSON Lines that was read elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// A record that is sound.
    Record(Box<Record>),
    /// An input that gave none there.
    Error(ErrorRecord),
}

/// Why a line is no record. Every message says what is wrong with which part of it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ImportError {
    /// It is not JSON.
    #[error("is not JSON ({0}); each line must be a whole record, as `annalist read --format jsonl` writes it")]
    Json(serde_json::Error),
    /// It is JSON of another form.
    #[error("is no record ({0}); `annalist schema` prints the form of one")]
    Form(serde_json::Error),
    /// It is of a later form.
    #[error("has schema_version {0}, and this program knows {SCHEMA_VERSION}; use a newer Annalist")]
    Version(u64),
    /// A span holds other words than the text has there.
    #[error("the span {start}..{end} holds \"{words}\", but the text has other words there")]
    Misplaced { start: usize, end: usize, words: String },
    /// Something refers to an item that is not there.
    #[error("{field} of {item} is {id}, and no item of the record has that id")]
    Dangling { item: String, field: String, id: String },
    /// Two items have one id.
    #[error("two items have the id {0}")]
    Twice(String),
    /// The report has no id.
    #[error("the report has no id or content_id; both are needed to tell whether it is there already")]
    Nameless,
}

/// Takes a line apart and checks it: its form, that spans hold the words of the text, that ids are unique and lead somewhere.
///
/// # Errors
/// What is wrong with it.
pub fn imported(line: &str) -> Result<Imported, ImportError> {
    let value: Value = serde_json::from_str(line).map_err(ImportError::Json)?;
    if let Some(version) = value["schema_version"].as_u64().filter(|version| *version > u64::from(SCHEMA_VERSION)) {
        return Err(ImportError::Version(version));
    }
    if value.get("error").is_some() {
        return Ok(Imported::Error(serde_json::from_value(value).map_err(ImportError::Form)?));
    }
    let record: Record = serde_json::from_str(line).map_err(ImportError::Form)?;
    if record.report.id.is_empty() || record.report.content_id.is_empty() {
        return Err(ImportError::Nameless);
    }
    record.validate().map_err(|misplaced| {
        let span = misplaced.0;
        ImportError::Misplaced { start: span.start, end: span.end, words: span.text }
    })?;
    refer(&value)?;
    Ok(Imported::Record(Box::new(record)))
}

/// What refers to which items, by lists and fields.
const REFERENCES: [(&str, &[&str], &[&str]); 6] = [
    ("statements", &["speaker", "addressee", "via"], &["actors"]),
    ("statements", &["time"], &["times"]),
    ("events", &["place"], &["places"]),
    ("events", &["time"], &["times"]),
    ("commitments", &["by", "to"], &["actors"]),
    ("changes", &["who"], &["actors"]),
];

fn refer(record: &Value) -> Result<(), ImportError> {
    let list = |name: &str| record[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let ids = |name: &str| list(name).iter().filter_map(|item| item["id"].as_str()).collect::<Vec<_>>();
    for name in ["actors", "places", "times", "statements", "events", "figures", "commitments", "changes"] {
        let mut seen = BTreeSet::new();
        if let Some(twice) = ids(name).into_iter().find(|id| !seen.insert(*id)) {
            return Err(ImportError::Twice(twice.to_string()));
        }
    }
    for (from, fields, to) in REFERENCES {
        let known: BTreeSet<&str> = to.iter().flat_map(|name| ids(name)).collect();
        for item in list(from) {
            for field in fields {
                let value = &item[*field];
                let one = value.as_str().into_iter();
                let several = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                if let Some(id) = one.chain(several).find(|id| !known.contains(id)) {
                    let item = item["id"].as_str().unwrap_or_default().to_string();
                    return Err(ImportError::Dangling { item, field: field.to_string(), id: id.to_string() });
                }
            }
        }
    }
    Ok(())
}
