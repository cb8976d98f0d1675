//! Chains that the ranking left apart, though the text as a whole tells that they are one.
//!
//! The ranking looks back a few sentences, mention by mention. Once all chains are known, some can only be one: a full name again; a
//! surname, or a first name, that one person of the text bears; "the senator", where one person is called so; "the bank", where one
//! body alone is named before it, each time or mostly. What could be two stays two.

use std::collections::{BTreeSet, HashMap, HashSet};

use annalist_knowledge::{Gender, NounClass};
use annalist_record::{ActorKind, MentionForm};

use super::definitions::definitions;
use super::mentions::{Determiner, Mention, Number, Scene};
use super::namesakes::Namesakes;

/// A body that "the company" stands for was named in the same sentence or at most so many before.
const BODIES_STAND_BEFORE: usize = 2;
/// A title has at most so many words.
const LONGEST_TITLE: usize = 6;
/// Of persons that bear the same title, whoever was named alone in so many sentences before is meant.
const TITLES_STAND_BEFORE: usize = 3;

/// How many times as often somebody is mentioned than all others who are called the same, to be who is meant.
const MUCH_OFTENER: usize = 3;

/// PLOVER's sector of armed opposition.
const REBELS: &str = "REB";

/// Joins what is one.
pub(super) fn join(
    scene: &Scene,
    mentions: &[Mention],
    chains: Vec<Vec<usize>>,
    namesakes: &Namesakes,
) -> Vec<Vec<usize>> {
    let mut view = View { scene, mentions, chains };
    view.by_definition();
    view.by_apposition();
    view.by_name();
    view.by_short_of_country();
    view.by_part_of_name(namesakes);
    view.by_title();
    view.by_arms();
    view.by_nearness();
    view.by_speaker();
    view.chains.retain(|chain| !chain.is_empty());
    view.chains.sort_by_key(|chain| chain[0]);
    view.chains
}

struct View<'v, 'a> {
    scene: &'v Scene<'a>,
    mentions: &'v [Mention<'a>],
    chains: Vec<Vec<usize>>,
}

/// What a person or body is called: the noun, and the words that go with it.
type Title = (String, Vec<String>);

impl<'a> View<'_, 'a> {
    fn members(&self, chain: usize) -> impl Iterator<Item = &Mention<'a>> {
        self.chains[chain].iter().map(|&m| &self.mentions[m])
    }

    fn merge(&mut self, from: usize, into: usize) {
        if from != into {
            let moved = std::mem::take(&mut self.chains[from]);
            self.chains[into].extend(moved);
            self.chains[into].sort_unstable();
        }
    }

    /// The words of a name, in lower case; nothing for other mentions and for names of places and times.
    fn name(&self, m: &Mention) -> Vec<String> {
        let scene = self.scene;
        if m.form != MentionForm::Name || m.together || !matches!(scene.name_kind(m.head), Some("PER" | "ORG")) {
            return Vec::new();
        }
        // Its own name, not one that it is a part of.
        let whole = scene.name_tokens(m);
        if whole.start < m.tokens.start || whole.end > m.tokens.end {
            return Vec::new();
        }
        let words = scene.name_tokens(m).filter(|&t| scene.upos(t) != "PUNCT" && scene.relation(t) != "det");
        words.map(|t| scene.lower[t].clone()).filter(|w| !matches!(w.as_str(), "'s" | "’s" | "the")).collect()
    }

    fn person(&self, m: &Mention) -> bool {
        self.scene.name_kind(m.head) == Some("PER")
    }

    /// The full names of persons in a chain.
    fn full_names(&self, chain: usize) -> Vec<Vec<String>> {
        self.members(chain).filter(|m| self.person(m)).map(|m| self.name(m)).filter(|n| n.len() > 1).collect()
    }

    fn gender(&self, chain: usize) -> Option<Gender> {
        let of = |gender: Gender| self.members(chain).filter(|m| m.gender == Some(gender)).count();
        match of(Gender::Female).cmp(&of(Gender::Male)) {
            std::cmp::Ordering::Greater => Some(Gender::Female),
            std::cmp::Ordering::Less => Some(Gender::Male),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether two chains may be one, by gender, and by what is said of them in one phrase.
    fn may_be_one(&self, a: usize, b: usize) -> bool {
        if self.members(a).any(|m| self.members(b).any(|other| self.scene.of_two_states(m, other))) {
            return false;
        }
        let genders = !matches!((self.gender(a), self.gender(b)), (Some(x), Some(y)) if x != y);
        let together = |m: &Mention| m.together;
        genders && !self.members(a).chain(self.members(b)).any(together)
    }

    /// The number of a mention's chain.
    fn chain_of(&self, m: usize) -> Option<usize> {
        self.chains.iter().position(|chain| chain.contains(&m))
    }

    /// Takes a mention out of its chain and into another.
    fn shift(&mut self, m: usize, into: usize) {
        self.chains.iter_mut().for_each(|chain| chain.retain(|&k| k != m));
        self.chains[into].push(m);
        self.chains[into].sort_unstable();
    }

    /// The short form that stands in brackets behind a name, wherever it stands.
    fn by_definition(&mut self) {
        let (scene, mentions) = (self.scene, self.mentions);
        for definition in definitions(scene, mentions) {
            let Some(long) = self.chain_of(definition.long) else { continue };
            let short = scene.word(definition.short);
            let called_so = |k: usize| mentions[k].form == MentionForm::Name && scene.word(mentions[k].head) == short;
            let strange = |&k: &usize| {
                mentions[k].form == MentionForm::Name
                    && !called_so(k)
                    && scene.likeness(&mentions[k], &mentions[definition.long]) == "-"
            };
            for m in (0..mentions.len()).filter(|&k| called_so(k)) {
                match self.chain_of(m) {
                    Some(own) if own == long => {}
                    Some(own) if self.chains[own].iter().any(strange) => self.shift(m, long),
                    Some(own) => self.merge(own, long),
                    None => {}
                }
            }
        }
    }

    /// A description between whose end and the next comma nothing stands, and the person named between that comma and the next mark:
    /// "his deputy, Ann Lind, resigned".
    fn by_apposition(&mut self) {
        let (scene, mentions) = (self.scene, self.mentions);
        let mark =
            |t: usize| t >= scene.lower.len() || matches!(scene.word(t), "," | "." | ";" | ":" | "–" | "—" | "”");
        let referents = scene.knowledge.referents();
        for (k, m) in mentions.iter().enumerate() {
            let of_one = m.form == MentionForm::Nominal
                && m.number == Some(Number::Singular)
                && m.determiner != Determiner::None
                && referents.noun(&scene.lemma[m.head]) == Some(NounClass::Person);
            let comma = m.tokens.end;
            if !of_one || comma + 1 >= scene.lower.len() || scene.word(comma) != "," || self.name_stands_before(m) {
                continue;
            }
            let named = |n: &&usize| {
                let n = &mentions[**n];
                let name = scene.name_tokens(n);
                self.person(n)
                    && n.form == MentionForm::Name
                    && name.start == comma + 1
                    && name.len() > 1
                    && mark(name.end)
            };
            let later: Vec<usize> =
                (k + 1..mentions.len()).take_while(|&n| mentions[n].sentence == m.sentence).collect();
            let Some(&name) = later.iter().find(named) else { continue };
            let (Some(own), Some(into)) = (self.chain_of(k), self.chain_of(name)) else { continue };
            let gender = !matches!((m.gender, mentions[name].gender), (Some(x), Some(y)) if x != y);
            // Somebody else by name is somebody else.
            if own == into || !gender || !self.full_names(own).is_empty() {
                continue;
            }
            if self.may_be_one(own, into) { self.merge(own, into) } else { self.shift(k, into) }
        }
    }

    /// Whether a name and a comma stand right before a mention, of which it tells then, or with which it stands in a list.
    fn name_stands_before(&self, m: &Mention) -> bool {
        let scene = self.scene;
        let before = m.tokens.start.checked_sub(2).filter(|&t| scene.word(t + 1) == ",");
        before.is_some_and(|t| scene.name_of[t].is_some() && scene.sentence(t) == m.sentence)
    }

    /// The same name of a body with the country's before it and without: "the Elvan Coast Guard", "the Coast
    /// Guard".
    fn by_short_of_country(&mut self) {
        let countries = self.scene.knowledge.countries();
        let mut called: BTreeSet<(Vec<String>, Option<&str>, usize)> = BTreeSet::new();
        for chain in 0..self.chains.len() {
            for m in self.members(chain).filter(|m| !self.person(m)) {
                let name = self.scene.name_tokens(m);
                let country = countries
                    .named(self.scene.word(name.start))
                    .or_else(|| countries.of_demonym(self.scene.word(name.start)));
                let mut words = self.name(m);
                if country.is_some() && !words.is_empty() {
                    words.remove(0);
                }
                if words.len() > 1 {
                    called.insert((words, country.map(|c| &*c.iso3), chain));
                }
            }
        }
        let mut joins: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (words, country, chain) in called.iter().filter(|(_, country, _)| country.is_some()) {
            let so_called = || called.iter().filter(|(other, ..)| other == words);
            // Of two countries' coast guards, "the Coast Guard" is either.
            if so_called().any(|(_, other, _)| other.is_some() && other != country) {
                continue;
            }
            joins.extend(so_called().filter(|(.., other)| other != chain).map(|(.., other)| (*other, *chain)));
        }
        for (from, into) in joins {
            if !self.chains[from].is_empty() && !self.chains[into].is_empty() && self.may_be_one(from, into) {
                self.merge(from, into);
            }
        }
    }

    /// "I" in a quotation is who says it; "we" is nobody who is only told of, but those for whom it is said.
    fn by_speaker(&mut self) {
        let (scene, mentions) = (self.scene, self.mentions);
        let own = |m: &Mention| matches!(m.pronoun, Some("i" | "we" | "you"));
        // The speaker of each attribution, where it is a mention.
        let speaker = |said: usize| {
            (0..mentions.len())
                .find(|&k| !own(&mentions[k]) && !mentions[k].together && scene.speaks(&mentions[k], said))
        };
        let mut speakers: HashMap<usize, Option<usize>> = HashMap::new();
        // For each speaker's chain, the chain of "we" that nobody is known to be.
        let mut they: HashMap<usize, usize> = HashMap::new();
        for (k, m) in mentions.iter().enumerate() {
            let Some(said) = m.said_in.filter(|_| m.quoted && matches!(m.pronoun, Some("i" | "we"))) else { continue };
            let Some(by) = *speakers.entry(said).or_insert_with(|| speaker(said)) else { continue };
            let (Some(current), Some(chain)) = (self.chain_of(k), self.chain_of(by)) else { continue };
            if current == chain || !self.may_speak(by) {
                continue;
            }
            if m.pronoun == Some("i") {
                if mentions[by].number != Some(Number::Plural) {
                    self.shift(k, chain);
                }
                continue;
            }
            let body =
                self.members(chain).any(|a| a.class == Some(NounClass::Group) || a.number == Some(Number::Plural));
            let meant = self.members(current).any(|a| {
                let named = a.form == MentionForm::Name && matches!(a.class, Some(NounClass::Group | NounClass::Place));
                let told = a.form != MentionForm::Pronoun || matches!(a.pronoun, Some("he" | "she" | "it" | "they"));
                named || a.together || (told && a.said_in == m.said_in && a.quoted)
            });
            let told_of = self.members(current).any(|a| !own(a));
            if meant || !told_of {
                continue;
            }
            let into = if body { chain } else { *they.entry(chain).or_insert(self.chains.len()) };
            if into == self.chains.len() {
                self.chains.push(Vec::new());
            }
            self.shift(k, into);
        }
    }

    /// Whether somebody can be who says something, and no paper or place is.
    fn may_speak(&self, m: usize) -> bool {
        let m = &self.mentions[m];
        let document =
            m.form == MentionForm::Nominal && self.scene.knowledge.sources().is_document(&self.scene.lemma[m.head]);
        !document && matches!(m.class, None | Some(NounClass::Person | NounClass::Group))
    }

    /// The same full name, or the same name of a body.
    fn by_name(&mut self) {
        let mut known: HashMap<(bool, String), usize> = HashMap::new();
        for chain in 0..self.chains.len() {
            let key = |m: &Mention| {
                let name = self.name(m);
                let person = self.person(m);
                let whole = if person { name.len() > 1 } else { !name.is_empty() };
                // "Isis" and "Islamic State" are names of one.
                let known = self.scene.knowledge.actors().named(self.scene.name_as_written(m), None);
                let known = known.filter(|_| !person).map(|known| known.name.to_lowercase());
                whole.then(|| (person, known.unwrap_or_else(|| name.join(" "))))
            };
            let keys: Vec<(bool, String)> = self.members(chain).filter_map(key).collect();
            let before = keys.iter().find_map(|key| known.get(key)).copied();
            let into = before.filter(|&into| self.may_be_one(chain, into)).unwrap_or(chain);
            self.merge(chain, into);
            for key in keys {
                known.entry(key).or_insert(into);
            }
        }
    }

    /// A surname or first name of one person.
    fn by_part_of_name(&mut self, namesakes: &Namesakes) {
        for chain in 0..self.chains.len() {
            // Of several who bear the name, whoever is meant.
            if let Some(meant) = self.chains[chain].iter().find_map(|&m| namesakes.named_in_full(m)) {
                let bearer = meant.and_then(|m| self.chain_of(m));
                if let Some(bearer) = bearer.filter(|&b| self.full_names(chain).is_empty() && self.may_be_one(chain, b))
                {
                    self.merge(chain, bearer);
                }
                continue;
            }
            let names: HashSet<Vec<String>> = self
                .members(chain)
                .filter(|m| self.person(m))
                .map(|m| self.name(m))
                .filter(|n| !n.is_empty())
                .collect();
            if names.is_empty() || names.iter().any(|n| n.len() > 1) {
                continue;
            }
            let of = |other: usize, last: bool| {
                other != chain
                    && self.full_names(other).iter().any(|full| {
                        let part = if last { full.last() } else { full.first() };
                        names.iter().all(|n| n.first() == part)
                    })
            };
            // Of several, whoever is named in full much oftener than the others.
            let bearers = |last: bool| {
                let all: Vec<usize> = (0..self.chains.len()).filter(|&other| of(other, last)).collect();
                foremost(&all, |other| self.full_names(other).len())
            };
            let first_name = names.iter().flatten().all(|n| self.scene.knowledge.referents().first_name(n).is_some());
            let bearer = bearers(true).or_else(|| bearers(false).filter(|_| first_name));
            if let Some(bearer) = bearer.filter(|&b| self.may_be_one(chain, b)) {
                self.merge(chain, bearer);
            }
        }
    }

    /// Noun and modifiers of a description; of a title, its last noun.
    fn title(&self, tokens: impl DoubleEndedIterator<Item = usize> + Clone, head: Option<usize>) -> Option<Title> {
        let scene = self.scene;
        let referents = scene.knowledge.referents();
        let noun = |t: &usize| {
            referents.title(&scene.lower[*t]).is_some()
                || (matches!(scene.upos(*t), "NOUN" | "PROPN")
                    && referents.noun(&scene.lemma[*t]) == Some(NounClass::Person))
        };
        let head = head.or_else(|| tokens.clone().rev().find(noun))?;
        let lemma = referents.title(&scene.lower[head]).unwrap_or(&scene.lemma[head]);
        let modifiers = tokens.filter(|&t| t != head && matches!(scene.upos(t), "NOUN" | "PROPN" | "ADJ"));
        Some((lemma.to_string(), modifiers.map(|t| scene.lemma[t].clone()).collect()))
    }

    /// The first of the nouns and adjectives that stand right before a token.
    fn words_before(&self, token: usize) -> usize {
        let scene = self.scene;
        let own = scene.name_of[token];
        let word = |t: usize| {
            let other = scene.name_of[t].is_some() && scene.name_of[t] != own && scene.name_kind(t) == Some("PER");
            matches!(scene.upos(t), "NOUN" | "PROPN" | "ADJ") && !other
        };
        let floor = token.saturating_sub(LONGEST_TITLE);
        (floor..token).rev().find(|&t| !word(t)).map_or(floor, |t| t + 1)
    }

    /// What the persons of a chain are called in it: titles before their names, descriptions.
    fn titles(&self, chain: usize) -> Vec<Title> {
        let of = |m: &Mention| match m.form {
            MentionForm::Name if self.person(m) => {
                let name = self.scene.name_tokens(m).start;
                self.title(self.words_before(name)..name, None)
            }
            MentionForm::Nominal if m.number != Some(Number::Plural) => {
                self.title(m.tokens.start..m.head + 1, Some(m.head))
            }
            _ => None,
        };
        self.members(chain).filter_map(of).collect()
    }

    /// Where a mention ends, without a genitive's ending.
    fn end(&self, m: &Mention) -> usize {
        let last = m.tokens.end - 1;
        if last > m.head && self.scene.word(last).starts_with(['\'', '’']) { last } else { m.tokens.end }
    }

    /// Whether a mention is a noun and its article.
    fn bare(&self, m: &Mention) -> bool {
        self.end(m) == m.tokens.start + 2 && m.head == m.tokens.start + 1
    }

    fn named(&self, chain: usize) -> bool {
        self.members(chain).any(|m| m.form == MentionForm::Name)
    }

    /// The descriptions of a chain without a name, if they have one head, and "the" at least once.
    fn description(&self, chain: usize, class: NounClass) -> Option<Vec<&Mention<'a>>> {
        if self.chains[chain].is_empty() || self.named(chain) {
            return None;
        }
        let one = |m: &&Mention| m.form == MentionForm::Nominal && m.number != Some(Number::Plural);
        let told: Vec<&Mention> = self.members(chain).filter(one).collect();
        let many = self.members(chain).filter(|m| m.form == MentionForm::Nominal && m.number == Some(Number::Plural));
        if 2 * many.count() > told.len() {
            return None;
        }
        let first = told.first()?;
        let lemma = &self.scene.lemma[first.head];
        let one = told.iter().all(|m| self.scene.lemma[m.head] == *lemma);
        let the = told.iter().any(|m| m.determiner == Determiner::Definite);
        let own = told.iter().any(|m| m.determiner == Determiner::Indefinite);
        (one && the && !own && self.scene.knowledge.referents().noun(lemma) == Some(class)).then_some(told)
    }

    /// "The senator", "the party's nominee", of whom one is called so.
    fn by_title(&mut self) {
        let titles: Vec<Vec<Title>> = (0..self.chains.len())
            .map(|chain| if !self.full_names_or_surname(chain) { Vec::new() } else { self.titles(chain) })
            .collect();
        let lesser = |words: &[String]| words.iter().any(|w| self.scene.knowledge.referents().is_lesser(w));
        let mut joins: Vec<(usize, usize)> = Vec::new();
        for chain in 0..self.chains.len() {
            let Some(told) = self.description(chain, NounClass::Person) else { continue };
            // What is added after the noun tells of somebody else than a bare title would.
            if told.iter().any(|m| self.end(m) > m.head + 1) {
                continue;
            }
            let Some((noun, own)) = told
                .iter()
                .filter_map(|m| self.title(m.tokens.start..m.head + 1, Some(m.head)))
                .max_by_key(|(_, modifiers)| modifiers.len())
            else {
                continue;
            };
            let fits = |title: &Title| {
                title.0 == noun && own.iter().all(|w| title.1.contains(w)) && lesser(&own) == lesser(&title.1)
            };
            let called: Vec<usize> = (0..self.chains.len())
                .filter(|&other| titles[other].iter().any(fits) && self.may_be_one(chain, other))
                .collect();
            // Of several, whoever has the title without further words; then whoever was named alone shortly before.
            let exact = |&&other: &&usize| titles[other].iter().any(|t| fits(t) && t.1.len() == own.len());
            let first = told[0];
            let lately = |&&other: &&usize| {
                let named = |m: &Mention| {
                    m.form == MentionForm::Name
                        && m.sentence <= first.sentence
                        && first.sentence - m.sentence <= TITLES_STAND_BEFORE
                        && m.tokens.start < first.tokens.start
                };
                self.members(other).any(named)
            };
            let most = || foremost(&called, |other| self.chains[other].len());
            if let Some(person) =
                only(&called, |_| true).or(only(&called, exact)).or(only(&called, lately)).or_else(most)
            {
                joins.push((chain, person));
            }
        }
        joins.into_iter().for_each(|(from, into)| self.merge(from, into));
    }

    fn full_names_or_surname(&self, chain: usize) -> bool {
        self.members(chain).any(|m| m.form == MentionForm::Name && self.person(m) && !m.together)
    }

    /// "The insurgents", where one armed group is named.
    fn by_arms(&mut self) {
        let actors = self.scene.knowledge.actors();
        let armed = |sectors: &[&str]| sectors.contains(&REBELS);
        let group = |m: &Mention| {
            let known =
                (m.form == MentionForm::Name).then(|| actors.named(self.scene.name_as_written(m), None)).flatten();
            known.is_some_and(|actor| actor.kind == Some(ActorKind::ArmedGroup))
        };
        let groups: Vec<usize> = (0..self.chains.len()).filter(|&chain| self.members(chain).any(group)).collect();
        let [group] = groups[..] else { return };
        let insurgents = |chain: usize| {
            let mut told = self.members(chain).filter(|m| m.form == MentionForm::Nominal).peekable();
            !self.named(chain)
                && told.peek().is_some()
                && told.all(|m| {
                    let words = actors.word(&self.scene.lemma[m.head]);
                    m.determiner == Determiner::Definite
                        && m.number == Some(Number::Plural)
                        && self.bare(m)
                        && words.first().is_some_and(|word| armed(&word.sectors))
                })
        };
        let all: Vec<usize> = (0..self.chains.len()).filter(|&chain| insurgents(chain)).collect();
        all.into_iter().for_each(|chain| self.merge(chain, group));
    }

    /// "The bank", of the body that alone is named before.
    fn by_nearness(&mut self) {
        let referents = self.scene.knowledge.referents();
        let actors = self.scene.knowledge.actors();
        // Whatever does something is a body, and not where it is.
        let acts = |m: &Mention| matches!(self.scene.role(m.head), "subject" | "passive" | "poss" | "compound");
        let bodies: Vec<usize> = (0..self.chains.len())
            .filter(|&chain| {
                let named = |m: &Mention| self.scene.name_kind(m.head) == Some("ORG") && !self.name(m).is_empty();
                self.members(chain).any(named) && self.members(chain).any(acts)
            })
            .collect();
        let mut joins: Vec<(usize, usize)> = Vec::new();
        for chain in 0..self.chains.len() {
            let Some(told) = self.description(chain, NounClass::Group) else { continue };
            let lemma = &self.scene.lemma[told[0].head];
            let bare: Vec<&Mention> =
                told.iter().copied().filter(|m| m.determiner == Determiner::Definite && self.bare(m)).collect();
            if bare.is_empty() {
                continue;
            }
            // "the foundation", of the Lind Foundation; "the firm", of "Lind, a firm".
            let said = |body: usize| {
                self.members(body).any(|m| {
                    self.name(m).contains(lemma)
                        || (m.form == MentionForm::Nominal && self.scene.lemma[m.head] == *lemma)
                })
            };
            let so_called: Vec<usize> = bodies.iter().copied().filter(|&b| said(b)).collect();
            if let Some(body) = only(&so_called, |_| true) {
                joins.push((chain, body));
                continue;
            }
            if !so_called.is_empty() || referents.is_organ(lemma) {
                continue;
            }
            let kind = actors.word(lemma).first().and_then(|word| word.kind);
            if !referents.is_any_body(lemma) && kind != Some(ActorKind::Company) {
                continue;
            }
            // A committee is no bank; but it may be "the group".
            let may_be = |body: usize| {
                self.members(body).filter(|m| !self.name(m).is_empty()).all(|m| {
                    let name = self.name(m);
                    let last = name.last().map(String::as_str).unwrap_or_default();
                    let other = referents.noun(last) == Some(NounClass::Group) && last != lemma;
                    let known = actors.named(self.scene.name_as_written(m), None).and_then(|a| a.kind);
                    let same = known.is_none() || kind.is_none() || known == kind;
                    referents.is_any_body(lemma) || (!other && same)
                })
            };
            let mut votes: HashMap<usize, usize> = HashMap::new();
            for m in &bare {
                let near = |&&body: &&usize| {
                    self.members(body).any(|n| {
                        n.form == MentionForm::Name
                            && n.tokens.start < m.tokens.start
                            && m.sentence - n.sentence.min(m.sentence) <= BODIES_STAND_BEFORE
                    })
                };
                // Of several, whichever was named last, if alone in its sentence.
                let last = |body: usize| {
                    let before =
                        self.members(body).filter(|n| n.form == MentionForm::Name && n.tokens.start < m.tokens.start);
                    before.map(|n| n.sentence).max()
                };
                let named: Vec<usize> = bodies.iter().filter(near).copied().filter(|&b| may_be(b)).collect();
                let latest = named.iter().filter_map(|&b| last(b)).max();
                if let Some(body) = only(&named, |&&b| last(b) == latest) {
                    *votes.entry(body).or_default() += 1;
                }
            }
            let most = votes.into_iter().max_by_key(|&(body, votes)| (votes, std::cmp::Reverse(body)));
            // Those before which none is named do not speak for one that is named later.
            if let Some((body, _)) = most.filter(|&(_, votes)| 2 * votes > bare.len()) {
                joins.push((chain, body));
            }
        }
        joins.into_iter().for_each(|(from, into)| self.merge(from, into));
    }
}

/// The one with much the most of something: alone, or with so many times as much as any other.
fn foremost(list: &[usize], of: impl Fn(usize) -> usize) -> Option<usize> {
    let mut counts: Vec<(usize, usize)> = list.iter().map(|&chain| (of(chain), chain)).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    match counts[..] {
        [] => None,
        [(_, first)] => Some(first),
        [(most, first), (next, _), ..] => (most >= MUCH_OFTENER * next).then_some(first),
    }
}

/// The only one that is so, if there is one.
fn only(list: &[usize], is: impl Fn(&&usize) -> bool) -> Option<usize> {
    let mut found = list.iter().filter(is);
    let first = found.next().copied();
    first.filter(|_| found.next().is_none())
}
