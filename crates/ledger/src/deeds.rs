//! What actors are told to have done, by the words in which it is told: `deed` in `quick.sql`.

use std::cmp::Ordering;

use annalist_identity::content_numbers;
use annalist_knowledge::Knowledge;
use rusqlite::params;

use crate::error::LedgerError;
use crate::follow::{FEWEST, ONE_MATTER};
use crate::store::Ledger;

/// So many deeds are looked at, the first after the day.
const MOST: usize = 2000;

/// The content words of a sentence, as `deed` keeps them: their numbers in order, four bytes each.
pub(crate) fn numbered(sentence: &str, knowledge: &Knowledge) -> Vec<u8> {
    content_numbers(sentence, knowledge).into_iter().flat_map(u32::to_le_bytes).collect()
}

/// How many words are in both.
fn shared(own: &[u32], kept: &[[u8; 4]]) -> usize {
    let (mut own, mut kept, mut both) = (own.iter().peekable(), kept.iter().peekable(), 0);
    while let (Some(a), Some(b)) = (own.peek(), kept.peek().map(|b| u32::from_le_bytes(**b))) {
        match (**a).cmp(&b) {
            Ordering::Less => drop(own.next()),
            Ordering::Greater => drop(kept.next()),
            Ordering::Equal => {
                both += 1;
                own.next();
                kept.next();
            }
        }
    }
    both
}

impl Ledger {
    /// The events, in order of time, in which an actor is told in a report after `day` to have done something since that day, as far as
    /// their sentences are on one matter with a text. What prints of `print` tell does not count.
    pub(crate) fn deeds_like(&self, text: &str, actor: i64, day: &str, print: i64) -> Result<Vec<i64>, LedgerError> {
        self.find_deeds(&content_numbers(text, self.knowledge), actor, day, print).map_err(|e| self.fault(e))
    }

    fn find_deeds(&self, own: &[u32], actor: i64, day: &str, print: i64) -> rusqlite::Result<Vec<i64>> {
        let query =
            "SELECT event, words FROM deed WHERE entity = ?1 AND day >= ?2 AND report_day > ?2 AND print_of <> ?3
                     ORDER BY day, event LIMIT ?4";
        let mut find = self.connection.prepare_cached(query)?;
        let mut rows = find.query(params![actor, day, print, MOST])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let kept = row.get_ref(1)?.as_blob().unwrap_or_default().as_chunks::<4>().0;
            let both = shared(own, kept);
            let shorter = own.len().min(kept.len()) as f64;
            if both > 0 && both >= FEWEST.min(own.len()) && both as f64 >= ONE_MATTER * shorter {
                found.push(row.get(0)?);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shared_whatever_their_order() {
        let knowledge = Knowledge::english();
        let own = content_numbers("release the pilots Friday", knowledge);
        let kept = numbered("Two pilots, he said, would be released by Friday.", knowledge);
        let none = numbered("", knowledge);
        assert_eq!(shared(&own, kept.as_chunks::<4>().0), 2);
        assert_eq!(shared(&own, none.as_chunks::<4>().0), 0);
        assert_eq!(shared(&own, numbered("Friday, pilots: release!", knowledge).as_chunks::<4>().0), own.len());
    }
}
