//! What a page says of itself in JSON-LD.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// What the page's report is said to be.
#[derive(Debug, Default, Clone)]
pub(crate) struct Stated {
    pub headline: Option<String>,
    pub authors: Vec<String>,
    /// Authors that are said to be organisations.
    pub organisations: Vec<String>,
    pub outlet: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub section: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub body: Option<String>,
}

/// What a live blog's entries are called.
const ENTRIES: &str = "liveBlogUpdate";
/// Objects beyond this many are not looked at.
const MOST_OBJECTS: usize = 20_000;

/// Reads the scripts of one page.
pub(crate) fn read(scripts: &[&str]) -> Stated {
    let mut values = Vec::new();
    let mut stated = Stated::default();
    let mut broken = Vec::new();
    for script in scripts {
        let clean = clean(script);
        match serde_json::from_str::<Value>(&clean) {
            Ok(value) => values.push(value),
            Err(_) => broken.push(clean),
        }
    }
    let mut objects = Vec::new();
    for value in &values {
        collect(value, &mut objects);
    }
    let by_id: HashMap<&str, &Map<String, Value>> = objects
        .iter()
        .filter(|o| o.len() > 1)
        .filter_map(|o| o.get("@id").and_then(Value::as_str).map(|id| (id, *o)))
        .collect();
    let mut reports: Vec<(u8, &Map<String, Value>)> =
        objects.iter().filter_map(|o| rank(o).map(|rank| (rank, *o))).collect();
    reports.sort_by_key(|(rank, _)| *rank);
    for (rank, report) in reports {
        stated.fill(report, rank, &by_id);
    }
    for text in &broken {
        stated.salvage(text);
    }
    stated
}

/// Script text as JSON: without comment marks, and control characters as spaces.
fn clean(script: &str) -> String {
    let script = script.trim();
    let script = script
        .strip_prefix("<![CDATA[")
        .or(script.strip_prefix("//<![CDATA["))
        .or(script.strip_prefix("<!--"))
        .unwrap_or(script);
    let script = script.trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches("//").trim();
    let script = script.trim_end_matches(';');
    script.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn collect<'v>(value: &'v Value, objects: &mut Vec<&'v Map<String, Value>>) {
    // The parser refuses deep nesting, so this cannot go deep.
    if objects.len() >= MOST_OBJECTS {
        return;
    }
    match value {
        Value::Object(object) => {
            objects.push(object);
            // The entries of a live blog have times and headlines of their own.
            object.iter().filter(|(key, _)| *key != ENTRIES).for_each(|(_, v)| collect(v, objects));
        }
        Value::Array(all) => all.iter().for_each(|v| collect(v, objects)),
        _ => {}
    }
}

/// How much an object is the page's report: 0 most; none if not at all.
fn rank(object: &Map<String, Value>) -> Option<u8> {
    let kinds: Vec<&str> = match object.get("@type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |f: &dyn Fn(&str) -> bool| kinds.iter().any(|k| f(k));
    if is(&|k| k.ends_with("Article") || k.ends_with("Posting") || matches!(k, "Report" | "Review" | "ClaimReview")) {
        // A teaser in a list has a headline and no more.
        let full =
            object.contains_key("datePublished") || object.contains_key("author") || object.contains_key("articleBody");
        return Some(if full { 0 } else { 1 });
    }
    if is(&|k| matches!(k, "Recipe" | "CreativeWork" | "HowTo" | "Question" | "QAPage" | "Event")) {
        return Some(2);
    }
    is(&|k| k.ends_with("Page")).then_some(3)
}

impl Stated {
    fn fill(&mut self, object: &Map<String, Value>, rank: u8, by_id: &HashMap<&str, &Map<String, Value>>) {
        let text = |key: &str| object.get(key).and_then(first_text);
        let set = |slot: &mut Option<String>, value: Option<String>| {
            if slot.is_none() {
                *slot = value;
            }
        };
        set(&mut self.headline, text("headline").or_else(|| if rank < 3 { text("name") } else { None }));
        set(&mut self.published, text("datePublished").or_else(|| if rank < 3 { text("dateCreated") } else { None }));
        set(&mut self.modified, text("dateModified"));
        set(&mut self.section, text("articleSection"));
        set(&mut self.language, text("inLanguage"));
        set(&mut self.url, text("url").filter(|u| u.starts_with("http")));
        if rank < 2 {
            set(&mut self.body, text("articleBody").or_else(|| entries(object)));
        }
        set(&mut self.outlet, names(object.get("publisher"), by_id).into_iter().next());
        if self.authors.is_empty() {
            for key in ["author", "creator"] {
                let bodies = is_organisation(object.get(key), by_id);
                let authors = if bodies { &mut self.organisations } else { &mut self.authors };
                if authors.is_empty() {
                    *authors = names(object.get(key), by_id);
                }
            }
        }
    }

    /// What can be had from JSON that is broken somewhere: strings after known names.
    fn salvage(&mut self, text: &str) {
        let find = |key: &str| -> Option<String> {
            let at = text.find(&format!("\"{key}\""))? + key.len() + 2;
            let rest = text[at..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
            let mut end = None;
            let mut escaped = false;
            for (i, c) in rest.char_indices() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => {
                        end = Some(i);
                        break;
                    }
                    _ => {}
                }
            }
            let raw = &rest[..end?];
            serde_json::from_str::<String>(&format!("\"{raw}\"")).ok().filter(|s| !s.trim().is_empty())
        };
        for (slot, key) in [
            (&mut self.headline, "headline"),
            (&mut self.published, "datePublished"),
            (&mut self.modified, "dateModified"),
            (&mut self.section, "articleSection"),
            (&mut self.body, "articleBody"),
        ] {
            if slot.is_none() {
                *slot = find(key);
            }
        }
    }
}

/// The text of a live blog's entries, in the order in which they stand.
fn entries(object: &Map<String, Value>) -> Option<String> {
    let entries = match object.get(ENTRIES)? {
        Value::Array(all) => all.iter().filter_map(Value::as_object).collect(),
        Value::Object(one) => vec![one],
        _ => Vec::new(),
    };
    let texts =
        entries.iter().flat_map(|entry| ["headline", "articleBody"].map(|key| entry.get(key).and_then(first_text)));
    let texts: Vec<String> = texts.flatten().collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.trim().is_empty() => Some(s.trim().to_string()),
        Value::Array(all) => all.iter().find_map(first_text),
        Value::Object(o) => o.get("@value").or(o.get("@id")).and_then(first_text),
        _ => None,
    }
}

fn is_organisation(value: Option<&Value>, by_id: &HashMap<&str, &Map<String, Value>>) -> bool {
    let object = match value {
        Some(Value::Array(all)) => all.first().and_then(Value::as_object),
        Some(Value::Object(object)) => Some(object),
        _ => None,
    };
    let referred = object.and_then(|o| o.get("@id")).and_then(Value::as_str).and_then(|id| by_id.get(id).copied());
    let kind =
        |o: &Map<String, Value>| o.get("@type").and_then(first_text).is_some_and(|k| k.ends_with("Organization"));
    object.is_some_and(kind) || referred.is_some_and(kind)
}

/// The names of persons or organisations, themselves or by reference.
fn names(value: Option<&Value>, by_id: &HashMap<&str, &Map<String, Value>>) -> Vec<String> {
    match value {
        Some(Value::String(s)) if !s.trim().is_empty() => vec![s.trim().to_string()],
        Some(Value::Array(all)) => all.iter().take(50).flat_map(|v| names(Some(v), by_id)).collect(),
        Some(Value::Object(o)) => {
            let named = o.get("name").or_else(|| {
                let id = o.get("@id").and_then(Value::as_str)?;
                by_id.get(id)?.get("name")
            });
            match named {
                Some(Value::Array(all)) => all.iter().filter_map(first_text).collect(),
                Some(one) => first_text(one).into_iter().collect(),
                None => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_found_in_a_graph() {
        let stated = read(&[
            r##"{"@context":"x","@graph":[{"@type":"WebPage","name":"Harbour | Island Press","datePublished":"2020-01-01"},
            {"@type":["NewsArticle"],"headline":"Harbour reopens","author":{"@id":"#a"},"datePublished":"2021-05-03T10:00:00Z"},
            {"@type":"Person","@id":"#a","name":"Ann Example"}]}"##,
        ]);
        assert_eq!(stated.headline.as_deref(), Some("Harbour reopens"));
        assert_eq!(stated.authors, ["Ann Example"]);
        assert_eq!(stated.published.as_deref(), Some("2021-05-03T10:00:00Z"));
    }

    #[test]
    fn a_live_blog_is_not_one_of_its_entries() {
        let stated = read(&[
            r##"{"@graph":[{"@type":"LiveBlogPosting","headline":"Port talks, live","coverageStartTime":"2021-05-03T08:00:00Z",
            "liveBlogUpdate":[{"@type":"BlogPosting","headline":"Talks resume","datePublished":"2021-05-04T09:00:00Z",
            "articleBody":"Both sides are back."},{"@type":"BlogPosting","articleBody":"The doors are closed."}]}]}"##,
        ]);
        assert_eq!(stated.headline.as_deref(), Some("Port talks, live"));
        assert_eq!(stated.published, None);
        assert_eq!(stated.body.as_deref(), Some("Talks resume\n\nBoth sides are back.\n\nThe doors are closed."));
    }

    #[test]
    fn broken_json_still_tells_something() {
        let stated = read(&[r#"{"@type":"NewsArticle","headline":"A \"good\" day",,"datePublished":"2021-05-03"}"#]);
        assert_eq!(stated.headline.as_deref(), Some("A \"good\" day"));
        assert_eq!(stated.published.as_deref(), Some("2021-05-03"));
    }
}
