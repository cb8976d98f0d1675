//! Documents out of inputs, whatever form they come in. Forms are told by content, not by name.

mod feed;
mod json;
mod mbox;
mod packed;
mod sniff;
mod table;
mod warc;

#[cfg(feature = "docx")]
pub(crate) mod docx;
#[cfg(feature = "mail")]
pub(crate) mod mail;
#[cfg(feature = "pdf")]
pub(crate) mod pdf;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub(crate) use sniff::{markup, whole_kind};

use crate::bounded::{Fault, Source, peek};
use crate::raw::{Body, Raw};
use crate::{IntakeError, Options};
use sniff::Form;

/// Compressed data inside compressed data is unpacked this often.
const NESTED: usize = 2;

type Documents = Box<dyn Iterator<Item = Result<Raw, IntakeError>> + Send>;

/// The documents of one input, read as they are asked for; what is held at a time is one document. A document that cannot be
/// read is an error in its place, and the stream goes on after it where it can.
pub struct Raws(Documents);

impl Iterator for Raws {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The documents in a stream. `name` is what messages call it. Nothing is read before the first document is asked for.
///
/// ```
/// use annalist_intake::{Options, open};
///
/// let lines = &b"{\"title\": \"Talks end\", \"text\": \"The talks ended.\"}\n{\"text\": \"The port reopened.\"}\n"[..];
/// let names: Vec<String> = open("news.jsonl", lines, &Options::default()).map(|raw| raw.unwrap().name).collect();
/// assert_eq!(names, ["news.jsonl:1", "news.jsonl:2"]);
/// ```
pub fn open(name: impl Into<String>, stream: impl Read + Send + 'static, options: &Options) -> Raws {
    let (name, options) = (name.into(), options.clone());
    let mut documents: Option<Documents> = None;
    let mut stream: Option<Box<dyn Read + Send>> = Some(Box::new(stream));
    Raws(Box::new(std::iter::from_fn(move || {
        if let Some(stream) = stream.take() {
            documents = Some(documents_of(&name, stream, &options, 0));
        }
        documents.as_mut()?.next()
    })))
}

/// The documents in a file.
pub fn open_file(path: &Path, options: &Options) -> Raws {
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => open(name, file, options),
        Err(source) => Raws(one(Err(IntakeError::Unreadable { input: name, source }))),
    }
}

fn one(document: Result<Raw, IntakeError>) -> Documents {
    Box::new(std::iter::once(document))
}

fn documents_of(name: &str, stream: impl Read + Send + 'static, options: &Options, depth: usize) -> Documents {
    let (head, source) = match peek(stream) {
        Ok(both) => both,
        Err(error) => return one(Err(fault(name, options, error))),
    };
    let input = name.to_string();
    match sniff::form(&head, options) {
        Form::Gzip | Form::Zstd if depth >= NESTED => one(Err(IntakeError::Nested { input })),
        Form::Gzip => documents_of(name, packed::Gunzip::new(source), options, depth + 1),
        Form::Zstd => documents_of(name, packed::Unzst::new(source), options, depth + 1),
        Form::Warc => Box::new(warc::Records::new(input, source, options.clone())),
        Form::JsonLines => Box::new(json::Lines::new(input, transcoded(source), options.clone())),
        Form::Json => Box::new(json::Values::new(input, transcoded(source), options.clone())),
        Form::Table(separator) => Box::new(table::Rows::new(input, transcoded(source), separator, options.clone())),
        Form::Mbox => Box::new(mbox::Messages::new(input, source, options.clone())),
        Form::Feed => Box::new(feed::Items::new(input, transcoded(source), options.clone())),
        Form::Whole(kind) => one(whole(name, source, options).map(|bytes| Raw::new(name, Body::Bytes(bytes), kind))),
        Form::Refused(what) => one(Err(IntakeError::Binary { input, what })),
        Form::UnknownXml(root) => one(Err(IntakeError::UnknownXml { input, root })),
    }
}

/// The documents inside one document that was carried by another: a feed or JSON file in a web archive.
fn inside(name: &str, bytes: Vec<u8>, options: &Options) -> Documents {
    documents_of(name, io::Cursor::new(bytes), options, NESTED)
}

/// UTF-16 to UTF-8 where a byte order mark says so; other bytes as they are, without a mark.
fn transcoded(source: Source) -> Source {
    let reader = encoding_rs_io::DecodeReaderBytesBuilder::new()
        .bom_sniffing(true)
        .strip_bom(true)
        .utf8_passthru(true)
        .build(source);
    Box::new(io::BufReader::with_capacity(crate::bounded::HEAD, reader))
}

/// All of a stream, if it is not larger than one document may be.
fn whole(name: &str, source: Source, options: &Options) -> Result<Vec<u8>, IntakeError> {
    let bytes = crate::read_limited(source, options.largest).map_err(|error| fault(name, options, error))?;
    match bytes.len() > options.largest {
        true => Err(too_large(name, options)),
        false => Ok(bytes),
    }
}

fn too_large(name: &str, options: &Options) -> IntakeError {
    IntakeError::TooLarge { input: name.to_string(), limit: options.largest }
}

/// What an error of a stream means to the user.
fn fault(name: &str, options: &Options, error: io::Error) -> IntakeError {
    let input = name.to_string();
    match Fault::of(&error) {
        Some(Fault::Damaged(what)) => IntakeError::Damaged { input, what: what.clone() },
        Some(Fault::Bomb(times)) => IntakeError::Bomb { input, times: *times },
        Some(Fault::TooLarge) => too_large(name, options),
        None => IntakeError::Unreadable { input, source: error },
    }
}
