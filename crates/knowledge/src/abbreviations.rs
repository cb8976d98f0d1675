//! Abbreviations and what their period may mean.

use std::collections::HashMap;

/// An abbreviation written with a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abbreviation {
    /// Whether its period may also be the sentence's.
    pub may_end_sentence: bool,
}

pub(crate) fn parse(file: &str) -> HashMap<String, Abbreviation> {
    crate::lines(file)
        .map(|line| (line.trim_end_matches('*').to_string(), Abbreviation { may_end_sentence: line.ends_with('*') }))
        .collect()
}
