//! Attributions that the layout makes rather than the language: turns of a transcript, and signed quotations.
//!
//! * `MARQUEZ: We heard the shots.` — a name in capitals and a colon open a turn; it lasts until the next one. So do the headings of a
//!   digest ("KABUL: …") or a check of facts ("CLAIM: …"): who speaks in a transcript speaks again, or is a person of the text.
//! * `“We heard the shots.” — Ana Marquez` — a quotation that fills its line, a dash, and who said it.
//!
//! Both are as long as the speaker cared to speak, longer than any window a model reads.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use annalist_knowledge::{Datelines, Knowledge};
use annalist_language::{Analysis, Attribution};

use crate::quotation::Place;

/// A name before a colon, or after a dash, has at most this many tokens.
const LONGEST_NAME: usize = 8;
/// One capitalised line with a colon is a heading; a transcript has this many turns at least.
const FEWEST_TURNS: usize = 3;
/// How sure: such layouts are seldom anything else.
const CONFIDENCE: f32 = 0.9;

/// Finds the attributions that the layout makes.
pub fn attributions(text: &str, analysis: &Analysis, knowledge: &Knowledge, places: &[Place]) -> Vec<Attribution> {
    let view = View { text, analysis, knowledge, places };
    let paragraphs = view.paragraphs();
    let mut found = view.turns(&paragraphs);
    found.extend(paragraphs.iter().filter_map(|p| view.signed(p)));
    found
}

/// A dateline has at most this many tokens.
const LONGEST_DATELINE: usize = 16;

/// The token after the dateline with which a sentence begins ("PORT ELVA, March 12 (Elva Press) — "), if it does. The sentence is the
/// first of its paragraph. A dash is one's own if no date or agency stands before it but only a place in capitals ("ELVA, Norrland — "),
/// unless it opens an aside ("NATO — Norrland's ally — said").
pub fn after_dateline(text: &str, analysis: &Analysis, datelines: &Datelines, sentence: usize) -> Option<usize> {
    let tokens = &analysis.tokens;
    let sentences = &analysis.sentences;
    let one = sentences.get(sentence)?;
    if sentence.checked_sub(1).is_some_and(|before| sentences[before].paragraph == one.paragraph) {
        return None;
    }
    let start = one.tokens.start;
    let begins = tokens.get(start)?.start;
    if let Some(dateline) = datelines.dateline(&text[begins..]) {
        let end = begins + dateline.text.trim_end().len();
        return Some(tokens.partition_point(|t| t.start < end));
    }
    let word = |t: usize| tokens.get(t).map_or("", |token| &text[token.start..token.end]);
    let spaced = |t: usize| {
        t > start && t + 1 < tokens.len() && tokens[t - 1].end < tokens[t].start && tokens[t].end < tokens[t + 1].start
    };
    let is_dash = |t: &usize| matches!(word(*t), "—" | "–" | "--" | "-") && spaced(*t);
    let dash = (start..one.tokens.end.min(start + LONGEST_DATELINE)).find(is_dash)?;
    let aside = (dash + 1..one.tokens.end).any(|t| is_dash(&t));
    let place_ends = (start..dash).find(|&t| matches!(word(t), "," | "(" | "/")).unwrap_or(dash);
    let capitals = |t: usize| word(t).chars().all(|c| c.is_uppercase() || matches!(c, '-' | '.' | '’' | '\''));
    let place = word(start).chars().count() > 1 && (start..place_ends).all(capitals);
    let capital = |t: usize| word(t).chars().next().is_some_and(|c| !c.is_lowercase());
    let rest = (place_ends..dash).all(capital) && capital(dash + 1);
    (place && rest && !(aside && place_ends == dash)).then_some(dash + 1)
}

struct View<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    places: &'a [Place],
}

impl View<'_> {
    fn word(&self, t: usize) -> &str {
        let token = &self.analysis.tokens[t];
        &self.text[token.start..token.end]
    }

    fn paragraphs(&self) -> Vec<Range<usize>> {
        let mut paragraphs: Vec<Range<usize>> = Vec::new();
        let mut number = usize::MAX;
        for sentence in &self.analysis.sentences {
            match paragraphs.last_mut().filter(|_| sentence.paragraph == number) {
                Some(last) => last.end = sentence.tokens.end,
                None => paragraphs.push(sentence.tokens.clone()),
            }
            number = sentence.paragraph;
        }
        paragraphs
    }

    /// The speaker and the colon of a paragraph that opens a turn.
    fn opening(&self, paragraph: &Range<usize>) -> Option<(Range<usize>, usize)> {
        let start = paragraph.clone().find(|&t| self.places[t] != Place::Opening)?;
        let colon = (start..paragraph.end.min(start + LONGEST_NAME)).find(|&t| self.word(t) == ":")?;
        let capitals = |t: usize| {
            let letters = || self.word(t).chars().filter(|c| c.is_alphabetic());
            letters().all(char::is_uppercase)
                && (letters().next().is_some() || matches!(self.word(t), "." | "-" | "'" | "’"))
        };
        let long = self.word(start).chars().filter(|c| c.is_alphabetic()).count() > 1;
        (colon > start && long && (start..colon).all(capitals)).then_some((start..colon, colon))
    }

    fn turns(&self, paragraphs: &[Range<usize>]) -> Vec<Attribution> {
        let openings: Vec<(usize, Range<usize>, usize)> = paragraphs
            .iter()
            .enumerate()
            .filter_map(|(p, range)| self.opening(range).map(|(s, c)| (p, s, c)))
            .filter(|(_, speaker, _)| !self.is_heading(speaker))
            .collect();
        if openings.len() < FEWEST_TURNS || !self.is_transcript(&openings) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (k, (p, speaker, colon)) in openings.iter().enumerate() {
            // The last turn may be followed by the reporter's own words: it ends with its paragraph.
            let end = openings.get(k + 1).map_or(p + 1, |next| next.0);
            let mut content: Vec<Range<usize>> = Vec::new();
            for (q, paragraph) in paragraphs.iter().enumerate().take(end).skip(*p) {
                let start = if q == *p { colon + 1 } else { paragraph.start };
                if start < paragraph.end && !self.aside(&(start..paragraph.end)) {
                    content.push(start..paragraph.end);
                }
            }
            if !content.is_empty() {
                found.push(Attribution {
                    anchor: *colon,
                    cue: vec![*colon..colon + 1],
                    source: vec![speaker.clone()],
                    content,
                    confidence: CONFIDENCE,
                    evidence: [0.0; 4],
                });
            }
        }
        found
    }

    /// Whether the words before a colon are those of headings.
    fn is_heading(&self, words: &Range<usize>) -> bool {
        let words = self.lower(words);
        self.knowledge.sources().is_heading(words.strip_prefix("the ").unwrap_or(&words))
    }

    /// Whether at least half of the turns that are opened are of somebody who speaks more than once or is a person of the text. Places
    /// do not count: those of a digest come again, too.
    fn is_transcript(&self, openings: &[(usize, Range<usize>, usize)]) -> bool {
        let names = &self.analysis.names;
        let opens = |t: usize| openings.iter().any(|(_, speaker, _)| speaker.contains(&t));
        let persons: HashSet<String> = names
            .iter()
            .filter(|n| n.kind == "PER" && !opens(n.tokens.start))
            .flat_map(|n| n.tokens.clone())
            .map(|t| self.word(t).to_lowercase())
            .filter(|word| word.chars().count() > 1)
            .collect();
        let mut turns: HashMap<String, usize> = HashMap::new();
        for (_, speaker, _) in openings {
            *turns.entry(self.lower(speaker)).or_default() += 1;
        }
        let speaks = |speaker: &Range<usize>| {
            let place = || {
                let named = |n: &annalist_language::Name| {
                    n.kind == "LOC" && n.tokens.start < speaker.end && speaker.start < n.tokens.end
                };
                names.iter().any(named) || self.knowledge.countries().lookup(&self.words(speaker)).next().is_some()
            };
            let person = speaker.clone().next_back().is_some_and(|t| persons.contains(&self.word(t).to_lowercase()));
            person || turns.get(&self.lower(speaker)).is_some_and(|&n| n > 1) && !place()
        };
        let speaking = openings.iter().filter(|(_, speaker, _)| speaks(speaker)).count();
        speaking * 2 >= openings.len()
    }

    fn words(&self, tokens: &Range<usize>) -> String {
        tokens.clone().map(|t| self.word(t)).collect::<Vec<_>>().join(" ")
    }

    fn lower(&self, tokens: &Range<usize>) -> String {
        self.words(tokens).to_lowercase()
    }

    /// A stage direction: everything in brackets or in capitals.
    fn aside(&self, tokens: &Range<usize>) -> bool {
        let mut letters = tokens.clone().flat_map(|t| self.word(t).chars()).filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(char::is_uppercase)
    }

    /// A quotation that fills its paragraph up to a dash and a name.
    fn signed(&self, paragraph: &Range<usize>) -> Option<Attribution> {
        if self.places[paragraph.start] == Place::Outside || self.places[paragraph.start] == Place::Inside {
            return None;
        }
        let dash = paragraph
            .clone()
            .rev()
            .take(LONGEST_NAME + 1)
            .find(|&t| matches!(self.word(t), "―" | "—" | "–" | "--" | "-"))?;
        let closes = dash > paragraph.start + 2 && matches!(self.places[dash - 1], Place::Closing | Place::Opening);
        let name = dash + 1..paragraph.end;
        let name = name.start..name.end - usize::from(!name.is_empty() && self.word(name.end - 1) == ".");
        let capital = |t: usize| self.word(t).chars().next().is_some_and(char::is_uppercase);
        let named =
            !name.is_empty() && capital(name.start) && name.clone().all(|t| capital(t) || self.word(t).len() <= 3);
        let source = vec![name];
        (closes && named && self.places[dash] != Place::Inside).then(|| Attribution {
            anchor: dash,
            cue: vec![dash..dash + 1],
            source,
            content: vec![paragraph.start..dash],
            confidence: CONFIDENCE,
            evidence: [0.0; 4],
        })
    }
}

/// Puts the layout's attributions in place of those of the model that have the same cue or say who said the same words.
pub fn merge(model: &[Attribution], layout: Vec<Attribution>) -> Vec<Attribution> {
    let same = |m: &Attribution, l: &Attribution| {
        let overlap: usize = m.content.iter().flat_map(|a| l.content.iter().map(|b| shared(a, b))).sum();
        let size: usize = m.content.iter().map(Range::len).sum();
        let cue = m.cue.iter().any(|a| l.cue.iter().any(|b| shared(a, b) > 0));
        let source = m.source.iter().any(|a| l.source.iter().any(|b| shared(a, b) > 0));
        cue || (source && overlap * 2 > size)
    };
    let mut merged: Vec<Attribution> = model.iter().filter(|m| !layout.iter().any(|l| same(m, l))).cloned().collect();
    merged.extend(layout);
    merged
}

fn shared(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}
