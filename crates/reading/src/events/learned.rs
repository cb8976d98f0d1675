//! Candidates for events that the model finds, joined with those that the lexicon knows.
//!
//! Each sees what the other does not: the model reads a word in its window, the lexicon knows the word. How likely a candidate is an event
//! of its type is a logistic function of what both say ([`Joint`]); its weights are learnt on reports that neither was learnt on.

use std::ops::Range;

use annalist_knowledge::{EventEntry, Knowledge};
use annalist_language::{Analysis, Trigger};
use annalist_record::EventStatus;

use super::tree::Tree;
use super::{Candidate, Scored, lexicon};

/// What model and lexicon say of a candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Joint {
    /// Log-odds of the model that there is an event of any type, -6 to 6; 0 where it sees none.
    pub likelihood: f32,
    /// 1 where the model sees no event, else 0.
    pub unseen: f32,
    /// Log-odds of the model that the type is right, given an event, -6 to 6; 0 where it sees none.
    pub certainty: f32,
    /// The strength of the lexicon's entry, in 0..=1, where it is of the same type; else 0.
    pub same: f32,
    /// The strength of the lexicon's entry where it is of another type; else 0.
    pub other: f32,
    /// 1 where the lexicon says that the words tell no event, else 0.
    pub none: f32,
    /// 1 where the lexicon does not know the words, else 0.
    pub unknown: f32,
}

/// Weights of [`Joint`]'s fields, after a constant; from the example `event_evidence` of the evaluation crate and `training/events.py weigh`.
const WEIGHTS: [f32; 8] = [-1.197, 0.702, -2.019, 0.12, 1.382, -0.341, -0.731, -0.125];

/// How sure an event of the lexicon is at least, as a share of its entry's strength, that is announced for a day.
const ANNOUNCED: f32 = 0.65;

impl Joint {
    /// The fields, in the order of the weights.
    pub fn evidence(&self) -> [f32; 7] {
        [self.likelihood, self.unseen, self.certainty, self.same, self.other, self.none, self.unknown]
    }

    fn score(&self) -> f32 {
        let [constant, weights @ ..] = WEIGHTS;
        let sum: f32 = weights.iter().zip(self.evidence()).map(|(w, e)| w * e).sum();
        1.0 / (1.0 + (-(constant + sum)).exp())
    }
}

/// The candidates of a text, with what is said of each.
pub fn candidates<'k>(tree: &Tree, analysis: &Analysis, knowledge: &'k Knowledge) -> Vec<(Candidate<'k>, Joint)> {
    let matches = lexicon::matches(tree, knowledge);
    let mut found = Vec::with_capacity(matches.len() + analysis.triggers.len());
    let mut seen = vec![false; matches.len()];
    for trigger in &analysis.triggers {
        let Some(head) = head(tree, &trigger.tokens, trigger.anchor) else { continue };
        let (likelihood, certainty) = (log_odds(trigger.likelihood), log_odds(trigger.certainty));
        let mut joint = Joint { likelihood, certainty, unknown: 1.0, ..Joint::default() };
        let (mut frame, mut told) = (None, None);
        for (m, seen) in matches.iter().zip(&mut seen) {
            if !m.words.iter().any(|w| trigger.tokens.contains(w)) {
                continue;
            }
            *seen = true;
            if m.entry.kind.as_deref() == Some(&*trigger.kind) {
                joint.same = joint.same.max(m.entry.strength);
                frame = Some(&*m.entry.frame);
                told = Some(m.entry);
            } else if m.entry.kind.is_some() {
                joint.other = joint.other.max(m.entry.strength);
            } else {
                joint.none = 1.0;
            }
            joint.unknown = 0.0;
        }
        let score = joint.score().max(told.map_or(0.0, |entry| least(tree, entry, head, knowledge)));
        let whole = candidate(tree, trigger, head, frame, score);
        let parts = parted(tree, &whole).unwrap_or_else(|| vec![whole]);
        found.extend(parts.into_iter().map(|part| (part, joint)));
    }
    // What only the lexicon knows, and what is an event whatever the model makes of it.
    for (m, seen) in matches.iter().zip(&seen) {
        let least = least(tree, m.entry, m.head, knowledge);
        if (!seen || least > 0.0)
            && let Some(candidate) = lexicon::candidate(tree, m)
        {
            let joint = Joint { unseen: 1.0, same: m.entry.strength, ..Joint::default() };
            let score = joint.score().max(least);
            found.push((Candidate { score, ..candidate }, joint));
        }
    }
    found
}

/// The two deeds of a trigger like "killed fighting": what was done to somebody, and what he was doing. To whom the first was done the tree
/// tells; what the model knows of participants is the second's.
fn parted<'k>(tree: &Tree, whole: &Candidate<'k>) -> Option<Vec<Candidate<'k>>> {
    let verb = |t: &usize| tree.upos(*t) == "VERB";
    let doing = whole.trigger.clone().filter(verb).find(|&t| tree.lower(t).ends_with("ing"))?;
    let suffered = whole.trigger.clone().filter(verb).find(|&t| t < doing && tree.past_participle(t))?;
    let below = tree.head(doing) == Some(suffered) && matches!(tree.universal(doing), "advcl" | "xcomp" | "acl");
    if !below {
        return None;
    }
    let of = |tokens: Range<usize>, head: usize| Candidate {
        words: tokens.clone().collect(),
        trigger: tokens,
        head,
        same: Vec::new(),
        ..whole.clone()
    };
    let (start, end) = (whole.trigger.start, whole.trigger.end);
    let first = Candidate { actor: None, recipient: None, seen: false, frame: None, ..of(start..doing, suffered) };
    let second = of(doing..end, doing);
    Some(vec![first, second])
}

/// What an entry of the lexicon scores where it stands, whatever the model makes of it.
fn least(tree: &Tree, entry: &EventEntry, head: usize, knowledge: &Knowledge) -> f32 {
    match entry.kind {
        Some(_) if entry.added => entry.strength,
        Some(_) if is_announced(tree, head, knowledge) => ANNOUNCED * entry.strength,
        _ => 0.0,
    }
}

/// Whether a verb tells what will be done on a day: "will meet them on Tuesday". What is due is what a desk waits for.
fn is_announced(tree: &Tree, verb: usize, knowledge: &Knowledge) -> bool {
    let events = knowledge.events();
    let will = |c: &usize| tree.universal(*c) == "aux" && events.governs(tree.lower(*c)) == Some(EventStatus::Planned);
    let noun = |c: &&usize| matches!(tree.universal(**c), "obl" | "obj" | "nmod");
    let day = |c: &usize| knowledge.times().is_name(tree.lower(*c));
    // "in Kabul on Tuesday" may hang on the place.
    let beside = |c: &usize| day(c) || tree.children(*c).iter().filter(noun).any(day);
    let children = tree.children(verb);
    tree.upos(verb) == "VERB" && children.iter().any(will) && children.iter().filter(noun).any(beside)
}

/// The token of a trigger on which its others depend.
fn head(tree: &Tree, tokens: &Range<usize>, anchor: usize) -> Option<usize> {
    let outside = |t: &usize| tree.head(*t).is_none_or(|h| !tokens.contains(&h));
    let within = |t: &usize| *t < tree.len();
    Some(anchor).filter(within).filter(outside).or_else(|| tokens.clone().filter(within).find(outside))
}

fn candidate<'k>(
    tree: &Tree,
    trigger: &Trigger,
    head: usize,
    frame: Option<&'k annalist_knowledge::Frame>,
    score: f32,
) -> Candidate<'k> {
    let surest = |role: usize| {
        let spans = trigger.arguments.get(role)?;
        let (tokens, score) = spans.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        // Words of two sentences name nobody: the longer part counts.
        let within = |t: usize| {
            let sentence = tree.sentence(t);
            tokens.start.max(sentence.start)..tokens.end.min(sentence.end)
        };
        let last = tokens.end.checked_sub(1)?;
        let tokens = [within(tokens.start), within(last)].into_iter().max_by_key(Range::len)?;
        (!tokens.is_empty()).then_some(Scored { tokens, score: *score })
    };
    Candidate {
        trigger: trigger.tokens.clone(),
        head,
        words: trigger.tokens.clone().collect(),
        kind: trigger.kind.to_string(),
        mode: trigger.mode.as_ref().map(|m| m.to_string()),
        status: status(&trigger.status.0),
        actor: surest(0),
        recipient: surest(1),
        place: surest(2),
        time: surest(3),
        seen: true,
        frame,
        same: trigger.same.clone(),
        score,
    }
}

/// A status by the word that the record has for it.
fn status(word: &str) -> Option<EventStatus> {
    Some(match word {
        "happened" => EventStatus::Happened,
        "ongoing" => EventStatus::Ongoing,
        "planned" => EventStatus::Planned,
        "possible" => EventStatus::Possible,
        "denied" => EventStatus::Denied,
        "unreal" => EventStatus::Unreal,
        _ => return None,
    })
}

fn log_odds(p: f32) -> f32 {
    let p = p.clamp(0.0025, 0.9975);
    (p / (1.0 - p)).ln()
}
