//! What must hold of every report, however strange its source.

use annalist_record::{Removed, Segment};

/// Panics unless segments and what was removed are the whole source, once, and segments of one length are the same characters on
/// both sides, in the text's order.
pub fn check(source: &str, text: &str, segments: &[Segment], removed: &[Removed]) {
    let source: Vec<char> = source.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let mut covered = vec![0u8; source.len()];
    let mut at = 0;
    for s in segments {
        assert!(s.text[0] >= at && s.text[1] >= s.text[0] && s.input[1] >= s.input[0], "{s:?} after {at}");
        at = s.text[1];
        let (there, here) = (&source[s.input[0]..s.input[1]], &text[s.text[0]..s.text[1]]);
        assert!(there.len() != here.len() || there == here, "{s:?}");
        covered[s.input[0]..s.input[1]].iter_mut().for_each(|c| *c += 1);
    }
    for r in removed {
        assert!(!r.reason.is_empty());
        covered[r.start..r.end].iter_mut().for_each(|c| *c += 1);
    }
    assert!(covered.iter().all(|&c| c == 1), "not every character is kept or removed, once");
}
