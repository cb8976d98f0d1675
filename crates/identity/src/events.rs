//! When two mentions of events are one event.

use std::collections::BTreeSet;

use annalist_knowledge::kilometres;
use jiff::civil::Date;

use crate::overlap;

/// Mentions at least this like each other ([`likeness`]) are taken for one event.
pub const ONE_EVENT: f64 = 0.5;

/// Places further apart are two, in kilometres.
const ONE_PLACE: f64 = 40.0;
/// Sentences whose words overlap so much speak of one thing.
const LIKE_WORDS: f64 = 0.25;
/// And those of which so many overlap tell one thing in other words.
const SAME_WORDS: f64 = 0.5;
/// Reports date one event up to this many days apart.
const SLACK: i32 = 1;

/// An event as a report tells it, as events are compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Happening {
    /// PLOVER event type.
    pub kind: String,
    /// The first and last day it may have been on, if the report tells.
    pub days: Option<(Date, Date)>,
    /// When the report was published: an event that is told without a day is near it.
    pub published: Option<Date>,
    /// Who takes part, by numbers that are the same in all reports; actors and recipients alike, since reports turn them round.
    pub actors: BTreeSet<i64>,
    /// Those of them that are told to do it.
    pub doers: BTreeSet<i64>,
    /// How many are told to take part, whether or not it is known who they are.
    pub parties: usize,
    /// Whether it is told as something that may come or is planned.
    pub ahead: bool,
    /// PLOVER mode, if it has one.
    pub mode: Option<String>,
    /// The place's country.
    pub country: Option<String>,
    /// The place's degrees north and east, if it is smaller than a country.
    pub at: Option<(f64, f64)>,
    /// The content words of the sentence that tells it.
    pub words: BTreeSet<String>,
    /// Whether the words that tell it are of a long or common matter ("war", "fighting"): then they say little of which event is meant.
    pub general: bool,
}

/// How like two mentions of events are, in 0..=1: 0 where they cannot be one ([`apart`]).
///
/// Who takes part counts for .35, the days for .2, the place for .15 and the words for .3; what is not told by both counts half. One common
/// participant about one time is no event yet: another, one place on one day, or like words must join them, and more where both are told by
/// general words alone.
pub fn likeness(a: &Happening, b: &Happening) -> f64 {
    if by_others(a, b) {
        return 0.0;
    }
    let shared = a.actors.intersection(&b.actors).count();
    let fewer = a.actors.len().min(b.actors.len());
    let actors = match (fewer, shared) {
        (0, _) => 0.5,
        (fewer, shared) => shared as f64 / fewer as f64,
    };
    let (days, place) = (days_alike(a, b), places_alike(a, b));
    if actors == 0.0 || days == 0.0 || place == 0.0 {
        return 0.0;
    }
    let words = overlap(&a.words, &b.words);
    // Unless the sentences are much the same, two deeds.
    if words < SAME_WORDS && in_two_ways(a, b) {
        return 0.0;
    }
    // Somebody or some place must join them beside the words, and more than one of these if the words are others.
    if fewer == 0 && place < 1.0 && words < 0.8 {
        return 0.0;
    }
    let like = 0.35 * actors + 0.2 * days + 0.15 * place + 0.3 * words;
    let joined = match a.general || b.general {
        true => shared >= 2 && days == 1.0 || words >= LIKE_WORDS * 2.0,
        false => shared >= 2 || place == 1.0 && days == 1.0 || words >= LIKE_WORDS,
    };
    if joined { like } else { like.min(ONE_EVENT * 0.9) }
}

/// Whether their days alone say that two mentions are not of one event. Those whose days do not are not for that of one.
pub fn days_apart(a: &Happening, b: &Happening) -> bool {
    days_alike(a, b) == 0.0
}

/// Whether who takes part, what kind of deed it is, when and where say that two mentions are not of one event, whatever their words are: then
/// [`likeness`] is 0.
pub fn apart(a: &Happening, b: &Happening) -> bool {
    by_others(a, b) || days_apart(a, b) || places_alike(a, b) == 0.0
}

/// Whether two mentions are of deeds of two types, or of others: nobody takes part in both, or those who do the one have no part in the other.
fn by_others(a: &Happening, b: &Happening) -> bool {
    let none = |a: &BTreeSet<i64>, b: &BTreeSet<i64>| !a.is_empty() && !b.is_empty() && a.is_disjoint(b);
    a.kind != b.kind
        || none(&a.actors, &b.actors)
        || none(&a.doers, &b.doers) && none(&a.doers, &b.actors) && none(&b.doers, &a.actors)
}

/// PLOVER types of what several do together.
const TOGETHER: [&str; 2] = ["CONSULT", "AGREE"];

/// Whether two mentions of one type, with somebody in common, are told in ways that do not go together: of two modes; the one done to
/// somebody by those who do not do the other; talks of one person with two others; the one to come and the other done, if neither has a day.
fn in_two_ways(a: &Happening, b: &Happening) -> bool {
    let other_mode = a.mode.as_ref().zip(b.mode.as_ref()).is_some_and(|(a, b)| a != b);
    let together = TOGETHER.contains(&a.kind.as_str());
    let other_doers = !together && !a.doers.is_empty() && !b.doers.is_empty() && a.doers.is_disjoint(&b.doers);
    let with_others = together && a.parties > 1 && b.parties > 1 && a.actors.intersection(&b.actors).count() < 2;
    let other_time = a.ahead != b.ahead && a.days.is_none() && b.days.is_none();
    other_mode || other_doers || with_others || other_time
}

/// How near the days are, in 0..=1; 0: it cannot be one day.
fn days_alike(a: &Happening, b: &Happening) -> f64 {
    match (a.days, b.days) {
        (Some((a1, a2)), Some((b1, b2))) => {
            // Between the two stretches; negative where they overlap.
            let gap = days_between(a2, b1).max(days_between(b2, a1));
            match gap {
                ..=0 if long(a1, a2) || long(b1, b2) => 0.5,
                ..=0 => 1.0,
                1..=SLACK => 0.4,
                _ => 0.0,
            }
        }
        (None, Some(days)) => near(a.published, days),
        (Some(days), None) => near(b.published, days),
        (None, None) => match (a.published, b.published) {
            (Some(a), Some(b)) if days_between(a, b).abs() <= 3 => 0.5,
            _ => 0.0,
        },
    }
}

/// How near the places are, in 0..=1; 0: it cannot be one place.
fn places_alike(a: &Happening, b: &Happening) -> f64 {
    match (a.at, b.at, a.country.as_ref().zip(b.country.as_ref())) {
        (Some(a), Some(b), _) => f64::from(u8::from(kilometres(a, b) <= ONE_PLACE)),
        (_, _, Some((a, b))) if a != b => 0.0,
        _ => 0.5,
    }
}

/// A stretch of more than a week says little.
fn long(first: Date, last: Date) -> bool {
    days_between(first, last) > 7
}

fn near(published: Option<Date>, (first, last): (Date, Date)) -> f64 {
    match published {
        // News tells what is a few days past, or about to come.
        Some(day) if days_between(last, day) <= 3 && days_between(day, first) <= 3 => 0.5,
        _ => 0.0,
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_words;
    use annalist_knowledge::Knowledge;

    fn told(day: Option<Date>, actors: &[i64], words: &str) -> Happening {
        Happening {
            kind: "CONSULT".into(),
            days: day.map(|d| (d, d)),
            published: Some(Date::constant(2026, 3, 12)),
            actors: actors.iter().copied().collect(),
            words: content_words(words, Knowledge::english()),
            ..Happening::default()
        }
    }

    #[test]
    fn one_event_in_other_words_is_one_and_two_events_are_two() {
        let day = Some(Date::constant(2026, 3, 11));
        let a = told(day, &[1, 2], "The envoys met the Front's delegates in the old customs house");
        let b = told(day, &[2, 1], "Delegates of the Front sat down with the envoys");
        assert!(likeness(&a, &b) >= ONE_EVENT);
        assert_eq!(likeness(&a, &b), likeness(&b, &a));
        assert!(likeness(&a, &told(None, &[1, 2], "The envoys met delegates of the Front")) >= ONE_EVENT);
        assert_eq!(
            likeness(&a, &told(Some(Date::constant(2026, 3, 21)), &[1, 2], "The envoys met the delegates")),
            0.0
        );
        assert_eq!(likeness(&a, &told(day, &[7, 8], "The envoys met the Front's delegates")), 0.0);
        assert!(likeness(&a, &told(None, &[1, 9], "She spoke with a fisherman")) < ONE_EVENT);
        assert!(
            likeness(&a, &told(day, &[1], "The envoy of the union called a minister in another country")) < ONE_EVENT
        );
        let general = |actors: &[i64], words| Happening { general: true, ..told(day, actors, words) };
        assert!(
            likeness(
                &general(&[1], "Norland's war has emptied hill villages"),
                &general(&[1], "After its war with rebels Norland rebuilt ports")
            ) < ONE_EVENT
        );
        assert!(likeness(&general(&[1, 2], "Norland's war goes on"), &general(&[1, 2], "The two fought")) >= ONE_EVENT);
    }

    #[test]
    fn what_others_did_or_in_another_way_is_another_event() {
        let day = Some(Date::constant(2026, 3, 11));
        let by = |doers: &[i64], mode: Option<&str>, words: &str| Happening {
            doers: doers.iter().copied().collect(),
            mode: mode.map(str::to_string),
            ..told(day, &[doers, &[9]].concat(), words)
        };
        let (left, quit) = ("ships left the northern harbour", "the harbour lost its master and two clerks");
        assert!(likeness(&by(&[1], None, left), &by(&[1], None, left)) >= ONE_EVENT);
        assert_eq!(likeness(&by(&[1], None, left), &by(&[2], None, left)), 0.0);
        assert!(likeness(&by(&[1], None, left), &by(&[9], None, left)) >= ONE_EVENT, "reports turn roles round");
        assert_eq!(likeness(&by(&[1], Some("withdraw"), left), &by(&[1], Some("resign"), quit)), 0.0);
        assert!(likeness(&by(&[1], Some("withdraw"), left), &by(&[1], None, quit)) >= ONE_EVENT);
        assert!(likeness(&by(&[1], Some("withdraw"), left), &by(&[1], Some("resign"), left)) >= ONE_EVENT);
    }
    #[test]
    fn talks_with_another_and_plans_without_a_day_are_told_apart() {
        let day = Some(Date::constant(2026, 3, 11));
        let (here, there) = ("Holm met the envoy in the customs house", "Holm met the Front on the northern quay");
        let talks = |actors: &[i64], parties: usize, words: &str| Happening { parties, ..told(day, actors, words) };
        assert!(
            likeness(&talks(&[1, 2], 2, here), &talks(&[1, 2], 2, "She sat down with him on the quay")) >= ONE_EVENT
        );
        assert_eq!(likeness(&talks(&[1, 2], 2, here), &talks(&[1, 3], 2, there)), 0.0);
        // Who the other is may not be known; that there is another is.
        assert_eq!(likeness(&talks(&[1], 2, here), &talks(&[1, 3], 2, "A call was placed to Holm by the Front")), 0.0);
        let plan = |ahead: bool, day: Option<Date>, words: &str| Happening { ahead, ..told(day, &[1, 2], words) };
        let (will, did) =
            ("Holm wants to see the envoy in the customs house", "The envoy sat down with Holm over the ferry line");
        assert_eq!(likeness(&plan(true, None, will), &plan(false, None, did)), 0.0);
        assert!(likeness(&plan(true, day, will), &plan(false, day, did)) >= ONE_EVENT);
    }
}
