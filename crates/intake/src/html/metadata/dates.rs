//! Dates as pages write them, to ISO 8601.

use annalist_knowledge::DateWords;

/// Pages were not written before this year; an older one is no date of publication.
const FIRST_YEAR: u32 = 1990;
const LAST_YEAR: u32 = 2100;

fn date(year: u32, month: u32, day: u32) -> Option<String> {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let fits = (FIRST_YEAR..=LAST_YEAR).contains(&year) && (1..=days).contains(&day);
    fits.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Whether the second day is the one after the first; both as YYYY-MM-DD.
pub(crate) fn is_next_day(first: &str, second: &str) -> bool {
    let read = |d: &str| -> Option<(u32, u32, u32)> {
        Some((d.get(..4)?.parse().ok()?, d.get(5..7)?.parse().ok()?, d.get(8..10)?.parse().ok()?))
    };
    let Some((y, m, d)) = read(first) else { return false };
    let next = date(y, m, d + 1).or_else(|| date(y, m + 1, 1)).or_else(|| date(y + 1, 1, 1));
    next.as_deref() == Some(second)
}

/// A date in a field made for dates: ISO 8601 with its time, or any way [`in_text`] knows.
pub(crate) fn in_field(field: &str, words: &DateWords, day_first: bool) -> Option<String> {
    let field = field.trim();
    iso(field).or_else(|| compact(field)).or_else(|| epoch(field)).or_else(|| in_text(field, words, day_first))
}

/// `2021-05-03`, `2021-05-03T10:00:00+02:00` and what is close to them.
fn iso(field: &str) -> Option<String> {
    let (y, rest) = number(field, 4)?;
    let rest = rest.strip_prefix(['-', '/', '.'])?;
    let (m, rest) = number(rest, 2)?;
    let rest = rest.strip_prefix(['-', '/', '.'])?;
    let (d, rest) = number(rest, 2)?;
    let day = date(y, m, d)?;
    Some(match time(rest) {
        Some(time) => format!("{day}T{time}"),
        None => day,
    })
}

/// The time of day after a date, with its zone.
fn time(rest: &str) -> Option<String> {
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (h, rest) = number(rest, 2)?;
    let (m, mut rest) = number(rest.strip_prefix(':')?, 2)?;
    let mut s = 0;
    if let Some((seconds, after)) = rest.strip_prefix(':').and_then(|r| number(r, 2)) {
        (s, rest) = (seconds, after);
    }
    if let Some(after) = rest.strip_prefix('.') {
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    if h > 23 || m > 59 || s > 59 {
        return None;
    }
    let zone = rest.trim();
    let zone = match zone.chars().next() {
        Some('Z' | 'z') => "Z".to_string(),
        Some(sign @ ('+' | '-')) => {
            let digits: String = zone[1..].chars().filter(|c| *c != ':').take_while(char::is_ascii_digit).collect();
            match digits.len() {
                4 => format!("{sign}{}:{}", &digits[..2], &digits[2..]),
                2 => format!("{sign}{digits}:00"),
                _ => String::new(),
            }
        }
        _ if zone.starts_with("GMT") || zone.starts_with("UTC") => "Z".to_string(),
        _ => String::new(),
    };
    Some(format!("{h:02}:{m:02}:{s:02}{zone}"))
}

/// `20210503` and `20210503101500`.
fn compact(field: &str) -> Option<String> {
    let digits = field.bytes().take_while(u8::is_ascii_digit).count();
    if !matches!(digits, 8 | 12 | 14) {
        return None;
    }
    date(field[..4].parse().ok()?, field[4..6].parse().ok()?, field[6..8].parse().ok()?)
}

/// Seconds or milliseconds since 1970.
fn epoch(field: &str) -> Option<String> {
    if !field.bytes().all(|b| b.is_ascii_digit()) || !matches!(field.len(), 10 | 13) {
        return None;
    }
    let seconds: i64 = field[..10].parse().ok()?;
    // Days to a civil date, after Howard Hinnant's `civil_from_days`.
    let z = seconds.div_euclid(86_400) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    date(year as u32, month as u32, (doy - (153 * mp + 2) / 5 + 1) as u32)
}

/// A number of at most so many digits at the start.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let value = text[..digits].parse().ok()?;
    Some((value, &text[digits..]))
}

/// The first date in running text: with a month's name, or in figures. `day_first` says how 4/5/2021 is meant.
pub(crate) fn in_text(text: &str, words: &DateWords, day_first: bool) -> Option<String> {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).take(80).collect();
    let day = |t: &str| -> Option<u32> {
        let digits = t.bytes().take_while(u8::is_ascii_digit).count();
        let suffix = &t[digits..];
        let fits =
            (1..=2).contains(&digits) && matches!(suffix.to_lowercase().as_str(), "" | "st" | "nd" | "rd" | "th");
        if fits { t[..digits].parse().ok() } else { None }
    };
    let year =
        |t: &str| -> Option<u32> { (t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok())? };
    let month = |t: &str| -> Option<u32> {
        if t.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let lower = t.to_lowercase();
        words.months.iter().position(|names| names.contains(&lower)).map(|m| m as u32 + 1)
    };
    for (i, token) in tokens.iter().enumerate() {
        let at = |j: usize| tokens.get(i + j).copied().unwrap_or("");
        if let Some(m) = month(token) {
            // May 3 2021; 3 May 2021; 3rd of May, 2021.
            let before = i.checked_sub(1).and_then(|j| {
                day(tokens[j]).or_else(|| {
                    (tokens[j].eq_ignore_ascii_case("of")).then(|| j.checked_sub(1).and_then(|k| day(tokens[k])))?
                })
            });
            if let (Some(d), Some(y)) = (day(at(1)), year(at(2)))
                && let Some(found) = date(y, m, d)
            {
                return Some(found);
            }
            if let (Some(d), Some(y)) = (before, year(at(1)))
                && let Some(found) = date(y, m, d)
            {
                return Some(found);
            }
        }
        if let (Some(y), Some(m), Some(d)) = (year(token), day(at(1)), day(at(2)))
            && in_figures(text, token, at(1), at(2))
            && let Some(found) = date(y, m, d)
        {
            return Some(found);
        }
        if let (Some(a), Some(b), Some(y)) = (day(token), day(at(1)), year(at(2)))
            && in_figures(text, token, at(1), at(2))
        {
            let dotted = text.contains(&format!("{token}.{}.", at(1)));
            let (d, m) = if a > 12 || ((dotted || day_first) && b <= 12) { (a, b) } else { (b, a) };
            if let Some(found) = date(y, m, d) {
                return Some(found);
            }
        }
    }
    None
}

/// Whether three numbers stand together as a date does: `3/5/2021`, `3.5.2021`, `2021-05-03`.
fn in_figures(text: &str, a: &str, b: &str, c: &str) -> bool {
    ["/", ".", "-", ". "].iter().any(|s| text.contains(&format!("{a}{s}{b}{s}{c}")))
}

/// The day in an address: `/2021/05/03/`, `/2021-05-03-`, `/20210503/`, `/2021/may/03/`.
pub(crate) fn in_url(url: &str, words: &DateWords) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    for (i, part) in parts.iter().enumerate() {
        if part.len() == 8
            && part.bytes().all(|b| b.is_ascii_digit())
            && let Some(found) = compact(part)
        {
            return Some(found);
        }
        let (Some(m), Some(d)) = (parts.get(i + 1), parts.get(i + 2)) else { continue };
        let year = (part.len() == 4).then(|| part.parse::<u32>().ok()).flatten();
        let month =
            m.parse::<u32>().ok().filter(|_| m.len() <= 2).or_else(|| {
                words.months.iter().position(|names| names.contains(&m.to_lowercase())).map(|m| m as u32 + 1)
            });
        let day = d.parse::<u32>().ok().filter(|_| d.len() <= 2);
        if let (Some(y), Some(m), Some(d)) = (year, month, day)
            && let Some(found) = date(y, m, d)
        {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use annalist_knowledge::Knowledge;

    #[test]
    fn dates_are_read_as_pages_write_them() {
        let words = Knowledge::english().pages().dates();
        let field = |text: &str| in_field(text, words, false).unwrap_or_default();
        assert_eq!(field("2021-05-03T10:15:00+0200"), "2021-05-03T10:15:00+02:00");
        assert_eq!(field("2021-05-03T10:15:00.123Z"), "2021-05-03T10:15:00Z");
        assert_eq!(field("2021-05-03 10:15"), "2021-05-03T10:15:00");
        assert_eq!(field("Mon, 03 May 2021 10:15:00 GMT"), "2021-05-03");
        assert_eq!(field("May 3, 2021"), "2021-05-03");
        assert_eq!(field("the 3rd of May, 2021"), "2021-05-03");
        assert_eq!(field("20210503"), "2021-05-03");
        assert_eq!(field("1620000000"), "2021-05-03");
        assert_eq!(field("3.5.2021"), "2021-05-03");
        assert_eq!(field("5/3/2021"), "2021-05-03");
        assert_eq!(in_field("3/5/2021", words, true).as_deref(), Some("2021-05-03"));
        assert_eq!(field("2021-02-30"), "");
        assert_eq!(field("soon"), "");
    }

    #[test]
    fn addresses_tell_days() {
        let words = Knowledge::english().pages().dates();
        assert_eq!(in_url("https://a.example/2021/05/03/harbour", words).as_deref(), Some("2021-05-03"));
        assert_eq!(in_url("https://a.example/world/2021/may/03/harbour", words).as_deref(), Some("2021-05-03"));
        assert_eq!(in_url("https://a.example/news-20210503", words).as_deref(), Some("2021-05-03"));
        assert_eq!(in_url("https://a.example/12345678/harbour", words), None);
    }
}
