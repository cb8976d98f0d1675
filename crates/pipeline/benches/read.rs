//! Words read a second, from bytes to record with everything on, on one thread: `cargo bench -p annalist-pipeline`.

use annalist_pipeline::{Options, Reader};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

const REPORT: &str = include_str!("../../../examples/harbour-talks.txt");

/// One report of some 370 words, and one twenty times as long.
#[divan::bench(args = [1, 20])]
fn read(bencher: Bencher, copies: usize) {
    let reader = Reader::new().expect("the built-in model loads");
    let options = Options { as_is: true, ..Options::default() };
    let text = REPORT.repeat(copies);
    let words = text.split_whitespace().count();
    bencher
        .counter(ItemsCount::new(words))
        .bench(|| reader.read_bytes("report", divan::black_box(text.as_bytes()), &options));
}

/// From nothing to a reader that can read.
#[divan::bench]
fn load() -> Reader {
    Reader::new().expect("the built-in model loads")
}
