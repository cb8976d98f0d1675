//! Questions over everything, from sums that the rows keep (`sums.sql`).

use std::collections::BTreeSet;

use rusqlite::Row;
use rusqlite::types::Value;

use crate::answers::{ActorAnswer, PlaceAnswer};
use crate::error::LedgerError;
use crate::filter::{Conditions, Filter, text};
use crate::questions::limit;
use crate::store::Ledger;

/// Two entities, and the happenings in which they met, with when.
pub(crate) type Met = ((i64, i64), Vec<(Option<String>, i64)>);

/// Each sum, and what it is the sum of.
const SUMS: [(&str, &str, &str); 19] = [
    (
        "who is named where",
        "SELECT entity, print_of, report FROM named",
        "SELECT a.entity, r.print_of, r.key FROM actor a JOIN report r ON r.key = a.report WHERE r.current AND a.entity IS NOT NULL",
    ),
    (
        "how many reports name whom",
        "SELECT key, reports FROM entity WHERE reports <> 0",
        "SELECT a.entity, count(DISTINCT r.print_of) FROM actor a JOIN report r ON r.key = a.report
         WHERE r.current AND a.entity IS NOT NULL GROUP BY 1",
    ),
    (
        "how many statements who made",
        "SELECT key, statements FROM entity WHERE statements <> 0",
        "SELECT s.entity, count(*) FROM statement s JOIN report r ON r.key = s.report
         WHERE s.entity IS NOT NULL AND r.current AND r.key = r.print_of GROUP BY 1",
    ),
    (
        "who took part in what",
        "SELECT entity, happening, event FROM took_part",
        "SELECT p.entity, e.happening, e.key FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
         WHERE r.current AND p.entity IS NOT NULL",
    ),
    (
        "in which report who took part",
        "SELECT event, role, position, report FROM participant",
        "SELECT p.event, p.role, p.position, e.report FROM participant p JOIN event e ON e.key = p.event",
    ),
    (
        "who met whom",
        "SELECT one, other, happening, event FROM met",
        "SELECT a.entity, b.entity, e.happening, e.key FROM event e JOIN report r ON r.key = e.report
         JOIN participant a ON a.event = e.key JOIN participant b ON b.event = e.key AND a.entity < b.entity
         WHERE e.type = 'CONSULT' AND r.current",
    ),
    (
        "what happened where",
        "SELECT s.place, h.happening, h.event FROM held h JOIN spot s ON s.key = h.spot",
        "SELECT coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')), e.happening, e.key
         FROM event e JOIN place p ON p.report = e.report AND p.id = e.place JOIN report r ON r.key = e.report WHERE r.current",
    ),
    (
        "how many reports name which place",
        "SELECT place, reports FROM spot WHERE reports <> 0",
        "SELECT coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')), count(DISTINCT r.print_of)
         FROM place p JOIN report r ON r.key = p.report WHERE r.current GROUP BY 1",
    ),
    (
        "what who did",
        "SELECT entity, event, day, print_of, report_day FROM deed",
        "SELECT p.entity, e.key, e.day, r.print_of, r.day FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
         WHERE p.entity IS NOT NULL AND p.role = 'actor' AND r.current AND e.status IN ('happened', 'ongoing', 'denied')
           AND e.day IS NOT NULL AND r.day IS NOT NULL",
    ),
    (
        "how often who met whom",
        "SELECT one, other, times FROM contact",
        "SELECT a.entity, b.entity, count(DISTINCT e.happening) FROM event e JOIN report r ON r.key = e.report
         JOIN participant a ON a.event = e.key JOIN participant b ON b.event = e.key AND a.entity < b.entity
         WHERE e.type = 'CONSULT' AND e.status IN ('happened', 'ongoing') AND r.current GROUP BY 1, 2",
    ),
    (
        "in how much who took part",
        "SELECT key, happenings FROM entity WHERE happenings <> 0",
        "SELECT p.entity, count(DISTINCT e.happening) FROM participant p JOIN event e ON e.key = p.event JOIN report r ON r.key = e.report
         WHERE r.current AND p.entity IS NOT NULL GROUP BY 1",
    ),
    (
        "how much happened where",
        "SELECT place, happenings FROM spot WHERE happenings <> 0",
        "SELECT coalesce(p.gazetteer_id, p.name || '|' || coalesce(p.country, '')), count(DISTINCT e.happening)
         FROM event e JOIN place p ON p.report = e.report AND p.id = e.place JOIN report r ON r.key = e.report WHERE r.current GROUP BY 1",
    ),
    (
        "which quotations are traced",
        "SELECT key, day, entity, source FROM quotation WHERE traced",
        "SELECT q.key, s.day, s.entity, coalesce((SELECT a.name FROM actor a WHERE a.report = s.report AND a.id = s.speaker), nullif(s.source, ''))
         FROM quotation q JOIN statement s ON s.report = q.report AND s.id = q.statement
         WHERE (SELECT count(DISTINCT r.print_of) FROM quotation o JOIN report r ON r.key = o.report WHERE o.saying = q.saying AND r.current) > 1",
    ),
    (
        "who is bound to what",
        "SELECT vow.commitment, vow.entity, vow.day, vow.print_of, vow_word.word FROM vow LEFT JOIN vow_word
           ON vow_word.vow = vow.commitment AND vow_word.entity = vow.entity",
        "SELECT c.key, c.by_entity, c.day, r.print_of, w.value FROM commitment c JOIN report r ON r.key = c.report
         LEFT JOIN json_each(number_list(content_words(c.what))) w WHERE r.current AND c.by_entity IS NOT NULL AND c.day IS NOT NULL",
    ),
    (
        "what bears on what who is bound to",
        "SELECT vow, event FROM bearing",
        "SELECT v.commitment, d.event FROM vow v CROSS JOIN deed d ON d.entity = v.entity AND d.day >= v.day
         WHERE d.report_day > v.day AND d.print_of <> v.print_of AND one_matter(v.words, d.words, NULL)",
    ),
    (
        "what is bound again",
        "SELECT vow, later FROM again",
        "SELECT v.commitment, l.commitment FROM vow v JOIN vow l ON l.entity = v.entity AND l.day > v.day
         WHERE l.print_of <> v.print_of AND one_matter(v.words, l.words, NULL)",
    ),
    (
        "who is in which report",
        "SELECT roll.report, n.value FROM roll JOIN json_each(number_list(roll.entities)) n",
        "SELECT report, entity FROM named",
    ),
    (
        "which places are in which report",
        "SELECT roll.report, n.value FROM roll JOIN json_each(number_list(roll.spots)) n",
        "SELECT report, spot FROM placed",
    ),
    (
        "what happened where by which report",
        "SELECT roll.report, n.value FROM roll JOIN json_each(pair_list(roll.held)) n",
        "SELECT e.report, (h.spot << 32) | h.happening FROM held h JOIN event e ON e.key = h.event",
    ),
];

impl Ledger {
    /// Whether sums hold for a filter: it asks for all reports, of today.
    pub(crate) fn has_sums(&self, filter: &Filter) -> bool {
        let Filter { since, until, outlet, new_since, words, .. } = filter;
        !self.past && [since, until, outlet, new_since, words].iter().all(|given| given.is_none())
    }

    /// [`Ledger::actors`], for a filter that has sums. `conditions` are on `entity`.
    pub(crate) fn actors_of_all(
        &self,
        filter: &Filter,
        conditions: Conditions,
    ) -> Result<Vec<ActorAnswer>, LedgerError> {
        let query = format!(
            "SELECT entity.key, entity.name, entity.kind, entity.country, entity.sectors, entity.reports, entity.statements,
               entity.happenings, (SELECT min(day) FROM named WHERE named.entity = entity.key), (SELECT max(day) FROM named WHERE named.entity = entity.key)
             FROM entity WHERE entity.reports > 0 AND {} ORDER BY entity.reports DESC, entity.key LIMIT {}",
            conditions.sql(),
            limit(filter)
        );
        self.rows(&query, conditions.values, |row| {
            Ok(ActorAnswer {
                id: format!("E{}", row.get::<_, i64>(0)?),
                name: row.get(1)?,
                kind: row.get(2)?,
                country: row.get(3)?,
                sectors: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default(),
                reports: row.get(5)?,
                statements: row.get(6)?,
                events: row.get(7)?,
                first: row.get(8)?,
                last: row.get(9)?,
            })
        })
    }

    /// [`Ledger::places`], for a filter that has sums and names no place.
    pub(crate) fn places_of_all(&self, filter: &Filter) -> Result<Vec<PlaceAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        if let Some(country) = &filter.country {
            conditions.and("place.country = ?", [text(&self.country_code(country))]);
        }
        if let Some(kind) = &filter.kind {
            conditions.and("place.kind = ? COLLATE NOCASE", [text(kind)]);
        }
        let query = format!(
            "SELECT place.gazetteer_id, place.name, place.kind, place.country, place.lat, place.lon, spot.reports,
               spot.happenings, (SELECT min(day) FROM placed WHERE placed.spot = spot.key), (SELECT max(day) FROM placed WHERE placed.spot = spot.key)
             FROM spot JOIN place ON (place.report, place.id) =
               (SELECT f.report, f.id FROM placed f WHERE f.spot = spot.key ORDER BY f.print_of, f.report, f.id LIMIT 1)
             WHERE spot.reports > 0 AND {} ORDER BY spot.reports DESC, place.name LIMIT {}",
            conditions.sql(),
            limit(filter)
        );
        self.rows(&query, conditions.values, PlaceAnswer::of_row)
    }

    /// Who met whom, those that did so most often first, and in which happenings when, for a filter that has sums and is about nothing but
    /// somebody.
    pub(crate) fn met(&self, filter: &Filter, of: Option<&[i64]>) -> Result<Vec<Met>, LedgerError> {
        let list = of.map(|of| of.iter().map(i64::to_string).collect::<Vec<_>>().join(", "));
        let about = list.map_or("1".to_string(), |list| format!("one IN ({list}) OR other IN ({list})"));
        let query = format!(
            "SELECT one, other FROM contact WHERE {about} ORDER BY times DESC, one, other LIMIT {}",
            limit(filter)
        );
        let pairs: Vec<(i64, i64)> = self.rows(&query, Vec::new(), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let query =
            "SELECT min(day), happening FROM met WHERE one = ?1 AND other = ?2 AND status IN ('happened', 'ongoing')
                     GROUP BY happening";
        let when = |(one, other)| {
            let values = vec![Value::Integer(one), Value::Integer(other)];
            Ok(((one, other), self.rows(query, values, |row| Ok((row.get(0)?, row.get(1)?)))?))
        };
        pairs.into_iter().map(when).collect()
    }

    /// Checks that all sums are those of the rows.
    pub(crate) fn check_sums(&self) -> Result<(), LedgerError> {
        for (what, kept, made) in SUMS {
            let rows = |query: &str| -> Result<BTreeSet<String>, LedgerError> {
                let read = |row: &Row| {
                    let mut line = String::new();
                    for at in 0..row.as_ref().column_count() {
                        match row.get::<_, Value>(at)? {
                            Value::Integer(number) => line.push_str(&number.to_string()),
                            Value::Text(words) => line.push_str(&words),
                            _ => {}
                        }
                        line.push('\t');
                    }
                    Ok(line)
                };
                Ok(self.rows(query, Vec::new(), read)?.into_iter().collect())
            };
            if rows(kept)? != rows(made)? {
                let reason = format!("what it keeps of {what} is not what its reports say");
                return Err(LedgerError::Corrupt { path: self.path.clone(), reason });
            }
        }
        Ok(())
    }
}
