//! What is a threat: that which is to be done to others than the speaker's own side.

use annalist_record::{Act, CommitmentKind, Statement};

use super::{Candidate, Form, Reading};

/// The class of types of events that are done against somebody.
const AGAINST: &str = "material-conflict";

impl Reading<'_> {
    /// Whether a candidate may be a threat: it is told by a word of threatening, or the deed is hostile, and not one's own side's burden.
    pub(super) fn may_threaten(&self, candidate: &Candidate, statement: Option<&Statement>, by: Option<&str>) -> bool {
        let cue = candidate.cue.filter(|&cue| self.words.kind(self.lemma(cue)) == Some(CommitmentKind::Threat));
        let hostile = self.is_against(candidate.deed);
        let told = statement.is_some_and(|s| s.act == Act::Threaten)
            || cue.is_some_and(|cue| candidate.form != Form::Noun || !self.only_warns(cue));
        (told || hostile) && !self.is_own_side(candidate.deed, by)
    }

    /// Whether a deed is done against somebody, by its word.
    fn is_against(&self, deed: usize) -> bool {
        let conflict = |kind: &str| self.knowledge.events().quad(kind) == Some(AGAINST);
        self.words.is_hostile(self.lemma(deed)) || self.event_type(deed).is_some_and(conflict)
    }

    /// Whether a word tells of what may come, whoever brings it: "warned of an attack".
    fn only_warns(&self, cue: usize) -> bool {
        self.words.only_warns(self.lemma(cue))
    }

    /// Whether what a deed is done to, or for, is the speaker's own: "fight for our existence", "divorce us".
    fn is_own_side(&self, deed: usize, by: Option<&str>) -> bool {
        let c = self.c;
        let own = |t: usize| {
            matches!(c.lower[t].as_str(), "me" | "us" | "my" | "our" | "own" | "myself" | "ourselves" | "themselves")
                || by.is_some() && c.actor(t).map(|a| a.id.as_str()) == by
        };
        let done_to = |&k: &usize| k > deed && (c.is(k, &["obj"]) || c.is(k, &["obl"]) && self.case(k) == "for");
        let mine = |k: usize| {
            let owners = c.children[k].iter().copied().filter(|&j| c.is(j, &["nmod:poss", "amod"]));
            own(k) || owners.into_iter().any(own)
        };
        c.children[deed].iter().copied().filter(done_to).any(mine)
    }
}
