//! Dependency trees: the highest-scoring arborescence with one root (Chu & Liu 1965, Edmonds 1967).

/// So many candidates for the root are tried when the unrestricted tree has several.
const MOST_ROOTS: usize = 3;

/// Chooses a head for each of `n` tokens from arc scores: `score(head, dependent)`, where head 0 is the root and tokens
/// count from 1. Returns the heads of tokens 1..=n in the same numbering. Exactly one token has head 0.
pub fn heads(n: usize, score: impl Fn(usize, usize) -> f32) -> Vec<usize> {
    if n == 0 {
        return Vec::new();
    }
    let mut matrix = vec![f32::NEG_INFINITY; (n + 1) * (n + 1)];
    for dependent in 1..=n {
        for head in (0..=n).filter(|&head| head != dependent) {
            let s = score(head, dependent);
            matrix[head * (n + 1) + dependent] = if s.is_finite() { s } else { -1e9 };
        }
    }
    let first = decode(n + 1, &matrix);
    let mut roots: Vec<usize> = (1..=n).filter(|&d| first[d] == 0).collect();
    if roots.len() == 1 {
        return first[1..].to_vec();
    }
    // More than one root: the best tree under each of the likeliest alone, and the best of those.
    roots.sort_by(|&a, &b| matrix[b].total_cmp(&matrix[a]));
    roots.truncate(MOST_ROOTS);
    let mut best: Option<(f32, Vec<usize>)> = None;
    for &root in &roots {
        let mut single = matrix.clone();
        for dependent in (1..=n).filter(|&d| d != root) {
            single[dependent] = -1e12;
        }
        let heads = decode(n + 1, &single);
        let total: f32 = (1..=n).map(|d| single[heads[d] * (n + 1) + d]).sum();
        if best.as_ref().is_none_or(|(s, _)| total > *s) {
            best = Some((total, heads));
        }
    }
    best.map_or_else(|| vec![0; n], |(_, heads)| heads[1..].to_vec())
}

/// Chu-Liu-Edmonds over `size` nodes, node 0 the root; `matrix[head * size + dependent]`.
fn decode(size: usize, matrix: &[f32]) -> Vec<usize> {
    let mut heads = vec![0; size];
    for dependent in 1..size {
        heads[dependent] = (0..size)
            .filter(|&head| head != dependent)
            .max_by(|&a, &b| matrix[a * size + dependent].total_cmp(&matrix[b * size + dependent]))
            .unwrap_or(0);
    }
    let Some(cycle) = find_cycle(&heads) else { return heads };
    // Contract the cycle into one node, solve the smaller problem, and open the cycle where the solution enters it.
    let in_cycle = {
        let mut marks = vec![false; size];
        cycle.iter().for_each(|&v| marks[v] = true);
        marks
    };
    let outside: Vec<usize> = (0..size).filter(|&v| !in_cycle[v]).collect();
    let smaller = outside.len() + 1;
    let contracted = outside.len();
    let mut reduced = vec![f32::NEG_INFINITY; smaller * smaller];
    let (mut enters, mut leaves) = (vec![0; smaller], vec![0; smaller]);
    let inner: f32 = cycle.iter().map(|&v| matrix[heads[v] * size + v]).sum();
    for (i, &u) in outside.iter().enumerate() {
        for (j, &v) in outside.iter().enumerate() {
            reduced[i * smaller + j] = matrix[u * size + v];
        }
        for &v in &cycle {
            let entering = matrix[u * size + v] + inner - matrix[heads[v] * size + v];
            if entering > reduced[i * smaller + contracted] {
                reduced[i * smaller + contracted] = entering;
                enters[i] = v;
            }
            let leaving = matrix[v * size + u];
            if leaving > reduced[contracted * smaller + i] {
                reduced[contracted * smaller + i] = leaving;
                leaves[i] = v;
            }
        }
    }
    let solution = decode(smaller, &reduced);
    let mut result = heads.clone();
    for (j, &v) in outside.iter().enumerate().skip(1) {
        result[v] = if solution[j] == contracted { leaves[j] } else { outside[solution[j]] };
    }
    let from = solution[contracted];
    result[enters[from]] = outside[from];
    result
}

fn find_cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0; heads.len()];
    for start in 1..heads.len() {
        let mut v = start;
        while v != 0 && seen[v] == 0 {
            seen[v] = start;
            v = heads[v];
        }
        if v != 0 && seen[v] == start {
            let mut cycle = vec![v];
            let mut next = heads[v];
            while next != v {
                cycle.push(next);
                next = heads[next];
            }
            return Some(cycle);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every assignment of heads, tried.
    fn brute(n: usize, scores: &[f32]) -> f32 {
        let mut best = f32::NEG_INFINITY;
        for code in 0..(n + 1).pow(n as u32) {
            let heads: Vec<usize> = (0..n).map(|d| code / (n + 1).pow(d as u32) % (n + 1)).collect();
            if is_tree(&heads) {
                best = best.max((0..n).map(|d| scores[heads[d] * (n + 1) + d + 1]).sum());
            }
        }
        best
    }

    fn is_tree(heads: &[usize]) -> bool {
        heads.iter().filter(|&&h| h == 0).count() == 1
            && (1..=heads.len()).all(|start| {
                let (mut v, mut steps) = (start, 0);
                while v != 0 && steps <= heads.len() {
                    v = heads[v - 1];
                    steps += 1;
                }
                v == 0
            })
    }

    proptest! {
        #[test]
        fn the_tree_is_a_tree_and_the_best(n in 1usize..5, scores in prop::collection::vec(-100i32..100, 36)) {
            let scores: Vec<f32> = scores.into_iter().map(|s| s as f32).collect();
            let found = heads(n, |h, d| scores[h * (n + 1) + d]);
            prop_assert!(is_tree(&found));
            let total: f32 = (0..n).map(|d| scores[found[d] * (n + 1) + d + 1]).sum();
            // The greedy choice among roots tries those of the unrestricted tree only, as parsers do; it is near the best.
            prop_assert!(total <= brute(n, &scores));
            if (1..=n).filter(|&d| decode(n + 1, &matrix(n, &scores))[d] == 0).count() == 1 {
                prop_assert_eq!(total, brute(n, &scores));
            }
        }
    }

    fn matrix(n: usize, scores: &[f32]) -> Vec<f32> {
        let mut m = scores[..(n + 1) * (n + 1)].to_vec();
        for v in 0..=n {
            m[v * (n + 1) + v] = f32::NEG_INFINITY;
            m[v * (n + 1)] = f32::NEG_INFINITY;
        }
        m
    }
}
