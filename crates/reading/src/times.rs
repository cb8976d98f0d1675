//! When: time expressions, what they stand for, and what they were counted from.
//!
//! The rules of [`annalist_knowledge::Times`] find the expressions. What they leave open is settled here: against the day of
//! publication, or a time named before; in the direction that the tense of their clause tells ("met on Tuesday", "will meet on
//! Tuesday"). Where the day of publication is not known, what depends on it stays unresolved, and keeps its order: weekdays and
//! words such as "tomorrow" are placed by days from one of them.

use std::collections::HashMap;
use std::ops::Range;

use annalist_calendar::{Amount, Date, DayPart, Granularity, PartialDate, Period, Season, Unit, days_from};
use annalist_knowledge::{Knowledge, Lexeme, PartValue, TimeKind, TimeMatch};
use annalist_language::Analysis;
use annalist_record::{CharIndex, Confidence, Span, Time, item_id};

mod lookalikes;
mod said;
mod side;

pub use said::place_statements;
pub(crate) use said::says_when;
use side::Side;

/// What [`Time::relative_to`] says of times that were counted from the report's publication.
pub const PUBLISHED: &str = "published";

/// Reads the times out of an analysed text, in its order. `published` is an ISO 8601 date or time; what cannot be read as one
/// counts as unknown.
pub fn times(text: &str, analysis: &Analysis, knowledge: &Knowledge, published: Option<&str>) -> Vec<Time> {
    let published = published.and_then(|p| p.get(..10)).and_then(|day| day.parse::<Date>().ok());
    let expressions = expressions(text, analysis, knowledge);
    let mut read = Reading { text, knowledge, expressions: &expressions, anchor: Date::ZERO, before: Vec::new() };
    let supposed = if published.is_some() { None } else { Some(read.supposed_day()) };
    let Some(anchor) = published.or(supposed) else { return Vec::new() };
    read.anchor = anchor;
    for at in 0..expressions.len() {
        let meaning = read.meaning(at);
        read.before.push(meaning);
    }
    read.record(supposed)
}

/// By which rules the times of a text were found, in its order: the bytes of each, the rule's words and what it means as the data
/// file writes them, and where the verb of its clause says that it lies: -1 in the past, 1 ahead, 0 unknown.
pub fn rules<'k>(
    text: &str,
    analysis: &Analysis,
    knowledge: &'k Knowledge,
) -> Vec<(Range<usize>, &'k str, &'k str, i32)> {
    let rule = |e: Expression<'k>| {
        let rule = e.found.rule;
        (e.bytes, rule.words.as_str(), rule.means.as_str(), e.side.direction)
    };
    expressions(text, analysis, knowledge).into_iter().map(rule).collect()
}

/// An expression: where a rule applies.
struct Expression<'k> {
    found: TimeMatch<'k>,
    bytes: Range<usize>,
    sentence: usize,
    side: Side,
}

/// What an expression stands for.
#[derive(Debug, Clone)]
struct Meaning {
    value: Value,
    basis: Basis,
}

#[derive(Debug, Clone)]
enum Value {
    Date(PartialDate),
    /// A length, and the days between which it lies if it is counted from one.
    Period(Period, Option<(Date, Date)>),
    /// A TIMEX3 value that is no single stretch: a reference to the past, a recurring time.
    Other(String),
    Unknown,
}

/// Where a rule applies, in its text.
struct Place<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    lexemes: &'a [Lexeme<'a>],
    found: &'a TimeMatch<'a>,
    tokens: Range<usize>,
}

/// What a value was counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// Nothing: the words say it all.
    Words,
    Published,
    /// An earlier expression, by its number.
    Text(usize),
}

fn expressions<'k>(text: &str, analysis: &Analysis, knowledge: &'k Knowledge) -> Vec<Expression<'k>> {
    let rules = knowledge.times();
    let lexemes = rules.lexemes(text);
    let token_at = |byte: usize| analysis.tokens.partition_point(|t| t.end <= byte);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        let matches = rules.matches(&lexemes, at);
        let fits = |m: &TimeMatch| {
            let token = analysis.tokens.get(token_at(lexemes[m.last].range.start));
            m.rule.upos.is_empty() || token.is_some_and(|token| m.rule.upos.iter().any(|upos| **upos == *token.upos))
        };
        let Some(best) = matches.into_iter().find(fits) else {
            at += 1;
            continue;
        };
        at = best.lexemes.end;
        if best.rule.kind.is_none() {
            continue;
        }
        let bytes = lexemes[best.lexemes.start].range.start..lexemes[best.lexemes.end - 1].range.end;
        let tokens = token_at(bytes.start)..token_at(bytes.end.saturating_sub(1)) + 1;
        let tokens = tokens.start..tokens.end.min(analysis.tokens.len());
        let outside = |t: &usize| analysis.tokens[*t].head.is_none_or(|h| !tokens.contains(&h));
        let head = tokens.clone().find(outside);
        let place = Place { text, analysis, knowledge, lexemes: &lexemes, found: &best, tokens: tokens.clone() };
        if lookalikes::is_another_thing(&place) {
            continue;
        }
        let sentence = analysis.sentences.partition_point(|s| s.tokens.end <= tokens.start);
        let day = Fields(&best).is_day();
        let side = head.map_or(Side::default(), |head| side::side(text, analysis, knowledge, tokens.start, head, day));
        found.push(Expression { found: best, bytes, sentence, side });
    }
    found
}

/// What is compared with its like of a year before was named at most so many sentences before.
const COMPARED: usize = 6;

/// For so many days after its end a quarter is spoken of as the one of its number.
const FRESH: i32 = 120;

/// A month that begins in so many days is meant, whatever the tense.
const SOON: i32 = 31;

/// A day so near is meant, whatever the tense.
const CLOSE: i32 = 120;

/// The parts of an expression, by class.
struct Fields<'m>(&'m TimeMatch<'m>);

impl Fields<'_> {
    fn text(&self, class: &str) -> Option<&str> {
        self.0.parts.iter().find(|p| p.class == class).and_then(|p| match &p.value {
            PartValue::Text(text) => Some(text.as_str()),
            PartValue::Number(_) => None,
        })
    }

    fn has(&self, class: &str) -> bool {
        self.0.parts.iter().any(|p| p.class == class)
    }

    /// A word's or number's value as an integer.
    fn integer(&self, class: &str) -> Option<i32> {
        self.0.parts.iter().find(|p| p.class == class).and_then(|p| match &p.value {
            PartValue::Text(text) => text.parse().ok(),
            PartValue::Number(n) => n.and_then(|n| i32::try_from(n).ok()),
        })
    }

    fn month(&self) -> Option<i8> {
        let month =
            self.integer("month").or_else(|| self.integer("short_month")).or_else(|| self.integer("month_number"))?;
        i8::try_from(month).ok()
    }

    fn weekday(&self) -> Option<i8> {
        let day =
            self.integer("weekday").or_else(|| self.integer("short_weekday")).or_else(|| self.integer("weekdays"))?;
        i8::try_from(day).ok()
    }

    /// Whether it names a day by its weekday, its number or from the publication.
    fn is_day(&self) -> bool {
        let dated = self.month().is_some() && (self.has("day") || self.has("ordinal"));
        dated || self.weekday().is_some() || self.has("deictic")
    }

    fn year(&self) -> Option<i16> {
        let short = |n: i32| if n < 40 { 2000 + n } else { 1900 + n };
        i16::try_from(self.integer("year").or_else(|| self.integer("short_year").map(short))?).ok()
    }

    fn unit(&self) -> Option<Unit> {
        // "the year-earlier nine months" are months.
        let code = ["units", "unit", "spoken_unit", "adverb", "daily", "unit_year"]
            .iter()
            .find_map(|class| self.text(class))?;
        Unit::of_code(code)
    }

    /// The amount; one where no number is told with a singular, some with a plural.
    fn amount(&self) -> Amount {
        let numbers: Vec<Option<u32>> = self
            .0
            .parts
            .iter()
            .filter(|p| p.class == "n")
            .map(|p| match p.value {
                PartValue::Number(n) => n,
                PartValue::Text(_) => None,
            })
            .collect();
        let half = self.integer("halves").and_then(|h| u32::try_from(h).ok()).unwrap_or(0);
        match numbers.as_slice() {
            [] if self.has("units") => Amount::Some,
            [] => Amount::whole(1),
            [Some(n), ..] => Amount::Hundredths(n.saturating_add(half)),
            [None, ..] => Amount::Some,
        }
    }
}

struct Reading<'a> {
    text: &'a str,
    knowledge: &'a Knowledge,
    expressions: &'a [Expression<'a>],
    /// The day of publication, known or supposed.
    anchor: Date,
    /// What the expressions before stand for.
    before: Vec<Meaning>,
}

impl Reading<'_> {
    /// The day to count from when that of publication is not known: any that has the weekday on which most of what was over took
    /// place, of those the first.
    fn supposed_day(&self) -> Date {
        let mut count = [0usize; 8];
        let mut first: Vec<i8> = Vec::new();
        for e in self.expressions {
            let fields = Fields(&e.found);
            if let Some(day) =
                fields.weekday().filter(|_| e.side.direction <= 0 && e.found.rule.kind != Some(TimeKind::Set))
            {
                count[day as usize] += 1;
                if !first.contains(&day) {
                    first.push(day);
                }
            }
        }
        let most = first.iter().copied().min_by_key(|&day| std::cmp::Reverse(count[day as usize])).unwrap_or(3);
        // A Monday in the middle of a year, so that no border is near.
        days_on(Date::constant(2001, 7, 16), i32::from(most) - 1)
    }

    fn meaning(&self, at: usize) -> Meaning {
        let e = &self.expressions[at];
        let fields = Fields(&e.found);
        let found = match e.found.rule.means.as_str() {
            "date" => self.date(at, &fields),
            "unit" => self.unit(at, &fields),
            "ago" => self.ago(at, &fields),
            "ahead" => self.shifted(&fields, self.anchor, 1).map(|value| (value, Basis::Published)),
            "earlier" => self.shifted_from_text(at, &fields, -1),
            "later" => self.shifted_from_text(at, &fields, 1),
            "same" => self.same(at, &fields),
            "next" => self.next(at, &fields),
            "bare" => self.bare(at, &fields),
            "period" => self.period(&fields, 0),
            "period_back" => self.period(&fields, -1),
            "period_ahead" => self.period(&fields, 1),
            "set" => self.set(&fields),
            "value" => e.found.rule.value.as_deref().and_then(|value| self.stated(value)),
            _ => None,
        };
        match found {
            Some((value, basis)) => Meaning { value, basis },
            None => Meaning { value: Value::Unknown, basis: Basis::Words },
        }
    }

    /// The last expression before `at` that is a date for which `fits` holds, at most `sentences` sentences back.
    fn last(&self, at: usize, sentences: usize, fits: impl Fn(&PartialDate) -> bool) -> Option<(usize, PartialDate)> {
        let here = self.expressions[at].sentence;
        (0..at.min(self.before.len())).rev().take_while(|&i| here - self.expressions[i].sentence <= sentences).find_map(
            |i| match self.before[i].value {
                Value::Date(date) if fits(&date) => Some((i, date)),
                _ => None,
            },
        )
    }

    /// As [`Self::last`], of what the text is about: not what it compares that with ("a year earlier").
    fn spoken(&self, at: usize, sentences: usize, fits: impl Fn(&PartialDate) -> bool) -> Option<(usize, PartialDate)> {
        let here = self.expressions[at].sentence;
        let compared = |i: usize| {
            let e = &self.expressions[i];
            matches!(e.found.rule.means.as_str(), "earlier" | "ago" | "later") || Fields(&e.found).has("year")
        };
        (0..at.min(self.before.len()))
            .rev()
            .take_while(|&i| here - self.expressions[i].sentence <= sentences)
            .filter(|&i| !compared(i))
            .find_map(|i| match self.before[i].value {
                Value::Date(date) if fits(&date) => Some((i, date)),
                _ => None,
            })
    }

    /// The quarter whose figures the text is about: one that is over, if such was named.
    fn quarter_spoken(&self, at: usize, sentences: usize) -> Option<(usize, PartialDate)> {
        let quarter = |d: &PartialDate| matches!(d, PartialDate::Quarter(..));
        let over = self.spoken(at, sentences, |d| quarter(d) && d.last() < self.anchor);
        over.or_else(|| self.spoken(at, sentences, quarter))
    }

    /// Of the dates that return every year, the one of the year that the direction tells.
    fn in_year(&self, direction: i32, of_year: impl Fn(i16) -> Option<PartialDate>) -> Option<PartialDate> {
        let year = self.anchor.year();
        let all: Vec<PartialDate> = (year.saturating_sub(4)..=year.saturating_add(4)).filter_map(of_year).collect();
        let before = || all.iter().rev().find(|d| d.first() <= self.anchor).copied();
        let after = || all.iter().find(|d| d.last() >= self.anchor).copied();
        match direction {
            1 => after(),
            -1 => before(),
            _ => {
                let far = |d: &PartialDate| {
                    if d.first() <= self.anchor && self.anchor <= d.last() {
                        0
                    } else {
                        days_from(self.anchor, d.first()).abs()
                    }
                };
                all.iter().min_by_key(|d| far(d)).copied()
            }
        }
    }

    fn date(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let (date, basis) = self.calendar(at, fields)?;
        Some((Value::Date(self.timed(date, fields)), basis))
    }

    /// A day with the part or time of day that the words name.
    fn timed(&self, date: PartialDate, fields: &Fields) -> PartialDate {
        let PartialDate::Day(day) = date else { return date };
        let part = ["part", "daylight", "tonight", "overnight"]
            .iter()
            .find_map(|class| fields.text(class))
            .and_then(DayPart::of_code);
        let small = |class: &str| fields.integer(class).and_then(|n| i8::try_from(n).ok());
        if let Some(hour) = small("clock_word") {
            let (day, hour) = if hour == 24 { (day, 0) } else { (day, hour) };
            return PartialDate::Clock(day, hour, Some(0), None);
        }
        if let Some(time) = fields.integer("hhmm").and_then(|n| i16::try_from(n).ok()) {
            return PartialDate::Clock(day, (time / 100) as i8, Some((time % 100) as i8), None);
        }
        if let Some(hour) = small("hour") {
            let after_noon = match small("meridiem").or_else(|| small("whole_meridiem")) {
                Some(noon) => noon > 0,
                None => matches!(part, Some(DayPart::Afternoon | DayPart::Evening)),
            };
            let hour = match (after_noon, hour) {
                (true, 1..=11) => hour + 12,
                (false, 12) if fields.has("meridiem") || fields.has("whole_meridiem") => 0,
                _ => hour,
            };
            return PartialDate::Clock(day, hour, Some(small("minute").unwrap_or(0)), None);
        }
        match part {
            Some(part) => PartialDate::Part(day, part),
            None => date,
        }
    }

    fn calendar(&self, at: usize, fields: &Fields) -> Option<(PartialDate, Basis)> {
        let e = &self.expressions[at];
        let (direction, anchor) = (e.side.direction, self.anchor);
        let told = fields.year().map(|year| (year, Basis::Words)).or_else(|| {
            let step = fields
                .integer("direction")
                .filter(|_| fields.has("year_word") || fields.weekday().is_none() && fields.month().is_none())?;
            Some((anchor.year() + i16::try_from(step).ok()?, Basis::Published))
        });
        let small = |class: &str| fields.integer(class).and_then(|n| i8::try_from(n).ok());
        if let Some(code) = ["holiday_word", "holiday_day", "year_end"].iter().find_map(|class| fields.text(class)) {
            return match told {
                Some((year, basis)) => Some((holiday(code, year)?, basis)),
                None => Some((self.in_year(direction, |year| holiday(code, year))?, Basis::Published)),
            };
        }
        if let Some(month) = fields.month() {
            let day = small("day").or_else(|| small("ordinal"));
            let of = |year: i16| match day {
                Some(day) => PartialDate::day(year, month, day),
                None => Some(PartialDate::Month(year, month)),
            };
            if let Some((year, basis)) = told {
                return Some((of(year)?, basis));
            }
            let known = day.filter(|_| e.side.names_deed).and_then(|day| self.knowledge.times().named(month, day));
            if let Some(named) = known.and_then(of).filter(|date| date.first() <= anchor) {
                return Some((named, Basis::Words));
            }
            // A day near the publication is more likely than one a year away, whatever the tense; so is a month about to begin.
            let nearest = self.in_year(0, of)?;
            let away = days_from(anchor, nearest.first());
            let close = match day {
                // At the turn of a day the place of the publication may be a day behind.
                _ if e.side.over => away <= 1,
                Some(_) => away.abs() <= CLOSE || away < 0 && direction <= 0 || away > 0 && direction >= 0,
                None => (0..=SOON).contains(&away),
            };
            return Some((if close { nearest } else { self.in_year(direction, of)? }, Basis::Published));
        }
        if let Some(weekday) = fields.weekday() {
            if let Some(step) = fields.integer("following") {
                let (i, base) = self.last(at, usize::MAX, |d| d.granularity() <= Granularity::Day)?;
                return Some((PartialDate::Day(weekday_from(base.first(), weekday, step, false)?), Basis::Text(i)));
            }
            // "Monday of last week", "this Sunday": the day of that week, or of its neighbour if the words around tell so.
            let week = |step: i32| {
                let week = PartialDate::holding(anchor, Granularity::Week)?.stepped(step)?;
                Some(days_on(week.first(), i32::from(weekday) - 1))
            };
            let day = match fields.integer("direction") {
                Some(step) if fields.has("week_word") => week(step)?,
                Some(0) => match week(0)? {
                    day if direction < 0 && day > anchor => week(-1)?,
                    day if direction > 0 && day < anchor => week(1)?,
                    day => day,
                },
                Some(-1) => weekday_from(anchor, weekday, -1, false)?,
                Some(1) => weekday_from(anchor, weekday, 1, false)?,
                _ if direction > 0 => weekday_from(anchor, weekday, 1, false)?,
                _ => weekday_from(anchor, weekday, -1, true)?,
            };
            return Some((PartialDate::Day(day), Basis::Published));
        }
        if let Some(days) = fields.integer("deictic") {
            return Some((PartialDate::Day(anchor).stepped(days)?, Basis::Published));
        }
        if fields.has("quarter_word") || fields.has("period_word") {
            return self.quarter(at, fields, told, direction);
        }
        if fields.has("half_word") || fields.has("half") {
            if let Some(decade) = fields.integer("decade") {
                return Some((PartialDate::Decade(i16::try_from(decade).ok()?), Basis::Words));
            }
            let half = small("half")?;
            let (year, basis) = told.unwrap_or((anchor.year(), Basis::Published));
            return Some((PartialDate::Half(year, half), basis));
        }
        if let Some(season) = fields.text("season").and_then(Season::of_code) {
            return match told {
                Some((year, basis)) => Some((PartialDate::Season(year, season), basis)),
                None => Some((self.in_year(direction, |y| Some(PartialDate::Season(y, season)))?, Basis::Published)),
            };
        }
        if let Some(decade) = fields.integer("decade").or_else(|| fields.integer("decade_word")) {
            return Some((PartialDate::Decade(i16::try_from(decade).ok()?), Basis::Words));
        }
        if let Some(century) = fields.integer("ordinal").filter(|_| fields.has("century_word")) {
            return Some((PartialDate::Century(i16::try_from(century - 1).ok().filter(|c| *c >= 0)?), Basis::Words));
        }
        if let Some((year, basis)) = told.filter(|_| fields.year().is_some()) {
            return Some((PartialDate::Year(year), basis));
        }
        // A time of day alone: of the day last spoken of in the sentence, else that of publication.
        match self.last(at, 0, |d| d.granularity() <= Granularity::Day) {
            Some((i, base)) if !fields.has("direction") && !fields.has("tonight") => {
                Some((PartialDate::Day(base.first()), Basis::Text(i)))
            }
            _ if !fields.has("direction") && !fields.has("tonight") && self.day_after(at).is_some() => {
                self.day_after(at)
            }
            _ => {
                let step = fields.integer("direction").unwrap_or(0);
                Some((PartialDate::Day(anchor).stepped(step)?, Basis::Published))
            }
        }
    }

    /// The day that the next expression of the sentence names, other times of day left out: "at 5 p.m. (1400 GMT) on Sunday".
    fn day_after(&self, at: usize) -> Option<(PartialDate, Basis)> {
        let sentence = self.expressions[at].sentence;
        let mut next = at + 1;
        loop {
            let e = self.expressions.get(next).filter(|e| e.sentence == sentence)?;
            let fields = Fields(&e.found);
            if fields.weekday().is_some() && !fields.has("following") || fields.has("deictic") {
                return self.calendar(next, &fields).filter(|(_, basis)| *basis == Basis::Published);
            }
            let clock = ["hour", "hhmm", "clock_word"].iter().any(|class| fields.has(class));
            if !clock || fields.month().is_some() {
                return None;
            }
            next += 1;
        }
    }

    fn quarter(
        &self,
        at: usize,
        fields: &Fields,
        told: Option<(i16, Basis)>,
        direction: i32,
    ) -> Option<(PartialDate, Basis)> {
        let spoken = || self.quarter_spoken(at, usize::MAX);
        let number = match fields.integer("ordinal") {
            Some(n) => i8::try_from(n).ok().filter(|n| (1..=4).contains(n))?,
            None => match spoken() {
                Some((_, PartialDate::Quarter(_, quarter))) => quarter,
                _ => {
                    let (year, basis) = told?;
                    return Some((PartialDate::Year(year), basis));
                }
            },
        };
        if let Some((year, basis)) = told {
            return Some((PartialDate::Quarter(year, number), basis));
        }
        let of = |year| Some(PartialDate::Quarter(year, number));
        // What is yet to be reported of a quarter that has just ended is ahead, but the quarter is not.
        let before = self.in_year(-1, of)?;
        let fresh = days_from(before.last(), self.anchor) < FRESH;
        Some((if direction > 0 && !fresh { self.in_year(1, of)? } else { before }, Basis::Published))
    }

    /// "last week", "this month", "next year", "last April".
    fn unit(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let step = fields.integer("direction")?;
        let anchor = self.anchor;
        if let Some(month) = fields.month() {
            let of = |year| Some(PartialDate::Month(year, month));
            let this = PartialDate::Month(anchor.year(), month);
            let found = match step {
                -1 => self.in_year(-1, of).filter(|d| d.last() < anchor).or_else(|| this.years_on(-1)),
                1 => self.in_year(1, of).filter(|d| d.first() > anchor).or_else(|| this.years_on(1)),
                _ => Some(this),
            };
            return Some((Value::Date(found?), Basis::Published));
        }
        if let Some(season) = fields.text("season").and_then(Season::of_code) {
            let of = |year| Some(PartialDate::Season(year, season));
            let this = PartialDate::Season(anchor.year(), season);
            let found = match step {
                -1 => self.in_year(-1, of).filter(|d| d.last() < anchor).or_else(|| this.years_on(-1)),
                1 => self.in_year(1, of).filter(|d| d.first() > anchor).or_else(|| this.years_on(1)),
                _ => Some(this),
            };
            return Some((Value::Date(found?), Basis::Published));
        }
        let unit = fields.unit()?;
        if unit == Unit::Day && step != 0 {
            return self.stepped_from_text(at, Unit::Day, step);
        }
        if unit.granularity() < Granularity::Day {
            return None;
        }
        let this = PartialDate::holding(anchor, unit.granularity())?;
        // The weekend that is over lies in the week before, until there is one in this week.
        let this = match this {
            PartialDate::Weekend(..) if step == -1 && anchor >= this.first() => this,
            other => other.stepped(step)?,
        };
        Some((Value::Date(this), Basis::Published))
    }

    fn shifted(&self, fields: &Fields, from: Date, direction: i32) -> Option<Value> {
        let unit = fields.unit()?;
        let amount = fields.amount();
        if amount == Amount::Some {
            let past = if direction < 0 { "PAST_REF" } else { "FUTURE_REF" };
            return Some(Value::Other(past.to_string()));
        }
        let period = Period::new(amount, unit);
        if unit.granularity() < Granularity::Day {
            return Some(Value::Date(PartialDate::Day(period.from(from, direction)?)));
        }
        if matches!(unit, Unit::Decade | Unit::Century | Unit::Millennium) {
            return Some(Value::Date(PartialDate::holding(period.from(from, direction)?, Granularity::Year)?));
        }
        Some(Value::Date(period.stretch_from(from, direction)?))
    }

    fn ago(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        // Of a quarter's figures, "a year ago" is the same quarter of the year before.
        if fields.unit() == Some(Unit::Year)
            && fields.amount() == Amount::whole(1)
            && let Some((i, base)) = self.quarter_spoken(at, COMPARED)
        {
            return Some((Value::Date(base.years_on(-1)?), Basis::Text(i)));
        }
        Some((self.shifted(fields, self.anchor, -1)?, Basis::Published))
    }

    fn shifted_from_text(&self, at: usize, fields: &Fields, direction: i32) -> Option<(Value, Basis)> {
        let unit = fields.unit()?;
        if let (Unit::Year, Some(number)) = (unit, fields.integer("ordinal").and_then(|n| i8::try_from(n).ok())) {
            let (quarter, basis) = self.quarter(at, fields, None, -1)?;
            let quarter = if (1..=4).contains(&number) { quarter.years_on(-1)? } else { quarter };
            return Some((Value::Date(quarter), basis));
        }
        // "a few days later": when, nobody knows.
        if fields.amount() == Amount::Some {
            return Some((Value::Period(Period::new(Amount::Some, unit), None), Basis::Words));
        }
        let fits = |d: &PartialDate| d.granularity() <= unit.granularity();
        let quarter = || self.quarter_spoken(at, COMPARED);
        let base = Some(unit).filter(|unit| *unit == Unit::Year).and_then(|_| quarter());
        match base.or_else(|| self.last(at, 2, fits)) {
            Some((i, base)) => {
                let whole = match fields.amount() {
                    Amount::Hundredths(n) if n % 100 == 0 => i16::try_from(n / 100).ok(),
                    _ => None,
                };
                let value = match (unit, base, whole) {
                    (
                        Unit::Year,
                        PartialDate::Quarter(..) | PartialDate::Half(..) | PartialDate::Season(..),
                        Some(years),
                    ) => Value::Date(base.years_on(years * direction as i16)?),
                    _ => self.shifted(fields, base.first(), direction)?,
                };
                Some((value, Basis::Text(i)))
            }
            None => Some((self.shifted(fields, self.anchor, direction)?, Basis::Published)),
        }
    }

    /// The unit that holds the time last named.
    fn same(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let granularity = fields.unit().map_or(Granularity::Day, Unit::granularity);
        let (date, basis) = match self.last(at, usize::MAX, |d| d.granularity() <= granularity) {
            Some((i, base)) => (base.widened(granularity)?, Basis::Text(i)),
            None => (PartialDate::holding(self.anchor, granularity)?, Basis::Published),
        };
        Some((Value::Date(self.timed(date, fields)), basis))
    }

    fn next(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let step = fields.integer("following").or_else(|| fields.integer("beside"))?;
        let unit = fields.unit().or_else(|| fields.has("part").then_some(Unit::Day))?;
        match self.stepped_from_text(at, unit, step)? {
            (Value::Date(date), basis) => Some((Value::Date(self.timed(date, fields)), basis)),
            other => Some(other),
        }
    }

    fn stepped_from_text(&self, at: usize, unit: Unit, step: i32) -> Option<(Value, Basis)> {
        let granularity = unit.granularity();
        let (base, basis) = match self.last(at, usize::MAX, |d| d.granularity() <= granularity) {
            Some((i, base)) => (base.widened(granularity)?, Basis::Text(i)),
            None => (PartialDate::holding(self.anchor, granularity)?, Basis::Published),
        };
        Some((Value::Date(base.stepped(step)?), basis))
    }

    /// The unit that is spoken of.
    fn bare(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let unit = fields.unit().unwrap_or(Unit::Quarter);
        let granularity = unit.granularity();
        if unit == Unit::Quarter {
            if let Some(end) = self.ended(at) {
                return Some((Value::Date(PartialDate::holding(end, granularity)?), Basis::Published));
            }
            if let Some((i, base)) = self.quarter_spoken(at, usize::MAX) {
                return Some((Value::Date(base), Basis::Text(i)));
            }
            // Quarters are spoken of when they are over.
            let this = PartialDate::holding(self.anchor, granularity)?;
            return Some((Value::Date(this.stepped(-1)?), Basis::Published));
        }
        let this = PartialDate::holding(self.anchor, granularity)?;
        let ahead = self.expressions[at].side.direction > 0;
        let over = matches!(this, PartialDate::Weekend(..)) && !ahead && self.anchor < this.first();
        Some((Value::Date(if over { this.stepped(-1)? } else { this }), Basis::Published))
    }

    /// A day in the middle of the quarter that ends on the date that follows ("the quarter ended June 30").
    fn ended(&self, at: usize) -> Option<Date> {
        let (here, next) = (&self.expressions[at], self.expressions.get(at + 1)?);
        let between = self.text.get(here.bytes.end..next.bytes.start)?;
        let fields = Fields(&next.found);
        let ended = between.len() < 12 && fields.month().is_some() && next.found.rule.means == "date";
        let (end, _) = if ended { self.calendar(at + 1, &fields)? } else { return None };
        Some(days_on(end.last(), -45))
    }

    fn period(&self, fields: &Fields, direction: i32) -> Option<(Value, Basis)> {
        let period = Period::new(fields.amount(), fields.unit()?);
        let there = if direction == 0 { None } else { period.from(self.anchor, direction) };
        let days = there.map(|there| (there.min(self.anchor), there.max(self.anchor)));
        let basis = if direction == 0 { Basis::Words } else { Basis::Published };
        Some((Value::Period(period, days), basis))
    }

    fn set(&self, fields: &Fields) -> Option<(Value, Basis)> {
        let value = match (fields.weekday(), fields.unit()) {
            (Some(day), _) => {
                let part = fields.text("part").map_or(String::new(), |part| format!("T{part}"));
                format!("XXXX-WXX-{day}{part}")
            }
            (None, Some(unit)) => {
                let other = fields.integer("other").and_then(|n| u32::try_from(n).ok());
                Period::new(other.map_or_else(|| fields.amount(), Amount::whole), unit).to_string()
            }
            (None, None) => format!("XXXX-{:02}", fields.month()?),
        };
        Some((Value::Other(value), Basis::Words))
    }

    /// What a rule's own value says: a number and a unit's code, counted from the publication, or a TIMEX3 value.
    fn stated(&self, value: &str) -> Option<(Value, Basis)> {
        let at = value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len());
        if let (Ok(step), Some(unit)) = (value[..at].parse::<i32>(), Unit::of_code(&value[at..])) {
            let date = PartialDate::holding(self.anchor, unit.granularity())?.stepped(step)?;
            return Some((Value::Date(date), Basis::Published));
        }
        if let Ok(date) = value.parse::<PartialDate>() {
            return Some((Value::Date(date), Basis::Words));
        }
        Some((Value::Other(value.to_string()), Basis::Words))
    }

    /// The times as records have them. `supposed` is the day they were counted from if that of publication is not known.
    fn record(&self, supposed: Option<Date>) -> Vec<Time> {
        let index = CharIndex::new(self.text);
        let mut seen: HashMap<String, usize> = HashMap::new();
        let ids: Vec<String> = self
            .expressions
            .iter()
            .map(|e| {
                let span = Span::of_bytes(self.text, &index, e.bytes.clone());
                let before = seen.entry(span.text.clone()).or_default();
                *before += 1;
                item_id('t', [&span], *before - 1)
            })
            .collect();
        // What depends on the publication, at one or more removes.
        let mut dated = vec![false; self.before.len()];
        for (i, meaning) in self.before.iter().enumerate() {
            dated[i] = match meaning.basis {
                Basis::Words => true,
                Basis::Published => supposed.is_none(),
                Basis::Text(of) => dated[of],
            };
        }
        let day = |i: usize| match self.before[i].value {
            Value::Date(date) if date.granularity() <= Granularity::Day => Some(date.first()),
            _ => None,
        };
        // The time from which undated days are counted.
        let pivot = supposed.and_then(|supposed| {
            let weekday = |i: &usize| Fields(&self.expressions[*i].found).weekday().is_some();
            let mut undated = (0..self.before.len()).filter(|&i| !dated[i] && weekday(&i));
            let all: Vec<usize> = undated.by_ref().filter(|&i| day(i).is_some()).collect();
            all.iter().copied().find(|&i| day(i) == Some(supposed)).or_else(|| all.first().copied())
        });
        let mut times = Vec::with_capacity(self.expressions.len());
        for (i, (e, meaning)) in self.expressions.iter().zip(&self.before).enumerate() {
            let rule = e.found.rule;
            let Some(kind) = rule.kind else { continue };
            let mut time = Time {
                id: ids[i].clone(),
                span: Span::of_bytes(self.text, &index, e.bytes.clone()),
                kind: match meaning.value {
                    Value::Period(..) if kind == TimeKind::Date => TimeKind::Duration,
                    _ => kind,
                }
                .name()
                .to_string(),
                value: None,
                granularity: None,
                earliest: None,
                latest: None,
                relative_to: match meaning.basis {
                    Basis::Words => None,
                    Basis::Published => Some(PUBLISHED.to_string()),
                    Basis::Text(of) => Some(ids[of].clone()),
                },
                offset: None,
                confidence: Confidence::new(self.confidence(e, meaning, dated[i])),
            };
            match &meaning.value {
                Value::Date(date) if dated[i] => {
                    let (first, last) = self.narrowed(date, e.found.modifier, supposed.is_none());
                    time.value = Some(date.to_string());
                    time.granularity = Some(date.granularity().name().to_string());
                    (time.earliest, time.latest) = (Some(first.to_string()), Some(last.to_string()));
                }
                Value::Date(date) => {
                    time.granularity = Some(date.granularity().name().to_string());
                    time.value = Some(self.undated(date, e));
                    if meaning.basis == Basis::Published {
                        match pivot.filter(|_| day(i).is_some()) {
                            Some(p) if p != i => {
                                time.relative_to = Some(ids[p].clone());
                                time.offset = day(p).zip(day(i)).map(|(from, to)| days_between(from, to));
                            }
                            Some(_) => {}
                            None => time.offset = offset(self.anchor, date),
                        }
                    }
                }
                Value::Period(period, days) => {
                    time.value = Some(period.to_string());
                    time.granularity = Some(period.unit.granularity().name().to_string());
                    if let Some((first, last)) = days.filter(|_| supposed.is_none()) {
                        (time.earliest, time.latest) = (Some(first.to_string()), Some(last.to_string()));
                    }
                }
                Value::Other(value) => {
                    if supposed.is_none() && value == "PAST_REF" {
                        time.latest = Some(self.anchor.to_string());
                        time.relative_to = Some(PUBLISHED.to_string());
                    }
                    if supposed.is_none() && value == "FUTURE_REF" {
                        time.earliest = Some(self.anchor.to_string());
                        time.relative_to = Some(PUBLISHED.to_string());
                    }
                    time.value = Some(value.clone());
                }
                Value::Unknown => {}
            }
            times.push(time);
        }
        times
    }

    /// The days that a modified date may mean.
    fn narrowed(&self, date: &PartialDate, modifier: Option<&str>, known: bool) -> (Date, Date) {
        let (first, last) = (date.first(), date.last());
        let length = days_from(first, last);
        let third = length / 3;
        let two_thirds = length - length / 3;
        match modifier {
            Some("START") => (first, days_on(first, third)),
            Some("MID") => (days_on(first, third), days_on(first, two_thirds)),
            Some("END") => (days_on(first, two_thirds), last),
            Some("BEFORE") if known && first <= self.anchor => (first, last.min(self.anchor)),
            Some("AFTER") if known && self.anchor <= last => (first.max(self.anchor), last),
            _ => (first, last),
        }
    }

    /// A TIMEX3 value with what is not known left open.
    fn undated(&self, date: &PartialDate, e: &Expression) -> String {
        let fields = Fields(&e.found);
        let value = date.to_string();
        let time = value.find('T').map_or("", |at| &value[at..]);
        match date {
            PartialDate::Century(_) => "XX".to_string(),
            PartialDate::Decade(_) => "XXX".to_string(),
            PartialDate::Year(_) => "XXXX".to_string(),
            PartialDate::Half(_, h) if fields.has("half") => format!("XXXX-H{h}"),
            PartialDate::Half(..) => "XXXX-HX".to_string(),
            PartialDate::Season(..) => format!("XXXX{}", &value[4..]),
            PartialDate::Quarter(_, q) if fields.has("ordinal") => format!("XXXX-Q{q}"),
            PartialDate::Quarter(..) => "XXXX-QX".to_string(),
            PartialDate::Month(_, m) if fields.month().is_some() => format!("XXXX-{m:02}"),
            PartialDate::Month(..) => "XXXX-XX".to_string(),
            PartialDate::Week(..) => "XXXX-WXX".to_string(),
            PartialDate::Weekend(..) => "XXXX-WXX-WE".to_string(),
            PartialDate::Day(d) | PartialDate::Part(d, _) | PartialDate::Clock(d, ..) => match fields.weekday() {
                Some(weekday) if fields.month().is_none() => format!("XXXX-WXX-{weekday}{time}"),
                _ if fields.month().is_some() => format!("XXXX-{:02}-{:02}{time}", d.month(), d.day()),
                _ => format!("XXXX-XX-XX{time}"),
            },
        }
    }

    fn confidence(&self, e: &Expression, meaning: &Meaning, dated: bool) -> f32 {
        let known = self.knowledge.times().confidence(&e.found.rule.means);
        match (&meaning.value, meaning.basis) {
            (Value::Unknown, _) => 0.2,
            (Value::Date(_), Basis::Words) => known.max(0.95),
            (Value::Date(_), Basis::Published) if !dated => known * 0.8,
            (Value::Date(_), _) if e.side.direction == 0 && e.found.rule.means == "date" => known * 0.9,
            _ => known,
        }
    }
}

/// The day `days` days on; the same one at the ends of the calendar.
fn days_on(day: Date, days: i32) -> Date {
    PartialDate::Day(day).stepped(days).map_or(day, |there| there.first())
}

/// A period of so many days, with its sign.
fn days_between(from: Date, to: Date) -> String {
    signed(days_from(from, to), 'D')
}

fn signed(number: i32, unit: char) -> String {
    format!("{}P{}{unit}", if number < 0 { "-" } else { "" }, number.unsigned_abs())
}

/// How far a date lies from the supposed day, in its own unit, where that is the same whatever the day is.
fn offset(from: Date, date: &PartialDate) -> Option<String> {
    let this = PartialDate::holding(from, date.granularity().max(Granularity::Day))?;
    let unit = match date.granularity() {
        Granularity::Week => 'W',
        Granularity::Month => 'M',
        Granularity::Year => 'Y',
        g if g <= Granularity::Day => 'D',
        _ => return None,
    };
    let there = date.widened(this.granularity())?;
    (-400..=400).find(|&steps| this.stepped(steps) == Some(there)).map(|steps| signed(steps, unit))
}

/// The nearest day of that weekday (1 is Monday) before or after a day; the day itself if it may be.
fn weekday_from(day: Date, weekday: i8, direction: i32, itself: bool) -> Option<Date> {
    let here = day.weekday().to_monday_one_offset();
    let away = i32::from((weekday - here) * if direction < 0 { -1 } else { 1 }).rem_euclid(7);
    let away = if away == 0 && !itself { 7 } else { away };
    match PartialDate::Day(day).stepped(away * direction.signum())? {
        PartialDate::Day(day) => Some(day),
        _ => None,
    }
}

/// A holiday by its code: `12-25`, or `11-W4-4` for the fourth Thursday of November; the last one with -1.
fn holiday(code: &str, year: i16) -> Option<PartialDate> {
    let (month, rest) = code.split_once('-')?;
    let month: i8 = month.parse().ok()?;
    match rest.strip_prefix('W') {
        None => PartialDate::day(year, month, rest.parse().ok()?),
        Some(rest) => {
            let (which, weekday) = rest.rsplit_once('-')?;
            let (which, weekday): (i32, i8) = (which.parse().ok()?, weekday.parse().ok()?);
            let whole = PartialDate::Month(year, month);
            let day = match which {
                -1 => weekday_from(whole.last(), weekday, -1, true)?,
                _ => match PartialDate::Day(weekday_from(whole.first(), weekday, 1, true)?).stepped((which - 1) * 7)? {
                    PartialDate::Day(day) => day,
                    _ => return None,
                },
            };
            Some(PartialDate::Day(day))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use annalist_language::Token;
    use annalist_language::sentences::Sentence;

    use super::*;

    /// A text of one sentence, its words apart by spaces, with their parts of speech, heads (from 1, 0 the root) and relations.
    fn parsed(words: &[(&str, &str, usize, &str)]) -> (String, Analysis) {
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for (word, upos, head, deprel) in words {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word);
            let lemma = match *word {
                "met" => "meet",
                "sold" => "sell",
                "was" | "is" => "be",
                "planned" => "plan",
                other => other,
            };
            tokens.push(Token {
                start,
                end: text.len(),
                upos: Arc::from(*upos),
                lemma: lemma.to_string(),
                head: head.checked_sub(1),
                deprel: Arc::from(*deprel),
            });
        }
        let sentences = vec![Sentence { tokens: 0..tokens.len(), paragraph: 0 }];
        (text, Analysis { tokens, sentences, ..Analysis::default() })
    }

    /// A text without a tree: every word is a noun that depends on nothing.
    fn flat(text: &str) -> Analysis {
        let words: Vec<(&str, &str, usize, &str)> = text.split(' ').map(|word| (word, "NOUN", 0, "root")).collect();
        let (same, analysis) = parsed(&words);
        assert_eq!(same, text);
        analysis
    }

    fn read(text: &str, published: &str) -> Vec<(String, String)> {
        let times = times(text, &flat(text), Knowledge::english(), Some(published));
        times.into_iter().map(|t| (t.span.text, t.value.unwrap_or_default())).collect()
    }

    fn one(text: &str, published: &str) -> String {
        let found = read(text, published);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].1.clone()
    }

    // 2021-08-16 was a Monday.
    const MONDAY: &str = "2021-08-16";

    #[test]
    fn the_tense_of_the_clause_tells_which_weekday_is_meant() {
        let past = parsed(&[
            ("Envoys", "NOUN", 2, "nsubj"),
            ("met", "VERB", 0, "root"),
            ("on", "ADP", 4, "case"),
            ("Tuesday", "PROPN", 2, "obl"),
        ]);
        let future = parsed(&[
            ("Envoys", "NOUN", 3, "nsubj"),
            ("will", "AUX", 3, "aux"),
            ("meet", "VERB", 0, "root"),
            ("on", "ADP", 5, "case"),
            ("Tuesday", "PROPN", 3, "obl"),
        ]);
        let planned = parsed(&[
            ("Envoys", "NOUN", 2, "nsubj"),
            ("planned", "VERB", 0, "root"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 2, "xcomp"),
            ("on", "ADP", 6, "case"),
            ("Tuesday", "PROPN", 4, "obl"),
        ]);
        let value = |(text, analysis): &(String, Analysis)| {
            let times = times(text, analysis, Knowledge::english(), Some(MONDAY));
            (times[0].value.clone().unwrap(), times[0].relative_to.clone().unwrap())
        };
        assert_eq!(value(&past), ("2021-08-10".to_string(), "published".to_string()));
        assert_eq!(value(&future).0, "2021-08-17");
        assert_eq!(value(&planned).0, "2021-08-17");
    }

    #[test]
    fn what_is_planned_is_ahead_and_what_could_not_be_done_is_over() {
        let value = |words: &[(&str, &str, usize, &str)]| {
            let (text, analysis) = parsed(words);
            times(&text, &analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        let march = [
            ("Unions", "NOUN", 2, "nsubj"),
            ("planned", "VERB", 0, "root"),
            ("a", "DET", 4, "det"),
            ("march", "NOUN", 2, "obj"),
            ("on", "ADP", 6, "case"),
            ("Saturday", "PROPN", 2, "obl"),
        ];
        assert_eq!(value(&march), "2021-08-21");
        let reached = [
            ("Neither", "DET", 2, "det"),
            ("envoy", "NOUN", 5, "nsubj:pass"),
            ("could", "AUX", 5, "aux"),
            ("be", "AUX", 5, "aux:pass"),
            ("reached", "VERB", 0, "root"),
            ("Saturday", "PROPN", 5, "obl:unmarked"),
        ];
        assert_eq!(value(&reached), "2021-08-14");
        let could = [
            ("Envoys", "NOUN", 3, "nsubj"),
            ("could", "AUX", 3, "aux"),
            ("arrive", "VERB", 0, "root"),
            ("Saturday", "PROPN", 3, "obl:unmarked"),
        ];
        assert_eq!(value(&could), "2021-08-21");
        let resume = [
            ("Parliament", "PROPN", 4, "nsubj"),
            ("is", "AUX", 4, "cop"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 0, "root"),
            ("Saturday", "PROPN", 4, "obl:unmarked"),
        ];
        assert_eq!(value(&resume), "2021-08-21");
        let given = [
            ("Rebels", "NOUN", 2, "nsubj"),
            ("got", "VERB", 0, "root"),
            ("until", "ADP", 4, "case"),
            ("9", "NUM", 5, "nmod"),
            ("a.m.", "NOUN", 6, "nmod"),
            ("Saturday", "PROPN", 2, "obl"),
        ];
        assert_eq!(value(&given), "2021-08-21T09:00");
    }

    #[test]
    fn what_had_been_so_until_a_day_is_over() {
        let until = |aux: (&'static str, &'static str, &'static str), denied: bool, verb: &'static str| {
            let negation = if denied { "not" } else { "still" };
            parsed(&[
                ("Until", "ADP", 2, "case"),
                ("Thursday", "PROPN", 6, "obl"),
                ("they", "PRON", 6, "nsubj"),
                (aux.0, aux.1, 6, aux.2),
                (negation, "PART", 6, "advmod"),
                (verb, "VERB", 0, "root"),
            ])
        };
        let value = |(text, analysis): (String, Analysis)| {
            times(&text, &analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        assert_eq!(value(until(("had", "AUX", "aux"), true, "met")), "2021-08-12");
        assert_eq!(value(until(("did", "AUX", "aux"), true, "meet")), "2021-08-12");
        assert_eq!(value(until(("will", "AUX", "aux"), false, "meet")), "2021-08-19");
    }

    #[test]
    fn a_past_of_be_looks_back_and_be_to_ahead() {
        let there_was = parsed(&[
            ("There", "PRON", 2, "expl"),
            ("was", "VERB", 0, "root"),
            ("rain", "NOUN", 2, "nsubj"),
            ("on", "ADP", 5, "case"),
            ("Thursday", "PROPN", 2, "obl"),
        ]);
        let is_to = parsed(&[
            ("He", "PRON", 2, "nsubj"),
            ("is", "VERB", 0, "root"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 2, "xcomp"),
            ("them", "PRON", 4, "obj"),
            ("Thursday", "PROPN", 4, "obl"),
        ]);
        let value = |(text, analysis): &(String, Analysis)| {
            times(text, analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        assert_eq!(value(&there_was), "2021-08-12");
        assert_eq!(value(&is_to), "2021-08-19");
    }

    #[test]
    fn amounts_for_each_unit_and_titles_are_no_times() {
        let flights = parsed(&[
            ("four", "NUM", 2, "nummod"),
            ("flights", "NOUN", 0, "root"),
            ("a", "DET", 4, "det"),
            ("week", "NOUN", 2, "nmod:unmarked"),
        ]);
        assert!(times(&flights.0, &flights.1, Knowledge::english(), Some(MONDAY)).is_empty());
        assert_eq!(one("They stayed a week", MONDAY), "P1W");
        assert!(read("Seen on This Week by all", MONDAY).is_empty());
        assert!(read("A man in his 30s was seen", MONDAY).is_empty());
        let calm = parsed(&[
            ("the", "DET", 2, "det"),
            ("year", "NOUN", 5, "nsubj"),
            ("before", "ADV", 2, "advmod"),
            ("was", "AUX", 5, "cop"),
            ("calm", "ADJ", 0, "root"),
        ]);
        let found = times(&calm.0, &calm.1, Knowledge::english(), Some(MONDAY));
        assert_eq!(found.iter().map(|t| t.value.as_deref()).collect::<Vec<_>>(), [Some("2020")]);
        assert_eq!(one("It closed in recent months", MONDAY), "PXM");
    }

    #[test]
    fn a_month_about_to_begin_is_meant_whatever_the_tense() {
        let sold = |month: &'static str| {
            let (text, analysis) = parsed(&[
                ("They", "PRON", 2, "nsubj"),
                ("sold", "VERB", 0, "root"),
                ("seats", "NOUN", 2, "obj"),
                ("for", "ADP", 5, "case"),
                (month, "PROPN", 2, "obl"),
            ]);
            times(&text, &analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        assert_eq!(sold("September"), "2021-09");
        assert_eq!(sold("October"), "2020-10");
        assert_eq!(sold("June"), "2021-06");
    }

    #[test]
    fn the_name_of_a_person_is_no_month() {
        let read = |second: &[(&str, &str, usize, &str)]| {
            let first = [
                ("Ann", "PROPN", 3, "nsubj"),
                ("May", "PROPN", 1, "flat"),
                ("spoke", "VERB", 0, "root"),
                (".", "PUNCT", 3, "punct"),
            ];
            let words: Vec<(&str, &str, usize, &str)> = first.into_iter().chain(second.iter().copied()).collect();
            let (text, mut analysis) = parsed(&words);
            analysis.names.push(annalist_language::Name { tokens: 0..2, kind: "PER".to_string() });
            times(&text, &analysis, Knowledge::english(), Some(MONDAY)).len()
        };
        let talks = [("They", "PRON", 6, "nsubj"), ("met", "VERB", 3, "parataxis")];
        let with = |word| [talks[0], talks[1], (word, "ADP", 8, "case"), ("May", "PROPN", 6, "obl")];
        assert_eq!(read(&with("with")), 0);
        assert_eq!(read(&with("in")), 1);
    }

    #[test]
    fn dates_of_the_calendar_are_read() {
        assert_eq!(one("On 3 May 2020 the port closed", MONDAY), "2020-05-03");
        assert_eq!(one("On Wednesday, May 3rd, 2017 it closed", MONDAY), "2017-05-03");
        assert_eq!(one("It closed on May 31", MONDAY), "2021-05-31");
        assert_eq!(one("It closed in February 2019", MONDAY), "2019-02");
        assert_eq!(one("In the late 1980s it closed", MONDAY), "198");
        assert_eq!(one("In the 19th century it was built", MONDAY), "18");
        assert_eq!(one("Exports fell in the third quarter of 2020", MONDAY), "2020-Q3");
        assert_eq!(one("Exports fell in the summer of 2020", MONDAY), "2020-SU");
        assert!(read("He is 34 years old and has 2,020 sheep", MONDAY).is_empty());
    }

    #[test]
    fn what_is_counted_from_the_publication_is_resolved() {
        assert_eq!(one("It closed last month", MONDAY), "2021-07");
        assert_eq!(one("It will open next week", MONDAY), "2021-W34");
        assert_eq!(one("It closed yesterday", MONDAY), "2021-08-15");
        assert_eq!(one("It closed last night", MONDAY), "2021-08-15TNI");
        assert_eq!(one("It closed six weeks ago", MONDAY), "2021-W27");
        assert_eq!(one("It closed at 10:35 p.m. yesterday", MONDAY), "2021-08-15T22:35");
        assert_eq!(one("It closed last March", MONDAY), "2021-03");
        assert_eq!(one("It closed over the weekend", MONDAY), "2021-W32-WE");
    }

    #[test]
    fn lengths_and_sets_have_values() {
        assert_eq!(one("They took the town in less than two weeks", MONDAY), "P2W");
        assert_eq!(one("They waited two and a half years", MONDAY), "P2Y6M");
        assert_eq!(one("They met every Thursday", MONDAY), "XXXX-WXX-4");
        assert_eq!(one("They meet every two months", MONDAY), "P2M");
        assert_eq!(one("They waited several hours", MONDAY), "PTXH");
    }

    #[test]
    fn a_time_in_the_text_is_counted_from() {
        let text = "The bridge fell on 3 May 2019 and that month the road closed ; a year earlier it was new";
        let values: Vec<String> = read(text, MONDAY).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["2019-05-03", "2019-05", "2018"]);
    }

    #[test]
    fn modifiers_narrow_the_days() {
        let interval = |text: &str| {
            let times = times(text, &flat(text), Knowledge::english(), Some(MONDAY));
            (times[0].earliest.clone().unwrap(), times[0].latest.clone().unwrap())
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(interval("It closed in July 2021"), pair("2021-07-01", "2021-07-31"));
        assert_eq!(interval("It closed late last month"), pair("2021-07-21", "2021-07-31"));
        assert_eq!(interval("It closed earlier this month"), pair("2021-08-01", "2021-08-16"));
        assert_eq!(interval("In the past two weeks it closed"), pair("2021-08-02", "2021-08-16"));
    }

    #[test]
    fn without_a_date_days_keep_their_order() {
        let (text, analysis) = parsed(&[
            ("On", "ADP", 2, "case"),
            ("Monday", "PROPN", 4, "obl"),
            ("envoys", "NOUN", 4, "nsubj"),
            ("met", "VERB", 0, "root"),
            ("and", "CCONJ", 7, "cc"),
            ("will", "AUX", 7, "aux"),
            ("meet", "VERB", 4, "conj"),
            ("Tuesday", "PROPN", 7, "obl"),
            ("and", "CCONJ", 11, "cc"),
            ("had", "AUX", 11, "aux"),
            ("met", "VERB", 4, "conj"),
            ("Sunday", "PROPN", 11, "obl"),
        ]);
        let undated = times(&text, &analysis, Knowledge::english(), None);
        let found: Vec<_> = undated.iter().map(|t| (t.value.as_deref().unwrap(), t.offset.as_deref())).collect();
        assert_eq!(found, [("XXXX-WXX-1", None), ("XXXX-WXX-2", Some("P1D")), ("XXXX-WXX-7", Some("-P1D"))]);
        assert!(undated.iter().all(|t| t.earliest.is_none() && t.latest.is_none()));
        assert_eq!(undated[1].relative_to.as_ref(), Some(&undated[0].id));
        let dated = times(&text, &analysis, Knowledge::english(), Some(MONDAY));
        let days: Vec<_> = dated.iter().map(|t| t.earliest.as_deref().unwrap()).collect();
        assert_eq!(days, ["2021-08-16", "2021-08-17", "2021-08-15"]);
        assert_eq!(undated[0].id, dated[0].id);
    }

    #[test]
    fn odd_texts_are_read_without_a_fault() {
        for text in [
            "",
            " ",
            "’",
            "31 February 2021",
            "9999 years ago",
            "99999999999 years ago",
            "a year later",
            "’’80s’ s",
            "24:99 p.m.",
            "ſeptember 3",
            "İ 3rd",
        ] {
            let token = Token {
                start: 0,
                end: text.len(),
                upos: Arc::from("NOUN"),
                lemma: String::new(),
                head: None,
                deprel: Arc::from("root"),
            };
            let analysis = Analysis {
                tokens: vec![token],
                sentences: vec![Sentence { tokens: 0..1, paragraph: 0 }],
                ..Analysis::default()
            };
            for published in [None, Some("0001-01-01"), Some("9999-12-31"), Some("nonsense")] {
                times(text, &analysis, Knowledge::english(), published);
            }
        }
    }
}
