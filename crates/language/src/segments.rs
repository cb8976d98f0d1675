//! From scores of single tokens to stretches of tokens.

use std::ops::Range;

/// The set of stretches with the highest sum of scores, where opening a stretch costs `price`.
///
/// The exact maximum by dynamic programming with two states, inside and outside: lone doubtful tokens are dropped and small
/// doubtful gaps are closed as far as the scores pay for it.
pub fn stretches(scores: &[f32], price: f32) -> Vec<Range<usize>> {
    let (mut outside, mut inside) = (0.0f32, f32::NEG_INFINITY);
    // For each token and state: was the best predecessor inside?
    let mut from_inside = vec![[false; 2]; scores.len()];
    for (t, &score) in scores.iter().enumerate() {
        let opened = outside - price;
        from_inside[t] = [inside > outside, inside >= opened];
        (outside, inside) = (outside.max(inside), opened.max(inside) + score);
    }
    let mut state = inside > outside;
    let mut found: Vec<Range<usize>> = Vec::new();
    for t in (0..scores.len()).rev() {
        if state {
            match found.last_mut() {
                Some(last) if last.start == t + 1 => last.start = t,
                _ => found.push(t..t + 1),
            }
        }
        state = from_inside[t][usize::from(state)];
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_closed_and_islands_dropped_where_it_pays() {
        assert_eq!(stretches(&[-1.0, 3.0, 3.0, -0.5, 3.0, -4.0, 0.5, -4.0], 1.0), vec![1..5]);
        assert_eq!(stretches(&[3.0, -3.0, 3.0], 1.0), vec![0..1, 2..3]);
        assert_eq!(stretches(&[3.0, -3.0, 3.0], 0.0), vec![0..1, 2..3]);
        assert!(stretches(&[0.5, -1.0, 0.5], 1.0).is_empty());
        assert!(stretches(&[], 1.0).is_empty());
    }

    #[test]
    fn without_a_price_the_positive_tokens_are_taken() {
        assert_eq!(stretches(&[1.0, 2.0, -1.0, 2.0], 0.0), vec![0..2, 3..4]);
    }
}
