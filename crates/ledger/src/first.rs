//! Which rows answer to a question, the last in time: found without looking at all that do.

use std::collections::HashSet;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use crate::error::LedgerError;
use crate::filter::{Conditions, FEW_ROWS, Filter, Subject, text};
use crate::store::Ledger;

/// Rows that answer to a condition are found first, and put in order then, if there are no more of them than this.
const FEW: usize = 500;
/// Otherwise so many are looked at, the last in time: where many answer, enough of these do.
const WALKED: usize = 4_000;
/// If a part of what is asked for is among these, as many times as many may be needed, but no more than this.
const ON: usize = 2;

/// A number and the day it has.
type Dated = (i64, Option<String>);

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
        let asked = |few: usize| -> Result<Conditions, LedgerError> {
            let mut conditions = self.conditions_if(filter, on, few)?;
            also.iter().for_each(|condition| conditions.and(condition, []));
            if by != on.table {
                // The table that is gone through in order has the day too: so it is known where to begin.
                by_day(&mut conditions);
            }
            Ok(conditions)
        };
        let (columns, order) = (format!("{number}, {by}.day"), format!("{by}.day DESC, {by}.key DESC"));
        let mut conditions = asked(FEW)?;
        if conditions.wide && !conditions.narrow {
            // What can be looked up in order, and what is looked at row by row.
            let mut days = Conditions::default();
            days.and("report.current", []);
            also.iter().for_each(|condition| days.and(condition, []));
            by_day(&mut days);
            let query =
                format!("SELECT {columns}, {} FROM {from} WHERE {} ORDER BY {order}", conditions.sql(), days.sql());
            let values = conditions.values.iter().chain(&days.values).cloned().collect();
            if let Some(found) = self.latest_walked(&query, values, limit)? {
                return Ok(found);
            }
            conditions = asked(FEW_ROWS)?;
        }
        let query = format!("SELECT {columns} FROM {from} WHERE {} ORDER BY {order}", conditions.sql());
        self.latest(&query, conditions.values, limit)
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
    found: Vec<Dated>,
    seen: HashSet<i64>,
}

impl Gathered {
    fn new(limit: usize) -> Gathered {
        Gathered { limit, found: Vec::new(), seen: HashSet::new() }
    }

    /// Takes in a number; true, and it is not taken in, if no other can be among the first.
    fn take(&mut self, (number, day): Dated) -> bool {
        if self.found.len() >= self.limit && self.found.last().is_none_or(|(_, last)| *last != day) {
            return true;
        }
        if self.seen.insert(number) {
            self.found.push((number, day));
        }
        false
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
        assert_eq!(gathered.numbers(), [4, 9]);
        assert!(Gathered::new(0).take((1, None)));
    }
}
