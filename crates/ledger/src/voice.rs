//! In whose voice a report speaks.
//!
//! News tells what others did and said. Comment, letters to the editor and memoirs speak for their writer (`knowledge/data/en/voice.toml`
//! has by what that is told). What they alone tell is no news of the day on which they were printed.

use annalist_knowledge::Knowledge;

use crate::error::LedgerError;
use crate::filter::text;
use crate::store::Ledger;

/// A report that is so likely to speak for its writer is taken to. The likelihoods are kept in `report.own`: other weights need a new form of
/// the ledger, which tells them anew.
const OWN: f64 = 0.3;

/// Whether a report that is so likely to speak for its writer is taken to.
pub(crate) fn speaks_for_writer(likelihood: f64) -> bool {
    likelihood >= OWN
}

/// How likely a text speaks for its writer, from 0 to 1.
pub(crate) fn likelihood(text: &str, knowledge: &Knowledge) -> f64 {
    let voice = knowledge.voice();
    voice.likelihood(&voice.measure(text, knowledge.sources().is_noted(text)))
}

impl Ledger {
    /// Whether the report of an item ("report/item") speaks for its writer.
    pub(crate) fn is_writers_own(&self, item: &str) -> Result<bool, LedgerError> {
        let report = item.split('/').next().unwrap_or(item);
        let query = "SELECT own FROM report WHERE id = ?1 AND current";
        let own: Vec<f64> = self.rows(query, vec![text(report)], |row| row.get(0))?;
        Ok(own.first().is_some_and(|own| speaks_for_writer(*own)))
    }

    /// Of items in their order the first, as many as there is room for, whose reports do not.
    pub(crate) fn without_writers_own<T>(
        &self,
        items: Vec<T>,
        id: impl Fn(&T) -> &str,
        room: usize,
    ) -> Result<Vec<T>, LedgerError> {
        let mut others = Vec::new();
        for item in items {
            if others.len() == room {
                break;
            }
            if !self.is_writers_own(id(&item))? {
                others.push(item);
            }
        }
        Ok(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comment_speaks_for_its_writer() {
        let own = |text: &str| likelihood(text, Knowledge::english()) >= OWN;
        let news = "The Front must leave Tarn by Friday, the prime minister said on Monday. “We will not wait, and I will not ask again. \
            Should we?” Edda Holm told reporters in Elva. The US and the Front did not comment. The talks broke off last week, and 12 \
            ships left the harbour on Tuesday, according to the port authority. Holm said she would meet the mayor of Tarn.";
        let comment = "We have waited for a year, and the Front is still in Tarn. Should we wait for another? I think not. This is what comes \
            of a policy that is neither just nor wise, but only cheap. The government must act, and our allies ought to help. There is no other \
            way: if these people are not to be left alone, all of us have to say so, and not only once. Holm calls it “a matter of weeks”.";
        assert!(own(comment));
        assert!(!own(news));
        assert!(!own(""));
        // Who wrote it stands at its end.
        assert!(own(
            "The ferry sank for want of paint, and is now a wreck. Ann Lind, Elva. Write to letters@tarn.example"
        ));
        // A story about a speech is no speech.
        assert!(!own(&format!(
            "“{comment}” That is what Ines Okabe told the council of Elva on Monday, its spokesman said."
        )));
    }
}
