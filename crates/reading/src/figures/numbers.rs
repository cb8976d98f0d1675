//! Which numbers a text tells, what each is worth, and how it is hedged.

use std::ops::Range;

use annalist_record::Hedge;

use super::{Number, Reading};

impl Reading<'_> {
    /// All numbers of the text that may count somebody.
    pub(super) fn numbers(&self) -> Vec<Number> {
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
        let aged = || matches!(next(end + 1), "year" | "month" | "day" | "week");
        let compound = matches!(next(end), "-" | "–") && next(end + 1) != "strong" && (self.glued(end) || aged());
        if money.is_none() && (share || compound || matches!(next(end), "/" | ":" | "°")) {
            return None;
        }
        let before = start.checked_sub(1).map_or("", next);
        let short_year = matches!(before, "'" | "’" | "‘") && self.glued(start.saturating_sub(1));
        if short_year && bare.end - bare.start == 1 && (0.0..100.0).contains(&value) {
            return None;
        }
        if money.is_none()
            && (matches!(before, "#" | "/" | ":" | "no." | "-" | ".") && self.glued(start.saturating_sub(1)))
        {
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
    pub(super) fn glued(&self, t: usize) -> bool {
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
        let (first, last) = match self.simple(t)? {
            // "13, 400": a space has come into it.
            first if self.is_torn_thousand(t) => (first * 1000.0 + self.simple(t + 2).unwrap_or_default(), t + 2),
            first => (first, t),
        };
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        let mut end = last + 1;
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

    /// Whether a token is the thousands of a number behind whose comma a space has come, and of no date: "May 1, 400 people".
    fn is_torn_thousand(&self, t: usize) -> bool {
        let digits = |t: usize| self.word(t).bytes().all(|b| b.is_ascii_digit());
        let torn = self.word(t).len() <= 3 && self.word(t + 1) == "," && self.word(t + 2).len() == 3 && self.glued(t);
        let dated = t.checked_sub(1).is_some_and(|t| self.c.upos(t) == "PROPN");
        torn && digits(t) && digits(t + 2) && (!dated || self.word(t + 2) == "000")
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

    pub(super) fn simple(&self, t: usize) -> Option<f64> {
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
}
