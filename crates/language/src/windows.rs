//! Windows: what the encoder reads in one pass.
//!
//! Whole paragraphs are packed up to [`MOST_PIECES`]; a paragraph that does not fit is cut between sentences. Neighbouring
//! windows share their border sentences, so that a speaker named just before the border is in sight on both sides.

use std::ops::Range;

use crate::pieces::Pieces;
use crate::sentences::Sentence;

/// A window holds at most this many word pieces (the two marks at its ends not counted).
pub const MOST_PIECES: usize = 190;
/// Sentences of the window before, up to this many pieces, are read again at a window's start.
const OVERLAP: usize = 56;

/// A stretch of tokens read in one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The sentences in sight; a sentence too long for one window is alone in its windows.
    pub sentences: Range<usize>,
    /// The tokens in sight.
    pub tokens: Range<usize>,
    /// The tokens whose cues are taken from this window: up to the middle of what it shares with its neighbours.
    pub own: Range<usize>,
    /// The sentences whose tags, trees and names are taken from this window.
    pub own_sentences: Range<usize>,
}

/// Cuts sentences that would not fit into one window by themselves.
pub fn fit(sentences: Vec<Sentence>, pieces: &Pieces) -> Vec<Sentence> {
    let mut fitting = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let mut start = sentence.tokens.start;
        for t in sentence.tokens.clone() {
            if pieces.count(start..t + 1) > MOST_PIECES {
                fitting.push(Sentence { tokens: start..t, paragraph: sentence.paragraph });
                start = t;
            }
        }
        fitting.push(Sentence { tokens: start..sentence.tokens.end, paragraph: sentence.paragraph });
    }
    fitting
}

/// Packs sentences (each of at most [`MOST_PIECES`] pieces, see [`fit`]) into windows that together own every token once.
pub fn pack(sentences: &[Sentence], pieces: &Pieces) -> Vec<Window> {
    let size = |range: Range<usize>| match range.is_empty() {
        true => 0,
        false => pieces.count(sentences[range.start].tokens.start..sentences[range.end - 1].tokens.end),
    };
    let mut windows: Vec<Window> = Vec::new();
    let mut fresh = 0;
    while fresh < sentences.len() {
        let first_size = size(fresh..fresh + 1);
        let mut start = fresh;
        while start > 0 && size(start - 1..fresh) <= OVERLAP && size(start - 1..fresh) + first_size <= MOST_PIECES {
            start -= 1;
        }
        let mut end = fresh + 1;
        let mut paragraph_end = None;
        while end < sentences.len() && size(start..end + 1) <= MOST_PIECES {
            if sentences[end].paragraph != sentences[end - 1].paragraph {
                paragraph_end = Some(end);
            }
            end += 1;
        }
        let at_paragraph_end = end == sentences.len() || sentences[end].paragraph != sentences[end - 1].paragraph;
        if let Some(cut) = paragraph_end.filter(|&cut| !at_paragraph_end && size(start..cut) * 3 >= MOST_PIECES * 2) {
            end = cut;
        }
        let tokens = sentences[start].tokens.start..sentences[end - 1].tokens.end;
        let shared = tokens.start..sentences[fresh].tokens.start;
        let middle = shared.start + shared.len() / 2;
        if let Some(before) = windows.last_mut() {
            before.own.end = middle;
        }
        windows.push(Window { sentences: start..end, own: middle..tokens.end, tokens, own_sentences: fresh..end });
        fresh = end;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_fit_and_own_every_token_once(lengths in prop::collection::vec((1usize..400, any::<bool>()), 0..60)) {
            let mut sentences = Vec::new();
            let (mut at, mut paragraph) = (0, 0);
            for (length, new_paragraph) in lengths {
                paragraph += usize::from(new_paragraph);
                sentences.push(Sentence { tokens: at..at + length, paragraph });
                at += length;
            }
            let pieces = Pieces { ids: vec![0; at], starts: (0..=at).collect(), features: vec![0; at] };
            let sentences = fit(sentences, &pieces);
            let windows = pack(&sentences, &pieces);
            let (mut token, mut sentence) = (0, 0);
            for w in &windows {
                prop_assert!(pieces.count(w.tokens.clone()) <= MOST_PIECES);
                prop_assert_eq!((w.own.start, w.own_sentences.start), (token, sentence));
                prop_assert!(w.tokens.start <= w.own.start && w.own.end <= w.tokens.end);
                prop_assert!(w.sentences.start <= w.own_sentences.start && w.own_sentences.end <= w.sentences.end);
                (token, sentence) = (w.own.end, w.own_sentences.end);
            }
            prop_assert_eq!((token, sentence), (at, sentences.len()));
        }
    }
}
