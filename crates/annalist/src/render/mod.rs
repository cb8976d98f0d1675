//! A record as text, for a person in a terminal: a desk note.
//!
//! The report's title and what is known of it, then, as far as the report has them: what happened, who said what, commitments, what is
//! coming up, who changed position, and the sources; where the record says why, that stands below each statement, and at the end
//! actors, places and times with their reasons. Every entry begins with the number of the text's paragraph it stands in (the text being
//! the report's own, without what was taken out).

mod events;
pub mod known;
mod sources;
mod statements;

use std::collections::HashMap;
use std::fmt::Write;

use annalist_record::{Actor, MentionForm, Place, Record, Span, Time};
use anstyle::{AnsiColor, Style as Paint};
use serde::Serialize;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// Columns to wrap at.
    pub width: usize,
}

const TITLE: Paint = Paint::new().bold();
const SECTION: Paint = Paint::new().bold().underline();
const SOURCE: Paint = Paint::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const DIM: Paint = Paint::new().dimmed();
const WARNING: Paint = Paint::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Of what somebody said, at most so many words are shown; the record has all.
const MOST_WORDS: usize = 60;

/// Below this confidence an entry is marked as doubtful.
const DOUBTFUL: f32 = 0.5;

/// The record as text, ending in a line end.
pub fn record(record: &Record, style: Style) -> String {
    let mut page = Page::new(record, style);
    let report = &record.report;
    page.wrapped(report.title.as_deref().unwrap_or("(no title)"), "", "", TITLE);
    let about: Vec<&str> = [&report.outlet, &report.published].into_iter().flatten().map(String::as_str).collect();
    if !about.is_empty() {
        page.wrapped(&about.join(", "), "", "", DIM);
    }
    for credit in &report.credits {
        page.wrapped(&format!("Credit: {}", credit.name), "", "", DIM);
    }
    for warning in &report.warnings {
        page.wrapped(&format!("Note: {warning}"), "", "      ", WARNING);
    }
    page.section("What happened", Page::happened);
    page.section("Who said what", Page::statements);
    page.section("Commitments", Page::commitments);
    page.section("Coming up", Page::coming);
    page.section("Changed position", Page::changes);
    page.section("Sources", Page::sources);
    page.section("Why", Page::items);
    page.out.push('\n');
    page.wrapped(&summary(record), "", "", DIM);
    page.out
}

fn summary(record: &Record) -> String {
    let counts = [
        (record.events.len(), "event"),
        (record.statements.len(), "statement"),
        (record.commitments.len(), "commitment"),
        (record.changes.len(), "change of position"),
    ];
    let count = |(n, what): (usize, &str)| match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {}", what.replacen("change", "changes", 1)) + if what.contains("change") { "" } else { "s" },
    };
    let told: Vec<String> = counts.into_iter().filter(|(n, _)| *n > 0).map(count).collect();
    match told.is_empty() {
        true => "Nothing was found in it: no event of a political kind, no statement, no commitment".to_string(),
        false => told.join(", "),
    }
}

/// The words of several spans, on one line.
fn join<'s>(spans: impl IntoIterator<Item = &'s Span>) -> String {
    let words = |s: &Span| s.text.split_whitespace().collect::<Vec<_>>().join(" ");
    spans.into_iter().map(words).collect::<Vec<_>>().join(" … ")
}

/// The word that a value of a closed list has in the record.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

struct Page<'r> {
    out: String,
    style: Style,
    record: &'r Record,
    times: HashMap<&'r str, &'r Time>,
    places: HashMap<&'r str, &'r Place>,
    actors: HashMap<&'r str, &'r Actor>,
    /// Names of actors that have one to show: not those that nothing but pronouns stand for.
    names: HashMap<&'r str, &'r str>,
    lines: LineNumbers,
    gutter: usize,
}

impl<'r> Page<'r> {
    fn new(record: &'r Record, style: Style) -> Page<'r> {
        let named = record.actors.iter().filter(|a| a.mentions.iter().any(|m| m.form != MentionForm::Pronoun));
        let lines = LineNumbers::new(&record.report.text);
        Page {
            out: String::new(),
            style,
            record,
            times: record.times.iter().map(|t| (t.id.as_str(), t)).collect(),
            places: record.places.iter().map(|p| (p.id.as_str(), p)).collect(),
            actors: record.actors.iter().map(|a| (a.id.as_str(), a)).collect(),
            names: named.map(|a| (a.id.as_str(), a.name.as_str())).collect(),
            gutter: lines.starts.len().to_string().len().max(2) + 2,
            lines,
        }
    }

    /// A section and its heading; nothing where it has nothing to say.
    fn section(&mut self, title: &str, fill: impl Fn(&mut Page<'r>)) {
        let before = std::mem::take(&mut self.out);
        fill(self);
        let filled = std::mem::replace(&mut self.out, before);
        if !filled.is_empty() {
            self.out.push('\n');
            self.wrapped(&title.to_uppercase(), "", "", SECTION);
            self.out.push_str(&filled);
        }
    }

    /// A time as its day, month or year, where that is known, else in the report's own words.
    fn time(&self, id: &str) -> Option<String> {
        let time = self.times.get(id)?;
        let value = time.value.as_deref().filter(|_| time.earliest.is_some());
        // "2016-09-17TNI" is the night of a day; weeks, seasons and decades are told in words.
        let day = value.map(|v| v.split_once('T').map_or(v, |(day, _)| day));
        let plain = |v: &&str| v.split('-').all(|part| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_digit()));
        let year = |v: &&str| v.split('-').next().is_some_and(|year| year.len() == 4);
        Some(day.filter(plain).filter(year).map_or_else(|| join([&time.span]), str::to_string))
    }

    /// A time as above, if it tells when: not how long or how often.
    fn moment(&self, id: &str) -> Option<String> {
        let time = self.times.get(id)?;
        matches!(time.kind.as_str(), "DATE" | "TIME").then(|| self.time(id)).flatten()
    }

    /// A place by its name, with its country unless it is one.
    fn place(&self, id: &str) -> Option<String> {
        let place = self.places.get(id)?;
        let country = place.country.as_deref().filter(|_| place.kind != Some(annalist_record::PlaceKind::Country));
        Some(country.map_or_else(|| place.name.clone(), |country| format!("{} ({country})", place.name)))
    }

    /// An actor by its name.
    fn actor(&self, id: Option<&str>) -> Option<String> {
        id.and_then(|id| self.names.get(id)).map(|name| (*name).to_string())
    }

    fn paint(&self, text: &str, paint: Paint) -> String {
        if self.style.color && !text.is_empty() {
            format!("{}{text}{}", paint.render(), paint.render_reset())
        } else {
            text.to_string()
        }
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str, paint: Paint) {
        let options = textwrap::Options::new(self.style.width).initial_indent(first).subsequent_indent(rest);
        for line in textwrap::wrap(&shown(text), options) {
            let body = line.trim_start_matches(' ');
            let indent = &line[..line.len() - body.len()];
            let painted = self.paint(body, paint);
            let _ = writeln!(self.out, "{indent}{painted}");
        }
    }

    fn step(&self) -> usize {
        if self.style.width < 60 { 1 } else { 2 }
    }

    /// Why an item is as it is, where the record says so.
    fn reasons(&mut self, item: &str, indent: usize) {
        for e in self.record.explanations.iter().filter(|e| e.item == item) {
            let words = e.words.as_ref().map(|words| format!(" “{words}”")).unwrap_or_default();
            let score = e.score.map(|score| format!(" {score}")).unwrap_or_default();
            let line = format!("{}: {}{words}{score}", e.field, e.by);
            self.wrapped(&line, &" ".repeat(indent), &" ".repeat(indent + self.step()), DIM);
        }
    }

    /// Who, where and when, each with why, where the record says so.
    fn items(&mut self) {
        let record = self.record;
        if record.explanations.is_empty() {
            return;
        }
        let told = |name: &str, what: Option<&str>| match what {
            Some(what) => format!("{name} · {what}"),
            None => name.to_string(),
        };
        let actors = record.actors.iter().map(|a| (told(&a.name, a.country.as_deref()), a.id.as_str()));
        let places = record.places.iter().map(|p| (told(&p.name, p.country.as_deref()), p.id.as_str()));
        let times = record.times.iter().map(|t| (told(&t.span.text, t.value.as_deref()), t.id.as_str()));
        for (heading, id) in actors.chain(places).chain(times).collect::<Vec<_>>() {
            self.wrapped(&heading, "", "", SOURCE);
            self.reasons(id, self.step());
        }
    }

    /// An entry's heading: the paragraph of the text, who, what, and notes in brackets.
    fn entry(&mut self, line: usize, depth: usize, who: &str, what: &str, notes: &[String]) {
        let indent = " ".repeat(self.gutter + depth * self.step());
        let head = format!("{:<width$}{}", format!("¶{line}"), " ".repeat(depth * self.step()), width = self.gutter);
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let heading = if who.is_empty() { format!("{what}{notes}") } else { format!("{who} · {what}{notes}") };
        let options = textwrap::Options::new(self.style.width).initial_indent(&head).subsequent_indent(&indent);
        let who = shown(who);
        for (i, line) in textwrap::wrap(&shown(&heading), options).iter().enumerate() {
            let cut = if i == 0 { head.len() } else { indent.len() }.min(line.len());
            let (before, body) = line.split_at(cut);
            let painted = self.heading(body, if i == 0 { &who } else { "" });
            let before = if i == 0 {
                self.paint(before.trim_end(), DIM) + &" ".repeat(before.len() - before.trim_end().len())
            } else {
                before.to_string()
            };
            let _ = writeln!(self.out, "{before}{painted}");
        }
    }

    /// A line between entries.
    fn remark(&mut self, words: &str) {
        let indent = " ".repeat(self.gutter);
        self.wrapped(words, &indent, &indent, DIM);
    }

    /// On one line, the words of a sentence around some of them.
    fn excerpt(&mut self, sentence: &Span, around: &Span) {
        let words: Vec<&str> = sentence.text.split_whitespace().collect();
        // The word in which a code point of the sentence stands.
        let word_at = |point: usize| {
            let before: String = sentence.text.chars().take(point.saturating_sub(sentence.start)).collect();
            let begun = before.ends_with(|c: char| !c.is_whitespace());
            (before.split_whitespace().count() - usize::from(begun)).min(words.len().saturating_sub(1))
        };
        let (mut first, mut last) = (word_at(around.start), word_at(around.end.saturating_sub(1)));
        let room = self.style.width.saturating_sub(self.gutter + 2 + 4);
        let width =
            |from: usize, to: usize| words.get(from..=to).map_or(0, |w| textwrap::core::display_width(&w.join(" ")));
        loop {
            // More of what comes after than of what came before: it tells to whom and where.
            let before = (first > 0).then(|| (first - 1, last)).filter(|&(f, l)| width(f, l) <= room);
            let after = (last + 1 < words.len()).then_some((first, last + 1)).filter(|&(f, l)| width(f, l) <= room);
            let more_before = width(first, word_at(around.start)) * 3 < width(word_at(around.start), last) * 2;
            let Some(next) = (if more_before { before.or(after) } else { after.or(before) }) else { break };
            (first, last) = next;
        }
        let Some(shown) = words.get(first..=last) else { return };
        let (left, right) = (if first > 0 { "… " } else { "" }, if last + 1 < words.len() { " …" } else { "" });
        let indent = " ".repeat(self.gutter + 2);
        self.wrapped(&format!("{left}{}{right}", shown.join(" ")), &indent, &indent, DIM);
    }

    /// Words below an entry's heading, cut where they are very many.
    fn below(&mut self, words: &str, depth: usize) {
        let mut kept = words.split(' ');
        let beginning = kept.by_ref().take(MOST_WORDS).collect::<Vec<_>>().join(" ");
        match kept.next() {
            Some(_) => self.below_whole(&format!("{beginning} …"), depth),
            None => self.below_whole(words, depth),
        }
    }

    /// Words below an entry's heading.
    fn below_whole(&mut self, words: &str, depth: usize) {
        let indent = " ".repeat(self.gutter + depth * self.step() + 2);
        self.wrapped(words, &indent, &indent, Paint::new());
    }

    /// The first line of a heading, its source coloured.
    fn heading(&self, body: &str, source: &str) -> String {
        match body.strip_prefix(source).filter(|_| !source.is_empty()) {
            Some(rest) => self.paint(source, SOURCE) + &self.paint(rest, DIM),
            None if source.is_empty() => self.paint(body, DIM),
            None => self.paint(body, SOURCE),
        }
    }
}

/// A text as it may be shown: control characters of a hostile one stay out of the terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The paragraphs of the text (its lines that are not blank), by code points.
struct LineNumbers {
    starts: Vec<usize>,
}

impl LineNumbers {
    fn new(text: &str) -> LineNumbers {
        let mut starts = Vec::new();
        let (mut at, mut blank) = (0, true);
        for (i, c) in text.chars().enumerate() {
            if c == '\n' {
                (at, blank) = (i + 1, true);
            } else if blank && !c.is_whitespace() {
                starts.push(at);
                blank = false;
            }
        }
        LineNumbers { starts }
    }

    /// The paragraph, from 1, in which the first of the spans begins.
    fn of<'s>(&self, spans: impl IntoIterator<Item = &'s Span>) -> usize {
        self.at(spans.into_iter().map(|s| s.start).min().unwrap_or(0))
    }

    /// The paragraph, from 1, of a code point.
    fn at(&self, point: usize) -> usize {
        self.starts.partition_point(|&start| start <= point).max(1)
    }
}
