//! What stands on a page about a situation.

mod hand;

use annalist_ledger::{Filter, Ledger};
use annalist_record::Record;
use hand::*;
use serde_json::{Value, json};

fn since() -> Filter {
    Filter { since: Some("2026-03-01".into()), ..Filter::default() }
}

/// The lines under a heading; none if it is not there.
fn section(page: &str, heading: &str) -> Vec<String> {
    let under = page.split("\n## ").find_map(|part| part.strip_prefix(heading));
    under.unwrap_or_default().lines().filter(|line| line.starts_with("- ")).map(str::to_string).collect()
}

fn ledger(folder: &tempfile::TempDir, records: &[Record]) -> Ledger {
    let mut ledger = Ledger::create(&file(folder)).unwrap();
    for record in records {
        ledger.add(record, "x", None, NOW).unwrap();
    }
    ledger
}

#[test]
fn a_page_of_a_day_holds_nothing_told_later() {
    let folder = tempfile::tempdir().unwrap();
    drop(ledger(&folder, &[talks("b0", "Elva Press"), later()]));
    let alone = tempfile::tempdir().unwrap();
    let then = ledger(&alone, &[talks("b0", "Elva Press")]);
    let open = || Ledger::open(&file(&folder)).unwrap();
    let on = |day: &str| open().as_read_on(day).unwrap().brief(&since(), Some(day)).unwrap();
    assert_eq!(on("2026-03-13"), then.brief(&since(), Some("2026-03-13")).unwrap());
    assert!(!on("2026-03-13").contains("reopened"));
    assert_eq!(on("2026-03-14"), open().brief(&since(), Some("2026-03-14")).unwrap());
    assert!(on("2026-03-14").contains("reopened"));
    assert_eq!(open().as_read_on("2026-03-01").unwrap().reports().unwrap(), 0);
}

#[test]
fn a_promise_is_news_until_something_comes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(&folder, &[talks("b0", "Elva Press")]);
    let page = ledger.brief(&since(), None).unwrap();
    let promised = section(&page, "What was promised");
    assert!(
        promised.len() == 1 && promised[0].contains("Ines Okabe") && promised[0].contains("due 2026-03-13"),
        "{page}"
    );
    assert!(section(&page, "What came of commitments").is_empty());
    ledger.add(&later(), "x", None, NOW).unwrap();
    let page = ledger.brief(&since(), None).unwrap();
    assert!(section(&page, "What was promised").is_empty(), "{page}");
    assert!(section(&page, "What came of commitments")[0].contains("**kept**"), "{page}");
}

/// A report that begins with somebody's intention to leave; `said` if it says who announces it.
fn leaving(id: &str, outlet: &str, text: &str, said: bool) -> Record {
    let statement = json!({"id": "s1", "source": [{"@": "Norland"}], "cue": [{"@": "announced"}], "content": [{"@": "withdrawal"}],
        "speaker": "a1", "source_kind": "named", "quoted": "indirect", "act": "announce", "addressee": null, "time": null, "inside": null,
        "via": [], "confidence": 0.9});
    let mut told = event("e1", "RETREAT", "planned", "withdrawal", text, &[("a1", "Norland")], None);
    let mut statements: Vec<Value> = Vec::new();
    if said {
        told["said_in"] = json!("s1");
        statements.push(statement);
    }
    let actors = json!([actor("a1", "Norland", "government", None, &[])]);
    record(id, outlet, "2026-03-12", text, json!({"actors": actors, "statements": statements, "events": [told]}))
}

#[test]
fn what_is_announced_is_news_of_the_day_on_which_it_is() {
    let announced = leaving("b0", "Elva Press", "Norland announced the withdrawal of its last ships from Tarn.", true);
    let folder = tempfile::tempdir().unwrap();
    let page = ledger(&folder, &[announced]).brief(&since(), None).unwrap();
    let new = section(&page, "What is new");
    assert!(new.len() == 1 && new[0].starts_with("- announced 2026-03-12 Norland"), "{page}");
    // What a report only calls to mind is none.
    let recalled = leaving("b1", "Elva Press", "Norland and its coming withdrawal divide the dockers of Tarn.", false);
    let folder = tempfile::tempdir().unwrap();
    let page = ledger(&folder, &[recalled]).brief(&since(), None).unwrap();
    assert!(section(&page, "What is new").is_empty(), "{page}");
}

#[test]
fn a_day_that_no_report_gives_is_the_day_of_the_telling() {
    let text = "The Saltmarsh Front shelled the old mole at Tarn, the port board wrote.";
    let shelled = event("e1", "ASSAULT", "happened", "shelled", text, &[("a1", "Saltmarsh Front")], None);
    let actors = json!([actor("a1", "Saltmarsh Front", "armed_group", None, &[])]);
    let told = record("b0", "Elva Press", "2026-03-12", text, json!({"actors": actors, "events": [shelled]}));
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder, &[told]);
    let line = &ledger.timeline(&Filter::default()).unwrap()[0];
    assert_eq!((line.day.as_deref(), line.dated), (Some("2026-03-12"), false));
    assert!(section(&ledger.brief(&since(), None).unwrap(), "What is new")[0].starts_with("- told 2026-03-12 "));
}

#[test]
fn a_sentence_is_told_on_the_day_of_its_own_report() {
    let telling = |id: &str, day: &str, text: &str, sure: f64| {
        let mut shelled = event("e1", "ASSAULT", "happened", "shelled", text, &[("a1", "Saltmarsh Front")], None);
        shelled["confidence"] = json!(sure);
        let actors = json!([actor("a1", "Saltmarsh Front", "armed_group", None, &[])]);
        record(id, id, day, text, json!({"actors": actors, "events": [shelled]}))
    };
    let first = telling("b0", "2026-03-12", "The Saltmarsh Front shelled the old mole at Tarn, dockers wrote.", 0.75);
    let board =
        "The port board wrote that the Saltmarsh Front shelled the old mole and that no ship can leave the basin.";
    let second = telling("b1", "2026-03-14", board, 0.9);
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder, &[first, second]);
    let lines = ledger.timeline(&Filter::default()).unwrap();
    assert_eq!((lines.len(), lines[0].mentions.len(), lines[0].day.as_deref()), (1, 2, Some("2026-03-12")));
    let new = |since: &str| {
        let filter = Filter { since: Some(since.into()), ..Filter::default() };
        section(&ledger.brief(&filter, None).unwrap(), "What is new")
    };
    let line = &new("2026-03-01")[0];
    assert!(line.starts_with("- told 2026-03-14 ") && line.contains("port board"), "{line}");
    // Of a time the words of its own reports are shown.
    let until = Filter { until: Some("2026-03-12".into()), ..since() };
    let line = &section(&ledger.brief(&until, None).unwrap(), "What is new")[0];
    assert!(line.starts_with("- told 2026-03-12 ") && line.contains("dockers"), "{line}");
}

/// A report that the Front shelled the old mole on a Tuesday, with other words around it.
fn shelling(id: &str, outlet: &str, before: &str, after: &str) -> Record {
    let told = "The Saltmarsh Front shelled the old mole at Tarn on Tuesday.";
    let text = format!("{before}{told} {after}");
    let front = [("a1", "Saltmarsh Front")];
    let shelled = event("e1", "ASSAULT", "happened", "shelled", told, &front, Some("t1"));
    let actors = json!([actor("a1", "Saltmarsh Front", "armed_group", None, &[])]);
    let times = json!([time("t1", "Tuesday", "2026-03-10")]);
    record(id, outlet, "2026-03-12", &text, json!({"actors": actors, "times": times, "events": [shelled]}))
}

#[test]
fn what_only_comment_tells_is_no_news() {
    let comment =
        "We have waited too long. Should we look on? I think we must act, and our neighbours ought to help us.";
    let opinion = shelling("b0", "Elva Press", "", comment);
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(&folder, &[opinion]);
    let page = ledger.brief(&since(), None).unwrap();
    assert!(section(&page, "What is new").is_empty(), "{page}");
    assert_eq!(ledger.timeline(&Filter::default()).unwrap().len(), 1);
    // News of it is, and comment stands by it.
    let news = shelling("b1", "Radio Elva", "", "Nobody was hurt, but the crane fell into the harbour basin.");
    ledger.add(&news, "x", None, NOW).unwrap();
    let page = ledger.brief(&since(), None).unwrap();
    assert_eq!(section(&page, "What is new").len(), 1, "{page}");
}

#[test]
fn what_is_told_of_a_month_is_news_of_its_reports_time() {
    let told = "The Saltmarsh Front shelled the old mole at Tarn in March.";
    let shelled = event("e1", "ASSAULT", "happened", "shelled", told, &[("a1", "Saltmarsh Front")], Some("t1"));
    let actors = json!([actor("a1", "Saltmarsh Front", "armed_group", None, &[])]);
    let mut march = time("t1", "March", "2026-03-01");
    march["latest"] = json!("2026-03-31");
    let of = |day: &str| {
        record("b0", "Elva Press", day, told, json!({"actors": actors, "times": [march], "events": [shelled]}))
    };
    let until = Filter { until: Some("2026-03-31".into()), ..since() };
    for (published, lines) in [("2026-03-20", 1), ("2026-05-02", 0)] {
        let folder = tempfile::tempdir().unwrap();
        let page = ledger(&folder, &[of(published)]).brief(&until, None).unwrap();
        assert_eq!(section(&page, "What is new").len(), lines, "{page}");
    }
}

#[test]
fn reports_of_one_outlet_do_not_confirm_each_other() {
    let first = shelling("b0", "Elva Press", "", "Nobody was hurt, but the crane fell into the harbour basin.");
    let again = shelling(
        "b1",
        "Elva Press",
        "Repairs of the crane have begun. ",
        "The board has ordered divers and a new cable.",
    );
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(&folder, &[first, again]);
    let page = ledger.brief(&since(), None).unwrap();
    assert!(section(&page, "What is new")[0].contains("(2 reports of Elva Press, "), "{page}");
    let other =
        shelling("b2", "Radio Elva", "The pilots’ house was empty. ", "Fishermen watched it from the breakwater.");
    ledger.add(&other, "x", None, NOW).unwrap();
    let page = ledger.brief(&since(), None).unwrap();
    assert!(section(&page, "What is new")[0].contains("(3 independent reports, "), "{page}");
}

#[test]
fn a_page_without_news_says_when_the_ledger_ends() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder, &[shelling("b0", "Elva Press", "", "Nobody was hurt.")]);
    let since = Filter { since: Some("2026-06-01".into()), ..Filter::default() };
    let page = ledger.brief(&since, None).unwrap();
    assert!(page.contains("Nothing in the ledger answers to this. Its newest report is of 2026-03-12."), "{page}");
}

#[test]
fn a_ledger_that_was_written_and_asked_leaves_no_log_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let ledger = situation(&path);
    assert!(ledger.brief(&Filter { since: Some("2026-03-01".into()), ..Filter::default() }, None).unwrap().len() > 100);
    drop(ledger);
    assert!(!folder.path().join("a.db-wal").exists());
}
