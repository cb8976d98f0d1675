//! Web pages: the report's text, and what the page says of it.
//!
//! `extraction` counts as the Article Extraction Benchmark does (Scrapinghub 2020): shingles of four words; of each page those
//! shared, extra and missing, as shares of their sum; mean precision over pages, mean recall over pages, and the F1 of these
//! means. `metadata` counts pages whose day, title and authors are right, case and white space folded.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use annalist_pipeline::{Options, report_of_page};
use annalist_record::Report;
use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{interval, jsonl, percent, predict_all};

/// A page of a gold file: the fields that its task has.
#[derive(Debug, Deserialize)]
struct Gold {
    id: String,
    url: Option<String>,
    /// The gzipped page, beside the gold file.
    html: String,
    article_body: Option<String>,
    title: Option<String>,
    date: Option<String>,
    #[serde(default)]
    author: Option<Vec<String>>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// Shared, extra and missing shingles of a page, as shares of their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shingles {
    shared: f64,
    extra: f64,
    missing: f64,
}

impl Shingles {
    /// Compares the text found with the text known.
    pub fn of(gold: &str, found: &str) -> Shingles {
        let (gold, found) = (shingles(gold), shingles(found));
        let (mut shared, mut missing, mut extra) = (0, 0, 0);
        for (shingle, &n) in &gold {
            let m = found.get(shingle).copied().unwrap_or(0);
            shared += n.min(m);
            missing += n.saturating_sub(m);
        }
        for (shingle, &m) in &found {
            extra += m.saturating_sub(gold.get(shingle).copied().unwrap_or(0));
        }
        let sum = (shared + extra + missing).max(1) as f64;
        Shingles { shared: shared as f64 / sum, extra: extra as f64 / sum, missing: missing as f64 / sum }
    }

    /// Mean precision (over pages with found shingles), mean recall (over pages with known ones), F1 of the two; in percent.
    pub fn mean(all: &[Shingles]) -> [f64; 3] {
        let mean = |part: &dyn Fn(&Shingles) -> f64| {
            let shares: Vec<f64> =
                all.iter().filter(|s| s.shared + part(s) > 0.0).map(|s| s.shared / (s.shared + part(s))).collect();
            100.0 * shares.iter().sum::<f64>() / shares.len().max(1) as f64
        };
        let (precision, recall) = (mean(&|s| s.extra), mean(&|s| s.missing));
        let sum = precision + recall;
        [precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }]
    }
}

/// Four words in a row and how often; a shorter text is one shingle.
fn shingles(text: &str) -> HashMap<Vec<&str>, usize> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut found = HashMap::new();
    if !words.is_empty() {
        for shingle in words.windows(4.min(words.len())) {
            *found.entry(shingle.to_vec()).or_insert(0) += 1;
        }
    }
    found
}

/// The pages of a gold file, read by the program; the reports with the CPU time they took.
struct Pages {
    gold: Vec<(Gold, String)>,
    reports: Vec<Option<Report>>,
    seconds: f64,
}

impl Pages {
    fn read(gold: &Path, threads: usize) -> Result<Pages> {
        let folder = gold.parent().unwrap_or(Path::new("."));
        let gold: Vec<(Gold, String)> = jsonl::read(gold, |_: &Gold| Ok(()))?;
        let sources = gold.iter().map(|(page, _)| unpacked(&folder.join(&page.html))).collect::<Result<Vec<_>>>()?;
        let both: Vec<_> = gold.iter().zip(&sources).collect();
        let began = ProcessTime::now();
        let reports = predict_all(&both, threads, |((page, _), source)| {
            Ok(report_of_page(&page.id, source, page.url.as_deref(), &Options::default()).ok())
        })?;
        let seconds = began.elapsed().as_secs_f64();
        drop(both);
        Ok(Pages { gold, reports, seconds })
    }

    fn text(&self, i: usize) -> &str {
        self.reports[i].as_ref().map_or("", |r| &r.text)
    }

    fn pace(&self, out: &mut dyn Write) -> Result<()> {
        let failed = self.reports.iter().filter(|r| r.is_none()).count();
        Ok(writeln!(
            out,
            "{} pages ({failed} gave no report), {:.2} CPU seconds: {:.0} pages a CPU second",
            self.gold.len(),
            self.seconds,
            self.gold.len() as f64 / self.seconds.max(1e-6)
        )?)
    }
}

fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{}: is not a gzip file", path.display()))?;
    Ok(bytes)
}

/// Scores the text of pages and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn extraction(gold: &Path, predictions: Option<&Path>, threads: usize, out: &mut dyn Write) -> Result<()> {
    let pages = Pages::read(gold, threads)?;
    let known = |(page, _): &(Gold, String)| page.article_body.clone();
    let bodies: Vec<String> = pages.gold.iter().filter_map(known).collect();
    ensure!(bodies.len() == pages.gold.len(), "{}: a page without `article_body`", gold.display());
    let scores: Vec<Shingles> = bodies.iter().enumerate().map(|(i, body)| Shingles::of(body, pages.text(i))).collect();
    let figures = Shingles::mean(&scores);
    for (k, name) in ["precision", "recall", "F1"].into_iter().enumerate() {
        let (low, high) =
            interval(scores.len(), |drawn| Shingles::mean(&drawn.iter().map(|&i| scores[i]).collect::<Vec<_>>())[k]);
        writeln!(out, "{name:<10} {:5.1}  [{low:.1}, {high:.1}]", figures[k])?;
    }
    pages.pace(out)?;
    write(predictions, &pages, |_, report| vec![("article_body", json!(report.map(|r| &r.text)))])
}

/// Scores day, title and authors of pages and prints.
///
/// # Errors
/// As [`extraction`].
pub fn metadata(gold: &Path, predictions: Option<&Path>, threads: usize, out: &mut dyn Write) -> Result<()> {
    let pages = Pages::read(gold, threads)?;
    let names = |authors: &[String]| {
        let mut names: Vec<String> = authors.iter().map(|a| fold(a)).collect();
        names.sort();
        names
    };
    let each = |right: &dyn Fn(&Gold, Option<&Report>) -> Option<bool>| -> Vec<bool> {
        pages.gold.iter().zip(&pages.reports).filter_map(|((g, _), r)| right(g, r.as_ref())).collect()
    };
    let date = each(&|g, r| {
        let day = r.and_then(|r| r.published.as_deref()).and_then(|p| p.get(..10));
        Some(day == Some(g.date.as_deref()?))
    });
    let title = each(&|g, r| {
        let found = r.and_then(|r| r.title.as_deref()).map(fold);
        Some(found == Some(fold(g.title.as_deref()?)))
    });
    let author = each(&|g, r| {
        let gold = g.author.as_deref().filter(|a| !a.is_empty())?;
        Some(r.is_some_and(|r| names(&r.authors) == names(gold)))
    });
    for (name, right) in [("date", date), ("title", title), ("author", author)] {
        let share = |drawn: &[usize]| percent(drawn.iter().filter(|&&i| right[i]).count(), drawn.len());
        let (low, high) = interval(right.len(), share);
        let all: Vec<usize> = (0..right.len()).collect();
        writeln!(out, "{name:<10} {:5.1}  [{low:.1}, {high:.1}]  (n {})", share(&all), right.len())?;
    }
    let (mut found, mut wanted, mut extra) = (0, 0, 0);
    for (i, (g, _)) in pages.gold.iter().enumerate() {
        let text = fold(pages.text(i));
        let held = |s: &&String| text.contains(&fold(s));
        found += g.with.iter().filter(held).count();
        wanted += g.with.len();
        extra += g.without.iter().filter(held).count();
    }
    writeln!(out, "segments   P {:5.1}  R {:5.1}", percent(found, found + extra), percent(found, wanted))?;
    pages.pace(out)?;
    write(predictions, &pages, |_, report| {
        vec![
            ("title", json!(report.and_then(|r| r.title.as_ref()))),
            ("date", json!(report.and_then(|r| r.published.as_ref()?.get(..10)))),
            ("author", json!(report.map(|r| &r.authors))),
        ]
    })
}

fn write(
    predictions: Option<&Path>,
    pages: &Pages,
    fields: impl Fn(&Gold, Option<&Report>) -> Vec<(&'static str, Value)>,
) -> Result<()> {
    let Some(path) = predictions else { return Ok(()) };
    let lines = pages.gold.iter().zip(&pages.reports);
    jsonl::write(path, lines.map(|((gold, line), report)| (line.clone(), fields(gold, report.as_ref()))))
}

/// Lower case, white space as single spaces.
fn fold(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shingles_are_shared_extra_and_missing() {
        let same = Shingles::of("a b c d e", "A b c d e");
        assert_eq!((same.shared, same.missing), (1.0 / 3.0, 1.0 / 3.0));
        let half = Shingles::of("a b c d e f", "a b c d");
        assert_eq!((half.shared, half.extra, half.missing), (1.0 / 3.0, 0.0, 2.0 / 3.0));
        let [precision, recall, _] = Shingles::mean(&[half, half]);
        assert!(precision == 100.0 && (recall - 100.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_found_counts_against_recall_only() {
        let none = Shingles::of("a b c d", "");
        let all = Shingles::of("a b c d", "a b c d");
        let [precision, recall, _] = Shingles::mean(&[none, all]);
        assert_eq!((precision, recall), (100.0, 50.0));
    }
}
