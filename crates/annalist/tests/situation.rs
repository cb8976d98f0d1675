//! The twelve reports of `examples/situation`, added and asked about as a person would.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

fn annalist(ledger: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annalist"));
    let output = command.args(arguments).env("ANNALIST_LEDGER", ledger).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rows(ledger: &Path, arguments: &[&str]) -> Vec<Value> {
    let answer = annalist(ledger, &[arguments, &["--format", "jsonl"]].concat());
    answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_ledger_tells_the_reprint_the_contradiction_the_promises_and_the_reversal() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("annals.db");
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/situation");
    let reports = reports.display().to_string();
    // The reprint.
    assert_eq!(annalist(&ledger, &["add", &reports]).trim(), "12 added, of these 1 reprints");
    assert_eq!(annalist(&ledger, &["add", &reports]).trim(), "0 added, 12 already there");

    // The contradiction: one attack in two independent reports, which count the dead differently.
    let attacks = rows(
        &ledger,
        &[
            "timeline",
            "--type",
            "ASSAULT",
            "--actor",
            "Saltmarsh Front",
            "--since",
            "2026-03-04",
            "--until",
            "2026-03-04",
        ],
    );
    assert_eq!(attacks.len(), 1, "{attacks:#?}");
    assert_eq!((&attacks[0]["day"], &attacks[0]["reports"]), (&"2026-03-04".into(), &2.into()));
    let otherwise = attacks[0]["otherwise"].to_string();
    assert!(otherwise.contains("nine") && otherwise.contains("three"), "{otherwise}");

    // The promise that was kept, and by which words; the one that was not.
    for (outcome, by, because) in [
        ("kept", "Coastal Union", "The Coastal Union provided medical aid to Tarn on Monday."),
        ("broken", "Saltmarsh Front", "The Saltmarsh Front did not release the fourteen detained pilots on Friday."),
    ] {
        let found = rows(&ledger, &["commitments", "--status", outcome]);
        assert_eq!(found.len(), 1, "{outcome}: {found:#?}");
        assert_eq!((&found[0]["by"], &found[0]["because"]), (&by.into(), &because.into()));
    }

    // The reversal, and that nothing in the brief is without a source.
    let brief = annalist(&ledger, &["brief", "--since", "2026-03-01"]);
    let changed: Vec<&str> = section(&brief, "What changed");
    assert!(changed.iter().any(|line| line.contains("Edda Holm") && line.contains("not to negotiate")), "{brief}");
    // News: what two reports tell, and how it ended; no report fills the page alone.
    let news = section(&brief, "What is new");
    let told = |words: &str| news.iter().filter(|line| line.contains(words)).count();
    assert!(told("2 independent reports") >= 3, "{brief}");
    assert_eq!((told("released six of the pilots"), news.len()), (1, 12), "{brief}");
    for source in 1..=12 {
        assert!(news.iter().filter(|line| line.ends_with(&format!(") [{source}]"))).count() <= 2, "{brief}");
    }
    for line in brief.lines().take_while(|line| *line != "## Sources").filter(|line| line.starts_with("- ")) {
        assert!(line.ends_with(']') && line.contains(" ["), "{line}");
    }

    // What was known before the attack.
    assert!(rows(&ledger, &["commitments", "--status", "kept", "--until", "2026-03-01"]).is_empty());
}

fn section<'b>(brief: &'b str, heading: &str) -> Vec<&'b str> {
    let from = brief.lines().skip_while(move |line| *line != format!("## {heading}"));
    from.skip(1).take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("- ")).collect()
}
