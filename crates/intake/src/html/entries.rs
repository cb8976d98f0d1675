//! The entries of live blogs, lists of stories and readers' words: their times are not the report's.

use std::collections::{HashMap, HashSet};

use super::blocks::Block;
use super::tags::Tag;
use super::tree::{Attr, Tree};

/// So many elements alike, one beside the other, each with a time and running text, are entries.
const FEWEST: usize = 3;
/// So many times are looked at.
const MOST_TIMES: usize = 2_000;

/// The elements that are one entry of several.
pub(crate) fn find(tree: &Tree, blocks: &[Block]) -> HashSet<usize> {
    // Whether running text stands in an element; blocks are in the order of their elements, nearly.
    let mut prose: Vec<usize> = blocks.iter().filter(|b| b.is_prose()).map(|b| b.node).collect();
    prose.sort_unstable();
    let holds_prose = |n: usize| {
        let inside = tree.subtree(n);
        prose.get(prose.partition_point(|&p| p < inside.start)).is_some_and(|p| inside.contains(p))
    };
    let is_time = |n: &usize| {
        tree.nodes[*n].tag == Tag::Time
            || tree.attribute(*n, Attr::Itemprop).is_some_and(|p| p == "datePublished" || p == "dateModified")
    };
    let mut alike: HashMap<(usize, Tag, &str), Vec<usize>> = HashMap::new();
    let mut seen = HashSet::new();
    for time in (1..tree.nodes.len()).filter(is_time).take(MOST_TIMES) {
        for n in tree.ancestors(time).skip(1) {
            let node = &tree.nodes[n];
            if !seen.insert(n) || matches!(node.tag, Tag::Body | Tag::Html) {
                break;
            }
            if matches!(node.tag, Tag::Article | Tag::Section | Tag::Li | Tag::Div) && holds_prose(n) {
                let class =
                    tree.attribute(n, Attr::Class).and_then(|c| c.split_whitespace().next()).unwrap_or_default();
                alike.entry((node.parent, node.tag, class)).or_default().push(n);
            }
        }
    }
    alike.into_values().filter(|all| all.len() >= FEWEST).flatten().collect()
}
