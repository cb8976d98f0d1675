//! Tokens: the words of Universal Dependencies, with exact byte offsets.
//!
//! English UD splits contractions (`do|n't`, `it|'s`), hyphenated words (`well|-|known`) and every punctuation mark, and
//! keeps abbreviations with their period, dotted acronyms, numbers, and web addresses whole.

use std::sync::LazyLock;

use annalist_knowledge::Knowledge;
use regex::Regex;

/// A token: a half-open byte range of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl TokenSpan {
    /// The token's characters in `text`, the text it was cut from.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<url> (?:https?://|www\.) [^\s<>"“”]* [^\s<>"“”.,;:!?'’)\]] )
      | (?P<email> [\w.+-]+ @ [\w-]+ (?:\.[\w-]+)+ )
      | (?P<handle> [@\#] \w+ )
      | (?P<acronym> (?:\p{L}\.){2,} )
      | (?P<decade> ['’] \d\ds\b )
      | (?P<number> \d+ (?:[.,:/]\d+)* (?:(?:st|nd|rd|th|s)\b)? )
      | (?P<word> [\p{L}\p{M}\p{N}_]+ (?: ['’] [\p{L}\p{M}\p{N}_]+ )* )
      | (?P<dots> \.{2,} )
      | (?P<dashes> -{2,} )
      | (?P<other> \S )
        "#,
    )
    .expect("the token pattern is a constant and valid")
});

/// Splits `text` into tokens, in order, none empty, none overlapping; every non-space character is in exactly one.
pub fn tokenize(text: &str, knowledge: &Knowledge) -> Vec<TokenSpan> {
    let mut tokens = Vec::with_capacity(text.len() / 5 + 1);
    let mut at = 0;
    while let Some(found) = PATTERN.captures_at(text, at) {
        let whole = found.get(0).expect("group 0 always takes part");
        let (start, mut end) = (whole.start(), whole.end());
        if found.name("word").is_some() {
            if text[end..].starts_with('.') && keeps_its_period(text, start, end, knowledge) {
                end += 1;
                tokens.push(TokenSpan { start, end });
            } else {
                split_contractions(text, start, end, &mut tokens);
            }
        } else {
            tokens.push(TokenSpan { start, end });
        }
        at = end;
    }
    tokens
}

/// Whether the period after the word `start..end` belongs to it: a known abbreviation, or an initial before a name.
fn keeps_its_period(text: &str, start: usize, end: usize, knowledge: &Knowledge) -> bool {
    let word = &text[start..end];
    if word.len() > 12 {
        return false;
    }
    let mut rest = text[end + 1..].chars();
    let (next, after) = (rest.next(), rest.next());
    if let Some(abbreviation) = knowledge.abbreviations().get(&word.to_lowercase()) {
        // At the end of a line the period is the sentence's, unless the abbreviation can end one with the same period.
        return abbreviation.may_end_sentence || next.is_some_and(|c| c != '\n');
    }
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    initial && word != "I" && next == Some(' ') && after.is_some_and(char::is_uppercase)
}

/// No word of English is longer, in bytes; what is longer is not taken apart.
const LONGEST_WORD: usize = 64;

fn split_contractions(text: &str, start: usize, end: usize, tokens: &mut Vec<TokenSpan>) {
    let word = &text[start..end];
    if word.len() > LONGEST_WORD {
        tokens.push(TokenSpan { start, end });
        return;
    }
    if let Some(apostrophe) = word.rfind(['\'', '’']) {
        let width = word[apostrophe..].chars().next().map_or(1, char::len_utf8);
        let suffix = word[apostrophe + width..].to_lowercase();
        let cut = match suffix.as_str() {
            "s" | "re" | "ve" | "ll" | "d" | "m" => Some(apostrophe),
            "t" if apostrophe > 1 && word[..apostrophe].ends_with(['n', 'N']) => Some(apostrophe - 1),
            _ => None,
        };
        if let Some(cut) = cut.filter(|&cut| cut > 0) {
            split_contractions(text, start, start + cut, tokens);
            tokens.push(TokenSpan { start: start + cut, end });
            return;
        }
    }
    if let Some(cut) = lost_space(word) {
        tokens.extend([TokenSpan { start, end: start + cut }, TokenSpan { start: start + cut, end }]);
        return;
    }
    let fused = match word.len() {
        5 if ["gonna", "gotta", "wanna"].iter().any(|f| word.eq_ignore_ascii_case(f)) => Some(3),
        6 if word.eq_ignore_ascii_case("cannot") => Some(3),
        _ => None,
    };
    match fused {
        Some(cut) => tokens.extend([TokenSpan { start, end: start + cut }, TokenSpan { start: start + cut, end }]),
        None => tokens.push(TokenSpan { start, end }),
    }
}

/// Where a space was lost between a lower-case word and a capitalised one ("decisionsMayor"): after four or more lower-case
/// letters, before a capital and two or more lower-case ones. Names such as "eBay" and "macOS" are not of that shape.
fn lost_space(word: &str) -> Option<usize> {
    let (cut, _) = word.char_indices().find(|(_, c)| !c.is_lowercase())?;
    let mut rest = word[cut..].chars();
    let capital = rest.next().is_some_and(char::is_uppercase);
    let tail = rest.as_str();
    let long = word[..cut].chars().count() >= 4 && tail.chars().count() >= 2;
    (capital && long && tail.chars().all(char::is_lowercase)).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text, Knowledge::english()).iter().map(|t| t.of(text)).collect()
    }

    #[test]
    fn contractions_are_split_as_in_universal_dependencies() {
        assert_eq!(
            words("They don't, it’s CAN'T we'll cannot"),
            ["They", "do", "n't", ",", "it", "’s", "CA", "N'T", "we", "'ll", "can", "not"]
        );
        assert_eq!(words("O'Brien’s students' dogs"), ["O'Brien", "’s", "students", "'", "dogs"]);
    }

    #[test]
    fn hyphens_and_marks_stand_alone() {
        assert_eq!(
            words("well-known (1,000.5) 20th 9:30"),
            ["well", "-", "known", "(", "1,000.5", ")", "20th", "9:30"]
        );
        assert_eq!(words("“Stop…” -- he"), ["“", "Stop", "…", "”", "--", "he"]);
    }

    #[test]
    fn a_lost_space_is_found() {
        assert_eq!(
            words("decisionsMayor eBay macOS McDonald iPhone"),
            ["decisions", "Mayor", "eBay", "macOS", "McDonald", "iPhone"]
        );
    }

    #[test]
    fn abbreviations_keep_their_period() {
        assert_eq!(
            words("Gen. Ito met J. Doe in the U.S. today."),
            ["Gen.", "Ito", "met", "J.", "Doe", "in", "the", "U.S.", "today", "."]
        );
    }

    #[test]
    fn addresses_stay_whole() {
        assert_eq!(
            words("See https://a.org/b?c=1. Or x@y.org, @desk"),
            ["See", "https://a.org/b?c=1", ".", "Or", "x@y.org", ",", "@desk"]
        );
    }

    proptest! {
        #[test]
        fn every_visible_character_is_in_exactly_one_token(text in any::<String>()) {
            let mut at = 0;
            for token in tokenize(&text, Knowledge::english()) {
                prop_assert!(token.start >= at && token.end > token.start);
                prop_assert!(text[at..token.start].chars().all(char::is_whitespace));
                at = token.end;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
