//! What is to come: announced for a day or bound to one, and whether it came.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::types::Value;

use crate::answers::DueAnswer;
use crate::error::LedgerError;
use crate::filter::{COMMITMENTS, EVENTS, FEW_ROWS, Filter, text};
use crate::follow::{Changes, FIRST_TOLD, Made};
use crate::questions::{limit, rounded};
use crate::store::Ledger;

/// Of each announcement asked for, so many tellings are looked at.
const TELLINGS: usize = 5;

/// If no more than this is due from a day on, it is gone through, whatever else is asked.
const AHEAD: usize = 1_000;

/// What is to come on some day of more than so many has no day.
const YEAR: i32 = 366;

/// Whether the time from one day until another is over on the day of which it is told: "over the past year" ends with that day.
fn is_over(from: &str, until: &str, told: &str) -> bool {
    let told = told.get(..10).unwrap_or(told);
    until < told || until == told && from < told
}

/// What is due, not yet judged.
struct Pending {
    from: String,
    until: String,
    id: String,
    what: Awaited,
}

enum Awaited {
    Announced { event: i64, report: i64, happening: i64 },
    Bound(Box<Made>),
}

impl Ledger {
    /// What is announced for a day or bound to one, in order of those days, and whether a later report shows that it took place.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn due(&self, filter: &Filter, as_of: Option<&str>) -> Result<Vec<DueAnswer>, LedgerError> {
        let today = as_of.map(|day| Ok(Some(day.to_string()))).unwrap_or_else(|| self.last_day())?;
        // From a day on, the next come first; otherwise the last are asked for.
        let soonest = filter.since.is_some();
        let mut pending = self.announced(filter, soonest)?;
        pending.extend(self.bound(filter)?);
        // What has begun by the day asked for, "this year", is due when it ends.
        let begun = |p: &Pending| filter.since.as_ref().is_some_and(|since| p.from < *since);
        let next = |p: &Pending| if begun(p) { p.until.clone() } else { p.from.clone() };
        pending.sort_by_cached_key(|p| (next(p), p.until.clone(), p.id.clone()));
        if !soonest {
            pending.reverse();
        }
        // Judged one by one, until there are enough.
        let (mut all, mut changes) = (Vec::new(), Changes::new());
        for one in pending {
            if all.len() >= limit(filter) {
                break;
            }
            let wanted =
                |outcome: &str| filter.status.as_ref().is_none_or(|status| status.eq_ignore_ascii_case(outcome));
            let ahead = match &today {
                Some(today) if one.until < *today => "unknown",
                _ => "ahead",
            };
            match one.what {
                Awaited::Announced { event, report, happening } => {
                    let (outcome, because_id) = self.came(happening, report)?.unwrap_or((ahead, None));
                    if wanted(outcome) {
                        all.extend(self.announcement(event, outcome, because_id)?);
                    }
                }
                Awaited::Bound(made) => {
                    let c = self.judged(*made, today.as_deref(), &mut changes)?;
                    let outcome = match c.outcome.as_str() {
                        "kept" => "took place",
                        "broken" | "withdrawn" => "did not",
                        _ => ahead,
                    };
                    if wanted(outcome) {
                        all.push(DueAnswer {
                            id: c.id,
                            from: one.from,
                            until: one.until,
                            kind: c.kind,
                            who: c.by.into_iter().collect(),
                            what: c.what,
                            place: None,
                            outcome: outcome.to_string(),
                            because_id: c.because_id,
                            outlet: c.outlet,
                            published: c.published,
                            confidence: c.confidence,
                        });
                    }
                }
            }
        }
        if !soonest {
            all.reverse();
        }
        Ok(all)
    }

    /// What is announced, each once, whoever tells it.
    fn announced(&self, filter: &Filter, soonest: bool) -> Result<Vec<Pending>, LedgerError> {
        // The day of what is announced is the first that is told. There is so little of it that it is gone through in its order, whatever
        // is found first.
        let every = Filter { status: None, since: None, until: None, ..filter.clone() };
        // From a day on, few are ahead: that one answers is seen from its row.
        let days =
            "SELECT 1 FROM event INDEXED BY event_due WHERE status IN ('planned', 'possible') AND earliest IS NOT NULL
            AND latest IS NOT NULL AND earliest >= ?1";
        let few = match &filter.since {
            Some(since) => self.keys(days, vec![text(since)], AHEAD)?.map_or(FEW_ROWS, |_| 0),
            None => FEW_ROWS,
        };
        let mut conditions = self.conditions_by(&every, &EVENTS, Some("+event.key"), few)?;
        for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                conditions.and(&format!("event.earliest {is} ?"), [text(day)]);
            }
        }
        conditions.and(
            "event.status IN ('planned', 'possible') AND event.earliest IS NOT NULL AND event.latest IS NOT NULL",
            [],
        );
        // What was already past when it was told is no announcement; what is to come in a decade or a century is due on no day.
        conditions.and(
            "report.day IS NULL OR event.latest > report.day OR event.latest = report.day AND event.earliest = report.day",
            [],
        );
        conditions.and(&format!("julianday(event.latest) - julianday(event.earliest) <= {YEAR}"), []);
        let query = format!(
            "SELECT event.earliest, event.latest, report.id || '/' || event.id, event.happening,
               event.key, event.report FROM event JOIN {} ON report.key = event.report
             WHERE {} ORDER BY event.earliest {}, event.key LIMIT {}",
            self.reports_told(),
            conditions.sql(),
            if soonest { "ASC" } else { "DESC" },
            limit(filter).saturating_mul(TELLINGS)
        );
        let mut pending = self.rows(&query, conditions.values, |row| {
            let happening: i64 = row.get(3)?;
            let what = Awaited::Announced { event: row.get(4)?, report: row.get(5)?, happening };
            Ok((happening, Pending { from: row.get(0)?, until: row.get(1)?, id: row.get(2)?, what }))
        })?;
        let mut seen = BTreeSet::new();
        pending.retain(|(happening, _)| seen.insert(*happening));
        Ok(pending.into_iter().map(|(_, pending)| pending).collect())
    }

    /// What somebody is bound to by a day.
    fn bound(&self, filter: &Filter) -> Result<Vec<Pending>, LedgerError> {
        let every = Filter { status: None, since: None, until: None, ..filter.clone() };
        let days = "SELECT key FROM commitment INDEXED BY commitment_due WHERE due_last >= ?1";
        let ahead = match &filter.since {
            Some(since) => self.keys(days, vec![text(since)], AHEAD)?,
            None => None,
        };
        let mut conditions = self.conditions_if(&every, &COMMITMENTS, if ahead.is_some() { 0 } else { FEW_ROWS })?;
        if let Some(ahead) = ahead {
            conditions.among("commitment.key", &ahead);
        }
        conditions.and("commitment.due_last IS NOT NULL", []);
        for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
            if let Some(day) = day {
                conditions.and(&format!("commitment.due_last {is} ?"), [text(day)]);
            }
        }
        conditions.and(FIRST_TOLD, []);
        let made = self.made(conditions, limit(filter))?.into_iter();
        let pending = made.filter_map(|made| {
            let until = made.answer.due_by.clone()?;
            let from = made.due_from.clone().filter(|from| *from < until).unwrap_or(until.clone());
            let days = from.parse::<Date>().ok().zip(until.parse::<Date>().ok());
            if days.is_some_and(|(from, until)| from.duration_until(until).as_hours() > 24 * i64::from(YEAR)) {
                return None;
            }
            // Nobody is bound by a day that was over when they were told to be.
            if made.answer.day.as_deref().is_some_and(|day| is_over(&from, &until, day)) {
                return None;
            }
            let id = made.answer.id.clone();
            Some(Pending { from, until, id, what: Awaited::Bound(Box::new(made)) })
        });
        Ok(pending.collect())
    }

    /// What the last report but one says came of something announced, and in which item; `None` if no other tells.
    fn came(&self, happening: i64, report: i64) -> Result<Option<(&'static str, Option<String>)>, LedgerError> {
        let query =
            "SELECT report.id || '/' || event.id, event.status FROM event JOIN report ON report.key = event.report
                     WHERE event.happening = ?1 AND report.current AND event.status IN ('happened', 'ongoing', 'denied')
                       AND event.report <> ?2 ORDER BY report.day DESC, event.key DESC LIMIT 1";
        let later: Vec<(String, String)> =
            self.rows(query, vec![Value::Integer(happening), Value::Integer(report)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(later.into_iter().next().map(|(id, status)| match status.as_str() {
            "denied" => ("did not", Some(id)),
            _ => ("took place", Some(id)),
        }))
    }

    fn announcement(
        &self,
        event: i64,
        outcome: &str,
        because_id: Option<String>,
    ) -> Result<Option<DueAnswer>, LedgerError> {
        let who = "SELECT DISTINCT coalesce(entity.name, participant.words) FROM participant
                   LEFT JOIN entity ON entity.key = participant.entity WHERE participant.event = ?1 ORDER BY role, position";
        let who: Vec<String> = self.rows(who, vec![Value::Integer(event)], |row| row.get(0))?;
        let query =
            "SELECT report.id || '/' || event.id, event.earliest, event.latest, event.type, event.evidence, place.name,
                       report.outlet, report.published, event.confidence
                     FROM event JOIN report ON report.key = event.report
                     LEFT JOIN place ON place.report = event.report AND place.id = event.place WHERE event.key = ?1";
        let answer = self.rows(query, vec![Value::Integer(event)], |row| {
            Ok(DueAnswer {
                id: row.get(0)?,
                from: row.get(1)?,
                until: row.get(2)?,
                kind: row.get(3)?,
                who: who.clone(),
                what: row.get(4)?,
                place: row.get(5)?,
                outcome: outcome.to_string(),
                because_id: because_id.clone(),
                outlet: row.get(6)?,
                published: row.get(7)?,
                confidence: rounded(row.get(8)?),
            })
        })?;
        Ok(answer.into_iter().next())
    }
}
