//! Reports on one affair (ECB+): documents by their story.
//!
//! The documents come in one by one, in the order of the file, and are put together as a ledger puts them together
//! ([`annalist_identity::Stories`]). B-cubed (Bagga and Baldwin 1998) goes document by document; pairs are pairs of documents of one story.
//! Beside it stands a plain baseline: words weighed by tf-idf over the file, cosine, average linkage over all documents at once, with the
//! threshold that is best on ECB+'s training part.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::io::Write;
use std::path::Path;

use annalist_identity::{Paper, Stories, Terms, average_linkage, words};
use annalist_knowledge::Knowledge;
use anyhow::Result;
use cpu_time::ProcessTime;
use serde::Deserialize;
use serde_json::json;

use crate::{interval, jsonl};

/// The baseline's: chosen on the training part of ECB+.
const BASELINE: f64 = 0.14;
/// So many other orders of the documents are tried.
const ORDERS: usize = 5;

#[derive(Debug, Deserialize)]
struct Document {
    id: String,
    story: String,
    text: String,
}

/// Precision, recall and F1, in 0..=1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Of what was put together, the share that belongs together.
    pub precision: f64,
    /// Of what belongs together, the share that was put together.
    pub recall: f64,
}

impl Agreement {
    /// Their harmonic mean; 0 of nothing.
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

/// B-cubed of each item: the share of its found group that is of its gold group, and the other way round.
pub fn b_cubed<G: Eq + Hash, F: Eq + Hash>(gold: &[G], found: &[F]) -> Vec<Agreement> {
    let (golds, founds, both) = counts(gold, found);
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    gold.iter()
        .zip(found)
        .map(|(g, f)| {
            let shared = both.get(&(g, f)).copied().unwrap_or(0);
            Agreement { precision: share(shared, founds[f]), recall: share(shared, golds[g]) }
        })
        .collect()
}

/// Of the pairs of items.
pub fn pairs<G: Eq + Hash, F: Eq + Hash>(gold: &[G], found: &[F]) -> Agreement {
    let (golds, founds, both) = counts(gold, found);
    let pairs = |n: &usize| (n * n.saturating_sub(1) / 2) as f64;
    let (right, of_gold, of_found): (f64, f64, f64) =
        (both.values().map(pairs).sum(), golds.values().map(pairs).sum(), founds.values().map(pairs).sum());
    let share = |whole: f64| if whole == 0.0 { 0.0 } else { right / whole };
    Agreement { precision: share(of_found), recall: share(of_gold) }
}

type Counted<'a, G, F> = (HashMap<&'a G, usize>, HashMap<&'a F, usize>, HashMap<(&'a G, &'a F), usize>);

fn counts<'a, G: Eq + Hash, F: Eq + Hash>(gold: &'a [G], found: &'a [F]) -> Counted<'a, G, F> {
    let mut counted: Counted<'a, G, F> = Default::default();
    for (g, f) in gold.iter().zip(found) {
        *counted.0.entry(g).or_default() += 1;
        *counted.1.entry(f).or_default() += 1;
        *counted.2.entry((g, f)).or_default() += 1;
    }
    counted
}

fn mean(all: impl Iterator<Item = Agreement> + Clone) -> Agreement {
    let n = all.clone().count().max(1) as f64;
    Agreement {
        precision: all.clone().map(|a| a.precision).sum::<f64>() / n,
        recall: all.map(|a| a.recall).sum::<f64>() / n,
    }
}

/// The story of each text, when they come in in this order.
pub fn put_together<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<i64> {
    let mut stories = Stories::default();
    let mut count = 0;
    for text in texts {
        stories.add(Paper { number: count, terms: Terms::of(text, Knowledge::english()), day: None });
        count += 1;
    }
    (0..count).map(|number| stories.story(number).unwrap_or(-1)).collect()
}

/// The baseline's group of each text.
fn by_words(texts: &[&str]) -> Vec<usize> {
    let known = Knowledge::english().sameness();
    let mut having: BTreeMap<String, f64> = BTreeMap::new();
    let counted: Vec<BTreeMap<String, f64>> = texts
        .iter()
        .map(|text| {
            let mut counts: BTreeMap<String, f64> = BTreeMap::new();
            words(text)
                .filter(|word| !known.is_function_word(word))
                .for_each(|word| *counts.entry(word).or_default() += 1.0);
            counts.keys().for_each(|word| *having.entry(word.clone()).or_default() += 1.0);
            counts
        })
        .collect();
    let all = texts.len() as f64;
    let weighed: Vec<BTreeMap<&String, f64>> = counted
        .iter()
        .map(|counts| {
            let weigh = |(word, n): (_, &f64)| (word, (1.0 + n.ln()) * ((all + 1.0) / (having[word] + 0.5)).ln());
            let vector: BTreeMap<&String, f64> = counts.iter().map(weigh).collect();
            let length = vector.values().map(|x| x * x).sum::<f64>().sqrt();
            vector.into_iter().map(|(word, x)| (word, if length > 0.0 { x / length } else { 0.0 })).collect()
        })
        .collect();
    let product = |a: &BTreeMap<&String, f64>, b: &BTreeMap<&String, f64>| {
        a.iter().filter_map(|(w, x)| Some(x * b.get(w)?)).sum()
    };
    let like: Vec<Vec<f64>> = weighed.iter().map(|a| weighed.iter().map(|b| product(a, b)).collect()).collect();
    average_linkage(&like, BASELINE)
}

/// Puts the documents together, scores and prints.
///
/// # Errors
/// As [`crate::run`].
pub fn run(gold: &Path, predictions: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let documents = jsonl::read(gold, |_: &Document| Ok(()))?;
    jsonl::distinct(gold, "documents", documents.iter().map(|(d, _)| d.id.as_str()))?;
    let texts: Vec<&str> = documents.iter().map(|(d, _)| d.text.as_str()).collect();
    let stories: Vec<&str> = documents.iter().map(|(d, _)| d.story.as_str()).collect();
    let started = ProcessTime::now();
    let found = put_together(texts.iter().copied());
    let seconds = started.elapsed().as_secs_f64();
    if let Some(predictions) = predictions {
        let lines = documents
            .iter()
            .zip(&found)
            .map(|((_, line), story)| (line.clone(), vec![("story", json!(story.to_string()))]));
        jsonl::write(predictions, lines)?;
    }
    let golds = stories.iter().collect::<HashSet<_>>().len();
    writeln!(out, "{} documents of {golds} stories; put together in {seconds:.1} CPU seconds", documents.len())?;
    let mut line = |name: &str, found: &[i64]| -> Result<()> {
        let groups = found.iter().collect::<HashSet<_>>().len();
        let (each, pairs) = (b_cubed(&stories, found), pairs(&stories, found));
        let all = mean(each.iter().copied());
        let (low, high) = interval(each.len(), |drawn| mean(drawn.iter().filter_map(|&i| each.get(i).copied())).f1());
        writeln!(
            out,
            "{name:<14} B-cubed P {:.3}  R {:.3}  F1 {:.3}  [{low:.3}, {high:.3}]   pairs P {:.3}  R {:.3}  F1 {:.3}   ({groups} groups)",
            all.precision,
            all.recall,
            all.f1(),
            pairs.precision,
            pairs.recall,
            pairs.f1()
        )?;
        Ok(())
    };
    line("stories", &found)?;
    line("tf-idf", &by_words(&texts).into_iter().map(|g| g as i64).collect::<Vec<_>>())?;
    // As it fares when the reports come in mixed.
    let mut random = fastrand::Rng::with_seed(7);
    let (mut cubed, mut paired) = (0.0, 0.0);
    for _ in 0..ORDERS {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        random.shuffle(&mut order);
        let found = put_together(order.iter().filter_map(|&i| texts.get(i).copied()));
        let golds: Vec<&str> = order.iter().filter_map(|&i| stories.get(i).copied()).collect();
        cubed += mean(b_cubed(&golds, &found).into_iter()).f1() / ORDERS as f64;
        paired += pairs(&golds, &found).f1() / ORDERS as f64;
    }
    writeln!(out, "stories, mean of {ORDERS} other orders: B-cubed F1 {cubed:.3}, pairs F1 {paired:.3}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_cubed_and_pairs_count_what_is_together() {
        let (gold, found) = (["a", "a", "a", "b"], [1, 1, 2, 2]);
        let each = b_cubed(&gold, &found);
        // Precision 1, 1, 1/2, 1/2; recall 2/3, 2/3, 1/3, 1.
        let all = mean(each.into_iter());
        assert!((all.precision - 0.75).abs() < 1e-9 && (all.recall - 8.0 / 12.0).abs() < 1e-9);
        // Pairs: 3 of the gold, 2 found, 1 right.
        let of = pairs(&gold, &found);
        assert!((of.precision - 0.5).abs() < 1e-9 && (of.recall - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(pairs(&["a"], &[1]).f1(), 0.0);
    }
}
