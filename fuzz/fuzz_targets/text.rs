//! Any text, cleaned: every character is kept or removed, once, and what is clean already stays.
#![no_main]

use annalist_intake::{Body, Kind, Options, Raw, report_of};
use annalist_knowledge::Knowledge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let read = |text: &str, as_is: bool| {
        let options = Options { as_is, ..Options::default() };
        report_of(Raw::new("fuzz", Body::Text(text.to_string()), Kind::Text), &options, Knowledge::english())
    };
    let Ok(report) = read(&text, false) else { return };
    annalist_fuzz::check(&text, &report.text, &report.segments, &report.removed);
    if let Ok(same) = read(&text, true) {
        assert_eq!(same.text, text);
        annalist_fuzz::check(&text, &same.text, &same.segments, &same.removed);
    }
});
