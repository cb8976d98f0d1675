//! What can go wrong with a ledger.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a ledger cannot be used. Every message names the file and what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum LedgerError {
    /// There is none, and none is to be made.
    #[error("{path}: there is no ledger; make one with `annalist add --ledger {path}`, or name another with --ledger")]
    Missing { path: PathBuf },
    /// It cannot be opened or made.
    #[error("{path}: cannot be opened ({reason}); check the path and its permissions")]
    Unopenable { path: PathBuf, reason: String },
    /// A later program wrote it.
    #[error(
        "{path}: was written by a newer Annalist (form {form}; this one knows up to {known}); use that one. Nothing was changed"
    )]
    Newer { path: PathBuf, form: i64, known: i64 },
    /// It is some other file.
    #[error("{path}: is no ledger but {what}; name another file with --ledger")]
    Foreign { path: PathBuf, what: &'static str },
    /// It is damaged.
    #[error(
        "{path}: is damaged ({reason}); restore it from a copy, or save what can be read with `sqlite3 {path} .recover`. Nothing was changed"
    )]
    Corrupt { path: PathBuf, reason: String },
    /// It may only be read.
    #[error("{path}: may not be written; change its and its folder's permissions, or copy it to where you may write")]
    ReadOnly { path: PathBuf },
    /// There is no room.
    #[error(
        "{path}: there is no room left on its disk; make room and run the command again: what was added before is kept"
    )]
    Full { path: PathBuf },
    /// Its disk does not do what it should.
    #[error(
        "{path}: its disk cannot be read or written ({reason}); check that it is there and has room for a file of this size, and run the command again: what was added before is kept"
    )]
    Disk { path: PathBuf, reason: String },
    /// Another program writes it.
    #[error(
        "{path}: another program has been writing it for {seconds} s; wait until it is done and run the command again"
    )]
    Busy { path: PathBuf, seconds: u64 },
    /// A record in it is not in its form.
    #[error("{path}: the record of report {report} cannot be read ({reason}); read it again with `annalist reread`")]
    Record { path: PathBuf, report: String, reason: String },
    /// No item has that id.
    #[error("nothing in {path} has the id {id}; `annalist search` finds ids by words")]
    Unknown { path: PathBuf, id: String },
    /// Several items have ids that begin so.
    #[error("{count} things in {path} have ids that begin with {id}; give more of it")]
    Ambiguous { path: PathBuf, id: String, count: usize },
    /// A mark that cannot be made.
    #[error("{id} cannot be marked so: {reason}")]
    Mark { id: String, reason: String },
    /// Words to search for that are none.
    #[error("\"{words}\" holds no words to search for; give at least one")]
    NoWords { words: String },
    /// What is written out cannot be written.
    #[error("the output cannot be written ({0}); check the path, its permissions and the room on its disk")]
    Output(#[from] std::io::Error),
    /// A fault that is none of these.
    #[error("{path}: {source}; please report this with the command")]
    Other { path: PathBuf, source: rusqlite::Error },
}

/// How long a writer waits for another, in seconds.
pub(crate) const PATIENCE: u64 = 30;

impl LedgerError {
    /// The fault that an error of the database means.
    pub(crate) fn of(path: &Path, source: rusqlite::Error) -> LedgerError {
        let path = path.to_path_buf();
        let code = source.sqlite_error_code();
        let reason = source.to_string();
        match code {
            Some(ErrorCode::DatabaseCorrupt) => LedgerError::Corrupt { path, reason },
            Some(ErrorCode::NotADatabase) => LedgerError::Foreign { path, what: "no database" },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => LedgerError::ReadOnly { path },
            Some(ErrorCode::DiskFull) => LedgerError::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy { path, seconds: PATIENCE },
            Some(ErrorCode::SystemIoFailure) => LedgerError::Disk { path, reason },
            Some(ErrorCode::CannotOpen) => LedgerError::Unopenable { path, reason },
            _ => LedgerError::Other { path, source },
        }
    }
}
