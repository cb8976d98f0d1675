//! When: time expressions, what they stand for, and what they were counted from.
//!
//! The rules of [`annalist_knowledge::Times`] find the expressions. What they leave open is settled here: against the day of
//! publication, or a time named before; in the direction that the tense of their clause tells ("met on Tuesday", "will meet on
//! Tuesday"). Where the day of publication is not known, what depends on it stays unresolved, and keeps its order: weekdays and
//! words such as "tomorrow" are placed by days from one of them.

use std::ops::Range;

use annalist_calendar::{Date, PartialDate, Period};
use annalist_knowledge::{Knowledge, Lexeme, TimeKind, TimeMatch};
use annalist_language::Analysis;
use annalist_record::Time;

mod calendar;
mod counted;
mod fields;
mod lookalikes;
mod recorded;
mod said;
mod side;

use fields::Fields;
use recorded::days_on;
pub use said::place_statements;
pub(crate) use said::says_when;
use side::Side;

/// What [`Time::relative_to`] says of times that were counted from the report's publication.
pub const PUBLISHED: &str = "published";

/// Reads the times out of an analysed text, in its order. `published` is an ISO 8601 date or time; what cannot be read as one
/// counts as unknown.
pub fn times(text: &str, analysis: &Analysis, knowledge: &Knowledge, published: Option<&str>) -> Vec<Time> {
    let published = published.and_then(|p| p.get(..10)).and_then(|day| day.parse::<Date>().ok());
    let expressions = expressions(text, analysis, knowledge);
    let mut read = Reading { text, knowledge, expressions: &expressions, anchor: Date::ZERO, before: Vec::new() };
    let supposed = if published.is_some() { None } else { Some(read.supposed_day()) };
    let Some(anchor) = published.or(supposed) else { return Vec::new() };
    read.anchor = anchor;
    for at in 0..expressions.len() {
        let meaning = read.meaning(at);
        read.before.push(meaning);
    }
    read.record(supposed)
}

/// By which rules the times of a text were found, in its order: the bytes of each, the rule's words and what it means as the data
/// file writes them, and where the verb of its clause says that it lies: -1 in the past, 1 ahead, 0 unknown.
pub fn rules<'k>(
    text: &str,
    analysis: &Analysis,
    knowledge: &'k Knowledge,
) -> Vec<(Range<usize>, &'k str, &'k str, i32)> {
    let rule = |e: Expression<'k>| {
        let rule = e.found.rule;
        (e.bytes, rule.words.as_str(), rule.means.as_str(), e.side.direction)
    };
    expressions(text, analysis, knowledge).into_iter().map(rule).collect()
}

/// An expression: where a rule applies.
struct Expression<'k> {
    found: TimeMatch<'k>,
    bytes: Range<usize>,
    sentence: usize,
    side: Side,
}

/// What an expression stands for.
#[derive(Debug, Clone)]
struct Meaning {
    value: Value,
    basis: Basis,
}

#[derive(Debug, Clone)]
enum Value {
    Date(PartialDate),
    /// A length, and the days between which it lies if it is counted from one.
    Period(Period, Option<(Date, Date)>),
    /// A TIMEX3 value that is no single stretch: a reference to the past, a recurring time.
    Other(String),
    Unknown,
}

/// Where a rule applies, in its text.
struct Place<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    lexemes: &'a [Lexeme<'a>],
    found: &'a TimeMatch<'a>,
    tokens: Range<usize>,
}

/// What a value was counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// Nothing: the words say it all.
    Words,
    Published,
    /// An earlier expression, by its number.
    Text(usize),
}

fn expressions<'k>(text: &str, analysis: &Analysis, knowledge: &'k Knowledge) -> Vec<Expression<'k>> {
    let rules = knowledge.times();
    let lexemes = rules.lexemes(text);
    let token_at = |byte: usize| analysis.tokens.partition_point(|t| t.end <= byte);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        let matches = rules.matches(&lexemes, at);
        let fits = |m: &TimeMatch| {
            let token = analysis.tokens.get(token_at(lexemes[m.last].range.start));
            m.rule.upos.is_empty() || token.is_some_and(|token| m.rule.upos.iter().any(|upos| **upos == *token.upos))
        };
        let Some(best) = matches.into_iter().find(fits) else {
            at += 1;
            continue;
        };
        at = best.lexemes.end;
        if best.rule.kind.is_none() {
            continue;
        }
        let bytes = lexemes[best.lexemes.start].range.start..lexemes[best.lexemes.end - 1].range.end;
        let tokens = token_at(bytes.start)..token_at(bytes.end.saturating_sub(1)) + 1;
        let tokens = tokens.start..tokens.end.min(analysis.tokens.len());
        let outside = |t: &usize| analysis.tokens[*t].head.is_none_or(|h| !tokens.contains(&h));
        let head = tokens.clone().find(outside);
        let place = Place { text, analysis, knowledge, lexemes: &lexemes, found: &best, tokens: tokens.clone() };
        if lookalikes::is_another_thing(&place) {
            continue;
        }
        let sentence = analysis.sentences.partition_point(|s| s.tokens.end <= tokens.start);
        let day = Fields(&best).is_day();
        let side = head.map_or(Side::default(), |head| side::side(text, analysis, knowledge, tokens.start, head, day));
        found.push(Expression { found: best, bytes, sentence, side });
    }
    found
}

struct Reading<'a> {
    text: &'a str,
    knowledge: &'a Knowledge,
    expressions: &'a [Expression<'a>],
    /// The day of publication, known or supposed.
    anchor: Date,
    /// What the expressions before stand for.
    before: Vec<Meaning>,
}

impl Reading<'_> {
    /// The day to count from when that of publication is not known: any that has the weekday on which most of what was over took
    /// place, of those the first.
    fn supposed_day(&self) -> Date {
        let mut count = [0usize; 8];
        let mut first: Vec<i8> = Vec::new();
        for e in self.expressions {
            let fields = Fields(&e.found);
            if let Some(day) =
                fields.weekday().filter(|_| e.side.direction <= 0 && e.found.rule.kind != Some(TimeKind::Set))
            {
                count[day as usize] += 1;
                if !first.contains(&day) {
                    first.push(day);
                }
            }
        }
        let most = first.iter().copied().min_by_key(|&day| std::cmp::Reverse(count[day as usize])).unwrap_or(3);
        // A Monday in the middle of a year, so that no border is near.
        days_on(Date::constant(2001, 7, 16), i32::from(most) - 1)
    }

    fn meaning(&self, at: usize) -> Meaning {
        let e = &self.expressions[at];
        let fields = Fields(&e.found);
        let found = match e.found.rule.means.as_str() {
            "date" => self.date(at, &fields),
            "unit" => self.unit(at, &fields),
            "ago" => self.ago(at, &fields),
            "ahead" => self.shifted(&fields, self.anchor, 1).map(|value| (value, Basis::Published)),
            "earlier" => self.shifted_from_text(at, &fields, -1),
            "later" => self.shifted_from_text(at, &fields, 1),
            "same" => self.same(at, &fields),
            "next" => self.next(at, &fields),
            "bare" => self.bare(at, &fields),
            "period" => self.period(&fields, self.within(at)),
            "period_back" => self.period(&fields, -1),
            "period_ahead" => self.period(&fields, 1),
            "set" => self.set(&fields),
            "value" => e.found.rule.value.as_deref().and_then(|value| self.stated(value)),
            _ => None,
        };
        match found {
            Some((value, basis)) => Meaning { value, basis },
            None => Meaning { value: Value::Unknown, basis: Basis::Words },
        }
    }

    /// The last expression before `at` that is a date for which `fits` holds, at most `sentences` sentences back.
    fn last(&self, at: usize, sentences: usize, fits: impl Fn(&PartialDate) -> bool) -> Option<(usize, PartialDate)> {
        let here = self.expressions[at].sentence;
        (0..at.min(self.before.len())).rev().take_while(|&i| here - self.expressions[i].sentence <= sentences).find_map(
            |i| match self.before[i].value {
                Value::Date(date) if fits(&date) => Some((i, date)),
                _ => None,
            },
        )
    }

    /// As [`Self::last`], of what the text is about: not what it compares that with ("a year earlier").
    fn spoken(&self, at: usize, sentences: usize, fits: impl Fn(&PartialDate) -> bool) -> Option<(usize, PartialDate)> {
        let here = self.expressions[at].sentence;
        let compared = |i: usize| {
            let e = &self.expressions[i];
            matches!(e.found.rule.means.as_str(), "earlier" | "ago" | "later") || Fields(&e.found).has("year")
        };
        (0..at.min(self.before.len()))
            .rev()
            .take_while(|&i| here - self.expressions[i].sentence <= sentences)
            .filter(|&i| !compared(i))
            .find_map(|i| match self.before[i].value {
                Value::Date(date) if fits(&date) => Some((i, date)),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use annalist_language::Token;
    use annalist_language::sentences::Sentence;

    use super::*;

    /// A text of one sentence, its words apart by spaces, with their parts of speech, heads (from 1, 0 the root) and relations.
    pub(super) fn parsed(words: &[(&str, &str, usize, &str)]) -> (String, Analysis) {
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for (word, upos, head, deprel) in words {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word);
            let lemma = match *word {
                "met" => "meet",
                "sold" => "sell",
                "was" | "is" => "be",
                "planned" => "plan",
                other => other,
            };
            tokens.push(Token {
                start,
                end: text.len(),
                upos: Arc::from(*upos),
                lemma: lemma.to_string(),
                head: head.checked_sub(1),
                deprel: Arc::from(*deprel),
            });
        }
        let sentences = vec![Sentence { tokens: 0..tokens.len(), paragraph: 0 }];
        (text, Analysis { tokens, sentences, ..Analysis::default() })
    }

    /// A text without a tree: every word is a noun that depends on nothing.
    pub(super) fn flat(text: &str) -> Analysis {
        let words: Vec<(&str, &str, usize, &str)> = text.split(' ').map(|word| (word, "NOUN", 0, "root")).collect();
        let (same, analysis) = parsed(&words);
        assert_eq!(same, text);
        analysis
    }

    pub(super) fn read(text: &str, published: &str) -> Vec<(String, String)> {
        let times = times(text, &flat(text), Knowledge::english(), Some(published));
        times.into_iter().map(|t| (t.span.text, t.value.unwrap_or_default())).collect()
    }

    pub(super) fn one(text: &str, published: &str) -> String {
        let found = read(text, published);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].1.clone()
    }

    // 2021-08-16 was a Monday.
    pub(super) const MONDAY: &str = "2021-08-16";

    #[test]
    fn odd_texts_are_read_without_a_fault() {
        for text in [
            "",
            " ",
            "’",
            "31 February 2021",
            "9999 years ago",
            "99999999999 years ago",
            "a year later",
            "’’80s’ s",
            "24:99 p.m.",
            "ſeptember 3",
            "İ 3rd",
        ] {
            let token = Token {
                start: 0,
                end: text.len(),
                upos: Arc::from("NOUN"),
                lemma: String::new(),
                head: None,
                deprel: Arc::from("root"),
            };
            let analysis = Analysis {
                tokens: vec![token],
                sentences: vec![Sentence { tokens: 0..1, paragraph: 0 }],
                ..Analysis::default()
            };
            for published in [None, Some("0001-01-01"), Some("9999-12-31"), Some("nonsense")] {
                times(text, &analysis, Knowledge::english(), published);
            }
        }
    }
}
