//! `annalist watch`: feeds and folders into the ledger, as they change.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use annalist_fetch::{Feed, FetchError, Fetched, Fetcher, Page, Validators, Watched, back_off, chance, joined};
use annalist_ledger::{Added, FeedState, Ledger, LedgerError, LookedAt, Tally};
use annalist_pipeline::{Options, Raw, ReadError, Reader, Taken, documents, error_record, files, in_order};
use annalist_record::ErrorRecord;
use anyhow::{Context, Result};
use jiff::Timestamp;

use super::add::{now, summary};
use super::asking::Where;
use super::inputs::{Intake, Threads, unfetched};

/// So many feeds are asked at a time.
const AT_A_TIME: usize = 8;
/// A page that cannot be had for now is tried so often; then what the feed says of it is the report.
const TRIES: u32 = 5;

/// What to watch.
#[derive(clap::Args)]
pub struct Arguments {
    /// The TOML file that says what is watched.
    #[arg(value_name = "FEEDS.TOML")]
    watched: PathBuf,
    /// Look once, and end.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    ledger: Where,
    #[command(flatten)]
    intake: Intake,
    #[command(flatten)]
    threads: Threads,
}

/// What whoever asks hosts and looks into folders sends to who writes.
enum Found {
    /// A document, and the name by which it is remembered once it is in the ledger.
    Document(Box<Raw>, Option<(String, LookedAt)>),
    /// An input that gives no report.
    Failed(ErrorRecord),
    /// Something to remember of a page or file.
    LookedAt(String, LookedAt),
    /// What to remember of a feed, after all that it led to.
    Feed(String, FeedState),
}

/// The same, read.
enum Done {
    Taken(Taken, Option<(String, LookedAt)>),
    Found(Found),
}

/// Watches.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let name = arguments.watched.display().to_string();
    let text = std::fs::read_to_string(&arguments.watched)
        .with_context(|| format!("{name}: cannot be read; check the path"))?;
    let watched: Watched = text.parse().with_context(|| name.clone())?;
    let path = arguments.ledger.path();
    let mut ledger = Ledger::create(&path)?;
    let known = Mutex::new(Ledger::open(&path)?);
    let (reader, fetcher) = (Reader::new()?, Fetcher::new(watched.manners.clone()));
    let options = arguments.intake.options();
    loop {
        let mut due = Vec::new();
        for feed in &watched.feeds {
            let state = ledger.feed(&feed.url)?;
            // Whoever looks only once decides when; a host that failed is spared all the same.
            let spared = if arguments.once { state.failures > 0 } else { true };
            if !(spared && state.next.as_deref().is_some_and(|next| next > now().as_str())) {
                due.push((feed, state));
            }
        }
        let look = Look { watched: &watched, fetcher: &fetcher, known: &known, options: &options };
        let (tally, failures) = round(&look, due, &reader, &mut ledger, arguments.threads.number())?;
        if arguments.once || tally != Tally::default() || failures > 0 {
            let unread = if failures > 0 { format!(", {failures} feeds without answer") } else { String::new() };
            println!("{}: {}{unread}", now(), summary(&tally));
        }
        if arguments.once {
            return Ok(if tally.failed > 0 || failures > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS });
        }
        let mut wait = watched.every;
        for feed in &watched.feeds {
            let next = ledger.feed(&feed.url)?.next.and_then(|next| next.parse::<Timestamp>().ok());
            let left = next.map_or(0, |next| next.as_second().saturating_sub(Timestamp::now().as_second()));
            wait = wait.min(Duration::from_secs(left.max(1).unsigned_abs()));
        }
        std::thread::sleep(wait.max(Duration::from_secs(1)));
    }
}

/// Looks at everything that is due, and adds what is new. Returns what was added, and how many feeds gave no answer.
fn round(
    look: &Look,
    due: Vec<(&Feed, FeedState)>,
    reader: &Reader,
    ledger: &mut Ledger,
    threads: usize,
) -> Result<(Tally, usize)> {
    let (mut tally, mut failures, mut outcome) = (Tally::default(), 0, Ok(()));
    let queue = Mutex::new(due.into_iter());
    std::thread::scope(|scope| {
        let (send, found) = channel();
        for _ in 0..AT_A_TIME {
            let (send, queue) = (send.clone(), &queue);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((feed, state)) = next else { return };
                    look.poll(feed, state, &send);
                }
            });
        }
        scope.spawn(move || look.folders(&send));
        let work = |found: Found, _: &()| match found {
            Found::Document(raw, remember) => Done::Taken(
                reader.read_document(*raw, look.options, |report| look.is_new(&report.id, &report.content_id)),
                remember,
            ),
            other => Done::Found(other),
        };
        in_order(found.into_iter(), &vec![(); threads], work, |done| {
            outcome = write(done, ledger, &mut tally, &mut failures);
            outcome.is_ok()
        });
    });
    outcome?;
    Ok((tally, failures))
}

fn write(done: Done, ledger: &mut Ledger, tally: &mut Tally, failures: &mut usize) -> Result<(), LedgerError> {
    let failed = |ledger: &mut Ledger, tally: &mut Tally, error: &ErrorRecord| {
        tally.failed += 1;
        eprintln!("annalist: {}", error.error.message);
        ledger.fail(error, &now())
    };
    match done {
        Done::Taken(taken, remember) => {
            match taken {
                Taken::Read { input, record, kept } => {
                    tally.count(&ledger.add(&record, &input, Some(&kept), &now())?)
                }
                Taken::Unwanted => tally.count(&Added::Already),
                Taken::Failed(error) => failed(ledger, tally, &error)?,
            }
            // Only now: a kill before this makes it be looked at again, and nothing be lost.
            remember.map_or(Ok(()), |(name, look)| ledger.set_looked_at(&name, &look))
        }
        Done::Found(Found::Failed(error)) => failed(ledger, tally, &error),
        Done::Found(Found::LookedAt(name, look)) => ledger.set_looked_at(&name, &look),
        Done::Found(Found::Feed(url, state)) => {
            if let Some(told) = state.told.as_ref().filter(|_| state.failures > 0) {
                *failures += 1;
                eprintln!("annalist: {told}");
            }
            ledger.set_feed(&url, &state)
        }
        Done::Found(Found::Document(..)) => Ok(()),
    }
}

/// What looking needs.
struct Look<'l> {
    watched: &'l Watched,
    fetcher: &'l Fetcher,
    known: &'l Mutex<Ledger>,
    options: &'l Options,
}

impl Look<'_> {
    fn is_new(&self, id: &str, content_id: &str) -> bool {
        // Should it not be told, the writer tells it.
        !self.known.lock().unwrap_or_else(PoisonError::into_inner).holds(id, content_id).unwrap_or(false)
    }

    fn looked_at(&self, name: &str) -> Option<LookedAt> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).looked_at(name).ok().flatten()
    }

    /// Asks a feed, and fetches what it names. Nobody listens any more only when the ledger cannot be written.
    fn poll(&self, feed: &Feed, mut state: FeedState, send: &Sender<Found>) {
        state.asked = Some(now());
        let known = Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone() };
        match self.fetcher.get(&feed.url, Some(&known)) {
            Ok(fetched) => {
                (state.failures, state.told) = (0, None);
                if let Fetched::Page(page) = fetched {
                    let validators = page.validators.clone();
                    // What could not be had yet is to be named again.
                    let whole = self.items(feed, page, send);
                    let validators = if whole { validators } else { Validators::default() };
                    (state.etag, state.last_modified) = (validators.etag, validators.last_modified);
                }
                state.next = Some(later(back_off(feed.every, 0, chance())));
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                let wait = back_off(feed.every, state.failures, chance());
                state.next = Some(later(wait.max(error.wait().unwrap_or_default())));
                state.told = Some(error.to_string());
            }
        }
        let _ = send.send(Found::Feed(feed.url.clone(), state));
    }

    /// The reports that a feed names. Returns whether all could be had.
    fn items(&self, feed: &Feed, page: Page, send: &Sender<Found>) -> bool {
        let mut whole = true;
        let base = page.url.clone();
        for document in documents(&base, page.charset.as_deref(), page.body, Some(&now()), self.options) {
            let mut raw = match document {
                Ok(raw) => raw,
                Err(error) => {
                    let error = error_record(&feed.url, &ReadError::Intake(error));
                    let _ = send.send(Found::Failed(error));
                    continue;
                }
            };
            raw.known.outlet = raw.known.outlet.or_else(|| feed.outlet.clone());
            let link = raw.known.url.as_deref().and_then(|url| joined(&base, url));
            raw.known.url = link.clone().or(raw.known.url);
            match link.filter(|link| feed.pages && *link != base) {
                Some(link) => whole &= self.article(&link, raw, send),
                None => _ = send.send(Found::Document(Box::new(raw), None)),
            }
        }
        whole
    }

    /// The page of an item of a feed. Returns false if it is to be tried again.
    fn article(&self, link: &str, item: Raw, send: &Sender<Found>) -> bool {
        let before = self.looked_at(link);
        let moment = now();
        match &before {
            Some(LookedAt { next: None, .. }) => return true,
            Some(LookedAt { next: Some(next), .. }) if *next > moment => return false,
            _ => {}
        }
        let tries = before.map_or(0, |look| look.tries) + 1;
        let look = |state: &str, next: Option<String>| LookedAt { state: state.to_string(), tries, next };
        match self.fetcher.get(link, None) {
            Ok(Fetched::Page(page)) => {
                let mut documents =
                    documents(&page.url, page.charset.as_deref(), page.body, Some(&moment), self.options);
                match documents.pop().filter(|_| documents.is_empty()) {
                    Some(Ok(mut raw)) => {
                        // What the page does not say itself, the feed may know.
                        let (own, fed) = (&mut raw.known, item.known);
                        own.url = Some(link.to_string());
                        own.title = own.title.take().or(fed.title);
                        own.outlet = own.outlet.take().or(fed.outlet);
                        own.published = own.published.take().or(fed.published);
                        own.section = own.section.take().or(fed.section);
                        own.language = own.language.take().or(fed.language);
                        if own.authors.is_empty() {
                            own.authors = fed.authors;
                        }
                        let _ = send.send(Found::Document(Box::new(raw), Some((link.to_string(), look("read", None)))));
                    }
                    Some(Err(error)) => {
                        let _ = send.send(Found::Failed(error_record(link, &ReadError::Intake(error))));
                        let _ = send.send(Found::LookedAt(link.to_string(), look("refused", None)));
                    }
                    None => self.instead(link, item, "holds several documents", look("refused", None), send),
                }
                true
            }
            Ok(Fetched::Unchanged) => true,
            Err(error) if error.passes() && tries < TRIES => {
                let wait = back_off(self.watched.every, tries, chance()).max(error.wait().unwrap_or_default());
                let _ = send.send(Found::Failed(unfetched(&error, link)));
                let _ = send.send(Found::LookedAt(link.to_string(), look("failed", Some(later(wait)))));
                false
            }
            Err(error) => {
                self.instead(link, item, &reason(&error), look("refused", None), send);
                true
            }
        }
    }

    /// What a feed says of a page that cannot be had.
    fn instead(&self, link: &str, mut item: Raw, why: &str, look: LookedAt, send: &Sender<Found>) {
        item.warnings.push(format!("the page could not be had ({why}); this is what the feed says of it"));
        let _ = send.send(Found::Document(Box::new(item), Some((link.to_string(), look))));
    }

    /// Files in folders that are new or have changed.
    fn folders(&self, send: &Sender<Found>) {
        for folder in &self.watched.folders {
            let found = match files(&folder.path) {
                Ok(found) => found,
                Err(error) => {
                    let name = folder.path.display().to_string();
                    let _ = send.send(Found::Failed(error_record(&name, &ReadError::Intake(error))));
                    continue;
                }
            };
            for path in found {
                let name = path.display().to_string();
                let Ok(about) = std::fs::metadata(&path) else { continue };
                let time = about.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
                let state = format!("{}:{}", about.len(), time.unwrap_or_default().as_nanos());
                if self.looked_at(&name).is_some_and(|look| look.state == state) {
                    continue;
                }
                self.file(path, LookedAt { state, tries: 1, next: None }, send);
            }
        }
    }

    fn file(&self, path: PathBuf, look: LookedAt, send: &Sender<Found>) {
        let name = path.display().to_string();
        for document in annalist_pipeline::open_file(&path, self.options) {
            let _ = match document {
                Ok(raw) => send.send(Found::Document(Box::new(raw), None)),
                Err(error) => send.send(Found::Failed(error_record(&name, &ReadError::Intake(error)))),
            };
        }
        // After its documents, in the order in which they are written.
        let _ = send.send(Found::LookedAt(name, look));
    }
}

fn later(wait: Duration) -> String {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_second(Timestamp::now().as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX);
    format!("{at:.0}")
}

/// Why a page could not be had, without its address.
fn reason(error: &FetchError) -> String {
    let told = error.to_string();
    told.split_once(": ").map_or(told.clone(), |(_, why)| why.to_string())
}
