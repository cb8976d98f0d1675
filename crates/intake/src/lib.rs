//! Bytes to [`Report`]: charset, web residue, title, language, ids.
//!
//! What is removed is listed with its reason, and segments tie every kept stretch to the decoded input. Text that is already
//! clean stays as it is, byte for byte.
//!
//! ```
//! use annalist_intake::{Options, report};
//! use annalist_knowledge::Knowledge;
//!
//! let raw = b"Talks to resume\n\n[ad_1]\n\nThe talks will resume, officials said.\n";
//! let report = report("talks.txt", raw, &Options::default(), Knowledge::english())?;
//! assert_eq!(report.text, "Talks to resume\n\nThe talks will resume, officials said.\n");
//! assert_eq!(report.removed[0].reason, "shortcode");
//! # Ok::<(), annalist_intake::IntakeError>(())
//! ```
#![forbid(unsafe_code)]

mod clean;
mod decode;
mod files;
pub mod html;

use annalist_knowledge::Knowledge;
use annalist_record::{PublishedFrom, Report};
use sha2::{Digest, Sha256};

pub use files::{files, read_file, read_limited};

/// Reports larger than this are refused unless the limit is raised, in bytes.
pub const LARGEST: usize = 4 << 20;

/// How inputs are taken in.
#[derive(Debug, Clone)]
pub struct Options {
    /// The day the report was published, as YYYY-MM-DD, if the caller knows it.
    pub date: Option<String>,
    /// Take the text as already clean: nothing is removed, offsets are the input's own.
    pub as_is: bool,
    /// The largest report that is taken, in bytes.
    pub largest: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { date: None, as_is: false, largest: LARGEST }
    }
}

/// An input that gives no report. Every message names the input and what to do.
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
}

impl IntakeError {
    /// A stable word for the kind of failure, as in [`annalist_record::InputError`].
    pub fn kind(&self) -> &'static str {
        match self {
            IntakeError::Unreadable { .. } => "unreadable",
            IntakeError::Empty { .. } => "empty",
            IntakeError::Binary { .. } => "binary",
            IntakeError::TooLarge { .. } => "too_large",
        }
    }

    /// The input's name.
    pub fn input(&self) -> &str {
        match self {
            IntakeError::Unreadable { input, .. }
            | IntakeError::Empty { input }
            | IntakeError::Binary { input, .. }
            | IntakeError::TooLarge { input, .. } => input,
        }
    }
}

/// Makes a report of an input's bytes. `input` is its name, for messages.
///
/// # Errors
/// When there is no text in it to read: see [`IntakeError`].
pub fn report(input: &str, bytes: &[u8], options: &Options, knowledge: &Knowledge) -> Result<Report, IntakeError> {
    if bytes.len() > options.largest {
        return Err(IntakeError::TooLarge { input: input.to_string(), limit: options.largest });
    }
    let decoded = decode::decode(input, bytes)?;
    if decoded.text.trim().is_empty() {
        return Err(IntakeError::Empty { input: input.to_string() });
    }
    let mut report = match options.as_is {
        true => clean::whole(decoded.text),
        false => clean::clean(&decoded.text, knowledge.residue()),
    };
    report.warnings.extend(decoded.warning);
    if report.text.trim().is_empty() {
        // Nothing but residue: the reader had better see it than nothing.
        let warnings = std::mem::take(&mut report.warnings);
        report = clean::whole(decode::decode(input, bytes)?.text);
        report.warnings = warnings;
        report.warnings.push("everything in this text looks like web residue; it was kept as it is".to_string());
    }
    finish(&mut report, options);
    Ok(report)
}

/// Makes a report of a text that is already clean.
pub fn plain(text: &str, options: &Options) -> Report {
    let mut report = clean::whole(text.to_string());
    finish(&mut report, options);
    report
}

fn finish(report: &mut Report, options: &Options) {
    report.title = title(&report.text);
    let detected = whatlang::detect(&report.text);
    report.language = detected.filter(|d| d.is_reliable()).and_then(|d| iso_639_1(d.lang())).map(str::to_string);
    if let Some(other) = report.language.as_deref().filter(|&language| language != "en") {
        report
            .warnings
            .push(format!("this text seems to be in another language ({other}); what is read out of it will be wrong"));
    }
    if let Some(date) = &options.date {
        report.published = Some(date.clone());
        report.published_from = PublishedFrom::Given;
    }
    report.content_id = content_id(&report.text);
    report.id = report.content_id.clone();
}

/// The first line, if it is set off, short, and no sentence.
fn title(text: &str) -> Option<String> {
    let (first, rest) = text.trim_start().split_once('\n')?;
    let first = first.trim();
    let fits = first.chars().count() <= 200 && !rest.trim().is_empty();
    let sentence = first.ends_with(['.', ':', ',', ';']) && !first.ends_with("...");
    (fits && !sentence).then(|| first.to_string())
}

/// The words alone: upper case, spaces, line ends and punctuation do not count.
fn content_id(text: &str) -> String {
    let mut hash = Sha256::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        hash.update(word.to_lowercase().as_bytes());
        hash.update(b" ");
    }
    hash.finalize()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn iso_639_1(language: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang::*;
    Some(match language {
        Eng => "en",
        Fra => "fr",
        Deu => "de",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Nld => "nl",
        Rus => "ru",
        Ukr => "uk",
        Pol => "pl",
        Ces => "cs",
        Ron => "ro",
        Hun => "hu",
        Bul => "bg",
        Srp => "sr",
        Hrv => "hr",
        Ell => "el",
        Tur => "tr",
        Ara => "ar",
        Heb => "he",
        Pes => "fa",
        Urd => "ur",
        Hin => "hi",
        Ben => "bn",
        Cmn => "zh",
        Jpn => "ja",
        Kor => "ko",
        Vie => "vi",
        Tha => "th",
        Ind => "id",
        Swe => "sv",
        Dan => "da",
        Nob => "nb",
        Fin => "fi",
        Kat => "ka",
        Hye => "hy",
        Aze => "az",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_id_is_the_words() {
        assert_eq!(content_id("The talks, he said, ended."), content_id("the talks\nhe said   ended"));
        assert_ne!(content_id("The talks ended"), content_id("The talk sended"));
    }

    #[test]
    fn a_title_is_short_and_no_sentence() {
        assert_eq!(title("Talks end\n\nThey ended.").as_deref(), Some("Talks end"));
        assert_eq!(title("They ended.\n\nAll left."), None);
        assert_eq!(title("One line"), None);
    }

    #[test]
    fn messages_name_the_input_and_the_remedy() {
        let knowledge = Knowledge::english();
        let fail = |bytes: &[u8]| report("a.txt", bytes, &Options::default(), knowledge).unwrap_err();
        assert_eq!(fail(b" \n").kind(), "empty");
        assert_eq!(fail(b"%PDF-1.7 ...").kind(), "binary");
        assert_eq!(fail(&vec![b'a'; LARGEST + 1]).kind(), "too_large");
        assert!(fail(b"").to_string().starts_with("a.txt: "));
    }

    #[test]
    fn another_language_is_read_with_a_warning() {
        let text = "Die Außenministerin sagte am Dienstag, dass die Gespräche über den Waffenstillstand fortgesetzt werden sollen.";
        let report = report("a", text.as_bytes(), &Options::default(), Knowledge::english()).unwrap();
        assert_eq!(report.language.as_deref(), Some("de"));
        assert_eq!(report.warnings.len(), 1);
    }
}
