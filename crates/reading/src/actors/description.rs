//! What the noun phrases of a description say together: whose an actor is, what it is of, where it is from.

use annalist_record::ActorKind;

use super::phrase::{Reading, phrase};
use super::words::{Item, Link, Origin, What};
use super::{Basis, Clue, Coder, Told};

/// Whether a word is the participle of what those did, or suffered, who are named in the phrase before it: no hyphen ties it to anything.
fn is_deed(items: &[Item], from: usize, at: usize) -> bool {
    let word = items[at].text;
    let participle = word.len() > SHORTEST_PARTICIPLE && (word.ends_with("ing") || word.ends_with("ed"));
    participle && !items[at].hyphen && !items[at - 1].hyphen && items[from..at].iter().any(Item::is_role)
}

/// Shorter words in -ed and -ing are mostly none: "red", "king".
const SHORTEST_PARTICIPLE: usize = 4;

impl Coder<'_> {
    /// What a description says: its first noun phrase, and what depends on it.
    pub(super) fn read(&self, items: &[Item]) -> Reading {
        let content =
            |item: &Item| !matches!(item.what, What::Filler | What::Comma | What::Stop | What::Open | What::Close);
        let Some(start) = items.iter().position(content) else { return Reading::default() };
        let items = &items[start..];
        // Noun phrases, each with what links it to those before.
        let mut phrases: Vec<(Before, &[Item])> = Vec::new();
        let (mut link, mut from) = (Before::Nothing, 0);
        for (at, item) in items.iter().enumerate() {
            let next = match item.what {
                What::Link(link) => Before::Link(link),
                What::Comma | What::Open => Before::Apposition,
                What::Close | What::Stop | What::Relative => Before::Other,
                // "men killed fighting rebels": what they did, or what was done to them.
                What::Unknown { capital: false } if from < at && is_deed(items, from, at) => Before::Other,
                _ => continue,
            };
            if from < at || link == Before::Nothing {
                phrases.push((link, &items[from..at]));
            }
            (link, from) = (next, at + 1);
        }
        phrases.push((link, &items[from..]));
        // Whatever is said in apposition is of the same, each by itself: in "Ann Lind, the mother of a general" she is none.
        let apposed = |phrase: &(Before, &[Item])| phrase.0 == Before::Apposition;
        let mut starts: Vec<usize> = (1..phrases.len()).filter(|&at| apposed(&phrases[at])).collect();
        starts.push(phrases.len());
        let mut head = self.with_what_depends(&phrases[..starts[0]]);
        for stretch in starts.windows(2) {
            head.fill(self.with_what_depends(&phrases[stretch[0]..stretch[1]]), false);
        }
        head.international();
        if head.origin.is_none() && !head.stateless {
            self.place(&mut head, &phrases);
        }
        head
    }

    /// What a noun phrase says together with what depends on it.
    fn with_what_depends(&self, phrases: &[(Before, &[Item])]) -> Reading {
        let mut head = self.possessive(phrases[0].1);
        let rest: Vec<(Before, Reading)> =
            phrases[1..].iter().map(|&(link, phrase)| (link, self.possessive(phrase))).collect();
        // "spokesman for the army", "dozens of miners": the sectors of what it is of.
        if head.through || (head.sectors.is_none() && head.origin.is_none()) {
            let of = rest.iter().find(|(before, reading)| {
                matches!(before, Before::Link(Link::Of | Link::For | Link::In))
                    && reading.sectors.is_some()
                    && !reading.through
            });
            if let Some((_, reading)) = of {
                head.sectors = reading.sectors.clone();
                head.kind = head.kind.filter(|k| *k == ActorKind::Person || *k == ActorKind::Office).or(reading.kind);
                head.clues.extend(reading.clues.iter().filter(|c| c.tells == Told::Sectors).cloned());
                head.through = false;
            }
        }
        if head.origin.is_none() {
            for (before, reading) in &rest {
                match before {
                    Before::Link(Link::Of | Link::In) => {}
                    Before::Link(Link::For) if head.for_whom => {}
                    Before::Link(Link::Toward | Link::For | Link::Other) => break,
                    _ => continue,
                }
                if let Some(origin) = &reading.origin {
                    head.origin = Some(origin.clone());
                    head.sure = head.sure.min(0.85);
                    head.clues.extend(reading.clues.iter().filter(|c| c.tells == Told::Country).cloned());
                    break;
                }
            }
        }
        head.world |=
            head.origin.is_none() && rest.iter().any(|(before, of)| *before == Before::Link(Link::Of) && of.world);
        head
    }

    /// The country of a place named in the phrases, if a gazetteer is at hand.
    fn place(&self, head: &mut Reading, phrases: &[(Before, &[Item])]) {
        let Some(places) = self.places else { return };
        for (before, phrase) in phrases {
            if matches!(before, Before::Link(Link::Toward | Link::Other) | Before::Other) {
                break;
            }
            // A name after a title is a person's.
            let role = phrase.iter().rposition(Item::is_role).filter(|_| *before == Before::Nothing);
            let phrase = &phrase[..role.map_or(phrase.len(), |at| at + 1)];
            let mut names = Vec::new();
            for run in phrase.split(|item| !matches!(item.what, What::Unknown { capital: true })) {
                // A part of a name that no body or office follows may be anybody's: "Houston Lind", but "downtown Houston police".
                let shortest = if role.is_some() { 1 } else { run.len().max(1) };
                for length in (shortest..=run.len()).rev() {
                    let general = |name: &&[Item]| name.len() == 1 && self.actors.qualifies(name[0].text);
                    names.extend(run.windows(length).filter(|name| !general(name)));
                }
            }
            for name in names {
                // Words that are apart in the text are no name.
                let words = name.iter().map(|item| item.text).collect::<Vec<_>>().join(" ");
                if let Some(country) = places(&words) {
                    head.clues.push(Clue { tells: Told::Country, words, basis: Basis::Place, in_context: false });
                    head.origin = Some(Origin { country: Some(country), international: None, basis: Basis::Place });
                    head.sure = head.sure.min(0.7);
                    return;
                }
            }
        }
    }

    /// A noun phrase and whose it is.
    fn possessive(&self, items: &[Item]) -> Reading {
        // "officials and rebel leaders": the first of them.
        let both = |at: usize| items[..at].iter().any(Item::is_role) && items[at + 1..].iter().any(Item::is_role);
        if let Some(at) = (0..items.len()).find(|&at| matches!(items[at].what, What::And) && both(at)) {
            return self.possessive(&items[..at]);
        }
        let genitive = items.iter().rposition(|item| matches!(item.what, What::Genitive));
        let Some(at) = genitive.filter(|&at| at + 1 < items.len()) else { return phrase(items) };
        let mut own = phrase(&items[at + 1..]);
        let owner = self.possessive(&items[..at]);
        if own.through
            && let Some(sectors) = owner.sectors.as_ref().filter(|_| !owner.through)
        {
            own.sectors = Some(sectors.clone());
            own.through = false;
            own.clues.extend(owner.clues.iter().filter(|c| c.tells == Told::Sectors).cloned());
        }
        let by_name = |origin: &Option<Origin>| origin.as_ref().is_none_or(|o| o.basis == Basis::ActorName);
        if (own.origin.is_none() || (by_name(&own.origin) && !by_name(&owner.origin)))
            && let Some(origin) = owner.origin
        {
            own.origin = Some(origin);
            own.clues.retain(|c| c.tells != Told::Country);
            own.clues.extend(owner.clues.into_iter().filter(|c| c.tells == Told::Country));
        }
        own
    }
}

/// How a noun phrase is tied to what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Link(Link),
    Apposition,
    Other,
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use super::*;
    use crate::actors::Description;
    use crate::actors::tests::check;

    #[test]
    fn leaders_and_members_are_what_they_belong_to() {
        check(&[
            ("a spokesman for the Uruguayan navy", "URY", "MIL"),
            ("rebel commander Jon Doe", "", "REB"),
            ("police officers", "", "COP"),
            ("the bishop's spokeswoman", "", "REL"),
            ("government forces", "", "MIL"),
            ("dozens of Malian herders", "MLI", "AGR"),
            ("Zambia's leader", "ZMB", "GOV"),
            ("leaders of the miners' union", "", "LAB"),
            ("officials and rebel leaders", "", "GOV"),
        ]);
    }

    #[test]
    fn what_they_do_and_whom_they_are_under_is_not_what_they_are() {
        check(&[
            ("Bolivian miners killed fighting rebels", "BOL", "LAB"),
            ("a union negotiating with Norwegian ministers", "", "LAB"),
            ("miners under rebel rule", "", "LAB"),
            ("Ana Sol, sister of a former minister", "", "CVL"),
            ("police-backed militia", "", "PRM"),
        ]);
    }

    #[test]
    fn a_country_that_backs_or_is_spoken_to_is_not_the_actor_s() {
        check(&[
            ("Bulgarian-backed militants", "", "REB"),
            ("the Cuban envoy to Canada", "CUB", "GOV"),
            ("Maltese and Norwegian envoys", "", "GOV"),
            ("Maltese officials and envoys", "MLT", "GOV"),
            ("the envoy to Canada", "", "GOV"),
            ("ethnic Germans in Kazakhstan", "KAZ", ""),
            ("international observers", "", ""),
            ("the Association of Asian Dentists", "NGO", "SOC"),
        ]);
    }

    #[test]
    fn places_are_asked_after() {
        let places = |name: &str| (name == "Port Vell").then(|| "ESP".to_string());
        let coder = Coder::new(Knowledge::english()).with_places(&places);
        let place = |words| coder.code(&Description { words, ..Description::default() }).country;
        assert_eq!(place("fishermen from Port Vell").as_deref(), Some("ESP"));
        assert_eq!(place("Governor Port Vell"), None);
        assert_eq!(place("fishermen from Port Dell"), None);
        assert_eq!(place("upper Port Vell police").as_deref(), Some("ESP"));
        assert_eq!(place("Port Vell").as_deref(), Some("ESP"));
        assert_eq!(place("Ana Port Vell"), None);
        // A town is called Federal, too.
        let places = |name: &str| matches!(name, "Federal" | "Vell").then(|| "ESP".to_string());
        let coder = Coder::new(Knowledge::english()).with_places(&places);
        let place = |words| coder.code(&Description { words, ..Description::default() }).country;
        assert_eq!(place("Federal Harbour Office"), None);
        assert_eq!(place("Vell Harbour Office").as_deref(), Some("ESP"));
    }
}
