//! What is told of those counted: that they were killed, detained, displaced and the like, and by which word.

use std::collections::HashSet;

use annalist_knowledge::FigureKind;

use super::{Number, Reading, Set, Told};

impl<'a> Reading<'a> {
    /// The kind of a set of people, the word that tells it, and how.
    pub(super) fn kind(&self, set: &Set, depth: usize) -> Option<(&'a FigureKind, usize, Told)> {
        let kinds = self.words.kinds();
        let c = self.c;
        let noun = set.noun;
        // "shot and killed": what is joined to a verb is done to the same.
        let joined = |verb: usize| {
            let bare = move |&k: &usize| {
                k > verb && c.is(k, &["conj"]) && c.is_verb(k) && c.child(k, &["nsubj", "obj"]).is_none()
            };
            std::iter::once(verb).chain(c.children[verb].iter().copied().filter(bare))
        };
        let by_verb = |verb: usize, passive: bool| {
            let told = |verb: usize| {
                kinds.iter().find(|k| {
                    let list = if passive { &k.verbs } else { &k.undergo };
                    self.fits(list, verb, noun)
                })
            };
            let mut told = joined(verb).filter_map(told);
            let first = told.next()?;
            Some(if first.broad { told.find(|k| !k.broad).unwrap_or(first) } else { first })
        };
        if depth == 0
            && let Some((kind, at)) = self.right_after(set)
        {
            return Some((kind, at, Told::State));
        }
        let found = |kind: Option<&'a FigureKind>, at: usize, told: Told| kind.map(|k| (k, at, told));
        // What those counted are called by: "12 dead", "12 deaths".
        let own = || {
            let state =
                kinds.iter().find(|k| k.states.contains(self.lemma(noun)) || k.states.contains(self.word(noun)));
            let state = state.filter(|_| noun != set.number.bare.start);
            found(state, noun, Told::State)
                .or_else(|| found(kinds.iter().find(|k| k.toll.contains(self.lemma(noun))), noun, Told::Toll))
        };
        if let Some(own) = own() {
            return Some(own);
        }
        // Adjectives: "12 wounded soldiers", "12 of the wounded", "left 12 people dead".
        let states = |t: usize| {
            let adjectives =
                c.children[t].iter().copied().filter(|&k| c.is(k, &["amod", "xcomp", "appos", "dep", "acl"]));
            let within = c.children[t].iter().copied().filter(|&k| c.is(k, &["nmod"]) && self.case_of(k) == "in");
            adjectives
                .chain(within)
                .filter_map(|k| {
                    let kind =
                        kinds.iter().find(|f| f.states.contains(self.word(k)) || f.states.contains(self.lemma(k)));
                    found(kind, k, Told::State)
                })
                .next()
        };
        if let Some(state) = states(noun).or_else(|| set.people.and_then(states)) {
            return Some(state);
        }
        if let Some(people) = set.people.filter(|&p| p != noun) {
            let kind =
                kinds.iter().find(|k| k.states.contains(self.word(people)) || k.toll.contains(self.lemma(people)));
            if let Some(kind) = kind {
                return Some((kind, people, Told::State));
            }
        }
        // "killed 10 people and wounded about 70 others": the verb right before a number tells of it, to whichever the tree joins it.
        if depth == 0
            && let Some((kind, verb)) = self.verb_before(set.number)
            && c.is(noun, &["obj"])
            && c.head(noun).is_some_and(|head| head < verb)
        {
            return Some((kind, verb, Told::Verb));
        }
        // What is done to them or by them.
        if let Some(head) = c.head(noun) {
            let passive = c.child(head, &["aux:pass"]).is_some();
            let active_object = || c.child(head, &["obj"]).is_some();
            // "are believed to have died", "remain homeless", "were found dead"
            let complement = || {
                let k = c.children[head].iter().copied().find(|&k| k > head && c.is(k, &["xcomp"]))?;
                let done_to = c.child(k, &["aux:pass"]).is_some();
                let state = self
                    .state(k)
                    .or_else(|| kinds.iter().find(|f| self.done(k, &f.verbs) && c.child(k, &["obj"]).is_none()));
                let kind = if done_to { by_verb(k, true) } else { by_verb(k, false).or(state) };
                found(kind, k, Told::Verb)
            };
            // What stands behind a verb without a preposition is its object, whatever the tree calls it.
            let relation = match c.relation(noun) {
                "obl" if noun > head && c.is_verb(head) && self.case_of(noun).is_empty() => "obj",
                relation => relation,
            };
            let told = match relation {
                "obj" => found(by_verb(head, true), head, Told::Verb).or_else(|| {
                    let complement = c.children[head]
                        .iter()
                        .copied()
                        .find(|&k| k > noun && c.is(k, &["xcomp", "amod", "advcl", "dep"]))?;
                    let kind = kinds
                        .iter()
                        .find(|k| k.states.contains(self.word(complement)) || self.done(complement, &k.verbs));
                    // "forced 300 to flee"
                    let by_them = || by_verb(complement, false).filter(|_| c.is(complement, &["xcomp"]));
                    found(kind, complement, Told::State).or_else(|| found(by_them(), complement, Told::Verb))
                }),
                "nsubj:pass" => {
                    let done = by_verb(head, true).filter(|_| !self.is_active(head));
                    found(done.or_else(|| self.state(head)), head, Told::Verb).or_else(complement)
                }
                "nsubj" | "csubj" => found(by_verb(head, false).or_else(|| self.state(head)), head, Told::Verb)
                    .or_else(|| {
                        let bare = || !active_object() && self.participle(head) && !self.is_active(head);
                        found(by_verb(head, true).filter(|_| passive || bare()), head, Told::Verb)
                    })
                    .or_else(complement),
                r if (r.starts_with("nmod") || r == "obl") && self.case_of(noun) == "of" => {
                    found(kinds.iter().find(|k| k.acts.contains(self.lemma(head))), head, Told::Act)
                }
                _ => None,
            };
            if told.is_some() {
                return told;
            }
        }
        // "12 people killed in …", "12 people who died"
        let holders = [Some(noun), set.people, Some(set.number.bare.end.saturating_sub(1))];
        for holder in holders.into_iter().flatten() {
            for &k in
                c.children[holder].iter().filter(|&&k| k > holder && c.is(k, &["acl", "dep", "parataxis", "advcl"]))
            {
                let passive = c.child(k, &["aux:pass"]).is_some();
                let kind = if c.relation(k) == "acl:relcl" {
                    let subject = c.child(k, &["nsubj", "nsubj:pass"]);
                    let own = subject.is_some_and(|s| matches!(self.word(s), "who" | "that" | "which"));
                    match () {
                        () if passive && (own || subject.is_none()) => by_verb(k, true),
                        () if own => by_verb(k, false),
                        () => None,
                    }
                } else if self.participle(k) && !self.is_active(k) && c.child(k, &["nsubj:pass"]).is_none() {
                    by_verb(k, true)
                } else {
                    None
                };
                if let Some(kind) = kind {
                    return Some((kind, k, Told::Verb));
                }
            }
        }
        if let Some(toll) = self.toll(set) {
            return Some(toll);
        }
        if depth == 0
            && let Some((kind, at)) = self.beside(set)
        {
            return Some((kind, at, Told::Beside));
        }
        // "wounded over 5,000 others": the verb stands right before it.
        if depth == 0
            && let Some((kind, verb)) = self.verb_before(set.number)
        {
            return Some((kind, verb, Told::Beside));
        }
        // "two soldiers and three civilians were killed", "12 people, including three children"
        if depth < 3
            && let Some(head) = c.head(noun)
        {
            let joined = c.is(noun, &["conj", "appos"])
                || (c.is(noun, &["nmod", "obl"]) && matches!(self.case_of(noun), "including" | "include"));
            if joined && !c.is_verb(head) && head != noun {
                let other = Set { noun: head, people: Some(head), number: set.number };
                if let Some(kind) = self.kind(&other, depth + 1).filter(|(_, _, told)| *told != Told::People) {
                    return Some(kind);
                }
            }
        }
        // "12 people fleeing the fire"
        let fleeing =
            c.children[noun].iter().copied().find(|&k| k > noun && c.is(k, &["acl"]) && c.lower[k].ends_with("ing"));
        if let Some(told) = fleeing.and_then(|k| found(by_verb(k, false), k, Told::Verb)) {
            return Some(told);
        }
        let named = set.people.unwrap_or(noun);
        found(kinds.iter().find(|k| k.people.contains(self.lemma(named))), named, Told::People)
    }

    /// "one seriously injured", "over 1,000 wounded": nothing but the state stands behind a bare number.
    fn right_after(&self, set: &Set) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let mut t = set.number.tokens.end;
        let end = c.sentence_of(set.number.bare.start).end;
        let passed = |t: usize| c.upos(t) == "ADV" || matches!(self.word(t), "others" | "other" | "more");
        while t < end && passed(t) && t < set.number.tokens.end + 3 {
            t += 1;
        }
        if t >= end || matches!(c.upos(t + 1), "NOUN" | "PROPN" | "ADJ") && t + 1 < end {
            return None;
        }
        let told = |k: &&FigureKind| {
            // "a million more fled"
            let finite = c.is_verb(t) && !self.word(t).ends_with("ing") && c.child(t, &["nsubj"]).is_none();
            if finite && self.among(&k.undergo, t) {
                return true;
            }
            let bare = c.child(t, &["obj"]).is_none() && !self.is_active(t);
            k.states.contains(self.word(t)) || bare && self.done(t, &k.verbs)
        };
        self.words.kinds().iter().find(told).map(|kind| (kind, t))
    }

    /// The verb right before a number, if it tells what was done to those counted.
    pub(super) fn verb_before(&self, number: &Number) -> Option<(&'a FigureKind, usize)> {
        let verb = number.tokens.start.checked_sub(1)?;
        let c = self.c;
        let tagged = c.is_verb(verb) || self.word(verb).ends_with("ing") || self.word(verb).ends_with("ed");
        if !tagged || c.child(verb, &["aux:pass"]).is_some() {
            return None;
        }
        self.words.kinds().iter().find(|k| self.among(&k.verbs, verb)).map(|kind| (kind, verb))
    }

    /// Whether a verb, with the words that depend on it, is in a list.
    fn fits(&self, list: &HashSet<String>, verb: usize, noun: usize) -> bool {
        let c = self.c;
        if self.among(list, verb) {
            return true;
        }
        let mut seconds = c.children[verb].iter().copied().chain([noun]).filter(|&k| k.abs_diff(verb) < 12);
        seconds.any(|k| {
            let both = |second: &str| {
                [self.lemma(verb), self.word(verb)].iter().any(|first| list.contains(&format!("{first} {second}")))
            };
            both(self.lemma(k)) || both(self.word(k))
        })
    }

    fn state(&self, t: usize) -> Option<&'a FigureKind> {
        self.words.kinds().iter().find(|k| k.states.contains(self.word(t)))
    }

    fn done(&self, t: usize, verbs: &HashSet<String>) -> bool {
        self.participle(t) && self.among(verbs, t)
    }

    /// Whether a verb's form can be a past participle.
    fn participle(&self, t: usize) -> bool {
        let (word, lemma) = (self.word(t), self.lemma(t));
        (self.c.upos(t) != "NOUN" || self.c.child(t, &["aux:pass"]).is_some())
            && !word.ends_with("ing")
            && (word != lemma || word == "hurt")
            && word != format!("{lemma}s")
    }

    /// Whether a verb that needs no object is told of who does it: "two men fired at police". A participle, or one that has been done, is not.
    fn is_active(&self, verb: usize) -> bool {
        let c = self.c;
        let towards = |&k: &usize| {
            c.is(k, &["obl"]) && matches!(self.case_of(k), "at" | "on" | "upon" | "into" | "toward" | "towards")
        };
        let passive = c.is(verb, &["acl", "xcomp", "amod"]) || c.child(verb, &["nsubj:pass"]).is_some();
        let reduced = passive && !c.children[verb].iter().any(towards);
        self.words.is_intransitive(self.lemma(verb)) && c.child(verb, &["aux:pass"]).is_none() && !reduced
    }

    pub(super) fn case_of(&self, t: usize) -> &str {
        self.c.child(t, &["case"]).map_or("", |k| self.lemma(k))
    }

    /// "the death toll rose to 30", "the number of dead stands at 30", "a toll of 30"
    fn toll(&self, set: &Set) -> Option<(&'a FigureKind, usize, Told)> {
        let c = self.c;
        let kinds = self.words.kinds();
        let numbered = |t: usize| {
            let kind = |t: usize| {
                kinds.iter().find(|k| k.numbered.contains(self.lemma(t)) || k.numbered.contains(self.word(t)))
            };
            match self.lemma(t) {
                "toll" => {
                    let first = c.children[t].iter().filter(|&&k| k < t).find_map(|&k| kind(k));
                    first.or_else(|| kind(t))
                }
                "number" | "count" | "total" | "figure" => {
                    c.children[t].iter().filter(|&&k| k > t && c.is(k, &["nmod"])).find_map(|&k| {
                        let inner = || {
                            c.children[k]
                                .iter()
                                .find_map(|&j| self.state(j).or_else(|| kinds.iter().find(|f| self.done(j, &f.verbs))))
                        };
                        kind(k).or_else(inner)
                    })
                }
                _ => None,
            }
        };
        if set.people.is_some_and(|p| p != set.noun) {
            return None;
        }
        let at = set.noun;
        // "the victims in Elva numbered 12"
        let before = set.number.tokens.start;
        if before > 0 && matches!(self.word(before - 1), "numbered" | "numbering") {
            let told = |t: usize| {
                let kind = kinds.iter().find(|k| [&k.numbered, &k.people].iter().any(|l| l.contains(self.lemma(t))));
                kind.filter(|_| c.sentence[t] == c.sentence[at]).map(|kind| (kind, t, Told::Toll))
            };
            if let Some(found) = (before.saturating_sub(8)..before).rev().find_map(told) {
                return Some(found);
            }
        }
        if matches!(self.case_of(at), "from" | "in" | "since" | "by") {
            return None;
        }
        // A copula's predicate has its subject below itself.
        let own = c.child(at, &["nsubj"]).filter(|_| c.child(at, &["cop"]).is_some());
        if let Some((kind, t)) = own.and_then(|t| Some((numbered(t)?, t))) {
            return Some((kind, t, Told::Toll));
        }
        let head = c.head(at)?;
        if c.is(at, &["nmod", "appos", "nummod", "dep", "parataxis"])
            && let Some(kind) = numbered(head)
        {
            return Some((kind, head, Told::Toll));
        }
        let verb = if c.is_verb(head) { head } else { c.head(head).filter(|&v| c.is_verb(v))? };
        let of_verb = c.children[verb].iter().copied().filter(|&k| c.is(k, &["nsubj", "obj"]) && k != at);
        let mut of_verb: Vec<usize> = of_verb.collect();
        if of_verb.is_empty() {
            of_verb.extend(c.subject(verb));
        }
        of_verb.into_iter().find_map(|t| Some((numbered(t)?, t, Told::Toll)))
    }

    /// "12 killed", "12 others were wounded": where the tree joins them otherwise, words that follow each other tell.
    fn beside(&self, set: &Set) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let mut t = set.number.tokens.end;
        let end = c.sentence_of(set.number.bare.start).end.min(t + 6);
        let kinds = self.words.kinds();
        let mut passive = false;
        while t < end {
            if self.participle(t) && !c.is(t, &["amod"]) && (passive || !self.is_active(t)) {
                let object = c.child(t, &["obj"]).is_some();
                let kind = kinds.iter().find(|k| k.verbs.contains(self.lemma(t)) || k.states.contains(self.word(t)));
                if let Some(kind) = kind.filter(|_| !object || passive) {
                    return Some((kind, t));
                }
            }
            if let Some(kind) = self.state(t).filter(|_| c.upos(t) == "ADJ" && t > set.noun) {
                return Some((kind, t));
            }
            // "thousands of people have reportedly fled"
            let finite = c.is_verb(t) && !self.word(t).ends_with("ing") && c.child(t, &["nsubj"]).is_none() && !passive;
            if let Some(kind) = kinds.iter().find(|k| finite && t > set.noun && self.among(&k.undergo, t)) {
                return Some((kind, t));
            }
            let may_pass = match c.upos(t) {
                "ADV" | "VERB" if self.word(t).ends_with("ly") => true,
                "NOUN" | "PROPN" | "ADJ" | "ADV" => t <= set.noun.max(set.number.tokens.end + 2),
                "AUX" => {
                    passive |= self.lemma(t) == "be";
                    matches!(self.lemma(t), "be" | "have")
                }
                "DET" | "PRON" | "ADP" => {
                    matches!(self.word(t), "others" | "other" | "more" | "of" | "them" | "people")
                }
                _ => matches!(self.word(t), "others" | "more") || self.words.passes(self.lemma(t)),
            };
            if !may_pass {
                return None;
            }
            t += 1;
        }
        None
    }
}
