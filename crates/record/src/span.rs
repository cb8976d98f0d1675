//! Spans: where in a report's text something stands.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of `report.text`: Unicode code points `start..end`, and the words themselves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The characters between, exactly.
    pub text: String,
}

impl Span {
    /// The span of the bytes `range` of `text`.
    ///
    /// # Panics
    /// If the range does not lie on character boundaries of the text that `index` was made from.
    pub fn of_bytes(text: &str, index: &CharIndex, range: Range<usize>) -> Span {
        Span { start: index.point(range.start), end: index.point(range.end), text: text[range].to_string() }
    }
}

/// Maps byte offsets of a text to code points and back.
///
/// Pure ASCII costs nothing; otherwise one offset is kept for every 64 bytes, so that a look-up is a short scan.
#[derive(Debug, Clone)]
pub struct CharIndex {
    text: CharText,
    length: usize,
}

#[derive(Debug, Clone)]
enum CharText {
    Ascii,
    /// For each block of 64 bytes: code points before it; and which bytes begin a code point, a bit each.
    Blocks(Vec<(usize, u64)>),
}

const BLOCK: usize = 64;

impl CharIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> CharIndex {
        let length = text.len();
        if text.is_ascii() {
            return CharIndex { text: CharText::Ascii, length };
        }
        let mut before = 0;
        let blocks = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|chunk| {
                let mut bits = 0u64;
                for (i, byte) in chunk.iter().enumerate() {
                    bits |= u64::from((byte & 0xC0) != 0x80) << i;
                }
                let block = (before, bits);
                before += bits.count_ones() as usize;
                block
            })
            .collect();
        CharIndex { text: CharText::Blocks(blocks), length }
    }

    /// The number of code points before byte `byte`; of the whole text for its length or more.
    pub fn point(&self, byte: usize) -> usize {
        let byte = byte.min(self.length);
        match &self.text {
            CharText::Ascii => byte,
            CharText::Blocks(blocks) => match blocks.get(byte / BLOCK) {
                Some((before, bits)) => before + (bits & ((1u64 << (byte % BLOCK)) - 1)).count_ones() as usize,
                None => blocks.last().map_or(0, |(before, bits)| before + bits.count_ones() as usize),
            },
        }
    }

    /// The byte at which code point `point` begins; the text's length if it has no so many.
    pub fn byte(&self, point: usize) -> usize {
        match &self.text {
            CharText::Ascii => point.min(self.length),
            CharText::Blocks(blocks) => {
                let block = blocks.partition_point(|(before, _)| *before <= point).saturating_sub(1);
                let Some((before, bits)) = blocks.get(block) else { return self.length };
                let mut rest = *bits;
                for _ in *before..point {
                    rest &= rest.wrapping_sub(1);
                }
                match rest {
                    0 => self.length,
                    _ => block * BLOCK + rest.trailing_zeros() as usize,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_and_points_agree_on_any_text(text in ".{0,300}", pick in any::<prop::sample::Index>()) {
            let index = CharIndex::new(&text);
            for (point, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(index.point(byte), point);
                prop_assert_eq!(index.byte(point), byte);
            }
            let count = text.chars().count();
            prop_assert_eq!((index.point(text.len()), index.byte(count)), (count, text.len()));
            let cuts: Vec<usize> = text.char_indices().map(|(b, _)| b).chain([text.len()]).collect();
            let cut = cuts[pick.index(cuts.len())];
            let span = Span::of_bytes(&text, &index, cut..text.len());
            let sliced: String = text.chars().skip(span.start).take(span.end - span.start).collect();
            prop_assert_eq!(sliced, span.text);
        }
    }
}
