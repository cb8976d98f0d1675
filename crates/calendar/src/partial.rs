//! Stretches of the civil calendar.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::ValueError;

/// How fine a partial date is, from fine to coarse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Granularity {
    Second,
    Minute,
    Hour,
    /// Morning, evening, night, …
    DayPart,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Season,
    /// Half a year.
    Half,
    Year,
    Decade,
    Century,
}

impl Granularity {
    /// Its name, as records call it.
    pub fn name(self) -> &'static str {
        match self {
            Granularity::Second => "second",
            Granularity::Minute => "minute",
            Granularity::Hour => "hour",
            Granularity::DayPart => "day_part",
            Granularity::Day => "day",
            Granularity::Weekend => "weekend",
            Granularity::Week => "week",
            Granularity::Month => "month",
            Granularity::Quarter => "quarter",
            Granularity::Season => "season",
            Granularity::Half => "half",
            Granularity::Year => "year",
            Granularity::Decade => "decade",
            Granularity::Century => "century",
        }
    }
}

/// A season, of the northern hemisphere, by whole months: spring begins in March, winter in December.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Season {
    const ALL: [(Season, &str, i8); 4] =
        [(Season::Spring, "SP", 3), (Season::Summer, "SU", 6), (Season::Autumn, "FA", 9), (Season::Winter, "WI", 12)];

    /// The season of a TIMEX3 code (`SP`, `SU`, `FA`, `WI`).
    pub fn of_code(code: &str) -> Option<Season> {
        Season::ALL.into_iter().find(|(_, known, _)| *known == code).map(|(season, ..)| season)
    }

    fn code(self) -> &'static str {
        Season::ALL[self as usize].1
    }

    fn first_month(self) -> i8 {
        Season::ALL[self as usize].2
    }
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum DayPart {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
    Daytime,
}

impl DayPart {
    const ALL: [(DayPart, &str); 6] = [
        (DayPart::Morning, "MO"),
        (DayPart::Midday, "MI"),
        (DayPart::Afternoon, "AF"),
        (DayPart::Evening, "EV"),
        (DayPart::Night, "NI"),
        (DayPart::Daytime, "DT"),
    ];

    /// The part of a TIMEX3 code (`MO`, `MI`, `AF`, `EV`, `NI`, `DT`).
    pub fn of_code(code: &str) -> Option<DayPart> {
        DayPart::ALL.into_iter().find(|(_, known)| *known == code).map(|(part, _)| part)
    }

    fn code(self) -> &'static str {
        DayPart::ALL[self as usize].1
    }
}

/// A stretch of the civil calendar. Two are equal when they are the same stretch at the same granularity.
///
/// Numbers are those of the Gregorian calendar: months and quarters from 1, weeks ISO 8601's, years 1..=9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// A hundred years; 19 is 1900 to 1999.
    Century(i16),
    /// Ten years; 198 is 1980 to 1989.
    Decade(i16),
    /// A year.
    Year(i16),
    /// Half a year: year, 1 or 2.
    Half(i16, i8),
    /// A season, by the year it begins in.
    Season(i16, Season),
    /// A quarter: year, 1..=4.
    Quarter(i16, i8),
    /// A month: year, 1..=12.
    Month(i16, i8),
    /// A week: ISO year and week.
    Week(i16, i8),
    /// Saturday and Sunday of an ISO week.
    Weekend(i16, i8),
    /// A day.
    Day(Date),
    /// A part of a day.
    Part(Date, DayPart),
    /// A time of day: hour, and minute and second where they are told.
    Clock(Date, i8, Option<i8>, Option<i8>),
}

impl PartialDate {
    /// A day; `None` when there is no such day in the calendar, or the year is not in 1..=9999.
    pub fn day(year: i16, month: i8, day: i8) -> Option<PartialDate> {
        (1..=9999).contains(&year).then(|| Date::new(year, month, day).ok().map(PartialDate::Day))?
    }

    /// The ISO week that holds a day.
    pub fn week_of(day: Date) -> PartialDate {
        let week = day.iso_week_date();
        PartialDate::Week(week.year(), week.week())
    }

    /// How fine it is.
    pub fn granularity(&self) -> Granularity {
        match self {
            PartialDate::Century(_) => Granularity::Century,
            PartialDate::Decade(_) => Granularity::Decade,
            PartialDate::Year(_) => Granularity::Year,
            PartialDate::Half(..) => Granularity::Half,
            PartialDate::Season(..) => Granularity::Season,
            PartialDate::Quarter(..) => Granularity::Quarter,
            PartialDate::Month(..) => Granularity::Month,
            PartialDate::Week(..) => Granularity::Week,
            PartialDate::Weekend(..) => Granularity::Weekend,
            PartialDate::Day(_) => Granularity::Day,
            PartialDate::Part(..) => Granularity::DayPart,
            PartialDate::Clock(_, _, None, _) => Granularity::Hour,
            PartialDate::Clock(_, _, Some(_), None) => Granularity::Minute,
            PartialDate::Clock(..) => Granularity::Second,
        }
    }

    /// The first day of it.
    pub fn first(&self) -> Date {
        match *self {
            PartialDate::Century(c) => january(c.saturating_mul(100).max(1)),
            PartialDate::Decade(d) => january(d.saturating_mul(10).max(1)),
            PartialDate::Year(y) => january(y),
            PartialDate::Half(y, h) => month_start(y, h * 6 - 5),
            PartialDate::Season(y, s) => month_start(y, s.first_month()),
            PartialDate::Quarter(y, q) => month_start(y, q * 3 - 2),
            PartialDate::Month(y, m) => month_start(y, m),
            PartialDate::Week(y, w) => in_week(y, w, Weekday::Monday),
            PartialDate::Weekend(y, w) => in_week(y, w, Weekday::Saturday),
            PartialDate::Day(d) | PartialDate::Part(d, _) | PartialDate::Clock(d, ..) => d,
        }
    }

    /// The last day of it.
    pub fn last(&self) -> Date {
        match *self {
            PartialDate::Century(c) => january(c.saturating_mul(100).saturating_add(99)).last_of_year(),
            PartialDate::Decade(d) => january(d.saturating_mul(10).saturating_add(9)).last_of_year(),
            PartialDate::Year(y) => january(y).last_of_year(),
            PartialDate::Half(y, h) => month_start(y, h * 6).last_of_month(),
            PartialDate::Season(..) => self.first().saturating_add(Span::new().months(2)).last_of_month(),
            PartialDate::Quarter(y, q) => month_start(y, q * 3).last_of_month(),
            PartialDate::Month(y, m) => month_start(y, m).last_of_month(),
            PartialDate::Week(y, w) | PartialDate::Weekend(y, w) => in_week(y, w, Weekday::Sunday),
            PartialDate::Day(d) | PartialDate::Part(d, _) | PartialDate::Clock(d, ..) => d,
        }
    }

    /// The stretch of the given granularity, not finer than this one, that holds its first day. `None` for granularities finer
    /// than a day, which a day alone does not tell.
    pub fn widened(&self, to: Granularity) -> Option<PartialDate> {
        if to < self.granularity() && !(to == Granularity::Day && self.first() == self.last()) {
            return None;
        }
        PartialDate::holding(self.first(), to)
    }

    /// The stretch of the given granularity that holds a day; `None` for granularities finer than a day. The weekend that holds a
    /// weekday is that at the end of its week. January and February belong to the winter of the year before.
    pub fn holding(day: Date, granularity: Granularity) -> Option<PartialDate> {
        let (year, month) = (day.year(), day.month());
        Some(match granularity {
            Granularity::Second | Granularity::Minute | Granularity::Hour | Granularity::DayPart => return None,
            Granularity::Day => PartialDate::Day(day),
            Granularity::Week => PartialDate::week_of(day),
            Granularity::Weekend => match PartialDate::week_of(day) {
                PartialDate::Week(y, w) => PartialDate::Weekend(y, w),
                other => other,
            },
            Granularity::Month => PartialDate::Month(year, month),
            Granularity::Quarter => PartialDate::Quarter(year, (month - 1) / 3 + 1),
            Granularity::Season => match month {
                1 | 2 => PartialDate::Season(year - 1, Season::Winter),
                3..=5 => PartialDate::Season(year, Season::Spring),
                6..=8 => PartialDate::Season(year, Season::Summer),
                9..=11 => PartialDate::Season(year, Season::Autumn),
                _ => PartialDate::Season(year, Season::Winter),
            },
            Granularity::Half => PartialDate::Half(year, (month - 1) / 6 + 1),
            Granularity::Year => PartialDate::Year(year),
            Granularity::Decade => PartialDate::Decade(year / 10),
            Granularity::Century => PartialDate::Century(year / 100),
        })
    }

    /// The one `by` steps of its own granularity later; earlier when negative. Parts and times of day step by days. A season steps
    /// by years: the spring after this spring. `None` outside the years 1..=9999.
    pub fn stepped(&self, by: i32) -> Option<PartialDate> {
        let year =
            |y: i16, by: i32| i16::try_from(i32::from(y).checked_add(by)?).ok().filter(|y| (1..=9999).contains(y));
        let within = |y: i16, n: i8, of: i32| {
            let all = i32::from(y).checked_mul(of)?.checked_add(i32::from(n) - 1)?.checked_add(by)?;
            let y = i16::try_from(all.div_euclid(of)).ok().filter(|y| (1..=9999).contains(y))?;
            Some((y, (all.rem_euclid(of) + 1) as i8))
        };
        let days = |d: Date| d.checked_add(Span::new().try_days(by).ok()?).ok().filter(|d| d.year() > 0);
        let weeks = |y: i16, w: i8| {
            let monday = in_week(y, w, Weekday::Monday).checked_add(Span::new().try_weeks(by).ok()?).ok()?;
            let monday = Some(monday).filter(|d| d.year() > 0)?;
            let week = monday.iso_week_date();
            Some((week.year(), week.week()))
        };
        Some(match *self {
            PartialDate::Century(c) => PartialDate::Century(year(c, by).filter(|c| *c <= 99)?),
            PartialDate::Decade(d) => PartialDate::Decade(year(d, by).filter(|d| *d <= 999)?),
            PartialDate::Year(y) => PartialDate::Year(year(y, by)?),
            PartialDate::Season(y, s) => PartialDate::Season(year(y, by)?, s),
            PartialDate::Half(y, h) => within(y, h, 2).map(|(y, h)| PartialDate::Half(y, h))?,
            PartialDate::Quarter(y, q) => within(y, q, 4).map(|(y, q)| PartialDate::Quarter(y, q))?,
            PartialDate::Month(y, m) => within(y, m, 12).map(|(y, m)| PartialDate::Month(y, m))?,
            PartialDate::Week(y, w) => weeks(y, w).map(|(y, w)| PartialDate::Week(y, w))?,
            PartialDate::Weekend(y, w) => weeks(y, w).map(|(y, w)| PartialDate::Weekend(y, w))?,
            PartialDate::Day(d) => PartialDate::Day(days(d)?),
            PartialDate::Part(d, part) => PartialDate::Part(days(d)?, part),
            PartialDate::Clock(d, h, m, s) => PartialDate::Clock(days(d)?, h, m, s),
        })
    }

    /// The same stretch `years` years later: the same quarter, month, week number or day of the year before or after. February
    /// 29th becomes the 28th where there is none. `None` outside the years 1..=9999.
    pub fn years_on(&self, years: i16) -> Option<PartialDate> {
        let year = |y: i16| y.checked_add(years).filter(|y| (1..=9999).contains(y));
        let day = |d: Date| d.checked_add(Span::new().try_years(years).ok()?).ok().filter(|d| d.year() > 0);
        Some(match *self {
            PartialDate::Century(_) | PartialDate::Decade(_) => return None,
            PartialDate::Year(y) => PartialDate::Year(year(y)?),
            PartialDate::Half(y, h) => PartialDate::Half(year(y)?, h),
            PartialDate::Season(y, s) => PartialDate::Season(year(y)?, s),
            PartialDate::Quarter(y, q) => PartialDate::Quarter(year(y)?, q),
            PartialDate::Month(y, m) => PartialDate::Month(year(y)?, m),
            PartialDate::Week(y, w) => PartialDate::Week(year(y)?, w.min(52)),
            PartialDate::Weekend(y, w) => PartialDate::Weekend(year(y)?, w.min(52)),
            PartialDate::Day(d) => PartialDate::Day(day(d)?),
            PartialDate::Part(d, part) => PartialDate::Part(day(d)?, part),
            PartialDate::Clock(d, h, m, s) => PartialDate::Clock(day(d)?, h, m, s),
        })
    }
}

/// How many days `to` comes after `from`; negative if before.
pub fn days_from(from: Date, to: Date) -> i32 {
    to.since(from).map_or(0, |span| span.get_days())
}

fn january(year: i16) -> Date {
    month_start(year, 1)
}

fn month_start(year: i16, month: i8) -> Date {
    Date::new(year.clamp(1, 9999), month.clamp(1, 12), 1).unwrap_or(Date::ZERO)
}

fn in_week(year: i16, week: i8, day: Weekday) -> Date {
    let of = |week| ISOWeekDate::new(year.clamp(1, 9998), week, day).map(|w| w.date());
    of(week.clamp(1, 53)).or_else(|_| of(52)).unwrap_or(Date::ZERO)
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            PartialDate::Century(c) => write!(f, "{c:02}"),
            PartialDate::Decade(d) => write!(f, "{d:03}"),
            PartialDate::Year(y) => write!(f, "{y:04}"),
            PartialDate::Half(y, h) => write!(f, "{y:04}-H{h}"),
            PartialDate::Season(y, s) => write!(f, "{y:04}-{}", s.code()),
            PartialDate::Quarter(y, q) => write!(f, "{y:04}-Q{q}"),
            PartialDate::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            PartialDate::Week(y, w) => write!(f, "{y:04}-W{w:02}"),
            PartialDate::Weekend(y, w) => write!(f, "{y:04}-W{w:02}-WE"),
            PartialDate::Day(d) => write!(f, "{d}"),
            PartialDate::Part(d, part) => write!(f, "{d}T{}", part.code()),
            PartialDate::Clock(d, h, m, s) => {
                write!(f, "{d}T{h:02}")?;
                m.map_or(Ok(()), |m| write!(f, ":{m:02}"))?;
                s.map_or(Ok(()), |s| write!(f, ":{s:02}"))
            }
        }
    }
}

impl FromStr for PartialDate {
    type Err = ValueError;

    /// Reads a resolved TIMEX3 date or time; those with unknown parts (`XXXX-WXX-1`) are no partial dates.
    fn from_str(value: &str) -> Result<PartialDate, ValueError> {
        read(value).ok_or_else(|| ValueError(value.to_string()))
    }
}

fn read(value: &str) -> Option<PartialDate> {
    let number = |digits: &str, length: usize| {
        (digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<i16>().ok())?
    };
    let two = |digits: &str| number(digits, 2).map(|n| n as i8);
    if let Some((day, time)) = value.split_once('T') {
        let PartialDate::Day(day) = read(day)? else { return None };
        if let Some(part) = DayPart::of_code(time) {
            return Some(PartialDate::Part(day, part));
        }
        let mut parts = time.split(':');
        let hour = two(parts.next()?).filter(|h| *h <= 24)?;
        let sixty = |part: &str| two(part).filter(|n| *n < 60);
        let minute = parts.next().map(|m| sixty(m).ok_or(())).transpose().ok()?;
        let second = parts.next().map(|s| sixty(s).ok_or(())).transpose().ok()?;
        return parts.next().is_none().then_some(PartialDate::Clock(day, hour, minute, second));
    }
    match value.len() {
        2 => return number(value, 2).map(PartialDate::Century),
        3 => return number(value, 3).map(PartialDate::Decade),
        _ => {}
    }
    let year = number(value.get(..4)?, 4).filter(|y| *y > 0)?;
    let Some(rest) = value.get(4..).filter(|rest| !rest.is_empty()) else { return Some(PartialDate::Year(year)) };
    let rest = rest.strip_prefix('-')?;
    let upto = |n: i8, most: i8| (1..=most).contains(&n).then_some(n);
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Some(PartialDate::Quarter(year, upto(number(quarter, 1)? as i8, 4)?));
    }
    if let Some(half) = rest.strip_prefix('H') {
        return Some(PartialDate::Half(year, upto(number(half, 1)? as i8, 2)?));
    }
    if let Some(week) = rest.strip_prefix('W').filter(|week| !week.starts_with('I')) {
        return match week.strip_suffix("-WE") {
            Some(week) => Some(PartialDate::Weekend(year, upto(two(week)?, 53)?)),
            None => Some(PartialDate::Week(year, upto(two(week)?, 53)?)),
        };
    }
    if let Some(season) = Season::of_code(rest) {
        return Some(PartialDate::Season(year, season));
    }
    match rest.split_once('-') {
        None => Some(PartialDate::Month(year, upto(two(rest)?, 12)?)),
        Some((month, day)) => PartialDate::day(year, two(month)?, two(day)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(value: &str) -> PartialDate {
        value.parse().unwrap()
    }

    #[test]
    fn values_are_read_and_written_alike() {
        for value in [
            "19",
            "198",
            "1989",
            "1989-H2",
            "1989-Q3",
            "1989-SP",
            "1989-WI",
            "1989-10",
            "1989-W43",
            "1989-W43-WE",
            "1989-10-27",
            "1989-10-27TMO",
            "1989-10-27T09",
            "1989-10-27T09:30",
            "1989-10-27T09:30:15",
        ] {
            assert_eq!(of(value).to_string(), value);
        }
        for value in
            ["", "1", "0000", "1989-13", "1989-Q5", "1989-02-30", "XXXX-WXX-1", "P1D", "1989-10-27T25", "1989-10-27T9"]
        {
            assert!(value.parse::<PartialDate>().is_err(), "{value}");
        }
    }

    #[test]
    fn intervals_are_whole_days() {
        let interval = |value: &str| (of(value).first().to_string(), of(value).last().to_string());
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(interval("2020-02"), pair("2020-02-01", "2020-02-29"));
        assert_eq!(interval("2021-Q3"), pair("2021-07-01", "2021-09-30"));
        assert_eq!(interval("2021-H2"), pair("2021-07-01", "2021-12-31"));
        assert_eq!(interval("2021-WI"), pair("2021-12-01", "2022-02-28"));
        // The first ISO week of 2021 begins on January 4th.
        assert_eq!(interval("2021-W01"), pair("2021-01-04", "2021-01-10"));
        assert_eq!(interval("2021-W01-WE"), pair("2021-01-09", "2021-01-10"));
        assert_eq!(interval("199"), pair("1990-01-01", "1999-12-31"));
        assert_eq!(interval("19"), pair("1900-01-01", "1999-12-31"));
    }

    #[test]
    fn steps_cross_years() {
        let stepped = |value: &str, by| of(value).stepped(by).map(|d| d.to_string());
        assert_eq!(stepped("2021-01", -1).as_deref(), Some("2020-12"));
        assert_eq!(stepped("2021-Q4", 1).as_deref(), Some("2022-Q1"));
        assert_eq!(stepped("2020-W53", 1).as_deref(), Some("2021-W01"));
        assert_eq!(stepped("2021-08-16TEV", -16).as_deref(), Some("2021-07-31TEV"));
        assert_eq!(stepped("9999", 1), None);
        assert_eq!(of("2020-02-29").years_on(-1).unwrap().to_string(), "2019-02-28");
        assert_eq!(of("2021-Q3").years_on(-1).unwrap().to_string(), "2020-Q3");
    }

    #[test]
    fn a_day_is_widened_but_a_month_is_not_narrowed() {
        assert_eq!(of("2021-08-16").widened(Granularity::Quarter), Some(of("2021-Q3")));
        assert_eq!(of("2022-01-16").widened(Granularity::Season), Some(of("2021-WI")));
        assert_eq!(of("2021-08-16TEV").widened(Granularity::Day), Some(of("2021-08-16")));
        assert_eq!(of("2021-08").widened(Granularity::Day), None);
    }

    proptest! {
        #[test]
        fn any_day_of_our_era_s_later_centuries_lies_in_what_holds_it(days in 37_000i32..3_000_000, by in -400i32..400) {
            let day = Date::constant(1, 1, 1).checked_add(Span::new().days(days)).unwrap();
            for granularity in [Granularity::Day, Granularity::Week, Granularity::Month, Granularity::Quarter,
                Granularity::Season, Granularity::Half, Granularity::Year, Granularity::Decade, Granularity::Century] {
                let held = PartialDate::holding(day, granularity).unwrap();
                prop_assert!(held.first() <= day && day <= held.last(), "{held} {day}");
                prop_assert_eq!(held.to_string().parse::<PartialDate>().unwrap(), held);
                if let Some(there) = held.stepped(by).filter(|d| d.first().year() > 100) {
                    prop_assert_eq!(there.stepped(-by), Some(held));
                }
            }
        }
    }
}
