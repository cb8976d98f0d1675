//! What came of what was promised and announced.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use annalist_identity::{content_words, first_shared, overlap, tells_deed, words};
use rusqlite::Row;
use rusqlite::types::Value;

use crate::answers::CommitmentAnswer;
use crate::error::LedgerError;
use crate::filter::{COMMITMENTS, Conditions, Filter};
use crate::questions::{limit, rounded};
use crate::store::Ledger;

/// Two wordings of one matter share at least this part of the shorter one's content words, and at least [`FEWEST`] of them.
pub(crate) const ONE_MATTER: f64 = 0.5;
pub(crate) const FEWEST: usize = 2;

/// What tells that a promise was kept has at least this part of its content words: part of the matter alone may be another deed in it.
pub(crate) const WHOLE: f64 = 0.7;

/// A later item by which an earlier one is judged.
#[derive(Clone)]
struct Later {
    id: String,
    words: String,
    status: String,
}

impl Later {
    fn of_row(row: &Row) -> rusqlite::Result<Later> {
        Ok(Later { id: row.get(0)?, words: row.get(1)?, status: row.get(2)? })
    }
}

/// An event in which the actor `?1` may have done something. To tell of a promise again is not to keep it.
const DEED: &str = "report.id || '/' || event.id, event.evidence, event.status || ' ' || event.trigger_text
             FROM event JOIN report ON report.key = event.report
             WHERE NOT EXISTS (SELECT 1 FROM commitment c WHERE c.report = event.report AND +c.by_entity = ?1 AND instr(event.evidence, c.what) > 0)";

/// What came of a commitment, where something did.
const SETTLED: [&str; 3] = ["kept", "broken", "withdrawn"];

/// What bears on a commitment and has most of its words: deeds beside which the others tell nothing of it.
const BORNE: &str =
    "vow v CROSS JOIN bearing b ON b.vow = v.commitment CROSS JOIN deed d ON d.event = b.event AND d.entity = v.entity";

/// What prints of one text tell is told once.
pub(crate) const FIRST_TOLD: &str = "NOT EXISTS (SELECT 1 FROM report r JOIN commitment c ON c.report = r.key
     WHERE r.print_of = report.print_of AND r.current AND c.what = commitment.what AND (c.report, c.key) < (commitment.report, commitment.key))";

/// Whether what is due by a day, as a report has it that was published at a moment, should have been done by today. A report that names a
/// day already past tells of old promises, not of one that waits to be kept.
fn is_overdue(due: Option<&str>, published: Option<&str>, today: Option<&str>) -> bool {
    let told = published.and_then(|moment| moment.get(..10)).unwrap_or_default();
    due.zip(today).is_some_and(|(due, today)| due < today && told <= due)
}

/// A change of position of an actor.
pub(crate) struct Changed {
    later: Later,
    day: Option<String>,
    report: i64,
    /// The item in which the position was taken.
    before_in: Option<String>,
    /// The content words of the matter and of the position.
    words: BTreeSet<String>,
}

/// The changes of actors, each looked up once.
pub(crate) type Changes = HashMap<i64, Vec<Changed>>;

pub(crate) struct Made {
    pub(crate) answer: CommitmentAnswer,
    key: i64,
    report: i64,
    by: Option<i64>,
    statement: Option<String>,
    /// The first day that the words for when it is due may mean.
    pub(crate) due_from: Option<String>,
}

impl Ledger {
    /// The last day of which the ledger knows: that of the newest report. Nothing else says what day it is.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn last_day(&self) -> Result<Option<String>, LedgerError> {
        let query = "SELECT max(day) FROM report WHERE current";
        self.connection.query_row(query, [], |row| row.get(0)).map_err(|e| self.fault(e))
    }

    /// What actors bound themselves to, and what came of it as far as later reports tell; the last in time, in order of time. It is
    /// judged whether something is overdue as of the day `as_of`, or the last that the ledger knows of.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn commitments(&self, filter: &Filter, as_of: Option<&str>) -> Result<Vec<CommitmentAnswer>, LedgerError> {
        // Without an outcome to look for, as many are judged as are asked for.
        let conditions = match filter.status {
            None => self.among_first(filter, &COMMITMENTS, &[FIRST_TOLD])?,
            Some(_) => self.conditions(filter, &COMMITMENTS)?,
        };
        let mut answers = self.followed(conditions, filter, as_of)?;
        answers.reverse();
        Ok(answers)
    }

    /// Of the commitments that [`Ledger::commitments`] gives, those that are `wanted`: of which something came, and the others. Where nothing can
    /// have come of one by what is kept of it, it is not judged and has no outcome.
    pub(crate) fn settled(
        &self,
        filter: &Filter,
        as_of: Option<&str>,
        wanted: impl Fn(&CommitmentAnswer) -> bool,
    ) -> Result<(Vec<CommitmentAnswer>, Vec<CommitmentAnswer>), LedgerError> {
        let settled = |c: &CommitmentAnswer| SETTLED.contains(&c.outcome.as_str());
        if self.past || filter.status.is_some() {
            return Ok(self.commitments(filter, as_of)?.into_iter().filter(wanted).partition(settled));
        }
        let today = as_of.map(|day| Ok(Some(day.to_string()))).unwrap_or_else(|| self.last_day())?;
        let mut made = self.made(self.among_first(filter, &COMMITMENTS, &[FIRST_TOLD])?, limit(filter))?;
        made.retain(|made| wanted(&made.answer));
        let these = Conditions::of_keys("commitment.key", &made.iter().map(|made| made.key).collect::<Vec<_>>());
        let query = format!(
            "SELECT commitment.key FROM commitment WHERE {} AND (EXISTS (SELECT 1 FROM change WHERE entity = commitment.by_entity)
               OR EXISTS (SELECT 1 FROM {BORNE} WHERE v.commitment = commitment.key AND most_words(v.words, d.words)))",
            these.sql()
        );
        let may: BTreeSet<i64> = self.rows(&query, these.values, |row| row.get(0))?.into_iter().collect();
        let mut changes = Changes::new();
        let judged = |made: Made| match may.contains(&made.key) {
            true => self.judged(made, today.as_deref(), &mut changes),
            false => Ok(made.answer),
        };
        let judged = made.into_iter().rev().map(judged).collect::<Result<Vec<_>, _>>()?;
        Ok(judged.into_iter().partition(settled))
    }

    fn followed(
        &self,
        mut conditions: Conditions,
        filter: &Filter,
        as_of: Option<&str>,
    ) -> Result<Vec<CommitmentAnswer>, LedgerError> {
        let today = as_of.map(|day| Ok(Some(day.to_string()))).unwrap_or_else(|| self.last_day())?;
        conditions.and(FIRST_TOLD, []);
        // An outcome is judged row by row: with one asked for, more rows are looked at than are given.
        let looked_at = if filter.status.is_some() { limit(filter).saturating_mul(20) } else { limit(filter) };
        let parts = match filter.status.as_ref().filter(|_| !self.past) {
            Some(status) => {
                let keys = self.perhaps(status, conditions, today.as_deref(), looked_at)?;
                keys.chunks(limit(filter).max(1)).map(|keys| Conditions::of_keys("commitment.key", keys)).collect()
            }
            None => vec![conditions],
        };
        let (mut answers, mut changes) = (Vec::new(), Changes::new());
        for conditions in parts {
            for made in self.made(conditions, looked_at)? {
                let answer = self.judged(made, today.as_deref(), &mut changes)?;
                if filter.status.as_ref().is_none_or(|status| status.eq_ignore_ascii_case(&answer.outcome)) {
                    answers.push(answer);
                }
                if answers.len() >= limit(filter) {
                    return Ok(answers);
                }
            }
        }
        Ok(answers)
    }

    /// The last commitments that answer to conditions, not yet judged.
    pub(crate) fn made(&self, conditions: Conditions, looked_at: usize) -> Result<Vec<Made>, LedgerError> {
        let query = format!(
            "SELECT report.id || '/' || commitment.id, commitment.day, commitment.kind, coalesce(e.name, a.name), coalesce(f.name, b.name),
               commitment.what, commitment.due_words, commitment.due_last, report.outlet, report.published, commitment.confidence,
               commitment.key, commitment.report, commitment.by_entity, commitment.statement, commitment.due_first
             FROM commitment JOIN report ON report.key = commitment.report
             LEFT JOIN entity e ON e.key = commitment.by_entity LEFT JOIN entity f ON f.key = commitment.to_entity
             LEFT JOIN actor a ON a.report = commitment.report AND a.id = commitment.by
             LEFT JOIN actor b ON b.report = commitment.report AND b.id = commitment.recipient
             WHERE {} ORDER BY commitment.day DESC, commitment.key DESC LIMIT {looked_at}",
            conditions.sql()
        );
        self.rows(&query, conditions.values, |row| {
            let answer = CommitmentAnswer {
                id: row.get(0)?,
                day: row.get(1)?,
                kind: row.get(2)?,
                by: row.get(3)?,
                to: row.get(4)?,
                what: row.get(5)?,
                due: row.get(6)?,
                due_by: row.get(7)?,
                outcome: String::new(),
                because: None,
                because_id: None,
                outlet: row.get(8)?,
                published: row.get(9)?,
                confidence: rounded(row.get(10)?),
            };
            let (key, report, by) = (row.get(11)?, row.get(12)?, row.get(13)?);
            Ok(Made { answer, key, report, by, statement: row.get(14)?, due_from: row.get(15)? })
        })
    }

    /// A commitment with what came of it.
    pub(crate) fn judged(
        &self,
        mut made: Made,
        today: Option<&str>,
        changes: &mut Changes,
    ) -> Result<CommitmentAnswer, LedgerError> {
        let (outcome, later) = self.outcome(&made, today, changes)?;
        made.answer.outcome = outcome.to_string();
        if let Some(later) = later {
            (made.answer.because, made.answer.because_id) = (Some(later.words), Some(later.id));
        }
        Ok(made.answer)
    }

    /// Of the last commitments that answer to conditions, those that may have an outcome by what is kept of them, the last first.
    fn perhaps(
        &self,
        status: &str,
        conditions: Conditions,
        today: Option<&str>,
        looked_at: usize,
    ) -> Result<Vec<i64>, LedgerError> {
        let status = status.to_ascii_lowercase();
        let may = match status.as_str() {
            "kept" | "broken" => {
                format!(
                    "EXISTS (SELECT 1 FROM {BORNE} WHERE v.commitment = commitment.key AND most_words(v.words, d.words))"
                )
            }
            "repeated" => "EXISTS (SELECT 1 FROM again WHERE vow = commitment.key)".to_string(),
            "withdrawn" => "EXISTS (SELECT 1 FROM change WHERE entity = commitment.by_entity)".to_string(),
            _ => "1".to_string(),
        };
        let query = format!(
            "SELECT commitment.key, commitment.due_last, report.published, {may}
             FROM commitment JOIN {} ON report.key = commitment.report
             WHERE {} ORDER BY commitment.day DESC, commitment.key DESC LIMIT {looked_at}",
            self.reports_told(),
            conditions.sql()
        );
        let keys = self.rows(&query, conditions.values, |row| {
            let (due, published): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            let may = row.get(3)? && (status != "overdue" || is_overdue(due.as_deref(), published.as_deref(), today));
            Ok(may.then_some(row.get(0)?))
        })?;
        Ok(keys.into_iter().flatten().collect())
    }

    /// What came of a commitment. Only what the same actor is told to have done or said later, in the same words, counts.
    fn outcome(
        &self,
        made: &Made,
        today: Option<&str>,
        changes: &mut Changes,
    ) -> Result<(&'static str, Option<Later>), LedgerError> {
        let overdue = || match is_overdue(made.answer.due_by.as_deref(), made.answer.published.as_deref(), today) {
            true => ("overdue", None),
            false => ("open", None),
        };
        let Some(by) = made.by else { return Ok(overdue()) };
        let own = content_words(&made.answer.what, self.knowledge);
        let among = |other: &BTreeSet<String>| {
            own.intersection(other).count() >= FEWEST.min(own.len()) && overlap(&own, other) >= ONE_MATTER
        };
        let one_matter = |words: &str| among(&content_words(words, self.knowledge));
        let day = made.answer.day.clone().map_or(Value::Null, Value::Text);
        let later = |query: &str| {
            self.rows(
                query,
                vec![Value::Integer(by), day.clone(), Value::Integer(made.key), Value::Integer(made.report)],
                Later::of_row,
            )
        };
        let changed = match changes.entry(by) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(new) => new.insert(self.changes_of(by)?),
        };
        let same_statement =
            |c: &Changed| c.report == made.report && made.statement.is_some() && c.before_in == made.statement;
        let since = |c: &Changed| made.answer.day.is_none() || c.day >= made.answer.day;
        if let Some(change) = changed.iter().find(|c| since(c) && (same_statement(c) || among(&c.words))) {
            return Ok(("withdrawn", Some(change.later.clone())));
        }
        let done = match self.past {
            true => later(&format!("SELECT {DEED} AND event.day >= ?2 AND event.report <> ?4 AND event.status IN ('happened', 'ongoing', 'denied')
               AND report.current AND report.day > ?2 AND report.print_of <> (SELECT print_of FROM report WHERE key = ?4)
               AND event.key IN (SELECT event FROM participant WHERE entity = ?1 AND role = 'actor') AND ?3
             ORDER BY event.day, event.key LIMIT 2000"))?,
            false => self.rows(
                &format!(
                    "SELECT {DEED} AND event.key IN (SELECT b.event FROM {BORNE} WHERE v.commitment = ?2 AND most_words(v.words, d.words))
                     ORDER BY event.day, event.key"
                ),
                vec![Value::Integer(by), Value::Integer(made.key)],
                Later::of_row,
            )?,
        };
        // What is kept as bearing on it is on one matter with it.
        let done: Vec<Later> = done.into_iter().filter(|e| !self.past || one_matter(&e.words)).collect();
        // Of several events that one sentence tells ("did not release the detained pilots"), the one meant is that of the earliest of the
        // promised words: what was to be done.
        let trigger = |e: &Later| e.status.split_once(' ').map_or(String::new(), |(_, trigger)| trigger.to_string());
        let rank = |e: &Later| first_shared(&made.answer.what, &trigger(e), self.knowledge).unwrap_or(usize::MAX);
        let ranks: Vec<usize> = done.iter().map(rank).collect();
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (e, own) in done.iter().zip(&ranks) {
            first.entry(&e.words).and_modify(|first| *first = (*first).min(*own)).or_insert(*own);
        }
        // And what was done has to be what was promised, not another deed of the same actor in the same matter: to refuse or threaten it.
        let whole = |e: &Later| {
            let told = content_words(&e.words, self.knowledge);
            own.intersection(&told).count() as f64 >= WHOLE * own.len() as f64
        };
        // Who bound himself not to do a thing has not kept that by doing it.
        let refrains = words(&made.answer.what).next().is_some_and(|word| self.knowledge.events().is_negation(&word));
        let meant = |(e, own): &(&Later, &usize)| {
            !refrains
                && first.get(e.words.as_str()) == Some(*own)
                && tells_deed(&made.answer.what, &trigger(e), self.knowledge)
                && whole(e)
        };
        let done: Vec<&Later> = done.iter().zip(&ranks).filter(meant).map(|(e, _)| e).collect();
        let denies = |e: &&Later| e.status.split(' ').next() == Some("denied");
        let denied = done.iter().all(denies);
        if let Some(event) = done.into_iter().find(|e| denied || !denies(e)) {
            return Ok((if denied { "broken" } else { "kept" }, Some(event.clone())));
        }
        if overdue().0 == "overdue" {
            return Ok(overdue());
        }
        let again = match self.past {
            true => later(
                "SELECT report.id || '/' || commitment.id, commitment.what, commitment.kind FROM commitment
                 JOIN report ON report.key = commitment.report
                 WHERE commitment.by_entity = ?1 AND report.current AND commitment.key <> ?3 AND commitment.day > ?2
                   AND report.print_of <> (SELECT print_of FROM report WHERE key = ?4) ORDER BY commitment.day, commitment.key LIMIT 2000",
            )?,
            false => self.rows(
                "SELECT report.id || '/' || commitment.id, commitment.what, commitment.kind FROM again
                 JOIN commitment ON commitment.key = again.later JOIN report ON report.key = commitment.report
                 WHERE again.vow = ?1 ORDER BY commitment.day, commitment.key",
                vec![Value::Integer(made.key)],
                Later::of_row,
            )?,
        };
        match again.into_iter().find(|c| one_matter(&c.words)) {
            Some(again) => Ok(("repeated", Some(again))),
            None => Ok(overdue()),
        }
    }

    /// The changes of position that reports tell of an actor, in order of time.
    fn changes_of(&self, actor: i64) -> Result<Vec<Changed>, LedgerError> {
        let query = "SELECT report.id || '/' || change.id, change.after_words, change.before_words || ' ' || change.about, change.before_in,
                       change.day, change.report
                     FROM change JOIN report ON report.key = change.report WHERE change.entity = ?1 AND report.current
                     ORDER BY change.day, report.key";
        self.rows(query, vec![Value::Integer(actor)], |row| {
            let later = Later::of_row(row)?;
            let words = content_words(&later.status, self.knowledge);
            Ok(Changed { later, words, before_in: row.get(3)?, day: row.get(4)?, report: row.get(5)? })
        })
    }
}
