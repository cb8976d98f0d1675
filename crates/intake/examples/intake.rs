//! Prints the report of every document in files, a line of JSON each:
//!
//! ```text
//! cargo run -p annalist-intake --example intake -- talks.txt news.jsonl feed.xml crawl.warc.gz
//! ```

use std::path::Path;

use annalist_intake::{Options, files, open_file, report_of};
use annalist_knowledge::Knowledge;

fn main() {
    let options = Options::default();
    for argument in std::env::args().skip(1) {
        let paths = files(Path::new(&argument)).unwrap_or_else(|error| {
            eprintln!("{error}");
            Vec::new()
        });
        for raw in paths.iter().flat_map(|path| open_file(path, &options)) {
            let report = raw.and_then(|raw| report_of(raw, &options, Knowledge::english()));
            match report.map(|report| serde_json::to_string(&report)) {
                Ok(Ok(line)) => println!("{line}"),
                Ok(Err(error)) => eprintln!("{error}"),
                Err(error) => eprintln!("{error}"),
            }
        }
    }
}
