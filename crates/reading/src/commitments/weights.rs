//! How likely a candidate is a commitment, and of which kind, by weights that were learnt.

use std::collections::HashMap;
use std::sync::LazyLock;

use annalist_record::CommitmentKind;

/// Weights of features, and the probability from which a candidate is a commitment.
pub(super) struct Weights {
    weights: HashMap<String, f32>,
    pub(super) threshold: f32,
}

static ENGLISH: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(include_str!("../../../../models/english/commitments.tsv"))
        .expect("the weights that ship are tested")
});

pub(super) fn english() -> &'static Weights {
    &ENGLISH
}

impl Weights {
    /// Lines of a feature's name, a tab and its weight; `threshold` is a setting; lines that begin with `#` are passed over.
    fn parse(file: &str) -> Result<Weights, String> {
        let mut weights = Weights { weights: HashMap::new(), threshold: 0.5 };
        for (n, line) in file.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let parsed = line.split_once('\t').and_then(|(name, weight)| Some((name, weight.parse::<f32>().ok()?)));
            match parsed.ok_or_else(|| format!("line {}: no name, tab and weight", n + 1))? {
                ("threshold", value) => weights.threshold = value,
                (name, value) => {
                    weights.weights.insert(name.to_string(), value);
                }
            }
        }
        Ok(weights)
    }

    /// The likeliest kind, but for `not`, of a commitment with these features; none if no weights of kinds were learnt.
    pub(super) fn kind(&self, features: &[String], not: Option<CommitmentKind>) -> Option<CommitmentKind> {
        use CommitmentKind::{Guarantee, Offer, Plan, Promise, Threat};
        let kinds =
            [(Promise, "promise"), (Plan, "plan"), (Threat, "threat"), (Offer, "offer"), (Guarantee, "guarantee")];
        let sum = |name: &str| -> Option<f32> {
            let weights = features.iter().filter_map(|f| self.weights.get(&format!("{name}: {f}")));
            weights.copied().reduce(|a, b| a + b)
        };
        let told =
            kinds.iter().filter(|(kind, _)| Some(*kind) != not).filter_map(|(kind, name)| Some((*kind, sum(name)?)));
        told.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(kind, _)| kind)
    }

    /// The probability that a candidate with these features is a commitment.
    pub(super) fn score(&self, features: &[String]) -> f32 {
        let sum: f32 = features.iter().filter_map(|f| self.weights.get(f)).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_ship_can_be_read() {
        assert!((0.0..=1.0).contains(&english().threshold));
        assert!(Weights::parse("a\n").is_err());
        let weights = Weights::parse("# about\na\t2\nthreshold\t0.4\n").unwrap();
        assert!(weights.score(&["a".to_string()]) > weights.score(&["b".to_string()]));
    }
}
