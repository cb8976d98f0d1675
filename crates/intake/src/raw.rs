//! A document as it comes, before it is a report.

use serde::{Deserialize, Serialize};

/// One document out of an input, not yet decoded or cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// The input's name and the document's place in it: `talks.txt`, `news.jsonl:7` (line), `crawl.warc.gz#12` (record, from 1).
    pub name: String,
    /// Its content.
    pub body: Body,
    /// What the content is.
    pub kind: Kind,
    /// The charset that whatever carried the document declares for it, as a label of the WHATWG Encoding Standard.
    pub charset: Option<String>,
    /// What whatever carried the document says about it.
    pub known: Known,
    /// What a reader should know before trusting it.
    pub warnings: Vec<String>,
}

/// A document's content: bytes, or text where the container settles the charset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Bytes in a charset that is still to be told.
    Bytes(Vec<u8>),
    /// Decoded text.
    Text(String),
}

/// What a document's content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Plain text.
    Text,
    /// An HTML page or fragment.
    Html,
    /// A mail message with its headers.
    Mail,
    /// A Word document.
    Docx,
    /// A PDF file.
    Pdf,
}

/// What a container says about a document. Unknown is `None`; dates and times are ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// The headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// When it was fetched.
    pub retrieved: Option<String>,
    /// The section it stood in.
    pub section: Option<String>,
    /// The ISO 639-1 code of its language.
    pub language: Option<String>,
    /// Whatever id it carried.
    pub input_id: Option<String>,
}

impl Raw {
    /// A document of which nothing but its content is known.
    pub fn new(name: impl Into<String>, body: Body, kind: Kind) -> Raw {
        Raw { name: name.into(), body, kind, charset: None, known: Known::default(), warnings: Vec::new() }
    }
}

impl Body {
    /// Its size in bytes.
    pub fn len(&self) -> usize {
        match self {
            Body::Bytes(bytes) => bytes.len(),
            Body::Text(text) => text.len(),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
