//! Where rules apply: which sequences of words name a time.

use super::file::COMPUTED;
use super::{Affix, Beginnings, Lexeme, Meaning, Part, PartValue, Pattern, Step, TimeMatch, Times};

impl Times {
    /// The places where rules apply, begun at lexeme `at`: the longest first, and of those as long the rule that comes first in the
    /// file.
    pub fn matches<'k>(&'k self, lexemes: &[Lexeme], at: usize) -> Vec<TimeMatch<'k>> {
        let Some(first) = lexemes.get(at) else { return Vec::new() };
        let digits = first.lower.as_bytes()[0].is_ascii_digit();
        let counted = self.beginnings.computed && (digits || self.counts(&first.lower));
        if !counted && !self.meanings(first).iter().any(|m| self.beginnings.has(m.symbol)) {
            return Vec::new();
        }
        let matcher = Matcher { times: self, lexemes };
        let mut found: Vec<TimeMatch<'k>> = Vec::new();
        let mut starts = vec![(at, None::<&Affix>)];
        let begun = self.meanings(first);
        for affix in self.before.iter().filter(|affix| affix.pattern.may_begin(begun)) {
            for (end, _) in matcher.run(&affix.pattern, at) {
                starts.push((end, Some(affix)));
            }
        }
        for (start, before) in starts {
            let Some(begun) = lexemes.get(start).map(|l| self.meanings(l)) else { continue };
            for rule in self.rules.iter().filter(|rule| rule.pattern.may_begin(begun)) {
                let fits = |affix: &&Affix| rule.kind.is_some_and(|kind| affix.kinds.contains(&kind));
                if !before.as_ref().is_none_or(fits) {
                    continue;
                }
                for (end, parts) in matcher.run(&rule.pattern, start) {
                    let found_with = |end: usize, last: usize, modifier| TimeMatch {
                        rule,
                        lexemes: at..end,
                        last,
                        parts: parts.clone(),
                        modifier,
                    };
                    let modifier = before.map(|affix| affix.modifier.as_str());
                    for affix in self.after.iter().filter(fits) {
                        for (after, _) in matcher.run(&affix.pattern, end) {
                            found.push(found_with(after, end - 1, modifier.or(Some(&affix.modifier))));
                        }
                    }
                    found.push(found_with(end, end - 1, modifier));
                }
            }
        }
        found.sort_by_key(|m| std::cmp::Reverse(m.lexemes.end));
        found
    }

    /// What a lexeme may stand for.
    fn meanings(&self, lexeme: &Lexeme) -> &[Meaning] {
        self.words.get(&*lexeme.lower).map_or(&[], Vec::as_slice)
    }
}

impl Beginnings {
    fn has(&self, symbol: u16) -> bool {
        self.symbols.binary_search(&symbol).is_ok()
    }
}

impl Pattern {
    pub(super) fn new(steps: Vec<Step>) -> Pattern {
        let mut beginnings = Beginnings::default();
        let never_empty = begin(&steps, 0, &mut beginnings);
        beginnings.symbols.sort_unstable();
        beginnings.symbols.dedup();
        Pattern { steps, beginnings: never_empty.then_some(beginnings) }
    }

    /// Whether the pattern can begin at a lexeme that may stand for this.
    fn may_begin(&self, meanings: &[Meaning]) -> bool {
        let Some(beginnings) = &self.beginnings else { return true };
        beginnings.computed || meanings.iter().any(|m| beginnings.has(m.symbol))
    }
}

/// Notes what steps can begin with, from one of them on; false if they can be empty.
fn begin(steps: &[Step], step: usize, beginnings: &mut Beginnings) -> bool {
    match steps.get(step) {
        None => false,
        Some(Step::Word { symbol, .. }) => {
            beginnings.symbols.push(*symbol);
            true
        }
        Some(Step::Number { .. }) => {
            beginnings.computed = true;
            true
        }
        Some(Step::Jump(to)) => begin(steps, *to, beginnings),
        Some(Step::Either(a, b)) => {
            let first = begin(steps, *a, beginnings);
            (a == b || begin(steps, *b, beginnings)) && first
        }
    }
}

pub(super) struct Matcher<'k, 'l, 't> {
    pub(super) times: &'k Times,
    pub(super) lexemes: &'l [Lexeme<'t>],
}

/// A pattern applies at most so many ways at one place; more are not followed.
const MOST_WAYS: usize = 64;

impl Matcher<'_, '_, '_> {
    /// Where the pattern ends if it is begun at `at`, with what its words stand for: each end once, the first way to it.
    fn run(&self, pattern: &Pattern, at: usize) -> Vec<(usize, Vec<Part>)> {
        let mut ends: Vec<(usize, Vec<Part>)> = Vec::new();
        let mut open = vec![(0, at, Vec::new())];
        let mut ways = 0;
        while let Some((step, here, parts)) = open.pop() {
            match pattern.steps.get(step) {
                None => {
                    ways += 1;
                    if here > at && !ends.iter().any(|(end, _)| *end == here) {
                        ends.push((here, parts));
                    }
                    if ways > MOST_WAYS {
                        break;
                    }
                }
                Some(Step::Jump(to)) => open.push((*to, here, parts)),
                Some(Step::Either(a, b)) => {
                    if a != b {
                        open.push((*b, here, parts.clone()));
                    }
                    open.push((*a, here, parts));
                }
                Some(Step::Word { symbol, glued, keep, ahead }) => {
                    let Some(lexeme) = self.at(here, at, *glued) else { continue };
                    let meanings = self.times.meanings(lexeme);
                    let Some(meaning) = meanings.iter().find(|m| m.symbol == *symbol && (!m.proper || lexeme.capital))
                    else {
                        continue;
                    };
                    let mut parts = parts;
                    if *keep {
                        let class = self.times.names[usize::from(*symbol)].clone();
                        parts.push(Part {
                            class,
                            value: PartValue::Text(meaning.value.clone()),
                            lexemes: here..here + 1,
                        });
                    }
                    open.push((step + 1, if *ahead { here } else { here + 1 }, parts));
                }
                Some(Step::Number { what, glued }) => {
                    if self.at(here, at, *glued).is_none() {
                        continue;
                    }
                    let Some((length, number)) = self.number(*what, here) else { continue };
                    if (here + 1..here + length).any(|l| self.at(l, at, false).is_none()) {
                        continue;
                    }
                    let class = COMPUTED.iter().find(|(_, c)| c == what).map_or("", |(name, _)| name).to_string();
                    let mut parts = parts;
                    parts.push(Part { class, value: PartValue::Number(number), lexemes: here..here + length });
                    open.push((step + 1, here + length, parts));
                }
            }
        }
        ends
    }

    /// The lexeme, if an expression begun at `from` may hold it.
    fn at(&self, at: usize, from: usize, glued: bool) -> Option<&Lexeme<'_>> {
        let lexeme = self.lexemes.get(at)?;
        ((!glued || lexeme.glued) && (at == from || !lexeme.begins)).then_some(lexeme)
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        self.lexemes.get(at).map_or("", |l| &l.lower)
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.lexemes.get(at).is_some_and(|l| l.glued)
    }
}

#[cfg(test)]
mod tests {
    use crate::times::tests::longest;

    #[test]
    fn the_longest_rule_wins() {
        let found = |text: &str| longest(text).map_or((String::new(), String::new()), |found| found);
        let pair = |words: &str, means: &str| (words.to_string(), means.to_string());
        assert_eq!(found("Monday, Aug. 16, 2021, was calm"), pair("Monday, Aug. 16, 2021", "date"));
        assert_eq!(found("two and a half years ago today"), pair("two and a half years ago", "ago"));
        assert_eq!(found("more than 40 days later"), pair("more than 40 days later", "later"));
        assert_eq!(found("34-year-old man"), pair("34-year-old", "none"));
        assert_eq!(found("may 5"), pair("", ""));
        assert_eq!(found("table"), pair("", ""));
    }

    #[test]
    fn no_rule_crosses_a_paragraph() {
        assert_eq!(longest("last\n\nweek").map(|(words, _)| words), None);
        assert_eq!(longest("last\nweek").map(|(words, _)| words).as_deref(), Some("last\nweek"));
    }
}
