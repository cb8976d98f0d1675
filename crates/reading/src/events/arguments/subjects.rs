//! Who does what a word tells, and to whom: its subject and its object in the tree.

use annalist_knowledge::NounClass;

use super::Filler;

/// No search follows more links than this.
pub(super) const DEEPEST: usize = 8;

impl Filler<'_, '_> {
    /// Who does what a verb says: its subject, or whom "by" names if it is passive.
    pub(super) fn subject(&self, v: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        if let Some(doer) = tree.before_hyphen(v) {
            return Some(doer);
        }
        if tree.passive(v) {
            let by = |c: &&usize| tree.universal(**c) == "obl" && tree.case(**c) == Some("by") && !self.is_time(**c);
            return tree.child(v, &["obl:agent"]).or_else(|| tree.children(v).iter().find(by).copied());
        }
        self.surface_subject(v, depth)
    }

    /// The grammatical subject of a verb, its own or the one it shares.
    fn surface_subject(&self, v: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        if let Some(subject) = tree.child(v, &["nsubj", "nsubj:pass"]) {
            return Some(self.antecedent(subject));
        }
        let head = tree.head(v)?;
        match tree.relation(v) {
            "acl:relcl" => Some(head),
            "acl" if tree.lower(v).ends_with("ing") => Some(head),
            "acl" => self.noun_subject(head, depth + 1),
            "amod" => Some(head),
            // "the militias that it says threaten it": the clause is of whom the relative stands for, not of whoever says so.
            "ccomp" if self.is_inserted(head) && tree.child(v, &["mark"]).is_none() => tree.head(head),
            "conj" => self.surface_subject(head, depth + 1),
            "xcomp" | "advcl" | "ccomp" | "parataxis" | "csubj" => {
                let object = || tree.child(head, &["obj", "iobj"]).map(|o| self.antecedent(o));
                let controls = tree.relation(v) == "xcomp"
                    && !self.knowledge().events().subject_controls(tree.lemma(head))
                    || tree.relation(v) == "advcl"
                        && tree.child(v, &["mark"]).is_some_and(|m| matches!(tree.lemma(m), "of" | "from" | "for"));
                if controls && let Some(object) = object() {
                    return Some(object);
                }
                self.surface_subject(head, depth + 1)
            }
            // "in attacking the town", "after being arrested"
            "obl" | "nmod" | "dep" | "obj" | "nsubj" => match tree.upos(head) {
                "VERB" | "AUX" => self.surface_subject(head, depth + 1),
                _ => self.noun_subject(head, depth + 1),
            },
            _ => None,
        }
    }

    /// Who does what a noun says.
    fn noun_subject(&self, n: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        let own = tree.child(n, &["nmod:poss"]).or_else(|| self.modifier(n));
        own.or_else(|| self.governor_subject(n, depth + 1))
    }

    /// The subject of the verb that a noun depends on, if the verb says no more than that it is done: whoever launched the attack, not
    /// whoever recalled it.
    pub(super) fn governor_subject(&self, n: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        let head = tree.head(n)?;
        let verb = matches!(tree.upos(head), "VERB" | "AUX" | "ADJ");
        if verb && !self.knowledge().events().is_light(tree.lemma(head)) {
            return None;
        }
        match tree.relation(n) {
            "obj" | "xcomp" if verb => self.subject(head, depth + 1),
            "nsubj:pass" => self.subject(head, depth + 1).filter(|&s| s != n),
            "conj" if !verb => self.noun_subject(head, depth + 1).filter(|&s| s != n),
            // "a wave of attacks", "the peace talks"; of "parties to the conflict" nobody knows whether they do it.
            "nmod" | "compound" if !verb && matches!(tree.case(n), None | Some("of")) => {
                self.noun_subject(head, depth + 1).filter(|&s| s != n)
            }
            relation if relation.starts_with("obl") && verb => {
                // "died in attacks": nobody of the sentence did it; "took part in attacks": the subject.
                let plain = !tree.passive(head)
                    && matches!(tree.case(n), Some("in" | "with" | "for" | "to" | "from" | "into" | "of" | "on"));
                plain.then(|| self.surface_subject(head, depth + 1)).flatten().filter(|&s| s != n)
            }
            _ => None,
        }
    }

    /// To whom a verb's doing is done: its object, or the subject of a passive one.
    pub(super) fn object(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        if tree.passive(v) {
            if let Some(subject) = tree.child(v, &["nsubj:pass", "nsubj"]) {
                return Some(self.antecedent(subject));
            }
            return match tree.relation(v) {
                "acl" | "amod" | "acl:relcl" => tree.head(v),
                _ => self.surface_subject(v, 0),
            };
        }
        if let Some(object) = tree.child(v, &["obj", "iobj"]) {
            return Some(self.antecedent(object));
        }
        // "the men they killed"
        let own = tree.child(v, &["nsubj"]);
        let relative = tree.relation(v) == "acl:relcl" && own.is_some_and(|s| !self.is_relative(s));
        let hyphenated = tree.relation(v) == "amod" && tree.before_hyphen(v).is_some();
        (relative || hyphenated).then(|| tree.head(v)).flatten()
    }

    /// What stands before a noun and tells whose it is: "*rebel* attacks", "*Norwegian* troops", "*UN*-led talks".
    pub(super) fn modifier(&self, n: usize) -> Option<usize> {
        let tree = self.tree;
        let before = |c: &&usize| **c < n && matches!(tree.universal(**c), "compound" | "amod" | "nmod");
        let modifiers: Vec<usize> = tree.children(n).iter().filter(before).copied().collect();
        for &m in &modifiers {
            if let Some(doer) = tree.before_hyphen(m).filter(|&d| self.acts(d)) {
                return Some(doer);
            }
        }
        let acting = |m: &&usize| self.acts(**m) && !self.is_place_only(**m);
        modifiers.iter().find(acting).or_else(|| modifiers.iter().find(|&&m| self.acts(m))).copied()
    }

    /// Whether a modifier can be somebody: a name, a people's adjective, a noun for persons or groups.
    pub(in crate::events) fn acts(&self, m: usize) -> bool {
        let tree = self.tree;
        let countries = self.knowledge().countries();
        let word = tree.words(&(m..m + 1));
        let capital = word.starts_with(char::is_uppercase);
        if capital && countries.lookup(word).next().is_some() {
            return true;
        }
        let class = self.knowledge().referents().noun(tree.lemma(m));
        let name = self.setting.analysis.names.iter().any(|n| n.tokens.contains(&m) && n.kind != "EVENT");
        match tree.upos(m) {
            "PROPN" => name || matches!(class, Some(NounClass::Person | NounClass::Group)),
            "NOUN" => matches!(class, Some(NounClass::Person | NounClass::Group)),
            "ADJ" => name && capital,
            _ => false,
        }
    }

    /// Whether a modifier names a place and no country: "the *Raqqa* offensive".
    fn is_place_only(&self, m: usize) -> bool {
        let place = self.setting.analysis.names.iter().any(|n| n.tokens.contains(&m) && n.kind == "LOC");
        place && self.knowledge().countries().lookup(self.tree.words(&(m..m + 1))).next().is_none()
    }

    /// Whether a verb says that what a relative clause tells is so: "the militias that it *says* threaten it".
    pub(super) fn is_inserted(&self, v: usize) -> bool {
        let own = self.tree.child(v, &["nsubj"]);
        let object = self.tree.child(v, &["obj"]);
        self.tree.relation(v) == "acl:relcl"
            && own.is_some_and(|s| !self.is_relative(s))
            && object.is_none_or(|o| self.is_relative(o))
    }

    fn is_relative(&self, t: usize) -> bool {
        let tree = self.tree;
        let word = matches!(tree.lower(t), "who" | "which" | "that" | "whom" | "whose");
        let within = std::iter::once(t).chain(tree.above(t)).find(|&a| tree.relation(a) == "acl:relcl");
        word && matches!(tree.upos(t), "PRON" | "DET" | "SCONJ") && within.is_some()
    }

    /// What a relative pronoun stands for; the token itself if it is none.
    pub(super) fn antecedent(&self, t: usize) -> usize {
        if !self.is_relative(t) {
            return t;
        }
        let clause = std::iter::once(t).chain(self.tree.above(t)).find(|&a| self.tree.relation(a) == "acl:relcl");
        clause.and_then(|c| self.tree.head(c)).unwrap_or(t)
    }
}
