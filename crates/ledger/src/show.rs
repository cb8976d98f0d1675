//! Everything that is known about one record, with its evidence in context.

use annalist_record::{CharIndex, Record};
use rusqlite::types::Value as Sql;
use serde_json::{Map, Value, json};

use crate::error::LedgerError;
use crate::filter::Filter;
use crate::items::{TABLES, token};
use crate::marks::Mark;
use crate::store::Ledger;

/// So many code points before and after the words are shown with them.
const CONTEXT: usize = 160;

impl Ledger {
    /// What is known about the report, item, actor (`E…`), happening (`H…`), story (`S…`) or quotation (`Q…`) with an id, or the only one whose id begins so.
    ///
    /// # Errors
    /// When there is none or there are several, or the ledger cannot be read.
    pub fn show(&self, id: &str) -> Result<Value, LedgerError> {
        let unknown = || LedgerError::Unknown { path: self.path.clone(), id: id.to_string() };
        if let Some(key) = id.strip_prefix('H').and_then(|key| key.parse().ok()) {
            let happening = self.happening(key)?;
            if happening.mentions.is_empty() {
                return Err(unknown());
            }
            let told: Result<Vec<Value>, _> = happening.mentions.iter().map(|mention| self.show(mention)).collect();
            return Ok(json!({"happening": happening, "told": told?, "marks": self.marks([id])?}));
        }
        if let Some(key) = id.strip_prefix('S').and_then(|key| key.parse().ok()) {
            let story = self.story(key)?;
            return if story.of.is_empty() { Err(unknown()) } else { Ok(json!({"story": story})) };
        }
        if let Some(key) = id.strip_prefix('Q').and_then(|key| key.parse().ok()) {
            let quotation = self.quotation(key)?.ok_or_else(unknown)?;
            let told: Result<Vec<Value>, _> = quotation.of.iter().map(|statement| self.show(statement)).collect();
            return Ok(json!({"quotation": quotation, "told": told?}));
        }
        if let Some(key) = id.strip_prefix('E').and_then(|key| key.parse::<i64>().ok()) {
            let about = Filter { actor: Some(format!("E{key}")), limit: Some(20), ..Filter::default() };
            let actor = self.actors(&about)?.into_iter().next().ok_or_else(unknown)?;
            let names: Vec<String> = self.rows(
                "SELECT name FROM actor WHERE entity = ?1 GROUP BY name ORDER BY count(*) DESC, name LIMIT 20",
                vec![Sql::Integer(key)],
                |row| row.get(0),
            )?;
            return Ok(json!({
                "actor": actor,
                "names": names,
                "marks": self.marks([id])?,
                "statements": self.statements(&about)?,
                "timeline": self.timeline(&about)?,
                "commitments": self.commitments(&about, None)?,
                "contacts": self.contacts(&about)?,
            }));
        }
        let (report, item) = match id.split_once('/') {
            Some((report, item)) => (report, Some(item)),
            None => (id, None),
        };
        let Some((key, report)) = self.report_named(report)? else {
            return match item {
                None => self.show_item(id),
                Some(_) => Err(unknown()),
            };
        };
        let read = self.record(key)?;
        let (record, marks) = self.marked(&read)?.unwrap_or((read.clone(), Vec::new()));
        let Some(item) = item else { return self.whole(key, record, &marks) };
        let mut shown = self.item(&report, &record, item).ok_or_else(unknown)?;
        // What the program had read is told where an analyst says otherwise.
        let before = self.item(&report, &read, item).map_or(Value::Null, |before| before["item"].clone());
        if before != shown["item"] {
            shown["read"] = before;
        }
        shown["marks"] = json!(self.marks([format!("{report}/{item}").as_str()])?);
        let traced = "SELECT DISTINCT saying FROM quotation WHERE report = ?1 AND statement = ?2";
        let sayings: Vec<i64> =
            self.rows(traced, vec![Sql::Integer(key), Sql::Text(item.to_string())], |row| row.get(0))?;
        let mut quotations = Vec::new();
        for saying in sayings {
            quotations.extend(self.quotation(saying)?.filter(|q| q.reports > 1));
        }
        if !quotations.is_empty() {
            shown["quotations"] = json!(quotations);
        }
        Ok(shown)
    }

    /// The number and id of the report with an id, or of the only one whose id begins so.
    pub(crate) fn report_named(&self, id: &str) -> Result<Option<(i64, String)>, LedgerError> {
        let query = "SELECT key, id FROM report WHERE id >= ?1 AND id < ?1 || 'g' AND current ORDER BY id LIMIT 3";
        let mut found: Vec<(i64, String)> =
            self.rows(query, vec![Sql::Text(id.to_string())], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(exact) = found.iter().position(|(_, found)| found == id) {
            return Ok(Some(found.swap_remove(exact)));
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            count => Err(LedgerError::Ambiguous { path: self.path.clone(), id: id.to_string(), count }),
        }
    }

    /// The number and id of each report that has an item with an id.
    pub(crate) fn reports_with(&self, id: &str) -> Result<Vec<(i64, String)>, LedgerError> {
        let has = TABLES.map(|table| format!("EXISTS (SELECT 1 FROM {table} WHERE report = found.report AND id = ?1)"));
        let query = format!(
            "SELECT report.key, report.id FROM
               (SELECT report FROM (SELECT rowid AS report FROM item_ids WHERE item_ids MATCH ?2) AS found WHERE {}
                UNION SELECT r.key FROM mark JOIN report r ON r.id = mark.report WHERE mark.hangs = ?1)
               AS found JOIN report ON report.key = found.report WHERE report.current",
            has.join(" OR ")
        );
        let word = format!("\"{}\"", token(id));
        self.rows(&query, vec![Sql::Text(id.to_string()), Sql::Text(word)], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// An item by its own id, if only one report has it.
    fn show_item(&self, id: &str) -> Result<Value, LedgerError> {
        let reports = self.reports_with(id)?;
        match &reports[..] {
            [] => Err(LedgerError::Unknown { path: self.path.clone(), id: id.to_string() }),
            [(_, report)] => self.show(&format!("{report}/{id}")),
            several => {
                Err(LedgerError::Ambiguous { path: self.path.clone(), id: id.to_string(), count: several.len() })
            }
        }
    }

    /// A report with its versions and prints.
    fn whole(&self, key: i64, record: Record, marks: &[Mark]) -> Result<Value, LedgerError> {
        let other = |query: &str| {
            self.rows(query, vec![Sql::Integer(key)], |row| {
                Ok(json!({
                    "id": row.get::<_, String>(0)?,
                    "content_id": row.get::<_, String>(1)?,
                    "outlet": row.get::<_, Option<String>>(2)?,
                    "title": row.get::<_, Option<String>>(3)?,
                    "published": row.get::<_, Option<String>>(4)?,
                    "added": row.get::<_, String>(5)?,
                }))
            })
        };
        let columns = "SELECT id, content_id, outlet, title, published, added FROM report";
        let versions = other(&format!(
            "{columns} WHERE id = (SELECT id FROM report WHERE key = ?1) AND key <> ?1 ORDER BY version"
        ))?;
        let prints = other(&format!(
            "{columns} WHERE print_of = (SELECT print_of FROM report WHERE key = ?1) AND current
             AND id <> (SELECT id FROM report WHERE key = ?1) ORDER BY key"
        ))?;
        let story: Option<i64> = self
            .rows("SELECT story FROM story_report WHERE report = ?1", vec![Sql::Integer(key)], |row| row.get(0))?
            .into_iter()
            .next();
        let story = story.map(|story| self.story(story)).transpose()?;
        Ok(json!({"record": record, "marks": marks, "other_versions": versions, "prints": prints, "story": story}))
    }

    /// An item of a record, with its words in context and what else of the record it points to.
    fn item(&self, report: &str, record: &Record, id: &str) -> Option<Value> {
        let all = serde_json::to_value(record).ok()?;
        let lists = ["actors", "places", "times", "statements", "events", "figures", "commitments", "changes"];
        let find = |id: &str| {
            lists.iter().find_map(|list| {
                let item = all.get(list)?.as_array()?.iter().find(|item| item.get("id").is_some_and(|i| i == id))?;
                Some((*list, item.clone()))
            })
        };
        let (list, item) = find(id)?;
        let mut spans = Vec::new();
        spans_of(&item, &mut spans);
        let (start, end) = (spans.iter().map(|s| s.0).min()?, spans.iter().map(|s| s.1).max()?);
        // An actor is mentioned all over a report.
        let end = if matches!(list, "actors" | "places") { spans.first()?.1 } else { end };
        let mut related = Map::new();
        ids_of(&item, &mut |other| {
            if other != id
                && let Some((_, item)) = find(other)
            {
                related.insert(other.to_string(), item);
            }
        });
        Some(json!({
            "id": format!("{report}/{id}"),
            "kind": list.strip_suffix('s').unwrap_or(list),
            "item": item,
            "context": context(&record.report.text, start, end.max(start)),
            "related": related,
            "report": {
                "id": record.report.id,
                "title": record.report.title,
                "outlet": record.report.outlet,
                "published": record.report.published,
                "url": record.report.url,
            },
        }))
    }
}

/// The words from one code point to another, in brackets, and what stands around them.
fn context(text: &str, start: usize, end: usize) -> String {
    let index = CharIndex::new(text);
    let cut = |from: usize, to: usize| text.get(index.byte(from)..index.byte(to)).unwrap_or_default();
    let (from, to) = (start.saturating_sub(CONTEXT), end.saturating_add(CONTEXT));
    let before = if from > 0 { "…" } else { "" };
    let after = if index.byte(to) < text.len() { "…" } else { "" };
    format!("{before}{}[{}]{}{after}", cut(from, start), cut(start, end), cut(end, to))
}

fn spans_of(value: &Value, found: &mut Vec<(usize, usize)>) {
    match value {
        Value::Object(fields) => {
            let number = |name: &str| fields.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
            match number("start").zip(number("end")) {
                Some(span) => found.push(span),
                None => fields.values().for_each(|field| spans_of(field, found)),
            }
        }
        Value::Array(items) => items.iter().for_each(|item| spans_of(item, found)),
        _ => {}
    }
}

fn ids_of<'v>(value: &'v Value, found: &mut impl FnMut(&'v str)) {
    match value {
        Value::Object(fields) => {
            fields.iter().filter(|(name, _)| *name != "text").for_each(|(_, field)| ids_of(field, found))
        }
        Value::Array(items) => items.iter().for_each(|item| ids_of(item, found)),
        Value::String(text) => found(text),
        _ => {}
    }
}
