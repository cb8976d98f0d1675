//! Bootstrap intervals over documents (Efron 1979), seeded.

use std::io::Write;

use anyhow::Result;

use crate::Counts;

/// The middle 95 % of `figure` over 1,000 draws of `n` documents with replacement; `figure` is given the drawn indices.
pub fn interval(n: usize, figure: impl Fn(&[usize]) -> f64) -> (f64, f64) {
    let mut random = fastrand::Rng::with_seed(20_211_116);
    let mut drawn = vec![0; n];
    let mut figures: Vec<f64> = (0..1000)
        .map(|_| {
            drawn.iter_mut().for_each(|d| *d = random.usize(..n.max(1)));
            figure(&drawn)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    (figures[25], figures[974])
}

/// Prints precision, recall and F1 over all `scores`, with F1's interval over documents; `name` takes up `width` columns.
pub fn line<S>(out: &mut dyn Write, name: &str, width: usize, scores: &[S], of: impl Fn(&S) -> Counts) -> Result<()> {
    let c: Counts = scores.iter().map(&of).sum();
    let (low, high) = interval(scores.len(), |drawn| drawn.iter().map(|&i| of(&scores[i])).sum::<Counts>().f1());
    let (p, r, f1) = (c.precision(), c.recall(), c.f1());
    let (right, predicted, gold) = (c.right, c.predicted, c.gold);
    writeln!(
        out,
        "{name:<width$} P {p:5.1}  R {r:5.1}  F1 {f1:5.1}  [{low:.1}, {high:.1}]  (right {right}, predicted {predicted}, gold {gold})"
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_mean_and_is_the_same_twice() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let mean = |drawn: &[usize]| drawn.iter().map(|&i| values[i]).sum::<f64>() / drawn.len() as f64;
        let (low, high) = interval(100, mean);
        assert!(low < 49.5 && 49.5 < high && high - low < 15.0);
        assert_eq!((low, high), interval(100, mean));
    }
}
