//! What somebody bound themselves to: promises, guarantees, offers, threats, announced plans.
//!
//! Every clause about what is still to come ("will …", "to …" after a word that governs it) and every noun phrase after a word that binds
//! (`commitments.toml`) is a candidate. A logistic score over features that can be read tells which are commitments; its weights are in
//! `models/english/commitments.tsv`, learnt by `training/commitments.py`. What has been scored is the words; `by`, `to`, `due` and the kind are read off the tree.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{CommitmentWords, Knowledge};
use annalist_language::Analysis;
use annalist_record::{
    Act, Actor, Commitment, CommitmentKind, Confidence, Event, Quoted, Span, Statement, Time, item_id,
};

use crate::clauses::Clauses;
use crate::times::PUBLISHED;

mod candidates;
mod features;
mod parties;
mod threats;
mod weights;
mod whole;

use weights::english;

/// How much of the confidence in a commitment is left where nobody is known who is bound: of such, judged in 221 reports, one in twelve
/// was right, of others half.
const BY_NOBODY: f32 = 0.5;

/// What is known of a text before its commitments are read.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its statements.
    pub statements: &'a [Statement],
    /// Its times.
    pub times: &'a [Time],
    /// Its actors.
    pub actors: &'a [Actor],
    /// Its events; there may be none.
    pub events: &'a [Event],
}

/// The commitments of a text, in its order.
pub fn commitments(text: &str, analysis: &Analysis, knowledge: &Knowledge, known: Known) -> Vec<Commitment> {
    let clauses = Clauses::new(text, analysis, knowledge, known.statements, known.actors);
    let reading = Reading::new(&clauses, knowledge, known);
    let weights = english();
    let mut scored: Vec<(f32, Vec<String>, Candidate)> = reading
        .candidates()
        .into_iter()
        // Who has no plans, or does not promise, does not bind himself.
        .filter(|candidate| !candidate.cue.is_some_and(|cue| clauses.is_negated(cue)))
        .filter(|candidate| !reading.binds_nobody(candidate))
        .map(|candidate| {
            let features = reading.features(&candidate);
            (weights.score(&features), features, candidate)
        })
        .filter(|(score, ..)| *score >= weights.threshold)
        .collect();
    // "would guarantee the safety of ships": of a deed and what it is done to, the deed.
    let deeds: Vec<usize> = scored.iter().filter(|(.., c)| c.form != Form::Noun).map(|(.., c)| c.deed).collect();
    scored.retain(|(.., c)| !(c.form == Form::Noun && c.cue.is_some_and(|cue| deeds.contains(&cue))));
    // Of candidates within each other the likeliest is left.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.what.start.cmp(&b.2.what.start)));
    let mut kept: Vec<(f32, Vec<String>, Candidate)> = Vec::new();
    for (score, features, candidate) in scored {
        let overlaps =
            |other: &Candidate| candidate.what.start < other.what.end && other.what.start < candidate.what.end;
        if !kept.iter().any(|(.., other)| overlaps(other)) {
            kept.push((score, features, candidate));
        }
    }
    kept.sort_by_key(|(.., candidate)| candidate.what.start);
    let mut seen: HashMap<String, usize> = HashMap::new();
    kept.iter()
        .map(|(score, features, candidate)| {
            let refrains = reading.negation(candidate);
            let words = reading.whole(candidate);
            let what = clauses.span(refrains.unwrap_or(words.start)..words.end);
            let before = seen.entry(what.text.clone()).or_default();
            let id = item_id('c', [&what], *before);
            *before += 1;
            let statement = reading.statement(candidate);
            let (by, to) = reading.parties(candidate, statement);
            let kind = weights.kind(features, None).unwrap_or_else(|| reading.kind(candidate, statement));
            let kind = match kind {
                CommitmentKind::Threat if !reading.may_threaten(candidate, statement, by.as_deref()) => {
                    weights.kind(features, Some(CommitmentKind::Threat)).unwrap_or(CommitmentKind::Plan)
                }
                kind => kind,
            };
            // Who says that he will not attack threatens nobody.
            let kind = match kind {
                CommitmentKind::Threat
                    if refrains.is_some() && reading.words.is_hostile(reading.lemma(candidate.deed)) =>
                {
                    CommitmentKind::Promise
                }
                kind => kind,
            };
            let sure = if by.is_some() { *score } else { *score * BY_NOBODY };
            Commitment {
                id,
                by,
                to,
                kind,
                due: reading.due(candidate),
                statement: statement.map(|s| s.id.clone()),
                event: clauses
                    .event(candidate.deed, known.events, 0)
                    .or_else(|| clauses.event(candidate.cue?, known.events, 0))
                    .map(|e| e.id.clone()),
                what,
                confidence: Confidence::new(sure),
            }
        })
        .collect()
}

/// Takes away the days by which something is due that were over when the report appeared, if they are counted from that day: whoever "would
/// leave last week" is not bound to have left. `published` begins with an ISO 8601 date.
pub fn due_after(commitments: &mut [Commitment], times: &[Time], published: &str) {
    let Some(day) = published.get(..10) else { return };
    let over = |time: &Time| {
        let last = time.latest.as_deref().and_then(|last| last.get(..10));
        time.relative_to.as_deref() == Some(PUBLISHED) && last.is_some_and(|last| last < day)
    };
    for commitment in commitments {
        let due = commitment.due.as_ref().and_then(|id| times.iter().find(|t| t.id == *id));
        if due.is_some_and(over) {
            commitment.due = None;
        }
    }
}

/// The candidates of a text with what they are judged by, to learn weights from.
pub fn evidence(text: &str, analysis: &Analysis, knowledge: &Knowledge, known: Known) -> Vec<(Span, Vec<String>)> {
    let clauses = Clauses::new(text, analysis, knowledge, known.statements, known.actors);
    let reading = Reading::new(&clauses, knowledge, known);
    let candidates = reading.candidates();
    candidates.iter().map(|one| (clauses.span(one.what.clone()), reading.features(one))).collect()
}

/// How a candidate looks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// "will", "'ll", "shall"
    Will,
    /// "would", "'d"
    Would,
    /// "is going to"
    GoingTo,
    /// "is to"
    BeTo,
    /// "to …" after a word that governs it
    Infinitive,
    /// "… -ing" after one
    Gerund,
    /// a noun phrase
    Noun,
}

/// Something that may be a commitment.
#[derive(Debug, Clone)]
struct Candidate {
    /// What.
    what: Range<usize>,
    /// Its verb, or the head of its noun phrase.
    deed: usize,
    /// The word that governs it.
    cue: Option<usize>,
    form: Form,
    /// How the cue governs it.
    link: &'static str,
    /// Whether what is joined to the deed is counted in: "hunt down and punish".
    joined: bool,
}

struct Reading<'a> {
    c: &'a Clauses<'a>,
    words: &'a CommitmentWords,
    knowledge: &'a Knowledge,
    known: Known<'a>,
    /// The times of each sentence, with their tokens.
    times: HashMap<usize, Vec<(Range<usize>, &'a Time)>>,
}

impl<'a> Reading<'a> {
    fn new(clauses: &'a Clauses<'a>, knowledge: &'a Knowledge, known: Known<'a>) -> Reading<'a> {
        let mut times: HashMap<usize, Vec<(Range<usize>, &Time)>> = HashMap::new();
        for time in known.times {
            let tokens = clauses.tokens(&time.span);
            if let Some(&sentence) = clauses.sentence.get(tokens.start) {
                times.entry(sentence).or_default().push((tokens, time));
            }
        }
        Reading { c: clauses, words: knowledge.commitments(), knowledge, known, times }
    }

    /// The times in the sentence of a token.
    fn times_beside(&self, t: usize) -> &[(Range<usize>, &'a Time)] {
        self.times.get(&self.c.sentence[t]).map_or(&[], Vec::as_slice)
    }

    fn lemma(&self, t: usize) -> &str {
        &self.c.lemma[t]
    }

    /// The kind of a word under whose terms the deed is to be done: "under the deal, both sides will withdraw".
    fn terms(&self, candidate: &Candidate) -> Option<CommitmentKind> {
        let c = self.c;
        let terms = |&k: &usize| c.is(k, &["obl"]) && matches!(self.case(k), "under" | "in" | "as");
        c.children[candidate.deed].iter().copied().filter(terms).find_map(|k| self.words.kind(self.lemma(k)))
    }

    /// The statement that makes a commitment: the one whose cue governs it, else the innermost that holds it.
    fn statement(&self, candidate: &Candidate) -> Option<&Statement> {
        let c = self.c;
        let at = c.index.point(c.token(candidate.deed).start);
        let holds = |s: &&Statement| s.content.iter().any(|span| span.start <= at && at < span.end);
        let own = candidate.cue.and_then(|cue| c.cued(cue).find(holds));
        own.or_else(|| c.said_in(candidate.deed))
    }

    fn kind(&self, candidate: &Candidate, statement: Option<&Statement>) -> CommitmentKind {
        let hostile = self.words.is_hostile(self.lemma(candidate.deed));
        let by_cue = candidate.cue.and_then(|cue| self.words.kind(self.lemma(cue)));
        let by_act = statement.and_then(|s| match s.act {
            Act::Promise => Some(CommitmentKind::Promise),
            Act::Offer => Some(CommitmentKind::Offer),
            Act::Threaten => Some(CommitmentKind::Threat),
            _ => None,
        });
        match by_cue {
            Some(CommitmentKind::Plan) | None => by_act.unwrap_or(match candidate.cue {
                _ if hostile && statement.is_some() && by_cue.is_none() => CommitmentKind::Threat,
                _ if by_cue.is_none()
                    && statement.is_some_and(|s| s.quoted != Quoted::Indirect)
                    && matches!(self.subject_class(self.binder(candidate)), "i" | "we") =>
                {
                    CommitmentKind::Promise
                }
                _ => CommitmentKind::Plan,
            }),
            Some(CommitmentKind::Promise) if hostile && candidate.form != Form::Noun => CommitmentKind::Threat,
            Some(kind) => kind,
        }
    }

    /// The times by or at which a commitment is due: those that belong to the deed.
    fn due_times(&self, candidate: &Candidate) -> Vec<&'a Time> {
        let c = self.c;
        let times = self.times_beside(candidate.deed);
        // "Within a few days": a length that is counted from the publication on.
        let counted = |t: &Time| t.earliest.is_some() && t.relative_to.as_deref() == Some(PUBLISHED);
        let dates = times.iter().filter(|(_, t)| matches!(t.kind.as_str(), "DATE" | "TIME") || counted(t));
        let belongs = |(tokens, _): &&(Range<usize>, &Time)| {
            let Some(head) = tokens.clone().find(|&t| c.head(t).is_none_or(|h| !tokens.contains(&h))) else {
                return false;
            };
            let mut at = head;
            for _ in 0..4 {
                let Some(above) = c.head(at) else { return false };
                if above == candidate.deed {
                    // "will review the law of 1998 after Monday's attack": a time of something else is not it.
                    return matches!(c.base_relation(at), "obl" | "advmod" | "nmod" | "dep" | "advcl") && at == head;
                }
                if c.is_verb(above) {
                    return false;
                }
                at = above;
            }
            false
        };
        let ahead = |(_, time): &&(Range<usize>, &Time)| {
            let value = time.value.as_deref().unwrap_or_default();
            value != "PAST_REF" && value != "PRESENT_REF"
        };
        dates.filter(belongs).filter(ahead).map(|&(_, time)| time).collect()
    }

    fn due(&self, candidate: &Candidate) -> Option<String> {
        self.due_times(candidate).first().map(|t| t.id.clone())
    }
}
