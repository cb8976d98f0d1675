//! The ledger's commands, run as a person runs them; and killed at any moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

fn annalist(ledger: &Path, arguments: &[&str]) -> Output {
    command(ledger, arguments).output().unwrap()
}

fn command(ledger: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annalist"));
    command.args(arguments).env("ANNALIST_LEDGER", ledger).stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder of short reports: one a file, some of them reprints of others.
fn reports(folder: &Path, count: usize) -> PathBuf {
    let reports = folder.join("reports");
    fs::create_dir(&reports).unwrap();
    let towns = ["Elva", "Tarn", "Ostrava", "Lund", "Vigo"];
    for i in 0..count {
        let (town, day) = (towns[i % towns.len()], 1 + i % 27);
        let report = serde_json::json!({
            "title": format!("Pilots of {town} go out, day {i}"),
            "outlet": if i % 2 == 0 { "Elva Press" } else { "Coastal Post" },
            "date": format!("2026-03-{day:02}"),
            "text": format!("The harbour master of {town}, Ines Okabe, said on Monday that pilot number {} would go out at dawn. \
                “We are ready,” she told reporters. The dockers’ union denied that the {} ferries had been stopped.", i / 3, i / 3 + 4),
        });
        fs::write(reports.join(format!("{i:03}.json")), report.to_string()).unwrap();
    }
    reports
}

#[test]
fn reports_are_added_once_and_questions_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("annals.db");
    let reports = reports(folder.path(), 6);
    fs::write(reports.join("empty.json"), "").unwrap();
    let reports = reports.display().to_string();
    let missing = annalist(&ledger, &["timeline"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("there is no ledger"));
    let added = annalist(&ledger, &["add", "--json", &reports]);
    assert_eq!(added.status.code(), Some(1), "{}", text(&added.stderr));
    let tally: Value = serde_json::from_slice(&added.stdout).unwrap();
    assert_eq!((&tally["added"], &tally["failed"]), (&6.into(), &1.into()));
    let again = annalist(&ledger, &["add", &reports]);
    assert!(text(&again.stdout).starts_with("0 added, 6 already there, 1 failed"), "{}", text(&again.stdout));
    let said = annalist(&ledger, &["statements", "--words", "dawn", "--format", "jsonl"]);
    let lines = text(&said.stdout);
    assert!(!lines.is_empty() && lines.lines().all(|line| line.contains("dawn")), "{lines}");
    for question in ["timeline", "events", "statements", "commitments", "due", "contacts", "actors", "places"] {
        for format in ["text", "json", "jsonl", "csv"] {
            let answer =
                annalist(&ledger, &[question, "--format", format, "--since", "2026-01-01", "--country", "NOR"]);
            assert!(answer.status.success(), "{question} {format}: {}", text(&answer.stderr));
        }
    }
    let found = annalist(&ledger, &["search", "--format", "json", "pilot", "dawn"]);
    let found: Vec<Value> = serde_json::from_slice(&found.stdout).unwrap();
    let id = found[0]["id"].as_str().unwrap();
    let shown = text(&annalist(&ledger, &["show", id]).stdout);
    assert!(shown.lines().any(|line| line.starts_with("marks:") || line.contains("outlet: ")), "{shown}");
    let shown = annalist(&ledger, &["show", id, "--format", "json"]);
    assert!(serde_json::from_slice::<Value>(&shown.stdout).unwrap().is_object());
    assert!(text(&annalist(&ledger, &["brief", "--since", "2026-03-01"]).stdout).contains("## Sources"));
    for form in ["jsonl", "csv", "geojson", "icalendar", "graphml"] {
        assert!(annalist(&ledger, &["export", form]).status.success(), "{form}");
    }
    let reread = annalist(&ledger, &["reread", "--all"]);
    assert!(text(&reread.stdout).starts_with("6 read again"), "{}", text(&reread.stdout));
}

/// Kills `add` so many times at random moments, lets it end, and compares the ledger with one that was left alone. A ledger in which
/// everything is, is compared too and begun anew, so that every kill has something to disturb.
fn survives(kills: usize, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let reports = reports(folder.path(), count).display().to_string();
    let calm = folder.path().join("calm.db");
    let started = std::time::Instant::now();
    assert!(annalist(&calm, &["add", &reports]).status.success());
    let whole = started.elapsed();
    let expected = content(&calm);
    let mut random = fastrand::Rng::with_seed(7);
    let (mut half, mut anew) = (0, 0);
    let mut killed = folder.path().join("killed-0.db");
    for _ in 0..kills {
        let mut child =
            command(&killed, &["add", &reports]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(random.u64(0..1 + whole.as_micros() as u64)));
        // On Unix: SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        let held = if killed.exists() {
            let ledger = annalist_ledger::Ledger::open(&killed).unwrap();
            ledger.check().unwrap();
            ledger.reports().unwrap()
        } else {
            0
        };
        half += usize::from(held > 0 && held < count as u64);
        if held == count as u64 {
            assert_eq!(content(&killed), expected);
            anew += 1;
            killed = folder.path().join(format!("killed-{anew}.db"));
        }
    }
    assert!(annalist(&killed, &["add", &reports]).status.success());
    assert_eq!(content(&killed), expected);
    println!(
        "{kills} kills, {half} of them left some reports and not others; {} ledgers, all as the undisturbed one",
        anew + 1
    );
}

/// Everything in a ledger but the moments at which it came in.
fn content(ledger: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for question in ["timeline", "events", "statements", "commitments", "due", "contacts", "actors", "places"] {
        let answer = annalist(ledger, &[question, "--format", "jsonl", "--limit", "1000000"]);
        assert!(answer.status.success(), "{}", text(&answer.stderr));
        all.push(text(&answer.stdout));
    }
    all.push(text(&annalist(ledger, &["export", "jsonl"]).stdout));
    all.push(text(&annalist(ledger, &["search", "--format", "jsonl", "--limit", "1000000", "pilot"]).stdout));
    all
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_leaves_nothing_half() {
    // `ANNALIST_KILLS=200 cargo test -p annalist --test ledger -- kill --nocapture` takes minutes.
    let kills = std::env::var("ANNALIST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(5);
    survives(kills, 12);
}
