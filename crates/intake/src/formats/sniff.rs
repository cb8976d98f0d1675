//! What form an input has, from its first bytes.

use encoding_rs::Encoding;

use super::{mbox, packed};
use crate::Options;
use crate::raw::Kind;

/// The form of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Gzip,
    Zstd,
    Warc,
    JsonLines,
    Json,
    /// Rows of fields with this separator, the first row their names.
    Table(u8),
    Feed,
    /// Mail messages one after the other.
    Mbox,
    /// One document.
    Whole(Kind),
    /// No text.
    Refused(&'static str),
    /// XML of which only the root's name is known.
    UnknownXml(String),
}

const REFUSED: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3\0", "a database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "an RTF document"),
];

pub(super) fn form(head: &[u8], options: &Options) -> Form {
    if packed::is_gzip(head) {
        return Form::Gzip;
    }
    if packed::is_zstd(head) {
        return Form::Zstd;
    }
    if head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/0.") {
        return Form::Warc;
    }
    if let Some((_, what)) = REFUSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Form::Refused(what);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Form::Whole(Kind::Docx);
    }
    if head.starts_with(b"%PDF") {
        return Form::Whole(Kind::Pdf);
    }
    let text = as_text(head);
    let start = text.trim_start();
    if let Some(form) = json(start) {
        return form;
    }
    if start.starts_with('<') {
        if let Some(form) = xml(start) {
            return form;
        }
    } else if let Some(separator) = table(start, options) {
        return Form::Table(separator);
    }
    if head.starts_with(b"From ")
        && let Some((first, rest)) = start.split_once('\n')
        && mbox::is_postmark(first.trim_end().as_bytes())
        && mail(rest)
    {
        return Form::Mbox;
    }
    match mail(start) {
        true => Form::Whole(Kind::Mail),
        false => Form::Whole(if markup(&text) { Kind::Html } else { Kind::Text }),
    }
}

/// What one document is, when it must be one: a form that holds several is taken as text.
pub(crate) fn whole_kind(head: &[u8]) -> Kind {
    match form(head, &Options::default()) {
        Form::Whole(kind) => kind,
        _ => Kind::Text,
    }
}

/// The first bytes as text, roughly: only what is ASCII counts.
fn as_text(head: &[u8]) -> String {
    match Encoding::for_bom(head) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&head[mark..]).0.into_owned(),
        None => String::from_utf8_lossy(head).into_owned(),
    }
}

/// JSON begins with a list of objects or an object with names in quotation marks.
fn json(start: &str) -> Option<Form> {
    let inner = start.strip_prefix('[').or_else(|| start.strip_prefix('{'))?.trim_start();
    if start.starts_with('[') {
        let holds = inner.starts_with('{') || (inner.starts_with(']') && inner[1..].trim().is_empty());
        return holds.then_some(Form::Json);
    }
    if !inner.starts_with(['"', '}']) {
        return None;
    }
    // Lines, if the first line is a whole value and others follow: a broken line then costs one document. So too if the first
    // line is broken but ends like one and the second begins like one.
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let (first, rest) = (first.trim_end(), rest.trim_start());
    let whole = || serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok();
    let like_lines = || first.ends_with('}') && first.len() > 2 && rest.starts_with("{\"");
    Some(if !rest.is_empty() && (whole() || like_lines()) { Form::JsonLines } else { Form::Json })
}

fn xml(start: &str) -> Option<Form> {
    let mut rest = start;
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if let Some(declaration) = rest.strip_prefix("<!") {
            let name = declaration.trim_start().get(7..).unwrap_or_default().trim_start();
            if name.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html")) {
                return Some(Form::Whole(Kind::Html));
            }
            // A document type may have declarations of its own in brackets.
            match (rest.find('['), rest.find('>')) {
                (Some(open), Some(close)) if open < close => {
                    rest.find("]>").map(|at| at + 2).or_else(|| rest.find("] >").map(|at| at + 3))
                }
                (_, close) => close.map(|at| at + 1),
            }
        } else {
            break;
        };
        rest = rest.get(end?..)?;
    }
    let name: String =
        rest.strip_prefix('<')?.chars().take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_')).collect();
    match name.as_str() {
        "rss" | "feed" | "rdf:RDF" | "RDF" | "atom:feed" => Some(Form::Feed),
        _ if start.starts_with("<?xml") && name != "html" && !rest.contains("<html") => Some(Form::UnknownXml(name)),
        _ => None,
    }
}

/// A table's first row names its fields, and one of them is a text.
fn table(start: &str, options: &Options) -> Option<u8> {
    let (first, rest) = start.split_once('\n')?;
    let first = first.trim_end_matches('\r');
    if first.len() > 4000 || rest.trim().is_empty() {
        return None;
    }
    b",\t;|".iter().copied().find(|&separator| {
        let names: Vec<&str> = first.split(char::from(separator)).map(|name| name.trim().trim_matches('"')).collect();
        let short = names.iter().all(|name| name.len() <= 60 && name.split_whitespace().count() <= 4);
        // As many fields at least in the second row, as far as can be told without reading quotation marks.
        let row = rest.lines().next().unwrap_or_default();
        let filled = row.matches(char::from(separator)).count() + 1 >= names.len() || row.contains('"');
        names.len() >= 2 && short && filled && options.fields.describe_documents(names.iter().copied())
    })
}

const MAIL_HEADERS: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "received",
    "mime-version",
    "content-type",
    "return-path",
    "delivered-to",
    "reply-to",
    "cc",
    "x-original-to",
    "dkim-signature",
    "authentication-results",
];

/// A mail begins with header lines, three of them known, and one of those that only mail has.
fn mail(start: &str) -> bool {
    let (mut known, mut certain) = (0, false);
    for line in start.lines().take(200) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return false;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return false;
        }
        let name = name.to_ascii_lowercase();
        known += usize::from(MAIL_HEADERS.contains(&name.as_str()));
        certain |= matches!(name.as_str(), "message-id" | "received" | "mime-version" | "return-path" | "from");
    }
    known >= 3 && certain
}

/// Elements of which two end tags, or one opening a page, make a text markup.
const ELEMENTS: &[&str] = &[
    "p",
    "div",
    "span",
    "a",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "article",
    "section",
    "figure",
    "blockquote",
    "em",
    "strong",
    "b",
    "i",
    "table",
    "td",
];

/// Whether a text is HTML, a page or a fragment of one.
pub(crate) fn markup(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let opens = |name: &str| start.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name));
    if ["<!doctype html", "<html", "<head", "<body", "<!-- ", "<article", "<div", "<p>", "<p "]
        .iter()
        .any(|tag| opens(tag))
    {
        return true;
    }
    let mut found = 0;
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        let rest = &text[at + 1..];
        let closing = rest.starts_with('/');
        let name: &str = rest.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let (name, after) = name.split_at(end);
        let tag = after.starts_with(['>', ' ', '/', '\n']);
        let lower = name.to_ascii_lowercase();
        found +=
            usize::from(tag && (lower == "br" || lower == "img" || (closing && ELEMENTS.contains(&lower.as_str()))));
        if found >= 2 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(head: &str) -> Form {
        form(head.as_bytes(), &Options::default())
    }

    #[test]
    fn forms_are_told_by_content() {
        assert_eq!(told("The port reopened.\n"), Form::Whole(Kind::Text));
        assert_eq!(told("[ad_1]\n\nThe port reopened.\n"), Form::Whole(Kind::Text));
        assert_eq!(told("{\"text\": \"a\"}\n{\"text\": \"b\"}\n"), Form::JsonLines);
        assert_eq!(told("{\"text\": \"a\n{\"text\": \"b\"}\n"), Form::Json);
        assert_eq!(told("{\"text\": \"\\x\"}\n{\"text\": \"b\"}\n"), Form::JsonLines);
        assert_eq!(told("{\"articles\": [{\"text\": \"a\"}]}\n"), Form::Json);
        assert_eq!(told("{\n  \"text\": \"a\"\n}\n"), Form::Json);
        assert_eq!(told("[{\"text\": \"a\"}]"), Form::Json);
        assert_eq!(told("title,text,date\nA,B,2021-01-01\n"), Form::Table(b','));
        assert_eq!(told("The title, the text and the date\nwere given,\nhe said,\n"), Form::Whole(Kind::Text));
        assert_eq!(told("<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<rss version=\"2.0\">"), Form::Feed);
        assert_eq!(told("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"b\">]><rss>"), Form::Feed);
        assert_eq!(told("<?xml version=\"1.0\"?><nitf>"), Form::UnknownXml("nitf".to_string()));
        assert_eq!(told("<!DOCTYPE html>\n<title>A</title>"), Form::Whole(Kind::Html));
        assert_eq!(
            told("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html>"),
            Form::Whole(Kind::Html)
        );
        assert_eq!(
            told("Subject: Talks\nFrom: a@b.example\nDate: Mon, 16 Aug 2021 10:00:00 +0000\n\nText"),
            Form::Whole(Kind::Mail)
        );
        let message = "Subject: Talks\nFrom: a@b.example\nDate: Mon, 16 Aug 2021 10:00:00 +0000\n\nText";
        assert_eq!(told(&format!("From a@b.example Mon Aug 16 10:00:00 2021\n{message}")), Form::Mbox);
        assert_eq!(told("Date: Monday\nPlace: the port\nSubject: talks\n\nText"), Form::Whole(Kind::Text));
        assert_eq!(told("One <b>bold</b> and <i>slanted</i> word"), Form::Whole(Kind::Html));
        assert_eq!(told("If a < b and b > c, then"), Form::Whole(Kind::Text));
        assert_eq!(told("\u{1f}\u{8b}"), Form::Whole(Kind::Text));
        assert!(matches!(form(b"\x89PNG\r\n", &Options::default()), Form::Refused(_)));
    }

    #[test]
    fn utf_16_is_looked_into() {
        let mut head = vec![0xff, 0xfe];
        head.extend("[{\"text\": \"a\"}]".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(form(&head, &Options::default()), Form::Json);
    }
}
