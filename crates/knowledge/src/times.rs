//! Time expressions: words, and rules that say which sequences of them name a time and how it is counted.
//!
//! In the manner of HeidelTime (Strötgen and Gertz 2010), rules are data: `data/en/times.toml` says what they look like. What
//! stands here finds where they apply; what the times are is settled by who knows the text's date and its tenses.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;

mod file;
mod matching;
mod numbers;
mod tense;

pub use tense::Tense;

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
    /// What a rule, or what may stand before one, can begin with.
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

/// What a pattern can begin with.
#[derive(Debug, Default)]
struct Beginnings {
    /// Words, in order.
    symbols: Vec<u16>,
    /// A number.
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
struct Pattern {
    steps: Vec<Step>,
    /// What it can begin with; `None` for one that may be empty.
    beginnings: Option<Beginnings>,
}

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

/// Words that tell numbers from years.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Numbers {
    labels: Vec<String>,
    many: Vec<String>,
}

impl Times {
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

#[cfg(test)]
mod tests {
    use crate::Knowledge;

    pub(super) fn longest(text: &str) -> Option<(String, String)> {
        let times = Knowledge::english().times();
        let lexemes = times.lexemes(text);
        let best = times.matches(&lexemes, 0).into_iter().next()?;
        let bytes = lexemes[best.lexemes.start].range.start..lexemes[best.lexemes.end - 1].range.end;
        Some((text[bytes].to_string(), best.rule.means.clone()))
    }
}
