//! When a statement was made.

use std::ops::Range;

use annalist_language::Analysis;
use annalist_record::{CharIndex, Span, Statement, Time};

/// Whether a time says when something is: a day or an hour; not how long or how often, nor "now".
pub(crate) fn says_when(time: &Time) -> bool {
    matches!(&*time.kind, "DATE" | "TIME") && time.value.as_deref().is_none_or(|value| !value.ends_with("_REF"))
}

/// Gives each statement the time that stands in the clause of its cue, outside its content; of several the one nearest to the cue in the
/// tree.
pub fn place_statements(statements: &mut [Statement], times: &[Time], text: &str, analysis: &Analysis) {
    let index = CharIndex::new(text);
    let token_at = |byte: usize| analysis.tokens.partition_point(|t| t.end <= byte);
    let tokens = |span: &Span| token_at(index.byte(span.start))..token_at(index.byte(span.end).saturating_sub(1)) + 1;
    // For each time that says when, the verbs above it, nearest first.
    let mut above: Vec<(usize, Vec<usize>)> = Vec::new();
    for (i, time) in times.iter().enumerate().filter(|(_, time)| says_when(time)) {
        let own = tokens(&time.span);
        let own = own.start..own.end.min(analysis.tokens.len());
        let outside = |t: &usize| analysis.tokens[*t].head.is_none_or(|h| !own.contains(&h));
        let Some(head) = own.clone().find(outside) else { continue };
        let mut path = Vec::new();
        let mut at = analysis.tokens[head].head;
        while let Some(t) = at.filter(|_| path.len() < 4) {
            path.push(t);
            if matches!(&*analysis.tokens[t].upos, "VERB" | "AUX") {
                break;
            }
            at = analysis.tokens[t].head;
        }
        above.push((i, path));
    }
    for statement in statements {
        let cue: Vec<Range<usize>> = statement.cue.iter().map(tokens).collect();
        let inside =
            |time: &Time, spans: &[Span]| spans.iter().any(|s| s.start < time.span.end && time.span.start < s.end);
        let found = above.iter().filter(|(i, _)| !inside(&times[*i], &statement.content)).filter_map(|(i, path)| {
            let steps = path.iter().position(|t| cue.iter().any(|c| c.contains(t)))?;
            Some((steps, *i))
        });
        statement.time = found.min_by_key(|(steps, _)| *steps).map(|(_, i)| times[i].id.clone());
    }
}
