//! Names: spans from the tagger's scores, put right by the parse, then typed as a whole.
//!
//! The tagger sees each token; the parse sees what belongs together. A name holds a proper noun, takes in the proper nouns that
//! are joined to it (`flat`, `compound`, a hyphen without spaces), and, if it is an organisation, the `of` that completes it. (An
//! event's capital may be an adjective's.)

use std::ops::Range;
use std::sync::Arc;

use crate::analysis::{Name, Token};
use crate::persons::is_titled;

/// The kind of names of persons.
pub(crate) const PERSON: &str = "PER";

/// The logarithm of the probability of a kind that a name is not.
const UNLIKELY: f32 = -10.0;

/// What the tagger says of one sentence.
pub(crate) struct Emissions<'a> {
    /// Tags in BIO notation.
    pub tags: &'a [Arc<str>],
    /// The logit of a tag for a token of the sentence, from 0.
    pub score: &'a dyn Fn(usize, usize) -> f32,
}

/// A name with how likely each kind is by what stands around it.
pub(crate) struct Typed {
    pub name: Name,
    /// The logarithm of a probability for each kind, in the order of the tags.
    pub likely: Vec<(Arc<str>, f32)>,
}

/// The names of a sentence, in order, none overlapping. `tokens` are the sentence's; `first` is the first one's number in the
/// text, from which heads count; `spans` are the tagger's, `people` names of persons in any case.
pub(crate) fn names(
    text: &str,
    tokens: &[Token],
    first: usize,
    emissions: &Emissions,
    spans: &[Range<usize>],
    people: &[Range<usize>],
) -> Vec<Typed> {
    let syntax = Syntax { text, tokens, first };
    let mut found: Vec<Range<usize>> = Vec::new();
    for mut span in spans.iter().cloned() {
        let capital = |t: usize| syntax.word(t).starts_with(char::is_uppercase);
        // Events are named with adjectives, too: "the 2011 Canadian federal election".
        let event = span.len() > 1 && emissions.kind(&span) == Some("EVENT");
        if !span.clone().any(|t| syntax.is_proper(t) || (event && capital(t))) {
            continue;
        }
        syntax.grow(&mut span);
        if emissions.kind(&span) == Some("ORG") {
            syntax.complete(&mut span);
        }
        match found.last_mut() {
            Some(before) if before.end > span.start => before.end = before.end.max(span.end),
            _ => found.push(span),
        }
    }
    // What the parse alone takes for a name of several words, if it is likelier a person's than anything else's.
    for span in syntax.unmarked(&found) {
        if emissions.kind(&span) == Some(PERSON) {
            let at = found.partition_point(|before| before.start < span.start);
            found.insert(at, span);
        }
    }
    for person in people {
        found.retain(|span| span.end <= person.start || person.end <= span.start);
        let at = found.partition_point(|before| before.start < person.start);
        found.insert(at, person.clone());
    }
    let name = |span: Range<usize>| {
        let person = people.contains(&span);
        let kind = if person { PERSON } else { emissions.kind(&span)? }.to_string();
        let mut likely = emissions.likely(&span);
        if person {
            likely.iter_mut().for_each(|(kind, likely)| *likely = if &**kind == PERSON { 0.0 } else { UNLIKELY });
        }
        Some(Typed { name: Name { tokens: first + span.start..first + span.end, kind }, likely })
    };
    found.into_iter().filter_map(name).collect()
}

/// Known first names with the word behind each, where the tagger's spans have them as two names, or one of them as none: nobody is in a place
/// and another without a comma, and a preposition stands before a place. `are_names` tells whether two words, in lower case, may be such; the
/// parse has one depend on the other. `first` is the first token's number in the text.
pub(crate) fn people(
    text: &str,
    tokens: &[Token],
    first: usize,
    spans: &[Range<usize>],
    are_names: impl Fn(&str, &str) -> bool,
) -> Vec<Range<usize>> {
    let syntax = Syntax { text, tokens, first };
    let word = |t: usize| syntax.is_proper(t) && is_titled(text, &tokens[t]);
    let apart = |t: usize| t.checked_sub(1).is_none_or(|t| !matches!(&*tokens[t].upos, "ADP" | "PROPN" | "ADJ"));
    let is_pair = |t: usize| {
        let tied = syntax.head(t) == Some(t - 1) || syntax.head(t - 1) == Some(t);
        let mut touched = spans.iter().filter(|span| span.start <= t && t - 1 < span.end).peekable();
        tied && word(t - 1)
            && word(t)
            && !syntax.is_proper(t + 1)
            && apart(t - 1)
            && touched.peek().is_some()
            && touched.all(|span| span.len() == 1)
            && are_names(&syntax.word(t - 1).to_lowercase(), &syntax.word(t).to_lowercase())
    };
    (1..tokens.len()).filter(|&t| is_pair(t)).map(|t| t - 1..t + 1).collect()
}

impl Emissions<'_> {
    /// Those of some spans that the tagger takes for names of persons.
    pub fn persons<'s>(&self, spans: &'s [Range<usize>]) -> impl Iterator<Item = &'s Range<usize>> {
        spans.iter().filter(|span| self.kind(span) == Some(PERSON))
    }

    /// The best sequence of tags in which every `I-` continues its like (Viterbi), as spans.
    pub fn spans(&self, length: usize) -> Vec<Range<usize>> {
        let count = self.tags.len();
        let follows = |before: usize, tag: usize| match self.tags[tag].strip_prefix("I-") {
            Some(kind) => self.tags[before].get(2..) == Some(kind),
            None => true,
        };
        let first = |k: usize| if self.tags[k].starts_with("I-") { f32::NEG_INFINITY } else { (self.score)(0, k) };
        let mut total: Vec<f32> = (0..count).map(first).collect();
        let mut back = vec![vec![0usize; count]; length];
        for i in 1..length {
            let mut next = vec![f32::NEG_INFINITY; count];
            for k in 0..count {
                let own = (self.score)(i, k);
                for before in 0..count {
                    if total[before] + own > next[k] && follows(before, k) {
                        next[k] = total[before] + own;
                        back[i][k] = before;
                    }
                }
            }
            total = next;
        }
        let mut tag = crate::model::argmax(total.iter().copied());
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut end = length;
        for i in (0..length).rev() {
            match self.tags[tag].get(..2) {
                Some("B-") => spans.push(i..end),
                Some("I-") => {
                    tag = back[i][tag];
                    continue;
                }
                _ => {}
            }
            end = i;
            tag = back[i][tag];
        }
        spans.reverse();
        spans
    }

    /// The type whose tags the span's tokens score highest together.
    fn kind(&self, span: &Range<usize>) -> Option<&str> {
        self.kinds(span).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(kind, _)| kind)
    }

    /// Each type with how high the span's tokens score its tags together.
    fn kinds(&self, span: &Range<usize>) -> impl Iterator<Item = (&str, f32)> {
        let kinds = self.tags.iter().enumerate().filter_map(|(b, tag)| Some((b, tag.strip_prefix("B-")?)));
        kinds.map(|(b, kind)| {
            let inner = self.tags.iter().position(|t| t.strip_prefix("I-") == Some(kind)).unwrap_or(b);
            (kind, span.clone().map(|t| (self.score)(t, b).max((self.score)(t, inner))).sum())
        })
    }

    /// The logarithm of a probability for each type, from the mean over the span's tokens.
    fn likely(&self, span: &Range<usize>) -> Vec<(Arc<str>, f32)> {
        let length = span.len().max(1) as f32;
        let mut likely: Vec<(Arc<str>, f32)> =
            self.kinds(span).map(|(kind, sum)| (Arc::from(kind), sum / length)).collect();
        let most = likely.iter().map(|(_, score)| *score).fold(f32::NEG_INFINITY, f32::max);
        let all = likely.iter().map(|(_, score)| (score - most).exp()).sum::<f32>().ln() + most;
        likely.iter_mut().for_each(|(_, score)| *score -= all);
        likely
    }
}

/// A sentence's tokens, counted from 0.
struct Syntax<'a> {
    text: &'a str,
    tokens: &'a [Token],
    first: usize,
}

impl Syntax<'_> {
    fn is_proper(&self, t: usize) -> bool {
        self.tokens.get(t).is_some_and(|token| &*token.upos == "PROPN")
    }

    fn word(&self, t: usize) -> &str {
        &self.text[self.tokens[t].start..self.tokens[t].end]
    }

    fn head(&self, t: usize) -> Option<usize> {
        self.tokens[t].head.and_then(|h| h.checked_sub(self.first))
    }

    fn relation(&self, t: usize) -> &str {
        self.tokens[t].deprel.split(':').next().unwrap_or_default()
    }

    /// Whether a token is joined to one of the span's into one name.
    fn joined(&self, t: usize, span: &Range<usize>) -> bool {
        let joins = |t: usize| matches!(self.relation(t), "flat" | "compound" | "goeswith");
        let to = |a: usize, b: usize| self.head(a) == Some(b) && joins(a);
        self.is_proper(t) && span.clone().any(|s| self.is_proper(s) && (to(t, s) || to(s, t)))
    }

    /// Whether a hyphen stands at `t` with no space beside it.
    fn hyphen(&self, t: usize) -> bool {
        t > 0
            && t + 1 < self.tokens.len()
            && matches!(self.word(t), "-" | "‑" | "–")
            && self.tokens[t - 1].end == self.tokens[t].start
            && self.tokens[t].end == self.tokens[t + 1].start
    }

    /// Stretches of several capitalised proper nouns, the others `flat` on the first, none of them in a span of `found`.
    fn unmarked(&self, found: &[Range<usize>]) -> Vec<Range<usize>> {
        let free = |t: usize| {
            self.is_proper(t) && is_titled(self.text, &self.tokens[t]) && !found.iter().any(|span| span.contains(&t))
        };
        let mut all = Vec::new();
        let mut start = 0;
        while start < self.tokens.len() {
            let mut end = start + 1;
            if free(start) {
                while end < self.tokens.len()
                    && free(end)
                    && self.relation(end) == "flat"
                    && self.head(end) == Some(start)
                {
                    end += 1;
                }
                if end > start + 1 {
                    all.push(start..end);
                }
            }
            start = end;
        }
        all
    }

    /// Takes in the proper nouns beside the span that are joined to it.
    fn grow(&self, span: &mut Range<usize>) {
        loop {
            if span.start > 0 && self.joined(span.start - 1, span) {
                span.start -= 1;
            } else if span.end < self.tokens.len() && self.joined(span.end, span) {
                span.end += 1;
            } else if span.start > 1 && self.hyphen(span.start - 1) && self.is_proper(span.start - 2) {
                span.start -= 2;
            } else if self.hyphen(span.end) && self.is_proper(span.end + 1) {
                span.end += 2;
            } else {
                return;
            }
        }
    }

    /// Takes in "of (the) Proper Nouns" after the span when it depends on it.
    fn complete(&self, span: &mut Range<usize>) {
        let mut t = span.end;
        if t >= self.tokens.len() || !self.word(t).eq_ignore_ascii_case("of") {
            return;
        }
        t += 1 + usize::from(t + 1 < self.tokens.len() && self.word(t + 1).eq_ignore_ascii_case("the"));
        let start = t;
        while self.is_proper(t) {
            t += 1;
        }
        let depends = |u: usize| self.relation(u) == "nmod" && self.head(u).is_some_and(|h| span.contains(&h));
        if (start..t).any(depends) {
            span.end = t;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A sentence of words with tag, head (from 1, 0 for the root) and relation.
    pub(crate) fn sentence(words: &[(&str, &str, usize, &str)]) -> (String, Vec<Token>) {
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for (word, upos, head, deprel) in words {
            let touching = *word == "-" || text.ends_with('-');
            if !text.is_empty() && !touching {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word);
            tokens.push(Token {
                start,
                end: text.len(),
                upos: Arc::from(*upos),
                lemma: word.to_string(),
                head: head.checked_sub(1),
                deprel: Arc::from(*deprel),
            });
        }
        (text, tokens)
    }

    /// The names, where the tagger is sure of the given tags.
    fn read(words: &[(&str, &str, usize, &str)], tagged: &[&str]) -> Vec<(String, String)> {
        scored(words, |t, tag| if tag == tagged[t] { 5.0 } else { 0.0 })
    }

    /// The names, where the tagger gives a tag for a token a score.
    fn scored(words: &[(&str, &str, usize, &str)], tagger: impl Fn(usize, &str) -> f32) -> Vec<(String, String)> {
        let tags: Vec<Arc<str>> = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-EVENT", "I-EVENT"]
            .iter()
            .map(|&t| Arc::from(t))
            .collect();
        let (text, tokens) = sentence(words);
        let score = |t: usize, k: usize| tagger(t, &tags[k]);
        let emissions = Emissions { tags: &tags, score: &score };
        let spans = emissions.spans(tokens.len());
        let people = people(&text, &tokens, 0, &spans, |given, _| given == "leyla");
        let found = names(&text, &tokens, 0, &emissions, &spans, &people);
        let words = |n: &Name| text[tokens[n.tokens.start].start..tokens[n.tokens.end - 1].end].to_string();
        found.iter().map(|n| (words(&n.name), n.name.kind.clone())).collect()
    }

    fn pair(words: &str, kind: &str) -> (String, String) {
        (words.to_string(), kind.to_string())
    }

    #[test]
    fn a_name_takes_in_the_proper_nouns_joined_to_it() {
        let words = [
            ("Rania", "PROPN", 4, "nsubj"),
            ("al", "PROPN", 1, "flat"),
            ("-", "PUNCT", 1, "punct"),
            ("Sabri", "PROPN", 1, "flat"),
            ("left", "VERB", 0, "root"),
        ];
        assert_eq!(read(&words, &["B-PER", "O", "O", "O", "O"]), [pair("Rania al-Sabri", "PER")]);
        assert_eq!(read(&words, &["O", "O", "O", "B-PER", "O"]), [pair("Rania al-Sabri", "PER")]);
    }

    #[test]
    fn an_organisation_takes_in_the_of_that_completes_it() {
        let words = [
            ("the", "DET", 2, "det"),
            ("Bank", "PROPN", 6, "nsubj"),
            ("of", "ADP", 5, "case"),
            ("the", "DET", 5, "det"),
            ("Coast", "PROPN", 2, "nmod"),
            ("closed", "VERB", 0, "root"),
        ];
        assert_eq!(read(&words, &["O", "B-ORG", "O", "O", "O", "O"]), [pair("Bank of the Coast", "ORG")]);
        assert_eq!(read(&words, &["O", "B-LOC", "O", "O", "O", "O"]), [pair("Bank", "LOC")]);
    }

    #[test]
    fn an_event_may_be_named_by_an_adjective() {
        let words = [
            ("the", "DET", 4, "det"),
            ("1950", "NUM", 4, "nummod"),
            ("Islandic", "ADJ", 4, "amod"),
            ("election", "NOUN", 0, "root"),
        ];
        assert_eq!(read(&words, &["O", "B-EVENT", "I-EVENT", "I-EVENT"]), [pair("1950 Islandic election", "EVENT")]);
        assert!(read(&words, &["O", "O", "B-LOC", "O"]).is_empty());
    }

    #[test]
    fn what_holds_no_proper_noun_is_no_name() {
        assert!(read(&[("They", "PRON", 2, "nsubj"), ("left", "VERB", 0, "root")], &["B-ORG", "O"]).is_empty());
    }

    #[test]
    fn a_name_that_only_the_parse_sees_is_a_persons() {
        let words = [
            ("Zhanat", "PROPN", 3, "nsubj"),
            ("Ulugbek", "PROPN", 1, "flat"),
            ("left", "VERB", 5, "ccomp"),
            ("he", "PRON", 5, "nsubj"),
            ("said", "VERB", 0, "root"),
        ];
        let likeliest_none = |kind: &'static str| {
            move |_: usize, tag: &str| match tag {
                "O" => 5.0,
                tag if tag.ends_with(kind) => 1.0,
                _ => 0.0,
            }
        };
        assert_eq!(scored(&words, likeliest_none("PER")), [pair("Zhanat Ulugbek", "PER")]);
        assert!(scored(&words, likeliest_none("ORG")).is_empty());
    }

    #[test]
    fn a_known_first_name_and_the_word_behind_it_are_a_person() {
        let words = [("Leyla", "PROPN", 2, "case"), ("Okabe", "PROPN", 3, "nsubj"), ("spoke", "VERB", 0, "root")];
        for tagged in [["B-LOC", "B-LOC", "O"], ["O", "B-PER", "O"], ["B-PER", "O", "O"]] {
            assert_eq!(read(&words, &tagged), [pair("Leyla Okabe", "PER")]);
        }
        assert!(read(&words, &["O", "O", "O"]).is_empty());
        let apart = [("Leyla", "PROPN", 3, "obl"), words[1], words[2]];
        let behind =
            [("In", "ADP", 2, "case"), ("Leyla", "PROPN", 3, "case"), ("Okabe", "PROPN", 4, "nsubj"), words[2]];
        let both = [pair("Leyla", "LOC"), pair("Okabe", "PER")];
        assert_eq!(read(&apart, &["B-LOC", "B-PER", "O"]), both);
        assert_eq!(read(&behind, &["O", "B-LOC", "B-PER", "O"]), both);
    }

    #[test]
    fn neighbours_that_are_not_joined_stay_apart() {
        let words = [
            ("In", "ADP", 2, "case"),
            ("Oslo", "PROPN", 4, "obl"),
            ("Ito", "PROPN", 4, "nsubj"),
            ("spoke", "VERB", 0, "root"),
        ];
        assert_eq!(read(&words, &["O", "B-LOC", "B-PER", "O"]), [pair("Oslo", "LOC"), pair("Ito", "PER")]);
    }
}
