//! What the makers of web pages call the parts of a page, and how lines around a report are worded.

use std::collections::HashMap;

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The report's text.
    Body,
    /// Ways to other pages, and the page's own furniture.
    Navigation,
    /// Consent, pay walls and what lies over the page.
    Overlay,
    /// What is not shown.
    Hidden,
    /// Ways to pass the page on.
    Share,
    /// Other stories.
    Related,
    /// Letters and subscriptions.
    Newsletter,
    /// What readers say.
    Comments,
    /// Advertising.
    Advertising,
    /// Who wrote the report and when.
    Byline,
    /// What the report is filed under.
    Labels,
    /// Pictures, films and what is said below them.
    Caption,
    /// Set beside the text, or said in it already.
    Aside,
}

/// What a line around a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A heading over what follows the report.
    End,
    /// A prompt or notice.
    Prompt,
    /// A lead to another story.
    Lead,
    /// Who wrote the report and when.
    Byline,
    /// What is said of a picture.
    Caption,
    /// How to reach the writer, and who did what.
    Contact,
    /// The page's legal foot.
    Legal,
}

/// The words for a report's dates.
#[derive(Debug, Clone, Deserialize)]
pub struct DateWords {
    /// The names of each month, in lower case, January first.
    pub months: Vec<Vec<String>>,
    /// Words before a time of publication.
    pub published: Vec<String>,
    /// Words before a time of change.
    pub modified: Vec<String>,
    /// What may stand beside a date that stands alone.
    pub beside: Vec<String>,
}

/// Names of `<meta>` elements, in lower case, the most trusted first.
#[derive(Debug, Clone, Deserialize)]
#[allow(missing_docs)]
pub struct MetaNames {
    pub title: Vec<String>,
    pub outlet: Vec<String>,
    pub author: Vec<String>,
    pub published: Vec<String>,
    pub modified: Vec<String>,
    pub section: Vec<String>,
}

/// Words around the names of authors, in lower case.
#[derive(Debug, Clone, Deserialize)]
pub struct NameWords {
    /// What elements with a name are called by their makers.
    pub classes: Vec<String>,
    /// What stands before a name.
    pub prefixes: Vec<String>,
    /// What stands between names.
    pub between: Vec<String>,
    /// A name ends before these.
    pub titles: Vec<String>,
    /// What is given for a name and is none.
    pub nobody: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    filed: Vec<String>,
    parts: HashMap<Part, Vec<String>>,
    lines: HashMap<Line, Vec<String>>,
    longest: HashMap<Line, usize>,
    dates: DateWords,
    meta: MetaNames,
    names: NameWords,
}

/// The file, compiled.
#[derive(Debug)]
pub struct Pages {
    /// By their first word: the words in a row, and what they stand for.
    words: HashMap<String, Vec<(Vec<String>, Part)>>,
    beginnings: Vec<(String, Part)>,
    filed: Vec<String>,
    set: RegexSet,
    kinds: Vec<Line>,
    longest: HashMap<Line, usize>,
    dates: DateWords,
    meta: MetaNames,
    names: NameWords,
}

impl Pages {
    pub(crate) fn parse(file: &str) -> Result<Pages, String> {
        let file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut words: HashMap<String, Vec<(Vec<String>, Part)>> = HashMap::new();
        let mut beginnings = Vec::new();
        for (part, names) in &file.parts {
            for name in names {
                if let Some(beginning) = name.strip_suffix('*') {
                    beginnings.push((beginning.to_string(), *part));
                    continue;
                }
                let row: Vec<String> = name.split(' ').map(str::to_string).collect();
                words.entry(row[0].clone()).or_default().push((row, *part));
            }
        }
        // The longest row first, then in a fixed order.
        for rows in words.values_mut() {
            rows.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then((a.1 as u8).cmp(&(b.1 as u8))));
        }
        beginnings.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
        let mut sources: Vec<(Line, String)> = file
            .lines
            .into_iter()
            // A word boundary of ASCII letters, which the fast engine can do on any text.
            .flat_map(|(kind, all)| {
                all.into_iter().map(move |p| (kind, format!("^(?:{})$", p.replace(r"\b", r"(?-u:\b)"))))
            })
            .collect();
        sources.sort_by_key(|(kind, _)| *kind as usize);
        for (_, source) in &sources {
            Regex::new(source).map_err(|e| e.to_string())?;
        }
        let set = RegexSetBuilder::new(sources.iter().map(|(_, p)| p))
            .case_insensitive(true)
            .size_limit(1 << 26)
            .dfa_size_limit(1 << 24)
            .build()
            .map_err(|e| e.to_string())?;
        if file.dates.months.len() != 12 {
            return Err(format!("`months` has {} lists, not 12", file.dates.months.len()));
        }
        let kinds = sources.into_iter().map(|(kind, _)| kind).collect();
        Ok(Pages {
            words,
            beginnings,
            filed: file.filed,
            set,
            kinds,
            longest: file.longest,
            dates: file.dates,
            meta: file.meta,
            names: file.names,
        })
    }

    /// The parts that an attribute's value names, in the order in which it names them.
    pub fn parts(&self, value: &str) -> Vec<Part> {
        let names = value.split_whitespace().flat_map(|name| {
            let mut words = cut(name);
            // `category-latest-news` is no list of the latest news, but `tag-list` is a list of tags.
            if words.len() > 1
                && self.filed.contains(&words[0])
                && self.row(&words).is_none_or(|(row, _)| row.len() == 1)
            {
                words.clear();
            }
            words
        });
        let names: Vec<String> = names.collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < names.len() {
            match self.row(&names[at..]) {
                Some((row, part)) => {
                    found.push(*part);
                    at += row.len();
                }
                None => {
                    let beginning = self.beginnings.iter().find(|(b, _)| names[at].starts_with(b.as_str()));
                    found.extend(beginning.map(|(_, part)| *part));
                    at += 1;
                }
            }
        }
        found
    }

    /// The longest row of words that the names begin with.
    fn row(&self, names: &[String]) -> Option<&(Vec<String>, Part)> {
        self.words.get(names.first()?)?.iter().find(|(row, _)| names.starts_with(row))
    }

    /// What a trimmed line is, if it is of the kinds that stand around reports.
    pub fn line(&self, line: &str) -> Vec<Line> {
        let length = line.chars().count();
        if line.is_empty() || self.longest.values().all(|&most| length > most) {
            return Vec::new();
        }
        let fits = |kind: &Line| self.longest.get(kind).is_none_or(|&most| length <= most);
        let mut found: Vec<Line> = self.set.matches(line).iter().map(|i| self.kinds[i]).filter(fits).collect();
        found.dedup();
        found
    }

    /// The names of `<meta>` elements.
    pub fn meta(&self) -> &MetaNames {
        &self.meta
    }

    /// Whether a class or id says that the element holds an author's name.
    pub fn names_author(&self, value: &str) -> bool {
        let name = cut(value).join(" ");
        let holds = |row: &String| {
            name.match_indices(row.as_str()).any(|(i, _)| {
                let end = i + row.len();
                (i == 0 || name.as_bytes()[i - 1] == b' ') && (end == name.len() || name.as_bytes()[end] == b' ')
            })
        };
        self.names.classes.iter().any(holds)
    }

    /// Words around the names of authors.
    pub fn names(&self) -> &NameWords {
        &self.names
    }

    /// The words for dates.
    pub fn dates(&self) -> &DateWords {
        &self.dates
    }
}

/// The lower-case words of a class or id: `ArticleBody__relatedLinks` is article, body, related, links.
fn cut(value: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in value.chars() {
        if !word.is_empty() && (!c.is_alphanumeric() || (c.is_uppercase() && lower_before)) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn attributes_name_parts() {
        let parts = |value: &str| Knowledge::english().pages().parts(value);
        assert_eq!(parts("ArticleBody__relatedLinks"), [Part::Body, Part::Related]);
        assert_eq!(parts("entry-content"), [Part::Body]);
        assert_eq!(parts("td-social-sharing"), [Part::Share, Part::Share]);
        assert_eq!(parts("shadow comparison-table"), []);
        assert_eq!(parts("relatedPosts2"), [Part::Related]);
        assert_eq!(parts("post type-post category-latest-news tag-newsletter"), []);
        assert_eq!(parts("tag-list"), [Part::Labels]);
        assert_eq!(parts("article_date margin_bottom_10"), [Part::Byline]);
    }

    #[test]
    fn lines_around_a_report_are_told_from_its_sentences() {
        let line = |line: &str| Knowledge::english().pages().line(line);
        assert!(line("Leave a Reply").contains(&Line::End));
        assert!(line("Story continues below advertisement").contains(&Line::Prompt));
        assert!(line("Published: 3 May 2021, 14:05").contains(&Line::Byline));
        assert!(line("Photo: A. Nobody / Island Pictures").contains(&Line::Caption));
        assert!(line("© 2021 Island Press").contains(&Line::Legal));
        assert!(line("Email Ann Example at ann@example.org or follow her on Twitter.").contains(&Line::Contact));
        for sentence in [
            "The ferry company said on Monday that it would cut its winter service.",
            "Share prices fell sharply on Monday.",
            "Victims could receive millions in compensation.",
            "A deal may be reached this week, the envoy said.",
            "More-than-expected rain fell in the north.",
            "Copyright law experts disagreed.",
            "Video from the scene showed smoke over the port.",
            "The port was closed, officials said. (Reuters)",
            "The company could not be reached by email for comment.",
        ] {
            assert_eq!(line(sentence), [], "{sentence}");
        }
    }
}
