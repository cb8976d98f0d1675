//! Word pieces and the features that go with them into the encoder.

use std::collections::HashMap;

use rten_text::models::{Model, WordPiece, WordPieceOptions};
use rten_text::normalizers::{Bert, BertOptions, Normalizer};

use crate::sentences::Sentence;
use crate::tokens::TokenSpan;

/// At most this many pieces are kept of one token (web addresses, strings of marks).
const MOST_PER_TOKEN: usize = 12;

/// How many rows the encoder's feature embedding has: five cases, times the start of a sentence, of a paragraph or of neither,
/// times inside quotation marks.
pub const FEATURES: usize = 30;

/// What a feature has more inside quotation marks (the marks included) than outside.
pub(crate) const QUOTED: i32 = 15;

/// The word pieces and features of a text's tokens.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    /// Piece ids of all tokens, one after another.
    pub ids: Vec<i32>,
    /// `ids[starts[t]..starts[t + 1]]` are the pieces of token `t`; never empty.
    pub starts: Vec<usize>,
    /// For each token, its feature in `0..FEATURES`.
    pub features: Vec<i32>,
}

impl Pieces {
    /// How many pieces the tokens `range` have.
    pub fn count(&self, range: std::ops::Range<usize>) -> usize {
        self.starts[range.end] - self.starts[range.start]
    }

    /// Whether a token stands inside quotation marks, or is one.
    pub fn is_quoted(&self, token: usize) -> bool {
        self.features[token] >= QUOTED
    }
}

/// Uncased WordPiece (Devlin et al. 2019) over tokens that are already split.
pub struct PieceMaker {
    model: WordPiece,
    normalizer: Bert,
    unknown: i32,
}

impl PieceMaker {
    /// Reads a vocabulary: one piece a line, its id the line's number from 0.
    pub fn new(vocabulary: &str) -> PieceMaker {
        let vocabulary: HashMap<String, u32> = vocabulary.lines().zip(0..).map(|(p, i)| (p.to_string(), i)).collect();
        let unknown = vocabulary.get("[UNK]").map_or(100, |&id| id as i32);
        PieceMaker {
            model: WordPiece::from_vocab(vocabulary, WordPieceOptions::default()),
            normalizer: Bert::new(BertOptions { lowercase: true, strip_accents: true }),
            unknown,
        }
    }

    /// The pieces and features of all tokens of a text.
    pub fn make(&self, text: &str, tokens: &[TokenSpan], sentences: &[Sentence]) -> Pieces {
        let mut pieces = Pieces { features: features(text, tokens, sentences), ..Pieces::default() };
        pieces.starts.push(0);
        for token in tokens {
            self.encode(token.of(text), &mut pieces.ids);
            pieces.starts.push(pieces.ids.len());
        }
        pieces
    }

    /// As BERT does, every punctuation mark is cut off before the greedy longest match.
    fn encode(&self, token: &str, ids: &mut Vec<i32>) {
        let first = ids.len();
        let folded = match self.normalizer.normalize(token) {
            Ok((folded, _)) => folded,
            Err(_) => token.to_lowercase(),
        };
        let mut rest = folded.as_str();
        while !rest.is_empty() && ids.len() - first < MOST_PER_TOKEN {
            let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            let cut = if word == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { word };
            if self.model.encode_with_offsets(&rest[..cut], &mut |_, id| ids.push(id as i32)).is_err() {
                ids.push(self.unknown);
            }
            rest = &rest[cut..];
        }
        ids.truncate(first + MOST_PER_TOKEN);
        if ids.len() == first {
            ids.push(self.unknown);
        }
    }
}

/// What the uncased pieces lose, and what a reader sees at a glance: case, where sentences and paragraphs start, quotation
/// marks.
fn features(text: &str, tokens: &[TokenSpan], sentences: &[Sentence]) -> Vec<i32> {
    let mut features = vec![0; tokens.len()];
    let mut paragraph = usize::MAX;
    let mut quoted = false;
    for sentence in sentences {
        let starts_paragraph = sentence.paragraph != paragraph;
        paragraph = sentence.paragraph;
        quoted &= !starts_paragraph;
        for t in sentence.tokens.clone() {
            let word = tokens[t].of(text);
            let mark = match word {
                "“" | "«" => Some(true),
                "”" | "»" => Some(false),
                "\"" => Some(!quoted),
                _ => None,
            };
            let within = quoted || mark.is_some();
            quoted = mark.unwrap_or(quoted);
            let start = match t == sentence.tokens.start {
                true if starts_paragraph => 2,
                true => 1,
                false => 0,
            };
            features[t] = case(word) + 5 * start + QUOTED * i32::from(within);
        }
    }
    features
}

/// 0 lower, 1 Title, 2 UPPER, 3 mixed, 4 no letters.
fn case(word: &str) -> i32 {
    let (mut upper, mut lower, mut first_upper) = (0, 0, false);
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        if upper + lower == 0 {
            first_upper = c.is_uppercase();
        }
        if c.is_uppercase() {
            upper += 1;
        } else {
            lower += 1;
        }
    }
    match (upper, lower) {
        (0, 0) => 4,
        (0, _) => 0,
        (1, _) if first_upper => 1,
        (_, 0) => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_told_apart() {
        let cases: Vec<i32> = ["word", "Word", "WORD", "McDonald", "1,000", "A"].map(case).to_vec();
        assert_eq!(cases, [0, 1, 2, 3, 4, 1]);
    }

    #[test]
    fn features_tell_case_starts_and_quotation() {
        let text = "Go now. “No,” he said.\nOK";
        let knowledge = annalist_knowledge::Knowledge::english();
        let tokens = crate::tokens::tokenize(text, knowledge);
        let sentences = crate::sentences::split(text, &tokens, knowledge);
        let (sentence, paragraph, quoted) = (5, 10, 15);
        let expected =
            [1 + paragraph, 0, 4, 4 + sentence + quoted, 1 + quoted, 4 + quoted, 4 + quoted, 0, 0, 4, 2 + paragraph];
        assert_eq!(features(text, &tokens, &sentences), expected);
    }

    #[test]
    fn every_token_has_a_piece_and_marks_are_cut_off() {
        let maker = PieceMaker::new("[UNK]\nto\n##day\n,\n1\n000\n");
        let text = "Today 1,000 ☃ ́";
        let tokens = crate::tokens::tokenize(text, annalist_knowledge::Knowledge::english());
        let pieces = maker.make(text, &tokens, &[]);
        assert_eq!(&pieces.ids[..6], [1, 2, 4, 3, 5, 0]);
        assert_eq!(pieces.starts.len(), tokens.len() + 1);
        assert!(pieces.starts.windows(2).all(|w| w[0] < w[1]));
    }
}
