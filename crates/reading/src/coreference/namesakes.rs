//! Who is meant by a surname that several persons of a report bear.
//!
//! "Lind", in a report on Ann Lind and her son Ben, is whoever is not called "Ben". Whoever is told to be the other's kin ("Lind's
//! mother") is not called by the surname alone; else it is whoever was named in full last. Left alone costs less than a wrong name for
//! a whole chain, so where nothing tells, none of them is meant.

use std::collections::HashMap;

use annalist_knowledge::Gender;
use annalist_record::MentionForm;

use super::chains::Chains;
use super::mentions::{Mention, Scene};

/// Words of two spellings of one first name begin with so many letters that are the same.
const SAME_LETTERS: usize = 4;

/// Persons of one surname, and whom it means where it stands alone.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    /// For each mention by full name of a person with namesakes: the number of the person.
    bearer: HashMap<usize, usize>,
    /// For each mention by their surname alone: the number of the person it means, if that can be told.
    meant: HashMap<usize, Option<usize>>,
}

/// Somebody who is named in full.
struct Person<'s> {
    words: Vec<&'s str>,
    gender: Option<Gender>,
    mentions: Vec<usize>,
}

impl Namesakes {
    pub(super) fn new(scene: &Scene, mentions: &[Mention]) -> Namesakes {
        let mut by_surname: HashMap<&str, Vec<Person>> = HashMap::new();
        let called = |m: &Mention| m.form == MentionForm::Name && !m.together && scene.name_kind(m.head) == Some("PER");
        let words = |m: &Mention| {
            let bare = |t: &usize| scene.upos(*t) != "PUNCT" && scene.upos(*t) != "PART" && !honorific(scene, *t);
            scene.name_tokens(m).filter(bare).map(|t| scene.lower[t].as_str()).collect::<Vec<&str>>()
        };
        for (k, m) in mentions.iter().enumerate().filter(|(_, m)| called(m)) {
            let words = words(m);
            let (Some(surname), 2..) = (words.last().copied(), words.len()) else { continue };
            let persons = by_surname.entry(surname).or_default();
            match persons.iter_mut().find(|p| same(&p.words, &words)) {
                Some(person) => {
                    person.mentions.push(k);
                    person.gender = person.gender.or(m.gender);
                }
                None => persons.push(Person { words, gender: m.gender, mentions: vec![k] }),
            }
        }
        let mut found = Namesakes::default();
        let mut number = 0;
        let mut families: Vec<(&str, Vec<Person>)> = by_surname.into_iter().filter(|(_, p)| p.len() > 1).collect();
        families.sort_by_key(|(_, persons)| persons[0].mentions[0]);
        for (surname, persons) in &families {
            for (p, person) in persons.iter().enumerate() {
                person.mentions.iter().for_each(|&k| {
                    found.bearer.insert(k, number + p);
                });
            }
            let likely = persons_so_called(scene, mentions, surname, persons);
            for (k, m) in mentions.iter().enumerate().filter(|(_, m)| called(m)) {
                if words(m)[..] != [*surname] {
                    continue;
                }
                let fits =
                    |p: &&usize| !matches!((title_gender(scene, m), persons[**p].gender), (Some(x), Some(y)) if x != y);
                let left: Vec<usize> = likely.iter().filter(fits).copied().collect();
                // Of several, whoever was named in full last.
                let before = |p: &usize| persons[*p].mentions.iter().rev().find(|&&n| n < k).copied();
                let meant = match left[..] {
                    [only] => Some(only),
                    _ => left.iter().copied().filter(|p| before(p).is_some()).max_by_key(before),
                };
                found.meant.insert(k, meant.map(|p| number + p));
            }
            number += persons.len();
        }
        found
    }

    /// Whether a mention is by a surname, or of a person, that the chain of an earlier one has for another.
    pub(super) fn refuse(&self, m: usize, a: usize, chains: &Chains) -> bool {
        let who = |k: usize| match self.meant.get(&k) {
            Some(meant) => Some(*meant),
            None => self.bearer.get(&k).map(|&p| Some(p)),
        };
        let Some(own) = who(m) else { return false };
        let mut others = chains.of(a).members.iter().filter_map(|&k| who(k).map(|other| (k, other)));
        match own {
            Some(_) => others.any(|(_, other)| other != own),
            // It may be whoever else was called so.
            None => others.any(|(k, _)| self.bearer.contains_key(&k)),
        }
    }

    /// A mention by full name of whoever a surname alone means, the nearest before it first; `None` within where it means none of
    /// those who bear it.
    pub(super) fn named_in_full(&self, m: usize) -> Option<Option<usize>> {
        let meant = (*self.meant.get(&m)?).and_then(|person| {
            let own = self.bearer.iter().filter(|(_, p)| **p == person).map(|(k, _)| *k);
            own.min_by_key(|&k| (k > m, k.abs_diff(m)))
        });
        Some(meant)
    }
}

/// Those of a surname who may be called by it alone.
fn persons_so_called(scene: &Scene, mentions: &[Mention], surname: &str, persons: &[Person]) -> Vec<usize> {
    let all: Vec<usize> = (0..persons.len()).collect();
    let narrowed = |of: Vec<usize>, not: &dyn Fn(&Person) -> bool| {
        let left: Vec<usize> = of.iter().copied().filter(|&p| !not(&persons[p])).collect();
        if left.is_empty() { of } else { left }
    };
    let by_first_name = |person: &Person| {
        let first = person.words[0];
        let so = |m: &Mention| {
            let name = scene.name_tokens(m);
            let bare = name.clone().filter(|&t| scene.upos(t) != "PART").count() == 1;
            m.form == MentionForm::Name && bare && scene.lower[name.start] == first
        };
        mentions.iter().any(so)
    };
    // "Ann Lind, the mother of Ben Lind": what is said of her holds the other's name.
    let by_the_other = |person: &Person| {
        let apposed = |m: &Mention| {
            let beside = |k: &usize| {
                let head = mentions[*k].head;
                (scene.relation(m.head) == "appos" && scene.head(m.head) == Some(head))
                    || (scene.relation(head) == "appos" && scene.head(head) == Some(m.head))
            };
            let named = |t: usize| scene.lower[t] == surname && scene.name_kind(t) == Some("PER");
            m.form == MentionForm::Nominal && person.mentions.iter().any(beside) && m.tokens.clone().any(named)
        };
        mentions.iter().any(apposed)
    };
    narrowed(narrowed(all, &by_first_name), &by_the_other)
}

fn honorific(scene: &Scene, t: usize) -> bool {
    let referents = scene.knowledge.referents();
    let word = &scene.lower[t];
    referents.first_name(word).is_none() && (referents.title(word).is_some() || referents.gender(word).is_some())
}

/// The gender that a title right before a name tells.
fn title_gender(scene: &Scene, m: &Mention) -> Option<Gender> {
    m.tokens
        .clone()
        .filter(|&t| t < scene.name_tokens(m).end && honorific(scene, t))
        .find_map(|t| scene.knowledge.referents().gender(&scene.lower[t]))
}

/// Whether two full names with one surname are of one person: the words of one are all in the other, or the first names are spelled
/// almost alike.
fn same(a: &[&str], b: &[&str]) -> bool {
    let within = |x: &[&str], y: &[&str]| x.iter().all(|word| y.contains(word));
    let begin = |word: &str| word.chars().take(SAME_LETTERS).collect::<String>();
    within(a, b) || within(b, a) || begin(a[0]) == begin(b[0])
}
