//! Tables: CSV and its like, the first row naming the fields.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

use super::{fault, json, too_large};
use crate::bounded::{Fault, HEAD, Source};
use crate::raw::{Known, Raw};
use crate::{IntakeError, Options};

/// A document a row.
pub(super) struct Rows {
    input: String,
    reader: csv::Reader<Metered>,
    options: Options,
    names: Option<Vec<String>>,
    row: csv::ByteRecord,
    ended: bool,
}

/// A stream that fails when more than allowed is read at a time: an open quotation mark must not take in all the rest.
struct Metered {
    source: Source,
    left: usize,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.source.fill_buf()?;
        let count = ready.len().min(buffer.len());
        if count > self.left {
            return Err(Fault::TooLarge.into());
        }
        buffer[..count].copy_from_slice(&ready[..count]);
        self.source.consume(count);
        self.left -= count;
        Ok(count)
    }
}

impl Rows {
    pub(super) fn new(input: String, source: Source, separator: u8, options: Options) -> Rows {
        let left = allowance(&options);
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(Metered { source, left });
        Rows { input, reader, options, names: None, row: csv::ByteRecord::new(), ended: false }
    }

    fn document(&self, name: String, names: &[String]) -> Result<Raw, IntakeError> {
        if self.row.as_slice().len() > self.options.largest.saturating_add(HEAD) {
            return Err(too_large(&name, &self.options));
        }
        let (mut record, mut warnings) = (Map::new(), Vec::new());
        for (field, own) in self.row.iter().zip(names) {
            let value = if field.is_ascii() {
                String::from_utf8_lossy(field).into_owned()
            } else {
                let decoded = crate::decode::decode(&name, field, None)?;
                warnings.extend(decoded.warning);
                decoded.text
            };
            record.insert(own.clone(), Value::String(value));
        }
        let mut raw = json::of_record(name, &record, &Known::default(), false, &self.options)?;
        warnings.dedup();
        raw.warnings.extend(warnings);
        if self.row.len() != names.len() {
            let (has, wants) = (self.row.len(), names.len());
            raw.warnings.push(format!("the row has {has} fields where the first row names {wants}"));
        }
        Ok(raw)
    }
}

/// How much may be read for one row: a document, and what the reader holds ahead.
fn allowance(options: &Options) -> usize {
    options.largest.saturating_mul(2).saturating_add(2 * HEAD)
}

impl Iterator for Rows {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.reader.get_mut().left = allowance(&self.options);
            let line = self.reader.position().line();
            let name = format!("{}:{line}", self.input);
            match self.reader.read_byte_record(&mut self.row) {
                Ok(false) => self.ended = true,
                Ok(true) => match self.names.take() {
                    None => {
                        let name = |field: &[u8]| String::from_utf8_lossy(field).trim().to_string();
                        self.names = Some(self.row.iter().map(name).collect());
                    }
                    Some(names) => {
                        let name = self.row.position().map_or(name, |p| format!("{}:{}", self.input, p.line()));
                        let blank = self.row.iter().all(|field| field.trim_ascii().is_empty());
                        let document = (!blank).then(|| self.document(name, &names));
                        self.names = Some(names);
                        if document.is_some() {
                            return document;
                        }
                    }
                },
                Err(error) => {
                    self.ended = true;
                    return Some(Err(match error.into_kind() {
                        csv::ErrorKind::Io(error) => fault(&name, &self.options, error),
                        _ => IntakeError::Malformed { input: name, what: "a row of a table".to_string() },
                    }));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use crate::raw::Body;

    fn read(table: &[u8]) -> Vec<Result<Raw, IntakeError>> {
        open("in.csv", io::Cursor::new(table.to_vec()), &Options { largest: 1000, ..Options::default() }).collect()
    }

    #[test]
    fn rows_are_documents() {
        let all = read(b"\xef\xbb\xbfdate;headline;text\n2021-08-16;Talks end;\"The talks\nended; all left.\"\n\n;;\n2021-08-17;X;Caf\xe9s are open again, the fa\xe7ade was mended.;more\n");
        let all: Vec<Raw> = all.into_iter().map(Result::unwrap).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].name, "in.csv:2");
        assert_eq!(all[0].body, Body::Text("The talks\nended; all left.".to_string()));
        assert_eq!(all[0].known.title.as_deref(), Some("Talks end"));
        assert_eq!(all[0].known.published.as_deref(), Some("2021-08-16"));
        assert_eq!(all[1].name, "in.csv:6");
        assert_eq!(all[1].body, Body::Text("Cafés are open again, the façade was mended.".to_string()));
        assert_eq!(all[1].warnings.len(), 2);
    }

    #[test]
    fn an_open_quotation_mark_is_bounded() {
        let table = format!("id,text\n1,First.\n2,\"{}", "Second, ".repeat(100_000));
        let all = read(table.as_bytes());
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].as_ref().unwrap_err().kind(), "too_large");
    }
}
