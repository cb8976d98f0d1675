//! Mentions: what a text refers with. Names, descriptions and pronouns, each as far as its phrase reaches.

use std::collections::HashSet;
use std::ops::Range;

use annalist_knowledge::{Gender, Knowledge, NounClass};
use annalist_language::{Analysis, Attribution};
use annalist_record::{ActorKind, MentionForm};

use crate::layouts;
use crate::quotation::{self, Place};

/// Shorter words are names in -s oftener than names of many.
const SHORTEST_OF_MANY: usize = 5;

/// Something the text refers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention<'k> {
    /// Its tokens: the phrase with its modifiers, without what is only beside it (appositions, further conjuncts, clauses).
    pub tokens: Range<usize>,
    /// The token the others depend on.
    pub head: usize,
    /// Its form.
    pub form: MentionForm,
    /// The citation form of a pronoun.
    pub pronoun: Option<&'k str>,
    /// How it is determined.
    pub determiner: Determiner,
    /// Whether it is of one or of many, where the words tell.
    pub number: Option<Number>,
    /// The gender of whom it is used, where the words tell.
    pub gender: Option<Gender>,
    /// What it refers to, by the name's kind or the noun's class.
    pub class: Option<NounClass>,
    /// The sentence it stands in.
    pub sentence: usize,
    /// Whether it stands between quotation marks.
    pub quoted: bool,
    /// The smallest attribution in whose content it stands, as a number among those of [`Scene`].
    pub said_in: Option<usize>,
    /// Whether it is of several that are named together; all other mentions leave further conjuncts out.
    pub together: bool,
}

/// Grammatical number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Number {
    Singular,
    Plural,
}

/// How a phrase is determined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Determiner {
    /// "the"
    Definite,
    /// "a", "some", "any", "no", "every"
    Indefinite,
    /// "this", "those"
    Demonstrative,
    /// "its", "the minister's"
    Possessive,
    /// A number.
    Number,
    /// Nothing.
    None,
}

/// A text as coreference sees it.
pub(crate) struct Scene<'a> {
    pub text: &'a str,
    pub analysis: &'a Analysis,
    pub knowledge: &'a Knowledge,
    /// What each token is to quotation.
    pub places: Vec<Place>,
    pub attributions: Vec<Attribution>,
    /// The tokens that depend on each token.
    pub children: Vec<Vec<usize>>,
    /// The name each token belongs to.
    pub name_of: Vec<Option<usize>>,
    /// Each token in lower case.
    pub lower: Vec<String>,
    /// Each token's lemma in lower case.
    pub lemma: Vec<String>,
    /// Whether each token is a name for many: "Republicans", beside "Republican" in the same text, or "Norwegians".
    pub plural_name: Vec<bool>,
    /// The kind of each name, the same for all that are called the same.
    kinds: Vec<&'a str>,
    /// The tokens of each name, a person's without title.
    untitled: Vec<Range<usize>>,
    /// Whether each token is a surname that stands in no name of the model's.
    surname_alone: Vec<bool>,
    /// Whether each token stands in what is said by somebody other than "I" and "we".
    pub others_words: Vec<bool>,
    /// Whether the writer says who they are: "I, Ann Lind".
    pub writer_named: bool,
}

impl<'a> Scene<'a> {
    pub fn new(text: &'a str, analysis: &'a Analysis, knowledge: &'a Knowledge) -> Scene<'a> {
        let places = quotation::places(text, analysis, knowledge.sources());
        let mut children = vec![Vec::new(); analysis.tokens.len()];
        for (t, token) in analysis.tokens.iter().enumerate() {
            if let Some(head) = token.head.filter(|&h| h < children.len()) {
                children[head].push(t);
            }
        }
        let mut name_of = vec![None; analysis.tokens.len()];
        for (n, name) in analysis.names.iter().enumerate() {
            name_of[name.tokens.clone()].fill(Some(n));
        }
        let attributions =
            layouts::merge(&analysis.attributions, layouts::attributions(text, analysis, knowledge, &places));
        let lower = analysis.tokens.iter().map(|t| text[t.start..t.end].to_lowercase()).collect();
        let lemma = analysis.tokens.iter().map(|t| t.lemma.to_lowercase()).collect();
        let mut scene = Scene {
            text,
            analysis,
            knowledge,
            places,
            attributions,
            children,
            name_of,
            lower,
            lemma,
            plural_name: Vec::new(),
            kinds: analysis.names.iter().map(|n| n.kind.as_str()).collect(),
            untitled: Vec::new(),
            writer_named: false,
            surname_alone: Vec::new(),
            others_words: Vec::new(),
        };
        scene.others_words = scene.words_of_others();
        scene.surname_alone = scene.surnames_alone();
        scene.kinds = scene.kinds_of_names();
        let untitled = |(name, &kind): (&annalist_language::Name, &&str)| match kind {
            "PER" => without_title(name.tokens.clone(), |t| scene.word(t), knowledge),
            _ => name.tokens.clone(),
        };
        scene.untitled = analysis.names.iter().zip(&scene.kinds).map(untitled).collect();
        scene.plural_name = scene.plural_names();
        scene.writer_named = (0..analysis.tokens.len()).any(|t| {
            let person = |c: usize| scene.name_kind(c) == Some("PER");
            scene.knowledge.referents().pronoun(&scene.lower[t]) == Some("i")
                && scene.child(t, "appos").is_some_and(person)
        });
        scene
    }

    /// Which tokens are names for many.
    fn plural_names(&self) -> Vec<bool> {
        let words: HashSet<&str> = (0..self.lower.len())
            .filter(|&t| matches!(self.upos(t), "PROPN" | "ADJ" | "NOUN"))
            .map(|t| self.lower[t].as_str())
            .collect();
        let many = |t: usize| {
            let name = self.upos(t) == "PROPN" && self.name_kind(t) != Some("PER");
            let one = self.lower[t].strip_suffix('s').filter(|one| name && one.len() >= SHORTEST_OF_MANY);
            let people = |one: &str| {
                let capital = self.word(t).get(..one.len());
                capital.is_some_and(|c| self.knowledge.countries().of_demonym(c).is_some())
                    || self.knowledge.referents().noun(one) == Some(NounClass::Person)
            };
            one.is_some_and(|one| words.contains(one) || people(one))
        };
        (0..self.lower.len()).map(many).collect()
    }

    pub fn word(&self, t: usize) -> &'a str {
        let token = &self.analysis.tokens[t];
        &self.text[token.start..token.end]
    }

    pub fn upos(&self, t: usize) -> &'a str {
        &self.analysis.tokens[t].upos
    }

    /// The universal relation, without its subtype.
    pub fn relation(&self, t: usize) -> &'a str {
        self.analysis.tokens[t].deprel.split(':').next().unwrap_or_default()
    }

    pub fn head(&self, t: usize) -> Option<usize> {
        self.analysis.tokens[t].head
    }

    pub fn child(&self, t: usize, relation: &str) -> Option<usize> {
        self.children[t].iter().copied().find(|&c| self.relation(c) == relation)
    }

    /// The mention of a person and those named after it in the same phrase, if there are any.
    pub fn coordination(&self, m: &Mention<'a>) -> Option<Mention<'a>> {
        let person = |t: usize| self.name_kind(t) == Some("PER");
        let others = self.children[m.head].iter().copied().filter(|&c| self.relation(c) == "conj" && person(c));
        let last = others.max().filter(|_| person(m.head))?;
        let tokens = m.tokens.start..self.phrase(last).end.max(m.tokens.end);
        Some(Mention { tokens, number: Some(Number::Plural), gender: None, together: true, ..m.clone() })
    }

    /// The head of whose a mention is: "Ann's office", "the Lind office".
    pub fn owner(&self, m: &Mention) -> Option<usize> {
        let owns = |c: &usize| match &*self.analysis.tokens[*c].deprel {
            "nmod:poss" => true,
            "compound" => self.upos(m.head) == "NOUN" && self.name_kind(*c) == Some("PER"),
            _ => false,
        };
        self.children[m.head].iter().copied().filter(|c| m.tokens.contains(c)).find(owns)
    }

    /// The tokens of the name that a mention's head belongs to, a person's without title.
    pub fn name_tokens(&self, m: &Mention) -> Range<usize> {
        self.name_of[m.head].map_or(m.head..m.head + 1, |n| self.untitled[n].clone())
    }

    /// The kind of the name a token belongs to.
    pub fn name_kind(&self, t: usize) -> Option<&'a str> {
        match self.name_of[t] {
            Some(n) => self.kinds.get(n).copied(),
            None => self.surname_alone.get(t).is_some_and(|&is| is).then_some("PER"),
        }
    }

    /// Which proper nouns that the model found no name in are surnames of persons who are named in full.
    fn surnames_alone(&self) -> Vec<bool> {
        let names = self.analysis.names.iter().filter(|n| n.kind == "PER" && n.tokens.len() > 1);
        let surnames: HashSet<&str> =
            names.filter_map(|n| self.lower[n.tokens.clone()].last()).map(String::as_str).collect();
        let alone = |t: usize| {
            self.name_of[t].is_none() && self.upos(t) == "PROPN" && surnames.contains(self.lower[t].as_str())
        };
        (0..self.lower.len()).map(alone).collect()
    }

    /// The kinds of the names: one word that is a person's surname in a full name of the text is that person wherever the model took
    /// it for a body or an event; what is known by its name to be a body is one, unless somebody is called so in full.
    fn kinds_of_names(&self) -> Vec<&'a str> {
        let names = &self.analysis.names;
        let last = |n: &annalist_language::Name| self.lower[n.tokens.clone()].last().map_or("", String::as_str);
        let surnames: HashSet<&str> =
            names.iter().filter(|n| n.kind == "PER" && n.tokens.len() > 1).map(last).collect();
        // Whoever is named in full may be called by each part of the name.
        let full = || names.iter().filter(|n| n.kind == "PER" && n.tokens.len() > 1);
        let parts: HashSet<&str> =
            full().flat_map(|n| self.lower[n.tokens.clone()].iter().map(String::as_str)).collect();
        let kind = |n: &'a annalist_language::Name| match n.kind.as_str() {
            "ORG" | "EVENT" if n.tokens.len() == 1 && surnames.contains(last(n)) => "PER",
            "PER" if self.is_body(&n.tokens) && !(n.tokens.len() == 1 && parts.contains(last(n))) => "ORG",
            // "Harakat al-Shabaab"
            "PER" if (n.tokens.start + 1..n.tokens.end - 1).any(|t| self.is_body(&(t..n.tokens.end))) => "ORG",
            kind => kind,
        };
        names.iter().map(kind).collect()
    }

    /// Whether words are known for the name of a body that no person is called after: of one word, only as it is spelled.
    fn is_body(&self, tokens: &Range<usize>) -> bool {
        let words = &self.text[self.analysis.tokens[tokens.start].start..self.analysis.tokens[tokens.end - 1].end];
        let kind = self.knowledge.actors().named(words, None).and_then(|known| known.kind);
        let spelled = || {
            let bare = ["'s", "’s", "'", "’"].iter().find_map(|ending| words.strip_suffix(ending)).unwrap_or(words);
            tokens.len() > 1 || self.knowledge.actors().is_spelled(bare)
        };
        kind.is_some_and(|kind| {
            !matches!(kind, ActorKind::Person | ActorKind::Office | ActorKind::Company | ActorKind::Media)
        }) && spelled()
    }

    /// Whether a token may head a mention at all; a learnt score decides.
    fn may_head(&self, t: usize) -> bool {
        let relation = self.relation(t);
        if matches!(
            relation,
            "flat" | "fixed" | "goeswith" | "punct" | "case" | "cc" | "mark" | "aux" | "cop" | "discourse"
        ) {
            return self.clitic(t);
        }
        match self.upos(t) {
            "NOUN" => true,
            "PROPN" => relation != "compound" || self.modifying_name(t),
            "PRON" => relation != "det",
            "NUM" => !matches!(relation, "nummod" | "compound"),
            "DET" => relation != "det",
            "ADJ" => matches!(relation, "nsubj" | "obj" | "iobj" | "obl" | "nmod"),
            "X" | "SYM" => matches!(relation, "nsubj" | "obj" | "obl" | "nmod" | "appos"),
            _ => false,
        }
    }

    /// "let's": a pronoun whatever its relation.
    fn clitic(&self, t: usize) -> bool {
        self.upos(t) == "PRON" && self.relation(t) != "punct" && self.relation(t) != "fixed"
    }

    /// A proper noun before another noun that is the last of a name of its own: "the [Elva] harbour".
    fn modifying_name(&self, t: usize) -> bool {
        let Some(name) = self.name_of[t] else { return false };
        let tokens = &self.analysis.names[name].tokens;
        let outside = self.head(t).is_some_and(|h| !tokens.contains(&h));
        outside && (tokens.clone().all(|u| u == t || self.head(u).is_some_and(|h| tokens.contains(&h))))
    }

    /// The tokens of the phrase that `head` heads.
    fn phrase(&self, head: usize) -> Range<usize> {
        if self.upos(head) == "PRON" && self.child(head, "acl").is_none() && self.child(head, "nmod").is_none() {
            return head..head + 1;
        }
        // What stands before a copula, and the copula, belongs to the clause and not to the phrase.
        let mut floor = self.analysis.sentences[self.sentence(head)].tokens.start;
        let clause = self.child(head, "cop").or_else(|| self.child(head, "nsubj").filter(|&s| s < head));
        if clause.is_some() {
            let before = self.children[head].iter().copied().filter(|&c| c < head);
            let of_clause =
                before.filter(|&c| matches!(self.relation(c), "cop" | "aux" | "nsubj" | "csubj" | "expl" | "mark"));
            floor = of_clause.map(|c| self.yield_of(c).end).max().unwrap_or(floor).min(head);
        }
        let mut range = head..head + 1;
        for &c in &self.children[head] {
            if c < floor || !self.belongs(c, head, clause.is_some()) {
                continue;
            }
            let part = self.yield_of(c);
            if c < head && part.start < floor {
                continue;
            }
            range = range.start.min(part.start)..range.end.max(part.end);
        }
        self.trimmed(range, head)
    }

    fn trimmed(&self, mut range: Range<usize>, head: usize) -> Range<usize> {
        let edge = |t: usize| self.upos(t) == "PUNCT" && !matches!(self.word(t), "%" | "$" | ")" | "]");
        while range.start < head
            && (edge(range.start) || self.upos(range.start) == "CCONJ" && self.relation(range.start) == "cc")
        {
            range.start += 1;
        }
        while range.end > head + 1 && edge(range.end - 1) {
            range.end -= 1;
        }
        // A person who is named after a comma, or after another who is named, is beside the phrase: "his deputy, Ann Lind".
        let person = self.name_kind(head) == Some("PER");
        let next = |t: usize| self.word(t) == "," || (person && self.lower[t] == "and");
        let named = |t: usize| {
            let name = self.name_of[t].map(|n| &self.analysis.names[n].tokens);
            name.is_some_and(|name| name.start == t && !name.contains(&head)) && self.name_kind(t) == Some("PER")
        };
        if let Some(t) = (head + 1..range.end.saturating_sub(1)).find(|&t| next(t) && named(t + 1)) {
            range.end = t;
        }
        // A closing bracket belongs to the phrase when the opening one does.
        if matches!(self.word(range.end - 1), ")" | "]") && range.end > head + 1 {
            let opens = range.clone().any(|t| matches!(self.word(t), "(" | "["));
            if !opens {
                range.end -= 1;
            }
        }
        range
    }

    /// Whether a dependent belongs to the phrase of its head.
    fn belongs(&self, c: usize, head: usize, predicate: bool) -> bool {
        let relation = self.relation(c);
        match relation {
            "det" | "amod" | "compound" | "flat" | "nummod" | "goeswith" | "fixed" => true,
            "nmod" => !(predicate && c > head && self.far(c, head)),
            "acl" => true,
            "case" => c > head && self.relation(c) == "case" && self.word(c).starts_with(['\'', '’']),
            "advmod" => c < head && !predicate || c + 1 == head,
            "obl" => &*self.analysis.tokens[c].deprel == "obl:unmarked" && c < head && !predicate,
            "obj" | "xcomp" => c > head && self.upos(head) != "PROPN",
            "dep" => c < head && c + 2 >= head,
            _ => false,
        }
    }

    /// Whether punctuation stands between two tokens.
    fn far(&self, a: usize, b: usize) -> bool {
        (a.min(b) + 1..a.max(b)).any(|t| self.word(t) == ",")
    }

    /// All that depends on a token, directly or not, as far as it is one stretch with it.
    fn yield_of(&self, t: usize) -> Range<usize> {
        let mut range = t..t + 1;
        let mut stack = vec![t];
        // Trees are finite and have no rings; the bound is for trees that are not trees.
        let mut steps = 0;
        while let Some(u) = stack.pop() {
            range = range.start.min(u)..range.end.max(u + 1);
            steps += 1;
            if steps > self.children.len() {
                break;
            }
            stack.extend(&self.children[u]);
        }
        range
    }

    pub fn sentence(&self, t: usize) -> usize {
        self.analysis
            .sentences
            .partition_point(|s| s.tokens.end <= t)
            .min(self.analysis.sentences.len().saturating_sub(1))
    }

    /// All mentions the text may have, in the order of their first tokens, longer ones first.
    pub fn candidates(&self) -> Vec<Mention<'a>> {
        let mut found: Vec<Mention> = Vec::new();
        let said_in = self.said_in();
        for t in 0..self.analysis.tokens.len() {
            if !self.may_head(t) {
                continue;
            }
            let tokens = match self.relation(t) {
                "compound" if self.upos(t) == "PROPN" => {
                    self.name_of[t].map_or(t..t + 1, |n| self.analysis.names[n].tokens.clone())
                }
                _ => self.phrase(t),
            };
            found.push(self.mention(tokens, t, said_in[t]));
        }
        found.sort_by_key(|m| (m.tokens.start, std::cmp::Reverse(m.tokens.end), m.head));
        found.dedup_by(|a, b| a.tokens == b.tokens);
        found
    }

    /// For each token, the smallest attribution in whose content it stands.
    fn said_in(&self) -> Vec<Option<usize>> {
        let size = |a: &Attribution| a.content.iter().map(Range::len).sum::<usize>();
        let mut order: Vec<usize> = (0..self.attributions.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(size(&self.attributions[i])));
        let mut said_in = vec![None; self.analysis.tokens.len()];
        for i in order {
            for stretch in &self.attributions[i].content {
                said_in[stretch.clone()].fill(Some(i));
            }
        }
        said_in
    }

    fn mention(&self, tokens: Range<usize>, head: usize, said_in: Option<usize>) -> Mention<'a> {
        let referents = self.knowledge.referents();
        let pronoun = match self.upos(head) {
            "PRON" | "DET" => referents.pronoun(&self.lower[head]),
            _ => None,
        };
        let form = match self.upos(head) {
            "PRON" => MentionForm::Pronoun,
            "DET" if pronoun.is_some() => MentionForm::Pronoun,
            "PROPN" => MentionForm::Name,
            _ if self.name_of[head].is_some() && self.upos(head) != "NOUN" => MentionForm::Name,
            _ => MentionForm::Nominal,
        };
        Mention {
            form,
            pronoun,
            determiner: self.determiner(head, &tokens),
            number: self.number(head, &tokens, pronoun),
            gender: self.gender(head, &tokens, form),
            class: self.class(head, form, pronoun),
            sentence: self.sentence(head),
            quoted: self.places[head] == Place::Inside,
            said_in,
            together: false,
            tokens,
            head,
        }
    }

    fn determiner(&self, head: usize, tokens: &Range<usize>) -> Determiner {
        let mut children = self.children[head].iter().copied().filter(|c| tokens.contains(c) && *c < head);
        children
            .find_map(|c| match (&*self.analysis.tokens[c].deprel, self.lower[c].as_str()) {
                ("nmod:poss", _) => Some(Determiner::Possessive),
                ("det", "the") => Some(Determiner::Definite),
                ("det", "this" | "that" | "these" | "those") => Some(Determiner::Demonstrative),
                ("det" | "det:predet", _) => Some(Determiner::Indefinite),
                ("nummod", _) => Some(Determiner::Number),
                _ => None,
            })
            .unwrap_or(Determiner::None)
    }

    fn number(&self, head: usize, tokens: &Range<usize>, pronoun: Option<&str>) -> Option<Number> {
        match pronoun {
            Some("i" | "he" | "she" | "it" | "this" | "that") => return Some(Number::Singular),
            Some("they" | "we" | "these" | "those") => return Some(Number::Plural),
            _ => {}
        }
        let referents = self.knowledge.referents();
        if referents.is_plural(&self.lower[head]) {
            return Some(Number::Plural);
        }
        match self.upos(head) {
            "NOUN" => Some(if self.lower[head] != self.lemma[head] { Number::Plural } else { Number::Singular }),
            "PROPN" => match self.name_kind(head) {
                Some("ORG") => None,
                _ if self.lower[head] != self.lemma[head] && self.lower[head].ends_with('s') => Some(Number::Plural),
                Some(_) => Some(Number::Singular),
                None if tokens.len() > 1 => None,
                None => Some(Number::Singular),
            },
            _ => None,
        }
    }

    fn gender(&self, head: usize, tokens: &Range<usize>, form: MentionForm) -> Option<Gender> {
        let referents = self.knowledge.referents();
        match form {
            MentionForm::Pronoun => referents.gender(&self.lower[head]),
            MentionForm::Nominal => referents.gender(&self.lemma[head]),
            MentionForm::Name => {
                if matches!(self.name_kind(head), Some("ORG" | "LOC" | "EVENT")) {
                    return None;
                }
                // A title before the name, else the first name.
                let own = |t: usize| t == head || self.head(t) == Some(head);
                let title = tokens.clone().filter(|&t| own(t)).find_map(|t| referents.gender(&self.lower[t]));
                let name = self.name_of[head].map_or(head..tokens.end, |n| self.analysis.names[n].tokens.clone());
                let person = self.name_kind(head) == Some("PER");
                let first = || name.clone().next().filter(|_| person && name.len() > 1);
                title.or_else(|| first().and_then(|t| referents.first_name(&plain(&self.lower[t]))))
            }
        }
    }

    fn class(&self, head: usize, form: MentionForm, pronoun: Option<&str>) -> Option<NounClass> {
        match (form, pronoun) {
            (_, Some("he" | "she" | "i" | "we" | "you")) => return Some(NounClass::Person),
            (MentionForm::Pronoun, _) => {
                return matches!(
                    self.lower[head].as_str(),
                    "who"
                        | "whom"
                        | "someone"
                        | "somebody"
                        | "anyone"
                        | "everyone"
                        | "everybody"
                        | "nobody"
                        | "anybody"
                )
                .then_some(NounClass::Person);
            }
            _ => {}
        }
        let by_name = match self.name_kind(head) {
            Some("PER") => Some(NounClass::Person),
            Some("ORG") => Some(NounClass::Group),
            Some("LOC") => Some(NounClass::Place),
            Some("EVENT") => Some(NounClass::Event),
            _ => None,
        };
        let noun = || {
            self.knowledge
                .referents()
                .noun(&self.lemma[head])
                .or_else(|| self.knowledge.referents().noun(&self.lower[head]))
        };
        match form {
            MentionForm::Name => by_name.or_else(noun),
            _ => noun().or(by_name),
        }
    }
}

/// The tokens of a person's name without the title it may begin with: "Ambassador" is one, "Hunter" is a first name too.
pub(crate) fn without_title<'w>(
    name: Range<usize>,
    word: impl Fn(usize) -> &'w str,
    knowledge: &Knowledge,
) -> Range<usize> {
    let referents = knowledge.referents();
    let genitive = |t: usize| matches!(word(t).to_lowercase().as_str(), "'s" | "’s" | "'" | "’");
    let title = |&t: &usize| {
        // Of the "Public Prosecutor's Office" the prosecutor is no title.
        if genitive(t + 1) {
            return false;
        }
        let word = word(t).to_lowercase();
        let person = referents.noun(&word) == Some(NounClass::Person);
        person && referents.first_name(&plain(&word)).is_none()
    };
    let start = (name.start..name.end.saturating_sub(1)).rev().find(title).map_or(name.start, |t| t + 1);
    start..name.end
}

/// A word without its accents, as name lists write it.
fn plain(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ě' => 'e',
            'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' => 'o',
            'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' => 'u',
            'ç' | 'č' | 'ć' => 'c',
            'ñ' | 'ń' | 'ň' => 'n',
            'š' | 'ş' | 'ś' => 's',
            'ž' | 'ź' | 'ż' => 'z',
            'ğ' => 'g',
            'ł' => 'l',
            'ř' => 'r',
            'ý' => 'y',
            other => other,
        })
        .collect()
}
