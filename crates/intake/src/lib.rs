//! Bytes to [`Report`]: formats, charset, web residue, title, date, language, ids.
//!
//! An input is a file or stream of one or many documents: [`open`] gives them one by one as [`Raw`], whatever form they come
//! in, and [`report_of`] makes a [`Report`] of each. What is held at a time is one document.
//!
//! What is removed is listed with its reason, and segments tie every kept stretch to the decoded input: the text that the
//! document's charset, or the record that holds it (a JSON field, a part of a mail, a page of a web archive), gives. Where a
//! segment's two stretches differ in length, the text was repaired. Text that is already clean stays as it is, byte for byte.
//!
//! ```
//! use annalist_intake::{Options, open, report_of};
//! use annalist_knowledge::Knowledge;
//!
//! let file = &b"Talks to resume\n\n[ad_1]\n\nThe talks will resume, officials said.\n"[..];
//! for raw in open("talks.txt", file, &Options::default()) {
//!     let report = report_of(raw?, &Options::default(), Knowledge::english())?;
//!     assert_eq!(report.text, "Talks to resume\n\nThe talks will resume, officials said.\n");
//!     assert_eq!(report.removed[0].reason, "shortcode");
//! }
//! # Ok::<(), annalist_intake::IntakeError>(())
//! ```
#![forbid(unsafe_code)]

mod bounded;
mod clean;
mod dates;
mod decode;
mod fields;
mod files;
mod formats;
mod head;
pub mod html;
mod language;
mod raw;
mod repair;
mod sameness;
mod segments;

use annalist_knowledge::Knowledge;
use annalist_record::{Lead, PublishedFrom, Removed, Report, Segment};

pub use annalist_identity::{REPRINT, Signature, SignatureError};
pub use fields::Fields;
pub use files::{files, read_file, read_limited};
pub use formats::{Raws, open, open_file};
pub use raw::{Body, Kind, Known, Raw};

/// Reports larger than this are refused unless the limit is raised, in bytes.
pub const LARGEST: usize = 4 << 20;

/// How inputs are taken in.
#[derive(Debug, Clone)]
pub struct Options {
    /// The day the reports were published, as YYYY-MM-DD, if the caller knows it; it goes before what they say themselves.
    pub date: Option<String>,
    /// Take texts as already clean: nothing is removed or repaired, offsets are the input's own.
    pub as_is: bool,
    /// The largest document that is taken, in bytes; an input may hold any number of them.
    pub largest: usize,
    /// Which fields of JSON objects and table rows hold what.
    pub fields: Fields,
}

impl Default for Options {
    fn default() -> Options {
        Options { date: None, as_is: false, largest: LARGEST, fields: Fields::default() }
    }
}

/// An input or a document of one that gives no report. Every message names it and what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum IntakeError {
    /// The file or stream cannot be read.
    #[error("{input}: cannot be read ({source}); check the path and its permissions")]
    Unreadable { input: String, source: std::io::Error },
    /// There is no text in it.
    #[error("{input}: holds no text; check that the file was saved or downloaded whole")]
    Empty { input: String },
    /// It is not text.
    #[error("{input}: is {what}, not text; save the report's text and read that")]
    Binary { input: String, what: &'static str },
    /// It is larger than allowed.
    #[error("{input}: is larger than {limit} bytes; split it into one file a report, or raise --max-bytes")]
    TooLarge { input: String, limit: usize },
    /// It does not unpack, or is not as its format wants it.
    #[error("{input}: {what}; what could be read of it was read: download or pack it again for the rest")]
    Damaged { input: String, what: String },
    /// It unpacks to far more than texts do.
    #[error(
        "{input}: unpacks to more than {times} times its size and is no archive of texts; unpack it yourself if you trust it"
    )]
    Bomb { input: String, times: u64 },
    /// It is packed in packed data in packed data.
    #[error("{input}: is compressed more than twice over; unpack it first")]
    Nested { input: String },
    /// It is not in the form it begins with.
    #[error("{input}: is not {what}; mend it or leave it out")]
    Malformed { input: String, what: String },
    /// None of its fields is known to hold a text.
    #[error("{input}: has no field with a text, only {fields}; name the field that holds it")]
    NoText { input: String, fields: String },
    /// It is XML of a kind that is not known.
    #[error("{input}: is XML (<{root}>) and neither a feed nor a page; save the report's text and read that")]
    UnknownXml { input: String, root: String },
    /// One report was asked for, and it holds several documents.
    #[error("{input}: holds several documents where one is wanted; read them one by one")]
    Several { input: String },
}

impl IntakeError {
    /// A stable word for the kind of failure, as in [`annalist_record::InputError`].
    pub fn kind(&self) -> &'static str {
        match self {
            IntakeError::Unreadable { .. } => "unreadable",
            IntakeError::Empty { .. } => "empty",
            IntakeError::Binary { .. } => "binary",
            IntakeError::TooLarge { .. } => "too_large",
            IntakeError::Damaged { .. } => "damaged",
            IntakeError::Bomb { .. } => "bomb",
            IntakeError::Nested { .. } => "nested",
            IntakeError::Malformed { .. } => "malformed",
            IntakeError::NoText { .. } => "no_text",
            IntakeError::UnknownXml { .. } => "unknown_xml",
            IntakeError::Several { .. } => "several",
        }
    }

    /// The input's name, with the document's place in it.
    pub fn input(&self) -> &str {
        match self {
            IntakeError::Unreadable { input, .. }
            | IntakeError::Empty { input }
            | IntakeError::Binary { input, .. }
            | IntakeError::TooLarge { input, .. }
            | IntakeError::Damaged { input, .. }
            | IntakeError::Bomb { input, .. }
            | IntakeError::Nested { input }
            | IntakeError::Malformed { input, .. }
            | IntakeError::NoText { input, .. }
            | IntakeError::UnknownXml { input, .. }
            | IntakeError::Several { input } => input,
        }
    }
}

/// Makes a report of an input's bytes that hold one document. `input` is its name, for messages.
///
/// # Errors
/// When there is no text in it to read, or several documents: see [`IntakeError`].
pub fn report(input: &str, bytes: &[u8], options: &Options, knowledge: &Knowledge) -> Result<Report, IntakeError> {
    let mut documents = open(input, std::io::Cursor::new(bytes.to_vec()), options);
    let Some(first) = documents.next() else {
        return Err(IntakeError::Empty { input: input.to_string() });
    };
    let first = first?;
    match documents.next() {
        Some(_) => Err(IntakeError::Several { input: input.to_string() }),
        None => report_of(first, options, knowledge),
    }
}

/// Makes a report of a document.
///
/// # Errors
/// When there is no text in it to read: see [`IntakeError`].
pub fn report_of(raw: Raw, options: &Options, knowledge: &Knowledge) -> Result<Report, IntakeError> {
    if raw.body.len() > options.largest {
        return Err(IntakeError::TooLarge { input: raw.name, limit: options.largest });
    }
    let raw = unwrapped(raw, options)?;
    let Raw { name, body, kind, charset, known, mut warnings } = raw;
    let text = match body {
        Body::Text(text) => text,
        Body::Bytes(bytes) => {
            let decoded = match kind {
                Kind::Html => decode::decode_markup(&name, &bytes, charset.as_deref())?,
                _ => decode::decode(&name, &bytes, charset.as_deref())?,
            };
            warnings.extend(decoded.warning);
            decoded.text
        }
    };
    if text.trim().is_empty() {
        return Err(IntakeError::Empty { input: name });
    }
    let mut report = if kind == Kind::Html && !options.as_is {
        of_page(&name, &text, &known, options, knowledge)?
    } else {
        let mut report = of_text(&text, options, knowledge);
        fill(&mut report, known, PublishedFrom::Given);
        report
    };
    warnings.append(&mut report.warnings);
    report.warnings = warnings;
    finish(&mut report, options, knowledge);
    Ok(report)
}

/// Makes a report of a text that is already clean.
pub fn plain(text: &str, options: &Options) -> Report {
    let mut report = clean::whole(text.to_string());
    finish(&mut report, options, Knowledge::english());
    report
}

/// The text or page inside a mail, Word or PDF document.
fn unwrapped(raw: Raw, options: &Options) -> Result<Raw, IntakeError> {
    let bytes = match (&raw.body, raw.kind) {
        (_, Kind::Text | Kind::Html) => return Ok(raw),
        (Body::Bytes(bytes), _) => bytes,
        (Body::Text(text), _) => text.as_bytes(),
    };
    let _ = (bytes, options);
    match raw.kind {
        #[cfg(feature = "mail")]
        Kind::Mail => formats::mail::read(&raw, bytes),
        #[cfg(feature = "docx")]
        Kind::Docx => formats::docx::read(&raw, bytes, options.largest),
        #[cfg(feature = "pdf")]
        Kind::Pdf => formats::pdf::read(&raw, bytes, options.largest),
        #[allow(unreachable_patterns)]
        kind => {
            let what = match kind {
                Kind::Docx => "a ZIP archive or office document",
                Kind::Pdf => "a PDF file",
                _ => "a mail message",
            };
            Err(IntakeError::Binary { input: raw.name, what })
        }
    }
}

/// A report of a decoded text.
fn of_text(text: &str, options: &Options, knowledge: &Knowledge) -> Report {
    if options.as_is {
        return clean::whole(text.to_string());
    }
    let (text, inner, control) = match clean::without_controls(text) {
        Some((clean, segments, removed)) => (clean, Some(segments), removed),
        None => (text.to_string(), None, Vec::new()),
    };
    let repaired = repair::repair(&text);
    let mut report = cleaned(repaired.as_ref().map_or(&text, |r| &r.text), knowledge);
    if let Some(repaired) = repaired {
        segments::rebase(&mut report, &repaired.segments);
        report
            .warnings
            .push(format!("{} characters had been read in the wrong charset and were repaired", repaired.count));
    }
    if let Some(inner) = inner {
        rebase(&mut report, &inner, control);
    }
    report
}

fn cleaned(text: &str, knowledge: &Knowledge) -> Report {
    let report = clean::clean(text, knowledge.residue());
    if !report.text.trim().is_empty() {
        return report;
    }
    // Nothing but residue: the reader had better see it than nothing.
    let mut report = clean::whole(text.to_string());
    report.warnings.push("everything in this text looks like web residue; it was kept as it is".to_string());
    report
}

fn rebase(report: &mut Report, inner: &[Segment], removed: Vec<Removed>) {
    segments::rebase(report, inner);
    segments::add_removed(report, removed);
}

/// A report of a decoded HTML document.
fn of_page(
    name: &str,
    html: &str,
    known: &Known,
    options: &Options,
    knowledge: &Knowledge,
) -> Result<Report, IntakeError> {
    let page = html::read(html, known.url.as_deref(), knowledge.pages());
    if page.text.trim().is_empty() {
        return Err(IntakeError::Empty { input: name.to_string() });
    }
    let mut report = of_text(&page.text, options, knowledge);
    rebase(&mut report, &page.segments, page.removed);
    report.leads.splice(0..0, page.leads.into_iter().map(|text| Lead { text }));
    if let Some(from) = page.language.as_deref().and_then(language::machine_translated_from) {
        report.warnings.push(format!("the page says that a machine translated it from another language ({from})"));
    }
    let own = Known {
        title: page.title,
        outlet: page.outlet,
        authors: page.authors,
        url: page.url,
        published: page.published,
        modified: page.modified,
        section: page.section,
        language: page.language.as_deref().and_then(language::code),
        ..Known::default()
    };
    fill(&mut report, own, page.published_from);
    fill(&mut report, known.clone(), PublishedFrom::Given);
    Ok(report)
}

/// Takes over what the report does not know yet. `from` is what a publication date rests on.
fn fill(report: &mut Report, known: Known, from: PublishedFrom) {
    let keep = |own: &mut Option<String>, other: Option<String>| *own = own.take().or(other);
    if report.published.is_none() && known.published.is_some() {
        (report.published, report.published_from) = (known.published, from);
    }
    keep(&mut report.title, known.title);
    keep(&mut report.outlet, known.outlet);
    keep(&mut report.url, known.url);
    keep(&mut report.modified, known.modified);
    keep(&mut report.retrieved, known.retrieved);
    keep(&mut report.section, known.section);
    keep(&mut report.language, known.language);
    keep(&mut report.input_id, known.input_id);
    if report.authors.is_empty() {
        report.authors = known.authors;
    }
}

fn finish(report: &mut Report, options: &Options, knowledge: &Knowledge) {
    if report.title.is_none() {
        report.title = title(&report.text, knowledge);
    }
    let found = language::find(&report.text, report.language.as_deref());
    report.language = found.language;
    if let Some(other) = report.language.as_deref().filter(|&language| language != "en") {
        report
            .warnings
            .push(format!("this text seems to be in another language ({other}); what is read out of it will be wrong"));
    }
    for (other, share) in found.others {
        report
            .warnings
            .push(format!("about {:.0} % of this text seem to be in another language ({other})", share * 100.0));
    }
    if report.published.is_none()
        && let Some(day) = report.url.as_deref().and_then(head::day_in_url)
    {
        (report.published, report.published_from) = (Some(day), PublishedFrom::Url);
    }
    head::read(report, knowledge);
    if let Some(date) = &options.date {
        report.published = Some(date.clone());
        report.published_from = PublishedFrom::Given;
    }
    report.content_id = sameness::content_id(&report.text);
    report.id = sameness::report_id(
        report.url.as_deref(),
        report.outlet.as_deref(),
        report.title.as_deref(),
        report.published.as_deref(),
        &report.content_id,
    );
    report.signature = Some(Signature::of(&report.text).to_string());
}

/// The first line, if it is set off, short, and no sentence, byline or date. A full stop makes no sentence of a line that is written as
/// titles are, with capitals.
fn title(text: &str, knowledge: &Knowledge) -> Option<String> {
    let (first, rest) = text.trim_start().split_once('\n')?;
    let first = first.trim();
    let fits = first.chars().count() <= 200 && !rest.trim().is_empty();
    let stopped = first.ends_with('.') && !first.ends_with("...");
    let sentence = first.ends_with([':', ',', ';']) || stopped && !in_title_case(first);
    let heads = knowledge.datelines();
    let other = || heads.published(first).is_some() || heads.byline(first).is_some() || heads.dateline(first).is_some();
    (fits && !sentence && !other()).then(|| first.to_string())
}

/// Whether most words of four letters and more begin with a capital, the first not counted, and there are at least three of them.
fn in_title_case(line: &str) -> bool {
    let words = line.split_whitespace().skip(1).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let long: Vec<&str> = words.filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4).collect();
    let capital = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    long.len() >= 3 && capital * 4 >= long.len() * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_short_and_no_sentence() {
        let title = |text: &str| title(text, Knowledge::english());
        assert_eq!(title("Talks end\n\nThey ended.").as_deref(), Some("Talks end"));
        assert_eq!(title("They ended.\n\nAll left."), None);
        let titled = "Council Rejects Ferry Plan After Storm.";
        assert_eq!(title(&format!("{titled}\n\nThe council rejected it on Friday.")).as_deref(), Some(titled));
        assert_eq!(title("The council of Port Elva rejected the Ferry Plan.\n\nAll left."), None);
        assert_eq!(title("By Ann Writer\n\nAll left."), None);
        assert_eq!(title("One line"), None);
    }

    #[test]
    fn messages_name_the_input_and_the_remedy() {
        let knowledge = Knowledge::english();
        let fail = |bytes: &[u8]| report("a.txt", bytes, &Options::default(), knowledge).unwrap_err();
        assert_eq!(fail(b" \n").kind(), "empty");
        assert_eq!(fail(b"%PDF-1.7 ...").kind(), "binary");
        assert_eq!(fail(&vec![b'a'; LARGEST + 1]).kind(), "too_large");
        assert_eq!(fail(b"{\"text\": \"a\"}\n{\"text\": \"b\"}\n").kind(), "several");
        assert!(fail(b"").to_string().starts_with("a.txt: "));
    }

    #[test]
    fn another_language_is_read_with_a_warning() {
        let text = "Die Außenministerin sagte am Dienstag, dass die Gespräche über den Waffenstillstand fortgesetzt werden sollen.";
        let report = report("a", text.as_bytes(), &Options::default(), Knowledge::english()).unwrap();
        assert_eq!(report.language.as_deref(), Some("de"));
        assert_eq!(report.warnings.len(), 1);
    }

    #[test]
    fn a_machine_translation_that_says_so_is_read_with_a_warning() {
        let warnings = |bytes: &[u8]| {
            let report = report("a", bytes, &Options::default(), Knowledge::english()).unwrap();
            report.warnings.iter().filter(|w| w.contains("machine translated")).count()
        };
        let page = |lang: &str, end: &str| {
            let story = "The harbour board said on Friday that the ferry would sail again, and thanked the crews for their work. ";
            format!(
                "<html lang=\"{lang}\"><body><article><h1>Ferry</h1><p>{}</p><p>{}</p>{end}</article></body></html>",
                story.repeat(3),
                "Two of its members had voted against it, the minutes show, and one of them has since left the board."
            )
        };
        assert_eq!(warnings(page("en", "").as_bytes()), 0);
        assert_eq!(warnings(page("en-x-mtfrom-es", "").as_bytes()), 1);
        assert_eq!(warnings(page("en-t-es-t0-und", "").as_bytes()), 1);
        assert_eq!(
            warnings(page("en-GB", "<p>This article was automatically translated from Spanish.</p>").as_bytes()),
            1
        );
        assert_eq!(
            warnings(b"Ferry sails\n\nThe ferry sailed on Friday, the board said.\n\nTranslated by Google\n"),
            1
        );
        assert_eq!(
            warnings(b"Ferry sails\n\nThe letter was translated by a neighbour, the court heard on Friday.\n"),
            0
        );
    }

    #[test]
    fn what_the_container_says_is_kept() {
        let line = br#"{"id": 7, "text": "The port reopened on Friday.", "outlet": "Coastal Press", "date": "2021-08-16", "url": "https://p.example/2020/01/02/a"}"#;
        let raw = open("a", &line[..], &Options::default()).next().unwrap().unwrap();
        let read = |options: &Options| report_of(raw.clone(), options, Knowledge::english()).unwrap();
        let report = read(&Options::default());
        assert_eq!((report.published.as_deref(), report.published_from), (Some("2021-08-16"), PublishedFrom::Given));
        assert_eq!((report.input_id.as_deref(), report.outlet.as_deref()), (Some("7"), Some("Coastal Press")));
        assert_ne!(report.id, report.content_id);
        assert_eq!(
            read(&Options { date: Some("2022-01-01".to_string()), ..Options::default() }).published.as_deref(),
            Some("2022-01-01")
        );
    }

    #[test]
    fn repaired_texts_keep_their_offsets() {
        let text = "Talks end\n\n[ad_1]\n\nHe said itâ€™s \0over.\n";
        let report = report("a", text.as_bytes(), &Options::default(), Knowledge::english()).unwrap();
        assert_eq!(report.text, "Talks end\n\nHe said it’s over.\n");
        let mut covered: Vec<[usize; 2]> = report.segments.iter().map(|s| s.input).collect();
        covered.extend(report.removed.iter().map(|r| [r.start, r.end]));
        covered.sort_unstable();
        assert_eq!(covered.first().map(|c| c[0]), Some(0));
        assert_eq!(covered.last().map(|c| c[1]), Some(text.chars().count()));
        assert!(covered.windows(2).all(|pair| pair[0][1] == pair[1][0]), "{covered:?}");
        assert_eq!(report.warnings.len(), 1);
    }
}
