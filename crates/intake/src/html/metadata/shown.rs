//! The day that a page shows its readers beside the headline.

use annalist_knowledge::{DateWords, Part};

use super::super::blocks::Block;
use super::super::clean::folded;
use super::super::parts::Parts;
use super::super::tags::Tag;
use super::super::tree::{Attr, Tree};
use super::{LARGEST_LINE, Said, dates, is_other};

/// So many headings are looked at.
const MOST_HEADINGS: usize = 500;
/// So many texts after the headline are looked at, unless the report begins before.
const AFTER: usize = 16;
/// And so many nodes.
const MOST_NODES: usize = 2_000;
/// So many texts before it.
const BEFORE: usize = 4;
/// A text before the headline stands in what holds the headline, so many elements up at most.
const HIGHEST: usize = 3;
/// A longer text is no date.
const LONGEST: usize = 80;

/// The days that stand alone beside the headline, those said to be of publication first, then the nearest; without those said
/// to be of change. Days written in figures that could be read two ways are left out.
pub(super) fn beside(
    tree: &Tree,
    html: &str,
    blocks: &[Block],
    parts: &Parts,
    place: usize,
    title: &str,
    words: &DateWords,
) -> Vec<String> {
    let title = folded(title);
    let inside = tree.subtree(place);
    let paragraphs = || blocks.iter().filter(|b| b.is_prose() && inside.contains(&b.node));
    let text = paragraphs().next().map_or(tree.nodes.len(), |b| b.node);
    // A headline may also stand in a bar at the top; the report's own is the last before its text.
    let headlines = |is: &dyn Fn(usize) -> bool| {
        let headings =
            (1..tree.nodes.len()).filter(|&n| tree.nodes[n].tag.is_heading() && tree.subtree(n).len() <= LARGEST_LINE);
        let fits = headings.filter(|&n| parts.dropped[n] != Some(Part::Hidden)).take(MOST_HEADINGS).filter(|&n| is(n));
        fits.min_by_key(|&n| if n < text { text - n } else { n })
    };
    let is_title = |n: usize| !title.is_empty() && folded(&tree.text(html, n)) == title;
    let Some(headline) = headlines(&is_title).or_else(|| headlines(&|n| tree.nodes[n].tag == Tag::H1)) else {
        return Vec::new();
    };
    // What reads like the first paragraph may be a summary, with the date below it.
    let begins = paragraphs().filter(|b| b.node > headline).nth(1).map_or(usize::MAX, |b| b.source.0);
    let frame = tree
        .ancestors(headline)
        .take_while(|&n| !matches!(tree.nodes[n].tag, Tag::Body | Tag::Html))
        .take(HIGHEST + 1)
        .last()
        .unwrap_or(headline);
    let is_text = |n: &usize| {
        let node = &tree.nodes[*n];
        node.tag == Tag::Text
            && !tree.nodes[node.parent].tag.is_silent()
            && html[node.source.clone()].contains(|c: char| c.is_alphanumeric())
            // What holds the headline too is the report's, whatever it is called.
            && !tree.ancestors(*n).take_while(|&n| !tree.subtree(n).contains(&headline)).any(|n| {
                parts.dropped[n].is_some_and(|part| part == Part::Share || is_other(part))
            })
    };
    let after = (tree.nodes[headline].end..tree.nodes.len())
        .take(MOST_NODES)
        .take_while(|&n| tree.nodes[n].tag != Tag::Text || tree.nodes[n].source.start < begins)
        .filter(is_text)
        .take(AFTER);
    let before = (frame + 1..headline).rev().take(MOST_NODES).filter(is_text).take(BEFORE);
    let mut found: Vec<(bool, usize, String)> = Vec::new();
    for (distance, at) in after.enumerate().chain(before.enumerate()) {
        let text = tree.text(html, at);
        let Some((day, said)) = alone(&text, words).filter(|_| !parts.in_entry(tree, at)) else {
            continue;
        };
        let said = match said {
            Said::Nothing => said_around(tree, html, at, words),
            said => said,
        };
        if said != Said::Changed {
            found.push((said != Said::Published, distance, day));
        }
    }
    found.sort();
    found.into_iter().map(|(_, _, day)| day).collect()
}

/// The day, if the text is nothing but a time, and what the text says of it.
fn alone(text: &str, words: &DateWords) -> Option<(String, Said)> {
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let day = dates::in_text(text, words, true)?;
    // From the ninth to the third is no day.
    let named = text.chars().any(char::is_alphabetic);
    let is_range = |w: &[char]| w[0].is_ascii_digit() && matches!(w[1], '-' | '–') && w[2].is_ascii_digit();
    if named && text.chars().collect::<Vec<_>>().windows(3).any(is_range) {
        return None;
    }
    // Another reading of the figures would be another day.
    if dates::in_text(text, words, false)? != day {
        return None;
    }
    let lower = text.to_lowercase();
    let first = lower.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let stands = |all: &[String]| all.iter().filter_map(|w| lower[..first].find(w.as_str())).min();
    let said = match (stands(&words.published), stands(&words.modified)) {
        (None, None) => Said::Nothing,
        (Some(p), Some(m)) if m < p => Said::Changed,
        (None, Some(_)) => Said::Changed,
        (Some(_), _) => Said::Published,
    };
    let known = |word: &str| {
        let lower = word.to_lowercase();
        let in_list = |all: &[String]| all.iter().any(|w| w.split(' ').any(|w| w == lower));
        words.months.iter().any(|names| names.contains(&lower))
            || in_list(&words.beside)
            || in_list(&words.published)
            || in_list(&words.modified)
            // The name of a zone.
            || (word.len() <= 4 && word.bytes().all(|b| b.is_ascii_uppercase()))
            // A number, as in 3rd and 10am.
            || (word.starts_with(|c: char| c.is_ascii_digit())
                && lower.trim_start_matches(|c: char| c.is_ascii_digit()).len() <= 2)
    };
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(known).then_some((day, said))
}

/// What the makers of the page call the elements of a date, or the words right before it say.
fn said_around(tree: &Tree, html: &str, at: usize, words: &DateWords) -> Said {
    for n in tree.ancestors(tree.nodes[at].parent).take(2) {
        let get = |name: Attr| tree.attribute(n, name).unwrap_or_default();
        match Said::by_name(&format!("{} {}", get(Attr::Class), get(Attr::Itemprop)).to_lowercase()) {
            Said::Nothing => {}
            said => return said,
        }
    }
    let before = (1..at).rev().take(8).find(|&n| tree.nodes[n].tag == Tag::Text && !tree.text(html, n).is_empty());
    let before = before.map(|n| tree.text(html, n).to_lowercase()).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends = |all: &[String]| before.len() <= LONGEST && all.iter().any(|w| before.ends_with(w.as_str()));
    if ends(&words.modified) {
        Said::Changed
    } else if ends(&words.published) {
        Said::Published
    } else {
        Said::Nothing
    }
}
