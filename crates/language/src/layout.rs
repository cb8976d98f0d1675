//! A text laid out for the encoder: tokens, sentences, word pieces, windows.

use annalist_knowledge::Knowledge;

use crate::pieces::{PieceMaker, Pieces};
use crate::sentences::{self, Sentence};
use crate::tokens::{self, TokenSpan};
use crate::windows::{self, Window};

/// Everything about a text that is known before the encoder reads it.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The tokens, in order.
    pub tokens: Vec<TokenSpan>,
    /// The sentences; together they hold every token once.
    pub sentences: Vec<Sentence>,
    /// The word pieces and features of the tokens.
    pub pieces: Pieces,
    /// The windows the encoder reads; together they own every token once.
    pub windows: Vec<Window>,
}

/// Lays out a plain text.
pub fn lay_out(text: &str, maker: &PieceMaker, knowledge: &Knowledge) -> Layout {
    let tokens = tokens::tokenize(text, knowledge);
    let sentences = sentences::split(text, &tokens, knowledge);
    arrange(text, tokens, sentences, maker)
}

/// Lays out sentences whose words are given, each with whether a space follows it; returns the text they make, too.
///
/// Sentences that do not fit a window are cut, as in [`lay_out`]; all are of one paragraph.
pub fn lay_out_words<'w, S>(document: impl IntoIterator<Item = S>, maker: &PieceMaker) -> (String, Layout)
where
    S: IntoIterator<Item = (&'w str, bool)>,
{
    let (mut text, mut tokens, mut sentences) = (String::new(), Vec::new(), Vec::new());
    for sentence in document {
        let first = tokens.len();
        for (form, space_after) in sentence {
            let start = text.len();
            text.push_str(form);
            tokens.push(TokenSpan { start, end: text.len() });
            if space_after {
                text.push(' ');
            }
        }
        if tokens.len() > first {
            sentences.push(Sentence { tokens: first..tokens.len(), paragraph: 0 });
        }
    }
    let layout = arrange(&text, tokens, sentences, maker);
    (text, layout)
}

fn arrange(text: &str, tokens: Vec<TokenSpan>, sentences: Vec<Sentence>, maker: &PieceMaker) -> Layout {
    let pieces = maker.make(text, &tokens, &sentences);
    let sentences = windows::fit(sentences, &pieces);
    let windows = windows::pack(&sentences, &pieces);
    Layout { tokens, sentences, pieces, windows }
}
