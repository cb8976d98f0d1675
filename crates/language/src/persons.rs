//! Persons' names that the parse tears apart, put together again.
//!
//! The encoder knows few of the world's given names; one that it does not know may pass for a verb ("president, Recep Tayyip
//! Erdoğan, said"), and takes the clause apart. The tagger of names sees more of such a name than the parse: where it marks
//! several capitalised words as one person, and the parse makes a verb of one or attaches them apart, they become one name
//! (`flat` on its first word, as Universal Dependencies has it), attached as their place tells.

use std::ops::Range;
use std::sync::Arc;

use crate::analysis::Token;

/// Mends the persons' names of a sentence. `tokens` are the sentence's; `first` is the first one's number in the text, from which
/// heads count; `persons` are the stretches that the tagger marks, counted within the sentence; `is_verb` tells the verbs that are
/// known.
pub(crate) fn mend(
    text: &str,
    tokens: &mut [Token],
    first: usize,
    persons: impl IntoIterator<Item = Range<usize>>,
    is_verb: impl Fn(&str) -> bool,
) {
    for mut span in persons {
        // A given name that the tagger missed, too.
        while let Some(t) = span.start.checked_sub(1)
            && is_titled(text, &tokens[t])
            && passes_for_verb(&tokens[t])
            && !is_verb(word(text, &tokens[t]))
            && tokens[span.start].head == Some(first + t)
        {
            span.start = t;
        }
        let span = &span;
        if span.len() > 1 && span.end <= tokens.len() && is_torn(text, tokens, first, span) {
            join(text, tokens, first, span);
        }
    }
}

fn word<'t>(text: &'t str, token: &Token) -> &'t str {
    &text[token.start..token.end]
}

fn is_nominal(token: &Token) -> bool {
    matches!(&*token.upos, "PROPN" | "NOUN")
}

fn passes_for_verb(token: &Token) -> bool {
    matches!(&*token.upos, "VERB" | "AUX" | "INTJ" | "X")
}

/// Whether a word begins with a capital and goes on in small letters.
pub(crate) fn is_titled(text: &str, token: &Token) -> bool {
    let mut chars = word(text, token).chars();
    chars.next().is_some_and(char::is_uppercase) && chars.any(char::is_lowercase)
}

/// The tokens of a span that depend on none within it.
fn outward(tokens: &[Token], first: usize, span: &Range<usize>) -> Vec<usize> {
    let inner = |t: &usize| tokens[*t].head.is_some_and(|h| (first + span.start..first + span.end).contains(&h));
    span.clone().filter(|t| !inner(t)).collect()
}

/// Whether a word is tied to its head as no word of a name is.
fn serves(token: &Token) -> bool {
    matches!(token.deprel.split(':').next(), Some("case" | "mark" | "cc" | "aux" | "cop" | "advmod"))
}

/// Whether all words of a span look like a name's, and one is a verb or a preposition for the parse.
fn is_torn(text: &str, tokens: &[Token], first: usize, span: &Range<usize>) -> bool {
    span.clone().all(|t| is_titled(text, &tokens[t]))
        && span.clone().any(|t| is_nominal(&tokens[t]))
        && (span.clone().any(|t| passes_for_verb(&tokens[t]) || serves(&tokens[t]))
            || outward(tokens, first, span).len() > 1 && span.start > 0)
}

/// Makes one name of a span.
fn join(text: &str, tokens: &mut [Token], first: usize, span: &Range<usize>) {
    let name = span.start;
    give_root_to_verb(tokens, first, span);
    let Some((head, relation)) = attachment(text, tokens, first, span) else { return };
    let within = |h: usize| (first + span.start..first + span.end).contains(&h);
    for t in (0..tokens.len()).filter(|t| !span.contains(t)) {
        if tokens[t].head.is_some_and(within) {
            tokens[t].head = Some(first + name);
        }
    }
    for t in span.clone() {
        tokens[t].upos = Arc::from("PROPN");
        tokens[t].lemma = word(text, &tokens[t]).to_string();
        if t > name {
            tokens[t].head = Some(first + name);
            tokens[t].deprel = Arc::from("flat");
        }
    }
    (tokens[name].head, tokens[name].deprel) = (head, relation);
}

/// Where a word of a name was taken for the verb of its sentence, a verb behind the name that hangs on it takes its place, and what
/// hung on the name hangs on the verb.
fn give_root_to_verb(tokens: &mut [Token], first: usize, span: &Range<usize>) {
    let Some(root) = span.clone().find(|&t| tokens[t].head.is_none()) else { return };
    let on_name = |t: usize| tokens[t].head.and_then(|h| h.checked_sub(first)).is_some_and(|h| span.contains(&h));
    let Some(verb) = (span.end..tokens.len()).find(|&t| &*tokens[t].upos == "VERB" && on_name(t)) else { return };
    let hung: Vec<usize> = (0..tokens.len()).filter(|&t| t != verb && !span.contains(&t) && on_name(t)).collect();
    tokens[verb].head = None;
    tokens[verb].deprel = tokens[root].deprel.clone();
    tokens[root].deprel = Arc::from("nsubj");
    for t in hung.into_iter().chain([root]) {
        tokens[t].head = Some(first + verb);
    }
}

/// What a name depends on, and how: between commas, behind a noun, on that noun; else as the parse attached its likeliest noun, or
/// failing that as it attached any of its words. `None` if all that it is attached to depends on itself.
fn attachment(text: &str, tokens: &[Token], first: usize, span: &Range<usize>) -> Option<(Option<usize>, Arc<str>)> {
    let outer = outward(tokens, first, span);
    if let Some(&root) = outer.iter().find(|&&t| tokens[t].head.is_none()) {
        return Some((None, tokens[root].deprel.clone()));
    }
    let comma = |t: usize| tokens.get(t).is_some_and(|token| word(text, token) == ",");
    if span.start > 1 && comma(span.start - 1) && comma(span.end) {
        // "the president of the republic, …" is about the president.
        let before = span.start - 2;
        let above = tokens[before].head.and_then(|h| h.checked_sub(first)).filter(|&h| h < before);
        let noun = match &*tokens[before].upos {
            "NOUN" => Some(before),
            "PROPN" => above.filter(|&h| &*tokens[h].upos == "NOUN"),
            _ => None,
        };
        if let Some(noun) = noun.filter(|&noun| !depends(tokens, first, noun, span)) {
            return Some((Some(first + noun), Arc::from("appos")));
        }
    }
    let free = |t: &&usize| {
        tokens[**t].head.and_then(|h| h.checked_sub(first)).is_some_and(|h| !depends(tokens, first, h, span))
    };
    let names_something = |t: &&usize| {
        let relation = tokens[**t].deprel.split(':').next();
        is_nominal(&tokens[**t]) && !matches!(relation, Some("flat" | "compound" | "reparandum" | "punct" | "dep"))
    };
    let chosen = outer.iter().filter(free).find(names_something).or_else(|| outer.iter().find(free))?;
    Some((tokens[*chosen].head, tokens[*chosen].deprel.clone()))
}

/// Whether a token depends, by however many links, on one of a span's.
fn depends(tokens: &[Token], first: usize, t: usize, span: &Range<usize>) -> bool {
    let above = |&t: &usize| tokens.get(t)?.head?.checked_sub(first);
    std::iter::successors(Some(t), above).take(tokens.len() + 1).any(|t| span.contains(&t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::tests::sentence;

    fn shape(tokens: &[Token]) -> Vec<(String, Option<usize>, String)> {
        tokens.iter().map(|t| (t.upos.to_string(), t.head.map(|h| h + 1), t.deprel.to_string())).collect()
    }

    #[test]
    fn a_given_name_taken_for_a_verb_is_part_of_the_name() {
        let (text, mut tokens) = sentence(&[
            ("The", "DET", 2, "det"),
            ("president", "NOUN", 8, "nsubj"),
            (",", "PUNCT", 4, "punct"),
            ("Orhep", "VERB", 8, "reparandum"),
            ("Tayar", "PROPN", 4, "obj"),
            ("Ezdin", "PROPN", 4, "obj"),
            (",", "PUNCT", 2, "punct"),
            ("spoke", "VERB", 0, "root"),
        ]);
        mend(&text, &mut tokens, 0, vec![4..6], |_| false);
        let (upos, heads): (Vec<_>, Vec<_>) =
            shape(&tokens)[3..6].iter().map(|(u, h, r)| (u.clone(), (*h, r.clone()))).unzip();
        assert_eq!(upos, ["PROPN"; 3]);
        assert_eq!(heads, [(Some(2), "appos".into()), (Some(4), "flat".into()), (Some(4), "flat".into())]);
    }

    #[test]
    fn a_name_behind_a_place_tells_of_whom_the_place_is_said() {
        let (text, mut tokens) = sentence(&[
            ("president", "NOUN", 8, "nsubj"),
            ("of", "ADP", 3, "case"),
            ("Arcadia", "PROPN", 1, "nmod"),
            (",", "PUNCT", 5, "punct"),
            ("Orhep", "VERB", 8, "reparandum"),
            ("Ezdin", "PROPN", 5, "obj"),
            (",", "PUNCT", 1, "punct"),
            ("spoke", "VERB", 0, "root"),
        ]);
        mend(&text, &mut tokens, 0, vec![4..6], |_| false);
        assert_eq!(shape(&tokens)[4], ("PROPN".to_string(), Some(1), "appos".to_string()));
    }

    #[test]
    fn a_tree_stays_a_tree() {
        // Whatever heads and tags there are, and whatever the tagger marks.
        let words = ["Ana", ",", "Bo", "Cy", ",", "spoke"];
        for seed in 0..4096usize {
            let tag = |i: usize| ["PROPN", "VERB"][seed >> i & 1];
            // Heads of a tree: each token's head is a token before it, the root the one at `root`.
            let root = seed % 6;
            let order: Vec<usize> = (0..6).map(|i| (root + i) % 6).collect();
            let row: Vec<(&str, &str, usize, &str)> = (0..6)
                .map(|t| {
                    let at = order.iter().position(|&o| o == t).unwrap_or(0);
                    let head = if at == 0 { 0 } else { order[(seed / 64 + t) % at] + 1 };
                    (words[t], if words[t] == "," { "PUNCT" } else { tag(t) }, head, "dep")
                })
                .collect();
            let (text, mut tokens) = sentence(&row);
            mend(&text, &mut tokens, 0, vec![2..4], |_| false);
            assert_eq!(tokens.iter().filter(|t| t.head.is_none()).count(), 1, "{row:?}");
            for t in 0..tokens.len() {
                let above = |&t: &usize| tokens[t].head;
                assert!(std::iter::successors(Some(t), above).take(8).count() < 8, "{row:?}");
            }
        }
    }
}
