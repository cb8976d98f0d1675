//! Where on the page the report's text stands.

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
    // A paragraph alone is not a place.
    while matches!(tree.nodes[best].tag, Tag::P | Tag::Li | Tag::Blockquote | Tag::Pre | Tag::Dd | Tag::Dt) {
        best = tree.nodes[best].parent;
    }
    best
}

fn value(block: &Block) -> f32 {
    let own = block.weight - block.linked;
    if block.is_prose() {
        own.min(800.0) - 0.5 * block.linked
    } else if block.tag.is_heading() && block.link_density() < 0.5 {
        0.0
    } else {
        -(20.0 + 0.2 * own.min(100.0) + block.linked.min(100.0))
    }
}
