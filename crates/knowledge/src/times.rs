//! Time expressions: words, and rules that say which sequences of them name a time and how it is counted.
//!
//! In the manner of HeidelTime (Strötgen and Gertz 2010), rules are data: `data/en/times.toml` says what they look like. What
//! stands here finds where they apply; what the times are is settled by who knows the text's date and its tenses.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;

/// Rules for time expressions.
#[derive(Debug)]
pub struct Times {
    /// What a lower-case word may stand for.
    words: HashMap<String, Vec<Meaning>>,
    names: Vec<String>,
    rules: Vec<TimeRule>,
    before: Vec<Affix>,
    after: Vec<Affix>,
    amounts: Vec<(Vec<String>, Option<u32>)>,
    /// The symbols with which a rule, or what may stand before one, can begin.
    beginnings: Beginnings,
    tense: Tense,
    numbers: Numbers,
    named: HashMap<(i8, i8), i16>,
    confidence: HashMap<String, f32>,
}

#[derive(Debug, Clone)]
struct Meaning {
    symbol: u16,
    value: String,
    /// The word stands for this only where it is capitalised.
    proper: bool,
}

#[derive(Debug, Default)]
struct Beginnings {
    symbols: Vec<bool>,
    computed: bool,
}

/// A rule: a sequence of words and the kind of time that it names.
#[derive(Debug)]
pub struct TimeRule {
    /// TIMEX3 type; none for a rule that says that its words are no time.
    pub kind: Option<TimeKind>,
    /// How the time is counted, one of the ways that the data file lists.
    pub means: String,
    /// The value it names, where that does not depend on the text.
    pub value: Option<String>,
    /// Parts of speech (Universal Dependencies) of which the last word must have one; any if empty.
    pub upos: Vec<String>,
    /// The words, as the data file gives them.
    pub words: String,
    pattern: Pattern,
}

/// The type of a time expression (TIMEX3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}

impl TimeKind {
    /// As TIMEX3 writes it.
    pub fn name(self) -> &'static str {
        match self {
            TimeKind::Date => "DATE",
            TimeKind::Time => "TIME",
            TimeKind::Duration => "DURATION",
            TimeKind::Set => "SET",
        }
    }
}

#[derive(Debug)]
struct Affix {
    pattern: Pattern,
    modifier: String,
    kinds: Vec<TimeKind>,
}

/// A word, number or mark of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme<'t> {
    /// Its bytes.
    pub range: Range<usize>,
    /// In lower case; ’ and ` are '.
    pub lower: std::borrow::Cow<'t, str>,
    /// Whether it begins with a capital letter.
    pub capital: bool,
    /// Whether it follows the one before without a space.
    pub glued: bool,
    /// Whether a paragraph, or something else that no time expression crosses, begins with it.
    pub begins: bool,
}

/// What a part of a time expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The class of the word: `month`, `unit`, `n`, …
    pub class: String,
    /// What the file says the word stands for.
    pub value: PartValue,
    /// The lexemes.
    pub lexemes: Range<usize>,
}

/// The value of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartValue {
    /// As the file has it.
    Text(String),
    /// A number; `None` for an indefinite one ("several"). In hundredths for the class `n`.
    Number(Option<u32>),
}

/// A place where a rule applies.
#[derive(Debug)]
pub struct TimeMatch<'k> {
    /// The rule.
    pub rule: &'k TimeRule,
    /// The lexemes, with what modifies them.
    pub lexemes: Range<usize>,
    /// The last lexeme of the rule itself.
    pub last: usize,
    /// What its words stand for.
    pub parts: Vec<Part>,
    /// How it is modified: `START`, `MID`, `END`, `APPROX`, … (TIMEX3 `mod`).
    pub modifier: Option<&'k str>,
}

#[derive(Debug)]
struct Pattern(Vec<Step>);

#[derive(Debug, Clone)]
enum Step {
    /// With `ahead`, the word must follow, but is no part of the expression.
    Word {
        symbol: u16,
        glued: bool,
        keep: bool,
        ahead: bool,
    },
    Number {
        what: Computed,
        glued: bool,
    },
    Either(usize, usize),
    Jump(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Computed {
    /// An amount, in digits or words.
    Amount,
    /// Four digits, or a year in words.
    Year,
    /// 1 to 31, with or without its ending.
    Day,
    /// 0 to 24, in digits or words.
    Hour,
    /// Two digits, 00 to 59.
    Minute,
    /// 1 to 12, in digits.
    MonthNumber,
    /// Two digits of a year.
    ShortYear,
    /// 1980s, '80s.
    Decade,
    /// 20th, or an ordinal in words.
    Ordinal,
    /// Hours and minutes in four digits, 0000 to 2359.
    HoursMinutes,
}

const COMPUTED: [(&str, Computed); 10] = [
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

/// Words that tell numbers from years.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    labels: Vec<String>,
    many: Vec<String>,
}

/// Words that tell whether a clause's time lies ahead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tense {
    future: Vec<String>,
    modal: Vec<String>,
    past: Vec<String>,
    present: Vec<String>,
    until: Vec<String>,
    months: Vec<String>,
    perfect: Vec<String>,
    not: Vec<String>,
    ability: Vec<String>,
    planning: Vec<String>,
    forward: Vec<String>,
    willing: Vec<String>,
    deadline: Vec<String>,
    since: Vec<String>,
    back: Vec<String>,
    on: Vec<String>,
    #[serde(rename = "for")]
    meant: Vec<String>,
    towards: Vec<String>,
    present_perfect: Vec<String>,
    commanding: Vec<String>,
    moving: Vec<String>,
    managing: Vec<String>,
    scheduled: Vec<String>,
    ahead_of: Vec<String>,
    coming: Vec<String>,
    deeds: Vec<String>,
}

impl Tense {
    /// Whether an auxiliary of this form, in lower case, makes its verb's time a future one.
    pub fn is_future(&self, form: &str) -> bool {
        self.future.iter().any(|word| word == form)
    }

    /// Whether the form is that of a modal auxiliary.
    pub fn is_modal(&self, form: &str) -> bool {
        self.modal.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes its verb's time a past one.
    pub fn is_past(&self, form: &str) -> bool {
        self.past.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form leaves its verb's time a present one.
    pub fn is_present(&self, form: &str) -> bool {
        self.present.iter().any(|word| word == form)
    }

    /// Whether a word right before the name of a month tells it from a person of that name.
    pub fn is_before_month(&self, form: &str) -> bool {
        self.months.iter().any(|word| word == form)
    }

    /// Whether a word before a time says that what lasts until then is not over.
    pub fn is_until(&self, form: &str) -> bool {
        self.until.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes its verb's time one that is over at another.
    pub fn is_perfect(&self, form: &str) -> bool {
        self.perfect.iter().any(|word| word == form)
    }

    /// Whether a word denies its verb.
    pub fn is_not(&self, form: &str) -> bool {
        self.not.iter().any(|word| word == form)
    }

    /// Whether a modal auxiliary, when denied, tells what was not done: "could not be reached".
    pub fn is_ability(&self, form: &str) -> bool {
        self.ability.iter().any(|word| word == form)
    }

    /// Whether a day named with a verb of this lemma and its object is the object's: "planned a march on Saturday".
    pub fn is_planning(&self, lemma: &str) -> bool {
        self.planning.iter().any(|word| word == lemma)
    }

    /// Whether a word of this lemma looks ahead: "plan", "deadline".
    pub fn looks_ahead(&self, lemma: &str) -> bool {
        self.forward.iter().any(|word| word == lemma)
    }

    /// Whether the infinitive of a word of this lemma is still to come, though the word itself may be over: "agreed to meet".
    pub fn is_willing(&self, lemma: &str) -> bool {
        self.willing.iter().any(|word| word == lemma)
    }

    /// Whether what is to be done by a time that follows this word is not yet over: "by Friday".
    pub fn is_deadline(&self, form: &str) -> bool {
        self.deadline.iter().any(|word| word == form)
    }

    /// Whether a time after this word is over: "since October".
    pub fn is_since(&self, form: &str) -> bool {
        self.since.iter().any(|word| word == form)
    }

    /// Whether what is after this word and a time need not be ahead: "is up from Monday".
    pub fn is_back(&self, form: &str) -> bool {
        self.back.iter().any(|word| word == form)
    }

    /// Whether this word before a day says only that something was on it.
    pub fn is_on(&self, form: &str) -> bool {
        self.on.iter().any(|word| word == form)
    }

    /// Whether something is meant for a day that follows this word.
    pub fn is_for(&self, form: &str) -> bool {
        self.meant.iter().any(|word| word == form)
    }

    /// Whether something is moved to a day that follows this word.
    pub fn is_towards(&self, form: &str) -> bool {
        self.towards.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes a present perfect, which takes no day: "has promised results on Friday".
    pub fn is_present_perfect(&self, form: &str) -> bool {
        self.present_perfect.iter().any(|word| word == form)
    }

    /// Whether a verb of this lemma asks somebody for something that may have a term: "told them to leave by Friday".
    pub fn is_commanding(&self, lemma: &str) -> bool {
        self.commanding.iter().any(|word| word == lemma)
    }

    /// Whether a verb of this lemma moves what it is said of to another day: "postponed the talks to Friday".
    pub fn is_moving(&self, lemma: &str) -> bool {
        self.moving.iter().any(|word| word == lemma)
    }

    /// Whether the infinitive of a word of this lemma has the word's own time: "managed to leave by Friday".
    pub fn is_managing(&self, lemma: &str) -> bool {
        self.managing.iter().any(|word| word == lemma)
    }

    /// Whether a verb of this lemma, or lemma and object, tells in the present tense what is arranged: "opens on Monday".
    pub fn is_scheduled(&self, lemma: &str) -> bool {
        self.scheduled.iter().any(|word| word == lemma)
    }

    /// Whether words, in lower case, end in such as say that what follows is ahead: "in the run-up to".
    pub fn leads_to(&self, words: &str) -> bool {
        let ends = |phrase: &String| {
            words.strip_suffix(phrase.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
        };
        self.ahead_of.iter().any(ends)
    }

    /// Whether a noun of this lemma, with a day as its name, is ahead as far as nothing else is told: "Sunday's vote".
    pub fn is_coming(&self, lemma: &str) -> bool {
        self.coming.iter().any(|word| word == lemma)
    }

    /// Whether a noun of this lemma, with a day as its name, is over: "Monday's attack".
    pub fn is_deed(&self, lemma: &str) -> bool {
        self.deeds.iter().any(|word| word == lemma)
    }
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
        let mut beginnings = Beginnings { symbols: vec![false; names.len()], computed: false };
        let patterns = rules.iter().map(|r| &r.pattern).chain(before.iter().map(|a| &a.pattern));
        for pattern in patterns {
            if !pattern.begin(0, &mut beginnings) {
                return Err("a rule or what stands before one may be empty".to_string());
            }
        }
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

    /// The rules, in the file's order.
    pub fn rules(&self) -> &[TimeRule] {
        &self.rules
    }

    /// Whether a lower-case word, where it is capitalised, is the name of a time: a month, a weekday, a holiday.
    pub fn is_name(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|meanings| meanings.iter().any(|m| m.proper))
    }

    /// What verbs tell of a time's direction.
    pub fn tense(&self) -> &Tense {
        &self.tense
    }

    /// The year of what is known by its month and day alone: "the Sept. 11 attacks".
    pub fn named(&self, month: i8, day: i8) -> Option<i16> {
        self.named.get(&(month, day)).copied()
    }

    /// Whether a number after this word, in lower case, is what it is called by: "Resolution 1701".
    pub fn is_label(&self, word: &str) -> bool {
        self.numbers.labels.iter().any(|label| label == word)
    }

    /// Whether a verb or auxiliary of this form has many as its subject: "1500 were hurt".
    pub fn is_of_many(&self, form: &str) -> bool {
        self.numbers.many.iter().any(|many| many == form)
    }

    /// How often, in 0..=1, what is counted in this way is right; a half where the file does not say.
    pub fn confidence(&self, means: &str) -> f32 {
        self.confidence.get(means).copied().unwrap_or(0.5)
    }

    /// Cuts a text into words, numbers and marks.
    pub fn lexemes<'t>(&self, text: &'t str) -> Vec<Lexeme<'t>> {
        let mut lexemes: Vec<Lexeme<'t>> = Vec::with_capacity(text.len() / 5);
        let mut chars = text.char_indices().peekable();
        let (mut glued, mut breaks) = (false, true);
        while let Some((start, c)) = chars.next() {
            if c.is_whitespace() {
                let line_end = text[start..].starts_with("\n\n") || text[start..].starts_with("\r\n\r\n");
                breaks |= line_end;
                glued = false;
                continue;
            }
            let class = |c: char| {
                if c.is_ascii_digit() {
                    0
                } else if c.is_alphanumeric() {
                    1
                } else {
                    2
                }
            };
            let mut end = start + c.len_utf8();
            while class(c) < 2 {
                match chars.next_if(|(_, next)| class(*next) == class(c)) {
                    Some((at, next)) => end = at + next.len_utf8(),
                    None => break,
                }
            }
            let word = &text[start..end];
            let lower: std::borrow::Cow<str> = match c {
                '’' | '‘' | '`' => "'".into(),
                '‑' | '–' => "-".into(),
                _ if word.chars().any(char::is_uppercase) => word.to_lowercase().into(),
                _ => word.into(),
            };
            lexemes.push(Lexeme { range: start..end, lower, capital: c.is_uppercase(), glued, begins: breaks });
            (glued, breaks) = (true, false);
        }
        lexemes
    }

    /// The places where rules apply, begun at lexeme `at`: the longest first, and of those as long the rule that comes first in the
    /// file.
    pub fn matches<'k>(&'k self, lexemes: &[Lexeme], at: usize) -> Vec<TimeMatch<'k>> {
        let Some(first) = lexemes.get(at) else { return Vec::new() };
        let digits = first.lower.as_bytes()[0].is_ascii_digit();
        let known = self
            .words
            .get(&*first.lower)
            .is_some_and(|meanings| meanings.iter().any(|m| self.beginnings.symbols[usize::from(m.symbol)]));
        let counted = self.beginnings.computed && (digits || self.counts(&first.lower));
        if !known && !counted {
            return Vec::new();
        }
        let matcher = Matcher { times: self, lexemes };
        let mut found: Vec<TimeMatch<'k>> = Vec::new();
        let mut starts = vec![(at, None::<&Affix>)];
        for affix in &self.before {
            for (end, _) in matcher.run(&affix.pattern, at) {
                starts.push((end, Some(affix)));
            }
        }
        for (start, before) in starts {
            for rule in &self.rules {
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

    fn counts(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|all| {
            all.iter().any(|m| {
                matches!(self.names[usize::from(m.symbol)].as_str(), "cardinal" | "multiplier" | "ordinal_word")
            })
        }) || self.amounts.iter().any(|(phrase, _)| phrase[0] == word)
            || word == "'"
    }

    fn value(&self, word: &Lexeme, class: &str) -> Option<&str> {
        let meanings = self.words.get(&*word.lower)?;
        let meaning = meanings.iter().find(|m| self.names[usize::from(m.symbol)] == class)?;
        (!meaning.proper || word.capital).then_some(meaning.value.as_str())
    }

    fn number_word(&self, word: &Lexeme, class: &str) -> Option<u32> {
        self.value(word, class)?.parse().ok()
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
            None => Ok(Pattern(steps)),
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

impl Pattern {
    /// Notes what the pattern can begin with; false if it can be empty.
    fn begin(&self, step: usize, beginnings: &mut Beginnings) -> bool {
        match self.0.get(step) {
            None => false,
            Some(Step::Word { symbol, .. }) => {
                beginnings.symbols[usize::from(*symbol)] = true;
                true
            }
            Some(Step::Number { .. }) => {
                beginnings.computed = true;
                true
            }
            Some(Step::Jump(to)) => self.begin(*to, beginnings),
            Some(Step::Either(a, b)) => {
                let (a, b) = (*a, *b);
                let first = self.begin(a, beginnings);
                (a == b || self.begin(b, beginnings)) && first
            }
        }
    }
}

struct Matcher<'k, 'l, 't> {
    times: &'k Times,
    lexemes: &'l [Lexeme<'t>],
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
            match pattern.0.get(step) {
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
                    let meanings = self.times.words.get(&*lexeme.lower).map_or(&[][..], Vec::as_slice);
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

    fn lower(&self, at: usize) -> &str {
        self.lexemes.get(at).map_or("", |l| &l.lower)
    }

    fn glued(&self, at: usize) -> bool {
        self.lexemes.get(at).is_some_and(|l| l.glued)
    }

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
    fn number(&self, what: Computed, at: usize) -> Option<(usize, Option<u32>)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    fn longest(text: &str) -> Option<(String, String)> {
        let times = Knowledge::english().times();
        let lexemes = times.lexemes(text);
        let best = times.matches(&lexemes, 0).into_iter().next()?;
        let bytes = lexemes[best.lexemes.start].range.start..lexemes[best.lexemes.end - 1].range.end;
        Some((text[bytes].to_string(), best.rule.means.clone()))
    }

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

    #[test]
    fn faults_of_a_file_are_told() {
        let built_in = include_str!("../data/en/times.toml");
        let wrong = |from: &str, to: &str| Times::parse(&built_in.replacen(from, to, 1)).unwrap_err();
        assert!(wrong("words = \"{month}\"", "words = \"({month}\"").contains("without"));
        assert!(wrong("words = \"{month}\"", "words = \"<moon>\"").contains("moon"));
        assert!(wrong("words = \"{month}\"", "words = \"the?\"").contains("empty"));
        assert!(wrong("means = \"bare\"", "means = \"guess\"").contains("guess"));
        assert!(wrong("\"09-11\"", "\"September 11\"").contains("September 11"));
        assert!(Times::parse("").is_err());
    }
}
