//! Bootstrap intervals over documents (Efron 1979), seeded.

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
