//! What actors are told to have done and to have bound themselves to, by the words in which it is told: `deed` in `quick.sql`, `vow` in
//! `asked.sql`.

use std::cmp::Ordering;

use annalist_identity::content_numbers;
use annalist_knowledge::Knowledge;

use crate::follow::{FEWEST, ONE_MATTER, WHOLE};
use crate::numbers;

/// The content words of a sentence, as they are kept: their numbers in order, four bytes each.
pub(crate) fn numbered(sentence: &str, knowledge: &Knowledge) -> Vec<u8> {
    numbers::kept(content_numbers(sentence, knowledge))
}

/// Whether what is told in some words is on one matter with what somebody is bound to in others. `shared` is how many they share, if that
/// is known.
pub(crate) fn one_matter(bound: &[u8], told: &[u8], shared: Option<usize>) -> bool {
    let both = shared.unwrap_or_else(|| in_both(bound, told));
    let (bound, told) = (bound.len() / 4, told.len() / 4);
    both > 0 && both >= FEWEST.min(bound) && both as f64 >= ONE_MATTER * bound.min(told) as f64
}

/// Whether what is told has most of the words of what somebody is bound to.
pub(crate) fn most_words(bound: &[u8], told: &[u8]) -> bool {
    in_both(bound, told) as f64 >= WHOLE * (bound.len() / 4) as f64
}

/// How many words are in both.
fn in_both(one: &[u8], other: &[u8]) -> usize {
    let (mut one, mut other, mut both) = (numbers::of(one).peekable(), numbers::of(other).peekable(), 0);
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            Ordering::Less => drop(one.next()),
            Ordering::Greater => drop(other.next()),
            Ordering::Equal => {
                both += 1;
                one.next();
                other.next();
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shared_whatever_their_order() {
        let knowledge = Knowledge::english();
        let own = numbered("release the pilots Friday", knowledge);
        let kept = numbered("Two pilots, he said, would be released by Friday.", knowledge);
        assert_eq!(in_both(&own, &kept), 2);
        assert_eq!(in_both(&own, &numbered("", knowledge)), 0);
        assert_eq!(in_both(&own, &numbered("Friday, pilots: release!", knowledge)), own.len() / 4);
    }

    #[test]
    fn one_matter_takes_half_of_the_fewer_words_and_two() {
        let knowledge = Knowledge::english();
        let of = |words: &str| numbered(words, knowledge);
        let bound = of("reopen the northern bridge");
        assert!(one_matter(&bound, &of("Engineers opened the northern bridge to lorries"), None));
        assert!(!one_matter(&bound, &of("The northern wind brought snow to every village"), None));
        // Whoever is bound in one word is bound by that word.
        assert!(one_matter(&of("resign"), &of("She will resign tomorrow"), None));
        assert!(!one_matter(&of(""), &of(""), None));
    }

    #[test]
    fn most_words_are_seven_in_ten() {
        let knowledge = Knowledge::english();
        let of = |words: &str| numbered(words, knowledge);
        let bound = of("reopen the northern bridge");
        assert!(most_words(&bound, &of("Engineers reopen the northern bridge to lorries")));
        // Two of three.
        assert!(!most_words(&bound, &of("The northern bridge fell")));
    }
}
