//! RSS and Atom: an item at a time.
//!
//! Items are cut out of the stream before they are parsed, so that a broken one costs itself, and a feed's size does not matter.
//! Document type definitions are never read: an entity that only they declare stays as it is written.

use std::io::BufRead;

use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{fault, markup, too_large};
use crate::bounded::{HEAD, Source};
use crate::raw::{Body, Kind, Known, Raw};
use crate::{IntakeError, Options, dates};

/// The items of a feed.
pub(super) struct Items {
    input: String,
    source: Source,
    options: Options,
    /// Read and not yet used.
    buffer: Vec<u8>,
    /// The end tag of an item, and how an item begins.
    marks: Option<(&'static [u8], &'static [u8])>,
    encoding: &'static Encoding,
    around: Known,
    number: usize,
    source_ended: bool,
    ended: bool,
}

const RSS: (&[u8], &[u8]) = (b"<item", b"</item>");
const ATOM: (&[u8], &[u8]) = (b"<entry", b"</entry>");
const ATOM_NAMED: (&[u8], &[u8]) = (b"<atom:entry", b"</atom:entry>");

impl Items {
    pub(super) fn new(input: String, source: Source, options: Options) -> Items {
        Items {
            input,
            source,
            options,
            buffer: Vec::new(),
            marks: None,
            encoding: UTF_8,
            around: Known::default(),
            number: 0,
            source_ended: false,
            ended: false,
        }
    }

    /// Reads on; false at the end.
    fn more(&mut self) -> std::io::Result<bool> {
        let ready = self.source.fill_buf()?;
        let count = ready.len();
        self.buffer.extend_from_slice(ready);
        self.source.consume(count);
        self.source_ended = count == 0;
        Ok(count > 0)
    }

    fn limit(&self) -> usize {
        self.options.largest.saturating_mul(2).saturating_add(HEAD)
    }

    /// Reads until `mark` is in the buffer at or after `from`; its place. When what stands before it would be too large, it is
    /// thrown away as it is read and `None` is given with the mark, if found, at the buffer's start.
    fn find(&mut self, mark: &[u8], mut from: usize) -> std::io::Result<Found> {
        let finder = memmem::Finder::new(mark).into_owned();
        let mut dropped = false;
        loop {
            if let Some(at) = finder.find(self.buffer.get(from..).unwrap_or_default()) {
                return Ok(if dropped { Found::AfterTooMuch(from + at) } else { Found::At(from + at) });
            }
            from = from.max(self.buffer.len().saturating_sub(mark.len() - 1));
            if self.buffer.len() > self.limit() {
                dropped = true;
                self.buffer.drain(..from);
                from = 0;
            }
            if !self.more()? {
                return Ok(if dropped { Found::NotAfterTooMuch } else { Found::Nowhere });
            }
        }
    }

    /// Reads up to the first item and what the feed says of itself.
    fn head(&mut self) -> std::io::Result<bool> {
        loop {
            let starts =
                [RSS, ATOM, ATOM_NAMED].into_iter().filter_map(|m| Some((start_tag(&self.buffer, m.0, 0)?, m)));
            if let Some((at, marks)) = starts.min_by_key(|(at, _)| *at) {
                let bytes: Vec<u8> = self.buffer.drain(..at).collect();
                self.encoding = declared(&bytes);
                self.around = feed(&self.decoded(&bytes));
                self.marks = Some(marks);
                return Ok(true);
            }
            if self.buffer.len() > self.limit() || !self.more()? {
                return Ok(false);
            }
        }
    }

    fn decoded(&self, bytes: &[u8]) -> String {
        self.encoding.decode_without_bom_handling(bytes).0.into_owned()
    }

    fn step(&mut self) -> std::io::Result<Option<Result<Raw, IntakeError>>> {
        if self.marks.is_none() && !self.head()? {
            return Ok(None);
        }
        let Some((open, close)) = self.marks else { return Ok(None) };
        // To the next item's start.
        let mut from = 0;
        loop {
            if let Some(at) = start_tag(&self.buffer, open, from) {
                self.buffer.drain(..at);
                break;
            }
            let keep = self.buffer.len().saturating_sub(open.len());
            self.buffer.drain(..keep);
            from = 0;
            if !self.more()? {
                return Ok(None);
            }
        }
        self.number += 1;
        let name = format!("{}#{}", self.input, self.number);
        let mut from = 0;
        let end = loop {
            match self.find(close, from)? {
                Found::At(at) => match cdata(&self.buffer[..at]) {
                    // The end tag stands in a CDATA section: on to the section's end.
                    Some(section) => match self.find(b"]]>", section)? {
                        Found::At(end) => from = end,
                        _ => from = self.buffer.len(),
                    },
                    None => break at + close.len(),
                },
                Found::AfterTooMuch(at) => {
                    self.buffer.drain(..at + close.len());
                    return Ok(Some(Err(too_large(&name, &self.options))));
                }
                Found::NotAfterTooMuch => {
                    self.buffer.clear();
                    return Ok(Some(Err(too_large(&name, &self.options))));
                }
                Found::Nowhere => {
                    self.buffer.clear();
                    let what = "a whole feed (it ends in the middle of an item)".to_string();
                    return Ok(Some(Err(IntakeError::Malformed { input: name, what })));
                }
            }
        };
        let bytes: Vec<u8> = self.buffer.drain(..end).collect();
        Ok(Some(item(name, &self.decoded(&bytes), &self.around, &self.options)))
    }
}

enum Found {
    At(usize),
    AfterTooMuch(usize),
    NotAfterTooMuch,
    Nowhere,
}

/// Where the CDATA section begins inside of which what follows stands.
fn cdata(before: &[u8]) -> Option<usize> {
    memmem::rfind(before, b"<![CDATA[").filter(|&at| memmem::find(&before[at..], b"]]>").is_none())
}

/// Where an element of this name begins: `<item>` or `<item `, not `<items>`.
fn start_tag(bytes: &[u8], open: &[u8], from: usize) -> Option<usize> {
    memmem::find_iter(bytes.get(from..)?, open)
        .map(|at| from + at)
        .find(|at| bytes.get(at + open.len()).is_some_and(|b| b.is_ascii_whitespace() || *b == b'>'))
}

/// The charset that the XML declaration names.
fn declared(head: &[u8]) -> &'static Encoding {
    let start = String::from_utf8_lossy(&head[..head.len().min(200)]).into_owned();
    let name = start.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next().map(str::to_string)
    });
    match name.and_then(|name| Encoding::for_label(name.as_bytes())) {
        // Where UTF-16 was declared, it was made UTF-8 on the way here.
        Some(encoding) if encoding.is_ascii_compatible() => encoding,
        _ => UTF_8,
    }
}

/// What a feed says of itself before its first item.
fn feed(head: &str) -> Known {
    let mut known = Known::default();
    let _ = elements(head, |path, _, text| {
        // The channel's own title, not that of its picture.
        match path {
            [.., parent, name] if matches!(parent.as_str(), "channel" | "feed") => match name.as_str() {
                "title" => known.outlet = Some(text.trim().to_string()).filter(|t| !t.is_empty()),
                "language" => known.language = crate::language::code(text.trim()),
                _ => {}
            },
            _ => {}
        }
    });
    known
}

/// A text and whether it is declared to be HTML.
type Content = (String, bool);

/// Makes a document of an item.
fn item(name: String, xml: &str, around: &Known, options: &Options) -> Result<Raw, IntakeError> {
    let mut known = Known { language: around.language.clone(), ..Known::default() };
    let (mut content, mut summary): (Option<Content>, Option<Content>) = (None, None);
    let (mut created, mut warnings, mut outlet) = (None, Vec::new(), None);
    let read = elements(xml, |path, tag, text| {
        let value = text.trim();
        let some = || Some(value.to_string()).filter(|v| !v.is_empty());
        let date = |warnings: &mut Vec<String>| {
            let iso = dates::iso(value);
            if iso.is_none() && !value.is_empty() {
                warnings.push(format!("the date \"{}\" could not be read", crate::fields::clip(value)));
            }
            iso
        };
        let attribute =
            |name: &str| tag.try_get_attribute(name).ok().flatten().map(|a| unescape(&a.value).trim().to_string());
        let typed = || attribute("type").is_some_and(|t| t.contains("html"));
        match path {
            [_, name] => match name.as_str() {
                "title" => known.title = known.title.take().or_else(|| some().map(|t| plain(&t))),
                "link" => {
                    let rel = attribute("rel");
                    if rel.as_deref().is_none_or(|rel| rel == "alternate") {
                        known.url = known.url.take().or_else(|| attribute("href")).or_else(some);
                    }
                }
                "encoded" | "content" | "body" | "fulltext" if !value.is_empty() => {
                    let longer = content.as_ref().is_none_or(|(c, _)| c.len() < value.len());
                    if longer {
                        content = Some((value.to_string(), typed()));
                    }
                }
                "description" | "summary" if !value.is_empty() => summary = Some((value.to_string(), typed())),
                "pubDate" | "published" | "date" | "issued" => known.published = date(&mut warnings),
                "updated" | "modified" => created = date(&mut warnings),
                "creator" | "author" => {
                    known.authors.extend(some().filter(|_| !value.contains('@') || value.contains('(')))
                }
                "guid" | "id" | "identifier" => known.input_id = some(),
                "category" | "subject" => {
                    known.section =
                        known.section.take().or_else(|| attribute("label")).or_else(|| attribute("term")).or_else(some);
                }
                "source" => outlet = some(),
                _ => {}
            },
            [_, parent, name] if parent == "author" && name == "name" => known.authors.extend(some()),
            [_, parent, name] if parent == "source" && name == "title" => outlet = some(),
            _ => {}
        }
    });
    if let Err(what) = read {
        return Err(IntakeError::Malformed { input: name, what: format!("well-formed XML ({what})") });
    }
    known.modified = created;
    known.outlet = outlet.or_else(|| around.outlet.clone());
    known.authors.dedup();
    if known.url.is_none() {
        known.url = known.input_id.clone().filter(|id| id.starts_with("http://") || id.starts_with("https://"));
    }
    let (text, is_html) = match (content, summary) {
        (Some(content), _) => content,
        (None, Some(summary)) => {
            warnings.push("the feed gives a description, which may be only a summary".to_string());
            summary
        }
        (None, None) => {
            return Err(IntakeError::NoText {
                input: name,
                fields: "an item without content or description".to_string(),
            });
        }
    };
    if text.len() > options.largest {
        return Err(too_large(&name, options));
    }
    let kind = if is_html || markup(&text) { Kind::Html } else { Kind::Text };
    let mut raw = Raw::new(name, Body::Text(text), kind);
    (raw.known, raw.warnings) = (known, warnings);
    Ok(raw)
}

/// A title without the tags that some feeds leave in it.
fn plain(title: &str) -> String {
    if !markup(title) {
        return title.to_string();
    }
    let mut text = String::new();
    let mut inside = false;
    for c in title.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.trim().to_string()
}

fn unescape(value: &str) -> String {
    let entity = |name: &str| quick_xml::escape::resolve_html5_entity(name);
    quick_xml::escape::unescape_with(value, entity).map_or_else(|_| value.to_string(), |text| text.into_owned())
}

/// Walks through a piece of XML and hands each element's path of local names, start tag and inner text to `each` as it ends.
/// Markup inside an element that belongs to XHTML is handed on as text with its tags. An element that is never closed is no
/// error: the head of a feed has some.
fn elements(xml: &str, mut each: impl FnMut(&[String], &BytesStart, &str)) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<(BytesStart, String)> = Vec::new();
    // How deep inside an element of type `xhtml` the reader is, in elements of that.
    let mut inner: Option<usize> = None;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(tag) => {
                if let Some(depth) = &mut inner {
                    *depth += 1;
                    push(&mut open, &format!("<{}>", &*tag));
                    continue;
                }
                inner = is_xhtml(&tag).then_some(0);
                path.push(local(&tag));
                open.push((tag, String::new()));
            }
            Event::Empty(tag) => {
                if inner.is_some() {
                    push(&mut open, &format!("<{}/>", &*tag));
                    continue;
                }
                path.push(local(&tag));
                each(&path, &tag, "");
                path.pop();
            }
            Event::End(tag) => {
                match &mut inner {
                    Some(0) => inner = None,
                    Some(depth) => {
                        *depth -= 1;
                        push(&mut open, &format!("</{}>", tag.name().as_ref()));
                        continue;
                    }
                    None => {}
                }
                let Some((start, text)) = open.pop() else { continue };
                each(&path, &start, &text);
                path.pop();
            }
            Event::Text(text) => push(&mut open, &text.xml10_content()),
            Event::CData(text) => push(&mut open, &text.into_inner()),
            Event::GeneralRef(name) => {
                let as_written = format!("&{};", &*name);
                let text = match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => {
                        quick_xml::escape::resolve_html5_entity(&name).map_or(as_written.clone(), str::to_string)
                    }
                    Err(_) => "\u{fffd}".to_string(),
                };
                // Inside markup that is handed on, an entity stays one.
                let again = inner.is_some() && matches!(text.as_str(), "<" | "&" | ">");
                push(&mut open, if again { &as_written } else { &text });
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn push(open: &mut [(BytesStart, String)], text: &str) {
    if let Some((_, own)) = open.last_mut() {
        own.push_str(text);
    }
}

/// Whether an Atom element holds markup as such, not as text.
fn is_xhtml(tag: &BytesStart) -> bool {
    tag.try_get_attribute("type").ok().flatten().is_some_and(|attribute| &*attribute.value == "xhtml")
}

fn local(tag: &BytesStart) -> String {
    tag.local_name().as_ref().to_string()
}

impl Iterator for Items {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.step() {
            Ok(Some(document)) => Some(document),
            Ok(None) => {
                self.ended = true;
                // A feed without items is no report; say so once.
                (self.number == 0).then(|| Err(IntakeError::Empty { input: self.input.clone() }))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(fault(&format!("{}#{}", self.input, self.number), &self.options, error)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use std::io::Cursor;

    fn read(feed: &str) -> Vec<Result<Raw, IntakeError>> {
        open("in.xml", Cursor::new(feed.as_bytes().to_vec()), &Options { largest: 20_000, ..Options::default() })
            .collect()
    }

    const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>
        <rss version="2.0"><channel><title>Coastal &amp; Press</title><image><title>Logo</title></image><language>en-gb</language>
        <item><title>Talks end</title><link>https://news.example/1</link><pubDate>Mon, 16 Aug 2021 10:00:00 GMT</pubDate>
        <dc:creator>Ann Writer</dc:creator><description>Short</description><content:encoded><![CDATA[<p>The talks ended.</p><p>All
        left </item> late.</p>]]></content:encoded><guid>tag:1</guid><category>World</category></item>
        <items/><item><title>Bomb</title><description>It is &lol2; &eacute; &#233; &nope & so on.</description></item>
        <item><title>Broken <![CDATA[</title></item>"#;

    #[test]
    fn rss_is_read_item_by_item() {
        let all = read(RSS);
        assert_eq!(all.len(), 3);
        let first = all[0].as_ref().unwrap();
        assert_eq!(first.name, "in.xml#1");
        assert_eq!(first.kind, Kind::Html);
        assert!(matches!(&first.body, Body::Text(t) if t.contains("</item> late")));
        assert_eq!(first.known.outlet.as_deref(), Some("Coastal & Press"));
        assert_eq!(first.known.url.as_deref(), Some("https://news.example/1"));
        assert_eq!(first.known.published.as_deref(), Some("2021-08-16T10:00:00+00:00"));
        assert_eq!(first.known.authors, ["Ann Writer"]);
        assert_eq!(first.known.input_id.as_deref(), Some("tag:1"));
        assert_eq!(first.known.section.as_deref(), Some("World"));
        let second = all[1].as_ref().unwrap();
        assert_eq!(second.body, Body::Text("It is &lol2; é é &nope & so on.".to_string()));
        assert_eq!(second.warnings.len(), 1);
        assert_eq!(all[2].as_ref().unwrap_err().kind(), "malformed");
    }

    #[test]
    fn atom_is_read_item_by_item() {
        let all = read(
            r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Coastal Press</title><author><name>Desk</name></author>
            <entry><title type="html">Talks &lt;b&gt;end&lt;/b&gt; &lt;i&gt;now&lt;/i&gt;</title><link rel="self" href="https://a.example/f"/><link href="https://a.example/1"/>
            <published>2021-08-16T10:00:00Z</published><updated>2021-08-17T10:00:00Z</updated><author><name>Ann Writer</name></author>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The talks<br/>ended &lt; 3.</p></div></content></entry></feed>"#,
        );
        let entry = all[0].as_ref().unwrap();
        assert_eq!(entry.known.title.as_deref(), Some("Talks end now"));
        assert_eq!(entry.known.url.as_deref(), Some("https://a.example/1"));
        assert_eq!(entry.known.modified.as_deref(), Some("2021-08-17T10:00:00Z"));
        assert_eq!(entry.known.authors, ["Ann Writer"]);
        let expected = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>The talks<br/>ended &lt; 3.</p></div>";
        assert_eq!(entry.body, Body::Text(expected.to_string()));
        assert_eq!(entry.kind, Kind::Html);
    }

    #[test]
    fn what_is_too_large_costs_itself() {
        let long = "word ".repeat(100_000);
        let all = read(&format!(
            "<rss><channel><item><description>{long}</description></item><item><description>The port reopened.</description></item></channel></rss>"
        ));
        assert_eq!(all[0].as_ref().unwrap_err().kind(), "too_large");
        assert_eq!(all[1].as_ref().unwrap().body, Body::Text("The port reopened.".to_string()));
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn a_charset_that_is_declared_holds() {
        let mut feed = b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><rss><channel><item><description>".to_vec();
        feed.extend(b"\xb1 in the city of \xa3\xf3d\xbc</description></item></channel></rss>");
        let raw = open("in", Cursor::new(feed), &Options::default()).next().unwrap().unwrap();
        assert_eq!(raw.body, Body::Text("ą in the city of Łódź".to_string()));
    }

    #[test]
    fn a_feed_without_items_is_said_to_be_empty() {
        assert_eq!(read("<rss><channel><title>A</title></channel></rss>")[0].as_ref().unwrap_err().kind(), "empty");
    }
}
