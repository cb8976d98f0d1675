//! Paragraphs and sentences over tokens.

use std::ops::Range;

use annalist_knowledge::Knowledge;

use crate::tokens::TokenSpan;

/// A sentence: a range of tokens, and the paragraph it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its tokens, as indices into the text's tokens.
    pub tokens: Range<usize>,
    /// The number of its paragraph, from 0.
    pub paragraph: usize,
}

/// No sentence is longer than this many tokens: text without punctuation is cut here.
const LONGEST: usize = 150;

/// Cuts tokens into paragraphs at line ends and paragraphs into sentences.
///
/// A line end is a paragraph's end unless the text is hard-wrapped (see [`is_hard_wrapped`]); then only blank lines are.
pub fn split(text: &str, tokens: &[TokenSpan], knowledge: &Knowledge) -> Vec<Sentence> {
    let wrapped = is_hard_wrapped(text);
    let mut sentences = Vec::with_capacity(tokens.len() / 20 + 1);
    let (mut paragraph, mut start) = (0, 0);
    for i in 1..=tokens.len() {
        let ends_paragraph = i == tokens.len() || breaks_paragraph(&text[tokens[i - 1].end..tokens[i].start], wrapped);
        if ends_paragraph || i - start >= LONGEST || ends_sentence(text, tokens, start, i, knowledge) {
            sentences.push(Sentence { tokens: start..i, paragraph });
            start = i;
        }
        if ends_paragraph {
            paragraph += 1;
        }
    }
    sentences
}

fn breaks_paragraph(gap: &str, wrapped: bool) -> bool {
    let lines = gap.chars().filter(|&c| c == '\n' || c == '\u{2029}').count();
    lines >= if wrapped { 2 } else { 1 }
}

/// Whether lines were broken to a fixed width, as in old newswire and mail: many lines, most of them of nearly the same length and
/// not ended by a full stop; or, of whatever width, long lines that go on in small letters in the next, one line end in four.
fn is_hard_wrapped(text: &str) -> bool {
    let ended = |line: &str| line.trim_end().ends_with(['.', '!', '?', ':', '"', '”']);
    let (mut ends, mut broken) = (0u32, 0u32);
    for (line, next) in text.lines().zip(text.lines().skip(1)) {
        let (line, next) = (line.trim(), next.trim_start());
        if !line.is_empty() && !next.is_empty() {
            ends += 1;
            let long = line.chars().count() >= 40;
            broken += u32::from(long && !ended(line) && next.starts_with(char::is_lowercase));
        }
    }
    if broken >= 2 && broken * 4 >= ends {
        return true;
    }
    let (mut lines, mut full) = (0u32, 0u32);
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        lines += 1;
        let length = line.trim_end().chars().count();
        full += u32::from((50..=84).contains(&length) && !ended(line));
    }
    lines >= 6 && full * 10 >= lines * 6
}

/// Whether a sentence ends between tokens `i - 1` and `i`.
fn ends_sentence(text: &str, tokens: &[TokenSpan], start: usize, i: usize, knowledge: &Knowledge) -> bool {
    // Step back over closing quotes and brackets that touch what they close.
    let mut last = i - 1;
    while last > start && is_closer(tokens[last].of(text)) && tokens[last].start == tokens[last - 1].end {
        last -= 1;
    }
    let (mark, next) = (tokens[last].of(text), tokens[i].of(text));
    let touching = tokens[i - 1].end == tokens[i].start;
    let begins =
        next.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || "\"“‘'`«([—-–•*".contains(c));
    match mark {
        "." | "!" | "?" | "…" => {}
        _ if mark.starts_with("..") => {}
        _ if mark.len() > 1 && mark.ends_with('.') => {
            let may_end = match knowledge.abbreviations().get(&mark[..mark.len() - 1].to_lowercase()) {
                Some(abbreviation) => abbreviation.may_end_sentence,
                None => mark.matches('.').count() > 1,
            };
            let opens = "\"“‘".contains(next) && last == i - 1;
            return may_end && !touching && begins && (opens || last < i - 1 || knowledge.is_sentence_starter(next));
        }
        _ => return false,
    }
    if !touching {
        return begins && !(is_closer(next) && next != "\"" && next != "'");
    }
    // "…of the year.The next": a stop between a lower-case word and a capital, the space lost.
    last == i - 1
        && last > start
        && mark == "."
        && next.chars().next().is_some_and(char::is_uppercase)
        && next.chars().count() > 1
        && tokens[last - 1].of(text).chars().all(char::is_lowercase)
        && tokens[last - 1].end - tokens[last - 1].start > 1
}

fn is_closer(token: &str) -> bool {
    matches!(token, "\"" | "”" | "’" | "'" | ")" | "]" | "»" | "''")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokenize;

    fn cut(text: &str) -> Vec<String> {
        let knowledge = Knowledge::english();
        let tokens = tokenize(text, knowledge);
        split(text, &tokens, knowledge)
            .iter()
            .map(|s| text[tokens[s.tokens.start].start..tokens[s.tokens.end - 1].end].to_string())
            .collect()
    }

    #[test]
    fn closing_quotes_stay_with_their_sentence() {
        assert_eq!(cut("“We go.” She left. \"Why?\" he asked."), ["“We go.”", "She left.", "\"Why?\" he asked."]);
    }

    #[test]
    fn abbreviations_do_not_end_sentences() {
        assert_eq!(
            cut("Gen. Ito of the U.S. Army spoke. It was late in the U.S. The end."),
            ["Gen. Ito of the U.S. Army spoke.", "It was late in the U.S.", "The end."]
        );
    }

    #[test]
    fn lines_are_paragraphs_unless_the_text_is_wrapped() {
        assert_eq!(cut("A headline\nThe story, told.").len(), 2);
        let wrapped = "the ministers of the three states met for a second day in the city on\n".repeat(8);
        assert_eq!(cut(&wrapped).len(), 1);
        // Few lines, indented, wider than newswire's.
        let mail = "The envoy said on Monday that he is not allowed to stay in the province, and that he can only come back to it if it\n\
                    \x20   is for a court date in the spring. He added that the stores of the company cannot be opened again because the\n\
                    \x20   authorities are pressing the landlords.\n";
        assert_eq!(cut(mail).len(), 2);
        // A list is none.
        assert_eq!(cut("The stores sell:\napples\noranges\npears").len(), 4);
    }

    #[test]
    fn a_lost_space_is_seen() {
        assert_eq!(cut("The talks ended.They will go on."), ["The talks ended.", "They will go on."]);
    }

    #[test]
    fn text_without_punctuation_is_cut_all_the_same() {
        assert!(cut(&"word ".repeat(1000)).len() >= 6);
    }
}
