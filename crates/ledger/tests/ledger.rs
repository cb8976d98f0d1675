//! A ledger of a small invented situation, written by hand as records.

mod hand;

use annalist_ledger::{Added, Filter, Form, Ledger, LedgerError, Table};
use annalist_record::{ErrorRecord, InputError, SCHEMA_VERSION};
use hand::*;
use serde_json::json;

#[test]
fn again_is_nothing_other_words_are_a_version_and_the_same_words_elsewhere_a_reprint() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    let first = talks("b0", "Elva Press");
    assert_eq!(ledger.add(&first, "a.txt", None, NOW).unwrap(), Added::New);
    assert_eq!(ledger.add(&first, "elsewhere.txt", None, NOW).unwrap(), Added::Already);
    assert_eq!(ledger.add(&talks("b1", "Coastal Post"), "b.txt", None, NOW).unwrap(), Added::Reprint("b0".into()));
    let corrected =
        record("b0", "Elva Press", "2026-03-12", &TALKS.replace("Nobody was", "Two pilots were"), json!({}));
    assert_eq!(ledger.add(&corrected, "a.txt", None, NOW).unwrap(), Added::Version(2));
    assert_eq!(ledger.add(&first, "a.txt", None, NOW).unwrap(), Added::Already);
    assert_eq!(ledger.reports().unwrap(), 2);
    let shown = ledger.show("b0").unwrap();
    assert_eq!(shown["record"]["report"]["version_of"], json!(first.report.content_id));
    assert_eq!(shown["other_versions"].as_array().unwrap().len(), 1);
    // The old version is kept, but no longer answers.
    assert_eq!(ledger.record(1).unwrap(), first);
    let found = ledger.search("nobody hurt", &Filter::default()).unwrap();
    assert_eq!(found.iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["b1"]);
    ledger.check().unwrap();
}

#[test]
fn one_event_in_several_reports_is_one_and_reprints_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let timeline = ledger.timeline(&Filter { kind: Some("consult".into()), ..Filter::default() }).unwrap();
    assert_eq!(timeline.len(), 1, "{timeline:#?}");
    let meeting = &timeline[0];
    assert_eq!((meeting.reports, meeting.mentions.len()), (2, 3));
    assert_eq!(meeting.actors, ["Ines Okabe", "Daniel Rook"]);
    // Two independent reports, two days: one of them is contested.
    assert_eq!(meeting.otherwise.len(), 1, "{:?}", meeting.otherwise);
    let contacts = ledger.contacts(&Filter { actor: Some("okabe".into()), ..Filter::default() }).unwrap();
    assert_eq!((contacts.len(), contacts[0].times), (1, 1));
    let actors = ledger.actors(&Filter { country: Some("Norway".into()), ..Filter::default() }).unwrap();
    assert_eq!((actors.len(), actors[0].reports, actors[0].statements), (1, 2, 1));
    ledger.check().unwrap();
}

#[test]
fn a_promise_is_followed_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let mut ledger = Ledger::create(&path).unwrap();
    ledger.add(&talks("b0", "Elva Press"), "a.txt", None, NOW).unwrap();
    let outcome = |ledger: &Ledger, today| {
        let all = ledger.commitments(&Filter::default(), today).unwrap();
        assert_eq!(all.len(), 1);
        all[0].outcome.clone()
    };
    assert_eq!(outcome(&ledger, None), "open");
    assert_eq!(outcome(&ledger, Some("2026-03-14")), "overdue");
    ledger.add(&later(), "c.txt", None, NOW).unwrap();
    assert_eq!(outcome(&ledger, None), "kept");
    let kept = ledger.commitments(&Filter { status: Some("kept".into()), ..Filter::default() }, None).unwrap();
    assert_eq!(kept[0].because_id.as_deref(), Some("b2/e2"));
    let due = ledger.due(&Filter::default(), None).unwrap();
    assert_eq!((due.len(), due[0].from.as_str(), due[0].outcome.as_str()), (1, "2026-03-13", "took place"));
    let brief = ledger.brief(&Filter { since: Some("2026-03-01".into()), ..Filter::default() }, None).unwrap();
    for heading in ["What is new", "Who said what", "What came of commitments", "What is contested", "Sources"] {
        assert!(brief.contains(&format!("## {heading}")), "{heading}: {brief}");
    }
}

#[test]
fn a_promise_that_was_past_when_told_is_not_overdue() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    let mut old = talks("b0", "Elva Press");
    old.report.published = Some("2026-03-20".to_string());
    ledger.add(&old, "a.txt", None, NOW).unwrap();
    let told = ledger.commitments(&Filter::default(), Some("2026-04-01")).unwrap();
    assert_eq!((told[0].due_by.as_deref(), told[0].outcome.as_str()), (Some("2026-03-13"), "open"));
}

#[test]
fn what_came_of_a_promise_is_the_same_in_whatever_order_reports_come_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    ledger.add(&later(), "c.txt", None, NOW).unwrap();
    ledger.add(&talks("b0", "Elva Press"), "a.txt", None, NOW).unwrap();
    let outcome = |ledger: &Ledger| {
        ledger.check().unwrap();
        let all = ledger.commitments(&Filter::default(), None).unwrap();
        all.into_iter().map(|c| (c.outcome, c.because_id)).collect::<Vec<_>>()
    };
    assert_eq!(outcome(&ledger), [("kept".to_string(), Some("b2/e2".to_string()))]);
    // What was read again is judged again, and what is corrected no longer shows it.
    let read = ledger.record(2).unwrap();
    assert!(ledger.reread(2, &read).unwrap());
    assert_eq!(outcome(&ledger), [("kept".to_string(), Some("b2/e2".to_string()))]);
    let closed =
        record("b2", "Radio Elva", "2026-03-14", "The northern harbour stays closed, the port board wrote.", json!({}));
    assert_eq!(ledger.add(&closed, "c.txt", None, NOW).unwrap(), Added::Version(2));
    assert_eq!(outcome(&ledger), [("overdue".to_string(), None)]);
}

#[test]
fn who_is_named_in_some_reports_is_counted_as_in_all() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let counts = |filter: Filter| {
        let told = ledger.actors(&filter).unwrap();
        told.into_iter().map(|a| (a.name, a.reports, a.first, a.last)).collect::<Vec<_>>()
    };
    let all = counts(Filter::default());
    assert_eq!(all.len(), 2);
    assert_eq!(counts(Filter { since: Some("2026-01-01".into()), ..Filter::default() }), all);
    let last = counts(Filter { since: Some("2026-03-13".into()), ..Filter::default() });
    let day = Some("2026-03-14".to_string());
    assert_eq!(last[0], ("Ines Okabe".to_string(), 1, day.clone(), day));
    assert!(counts(Filter { until: Some("2026-03-01".into()), ..Filter::default() }).is_empty());
}

#[test]
fn filters_hold_and_items_are_shown_in_context() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let count = |filter: Filter| ledger.events(&filter).unwrap().len();
    assert_eq!(count(Filter::default()), 4);
    assert_eq!(count(Filter { since: Some("2026-03-12".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { until: Some("2026-03-10".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { outlet: Some("radio elva".into()), ..Filter::default() }), 2);
    assert_eq!(count(Filter { actor: Some("Rook".into()), ..Filter::default() }), 3);
    assert_eq!(count(Filter { words: Some("reopened harbour".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { country: Some("SWE".into()), ..Filter::default() }), 0);
    assert_eq!(count(Filter { status: Some("planned".into()), ..Filter::default() }), 0);
    assert_eq!(count(Filter { limit: Some(2), ..Filter::default() }), 2);
    assert!(matches!(ledger.search(" ,. ", &Filter::default()), Err(LedgerError::NoWords { .. })));
    let shown = ledger.show("b2/e2").unwrap();
    assert!(shown["context"].as_str().unwrap().contains("[On Friday Ines Okabe reopened the northern harbour.]"));
    assert_eq!(shown["related"]["a1"]["name"], "Ines Okabe");
    assert!(matches!(ledger.show("b"), Err(LedgerError::Ambiguous { count: 3, .. })));
    assert!(matches!(ledger.show("zz"), Err(LedgerError::Unknown { .. })));
    for (form, begins) in [
        (Form::Jsonl, "{\"schema_version\":1"),
        (Form::Csv(Table::Events), "id,day,earliest"),
        (Form::Csv(Table::Contacts), "one,one_id"),
        (
            Form::Polecat,
            "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,Actor Country",
        ),
        (Form::GeoJson, "{\"type\":\"FeatureCollection\""),
        (Form::ICalendar, "BEGIN:VCALENDAR\r\n"),
        (Form::GraphMl, "<?xml"),
    ] {
        let mut out = Vec::new();
        ledger.export(form, &Filter::default(), &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().starts_with(begins), "{form:?}");
    }
}

#[test]
fn reading_again_keeps_ids_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    let before = (ledger.events(&Filter::default()).unwrap(), ledger.actors(&Filter::default()).unwrap());
    assert_eq!(ledger.to_reread(Some(&later().made_by)).unwrap(), Vec::<i64>::new());
    for key in ledger.to_reread(None).unwrap() {
        let kept = ledger.kept(key).unwrap();
        assert_eq!(kept.raw, kept.input.as_bytes());
        let record = ledger.record(key).unwrap();
        assert!(ledger.reread(key, &record).unwrap());
    }
    let after = (ledger.events(&Filter::default()).unwrap(), ledger.actors(&Filter::default()).unwrap());
    let ids = |of: &[annalist_ledger::EventAnswer]| of.iter().map(|e| e.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&before.0), before.1.len()), (ids(&after.0), after.1.len()));
    ledger.check().unwrap();
}

#[test]
fn failures_are_kept_until_the_input_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    let error = InputError { input: "a.txt".into(), kind: "empty".into(), message: "a.txt: holds no text".into() };
    let error = ErrorRecord { schema_version: SCHEMA_VERSION, error };
    ledger.fail(&error, NOW).unwrap();
    ledger.fail(&error, NOW).unwrap();
    ledger.add(&later(), "a.txt", None, NOW).unwrap();
    ledger.check().unwrap();
}

#[test]
fn what_is_no_ledger_is_refused_with_a_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Missing { .. })));
    std::fs::write(&path, "These are notes, and no ledger at all.".repeat(200)).unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Foreign { .. })));
    assert!(matches!(Ledger::create(&path), Err(LedgerError::Foreign { .. })));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("These are notes"));
    std::fs::remove_file(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE notes (words TEXT)").unwrap();
    assert!(matches!(Ledger::create(&path), Err(LedgerError::Foreign { what: "another program's database", .. })));
    drop(other);
    std::fs::remove_file(&path).unwrap();
    drop(situation(&path));
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Newer { form: 99, .. })));
    assert!(matches!(Ledger::create(&path), Err(LedgerError::Newer { form: 99, .. })));
}

#[test]
fn a_damaged_file_is_told_and_a_reader_does_not_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    drop(situation(&path));
    let mut reader = Ledger::open(&path).unwrap();
    assert!(matches!(reader.add(&talks("b9", "X"), "x", None, NOW), Err(LedgerError::ReadOnly { .. })));
    drop(reader);
    let mut bytes = std::fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[4096..length].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let told = Ledger::open(&path).and_then(|ledger| ledger.check().and(ledger.reports()));
    assert!(matches!(told, Err(LedgerError::Corrupt { .. })), "{told:?}");
}

#[test]
fn readers_see_whole_reports_while_another_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let mut ledger = situation(&path);
    let reader = Ledger::open(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; UPDATE report SET title = 'x'").unwrap();
    assert_eq!(reader.reports().unwrap(), 3);
    assert!(reader.search("envoys", &Filter::default()).unwrap().iter().any(|f| f.kind == "report"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(ledger.add(&talks("b0", "Elva Press"), "a.txt", None, NOW).unwrap(), Added::Already);
}

#[test]
fn a_ledger_of_an_older_form_is_brought_up_to_date_and_answers_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.db"), folder.path().join("new.db"));
    let all = |ledger: &Ledger| {
        let every = Filter::default();
        let brief = ledger.brief(&Filter { since: Some("2026-03-01".into()), ..Filter::default() }, None).unwrap();
        let lines = [
            format!("{:?}", ledger.timeline(&every).unwrap()),
            format!("{:?}", ledger.statements(&every).unwrap()),
            format!("{:?}", ledger.commitments(&every, None).unwrap()),
            format!("{:?}", ledger.due(&every, None).unwrap()),
            format!("{:?}", ledger.contacts(&every).unwrap()),
            format!("{:?}", ledger.actors(&every).unwrap()),
            format!("{:?}", ledger.search("harbour", &every).unwrap()),
            brief,
        ];
        lines.to_vec()
    };
    let expected = all(&situation(&new));
    assert!(expected.iter().all(|answer| answer.len() > 2), "{expected:#?}");
    // The tables as the form before had them, with the rows of the situation in them.
    let rows = rusqlite::Connection::open(&old).unwrap();
    for form in ["schema", "marks", "watching", "sums", "across"] {
        let step = std::fs::read_to_string(format!("{}/src/{form}.sql", env!("CARGO_MANIFEST_DIR"))).unwrap();
        rows.execute_batch(&step).unwrap();
    }
    rows.execute("ATTACH ?1 AS new", [new.to_str().unwrap()]).unwrap();
    let columns = |table: &str| -> String {
        let query = format!("SELECT group_concat(name, ', ') FROM main.pragma_table_info('{table}')");
        rows.query_row(&query, [], |row| row.get(0)).unwrap()
    };
    let (report, entity) = (columns("report"), columns("entity").replace(", reports, statements", ""));
    rows.execute_batch(&format!(
        "PRAGMA foreign_keys = 0; BEGIN;
         INSERT INTO report ({report}) SELECT {} FROM new.report r JOIN new.page p ON p.report = r.key ORDER BY key;
         INSERT INTO entity ({entity}) SELECT {entity} FROM new.entity ORDER BY key;",
        report
            .split(", ")
            .map(|c| if matches!(c, "text" | "record" | "raw") { format!("p.{c}") } else { format!("r.{c}") })
            .collect::<Vec<_>>()
            .join(", ")
    ))
    .unwrap();
    for table in [
        "print_key",
        "actor",
        "place",
        "statement",
        "happening",
        "event",
        "participant",
        "figure",
        "commitment",
        "change",
        "story",
        "story_report",
        "story_key",
        "quotation",
        "quotation_key",
    ] {
        // The columns that it had then.
        let columns = columns(table);
        rows.execute_batch(&format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")).unwrap();
    }
    rows.execute_batch("COMMIT; PRAGMA application_id = 1097756257; PRAGMA user_version = 5").unwrap();
    drop(rows);
    let brought = Ledger::open(&old).unwrap();
    brought.check().unwrap();
    assert_eq!(all(&brought), expected);
    let own = |path| -> Vec<f64> {
        let rows = rusqlite::Connection::open(path).unwrap();
        let mut own = rows.prepare("SELECT own FROM report ORDER BY key").unwrap();
        own.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(own(&old), own(&new));
    assert!(own(&old).iter().all(|own| *own > 0.0));
    assert_eq!(brought.record(1).unwrap(), Ledger::open(&new).unwrap().record(1).unwrap());
    drop(brought);
    let mut brought = Ledger::create(&old).unwrap();
    assert_eq!(brought.add(&later(), "c.txt", None, NOW).unwrap(), Added::Already);
    assert_eq!(brought.kept(1).unwrap().raw, brought.kept(1).unwrap().input.as_bytes());
}

#[test]
fn a_ledger_may_be_in_memory_alone() {
    let ledger = Ledger::create(std::path::Path::new(":memory:")).unwrap();
    assert_eq!(ledger.reports().unwrap(), 0);
    assert!(ledger.events(&Filter::default()).unwrap().is_empty());
    ledger.check().unwrap();
}

#[test]
fn who_makes_a_ledger_waits_for_one_who_is_making_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE unfinished (a); DROP TABLE unfinished; BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let made = scope.spawn(|| Ledger::create(&path).and_then(|ledger| ledger.reports()));
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(!made.is_finished());
        other.execute_batch("COMMIT").unwrap();
        assert_eq!(made.join().unwrap().unwrap(), 0);
    });
}
