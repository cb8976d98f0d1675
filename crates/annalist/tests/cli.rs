//! The binary, run as a person runs it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use annalist_record::{Line, Record};
use serde_json::Value;

fn annalist(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_annalist")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_annalist"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may refuse the input before it has read it all.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn example() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/harbour-talks.txt").display().to_string()
}

fn record(output: &Output) -> Record {
    let record: Record = serde_json::from_slice(&output.stdout).unwrap();
    record.validate().unwrap();
    record
}

fn joined(spans: &[annalist_record::Span]) -> String {
    spans.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" … ")
}

#[test]
fn explained_items_say_why() {
    let plain = annalist(&["read", "--format", "json", &example()]);
    assert!(!text(&plain.stdout).contains("explanations"));
    let explained = record(&annalist(&["read", "--explain", "--format", "json", &example()]));
    let told = |id: &str| explained.explanations.iter().any(|e| e.item == id);
    assert!(explained.actors.iter().all(|a| told(&a.id)));
    assert!(explained.times.iter().all(|t| told(&t.id)));
    assert!(explained.statements.iter().all(|s| told(&s.id)));
    let shown = text(&annalist(&["read", "--explain", &example()]).stdout);
    assert!(shown.contains("act: cues.toml: "), "{shown}");
}

#[test]
fn the_example_gives_its_statements() {
    let output = annalist(&["read", "--format", "json", &example()]);
    assert!(output.status.success());
    let record = record(&output);
    assert_eq!(record.report.title.as_deref(), Some("Northern Harbour to reopen as mediators return to Port Elva"));
    assert!(!record.report.text.contains("[ad_1]") && !record.report.text.contains("Source link"));
    assert_eq!(record.report.text.matches("Dockworkers wait outside").count(), 1);
    assert_eq!(record.report.leads.len(), 2);
    assert_eq!(record.report.credits[0].name, "Elva Press");
    // What a careful reader would list, by who and words of what; the program may find more.
    let wanted = [
        ("Ines Okabe", "reopen the Northern Harbour"),
        ("Okabe", "The pilots are ready"),
        ("She", "naval patrols would stay"),
        ("statement", "two mediators"),
        ("Front", "shelled the customs house"),
        ("Daniel Rook", "We did not fire"),
        ("Rook", "would be answered"),
        ("port officials", "nine dockworkers had been killed"),
        ("Okabe", "no reason to negotiate"),
        ("Hanna Vey", "let the wounded through"),
        ("she", "Nobody has told us"),
        ("Peter Alwyn", "draft agreement"),
    ];
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(who, what)| {
            !record.statements.iter().any(|s| joined(&s.source).contains(who) && joined(&s.content).contains(what))
        })
        .collect();
    assert!(missing.is_empty(), "not found: {missing:?}");
}

#[test]
fn the_example_s_pronouns_and_descriptions_have_their_speakers() {
    let record = record(&annalist(&["read", "--format", "json", &example()]));
    let speaker = |what: &str| {
        let statement = record.statements.iter().find(|s| joined(&s.content).contains(what)).unwrap();
        let actor = record.actors.iter().find(|a| Some(&a.id) == statement.speaker.as_ref());
        actor.map_or("nobody", |a| a.name.as_str())
    };
    assert_eq!(speaker("naval patrols would stay"), "Ines Okabe");
    assert_eq!(speaker("Nobody has told us"), "Hanna Vey");
    assert_eq!(speaker("would be answered"), "Daniel Rook");
    let okabe = record.actors.iter().find(|a| a.name == "Ines Okabe").unwrap();
    assert!(okabe.mentions.iter().any(|m| m.span.text == "Okabe"), "{:?}", okabe.mentions);
    let page = text(&annalist(&["read", "--width", "160", &example()]).stdout);
    assert!(page.contains("She (Ines Okabe)"), "{page}");
}

#[test]
fn what_was_planned_for_a_day_that_is_over_is_shown_all_the_same() {
    let report = "HARBOUR TALKS\n\nThe envoys will meet the rebels in Oslo on October 18, a spokesman said.\n";
    let shown = |day: &str| text(&with_input(&["read", "--as-is", "--date", day], report.as_bytes()).stdout);
    let (before, after) = (shown("2007-10-16"), shown("2007-10-20"));
    assert!(before.contains("COMING UP") && before.contains("meet"), "{before}");
    let happened = after.split("WHO SAID WHAT").next().unwrap_or_default();
    assert!(happened.contains("meet") && happened.contains("planned"), "{after}");
}

#[test]
fn text_fits_the_width_and_is_plain_without_a_terminal() {
    for width in [40, 80, 160] {
        let output = annalist(&["read", "--width", &width.to_string(), &example()]);
        let page = text(&output.stdout);
        assert!(page.lines().all(|line| line.chars().count() <= width), "{page}");
        assert!(!page.contains('\x1b'));
        assert!(page.starts_with("Northern Harbour"));
    }
    let colored = text(&annalist(&["read", "--color", "always", &example()]).stdout);
    assert!(colored.contains('\x1b'));
}

#[test]
fn the_schema_describes_the_output() {
    let schema: Value = serde_json::from_slice(&annalist(&["schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let read: Value = serde_json::from_slice(&annalist(&["read", "--format", "json", &example()]).stdout).unwrap();
    assert!(validator.is_valid(&read));
    let failed = with_input(&["read", "--format", "jsonl"], b"");
    assert!(validator.is_valid(&serde_json::from_slice(&failed.stdout).unwrap()));
    assert_eq!(failed.status.code(), Some(1));
}

#[test]
fn standard_input_reads_like_a_file() {
    let from_file = record(&annalist(&["read", "--format", "json", &example()]));
    let from_stdin = record(&with_input(&["read", "--format", "json", "-"], &fs::read(example()).unwrap()));
    assert_eq!(from_file, from_stdin);
}

#[test]
fn the_same_report_gives_the_same_record_whatever_is_read_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let story = fs::read_to_string(example()).unwrap();
    let paragraphs: Vec<&str> = story.split("\n\n").filter(|p| p.len() > 100).collect();
    for (i, paragraph) in paragraphs.iter().enumerate() {
        fs::write(folder.path().join(format!("{i:02}.txt")), paragraph).unwrap();
    }
    let lines = |arguments: &[&str]| text(&annalist(arguments).stdout).lines().map(str::to_string).collect::<Vec<_>>();
    let path = folder.path().display().to_string();
    let one = lines(&["read", "--format", "jsonl", "--threads", "1", &path]);
    let four = lines(&["read", "--format", "jsonl", "--threads", "4", &path]);
    assert_eq!(one.len(), paragraphs.len());
    assert_eq!(one, four);
    let mut backwards: Vec<String> = (0..paragraphs.len()).rev().map(|i| format!("{path}/{i:02}.txt")).collect();
    let mut arguments = vec!["read".to_string(), "--format".to_string(), "jsonl".to_string()];
    arguments.append(&mut backwards);
    let mut shuffled = lines(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    shuffled.reverse();
    assert_eq!(one, shuffled);
    let alone = lines(&["read", "--format", "jsonl", "--threads", "2", &format!("{path}/03.txt")]);
    assert_eq!(alone[0], one[3]);
}

#[test]
fn other_words_under_one_address_are_a_version_of_the_first() {
    let report = |url: &str, words: &str| {
        format!("{{\"url\": \"https://press.example/{url}\", \"title\": \"Port\", \"text\": \"{words}\"}}\n")
    };
    let opened = "The harbour office said on Monday that the port had opened again.";
    let shut = "The harbour office said on Monday that the port stays shut.";
    let input = [report("a", opened), report("b", opened), report("a", shut), report("a", opened)].concat();
    let output = with_input(&["read", "--format", "jsonl", "--threads", "2", "-"], input.as_bytes());
    let read: Vec<Record> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let versions: Vec<Option<&str>> = read.iter().map(|r| r.report.version_of.as_deref()).collect();
    assert_eq!(versions, [None, None, Some(read[0].report.content_id.as_str()), None]);
    assert_eq!(read[2].report.id, read[0].report.id);
}

#[test]
fn a_bad_file_among_good_ones_is_an_error_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "The mayor said the bridge was safe.").unwrap();
    fs::write(folder.path().join("b.txt"), b"\x89PNG\r\n\x1a\n\0\0\0\0").unwrap();
    fs::write(folder.path().join("c.txt"), "The driver denied he was late.").unwrap();
    let path = folder.path().display().to_string();
    let output = annalist(&["read", "--format", "jsonl", &path]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<Line> = text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(matches!((&lines[0], &lines[1], &lines[2]), (Line::Record(_), Line::Error(_), Line::Record(_))));
    let output = annalist(&["read", &path]);
    let message = text(&output.stderr);
    assert!(message.contains("b.txt") && message.contains("save the report's text"), "{message}");
    assert!(text(&output.stdout).contains("mayor") && text(&output.stdout).contains("driver"));
}

#[test]
fn bad_input_gives_one_clear_message() {
    let fails = |input: &[u8], words: &str| {
        let output = with_input(&["read"], input);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.contains(words), "{message}");
    };
    fails(b"", "no text");
    fails(b" \n\t\n", "no text");
    fails(&[0, 1, 2, 3, 200, 201, 0, 0], "not text");
    fails(b"%PDF-1.7 ...", "a PDF file");
    fails(&vec![b'a'; 50 << 20], "larger than");
    let missing = annalist(&["read", "no-such-file.txt"]);
    assert!(text(&missing.stderr).contains("no-such-file.txt"));
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(annalist(&["read", "--date", "yesterday", "-"]).status.code(), Some(2));
}

#[test]
fn odd_text_is_read_all_the_same() {
    let reads = |input: &[u8]| {
        let output = with_input(&["read", "--format", "json"], input);
        assert!(output.status.success(), "{}", text(&output.stderr));
        record(&output)
    };
    assert!(reads(b"The mayor said \xff\xfe it was fine.").report.text.contains("The mayor said"));
    reads("“”“”\"\"''‘’«»„”".as_bytes());
    reads("قالت الوزيرة إن المحادثات ستستمر يوم الثلاثاء في العاصمة وفق بيان رسمي".as_bytes());
    let long = "the mayor of the town said that the bridge was safe and ".repeat(300);
    assert!(!reads(long.as_bytes()).statements.is_empty());
    reads("x".repeat(1 << 20).as_bytes());
    reads("a\u{0}b\u{1}c said so.".as_bytes());
}

#[test]
fn as_is_keeps_everything() {
    let raw = "[ad_1]\n\nThe mayor said the bridge was safe.\n\nSource link";
    let record = record(&with_input(&["read", "--as-is", "--format", "json"], raw.as_bytes()));
    assert_eq!(record.report.text, raw);
    assert!(record.report.removed.is_empty());
}

#[test]
fn the_date_is_the_one_given_or_none() {
    let read = |arguments: &[&str]| record(&with_input(arguments, b"The mayor said on Monday that it was fine."));
    let dated = read(&["read", "--format", "json", "--date", "2026-03-12"]);
    assert_eq!(dated.report.published.as_deref(), Some("2026-03-12"));
    assert_eq!(read(&["read", "--format", "json"]).report.published, None);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_annalist"))
        .args(["read", "--format", "jsonl", &example(), &example(), &example()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}
