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

mod parallel;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use annalist_intake::{IntakeError, LARGEST, Options, files};
use annalist_knowledge::Knowledge;
use annalist_language::{Analyser, ThreadPool};
pub use annalist_language::{Analysis, ModelError};
pub use parallel::in_order;
use annalist_reading::statements::statements;
use annalist_record::{ErrorRecord, InputError, Line, MadeBy, Record, Report, SCHEMA_VERSION};

/// What can go wrong with one report.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input gives no report.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
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

    fn bytes(&self, options: &Options) -> Result<Vec<u8>, IntakeError> {
        match self {
            Source::File(path) => annalist_intake::read_file(path, options.largest),
            Source::Stdin => annalist_intake::read_limited(std::io::stdin().lock().by_ref(), options.largest)
                .map_err(|source| IntakeError::Unreadable { input: self.name(), source }),
        }
    }
}

/// Reads reports. Holds the model; shared by all threads.
pub struct Reader {
    analyser: Analyser,
    knowledge: &'static Knowledge,
}

impl Reader {
    /// A reader with the built-in English model and knowledge.
    ///
    /// # Errors
    /// When the model was damaged.
    pub fn new() -> Result<Reader, ModelError> {
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
        Reader { analyser, knowledge: Knowledge::english() }
    }

    /// Reads a text that is already clean: offsets are its own.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn read_plain(&self, text: &str, options: &Options) -> Result<Record, ModelError> {
        self.read_report(annalist_intake::plain(text, options), &threads(1))
    }

    /// Reads one input's bytes; `input` is its name, for messages.
    ///
    /// # Errors
    /// When the input gives no report, or the model fails on it.
    pub fn read_bytes(&self, input: &str, bytes: &[u8], options: &Options) -> Result<Record, ReadError> {
        self.read_on(input, bytes, options, &threads(1))
    }

    /// Analyses a clean text, on one thread: the layer below [`Reader::read_plain`], for scorers.
    ///
    /// # Errors
    /// When the model fails on it.
    pub fn analyse(&self, text: &str) -> Result<Analysis, ModelError> {
        self.analyser.analyse(text, self.knowledge, &threads(1))
    }

    /// Analyses sentences whose words are given, each with whether a space follows it.
    ///
    /// # Errors
    /// When the model fails on them.
    pub fn analyse_words<'w, S>(&self, document: impl IntoIterator<Item = S>) -> Result<(String, Analysis), ModelError>
    where
        S: IntoIterator<Item = (&'w str, bool)>,
    {
        self.analyser.analyse_words(document, &threads(1))
    }

    /// Reads all sources, `workers` at a time, and hands a line for each to `each`, in the order of the sources.
    ///
    /// Every source gives a line: a record, or an error in its place. The same source gives the same line however many
    /// workers there are and whatever else is read. Reading stops early when `each` returns false.
    pub fn read_all(
        &self,
        sources: &[Source],
        options: &Options,
        workers: usize,
        each: impl FnMut(&Source, Line) -> bool,
    ) {
        if let [source] = sources {
            // One report: all threads work on it together.
            let pool = threads(workers);
            let mut each = each;
            each(source, self.line(source, options, &pool));
            return;
        }
        let pools: Vec<_> = (0..workers.clamp(1, sources.len().max(1))).map(|_| threads(1)).collect();
        let line = |source, pool: &Arc<ThreadPool>| (source, self.line(source, options, pool));
        let mut each = each;
        in_order(sources.iter(), &pools, line, |(source, line)| each(source, line));
    }

    fn line(&self, source: &Source, options: &Options, pool: &Arc<ThreadPool>) -> Line {
        let name = source.name();
        let read = || {
            let bytes = source.bytes(options)?;
            self.read_on(&name, &bytes, options, pool)
        };
        // Nothing is known to panic; should something, it costs one report and not the run.
        let read =
            catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(ReadError::Panic { input: name.clone() }));
        match read {
            Ok(record) => Line::Record(Box::new(record)),
            Err(error) => Line::Error(error_record(&name, &error)),
        }
    }

    fn read_on(
        &self,
        input: &str,
        bytes: &[u8],
        options: &Options,
        pool: &Arc<ThreadPool>,
    ) -> Result<Record, ReadError> {
        let report = annalist_intake::report(input, bytes, options, self.knowledge)?;
        Ok(self.read_report(report, pool)?)
    }

    fn read_report(&self, report: Report, pool: &Arc<ThreadPool>) -> Result<Record, ModelError> {
        let mut record = Record::new(made_by(), report);
        // What is in another language is kept, marked, and not read as if it were English.
        if record.report.language.as_deref().is_none_or(|language| language == "en") {
            let analysis = self.analyser.analyse(&record.report.text, self.knowledge, pool)?;
            record.statements = statements(&record.report.text, &analysis, self.knowledge);
        }
        Ok(record)
    }
}

fn threads(count: usize) -> Arc<ThreadPool> {
    Arc::new(ThreadPool::with_num_threads(count.max(1)))
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
        ReadError::Model(_) | ReadError::Panic { .. } => "failed",
    };
    let error = InputError { input: input.to_string(), kind: kind.to_string(), message: error.to_string() };
    ErrorRecord { schema_version: SCHEMA_VERSION, error }
}
