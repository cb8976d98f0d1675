//! Reports on one affair: put together as they come in, and told.

use std::collections::BTreeSet;

use annalist_identity::{Group, NEWEST, Paper, Shelf, Terms, regroup};
use annalist_knowledge::Knowledge;
use annalist_record::Report;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use crate::add::day;
use crate::answers::StoryAnswer;
use crate::error::LedgerError;
use crate::filter::{Conditions, FEW_ROWS, Filter, text};
use crate::questions::limit;
use crate::store::Ledger;

/// So many reports that share a key are looked at, the newest: a key that more have tells no affair.
const LOOKED_AT: usize = 60;
/// So many actors and places are named of a story.
const NAMED: usize = 5;

/// The reports of a ledger and their stories.
struct Kept<'c>(&'c Connection);

impl Shelf for Kept<'_> {
    type Error = rusqlite::Error;

    fn sharing(&self, keys: &[u32]) -> rusqlite::Result<Vec<(i64, usize, i64)>> {
        let mut shared = std::collections::BTreeMap::new();
        let mut find = self.0.prepare_cached(
            "SELECT story_key.report, story_report.story FROM story_key JOIN story_report ON story_report.report = story_key.report
             WHERE story_key = ?1 ORDER BY story_key.report DESC LIMIT ?2",
        )?;
        for key in keys {
            for row in
                find.query_map(params![key, LOOKED_AT], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?
            {
                *shared.entry(row?).or_insert(0) += 1;
            }
        }
        Ok(shared.into_iter().map(|((report, story), count)| (report, count, story)).collect())
    }

    fn newest(&self, story: i64) -> rusqlite::Result<Vec<Paper>> {
        let mut find = self.0.prepare_cached(
            "SELECT story_report.report, story_report.terms, report.day FROM story_report JOIN report ON report.key = story_report.report
             WHERE story_report.story = ?1 AND story_report.terms IS NOT NULL ORDER BY story_report.report DESC LIMIT ?2",
        )?;
        let mut papers = find
            .query_map(params![story, NEWEST], |row| {
                let day: Option<String> = row.get(2)?;
                let terms = Terms::from_bytes(&row.get::<_, Vec<u8>>(1)?);
                Ok(Paper { number: row.get(0)?, terms, day: day.and_then(|day| day.parse().ok()) })
            })?
            .collect::<rusqlite::Result<Vec<Paper>>>()?;
        papers.reverse();
        Ok(papers)
    }
}

/// Puts a report on its story, and others on theirs where it shows that they are on another.
pub(crate) fn place(connection: &Connection, key: i64, report: &Report, knowledge: &Knowledge) -> rusqlite::Result<()> {
    let put = |report: i64, story: i64, terms: Option<Vec<u8>>| {
        connection
            .prepare_cached("INSERT OR REPLACE INTO story_report VALUES (?1, ?2, ?3)")?
            .execute(params![report, story, terms])
            .map(|_| ())
    };
    let of_print = "SELECT story_report.story FROM report JOIN story_report ON story_report.report = report.print_of
                    WHERE report.key = ?1 AND report.print_of <> report.key";
    let first: Option<i64> = connection.prepare_cached(of_print)?.query_row([key], |row| row.get(0)).optional()?;
    if let Some(story) = first {
        take_off(connection, key, Some(story))?;
        return put(key, story, None);
    }
    let all = format!("{}\n{}", report.title.as_deref().unwrap_or_default(), report.text);
    let terms = Terms::of(&all, knowledge);
    let (bytes, keys) = (terms.to_bytes(), terms.keys().to_vec());
    // Read again with the same words, it stays where it is, and so does the story's number.
    let there = "SELECT 1 FROM story_report WHERE report = ?1 AND terms = ?2";
    if connection.prepare_cached(there)?.exists(params![key, bytes])? {
        return Ok(());
    }
    take_off(connection, key, None)?;
    let day = day(report).and_then(|day| day.parse().ok());
    let groups = regroup(Paper { number: key, terms, day }, &Kept(connection))?;
    let mut moved = BTreeSet::new();
    for Group { story, reports, merged } in groups {
        let story = match story {
            Some(story) => story,
            None => {
                connection.prepare_cached("INSERT INTO story DEFAULT VALUES")?.execute([])?;
                connection.last_insert_rowid()
            }
        };
        for other in merged {
            let mut join = connection.prepare_cached("UPDATE story_report SET story = ?2 WHERE story = ?1")?;
            join.execute([other, story])?;
            moved.insert(other);
        }
        for report in reports {
            if report == key {
                put(key, story, Some(bytes.clone()))?;
                // Its prints, if it was read again in other words.
                let prints = "SELECT DISTINCT story FROM story_report
                              WHERE terms IS NULL AND story <> ?2 AND report IN (SELECT key FROM report WHERE print_of = ?1)";
                let mut find = connection.prepare_cached(prints)?;
                for before in find.query_map([key, story], |row| row.get::<_, i64>(0))? {
                    moved.insert(before?);
                }
                let take_along = "UPDATE story_report SET story = ?2
                                  WHERE terms IS NULL AND report IN (SELECT key FROM report WHERE print_of = ?1)";
                connection.prepare_cached(take_along)?.execute([key, story])?;
                continue;
            }
            let before = "SELECT story FROM story_report WHERE report = ?1 AND story <> ?2";
            let before: Option<i64> =
                connection.prepare_cached(before)?.query_row([report, story], |row| row.get(0)).optional()?;
            if let Some(before) = before {
                moved.insert(before);
                let with_prints =
                    "UPDATE story_report SET story = ?2 WHERE report IN (SELECT key FROM report WHERE print_of = ?1)
                                   AND (report = ?1 OR terms IS NULL)";
                connection.prepare_cached(with_prints)?.execute([report, story])?;
            }
        }
    }
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO story_key VALUES (?1, ?2)")?;
    keys.iter().try_for_each(|k| insert.execute(params![k, key]).map(|_| ()))?;
    moved.into_iter().try_for_each(|story| forget(connection, story))
}

/// Takes a report off its story, unless that is `kept`.
fn take_off(connection: &Connection, report: i64, kept: Option<i64>) -> rusqlite::Result<()> {
    let story: Option<i64> = connection
        .prepare_cached("SELECT story FROM story_report WHERE report = ?1")?
        .query_row([report], |row| row.get(0))
        .optional()?;
    connection.prepare_cached("DELETE FROM story_key WHERE report = ?1")?.execute([report])?;
    connection.prepare_cached("DELETE FROM story_report WHERE report = ?1")?.execute([report])?;
    story.filter(|story| kept != Some(*story)).map_or(Ok(()), |story| forget(connection, story))
}

/// Takes away a story that no report is on.
fn forget(connection: &Connection, story: i64) -> rusqlite::Result<()> {
    let unused = "DELETE FROM story WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM story_report WHERE story = ?1)";
    connection.prepare_cached(unused)?.execute([story]).map(|_| ())
}

impl Ledger {
    /// The affairs that reports are on: those with a report that the filter asks for, the last in time, in order of time. `kind` and
    /// `status` are those of events.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn stories(&self, filter: &Filter) -> Result<Vec<StoryAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.and("report.current", []);
        self.about_reports(filter, &mut conditions, "story")?;
        if let Some(name) = &filter.actor {
            let entities: Vec<String> = self.entities_named(name)?.iter().map(i64::to_string).collect();
            let facet = [format!("SELECT report FROM actor WHERE entity IN ({})", entities.join(", "))];
            let holds = format!(
                "EXISTS (SELECT 1 FROM actor a WHERE a.report = report.key AND a.entity IN ({}))",
                entities.join(", ")
            );
            self.narrow_keys(&mut conditions, "report.key", &facet, &holds, Vec::new(), FEW_ROWS)?;
        }
        if let Some(country) = &filter.country {
            let facet = ["place", "actor"].map(|table| format!("SELECT report FROM {table} WHERE country = ?1"));
            let holds = "EXISTS (SELECT 1 FROM place p WHERE p.report = report.key AND p.country = ?1)
                         OR EXISTS (SELECT 1 FROM actor a WHERE a.report = report.key AND a.country = ?1)";
            let code = vec![text(&self.country_code(country))];
            self.narrow_keys(&mut conditions, "report.key", &facet, holds, code, FEW_ROWS)?;
        }
        if filter.kind.is_some() || filter.status.is_some() || filter.place.is_some() {
            // An event of the report that is so.
            let event = Filter {
                kind: filter.kind.clone(),
                status: filter.status.clone(),
                place: filter.place.clone(),
                within: filter.within,
                ..Filter::default()
            };
            let on = self.conditions(&event, &crate::filter::EVENTS)?;
            let events = format!(
                "report.key IN (SELECT event.report FROM event JOIN report ON report.key = event.report WHERE {})",
                on.sql()
            );
            conditions.and(&events, on.values);
        }
        let query = format!(
            "SELECT story_report.story, report.day FROM report JOIN story_report ON story_report.report = report.key
             WHERE {} ORDER BY report.day DESC",
            conditions.sql()
        );
        let keys = self.latest(&query, conditions.values, limit(filter))?;
        let mut stories = keys.into_iter().map(|key| self.story(key)).collect::<Result<Vec<_>, _>>()?;
        stories.retain(|s| !s.of.is_empty());
        stories.reverse();
        Ok(stories)
    }

    /// One story.
    pub(crate) fn story(&self, key: i64) -> Result<StoryAnswer, LedgerError> {
        let on = "story_report JOIN report ON report.key = story_report.report WHERE story_report.story = ?1 AND report.current";
        let of = || vec![Value::Integer(key)];
        type Told = (String, Option<String>, Option<String>, Option<String>, i64);
        let reports: Vec<Told> = self.rows(
            &format!(
                "SELECT report.id, report.title, report.outlet, report.day, report.print_of FROM {on}
                 ORDER BY report.day IS NULL, report.day, report.key"
            ),
            of(),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        )?;
        let prints: BTreeSet<i64> = reports.iter().map(|r| r.4).collect();
        let mut outlets: Vec<String> = Vec::new();
        for outlet in reports.iter().filter_map(|r| r.2.clone()) {
            if !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
        }
        let actors = self.rows(
            &format!(
                "SELECT entity.name FROM actor JOIN entity ON entity.key = actor.entity
                 WHERE actor.report IN (SELECT report.key FROM {on})
                 GROUP BY entity.key ORDER BY count(*) DESC, sum(actor.mentions) DESC, entity.key LIMIT {NAMED}"
            ),
            of(),
            |row| row.get(0),
        )?;
        let places = self.rows(
            &format!(
                "SELECT place.name FROM place WHERE place.report IN (SELECT report.key FROM {on})
                 GROUP BY place.name ORDER BY count(*) DESC, sum(place.mentions) DESC, place.name LIMIT {NAMED}"
            ),
            of(),
            |row| row.get(0),
        )?;
        let happenings: i64 = self
            .rows(
                &format!("SELECT count(DISTINCT happening) FROM event WHERE report IN (SELECT report.key FROM {on})"),
                of(),
                |row| row.get(0),
            )?
            .into_iter()
            .next()
            .unwrap_or_default();
        Ok(StoryAnswer {
            id: format!("S{key}"),
            title: reports.iter().find_map(|r| r.1.clone()),
            first: reports.iter().filter_map(|r| r.3.clone()).min(),
            last: reports.iter().filter_map(|r| r.3.clone()).max(),
            reports: prints.len() as i64,
            outlets,
            actors,
            places,
            happenings,
            of: reports.into_iter().map(|r| r.0).collect(),
        })
    }
}
