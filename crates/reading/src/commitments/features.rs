//! What a candidate is judged by.

use annalist_language::Pledge;
use annalist_record::{ActorKind, Quoted};

use super::{Candidate, Form, Reading};

/// How strongly an entry of the event lexicon tells its type for it to count.
const LIKELY: f32 = 0.2;

impl Reading<'_> {
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
    pub(super) fn event_type(&self, t: usize) -> Option<&str> {
        let entries = self.knowledge.events().with_head(self.lemma(t));
        let fits = entries.filter(|e| e.others.is_empty() && e.part.admits(self.c.upos(t)) && e.strength >= LIKELY);
        fits.max_by(|a, b| a.strength.total_cmp(&b.strength))?.kind.as_deref()
    }

    pub(super) fn features(&self, candidate: &Candidate) -> Vec<String> {
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
}
