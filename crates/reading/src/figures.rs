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

use annalist_knowledge::{FigureKind, FigureWords, Knowledge, NounClass};
use annalist_language::Analysis;
use annalist_record::{Confidence, Event, Figure, Hedge, Statement, Time, item_id};

use crate::clauses::Clauses;

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
        let part = last.as_ref().filter(|(_, from)| {
            let counts = counted.as_ref().is_none_or(|c| c.told == Told::People);
            let included = number.tokens.start.checked_sub(1).is_some_and(|t| reading.words.includes(reading.word(t)));
            let of_them = reading.word(number.tokens.end) == "of"
                && matches!(reading.word(number.tokens.end + 1), "them" | "whom" | "those" | "these");
            counts
                && (included || of_them)
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

/// So many tokens may lie between a number and the word that tells what is counted for the span to hold both.
const SPAN_REACH: usize = 7;

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

    /// Whether a list has a token's lemma, or the token. Of rare words in "-ing" and "-ed" the lemma may lack its last letter: "injuring".
    fn among(&self, list: &HashSet<String>, t: usize) -> bool {
        let lemma = self.lemma(t);
        list.contains(lemma)
            || list.contains(self.word(t))
            || self.word(t) != lemma && list.contains(&format!("{lemma}e"))
    }

    /// All numbers of the text that may count somebody.
    fn numbers(&self) -> Vec<Number> {
        let mut found = Vec::new();
        let mut t = 0;
        while t < self.c.len() {
            if let Some(end) = self.risen_from(t) {
                t = end;
                continue;
            }
            match self.number_at(t) {
                Some(number) => {
                    t = number.tokens.end.max(t + 1);
                    found.push(number);
                }
                None => t += 1,
            }
        }
        found
    }

    /// Where the number ends from which something rose or fell: "rose *from 12* to 15" is no range.
    fn risen_from(&self, t: usize) -> Option<usize> {
        let from = t.checked_sub(1).filter(|&f| self.word(f) == "from")?;
        let start = t + usize::from(self.words.is_money_mark(self.word(t)));
        let (_, end, _) = self.value_at(start)?;
        let sentence = self.c.sentence_of(from);
        let rises = (from.saturating_sub(8)..from).any(|v| sentence.contains(&v) && self.words.rises(self.lemma(v)));
        let to = (end..end + 4).any(|t| self.word(t) == "to");
        (rises && to).then_some(end)
    }

    /// The number that begins at a token.
    fn number_at(&self, t: usize) -> Option<Number> {
        let (value, mut end, vague) = self.value_at(t)?;
        let mut start = t;
        let (mut upper, mut hedge) = (None, if vague { Hedge::AtLeast } else { Hedge::Exact });
        // Marks of money before it.
        let mut money = None;
        if start > 0 && self.words.is_money_mark(self.word(start - 1)) {
            start -= 1;
            money = Some(self.c.words(start..start + 1));
        }
        // A range: "20-30", "20 to 30", "between 20 and 30".
        let joined = self.word(end).to_string();
        let opened = start.checked_sub(1).map(|b| self.word(b)).filter(|w| matches!(*w, "between" | "from")).is_some();
        let joins = match joined.as_str() {
            "-" | "–" | "—" => true,
            "to" | "or" => !vague,
            "and" => opened,
            _ => false,
        };
        let other = end + 1 + usize::from(self.words.is_money_mark(self.word(end + 1)));
        if joins && let Some((to, to_end, false)) = self.value_at(other) {
            // "between 2 and 3 million"
            let low = if value < 1000.0 && to >= 1000.0 && !self.scaled(t..end) {
                value * self.scale(other..to_end)
            } else {
                value
            };
            if to > low && !(joined == "to" && !opened && to > low * 10.0) {
                start -= usize::from(opened);
                return self.finish(start, t..to_end, low, Some(to), Hedge::Range, money);
            }
        }
        // "tens of thousands", "hundreds of thousands"
        if self.word(end) == "of"
            && let Some(more) = self.words.vague(self.word(end + 1)).filter(|_| vague)
        {
            upper = None;
            let unit = more / 2.0;
            let start = self.hedged(start, &mut hedge);
            return self.finish(start, t..end + 2, value * unit, upper, Hedge::AtLeast, money);
        }
        let start = self.hedged(start, &mut hedge);
        let after: Vec<&str> = (end..end + 3).map(|t| self.word(t)).collect();
        if let Some((h, n)) = self.words.hedge_after(&after) {
            hedge = h;
            end += n;
        }
        self.finish(start, t..end, value, upper, hedge, money)
    }

    fn finish(
        &self,
        start: usize,
        bare: Range<usize>,
        value: f64,
        upper: Option<f64>,
        hedge: Hedge,
        mut money: Option<String>,
    ) -> Option<Number> {
        let mut hedge = hedge;
        let start = if hedge == Hedge::Range { self.hedged(start, &mut Hedge::Exact) } else { start };
        let mut end = bare.end;
        let next = |t: usize| self.word(t);
        // A currency behind it.
        if end < self.c.len() && (self.words.is_currency(self.lemma(end)) && self.c.upos(end) != "VERB") {
            money = Some(self.c.words(end..end + 1));
            end += 1;
        } else if next(end) == "of"
            && self.words.is_currency(self.lemma(end + 1))
            && self.words.vague(next(bare.end.saturating_sub(1))).is_some()
        {
            // "tens of millions of dollars"
            money = Some(self.c.words(end + 1..end + 2));
            end += 2;
        } else if end + 1 < self.c.len()
            && self.words.is_currency(self.lemma(end + 1))
            && self.c.upos(end) != "VERB"
            && self.c.upos(end) != "ADP"
            && self.c.is_word(end)
            && self.c.upos(end) != "DET"
            && self.c.upos(end) != "CCONJ"
        {
            money = Some(self.c.words(end..end + 2));
            end += 2;
        }
        // Measures, ages, shares, ordinals and the like count nobody.
        let share = matches!(next(end), "%" | "percent" | "pc" | "percentage")
            || (next(end) == "per" && next(end + 1) == "cent");
        let compound = matches!(next(end), "-" | "–") && next(end + 1) != "strong" && self.glued(end);
        if money.is_none() && (share || compound || matches!(next(end), "/" | ":" | "°")) {
            return None;
        }
        let before = start.checked_sub(1).map_or("", next);
        let short_year = matches!(before, "'" | "’" | "‘") && self.glued(start.saturating_sub(1));
        if short_year && bare.end - bare.start == 1 && (0.0..100.0).contains(&value) {
            return None;
        }
        if money.is_none() && (matches!(before, "#" | "/" | ":" | "no." | "-") && self.glued(start.saturating_sub(1))) {
            return None;
        }
        if money.is_none() && (self.words.is_label(before) || self.is_address(end)) {
            return None;
        }
        if hedge == Hedge::Exact && upper.is_some() {
            hedge = Hedge::Range;
        }
        Some(Number { tokens: start..end, bare, value, upper, hedge, money })
    }

    /// Whether the name of a street begins at a token: "208 Elva St."
    fn is_address(&self, start: usize) -> bool {
        let capital =
            |t: &usize| *t < self.c.len() && self.c.text[self.c.token(*t).start..].starts_with(char::is_uppercase);
        (start..start + 4).take_while(capital).skip(1).any(|t| self.words.is_street(self.word(t)))
    }

    /// Whether no space stands behind a token.
    fn glued(&self, t: usize) -> bool {
        t + 1 < self.c.len() && self.c.token(t).end == self.c.token(t + 1).start
    }

    /// Where a number begins with the hedges before it; the first of them that tells something is set.
    fn hedged(&self, mut start: usize, hedge: &mut Hedge) -> usize {
        let mut told = false;
        for _ in 0..2 {
            let article = usize::from(start > 0 && matches!(self.word(start - 1), "a" | "an"));
            let from = start.saturating_sub(article);
            let begin = from.saturating_sub(5);
            let words = |end: usize| (begin..end).map(|t| self.word(t)).collect::<Vec<_>>();
            let found = self.words.hedge_before(&words(start)).map(|(h, n)| (h, start - n));
            let found = found.or_else(|| self.words.hedge_before(&words(from)).map(|(h, n)| (h, from - n)));
            let Some((h, at)) = found else { break };
            if !told {
                *hedge = h;
                told = true;
            }
            start = at;
        }
        start
    }

    /// The value of the number at a token, where it ends, and whether it only has a size.
    fn value_at(&self, t: usize) -> Option<(f64, usize, bool)> {
        if t >= self.c.len() {
            return None;
        }
        let word = self.word(t);
        // "several hundred", "a few thousand"
        let few = word == "several" || (word == "few" && t > 0 && self.word(t - 1) == "a");
        if few && let Some(unit) = self.words.multiplier(self.word(t + 1)).filter(|u| *u >= 12.0) {
            return Some((2.0 * unit, t + 2, true));
        }
        if let Some(least) = self.words.vague(word) {
            return Some((least, t + 1, true));
        }
        let article = matches!(word, "a" | "half");
        if article {
            // "a dozen", "half a million"
            let skip = usize::from(word == "half" && matches!(self.word(t + 1), "a" | "-"));
            let unit = self.words.multiplier(self.word(t + 1 + skip)).filter(|_| self.word(t + 1 + skip).len() > 2)?;
            let half = if word == "half" { 0.5 } else { 1.0 };
            let (times, end) = self.multiplied(t + 2 + skip);
            return Some((half * unit * times, end, false));
        }
        let first = self.simple(t)?;
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        let mut end = t + 1;
        let mut value = first;
        // "twenty-five"
        if !digits && value >= 20.0 && value % 10.0 == 0.0 {
            let hyphen = usize::from(self.word(end) == "-");
            if let Some(one) = self.words.number(self.word(end + hyphen)).filter(|v| *v < 10.0) {
                value += one;
                end += hyphen + 1;
            }
        }
        let hyphen =
            usize::from(self.word(end) == "-" && self.words.multiplier(self.word(end + 1)).is_some_and(|u| u >= 100.0));
        let (times, after) = self.multiplied(end + hyphen);
        if after > end + hyphen {
            value *= times;
            end = after;
            // "two hundred and fifty", "two thousand three hundred"
            let and = usize::from(self.word(end) == "and");
            if !digits
                && let Some((rest, rest_end, false)) = self.value_at(end + and).filter(|(rest, ..)| *rest < times)
            {
                return Some((value + rest, rest_end, false));
            }
        }
        Some((value, end, false))
    }

    /// What the multipliers from a token on come to, and where they end.
    fn multiplied(&self, mut t: usize) -> (f64, usize) {
        let mut times = 1.0;
        while t < self.c.len()
            && let Some(unit) = self.words.multiplier(self.word(t))
        {
            // Letters stand close to their number.
            if self.word(t).len() <= 2
                && (t == 0 || self.c.token(t - 1).end != self.c.token(t).start)
                && self.word(t) != "bn"
            {
                break;
            }
            times *= unit;
            t += 1;
        }
        (times, t)
    }

    fn simple(&self, t: usize) -> Option<f64> {
        let word = self.word(t);
        if let Some(value) = self.words.number(word) {
            return Some(value);
        }
        let digits: String = word.chars().filter(|&c| c != ',').collect();
        let plain =
            digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.starts_with(|c: char| c.is_ascii_digit());
        let value = if plain { digits.parse::<f64>().ok().filter(|v| v.is_finite()) } else { None };
        // "5bn", "3m"
        value.or_else(|| {
            let at = word.find(|c: char| c.is_alphabetic())?;
            let number: String = word[..at].chars().filter(|&c| c != ',').collect();
            let unit = self.words.multiplier(&word[at..])?;
            Some(number.parse::<f64>().ok()? * unit)
        })
    }

    /// Whether a number has a multiplier in it.
    fn scaled(&self, range: Range<usize>) -> bool {
        self.scale(range) > 1.0
    }

    fn scale(&self, range: Range<usize>) -> f64 {
        range.filter_map(|t| self.words.multiplier(self.word(t))).product()
    }

    /// What a number counts.
    fn counted(
        &self,
        number: &Number,
        known: &mut HashMap<usize, (&'a FigureKind, usize)>,
    ) -> Result<Counted<'a>, NoFigure> {
        let c = self.c;
        // The token of the number on which its others depend.
        let inside = number.bare.clone();
        let top =
            inside.clone().find(|&t| c.head(t).is_none_or(|h| !number.tokens.contains(&h))).unwrap_or(inside.start);
        if number.money.is_some() {
            return self.paid(number, top).ok_or(NoFigure::Untold);
        }
        let mut noun = top;
        if c.is(top, &["nummod", "compound", "det", "amod", "advmod"]) {
            noun = c.head(top).filter(|&h| h >= inside.end || c.is_verb(h)).unwrap_or(top);
            // "a 500-strong force"
            if self.lemma(noun) == "strong" && c.is(noun, &["amod"]) {
                noun = c.head(noun).unwrap_or(noun);
            }
        } else if let Some(strong) = c.head(top).filter(|&h| self.lemma(h) == "strong" && h > top) {
            noun = c.head(strong).unwrap_or(strong);
        }
        // What comes right after a number is counted by it, whatever the tree says.
        let done_to = self.verb_before(number).is_some();
        if noun == top && !done_to && c.is(top, &["nummod"]) && c.head(top).is_some_and(|h| h < top) {
            return Err(NoFigure::Untold);
        }
        // "dozens of people": those are counted.
        let of = || {
            let mut below = inside.clone().flat_map(|t| c.children[t].iter().copied());
            let nearest = |k: &usize| {
                let of = c.child(*k, &["case"]).filter(|case| self.lemma(*case) == "of");
                c.is(*k, &["nmod"]) && of.is_some_and(|case| case <= inside.end + 1) && *k >= inside.end
            };
            below.find(nearest).or_else(|| self.noun_after(inside.end))
        };
        let people = if noun == top { of() } else { Some(noun) };
        // "a total of 12 people": what the whole does and suffers, they do.
        if let Some(whole) = c.head(noun).filter(|&h| self.case_of(noun) == "of" && self.words.is_whole(self.lemma(h)))
        {
            noun = whole;
        }
        // Measures count nobody.
        let head_noun = people.unwrap_or(noun);
        let compound =
            head_noun.checked_sub(1).map(|before| format!("{} {}", self.lemma(before), self.lemma(head_noun)));
        let measure = self.words.is_unit(self.lemma(head_noun)) || compound.is_some_and(|c| self.words.is_unit(&c));
        if c.upos(head_noun) != "ADJ" && measure {
            return Err(NoFigure::Untold);
        }
        if !done_to && self.beside_name(number, top) {
            return Err(NoFigure::Untold);
        }
        if self.is_nobody(number, noun) {
            return Err(NoFigure::Undone);
        }
        let set = Set { noun, people, number };
        let found = self.kind(&set, 0);
        // "killed 12 soldiers fighting beside Norrland and nine rebels": both are told of alike, whatever else the tree joins the second to.
        let own = found.filter(|(_, _, told)| *told != Told::People);
        let alike = || self.alike(&set, known).map(|(kind, by)| (kind, by, Told::Beside));
        let (kind, told_by, told) = own.or_else(alike).or(found).ok_or(NoFigure::Untold)?;
        if told != Told::People {
            known.insert(noun, (kind, told_by));
        }
        if !self.was_done(told_by, &set, told) {
            return Err(NoFigure::Undone);
        }
        if kind.persons && told != Told::People && told != Told::Toll && !self.persons(people) {
            return Err(NoFigure::Untold);
        }
        let of_things = people.is_some_and(|p| p != told_by && self.thing(p));
        if matches!(told, Told::Verb | Told::State | Told::Beside) && !kind.persons && of_things {
            return Err(NoFigure::Untold);
        }
        // "two recordings, one captured by a camera": what a bare number stands beside is what it counts.
        let beside = c.head(noun).filter(|_| noun == top).and_then(|h| match () {
            () if c.is(noun, &["appos", "conj", "dep", "parataxis"]) => Some(h),
            () if c.is(noun, &["nsubj:pass"]) && c.is(h, &["acl"]) => c.head(h),
            () => None,
        });
        if beside.is_some_and(|h| {
            c.upos(h) == "NOUN"
                && matches!(self.class(h), Some(NounClass::Thing | NounClass::Abstract))
                && self.thing(h)
        }) {
            return Err(NoFigure::Untold);
        }
        // A bare year or clock time that the reader of times did not take.
        let year = number.value >= 1900.0
            && number.value <= 2100.0
            && number.hedge == Hedge::Exact
            && !self.word(inside.start).contains(',');
        if year && matches!(told, Told::Toll | Told::Beside) {
            return Err(NoFigure::Untold);
        }
        Ok(Counted {
            what: &kind.what,
            of: self.of(&set, told_by, kind),
            told_by,
            range: self.range(number, &[people.unwrap_or(noun), noun, told_by]),
            told,
        })
    }

    /// The noun of the phrase that follows "of".
    fn noun_after(&self, of: usize) -> Option<usize> {
        let c = self.c;
        if self.word(of) != "of" {
            return None;
        }
        let mut t = of + 1;
        while matches!(c.upos(t), "DET" | "ADJ" | "NUM" | "NOUN" | "PROPN") && t < of + 7 {
            if matches!(c.upos(t), "NOUN" | "PROPN") && !matches!(c.upos(t + 1), "NOUN" | "PROPN") {
                return Some(t);
            }
            t += 1;
        }
        None
    }

    /// A part of those that were counted just before.
    fn part(&self, number: &Number, what: &'a str) -> Option<Counted<'a>> {
        let c = self.c;
        let head =
            number.bare.clone().find_map(|t| c.head(t).filter(|&h| h >= number.bare.end && c.is(t, &["nummod"])));
        let noun = head.unwrap_or(number.bare.start);
        if self.words.is_unit(self.lemma(noun)) {
            return None;
        }
        let of = (noun >= number.bare.end).then(|| c.words(number.tokens.end..noun + 1));
        Some(Counted {
            what,
            of,
            told_by: noun,
            range: number.tokens.start..noun.max(number.tokens.end - 1) + 1,
            told: Told::Beside,
        })
    }

    /// Whether a number is the age or number of a name before it: "Ann Okabe, 30, was killed", "Flight 12".
    fn beside_name(&self, number: &Number, top: usize) -> bool {
        let c = self.c;
        let alone = matches!(self.word(number.tokens.end), "," | "." | ";" | ")" | "") && number.tokens.start > 0;
        let comma = alone && matches!(self.word(number.tokens.start - 1), "," | "(");
        let name_before = number.tokens.start > 1 && c.upos(number.tokens.start - 2) == "PROPN";
        let labelled =
            c.head(top).is_some_and(|h| h + 1 == number.tokens.start && matches!(c.upos(h), "PROPN" | "NOUN"))
                && c.is(top, &["nummod", "flat", "dep", "nmod:unmarked", "nmod"]);
        (comma && name_before) || labelled
    }

    /// What is told of those with whom a set is joined by "and".
    fn alike(&self, set: &Set, known: &HashMap<usize, (&'a FigureKind, usize)>) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let joined = |t: usize| c.is(t, &["conj"]) && c.child(t, &["cc"]).is_some();
        let first = c.head(set.noun).filter(|_| joined(set.noun) && !c.is_verb(set.noun))?;
        if let Some(told) = known.get(&first) {
            return Some(*told);
        }
        // Numbers are joined to numbers: in "25 rebels fighting beside Norrland and 26 fighters", not Norrland and the fighters.
        let numbered = |t: usize| c.child(t, &["nummod"]).is_some();
        if numbered(first) || !numbered(set.noun) || !self.persons(set.people) {
            return None;
        }
        let mut at = first;
        for _ in 0..3 {
            at = c.head(at).filter(|_| c.is(at, &["nmod", "obl", "acl", "conj", "appos", "compound"]))?;
            if let Some(told) = known.get(&at) {
                return Some(*told);
            }
        }
        None
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

    fn class(&self, t: usize) -> Option<NounClass> {
        self.knowledge.referents().noun(self.lemma(t))
    }

    /// Whether those counted are persons, or may be.
    fn persons(&self, people: Option<usize>) -> bool {
        let Some(t) = people else { return true };
        match self.c.upos(t) {
            "NUM" | "PRON" | "ADJ" | "DET" | "VERB" => true,
            // "DVDs" may be taken for a name.
            "PROPN" => !matches!(self.class(t), Some(NounClass::Thing | NounClass::Abstract | NounClass::Event)),
            _ => {
                matches!(self.class(t), Some(NounClass::Person | NounClass::Group))
                    || self.words.kinds().iter().any(|k| k.people.contains(self.lemma(t)))
            }
        }
    }

    fn thing(&self, t: usize) -> bool {
        self.c.upos(t) == "NOUN"
            && !self.words.kinds().iter().any(|k| k.people.contains(self.lemma(t)))
            && !matches!(self.lemma(t), "life" | "other")
            && matches!(
                self.class(t),
                Some(NounClass::Thing | NounClass::Abstract | NounClass::Time | NounClass::Event | NounClass::Place)
            )
    }

    /// The kind of a set of people, the word that tells it, and how.
    fn kind(&self, set: &Set, depth: usize) -> Option<(&'a FigureKind, usize, Told)> {
        let kinds = self.words.kinds();
        let c = self.c;
        let noun = set.noun;
        // "shot and killed": what is joined to a verb is done to the same.
        let joined = |verb: usize| {
            let bare = move |&k: &usize| {
                k > verb && c.is(k, &["conj"]) && c.is_verb(k) && c.child(k, &["nsubj", "obj"]).is_none()
            };
            std::iter::once(verb).chain(c.children[verb].iter().copied().filter(bare))
        };
        let by_verb = |verb: usize, passive: bool| {
            joined(verb).find_map(|verb| {
                kinds.iter().find(|k| {
                    let list = if passive { &k.verbs } else { &k.undergo };
                    self.fits(list, verb, noun)
                })
            })
        };
        if depth == 0
            && let Some((kind, at)) = self.right_after(set)
        {
            return Some((kind, at, Told::State));
        }
        let found = |kind: Option<&'a FigureKind>, at: usize, told: Told| kind.map(|k| (k, at, told));
        // What those counted are called by: "12 dead", "12 deaths".
        let own = || {
            let state =
                kinds.iter().find(|k| k.states.contains(self.lemma(noun)) || k.states.contains(self.word(noun)));
            let state = state.filter(|_| noun != set.number.bare.start);
            found(state, noun, Told::State)
                .or_else(|| found(kinds.iter().find(|k| k.toll.contains(self.lemma(noun))), noun, Told::Toll))
        };
        if let Some(own) = own() {
            return Some(own);
        }
        // Adjectives: "12 wounded soldiers", "12 of the wounded", "left 12 people dead".
        let states = |t: usize| {
            let adjectives =
                c.children[t].iter().copied().filter(|&k| c.is(k, &["amod", "xcomp", "appos", "dep", "acl"]));
            let within = c.children[t].iter().copied().filter(|&k| c.is(k, &["nmod"]) && self.case_of(k) == "in");
            adjectives
                .chain(within)
                .filter_map(|k| {
                    let kind =
                        kinds.iter().find(|f| f.states.contains(self.word(k)) || f.states.contains(self.lemma(k)));
                    found(kind, k, Told::State)
                })
                .next()
        };
        if let Some(state) = states(noun).or_else(|| set.people.and_then(states)) {
            return Some(state);
        }
        if let Some(people) = set.people.filter(|&p| p != noun) {
            let kind =
                kinds.iter().find(|k| k.states.contains(self.word(people)) || k.toll.contains(self.lemma(people)));
            if let Some(kind) = kind {
                return Some((kind, people, Told::State));
            }
        }
        // "killed 10 people and wounded about 70 others": the verb right before a number tells of it, to whichever the tree joins it.
        if depth == 0
            && let Some((kind, verb)) = self.verb_before(set.number)
            && c.is(noun, &["obj"])
            && c.head(noun).is_some_and(|head| head < verb)
        {
            return Some((kind, verb, Told::Verb));
        }
        // What is done to them or by them.
        if let Some(head) = c.head(noun) {
            let passive = c.child(head, &["aux:pass"]).is_some();
            let active_object = || c.child(head, &["obj"]).is_some();
            // "are believed to have died", "remain homeless", "were found dead"
            let complement = || {
                let k = c.children[head].iter().copied().find(|&k| k > head && c.is(k, &["xcomp"]))?;
                let done_to = c.child(k, &["aux:pass"]).is_some();
                let state = self
                    .state(k)
                    .or_else(|| kinds.iter().find(|f| self.done(k, &f.verbs) && c.child(k, &["obj"]).is_none()));
                let kind = if done_to { by_verb(k, true) } else { by_verb(k, false).or(state) };
                found(kind, k, Told::Verb)
            };
            let told = match c.relation(noun) {
                "obj" => found(by_verb(head, true), head, Told::Verb).or_else(|| {
                    let complement = c.children[head]
                        .iter()
                        .copied()
                        .find(|&k| k > noun && c.is(k, &["xcomp", "amod", "advcl", "dep"]))?;
                    let kind = kinds
                        .iter()
                        .find(|k| k.states.contains(self.word(complement)) || self.done(complement, &k.verbs));
                    // "forced 300 to flee"
                    let by_them = || by_verb(complement, false).filter(|_| c.is(complement, &["xcomp"]));
                    found(kind, complement, Told::State).or_else(|| found(by_them(), complement, Told::Verb))
                }),
                "nsubj:pass" => {
                    let done = by_verb(head, true).filter(|_| !self.is_active(head));
                    found(done.or_else(|| self.state(head)), head, Told::Verb).or_else(complement)
                }
                "nsubj" | "csubj" => found(by_verb(head, false).or_else(|| self.state(head)), head, Told::Verb)
                    .or_else(|| {
                        let bare = || !active_object() && self.participle(head) && !self.is_active(head);
                        found(by_verb(head, true).filter(|_| passive || bare()), head, Told::Verb)
                    })
                    .or_else(complement),
                r if (r.starts_with("nmod") || r == "obl") && self.case_of(noun) == "of" => {
                    found(kinds.iter().find(|k| k.acts.contains(self.lemma(head))), head, Told::Act)
                }
                _ => None,
            };
            if told.is_some() {
                return told;
            }
        }
        // "12 people killed in …", "12 people who died"
        let holders = [Some(noun), set.people, Some(set.number.bare.end.saturating_sub(1))];
        for holder in holders.into_iter().flatten() {
            for &k in
                c.children[holder].iter().filter(|&&k| k > holder && c.is(k, &["acl", "dep", "parataxis", "advcl"]))
            {
                let passive = c.child(k, &["aux:pass"]).is_some();
                let kind = if c.relation(k) == "acl:relcl" {
                    let subject = c.child(k, &["nsubj"]);
                    let own = subject.is_some_and(|s| matches!(self.word(s), "who" | "that" | "which"));
                    match () {
                        () if passive => by_verb(k, true),
                        () if own => by_verb(k, false),
                        () => None,
                    }
                } else if self.participle(k) && !self.is_active(k) {
                    by_verb(k, true)
                } else {
                    None
                };
                if let Some(kind) = kind {
                    return Some((kind, k, Told::Verb));
                }
            }
        }
        if let Some(toll) = self.toll(set) {
            return Some(toll);
        }
        if depth == 0
            && let Some((kind, at)) = self.beside(set)
        {
            return Some((kind, at, Told::Beside));
        }
        // "wounded over 5,000 others": the verb stands right before it.
        if depth == 0
            && let Some((kind, verb)) = self.verb_before(set.number)
        {
            return Some((kind, verb, Told::Beside));
        }
        // "two soldiers and three civilians were killed", "12 people, including three children"
        if depth < 3
            && let Some(head) = c.head(noun)
        {
            let joined = c.is(noun, &["conj", "appos"])
                || (c.is(noun, &["nmod", "obl"]) && matches!(self.case_of(noun), "including" | "include"));
            if joined && !c.is_verb(head) && head != noun {
                let other = Set { noun: head, people: Some(head), number: set.number };
                if let Some(kind) = self.kind(&other, depth + 1).filter(|(_, _, told)| *told != Told::People) {
                    return Some(kind);
                }
            }
        }
        // "12 people fleeing the fire"
        let fleeing =
            c.children[noun].iter().copied().find(|&k| k > noun && c.is(k, &["acl"]) && c.lower[k].ends_with("ing"));
        if let Some(told) = fleeing.and_then(|k| found(by_verb(k, false), k, Told::Verb)) {
            return Some(told);
        }
        let named = set.people.unwrap_or(noun);
        found(kinds.iter().find(|k| k.people.contains(self.lemma(named))), named, Told::People)
    }

    /// "one seriously injured", "over 1,000 wounded": nothing but the state stands behind a bare number.
    fn right_after(&self, set: &Set) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let mut t = set.number.tokens.end;
        let end = c.sentence_of(set.number.bare.start).end;
        let passed = |t: usize| c.upos(t) == "ADV" || matches!(self.word(t), "others" | "other" | "more");
        while t < end && passed(t) && t < set.number.tokens.end + 3 {
            t += 1;
        }
        if t >= end || matches!(c.upos(t + 1), "NOUN" | "PROPN" | "ADJ") && t + 1 < end {
            return None;
        }
        let told = |k: &&FigureKind| {
            // "a million more fled"
            let finite = c.is_verb(t) && !self.word(t).ends_with("ing") && c.child(t, &["nsubj"]).is_none();
            if finite && self.among(&k.undergo, t) {
                return true;
            }
            let bare = c.child(t, &["obj"]).is_none() && !self.is_active(t);
            k.states.contains(self.word(t)) || bare && self.done(t, &k.verbs)
        };
        self.words.kinds().iter().find(told).map(|kind| (kind, t))
    }

    /// The verb right before a number, if it tells what was done to those counted.
    fn verb_before(&self, number: &Number) -> Option<(&'a FigureKind, usize)> {
        let verb = number.tokens.start.checked_sub(1)?;
        let c = self.c;
        let tagged = c.is_verb(verb) || self.word(verb).ends_with("ing") || self.word(verb).ends_with("ed");
        if !tagged || c.child(verb, &["aux:pass"]).is_some() {
            return None;
        }
        self.words.kinds().iter().find(|k| self.among(&k.verbs, verb)).map(|kind| (kind, verb))
    }

    /// Whether a verb, with the words that depend on it, is in a list.
    fn fits(&self, list: &HashSet<String>, verb: usize, noun: usize) -> bool {
        let c = self.c;
        if self.among(list, verb) {
            return true;
        }
        let mut seconds = c.children[verb].iter().copied().chain([noun]).filter(|&k| k.abs_diff(verb) < 12);
        seconds.any(|k| {
            let both = |second: &str| {
                [self.lemma(verb), self.word(verb)].iter().any(|first| list.contains(&format!("{first} {second}")))
            };
            both(self.lemma(k)) || both(self.word(k))
        })
    }

    fn state(&self, t: usize) -> Option<&'a FigureKind> {
        self.words.kinds().iter().find(|k| k.states.contains(self.word(t)))
    }

    fn done(&self, t: usize, verbs: &HashSet<String>) -> bool {
        self.participle(t) && self.among(verbs, t)
    }

    /// Whether a verb's form can be a past participle.
    fn participle(&self, t: usize) -> bool {
        let (word, lemma) = (self.word(t), self.lemma(t));
        self.c.upos(t) != "NOUN"
            && !word.ends_with("ing")
            && (word != lemma || word == "hurt")
            && word != format!("{lemma}s")
    }

    /// Whether a verb that needs no object is told of who does it: "two men fired at police". A participle, or one that has been done, is not.
    fn is_active(&self, verb: usize) -> bool {
        let c = self.c;
        let towards = |&k: &usize| {
            c.is(k, &["obl"]) && matches!(self.case_of(k), "at" | "on" | "upon" | "into" | "toward" | "towards")
        };
        let passive = c.is(verb, &["acl", "xcomp", "amod"]) || c.child(verb, &["nsubj:pass"]).is_some();
        let reduced = passive && !c.children[verb].iter().any(towards);
        self.words.is_intransitive(self.lemma(verb)) && c.child(verb, &["aux:pass"]).is_none() && !reduced
    }

    fn case_of(&self, t: usize) -> &str {
        self.c.child(t, &["case"]).map_or("", |k| self.lemma(k))
    }

    /// "the death toll rose to 30", "the number of dead stands at 30", "a toll of 30"
    fn toll(&self, set: &Set) -> Option<(&'a FigureKind, usize, Told)> {
        let c = self.c;
        let kinds = self.words.kinds();
        let numbered = |t: usize| {
            let kind = |t: usize| {
                kinds.iter().find(|k| k.numbered.contains(self.lemma(t)) || k.numbered.contains(self.word(t)))
            };
            match self.lemma(t) {
                "toll" => {
                    let first = c.children[t].iter().filter(|&&k| k < t).find_map(|&k| kind(k));
                    first.or_else(|| kind(t))
                }
                "number" | "count" | "total" | "figure" => {
                    c.children[t].iter().filter(|&&k| k > t && c.is(k, &["nmod"])).find_map(|&k| {
                        let inner = || {
                            c.children[k]
                                .iter()
                                .find_map(|&j| self.state(j).or_else(|| kinds.iter().find(|f| self.done(j, &f.verbs))))
                        };
                        kind(k).or_else(inner)
                    })
                }
                _ => None,
            }
        };
        if set.people.is_some_and(|p| p != set.noun) {
            return None;
        }
        let at = set.noun;
        if matches!(self.case_of(at), "from" | "in" | "since" | "by") {
            return None;
        }
        // A copula's predicate has its subject below itself.
        let own = c.child(at, &["nsubj"]).filter(|_| c.child(at, &["cop"]).is_some());
        if let Some((kind, t)) = own.and_then(|t| Some((numbered(t)?, t))) {
            return Some((kind, t, Told::Toll));
        }
        let head = c.head(at)?;
        if c.is(at, &["nmod", "appos", "nummod", "dep", "parataxis"])
            && let Some(kind) = numbered(head)
        {
            return Some((kind, head, Told::Toll));
        }
        let verb = if c.is_verb(head) { head } else { c.head(head).filter(|&v| c.is_verb(v))? };
        let of_verb = c.children[verb].iter().copied().filter(|&k| c.is(k, &["nsubj", "obj"]) && k != at);
        let mut of_verb: Vec<usize> = of_verb.collect();
        if of_verb.is_empty() {
            of_verb.extend(c.subject(verb));
        }
        of_verb.into_iter().find_map(|t| Some((numbered(t)?, t, Told::Toll)))
    }

    /// "12 killed", "12 others were wounded": where the tree joins them otherwise, words that follow each other tell.
    fn beside(&self, set: &Set) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let mut t = set.number.tokens.end;
        let end = c.sentence_of(set.number.bare.start).end.min(t + 6);
        let kinds = self.words.kinds();
        let mut passive = false;
        while t < end {
            if self.participle(t) && !c.is(t, &["amod"]) && (passive || !self.is_active(t)) {
                let object = c.child(t, &["obj"]).is_some();
                let kind = kinds.iter().find(|k| k.verbs.contains(self.lemma(t)) || k.states.contains(self.word(t)));
                if let Some(kind) = kind.filter(|_| !object || passive) {
                    return Some((kind, t));
                }
            }
            if let Some(kind) = self.state(t).filter(|_| c.upos(t) == "ADJ" && t > set.noun) {
                return Some((kind, t));
            }
            // "thousands of people have reportedly fled"
            let finite = c.is_verb(t) && !self.word(t).ends_with("ing") && c.child(t, &["nsubj"]).is_none() && !passive;
            if let Some(kind) = kinds.iter().find(|k| finite && t > set.noun && self.among(&k.undergo, t)) {
                return Some((kind, t));
            }
            let may_pass = match c.upos(t) {
                "ADV" | "VERB" if self.word(t).ends_with("ly") => true,
                "NOUN" | "PROPN" | "ADJ" | "ADV" => t <= set.noun.max(set.number.tokens.end + 2),
                "AUX" => {
                    passive |= self.lemma(t) == "be";
                    matches!(self.lemma(t), "be" | "have")
                }
                "DET" | "PRON" | "ADP" => {
                    matches!(self.word(t), "others" | "other" | "more" | "of" | "them" | "people")
                }
                _ => matches!(self.word(t), "others" | "more") || self.words.passes(self.lemma(t)),
            };
            if !may_pass {
                return None;
            }
            t += 1;
        }
        None
    }

    /// Whom a figure is of, in the words of the text.
    fn of(&self, set: &Set, told_by: usize, kind: &FigureKind) -> Option<String> {
        let c = self.c;
        let numeric = |t: usize| set.number.tokens.contains(&t);
        let who = |k: usize| matches!(self.class(k), Some(NounClass::Person | NounClass::Group));
        // "12 deaths of civilians"
        let head = match set.people {
            Some(p) if kind.toll.contains(self.lemma(p)) || kind.states.contains(self.word(p)) => {
                let of = c.children[p].iter().copied().find(|&k| c.is(k, &["nmod"]) && self.case_of(k) == "of");
                let before = c.children[p]
                    .iter()
                    .copied()
                    .find(|&k| k < p && !numeric(k) && (c.is(k, &["compound"]) || (c.is(k, &["amod"]) && who(k))));
                return of
                    .map(|t| c.words(c.trimmed(c.phrase(t, |k| c.is(k, &["case", "acl", "punct"])))))
                    .or_else(|| before.map(|t| c.words(t..t + 1)));
            }
            Some(p) if c.is_verb(p) || numeric(p) => return None,
            Some(p) => p,
            None => return None,
        };
        if matches!(self.lemma(head), "other" | "life" | "more" | "them" | "they") {
            return None;
        }
        let leave = |k: usize| {
            numeric(k)
                || c.is(
                    k,
                    &[
                        "acl",
                        "appos",
                        "conj",
                        "cc",
                        "punct",
                        "case",
                        "nsubj",
                        "cop",
                        "advmod",
                        "parataxis",
                        "advcl",
                        "det",
                    ],
                )
                || k == told_by
                || (c.is(k, &["nmod"]) && self.case_of(k) != "of")
        };
        let phrase = c.phrase(head, leave);
        let start = (phrase.start..=head)
            .find(|&t| {
                !numeric(t)
                    && self.simple(t).is_none()
                    && !matches!(self.word(t), "the" | "of" | "a" | "an" | "other" | "more" | "another" | "his" | "its")
            })
            .unwrap_or(head);
        let words = c.words(start..phrase.end.max(head + 1));
        (!words.is_empty()).then_some(words)
    }

    /// The stretch that tells a figure: the number, those counted, and the word that says what of them, if it is near.
    fn range(&self, number: &Number, words: &[usize]) -> Range<usize> {
        let mut range = number.tokens.clone();
        let sentence = self.c.sentence_of(number.bare.start);
        for &t in words {
            let far = t.abs_diff(range.start).min(t.abs_diff(range.end)) > SPAN_REACH;
            if sentence.contains(&t) && !far {
                range = range.start.min(t)..range.end.max(t + 1);
            }
        }
        range
    }

    /// What a payment is, seen from what governs it: none that is only wanted or weighed, pledged if it is still to be made.
    fn made(&self, payment: usize, what: &'a str) -> Option<&'a str> {
        let c = self.c;
        let among = |t: usize, is: &dyn Fn(&str) -> bool| is(self.word(t)) || is(self.lemma(t));
        let (wanted, coming) = (|w: &str| self.words.is_wanted(w), |w: &str| self.words.is_coming(w));
        let mut told = what;
        let mut at = payment;
        for _ in 0..4 {
            let own = |is: &dyn Fn(&str) -> bool| c.children[at].iter().any(|&k| c.is(k, &["aux"]) && among(k, is));
            if own(&wanted) || c.children[at].iter().any(|&k| k < at && c.negates(k)) {
                return None;
            }
            if own(&coming) {
                told = self.words.still_to_come().unwrap_or(told);
            }
            let Some(above) = c.head(at) else { break };
            if !c.is(at, &["obj", "xcomp", "ccomp", "obl", "acl", "nmod", "nsubj:pass"])
                || c.relation(at) == "acl:relcl"
            {
                break;
            }
            if among(above, &wanted) {
                return None;
            }
            if c.is(at, &["xcomp", "acl", "ccomp"]) && among(above, &coming) {
                told = self.words.still_to_come().unwrap_or(told);
            }
            at = above;
        }
        Some(told)
    }

    /// An amount of money that is paid or pledged.
    fn paid(&self, number: &Number, top: usize) -> Option<Counted<'a>> {
        let c = self.c;
        let word = |t: usize| self.word(t);
        // A price, or the same amount in another currency.
        let end = number.tokens.end;
        let each = matches!(word(end), "each" | "apiece" | "per")
            || (word(end) == "a" && c.upos(end + 1) == "NOUN")
            || (word(end) == "-" && self.glued(end));
        let converted = number.tokens.start > 0 && word(number.tokens.start - 1) == "(";
        if each || converted {
            return None;
        }
        let mut at = top;
        for _ in 0..4 {
            let head = c.head(at)?;
            // A clause that only stands beside it does not govern it.
            if c.is(at, &["advcl", "parataxis", "ccomp", "csubj", "nsubj"]) && c.is_verb(at) {
                return None;
            }
            let governs = c.is(
                at,
                &[
                    "obj",
                    "iobj",
                    "nmod",
                    "nummod",
                    "compound",
                    "appos",
                    "conj",
                    "amod",
                    "obl",
                    "dep",
                    "nsubj:pass",
                    "nsubj",
                    "acl",
                    "xcomp",
                ],
            );
            // Only "of" leads on from a noun: "a package of $5 million", "millions in aid".
            let leads = !c.is(at, &["nmod"]) || matches!(self.case_of(at), "of" | "in" | "");
            let named = c.is(at, &["nummod", "compound", "amod"]) && c.upos(head) == "PROPN";
            if !governs || !leads || named {
                return None;
            }
            if !number.tokens.contains(&head)
                && let Some(what) = self.words.payment(self.lemma(head))
            {
                // "paid in …" and "raised by …" tell no amount.
                let by = c.is(at, &["obl"]) && !matches!(self.case_of(at), "with" | "to" | "of" | "for" | "up" | "");
                if !by {
                    let what = self.made(head, what)?;
                    return Some(Counted {
                        what,
                        of: number.money.clone(),
                        told_by: head,
                        range: self.range(number, &[top, head]),
                        told: Told::Paid,
                    });
                }
            }
            at = head;
        }
        None
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
