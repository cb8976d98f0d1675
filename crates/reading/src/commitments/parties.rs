//! Who is bound, to whom, and who would do what is promised.

use annalist_knowledge::NounClass;
use annalist_record::{Act, ActorKind, Mention, MentionForm, Quoted, Statement};

use super::{Candidate, Form, Reading};

impl Reading<'_> {
    /// Whether a phrase stands for somebody who can bind themselves.
    pub(super) fn is_agent(&self, t: usize) -> bool {
        matches!(
            self.subject_class(Some(t)),
            "i" | "we" | "he" | "they" | "person" | "group" | "name" | "place" | "actor"
        )
    }

    pub(super) fn subject_class(&self, subject: Option<usize>) -> &'static str {
        let Some(t) = subject else { return "none" };
        let c = self.c;
        match c.lower[t].as_str() {
            "i" => return "i",
            "we" | "us" => return "we",
            "he" | "she" | "him" => return "he",
            "they" | "them" => return "they",
            "it" => return "it",
            "you" => return "you",
            "who" => return "who",
            "which" | "that" => return "which",
            "this" | "there" | "these" | "what" | "those" => return "this",
            _ => {}
        }
        if c.upos(t) == "PROPN" {
            return match c.name_kind(t) {
                Some("PER") => "name",
                Some("ORG") => "group",
                Some("LOC") => "place",
                _ => "proper",
            };
        }
        match self.knowledge.referents().noun(self.lemma(t)) {
            Some(NounClass::Person) => "person",
            Some(NounClass::Group) => "group",
            Some(NounClass::Place) => "place",
            _ if c.actor(t).is_some() => "actor",
            Some(NounClass::Event) => "event",
            _ => "thing",
        }
    }

    /// The head of the phrase for whoever would be bound.
    pub(super) fn binder(&self, candidate: &Candidate) -> Option<usize> {
        let c = self.c;
        let own = c.child(candidate.deed, &["nsubj"]).filter(|_| candidate.form != Form::Noun);
        let inherited = || {
            if matches!(candidate.form, Form::Will | Form::Would | Form::GoingTo | Form::BeTo) {
                c.subject(candidate.deed)
            } else {
                None
            }
        };
        if let Some(subject) = own.or_else(inherited) {
            if let Some(antecedent) = self.c.antecedent(subject) {
                return Some(antecedent);
            }
            // "announced that 2,000 troops will leave": bound is who announces it.
            let announced = candidate.cue.filter(|&cue| candidate.link == "ccomp" && self.commits(cue));
            let counted = c.child(subject, &["nummod"]).is_some() || c.child(subject, &["nmod:poss"]).is_some();
            let announcer =
                announced.filter(|_| counted && self.c.upos(subject) == "NOUN").and_then(|cue| self.of_cue(cue));
            if let Some(announcer) = announcer.filter(|&a| self.is_agent(a)) {
                return Some(announcer);
            }
            // "the plan would cut taxes": whose plan it is; of what is nobody's, nobody.
            let owner = c.child(subject, &["nmod:poss"]).filter(|&k| self.is_agent(k));
            let by = c.children[candidate.deed].iter().copied().find(|&k| {
                c.is(k, &["obl:agent"])
                    || (c.is(k, &["obl"])
                        && self.case(k) == "by"
                        && c.relation(subject) == "nsubj:pass"
                        && self.is_agent(k))
            });
            let told = c.relation(subject) != "nsubj:pass" || by.is_some();
            if told && (self.is_agent(subject) || matches!(self.subject_class(Some(subject)), "it" | "proper")) {
                return by.or(Some(subject));
            }
            if by.is_some() {
                return by;
            }
            if told && !matches!(self.subject_class(Some(subject)), "none" | "who" | "which" | "you") {
                return owner;
            }
        }
        self.of_cue(candidate.cue?)
    }

    /// Whether who speaks by a verb binds himself by it: who announces, promises, offers or threatens.
    fn commits(&self, verb: usize) -> bool {
        self.c.cued(verb).any(|s| matches!(s.act, Act::Announce | Act::Promise | Act::Offer | Act::Threaten))
    }

    /// The subject of the deed itself, its own or inherited.
    pub(super) fn doer(&self, candidate: &Candidate) -> Option<usize> {
        let c = self.c;
        let finite = matches!(candidate.form, Form::Will | Form::Would | Form::GoingTo | Form::BeTo);
        let subject = match candidate.form {
            Form::Noun => None,
            _ if finite => c.subject(candidate.deed),
            _ => c.child(candidate.deed, &["nsubj"]),
        }?;
        self.c.antecedent(subject).or(Some(subject))
    }

    /// What a doer is, with what its noun refers to where it is nobody.
    pub(super) fn class_of_doer(&self, t: usize) -> &'static str {
        match self.subject_class(Some(t)) {
            "thing" => match self.knowledge.referents().noun(self.lemma(t)) {
                Some(NounClass::Abstract) => "abstract",
                Some(NounClass::Time) => "time",
                Some(_) => "thing",
                None => "unknown",
            },
            class => class,
        }
    }

    /// Whose a cue is: the subject of a verb, whose a noun is.
    fn of_cue(&self, cue: usize) -> Option<usize> {
        let c = self.c;
        if c.is_verb(cue) || c.upos(cue) == "ADJ" {
            let passive = c.child(cue, &["nsubj:pass"]).is_some();
            if passive {
                let by = c.children[cue].iter().copied().find(|&k| c.is(k, &["obl"]) && self.case(k) == "by");
                // "is expected to", "are determined to": those who are, not those who do it to them.
                return by.or_else(|| c.child(cue, &["nsubj:pass"]));
            }
            let subject = c.subject(cue)?;
            return self.c.antecedent(subject).or(Some(subject));
        }
        let owner = c.children[cue].iter().copied().find(|&k| c.is(k, &["nmod:poss"]));
        let owner = owner.or_else(|| {
            c.children[cue].iter().copied().find(|&k| c.is(k, &["nmod"]) && matches!(self.case(k), "by" | "from"))
        });
        let owner = owner.or_else(|| {
            let mut before = c.children[cue].iter().copied().filter(|&k| k < cue && c.is(k, &["compound", "amod"]));
            before.find(|&k| c.actor(k).is_some() || c.upos(k) == "PROPN")
        });
        owner.or_else(|| {
            let verb = c.head(cue)?;
            if c.is(cue, &["nsubj"]) || !c.is_verb(verb) {
                return None;
            }
            let subject = c.subject(verb)?;
            self.c.antecedent(subject).or(Some(subject))
        })
    }

    pub(super) fn case(&self, t: usize) -> &str {
        self.c.child(t, &["case"]).map_or("", |k| self.lemma(k))
    }

    /// The ids of who is bound and to whom.
    pub(super) fn parties(
        &self,
        candidate: &Candidate,
        statement: Option<&Statement>,
    ) -> (Option<String>, Option<String>) {
        let c = self.c;
        let id = |t: usize| c.actor(t).map(|a| a.id.clone());
        let binder = self.binder(candidate);
        let speaker = || statement.and_then(|s| s.speaker.clone());
        let by = match binder {
            Some(t) if self.is_first_person(t) => match self.quoting(t) {
                Some(quoting) => quoting.speaker.clone().or_else(|| id(t)),
                None => id(t).or_else(speaker),
            },
            Some(t) if statement.is_some_and(|s| self.speaks_of_self(t, s)) => speaker(),
            Some(t) => id(t),
            None => speaker(),
        };
        let by = by.filter(|id| self.can_bind(id));
        let to = self.bound_to(candidate).and_then(id).filter(|to| by.as_ref() != Some(to));
        let addressee = statement.and_then(|s| s.addressee.clone()).filter(|to| by.as_ref() != Some(to));
        (by, to.or(addressee))
    }

    /// Whether a word is one of the speaker's for himself or his side: "I", "our".
    fn is_first_person(&self, t: usize) -> bool {
        matches!(self.c.lower[t].as_str(), "i" | "we" | "us" | "me" | "my" | "our")
    }

    /// The statement that quotes what stands at a token, so that its speaker is "I" there: the innermost one that holds it, or one around
    /// that, where it is told in another's words ("“I think we will win,” she said").
    fn quoting(&self, t: usize) -> Option<&Statement> {
        let mut quoting = self.c.said_in(t)?;
        for _ in 0..4 {
            let opened = quoting.content.iter().any(|s| s.text.starts_with(['“', '"', '‘', '\'', '`', '«']));
            let around = quoting.inside.as_ref().and_then(|id| self.known.statements.iter().find(|s| s.id == *id));
            match around.filter(|outer| outer.quoted != Quoted::Indirect && !opened) {
                Some(outer) => quoting = outer,
                None => break,
            }
        }
        (quoting.quoted != Quoted::Indirect).then_some(quoting)
    }

    /// Whether an actor is somebody who can bind himself: one that is named, a person, or a certain body ("the army", "the team", "Norwegian
    /// troops", "local officials"); not "pledges", "camp residents", "2,000 troops".
    fn can_bind(&self, id: &str) -> bool {
        let Some(actor) = self.known.actors.iter().find(|a| a.id == id) else { return false };
        if actor.mentions.iter().any(|m| m.form == MentionForm::Name) {
            return true;
        }
        let is_group = |t: usize| self.knowledge.referents().noun(self.lemma(t)) == Some(NounClass::Group);
        let group = || actor.mentions.iter().any(|m| self.c.tokens(&m.span).any(is_group));
        match actor.kind {
            None | Some(ActorKind::People) if !group() => false,
            Some(ActorKind::Person | ActorKind::Office) => true,
            kind => {
                let fighters = matches!(kind, Some(ActorKind::Military | ActorKind::ArmedGroup));
                let certain = |m: &Mention| {
                    let tokens = self.c.tokens(&m.span);
                    let first = tokens.clone().next();
                    let has = |relation: &str| tokens.clone().any(|t| self.c.is(t, &[relation]));
                    let officials =
                        |t: usize| self.knowledge.referents().noun(self.lemma(t)) == Some(NounClass::Person);
                    first.is_some_and(|t| self.c.is(t, &["det"]) && !self.words.is_indefinite(&self.c.lower[t]))
                        || has("nmod:poss")
                        || !has("nummod") && (actor.country.is_some() || !fighters && tokens.clone().any(officials))
                };
                actor.mentions.iter().any(certain)
            }
        }
    }

    /// Whether a pronoun in what is said stands for the speaker: "Lund said she would stay", as the first subject of what the cue governs.
    fn speaks_of_self(&self, pronoun: usize, statement: &Statement) -> bool {
        let c = self.c;
        let speaker = self.known.actors.iter().find(|a| Some(&a.id) == statement.speaker.as_ref());
        let Some(speaker) = speaker else { return false };
        let fits = match self.subject_class(Some(pronoun)) {
            "he" => matches!(speaker.kind, Some(ActorKind::Person) | None),
            "it" => speaker.kind != Some(ActorKind::Person),
            "they" => true,
            _ => false,
        };
        let governed = |verb: usize| {
            let above = c.head(verb).filter(|_| c.is(verb, &["ccomp", "parataxis"]));
            above.is_some_and(|cue| c.cued(cue).any(|s| s.id == statement.id))
        };
        fits && statement.quoted != Quoted::Direct && c.head(pronoun).is_some_and(governed)
    }

    /// The head of the phrase for those to whom somebody is bound.
    fn bound_to(&self, candidate: &Candidate) -> Option<usize> {
        let c = self.c;
        let who = |t: usize| self.is_agent(t) || c.lower[t] == "it";
        if let Some(cue) = candidate.cue {
            if c.is_verb(cue)
                && candidate.link != "pass"
                && self.words.kind(self.lemma(cue)).is_some()
                && let Some(patient) = c.child(cue, &["nsubj:pass"]).filter(|&p| who(p) && candidate.form == Form::Noun)
            {
                return Some(patient);
            }
            let given = c.children[cue]
                .iter()
                .copied()
                .find(|&k| k != candidate.deed && c.is(k, &["iobj", "obj"]) && who(k) && c.is_verb(cue));
            let to = || {
                c.children[cue].iter().copied().find(|&k| {
                    k != candidate.deed
                        && c.is(k, &["obl", "nmod"])
                        && matches!(self.case(k), "to" | "against" | "with")
                        && who(k)
                })
            };
            if let Some(t) = given.or_else(to) {
                return Some(t);
            }
        }
        // Whom the deed is for, or against.
        let own = c.children[candidate.deed].iter().copied();
        let cases = |k: usize| matches!(self.case(k), "to" | "for" | "against" | "on" | "with" | "from");
        // "give the boy to his father": of what is moved and to whom, to whom; what is trained or sent is nobody's partner.
        if self.words.moves(self.lemma(candidate.deed)) {
            // The tree may have "to his father" with what is moved.
            let moved = own.clone().filter(|&k| c.is(k, &["obj", "iobj"])).flat_map(|k| c.children[k].iter().copied());
            let to = |&k: &usize| c.is(k, &["obl", "nmod"]) && matches!(self.case(k), "to" | "with") && who(k);
            let given = |&k: &usize| c.is(k, &["iobj"]) && who(k);
            return own.clone().chain(moved).find(to).or_else(|| own.clone().find(given));
        }
        own.filter(|&k| c.is(k, &["iobj", "obj"]) || (c.is(k, &["obl", "nmod"]) && cases(k))).find(|&k| who(k))
    }
}
