//! How many: numbers of people killed, detained, displaced and the like, and amounts of money paid and pledged.
//!
//! A figure is told by a number and a word for what is counted (`figures.toml`), joined by the tree: "killed 12 people", "12 people were
//! killed", "the killing of 12", "12 dead", "12 hostages", "the death toll rose to 12". A number word without a value counts as the least it can
//! mean, hedged `at_least`: "dozens" 24, "hundreds" 200, "tens of thousands" 20,000. What has no number at all ("several", "many", "a
//! soldier") is no figure.
//!
//! What was not done is not told: neither of the negated nor of the planned or possible is there a figure (`standing`).
//!
//! Of an amount of money, `of` is the currency as the text writes it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use annalist_knowledge::{FigureWords, Knowledge};
use annalist_language::Analysis;
use annalist_record::{Confidence, Event, Figure, Hedge, Statement, Time, item_id};

use crate::clauses::Clauses;

mod counted;
mod kinds;
mod money;
mod numbers;
mod standing;

/// The figures of a text, in its order. `statements` tell by whose count, `events` what they belong to (there may be none), and what
/// stands in `times` counts nobody.
pub fn figures(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    statements: &[Statement],
    times: &[Time],
    events: &[Event],
) -> Vec<Figure> {
    let clauses = Clauses::new(text, analysis, knowledge, statements, &[]);
    let reading = Reading { c: &clauses, words: knowledge.figures(), knowledge };
    // The time that each token belongs to.
    let mut timed = vec![None; clauses.len()];
    for (n, time) in times.iter().enumerate() {
        clauses.tokens(&time.span).for_each(|t| timed[t] = Some(n));
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut figures = Vec::new();
    let mut last: Option<(&str, usize)> = None;
    // What is told of the nouns counted so far.
    let mut known = HashMap::new();
    for number in reading.numbers() {
        let time = timed.get(number.tokens.start).copied().flatten();
        if time.is_some() && timed.get(number.tokens.end.saturating_sub(1)) == Some(&time) {
            continue;
        }
        let counted = match reading.counted(&number, &mut known) {
            Ok(counted) => Some(counted),
            Err(NoFigure::Untold) => None,
            Err(NoFigure::Undone) => continue,
        };
        // "12 people, including three children": a part of those counted before.
        // "killed 12 people in the port and 11 at sea": as many in the same way.
        let before = number.tokens.start.checked_sub(1).map_or("", |t| reading.word(t));
        let likewise = counted.is_none()
            && matches!(before, "and" | "or")
            && matches!(reading.word(number.tokens.end), "on" | "in" | "at" | "near" | "outside" | "inside");
        let part = last.as_ref().filter(|(_, from)| {
            let counts = counted.as_ref().is_none_or(|c| c.told == Told::People);
            let included = reading.words.includes(before);
            let of_them = reading.word(number.tokens.end) == "of"
                && matches!(reading.word(number.tokens.end + 1), "them" | "whom" | "those" | "these");
            counts
                && (included || of_them || likewise && number.bare.start < *from + EVENT_REACH)
                && number.money.is_none()
                && clauses.sentence[*from] == clauses.sentence[number.bare.start]
        });
        let counted = match part {
            Some((kind, _)) => reading.part(&number, kind),
            None => counted,
        };
        let Some(counted) = counted else { continue };
        last = Some((counted.what, number.bare.start));
        let span = clauses.span(counted.range.clone());
        let before = seen.entry(span.text.clone()).or_default();
        let id = item_id('f', [&span], *before);
        *before += 1;
        figures.push(Figure {
            id,
            what: counted.what.to_string(),
            value: number.value,
            upper: number.upper,
            hedge: number.hedge,
            event: reading.event(&counted, events).map(|e| e.id.clone()),
            of: counted.of,
            said_in: clauses.said_in(number.tokens.start).map(|s| s.id.clone()),
            span,
            confidence: Confidence::new(counted.told.confidence()),
        });
    }
    figures
}

/// So many tokens may lie between a figure and the event it belongs to.
const EVENT_REACH: usize = 12;

/// A number as it is told.
struct Number {
    /// Its tokens, hedges among them.
    tokens: Range<usize>,
    /// The tokens of the number alone.
    bare: Range<usize>,
    value: f64,
    upper: Option<f64>,
    hedge: Hedge,
    /// The mark or name of a currency, if it is an amount of money.
    money: Option<String>,
}

/// What a number counts.
struct Counted<'k> {
    what: &'k str,
    of: Option<String>,
    /// The word that tells what is counted.
    told_by: usize,
    range: Range<usize>,
    told: Told,
}

/// Why a number is no figure.
enum NoFigure {
    /// Nothing is told of what it counts.
    Untold,
    /// It counts nobody, or what is told was not done.
    Undone,
}

/// How a kind was told, with the confidence that was measured for it.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Verb,
    State,
    Toll,
    Act,
    Beside,
    People,
    Paid,
}

impl Told {
    fn confidence(self) -> f32 {
        match self {
            Told::Verb => 0.95,
            Told::State | Told::Toll => 0.9,
            Told::Act | Told::People => 0.85,
            Told::Beside | Told::Paid => 0.8,
        }
    }
}

struct Reading<'a> {
    c: &'a Clauses<'a>,
    words: &'a FigureWords,
    knowledge: &'a Knowledge,
}

impl<'a> Reading<'a> {
    fn word(&self, t: usize) -> &str {
        self.c.lower.get(t).map_or("", String::as_str)
    }

    fn lemma(&self, t: usize) -> &str {
        self.c.lemma.get(t).map_or("", String::as_str)
    }

    /// Whether a list has a token's lemma, or the token. Of rare words in "-ing" and "-ed" the lemma may lack its last letter or have one too
    /// many: "injuring", "indicted".
    fn among(&self, list: &HashSet<String>, t: usize) -> bool {
        let (word, lemma) = (self.word(t), self.lemma(t));
        let stem = || word.strip_suffix("ed").or_else(|| word.strip_suffix("ing"));
        list.contains(lemma)
            || list.contains(word)
            || word != lemma && (list.contains(&format!("{lemma}e")) || stem().is_some_and(|stem| list.contains(stem)))
    }

    /// The event that a figure belongs to: whose trigger tells it, or stands above or below that in one clause, or else the nearest of a type
    /// that such a figure may have.
    fn event<'e>(&self, counted: &Counted, events: &'e [Event]) -> Option<&'e Event> {
        let c = self.c;
        let told_by = counted.told_by;
        let sentence = c.sentence_of(told_by);
        // What stands above a word in its clause.
        let above = |from: usize| {
            let inside = move |t: usize| {
                let apart = c.is(t, &["advcl", "acl:relcl", "ccomp", "parataxis", "csubj"]);
                let own = c.is(t, &["conj"]) && c.child(t, &["nsubj"]).is_some();
                c.head(t).filter(|_| !apart && !own)
            };
            std::iter::successors(Some(from), move |&t| inside(t)).take(8)
        };
        let to_trigger = |e: &'e Event| {
            let spans = std::iter::once(&e.trigger).chain(&e.also);
            let near = spans.filter_map(|span| {
                let tokens = c.tokens(span);
                if tokens.is_empty() || !sentence.contains(&tokens.start) {
                    return None;
                }
                let distance = match () {
                    () if tokens.contains(&told_by) => 0,
                    () if told_by < tokens.start => tokens.start - told_by,
                    () => told_by + 1 - tokens.end,
                };
                let tied = above(told_by).any(|t| tokens.contains(&t))
                    || tokens.clone().any(|t| above(t).any(|t| t == told_by));
                let fits = self.words.fits_event(counted.what, &e.kind);
                (distance <= EVENT_REACH && (tied || fits)).then_some((distance > 0 && !tied, distance))
            });
            Some((near.min()?, e))
        };
        events.iter().filter_map(to_trigger).min_by_key(|(near, _)| *near).map(|(_, e)| e)
    }
}

/// Those counted.
struct Set<'n> {
    /// The word that stands for them in the tree: a noun with its number, or the number itself.
    noun: usize,
    /// The noun for them.
    people: Option<usize>,
    number: &'n Number,
}
