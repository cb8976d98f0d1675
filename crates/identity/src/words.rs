//! What two wordings have in common.

use std::collections::BTreeSet;

use annalist_knowledge::Knowledge;

use crate::words;

/// The words of a text that have content: without case, accents, function words, and the ending of a plural or of the third person.
pub fn content_words(text: &str, knowledge: &Knowledge) -> BTreeSet<String> {
    let known = knowledge.sameness();
    let stem = |word: String| match word.strip_suffix('s') {
        Some(stem) if stem.chars().count() > 3 && !stem.ends_with(['s', 'u', 'i']) => stem.to_string(),
        _ => word,
    };
    words(text).filter(|word| !known.is_function_word(word)).map(stem).collect()
}

/// The share of the smaller set that is also in the other, in 0..=1; 0 if one is empty.
pub fn overlap(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    match a.len().min(b.len()) {
        0 => 0.0,
        fewer => a.intersection(b).count() as f64 / fewer as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_content_do_not_count() {
        let of = |text| content_words(text, Knowledge::english());
        assert_eq!(
            of("The Pilots are ready, and they'll wait.").into_iter().collect::<Vec<_>>(),
            ["ll", "pilot", "ready", "wait"]
        );
        assert_eq!(overlap(&of("pilots wait"), &of("the pilot will not wait for ships")), 1.0);
        assert_eq!(overlap(&of("of the"), &of("pilots")), 0.0);
    }
}
