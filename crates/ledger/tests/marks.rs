//! Analysts' marks: they go before the program's word, and stand through reading again.

mod hand;

use annalist_ledger::{Filter, Form, Judgement, Ledger, LedgerError};
use annalist_record::Record;
use hand::*;
use serde_json::{Value, json};

const BY: &str = "Ana Lind";
const LATER: &str = "2026-03-21T09:00:00Z";

fn edit(field: &str, value: &str) -> Judgement {
    Judgement::Edit { field: field.into(), value: value.into() }
}

fn into(id: &str) -> Judgement {
    Judgement::Merge { into: id.into() }
}

/// Reads everything again, with the record that `how` makes of the old one.
fn reread(ledger: &mut Ledger, how: impl Fn(Record) -> Record) {
    for key in ledger.to_reread(None).unwrap() {
        let record = how(ledger.record(key).unwrap());
        assert!(ledger.reread(key, &record).unwrap());
    }
    ledger.check().unwrap();
}

fn statement_ids(ledger: &Ledger) -> Vec<String> {
    ledger.statements(&Filter::default()).unwrap().into_iter().map(|s| s.id).collect()
}

#[test]
fn what_is_rejected_does_not_count_until_it_is_accepted_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    assert_eq!(ledger.contacts(&Filter::default()).unwrap().len(), 1);
    let happening = ledger.timeline(&Filter { kind: Some("CONSULT".into()), ..Filter::default() }).unwrap().remove(0);
    let made = ledger.mark(&happening.id, &Judgement::Reject, Some("they never met"), BY, LATER).unwrap();
    assert_eq!(made.len(), 3);
    for _ in 0..2 {
        assert!(ledger.contacts(&Filter::default()).unwrap().is_empty());
        assert_eq!(ledger.events(&Filter::default()).unwrap().len(), 1);
        assert!(ledger.timeline(&Filter { kind: Some("CONSULT".into()), ..Filter::default() }).unwrap().is_empty());
        reread(&mut ledger, |record| record);
    }
    let shown = ledger.show("b0/e1").unwrap();
    assert_eq!((&shown["marks"][0]["verdict"], &shown["marks"][0]["by"]), (&json!("reject"), &json!(BY)));
    ledger.mark("b2/e1", &Judgement::Accept, None, BY, LATER).unwrap();
    assert_eq!(ledger.events(&Filter::default()).unwrap().len(), 2);
    // A rejected statement takes its promise's statement along, not the promise.
    ledger.mark("b0/s1", &Judgement::Reject, None, BY, LATER).unwrap();
    assert_eq!(statement_ids(&ledger), ["b1/s1"]);
    assert!(
        ledger
            .search("reopen northern", &Filter { kind: Some("statement".into()), ..Filter::default() })
            .unwrap()
            .len()
            == 1
    );
    ledger.check().unwrap();
}

#[test]
fn an_edit_shows_in_every_question_and_is_told_from_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    ledger.mark("b2/e2", &edit("status", "denied"), None, BY, LATER).unwrap();
    ledger.mark("b2/e2", &edit("time", "2026-03-12"), None, BY, LATER).unwrap();
    ledger.mark("b2/e1", &edit("recipients", "Daniel Rook"), None, BY, LATER).unwrap();
    ledger.mark("b0/s1", &edit("content", "reopen the northern harbour"), None, BY, LATER).unwrap();
    for _ in 0..2 {
        let event = ledger.events(&Filter { kind: Some("COOPERATE".into()), ..Filter::default() }).unwrap().remove(0);
        assert_eq!((event.status.as_str(), event.day.as_deref()), ("denied", Some("2026-03-12")));
        let said = ledger.statements(&Filter { outlet: Some("Elva Press".into()), ..Filter::default() }).unwrap();
        assert_eq!(said[0].content, "reopen the northern harbour");
        let shown = ledger.show("b2/e2").unwrap();
        assert_eq!((&shown["item"]["status"], &shown["read"]["status"]), (&json!("denied"), &json!("happened")));
        assert_eq!(ledger.show("b2/e1").unwrap()["item"]["recipients"][0]["actor"], "a2");
        // The program's own word is kept.
        assert_eq!(ledger.record(3).unwrap(), later());
        reread(&mut ledger, |record| record);
    }
    let unfit = [
        ("b2/e2", edit("status", "perhaps")),
        ("b2/e2", edit("colour", "red")),
        ("b2/e2", edit("id", "e9")),
        ("b2/e2", edit("time", "Wednesday last")),
        ("b2/e2", edit("actors", "the whole crew")),
        ("b0/s1", edit("speaker", "Nobody Known")),
        ("b0/s1", into("b2/e2")),
        ("b0/s1", into("b0/s1")),
        ("b0/s1", Judgement::Split { items: vec![], parts: vec!["harbour".into(), "lighthouse".into()] }),
    ];
    for (id, judgement) in unfit {
        let told = ledger.mark(id, &judgement, None, BY, LATER);
        assert!(matches!(told, Err(LedgerError::Mark { .. })), "{judgement:?}: {told:?}");
    }
    assert!(matches!(ledger.mark("b9/e2", &Judgement::Accept, None, BY, LATER), Err(LedgerError::Unknown { .. })));
    assert!(matches!(ledger.mark("b2/e2", &Judgement::Accept, None, "  ", LATER), Err(LedgerError::Mark { .. })));
}

#[test]
fn marks_stand_though_the_program_reads_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    ledger.mark("b0/e1", &Judgement::Reject, None, BY, LATER).unwrap();
    ledger.mark("b2/e2", &Judgement::Accept, None, BY, LATER).unwrap();
    ledger.mark("b0/s1", &edit("act", "plan"), None, BY, LATER).unwrap();
    // A newer model: it takes more words for the trigger, and finds neither the reopening nor the promise.
    reread(&mut ledger, |mut record| {
        record.commitments.clear();
        record.statements.clear();
        record.events.retain(|event| event.id != "e2");
        for event in &mut record.events {
            event.id = "e77".into();
        }
        record
    });
    let events: Vec<String> = ledger.events(&Filter::default()).unwrap().into_iter().map(|e| e.id).collect();
    assert_eq!(events, ["b2/e77", "b1/e77", "b2/e2"], "rejected words stay rejected, accepted ones stay");
    let said = ledger.statements(&Filter::default()).unwrap();
    assert_eq!((said.len(), said[0].act.as_str(), said[0].speaker.as_deref()), (1, "plan", Some("Ines Okabe")));
    let marks = ledger.marks(["b0/e77"]).unwrap();
    assert_eq!(marks.len(), 1, "a mark hangs on the words");
    // Other words under the same id: what is still said is still marked.
    let mut version = talks("b0", "Elva Press");
    version.report.content_id = "00ff".into();
    ledger.add(&version, "a.txt", None, LATER).unwrap();
    assert!(!ledger.events(&Filter::default()).unwrap().iter().any(|e| e.id == "b0/e1"));
}

#[test]
fn ids_of_actors_and_happenings_survive_reading_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    let all = |ledger: &Ledger| {
        let timeline = ledger.timeline(&Filter::default()).unwrap();
        let actors = ledger.actors(&Filter::default()).unwrap();
        (serde_json::to_value(timeline).unwrap(), serde_json::to_value(actors).unwrap())
    };
    let before = all(&ledger);
    reread(&mut ledger, |record| record);
    assert_eq!(all(&ledger), before);
    // New things found beside them get numbers of their own.
    reread(&mut ledger, |mut record| {
        let mut other = record.actors[0].clone();
        (other.id, other.name) = ("a0".into(), "Port Authority of Elva".into());
        (other.kind, other.country) = (None, None);
        record.actors.insert(0, other);
        record
    });
    let named =
        |value: &Value, name: &str| value.as_array().unwrap().iter().find(|a| a["name"] == name).unwrap()["id"].clone();
    let after = all(&ledger);
    for name in ["Ines Okabe", "Daniel Rook"] {
        assert_eq!(named(&after.1, name), named(&before.1, name));
    }
}

#[test]
fn actors_are_merged_and_split_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    let find =
        |ledger: &Ledger, name: &str| ledger.actors(&Filter { actor: Some(name.into()), ..Filter::default() }).unwrap();
    let (okabe, rook) = (find(&ledger, "Okabe").remove(0).id, find(&ledger, "Rook").remove(0).id);
    // Not true, but it can be said.
    ledger.mark(&rook, &into(&okabe), None, BY, LATER).unwrap();
    for _ in 0..2 {
        let one = find(&ledger, "Rook");
        assert_eq!(one.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), [okabe.as_str()]);
        assert!(ledger.contacts(&Filter::default()).unwrap().is_empty(), "nobody meets themselves");
        reread(&mut ledger, |record| record);
    }
    // The next report that names him means her, too.
    let next = record(
        "b3",
        "Radio Elva",
        "2026-03-16",
        "Daniel Rook said the pilots were ready.",
        json!({"actors": [actor("a1", "Daniel Rook", "person", None, &["spokesman"])],
            "statements": [{"id": "s1", "source": [{"@": "Daniel Rook"}], "cue": [{"@": "said"}], "content": [{"@": "the pilots were ready"}],
                "speaker": "a1", "source_kind": "named", "quoted": "indirect", "act": "assert", "addressee": null, "time": null, "inside": null,
                "via": [], "confidence": 0.9}]}),
    );
    ledger.add(&next, "d.txt", Some(b"d.txt"), LATER).unwrap();
    let said = ledger
        .statements(&Filter { actor: Some(okabe.clone()), outlet: Some("Radio Elva".into()), ..Filter::default() })
        .unwrap();
    assert_eq!(said.len(), 1);
    // Split off again, in the reports where he stands.
    let items: Vec<String> = ["b0/a2", "b1/a2", "b2/a2", "b3/a1"].map(String::from).into();
    ledger.mark(&okabe, &Judgement::Split { items, parts: vec![] }, None, BY, LATER).unwrap();
    for _ in 0..2 {
        let other = find(&ledger, "Rook");
        let other: Vec<_> = other.iter().filter(|a| a.id != okabe).collect();
        assert_eq!((other.len(), other[0].reports), (1, 3), "{other:?}");
        assert_eq!(ledger.contacts(&Filter::default()).unwrap().len(), 1);
        reread(&mut ledger, |record| record);
    }
    ledger.mark(&okabe, &edit("country", "Sweden"), None, BY, LATER).unwrap();
    ledger.mark(&okabe, &edit("name", "Inés Okabe"), None, BY, LATER).unwrap();
    reread(&mut ledger, |record| record);
    let edited = ledger.actors(&Filter { country: Some("SWE".into()), ..Filter::default() }).unwrap();
    assert_eq!((edited.len(), edited[0].name.as_str()), (1, "Inés Okabe"));
    ledger.mark(&okabe, &Judgement::Reject, None, BY, LATER).unwrap();
    assert!(find(&ledger, "Okabe").is_empty());
    assert!(ledger.contacts(&Filter::default()).unwrap().is_empty());
    ledger.mark(&okabe, &Judgement::Accept, None, BY, LATER).unwrap();
    assert_eq!(ledger.contacts(&Filter::default()).unwrap().len(), 1);
    ledger.check().unwrap();
}

#[test]
fn happenings_statements_and_commitments_are_merged_and_split() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    let timeline = |ledger: &Ledger| ledger.timeline(&Filter::default()).unwrap();
    let meeting = timeline(&ledger).into_iter().find(|t| t.event_type == "CONSULT").unwrap().id;
    let opening = timeline(&ledger).into_iter().find(|t| t.event_type == "COOPERATE").unwrap().id;
    ledger.mark(&opening, &into(&meeting), None, BY, LATER).unwrap();
    for _ in 0..2 {
        assert_eq!(timeline(&ledger).iter().map(|t| t.mentions.len()).collect::<Vec<_>>(), [4]);
        reread(&mut ledger, |record| record);
    }
    let items = vec!["b2/e2".to_string(), "b2/e1".to_string()];
    ledger.mark(&meeting, &Judgement::Split { items, parts: vec![] }, None, BY, LATER).unwrap();
    for _ in 0..2 {
        let mut mentions: Vec<Vec<String>> = timeline(&ledger).into_iter().map(|t| t.mentions).collect();
        mentions.iter_mut().for_each(|m| m.sort());
        mentions.sort();
        assert_eq!(mentions, [vec!["b0/e1", "b1/e1"], vec!["b2/e1", "b2/e2"]]);
        reread(&mut ledger, |record| record);
    }
    ledger.mark("b1/s1", &into("b0/s1"), None, BY, LATER).unwrap();
    assert_eq!(statement_ids(&ledger), ["b0/s1"]);
    let told = ledger.marks(["b0/s1"]).unwrap();
    assert_eq!((told.len(), told[0].other.as_deref()), (1, Some("b0/s1")));
    let parts = vec!["reopen the northern harbour".to_string(), "by Friday".to_string()];
    ledger.mark("b0/c1", &Judgement::Split { items: vec![], parts }, None, BY, LATER).unwrap();
    reread(&mut ledger, |record| record);
    let what: Vec<String> = ledger.commitments(&Filter::default(), None).unwrap().into_iter().map(|c| c.what).collect();
    assert!(
        what.contains(&"by Friday".to_string()) && what.contains(&"reopen the northern harbour".to_string()),
        "{what:?}"
    );
}

#[test]
fn marks_are_written_as_training_data_with_words_and_spans() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    ledger.mark("b2/e2", &edit("status", "denied"), Some("see the second sentence"), BY, LATER).unwrap();
    ledger.mark("b0/s1", &Judgement::Reject, None, "Omar Vey", LATER).unwrap();
    let mut out = Vec::new();
    ledger.export(Form::Marks, &Filter::default(), &mut out).unwrap();
    let lines: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let (edited, rejected) = (&lines[0], &lines[1]);
    assert_eq!(
        (&edited["read"]["status"], &edited["now"]["status"], &edited["counts"]),
        (&json!("happened"), &json!("denied"), &json!(true))
    );
    assert_eq!((&rejected["counts"], &rejected["by"]), (&json!(false), &json!("Omar Vey")));
    for line in &lines {
        let span = if line["kind"] == "event" { &line["read"]["trigger"] } else { &line["read"]["content"][0] };
        let from = span["start"].as_u64().unwrap() - line["context"]["start"].as_u64().unwrap();
        let context: Vec<char> = line["context"]["text"].as_str().unwrap().chars().collect();
        let words = span["text"].as_str().unwrap();
        let there: String = context.iter().skip(from as usize).take(words.chars().count()).collect();
        assert_eq!(there, words);
    }
}

#[test]
fn as_of_a_moment_only_what_was_there_by_then_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, early) = (folder.path().join("whole.db"), folder.path().join("early.db"));
    let mut corrected = talks("b0", "Elva Press");
    corrected.report.content_id = "00ff".into();
    corrected.report.title = Some("Envoys meet again".into());
    let all = [
        (talks("b0", "Elva Press"), "2026-03-12T08:00:00Z"),
        (talks("b1", "Coastal Post"), "2026-03-12T21:00:00Z"),
        (later(), "2026-03-15T08:00:00Z"),
        (corrected, "2026-03-16T08:00:00Z"),
    ];
    let mut ledger = Ledger::create(&whole).unwrap();
    let mut before = Ledger::create(&early).unwrap();
    for (i, (record, moment)) in all.iter().enumerate() {
        ledger.add(record, "x", None, moment).unwrap();
        if i < 2 {
            before.add(record, "x", None, moment).unwrap();
        }
    }
    ledger.mark("b0/e1", &Judgement::Reject, None, BY, "2026-03-13T00:00:00Z").unwrap();
    before.mark("b0/e1", &Judgement::Reject, None, BY, "2026-03-13T00:00:00Z").unwrap();
    let okabe = ledger.actors(&Filter { actor: Some("Okabe".into()), ..Filter::default() }).unwrap().remove(0).id;
    ledger.mark(&okabe, &edit("name", "I. O. Okabe"), None, BY, LATER).unwrap();
    ledger.mark("b1/s1", &Judgement::Reject, None, BY, LATER).unwrap();
    let rook = ledger.actors(&Filter { actor: Some("Rook".into()), ..Filter::default() }).unwrap().remove(0).id;
    ledger.mark(&rook, &into(&okabe), None, BY, LATER).unwrap();
    drop(ledger);
    let ask = |ledger: &Ledger| {
        let every = Filter::default();
        let value = |v: Result<Value, serde_json::Error>| v.unwrap();
        let mut all = vec![
            value(serde_json::to_value(ledger.timeline(&every).unwrap())),
            value(serde_json::to_value(ledger.events(&every).unwrap())),
            value(serde_json::to_value(ledger.statements(&every).unwrap())),
            value(serde_json::to_value(ledger.commitments(&every, None).unwrap())),
            value(serde_json::to_value(ledger.due(&every, None).unwrap())),
            value(serde_json::to_value(ledger.contacts(&every).unwrap())),
            value(serde_json::to_value(ledger.actors(&every).unwrap())),
            value(serde_json::to_value(ledger.places(&every).unwrap())),
            value(serde_json::to_value(ledger.search("harbour", &every).unwrap())),
            ledger.show("b0").unwrap()["record"].clone(),
            json!(ledger.reports().unwrap()),
        ];
        // Rows of one day stand in the order in which they were made, which marks change.
        for rows in all.iter_mut().filter_map(Value::as_array_mut) {
            rows.sort_by_key(|row| row["id"].to_string());
        }
        all
    };
    let then = Ledger::open_as_of(&whole, "2026-03-14").unwrap();
    for (past, only) in ask(&then).into_iter().zip(ask(&before)) {
        assert_eq!(past, only);
    }
    assert!(!then.brief(&Filter::default(), None).unwrap().contains("reopened"));
    drop(then);
    // Nothing was undone for good.
    let now = Ledger::open(&whole).unwrap();
    assert_eq!(statement_ids(&now), ["b0/s1"]);
    assert_eq!(now.reports().unwrap(), 3);
    assert_eq!(now.actors(&Filter::default()).unwrap().len(), 1);
}
