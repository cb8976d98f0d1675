//! Average linkage, set beside its definition.

use annalist_identity::average_linkage;

/// Looks at all pairs of groups before each step.
fn by_definition(like: &[Vec<f64>], least: f64) -> Vec<usize> {
    let mut groups: Vec<Vec<usize>> = (0..like.len()).map(|i| vec![i]).collect();
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                let pairs = groups[a].iter().flat_map(|&i| groups[b].iter().map(move |&j| like[i][j]));
                // Sums of quarters are exact, so that equals are equal.
                let mean = pairs.sum::<f64>() / (groups[a].len() * groups[b].len()) as f64;
                if mean >= least && best.is_none_or(|(most, ..)| mean > most) {
                    best = Some((mean, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else { break };
        let joined = groups.remove(b);
        groups[a].extend(joined);
    }
    let mut group_of = vec![0; like.len()];
    for group in &groups {
        let first = *group.iter().min().unwrap();
        group.iter().for_each(|&i| group_of[i] = first);
    }
    group_of
}

#[test]
fn groups_are_those_of_the_definition_also_where_pairs_are_equally_like() {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut several = 0;
    for _ in 0..300 {
        let n = random() % 24;
        let mut like = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..i {
                like[i][j] = (random() % 5) as f64 / 4.0;
                like[j][i] = like[i][j];
            }
        }
        let least = [0.3, 0.5, 0.6][random() % 3];
        let found = average_linkage(&like, least);
        assert_eq!(found, by_definition(&like, least), "{like:?}, {least}");
        several += usize::from(found.iter().enumerate().any(|(i, group)| i != *group));
    }
    assert!(several > 200);
    assert_eq!(average_linkage(&[vec![f64::NAN; 2], vec![f64::NAN; 2]], 0.1), [0, 1]);
}
