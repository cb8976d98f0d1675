//! Where HTML documents are handed over to what finds the article in them.

use annalist_record::{Credit, Lead, PublishedFrom, Removed, Segment};

use crate::IntakeError;
use crate::raw::Known;

/// An article out of an HTML document.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The article's text, a paragraph a line.
    pub text: String,
    /// Which stretch of `text` is which stretch of the decoded document, in code points.
    pub segments: Vec<Segment>,
    /// What else is in the decoded document, in code points.
    pub removed: Vec<Removed>,
    /// What the document says of itself; this goes before what its container says, except for the address.
    pub known: Known,
    /// What `known.published` rests on.
    pub published_from: PublishedFrom,
    /// Headlines of other stories.
    pub leads: Vec<Lead>,
    /// Credits that stood outside the text.
    pub credits: Vec<Credit>,
    /// What a reader should know.
    pub warnings: Vec<String>,
}

/// Reads a decoded HTML document, a page or a fragment of one; `url` is its address, if it is known.
///
/// The extractor is to be called here. Until it is, a document in HTML is refused.
pub(crate) fn read(input: &str, _html: &str, _url: Option<&str>) -> Result<Page, IntakeError> {
    Err(IntakeError::Markup { input: input.to_string() })
}
