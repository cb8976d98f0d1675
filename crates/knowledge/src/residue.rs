//! Patterns of what web pages leave in a text.

use std::collections::HashMap;

use serde::Deserialize;

use crate::patterns::LinePattern;

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
    /// A line that says a machine translated the text.
    Translated,
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
            ResidueKind::Translated => "translation",
        }
    }
}

/// The patterns, in the order in which they are tried.
#[derive(Debug)]
pub struct Residue {
    patterns: Vec<(ResidueKind, LinePattern)>,
}

/// A longer line is no residue.
const LONGEST: usize = 240;

impl Residue {
    pub(crate) fn parse(file: &str) -> Result<Residue, String> {
        let kinds: HashMap<ResidueKind, Vec<String>> = toml::from_str(file).map_err(|e| e.to_string())?;
        let mut sources: Vec<(ResidueKind, String)> =
            kinds.into_iter().flat_map(|(kind, all)| all.into_iter().map(move |p| (kind, p))).collect();
        sources.sort_by_key(|(kind, _)| *kind as usize);
        let pattern = |(kind, p): (ResidueKind, String)| Ok((kind, LinePattern::new(&p, true, true)?));
        Ok(Residue { patterns: sources.into_iter().map(pattern).collect::<Result<_, String>>()? })
    }

    /// Compiles every pattern now, and tells what is wrong with the first that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.patterns.iter().try_for_each(|(_, pattern)| pattern.check())
    }

    /// What kind of residue a trimmed line is, if any, and the name it gives: whom a credit names, the
    /// headline to which a line points.
    pub fn kind<'l>(&self, line: &'l str) -> Option<(ResidueKind, Option<&'l str>)> {
        if line.is_empty() || line.len() > LONGEST {
            return None;
        }
        let (kind, found) = self.patterns.iter().find_map(|(kind, pattern)| Some((*kind, pattern.captures(line)?)))?;
        Some((kind, found.get(1).map(|name| name.as_str())))
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
        assert_eq!(kind("This article was automatically translated from Spanish."), Some(ResidueKind::Translated));
        assert_eq!(kind("Translated by Google Translate"), Some(ResidueKind::Translated));
        assert_eq!(kind("The letter was translated by a neighbour, the court heard."), None);
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
