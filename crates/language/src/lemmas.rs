//! Lemmas by edit scripts: the classifier names an edit of the form's end, this module carries it out.
//!
//! A rule is `l`, `k` or `t` (work on the form lower-cased, kept, or in title case), then either `=` and the whole lemma,
//! or a number of characters to cut from the end, `+`, and what to put there: `l3+ing`, `l=be`, `k0+`.

use std::collections::HashMap;
use std::ops::Range;

/// An edit script, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LemmaRule {
    case: Case,
    edit: Edit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Keep,
    Title,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Edit {
    Whole(String),
    End { cut: usize, add: String },
}

impl LemmaRule {
    /// Reads a rule; `None` if it is not of the form above.
    pub fn parse(rule: &str) -> Option<LemmaRule> {
        let mut rest = rule.chars();
        let case = match rest.next()? {
            'l' => Case::Lower,
            'k' => Case::Keep,
            't' => Case::Title,
            _ => return None,
        };
        let rest = rest.as_str();
        let edit = match rest.strip_prefix('=') {
            Some(lemma) => Edit::Whole(lemma.to_string()),
            None => {
                let (cut, add) = rest.split_once('+')?;
                Edit::End { cut: cut.parse().ok()?, add: add.to_string() }
            }
        };
        Some(LemmaRule { case, edit })
    }

    /// The lemma of `form`, or `None` if the form is too short for the rule.
    pub fn apply(&self, form: &str) -> Option<String> {
        let Edit::End { cut, add } = &self.edit else {
            let Edit::Whole(lemma) = &self.edit else { return None };
            return Some(lemma.clone());
        };
        let mut lemma = match self.case {
            Case::Lower => form.to_lowercase(),
            Case::Keep => form.to_string(),
            Case::Title => {
                let mut letters = form.chars();
                letters.next().into_iter().chain(letters.as_str().to_lowercase().chars()).collect()
            }
        };
        if lemma.contains('’') {
            lemma = lemma.replace('’', "'");
        }
        for _ in 0..*cut {
            lemma.pop()?;
        }
        lemma.push_str(add);
        (!lemma.is_empty()).then_some(lemma)
    }
}

/// Rules of known forms: the file itself, and where in it each form with its tag stands. Nothing is copied, so that the program
/// starts at once.
#[derive(Debug, Default)]
pub struct Lexicon {
    file: String,
    /// In the order of their keys.
    entries: Vec<Entry>,
    rules: Vec<LemmaRule>,
}

#[derive(Debug)]
struct Entry {
    /// Form, tab and tag in the file.
    key: Range<usize>,
    /// Which rule.
    rule: usize,
}

impl Lexicon {
    /// Reads lines of form, tag and rule; `#` and a space begin a comment.
    ///
    /// # Errors
    /// The first line that is not of this form, by its number.
    pub fn parse(file: &str) -> Result<Lexicon, String> {
        let (mut entries, mut rules, mut known) = (Vec::new(), Vec::new(), HashMap::new());
        let mut start = 0;
        for (n, line) in file.split('\n').enumerate() {
            let at = start;
            start += line.len() + 1;
            let line = line.trim_end_matches('\r');
            if line.is_empty() || line.starts_with("# ") {
                continue;
            }
            let malformed = || format!("line {}: not a form, a tag and a rule", n + 1);
            let (key, rule) = line.rsplit_once('\t').filter(|(key, _)| key.contains('\t')).ok_or_else(malformed)?;
            let rule = match known.get(rule) {
                Some(&rule) => rule,
                None => {
                    rules.push(LemmaRule::parse(rule).ok_or_else(malformed)?);
                    known.insert(rule, rules.len() - 1);
                    rules.len() - 1
                }
            };
            entries.push(Entry { key: at..at + key.len(), rule });
        }
        let key = |e: &Entry| &file[e.key.clone()];
        if !entries.is_sorted_by_key(key) {
            entries.sort_by_key(key);
        }
        Ok(Lexicon { file: file.to_string(), entries, rules })
    }

    /// The rule of a form (in any case) with this tag.
    pub fn rule(&self, form: &str, upos: &str) -> Option<&LemmaRule> {
        let mut wanted = form.to_lowercase();
        if wanted.contains('’') {
            wanted = wanted.replace('’', "'");
        }
        wanted.push('\t');
        wanted.push_str(upos);
        let found = self.entries.binary_search_by(|e| self.file[e.key.clone()].cmp(wanted.as_str())).ok()?;
        Some(&self.rules[self.entries[found].rule])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_knows_forms_by_tag() {
        let lexicon = Lexicon::parse("# a comment\nsaw\tVERB\tl2+ee\nsaw\tNOUN\tl0+\n").unwrap();
        let lemma = |form, upos| lexicon.rule(form, upos).and_then(|rule| rule.apply(form));
        assert_eq!(lemma("Saw", "VERB").as_deref(), Some("see"));
        assert_eq!(lemma("saw", "NOUN").as_deref(), Some("saw"));
        assert_eq!(lemma("saw", "ADJ"), None);
        assert!(Lexicon::parse("saw\tVERB\n").is_err());
        assert!(Lexicon::parse("saw\tVERB\tno rule\n").is_err());
        let unsorted = Lexicon::parse("saw\tVERB\tl2+ee\r\nat\tADP\tl0+").unwrap();
        assert!(unsorted.rule("SAW", "VERB").is_some() && unsorted.rule("at", "ADP").is_some());
    }

    #[test]
    fn rules_edit_the_end() {
        let lemma = |rule: &str, form: &str| LemmaRule::parse(rule).and_then(|r| r.apply(form));
        assert_eq!(lemma("l3+", "Talking").as_deref(), Some("talk"));
        assert_eq!(lemma("l3+y", "Cities").as_deref(), Some("city"));
        assert_eq!(lemma("l=be", "’s").as_deref(), Some("be"));
        assert_eq!(lemma("k0+", "Kabul").as_deref(), Some("Kabul"));
        assert_eq!(lemma("t0+", "KABUL").as_deref(), Some("Kabul"));
        assert_eq!(lemma("l9+", "it"), None);
        assert_eq!(LemmaRule::parse("x1+"), None);
    }
}
