//! What somebody bound themselves to: promises, guarantees, offers, threats, announced plans.
//!
//! Every clause about what is still to come ("will …", "to …" after a word that governs it) and every noun phrase after a word that binds
//! (`commitments.toml`) is a candidate. A logistic score over features that can be read tells which are commitments; its weights are in
//! `models/english/commitments.tsv`, learnt by `training/commitments.py`. What has been scored is the words; `by`, `to`, `due` and the kind are read off the tree.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use annalist_knowledge::{CommitmentWords, Knowledge, NounClass};
use annalist_language::{Analysis, Pledge};
use annalist_record::{
    Act, Actor, ActorKind, Commitment, CommitmentKind, Confidence, Event, Quoted, Span, Statement, Time, item_id,
};

use crate::clauses::Clauses;

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
            let what = clauses.span(refrains.unwrap_or(candidate.what.start)..candidate.what.end);
            let before = seen.entry(what.text.clone()).or_default();
            let id = item_id('c', [&what], *before);
            *before += 1;
            let statement = reading.statement(candidate);
            let (by, to) = reading.parties(candidate, statement);
            let kind = weights.kind(features).unwrap_or_else(|| reading.kind(candidate, statement));
            // Who says that he will not attack threatens nobody.
            let kind = match kind {
                CommitmentKind::Threat
                    if refrains.is_some() && reading.words.is_hostile(reading.lemma(candidate.deed)) =>
                {
                    CommitmentKind::Promise
                }
                kind => kind,
            };
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
                confidence: Confidence::new(*score),
            }
        })
        .collect()
}

/// The candidates of a text with what they are judged by, to learn weights from.
pub fn evidence(text: &str, analysis: &Analysis, knowledge: &Knowledge, known: Known) -> Vec<(Span, Vec<String>)> {
    let clauses = Clauses::new(text, analysis, knowledge, known.statements, known.actors);
    let reading = Reading::new(&clauses, knowledge, known);
    let candidates = reading.candidates();
    candidates.iter().map(|one| (clauses.span(one.what.clone()), reading.features(one))).collect()
}

/// Weights of features, and the probability from which a candidate is a commitment.
struct Weights {
    weights: HashMap<String, f32>,
    threshold: f32,
}

static ENGLISH: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(include_str!("../../../models/english/commitments.tsv")).expect("the weights that ship are tested")
});

fn english() -> &'static Weights {
    &ENGLISH
}

impl Weights {
    /// Lines of a feature's name, a tab and its weight; `threshold` is a setting; lines that begin with `#` are passed over.
    fn parse(file: &str) -> Result<Weights, String> {
        let mut weights = Weights { weights: HashMap::new(), threshold: 0.5 };
        for (n, line) in file.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let parsed = line.split_once('\t').and_then(|(name, weight)| Some((name, weight.parse::<f32>().ok()?)));
            match parsed.ok_or_else(|| format!("line {}: no name, tab and weight", n + 1))? {
                ("threshold", value) => weights.threshold = value,
                (name, value) => {
                    weights.weights.insert(name.to_string(), value);
                }
            }
        }
        Ok(weights)
    }

    /// The likeliest kind of a commitment with these features; none if no weights of kinds were learnt.
    fn kind(&self, features: &[String]) -> Option<CommitmentKind> {
        use CommitmentKind::{Guarantee, Offer, Plan, Promise, Threat};
        let kinds =
            [(Promise, "promise"), (Plan, "plan"), (Threat, "threat"), (Offer, "offer"), (Guarantee, "guarantee")];
        let sum = |name: &str| -> Option<f32> {
            let weights = features.iter().filter_map(|f| self.weights.get(&format!("{name}: {f}")));
            weights.copied().reduce(|a, b| a + b)
        };
        let told = kinds.iter().filter_map(|(kind, name)| Some((*kind, sum(name)?)));
        told.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(kind, _)| kind)
    }

    /// The probability that a candidate with these features is a commitment.
    fn score(&self, features: &[String]) -> f32 {
        let sum: f32 = features.iter().filter_map(|f| self.weights.get(f)).sum();
        1.0 / (1.0 + (-sum).exp())
    }
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

/// Longer words for a deed than these tokens are cropped, to no less than the second.
const LONGEST: usize = 9;
/// So many tokens may lie between a deed's words and what negates them.
const REACH: usize = 4;
const SHORTEST: usize = 4;

/// How strongly an entry of the event lexicon tells its type for it to count.
const LIKELY: f32 = 0.2;

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

    fn candidates(&self) -> Vec<Candidate> {
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
        if let Some(subject) = own.filter(|&s| passive.is_some() || link == "ccomp" && !self.is_agent(s)) {
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
    fn is_condition(&self, clause: usize) -> bool {
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
    fn negation(&self, candidate: &Candidate) -> Option<usize> {
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
    fn without_time(&self, mut what: Range<usize>) -> Range<usize> {
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

    /// Whether a phrase stands for somebody who can bind themselves.
    fn is_agent(&self, t: usize) -> bool {
        matches!(
            self.subject_class(Some(t)),
            "i" | "we" | "he" | "they" | "person" | "group" | "name" | "place" | "actor"
        )
    }

    fn subject_class(&self, subject: Option<usize>) -> &'static str {
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
    fn binder(&self, candidate: &Candidate) -> Option<usize> {
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
            if let Some(antecedent) = self.antecedent(subject) {
                return Some(antecedent);
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

    /// The subject of the deed itself, its own or inherited.
    fn doer(&self, candidate: &Candidate) -> Option<usize> {
        let c = self.c;
        let finite = matches!(candidate.form, Form::Will | Form::Would | Form::GoingTo | Form::BeTo);
        let subject = match candidate.form {
            Form::Noun => None,
            _ if finite => c.subject(candidate.deed),
            _ => c.child(candidate.deed, &["nsubj"]),
        }?;
        self.antecedent(subject).or(Some(subject))
    }

    /// What a doer is, with what its noun refers to where it is nobody.
    fn class_of_doer(&self, t: usize) -> &'static str {
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

    /// Whether nobody can be bound by a candidate, whatever its words: what "you" will do, what stands in a condition, what is only
    /// warned of: "warned that the exit will cost jobs".
    fn binds_nobody(&self, candidate: &Candidate) -> bool {
        let c = self.c;
        if self.is_condition(candidate.deed) || candidate.cue.is_some_and(|cue| self.is_condition(cue)) {
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

    /// The kind of a word under whose terms the deed is to be done: "under the deal, both sides will withdraw".
    fn terms(&self, candidate: &Candidate) -> Option<CommitmentKind> {
        let c = self.c;
        let terms = |&k: &usize| c.is(k, &["obl"]) && matches!(self.case(k), "under" | "in" | "as");
        c.children[candidate.deed].iter().copied().filter(terms).find_map(|k| self.words.kind(self.lemma(k)))
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
            return self.antecedent(subject).or(Some(subject));
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
            self.antecedent(subject).or(Some(subject))
        })
    }

    fn case(&self, t: usize) -> &str {
        self.c.child(t, &["case"]).map_or("", |k| self.lemma(k))
    }

    /// What a relative pronoun stands for.
    fn antecedent(&self, subject: usize) -> Option<usize> {
        let c = self.c;
        if !matches!(c.lower[subject].as_str(), "who" | "which" | "that") {
            return None;
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

    /// The statement that makes a commitment: the one whose cue governs it, else the innermost that holds it.
    fn statement(&self, candidate: &Candidate) -> Option<&Statement> {
        let c = self.c;
        let at = c.index.point(c.token(candidate.deed).start);
        let holds = |s: &&Statement| s.content.iter().any(|span| span.start <= at && at < span.end);
        let own = candidate.cue.and_then(|cue| c.cued(cue).find(holds));
        own.or_else(|| c.said_in(candidate.deed))
    }

    /// How likely the model thinks that a candidate's words are a commitment, in fifths: the mean over its tokens.
    fn pledge(&self, candidate: &Candidate) -> u32 {
        let what = &candidate.what;
        let within = |p: &Pledge| {
            let shared = p.tokens.end.min(what.end).saturating_sub(p.tokens.start.max(what.start));
            shared as f32 * p.likelihood
        };
        let sum: f32 = self.c.analysis.pledges.iter().map(within).sum();
        (sum / what.len().max(1) as f32 * 5.0).round() as u32
    }

    /// The kind of commitment that the model sees in a candidate's words.
    fn pledge_kind(&self, candidate: &Candidate) -> Option<&str> {
        let what = &candidate.what;
        let shared = |p: &&Pledge| p.tokens.end.min(what.end).saturating_sub(p.tokens.start.max(what.start));
        let meets = self.c.analysis.pledges.iter().filter(|p| shared(p) > 0);
        meets.max_by_key(shared).map(|p| &*p.kind)
    }

    /// The type of event that a word tells by itself, if it is likely to.
    fn event_type(&self, t: usize) -> Option<&str> {
        let entries = self.knowledge.events().with_head(self.lemma(t));
        let fits = entries.filter(|e| e.others.is_empty() && e.part.admits(self.c.upos(t)) && e.strength >= LIKELY);
        fits.max_by(|a, b| a.strength.total_cmp(&b.strength))?.kind.as_deref()
    }

    fn features(&self, candidate: &Candidate) -> Vec<String> {
        let c = self.c;
        let deed = candidate.deed;
        let form = match candidate.form {
            Form::Will => "will",
            Form::Would => "would",
            Form::GoingTo => "going",
            Form::BeTo => "be-to",
            Form::Infinitive => "to",
            Form::Gerund => "ing",
            Form::Noun => "noun",
        };
        let mut f = vec!["bias".to_string(), format!("form {form}"), format!("link {form} {}", candidate.link)];
        let subject = self.binder(candidate);
        let class = self.subject_class(subject);
        f.push(format!("pledge {}", self.pledge(candidate)));
        f.push(format!("rule {:?}", self.kind(candidate, self.statement(candidate))));
        if let Some(kind) = self.pledge_kind(candidate) {
            f.push(format!("pledge kind {kind}"));
        }
        f.push(format!("by {class}"));
        f.push(format!("by {form} {class}"));
        // Who would do it, which need not be who is bound: "the plan would cut taxes".
        let doer = self.doer(candidate);
        let doer_class = doer.map_or("none", |t| self.class_of_doer(t));
        f.push(format!("doer {form} {doer_class}"));
        let idle = self.words.is_idle(self.lemma(deed));
        if idle {
            f.push(format!("idle {form}"));
            f.push(format!("idle {form} {class}"));
        }
        if let Some(kind) = self.terms(candidate) {
            f.push(format!("under {kind:?}"));
        }
        f.push(format!("deed {}", self.lemma(deed)));
        if form != "noun" {
            f.push(format!("verb {}", self.lemma(deed)));
        }
        if c.child(deed, &["aux:pass"]).is_some() {
            f.push(format!("passive {form}"));
        }
        if c.child(deed, &["cop"]).is_some() || (c.upos(deed) == "AUX") {
            f.push("copula".to_string());
        }
        if c.child(deed, &["obj"]).is_some() {
            f.push("object".to_string());
        }
        if c.is_negated(deed) {
            f.push(format!("not {form}"));
        }
        f.push(format!("place {form} {}", c.base_relation(deed)));
        f.extend(
            c.children[deed].iter().filter(|&&k| c.is(k, &["advmod"])).map(|&k| format!("adverb {}", self.lemma(k))),
        );
        if let Some(t) = subject.filter(|&t| c.upos(t) == "NOUN") {
            f.push(format!("who {}", self.lemma(t)));
        }
        // What event the deed would be.
        match self.event_type(deed) {
            Some(kind) => {
                f.push(format!("event {kind}"));
                let quad = self.knowledge.events().quad(kind).unwrap_or("none");
                f.push(format!("quad {form} {quad}"));
            }
            None => f.push(format!("quad {form} none")),
        }
        if let Some(kind) = candidate.cue.and_then(|cue| self.event_type(cue)) {
            f.push(format!("cue event {kind}"));
        }
        for (what, at) in [("deed", Some(deed)), ("cue", candidate.cue)] {
            let told = at.and_then(|at| c.analysis.triggers.iter().find(|t| t.tokens.contains(&at)));
            if let Some(told) = told {
                f.push(format!("told {what} {}", told.kind));
                f.push(format!("told {what} {}", told.status.0));
                f.push(format!("told {what} {}", (told.likelihood * 5.0).round()));
            }
        }
        let conditional = |t: usize| c.children[t].iter().any(|&k| c.is(k, &["advcl"]) && self.is_condition(k));
        if conditional(deed) || candidate.cue.is_some_and(conditional) {
            let hostile = self.words.is_hostile(self.lemma(deed)) != c.is_negated(deed);
            f.push(format!("condition {form}"));
            f.push(format!("if {form} {hostile}"));
        }
        if self.words.is_hostile(self.lemma(deed)) {
            f.push("hostile".to_string());
        }
        f.push(match candidate.what.len() {
            0..=1 => "length 1".to_string(),
            2..=3 => "length 2-3".to_string(),
            4..=8 => "length 4-8".to_string(),
            9..=20 => "length 9-20".to_string(),
            _ => "length 21+".to_string(),
        });
        if !self.due_times(candidate).is_empty() {
            f.push("due".to_string());
        }
        if let Some(cue) = candidate.cue {
            let lemma = self.lemma(cue);
            let part = match c.upos(cue) {
                "VERB" | "AUX" => "v",
                "ADJ" => "a",
                _ => "n",
            };
            f.push(format!("cue {lemma}"));
            f.push(format!("cue {form} {part} {lemma}"));
            f.push(format!("cue by {lemma} {class}"));
            match self.words.kind(lemma) {
                Some(kind) => f.push(format!("kind {form} {kind:?}")),
                None => f.push(format!("kind {form} none")),
            }
            if c.is_negated(cue) {
                f.push("cue not".to_string());
            }
            let modal =
                c.children[cue].iter().find(|&&k| c.is(k, &["aux"]) && !matches!(self.lemma(k), "have" | "be" | "do"));
            if let Some(&modal) = modal {
                f.push(format!("cue modal {}", c.lower[modal]));
            }
            if c.child(cue, &["aux:pass", "nsubj:pass"]).is_some() {
                f.push(format!("cue passive {form}"));
            }
            if c.is_verb(cue) && c.lower[cue] == lemma && modal.is_none() {
                f.push("cue present".to_string());
            }
            // "has forced it to agree to", "refuses to promise": what governs the cue.
            if let Some(above) = c.head(cue).filter(|_| c.is(cue, &["xcomp", "ccomp", "obj", "acl", "nsubj"])) {
                f.push(format!("above {}", self.lemma(above)));
                f.push(format!("above {} {lemma}", c.base_relation(cue)));
                if self.knowledge.changes().is_denied(self.lemma(above)) {
                    f.push("above denied".to_string());
                }
            }
            let objects = c.child(cue, &["obj", "iobj"]).filter(|&o| o != deed && candidate.link != "acl");
            if objects.is_some() {
                f.push(format!("cue object {form}"));
            }
            if part == "n" {
                f.push(format!("cue noun {}", c.base_relation(cue)));
            }
        } else {
            f.push(format!("cue {form} none"));
            f.push(format!("verb {form} {}", self.lemma(deed)));
        }
        let statement = self.statement(candidate);
        match statement {
            None => f.push(format!("said {form} no")),
            Some(s) => {
                f.push(format!("act {form} {:?}", s.act));
                f.push(format!("act {:?}", s.act));
                f.push(format!("quoted {form} {}", s.quoted == Quoted::Direct));
                let own = subject.and_then(|t| c.actor(t)).map(|a| a.id.as_str());
                let speaks = s.speaker.is_some() && own == s.speaker.as_deref();
                if speaks || matches!(class, "i" | "we") {
                    f.push(format!("self {form}"));
                    f.push(format!("self {form} idle {idle}"));
                    f.push(format!("self {form} {}", self.words.is_hostile(self.lemma(deed))));
                } else {
                    f.push(format!("other {form} {class}"));
                }
                if let Some(kind) = s
                    .speaker
                    .as_ref()
                    .and_then(|id| self.known.actors.iter().find(|a| a.id == *id))
                    .and_then(|a| a.kind)
                {
                    f.push(format!("speaker {kind:?}"));
                }
            }
        }
        if let Some(actor) = subject.and_then(|t| c.actor(t)) {
            f.push(format!("actor {:?}", actor.kind.unwrap_or(ActorKind::Person)));
            let bodies = actor.sectors.iter().any(|s| {
                matches!(s.as_str(), "GOV" | "MIL" | "IGO" | "REB" | "COP" | "LEG" | "PTY" | "OPP" | "JUD" | "SPY")
            });
            f.push(format!("power {form} {bodies}"));
            if actor.country.is_some() {
                f.push("country".to_string());
            }
        } else {
            f.push(format!("actor none {form}"));
        }
        let question = c.sentence_of(deed).last().is_some_and(|t| c.lower[t] == "?");
        if question {
            f.push("question".to_string());
        }
        if candidate.link == "relcl" || candidate.link == "advcl" {
            f.push(format!("sub {form} {}", candidate.link));
        }
        f.push(format!("sentence {}", c.sentence[deed].min(3)));
        if candidate.joined {
            f.push("joined".to_string());
        } else if c.children[deed].iter().any(|&k| k > deed && c.is(k, &["conj"]) && c.is_verb(k)) {
            f.push("joins".to_string());
        }
        if let Some(verb) = c.head(deed).filter(|_| c.is(deed, &["conj"])) {
            f.push(format!("after {}", self.lemma(verb)));
        }
        f
    }

    /// The ids of who is bound and to whom.
    fn parties(&self, candidate: &Candidate, statement: Option<&Statement>) -> (Option<String>, Option<String>) {
        let c = self.c;
        let id = |t: usize| c.actor(t).map(|a| a.id.clone());
        let binder = self.binder(candidate);
        let speaker = || statement.and_then(|s| s.speaker.clone());
        let by = match binder {
            Some(t) if matches!(self.subject_class(Some(t)), "i" | "we") => id(t).or_else(speaker),
            Some(t) if statement.is_some_and(|s| self.speaks_of_self(t, s)) => speaker(),
            Some(t) => id(t),
            None => speaker(),
        };
        let to = self.bound_to(candidate).and_then(id).filter(|to| by.as_ref() != Some(to));
        let addressee = statement.and_then(|s| s.addressee.clone()).filter(|to| by.as_ref() != Some(to));
        (by, to.or(addressee))
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
        own.filter(|&k| c.is(k, &["iobj", "obj"]) || (c.is(k, &["obl", "nmod"]) && cases(k))).find(|&k| who(k))
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
        let dates = times.iter().filter(|(_, t)| matches!(t.kind.as_str(), "DATE" | "TIME"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_ship_can_be_read() {
        assert!((0.0..=1.0).contains(&english().threshold));
        assert!(Weights::parse("a\n").is_err());
        let weights = Weights::parse("# about\na\t2\nthreshold\t0.4\n").unwrap();
        assert!(weights.score(&["a".to_string()]) > weights.score(&["b".to_string()]));
    }
}
