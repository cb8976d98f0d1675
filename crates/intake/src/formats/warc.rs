//! Web archives (ISO 28500, WARC 1.0 and 1.1), a record at a time.

use std::io::{self, BufRead, Read};

use memchr::memmem;

use super::{Documents, fault, inside, too_large};
use crate::bounded::{self, Fault, HEAD, Line, PutBack, Source};
use crate::raw::{Body, Kind, Raw};
use crate::{IntakeError, Options, dates};

/// How a record begins after the end of the one before it.
const NEXT: &[u8] = b"\r\n\r\nWARC/1.";
/// Header blocks are not larger than this, in bytes.
const HEADERS: usize = 64 << 10;

/// The pages of a web archive: what was answered to requests, resources, and conversions to text. Other records, answers that
/// are no success, and pictures and the like are passed over.
pub(super) struct Records {
    input: String,
    source: PutBack,
    options: Options,
    number: usize,
    /// Looking for where a record begins, after one that was not as it says.
    lost: bool,
    ended: bool,
    /// The documents of a record that holds several.
    inner: Option<Documents>,
}

/// Header lines: names in lower case.
struct Headers(Vec<(String, String)>);

impl Headers {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Reads lines up to an empty one from bytes; the rest.
    fn of(block: &[u8]) -> (Headers, &[u8]) {
        let mut headers = Headers(Vec::new());
        let mut rest = block;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len() - 1) + 1;
            let line = rest[..end].trim_ascii_end();
            rest = &rest[end..];
            if line.is_empty() {
                break;
            }
            headers.add(line);
        }
        (headers, rest)
    }

    fn add(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        match (text.starts_with([' ', '\t']), self.0.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(text.trim());
            }
            _ => {
                if let Some((name, value)) = text.split_once(':') {
                    self.0.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
                }
            }
        }
    }
}

/// What the block after a record's headers is.
enum Block {
    Whole(Vec<u8>),
    /// The record ends before the length it states: there begins the next one, or the file ends.
    Short(Vec<u8>),
    TooLarge,
}

impl Records {
    pub(super) fn new(input: String, source: Source, options: Options) -> Records {
        let source = PutBack::new(source);
        Records { input, source, options, number: 0, lost: false, ended: false, inner: None }
    }

    fn name(&self) -> String {
        format!("{}#{}", self.input, self.number)
    }

    /// Goes to a line that begins a record. False at the end.
    fn find_record(&mut self) -> io::Result<bool> {
        let mut line = Vec::new();
        loop {
            match bounded::line(&mut self.source, HEADERS, &mut line)? {
                None => return Ok(false),
                Some(Line::Whole) if line.starts_with(b"WARC/") => {
                    self.lost = false;
                    return Ok(true);
                }
                Some(_) if line.is_empty() || self.lost => {}
                Some(_) => {
                    self.lost = true;
                    return Err(Fault::Damaged("has a record that does not begin as one".to_string()).into());
                }
            }
        }
    }

    fn headers(&mut self) -> io::Result<Headers> {
        let mut headers = Headers(Vec::new());
        let (mut line, mut total) = (Vec::new(), 0);
        loop {
            match bounded::line(&mut self.source, HEADERS, &mut line)? {
                Some(Line::Whole) if line.is_empty() => return Ok(headers),
                Some(Line::Whole) if total < HEADERS => {
                    total += line.len();
                    headers.add(&line);
                }
                None => return Err(Fault::Damaged("ends in the middle of a record's headers".to_string()).into()),
                _ => {
                    self.lost = true;
                    return Err(Fault::Damaged("has a record whose headers do not end".to_string()).into());
                }
            }
        }
    }

    /// Reads a block of `length` bytes.
    fn block(&mut self, length: u64) -> io::Result<Block> {
        // The answer's own headers are not the document.
        let limit = self.options.largest.saturating_add(HEADERS) as u64;
        if length > limit {
            self.skip(length)?;
            return Ok(Block::TooLarge);
        }
        let mut block = Vec::new();
        (&mut self.source).take(length).read_to_end(&mut block)?;
        if (block.len() as u64) < length {
            // It may be that the length is wrong and other records were taken in.
            return Ok(Block::Short(match memmem::find(&block, NEXT) {
                Some(at) => self.give_back(block, at),
                None => block,
            }));
        }
        if let Some(at) = memmem::find(&block, NEXT) {
            return Ok(Block::Short(self.give_back(block, at)));
        }
        Ok(Block::Whole(block))
    }

    fn give_back(&mut self, mut block: Vec<u8>, at: usize) -> Vec<u8> {
        self.source.put_back(&block[at + 4..]);
        block.truncate(at);
        block
    }

    /// Passes over a block; stops where a record begins inside it.
    fn skip(&mut self, mut length: u64) -> io::Result<()> {
        let finder = memmem::Finder::new(NEXT);
        let mut window: Vec<u8> = Vec::new();
        while length > 0 {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                return Ok(());
            }
            let count = ready.len().min(usize::try_from(length).unwrap_or(usize::MAX));
            window.extend_from_slice(&ready[..count]);
            self.source.consume(count);
            length -= count as u64;
            if let Some(at) = finder.find(&window) {
                self.source.put_back(&window[at + 4..]);
                return Ok(());
            }
            window.drain(..window.len().saturating_sub(NEXT.len() - 1));
        }
        Ok(())
    }

    /// The next record's documents; `None` at the end.
    fn step(&mut self) -> io::Result<Option<Result<Documents, IntakeError>>> {
        loop {
            if !self.find_record()? {
                return Ok(None);
            }
            self.number += 1;
            let headers = self.headers()?;
            let Some(length) = headers.get("content-length").and_then(|l| l.parse::<u64>().ok()) else {
                self.lost = true;
                return Err(Fault::Damaged("has a record that does not state its length".to_string()).into());
            };
            let kind = headers.get("warc-type").unwrap_or_default().to_ascii_lowercase();
            if !matches!(kind.as_str(), "response" | "resource" | "conversion") {
                self.skip(length)?;
                continue;
            }
            let (block, short) = match self.block(length)? {
                Block::Whole(block) => (block, false),
                Block::Short(block) => (block, true),
                Block::TooLarge => return Ok(Some(Err(too_large(&self.name(), &self.options)))),
            };
            // After a block come two line ends; where something else comes, the length was too small.
            let cut = !short && {
                let after = self.source.look(9)?;
                let after = after.trim_ascii_start();
                !after.is_empty() && !b"WARC/".starts_with(&after[..after.len().min(5)])
            };
            self.lost = cut;
            if let Some(documents) = self.documents(&headers, block, short || cut) {
                return Ok(Some(documents));
            }
        }
    }

    /// Makes documents of a record, if it is a page.
    fn documents(
        &self,
        headers: &Headers,
        block: Vec<u8>,
        wrong_length: bool,
    ) -> Option<Result<Documents, IntakeError>> {
        let name = self.name();
        let mut warnings = Vec::new();
        if wrong_length {
            warnings.push("the record is not as long as it says; the page may be cut".to_string());
        }
        if let Some(why) = headers.get("warc-truncated") {
            warnings.push(format!("the page was cut when it was fetched ({why})"));
        }
        let record_type = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
        let is_http = block.starts_with(b"HTTP/") && (record_type.is_empty() || record_type.contains("http"));
        let (bytes, media) = if is_http {
            let (answer, body) = Headers::of(&block);
            let status = block.split(|&b| b == b' ').nth(1)?;
            if status.first() != Some(&b'2') {
                return None;
            }
            let media = answer.get("content-type").unwrap_or_default().to_string();
            if !is_text(&media) {
                return None;
            }
            match content(body, &answer, &self.options) {
                Ok(bytes) => (bytes, media),
                Err(fault) => {
                    return Some(Err(super::fault(&name, &self.options, fault.into())));
                }
            }
        } else {
            if !is_text(&record_type) || record_type.starts_with("text/dns") {
                return None;
            }
            (block, record_type)
        };
        if bytes.len() > self.options.largest {
            return Some(Err(too_large(&name, &self.options)));
        }
        let url = headers.get("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_string());
        let retrieved = headers.get("warc-date").and_then(dates::iso);
        let input_id = headers.get("warc-record-id").map(|id| id.trim_matches(['<', '>']).to_string());
        let lower = media.to_ascii_lowercase();
        if ["json", "rss+xml", "atom+xml", "text/xml", "application/xml"].iter().any(|m| lower.contains(m)) {
            // The feed's items have addresses of their own.
            let documents = inside(&name, bytes, &self.options).map(move |document| {
                document.map(|mut raw| {
                    raw.known.retrieved = raw.known.retrieved.or_else(|| retrieved.clone());
                    raw.warnings.extend(warnings.iter().cloned());
                    raw
                })
            });
            return Some(Ok(Box::new(documents)));
        }
        let charset = lower.split_once("charset=").map(|(_, rest)| {
            let end = |c: char| c == ';' || c.is_whitespace();
            rest.trim_start_matches(['"', '\''])
                .split(end)
                .next()
                .unwrap_or_default()
                .trim_end_matches(['"', '\''])
                .to_string()
        });
        let kind = match () {
            () if lower.contains("html") => Kind::Html,
            () => super::whole_kind(&bytes[..bytes.len().min(HEAD)]),
        };
        let mut raw = Raw::new(name, Body::Bytes(bytes), kind);
        raw.charset = charset.filter(|c| !c.is_empty());
        (raw.known.url, raw.known.retrieved, raw.known.input_id) = (url, retrieved, input_id);
        raw.known.language = headers.get("content-language").and_then(crate::language::code);
        raw.warnings = warnings;
        Some(Ok(Box::new(std::iter::once(Ok(raw)))))
    }
}

/// Whether a media type can be a report's; none can.
fn is_text(media: &str) -> bool {
    let media = media.to_ascii_lowercase();
    let other = ["css", "javascript", "ecmascript", "event-stream", "calendar", "vtt", "vcard", "dns"];
    media.is_empty()
        || (media.starts_with("text/") && !other.iter().any(|o| media.contains(o)))
        || ["html", "xml", "json", "pdf", "wordprocessingml", "rfc822"].iter().any(|m| media.contains(m))
            && !media.contains("svg")
}

/// The body of an answer without chunks and compression. Archives differ in whether they store bodies as sent, so what
/// headers say is believed only where the body bears it out.
fn content(body: &[u8], headers: &Headers, options: &Options) -> Result<Vec<u8>, Fault> {
    let chunked = headers.get("transfer-encoding").is_some_and(|t| t.to_ascii_lowercase().contains("chunked"));
    let body = match chunked.then(|| unchunk(body)).flatten() {
        Some(whole) => whole,
        None => body.to_vec(),
    };
    let coding = headers.get("content-encoding").unwrap_or_default().to_ascii_lowercase();
    // The limit and one byte more, so that what is larger is seen to be.
    let limit = options.largest as u64 + 1;
    let unpacked = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let result = reader.take(limit).read_to_end(&mut out);
        // What was unpacked before a body was cut is of use.
        (result.is_ok() || out.len() > 200).then_some(out)
    };
    let damaged = || Fault::Damaged(format!("has a page whose compressed body ({coding}) is damaged"));
    if coding.contains("gzip") && body.starts_with(&[0x1f, 0x8b]) {
        return unpacked(&mut flate2::bufread::MultiGzDecoder::new(&body[..])).ok_or_else(damaged);
    }
    if coding.contains("zstd") && body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return unpacked(&mut super::packed::Unzst::new(Box::new(io::Cursor::new(body)))).ok_or_else(damaged);
    }
    if coding.contains("deflate") {
        let zlib = unpacked(&mut flate2::bufread::ZlibDecoder::new(&body[..]));
        let raw = || unpacked(&mut flate2::bufread::DeflateDecoder::new(&body[..]));
        return Ok(zlib.filter(|z| !z.is_empty()).or_else(|| raw().filter(|r| !r.is_empty())).unwrap_or(body));
    }
    if coding == "br" {
        let plain = unpacked(&mut brotli_decompressor::Decompressor::new(&body[..], 4096)).filter(|b| !b.is_empty());
        return Ok(plain.unwrap_or(body));
    }
    Ok(body)
}

/// The content of chunks; `None` if the body is not in chunks. The last chunk may be cut.
fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(1024)])?;
        let size = rest[..end].trim_ascii();
        let size = std::str::from_utf8(size.split(|&b| b == b';').next()?).ok()?.trim();
        if size.is_empty() || size.len() > 8 {
            return None;
        }
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        if size >= rest.len() {
            out.extend_from_slice(rest);
            return Some(out);
        }
        out.extend_from_slice(&rest[..size]);
        rest = rest[size..].strip_prefix(b"\r\n").or_else(|| rest[size..].strip_prefix(b"\n"))?;
        if rest.is_empty() {
            return Some(out);
        }
    }
}

impl Iterator for Records {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(document) = self.inner.as_mut().and_then(Iterator::next) {
                return Some(document);
            }
            self.inner = None;
            if self.ended {
                return None;
            }
            let (lost, number) = (self.lost, self.number);
            match self.step() {
                Ok(Some(Ok(documents))) => self.inner = Some(documents),
                Ok(Some(Err(error))) => return Some(Err(error)),
                Ok(None) => self.ended = true,
                Err(error) => {
                    match Fault::of(&error) {
                        // What follows is searched for a record's begin; until it is found, damage is no news.
                        Some(Fault::Damaged(_)) => self.lost = true,
                        _ => self.ended = true,
                    }
                    if self.ended || !lost || number != self.number {
                        return Some(Err(fault(&self.name(), &self.options, error)));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::super::open;
    use super::*;

    fn record(kind: &str, uri: &str, block: &[u8], length: usize) -> Vec<u8> {
        let mut out = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2021-08-16T10:00:00Z\r\n\
             Content-Type: application/http; msgtype={kind}\r\nContent-Length: {length}\r\n\r\n"
        )
        .into_bytes();
        out.extend_from_slice(block);
        out.extend_from_slice(b"\r\n\r\n");
        out
    }

    fn page(uri: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let block =
            [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n").as_bytes(), body]
                .concat();
        record("response", uri, &block, block.len())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Names and bodies, or kinds of errors.
    fn read(archive: Vec<u8>) -> Vec<Result<(String, String), &'static str>> {
        open("a.warc", Cursor::new(archive), &Options { largest: 5_000, ..Options::default() })
            .map(|raw| match raw {
                Ok(Raw { body: Body::Bytes(bytes), name, .. }) => Ok((name, String::from_utf8(bytes).unwrap())),
                Ok(_) => panic!("decoded"),
                Err(error) => Err(error.kind()),
            })
            .collect()
    }

    fn ok(number: usize, body: &str) -> Result<(String, String), &'static str> {
        Ok((format!("a.warc#{number}"), body.to_string()))
    }

    #[test]
    fn pages_are_read_out_of_their_codings() {
        let html = b"<html><p>The port reopened.</p></html>";
        let text = std::str::from_utf8(html).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(html).unwrap();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(html).unwrap();
        let chunked = [
            &b"5\r\n"[..],
            &html[..5],
            b"\r\n",
            format!("{:x};x=1\r\n", html.len() - 5).as_bytes(),
            &html[5..],
            b"\r\n0\r\n\r\n",
        ]
        .concat();
        let archive = [
            record("warcinfo", "", b"software: by hand\r\n", 19),
            page("https://a.example/1", "", html),
            record("request", "https://a.example/1", b"GET / HTTP/1.1\r\n\r\n", 18),
            page("https://a.example/2", "Content-Encoding: gzip\r\n", &gzip(html)),
            page("https://a.example/3", "Content-Encoding: deflate\r\n", &zlib.finish().unwrap()),
            page("https://a.example/4", "Content-Encoding: deflate\r\n", &deflate.finish().unwrap()),
            page("https://a.example/5", "Transfer-Encoding: chunked\r\n", &chunked),
            page("https://a.example/6", "Transfer-Encoding: chunked\r\nContent-Encoding: br\r\n", html),
            record("response", "https://a.example/7", b"HTTP/1.1 404 Not Found\r\n\r\nnothing", 33),
            record("response", "https://a.example/8", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n...", 48),
        ]
        .concat();
        let expected: Vec<_> = [2, 4, 5, 6, 7, 8].map(|n| ok(n, text)).into();
        assert_eq!(read(archive.clone()), expected);
        let members: Vec<u8> =
            [2, 4].iter().flat_map(|n| gzip(&page(&format!("https://a.example/{n}"), "", html))).collect();
        assert_eq!(read(members), [ok(1, text), ok(2, text)]);
        let raw = open("a", Cursor::new(archive), &Options::default()).next().unwrap().unwrap();
        assert_eq!(raw.kind, Kind::Html);
        assert_eq!(raw.charset.as_deref(), Some("utf-8"));
        assert_eq!(raw.known.url.as_deref(), Some("https://a.example/1"));
        assert_eq!(raw.known.retrieved.as_deref(), Some("2021-08-16T10:00:00Z"));
        assert_eq!(raw.known.published, None);
    }

    #[test]
    fn lengths_that_lie_cost_one_record() {
        let block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nThe port reopened.";
        let good = record("response", "https://a.example/2", block, block.len());
        for (length, first) in [
            (block.len() + 10_000_000, Err("too_large")),
            (block.len() + 300, ok(1, "The port reopened.")),
            (block.len() - 4, ok(1, "The port reope")),
        ] {
            let archive =
                [record("response", "https://a.example/1", block, length), good.clone(), good.clone()].concat();
            assert_eq!(read(archive), [first, ok(2, "The port reopened."), ok(3, "The port reopened.")], "{length}");
        }
    }

    #[test]
    fn a_cut_or_damaged_archive_gives_what_it_has() {
        let whole = page("https://a.example/1", "", b"<p>The port reopened.</p>");
        let cut = [whole.clone(), whole[..whole.len() - 20].to_vec()].concat();
        assert_eq!(read(cut), [ok(1, "<p>The port reopened.</p>"), ok(2, "<p>The po")]);
        let garbage = [whole.clone(), b"some garbage\nand more\n".to_vec(), whole.clone()].concat();
        let text = "<p>The port reopened.</p>";
        assert_eq!(read(garbage).iter().filter(|r| r.is_ok()).count(), 2);
        let mut damaged = gzip(&[&whole[..], &b"x".repeat(3000)].concat());
        let middle = damaged.len() / 2;
        damaged[middle..middle + 8].fill(0xff);
        let all = read([gzip(&whole), damaged, gzip(&whole)].concat());
        assert_eq!(all.first(), Some(&ok(1, text)));
        assert!(all.contains(&Err("damaged")), "{all:?}");
        assert!(matches!(all.last(), Some(Ok((_, last))) if last == text), "{all:?}");
    }

    #[test]
    fn a_page_that_unpacks_to_too_much_costs_itself() {
        let archive = [
            page("https://a.example/1", "Content-Encoding: gzip\r\n", &gzip(&vec![b'a'; 1 << 20])),
            page("https://a.example/2", "", b"<p>The port reopened.</p>"),
        ]
        .concat();
        assert_eq!(read(archive), [Err("too_large"), ok(2, "<p>The port reopened.</p>")]);
    }

    #[test]
    fn chunks_are_joined_only_if_they_are_chunks() {
        assert_eq!(unchunk(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").as_deref(), Some(&b"abcde"[..]));
        assert_eq!(unchunk(b"5\r\nab").as_deref(), Some(&b"ab"[..]));
        assert_eq!(unchunk(b"<html>\nabc"), None);
        assert_eq!(unchunk(b"fffffffffffffff\r\nabc"), None);
    }
}
