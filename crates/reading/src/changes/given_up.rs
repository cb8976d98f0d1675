//! Which position was given up or taken back, and which is no longer held.

use std::ops::Range;

use annalist_knowledge::{NounClass, Stand};

use super::{Found, NEXT, REACH, Reading};

impl Reading<'_> {
    /// "reversed its decision", "backed away from its pledge", "changed his mind"
    pub(super) fn given_up(&self, verb: usize) -> Option<Found> {
        let c = self.c;
        if !c.is_verb(verb) || c.child(verb, &["nsubj:pass", "aux:pass"]).is_some() {
            return None;
        }
        let names = self.names(verb);
        let moves = names.iter().find(|(name, _)| self.words.moves(name));
        let alone = names.iter().find(|(name, _)| self.words.gives_up(name)).or(moves);
        let with = names.iter().any(|(name, _)| self.words.gives_up_position(name));
        let mind = self.words.changes_mind(self.lemma(verb));
        if alone.is_none() && !with && !mind {
            return None;
        }
        let who = self.subject(verb).filter(|&w| self.is_agent(w))?;
        if !self.is_real(verb) {
            return None;
        }
        let object = c.children[verb].iter().copied().find(|&k| k > verb && c.is(k, &["obj"]));
        let oblique = || {
            c.children[verb].iter().copied().find(|&k| {
                k > verb
                    && c.is(k, &["obl"])
                    && c.child(k, &["case"])
                        .is_some_and(|m| matches!(c.lower[m].as_str(), "on" | "from" | "about" | "over" | "of" | "in"))
            })
        };
        let matter = object.or_else(oblique);
        let after = |m: &Option<Range<usize>>| self.said_after(verb, m);
        if with && let Some(object) = matter.filter(|&o| self.words.is_position(self.lemma(o)) && self.is_own(o, who)) {
            let before = self.phrase(object);
            let after = after(&Some(before.clone()));
            return Some(Found {
                who,
                about: before.clone(),
                before,
                before_by: object,
                after,
                told_by: verb,
                confidence: 0.8,
            });
        }
        if mind && let Some(object) = object.filter(|&o| self.words.is_mind(self.lemma(o)) && self.is_own(o, who)) {
            let on = |t: usize| {
                c.children[t].iter().copied().find(|&k| {
                    k > t
                        && c.is(k, &["nmod", "obl"])
                        && c.child(k, &["case"]).is_some_and(|m| {
                            matches!(c.lower[m].as_str(), "on" | "about" | "over" | "regarding" | "toward" | "towards")
                        })
                })
            };
            let about = on(object).or_else(|| on(verb)).map(|t| self.phrase(t));
            let held = self.held_before(verb, who, if about.is_some() { REACH } else { NEXT });
            let (before, before_by) = held.or_else(|| about.clone().map(|a| (a, object)))?;
            let about = about.unwrap_or_else(|| before.clone());
            return Some(Found { who, about, before, before_by, after: after(&None), told_by: verb, confidence: 0.75 });
        }
        alone?;
        let matter = matter
            .or_else(|| alone.and_then(|(_, m)| *m))
            .filter(|&m| !self.is_agent(m) || c.child(m, &["case"]).is_some());
        if moves.is_some() && matter.is_some_and(|m| !self.can_be_held(m)) {
            return None;
        }
        let (before, before_by) = match matter {
            Some(m) => (self.phrase(m), m),
            None => self.held_before(verb, who, NEXT)?,
        };
        let after = after(&Some(before.clone()));
        let overlaps = before.start < after.end && after.start < before.end && matter.is_none();
        (!overlaps).then(|| Found {
            who,
            about: before.clone(),
            before,
            before_by,
            after,
            told_by: verb,
            confidence: 0.7,
        })
    }

    /// "its promise has been abandoned"
    pub(super) fn taken_back(&self, verb: usize) -> Option<Found> {
        let c = self.c;
        if !c.is_verb(verb) || !self.words.gives_up_position(self.lemma(verb)) || !self.is_real(verb) {
            return None;
        }
        let subject = c.child(verb, &["nsubj:pass"]).filter(|&s| self.words.is_position(self.lemma(s)))?;
        let who = c.child(subject, &["nmod:poss"]).filter(|&w| self.is_agent(w))?;
        let by = c.children[verb]
            .iter()
            .copied()
            .find(|&k| c.is(k, &["obl"]) && c.child(k, &["case"]).is_some_and(|m| c.lower[m] == "by"));
        if by.is_some() || self.words.undoes(self.lemma(verb)) {
            return None;
        }
        let before = self.phrase(subject);
        Some(Found {
            who,
            about: before.clone(),
            before,
            before_by: subject,
            after: self.deed(verb),
            told_by: verb,
            confidence: 0.75,
        })
    }

    /// "in a reversal of its policy, the ministry said …", "the minister's U-turn on bases"; not "demanded a U-turn".
    pub(super) fn noun_of_change(&self, noun: usize) -> Option<Found> {
        let c = self.c;
        let parts = self.words_of_change(noun)?;
        let last = parts.end;
        let end = c.sentence_of(noun).end;
        // Of "U-turn" the last word, of "change of heart" the first one is that which the others depend on.
        let outside = |&t: &usize| c.head(t).is_none_or(|h| !parts.contains(&h));
        let hyphened = parts.clone().any(|t| c.lower[t] == "-");
        let core =
            if hyphened { parts.clone().rev().find(outside) } else { parts.clone().find(outside) }.unwrap_or(noun);
        // A reverse of fortunes, a reversal of the law of another: whose it is must be told.
        let matter = (last..end.min(last + 2))
            .find(|&t| matches!(c.lower[t].as_str(), "of" | "from" | "on" | "over" | "about"))
            .and_then(|t| c.head(t))
            .filter(|&m| m >= last);
        // "a reversal of her support": hers it is; "a reversal of the law", "of Lund's legacy": nobody's own position.
        let of =
            matter.filter(|&m| c.child(m, &["case"]).is_some_and(|k| matches!(c.lower[k].as_str(), "of" | "from")));
        if of.is_some_and(|m| !self.words.is_position(self.lemma(m)) && !self.words.is_mind(self.lemma(m))) {
            return None;
        }
        // The clause it belongs to, and how.
        let (mut at, mut clause) = (core, core);
        for _ in 0..5 {
            let Some(above) = c.head(at).filter(|_| !c.is_verb(at)) else { break };
            if self.makes_unreal(above, at) {
                return None;
            }
            (clause, at) = (above, above);
        }
        let named = clause == core;
        if !self.is_real(clause) || c.is_negated(core) {
            return None;
        }
        let case = |t: usize| c.child(t, &["case"]).map_or("", |k| c.lower[k].as_str());
        let direct = c.head(core) == Some(clause);
        // "pushed him into a U-turn": his it is.
        let into = direct && c.is(core, &["obl"]) && case(core) == "into";
        let pushed = c.child(clause, &["obj"]).filter(|&o| into && self.is_agent(o));
        let agent = |t: usize, cases: &[&str]| {
            c.children[t]
                .iter()
                .copied()
                .find(|&k| c.is(k, &["nmod", "obl"]) && cases.contains(&case(k)) && self.is_agent(k))
        };
        let made = direct && self.words.makes(self.lemma(clause));
        let subject = || self.subject(clause).filter(|&w| self.is_agent(w));
        let of_clause = match () {
            () if into => pushed.or_else(subject),
            // "in a reversal of policy, the ministry said …"
            () if direct && c.is(core, &["obl"]) && case(core) == "in" => subject(),
            () if made && c.is(core, &["obj"]) => subject().or_else(|| agent(clause, &["for"])),
            () if made && c.relation(core) == "nsubj:pass" => agent(clause, &["by"]),
            () => None,
        };
        let holder = matter.and_then(|m| c.child(m, &["nmod:poss"])).filter(|&w| self.is_agent(w));
        // "the government U-turn"
        let compound = |k: &usize| {
            let body = self.knowledge.referents().noun(self.lemma(*k)) == Some(NounClass::Group);
            c.is(*k, &["compound"]) && (body || matches!(c.name_kind(*k), Some("PER" | "ORG")))
        };
        let whose = |t: usize| {
            let before = c.children[t].iter().copied().filter(|&k| k < t && !parts.contains(&k));
            let owner = before.clone().find(|&k| c.is(k, &["nmod:poss"]) && self.is_agent(k));
            owner.or_else(|| before.into_iter().find(compound))
        };
        let owner = parts.clone().find_map(whose).or(holder).or_else(|| agent(core, &["by", "for"]));
        let who = owner.or(of_clause)?;
        // Of which position, its own words tell; a country or a person is none, nor is another's policy one's own.
        let before_by = matter.filter(|&m| c.name_kind(m).is_none() && !self.is_anothers(m, who))?;
        let before = self.phrase(before_by);
        // What others do about it is not what holds now.
        let same = |w: usize| w == who || self.actor_of(w).is_some_and(|a| self.actor_of(who) == Some(a));
        let own = !named && pushed.is_none() && subject().is_some_and(same);
        let after = if own { self.content(clause) } else { parts.clone() };
        let after = if after.start < before.end && before.start < after.end { parts } else { after };
        Some(Found { who, about: before.clone(), before, before_by, after, told_by: core, confidence: 0.65 })
    }

    /// The words that tell a change from a token on: "U-turn", "change of heart".
    fn words_of_change(&self, noun: usize) -> Option<Range<usize>> {
        let c = self.c;
        let end = c.sentence_of(noun).end;
        let told = |n: usize| {
            let parts: Vec<&str> = (noun..(noun + n).min(end)).map(|t| c.lower[t].as_str()).collect();
            let words = parts.join(" ").replace(" - ", "-");
            self.words.is_change(&words) || words.strip_suffix('s').is_some_and(|one| self.words.is_change(one))
        };
        if matches!(c.upos(noun), "NOUN" | "PROPN" | "ADJ") && self.words.is_change(self.lemma(noun)) {
            return Some(noun..noun + 1);
        }
        (2..=4).find(|&n| told(n)).map(|n| noun..(noun + n).min(end))
    }

    /// "no longer supports"
    pub(super) fn no_longer(&self, t: usize) -> Option<Found> {
        let c = self.c;
        let longer = c.lower[t] == "longer" && t > 0 && c.lower[t - 1] == "no";
        let anymore = c.lower[t] == "anymore";
        if !longer && !anymore {
            return None;
        }
        let mut verb = c.head(t)?;
        if self.lemma(verb) == "no" || !(c.is_verb(verb) || c.upos(verb) == "ADJ") {
            verb = c.head(verb)?;
        }
        if anymore && !c.is_negated(verb) {
            return None;
        }
        let stand = self.words.stand(self.lemma(verb)).filter(|s| *s != Stand::Neutral)?;
        let _ = stand;
        let who = self.subject(verb).filter(|&w| self.is_agent(w) && c.child(verb, &["nsubj:pass"]).is_none())?;
        let conditional = c.children[verb].iter().any(|&k| c.is(k, &["mark"]) && self.words.is_condition(&c.lower[k]));
        let modal = c.children[verb].iter().any(|&k| c.is(k, &["aux"]) && self.words.is_possible(&c.lower[k]));
        if conditional || modal {
            return None;
        }
        let deed = self.deed(verb);
        // "clothes they no longer wanted": of what, must be told.
        if !c.children[verb].iter().any(|&k| k > verb && c.is(k, &["obj", "obl", "xcomp", "ccomp", "advcl"])) {
            return None;
        }
        let before = c.trimmed(verb.max(deed.start)..deed.end);
        let from = if longer { t - 1 } else { deed.start };
        let after = c.trimmed(from.min(deed.start)..deed.end);
        Some(Found { who, about: before.clone(), before, before_by: verb, after, told_by: t, confidence: 0.7 })
    }
}
