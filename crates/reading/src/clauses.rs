//! An analysed text as trees: words, lemmas, who depends on whom, and the stretches that phrases cover.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{Knowledge, NounClass};
use annalist_language::{Analysis, Token};
use annalist_record::{Actor, CharIndex, Event, Span, Statement};

/// A text with its trees, for readers that go from word to word.
pub(crate) struct Clauses<'a> {
    pub text: &'a str,
    pub analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    pub index: CharIndex,
    /// Each token in lower case.
    pub lower: Vec<String>,
    /// Each token's lemma in lower case.
    pub lemma: Vec<String>,
    /// The tokens that depend on each token, in order.
    pub children: Vec<Vec<usize>>,
    /// The sentence of each token.
    pub sentence: Vec<usize>,
    /// The name each token belongs to.
    name_of: Vec<Option<usize>>,
    actors: &'a [Actor],
    /// The actor in whose smallest mention each token stands.
    actor_of: Vec<Option<usize>>,
    statements: &'a [Statement],
    /// The innermost statement in whose content each token stands.
    said_in: Vec<Option<usize>>,
    /// The statements in whose cue a token stands.
    cues: HashMap<usize, Vec<usize>>,
}

impl<'a> Clauses<'a> {
    /// The trees of a text, with what is known of its words.
    pub fn new(
        text: &'a str,
        analysis: &'a Analysis,
        knowledge: &'a Knowledge,
        statements: &'a [Statement],
        actors: &'a [Actor],
    ) -> Clauses<'a> {
        let tokens = &analysis.tokens;
        let mut children = vec![Vec::new(); tokens.len()];
        for (t, token) in tokens.iter().enumerate() {
            if let Some(head) = token.head.filter(|&h| h < tokens.len() && h != t) {
                children[head].push(t);
            }
        }
        let mut sentence = vec![0; tokens.len()];
        for (s, one) in analysis.sentences.iter().enumerate() {
            for t in one.tokens.clone() {
                if let Some(place) = sentence.get_mut(t) {
                    *place = s;
                }
            }
        }
        let mut name_of = vec![None; tokens.len()];
        for (n, name) in analysis.names.iter().enumerate() {
            for t in name.tokens.start..name.tokens.end.min(tokens.len()) {
                name_of[t] = Some(n);
            }
        }
        let mut clauses = Clauses {
            text,
            analysis,
            knowledge,
            index: CharIndex::new(text),
            name_of,
            actors,
            actor_of: vec![None; tokens.len()],
            statements,
            said_in: vec![None; tokens.len()],
            cues: HashMap::new(),
            lower: tokens.iter().map(|t| text[t.start..t.end].to_lowercase()).collect(),
            lemma: tokens.iter().map(|t| t.lemma.to_lowercase()).collect(),
            children,
            sentence,
        };
        clauses.know();
        clauses
    }

    /// Ties tokens to the mentions, contents and cues they stand in.
    fn know(&mut self) {
        let mut sizes = vec![usize::MAX; self.len()];
        for (a, actor) in self.actors.iter().enumerate() {
            for mention in &actor.mentions {
                let size = mention.span.end.saturating_sub(mention.span.start);
                for t in self.tokens(&mention.span) {
                    if size < sizes[t] {
                        (sizes[t], self.actor_of[t]) = (size, Some(a));
                    }
                }
            }
        }
        sizes.fill(usize::MAX);
        for (s, statement) in self.statements.iter().enumerate() {
            let size: usize = statement.content.iter().map(|c| c.end.saturating_sub(c.start)).sum();
            for span in &statement.content {
                for t in self.tokens(span) {
                    if size < sizes[t] {
                        (sizes[t], self.said_in[t]) = (size, Some(s));
                    }
                }
            }
            for span in &statement.cue {
                for t in self.tokens(span) {
                    self.cues.entry(t).or_default().push(s);
                }
            }
        }
    }

    pub fn len(&self) -> usize {
        self.analysis.tokens.len()
    }

    pub fn token(&self, t: usize) -> &'a Token {
        &self.analysis.tokens[t]
    }

    /// The part of speech; nothing beyond the last token.
    pub fn upos(&self, t: usize) -> &'a str {
        self.analysis.tokens.get(t).map_or("", |token| &token.upos)
    }

    /// The relation to the head, whole: `nsubj:pass`.
    pub fn relation(&self, t: usize) -> &'a str {
        self.analysis.tokens.get(t).map_or("", |token| &token.deprel)
    }

    /// The relation without its subtype: `nsubj`.
    pub fn base_relation(&self, t: usize) -> &'a str {
        self.relation(t).split(':').next().unwrap_or_default()
    }

    pub fn head(&self, t: usize) -> Option<usize> {
        self.analysis.tokens[t].head.filter(|&h| h < self.len() && h != t)
    }

    /// The first dependent with one of the relations, subtypes included.
    pub fn child(&self, t: usize, relations: &[&str]) -> Option<usize> {
        self.children[t].iter().copied().find(|&c| self.is(c, relations))
    }

    /// Whether a token's relation is one of those given; one without a subtype stands for all of them.
    pub fn is(&self, t: usize, relations: &[&str]) -> bool {
        let (whole, base) = (self.relation(t), self.base_relation(t));
        relations.iter().any(|&r| r == whole || r == base)
    }

    pub fn is_word(&self, t: usize) -> bool {
        self.lower[t].chars().any(char::is_alphanumeric)
    }

    pub fn is_verb(&self, t: usize) -> bool {
        matches!(self.upos(t), "VERB" | "AUX")
    }

    /// The tokens of a sentence.
    pub fn sentence_of(&self, t: usize) -> Range<usize> {
        self.analysis.sentences.get(self.sentence[t]).map_or(t..t + 1, |s| s.tokens.start..s.tokens.end.min(self.len()))
    }

    /// The tokens of the phrase that `t` heads, without the dependents for which `leave` holds, as one stretch around `t`.
    pub fn phrase(&self, t: usize, leave: impl Fn(usize) -> bool) -> Range<usize> {
        let mut held = std::collections::BTreeSet::from([t]);
        let mut open = vec![t];
        while let Some(at) = open.pop() {
            for &c in &self.children[at] {
                if !(at == t && leave(c)) && held.insert(c) {
                    open.push(c);
                }
            }
        }
        let (mut start, mut end) = (t, t + 1);
        while start > 0 && held.contains(&(start - 1)) {
            start -= 1;
        }
        while held.contains(&end) {
            end += 1;
        }
        start..end
    }

    /// A stretch without marks at its ends.
    pub fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        while range.start < range.end && !self.is_word(range.start) {
            range.start += 1;
        }
        while range.start < range.end && !self.is_word(range.end - 1) {
            range.end -= 1;
        }
        range
    }

    /// The span of a stretch of tokens that is not empty.
    pub fn span(&self, range: Range<usize>) -> Span {
        let end = range.end.clamp(1, self.len());
        let start = range.start.min(end - 1);
        Span::of_bytes(self.text, &self.index, self.token(start).start..self.token(end - 1).end)
    }

    /// The tokens a span covers.
    pub fn tokens(&self, span: &Span) -> Range<usize> {
        let (start, end) = (self.index.byte(span.start), self.index.byte(span.end));
        let first = self.analysis.tokens.partition_point(|t| t.end <= start);
        let last = self.analysis.tokens.partition_point(|t| t.start < end);
        first..last.max(first)
    }

    /// The words of a stretch, with single spaces.
    pub fn words(&self, range: Range<usize>) -> String {
        if range.is_empty() || range.end > self.len() {
            return String::new();
        }
        let words = &self.text[self.token(range.start).start..self.token(range.end - 1).end];
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether a verb, or what it belongs to, is negated.
    pub fn is_negated(&self, t: usize) -> bool {
        self.children[t].iter().any(|&k| self.negates(k))
    }

    /// Whether a word negates what it depends on. A "no" that only answers does not.
    pub fn negates(&self, t: usize) -> bool {
        self.knowledge.events().is_negation(&self.lemma[t]) && !self.is(t, &["discourse", "parataxis"])
    }

    /// What a relative pronoun stands for; `None` for what is none, or stands for nothing.
    pub fn antecedent(&self, pronoun: usize) -> Option<usize> {
        if !matches!(self.lower[pronoun].as_str(), "who" | "which" | "that") {
            return None;
        }
        let mut at = self.head(pronoun)?;
        for _ in 0..4 {
            if self.relation(at) == "acl:relcl" {
                return self.head(at);
            }
            at = self.head(at)?;
        }
        None
    }

    /// The subject of a verb; that of the verb it is joined to, or whose clause it is, where it has none of its own: of an infinitive
    /// under a verb that has an object the object ("forced the ministry to drop its plan"), unless it is a verb of promising.
    pub fn subject(&self, verb: usize) -> Option<usize> {
        let mut at = verb;
        for _ in 0..6 {
            if let Some(subject) = self.child(at, &["nsubj", "csubj"]) {
                return Some(subject);
            }
            let above = self.head(at)?;
            match self.base_relation(at) {
                "xcomp" if self.controlled(above, at).is_some() => return self.controlled(above, at),
                "acl" if !self.is_verb(above) => return (self.relation(at) != "acl:relcl").then_some(above),
                "conj" | "xcomp" | "advcl" | "ccomp" | "parataxis" | "aux" | "cop" | "acl" => at = above,
                _ => return None,
            }
        }
        None
    }

    /// The object of a verb that does what the verb's infinitive says.
    fn controlled(&self, above: usize, infinitive: usize) -> Option<usize> {
        let object = self.child(above, &["obj", "iobj"]).filter(|&o| o < infinitive)?;
        let class = self.knowledge.referents().noun(&self.lemma[object]);
        // "held talks to end the strike": things do nothing.
        let acts = matches!(self.upos(object), "PROPN" | "PRON")
            || self.actor(object).is_some()
            || matches!(class, Some(NounClass::Person | NounClass::Group));
        (acts && !self.knowledge.events().subject_controls(&self.lemma[above])).then_some(object)
    }

    /// The innermost of the statements in whose content a token stands.
    pub fn said_in(&self, t: usize) -> Option<&'a Statement> {
        self.statements.get((*self.said_in.get(t)?)?)
    }

    /// The statements in whose cue a token stands.
    pub fn cued(&self, t: usize) -> impl Iterator<Item = &'a Statement> {
        self.cues.get(&t).into_iter().flatten().filter_map(|&s| self.statements.get(s))
    }

    /// The actor of a phrase: whose smallest mention holds its head.
    pub fn actor(&self, head: usize) -> Option<&'a Actor> {
        self.actors.get((*self.actor_of.get(head)?)?)
    }

    /// What bears the name in which a token stands: `PER`, `ORG`, `LOC` or `EVENT`.
    pub fn name_kind(&self, t: usize) -> Option<&'a str> {
        let name = (*self.name_of.get(t)?)?;
        self.analysis.names.get(name).map(|n| n.kind.as_str())
    }

    /// The event whose trigger a token is, or else the one nearest to it in its sentence, at most `reach` tokens away.
    pub fn event<'e>(&self, t: usize, events: &'e [Event], reach: usize) -> Option<&'e Event> {
        let sentence = self.sentence_of(t);
        let spans = |e: &'e Event| std::iter::once(&e.trigger).chain(&e.also);
        let distance = |span: &Span| {
            let tokens = self.tokens(span);
            (!tokens.is_empty() && sentence.contains(&tokens.start)).then(|| match () {
                () if tokens.contains(&t) => 0,
                () if t < tokens.start => tokens.start - t,
                () => t + 1 - tokens.end,
            })
        };
        let nearest = |e: &'e Event| spans(e).filter_map(distance).min();
        let near = events.iter().filter_map(|e| Some((nearest(e)?, e))).filter(|(d, _)| *d <= reach);
        near.min_by_key(|(d, _)| *d).map(|(_, e)| e)
    }
}
