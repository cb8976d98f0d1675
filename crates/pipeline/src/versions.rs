//! Which reports of a run are later versions of others: the same id, other words.

use std::collections::HashMap;

use annalist_record::Report;

/// The reports of a run so far, as far as another version of them may come: those that have an id of their own beside their
/// words. Some 50 bytes each.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    newest: HashMap<u128, Version>,
    /// The words of versions that are not the newest; few reports have such.
    others: HashMap<u128, Vec<u128>>,
}

#[derive(Debug)]
struct Version {
    content: u128,
    modified: Option<Box<str>>,
}

impl Versions {
    /// Tells a report which it is a later version of: sets `version_of` to the `content_id` of the version that it corrects, as a
    /// ledger does. What has words that came before is a copy, not a version; what is known by its `modified` to be older than the
    /// newest corrects nothing.
    pub fn note(&mut self, report: &mut Report) {
        if report.id == report.content_id {
            return;
        }
        let (Some(id), Some(content)) = (number(&report.id), number(&report.content_id)) else { return };
        let version = Version { content, modified: report.modified.as_deref().map(Box::from) };
        let Some(newest) = self.newest.get_mut(&id) else {
            self.newest.insert(id, version);
            return;
        };
        let others = self.others.get(&id).map_or(&[][..], Vec::as_slice);
        if newest.content == content || others.contains(&content) {
            return;
        }
        let older = matches!((&version.modified, &newest.modified), (Some(own), Some(other)) if own < other);
        let other = if older {
            content
        } else {
            report.version_of = Some(format!("{:024x}", newest.content));
            std::mem::replace(newest, version).content
        };
        self.others.entry(id).or_default().push(other);
    }
}

/// An id's hexadecimal digits as a number.
fn number(id: &str) -> Option<u128> {
    (id.len() == 24).then(|| u128::from_str_radix(id, 16).ok())?
}

#[cfg(test)]
mod tests {
    use annalist_intake::{Options, plain};

    use super::*;

    fn report(id: u8, text: &str, modified: Option<&str>) -> Report {
        let mut report = plain(text, &Options::default());
        report.id = format!("{id:024x}");
        report.modified = modified.map(str::to_string);
        report
    }

    /// For each report of a run, the number of the one that it says it corrects.
    fn corrected(run: &[(u8, &str, Option<&str>)]) -> Vec<Option<usize>> {
        let mut versions = Versions::default();
        let mut reports: Vec<Report> = run.iter().map(|&(id, text, modified)| report(id, text, modified)).collect();
        reports.iter_mut().for_each(|r| versions.note(r));
        let of = |content: &String| reports.iter().position(|r| r.content_id == *content);
        reports.iter().map(|r| r.version_of.as_ref().and_then(of)).collect()
    }

    #[test]
    fn other_words_under_the_same_id_correct_the_newest() {
        let run = [(1, "The port is open.", None), (2, "The port is shut.", None), (1, "The port has shut.", None)];
        assert_eq!(corrected(&run), [None, None, Some(0)]);
        let thrice = [(1, "One.", None), (1, "Two.", None), (1, "Three.", None)];
        assert_eq!(corrected(&thrice), [None, Some(0), Some(1)]);
    }

    #[test]
    fn copies_and_older_versions_correct_nothing() {
        let copies = [(1, "One.", None), (1, "one", None), (1, "Two.", None), (1, "One.", None)];
        assert_eq!(corrected(&copies), [None, None, Some(0), None]);
        let (late, early) = (Some("2021-08-16T12:00:00Z"), Some("2021-08-16T10:00:00Z"));
        let run = [(1, "Late.", late), (1, "Early.", early), (1, "Latest.", Some("2021-08-17"))];
        assert_eq!(corrected(&run), [None, None, Some(0)]);
    }

    #[test]
    fn what_is_known_by_its_words_alone_has_no_versions() {
        let mut versions = Versions::default();
        let mut read = |text: &str| {
            let mut report = plain(text, &Options::default());
            versions.note(&mut report);
            report.version_of
        };
        assert_eq!((read("One."), read("Two."), read("One.")), (None, None, None));
    }
}
