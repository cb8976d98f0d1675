//! In whose voice a report speaks.
//!
//! News tells what others did and said. Comment, letters to the editor and memoirs speak for their writer (`knowledge/data/en/voice.toml`
//! has by what that is told). What they alone tell is no news of the day on which they were printed.

use std::collections::BTreeMap;

use annalist_knowledge::Knowledge;

use crate::error::LedgerError;
use crate::filter::text;
use crate::store::Ledger;

/// A report that is so likely to speak for its writer is taken to.
const OWN: f64 = 0.3;

/// Whether a text speaks for its writer.
fn own_voice(text: &str, knowledge: &Knowledge) -> bool {
    let voice = knowledge.voice();
    voice.likelihood(&voice.measure(text, knowledge.sources().is_noted(text))) >= OWN
}

/// The reports whose voice is known so far.
pub(crate) struct Voices<'l> {
    ledger: &'l Ledger,
    own: BTreeMap<i64, bool>,
}

impl<'l> Voices<'l> {
    pub(crate) fn new(ledger: &'l Ledger) -> Voices<'l> {
        Voices { ledger, own: BTreeMap::new() }
    }

    /// Whether a report, by its key, speaks for its writer.
    pub(crate) fn own(&mut self, report: i64) -> Result<bool, LedgerError> {
        if let Some(own) = self.own.get(&report) {
            return Ok(*own);
        }
        let query = "SELECT text FROM page WHERE report = ?1";
        let found: Vec<String> = self.ledger.rows(query, vec![report.into()], |row| row.get(0))?;
        let own = found.first().is_some_and(|text| own_voice(text, self.ledger.knowledge));
        self.own.insert(report, own);
        Ok(own)
    }

    /// Whether the report of an item ("report/item") speaks for its writer.
    pub(crate) fn own_of(&mut self, item: &str) -> Result<bool, LedgerError> {
        let report = item.split('/').next().unwrap_or(item);
        let query = "SELECT print_of FROM report WHERE id = ?1 AND current";
        match self.ledger.rows(query, vec![text(report)], |row| row.get(0))?.first() {
            Some(key) => self.own(*key),
            None => Ok(false),
        }
    }

    /// Of items in their order the first, as many as there is room for, whose reports do not.
    pub(crate) fn without_own<T>(
        &mut self,
        items: Vec<T>,
        id: impl Fn(&T) -> &str,
        room: usize,
    ) -> Result<Vec<T>, LedgerError> {
        let mut others = Vec::new();
        for item in items {
            if others.len() == room {
                break;
            }
            if !self.own_of(id(&item))? {
                others.push(item);
            }
        }
        Ok(others)
    }
}
