//! What an actor is: its country, its PLOVER sectors, its kind.
//!
//! From the words themselves first: title, office and affiliation ("Foreign Ministry official"), a people ("Turkish troops"), whose it
//! is ("Peru's parliament", "the army of Chad"), where it is from, a capital for a government, an apposition. What bodies and offices
//! are in general, and which go by names of their own, is known from files (`annalist_knowledge`). Then from the sentence around:
//! the words that stand with the mention, or the country the sentence, or the whole report, alone speaks of.

use std::ops::Range;

use annalist_knowledge::{ActorWord, Actors, Countries, Country, CountryWord, Knowledge, NamedActor, WordClass};
use annalist_record::{Actor, ActorKind, Confidence, Place};

/// A mention or description of an actor.
#[derive(Debug, Clone, Default)]
pub struct Description<'t> {
    /// The words that name or describe it.
    pub words: &'t str,
    /// What is read around them: a sentence, or whatever else is said of the actor.
    pub context: Option<&'t str>,
    /// Where in the context the words stand (bytes), if it is known; else they are looked for.
    pub within: Option<Range<usize>>,
    /// The day that the words were written (`YYYY-MM-DD`), for what was so in its time only.
    pub day: Option<&'t str>,
}

/// What an actor is.
#[derive(Debug, Clone, PartialEq)]
pub struct Coding {
    /// ISO 3166-1 alpha-3 code of its country (`XKX` for Kosovo).
    pub country: Option<String>,
    /// PLOVER's code in a country's place, if it is of no single country: one of [`annalist_knowledge::INTERNATIONAL`].
    pub international: Option<&'static str>,
    /// PLOVER sectors, the first one first.
    pub sectors: Vec<&'static str>,
    /// What kind it is.
    pub kind: Option<ActorKind>,
    /// How sure of country and sectors together; 0 when nothing is known.
    pub confidence: Confidence,
    /// What decided.
    pub evidence: Vec<Clue>,
}

impl Coding {
    /// The country, or what PLOVER puts in its place.
    pub fn place_code(&self) -> Option<&str> {
        self.country.as_deref().or(self.international)
    }
}

/// Tells of each actor what the report's own words for it say: its country, sectors and kind. Only its names and descriptions count,
/// not the sentences around them, which tell of others, too. Gives what each was coded as.
pub fn characterise(actors: &mut [Actor], coder: &Coder, day: Option<&str>) -> Vec<Coding> {
    let mut codings = Vec::with_capacity(actors.len());
    for actor in actors {
        let coding = coder.code_actor(actor, day);
        actor.country = coding.country.clone();
        actor.sectors = coding.sectors.iter().map(|s| s.to_string()).collect();
        actor.kind = actor.kind.or(coding.kind);
        codings.push(coding);
    }
    codings
}

/// Gives those actors of a report that are a state's, or stand up to one (offices, forces, parties, rebels, crowds), the country that the
/// report alone speaks of, if there is one and their own words name none: "President Ana Sol" in a report on Malta and no other country.
pub fn settle(
    actors: &mut [Actor],
    codings: &mut [Coding],
    coder: &Coder,
    text: &str,
    places: &[Place],
    day: Option<&str>,
) {
    let homeless = |actor: &Actor, coding: &Coding| {
        use ActorKind::{ArmedGroup, Government, Military, Office, Party, People, Person, Police};
        coding.place_code().is_none()
            && match actor.kind {
                Some(Person) => !actor.sectors.is_empty(),
                Some(Office | Government | Military | Police | Party | ArmedGroup | People) => true,
                _ => false,
            }
    };
    if !actors.iter().zip(&*codings).any(|(actor, coding)| homeless(actor, coding)) {
        return;
    }
    let Some((country, clue)) = coder.only_country(text, day) else { return };
    if places.iter().filter_map(|place| place.country.as_ref()).any(|other| *other != country) {
        return;
    }
    for (actor, coding) in actors.iter_mut().zip(codings) {
        if homeless(actor, coding) {
            actor.country = Some(country.clone());
            coding.country = Some(country.clone());
            coding.evidence.push(clue.clone());
            coding.confidence = Confidence::new(match coding.confidence.value() {
                0.0 => AROUND,
                known => known.min(AROUND),
            });
        }
    }
}

/// A word that told something of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clue {
    /// What it told: `country`, `sectors` or both.
    pub tells: Told,
    /// The words.
    pub words: String,
    /// By what they are known.
    pub basis: Basis,
    /// Whether they stand outside the description.
    pub in_context: bool,
}

/// What a clue tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The country.
    Country,
    /// The sectors and the kind.
    Sectors,
}

/// By what words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// They are a country's name.
    CountryName,
    /// They are a country's adjective or people.
    Demonym,
    /// They are a capital.
    Capital,
    /// They are an actor's own name.
    ActorName,
    /// They are a general word for actors.
    ActorWord,
    /// They are a place of the gazetteer.
    Place,
}

impl Basis {
    /// The knowledge file in which such words stand.
    pub fn file(self) -> &'static str {
        match self {
            Basis::CountryName => "countries.tsv: name",
            Basis::Demonym => "countries.tsv: demonym",
            Basis::Capital => "countries.tsv: capital",
            Basis::ActorName => "actors.tsv",
            Basis::ActorWord => "actor_words.tsv",
            Basis::Place => "gazetteer.bin",
        }
    }
}

/// Tells in which country a place lies, by its name: an ISO 3166-1 alpha-3 code.
pub type PlaceCountry<'k> = dyn Fn(&str) -> Option<String> + Sync + 'k;

/// Codes actors.
#[derive(Clone, Copy)]
pub struct Coder<'k> {
    countries: &'k Countries,
    actors: &'k Actors,
    places: Option<&'k PlaceCountry<'k>>,
}

impl<'k> Coder<'k> {
    /// A coder that works with this knowledge.
    pub fn new(knowledge: &'k Knowledge) -> Coder<'k> {
        Coder { countries: knowledge.countries(), actors: knowledge.actors(), places: None }
    }

    /// The coder, asking `places` about names that are no country's or actor's.
    pub fn with_places(self, places: &'k PlaceCountry<'k>) -> Coder<'k> {
        Coder { places: Some(places), ..self }
    }

    /// What the described actor is. What cannot be told is left open.
    pub fn code(&self, description: &Description) -> Coding {
        self.code_with(description, true)
    }

    /// As [`Coder::code`]; `guess` is whether a country that is only spoken of around the words may be theirs.
    fn code_with(&self, description: &Description, guess: bool) -> Coding {
        let items = self.items(description.words, description.day);
        let mut reading = self.read(&items);
        if let Some(context) = description.context.filter(|c| !c.trim().is_empty())
            && (reading.origin.is_none() || reading.sectors.is_none())
        {
            self.read_around(&mut reading, description, context, guess);
        }
        reading.coding()
    }

    /// What a report's own words for an actor say that it is: its name first, then its descriptions.
    pub fn code_actor(&self, actor: &Actor, day: Option<&str>) -> Coding {
        let name = actor.name.trim();
        let all = std::iter::once(name).chain(actor.described_as.iter().map(String::as_str));
        let context = all.collect::<Vec<_>>().join(", ");
        // A description speaks of other countries, too: "broker of the Paris agreement".
        self.code_with(&Description { words: name, context: Some(&context), within: Some(0..name.len()), day }, false)
    }

    /// Fills what the description leaves open from the words around it.
    fn read_around(&self, reading: &mut Reading, description: &Description, context: &str, guess: bool) {
        let within = description.within.clone().or_else(|| {
            let at = context.find(description.words.trim())?;
            Some(at..at + description.words.trim().len())
        });
        let around = self.items(context, description.day);
        if let Some(within) = &within {
            let before = around.iter().rposition(|item| item.at.end <= within.start).map_or(0, |at| at + 1);
            let after = around.iter().position(|item| item.at.start >= within.end).unwrap_or(around.len());
            // What stands before the words in the same noun phrase: "German Foreign Minister" before a name.
            let first = around[..before].iter().rposition(|item| !item.joins()).map_or(0, |at| at + 1);
            // What stands after them: ", the Iraqi president", "of Morocco", "(PLO)".
            let rest = &around[after.max(first)..];
            let last = rest.iter().position(|item| matches!(item.what, What::Stop | What::Unknown { capital: false }));
            let mut last = last.unwrap_or(rest.len());
            // "a professor of Chinese politics", "a veteran of the Iraq war": the country is that of what nobody is.
            let article = last >= 2 && matches!(rest[last - 2].what, What::Filler);
            let of_a_thing = last < rest.len()
                && !matches!(rest[last].what, What::Stop)
                && match rest[..last].last().map(|item| &item.what) {
                    Some(What::Country(CountryWord::Demonym, _)) => true,
                    Some(What::Country(..)) => article,
                    _ => false,
                };
            last -= usize::from(of_a_thing);
            let wider: Vec<Item> = around[first..after.max(first)].iter().chain(&rest[..last]).cloned().collect();
            let mut wider = self.read(&wider);
            wider.sure *= 0.9;
            reading.fill(wider, true);
        }
        if guess && reading.origin.is_none() && !reading.stateless {
            // The country that the sentence speaks of most.
            let found = spoken_of(&around);
            let best = found.iter().map(|f| f.0).fold(0.0, f32::max);
            if best >= HELD
                && let Some((_, origin, item)) = found.into_iter().find(|f| f.0 == best)
            {
                reading.clues.push(clue_around(item, origin.basis));
                reading.origin = Some(origin);
                reading.sure = reading.sure.min(AROUND);
            }
        }
    }

    /// The country of a text that speaks of one alone, and the word that names it. Media do not count: whom it is told to says nothing of
    /// whom it is told of.
    fn only_country(&self, text: &str, day: Option<&str>) -> Option<(String, Clue)> {
        let items = self.items(text, day);
        let media = |item: &Item| matches!(item.what, What::Named(actor) if actor.kind == Some(ActorKind::Media));
        let named: Vec<Item> = items.into_iter().filter(|item| !media(item)).collect();
        let mut countries = named.iter().filter_map(|item| item.origin()?.country);
        let first = countries.next()?;
        if countries.any(|country| country != first) {
            return None;
        }
        let (_, origin, item) = spoken_of(&named).into_iter().find(|(weight, ..)| *weight >= HELD)?;
        Some((first, clue_around(item, origin.basis)))
    }

    /// The words, each with what is known of it; longer names and phrases before shorter ones.
    fn items<'t>(&self, text: &'t str, day: Option<&str>) -> Vec<Item<'t>>
    where
        'k: 't,
    {
        let tokens = tokens(text);
        let longest = self.actors.longest().max(self.countries.longest()) + 2;
        let mut items = Vec::with_capacity(tokens.len());
        let mut at = 0;
        'tokens: while at < tokens.len() {
            let word = &text[tokens[at].clone()];
            if !is_mark(word) && (self.actors.begins(word) || self.countries.begins(word)) {
                let end = (at + longest).min(tokens.len());
                for last in (at..end).rev() {
                    let ending = &text[tokens[last].clone()];
                    // A comma may stand within a name, nothing else.
                    let crossed =
                        tokens[at..last].iter().any(|t| matches!(&text[t.clone()], "(" | ")" | ";" | ":" | "\"" | "."));
                    if is_mark(ending) || crossed {
                        continue;
                    }
                    let range = tokens[at].start..tokens[last].end;
                    if let Some(what) = self.what(&text[range.clone()], last == at, day) {
                        let hyphen = hyphened(text, range.end);
                        items.push(Item { at: range.clone(), text: &text[range], what, hyphen });
                        at = last + 1;
                        continue 'tokens;
                    }
                }
            }
            let hyphen = hyphened(text, tokens[at].end);
            items.push(Item { at: tokens[at].clone(), text: word, what: plain(word), hyphen });
            at += 1;
        }
        quantities(&mut items);
        currencies(&mut items);
        unname(&mut items);
        items
    }

    fn what(&self, words: &str, single: bool, day: Option<&str>) -> Option<What<'k>> {
        if single && !matches!(plain(words), What::Unknown { .. }) {
            return None;
        }
        if let Some(actor) = self.actors.named(words, day) {
            return Some(What::Named(actor));
        }
        if let Some((kind, country)) = self.countries.lookup(words).next() {
            return Some(What::Country(kind, country));
        }
        match self.actors.word_and_number(words) {
            ([], _) => None,
            (known, plural) => Some(What::Word(known, plural)),
        }
    }

    /// What a description says: its first noun phrase, and what depends on it.
    fn read(&self, items: &[Item]) -> Reading {
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
                _ => continue,
            };
            if from < at || link == Before::Nothing {
                phrases.push((link, &items[from..at]));
            }
            (link, from) = (next, at + 1);
        }
        phrases.push((link, &items[from..]));
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
        for (before, reading) in rest {
            head.world |= before == Before::Link(Link::Of) && reading.world && head.origin.is_none();
            if before == Before::Apposition {
                head.fill(reading, false);
            }
        }
        head.international();
        if head.origin.is_none() && !head.stateless {
            self.place(&mut head, &phrases);
        }
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
                    names.extend(run.windows(length));
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

/// What a preposition says of the noun phrase after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// Whose it is.
    Of,
    /// Where it is or comes from.
    In,
    /// Whom it speaks or acts for.
    For,
    /// Whom or what it is turned to.
    Toward,
    /// Anything else.
    Other,
}

/// What is known of a word or several.
#[derive(Debug, Clone)]
enum What<'k> {
    Named(&'k NamedActor),
    Country(CountryWord, &'k Country),
    /// And whether it is in the plural.
    Word(&'k [ActorWord], bool),
    Link(Link),
    Genitive,
    And,
    Comma,
    Open,
    Close,
    Stop,
    /// A relative pronoun.
    Relative,
    /// An article, a number, a quotation mark.
    Filler,
    Unknown {
        capital: bool,
    },
}

#[derive(Debug, Clone)]
struct Item<'t> {
    at: Range<usize>,
    text: &'t str,
    what: What<'t>,
    /// Whether a hyphen joins the next word to it.
    hyphen: bool,
}

impl Item<'_> {
    /// Whether it can stand in a noun phrase before a name.
    fn joins(&self) -> bool {
        match &self.what {
            What::Named(_) | What::Country(..) | What::Word(..) | What::Genitive => true,
            What::Unknown { capital } => *capital,
            _ => false,
        }
    }

    /// Whether it says what an actor is.
    fn is_role(&self) -> bool {
        matches!(self.what, What::Named(_)) || self.role().is_some()
    }

    fn class(&self, class: WordClass) -> Option<&ActorWord> {
        match &self.what {
            What::Word(all, _) => all.iter().find(|word| word.class == class),
            _ => None,
        }
    }

    fn role(&self) -> Option<&ActorWord> {
        use WordClass::{Body, Office, People, Through};
        match &self.what {
            What::Word(all, _) => all.iter().find(|word| matches!(word.class, Office | Body | People | Through)),
            _ => None,
        }
    }

    fn origin(&self) -> Option<Origin> {
        match &self.what {
            What::Country(kind, country) => Some(Origin {
                country: Some(country.iso3.to_string()),
                international: None,
                basis: match kind {
                    CountryWord::Name => Basis::CountryName,
                    CountryWord::Demonym => Basis::Demonym,
                    CountryWord::Capital => Basis::Capital,
                },
            }),
            What::Named(actor) if actor.country.is_some() || actor.international.is_some() => Some(Origin {
                country: actor.country.as_deref().map(str::to_string),
                international: actor.international,
                basis: Basis::ActorName,
            }),
            _ => None,
        }
    }
}

/// Where an actor is from.
#[derive(Debug, Clone)]
struct Origin {
    country: Option<String>,
    international: Option<&'static str>,
    basis: Basis,
}

/// What has been read of an actor so far.
#[derive(Debug, Clone)]
struct Reading {
    origin: Option<Origin>,
    sectors: Option<Vec<&'static str>>,
    kind: Option<ActorKind>,
    /// Its sectors are those of what it belongs to, if that is said.
    through: bool,
    /// Who it speaks for tells its country.
    for_whom: bool,
    /// It is known to be of no single country.
    stateless: bool,
    /// A word says that it is of several countries.
    world: bool,
    clues: Vec<Clue>,
    sure: f32,
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
    fn fill(&mut self, other: Reading, in_context: bool) {
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
    fn international(&mut self) {
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

    fn coding(self) -> Coding {
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

/// What a sentence says of a country weighs at least so much if the country's it may be: one thing done against it does not.
const HELD: f32 = 0.5;
/// How sure it is, at most, that somebody is of the country which is spoken of.
const AROUND: f32 = 0.5;

/// How much items speak of each country; one that something is done against or said to counts little.
fn spoken_of<'i, 't>(items: &'i [Item<'t>]) -> Vec<(f32, Origin, &'i Item<'t>)> {
    let mut found: Vec<(f32, Origin, &Item)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(origin) = item.origin().filter(|o| o.country.is_some()) else { continue };
        if foreign(items, at) || descent(items, at) {
            continue;
        }
        // "against Iraq", "to the Taliban"; but not "to Iraq's leaders", "with Iraqi leaders".
        let before = items[..at].iter().rev().find(|item| !matches!(item.what, What::Filler));
        let object = before.is_some_and(|item| matches!(item.what, What::Link(Link::Toward)))
            && !matches!(item.what, What::Country(CountryWord::Demonym, _))
            && !items.get(at + 1).is_some_and(|next| matches!(next.what, What::Genitive));
        let weight = if object {
            0.3
        } else if origin.basis == Basis::ActorName {
            0.7
        } else {
            1.0
        };
        match found.iter_mut().find(|(_, known, _)| known.country == origin.country) {
            Some(known) => known.0 += weight,
            None => found.push((weight, origin, item)),
        }
    }
    found
}

fn clue_around(item: &Item, basis: Basis) -> Clue {
    Clue { tells: Told::Country, words: item.text.to_string(), basis, in_context: true }
}

/// Whether the country at `at` is only said to back, lead, … what follows.
fn foreign(items: &[Item], at: usize) -> bool {
    items[at].hyphen
        && items[at].role().is_none()
        && items.get(at + 1).is_some_and(|next| next.class(WordClass::Foreign).is_some())
}

fn hyphened(text: &str, end: usize) -> bool {
    text[end..].starts_with(['-', '–', '‑'])
}

/// Whether the people at `at` is not meant as a state's.
fn descent(items: &[Item], at: usize) -> bool {
    at > 0 && items[at - 1].class(WordClass::Descent).is_some()
}

/// What a noun phrase says by itself.
fn phrase(items: &[Item]) -> Reading {
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

/// What belongs to a number is no preposition: "about two dozen", "more than 60", "up to 250".
fn quantities(items: &mut [Item]) {
    let number = |item: &Item| {
        matches!(item.what, What::Filler)
            && (item.text.starts_with(|c: char| c.is_ascii_digit()) || is_number(item.text))
    };
    for at in 0..items.len().saturating_sub(1) {
        if matches!(items[at].what, What::Link(_)) && number(&items[at + 1]) {
            let compared = at > 0 && matches!(items[at - 1].what, What::Unknown { .. } | What::Filler);
            if at == 0 || compared {
                items[at].what = What::Filler;
            }
        }
    }
}

/// A country before its money is not spoken of: "US $50 million".
fn currencies(items: &mut [Item]) {
    for at in 1..items.len() {
        if items[at].text.starts_with('$') && matches!(items[at - 1].what, What::Country(..)) {
            items[at - 1].what = What::Filler;
        }
    }
}

fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "a",
        "several",
        "dozens",
        "hundreds",
        "thousands",
        "twenty",
        "thirty",
        "fifty",
    ];
    NUMBERS.iter().any(|number| word.eq_ignore_ascii_case(number))
}

/// Takes the country or people out of what is a person's name: a name of one word beside unknown capitalised ones.
fn unname(items: &mut [Item]) {
    let is_name = |item: &Item| match &item.what {
        What::Country(CountryWord::Name | CountryWord::Capital, _) => !item.text.contains([' ', '-']),
        What::Named(actor) => {
            matches!(actor.kind, Some(ActorKind::People | ActorKind::Company | ActorKind::Person))
                && !item.text.contains([' ', '-'])
        }
        _ => false,
    };
    let acronym = |item: &Item| !item.text.chars().any(char::is_lowercase);
    for at in 0..items.len() {
        if !is_name(&items[at]) || acronym(&items[at]) {
            continue;
        }
        let unknown = |item: Option<&Item>| item.is_some_and(|i| matches!(i.what, What::Unknown { capital: true }));
        let before = at > 0 && unknown(items.get(at - 1));
        if before || unknown(items.get(at + 1)) {
            items[at].what = What::Unknown { capital: true };
        }
    }
}

/// What a word is by its form alone.
fn plain(word: &str) -> What<'static> {
    match word {
        "'s" | "’s" | "'" | "’" => return What::Genitive,
        "," => return What::Comma,
        "(" => return What::Open,
        ")" => return What::Close,
        "." | ";" | ":" => return What::Stop,
        "\"" => return What::Filler,
        _ => {}
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return What::Filler;
    }
    match word.to_lowercase().as_str() {
        "of" => What::Link(Link::Of),
        "in" | "from" | "at" | "near" | "within" | "inside" | "outside" | "across" | "around" | "throughout" => {
            What::Link(Link::In)
        }
        "for" => What::Link(Link::For),
        "to" | "against" | "toward" | "towards" | "with" | "on" | "upon" | "about" => What::Link(Link::Toward),
        "by" | "over" | "into" | "between" | "after" | "before" | "during" | "since" | "as" | "than" => {
            What::Link(Link::Other)
        }
        "and" | "or" | "&" => What::And,
        "who" | "which" | "that" | "whose" | "where" => What::Relative,
        "the" | "a" | "an" | "his" | "her" | "its" | "their" | "our" | "this" | "these" | "some" | "several"
        | "many" | "any" => What::Filler,
        _ => What::Unknown { capital: word.starts_with(char::is_uppercase) },
    }
}

fn is_mark(word: &str) -> bool {
    matches!(plain(word), What::Genitive | What::Comma | What::Open | What::Close | What::Stop) || word == "\""
}

/// Words and marks; a hyphen parts words, a genitive's ending is a mark of its own, a period stays in an abbreviation.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let mark = matches!(c, ',' | '(' | ')' | '[' | ']' | ';' | ':' | '"' | '“' | '”' | '/' | '{' | '}' | '!' | '?');
        if c.is_whitespace() || mark || matches!(c, '-' | '–' | '—' | '‑') {
            if let Some(from) = start.take() {
                word(text, from..at, &mut tokens);
            }
            if mark && matches!(c, ',' | '(' | ')' | ';' | ':') {
                tokens.push(at..at + 1);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        word(text, from..text.len(), &mut tokens);
    }
    tokens
}

fn word(text: &str, mut range: Range<usize>, tokens: &mut Vec<Range<usize>>) {
    while text[range.clone()].starts_with(['\'', '‘', '`', '*']) && range.len() > 1 {
        range.start += text[range.clone()].chars().next().map_or(1, char::len_utf8);
    }
    let mut words = &text[range.clone()];
    let mut stop = None;
    // A period after a long word in small letters ends a sentence; after others it may be an abbreviation's.
    if let Some(bare) = words.strip_suffix('.')
        && !bare.contains('.')
    {
        let long = bare.chars().count() > 4;
        if long {
            stop = Some(range.end - 1..range.end);
        }
        words = bare;
        range.end -= 1;
    }
    let ending = ["'s", "’s"].into_iter().find(|ending| words.len() > ending.len() && words.ends_with(ending));
    let bare = ["s'", "s’"].into_iter().find(|ending| words.len() > ending.len() && words.ends_with(ending));
    let genitive = ending.map(str::len).or(bare.map(|e| e.len() - 1));
    let end = range.end - genitive.unwrap_or(0);
    if range.start < end {
        tokens.push(range.start..end);
    }
    if end < range.end {
        tokens.push(end..range.end);
    }
    tokens.extend(stop);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(words: &str, context: Option<&str>) -> Coding {
        Coder::new(Knowledge::english()).code(&Description { words, context, ..Description::default() })
    }

    fn check(cases: &[(&str, &str, &str)]) {
        for &(words, place, sectors) in cases {
            let coding = coded(words, None);
            let got = (coding.place_code().unwrap_or_default(), coding.sectors.join(" "));
            assert_eq!(got, (place, sectors.to_string()), "{words}: {:?}", coding.evidence);
        }
    }

    #[test]
    fn the_words_themselves_tell() {
        check(&[
            ("Peruvian troops", "PER", "MIL"),
            ("Ghana's parliament", "GHA", "LEG"),
            ("the army of Chad", "TCD", "MIL"),
            ("Norwegian Foreign Minister Kari Holm", "NOR", "GOV"),
            ("Lisbon", "PRT", "GOV"),
            ("Portugal", "PRT", ""),
            ("a Nairobi court", "KEN", "JUD"),
            ("protesters in Santiago", "CHL", "CVL OPP"),
            ("the ambassador of Fiji to the United Nations", "FJI", "GOV"),
            ("Danish nurses' union", "DNK", "LAB"),
            ("more than 60 Bolivian miners", "BOL", "LAB"),
        ]);
    }

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
    fn persons_are_not_the_countries_they_are_called_after() {
        check(&[("Jordan Miller", "", ""), ("Michael Chad", "", ""), ("Jordan", "JOR", "")]);
        assert_eq!(coded("President Jordan Miller", None).kind, Some(ActorKind::Person));
    }

    #[test]
    fn the_sentence_around_tells_what_the_words_do_not() {
        let sentence = "Mia Bell, the Maltese health minister, met union leaders in Valletta.";
        let coding = coded("Mia Bell", Some(sentence));
        assert_eq!((coding.place_code(), &coding.sectors[..]), (Some("MLT"), &["GOV"][..]));
        assert!(coding.evidence.iter().all(|clue| clue.in_context));
        let sentence = "Police said the prime minister had left Oslo before Norwegian lawmakers voted.";
        assert_eq!(coded("the prime minister", Some(sentence)).place_code(), Some("NOR"));
        // A threat against a country is not made by it.
        let sentence = "The prime minister threatened to act against Norway.";
        assert_eq!(coded("prime minister", Some(sentence)).place_code(), None);
    }

    #[test]
    fn who_has_no_country_is_of_the_only_one_spoken_of() {
        let coder = Coder::new(Knowledge::english());
        let settled = |text: &str, name: &str, kind: ActorKind, sectors: &[&str]| {
            let mut actor = [Actor {
                id: String::new(),
                name: name.to_string(),
                kind: Some(kind),
                country: None,
                sectors: sectors.iter().map(|s| s.to_string()).collect(),
                described_as: Vec::new(),
                mentions: Vec::new(),
                confidence: Confidence::new(1.0),
            }];
            let mut codings = [coder.code(&Description { words: name, ..Description::default() })];
            settle(&mut actor, &mut codings, &coder, text, &[], None);
            assert_eq!(actor[0].country, codings[0].country);
            actor[0].country.clone()
        };
        let of = |text: &str| settled(text, "President Ana Sol", ActorKind::Person, &["GOV"]);
        assert_eq!(of("President Ana Sol banned Maltese opposition rallies, Reuters said.").as_deref(), Some("MLT"));
        assert_eq!(of("President Ana Sol warned Norway, Maltese officials said."), None);
        assert_eq!(of("President Ana Sol acted against Norway."), None);
        assert_eq!(of("President Ana Sol resigned."), None);
        assert_eq!(of("President Ana Sol gave Maltese police US $5 million.").as_deref(), Some("MLT"));
        assert_eq!(of("President Ana Sol gave Maltese police a US ship."), None);
        let text = "Maltese police held Ana Sol.";
        assert_eq!(settled(text, "Ana Sol", ActorKind::Person, &[]), None);
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
    }

    #[test]
    fn nothing_known_is_no_confidence() {
        let coding = coded("Quentin Zorb", None);
        assert_eq!((coding.confidence.value(), coding.evidence.len()), (0.0, 0));
        for words in ["", " ", "'s", ",", "the", "of", "and", "(", "Ländler-"] {
            assert!(coded(words, Some(words)).sectors.is_empty(), "{words}");
        }
    }
}
