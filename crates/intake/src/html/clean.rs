//! What stands in the report's place and is not its text: bylines, captions, prompts, leads, what follows the end.

use std::collections::HashSet;

use annalist_knowledge::{Line, Pages};

use super::blocks::Block;
use super::tags::Tag;
use super::tree::Tree;

/// Why each block is not the report's text, if it is not.
pub(crate) fn reasons(tree: &Tree, blocks: &[Block], titles: &[String], pages: &Pages) -> Vec<Option<&'static str>> {
    let mut reasons: Vec<Option<&'static str>> = vec![None; blocks.len()];
    let lines: Vec<Vec<Line>> = blocks.iter().map(|b| pages.line(&b.text)).collect();
    let titles: HashSet<String> = titles.iter().map(|t| folded(t)).collect();
    let total: f32 = blocks.iter().filter(|b| b.is_prose()).map(|b| b.weight).sum();

    let mut before = 0.0;
    let mut seen: HashSet<&str> = HashSet::new();
    for (i, block) in blocks.iter().enumerate() {
        let prose = block.is_prose();
        let is = |line: Line| lines[i].contains(&line);
        if is(Line::End) && before > 0.6 * total && !prose {
            for reason in &mut reasons[i..] {
                reason.get_or_insert("after the end");
            }
            break;
        }
        let density = block.link_density();
        let reason = if block.tag == Tag::H1 || (titles.contains(&folded(&block.text)) && before < 0.3 * total) {
            Some("title")
        } else if is(Line::Legal) && block.weight < 200.0 {
            Some("copyright")
        } else if is(Line::Caption) {
            Some("caption")
        } else if is(Line::Byline) && !block.tag.is_heading() && block.weight < 120.0 {
            Some("byline")
        } else if is(Line::Prompt) {
            Some("prompt")
        } else if is(Line::Lead) && density > 0.3 {
            Some("leads")
        } else if density > 0.8 && (!matches!(block.tag, Tag::P | Tag::Td) || block.words() > 3) && !block.tag.is_heading() {
            Some(if block.words() > 3 { "leads" } else { "navigation" })
        } else if block.tag.is_heading() && density > 0.8 && block.words() > 3 {
            Some("leads")
        } else if block.weight >= 24.0 && !seen.insert(block.text.as_str()) {
            Some("repetition")
        } else {
            None
        };
        reasons[i] = reason;
        if prose && reason.is_none() {
            before += block.weight;
        }
    }
    trim(tree, blocks, &mut reasons);
    reasons
}

/// Takes away short text after the last running text.
fn trim(_tree: &Tree, blocks: &[Block], reasons: &mut [Option<&'static str>]) {
    let Some(last) = (0..blocks.len()).rev().find(|&i| reasons[i].is_none() && blocks[i].is_prose()) else { return };
    for i in last + 1..blocks.len() {
        let block = &blocks[i];
        if block.tag.is_heading() || (!block.ends_sentence() && block.tag != Tag::P && block.tag != Tag::Li && block.tag != Tag::Td) {
            reasons[i].get_or_insert("after the end");
        }
    }
}

/// Letters and digits alone, in lower case.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
