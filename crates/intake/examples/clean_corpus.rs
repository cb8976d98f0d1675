//! Lists what intake takes away from texts that are already clean, on files of texts in JSON Lines; nothing should be:
//!
//! ```text
//! cargo run --release -p annalist-intake --example clean_corpus -- polnear.train.jsonl guardian_sdf.jsonl …
//! ```
//!
//! With it stands how many dates that were read from the texts' heads agree with the records', and what languages were told.

use std::collections::BTreeMap;
use std::path::Path;

use annalist_intake::{Body, Kind, Options, Raw, open_file, report_of};
use annalist_knowledge::Knowledge;

fn main() {
    let options = Options::default();
    for file in std::env::args().skip(1) {
        let (mut texts, mut changed, mut failed) = (0, 0, 0);
        let (mut reasons, mut languages) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
        let (mut dated, mut right, mut authors) = (0, 0, 0);
        for raw in open_file(Path::new(&file), &options) {
            texts += 1;
            let raw = match raw {
                Ok(raw) => raw,
                Err(error) => {
                    failed += 1;
                    eprintln!("{error}");
                    continue;
                }
            };
            let Body::Text(text) = &raw.body else { continue };
            // Only the text: what else is known of it is what is to be found.
            let mut bare = Raw::new(raw.name.clone(), Body::Text(text.clone()), Kind::Text);
            bare.warnings.clear();
            let report = match report_of(bare, &options, Knowledge::english()) {
                Ok(report) => report,
                Err(error) => {
                    failed += 1;
                    eprintln!("{error}");
                    continue;
                }
            };
            *languages.entry(format!("{:?} {:?}", report.language, report.warnings)).or_default() += 1;
            if let Some(date) = &report.published {
                dated += 1;
                let same = raw.known.published.as_deref() == Some(date);
                right += usize::from(same);
                if !same {
                    println!("{}: date {date}, not {:?} ({:?})", raw.name, raw.known.published, report.published_from);
                }
            }
            authors += usize::from(!report.authors.is_empty());
            if report.text == *text {
                continue;
            }
            changed += 1;
            let points: Vec<char> = text.chars().collect();
            for removed in &report.removed {
                *reasons.entry(removed.reason.clone()).or_default() += 1;
                if removed.reason != "space" {
                    let what: String = points[removed.start..removed.end].iter().take(100).collect();
                    println!("{}: {}: {}", raw.name, removed.reason, what.trim().replace('\n', " / "));
                }
            }
        }
        println!("{file}: {texts} texts, {failed} failed, {changed} not byte for byte: {reasons:?}");
        println!("  {dated} dated from the text, {right} as the record; {authors} with authors");
        languages.iter().for_each(|(language, count)| println!("  {count:5} {language}"));
    }
}
