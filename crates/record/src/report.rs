//! The report: one text, where it came from, and what was taken away from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The report: from its address, else outlet, title and date, else its words.
    pub id: String,
    /// The words alone: the same copy in two outlets has one.
    pub content_id: String,
    /// A signature by which near-duplicates are found.
    pub signature: Option<String>,
    /// Whatever id the input carried.
    pub input_id: Option<String>,
    /// The `content_id` of the version of the same report that this one corrects: among the reports read with it, or in a ledger.
    pub version_of: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its address.
    pub url: Option<String>,
    /// The section it stood in.
    pub section: Option<String>,
    /// When it was published: an ISO 8601 date or time.
    pub published: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// When it was fetched.
    pub retrieved: Option<String>,
    /// What `published` rests on.
    pub published_from: PublishedFrom,
    /// ISO 639-1 code of the language, if it could be told.
    pub language: Option<String>,
    /// The text that was read; all spans point into it.
    pub text: String,
    /// What was taken away, with code points of the decoded input.
    pub removed: Vec<Removed>,
    /// Which stretch of `text` is which stretch of the decoded input, in code points.
    pub segments: Vec<Segment>,
    /// Headlines of other stories that stood beside this one.
    pub leads: Vec<Lead>,
    /// Whose material the report says it uses.
    pub credits: Vec<Credit>,
    /// What a reader should know before trusting the record.
    pub warnings: Vec<String>,
}

/// What a publication date rests on; never a file's time, its name, or today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PublishedFrom {
    Given,
    JsonLd,
    OpenGraph,
    Meta,
    TimeTag,
    Url,
    Dateline,
    Byline,
    Text,
    #[default]
    None,
}

/// A stretch of the decoded input that is not in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Removed {
    /// First code point of the decoded input.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Why: `shortcode`, `repetition`, `prompt`, `leads`, `credit`, `copyright`, `space`, …
    pub reason: String,
}

/// A stretch of the text and the stretch of the decoded input it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    /// Code points of the text, half-open.
    pub text: [usize; 2],
    /// Code points of the decoded input, half-open.
    pub input: [usize; 2],
}

/// The headline of another story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lead {
    /// Its words.
    pub text: String,
}

/// A credit line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Credit {
    /// `agency`, `photo` or `reporter`.
    pub kind: String,
    /// Who is credited.
    pub name: String,
    /// The line.
    pub text: String,
}
