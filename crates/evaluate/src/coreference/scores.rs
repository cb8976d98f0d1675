//! The measures of the CoNLL 2012 shared task, as its official scorer (version 8) computes them.
//!
//! * MUC (Vilain et al. 1995): links that a chain is short of.
//! * B-cubed (Bagga and Baldwin 1998): mention by mention, the overlap of its two chains.
//! * CEAF-e (Luo 2005): the best one-to-one alignment of chains by φ4, twice the shared mentions over the chains' sizes.
//! * The CoNLL figure is the mean of their F1.
//!
//! Counts are summed over documents. A mention that only one side has counts against B-cubed and CEAF-e; MUC does not see chains
//! of one mention.

use std::collections::HashMap;
use std::hash::Hash;

/// What is right, over what: of recall (the gold) and of precision (the predicted).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measure {
    /// Right, of the gold.
    pub recalled: f64,
    /// The gold.
    pub gold: f64,
    /// Right, of the predicted.
    pub right: f64,
    /// The predicted.
    pub predicted: f64,
}

impl Measure {
    /// In 0..=1; 0 of nothing.
    pub fn recall(&self) -> f64 {
        if self.gold == 0.0 { 0.0 } else { self.recalled / self.gold }
    }

    /// In 0..=1; 0 of nothing.
    pub fn precision(&self) -> f64 {
        if self.predicted == 0.0 { 0.0 } else { self.right / self.predicted }
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

impl std::ops::Add for Measure {
    type Output = Measure;

    fn add(self, other: Measure) -> Measure {
        Measure {
            recalled: self.recalled + other.recalled,
            gold: self.gold + other.gold,
            right: self.right + other.right,
            predicted: self.predicted + other.predicted,
        }
    }
}

/// The measures of a document, or of several added up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scores {
    /// Mentions found.
    pub mentions: Measure,
    /// MUC.
    pub muc: Measure,
    /// B-cubed.
    pub b_cubed: Measure,
    /// CEAF-e.
    pub ceaf_e: Measure,
}

impl Scores {
    /// Scores predicted chains against the gold's. A mention is in one chain of each side.
    pub fn of<M: Copy + Eq + Hash>(gold: &[Vec<M>], predicted: &[Vec<M>]) -> Scores {
        let (in_gold, in_predicted) = (places(gold), places(predicted));
        let (recalled, of_gold) = muc(gold, &in_predicted);
        let (right, of_predicted) = muc(predicted, &in_gold);
        let muc = Measure { recalled, gold: of_gold, right, predicted: of_predicted };
        // How many mentions chains share.
        let mut shared: HashMap<(usize, usize), f64> = HashMap::new();
        for (mention, &k) in &in_gold {
            if let Some(&r) = in_predicted.get(mention) {
                *shared.entry((k, r)).or_default() += 1.0;
            }
        }
        let both: f64 = shared.values().sum();
        let mentions =
            Measure { recalled: both, gold: in_gold.len() as f64, right: both, predicted: in_predicted.len() as f64 };
        let cubed =
            |size: &dyn Fn(&(usize, usize)) -> usize| shared.iter().map(|(pair, n)| n * n / size(pair) as f64).sum();
        let b_cubed = Measure {
            recalled: cubed(&|&(k, _)| gold[k].len()),
            gold: in_gold.len() as f64,
            right: cubed(&|&(_, r)| predicted[r].len()),
            predicted: in_predicted.len() as f64,
        };
        let alike =
            |(&(k, r), n): (&(usize, usize), &f64)| ((k, r), 2.0 * n / (gold[k].len() + predicted[r].len()) as f64);
        let best = alignment(gold.len(), predicted.len(), &shared.iter().map(alike).collect());
        let ceaf_e =
            Measure { recalled: best, gold: gold.len() as f64, right: best, predicted: predicted.len() as f64 };
        Scores { mentions, muc, b_cubed, ceaf_e }
    }

    /// The mean of the three F1.
    pub fn conll(&self) -> f64 {
        (self.muc.f1() + self.b_cubed.f1() + self.ceaf_e.f1()) / 3.0
    }
}

impl std::ops::Add for Scores {
    type Output = Scores;

    fn add(self, other: Scores) -> Scores {
        Scores {
            mentions: self.mentions + other.mentions,
            muc: self.muc + other.muc,
            b_cubed: self.b_cubed + other.b_cubed,
            ceaf_e: self.ceaf_e + other.ceaf_e,
        }
    }
}

impl std::iter::Sum for Scores {
    fn sum<I: Iterator<Item = Scores>>(all: I) -> Scores {
        all.fold(Scores::default(), |a, b| a + b)
    }
}

fn places<M: Copy + Eq + Hash>(chains: &[Vec<M>]) -> HashMap<M, usize> {
    chains.iter().enumerate().flat_map(|(i, chain)| chain.iter().map(move |&m| (m, i))).collect()
}

/// For chains of one side: the links that the other side keeps, and all.
fn muc<M: Copy + Eq + Hash>(chains: &[Vec<M>], other: &HashMap<M, usize>) -> (f64, f64) {
    let (mut kept, mut all) = (0, 0);
    for chain in chains.iter().filter(|c| !c.is_empty()) {
        let mut parts: Vec<usize> = chain.iter().filter_map(|m| other.get(m).copied()).collect();
        let missing = chain.len() - parts.len();
        parts.sort_unstable();
        parts.dedup();
        kept += chain.len() - (parts.len() + missing);
        all += chain.len() - 1;
    }
    (kept as f64, all as f64)
}

/// The largest sum of a one-to-one alignment of `n` chains with `m` others, by the likeness of those pairs that have any.
///
/// Chains that share nothing are nowhere together: each connected part of the pairs is aligned by itself.
fn alignment(n: usize, m: usize, likeness: &HashMap<(usize, usize), f64>) -> f64 {
    let mut part: Vec<usize> = (0..n + m).collect();
    fn root(part: &mut [usize], mut i: usize) -> usize {
        while part[i] != i {
            part[i] = part[part[i]];
            i = part[i];
        }
        i
    }
    for &(k, r) in likeness.keys() {
        let (a, b) = (root(&mut part, k), root(&mut part, n + r));
        part[a] = b;
    }
    let mut parts: HashMap<usize, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for i in 0..n + m {
        let own = parts.entry(root(&mut part, i)).or_default();
        if i < n { own.0.push(i) } else { own.1.push(i - n) }
    }
    let value = |k: usize, r: usize| likeness.get(&(k, r)).copied().unwrap_or(0.0);
    parts
        .values()
        .filter(|(rows, columns)| !rows.is_empty() && !columns.is_empty())
        .map(|(rows, columns)| {
            let (short, long) = if rows.len() <= columns.len() { (rows, columns) } else { (columns, rows) };
            let swapped = rows.len() > columns.len();
            assign(
                short.len(),
                long.len(),
                |i, j| if swapped { value(long[j], short[i]) } else { value(short[i], long[j]) },
            )
        })
        .sum()
}

/// The largest sum of values, one of each row in a column of its own (Kuhn 1955 and Munkres 1957, by shortest augmenting paths);
/// `rows <= columns`.
fn assign(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f64) -> f64 {
    let (mut u, mut v) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    // The row that has each column; 0 for none. Rows and columns count from 1.
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let (mut least, mut from) = (vec![f64::INFINITY; columns + 1], vec![0; columns + 1]);
        let mut used = vec![false; columns + 1];
        while row_of[column] != 0 {
            used[column] = true;
            let (r, mut delta, mut next) = (row_of[column], f64::INFINITY, 0);
            for j in 1..=columns {
                if !used[j] {
                    let cost = -value(r - 1, j - 1) - u[r] - v[j];
                    if cost < least[j] {
                        (least[j], from[j]) = (cost, column);
                    }
                    if least[j] < delta {
                        (delta, next) = (least[j], j);
                    }
                }
            }
            for j in 0..=columns {
                if used[j] {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[from[column]];
            column = from[column];
        }
    }
    (1..=columns).filter(|&j| row_of[j] != 0).map(|j| value(row_of[j] - 1, j - 1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_gold_itself_scores_one() {
        let gold = vec![vec![1, 2, 3], vec![4], vec![5, 6]];
        let scores = Scores::of(&gold, &gold);
        assert!(close(scores.conll(), 1.0) && close(scores.mentions.f1(), 1.0));
    }

    /// The example of Bagga and Baldwin (1998), figure 1 and 2: gold {1..5}, {6,7}, {8..12}.
    #[test]
    fn the_examples_of_the_b_cubed_paper() {
        let gold = vec![(1..=5).collect::<Vec<_>>(), vec![6, 7], (8..=12).collect()];
        // The two that differ in which chains they wrongly join: MUC is the same, B-cubed is not.
        let small = vec![(1..=5).collect::<Vec<_>>(), (6..=12).collect()];
        let large = vec![(1..=5).chain(8..=12).collect::<Vec<_>>(), vec![6, 7]];
        let (small, large) = (Scores::of(&gold, &small), Scores::of(&gold, &large));
        // MUC: all 4 + 1 + 4 links kept; 9 of 10 predicted links right.
        assert!(close(small.muc.recall(), 1.0) && close(small.muc.precision(), 0.9));
        assert!(close(large.muc.recall(), 1.0) && close(large.muc.precision(), 0.9));
        // B-cubed precision: (5·5/5 + 2·2/7 + 5·5/7) / 12 and (5·5/10 + 5·5/10 + 2·2/2) / 12.
        assert!(close(small.b_cubed.precision(), (5.0 + 4.0 / 7.0 + 25.0 / 7.0) / 12.0));
        assert!(close(large.b_cubed.precision(), 7.0 / 12.0));
        assert!(close(small.b_cubed.recall(), 1.0));
    }

    #[test]
    fn missing_and_invented_mentions_count() {
        // Gold {a b c} {d e f g}; predicted {a b} {c d} {f g h i} (the scorer's manual, Pradhan et al. 2014, section 4).
        let gold = vec![vec!['a', 'b', 'c'], vec!['d', 'e', 'f', 'g']];
        let predicted = vec![vec!['a', 'b'], vec!['c', 'd'], vec!['f', 'g', 'h', 'i']];
        let scores = Scores::of(&gold, &predicted);
        // MUC recall (1 + 1) / (2 + 3), precision (1 + 0 + 1) / (1 + 1 + 3).
        assert!(close(scores.muc.recall(), 0.4) && close(scores.muc.precision(), 0.4));
        // B-cubed recall (2·2/3 + 1/3 + 1/4 + 2·2/4) / 7, precision (2·2/2 + 1/2 + 1/2 + 2·2/4) / 8.
        assert!(close(scores.b_cubed.recall(), (4.0 / 3.0 + 1.0 / 3.0 + 0.25 + 1.0) / 7.0));
        assert!(close(scores.b_cubed.precision(), 0.5));
        // CEAF-e: {a b c} with {a b} 4/5, {d e f g} with {f g h i} 4/8.
        assert!(close(scores.ceaf_e.recall(), 1.3 / 2.0) && close(scores.ceaf_e.precision(), 1.3 / 3.0));
    }

    #[test]
    fn chains_of_one_count_for_all_but_muc() {
        let (gold, predicted) = (vec![vec![1], vec![2]], vec![vec![1, 2]]);
        let scores = Scores::of(&gold, &predicted);
        assert!(close(scores.muc.recall(), 0.0) && close(scores.muc.precision(), 0.0));
        // Each of the two: recall 1, precision 1/2.
        assert!(close(scores.b_cubed.recall(), 1.0) && close(scores.b_cubed.precision(), 0.5));
        // One of them is aligned: 2 · 1 / 3.
        assert!(close(scores.ceaf_e.recall(), 1.0 / 3.0) && close(scores.ceaf_e.precision(), 2.0 / 3.0));
    }

    #[test]
    fn the_alignment_is_the_best_not_the_first() {
        // Greedy takes 3 and is left with 0; the best is 2 + 2.
        let value = [[3.0, 2.0], [2.0, 0.0]];
        assert!(close(assign(2, 2, |i, j| value[i][j]), 4.0));
        let wide = [[1.0, 5.0, 2.0], [4.0, 6.0, 1.0]];
        assert!(close(assign(2, 3, |i, j| wide[i][j]), 9.0));
    }
}
