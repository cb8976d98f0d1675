//! Which elements are not part of the report, by what their makers call them.
//!
//! Names mislead: a page may be called `has-sidebar`, a story `share-enabled`. So an element is only taken out while it holds
//! little of the page's running text, how little depending on the name.

use std::collections::{HashMap, HashSet};

use annalist_knowledge::{Pages, Part};

use super::blocks::Block;
use super::entries;
use super::tags::Tag;
use super::tree::{Attr, Tree};

/// What is known of each node.
pub(crate) struct Parts {
    /// Why the node is not part of the report, if it is not; its descendants are not marked themselves.
    pub dropped: Vec<Option<Part>>,
    /// Whether its maker calls it the report's text.
    pub body: Vec<bool>,
    /// One of several entries, each with its own time.
    entries: HashSet<usize>,
}

/// How much of the page's running text an element of that name may hold and still be taken out.
fn limit(part: Part) -> f32 {
    match part {
        Part::Body => 0.0,
        Part::Comments => 0.85,
        Part::Hidden => 0.5,
        Part::Navigation | Part::Overlay | Part::Related => 0.3,
        Part::Caption => 0.25,
        Part::Aside | Part::Advertising => 0.2,
        Part::Newsletter | Part::Share => 0.15,
        Part::Byline | Part::Labels => 0.1,
    }
}

/// How much all elements of that name together may hold. A story told in slides is a story.
fn joint_limit(part: Part) -> f32 {
    match part {
        Part::Comments => 0.9,
        Part::Hidden => 0.6,
        Part::Navigation | Part::Overlay | Part::Related => 0.5,
        _ => 0.3,
    }
}

/// What its element's own name sets apart from the text, a caption or the page's foot, may hold as much.
const SET_APART: f32 = 0.6;

/// Tells the parts, given the page's blocks.
pub(crate) fn parts(tree: &Tree, blocks: &[Block], pages: &Pages) -> Parts {
    let prose = prose(tree, blocks);
    let total = prose[0].max(1.0);
    let paragraphs = paragraphs(tree, blocks);
    let quotations = counted(tree, |n| tree.nodes[n].tag == Tag::Blockquote);
    let headlines = counted(tree, |n| tree.nodes[n].tag == Tag::H1);
    let marked = counted(tree, |n| tree.is_marked_text(n));
    let mut known: HashMap<&str, (Vec<Part>, f32)> = HashMap::new();
    for at in 1..tree.nodes.len() {
        for (name, value) in tree.attributes(at) {
            if is_name(*name) {
                known.entry(value.as_str()).or_insert_with(|| (pages.parts(value), 0.0)).1 += prose[at];
            }
        }
    }
    let mut dropped = vec![None; tree.nodes.len()];
    let mut body = vec![false; tree.nodes.len()];
    let mut at = 1;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        if matches!(node.tag, Tag::Text | Tag::Html | Tag::Body | Tag::Main) || node.tag.is_silent() {
            at = if node.tag.is_silent() { node.end } else { at + 1 };
            continue;
        }
        // The reason, and how much text all elements of that name hold.
        let mut reason = by_tag(node.tag).map(|part| (part, 0.0));
        for (name, value) in tree.attributes(at) {
            if is_name(*name)
                && let Some((parts, joint)) = known.get(value.as_str())
            {
                for &part in parts {
                    match part {
                        Part::Body => body[at] = true,
                        // The most forgiving name decides.
                        _ if reason.is_none_or(|(r, _)| limit(part) > limit(r)) => reason = Some((part, *joint)),
                        _ => {}
                    }
                }
            }
            let hidden = *name == Attr::Hidden || (*name == Attr::Style && is_hidden(value));
            if hidden {
                reason = Some((Part::Hidden, 0.0));
            }
        }
        let named_loosely =
            node.tag.is_heading() || matches!(node.tag, Tag::Table | Tag::Tbody | Tag::Tr | Tag::Td | Tag::Th);
        if named_loosely && reason.is_some_and(|(r, _)| matches!(r, Part::Byline | Part::Labels | Part::Caption)) {
            reason = None;
        }
        let drop = reason.filter(|&(part, joint)| {
            let foot = node.tag == Tag::Footer && !tree.ancestors(at).any(|n| tree.nodes[n].tag == Tag::Article);
            let limit = match node.tag {
                Tag::Figcaption => SET_APART,
                _ if foot => SET_APART,
                _ => limit(part),
            };
            let holds = |count: &[u32]| count[node.end] > count[at];
            // The headline, or what the maker marked as the text, with much of the text beside it.
            let is_report = (holds(&marked) || holds(&headlines)) && prose[at] > 0.1 * total;
            prose[at] <= limit * total
                && joint <= joint_limit(part) * total
                && !(body[at] && prose[at] > 0.05 * total)
                && !(part == Part::Caption && paragraphs[at] > MOST_IN_CAPTION)
                && !is_report
                && !(matches!(part, Part::Share | Part::Aside) && holds(&quotations))
        });
        match drop {
            Some((part, _)) => {
                dropped[at] = Some(part);
                at = node.end;
            }
            None => at += 1,
        }
    }
    Parts { dropped, body, entries: entries::find(tree, blocks) }
}

impl Parts {
    /// Whether a node stands in one of several entries, whose times are not the report's.
    pub(crate) fn in_entry(&self, tree: &Tree, node: usize) -> bool {
        !self.entries.is_empty() && tree.ancestors(node).any(|n| self.entries.contains(&n))
    }

    /// Takes back all but what can be nothing else: menus, readers' words, what is not shown.
    pub(crate) fn forgive(&mut self) {
        for part in &mut self.dropped {
            *part = part.filter(|p| matches!(p, Part::Navigation | Part::Comments | Part::Hidden));
        }
    }
}

/// The word for it in an account of what was removed.
pub(crate) fn reason(part: Part) -> &'static str {
    match part {
        Part::Body => "elsewhere",
        Part::Navigation | Part::Labels => "navigation",
        Part::Overlay => "overlay",
        Part::Hidden => "hidden",
        Part::Share => "share",
        Part::Related => "leads",
        Part::Newsletter => "prompt",
        Part::Comments => "comments",
        Part::Advertising => "advertising",
        Part::Byline => "byline",
        Part::Caption => "caption",
        Part::Aside => "aside",
    }
}

fn is_name(name: Attr) -> bool {
    matches!(name, Attr::Class | Attr::Id | Attr::Role | Attr::Component | Attr::Itemprop)
}

fn is_hidden(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn by_tag(tag: Tag) -> Option<Part> {
    match tag {
        Tag::Nav | Tag::Footer | Tag::Menu => Some(Part::Navigation),
        Tag::Aside => Some(Part::Aside),
        Tag::Form | Tag::Fieldset | Tag::Label | Tag::Input => Some(Part::Newsletter),
        Tag::Figure | Tag::Figcaption | Tag::Caption | Tag::Picture => Some(Part::Caption),
        Tag::Header | Tag::Address | Tag::Time => Some(Part::Byline),
        _ => None,
    }
}

/// For each node how many nodes before it are such.
fn counted(tree: &Tree, is: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut count = Vec::with_capacity(tree.nodes.len() + 1);
    let mut so_far = 0;
    for at in 0..tree.nodes.len() {
        count.push(so_far);
        so_far += u32::from(is(at));
    }
    count.push(so_far);
    count
}

/// A caption does not have more paragraphs of running text.
const MOST_IN_CAPTION: u32 = 2;

/// How many paragraphs of running text are in each element.
fn paragraphs(tree: &Tree, blocks: &[Block]) -> Vec<u32> {
    let mut count = vec![0; tree.nodes.len()];
    for block in blocks.iter().filter(|b| b.is_prose()) {
        count[block.node] += 1;
    }
    for at in (1..tree.nodes.len()).rev() {
        let parent = tree.nodes[at].parent;
        count[parent] += count[at];
    }
    count
}

/// The running text in each element.
fn prose(tree: &Tree, blocks: &[Block]) -> Vec<f32> {
    let mut prose = vec![0.0; tree.nodes.len()];
    for block in blocks.iter().filter(|b| b.is_prose()) {
        prose[block.node] += block.weight - block.linked;
    }
    for at in (1..tree.nodes.len()).rev() {
        let parent = tree.nodes[at].parent;
        prose[parent] += prose[at];
    }
    prose
}
