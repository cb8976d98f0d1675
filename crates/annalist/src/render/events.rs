//! What happened, what was promised, what is due, and who changed position.

use annalist_calendar::{Granularity, PartialDate};
use annalist_record::{Commitment, Event, EventStatus, Figure, Hedge, Participant, Position, Span, Statement};

use super::{DOUBTFUL, Page, join, word};

impl Page<'_> {
    /// Events that are no plan for a known time, in the order of the text, with the counts that belong to them; then counts by themselves;
    /// then, in short, what is doubtful.
    pub(super) fn happened(&mut self) {
        let record = self.record;
        let doubtful = |e: &&Event| e.confidence.value() < DOUBTFUL;
        let (doubted, sure): (Vec<&Event>, Vec<&Event>) =
            record.events.iter().filter(|e| !self.is_coming(e)).partition(doubtful);
        for event in sure {
            self.event(event);
        }
        let by_itself = |figure: &&Figure| {
            figure.event.as_ref().is_none_or(|id| record.events.iter().all(|e| &e.id != id || self.is_coming(e)))
        };
        let counts: Vec<&Figure> = record.figures.iter().filter(by_itself).collect();
        for figure in counts {
            let line = self.lines.of([&figure.span]);
            let mut notes = Vec::new();
            notes.extend(self.said_by(figure.said_in.as_deref()));
            self.entry(line, 0, "", &count(figure), &notes);
        }
        if !doubted.is_empty() {
            self.remark("Doubtful:");
        }
        for event in doubted {
            self.event(event);
        }
    }

    fn event(&mut self, event: &Event) {
        let line = self.lines.of([&event.trigger]);
        let mut notes =
            vec![event.mode.as_ref().map_or_else(|| event.kind.clone(), |mode| format!("{}/{mode}", event.kind))];
        if event.status != EventStatus::Happened {
            notes.push(word(&event.status));
        }
        notes.extend(event.place.as_deref().and_then(|id| self.place(id)));
        notes.extend(event.time.as_deref().and_then(|id| self.moment(id)));
        if event.confidence.value() < DOUBTFUL {
            notes.push(format!("doubtful, {:.0} %", event.confidence.value() * 100.0));
        }
        notes.extend(self.said_by(event.said_in.as_deref()));
        let mut what = join([&event.trigger]);
        let to = self.participants(&event.recipients);
        if !to.is_empty() {
            what += &format!(" → {to}");
        }
        let who = self.participants(&event.actors);
        self.entry(line, 0, &who, &what, &notes);
        let record = self.record;
        if event.confidence.value() >= DOUBTFUL {
            self.excerpt(&event.evidence, &event.trigger);
        }
        // Of what did not happen there is nothing to count.
        let told = !matches!(event.status, EventStatus::Denied | EventStatus::Unreal);
        for figure in record.figures.iter().filter(|f| told && f.event.as_ref() == Some(&event.id)) {
            let mut words = count(figure);
            if let Some(by) = self.said_by(figure.said_in.as_deref()) {
                words += &format!(" ({by})");
            }
            self.below(&words, 0);
        }
    }

    /// Commitments, in the order of the text.
    pub(super) fn commitments(&mut self) {
        let record = self.record;
        for commitment in &record.commitments {
            let line = self.lines.of([&commitment.what]);
            let (who, what, notes) = self.commitment(commitment);
            self.entry(line, 0, &who, &what, &notes);
            self.below(&join([&commitment.what]), 0);
        }
    }

    fn commitment(&self, commitment: &Commitment) -> (String, String, Vec<String>) {
        let who = self.actor(commitment.by.as_deref()).unwrap_or_else(|| "(somebody)".to_string());
        let to = self.actor(commitment.to.as_deref()).map_or_else(String::new, |to| format!(" to {to}"));
        let mut notes = Vec::new();
        notes.extend(commitment.due.as_deref().and_then(|id| self.time(id)).map(|due| format!("due {due}")));
        if commitment.confidence.value() < DOUBTFUL {
            notes.push(format!("doubtful, {:.0} %", commitment.confidence.value() * 100.0));
        }
        (who, word(&commitment.kind) + &to, notes)
    }

    /// What is planned or promised for a known time, in the order of time.
    pub(super) fn coming(&mut self) {
        let record = self.record;
        // (day, where in the text, line, who, what)
        let mut due: Vec<(String, usize, String, String, Vec<String>)> = Vec::new();
        for event in record.events.iter().filter(|e| self.is_coming(e)) {
            let time = event.time.as_deref();
            let mut what = join([&event.trigger]);
            let to = self.participants(&event.recipients);
            if !to.is_empty() {
                what += &format!(" → {to}");
            }
            let mut notes = Vec::new();
            notes.extend(event.place.as_deref().and_then(|id| self.place(id)));
            notes.extend(self.said_by(event.said_in.as_deref()));
            due.push((self.day(time), event.trigger.start, self.participants(&event.actors), what, notes));
        }
        for commitment in record.commitments.iter().filter(|c| c.due.is_some() && !self.over(c.due.as_deref())) {
            let same = |e: &Event| {
                let one_day = || {
                    let day = self.day(e.time.as_deref());
                    !day.is_empty() && day == self.day(commitment.due.as_deref())
                };
                self.is_coming(e) && (commitment.event.as_ref() == Some(&e.id) || covers(commitment, e) && one_day())
            };
            if !record.events.iter().any(same) {
                let (who, _, _) = self.commitment(commitment);
                due.push((
                    self.day(commitment.due.as_deref()),
                    commitment.what.start,
                    who,
                    join([&commitment.what]),
                    Vec::new(),
                ));
            }
        }
        due.sort();
        for (day, start, who, what, notes) in due {
            let line = self.lines.at(start);
            let who = if who.is_empty() { day } else { format!("{day}  {who}") };
            self.entry(line, 0, &who, &what, &notes);
        }
    }

    /// Whether a time lies before the day of the report, as far as both are known.
    fn over(&self, time: Option<&str>) -> bool {
        let time = time.and_then(|id| self.times.get(id)).and_then(|time| time.latest.as_deref());
        let today = self.record.report.published.as_deref().and_then(|day| day.get(..10));
        time.zip(today).is_some_and(|(last, today)| last.get(..10).is_some_and(|last| last < today))
    }

    /// Whether an event is planned for a time that the report names, and that is not over when the report is published: what was planned
    /// for a time before stands with what happened.
    fn is_coming(&self, event: &Event) -> bool {
        event.status == EventStatus::Planned && event.time.is_some() && !self.over(event.time.as_deref())
    }

    /// A time for the calendar: the day with its weekday where it is one, else the report's words.
    fn day(&self, id: Option<&str>) -> String {
        let Some(id) = id else { return String::new() };
        let shown = self.time(id).unwrap_or_default();
        match shown.parse::<PartialDate>() {
            Ok(date) if date.granularity() == Granularity::Day => format!("{} {shown}", date.first().strftime("%a")),
            _ => shown,
        }
    }

    /// Changes of position, in the order of the text.
    pub(super) fn changes(&mut self) {
        let record = self.record;
        for change in &record.changes {
            let line = self.lines.of([&change.before.span, &change.after.span]);
            let who = self.actor(change.who.as_deref()).unwrap_or_else(|| "(somebody)".to_string());
            let mut notes = Vec::new();
            if change.confidence.value() < DOUBTFUL {
                notes.push(format!("doubtful, {:.0} %", change.confidence.value() * 100.0));
            }
            self.entry(line, 0, &who, &change.about, &notes);
            for (label, position) in [("before", &change.before), ("after ", &change.after)] {
                let line = self.lines.of([&position.span]);
                let when = self.when(position).map_or_else(String::new, |when| format!(", {when}"));
                self.below(&format!("{label} ¶{line}{when}: {}", join([&position.span])), 0);
            }
        }
    }

    /// When a position was taken.
    fn when(&self, position: &Position) -> Option<String> {
        let statement = self.record.statements.iter().find(|s| Some(&s.id) == position.statement.as_ref());
        let event = self.record.events.iter().find(|e| Some(&e.id) == position.event.as_ref());
        let time = statement.and_then(|s| s.time.as_deref()).or(event.and_then(|e| e.time.as_deref()))?;
        self.time(time)
    }

    /// Those who take part, by name where the report names them, else in its words.
    fn participants(&self, participants: &[Participant]) -> String {
        let mut names: Vec<String> = Vec::new();
        for participant in participants {
            let name = self.actor(participant.actor.as_deref()).unwrap_or_else(|| join([&participant.span]));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// On whose word something is known.
    fn said_by(&self, statement: Option<&str>) -> Option<String> {
        let statement = self.record.statements.iter().find(|s| Some(s.id.as_str()) == statement)?;
        Some(format!("says {}", self.source_of(statement)?))
    }

    /// Who makes a statement, by name where it is known.
    pub(super) fn source_of(&self, statement: &Statement) -> Option<String> {
        let words = join(&statement.source);
        self.actor(statement.speaker.as_deref()).or((!words.is_empty()).then_some(words))
    }
}

/// Whether a mention of an event stands within the words of a commitment.
fn covers(commitment: &Commitment, event: &Event) -> bool {
    let within = |told: &Span| commitment.what.start <= told.start && told.end <= commitment.what.end;
    std::iter::once(&event.trigger).chain(&event.also).any(within)
}

/// A count in words: how exact, how many, what, of whom.
fn count(figure: &Figure) -> String {
    let number = |n: f64| {
        let digits = format!("{n}");
        let (whole, rest) = digits.split_once('.').map_or((digits.as_str(), None), |(w, r)| (w, Some(r)));
        let mut grouped = String::new();
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 && c.is_ascii_digit() {
                grouped.push(',');
            }
            grouped.push(c);
        }
        rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
    };
    let value = number(figure.value);
    let value = match figure.hedge {
        Hedge::Exact => value,
        Hedge::About => format!("about {value}"),
        Hedge::AtLeast => format!("at least {value}"),
        Hedge::AtMost => format!("at most {value}"),
        Hedge::Range => figure.upper.map_or(value.clone(), |upper| format!("{value} to {}", number(upper))),
    };
    let of = figure.of.as_deref().unwrap_or_default();
    let mut words: Vec<&str> = of.split_whitespace().collect();
    // "2,200 fighters": those counted may have the name of the kind.
    if !words.last().is_some_and(|last| last.to_lowercase().starts_with(figure.what.trim_end_matches('s'))) {
        words.push(&figure.what);
    }
    format!("{value} {}", words.join(" "))
}
