//! A web page to the report on it.
//!
//! The page is read into a [`tree`], its texts cut into [`blocks`]; [`parts`] tells what is furniture by the names its makers
//! gave it, [`body`] where the report stands, [`clean`] what else stands there, [`entries`] what has a time of its own.

mod blocks;
mod body;
mod clean;
mod entities;
mod entries;
mod metadata;
mod parts;
mod tags;
mod tree;

use annalist_knowledge::Pages;
use annalist_record::{CharIndex, PublishedFrom, Removed, Segment};

use blocks::{Block, blocks};
use metadata::Metadata;
use parts::Parts;
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
    /// joined and characters written as references are in none. A text that stands in the page's data only has no segments.
    pub segments: Vec<Segment>,
    /// What of the source is in no segment, in code points, with the reason; `markup` where nothing of it is text to read.
    pub removed: Vec<Removed>,
}

/// Reads a decoded page, or a part of one. `url` is where it came from, if that is known.
pub fn read(html: &str, url: Option<&str>, pages: &Pages) -> Page {
    let tree = Tree::parse(html);
    let all = blocks(&tree, html, 0, |_| false);
    let mut parts = parts::parts(&tree, &all, pages);
    let place = body::container(&tree, &all, &parts);
    let known = metadata::read(&tree, html, &all, &parts, place, url, pages);
    let mut body = Body::find(&tree, html, place, &parts, &known, pages);
    let shown: f32 = all.iter().filter(|b| b.is_prose()).map(|b| b.weight).sum();
    if body.weight() < FEW && shown > 2.0 * body.weight() {
        parts.forgive();
        let place = body::container(&tree, &all, &parts);
        let second = Body::find(&tree, html, place, &parts, &known, pages);
        if second.weight() > 2.0 * body.weight() {
            body = second;
        }
    }
    let Metadata { mut page, stated_body, .. } = known;
    let stated = stated_body.as_deref().map(plain).filter(|s| s.chars().count() as f32 > 3.0 * body.weight());
    match stated {
        Some(stated) => page.text = stated,
        None => assemble(html, &body, &mut page),
    }
    page.removed = account(html, &tree, &parts, &all, &body, &page.segments);
    page
}

/// A report with less text than this may have been taken for furniture.
const FEW: f32 = 400.0;

/// The blocks that stand in the report's place, and why each is not its text, if it is not.
struct Body {
    blocks: Vec<Block>,
    reasons: Vec<Option<&'static str>>,
}

impl Body {
    fn find(tree: &Tree, html: &str, place: usize, parts: &Parts, known: &Metadata, pages: &Pages) -> Body {
        let blocks = blocks(tree, html, place, |node| parts.dropped[node].is_some());
        let reasons = clean::reasons(tree, &blocks, &known.titles, pages);
        Body { blocks, reasons }
    }

    fn weight(&self) -> f32 {
        self.blocks.iter().zip(&self.reasons).filter(|(_, reason)| reason.is_none()).map(|(b, _)| b.weight).sum()
    }
}

/// Text as a page states it in its data: some states it as HTML.
fn plain(stated: &str) -> String {
    let stated = if stated.contains("&lt;") { entities::decode(stated) } else { stated.to_string() };
    if !stated.contains("</") && !stated.contains('&') {
        return stated.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n\n");
    }
    let found = blocks(&Tree::parse(&stated), &stated, 0, |_| false);
    found.into_iter().map(|b| b.text).collect::<Vec<_>>().join("\n\n")
}

fn assemble(html: &str, body: &Body, page: &mut Page) {
    let mut spans = Vec::new();
    for (block, reason) in body.blocks.iter().zip(&body.reasons) {
        match reason {
            Some("leads") => page.leads.push(block.text.clone()),
            Some("caption") => page.captions.push(block.text.clone()),
            Some(_) => {}
            None => {
                if !page.text.is_empty() {
                    page.text.push_str("\n\n");
                }
                let offset = page.text.len();
                page.text.push_str(&block.text);
                spans.extend(block.same.iter().map(|s| (s.text + offset, s.source, s.length)));
            }
        }
    }
    let (text, source) = (CharIndex::new(&page.text), CharIndex::new(html));
    page.segments = spans
        .into_iter()
        .map(|(t, s, length)| Segment {
            text: [text.point(t), text.point(t + length)],
            input: [source.point(s), source.point(s + length)],
        })
        .collect();
}

/// Everything of the source that is in no segment, with the reason.
fn account(html: &str, tree: &Tree, parts: &Parts, all: &[Block], body: &Body, segments: &[Segment]) -> Vec<Removed> {
    let source = CharIndex::new(html);
    // Stretches with a reason of their own, by where they begin.
    let mut stretches: Vec<(usize, usize, &'static str)> = Vec::new();
    for (block, reason) in body.blocks.iter().zip(&body.reasons) {
        stretches.extend(reason.map(|r| (source.point(block.source.0), source.point(block.source.1), r)));
    }
    let inside: std::collections::HashSet<usize> = body.blocks.iter().map(|b| b.source.0).collect();
    for block in all.iter().filter(|b| !inside.contains(&b.source.0)) {
        let part = tree.ancestors(block.node).find_map(|n| parts.dropped[n]);
        let reason = part.map_or("elsewhere", parts::reason);
        stretches.push((source.point(block.source.0), source.point(block.source.1), reason));
    }
    stretches.sort_unstable();
    let mut removed: Vec<Removed> = Vec::new();
    let mut push = |start: usize, end: usize, reason: &str| {
        if start < end {
            match removed.last_mut() {
                Some(last) if last.end == start && last.reason == reason => last.end = end,
                _ => removed.push(Removed { start, end, reason: reason.to_string() }),
            }
        }
    };
    let mut stretches = stretches.into_iter().peekable();
    let mut at = 0;
    let mut gap = |from: usize, to: usize| {
        let mut at = from;
        while let Some(&(start, end, reason)) = stretches.peek() {
            if start >= to {
                break;
            }
            push(at, start.max(at), "markup");
            push(start.max(at), end.clamp(at, to), reason);
            at = end.clamp(at, to);
            if end > to {
                break;
            }
            stretches.next();
        }
        push(at, to, "markup");
    };
    let mut kept: Vec<[usize; 2]> = segments.iter().map(|s| s.input).collect();
    kept.sort_unstable();
    for [start, end] in kept {
        gap(at, start);
        at = end;
    }
    gap(at, source.point(html.len()));
    removed
}
