//! Where: which words name places, and which places of the gazetteer they are.
//!
//! Words are found in the names that the analysis marks as places, and where countries, their people or well-known places stand
//! unmarked. Each distinct name has candidates in the gazetteer; they are weighed first by what is said of the name alone
//! (what the place is, how many live there, "city of …", "…, Ohio"), then twice more by how well they go together with the
//! likely places of the other names: near them, in the same division, in a country or division that is named.
//! The weights stand in `knowledge`'s `places.toml`.

use std::ops::Range;

use annalist_knowledge::{GazetteerPlace, Knowledge, PlaceNumber, PlaceType};
use annalist_language::Analysis;

mod candidates;
mod features;
mod forms;
mod names;
mod recorded;
mod weighing;

pub use features::FEATURES;
pub use recorded::places;
use weighing::ROUNDS;

/// Words that name a place, and the place.
#[derive(Debug, Clone, PartialEq)]
pub struct Toponym {
    /// The words, as bytes of the text.
    pub bytes: Range<usize>,
    /// In what way they name it.
    pub form: Form,
    /// Which place of the gazetteer it is, if that is known.
    pub place: Option<PlaceNumber>,
    /// Where the gazetteer does not have the place, and it is known that the words name one, the country in which nearly all other places
    /// of the text lie.
    pub country: Option<PlaceNumber>,
    /// How sure, in 0..=1; of an unknown place, how sure it is that the words name one.
    pub confidence: f32,
}

/// In what way words name a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// By its name, as a place.
    Name,
    /// By the adjective, or a word for its people ("Turkish", "Texans").
    Demonym,
    /// By its name, which stands for those who govern it ("Moscow denied it").
    Metonym,
}

/// What is known of a report before its text is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'s> {
    /// The host of the page it is from, as `news.example.org`.
    pub host: Option<&'s str>,
}

impl<'s> Setting<'s> {
    /// That of a report from this address, if it has one.
    pub fn of_url(url: Option<&'s str>) -> Setting<'s> {
        let rest = url.map(|url| url.split_once("://").map_or(url, |(_, rest)| rest));
        let host = rest.and_then(|rest| rest.split(['/', ':', '?', '#']).next());
        Setting { host: host.filter(|host| host.contains('.')) }
    }
}

/// The words of a text that name places, in order, none overlapping, each with its place.
pub fn toponyms(text: &str, analysis: &Analysis, knowledge: &Knowledge, setting: Setting) -> Vec<Toponym> {
    let reader = Toponyms { text, analysis, knowledge };
    let found = reader.recognise();
    let mut toponyms = reader.resolve(&found, setting);
    // What is in no gazetteer may be no place at all, unless a word beside it says so.
    let said: Vec<&Range<usize>> = found.iter().filter(|f| f.said.is_some()).map(|f| &f.bytes).collect();
    toponyms.iter_mut().filter(|t| !said.contains(&&t.bytes)).for_each(|t| t.country = None);
    toponyms
}

/// As [`toponyms`], where the words that name places (bytes of the text) are known; one for each.
pub fn resolve(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    setting: Setting,
    words: &[Range<usize>],
) -> Vec<Toponym> {
    let reader = Toponyms { text, analysis, knowledge };
    let found: Vec<Found> = words.iter().map(|bytes| reader.found(bytes.clone())).collect();
    reader.resolve(&found, setting)
}

/// What the candidates of each of the given words are judged by in a round (0: the names alone), to learn weights from.
pub fn evidence(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    setting: Setting,
    words: &[Range<usize>],
    round: usize,
) -> Vec<Vec<(PlaceNumber, [f32; FEATURES.len()])>> {
    let reader = Toponyms { text, analysis, knowledge };
    let found: Vec<Found> = words.iter().map(|bytes| reader.found(bytes.clone())).collect();
    let mut groups = reader.groups(&found, setting);
    (0..round).for_each(|round| reader.weigh(&mut groups, round, setting, &found));
    let mut all = vec![Vec::new(); words.len()];
    for g in 0..groups.len() {
        let features = reader.features(&groups, g, round > 0, setting, &found);
        let numbers = groups[g].candidates.iter().map(|candidate| candidate.number);
        let both: Vec<_> = numbers.zip(features).collect();
        groups[g].mentions.iter().for_each(|&mention| all[mention] = both.clone());
    }
    all
}

/// What spoke most for the place that was chosen for each toponym: features and what they added to its score (logits), the strongest
/// first. Nothing where no place was chosen.
pub fn reasons(
    text: &str,
    analysis: &Analysis,
    knowledge: &Knowledge,
    setting: Setting,
    toponyms: &[Toponym],
) -> Vec<Vec<(&'static str, f32)>> {
    let words: Vec<Range<usize>> = toponyms.iter().map(|t| t.bytes.clone()).collect();
    let weights = knowledge.place_words().together();
    let judged = evidence(text, analysis, knowledge, setting, &words, ROUNDS - 1);
    let told = |(toponym, candidates): (&Toponym, Vec<(PlaceNumber, [f32; FEATURES.len()])>)| {
        let chosen = candidates.into_iter().find(|(number, _)| Some(*number) == toponym.place);
        let features = chosen.map(|(_, features)| features).into_iter().flatten();
        let part = |(name, value): (&'static str, f32)| (name, value * weights.get(name).copied().unwrap_or(0.0));
        let mut parts: Vec<(&str, f32)> = FEATURES.into_iter().zip(features).map(part).collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        parts.retain(|part| part.1 > 0.0);
        parts.truncate(STRONGEST);
        parts
    };
    toponyms.iter().zip(judged).map(told).collect()
}

/// So many of what spoke for a place are told.
const STRONGEST: usize = 3;

/// The country (ISO 3166-1 alpha-3) in which the place lies that a name names in a report, going by the likeliest of its toponyms
/// of that name.
pub fn country_in(text: &str, toponyms: &[Toponym], knowledge: &Knowledge, name: &str) -> Option<String> {
    let named = |t: &&Toponym| t.form != Form::Demonym && text.get(t.bytes.clone()) == Some(name);
    let likeliest = toponyms.iter().filter(named).max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    knowledge.gazetteer().place(likeliest.place?).iso3.map(str::to_string)
}

/// A place that words may name.
#[derive(Debug, Clone, Copy)]
struct Candidate<'k> {
    number: PlaceNumber,
    place: GazetteerPlace<'k>,
    /// Whether the words are a name beside its own.
    other: bool,
    /// Whether only part of the words names it ("northern Mali").
    partial: bool,
    /// Whether they name its people or are its adjective.
    demonym: bool,
}

/// Words that may name a place.
#[derive(Debug, Clone)]
struct Found {
    bytes: Range<usize>,
    /// The tokens that the words touch.
    tokens: Range<usize>,
    /// What a word beside them says of the place.
    said: Option<PlaceType>,
    sentence: usize,
}

/// The names of a text with the same candidates.
struct Group<'k> {
    /// The mentions, as numbers.
    mentions: Vec<usize>,
    candidates: Vec<Candidate<'k>>,
    /// Points on the unit sphere of the candidates.
    points: Vec<[f64; 3]>,
    said: Option<PlaceType>,
    /// The group of the name behind the comma.
    qualifier: Option<usize>,
    /// Whether the outlet is called after it.
    home: bool,
    weights: Vec<f32>,
}

struct Toponyms<'t> {
    text: &'t str,
    analysis: &'t Analysis,
    knowledge: &'t Knowledge,
}

impl<'t> Toponyms<'t> {
    fn word(&self, token: usize) -> &'t str {
        let token = &self.analysis.tokens[token];
        &self.text[token.start..token.end]
    }

    fn found(&self, bytes: Range<usize>) -> Found {
        let tokens = &self.analysis.tokens;
        let start = tokens.partition_point(|t| t.end <= bytes.start);
        let end = tokens.partition_point(|t| t.start < bytes.end).max(start);
        let sentence = self.analysis.sentences.partition_point(|s| s.tokens.end <= start);
        let words = self.knowledge.place_words();
        let lower = |t: usize| self.word(t).to_lowercase();
        let kind = |t: usize| words.place_type(&lower(t));
        let mut said = (end < tokens.len()).then(|| kind(end)).flatten();
        // "the city of …", "the town of …"
        if said.is_none() && start >= 2 && self.word(start - 1).eq_ignore_ascii_case("of") {
            said = kind(start - 2);
        }
        if said.is_none() && start >= 1 && self.word(start - 1).starts_with(char::is_lowercase) {
            said = kind(start - 1);
        }
        Found { bytes, tokens: start..end, said, sentence }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use annalist_language::{Name, Sentence, Token};

    use super::*;

    /// A text of one sentence: words with tag, head (from 1, 0 for the root) and relation; names as first word, one past the last,
    /// kind, from 0. Marks stand without a space before them.
    pub(super) fn analysis(words: &[(&str, &str, usize, &str)], names: &[(usize, usize, &str)]) -> (String, Analysis) {
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for (word, upos, head, deprel) in words {
            if !text.is_empty() && !matches!(*word, "," | "." | "’s") {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word);
            let (upos, deprel) = (Arc::from(*upos), Arc::from(*deprel));
            let (end, head) = (text.len(), head.checked_sub(1));
            tokens.push(Token { start, end, upos, lemma: word.to_lowercase(), head, deprel });
        }
        let sentences = vec![Sentence { tokens: 0..tokens.len(), paragraph: 0 }];
        let names = names.iter().map(|&(a, b, kind)| Name { tokens: a..b, kind: kind.to_string() }).collect();
        (text, Analysis { tokens, sentences, names, ..Analysis::default() })
    }

    /// The words that name places, how, and the country and division of the place.
    pub(super) fn read(text: &str, analysis: &Analysis) -> Vec<(String, Form, String)> {
        let knowledge = Knowledge::english();
        let gazetteer = knowledge.gazetteer();
        let found = toponyms(text, analysis, knowledge, Setting::default());
        let place = |t: &Toponym| {
            let Some(place) = t.place.map(|number| gazetteer.place(number)) else { return "none".to_string() };
            let division = place.division.and_then(|d| gazetteer.division(d)).map_or("", |n| gazetteer.place(n).name);
            format!("{} {division}", place.iso3.unwrap_or("-")).trim().to_string()
        };
        found.iter().map(|t| (text[t.bytes.clone()].to_string(), t.form, place(t))).collect()
    }

    pub(super) fn named(words: &str, form: Form, place: &str) -> (String, Form, String) {
        (words.to_string(), form, place.to_string())
    }

    #[test]
    fn the_host_of_an_address_is_found() {
        let host = |url| Setting::of_url(Some(url)).host;
        assert_eq!(host("https://news.example.org:8080/a?b#c"), Some("news.example.org"));
        assert_eq!((host("example.co.uk/a"), host("nonsense")), (Some("example.co.uk"), None));
    }
}
