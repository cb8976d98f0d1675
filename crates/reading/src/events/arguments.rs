//! Who, to whom, where and when: what a candidate does not tell yet, from the tree and from what else was read.
//!
//! Participants are looked for where the candidate's frame says they stand. The subject of a verb without one is that of the
//! verb it depends on (control, raising, participles, conjunction); a relative pronoun is its antecedent; an event or thing that
//! stands where somebody should is whoever did or has it ("*Norwegian* shells hit the town"). What is found is widened to the
//! mention that it heads, and to all that are conjoined with it.

use std::ops::Range;

use annalist_knowledge::{ActorWord, Frame, Knowledge, Role};
use annalist_record::{CharIndex, EventStatus, Span, Statement};

use super::tree::Tree;
use super::{Candidate, EventMention, Party, Scored, Setting, tokens_of};

mod parties;
mod subjects;
mod where_and_when;

use where_and_when::tells_when;

/// A scored span below this is not taken before the tree is asked.
const LEAST: f32 = 0.5;

/// Nor below this for who does a thing: there the tree tells more. Set on `desk.dev`.
const SURE: f32 = 0.65;

/// A scored span below this is not taken where the tree says nothing.
const LIKELY: f32 = 0.3;

/// A scored span of another sentence than a noun's is not taken for its actor below this.
const FAR: f32 = 0.9;

/// A scored span that the tree puts beside the trigger's clause, and not into it, is not taken for its recipient below this.
const UNREACHED: f32 = 0.7;

/// Where the model's likeliest span is below this, the tree is not asked.
const DOUBTED: f32 = 0.12;

/// Fills what candidates lack.
pub struct Filler<'s, 'a> {
    setting: &'s Setting<'a>,
    tree: &'s Tree<'a>,
    /// For each place, its mentions as tokens.
    places: Vec<Vec<Range<usize>>>,
    /// For each time, its tokens.
    times: Vec<Range<usize>>,
    /// For each time, whether it tells when something is, and not how long or how often.
    dated: Vec<bool>,
    /// For each statement, the stretches of tokens of its content, and how many they are.
    contents: Vec<(Vec<Range<usize>>, usize)>,
    /// For each statement, its source's tokens.
    sources: Vec<Vec<Range<usize>>>,
}

impl<'s, 'a> Filler<'s, 'a> {
    /// Makes ready what all candidates of a text need.
    pub fn new(setting: &'s Setting<'a>, tree: &'s Tree<'a>, index: &CharIndex) -> Filler<'s, 'a> {
        let tokens = |span: &Span| tokens_of(setting.analysis, index, span);
        let all = |spans: &[Span]| spans.iter().map(tokens).filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let contents = setting.statements.iter().map(|s| {
            let stretches = all(&s.content);
            let size = stretches.iter().map(Range::len).sum();
            (stretches, size)
        });
        Filler {
            setting,
            tree,
            places: setting.places.iter().map(|p| all(&p.mentions)).collect(),
            times: setting.times.iter().map(|t| tokens(&t.span)).collect(),
            dated: setting.times.iter().map(tells_when).collect(),
            contents: contents.collect(),
            sources: setting.statements.iter().map(|s| all(&s.source)).collect(),
        }
    }

    fn knowledge(&self) -> &'a Knowledge {
        self.setting.knowledge
    }

    /// A statement by its number.
    pub fn statement(&self, number: Option<usize>) -> Option<&'a Statement> {
        number.and_then(|n| self.setting.statements.get(n))
    }

    /// The mention that a candidate makes; `others` are all candidates of the text. Its status is the candidate's, or `Happened`.
    pub fn fill(&self, candidate: &Candidate, others: &[Candidate]) -> EventMention {
        let verb = matches!(self.tree.upos(candidate.head), "VERB" | "AUX" | "ADJ");
        let known = candidate.frame.or_else(|| self.known_frame(candidate));
        let frame = known.unwrap_or_else(|| self.knowledge().events().default_frame(verb));
        let said_in = self.said_in(candidate.head);
        let scored = |s: &Option<Scored>, least: f32| {
            s.as_ref().filter(|s| s.score >= least && s.tokens.end <= self.tree.len()).map(|s| s.tokens.clone())
        };
        // What the model is sure of, then what the tree says, unless the model is sure that there is none; then what the model thinks likely.
        let doubted = |s: &Option<Scored>| candidate.seen && s.as_ref().is_none_or(|s| s.score < DOUBTED);
        let given = self.given(candidate, frame);
        let (actor, recipient) = (&given.0, &given.1);
        let span = |s: &Option<Scored>| scored(s, LIKELY).into_iter().collect::<Vec<_>>();
        let mut actors = match scored(actor, SURE) {
            Some(tokens) => self.all_of(tokens, &span(recipient)),
            None if doubted(actor) => Vec::new(),
            None => self.find(candidate, &frame.actor, None, false),
        };
        if actors.is_empty() {
            actors.extend(scored(actor, LIKELY).into_iter().flat_map(|tokens| self.parties_of(tokens)));
        }
        let done_by: Vec<Range<usize>> = actors.iter().map(|p| p.tokens.clone()).collect();
        let mut recipients = match scored(recipient, LEAST) {
            Some(tokens) => self.all_of(tokens, &done_by),
            None if doubted(recipient) => Vec::new(),
            None => self.find(candidate, &frame.recipient, actors.first(), true),
        };
        if recipients.is_empty() {
            recipients.extend(scored(recipient, LIKELY).into_iter().flat_map(|tokens| self.parties_of(tokens)));
        }
        // Nobody does a thing to himself: of the same words, the actor is meant.
        recipients.retain(|r| !actors.iter().any(|a| a.tokens.contains(&self.top(&r.tokens))));
        // Nor where two names or descriptions are known to be one; of pronouns that is never sure enough.
        let named = |p: &Party| self.tree.upos(self.top(&p.tokens)) != "PRON";
        let one = |a: &Party, r: &Party| a.actor.is_some() && a.actor == r.actor && named(a) && named(r);
        recipients.retain(|r| !actors.iter().any(|a| one(a, r)));
        if actors.is_empty() && !doubted(actor) {
            actors = self.inferred_actor(candidate, frame, said_in, &recipients, others);
            // "Lund said that he had been accused": whoever says so did not accuse himself.
            let same = |a: &Party, r: &Party| a.actor.is_some() && a.actor == r.actor;
            actors.retain(|a| !recipients.iter().any(|r| same(a, r)));
        }
        let spoken: Vec<Range<usize>> = actors.iter().chain(&recipients).map(|p| p.tokens.clone()).collect();
        let place = match scored(&candidate.place, LEAST) {
            Some(tokens) => self.place_at(&tokens),
            None if doubted(&candidate.place) => None,
            None => self.place(candidate, &spoken, said_in),
        };
        let time = match scored(&candidate.time, LEAST) {
            Some(tokens) => {
                let meets = |t: &Range<usize>| t.start < tokens.end && tokens.start < t.end;
                // "Since 2014" says nothing of what the next sentence tells, nor does "the August 2015 strike".
                let own = self.tree.sentence(candidate.head);
                let holds =
                    |n: usize| own.contains(&self.times[n].start) || !self.is_an_end(n) && !self.names_a_deed(n);
                (0..self.times.len()).find(|&n| self.dated[n] && meets(&self.times[n]) && holds(n))
            }
            None if doubted(&candidate.time) => None,
            None => self.time(candidate, None),
        };
        let time = time.or_else(|| if said_in.is_none() { self.carried(candidate) } else { None });
        // When something was said tells roughly when what was said happened, but nothing of what is still to come, and less than a time
        // that stands within what was said.
        let of_the_saying =
            |&t: &usize| self.times.get(t).is_some_and(|t| self.of_the_saying(t, candidate.head, said_in));
        let time = match time.filter(of_the_saying) {
            None => time,
            Some(_) => {
                let within = self.time(candidate, said_in);
                let to_come = matches!(candidate.status, Some(EventStatus::Planned | EventStatus::Possible));
                within.or(time.filter(|_| !to_come))
            }
        };
        EventMention {
            trigger: candidate.trigger.clone(),
            head: candidate.head,
            kind: candidate.kind.clone(),
            mode: candidate.mode.clone(),
            actors,
            recipients,
            place,
            time,
            status: candidate.status.unwrap_or(EventStatus::Happened),
            said_in,
            same: candidate.same.clone(),
            score: candidate.score,
        }
    }

    /// Who did it and to whom by the model, where the tree does not say otherwise: the subject of a passive verb is whom it was done to, and so
    /// is whoever's death or arrest a noun tells; a clause with an inserted "it says" is not of whoever says so.
    fn given(&self, candidate: &Candidate, frame: &Frame) -> (Option<Scored>, Option<Scored>) {
        let tree = self.tree;
        let head = candidate.head;
        let whole = |s: &Option<Scored>| {
            s.clone().map(|s| Scored { tokens: self.past_hyphen(s.tokens, head), ..s }).filter(|s| !s.tokens.is_empty())
        };
        let (actor, recipient) = (whole(&candidate.actor), whole(&candidate.recipient));
        let near = |r: &Scored| r.score >= FAR || tree.sentence(r.tokens.start) == tree.sentence(head);
        let reached = |r: &Scored| r.score >= UNREACHED || self.reaches(head, r);
        let recipient = recipient.filter(|r| near(r) && reached(r) && !self.is_no_recipient(candidate, r));
        let Some(top) = actor.as_ref().filter(|a| a.tokens.end <= tree.len()).map(|a| self.top(&a.tokens)) else {
            return (actor, recipient);
        };
        let passive = tree.upos(head) == "VERB" && tree.passive(head) && tree.before_hyphen(head).is_none();
        let moves = self.knowledge().events().type_moves(&candidate.kind);
        let suffers = if passive {
            // "Police arrested two men, accused of a plot": whose participle it is that the tree joins to the verb, the model knows better.
            let own = tree.universal(head) != "advcl" || tree.child(head, &["aux:pass", "nsubj:pass"]).is_some();
            let transitive = [Role::Object, Role::Indirect].iter().any(|role| frame.recipient.contains(role));
            own && !moves && transitive && self.object(head).is_some_and(|o| o == top)
        } else {
            // "the death of the mayor", "the mayor's arrest": where the frame says that the noun is of what was done to him.
            let of = Role::Preposition("of".into());
            let noun = tree.upos(head) == "NOUN" && frame.recipient.first() == Some(&of) && !frame.actor.contains(&of);
            let own = tree.head(top) == Some(head);
            let owned = frame.recipient.contains(&Role::Possessor) && !frame.actor.contains(&Role::Possessor);
            let joined = |of: &usize| tree.universal(*of) == "nmod" && tree.case(*of) == Some("of");
            let another = tree.children(head).iter().any(joined);
            noun && own && (joined(&top) || owned && tree.relation(top) == "nmod:poss" && !another)
        };
        if suffers {
            return (None, actor);
        }
        let says = tree.head(head).filter(|&v| tree.universal(head) == "ccomp" && self.is_inserted(v));
        if says.is_some_and(|v| tree.child(v, &["nsubj"]) == Some(top)) {
            let tokens = self.subject(head, 0).map(|s| s..s + 1);
            return (tokens.map(|tokens| Scored { tokens, score: 1.0 }), recipient);
        }
        // What a noun tells is not done by somebody of another sentence unless the model is sure.
        let near = tree.sentence(top) == tree.sentence(head) || tree.upos(head) != "NOUN";
        (actor.filter(|a| near || a.score >= FAR), recipient)
    }

    /// A stretch that ends before a hyphen, with what is written together with it: of "Norland" in "Norland-backed troops", these; of "self",
    /// "self-rule". What the participle itself tells, whose trigger it is, is done by whoever stands before it.
    fn past_hyphen(&self, tokens: Range<usize>, trigger: usize) -> Range<usize> {
        let tree = self.tree;
        let after = tokens.end + 1;
        // "Norland-backed" alone, of the troops.
        let described = tokens.clone().last().filter(|&v| v != trigger && tree.before_hyphen(v).is_some());
        if let Some(described) = described.and_then(|v| tree.described(v)).filter(|&d| d != trigger) {
            return tokens.start..described + 1;
        }
        if tokens.is_empty() || after >= tree.len() || !tree.touches(tokens.end - 1) || !tree.touches(tokens.end) {
            return tokens;
        }
        if !matches!(tree.lower(tokens.end), "-" | "‑") {
            return tokens;
        }
        match tree.before_hyphen(after).map(|_| tree.described(after)) {
            Some(_) if after == trigger => tokens,
            Some(Some(described)) if described != trigger => tokens.start..described + 1,
            Some(_) => tokens,
            None => tokens.start..after + 1,
        }
    }

    /// Whether the tree lets somebody take part in what a trigger of their sentence tells: below it, or joined to what it stands below. Of "warned
    /// of an attack after the guards had left", not the guards.
    fn reaches(&self, trigger: usize, part: &Scored) -> bool {
        let tree = self.tree;
        let top = self.top(&self.whole(part.tokens.clone()));
        let up = |t: usize| std::iter::once(t).chain(tree.above(t));
        if tree.sentence(top) != tree.sentence(trigger) || up(top).any(|t| t == trigger) {
            return true;
        }
        let above: Vec<usize> = up(trigger).collect();
        let nominal = |t: &usize| {
            matches!(tree.universal(*t), "nmod" | "appos" | "compound" | "flat" | "conj" | "amod" | "nummod" | "det")
        };
        // Up to what is no part of another noun, and what that is joined to.
        let outermost = up(top).find(|t| above.contains(t) || !nominal(t));
        outermost.is_some_and(|t| above.contains(&t) || tree.head(t).is_some_and(|head| above.contains(&head)))
    }

    /// Whether what the model takes for whom a deed is done to is not: those for whom it is done ("strikes in support of the troops"), one's own
    /// troops that one threatens or attacks with, and of what several agreed about, the subject of what they agreed.
    fn is_no_recipient(&self, candidate: &Candidate, recipient: &Scored) -> bool {
        let tree = self.tree;
        let top = self.top(&self.whole(recipient.tokens.clone()));
        let events = self.knowledge().events();
        let hostile = events.quad(&candidate.kind).is_some_and(|quad| quad.ends_with("conflict"));
        let case = |t: usize| tree.children(t).iter().filter(|&&c| tree.universal(c) == "case").map(|&c| tree.lower(c));
        // "in support of them": by the noun between, or as one preposition.
        let helped = |t: usize| {
            let noun = tree.head(t).filter(|_| tree.case(t) == Some("of"));
            noun.is_some_and(|n| events.is_helping(tree.lemma(n)) && tree.case(n) == Some("in"))
                || case(t).any(|word| events.is_helping(word))
        };
        let own = || {
            let owner = tree.child(top, &["nmod:poss"]);
            let own = owner.is_some_and(|o| matches!(tree.lower(o), "his" | "her" | "its" | "their" | "our" | "my"));
            let armed = |w: &ActorWord| w.sectors.first() == Some(&"MIL");
            let troops = self.knowledge().actors().word(tree.lemma(top)).iter().any(armed);
            own && troops && matches!(candidate.kind.as_str(), "ASSAULT" | "THREATEN")
        };
        let agreed = || {
            let clause = tree.head(top).filter(|_| tree.universal(top) == "nsubj");
            clause.is_some_and(|c| tree.universal(c) == "ccomp" && tree.head(c) == Some(candidate.head))
        };
        hostile && (helped(top) || own()) || candidate.kind == "AGREE" && agreed()
    }

    /// The frame that the lexicon has for the trigger's head and type.
    fn known_frame(&self, candidate: &Candidate) -> Option<&'a Frame> {
        let fits = |e: &&annalist_knowledge::EventEntry| {
            e.kind.as_deref() == Some(&*candidate.kind) && e.part.admits(self.tree.upos(candidate.head))
        };
        let entries = self.knowledge().events().with_head(self.tree.lemma(candidate.head));
        entries.filter(fits).min_by_key(|e| e.others.len()).map(|e| &*e.frame)
    }

    /// The innermost statement in whose content a token stands, by number.
    fn said_in(&self, t: usize) -> Option<usize> {
        let holds = |n: &usize| self.contents.get(*n).is_some_and(|(s, _)| s.iter().any(|s| s.contains(&t)));
        (0..self.contents.len()).filter(holds).min_by_key(|&n| self.contents.get(n).map_or(0, |c| c.1))
    }

    /// The participants at the first of some roles that has any.
    fn find(&self, candidate: &Candidate, roles: &[Role], not: Option<&Party>, recipient: bool) -> Vec<Party> {
        for role in roles {
            let mut parties: Vec<Party> = Vec::new();
            for t in self.at(candidate, role) {
                if candidate.words.contains(&t) || not.is_some_and(|p| p.tokens.contains(&t)) {
                    continue;
                }
                for t in self.conjoined(t) {
                    if let Some(party) = self.party(t, recipient).filter(|p| !parties.contains(p)) {
                        parties.push(party);
                    }
                }
            }
            if !parties.is_empty() {
                return parties;
            }
        }
        Vec::new()
    }

    /// The tokens at a role.
    fn at(&self, candidate: &Candidate, role: &Role) -> Vec<usize> {
        let tree = self.tree;
        let head = candidate.head;
        match role {
            Role::Subject => self.subject(head, 0).into_iter().collect(),
            Role::Object => self.object(head).into_iter().collect(),
            Role::Indirect => tree.child(head, &["iobj"]).into_iter().collect(),
            Role::ClauseSubject => {
                let clause = tree.child(head, &["ccomp", "xcomp", "advcl"]);
                clause.and_then(|c| tree.child(c, &["nsubj", "nsubj:pass"])).into_iter().collect()
            }
            Role::Possessor => {
                let own = candidate.words.iter().chain([&head]).find_map(|&w| tree.child(w, &["nmod:poss"]));
                own.into_iter().collect()
            }
            Role::Modifier => {
                candidate.words.iter().chain([&head]).find_map(|&w| self.modifier(w)).into_iter().collect()
            }
            Role::Governor => self.governor_subject(head, 0).into_iter().collect(),
            Role::GovernorObject => {
                let verb = tree.head(head).filter(|_| tree.relation(head) == "nsubj");
                verb.filter(|&v| tree.upos(v) == "VERB").and_then(|v| self.object(v)).into_iter().collect()
            }
            Role::Preposition(word) => self.by_preposition(candidate, word),
        }
    }

    /// What a preposition joins to the trigger's words, or to the verb the trigger depends on.
    fn by_preposition(&self, candidate: &Candidate, word: &str) -> Vec<usize> {
        let tree = self.tree;
        let joined = |site: usize| -> Vec<usize> {
            let fits = |c: &&usize| {
                matches!(tree.universal(**c), "obl" | "nmod" | "advcl" | "acl") && tree.case(**c) == Some(word)
            };
            tree.children(site).iter().filter(fits).copied().collect()
        };
        let mut sites: Vec<usize> = vec![candidate.head];
        sites.extend(candidate.words.iter().filter(|w| **w != candidate.head));
        for site in sites {
            let found = joined(site);
            if !found.is_empty() {
                return found;
            }
        }
        // "carried out an attack on them", "talks were held with them": the tree may join the phrase to the verb.
        let noun = !matches!(tree.upos(candidate.head), "VERB" | "AUX");
        let governs = matches!(tree.universal(candidate.head), "obj" | "nsubj" | "obl" | "xcomp");
        let verb = tree.head(candidate.head).filter(|_| noun && governs);
        let after = |c: &usize| *c > candidate.head || tree.relation(candidate.head) == "nsubj:pass";
        verb.map(|v| joined(v).into_iter().filter(after).filter(|&c| c != candidate.head).collect()).unwrap_or_default()
    }
}
