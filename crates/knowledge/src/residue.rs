//! Patterns of what web pages leave in a text.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

/// What a line of residue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidueKind {
    /// A mark of a page builder or advertising system.
    Shortcode,
    /// An invitation to do something else than read.
    Prompt,
    /// A heading over headlines of other stories, or a line that points to one: its headline is the name.
    Leads,
    /// A line that names whose material is used.
    Credit,
    /// A line that names who reported, wrote or edited.
    Reporting,
    /// A picture's credit.
    Photo,
    /// A copyright line.
    Copyright,
}

impl ResidueKind {
    /// The word for it in a record's `removed`.
    pub fn reason(self) -> &'static str {
        match self {
            ResidueKind::Shortcode => "shortcode",
            ResidueKind::Prompt => "prompt",
            ResidueKind::Leads => "leads",
            ResidueKind::Credit | ResidueKind::Reporting => "credit",
            ResidueKind::Photo => "photo",
            ResidueKind::Copyright => "copyright",
        }
    }
}

/// The patterns, compiled.
#[derive(Debug)]
pub struct Residue {
    set: RegexSet,
    patterns: Vec<(ResidueKind, Regex)>,
}

/// A longer line is no residue.
const LONGEST: usize = 240;

impl Residue {
    pub(crate) fn parse(file: &str) -> Result<Residue, String> {
        let kinds: HashMap<ResidueKind, Vec<String>> = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut sources: Vec<(ResidueKind, String)> = kinds
            .into_iter()
            .flat_map(|(kind, all)| all.into_iter().map(move |p| (kind, format!("^(?:{p})$"))))
            .collect();
        sources.sort_by_key(|(kind, _)| *kind as usize);
        let set = RegexSetBuilder::new(sources.iter().map(|(_, p)| p))
            .case_insensitive(true)
            .build()
            .map_err(|e| e.to_string())?;
        let patterns = sources
            .into_iter()
            .map(|(kind, p)| Ok((kind, RegexBuilder::new(&p).case_insensitive(true).build()?)))
            .collect::<Result<_, regex::Error>>()
            .map_err(|e| e.to_string())?;
        Ok(Residue { set, patterns })
    }

    /// What kind of residue a trimmed line is, if any, and the name it gives: whom a credit names, the
    /// headline to which a line points.
    pub fn kind<'l>(&self, line: &'l str) -> Option<(ResidueKind, Option<&'l str>)> {
        if line.is_empty() || line.len() > LONGEST {
            return None;
        }
        let first = self.set.matches(line).iter().next()?;
        let (kind, pattern) = &self.patterns[first];
        let name = pattern.captures(line).and_then(|c| c.get(1)).map(|m| m.as_str());
        Some((*kind, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    #[test]
    fn residue_is_told_from_sentences() {
        let kind = |line: &str| Knowledge::english().residue().kind(line).map(|(kind, _)| kind);
        assert_eq!(kind("[ad_1]"), Some(ResidueKind::Shortcode));
        assert_eq!(kind("[sic]"), None);
        assert_eq!(kind("Source link"), Some(ResidueKind::Prompt));
        assert_eq!(kind("KEEP READING:"), Some(ResidueKind::Leads));
        assert_eq!(kind("Subscribe to our newsletter"), Some(ResidueKind::Prompt));
        assert_eq!(kind("Related parties said they would not take part in the talks."), None);
        assert_eq!(kind("More than forty people were hurt."), None);
        assert_eq!(kind("Follow Ann Writer on Twitter @annwriter."), Some(ResidueKind::Prompt));
        assert_eq!(kind("(Reporting by Ann Writer; editing by Jo Reader)"), Some(ResidueKind::Reporting));
        assert_eq!(kind("Also read: Ferry company to cut winter service"), Some(ResidueKind::Leads));
        assert_eq!(kind("This report was edited by nobody the committee knew, she said."), None);
        assert_eq!(kind("Follow the money, he said on Twitter."), None);
    }

    #[test]
    fn credits_name_their_source() {
        let found = Knowledge::english().residue().kind("(With information from Coastal Press)");
        assert_eq!(found, Some((ResidueKind::Credit, Some("Coastal Press"))));
        let found =
            Knowledge::english().residue().kind("(Reporting by Ann Writer in Northport; Editing by Jo Reader.)");
        assert_eq!(found, Some((ResidueKind::Reporting, Some("Ann Writer in Northport"))));
        let found = Knowledge::english().residue().kind("READ MORE | Storm closes coastal road");
        assert_eq!(found, Some((ResidueKind::Leads, Some("Storm closes coastal road"))));
    }
}
