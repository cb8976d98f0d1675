//! Which rows answer to a question, the last in time: found without looking at all that do.

use std::collections::HashSet;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use crate::error::LedgerError;
use crate::filter::{Conditions, Dated, Day, Filter, Subject, text};
use crate::store::Ledger;

/// To look at a row in its order takes so many times as long as to find it by a condition, from an index.
const LOOK: f64 = 8.0;
/// Of the rows that were found first at least so many are looked at, the last in time; if too few answer to what else is asked, at most so
/// many times as many next.
const AT_ONCE: usize = 250;
const WITH_WORDS: usize = 4_000;
const GROWTH: usize = 4;
/// So many rows are looked at in order of time: where many answer, enough of these do.
const WALKED: usize = 4_000;
/// If a part of what is asked for is among these, as many times as many may be needed, but no more than this.
const ON: usize = 2;

/// A number and the day it has.
type Numbered = (i64, Option<String>);

impl Ledger {
    /// The numbers that rows of a subject have in a column, those whose last day is the latest, as far as the rows answer to a filter, and
    /// to what is asked `also`: conditions that have no values.
    pub(crate) fn latest_of(
        &self,
        filter: &Filter,
        on: &Subject,
        also: &[&str],
        number: &str,
        limit: usize,
    ) -> Result<Vec<i64>, LedgerError> {
        let from = format!("{0} JOIN {1} ON report.key = {0}.report", on.table, self.reports_told());
        self.latest_from(&from, on.table, filter, on, also, number, limit)
    }

    /// The same, of the rows of another table that are joined with those of the subject `from` both; by the days and keys of the rows of
    /// the table `by`.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn latest_from(
        &self,
        from: &str,
        by: &str,
        filter: &Filter,
        on: &Subject,
        also: &[&str],
        number: &str,
        limit: usize,
    ) -> Result<Vec<i64>, LedgerError> {
        let by_day = |conditions: &mut Conditions| {
            for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
                if let Some(day) = day {
                    conditions.and(&format!("{by}.day {is} ?"), [text(day)]);
                }
            }
        };
        let columns = format!("{number}, {by}.day");
        let mut conditions = self.conditions_by(filter, on, None, self.few(on.table, limit)?)?;
        also.iter().for_each(|condition| conditions.and(condition, []));
        if let Some(found) = conditions.found.take() {
            conditions.and(&format!("{}.key IN (SELECT value FROM json_each(?))", on.table), []);
            let query = format!("SELECT {columns} FROM {from} WHERE {}", conditions.sql());
            return self.latest_among(&query, conditions.values, &found, filter, limit);
        }
        if by != on.table {
            // The table that is gone through in order has the day too: so it is known where to begin.
            by_day(&mut conditions);
        }
        let order = format!("{by}.day DESC, {by}.key DESC");
        let query = format!("SELECT {columns} FROM {from} WHERE {} ORDER BY {order}", conditions.sql());
        self.latest(&query, conditions.values, limit)
    }

    /// How many rows of a table that answer to a condition are found first, where so many are asked for. Of more, enough are among the last
    /// in time: to look at these takes no longer than to find so many.
    pub(crate) fn few(&self, table: &str, limit: usize) -> Result<usize, LedgerError> {
        let rows: Vec<Option<i64>> =
            self.rows(&format!("SELECT max(key) FROM {table}"), Vec::new(), |row| row.get(0))?;
        let rows = rows.into_iter().flatten().next().unwrap_or(0);
        Ok((LOOK * limit as f64 * rows as f64).sqrt() as usize)
    }

    /// The numbers whose last day is the latest, of rows that were found first, as far as these answer to a query: it is asked with the keys
    /// of some of them, as the last of its values, and gives numbers with days.
    pub(crate) fn latest_among(
        &self,
        query: &str,
        values: Vec<Value>,
        found: &[Dated],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<i64>, LedgerError> {
        // An index of words is asked anew each time.
        let mut at_once = limit.max(if filter.words.is_some() { WITH_WORDS } else { AT_ONCE });
        let (mut gathered, mut rest) = (Gathered::new(limit), found);
        while let Some(next) = rest.last()
            && !gathered.are_before(next.day)
        {
            let (earlier, now) = rest.split_at(rest.len().saturating_sub(at_once.max(1)));
            let keys = now.iter().map(|one| one.key.to_string()).collect::<Vec<_>>().join(",");
            let values = values.iter().cloned().chain([Value::Text(format!("[{keys}]"))]).collect();
            let mut rows: Vec<Numbered> = self.rows(query, values, |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.sort_by(|a, b| b.1.cmp(&a.1));
            if rows.into_iter().any(|row| gathered.take(row)) {
                break;
            }
            // As many as it takes if others answer as often as these do.
            let wanted = limit.saturating_sub(gathered.found.len()).saturating_mul(found.len() - earlier.len());
            let likely = wanted / gathered.found.len().max(1);
            at_once = likely.saturating_add(likely / 4).clamp(AT_ONCE, at_once.saturating_mul(GROWTH).max(AT_ONCE));
            rest = earlier;
        }
        Ok(gathered.numbers())
    }

    /// The numbers whose last day is the latest, and of one day the highest. The query gives numbers with days, the latest first: when there
    /// are enough and the day is over, no other can be among them.
    pub(crate) fn latest(&self, query: &str, values: Vec<Value>, limit: usize) -> Result<Vec<i64>, LedgerError> {
        let ask = || -> rusqlite::Result<Gathered> {
            let mut statement = self.connection.prepare_cached(query)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let mut gathered = Gathered::new(limit);
            while let Some(row) = rows.next()? {
                if gathered.take((row.get(0)?, row.get(1)?)) {
                    break;
                }
            }
            Ok(gathered)
        };
        ask().map(Gathered::numbers).map_err(|e| self.fault(e))
    }

    /// The same, where the query tells beside each row whether it answers; `None` if too few of the first rows do.
    pub(crate) fn latest_walked(
        &self,
        query: &str,
        values: Vec<Value>,
        limit: usize,
    ) -> Result<Option<Vec<i64>>, LedgerError> {
        let ask = || -> rusqlite::Result<Option<Gathered>> {
            let mut statement = self.connection.prepare_cached(query)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let (mut gathered, mut walked) = (Gathered::new(limit), 0);
            while let Some(row) = rows.next()? {
                if walked == WALKED * ON || walked == WALKED && gathered.found.len() * ON < limit {
                    return Ok(None);
                }
                walked += 1;
                if row.get::<_, Option<bool>>(2)? == Some(true) && gathered.take((row.get(0)?, row.get(1)?)) {
                    break;
                }
            }
            Ok(Some(gathered))
        };
        ask().map(|gathered| gathered.map(Gathered::numbers)).map_err(|e| self.fault(e))
    }
}

/// The first of the numbers that come, the latest first.
struct Gathered {
    limit: usize,
    found: Vec<Numbered>,
    seen: HashSet<i64>,
}

impl Gathered {
    fn new(limit: usize) -> Gathered {
        Gathered { limit, found: Vec::new(), seen: HashSet::new() }
    }

    /// Takes in a number; true, and it is not taken in, if no other can be among the first.
    fn take(&mut self, (number, day): Numbered) -> bool {
        if self.found.len() >= self.limit && self.found.last().is_none_or(|(_, last)| *last != day) {
            return true;
        }
        if self.seen.insert(number) {
            self.found.push((number, day));
        }
        false
    }

    /// Whether there are enough, all of later days than one.
    fn are_before(&self, day: Day) -> bool {
        let last = self.found.last().map(|(_, last)| last.as_deref().map(Day::of).unwrap_or_default());
        self.found.len() >= self.limit && last.is_none_or(|last| last > day)
    }

    fn numbers(self) -> Vec<i64> {
        let mut found = self.found;
        found.sort_by(|a, b| (&b.1, b.0).cmp(&(&a.1, a.0)));
        found.truncate(self.limit);
        found.into_iter().map(|(number, _)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_known_when_their_day_is_over() {
        let mut gathered = Gathered::new(2);
        let day = |day: &str| Some(day.to_string());
        // Of one day the highest numbers are the first, in whatever order they come.
        assert!(!gathered.take((4, day("2026-03-02"))));
        assert!(!gathered.take((4, day("2026-03-02"))));
        assert!(!gathered.take((7, day("2026-03-01"))));
        assert!(!gathered.take((9, day("2026-03-01"))));
        assert!(gathered.take((8, day("2026-02-28"))));
        assert!(gathered.are_before(Day::of("2026-02-28")) && !gathered.are_before(Day::of("2026-03-01")));
        assert_eq!(gathered.numbers(), [4, 9]);
        // What has no day comes after all that has one.
        assert!(Day::default() < Day::of("0001-01-01") && Day::of("2026-02-28") < Day::of("2026-03-01"));
        assert!(Gathered::new(0).take((1, None)));
    }
}
