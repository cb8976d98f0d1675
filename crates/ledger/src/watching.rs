//! What the ledger remembers of feeds, pages and files that are watched.

use rusqlite::{OptionalExtension, params};

use crate::error::LedgerError;
use crate::store::Ledger;

/// What is remembered of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedState {
    /// The `ETag` of its last answer.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// When it was asked last: UTC, ISO 8601, as all moments here.
    pub asked: Option<String>,
    /// When it may be asked again.
    pub next: Option<String>,
    /// How often in a row there was no answer.
    pub failures: u32,
    /// Why there was none last.
    pub told: Option<String>,
}

/// What is remembered of a page or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// Of a file, its size and time; of a page, what came of it.
    pub state: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it may be tried again; `None` for never.
    pub next: Option<String>,
}

impl Ledger {
    /// What is remembered of a feed; nothing of one that is new.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn feed(&self, url: &str) -> Result<FeedState, LedgerError> {
        let query = "SELECT etag, last_modified, asked, next, failures, told FROM feed WHERE url = ?1";
        let found = self.connection.query_row(query, [url], |row| {
            Ok(FeedState {
                etag: row.get(0)?,
                last_modified: row.get(1)?,
                asked: row.get(2)?,
                next: row.get(3)?,
                failures: row.get(4)?,
                told: row.get(5)?,
            })
        });
        Ok(found.optional().map_err(|e| self.fault(e))?.unwrap_or_default())
    }

    /// Remembers a feed so.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn set_feed(&mut self, url: &str, state: &FeedState) -> Result<(), LedgerError> {
        self.change(
            "INSERT OR REPLACE INTO feed (url, etag, last_modified, asked, next, failures, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![url, state.etag, state.last_modified, state.asked, state.next, state.failures, state.told],
        )
    }

    /// What is remembered of a page or file.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn looked_at(&self, name: &str) -> Result<Option<LookedAt>, LedgerError> {
        let query = "SELECT state, tries, next FROM looked_at WHERE name = ?1";
        let found = self
            .connection
            .query_row(query, [name], |row| Ok(LookedAt { state: row.get(0)?, tries: row.get(1)?, next: row.get(2)? }));
        found.optional().map_err(|e| self.fault(e))
    }

    /// Remembers a page or file so.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub fn set_looked_at(&mut self, name: &str, look: &LookedAt) -> Result<(), LedgerError> {
        self.change(
            "INSERT OR REPLACE INTO looked_at (name, state, tries, next) VALUES (?1, ?2, ?3, ?4)",
            params![name, look.state, look.tries, look.next],
        )
    }
}
