//! Who takes part: chains of mentions to [`Actor`]s, and the speakers of statements.
//!
//! An actor is a chain that refers to persons or groups; a place that acts as its government does (it speaks, does something, or has
//! an embassy); or whoever is the source of a statement. Of what kind it is, unless it is a person with a name, and of which country is not told here.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{Knowledge, NounClass};
use annalist_language::Analysis;
use annalist_record::{
    Actor, ActorKind, CharIndex, Confidence, Mention as Mentioned, MentionForm, SourceKind, Span, Statement, item_id,
};

use crate::coreference::Coreference;
use crate::coreference::mentions::{Mention, without_title};

/// The actors of a text, and which mentions are theirs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Participants {
    /// The actors, in the order of their first mentions.
    pub actors: Vec<Actor>,
    /// For each mention of the coreference they were made from, the actor's place in `actors`.
    pub actor_of: Vec<Option<usize>>,
}

/// Makes actors of chains, and tells each statement its speaker. Where a source is a pronoun, its kind becomes that of whom it
/// stands for, if that is a document or somebody unnamed.
pub fn participants(
    text: &str,
    analysis: &Analysis,
    coreference: &Coreference,
    statements: &mut [Statement],
    knowledge: &Knowledge,
) -> Participants {
    let index = CharIndex::new(text);
    let view = View { text, analysis, coreference, knowledge, chain_of: chain_of(coreference) };
    let speakers: Vec<Option<usize>> =
        statements.iter().map(|s| view.speaker(&tokens_of(analysis, &index, &s.source))).collect();
    let mut speaks = vec![false; coreference.chains.len()];
    for &m in speakers.iter().flatten() {
        speaks[view.chain_of[m]] = true;
    }
    let mut found = Participants { actors: Vec::new(), actor_of: vec![None; coreference.mentions.len()] };
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut order: Vec<usize> = (0..coreference.chains.len()).filter(|&c| !coreference.chains[c].is_empty()).collect();
    order.sort_by_key(|&c| coreference.chains[c][0]);
    for chain in order {
        let members = &coreference.chains[chain];
        if view.acts(members, speaks[chain]) {
            members.iter().for_each(|&m| found.actor_of[m] = Some(found.actors.len()));
            found.actors.push(view.actor(members, &index, &mut seen));
        }
    }
    for (statement, speaker) in statements.iter_mut().zip(speakers) {
        let Some(m) = speaker else { continue };
        statement.speaker = found.actor_of[m].map(|a| found.actors[a].id.clone());
        if statement.source_kind == SourceKind::Described && coreference.mentions[m].form == MentionForm::Pronoun {
            statement.source_kind = view.kind_of_whom(m);
        }
    }
    found
}

fn chain_of(coreference: &Coreference) -> Vec<usize> {
    let mut chain_of = vec![0; coreference.mentions.len()];
    for (c, chain) in coreference.chains.iter().enumerate() {
        chain.iter().for_each(|&m| chain_of[m] = c);
    }
    chain_of
}

/// The tokens that spans cover.
fn tokens_of(analysis: &Analysis, index: &CharIndex, spans: &[Span]) -> Vec<usize> {
    let within = |span: &Span| {
        let (start, end) = (index.byte(span.start), index.byte(span.end));
        let first = analysis.tokens.partition_point(|t| t.start < start);
        let last = analysis.tokens.partition_point(|t| t.end <= end);
        first..last.max(first)
    };
    spans.iter().flat_map(within).collect()
}

struct View<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    coreference: &'a Coreference<'a>,
    knowledge: &'a Knowledge,
    chain_of: Vec<usize>,
}

impl View<'_> {
    fn words(&self, tokens: &Range<usize>) -> String {
        if tokens.is_empty() {
            return String::new();
        }
        let words = &self.text[self.analysis.tokens[tokens.start].start..self.analysis.tokens[tokens.end - 1].end];
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn lemma(&self, t: usize) -> String {
        self.analysis.tokens[t].lemma.to_lowercase()
    }

    fn relation(&self, t: usize) -> &str {
        self.analysis.tokens[t].deprel.split(':').next().unwrap_or_default()
    }

    /// The smallest mention that a token heads, else that holds it.
    fn mention_at(&self, token: usize) -> Option<usize> {
        let mentions = self.coreference.mentions.iter().enumerate().filter(|(_, m)| m.tokens.contains(&token));
        mentions.min_by_key(|(_, m)| (m.head != token, m.tokens.len())).map(|(k, _)| k)
    }

    /// The mention that is the speaker of a source: its head; of a document, whose it is.
    fn speaker(&self, source: &[usize]) -> Option<usize> {
        let tokens = &self.analysis.tokens;
        let word = |&&t: &&usize| self.text[tokens[t].start..tokens[t].end].chars().any(char::is_alphanumeric);
        let words: Vec<usize> = source.iter().filter(word).copied().collect();
        let head = *words.iter().find(|&&t| tokens[t].head.is_none_or(|h| !words.contains(&h))).or(words.first())?;
        if !self.knowledge.sources().is_document(&self.lemma(head)) {
            return self.mention_at(head).filter(|&m| self.coreference.mentions[m].tokens.start <= head);
        }
        let issuer =
            |&&t: &&usize| tokens[t].head == Some(head) && matches!(self.relation(t), "nmod" | "compound") && t != head;
        let body = |&m: &usize| {
            let m = &self.coreference.mentions[m];
            matches!(m.class, Some(NounClass::Person | NounClass::Group | NounClass::Place))
                || m.form == MentionForm::Pronoun
        };
        words.iter().filter(issuer).filter(|&&t| self.names_issuer(t)).find_map(|&t| self.mention_at(t).filter(body))
    }

    /// "a statement *from the ministry*", "*the ministry's* statement", not "a report *on the ministry*".
    fn names_issuer(&self, t: usize) -> bool {
        let tokens = &self.analysis.tokens;
        let case = (t.saturating_sub(8)..t).find(|&c| tokens[c].head == Some(t) && self.relation(c) == "case");
        case.is_none_or(|c| matches!(self.lemma(c).as_str(), "from" | "by" | "of" | "issue"))
    }

    /// Whether a chain is an actor.
    fn acts(&self, members: &[usize], speaks: bool) -> bool {
        let mentions = || members.iter().map(|&m| &self.coreference.mentions[m]);
        let told = || mentions().filter(|m| m.form != MentionForm::Pronoun);
        if told().next().is_none() {
            return speaks;
        }
        // Names tell best what a chain is.
        let by_name = told().filter(|m| m.form == MentionForm::Name).find_map(|m| m.class);
        let class = by_name.or_else(|| told().find_map(|m| m.class));
        match class {
            Some(NounClass::Person | NounClass::Group) => {
                let hollow = |m: &Mention| self.knowledge.referents().is_hollow(&self.lemma(m.head));
                speaks || !told().all(hollow)
            }
            Some(NounClass::Place) => speaks || (by_name.is_some() && mentions().any(|m| self.governs(m))),
            _ => speaks || (mentions().any(|m| matches!(m.pronoun, Some("he" | "she")))),
        }
    }

    /// Whether a place acts as its government does: as the subject of a verb with an object or clause, or by its bodies.
    fn governs(&self, m: &Mention) -> bool {
        let tokens = &self.analysis.tokens;
        let Some(governor) = tokens[m.head].head else { return false };
        let depends = |relations: &[&str]| {
            tokens
                .iter()
                .enumerate()
                .skip(governor)
                .take(40)
                .any(|(t, token)| token.head == Some(governor) && relations.contains(&self.relation(t)))
        };
        match &*tokens[m.head].deprel {
            "nsubj" => &*tokens[governor].upos == "VERB" && depends(&["obj", "ccomp", "xcomp"]),
            "nmod:poss" => self.knowledge.referents().is_organ(&self.lemma(governor)),
            _ => false,
        }
    }

    fn actor(&self, members: &[usize], index: &CharIndex, seen: &mut HashMap<String, usize>) -> Actor {
        let mentions: Vec<&Mention> = members.iter().map(|&m| &self.coreference.mentions[m]).collect();
        let span = |tokens: &Range<usize>| {
            let bytes = self.analysis.tokens[tokens.start].start..self.analysis.tokens[tokens.end - 1].end;
            Span::of_bytes(self.text, index, bytes)
        };
        let names = mentions.iter().filter(|m| m.form == MentionForm::Name).map(|m| self.name(m));
        // The longest name; of several, the first.
        let name = names.rev().max_by_key(Range::len);
        let described = || mentions.iter().filter(|m| m.form == MentionForm::Nominal).map(|m| self.described(m));
        let best = name.or_else(|| described().next()).unwrap_or_else(|| mentions[0].tokens.clone());
        let mut described_as: Vec<String> = Vec::new();
        let own = self.words(&best);
        for m in &mentions {
            let words = match m.form {
                MentionForm::Name => self.words(&self.title(m)),
                MentionForm::Nominal => self.words(&self.described(m)),
                MentionForm::Pronoun => continue,
            };
            let known = |d: &String| d.eq_ignore_ascii_case(&words);
            if !words.is_empty() && words != own && !described_as.iter().any(known) {
                described_as.push(words);
            }
        }
        let person = mentions.iter().any(|m| m.form == MentionForm::Name && m.class == Some(NounClass::Person));
        let like = item_id('a', [&span(&best)], 0);
        let before = seen.entry(like).or_default();
        let id = item_id('a', [&span(&best)], *before);
        *before += 1;
        let certainty: f32 = members.iter().map(|&m| self.coreference.certainty[m]).sum::<f32>() / members.len() as f32;
        Actor {
            id,
            name: own,
            kind: person.then_some(ActorKind::Person),
            country: None,
            sectors: Vec::new(),
            described_as,
            mentions: mentions.iter().map(|m| Mentioned { span: span(&m.tokens), form: m.form }).collect(),
            confidence: Confidence::new(certainty),
        }
    }

    /// The name in a mention, without title, article and what is said of it.
    fn name(&self, m: &Mention) -> Range<usize> {
        let known = self.analysis.names.iter().find(|n| n.tokens.contains(&m.head));
        let name = known
            .map_or_else(|| self.proper(m), |n| n.tokens.start.max(m.tokens.start)..n.tokens.end.min(m.tokens.end));
        let article = |t: usize| &*self.analysis.tokens[t].upos == "DET";
        let start = if name.len() > 1 && article(name.start) { name.start + 1 } else { name.start };
        let word = |t: usize| &self.text[self.analysis.tokens[t].start..self.analysis.tokens[t].end];
        let bare = without_title(start..name.end, word, self.knowledge);
        // A title before a first name is one, whatever the whole was taken for.
        let first_name = || self.knowledge.referents().first_name(&word(bare.start).to_lowercase()).is_some();
        match m.class {
            Some(NounClass::Person) | None => bare,
            _ if bare.start > start && first_name() => bare,
            _ => start..name.end,
        }
    }

    /// The proper nouns around a head.
    fn proper(&self, m: &Mention) -> Range<usize> {
        let proper = |t: usize| &*self.analysis.tokens[t].upos == "PROPN";
        let mut range = m.head..m.head + 1;
        while range.start > m.tokens.start && proper(range.start - 1) {
            range.start -= 1;
        }
        while range.end < m.tokens.end && proper(range.end) {
            range.end += 1;
        }
        range
    }

    /// What stands before the name in a mention: "Foreign Ministry official".
    fn title(&self, m: &Mention) -> Range<usize> {
        let before = self.described(m).start..self.name(m).start;
        let noun = |t: usize| matches!(&*self.analysis.tokens[t].upos, "NOUN" | "PROPN");
        if before.clone().any(noun) { before } else { m.head..m.head }
    }

    /// A mention without its article, and without what is added after a mark.
    fn described(&self, m: &Mention) -> Range<usize> {
        let article =
            |t: usize| matches!(self.lemma(t).as_str(), "the" | "a" | "an") && &*self.analysis.tokens[t].upos == "DET";
        let start = if m.tokens.len() > 1 && article(m.tokens.start) { m.tokens.start + 1 } else { m.tokens.start };
        let mark = |t: &usize| {
            let token = &self.analysis.tokens[*t];
            matches!(&self.text[token.start..token.end], "," | ";" | ":" | "(" | "–" | "—" | "--")
        };
        start..(m.head + 1..m.tokens.end).find(mark).unwrap_or(m.tokens.end)
    }

    /// How whom a pronoun stands for is named, as far as it bears on the source's kind.
    fn kind_of_whom(&self, m: usize) -> SourceKind {
        let members = &self.coreference.chains[self.chain_of[m]];
        let told: Vec<&Mention> =
            members.iter().map(|&k| &self.coreference.mentions[k]).filter(|m| m.form != MentionForm::Pronoun).collect();
        let sources = self.knowledge.sources();
        let named = told.iter().any(|m| m.form == MentionForm::Name);
        let unnamed = |m: &&Mention| {
            m.tokens.clone().any(|t| {
                let token = &self.analysis.tokens[t];
                (t == m.head || &*token.deprel == "amod")
                    && sources.is_unnamed(&self.text[token.start..token.end].to_lowercase())
            })
        };
        match told.last() {
            Some(last) if !named && sources.is_document(&self.lemma(last.head)) => SourceKind::Document,
            Some(_) if !named && told.iter().any(unnamed) => SourceKind::Unnamed,
            _ => SourceKind::Described,
        }
    }
}
