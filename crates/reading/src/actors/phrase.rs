//! What a noun phrase says of an actor by itself.

use annalist_knowledge::{CountryWord, WordClass};
use annalist_record::{ActorKind, Confidence};

use super::words::{Item, Origin, What};
use super::{Basis, Clue, Coding, Told};

/// What has been read of an actor so far.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) origin: Option<Origin>,
    pub(super) sectors: Option<Vec<&'static str>>,
    pub(super) kind: Option<ActorKind>,
    /// Its sectors are those of what it belongs to, if that is said.
    pub(super) through: bool,
    /// Who it speaks for tells its country.
    pub(super) for_whom: bool,
    /// It is known to be of no single country.
    pub(super) stateless: bool,
    /// A word says that it is of several countries.
    pub(super) world: bool,
    pub(super) clues: Vec<Clue>,
    pub(super) sure: f32,
}

impl Default for Reading {
    fn default() -> Self {
        Reading {
            origin: None,
            sectors: None,
            kind: None,
            through: false,
            for_whom: false,
            stateless: false,
            world: false,
            clues: Vec::new(),
            sure: 0.95,
        }
    }
}

impl Reading {
    /// Takes from another reading what this one leaves open.
    pub(super) fn fill(&mut self, other: Reading, in_context: bool) {
        let told = |tells: Told| {
            let clues = other.clues.iter().filter(move |c| c.tells == tells).cloned();
            clues.map(move |c| Clue { in_context: c.in_context || in_context, ..c }).collect::<Vec<_>>()
        };
        let open = self.sectors.is_none();
        if self.origin.is_none()
            && !self.stateless
            && let Some(origin) = &other.origin
        {
            self.origin = Some(origin.clone());
            self.clues.extend(told(Told::Country));
            self.sure = self.sure.min(other.sure);
        }
        if (open || (self.through && !other.through))
            && let Some(sectors) = &other.sectors
        {
            self.sectors = Some(sectors.clone());
            self.through = other.through;
            self.clues.extend(told(Told::Sectors));
            self.sure = self.sure.min(other.sure);
        }
        self.kind = self.kind.or(other.kind);
    }

    /// What is of several countries is no one's.
    pub(super) fn international(&mut self) {
        if !self.world || self.origin.is_some() {
            return;
        }
        self.stateless = true;
        let international = match self.kind {
            Some(ActorKind::Ngo) => "NGO",
            Some(ActorKind::Igo) => "IGO",
            Some(ActorKind::Company) => "MNC",
            Some(ActorKind::ArmedGroup) => "IMG",
            _ => return,
        };
        self.origin = Some(Origin { country: None, international: Some(international), basis: Basis::ActorWord });
        self.sure = self.sure.min(0.7);
    }

    pub(super) fn coding(self) -> Coding {
        let mut sectors = self.sectors.unwrap_or_default();
        let mut seen = Vec::new();
        sectors.retain(|s| {
            !seen.contains(s) && {
                seen.push(s);
                true
            }
        });
        let confidence = if self.clues.is_empty() { 0.0 } else { self.sure };
        let (country, international) = self.origin.map_or((None, None), |o| (o.country, o.international));
        Coding {
            country,
            international,
            sectors,
            kind: self.kind,
            confidence: Confidence::new(confidence),
            evidence: self.clues,
        }
    }
}

/// Whether the country at `at` is only said to back, lead, … what follows.
pub(super) fn foreign(items: &[Item], at: usize) -> bool {
    items[at].hyphen
        && items[at].role().is_none()
        && items.get(at + 1).is_some_and(|next| next.class(WordClass::Foreign).is_some())
}

/// Whether the people at `at` is not meant as a state's.
pub(super) fn descent(items: &[Item], at: usize) -> bool {
    at > 0 && items[at - 1].class(WordClass::Descent).is_some()
}

/// What a noun phrase says by itself.
pub(super) fn phrase(items: &[Item]) -> Reading {
    let mut reading = Reading::default();
    let clue = |tells, item: &Item, basis| Clue { tells, words: item.text.to_string(), basis, in_context: false };
    let own = |at: usize| !foreign(items, at) && !descent(items, at);
    // Where it is from: a country named in it before the country of a name in it, unless that name says more.
    let named = (0..items.len()).rev().find(|&at| matches!(items[at].what, What::Named(_)) && own(at));
    let country = (0..items.len()).find(|&at| matches!(items[at].what, What::Country(..)) && own(at));
    // "Maltese and Norwegian envoys" are of neither alone.
    let joint = country.is_some_and(|at| {
        let joined = items.get(at + 1).is_some_and(|next| matches!(next.what, What::And));
        let other = items.get(at + 2).and_then(Item::origin).and_then(|origin| origin.country);
        joined
            && items.len() > at + 3
            && other.is_some_and(|other| items[at].origin().and_then(|o| o.country) != Some(other))
    });
    let origin_of = |at: usize| items[at].origin().filter(|_| !joint).map(|origin| (at, origin));
    let origin = country.and_then(origin_of).or_else(|| {
        (0..items.len()).filter(|&at| own(at)).filter_map(origin_of).find(|(_, origin)| origin.country.is_some())
    });
    if let Some((at, origin)) = origin.or_else(|| named.and_then(origin_of)) {
        reading.clues.push(clue(Told::Country, &items[at], origin.basis));
        reading.origin = Some(origin);
    }
    reading.world = items.iter().any(|item| item.class(WordClass::World).is_some()) && country.is_none();
    reading.stateless =
        joint || named.is_some_and(|at| matches!(items[at].what, What::Named(a) if a.international.is_some()));

    // What it is: the last word or name that says so; a person's name may follow.
    let Some(head) = (0..items.len()).rev().find(|&at| items[at].is_role() && own(at)) else {
        if let Some(at) = country
            && let What::Country(kind, _) = items[at].what
        {
            reading.kind = match kind {
                CountryWord::Demonym if at + 1 < items.len() => None,
                CountryWord::Demonym => Some(ActorKind::People),
                CountryWord::Name | CountryWord::Capital => Some(ActorKind::Government),
            };
            if kind == CountryWord::Capital && items.len() == at + 1 {
                reading.sectors = Some(vec!["GOV"]);
                reading.clues.push(clue(Told::Sectors, &items[at], Basis::Capital));
                reading.sure = 0.7;
            }
        }
        return reading;
    };
    let name_follows = items[head + 1..].iter().any(|item| matches!(item.what, What::Unknown { capital: true }));
    let mut sectors: Vec<&'static str>;
    match (&items[head].what, items[head].role()) {
        (What::Named(actor), _) => {
            sectors = actor.sectors.clone();
            reading.kind = actor.kind;
            reading.clues.push(clue(Told::Sectors, &items[head], Basis::ActorName));
        }
        (what, Some(word)) => {
            sectors = word.sectors.clone();
            let plural = matches!(what, What::Word(_, true));
            reading.kind = match word.class {
                _ if name_follows && !plural => Some(ActorKind::Person),
                WordClass::Office | WordClass::Through if plural => kind_of_many(&sectors).or(word.kind),
                _ => word.kind,
            };
            reading.through = word.class == WordClass::Through;
            reading.for_whom = reading.through;
            reading.clues.push(clue(Told::Sectors, &items[head], Basis::ActorWord));
        }
        _ => unreachable!("a head is a name or a word"),
    }
    // "police officer", "party leader": what it belongs to stands before it.
    if reading.through {
        let belongs = items[..head].iter().enumerate().rev().find_map(|(at, item)| match &item.what {
            What::Named(actor) if own(at) && !actor.sectors.is_empty() => {
                Some((item, actor.sectors.clone(), actor.kind))
            }
            _ => {
                let word = item.role().filter(|word| word.class != WordClass::Through && !word.sectors.is_empty())?;
                Some((item, word.sectors.clone(), word.kind))
            }
        });
        // The forces of a government, or of a people, are forces.
        let belongs = belongs.filter(|(_, of, _)| match of[0] {
            "GOV" => sectors.first().is_none_or(|own| *own == "GOV"),
            "CVL" => sectors.is_empty(),
            _ => true,
        });
        if let Some((item, of, kind)) = belongs {
            sectors = of;
            reading.through = false;
            if !matches!(reading.kind, Some(ActorKind::Person | ActorKind::Office)) {
                reading.kind = kind.or(reading.kind);
            }
            let basis = if matches!(item.what, What::Named(_)) { Basis::ActorName } else { Basis::ActorWord };
            reading.clues.push(clue(Told::Sectors, item, basis));
        }
    }
    let anybody = reading.through || sectors.first().is_none_or(|first| matches!(*first, "CVL" | "UNK"));
    if !matches!(items[head].what, What::Named(_))
        && let Some((item, turns)) =
            items[..head].iter().rev().find_map(|item| item.class(WordClass::Turns).map(|turns| (item, turns)))
        && (anybody || turns.sectors.first() != Some(&"UAF"))
    {
        sectors = turns.sectors.clone();
        reading.through = false;
        reading.kind = reading.kind.filter(|k| matches!(k, ActorKind::Person | ActorKind::Office)).or(turns.kind);
        reading.clues.push(clue(Told::Sectors, item, Basis::ActorWord));
    }
    for item in &items[..head] {
        if let Some(adds) = item.class(WordClass::Adds) {
            // What belongs to nothing else belongs to that.
            if reading.through {
                sectors.clear();
                reading.through = false;
            }
            sectors.extend(&adds.sectors);
            reading.clues.push(clue(Told::Sectors, item, Basis::ActorWord));
        }
    }
    const HELD: [&str; 7] = ["GOV", "LEG", "MIL", "JUD", "COP", "SPY", "PTY"];
    let held = sectors.first().is_some_and(|first| HELD.contains(first));
    let post = items[head].role().is_some_and(|word| matches!(word.class, WordClass::Office | WordClass::Through));
    if held
        && (post || name_follows)
        && let Some((item, former)) =
            items[..head].iter().find_map(|item| item.class(WordClass::Former).map(|former| (item, former)))
    {
        sectors = former.sectors.clone();
        reading.through = false;
        reading.clues.push(clue(Told::Sectors, item, Basis::ActorWord));
    }
    if !sectors.is_empty() {
        reading.sectors = Some(sectors);
    }
    reading
}

/// What several holders of a post are together.
fn kind_of_many(sectors: &[&str]) -> Option<ActorKind> {
    Some(match *sectors.first()? {
        "GOV" | "LEG" | "JUD" | "SPY" => ActorKind::Government,
        "MIL" => ActorKind::Military,
        "COP" => ActorKind::Police,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::tests::{check, coded};

    #[test]
    fn what_stands_before_the_office_changes_it() {
        check(&[
            ("former Icelandic finance minister", "ISL", "ELI"),
            ("ex-president Ana Sol", "", "ELI"),
            ("opposition lawmakers", "", "LEG OPP"),
            ("rebel soldiers", "", "REB"),
            ("masked police", "", "COP"),
            ("masked men", "", "UAF"),
        ]);
    }

    #[test]
    fn persons_are_not_the_countries_they_are_called_after() {
        check(&[("Jordan Miller", "", ""), ("Michael Chad", "", ""), ("Jordan", "JOR", "")]);
        assert_eq!(coded("President Jordan Miller", None).kind, Some(ActorKind::Person));
    }
}
