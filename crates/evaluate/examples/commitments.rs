//! Commitments of `desk.{train,dev}.jsonl`: the score of what the program reads, or, with `--evidence`, every candidate with whether it is one
//! and its features, to learn weights from (training/commitments.py).
//!
//! A predicted commitment is right when its words and a gold one's have a token Jaccard of .3 or more, one to one.
//!
//! `cargo run -p annalist-evaluate --example commitments -- GOLD [--evidence]`

use std::collections::HashSet;

use annalist_pipeline::{Options, Reader, in_order};
use annalist_reading::commitments::{Known, evidence};
use annalist_record::Span;
use serde::Deserialize;

#[derive(Deserialize)]
struct Gold {
    id: String,
    date: Option<String>,
    text: String,
    commitments: Vec<Bound>,
}

#[derive(Deserialize)]
struct Bound {
    kind: String,
    what: At,
    by: Option<At>,
    to: Option<At>,
    due: Option<At>,
}

#[derive(Deserialize, Clone)]
struct At {
    start: usize,
    end: usize,
}

/// The places of the words in a stretch of a text.
fn words(text: &[char], start: usize, end: usize) -> HashSet<usize> {
    let begins = |i: usize| text[i].is_alphanumeric() && (i == start || !text[i - 1].is_alphanumeric());
    (start..end.min(text.len())).filter(|&i| begins(i)).collect()
}

fn jaccard(a: &HashSet<usize>, b: &HashSet<usize>) -> f64 {
    let both = a.intersection(b).count();
    if both == 0 { 0.0 } else { both as f64 / (a.len() + b.len() - both) as f64 }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or_else(|| anyhow::anyhow!("usage: commitments GOLD [--evidence]"))?;
    let learning = arguments.next().is_some();
    let reader = Reader::new()?;
    let contents = std::fs::read_to_string(file)?;
    let golds: Vec<Gold> = contents.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut totals = [0usize; 12];
    let read = |gold: &Gold, (): &()| -> anyhow::Result<(String, [usize; 12])> {
        let options = Options { as_is: true, date: gold.date.clone(), ..Options::default() };
        let record = reader.read_plain(&gold.text, &options)?;
        let chars: Vec<char> = gold.text.chars().collect();
        let told: Vec<HashSet<usize>> =
            gold.commitments.iter().map(|g| words(&chars, g.what.start, g.what.end)).collect();
        let mut lines = String::new();
        if learning {
            let analysis = reader.analyse(&gold.text)?;
            let known = Known {
                statements: &record.statements,
                times: &record.times,
                actors: &record.actors,
                events: &record.events,
            };
            for (span, features) in evidence(&gold.text, &analysis, annalist_knowledge::Knowledge::english(), known) {
                let own = words(&chars, span.start, span.end);
                let best = told
                    .iter()
                    .map(|w| jaccard(w, &own))
                    .enumerate()
                    .fold((0, 0.0), |m, x| if x.1 > m.1 { x } else { m });
                let kind = gold.commitments.get(best.0).map_or("", |g| &g.kind);
                lines += &format!(
                    "{}\t{}\t{}\t{:.3}\t{}\t{kind}\t{}\n",
                    gold.id,
                    span.start,
                    span.end,
                    best.1,
                    best.0,
                    features.join("\t")
                );
            }
            lines += &format!("{}\tgold\t{}\n", gold.id, told.len());
            return Ok((lines, [0; 12]));
        }
        let mut used = HashSet::new();
        let mut n = [0; 12];
        n[1] = record.commitments.len();
        n[2] = told.len();
        for c in &record.commitments {
            let own = words(&chars, c.what.start, c.what.end);
            let best = (0..told.len())
                .filter(|i| !used.contains(i))
                .map(|i| (i, jaccard(&told[i], &own)))
                .fold((0, 0.0), |m, x| if x.1 > m.1 { x } else { m });
            let right = best.1 >= 0.3;
            lines +=
                &format!("{}\t{}\t{:?}\t{}\n", gold.id, if right { "right" } else { "wrong" }, c.kind, c.what.text);
            if !right {
                continue;
            }
            used.insert(best.0);
            n[0] += 1;
            let g = &gold.commitments[best.0];
            n[3] += usize::from(format!("{:?}", c.kind).to_lowercase() == g.kind);
            let mentions = |id: &Option<String>| -> Vec<Span> {
                let actor = record.actors.iter().find(|a| Some(&a.id) == id.as_ref());
                actor.map_or_else(Vec::new, |a| a.mentions.iter().map(|m| m.span.clone()).collect())
            };
            let due: Vec<Span> =
                record.times.iter().filter(|t| Some(&t.id) == c.due.as_ref()).map(|t| t.span.clone()).collect();
            let told = [("by", &g.by, mentions(&c.by)), ("to", &g.to, mentions(&c.to)), ("due", &g.due, due)];
            for (k, (role, gold, found)) in told.into_iter().enumerate() {
                let hit = gold.as_ref().is_some_and(|g| found.iter().any(|s| s.start < g.end && g.start < s.end));
                let right = hit || (gold.is_none() && found.is_empty());
                n[4 + 2 * k] += usize::from(right);
                n[5 + 2 * k] += 1;
                if !right {
                    let gold: String = gold.iter().flat_map(|g| &chars[g.start..g.end]).collect();
                    let found = found.first().map_or("", |s| &s.text);
                    lines += &format!("  {role}: {gold:?}, not {found:?}\n");
                }
            }
        }
        for (i, g) in gold.commitments.iter().enumerate().filter(|(i, _)| !used.contains(i)) {
            let text: String = chars[g.what.start..g.what.end].iter().collect();
            lines += &format!("{}\tmissed\t{}\t{text} {i}\n", gold.id, g.kind);
        }
        Ok((lines, n))
    };
    let mut failed = None;
    in_order(golds.iter(), &[(), ()], read, |result| match result {
        Ok((lines, n)) => {
            print!("{lines}");
            totals.iter_mut().zip(n).for_each(|(t, n)| *t += n);
            true
        }
        Err(error) => {
            failed = Some(error);
            false
        }
    });
    if !learning {
        let [right, predicted, gold, kind, by, by_n, to, to_n, due, due_n, ..] = totals;
        let (p, r) = (right as f64 / predicted.max(1) as f64, right as f64 / gold.max(1) as f64);
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        println!(
            "commitments: P {p:.3} R {r:.3} F1 {f:.3} ({right} of {predicted}, gold {gold}); kind {kind}/{right} by {by}/{by_n} to {to}/{to_n} due {due}/{due_n}"
        );
    }
    failed.map_or(Ok(()), Err)
}
