//! What an actor said on one matter, in order, and where it takes back what it said before.

use std::collections::{BTreeMap, BTreeSet};

use annalist_identity::{Matter, Opposed, one_matter, opposed};
use rusqlite::types::Value;

use crate::add::json;
use crate::answers::PositionAnswer;
use crate::error::LedgerError;
use crate::filter::{CHANGES, Filter, STATEMENTS};
use crate::questions::{limit, rounded};
use crate::store::Ledger;

/// A report is the first that prints its text, of those that are current.
const FIRST_PRINT: &str = "report.key = report.print_of
    OR report.key = (SELECT min(key) FROM report r WHERE r.print_of = report.print_of AND r.current)";
/// What shows a change that a report itself tells.
pub(crate) const TOLD: &str = "the report tells it";
/// So many statements are compared, the last in time.
const COMPARED: usize = 250;
/// What is said with these acts says how things are or will be, so that the contrary takes it back; a demand or a warning does not.
const SAYS: [&str; 10] =
    ["assert", "announce", "report", "admit", "promise", "offer", "plan", "predict", "believe", "other"];
/// What is said with this act is said not to be so.
const DENIES: &str = "deny";

/// A statement, to be compared.
struct Said {
    answer: PositionAnswer,
    entity: i64,
    report: i64,
    matter: Matter,
    /// Whether it says how things are or will be.
    says: bool,
}

impl Ledger {
    /// The statements of actors, matter by matter, each matter's in order of time, with what each takes back. Given words, all statements
    /// that have them; otherwise those on matters on which an actor spoke more than once. With the status `changed`, only those that take
    /// something back.
    ///
    /// A change is marked where a report tells it, or where an actor later says of the same, in much the same words, that it is not so or
    /// the contrary.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn positions(&self, filter: &Filter) -> Result<Vec<PositionAnswer>, LedgerError> {
        let every = Filter { status: None, ..filter.clone() };
        let mut said = self.said(&every)?;
        self.put_together(&mut said);
        self.mark_changes(&mut said);
        let mut answers: Vec<PositionAnswer> = said.into_iter().map(|s| s.answer).collect();
        self.tell_changes(&every, &mut answers)?;
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        answers.iter().for_each(|a| *counts.entry(a.matter).or_default() += 1);
        answers.retain(|a| match &filter.status {
            Some(status) => status.eq_ignore_ascii_case("changed") && a.before.is_some(),
            None => filter.words.is_some() || a.before.is_some() || counts.get(&a.matter).is_some_and(|n| *n > 1),
        });
        answers.drain(..answers.len().saturating_sub(limit(filter)));
        // Matters in the order in which they were last spoken of.
        let mut last: BTreeMap<i64, Option<String>> = BTreeMap::new();
        for a in &answers {
            let latest = last.entry(a.matter).or_default();
            *latest = latest.take().max(a.day.clone());
        }
        answers.sort_by(|a, b| {
            let of = |p: &PositionAnswer| (last.get(&p.matter).cloned().flatten(), p.matter, p.day.clone());
            of(a).cmp(&of(b))
        });
        Ok(answers)
    }

    /// The statements of the filter by those who are known, the last in time, in order of time, each text once.
    fn said(&self, filter: &Filter) -> Result<Vec<Said>, LedgerError> {
        let last = Filter { limit: Some(COMPARED), ..filter.clone() };
        let also = ["statement.entity IS NOT NULL", FIRST_PRINT];
        let conditions = self.among_first(&last, &STATEMENTS, &also)?;
        let query = format!(
            "SELECT report.id || '/' || statement.id, statement.day, entity.name, statement.cue, statement.act, statement.content,
               report.outlet, report.published, statement.confidence, statement.entity, report.key
             FROM statement JOIN report ON report.key = statement.report JOIN entity ON entity.key = statement.entity
             WHERE {} ORDER BY statement.day DESC, statement.key DESC LIMIT {COMPARED}",
            conditions.sql()
        );
        let mut said = self.rows(&query, conditions.values, |row| {
            let (act, content): (String, String) = (row.get(4)?, row.get(5)?);
            let matter = Matter::of(&content, self.knowledge);
            let denies = act == DENIES;
            Ok(Said {
                entity: row.get(9)?,
                report: row.get(10)?,
                matter: if denies { matter.denied() } else { matter },
                says: denies || SAYS.contains(&act.as_str()),
                answer: PositionAnswer {
                    id: row.get(0)?,
                    matter: 0,
                    day: row.get(1)?,
                    who: row.get(2)?,
                    cue: row.get(3)?,
                    act,
                    content,
                    before: None,
                    before_id: None,
                    shown_by: None,
                    outlet: row.get(6)?,
                    published: row.get(7)?,
                    confidence: rounded(row.get(8)?),
                },
            })
        })?;
        said.reverse();
        Ok(said)
    }

    /// Gives each statement its matter: that of the last of the same actor that is on one with it.
    fn put_together(&self, said: &mut [Said]) {
        let mut next = 0;
        for at in 0..said.len() {
            let (before, from) = said.split_at_mut(at);
            let Some(own) = from.first_mut() else { continue };
            let same = before.iter().rev().find(|s| s.entity == own.entity && one_matter(&s.matter, &own.matter));
            own.answer.matter = same.map_or_else(
                || {
                    next += 1;
                    next
                },
                |s| s.answer.matter,
            );
        }
    }

    /// Marks what is taken back in a later report.
    fn mark_changes(&self, said: &mut [Said]) {
        let mut taken_back: BTreeSet<usize> = BTreeSet::new();
        for at in 0..said.len() {
            let (before, from) = said.split_at_mut(at);
            let Some(own) = from.first_mut().filter(|s| s.says) else { continue };
            let earlier = before.iter().enumerate().rev().filter(|(i, s)| {
                s.entity == own.entity
                    && s.says
                    && s.report != own.report
                    && !taken_back.contains(i)
                    && s.answer.day < own.answer.day
            });
            let mut found = earlier.filter_map(|(i, s)| Some((i, s, opposed(&s.matter, &own.matter, self.knowledge)?)));
            if let Some((i, s, how)) = found.next() {
                own.answer.before = Some(s.answer.content.clone());
                own.answer.before_id = Some(s.answer.id.clone());
                own.answer.matter = s.answer.matter;
                own.answer.shown_by = Some(match how {
                    Opposed::Denied => "it is said not to be so".to_string(),
                    Opposed::Contrary(one, other) => format!("“{one}…” and “{other}…” are contrary"),
                });
                taken_back.insert(i);
            }
        }
    }

    /// The last changes of position that reports tell, as far as they answer to a filter, each text once: tables to select from, and their
    /// values. Of those that do not answer, little is looked at.
    pub(crate) fn last_changes(&self, filter: &Filter, most: usize) -> Result<(&'static str, Vec<Value>), LedgerError> {
        let mut conditions = self.conditions(filter, &CHANGES)?;
        conditions.and(FIRST_PRINT, []);
        // A page asks for few of them, and then for more.
        let kept = self.found.borrow().is_some();
        let query = format!(
            "SELECT change.report, change.id FROM change JOIN {} ON report.key = change.report
             WHERE {} ORDER BY change.day DESC, report.key DESC, change.id LIMIT {}",
            self.reports_told(),
            conditions.sql(),
            if kept { most.max(COMPARED) } else { most }
        );
        let asked = format!("{query} {:?}", conditions.values);
        let known = self.found.borrow().as_ref().and_then(|found| found.changes.get(&asked).cloned());
        let mut newest = match known {
            Some(known) => known,
            None => {
                let rows: Vec<(i64, String)> =
                    self.rows(&query, conditions.values, |row| Ok((row.get(0)?, row.get(1)?)))?;
                if let Some(found) = self.found.borrow_mut().as_mut() {
                    found.changes.insert(asked, rows.clone());
                }
                rows
            }
        };
        newest.truncate(most);
        let from = "(SELECT value ->> 0 AS report, value ->> 1 AS id FROM json_each(?)) AS newest
             CROSS JOIN change ON change.report = newest.report AND change.id = newest.id CROSS JOIN report ON report.key = change.report";
        Ok((from, vec![Value::Text(json(&newest))]))
    }

    /// Marks what reports themselves tell to have changed, and adds it where it is in no statement.
    fn tell_changes(&self, filter: &Filter, answers: &mut Vec<PositionAnswer>) -> Result<(), LedgerError> {
        let (from, values) = self.last_changes(filter, COMPARED)?;
        let query = format!(
            "SELECT report.id, change.id, change.day, coalesce(entity.name, actor.name, ''), change.before_words, change.before_in,
               change.after_words, change.after_in, report.outlet, report.published, change.confidence
             FROM {from} LEFT JOIN entity ON entity.key = change.entity
             LEFT JOIN actor ON actor.report = change.report AND actor.id = change.who
             ORDER BY change.day DESC, report.key DESC, change.id"
        );
        let mut next = answers.iter().map(|a| a.matter).max().unwrap_or(0);
        let changes = self.rows(&query, values, |row| {
            let report: String = row.get(0)?;
            let within = |item: Option<String>| item.map(|item| format!("{report}/{item}"));
            let answer = PositionAnswer {
                id: within(row.get(1)?).unwrap_or_default(),
                matter: 0,
                day: row.get(2)?,
                who: row.get(3)?,
                cue: String::new(),
                act: String::new(),
                content: row.get(6)?,
                before: row.get(4)?,
                before_id: within(row.get(5)?),
                shown_by: Some(TOLD.to_string()),
                outlet: row.get(8)?,
                published: row.get(9)?,
                confidence: rounded(row.get(10)?),
            };
            Ok((answer, within(row.get(7)?)))
        })?;
        for (mut change, after) in changes.into_iter().rev() {
            if let Some(statement) = answers.iter_mut().find(|a| after.as_ref() == Some(&a.id)) {
                statement.before = change.before;
                statement.before_id = change.before_id;
                statement.shown_by = change.shown_by;
                continue;
            }
            let before = answers.iter().find(|a| change.before_id.as_ref() == Some(&a.id)).map(|a| a.matter);
            change.matter = before.unwrap_or_else(|| {
                next += 1;
                next
            });
            answers.push(change);
        }
        Ok(())
    }
}
