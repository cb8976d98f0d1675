//! A web page to the report on it.
//!
//! The page is read into a [`tree`], its texts cut into [`blocks`]; [`parts`] tells what is furniture by the names its makers
//! gave it, [`body`] where the report stands, [`clean`] what else stands there.

mod blocks;
mod body;
mod clean;
mod entities;
mod parts;
mod tags;
mod tree;

use annalist_knowledge::Pages;
use annalist_record::{CharIndex, PublishedFrom, Removed, Segment};

use blocks::{Block, blocks};
use tree::Tree;

/// What a web page says, and where it says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The report's text, a blank line between paragraphs.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// When it was published: an ISO 8601 date or time.
    pub published: Option<String>,
    /// What `published` rests on.
    pub published_from: PublishedFrom,
    /// When it was last changed: an ISO 8601 date or time.
    pub modified: Option<String>,
    /// The page's address as the page gives it, else as the caller does.
    pub url: Option<String>,
    /// The section it stands in.
    pub section: Option<String>,
    /// The language the page says it is in, as it says it.
    pub language: Option<String>,
    /// Headlines of other stories that stood in the report or right after it.
    pub leads: Vec<String>,
    /// What is said of pictures.
    pub captions: Vec<String>,
    /// Which stretch of `text` is which stretch of the source, in code points; the same characters in both. Spaces that were
    /// joined and characters written as references are in none.
    pub segments: Vec<Segment>,
    /// What of the source is in no segment, in code points, with the reason; `markup` where nothing of it is text to read.
    pub removed: Vec<Removed>,
}

/// Reads a decoded page, or a part of one. `url` is where it came from, if that is known.
pub fn read(html: &str, url: Option<&str>, pages: &Pages) -> Page {
    let tree = Tree::parse(html);
    let all = blocks(&tree, html, 0, |_| false);
    let parts = parts::parts(&tree, &all, pages);
    let place = body::container(&tree, &all, &parts);
    let own = blocks(&tree, html, place, |node| parts.dropped[node].is_some());
    let titles: Vec<String> = Vec::new();
    let reasons = clean::reasons(&tree, &own, &titles, pages);
    let mut page = Page { url: url.map(str::to_string), ..Page::default() };
    assemble(html, &own, &reasons, &mut page);
    page
}

fn assemble(html: &str, blocks: &[Block], reasons: &[Option<&'static str>], page: &mut Page) {
    let source = CharIndex::new(html);
    let mut spans = Vec::new();
    for (block, reason) in blocks.iter().zip(reasons) {
        if reason.is_some() {
            continue;
        }
        if !page.text.is_empty() {
            page.text.push_str("\n\n");
        }
        let offset = page.text.len();
        page.text.push_str(&block.text);
        spans.extend(block.same.iter().map(|s| (s.text + offset, s.source, s.length)));
    }
    let text = CharIndex::new(&page.text);
    page.segments = spans
        .into_iter()
        .map(|(t, s, length)| Segment {
            text: [text.point(t), text.point(t + length)],
            input: [source.point(s), source.point(s + length)],
        })
        .collect();
}
