//! What somebody means to do and what not, and where a text has both: "had no plans to evacuate" on Sunday, "would be evacuated" on Monday.
//!
//! A deed is a verb, or a noun of one ("evacuation"). Up the tree from it, its auxiliaries, the words that govern it and the words for
//! none tell whether it is still to come and whether it is to be. Two deeds are one where their words are of one root.

use std::collections::HashSet;
use std::ops::Range;

use annalist_record::{ActorKind, Time};

use super::{Found, Reading};

/// So many sentences may lie between two plans that are set against each other.
const REACH: usize = 8;

/// Whether a deed is to be done.
struct Plan {
    /// The verb or noun of the deed.
    deed: usize,
    /// The highest word of its clause that tells of the plan.
    top: usize,
    /// Whether it is not to be done.
    negative: bool,
    /// The actor whose plan it is, whether that is a person, and who tells it.
    by: Option<String>,
    is_persons: bool,
    speaker: Option<String>,
    /// The heads of the phrases for whose it is and for who tells it.
    who: Option<usize>,
    source: Option<usize>,
}

impl Plan {
    /// Whether the plan is told by whose it is.
    fn is_own(&self) -> bool {
        self.by.is_some() && self.by == self.speaker
    }

    /// Whose word it is: whose plan, and the speaker, who may speak for a country or a body but not for another person.
    fn owners(&self) -> impl Iterator<Item = &str> {
        let speaker = self.speaker.as_deref().filter(|_| self.by.is_none() || !self.is_persons || self.is_own());
        self.by.as_deref().into_iter().chain(speaker)
    }
}

impl Reading<'_> {
    /// Pairs of plans of one actor on one matter of which one says that it will be and the other that it will not.
    pub(super) fn plans_against_each_other(&self, times: &[Time]) -> Vec<Found> {
        let c = self.c;
        let plans: Vec<Plan> = (0..c.len()).filter_map(|t| self.plan(t)).collect();
        // The dates of the text: a change shows where another day is told.
        let days: Vec<(usize, &str)> = times
            .iter()
            .filter(|t| matches!(t.kind.as_str(), "DATE" | "TIME"))
            .filter_map(|t| Some((c.tokens(&t.span).start, t.value.as_deref()?)))
            .collect();
        let mut found = Vec::new();
        for (i, early) in plans.iter().enumerate() {
            let near = |late: &&Plan| c.sentence[late.deed] - c.sentence[early.deed] <= REACH;
            for late in plans[i + 1..].iter().take_while(near) {
                if early.negative != late.negative && early.top != late.top {
                    found.extend(self.turned(early, late, &days));
                }
            }
        }
        found
    }

    /// The change that two plans are, if they are of one actor and matter and the text shows that the later one took the place of the other.
    fn turned(&self, early: &Plan, late: &Plan, days: &[(usize, &str)]) -> Option<Found> {
        let c = self.c;
        if !one_root(self.lemma(early.deed), self.lemma(late.deed)) {
            return None;
        }
        let both = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        let told_by_others = early.speaker.is_some() && late.speaker.is_some() && early.speaker != late.speaker;
        let of_others =
            early.by.is_some() && late.by.is_some() && early.by != late.by && !early.is_own() && !late.is_own();
        let one = early.owners().any(|a| late.owners().any(|b| a == b));
        let again = self.is_still_done(late.deed) || self.says_again(late.top);
        if again || !one || of_others || told_by_others || self.under_condition(early) || self.under_condition(late) {
            return None;
        }
        let (before, after) = (self.told(early), self.told(late));
        if before.is_empty() || after.is_empty() || (before.start < after.end && after.start < before.end) {
            return None;
        }
        // "on Monday he said", between the two.
        let from = c.sentence_of(early.deed).start;
        // Not "would leave on Friday": a day in what is said is not that of saying it.
        let day = |range: Range<usize>, said: &[Range<usize>]| {
            let told = |t: usize| range.contains(&t) && !said.iter().any(|s| s.contains(&t));
            days.iter().rev().find(|(t, _)| told(*t)).map(|(_, day)| *day)
        };
        let first = day(from..before.end, &self.said(early));
        let then = day(before.end..c.sentence_of(late.deed).end, &self.said(late));
        let other_day = then.is_some() && then != first;
        let between: Vec<&str> = (before.end..after.start).map(|t| c.lower[t].as_str()).collect();
        let beside = c.children[late.deed].iter().chain(&c.children[late.top]).map(|&t| c.lower[t].as_str());
        let after_all = beside.chain(between.iter().copied()).any(|w| self.words.is_after(w));
        let contrast = between.iter().any(|w| self.words.is_contrast(w));
        let (a, b) = (self.matter(early), self.matter(late));
        let shared = a.intersection(&b).count() > 0;
        let same_sentence = c.sentence[early.deed] == c.sentence[late.deed];
        let shows = match () {
            () if shared => {
                other_day || after_all || contrast && !same_sentence || contrast && self.is_looking_back(early)
            }
            () if a.is_empty() || b.is_empty() => other_day || after_all,
            // Of one deed: all of it, then a part.
            () => (other_day || after_all) && (contrast || same_sentence) && !self.names_apart(early, late),
        };
        shows.then(|| {
            let about =
                c.trimmed(c.phrase(early.deed, |k| c.is(k, &["nsubj", "aux", "mark", "punct", "conj", "cc", "advcl"])));
            let confidence = 0.55 + if shared { 0.1 } else { 0.0 } + if other_day { 0.05 } else { 0.0 };
            // Of a plan that both times one speaker tells, the change is the speaker's.
            let whose = if both(&early.by, &late.by) { early.who.or(early.source) } else { early.source.or(early.who) };
            Found {
                who: whose.unwrap_or(early.top),
                about,
                before,
                before_by: early.top,
                after,
                told_by: late.top,
                confidence,
            }
        })
    }

    /// The plan that a deed is part of.
    fn plan(&self, deed: usize) -> Option<Plan> {
        let c = self.c;
        let verb = c.upos(deed) == "VERB";
        if !(verb || c.upos(deed) == "NOUN")
            || c.lower[deed].chars().count() < 4
            || self.words.is_light(self.lemma(deed))
        {
            return None;
        }
        let (mut at, mut negative, mut planned) = (deed, false, false);
        let (mut noun, mut from) = (!verb, deed);
        for _ in 0..5 {
            negative ^= self.counts_none(at, from);
            for &k in &c.children[at] {
                if c.is(k, &["aux"]) {
                    planned |= self.words.looks_ahead(&c.lower[k]);
                    if self.words.is_possible(&c.lower[k]) {
                        return None;
                    }
                }
                if c.is(k, &["mark"]) && self.words.is_condition(&c.lower[k]) {
                    return None;
                }
            }
            if c.lower[at] == "going" && c.child(at, &["xcomp"]).is_some() {
                planned = true;
            }
            let Some(head) = c.head(at) else { break };
            let particle = c.child(head, &["compound:prt"]).map(|p| format!("{} {}", self.lemma(head), c.lower[p]));
            let named = |is: &dyn Fn(&str) -> bool| {
                is(self.lemma(head)) || is(&c.lower[head]) || particle.as_deref().is_some_and(is)
            };
            let (denied, meant) = (named(&|w| self.words.is_denied(w)), named(&|w| self.words.is_meant(w)));
            let above = match c.base_relation(at) {
                "xcomp" => true,
                "acl" => c.relation(at) != "acl:relcl",
                "ccomp" | "advcl" => denied || meant,
                "conj" => c.child(at, &["nsubj", "aux"]).is_none() && c.is_verb(at) == c.is_verb(head),
                "obj" | "nmod" | "obl" if noun => denied || meant || self.words.supports(self.lemma(head)),
                "nsubj" if noun => denied || meant || self.words.supports(self.lemma(head)),
                _ => false,
            };
            if !above {
                break;
            }
            negative ^= denied;
            planned |= denied || meant;
            (from, at) = (at, head);
            noun = !c.is_verb(at);
        }
        if c.sentence_of(deed).last().is_some_and(|t| c.lower[t] == "?") || !planned {
            return None;
        }
        // Those to whom it is done do not plan it.
        let plans = |&s: &usize| s != deed && self.is_agent(s) && c.relation(s) != "nsubj:pass";
        let subject = self.subject(at).filter(plans);
        let speaker = c.said_in(deed).or_else(|| c.said_in(at));
        let by = subject.and_then(|s| self.actor_of(s));
        let source = speaker.and_then(|s| Some(c.tokens(s.source.first()?).end.saturating_sub(1)));
        Some(Plan {
            deed,
            top: at,
            negative,
            is_persons: subject.is_some_and(|s| {
                let person = c.actor(s).is_some_and(|a| a.kind == Some(ActorKind::Person));
                person && !matches!(c.name_kind(s), Some("LOC" | "ORG"))
            }),
            by,
            speaker: speaker.and_then(|s| s.speaker.clone()),
            who: subject,
            source: source.filter(|&t| t < c.len()),
        })
    }

    /// Whether a word is negated, by itself or by who does it: "none will be sent", "no troops will be sent", "send nobody". What `from` tells
    /// has been counted.
    fn counts_none(&self, t: usize, from: usize) -> bool {
        let c = self.c;
        let none = |k: usize| {
            self.words.is_none(&c.lower[k])
                || c.children[k].iter().any(|&d| c.is(d, &["det", "advmod"]) && self.words.is_none(&c.lower[d]))
        };
        let other = |k: usize| k != from && c.is(k, &["nsubj", "obj"]) && !c.is_verb(k);
        c.is_negated(t) || c.children[t].iter().any(|&k| other(k) && none(k))
    }

    /// "would not leave unless …": nothing is said of what comes.
    fn under_condition(&self, plan: &Plan) -> bool {
        let c = self.c;
        let conditional = |t: usize| {
            c.children[t].iter().any(|&k| {
                c.is(k, &["mark"]) && self.words.is_condition(&c.lower[k])
                    || c.is(k, &["advcl"])
                        && c.children[k].iter().any(|&m| c.is(m, &["mark"]) && self.words.is_condition(&c.lower[m]))
            })
        };
        conditional(plan.deed) || conditional(plan.top)
    }

    /// Whether a plan is told as one of before: "had planned", "originally".
    fn is_looking_back(&self, plan: &Plan) -> bool {
        let c = self.c;
        [plan.deed, plan.top].iter().any(|&t| {
            c.children[t].iter().any(|&k| {
                self.words.is_before(&c.lower[k]) || c.is(k, &["aux"]) && self.lemma(k) == "have" && c.lower[k] == "had"
            })
        })
    }

    /// What the words of a plan are: its clause without what is joined to it.
    fn told(&self, plan: &Plan) -> Range<usize> {
        let c = self.c;
        let said = self.said(plan).into_iter().find(|x| x.contains(&plan.deed));
        // "refused to publish": who says it by the very word that tells of the plan is told with it.
        let by_saying = said.as_ref().is_some_and(|x| !x.contains(&plan.top)) && c.cued(plan.top).next().is_some();
        let leave = |k: usize| {
            let beside = c.is(k, &["conj", "cc", "parataxis", "punct", "advcl", "mark", "discourse"]);
            (beside || by_saying && k < plan.top && !c.is(k, &["aux", "advmod"])) && k != plan.deed
        };
        let mut told = c.phrase(plan.top, leave);
        // Of a clause with what is said in it, only what is said.
        if let Some(first) = said.filter(|_| !by_saying) {
            told.start = told.start.max(first.start);
            told.end = told.end.min(first.end).max(told.start);
            if !told.contains(&plan.deed) {
                told = first;
            }
        }
        c.trimmed(told)
    }

    /// What is said of the statement that a plan stands in.
    fn said(&self, plan: &Plan) -> Vec<Range<usize>> {
        let said = self.c.said_in(plan.deed);
        said.map_or_else(Vec::new, |s| s.content.iter().map(|x| self.c.tokens(x)).collect())
    }

    /// The roots of the things and people of a deed.
    fn matter(&self, plan: &Plan) -> HashSet<String> {
        let c = self.c;
        let range = c.phrase(plan.deed, |k| c.is(k, &["conj", "cc", "parataxis", "punct", "advcl", "mark"]));
        let told = range.filter(|&t| t != plan.deed && matches!(c.upos(t), "NOUN" | "PROPN") && c.lower[t].len() > 2);
        // Some plurals are their own lemmas: "dams".
        told.map(|t| self.lemma(t).trim_end_matches('s').chars().take(6).collect()).collect()
    }

    /// Whether two deeds name names, and others.
    fn names_apart(&self, a: &Plan, b: &Plan) -> bool {
        let c = self.c;
        let names = |p: &Plan| -> HashSet<&str> {
            let range = c.phrase(p.deed, |k| c.is(k, &["conj", "cc", "parataxis", "punct", "advcl", "mark"]));
            range.filter(|&t| c.upos(t) == "PROPN").map(|t| c.lower[t].as_str()).collect()
        };
        let (a, b) = (names(a), names(b));
        !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
    }
}

/// Whether two lemmas are of one root: "evacuate" and "evacuation".
fn one_root(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let shorter = a.chars().count().min(b.chars().count());
    a == b || common >= 4 && common + 1 >= shorter || common >= 6 && common + 2 >= shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_their_nouns_are_of_one_root() {
        for (a, b) in
            [("evacuate", "evacuation"), ("withdraw", "withdrawal"), ("meet", "meeting"), ("intervene", "intervention")]
        {
            assert!(one_root(a, b), "{a} {b}");
        }
        for (a, b) in [("support", "supply"), ("attend", "attack"), ("contact", "continue")] {
            assert!(!one_root(a, b), "{a} {b}");
        }
    }
}
