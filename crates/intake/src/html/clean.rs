//! What stands in the report's place and is not its text: bylines, captions, prompts, leads, what follows the end.

use std::collections::{HashMap, HashSet};

use annalist_knowledge::{Line, Pages};

use super::blocks::Block;
use super::tags::Tag;
use super::tree::Tree;

/// So many headings that might end the report are looked at closely.
const MOST_LOOKS: usize = 20;

/// Why each block is not the report's text, if it is not.
pub(crate) fn reasons(tree: &Tree, blocks: &[Block], titles: &[String], pages: &Pages) -> Vec<Option<&'static str>> {
    let lines: Vec<Vec<Line>> = blocks.iter().map(|b| pages.line(&b.text)).collect();
    let titles: HashSet<String> = titles.iter().map(|t| folded(t)).collect();
    let total: f32 = blocks.iter().filter(|b| b.is_prose()).map(|b| b.weight).sum();
    let mut reasons = repetitions(blocks);
    let headlines = blocks.iter().filter(|b| b.tag == Tag::H1).count();
    let mut before = 0.0;
    let mut looks = 0;
    for (i, block) in blocks.iter().enumerate() {
        let is = |line: Line| lines[i].contains(&line);
        let share = if total > 0.0 { before / total } else { 0.0 };
        let mut ends = is(Line::End) && share > 0.15 && !block.is_prose();
        if ends && share <= 0.85 && looks < MOST_LOOKS {
            looks += 1;
            ends = !goes_on(tree, blocks, &reasons, i);
        }
        if ends {
            for reason in &mut reasons[i..] {
                reason.get_or_insert("after the end");
            }
            break;
        }
        if reasons[i].is_none() {
            reasons[i] = reason(block, is, share, &titles, headlines);
        }
        if block.is_prose() && reasons[i].is_none() {
            before += block.weight;
        }
    }
    trim(blocks, &mut reasons);
    reasons
}

/// Why a block alone is not the report's text. `share` is how much of the running text stands before it.
fn reason(
    block: &Block,
    is: impl Fn(Line) -> bool,
    share: f32,
    titles: &HashSet<String>,
    headlines: usize,
) -> Option<&'static str> {
    let density = block.link_density();
    let heading = block.tag.is_heading();
    let prose = block.is_prose();
    // Where there are several headings of the first rank, they are the text's own.
    let named = share < 0.3 && block.weight < 300.0 && titles.contains(&folded(&block.text));
    if named || (block.tag == Tag::H1 && headlines == 1) {
        return Some("title");
    }
    if is(Line::Legal) && block.weight < 200.0 {
        return Some("copyright");
    }
    if is(Line::Caption) && !heading && (block.by_picture || !block.ends_sentence() || block.weight < 40.0) {
        return Some("caption");
    }
    if block.by_picture && !prose && !heading && block.weight < 150.0 && block.tag != Tag::Li && density < 0.5 {
        let own_element = !matches!(block.tag, Tag::P) || block.slanted > 0.9 * block.weight;
        if own_element && !block.ends_sentence() {
            return Some("caption");
        }
    }
    if is(Line::Byline) && !heading && block.weight < 120.0 && !(0.1..=0.8).contains(&share) {
        return Some("byline");
    }
    if is(Line::Prompt) {
        return Some("prompt");
    }
    if is(Line::Contact) && share > 0.6 {
        return Some("credit");
    }
    if is(Line::Lead) && density > 0.3 {
        return Some("leads");
    }
    if density > 0.8 {
        let lead = block.words() > 3;
        if lead || !matches!(block.tag, Tag::P | Tag::Td | Tag::Th) && !heading {
            return Some(if lead { "leads" } else { "navigation" });
        }
    }
    None
}

/// Whether the report goes on after what looks like the heading of another part at `at`: running text follows in the element
/// in which most of the running text before stands.
fn goes_on(tree: &Tree, blocks: &[Block], reasons: &[Option<&'static str>], at: usize) -> bool {
    let home = |b: &Block| tree.nodes[b.node].parent;
    let mut held: HashMap<usize, f32> = HashMap::new();
    for block in blocks[..at].iter().zip(reasons).filter(|(b, r)| b.is_prose() && r.is_none()).map(|(b, _)| b) {
        *held.entry(home(block)).or_default() += block.weight;
    }
    let most = held.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    most.is_some_and(|(place, _)| blocks[at + 1..].iter().any(|b| b.is_prose() && home(b) == place))
}

/// Text that was just said, or a stretch of text that is there twice. What is asked again and again is not.
fn repetitions(blocks: &[Block]) -> Vec<Option<&'static str>> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut again: Vec<Option<usize>> = vec![None; blocks.len()];
    for (i, block) in blocks.iter().enumerate().filter(|(_, b)| b.weight >= 24.0 && b.tag != Tag::Td) {
        again[i] = first.get(block.text.as_str()).copied();
        first.insert(&block.text, i);
    }
    let mut reasons = vec![None; blocks.len()];
    for i in 0..blocks.len() {
        let Some(earlier) = again[i] else { continue };
        let run = |j: Option<usize>, e: Option<usize>| {
            j.zip(e).is_some_and(|(j, e)| again.get(j).copied().flatten() == Some(e))
        };
        let in_run = run(i.checked_sub(1), earlier.checked_sub(1)) || run(Some(i + 1), Some(earlier + 1));
        if i - earlier <= 2 || (in_run && blocks[i].is_prose() && blocks[i].ends_sentence() && blocks[i].weight > 100.0)
        {
            reasons[i] = Some("repetition");
        }
    }
    reasons
}

/// Takes away short text after the last running text, and headings with nothing below them.
fn trim(blocks: &[Block], reasons: &mut [Option<&'static str>]) {
    let Some(last) = (0..blocks.len()).rev().find(|&i| reasons[i].is_none() && blocks[i].is_prose()) else { return };
    for i in last + 1..blocks.len() {
        let block = &blocks[i];
        if block.tag.is_heading()
            || (!block.ends_sentence() && !matches!(block.tag, Tag::P | Tag::Li | Tag::Td | Tag::Pre))
        {
            reasons[i].get_or_insert("after the end");
        }
    }
}

/// Letters and digits alone, in lower case.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
