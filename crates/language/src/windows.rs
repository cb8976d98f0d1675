//! Windows: what the encoder reads in one pass.
//!
//! Whole paragraphs are packed up to [`MOST_PIECES`]; a paragraph that does not fit is cut between sentences. Where quotation marks
//! stand near a border, neighbouring windows share its sentences, so that what is quoted and who is quoted are in sight together on
//! both sides; elsewhere nothing is read twice, and windows rather end there.

use std::ops::Range;

use crate::pieces::Pieces;
use crate::sentences::Sentence;

/// A window holds at most this many word pieces (the two marks at its ends not counted).
pub const MOST_PIECES: usize = 190;
/// Sentences of the window before, up to this many pieces, are read again at a window's start that is in or near a quotation.
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
    let quoted: Vec<bool> = sentences.iter().map(|s| s.tokens.clone().any(|t| pieces.is_quoted(t))).collect();
    // Before the sentence `border`: neither it nor the two before it hold anything quoted.
    let quiet = |border: usize| !quoted[border.saturating_sub(2)..border + 1].contains(&true);
    let mut windows: Vec<Window> = Vec::new();
    let mut fresh = 0;
    while fresh < sentences.len() {
        let mut start = fresh;
        if fresh > 0 && !quiet(fresh) {
            let first_size = size(fresh..fresh + 1);
            while start > 0 && size(start - 1..fresh) <= OVERLAP && size(start - 1..fresh) + first_size <= MOST_PIECES {
                start -= 1;
            }
        }
        let ends_paragraph = |end: usize| sentences[end].paragraph != sentences[end - 1].paragraph;
        let fits = |&end: &usize| size(start..end) <= MOST_PIECES;
        let mut end = (fresh + 1..sentences.len() + 1).take_while(fits).last().unwrap_or(fresh + 1);
        if end < sentences.len() {
            let holds = |part: usize, of: usize| move |&cut: &usize| size(start..cut) * of >= MOST_PIECES * part;
            let paragraphs = || (fresh + 1..end).rev().filter(|&cut| ends_paragraph(cut));
            let whole = if ends_paragraph(end) { None } else { paragraphs().find(holds(2, 3)) };
            let border = whole.unwrap_or(end);
            let calm = if quiet(border) { None } else { paragraphs().filter(holds(1, 2)).find(|&cut| quiet(cut)) };
            end = calm.unwrap_or(border);
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
    use crate::pieces::QUOTED;
    use proptest::prelude::*;

    /// Windows over sentences of the given pieces, each a paragraph; those told to be quoted are.
    fn windows(sentences: &[(usize, bool)]) -> Vec<Window> {
        let (mut spans, mut features) = (Vec::new(), Vec::new());
        for (paragraph, &(length, quoted)) in sentences.iter().enumerate() {
            spans.push(Sentence { tokens: features.len()..features.len() + length, paragraph });
            features.extend(std::iter::repeat_n(if quoted { QUOTED } else { 0 }, length));
        }
        let pieces = Pieces { ids: vec![0; features.len()], starts: (0..=features.len()).collect(), features };
        pack(&spans, &pieces)
    }

    #[test]
    fn sentences_are_read_twice_only_near_quotations() {
        let plain = windows(&[(30, false); 9]);
        assert_eq!(plain.iter().map(|w| w.sentences.clone()).collect::<Vec<_>>(), [0..6, 6..9]);
        let mut sentences = [(30, false); 9];
        for sentence in &mut sentences[2..] {
            sentence.1 = true;
        }
        let quoted = windows(&sentences);
        assert_eq!(quoted.iter().map(|w| w.sentences.clone()).collect::<Vec<_>>(), [0..6, 5..9]);
        assert_eq!(quoted[1].own_sentences, 6..9);
    }

    #[test]
    fn a_window_rather_ends_where_nothing_is_quoted() {
        // The fourth border is out of every quotation; full windows would end at the sixth.
        let mut sentences = [(30, false); 9];
        for i in [0, 5, 6, 7, 8] {
            sentences[i].1 = true;
        }
        assert_eq!(windows(&sentences).iter().map(|w| w.sentences.clone()).collect::<Vec<_>>(), [0..4, 4..9]);
    }

    proptest! {
        #[test]
        fn windows_fit_and_own_every_token_once(lengths in prop::collection::vec((1usize..400, any::<bool>(), 0usize..3), 0..60)) {
            let (mut sentences, mut features) = (Vec::new(), Vec::new());
            let (mut at, mut paragraph) = (0, 0);
            for (length, new_paragraph, look) in lengths {
                paragraph += usize::from(new_paragraph);
                sentences.push(Sentence { tokens: at..at + length, paragraph });
                features.extend(std::iter::repeat_n(if look == 0 { QUOTED } else { 0 }, length));
                at += length;
            }
            let pieces = Pieces { ids: vec![0; at], starts: (0..=at).collect(), features };
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
