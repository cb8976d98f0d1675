//! A record as text, for a person in a terminal.
//!
//! The report's title and what is known of it, then the statements in the order of the text: the line they stand on, who
//! (and whom a pronoun or description stands for), the cue, what was done by saying it; below, what was said. A statement inside
//! another's content is indented below it. Where the record says why, that stands below each, and at the end actors, places and times
//! with their reasons.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use annalist_record::{Act, Explanation, MentionForm, Quoted, Record, SourceKind, Span, Statement, Time};
use anstyle::{AnsiColor, Style as Paint};

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// Columns to wrap at.
    pub width: usize,
}

const TITLE: Paint = Paint::new().bold();
const SOURCE: Paint = Paint::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan)));
const DIM: Paint = Paint::new().dimmed();
const WARNING: Paint = Paint::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Statements at most this deep are indented; deeper ones stand as deep as this.
const DEEPEST: usize = 4;
/// Below this confidence a statement is marked as doubtful.
const DOUBTFUL: f32 = 0.5;

/// The record as text, ending in a line end.
pub fn record(record: &Record, style: Style) -> String {
    let times = record.times.iter().map(|t| (t.id.as_str(), t)).collect();
    // Whom nothing but pronouns stand for has no name to show.
    let known = record.actors.iter().filter(|a| a.mentions.iter().any(|m| m.form != MentionForm::Pronoun));
    let names: HashMap<&str, &str> = known.map(|a| (a.id.as_str(), a.name.as_str())).collect();
    let mut page = Page { out: String::new(), style, times, names };
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
    let lines = LineNumbers::new(&report.text);
    let places: HashMap<&str, usize> = record.statements.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
    let gutter = format!("{}", lines.starts.len()).len().max(2) + 2;
    for statement in order(&record.statements, &places) {
        page.out.push('\n');
        let depth = depth(statement, &record.statements, &places);
        page.statement(statement, lines.of(statement), depth, gutter);
        let indent = gutter + depth * page.step();
        page.reasons(&record.explanations, &statement.id, indent + page.step());
    }
    if !record.explanations.is_empty() {
        page.items(record);
    }
    page.out.push('\n');
    page.wrapped(&summary(record), "", "", DIM);
    page.out
}

/// Statements in the order of the text, those inside another's content right after it.
fn order<'r>(statements: &'r [Statement], places: &HashMap<&str, usize>) -> Vec<&'r Statement> {
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut tops = Vec::new();
    for (i, s) in statements.iter().enumerate() {
        match s.inside.as_deref().and_then(|id| places.get(id)) {
            Some(&outer) if outer != i => children.entry(outer).or_default().push(i),
            _ => tops.push(i),
        }
    }
    let (mut ordered, mut seen) = (Vec::with_capacity(statements.len()), HashSet::new());
    let mut stack: Vec<usize> = tops.into_iter().rev().collect();
    while let Some(i) = stack.pop() {
        if seen.insert(i) {
            ordered.push(&statements[i]);
            stack.extend(children.get(&i).into_iter().flatten().rev());
        }
    }
    // A ring of statements each inside the next cannot come from reading; if it is in the data, it is shown all the same.
    ordered.extend(statements.iter().enumerate().filter(|(i, _)| !seen.contains(i)).map(|(_, s)| s));
    ordered
}

fn depth(statement: &Statement, statements: &[Statement], places: &HashMap<&str, usize>) -> usize {
    let mut depth = 0;
    let mut inside = statement.inside.as_deref();
    while let Some(&outer) = inside.and_then(|id| places.get(id)).filter(|_| depth < DEEPEST) {
        depth += 1;
        inside = statements[outer].inside.as_deref();
    }
    depth
}

fn summary(record: &Record) -> String {
    let sources: HashSet<String> =
        record.statements.iter().filter(|s| !s.source.is_empty()).map(|s| join(&s.source).to_lowercase()).collect();
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    format!("{}, {}", count(record.statements.len(), "statement"), count(sources.len(), "source wording"))
}

/// The words of several spans, on one line.
fn join(spans: &[Span]) -> String {
    let words = |s: &Span| s.text.split_whitespace().collect::<Vec<_>>().join(" ");
    spans.iter().map(words).collect::<Vec<_>>().join(" … ")
}

struct Page<'r> {
    out: String,
    style: Style,
    /// The record's times, by their ids.
    times: HashMap<&'r str, &'r Time>,
    /// The names of its actors, by their ids.
    names: HashMap<&'r str, &'r str>,
}

impl Page<'_> {
    fn paint(&self, text: &str, paint: Paint) -> String {
        if self.style.color && !text.is_empty() {
            format!("{}{text}{}", paint.render(), paint.render_reset())
        } else {
            text.to_string()
        }
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str, paint: Paint) {
        let options = textwrap::Options::new(self.style.width).initial_indent(first).subsequent_indent(rest);
        // Control characters of a hostile text stay out of the terminal.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        for line in textwrap::wrap(&text, options) {
            let body = line.trim_start_matches(' ');
            let indent = &line[..line.len() - body.len()];
            let painted = self.paint(body, paint);
            let _ = writeln!(self.out, "{indent}{painted}");
        }
    }

    /// Columns that a level is indented by.
    fn step(&self) -> usize {
        if self.style.width < 60 { 1 } else { 2 }
    }

    /// Why an item is as it is.
    fn reasons(&mut self, explanations: &[Explanation], item: &str, indent: usize) {
        for e in explanations.iter().filter(|e| e.item == item) {
            let words = e.words.as_ref().map(|words| format!(" “{words}”")).unwrap_or_default();
            let score = e.score.map(|score| format!(" {score}")).unwrap_or_default();
            let line = format!("{}: {}{words}{score}", e.field, e.by);
            self.wrapped(&line, &" ".repeat(indent), &" ".repeat(indent + self.step()), DIM);
        }
    }

    /// Who, where and when, each with why.
    fn items(&mut self, record: &Record) {
        let told = |name: &str, what: Option<&str>| match what {
            Some(what) => format!("{name} · {what}"),
            None => name.to_string(),
        };
        let actors = record.actors.iter().map(|a| (told(&a.name, a.country.as_deref()), a.id.as_str()));
        let places = record.places.iter().map(|p| (told(&p.name, p.country.as_deref()), p.id.as_str()));
        let times = record.times.iter().map(|t| (told(&t.span.text, t.value.as_deref()), t.id.as_str()));
        for (heading, id) in actors.chain(places).chain(times).collect::<Vec<_>>() {
            self.out.push('\n');
            self.wrapped(&heading, "", "", SOURCE);
            self.reasons(&record.explanations, id, self.step());
        }
    }

    fn statement(&mut self, s: &Statement, line: usize, depth: usize, gutter: usize) {
        let step = self.step();
        let name = |id: &str| self.names.get(id).copied();
        let speaker = s.speaker.as_deref().and_then(name);
        let indent = " ".repeat(gutter + depth * step);
        let source = match s.source_kind {
            SourceKind::None => "(no source)".to_string(),
            SourceKind::Named => join(&s.source),
            // Whom "he" or "the group" stands for.
            _ => {
                let words = join(&s.source);
                let told = |name: &&str| !words.to_lowercase().contains(&name.to_lowercase());
                match speaker.filter(told) {
                    Some(name) => format!("{words} ({name})"),
                    None => words,
                }
            }
        };
        let mut notes = Vec::new();
        if s.act != Act::Other {
            notes.push(word(&s.act));
        }
        match s.quoted {
            Quoted::Direct => notes.push("quoted".to_string()),
            Quoted::Mixed => notes.push("partly quoted".to_string()),
            Quoted::Indirect => {}
        }
        match s.source_kind {
            SourceKind::Document => notes.push("document".to_string()),
            SourceKind::Unnamed => notes.push("unnamed source".to_string()),
            _ => {}
        }
        // Whoever carried it was told it.
        let addressee = s.addressee.as_ref().filter(|to| !s.via.contains(to)).and_then(|to| name(to));
        notes.extend(addressee.map(|to| format!("to {to}")));
        notes.extend(s.via.iter().filter_map(|id| name(id)).map(|via| format!("via {via}")));
        if let Some(time) = s.time.as_deref().and_then(|id| self.times.get(id)) {
            let words = join(std::slice::from_ref(&time.span));
            // A day that is not known is told by the report's own words.
            let resolved = time.earliest.is_some().then_some(time.value.as_deref()).flatten();
            notes.push(resolved.map_or(words, str::to_string));
        }
        if s.confidence.value() < DOUBTFUL {
            notes.push(format!("doubtful, {:.0} %", s.confidence.value() * 100.0));
        }
        let number = format!("L{line}");
        let head = format!("{number:<gutter$}{}", " ".repeat(depth * step));
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let heading = format!("{source} · {}{notes}", join(&s.cue));
        let options = textwrap::Options::new(self.style.width).initial_indent(&head).subsequent_indent(&indent);
        let clean: String = heading.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let lines = textwrap::wrap(&clean, options);
        for (i, line) in lines.iter().enumerate() {
            let cut = if i == 0 { head.len() } else { indent.len() }.min(line.len());
            let (before, body) = line.split_at(cut);
            let painted = self.heading(body, if i == 0 { &source } else { "" });
            let before = if i == 0 {
                self.paint(before.trim_end(), DIM) + &" ".repeat(before.len() - before.trim_end().len())
            } else {
                before.to_string()
            };
            let _ = writeln!(self.out, "{before}{painted}");
        }
        self.wrapped(&join(&s.content), &format!("{indent}  "), &format!("{indent}  "), Paint::new());
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

fn word(act: &Act) -> String {
    serde_json::to_value(act).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}

/// The lines of the text, by code points.
struct LineNumbers {
    starts: Vec<usize>,
}

impl LineNumbers {
    fn new(text: &str) -> LineNumbers {
        let mut starts = vec![0];
        starts.extend(text.chars().enumerate().filter(|(_, c)| *c == '\n').map(|(i, _)| i + 1));
        LineNumbers { starts }
    }

    /// The line, from 1, on which the statement's first words stand.
    fn of(&self, statement: &Statement) -> usize {
        let first =
            statement.source.iter().chain(&statement.cue).chain(&statement.content).map(|s| s.start).min().unwrap_or(0);
        self.starts.partition_point(|&start| start <= first)
    }
}
