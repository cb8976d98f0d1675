//! Where the words for what is promised end, so that they do not break off.
//!
//! What a candidate is judged by are its words up to the first clause or circumstance behind their core. What is recorded reaches on to
//! where these words are whole: "do everything in his power to end the strike", "put lives at risk", "accept, but not welcome, the men".

use std::ops::Range;

use super::{Candidate, Form, Reading};

/// So many tokens may lie between words and what they lack.
const GAP: usize = 3;

/// What completes words is sought so many times, each time from where the last one ended.
const STEPS: usize = 6;

/// What is put between square brackets has at most so many tokens, with these.
const INSERTED: usize = 6;

impl Reading<'_> {
    /// The words of a candidate, to where they are whole.
    pub(super) fn whole(&self, candidate: &Candidate) -> Range<usize> {
        let c = self.c;
        let mut what = candidate.what.clone();
        let end = c.sentence_of(candidate.deed).end;
        for _ in 0..STEPS {
            what.end = self.past_insertion(what.end, end);
            let lacking = self.lacking(candidate, &what, end);
            if lacking.end <= what.end {
                break;
            }
            what.end = lacking.end.min(end);
        }
        let mut whole = c.trimmed(self.without_time(what.clone()));
        // A quotation that ends with them is closed, and one that begins with them is opened.
        let count = |mark: &str| whole.clone().filter(|&t| c.lower[t] == mark).count();
        let (opened, closed) = (count("“"), count("”"));
        if opened > closed && c.lower.get(whole.end).is_some_and(|next| next == "”") {
            whole.end += 1;
        }
        if closed > opened && whole.start > 0 && c.lower[whole.start - 1] == "“" {
            whole.start -= 1;
        }
        if whole.end < candidate.what.end || whole.is_empty() { candidate.what.clone() } else { whole }
    }

    /// Where what an editor put between square brackets ends, if it begins here: "the east of the river \[Tarn\] by Friday".
    fn past_insertion(&self, at: usize, end: usize) -> usize {
        let is = |t: usize, mark: &str| t < end && self.c.lower[t] == mark;
        let close = (at..end).take(INSERTED).find(|&t| is(t, "]"));
        close.filter(|_| is(at, "[")).map_or(at, |close| close + 1)
    }

    /// What the words lack most nearly behind them: an object or clause of one of them, the noun that their last word only opens, what a
    /// pronoun stands for, where a thing is put.
    fn lacking(&self, candidate: &Candidate, what: &Range<usize>, end: usize) -> Range<usize> {
        let c = self.c;
        let deed = candidate.deed;
        let near = |j: usize| j >= what.end && j < end && self.begins(j).saturating_sub(what.end) <= GAP;
        // A mark that ends a quotation, or what was put in, ends no phrase: "clean up” the town".
        let mark = |t: usize| matches!(c.lower.get(t).map(|word| &**word), Some("”" | "\"" | "]"));
        let cut = mark(what.end) || what.end > 0 && mark(what.end - 1);
        let behind = what.clone().filter(|&k| k >= deed).flat_map(|k| c.children[k].iter().map(move |&j| (k, j)));
        let lacks = |&(k, j): &(usize, usize)| {
            near(j)
                && match c.base_relation(j) {
                    "obj" | "iobj" | "xcomp" | "ccomp" | "fixed" | "flat" | "compound" => true,
                    "acl" | "advcl" => self.says_little(k) || k == deed && self.little_object(k),
                    "obl" | "nmod" => {
                        cut || self.says_little(k) || k == deed && (self.little_object(k) || self.is_put(j))
                    }
                    "conj" => {
                        candidate.form != Form::Noun
                            && k == deed
                            && !self.has_object(k)
                            && self.has_object(j)
                            && self.is_joined_verb(j)
                    }
                    _ => false,
                }
        };
        let first = behind.filter(lacks).map(|(_, j)| j).min_by_key(|&j| self.begins(j));
        // "for the | port": the last word hangs by one that is cut off.
        let last = what.end.saturating_sub(1);
        let opened = c.head(last).filter(|&h| {
            h >= what.end && h < end && h < what.end + GAP && c.is(last, &["det", "amod", "nummod", "case", "compound"])
        });
        let till = |j: usize| {
            let leave =
                |k: usize| k > j && (c.is(k, &["punct", "parataxis"]) || c.is(k, &["advcl"]) && self.is_condition(k));
            c.phrase(j, leave).end
        };
        let found = first.into_iter().chain(opened).map(till).max();
        what.start..found.unwrap_or(what.end)
    }

    /// Where the phrase of a token begins.
    fn begins(&self, t: usize) -> usize {
        self.c.phrase(t, |_| false).start
    }

    /// Whether a word says next to nothing without what follows it: "everything", "all", "whatever".
    fn says_little(&self, t: usize) -> bool {
        let indefinite = self.words.is_indefinite(&self.c.lower[t]);
        indefinite && matches!(self.c.upos(t), "PRON" | "DET" | "NOUN")
    }

    /// Whether a verb's object is such a word.
    fn little_object(&self, verb: usize) -> bool {
        self.c.children[verb].iter().any(|&k| k > verb && self.c.is(k, &["obj"]) && self.says_little(k))
    }

    fn has_object(&self, verb: usize) -> bool {
        self.c.child(verb, &["obj", "xcomp", "ccomp"]).is_some_and(|k| k > verb)
    }

    /// Whether a verb is joined to another without a subject or modal of its own.
    fn is_joined_verb(&self, verb: usize) -> bool {
        let c = self.c;
        c.is_verb(verb) && !c.children[verb].iter().any(|&k| k < verb && c.is(k, &["nsubj", "aux"]))
    }

    /// Whether a bare noun tells to what an object is brought: "at risk", "to justice".
    fn is_put(&self, oblique: usize) -> bool {
        let c = self.c;
        let mut before = c.children[oblique].iter().copied().filter(|&k| k < oblique).peekable();
        let bare = before.peek().is_some() && before.all(|k| c.is(k, &["case", "punct"]));
        bare && c.upos(oblique) == "NOUN" && c.name_kind(oblique).is_none() && c.lower[oblique] == c.lemma[oblique]
    }
}
