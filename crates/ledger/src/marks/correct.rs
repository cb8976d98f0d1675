//! A record with analysts' marks on it: what they rejected is out of it, what they edited is as they say, what they accepted is in it
//! even where a newer model no longer finds it.

use std::collections::{BTreeMap, BTreeSet};

use annalist_record::{CharIndex, Record, Span, item_id};
use serde_json::{Map, Value, json};

use super::Row;

/// The lists of a record whose items can be marked, with the field whose words an item stands on.
pub(crate) const LISTS: [(&str, &str); 8] = [
    ("actors", "mentions"),
    ("places", "mentions"),
    ("times", "span"),
    ("statements", "content"),
    ("events", "trigger"),
    ("figures", "span"),
    ("commitments", "what"),
    ("changes", "after"),
];

/// Two stretches of words are one when they share this part of what they cover together.
const ONE_STRETCH: f64 = 0.5;

/// The fields that hold ids of other items.
const REFERENCES: [&str; 13] = [
    "speaker",
    "addressee",
    "time",
    "inside",
    "place",
    "said_in",
    "event",
    "statement",
    "by",
    "to",
    "due",
    "who",
    "actor",
];

/// A record under correction.
pub(crate) struct Corrected {
    /// The record with everything in it, rejected items too.
    whole: Value,
    /// Items that do not count.
    rejected: BTreeSet<String>,
    /// Items that are another one told again: that one, if it is of this report.
    doubles: BTreeMap<String, Option<String>>,
    /// Whether nothing of the report counts.
    nothing: bool,
    /// By a mark's number, the id of the item that it hangs on.
    pub(crate) hangs: BTreeMap<i64, String>,
}

impl Corrected {
    /// A record with marks on it, which are given in the order in which they were made.
    pub(crate) fn new(record: &Record, marks: &[Row]) -> Corrected {
        let mut corrected = Corrected {
            whole: serde_json::to_value(record).unwrap_or_default(),
            rejected: BTreeSet::new(),
            doubles: BTreeMap::new(),
            nothing: false,
            hangs: BTreeMap::new(),
        };
        marks.iter().for_each(|mark| corrected.take(mark));
        corrected
    }

    fn take(&mut self, mark: &Row) {
        let Some((kind, item)) = mark.kind.as_deref().zip(mark.item.as_deref()) else {
            match mark.verdict.as_str() {
                "reject" => self.nothing = true,
                "accept" => self.nothing = false,
                _ => {}
            }
            return;
        };
        let stands = matches!(mark.verdict.as_str(), "accept" | "edit");
        let Some(id) = self.hang(mark, kind, item).or_else(|| stands.then(|| self.reinstate(mark, kind)).flatten())
        else {
            return;
        };
        self.hangs.insert(mark.key, id.clone());
        if mark.entity {
            return;
        }
        match mark.verdict.as_str() {
            "accept" => {
                self.rejected.remove(&id);
            }
            "reject" => {
                self.rejected.insert(id);
            }
            "edit" => {
                if let Some((field, value)) = mark.field.as_deref().zip(mark.value.clone()) {
                    self.edit(kind, &id, field, value);
                }
            }
            "merge" if !matches!(kind, "actors" | "events") => {
                let here = mark.other_report.as_deref() == Some(&mark.report);
                self.doubles.insert(id, mark.other_item.clone().filter(|_| here));
            }
            "split" => {
                if let Some(parts) = mark.value.as_ref().and_then(Value::as_array) {
                    let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                    self.split(kind, &id, &parts);
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, kind: &str) -> Option<&mut Vec<Value>> {
        self.whole.get_mut(kind)?.as_array_mut()
    }

    /// An item, rejected or not.
    pub(crate) fn item(&self, kind: &str, id: &str) -> Option<&Value> {
        self.whole.get(kind)?.as_array()?.iter().find(|item| item["id"] == id)
    }

    fn text(&self) -> &str {
        self.whole["report"]["text"].as_str().unwrap_or_default()
    }

    /// The item that a mark is on: the one of that id, else, in the same text, the one of its kind that stands on the same words.
    fn hang(&self, mark: &Row, kind: &str, item: &str) -> Option<String> {
        if self.item(kind, item).is_some() {
            return Some(item.to_string());
        }
        if self.whole["report"]["content_id"].as_str() != Some(&mark.content_id) {
            return None;
        }
        let own = stretches(kind, &mark.read_as);
        let like = |item: &Value| {
            let other = stretches(kind, item);
            let common: usize = own.iter().map(|a| other.iter().map(|b| shared(*a, *b)).sum::<usize>()).sum();
            let all = length(&own) + length(&other) - common.min(length(&other));
            common as f64 / all.max(1) as f64
        };
        let list = self.whole.get(kind)?.as_array()?;
        let best = list.iter().map(|item| (like(item), item)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 >= ONE_STRETCH).then(|| best.1["id"].as_str().map(str::to_string)).flatten()
    }

    /// Puts an item back that the program no longer finds, if its words still stand where they stood.
    fn reinstate(&mut self, mark: &Row, kind: &str) -> Option<String> {
        let id = mark.read_as["id"].as_str()?.to_string();
        let index = CharIndex::new(self.text());
        let mut stands = true;
        each_span(&mark.read_as, &mut |span| {
            let there = index.byte(span.start)..index.byte(span.end).max(index.byte(span.start));
            stands &= self.text().get(there) == Some(&span.text);
        });
        if !stands {
            return None;
        }
        let known = self.ids();
        let mut item = mark.read_as.clone();
        renamed(&mut item, &|id| if known.contains(id) { Some(id.to_string()) } else { None });
        self.list(kind)?.push(item);
        Some(id)
    }

    fn ids(&self) -> BTreeSet<String> {
        let all = LISTS.iter().filter_map(|(kind, _)| self.whole.get(*kind)?.as_array());
        all.flatten().filter_map(|item| item["id"].as_str()).map(str::to_string).collect()
    }

    fn edit(&mut self, kind: &str, id: &str, field: &str, value: Value) {
        let value = match value.get("day").and_then(Value::as_str) {
            // A day that the report does not tell: a time that stands on the words of the one told, or on the item's own.
            Some(day) if kind != "times" => {
                let told = self.item(kind, id).and_then(|item| item[field].as_str()).map(str::to_string);
                let told = told.and_then(|time| self.item("times", &time)).map(|time| time["span"].clone());
                let own = || self.item(kind, id).and_then(|item| first_span(kind, item));
                let Some(span) = told.or_else(own) else { return };
                let Ok(words) = serde_json::from_value::<Span>(span.clone()) else { return };
                let time = format!("{}.{day}", item_id('t', [&words], 0));
                let new = json!({"id": time, "span": span, "type": "DATE", "value": day, "granularity": "day", "earliest": day,
                    "latest": day, "relative_to": null, "confidence": 1.0});
                if self.item("times", &time).is_none()
                    && let Some(times) = self.list("times")
                {
                    times.push(new);
                }
                json!(time)
            }
            _ => value,
        };
        if let Some(item) = self.list(kind).and_then(|list| list.iter_mut().find(|item| item["id"] == id)) {
            item[field] = value;
        }
    }

    /// Puts several items in the place of one, each of which stands on a part of its words.
    fn split(&mut self, kind: &str, id: &str, parts: &[&str]) {
        let Some((_, field)) = LISTS.iter().find(|(list, _)| *list == kind) else { return };
        let Some(item) = self.item(kind, id).cloned() else { return };
        let mut pieces = Vec::new();
        for part in parts {
            let Some(span) = within(self.text(), &item, part) else { return };
            let mut piece = item.clone();
            piece["id"] = json!(item_id(id.chars().next().unwrap_or('x'), [&span], 0));
            let span = json!({"start": span.start, "end": span.end, "text": span.text});
            piece[*field] = if piece[*field].is_array() { json!([span]) } else { span };
            pieces.push(piece);
        }
        let first = pieces.first().and_then(|piece| piece["id"].as_str()).map(str::to_string);
        if let Some(list) = self.list(kind)
            && let Some(at) = list.iter().position(|item| item["id"] == id)
        {
            list.splice(at..=at, pieces);
        }
        renamed(&mut self.whole, &|other| if other == id { first.clone() } else { Some(other.to_string()) });
    }

    /// The record as it counts.
    pub(crate) fn record(mut self) -> Option<Record> {
        let (rejected, doubles, nothing) = (&self.rejected, &self.doubles, self.nothing);
        for (kind, _) in LISTS {
            if let Some(list) = self.whole.get_mut(kind).and_then(Value::as_array_mut) {
                let gone = |item: &Value| {
                    item["id"].as_str().is_some_and(|id| rejected.contains(id) || doubles.contains_key(id))
                };
                list.retain(|item| !nothing && !gone(item));
            }
        }
        renamed(&mut self.whole, &|id| match doubles.get(id) {
            Some(other) => other.clone(),
            None if rejected.contains(id) => None,
            None => Some(id.to_string()),
        });
        serde_json::from_value(self.whole).ok()
    }

    /// Whether an item counts.
    pub(crate) fn counts(&self, id: &str) -> bool {
        !self.nothing && !self.rejected.contains(id) && !self.doubles.contains_key(id)
    }

    /// The record with everything in it, rejected items too.
    pub(crate) fn whole(self) -> Option<Record> {
        serde_json::from_value(self.whole).ok()
    }
}

/// The stretches of code points that an item stands on.
fn stretches(kind: &str, item: &Value) -> Vec<(usize, usize)> {
    let field = LISTS.iter().find(|(list, _)| *list == kind).map_or("span", |(_, field)| field);
    let mut found = Vec::new();
    each_span(item.get(field).unwrap_or(&Value::Null), &mut |span| found.push((span.start, span.end)));
    found
}

/// The first words that an item stands on.
pub(crate) fn first_span(kind: &str, item: &Value) -> Option<Value> {
    let field = LISTS.iter().find(|(list, _)| *list == kind).map(|(_, field)| *field)?;
    let mut found: Option<Span> = None;
    each_span(item.get(field)?, &mut |span| {
        if found.as_ref().is_none_or(|first| span.start < first.start) {
            found = Some(span.clone());
        }
    });
    found.and_then(|span| serde_json::to_value(span).ok())
}

fn length(stretches: &[(usize, usize)]) -> usize {
    stretches.iter().map(|(start, end)| end.saturating_sub(*start)).sum()
}

fn shared(a: (usize, usize), b: (usize, usize)) -> usize {
    a.1.min(b.1).saturating_sub(a.0.max(b.0))
}

/// Calls with every span in a value.
pub(crate) fn each_span(value: &Value, each: &mut impl FnMut(&Span)) {
    match value {
        Value::Object(fields) => match serde_json::from_value::<Span>(value.clone()) {
            Ok(span) => each(&span),
            Err(_) => fields.values().for_each(|field| each_span(field, each)),
        },
        Value::Array(items) => items.iter().for_each(|item| each_span(item, each)),
        _ => {}
    }
}

/// The words in a text that an item covers or that stand nearest to it; `None` if they stand nowhere.
pub(crate) fn within(text: &str, item: &Value, words: &str) -> Option<Span> {
    let mut from = usize::MAX;
    each_span(item, &mut |span| from = from.min(span.start));
    let index = CharIndex::new(text);
    let places = text.match_indices(words).map(|(at, found)| (index.point(at), at..at + found.len()));
    let from = if from == usize::MAX { 0 } else { from };
    let (_, range) = places.filter(|_| !words.is_empty()).min_by_key(|(start, _)| start.abs_diff(from))?;
    Some(Span::of_bytes(text, &index, range))
}

/// Gives references to items another id, or none.
fn renamed(value: &mut Value, name: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::Object(fields) => rename_fields(fields, name),
        Value::Array(items) => items.iter_mut().for_each(|item| renamed(item, name)),
        _ => {}
    }
}

fn rename_fields(fields: &mut Map<String, Value>, name: &dyn Fn(&str) -> Option<String>) {
    for (field, value) in fields.iter_mut() {
        match value {
            Value::String(id) if REFERENCES.contains(&field.as_str()) => {
                *value = name(id).map_or(Value::Null, Value::String)
            }
            Value::Array(ids) if field == "via" => {
                let kept = ids.iter().filter_map(Value::as_str).filter_map(name).map(Value::String);
                *value = kept.collect();
            }
            Value::Object(_) | Value::Array(_) => renamed(value, name),
            _ => {}
        }
    }
}
