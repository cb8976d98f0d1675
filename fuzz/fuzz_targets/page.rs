//! Any page to its report: every character of the page is kept or removed, once.
#![no_main]

use annalist_intake::html::read;
use annalist_knowledge::Knowledge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let html = String::from_utf8_lossy(bytes);
    let page = read(&html, Some("https://press.example/2021/05/03/port"), Knowledge::english().pages());
    annalist_fuzz::check(&html, &page.text, &page.segments, &page.removed);
});
