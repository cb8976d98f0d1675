//! Who said what: the statements in the order of the text, each with the paragraph it stands in, who (and whom a pronoun or description
//! stands for), the cue, what was done by saying it; below, what was said. A statement inside another's content is indented below it.

use std::collections::{HashMap, HashSet};

use annalist_record::{Act, Quoted, SourceKind, Statement};

use super::{DOUBTFUL, Page, join, word};

/// Statements at most this deep are indented; deeper ones stand as deep as this.
const DEEPEST: usize = 4;

/// Statements in the order of the text, those inside another's content right after it.
fn order<'r>(statements: &'r [Statement], places: &HashMap<&str, usize>) -> Vec<&'r Statement> {
    let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut tops = Vec::new();
    for (i, s) in statements.iter().enumerate() {
        match s.inside.as_deref().and_then(|id| places.get(id)) {
            Some(&outer) if outer != i => children.entry(outer).or_default().push(i),
            _ => tops.push(i),
        }
    }
    let (mut ordered, mut seen) = (Vec::with_capacity(statements.len()), HashSet::new());
    let mut stack: Vec<usize> = tops.into_iter().rev().collect();
    while let Some(i) = stack.pop() {
        if seen.insert(i) {
            ordered.push(&statements[i]);
            stack.extend(children.get(&i).into_iter().flatten().rev());
        }
    }
    // A ring of statements each inside the next cannot come from reading; if it is in the data, it is shown all the same.
    ordered.extend(statements.iter().enumerate().filter(|(i, _)| !seen.contains(i)).map(|(_, s)| s));
    ordered
}

fn depth(statement: &Statement, statements: &[Statement], places: &HashMap<&str, usize>) -> usize {
    let mut depth = 0;
    let mut inside = statement.inside.as_deref();
    while let Some(&outer) = inside.and_then(|id| places.get(id)).filter(|_| depth < DEEPEST) {
        depth += 1;
        inside = statements[outer].inside.as_deref();
    }
    depth
}

impl Page<'_> {
    /// All statements of the record.
    pub(super) fn statements(&mut self) {
        let statements = &self.record.statements;
        let places: HashMap<&str, usize> = statements.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
        for statement in order(statements, &places) {
            self.statement(statement, depth(statement, statements, &places));
        }
    }

    fn statement(&mut self, s: &Statement, depth: usize) {
        let speaker = s.speaker.as_deref().and_then(|id| self.names.get(id)).copied();
        let line = self.lines.of(s.source.iter().chain(&s.cue).chain(&s.content));
        let source = match s.source_kind {
            SourceKind::None => "(no source)".to_string(),
            SourceKind::Named => join(&s.source),
            // Whom "he" or "the group" stands for.
            _ => {
                let words = join(&s.source);
                let told = |name: &&str| !words.to_lowercase().contains(&name.to_lowercase());
                match speaker.filter(told) {
                    Some(name) => format!("{words} ({name})"),
                    None => words,
                }
            }
        };
        let mut notes = Vec::new();
        if !matches!(s.act, Act::Other | Act::Assert) {
            notes.push(word(&s.act));
        }
        match s.quoted {
            Quoted::Direct => notes.push("quoted".to_string()),
            Quoted::Mixed => notes.push("partly quoted".to_string()),
            Quoted::Indirect => {}
        }
        match s.source_kind {
            SourceKind::Document => notes.push("document".to_string()),
            SourceKind::Unnamed => notes.push("unnamed source".to_string()),
            _ => {}
        }
        let name = |id: &String| self.names.get(id.as_str()).copied();
        // Whoever carried it was told it.
        let addressee = s.addressee.as_ref().filter(|to| !s.via.contains(to)).and_then(name);
        notes.extend(addressee.map(|to| format!("to {to}")));
        notes.extend(s.via.iter().filter_map(name).map(|via| format!("via {via}")));
        notes.extend(s.time.as_deref().and_then(|id| self.time(id)));
        if s.confidence.value() < DOUBTFUL {
            notes.push(format!("doubtful, {:.0} %", s.confidence.value() * 100.0));
        }
        self.entry(line, depth, &source, &join(&s.cue), &notes);
        self.below(&join(&s.content), depth);
        self.reasons(&s.id, self.gutter + (depth + 1) * self.step());
    }
}
