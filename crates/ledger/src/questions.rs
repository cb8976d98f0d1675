//! What the ledger is asked.

use std::collections::{BTreeMap, BTreeSet};

use annalist_identity::{content_words, first_shared};
use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::answers::{
    ActorAnswer, ContactAnswer, EventAnswer, PlaceAnswer, SearchAnswer, StatementAnswer, TimelineAnswer,
};
use crate::error::LedgerError;
use crate::filter::{Conditions, EVENTS, Filter, STATEMENTS, Subject, all_words, text};
use crate::newsworthy::{lead, stands_alone};
use crate::quotations::TRACED;
use crate::store::Ledger;
use crate::sums::Met;

/// So many rows answer a question, unless more or fewer are asked for.
pub const ROWS: usize = 100;

/// No question is answered with more rows, so that a few times as many can still be counted.
const MOST: usize = 1 << 40;

/// Events that answer to a condition are found before those in which somebody met if there are no more of them than this.
const FEW_EVENTS: usize = 1_000;

/// Of what has the words that are searched for, so many are ranked, those that came in last.
const RANKED: usize = 5_000;

/// Not more rows than this are chosen first and looked up then.
const FIRST: usize = 10_000;

/// Of so many times as many pairs as are asked for, those are looked for who can have met.
const SIDES: usize = 10;

/// PLOVER's type of events in which actors meet or speak with each other.
const CONTACT: &str = "CONSULT";

/// Those who met, did so in an event of a country: one who took part is of it, or it was there.
const MET_IN_COUNTRY: &str = "+met.event IN (
  SELECT m.event FROM met m WHERE +m.one IN (SELECT key FROM entity WHERE country = ?) OR +m.other IN (SELECT key FROM entity WHERE country = ?)
  UNION ALL SELECT e.key FROM spot s CROSS JOIN event e ON e.spot = s.key AND e.type = 'CONSULT' WHERE s.country = ?)";

/// What an event looks like in an answer.
const EVENT_COLUMNS: &str =
    "report.id || '/' || event.id, event.day, event.earliest, event.latest, event.type, event.mode, event.status,
  event.key, place.name, place.country, place.lat, place.lon, event.evidence,
  (SELECT coalesce((SELECT name FROM entity WHERE key = s.entity), s.source) FROM statement s
   WHERE s.report = event.report AND s.id = event.said_in),
  event.happening, report.outlet, report.title, report.published, event.confidence, report.print_of, report.day, event.start, event.trigger_text";

const EVENT_TABLES: &str = "event JOIN report ON report.key = event.report
  LEFT JOIN place ON place.report = event.report AND place.id = event.place";

/// An event with what it is put together by.
struct Mention {
    answer: EventAnswer,
    event: i64,
    print_of: i64,
    report_day: Option<String>,
    /// Where it is told, in code points from the beginning of its report.
    start: i64,
    /// The words that tell it.
    trigger: String,
}

/// A count of an event, as a report has it.
struct Figure {
    what: String,
    /// Between which numbers it is.
    range: (f64, f64),
    words: String,
    /// The content words of whom is counted.
    of: BTreeSet<String>,
    by: String,
    id: String,
    print_of: i64,
}

/// The counts that are not as another report has them.
fn apart(figures: &[Figure]) -> Vec<&Figure> {
    let differ = |a: &Figure, b: &Figure| a.range.1 < b.range.0 || b.range.1 < a.range.0;
    let alike =
        |a: &Figure, b: &Figure| a.what == b.what && (a.of.is_empty() || b.of.is_empty() || !a.of.is_disjoint(&b.of));
    // Two reports that agree on a number: what else either counts is a part of that, or more.
    let agree = |a: i64, b: i64, what: &str| {
        let of = |print: i64| figures.iter().filter(move |f| f.print_of == print && f.what == what);
        of(a).any(|one| of(b).any(|other| alike(one, other) && !differ(one, other)))
    };
    let against = |a: &&Figure| {
        figures
            .iter()
            .any(|b| a.print_of != b.print_of && alike(a, b) && differ(a, b) && !agree(a.print_of, b.print_of, &a.what))
    };
    figures.iter().filter(against).collect()
}

/// How long a year and a month are in ISO 8601.
const YEAR: usize = 4;
const MONTH: usize = 7;

/// The month or year (ISO 8601, `2026-03` or `2026`) that lasts from one day to another.
fn whole(from: &str, until: &str) -> Option<String> {
    let (first, last) = (from.parse::<Date>().ok()?, until.parse::<Date>().ok()?);
    match (first.first_of_year() == first, first.first_of_month() == first) {
        (true, _) if first.last_of_year() == last => from.get(..YEAR).map(str::to_string),
        (_, true) if first.last_of_month() == last => from.get(..MONTH).map(str::to_string),
        _ => None,
    }
}

/// Whether one report has it that something happened and the other that it did not. To announce a thing is to contradict neither.
fn contradicts(a: &str, b: &str) -> bool {
    let (took_place, denied) = (|s: &str| matches!(s, "happened" | "ongoing"), |s: &str| s == "denied");
    took_place(a) && denied(b) || denied(a) && took_place(b)
}

/// Whether two reports have the same do a deed to the same, as far as both tell who.
fn by_the_same(a: &EventAnswer, b: &EventAnswer) -> bool {
    let share = |a: &[String], b: &[String]| a.is_empty() || b.is_empty() || a.iter().any(|name| b.contains(name));
    let anybody = |e: &EventAnswer| !e.actors.is_empty() || !e.recipients.is_empty();
    anybody(a) && anybody(b) && share(&a.actors, &b.actors) && share(&a.recipients, &b.recipients)
}

/// Somebody who may have met somebody.
struct Side {
    name: String,
    kind: Option<String>,
    country: Option<String>,
    /// Whether it is a state, by its name.
    state: bool,
}

/// Whether those who are told of in one meeting can have met: a paper or the public are told of it, and a country does not meet its own people.
fn can_meet(a: &Side, b: &Side) -> bool {
    let is = |side: &Side, kinds: &[&str]| side.kind.as_deref().is_some_and(|kind| kinds.contains(&kind));
    let own = |state: &Side, other: &Side| {
        state.state && is(other, &["person", "office"]) && state.country.is_some() && state.country == other.country
    };
    !is(a, &["media", "people"]) && !is(b, &["media", "people"]) && !own(a, b) && !own(b, a)
}

/// So many mentions of a happening are likened to each other,
const LIKENED: usize = 30;
/// and one that has no word of the others counts so much.
const UNLIKE: f64 = 0.1;

/// The part of the words of two sentences that both have.
pub(crate) fn shared(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    a.intersection(b).count() as f64 / a.len().max(b.len()).max(1) as f64
}

/// Not what only describes who does something else: "US-backed rebels".
pub(crate) const DEEDS: &str = "NOT (event.status = 'ongoing' AND instr(event.evidence, '-' || event.trigger_text))";

/// Who has a role in a happening: first whom the mention that it is shown by names in it, then whom others do; where several reports tell it
/// only those whom two have in it, and never those whom more have in the other role. The mentions' names by the report's first print.
fn in_role(shown: &[String], role: &[(i64, &[String])], other: &[(i64, &[String])]) -> Vec<String> {
    let reports = |of: &[(i64, &[String])]| {
        let mut reports: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
        for (print, names) in of {
            for name in *names {
                reports.entry(name.clone()).or_default().insert(*print);
            }
        }
        reports
    };
    let (here, there) = (reports(role), reports(other));
    let several = role.iter().map(|(print, _)| *print).collect::<BTreeSet<_>>().len() > 2;
    let agreed = |name: &String| {
        let count = |of: &BTreeMap<String, BTreeSet<i64>>| of.get(name).map_or(0, BTreeSet::len);
        (!several || count(&here) > 1) && count(&here) >= count(&there)
    };
    let mut seen = BTreeSet::new();
    let others = role.iter().flat_map(|(_, names)| *names).filter(|name| agreed(name));
    shown.iter().chain(others).filter(|name| seen.insert(*name)).cloned().collect()
}

impl Ledger {
    /// The events that reports tell, each as each report tells it; the last in time, in order of time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn events(&self, filter: &Filter) -> Result<Vec<EventAnswer>, LedgerError> {
        let order = "event.day DESC, event.key DESC";
        let conditions = self.among_first(filter, &EVENTS, &[])?;
        let mentions = self.mentions(&conditions, order, limit(filter))?;
        Ok(mentions.into_iter().rev().map(|m| m.answer).collect())
    }

    /// The events across reports: what happened, how many independent reports say so, which say otherwise. The last in time, in
    /// order of time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn timeline(&self, filter: &Filter) -> Result<Vec<TimelineAnswer>, LedgerError> {
        let happenings = self.latest_of(filter, &EVENTS, &[DEEDS], "event.happening", limit(filter))?;
        let mut timeline = self.timeline_of(happenings)?;
        timeline.sort_by(|a, b| (&a.day, &a.id).cmp(&(&b.day, &b.id)));
        Ok(timeline)
    }

    /// The happenings, in the order given.
    fn timeline_of(&self, happenings: Vec<i64>) -> Result<Vec<TimelineAnswer>, LedgerError> {
        let mut timeline = happenings.into_iter().map(|h| self.happening(h)).collect::<Result<Vec<_>, _>>()?;
        timeline.retain(|t| !t.mentions.is_empty());
        Ok(timeline)
    }

    /// An event across reports.
    pub(crate) fn happening(&self, happening: i64) -> Result<TimelineAnswer, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.and("report.current AND event.happening = ?", [Value::Integer(happening)]);
        let mentions = self.mentions(&conditions, "event.confidence DESC, event.key", 1000)?;
        let prints: BTreeSet<i64> = mentions.iter().map(|m| m.print_of).collect();
        // What most independent reports have it to be.
        let vote = |of: &dyn Fn(&Mention) -> Option<String>| {
            let mut votes: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
            for m in &mentions {
                if let Some(said) = of(m) {
                    votes.entry(said).or_default().insert(m.print_of);
                }
            }
            let mut best: Option<(String, usize)> = None;
            for (said, prints) in votes {
                if best.as_ref().is_none_or(|(_, most)| prints.len() > *most) {
                    best = Some((said, prints.len()));
                }
            }
            best.map(|(said, _)| said)
        };
        let told_day = |m: &Mention| m.answer.earliest.clone().filter(|_| m.answer.earliest == m.answer.latest);
        let day = vote(&told_day);
        let status = vote(&|m: &Mention| Some(m.answer.status.clone())).unwrap_or_default();
        let (mut otherwise, mut told) = (Vec::new(), BTreeSet::new());
        for m in &mentions {
            let by = m.answer.said_by.as_ref().or(m.answer.outlet.as_ref()).unwrap_or(&m.answer.id);
            // What prints of one text say, one of them says.
            // Only what is denied in the words in which others tell it is denied.
            let same_deed = |other: &&Mention| {
                other.answer.status == status
                    && first_shared(&m.trigger, &other.trigger, self.knowledge).is_some()
                    && by_the_same(&m.answer, &other.answer)
            };
            if contradicts(&m.answer.status, &status)
                && mentions.iter().any(|other| same_deed(&other))
                && told.insert((m.print_of, m.answer.status.clone()))
            {
                otherwise.push(format!("{}, {by} ({})", m.answer.status, m.answer.id));
            }
            if let (Some(other), Some(day)) = (told_day(m), &day)
                && other != *day
                && told.insert((m.print_of, other.clone()))
            {
                otherwise.push(format!("on {other}, {by} ({})", m.answer.id));
            }
        }
        otherwise.extend(self.figures_apart(happening)?);
        // Shown in the words of a mention that has the day and the status that are given, if there is one; of these, in a sentence that can be
        // understood by itself, and then in the one that is surest, nearest to the beginning of its report and likest to what others tell.
        let fits = |m: &Mention| {
            let dated = day.is_some() && told_day(m) == day;
            (m.answer.status == status, dated, stands_alone(&m.answer.evidence, self.knowledge))
        };
        let several = mentions.len() > 2;
        let told_in: Vec<BTreeSet<String>> = match several {
            true => mentions.iter().take(LIKENED).map(|m| content_words(&m.answer.evidence, self.knowledge)).collect(),
            false => Vec::new(),
        };
        let alike = |at: usize| {
            let own = told_in.get(at)?;
            let others = told_in.iter().enumerate().filter(|(other, _)| *other != at);
            let sum: f64 = others.map(|(_, words)| shared(own, words)).sum();
            Some(sum / (told_in.len() - 1) as f64)
        };
        let worth = |at: usize, m: &Mention| {
            let like = if several { UNLIKE + alike(at).unwrap_or_default() } else { 1.0 };
            m.answer.confidence * lead(m.start) * like
        };
        let worthiest = mentions.iter().enumerate().rev().map(|(at, m)| (fits(m), worth(at, m), m));
        let worthiest = worthiest.max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let best = worthiest.map(|(.., m)| m.answer.clone());
        let shown_in = best.as_ref().map(|best| best.id.clone());
        // A month before a year, and either before the day of a report.
        let stretch = |m: &Mention, length: usize| {
            let (from, until) = m.answer.earliest.as_deref().zip(m.answer.latest.as_deref())?;
            whole(from, until).filter(|told| told.len() == length)
        };
        let (month, year) = (vote(&|m| stretch(m, MONTH)), vote(&|m| stretch(m, YEAR)));
        let first = mentions.iter().filter_map(|m| m.answer.day.clone().or(m.report_day.clone())).min();
        let told = day.or(month).or(year);
        let dated = told.is_some();
        let day = told.or(first);
        let acting: Vec<(i64, &[String])> = mentions.iter().map(|m| (m.print_of, &m.answer.actors[..])).collect();
        let receiving: Vec<(i64, &[String])> =
            mentions.iter().map(|m| (m.print_of, &m.answer.recipients[..])).collect();
        let shown = |role: fn(&EventAnswer) -> &[String]| best.as_ref().map(role).unwrap_or_default();
        let actors = in_role(shown(|e| &e.actors), &acting, &receiving);
        let recipients = in_role(shown(|e| &e.recipients), &receiving, &acting);
        Ok(TimelineAnswer {
            id: format!("H{happening}"),
            day,
            dated,
            event_type: best.as_ref().map(|b| b.event_type.clone()).unwrap_or_default(),
            mode: vote(&|m: &Mention| m.answer.mode.clone()),
            status,
            recipients: recipients.into_iter().filter(|r| !actors.contains(r)).collect(),
            actors,
            place: mentions.iter().find_map(|m| m.answer.place.clone()),
            country: mentions.iter().find_map(|m| m.answer.country.clone()),
            evidence: best.map(|b| b.evidence).unwrap_or_default(),
            reports: prints.len() as i64,
            otherwise,
            mentions: {
                let others = mentions.into_iter().map(|m| m.answer.id).filter(|id| Some(id) != shown_in.as_ref());
                let others: Vec<String> = others.collect();
                shown_in.into_iter().chain(others).collect()
            },
        })
    }

    /// Where reports of an event count the same thing differently: exact or about, both below or above the other. Numbers of one report do
    /// not speak against each other, since it may count a part beside the whole; nor do reports that have one number in common, nor
    /// numbers of others than are counted there, as of children and of people.
    fn figures_apart(&self, happening: i64) -> Result<Vec<String>, LedgerError> {
        let query = "SELECT figure.what, figure.value, coalesce(figure.upper, figure.value), figure.hedge, figure.words, figure.of,
                       coalesce(report.outlet, report.id), report.id || '/' || figure.id, report.print_of
                     FROM event JOIN figure ON figure.report = event.report AND figure.event = event.id
                     JOIN report ON report.key = event.report WHERE event.happening = ?1 AND report.current ORDER BY report.key";
        let figures: Vec<Figure> = self.rows(query, vec![Value::Integer(happening)], |row| {
            let (low, high, hedge): (f64, f64, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let of: Option<String> = row.get(5)?;
            Ok(Figure {
                what: row.get(0)?,
                range: match hedge.as_str() {
                    "at_least" => (low, f64::INFINITY),
                    "at_most" => (f64::NEG_INFINITY, high),
                    "about" => (low * 0.9, high * 1.1),
                    _ => (low, high),
                },
                words: row.get(4)?,
                of: of.map(|of| content_words(&of, self.knowledge)).unwrap_or_default(),
                by: row.get(6)?,
                id: row.get(7)?,
                print_of: row.get(8)?,
            })
        })?;
        // "killing nine people" says what is counted.
        let counted = |f: &Figure| match f.words.to_lowercase().contains(f.what.get(..4).unwrap_or(&f.what)) {
            true => f.words.clone(),
            false => format!("{} {}", f.what, f.words),
        };
        let told = apart(&figures).into_iter();
        Ok(told.map(|f| format!("{}, {} ({})", counted(f), f.by, f.id)).collect())
    }

    /// Conditions for the rows of a subject that answer to a filter and to what is asked `also`, the last in time as far as they are asked
    /// for: what else is told of them need not be looked up for the others.
    pub(crate) fn among_first(&self, filter: &Filter, on: &Subject, also: &[&str]) -> Result<Conditions, LedgerError> {
        if limit(filter) > FIRST {
            let mut all = self.conditions(filter, on)?;
            also.iter().for_each(|condition| all.and(condition, []));
            return Ok(all);
        }
        let key = format!("{}.key", on.table);
        let keys = self.latest_of(filter, on, also, &key, limit(filter))?;
        let mut first = Conditions::default();
        first.among(&key, &keys);
        Ok(first)
    }

    fn mentions(&self, conditions: &Conditions, order: &str, limit: usize) -> Result<Vec<Mention>, LedgerError> {
        let query = format!(
            "SELECT {EVENT_COLUMNS} FROM {EVENT_TABLES} WHERE {} ORDER BY {order} LIMIT {limit}",
            conditions.sql()
        );
        let mut found = self.rows(&query, conditions.values.clone(), |row| {
            let happening: i64 = row.get(14)?;
            let answer = EventAnswer {
                id: row.get(0)?,
                day: row.get(1)?,
                earliest: row.get(2)?,
                latest: row.get(3)?,
                event_type: row.get(4)?,
                mode: row.get(5)?,
                status: row.get(6)?,
                actors: Vec::new(),
                recipients: Vec::new(),
                place: row.get(8)?,
                country: row.get(9)?,
                lat: row.get(10)?,
                lon: row.get(11)?,
                evidence: row.get(12)?,
                said_by: row.get(13)?,
                happening: format!("H{happening}"),
                outlet: row.get(15)?,
                title: row.get(16)?,
                published: row.get(17)?,
                confidence: rounded(row.get(18)?),
            };
            let (event, print_of, report_day) = (row.get(7)?, row.get(19)?, row.get(20)?);
            Ok(Mention { answer, event, print_of, report_day, start: row.get(21)?, trigger: row.get(22)? })
        })?;
        for mention in &mut found {
            let query = "SELECT participant.role, coalesce(entity.name, actor.name, participant.words) FROM participant
                         JOIN event ON event.key = participant.event LEFT JOIN entity ON entity.key = participant.entity
                         LEFT JOIN actor ON actor.report = event.report AND actor.id = participant.actor
                         WHERE participant.event = ?1 ORDER BY role, position";
            let parts: Vec<(String, String)> =
                self.rows(query, vec![Value::Integer(mention.event)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (role, name) in parts {
                match role.as_str() {
                    "actor" => mention.answer.actors.push(name),
                    _ => mention.answer.recipients.push(name),
                }
            }
        }
        Ok(found)
    }

    /// Who said what; the last in time, in order of time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn statements(&self, filter: &Filter) -> Result<Vec<StatementAnswer>, LedgerError> {
        let conditions = self.among_first(filter, &STATEMENTS, &[])?;
        self.statements_where(conditions, limit(filter))
    }

    /// The statements with these numbers, in order of time.
    pub(crate) fn statements_of(&self, keys: &[i64]) -> Result<Vec<StatementAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.among("statement.key", keys);
        self.statements_where(conditions, keys.len())
    }

    fn statements_where(&self, conditions: Conditions, limit: usize) -> Result<Vec<StatementAnswer>, LedgerError> {
        let order = "statement.day DESC, statement.key DESC";
        let query = format!(
            "SELECT report.id || '/' || statement.id, statement.day, coalesce(entity.name, actor.name), statement.source, statement.cue,
               statement.act, statement.quoted, statement.content, report.outlet, report.title, report.published, statement.confidence,
               {TRACED}
             FROM statement JOIN report ON report.key = statement.report LEFT JOIN entity ON entity.key = statement.entity
             LEFT JOIN actor ON actor.report = statement.report AND actor.id = statement.speaker
             WHERE {} ORDER BY {order} LIMIT {limit}",
            conditions.sql()
        );
        let mut found = self.rows(&query, conditions.values, |row| {
            Ok(StatementAnswer {
                id: row.get(0)?,
                day: row.get(1)?,
                speaker: row.get(2)?,
                source: row.get(3)?,
                cue: row.get(4)?,
                act: row.get(5)?,
                quoted: row.get(6)?,
                content: row.get(7)?,
                outlet: row.get(8)?,
                title: row.get(9)?,
                published: row.get(10)?,
                confidence: rounded(row.get(11)?),
                quotation: row.get::<_, Option<i64>>(12)?.map(|saying| format!("Q{saying}")),
            })
        })?;
        found.reverse();
        Ok(found)
    }

    /// Who is named, those that most independent reports name first.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn actors(&self, filter: &Filter) -> Result<Vec<ActorAnswer>, LedgerError> {
        let mut conditions = Conditions::default();
        conditions.and("NOT entity.rejected", []);
        if let Some(name) = &filter.actor {
            let entities: Vec<String> = self.entities_named(name)?.iter().map(i64::to_string).collect();
            conditions.and(&format!("entity.key IN ({})", entities.join(", ")), []);
        }
        if let Some(country) = &filter.country {
            conditions.and("entity.country = ?", [text(&self.country_code(country))]);
        }
        if let Some(kind) = &filter.kind {
            conditions.and("entity.kind = ? COLLATE NOCASE", [text(kind)]);
        }
        if self.has_sums(filter) {
            return self.actors_of_all(filter, conditions);
        }
        let narrow = [&filter.actor, &filter.country, &filter.kind].iter().any(|given| given.is_some());
        self.actors_of_some(filter, conditions, narrow)
    }

    /// What places are named, those that most independent reports name first.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn places(&self, filter: &Filter) -> Result<Vec<PlaceAnswer>, LedgerError> {
        if self.has_sums(filter) && filter.place.is_none() {
            return self.places_of_all(filter);
        }
        let mut conditions = Conditions::default();
        if let Some(country) = &filter.country {
            conditions.and("place.country = ?", [text(&self.country_code(country))]);
        }
        if let Some(kind) = &filter.kind {
            conditions.and("place.kind = ? COLLATE NOCASE", [text(kind)]);
        }
        let Some(place) = &filter.place else { return self.places_of_some(filter, conditions) };
        conditions.and("report.current", []);
        self.about_reports(filter, &mut conditions, "place")?;
        // One by one: for both at once, the planner of queries goes through all places.
        let named = "SELECT report, id FROM place WHERE name = ? COLLATE NOCASE UNION SELECT report, id FROM place WHERE gazetteer_id = ?";
        let query = format!(
            "SELECT place.gazetteer_id, place.name, place.kind, place.country, place.lat, place.lon, count(DISTINCT report.print_of),
               count(DISTINCT event.happening), min(report.day), max(report.day)
             FROM ({named}) AS f CROSS JOIN place ON place.report = f.report AND place.id = f.id CROSS JOIN report ON report.key = place.report
             LEFT JOIN event ON event.report = place.report AND event.place = place.id
             WHERE {} GROUP BY coalesce(place.gazetteer_id, place.name || '|' || coalesce(place.country, ''))
             ORDER BY 7 DESC, place.name LIMIT {}",
            conditions.sql(),
            limit(filter)
        );
        let values = [text(place), text(place)].into_iter().chain(conditions.values).collect();
        self.rows(&query, values, PlaceAnswer::of_row)
    }

    /// Who met or spoke with whom, those that did so most often first.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn contacts(&self, filter: &Filter) -> Result<Vec<ContactAnswer>, LedgerError> {
        // Of today, who met where is told by the rows of those who met.
        let country = filter.country.as_ref().filter(|_| !self.past);
        let of_country = if country.is_some() { None } else { filter.country.clone() };
        let of_events = Filter { kind: None, actor: None, country: of_country, ..filter.clone() };
        let of_all = Filter { since: None, until: None, ..of_events.clone() };
        let told_by_met = !self.past && of_all == Filter { limit: filter.limit, ..Filter::default() };
        let mut conditions = match told_by_met {
            true => Conditions::default(),
            false => {
                // Found first are only few: of most events nobody met.
                let mut conditions = self.conditions_if(&of_events, &EVENTS, FEW_EVENTS)?;
                conditions.and("event.type = ?", [text(CONTACT)]);
                conditions
            }
        };
        if let Some(country) = country {
            let code = text(&self.country_code(country));
            conditions.and(MET_IN_COUNTRY, [code.clone(), code.clone(), code]);
        }
        if !self.past {
            for (day, is) in [(&filter.since, ">="), (&filter.until, "<=")] {
                if let Some(day) = day {
                    conditions.and(&format!("met.day {is} ?"), [text(day)]);
                }
            }
        }
        if filter.status.is_none() {
            let of = if told_by_met { "met" } else { "event" };
            conditions.and(&format!("{of}.status IN ('happened', 'ongoing')"), []);
        }
        let of = match &filter.actor {
            Some(name) => Some(self.entities_named(name)?),
            None => None,
        };
        if let Some(of) = &of {
            let list: Vec<String> = of.iter().map(i64::to_string).collect();
            let (a, b) = if self.past { ("a.entity", "b.entity") } else { ("met.one", "met.other") };
            conditions.and(&format!("{a} IN ({0}) OR {b} IN ({0})", list.join(", ")), []);
        }
        let about_all = self.has_sums(filter)
            && [&filter.country, &filter.place, &filter.status].iter().all(|given| given.is_none());
        // Some of those who take part in one event cannot have met.
        let wider = Filter { limit: Some(limit(filter).saturating_mul(SIDES)), ..filter.clone() };
        let pairs = match about_all {
            true => self.met(&wider, of.as_deref())?,
            false => self.met_in(&wider, conditions, told_by_met)?,
        };
        let mut contacts = Vec::new();
        for ((a, b), mut met) in pairs {
            if contacts.len() == limit(filter) {
                break;
            }
            let (one, other) = (self.side(a)?, self.side(b)?);
            if !can_meet(&one, &other) {
                continue;
            }
            met.sort();
            contacts.push(ContactAnswer {
                one: one.name,
                one_id: format!("E{a}"),
                other: other.name,
                other_id: format!("E{b}"),
                times: met.len() as i64,
                first: met.iter().find_map(|(day, _)| day.clone()),
                last: met.iter().rev().find_map(|(day, _)| day.clone()),
                happenings: met.iter().rev().map(|(_, h)| format!("H{h}")).collect(),
            });
        }
        Ok(contacts)
    }

    /// An entity as one side of a contact.
    fn side(&self, key: i64) -> Result<Side, LedgerError> {
        let query = "SELECT name, kind, country FROM entity WHERE key = ?1";
        let read = |row: &Row| {
            let name: String = row.get(0)?;
            let state = self.knowledge.countries().named(&name).is_some();
            Ok(Side { name, kind: row.get(1)?, country: row.get(2)?, state })
        };
        self.connection.query_row(query, [key], read).map_err(|e| self.fault(e))
    }

    /// Who met whom in events that answer to conditions, those that did so most often first.
    fn met_in(&self, filter: &Filter, conditions: Conditions, told_by_met: bool) -> Result<Vec<Met>, LedgerError> {
        let query = match self.past {
            true => format!(
                "SELECT a.entity, b.entity, event.happening, min(event.day) FROM event JOIN report ON report.key = event.report
                 JOIN participant a ON a.event = event.key JOIN participant b ON b.event = event.key AND a.entity < b.entity
                 WHERE {} GROUP BY 1, 2, 3",
                conditions.sql()
            ),
            // Of today, the rows tell who met; there are few beside all events.
            false => format!(
                "SELECT met.one, met.other, met.happening, min(met.day) FROM {} WHERE {} GROUP BY 1, 2, 3",
                match conditions.narrow {
                    _ if told_by_met => "met",
                    true => "event CROSS JOIN report ON report.key = event.report CROSS JOIN met ON met.event = event.key",
                    false => "met CROSS JOIN event ON event.key = met.event CROSS JOIN report ON report.key = event.report",
                },
                conditions.sql()
            ),
        };
        type Days = Vec<(Option<String>, i64)>;
        let mut pairs: BTreeMap<(i64, i64), Days> = BTreeMap::new();
        for (a, b, happening, day) in self.rows(&query, conditions.values, |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?))
        })? {
            pairs.entry((a, b)).or_default().push((day, happening));
        }
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by_key(|(_, met)| std::cmp::Reverse(met.len()));
        pairs.truncate(limit(filter));
        Ok(pairs)
    }

    /// Reports, statements and actors that have all the words; the best first, reports before statements before actors.
    ///
    /// # Errors
    /// When the ledger cannot be read, or there are no words.
    pub fn search(&self, words: &str, filter: &Filter) -> Result<Vec<SearchAnswer>, LedgerError> {
        let Some(quoted) = all_words(words) else { return Err(LedgerError::NoWords { words: words.to_string() }) };
        let limit = limit(filter);
        let wanted = |kind: &str| filter.kind.as_deref().is_none_or(|k| k.eq_ignore_ascii_case(kind));
        let (mut found, told) = (Vec::new(), self.reports_told());
        let mut take = |kind: &str, query: String, conditions: Conditions| -> Result<(), LedgerError> {
            let answers = self.rows(&query, conditions.values, |row| {
                Ok(SearchAnswer {
                    kind: kind.to_string(),
                    id: row.get(0)?,
                    day: row.get(1)?,
                    outlet: row.get(2)?,
                    title: row.get(3)?,
                    words: crate::add::one_line(&row.get::<_, String>(4)?),
                })
            })?;
            found.extend(answers);
            Ok(())
        };
        if wanted("report") {
            let mut conditions = Conditions::default();
            conditions.and("report_words MATCH ? AND report.current", [text(&quoted)]);
            self.about_reports(filter, &mut conditions, "report")?;
            // Shown with their words are only those that are the best of the last ones: to rank one takes longer than to find it.
            let query = format!(
                "SELECT report.id, report.day, report.outlet, report.title, snippet(report_words, -1, '[', ']', '…', 24) FROM
                   (SELECT key, rank FROM (SELECT report.key AS key, rank FROM report_words CROSS JOIN {told} ON report.key = report_words.rowid
                      WHERE {} ORDER BY report_words.rowid DESC LIMIT {RANKED}) ORDER BY rank, key LIMIT {limit}) AS best
                 CROSS JOIN report_words ON report_words.rowid = best.key CROSS JOIN report ON report.key = best.key
                 WHERE report_words MATCH ? ORDER BY best.rank, best.key",
                conditions.sql()
            );
            conditions.values.push(text(&quoted));
            take("report", query, conditions)?;
        }
        if wanted("statement") {
            let mut conditions = Conditions::default();
            conditions.and("statement_words MATCH ? AND report.current", [text(&quoted)]);
            self.about_reports(filter, &mut conditions, "statement")?;
            let query = format!(
                "SELECT report.id || '/' || statement.id, statement.day, report.outlet,
                   coalesce((SELECT name FROM entity WHERE key = statement.entity), statement.source),
                   snippet(statement_words, -1, '[', ']', '…', 24) FROM
                   (SELECT key, rank FROM (SELECT statement.key AS key, rank FROM statement_words
                      CROSS JOIN statement INDEXED BY statement_told ON statement.key = statement_words.rowid
                      CROSS JOIN {told} ON report.key = +statement.report
                      WHERE {} ORDER BY statement_words.rowid DESC LIMIT {RANKED}) ORDER BY rank, key LIMIT {limit}) AS best
                 CROSS JOIN statement_words ON statement_words.rowid = best.key CROSS JOIN statement ON statement.key = best.key
                 CROSS JOIN report ON report.key = statement.report WHERE statement_words MATCH ? ORDER BY best.rank, best.key",
                conditions.sql()
            );
            conditions.values.push(text(&quoted));
            take("statement", query, conditions)?;
        }
        if wanted("actor") {
            let mut conditions = Conditions::default();
            conditions
                .and("entity_words MATCH ? AND NOT entity.rejected AND entity.merged_into IS NULL", [text(&quoted)]);
            let query = format!(
                "SELECT 'E' || entity.key, NULL, NULL, entity.name, coalesce(entity.kind, '') || ' ' || coalesce(entity.country, '')
                 FROM entity_words JOIN entity ON entity.key = entity_words.rowid WHERE {} ORDER BY rank LIMIT {limit}",
                conditions.sql()
            );
            take("actor", query, conditions)?;
        }
        Ok(found)
    }

    /// The conditions of a filter that any row of a report can have: its time and outlet, and its words.
    pub(crate) fn about_reports(
        &self,
        filter: &Filter,
        conditions: &mut Conditions,
        table: &str,
    ) -> Result<(), LedgerError> {
        if let Some(since) = &filter.since {
            conditions.and("report.day >= ?", [text(since)]);
        }
        if let Some(until) = &filter.until {
            conditions.and("report.day <= ?", [text(until)]);
        }
        if let Some(outlet) = &filter.outlet {
            conditions.and("report.outlet = ? COLLATE NOCASE", [text(outlet)]);
        }
        if let Some(moment) = &filter.new_since {
            conditions.and("report.added >= ?", [text(moment)]);
        }
        if let Some(words) = filter.words.as_ref().filter(|_| table != "report") {
            let Some(quoted) = all_words(words) else { return Err(LedgerError::NoWords { words: words.clone() }) };
            conditions
                .and("report.key IN (SELECT rowid FROM report_words WHERE report_words MATCH ?)", [text(&quoted)]);
        }
        Ok(())
    }

    pub(crate) fn rows<T>(
        &self,
        query: &str,
        values: Vec<Value>,
        read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LedgerError> {
        let ask = || -> rusqlite::Result<Vec<T>> {
            self.connection.prepare_cached(query)?.query_map(params_from_iter(values), read)?.collect()
        };
        ask().map_err(|e| self.fault(e))
    }

    pub(crate) fn number(&self, query: &str, of: i64) -> Result<i64, LedgerError> {
        let ask =
            || -> rusqlite::Result<i64> { self.connection.prepare_cached(query)?.query_row([of], |row| row.get(0)) };
        ask().map_err(|e| self.fault(e))
    }
}

pub(crate) fn limit(filter: &Filter) -> usize {
    filter.limit.unwrap_or(ROWS).min(MOST)
}

/// A confidence as records write it, with three decimals.
pub(crate) fn rounded(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_months_and_years_are_told_as_such() {
        assert_eq!(whole("2026-03-01", "2026-03-31").as_deref(), Some("2026-03"));
        assert_eq!(whole("2026-01-01", "2026-12-31").as_deref(), Some("2026"));
        assert_eq!(whole("2026-01-01", "2026-01-31").as_deref(), Some("2026-01"));
        assert_eq!(whole("2026-03-02", "2026-03-31"), None);
        assert_eq!(whole("2026-03", "2026-03-31"), None);
    }

    #[test]
    fn attackers_are_not_the_attacked() {
        let names = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<String>>();
        let told =
            [(1, names(&["Front"])), (2, names(&["Front", "League"])), (3, names(&["Front"])), (3, names(&["Guild"]))];
        let told: Vec<(i64, &[String])> = told.iter().map(|(print, names)| (*print, &names[..])).collect();
        let none: Vec<(i64, &[String])> = told.iter().map(|(print, _)| (*print, &[][..])).collect();
        assert_eq!(in_role(&names(&["Front"]), &told, &none), ["Front"]);
        assert_eq!(in_role(&names(&["Guild", "Guild"]), &told, &none), ["Guild", "Front"]);
        // Of one or two reports, what each says; whoever is the other's victim in more of them is no attacker.
        assert_eq!(in_role(&names(&["Front"]), &told[..2], &none[..2]), ["Front", "League"]);
        let victims = [(1, names(&["League"])), (2, names(&["League"]))];
        let victims: Vec<(i64, &[String])> = victims.iter().map(|(print, names)| (*print, &names[..])).collect();
        assert_eq!(in_role(&names(&["Front"]), &told[..2], &victims), ["Front"]);
    }

    fn figure(print_of: i64, number: f64, of: &str) -> Figure {
        Figure {
            what: "killed".into(),
            range: (number, number),
            words: format!("{number} {of}"),
            of: of.split_whitespace().map(str::to_string).collect(),
            by: format!("Paper {print_of}"),
            id: format!("r{print_of}/f{number}"),
            print_of,
        }
    }

    fn told(figures: &[Figure]) -> Vec<&str> {
        apart(figures).into_iter().map(|f| f.id.as_str()).collect()
    }

    #[test]
    fn other_numbers_of_the_same_are_contested() {
        assert_eq!(told(&[figure(1, 9.0, "miner"), figure(2, 12.0, "miner")]), ["r1/f9", "r2/f12"]);
        assert_eq!(told(&[figure(1, 9.0, "miner"), figure(2, 12.0, "")]), ["r1/f9", "r2/f12"]);
        assert!(told(&[figure(1, 9.0, "miner"), figure(2, 9.0, "miner")]).is_empty());
    }

    #[test]
    fn a_part_does_not_contest_the_whole() {
        // "Nine miners, among them two apprentices", told by one paper, and by the other as well or not.
        assert!(told(&[figure(1, 9.0, "miner"), figure(1, 2.0, "miner")]).is_empty());
        assert!(told(&[figure(1, 9.0, "miner"), figure(1, 2.0, ""), figure(2, 9.0, "miner")]).is_empty());
        assert!(told(&[figure(1, 9.0, "miner"), figure(2, 2.0, "apprentice")]).is_empty());
    }
}
