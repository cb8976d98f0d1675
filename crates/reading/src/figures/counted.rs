//! What a number counts: the set of people or things that it stands for, and of whom they are.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{FigureKind, NounClass};
use annalist_record::Hedge;

use super::{Counted, NoFigure, Number, Reading, Set, Told};

/// So many tokens may lie between a number and the word that tells what is counted for the span to hold both.
const SPAN_REACH: usize = 7;

impl<'a> Reading<'a> {
    /// What a number counts.
    pub(super) fn counted(
        &self,
        number: &Number,
        known: &mut HashMap<usize, (&'a FigureKind, usize)>,
    ) -> Result<Counted<'a>, NoFigure> {
        let c = self.c;
        // The token of the number on which its others depend.
        let inside = number.bare.clone();
        let top =
            inside.clone().find(|&t| c.head(t).is_none_or(|h| !number.tokens.contains(&h))).unwrap_or(inside.start);
        if number.money.is_some() {
            return self.paid(number, top).ok_or(NoFigure::Untold);
        }
        let mut noun = top;
        if c.is(top, &["nummod", "compound", "det", "amod", "advmod"]) {
            noun = c.head(top).filter(|&h| h >= inside.end || c.is_verb(h)).unwrap_or(top);
            // "a 500-strong force"
            if self.lemma(noun) == "strong" && c.is(noun, &["amod"]) {
                noun = c.head(noun).unwrap_or(noun);
            }
        } else if let Some(strong) = c.head(top).filter(|&h| self.lemma(h) == "strong" && h > top) {
            noun = c.head(strong).unwrap_or(strong);
        }
        // What comes right after a number is counted by it, whatever the tree says.
        let done_to = self.verb_before(number).is_some();
        if noun == top && !done_to && c.is(top, &["nummod"]) && c.head(top).is_some_and(|h| h < top) {
            return Err(NoFigure::Untold);
        }
        // "dozens of people": those are counted.
        let of = || {
            let mut below = inside.clone().flat_map(|t| c.children[t].iter().copied());
            let nearest = |k: &usize| {
                let of = c.child(*k, &["case"]).filter(|case| self.lemma(*case) == "of");
                c.is(*k, &["nmod"]) && of.is_some_and(|case| case <= inside.end + 1) && *k >= inside.end
            };
            below.find(nearest).or_else(|| self.noun_after(inside.end))
        };
        let people = if noun == top { of() } else { Some(noun) };
        // "a total of 12 people": what the whole does and suffers, they do. It stands before "of", whatever the tree has that depend on.
        let before_of = || c.child(noun, &["case"])?.checked_sub(1);
        let whole = |h: &usize| self.case_of(noun) == "of" && self.words.is_whole(self.lemma(*h));
        if let Some(whole) = c.head(noun).filter(whole).or_else(|| before_of().filter(whole)) {
            noun = whole;
        }
        // Measures count nobody.
        let head_noun = people.unwrap_or(noun);
        let compound =
            head_noun.checked_sub(1).map(|before| format!("{} {}", self.lemma(before), self.lemma(head_noun)));
        let measure = self.words.is_unit(self.lemma(head_noun)) || compound.is_some_and(|c| self.words.is_unit(&c));
        if c.upos(head_noun) != "ADJ" && measure {
            return Err(NoFigure::Untold);
        }
        if !done_to && self.beside_name(number, top) {
            return Err(NoFigure::Untold);
        }
        if self.is_nobody(number, noun) {
            return Err(NoFigure::Undone);
        }
        let set = Set { noun, people, number };
        let found = self.kind(&set, 0);
        // "killed 12 soldiers fighting beside Norrland and nine rebels": both are told of alike, whatever else the tree joins the second to.
        let own = found.filter(|(_, _, told)| *told != Told::People);
        let alike = || self.alike(&set, known).map(|(kind, by)| (kind, by, Told::Beside));
        let (kind, told_by, told) = own.or_else(alike).or(found).ok_or(NoFigure::Untold)?;
        if told != Told::People {
            known.insert(noun, (kind, told_by));
        }
        if !self.was_done(told_by, &set, told) {
            return Err(NoFigure::Undone);
        }
        if kind.persons && told != Told::People && told != Told::Toll && !self.persons(people) {
            return Err(NoFigure::Untold);
        }
        let of_things = people.is_some_and(|p| p != told_by && self.thing(p));
        if matches!(told, Told::Verb | Told::State | Told::Beside) && !kind.persons && of_things {
            return Err(NoFigure::Untold);
        }
        // "two recordings, one captured by a camera": what a bare number stands beside is what it counts.
        let beside = c.head(noun).filter(|_| noun == top).and_then(|h| match () {
            () if c.is(noun, &["appos", "conj", "dep", "parataxis"]) => Some(h),
            () if c.is(noun, &["nsubj:pass"]) && c.is(h, &["acl"]) => c.head(h),
            () => None,
        });
        if beside.is_some_and(|h| {
            c.upos(h) == "NOUN"
                && matches!(self.class(h), Some(NounClass::Thing | NounClass::Abstract))
                && self.thing(h)
        }) {
            return Err(NoFigure::Untold);
        }
        // A bare year or clock time that the reader of times did not take.
        let year = number.value >= 1900.0
            && number.value <= 2100.0
            && number.hedge == Hedge::Exact
            && !self.word(inside.start).contains(',');
        if year && matches!(told, Told::Toll | Told::Beside) {
            return Err(NoFigure::Untold);
        }
        Ok(Counted {
            what: &kind.what,
            of: self.of(&set, told_by, kind),
            told_by,
            range: self.range(number, &[people.unwrap_or(noun), noun, told_by]),
            told,
        })
    }

    /// The noun of the phrase that follows "of".
    fn noun_after(&self, of: usize) -> Option<usize> {
        let c = self.c;
        if self.word(of) != "of" {
            return None;
        }
        let mut t = of + 1;
        while matches!(c.upos(t), "DET" | "ADJ" | "NUM" | "NOUN" | "PROPN") && t < of + 7 {
            if matches!(c.upos(t), "NOUN" | "PROPN") && !matches!(c.upos(t + 1), "NOUN" | "PROPN") {
                return Some(t);
            }
            t += 1;
        }
        None
    }

    /// A part of those that were counted just before.
    pub(super) fn part(&self, number: &Number, what: &'a str) -> Option<Counted<'a>> {
        let c = self.c;
        let head =
            number.bare.clone().find_map(|t| c.head(t).filter(|&h| h >= number.bare.end && c.is(t, &["nummod"])));
        let noun = head.unwrap_or(number.bare.start);
        if self.words.is_unit(self.lemma(noun)) {
            return None;
        }
        let of = (noun >= number.bare.end).then(|| c.words(number.tokens.end..noun + 1));
        Some(Counted {
            what,
            of,
            told_by: noun,
            range: number.tokens.start..noun.max(number.tokens.end - 1) + 1,
            told: Told::Beside,
        })
    }

    /// Whether a number is the age or number of a name before it: "Ann Okabe, 30, was killed", "Flight 12".
    fn beside_name(&self, number: &Number, top: usize) -> bool {
        let c = self.c;
        let alone = matches!(self.word(number.tokens.end), "," | "." | ";" | ")" | "") && number.tokens.start > 0;
        let comma = alone && matches!(self.word(number.tokens.start - 1), "," | "(");
        // "A Tarn man, 87, died": an age.
        let named = |t: usize| c.upos(t) == "PROPN" || self.class(t) == Some(NounClass::Person);
        let name_before = number.tokens.start.checked_sub(2).is_some_and(named);
        let labelled =
            c.head(top).is_some_and(|h| h + 1 == number.tokens.start && matches!(c.upos(h), "PROPN" | "NOUN"))
                && c.is(top, &["nummod", "flat", "dep", "nmod:unmarked", "nmod"]);
        (comma && name_before) || labelled
    }

    /// What is told of those with whom a set is joined by "and".
    fn alike(&self, set: &Set, known: &HashMap<usize, (&'a FigureKind, usize)>) -> Option<(&'a FigureKind, usize)> {
        let c = self.c;
        let joined = |t: usize| c.is(t, &["conj"]) && c.child(t, &["cc"]).is_some();
        let first = c.head(set.noun).filter(|_| joined(set.noun) && !c.is_verb(set.noun))?;
        if let Some(told) = known.get(&first) {
            return Some(*told);
        }
        // Numbers are joined to numbers: in "25 rebels fighting beside Norrland and 26 fighters", not Norrland and the fighters.
        let numbered = |t: usize| c.child(t, &["nummod"]).is_some();
        if numbered(first) || !numbered(set.noun) || !self.persons(set.people) {
            return None;
        }
        let mut at = first;
        for _ in 0..3 {
            at = c.head(at).filter(|_| c.is(at, &["nmod", "obl", "acl", "conj", "appos", "compound"]))?;
            if let Some(told) = known.get(&at) {
                return Some(*told);
            }
        }
        None
    }

    fn class(&self, t: usize) -> Option<NounClass> {
        self.knowledge.referents().noun(self.lemma(t))
    }

    /// Whether those counted are persons, or may be.
    fn persons(&self, people: Option<usize>) -> bool {
        let Some(t) = people else { return true };
        match self.c.upos(t) {
            "NUM" | "PRON" | "ADJ" | "DET" | "VERB" => true,
            // "DVDs" may be taken for a name.
            "PROPN" => !matches!(self.class(t), Some(NounClass::Thing | NounClass::Abstract | NounClass::Event)),
            _ => {
                matches!(self.class(t), Some(NounClass::Person | NounClass::Group))
                    || self.words.kinds().iter().any(|k| k.people.contains(self.lemma(t)))
            }
        }
    }

    fn thing(&self, t: usize) -> bool {
        self.c.upos(t) == "NOUN"
            && !self.words.kinds().iter().any(|k| k.people.contains(self.lemma(t)))
            && !matches!(self.lemma(t), "life" | "other")
            && matches!(
                self.class(t),
                Some(NounClass::Thing | NounClass::Abstract | NounClass::Time | NounClass::Event | NounClass::Place)
            )
    }

    /// Whom a figure is of, in the words of the text.
    fn of(&self, set: &Set, told_by: usize, kind: &FigureKind) -> Option<String> {
        let c = self.c;
        let numeric = |t: usize| set.number.tokens.contains(&t);
        let who = |k: usize| matches!(self.class(k), Some(NounClass::Person | NounClass::Group));
        // "12 deaths of civilians"
        let head = match set.people {
            Some(p) if kind.toll.contains(self.lemma(p)) || kind.states.contains(self.word(p)) => {
                let of = c.children[p].iter().copied().find(|&k| c.is(k, &["nmod"]) && self.case_of(k) == "of");
                let before = c.children[p]
                    .iter()
                    .copied()
                    .find(|&k| k < p && !numeric(k) && (c.is(k, &["compound"]) || (c.is(k, &["amod"]) && who(k))));
                return of
                    .map(|t| c.words(c.trimmed(c.phrase(t, |k| c.is(k, &["case", "acl", "punct"])))))
                    .or_else(|| before.map(|t| c.words(t..t + 1)));
            }
            Some(p) if c.is_verb(p) || numeric(p) => return None,
            Some(p) => p,
            None => return None,
        };
        if matches!(self.lemma(head), "other" | "life" | "more" | "them" | "they") {
            return None;
        }
        let leave = |k: usize| {
            numeric(k)
                || c.is(
                    k,
                    &[
                        "acl",
                        "appos",
                        "conj",
                        "cc",
                        "punct",
                        "case",
                        "nsubj",
                        "cop",
                        "advmod",
                        "parataxis",
                        "advcl",
                        "det",
                    ],
                )
                || k == told_by
                || (c.is(k, &["nmod"]) && self.case_of(k) != "of")
        };
        let phrase = c.phrase(head, leave);
        let start = (phrase.start..=head)
            .find(|&t| {
                !numeric(t)
                    && self.simple(t).is_none()
                    && !matches!(self.word(t), "the" | "of" | "a" | "an" | "other" | "more" | "another" | "his" | "its")
            })
            .unwrap_or(head);
        let words = c.words(start..phrase.end.max(head + 1));
        (!words.is_empty()).then_some(words)
    }

    /// The stretch that tells a figure: the number, those counted, and the word that says what of them, if it is near.
    pub(super) fn range(&self, number: &Number, words: &[usize]) -> Range<usize> {
        let mut range = number.tokens.clone();
        let sentence = self.c.sentence_of(number.bare.start);
        for &t in words {
            let far = t.abs_diff(range.start).min(t.abs_diff(range.end)) > SPAN_REACH;
            if sentence.contains(&t) && !far {
                range = range.start.min(t)..range.end.max(t + 1);
            }
        }
        range
    }
}
