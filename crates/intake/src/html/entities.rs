//! Character references, with their places.

use html5gum::{Token, Tokenizer};

/// The longest reference HTML knows has 33 characters.
const LONGEST: usize = 40;

/// A stretch of a text's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'h> {
    /// These bytes as they stand, from this offset in the source on.
    Same(usize, &'h str),
    /// What a reference from this offset on, so many bytes long, stands for.
    Reference(usize, usize, String),
}

/// Cuts a text's source, which begins at `offset`, into pieces.
pub(crate) fn pieces(source: &str, offset: usize, mut take: impl FnMut(Piece<'_>)) {
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = source[at..].find('&') {
        let start = at + found;
        match reference(&source[start..]) {
            Some((length, characters)) => {
                if start > from {
                    take(Piece::Same(offset + from, &source[from..start]));
                }
                take(Piece::Reference(offset + start, length, characters));
                (at, from) = (start + length, start + length);
            }
            None => at = start + 1,
        }
    }
    if from < source.len() {
        take(Piece::Same(offset + from, &source[from..]));
    }
}

/// Appends what a source reads as.
pub(crate) fn decode_into(source: &str, text: &mut String) {
    pieces(source, 0, |piece| match piece {
        Piece::Same(_, same) => text.push_str(same),
        Piece::Reference(_, _, characters) => text.push_str(&characters),
    });
}

/// What a source reads as.
pub(crate) fn decode(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    decode_into(source, &mut text);
    text
}

/// The reference at the start of `source`: its length in bytes and what it stands for.
fn reference(source: &str) -> Option<(usize, String)> {
    for (name, character) in [("&nbsp;", "\u{a0}"), ("&amp;", "&"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">")] {
        if source.starts_with(name) {
            return Some((name.len(), character.to_string()));
        }
    }
    let name = source[1..].bytes().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    if name < 2 {
        return None;
    }
    let end = 1 + name + usize::from(source.as_bytes().get(1 + name) == Some(&b';'));
    let whole = &source[..end];
    let read: Option<String> = Tokenizer::new(whole).find_map(|token| match token {
        Ok(Token::String(string)) => Some(String::from_utf8_lossy(&string).into_owned()),
        _ => None,
    });
    let read = read.filter(|read| read != whole)?;
    // Old names need no semicolon and may be followed by letters, which then stand at the end as they are.
    let rest = whole.bytes().rev().zip(read.bytes().rev()).take_while(|(a, b)| a == b && a.is_ascii()).count();
    let rest = if whole.ends_with(';') && !read.ends_with(';') { 0 } else { rest.min(read.len().saturating_sub(1)) };
    Some((end - rest, read[..read.len() - rest].to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_with_their_length() {
        assert_eq!(reference("&rsquo;s"), Some((7, "’".to_string())));
        assert_eq!(reference("&#8217;s"), Some((7, "’".to_string())));
        assert_eq!(reference("&#x2019;"), Some((8, "’".to_string())));
        assert_eq!(reference("&copyright"), Some((5, "©".to_string())));
        assert_eq!(reference("& so"), None);
        assert_eq!(reference("&nosuch;"), None);
        assert_eq!(decode("R&ampD &amp;amp; caf&eacute; A&B &#150;"), "R&D &amp; café A&B –");
    }
}
