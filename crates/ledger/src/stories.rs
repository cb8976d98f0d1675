//! Reports on one affair: put together as they come in, and told.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use annalist_identity::{Group, NEWEST, Paper, SHARED, Shelf, Terms, content_words, regroup};
use annalist_knowledge::Knowledge;
use annalist_record::Report;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use crate::add::{day, one_line};
use crate::answers::StoryAnswer;
use crate::error::LedgerError;
use crate::filter::{Conditions, Filter, text};
use crate::newsworthy::within;
use crate::questions::{limit, shared};
use crate::store::Ledger;

/// So many reports that share a key are looked at, the newest: a key that more have tells no affair.
const LOOKED_AT: usize = 60;
/// Reports with an event of a kind or status are found first if there are no more of them than this; otherwise they are looked at in order of
/// time,
const FEW: usize = 500;
/// and if few of the last answer, they are found first after all if there are no more of them than this.
const MANY: usize = 5_000;
/// A story without a headline is called by the first words of one of its reports, at most so many code points.
const OPENING: usize = 140;
/// So many of its reports' headings are looked at, the first.
const HEADINGS: usize = 12;
/// Of so many of its reports, the last, it is asked whether they are comment: each has to be read for that.
const JUDGED: usize = 100;
/// So many actors and places are named of a story.
const NAMED: usize = 5;

/// A report on a story: its id, title, outlet, day, the first that prints its text, and its number.
type Told = (String, Option<String>, Option<String>, Option<String>, i64, i64);

/// The reports of a ledger and their stories.
struct Kept<'c>(&'c Connection);

impl Shelf for Kept<'_> {
    type Error = rusqlite::Error;

    fn sharing(&self, keys: &[u32]) -> rusqlite::Result<Vec<(i64, usize, i64)>> {
        let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
        let mut find =
            self.0.prepare_cached("SELECT report FROM story_key WHERE story_key = ?1 ORDER BY report DESC LIMIT ?2")?;
        for key in keys {
            for report in find.query_map(params![key, LOOKED_AT], |row| row.get(0))? {
                *shared.entry(report?).or_default() += 1;
            }
        }
        let mut on = self.0.prepare_cached("SELECT story FROM story_report WHERE report = ?1")?;
        let enough = shared.into_iter().filter(|(_, count)| *count >= SHARED);
        enough.map(|(report, count)| Ok((report, count, on.query_row([report], |row| row.get(0))?))).collect()
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
        let mut conditions = self.on_stories(filter, FEW)?;
        let keys = match (conditions.found.take(), conditions.wide && !conditions.narrow) {
            (Some(found), _) => {
                let query = format!(
                    "SELECT story_report.story, report.day FROM report JOIN story_report ON story_report.report = report.key
                     WHERE {} AND report.key IN (SELECT value FROM json_each(?))",
                    conditions.sql()
                );
                Some(self.latest_among(&query, conditions.values.clone(), &found, filter, limit(filter))?)
            }
            (None, true) => {
                // Looked at report by report, the last in time first.
                let mut days = Conditions::default();
                days.and("report.current", []);
                for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
                    if let Some(day) = day {
                        days.and(&format!("report.day {is} ?"), [text(day)]);
                    }
                }
                let query = format!(
                    "SELECT story_report.story, report.day, {} FROM report JOIN story_report ON story_report.report = report.key
                     WHERE {} ORDER BY report.day DESC",
                    conditions.sql(),
                    days.sql()
                );
                let values = conditions.values.iter().chain(&days.values).cloned().collect();
                let walked = self.latest_walked(&query, values, limit(filter))?;
                if walked.is_none() {
                    conditions = self.on_stories(filter, MANY)?;
                }
                walked
            }
            (None, false) => None,
        };
        let keys = match keys {
            Some(keys) => keys,
            None => {
                let query = format!(
                    "SELECT story_report.story, report.day FROM report JOIN story_report ON story_report.report = report.key
                     WHERE {} ORDER BY report.day DESC",
                    conditions.sql()
                );
                self.latest(&query, conditions.values, limit(filter))?
            }
        };
        let mut stories = keys.into_iter().map(|key| self.story(key)).collect::<Result<Vec<_>, _>>()?;
        stories.retain(|s| !s.of.is_empty());
        stories.reverse();
        Ok(stories)
    }

    /// The conditions of a filter on reports and their stories. Reports with an event of a kind or status are found first if there are no more
    /// of them than `few`.
    fn on_stories(&self, filter: &Filter, few: usize) -> Result<Conditions, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.and("report.current", []);
        self.about_reports(filter, &mut conditions, "story")?;
        let enough = self.few("report", limit(filter))?;
        if let Some(name) = &filter.actor {
            let entities: Vec<String> = self.entities_named(name)?.iter().map(i64::to_string).collect();
            let facet = match self.past {
                false => format!("SELECT report, day FROM named WHERE entity IN ({})", entities.join(", ")),
                true => format!(
                    "SELECT r.key, r.day FROM actor a CROSS JOIN report r ON r.key = a.report WHERE a.entity IN ({})",
                    entities.join(", ")
                ),
            };
            let holds = format!(
                "EXISTS (SELECT 1 FROM actor a WHERE a.report = report.key AND a.entity IN ({}))",
                entities.join(", ")
            );
            self.narrow_dated(&mut conditions, filter, &[facet], &holds, Vec::new(), enough)?;
        }
        if let Some(country) = &filter.country {
            let facet = ["place", "actor"].map(|table| {
                format!(
                    "SELECT report.key, report.day FROM (SELECT DISTINCT report FROM {table} WHERE country = ?1) AS f
                     CROSS JOIN {} ON report.key = f.report WHERE report.current",
                    self.reports_told()
                )
            });
            let holds = "EXISTS (SELECT 1 FROM place p WHERE p.report = report.key AND p.country = ?1)
                         OR EXISTS (SELECT 1 FROM actor a WHERE a.report = report.key AND a.country = ?1)";
            let code = vec![text(&self.country_code(country))];
            self.narrow_dated(&mut conditions, filter, &facet, holds, code, enough)?;
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
            let rows =
                format!("SELECT event.report FROM event JOIN report ON report.key = event.report WHERE {}", on.sql());
            let few = if on.narrow { enough } else { few };
            match self.keys(&rows, on.values.clone(), few)? {
                Some(keys) => {
                    conditions.among("report.key", &keys);
                    conditions.narrow = true;
                }
                None => {
                    let holds = format!(
                        "EXISTS (SELECT 1 FROM event INDEXED BY event_place WHERE event.report = report.key AND {})",
                        on.sql()
                    );
                    conditions.and(&holds, on.values);
                    conditions.wide = true;
                }
            }
        }
        Ok(conditions)
    }

    /// One story.
    pub(crate) fn story(&self, key: i64) -> Result<StoryAnswer, LedgerError> {
        let on = "story_report JOIN report ON report.key = story_report.report WHERE story_report.story = ?1 AND report.current";
        let reports: Vec<Told> = self.rows(
            &format!(
                "SELECT report.id, report.title, report.outlet, report.day, report.print_of, report.key FROM {on}
                 ORDER BY report.day IS NULL, report.day, report.key"
            ),
            vec![Value::Integer(key)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)),
        )?;
        let prints: BTreeSet<i64> = reports.iter().map(|r| r.4).collect();
        let mut outlets: Vec<String> = Vec::new();
        for outlet in reports.iter().filter_map(|r| r.2.clone()) {
            if !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
        }
        let within = |column: &str| Conditions::of_keys(column, &reports.iter().map(|r| r.5).collect::<Vec<i64>>());
        let of = within("actor.report");
        // Gone through report by report: an actor's reports are many more.
        let query = format!(
            "SELECT actor.report, actor.entity, actor.mentions FROM actor WHERE {} AND +actor.entity IS NOT NULL",
            of.sql()
        );
        let named: Vec<(i64, i64, i64)> =
            self.rows(&query, of.values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let often = (!self.past).then(|| in_most_reports(&named));
        let is_often = |entity: &i64| often.as_ref().is_none_or(|often| often.contains(entity));
        let named = named.into_iter().map(|(_, entity, mentions)| (entity, mentions));
        let named = named.filter(|(entity, _)| is_often(entity)).collect();
        let mut actors: Vec<String> = Vec::new();
        for entity in most_often(named) {
            if actors.len() == NAMED {
                break;
            }
            let name = "SELECT name FROM entity WHERE key = ?1";
            actors.extend(self.rows(name, vec![Value::Integer(entity)], |row| row.get::<_, String>(0))?);
        }
        let of = within("place.report");
        let query = format!("SELECT place.name, place.mentions FROM place WHERE {}", of.sql());
        let placed: Vec<(String, i64)> = self.rows(&query, of.values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut places = most_often(placed);
        places.truncate(NAMED);
        let of = within("event.report");
        let query = format!("SELECT event.happening FROM event INDEXED BY event_place WHERE {}", of.sql());
        let happenings: Vec<i64> = self.rows(&query, of.values, |row| row.get(0))?;
        let happenings = happenings.into_iter().collect::<HashSet<_>>().len() as i64;
        let titled = reports.iter().map(|r| (r.0.as_str(), r.1.as_deref()));
        let title = self.heading(titled, actors.iter().chain(&places))?;
        Ok(StoryAnswer {
            id: format!("S{key}"),
            title,
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

    /// What tells most of reports on one affair, given by id and title, among their titles; where there are none, among their first words.
    fn heading<'r>(
        &self,
        reports: impl Iterator<Item = (&'r str, Option<&'r str>)> + Clone,
        named: impl Iterator<Item = &'r String>,
    ) -> Result<Option<String>, LedgerError> {
        let titles = reports.clone().filter_map(|(_, title)| title).filter(|title| !title.trim().is_empty());
        let mut headings: Vec<String> = titles.take(HEADINGS).map(str::to_string).collect();
        if headings.is_empty() {
            for (id, _) in reports.take(HEADINGS) {
                headings.extend(self.opening(id)?);
            }
        }
        Ok(most_telling(headings, named, self.knowledge))
    }

    /// A story as it is news of a time: of the reports that tell news, headed by one of those of the time. `None` if only one tells news.
    pub(crate) fn news_story(
        &self,
        mut story: StoryAnswer,
        filter: &Filter,
    ) -> Result<Option<StoryAnswer>, LedgerError> {
        let last = story.of.split_off(story.of.len().saturating_sub(JUDGED));
        story.of.extend(self.without_writers_own(last, |id| id, usize::MAX)?);
        let mut told: Vec<(String, Option<String>, bool, i64)> = Vec::with_capacity(story.of.len());
        for id in &story.of {
            let query = "SELECT title, day, print_of FROM report WHERE id = ?1 AND current";
            told.extend(self.rows(query, vec![text(id)], |row| {
                let day: Option<String> = row.get(1)?;
                Ok((id.clone(), row.get(0)?, day.is_some_and(|day| within(&day, filter)), row.get(2)?))
            })?);
        }
        story.reports = told.iter().map(|told| told.3).collect::<BTreeSet<i64>>().len() as i64;
        let of_then = told.iter().filter(|told| told.2).map(|(id, title, ..)| (id.as_str(), title.as_deref()));
        if let Some(title) = self.heading(of_then, story.actors.iter().chain(&story.places))? {
            story.title = Some(title);
        }
        Ok((story.reports > 1).then_some(story))
    }

    /// The words with which a report opens.
    pub(crate) fn opening(&self, id: &str) -> Result<Option<String>, LedgerError> {
        let query = "SELECT substr(page.text, 1, 600) FROM report JOIN page ON page.report = report.key WHERE report.id = ?1 AND report.current";
        let texts: Vec<String> = self.rows(query, vec![text(id)], |row| row.get(0))?;
        Ok(texts.iter().find_map(|text| opening(text)))
    }
}

/// Of the headings of reports on one affair the one that tells most of it: it has words of the others, and names who and what is named most.
/// The first of several.
fn most_telling<'n>(
    headings: Vec<String>,
    named: impl Iterator<Item = &'n String>,
    knowledge: &Knowledge,
) -> Option<String> {
    let told: Vec<BTreeSet<String>> = headings.iter().map(|heading| content_words(heading, knowledge)).collect();
    let named: Vec<BTreeSet<String>> = named.map(|name| content_words(name, knowledge)).collect();
    let tells = |at: usize| {
        let others = told.iter().enumerate().filter(|(other, _)| *other != at);
        let alike: f64 = others.map(|(_, words)| shared(&told[at], words)).sum();
        let names = named.iter().filter(|name| !told[at].is_disjoint(name)).count();
        alike / told.len().max(2) as f64 + names as f64 / named.len().max(1) as f64
    };
    let first_best = (0..headings.len()).rev().max_by(|&a, &b| tells(a).total_cmp(&tells(b)));
    first_best.and_then(|at| headings.into_iter().nth(at))
}

/// Who is named in most of some reports: as many as are told of a story, and whoever is in as many reports as the last of these. Reports, and
/// who is named in them, are given by number.
fn in_most_reports(named: &[(i64, i64, i64)]) -> HashSet<i64> {
    let once: HashSet<(i64, i64)> = named.iter().map(|(report, entity, _)| (*report, *entity)).collect();
    let mut counts: HashMap<i64, usize> = HashMap::new();
    once.into_iter().for_each(|(_, entity)| *counts.entry(entity).or_default() += 1);
    let mut most: Vec<usize> = counts.values().copied().collect();
    most.sort_unstable_by_key(|count| Reverse(*count));
    let least = most.get(NAMED.saturating_sub(1)).copied().unwrap_or(0);
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(entity, _)| entity).collect()
}

/// Who or what is named, each with how many mentions: those named most often first, and of these those with most mentions.
fn most_often<T: Ord + Hash + Clone>(named: Vec<(T, i64)>) -> Vec<T> {
    let mut counts: HashMap<T, (usize, i64)> = HashMap::new();
    for (one, mentions) in named {
        let (count, sum) = counts.entry(one).or_default();
        *count += 1;
        *sum += mentions;
    }
    let mut counts: Vec<(T, (usize, i64))> = counts.into_iter().collect();
    counts.sort_by_cached_key(|(one, (count, sum))| (Reverse(*count), Reverse(*sum), one.clone()));
    counts.into_iter().map(|(one, _)| one).collect()
}

/// The first words of a text, as far as the first line or [`OPENING`] goes; `None` if there are none.
fn opening(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    if line.chars().count() <= OPENING {
        return Some(one_line(line));
    }
    let mut words = String::new();
    for word in line.split_whitespace() {
        if words.chars().count() + word.chars().count() >= OPENING {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    (!words.is_empty()).then(|| format!("{}…", words.trim_end_matches([',', ';', ':'])))
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use super::{in_most_reports, most_often, most_telling, opening};

    #[test]
    fn a_story_has_the_heading_that_tells_most_of_it() {
        let headings = ["An empty chair", "Envoys and the Front meet in Elva", "The Front meets envoys again"];
        let told = |named: &[&str]| {
            let named: Vec<String> = named.iter().map(|name| name.to_string()).collect();
            most_telling(headings.map(str::to_string).to_vec(), named.iter(), Knowledge::english())
        };
        assert_eq!(told(&["Front", "Elva"]).as_deref(), Some(headings[1]));
        // The first of several, and none of none.
        let alike = ["A ferry sank", "A bridge fell"].map(str::to_string).to_vec();
        assert_eq!(most_telling(alike, [].iter(), Knowledge::english()).as_deref(), Some("A ferry sank"));
        assert_eq!(most_telling(Vec::new(), [].iter(), Knowledge::english()), None);
    }

    #[test]
    fn who_is_in_few_reports_is_not_named_however_often() {
        // Five in two reports each; a sixth in one, twice.
        let mut named: Vec<(i64, i64, i64)> = (1..=5).flat_map(|entity| [(1, entity, 1), (2, entity, 1)]).collect();
        named.extend([(3, 6, 9), (3, 6, 9)]);
        let mut often: Vec<i64> = in_most_reports(&named).into_iter().collect();
        often.sort_unstable();
        assert_eq!(often, [1, 2, 3, 4, 5]);
        assert!(in_most_reports(&[(3, 6, 9)]).contains(&6));
    }

    #[test]
    fn who_is_named_most_often_comes_first() {
        let named = [("Tarn", 1), ("Elva", 4), ("Tarn", 2), ("Orde", 4), ("Skarn", 5)];
        assert_eq!(most_often(named.to_vec()), ["Tarn", "Skarn", "Elva", "Orde"]);
    }

    #[test]
    fn a_story_without_headlines_opens_with_its_words() {
        assert_eq!(opening("\n  Ferries stop  at Elva.\nMore follows."), Some("Ferries stop at Elva.".into()));
        let long = format!("The harbour, {}", "with all its piers, ".repeat(20));
        let told = opening(&long).unwrap();
        assert!(told.starts_with("The harbour, with all") && told.ends_with('…') && !told.contains(",…"), "{told}");
        assert!(told.chars().count() <= super::OPENING + 1);
        assert_eq!(opening(" \n\t\n"), None);
    }
}
