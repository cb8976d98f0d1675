//! Who changed position: one actor, one matter, two contents that cannot both hold, where the text itself shows it.
//!
//! What shows it: verbs of giving up a position ("reversed its decision", "backed away from", "changed his mind"), nouns of change ("a
//! U-turn on"), words for what was before beside what holds now ("after initially refusing", "had earlier denied", "until recently
//! opposed"), "no longer" with a stand, and two statements or plans of one actor of which one denies what the other says, set against each
//! other.
//! Which words these are is in `changes.toml`. What is only planned, asked for or possible is no change.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use annalist_knowledge::{ChangeWords, Knowledge, NounClass, Stand};
use annalist_language::Analysis;
use annalist_record::{Actor, ActorKind, Change, Confidence, Event, Position, Statement, Time, item_id};

use crate::clauses::Clauses;

mod plans;

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

    /// Whether a phrase stands for somebody who can have a position.
    fn is_agent(&self, t: usize) -> bool {
        let c = self.c;
        if matches!(
            c.lower[t].as_str(),
            "i" | "we" | "he" | "she" | "they" | "it" | "who" | "his" | "her" | "its" | "their" | "my" | "our" | "both"
        ) {
            return true;
        }
        if let Some(kind) = c.name_kind(t) {
            return kind != "EVENT";
        }
        matches!(self.knowledge.referents().noun(self.lemma(t)), Some(NounClass::Person | NounClass::Group))
            || (c.upos(t) != "NOUN" && c.actor(t).is_some())
            || (self.knowledge.referents().noun(self.lemma(t)) == Some(NounClass::Place) && c.actor(t).is_some())
    }

    /// The subject of a verb, and what a relative pronoun stands for.
    fn subject(&self, verb: usize) -> Option<usize> {
        let c = self.c;
        let subject = c.subject(verb)?;
        if !matches!(c.lower[subject].as_str(), "who" | "which" | "that") {
            return Some(subject);
        }
        let mut at = c.head(subject)?;
        for _ in 0..4 {
            if c.relation(at) == "acl:relcl" {
                return c.head(at);
            }
            at = c.head(at)?;
        }
        None
    }

    /// Whether a clause tells what is so: neither possible nor wanted, asked or denied.
    fn is_real(&self, verb: usize) -> bool {
        let c = self.c;
        let modal = |t: usize| {
            let ahead = |word: &str| self.words.looks_ahead(word) && word != "'d" && word != "’d";
            c.children[t]
                .iter()
                .any(|&k| c.is(k, &["aux"]) && (self.words.is_possible(&c.lower[k]) || ahead(&c.lower[k])))
        };
        let conditional =
            |t: usize| c.children[t].iter().any(|&k| c.is(k, &["mark"]) && self.words.is_condition(&c.lower[k]));
        if c.is_negated(verb) || modal(verb) || conditional(verb) {
            return false;
        }
        if c.sentence_of(verb).last().is_some_and(|t| c.lower[t] == "?") {
            return false;
        }
        // "sued for reneging", "instead of backing down"; "signs that he was backing down".
        let aside = |k: usize| c.is(k, &["mark", "case"]) && self.words.is_aside(&c.lower[k]);
        let of_noun = c.is(verb, &["acl"]) && c.child(verb, &["mark"]).is_some_and(|m| c.lower[m] == "that");
        if c.children[verb].iter().any(|&k| k < verb && aside(k)) || of_noun {
            return false;
        }
        // "denied that it had reversed its decision", "demanded that it drop the plan".
        if c.is(verb, &["ccomp"]) && c.head(verb).is_some_and(|h| self.makes_unreal(h, verb)) {
            return false;
        }
        // "would not rule out shifting": what governs it tells whether it is so.
        let bare = c.lower[verb].ends_with("ing") && c.child(verb, &["aux", "nsubj"]).is_none();
        let governed = c.is(verb, &["ccomp", "obj"]);
        let of_denied = c.is(verb, &["advcl"])
            && c.child(verb, &["mark"]).is_none()
            && c.head(verb).is_some_and(|h| c.is_negated(h) || modal(h));
        if bare && (governed || of_denied) {
            let told =
                c.head(verb).is_some_and(|h| self.words.brings_about(self.lemma(h)) && !c.is_negated(h) && !modal(h));
            if !told {
                return false;
            }
        }
        // "appeared to reverse", "was forced to abandon", "decided to drop" do tell it; "wants to", "vowed to", "asked him to" do not.
        let to = c.children[verb].iter().any(|&k| c.lower[k] == "to" && c.is(k, &["mark"]));
        if to || c.is(verb, &["xcomp"]) {
            let Some(head) = c.head(verb) else { return false };
            let tells = self.words.brings_about(self.lemma(head));
            return tells && !c.is_negated(head) && !modal(head);
        }
        if c.is(verb, &["conj"])
            && c.head(verb).is_some_and(|h| c.is_verb(h) && (modal(h) || c.is(h, &["xcomp"]) && !self.is_real(h)))
            && c.child(verb, &["nsubj"]).is_none()
        {
            return false;
        }
        true
    }

    /// Whether under a word what depends on it, through `below`, is only wanted, feared, possible or denied.
    fn makes_unreal(&self, t: usize, below: usize) -> bool {
        let c = self.c;
        let with = |k: usize| format!("{} {}", self.lemma(t), c.lower[k]);
        let case = c.child(below, &["case"]).map(with);
        let particle = c.child(t, &["compound:prt"]).map(with);
        self.words.is_unreal(self.lemma(t))
            || case.is_some_and(|w| self.words.is_unreal(&w))
            || particle.is_some_and(|w| self.words.is_unreal(&w))
            || c.children[t].iter().any(|&k| c.is(k, &["det"]) && self.words.is_none(&c.lower[k]))
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

    /// Whether a position that is given up is one's own: "its plan", "plans to leave", "opposition to …"; not "his veto" if a body
    /// overturns it, nor what is also traded or stood on: "orders for 50 jets", "their positions near the river".
    fn is_own(&self, noun: usize, who: usize) -> bool {
        let c = self.c;
        let lemma = self.lemma(noun);
        let after = |relations: &[&str], cases: &[&str]| {
            c.children[noun].iter().any(|&k| {
                let case = c.child(k, &["case"]).is_some_and(|m| cases.contains(&c.lower[m].as_str()));
                k > noun && c.is(k, relations) && case
            })
        };
        let infinitive =
            c.children[noun].iter().any(|&k| k > noun && c.is(k, &["acl"]) && c.relation(k) != "acl:relcl");
        if self.words.is_ground(lemma) {
            let many = c.lower[noun] != lemma && c.upos(noun) == "NOUN";
            if many && !after(&["nmod"], &["on", "about", "over", "regarding", "towards"]) || self.is_somewhere(noun) {
                return false;
            }
        }
        if lemma == "order" && after(&["nmod", "obl"], &["for"]) {
            return false;
        }
        if let Some(owner) = c.child(noun, &["nmod:poss"]) {
            let (a, b) = (self.actor_of(owner), self.actor_of(who));
            return match c.lower[owner].as_str() {
                "his" | "her" | "my" => !self.is_body(who) && (a.is_none() || b.is_none() || a == b),
                "its" | "their" | "our" => a.is_none() || b.is_none() || a == b,
                _ => a.is_some() && a == b,
            };
        }
        let by_other =
            c.children[noun].iter().any(|&k| k < noun && c.is(k, &["compound", "amod"]) && c.upos(k) == "PROPN");
        let definite = c
            .child(noun, &["det"])
            .is_some_and(|d| matches!(c.lower[d].as_str(), "the" | "this" | "that" | "a" | "an" | "any"));
        let traded = self.words.is_traded(lemma) && !infinitive && !after(&["nmod"], &["to", "on"]);
        !by_other && !traded && (!definite || (infinitive && lemma != "order"))
    }

    /// Whether a phrase stands for a body and no person.
    fn is_body(&self, t: usize) -> bool {
        let c = self.c;
        let person = c.name_kind(t) == Some("PER") || c.actor(t).is_some_and(|a| a.kind == Some(ActorKind::Person));
        let group = self.knowledge.referents().noun(self.lemma(t)) == Some(NounClass::Group);
        !person && (group || matches!(c.name_kind(t), Some("ORG" | "LOC")))
    }

    /// Whether a place is told with a noun: "near the river".
    fn is_somewhere(&self, noun: usize) -> bool {
        let c = self.c;
        let near = ["near", "along", "around", "at", "outside", "inside", "by", "across", "in", "above", "beside"];
        c.children[noun].iter().any(|&k| {
            let case = c.child(k, &["case"]).is_some_and(|m| near.contains(&c.lower[m].as_str()));
            let place =
                matches!(self.knowledge.referents().noun(self.lemma(k)), Some(NounClass::Place | NounClass::Thing));
            c.is(k, &["nmod"]) && case && (place || c.name_kind(k) == Some("LOC"))
        })
    }

    /// Whether somebody can hold what a phrase stands for, so that to move away from it is to give it up: a position, a deal, an idea, but
    /// no place, thing, event or body.
    fn can_be_held(&self, t: usize) -> bool {
        let c = self.c;
        let lemma = self.lemma(t);
        if c.is_verb(t) || self.words.is_bond(lemma) {
            return true;
        }
        if self.words.is_ground(lemma) && (c.lower[t] != lemma || self.is_somewhere(t)) || c.name_kind(t).is_some() {
            return false;
        }
        self.words.is_position(lemma)
            || c.upos(t) == "NOUN" && matches!(self.knowledge.referents().noun(lemma), Some(NounClass::Abstract) | None)
    }

    /// What the actor said or held in so many sentences before.
    fn held_before(&self, at: usize, who: usize, reach: usize) -> Option<(Range<usize>, usize)> {
        let c = self.c;
        let actor = self.actor_of(who)?;
        let sentence = c.sentence[at];
        let from = c.analysis.sentences.get(sentence.saturating_sub(reach))?.tokens.start;
        let own = self.statements.iter().filter(|s| s.speaker.as_ref() == Some(&actor));
        let mut last = None;
        for statement in own {
            let Some(content) = statement.content.first() else { continue };
            let tokens = c.tokens(content);
            let cue = statement.cue.first().map_or(tokens.start, |s| c.tokens(s).start);
            let (first, end) = (tokens.start.min(cue), tokens.end.max(cue + 1));
            if from <= first && end <= at && !tokens.is_empty() && !(tokens.contains(&at)) {
                last = Some((tokens, cue));
            }
        }
        last
    }

    /// What the actor says or does after a change: what is said in the same sentence, else the change itself.
    fn said_after(&self, verb: usize, matter: &Option<Range<usize>>) -> Range<usize> {
        let c = self.c;
        let sentence = c.sentence_of(verb);
        for statement in self.statements {
            let Some(cue) = statement.cue.first().map(|s| c.tokens(s)) else { continue };
            let Some(content) = statement.content.first().map(|s| c.tokens(s)) else { continue };
            if content.is_empty() || cue.is_empty() {
                continue;
            }
            let below = c.head(cue.start) == Some(verb) && c.is(cue.start, &["advcl", "conj", "parataxis", "acl"]);
            let outside = !content.contains(&verb)
                && matter.as_ref().is_none_or(|m| m.end <= content.start || content.end <= m.start);
            if below && outside && sentence.contains(&cue.start) {
                return content;
            }
        }
        self.deed(verb)
    }

    /// "reversed its decision", "backed away from its pledge", "changed his mind"
    fn given_up(&self, verb: usize) -> Option<Found> {
        let c = self.c;
        if !c.is_verb(verb) || c.child(verb, &["nsubj:pass", "aux:pass"]).is_some() {
            return None;
        }
        let names = self.names(verb);
        let moves = names.iter().find(|(name, _)| self.words.moves(name));
        let alone = names.iter().find(|(name, _)| self.words.gives_up(name)).or(moves);
        let with = names.iter().any(|(name, _)| self.words.gives_up_position(name));
        let mind = self.words.changes_mind(self.lemma(verb));
        if alone.is_none() && !with && !mind {
            return None;
        }
        let who = self.subject(verb).filter(|&w| self.is_agent(w))?;
        if !self.is_real(verb) {
            return None;
        }
        let object = c.children[verb].iter().copied().find(|&k| k > verb && c.is(k, &["obj"]));
        let oblique = || {
            c.children[verb].iter().copied().find(|&k| {
                k > verb
                    && c.is(k, &["obl"])
                    && c.child(k, &["case"])
                        .is_some_and(|m| matches!(c.lower[m].as_str(), "on" | "from" | "about" | "over" | "of" | "in"))
            })
        };
        let matter = object.or_else(oblique);
        let after = |m: &Option<Range<usize>>| self.said_after(verb, m);
        if with && let Some(object) = matter.filter(|&o| self.words.is_position(self.lemma(o)) && self.is_own(o, who)) {
            let before = self.phrase(object);
            let after = after(&Some(before.clone()));
            return Some(Found {
                who,
                about: before.clone(),
                before,
                before_by: object,
                after,
                told_by: verb,
                confidence: 0.8,
            });
        }
        if mind && let Some(object) = object.filter(|&o| self.words.is_mind(self.lemma(o)) && self.is_own(o, who)) {
            let on = |t: usize| {
                c.children[t].iter().copied().find(|&k| {
                    k > t
                        && c.is(k, &["nmod", "obl"])
                        && c.child(k, &["case"]).is_some_and(|m| {
                            matches!(c.lower[m].as_str(), "on" | "about" | "over" | "regarding" | "toward" | "towards")
                        })
                })
            };
            let about = on(object).or_else(|| on(verb)).map(|t| self.phrase(t));
            let held = self.held_before(verb, who, if about.is_some() { REACH } else { NEXT });
            let (before, before_by) = held.or_else(|| about.clone().map(|a| (a, object)))?;
            let about = about.unwrap_or_else(|| before.clone());
            return Some(Found { who, about, before, before_by, after: after(&None), told_by: verb, confidence: 0.75 });
        }
        alone?;
        let matter = matter
            .or_else(|| alone.and_then(|(_, m)| *m))
            .filter(|&m| !self.is_agent(m) || c.child(m, &["case"]).is_some());
        if moves.is_some() && matter.is_some_and(|m| !self.can_be_held(m)) {
            return None;
        }
        let (before, before_by) = match matter {
            Some(m) => (self.phrase(m), m),
            None => self.held_before(verb, who, NEXT)?,
        };
        let after = after(&Some(before.clone()));
        let overlaps = before.start < after.end && after.start < before.end && matter.is_none();
        (!overlaps).then(|| Found {
            who,
            about: before.clone(),
            before,
            before_by,
            after,
            told_by: verb,
            confidence: 0.7,
        })
    }

    /// "its promise has been abandoned"
    fn taken_back(&self, verb: usize) -> Option<Found> {
        let c = self.c;
        if !c.is_verb(verb) || !self.words.gives_up_position(self.lemma(verb)) || !self.is_real(verb) {
            return None;
        }
        let subject = c.child(verb, &["nsubj:pass"]).filter(|&s| self.words.is_position(self.lemma(s)))?;
        let who = c.child(subject, &["nmod:poss"]).filter(|&w| self.is_agent(w))?;
        let by = c.children[verb]
            .iter()
            .copied()
            .find(|&k| c.is(k, &["obl"]) && c.child(k, &["case"]).is_some_and(|m| c.lower[m] == "by"));
        if by.is_some() || self.words.undoes(self.lemma(verb)) {
            return None;
        }
        let before = self.phrase(subject);
        Some(Found {
            who,
            about: before.clone(),
            before,
            before_by: subject,
            after: self.deed(verb),
            told_by: verb,
            confidence: 0.75,
        })
    }

    /// "in a reversal of its policy, the ministry said …", "the minister's U-turn on bases"; not "demanded a U-turn".
    fn noun_of_change(&self, noun: usize) -> Option<Found> {
        let c = self.c;
        let parts = self.words_of_change(noun)?;
        let last = parts.end;
        let end = c.sentence_of(noun).end;
        // Of "U-turn" the last word, of "change of heart" the first one is that which the others depend on.
        let outside = |&t: &usize| c.head(t).is_none_or(|h| !parts.contains(&h));
        let hyphened = parts.clone().any(|t| c.lower[t] == "-");
        let core =
            if hyphened { parts.clone().rev().find(outside) } else { parts.clone().find(outside) }.unwrap_or(noun);
        // A reverse of fortunes, a reversal of the law of another: whose it is must be told.
        let matter = (last..end.min(last + 2))
            .find(|&t| matches!(c.lower[t].as_str(), "of" | "from" | "on" | "over" | "about"))
            .and_then(|t| c.head(t))
            .filter(|&m| m >= last);
        // "a reversal of her support": hers it is; "a reversal of the law", "of Lund's legacy": nobody's own position.
        let of =
            matter.filter(|&m| c.child(m, &["case"]).is_some_and(|k| matches!(c.lower[k].as_str(), "of" | "from")));
        if of.is_some_and(|m| !self.words.is_position(self.lemma(m)) && !self.words.is_mind(self.lemma(m))) {
            return None;
        }
        // The clause it belongs to, and how.
        let (mut at, mut clause) = (core, core);
        for _ in 0..5 {
            let Some(above) = c.head(at).filter(|_| !c.is_verb(at)) else { break };
            if self.makes_unreal(above, at) {
                return None;
            }
            (clause, at) = (above, above);
        }
        let named = clause == core;
        if !self.is_real(clause) || c.is_negated(core) {
            return None;
        }
        let case = |t: usize| c.child(t, &["case"]).map_or("", |k| c.lower[k].as_str());
        let direct = c.head(core) == Some(clause);
        // "pushed him into a U-turn": his it is.
        let into = direct && c.is(core, &["obl"]) && case(core) == "into";
        let pushed = c.child(clause, &["obj"]).filter(|&o| into && self.is_agent(o));
        let agent = |t: usize, cases: &[&str]| {
            c.children[t]
                .iter()
                .copied()
                .find(|&k| c.is(k, &["nmod", "obl"]) && cases.contains(&case(k)) && self.is_agent(k))
        };
        let made = direct && self.words.makes(self.lemma(clause));
        let subject = || self.subject(clause).filter(|&w| self.is_agent(w));
        let of_clause = match () {
            () if into => pushed.or_else(subject),
            // "in a reversal of policy, the ministry said …"
            () if direct && c.is(core, &["obl"]) && case(core) == "in" => subject(),
            () if made && c.is(core, &["obj"]) => subject().or_else(|| agent(clause, &["for"])),
            () if made && c.relation(core) == "nsubj:pass" => agent(clause, &["by"]),
            () => None,
        };
        let holder = matter.and_then(|m| c.child(m, &["nmod:poss"])).filter(|&w| self.is_agent(w));
        // "the government U-turn"
        let compound = |k: &usize| {
            let body = self.knowledge.referents().noun(self.lemma(*k)) == Some(NounClass::Group);
            c.is(*k, &["compound"]) && (body || matches!(c.name_kind(*k), Some("PER" | "ORG")))
        };
        let whose = |t: usize| {
            let before = c.children[t].iter().copied().filter(|&k| k < t && !parts.contains(&k));
            let owner = before.clone().find(|&k| c.is(k, &["nmod:poss"]) && self.is_agent(k));
            owner.or_else(|| before.into_iter().find(compound))
        };
        let owner = parts.clone().find_map(whose).or(holder).or_else(|| agent(core, &["by", "for"]));
        let who = owner.or(of_clause)?;
        let (before, before_by) = match matter {
            Some(m) => (self.phrase(m), m),
            None => self.held_before(noun, who, NEXT)?,
        };
        // What others do about it is not what holds now.
        let same = |w: usize| w == who || self.actor_of(w).is_some_and(|a| self.actor_of(who) == Some(a));
        let own = !named && pushed.is_none() && subject().is_some_and(same);
        let after = if own { self.content(clause) } else { parts.clone() };
        let after = if after.start < before.end && before.start < after.end { parts } else { after };
        Some(Found { who, about: before.clone(), before, before_by, after, told_by: core, confidence: 0.65 })
    }

    /// The words that tell a change from a token on: "U-turn", "change of heart".
    fn words_of_change(&self, noun: usize) -> Option<Range<usize>> {
        let c = self.c;
        let end = c.sentence_of(noun).end;
        let told = |n: usize| {
            let parts: Vec<&str> = (noun..(noun + n).min(end)).map(|t| c.lower[t].as_str()).collect();
            let words = parts.join(" ").replace(" - ", "-");
            self.words.is_change(&words) || words.strip_suffix('s').is_some_and(|one| self.words.is_change(one))
        };
        if matches!(c.upos(noun), "NOUN" | "PROPN" | "ADJ") && self.words.is_change(self.lemma(noun)) {
            return Some(noun..noun + 1);
        }
        (2..=4).find(|&n| told(n)).map(|n| noun..(noun + n).min(end))
    }

    /// "no longer supports"
    fn no_longer(&self, t: usize) -> Option<Found> {
        let c = self.c;
        let longer = c.lower[t] == "longer" && t > 0 && c.lower[t - 1] == "no";
        let anymore = c.lower[t] == "anymore";
        if !longer && !anymore {
            return None;
        }
        let mut verb = c.head(t)?;
        if self.lemma(verb) == "no" || !(c.is_verb(verb) || c.upos(verb) == "ADJ") {
            verb = c.head(verb)?;
        }
        if anymore && !c.is_negated(verb) {
            return None;
        }
        let stand = self.words.stand(self.lemma(verb)).filter(|s| *s != Stand::Neutral)?;
        let _ = stand;
        let who = self.subject(verb).filter(|&w| self.is_agent(w) && c.child(verb, &["nsubj:pass"]).is_none())?;
        let conditional = c.children[verb].iter().any(|&k| c.is(k, &["mark"]) && self.words.is_condition(&c.lower[k]));
        let modal = c.children[verb].iter().any(|&k| c.is(k, &["aux"]) && self.words.is_possible(&c.lower[k]));
        if conditional || modal {
            return None;
        }
        let deed = self.deed(verb);
        // "clothes they no longer wanted": of what, must be told.
        if !c.children[verb].iter().any(|&k| k > verb && c.is(k, &["obj", "obl", "xcomp", "ccomp", "advcl"])) {
            return None;
        }
        let before = c.trimmed(verb.max(deed.start)..deed.end);
        let from = if longer { t - 1 } else { deed.start };
        let after = c.trimmed(from.min(deed.start)..deed.end);
        Some(Found { who, about: before.clone(), before, before_by: verb, after, told_by: t, confidence: 0.7 })
    }

    /// For (1) or against (-1) what a verb's stand is, its negation counted.
    fn side(&self, verb: usize) -> Option<i8> {
        let c = self.c;
        let stand =
            self.words.stand(self.lemma(verb)).or_else(|| self.words.stand(self.lemma(verb).trim_end_matches("ed")))?;
        let (side, at) = match stand {
            Stand::For => (1, None),
            Stand::Against => (-1, None),
            Stand::Neutral => (1, c.child(verb, &["ccomp", "xcomp"])),
        };
        let flips = usize::from(c.is_negated(verb)) + usize::from(at.is_some_and(|k| c.is_negated(k)));
        let inner =
            at.and_then(|k| self.words.stand(self.lemma(k))).map_or(1, |s| if s == Stand::Against { -1 } else { 1 });
        Some(if flips % 2 == 1 { -side * inner } else { side * inner })
    }

    fn is_neutral(&self, verb: usize) -> bool {
        self.words.stand(self.lemma(verb)).is_none_or(|s| s == Stand::Neutral)
    }

    /// "had initially refused", "after first denying", "until recently opposed", with what holds now.
    fn before_and_now(&self, t: usize) -> Option<Found> {
        let c = self.c;
        let two = |a: usize| (a + 1 < c.len()).then(|| format!("{} {}", c.lower[a], c.lower[a + 1]));
        let pair = two(t).is_some_and(|w| self.words.is_before(&w));
        let single = self.words.is_before(&c.lower[t]) && matches!(c.upos(t), "ADV" | "SCONJ");
        if !pair && !single {
            return None;
        }
        let last = if pair { t + 1 } else { t };
        let mut before = c.head(last).filter(|&h| h != t).or_else(|| c.head(t))?;
        if before == t || before == last {
            before = c.head(before)?;
        }
        // "until recently were opposed": up to the word that takes the stand.
        for _ in 0..2 {
            if self.side(before).is_some() {
                break;
            }
            before = c.child(before, &["xcomp"]).or_else(|| c.head(before))?;
        }
        let side = self.side(before)?;
        let weak =
            matches!(c.lower[t].as_str(), "once" | "earlier" | "first" | "long" | "previously" | "formerly" | "in");
        let who = self.subject(before).filter(|&w| self.is_agent(w));
        if c.child(before, &["nsubj:pass"]).is_some() {
            return None;
        }
        let same = |a: usize, b: usize| {
            a == b || {
                let (x, y) = (self.actor_of(a), self.actor_of(b));
                x.is_some() && x == y
            }
        };
        let marks = |verb: usize, words: &[&str]| {
            c.children[verb]
                .iter()
                .any(|&k| c.is(k, &["mark", "cc", "case", "advmod"]) && words.contains(&c.lower[k].as_str()))
        };
        // Where what holds now may stand.
        let mut now: Vec<(usize, bool)> = Vec::new();
        let participle = c.is(before, &["advcl", "acl", "conj"]) || c.relation(before) == "acl:relcl";
        let mut at = before;
        for _ in 0..4 {
            if !(c.is(at, &["advcl", "conj", "ccomp", "parataxis", "xcomp"]) || c.relation(at).starts_with("acl")) {
                break;
            }
            let Some(head) = c.head(at) else { break };
            let sure = marks(before, &["after", "although", "though", "despite"])
                || c.lower[t] == "initially"
                || c.lower[t] == "originally"
                || pair
                || c.children[before].iter().any(|&k| c.lower[k] == "having")
                || marks(at, &["but", "yet"]);
            if c.is_verb(head) || c.upos(head) == "ADJ" {
                now.push((head, sure));
            } else if participle {
                // A relative clause on the subject of what holds now.
                if let Some(verb) = c.head(head).filter(|&v| c.is_verb(v) && c.is(head, &["nsubj"])) {
                    now.push((verb, sure));
                }
            }
            at = head;
        }
        for &k in &c.children[before] {
            let but = marks(k, &["but", "yet"]) || c.children[k].iter().any(|&j| self.words.is_after(&c.lower[j]));
            if k > before && c.is(k, &["conj", "parataxis", "advcl"]) && (c.is_verb(k) || c.upos(k) == "ADJ") && but {
                now.push((k, !weak || marks(k, &["but", "yet"])));
            }
        }
        // The sentence after that begins with "but", or has "now" in it; the sentence before when this one looks back.
        let sentences = &c.analysis.sentences;
        let s = c.sentence[before];
        for (other, is_next) in [(s + 1, true), (s.wrapping_sub(1), false)] {
            let Some(next) = sentences.get(other) else { continue };
            let root = next.tokens.clone().find(|&k| k < c.len() && c.head(k).is_none() && c.is_verb(k));
            let Some(root) = root else { continue };
            let opens = next.tokens.start < c.len() && self.words.is_contrast(&c.lower[next.tokens.start]);
            let marked = c.children[root].iter().any(|&k| self.words.is_after(&c.lower[k]));
            let now_told = if is_next { opens || marked } else { marked && !weak };
            if now_told {
                now.push((root, opens && !weak));
            }
        }
        for (verb, sure) in now {
            if verb == before || !self.may_be_now(verb) {
                continue;
            }
            let Some(subject) = self.subject(verb).filter(|&w| self.is_agent(w)) else { continue };
            let own = c.child(before, &["nsubj"]).is_some() || c.relation(before) == "acl:relcl";
            let who = if own { who } else { Some(subject) };
            let Some(who) = who.filter(|&w| same(w, subject)) else { continue };
            let other = self.side(verb);
            let (b, a) = (self.content(before), self.content(verb));
            if b.is_empty()
                || a.is_empty()
                || (b.start < a.end && a.start < b.end && !(b.end <= a.end && b.start > a.start))
            {
                continue;
            }
            let a = if b.start >= a.start && b.end <= a.end { c.trimmed(a.start..b.start) } else { a };
            let opposed = other.is_some_and(|o| o != side);
            let shared = self.shared(&b, &a);
            let neutral = self.is_neutral(before);
            let shows = match () {
                () if opposed && !neutral && !self.is_neutral(verb) => !weak || sure || shared > 0,
                () if opposed => shared > 0 || (sure && !neutral),
                // "after initially refusing, …": what was refused is done.
                () if sure && !weak && side < 0 && !neutral => true,
                () => false,
            };
            if shows && !a.is_empty() {
                let confidence = 0.6 + if opposed { 0.1 } else { 0.0 } + if sure { 0.1 } else { 0.0 };
                return Some(Found {
                    who,
                    about: b.clone(),
                    before: b,
                    before_by: before,
                    after: a,
                    told_by: t,
                    confidence,
                });
            }
        }
        None
    }

    fn may_be_now(&self, verb: usize) -> bool {
        let c = self.c;
        !c.children[verb].iter().any(|&k| c.is(k, &["aux"]) && self.words.is_possible(&c.lower[k]))
    }

    /// The lemmas of a stretch that tell a matter: nouns, names, verbs that are no stand.
    fn matters(&self, range: &Range<usize>) -> HashSet<String> {
        let c = self.c;
        let tells = |&t: &usize| {
            matches!(c.upos(t), "NOUN" | "PROPN" | "VERB" | "ADJ")
                && c.lower[t].len() > 3
                && !(c.upos(t) == "VERB" && self.words.stand(self.lemma(t)).is_some())
        };
        // "evacuation" and "evacuate" are one matter.
        range.clone().filter(|&t| t < c.len()).filter(tells).map(|t| self.lemma(t).chars().take(6).collect()).collect()
    }

    fn shared(&self, a: &Range<usize>, b: &Range<usize>) -> usize {
        self.matters(a).intersection(&self.matters(b)).count()
    }

    /// Two statements of one actor, set against each other, one of which denies what the other says.
    fn against_oneself(&self) -> Vec<Found> {
        let c = self.c;
        let mut found = Vec::new();
        let told: Vec<(usize, Range<usize>, &Statement)> = self
            .statements
            .iter()
            .filter_map(|s| {
                let cue = c.tokens(s.cue.first()?).start;
                let content = c.tokens(s.content.first()?);
                (s.speaker.is_some() && s.content.len() == 1 && !content.is_empty() && cue < c.len())
                    .then_some((cue, content, s))
            })
            .collect();
        for (i, (early_cue, early, first)) in told.iter().enumerate() {
            for (late_cue, late, second) in told.iter().skip(i + 1).take(12) {
                if first.speaker != second.speaker || early.end > late.start || late.len() > 60 || early.len() > 60 {
                    continue;
                }
                let (Some(a), Some(b)) = (self.main_verb(early), self.main_verb(late)) else { continue };
                let (one, other) = (self.denies(a), self.denies(b));
                if one == other || self.shared(early, late) < 2 {
                    continue;
                }
                // The same deed, by its verb or a noun of it.
                let same = self.lemma(a) == self.lemma(b)
                    || self.matters(&(a..a + 1)).iter().any(|m| self.matters(late).contains(m))
                    || self.matters(&(b..b + 1)).iter().any(|m| self.matters(early).contains(m));
                let between = |t: usize| {
                    (c.sentence_of(t).start..t + 4).any(|k| {
                        k < c.len() && (self.words.is_contrast(&c.lower[k]) || self.words.is_after(&c.lower[k]))
                    })
                };
                let apart = first.time.is_some() && second.time.is_some() && first.time != second.time;
                if same && (apart || between(*late_cue)) {
                    let who =
                        first.source.first().map_or(*early_cue, |s| c.tokens(s).end.saturating_sub(1).min(c.len() - 1));
                    found.push(Found {
                        who,
                        about: early.clone(),
                        before: early.clone(),
                        before_by: *early_cue,
                        after: late.clone(),
                        told_by: *late_cue,
                        confidence: 0.6,
                    });
                }
            }
        }
        found
    }

    /// The word of a stretch that its others depend on.
    fn main_verb(&self, range: &Range<usize>) -> Option<usize> {
        range.clone().find(|&t| {
            t < self.c.len()
                && self.c.head(t).is_none_or(|h| !range.contains(&h))
                && self.c.is_word(t)
                && matches!(self.c.upos(t), "VERB" | "NOUN" | "ADJ" | "AUX")
        })
    }

    /// Whether what a word heads is denied: "would not leave", "no plans to leave".
    fn denies(&self, t: usize) -> bool {
        let c = self.c;
        c.is_negated(t)
            || c.children[t].iter().any(|&k| {
                c.is(k, &["obj", "nsubj", "xcomp"])
                    && c.children[k].iter().any(|&d| c.lower[d] == "no" && c.is(d, &["det", "advmod"]))
            })
    }

    /// The statement in which a position was taken.
    fn statement_at(&self, range: &Range<usize>, told_by: usize) -> Option<&'a Statement> {
        let c = self.c;
        c.cued(told_by).next().or_else(|| c.said_in(range.start))
    }
}
