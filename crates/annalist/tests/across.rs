//! What joins reports, asked as a person asks it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn annalist(ledger: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annalist"));
    command.args(arguments).env("ANNALIST_LEDGER", ledger).stdin(Stdio::null()).output().unwrap()
}

fn rows(ledger: &Path, arguments: &[&str]) -> Vec<Value> {
    let answer = annalist(ledger, &[arguments, &["--format", "json"]].concat());
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_slice(&answer.stdout).unwrap()
}

const REPORTS: [(&str, &str, &str); 4] = [
    (
        "Elva Press",
        "2026-03-02",
        "The ferry Halcyon ran onto Tarn rocks in thick fog on Monday. Divers from Elva harbour searched the hull of the ferry Halcyon. \
         “We will not leave the wreck before the divers are safe,” the transport minister, Ines Okabe, told reporters.",
    ),
    (
        "Coastal Post",
        "2026-03-03",
        "Fog and a broken radar put the ferry Halcyon on Tarn rocks, her owners said. Divers from Elva harbour found nobody inside. \
         “We won’t leave the wreck before the divers are safe,” said Ines Okabe, the transport minister.",
    ),
    (
        "Elva Press",
        "2026-03-04",
        "Pilots walked out over night shifts on Thursday. The pilots' union asked the port board for talks. Ines Okabe, the harbour master, said that the northern \
         harbour would open for night ferries.",
    ),
    (
        "Radio Elva",
        "2026-03-06",
        "Talks with the pilots' union failed, and pilots walked out over night shifts again. Ines Okabe, the harbour master, said that the northern harbour would not \
         open for night ferries.",
    ),
];

#[test]
fn stories_quotations_and_positions_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, reports) = (folder.path().join("annals.db"), folder.path().join("reports"));
    fs::create_dir(&reports).unwrap();
    for (i, (outlet, date, text)) in REPORTS.iter().enumerate() {
        let report = serde_json::json!({"title": format!("Report {i}"), "outlet": outlet, "date": date, "text": text});
        fs::write(reports.join(format!("{i}.json")), report.to_string()).unwrap();
    }
    assert!(annalist(&ledger, &["add", reports.to_str().unwrap()]).status.success());

    let stories = rows(&ledger, &["stories"]);
    assert_eq!(stories.iter().map(|s| s["of"].as_array().unwrap().len()).collect::<Vec<_>>(), [2, 2], "{stories:#?}");
    assert_eq!(rows(&ledger, &["stories", "--words", "pilots union"]), stories[1..]);

    let quotations = rows(&ledger, &["quotations", "--actor", "Okabe"]);
    assert_eq!(quotations.len(), 1, "{quotations:#?}");
    assert_eq!((&quotations[0]["reports"], &quotations[0]["first_outlet"]), (&2.into(), &"Elva Press".into()));
    assert_eq!(quotations[0]["differs"][0], "“won t” for “will not” (Coastal Post)");
    let id = quotations[0]["id"].as_str().unwrap();
    assert!(rows(&ledger, &["statements"]).iter().any(|s| s["quotation"] == id));
    assert!(annalist(&ledger, &["show", id]).status.success());

    let changed = rows(&ledger, &["positions", "--actor", "Okabe", "--status", "changed"]);
    assert_eq!(changed.len(), 1, "{changed:#?}");
    assert!(changed[0]["before"].as_str().unwrap().contains("would open"));
    assert_eq!(rows(&ledger, &["positions", "--about", "northern harbour"]).len(), 2);

    for question in ["stories", "quotations", "positions"] {
        for format in ["text", "jsonl", "csv"] {
            let answer = annalist(&ledger, &[question, "--format", format]);
            assert!(answer.status.success() && !answer.stdout.is_empty(), "{question} {format}");
        }
    }
    let brief = annalist(&ledger, &["brief"]);
    assert!(String::from_utf8(brief.stdout).unwrap().contains("## What reports are on"));
}
