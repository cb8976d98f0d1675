//! Quotation marks: which tokens stand between them, and where whole quotations begin and end.

use std::ops::Range;

use annalist_language::Analysis;

/// What a token is to quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Outside quotation marks.
    Outside,
    /// Between them.
    Inside,
    /// A mark that opens a quotation.
    Opening,
    /// A mark that closes one.
    Closing,
}

/// For each token, its place. Quotations end with their paragraph at the latest: a quotation that goes on is opened again.
pub fn places(text: &str, analysis: &Analysis) -> Vec<Place> {
    let mut places = vec![Place::Outside; analysis.tokens.len()];
    let (mut paragraph, mut inside) = (usize::MAX, false);
    for sentence in &analysis.sentences {
        inside &= sentence.paragraph == paragraph;
        paragraph = sentence.paragraph;
        for t in sentence.tokens.clone() {
            let token = &analysis.tokens[t];
            let opens = match &text[token.start..token.end] {
                "“" | "«" | "„" => Some(true),
                "”" | "»" => Some(false),
                "\"" | "''" => Some(!inside),
                _ => None,
            };
            places[t] = match opens {
                Some(true) => Place::Opening,
                Some(false) => Place::Closing,
                None if inside => Place::Inside,
                None => Place::Outside,
            };
            inside = opens.unwrap_or(inside);
        }
    }
    places
}

/// Whole quotations, marks included, as stretches of tokens. One quotation of several stretches is
///
/// * one that is not closed by the end of its paragraph and goes on in the next one, which opens it again;
/// * one that breaks off with a comma to let its speaker be named, and goes on after another, in lower
///   case, in the same sentence.
pub fn quotations(text: &str, analysis: &Analysis, places: &[Place]) -> Vec<Vec<Range<usize>>> {
    let word = |t: usize| analysis.tokens.get(t).map_or("", |token| &text[token.start..token.end]);
    let mut quotations: Vec<Vec<Range<usize>>> = Vec::new();
    let (mut paragraph, mut open, mut continued) = (usize::MAX, None, false);
    let mut close = |range: Range<usize>, continued: bool| match quotations.last_mut() {
        Some(before) if continued => before.push(range),
        _ => quotations.push(vec![range]),
    };
    for sentence in &analysis.sentences {
        let first = sentence.tokens.start;
        if sentence.paragraph != paragraph {
            let unclosed = open.take();
            if let Some(start) = unclosed {
                close(start..first, continued);
            }
            continued = unclosed.is_some() && places[first] == Place::Opening;
        }
        paragraph = sentence.paragraph;
        // Whether the last quotation of the sentence broke off with a comma.
        let mut broken = false;
        for t in sentence.tokens.clone() {
            match (places[t], open) {
                (Place::Opening, None) => {
                    let comma = t > 0 && word(t - 1) == ",";
                    let goes_on = broken && comma && word(t + 1).starts_with(char::is_lowercase);
                    continued = (continued && t == first) || goes_on;
                    open = Some(t);
                }
                (Place::Closing, Some(start)) => {
                    close(start..t + 1, continued);
                    (open, continued) = (None, false);
                    broken = word(t - 1) == ",";
                }
                _ => {}
            }
        }
    }
    if let Some(start) = open {
        close(start..places.len(), continued);
    }
    quotations
}
