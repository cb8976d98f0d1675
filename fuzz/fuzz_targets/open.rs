//! Any bytes, as any form they may have, to reports.
#![no_main]

use std::io::Cursor;

use annalist_intake::{Kind, Options, open, report_of};
use annalist_knowledge::Knowledge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = Options { largest: 1 << 16, ..Options::default() };
    for raw in open("fuzz", Cursor::new(bytes.to_vec()), &options).take(1000).flatten() {
        assert!(raw.name.starts_with("fuzz"));
        // What opens PDF files is not ours.
        if raw.kind != Kind::Pdf {
            let _ = report_of(raw, &options, Knowledge::english());
        }
    }
});
