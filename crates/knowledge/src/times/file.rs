//! How the rules are read from their file.

use std::collections::HashMap;

use serde::Deserialize;

use super::{Affix, Beginnings, Computed, Meaning, Numbers, Pattern, Step, Tense, TimeKind, TimeRule, Times};

pub(super) const COMPUTED: [(&str, Computed); 10] = [
    ("n", Computed::Amount),
    ("year", Computed::Year),
    ("day", Computed::Day),
    ("hour", Computed::Hour),
    ("minute", Computed::Minute),
    ("month_number", Computed::MonthNumber),
    ("short_year", Computed::ShortYear),
    ("decade", Computed::Decade),
    ("ordinal", Computed::Ordinal),
    ("hhmm", Computed::HoursMinutes),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    proper: Vec<String>,
    words: HashMap<String, HashMap<String, toml::Value>>,
    amounts: HashMap<String, toml::Value>,
    patterns: HashMap<String, String>,
    before: Vec<AffixLine>,
    after: Vec<AffixLine>,
    rules: Vec<RuleLine>,
    tense: Tense,
    numbers: Numbers,
    named: HashMap<String, i16>,
    confidence: HashMap<String, f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AffixLine {
    words: String,
    modifier: String,
    types: Vec<TimeKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleLine {
    words: String,
    #[serde(rename = "type")]
    kind: Option<TimeKind>,
    means: String,
    value: Option<String>,
    #[serde(default)]
    upos: Vec<String>,
}

/// The ways in which the time that a rule names may be counted.
const WAYS: [&str; 15] = [
    "none",
    "date",
    "unit",
    "ago",
    "ahead",
    "earlier",
    "later",
    "same",
    "next",
    "bare",
    "period",
    "period_back",
    "period_ahead",
    "set",
    "value",
];

impl Times {
    pub(crate) fn parse(file: &str) -> Result<Times, String> {
        let file: File = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut compiler = Compiler { names: HashMap::new(), patterns: &file.patterns };
        let mut words: HashMap<String, Vec<Meaning>> = HashMap::new();
        for (class, members) in &file.words {
            let symbol = compiler.symbol(&format!("{{{class}}}"));
            for (word, value) in members {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_string);
                let proper = file.proper.contains(class);
                words.entry(word.clone()).or_default().push(Meaning { symbol, value, proper });
            }
        }
        let mut rules = Vec::with_capacity(file.rules.len());
        for line in file.rules {
            let pattern = compiler.pattern(&line.words)?;
            if !WAYS.contains(&line.means.as_str()) {
                return Err(format!("`{}` means `{}`, which is none of {}", line.words, line.means, WAYS.join(", ")));
            }
            let RuleLine { words, kind, means, value, upos } = line;
            rules.push(TimeRule { kind, means, value, upos, words, pattern });
        }
        let mut affixes = |lines: Vec<AffixLine>| -> Result<Vec<Affix>, String> {
            let affix = |line: AffixLine| {
                Ok(Affix { pattern: compiler.pattern(&line.words)?, modifier: line.modifier, kinds: line.types })
            };
            lines.into_iter().map(affix).collect()
        };
        let (before, after) = (affixes(file.before)?, affixes(file.after)?);
        for (name, &symbol) in compiler.names.iter().filter(|(name, _)| !name.starts_with('{')) {
            let meaning = Meaning { symbol, value: String::new(), proper: false };
            words.entry(name.clone()).or_default().push(meaning);
        }
        let mut amounts = Vec::new();
        for (phrase, value) in &file.amounts {
            let hundredths = match value {
                toml::Value::Integer(n) => Some(*n as f64),
                toml::Value::Float(n) => Some(*n),
                _ => None,
            };
            let hundredths = hundredths.map(|n| (n * 100.0).round() as u32);
            amounts.push((phrase.split(' ').map(str::to_string).collect::<Vec<_>>(), hundredths));
        }
        amounts.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        let mut names = vec![String::new(); compiler.names.len()];
        for (name, symbol) in compiler.names {
            names[usize::from(symbol)] = name.trim_matches(['{', '}']).to_string();
        }
        let mut named = HashMap::with_capacity(file.named.len());
        for (day, year) in file.named {
            let parts = day.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
            let parts = parts.ok_or_else(|| format!("`{day}` of `named` is no month and day, such as 09-11"))?;
            named.insert(parts, year);
        }
        let mut beginnings = Beginnings::default();
        let patterns = rules.iter().map(|r| &r.pattern).chain(before.iter().map(|a| &a.pattern));
        for pattern in patterns {
            let own = pattern.beginnings.as_ref().ok_or("a rule or what stands before one may be empty")?;
            beginnings.symbols.extend(&own.symbols);
            beginnings.computed |= own.computed;
        }
        beginnings.symbols.sort_unstable();
        beginnings.symbols.dedup();
        Ok(Times {
            words,
            names,
            rules,
            before,
            after,
            amounts,
            beginnings,
            tense: file.tense,
            numbers: file.numbers,
            named,
            confidence: file.confidence,
        })
    }
}

/// Makes patterns of lines.
struct Compiler<'f> {
    /// Every word and class that a pattern names; classes in braces.
    names: HashMap<String, u16>,
    patterns: &'f HashMap<String, String>,
}

impl Compiler<'_> {
    fn symbol(&mut self, name: &str) -> u16 {
        let next = self.names.len() as u16;
        *self.names.entry(name.to_string()).or_insert(next)
    }

    fn pattern(&mut self, line: &str) -> Result<Pattern, String> {
        let mut filled = line.to_string();
        // Patterns may name others; ten deep is more than a person can follow.
        for _ in 0..10 {
            let Some(at) = filled.find('<') else { break };
            let end =
                filled[at..].find('>').map(|end| at + end).ok_or_else(|| format!("`{line}`: a `<` without `>`"))?;
            let name = &filled[at + 1..end];
            let part = self.patterns.get(name).ok_or_else(|| format!("`{line}`: there is no pattern `{name}`"))?;
            filled = format!("{}({part}){}", &filled[..at], &filled[end + 1..]);
        }
        let spaced = filled.replace('(', " ( ").replace(')', " ) ").replace('|', " | ").replace(") ?", ")?");
        let mut steps = Vec::new();
        let mut symbols = spaced.split_whitespace().peekable();
        self.either(&mut symbols, &mut steps).map_err(|reason| format!("`{line}`: {reason}"))?;
        match symbols.next() {
            None => Ok(Pattern::new(steps)),
            Some(left) => Err(format!("`{line}`: `{left}` is out of place")),
        }
    }

    fn either<'s>(
        &mut self,
        symbols: &mut std::iter::Peekable<impl Iterator<Item = &'s str>>,
        steps: &mut Vec<Step>,
    ) -> Result<(), String> {
        let mut ends = Vec::new();
        loop {
            let fork = steps.len();
            steps.push(Step::Either(fork + 1, fork + 1));
            self.sequence(symbols, steps)?;
            if symbols.next_if_eq(&"|").is_none() {
                break;
            }
            ends.push(steps.len());
            steps.push(Step::Jump(0));
            let next = steps.len();
            steps[fork] = Step::Either(fork + 1, next);
        }
        let end = steps.len();
        for jump in ends {
            steps[jump] = Step::Jump(end);
        }
        Ok(())
    }

    fn sequence<'s>(
        &mut self,
        symbols: &mut std::iter::Peekable<impl Iterator<Item = &'s str>>,
        steps: &mut Vec<Step>,
    ) -> Result<(), String> {
        while let Some(symbol) = symbols.next_if(|s| *s != "|" && *s != ")" && *s != ")?") {
            if symbol == "(" {
                let fork = steps.len();
                steps.push(Step::Either(fork + 1, fork + 1));
                self.either(symbols, steps)?;
                match symbols.next() {
                    Some(")") => {}
                    Some(")?") => {
                        let end = steps.len();
                        steps[fork] = Step::Either(fork + 1, end);
                    }
                    _ => return Err("a `(` without `)`".to_string()),
                }
                continue;
            }
            let (symbol, optional) = match symbol.strip_suffix('?') {
                Some(rest) if !rest.is_empty() => (rest, true),
                _ => (symbol, false),
            };
            let (symbol, glued) = match symbol.strip_prefix('+') {
                Some(rest) if !rest.is_empty() => (rest, true),
                _ => (symbol, false),
            };
            let (symbol, ahead) = match symbol.strip_prefix('&') {
                Some(rest) if !rest.is_empty() => (rest, true),
                _ => (symbol, false),
            };
            if optional {
                let fork = steps.len();
                steps.push(Step::Either(fork + 1, fork + 2));
            }
            let class = symbol.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            let computed = class.and_then(|class| COMPUTED.iter().find(|(name, _)| *name == class));
            steps.push(match computed {
                Some((_, what)) => Step::Number { what: *what, glued },
                None => Step::Word { symbol: self.symbol(symbol), glued, keep: class.is_some(), ahead },
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_a_file_are_told() {
        let built_in = include_str!("../../data/en/times.toml");
        let wrong = |from: &str, to: &str| Times::parse(&built_in.replacen(from, to, 1)).unwrap_err();
        assert!(wrong("words = \"{month}\"", "words = \"({month}\"").contains("without"));
        assert!(wrong("words = \"{month}\"", "words = \"<moon>\"").contains("moon"));
        assert!(wrong("words = \"{month}\"", "words = \"the?\"").contains("empty"));
        assert!(wrong("means = \"bare\"", "means = \"guess\"").contains("guess"));
        assert!(wrong("\"09-11\"", "\"September 11\"").contains("September 11"));
        assert!(Times::parse("").is_err());
    }
}
