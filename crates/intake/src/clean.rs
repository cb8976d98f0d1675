//! Web residue out of text, by lines.

use std::collections::HashSet;
use std::ops::Range;

use annalist_knowledge::{Residue, ResidueKind};
use annalist_record::{CharIndex, Credit, Lead, Removed, Report, Segment};

/// A line repeated in the text counts as repetition from this many characters on: a caption printed twice, not a "Yes."
const SHORTEST_REPETITION: usize = 24;

/// What a reader is told of a text that says so of itself.
const TRANSLATED: &str =
    "the text says that a machine translated it; who said and did what may be garbled, compare the original";

/// The text as it is, in one segment.
pub(crate) fn whole(text: String) -> Report {
    let length = text.chars().count();
    let segments = vec![Segment { text: [0, length], input: [0, length] }];
    Report { text, segments, ..Report::default() }
}

/// The text without control characters that no text has; what is left, which stretch of it is which of the text, and what was
/// removed. `None` if there are none.
pub(crate) fn without_controls(text: &str) -> Option<(String, Vec<Segment>, Vec<Removed>)> {
    let is_control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b');
    if !text.contains(is_control) {
        return None;
    }
    let mut out = (String::with_capacity(text.len()), Vec::<Segment>::new(), Vec::<Removed>::new());
    let mut at = 0;
    for (i, c) in text.chars().enumerate() {
        if is_control(c) {
            match out.2.last_mut() {
                Some(last) if last.end == i => last.end = i + 1,
                _ => out.2.push(Removed { start: i, end: i + 1, reason: "control".to_string() }),
            }
            continue;
        }
        out.0.push(c);
        match out.1.last_mut() {
            Some(last) if last.input[1] == i => (last.text[1], last.input[1]) = (at + 1, i + 1),
            _ => out.1.push(Segment { text: [at, at + 1], input: [i, i + 1] }),
        }
        at += 1;
    }
    Some(out)
}

/// The text without web residue.
pub(crate) fn clean(input: &str, residue: &Residue) -> Report {
    let lines = lines(input);
    let mut reasons: Vec<Option<&'static str>> = vec![None; lines.len()];
    let mut report = Report::default();
    let (mut seen, mut last) = (HashSet::new(), None);
    let mut i = 0;
    while i < lines.len() {
        let line = input[lines[i].clone()].trim();
        let found = residue.kind(line);
        if line.chars().count() >= SHORTEST_REPETITION {
            // A caption or heading is repeated anywhere, a sentence right after itself: people do say things twice.
            let again = !seen.insert(line) && (last == Some(line) || !is_sentence(line));
            if again {
                reasons[i] = Some("repetition");
            }
        }
        if !line.is_empty() {
            last = Some(line);
        }
        match found {
            Some((ResidueKind::Leads, Some(headline))) if !is_sentence(headline) => {
                reasons[i] = Some(ResidueKind::Leads.reason());
                report.leads.push(Lead { text: headline.trim().to_string() });
            }
            Some((ResidueKind::Leads, Some(_))) => {}
            Some((ResidueKind::Leads, None)) => {
                let below = headlines(input, &lines, i + 1, residue);
                if !below.is_empty() {
                    reasons[i] = Some(ResidueKind::Leads.reason());
                    for &j in &below {
                        reasons[j] = Some(ResidueKind::Leads.reason());
                        let text =
                            input[lines[j].clone()].trim().trim_start_matches(['-', '*', '•', '–', ' ']).to_string();
                        report.leads.push(Lead { text });
                    }
                    i = below[below.len() - 1];
                }
            }
            Some((kind, name)) => {
                reasons[i] = Some(kind.reason());
                if kind == ResidueKind::Translated && !report.warnings.iter().any(|w| w == TRANSLATED) {
                    report.warnings.push(TRANSLATED.to_string());
                }
                let credit = match kind {
                    ResidueKind::Credit => Some("agency"),
                    ResidueKind::Reporting => Some("reporter"),
                    ResidueKind::Photo => Some("photo"),
                    _ => None,
                };
                if let (Some(kind), Some(name)) = (credit, name) {
                    report.credits.push(Credit {
                        kind: kind.to_string(),
                        name: name.trim().to_string(),
                        text: line.to_string(),
                    });
                }
            }
            None => {}
        }
        i += 1;
    }
    close_gaps(input, &lines, &mut reasons);
    assemble(input, &lines, &reasons, &mut report);
    report
}

/// Whether a line ends as a sentence does.
fn is_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '"', '’', '\'', ')']).ends_with(['.', '!', '?', '…']) && !line.ends_with("...")
}

/// The byte ranges of lines, each with its line end.
fn lines(input: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    input
        .split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.len();
            start = range.end;
            range
        })
        .collect()
}

/// The lines from `first` on that look like headlines: short, no full stop, at most one blank line before the first and none
/// between that is followed by anything else.
fn headlines(input: &str, lines: &[Range<usize>], first: usize, residue: &Residue) -> Vec<usize> {
    let mut found = Vec::new();
    let mut blanks = 0;
    for (j, range) in lines.iter().enumerate().skip(first) {
        let line = input[range.clone()].trim();
        if line.is_empty() {
            blanks += 1;
            if blanks > 1 && !found.is_empty() {
                break;
            }
            continue;
        }
        let words = line.split_whitespace().count();
        let ends = line.ends_with(['.', '”', '"', ':', ',']) && !line.ends_with("...");
        if ends || !(3..=30).contains(&words) || residue.kind(line).is_some() {
            break;
        }
        blanks = 0;
        found.push(j);
    }
    found
}

/// Where lines were removed, one blank line is enough between what stands before and after.
fn close_gaps(input: &str, lines: &[Range<usize>], reasons: &mut [Option<&'static str>]) {
    let blank = |i: usize| input[lines[i].clone()].trim().is_empty();
    let (mut kept_blank, mut since_removed) = (true, false);
    for i in 0..lines.len() {
        if reasons[i].is_some() {
            since_removed = true;
        } else if blank(i) {
            if since_removed && kept_blank {
                reasons[i] = Some("space");
            }
            kept_blank = true;
        } else {
            (kept_blank, since_removed) = (false, false);
        }
    }
    // Blank lines before what was removed, when more than one was there already.
    for i in (0..lines.len()).filter(|&i| reasons[i].is_some_and(|r| r != "space")).collect::<Vec<_>>() {
        let mut j = i;
        while j >= 2 && reasons[j - 1].is_none() && blank(j - 1) && (blank(j - 2) || reasons[j - 2].is_some()) {
            reasons[j - 1] = Some("space");
            j -= 1;
        }
    }
}

fn assemble(input: &str, lines: &[Range<usize>], reasons: &[Option<&'static str>], report: &mut Report) {
    let index = CharIndex::new(input);
    let mut at = 0;
    for (range, reason) in lines.iter().zip(reasons) {
        let (start, end) = (index.point(range.start), index.point(range.end));
        match reason {
            Some(reason) => match report.removed.last_mut() {
                Some(last) if last.end == start && last.reason == *reason => last.end = end,
                _ => report.removed.push(Removed { start, end, reason: reason.to_string() }),
            },
            None => {
                report.text.push_str(&input[range.clone()]);
                let next = at + end - start;
                match report.segments.last_mut() {
                    Some(last) if last.input[1] == start => (last.text[1], last.input[1]) = (next, end),
                    _ => report.segments.push(Segment { text: [at, next], input: [start, end] }),
                }
                at = next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use annalist_knowledge::Knowledge;
    use proptest::prelude::*;

    fn cleaned(input: &str) -> Report {
        clean(input, Knowledge::english().residue())
    }

    const STORY: &str = "Island port reopens after talks\n\n\n\n[ad_1]\n\nDockers wait at the gate of the northern harbour\n\
        Dockers wait at the gate of the northern harbour\n\nThe port reopened on Friday, the harbour master said.\n\n\
        (With information from Coastal Press)\n\nKEEP READING:\n\nFerry company to cut winter service\n\
        Storm closes coastal road for third day\n\n\n\n[ad_2]\nSource link\n";

    #[test]
    fn a_scraped_story_is_the_story() {
        let report = cleaned(STORY);
        assert_eq!(
            report.text,
            "Island port reopens after talks\n\nDockers wait at the gate of the northern harbour\n\n\
             The port reopened on Friday, the harbour master said.\n\n"
        );
        assert_eq!(report.leads.len(), 2);
        assert_eq!(report.credits[0].name, "Coastal Press");
        let reasons: HashSet<&str> = report.removed.iter().map(|r| r.reason.as_str()).collect();
        assert_eq!(reasons, HashSet::from(["shortcode", "repetition", "credit", "leads", "prompt", "space"]));
    }

    #[test]
    fn people_say_things_twice() {
        let twice = "“It does not matter who gets elected.”\n\nShe paused, then went on.\n\n“It does not matter who gets elected.”\n";
        assert_eq!(cleaned(twice).text, twice);
        let printed_twice = "The ferry leaves in the morning.\nThe ferry leaves in the morning.\n";
        assert_eq!(cleaned(printed_twice).text, "The ferry leaves in the morning.\n");
        let caption = "Dockers wait at the gate of the harbour\n\nThe port reopened.\n\nDockers wait at the gate of the harbour\n";
        assert_eq!(cleaned(caption).text, "Dockers wait at the gate of the harbour\n\nThe port reopened.\n\n");
    }

    #[test]
    fn a_line_that_points_elsewhere_is_a_lead() {
        let report = cleaned(
            "The port reopened.\n\nAlso read: Storm closes coastal road\n\nAll left.\n\n(Reporting by Ann Writer)\n",
        );
        assert_eq!(report.text, "The port reopened.\n\nAll left.\n\n");
        assert_eq!(report.leads[0].text, "Storm closes coastal road");
        assert_eq!((report.credits[0].kind.as_str(), report.credits[0].name.as_str()), ("reporter", "Ann Writer"));
    }

    #[test]
    fn a_clean_text_stays_as_it_is() {
        let text = "Title\n\n\n\nFirst paragraph, with more.\r\nSecond: “related” matters.\n\n";
        assert_eq!(cleaned(text).text, text);
    }

    proptest! {
        #[test]
        fn kept_and_removed_are_the_whole_input(parts in prop::collection::vec(
            prop_oneof![Just("[ad_1]".to_string()), Just(String::new()), Just("KEEP READING:".to_string()),
                        Just("A line that is long enough to count twice".to_string()), ".{0,40}"], 0..20)) {
            let input = parts.join("\n");
            let report = cleaned(&input);
            let points: Vec<char> = input.chars().collect();
            let text: Vec<char> = report.text.chars().collect();
            let mut covered = vec![0u8; points.len()];
            let mut at = 0;
            for s in &report.segments {
                prop_assert_eq!(s.text[0], at);
                at = s.text[1];
                prop_assert_eq!(&text[s.text[0]..s.text[1]], &points[s.input[0]..s.input[1]]);
                covered[s.input[0]..s.input[1]].iter_mut().for_each(|c| *c += 1);
            }
            prop_assert_eq!(at, text.len());
            for r in &report.removed {
                covered[r.start..r.end].iter_mut().for_each(|c| *c += 1);
            }
            prop_assert!(covered.iter().all(|&c| c == 1));
        }
    }
}
