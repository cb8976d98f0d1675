//! Where: which words name places, and which places of the gazetteer they are.
//!
//! Words are found in the names that the analysis marks as places, and where countries, their people or well-known places stand
//! unmarked. Each distinct name has candidates in the gazetteer; they are weighed first by what is said of the name alone
//! (what the place is, how many live there, "city of …", "…, Ohio"), then twice more by how well they go together with the
//! likely places of the other names: near them, in the same division, in a country or division that is named.
//! The weights stand in `knowledge`'s `places.toml`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use annalist_knowledge::{
    Country, CountryWord, DivisionWord, Feature, GazetteerPlace, Knowledge, PlaceNumber, PlaceType, kilometres,
    place_key,
};
use annalist_language::Analysis;
use annalist_record::{CharIndex, Confidence, Place, PlaceKind, Span, item_id};

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
    let mut groups = reader.groups(&found);
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

/// The places that words name as places (see [`Form::Name`]), as items of the record, by where they are first mentioned.
pub fn places(text: &str, index: &CharIndex, toponyms: &[Toponym], knowledge: &Knowledge) -> Vec<Place> {
    let gazetteer = knowledge.gazetteer();
    let mut groups: Vec<(Option<PlaceNumber>, String, Vec<&Toponym>)> = Vec::new();
    for toponym in toponyms.iter().filter(|toponym| toponym.form == Form::Name) {
        let key = place_key(&text[toponym.bytes.clone()]);
        let same = |(place, known, _): &&mut (Option<PlaceNumber>, String, Vec<&Toponym>)| match toponym.place {
            Some(number) => *place == Some(number),
            None => place.is_none() && *known == key,
        };
        match groups.iter_mut().find(same) {
            Some((_, _, mentions)) => mentions.push(toponym),
            None => groups.push((toponym.place, key, vec![toponym])),
        }
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    let item = |(number, key, toponyms): (Option<PlaceNumber>, String, Vec<&Toponym>)| {
        let mentions: Vec<Span> = toponyms.iter().map(|t| Span::of_bytes(text, index, t.bytes.clone())).collect();
        let id = item_id('p', &mentions, 0);
        let earlier = seen.entry(id.clone()).or_default();
        let id = if *earlier == 0 { id } else { item_id('p', &mentions, *earlier) };
        *earlier += 1;
        let place = number.map(|number| gazetteer.place(number));
        let country = toponyms[0].country.map(|number| gazetteer.place(number));
        let name = match place {
            // A headline's capitals, a missing accent.
            Some(place) if place_key(place.name) == key => place.name.to_string(),
            _ => mentions[0].text.clone(),
        };
        let division = place.and_then(|p| p.division).and_then(|division| gazetteer.division(division));
        let confidence = toponyms.iter().map(|t| t.confidence).fold(0.0, f32::max);
        Place {
            id,
            name,
            kind: place.map(|p| kind(&p)),
            country: place.or(country).and_then(|p| p.iso3).map(str::to_string),
            admin1: division.map(|number| gazetteer.place(number).name.to_string()),
            lat: place.map(|p| rounded(p.lat)),
            lon: place.map(|p| rounded(p.lon)),
            gazetteer_id: place.and_then(|p| p.geonames).map(|id| format!("geonames:{id}")),
            mentions,
            confidence: Confidence::new(confidence),
        }
    };
    groups.into_iter().map(item).collect()
}

/// The country (ISO 3166-1 alpha-3) in which the place lies that a name names in a report, going by the likeliest of its toponyms
/// of that name.
pub fn country_in(text: &str, toponyms: &[Toponym], knowledge: &Knowledge, name: &str) -> Option<String> {
    let named = |t: &&Toponym| t.form != Form::Demonym && text.get(t.bytes.clone()) == Some(name);
    let likeliest = toponyms.iter().filter(named).max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    knowledge.gazetteer().place(likeliest.place?).iso3.map(str::to_string)
}

/// To what the gazetteer keeps, some five metres.
fn rounded(degrees: f64) -> f64 {
    (degrees * 10_000.0).round() / 10_000.0
}

/// From this many inhabitants on, a place without rank is called a city.
const CITY: f64 = 5_000.0;

fn kind(place: &GazetteerPlace) -> PlaceKind {
    match place.feature {
        Feature::Country => PlaceKind::Country,
        Feature::Division | Feature::Subdivision | Feature::Region => PlaceKind::Region,
        Feature::Capital => PlaceKind::Capital,
        Feature::Seat => PlaceKind::City,
        Feature::LowerSeat | Feature::Populated | Feature::Section if place.population < CITY => PlaceKind::Village,
        Feature::LowerSeat | Feature::Populated | Feature::Section => PlaceKind::City,
        Feature::Water => PlaceKind::Water,
        Feature::Continent | Feature::Area => PlaceKind::Area,
    }
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
    weights: Vec<f32>,
}

/// Names alone, then twice together.
const ROUNDS: usize = 3;
/// A country prevails with this share of a text's places.
const PREVAILING: f32 = 0.4;
/// More candidates than this, the least populous, are not weighed.
const MOST_CANDIDATES: usize = 40;
/// So many of another name's likeliest places are taken as what it may be.
const LIKELIEST: usize = 3;
/// The longest name in words.
const LONGEST: usize = 6;

/// What a candidate is judged by, as `places.toml` calls it.
pub const FEATURES: [&str; 38] = [
    "population",
    "share",
    "largest",
    "other_name",
    "partial",
    "demonym",
    "country",
    "division",
    "subdivision",
    "capital",
    "seat",
    "lower_seat",
    "populated",
    "section",
    "continent",
    "region",
    "water",
    "area",
    "said",
    "said_otherwise",
    "qualified",
    "qualified_otherwise",
    "host_country",
    "near",
    "in_reach",
    "same_division",
    "same_subdivision",
    "within_named",
    "same_country",
    "country_named",
    "within_named_here",
    "near_lead",
    "lead_division",
    "lead_country",
    "same_name_settlement",
    "holds_others",
    "may_be_near",
    "may_lie_within",
];

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

    // --- recognition ---

    fn recognise(&self) -> Vec<Found> {
        let proposals = self.proposals();
        let words = |proposal: &Proposal| &self.text[proposal.bytes.clone()];
        let marked: HashSet<&str> = proposals.iter().filter(|p| p.source == Source::Marked).map(words).collect();
        let accepted = proposals.iter().filter(|p| self.accepts(p, marked.contains(words(p))));
        accepted.map(|proposal| self.found(proposal.bytes.clone())).collect()
    }

    /// Whether words are taken to name a place; `elsewhere` if the analysis marks the same words as a place elsewhere in the text.
    /// Classes are accepted where half of them or more were right in the odd-numbered documents of TR-News and LGL.
    fn accepts(&self, proposal: &Proposal, elsewhere: bool) -> bool {
        use Source::{Area, City, Country, Division, DivisionOther, Marked, People, Subdivision, Town};
        let Proposal { source, container, upos, whole, first, .. } = proposal;
        let words = &self.text[proposal.bytes.clone()];
        // "US $50 million" is money.
        if self.text[proposal.bytes.end..].trim_start_matches(' ').starts_with('$') {
            return false;
        }
        let lower = words.to_lowercase();
        if *source == Marked {
            let place_words = self.knowledge.place_words();
            let mere = |word| {
                place_words.is_direction(word) || place_words.ends_site(word) || place_words.place_type(word).is_some()
            };
            return !mere(lower.as_str());
        }
        if !matches!(&**upos, "PROPN" | "ADJ" | "NOUN" | "PUNCT") {
            return false;
        }
        match container.as_str() {
            "PER" => elsewhere && *whole && *source != DivisionOther,
            "ORG" if elsewhere => true,
            "ORG" if *whole => matches!(source, Area | City | Country | Division | Subdivision),
            "ORG" if *first => {
                matches!(source, City | Country | Division | Subdivision) || *source == Town && self.police(proposal)
            }
            "ORG" => matches!(source, Country | Division),
            "EVENT" => elsewhere || *source == Country,
            _ if elsewhere => true,
            _ => match source {
                Country | People => true,
                Area => &**upos != "NOUN",
                Division => words.contains('.'),
                _ => false,
            },
        }
    }

    /// Whether what stands behind the words says that they are a place's: "Millton Police", "Millton City Council".
    fn police(&self, proposal: &Proposal) -> bool {
        let next = self.analysis.tokens.partition_point(|t| t.start < proposal.bytes.end);
        let place_words = self.knowledge.place_words();
        next < self.analysis.tokens.len() && place_words.is_authority(&self.word(next).to_lowercase())
    }

    /// What may be the name of a place, in order, none overlapping.
    fn proposals(&self) -> Vec<Proposal> {
        let tokens = &self.analysis.tokens;
        let mut container: Vec<Option<usize>> = vec![None; tokens.len()];
        for (n, name) in self.analysis.names.iter().enumerate() {
            container[name.tokens.clone()].fill(Some(n));
        }
        let mut sentence_end = vec![0; tokens.len()];
        for sentence in &self.analysis.sentences {
            sentence_end[sentence.tokens.clone()].fill(sentence.tokens.end);
        }
        let mut proposals = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let name = container[at].map(|n| &self.analysis.names[n]);
            if let Some(name) = name.filter(|name| name.kind == "LOC" && name.tokens.start == at) {
                let (names, end) = self.marked(name.tokens.clone(), sentence_end[at]);
                proposals.extend(names.into_iter().map(Proposal::marked));
                at = end;
                continue;
            }
            let ends = |t: &usize| container[*t].is_none_or(|n| self.analysis.names[n].kind != "LOC");
            let last = (at..sentence_end[at].min(at + LONGEST)).take_while(ends).last().unwrap_or(at);
            match self.unmarked(at, last + 1) {
                Some((end, source)) => {
                    proposals.push(Proposal {
                        bytes: self.with_period(tokens[at].start..tokens[end - 1].end),
                        source,
                        container: name.map_or("", |name| name.kind.as_str()).to_string(),
                        whole: name.is_some_and(|name| name.tokens == (at..end)),
                        first: name.is_none_or(|name| name.tokens.start == at),
                        upos: tokens[end - 1].upos.clone(),
                    });
                    at = end;
                }
                None => at += 1,
            }
        }
        let place = |p: &Proposal| {
            let words = &self.text[p.bytes.clone()];
            !self.is_body(words) || !self.candidates_of(words, false).is_empty()
        };
        proposals.retain(place);
        proposals
    }

    /// The names of places in what the analysis marks as one, in order, and the token behind them.
    fn marked(&self, mut tokens: Range<usize>, sentence_end: usize) -> (Vec<Range<usize>>, usize) {
        let all = &self.analysis.tokens;
        let whole = tokens.end;
        while tokens.len() > 1 && self.word(tokens.start).eq_ignore_ascii_case("the") {
            tokens.start += 1;
        }
        let bytes = |tokens: Range<usize>| all[tokens.start].start..all[tokens.end - 1].end;
        // The name goes on where a longer one is known: "South" "Ossetian".
        if let Some((end, source)) = self.unmarked(tokens.start, sentence_end.min(tokens.start + LONGEST))
            && (end > tokens.end && source >= Source::Division || end == tokens.end)
        {
            return (vec![self.with_period(bytes(tokens.start..end))], end.max(whole));
        }
        let place_words = self.knowledge.place_words();
        let lower = |t: usize| self.word(t).to_lowercase();
        let last = tokens.end - 1;
        if place_words.ends_site(&lower(last)) {
            // A road with its number.
            let numbered = whole < sentence_end && self.word(whole).bytes().all(|b| b.is_ascii_digit());
            let end = whole + usize::from(numbered);
            return (vec![self.with_period(bytes(tokens.start..end))], end);
        }
        let part = |start: usize, end: usize| {
            let word = start < end && self.word(end - 1).starts_with(char::is_alphanumeric);
            let part = word && self.known(&self.text[bytes(start..end)]) >= Some(Source::Town);
            part.then(|| self.with_period(bytes(start..end)))
        };
        // "Northeast Georgia", "west Fort Worth"
        let mut start = tokens.start;
        while start < last && (place_words.is_direction(&lower(start)) || self.word(start) == "-") {
            start += 1;
        }
        if start > tokens.start && self.known(&self.text[bytes(start..tokens.end)]).is_some() {
            return (vec![self.with_period(bytes(start..tokens.end))], whole);
        }
        // "Russia-Turkey", "R-Elbow Lake"
        if let Some(hyphen) = (tokens.start + 1..last).find(|&t| matches!(self.word(t), "-" | "–" | "/")) {
            let short = hyphen == tokens.start + 1 && self.word(tokens.start).len() <= 3;
            let (before, behind) = (part(tokens.start, hyphen), part(hyphen + 1, tokens.end));
            let behind = behind.or_else(|| short.then(|| self.with_period(bytes(hyphen + 1..tokens.end))));
            if behind.is_some() {
                return (before.filter(|_| !short).into_iter().chain(behind).collect(), whole);
            }
        }
        // "Springfield area", "Millton City Hall"
        let prefix = (tokens.start + 1..tokens.end).rev().find_map(|end| part(tokens.start, end));
        match prefix {
            Some(prefix) => (vec![prefix], whole),
            None => (vec![self.with_period(bytes(tokens))], whole),
        }
    }

    /// With the period that belongs to an abbreviation.
    fn with_period(&self, bytes: Range<usize>) -> Range<usize> {
        let longer = bytes.start..bytes.end + 1;
        let abbreviation = self.text[bytes.end..].starts_with('.')
            && !self.knowledge.place_words().divisions(&self.text[longer.clone()]).is_empty();
        if abbreviation { longer } else { bytes }
    }

    /// As what words are known, at best.
    fn known(&self, words: &str) -> Option<Source> {
        let countries = self.knowledge.countries();
        if countries.lookup(words).any(|(kind, _)| kind == CountryWord::Name) {
            return Some(Source::Country);
        }
        if self.knowledge.place_words().divisions(words).iter().any(|(kind, _)| *kind == DivisionWord::Abbreviation) {
            return Some(Source::Division);
        }
        let gazetteer = self.knowledge.gazetteer();
        let found = gazetteer.lookup(&place_key(words)).into_iter();
        found.map(|(number, other)| Source::of(&gazetteer.place(number), other)).max()
    }

    /// The longest name known that begins at a token and ends before another, and what it is known as.
    fn unmarked(&self, start: usize, end: usize) -> Option<(usize, Source)> {
        let tokens = &self.analysis.tokens;
        let first = self.word(start);
        if !first.starts_with(char::is_uppercase) || first.eq_ignore_ascii_case("the") {
            return None;
        }
        let gazetteer = self.knowledge.gazetteer();
        let mut longest = None;
        for stop in start + 1..=end {
            let words = &self.text[tokens[start].start..tokens[stop - 1].end];
            if words.contains('\n') {
                break;
            }
            // No name ends in a mark or a genitive's ending, nor is it a mere direction.
            let mark = !self.word(stop - 1).starts_with(char::is_alphanumeric);
            if mark || stop == start + 1 && self.knowledge.place_words().is_direction(&words.to_lowercase()) {
                continue;
            }
            let country = self.knowledge.countries().lookup(words).find(|(kind, _)| *kind != CountryWord::Capital);
            let key = place_key(words);
            if let Some((kind, _)) = country {
                let demonym = kind == CountryWord::Demonym;
                longest = Some((stop, if demonym { Source::People } else { Source::Country }));
            } else if let Some((kind, _)) = self.knowledge.place_words().divisions(words).first() {
                let abbreviation = *kind == DivisionWord::Abbreviation;
                if !abbreviation || words.contains('.') || self.behind_comma(start) {
                    longest = Some((stop, if abbreviation { Source::Division } else { Source::People }));
                }
            } else {
                let best = gazetteer.lookup(&key).into_iter().map(|(n, other)| (gazetteer.place(n), other));
                let source = best.map(|(place, other)| Source::of(&place, other)).max();
                longest = source.map(|source| (stop, source)).or(longest);
            }
            if !gazetteer.begins(&key) {
                break;
            }
        }
        longest
    }

    fn behind_comma(&self, token: usize) -> bool {
        token > 0 && self.word(token - 1) == ","
    }

    // --- candidates ---

    fn candidates(&self, found: &Found) -> Vec<Candidate<'t>> {
        let words = self.text[found.bytes.clone()].trim();
        let mut list = self.candidates_of(words, self.behind_comma(found.tokens.start));
        if list.is_empty() {
            let mut parts: Vec<&str> = words.split([' ', '-']).filter(|part| !part.is_empty()).collect();
            let place_words = self.knowledge.place_words();
            let lower = |part: &str| part.to_lowercase();
            while parts.len() > 1 && place_words.is_direction(&lower(parts[0])) {
                parts.remove(0);
            }
            if parts.len() > 1 && place_words.place_type(&lower(parts[parts.len() - 1])).is_some() {
                parts.pop();
            }
            let rest = parts.join(" ");
            if rest.len() < words.len() {
                list = self.candidates_of(&rest, false);
                list.iter_mut().for_each(|candidate| candidate.partial = true);
            }
        }
        list
    }

    fn candidates_of(&self, words: &str, behind_comma: bool) -> Vec<Candidate<'t>> {
        let gazetteer = self.knowledge.gazetteer();
        let bare = ["'s", "’s", "'", "’"].iter().find_map(|ending| words.strip_suffix(ending)).unwrap_or(words);
        let bare = bare.strip_prefix("the ").or_else(|| bare.strip_prefix("The ")).unwrap_or(bare);
        let mut list: Vec<Candidate> = Vec::new();
        let mut add = |number: PlaceNumber, other: bool, demonym: bool| {
            if !list.iter().any(|known| known.number == number) {
                list.push(Candidate { number, place: gazetteer.place(number), other, partial: false, demonym });
            }
        };
        let countries: Vec<(CountryWord, &Country)> = self.knowledge.countries().lookup(bare).collect();
        for (kind, country) in countries {
            let code = country.iso2.as_deref().unwrap_or(&country.iso3);
            if kind != CountryWord::Capital
                && let Some(number) = gazetteer.country(code)
            {
                add(number, false, kind == CountryWord::Demonym);
            }
        }
        for (kind, division) in self.knowledge.place_words().divisions(bare) {
            let abbreviation = *kind == DivisionWord::Abbreviation;
            if abbreviation && !behind_comma && !bare.contains('.') && bare.len() < 4 {
                continue;
            }
            for (number, other) in gazetteer.lookup(&division.key) {
                let place = gazetteer.place(number);
                if place.feature == Feature::Division && place.iso2 == Some(&division.iso2) {
                    add(number, other, !abbreviation);
                }
            }
        }
        let key = place_key(bare);
        let mut named = gazetteer.lookup(&key);
        if named.is_empty()
            && let Some(one) = key.strip_suffix('s')
        {
            named = gazetteer.lookup(one);
            named.retain(|(number, other)| *other && !gazetteer.place(*number).feature.is_settlement());
        }
        if named.len() > MOST_CANDIDATES {
            named.sort_by(|a, b| gazetteer.place(b.0).population.total_cmp(&gazetteer.place(a.0).population));
            named.truncate(MOST_CANDIDATES);
        }
        // "E.U." may be the area of a union, but no town whose name has the same letters.
        if self.is_body(bare) {
            named.retain(|&(number, other)| Source::of(&gazetteer.place(number), other) == Source::Area);
        }
        named.into_iter().for_each(|(number, other)| add(number, other, false));
        list
    }

    /// Whether words are the dotted initials of a body that is known by its name: "U.N."
    fn is_body(&self, words: &str) -> bool {
        let initials = words.split('.').filter(|part| !part.is_empty());
        let dotted = words.contains('.')
            && initials.clone().count() > 1
            && initials.clone().all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase));
        let actors = self.knowledge.actors();
        dotted && (actors.named(words, None).is_some() || actors.named(&initials.collect::<String>(), None).is_some())
    }

    // --- resolution ---

    fn resolve(&self, found: &[Found], setting: Setting) -> Vec<Toponym> {
        let mut groups = self.groups(found);
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
    fn weigh(&self, groups: &mut [Group<'t>], round: usize, setting: Setting, found: &[Found]) {
        let words = self.knowledge.place_words();
        let weights = if round == 0 { words.alone() } else { words.together() };
        let weights = FEATURES.map(|feature| weights.get(feature).copied().unwrap_or(0.0));
        let score = |features: &[f32; FEATURES.len()]| features.iter().zip(&weights).map(|(f, w)| f * w).sum();
        let all: Vec<Vec<f32>> = (0..groups.len())
            .map(|g| softmax(self.features(groups, g, round > 0, setting, found).iter().map(score)))
            .collect();
        groups.iter_mut().zip(all).for_each(|(group, weights)| group.weights = weights);
    }

    fn groups(&self, found: &[Found]) -> Vec<Group<'t>> {
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
        groups
    }

    /// Whether a name says where the one before it lies: "Springfield, Ohio", "Springfield (Ohio)".
    fn qualifies(&self, this: &Found, next: &Found) -> bool {
        let between = self.text[this.bytes.end.min(next.bytes.start)..next.bytes.start].trim();
        matches!(between, "," | "(") && this.sentence == next.sentence
    }

    fn features(
        &self,
        groups: &[Group<'t>],
        g: usize,
        together: bool,
        setting: Setting,
        found: &[Found],
    ) -> Vec<[f32; FEATURES.len()]> {
        let group = &groups[g];
        let total: f64 = group.candidates.iter().map(|c| prominence(&c.place)).sum();
        let most = group.candidates.iter().map(|c| prominence(&c.place)).fold(0.0, f64::max);
        let countries = self.knowledge.countries();
        let host = setting.host.and_then(|host| self.knowledge.place_words().country_of_host(host));
        let host = host.and_then(|code| countries.get(&code).or_else(|| countries.named(&code)));
        let host = host.and_then(|country| country.iso2.as_deref());
        let qualifier = group.qualifier.map(|q| &groups[q]);
        let sentences: Vec<usize> = group.mentions.iter().map(|&m| found[m].sentence).collect();
        let lead = (0..groups.len())
            .filter(|&h| h != g && !groups[h].candidates.is_empty())
            .min_by_key(|&h| groups[h].mentions.iter().min().copied());
        let settlement = group.candidates.iter().any(|c| c.place.feature.is_settlement());
        let mut all = Vec::with_capacity(group.candidates.len());
        for (n, candidate) in group.candidates.iter().enumerate() {
            let place = &candidate.place;
            let mut f = [0.0f32; FEATURES.len()];
            let flag = |b: bool| if b { 1.0 } else { 0.0 };
            let prominence = prominence(place);
            f[0] = (prominence.ln_1p() / 10.0) as f32;
            f[1] = if total > 0.0 { (prominence / total) as f32 } else { 0.0 };
            f[2] = flag(prominence == most);
            f[3] = flag(candidate.other);
            f[4] = flag(candidate.partial);
            f[5] = flag(candidate.demonym);
            f[6 + place.feature as usize] = 1.0;
            if let Some(said) = group.said {
                let fits = match said {
                    PlaceType::Division => matches!(place.feature, Feature::Division | Feature::Region),
                    PlaceType::Subdivision => place.feature == Feature::Subdivision,
                    PlaceType::Settlement => place.feature.is_settlement(),
                };
                f[18] = flag(fits);
                f[19] = flag(!fits);
            }
            if let Some(qualifier) = qualifier.filter(|q| !q.candidates.is_empty()) {
                let holds = qualifier.candidates.iter().any(|q| holds(&q.place, place) && q.number != candidate.number);
                f[20] = flag(holds);
                f[21] = flag(!holds);
            }
            f[22] = flag(host.is_some() && host == place.iso2);
            f[34] = flag(settlement && matches!(place.feature, Feature::Division | Feature::Subdivision));
            if together {
                self.together(&mut f, groups, g, n, &sentences, found, lead);
                (f[36], f[37]) = possible(groups, g, n);
            }
            all.push(f);
        }
        all
    }

    /// How a candidate goes together with the likely places of the other names.
    #[allow(clippy::too_many_arguments)]
    fn together(
        &self,
        f: &mut [f32; FEATURES.len()],
        groups: &[Group<'t>],
        g: usize,
        n: usize,
        sentences: &[usize],
        found: &[Found],
        lead: Option<usize>,
    ) {
        let (candidate, at) = (&groups[g].candidates[n], groups[g].points[n]);
        let place = &candidate.place;
        let (mut near, mut reach, mut division, mut subdivision, mut held) = (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
        let (mut within, mut within_here, mut named) = (0.0f32, 0.0f32, 0.0f32);
        let (mut same, mut others) = (0.0f32, 0.0f32);
        for (h, other) in groups.iter().enumerate() {
            if h == g || other.candidates.is_empty() {
                continue;
            }
            let here = || other.mentions.iter().any(|&m| sentences.contains(&found[m].sentence));
            for d in likeliest(&other.weights) {
                let (weight, there) = (other.weights[d], &other.candidates[d].place);
                let away = distance(at, other.points[d]);
                if other.candidates[d].number == candidate.number {
                    continue;
                }
                let broad = matches!(there.feature, Feature::Country | Feature::Continent);
                if !broad {
                    near += weight * (-away / 50.0).exp();
                    reach += weight * (-away / 300.0).exp();
                    if there.feature != Feature::Division
                        && there.division.is_some()
                        && there.division == place.division
                    {
                        division += weight;
                    }
                    if there.subdivision.is_some() && there.subdivision == place.subdivision {
                        subdivision += weight;
                    }
                }
                if there.iso2.is_some() {
                    others += weight;
                    if there.iso2 == place.iso2 {
                        same += weight;
                    }
                }
                if holds(there, place) {
                    if there.feature == Feature::Country {
                        named = named.max(weight);
                    } else {
                        within = within.max(weight);
                    }
                    if here() {
                        within_here = within_here.max(weight);
                    }
                }
                if holds(place, there) {
                    held += weight;
                }
                if lead == Some(h) && !broad {
                    f[31] += weight * (-away / 100.0).exp();
                }
                if lead == Some(h) {
                    f[32] += if there.division.is_some() && there.division == place.division { weight } else { 0.0 };
                    f[33] += if there.iso2.is_some() && there.iso2 == place.iso2 { weight } else { 0.0 };
                }
            }
        }
        f[23] = near.ln_1p();
        f[24] = reach.ln_1p();
        f[25] = division.ln_1p();
        f[26] = subdivision.ln_1p();
        f[27] = within;
        f[28] = same / others.max(1.0);
        f[29] = named;
        f[30] = within_here;
        f[35] = held.ln_1p();
    }

    // --- forms ---

    /// Whether the name of a country or capital stands for its government: it speaks, or acts as the subject of a verb.
    fn stands_for_government(&self, found: &Found, candidate: &Candidate) -> bool {
        if !matches!(candidate.place.feature, Feature::Country | Feature::Capital) || found.tokens.is_empty() {
            return false;
        }
        let tokens = &self.analysis.tokens;
        let outside = |&t: &usize| tokens[t].head.is_none_or(|head| !found.tokens.contains(&head));
        let Some(head) = found.tokens.clone().find(outside) else { return false };
        let (relation, verb) = (tokens[head].deprel.split(':').next().unwrap_or_default(), tokens[head].head);
        let speaks = self.analysis.attributions.iter().any(|attribution| {
            let inside = |t: usize| attribution.source.iter().any(|stretch| stretch.contains(&t));
            inside(head) && verb.is_none_or(|verb| !inside(verb)) && !matches!(relation, "obl" | "nmod")
        });
        // "Ruritania invaded …": what it does, it does to something.
        let sentence = &self.analysis.sentences[found.sentence.min(self.analysis.sentences.len() - 1)];
        let acts = candidate.place.feature == Feature::Country
            && &*tokens[head].deprel == "nsubj"
            && verb.is_some_and(|verb| {
                let done = |t: usize| {
                    tokens[t].head == Some(verb) && matches!(&*tokens[t].deprel, "obj" | "iobj" | "ccomp" | "xcomp")
                };
                &*tokens[verb].upos == "VERB" && sentence.tokens.clone().any(done)
            });
        speaks || acts
    }

    /// Whether the words are an adjective made of a larger place's name ("European").
    fn is_adjective(&self, found: &Found, candidate: &Candidate) -> bool {
        let broad = matches!(candidate.place.feature, Feature::Continent | Feature::Region | Feature::Area);
        broad && candidate.other && found.tokens.clone().last().is_some_and(|t| &*self.analysis.tokens[t].upos == "ADJ")
    }
}

/// What a name that the analysis does not mark as a place is known as, the least telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Source {
    /// A smaller place, by a name beside its own.
    SmallOther,
    /// A smaller place.
    Small,
    /// A division, by a name beside its own.
    DivisionOther,
    /// A larger town, by a name beside its own.
    TownOther,
    /// A town of more than 15,000.
    Town,
    /// A second-order division.
    Subdivision,
    /// A city of more than 100,000, or a capital.
    City,
    /// A first-order division.
    Division,
    /// An area or water.
    Area,
    /// People or an adjective of a country or division.
    People,
    /// A country.
    Country,
    /// A place, as the analysis says.
    Marked,
}

impl Source {
    fn of(place: &GazetteerPlace, other: bool) -> Source {
        match place.feature {
            Feature::Country => Source::Country,
            Feature::Division if !other => Source::Division,
            Feature::Division | Feature::Subdivision if other => Source::DivisionOther,
            Feature::Division | Feature::Subdivision => Source::Subdivision,
            Feature::Continent | Feature::Region | Feature::Water | Feature::Area => Source::Area,
            Feature::Capital => Source::City,
            _ if place.population >= 100_000.0 && !other => Source::City,
            _ if place.population >= 15_000.0 && !other => Source::Town,
            _ if place.population >= 100_000.0 => Source::TownOther,
            _ if !other => Source::Small,
            _ => Source::SmallOther,
        }
    }
}

/// Words that may name a place, and what speaks for it.
#[derive(Debug, Clone)]
struct Proposal {
    bytes: Range<usize>,
    source: Source,
    /// The kind of the name that they stand in; nothing if they stand in none.
    container: String,
    /// Whether they are all of it.
    whole: bool,
    /// Whether they begin it.
    first: bool,
    upos: Arc<str>,
}

impl Proposal {
    fn marked(bytes: Range<usize>) -> Proposal {
        let (container, upos) = (String::new(), Arc::from("PROPN"));
        Proposal { bytes, source: Source::Marked, container, whole: true, first: true, upos }
    }
}

/// How many other names may name a place near a candidate, and whether one may name a division that holds it, whatever the likelier
/// places of those names; a name with many candidates tells less.
fn possible(groups: &[Group], g: usize, n: usize) -> (f32, f32) {
    let (candidate, at) = (&groups[g].candidates[n], groups[g].points[n]);
    let (mut near, mut within) = (0.0f32, 0.0f32);
    for (h, other) in groups.iter().enumerate() {
        if h == g || other.candidates.is_empty() {
            continue;
        }
        let telling = 1.0 / (other.candidates.len() as f32).sqrt();
        let mut nearest = f32::INFINITY;
        for (d, point) in other.candidates.iter().zip(&other.points) {
            let place = &d.place;
            if d.number == candidate.number || matches!(place.feature, Feature::Country | Feature::Continent) {
                continue;
            }
            nearest = nearest.min(distance(at, *point));
            if matches!(place.feature, Feature::Division | Feature::Subdivision) && holds(place, &candidate.place) {
                within = within.max(telling);
            }
        }
        near += telling * (-nearest / 50.0).exp();
    }
    (near.ln_1p(), within)
}

/// How many live in a place, and for larger places where that is not known, a number that is as large as they are well known.
fn prominence(place: &GazetteerPlace) -> f64 {
    match place.feature {
        Feature::Continent => 1e9,
        Feature::Region | Feature::Water if place.iso2.is_none() => 5e7,
        Feature::Region | Feature::Water => 5e6,
        Feature::Area => 1e6,
        _ => place.population,
    }
}

/// The numbers of the largest weights.
fn likeliest(weights: &[f32]) -> impl Iterator<Item = usize> {
    let mut best: Vec<usize> = Vec::with_capacity(LIKELIEST + 1);
    for n in 0..weights.len() {
        let at = best.partition_point(|&b| weights[b] >= weights[n]);
        if at < LIKELIEST {
            best.insert(at, n);
            best.truncate(LIKELIEST);
        }
    }
    best.into_iter()
}

/// Whether one place holds the other, by country and divisions.
fn holds(outer: &GazetteerPlace, inner: &GazetteerPlace) -> bool {
    match outer.feature {
        Feature::Country => inner.feature != Feature::Country && outer.iso2.is_some() && outer.iso2 == inner.iso2,
        Feature::Division => {
            !matches!(inner.feature, Feature::Division | Feature::Country) && outer.division == inner.division
        }
        Feature::Subdivision => inner.feature.is_settlement() && outer.subdivision == inner.subdivision,
        Feature::Region | Feature::Area => {
            inner.feature.is_settlement()
                && outer.iso2.is_some()
                && outer.iso2 == inner.iso2
                && kilometres((outer.lat, outer.lon), (inner.lat, inner.lon)) < 150.0
        }
        _ => false,
    }
}

/// A point on the unit sphere.
fn point(place: &GazetteerPlace) -> [f64; 3] {
    let (lat, lon) = (place.lat.to_radians(), place.lon.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

/// The distance of two points of the unit sphere through it, in kilometres: less than over it, and the same where it is small.
fn distance(a: [f64; 3], b: [f64; 3]) -> f32 {
    let square: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
    (6371.0 * square.sqrt()) as f32
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
    use annalist_language::{Attribution, Name, Sentence, Token};

    use super::*;

    /// A text of one sentence: words with tag, head (from 1, 0 for the root) and relation; names as first word, one past the last,
    /// kind, from 0. Marks stand without a space before them.
    fn analysis(words: &[(&str, &str, usize, &str)], names: &[(usize, usize, &str)]) -> (String, Analysis) {
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
    fn read(text: &str, analysis: &Analysis) -> Vec<(String, Form, String)> {
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

    fn named(words: &str, form: Form, place: &str) -> (String, Form, String) {
        (words.to_string(), form, place.to_string())
    }

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
    fn demonyms_and_governments_are_told_from_places() {
        let (text, mut analysis) = analysis(
            &[
                ("Moscow", "PROPN", 2, "nsubj"),
                ("said", "VERB", 0, "root"),
                ("Turkish", "ADJ", 4, "amod"),
                ("troops", "NOUN", 5, "nsubj"),
                ("left", "VERB", 2, "ccomp"),
                ("Aleppo", "PROPN", 5, "obj"),
                (".", "PUNCT", 2, "punct"),
            ],
            &[(0, 1, "LOC"), (5, 6, "LOC")],
        );
        let said = Attribution {
            anchor: 1,
            cue: vec![1..2],
            source: vec![0..1],
            content: vec![2..6],
            confidence: 0.9,
            evidence: [0.0; 4],
        };
        let forms = |analysis: &Analysis| read(&text, analysis).into_iter().map(|t| t.1).collect::<Vec<_>>();
        assert_eq!(forms(&analysis), [Form::Name, Form::Demonym, Form::Name]);
        analysis.attributions.push(said);
        assert_eq!(forms(&analysis), [Form::Metonym, Form::Demonym, Form::Name]);
        assert_eq!(read(&text, &analysis)[1].2, "TUR");

        let knowledge = Knowledge::english();
        let found = toponyms(&text, &analysis, knowledge, Setting::default());
        let items = places(&text, &CharIndex::new(&text), &found, knowledge);
        assert_eq!(items.len(), 1);
        let aleppo = &items[0];
        assert_eq!(
            (aleppo.name.as_str(), aleppo.country.as_deref(), aleppo.kind),
            ("Aleppo", Some("SYR"), Some(PlaceKind::City))
        );
        assert!((aleppo.lat.unwrap() - 36.2).abs() < 0.1 && (aleppo.lon.unwrap() - 37.2).abs() < 0.1);
        assert_eq!((aleppo.mentions[0].text.as_str(), aleppo.admin1.as_deref()), ("Aleppo", Some("Aleppo")));
        assert_eq!(aleppo.gazetteer_id.as_deref(), Some("geonames:170063"));
    }

    #[test]
    fn dotted_initials_of_a_body_are_no_town() {
        let sentence = |initials: &'static str| {
            let words = [
                ("The", "DET", 2, "det"),
                (initials, "PROPN", 3, "compound"),
                ("envoy", "NOUN", 4, "nsubj"),
                ("left", "VERB", 0, "root"),
            ];
            let (text, analysis) = analysis(&words, &[(1, 2, "LOC")]);
            read(&text, &analysis)
        };
        // "Eu" and "Un" are towns.
        assert!(sentence("E.U.").iter().all(|(_, _, place)| place == "-"), "{:?}", sentence("E.U."));
        assert_eq!(sentence("U.N."), []);
        assert_eq!(sentence("Eu").len(), 1);
    }

    #[test]
    fn marked_names_are_cut_to_what_is_a_place() {
        let names = |words: &[&'static str]| {
            let words: Vec<(&str, &str, usize, &str)> =
                words.iter().enumerate().map(|(n, &word)| (word, "PROPN", n, "flat")).collect();
            let (text, analysis) = analysis(&words, &[(0, words.len(), "LOC")]);
            read(&text, &analysis).into_iter().map(|t| t.0).collect::<Vec<_>>()
        };
        assert_eq!(names(&["Northeast", "Georgia"]), ["Georgia"]);
        assert_eq!(names(&["the", "Russia", "-", "Turkey"]), ["Russia", "Turkey"]);
        assert_eq!(names(&["Hamburg", "Police"]), ["Hamburg"]);
        assert_eq!(names(&["Hamburg", "Street"]), ["Hamburg Street"]);
        assert_eq!(names(&["Sri", "Lankan"]), ["Sri Lankan"]);
        assert!(names(&["North"]).is_empty());
    }

    #[test]
    fn what_the_gazetteer_does_not_have_keeps_its_name_and_lies_nowhere() {
        let (text, analysis) = analysis(
            &[
                ("Kiel", "PROPN", 4, "nsubj"),
                (",", "PUNCT", 3, "punct"),
                ("Germany", "PROPN", 1, "appos"),
                ("lost", "VERB", 0, "root"),
                ("Qwxstead", "PROPN", 4, "obj"),
            ],
            &[(0, 1, "LOC"), (2, 3, "LOC"), (4, 5, "LOC")],
        );
        let knowledge = Knowledge::english();
        let found = toponyms(&text, &analysis, knowledge, Setting::default());
        let items = places(&text, &CharIndex::new(&text), &found, knowledge);
        let unknown = items.iter().find(|item| item.name == "Qwxstead").unwrap();
        assert_eq!((unknown.kind, unknown.lat, unknown.country.as_deref()), (None, None, None));
        // Where it is known that the words name places, they lie where the rest does.
        let words: Vec<Range<usize>> = found.iter().map(|t| t.bytes.clone()).collect();
        let known = resolve(&text, &analysis, knowledge, Setting::default(), &words);
        let country = known.iter().find(|t| t.place.is_none()).and_then(|t| t.country);
        assert_eq!(country.and_then(|n| knowledge.gazetteer().place(n).iso3), Some("DEU"));
        assert_eq!(unknown.gazetteer_id, None);
    }

    #[test]
    fn the_host_of_an_address_is_found() {
        let host = |url| Setting::of_url(Some(url)).host;
        assert_eq!(host("https://news.example.org:8080/a?b#c"), Some("news.example.org"));
        assert_eq!((host("example.co.uk/a"), host("nonsense")), (Some("example.co.uk"), None));
    }
}
