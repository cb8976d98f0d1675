//! A page's elements and texts, in document order, each with its place in the source.
//!
//! The tokens are html5gum's. The tree is simpler than a browser's: elements are never moved, so the descendants of a node are
//! the nodes right after it, up to its `end`, and nothing needs recursion, neither to walk the tree nor to drop it.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::tags::Tag;

/// Elements nested deeper than this become siblings, as in browsers.
const DEEPEST: usize = 512;
/// Nodes and attributes beyond this many are not taken in: two million nodes are no report.
const MOST_NODES: usize = 2_000_000;

/// The attributes that tell something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attr {
    Class,
    Id,
    Role,
    Name,
    Property,
    Content,
    Itemprop,
    Itemtype,
    Href,
    Rel,
    Datetime,
    Style,
    Hidden,
    AriaHidden,
    Component,
    Lang,
    Type,
    Title,
}

impl Attr {
    fn of(name: &[u8]) -> Option<Attr> {
        Some(match name {
            b"class" => Attr::Class,
            b"id" => Attr::Id,
            b"role" => Attr::Role,
            b"name" => Attr::Name,
            b"property" => Attr::Property,
            b"content" => Attr::Content,
            b"itemprop" => Attr::Itemprop,
            b"itemtype" => Attr::Itemtype,
            b"href" => Attr::Href,
            b"rel" => Attr::Rel,
            b"datetime" => Attr::Datetime,
            b"style" => Attr::Style,
            b"hidden" => Attr::Hidden,
            b"aria-hidden" => Attr::AriaHidden,
            b"data-component" | b"data-testid" | b"data-type" | b"data-module" => Attr::Component,
            b"lang" => Attr::Lang,
            b"type" => Attr::Type,
            b"title" => Attr::Title,
            _ => return None,
        })
    }
}

/// An element or a text.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub tag: Tag,
    /// The node it stands in; the root stands in itself.
    pub parent: usize,
    /// One past its last descendant.
    pub end: usize,
    /// A text's bytes in the source; for an element its start tag's.
    pub source: Range<usize>,
    attributes: Range<usize>,
}

/// The nodes of a page. Node 0 is the root.
#[derive(Debug)]
pub(crate) struct Tree {
    pub nodes: Vec<Node>,
    attributes: Vec<(Attr, String)>,
}

impl Tree {
    /// Reads a page or a fragment.
    pub(crate) fn parse(html: &str) -> Tree {
        let mut builder = Builder::new();
        let emitter = CallbackEmitter::<_, Infallible, usize>::new(
            |event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
                builder.take(event, span);
                None
            },
        );
        let mut emitter = emitter;
        emitter.naively_switch_states(true);
        if let Some(token) = Tokenizer::new_with_emitter(html, emitter).next() {
            match token {
                Ok(never) => match never {},
                Err(never) => match never {},
            }
        }
        builder.finish(html)
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, node: usize, name: Attr) -> Option<&str> {
        let range = self.nodes[node].attributes.clone();
        self.attributes[range].iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// All known attributes of a node.
    pub(crate) fn attributes(&self, node: usize) -> &[(Attr, String)] {
        &self.attributes[self.nodes[node].attributes.clone()]
    }

    /// Whether the page's maker marked the element as the report's text, in microdata.
    pub(crate) fn is_marked_text(&self, node: usize) -> bool {
        self.attribute(node, Attr::Itemprop).is_some_and(|p| p.split_whitespace().any(|p| p == "articleBody"))
    }

    /// The node and all it stands in, innermost first, without the root.
    pub(crate) fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> {
        let mut at = node;
        std::iter::from_fn(move || {
            let now = at;
            at = self.nodes[at].parent;
            (now != 0).then_some(now)
        })
    }

    /// The node's descendants and itself, as indices.
    pub(crate) fn subtree(&self, node: usize) -> Range<usize> {
        node..self.nodes[node].end
    }

    /// The node's text, white space collapsed.
    pub(crate) fn text(&self, html: &str, node: usize) -> String {
        let mut text = String::new();
        for i in self.subtree(node) {
            let n = &self.nodes[i];
            match n.tag {
                Tag::Text if !matches!(self.nodes[n.parent].tag, Tag::Script | Tag::Style) => {
                    super::entities::decode_into(&html[n.source.clone()], &mut text);
                }
                tag if tag.is_block() || tag == Tag::Br => text.push(' '),
                _ => {}
            }
        }
        let mut collapsed = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !collapsed.is_empty() {
                collapsed.push(' ');
            }
            collapsed.push_str(word);
        }
        collapsed
    }
}

struct Builder {
    nodes: Vec<Node>,
    attributes: Vec<(Attr, String)>,
    open: Vec<usize>,
    /// The start tag being read.
    tag: Tag,
    tag_start: usize,
    first_attribute: usize,
    attribute: Option<Attr>,
    in_svg: usize,
}

impl Builder {
    fn new() -> Builder {
        let root = Node { tag: Tag::Root, parent: 0, end: 0, source: 0..0, attributes: 0..0 };
        Builder {
            nodes: vec![root],
            attributes: Vec::new(),
            open: vec![0],
            tag: Tag::Other,
            tag_start: 0,
            first_attribute: 0,
            attribute: None,
            in_svg: 0,
        }
    }

    fn take(&mut self, event: CallbackEvent<'_>, span: Span<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag::of(name);
                self.tag_start = span.start;
                self.first_attribute = self.attributes.len();
                self.attribute = None;
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute = Attr::of(name);
                if self.attribute == Some(Attr::Hidden) && self.attributes.len() < MOST_NODES {
                    self.attributes.push((Attr::Hidden, String::new()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(attribute) = self.attribute.take().filter(|_| self.attributes.len() < MOST_NODES) {
                    self.attributes.push((attribute, String::from_utf8_lossy(value).into_owned()));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing, span.end),
            CallbackEvent::EndTag { name } => self.end(Tag::of(name), name),
            CallbackEvent::String { .. } => self.text(span.start..span.end),
            _ => {}
        }
    }

    fn push(&mut self, tag: Tag, source: Range<usize>, attributes: Range<usize>) -> Option<usize> {
        if self.nodes.len() >= MOST_NODES {
            return None;
        }
        let parent = self.open[self.open.len() - 1];
        let node = self.nodes.len();
        self.nodes.push(Node { tag, parent, end: node + 1, source, attributes });
        Some(node)
    }

    fn text(&mut self, source: Range<usize>) {
        self.push(Tag::Text, source, 0..0);
    }

    fn start(&mut self, self_closing: bool, end: usize) {
        let tag = self.tag;
        self.implied_ends(tag);
        let again = matches!(tag, Tag::Html | Tag::Body) && self.nodes.iter().take(4096).any(|n| n.tag == tag);
        let attributes = self.first_attribute..self.attributes.len();
        let Some(node) = self.push(tag, self.tag_start..end, attributes) else { return };
        let leaf = tag.is_void() || again || (self_closing && (self.in_svg > 0 || tag == Tag::Svg));
        if !leaf && self.open.len() < DEEPEST {
            self.open.push(node);
            if tag == Tag::Svg {
                self.in_svg += 1;
            }
        }
    }

    /// Closes what the start of `tag` closes.
    fn implied_ends(&mut self, tag: Tag) {
        use Tag::*;
        if !tag.is_head_matter() && tag != Html && self.open.len() <= 4 {
            self.close(|t| t == Head, |_| false);
        }
        if tag.ends_paragraph() {
            self.close(|t| t == P, |t| t.is_scope() || matches!(t, Div | Section | Article | Li | Blockquote | Body));
        }
        match tag {
            Li => self.close(|t| t == Li, |t| t.is_scope() || matches!(t, Ul | Ol | Menu | Dir | Div)),
            Dt | Dd => self.close(|t| matches!(t, Dt | Dd), |t| t.is_scope() || matches!(t, Dl | Div)),
            Option | Optgroup => self.close(|t| t == Option, |t| t.is_scope() || t == Select),
            Td | Th => self.close(|t| matches!(t, Td | Th), |t| matches!(t, Table | Tr | Root)),
            Tr => self.close(|t| t == Tr, |t| matches!(t, Table | Root)),
            Tbody | Thead | Tfoot => self.close(|t| matches!(t, Tbody | Thead | Tfoot), |t| matches!(t, Table | Root)),
            A => self.close(|t| t == A, |t| t.is_scope() || t.is_block()),
            t if t.is_heading() => self.close(Tag::is_heading, |t| t.is_scope() || (t.is_block() && !t.is_heading())),
            _ => {}
        }
    }

    fn end(&mut self, tag: Tag, name: &[u8]) {
        match tag {
            Tag::Br => {
                self.push(Tag::Br, 0..0, 0..0);
            }
            Tag::Other if name.is_empty() => {}
            // The end tags of the document are often too early.
            Tag::Html | Tag::Body => {}
            _ if tag.is_heading() => self.close(Tag::is_heading, Tag::is_scope),
            Tag::Table => self.close(|t| t == Tag::Table, |_| false),
            Tag::Tr | Tag::Td | Tag::Th | Tag::Tbody | Tag::Thead | Tag::Tfoot => {
                self.close(|t| t == tag, |t| t == Tag::Table)
            }
            _ if tag.is_block() || tag.is_scope() => self.close(|t| t == tag, Tag::is_scope),
            _ => self.close(|t| t == tag, |t| t.is_scope() || t.is_block()),
        }
    }

    /// Closes the innermost open element that is `wanted`, and all in it, unless a `barrier` stands between.
    fn close(&mut self, wanted: impl Fn(Tag) -> bool, barrier: impl Fn(Tag) -> bool) {
        let tag_at = |i: usize| self.nodes[self.open[i]].tag;
        let found = (1..self.open.len()).rev().find(|&i| wanted(tag_at(i)) || barrier(tag_at(i)));
        if let Some(at) = found.filter(|&at| wanted(tag_at(at))) {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, at: usize) {
        let end = self.nodes.len();
        for node in self.open.drain(at..) {
            self.nodes[node].end = end;
            if self.nodes[node].tag == Tag::Svg {
                self.in_svg -= 1;
            }
        }
    }

    fn finish(mut self, html: &str) -> Tree {
        self.close_to(0);
        // A position the tokenizer reports is only used where it is a character's.
        for node in &mut self.nodes {
            if html.get(node.source.clone()).is_none() {
                node.source = 0..0;
            }
        }
        Tree { nodes: self.nodes, attributes: self.attributes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outline(html: &str) -> String {
        let tree = Tree::parse(html);
        let mut out = String::new();
        for node in &tree.nodes[1..] {
            match node.tag {
                Tag::Text => out.push_str(&html[node.source.clone()]),
                tag => out.push_str(&format!(
                    "<{tag:?}{}>",
                    node.end - tree.nodes.iter().position(|n| std::ptr::eq(n, node)).unwrap() - 1
                )),
            }
        }
        out
    }

    #[test]
    fn ends_are_implied_as_html_says() {
        assert_eq!(outline("<p>a<p>b<div>c</div>"), "<P1>a<P1>b<Div1>c");
        assert_eq!(outline("<ul><li>a<li>b</ul>c"), "<Ul4><Li1>a<Li1>bc");
        assert_eq!(outline("<table><tr><td>a<td>b<tr><td>c</table>d"), "<Table8><Tr4><Td1>a<Td1>b<Tr2><Td1>cd");
        assert_eq!(outline("<div><b>x</div>y"), "<Div2><B1>xy");
        assert_eq!(outline("a<br>b<img>c</p>d"), "a<Br0>b<Img0>cd");
    }

    #[test]
    fn text_has_its_place_in_the_source() {
        let html = "<p>R&amp;D <b>caf\u{e9}</b><!-- no --> end &lt; 3</p>";
        let tree = Tree::parse(html);
        let texts: Vec<&str> =
            tree.nodes.iter().filter(|n| n.tag == Tag::Text).map(|n| &html[n.source.clone()]).collect();
        assert_eq!(texts, ["R&amp;D ", "caf\u{e9}", " end &lt; 3"]);
        assert_eq!(tree.text(html, 1), "R&D caf\u{e9} end < 3");
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let html = "<div>".repeat(100_000) + "x";
        let tree = Tree::parse(&html);
        assert_eq!(tree.nodes.len(), 100_002);
        assert!(tree.ancestors(100_001).count() <= DEEPEST);
    }

    proptest! {
        #[test]
        fn anything_gives_a_tree(html in "(<[a-z/]{0,4}[ >]?|[ -~]{0,6}|\u{e9}|&amp;|\0){0,40}") {
            let tree = Tree::parse(&html);
            for (i, node) in tree.nodes.iter().enumerate() {
                prop_assert!(node.end > i && node.end <= tree.nodes.len());
                prop_assert!(i == 0 || node.parent < i);
                prop_assert!(html.get(node.source.clone()).is_some());
                if node.tag == Tag::Text {
                    prop_assert!(!node.source.is_empty());
                }
            }
        }
    }
}
