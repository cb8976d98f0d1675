//! Who changed position: one actor, one matter, two contents that cannot both hold, where the text itself shows it.
//!
//! What shows it: verbs of giving up a position ("reversed its decision", "backed away from", "changed his mind"), nouns of change ("a
//! U-turn on"), words for what was before beside what holds now ("after initially refusing", "had earlier denied", "until recently
//! opposed"), "no longer" with a stand, and two statements or plans of one actor of which one denies what the other says, set against each
//! other.
//! Which words these are is in `changes.toml`. What is only planned, asked for or possible is no change.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{ChangeWords, Knowledge, Stand};
use annalist_language::Analysis;
use annalist_record::{Actor, Change, Confidence, Event, Position, Statement, Time, item_id};

use crate::clauses::Clauses;

mod against_oneself;
mod before_and_now;
mod given_up;
mod plans;
mod real;

/// The changes of position that a text shows, in its order.
pub fn changes(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    statements: &[Statement],
    times: &[Time],
    actors: &[Actor],
    events: &[Event],
) -> Vec<Change> {
    let clauses = Clauses::new(text, analysis, knowledge, statements, actors);
    let reading = Reading { c: &clauses, words: knowledge.changes(), knowledge, statements };
    let mut found: Vec<Found> = Vec::new();
    for t in 0..clauses.len() {
        let told = [
            reading.given_up(t),
            reading.taken_back(t),
            reading.noun_of_change(t),
            reading.no_longer(t),
            reading.before_and_now(t),
        ];
        found.extend(told.into_iter().flatten());
    }
    found.extend(reading.against_oneself());
    found.extend(reading.plans_against_each_other(times));
    // One change is told once: of two that share their words or their sentence's verb the likelier is it.
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.told_by.cmp(&b.told_by)));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let meets = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        let same = |k: &Found| {
            k.told_by == one.told_by
                || (meets(&k.after, &one.after) && (meets(&k.before, &one.before) || k.who == one.who))
        };
        if !kept.iter().any(same) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|k| k.told_by);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let position = |range: &Range<usize>, told_by: usize| {
        let span = clauses.span(range.clone());
        let inside = range.clone().find(|&t| clauses.is_verb(t)).unwrap_or(range.start);
        Position {
            statement: reading.statement_at(range, told_by).map(|s| s.id.clone()),
            event: clauses.event(inside, events, 0).map(|e| e.id.clone()),
            span,
        }
    };
    kept.iter()
        .map(|one| {
            let (before, after) = (position(&one.before, one.before_by), position(&one.after, one.told_by));
            let like = item_id('x', [&before.span, &after.span], 0);
            let times = seen.entry(like).or_default();
            let id = item_id('x', [&before.span, &after.span], *times);
            *times += 1;
            let about = clauses.words(one.about.start..one.about.end.min(one.about.start + LONGEST_MATTER));
            Change {
                id,
                who: reading.actor_of(one.who),
                about,
                before,
                after,
                confidence: Confidence::new(one.confidence),
            }
        })
        .collect()
}

/// A matter is named in no more tokens than this.
const LONGEST_MATTER: usize = 16;

/// So many sentences back a position may stand that somebody is said to give up: where it is told what it is about, and where it is not.
const REACH: usize = 3;

const NEXT: usize = 1;

/// A change that was found.
struct Found {
    /// The head of the phrase for who changed.
    who: usize,
    about: Range<usize>,
    before: Range<usize>,
    /// The verb that tells the position before.
    before_by: usize,
    after: Range<usize>,
    /// The word that tells the change.
    told_by: usize,
    confidence: f32,
}

struct Reading<'a> {
    c: &'a Clauses<'a>,
    words: &'a ChangeWords,
    knowledge: &'a Knowledge,
    statements: &'a [Statement],
}

impl<'a> Reading<'a> {
    fn lemma(&self, t: usize) -> &str {
        &self.c.lemma[t]
    }

    /// The id of whom a phrase stands for; of "I" and "we" the speaker.
    fn actor_of(&self, who: usize) -> Option<String> {
        let own = || self.c.actor(who).map(|a| a.id.clone());
        if matches!(self.c.lower[who].as_str(), "i" | "we" | "my" | "our") {
            return self.c.said_in(who).and_then(|s| s.speaker.clone()).or_else(own);
        }
        own()
    }

    /// The subject of a verb, and what a relative pronoun stands for.
    fn subject(&self, verb: usize) -> Option<usize> {
        let c = self.c;
        let subject = c.subject(verb)?;
        match c.lower[subject].as_str() {
            "who" | "which" | "that" => c.antecedent(subject),
            _ => Some(subject),
        }
    }

    /// The names of a verb: its lemma alone, and with each particle or preposition after it.
    fn names(&self, verb: usize) -> Vec<(String, Option<usize>)> {
        let c = self.c;
        let own = self.lemma(verb);
        let mut names = vec![(own.to_string(), None)];
        let after: Vec<usize> = (verb + 1..(verb + 4).min(c.sentence_of(verb).end)).collect();
        for n in 1..=2.min(after.len()) {
            let words: Vec<&str> = after[..n].iter().map(|&t| c.lower[t].as_str()).collect();
            names.push((format!("{own} {}", words.join(" ")), None));
        }
        // "step back from": the preposition belongs to what comes after.
        if after.len() >= 2 {
            let words = format!("{own} {} {}", c.lower[after[0]], c.lower[after[1]]);
            let matter = c.head(after[1]).filter(|&m| m > after[1]);
            names.push((words, matter));
        }
        names
    }

    /// A phrase without what only stands beside it.
    fn phrase(&self, t: usize) -> Range<usize> {
        self.c
            .trimmed(self.c.phrase(t, |k| self.c.is(k, &["case", "punct", "appos", "conj", "cc", "parataxis", "mark"])))
    }

    /// A verb with its objects: what it tells, without its subject.
    fn deed(&self, verb: usize) -> Range<usize> {
        let c = self.c;
        let leave = |k: usize| {
            c.is(k, &["nsubj", "conj", "cc", "parataxis", "punct"])
                || (k < verb && !c.is(k, &["advmod", "aux", "cop", "mark"]))
                || (k < verb && c.is(k, &["mark"]))
                || (c.is(k, &["advcl"]))
        };
        c.trimmed(c.phrase(verb, leave))
    }

    /// What somebody says by a verb: its clause, else the verb with its objects.
    fn content(&self, verb: usize) -> Range<usize> {
        let c = self.c;
        if self.words.stand(self.lemma(verb)) == Some(Stand::Neutral)
            && let Some(clause) = c.child(verb, &["ccomp", "xcomp"]).filter(|&k| k > verb)
        {
            return c.trimmed(c.phrase(clause, |k| c.is(k, &["mark", "punct"]) && k < clause));
        }
        self.deed(verb)
    }
}
