//! Quotation marks: which tokens stand between them, and where whole quotations begin and end.

use std::ops::Range;

use annalist_knowledge::Sources;
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
///
/// Marks are “ ”, « », „, " and the `` '' of typewriters, which are two tokens each; and ‘ ’, ' ' and ` ' where what could
/// be an apostrophe opens or closes a quotation: see [`Paragraph::closes_single`], and for marks apart from words
/// [`Paragraph::closes_spaced`]. A quotation within another is part of it.
pub fn places(text: &str, analysis: &Analysis, sources: &Sources) -> Vec<Place> {
    let mut places = vec![Place::Outside; analysis.tokens.len()];
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let mut number = usize::MAX;
    for sentence in &analysis.sentences {
        match paragraphs.last_mut().filter(|_| sentence.paragraph == number) {
            Some(last) => last.end = sentence.tokens.end,
            None => paragraphs.push(sentence.tokens.clone()),
        }
        number = sentence.paragraph;
    }
    for (n, tokens) in paragraphs.iter().enumerate() {
        let next = paragraphs.get(n + 1).map(|p| p.start);
        Paragraph { text, analysis, sources, tokens: tokens.clone(), next }.mark(&mut places);
    }
    places
}

/// What a mark does to a quotation: begins it, ends it, or the one or the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Opens,
    Closes,
    Either,
}

/// A paragraph whose quotation marks are looked for.
struct Paragraph<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    sources: &'a Sources,
    tokens: Range<usize>,
    /// Where the next one begins.
    next: Option<usize>,
}

impl Paragraph<'_> {
    fn mark(&self, places: &mut [Place]) {
        let mut inside = false;
        // Where a quotation between single marks ends.
        let mut single: Option<usize> = None;
        let mut t = self.tokens.start;
        while t < self.tokens.end {
            if let Some(end) = single {
                places[t] = if t == end { Place::Closing } else { Place::Inside };
                single = single.filter(|_| t != end);
                t += 1;
                continue;
            }
            let (opens, width) = match self.double(t) {
                Some((Mark::Opens, width)) => (Some(true), width),
                Some((Mark::Closes, width)) => (Some(false), width),
                Some((Mark::Either, width)) => (Some(!inside), width),
                None => (None, 1),
            };
            let place = match opens {
                Some(true) => Place::Opening,
                Some(false) => Place::Closing,
                None if inside => Place::Inside,
                None => {
                    single = self.opens_single(t).then(|| self.closes_single(t)).flatten();
                    single = single.or_else(|| self.closes_spaced(t));
                    if single.is_some() { Place::Opening } else { Place::Outside }
                }
            };
            places[t..t + width].fill(place);
            inside = opens.unwrap_or(inside);
            t += width;
        }
    }

    /// The token's characters; none beyond the paragraph.
    fn word(&self, t: usize) -> &str {
        let token = self.analysis.tokens.get(t).filter(|_| self.tokens.contains(&t));
        token.map_or("", |token| &self.text[token.start..token.end])
    }

    /// Whether nothing stands between a token and the one after it.
    fn touches_next(&self, t: usize) -> bool {
        let tokens = &self.analysis.tokens;
        t + 1 < self.tokens.end && tokens[t].end == tokens[t + 1].start
    }

    /// What a double mark does, and how many tokens it is.
    fn double(&self, t: usize) -> Option<(Mark, usize)> {
        let twin = || self.touches_next(t) && self.word(t) == self.word(t + 1);
        match self.word(t) {
            "“" | "«" | "„" => Some((Mark::Opens, 1)),
            "”" | "»" => Some((Mark::Closes, 1)),
            "\"" | "''" => Some((Mark::Either, 1)),
            "`" if twin() => Some((Mark::Opens, 2)),
            "'" if twin() => Some((Mark::Either, 2)),
            _ => None,
        }
    }

    /// Whether a single mark stands before a word and after none, as one that opens a quotation does.
    fn opens_single(&self, t: usize) -> bool {
        if !matches!(self.word(t), "‘" | "'" | "`") || self.double(t).is_some() || !self.touches_next(t) {
            return false;
        }
        let next = self.word(t + 1).to_lowercase();
        let begins =
            next.starts_with(char::is_alphanumeric) || self.double(t + 1).is_some_and(|(m, _)| m != Mark::Closes);
        // "‘em", "‘90s": letters are left out.
        let decade = next.strip_suffix('s').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
        let free = t == self.tokens.start
            || !self.touches_next(t - 1)
            || self.word(t - 1).chars().all(|c| matches!(c, '(' | '[' | '—' | '–' | '-' | '“' | '"'));
        begins && free && !decade && !self.sources.is_clipped(&next)
    }

    /// Where a quotation ends whose marks stand apart from its words, as in texts that were cut into words: "the ` Black Monday ' of 1987".
    /// A mark that could be an apostrophe opens none, and the next such mark begins another one.
    fn closes_spaced(&self, open: usize) -> Option<usize> {
        let apart = |t: usize| (t == self.tokens.start || !self.touches_next(t - 1)) && !self.touches_next(t);
        let opens = |t: usize| matches!(self.word(t), "‘" | "`") && apart(t);
        if !opens(open) {
            return None;
        }
        let end = (open + 1..self.tokens.end).find(|&t| opens(t) || matches!(self.word(t), "’" | "'") && apart(t))?;
        (end > open + 1 && !opens(end)).then_some(end)
    }

    /// Where a quotation ends that a single mark opens: at a mark after a word or a mark and before none. The apostrophe of "the
    /// drivers’ union" looks like it: such a one ends it only if none after a comma, period or the like does. No quotation ends
    /// after the next has begun, and none is within another that is not ended. It may go on to the end of its paragraph if the next
    /// begins with its mark again.
    fn closes_single(&self, open: usize) -> Option<usize> {
        let introduced = open == self.tokens.start || matches!(self.word(open - 1), ":" | ",");
        let goes_on = introduced
            && self
                .next
                .and_then(|t| self.analysis.tokens.get(t))
                .is_some_and(|token| self.text.get(token.start..token.end) == Some(self.word(open)));
        let (mut within, mut unsure) = (false, None);
        let mut t = open + 1;
        while t < self.tokens.end {
            if let Some((mark, width)) = self.double(t) {
                within = match mark {
                    Mark::Opens => true,
                    Mark::Closes => false,
                    Mark::Either => !within,
                };
                t += width;
                continue;
            }
            if !within && self.opens_single(t) {
                break;
            }
            let before = self.word(t - 1);
            let mark = matches!(self.word(t), "’" | "'") && self.touches_next(t - 1);
            let ends = !self.touches_next(t) || !self.word(t + 1).starts_with(char::is_alphanumeric);
            if !within && mark && ends {
                let after_mark = !before.ends_with(char::is_alphanumeric);
                let before_word = !self.touches_next(t) && self.word(t + 1).starts_with(char::is_lowercase);
                let owns = before.ends_with(['s', 'S']) && before_word;
                match () {
                    () if after_mark => return Some(t),
                    () if unsure.is_none() && !owns => return Some(t),
                    () if unsure.is_none() && !goes_on => unsure = Some(t),
                    () => {}
                }
            }
            t += 1;
        }
        unsure.or(goes_on.then_some(self.tokens.end))
    }
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
                    let inside = (t + 1..places.len()).find(|&k| places[k] != Place::Opening).unwrap_or(t + 1);
                    let goes_on = broken && comma && word(inside).starts_with(char::is_lowercase);
                    continued = (continued && t == first) || goes_on;
                    open = Some(t);
                }
                (Place::Closing, Some(start)) => {
                    // A mark of two tokens ends with the second.
                    let twin = word(t + 1) == word(t) && places.get(t + 1) == Some(&Place::Closing);
                    close(start..t + 1 + usize::from(twin), continued);
                    (open, continued) = (None, false);
                    broken = t > 0 && word(t - 1) == ",";
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
