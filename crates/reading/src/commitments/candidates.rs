//! What may be a commitment: clauses about what is still to come, and noun phrases after a word that binds.

use std::ops::Range;

use annalist_record::CommitmentKind;

use super::{Candidate, Form, Reading};

/// Longer words for a deed than these tokens are cropped, to no less than the second.
const LONGEST: usize = 9;

/// So many tokens may lie between a deed's words and what negates them.
const REACH: usize = 4;

const SHORTEST: usize = 4;

impl Reading<'_> {
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let mut found = Vec::new();
        for t in 0..self.c.len() {
            if self.c.is_verb(t) || matches!(self.c.upos(t), "ADJ" | "NOUN" | "ADV") {
                let clause = self.clause(t);
                found.extend(clause.as_ref().and_then(|one| self.joined(one)));
                found.extend(clause);
            }
            if matches!(self.c.upos(t), "NOUN" | "PROPN" | "VERB") {
                found.extend(self.noun(t));
            }
        }
        found
    }

    /// The modal or mark by which a verb looks ahead, itself or through the verb it is joined to.
    fn form(&self, verb: usize) -> Option<(Form, usize)> {
        let c = self.c;
        for &k in &c.children[verb] {
            if k > verb {
                break;
            }
            if c.is(k, &["aux"]) {
                match c.lower[k].as_str() {
                    "will" | "'ll" | "’ll" | "shall" | "wo" => return Some((Form::Will, k)),
                    "would" | "'d" | "’d" if self.lemma(k) != "have" => return Some((Form::Would, k)),
                    _ => {}
                }
            }
        }
        let to = c.children[verb]
            .iter()
            .copied()
            .find(|&k| k < verb && c.lower[k] == "to" && c.is(k, &["mark", "aux", "case"]));
        let to = to.filter(|&k| !c.is(k, &["case"]) || c.is_verb(verb))?;
        if c.children[verb].iter().any(|&k| k < to && self.lemma(k) == "be" && c.is(k, &["aux", "cop"])) {
            return Some((Form::BeTo, to));
        }
        Some((Form::Infinitive, to))
    }

    /// A clause that looks ahead.
    fn clause(&self, verb: usize) -> Option<Candidate> {
        let c = self.c;
        let mut governed = verb;
        let mut form = self.form(verb);
        // "to leave and (to) return": the second is governed as the first is.
        let mut steps = 0;
        while form.is_none() && c.is(governed, &["conj"]) && steps < 3 {
            let head = c.head(governed)?;
            if c.child(verb, &["nsubj"]).is_some() || self.finite(verb) {
                return None;
            }
            governed = head;
            form = self.form(governed);
            steps += 1;
        }
        while form.is_some()
            && c.is(governed, &["conj"])
            && steps < 3
            && c.head(governed).is_some_and(|h| self.form(h).is_some())
        {
            governed = c.head(governed)?;
            steps += 1;
        }
        let mut form = form.map(|f| f.0);
        if form.is_none()
            && c.lower[verb].ends_with("ing")
            && c.is(verb, &["acl", "xcomp", "advcl", "ccomp"])
            && c.head(verb).is_some_and(|h| self.words.kind(self.lemma(h)).is_some())
        {
            form = Some(Form::Gerund);
        }
        let mut form = form?;
        let mut link = "none";
        let mut cue = None;
        if let Some(head) = c.head(governed) {
            link = match c.base_relation(governed) {
                "xcomp" => "xcomp",
                "ccomp" => "ccomp",
                "acl" if c.relation(governed) == "acl:relcl" => "relcl",
                "acl" => "acl",
                "advcl" => "advcl",
                "parataxis" => "parataxis",
                "obj" | "nsubj" | "csubj" | "obl" | "nmod" => "arg",
                "appos" | "dep" => "beside",
                _ => "none",
            };
            if matches!(link, "xcomp" | "ccomp" | "acl" | "parataxis" | "arg" | "beside")
                || (link == "advcl" && form != Form::Will)
            {
                cue = Some(head);
            }
        }
        if matches!(form, Form::Infinitive | Form::Gerund) {
            cue?;
            if cue.is_some_and(|g| self.lemma(g) == "go" && c.lower[g] == "going") {
                form = Form::GoingTo;
                cue = cue.and_then(|g| c.head(g).filter(|_| c.is(g, &["ccomp", "parataxis"])));
                link = if cue.is_some() { "ccomp" } else { "none" };
            } else if link == "advcl" && cue.is_some_and(|g| self.words.kind(self.lemma(g)).is_none()) {
                return None;
            } else if link == "advcl" && cue.is_some_and(|g| self.has_thing(g)) {
                // "offers rules to curb noise": what is offered are the rules, and what follows is their purpose.
                return None;
            }
        }
        // What words stand for the deed: from behind the modal, without what is joined to it.
        let leave = |k: usize| {
            (c.is(k, &["conj", "cc", "parataxis", "aux", "mark", "nsubj", "punct"])
                && (k < verb || !c.is(k, &["aux", "mark", "nsubj"])))
                || (c.is(k, &["advcl"]) && (k < verb || self.is_condition(k)))
        };
        let phrase = c.phrase(verb, leave);
        let own = c.child(verb, &["nsubj"]).filter(|&s| s < verb);
        let cop = c.child(verb, &["cop"]).filter(|&k| k < verb).unwrap_or(verb);
        let passive = c.child(verb, &["aux:pass"]).filter(|&k| k < verb);
        let start = phrase.start.max(cop.min(passive.unwrap_or(verb)).min(verb));
        let mut what = start..phrase.end;
        // What happens to something: the whole clause.
        let befalls = |s: usize| passive.is_some() || link == "ccomp" && !self.is_agent(s) && c.lower[s] != "it";
        if let Some(subject) = own.filter(|&s| befalls(s)) {
            let phrase = c.phrase(subject, |k| c.is(k, &["punct", "mark"]));
            if phrase.end <= what.start && what.start - phrase.end < 6 {
                what.start = phrase.start;
            }
        }
        let what = c.trimmed(self.cropped(self.without_time(what), verb));
        (!what.is_empty()).then_some(Candidate { what, deed: verb, cue, form, link, joined: false })
    }

    /// The clause together with the deeds that are joined to its own.
    fn joined(&self, one: &Candidate) -> Option<Candidate> {
        let c = self.c;
        let mut what = one.what.clone();
        let mut last = one.deed;
        for &k in c.children[one.deed].iter().filter(|&&k| k > one.deed && c.is(k, &["conj"])) {
            let own = c.children[k]
                .iter()
                .any(|&j| j < k && (c.is(j, &["nsubj"]) || c.is(j, &["aux"]) && self.lemma(j) != "be"));
            let leave = |j: usize| {
                c.is(j, &["conj", "cc", "punct", "mark", "parataxis"]) || c.is(j, &["advcl"]) && self.is_condition(j)
            };
            let phrase = c.phrase(k, leave);
            if own || c.upos(k) == "NOUN" && c.upos(one.deed) != "NOUN" || phrase.start > what.end + 4 {
                break;
            }
            (what.end, last) = (what.end.max(phrase.end), k);
        }
        let what = c.trimmed(self.without_time(what));
        (last != one.deed && what != one.what).then(|| Candidate { what, joined: true, ..one.clone() })
    }

    /// Whether a clause tells under what condition.
    pub(super) fn is_condition(&self, clause: usize) -> bool {
        let c = self.c;
        c.children[clause].iter().any(|&m| c.is(m, &["mark"]) && matches!(c.lower[m].as_str(), "if" | "unless"))
    }

    /// Whether a verb has a past form: then nothing ahead is meant.
    fn finite(&self, verb: usize) -> bool {
        let (word, lemma) = (&self.c.lower[verb], self.lemma(verb));
        word.as_str() != lemma
    }

    /// A noun phrase after a word that binds: "pledged aid", "an offer of mediation", "plans for a fence".
    fn noun(&self, head: usize) -> Option<Candidate> {
        let c = self.c;
        let governor = c.head(head)?;
        self.words.kind(self.lemma(governor))?;
        let case = c.child(head, &["case"]).map_or("", |k| c.lower[k].as_str());
        let link = match (c.base_relation(head), case, c.is_verb(governor)) {
            ("obj", "", true) => "obj",
            ("nsubj", "", true) if c.relation(head) == "nsubj:pass" => "pass",
            ("nmod", "of" | "for" | "on" | "against", false) => "nmod",
            ("obl", "with" | "of" | "against" | "to", true) => "obl",
            _ => return None,
        };
        if !matches!(c.upos(head), "NOUN" | "PROPN" | "VERB")
            || matches!(self.lemma(head), "plan") && c.child(head, &["acl"]).is_some()
        {
            return None;
        }
        let leave = |k: usize| c.is(k, &["case", "punct", "conj", "cc", "parataxis"]) || c.is(k, &["appos"]);
        let what = c.trimmed(self.without_time(c.phrase(head, leave)));
        (!what.is_empty()).then_some(Candidate {
            what,
            deed: head,
            cue: Some(governor),
            form: Form::Noun,
            link,
            joined: false,
        })
    }

    /// Where the "not" stands by which somebody binds himself to refrain from the deed, if it stands right before the words.
    pub(super) fn negation(&self, candidate: &Candidate) -> Option<usize> {
        let start = candidate.what.start;
        // "not going to leave" is negated at "going".
        let going = || self.c.head(candidate.deed).filter(|_| candidate.form == Form::GoingTo);
        let own = |t: &usize| {
            let head = self.c.head(*t);
            head == Some(candidate.deed) || head.is_some() && head == going()
        };
        // "never will, they say, accept": words of the modal may stand between.
        (start.saturating_sub(REACH)..start).filter(own).filter(|&t| self.c.negates(t)).min()
    }

    /// A long stretch without the clauses, and what stands beside the deed, behind its core.
    fn cropped(&self, what: Range<usize>, deed: usize) -> Range<usize> {
        let c = self.c;
        if what.len() <= LONGEST {
            return what;
        }
        let begins = |k: usize| {
            let phrase = c.phrase(k, |_| false);
            phrase.start.max(deed + 1)
        };
        let behind = what.clone().filter(|&k| k > deed).filter(|&k| {
            c.is(k, &["advcl", "acl", "parataxis", "appos"])
                || c.head(k) == Some(deed)
                    && c.is(k, &["obl", "advmod"])
                    && c.child(deed, &["obj", "xcomp", "ccomp"]).is_some_and(|o| o < k)
        });
        let cut = behind.map(begins).filter(|&at| at >= what.start + SHORTEST).min();
        what.start..cut.unwrap_or(what.end).min(what.end)
    }

    /// A stretch without a date at its end.
    pub(super) fn without_time(&self, mut what: Range<usize>) -> Range<usize> {
        for (tokens, _) in self.times_beside(what.start) {
            if tokens.end == what.end && tokens.start > what.start + 1 {
                what.end = tokens.start;
                while what.end > what.start + 1
                    && matches!(self.c.upos(what.end - 1), "ADP" | "SCONJ" | "PUNCT" | "ADV")
                    && what.end > tokens.start.saturating_sub(2)
                {
                    what.end -= 1;
                }
            }
        }
        what
    }

    /// Whether nobody can be bound by a candidate, whatever its words: what "you" will do, what stands in a condition, what is only
    /// warned of: "warned that the exit will cost jobs".
    pub(super) fn binds_nobody(&self, candidate: &Candidate) -> bool {
        let c = self.c;
        if self.is_condition(candidate.deed) || candidate.cue.is_some_and(|cue| self.is_condition(cue)) {
            return true;
        }
        if self.is_forced(candidate) || self.only_says(candidate) {
            return true;
        }
        let Some(doer) = self.doer(candidate) else { return false };
        let warned = candidate.cue.is_some_and(|cue| self.words.kind(self.lemma(cue)) == Some(CommitmentKind::Threat));
        match self.class_of_doer(doer) {
            "you" => true,
            "thing" | "abstract" | "event" | "time" | "this" => {
                warned && c.child(candidate.deed, &["aux:pass"]).is_none() && c.relation(doer) != "nsubj:pass"
            }
            _ => false,
        }
    }

    /// Whether a verb has an object that is nobody who could do what follows.
    fn has_thing(&self, verb: usize) -> bool {
        // Of "pledged $5 million to rebuild the port", the sum is not what is promised alone.
        let figures = self.knowledge.figures();
        let sum = |k: usize| {
            self.c.upos(k) == "NUM" || figures.is_currency(self.lemma(k)) || figures.is_money_mark(&self.c.lower[k])
        };
        let thing = |&k: &usize| k > verb && self.c.is(k, &["obj"]) && !self.is_agent(k) && !sum(k);
        self.c.children[verb].iter().any(thing)
    }

    /// Whether somebody is made to do the deed, or would only like to: "will be forced to close the border".
    fn is_forced(&self, candidate: &Candidate) -> bool {
        let c = self.c;
        let passive = |t: usize| c.child(t, &["aux:pass", "nsubj:pass"]).is_some();
        let forces = |t: usize| self.words.forces(self.lemma(t)) && passive(t);
        let likes = |t: usize| {
            let would = |&k: &usize| c.is(k, &["aux"]) && matches!(c.lower[k].as_str(), "would" | "'d" | "’d");
            self.words.likes(self.lemma(t)) && c.children[t].iter().any(would)
        };
        let governed = candidate.link == "xcomp" || candidate.link == "ccomp";
        forces(candidate.deed) || candidate.cue.is_some_and(|cue| governed && (forces(cue) || likes(cue)))
    }

    /// Whether a candidate is nothing but a saying, or a time: "announced Wednesday", "will tell".
    fn only_says(&self, candidate: &Candidate) -> bool {
        let c = self.c;
        let deed = candidate.deed;
        let timed = |t: usize| self.times_beside(t).iter().any(|(tokens, _)| tokens.contains(&t));
        if candidate.what.clone().all(|t| timed(t) || !c.is_word(t)) {
            return true;
        }
        let helped = c.children[deed].iter().any(|&k| k < deed && c.is(k, &["aux", "cop"]));
        let past = c.is_verb(deed) && c.lower[deed].ends_with("ed") && c.lower[deed] != c.lemma[deed] && !helped;
        candidate.form != Form::Noun
            && (self.words.is_saying(self.lemma(deed)) || past && c.cued(deed).next().is_some())
    }
}
