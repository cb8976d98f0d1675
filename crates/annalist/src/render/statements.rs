//! Who said what: the statements in the order of the text, each with the paragraph it stands in, who (and whom a pronoun or description
//! stands for), the cue, what was done by saying it; below, what was said. A statement inside another's content is indented below it.
//! Those that are doubtful stand after the others.

use std::collections::{HashMap, HashSet};

use annalist_record::{Act, Quoted, SourceKind, Statement};

use super::{DOUBTFUL, Page, join, word};

/// Statements at most this deep are indented; deeper ones stand as deep as this.
const DEEPEST: usize = 4;

/// Statements in the order of the text, those inside another's content right after it.
fn order<'r>(statements: &[&'r Statement], places: &HashMap<&str, usize>) -> Vec<&'r Statement> {
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
            ordered.push(statements[i]);
            stack.extend(children.get(&i).into_iter().flatten().rev());
        }
    }
    // A ring of statements each inside the next cannot come from reading; if it is in the data, it is shown all the same.
    ordered.extend(statements.iter().enumerate().filter(|(i, _)| !seen.contains(i)).map(|(_, s)| *s));
    ordered
}

fn depth(statement: &Statement, statements: &[&Statement], places: &HashMap<&str, usize>) -> usize {
    let mut depth = 0;
    let mut inside = statement.inside.as_deref();
    while let Some(&outer) = inside.and_then(|id| places.get(id)).filter(|_| depth < DEEPEST) {
        depth += 1;
        inside = statements[outer].inside.as_deref();
    }
    depth
}

/// Whether it is more likely than not that this is no statement, or another one.
pub(super) fn doubtful(statement: &Statement) -> bool {
    statement.confidence.value() < DOUBTFUL
}

impl Page<'_> {
    /// All statements of the record; then, in short, what is doubtful.
    pub(super) fn statements(&mut self) {
        let record = self.record;
        let (doubted, sure): (Vec<&Statement>, Vec<&Statement>) = record.statements.iter().partition(|s| doubtful(s));
        self.listed(&sure);
        if !doubted.is_empty() {
            self.remark("Doubtful:");
        }
        self.listed(&doubted);
    }

    fn listed(&mut self, statements: &[&Statement]) {
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
        if doubtful(s) {
            notes.push(format!("doubtful, {:.0} %", s.confidence.value() * 100.0));
        }
        self.entry(line, depth, &source, &join(&s.cue), &notes);
        self.below(&join(&s.content), depth);
        self.reasons(&s.id, self.gutter + (depth + 1) * self.step());
    }
}

#[cfg(test)]
mod tests {
    use annalist_record::{Confidence, Record};

    use super::super::{Style, record};

    const GOLDEN: &str = include_str!("../../../record/tests/golden/record-v1.json");

    #[test]
    fn what_is_doubtful_stands_apart_and_is_not_counted() {
        let mut told: Record = serde_json::from_str(GOLDEN).unwrap();
        let style = Style { color: false, width: 80 };
        let sources = |page: &str| {
            let (_, sources) = page.split_once("SOURCES\n").unwrap();
            sources.lines().next().unwrap_or_default().to_string()
        };
        let page = record(&told, style);
        assert!(!page.contains("Doubtful:"), "{page}");
        assert!(sources(&page).starts_with("2 "), "{page}");
        // The first of the two is in doubt.
        told.statements[0].confidence = Confidence::new(0.3);
        let page = record(&told, style);
        let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words:?} in {page}"));
        assert!(at("At least nine dockworkers") < at("Doubtful:"), "{page}");
        assert!(at("Doubtful:") < at("the port would reopen"), "{page}");
        assert!(sources(&page).starts_with("1 "), "{page}");
    }
}
