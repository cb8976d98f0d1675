//! Which two statements of one actor deny each other.

use std::collections::HashSet;
use std::ops::Range;

use annalist_record::Statement;

use super::{Found, Reading};

impl<'a> Reading<'a> {
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

    pub(super) fn shared(&self, a: &Range<usize>, b: &Range<usize>) -> usize {
        self.matters(a).intersection(&self.matters(b)).count()
    }

    /// Two statements of one actor, set against each other, one of which denies what the other says.
    pub(super) fn against_oneself(&self) -> Vec<Found> {
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
                let apart = first.time.is_some() && second.time.is_some() && first.time != second.time;
                let named = |s: &Statement| s.source.iter().any(|span| self.is_named(&c.tokens(span)));
                if self.says_again(*late_cue) || !named(first) || !named(second) {
                    continue;
                }
                if same && (apart || self.sets_against(*late_cue, early, late)) {
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

    /// Whether words call their actor by a name or what he is, and not by a pronoun only.
    fn is_named(&self, source: &Range<usize>) -> bool {
        let c = self.c;
        let head = source.clone().find(|&t| t < c.len() && c.head(t).is_none_or(|h| !source.contains(&h)));
        head.is_some_and(|t| matches!(c.upos(t), "PROPN" | "NOUN"))
    }

    /// Whether a later saying is set against an earlier one by a word of the clause that it is told in: "but now she said".
    fn sets_against(&self, late_cue: usize, early: &Range<usize>, late: &Range<usize>) -> bool {
        let c = self.c;
        let sets = |t: usize| self.words.is_contrast(&c.lower[t]) || self.words.is_after(&c.lower[t]);
        let said = |t: usize| early.contains(&t) || late.contains(&t);
        let sentence = c.sentence_of(late_cue);
        let opens = sets(sentence.start) && !said(sentence.start);
        let beside = c.children[late_cue].iter().any(|&t| c.is(t, &["advmod", "cc", "mark"]) && sets(t) && !said(t));
        opens || beside
    }

    /// Whether somebody says or does what he did before: "repeated", "still says".
    pub(super) fn says_again(&self, verb: usize) -> bool {
        self.words.goes_on(self.lemma(verb)) || self.is_still_done(verb)
    }

    /// Whether an adverb says that something is done as before: "again".
    pub(super) fn is_still_done(&self, verb: usize) -> bool {
        let c = self.c;
        c.children[verb].iter().any(|&t| c.is(t, &["advmod"]) && self.words.goes_on(&c.lower[t]))
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
    pub(super) fn statement_at(&self, range: &Range<usize>, told_by: usize) -> Option<&'a Statement> {
        let c = self.c;
        c.cued(told_by).next().or_else(|| c.said_in(range.start))
    }
}
