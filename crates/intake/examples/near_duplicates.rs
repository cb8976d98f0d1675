//! Measures how well signatures tell reprints from other stories, on files of texts in JSON Lines:
//!
//! ```text
//! cargo run --release -p annalist-intake --example near_duplicates -- guardian_sdf.jsonl ecbplus.train.jsonl …
//! ```
//!
//! Of every text of at least eight paragraphs or sentences a reprint is made: another headline and byline, two paragraphs cut,
//! other quotation marks and line ends; and a harder one, of which half is cut. All pairs of texts within a file are taken as
//! different, unless a long stretch of the one stands word by word in the other: those are reprints that are in the collection,
//! and are counted on their own. Pairs of one story (the field `story` or `topic`) are also counted on their own.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use annalist_intake::{Body, Options, REPRINT, Signature, open_file};

/// Two texts with this many words in a row in common, one in ten of the shorter one's, are held to be prints of one text in
/// part at least, and are not counted as different.
const ROW: usize = 12;

struct Text {
    text: String,
    signature: Signature,
    story: Option<String>,
}

fn main() {
    let (mut texts, mut reprints, mut halves) = (Vec::new(), Vec::new(), Vec::new());
    let mut files = Vec::new();
    for file in std::env::args().skip(1) {
        let from = texts.len();
        let stories = stories(&file);
        for raw in open_file(Path::new(&file), &Options::default()) {
            let raw = match raw {
                Ok(raw) => raw,
                Err(error) => {
                    eprintln!("{error}");
                    continue;
                }
            };
            let Body::Text(text) = raw.body else { continue };
            let i = texts.len();
            if let Some(reprint) = reprint(&text, i, 2) {
                reprints.push((i, Signature::of(&reprint)));
            }
            if let Some(half) = reprint_half(&text, i) {
                halves.push((i, Signature::of(&half)));
            }
            let story = raw.known.input_id.as_ref().and_then(|id| stories.get(id)).cloned();
            texts.push(Text { signature: Signature::of(&text), text, story });
        }
        files.push((file, from..texts.len()));
    }
    let score = |(i, signature): &(usize, Signature)| texts[*i].signature.contained(signature);
    let (reprints, halves): (Vec<f64>, Vec<f64>) =
        (reprints.iter().map(score).collect(), halves.iter().map(score).collect());
    let (mut different, mut same_story, mut known) = (Vec::new(), Vec::new(), Vec::new());
    let mut closest: Vec<(f64, usize, usize)> = Vec::new();
    for (_, range) in &files {
        let rows: Vec<HashSet<u64>> = range.clone().map(|i| rows(&texts[i].text)).collect();
        for a in range.clone() {
            for b in range.clone().skip(a + 1 - range.start) {
                let score = texts[a].signature.contained(&texts[b].signature);
                let (ra, rb) = (&rows[a - range.start], &rows[b - range.start]);
                let common = ra.intersection(rb).count();
                if common > 0 && common * 10 >= ra.len().min(rb.len()) {
                    known.push(score);
                } else {
                    let story = texts[a].story.is_some() && texts[a].story == texts[b].story;
                    if story { &mut same_story } else { &mut different }.push(score);
                    if score >= 0.2 {
                        closest.push((score, a, b));
                    }
                }
            }
        }
    }
    println!("{} texts, {} reprints, {} reprints of half", texts.len(), reprints.len(), halves.len());
    println!(
        "{} pairs of different stories, {} of one story, {} prints of one text in the files",
        different.len(),
        same_story.len(),
        known.len()
    );
    println!(
        "threshold  found  found of half  found in the files  wrong: different  wrong: one story  precision  recall"
    );
    let above = |scores: &[f64], t: f64| scores.iter().filter(|&&s| s >= t).count();
    let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    for t in [0.2, 0.3, 0.4, REPRINT, 0.6, 0.7, 0.8] {
        let (found, wrong) = (above(&reprints, t), above(&different, t) + above(&same_story, t));
        println!(
            "{t:9.2} {:6.3} {:14.3} {:19.3} {:17} {:17} {:10.4} {:7.4}",
            share(found, reprints.len()),
            share(above(&halves, t), halves.len()),
            share(above(&known, t), known.len()),
            above(&different, t),
            above(&same_story, t),
            share(found, found + wrong),
            share(found, reprints.len()),
        );
    }
    closest.sort_by(|x, y| y.0.total_cmp(&x.0));
    println!("closest pairs held to be different:");
    for (score, a, b) in closest.iter().take(12) {
        let start = |i: usize| texts[i].text.chars().take(60).collect::<String>().replace('\n', " ");
        println!("{score:.2} {a} | {} || {b} | {}", start(*a), start(*b));
    }
    keys(&texts);
}

/// How many comparisons keys leave.
fn keys(texts: &[Text]) {
    let mut index: HashMap<u32, Vec<usize>> = HashMap::new();
    for (i, text) in texts.iter().enumerate() {
        text.signature.keys().for_each(|key| index.entry(key).or_default().push(i));
    }
    let (mut pairs, mut prints, mut missed) = (HashSet::new(), 0, 0);
    for list in index.values() {
        for (n, a) in list.iter().enumerate() {
            pairs.extend(list[n + 1..].iter().map(|b| (*a, *b)));
        }
    }
    for a in 0..texts.len() {
        for b in a + 1..texts.len() {
            if texts[a].signature.is_reprint_of(&texts[b].signature) {
                prints += 1;
                missed += usize::from(!pairs.contains(&(a, b)));
            }
        }
    }
    let all = texts.len() * texts.len().saturating_sub(1) / 2;
    println!("keys leave {} of {all} pairs to compare and miss {missed} of {prints} prints of one text", pairs.len());
}

/// The stories of a file's texts, by id.
fn stories(file: &str) -> HashMap<String, String> {
    let content = std::fs::read_to_string(file).unwrap_or_default();
    let records = content.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    records
        .filter_map(|record| {
            let field = |name: &str| record.get(name).map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string));
            Some((field("id")?, field("story").or_else(|| field("topic"))?))
        })
        .collect()
}

/// Paragraphs, or sentences where there are none.
fn parts(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() >= 8 { lines } else { text.split_inclusive(". ").collect() }
}

/// The text with another head, `cut` parts less, and other typography.
fn reprint(text: &str, seed: usize, cut: usize) -> Option<String> {
    let parts = parts(text);
    if parts.len() < 8 {
        return None;
    }
    let first = 1 + seed * 7 % (parts.len() - 1);
    let second = 1 + (seed * 13 + 3) % (parts.len() - 1);
    let kept = parts.iter().enumerate().filter(|(i, _)| cut < 2 || *i != first && *i != second).map(|(_, part)| *part);
    let body: Vec<&str> = kept.skip(1).collect();
    let text = format!(
        "ANOTHER HEADLINE FOR THE SAME REPORT ({seed})\r\n\r\nBy Our Own Correspondent\r\n\r\n{}",
        body.join("\r\n\r\n")
    );
    Some(text.replace(['“', '”'], "\"").replace('’', "'").replace(" – ", " -- ").replace(" - ", " — "))
}

/// The text with another head and without its second half.
fn reprint_half(text: &str, seed: usize) -> Option<String> {
    let parts = parts(text);
    let half = parts.len() / 2;
    (parts.len() >= 8).then(|| {
        format!("ANOTHER HEADLINE ({seed})\n\nBy Our Own Correspondent\n\n{}", parts[1..half.max(2)].join("\n\n"))
    })
}

/// Runs of [`ROW`] words.
fn rows(text: &str) -> HashSet<u64> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words
        .windows(ROW.min(words.len().max(1)))
        .map(|row| {
            let mut hasher = DefaultHasher::new();
            row.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}
