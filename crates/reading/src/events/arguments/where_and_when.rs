//! Where an event was, and when.

use std::ops::Range;

use annalist_calendar::Granularity;
use annalist_record::Time;

use super::Filler;
use crate::events::Candidate;
use crate::times::says_when;

/// A place or time further from a trigger than this, in tokens, is not taken for its own unless the tree joins them.
const NEAR: usize = 14;

/// A time that begins so many tokens into a sentence, at most, opens it.
const OPENING: usize = 4;

/// Whether a time tells when something is, or is a stretch between known days.
pub(super) fn tells_when(time: &Time) -> bool {
    let lasts = !matches!(&*time.kind, "DATE" | "TIME");
    says_when(time) || lasts && time.earliest.is_some()
}

impl Filler<'_, '_> {
    pub(super) fn is_time(&self, t: usize) -> bool {
        self.times.iter().any(|time| time.contains(&t))
    }

    pub(super) fn place_at(&self, tokens: &Range<usize>) -> Option<usize> {
        let meets = |m: &Range<usize>| m.start < tokens.end && tokens.start < m.end;
        self.places.iter().position(|mentions| mentions.iter().any(meets))
    }

    /// The token of a stretch that the others depend on.
    pub(super) fn top(&self, tokens: &Range<usize>) -> usize {
        let outside = |t: &usize| self.tree.head(*t).is_none_or(|h| !tokens.contains(&h));
        tokens.clone().find(outside).unwrap_or(tokens.start)
    }

    /// How far up from a token it is to the trigger or to the verb that the trigger depends on; `None` if they are not joined.
    fn joined(&self, top: usize, candidate: &Candidate) -> Option<usize> {
        let tree = self.tree;
        let mut clause = vec![candidate.head];
        clause.extend(candidate.words.iter().copied());
        let noun = !matches!(tree.upos(candidate.head), "VERB" | "AUX");
        if noun {
            let governor = tree.head(candidate.head).filter(|&g| tree.upos(g) == "VERB");
            clause.extend(governor);
        }
        for (steps, above) in tree.above(top).take(4).enumerate() {
            if clause.contains(&above) {
                return Some(steps);
            }
            // Not across a clause of its own.
            if matches!(tree.universal(above), "ccomp" | "advcl" | "parataxis" | "acl" | "conj" | "root") {
                break;
            }
        }
        None
    }

    /// Whether the clause in which a token stands is also that of another, or one above it: what stands in a clause below tells of that.
    fn over(&self, t: usize, other: usize) -> bool {
        let tree = self.tree;
        let heads_clause = |t: &usize| {
            let relation = tree.universal(*t);
            matches!(relation, "acl" | "advcl" | "ccomp" | "parataxis" | "csubj" | "xcomp")
                || relation == "conj" && matches!(tree.upos(*t), "VERB" | "AUX")
        };
        let clause = std::iter::once(t).chain(tree.above(t)).find(heads_clause);
        clause.is_none_or(|clause| clause == other || tree.above(other).any(|above| above == clause))
    }

    /// Where: a place whose mention stands after a preposition of place and is joined to the trigger, else the nearest of its sentence.
    pub(super) fn place(
        &self,
        candidate: &Candidate,
        spoken: &[Range<usize>],
        said_in: Option<usize>,
    ) -> Option<usize> {
        let tree = self.tree;
        let sentence = tree.sentence(candidate.head);
        let events = self.knowledge().events();
        let mut best: Option<((usize, usize), usize)> = None;
        for (number, mentions) in self.places.iter().enumerate() {
            for tokens in mentions.iter().filter(|m| sentence.contains(&m.start)) {
                if spoken.iter().any(|s| s.start < tokens.end && tokens.start < s.end) {
                    continue;
                }
                let top = self.top(tokens);
                let case = tree.case(top).is_some_and(|c| events.is_place_preposition(c));
                let of = tree.case(top) == Some("of");
                let distance = top.abs_diff(candidate.head);
                let modifier = matches!(tree.universal(top), "compound" | "nmod")
                    && tree.head(top) == Some(candidate.head)
                    && top < candidate.head;
                let rank = match self.joined(top, candidate) {
                    Some(steps) if case => steps,
                    Some(steps) if of || modifier => steps + 2,
                    _ if case
                        && distance <= NEAR
                        && self.over(top, candidate.head)
                        && !self.of_the_saying(tokens, candidate.head, said_in) =>
                    {
                        6
                    }
                    _ => continue,
                };
                if best.is_none_or(|(known, _)| (rank, distance) < known) {
                    best = Some(((rank, distance), number));
                }
            }
        }
        best.map(|(_, number)| number)
    }

    /// Whether a time of the trigger's sentence says when something was said, and not when what was said happens: it stands outside the words
    /// of the statement in which the trigger stands.
    pub(super) fn of_the_saying(&self, time: &Range<usize>, trigger: usize, said_in: Option<usize>) -> bool {
        let Some((stretches, _)) = said_in.and_then(|n| self.contents.get(n)) else { return false };
        self.tree.sentence(trigger).contains(&time.start) && !stretches.iter().any(|s| s.contains(&time.start))
    }

    /// The time with which the sentence before in its paragraph begins, for what is told in the past and has no time in its own sentence: "In May,
    /// the Front took the harbour. It burnt the town." What had been done before ("It had shelled the town") was so in May, but not on Monday.
    pub(super) fn carried(&self, candidate: &Candidate) -> Option<usize> {
        let tree = self.tree;
        let verb = candidate.head;
        let own = tree.sentence(verb);
        let inside = |range: &Range<usize>, tokens: &Range<usize>| !tokens.is_empty() && range.contains(&tokens.start);
        if !self.is_told_in_the_past(verb) || own.start == 0 || self.times.iter().any(|tokens| inside(&own, tokens)) {
            return None;
        }
        let paragraph = |t: usize| self.setting.analysis.sentences.get(tree.sentence_number(t)).map(|s| s.paragraph);
        if paragraph(own.start) != paragraph(own.start - 1) {
            return None;
        }
        let before = tree.sentence(own.start - 1);
        let opening = before.start..(before.start + OPENING).min(before.end);
        let mut dated = (0..self.times.len()).filter(|&n| self.dated[n] && inside(&before, &self.times[n]));
        // Of several times the last may hold.
        let (number, None) = (dated.next()?, dated.next()) else { return None };
        let tokens = &self.times[number];
        let said = self.contents.iter().any(|(stretches, _)| stretches.iter().any(|s| s.contains(&tokens.start)));
        let time = &self.setting.times[number];
        // Of what day may not be known.
        let day = time.granularity.as_deref() == Some(Granularity::Day.name());
        let one_day = day || time.earliest.is_some() && time.earliest == time.latest;
        if said || one_day && self.is_told_as_before(verb) {
            return None;
        }
        let top = self.top(tokens);
        let before_verb = tree.head(top).is_some_and(|above| above > top);
        (inside(&opening, tokens) && before_verb && !self.is_an_end(number)).then_some(number)
    }

    /// Whether a time is where a stretch begins or ends: "since 2014".
    pub(super) fn is_an_end(&self, time: usize) -> bool {
        let case = self.tree.case(self.top(&self.times[time]));
        case.is_some_and(|case| matches!(case, "since" | "until" | "till" | "from"))
    }

    /// Whether a time says which of several a noun means: "the August 2015 strike".
    pub(super) fn names_a_deed(&self, time: usize) -> bool {
        let top = self.top(&self.times[time]);
        let noun = self.tree.head(top).filter(|&noun| noun > top && matches!(self.tree.upos(noun), "NOUN" | "PROPN"));
        noun.is_some() && matches!(self.tree.universal(top), "compound" | "nmod" | "nummod" | "amod")
    }

    /// Whether a verb is in the past or past perfect, and not in the perfect: "took", "was taken", "had taken".
    fn is_told_in_the_past(&self, verb: usize) -> bool {
        let tree = self.tree;
        let form = tree.lower(verb);
        let helped: Vec<&str> =
            tree.children(verb).iter().filter(|&&t| tree.universal(t) == "aux").map(|&t| tree.lower(t)).collect();
        let past = |aux: &&str| matches!(*aux, "had" | "was" | "were" | "did" | "been" | "'d");
        let inflected = tree.lemma(verb) != form && !form.ends_with('s') && !form.ends_with("ing");
        tree.upos(verb) == "VERB"
            && helped.iter().all(past)
            && (inflected || !helped.is_empty())
            && (!helped.is_empty() || !matches!(tree.universal(verb), "acl" | "amod"))
    }

    /// Whether a verb is in the past perfect: "had taken".
    fn is_told_as_before(&self, verb: usize) -> bool {
        self.tree
            .children(verb)
            .iter()
            .any(|&t| self.tree.universal(t) == "aux" && matches!(self.tree.lower(t), "had" | "'d"))
    }

    /// When: a time that is joined to the trigger or to a verb above it, else the nearest of its sentence; given the statement in which the
    /// trigger stands, only a time within it.
    pub(super) fn time(&self, candidate: &Candidate, said_in: Option<usize>) -> Option<usize> {
        let tree = self.tree;
        let sentence = tree.sentence(candidate.head);
        let mut best: Option<((usize, usize), usize)> = None;
        for (number, tokens) in self.times.iter().enumerate() {
            if tokens.is_empty()
                || !self.dated[number]
                || !sentence.contains(&tokens.start)
                || self.of_the_saying(tokens, candidate.head, said_in)
            {
                continue;
            }
            let top = self.top(tokens);
            let distance = top.abs_diff(candidate.head);
            let rank = match self.joined(top, candidate) {
                Some(steps) => steps,
                None if distance <= NEAR && self.over(top, candidate.head) => 6,
                None => continue,
            };
            if best.is_none_or(|(known, _)| (rank, distance) < known) {
                best = Some(((rank, distance), number));
            }
        }
        best.map(|(_, number)| number)
    }
}
