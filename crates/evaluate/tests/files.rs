//! Whole runs over small files: gold, predictions of a file, figures, and what is written.

use std::fs;
use std::path::{Path, PathBuf};

use annalist_evaluate::{File, Task, parse, run};

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("annalist-evaluate-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The report of a run, and the predictions it wrote.
fn report(task: Task, gold: &Path, predictions: &Path) -> (String, String) {
    let predictor = File::load(task, predictions, gold).unwrap();
    let written = gold.with_extension("written");
    let mut out = Vec::new();
    run(task, gold, Some(&written), &predictor, 1, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), fs::read_to_string(written).unwrap())
}

const ARTICLES: &str = concat!(
    r#"{"id": "a", "publisher": "p", "text": "Ann said rain fell. “Stay,” Bo urged.", "attributions": ["#,
    r#"{"id": "E1", "source": [[0, 3]], "cue": [[4, 8]], "content": [[9, 18]]}, "#,
    r#"{"id": "E2", "source": [[28, 30]], "cue": [[31, 36]], "content": [[20, 27]]}]}"#,
    "\n\n",
    r#"{"id": "b", "text": "Nobody spoke.", "attributions": []}"#,
    "\n"
);

#[test]
fn attributions_of_a_file() {
    let folder = Folder::new("attribution");
    let gold = folder.file("gold.jsonl", ARTICLES);
    // Predictions need no text, and articles without any may be left out.
    let predictions = folder.file(
        "predictions.jsonl",
        r#"{"id": "a", "attributions": [{"source": [[28, 30]], "cue": [[31, 36]], "content": [[20, 27]]}]}"#,
    );
    let (report, written) = report(Task::Attribution, &gold, &predictions);
    // One of two attributions, and the only direct one; content tokens are “ Stay , ” of rain fell “ Stay , ”.
    let (all, direct) = report.split_once("direct quotations only").unwrap();
    let line = |part: &str, name: &str| part.lines().find(|l| l.starts_with(name)).unwrap().to_string();
    assert!(line(all, "triple").contains("P 100.0  R  50.0  F1  66.7"), "{report}");
    assert!(line(all, "content tokens").contains("P 100.0  R  66.7  F1  80.0"), "{report}");
    assert!(line(direct, "triple").contains("F1 100.0"), "{report}");
    assert!(report.contains("1  missed: indirect"), "{report}");
    assert!(!report.contains("calibration"), "a file has no confidence: {report}");
    let lines: Vec<serde_json::Value> = written.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["id"], &lines[0]["publisher"]), (2, &"a".into(), &"p".into()));
    assert_eq!(lines[0]["attributions"].as_array().unwrap().len(), 1);
    assert_eq!(lines[0]["attributions"][0]["content"], serde_json::json!([[20, 27]]));
}

#[test]
fn malformed_gold_is_refused_by_file_and_line() {
    let folder = Folder::new("malformed");
    let gold = folder.file("gold.jsonl", ARTICLES);
    let empty = folder.file("empty.jsonl", "");
    let none = File::load(Task::Attribution, &empty, &gold).unwrap();
    let refused = |name: &str, text: &str| {
        let gold = folder.file(name, text);
        format!("{:#}", run(Task::Attribution, &gold, None, &none, 1, &mut Vec::new()).unwrap_err())
    };
    assert!(refused("x.jsonl", &format!("{ARTICLES}{{\n")).contains("x.jsonl, line 4"));
    let outside = r#"{"id": "c", "text": "No.", "attributions": [{"source": [], "cue": [], "content": [[0, 4]]}]}"#;
    assert!(
        refused("y.jsonl", &format!("{ARTICLES}{outside}\n")).contains("y.jsonl, line 4: span [0, 4] of article `c`")
    );
    assert!(refused("z.jsonl", &ARTICLES.repeat(2)).contains("z.jsonl: two articles have the id `a`"));
    let stray = folder.file("stray.jsonl", r#"{"id": "q", "attributions": []}"#);
    let error = format!("{:#}", File::load(Task::Attribution, &stray, &gold).unwrap_err());
    assert!(error.contains("stray.jsonl") && error.contains("`q` is not in the gold"), "{error}");
}

#[test]
fn names_of_a_file() {
    let folder = Folder::new("names");
    let gold = folder.file(
        "gold.jsonl",
        concat!(
            r#"{"id": "1", "text": "Ann met the Reds in Oslo.", "tokens": ["Ann", "met", "the", "Reds", "in", "Oslo", "."], "#,
            r#""tags": ["B-person", "O", "O", "B-politicalparty", "O", "B-misc", "O"], "entities": ["#,
            r#"{"start": 0, "end": 3, "type": "person", "text": "Ann"}, "#,
            r#"{"start": 12, "end": 16, "type": "politicalparty", "text": "Reds"}, "#,
            r#"{"start": 20, "end": 24, "type": "misc", "text": "Oslo"}]}"#,
            "\n"
        ),
    );
    let predictions = folder.file(
        "predictions.jsonl",
        concat!(
            r#"{"id": "1", "entities": [{"start": 0, "end": 3, "type": "PER"}, {"start": 8, "end": 16, "type": "ORG"}, "#,
            r#"{"start": 20, "end": 24, "type": "LOC"}]}"#,
            "\n"
        ),
    );
    let (report, written) = report(Task::Names, &gold, &predictions);
    // Ann is right, the Reds' boundary is not; the place is no type of this gold.
    assert!(report.contains("all    P  50.0  R  50.0  F1  50.0"), "{report}");
    assert!(report.contains(r#"left out {"misc"}"#) && report.contains("so ignored: LOC (1)"), "{report}");
    let line: serde_json::Value = serde_json::from_str(written.trim()).unwrap();
    assert_eq!(line["tags"], serde_json::json!(["B-PER", "O", "B-ORG", "I-ORG", "O", "B-LOC", "O"]));
    assert_eq!(line["entities"][1]["text"], "the Reds");
}

/// A document of one sentence of two words.
fn document(id: &str, genre: &str, second: &str) -> String {
    format!(
        "# newdoc id = {id}\n# meta::genre = {genre}\n1\t{id}\t{id}\tPRON\t_\t_\t2\tnsubj\t_\t_\n\
         2\truns\t{second}\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No\n\n"
    )
}

#[test]
fn parses_of_a_file() {
    let folder = Folder::new("parse");
    let gold = folder.file("gold.conllu", &(document("she", "news", "run") + &document("it", "fiction", "run")));
    let predicted = document("she", "news", "runs") + &document("it", "fiction", "run");
    let predictions = folder.file("predictions.conllu", &predicted);
    let (report, written) = report(Task::Parse, &gold, &predictions);
    assert!(
        report.contains("2 words, 1 documents (1 of the non-commercial genres whow and fiction left out)"),
        "{report}"
    );
    assert!(report.contains("lemma              50.00") && report.contains("LAS                100.00"), "{report}");
    let again = parse::read(&written).unwrap();
    assert_eq!((again.len(), again[0].parses[0][1].lemma.as_str()), (1, "runs"));

    let file = File::load(Task::Parse, &predictions, &gold).unwrap();
    let mut out = Vec::new();
    parse::run(&gold, None, &file, parse::Genres::All, 1, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("4 words, 2 documents (0 of"));
    let other = folder.file("other.conllu", &document("he", "news", "run"));
    let error = format!("{:#}", run(Task::Parse, &other, None, &file, 1, &mut Vec::new()).unwrap_err());
    assert!(
        error.contains("document `he`: the predictions have no document of exactly these words: he runs"),
        "{error}"
    );
}

#[test]
fn actors_of_a_file() {
    let folder = Folder::new("actors");
    let strings = |rows: &[(&str, &str)]| -> String {
        let line = |(n, (actor, expected)): (usize, &(&str, &str))| {
            format!(r#"{{"id": "{n}", "actor": "{actor}", "context": null, "date": null, "expected": {expected}}}"#)
        };
        rows.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    };
    let gold = folder.file(
        "gold.jsonl",
        &strings(&[
            ("bakers", r#"{"country": "", "code_1": "LAB"}"#),
            ("the Fijian navy", r#"{"country": "FJI", "code_1": "MIL"}"#),
            ("Peru", r#"{"country": "PER"}"#),
            ("monks", r#"{"code_1": "XYZ"}"#),
        ]),
    );
    let predictions = folder.file(
        "predictions.jsonl",
        &strings(&[
            ("bakers", r#"{"country": "", "code_1": "BUS"}"#),
            ("the Fijian navy", r#"{"country": "FJI", "code_1": "MIL"}"#),
            ("Peru", r#"{"country": "CHL"}"#),
        ]),
    );
    let (all, written) = report(Task::Actors, &gold, &predictions);
    assert!(all.contains("(right 2 of 3)"), "countries: {all}");
    assert!(all.contains("(right 1 of 3)"), "sectors: {all}");
    assert!(all.contains("(right 1 of 2)"), "sectors of the list: {all}");
    assert!(written.contains(r#""expected":{"country":"CHL"}"#), "{written}");

    let standard = |un: &str, french: &str| {
        format!(
            r#"{{"id": "r", "text": "The UN told French and Fronian troops.", "source": [{{"actorText": "UN", "code": "{un}"}}],
             "target": [{{"actorText": "French", "code": "{french}", "sector": "MIL"}}, {{"actorText": "Fronian", "code": "FRN"}}]}}"#
        )
        .replace('\n', "")
    };
    let gold = folder.file("gold.jsonl", &standard("IGO", "FRA"));
    let predictions = folder.file("predictions.jsonl", &standard("UNO", "DEU"));
    let (all, written) = report(Task::Actors, &gold, &predictions);
    assert!(all.contains("(right 1 of 2)") && all.contains("(right 0 of 1)") && all.contains("1 (FRN)"), "{all}");
    assert!(written.contains(r#""code":"DEU""#), "{written}");
}

#[test]
fn places_of_a_file() {
    let folder = Folder::new("places");
    let gold = folder.file(
        "gold.jsonl",
        r#"{"id":"a","text":"Oslo lies by the sea; Bergen too.","toponyms":[{"start":0,"end":4,"lat":59.9,"lon":10.7,"country":"Norway"},{"start":22,"end":28,"lat":60.4,"lon":5.3}]}"#,
    );
    let predictions = folder.file(
        "predictions.jsonl",
        r#"{"id":"a","toponyms":[{"start":0,"end":4,"lat":59.9,"lon":10.8,"country":"NOR"},{"start":22,"end":28}]}"#,
    );
    let (report, written) = report(Task::Places, &gold, &predictions);
    assert!(report.contains("toponyms             P 100.0  R 100.0"), "{report}");
    assert!(report.contains("found within 161 km  P 100.0  R  50.0"), "{report}");
    assert!(report.contains("n 2, with a country 1") && report.contains("country, %            100.0"), "{report}");
    let line: serde_json::Value = serde_json::from_str(written.trim()).unwrap();
    assert_eq!(line["toponyms"][0]["country"], "NOR");
}
