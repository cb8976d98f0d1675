//! JSON: lines, an object, a list of objects, or an object that holds such a list (as JSON Feed does).

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use super::{fault, markup, too_large};
use crate::bounded::{self, Line, Source};
use crate::fields::plain_name;
use crate::raw::{Body, Kind, Known, Raw};
use crate::{IntakeError, Options};

/// Makes a document of a record, given as bytes of JSON.
fn document(name: String, bytes: &mut [u8], around: &Known, options: &Options) -> Result<Raw, IntakeError> {
    let (record, mended) = parse(bytes)
        .map_err(|error| IntakeError::Malformed { input: name.clone(), what: format!("valid JSON ({error})") })?;
    of_record(name, &record, around, mended, options)
}

/// Makes a document of a record.
pub(super) fn of_record(
    name: String,
    record: &Map<String, Value>,
    around: &Known,
    mended: bool,
    options: &Options,
) -> Result<Raw, IntakeError> {
    let Some(found) = options.fields.read(record) else {
        let mut fields: Vec<&str> = record.keys().map(String::as_str).take(12).collect();
        if record.len() > fields.len() {
            fields.push("…");
        }
        return Err(IntakeError::NoText { input: name, fields: fields.join(", ") });
    };
    if found.text.len() > options.largest {
        return Err(too_large(&name, options));
    }
    let kind = if markup(&found.text) { Kind::Html } else { Kind::Text };
    let mut raw = Raw::new(name, Body::Text(found.text), kind);
    raw.known = found.known;
    raw.known.outlet = raw.known.outlet.or_else(|| around.outlet.clone());
    raw.known.language = raw.known.language.or_else(|| around.language.clone());
    if raw.known.authors.is_empty() {
        raw.known.authors = around.authors.clone();
    }
    raw.warnings = found.warnings;
    if mended {
        raw.warnings.push("half of a character's escape in the JSON was replaced by U+FFFD".to_string());
    }
    Ok(raw)
}

/// The object in some bytes, and whether lone surrogates were replaced in it.
fn parse(bytes: &mut [u8]) -> Result<(Map<String, Value>, bool), serde_json::Error> {
    let error = match serde_json::from_slice(bytes) {
        Ok(record) => return Ok((record, false)),
        Err(error) => error,
    };
    if mend_surrogates(bytes)
        && let Ok(record) = serde_json::from_slice(bytes)
    {
        return Ok((record, true));
    }
    // Bytes that are not UTF-8 are read as the charset they most likely are.
    if std::str::from_utf8(bytes).is_err() {
        let decoded = crate::decode::decode("", bytes, None).map(|d| d.text);
        if let Some(record) = decoded.ok().and_then(|text| serde_json::from_str(&text).ok()) {
            return Ok((record, false));
        }
    }
    Err(error)
}

/// Replaces `\ud800` to `\udfff` that stand alone, in place. Returns whether there were any.
fn mend_surrogates(bytes: &mut [u8]) -> bool {
    let unit = |bytes: &[u8], at: usize| -> Option<u16> {
        let escape = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
    };
    let (mut at, mut mended) = (0, false);
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match unit(bytes, at) {
            None => at += 2,
            Some(high) if (0xd800..0xdc00).contains(&high) => match unit(bytes, at + 6) {
                Some(low) if (0xdc00..0xe000).contains(&low) => at += 12,
                _ => {
                    bytes[at..at + 6].copy_from_slice(b"\\ufffd");
                    (at, mended) = (at + 6, true);
                }
            },
            Some(low) if (0xdc00..0xe000).contains(&low) => {
                bytes[at..at + 6].copy_from_slice(b"\\ufffd");
                (at, mended) = (at + 6, true);
            }
            Some(_) => at += 6,
        }
    }
    mended
}

/// JSON Lines: a document a line.
pub(super) struct Lines {
    input: String,
    source: Source,
    options: Options,
    buffer: Vec<u8>,
    number: usize,
    ended: bool,
}

impl Lines {
    pub(super) fn new(input: String, source: Source, options: Options) -> Lines {
        Lines { input, source, options, buffer: Vec::new(), number: 0, ended: false }
    }
}

impl Iterator for Lines {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            // A line holds escapes and other fields than the text.
            let limit = self.options.largest.saturating_mul(2).saturating_add(bounded::HEAD);
            let read = bounded::line(&mut self.source, limit, &mut self.buffer);
            self.number += 1;
            let name = format!("{}:{}", self.input, self.number);
            match read {
                Ok(None) => break,
                Ok(Some(Line::TooLong)) => return Some(Err(too_large(&name, &self.options))),
                Ok(Some(Line::Whole)) if self.buffer.trim_ascii().is_empty() => {}
                Ok(Some(Line::Whole)) => {
                    return Some(document(name, &mut self.buffer, &Known::default(), &self.options));
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(fault(&name, &self.options, error)));
                }
            }
        }
        None
    }
}

/// JSON values one after the other, objects and lists of objects, of any layout.
pub(super) struct Values {
    input: String,
    source: Source,
    options: Options,
    state: State,
    /// Of the list's elements, or of values.
    count: usize,
    values: usize,
    /// What the object around a list says of all its documents.
    around: Known,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between values.
    Outside,
    /// In a list of documents that is the whole value.
    List,
    /// In a list of documents that is a member of an object.
    Member,
    Ended,
}

/// What stops the reading of a value.
enum Stop {
    Io(io::Error),
    TooLarge,
    Form(&'static str),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Io(error)
    }
}

impl Values {
    pub(super) fn new(input: String, source: Source, options: Options) -> Values {
        Values { input, source, options, state: State::Outside, count: 0, values: 0, around: Known::default() }
    }

    /// The next byte that is not white space, not taken.
    fn ahead(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                return Ok(None);
            }
            match ready.iter().position(|b| !b.is_ascii_whitespace()) {
                Some(at) => {
                    let byte = ready[at];
                    self.source.consume(at);
                    return Ok(Some(byte));
                }
                None => {
                    let all = ready.len();
                    self.source.consume(all);
                }
            }
        }
    }

    /// Takes one value's bytes; those of a value that is too large are passed over.
    fn take_value(&mut self, into: &mut Vec<u8>) -> Result<(), Stop> {
        let limit = self.options.largest.saturating_mul(2).saturating_add(bounded::HEAD);
        let (mut depth, mut in_string, mut escaped, mut too_large) = (0usize, false, false, false);
        let start = into.len();
        loop {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                return Err(Stop::Form("ends in the middle of a value"));
            }
            let mut end = None;
            for (i, &byte) in ready.iter().enumerate() {
                if in_string {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => in_string = false,
                        _ => {}
                    }
                    if !in_string && depth == 0 {
                        end = Some(i + 1);
                    }
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' if depth == 0 => end = Some(i),
                        b'}' | b']' => {
                            depth -= 1;
                            if depth == 0 {
                                end = Some(i + 1);
                            }
                        }
                        b',' if depth == 0 => end = Some(i),
                        b if b.is_ascii_whitespace() && depth == 0 && (i > 0 || into.len() > start) => end = Some(i),
                        _ => {}
                    }
                }
                if end.is_some() {
                    break;
                }
            }
            let used = end.unwrap_or(ready.len());
            if into.len() + used > limit {
                too_large = true;
                into.truncate(start);
            }
            if !too_large {
                into.extend_from_slice(&ready[..used]);
            }
            self.source.consume(used);
            if end == Some(0) && into.len() == start && !too_large {
                return Err(Stop::Form("has a bracket or comma where a value should be"));
            }
            if end.is_some() {
                return if too_large { Err(Stop::TooLarge) } else { Ok(()) };
            }
        }
    }

    /// Reads an object up to its end or up to a list of documents in it; gives its bytes as far as they were read, closed.
    fn take_object(&mut self) -> Result<(Vec<u8>, bool), Stop> {
        self.source.consume(1);
        let mut object = vec![b'{'];
        loop {
            match self.ahead()? {
                Some(b'}') => {
                    self.source.consume(1);
                    object.push(b'}');
                    return Ok((object, false));
                }
                Some(b',') => {
                    self.source.consume(1);
                    object.push(b',');
                }
                Some(b'"') => {
                    let start = object.len();
                    self.take_value(&mut object)?;
                    let name = plain_name(&String::from_utf8_lossy(&object[start..]));
                    if self.ahead()? != Some(b':') {
                        return Err(Stop::Form("has a name without a value"));
                    }
                    self.source.consume(1);
                    let first = self.ahead()?;
                    if first == Some(b'[') && self.options.fields.lists.iter().any(|list| plain_name(list) == name) {
                        self.source.consume(1);
                        if self.ahead()? == Some(b'{') {
                            object.truncate(start);
                            while object.last().is_some_and(|&b| b == b',' || b.is_ascii_whitespace()) {
                                object.pop();
                            }
                            object.push(b'}');
                            return Ok((object, true));
                        }
                        // A list of something else.
                        object.extend_from_slice(b":[");
                        while let Some(byte) = self.ahead()? {
                            if byte == b']' {
                                self.source.consume(1);
                                break;
                            }
                            if byte == b',' {
                                self.source.consume(1);
                                object.push(b',');
                            } else {
                                self.take_value(&mut object)?;
                            }
                        }
                        object.push(b']');
                    } else {
                        object.push(b':');
                        self.take_value(&mut object)?;
                    }
                }
                Some(_) => return Err(Stop::Form("has something else than a name in an object")),
                None => return Err(Stop::Form("ends in the middle of an object")),
            }
        }
    }

    /// The next document, or `None` at the end.
    fn step(&mut self) -> Result<Option<Result<Raw, IntakeError>>, Stop> {
        loop {
            match (self.state, self.ahead()?) {
                (State::Ended, _) | (State::Outside, None) => return Ok(None),
                (_, None) => return Err(Stop::Form("ends in the middle of a list")),
                (_, Some(b',')) => self.source.consume(1),
                (State::List, Some(b']')) => {
                    self.source.consume(1);
                    self.state = State::Outside;
                }
                (State::Member, Some(b']')) => {
                    // What follows the list in the object is of no use any more.
                    self.source.consume(1);
                    self.state = State::Outside;
                    let mut rest = Vec::new();
                    loop {
                        match self.ahead()? {
                            Some(b'}') => {
                                self.source.consume(1);
                                break;
                            }
                            Some(b',' | b':') => self.source.consume(1),
                            Some(_) => {
                                rest.clear();
                                self.take_value(&mut rest)?;
                            }
                            None => return Err(Stop::Form("ends in the middle of an object")),
                        }
                    }
                }
                (State::Outside, Some(b'[')) => {
                    self.source.consume(1);
                    self.around = Known::default();
                    self.state = State::List;
                }
                (State::Outside, Some(b'{')) => {
                    self.values += 1;
                    let (mut object, holds_list) = self.take_object()?;
                    if holds_list {
                        self.state = State::Member;
                        self.around = around(&object);
                        continue;
                    }
                    let name = match self.values {
                        1 => self.input.clone(),
                        n => format!("{}#{n}", self.input),
                    };
                    return Ok(Some(document(name, &mut object, &Known::default(), &self.options)));
                }
                (State::List | State::Member, Some(b'{')) => {
                    self.count += 1;
                    let mut object = Vec::new();
                    self.take_value(&mut object)?;
                    let name = format!("{}#{}", self.input, self.count);
                    return Ok(Some(document(name, &mut object, &self.around, &self.options)));
                }
                (State::List | State::Member, Some(_)) => {
                    self.count += 1;
                    let mut other = Vec::new();
                    self.take_value(&mut other)?;
                    let input = format!("{}#{}", self.input, self.count);
                    return Ok(Some(Err(IntakeError::Malformed { input, what: "an object with fields".to_string() })));
                }
                (State::Outside, Some(_)) => return Err(Stop::Form("has something else than an object or a list")),
            }
        }
    }
}

/// What a feed's own members say of all its items.
fn around(object: &[u8]) -> Known {
    let record: Map<String, Value> = serde_json::from_slice(object).unwrap_or_default();
    let string = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_string);
    let is_feed = string("version").is_some_and(|version| version.contains("jsonfeed.org"));
    Known {
        outlet: is_feed.then(|| string("title")).flatten(),
        language: string("language").and_then(|l| crate::language::code(&l)),
        ..Known::default()
    }
}

impl Iterator for Values {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let stop = match self.step() {
            Ok(next) => return next,
            Err(stop) => stop,
        };
        let place = format!("{}#{}", self.input, self.count.max(self.values));
        Some(Err(match stop {
            Stop::TooLarge => {
                // The value was passed over; an object outside a list was not, to its end.
                if self.state == State::Outside {
                    self.state = State::Ended;
                }
                too_large(&place, &self.options)
            }
            Stop::Io(error) => {
                self.state = State::Ended;
                fault(&place, &self.options, error)
            }
            Stop::Form(what) => {
                self.state = State::Ended;
                // In a file of values, what begins on the next line may be whole.
                if self.values > 0 && self.count == 0 && bounded::skip_line(&mut self.source).is_ok() {
                    self.state = State::Outside;
                }
                IntakeError::Malformed { input: place, what: format!("valid JSON (it {what})") }
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use proptest::prelude::*;

    fn texts(input: &str) -> Vec<Result<String, &'static str>> {
        open("in", io::Cursor::new(input.as_bytes().to_vec()), &Options { largest: 1000, ..Options::default() })
            .map(|raw| match raw {
                Ok(Raw { body: Body::Text(text), name, .. }) => Ok(format!("{name} {text}")),
                Ok(_) => Err("bytes"),
                Err(error) => Err(error.kind()),
            })
            .collect()
    }

    #[test]
    fn all_layouts_are_read() {
        let ok = |s: &str| Ok(s.to_string());
        assert_eq!(texts("{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n"), [ok("in:1 a"), ok("in:3 b")]);
        assert_eq!(texts("{\n\"text\": \"a\"\n}"), [ok("in a")]);
        assert_eq!(texts("[ {\"text\": \"a\"}, {\"text\": \"b ]}\\\"\"} ]"), [ok("in#1 a"), ok("in#2 b ]}\"")]);
        assert_eq!(
            texts(
                "{\"status\": \"ok\", \"articles\": [{\"content\": \"a\"}, {\"content\": \"b\"}], \"total\": [1, {\"x\": 2}]}"
            ),
            [ok("in#1 a"), ok("in#2 b")]
        );
        assert_eq!(texts("{\"text\": \"a\", \"items\": [1, [2]], \"n\": 1.5e3}"), [ok("in a")]);
        assert_eq!(texts("[]"), []);
    }

    #[test]
    fn a_bad_document_costs_itself() {
        let ok = |s: &str| Ok(s.to_string());
        let long = "x".repeat(100_000);
        assert_eq!(
            texts(&format!(
                "{{\"text\":\"a\"}}\n{{\"text\":\"b\n{{\"title\":\"c\"}}\n{{\"text\":\"{long}\"}}\n{{\"text\":\"e\"}}\n"
            )),
            [ok("in:1 a"), Err("malformed"), Err("no_text"), Err("too_large"), ok("in:5 e")]
        );
        assert_eq!(
            texts(&format!("[{{\"text\": \"{long}\"}}, 7, {{\"text\": oops}}, {{\"text\": \"d\"}}]")),
            [Err("too_large"), Err("malformed"), Err("malformed"), ok("in#4 d")]
        );
        assert_eq!(texts("[{\"text\": \"a\"}, {\"text\": \"b"), [ok("in#1 a"), Err("malformed")]);
        assert_eq!(texts("[{\"text\": \"a\"}}"), [ok("in#1 a"), Err("malformed")]);
        assert_eq!(texts("{\"items\": [1}"), [Err("malformed")]);
        assert_eq!(texts("{\"text\": }"), [Err("malformed")]);
    }

    #[test]
    fn half_a_character_is_replaced() {
        let raw =
            open("in", &b"[{\"text\": \"a \\ud83d b \\ud83d\\ude00 \\\\ud83d\"}]"[..], &Options::default()).next();
        let raw = raw.unwrap().unwrap();
        assert_eq!(raw.body, Body::Text("a \u{fffd} b \u{1f600} \\ud83d".to_string()));
        assert_eq!(raw.warnings.len(), 1);
    }

    #[test]
    fn a_json_feed_names_its_outlet() {
        let feed = br#"{"version": "https://jsonfeed.org/version/1.1", "title": "Coastal Press", "language": "en-GB",
            "items": [{"id": "1", "content_text": "The port reopened.", "date_published": "2021-08-16T10:00:00Z"}]}"#;
        let raw = open("in", &feed[..], &Options::default()).next().unwrap().unwrap();
        assert_eq!(raw.known.outlet.as_deref(), Some("Coastal Press"));
        assert_eq!(raw.known.language.as_deref(), Some("en"));
        assert_eq!(raw.known.published.as_deref(), Some("2021-08-16T10:00:00Z"));
    }

    proptest! {
        #[test]
        fn whatever_comes_ends(parts in prop::collection::vec(prop_oneof![
            Just("{\"text\":\"a\"}"), Just("{"), Just("}"), Just("["), Just("]"), Just("\""), Just("\\"), Just("\"items\":["),
            Just(","), Just("\n"), Just("1"), Just("\"text\":"), Just("\\ud800")], 0..30), open_with in 0usize..3) {
            let input = format!("{}{}", ["[{", "{\"", ""][open_with], parts.concat());
            prop_assert!(texts(&input).len() <= input.len() + 1);
        }
    }
}
