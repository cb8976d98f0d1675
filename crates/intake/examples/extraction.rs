//! Scores the reading of web pages on a folder of pages with known text: `extraction FOLDER [--pages] [--dump FILE] [--trace ID]`.
//!
//! The folder holds `ground_truth.dev.jsonl` (`article_body`) and `meta.dev.jsonl` (`title`, `author`, `date`, `with`, `without`),
//! each with the page's gzipped file in `html`. `--dump` writes what was read, by the pages' ids. CPU seconds are those of whole reports, from
//! the page's bytes on.

#[path = "extraction/score.rs"]
mod score;

use std::io::Read;
use std::path::Path;

use annalist_intake::{Body, Kind, Options, Raw, report_of};
use annalist_knowledge::Knowledge;
use annalist_record::Report;
use serde_json::{Value, json};

use score::{Counts, Date, Meta, interval};

struct Gold {
    record: Value,
    html: Vec<u8>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("name the folder with the pages")?;
    let folder = Path::new(folder);
    let pages = arguments.iter().any(|a| a == "--pages");
    let dump = arguments.iter().position(|a| a == "--dump").and_then(|i| arguments.get(i + 1));
    let bodies = load(folder, "ground_truth.dev.jsonl")?;
    let metas = load(folder, "meta.dev.jsonl")?;
    let read = |gold: &Gold| {
        let mut raw = Raw::new("", Body::Bytes(gold.html.clone()), Kind::Html);
        raw.known.url = gold.record["url"].as_str().map(str::to_string);
        report_of(raw, &Options::default(), Knowledge::english()).unwrap_or_default()
    };
    // What is known is read when it is first needed.
    bodies.first().map(read);
    let start = cpu_seconds()?;
    let body_pages: Vec<Report> = bodies.iter().map(read).collect();
    let spent = cpu_seconds()? - start;
    let meta_pages: Vec<Report> = metas.iter().map(read).collect();

    let counts: Vec<Counts> = bodies
        .iter()
        .zip(&body_pages)
        .map(|(gold, page)| Counts::of(gold.record["article_body"].as_str().unwrap_or_default(), &page.text))
        .collect();
    if pages {
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|&a, &b| counts[a].f1().total_cmp(&counts[b].f1()));
        for i in order {
            let c = &counts[i];
            let id = bodies[i].record["id"].as_str().unwrap_or_default();
            println!(
                "{:.3} P {:.3} R {:.3} {} {}",
                c.f1(),
                c.precision(),
                c.recall(),
                &id[..6.min(id.len())],
                bodies[i].record["domain"]
            );
        }
    }
    if let Some(trace) = arguments.iter().position(|a| a == "--trace").and_then(|i| arguments.get(i + 1)) {
        for (gold, page) in bodies.iter().zip(&body_pages).chain(metas.iter().zip(&meta_pages)) {
            if gold.record["id"].as_str().is_some_and(|id| id.starts_with(trace.as_str())) {
                let source: Vec<char> = String::from_utf8_lossy(&gold.html).chars().collect();
                for removed in page.removed.iter().filter(|r| r.reason != "markup") {
                    let text: String = source[removed.start..removed.end].iter().collect();
                    println!("{:>12} {}", removed.reason, text.split_whitespace().collect::<Vec<_>>().join(" "));
                }
            }
        }
    }
    let (precision, recall, f1) = Counts::mean(&counts);
    let (low, high) =
        interval(counts.len(), |sample| Counts::mean(&sample.iter().map(|&i| counts[i]).collect::<Vec<_>>()).2);
    println!(
        "body   {} pages: F1 {f1:.4} [{low:.3}, {high:.3}]  precision {precision:.4}  recall {recall:.4}",
        counts.len()
    );

    let scores: Vec<Meta> = metas.iter().zip(&meta_pages).map(|(gold, page)| Meta::of(&gold.record, page)).collect();
    for (name, field) in [("date", 0), ("title", 1), ("author", 2)] {
        let known: Vec<bool> = scores.iter().filter_map(|s| s.fields[field]).collect();
        let share = |right: usize, all: usize| right as f64 / all.max(1) as f64;
        let accuracy = share(known.iter().filter(|&&r| r).count(), known.len());
        let (low, high) =
            interval(known.len(), |sample| share(sample.iter().filter(|&&i| known[i]).count(), sample.len()));
        println!("{name:<6} {} pages: accuracy {accuracy:.3} [{low:.3}, {high:.3}]", known.len());
    }
    if pages {
        for (gold, (page, score)) in metas.iter().zip(meta_pages.iter().zip(&scores)) {
            let id = &gold.record["id"].as_str().unwrap_or_default()[..6];
            let date = page.published.as_deref().map(Date::day);
            for (field, name, found) in [
                (0, "date", format!("{date:?} {:?}", page.published_from)),
                (1, "title", format!("{:?}", page.title)),
                (2, "author", format!("{:?}", page.authors)),
            ] {
                if score.fields[field] == Some(false) {
                    println!("  {id} {name}: gold {} found {found} {}", gold.record[name], gold.record["domain"]);
                }
            }
            if score.missing + score.extra > 0 {
                println!("  {id} segments: missing {} extra {} {}", score.missing, score.extra, gold.record["domain"]);
            }
        }
    }
    let sum = |f: fn(&Meta) -> usize| scores.iter().map(f).sum::<usize>() as f64;
    let (found, missing, extra) = (sum(|s| s.found), sum(|s| s.missing), sum(|s| s.extra));
    println!("segments: precision {:.3} recall {:.3}", found / (found + extra), found / (found + missing));
    println!("{spent:.2} CPU-seconds for the {} body pages", bodies.len());
    if let Some(dump) = dump {
        let all: serde_json::Map<String, Value> = bodies
            .iter()
            .zip(&body_pages)
            .chain(metas.iter().zip(&meta_pages))
            .map(|(gold, report)| {
                let found = json!({
                    "text": report.text, "title": report.title, "author": report.authors,
                    "date": report.published.as_deref().map(Date::day), "date_from": report.published_from,
                });
                (gold.record["id"].as_str().unwrap_or_default().to_string(), found)
            })
            .collect();
        std::fs::write(dump, serde_json::to_string(&all)?)?;
    }
    Ok(())
}

fn load(folder: &Path, file: &str) -> Result<Vec<Gold>, Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    for line in std::fs::read_to_string(folder.join(file))?.lines() {
        let record: Value = serde_json::from_str(line)?;
        let name = record["html"].as_str().ok_or("a record without `html`")?;
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(std::fs::File::open(folder.join(name))?).read_to_end(&mut bytes)?;
        all.push(Gold { record, html: bytes });
    }
    Ok(all)
}

/// User and system time of this process.
fn cpu_seconds() -> Result<f64, Box<dyn std::error::Error>> {
    Ok(cpu_time::ProcessTime::try_now()?.as_duration().as_secs_f64())
}
