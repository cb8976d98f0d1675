//! Regular expressions over lines, compiled when first needed.
//!
//! Compiling a pattern with Unicode classes costs more than reading a line with it. Most lines begin as no pattern does, and
//! which beginnings a pattern admits can be told from its syntax alone.

use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder};
use regex_syntax::hir::literal::Extractor;

/// A pattern that matches from a line's first character.
#[derive(Debug)]
pub(crate) struct LinePattern {
    pattern: String,
    any_case: bool,
    /// What a line that matches begins with, in lower case (ASCII); `None` when that is not known.
    beginnings: Option<Vec<Vec<u8>>>,
    compiled: OnceLock<Regex>,
}

/// The longest beginning that is looked at.
const BEGINNING: usize = 24;

impl LinePattern {
    /// A pattern anchored at the line's first character and, if it is of `whole` lines, at its last; `any_case` if case does not
    /// matter in it.
    pub(crate) fn new(pattern: &str, whole: bool, any_case: bool) -> Result<LinePattern, String> {
        let hir = regex_syntax::parse(pattern).map_err(|e| e.to_string())?;
        let found = Extractor::new().extract(&hir);
        let beginnings = found.literals().map(|literals| {
            let lower = |bytes: &[u8]| bytes[..bytes.len().min(BEGINNING)].to_ascii_lowercase();
            let mut all: Vec<Vec<u8>> = literals.iter().map(|literal| lower(literal.as_bytes())).collect();
            all.sort();
            all.dedup();
            all
        });
        let end = if whole { "$" } else { "" };
        Ok(LinePattern { pattern: format!("^(?:{pattern}){end}"), any_case, beginnings, compiled: OnceLock::new() })
    }

    fn compile(&self) -> Result<Regex, String> {
        RegexBuilder::new(&self.pattern).case_insensitive(self.any_case).build().map_err(|e| e.to_string())
    }

    /// The pattern, compiled, if a line might match it.
    fn regex(&self, line: &str) -> Option<&Regex> {
        let begins = |beginning: &Vec<u8>| {
            line.as_bytes().get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        };
        if self.beginnings.as_ref().is_some_and(|all| !all.iter().any(begins)) {
            return None;
        }
        // Only its size can still be wrong with a pattern whose syntax is right; `check` has told.
        Some(self.compiled.get_or_init(|| self.compile().unwrap_or_else(|_| nothing())))
    }

    /// Compiles the pattern now.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), String> {
        let regex = self.compile()?;
        self.compiled.get_or_init(|| regex);
        Ok(())
    }

    pub(crate) fn captures<'l>(&self, line: &'l str) -> Option<Captures<'l>> {
        self.regex(line)?.captures(line)
    }

    /// Where the match ends.
    pub(crate) fn end(&self, line: &str) -> Option<usize> {
        Some(self.regex(line)?.find(line)?.end())
    }
}

/// A pattern that matches no line.
fn nothing() -> Regex {
    Regex::new(r"[^\s\S]").expect("the pattern is a constant and valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_otherwise_leaves_the_pattern_uncompiled() {
        let pattern = LinePattern::new("(?:read|see) also: (.+)", true, true).unwrap();
        assert!(pattern.captures("The port is closed.").is_none());
        assert!(pattern.captures("Re").is_none());
        assert!(pattern.compiled.get().is_none());
        assert_eq!(pattern.captures("READ also: Storm").unwrap().get(1).unwrap().as_str(), "Storm");
        assert!(pattern.compiled.get().is_some());
    }

    #[test]
    fn a_pattern_without_a_known_beginning_is_tried_on_every_line() {
        let pattern = LinePattern::new(r"\w+ ago", true, false).unwrap();
        assert_eq!(pattern.end("Long ago"), Some(8));
        assert!(pattern.captures("Long after").is_none());
    }

    #[test]
    fn what_may_be_left_out_at_the_start_is_no_beginning() {
        let pattern = LinePattern::new(r"\(?(?:by )?ann", true, false).unwrap();
        for line in ["ann", "by ann", "(ann", "(by ann"] {
            assert!(pattern.captures(line).is_some(), "{line}");
        }
    }

    #[test]
    fn faults_are_told() {
        assert!(LinePattern::new("(", true, false).is_err());
        assert!(LinePattern::new("(?:a{1000}){1000}", true, false).unwrap().check().is_err());
    }
}
