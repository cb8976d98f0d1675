//! Whether what is told of those counted was done: not if it is negated, denied, planned, wanted or only possible.
//!
//! A figure reads as a fact, so that one of a deed not done is none: "no one was killed", "threatened to execute 12", "could displace
//! thousands". What governs the deed is asked, from word to word up the tree, as far as it can undo it: "tried to free 12" frees nobody,
//! "managed to free 12" does, and "will investigate the deaths of 12" leaves them dead.

use std::collections::HashSet;

use super::{Number, Reading, Set, Told};

/// So many words above the deed are asked.
const HIGHEST: usize = 6;

impl Reading<'_> {
    /// Whether a number counts nobody at all: "no one", "none of the 200", "one another", "one in five", "one of the bravest".
    pub(super) fn is_nobody(&self, number: &Number, noun: usize) -> bool {
        let c = self.c;
        let (start, end) = (number.tokens.start, number.tokens.end);
        let before = |n: usize| start.checked_sub(n).map_or("", |t| self.word(t));
        let before_is_no = self.is_negative(before(1)) || (before(1) == "-" && self.is_negative(before(2)));
        if before_is_no && !matches!(self.word(end), "only" | "just") {
            return true;
        }
        let alone = number.bare.len() == 1 && self.word(number.bare.start) == "one";
        if alone {
            // "one another", "one after another", "each one"
            let other = |t: usize| matches!(self.word(t), "another" | "other");
            let mutual = other(end)
                || (matches!(self.word(end), "after" | "by") && (other(end + 1) || self.word(end + 1) == "one"));
            let anybody = matches!(before(1), "each" | "every" | "any" | "this" | "that" | "which" | "another");
            if mutual || anybody || self.is_best(end) {
                return true;
            }
        }
        // A share: "one in five adults".
        let share = |low: usize, high: usize| {
            let values = self.simple(low).zip(self.simple(high));
            self.word(low + 1) == "in" && values.is_some_and(|(low, high)| low < high && high <= 100.0)
        };
        let measured = |t: usize| self.words.is_unit(self.lemma(t)) || self.words.is_currency(self.lemma(t));
        let first = number
            .bare
            .end
            .checked_sub(1)
            .is_some_and(|t| number.bare.len() == 1 && share(t, t + 2) && !measured(t + 3));
        let second = start.checked_sub(2).is_some_and(|t| share(t, number.bare.start) && !measured(end));
        if first || second {
            return true;
        }
        // "None of the 200 passengers": what the number belongs to counts nobody.
        let within = [Some(noun), Some(number.bare.start)];
        if within.into_iter().flatten().any(|t| c.children[t].iter().any(|&k| self.undoes(k, t, number))) {
            return true;
        }
        let mut at = noun;
        for _ in 0..2 {
            let Some(head) = c.head(at).filter(|_| c.is(at, &["nmod", "obl"]) && self.case_of(at) == "of") else {
                break;
            };
            if self.is_negative(self.lemma(head)) || c.children[head].iter().any(|&k| self.undoes(k, head, number)) {
                return true;
            }
            at = head;
        }
        false
    }

    /// "one of the bravest women": who is the best of many is not counted.
    fn is_best(&self, of: usize) -> bool {
        let superlative = |t: usize| {
            let word = self.word(t);
            matches!(word, "most" | "least" | "best" | "worst" | "last" | "first" | "only" | "few")
                || word.len() > 4 && word.ends_with("est") && self.c.upos(t) == "ADJ"
        };
        self.word(of) == "of" && (of + 1..of + 5).any(superlative)
    }

    fn is_negative(&self, word: &str) -> bool {
        self.knowledge.events().is_negation(word)
    }

    /// Whether a word before what it depends on negates it. "Not only" and "no fewer than" do not.
    fn undoes(&self, word: usize, head: usize, number: &Number) -> bool {
        let c = self.c;
        // What is negated after a verb is something else: "killed, not by the blast".
        let before =
            word < head || !c.is_verb(head) && !c.is(word, &["nmod", "conj", "appos", "acl", "parataxis", "dep"]);
        before
            && c.negates(word)
            && c.is(word, &["advmod", "det", "cc", "nsubj", "mark", "case", "cc:preconj"])
            && !number.tokens.contains(&word)
            && !matches!(self.word(word + 1), "only" | "just" | "merely" | "fewer" | "less" | "more")
    }

    fn negated(&self, t: usize, number: &Number) -> bool {
        self.c.children[t].iter().any(|&k| self.undoes(k, t, number))
    }

    /// Whether a modal verb of a list stands with a verb, or with what is said of somebody.
    fn modal(&self, t: usize, list: &HashSet<String>) -> bool {
        let c = self.c;
        c.children[t].iter().any(|&k| c.is(k, &["aux"]) && list.contains(self.word(k)))
    }

    /// Whether what a word tells of those counted was done, or is told as if it were.
    pub(super) fn was_done(&self, told_by: usize, set: &Set, told: Told) -> bool {
        let c = self.c;
        if told == Told::People {
            return self.is_there(told_by);
        }
        if told == Told::Toll && !self.not_undone(set.noun, set) {
            return false;
        }
        // "the toll could rise to 30": it is the verb between the toll and its number that tells.
        let verb = c.head(set.noun).filter(|&v| told == Told::Toll && v != told_by && c.is_verb(v));
        verb.is_none_or(|v| self.not_undone(v, set)) && self.not_undone(told_by, set)
    }

    /// Walks up from a word as long as what stands above can undo it.
    fn not_undone(&self, from: usize, set: &Set) -> bool {
        let c = self.c;
        let standing = self.words.standing();
        let counted = |t: usize| t == set.noun || Some(t) == set.people || set.number.tokens.contains(&t);
        let mut at = from;
        for _ in 0..HIGHEST {
            if self.negated(at, set.number) || self.modal(at, &standing.modals) {
                return false;
            }
            if c.child(at, &["mark"]).is_some_and(|m| matches!(self.lemma(m), "if" | "unless" | "whether")) {
                return false;
            }
            let infinitive = c.children[at].iter().any(|&k| k < at && self.word(k) == "to" && c.is(k, &["mark"]));
            let perfect = c.children[at].iter().any(|&k| c.is(k, &["aux"]) && self.lemma(k) == "have");
            if infinitive && perfect {
                return true;
            }
            // A headline: "Army to free 12".
            let Some(above) = c.head(at) else { return !infinitive };
            if infinitive {
                match c.base_relation(at) {
                    // "the first to die"; but "the hostages to be freed".
                    "acl" if counted(above) => return c.child(at, &["aux:pass"]).is_none(),
                    "xcomp" | "ccomp" if self.governs(&standing.real, above, at) => {}
                    "xcomp" | "advcl"
                        if standing.real.contains(&format!("{} {}", self.lemma(above), self.word(above + 1))) => {}
                    // "helped to free 12"; no infinitive is an oblique, the tree only calls it so.
                    "advcl" | "obl" if self.among(&standing.real, above) && c.child(above, &["obj"]).is_none() => {}
                    "conj" => {}
                    _ => return false,
                }
                at = above;
                continue;
            }
            let gerund = c.is_verb(at) && c.lower[at].ends_with("ing");
            match c.base_relation(at) {
                "xcomp" | "ccomp" | "advcl" | "csubj" | "obl" | "acl" | "obj" if gerund => {
                    if self.governs(&standing.undone, above, at) {
                        return false;
                    }
                    // "began killing" stands as its verb does; "after killing" by itself.
                    if !c.is(at, &["xcomp"]) {
                        return true;
                    }
                    at = above;
                }
                "ccomp" => return !self.among(&standing.denials, above) || self.negated(above, set.number),
                // "was killed or wounded", "will free 12 and expel 5"
                "conj" if c.is_verb(at) => {
                    let own = c.child(at, &["nsubj", "aux", "csubj"]).is_some();
                    let alike = (c.lower[at] == c.lemma[at]) == (c.lower[above] == c.lemma[above]);
                    if own || !alike {
                        return true;
                    }
                    let or = c.child(at, &["cc"]).is_some_and(|k| matches!(self.word(k), "or" | "nor"));
                    let shared = self.modal(above, &standing.modals) || or && self.negated(above, set.number);
                    if shared {
                        return false;
                    }
                    // "tried to kill and wound": one infinitive.
                    if !c.children[above].iter().any(|&k| self.word(k) == "to" && c.is(k, &["mark"])) {
                        return true;
                    }
                    at = above;
                }
                "xcomp" => at = above,
                _ if c.is_verb(at) && c.child(at, &["cop"]).is_none() => return true,
                "amod" | "appos" | "nummod" | "nmod" if counted(above) => at = above,
                // A noun of the deed, or who is dead: "demanded the release of 12", "left 12 dead".
                "obj" | "nsubj:pass" | "nmod" | "obl" | "compound" | "nsubj" => {
                    if !counted(at) && self.governs(&standing.undone, above, at)
                        || counted(at) && self.denies(above, at)
                    {
                        return false;
                    }
                    let brought = c.is(at, &["obj", "obl"]) && self.brings(above, at);
                    if !brought {
                        return true;
                    }
                    at = above;
                }
                _ => return true,
            }
        }
        true
    }

    fn denies(&self, above: usize, at: usize) -> bool {
        self.c.is(at, &["obj"]) && self.among(&self.words.standing().denials, above)
    }

    fn brings(&self, above: usize, at: usize) -> bool {
        let list = &self.words.standing().bringing;
        if self.c.is(at, &["obj"]) {
            return self.among(list, above);
        }
        list.contains(&format!("{} {}", self.lemma(above), self.case_of(at)))
    }

    /// Whether a list has what stands above a word: with the preposition before the word, or, of its object, complement or "of", alone or with
    /// its particle.
    fn governs(&self, list: &HashSet<String>, above: usize, at: usize) -> bool {
        let c = self.c;
        let with = |second: &str| list.contains(&format!("{} {second}", self.lemma(above)));
        if c.children[at].iter().any(|&k| c.is(k, &["case", "mark"]) && with(self.lemma(k))) {
            return true;
        }
        let direct = match c.base_relation(at) {
            "obj" | "xcomp" | "ccomp" | "compound" => true,
            "nsubj" => c.is(at, &["nsubj:pass"]),
            "nmod" | "acl" => matches!(self.case_of(at), "of" | "for" | ""),
            _ => false,
        };
        let particle = |&k: &usize| k > above && c.is(k, &["compound:prt", "advmod"]) && with(self.lemma(k));
        direct && (self.among(list, above) || c.children[above].iter().any(particle))
    }

    /// Whether those whom a noun counts are there: "up to 8,000 refugees may be at sea" tells of nobody for sure.
    fn is_there(&self, noun: usize) -> bool {
        let c = self.c;
        let standing = self.words.standing();
        let Some(above) = c.head(noun) else { return !self.modal(noun, &standing.doubtful) };
        // "could free its 50 prisoners": they are known.
        let known =
            c.child(noun, &["det", "nmod:poss"]).is_some_and(|d| !matches!(self.word(d), "a" | "an" | "some" | "any"));
        let doubted = match c.base_relation(noun) {
            "nsubj" | "obj" => self.modal(above, &standing.doubtful),
            "obl" => self.brings(above, noun) && self.modal(above, &standing.doubtful),
            _ => false,
        };
        // "would have to take in 10,000 refugees": an infinitive under a modal verb.
        let under =
            c.head(above).filter(|_| c.is(above, &["xcomp"]) && c.is(noun, &["obj"]) && self.brings(above, noun));
        known || !(doubted || under.is_some_and(|v| self.modal(v, &standing.doubtful)))
    }
}
