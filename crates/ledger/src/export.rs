//! The ledger for other programs: JSON Lines, CSV, GeoJSON, iCalendar, GraphML.

use std::io::Write;

use serde_json::json;

use crate::answers::Answer;
use crate::error::LedgerError;
use crate::filter::Filter;
use crate::parquet::write_parquet;
use crate::questions::limit;
use crate::store::Ledger;

/// What is written out as rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum Table {
    #[default]
    Events,
    Timeline,
    Statements,
    Commitments,
    Due,
    Contacts,
    Actors,
    Places,
}

/// The forms in which a ledger is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The records of reports, one a line, as `annalist read --format jsonl` writes them, as analysts' marks correct them; the marks
    /// in a field of their own.
    Jsonl,
    /// A table, as CSV.
    Csv(Table),
    /// A table, as Parquet.
    Parquet(Table),
    /// Events in POLECAT's columns, as CSV.
    Polecat,
    /// Events with their places, as a GeoJSON feature collection (RFC 7946).
    GeoJson,
    /// What is due, as an iCalendar (RFC 5545).
    ICalendar,
    /// Who met or spoke with whom, as a GraphML graph.
    GraphMl,
    /// What analysts said of records, as training data: JSON Lines, a mark a line.
    Marks,
}

impl Ledger {
    /// Writes what answers to the filter, all of it unless it has a limit. For [`Form::Jsonl`] only the times and the outlet of reports
    /// count.
    ///
    /// # Errors
    /// When the ledger cannot be read or the output not be written.
    pub fn export(&self, form: Form, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        let all = Filter { limit: Some(filter.limit.unwrap_or(usize::MAX >> 1)), ..filter.clone() };
        match form {
            Form::Jsonl => self.records(&all, out),
            Form::Csv(table) => self.table(table, &all, out, true),
            Form::Parquet(table) => self.table(table, &all, out, false),
            Form::Polecat => self.polecat(&all, out),
            Form::GeoJson => self.geojson(&all, out),
            Form::ICalendar => self.icalendar(&all, out),
            Form::GraphMl => self.graphml(&all, out),
            Form::Marks => self.write_marks(out),
        }
    }

    fn table(&self, table: Table, filter: &Filter, out: &mut dyn Write, csv: bool) -> Result<(), LedgerError> {
        fn write<A: Answer>(rows: &[A], out: &mut dyn Write, csv: bool) -> Result<(), LedgerError> {
            if csv { write_csv(rows, out) } else { write_parquet(rows, out) }
        }
        match table {
            Table::Events => write(&self.events(filter)?, out, csv),
            Table::Timeline => write(&self.timeline(filter)?, out, csv),
            Table::Statements => write(&self.statements(filter)?, out, csv),
            Table::Commitments => write(&self.commitments(filter, None)?, out, csv),
            Table::Due => write(&self.due(filter, None)?, out, csv),
            Table::Contacts => write(&self.contacts(filter)?, out, csv),
            Table::Actors => write(&self.actors(filter)?, out, csv),
            Table::Places => write(&self.places(filter)?, out, csv),
        }
    }

    fn records(&self, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        let query = "SELECT key FROM report WHERE current AND (?1 IS NULL OR day >= ?1) AND (?2 IS NULL OR day <= ?2)
                     AND (?3 IS NULL OR outlet = ?3 COLLATE NOCASE) ORDER BY key LIMIT ?4";
        let find = || -> rusqlite::Result<Vec<i64>> {
            let with = rusqlite::params![filter.since, filter.until, filter.outlet, limit(filter)];
            self.connection.prepare_cached(query)?.query_map(with, |row| row.get(0))?.collect()
        };
        let keys: Vec<i64> = find().map_err(|e| self.fault(e))?;
        for key in keys {
            serde_json::to_writer(&mut *out, &self.counted(key)?).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn geojson(&self, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        write!(out, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
        let mut first = true;
        for event in self.events(filter)? {
            let Some((lat, lon)) = event.lat.zip(event.lon) else { continue };
            if !first {
                write!(out, ",")?;
            }
            first = false;
            let feature = json!({
                "type": "Feature",
                "id": event.id.clone(),
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": event,
            });
            write!(out, "\n{feature}")?;
        }
        writeln!(out, "]}}")?;
        Ok(())
    }

    fn icalendar(&self, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        let mut line = |text: &str| fold(text, out);
        line("BEGIN:VCALENDAR")?;
        line("VERSION:2.0")?;
        line("PRODID:-//Annalist//Ledger//EN")?;
        // An entry must say when it was made: the day of the newest report, since nothing else says what day it is.
        let made = self.last_day()?.unwrap_or_else(|| "1970-01-01".to_string()).replace('-', "");
        for due in self.due(filter, None)? {
            let Some(after) = due.until.parse::<jiff::civil::Date>().ok().and_then(|day| day.tomorrow().ok()) else {
                continue;
            };
            line("BEGIN:VEVENT")?;
            line(&format!("UID:{}@annalist", due.id))?;
            line(&format!("DTSTAMP:{made}T000000Z"))?;
            line(&format!("DTSTART;VALUE=DATE:{}", due.from.replace('-', "")))?;
            // The end is the first day that is not part of it.
            line(&format!("DTEND;VALUE=DATE:{}", after.to_string().replace('-', "")))?;
            let who = if due.who.is_empty() { String::new() } else { format!(": {}", due.who.join(", ")) };
            line(&format!("SUMMARY:{}", escaped(&format!("{}{who}", due.kind))))?;
            let source: Vec<&str> = [&due.outlet, &due.published].into_iter().flatten().map(String::as_str).collect();
            line(&format!(
                "DESCRIPTION:{}",
                escaped(&format!("{}\n{} ({})", due.what, source.join(", "), due.outcome))
            ))?;
            if let Some(place) = &due.place {
                line(&format!("LOCATION:{}", escaped(place)))?;
            }
            line("END:VEVENT")?;
        }
        line("END:VCALENDAR")?;
        Ok(())
    }

    fn graphml(&self, filter: &Filter, out: &mut dyn Write) -> Result<(), LedgerError> {
        let contacts = self.contacts(filter)?;
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
        writeln!(out, "  <key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>")?;
        writeln!(out, "  <key id=\"times\" for=\"edge\" attr.name=\"times\" attr.type=\"int\"/>")?;
        for day in ["first", "last"] {
            writeln!(out, "  <key id=\"{day}\" for=\"edge\" attr.name=\"{day}\" attr.type=\"string\"/>")?;
        }
        writeln!(out, "  <graph edgedefault=\"undirected\">")?;
        let mut nodes: Vec<(&str, &str)> = contacts
            .iter()
            .flat_map(|c| [(c.one_id.as_str(), c.one.as_str()), (c.other_id.as_str(), c.other.as_str())])
            .collect();
        nodes.sort_unstable();
        nodes.dedup();
        for (id, name) in nodes {
            writeln!(out, "    <node id=\"{id}\"><data key=\"name\">{}</data></node>", xml(name))?;
        }
        for c in &contacts {
            write!(out, "    <edge source=\"{}\" target=\"{}\">", c.one_id, c.other_id)?;
            write!(out, "<data key=\"times\">{}</data>", c.times)?;
            for (key, day) in [("first", &c.first), ("last", &c.last)] {
                if let Some(day) = day {
                    write!(out, "<data key=\"{key}\">{}</data>", xml(day))?;
                }
            }
            writeln!(out, "</edge>")?;
        }
        writeln!(out, "  </graph>\n</graphml>")?;
        Ok(())
    }
}

/// Writes rows as CSV (RFC 4180) with a heading, and a last column with what `more` says of each row and its number.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv_with<A: Answer>(
    rows: &[A],
    column: &str,
    more: impl Fn(usize, &A) -> String,
    out: &mut dyn Write,
) -> Result<(), LedgerError> {
    let mut csv = csv::Writer::from_writer(out);
    let written = |result: csv::Result<()>| result.map_err(|e| LedgerError::Output(e.into()));
    written(csv.write_record(A::columns().iter().chain([&column])))?;
    for (i, row) in rows.iter().enumerate() {
        written(csv.write_record(row.cells().into_iter().chain([more(i, row)])))?;
    }
    Ok(csv.flush()?)
}

/// Writes rows as CSV (RFC 4180) with a heading.
///
/// # Errors
/// When the output cannot be written.
pub fn write_csv<A: Answer>(rows: &[A], out: &mut dyn Write) -> Result<(), LedgerError> {
    let mut csv = csv::Writer::from_writer(out);
    let written = |result: csv::Result<()>| result.map_err(|e| LedgerError::Output(e.into()));
    written(csv.write_record(A::columns()))?;
    for row in rows {
        written(csv.write_record(row.cells()))?;
    }
    Ok(csv.flush()?)
}

/// A text of iCalendar.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line of iCalendar: at most 75 bytes, then it goes on in the next after a space.
fn fold(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let mut length = 0;
    for c in text.chars().filter(|c| !c.is_control()) {
        if length + c.len_utf8() > 75 {
            write!(out, "\r\n ")?;
            length = 1;
        }
        write!(out, "{c}")?;
        length += c.len_utf8();
    }
    write!(out, "\r\n")
}

fn xml(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
