//! Bytes and options in, records out: the one way in, for the command line, the scorers, and whatever comes later.
//!
//! ```no_run
//! use annalist_pipeline::{Options, Reader};
//!
//! let reader = Reader::new()?;
//! let record = reader.read_plain("The minister said talks would go on.", &Options::default())?;
//! assert_eq!(record.statements.len(), 1);
//! # Ok::<(), annalist_pipeline::ReadError>(())
//! ```
#![forbid(unsafe_code)]

mod documents;
mod kept;
mod parallel;
mod versions;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annalist_intake::Raws;
pub use annalist_intake::{Body, Fields, IntakeError, Kind, LARGEST, Options, Raw, files, open_file};
use annalist_knowledge::{Knowledge, PlaceNumber};
use annalist_language::{Analyser, ThreadPool};
pub use annalist_language::{Analysis, ModelError};
pub use annalist_reading::actors::{Coder, Coding, Description};
use annalist_reading::changes::changes;
use annalist_reading::commitments::{Known as KnownBefore, commitments, due_after};
use annalist_reading::explanations::{self, Read};
use annalist_reading::places::{self, Setting};
pub use annalist_reading::places::{Form, Toponym};
use annalist_reading::prominence::country_of_place;
use annalist_reading::statements::statements_with_origins;
use annalist_reading::times::{place_statements, times};
use annalist_reading::{actors, coreference, events, figures::figures, participants};
use annalist_record::{CharIndex, ErrorRecord, InputError, Line, MadeBy, Record, Report, SCHEMA_VERSION};
pub use documents::documents;
pub use parallel::in_order;
use versions::Versions;

/// How many features a candidate place has.
pub const PLACE_FEATURES: usize = places::FEATURES.len();

/// The candidate places of a name, with their features.
pub type PlaceEvidence = Vec<(PlaceNumber, [f32; PLACE_FEATURES])>;

/// What can go wrong with one report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input gives no report.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// What was kept of the input is not in its form.
    #[error("{input}: what was kept of it is damaged and cannot be read again; add the file anew")]
    Kept {
        /// The input.
        input: String,
    },
    /// A fault of the program.
    #[error("{input}: reading it failed by a fault of the program; please report it with the text")]
    Panic {
        /// The input.
        input: String,
    },
}

/// Where a report's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// The name by which messages call it.
    pub fn name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Stdin => "-".to_string(),
        }
    }

    /// The documents it holds, read as they are asked for.
    fn documents(&self, options: &Options) -> Raws {
        match self {
            Source::File(path) => annalist_intake::open_file(path, options),
            Source::Stdin => annalist_intake::open(self.name(), std::io::stdin(), options),
        }
    }
}

/// What became of a document that is to be kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It was read.
    Read {
        /// The input's name, and the document's place in it.
        input: String,
        /// What was read out of it.
        record: Box<Record>,
        /// What it can be read from again: see [`Reader::read_kept`].
        kept: Vec<u8>,
    },
    /// It was not wanted.
    Unwanted,
    /// It gave no report.
    Failed(ErrorRecord),
}

/// Reads reports. Holds the model; shared by all threads.
pub struct Reader {
    analyser: Analyser,
    knowledge: &'static Knowledge,
    explains: bool,
}

impl Reader {
    /// A reader with the built-in English model and knowledge.
    ///
    /// # Errors
    /// When the model was damaged.
    pub fn new() -> Result<Reader, ModelError> {
        // Beside the model, so that the first report need not wait for it.
        std::thread::spawn(|| Knowledge::english().prepare());
        Ok(Reader::with(annalist_language::english()?))
    }

    /// A reader whose network or decoding settings are read from files, to compare models; the built-in ones for `None`.
    ///
    /// # Errors
    /// When a file cannot be read or is not of its form.
    pub fn with_files(network: Option<&Path>, decoding: Option<&Path>) -> Result<Reader, ModelError> {
        Ok(Reader::with(annalist_language::english_with(network, decoding)?))
    }

    /// A reader with the given analyser.
    pub fn with(analyser: Analyser) -> Reader {
        Reader { analyser, knowledge: Knowledge::english(), explains: false }
    }

    /// The reader, telling in each record why its items are as they are, or not.
    pub fn explaining(self, explains: bool) -> Reader {
        Reader { explains, ..self }
    }

    /// Reads a text that is already clean: offsets are its own.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn read_plain(&self, text: &str, options: &Options) -> Result<Record, ModelError> {
        self.read_report(annalist_intake::plain(text, options), &one_thread())
    }

    /// Reads one input's bytes, which hold one document; `input` is its name, for messages.
    ///
    /// # Errors
    /// When the input gives no report or several, or the model fails on it.
    pub fn read_bytes(&self, input: &str, bytes: &[u8], options: &Options) -> Result<Record, ReadError> {
        let report = annalist_intake::report(input, bytes, options, self.knowledge)?;
        Ok(self.read_report(report, &one_thread())?)
    }

    /// Tells what actors are: their countries, sectors and kinds. Where words name a place, that is the one by far the most people
    /// live in; in reports, the one that is meant there.
    pub fn coder(&self) -> Coder<'_> {
        Coder::new(self.knowledge).with_places(&|name: &str| country_of_place(Knowledge::english(), name))
    }

    /// Analyses a clean text, on one thread: the layer below [`Reader::read_plain`], for scorers.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn analyse(&self, text: &str) -> Result<Analysis, ModelError> {
        self.analyser.analyse(text, self.knowledge, &one_thread())
    }

    /// The words of a clean text that name places, each with its place; and the same for the given words, bytes of the text, that
    /// are known to name places. `host` is that of the page it is from.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn toponyms(
        &self,
        text: &str,
        host: Option<&str>,
        given: &[Range<usize>],
    ) -> Result<(Vec<Toponym>, Vec<Toponym>), ModelError> {
        let (analysis, setting) = (self.analyse(text)?, Setting { host });
        let found = places::toponyms(text, &analysis, self.knowledge, setting);
        let given = places::resolve(text, &analysis, self.knowledge, setting, given);
        Ok((found, given))
    }

    /// What the candidate places of the given words, bytes of the text, are judged by in a round, to learn weights from.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn place_evidence(
        &self,
        text: &str,
        host: Option<&str>,
        given: &[Range<usize>],
        round: usize,
    ) -> Result<Vec<PlaceEvidence>, ModelError> {
        let analysis = self.analyse(text)?;
        Ok(places::evidence(text, &analysis, self.knowledge, Setting { host }, given, round))
    }

    /// Lets `see` look at what was read of a clean text before its events.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn before_events<R>(
        &self,
        text: &str,
        options: &Options,
        see: impl FnOnce(&events::Setting) -> R,
    ) -> Result<Option<R>, ModelError> {
        Ok(self.read_and(text, options, see)?.1)
    }

    /// Reads a clean text as [`Reader::read_plain`] does, and lets `see` look at what was read of it before its events.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn read_and<R>(
        &self,
        text: &str,
        options: &Options,
        see: impl FnOnce(&events::Setting) -> R,
    ) -> Result<(Record, Option<R>), ModelError> {
        let mut seen = None;
        let record = self.read_report_and(annalist_intake::plain(text, options), &one_thread(), |setting| {
            seen = Some(see(setting))
        })?;
        Ok((record, seen))
    }

    /// Analyses sentences whose words are given, each with whether a space follows it.
    ///
    /// # Errors
    /// When the model fails on them.
    pub fn analyse_words<'w, S>(&self, document: impl IntoIterator<Item = S>) -> Result<(String, Analysis), ModelError>
    where
        S: IntoIterator<Item = (&'w str, bool)>,
    {
        self.analyser.analyse_words(document, &one_thread(), self.knowledge)
    }

    /// Reads all documents of all sources, `workers` at a time, and hands a line for each to `each`, in their order, with the
    /// number of the source it is from.
    ///
    /// Every document gives a line: a record, or an error in its place; so does a source without documents. The same document
    /// gives the same line however many workers there are and whatever else is read, but that a report is told of which earlier one it
    /// is a version (`version_of`). Documents are read as they are needed: memory grows with their number by no more than their ids.
    /// Reading stops early when `each` returns false.
    pub fn read_all(
        &self,
        sources: &[Source],
        options: &Options,
        workers: usize,
        mut each: impl FnMut(usize, Line) -> bool,
    ) {
        let read = |document: Result<Raw, IntakeError>, threads: &Threads| {
            let read = guarded(document, |raw| {
                let report = annalist_intake::report_of(raw, options, self.knowledge)?;
                Ok(Line::Record(Box::new(self.read_report(report, threads)?)))
            });
            read.unwrap_or_else(Line::Error)
        };
        let mut versions = Versions::default();
        self.each_document(sources, options, workers, read, |i, mut line| {
            if let Line::Record(record) = &mut line {
                versions.note(&mut record.report);
            }
            each(i, line)
        });
    }

    /// As [`Reader::read_all`], with what each document can be read from again. Only the reports that `wanted` tells are read further
    /// than to be known.
    pub fn read_wanted(
        &self,
        sources: &[Source],
        options: &Options,
        workers: usize,
        wanted: impl Fn(&Report) -> bool + Sync,
        each: impl FnMut(usize, Taken) -> bool,
    ) {
        let read = |document: Result<Raw, IntakeError>, threads: &Threads| {
            let read = guarded(document, |raw| {
                let (input, kept) = (raw.name.clone(), kept::keep(&raw, options));
                let report = annalist_intake::report_of(raw, options, self.knowledge)?;
                if !wanted(&report) {
                    return Ok(Taken::Unwanted);
                }
                Ok(Taken::Read { input, record: Box::new(self.read_report(report, threads)?), kept })
            });
            read.unwrap_or_else(Taken::Failed)
        };
        self.each_document(sources, options, workers, read, each);
    }

    /// Reads again what [`Taken::Read`] kept of a document; `input` is its name, for messages.
    ///
    /// # Errors
    /// When what was kept is damaged, gives no report any more, or the model fails on it.
    pub fn read_kept(&self, input: &str, kept: &[u8]) -> Result<Record, ErrorRecord> {
        let (raw, options) = kept::restore(input, kept).map_err(|error| error_record(input, &error))?;
        guarded(Ok(raw), |raw| {
            let report = annalist_intake::report_of(raw, &options, self.knowledge)?;
            Ok(self.read_report(report, &one_thread())?)
        })
    }

    fn each_document<R: Send>(
        &self,
        sources: &[Source],
        options: &Options,
        workers: usize,
        read: impl Fn(Result<Raw, IntakeError>, &Threads) -> R + Sync,
        mut each: impl FnMut(usize, R) -> bool,
    ) {
        let mut documents = sources.iter().enumerate().flat_map(|(i, source)| {
            let mut documents = source.documents(options).peekable();
            let empty = documents.peek().is_none().then(|| Err(IntakeError::Empty { input: source.name() }));
            documents.chain(empty).map(move |document| (i, document))
        });
        let (first, second) = (documents.next(), documents.next());
        // All threads work together on a document that is alone.
        let alone = second.is_none();
        let mut pools: Vec<Threads> = (0..workers.max(1)).map(|_| one_thread()).collect();
        if alone {
            pools = vec![pools.concat()];
        }
        let read = |(i, document): (usize, Result<Raw, IntakeError>), threads: &Threads| (i, read(document, threads));
        let documents = first.into_iter().chain(second).chain(documents);
        in_order(documents, &pools, read, |(i, line)| each(i, line));
    }

    fn read_report(&self, report: Report, threads: &Threads) -> Result<Record, ModelError> {
        self.read_report_and(report, threads, |_| ())
    }

    fn read_report_and(
        &self,
        report: Report,
        threads: &Threads,
        see: impl FnOnce(&events::Setting),
    ) -> Result<Record, ModelError> {
        let mut record = Record::new(made_by(), report);
        // What is in another language is kept, marked, and not read as if it were English.
        if record.report.language.as_deref().is_none_or(|language| language == "en") {
            let analysis = self.analyser.analyse(&record.report.text, self.knowledge, threads)?;
            let (text, published) = (&record.report.text, record.report.published.as_deref());
            record.times = times(text, &analysis, self.knowledge, published);
            let chains = coreference::resolve(text, &analysis, self.knowledge);
            let (mut found, origins): (Vec<_>, Vec<_>) =
                statements_with_origins(text, &analysis, self.knowledge).into_iter().unzip();
            let mut taking_part = participants::participants(text, &analysis, &chains, &mut found, self.knowledge);
            let setting = Setting::of_url(record.report.url.as_deref());
            let toponyms = places::toponyms(text, &analysis, self.knowledge, setting);
            let lies_in = |name: &str| places::country_in(text, &toponyms, self.knowledge, name);
            let coder = Coder::new(self.knowledge).with_places(&lies_in);
            let mut codings = actors::characterise(&mut taking_part.actors, &coder, published);
            record.places = places::places(text, &CharIndex::new(text), &toponyms, self.knowledge);
            actors::settle(&mut taking_part.actors, &mut codings, &coder, text, &record.places, published);
            participants::sign(&mut taking_part, &record.report.authors);
            participants::credit(&mut found, &taking_part.actors, &record.report.credits);
            place_statements(&mut found, &record.times, text, &analysis);
            record.statements = found;
            if self.explains {
                let read = Read { text, analysis: &analysis, knowledge: self.knowledge };
                record.explanations = [
                    explanations::of_actors(&taking_part, &codings, &chains),
                    explanations::of_places(&record.places, &toponyms, setting, read),
                    explanations::of_times(&record.times, read),
                    explanations::of_statements(&record.statements, &origins, self.knowledge),
                ]
                .concat();
            }
            let setting = events::Setting {
                text,
                analysis: &analysis,
                knowledge: self.knowledge,
                coreference: &chains,
                participants: &taking_part,
                actors: &taking_part.actors,
                statements: &record.statements,
                places: &record.places,
                times: &record.times,
            };
            see(&setting);
            record.events = events::events(&setting);
            if let Some(published) = published {
                events::happened_by(&mut record.events, &record.times, published);
            }
            let (said, times, events) = (&record.statements, &record.times, &record.events);
            record.figures = figures(text, &analysis, self.knowledge, said, times, events);
            let known = KnownBefore { statements: said, times, actors: &taking_part.actors, events };
            record.commitments = commitments(text, &analysis, self.knowledge, known);
            if let Some(published) = published {
                due_after(&mut record.commitments, &record.times, published);
            }
            record.changes = changes(text, &analysis, self.knowledge, said, times, &taking_part.actors, events);
            record.actors = taking_part.actors;
        }
        Ok(record)
    }
}

/// Makes a report of a web page, and nothing more; `url` is where it came from.
///
/// # Errors
/// When there is no text in it.
pub fn report_of_page(name: &str, bytes: &[u8], url: Option<&str>, options: &Options) -> Result<Report, IntakeError> {
    let mut raw = Raw::new(name, Body::Bytes(bytes.to_vec()), Kind::Html);
    raw.known.url = url.map(str::to_string);
    annalist_intake::report_of(raw, options, Knowledge::english())
}

/// Reads a document; what goes wrong is an error record, a panic too.
fn guarded<R>(
    document: Result<Raw, IntakeError>,
    read: impl FnOnce(Raw) -> Result<R, ReadError>,
) -> Result<R, ErrorRecord> {
    let name = match &document {
        Ok(raw) => raw.name.clone(),
        Err(error) => error.input().to_string(),
    };
    // Nothing is known to panic; should something, it costs one report and not the run.
    let done = catch_unwind(AssertUnwindSafe(|| read(document?)));
    done.unwrap_or_else(|_| Err(ReadError::Panic { input: name.clone() })).map_err(|error| error_record(&name, &error))
}

/// What a report is read on: single threads, each for a window of its text. (A window on two threads is read little faster.)
type Threads = Vec<Arc<ThreadPool>>;

fn one_thread() -> Threads {
    vec![Arc::new(ThreadPool::with_num_threads(1))]
}

/// What this program calls itself in records.
pub fn made_by() -> MadeBy {
    MadeBy {
        program: env!("CARGO_PKG_VERSION").to_string(),
        model: annalist_language::ENGLISH.to_string(),
        knowledge: annalist_knowledge::EDITION.to_string(),
    }
}

/// The error as a line of output.
pub fn error_record(input: &str, error: &ReadError) -> ErrorRecord {
    let kind = match error {
        ReadError::Intake(error) => error.kind(),
        ReadError::Model(_) | ReadError::Kept { .. } | ReadError::Panic { .. } => "failed",
    };
    let error = InputError { input: input.to_string(), kind: kind.to_string(), message: error.to_string() };
    ErrorRecord { schema_version: SCHEMA_VERSION, error }
}
