//! Arithmetic of which stretch of one text is which stretch of another.

use annalist_record::{Removed, Report, Segment};

/// Makes a report that was made of an intermediate text one of the text before it: `inner` says which stretch of the
/// intermediate text is which stretch of that. Stretches of different lengths in `inner` are one character of the intermediate
/// text each. Stretches of the earlier text that `inner` passes over must be listed as removed already by whoever made it.
pub(crate) fn rebase(report: &mut Report, inner: &[Segment]) {
    let place = Places { inner };
    let mut segments: Vec<Segment> = Vec::new();
    for outer in &report.segments {
        if outer.text[1] - outer.text[0] != outer.input[1] - outer.input[0] {
            // Repaired: all that it was made of is its input, with whatever stood in between.
            let input = place.parts(outer.input).fold(None, |whole: Option<[usize; 2]>, part| {
                Some([whole.map_or(part.input[0], |w| w[0]), part.input[1]])
            });
            segments.extend(input.map(|input| Segment { text: outer.text, input }));
            continue;
        }
        for part in place.parts(outer.input) {
            let text = [outer.text[0] + part.text[0] - outer.input[0], outer.text[0] + part.text[1] - outer.input[0]];
            let same = |s: &Segment| s.text[1] - s.text[0] == s.input[1] - s.input[0];
            let new = Segment { text, input: part.input };
            match segments.last_mut() {
                Some(last) if last.input[1] == new.input[0] && same(last) && same(&new) => {
                    (last.text[1], last.input[1]) = (new.text[1], new.input[1]);
                }
                _ => segments.push(new),
            }
        }
    }
    report.segments = segments;
    let mut removed: Vec<Removed> = Vec::new();
    for one in &report.removed {
        for part in place.parts([one.start, one.end]) {
            match removed.last_mut() {
                Some(last) if last.end == part.input[0] && last.reason == one.reason => last.end = part.input[1],
                _ => removed.push(Removed { start: part.input[0], end: part.input[1], reason: one.reason.clone() }),
            }
        }
    }
    report.removed = removed;
}

/// Lists what was removed before the intermediate text was made, but for what stood inside a repaired stretch.
pub(crate) fn add_removed(report: &mut Report, removed: Vec<Removed>) {
    let segments = &report.segments;
    let inside = |one: &Removed| {
        let at = segments.partition_point(|s| s.input[1] <= one.start);
        segments.get(at).is_some_and(|s| s.input[0] <= one.start)
    };
    let outside: Vec<Removed> = removed.into_iter().filter(|one| !inside(one)).collect();
    report.removed.extend(outside);
    report.removed.sort_by_key(|one| one.start);
}

struct Places<'s> {
    inner: &'s [Segment],
}

impl Places<'_> {
    /// The parts of the earlier text that a stretch of the intermediate text is, each with its part of that stretch.
    fn parts(&self, [start, end]: [usize; 2]) -> impl Iterator<Item = Segment> {
        let first = self.inner.partition_point(|s| s.text[1] <= start);
        self.inner[first..].iter().take_while(move |s| s.text[0] < end).map(move |s| {
            let text = [s.text[0].max(start), s.text[1].min(end)];
            let same = s.text[1] - s.text[0] == s.input[1] - s.input[0];
            let input = match same {
                true => [s.input[0] + text[0] - s.text[0], s.input[0] + text[1] - s.text[0]],
                false => s.input,
            };
            Segment { text, input }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_carried_back() {
        // Before: "ab[XYZ]cd"; between: "ab?cd", where ? stands for XYZ; after: "b?d".
        let inner = [
            Segment { text: [0, 2], input: [0, 2] },
            Segment { text: [2, 3], input: [2, 5] },
            Segment { text: [3, 5], input: [5, 7] },
        ];
        let mut report = Report {
            segments: vec![Segment { text: [0, 2], input: [1, 3] }, Segment { text: [2, 3], input: [4, 5] }],
            removed: vec![
                Removed { start: 0, end: 1, reason: "a".to_string() },
                Removed { start: 3, end: 4, reason: "c".to_string() },
            ],
            ..Report::default()
        };
        rebase(&mut report, &inner);
        let pairs: Vec<_> = report.segments.iter().map(|s| (s.text, s.input)).collect();
        assert_eq!(pairs, [([0, 1], [1, 2]), ([1, 2], [2, 5]), ([2, 3], [6, 7])]);
        let removed: Vec<_> = report.removed.iter().map(|r| (r.start, r.end)).collect();
        assert_eq!(removed, [(0, 1), (5, 6)]);
    }
}
