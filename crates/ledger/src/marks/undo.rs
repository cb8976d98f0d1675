//! The ledger as it was before some marks were made.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Sql;

use super::links::spread;
use super::{COLUMNS, Row};
use crate::error::LedgerError;
use crate::filter::text;
use crate::link;
use crate::store::Ledger;

impl Ledger {
    /// Whether marks were made after a moment.
    pub(crate) fn marked_after(&self, moment: &str) -> Result<bool, LedgerError> {
        Ok(self.number_of("SELECT 1 FROM mark WHERE at > ?1 LIMIT 1", moment)?.is_some())
    }

    /// Takes marks that were made after a moment out of the ledger, and makes anew what they changed. Only for a transaction that is
    /// rolled back.
    pub(crate) fn without_marks_after(&self, moment: &str) -> Result<(), LedgerError> {
        let query = format!("SELECT {COLUMNS} FROM mark WHERE at > ?1 ORDER BY key");
        let later = self.rows(&query, vec![text(moment)], Row::of)?;
        self.change("DELETE FROM mark WHERE at > ?1", [moment])?;
        let mut again: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
        let (mut actors, mut parted): (BTreeSet<i64>, BTreeSet<i64>) = Default::default();
        for mark in &later {
            let Some(report) = self.number_of("SELECT key FROM report WHERE id = ?1 AND current", &mark.report)? else {
                continue;
            };
            let item = mark.hangs.clone().or(mark.item.clone());
            if mark.entity {
                let entity = "SELECT actor.entity FROM actor JOIN report ON report.key = actor.report
                              WHERE report.id = ?1 AND report.current AND actor.id = ?2 AND actor.entity IS NOT NULL";
                let of = vec![text(&mark.report), item.as_deref().map_or(Sql::Null, text)];
                let entities: Vec<i64> = self.rows(entity, of, |row| row.get(0))?;
                if let Some(merged) =
                    mark.value.as_ref().and_then(serde_json::Value::as_i64).filter(|_| mark.verdict == "merge")
                {
                    self.change("UPDATE entity SET merged_into = NULL WHERE key = ?1", [merged])?;
                    parted.extend(&entities);
                }
                actors.extend(entities);
                continue;
            }
            let loose = again.entry(report).or_default();
            if matches!(mark.verdict.as_str(), "merge" | "split") {
                loose.extend(item);
            }
        }
        // What analysts said of actors across reports is said anew from the marks that are left.
        for entity in actors {
            if parted.remove(&entity) {
                let told = "SELECT report, id FROM actor WHERE entity = ?1";
                for (report, actor) in self.rows(told, vec![Sql::Integer(entity)], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
                })? {
                    again.entry(report).or_default().insert(actor);
                }
            }
            self.change("UPDATE entity SET rejected = 0, fixed = NULL WHERE key = ?1", [entity])?;
            self.say_again(entity)?;
            link::relearn(&self.connection, entity).map_err(|e| self.fault(e))?;
            spread(&self.connection, entity).map_err(|e| self.fault(e))?;
        }
        for (report, loose) in again {
            self.derive_again(report, &loose)?;
        }
        Ok(())
    }

    /// Puts into an entity's row what the marks on it say.
    fn say_again(&self, entity: i64) -> Result<(), LedgerError> {
        let query = format!(
            "SELECT {COLUMNS} FROM mark JOIN report ON report.id = mark.report AND report.current
             JOIN actor ON actor.report = report.key AND actor.id = coalesce(mark.hangs, mark.item)
             WHERE actor.entity = ?1 AND mark.entity ORDER BY mark.key"
        );
        for mark in self.rows(&query, vec![Sql::Integer(entity)], Row::of)? {
            match (mark.verdict.as_str(), &mark.field, &mark.value) {
                ("reject", ..) => self.change("UPDATE entity SET rejected = 1 WHERE key = ?1", [entity])?,
                ("accept", ..) => self.change("UPDATE entity SET rejected = 0 WHERE key = ?1", [entity])?,
                ("edit", Some(field), Some(value)) => self.change(
                    "UPDATE entity SET fixed = json_set(coalesce(fixed, '{}'), '$.' || ?2, json(?3)) WHERE key = ?1",
                    rusqlite::params![entity, field, value.to_string()],
                )?,
                _ => {}
            }
        }
        Ok(())
    }
}
