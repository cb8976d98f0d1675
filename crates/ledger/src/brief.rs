//! The situation on a page: what is new, who said what, what changed, what is due, what is contested.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use annalist_identity::{content_words, overlap, words};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::answers::{CommitmentAnswer, DueAnswer, StatementAnswer, StoryAnswer, TimelineAnswer, parties};
use crate::error::LedgerError;
use crate::filter::{Filter, Kept, text};
use crate::newsworthy::{ANNOUNCED, News, OWN, stands_alone};
use crate::positions::TOLD;
use crate::store::Ledger;

/// So many lines a section has at most.
const LINES: usize = 12;

/// News are chosen among so many times as many of the last happenings as are printed.
const AMONG: usize = 50;
/// What came of commitments is told of those made at most so many days before the time asked for.
const REMEMBERED: i32 = 92;
/// What is due on some day of more than so many days has no line.
const MONTH: i32 = 31;
/// Promises of one actor whose words overlap so much are one.
const SAME_PROMISE: f64 = 0.6;
/// What is due later than so many days from now is no line yet.
const AHEAD: i32 = 366;

/// The sources a line has, by number, in the order in which they are first used.
#[derive(Default)]
struct Sources {
    numbers: BTreeMap<String, usize>,
    order: Vec<String>,
    /// What analysts said of items.
    said: BTreeMap<String, Vec<String>>,
}

impl Sources {
    /// The mark of the reports of some items.
    fn mark<'i>(&mut self, items: impl IntoIterator<Item = &'i str>) -> String {
        let (mut marks, mut said): (Vec<usize>, Vec<String>) = Default::default();
        for item in items {
            for words in self.said.get(item).into_iter().flatten() {
                if !said.contains(words) {
                    said.push(words.clone());
                }
            }
            let report = item.split('/').next().unwrap_or(item);
            let next = self.order.len() + 1;
            let number = *self.numbers.entry(report.to_string()).or_insert_with(|| {
                self.order.push(report.to_string());
                next
            });
            if !marks.contains(&number) {
                marks.push(number);
            }
        }
        let numbers = marks.iter().map(|n| format!("[{n}]")).collect::<Vec<_>>().join("");
        said.into_iter().fold(numbers, |line, words| format!("{line} ({words})"))
    }
}

impl Ledger {
    /// A brief in Markdown. The filter's `since` says from when on things are news, `words` and the rest what it is about; `as_of`
    /// which day is today (otherwise the last that the ledger knows of). Every line has its sources, and nothing is in it that is
    /// not in the ledger.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    pub fn brief(&self, filter: &Filter, as_of: Option<&str>) -> Result<String, LedgerError> {
        // Its sections ask for the same rows.
        self.found.replace(Some(Kept::default()));
        let page = self.page(filter, as_of);
        self.found.replace(None);
        page
    }

    fn page(&self, filter: &Filter, as_of: Option<&str>) -> Result<String, LedgerError> {
        let today = as_of.map(|day| Ok(Some(day.to_string()))).unwrap_or_else(|| self.last_day())?;
        let lines = Filter { limit: Some(filter.limit.unwrap_or(LINES)), ..filter.clone() };
        let limit = lines.limit.unwrap_or(LINES);
        let mut sources = Sources::default();
        for mark in self.marks_from(0)? {
            let told = plain(&mark.to_string());
            sources.said.entry(mark.id).or_default().push(told);
        }
        let mut page = String::new();
        let out = &mut page;
        let about =
            filter.words.as_ref().or(filter.actor.as_ref()).or(filter.country.as_ref()).or(filter.place.as_ref());
        let _ = writeln!(out, "# {}", about.map_or("Brief".to_string(), |about| format!("Brief: {}", plain(about))));
        let span = [
            filter.since.as_ref().map(|d| format!("since {d}")),
            filter.until.as_ref().map(|d| format!("until {d}")),
            today.as_ref().map(|d| format!("as of {d}")),
        ];
        let span: Vec<String> = span.into_iter().flatten().collect();
        let _ = writeln!(out, "\n{}\n", span.join(", "));

        let Material { news, told, followed, pursued } = self.material(&lines, today.as_deref(), as_of, limit)?;
        let News { told: mut timeline, mut contested } = news;
        let Followed { mut stories, changes } = followed;
        let Pursued { due, promised, came } = pursued;
        // Chosen by their worth, printed in order of time.
        let by_day = |a: &TimelineAnswer, b: &TimelineAnswer| (&a.day, &a.id).cmp(&(&b.day, &b.id));
        timeline.sort_by(by_day);
        contested.sort_by(by_day);
        let outlets = timeline.iter().map(|t| self.only_outlet(&t.mentions)).collect::<Result<Vec<_>, _>>()?;
        section(
            out,
            "What is new",
            timeline.iter().zip(&outlets).map(|(t, outlet)| {
                let reports = match t.reports > 1 {
                    true => format!("{}, ", reports_told(t.reports, outlet.as_deref())),
                    false => String::new(),
                };
                let mark = sources.mark(t.mentions.iter().map(String::as_str));
                let told = plain(&t.evidence);
                let day = match (&t.day, t.status == ANNOUNCED) {
                    (Some(day), true) => format!("announced {day}"),
                    (Some(day), false) if !t.dated => format!("told {day}"),
                    (day, _) => format!("**{}**", day.as_deref().unwrap_or("no date")),
                };
                // Whom "she" is, of a sentence that does not tell.
                let who = parties(&t.actors, &t.recipients).filter(|_| !stands_alone(&t.evidence, self.knowledge));
                let who = who.map(|who| format!("{}: ", plain(&who))).unwrap_or_default();
                format!("{day} {who}{told} ({reports}{}) {mark}", t.id)
            }),
        );

        stories.sort_by_key(|s| std::cmp::Reverse(s.reports));
        let outlets = stories.iter().map(|s| self.only_outlet(&s.of)).collect::<Result<Vec<_>, _>>()?;
        section(
            out,
            "What reports are on",
            stories.iter().zip(&outlets).map(|(s, outlet)| {
                let days = match (&s.first, &s.last) {
                    (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
                    (first, _) => first.clone().unwrap_or("no date".to_string()),
                };
                let mark = sources.mark(s.of.iter().map(String::as_str));
                let title = s.title.as_deref().unwrap_or("(no title)");
                format!("**{days}** {} ({}) {mark}", plain(title), reports_told(s.reports, outlet.as_deref()))
            }),
        );

        section(
            out,
            "Who said what",
            told.iter().map(|s| {
                let who = s.speaker.as_deref().unwrap_or(&s.source);
                let mark = sources.mark([s.id.as_str()]);
                let (who, cue) = (plain(who), plain(s.cue.trim_end_matches(':')));
                // "According to" stands before its source.
                let before = words(&cue).next().is_some_and(|first| first == "according");
                let (first, then) = if before { (cue, who) } else { (who, cue) };
                let day = s.day.as_deref().unwrap_or("no date");
                format!("**{day}** {first} {then}: {} {mark}", plain(&s.content))
            }),
        );

        section(
            out,
            "What changed",
            changes.iter().map(|c| {
                let mark = sources.mark(c.before_id.as_deref().into_iter().chain([c.id.as_str()]));
                let who = plain(c.who.as_deref().unwrap_or("(nobody named)"));
                let (day, after) = (c.day.as_deref().unwrap_or("no date"), plain(&c.after));
                // What tells the change in one has both: "reversed her decision not to negotiate".
                match c.after.contains(&c.before) {
                    true => format!("**{day}** {who}: “{after}” {mark}"),
                    false => format!("**{day}** {who}: “{after}”, before “{}” {mark}", plain(&c.before)),
                }
            }),
        );

        section(
            out,
            "What is due",
            due.iter().map(|d| {
                let days = if d.from == d.until { d.from.clone() } else { format!("{} to {}", d.from, d.until) };
                let mark = sources.mark([d.id.as_str()]);
                // Of what somebody bound themselves to, only the deed is told.
                let who = d.who.join(", ");
                let named = who.is_empty() || d.who.iter().any(|who| d.what.contains(who.as_str()));
                let who = if named { String::new() } else { format!("{}: ", plain(&who)) };
                format!("**{days}** {who}{} {mark}", plain(&d.what))
            }),
        );

        let told = |c: &CommitmentAnswer| {
            let by = c.by.as_deref().unwrap_or("(nobody named)");
            format!("{} of {} ({}): {}", c.kind, plain(by), c.day.as_deref().unwrap_or("no date"), plain(&c.what))
        };
        section(
            out,
            "What was promised",
            promised.iter().map(|c| {
                let due = c.due_by.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
                format!("{}{due} {}", told(c), sources.mark([c.id.as_str()]))
            }),
        );
        section(
            out,
            "What came of commitments",
            came.iter().skip(came.len().saturating_sub(limit)).map(|c| {
                let because = c.because.as_ref().map(|words| format!(": {}", plain(words))).unwrap_or_default();
                let mark = sources.mark([c.id.as_str()].into_iter().chain(c.because_id.as_deref()));
                format!("**{}** {}{because} {mark}", c.outcome, told(c))
            }),
        );

        section(
            out,
            "What is contested",
            contested.iter().rev().take(limit).map(|t| {
                let mark = sources.mark(t.mentions.iter().map(String::as_str));
                format!("{} ({}): {} {mark}", plain(&t.evidence), t.status, plain(&t.otherwise.join("; ")))
            }),
        );

        if sources.order.is_empty() {
            let last = self.last_day()?.map(|day| format!(" Its newest report is of {day}.")).unwrap_or_default();
            let _ = writeln!(out, "Nothing in the ledger answers to this.{last}");
            return Ok(page);
        }
        let _ = writeln!(out, "## Sources\n");
        for (i, report) in sources.order.iter().enumerate() {
            let query = "SELECT title, outlet, published, url FROM report WHERE id = ?1 AND current";
            let mut told: Vec<[Option<String>; 4]> =
                self.rows(query, vec![text(report)], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
            for [title, ..] in &mut told {
                // A report without a title is known by its first words.
                if title.is_none() {
                    *title = self.opening(report)?;
                }
            }
            let told: Vec<String> = told.into_iter().flatten().flatten().map(|part| plain(&part)).collect();
            let _ = writeln!(out, "{}. {} ({report})", i + 1, told.join(", "));
        }
        Ok(page)
    }

    /// What the sections are made of, asked for in two halves at once, if another reader shows the same.
    fn material(
        &self,
        lines: &Filter,
        today: Option<&str>,
        as_of: Option<&str>,
        limit: usize,
    ) -> Result<Material, LedgerError> {
        let until = lines.until.clone().or(today.map(str::to_string));
        let happened = Filter { status: None, until, ..lines.clone() };
        let one = |ledger: &Ledger| -> Result<_, LedgerError> {
            Ok((ledger.news(&happened, limit * AMONG, limit)?, ledger.pursued(lines, today, as_of, limit)?))
        };
        let two = |ledger: &Ledger| -> Result<_, LedgerError> {
            Ok((ledger.sayings(lines, limit * AMONG)?, ledger.goes_on(lines, limit)?))
        };
        let ((news, pursued), (sayings, followed)) = match self.beside() {
            None => (one(self)?, two(self)?),
            Some(other) => std::thread::scope(|scope| {
                let beside = scope.spawn(move || {
                    // Its sections ask for the same rows, too.
                    other.found.replace(Some(Kept::default()));
                    let answer = two(&other);
                    other.found.replace(None);
                    (answer, other)
                });
                let here = one(self);
                let (there, other) = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                self.spare.replace(Some(other));
                Ok::<_, LedgerError>((here?, there?))
            })?,
        };
        let printed: Vec<_> = news.told.iter().map(|t| content_words(&t.evidence, self.knowledge)).collect();
        let told = self.told_first(sayings, &printed, limit)?;
        Ok(Material { news, told, followed, pursued })
    }

    /// What reports are on, and what changed.
    fn goes_on(&self, lines: &Filter, limit: usize) -> Result<Followed, LedgerError> {
        let mut all = self.stories(&Filter { limit: Some(limit * 2), status: None, ..lines.clone() })?;
        all.retain(|s| s.reports > 1);
        all.sort_by_key(|s| std::cmp::Reverse(s.reports));
        let mut stories = Vec::new();
        for story in all {
            if stories.len() < limit / 2 {
                stories.extend(self.news_story(story, lines)?);
            }
        }
        let mut changes = self.changes(lines)?;
        // What is seen by comparing reports.
        let positions = self.positions(&Filter { status: Some("changed".to_string()), ..lines.clone() })?;
        let across = positions.into_iter().filter(|p| p.shown_by.as_deref().is_some_and(|by| by != TOLD));
        changes.extend(across.map(|p| Change {
            id: p.id,
            before_id: p.before_id,
            day: p.day,
            who: Some(p.who),
            before: p.before.unwrap_or_default(),
            after: p.content,
        }));
        // Two positions on one matter share words, or the words for the change name the first.
        changes.retain(|c| {
            let content = |position: &str| content_words(position, self.knowledge);
            c.after.contains(&c.before) || !content(&c.after).is_disjoint(&content(&c.before))
        });
        let changes = self.without_writers_own(changes, |c| &c.id, usize::MAX)?;
        Ok(Followed { stories, changes })
    }

    /// What is due, what was promised and what came of it.
    fn pursued(
        &self,
        lines: &Filter,
        today: Option<&str>,
        as_of: Option<&str>,
        limit: usize,
    ) -> Result<Pursued, LedgerError> {
        let due = self.calendar(lines, today, as_of, limit)?;
        // Nobody can be held to what "we", "its forces", or nobody named, promised.
        let pronoun = |word: &str| self.knowledge.referents().pronoun(&word.to_lowercase()).is_some();
        let named = |by: &str| by.split_whitespace().next().is_some_and(|first| !pronoun(first));
        let held = |c: &CommitmentAnswer| c.by.as_deref().is_some_and(named);
        let day = |day: &Option<String>| day.as_deref()?.get(..10)?.parse::<Date>().ok();
        // Older ones are left to the questions.
        let since = day(&lines.since);
        let made_since = |c: &CommitmentAnswer, since: Option<Date>| {
            day(&c.day).zip(since).is_none_or(|(made, since)| made >= since)
        };
        let remembered = since.and_then(|day| day.checked_sub(REMEMBERED.days()).ok());
        let last = Filter { since: None, limit: Some(limit * 10), ..lines.clone() };
        let (came, open) = self.settled(&last, as_of, |c| held(c) && made_since(c, remembered))?;
        let open = open.into_iter().filter(|c| made_since(c, since)).collect();
        let promised = self.promised(open, limit)?;
        Ok(Pursued { due, promised, came })
    }

    /// The outlet of all the reports of some items (a report's id, or "report/item"); `None` if there are several or one is not known.
    fn only_outlet(&self, items: &[String]) -> Result<Option<String>, LedgerError> {
        let reports: BTreeSet<&str> = items.iter().filter_map(|item| item.split('/').next()).collect();
        let mut only = None;
        for report in reports {
            let query = "SELECT outlet FROM report WHERE id = ?1 AND current";
            let found: Vec<Option<String>> = self.rows(query, vec![text(report)], |row| row.get(0))?;
            for outlet in found {
                if outlet.is_none() || only.as_ref().is_some_and(|only| Some(only) != outlet.as_ref()) {
                    return Ok(None);
                }
                only = outlet;
            }
        }
        Ok(only)
    }

    /// What is due next, on a day or in a month, each once.
    fn calendar(
        &self,
        lines: &Filter,
        today: Option<&str>,
        as_of: Option<&str>,
        limit: usize,
    ) -> Result<Vec<DueAnswer>, LedgerError> {
        let last = today.and_then(|day| day.get(..10)?.parse::<Date>().ok()?.checked_add(AHEAD.days()).ok());
        let until = last.map(|day| day.to_string());
        let ahead = Filter { since: today.map(str::to_string), until, status: Some("ahead".into()), ..lines.clone() };
        let mut due = self.due(&Filter { limit: Some(limit * 4), ..ahead }, as_of)?;
        // "This year" is no date in a calendar, and what one sentence announces is a line.
        let days = |d: &DueAnswer| d.from.parse::<Date>().ok()?.until(d.until.parse::<Date>().ok()?).ok();
        let mut announced = BTreeSet::new();
        due.retain(|d| {
            days(d).is_none_or(|days| days.get_days() <= MONTH) && announced.insert((d.from.clone(), d.what.clone()))
        });
        self.without_writers_own(due, |d| &d.id, limit)
    }

    /// Of open commitments in order of time the last, of what an actor says again and again the last time, not too many of one report.
    fn promised(&self, open: Vec<CommitmentAnswer>, limit: usize) -> Result<Vec<CommitmentAnswer>, LedgerError> {
        let told_in = |c: &CommitmentAnswer| c.id.split('/').next().unwrap_or_default().to_string();
        let mut promised: Vec<(CommitmentAnswer, BTreeSet<String>)> = Vec::new();
        let mut of_report: BTreeMap<String, usize> = BTreeMap::new();
        for c in open.into_iter().rev() {
            let words = content_words(&c.what, self.knowledge);
            let again = |(other, own): &(CommitmentAnswer, BTreeSet<String>)| {
                other.by == c.by && overlap(own, &words) >= SAME_PROMISE
            };
            let count = of_report.entry(told_in(&c)).or_default();
            // One word alone ("destroy") does not tell what is to be done.
            let room = promised.len() < limit && *count < OWN;
            if words.len() > 1 && room && !promised.iter().any(again) && !self.is_writers_own(&c.id)? {
                *count += 1;
                promised.push((c, words));
            }
        }
        Ok(promised.into_iter().rev().map(|(c, _)| c).collect())
    }

    /// Changes of position that reports tell, the last in time, in order of time.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the filter's words are none.
    fn changes(&self, filter: &Filter) -> Result<Vec<Change>, LedgerError> {
        let (from, values) = self.last_changes(filter, filter.limit.unwrap_or(LINES))?;
        let query = format!(
            "SELECT report.id || '/' || change.id, change.day, coalesce(entity.name, actor.name), change.before_words, change.after_words
             FROM {from} LEFT JOIN entity ON entity.key = change.entity
             LEFT JOIN actor ON actor.report = change.report AND actor.id = change.who
             ORDER BY change.day DESC, report.key DESC, change.id"
        );
        let mut found: Vec<Change> = self.rows(&query, values, |row| {
            Ok(Change {
                id: row.get(0)?,
                before_id: None,
                day: row.get(1)?,
                who: row.get(2)?,
                before: row.get(3)?,
                after: row.get(4)?,
            })
        })?;
        found.reverse();
        Ok(found)
    }
}

/// What a page is made of.
struct Material {
    news: News,
    told: Vec<StatementAnswer>,
    followed: Followed,
    pursued: Pursued,
}

/// What goes on.
struct Followed {
    stories: Vec<StoryAnswer>,
    changes: Vec<Change>,
}

/// What is to come of something.
struct Pursued {
    due: Vec<DueAnswer>,
    promised: Vec<CommitmentAnswer>,
    came: Vec<CommitmentAnswer>,
}

struct Change {
    id: String,
    before_id: Option<String>,
    day: Option<String>,
    who: Option<String>,
    before: String,
    after: String,
}

fn section(out: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "## {heading}\n");
    lines.for_each(|line| _ = writeln!(out, "- {line}"));
    out.push('\n');
}

/// How many reports tell a thing. Those of one outlet do not confirm each other.
fn reports_told(reports: i64, only_outlet: Option<&str>) -> String {
    match only_outlet {
        Some(outlet) => format!("{reports} reports of {}", plain(outlet)),
        None => format!("{reports} independent reports"),
    }
}

/// Words of a report that mean nothing in Markdown.
fn plain(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' => plain.extend(['\\', c]),
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}
