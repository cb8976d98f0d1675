//! What the head of a plain text says about it: a date line, a byline, a dateline.

use annalist_knowledge::Knowledge;
use annalist_record::{Credit, PublishedFrom, Report};

use crate::dates::day_of;

/// How many lines that are not blank are a text's head.
const LINES: usize = 6;

/// A line of more characters is a paragraph; a dateline can begin it, but it is no byline or date.
const LONGEST: usize = 160;

/// Fills what the report does not know yet from the head of its text. Years are never guessed: a dateline without one gives
/// no date.
pub(crate) fn read(report: &mut Report, knowledge: &Knowledge) {
    let datelines = knowledge.datelines();
    let iso = |(year, month, day)| day_of(year, month, day);
    let (mut published, mut modified, mut authors, mut credits) = (None, None, Vec::new(), Vec::new());
    for line in report.text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES) {
        if let Some(dateline) = datelines.dateline(line) {
            if let Some(day) = dateline.date.and_then(iso) {
                published = Some((day, PublishedFrom::Dateline));
            }
            if let Some(agency) = dateline.agency {
                let text = dateline.text.trim().to_string();
                credits.push(Credit { kind: "agency".to_string(), name: agency.to_string(), text });
            }
            break;
        }
        if line.chars().count() > LONGEST {
            continue;
        }
        if published.is_none() {
            published = datelines.published(line).and_then(iso).map(|day| (day, PublishedFrom::Text));
        }
        if modified.is_none() {
            modified = datelines.modified(line).and_then(iso);
        }
        if let Some(names) = datelines.byline(line)
            && authors.is_empty()
        {
            authors = names.into_iter().map(str::to_string).collect();
            // After the names may stand the date.
            let date = line
                .char_indices()
                .filter(|(_, c)| matches!(c, ',' | '|' | '–' | '—' | '-'))
                .find_map(|(at, c)| datelines.published(line[at + c.len_utf8()..].trim()));
            published = published.or_else(|| date.and_then(iso).map(|day| (day, PublishedFrom::Byline)));
        }
    }
    if report.published.is_none()
        && let Some((day, from)) = published
    {
        (report.published, report.published_from) = (Some(day), from);
    }
    report.modified = report.modified.take().or(modified);
    if report.authors.is_empty() {
        report.authors = authors;
    }
    for credit in credits {
        if !report.credits.iter().any(|c| c.kind == credit.kind && c.name == credit.name) {
            report.credits.push(credit);
        }
    }
}

/// The day in an address: `/2021/08/16/`, `/2021-08-16`, `/20210816/`.
pub(crate) fn day_in_url(url: &str) -> Option<String> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let number = |text: &str, digits: usize| -> Option<i16> {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    };
    let day = |year: i16, month: i16, day: i16| {
        // Addresses of reports are of the age of addresses; other numbers are not days.
        if !(1990..=2100).contains(&year) {
            return None;
        }
        day_of(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
    };
    let in_parts = parts.windows(3).find_map(|w| {
        let two = |text| number(text, 2).or_else(|| number(text, 1));
        day(number(w[0], 4)?, two(w[1])?, two(w[2])?)
    });
    in_parts.or_else(|| {
        parts.iter().find_map(|part| {
            if let Some(whole) = part.get(..8).filter(|w| w.bytes().all(|b| b.is_ascii_digit()))
                && !part[8..].starts_with(|c: char| c.is_ascii_digit())
            {
                return day(number(&whole[..4], 4)?, number(&whole[4..6], 2)?, number(&whole[6..], 2)?);
            }
            let mut dashes = part.splitn(4, '-');
            let (y, m, d) = (dashes.next()?, dashes.next()?, dashes.next()?);
            day(number(y, 4)?, number(m, 2)?, number(d.get(..2)?, 2)?)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Report {
        let mut report = Report { text: text.to_string(), ..Report::default() };
        read(&mut report, Knowledge::english());
        report
    }

    #[test]
    fn a_dateline_with_a_year_gives_the_date() {
        let report = of("Talks end\n\nBy Ann Writer\n\nNORTHPORT, Aug 16, 2021 (Coastal Press) — The talks ended.");
        assert_eq!(report.published.as_deref(), Some("2021-08-16"));
        assert_eq!(report.published_from, PublishedFrom::Dateline);
        assert_eq!(report.authors, ["Ann Writer"]);
        assert_eq!(report.credits[0].name, "Coastal Press");
    }

    #[test]
    fn a_dateline_without_a_year_gives_none() {
        let report = of("NORTHPORT, Aug 16 (Coastal Press) — The talks ended.");
        assert_eq!((report.published, report.published_from), (None, PublishedFrom::None));
        assert_eq!(report.credits.len(), 1);
    }

    #[test]
    fn date_lines_and_bylines_give_dates() {
        let report = of("Talks end\nMarch 06, 2008\nThe talks ended on March 5, 2007.");
        assert_eq!((report.published.as_deref(), report.published_from), (Some("2008-03-06"), PublishedFrom::Text));
        let report = of("Talks end\nBy Ann Writer | 16 August 2021\nThe talks ended.");
        assert_eq!((report.published.as_deref(), report.published_from), (Some("2021-08-16"), PublishedFrom::Byline));
        assert_eq!(of("The talks ended.\n\nOn March 5, 2007 they began.").published, None);
    }

    #[test]
    fn addresses_hold_days() {
        for (url, day) in [
            ("https://press.example/world/2021/08/16/talks-end", Some("2021-08-16")),
            ("https://press.example/2021-08-16-talks", Some("2021-08-16")),
            ("https://press.example/n/20210816/talks", Some("2021-08-16")),
            ("https://press.example/2021/talks", None),
            ("https://press.example/id/1234567890123", None),
            ("https://press.example/99999999", None),
        ] {
            assert_eq!(day_in_url(url).as_deref(), day, "{url}");
        }
    }
}
