//! Whether a change took place, of a position that is the actor's own.

use annalist_knowledge::NounClass;
use annalist_record::ActorKind;

use super::Reading;

/// So many clauses up from a change are asked whether they are so.
const DEEPEST: usize = 4;

impl Reading<'_> {
    /// Whether a phrase stands for somebody who can have a position.
    pub(super) fn is_agent(&self, t: usize) -> bool {
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

    /// Whether a clause tells what is so: neither possible nor wanted, asked or denied.
    pub(super) fn is_real(&self, verb: usize) -> bool {
        self.is_real_within(verb, DEEPEST)
    }

    fn is_real_within(&self, verb: usize, depth: usize) -> bool {
        let c = self.c;
        if depth == 0 {
            return true;
        }
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
            return tells && !c.is_negated(head) && !modal(head) && self.is_real_within(head, depth - 1);
        }
        // "could make a start by withdrawing her invitation"
        if bare && c.is(verb, &["advcl"]) && c.child(verb, &["mark", "case"]).is_some() {
            return c.head(verb).is_none_or(|head| !c.is_verb(head) || self.is_real_within(head, depth - 1));
        }
        if c.is(verb, &["conj"])
            && c.head(verb).is_some_and(|h| {
                c.is_verb(h) && (modal(h) || c.is(h, &["xcomp"]) && !self.is_real_within(h, depth - 1))
            })
            && c.child(verb, &["nsubj"]).is_none()
        {
            return false;
        }
        true
    }

    /// Whether under a word what depends on it, through `below`, is only wanted, feared, possible or denied.
    pub(super) fn makes_unreal(&self, t: usize, below: usize) -> bool {
        let c = self.c;
        let with = |k: usize| format!("{} {}", self.lemma(t), c.lower[k]);
        let case = c.child(below, &["case"]).map(with);
        let particle = c.child(t, &["compound:prt"]).map(with);
        self.words.is_unreal(self.lemma(t))
            || case.is_some_and(|w| self.words.is_unreal(&w))
            || particle.is_some_and(|w| self.words.is_unreal(&w))
            || c.children[t].iter().any(|&k| c.is(k, &["det"]) && self.words.is_none(&c.lower[k]))
    }

    /// Whether a position that is given up is one's own: "its plan", "plans to leave", "opposition to …"; not "his veto" if a body
    /// overturns it, nor what is also traded or stood on: "orders for 50 jets", "their positions near the river".
    pub(super) fn is_own(&self, noun: usize, who: usize) -> bool {
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

    /// Whether a position is told by whose it is, and that is another: "Lund's policy", "the Lund-era policy".
    pub(super) fn is_anothers(&self, noun: usize, who: usize) -> bool {
        let c = self.c;
        let names = |&k: &usize| k < noun && c.is(k, &["nmod:poss", "compound", "amod"]) && c.upos(k) != "PRON";
        let named = |k: usize| {
            let within = c.phrase(k, |_| false);
            within.into_iter().find(|&t| matches!(c.name_kind(t), Some("PER" | "ORG" | "LOC")))
        };
        let mut owners = c.children[noun].iter().copied().filter(names).filter_map(named);
        owners.any(|owner| owner != who && self.actor_of(owner).is_none_or(|a| self.actor_of(who) != Some(a)))
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
    pub(super) fn can_be_held(&self, t: usize) -> bool {
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
}
