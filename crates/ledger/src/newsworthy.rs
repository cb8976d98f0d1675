//! What of a time is worth a line on a page: which happenings, and which statements.
//!
//! Reports put first what is new. So what is told near the beginning of a report counts for more than what stands further down, where the
//! matters of other days are called to mind; what several independent reports tell counts for each of them; deeds count for more than words,
//! and what the reader is surer of for more.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use annalist_identity::{content_words, overlap, words};
use annalist_knowledge::Knowledge;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::answers::{StatementAnswer, TimelineAnswer};
use crate::error::LedgerError;
use crate::filter::{Conditions, EVENTS, Filter, STATEMENTS, text};
use crate::questions::DEEDS;
use crate::store::Ledger;
use crate::voice::speaks_for_writer;

/// What begins so many characters into a report counts half of what begins it.
const DEEP: f64 = 600.0;
/// What is only said (PLOVER's verbal classes) counts so much of a deed.
const ONLY_SAID: f64 = 0.8;
/// Of what one report alone tells there are no more lines than this.
pub(crate) const OWN: usize = 2;
/// Of one speaker there are no more statements than this.
const OF_ONE: usize = 3;
/// So many times as many happenings as are asked for are looked at, the worthiest first.
const LOOKED_AT: usize = 5;
/// What is told of nobody in particular counts so much of what is told of somebody: "the war goes on".
const OF_NOBODY: f64 = 0.35;
/// What has a number, of killed or arrested, so much of what has none.
const COUNTED: f64 = 1.5;
/// What has no day of its own counts so much of what has one, and if the words that tell it are general ("war") so much of that.
const UNDATED: f64 = 0.7;
const GENERAL: f64 = 0.5;
/// What had happened before what a report tells, on a day that it does not tell, counts so much of what happened: "the Front had shelled the town".
const BEFORE: f64 = 0.4;
/// That it had, in the report's own words.
const HAD_HAPPENED: &str = "event.said_in IS NULL AND (instr(event.evidence, 'had ' || event.trigger_text)
    OR instr(event.evidence, 'had been ' || event.trigger_text) OR instr(event.evidence, 'had already ' || event.trigger_text)
    OR instr(event.evidence, 'has repeatedly ' || event.trigger_text) OR instr(event.evidence, 'have repeatedly ' || event.trigger_text))";
/// What is only announced is news if it begins a report: if it stands within so many characters.
const OPENS: i64 = 150;
/// The acts of statements by which somebody announces.
const ANNOUNCING: &str = "'announce', 'promise', 'threaten', 'plan'";
/// What was over so many days before the time asked for is no news of it.
const PAST: i32 = 31;
/// Lines of one day with a participant in common whose words overlap so much tell one thing.
const ALIKE: f64 = 0.3;
/// Or that so many reports tell together.
const TOGETHER: usize = 2;
/// How much statements count whose speaker has no name, that only report the words, that tell a belief, or whose length makes no good line.
const NAMELESS: f64 = 0.4;
const REPORTED: f64 = 0.7;
const BELIEVED: f64 = 0.3;
const UNWIELDY: f64 = 0.4;
/// And those that begin with somebody or something named before: "that it risked a war".
const UNCLEAR: f64 = 0.4;
/// How much more a speaker counts for e times as many reports that name them.
const RENOWN: f64 = 0.25;
/// For what is contested, so many times as many happenings as are asked for are looked at.
const CONTESTED: usize = 3;
/// The status of what is only announced, as a line of news has it.
pub(crate) const ANNOUNCED: &str = "announced";
/// Statements of one speaker whose words overlap so much are one.
const SAME_SAYING: f64 = 0.8;
/// Fewer or more characters than these make no good line of what somebody said.
const LENGTHS: std::ops::RangeInclusive<i64> = 30..=420;

/// How much what begins so many characters into a report counts, in 0..=1.
pub(crate) fn lead(start: i64) -> f64 {
    1.0 / (1.0 + start.max(0) as f64 / DEEP)
}

/// Whether a sentence can be understood by itself: it begins as sentences do, not with somebody named before, and closes the quotations it
/// opens.
pub(crate) fn stands_alone(sentence: &str, knowledge: &Knowledge) -> bool {
    let first = words(sentence).next().unwrap_or_default();
    let count = |mark: char| sentence.matches(mark).count();
    let opened = count('“') == count('”') && count('"').is_multiple_of(2);
    let quotes = sentence.trim_start().starts_with(['“', '"']);
    let begins = quotes || sentence.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    let ends = sentence.trim_end().ends_with(['.', '!', '?', '”', '"']);
    // Who "we" are in a quotation, the words behind it tell.
    let known = quotes || knowledge.referents().pronoun(&first).is_none();
    // "Here are the key players" announces what follows.
    let known = known && first != "here" && first != "here's" && first != "here’s";
    begins && ends && opened && known && words(sentence).count() > 4
}

/// Whether what was said begins with a pronoun for somebody other than those who speak and listen.
fn begins_with_another(content: &str, knowledge: &Knowledge) -> bool {
    // Within quotation marks "that" joins no clause to a verb of saying: "That's what sits on the desk".
    let quoted = content.trim_start().starts_with(['“', '"', '‘']);
    let first = words(content).find(|word| quoted || word != "that").unwrap_or_default();
    knowledge.referents().pronoun(&first).is_some_and(|form| !matches!(form, "i" | "we" | "you"))
}

/// The happenings of a time that a page has room for.
pub(crate) struct News {
    /// What took place or was announced, the worthiest first.
    pub(crate) told: Vec<TimelineAnswer>,
    /// Of the happenings looked at, those that some report tells otherwise.
    pub(crate) contested: Vec<TimelineAnswer>,
}

/// What a happening counts for.
#[derive(Default)]
struct Worth {
    counts: f64,
    /// The independent reports that tell it.
    prints: Vec<i64>,
    /// The days of those that tell it of no long time.
    told: Vec<String>,
    /// Whether one tells its day, and not only a month or a year.
    dated: bool,
    /// The first day on which a report began with it as something still to come,
    begun: Option<String>,
    /// and whether one has somebody announce it there.
    declared: bool,
}

impl Worth {
    /// Whether it is of a time: its day is, or it is told of then.
    fn is_of(&self, filter: &Filter) -> bool {
        self.dated || self.told.iter().any(|day| within(day, filter))
    }

    /// The day on which it was announced: in so many words, or by several reports.
    fn announced(&self) -> Option<&str> {
        self.begun.as_deref().filter(|_| self.declared || self.prints.len() > 1)
    }
}

/// What may be a line of a page.
struct Line {
    answer: TimelineAnswer,
    /// The independent reports that tell it,
    prints: BTreeSet<i64>,
    /// and the only one, if there is no other.
    alone_in: Option<i64>,
    words: BTreeSet<String>,
}

impl Line {
    fn of(answer: TimelineAnswer, prints: &[i64], knowledge: &Knowledge) -> Line {
        let words = content_words(&answer.evidence, knowledge);
        let alone_in = (prints.len() == 1).then(|| prints[0]);
        Line { answer, prints: prints.iter().copied().collect(), alone_in, words }
    }

    fn tells_the_same(&self, other: &Line) -> bool {
        let parties = |line: &Line| -> BTreeSet<String> {
            line.answer.actors.iter().chain(&line.answer.recipients).cloned().collect()
        };
        let one_day = self.answer.day == other.answer.day;
        // What the same reports tell of one type and day is one deed to them, whatever they call it.
        let one_deed = self.answer.dated
            && self.answer.event_type == other.answer.event_type
            && self.prints.intersection(&other.prints).count() >= TOGETHER
            && self.answer.country.as_ref().zip(other.answer.country.as_ref()).is_none_or(|(a, b)| a == b);
        let alike = overlap(&self.words, &other.words) >= ALIKE && !parties(self).is_disjoint(&parties(other));
        one_day && (alike || one_deed)
    }
}

/// Lines that are told once, not too many of one report.
#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    alone: BTreeMap<i64, usize>,
}

impl Page {
    /// Takes a line in, unless the page has it or has enough of its report. Of what one sentence tells, what has a day is the line.
    fn take(&mut self, line: Line) {
        if let Some(same) = self.lines.iter_mut().find(|other| other.words == line.words) {
            if line.answer.dated && !same.answer.dated && same.alone_in.is_some() && line.alone_in == same.alone_in {
                *same = line;
            }
            return;
        }
        let enough = line.alone_in.is_some_and(|print| self.alone.get(&print).is_some_and(|count| *count >= OWN));
        if enough || self.lines.iter().any(|other| line.tells_the_same(other)) {
            return;
        }
        if let Some(print) = line.alone_in {
            *self.alone.entry(print).or_default() += 1;
        }
        self.lines.push(line);
    }
}

/// Whether a day (ISO 8601, perhaps with a time) is within the time asked for.
pub(crate) fn within(day: &str, filter: &Filter) -> bool {
    let day = day.get(..10).unwrap_or(day);
    filter.since.as_deref().is_none_or(|since| day >= since) && filter.until.as_deref().is_none_or(|until| day <= until)
}

/// The last day of a day, month or year (ISO 8601), as it is compared with days.
fn last_day(day: &str) -> Cow<'_, str> {
    match day.len() {
        4 => format!("{day}-12-31").into(),
        7 => format!("{day}-31").into(),
        _ => day.into(),
    }
}

impl Ledger {
    /// Of the last `among` happenings that answer a filter, the worthiest as far as its limit goes; not those that only comment tells.
    pub(crate) fn news(&self, filter: &Filter, among: usize, limit: usize) -> Result<News, LedgerError> {
        let over = filter.since.as_deref().and_then(|day| day.get(..10)?.parse::<Date>().ok());
        let over = over.and_then(|day| day.checked_sub(PAST.days()).ok()).map(|day| day.to_string());
        let mut news = News { told: Vec::new(), contested: Vec::new() };
        let (mut page, mut unclear) = (Page::default(), Vec::new());
        for (at, (happening, worth)) in self.worthiest(filter, among)?.into_iter().take(limit * LOOKED_AT).enumerate() {
            let full = page.lines.len() == limit;
            if full && at >= limit * CONTESTED {
                break;
            }
            let mut answer = self.happening(happening)?;
            if answer.status == "planned"
                && let Some(day) = worth.announced()
            {
                // It is the announcing that is new.
                (answer.day, answer.dated) = (Some(day.to_string()), false);
                answer.status = ANNOUNCED.into();
            }
            if at < limit * CONTESTED && !answer.otherwise.is_empty() {
                news.contested.push(answer.clone());
            }
            let took_place = matches!(answer.status.as_str(), "happened" | "ongoing" | ANNOUNCED);
            let past = answer.day.as_deref().zip(over.as_deref()).is_some_and(|(day, over)| *last_day(day) < *over);
            if full || !took_place || past || !worth.is_of(filter) || !self.in_words_of_news(&mut answer, filter)? {
                continue;
            }
            let line = Line::of(answer, &worth.prints, self.knowledge);
            match stands_alone(&line.answer.evidence, self.knowledge) {
                true => page.take(line),
                false => unclear.push(line),
            }
        }
        // What needs the sentences before it only where there is room.
        for line in unclear {
            if page.lines.len() < limit {
                page.take(line);
            }
        }
        news.told = page.lines.into_iter().map(|line| line.answer).collect();
        Ok(news)
    }

    /// Shows a happening in the words of the first of its mentions that news tells; what has no day of its own in those of a report of the
    /// time asked for, if it was announced of the day on which it was, and as told on the day of that report. `false` if there is no such
    /// mention: if only comment tells it.
    fn in_words_of_news(&self, answer: &mut TimelineAnswer, filter: &Filter) -> Result<bool, LedgerError> {
        let mut shown: Option<(usize, Option<String>)> = None;
        for (at, mention) in answer.mentions.iter().enumerate() {
            let report = mention.split('/').next().unwrap_or(mention);
            let query = "SELECT own, day FROM report WHERE id = ?1 AND current";
            let told: Vec<(f64, Option<String>)> =
                self.rows(query, vec![text(report)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some((own, day)) = told.into_iter().next() else { continue };
            let of_the_time = answer.dated || day.as_deref().is_none_or(|day| within(day, filter));
            if speaks_for_writer(own) || !of_the_time {
                continue;
            }
            let fits = answer.dated || answer.status != ANNOUNCED || day == answer.day;
            if fits || shown.is_none() {
                shown = Some((at, day));
            }
            if fits {
                break;
            }
        }
        let Some((at, day)) = shown else { return Ok(false) };
        if !answer.dated {
            answer.day = day;
        }
        if let Some((report, id)) = answer.mentions[at].split_once('/').filter(|_| at > 0) {
            let query = "SELECT event.evidence FROM report JOIN event ON event.report = report.key
                         WHERE report.id = ?1 AND report.current AND event.id = ?2";
            let told: Vec<String> = self.rows(query, vec![text(report), text(id)], |row| row.get(0))?;
            answer.evidence = told.into_iter().next().unwrap_or_default();
            answer.mentions[..=at].rotate_right(1);
        }
        Ok(true)
    }

    /// The last `among` happenings that answer a filter, the worthiest first.
    fn worthiest(&self, filter: &Filter, among: usize) -> Result<Vec<(i64, Worth)>, LedgerError> {
        let mut last = self.latest_of(filter, &EVENTS, &[DEEDS], "event.happening", among)?;
        // What is about a country is also what happens there and what its own do, where the sentence does not name it.
        let country = filter.words.as_deref().filter(|words| filter.country.is_none() && self.is_country(words));
        if let Some(country) = country {
            let there = Filter { words: None, country: Some(country.to_string()), ..filter.clone() };
            last.extend(self.latest_of(&there, &EVENTS, &[DEEDS], "event.happening", among)?);
            last.sort_unstable();
            last.dedup();
        }
        let these = Conditions::of_keys("event.happening", &last);
        let query = format!(
            "SELECT event.happening, report.print_of, report.day, event.confidence, max(event.start, 0), event.type, event.trigger_text, event.status,
               julianday(event.latest) - julianday(event.earliest),
               EXISTS (SELECT 1 FROM participant p WHERE p.event = event.key AND p.entity IS NOT NULL),
               EXISTS (SELECT 1 FROM figure f WHERE f.report = event.report AND f.event = event.id),
               event.status = 'planned' AND event.start < {OPENS} AND EXISTS (SELECT 1 FROM statement s WHERE s.report = event.report AND s.id = event.said_in
                 AND s.act IN ({ANNOUNCING})), event.earliest IS NULL AND {HAD_HAPPENED}
             FROM event JOIN {} ON report.key = event.report WHERE report.current AND {}",
            self.reports_told(),
            these.sql()
        );
        // What each report of a happening has it count for, by its best mention.
        let mut best: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        let mut worth: BTreeMap<i64, Worth> = BTreeMap::new();
        self.rows(&query, these.values, |row| {
            let (happening, print): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (day, start, status): (Option<String>, i64, String) = (row.get(2)?, row.get(4)?, row.get(7)?);
            let (sure, kind, trigger): (f64, String, String) = (row.get(3)?, row.get(5)?, row.get(6)?);
            let days: Option<f64> = row.get(8)?;
            let said = self.knowledge.events().quad(&kind).is_some_and(|class| class.starts_with("verbal"));
            let general = words(&trigger).all(|word| self.knowledge.sameness().is_general_event(&word));
            let of = worth.entry(happening).or_default();
            let of_day = days == Some(0.0);
            of.dated |= of_day;
            // "This year" is no news of a day.
            if days.is_none_or(|days| days <= f64::from(PAST)) {
                of.told.extend(day.clone());
            }
            let (named, counted): (bool, bool) = (row.get(9)?, row.get(10)?);
            let before = row.get::<_, Option<bool>>(12)? == Some(true);
            let counts = [
                (said, ONLY_SAID),
                (counted, COUNTED),
                (!named && !counted, OF_NOBODY),
                (!of_day, UNDATED),
                (general && !of_day, GENERAL),
                (before, BEFORE),
            ];
            let counts =
                counts.into_iter().filter(|(is, _)| *is).fold(sure * lead(start), |worth, (_, part)| worth * part);
            let most = best.entry((happening, print)).or_default();
            *most = most.max(counts);
            if let Some(day) = day.filter(|_| status == "planned" && start < OPENS) {
                of.declared |= row.get::<_, bool>(11)?;
                of.begun = Some(of.begun.take().map_or(day.clone(), |first| first.min(day)));
            }
            Ok(())
        })?;
        for ((happening, print), counts) in best {
            let of = worth.entry(happening).or_default();
            of.counts += counts;
            of.prints.push(print);
        }
        let mut worth: Vec<(i64, Worth)> = worth.into_iter().collect();
        worth.sort_by(|a, b| b.1.counts.total_cmp(&a.1.counts).then(b.0.cmp(&a.0)));
        Ok(worth)
    }

    /// The last `among` statements that answer a filter, the worthiest first: said by somebody with a name, of whom many reports speak, in
    /// words of their own, near the beginning of a report of that time.
    pub(crate) fn sayings(&self, filter: &Filter, among: usize) -> Result<Vec<Saying>, LedgerError> {
        let last = self.latest_of(
            filter,
            &STATEMENTS,
            &["statement.inside IS NULL AND (statement.speaker IS NOT NULL OR statement.source <> '')"],
            "statement.key",
            among,
        )?;
        let these = Conditions::of_keys("statement.key", &last);
        let query = format!(
            "SELECT statement.key, report.print_of, entity.key, entity.reports, statement.quoted, statement.act, statement.confidence,
               statement.start, length(statement.content), statement.content, report.day, report.own
             FROM statement JOIN {} ON report.key = statement.report LEFT JOIN entity ON entity.key = statement.entity
             WHERE {} AND report.current",
            self.reports_told(),
            these.sql()
        );
        let mut found: Vec<Saying> = self.rows(&query, these.values, |row| {
            let (quoted, act): (String, String) = (row.get(4)?, row.get(5)?);
            let content: String = row.get(9)?;
            // What is told of somebody in the report's words, by no verb of saying, or as a plan to do nothing, is hardly a statement.
            let vague = quoted == "indirect" && (act == "other" || act == "plan" && words(&content).all(|w| w != "to"));
            let (sure, start, length): (f64, i64, i64) = (row.get(6)?, row.get(7)?, row.get(8)?);
            let known =
                row.get::<_, Option<i64>>(3)?.map_or(NAMELESS, |reports| 1.0 + RENOWN * (1.0 + reports as f64).ln());
            let worded = if quoted == "indirect" { REPORTED } else { 1.0 };
            let uttered = if vague {
                0.0
            } else if act == "believe" {
                BELIEVED
            } else {
                1.0
            };
            let fits = if LENGTHS.contains(&length) { 1.0 } else { UNWIELDY };
            // "In March he said" is told in April.
            let day: Option<String> = row.get(10)?;
            let now = day.is_none_or(|day| within(&day, filter));
            let clear = if begins_with_another(&content, self.knowledge) { UNCLEAR } else { 1.0 };
            let worth = if now { sure * lead(start) * known * worded * uttered * fits * clear } else { 0.0 };
            let (key, print, speaker) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Saying { key, print, speaker, worth, content, own: row.get(11)? })
        })?;
        found.retain(|saying| saying.worth > 0.0);
        found.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(b.key.cmp(&a.key)));
        Ok(found)
    }

    /// The first so many of some sayings, each once, of reports that do not speak for their writers, and not what some sentences tell
    /// already. In the order of the questions.
    pub(crate) fn told_first(
        &self,
        sayings: Vec<Saying>,
        told_already: &[BTreeSet<String>],
        limit: usize,
    ) -> Result<Vec<StatementAnswer>, LedgerError> {
        let (mut of_report, mut of_speaker): (BTreeMap<i64, usize>, BTreeMap<i64, usize>) = Default::default();
        let mut told: Vec<(Option<i64>, BTreeSet<String>)> = Vec::new();
        let mut keys = Vec::new();
        for saying in sayings {
            if keys.len() == limit {
                break;
            }
            let own = of_report.entry(saying.print).or_default();
            if *own == OWN || speaks_for_writer(saying.own) {
                continue;
            }
            // The same words in another spelling, or one word more, are no other statement.
            let words = content_words(&saying.content, self.knowledge);
            let again = |(speaker, other): &(Option<i64>, BTreeSet<String>)| {
                words == *other || *speaker == saying.speaker && overlap(&words, other) >= SAME_SAYING
            };
            let printed =
                |sentence: &BTreeSet<String>| overlap(&words, sentence) >= SAME_SAYING && words.len() <= sentence.len();
            if told.iter().any(again) || told_already.iter().any(printed) {
                continue;
            }
            told.push((saying.speaker, words));
            if let Some(speaker) = saying.speaker {
                let said = of_speaker.entry(speaker).or_default();
                if *said == OF_ONE {
                    continue;
                }
                *said += 1;
            }
            *own += 1;
            keys.push(saying.key);
        }
        self.statements_of(&keys)
    }
}

/// A statement that may be worth a line.
pub(crate) struct Saying {
    key: i64,
    print: i64,
    speaker: Option<i64>,
    worth: f64,
    content: String,
    /// How likely its report speaks for its writer.
    own: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_alone_needs_no_sentence_before_it() {
        let alone = |sentence| stands_alone(sentence, Knowledge::english());
        assert!(alone("The Halcyon sank off Tarn on Monday."));
        assert!(alone("“We will sail again,” the owner said."));
        assert!(alone("\"It will sail again,\" the owner said."));
        assert!(!alone("She said he had left the harbour."));
        assert!(!alone("Sink them.”"));
        assert!(!alone("and the ship was never found."));
    }

    #[test]
    fn a_page_tells_a_thing_once_and_no_report_fills_it() {
        let line = |day: &str, who: &str, evidence: &str, prints: &[i64]| {
            let answer = TimelineAnswer {
                id: String::new(),
                day: Some(day.to_string()),
                dated: true,
                event_type: "ASSAULT".into(),
                mode: None,
                status: "happened".into(),
                actors: vec![who.to_string()],
                recipients: Vec::new(),
                place: None,
                country: None,
                evidence: evidence.to_string(),
                reports: prints.len() as i64,
                otherwise: Vec::new(),
                mentions: Vec::new(),
            };
            Line::of(answer, prints, Knowledge::english())
        };
        let mut page = Page::default();
        page.take(line("2026-03-04", "Front", "The Front attacked the harbour of Tarn at dawn.", &[1, 2]));
        page.take(line("2026-03-04", "Front", "At dawn the harbour of Tarn was attacked.", &[3]));
        assert_eq!(page.lines.len(), 1);
        // Somebody else's deed is another, and so is that of another day.
        page.take(line("2026-03-04", "Guild", "At dawn the Guild blocked the harbour of Tarn.", &[3]));
        page.take(line("2026-03-05", "Front", "The Front attacked the harbour of Tarn again.", &[3]));
        page.take(line("2026-03-06", "League", "The League marched through Elva.", &[3]));
        assert_eq!(page.lines.len(), 3);
        // Whatever reports call it, what two of them tell of one day is one deed.
        page.take(line("2026-03-07", "Guild", "Guards of the Guild were shot at.", &[4, 5, 6]));
        page.take(line("2026-03-07", "Front", "The ambush cost three lives.", &[5, 6]));
        assert_eq!(page.lines.len(), 4);
    }

    #[test]
    fn who_is_named_before_is_not_clear() {
        let another = |content| begins_with_another(content, Knowledge::english());
        assert!(another("that it risked a war") && another("“They will be back”"));
        assert!(another("“That’s what sits on the desk”") && !another("“I’ve never left”"));
        assert!(!another("that we will be back") && !another("that Tarn risked a war") && !another(""));
    }

    #[test]
    fn a_month_is_over_when_its_last_day_is() {
        assert!(*last_day("2026-02") > *"2026-02-07" && *last_day("2026") > *"2026-11-30");
        assert!(*last_day("2025") < *"2026-01-01" && *last_day("2026-02-05") < *"2026-02-07");
    }

    #[test]
    fn what_begins_a_report_counts_most() {
        assert_eq!(lead(0), 1.0);
        assert!((lead(600) - 0.5).abs() < 1e-9);
        assert!(lead(-3) <= 1.0);
    }
}
