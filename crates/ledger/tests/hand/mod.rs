//! A small invented situation, written by hand as records; shared by tests.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use annalist_identity::Signature;
use annalist_ledger::Ledger;
use annalist_record::Record;
use serde_json::{Value, json};

pub const NOW: &str = "2026-03-20T10:00:00Z";

/// A record with the given items, in whose spans only the words are written.
pub fn record(id: &str, outlet: &str, day: &str, text: &str, items: Value) -> Record {
    let mut items = items;
    place_spans(&mut items, text);
    let content_id = format!("{:024x}", text.bytes().fold(7u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b))));
    let mut record = json!({
        "schema_version": 1,
        "made_by": {"program": "0", "model": "m", "knowledge": "k"},
        "report": {"id": id, "content_id": content_id, "signature": Signature::of(text).to_string(), "input_id": null, "version_of": null,
            "title": text.split('.').next(), "outlet": outlet, "authors": [], "url": null, "section": null, "published": day, "modified": null,
            "retrieved": null, "published_from": "given", "language": "en", "text": text, "removed": [], "segments": [], "leads": [],
            "credits": [], "warnings": []},
    });
    for list in ["actors", "places", "times", "statements", "events", "figures", "commitments", "changes"] {
        record[list] = items.get(list).cloned().unwrap_or_else(|| json!([]));
    }
    let record: Record = serde_json::from_value(record).unwrap();
    record.validate().unwrap();
    record
}

/// Puts spans in the place of `{"@": words}`, and keeps what stands beside them.
pub fn place_spans(value: &mut Value, text: &str) {
    match value {
        Value::Object(fields) => {
            if let Some(words) = fields.remove("@") {
                let words = words.as_str().unwrap();
                let at = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
                let start = text[..at].chars().count();
                fields.insert("start".into(), json!(start));
                fields.insert("end".into(), json!(start + words.chars().count()));
                fields.insert("text".into(), json!(words));
            }
            fields.values_mut().for_each(|field| place_spans(field, text));
        }
        Value::Array(all) => all.iter_mut().for_each(|item| place_spans(item, text)),
        _ => {}
    }
}

pub fn actor(id: &str, name: &str, kind: &str, country: Option<&str>, described: &[&str]) -> Value {
    json!({"id": id, "name": name, "kind": kind, "country": country, "sectors": [], "described_as": described,
        "mentions": [{"@": name, "form": "name"}], "confidence": 0.9})
}

pub fn time(id: &str, words: &str, day: &str) -> Value {
    json!({"id": id, "span": {"@": words}, "type": "DATE", "value": day, "granularity": "day", "earliest": day, "latest": day,
        "relative_to": "published", "confidence": 0.9})
}

pub fn event(
    id: &str,
    kind: &str,
    status: &str,
    trigger: &str,
    sentence: &str,
    actors: &[(&str, &str)],
    time: Option<&str>,
) -> Value {
    let actors: Vec<Value> = actors.iter().map(|(id, words)| json!({"actor": id, "span": {"@": words}})).collect();
    json!({"id": id, "type": kind, "mode": null, "contexts": [], "trigger": {"@": trigger}, "also": [], "evidence": {"@": sentence},
        "actors": actors, "recipients": [], "place": null, "time": time, "status": status, "said_in": null, "confidence": 0.8})
}

pub const TALKS: &str = "Envoys meet in Elva. Ines Okabe met Daniel Rook in the old customs house on Wednesday. Okabe promised to reopen the northern \
harbour by Friday. Nobody was hurt when the pilots went out, and the ferries stayed at their berths all morning.";

/// The first report: a meeting, and a promise.
pub fn talks(id: &str, outlet: &str) -> Record {
    record(
        id,
        outlet,
        "2026-03-12",
        TALKS,
        json!({
            "actors": [actor("a1", "Ines Okabe", "person", Some("NOR"), &["transport minister"]), actor("a2", "Daniel Rook", "person", None, &[])],
            "times": [time("t1", "Wednesday", "2026-03-11"), time("t2", "Friday", "2026-03-13")],
            "statements": [{"id": "s1", "source": [{"@": "Okabe"}], "cue": [{"@": "promised"}], "content": [{"@": "to reopen the northern harbour by Friday"}],
                "speaker": "a1", "source_kind": "named", "quoted": "indirect", "act": "promise", "addressee": null, "time": null, "inside": null,
                "via": [], "confidence": 0.9}],
            "events": [event("e1", "CONSULT", "happened", "met", "Ines Okabe met Daniel Rook in the old customs house on Wednesday.",
                &[("a1", "Ines Okabe"), ("a2", "Daniel Rook")], Some("t1"))],
            "commitments": [{"id": "c1", "by": "a1", "to": null, "what": {"@": "to reopen the northern harbour by Friday"}, "kind": "promise",
                "due": "t2", "statement": "s1", "event": null, "confidence": 0.7}],
        }),
    )
}

/// Another outlet's own report of the meeting, on another day, and of what came after.
pub fn later() -> Record {
    let text = "Harbour open again. Minister Okabe and Daniel Rook met at the customs house on Tuesday. On Friday Ines Okabe reopened the \
northern harbour.";
    record(
        "b2",
        "Radio Elva",
        "2026-03-14",
        text,
        json!({
            "actors": [actor("a1", "Ines Okabe", "person", Some("NOR"), &[]), actor("a2", "Daniel Rook", "person", None, &["spokesman"])],
            "times": [time("t1", "Tuesday", "2026-03-10"), time("t2", "Friday", "2026-03-13")],
            "events": [
                event("e1", "CONSULT", "happened", "met", "Minister Okabe and Daniel Rook met at the customs house on Tuesday.",
                    &[("a1", "Okabe"), ("a2", "Daniel Rook")], Some("t1")),
                event("e2", "COOPERATE", "happened", "reopened", "On Friday Ines Okabe reopened the northern harbour.", &[("a1", "Ines Okabe")], Some("t2")),
            ],
        }),
    )
}

pub fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("annals.db")
}

pub fn situation(path: &Path) -> Ledger {
    let mut ledger = Ledger::create(path).unwrap();
    for (record, input) in
        [(talks("b0", "Elva Press"), "a.txt"), (talks("b1", "Coastal Post"), "b.txt"), (later(), "c.txt")]
    {
        ledger.add(&record, input, Some(input.as_bytes()), NOW).unwrap();
    }
    ledger
}
