//! The trees of a text, for looking around in.

use std::ops::Range;

use annalist_language::Analysis;
use annalist_record::{CharIndex, Span};

/// The tokens of a text with what depends on each.
pub struct Tree<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    children: Vec<Vec<usize>>,
    lower: Vec<String>,
    lemma: Vec<String>,
}

/// No path up a tree is longer; heads that make a ring end here.
const HIGHEST: usize = 64;

impl<'a> Tree<'a> {
    /// The trees of an analysed text.
    pub fn new(text: &'a str, analysis: &'a Analysis) -> Tree<'a> {
        let mut children = vec![Vec::new(); analysis.tokens.len()];
        for (t, token) in analysis.tokens.iter().enumerate() {
            if let Some(children) = token.head.and_then(|h| children.get_mut(h)) {
                children.push(t);
            }
        }
        let lower =
            analysis.tokens.iter().map(|t| text.get(t.start..t.end).unwrap_or_default().to_lowercase()).collect();
        let lemma = analysis.tokens.iter().map(|t| t.lemma.to_lowercase()).collect();
        Tree { text, analysis, children, lower, lemma }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.analysis.tokens.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.analysis.tokens.is_empty()
    }

    /// A token's lemma in lower case.
    pub fn lemma(&self, t: usize) -> &str {
        self.lemma.get(t).map(String::as_str).unwrap_or_default()
    }

    /// A token in lower case.
    pub fn lower(&self, t: usize) -> &str {
        self.lower.get(t).map(String::as_str).unwrap_or_default()
    }

    /// A token's part of speech.
    pub fn upos(&self, t: usize) -> &str {
        self.analysis.tokens.get(t).map(|t| &*t.upos).unwrap_or_default()
    }

    /// A token's relation with its subtype.
    pub fn relation(&self, t: usize) -> &str {
        self.analysis.tokens.get(t).map(|t| &*t.deprel).unwrap_or_default()
    }

    /// A token's relation without its subtype.
    pub fn universal(&self, t: usize) -> &str {
        self.relation(t).split(':').next().unwrap_or_default()
    }

    /// The token it depends on.
    pub fn head(&self, t: usize) -> Option<usize> {
        self.analysis.tokens.get(t)?.head.filter(|&h| h < self.len() && h != t)
    }

    /// The tokens that depend on it, in order.
    pub fn children(&self, t: usize) -> &[usize] {
        self.children.get(t).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first dependent with one of these relations (subtype and all, or universal).
    pub fn child(&self, t: usize, relations: &[&str]) -> Option<usize> {
        let has = |c: &&usize| relations.contains(&self.relation(**c)) || relations.contains(&self.universal(**c));
        self.children(t).iter().find(has).copied()
    }

    /// The tokens above one, nearest first.
    pub fn above(&self, t: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.head(t), |&h| self.head(h)).take(HIGHEST)
    }

    /// The tokens that depend on one through at most `depth` arcs, in order.
    pub fn below(&self, t: usize, depth: usize) -> Vec<usize> {
        let (mut all, mut level) = (Vec::new(), vec![t]);
        for _ in 0..depth {
            level = level.iter().flat_map(|&u| self.children(u)).copied().filter(|&u| u != t).collect();
            all.extend(&level);
            if level.is_empty() || all.len() > self.len() {
                break;
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The tokens of the sentence in which a token stands.
    pub fn sentence(&self, t: usize) -> Range<usize> {
        let sentences = &self.analysis.sentences;
        let n = self.sentence_number(t);
        sentences.get(n).map_or(t..(t + 1).min(self.len()), |s| s.tokens.clone())
    }

    /// The number of the sentence in which a token stands.
    pub fn sentence_number(&self, t: usize) -> usize {
        self.analysis.sentences.partition_point(|s| s.tokens.end <= t)
    }

    /// The preposition before a token: its case, with what is fixed to it left out.
    pub fn case(&self, t: usize) -> Option<&str> {
        let own = self.child(t, &["case"]);
        own.filter(|&c| c < t).map(|c| self.lemma(c))
    }

    /// Whether a verb is in the passive voice, or a participle that is used so.
    pub fn passive(&self, v: usize) -> bool {
        if self.child(v, &["aux:pass", "nsubj:pass", "csubj:pass", "obl:agent"]).is_some() {
            return true;
        }
        if !matches!(self.upos(v), "VERB" | "ADJ") || !self.past_participle(v) {
            return false;
        }
        match self.relation(v) {
            "acl" => self.child(v, &["nsubj", "mark"]).is_none(),
            "amod" => true,
            "advcl" | "xcomp" => self.child(v, &["nsubj", "aux", "obj", "mark"]).is_none(),
            "conj" => {
                let bare = self.child(v, &["nsubj", "aux", "obj"]).is_none();
                bare && self.head(v).is_some_and(|h| {
                    self.upos(h) == "VERB" && self.child(h, &["aux:pass", "nsubj:pass"]).is_some()
                        || self.relation(h) == "acl" && self.past_participle(h)
                })
            }
            _ => false,
        }
    }

    /// Whether a word's form may be a past participle: it is not the lemma, and no other form that ends in -ing or -s.
    pub fn past_participle(&self, v: usize) -> bool {
        let form = self.lower(v);
        !form.ends_with("ing") && (form != self.lemma(v) || form.ends_with("ed")) && !form.ends_with('s')
    }

    /// Who stands before a participle and its hyphen: "*US*-backed".
    pub fn before_hyphen(&self, v: usize) -> Option<usize> {
        let before = v.checked_sub(2)?;
        // A dash between words joins nothing.
        let hyphen = self.touches(before) && self.touches(v - 1) && matches!(self.lower(v - 1), "-" | "‑" | "–");
        let somebody = matches!(self.upos(before), "PROPN" | "NOUN" | "ADJ");
        let participle = self.past_participle(v) || self.upos(v) == "VERB" && !self.lower(v).ends_with("ing");
        (hyphen && somebody && participle && matches!(self.upos(v), "VERB" | "ADJ")).then_some(before)
    }

    /// Whether a token and the next are written together.
    pub fn touches(&self, t: usize) -> bool {
        let tokens = &self.analysis.tokens;
        tokens.get(t).zip(tokens.get(t + 1)).is_some_and(|(one, next)| one.end == next.start)
    }

    /// What a participle with a hyphen describes: "US-backed *rebels*".
    pub fn described(&self, v: usize) -> Option<usize> {
        let nominal = |t: &usize| *t > v && matches!(self.upos(*t), "NOUN" | "PROPN");
        self.above(v).take(3).find(nominal)
    }

    /// The words of a stretch of tokens.
    pub fn words(&self, tokens: &Range<usize>) -> &'a str {
        let bytes = self.bytes(tokens);
        self.text.get(bytes).unwrap_or_default()
    }

    fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        let all = &self.analysis.tokens;
        let first = all.get(tokens.start).map_or(0, |t| t.start);
        let last = tokens.end.checked_sub(1).and_then(|t| all.get(t)).map_or(first, |t| t.end);
        first..last.max(first)
    }

    /// The span of a stretch of tokens.
    pub fn span(&self, index: &CharIndex, tokens: &Range<usize>) -> Span {
        Span::of_bytes(self.text, index, self.bytes(tokens))
    }
}
