//! Which day, month or year of the calendar is meant, and in which year.

use annalist_calendar::{Date, DayPart, Granularity, PartialDate, Season, days_from};

use super::fields::Fields;
use super::recorded::days_on;
use super::{Basis, Reading, Value};

/// For so many days after its end a quarter is spoken of as the one of its number.
const FRESH: i32 = 120;

/// A month that begins in so many days is meant, whatever the tense.
const SOON: i32 = 31;

/// A day so near is meant, whatever the tense.
const CLOSE: i32 = 120;

impl Reading<'_> {
    /// Of the dates that return every year, the one of the year that the direction tells.
    pub(super) fn in_year(&self, direction: i32, of_year: impl Fn(i16) -> Option<PartialDate>) -> Option<PartialDate> {
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

    pub(super) fn date(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let (date, basis) = self.calendar(at, fields)?;
        Some((Value::Date(self.timed(date, fields)), basis))
    }

    /// A day with the part or time of day that the words name.
    pub(super) fn timed(&self, date: PartialDate, fields: &Fields) -> PartialDate {
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

    pub(super) fn calendar(&self, at: usize, fields: &Fields) -> Option<(PartialDate, Basis)> {
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
                Some(_) if e.side.over => away <= 1,
                None if e.side.over => away <= 0,
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
                // Of the day of publication it is that very day.
                _ if direction > 0 => weekday_from(anchor, weekday, 1, true)?,
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

    pub(super) fn quarter(
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
    use annalist_knowledge::Knowledge;

    use crate::times::tests::{MONDAY, one, parsed, read};
    use crate::times::times;

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
}
