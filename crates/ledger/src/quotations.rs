//! The same words in several reports: who carried them first, and where the wording differs.

use std::collections::BTreeSet;

use annalist_identity::{Quotation, differences, quoted};
use annalist_record::{Quoted, Statement};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::add::joined;
use crate::answers::QuotationAnswer;
use crate::error::LedgerError;
use crate::filter::{Filter, STATEMENTS};
use crate::questions::limit;
use crate::store::Ledger;

/// So many quotations that share a key are compared, the newest.
const COMPARED: usize = 40;

/// So many statements that carry a quotation are told, the first in time.
const WORDINGS: usize = 30;

/// The saying that a statement quotes, if independent reports quote it too.
pub(crate) const TRACED: &str =
    "(SELECT q.saying FROM quotation q WHERE q.report = statement.report AND q.statement = statement.id
   AND EXISTS (SELECT 1 FROM quotation o JOIN report r ON r.key = o.report
               WHERE o.saying = q.saying AND r.current AND r.print_of <> report.print_of) LIMIT 1)";

/// Writes down what a report quotes, each with the saying that it is of.
pub(crate) fn trace(connection: &Connection, report: i64, statements: &[Statement]) -> rusqlite::Result<()> {
    let mut own: BTreeSet<String> = BTreeSet::new();
    // The words of a statement inside another are the inner one's.
    let mut said: Vec<(String, &Statement)> =
        statements.iter().filter(|s| s.quoted != Quoted::Indirect).map(|s| (joined(&s.content), s)).collect();
    said.sort_by_key(|(words, _)| words.len());
    for (content, statement) in said {
        for words in quoted(&content, statement.quoted == Quoted::Direct) {
            let Some(quotation) = Quotation::new(words) else { continue };
            if own.iter().any(|other| other.contains(words)) || !own.insert(words.to_string()) {
                continue;
            }
            let saying = saying_of(connection, report, &quotation)?;
            let mut insert = connection.prepare_cached(
                "INSERT OR FAIL INTO quotation (saying, report, statement, words) VALUES (?1, ?2, ?3, ?4)",
            )?;
            insert.execute(params![saying.unwrap_or(0), report, statement.id, words.trim()])?;
            let key = connection.last_insert_rowid();
            if saying.is_none() {
                connection
                    .prepare_cached("UPDATE OR FAIL quotation SET saying = key WHERE key = ?1")?
                    .execute([key])?;
            }
            let mut index = connection.prepare_cached("INSERT OR IGNORE INTO quotation_key VALUES (?1, ?2)")?;
            quotation.keys().try_for_each(|k| index.execute(params![k, key]).map(|_| ()))?;
        }
    }
    Ok(())
}

/// The saying that other reports have in these words, or nearly.
fn saying_of(connection: &Connection, report: i64, quotation: &Quotation) -> rusqlite::Result<Option<i64>> {
    // What this report quotes before in it has the highest numbers.
    let own = "SELECT min(key) FROM quotation WHERE report = ?1";
    let own: Option<i64> = connection.prepare_cached(own)?.query_row([report], |row| row.get(0))?;
    let mut near: BTreeSet<i64> = BTreeSet::new();
    let mut find = connection.prepare_cached(
        "SELECT quotation FROM quotation_key WHERE quotation_key = ?1 AND quotation < ?2 ORDER BY quotation DESC LIMIT ?3",
    )?;
    for key in quotation.keys() {
        for key in find.query_map(params![key, own.unwrap_or(i64::MAX), COMPARED], |row| row.get(0))? {
            near.insert(key?);
        }
    }
    // They share keys with it, so many have its words: each is looked at once.
    let mut look = connection.prepare_cached("SELECT saying, words FROM quotation WHERE key = ?1")?;
    for key in near {
        let (saying, words): (i64, String) = look.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if Quotation::new(&words).is_some_and(|other| other.is_of(quotation)) {
            return Ok(Some(saying));
        }
    }
    Ok(None)
}

/// Takes away what a report quotes.
pub(crate) fn forget(connection: &Connection, report: i64) -> rusqlite::Result<()> {
    let keys = "DELETE FROM quotation_key WHERE quotation IN (SELECT key FROM quotation WHERE report = ?1)";
    connection.prepare_cached(keys)?.execute([report])?;
    connection.prepare_cached("DELETE FROM quotation WHERE report = ?1")?.execute([report]).map(|_| ())
}

/// A report's wording of a saying.
struct Wording {
    statement: String,
    words: String,
    speaker: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
    day: Option<String>,
    print_of: i64,
}

impl Ledger {
    /// What several independent reports quote; the last in time, in order of time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn quotations(&self, filter: &Filter) -> Result<Vec<QuotationAnswer>, LedgerError> {
        let from = format!(
            "quotation JOIN {} ON report.key = quotation.report
             JOIN statement ON statement.report = quotation.report AND statement.id = quotation.statement",
            self.reports_told()
        );
        // Of today, the rows tell it themselves.
        let several = match self.past {
            false => "quotation.traced",
            true => {
                "(SELECT count(DISTINCT r.print_of) FROM quotation o JOIN report r ON r.key = o.report
                  WHERE o.saying = quotation.saying AND r.current) > 1"
            }
        };
        let sayings =
            self.latest_from(&from, "quotation", filter, &STATEMENTS, &[several], "quotation.saying", limit(filter))?;
        let mut answers = Vec::with_capacity(sayings.len());
        for saying in sayings {
            answers.extend(self.quotation(saying)?);
        }
        answers.reverse();
        Ok(answers)
    }

    /// One saying; `None` if there is no report with it.
    pub(crate) fn quotation(&self, saying: i64) -> Result<Option<QuotationAnswer>, LedgerError> {
        // All that carry it, few bytes of each; what they say is looked up for the first.
        let told = self.reports_told();
        let all = format!(
            "SELECT quotation.key, report.published, report.key, report.day, report.print_of
             FROM quotation CROSS JOIN {told} ON report.key = quotation.report WHERE quotation.saying = ?1 AND report.current"
        );
        type Carried = (bool, Option<String>, i64, i64, Option<String>, i64);
        let mut carried: Vec<Carried> = self.rows(&all, vec![Value::Integer(saying)], |row| {
            let published: Option<String> = row.get(1)?;
            Ok((published.is_none(), published, row.get(2)?, row.get(0)?, row.get(3)?, row.get(4)?))
        })?;
        carried.sort();
        let reports = carried.iter().map(|(.., print_of)| print_of).collect::<BTreeSet<_>>().len() as i64;
        let last = carried.iter().filter_map(|(.., day, _)| day.clone()).max();
        let query = format!(
            "SELECT report.id || '/' || quotation.statement, quotation.words,
               coalesce((SELECT name FROM entity WHERE key = quotation.entity), quotation.source),
               report.outlet, report.published, report.day, report.print_of
             FROM quotation CROSS JOIN {told} ON report.key = quotation.report WHERE quotation.key = ?1 AND report.current"
        );
        let mut wordings = Vec::new();
        for (_, _, _, key, ..) in carried.iter().take(WORDINGS) {
            wordings.extend(self.rows(&query, vec![Value::Integer(*key)], |row| {
                Ok(Wording {
                    statement: row.get(0)?,
                    words: row.get(1)?,
                    speaker: row.get(2)?,
                    outlet: row.get(3)?,
                    published: row.get(4)?,
                    day: row.get(5)?,
                    print_of: row.get(6)?,
                })
            })?);
        }
        let Some(first) = wordings.first() else { return Ok(None) };
        // Of those that are published on one day without an hour, it cannot be told which came first.
        let alone = wordings
            .iter()
            .skip(1)
            .all(|w| w.published.is_none() || w.published != first.published || w.outlet == first.outlet);
        let known = first.published.is_some() && wordings.iter().all(|w| w.published.is_some());
        let mut speakers: Vec<String> = Vec::new();
        let (mut differs, mut told) = (Vec::new(), BTreeSet::from([first.print_of]));
        let own = Quotation::wording(&first.words);
        for wording in &wordings {
            speakers.extend(wording.speaker.clone().filter(|s| !speakers.contains(s)));
            if !told.insert(wording.print_of) {
                continue;
            }
            if wording.words == first.words {
                continue;
            }
            let Some((one, other)) = own.as_ref().zip(Quotation::wording(&wording.words)) else { continue };
            let by = wording.outlet.as_deref().unwrap_or(&wording.statement);
            for d in differences(one, &other) {
                differs.push(match (d.one.is_empty(), d.other.is_empty()) {
                    (true, _) => format!("adds “{}” ({by})", d.other),
                    (_, true) => format!("is without “{}” ({by})", d.one),
                    _ => format!("“{}” for “{}” ({by})", d.other, d.one),
                });
            }
        }
        Ok(Some(QuotationAnswer {
            id: format!("Q{saying}"),
            first: first.day.clone(),
            last,
            speakers,
            words: first.words.clone(),
            reports,
            first_outlet: first.outlet.clone().filter(|_| alone && known),
            differs,
            of: wordings.into_iter().map(|w| w.statement).collect(),
        }))
    }
}
