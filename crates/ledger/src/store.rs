//! The file: made, opened, brought up to date.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use annalist_knowledge::{Knowledge, kilometres};
use rusqlite::config::DbConfig;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::error::{LedgerError, PATIENCE};
use crate::filter::Found;
use crate::link::Remembered;
use crate::{deeds, items, numbers, voice};

/// What a ledger's `PRAGMA application_id` holds: "Anna" in ASCII.
const APPLICATION: i64 = 0x416e_6e61;

/// At most so much of the file is mapped into memory, in bytes.
const MAPPED: u64 = 4 << 30;

/// So many pages the log holds before they are written into the file.
const LOGGED: &str = "8192";

/// The forms of the file, in order: what leads from each to the next. Never changed, only added to.
const MIGRATIONS: [&str; 12] = [
    include_str!("schema.sql"),
    include_str!("marks.sql"),
    include_str!("watching.sql"),
    include_str!("sums.sql"),
    include_str!("across.sql"),
    include_str!("quick.sql"),
    include_str!("asked.sql"),
    include_str!("grown.sql"),
    include_str!("wide.sql"),
    include_str!("told.sql"),
    include_str!("dated.sql"),
    include_str!("voiced.sql"),
];

/// An open ledger.
///
/// ```
/// use annalist_ledger::Ledger;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("annals.db");
/// assert!(Ledger::open(&path).is_err());
/// let ledger = Ledger::create(&path)?;
/// assert_eq!(ledger.reports()?, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Ledger {
    /// Another reader, kept for the next question that two threads answer. It is closed before `connection`: a writer that is the last to
    /// close puts what its log holds into the file.
    pub(crate) spare: RefCell<Option<Box<Ledger>>>,
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) knowledge: &'static Knowledge,
    /// Whether it is seen as it was, in which case sums over everything do not hold.
    pub(crate) past: bool,
    /// The moment of which it is shown, UTC in ISO 8601, if not now.
    pub(crate) moment: Option<String>,
    /// Which keys answer to what, while one question is put together from several.
    pub(crate) found: Found,
    /// What adding a report leaves for the next.
    pub(crate) remembered: Remembered,
}

impl Ledger {
    /// Opens a ledger for writing, and makes it if there is none. Only one process may write at a time; others wait.
    ///
    /// # Errors
    /// A file that is no ledger, damaged, of a newer form, not to be written, or being written by another program for long.
    pub fn create(path: &Path) -> Result<Ledger, LedgerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut ledger = Ledger::with(path, path, flags)?;
        if ledger.connection.is_readonly("main").map_err(|e| ledger.fault(e))? {
            return Err(LedgerError::ReadOnly { path: path.to_path_buf() });
        }
        ledger.bring_up_to_date()?;
        Ok(ledger)
    }

    /// Opens a ledger for reading. Any number of readers may, also while another writes; each sees whole reports only.
    ///
    /// # Errors
    /// A file that is not there, no ledger, damaged, or of another form.
    pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::Missing { path: path.to_path_buf() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Ledger::with(path, path, flags).and_then(|ledger| ledger.check_form().map(|form| (ledger, form)));
        let (ledger, form) = match opened {
            // In a folder that may not be written, readers cannot agree with a writer; there is none, if it left no log.
            Err(LedgerError::Unopenable { .. } | LedgerError::ReadOnly { .. }) if !log(path).exists() => {
                let ledger = Ledger::with(path, &immutable(path), flags | OpenFlags::SQLITE_OPEN_URI)?;
                let form = ledger.check_form()?;
                (ledger, form)
            }
            opened => opened?,
        };
        if form < MIGRATIONS.len() as i64 {
            // An older form, or a file that its maker had not filled yet.
            drop(ledger);
            drop(Ledger::create(path)?);
            return Ledger::with(path, path, flags);
        }
        Ok(ledger)
    }

    /// Another reader of the same ledger, for a thread of its own, to be given back to `spare`; `None` where it would show another moment
    /// than this one is set to. What is committed meanwhile it may see before this one does.
    pub(crate) fn beside(&self) -> Option<Box<Ledger>> {
        let path = self.connection.path().filter(|path| !self.past && !path.is_empty())?;
        self.spare.take().or_else(|| Ledger::open(Path::new(path)).ok().map(Box::new))
    }

    fn with(path: &Path, name: &Path, flags: OpenFlags) -> Result<Ledger, LedgerError> {
        let fault = |source| LedgerError::of(path, source);
        let connection = Connection::open_with_flags(name, flags).map_err(fault)?;
        connection.busy_timeout(Duration::from_secs(PATIENCE)).map_err(fault)?;
        connection.set_prepared_statement_cache_capacity(128);
        // Otherwise a statement that is limited to a number given with it is planned anew each time it is run.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
        connection.pragma_update(None, "cache_size", -65_536).map_err(fault)?;
        // To look up what each row refers to, and to be able to undo each row of a report alone, takes as long as to write it. A report is
        // written whole or not at all, and `Ledger::check` looks for what refers to nothing.
        connection.pragma_update(None, "foreign_keys", false).map_err(fault)?;
        // Pages that the system holds are looked at where they lie: of a big file, most that a report touches are no longer in the cache.
        set(&connection, "mmap_size", &MAPPED.to_string()).map_err(fault)?;
        let deterministic = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        let distance = |context: &mut Context| {
            let at = |i| context.get::<Option<f64>>(i);
            let (a, b) = (at(0)?.zip(at(1)?), at(2)?.zip(at(3)?));
            Ok(a.zip(b).map(|(a, b)| kilometres(a, b)))
        };
        connection.create_scalar_function("kilometres", 4, deterministic, distance).map_err(fault)?;
        let knowledge = Knowledge::english();
        // A sentence that tells what several did is asked for once for each of them.
        let last = Mutex::new((String::new(), deeds::numbered("", knowledge)));
        let words = move |context: &mut Context| {
            let sentence = context.get_raw(0).as_str()?;
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.0 != sentence {
                *last = (sentence.to_string(), deeds::numbered(sentence, knowledge));
            }
            Ok(last.1.clone())
        };
        connection.create_scalar_function("content_words", 1, deterministic, words).map_err(fault)?;
        let own = move |context: &mut Context| {
            Ok(voice::likelihood(context.get::<Option<String>>(0)?.as_deref().unwrap_or_default(), knowledge))
        };
        connection.create_scalar_function("own_voice", 1, deterministic, own).map_err(fault)?;
        let token = |context: &mut Context| Ok(items::token(context.get_raw(0).as_str()?));
        connection.create_scalar_function("item_token", 1, deterministic, token).map_err(fault)?;
        let list = |context: &mut Context| Ok(numbers::list(context.get_raw(0).as_blob()?));
        connection.create_scalar_function("number_list", 1, deterministic, list).map_err(fault)?;
        let pairs = |context: &mut Context| Ok(numbers::list_of_pairs(context.get_raw(0).as_blob()?));
        connection.create_scalar_function("pair_list", 1, deterministic, pairs).map_err(fault)?;
        let kept = |context: &mut Context| Ok(numbers::of_list(&context.get::<Option<String>>(0)?.unwrap_or_default()));
        connection.create_scalar_function("number_blob", 1, deterministic, kept).map_err(fault)?;
        let given =
            |context: &Context| (1..context.len()).map(|at| context.get::<u32>(at)).collect::<Result<Vec<_>, _>>();
        let with = move |context: &mut Context| Ok(numbers::with(context.get_raw(0).as_blob()?, &given(context)?));
        connection.create_scalar_function("with_numbers", -1, deterministic, with).map_err(fault)?;
        let without =
            move |context: &mut Context| Ok(numbers::without(context.get_raw(0).as_blob()?, &given(context)?));
        connection.create_scalar_function("without_numbers", -1, deterministic, without).map_err(fault)?;
        let one_matter = |context: &mut Context| {
            let shared = context.get::<Option<i64>>(2)?.and_then(|shared| usize::try_from(shared).ok());
            Ok(deeds::one_matter(context.get_raw(0).as_blob()?, context.get_raw(1).as_blob()?, shared))
        };
        connection.create_scalar_function("one_matter", 3, deterministic, one_matter).map_err(fault)?;
        let most =
            |context: &mut Context| Ok(deeds::most_words(context.get_raw(0).as_blob()?, context.get_raw(1).as_blob()?));
        connection.create_scalar_function("most_words", 2, deterministic, most).map_err(fault)?;
        Ok(Ledger {
            connection,
            path: path.to_path_buf(),
            knowledge,
            past: false,
            moment: None,
            found: Found::default(),
            remembered: Remembered::default(),
            spare: RefCell::default(),
        })
    }

    /// The form of the file; 0 for an empty one.
    fn check_form(&self) -> Result<i64, LedgerError> {
        let number = |pragma: &str| {
            self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(|e| self.fault(e))
        };
        let (application, form, pages) = (number("application_id")?, number("user_version")?, number("page_count")?);
        let path = self.path.clone();
        let known = MIGRATIONS.len() as i64;
        match application {
            APPLICATION if form > known => Err(LedgerError::Newer { path, form, known }),
            APPLICATION => Ok(form),
            // Nobody has filled it yet, though its log may have been switched on.
            0 if form == 0 && (pages == 0 || self.is_bare()?) => Ok(0),
            _ => Err(LedgerError::Foreign { path, what: "another program's database" }),
        }
    }

    fn is_bare(&self) -> Result<bool, LedgerError> {
        let any = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
        self.connection.query_row(any, [], |row| row.get(0)).map_err(|e| self.fault(e))
    }

    fn bring_up_to_date(&mut self) -> Result<(), LedgerError> {
        let path = self.path.clone();
        let fault = |source| LedgerError::of(&path, source);
        let mut form = self.check_form()?;
        // Readers go on while the writer writes, and a commit survives a power cut.
        patiently(|| set(&self.connection, "journal_mode", "wal")).map_err(fault)?;
        set(&self.connection, "synchronous", "full").map_err(fault)?;
        // Pages that many reports touch are written into the file once for all of these.
        set(&self.connection, "wal_autocheckpoint", LOGGED).map_err(fault)?;
        while form < MIGRATIONS.len() as i64 {
            // All of a step or nothing of it; another process may have taken it meanwhile.
            let transaction =
                self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault)?;
            let now: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fault)?;
            if now == form
                && let Some(step) = usize::try_from(form).ok().and_then(|form| MIGRATIONS.get(form))
            {
                transaction.execute_batch(step).map_err(fault)?;
                transaction.pragma_update(None, "application_id", APPLICATION).map_err(fault)?;
                transaction.pragma_update(None, "user_version", form + 1).map_err(fault)?;
            }
            transaction.commit().map_err(fault)?;
            form = self.check_form()?;
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many reports it holds, counting each once whatever versions it has.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn reports(&self) -> Result<u64, LedgerError> {
        let count = "SELECT count(*) FROM report WHERE current";
        self.connection.query_row(count, [], |row| row.get(0)).map_err(|e| self.fault(e))
    }

    /// Checks the whole file: its pages, its rows' references, and that the indexes of words are those of the words.
    ///
    /// # Errors
    /// What is wrong with it, as [`LedgerError::Corrupt`].
    pub fn check(&self) -> Result<(), LedgerError> {
        let corrupt = |reason: String| LedgerError::Corrupt { path: self.path.clone(), reason };
        let said: String =
            self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(|e| self.fault(e))?;
        if said != "ok" {
            return Err(corrupt(said));
        }
        let mut dangling = self.connection.prepare("PRAGMA foreign_key_check").map_err(|e| self.fault(e))?;
        if dangling.exists([]).map_err(|e| self.fault(e))? {
            return Err(corrupt("a row refers to one that is not there".to_string()));
        }
        self.check_sums()
    }

    /// The table of reports, for queries that ask of a report that is current what `report_told` holds of it.
    pub(crate) fn reports_told(&self) -> &'static str {
        match self.past {
            // What was current once, a view tells.
            true => "report",
            false => "report INDEXED BY report_told",
        }
    }

    pub(crate) fn fault(&self, source: rusqlite::Error) -> LedgerError {
        LedgerError::of(&self.path, source)
    }
}

/// The log beside a ledger, in which what was written last stands.
fn log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push("-wal");
    PathBuf::from(name)
}

/// The file's name as one that nobody writes.
fn immutable(path: &Path) -> PathBuf {
    let escape = |c: char| match c {
        '%' | '?' | '#' => format!("%{:02x}", u32::from(c)),
        _ => c.to_string(),
    };
    let name: String = path.to_string_lossy().chars().map(escape).collect();
    PathBuf::from(format!("file:{name}?immutable=1"))
}

/// Does what does not wait by itself for another that writes: who has read a file to see whether its log is to be switched on is refused at once
/// when another is just switching it on, lest both wait for each other.
fn patiently<T>(mut step: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let until = Instant::now() + Duration::from_secs(PATIENCE);
    loop {
        match step() {
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// Sets what a connection is set to; some answer with what it is then, others with nothing.
fn set(connection: &Connection, pragma: &str, value: &str) -> rusqlite::Result<()> {
    connection.query_row(&format!("PRAGMA {pragma} = {value}"), [], |_| Ok(())).or_else(|e| match e {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    })
}
