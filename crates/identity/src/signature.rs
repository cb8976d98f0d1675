//! Which texts are prints of one: signatures by which near-duplicates are found among millions.
//!
//! A signature is a MinHash (Broder 1997) of the text's runs of three words: 128 minima of which eight bits each are kept
//! (Li and König 2010), and how many runs there are. From two signatures follow the share of runs that two texts have in
//! common and the share of the shorter text that is in the longer one, each to within about 0.05.
//!
//! ```
//! use annalist_identity::{REPRINT, Signature};
//!
//! let story = "The port reopened on Friday after a week of talks, the harbour master said, and the first ferry left at noon.";
//! let reprint = format!("FERRIES SAIL AGAIN\n\n{story}");
//! let (a, b) = (Signature::of(story), Signature::of(&reprint));
//! assert!(a.contained(&b) > REPRINT);
//! assert_eq!(a.to_string().parse(), Ok(a));
//! ```

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Two reports of which the shorter shares at least this part of its word runs with the longer (see [`Signature::contained`])
/// are prints of one text.
pub const REPRINT: f64 = 0.5;

/// How many words are a run.
const RUN: usize = 3;
/// How many minima.
const MINIMA: usize = 128;
/// Fewer equal minima are chance: eight bits agree once in 256 times, half a time in 128.
const FEWEST_EQUAL: usize = 8;
/// How many minima make a key: see [`Signature::keys`].
const KEY: usize = 2;

/// What makes reports comparable: equal for equal texts, similar for similar ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    runs: u32,
    minima: [u8; MINIMA],
}

/// A signature that is not in its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no signature: it has the form m1-RUNS-MINIMA, with {MINIMA} minima of two hexadecimal digits")]
pub struct SignatureError(String);

impl Signature {
    /// The signature of a text.
    pub fn of(text: &str) -> Signature {
        let words: Vec<u64> = words(text).map(|word| hash(word.as_bytes())).collect();
        let mut runs: Vec<u64> = match words.len() {
            0 => Vec::new(),
            n if n < RUN => vec![words.iter().fold(0, |run, word| mix(run ^ word))],
            _ => words
                .windows(RUN)
                .map(|run| run.iter().fold(0u64, |run, word| mix(run.rotate_left(1) ^ word)))
                .collect(),
        };
        runs.sort_unstable();
        runs.dedup();
        let mut minima = [u64::MAX; MINIMA];
        for run in &runs {
            for (i, minimum) in (1u64..).zip(&mut minima) {
                *minimum = mix(run ^ i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).min(*minimum);
            }
        }
        let count = u32::try_from(runs.len()).unwrap_or(u32::MAX);
        // The lowest bits of a minimum are as good as any; the highest are all zero.
        Signature { runs: count, minima: minima.map(|minimum| (minimum & 0xff) as u8) }
    }

    /// The share of word runs that two texts have in common, of all they have: 0 to 1.
    pub fn similarity(&self, other: &Signature) -> f64 {
        if self.runs == 0 || other.runs == 0 {
            return 0.0;
        }
        let equal = self.equal(other) as f64 / MINIMA as f64;
        // Eight bits agree once in 256 times by chance.
        ((equal - 1.0 / 256.0) / (1.0 - 1.0 / 256.0)).max(0.0)
    }

    /// The share of the shorter text's word runs that the longer one has: 0 to 1. A reprint that was cut keeps a high one; compare
    /// it with [`REPRINT`]. It is 0 where what agrees may be chance: a text inside one of more than about 15 times its length
    /// is not found.
    pub fn contained(&self, other: &Signature) -> f64 {
        if self.equal(other) < FEWEST_EQUAL {
            return 0.0;
        }
        let similarity = self.similarity(other);
        let (a, b) = (f64::from(self.runs), f64::from(other.runs));
        let common = similarity / (1.0 + similarity) * (a + b);
        (common / a.min(b).max(1.0)).min(1.0)
    }

    fn equal(&self, other: &Signature) -> usize {
        self.minima.iter().zip(&other.minima).filter(|(a, b)| a == b).count()
    }

    /// Whether two reports are prints of one text, perhaps cut, with another headline, or with a few words changed.
    pub fn is_reprint_of(&self, other: &Signature) -> bool {
        self.contained(other) >= REPRINT
    }

    /// Keys by which reprints are found without comparing all with all: index every report under its 64 keys, and compare
    /// reports that share one. Texts with a third of all their runs in common share a key 999 times in 1000, with a fifth 93
    /// in 100; two that have none in common once in 1000.
    pub fn keys(&self) -> impl Iterator<Item = u32> {
        let pairs = self.minima.as_chunks::<KEY>().0;
        (0u32..).zip(pairs).map(|(i, pair)| i << 16 | u32::from(pair[0]) << 8 | u32::from(pair[1]))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "m1-{}-", self.runs)?;
        self.minima.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(text: &str) -> Result<Signature, SignatureError> {
        let read = || {
            let (runs, digits) = text.strip_prefix("m1-")?.split_once('-')?;
            if digits.len() != 2 * MINIMA || !digits.is_ascii() {
                return None;
            }
            let mut minima = [0; MINIMA];
            for (i, minimum) in minima.iter_mut().enumerate() {
                *minimum = u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).ok()?;
            }
            Some(Signature { runs: runs.parse().ok()?, minima })
        };
        read().ok_or_else(|| SignatureError(text.chars().take(40).collect()))
    }
}

/// The words of a text, as sameness counts them: without case, accents, ligatures, soft hyphens, and whatever stands between
/// words. Apostrophes and hyphens of all kinds divide words alike.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || is_ignored(c)))
        .map(|word| match word.is_ascii() {
            true => word.to_ascii_lowercase(),
            false => {
                word.nfkd().filter(|c| !is_ignored(*c) && c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
            }
        })
        .filter(|word: &String| !word.is_empty())
}

/// Accents and characters that cannot be seen.
fn is_ignored(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// FNV-1a, then mixed: signatures are kept in files and must not change with a library's release.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// The finaliser of SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_estimated() {
        let text = |from: u32, to: u32| (from..to).map(|i| format!("w{i}")).collect::<Vec<_>>().join(" ");
        let of = |from, to| Signature::of(&text(from, to));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 0.12, "{a} {b}");
        near(of(0, 600).similarity(&of(200, 800)), 0.5);
        near(of(0, 600).contained(&of(0, 300)), 1.0);
        near(of(0, 600).contained(&of(300, 900)), 0.5);
        assert_eq!(of(0, 600).contained(&of(700, 900)), 0.0);
        assert_eq!(Signature::of("").similarity(&Signature::of("")), 0.0);
        assert_eq!(Signature::of("Two words"), Signature::of("two words."));
    }

    #[test]
    fn signatures_do_not_change() {
        // Kept in files: a change of the hash is a new form, m2.
        let signature = Signature::of("The port reopened on Friday.").to_string();
        assert_eq!(signature.len(), 5 + 2 * MINIMA);
        assert!(signature.starts_with("m1-3-"));
        assert!("m1-3-00".parse::<Signature>().is_err());
        assert!(format!("m1-3-{}", "é".repeat(MINIMA)).parse::<Signature>().is_err());
    }

    #[test]
    fn reprints_share_keys() {
        let text = |from: u32, to: u32| (from..to).map(|i| format!("w{i}")).collect::<Vec<_>>().join(" ");
        let keys = |s: Signature| s.keys().collect::<std::collections::HashSet<_>>();
        assert_eq!(keys(Signature::of(&text(0, 9))).len(), MINIMA / KEY);
        let (a, b) = (keys(Signature::of(&text(0, 600))), keys(Signature::of(&text(150, 600))));
        assert!(a.intersection(&b).count() > 5);
    }
}
