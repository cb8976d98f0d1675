//! In whose voice a report speaks.
//!
//! News tells what others did and said. Comment, letters to the editor and memoirs speak for their writer: outside quotation marks they say
//! "I" and "we", tell what ought to be, and ask the reader; and they cite few. What they alone tell is no news of the day on which
//! they were printed.

use std::collections::BTreeMap;

use annalist_identity::words;
use annalist_knowledge::Knowledge;

use crate::error::LedgerError;
use crate::filter::text;
use crate::store::Ledger;

/// A report speaks for its writer if the marks of that reach so much of the statements that it cites, both of a thousand words. Of 221
/// reports on one war those above are comment, letters, diaries and essays; the first that is news has less than two thirds of it.
const OWN: f64 = 0.35;
/// Added to the statements: one mark in a report that cites nobody tells little.
const BESIDE: f64 = 2.0;
/// A question to the reader counts so many marks.
const QUESTION: usize = 2;
/// Fewer marks than these tell nothing: "the Front must leave, Holm said".
const FEW: usize = 3;

/// Who wrote a piece is told within so many code points of its end.
const END: usize = 300;

/// Whether a text that cites so many statements speaks for its writer.
fn own_voice(text: &str, cited: usize, knowledge: &Knowledge) -> bool {
    let end = text.char_indices().rev().nth(END).map_or(0, |(at, _)| at);
    if knowledge.sources().ends_own_words(&text[end..].to_lowercase()) {
        return true;
    }
    let mut marks = 0;
    // As typewriters and some agencies write them.
    let text = text.replace("''", "\"");
    for stretch in outside_quotations(&text) {
        marks += stretch.matches('?').count() * QUESTION;
        marks += stretch.split(|c: char| !c.is_alphanumeric()).filter(|word| is_mark(word, knowledge)).count();
    }
    let thousands = words(&text).count() as f64 / 1000.0;
    marks >= FEW && marks as f64 >= OWN * (cited as f64 + BESIDE * thousands)
}

/// "I", "our", "must"; but the US is no "us", and a mine explodes more often than it belongs to the writer.
fn is_mark(word: &str, knowledge: &Knowledge) -> bool {
    let initials = word.len() > 1 && word.chars().all(char::is_uppercase);
    let lower = word.to_lowercase();
    !initials
        && lower != "mine"
        && (matches!(knowledge.referents().pronoun(&lower), Some("i" | "we")) || knowledge.events().is_ought(&lower))
}

/// The stretches of a text outside its double quotation marks. One that is not closed ends with its paragraph.
fn outside_quotations(text: &str) -> impl Iterator<Item = &str> {
    const MARKS: [char; 3] = ['“', '”', '"'];
    text.split('\n').flat_map(|paragraph| {
        let mut quoted = false;
        paragraph.split_inclusive(MARKS).filter_map(move |stretch| {
            let outside = !quoted;
            quoted = match stretch.chars().next_back() {
                Some('“') => true,
                Some('”') => false,
                Some('"') => !quoted,
                _ => quoted,
            };
            outside.then(|| stretch.trim_end_matches(MARKS))
        })
    })
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
        let query = "SELECT page.text, (SELECT count(*) FROM statement WHERE statement.report = page.report AND inside IS NULL
                       AND (speaker IS NOT NULL OR source <> '') AND act <> 'believe') FROM page WHERE page.report = ?1";
        let found: Vec<(String, i64)> =
            self.ledger.rows(query, vec![report.into()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let own = found.first().is_some_and(|(text, cited)| {
            own_voice(text, usize::try_from(*cited).unwrap_or_default(), self.ledger.knowledge)
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: &str = "The Front must leave Tarn by Friday, the prime minister said on Monday. “We will not wait, and I will not ask again. \
        Should we?” Edda Holm told reporters in Elva. The US and the Front did not comment. The talks broke off last week.";
    const COMMENT: &str = "We have waited for a year, and the Front is still in Tarn. Should we wait for another? I think not. The government \
        must act, and our allies ought to help. Holm calls it “a matter of weeks”.";

    #[test]
    fn comment_speaks_for_its_writer() {
        let knowledge = Knowledge::english();
        assert!(own_voice(COMMENT, 2, knowledge));
        assert!(!own_voice(NEWS, 3, knowledge));
        assert!(!own_voice("", 0, knowledge));
        // Who wrote it stands at its end; elsewhere, it is somebody cited.
        let letter = "The ferry sank for want of paint. Ann Lind, Elva. Write to letters@tarn.example";
        assert!(own_voice(letter, 2, knowledge));
        assert!(own_voice("Holm calls it a triumph. Ann Lind is a senior fellow of the Harbour Fund", 2, knowledge));
        assert!(!own_voice(&format!("Ann Lind is a columnist. {NEWS}{NEWS}"), 4, knowledge));
        assert!(!own_voice("The Front must leave Tarn, the prime minister said.", 1, knowledge));
        assert!(!own_voice(
            "A mine sank the Halcyon off Tarn. Another mine was found in May. The US will sweep the last mine.",
            0,
            knowledge
        ));
        // A story about a speech is no speech.
        assert!(!own_voice(&format!("“{COMMENT}” That is what Ines Okabe told the council of Elva."), 6, knowledge));
    }

    #[test]
    fn quotations_are_left_out() {
        let outside = |text: &'static str| outside_quotations(text).collect::<Vec<_>>().join("|");
        assert_eq!(outside("He said “we go” and left"), "He said | and left");
        assert_eq!(outside("\"We go\", he said"), "|, he said");
        assert_eq!(outside("“We go\nThey went"), "|They went");
    }
}
