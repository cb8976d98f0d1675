//! Which numbers stand in a text, in digits or in words: days, years, amounts.

use super::Computed;
use super::matching::Matcher;

impl Matcher<'_, '_, '_> {
    /// Digits that stand alone: no part of a longer number, price or code.
    fn digits(&self, at: usize, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let word = self.lower(at);
        let fits = word.bytes().all(|b| b.is_ascii_digit()) && lengths.contains(&word.len());
        fits.then(|| word.parse().ok())?
    }

    /// Whether the number at `at` is a part of a longer one, as in 1,990 or 19.90, or has a sign before it or after it.
    fn in_number(&self, at: usize, end: usize) -> bool {
        let digit = |at: usize| self.lower(at).as_bytes().first().is_some_and(u8::is_ascii_digit);
        let joined = |mark: usize, other: usize| matches!(self.lower(mark), "," | "." | "/") && digit(other);
        let before = self.glued(at)
            && at > 0
            && (matches!(self.lower(at - 1), "$" | "#" | "£" | "€" | "¥" | "&")
                || self.glued(at - 1) && at > 1 && joined(at - 1, at - 2));
        let after = self.glued(end) && (self.lower(end) == "%" || self.glued(end + 1) && joined(end, end + 1));
        before || after
    }

    fn cardinal(&self, at: usize) -> Option<u32> {
        self.times.number_word(self.lexemes.get(at)?, "cardinal")
    }

    fn multiplier(&self, at: usize) -> Option<u32> {
        self.times.number_word(self.lexemes.get(at)?, "multiplier")
    }

    /// Under a hundred, in words: "twenty", "twenty-four", "twenty four".
    fn tens(&self, at: usize) -> Option<(usize, u32)> {
        let first = self.cardinal(at)?;
        if first < 20 || first % 10 != 0 {
            return Some((1, first));
        }
        let hyphen = usize::from(self.lower(at + 1) == "-");
        match self.cardinal(at + 1 + hyphen).filter(|n| (1..10).contains(n)) {
            Some(ones) => Some((2 + hyphen, first + ones)),
            None => Some((1, first)),
        }
    }

    /// The length and value of a number of this kind at `at`.
    pub(super) fn number(&self, what: Computed, at: usize) -> Option<(usize, Option<u32>)> {
        let alone = |n: u32| (!self.in_number(at, at + 1)).then_some((1, Some(n)));
        let ending = |at: usize| self.glued(at) && matches!(self.lower(at), "st" | "nd" | "rd" | "th");
        let within = |n: u32, most: u32| (n <= most).then_some(n);
        match what {
            Computed::Amount => self.amount(at),
            Computed::Year => match self.digits(at, 4..=4) {
                Some(n) => (1000..=2100).contains(&n).then(|| alone(n))?,
                None => self.year_in_words(at),
            },
            Computed::Day => {
                let n = within(self.digits(at, 1..=2)?, 31).filter(|n| *n > 0)?;
                let numbered = usize::from(ending(at + 1));
                // A comma and a year may follow, so what follows is not looked at.
                let digit =
                    |at: usize| self.glued(at) && self.lower(at).as_bytes().first().is_some_and(u8::is_ascii_digit);
                let joined =
                    self.glued(at + 1) && (self.lower(at + 1) == "%" || self.lower(at + 1) == ":" && digit(at + 2));
                (!joined).then_some((1 + numbered, Some(n)))
            }
            Computed::Hour => match self.digits(at, 1..=2) {
                Some(n) => Some((1, Some(within(n, 24)?))),
                None => Some((1, Some(within(self.cardinal(at)?, 12)?))),
            },
            Computed::Minute => Some((1, Some(within(self.digits(at, 2..=2)?, 59)?))),
            Computed::MonthNumber => Some((1, Some(within(self.digits(at, 1..=2)?, 12).filter(|n| *n > 0)?))),
            Computed::HoursMinutes => {
                let time = self.digits(at, 4..=4).filter(|n| *n < 2400 && n % 100 < 60)?;
                (!self.in_number(at, at + 1)).then_some((1, Some(time)))
            }
            Computed::ShortYear => Some((1, Some(self.digits(at, 2..=2)?))),
            Computed::Decade => {
                let quoted = usize::from(self.lower(at) == "'");
                let n = self.digits(at + quoted, 2..=4)?;
                let s = at + quoted + 1;
                let plural = self.glued(s) && self.lower(s) == "s";
                let plural = plural.then_some(s + 1).or_else(|| {
                    let apart = self.lower(s) == "'" && self.glued(s) && self.lower(s + 1) == "s" && self.glued(s + 1);
                    apart.then_some(s + 2)
                })?;
                let decade = match n {
                    1000..=2100 if n % 10 == 0 => n / 10,
                    10..=99 if n % 10 == 0 => 190 + n / 10,
                    _ => return None,
                };
                Some((plural - at, Some(decade)))
            }
            Computed::Ordinal => match self.digits(at, 1..=2) {
                Some(n) if ending(at + 1) => Some((2, Some(n))),
                Some(_) => None,
                None => {
                    let word = |at: usize| self.times.number_word(self.lexemes.get(at)?, "ordinal_word");
                    match self.cardinal(at).filter(|n| *n >= 20) {
                        Some(tens) => {
                            let hyphen = usize::from(self.lower(at + 1) == "-");
                            let ones = word(at + 1 + hyphen).filter(|n| *n < 10)?;
                            Some((2 + hyphen, Some(tens + ones)))
                        }
                        None => Some((1, Some(word(at)?))),
                    }
                }
            },
        }
    }

    /// "nineteen ninety-four", "two thousand and one".
    fn year_in_words(&self, at: usize) -> Option<(usize, Option<u32>)> {
        let century = self.cardinal(at)?;
        match century {
            13..=20 => {
                let (length, n) = self.tens(at + 1).filter(|(_, n)| (10..=99).contains(n))?;
                Some((1 + length, Some(century * 100 + n)))
            }
            2 if self.multiplier(at + 1) == Some(1000) => {
                let and = usize::from(self.lower(at + 2) == "and");
                match self.tens(at + 2 + and) {
                    Some((length, n)) => Some((2 + and + length, Some(2000 + n))),
                    None => Some((2, Some(2000))),
                }
            }
            _ => None,
        }
    }

    /// An amount, in hundredths.
    fn amount(&self, at: usize) -> Option<(usize, Option<u32>)> {
        let phrase = self
            .times
            .amounts
            .iter()
            .find(|(phrase, _)| phrase.iter().enumerate().all(|(i, word)| self.lower(at + i) == word));
        if let Some((phrase, hundredths)) = phrase {
            let length = phrase.len();
            return match self.multiplier(at + length) {
                Some(m) => Some((length + 1, hundredths.map(|h| h.saturating_mul(m)))),
                None => Some((length, *hundredths)),
            };
        }
        let (mut length, mut hundredths) = match self.digits(at, 1..=6) {
            Some(first) => self.digits_amount(at, first)?,
            None => self.words_amount(at)?,
        };
        if self.lower(at + length) == "and"
            && self.lower(at + length + 1) == "a"
            && self.lower(at + length + 2) == "half"
        {
            (length, hundredths) = (length + 3, hundredths.saturating_add(50));
        }
        Some((length, Some(hundredths)))
    }

    fn digits_amount(&self, at: usize, first: u32) -> Option<(usize, u32)> {
        if at > 0 && self.glued(at) && matches!(self.lower(at - 1), "$" | "#" | "£" | "€" | "¥" | "&" | "." | ",") {
            return None;
        }
        let (mut end, mut value) = (at + 1, f64::from(first));
        while self.lower(end) == "," && self.glued(end) && self.glued(end + 1) {
            let Some(group) = self.digits(end + 1, 3..=3) else { break };
            (end, value) = (end + 2, value * 1000.0 + f64::from(group));
        }
        if self.lower(end) == "."
            && self.glued(end)
            && self.glued(end + 1)
            && let Some(part) = self.digits(end + 1, 1..=2)
        {
            let scale = if self.lower(end + 1).len() == 1 { 10.0 } else { 100.0 };
            (end, value) = (end + 2, value + f64::from(part) / scale);
        } else if let (Some(over), "/", Some(under)) =
            (self.digits(end, 1..=1), self.lower(end + 1), self.digits(end + 2, 1..=1))
            && under > over
        {
            (end, value) = (end + 3, value + f64::from(over) / f64::from(under));
        }
        if let Some(m) = self.multiplier(end) {
            (end, value) = (end + 1, value * f64::from(m));
        }
        Some((end - at, (value * 100.0).round().min(f64::from(u32::MAX)) as u32))
    }

    fn words_amount(&self, at: usize) -> Option<(usize, u32)> {
        let (mut length, mut value) = self.tens(at)?;
        let mut total = 0u32;
        while let Some(m) = self.multiplier(at + length) {
            length += 1;
            total = total.saturating_add(value.saturating_mul(m));
            value = 0;
            let and = usize::from(self.lower(at + length) == "and");
            match self.tens(at + length + and) {
                Some((more, n)) => (length, value) = (length + and + more, n),
                None => break,
            }
        }
        Some((length, total.saturating_add(value).saturating_mul(100)))
    }
}
