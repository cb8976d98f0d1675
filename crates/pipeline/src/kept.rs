//! Documents as they are kept, so that a better model can read them again.

use annalist_intake::{Body, Kind, Known, Options, Raw};
use serde::{Deserialize, Serialize};

use crate::ReadError;

/// The first line of what is kept; the content follows it.
#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
    kind: Kind,
    /// Whether the content is decoded text.
    text: bool,
    charset: Option<String>,
    known: Known,
    warnings: Vec<String>,
    date: Option<String>,
    as_is: bool,
    largest: usize,
}

/// A document and how it was taken in, as bytes: a line of JSON, then the content.
pub(crate) fn keep(raw: &Raw, options: &Options) -> Vec<u8> {
    let (text, content) = match &raw.body {
        Body::Text(text) => (true, text.as_bytes()),
        Body::Bytes(bytes) => (false, bytes.as_slice()),
    };
    let head = Head {
        name: raw.name.clone(),
        kind: raw.kind,
        text,
        charset: raw.charset.clone(),
        known: raw.known.clone(),
        warnings: raw.warnings.clone(),
        date: options.date.clone(),
        as_is: options.as_is,
        largest: options.largest,
    };
    // Strings and numbers can always be written.
    let mut kept = serde_json::to_vec(&head).unwrap_or_default();
    kept.push(b'\n');
    kept.extend_from_slice(content);
    kept
}

/// The document and how it was taken in.
pub(crate) fn restore(input: &str, kept: &[u8]) -> Result<(Raw, Options), ReadError> {
    let damaged = || ReadError::Kept { input: input.to_string() };
    let line = kept.iter().position(|&byte| byte == b'\n').ok_or_else(damaged)?;
    let (head, content) = kept.split_at(line);
    let head: Head = serde_json::from_slice(head).map_err(|_| damaged())?;
    let content = content.get(1..).unwrap_or_default().to_vec();
    let body = match head.text {
        true => Body::Text(String::from_utf8(content).map_err(|_| damaged())?),
        false => Body::Bytes(content),
    };
    let raw = Raw {
        name: head.name,
        body,
        kind: head.kind,
        charset: head.charset,
        known: head.known,
        warnings: head.warnings,
    };
    let options = Options { date: head.date, as_is: head.as_is, largest: head.largest, ..Options::default() };
    Ok((raw, options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_kept_whole() {
        for body in [Body::Text("Zwei\nZeilen".into()), Body::Bytes(vec![0xe9, b'\n', 0])] {
            let mut raw = Raw::new("news.jsonl:7", body, Kind::Html);
            raw.known.url = Some("https://press.example/a".into());
            raw.warnings.push("odd".into());
            let options = Options { date: Some("2026-03-12".into()), largest: 77, ..Options::default() };
            let (back, how) = restore("x", &keep(&raw, &options)).unwrap();
            assert_eq!(back, raw);
            assert_eq!((how.date, how.as_is, how.largest), (options.date, false, 77));
        }
        for damaged in [&b""[..], b"{}", b"{}\ntext", b"no line"] {
            assert!(restore("x", damaged).is_err());
        }
    }
}
