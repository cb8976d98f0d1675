//! Datelines, date lines and bylines: what the head of a plain text says of when and by whom it was written.

use std::collections::HashMap;

use regex::Captures;
use serde::Deserialize;

use crate::patterns::LinePattern;

/// The patterns.
#[derive(Debug)]
pub struct Datelines {
    months: HashMap<String, i8>,
    date: Vec<LinePattern>,
    published: LinePattern,
    modified: LinePattern,
    dateline: Vec<LinePattern>,
    longest: LongestNames,
    byline: Vec<LinePattern>,
    last_name: Vec<String>,
}

/// The head of a paragraph that says where, when and through which agency it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dateline<'t> {
    /// The dateline itself, with its dash.
    pub text: &'t str,
    /// Where.
    pub place: &'t str,
    /// Through which agency.
    pub agency: Option<&'t str>,
    /// Year, month and day: only if all are stated.
    pub date: Option<(i16, i8, i8)>,
}

/// How many characters a dateline's place and agency have at most.
#[derive(Debug, Deserialize)]
struct LongestNames {
    place: usize,
    agency: usize,
}

#[derive(Deserialize)]
struct File {
    months: Vec<Vec<String>>,
    date: Vec<String>,
    published: String,
    modified: String,
    dateline: Vec<String>,
    longest: LongestNames,
    byline: Vec<String>,
    last_name: Vec<String>,
}

/// A longer line is neither a byline nor a date.
const LONGEST: usize = 200;

impl Datelines {
    pub(crate) fn parse(file: &str) -> Result<Datelines, String> {
        let file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        if file.months.len() != 12 {
            return Err(format!("months has {} lists, not 12", file.months.len()));
        }
        let mut months = HashMap::new();
        for (number, names) in (1..).zip(&file.months) {
            months.extend(names.iter().map(|name| (name.to_lowercase(), number)));
        }
        let mut names: Vec<&str> = months.keys().map(String::as_str).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let month = names.join("|");
        let compile = |pattern: &str, whole: bool| {
            // A group's name can stand only once in a pattern: the second and third place of a date get their own.
            let mut filled = String::new();
            let mut rest = pattern;
            let mut count = 0;
            while let Some(at) = rest.find(['{']) {
                filled.push_str(&rest[..at]);
                rest = &rest[at..];
                let part = [
                    ("{month}", format!("(?P<month{count}>(?i:{month}))\\.?")),
                    ("{day}", format!("(?P<day{count}>[0-9]{{1,2}})(?:st|nd|rd|th)?")),
                    ("{year}", format!("(?P<year{count}>(?:1[7-9]|20|21)[0-9]{{2}})")),
                ]
                .into_iter()
                .find(|(name, _)| rest.starts_with(name));
                match part {
                    Some((name, pattern)) => {
                        filled.push_str(&pattern);
                        rest = &rest[name.len()..];
                        count += 1;
                    }
                    None => {
                        filled.push('{');
                        rest = &rest[1..];
                    }
                }
            }
            filled.push_str(rest);
            LinePattern::new(&filled, whole, false)
        };
        let all =
            |patterns: &[String], whole| patterns.iter().map(|p| compile(p, whole)).collect::<Result<Vec<_>, _>>();
        Ok(Datelines {
            date: all(&file.date, true)?,
            published: compile(&file.published, false)?,
            modified: compile(&file.modified, false)?,
            dateline: all(&file.dateline, false)?,
            longest: file.longest,
            byline: all(&file.byline, true)?,
            last_name: file.last_name,
            months,
        })
    }

    /// Compiles every pattern now, and tells what is wrong with the first that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        let lists = [&self.date, &self.dateline, &self.byline];
        lists.into_iter().flatten().chain([&self.published, &self.modified]).try_for_each(LinePattern::check)
    }

    /// Year, month and day of a trimmed line or value that is a date and nothing else.
    pub fn date(&self, value: &str) -> Option<(i16, i8, i8)> {
        if value.len() > LONGEST {
            return None;
        }
        self.date.iter().find_map(|pattern| self.day(&pattern.captures(value)?))
    }

    /// Year, month and day of a trimmed line that says when the report was published: a date alone, or after a word for it.
    pub fn published(&self, line: &str) -> Option<(i16, i8, i8)> {
        self.date(line).or_else(|| self.after(&self.published, line))
    }

    /// Year, month and day of a trimmed line that says when the report was last changed.
    pub fn modified(&self, line: &str) -> Option<(i16, i8, i8)> {
        self.after(&self.modified, line)
    }

    /// The dateline with which a paragraph begins.
    pub fn dateline<'t>(&self, paragraph: &'t str) -> Option<Dateline<'t>> {
        let end = paragraph.char_indices().nth(LONGEST).map_or(paragraph.len(), |(at, _)| at);
        self.dateline.iter().find_map(|pattern| {
            let captures = pattern.captures(&paragraph[..end])?;
            let place = captures.name("place")?.as_str().trim_end_matches(',');
            let agency = captures.name("agency").map(|agency| agency.as_str().trim());
            let fits = |name: &str, longest: usize| (2..=longest).contains(&name.chars().count());
            let fit = fits(place, self.longest.place) && agency.is_none_or(|agency| fits(agency, self.longest.agency));
            fit.then(|| Some(Dateline { text: captures.get(0)?.as_str(), place, agency, date: self.day(&captures) }))?
        })
    }

    /// The names of a trimmed line that is a byline.
    pub fn byline<'t>(&self, line: &'t str) -> Option<Vec<&'t str>> {
        if line.len() > LONGEST {
            return None;
        }
        let names = self.byline.iter().find_map(|pattern| pattern.captures(line)?.get(1))?.as_str();
        // After the last name may stand a comma and what the writer is or writes for; with one name, after the first comma.
        let before_comma = |text: &'t str| text.split(',').next().unwrap_or_default();
        let joints = self.last_name.iter().filter_map(|joint| Some((names.rfind(joint.as_str())?, joint.len())));
        let names: Vec<&str> = match joints.max() {
            Some((at, length)) => names[..at].split(", ").chain([before_comma(&names[at + length..])]).collect(),
            None => vec![before_comma(names)],
        };
        let names: Vec<&str> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
        (!names.is_empty()).then_some(names)
    }

    fn after(&self, opening: &LinePattern, line: &str) -> Option<(i16, i8, i8)> {
        let end = opening.end(line)?;
        self.date(line.get(end..)?.trim())
    }

    fn day(&self, captures: &Captures) -> Option<(i16, i8, i8)> {
        let named = |name: &str| (0..8).find_map(|i| captures.name(&format!("{name}{i}"))).map(|m| m.as_str());
        let month = *self.months.get(&named("month")?.to_lowercase())?;
        Some((named("year")?.parse().ok()?, month, named("day")?.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use crate::Knowledge;

    #[test]
    fn datelines_are_read() {
        let read = |line: &'static str| {
            Knowledge::english().datelines().dateline(line).map(|d| (d.place, d.agency.unwrap_or(""), d.date))
        };
        assert_eq!(read("NORTHPORT, Aug 16 (Coastal Press) — The talks"), Some(("NORTHPORT", "Coastal Press", None)));
        assert_eq!(
            read("NORTHPORT, Island, August 16, 2021 (CP) - The talks"),
            Some(("NORTHPORT, Island", "CP", Some((2021, 8, 16))))
        );
        assert_eq!(read("NORTHPORT (Coastal Press) -- The talks"), Some(("NORTHPORT", "Coastal Press", None)));
        assert_eq!(read("Northport, 3 May 2020 /CP/ - Talks"), Some(("Northport", "CP", Some((2020, 5, 3)))));
        assert_eq!(read("On Friday, Aug 16 (a holiday) the talks went on."), None);
        assert_eq!(read("The minister said the talks – the third – ended."), None);
        assert_eq!(read("NATO (the alliance) was silent."), None);
    }

    #[test]
    fn date_lines_and_bylines_are_read() {
        let datelines = Knowledge::english().datelines();
        assert_eq!(datelines.published("Published: Monday, 16 August 2021, 10:30 am GMT"), Some((2021, 8, 16)));
        assert_eq!(datelines.published("March 06, 2008"), Some((2008, 3, 6)));
        assert_eq!(datelines.published("March 06"), None);
        assert_eq!(datelines.modified("Last updated on Aug. 17, 2021"), Some((2021, 8, 17)));
        assert_eq!(datelines.published("On August 16, 2021 the port was closed"), None);
        let names = |line: &'static str| datelines.byline(line);
        assert_eq!(
            names("By Ann Writer and Jo van der Berg, Coastal Press"),
            Some(vec!["Ann Writer", "Jo van der Berg"])
        );
        assert_eq!(names("By Ann Writer, Coastal Press"), Some(vec!["Ann Writer"]));
        assert_eq!(datelines.byline("By Ann Writer"), Some(vec!["Ann Writer"]));
        assert_eq!(datelines.byline("By Friday the port was open"), None);
        assert_eq!(datelines.byline("By the time they came, all was over."), None);
    }
}
