//! What questions are answered with: rows that can be written as text, JSON and CSV.

use rusqlite::Row;
use serde::Serialize;

/// A row of an answer.
pub trait Answer: Serialize {
    /// The names of its columns.
    fn columns() -> &'static [&'static str];
    /// Its values, a column each; empty where nothing is known.
    fn cells(&self) -> Vec<String>;
    /// The row for a person: a heading and what stands below it.
    fn lines(&self) -> (String, Vec<String>);
}

trait Cell {
    fn cell(&self) -> String;
}

impl Cell for String {
    fn cell(&self) -> String {
        self.clone()
    }
}

impl Cell for Option<String> {
    fn cell(&self) -> String {
        self.clone().unwrap_or_default()
    }
}

impl Cell for Option<f64> {
    fn cell(&self) -> String {
        self.map(|n| n.to_string()).unwrap_or_default()
    }
}

impl Cell for f64 {
    fn cell(&self) -> String {
        self.to_string()
    }
}

impl Cell for i64 {
    fn cell(&self) -> String {
        self.to_string()
    }
}

impl Cell for bool {
    fn cell(&self) -> String {
        self.to_string()
    }
}

impl Cell for Vec<String> {
    fn cell(&self) -> String {
        self.join("; ")
    }
}

/// Declares a row of an answer: its fields are its columns.
macro_rules! answer {
    ($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $type:ty,)* } $lines:expr) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize)]
        pub struct $name { $($(#[$field_about])* pub $field: $type,)* }

        impl Answer for $name {
            fn columns() -> &'static [&'static str] {
                &[$(stringify!($field)),*]
            }

            fn cells(&self) -> Vec<String> {
                vec![$(self.$field.cell()),*]
            }

            fn lines(&self) -> (String, Vec<String>) {
                let lines: fn(&$name) -> (String, Vec<String>) = $lines;
                lines(self)
            }
        }
    };
}

/// Who takes part in an event, in a line: "the guards → the crew"; nothing if nobody is known.
pub(crate) fn parties(actors: &[String], recipients: &[String]) -> Option<String> {
    match (actors.is_empty(), recipients.is_empty()) {
        (true, true) => None,
        (_, true) => Some(actors.join(", ")),
        _ => Some(format!("{} → {}", actors.join(", "), recipients.join(", ")).trim_start().to_string()),
    }
}

answer! {
    /// An event as one report tells it.
    EventAnswer {
        /// The report's id and the event's.
        id: String,
        /// The day it was on, or may have been on first; the report's if it does not tell.
        day: Option<String>,
        /// The first day it may have been on.
        earliest: Option<String>,
        /// The last.
        latest: Option<String>,
        /// PLOVER type.
        event_type: String,
        /// PLOVER mode.
        mode: Option<String>,
        /// Whether it happened.
        status: String,
        /// Who did it.
        actors: Vec<String>,
        /// To whom.
        recipients: Vec<String>,
        /// Where.
        place: Option<String>,
        /// The place's country.
        country: Option<String>,
        /// The place's degrees north.
        lat: Option<f64>,
        /// The place's degrees east.
        lon: Option<f64>,
        /// The sentence that tells it.
        evidence: String,
        /// Who says so, where it is not the report.
        said_by: Option<String>,
        /// The event across reports.
        happening: String,
        /// Who published the report.
        outlet: Option<String>,
        /// Its headline.
        title: Option<String>,
        /// When it was published.
        published: Option<String>,
        /// How likely it is right.
        confidence: f64,
    }
    |e| {
        let who = parties(&e.actors, &e.recipients).map(|who| format!(": {who}")).unwrap_or_default();
        let place = e.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let said = e.said_by.as_ref().map(|s| format!(" (says {s})")).unwrap_or_default();
        let (day, kind) = (told(&e.day, e.earliest.is_some()), kind(&e.event_type, &e.mode));
        let heading = format!("{day} {kind} {}{who}{place}{said}", e.status);
        (heading, vec![e.evidence.clone(), source(&e.outlet, &e.published, &e.id)])
    }
}

answer! {
    /// An event, with all reports that tell it.
    TimelineAnswer {
        /// Its id.
        id: String,
        /// The day that most independent reports give it; if none gives a day, the month or year that one gives, or the day of the first report.
        day: Option<String>,
        /// Whether a report gives that day, month or year; otherwise it is only known to have been told on it.
        dated: bool,
        /// PLOVER type.
        event_type: String,
        /// PLOVER mode, as most independent reports have it.
        mode: Option<String>,
        /// Whether it happened, as most independent reports have it.
        status: String,
        /// Who takes part.
        actors: Vec<String>,
        /// To whom it was done.
        recipients: Vec<String>,
        /// Where.
        place: Option<String>,
        /// Its country.
        country: Option<String>,
        /// The sentence of the report that tells it most surely.
        evidence: String,
        /// How many independent reports tell it: prints of one text count once.
        reports: i64,
        /// Which say otherwise, and what: another day, figure or outcome.
        otherwise: Vec<String>,
        /// The events of the reports: first the one whose sentence is shown, then the surest.
        mentions: Vec<String>,
    }
    |e| {
        let who = parties(&e.actors, &e.recipients).map(|who| format!(": {who}")).unwrap_or_default();
        let place = e.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let (day, kind) = (told(&e.day, e.dated), kind(&e.event_type, &e.mode));
        let heading = format!("{day} {kind} {}{who}{place} [{}]", e.status, counted(e.reports, "report"));
        let mut below = vec![e.evidence.clone()];
        below.extend(e.otherwise.iter().map(|o| format!("otherwise: {o}")));
        below.push(format!("{}: {}", e.id, e.mentions.join(", ")));
        (heading, below)
    }
}

answer! {
    /// A statement.
    StatementAnswer {
        /// The report's id and the statement's.
        id: String,
        /// When it was made; the report's day if it does not tell.
        day: Option<String>,
        /// Who speaks: the fullest name, else the report's words.
        speaker: Option<String>,
        /// The words that name the source.
        source: String,
        /// The words that attribute.
        cue: String,
        /// What is done by saying it.
        act: String,
        /// Whose words the content is in.
        quoted: String,
        /// What is said.
        content: String,
        /// The quotation that other reports carry too, by its id.
        quotation: Option<String>,
        /// Who published the report.
        outlet: Option<String>,
        /// Its headline.
        title: Option<String>,
        /// When it was published.
        published: Option<String>,
        /// How likely it is right.
        confidence: f64,
    }
    |s| {
        let who = s.speaker.clone().unwrap_or_else(|| s.source.clone());
        let act = if s.act == "other" { String::new() } else { format!(" ({})", s.act) };
        let heading = format!("{} {} {}{act}", date(&s.day), if who.is_empty() { "(no source)" } else { &who }, s.cue);
        (heading, vec![s.content.clone(), source(&s.outlet, &s.published, &s.id)])
    }
}

answer! {
    /// A commitment and what came of it.
    CommitmentAnswer {
        /// The report's id and the commitment's.
        id: String,
        /// When it was made.
        day: Option<String>,
        /// promise, guarantee, offer, threat or plan.
        kind: String,
        /// Who.
        by: Option<String>,
        /// To whom.
        to: Option<String>,
        /// To what.
        what: String,
        /// By when, in the report's words.
        due: Option<String>,
        /// The last day that may mean.
        due_by: Option<String>,
        /// kept, broken, withdrawn, repeated, overdue or open.
        outcome: String,
        /// The later words that say so.
        because: Option<String>,
        /// The item they stand in.
        because_id: Option<String>,
        /// Who published the report.
        outlet: Option<String>,
        /// When it was published.
        published: Option<String>,
        /// How likely it is right.
        confidence: f64,
    }
    |c| {
        let to = c.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        let due = c.due_by.as_ref().or(c.due.as_ref()).map(|due| format!(", due {due}")).unwrap_or_default();
        let by = c.by.as_deref().unwrap_or("(nobody named)");
        let heading = format!("{} {} by {by}{to}{due}: {}", date(&c.day), c.kind, c.outcome);
        let mut below = vec![c.what.clone()];
        below.extend(c.because.as_ref().map(|words| format!("{}: {words}", c.outcome)));
        below.push(source(&c.outlet, &c.published, &c.id));
        (heading, below)
    }
}

answer! {
    /// Something that is announced or bound to a day.
    DueAnswer {
        /// The report's id and the item's.
        id: String,
        /// The first day it is due.
        from: String,
        /// The last day it is due.
        until: String,
        /// PLOVER type of a planned event, or the kind of a commitment.
        kind: String,
        /// Who.
        who: Vec<String>,
        /// The words.
        what: String,
        /// Where.
        place: Option<String>,
        /// ahead, took place, did not, or unknown.
        outcome: String,
        /// The later item that says so.
        because_id: Option<String>,
        /// Who published the report.
        outlet: Option<String>,
        /// When it was published.
        published: Option<String>,
        /// How likely it is right.
        confidence: f64,
    }
    |d| {
        let days = if d.from == d.until { d.from.clone() } else { format!("{} to {}", d.from, d.until) };
        let who = if d.who.is_empty() { String::new() } else { format!(": {}", d.who.join(", ")) };
        (format!("{days} {}{who} [{}]", d.kind, d.outcome), vec![d.what.clone(), source(&d.outlet, &d.published, &d.id)])
    }
}

answer! {
    /// Somebody, across reports.
    ActorAnswer {
        /// The id.
        id: String,
        /// The fullest name.
        name: String,
        /// What it is.
        kind: Option<String>,
        /// ISO 3166-1 alpha-3 code.
        country: Option<String>,
        /// PLOVER sectors.
        sectors: Vec<String>,
        /// How many independent reports name it: prints of one text count once.
        reports: i64,
        /// How many statements it made.
        statements: i64,
        /// In how many events it took part, each counted once.
        events: i64,
        /// The day of the first report.
        first: Option<String>,
        /// The day of the last.
        last: Option<String>,
    }
    |a| {
        let told: Vec<&str> = a.kind.as_deref().into_iter().chain(a.country.as_deref()).chain(a.sectors.iter().map(String::as_str)).collect();
        let heading = format!("{} ({})", a.name, told.join(", "));
        let days = format!("{} to {}", date(&a.first), date(&a.last));
        let counts = [counted(a.reports, "report"), counted(a.statements, "statement"), counted(a.events, "event")];
        (heading, vec![format!("{}; {days}; {}", counts.join(", "), a.id)])
    }
}

answer! {
    /// A place, across reports.
    PlaceAnswer {
        /// Which gazetteer entry it is.
        id: Option<String>,
        /// Its name.
        name: String,
        /// What it is.
        kind: Option<String>,
        /// ISO 3166-1 alpha-3 code.
        country: Option<String>,
        /// Degrees north.
        lat: Option<f64>,
        /// Degrees east.
        lon: Option<f64>,
        /// How many independent reports name it: prints of one text count once.
        reports: i64,
        /// How many events there, each counted once.
        events: i64,
        /// The day of the first report.
        first: Option<String>,
        /// The day of the last.
        last: Option<String>,
    }
    |p| {
        let told: Vec<&str> = p.kind.as_deref().into_iter().chain(p.country.as_deref()).collect();
        let days = format!("{} to {}", date(&p.first), date(&p.last));
        let counts = [counted(p.reports, "report"), counted(p.events, "event")].join(", ");
        (format!("{} ({})", p.name, told.join(", ")), vec![format!("{counts}; {days}")])
    }
}

impl PlaceAnswer {
    /// Of a row that has its fields in their order.
    pub(crate) fn of_row(row: &Row) -> rusqlite::Result<PlaceAnswer> {
        Ok(PlaceAnswer {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            country: row.get(3)?,
            lat: row.get(4)?,
            lon: row.get(5)?,
            reports: row.get(6)?,
            events: row.get(7)?,
            first: row.get(8)?,
            last: row.get(9)?,
        })
    }
}

answer! {
    /// Two who met or spoke with each other.
    ContactAnswer {
        /// One.
        one: String,
        /// Whose id is this.
        one_id: String,
        /// The other.
        other: String,
        /// Whose id is this.
        other_id: String,
        /// How often: events, each counted once.
        times: i64,
        /// When first.
        first: Option<String>,
        /// When last.
        last: Option<String>,
        /// The events, the last first.
        happenings: Vec<String>,
    }
    |c| {
        let days = format!("{} to {}", date(&c.first), date(&c.last));
        (format!("{} – {}", c.one, c.other), vec![format!("{}; {days}; {}", counted(c.times, "time"), c.happenings.join(", "))])
    }
}

answer! {
    /// An affair, with the reports on it.
    StoryAnswer {
        /// Its id.
        id: String,
        /// The headline of its first report that has one; otherwise the words with which the first report opens.
        title: Option<String>,
        /// The day of the first report.
        first: Option<String>,
        /// The day of the last.
        last: Option<String>,
        /// How many independent reports: prints of one text count once.
        reports: i64,
        /// Who published them, in order of their first reports.
        outlets: Vec<String>,
        /// Who is named in most of them.
        actors: Vec<String>,
        /// What places are.
        places: Vec<String>,
        /// How many events they tell, each counted once.
        happenings: i64,
        /// The reports' ids, in order of time.
        of: Vec<String>,
    }
    |s| {
        let days = if s.first == s.last { date(&s.first).to_string() } else { format!("{} to {}", date(&s.first), date(&s.last)) };
        let heading = format!("{days} {} [{}]", s.title.as_deref().unwrap_or("(no title)"), counted(s.reports, "report"));
        let mut below: Vec<String> = [&s.actors, &s.places, &s.outlets].into_iter().filter(|l| !l.is_empty()).map(|l| l.join(", ")).collect();
        below.push(format!("{}: {}", s.id, s.of.join(", ")));
        (heading, below)
    }
}

answer! {
    /// Words that several reports quote.
    QuotationAnswer {
        /// Its id.
        id: String,
        /// The day of the first report that carries it.
        first: Option<String>,
        /// The day of the last.
        last: Option<String>,
        /// Who speaks, as the reports have it; several where they differ.
        speakers: Vec<String>,
        /// The words, as the first report has them.
        words: String,
        /// How many independent reports carry it: prints of one text count once.
        reports: i64,
        /// Who published the first report, if it is known which that is.
        first_outlet: Option<String>,
        /// Where the wording of others differs, and whose it is.
        differs: Vec<String>,
        /// The statements, in order of time; of very many, the first.
        of: Vec<String>,
    }
    |q| {
        let days = if q.first == q.last { date(&q.first).to_string() } else { format!("{} to {}", date(&q.first), date(&q.last)) };
        let who = if q.speakers.is_empty() { "(no source)".to_string() } else { q.speakers.join(" or ") };
        let first = q.first_outlet.as_ref().map(|o| format!(", first in {o}")).unwrap_or_default();
        let mut below = vec![format!("“{}”", q.words)];
        below.extend(q.differs.iter().map(|d| format!("differs: {d}")));
        below.push(format!("{}: {}", q.id, q.of.join(", ")));
        (format!("{days} {who} [{}{first}]", counted(q.reports, "report")), below)
    }
}

answer! {
    /// What an actor said on a matter, and whether it takes back what it said before.
    PositionAnswer {
        /// The report's id and the statement's; of a change that a report tells, the change's.
        id: String,
        /// The matter: statements with the same number are on one. By the first that was made.
        matter: i64,
        /// When it was said; the report's day if it does not tell.
        day: Option<String>,
        /// Who: the fullest name, else the report's words.
        who: String,
        /// The words that attribute.
        cue: String,
        /// What is done by saying it.
        act: String,
        /// What is said.
        content: String,
        /// What is taken back by it, in the words in which it was said before.
        before: Option<String>,
        /// Where they stand.
        before_id: Option<String>,
        /// What shows it: told by the report, or denied or contrary words.
        shown_by: Option<String>,
        /// Who published the report.
        outlet: Option<String>,
        /// When it was published.
        published: Option<String>,
        /// How likely the statement, or the change that is told, is right.
        confidence: f64,
    }
    |p| {
        let changed = if p.before.is_some() { ": CHANGED" } else { "" };
        let act = if p.act == "other" || p.act.is_empty() { String::new() } else { format!(" ({})", p.act) };
        let mut below = vec![p.content.clone()];
        if let Some(before) = &p.before {
            let by = p.shown_by.as_deref().unwrap_or_default();
            below.push(format!("before: {before} ({by}; {})", p.before_id.as_deref().unwrap_or("the same report")));
        }
        below.push(source(&p.outlet, &p.published, &p.id));
        (format!("matter {} · {} {} {}{act}{changed}", p.matter, date(&p.day), p.who, p.cue), below)
    }
}

answer! {
    /// Something that has the words searched for.
    SearchAnswer {
        /// report, statement or actor.
        kind: String,
        /// Its id.
        id: String,
        /// The day.
        day: Option<String>,
        /// Who published the report.
        outlet: Option<String>,
        /// The report's headline, the speaker, or the actor's name.
        title: Option<String>,
        /// The words, those searched for in brackets.
        words: String,
    }
    |s| {
        let title = s.title.as_deref().unwrap_or("(no title)");
        (format!("{} {}: {title}", date(&s.day), s.kind), vec![s.words.clone(), s.id.clone()])
    }
}

fn date(day: &Option<String>) -> &str {
    day.as_deref().unwrap_or("(no date)")
}

/// A day, and whether something was on it or only told on it.
pub(crate) fn told(day: &Option<String>, dated: bool) -> String {
    match day {
        Some(day) if !dated => format!("told {day}"),
        _ => date(day).to_string(),
    }
}

/// A type of events with its mode: "RETREAT/resign".
fn kind(event_type: &str, mode: &Option<String>) -> String {
    mode.as_ref().map_or(event_type.to_string(), |mode| format!("{event_type}/{mode}"))
}

fn counted(n: i64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn source(outlet: &Option<String>, published: &Option<String>, id: &str) -> String {
    let told: Vec<&str> = [outlet, published].into_iter().flatten().map(String::as_str).chain([id]).collect();
    format!("[{}]", told.join(", "))
}
