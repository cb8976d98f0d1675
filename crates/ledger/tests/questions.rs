//! Questions that are answered from what lies in order, and stop when there is enough: they answer what looking at all would.

mod hand;

use annalist_ledger::{Filter, Ledger};
use annalist_record::Record;
use hand::*;
use serde_json::{Value, json};

const ASHORE: &str =
    "Ines Okabe met Daniel Rook in Oslo on Monday. Daniel Rook spoke with the Harbour Guild on Tuesday.";

/// Two meetings: one at a place of another country than anybody is of.
fn meetings() -> Record {
    let mut first = event(
        "e1",
        "CONSULT",
        "happened",
        "met",
        "Ines Okabe met Daniel Rook in Oslo on Monday.",
        &[("a1", "Ines Okabe"), ("a2", "Daniel Rook")],
        Some("t1"),
    );
    first["place"] = json!("p1");
    let items = json!({
        "actors": [actor("a1", "Ines Okabe", "person", Some("PRT"), &[]), actor("a2", "Daniel Rook", "person", None, &[]),
            actor("a3", "Harbour Guild", "ngo", None, &[])],
        "places": [{"id": "p1", "name": "Oslo", "kind": "city", "country": "NOR", "admin1": null, "lat": 59.9, "lon": 10.7,
            "gazetteer_id": "geonames:3143244", "mentions": [{"@": "Oslo"}], "confidence": 0.9}],
        "times": [time("t1", "Monday", "2026-03-09"), time("t2", "Tuesday", "2026-03-10")],
        "events": [first, event("e2", "CONSULT", "happened", "spoke", "Daniel Rook spoke with the Harbour Guild on Tuesday.",
            &[("a2", "Daniel Rook"), ("a3", "Harbour Guild")], Some("t2"))],
    });
    record("m0", "Elva Press", "2026-03-12", ASHORE, items)
}

fn pairs(ledger: &Ledger, filter: Filter) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> =
        ledger.contacts(&filter).unwrap().into_iter().map(|c| (c.one, c.other)).collect();
    pairs.sort();
    pairs
}

#[test]
fn who_met_in_a_country_is_of_it_or_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    ledger.add(&meetings(), "m.txt", None, NOW).unwrap();
    let of = |country: &str| Filter { country: Some(country.into()), ..Filter::default() };
    let ashore = [("Ines Okabe".to_string(), "Daniel Rook".to_string())];
    assert_eq!(pairs(&ledger, Filter::default()).len(), 2);
    // Where one is from, and where they were.
    assert_eq!(pairs(&ledger, of("PRT")), ashore);
    assert_eq!(pairs(&ledger, of("Norway")), ashore);
    assert!(pairs(&ledger, of("SWE")).is_empty());
    let since = |day: &str| Filter { since: Some(day.into()), ..of("NOR") };
    assert_eq!(pairs(&ledger, since("2026-03-09")), ashore);
    assert!(pairs(&ledger, since("2026-03-10")).is_empty());
    assert_eq!(pairs(&ledger, Filter { outlet: Some("Elva Press".into()), ..of("NOR") }), ashore);
    assert!(pairs(&ledger, Filter { outlet: Some("Radio Elva".into()), ..of("NOR") }).is_empty());
    assert_eq!(pairs(&ledger, Filter { since: Some("2026-03-10".into()), ..Filter::default() }).len(), 1);
    ledger.check().unwrap();
    // Where they were is known of a place that is named for the first time.
    let since = Filter { since: Some("2026-01-01".into()), ..of("NOR") };
    assert_eq!(ledger.places(&since).unwrap().into_iter().map(|p| p.name).collect::<Vec<_>>(), ["Oslo"]);
}

/// A report that announces a thing for a day.
#[test]
fn who_cannot_have_met_is_no_contact() {
    let text = "Edda Holm of Norway spoke with Daniel Rook, whom the Elva Press quoted.";
    let named = [("a1", "Edda Holm"), ("a2", "Norway"), ("a3", "Daniel Rook"), ("a4", "Elva Press")];
    let items = json!({
        "actors": [actor("a1", "Edda Holm", "person", Some("NOR"), &[]), actor("a2", "Norway", "government", Some("NOR"), &[]),
            actor("a3", "Daniel Rook", "person", None, &[]), actor("a4", "Elva Press", "media", None, &[])],
        "events": [event("e1", "CONSULT", "happened", "spoke", text, &named, None)],
    });
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    ledger.add(&record("b0", "Elva Press", "2026-03-12", text, items), "x", None, NOW).unwrap();
    let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
    assert_eq!(pairs(&ledger, Filter::default()), [pair("Edda Holm", "Daniel Rook"), pair("Norway", "Daniel Rook")]);
    assert_eq!(pairs(&ledger, Filter { limit: Some(1), ..Filter::default() }).len(), 1);
}

#[test]
fn what_only_describes_somebody_is_no_line_of_a_timeline() {
    let text = "Norway-backed rebels shelled the old mole.";
    let items = json!({
        "events": [event("e1", "AID", "ongoing", "backed", text, &[], None), event("e2", "ASSAULT", "happened", "shelled", text, &[], None)],
    });
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    ledger.add(&record("b0", "Elva Press", "2026-03-12", text, items), "x", None, NOW).unwrap();
    let lines = ledger.timeline(&Filter::default()).unwrap();
    assert_eq!(lines.iter().map(|line| line.event_type.as_str()).collect::<Vec<_>>(), ["ASSAULT"]);
    assert_eq!(ledger.events(&Filter::default()).unwrap().len(), 2);
}

fn announcement(id: &str, outlet: &str, sentence: &str, trigger: &str, when: (&str, &str)) -> Record {
    let items = json!({
        "times": [time("t1", when.0, when.1)],
        "events": [event("e1", "PROTEST", "planned", trigger, sentence, &[], Some("t1"))],
    });
    record(id, outlet, "2026-03-14", sentence, items)
}

#[test]
fn what_is_due_comes_in_order_of_its_days_as_far_as_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = situation(&file(&folder));
    for (record, input) in [
        (
            announcement(
                "d1",
                "Elva Press",
                "Weavers of Tarn will march against the levy on April 2.",
                "march",
                ("April 2", "2026-04-02"),
            ),
            "1",
        ),
        (
            announcement(
                "d2",
                "Radio Elva",
                "Bakers in the old town plan a strike next Friday.",
                "strike",
                ("next Friday", "2026-03-20"),
            ),
            "2",
        ),
        (
            announcement(
                "d3",
                "Elva Press",
                "Students are to assemble before the palace in May.",
                "assemble",
                ("in May", "2026-05-01"),
            ),
            "3",
        ),
    ] {
        ledger.add(&record, input, None, NOW).unwrap();
    }
    let days = |filter: Filter| -> Vec<(String, String)> {
        ledger.due(&filter, None).unwrap().into_iter().map(|d| (d.from, d.outcome)).collect()
    };
    let told = |day: &str, outcome: &str| (day.to_string(), outcome.to_string());
    let kept = told("2026-03-13", "took place");
    let ahead = ["2026-03-20", "2026-04-02", "2026-05-01"].map(|day| told(day, "ahead"));
    let all: Vec<_> = std::iter::once(kept.clone()).chain(ahead.clone()).collect();
    assert_eq!(days(Filter::default()), all);
    // The last, unless it is asked from a day on.
    assert_eq!(days(Filter { limit: Some(2), ..Filter::default() }), ahead[1..]);
    let since = |day: &str| Filter { since: Some(day.into()), ..Filter::default() };
    assert_eq!(days(Filter { limit: Some(2), ..since("2026-03-01") }), all[..2]);
    assert_eq!(days(Filter { limit: Some(2), status: Some("ahead".into()), ..since("2026-03-01") }), ahead[..2]);
    assert_eq!(days(Filter { status: Some("took place".into()), ..Filter::default() }), [kept]);
    assert_eq!(days(Filter { outlet: Some("radio elva".into()), ..since("2026-03-14") }), ahead[..1]);
    assert_eq!(days(Filter { until: Some("2026-04-30".into()), ..since("2026-03-14") }), ahead[..2]);
}

#[test]
fn an_actor_asked_for_by_number_is_that_one() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let okabe = ledger.actors(&Filter { actor: Some("Okabe".into()), ..Filter::default() }).unwrap()[0].id.clone();
    let rook = ledger.actors(&Filter { actor: Some("Rook".into()), ..Filter::default() }).unwrap()[0].id.clone();
    let count = |actor: &str| {
        let filter = Filter { actor: Some(actor.to_string()), ..Filter::default() };
        (
            ledger.events(&filter).unwrap().len(),
            ledger.statements(&filter).unwrap().len(),
            ledger.commitments(&filter, None).unwrap().len(),
        )
    };
    // Reprints are told each; a promise is told once.
    assert_eq!(count(&okabe), (4, 2, 1));
    assert_eq!(count(&rook), (3, 0, 0));
    assert_eq!(count("E999"), (0, 0, 0));
    let shown = ledger.show(&okabe).unwrap();
    let length = |of: &Value| of.as_array().map(Vec::len);
    assert_eq!(length(&shown["statements"]), Some(2));
    assert_eq!(length(&shown["commitments"]), Some(1));
    assert_eq!(shown["contacts"][0]["other"], "Daniel Rook");
}

/// What the pilots, who have no name, and Ines Okabe did on the days of a month: she on every other, they on every third.
fn month(ledger: &mut Ledger) {
    for day in 1..=28 {
        let (mut text, mut actors, mut statements) =
            (format!("Watch {day} at Elva. The sea was calm."), Vec::new(), Vec::new());
        let mut events = Vec::new();
        if day % 2 == 0 {
            text.push_str(" Ines Okabe sailed at noon. Okabe said all was well.");
            actors.push(actor("a1", "Ines Okabe", "person", None, &[]));
            events.push(event(
                "e1",
                "COOPERATE",
                "happened",
                "sailed",
                "Ines Okabe sailed at noon.",
                &[("a1", "Ines Okabe")],
                Some("t1"),
            ));
            statements.push(json!({"id": "s1", "source": [{"@": "Okabe"}], "cue": [{"@": "said"}], "content": [{"@": "all was well"}],
                "speaker": "a1", "source_kind": "named", "quoted": "indirect", "act": "assert", "addressee": null, "time": null, "inside": null,
                "via": [], "confidence": 0.9}));
        }
        if day % 3 == 0 {
            text.push_str(" The pilots struck again.");
            let mut pilots = actor("a2", "The pilots", "people", None, &[]);
            pilots["mentions"][0]["form"] = json!("nominal");
            actors.push(pilots);
            events.push(event(
                "e2",
                "PROTEST",
                "happened",
                "struck",
                "The pilots struck again.",
                &[("a2", "The pilots")],
                Some("t1"),
            ));
        }
        let (published, outlet) = (format!("2026-01-{day:02}"), if day % 4 == 0 { "Radio Elva" } else { "Elva Press" });
        let items = json!({"actors": actors, "times": [time("t1", &format!("Watch {day}"), &published)], "statements": statements, "events": events});
        ledger.add(&record(&format!("w{day}"), outlet, &published, &text, items), "w.txt", None, NOW).unwrap();
    }
}

#[test]
fn what_somebody_did_is_the_same_however_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    month(&mut ledger);
    ledger.check().unwrap();
    let some = |day: &str| Some(day.to_string());
    let filters = [
        Filter::default(),
        Filter { since: some("2026-01-07"), until: some("2026-01-20"), ..Filter::default() },
        Filter { outlet: some("radio elva"), ..Filter::default() },
        Filter { words: some("sailed"), ..Filter::default() },
        Filter { words: some("struck again"), since: some("2026-01-10"), ..Filter::default() },
    ];
    for filter in filters {
        let (events, statements) = (ledger.events(&filter).unwrap(), ledger.statements(&filter).unwrap());
        let stories = ledger.stories(&filter).unwrap().len();
        for (asked, name) in [("Okabe", "Ines Okabe"), ("the pilots", "The pilots")] {
            // Few are found first, and of many asked for all.
            for limit in [1, 3, 1000] {
                let filter = Filter { actor: some(asked), limit: Some(limit), ..filter.clone() };
                let last = |mut ids: Vec<String>| ids.split_off(ids.len().saturating_sub(limit));
                let did =
                    events.iter().filter(|e| e.actors.contains(&name.to_string())).map(|e| e.id.clone()).collect();
                let found = ledger.events(&filter).unwrap().into_iter().map(|e| e.id).collect::<Vec<_>>();
                assert_eq!(found, last(did), "{filter:?}");
                let said =
                    statements.iter().filter(|s| s.speaker.as_deref() == Some(name)).map(|s| s.id.clone()).collect();
                let found = ledger.statements(&filter).unwrap().into_iter().map(|s| s.id).collect::<Vec<_>>();
                assert_eq!(found, last(said), "{filter:?}");
                assert!(ledger.stories(&filter).unwrap().len() <= stories.min(limit));
            }
        }
    }
    let of = |actor: &str| Filter { actor: some(actor), ..Filter::default() };
    assert_eq!(ledger.events(&of("Okabe")).unwrap().len(), 14);
    assert_eq!(ledger.events(&of("the pilots")).unwrap().len(), 9);
    assert_eq!(ledger.statements(&of("Okabe")).unwrap().len(), 14);
}

#[test]
fn outcomes_are_looked_for_beyond_the_first_that_may_have_them() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let of = |status: &str| {
        let filter = Filter { status: Some(status.into()), limit: Some(1), ..Filter::default() };
        ledger.commitments(&filter, None).unwrap().len()
    };
    assert_eq!(["kept", "Kept", "broken", "open", "overdue", "repeated", "withdrawn"].map(of), [1, 1, 0, 0, 0, 0, 0]);
}

/// A report in which somebody is named so, of a country if one is told; else its words are its own, so that it is no reprint.
fn naming(id: &str, name: &str, country: Option<&str>) -> Record {
    let own: String = (0..30).map(|n| format!(" quay{n}{id}")).collect();
    let text = format!("{name} spoke of{own}.");
    record(id, id, "2026-03-12", &text, json!({"actors": [actor("a1", name, "person", country, &[])]}))
}

/// Who is named in so many reports, by name.
fn named(records: &[Record]) -> Vec<(String, i64)> {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::create(&file(&folder)).unwrap();
    for record in records {
        ledger.add(record, "x", None, NOW).unwrap();
    }
    ledger.check().unwrap();
    ledger.actors(&Filter::default()).unwrap().into_iter().map(|a| (a.name, a.reports)).collect()
}

#[test]
fn a_last_name_alone_is_of_whom_nearly_all_reports_speak() {
    let mut all: Vec<Record> = (0..9).map(|i| naming(&format!("b{i}"), "Edda Holm", Some("NOR"))).collect();
    all.push(naming("c0", "Rune Holm", None));
    all.push(naming("d0", "Holm", None));
    assert_eq!(named(&all), [("Edda Holm".to_string(), 10), ("Rune Holm".to_string(), 1)]);
    // Where two are named about as often, nobody can tell.
    let few = [&all[..2], &all[9..]].concat();
    assert_eq!(named(&few), [("Edda Holm".to_string(), 2), ("Rune Holm".to_string(), 1)]);
}

#[test]
fn a_shorter_form_of_a_name_is_of_the_same_person() {
    let all = [
        naming("b0", "Edda Marit Holm", Some("NOR")),
        naming("b1", "Marit Holm", None),
        naming("b2", "Norway Edda Marit Holm", None),
        naming("b3", "Rune Holm", None),
        naming("b4", "Marit Holm", Some("SWE")),
    ];
    let told = named(&all);
    assert_eq!(told[0], ("Edda Marit Holm".to_string(), 3));
    assert!(told.contains(&("Rune Holm".to_string(), 1)) && told.len() == 3, "{told:?}");
}
