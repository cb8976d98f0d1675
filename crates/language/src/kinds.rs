//! Which names are no persons', by all that a text tells of them.
//!
//! "Hajin had fallen" does not tell whether a town or a man fell; "in Hajin", three sentences on, does. What the tagger says of each place
//! where a name stands is added up (as if the places told independently, each not more than [`LEAST`]). It is not made a person by what
//! other places tell, and whether a place or a body is meant is left to each: "London" is the city in one sentence and the government in
//! the next. Names of other things than are told are known so that they are not taken for bodies, and left out.

use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::{Name, Token};
use crate::names::{PERSON, Typed};

/// One place alone makes no kind less likely than this, as the logarithm of a probability.
const LEAST: f32 = -3.0;

/// A name is no person's where all its places together make that so much likelier, as the logarithm of odds.
const MARGIN: f32 = 1.0;

/// The kind of names that are of no kind that is told: products, works, storms.
const OTHER: &str = "OTH";

/// The names of a text; what is taken for a person in one place is what it is in the others, where these make it likelier to be no person.
pub(crate) fn agreed(text: &str, tokens: &[Token], names: Vec<Typed>) -> Vec<Name> {
    let words = |name: &Name| {
        let (first, last) = (tokens.get(name.tokens.start)?, tokens.get(name.tokens.end.checked_sub(1)?)?);
        text.get(first.start..last.end)
    };
    let mut told: HashMap<&str, Vec<f32>> = HashMap::new();
    for typed in &names {
        let Some(words) = words(&typed.name) else { continue };
        let sums = told.entry(words).or_insert_with(|| vec![0.0; typed.likely.len()]);
        sums.iter_mut().zip(&typed.likely).for_each(|(sum, (_, likely))| *sum += likely.max(LEAST));
    }
    let agreed = |typed: &Typed| {
        let sums = told.get(words(&typed.name)?).filter(|_| typed.name.kind == PERSON)?;
        let best = |person: bool| {
            let of = |(_, (kind, _)): &(&f32, &(Arc<str>, f32))| (&**kind == PERSON) == person;
            sums.iter().zip(&typed.likely).filter(of).max_by(|a, b| a.0.total_cmp(b.0))
        };
        let (person, other) = (best(true)?, best(false)?);
        (*other.0 >= person.0 + MARGIN).then(|| other.1.0.to_string())
    };
    names
        .iter()
        .map(|typed| Name { kind: agreed(typed).unwrap_or(typed.name.kind.clone()), ..typed.name.clone() })
        .filter(|name| name.kind != OTHER)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of one-word names, each with the probability that it is a person (else a place).
    fn kinds(words: &[(&str, f32)]) -> Vec<String> {
        let (mut text, mut tokens, mut names) = (String::new(), Vec::new(), Vec::new());
        for (k, (word, person)) in words.iter().enumerate() {
            let start = text.len();
            text.push_str(word);
            let (upos, deprel) = (Arc::from("PROPN"), Arc::from("root"));
            tokens.push(Token { start, end: text.len(), upos, lemma: word.to_string(), head: None, deprel });
            text.push(' ');
            let kind = if *person > 0.5 { "PER" } else { "LOC" };
            let likely = vec![(Arc::from("PER"), person.ln()), (Arc::from("LOC"), (1.0 - person).ln())];
            names.push(Typed { name: Name { tokens: k..k + 1, kind: kind.into() }, likely });
        }
        agreed(&text, &tokens, names).into_iter().map(|name| name.kind).collect()
    }

    #[test]
    fn a_place_is_no_person_where_its_name_alone_does_not_tell() {
        assert_eq!(kinds(&[("Hajin", 0.7), ("Hajin", 0.1), ("Tarn", 0.9)]), ["LOC", "LOC", "PER"]);
    }

    #[test]
    fn names_of_other_things_are_left_out() {
        let likely = vec![(Arc::from("PER"), -2.0), (Arc::from("OTH"), -0.1)];
        let (upos, deprel) = (Arc::from("PROPN"), Arc::from("root"));
        let tokens = [Token { start: 0, end: 6, upos, lemma: "Tarnia".into(), head: None, deprel }];
        let typed = |kind: &str| Typed { name: Name { tokens: 0..1, kind: kind.into() }, likely: likely.clone() };
        assert!(agreed("Tarnia", &tokens, vec![typed("OTH")]).is_empty());
        // Two places tell that the person of a third is none.
        assert!(agreed("Tarnia", &tokens, vec![typed("OTH"), typed("OTH"), typed("PER")]).is_empty());
    }

    #[test]
    fn who_is_mostly_a_person_stays_one() {
        assert_eq!(kinds(&[("Hajin", 0.9), ("Hajin", 0.9), ("Hajin", 0.1)]), ["PER", "PER", "LOC"]);
        // One place does not outweigh many, however sure.
        let sure = f32::EPSILON;
        assert_eq!(kinds(&[("Hajin", sure), ("Hajin", 0.95), ("Hajin", 0.95)]), ["LOC", "PER", "PER"]);
    }
}
