//! What happened: events of PLOVER's types with their participants, place, time and status.
//!
//! In four steps. *Candidates* are triggers with their types; those of [`lexicon`] are read off the words, those of
//! [`learned`] are the model's, with scored spans and a status of their own. [`arguments`] fills what a candidate lacks from the tree and from what else was
//! read of the report: mentions, places, times. [`status`] tells whether it happened. [`merge`] makes one event of several
//! mentions of it.

pub mod arguments;
pub mod learned;
pub mod lexicon;
pub mod merge;
pub mod status;
pub mod tree;

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{Frame, Knowledge};
use annalist_language::Analysis;
use annalist_record::{
    Actor, CharIndex, Confidence, Event, EventStatus, Participant, Place, Span, Statement, Time, item_id,
};

use crate::coreference::Coreference;
use crate::participants::Participants;
use arguments::Filler;
use tree::Tree;

/// What was read of a report before its events.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its analysis.
    pub analysis: &'a Analysis,
    /// What is known beforehand.
    pub knowledge: &'a Knowledge,
    /// Mentions and chains.
    pub coreference: &'a Coreference<'a>,
    /// Which mentions are whose.
    pub participants: &'a Participants,
    /// The actors of the record, in the order of `participants`.
    pub actors: &'a [Actor],
    /// Who said what.
    pub statements: &'a [Statement],
    /// Places.
    pub places: &'a [Place],
    /// Times.
    pub times: &'a [Time],
}

/// A span with how sure it is to be what it is taken for, in 0..=1.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// How sure.
    pub score: f32,
}

/// What may be an event. What is `None` is not known yet, and filled from the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<'k> {
    /// The words that tell it.
    pub trigger: Range<usize>,
    /// The token of the trigger that the others depend on.
    pub head: usize,
    /// All tokens by which it was known: the trigger's, and others that stand apart.
    pub words: Vec<usize>,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Whether it happened.
    pub status: Option<EventStatus>,
    /// Who did it.
    pub actor: Option<Scored>,
    /// To whom.
    pub recipient: Option<Scored>,
    /// Where.
    pub place: Option<Scored>,
    /// When.
    pub time: Option<Scored>,
    /// Triggers of the same window, by a token, each with how likely it tells of the same event, in 0..=1.
    pub same: Vec<(usize, f32)>,
    /// Whether the model saw it: then what it has no span for is likely not there.
    pub seen: bool,
    /// Where participants stand, if the lexicon tells.
    pub frame: Option<&'k Frame>,
    /// How sure it is to be an event of its type, in 0..=1.
    pub score: f32,
}

/// The mode of events whose place receives the actor.
const VISIT: &str = "visit";

/// Candidates below this score are no events.
pub const LEAST: f32 = 0.32;

/// Reads the events out of an analysed text with the candidates of model and lexicon, in the order of the text.
pub fn events(setting: &Setting) -> Vec<Event> {
    let tree = Tree::new(setting.text, setting.analysis);
    let candidates = learned::candidates(&tree, setting.analysis, setting.knowledge);
    events_of(setting, &tree, candidates.into_iter().map(|(candidate, _)| candidate).collect())
}

/// The events that candidates make, in the order of the text. Of candidates with the same head the surest counts.
pub fn events_of(setting: &Setting, tree: &Tree, candidates: Vec<Candidate>) -> Vec<Event> {
    let index = CharIndex::new(setting.text);
    let filler = Filler::new(setting, tree, &index);
    let mentions = mentions_of(setting, tree, &filler, candidates);
    let groups = merge::merge(&mentions, tree, setting);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut events: Vec<Event> =
        groups.iter().map(|group| record(setting, tree, &index, &filler, &mentions, group)).collect();
    events.sort_by_key(|e| (e.trigger.start, e.trigger.end));
    for event in &mut events {
        let like = item_id('e', [&event.trigger, &event.evidence], 0);
        let before = seen.entry(like).or_default();
        event.id = item_id('e', [&event.trigger, &event.evidence], *before);
        *before += 1;
    }
    events
}

/// Takes away the times of what is told as happened or under way where they lie wholly after the publication: no report tells what has not
/// happened yet, so a weekday or month was counted in the wrong direction, or is another's. `published` begins with an ISO 8601 date.
pub fn happened_by(events: &mut [Event], times: &[Time], published: &str) {
    let Some(day) = published.get(..10) else { return };
    let after = |told: &Option<String>| told.as_deref().and_then(|told| told.get(..10)).is_some_and(|told| told > day);
    // "The coming days" begin with the publication.
    let lasts = |time: &Time| !matches!(&*time.kind, "DATE" | "TIME");
    let later = |time: &Time| after(&time.earliest) || lasts(time) && after(&time.latest);
    for event in events.iter_mut().filter(|e| matches!(e.status, EventStatus::Happened | EventStatus::Ongoing)) {
        let time = event.time.as_ref().and_then(|id| times.iter().find(|t| t.id == *id));
        if time.is_some_and(later) {
            event.time = None;
        }
    }
}

/// The mentions of events in an analysed text, each by itself, in the order of their heads.
pub fn mentions(setting: &Setting, tree: &Tree) -> Vec<EventMention> {
    let candidates = learned::candidates(tree, setting.analysis, setting.knowledge);
    let index = CharIndex::new(setting.text);
    let filler = Filler::new(setting, tree, &index);
    mentions_of(setting, tree, &filler, candidates.into_iter().map(|(candidate, _)| candidate).collect())
}

fn mentions_of(setting: &Setting, tree: &Tree, filler: &Filler, candidates: Vec<Candidate>) -> Vec<EventMention> {
    let mut candidates: Vec<Candidate> = candidates.into_iter().filter(|c| c.score >= LEAST && fits(c, tree)).collect();
    candidates.iter_mut().for_each(|candidate| describe(tree, filler, candidate));
    candidates.sort_by(|a, b| a.head.cmp(&b.head).then(b.score.total_cmp(&a.score)));
    candidates.dedup_by_key(|c| c.head);
    let filled = candidates.iter().map(|candidate| {
        let mut mention = filler.fill(candidate, &candidates);
        mention.status = status_of(tree, candidate, setting.knowledge);
        // The model tells type and mode apart from each other: a mode of another type is none.
        let events = setting.knowledge.events();
        mention.mode = mention.mode.filter(|mode| events.has_mode(&candidate.kind, mode));
        mention.mode = mention.mode.or_else(|| mode(tree, candidate, setting.knowledge));
        if mention.mode.as_deref() == Some(VISIT) && mention.recipients.is_empty() {
            mention.recipients.extend(mention.place.and_then(|place| filler.host(place, candidate.head)));
        }
        mention
    });
    filled.collect()
}

/// So many tokens of a name stand before a hyphen at most.
const NAMED: usize = 4;

/// Of "US-backed rebels" tells one event, whichever of its words was taken for a trigger: what the participle says, by whom stands before
/// its hyphen, to whom it describes, who are not its doers.
fn describe(tree: &Tree, filler: &Filler, candidate: &mut Candidate) {
    let last = candidate.trigger.end - 1;
    let participle = (last..=last + 2).find(|&v| tree.before_hyphen(v).is_some_and(|g| g <= last && filler.acts(g)));
    let Some((v, giver)) = participle.and_then(|v| Some((v, tree.before_hyphen(v)?))) else { return };
    if candidate.trigger.start + NAMED < giver {
        return;
    }
    if !candidate.trigger.contains(&v) {
        candidate.trigger = v..v + 1;
    }
    candidate.head = v;
    candidate.words = candidate.trigger.clone().collect();
    let sure = |t: usize| Scored { tokens: t..t + 1, score: 1.0 };
    candidate.actor = Some(sure(giver));
    candidate.recipient = tree.described(v).map(sure).or(candidate.recipient.take());
    // What describes somebody lasts.
    candidate.status = candidate.status.or(Some(EventStatus::Ongoing));
}

/// Whether a candidate happened: the model's word, unless words around it settle that otherwise.
fn status_of(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> EventStatus {
    use EventStatus::{Denied, Happened, Ongoing};
    let Some(told) = candidate.status else { return status::status(tree, candidate, knowledge) };
    match status::settled(tree, candidate, knowledge) {
        // A negation by the trigger is surer than the model, and so is whatever takes from a deed that it is told as done.
        Some(Denied) => Denied,
        Some(settled) if matches!(told, Happened | Ongoing | Denied) => settled,
        None if matches!(told, Happened | Ongoing) && status::denied(tree, candidate, knowledge) => Denied,
        _ => told,
    }
}

/// Whether a candidate's tokens are the text's.
fn fits(c: &Candidate, tree: &Tree) -> bool {
    c.trigger.start < c.trigger.end && c.trigger.end <= tree.len() && c.head < tree.len()
}

/// A mention of an event with all that was read of it.
#[derive(Debug, Clone)]
pub struct EventMention {
    /// The words that tell it.
    pub trigger: Range<usize>,
    /// The token of the trigger that the others depend on.
    pub head: usize,
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// Who did it.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// Where: the number of a place.
    pub place: Option<usize>,
    /// When: the number of a time.
    pub time: Option<usize>,
    /// Whether it happened.
    pub status: EventStatus,
    /// The statement that asserts it, by number.
    pub said_in: Option<usize>,
    /// Other triggers, by a token, each with how likely it tells of the same event, in 0..=1.
    pub same: Vec<(usize, f32)>,
    /// How sure.
    pub score: f32,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The words.
    pub tokens: Range<usize>,
    /// The actor, by number.
    pub actor: Option<usize>,
    /// Whether it was inferred and does not stand with the trigger.
    pub inferred: bool,
}

/// The mode that the words after and below the trigger tell.
fn mode(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> Option<String> {
    let below = tree.below(candidate.head, 4);
    let words: Vec<&str> = below.iter().filter(|t| !candidate.words.contains(t)).map(|&t| tree.lemma(t)).collect();
    let own: Vec<&str> = candidate.words.iter().map(|&t| tree.lemma(t)).collect();
    let events = knowledge.events();
    events.mode(&candidate.kind, &words).or_else(|| events.mode(&candidate.kind, &own)).map(str::to_string)
}

/// How many tokens before and after a trigger tell its contexts.
const CONTEXT: usize = 25;

/// How much of a score's log-odds is to be believed, and what is added: set on the development reports.
const CALIBRATION: (f32, f32) = (0.63, -0.15);

/// How often an event of a score is right (Platt 1999).
fn calibrated(score: f32) -> f32 {
    let score = score.clamp(0.001, 0.999);
    let sum = CALIBRATION.0 * (score / (1.0 - score)).ln() + CALIBRATION.1;
    1.0 / (1.0 + (-sum).exp())
}

fn record(
    setting: &Setting,
    tree: &Tree,
    index: &CharIndex,
    filler: &Filler,
    mentions: &[EventMention],
    group: &[usize],
) -> Event {
    let first = &mentions[group[0]];
    let span = |tokens: &Range<usize>| tree.span(index, tokens);
    let all = || group.iter().map(|&m| &mentions[m]);
    // What the leading mention does not tell, a later one may.
    let parties = |of: &dyn Fn(&EventMention) -> Vec<Party>| -> Vec<Participant> {
        let own = all().map(of).filter(|p| !p.is_empty());
        let told = own.clone().find(|p| p.iter().any(|p| !p.inferred)).or_else(|| own.clone().next());
        let told = told.unwrap_or_default();
        let actor = |p: &Party| p.actor.and_then(|a| setting.actors.get(a)).map(|a| a.id.clone());
        told.iter().map(|p| Participant { actor: actor(p), span: span(&p.tokens) }).collect()
    };
    let sentence = tree.sentence(first.head);
    let evidence = span(&sentence);
    let around = first.head.saturating_sub(CONTEXT).max(sentence.start)..(first.head + CONTEXT).min(sentence.end);
    // What is announced in a headline and told as done below is done; so is what the report itself tells, whoever else announced it.
    let ahead = matches!(first.status, EventStatus::Planned | EventStatus::Possible);
    let done = |m: &&EventMention| m.status == EventStatus::Happened && m.said_in.is_none();
    let telling = all().find(done).filter(|_| ahead).unwrap_or(first);
    // Mentions that agree make an event surer.
    let doubt: f32 = all().map(|m| 1.0 - m.score).fold(1.0, f32::min);
    let more = 1.0 - 0.85f32.powi(i32::try_from(group.len().min(4) - 1).unwrap_or_default());
    let mode = all().find_map(|m| m.mode.clone());
    Event {
        id: String::new(),
        kind: first.kind.clone(),
        mode,
        contexts: setting.knowledge.events().contexts(around.map(|t| tree.lemma(t))),
        trigger: span(&told_by(tree, first, mentions, setting.knowledge)),
        also: group[1..].iter().map(|&m| span(&told_by(tree, &mentions[m], mentions, setting.knowledge))).collect(),
        evidence,
        actors: parties(&|m| m.actors.clone()),
        recipients: parties(&|m| m.recipients.clone()),
        place: all().find_map(|m| m.place).and_then(|p| setting.places.get(p)).map(|p| p.id.clone()),
        time: all().find_map(|m| m.time).and_then(|t| setting.times.get(t)).map(|t| t.id.clone()),
        status: telling.status,
        said_in: filler.statement(telling.said_in).map(|s| s.id.clone()),
        confidence: Confidence::new(calibrated(1.0 - doubt * (1.0 - more))),
    }
}

/// So many tokens lie between a verb and what completes it at most.
const NEAR: usize = 4;

/// The words that tell an event, for a reader: a verb with its particle ("handed in", "took over") and, where it says little by itself, with
/// its object ("take control", "reached a deal"), unless who takes part or another event stands there.
fn told_by(tree: &Tree, mention: &EventMention, all: &[EventMention], knowledge: &Knowledge) -> Range<usize> {
    let (head, range) = (mention.head, mention.trigger.clone());
    let completes = |c: &usize| match tree.universal(*c) {
        "compound" => tree.relation(*c) == "compound:prt",
        "obj" => knowledge.events().is_light(tree.lemma(head)) && tree.upos(*c) == "NOUN",
        _ => false,
    };
    let near = |c: &usize| *c >= range.end && c.saturating_sub(head) <= NEAR;
    let free = |c: &usize| {
        let added = range.end..c + 1;
        let meets = |tokens: &Range<usize>| tokens.start < added.end && added.start < tokens.end;
        !mention.recipients.iter().chain(&mention.actors).any(|p| meets(&p.tokens))
            && !all.iter().any(|other| other.head != head && meets(&other.trigger))
    };
    let after = tree.children(head).iter().copied().filter(near).filter(completes).filter(free);
    match after.max().filter(|_| tree.upos(head) == "VERB") {
        Some(last) => range.start..last + 1,
        None => range,
    }
}

/// The spans of a list, as tokens: each the smallest stretch of tokens that covers it.
fn tokens_of(analysis: &Analysis, index: &CharIndex, span: &Span) -> Range<usize> {
    let (start, end) = (index.byte(span.start), index.byte(span.end));
    let first = analysis.tokens.partition_point(|t| t.end <= start);
    let last = analysis.tokens.partition_point(|t| t.start < end);
    first..last.max(first)
}
