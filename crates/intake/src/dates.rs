//! Dates as containers write them, to ISO 8601.

use annalist_knowledge::Knowledge;
use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, temporal};
use jiff::{Timestamp, Zoned};

/// The years in which reports are published.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=2200;

/// A date or time in ISO 8601, as exact as the value and with its offset if it has one. `None` when it cannot be read without
/// guessing: `03/04/2021` may be March or April.
pub(crate) fn iso(value: &str) -> Option<String> {
    let value = value.trim();
    if value.is_empty() || value.len() > 80 {
        return None;
    }
    digits(value).or_else(|| iso_like(value)).or_else(|| mail_like(value)).or_else(|| slashes(value)).or_else(|| {
        let (year, month, day) = Knowledge::english().datelines().date(value)?;
        day_of(year, month, day)
    })
}

/// A civil day, if there is such a day.
pub(crate) fn day_of(year: i16, month: i8, day: i8) -> Option<String> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(year, month, day).ok().map(|date| date.to_string())
}

/// `20210816`, seconds or milliseconds since 1970.
fn digits(value: &str) -> Option<String> {
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match value.len() {
        8 => day_of(value[..4].parse().ok()?, value[4..6].parse().ok()?, value[6..].parse().ok()?),
        9 | 10 => Some(Timestamp::from_second(value.parse().ok()?).ok()?.to_string()),
        12 | 13 => Some(Timestamp::from_millisecond(value.parse().ok()?).ok()?.to_string()),
        14 => {
            let day = digits(&value[..8])?;
            let time: DateTime = format!("{day}T{}:{}:{}", &value[8..10], &value[10..12], &value[12..]).parse().ok()?;
            Some(time.to_string())
        }
        _ => None,
    }
}

fn iso_like(value: &str) -> Option<String> {
    if !value.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let value = value.replace(" UTC", "Z").replace(" GMT", "Z");
    if let Ok(date) = temporal::DateTimeParser::new().parse_date(&value)
        && value.len() <= 10
    {
        return day_of(date.year(), date.month(), date.day());
    }
    // With an offset: keep the offset as written.
    if let Ok(pieces) = temporal::Pieces::parse(value.as_str()) {
        let date = pieces.date();
        day_of(date.year(), date.month(), date.day())?;
        let Some(time) = pieces.time() else { return Some(date.to_string()) };
        let offset = match pieces.offset() {
            Some(temporal::PiecesOffset::Zulu) => "Z".to_string(),
            Some(temporal::PiecesOffset::Numeric(offset)) => clock(offset.offset().seconds()),
            _ => String::new(),
        };
        return Some(format!("{date}T{}{offset}", time.round(jiff::Unit::Second).ok()?));
    }
    None
}

fn clock(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    format!("{}{:02}:{:02}", if seconds < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
}

/// As in mail, HTTP and RSS: `Mon, 16 Aug 2021 10:00:00 GMT`.
fn mail_like(value: &str) -> Option<String> {
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let time: Zoned = parser.parse_zoned(value).ok()?;
    let civil = time.datetime();
    day_of(civil.year(), civil.month(), civil.day())?;
    Some(format!("{civil}{}", clock(time.offset().seconds())))
}

/// `16/08/2021`, `08/16/2021`, `16.08.2021`, where only one reading is a day. `2021/08/16` always.
fn slashes(value: &str) -> Option<String> {
    let day = value.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day.split(['/', '.']).collect();
    let &[a, b, c] = parts.as_slice() else { return None };
    if a.len() == 4 {
        return day_of(a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    }
    if c.len() != 4 {
        return None;
    }
    let (a, b, year): (i8, i8, i16) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    match (a > 12, b > 12) {
        (true, false) => day_of(year, b, a),
        (false, true) => day_of(year, a, b),
        // A full stop between the numbers is not used in the American order.
        _ if a == b || day.contains('.') => day_of(year, b, a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn dates_of_many_makes_are_read() {
        for (value, expected) in [
            ("2021-08-16", "2021-08-16"),
            ("2021-08-16T10:02:03Z", "2021-08-16T10:02:03Z"),
            ("2021-08-16 10:02:03+02:00", "2021-08-16T10:02:03+02:00"),
            ("2021-08-16T10:02:03.123-0430", "2021-08-16T10:02:03-04:30"),
            ("2021-08-16 10:02", "2021-08-16T10:02:00"),
            ("Mon, 16 Aug 2021 10:00:00 +0200", "2021-08-16T10:00:00+02:00"),
            ("16 Aug 2021 10:00:00 GMT", "2021-08-16T10:00:00+00:00"),
            ("20210816", "2021-08-16"),
            ("20210816100203", "2021-08-16T10:02:03"),
            ("1629108000", "2021-08-16T10:00:00Z"),
            ("1629108000000", "2021-08-16T10:00:00Z"),
            ("16/08/2021", "2021-08-16"),
            ("08/16/2021", "2021-08-16"),
            ("2021/08/16", "2021-08-16"),
            ("03.04.2021", "2021-04-03"),
            ("August 16, 2021", "2021-08-16"),
            ("16 August 2021", "2021-08-16"),
        ] {
            assert_eq!(iso(value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn what_must_be_guessed_is_left() {
        for value in ["", "yesterday", "03/04/2021", "2021-13-40", "12", "Aug 16", "0001-01-01", "31 February 2021"] {
            assert_eq!(iso(value), None, "{value}");
        }
    }
}
