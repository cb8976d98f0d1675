//! Which words name places.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use annalist_knowledge::{CountryWord, DivisionWord, Feature, GazetteerPlace, place_key};
use annalist_record::ActorKind;

use super::{Found, Toponyms};

/// The longest name in words.
const LONGEST: usize = 6;

impl Toponyms<'_> {
    pub(super) fn recognise(&self) -> Vec<Found> {
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

    pub(super) fn behind_comma(&self, token: usize) -> bool {
        token > 0 && self.word(token - 1) == ","
    }

    /// Whether words are the initials of a body that is known by its name, dotted or not: "U.N.", "EU".
    pub(super) fn is_body(&self, words: &str) -> bool {
        let undotted = words.chars().count() > 1 && words.chars().all(char::is_uppercase);
        let body =
            |kind: Option<ActorKind>| matches!(kind, Some(ActorKind::Igo | ActorKind::ArmedGroup | ActorKind::Party));
        if undotted && self.knowledge.actors().named(words, None).is_some_and(|known| body(known.kind)) {
            return true;
        }
        let initials = words.split('.').filter(|part| !part.is_empty());
        let dotted = words.contains('.')
            && initials.clone().count() > 1
            && initials.clone().all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase));
        let actors = self.knowledge.actors();
        dotted && (actors.named(words, None).is_some() || actors.named(&initials.collect::<String>(), None).is_some())
    }
}

/// What a name that the analysis does not mark as a place is known as, the least telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Source {
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
    pub(super) fn of(place: &GazetteerPlace, other: bool) -> Source {
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

#[cfg(test)]
mod tests {
    use crate::places::tests::{analysis, read};

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
}
