//! A page's texts in blocks: what a browser sets as one paragraph, heading, list item or cell.

use super::entities::{self, Piece};
use super::tags::Tag;
use super::tree::{Attr, Tree};

/// A stretch of a block's text that is the same bytes in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Same {
    /// First byte in the text.
    pub text: usize,
    /// First byte in the source.
    pub source: usize,
    /// How many bytes.
    pub length: usize,
}

/// One block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// The innermost block-level element it stands in.
    pub node: usize,
    /// That element's name.
    pub tag: Tag,
    /// Its text, white space collapsed; `\n` for a line break.
    pub text: String,
    /// Where its text comes from.
    pub same: Vec<Same>,
    /// First byte in the source and one past the last.
    pub source: (usize, usize),
    /// How much text there is: letters and digits, ideographs and syllables doubly.
    pub weight: f32,
    /// How much of it is in links.
    pub linked: f32,
    /// How much of it is in italics or small letters.
    pub slanted: f32,
    /// Whether a picture stands between the block before and this one, or in it.
    pub by_picture: bool,
}

impl Block {
    /// The share of text in links, 0..=1.
    pub(crate) fn link_density(&self) -> f32 {
        if self.weight > 0.0 { self.linked / self.weight } else { 0.0 }
    }

    /// Ends like a sentence.
    pub(crate) fn ends_sentence(&self) -> bool {
        let end = self.text.trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '”' | '’' | ')' | '»' | ']' | '*' | '」' | '）')
        });
        end.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', ':', '‚'])
    }

    /// Reads like running text.
    pub(crate) fn is_prose(&self) -> bool {
        let density = self.link_density();
        if self.tag.is_heading() {
            return false;
        }
        (self.weight >= 45.0 && density < 0.5 && self.ends_sentence()) || (self.weight >= 130.0 && density < 0.3)
    }

    /// The number of words between spaces.
    pub(crate) fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// The blocks of `root`'s subtree, without what stands in nodes for which `skip` holds.
pub(crate) fn blocks(tree: &Tree, html: &str, root: usize, skip: impl Fn(usize) -> bool) -> Vec<Block> {
    let mut writer = Writer { found: Vec::new(), open: None, tree, html, picture: None };
    let end = tree.nodes[root].end;
    // Block-level elements that are open, with their ends; the same for links and slanted letters.
    let base = tree.ancestors(root).find(|&n| tree.nodes[n].tag.is_block()).unwrap_or(0);
    let mut stack: Vec<(usize, usize)> = vec![(base, usize::MAX)];
    let (mut link_end, mut slant_end) = (0, 0);
    let mut breaks = 0;
    let mut at = root;
    while at < end {
        while stack.last().is_some_and(|&(_, e)| at >= e) && stack.len() > 1 {
            stack.pop();
            writer.flush();
        }
        let node = &tree.nodes[at];
        if (node.tag.is_silent() && at != root) || skip(at) {
            if node.tag.is_block() {
                writer.flush();
            }
            at = node.end;
            continue;
        }
        match node.tag {
            Tag::Text => {
                let source = &html[node.source.clone()];
                let blank = source.bytes().all(|b| b.is_ascii_whitespace());
                if !blank {
                    if breaks > 1 {
                        writer.flush();
                    }
                    let block = stack[stack.len() - 1].0;
                    writer.text(block, source, node.source.start, breaks == 1, at < link_end, at < slant_end);
                    breaks = 0;
                } else if breaks == 0 {
                    writer.space();
                }
            }
            Tag::Br => breaks += 1,
            tag if tag.is_block() => {
                writer.flush();
                breaks = 0;
                stack.push((at, node.end));
            }
            Tag::A if tree.attribute(at, Attr::Href).is_some() => link_end = link_end.max(node.end),
            Tag::Img => writer.picture = Some(at),
            Tag::Em | Tag::I | Tag::Small | Tag::Cite => slant_end = slant_end.max(node.end),
            _ => {}
        }
        at += 1;
    }
    writer.flush();
    writer.found
}

struct Writer<'t> {
    found: Vec<Block>,
    open: Option<(Block, bool)>,
    tree: &'t Tree,
    html: &'t str,
    /// The last picture since the block before.
    picture: Option<usize>,
}

impl Writer<'_> {
    fn text(&mut self, node: usize, source: &str, offset: usize, line_break: bool, linked: bool, slanted: bool) {
        let tag = self.tree.nodes[node].tag;
        let html = self.html;
        let picture = &mut self.picture;
        let (block, pending) = self.open.get_or_insert_with(|| {
            let block = Block {
                node,
                tag,
                text: String::new(),
                same: Vec::new(),
                source: (offset, offset),
                weight: 0.0,
                linked: 0.0,
                slanted: 0.0,
                by_picture: picture.take().is_some(),
            };
            (block, false)
        });
        if line_break && !block.text.is_empty() {
            block.text.push('\n');
            *pending = false;
        }
        let keep_lines = tag == Tag::Pre;
        let mut weight = 0.0;
        entities::pieces(source, offset, |piece| match piece {
            Piece::Same(at, same) => {
                let mut rest = 0;
                for (i, c) in same.char_indices() {
                    if c.is_whitespace() || is_invisible(c) {
                        if i > rest {
                            put(html, block, pending, at + rest, &same[rest..i]);
                        }
                        rest = i + c.len_utf8();
                        if keep_lines && c == '\n' && !block.text.is_empty() {
                            block.text.push('\n');
                            *pending = false;
                        } else if !is_invisible(c) {
                            *pending = true;
                        }
                    } else {
                        weight += letter_weight(c);
                    }
                }
                if same.len() > rest {
                    put(html, block, pending, at + rest, &same[rest..]);
                }
            }
            Piece::Reference(_, _, characters) => {
                for c in characters.chars() {
                    if c.is_whitespace() {
                        *pending = true;
                    } else if !is_invisible(c) {
                        space(block, pending);
                        block.text.push(c);
                        weight += letter_weight(c);
                    }
                }
            }
        });
        block.source.1 = offset + source.len();
        block.weight += weight;
        if linked {
            block.linked += weight;
        }
        if slanted {
            block.slanted += weight;
        }
    }

    fn space(&mut self) {
        if let Some((_, pending)) = &mut self.open {
            *pending = true;
        }
    }

    fn flush(&mut self) {
        if let Some((mut block, _)) = self.open.take() {
            let kept = block.text.trim_end().len();
            block.text.truncate(kept);
            if !block.text.is_empty() {
                block.by_picture |= self.picture.is_some_and(|p| self.tree.subtree(block.node).contains(&p));
                self.found.push(block);
            }
        }
    }
}

fn space(block: &mut Block, pending: &mut bool) {
    if *pending && !block.text.is_empty() && !block.text.ends_with('\n') {
        block.text.push(' ');
    }
    *pending = false;
}

fn put(html: &str, block: &mut Block, pending: &mut bool, source: usize, text: &str) {
    // A single space in the source is the space in the text.
    let joined = block.same.last().filter(|last| {
        *pending
            && last.source + last.length + 1 == source
            && html.as_bytes()[source - 1] == b' '
            && last.text + last.length == block.text.len()
    });
    let joined = joined.is_some();
    space(block, pending);
    let start = block.text.len();
    block.text.push_str(text);
    match block.same.last_mut() {
        Some(last) if joined && last.text + last.length + 1 == start => last.length += 1 + text.len(),
        Some(last) if last.text + last.length == start && last.source + last.length == source => {
            last.length += text.len()
        }
        _ => block.same.push(Same { text: start, source, length: text.len() }),
    }
}

/// Characters that only tell a browser where lines may end.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\0' | '\u{200e}' | '\u{200f}')
}

fn letter_weight(c: char) -> f32 {
    match c {
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> Vec<String> {
        blocks(&Tree::parse(html), html, 0, |_| false).into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn blocks_are_what_a_browser_sets_apart() {
        assert_eq!(
            texts("<p>One <b>two</b>\n three.<p>Four<div>five</div> six"),
            ["One two three.", "Four", "five", "six"]
        );
        assert_eq!(texts("a<br>b<br><br>c<script>x</script> d"), ["a\nb", "c d"]);
        assert_eq!(texts("<p>co\u{ad}op&shy;erate</p>"), ["cooperate"]);
    }

    #[test]
    fn links_count() {
        let html = "<p>Five <a href=x>words</a></p>";
        let found = &blocks(&Tree::parse(html), html, 0, |_| false)[0];
        assert_eq!((found.weight, found.linked), (9.0, 5.0));
    }

    #[test]
    fn text_is_tied_to_its_source() {
        let html = "<p>Fish &amp; chips\n  for <i>all</i> of us</p>";
        let block = &blocks(&Tree::parse(html), html, 0, |_| false)[0];
        for s in &block.same {
            let (text, source) = (&block.text[s.text..s.text + s.length], &html[s.source..s.source + s.length]);
            assert!(text == source, "{text:?} {source:?}");
        }
        assert_eq!(block.text, "Fish & chips for all of us");
    }
}
