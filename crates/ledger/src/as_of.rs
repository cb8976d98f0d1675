//! The ledger as it was at a past moment, or as a reader of a past day would have had it.

use std::path::Path;

use crate::error::LedgerError;
use crate::store::Ledger;

impl Ledger {
    /// Opens a ledger for reading as it was at a moment: UTC in ISO 8601, or a day, of which the end is meant. Only reports, versions and
    /// marks count that were in it by then. Reports that were read again since are as they are read now, and of what an actor is, only
    /// the name is put back; what country and kind it is of is what is known today.
    ///
    /// Where marks were made later, this takes the turn of a writer until it is dropped.
    ///
    /// # Errors
    /// As [`Ledger::open`]; and if later marks would have to be undone in a file that may not be written.
    pub fn open_as_of(path: &Path, moment: &str) -> Result<Ledger, LedgerError> {
        let moment = match moment.len() {
            10 => format!("{moment}T23:59:59Z"),
            _ => moment.to_string(),
        };
        let mut ledger = Ledger::open(path)?;
        if ledger.marked_after(&moment)? {
            drop(ledger);
            ledger = Ledger::create(path)?;
            // Nothing of it is ever committed.
            ledger.batch("BEGIN IMMEDIATE")?;
            ledger.without_marks_after(&moment)?;
        }
        ledger.moment = Some(moment);
        ledger.look_back(None)?;
        Ok(ledger)
    }

    /// The ledger as a reader of that day (`YYYY-MM-DD`) would have had it: without what was published later, whenever it came in.
    /// Reports that tell no day stay.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn as_read_on(mut self, day: &str) -> Result<Ledger, LedgerError> {
        if self.last_day()?.is_some_and(|last| *last > *day) {
            self.look_back(Some(day))?;
        }
        Ok(self)
    }

    /// Puts views before the tables, which all questions ask, that show what was there at the ledger's moment, and of that what was
    /// published by a day.
    fn look_back(&mut self, day: Option<&str>) -> Result<(), LedgerError> {
        self.past = true;
        let quoted = |words: &str| format!("'{}'", words.replace('\'', "''"));
        // Later than any moment.
        let moment = self.moment.as_deref().map_or("'9'".to_string(), quoted);
        let by_day =
            |report: &str| day.map_or("1".to_string(), |day| format!("coalesce({report}.day <= {}, 1)", quoted(day)));
        let published = by_day("r");
        // What was the newest version then: each that became one when it came in says which it corrects.
        let current = format!(
            "((r.version = 1 OR r.version_of IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM main.report n WHERE n.id = r.id AND n.key > r.key AND n.version_of IS NOT NULL AND n.added <= {moment}
                AND {}))",
            by_day("n")
        );
        let reports = self.columns("report", |column| match column {
            "current" => format!("{current} AS current"),
            other => format!("r.{other} AS {other}"),
        })?;
        let seen = format!(
            "FROM main.actor a JOIN main.report r ON r.key = a.report WHERE a.entity = e.key AND r.added <= {moment} AND {published}"
        );
        let name = format!(
            "CASE WHEN json_type(e.fixed, '$.name') IS NOT NULL THEN e.name
             ELSE (SELECT a.name {seen} ORDER BY length(a.name) DESC, a.report, a.id LIMIT 1) END AS name"
        );
        let entities = self.columns("entity", |column| match column {
            "name" if self.moment.is_some() => name.clone(),
            other => format!("e.{other} AS {other}"),
        })?;
        self.batch(&format!(
            "DROP VIEW IF EXISTS temp.report; DROP VIEW IF EXISTS temp.entity;
             CREATE TEMP VIEW report AS SELECT {reports} FROM main.report r WHERE r.added <= {moment} AND {published};
             CREATE TEMP VIEW entity AS SELECT {entities} FROM main.entity e WHERE EXISTS (SELECT 1 {seen});"
        ))
    }

    fn columns(&self, table: &str, show: impl Fn(&str) -> String) -> Result<String, LedgerError> {
        let query = format!("SELECT name FROM main.pragma_table_info('{table}')");
        let names: Vec<String> = self.rows(&query, Vec::new(), |row| row.get(0))?;
        Ok(names.iter().map(|name| show(name)).collect::<Vec<_>>().join(", "))
    }

    fn batch(&self, statements: &str) -> Result<(), LedgerError> {
        self.connection.execute_batch(statements).map_err(|e| self.fault(e))
    }
}
