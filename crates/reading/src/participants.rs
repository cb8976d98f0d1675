//! Who takes part: chains of mentions to [`Actor`]s, and the speakers of statements.
//!
//! An actor is a chain that refers to persons or groups; a place that acts as its government does (it speaks, does something, or has
//! an embassy); whoever is the source of a statement, or takes part in what the model sees happen. Of what kind it is, unless it is a person with a name, and of which country is not told here.

use std::collections::HashMap;
use std::iter::successors;
use std::ops::Range;

use annalist_knowledge::{Knowledge, NounClass, WordClass};
use annalist_language::Analysis;
use annalist_record::{
    Actor, ActorKind, CharIndex, Confidence, Credit, Mention as Mentioned, MentionForm, SourceKind, Span, Statement,
    item_id,
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
    /// Whoever writes, where the text speaks in the first person singular: the actor's place in `actors`.
    pub writer: Option<usize>,
}

/// Gives the writer the name that the report is signed with, if it is signed by one.
pub fn sign(participants: &mut Participants, authors: &[String]) {
    let [author] = authors else { return };
    if let Some(writer) = participants.writer.and_then(|at| participants.actors.get_mut(at)) {
        writer.name.clone_from(author);
        writer.kind = Some(ActorKind::Person);
    }
}

/// What the model finds less likely than this does not take part.
const LIKELY: f32 = 0.5;

/// A statement is looked for inside at most so many others.
const DEEPEST_NESTING: usize = 16;

/// Makes actors of chains, and tells each statement its speaker, whom it is said to and what carried it. Where a source is a pronoun, its kind becomes that of whom it
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
    let speakers: Vec<Option<usize>> = statements
        .iter()
        .map(|s| view.speaker(&tokens_of(analysis, &index, &s.source), &tokens_of(analysis, &index, &s.cue)))
        .collect();
    let channels: Vec<Channels> = statements.iter().map(|s| view.channels(s, &index)).collect();
    let mut speaks = vec![false; coreference.chains.len()];
    let heard = channels.iter().flat_map(|c| c.addressee.iter().chain(&c.via));
    for &m in speakers.iter().flatten().chain(heard) {
        speaks[view.chain_of[m]] = true;
    }
    for m in view.taking_part() {
        speaks[view.chain_of[m]] = true;
    }
    let mut found = Participants { actors: Vec::new(), actor_of: vec![None; coreference.mentions.len()], writer: None };
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut order: Vec<usize> = (0..coreference.chains.len()).filter(|&c| !coreference.chains[c].is_empty()).collect();
    order.sort_by_key(|&c| coreference.chains[c][0]);
    for chain in order {
        let members = &coreference.chains[chain];
        if view.acts(members, speaks[chain]) {
            members.iter().for_each(|&m| found.actor_of[m] = Some(found.actors.len()));
            if members.iter().any(|m| coreference.writer == Some(*m)) {
                found.writer = Some(found.actors.len());
            }
            found.actors.push(view.actor(members, &index, &mut seen));
        }
    }
    let id = |m: usize| found.actor_of[m].map(|a| found.actors[a].id.clone());
    for ((statement, channels), speaker) in statements.iter_mut().zip(&channels).zip(&speakers) {
        // Nobody tells it to themselves.
        let own = speaker.and_then(id);
        statement.addressee = channels.addressee.and_then(id).filter(|to| own.as_ref() != Some(to));
        statement.via = channels.via.iter().filter_map(|&m| id(m)).collect();
    }
    // What stands inside the word of a paper or an agency is heard through it.
    let outlets: Vec<Option<String>> =
        speakers.iter().map(|m| m.filter(|&m| view.chain_is_outlet(m)).and_then(id)).collect();
    let places: HashMap<String, usize> = statements.iter().enumerate().map(|(i, s)| (s.id.clone(), i)).collect();
    for i in 0..statements.len() {
        let outer = |i: usize| statements[i].inside.as_ref().and_then(|id| places.get(id)).copied();
        let around: Vec<usize> = successors(outer(i), |&o| outer(o)).take(DEEPEST_NESTING).collect();
        for carrier in around.into_iter().filter_map(|o| outlets[o].clone()) {
            statements[i].via.push(carrier);
        }
    }
    for (statement, speaker) in statements.iter_mut().zip(speakers) {
        let Some(m) = speaker else { continue };
        statement.speaker = id(m);
        let mut seen: Vec<String> = statement.speaker.iter().cloned().collect();
        statement.via.retain(|carrier| {
            let fresh = !seen.contains(carrier);
            seen.push(carrier.clone());
            fresh
        });
        if statement.source_kind == SourceKind::Described && coreference.mentions[m].form == MentionForm::Pronoun {
            statement.source_kind = view.kind_of_whom(m);
        }
    }
    found
}

/// Whom a statement is said to and what carried it, as numbers of mentions.
#[derive(Debug, Clone, Default)]
struct Channels {
    addressee: Option<usize>,
    via: Vec<usize>,
}

/// From a relative pronoun to the verb of its clause there are at most so many steps.
const LONGEST_CLIMB: usize = 4;
/// "no" stands at most so many tokens before its noun.
const FARTHEST_DETERMINER: usize = 6;
/// What depends on a cue stands at most so many tokens from it.
const FARTHEST_DEPENDENT: usize = 40;
/// An interview, a briefing or the like is what a cue tells of from at most so many tokens away.
const FARTHEST_OCCASION: usize = 12;
/// What is called an outlet by its last words takes at most so many of them.
const LONGEST_OUTLET: usize = 4;

/// Adds the agencies that a report credits, as far as its text mentions them, to what carried those statements that stand inside
/// no other.
pub fn credit(statements: &mut [Statement], actors: &[Actor], credits: &[Credit]) {
    let agencies = credits.iter().filter(|c| c.kind == "agency");
    // A chart's "Source: NATO" is no news agency.
    let outlet = |a: &Actor| matches!(a.kind, None | Some(ActorKind::Media | ActorKind::Company));
    let known = |c: &Credit| actors.iter().find(|a| a.name.eq_ignore_ascii_case(c.name.trim()) && outlet(a));
    for id in agencies.filter_map(known).map(|actor| &actor.id) {
        let outermost =
            |s: &&mut Statement| s.inside.is_none() && s.speaker.as_ref() != Some(id) && !s.via.contains(id);
        statements.iter_mut().filter(outermost).for_each(|s| s.via.push(id.clone()));
    }
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

    /// The mention that is the speaker of a source: its head; of "who" and "which", the noun before; of a document, whose it is.
    /// Nobody, where it tells of nobody in particular.
    fn speaker(&self, source: &[usize], cue: &[usize]) -> Option<usize> {
        let tokens = &self.analysis.tokens;
        let word = |&&t: &&usize| self.text[tokens[t].start..tokens[t].end].chars().any(char::is_alphanumeric);
        let words: Vec<usize> = source.iter().filter(word).copied().collect();
        let top = *words.iter().find(|&&t| tokens[t].head.is_none_or(|h| !words.contains(&h))).or(words.first())?;
        // Of a source that is a clause, the subject of the cue, or whom it lets tell: "what I knew", "let the papers tell".
        let of = |heads: &[usize], relation: &str| {
            words
                .iter()
                .copied()
                .find(|&t| self.relation(t) == relation && tokens[t].head.is_some_and(|h| heads.contains(&h)))
        };
        let lets: Vec<usize> =
            cue.iter().filter(|&&t| self.relation(t) == "xcomp").filter_map(|&t| tokens[t].head).collect();
        let inner = || of(cue, "nsubj").or_else(|| of(&lets, "obj"));
        let clause = !matches!(&*tokens[top].upos, "NOUN" | "PROPN" | "PRON" | "NUM" | "DET");
        let head = Some(top).filter(|_| !clause).or_else(inner).or_else(|| of(cue, "nsubj")).unwrap_or(top);
        let head = self.antecedent(head).unwrap_or(head);
        if self.is_no_one(head) {
            return None;
        }
        // "Elva Post" is a paper, "a post" a document.
        let body = self.analysis.names.iter().any(|n| n.kind == "ORG" && n.tokens.contains(&head));
        let named = body && &*tokens[head].upos == "PROPN";
        if !named && self.knowledge.sources().is_document(&self.lemma(head)) {
            return self.issuer(head);
        }
        // Several that are named together say it together.
        let together = self.coreference.mentions.iter().position(|m| {
            m.together && m.head == head && m.tokens.clone().rev().find(|t| words.contains(t)) == words.last().copied()
        });
        let own = || {
            let at = |t: usize| self.mention_at(t).filter(|&m| self.coreference.mentions[m].tokens.start <= t);
            // "Harbour Fund, a group that": whatever it is beside.
            let beside = || tokens[head].head.filter(|_| self.relation(head) == "appos");
            at(head).or_else(|| beside().and_then(at))
        };
        let told = together.or_else(own).or_else(|| words.iter().rev().find_map(|&t| self.called(t)));
        told.filter(|&m| self.is_somebody(m))
    }

    /// Whether a word is for nobody: "no one", "neither side".
    fn is_no_one(&self, head: usize) -> bool {
        let referents = self.knowledge.referents();
        let form = |t: usize| {
            let token = &self.analysis.tokens[t];
            self.text[token.start..token.end].to_lowercase()
        };
        let before = head.saturating_sub(FARTHEST_DETERMINER)..head;
        let denied = |t: usize| {
            self.analysis.tokens[t].head == Some(head) && self.relation(t) == "det" && referents.is_no_one(&form(t))
        };
        referents.is_no_one(&form(head)) || before.into_iter().any(denied)
    }

    /// Whether it is known of a mention whom it is of: not of "you" who read, nor of a pronoun that stands for nothing.
    fn is_somebody(&self, m: usize) -> bool {
        let referents = self.knowledge.referents();
        self.coreference.chains[self.chain_of[m]].iter().map(|&k| &self.coreference.mentions[k]).any(|m| {
            let anyone = || {
                let token = &self.analysis.tokens[m.head];
                referents.is_anyone(&self.text[token.start..token.end].to_lowercase())
            };
            m.form != MentionForm::Pronoun
                || matches!(m.pronoun, Some("i" | "we"))
                || (m.pronoun.is_none() && !anyone())
        })
    }

    /// The noun whose clause a relative pronoun stands in: whoever "who" is.
    fn antecedent(&self, pronoun: usize) -> Option<usize> {
        let tokens = &self.analysis.tokens;
        let word = tokens.get(pronoun)?;
        let word = self.text[word.start..word.end].to_lowercase();
        if !matches!(word.as_str(), "who" | "whom" | "whose" | "which" | "that") {
            return None;
        }
        // Up from the pronoun to the verb of its clause, and to the noun that has the clause.
        let clause = successors(tokens[pronoun].head, |&t| tokens[t].head).take(LONGEST_CLIMB);
        let verb = clause.take_while(|&t| t != pronoun).find(|&t| self.relation(t) == "acl");
        // Where the tree does not tell, the noun right before it.
        let word_before = || {
            let comma = |t: usize| &self.text[tokens[t].start..tokens[t].end] == ",";
            let before = pronoun.checked_sub(1)?;
            let before = if comma(before) { before.checked_sub(1)? } else { before };
            matches!(&*tokens[before].upos, "NOUN" | "PROPN").then_some(before)
        };
        let last = || Some(self.coreference.mentions[self.mention_at(word_before()?)?].head);
        let mut noun = verb.and_then(|verb| tokens[verb].head).or_else(last)?;
        let is_person = |noun: usize| {
            let class = self.mention_at(noun).and_then(|m| self.coreference.mentions[m].class);
            match class {
                Some(class) => matches!(class, NounClass::Person | NounClass::Group),
                None => !self.knowledge.actors().word(&self.lemma(noun)).is_empty(),
            }
        };
        // "guests, among them Ann Lind, who": a person named right before.
        if word.starts_with("who")
            && let Some(before) = word_before()
            && let Some(name) = self.analysis.names.iter().find(|n| n.kind == "PER" && n.tokens.contains(&before))
            && !name.tokens.contains(&noun)
            && name.tokens.start > noun
            && let Some(m) = self.mention_at(before)
        {
            return Some(self.coreference.mentions[m].head).filter(|&head| head < pronoun);
        }
        // "members of the council, who": a person is no place, nor a thing.
        while word.starts_with("who") && self.relation(noun) == "nmod" {
            match tokens[noun].head.filter(|&h| h < noun) {
                Some(head) if !is_person(noun) => noun = head,
                _ => break,
            }
        }
        // "calls from listeners to a programme, who": the nearest person or body before.
        if word.starts_with("who") && !is_person(noun) {
            let sentence = self.analysis.sentences.iter().find(|s| s.tokens.contains(&pronoun))?;
            let before = self.coreference.mentions.iter().filter(|m| {
                m.head < pronoun
                    && sentence.tokens.contains(&m.head)
                    && m.form != MentionForm::Pronoun
                    && is_person(m.head)
            });
            noun = before.max_by_key(|m| (m.class == Some(NounClass::Person), m.head)).map_or(noun, |m| m.head);
        }
        (noun < pronoun).then_some(noun)
    }

    /// Whose a document is: by its own words, else by those of its other mentions, the nearest before it first.
    fn issuer(&self, head: usize) -> Option<usize> {
        let own = self.mention_at(head);
        let tokens = own.map_or(head..head + 1, |m| self.coreference.mentions[m].tokens.clone());
        self.issuer_in(head, tokens).or_else(|| {
            let own = own.filter(|&m| self.coreference.mentions[m].head == head)?;
            let others = self.coreference.chains[self.chain_of[own]].iter().rev().filter(|&&m| m != own);
            let (before, after): (Vec<usize>, Vec<usize>) = others.partition(|&&m| m < own);
            before.into_iter().chain(after.into_iter().rev()).find_map(|m| {
                let m = &self.coreference.mentions[m];
                self.issuer_in(m.head, m.tokens.clone())
            })
        })
    }

    fn issuer_in(&self, head: usize, within: Range<usize>) -> Option<usize> {
        let tokens = &self.analysis.tokens;
        let issuer = |&t: &usize| tokens[t].head == Some(head) && matches!(self.relation(t), "nmod" | "compound");
        let body = |&m: &usize| {
            let m = &self.coreference.mentions[m];
            matches!(m.class, Some(NounClass::Person | NounClass::Group | NounClass::Place))
                || m.form == MentionForm::Pronoun
        };
        let own = |&m: &usize| self.coreference.mentions[m].head != head;
        let mention = |t: usize| self.mention_at(t).filter(own).filter(body);
        within.filter(issuer).filter(|&t| self.names_issuer(t)).find_map(mention)
    }

    /// The person whose name ends in a word, however it is written: "MARQUEZ:" in a transcript.
    fn called(&self, t: usize) -> Option<usize> {
        let token = &self.analysis.tokens[t];
        let word = &self.text[token.start..token.end];
        let capital = word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1;
        let named = |m: &Mention| {
            m.form == MentionForm::Name && m.class == Some(NounClass::Person) && {
                let name = self.name(m);
                name.end.checked_sub(1).is_some_and(|last| {
                    let last = &self.analysis.tokens[last];
                    self.text[last.start..last.end].to_lowercase() == word.to_lowercase()
                })
            }
        };
        let mut mentions = self.coreference.mentions.iter().enumerate().filter(|(_, m)| capital && named(m));
        mentions.next().map(|(k, _)| k)
    }

    /// Whom a statement is said to, and what carried it, by the words that depend on its cue.
    fn channels(&self, statement: &Statement, index: &CharIndex) -> Channels {
        let tokens = &self.analysis.tokens;
        let sources = self.knowledge.sources();
        let [source, cue, content] =
            [&statement.source, &statement.cue, &statement.content].map(|spans| tokens_of(self.analysis, index, spans));
        let (Some(&first), Some(&last)) = (cue.iter().min(), cue.iter().max()) else { return Channels::default() };
        // The cue's words, and a verb of carrying above them: "was quoted as saying".
        let mut verbs = cue.clone();
        let above = cue.iter().filter_map(|&t| tokens[t].head).filter(|&h| sources.is_carrying(&self.lemma(h)));
        verbs.extend(above.collect::<Vec<_>>());
        let reach = first.saturating_sub(FARTHEST_DEPENDENT)..(last + FARTHEST_DEPENDENT).min(tokens.len());
        let depend = |heads: &[usize]| -> Vec<usize> {
            reach.clone().filter(|t| tokens[*t].head.is_some_and(|h| heads.contains(&h))).collect()
        };
        let free = |t: &usize| !source.contains(t) && !content.contains(t) && !cue.contains(t);
        let mut found = Channels::default();
        let mut carry = |m: Option<usize>| {
            let outlet = m.filter(|&m| self.chain_is_outlet(m) && self.is_outlet(&self.coreference.mentions[m]));
            found.via.extend(outlet.filter(|m| !found.via.contains(m)));
        };
        let mut addressee = None;
        for t in depend(&verbs) {
            let mention = self.mention_at(t).filter(|&m| self.coreference.mentions[m].head == t);
            let case = self.case(t);
            let told = tokens[t].head.is_some_and(|h| sources.is_telling(&self.lemma(h)));
            let to_whom = match &*tokens[t].deprel {
                "iobj" => true,
                "obj" | "nsubj:pass" => told,
                _ if self.relation(t) != "obl" => false,
                _ => case.as_deref() == Some("to") || (told && case.is_none()),
            };
            if to_whom && !source.contains(&t) && (!content.contains(&t) || told) {
                addressee = addressee.or(mention.filter(|&m| self.hears(m)));
                carry(mention);
            }
            match self.relation(t) {
                // "on the radio"
                "obl" | "nmod" if free(&t) || cue.contains(&t) => carry(mention),
                // "the agency quoted him as saying"
                "nsubj" if free(&t) => carry(mention),
                // "as quoted by the agency"
                "advcl" | "acl" if sources.is_carrying(&self.lemma(t)) => {
                    depend(&[t]).into_iter().filter(free).for_each(|u| carry(self.mention_at(u)));
                }
                _ => {}
            }
        }
        // "in an interview with the paper", wherever the tree puts it in the sentence.
        let sentence = self.analysis.sentences.iter().find(|s| s.tokens.contains(&first)).map(|s| s.tokens.clone());
        let near = first.saturating_sub(FARTHEST_OCCASION)..last + FARTHEST_OCCASION + 1;
        let occasions = sentence.into_iter().flatten().filter(|t| near.contains(t) && !content.contains(t));
        for t in occasions.filter(|&t| sources.is_occasion(&self.lemma(t))) {
            for u in depend(&[t]).into_iter().filter(|u| matches!(self.relation(*u), "nmod" | "compound")) {
                let with = self.mention_at(u).filter(|&m| self.coreference.mentions[m].head == u);
                // "a press statement" tells of what kind it is, "an Elva Post interview" with whom.
                let named = |m: &usize| self.coreference.mentions[*m].form == MentionForm::Name;
                carry(with.filter(|m| self.relation(u) != "compound" || named(m)));
                if matches!(self.case(u).as_deref(), Some("with" | "to")) {
                    addressee = addressee.or(with.filter(|&m| self.hears(m)));
                }
            }
        }
        // "the spokesman, quoted by the agency, said"
        for t in
            depend(&source).into_iter().filter(|&t| self.relation(t) == "acl" && sources.is_carrying(&self.lemma(t)))
        {
            depend(&[t]).into_iter().for_each(|u| carry(self.mention_at(u)));
        }
        found.addressee = addressee;
        found
    }

    /// The preposition of a noun, in lower case.
    fn case(&self, t: usize) -> Option<String> {
        let tokens = &self.analysis.tokens;
        let case = (t.saturating_sub(8)..t).find(|&c| tokens[c].head == Some(t) && self.relation(c) == "case");
        case.map(|c| self.lemma(c))
    }

    /// Whether a mention is of whom something can be said to.
    fn hears(&self, m: usize) -> bool {
        let m = &self.coreference.mentions[m];
        let known = || m.class.is_none() && !self.knowledge.actors().word(&self.lemma(m.head)).is_empty();
        let who = matches!(m.class, Some(NounClass::Person | NounClass::Group)) || known() || self.is_outlet(m);
        who || matches!(m.pronoun, Some("he" | "she" | "they"))
    }

    /// Whether a mention is of a paper, a station, an agency or a programme: by its name, a word in its name, or its noun.
    fn is_outlet(&self, m: &Mention) -> bool {
        if m.form == MentionForm::Pronoun || m.class == Some(NounClass::Person) {
            return false;
        }
        let (actors, sources) = (self.knowledge.actors(), self.knowledge.sources());
        let media = |words: &str| {
            actors.named(words, None).is_some_and(|actor| actor.kind == Some(ActorKind::Media))
                || actors.word_and_number(words).0.iter().any(|word| word.kind == Some(ActorKind::Media))
        };
        let name = if m.form == MentionForm::Name { self.name(m) } else { self.described(m) };
        // Its head with the words before it: "news agency", "radio".
        let begins = name.start.max((m.head + 1).saturating_sub(LONGEST_OUTLET)).min(m.head)..=m.head;
        let named = m.form == MentionForm::Name && media(&self.words(&name));
        let part = |t: usize| {
            m.form == MentionForm::Name
                && &*self.analysis.tokens[t].upos == "PROPN"
                && sources.is_outlet(&self.lemma(t))
        };
        named || begins.clone().any(|start| media(&self.words(&(start..m.head + 1)))) || name.clone().any(part)
    }

    /// Whether some mention in the chain of a mention is of an outlet, and none of a person.
    fn chain_is_outlet(&self, m: usize) -> bool {
        let mut members = self.coreference.chains[self.chain_of[m]].iter().map(|&k| &self.coreference.mentions[k]);
        members.any(|m| self.is_outlet(m))
    }

    /// "a statement *from the ministry*", "*the ministry's* statement", not "a report *on the ministry*".
    fn names_issuer(&self, t: usize) -> bool {
        let tokens = &self.analysis.tokens;
        let case = (t.saturating_sub(8)..t).find(|&c| tokens[c].head == Some(t) && self.relation(c) == "case");
        case.is_none_or(|c| matches!(self.lemma(c).as_str(), "from" | "by" | "of" | "issue"))
    }

    /// The names of places and bodies that, to the model, do something or have it done to them: each by itself or with others that
    /// are conjoined with it.
    fn taking_part(&self) -> Vec<usize> {
        let likely = self.analysis.triggers.iter().filter(|t| t.likelihood >= LIKELY);
        let spans = likely.flat_map(|t| t.arguments[..2].iter().flatten());
        let spans: Vec<&Range<usize>> = spans.filter(|(_, score)| *score >= LIKELY).map(|(tokens, _)| tokens).collect();
        let heads = |tokens: &Range<usize>, head: usize| {
            // Up through what it is conjoined with, to where the span is left.
            let above = |t: usize| self.analysis.tokens.get(t).and_then(|t| t.head);
            let mut top = head;
            while self.relation(top) == "conj"
                && let Some(next) = above(top).filter(|h| tokens.contains(h) && *h < top)
            {
                top = next;
            }
            tokens.contains(&top) && above(top).is_none_or(|h| !tokens.contains(&h))
        };
        let named = self.coreference.mentions.iter().enumerate().filter(|(_, m)| m.form == MentionForm::Name);
        named.filter(|(_, m)| spans.iter().any(|s| heads(s, m.head))).map(|(k, _)| k).collect()
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
        let names =
            mentions.iter().filter(|m| m.form == MentionForm::Name || self.is_body_by_name(m)).map(|m| self.name(m));
        // The longest name; of several, the first.
        let worded = |tokens: &Range<usize>| {
            let letters = |t: &usize| {
                let token = &self.analysis.tokens[*t];
                self.text[token.start..token.end].chars().filter(|c| c.is_alphanumeric()).count()
            };
            tokens.clone().filter(|t| letters(t) > 1).count()
        };
        // A name that others of the chain are part of before one that stands alone.
        let names: Vec<Range<usize>> = names.collect();
        let spoken: Vec<Vec<String>> = names.iter().map(|name| name.clone().map(|t| self.lemma(t)).collect()).collect();
        let borne = |k: usize| spoken.iter().filter(|part| part.iter().all(|word| spoken[k].contains(word))).count();
        let most = (0..names.len()).rev().max_by_key(|&k| (borne(k), worded(&names[k])));
        let name = most.map(|k| names[k].clone());
        let described = || mentions.iter().filter(|m| m.form == MentionForm::Nominal).map(|m| self.described(m));
        // Of the writer, "I" before "my".
        let subject = || {
            let plain = |m: &&&Mention| m.pronoun.is_some_and(|p| p == self.words(&m.tokens).to_lowercase());
            mentions.iter().find(plain).map(|m| m.tokens.clone())
        };
        let best = name.or_else(|| described().next()).or_else(subject).unwrap_or_else(|| mentions[0].tokens.clone());
        let mut described_as: Vec<String> = Vec::new();
        let own = self.words(&best);
        for m in &mentions {
            let words = match m.form {
                // "Prime Minister" is written like a name.
                MentionForm::Name if self.is_office(m) => self.words(&self.described(m)),
                MentionForm::Name => self.words(&self.title(m)),
                MentionForm::Nominal => self.words(&self.described(m)),
                MentionForm::Pronoun => continue,
            };
            let known = |d: &String| d.eq_ignore_ascii_case(&words);
            if !words.is_empty() && words != own && !described_as.iter().any(known) {
                described_as.push(words);
            }
        }
        let person = self.is_person(&mentions, &own);
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

    /// Whether a description is the name of a body, of words that are nouns: "the Organisation for Harbours, of which".
    fn is_body_by_name(&self, m: &Mention) -> bool {
        let head = &self.analysis.tokens[m.head];
        let name = self.analysis.names.iter().find(|n| n.tokens.contains(&m.head));
        m.form == MentionForm::Nominal
            && self.text[head.start..].starts_with(char::is_uppercase)
            && name.is_some_and(|n| n.kind == "ORG" && n.tokens.len() > 1)
    }

    /// Whether a chain is of a person with a name: as most of its names say, a full one as much as several that are parts of it, and as
    /// "she" and "it" say. What is known by its name to be none, or ends in a word for bodies, is one only where "she" says so.
    fn is_person(&self, mentions: &[&Mention], own: &str) -> bool {
        let weight = |m: &Mention| self.name(m).len().max(1);
        let names = || mentions.iter().filter(|m| m.form == MentionForm::Name && !m.together);
        let of = |person: bool| {
            let alike = names().filter(|m| m.class.is_some() && (m.class == Some(NounClass::Person)) == person);
            alike.map(|m| weight(m)).sum::<usize>()
        };
        let said =
            |pronouns: &[&str]| mentions.iter().filter(|m| m.pronoun.is_some_and(|p| pronouns.contains(&p))).count();
        let (she, it) = (said(&["he", "she"]), said(&["it"]));
        if of(true) == 0 {
            return false;
        }
        let actors = self.knowledge.actors();
        let other =
            |kind: Option<ActorKind>| kind.is_some_and(|kind| !matches!(kind, ActorKind::Person | ActorKind::Office));
        let last = own.rsplit(' ').next().unwrap_or(own).trim_end_matches('.');
        let body = || {
            let word = actors.word(last).first();
            own.contains(' ') && word.is_some_and(|word| word.class == WordClass::Body && other(word.kind))
        };
        if other(actors.named(own, None).and_then(|known| known.kind)) || body() {
            return she > it;
        }
        of(true) + she >= of(false) + it
    }

    /// The name in a mention, without title, article and what is said of it.
    fn name(&self, m: &Mention) -> Range<usize> {
        if m.together {
            return m.tokens.clone();
        }
        let known = self.analysis.names.iter().find(|n| n.tokens.contains(&m.head));
        let name = known
            .map_or_else(|| self.proper(m), |n| n.tokens.start.max(m.tokens.start)..n.tokens.end.min(m.tokens.end));
        let name = self.listed(m, &name).or_else(|| self.of_an_office(m, &name)).unwrap_or(name);
        let name = self.trimmed(name, m.head);
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

    /// The longest stretch of a mention that holds a name, more than it, and is itself known for a name: "Islamic State" where "State" was
    /// seen, "People's Protection Units" where "People" was.
    fn listed(&self, m: &Mention, name: &Range<usize>) -> Option<Range<usize>> {
        let actors = self.knowledge.actors();
        let starts = m.tokens.start.max((name.end).saturating_sub(actors.longest()))..name.start + 1;
        let ends = name.end..m.tokens.end.min(name.start + actors.longest()) + 1;
        let begins = |start: &usize| actors.begins(&self.words(&(*start..start + 1)));
        let longer = starts.filter(begins).flat_map(|start| ends.clone().map(move |end| start..end));
        let longer = longer.filter(|tokens| tokens.len() > name.len() && tokens.contains(&m.head));
        let known = longer.filter(|tokens| actors.named(&self.words(tokens), None).is_some());
        known.max_by_key(|tokens| (tokens.len(), tokens.start))
    }

    /// A name of one word with the office whose it is, which was seen apart from it: "Public Prosecutor's Office" where "Office" was.
    fn of_an_office(&self, m: &Mention, name: &Range<usize>) -> Option<Range<usize>> {
        let word = |t: usize| &self.text[self.analysis.tokens[t].start..self.analysis.tokens[t].end];
        let capital = |t: usize| word(t).starts_with(char::is_uppercase);
        let owner = name.start.checked_sub(2).filter(|&t| t >= m.tokens.start && name.len() == 1)?;
        let known = self
            .knowledge
            .actors()
            .word(word(owner))
            .iter()
            .any(|w| matches!(w.class, WordClass::Office | WordClass::People));
        if !known || !capital(owner) || !matches!(word(owner + 1), "'s" | "’s") {
            return None;
        }
        let mut start = owner;
        while start > m.tokens.start && capital(start - 1) && &*self.analysis.tokens[start - 1].upos != "DET" {
            start -= 1;
        }
        Some(start..name.end)
    }

    /// A phrase without marks, prepositions and verbs before its head, and without marks at its end: "- Ann Lind", "including Lind".
    fn trimmed(&self, mut tokens: Range<usize>, head: usize) -> Range<usize> {
        let upos = |t: usize| &*self.analysis.tokens[t].upos;
        let mark = |t: usize| matches!(upos(t), "PUNCT" | "SYM" | "CCONJ");
        let all = tokens.clone();
        // Of "at least nine men", "at" is no preposition of theirs.
        let within = |t: usize| self.analysis.tokens[t].head.is_some_and(|h| h != head && all.contains(&h));
        let leads = |t: usize| {
            mark(t)
                || matches!(upos(t), "ADP" | "SCONJ" | "PART") && !within(t)
                || (upos(t) == "VERB" && matches!(self.relation(t), "case" | "mark" | "acl" | "dep"))
        };
        while tokens.start < head.min(tokens.end) && leads(tokens.start) {
            tokens.start += 1;
        }
        while tokens.end > head + 1 && tokens.end > tokens.start + 1 && mark(tokens.end - 1) {
            let last = &self.analysis.tokens[tokens.end - 1];
            if matches!(&self.text[last.start..last.end], ")" | "]" | "”" | "%" | "$") {
                break;
            }
            tokens.end -= 1;
        }
        // "Lind's", unless the name is known with its genitive.
        let genitive = |t: usize| self.text[self.analysis.tokens[t].start..].starts_with(['\'', '’']) && t > head;
        if tokens.len() > 1 && genitive(tokens.end - 1) && !self.knowledge.actors().is_spelled(&self.words(&tokens)) {
            tokens.end -= 1;
        }
        tokens
    }

    /// The proper nouns around a head, with adjectives before them that are written as names are: "Syrian Democratic Forces".
    fn proper(&self, m: &Mention) -> Range<usize> {
        let proper = |t: usize| &*self.analysis.tokens[t].upos == "PROPN";
        let sentences = &self.analysis.sentences;
        let begins = |t: usize| sentences.binary_search_by_key(&t, |s| s.tokens.start).is_ok();
        let capital = |t: usize| self.text[self.analysis.tokens[t].start..].starts_with(char::is_uppercase);
        let adjective = |t: usize| &*self.analysis.tokens[t].upos == "ADJ" && capital(t) && !begins(t);
        let mut range = m.head..m.head + 1;
        while range.start > m.tokens.start
            && (proper(range.start - 1) || proper(range.end - 1) && adjective(range.start - 1))
        {
            range.start -= 1;
        }
        while range.end < m.tokens.end && proper(range.end) {
            range.end += 1;
        }
        range
    }

    /// Whether what is written like a name is an office: its last word is a noun for persons and no name's.
    fn is_office(&self, m: &Mention) -> bool {
        let referents = self.knowledge.referents();
        let head = &self.analysis.tokens[m.head];
        let word = self.text[head.start..head.end].to_lowercase();
        let named = self.analysis.names.iter().any(|n| n.kind == "PER" && n.tokens.contains(&m.head));
        !named && referents.noun(&word) == Some(NounClass::Person) && referents.first_name(&word).is_none()
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
        let tokens = self.trimmed(m.tokens.clone(), m.head);
        let start = if tokens.len() > 1 && article(tokens.start) { tokens.start + 1 } else { tokens.start };
        let mark = |t: &usize| {
            let token = &self.analysis.tokens[*t];
            matches!(&self.text[token.start..token.end], "," | ";" | ":" | "(" | "–" | "—" | "--")
        };
        if m.together {
            return start..tokens.end;
        }
        let end = (m.head + 1..tokens.end).find(mark).unwrap_or(tokens.end);
        // "Harbour guards backed by the Front": who they are is told before the clause that says more, unless there is but one word.
        let below = |t: &usize, head: usize| self.analysis.tokens[*t].head == Some(head);
        let clause = (m.head + 1..end).find(|t| below(t, m.head) && self.relation(*t) == "acl");
        let begins = clause.and_then(|c| (m.head + 1..=c).find(|t| *t == c || below(t, c)));
        let content = |t: &usize| matches!(&*self.analysis.tokens[*t].upos, "NOUN" | "PROPN" | "ADJ" | "NUM");
        start..begins.filter(|&t| (start..t).filter(content).count() > 1).unwrap_or(end)
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

#[cfg(test)]
mod tests {
    use super::*;
    use annalist_record::{Act, Confidence, Quoted};

    #[test]
    fn a_body_credited_for_a_chart_carried_nothing() {
        let carried_by = |kind: Option<ActorKind>| {
            let actor = Actor {
                id: "a".to_string(),
                name: "Elva Press".to_string(),
                kind,
                country: None,
                sectors: Vec::new(),
                described_as: Vec::new(),
                mentions: Vec::new(),
                confidence: Confidence::new(1.0),
            };
            let mut statements = [Statement {
                id: "s".to_string(),
                source: Vec::new(),
                cue: Vec::new(),
                content: Vec::new(),
                speaker: None,
                source_kind: SourceKind::Named,
                quoted: Quoted::Indirect,
                act: Act::Assert,
                addressee: None,
                time: None,
                inside: None,
                via: Vec::new(),
                confidence: Confidence::new(1.0),
            }];
            let credit = Credit { kind: "agency".to_string(), name: "Elva Press".to_string(), text: String::new() };
            super::credit(&mut statements, &[actor], &[credit]);
            statements[0].via.len()
        };
        assert_eq!(carried_by(Some(ActorKind::Media)), 1);
        assert_eq!(carried_by(None), 1);
        assert_eq!(carried_by(Some(ActorKind::Igo)), 0);
    }
}
