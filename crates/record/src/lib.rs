//! The sourced record: what Annalist gives for one report, and what every other part works with.
//!
//! Plain data with a published JSON Schema ([`schema`]). Offsets are Unicode code points, half-open, into
//! [`Report::text`]; dates are ISO 8601; countries ISO 3166-1 alpha-3; what is not known is `null`. Every extracted item
//! carries the [`Span`]s it stands on, a [`Confidence`], and an id made of its kind and words ([`item_id`]).
//!
//! ```
//! use annalist_record::{CharIndex, Span};
//!
//! let text = "“Não”, disse ela.";
//! let span = Span::of_bytes(text, &CharIndex::new(text), 0..10);
//! assert_eq!((span.start, span.end, span.text.as_str()), (0, 5, "“Não”"));
//! ```
#![forbid(unsafe_code)]

mod explanation;
mod item;
mod report;
mod span;

pub use explanation::Explanation;
pub use item::*;
pub use report::*;
pub use span::{CharIndex, Span};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version of the record's form. Later versions only add fields.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything Annalist read out of one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The version of this form: 1.
    pub schema_version: u32,
    /// What read the report.
    pub made_by: MadeBy,
    /// The report itself.
    pub report: Report,
    /// Who takes part: persons, offices, governments, groups.
    pub actors: Vec<Actor>,
    /// Where.
    pub places: Vec<Place>,
    /// When.
    pub times: Vec<Time>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// What happened.
    pub events: Vec<Event>,
    /// How many.
    pub figures: Vec<Figure>,
    /// What was promised, threatened, offered or planned.
    pub commitments: Vec<Commitment>,
    /// Who changed position.
    pub changes: Vec<Change>,
    /// Why the items are as they are; left out unless it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
}

/// The program, model and knowledge that made a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeBy {
    /// The program's version.
    pub program: String,
    /// The model's name.
    pub model: String,
    /// The edition of the knowledge files.
    pub knowledge: String,
}

/// An input that gave no report: written in a record's place, so that no input is lost silently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorRecord {
    /// The version of this form: 1.
    pub schema_version: u32,
    /// What went wrong.
    pub error: InputError,
}

/// What was wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputError {
    /// The file, or `-` for standard input.
    pub input: String,
    /// A stable word for the kind of failure: `unreadable`, `empty`, `binary`, `too_large`, `malformed`, `failed`.
    pub kind: String,
    /// One sentence: what is wrong, where, and what to do.
    pub message: String,
}

/// A line of output: a record, or an error in its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Line {
    /// A report that was read.
    Record(Box<Record>),
    /// An input that was not.
    Error(ErrorRecord),
}

/// The JSON Schema (2020-12) of a [`Line`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Line).to_value()
}

/// A span whose words are not those of the report's text at its offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced(pub Span);

impl std::fmt::Display for Misplaced {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "the text at {}..{} is not {:?}", self.0.start, self.0.end, self.0.text)
    }
}

impl std::error::Error for Misplaced {}

impl Record {
    /// A record of a report out of which nothing was read yet.
    pub fn new(made_by: MadeBy, report: Report) -> Record {
        Record {
            schema_version: SCHEMA_VERSION,
            made_by,
            report,
            actors: Vec::new(),
            places: Vec::new(),
            times: Vec::new(),
            statements: Vec::new(),
            events: Vec::new(),
            figures: Vec::new(),
            commitments: Vec::new(),
            changes: Vec::new(),
            explanations: Vec::new(),
        }
    }

    /// Checks that every span's words are those of the text at its offsets.
    ///
    /// # Errors
    /// The first span that is out of place.
    pub fn validate(&self) -> Result<(), Misplaced> {
        let index = CharIndex::new(&self.report.text);
        let right = |span: &Span| {
            let (start, end) = (index.byte(span.start), index.byte(span.end));
            index.point(end) == span.end && self.report.text.get(start..end) == Some(&span.text)
        };
        match self.spans().into_iter().find(|span| !right(span)) {
            Some(span) => Err(Misplaced(span.clone())),
            None => Ok(()),
        }
    }

    /// Every span of the record.
    pub fn spans(&self) -> Vec<&Span> {
        let mut spans = Vec::new();
        spans.extend(self.actors.iter().flat_map(|a| a.mentions.iter().map(|m| &m.span)));
        spans.extend(self.places.iter().flat_map(|p| &p.mentions));
        spans.extend(self.times.iter().map(|t| &t.span));
        for s in &self.statements {
            spans.extend(s.source.iter().chain(&s.cue).chain(&s.content));
        }
        for e in &self.events {
            spans.extend([&e.trigger, &e.evidence]);
            spans.extend(e.also.iter().chain(e.actors.iter().chain(&e.recipients).map(|p| &p.span)));
        }
        spans.extend(self.figures.iter().map(|f| &f.span));
        spans.extend(self.commitments.iter().map(|c| &c.what));
        spans.extend(self.changes.iter().flat_map(|c| [&c.before.span, &c.after.span]));
        spans
    }
}
