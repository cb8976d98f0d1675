//! Documents that came from elsewhere than files: pages and feeds that were fetched.

use annalist_intake::{IntakeError, Kind, Options, Raw};
use annalist_record::Report;

use super::{Reader, Taken, guarded, kept, one_thread};

/// The documents that fetched bytes hold, feeds item by item. `url` is where they came from, `charset` what was told of them beside,
/// `retrieved` when, as ISO 8601.
pub fn documents(
    url: &str,
    charset: Option<&str>,
    bytes: Vec<u8>,
    retrieved: Option<&str>,
    options: &Options,
) -> Vec<Result<Raw, IntakeError>> {
    let documents = annalist_intake::open(url, std::io::Cursor::new(bytes), options);
    let mut all: Vec<Result<Raw, IntakeError>> = documents.collect();
    let alone = all.len() == 1;
    for raw in all.iter_mut().flatten() {
        raw.known.retrieved = raw.known.retrieved.take().or_else(|| retrieved.map(str::to_string));
        // What is one document stands where it was fetched from; an item of a feed says itself where it stands.
        if alone && raw.name == url && matches!(raw.kind, Kind::Html | Kind::Text | Kind::Pdf | Kind::Docx) {
            raw.known.url = raw.known.url.take().or_else(|| Some(url.to_string()));
            raw.charset = raw.charset.take().or_else(|| charset.map(str::to_string));
        }
    }
    if all.is_empty() {
        all.push(Err(IntakeError::Empty { input: url.to_string() }));
    }
    all
}

impl Reader {
    /// Reads a document, if it is wanted, with what it can be read from again: see [`Reader::read_wanted`].
    pub fn read_document(&self, document: Raw, options: &Options, wanted: impl FnOnce(&Report) -> bool) -> Taken {
        let read = guarded(Ok(document), |raw| {
            let (input, kept) = (raw.name.clone(), kept::keep(&raw, options));
            let report = annalist_intake::report_of(raw, options, self.knowledge)?;
            if !wanted(&report) {
                return Ok(Taken::Unwanted);
            }
            Ok(Taken::Read { input, record: Box::new(self.read_report(report, &one_thread())?), kept })
        });
        read.unwrap_or_else(Taken::Failed)
    }
}
