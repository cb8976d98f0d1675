//! What tells whether a phrase refers, whether it refers to something new, and which earlier mention it takes up.
//!
//! Features are names of the form `template|value|value`; weights are kept by their hash ([`crate::coreference::weights`]).

use annalist_knowledge::NounClass;
use annalist_record::MentionForm;

use super::chains::Chains;
use super::mentions::{Determiner, Mention, Number, Scene};

/// Takes features as they are told.
pub(crate) trait Sink {
    /// A feature: a template and its values.
    fn tell(&mut self, parts: &[&str]);
}

/// The hash of a feature by its parts: FNV-1a of their text with `|` between them.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            mix(b'|');
        }
        part.bytes().for_each(&mut mix);
    }
    hash
}

fn bucket(n: usize) -> &'static str {
    match n {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4..=5 => "4",
        6..=8 => "6",
        9..=14 => "9",
        15..=29 => "15",
        _ => "30",
    }
}

fn flag(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

pub(crate) fn class(class: Option<NounClass>) -> &'static str {
    match class {
        Some(NounClass::Person) => "person",
        Some(NounClass::Group) => "group",
        Some(NounClass::Place) => "place",
        Some(NounClass::Animal) => "animal",
        Some(NounClass::Time) => "time",
        Some(NounClass::Thing) => "thing",
        Some(NounClass::Event) => "event",
        Some(NounClass::Abstract) => "abstract",
        None => "?",
    }
}

fn number(number: Option<Number>) -> &'static str {
    match number {
        Some(Number::Singular) => "one",
        Some(Number::Plural) => "many",
        None => "?",
    }
}

fn determiner(d: Determiner) -> &'static str {
    match d {
        Determiner::Definite => "the",
        Determiner::Indefinite => "a",
        Determiner::Demonstrative => "this",
        Determiner::Possessive => "its",
        Determiner::Number => "num",
        Determiner::None => "bare",
    }
}

/// The kinds of mentions that behave alike: each pronoun by itself, names, descriptions by their determiner.
pub(crate) fn manner<'m>(m: &'m Mention) -> &'m str {
    match (m.form, m.pronoun) {
        (_, Some(pronoun)) => pronoun,
        (MentionForm::Pronoun, None) => "pron",
        (MentionForm::Name, _) => "name",
        (MentionForm::Nominal, _) => determiner(m.determiner),
    }
}

/// The same, coarser: for what is taken up.
fn coarse(m: &Mention) -> &'static str {
    match m.form {
        MentionForm::Pronoun => "pron",
        MentionForm::Name => "name",
        MentionForm::Nominal => determiner(m.determiner),
    }
}

impl Scene<'_> {
    /// A word's lemma; of a name nothing but that it is one, so that no weight is learnt for anybody.
    fn common(&self, t: usize) -> &str {
        if self.upos(t) == "PROPN" { "NAME" } else { &self.lemma[t] }
    }

    /// The word after a token.
    fn next(&self, t: usize) -> &str {
        match t + 1 < self.lower.len() {
            true if self.upos(t + 1) == "PROPN" => "NAME",
            true => &self.lower[t + 1],
            false => "-",
        }
    }

    /// Whether a phrase is a mention.
    pub(crate) fn mention_features(&self, m: &Mention, out: &mut impl Sink) {
        let h = m.head;
        let (upos, deprel, lemma) = (self.upos(h), &*self.analysis.tokens[h].deprel, self.common(h));
        let name = self.name_kind(h).unwrap_or("-");
        out.tell(&["m"]);
        out.tell(&["m", upos, deprel]);
        out.tell(&["m name", name, upos, deprel]);
        out.tell(&["m lemma", lemma]);
        let word = if upos == "PROPN" { "NAME" } else { self.lower[h].as_str() };
        out.tell(&["m word", word, deprel]);
        out.tell(&["m manner", manner(m)]);
        out.tell(&["m manner", manner(m), self.relation(h)]);
        out.tell(&["m class", class(m.class), self.relation(h), determiner(m.determiner)]);
        out.tell(&["m size", bucket(m.tokens.len()), upos]);
        out.tell(&["m number", number(m.number), self.relation(h), flag(m.determiner == Determiner::None)]);
        let case = self.child(h, "case").map_or("-", |c| self.lower[c].as_str());
        out.tell(&["m case", case, determiner(m.determiner)]);
        out.tell(&["m case", case, lemma]);
        let first = m.tokens.start == self.analysis.sentences[m.sentence].tokens.start;
        out.tell(&["m first", flag(first), upos]);
        if let Some(governor) = self.head(h) {
            out.tell(&["m governor", self.upos(governor), upos, self.relation(h)]);
            if m.form == MentionForm::Pronoun || self.relation(h) == "obj" {
                out.tell(&["m governor", self.common(governor), self.relation(h), manner(m)]);
            }
            if self.relation(h) == "compound" {
                out.tell(&["m compound of", class(m.class), name]);
            }
        }
        if m.form == MentionForm::Pronoun {
            out.tell(&["m pronoun", self.lower[h].as_str(), deprel]);
            out.tell(&["m next", self.lower[h].as_str(), self.next(h)]);
        }
    }

    /// Whether a mention refers to something new.
    pub(crate) fn new_features(&self, m: &Mention, echo: Echo, out: &mut impl Sink) {
        let h = m.head;
        let manner = manner(m);
        let (relation, lemma) = (self.relation(h), self.lemma[h].as_str());
        out.tell(&["n", manner]);
        out.tell(&["n rel", manner, relation]);
        out.tell(&["n class", manner, class(m.class)]);
        out.tell(&["n number", manner, number(m.number), class(m.class)]);
        out.tell(&["n echo", manner, echo.name()]);
        out.tell(&["n echo", manner, echo.name(), flag(m.tokens.len() > 1), class(m.class)]);
        out.tell(&["n size", manner, bucket(m.tokens.len())]);
        out.tell(&["n sentence", manner, bucket(m.sentence)]);
        out.tell(&["n quoted", manner, flag(m.quoted), flag(m.said_in.is_some())]);
        if m.form == MentionForm::Nominal {
            out.tell(&["n lemma", manner, lemma]);
            out.tell(&["n lemma", lemma]);
            let modified = self.children[h]
                .iter()
                .any(|&c| m.tokens.contains(&c) && matches!(self.relation(c), "nmod" | "acl") && c > h);
            out.tell(&["n modified", manner, flag(modified), class(m.class)]);
            let adjective = self.children[h].iter().find(|&&c| m.tokens.contains(&c) && self.relation(c) == "amod");
            out.tell(&["n adjective", manner, adjective.map_or("-", |&c| self.lemma[c].as_str())]);
        }
        if m.form == MentionForm::Name {
            out.tell(&["n name", self.name_kind(h).unwrap_or("-"), echo.name()]);
        }
        if m.form == MentionForm::Pronoun {
            out.tell(&["n deprel", manner, &self.analysis.tokens[h].deprel]);
            let governor = self.head(h).map_or("-", |g| self.common(g));
            out.tell(&["n governor", manner, governor]);
            out.tell(&["n next", manner, self.next(h)]);
        }
    }

    /// Whether a mention takes up an earlier one, `a`, number `at` of the mentions so far.
    pub(crate) fn link_features(&self, m: &Mention, a: &Mention, around: Around, chains: &Chains, out: &mut impl Sink) {
        let Around { between, at, fit, standing } = around;
        let (manner, old) = (manner(m), coarse(a));
        let sentences = m.sentence.saturating_sub(a.sentence);
        let far = bucket(sentences);
        out.tell(&["l", manner, old]);
        if let Some(pronoun) = a.pronoun {
            out.tell(&["l takes up", manner, pronoun, if sentences < 2 { far } else { "2" }]);
        }
        out.tell(&["l far", manner, old, far]);
        out.tell(&["l between", manner, bucket(between), flag(sentences == 0)]);
        let role = self.role(a.head);
        out.tell(&["l role", manner, role, if sentences < 2 { far } else { "2" }]);
        out.tell(&["l roles", manner, self.role(m.head), role, if sentences < 2 { far } else { "2" }]);
        let first = a.tokens.start == self.analysis.sentences[a.sentence].tokens.start;
        out.tell(&["l first", manner, flag(first), if sentences < 2 { far } else { "2" }]);
        // Agreement, with all that is known of the chain.
        let chain = chains.of(at);
        let gender = match (m.gender, chain.gender()) {
            (Some(x), Some(y)) if x == y => "same",
            (Some(_), Some(_)) => "other",
            (None, None) => "none",
            (Some(_), None) => "new",
            (None, Some(_)) => "old",
        };
        let class_of_chain = chain.class().or(a.class);
        out.tell(&["l gender", manner, gender]);
        out.tell(&["l gender", manner, gender, class(a.class)]);
        out.tell(&["l number", manner, number(m.number), number(chain.number())]);
        out.tell(&["l number", number(m.number), number(a.number), old, class(a.class)]);
        out.tell(&["l class", manner, class(m.class), class(class_of_chain)]);
        out.tell(&["l class", class(m.class), class(a.class), old]);
        if a.form == MentionForm::Name {
            out.tell(&["l name", manner, self.name_kind(a.head).unwrap_or("-"), class(m.class)]);
        }
        if m.form == MentionForm::Nominal && m.determiner != Determiner::Indefinite {
            out.tell(&["l lemma", self.lemma[m.head].as_str(), class(class_of_chain), old]);
        }
        // Salience.
        out.tell(&["l chain", manner, bucket(chain.size()), flag(chain.named)]);
        let rank = chains.rank(at);
        out.tell(&["l rank", manner, bucket(rank)]);
        if m.form == MentionForm::Pronoun {
            out.tell(&["l fit", manner, bucket(fit)]);
            out.tell(&["l fit", manner, bucket(fit), role]);
            out.tell(&["l fit chain", manner, bucket(fit), bucket(chain.size())]);
            let last = chain.members.iter().rev().find(|&&k| chains.mentions[k].pronoun == m.pronoun);
            let since = last.map_or("-", |&k| bucket(m.sentence.saturating_sub(chains.mentions[k].sentence)));
            out.tell(&["l since", manner, since, bucket(fit)]);
            let governor = self.head(m.head).map_or("-", |g| self.common(g));
            out.tell(&["l governs", governor, self.role(m.head), class(class_of_chain)]);
            if sentences == 0 {
                out.tell(&["l commands", manner, self.command(a.head, m.head), role]);
            }
        }
        if let Some(standing) = standing {
            let beside = flag(standing.beside_first_person);
            let kind = class(a.class);
            out.tell(&["l narrator", manner, flag(standing.interview), kind]);
            out.tell(&["l narrator place", manner, kind, bucket(standing.place), beside]);
            out.tell(&["l narrator before", manner, kind, flag(standing.before_first_person), old]);
        }
        // The words.
        if m.form == MentionForm::Pronoun {
            out.tell(&[
                "l pronouns",
                manner,
                if a.form == MentionForm::Pronoun { super::features::manner(a) } else { old },
                far,
            ]);
            if a.form == MentionForm::Pronoun {
                out.tell(&["l chain pronouns", manner, chain.pronoun().unwrap_or("-")]);
            } else {
                out.tell(&["l antecedent", manner, self.common(a.head)]);
            }
            let same_clause = self.head(m.head).is_some() && self.head(m.head) == self.head(a.head);
            let reflexive = self.lower[m.head].ends_with("self") || self.lower[m.head].ends_with("selves");
            if same_clause {
                out.tell(&["l clause", manner, flag(reflexive), self.role(m.head), role]);
            }
            if reflexive {
                out.tell(&["l reflexive", flag(same_clause), role]);
            }
            let possessive = &*self.analysis.tokens[m.head].deprel == "nmod:poss";
            let owner = possessive && sentences == 0;
            if owner {
                let clause = |t: usize| self.head(t).filter(|_| self.role(t) != "poss");
                let within = self.head(m.head).and_then(clause).is_some_and(|v| self.head(a.head) == Some(v));
                out.tell(&["l owner", manner, flag(within), role]);
            }
            // The same verb had it for its subject, or its object, before.
            let governor = |t: usize| self.head(t).map(|g| self.lemma[g].as_str());
            if governor(m.head).is_some() && governor(m.head) == governor(a.head) {
                out.tell(&["l same governor", manner, flag(self.role(m.head) == role)]);
            }
        } else {
            self.words(m, a, at, chains, manner, old, far, out);
        }
        // Who speaks.
        self.speech(m, a, manner, sentences, out);
        // A name that only tells of what kind something is: "the Lind family".
        let compound = |m: &Mention| match self.relation(m.head) {
            "compound" => self.head(m.head).map_or("?", |h| class(self.knowledge.referents().noun(&self.lemma[h]))),
            _ => "-",
        };
        let (new_compound, old_compound) = (compound(m), compound(a));
        if new_compound != "-" || old_compound != "-" {
            out.tell(&["l compound", new_compound, old_compound, coarse(m), class(a.class)]);
            out.tell(&["l compound", manner, if old_compound == "-" { "-" } else { class(a.class) }]);
        }
        // Structure.
        let structure = self.structure(m, a);
        if structure != "-" {
            out.tell(&["l structure", structure]);
            out.tell(&["l structure", structure, manner, old]);
            out.tell(&["l structure", structure, class(m.class), class(a.class)]);
        }
        if a.tokens.start <= m.tokens.start && m.tokens.end <= a.tokens.end {
            out.tell(&["l within", manner]);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn words(
        &self,
        m: &Mention,
        a: &Mention,
        at: usize,
        chains: &Chains,
        manner: &str,
        old: &str,
        far: &str,
        out: &mut impl Sink,
    ) {
        let likeness = self.likeness(m, a);
        out.tell(&["l words", manner, likeness]);
        out.tell(&["l words", manner, old, likeness]);
        out.tell(&["l words far", likeness, old, far]);
        out.tell(&["l words class", likeness, class(m.class), class(a.class), number(m.number), number(a.number)]);
        // The best likeness to any other member of the chain.
        let best =
            chains.of(at).members.iter().map(|&k| self.likeness(m, &chains.mentions[k])).max_by_key(|l| Echo::of(l));
        let best = best.unwrap_or("-");
        out.tell(&["l chain words", manner, likeness, best]);
        if likeness == "head" || best == "head" {
            out.tell(&["l extent", manner, self.extent(m, a), class(m.class)]);
            out.tell(&["l extent", self.extent(m, a), manner, determiner(a.determiner)]);
        }
        if likeness == "-"
            && m.form == MentionForm::Nominal
            && a.form == MentionForm::Nominal
            && m.determiner != Determiner::Indefinite
        {
            out.tell(&["l lemmas", self.lemma[m.head].as_str(), self.lemma[a.head].as_str()]);
        }
        if likeness != "-" && m.form == MentionForm::Nominal {
            out.tell(&["l lemma again", self.lemma[m.head].as_str()]);
        }
    }

    /// How `a` stands above `m` in the tree of their sentence: its governor governs `m`, at some depth, or not.
    fn command(&self, a: usize, m: usize) -> &'static str {
        let Some(top) = self.head(a) else { return "root" };
        let (mut at, mut depth) = (m, 0);
        while let Some(head) = self.head(at).filter(|_| depth < 12) {
            depth += 1;
            if head == a {
                return "inside";
            }
            if head == top {
                return ["1", "1", "2", "3", "4+"][depth.min(4)];
            }
            at = head;
        }
        "beside"
    }

    /// How a head serves its clause.
    pub(crate) fn role(&self, t: usize) -> &'static str {
        match &*self.analysis.tokens[t].deprel {
            "nsubj" | "nsubj:outer" | "csubj" => "subject",
            "nsubj:pass" => "passive",
            "obj" => "object",
            "iobj" => "recipient",
            "nmod:poss" => "poss",
            "conj" => match self.head(t) {
                Some(h) if h < t && matches!(self.relation(h), "nsubj" | "obj" | "obl" | "nmod") => "conj",
                _ => "conj other",
            },
            "root" => "root",
            "appos" => "appos",
            "compound" => "compound",
            "expl" => "expl",
            "vocative" => "vocative",
            _ => match self.relation(t) {
                "obl" => "oblique",
                // "some of the ships": the whole is not the part.
                "nmod" if self.head(t).is_some_and(|h| matches!(self.upos(h), "DET" | "NUM" | "PRON")) => "whole",
                "nmod" => "noun modifier",
                "xcomp" | "ccomp" | "advcl" | "parataxis" => "predicate",
                _ => "other",
            },
        }
    }

    /// How much the words of two mentions are the same.
    pub(crate) fn likeness(&self, m: &Mention, a: &Mention) -> &'static str {
        if a.form == MentionForm::Pronoun {
            return "-";
        }
        if self.same_words(m, a) {
            return if m.form == MentionForm::Name { "same name" } else { "same" };
        }
        let (x, y) = (&self.lemma[m.head], &self.lemma[a.head]);
        if m.form == MentionForm::Name && a.form == MentionForm::Name {
            let person = |m: &Mention| m.class == Some(NounClass::Person);
            // "Ann Lind" is not "Ann Lind Jr.", whom "Lind" may be.
            if person(m)
                && person(a)
                && self.name_len(m).min(self.name_len(a)) > 1
                && self.younger(m) != self.younger(a)
            {
                return "other first name";
            }
            if self.surname(m) == self.surname(a) && person(m) && person(a) {
                let (short, long) = if self.name_len(m) < self.name_len(a) { (m, a) } else { (a, m) };
                return if self.name_len(short) == 1 {
                    "surname"
                } else if self.name_words(short).all(|w| self.name_words(long).any(|v| v == w)) {
                    "part of name"
                } else {
                    "other first name"
                };
            }
            if x == y || self.name_words(m).all(|w| self.name_words(a).any(|v| v == w)) {
                return "part of name";
            }
            if self.name_words(a).all(|w| self.name_words(m).any(|v| v == w)) {
                return "longer name";
            }
            if self.is_acronym(m, a) || self.is_acronym(a, m) {
                return "acronym";
            }
        }
        if x == y {
            return if m.form == MentionForm::Nominal && a.form == MentionForm::Nominal {
                "head"
            } else {
                "head of name"
            };
        }
        // "the ministry", after "Foreign Ministry": the last word of the name.
        if m.form != a.form {
            let (noun, name) = if m.form == MentionForm::Nominal { (m, a) } else { (a, m) };
            let lemma = self.lemma[noun.head].as_str();
            if name.tokens.clone().any(|t| self.lower[t] == lemma) {
                return "word of name";
            }
        }
        if stem(x).is_some_and(|s| Some(s) == stem(y)) {
            return "stem";
        }
        let shared = |t: usize| {
            matches!(self.upos(t), "NOUN" | "PROPN")
                && a.tokens.clone().any(|u| self.lemma[u] == self.lemma[t] && self.upos(u) != "ADP")
        };
        if m.tokens.clone().any(shared) { "word" } else { "-" }
    }

    fn same_words(&self, m: &Mention, a: &Mention) -> bool {
        let content = |m: &Mention| {
            m.tokens
                .clone()
                .filter(|&t| !matches!(self.relation(t), "det" | "punct" | "case"))
                .map(|t| self.lower[t].as_str())
                .collect::<Vec<_>>()
        };
        self.lemma[m.head] == self.lemma[a.head] && content(m) == content(a)
    }

    /// The last word of a name, without "Jr.".
    pub(crate) fn surname(&self, m: &Mention) -> &str {
        let tokens = self.name_of[m.head].map_or(m.head..m.head + 1, |n| self.analysis.names[n].tokens.clone());
        let told =
            |t: &usize| self.upos(*t) != "PUNCT" && !self.knowledge.referents().tells_namesakes_apart(&self.lower[*t]);
        let last = tokens.clone().rev().find(told).unwrap_or(tokens.end - 1);
        self.lower[last].as_str()
    }

    /// What tells a person from a parent or child of the same name, if the name has it.
    fn younger(&self, m: &Mention) -> Option<&str> {
        let tokens = self.name_of[m.head].map(|n| &self.analysis.names[n].tokens)?;
        let last = self.lower[tokens.end - 1].as_str();
        (tokens.len() > 1 && self.knowledge.referents().tells_namesakes_apart(last)).then_some(last)
    }

    pub(crate) fn name_len(&self, m: &Mention) -> usize {
        self.name_tokens(m).len()
    }

    pub(crate) fn name_words<'s>(&'s self, m: &Mention) -> impl Iterator<Item = &'s str> + use<'s> {
        let tokens = self.name_tokens(m);
        tokens.filter(|&t| matches!(self.upos(t), "PROPN" | "NOUN" | "ADJ")).map(|t| self.lower[t].as_str())
    }

    /// Whether `short` is made of the initials of `long`'s words.
    pub(crate) fn is_acronym(&self, short: &Mention, long: &Mention) -> bool {
        let word = self.word(short.head);
        let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        if letters.len() < 2
            || letters.len() > 8
            || !letters.chars().all(char::is_uppercase)
            || long.tokens.len() < letters.len()
        {
            return false;
        }
        let initials: String =
            long.tokens.clone().filter_map(|t| self.word(t).chars().next()).filter(|c| c.is_uppercase()).collect();
        initials.to_uppercase() == letters
    }

    /// How the modifiers of two phrases with the same head go together.
    pub(crate) fn extent(&self, m: &Mention, a: &Mention) -> &'static str {
        let modifiers = |m: &Mention| {
            let tokens = m
                .tokens
                .clone()
                .filter(|&t| t != m.head && matches!(self.upos(t), "NOUN" | "PROPN" | "ADJ" | "NUM" | "VERB"));
            tokens.map(|t| self.lemma[t].as_str()).collect::<Vec<_>>()
        };
        let (x, y) = (modifiers(m), modifiers(a));
        match (x.is_empty(), y.is_empty()) {
            (true, true) => "bare both",
            (true, false) => "less",
            _ if x.iter().all(|w| y.contains(w)) => "part",
            (false, true) => "more",
            _ if y.iter().all(|w| x.contains(w)) => "more",
            _ if x.iter().any(|w| y.contains(w)) => "some",
            _ => "others",
        }
    }

    /// Where two mentions stand to each other in one sentence.
    pub(crate) fn structure(&self, m: &Mention, a: &Mention) -> &'static str {
        let (x, y) = (m.head, a.head);
        let relation = self.relation(x);
        if relation == "appos" && self.head(x) == Some(y) {
            return "appos";
        }
        if self.relation(x) == "appos"
            && self.head(x).is_some()
            && self.head(x) == self.head(y)
            && self.relation(y) == "appos"
        {
            return "appos beside";
        }
        if self.head(y) == Some(x) && self.relation(y) == "nsubj" && self.child(x, "cop").is_some() {
            // "of noble birth" is no one.
            return if self.child(x, "case").is_none_or(|c| c > x) { "copula" } else { "copula with case" };
        }
        if relation == "xcomp" && self.head(x).is_some() && self.head(x) == self.head(y) {
            return "complement";
        }
        if (self.head(x) == Some(y) || self.head(y) == Some(x)) && (relation == "conj" || self.relation(y) == "conj") {
            return "conjuncts";
        }
        if relation == "conj" && self.relation(y) == "conj" && self.head(x) == self.head(y) {
            return "conjuncts";
        }
        if a.tokens.start < m.tokens.end && m.tokens.start < a.tokens.end {
            return "overlap";
        }
        if self.head(x).is_some() && self.head(x) == self.head(y) {
            if self.child(x, "case").is_some_and(|c| self.lower[c] == "as") && self.role(y) == "subject" {
                return "as";
            }
            return "same governor";
        }
        if a.tokens.end <= m.tokens.start && m.tokens.start - a.tokens.end <= 1 && a.sentence == m.sentence {
            return "beside";
        }
        "-"
    }

    /// The attribution in whose source a mention's head stands.
    pub(crate) fn speaks(&self, m: &Mention, attribution: usize) -> bool {
        let source = &self.attributions[attribution].source;
        source.iter().any(|s| s.contains(&m.head))
            && !self.head(m.head).is_some_and(|h| source.iter().any(|s| s.contains(&h)) && m.tokens.contains(&h))
            && source
                .iter()
                .any(|s| m.tokens.start <= s.start.max(m.tokens.start) && m.tokens.end >= s.end.min(m.tokens.end))
            && self.is_source_head(m.head, attribution)
    }

    fn is_source_head(&self, t: usize, attribution: usize) -> bool {
        let source = &self.attributions[attribution].source;
        let holds = |t: usize| source.iter().any(|s| s.contains(&t));
        holds(t) && self.head(t).is_none_or(|h| !holds(h) || self.relation(t) == "appos")
    }

    fn speech(&self, m: &Mention, a: &Mention, manner: &str, sentences: usize, out: &mut impl Sink) {
        let speaker = |attribution: Option<usize>, who: &Mention| attribution.is_some_and(|s| self.speaks(who, s));
        let of_m = speaker(m.said_in, a);
        let of_a = speaker(a.said_in, m);
        let near = if sentences < 3 { "near" } else { "far" };
        if of_m {
            out.tell(&["l said by", manner, flag(m.quoted), flag(m.said_in == a.said_in)]);
        }
        if of_a {
            out.tell(&[
                "l says",
                manner,
                coarse(a),
                if a.form == MentionForm::Pronoun { super::features::manner(a) } else { "-" },
                flag(a.quoted),
            ]);
        }
        let together = match (m.said_in, a.said_in) {
            (Some(x), Some(y)) if x == y => "same",
            (Some(x), Some(y)) => {
                if self.same_source(x, y) {
                    "same source"
                } else {
                    "other"
                }
            }
            (Some(_), None) => "into",
            (None, Some(_)) => "out of",
            (None, None) => "none",
        };
        let quotes = match (m.quoted, a.quoted) {
            (true, true) => "both",
            (true, false) => "new",
            (false, true) => "old",
            (false, false) => "none",
        };
        let first_person = matches!(a.pronoun, Some("i" | "we" | "you"));
        if m.form == MentionForm::Pronoun {
            out.tell(&["l speech", manner, together, flag(first_person), quotes]);
            out.tell(&[
                "l speech near",
                manner,
                together,
                near,
                flag(first_person),
                if first_person { a.pronoun.unwrap_or("-") } else { "-" },
            ]);
        } else {
            out.tell(&["l speech", coarse(m), together, flag(first_person)]);
        }
    }

    /// Whether two attributions have the same words for their source.
    fn same_source(&self, x: usize, y: usize) -> bool {
        let words = |a: usize| {
            self.attributions[a].source.iter().cloned().flatten().map(|t| self.lower[t].as_str()).collect::<Vec<_>>()
        };
        let (x, y) = (words(x), words(y));
        !x.is_empty() && x == y
    }
}

/// What there is to a possible link beside the two mentions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around {
    /// How many mentions stand between.
    pub between: usize,
    /// The number of the earlier one.
    pub at: usize,
    /// How many chains that a pronoun might stand for were mentioned since.
    pub fit: usize,
    /// For first persons that no quotation gives to a speaker: how the earlier one stands in the whole text.
    pub standing: Option<Standing>,
}

/// How a mention stands in the whole text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// How many others of its class are mentioned more often.
    pub place: usize,
    /// Whether a first person stands in its sentence or the next.
    pub beside_first_person: bool,
    /// Whether it stands before all first persons.
    pub before_first_person: bool,
    /// Whether the text is an interview.
    pub interview: bool,
}

/// The beginning that words of one family share: "Russia", "Russians".
fn stem(word: &str) -> Option<&str> {
    let end = word.char_indices().nth(5).map(|(i, _)| i)?;
    Some(&word[..end])
}

/// How a mention's words may be like those of an earlier one, the weakest first.
const LIKENESSES: [&str; 13] = [
    "-",
    "other first name",
    "word",
    "stem",
    "word of name",
    "head of name",
    "head",
    "longer name",
    "acronym",
    "part of name",
    "surname",
    "same",
    "same name",
];

/// The strongest earlier use of a mention's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Echo(usize);

impl Echo {
    pub const NONE: Echo = Echo(0);

    pub fn of(likeness: &str) -> Echo {
        Echo(LIKENESSES.iter().position(|&l| l == likeness).unwrap_or(0))
    }

    fn name(self) -> &'static str {
        LIKENESSES[self.0]
    }
}
