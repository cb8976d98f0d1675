//! Which field of a JSON object or table row holds what.

use serde_json::{Map, Value};

use crate::dates;
use crate::raw::Known;

/// The names of fields, each list in order of preference. Case, `_`, `-` and spaces in names do not count; `source.name` is the
/// field `name` of the object `source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The report's text.
    pub text: Vec<String>,
    /// The headline.
    pub title: Vec<String>,
    /// Who published it.
    pub outlet: Vec<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its address.
    pub url: Vec<String>,
    /// When it was published.
    pub published: Vec<String>,
    /// When it was last changed.
    pub modified: Vec<String>,
    /// When it was fetched.
    pub retrieved: Vec<String>,
    /// The section it stood in.
    pub section: Vec<String>,
    /// Its language.
    pub language: Vec<String>,
    /// Its id.
    pub input_id: Vec<String>,
    /// Lists of documents inside one object.
    pub lists: Vec<String>,
}

impl Default for Fields {
    fn default() -> Fields {
        let names = |all: &str| all.split_whitespace().map(str::to_string).collect();
        Fields {
            text: names(
                "text body articlebody maintext fulltext articletext content contenttext contenthtml html bodytext bodyhtml \
                 story article transcript plaintext cleanedtext description summary abstract",
            ),
            title: names("title headline heading articletitle name"),
            outlet: names(
                "outlet publisher source sourcename sitename publication newspaper medium media provider domain sourcedomain",
            ),
            authors: names("authors author byline creator writer writers by"),
            url: names("url link href uri permalink canonicalurl externalurl sourceurl articleurl weburl"),
            published: names(
                "published publishedat datepublished publishdate publicationdate publicationtime pubdate publishedtime date datetime \
                 webpublicationdate firstpublished created createdat timestamp time day",
            ),
            modified: names("modified datemodified modifiedat updated updatedat lastmodified datemodify"),
            retrieved: names(
                "retrieved retrievedat fetched fetchedat crawled crawledat datedownload scrapedat accessed",
            ),
            section: names("section category categories sectionname rubric desk channel"),
            language: names("language lang languagecode"),
            input_id: names("id guid uuid docid documentid articleid key identifier"),
            lists: names("items articles entries documents docs results stories news posts reports data records hits"),
        }
    }
}

/// Fields that hold a summary rather than the text.
const SUMMARIES: &[&str] = &["description", "summary", "abstract"];

/// A document's text out of a record, what the record says about it, and what to warn of.
pub(crate) struct Found {
    pub text: String,
    pub known: Known,
    pub warnings: Vec<String>,
}

/// A field's name as names are compared.
pub(crate) fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}

impl Fields {
    /// Puts `name` first among the names of the field `what` (`text`, `title`, … as the fields of this struct are called).
    /// Returns false if there is no such field.
    pub fn prefer(&mut self, what: &str, name: &str) -> bool {
        let list = match what {
            "text" => &mut self.text,
            "title" => &mut self.title,
            "outlet" => &mut self.outlet,
            "authors" => &mut self.authors,
            "url" => &mut self.url,
            "published" => &mut self.published,
            "modified" => &mut self.modified,
            "retrieved" => &mut self.retrieved,
            "section" => &mut self.section,
            "language" => &mut self.language,
            "input_id" | "id" => &mut self.input_id,
            "lists" => &mut self.lists,
            _ => return false,
        };
        list.insert(0, name.to_string());
        true
    }

    /// Whether a record with these field names can hold a document.
    pub(crate) fn describe_documents<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> bool {
        self.text.iter().any(|wanted| names.clone().any(|name| plain_name(name) == plain_name(wanted)))
    }

    /// Reads a record; `None` when no field has a text.
    pub(crate) fn read(&self, record: &Map<String, Value>) -> Option<Found> {
        let record = Record::new(record);
        let (name, text) = record.first(&self.text, text_of)?;
        let mut warnings = Vec::new();
        if SUMMARIES.contains(&plain_name(name).as_str()) {
            warnings.push(format!("the text is the field \"{name}\": it may be only a summary"));
        }
        let string = |names: &[String]| record.first(names, short).map(|(_, value)| value);
        let mut date = |names: &[String]| {
            let (_, value) = record.first(names, short)?;
            let iso = dates::iso(&value);
            if iso.is_none() {
                warnings.push(format!("the date \"{}\" could not be read; write it as YYYY-MM-DD", clip(&value)));
            }
            iso
        };
        let (published, modified, retrieved) = (date(&self.published), date(&self.modified), date(&self.retrieved));
        let known = Known {
            title: string(&self.title),
            outlet: string(&self.outlet),
            authors: record.first(&self.authors, list).map(|(_, all)| all).unwrap_or_default(),
            url: string(&self.url),
            published,
            modified,
            retrieved,
            section: string(&self.section),
            language: string(&self.language).and_then(|l| crate::language::code(&l)),
            input_id: string(&self.input_id),
        };
        Some(Found { text, known, warnings })
    }
}

/// The first characters of a value, for a message.
pub(crate) fn clip(value: &str) -> String {
    let mut short: String = value.chars().take(40).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    short
}

struct Record<'r> {
    top: Vec<(String, &'r Value)>,
    whole: &'r Map<String, Value>,
}

impl<'r> Record<'r> {
    fn new(whole: &'r Map<String, Value>) -> Record<'r> {
        Record { top: whole.iter().map(|(name, value)| (plain_name(name), value)).collect(), whole }
    }

    /// The first of the named fields out of which `read` makes something.
    fn first<'n, T>(&self, names: &'n [String], read: impl Fn(&Value) -> Option<T>) -> Option<(&'n str, T)> {
        names.iter().find_map(|name| self.get(&plain_name(name)).and_then(&read).map(|found| (name.as_str(), found)))
    }

    fn get(&self, name: &str) -> Option<&'r Value> {
        if let Some((_, value)) = self.top.iter().find(|(own, _)| own == name) {
            return Some(value);
        }
        let mut path = name.split('.');
        let first = path.next()?;
        let mut at = self.whole.iter().find(|(own, _)| plain_name(own) == first)?.1;
        let mut steps = 0;
        for step in path {
            at = at.as_object()?.iter().find(|(own, _)| plain_name(own) == step)?.1;
            steps += 1;
        }
        (steps > 0).then_some(at)
    }
}

/// A text: a string, a list of paragraphs, or an object that holds one.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Array(all) => all.iter().map(text_of).collect::<Option<Vec<_>>>()?.join("\n\n"),
        Value::Object(o) => {
            ["text", "content", "value", "body", "rendered"].iter().find_map(|k| text_of(o.get(*k)?))?
        }
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// A short value: a string, a number, the name of an object, the first of a list.
fn short(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.trim().to_string(),
        Value::Number(n) => n.to_string(),
        Value::Array(all) => short(all.first()?)?,
        Value::Object(o) => {
            ["name", "title", "label", "rendered", "text", "$oid", "$date"].iter().find_map(|k| short(o.get(*k)?))?
        }
        _ => return None,
    };
    (!text.is_empty() && text.len() <= 2000).then_some(text)
}

/// All values of a list, or one.
fn list(value: &Value) -> Option<Vec<String>> {
    let all: Vec<String> = match value {
        Value::Array(all) => all.iter().filter_map(short).collect(),
        one => short(one).into_iter().collect(),
    };
    (!all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Option<Found> {
        Fields::default().read(value.as_object().unwrap())
    }

    #[test]
    fn usual_names_are_found_however_they_are_spelt() {
        let found = read(json!({
            "Headline": "Talks resume", "article_body": ["First.", "Second."], "pub-date": "Mon, 16 Aug 2021 10:00:00 GMT",
            "source": {"id": null, "name": "Coastal Press"}, "authors": [{"name": "A. Writer"}, "B. Writer"], "_id": 7
        }))
        .unwrap();
        assert_eq!(found.text, "First.\n\nSecond.");
        assert_eq!(found.known.title.as_deref(), Some("Talks resume"));
        assert_eq!(found.known.outlet.as_deref(), Some("Coastal Press"));
        assert_eq!(found.known.authors, ["A. Writer", "B. Writer"]);
        assert_eq!(found.known.published.as_deref(), Some("2021-08-16T10:00:00+00:00"));
        assert_eq!(found.known.input_id.as_deref(), Some("7"));
        assert!(found.warnings.is_empty());
    }

    #[test]
    fn a_field_can_be_named() {
        let mut fields = Fields::default();
        assert!(fields.prefer("text", "doc.words"));
        assert!(!fields.prefer("colour", "x"));
        let record = json!({"text": "a label", "doc": {"words": "The text."}});
        assert_eq!(fields.read(record.as_object().unwrap()).unwrap().text, "The text.");
    }

    #[test]
    fn what_is_doubtful_is_said() {
        let found = read(json!({"summary": "Short.", "date": "03/04/2021"})).unwrap();
        assert_eq!(found.known.published, None);
        assert_eq!(found.warnings.len(), 2);
        assert!(read(json!({"name": "nothing to read", "text": "  "})).is_none());
    }
}
