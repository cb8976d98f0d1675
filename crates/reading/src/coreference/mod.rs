//! Who and what is meant: mentions and the chains they make within a report.
//!
//! Candidates for mentions are read off the trees ([`mentions`]); a logistic score tells which of them refer. Then, from left to
//! right, each mention takes up the earlier one that scores best, or nothing: mention ranking with log-linear weights (Durrett
//! and Klein 2013), over features in the manner of the sieves of Lee et al. 2013: the same words, a surname after a name, an
//! acronym, apposition, agreement in number, gender and class with the whole chain, distance, role, and who speaks. Weights
//! come from a file that `training/coreference.py` wrote.

mod chains;
mod definitions;
mod features;
mod joining;
mod limits;
pub mod mentions;
mod namesakes;
pub mod weights;

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{Knowledge, NounClass};
use annalist_language::Analysis;
use annalist_record::MentionForm;

use crate::quotation::Place;
use chains::Chains;
use features::{Around, Echo, Sink, Standing, hash, manner};
use mentions::{Determiner, Mention, Number, Scene};
use namesakes::Namesakes;
use weights::Weights;

/// The mentions of a text and the chains they make.
#[derive(Debug, Clone, PartialEq)]
pub struct Coreference<'k> {
    /// The mentions, in the order of their first tokens, longer ones first.
    pub mentions: Vec<Mention<'k>>,
    /// Chains of mentions that refer to the same, as numbers of mentions in order; every mention is in one chain.
    pub chains: Vec<Vec<usize>>,
    /// For each mention, how likely it is that it takes up what it was linked to, or is new, in 0..=1.
    pub certainty: Vec<f32>,
    /// The first "I" of the text's own, outside quotation marks and what others say, if it is no interview.
    pub writer: Option<usize>,
}

/// Finds mentions and chains with the weights that ship.
pub fn resolve<'a>(text: &'a str, analysis: &'a Analysis, knowledge: &'a Knowledge) -> Coreference<'a> {
    resolve_with(text, analysis, knowledge, weights::english())
}

/// Finds mentions and chains with the given weights.
pub fn resolve_with<'a>(
    text: &'a str,
    analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    weights: &Weights,
) -> Coreference<'a> {
    let scene = Scene::new(text, analysis, knowledge);
    let mut mentions = found(&scene, weights);
    let together = interviewed_together(&scene, &mentions);
    mentions.extend(together);
    if !mentions.iter().any(|m| m.together) {
        mentions.extend(named_together(&scene, &mentions));
    }
    mentions.sort_by_key(|m| (m.tokens.start, std::cmp::Reverse(m.tokens.end), m.head));
    let words = WordIndex::new(&scene, &mentions);
    let mut chains = Chains::new(&mentions);
    let mut certainty = Vec::with_capacity(mentions.len());
    // By chain, the likelihoods of a mention's options.
    let mut options: Vec<(usize, f32)> = Vec::new();
    for m in 0..mentions.len() {
        let (candidates, echo) = words.antecedents(&scene, &mentions, m);
        options.clear();
        let mut fresh = Sum::new(weights);
        scene.new_features(&mentions[m], echo, &mut fresh);
        // In an interview, the first person is whom it is with.
        if let Some(a) = words.interviewee(&mentions[m], m) {
            certainty.push(INTERVIEWEE);
            chains.push(Some(a));
            continue;
        }
        if let Some(a) = words.audience(&mentions, m) {
            certainty.push(AUDIENCE);
            chains.push(Some(a));
            continue;
        }
        if mentions[m].together {
            certainty.push(INTERVIEWEE);
            chains.push(None);
            continue;
        }
        let fresh = fresh.total + weights.reluctance(manner(&mentions[m]));
        let fit = fits(&mentions[m], &candidates, &chains);
        for (&a, &fit) in candidates.iter().zip(&fit).rev() {
            if scene.clashes(&mentions[m], chains.of(a), &mentions) || words.forbids(&scene, m, a, &chains) {
                continue;
            }
            let mut link = Sum::new(weights);
            let around = Around { between: m - a - 1, at: a, fit, standing: words.standing(&mentions, m, a) };
            scene.link_features(&mentions[m], &mentions[a], around, &chains, &mut link);
            options.push((chains.number_of(a), link.total));
        }
        // However often a person was "he", a new name may be "he" next.
        let count = if matches!(mentions[m].pronoun, Some("he" | "she")) { 1 } else { MOST_COUNTED };
        let (chain, likelihood) = likeliest(&mut options, fresh, count);
        certainty.push(likelihood);
        let chain = chain.or_else(|| body(&scene, &mentions[m], &mentions, &chains));
        let member = chain.and_then(|chain| (0..m).rev().find(|&a| chains.number_of(a) == chain));
        chains.push(member);
    }
    let chains = joining::join(&scene, &mentions, chains.into_members(), &words.namesakes);
    let (mentions, chains, certainty) = without_idle(&scene, mentions, chains, certainty);
    let i = |m: &Mention| m.pronoun == Some("i") && scene.narrates(m);
    let writer = mentions.iter().position(i).filter(|_| words.interviewed.is_none());
    Coreference { mentions, chains, certainty, writer }
}

/// So many mentions of a chain, those that score highest, count together.
const MOST_COUNTED: usize = 3;

/// The likeliest chain among scored options, or none if a new one is likelier, and its probability. The `count` best options of one
/// chain count together.
fn likeliest(options: &mut [(usize, f32)], fresh: f32, count: usize) -> (Option<usize>, f32) {
    let top = options.iter().map(|o| o.1).fold(fresh, f32::max);
    options.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let own = (fresh - top).exp();
    let (mut best, mut all) = ((None, own), own);
    for chain in options.chunk_by(|a, b| a.0 == b.0) {
        let sum: f32 = chain.iter().take(count).map(|o| (o.1 - top).exp()).sum();
        all += sum;
        if sum > best.1 {
            best = (Some(chain[0].0), sum);
        }
    }
    (best.0, best.1 / all)
}

/// How often a body must be named for "the group" to be it, and how many sentences back at most.
const FEWEST_NAMINGS: usize = 3;
const BODIES_LOOK_BACK: usize = 4;

/// The chain that a bare "the group" or "the company" stands for where its words link it to none: of the bodies named lately, the one
/// that is mentioned most often.
fn body(scene: &Scene, this: &Mention, mentions: &[Mention], chains: &Chains) -> Option<usize> {
    let lemma = &scene.lemma[this.head];
    let bare = this.form == MentionForm::Nominal && this.determiner == Determiner::Definite && this.tokens.len() == 2;
    let group = this.class == Some(NounClass::Group) && this.number == Some(Number::Singular);
    // A ministry or an army is one of its own.
    if !bare || !group || scene.knowledge.referents().is_organ(lemma) {
        return None;
    }
    // What was called so before is meant, and no other body.
    let seen = 0..chains.len();
    if seen.clone().any(|a| mentions[a].form != MentionForm::Pronoun && scene.lemma[mentions[a].head] == *lemma) {
        return None;
    }
    let named = |m: &&usize| {
        let m = &mentions[**m];
        m.form == MentionForm::Name && m.class == Some(NounClass::Group)
    };
    let lately = |&a: &usize| this.sentence - mentions[a].sentence.min(this.sentence) <= BODIES_LOOK_BACK;
    let namings = |a: usize| chains.of(a).members.iter().filter(named).count();
    let bodies = seen.filter(lately).filter(|&a| named(&&a) && namings(a) >= FEWEST_NAMINGS);
    bodies.max_by_key(|&a| (chains.of(a).size(), a)).map(|a| chains.number_of(a))
}

/// For each candidate of a pronoun, how many chains that it might stand for by class, number and gender were mentioned since.
fn fits(m: &Mention, candidates: &[usize], chains: &Chains) -> Vec<usize> {
    let mut fits = vec![0; candidates.len()];
    if m.form != MentionForm::Pronoun {
        return fits;
    }
    let fitting = |chain: &chains::Chain| {
        let person = matches!(chain.class(), Some(NounClass::Person));
        let gender = !matches!((m.gender, chain.gender()), (Some(x), Some(y)) if x != y);
        let speaker = chain.pronoun().is_some_and(|p| matches!(p, "i" | "we" | "you"));
        match m.pronoun {
            Some("he" | "she") => {
                gender && (person || chain.gender().is_some()) && chain.number() != Some(Number::Plural)
            }
            Some("it") => {
                !person && !speaker && chain.number() != Some(Number::Plural) && chain.class() != Some(NounClass::Time)
            }
            Some("they") => {
                !speaker && chain.number() != Some(Number::Singular) || chain.class() == Some(NounClass::Group)
            }
            _ => true,
        }
    };
    let mut passed: Vec<usize> = Vec::new();
    for (k, &a) in candidates.iter().enumerate().rev() {
        let chain = chains.number_of(a);
        let own = passed.iter().position(|&c| c == chain);
        fits[k] = own.unwrap_or(passed.len());
        if own.is_none() && fitting(chains.of(a)) {
            passed.push(chain);
        }
    }
    fits
}

/// The candidates that score as mentions.
fn found<'a>(scene: &Scene<'a>, weights: &Weights) -> Vec<Mention<'a>> {
    let mut mentions = scene.candidates();
    mentions.retain(|m| {
        let mut sum = Sum::new(weights);
        scene.mention_features(m, &mut sum);
        sum.total > weights.threshold()
    });
    mentions
}

impl Scene<'_> {
    /// Whether a mention and a chain cannot be the same: women and men, persons of different names.
    fn clashes(&self, m: &Mention, chain: &chains::Chain, mentions: &[Mention]) -> bool {
        if matches!((m.gender, chain.gender()), (Some(x), Some(y)) if x != y) {
            return true;
        }
        // Nobody is a month or a weekday.
        let of_somebody = matches!(m.pronoun, Some("he" | "she" | "they" | "we" | "i"));
        let time = |a: &Mention| {
            a.form == MentionForm::Name
                && self.name_kind(a.head).is_none()
                && self.knowledge.times().is_name(&self.lower[a.head])
        };
        if of_somebody && chain.members.iter().any(|&k| time(&mentions[k])) {
            return true;
        }
        let person = |m: &Mention| m.form == MentionForm::Name && self.name_kind(m.head) == Some("PER");
        if !chain.named || !person(m) {
            return false;
        }
        let mut names = chain.members.iter().map(|&k| &mentions[k]).filter(|a| person(a)).peekable();
        // A surname may be anybody's who bears it; two full names are of two.
        let first_name =
            |a: &Mention| self.knowledge.referents().first_name(&self.lower[self.name_tokens(a).start]).is_some();
        let full = |a: &Mention| self.name_len(a) > 1 && first_name(a);
        names.peek().is_some()
            && (names.clone().all(|a| self.differ(m, a)) || (full(m) && names.any(|a| full(a) && self.differ(m, a))))
    }

    /// Whether a mention calls out to those who are of the speaker's own: "my fellow citizens," as no part of a clause.
    fn addresses_own(&self, m: &Mention) -> bool {
        let child = |relation: &str, words: &dyn Fn(&str) -> bool| {
            m.tokens.clone().any(|t| {
                self.head(t) == Some(m.head) && *self.analysis.tokens[t].deprel == *relation && words(&self.lower[t])
            })
        };
        let referents = self.knowledge.referents();
        let own = || child("nmod:poss", &|word| matches!(referents.pronoun(word), Some("i" | "we")));
        let of_one_kind =
            child("amod", &|word| referents.is_fellow(word)) || child("compound", &|word| referents.is_fellow(word));
        // Of several that are called out to, each is a conjunct of the first.
        let mut first = m.head;
        for _ in 0..m.head {
            match self.head(first).filter(|_| self.relation(first) == "conj") {
                Some(before) => first = before,
                None => break,
            }
        }
        let apart = matches!(self.relation(first), "vocative" | "root" | "discourse" | "parataxis" | "dislocated");
        of_one_kind && own() && apart && m.number != Some(Number::Singular)
    }

    /// Whether the names of two persons are of two.
    pub(super) fn differ(&self, m: &Mention, a: &Mention) -> bool {
        matches!(self.likeness(m, a), "-" | "other first name" | "stem" | "word")
    }
}

/// Adds up weights.
struct Sum<'w> {
    weights: &'w Weights,
    total: f32,
}

impl<'w> Sum<'w> {
    fn new(weights: &'w Weights) -> Sum<'w> {
        Sum { weights, total: 0.0 }
    }
}

impl Sink for Sum<'_> {
    fn tell(&mut self, parts: &[&str]) {
        self.total += self.weights.get(hash(parts));
    }
}

/// How far back, in sentences, pronouns and descriptions look for what shares no word with them.
const PRONOUNS_LOOK_BACK: usize = 6;
const DESCRIPTIONS_LOOK_BACK: usize = 4;
const NAMES_LOOK_BACK: usize = 1;
/// A mention has at most so many candidates by nearness, and so many by its words.
const MOST_NEAR: usize = 60;
const MOST_ALIKE: usize = 12;

/// Mentions by their words.
struct WordIndex<'s> {
    by_word: HashMap<&'s str, Vec<usize>>,
    /// For each mention, how many heads of its class are more frequent than its own.
    place: Vec<usize>,
    /// Persons and groups by name and by description, the most frequent first, each with its mentions.
    prominent: Vec<Vec<usize>>,
    /// Sentences in which the text itself speaks in the first person.
    first_person: Vec<usize>,
    /// Of an interview: the mentions of whom it is with.
    interviewed: Option<Vec<usize>>,
    /// Of an interview with several: the mention of them together.
    couple: Option<usize>,
    /// For each mention, the mention of whose it is.
    owner: Vec<Option<usize>>,
    /// Mentions of those whom a speaker addresses as their own ("my fellow citizens").
    addressed: Vec<usize>,
    /// Persons with one surname.
    namesakes: Namesakes,
}

/// An interview has so many questions outside quotation marks, and so many sentences in the first person.
const FEWEST_QUESTIONS: usize = 3;
const FEWEST_ANSWERS: usize = 3;
/// And a question for so many sentences at least.
const MOST_SENTENCES_A_QUESTION: usize = 20;
/// How sure it is that a first person in an interview is not who asks.
const INTERVIEWEE: f32 = 0.8;

/// How sure it is that "we", said to "my fellow citizens", is they and who speaks.
const AUDIENCE: f32 = 0.7;

/// What a head refers to, and its lemma.
type ClassAndLemma<'s> = (Option<NounClass>, &'s str);

/// So many of the most frequent persons and groups may be who speaks in the first person.
const MOST_PROMINENT: usize = 8;

impl<'s> WordIndex<'s> {
    fn new(scene: &'s Scene, mentions: &[Mention]) -> WordIndex<'s> {
        let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
        for (k, m) in mentions.iter().enumerate().filter(|(_, m)| m.form != MentionForm::Pronoun && !m.together) {
            for t in m.tokens.clone() {
                if matches!(scene.upos(t), "NOUN" | "PROPN" | "NUM" | "X") {
                    let list = by_word.entry(&scene.lemma[t]).or_default();
                    if list.last() != Some(&k) {
                        list.push(k);
                    }
                }
            }
        }
        let mut by_head: HashMap<ClassAndLemma, Vec<usize>> = HashMap::new();
        for (k, m) in mentions.iter().enumerate().filter(|(_, m)| m.form != MentionForm::Pronoun && !m.together) {
            by_head.entry((m.class, &scene.lemma[m.head])).or_default().push(k);
        }
        let mut heads: Vec<(ClassAndLemma, Vec<usize>)> = by_head.into_iter().collect();
        heads.sort_by_key(|(_, list)| (std::cmp::Reverse(list.len()), list[0]));
        let mut place = vec![0; mentions.len()];
        let mut places: HashMap<Option<NounClass>, usize> = HashMap::new();
        for ((class, _), list) in &heads {
            let next = places.entry(*class).or_default();
            list.iter().for_each(|&k| place[k] = *next);
            *next += 1;
        }
        let speaks = |class: Option<NounClass>| matches!(class, Some(NounClass::Person | NounClass::Group));
        let prominent = heads.into_iter().filter(|((class, _), _)| speaks(*class)).map(|(_, list)| list).collect();
        let narrates = |m: &&Mention| matches!(m.pronoun, Some("i" | "we")) && !m.quoted;
        let mut first_person: Vec<usize> = mentions.iter().filter(narrates).map(|m| m.sentence).collect();
        first_person.dedup();
        let interviewed = interviewed(scene, mentions, &first_person);
        let with = |m: &Mention| {
            interviewed.as_ref().is_some_and(|list| list.iter().any(|&k| m.tokens.contains(&mentions[k].head)))
        };
        let couple = mentions.iter().position(|m| m.together && with(m));
        let at: HashMap<usize, usize> = mentions.iter().enumerate().map(|(k, m)| (m.head, k)).collect();
        let owner = mentions.iter().map(|m| scene.owner(m).and_then(|t| at.get(&t)).copied()).collect();
        let addressed = (0..mentions.len()).filter(|&k| scene.addresses_own(&mentions[k])).collect();
        let namesakes = Namesakes::new(scene, mentions);
        WordIndex { by_word, place, prominent, first_person, interviewed, couple, owner, addressed, namesakes }
    }

    /// Whom "we" takes in: those whom the same speaker addressed as their own before.
    fn audience(&self, mentions: &[Mention], m: usize) -> Option<usize> {
        let this = &mentions[m];
        let same_speech = |that: &Mention| that.quoted == this.quoted && (!this.quoted || that.said_in == this.said_in);
        let before = self.addressed[..self.addressed.partition_point(|&k| k < m)].iter().copied();
        before.rev().find(|&k| this.pronoun == Some("we") && same_speech(&mentions[k]))
    }

    /// Whether the chain of an earlier mention cannot be meant, for what else stands in it.
    fn forbids(&self, scene: &Scene, m: usize, a: usize, chains: &Chains) -> bool {
        self.of_others(scene, m, a, chains)
            || self.speaks_to(m, a, chains)
            || called_out_to(scene, m, a, chains)
            || joined(scene, m, a, chains)
            || self.namesakes.refuse(m, a, chains)
            || Self::another(scene, &chains.mentions[m])
            || scene.refuses(m, a, chains)
    }

    /// Whether a mention says itself that it is not what was mentioned: "another source".
    fn another(scene: &Scene, m: &Mention) -> bool {
        m.tokens
            .clone()
            .any(|t| scene.head(t) == Some(m.head) && scene.relation(t) == "det" && scene.lower[t] == "another")
    }

    /// Whether of a mention and a chain one is who speaks and the other who is spoken to: "I" and "we" are not "you" in one speech, nor
    /// outside all of them, unless it is an interview.
    fn speaks_to(&self, m: usize, a: usize, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        let others: &[&str] = match this.pronoun {
            Some("i" | "we") => &["you"],
            Some("you") => &["i", "we"],
            _ => return false,
        };
        let in_one_speech = |that: &Mention| {
            let told = this.said_in.is_some() || (!this.quoted && self.interviewed.is_none());
            told && this.said_in == that.said_in && this.quoted == that.quoted
        };
        let members = chains.of(a).members.iter().map(|&k| &chains.mentions[k]);
        members.filter(|that| that.pronoun.is_some_and(|p| others.contains(&p))).any(in_one_speech)
    }

    /// Whether a mention is somebody's by name and the chain of an earlier one somebody else's: "Ann's office", "Ben's office".
    fn of_others(&self, scene: &Scene, m: usize, a: usize, chains: &Chains) -> bool {
        let mentions = chains.mentions;
        let person =
            |k: &usize| mentions[*k].form == MentionForm::Name && scene.name_kind(mentions[*k].head) == Some("PER");
        // Whose it is, by name: that of a pronoun is known once it is in a chain.
        let name = |k: usize| {
            let owner = self.owner[k]?;
            if person(&owner) {
                return Some(owner);
            }
            let known = owner < chains.len() && mentions[owner].form == MentionForm::Pronoun;
            known.then(|| chains.of(owner).members.iter().copied().find(|k| person(k))).flatten()
        };
        let Some(own) = name(m) else { return false };
        chains.of(a).members.iter().filter_map(|&k| name(k)).any(|other| scene.differ(&mentions[own], &mentions[other]))
    }

    /// Whom a first person outside quotation marks is in an interview.
    fn interviewee(&self, this: &Mention, m: usize) -> Option<usize> {
        let list = self.interviewed.as_ref().filter(|_| !this.quoted)?;
        match (this.pronoun, self.couple) {
            (Some("we"), Some(couple)) => Some(couple).filter(|&k| k < m),
            (Some("i"), _) => list[..list.partition_point(|&k| k < m)].last().copied(),
            _ => None,
        }
    }

    /// How an earlier mention stands in the text, where that bears on who a first person is.
    fn standing(&self, mentions: &[Mention], m: usize, a: usize) -> Option<Standing> {
        let (this, that) = (&mentions[m], &mentions[a]);
        if !matches!(this.pronoun, Some("i" | "we")) || this.quoted || that.form == MentionForm::Pronoun {
            return None;
        }
        let place = self.place[a];
        let beside = |s: &usize| *s == that.sentence || *s + 1 == that.sentence;
        Some(Standing {
            place,
            beside_first_person: self.first_person.iter().any(beside),
            before_first_person: self.first_person.first().is_some_and(|&s| that.sentence < s),
            interview: self.interviewed.is_some(),
        })
    }

    /// The earlier mentions that mention `m` may take up, in order, and the strongest likeness of words among them.
    fn antecedents(&self, scene: &Scene, mentions: &[Mention], m: usize) -> (Vec<usize>, Echo) {
        let this = &mentions[m];
        let pronoun = this.form == MentionForm::Pronoun;
        let reach = match (this.form, this.determiner) {
            (MentionForm::Pronoun, _) => PRONOUNS_LOOK_BACK,
            (MentionForm::Nominal, Determiner::Definite | Determiner::Demonstrative | Determiner::Possessive) => {
                DESCRIPTIONS_LOOK_BACK
            }
            _ => NAMES_LOOK_BACK,
        };
        let mut found: Vec<usize> = Vec::new();
        for a in (0..m).rev().take(MOST_NEAR) {
            let back = this.sentence - mentions[a].sentence.min(this.sentence);
            if back > reach {
                break;
            }
            if pronoun || back < 2 || mentions[a].form != MentionForm::Pronoun {
                found.push(a);
            }
        }
        let mut echo = Echo::NONE;
        if pronoun {
            if matches!(this.pronoun, Some("i" | "we" | "you")) {
                let alike = (0..m).rev().filter(|&a| mentions[a].pronoun == this.pronoun);
                found.extend(alike.take(3));
                if !this.quoted && this.pronoun != Some("you") {
                    for list in self.prominent.iter().take(MOST_PROMINENT) {
                        found.extend(list[..list.partition_point(|&k| k < m)].last());
                    }
                }
                if let Some(said_in) = this.said_in {
                    let source = &scene.attributions[said_in].source;
                    found.extend((0..m).filter(|&a| source.iter().any(|s| s.contains(&mentions[a].head))));
                }
            }
        } else {
            let mut alike: Vec<usize> = Vec::new();
            for t in this.tokens.clone() {
                if let Some(list) = self.by_word.get(scene.lemma[t].as_str()) {
                    let before = &list[..list.partition_point(|&k| k < m)];
                    alike.extend(before.iter().rev().take(MOST_ALIKE));
                }
            }
            if this.form == MentionForm::Name {
                let names = (0..m).rev().filter(|&a| mentions[a].form == MentionForm::Name);
                alike.extend(
                    names
                        .filter(|&a| scene.is_acronym(this, &mentions[a]) || scene.is_acronym(&mentions[a], this))
                        .take(2),
                );
            }
            for &a in &alike {
                echo = echo.max(Echo::of(scene.likeness(this, &mentions[a])));
            }
            found.extend(alike);
        }
        let they = this.pronoun == Some("they") && self.interviewed.is_none();
        found.retain(|&a| (!mentions[a].together || they) && !overlap(&mentions[a].tokens, &this.tokens));
        found.sort_unstable();
        found.dedup();
        (found, echo)
    }
}

/// Whether a mention is "he" or "she", and an earlier one called out to in the same speech: who is addressed is "you".
fn called_out_to(scene: &Scene, m: usize, a: usize, chains: &Chains) -> bool {
    let this = &chains.mentions[m];
    let same_speech = |that: &Mention| that.said_in == this.said_in && that.quoted == this.quoted;
    let called = |that: &Mention| scene.relation(that.head) == "vocative" && same_speech(that);
    matches!(this.pronoun, Some("he" | "she")) && chains.of(a).members.iter().any(|&k| called(&chains.mentions[k]))
}

/// Whether a mention is named beside one of a chain: "the minister and his wife" are two.
fn joined(scene: &Scene, m: usize, a: usize, chains: &Chains) -> bool {
    let this = &chains.mentions[m];
    if this.form == MentionForm::Pronoun || scene.relation(this.head) != "conj" || this.determiner == Determiner::None {
        return false;
    }
    chains.of(a).members.iter().any(|&k| scene.head(this.head) == Some(chains.mentions[k].head))
}

/// If the text is an interview with persons that are named together ("Ann Lind and Ben Okoro"): the mention of them together.
fn interviewed_together<'a>(scene: &Scene<'a>, mentions: &[Mention<'a>]) -> Option<Mention<'a>> {
    let mut first_person: Vec<usize> = Vec::new();
    let narrates = |m: &&Mention| matches!(m.pronoun, Some("i" | "we")) && !m.quoted;
    first_person.extend(mentions.iter().filter(narrates).map(|m| m.sentence));
    first_person.dedup();
    let persons = interviewed(scene, mentions, &first_person)?;
    let before = |k: &&usize| first_person.first().is_some_and(|&s| mentions[**k].sentence < s);
    persons.iter().filter(before).find_map(|&k| scene.coordination(&mentions[k]))
}

/// If the text is an interview: the mentions, by name, of the person who is named most often before its first person speaks.
fn interviewed(scene: &Scene, mentions: &[Mention], first_person: &[usize]) -> Option<Vec<usize>> {
    let question = |s: &annalist_language::sentences::Sentence| {
        let last = s.tokens.end - 1;
        scene.word(last) == "?" && scene.places[last] == Place::Outside
    };
    // A question of an interview ends its paragraph; one that a writer asks himself mostly does not.
    let sentences = &scene.analysis.sentences;
    let one_paragraph = sentences.first().map(|s| s.paragraph) == sentences.last().map(|s| s.paragraph);
    let last =
        |s: usize| one_paragraph || sentences.get(s + 1).is_none_or(|next| next.paragraph != sentences[s].paragraph);
    let questions = (0..sentences.len()).filter(|&s| last(s) && question(&sentences[s])).count();
    // What many say and ask in a long report, day by day or minute by minute, is no talk of two.
    let asked = questions >= FEWEST_QUESTIONS && questions * MOST_SENTENCES_A_QUESTION >= sentences.len();
    let first = *first_person.first().filter(|_| asked && first_person.len() >= FEWEST_ANSWERS)?;
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (k, m) in
        mentions.iter().enumerate().filter(|(_, m)| m.form == MentionForm::Name && m.class == Some(NounClass::Person))
    {
        by_name.entry(scene.surname(m)).or_default().push(k);
    }
    let before = |list: &[usize]| list.iter().filter(|&&k| mentions[k].sentence < first).count();
    let most = by_name.into_values().filter(|list| before(list) > 0);
    most.max_by_key(|list| (before(list), std::cmp::Reverse(list[0])))
}

/// "They" takes up several that are named together in its own sentence or so many before.
const TOGETHER_LOOK_AHEAD: usize = 2;

/// All but those that are named together, are taken up by nothing and say nothing together: they are only their parts.
fn without_idle<'a>(
    scene: &Scene<'a>,
    mentions: Vec<Mention<'a>>,
    chains: Vec<Vec<usize>>,
    certainty: Vec<f32>,
) -> (Vec<Mention<'a>>, Vec<Vec<usize>>, Vec<f32>) {
    let said = |m: &Mention| {
        let last = m.tokens.end - 1;
        scene.attributions.iter().any(|a| a.source.iter().any(|s| s.contains(&m.head) && s.contains(&last)))
    };
    let idle = |chain: &Vec<usize>| matches!(chain[..], [m] if mentions[m].together && !said(&mentions[m]));
    let mut kept = vec![true; mentions.len()];
    chains.iter().filter(|chain| idle(chain)).flatten().for_each(|&m| kept[m] = false);
    if kept.iter().all(|&k| k) {
        return (mentions, chains, certainty);
    }
    let mut number = vec![0; mentions.len()];
    let mut next = 0;
    for (m, &kept) in kept.iter().enumerate() {
        number[m] = next;
        next += usize::from(kept);
    }
    let chains = chains.into_iter().filter(|chain| chain.iter().all(|&m| kept[m]));
    let chains = chains.map(|chain| chain.into_iter().map(|m| number[m]).collect()).collect();
    let mentions = mentions.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(m, _)| m).collect();
    let certainty = certainty.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(c, _)| c).collect();
    (mentions, chains, certainty)
}

/// Persons and bodies that are named together, where "they" follows soon or they say something together.
fn named_together<'a>(scene: &Scene<'a>, mentions: &[Mention<'a>]) -> Vec<Mention<'a>> {
    let acting = |m: &Mention| {
        m.form != MentionForm::Pronoun && !m.quoted && matches!(m.class, Some(NounClass::Person | NounClass::Group))
    };
    let by_head: HashMap<usize, &Mention> = mentions.iter().filter(|m| acting(m)).map(|m| (m.head, m)).collect();
    let first = |m: &&Mention| acting(m) && matches!(scene.role(m.head), "subject" | "passive" | "object" | "oblique");
    let several = |m: &Mention<'a>| {
        let others = scene.children[m.head].iter().filter(|&&c| scene.relation(c) == "conj" && c > m.head);
        let others: Vec<&&Mention> = others.filter_map(|c| by_head.get(c)).collect();
        let last = others.iter().map(|m| m.tokens.end).max()?;
        let and = others.iter().any(|o| scene.children[o.head].iter().any(|&c| scene.lower[c] == "and"));
        let they = |p: &Mention| {
            p.pronoun == Some("they")
                && !p.quoted
                && p.tokens.start >= last
                && p.sentence - m.sentence.min(p.sentence) <= TOGETHER_LOOK_AHEAD
        };
        let say = |a: &annalist_language::Attribution| {
            a.source.iter().any(|s| s.contains(&m.head) && others.iter().all(|o| s.contains(&o.head)))
        };
        let meant = mentions.iter().any(they) || scene.attributions.iter().any(say);
        let tokens = m.tokens.start.min(m.head)..last;
        (and && meant && tokens.len() > m.tokens.len()).then(|| Mention {
            tokens,
            number: Some(Number::Plural),
            gender: None,
            together: true,
            ..m.clone()
        })
    };
    mentions.iter().filter(first).filter_map(several).collect()
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// What weights are learnt from: decisions with their features by name.
pub mod training {
    use super::*;

    /// A decision: its options, each with its features and whether it is right. That a candidate is a mention is a decision with
    /// one option; what a mention takes up is one whose first option is that it takes up nothing.
    pub type Decision = Vec<(Vec<String>, bool)>;

    struct Names(Vec<String>);

    impl Sink for Names {
        fn tell(&mut self, parts: &[&str]) {
            self.0.push(parts.join("|"));
        }
    }

    /// The candidates of a text as decisions; `gold` tells the chain of the gold mention that a stretch of tokens is.
    pub fn mentions(
        text: &str,
        analysis: &Analysis,
        knowledge: &Knowledge,
        gold: impl Fn(&Mention) -> Option<usize>,
    ) -> Vec<Decision> {
        let scene = Scene::new(text, analysis, knowledge);
        let decision = |m: &Mention| {
            let mut names = Names(Vec::new());
            scene.mention_features(m, &mut names);
            vec![(names.0, gold(m).is_some())]
        };
        scene.candidates().iter().map(decision).collect()
    }

    /// What the mentions of a text take up, with the gold's chains up to each; mentions are those that `weights` find.
    pub fn links(
        text: &str,
        analysis: &Analysis,
        knowledge: &Knowledge,
        weights: &Weights,
        gold: impl Fn(&Mention) -> Option<usize>,
    ) -> Vec<Decision> {
        let scene = Scene::new(text, analysis, knowledge);
        let mentions = found(&scene, weights);
        let words = WordIndex::new(&scene, &mentions);
        let chain: Vec<Option<usize>> = mentions.iter().map(gold).collect();
        let mut chains = Chains::new(&mentions);
        let mut decisions = Vec::with_capacity(mentions.len());
        for m in 0..mentions.len() {
            let (candidates, echo) = words.antecedents(&scene, &mentions, m);
            let mut names = Names(Vec::new());
            scene.new_features(&mentions[m], echo, &mut names);
            let mut decision = vec![(names.0, true)];
            let fit = fits(&mentions[m], &candidates, &chains);
            for (&a, &fit) in candidates.iter().zip(&fit) {
                if scene.clashes(&mentions[m], chains.of(a), &mentions) || words.forbids(&scene, m, a, &chains) {
                    continue;
                }
                let mut names = Names(Vec::new());
                let around = Around { between: m - a - 1, at: a, fit, standing: words.standing(&mentions, m, a) };
                scene.link_features(&mentions[m], &mentions[a], around, &chains, &mut names);
                let right = chain[m].is_some() && chain[m] == chain[a];
                decision[0].1 &= !right;
                decision.push((names.0, right));
            }
            decisions.push(decision);
            let before = (0..m).rev().find(|&a| chain[m].is_some() && chain[a] == chain[m]);
            chains.push(before);
        }
        decisions
    }
}
