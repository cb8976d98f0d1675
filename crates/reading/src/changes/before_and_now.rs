//! What was held before, beside what holds now.

use std::ops::Range;

use annalist_knowledge::Stand;

use super::{Found, Reading};

impl Reading<'_> {
    /// What the actor said or held in so many sentences before.
    pub(super) fn held_before(&self, at: usize, who: usize, reach: usize) -> Option<(Range<usize>, usize)> {
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
    pub(super) fn said_after(&self, verb: usize, matter: &Option<Range<usize>>) -> Range<usize> {
        let c = self.c;
        let sentence = c.sentence_of(verb);
        for statement in self.statements {
            let Some(cue) = statement.cue.first().map(|s| c.tokens(s)) else { continue };
            let Some(content) = statement.content.first().map(|s| c.tokens(s)) else { continue };
            if content.is_empty() || cue.is_empty() {
                continue;
            }
            // "retreated from its stand in the case when it argued that": that is the stand.
            let when = c.children[cue.start]
                .iter()
                .any(|&k| k < cue.start && c.is(k, &["mark", "advmod"]) && self.words.looks_back(&c.lower[k]));
            let below =
                !when && c.head(cue.start) == Some(verb) && c.is(cue.start, &["advcl", "conj", "parataxis", "acl"]);
            let outside = !content.contains(&verb)
                && matter.as_ref().is_none_or(|m| m.end <= content.start || content.end <= m.start);
            if below && outside && sentence.contains(&cue.start) {
                return content;
            }
        }
        self.deed(verb)
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
    pub(super) fn before_and_now(&self, t: usize) -> Option<Found> {
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
            if verb == before || !self.may_be_now(verb) || self.says_again(verb) {
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
}
