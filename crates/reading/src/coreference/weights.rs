//! Learnt weights of features.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::features::hash;

/// Weights of features, by the hashes of their names.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    weights: HashMap<u64, f32, BuildHasherDefault<AlreadyHashed>>,
    threshold: f32,
    /// Of descriptions and names, of "he" and "she", of "it" and "they", of all other pronouns.
    reluctance: [f32; 4],
}

/// The keys are hashes: they need no other.
#[derive(Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

static ENGLISH: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(include_str!("../../../../models/english/coreference.tsv"))
        .expect("the weights that ship are tested")
});

/// The weights that ship.
pub fn english() -> &'static Weights {
    &ENGLISH
}

/// Settings by the names they have in the file: how little mentions are inclined to be new; of descriptions and names, of "he" and
/// "she", of "it" and "they", of all other pronouns. Negative ones bring more links.
pub const RELUCTANCE: [&str; 4] = ["reluctance", "reluctance he", "reluctance it", "reluctance i"];

impl Weights {
    /// Reads lines of a feature's name, a tab and its weight; lines that begin with `#` are passed over. Some are
    /// settings: `threshold`, above which a candidate is a mention, and [`RELUCTANCE`], which is added to the score of taking up
    /// nothing.
    ///
    /// # Errors
    /// The number of a line that is not of this form.
    pub fn parse(file: &str) -> Result<Weights, String> {
        let mut weights = Weights::default();
        weights.weights.reserve(file.len() / 24);
        for (n, line) in file.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let parsed = line.split_once('\t').and_then(|(name, weight)| Some((name, weight.parse::<f32>().ok()?)));
            let (name, weight) = parsed.ok_or_else(|| format!("line {}: no name, tab and weight", n + 1))?;
            match name {
                "threshold" => weights.threshold = weight,
                _ => match RELUCTANCE.iter().position(|&setting| setting == name) {
                    Some(k) => weights.reluctance[k] = weight,
                    None => {
                        weights.weights.insert(hash(&[name]), weight);
                    }
                },
            }
        }
        Ok(weights)
    }

    /// The weight of the feature with this hash; 0 if it has none.
    pub(crate) fn get(&self, hash: u64) -> f32 {
        self.weights.get(&hash).copied().unwrap_or(0.0)
    }

    pub(crate) fn threshold(&self) -> f32 {
        self.threshold
    }

    /// What is added to the score of taking up nothing.
    pub(crate) fn reluctance(&self, manner: &str) -> f32 {
        self.reluctance[match manner {
            "he" | "she" => 1,
            "it" | "they" => 2,
            "i" | "we" | "you" | "this" | "that" | "these" | "those" | "pron" | "one" => 3,
            _ => 0,
        }]
    }

    /// The same weights with another threshold and other reluctances.
    pub fn with_settings(mut self, threshold: f32, reluctance: [f32; 4]) -> Weights {
        (self.threshold, self.reluctance) = (threshold, reluctance);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_found_by_their_features_parts() {
        let weights = Weights::parse("# about\nl|he|name\t0.5\nthreshold\t-1\n").unwrap();
        assert_eq!(weights.get(hash(&["l", "he", "name"])), 0.5);
        assert_eq!(weights.get(hash(&["l", "she", "name"])), 0.0);
        assert_eq!(weights.threshold(), -1.0);
    }

    #[test]
    fn a_line_without_a_weight_is_refused() {
        assert!(Weights::parse("a\t1\nb\n").unwrap_err().contains("line 2"));
    }
}
