//! Candidates for events that the lexicon knows by their words.

use std::ops::Range;

use annalist_knowledge::{EventEntry, Knowledge, TriggerPart};

use super::Candidate;
use super::tree::Tree;

/// Words of a phrase stand no further apart than this.
const WIDEST: usize = 12;

/// A trigger is written with the words between its own if it has no more than these.
const LONGEST_TRIGGER: usize = 4;

/// How deep in the tree the words of a phrase stand below its head.
const DEEPEST: usize = 3;

/// The candidates of a text, in the order of their heads. A word that belongs to a phrase is no candidate of its own.
pub fn candidates<'k>(tree: &Tree, knowledge: &'k Knowledge) -> Vec<Candidate<'k>> {
    matches(tree, knowledge).into_iter().filter_map(|m| candidate(tree, &m)).collect()
}

/// An entry of the lexicon, found.
#[derive(Debug, Clone)]
pub struct Match<'k> {
    /// The entry.
    pub entry: &'k EventEntry,
    /// The token that heads it.
    pub head: usize,
    /// Its tokens, in order.
    pub words: Vec<usize>,
}

/// The entries that a text has: of those that share a token, the one with the most words, then the strongest.
pub fn matches<'k>(tree: &Tree, knowledge: &'k Knowledge) -> Vec<Match<'k>> {
    let events = knowledge.events();
    let mut found: Vec<Match> = Vec::new();
    for t in 0..tree.len() {
        let lemma = tree.lemma(t);
        let own = events.with_head(lemma);
        // Participles that are used as adjectives are lemmas of their own in some trees.
        let form = Some(tree.lower(t)).filter(|form| *form != lemma);
        let by_form = form.into_iter().flat_map(|form| events.with_head(form));
        found.extend(own.chain(by_form).filter_map(|entry| find(tree, entry, t)));
    }
    let length = |m: &Match| m.words.len();
    found.sort_by(|a, b| {
        length(b).cmp(&length(a)).then(b.entry.strength.total_cmp(&a.entry.strength)).then(a.head.cmp(&b.head))
    });
    let mut taken = vec![false; tree.len()];
    let mut kept: Vec<Match> = Vec::new();
    for m in found {
        if m.words.iter().all(|&t| !taken[t]) {
            m.words.iter().for_each(|&t| taken[t] = true);
            kept.push(m);
        }
    }
    kept.sort_by_key(|m| m.head);
    kept
}

fn find<'k>(tree: &Tree, entry: &'k EventEntry, t: usize) -> Option<Match<'k>> {
    let joined = joined(tree, entry, t)?;
    let hyphenated = joined.len() > 1;
    if !hyphenated && !admits(tree, entry.part, t) {
        return None;
    }
    // Of a word with hyphens the part that the others depend on.
    let outside = |t: &usize| tree.head(*t).is_none_or(|h| !joined.contains(&h));
    let head = joined.clone().find(outside).unwrap_or(t);
    let mut words: Vec<usize> = joined.clone().collect();
    if !entry.others.is_empty() {
        let mut near = tree.below(head, DEEPEST);
        // Conjuncts and clauses are other matters.
        near.retain(|&u| u.abs_diff(head) <= WIDEST && !apart(tree, u, head));
        for other in &entry.others {
            let fits = |u: &&usize| !words.contains(u) && (tree.lemma(**u) == other || tree.lower(**u) == other);
            let at = near.iter().filter(fits).min_by_key(|u| u.abs_diff(head)).copied()?;
            words.push(at);
        }
    }
    words.sort_unstable();
    Some(Match { entry, head, words })
}

/// Whether a clause of its own stands between a token and one above it.
fn apart(tree: &Tree, u: usize, head: usize) -> bool {
    let path = std::iter::once(u).chain(tree.above(u).take_while(|&a| a != head));
    path.into_iter().any(|a| matches!(tree.universal(a), "ccomp" | "advcl" | "parataxis" | "acl" | "csubj"))
}

/// The tokens of an entry's head with what hyphens join to it.
fn joined(tree: &Tree, entry: &EventEntry, t: usize) -> Option<Range<usize>> {
    let mut first = t;
    for part in entry.joined.iter().rev() {
        first = first.checked_sub(2)?;
        if !matches!(tree.lower(first + 1), "-" | "‑") || tree.lower(first) != part && tree.lemma(first) != part {
            return None;
        }
    }
    Some(first..t + 1)
}

fn admits(tree: &Tree, part: TriggerPart, t: usize) -> bool {
    if !part.admits(tree.upos(t)) {
        return false;
    }
    match part {
        // "the backed side" is an adjective, "was backed" is not; what has a particle or object is a verb all the same.
        TriggerPart::Adjective => tree.upos(t) != "VERB" || tree.relation(t) == "amod",
        // A name of several words tells no event by one of them: "Strike Force".
        TriggerPart::Noun => tree.relation(t) != "flat",
        TriggerPart::Verb => true,
    }
}

/// A candidate made of what was found; none if it tells no event.
pub fn candidate<'k>(tree: &Tree, m: &Match<'k>) -> Option<Candidate<'k>> {
    let kind = m.entry.kind.as_ref()?;
    let (first, last) = (*m.words.first()?, *m.words.last()?);
    // Function words at the end are no part of the trigger.
    let trigger = if last - first < LONGEST_TRIGGER { first..last + 1 } else { telling(tree, m) };
    Some(Candidate {
        trigger,
        head: m.head,
        words: m.words.clone(),
        kind: kind.to_string(),
        mode: m.entry.mode.as_ref().map(|m| m.to_string()),
        status: None,
        actor: None,
        recipient: None,
        place: None,
        time: None,
        same: Vec::new(),
        seen: false,
        frame: Some(&m.entry.frame),
        score: m.entry.strength,
    })
}

/// Of a phrase that stands far apart, the head with what stands next to it.
fn telling(tree: &Tree, m: &Match) -> Range<usize> {
    let mut range = m.head..m.head + 1;
    while range.end < tree.len() && m.words.contains(&range.end) {
        range.end += 1;
    }
    while range.start > 0 && m.words.contains(&(range.start - 1)) {
        range.start -= 1;
    }
    range
}
