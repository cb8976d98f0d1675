//! On which side of its report a time lies: what the verb above it, the words before it and the noun beside it tell.

use annalist_knowledge::{Knowledge, Tense};
use annalist_language::{Analysis, Token};

/// No verb stands further above a time than this many words of the tree.
const HIGHEST: usize = 12;

/// A word's children are looked for among so many words before and after it.
const NEAR: usize = 12;

/// On which side of its report a time lies, by the words around it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Side {
    /// -1 before the publication, 1 after it, 0 unknown.
    pub direction: i32,
    /// It is over, though it would be nearer ahead: "fell on Oct. 7", "since October".
    pub over: bool,
    /// It tells which deed is spoken of: "the Oct. 7 attack".
    pub names_deed: bool,
}

/// Where a time lies that begins with the token `first` and hangs by the token `head`; `day` is whether it names a day.
pub(super) fn side(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    first: usize,
    head: usize,
    day: bool,
) -> Side {
    let tense = knowledge.times().tense();
    let around = Around { text, tokens: &analysis.tokens, tense, first, head, day };
    if around.names(&|lemma| tense.is_deed(lemma)) {
        return Side { direction: -1, over: true, names_deed: true };
    }
    if around.after(&|form| tense.is_since(form)) || around.follows_since() {
        return Side { direction: -1, over: true, names_deed: false };
    }
    let found = around.climb();
    // "Sunday's vote" is ahead unless something says otherwise.
    if found.direction == 0 && around.names(&|lemma| tense.is_coming(lemma)) {
        return Side { direction: 1, ..Side::default() };
    }
    found
}

/// A time with the words around it.
struct Around<'a> {
    text: &'a str,
    tokens: &'a [Token],
    tense: &'a Tense,
    /// Its first token.
    first: usize,
    /// The token by which it hangs in the tree.
    head: usize,
    /// Whether it names a day.
    day: bool,
}

/// What was met on the way up from a time.
#[derive(Debug, Clone, Copy, Default)]
struct Path {
    /// The word below the one that is looked at.
    below: Option<usize>,
    /// An infinitive or gerund.
    clause: bool,
    /// An infinitive.
    infinitive: bool,
    /// An infinitive by a day, or for one: "to leave by Friday", "to begin on Tuesday".
    due: bool,
}

const AHEAD: Option<Side> = Some(Side { direction: 1, over: false, names_deed: false });
const BEHIND: Option<Side> = Some(Side { direction: -1, over: false, names_deed: false });
const UNKNOWN: Option<Side> = Some(Side { direction: 0, over: false, names_deed: false });

/// Whether one of a verb's forms is known to what is asked.
type HasForm<'a> = dyn Fn(&dyn Fn(&str) -> bool) -> bool + 'a;

impl Around<'_> {
    fn form(&self, at: usize) -> String {
        self.text[self.tokens[at].start..self.tokens[at].end].to_lowercase()
    }

    fn lemma(&self, at: usize) -> String {
        self.tokens[at].lemma.to_lowercase()
    }

    fn relation(&self, at: usize) -> &str {
        self.tokens[at].deprel.split(':').next().unwrap_or_default()
    }

    /// What the time hangs by. A day right behind a verb is the verb's, whatever the tree says: "they would appeal, she said Friday".
    fn above(&self) -> Option<usize> {
        let own = self.tokens[self.head].head.filter(|&h| h != self.head && h < self.tokens.len());
        let bare = self.day && own.is_none_or(|h| h < self.first) && !self.owns();
        let bare = bare && !self.children(self.head).any(|t| self.relation(t) == "case" && t < self.head);
        let verb = self.first.checked_sub(1).filter(|&t| bare && &*self.tokens[t].upos == "VERB");
        verb.or(own)
    }

    /// What depends on a token; the time itself is left out.
    fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(self.tokens.len());
        near.filter(move |&t| self.tokens[t].head == Some(at) && t != self.head)
    }

    /// Whether the time stands after such a word: right after it, or with it as its preposition.
    fn after(&self, fits: &dyn Fn(&str) -> bool) -> bool {
        let right = self.first.checked_sub(1).is_some_and(|t| fits(&self.form(t)));
        let near = self.head.saturating_sub(6)..self.head;
        right || near.into_iter().any(|t| self.tokens[t].head == Some(self.head) && fits(&self.form(t)))
    }

    /// Whether "on", and no other preposition, ties it to what it belongs to.
    fn only_on(&self) -> bool {
        let cases: Vec<usize> =
            self.children(self.head).filter(|&t| self.relation(t) == "case" && t < self.head).collect();
        !cases.is_empty() && cases.iter().all(|&t| self.tense.is_on(&self.form(t)))
    }

    /// Whether it stands before a noun, and says which one is meant: "Monday's attack", "the Oct. 7 attack".
    fn names(&self, fits: &dyn Fn(&str) -> bool) -> bool {
        let Some(noun) = self.tokens[self.head].head.filter(|&noun| noun > self.head) else { return false };
        let attribute = matches!(self.relation(self.head), "nmod" | "compound" | "nummod" | "amod" | "flat" | "dep");
        let noun_like = matches!(&*self.tokens[noun].upos, "NOUN" | "PROPN");
        attribute && noun_like && (fits(&self.lemma(noun)) || fits(&self.form(noun)))
    }

    /// Whether it is whose something is: "Tuesday's meeting".
    fn owns(&self) -> bool {
        let clitic = |t: &Token| t.head == Some(self.head) && &*t.upos == "PART" && &*t.deprel == "case";
        &*self.tokens[self.head].deprel == "nmod:poss" || self.tokens.get(self.head + 1).is_some_and(clitic)
    }

    /// Whether words such as "ahead of" stand before a noun.
    fn leads_to(&self, noun: usize) -> bool {
        let cases = self.children(noun).filter(|&t| t < noun && self.relation(t) == "case");
        cases.into_iter().any(|case| {
            let last = self.children(case).filter(|&t| self.relation(t) == "fixed").fold(case, usize::max);
            self.leads_on(last)
        })
    }

    /// Whether such words end with a token.
    fn leads_on(&self, last: usize) -> bool {
        let from = self.tokens[last.saturating_sub(5)].start;
        let words = self.text[from..self.tokens[last].end].to_lowercase();
        self.tense.leads_to(&words.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Whether something that is still to come is named right before: "spoke before the vote on Oct. 7".
    fn follows_what_comes(&self) -> bool {
        (self.first.saturating_sub(4)..self.first).any(|t| {
            let lemma = self.lemma(t);
            self.tense.is_coming(&lemma) || &*self.tokens[t].upos != "VERB" && self.tense.looks_ahead(&lemma)
        })
    }

    /// Whether it stands right behind what has been so since: "since the strike in October", whatever the tree has the time with.
    fn follows_since(&self) -> bool {
        let before = |t: usize| t.checked_sub(1);
        let noun = before(self.first).and_then(|t| match self.tokens[t].head == Some(self.head) {
            true => before(t),
            false => Some(t),
        });
        let since = |t: usize| self.relation(t) == "case" && self.tense.is_since(&self.form(t));
        noun.is_some_and(|noun| &*self.tokens[noun].upos == "NOUN" && self.children(noun).any(|t| t < noun && since(t)))
    }

    /// Goes up from the time to the verb that tells its side.
    fn climb(&self) -> Side {
        // What lasts until a time is ahead of it; what had not begun until then, or had been until then, is over.
        let until = self.after(&|form| self.tense.is_until(form));
        let unknown = Side { direction: i32::from(until), ..Side::default() };
        if self.first.checked_sub(1).is_some_and(|t| self.leads_on(t)) {
            return Side { direction: 1, ..Side::default() };
        }
        let meant = self.day && self.after(&|form| self.tense.is_for(form));
        let (mut at, mut path) = (self.head, Path::default());
        for _ in 0..HIGHEST {
            let here = &self.tokens[at];
            let verb = matches!(&*here.upos, "VERB" | "AUX") && at != self.head;
            if verb || self.children(at).any(|t| &*self.tokens[t].deprel == "cop") {
                if let Some(side) = self.by_verb(at, &mut path, until) {
                    return side;
                }
            } else {
                // "since its launch in March"
                let since = |t: usize| self.relation(t) == "case" && t < at && self.tense.is_since(&self.form(t));
                if at != self.head && self.children(at).any(since) {
                    return Side { direction: -1, over: true, names_deed: false };
                }
                let willing = path.clause && self.tense.is_willing(&here.lemma);
                let ahead = at != self.head && (self.tense.looks_ahead(&here.lemma) || willing);
                let ordered = path.due && !self.tense.is_managing(&here.lemma);
                let meant = meant && at != self.head && self.tense.is_coming(&here.lemma);
                if ahead || ordered || meant || self.leads_to(at) {
                    return Side { direction: 1, ..Side::default() };
                }
            }
            let head = if at == self.head { self.above() } else { here.head };
            let Some(head) = head.filter(|&head| head != at && head < self.tokens.len()) else {
                // Headlines: "Minister to visit the front on Tuesday".
                return if path.infinitive { Side { direction: 1, ..Side::default() } } else { unknown };
            };
            (at, path.below) = (head, Some(at));
        }
        unknown
    }

    /// What a verb, or something with a copula, tells of the side; none where that depends on what stands above it.
    fn by_verb(&self, at: usize, path: &mut Path, until: bool) -> Option<Side> {
        let (tense, here) = (self.tense, &self.tokens[at]);
        let word = self.form(at);
        let forms: Vec<String> =
            self.children(at).filter(|&t| matches!(self.relation(t), "aux" | "cop")).map(|t| self.form(t)).collect();
        let has = |known: &dyn Fn(&str) -> bool| forms.iter().any(|f| known(f));
        let denied = |t: usize| tense.is_not(&self.form(t));
        let perfect = has(&|f| tense.is_past(f));
        if until {
            // "It was not until Tuesday that …"
            let denied = self.children(at).any(denied) || self.first.checked_sub(2).is_some_and(denied);
            let over = denied && (perfect || tense.is_past(&word)) || has(&|f| tense.is_perfect(f));
            let granted = tense.is_granting(&here.lemma) && has(&|f| tense.is_present_perfect(f)) && !denied;
            return if over && !granted { BEHIND } else { AHEAD };
        }
        // "since it sent forces there in March"
        let since = |t: usize| self.relation(t) == "mark" && t < at && tense.is_since(&self.form(t));
        let to_come = has(&|f| tense.is_future(f) || tense.is_modal(f) || tense.is_present(f));
        if at != self.head && !to_come && self.children(at).any(since) {
            return Some(Side { direction: -1, over: true, names_deed: false });
        }
        let ahead = at != self.head && tense.looks_ahead(&here.lemma);
        let active = self.children(at).any(|t| &*self.tokens[t].deprel == "nsubj")
            && !self.children(at).any(|t| &*self.tokens[t].deprel == "aux:pass");
        // What is planned is ahead; planning itself has the time of its verb.
        let wanted = path.clause && (ahead || tense.is_willing(&here.lemma));
        if wanted || ahead && !active || self.of_object(at, active, &has, path) {
            return AHEAD;
        }
        if path.due && !tense.is_managing(&here.lemma) {
            return AHEAD;
        }
        // What could not be done is over.
        let failed = has(&|f| tense.is_ability(f))
            && self.children(at).any(|t| denied(t) || self.relation(t) == "nsubj" && self.children(t).any(denied));
        if has(&|f| tense.is_future(f)) || has(&|f| tense.is_modal(f)) && !perfect && !failed {
            return AHEAD;
        }
        let own = self.above() == Some(at) || at == self.head;
        let told = own
            && self.day
            && !path.clause
            && !ahead
            && !tense.is_planning(&here.lemma)
            && (self.first.checked_sub(1) == Some(at) || self.only_on())
            && !self.follows_what_comes();
        let behind = Some(Side { direction: -1, over: told && !failed && at != self.head, names_deed: false });
        if failed || perfect {
            return behind;
        }
        let infinitive = self.children(at).any(|t| &*self.tokens[t].deprel == "mark" && self.form(t) == "to");
        if infinitive || word.ends_with("ing") && word != here.lemma && forms.is_empty() {
            // Whose it is, by time, is told by no infinitive: "to look into Tuesday's incident".
            if self.owns() && at != self.head && !self.names(&|lemma| tense.is_coming(lemma)) {
                return BEHIND;
            }
            // "is to meet on Tuesday", where the tree has the meeting as what is.
            if !path.clause && infinitive && has(&|f| tense.is_present(f)) {
                return AHEAD;
            }
            // An infinitive lies ahead of what looks ahead; else it has the time of what it depends on.
            // So does what is arranged for a day: "ordered a pause to begin on Tuesday".
            let arranged =
                self.day && self.after(&|form| tense.is_on(form)) && self.known(at, &|words| tense.is_arranged(words));
            path.due |= infinitive && own && (arranged || self.after(&|form| tense.is_deadline(form)));
            path.infinitive |= infinitive;
            path.clause = true;
            return None;
        }
        // "is to meet on Tuesday"
        if path.clause && tense.is_present(&word) {
            return AHEAD;
        }
        if has(&|f| tense.is_present(f)) {
            // "is meeting on Tuesday", "is held on Tuesday", "the deadline is Tuesday"
            let named = own && self.day && !path.clause && !self.after(&|form| tense.is_back(form));
            return if word.ends_with("ing") || named { AHEAD } else { UNKNOWN };
        }
        if !forms.is_empty() || word == here.lemma && !self.children(at).any(|t| self.relation(t) == "nsubj") {
            return UNKNOWN;
        }
        // "meets on Tuesday" tells of what is to come, "met" of what is over, and so does "kills", in headlines.
        if (word.ends_with('s') || word == here.lemma) && !tense.is_past(&word) {
            return match (own, self.is_scheduled(at)) {
                (false, _) => UNKNOWN,
                (true, true) => AHEAD,
                (true, false) => BEHIND,
            };
        }
        behind
    }

    /// Whether the time is that of what a verb has as its object, and that is still to come: "planned a march on Saturday", "set
    /// elections for Sunday", "postponed the talks to Friday", "promised results by Friday".
    fn of_object(&self, verb: usize, active: bool, has: &HasForm, path: &Path) -> bool {
        let tense = self.tense;
        if verb == self.head || self.owns() {
            return false;
        }
        let lemma = &self.tokens[verb].lemma;
        let own = self.above() == Some(verb);
        let object = |t: usize| self.relation(t) == "obj";
        let by_object = path.below.is_some_and(|t| t != self.head && object(t));
        let beside = own && self.children(verb).any(|t| verb < t && t < self.head && object(t));
        if (own || by_object) && self.day && tense.is_moving(lemma) && self.after(&|form| tense.is_towards(form)) {
            return true;
        }
        if self.day && (by_object || beside || own && !active) && self.after(&|form| tense.is_for(form)) {
            return true;
        }
        let ahead = tense.looks_ahead(lemma) || tense.is_willing(lemma);
        let due = self.after(&|form| tense.is_deadline(form));
        // "decided to meet on Thursday", "urged them to respond by Friday", where the tree has the day with the deciding or urging.
        let clause = |t: usize| verb < t && t < self.first && matches!(self.relation(t), "xcomp" | "ccomp");
        if own && (ahead || tense.is_commanding(lemma) && due) && self.children(verb).any(clause) {
            return true;
        }
        if !by_object && !beside {
            return false;
        }
        // No day is told with a present perfect: in "has promised results on Friday" it is the results'.
        let unfinished = has(&|f| tense.is_present_perfect(f));
        tense.is_planning(lemma) || (ahead || tense.is_commanding(lemma)) && due || ahead && unfinished
    }

    /// Whether a verb in the present tense, with the day that it has, tells of what is arranged: "the summit opens on Monday".
    fn is_scheduled(&self, verb: usize) -> bool {
        self.known(verb, &|words| self.tense.is_scheduled(words))
    }

    /// Whether a verb's lemma is known, or it and that of its object.
    fn known(&self, verb: usize, known: &dyn Fn(&str) -> bool) -> bool {
        let lemma = &self.tokens[verb].lemma;
        let mut with = self.children(verb).filter(|&t| self.relation(t) == "obj").map(|t| self.lemma(t));
        known(lemma) || with.any(|object| known(&format!("{lemma} {object}")))
    }
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;
    use annalist_language::Analysis;

    use crate::times::tests::{MONDAY, parsed};
    use crate::times::times;

    #[test]
    fn the_tense_of_the_clause_tells_which_weekday_is_meant() {
        let past = parsed(&[
            ("Envoys", "NOUN", 2, "nsubj"),
            ("met", "VERB", 0, "root"),
            ("on", "ADP", 4, "case"),
            ("Tuesday", "PROPN", 2, "obl"),
        ]);
        let future = parsed(&[
            ("Envoys", "NOUN", 3, "nsubj"),
            ("will", "AUX", 3, "aux"),
            ("meet", "VERB", 0, "root"),
            ("on", "ADP", 5, "case"),
            ("Tuesday", "PROPN", 3, "obl"),
        ]);
        let planned = parsed(&[
            ("Envoys", "NOUN", 2, "nsubj"),
            ("planned", "VERB", 0, "root"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 2, "xcomp"),
            ("on", "ADP", 6, "case"),
            ("Tuesday", "PROPN", 4, "obl"),
        ]);
        let value = |(text, analysis): &(String, Analysis)| {
            let times = times(text, analysis, Knowledge::english(), Some(MONDAY));
            (times[0].value.clone().unwrap(), times[0].relative_to.clone().unwrap())
        };
        assert_eq!(value(&past), ("2021-08-10".to_string(), "published".to_string()));
        assert_eq!(value(&future).0, "2021-08-17");
        assert_eq!(value(&planned).0, "2021-08-17");
    }

    #[test]
    fn what_is_planned_is_ahead_and_what_could_not_be_done_is_over() {
        let value = |words: &[(&str, &str, usize, &str)]| {
            let (text, analysis) = parsed(words);
            times(&text, &analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        let march = [
            ("Unions", "NOUN", 2, "nsubj"),
            ("planned", "VERB", 0, "root"),
            ("a", "DET", 4, "det"),
            ("march", "NOUN", 2, "obj"),
            ("on", "ADP", 6, "case"),
            ("Saturday", "PROPN", 2, "obl"),
        ];
        assert_eq!(value(&march), "2021-08-21");
        let reached = [
            ("Neither", "DET", 2, "det"),
            ("envoy", "NOUN", 5, "nsubj:pass"),
            ("could", "AUX", 5, "aux"),
            ("be", "AUX", 5, "aux:pass"),
            ("reached", "VERB", 0, "root"),
            ("Saturday", "PROPN", 5, "obl:unmarked"),
        ];
        assert_eq!(value(&reached), "2021-08-14");
        let could = [
            ("Envoys", "NOUN", 3, "nsubj"),
            ("could", "AUX", 3, "aux"),
            ("arrive", "VERB", 0, "root"),
            ("Saturday", "PROPN", 3, "obl:unmarked"),
        ];
        assert_eq!(value(&could), "2021-08-21");
        let resume = [
            ("Parliament", "PROPN", 4, "nsubj"),
            ("is", "AUX", 4, "cop"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 0, "root"),
            ("Saturday", "PROPN", 4, "obl:unmarked"),
        ];
        assert_eq!(value(&resume), "2021-08-21");
        let given = [
            ("Rebels", "NOUN", 2, "nsubj"),
            ("got", "VERB", 0, "root"),
            ("until", "ADP", 4, "case"),
            ("9", "NUM", 5, "nmod"),
            ("a.m.", "NOUN", 6, "nmod"),
            ("Saturday", "PROPN", 2, "obl"),
        ];
        assert_eq!(value(&given), "2021-08-21T09:00");
    }

    #[test]
    fn what_had_been_so_until_a_day_is_over() {
        let until = |aux: (&'static str, &'static str, &'static str), denied: bool, verb: &'static str| {
            let negation = if denied { "not" } else { "still" };
            parsed(&[
                ("Until", "ADP", 2, "case"),
                ("Thursday", "PROPN", 6, "obl"),
                ("they", "PRON", 6, "nsubj"),
                (aux.0, aux.1, 6, aux.2),
                (negation, "PART", 6, "advmod"),
                (verb, "VERB", 0, "root"),
            ])
        };
        let value = |(text, analysis): (String, Analysis)| {
            times(&text, &analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        assert_eq!(value(until(("had", "AUX", "aux"), true, "met")), "2021-08-12");
        assert_eq!(value(until(("did", "AUX", "aux"), true, "meet")), "2021-08-12");
        assert_eq!(value(until(("will", "AUX", "aux"), false, "meet")), "2021-08-19");
    }

    #[test]
    fn a_past_of_be_looks_back_and_be_to_ahead() {
        let there_was = parsed(&[
            ("There", "PRON", 2, "expl"),
            ("was", "VERB", 0, "root"),
            ("rain", "NOUN", 2, "nsubj"),
            ("on", "ADP", 5, "case"),
            ("Thursday", "PROPN", 2, "obl"),
        ]);
        let is_to = parsed(&[
            ("He", "PRON", 2, "nsubj"),
            ("is", "VERB", 0, "root"),
            ("to", "PART", 4, "mark"),
            ("meet", "VERB", 2, "xcomp"),
            ("them", "PRON", 4, "obj"),
            ("Thursday", "PROPN", 4, "obl"),
        ]);
        let value = |(text, analysis): &(String, Analysis)| {
            times(text, analysis, Knowledge::english(), Some(MONDAY))[0].value.clone().unwrap()
        };
        assert_eq!(value(&there_was), "2021-08-12");
        assert_eq!(value(&is_to), "2021-08-19");
    }
}
