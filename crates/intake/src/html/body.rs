//! Where on the page the report's text stands.

use std::collections::HashMap;

use super::blocks::Block;
use super::parts::Parts;
use super::tags::Tag;
use super::tree::Tree;

/// The element that holds the report's text: the one whose blocks are worth most, running text counting for it and menus,
/// lists of links and other short text against it.
pub(crate) fn container(tree: &Tree, blocks: &[Block], parts: &Parts) -> usize {
    let mut gone = vec![false; tree.nodes.len()];
    for at in 1..tree.nodes.len() {
        gone[at] = parts.dropped[at].is_some() || gone[tree.nodes[at].parent];
    }
    let mut worth = vec![0.0f32; tree.nodes.len()];
    for block in blocks.iter().filter(|b| !gone[b.node]) {
        worth[block.node] += value(block);
    }
    for at in (1..tree.nodes.len()).rev() {
        let parent = tree.nodes[at].parent;
        worth[parent] += worth[at];
    }
    let mut best = 0;
    let mut most = f32::MIN;
    for at in 0..tree.nodes.len() {
        let node = &tree.nodes[at];
        if gone[at] || node.tag == Tag::Text || !(node.tag.is_block() || at == 0) {
            continue;
        }
        let named = parts.body[at] || matches!(node.tag, Tag::Article | Tag::Main);
        let worth = if named { worth[at] * 1.1 } else { worth[at] };
        if worth >= most {
            (best, most) = (at, worth);
        }
    }
    if most <= 0.0 {
        // No running text: what is named for it, or all there is.
        let named = |tag: Tag| (1..tree.nodes.len()).find(|&n| !gone[n] && tree.nodes[n].tag == tag);
        return named(Tag::Article).or_else(|| named(Tag::Main)).unwrap_or(0);
    }
    // A paragraph alone is not a place.
    while matches!(tree.nodes[best].tag, Tag::P | Tag::Li | Tag::Blockquote | Tag::Pre | Tag::Dd | Tag::Dt) {
        best = tree.nodes[best].parent;
    }
    let best = one_of_many(tree, &gone, blocks, best);
    stated(tree, &gone, blocks, best).unwrap_or(best)
}

/// The one element that the page's maker marked as the report's text, if it holds a good part of the text there is.
fn stated(tree: &Tree, gone: &[bool], blocks: &[Block], best: usize) -> Option<usize> {
    let mut found = (1..tree.nodes.len()).filter(|&n| !gone[n] && tree.is_marked_text(n));
    let only = found.next()?;
    if found.any(|n| !tree.subtree(only).contains(&n)) {
        return None;
    }
    let own = |root: usize| -> f32 {
        let inside = tree.subtree(root);
        blocks.iter().filter(|b| !gone[b.node] && inside.contains(&b.node)).map(|b| b.weight - b.linked).sum()
    };
    (own(only) > 0.3 * own(best)).then_some(only)
}

/// Where several articles stand one after the other, the one that is the page's own: it holds most of the text.
fn one_of_many(tree: &Tree, gone: &[bool], blocks: &[Block], best: usize) -> usize {
    let mut held: HashMap<usize, f32> = HashMap::new();
    let (mut all, mut loose) = (0.0, 0.0);
    let inside = tree.subtree(best);
    for block in blocks.iter().filter(|b| b.is_prose() && !gone[b.node] && inside.contains(&b.node)) {
        all += block.weight;
        let outermost =
            tree.ancestors(block.node).take_while(|&n| n != best).filter(|&n| tree.nodes[n].tag == Tag::Article).last();
        match outermost {
            Some(article) => *held.entry(article).or_default() += block.weight,
            None => loose += block.weight,
        }
    }
    let mut held: Vec<(usize, f32)> = held.into_iter().collect();
    held.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    match held[..] {
        [(first, most), (_, next), ..] if most > 0.4 * all && most > 4.0 * next && loose < 0.15 * all => first,
        _ => best,
    }
}

fn value(block: &Block) -> f32 {
    let own = block.weight - block.linked;
    if block.is_prose() {
        own.min(800.0) - 0.5 * block.linked
    } else if block.tag.is_heading() && block.link_density() < 0.5 {
        0.0
    } else if block.link_density() < 0.3 {
        // Cells and items are as often a report's as a menu's.
        if matches!(block.tag, Tag::Td | Tag::Th | Tag::Li | Tag::Dd | Tag::Dt | Tag::Pre | Tag::P) {
            0.0
        } else {
            -10.0 - 0.1 * own.min(100.0)
        }
    } else {
        -(20.0 + block.linked.min(100.0))
    }
}
