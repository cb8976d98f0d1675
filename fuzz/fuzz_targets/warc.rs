//! Web archives, which may be cut off, lie about lengths, and hold anything.
#![no_main]

use std::io::{Cursor, Read};

use annalist_intake::{Kind, Options, open, report_of};
use annalist_knowledge::Knowledge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = Options { largest: 1 << 14, ..Options::default() };
    let stream = Cursor::new(b"WARC/1.0\r\n").chain(Cursor::new(bytes.to_vec()));
    for raw in open("fuzz", stream, &options).take(1000).flatten() {
        if raw.kind != Kind::Pdf {
            let _ = report_of(raw, &options, Knowledge::english());
        }
    }
});
