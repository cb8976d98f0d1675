//! What joins reports: stories, quotations, positions; on invented records.

use annalist_identity::Signature;
use annalist_ledger::{Filter, Ledger};
use annalist_record::Record;
use serde_json::{Value, json};

const NOW: &str = "2026-03-20T10:00:00Z";

fn span(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    let start = text[..at].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// What Ines Okabe says in a report: content, act and form.
type Said<'s> = (&'s str, &'s str, &'s str);

/// A report in which Ines Okabe says these things.
fn report(id: &str, outlet: &str, day: &str, text: &str, said: &[Said]) -> Record {
    let statements: Vec<Value> = said
        .iter()
        .enumerate()
        .map(|(i, (content, act, quoted))| {
            json!({"id": format!("s{i}"), "source": [span(text, "Okabe")], "cue": [], "content": [span(text, content)], "speaker": "a1",
                "source_kind": "named", "quoted": quoted, "act": act, "addressee": null, "time": null, "inside": null, "via": [],
                "confidence": 0.9})
        })
        .collect();
    let mut mention = span(text, "Ines Okabe");
    mention["form"] = json!("name");
    let record: Record = serde_json::from_value(json!({
        "schema_version": 1,
        "made_by": {"program": "0", "model": "m", "knowledge": "k"},
        "report": {"id": id, "content_id": format!("c{id}"), "signature": Signature::of(text).to_string(), "input_id": null,
            "version_of": null, "title": format!("Report {id}"), "outlet": outlet, "authors": [], "url": null, "section": null, "published": day,
            "modified": null, "retrieved": null, "published_from": "given", "language": "en", "text": text, "removed": [], "segments": [],
            "leads": [], "credits": [], "warnings": []},
        "actors": [{"id": "a1", "name": "Ines Okabe", "kind": "person", "country": "NOR", "sectors": ["GOV"], "described_as": [],
            "mentions": [mention], "confidence": 0.9}],
        "places": [], "times": [], "statements": statements, "events": [], "figures": [], "commitments": [], "changes": [],
    }))
    .unwrap();
    record.validate().unwrap();
    record
}

fn ledger(folder: &tempfile::TempDir, records: &[Record]) -> Ledger {
    let mut ledger = Ledger::create(&folder.path().join("annals.db")).unwrap();
    for record in records {
        ledger.add(record, &record.report.id, Some(b"kept"), NOW).unwrap();
    }
    ledger
}

fn ferry() -> [Record; 2] {
    [
        report(
            "f1",
            "Elva Press",
            "2026-03-02",
            "The ferry Halcyon ran onto Tarn rocks in thick fog on Monday. Divers from Elva harbour searched the hull of the ferry Halcyon. Ines Okabe \
             said: “We will not leave the wreck before the divers are safe.”",
            &[("“We will not leave the wreck before the divers are safe.”", "assert", "direct")],
        ),
        report(
            "f2",
            "Coastal Post",
            "2026-03-03",
            "Fog and a broken radar put the ferry Halcyon on Tarn rocks, the owners of the boat told us. Divers from Elva harbour found nobody inside. \
             Minister Ines Okabe vowed that “we won’t leave the ship before the divers are safe”.",
            &[("“we won’t leave the ship before the divers are safe”", "promise", "direct")],
        ),
    ]
}

fn strike() -> [Record; 2] {
    [
        report(
            "p1",
            "Elva Press",
            "2026-03-02",
            "Pilots walked out over night shifts on Thursday, and the pilots' union asked the port board for talks. Ines Okabe said that the northern \
             harbour would open for night ferries.",
            &[("the northern harbour would open for night ferries", "assert", "indirect")],
        ),
        report(
            "p2",
            "Radio Elva",
            "2026-03-05",
            "Talks with the pilots' union failed, the port board wrote, and pilots walked out over night shifts again. The northern harbour would not \
             open for night ferries, Ines Okabe conceded.",
            &[("The northern harbour would not open for night ferries", "admit", "indirect")],
        ),
    ]
}

#[test]
fn reports_on_one_affair_are_a_story() {
    let folder = tempfile::tempdir().unwrap();
    let ([f1, f2], [p1, p2]) = (ferry(), strike());
    let mut reprint = f1.clone();
    (reprint.report.id, reprint.report.outlet) = ("f3".into(), Some("Tarn Weekly".into()));
    let ledger = ledger(&folder, &[f1, p1, f2, p2, reprint]);
    let stories = ledger.stories(&Filter::default()).unwrap();
    assert_eq!(
        stories.iter().map(|s| s.of.clone()).collect::<Vec<_>>(),
        [["f1", "f3", "f2"].as_slice(), &["p1", "p2"]]
    );
    // The reprint counts once.
    assert_eq!((stories[0].reports, stories[0].last.as_deref()), (2, Some("2026-03-03")));
    assert_eq!(stories[0].actors, ["Ines Okabe"]);
    let of = |filter: Filter| ledger.stories(&filter).unwrap().into_iter().map(|s| s.id).collect::<Vec<_>>();
    assert_eq!(of(Filter { words: Some("pilots union".into()), ..Filter::default() }), [stories[1].id.clone()]);
    assert_eq!(of(Filter { since: Some("2026-03-04".into()), ..Filter::default() }), [stories[1].id.clone()]);
    assert_eq!(of(Filter { actor: Some("Okabe".into()), limit: Some(1), ..Filter::default() }).len(), 1);
    assert!(of(Filter { kind: Some("CONSULT".into()), ..Filter::default() }).is_empty());
    assert_eq!(ledger.show("f2").unwrap()["story"]["id"], json!(stories[0].id));
    assert_eq!(ledger.show(&stories[1].id).unwrap()["story"]["reports"], 2);
    assert!(ledger.brief(&Filter::default(), None).unwrap().contains("## What reports are on"));
    ledger.check().unwrap();
}

#[test]
fn stories_keep_their_numbers_when_all_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let ([f1, f2], [p1, p2]) = (ferry(), strike());
    let mut reprint = f1.clone();
    (reprint.report.id, reprint.report.outlet) = ("f3".into(), Some("Tarn Weekly".into()));
    let mut ledger = ledger(&folder, &[f1, p1, f2, p2, reprint]);
    let before = (ledger.stories(&Filter::default()).unwrap(), ledger.quotations(&Filter::default()).unwrap().len());
    for key in ledger.to_reread(None).unwrap() {
        let record = ledger.record(key).unwrap();
        ledger.reread(key, &record).unwrap();
    }
    assert_eq!(
        before,
        (ledger.stories(&Filter::default()).unwrap(), ledger.quotations(&Filter::default()).unwrap().len())
    );
    // Other words, another affair: it leaves its story, with its reprint.
    let mut record = ledger.record(1).unwrap();
    record.report.text = strike()[0].report.text.clone();
    record.statements.clear();
    record.actors.clear();
    ledger.reread(1, &record).unwrap();
    let of: Vec<Vec<String>> = ledger.stories(&Filter::default()).unwrap().into_iter().map(|s| s.of).collect();
    assert!(
        of.iter()
            .any(|of| of == &["f1", "p1", "f3", "p2"]
                || of.contains(&"f1".to_string()) && of.contains(&"p1".to_string())),
        "{of:?}"
    );
    assert!(of.iter().any(|of| of == &["f2"]), "{of:?}");
    ledger.check().unwrap();
}

#[test]
fn a_quotation_is_traced_to_who_carried_it_first() {
    let folder = tempfile::tempdir().unwrap();
    let ([f1, f2], [p1, _]) = (ferry(), strike());
    let ledger = ledger(&folder, &[f2, p1, f1]);
    let quotations = ledger.quotations(&Filter::default()).unwrap();
    assert_eq!(quotations.len(), 1, "{quotations:#?}");
    let quotation = &quotations[0];
    assert_eq!((quotation.reports, quotation.first_outlet.as_deref()), (2, Some("Elva Press")));
    assert_eq!(quotation.of, ["f1/s0", "f2/s0"]);
    assert_eq!(quotation.speakers, ["Ines Okabe"]);
    assert_eq!(quotation.differs, ["“won t” for “will not” (Coastal Post)", "“ship” for “wreck” (Coastal Post)"]);
    let statements = ledger.statements(&Filter::default()).unwrap();
    let column: Vec<Option<&str>> = statements.iter().map(|s| s.quotation.as_deref()).collect();
    assert_eq!(column.iter().filter(|q| **q == Some(quotation.id.as_str())).count(), 2, "{column:?}");
    assert!(column.contains(&None));
    assert_eq!(ledger.show("f2/s0").unwrap()["quotations"][0]["id"], json!(quotation.id));
    assert_eq!(ledger.show(&quotation.id).unwrap()["told"].as_array().unwrap().len(), 2);
    assert!(ledger.quotations(&Filter { outlet: Some("Radio Elva".into()), ..Filter::default() }).unwrap().is_empty());
}

#[test]
fn a_quotation_that_a_correction_takes_back_is_traced_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let [f1, f2] = ferry();
    let mut corrected = f2.clone();
    corrected.report.content_id = "other".into();
    corrected.report.text = corrected
        .report
        .text
        .replace("vowed that “we won’t leave the ship before the divers are safe”", "said nothing");
    corrected.statements.clear();
    corrected.actors.clear();
    let mut ledger = ledger(&folder, &[f1, f2]);
    let count = |ledger: &Ledger| {
        ledger.check().unwrap();
        ledger.quotations(&Filter::default()).unwrap().len()
    };
    assert_eq!(count(&ledger), 1);
    ledger.add(&corrected, "f2", None, NOW).unwrap();
    assert_eq!(count(&ledger), 0);
    // And a third that carries it is traced to the first.
    let [_, mut third] = ferry();
    (third.report.id, third.report.content_id, third.report.signature) = ("f4".into(), "c4".into(), None);
    ledger.add(&third, "f4", None, NOW).unwrap();
    assert_eq!(count(&ledger), 1);
}

#[test]
fn a_story_without_headlines_is_called_by_its_first_words() {
    let folder = tempfile::tempdir().unwrap();
    let [mut f1, mut f2] = ferry();
    (f1.report.title, f2.report.title) = (None, None);
    let ledger = ledger(&folder, &[f1, f2]);
    let stories = ledger.stories(&Filter::default()).unwrap();
    let title = stories[0].title.as_deref().unwrap_or_default();
    assert!(title.starts_with("The ferry Halcyon ran onto Tarn rocks") && title.ends_with('…'), "{title}");
}

#[test]
fn a_position_that_is_taken_back_later_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    let ([f1, f2], [p1, p2]) = (ferry(), strike());
    let ledger = ledger(&folder, &[p1, f1, p2, f2]);
    let changed = Filter { actor: Some("Okabe".into()), status: Some("changed".into()), ..Filter::default() };
    let changes = ledger.positions(&changed).unwrap();
    assert_eq!(changes.len(), 1, "{changes:#?}");
    assert_eq!((changes[0].id.as_str(), changes[0].before_id.as_deref()), ("p2/s0", Some("p1/s0")));
    // On both matters she spoke twice, and of the wreck she says the same.
    let all = ledger.positions(&Filter { actor: Some("Okabe".into()), ..Filter::default() }).unwrap();
    assert_eq!(all.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["f1/s0", "f2/s0", "p1/s0", "p2/s0"]);
    assert!(all[0].matter == all[1].matter && all[2].matter == all[3].matter && all[0].matter != all[2].matter);
    let about = ledger.positions(&Filter { words: Some("northern harbour".into()), ..Filter::default() }).unwrap();
    assert_eq!(about.len(), 2);
    assert!(ledger.brief(&Filter::default(), None).unwrap().contains("## What changed"));
}
