//! What two wordings have in common.

use std::collections::BTreeSet;

use annalist_knowledge::Knowledge;

use crate::signature::hash;
use crate::words;

/// The words of a text that have content: without case, accents, function words, and the ending of a plural or of the third person.
pub fn content_words(text: &str, knowledge: &Knowledge) -> BTreeSet<String> {
    content(text, knowledge).collect()
}

/// The same, in the order of the text, each as often as it stands there.
pub(crate) fn content(text: &str, knowledge: &Knowledge) -> impl Iterator<Item = String> {
    let known = knowledge.sameness();
    let stem = |word: String| match word.strip_suffix('s') {
        Some(stem) if stem.chars().count() > 3 && !stem.ends_with(['s', 'u', 'i']) => stem.to_string(),
        _ => word,
    };
    words(text).filter(|word| !known.is_function_word(word)).map(stem)
}

/// The same as numbers, in order: to be compared without the words. Two words have one number once in some four thousand million pairs.
pub fn content_numbers(text: &str, knowledge: &Knowledge) -> Vec<u32> {
    let number = |word: String| (hash(word.as_bytes()) & u64::from(u32::MAX)) as u32;
    let numbers: BTreeSet<u32> = content(text, knowledge).map(number).collect();
    numbers.into_iter().collect()
}

/// Which of a text's content words is first met in other words, whatever its form: 0 for the first; `None` if they share none.
pub fn first_shared(text: &str, others: &str, knowledge: &Knowledge) -> Option<usize> {
    let others: BTreeSet<String> = content(others, knowledge).map(|word| root(&word).to_string()).collect();
    content(text, knowledge).position(|word| others.contains(root(&word)))
}

/// Whether other words tell the deed that a text begins with ("provide aid"): they share its first content word, or the second where the first
/// says little by itself. Of a text whose only content word stands beside a pronoun ("support them") nobody knows whom it means.
pub fn tells_deed(text: &str, others: &str, knowledge: &Knowledge) -> bool {
    let own: Vec<String> = content(text, knowledge).collect();
    let light = own.first().is_some_and(|word| lemmas(word).any(|lemma| knowledge.events().is_light(&lemma)));
    let named = own.len() > 1 || words(text).all(|word| knowledge.referents().pronoun(&word).is_none());
    named && first_shared(text, others, knowledge).is_some_and(|at| at <= usize::from(light))
}

/// What the plain form of a verb may be.
fn lemmas(word: &str) -> impl Iterator<Item = String> {
    const ENDINGS: [(&str, &str); 7] =
        [("", ""), ("s", ""), ("es", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("d", "")];
    ENDINGS.into_iter().filter_map(|(ending, plain)| Some(format!("{}{plain}", word.strip_suffix(ending)?)))
}

/// What a word has in common with its other forms, roughly: without the endings of plurals, persons, tenses and participles, in which words
/// of one sentence differ from those of another. Irregular forms stay apart.
pub(crate) fn root(word: &str) -> &str {
    let long = |stem: &&str| stem.chars().count() >= 3 && stem.chars().any(|c| "aeiouy".contains(c));
    let stem = ["ing", "ied", "ies", "ed", "es", "s"].iter().find_map(|end| word.strip_suffix(end).filter(long));
    let stem = stem.filter(|_| !word.ends_with("ss") && !word.ends_with("us")).unwrap_or(word);
    // "stopped", "running".
    let mut last = stem.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && stem.len() < word.len() && !"aeiouls".contains(a) => {
            stem.get(..stem.len() - a.len_utf8()).unwrap_or(stem)
        }
        _ => stem.strip_suffix('e').or(stem.strip_suffix('y')).filter(long).unwrap_or(stem),
    }
}

/// The share of the smaller set that is also in the other, in 0..=1; 0 if one is empty.
pub fn overlap<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> f64 {
    match a.len().min(b.len()) {
        0 => 0.0,
        fewer => a.intersection(b).count() as f64 / fewer as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_is_told_by_what_is_done() {
        let tells = |text, others| tells_deed(text, others, Knowledge::english());
        assert!(tells("release the pilots by Friday", "released"));
        assert!(tells("provide medical aid", "delivered medical aid") && tells("providing aid", "aid"));
        assert!(!tells("release the pilots by Friday", "met the pilots"));
        assert!(!tells("support them", "support"));
        assert!(tells("step down", "stepped down"));
        assert!(!tells("", "released"));
    }

    #[test]
    fn a_word_is_met_whatever_its_form() {
        let at = |others| first_shared("release the fourteen detained pilots", others, Knowledge::english());
        assert_eq!(at("releasing"), Some(0));
        assert!(at("detains").is_some_and(|k| k > 0));
        assert_eq!(at("attacked"), None);
    }

    #[test]
    fn forms_of_a_word_have_one_root() {
        for (forms, root_of) in [
            (&["close", "closes", "closed", "closing"][..], "clos"),
            (&["stop", "stops", "stopped", "stopping"], "stop"),
            (&["deny", "denies", "denied", "denying"], "den"),
            (&["press"], "press"),
            (&["é"], "é"),
        ] {
            for form in forms {
                let found = root(form);
                assert!(found == root_of || found == format!("{root_of}y"), "{form}: {found}");
            }
        }
    }

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
