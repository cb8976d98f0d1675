//! Pages and feeds over HTTP, politely and safely.
//!
//! Polite: one request at a time to a host and a pause between two, `robots.txt` is obeyed, what has not changed is not sent again
//! ([`Validators`]), and the program says who it is. Safe: addresses that are not public are refused unless they are allowed, also
//! behind names and redirects; every request ends in bounded time and size.
//!
//! ```no_run
//! use annalist_fetch::{Fetched, Fetcher, Manners};
//!
//! let fetcher = Fetcher::new(Manners::default());
//! if let Fetched::Page(page) = fetcher.get("https://press.example/rss", None)? {
//!     println!("{} bytes of {}", page.body.len(), page.url);
//! }
//! # Ok::<(), annalist_fetch::FetchError>(())
//! ```
#![forbid(unsafe_code)]

mod address;
mod fetcher;
mod links;
mod robots;
mod watched;

use std::time::Duration;

pub use address::is_public;
pub use fetcher::Fetcher;
pub use links::joined;
pub use robots::Robots;
pub use watched::{Feed, Folder, Watched, WatchedError};

/// How to ask.
#[derive(Debug, Clone, PartialEq)]
pub struct Manners {
    /// What the program calls itself. Its part before the first `/` is the name that `robots.txt` knows it by.
    pub user_agent: String,
    /// A request with its answer must be over by then.
    pub timeout: Duration,
    /// At least so much time lies between two requests to one host; more if its `robots.txt` asks for it.
    pub pause: Duration,
    /// Answers larger than this are refused, in bytes.
    pub largest: usize,
    /// So many redirects are followed.
    pub redirects: usize,
    /// Whether addresses that are not public are asked too.
    pub private: bool,
    /// Whether `robots.txt` is obeyed.
    pub robots: bool,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            user_agent: concat!("annalist/", env!("CARGO_PKG_VERSION")).to_string(),
            timeout: Duration::from_secs(30),
            pause: Duration::from_secs(2),
            largest: 4 << 20,
            redirects: 5,
            private: false,
            robots: true,
        }
    }
}

/// What an earlier answer said, by which the host can tell whether it has changed since.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it stood, after redirects.
    pub url: String,
    /// Its media type, in small letters and without parameters; empty if none is told.
    pub media_type: String,
    /// The charset that is told beside the media type.
    pub charset: Option<String>,
    /// Its bytes.
    pub body: Vec<u8>,
    /// What it says by which to ask for changes.
    pub validators: Validators,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// An answer.
    Page(Page),
    /// It has not changed.
    Unchanged,
}

/// Why there is no answer. Every message names the address and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)]
pub enum FetchError {
    #[error("{url}: is no address that can be fetched; it must begin with http:// or https://")]
    NoUrl { url: String },
    #[error("{url}: is at {address}, which is not a public address; allow such addresses if it is yours")]
    NotPublic { url: String, address: String },
    #[error(
        "{url}: its host does not want programs to fetch it (robots.txt); ask its owner, or save the page yourself"
    )]
    Robots { url: String },
    #[error("{url}: its host's robots.txt could not be read ({reason}), so that nothing was fetched; try again later")]
    NoRobots { url: String, reason: String },
    #[error("{url}: did not answer in whole within {seconds} s; try again later")]
    TimedOut { url: String, seconds: u64 },
    #[error("{url}: is larger than {limit} bytes; raise the limit if you want it")]
    TooLarge { url: String, limit: usize },
    #[error("{url}: leads from redirect to redirect; look at it in a browser and take the address it ends at")]
    Redirects { url: String },
    #[error("{url}: the host answered with status {status}; {}", remedy(*status))]
    Status { url: String, status: u16, wait: Option<Duration> },
    #[error("{url}: is {media_type}, not text; leave it out")]
    NoText { url: String, media_type: String },
    #[error("{url}: cannot be reached ({reason}); check the address and the connection")]
    Unreachable { url: String, reason: String },
}

fn remedy(status: u16) -> &'static str {
    match status {
        404 | 410 => "it is no longer there: check the address",
        401 | 402 | 403 | 451 => "it may not be read without leave",
        429 | 503 => "it wants fewer requests: try again later",
        _ => "try again later",
    }
}

impl FetchError {
    /// Whether it may be otherwise later.
    pub fn passes(&self) -> bool {
        match self {
            FetchError::TimedOut { .. } | FetchError::Unreachable { .. } | FetchError::NoRobots { .. } => true,
            FetchError::Status { status, .. } => {
                !matches!(status, 400..=428 | 430..=499) || matches!(status, 408 | 425)
            }
            _ => false,
        }
    }

    /// How long the host asked to wait.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            FetchError::Status { wait, .. } => *wait,
            _ => None,
        }
    }
}

/// When to ask again after so many failures in a row: twice as long each time, up to a day, and up to a fifth sooner or later, so that
/// many who failed together do not come back together. `chance` is in 0..1.
pub fn back_off(every: Duration, failures: u32, chance: f64) -> Duration {
    const LONGEST: Duration = Duration::from_secs(86_400);
    let whole = every.saturating_mul(1 << failures.min(16)).min(LONGEST.max(every));
    whole.mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0))
}

/// A number in 0..1 that nobody foresees; not for secrets.
pub fn chance() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    (RandomState::new().hash_one(0u8) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_make_it_wait_longer_up_to_a_day() {
        let every = Duration::from_secs(600);
        assert_eq!(back_off(every, 0, 0.5), every);
        assert_eq!(back_off(every, 2, 0.5), every * 4);
        assert_eq!(back_off(every, 2, 0.0), (every * 4).mul_f64(0.8));
        assert_eq!(back_off(every, 60, 0.5), Duration::from_secs(86_400));
        let drawn: Vec<f64> = (0..64).map(|_| chance()).collect();
        assert!(drawn.iter().all(|c| (0.0..1.0).contains(c)) && drawn.iter().any(|c| *c != drawn[0]));
    }
}
