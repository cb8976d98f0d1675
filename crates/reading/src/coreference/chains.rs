//! Chains as they grow: what the mentions linked so far tell of whom they refer to.

use annalist_knowledge::{Gender, NounClass};
use annalist_record::MentionForm;

use super::mentions::{Mention, Number};

/// A chain under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chain {
    /// Its mentions so far, as numbers.
    pub members: Vec<usize>,
    /// Whether one of them is a name.
    pub named: bool,
    female: usize,
    male: usize,
    one: usize,
    many: usize,
    class: Option<NounClass>,
    /// Its last pronoun, as a number among [`PRONOUNS`].
    last_pronoun: Option<usize>,
}

impl Chain {
    pub fn size(&self) -> usize {
        self.members.len()
    }

    pub fn gender(&self) -> Option<Gender> {
        match self.female.cmp(&self.male) {
            std::cmp::Ordering::Greater => Some(Gender::Female),
            std::cmp::Ordering::Less => Some(Gender::Male),
            std::cmp::Ordering::Equal => None,
        }
    }

    pub fn number(&self) -> Option<Number> {
        match self.one.cmp(&self.many) {
            std::cmp::Ordering::Greater => Some(Number::Singular),
            std::cmp::Ordering::Less => Some(Number::Plural),
            std::cmp::Ordering::Equal => None,
        }
    }

    pub fn class(&self) -> Option<NounClass> {
        self.class
    }

    /// The citation form of its last pronoun.
    pub fn pronoun(&self) -> Option<&'static str> {
        self.last_pronoun.and_then(|k| PRONOUNS.get(k).copied())
    }
}

/// All chains of the mentions so far.
pub(crate) struct Chains<'m, 'k> {
    pub mentions: &'m [Mention<'k>],
    chain_of: Vec<usize>,
    chains: Vec<Chain>,
    /// Chains, the last mentioned last.
    recent: Vec<usize>,
}

const PRONOUNS: [&str; 9] = ["he", "she", "it", "they", "i", "we", "you", "this", "that"];

impl<'m, 'k> Chains<'m, 'k> {
    pub fn new(mentions: &'m [Mention<'k>]) -> Chains<'m, 'k> {
        Chains { mentions, chain_of: Vec::with_capacity(mentions.len()), chains: Vec::new(), recent: Vec::new() }
    }

    /// Takes in the next mention: into the chain of an earlier one, or into a new one.
    pub fn push(&mut self, antecedent: Option<usize>) {
        let number = self.chain_of.len();
        let m = &self.mentions[number];
        let chain = antecedent.map_or(self.chains.len(), |a| self.chain_of[a]);
        if chain == self.chains.len() {
            self.chains.push(Chain::default());
        }
        self.chain_of.push(chain);
        self.recent.retain(|&c| c != chain);
        self.recent.push(chain);
        let chain = &mut self.chains[chain];
        chain.members.push(number);
        chain.named |= m.form == MentionForm::Name;
        match m.gender {
            Some(Gender::Female) => chain.female += 1,
            Some(Gender::Male) => chain.male += 1,
            None => {}
        }
        // "they" may be one or a body of many; a noun's number tells more.
        let weight = if m.form == MentionForm::Pronoun { 1 } else { 2 };
        match m.number {
            Some(Number::Singular) => chain.one += weight,
            Some(Number::Plural) => chain.many += weight,
            None => {}
        }
        if chain.class.is_none() || (m.form == MentionForm::Name && m.class.is_some()) {
            chain.class = m.class.or(chain.class);
        }
        if let Some(k) = m.pronoun.and_then(|p| PRONOUNS.iter().position(|&q| q == p)) {
            chain.last_pronoun = Some(k);
        }
    }

    /// How many mentions there are so far.
    pub fn len(&self) -> usize {
        self.chain_of.len()
    }

    pub fn of(&self, mention: usize) -> &Chain {
        &self.chains[self.chain_of[mention]]
    }

    /// The number of a mention's chain.
    pub fn number_of(&self, mention: usize) -> usize {
        self.chain_of[mention]
    }

    /// How many other chains were mentioned since the chain of `mention` was, at most 30.
    pub fn rank(&self, mention: usize) -> usize {
        let chain = self.chain_of[mention];
        self.recent.iter().rev().take(30).position(|&c| c == chain).unwrap_or(30)
    }

    /// The chains' members.
    pub fn into_members(self) -> Vec<Vec<usize>> {
        self.chains.into_iter().map(|chain| chain.members).collect()
    }
}
