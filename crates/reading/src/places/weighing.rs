//! Which of its candidates a name is: each is weighed alone, then by how well it goes together with the likely ones of the others.

use std::collections::HashMap;

use annalist_knowledge::{PlaceNumber, place_key};

use super::features::point;
use super::{Candidate, FEATURES, Form, Found, Group, Setting, Toponym, Toponyms};

/// Names alone, then twice together.
pub(super) const ROUNDS: usize = 3;

/// So many live in a town after which an outlet's host may be called.
const TOWN: f64 = 2000.0;

/// A country prevails with this share of a text's places.
const PREVAILING: f32 = 0.4;

impl<'t> Toponyms<'t> {
    pub(super) fn resolve(&self, found: &[Found], setting: Setting) -> Vec<Toponym> {
        let mut groups = self.groups(found, setting);
        (0..ROUNDS).for_each(|round| self.weigh(&mut groups, round, setting, found));
        let country = self.prevailing_country(&groups);
        let mut toponyms: Vec<Option<Toponym>> = vec![None; found.len()];
        for group in &groups {
            let best = (0..group.weights.len()).max_by(|&a, &b| group.weights[a].total_cmp(&group.weights[b]));
            for &mention in &group.mentions {
                let candidate = best.map(|best| &group.candidates[best]);
                let form = match candidate {
                    Some(candidate) if candidate.demonym => Form::Demonym,
                    Some(candidate) if self.stands_for_government(&found[mention], candidate) => Form::Metonym,
                    Some(candidate) if self.is_adjective(&found[mention], candidate) => Form::Demonym,
                    _ => Form::Name,
                };
                toponyms[mention] = Some(Toponym {
                    bytes: found[mention].bytes.clone(),
                    form,
                    place: candidate.map(|candidate| candidate.number),
                    country: country.filter(|_| candidate.is_none()),
                    confidence: best.map_or(0.5, |best| group.weights[best]),
                });
            }
        }
        toponyms.into_iter().flatten().collect()
    }

    /// The country in which most of the places lie.
    fn prevailing_country(&self, groups: &[Group<'t>]) -> Option<PlaceNumber> {
        let mut weights: Vec<(&str, f32)> = Vec::new();
        for group in groups {
            for (candidate, weight) in group.candidates.iter().zip(&group.weights) {
                let Some(iso2) = candidate.place.iso2 else { continue };
                match weights.iter_mut().find(|(known, _)| *known == iso2) {
                    Some((_, sum)) => *sum += weight,
                    None => weights.push((iso2, *weight)),
                }
            }
        }
        let all: f32 = weights.iter().map(|(_, weight)| weight).sum();
        let (iso2, most) = weights.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        self.knowledge.gazetteer().country(iso2).filter(|_| most >= PREVAILING * all)
    }

    /// Weighs the candidates of all names once; in the first round, each name's alone.
    pub(super) fn weigh(&self, groups: &mut [Group<'t>], round: usize, setting: Setting, found: &[Found]) {
        let words = self.knowledge.place_words();
        let weights = if round == 0 { words.alone() } else { words.together() };
        let weights = FEATURES.map(|feature| weights.get(feature).copied().unwrap_or(0.0));
        let score = |features: &[f32; FEATURES.len()]| features.iter().zip(&weights).map(|(f, w)| f * w).sum();
        let all: Vec<Vec<f32>> = (0..groups.len())
            .map(|g| softmax(self.features(groups, g, round > 0, setting, found).iter().map(score)))
            .collect();
        groups.iter_mut().zip(all).for_each(|(group, weights)| group.weights = weights);
    }

    pub(super) fn groups(&self, found: &[Found], setting: Setting) -> Vec<Group<'t>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_key: HashMap<(String, Option<usize>), usize> = HashMap::new();
        let mut group_of = vec![0; found.len()];
        // From the end, so that the group of a name behind a comma is known before the one that it qualifies.
        for mention in (0..found.len()).rev() {
            let this = &found[mention];
            let next = found.get(mention + 1);
            let qualifier = next.filter(|next| self.qualifies(this, next)).map(|_| group_of[mention + 1]);
            let key = (place_key(&self.text[this.bytes.clone()]), qualifier);
            let known = by_key.get(&key).copied();
            let group = known.unwrap_or_else(|| {
                let candidates = self.candidates(this);
                let points = candidates.iter().map(|c| point(&c.place)).collect();
                groups.push(Group {
                    mentions: Vec::new(),
                    candidates,
                    points,
                    said: None,
                    qualifier,
                    home: false,
                    weights: Vec::new(),
                });
                by_key.insert(key, groups.len() - 1);
                groups.len() - 1
            });
            groups[group].mentions.push(mention);
            groups[group].said = this.said.or(groups[group].said);
            group_of[mention] = group;
        }
        // A name that stands unqualified, too, is the qualified one.
        for ((key, qualifier), &group) in &by_key {
            if qualifier.is_some() {
                continue;
            }
            let mut qualified: Vec<usize> =
                by_key.iter().filter(|((k, q), _)| k == key && q.is_some()).map(|(_, &g)| g).collect();
            qualified.sort_by_key(|&g| groups[g].mentions.iter().min().copied());
            if let Some(&first) = qualified.first() {
                groups[group].qualifier = groups[first].qualifier;
                groups[group].said = groups[group].said.or(groups[first].said);
            }
        }
        if let Some((name, candidates)) = setting.host.and_then(|host| self.home(host)) {
            // Named in the text or not, it is one of the names that go together.
            match by_key.get(&(name, None)) {
                Some(&group) => groups[group].home = true,
                None => groups.push(Group {
                    mentions: Vec::new(),
                    points: candidates.iter().map(|c| point(&c.place)).collect(),
                    candidates,
                    said: None,
                    qualifier: None,
                    home: true,
                    weights: Vec::new(),
                }),
            }
        }
        groups
    }

    /// The town that an outlet's host is called after: its key, and which places it may be.
    fn home(&self, host: &str) -> Option<(String, Vec<Candidate<'t>>)> {
        let gazetteer = self.knowledge.gazetteer();
        let towns = |name: &str| -> Vec<Candidate<'t>> {
            let known =
                gazetteer.lookup(&place_key(name)).into_iter().filter(|(_, other)| !other).map(|(number, _)| {
                    Candidate { number, place: gazetteer.place(number), other: false, partial: false, demonym: false }
                });
            known.filter(|c| c.place.feature.is_settlement() && c.place.population >= TOWN).collect()
        };
        let names = self.knowledge.place_words().beginnings_of_host(host);
        names.iter().map(|name| (place_key(name), towns(name))).find(|(_, towns)| !towns.is_empty())
    }

    /// Whether a name says where the one before it lies: "Springfield, Ohio", "Springfield (Ohio)".
    fn qualifies(&self, this: &Found, next: &Found) -> bool {
        let between = self.text[this.bytes.end.min(next.bytes.start)..next.bytes.start].trim();
        matches!(between, "," | "(") && this.sentence == next.sentence
    }
}

fn softmax(scores: impl Iterator<Item = f32>) -> Vec<f32> {
    let scores: Vec<f32> = scores.collect();
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = scores.iter().map(|s| (s - most).exp()).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|w| w / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::tests::{analysis, named, read};
    use crate::places::toponyms;
    use annalist_knowledge::Knowledge;

    #[test]
    fn what_stands_behind_the_comma_tells_which_place_it_is() {
        let sentence = |state: &'static str| {
            analysis(
                &[
                    ("Crews", "NOUN", 2, "nsubj"),
                    ("drove", "VERB", 0, "root"),
                    ("to", "ADP", 4, "case"),
                    ("Springfield", "PROPN", 2, "obl"),
                    (",", "PUNCT", 6, "punct"),
                    (state, "PROPN", 4, "appos"),
                    (".", "PUNCT", 2, "punct"),
                ],
                &[(3, 4, "LOC"), (5, 6, "LOC")],
            )
        };
        for (state, name) in [("Ohio", "Ohio"), ("Oregon", "Oregon"), ("Mass", "Massachusetts")] {
            let (text, analysis) = sentence(state);
            let found = read(&text, &analysis);
            assert_eq!(found[0], named("Springfield", Form::Name, &format!("USA {name}")));
            assert_eq!(found[1].2, format!("USA {name}"));
        }
        let (text, analysis) = sentence("Mass");
        // The period belongs to the abbreviation.
        assert_eq!(read(&text, &analysis)[1].0, "Mass.");
    }

    #[test]
    fn other_places_of_the_text_tell_which_place_it_is() {
        let sentence = |other: &'static str| {
            analysis(
                &[
                    ("From", "ADP", 2, "case"),
                    ("Tripoli", "PROPN", 6, "obl"),
                    ("to", "ADP", 4, "case"),
                    (other, "PROPN", 2, "nmod"),
                    ("roads", "NOUN", 6, "nsubj"),
                    ("closed", "VERB", 0, "root"),
                ],
                &[(1, 2, "LOC"), (3, 4, "LOC")],
            )
        };
        let country = |other| {
            let (text, analysis) = sentence(other);
            read(&text, &analysis)[0].2[..3].to_string()
        };
        assert_eq!([country("Misrata"), country("Beirut")], ["LBY", "LBN"]);
    }

    #[test]
    fn where_an_outlet_is_at_home_tells_which_place_it_is() {
        let words = [
            ("Crews", "NOUN", 2, "nsubj"),
            ("drove", "VERB", 0, "root"),
            ("to", "ADP", 4, "case"),
            ("Athens", "PROPN", 2, "obl"),
        ];
        let (text, analysis) = analysis(&words, &[(3, 4, "LOC")]);
        let knowledge = Knowledge::english();
        let country = |host| {
            let found = toponyms(&text, &analysis, knowledge, Setting { host });
            found[0].place.and_then(|place| knowledge.gazetteer().place(place).iso3)
        };
        let hosts = [None, Some("www.example.com"), Some("www.gainesvilletimes.com"), Some("news.thecolumbuspost.com")];
        assert_eq!(hosts.map(country), [Some("GRC"), Some("GRC"), Some("USA"), Some("USA")]);
    }
}
