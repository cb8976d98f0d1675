//! What joins reports: prints of one text, actors that are one, mentions of one event. Made as reports come in, from what was there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use annalist_identity::{
    EventWords, Happening, HappeningWeights, Name, ONE_EVENT, Profile, Signature, apart, content_words, days_apart,
    likeness, same_actor,
};
use annalist_knowledge::Knowledge;
use annalist_record::{Actor, ActorKind, Event, MentionForm, Place, PlaceKind, Report};
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use crate::add::{json, word};
use crate::marks::links::{Bond, Bonds, canonical};
use crate::{items, quotations};

/// Stands for the day of two reports of which neither has one.
const SOME_DAY: Option<Date> = Some(Date::constant(2000, 1, 1));
/// Reports that share this many keys of their signatures are compared; two texts that have nothing in common share that many once
/// in some two million pairs.
const SHARED_KEYS: usize = 2;
/// At most so many mentions of events are compared with a new one.
const COMPARED: usize = 200;
/// The words of at most so many mentions are remembered, and those of the last report: some 2 kB each.
const REMEMBERED: usize = 10_000;
/// Mentions of events further apart than this, in days, are not compared.
const WINDOW: i64 = 4;

/// The first report that prints this one's text.
pub(crate) fn print_of(connection: &Connection, report: &Report) -> rusqlite::Result<Option<i64>> {
    let same = connection
        .prepare_cached("SELECT min(print_of) FROM report WHERE content_id = ?1")?
        .query_row([&report.content_id], |row| row.get::<_, Option<i64>>(0))?;
    let Some(signature) =
        report.signature.as_deref().and_then(|s| s.parse::<Signature>().ok()).filter(|_| same.is_none())
    else {
        return Ok(same);
    };
    let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
    let mut find = connection.prepare_cached("SELECT report FROM print_key WHERE print_key = ?1")?;
    for key in signature.keys() {
        for report in find.query_map([key], |row| row.get::<_, i64>(0))? {
            *shared.entry(report?).or_default() += 1;
        }
    }
    let mut look = connection.prepare_cached("SELECT signature, print_of, id FROM report WHERE key = ?1")?;
    for (candidate, _) in shared.into_iter().filter(|(_, keys)| *keys >= SHARED_KEYS) {
        let (other, first, id): (Option<String>, i64, String) =
            look.query_row([candidate], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        // An earlier version of the same report is no reprint of it.
        let print =
            || other.as_deref().and_then(|s| s.parse::<Signature>().ok()).is_some_and(|s| s.is_reprint_of(&signature));
        if (id != report.id || first != candidate) && print() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

/// Takes away everything that was made from a report's record.
pub(crate) fn unlink(connection: &Connection, report: i64) -> rusqlite::Result<()> {
    let numbers = |query: &str| -> rusqlite::Result<Vec<i64>> {
        connection.prepare_cached(query)?.query_map([report], |row| row.get(0))?.collect()
    };
    let entities = numbers("SELECT DISTINCT entity FROM actor WHERE report = ?1 AND entity IS NOT NULL")?;
    let happenings = numbers("SELECT DISTINCT happening FROM event WHERE report = ?1")?;
    items::forget(connection, report)?;
    connection.execute("DELETE FROM roll WHERE report = ?1", [report])?;
    quotations::forget(connection, report)?;
    connection.execute("DELETE FROM participant WHERE event IN (SELECT key FROM event WHERE report = ?1)", [report])?;
    for table in ["event", "statement", "figure", "commitment", "change", "place", "actor", "print_key"] {
        connection.execute(&format!("DELETE FROM {table} WHERE report = ?1"), [report])?;
    }
    for happening in happenings {
        forget_happening(connection, happening)?;
    }
    for entity in entities {
        // What an analyst said of somebody is kept for whom it may concern yet.
        let unused = "DELETE FROM entity WHERE key = ?1 AND merged_into IS NULL AND fixed IS NULL AND NOT rejected
                        AND NOT EXISTS (SELECT 1 FROM actor WHERE entity = ?1) AND NOT EXISTS (SELECT 1 FROM entity e WHERE e.merged_into = ?1)";
        connection.execute(unused, [entity])?;
    }
    Ok(())
}

/// Takes away a happening that no report tells.
pub(crate) fn forget_happening(connection: &Connection, happening: i64) -> rusqlite::Result<()> {
    let unused = "DELETE FROM happening WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE happening = ?1)";
    connection.prepare_cached(unused)?.execute([happening]).map(|_| ())
}

/// Puts what an analyst said of an entity in the place of what was read of it.
pub(crate) fn fix(connection: &Connection, entity: i64) -> rusqlite::Result<()> {
    let said = |column: &str| {
        format!(
            "{column} = CASE WHEN json_type(fixed, '$.{column}') IS NULL THEN {column} ELSE json_extract(fixed, '$.{column}') END"
        )
    };
    let columns = ["name", "kind", "country", "sectors"].map(said).join(", ");
    let update = format!("UPDATE entity SET {columns} WHERE key = ?1 AND fixed IS NOT NULL");
    connection.prepare_cached(&update)?.execute([entity]).map(|_| ())
}

/// Puts together anew what is known of an entity, from the actors that are it.
pub(crate) fn relearn(connection: &Connection, entity: i64) -> rusqlite::Result<()> {
    let query = "SELECT actor.name, actor.kind, actor.country, actor.sectors, actor.described FROM actor
                 WHERE actor.entity = ?1 ORDER BY report, id";
    type Told = (String, Option<String>, Option<String>, String, String);
    let told: Vec<Told> = connection
        .prepare_cached(query)?
        .query_map([entity], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (mut profile, list) =
        (Profile::default(), |json: &str| serde_json::from_str::<Vec<String>>(json).unwrap_or_default());
    let names: Vec<String> = told.iter().map(|(called, ..)| called.clone()).collect();
    for (_, kind, country, sectors, described) in told {
        let described = list(&described).iter().flat_map(|words| content_words(words, Knowledge::english())).collect();
        profile.learn(&Profile {
            kind: kind.and_then(|kind| serde_json::from_value::<ActorKind>(kind.into()).ok()),
            country,
            sectors: list(&sectors).into_iter().collect(),
            described,
        });
    }
    let knowledge = Knowledge::english();
    let name = names
        .first()
        .map(|first| names.iter().fold(first.as_str(), |name, other| shown(name, other, profile.kind, knowledge)));
    if let Some(name) = name {
        let update =
            "UPDATE entity SET name = ?2, kind = ?3, country = ?4, sectors = ?5, described = ?6 WHERE key = ?1";
        let kind = profile.kind.as_ref().map(word);
        let (sectors, described) = (json(&profile.sectors), json(&profile.described));
        connection.prepare_cached(update)?.execute(params![entity, name, kind, profile.country, sectors, described])?;
    }
    fix(connection, entity)
}

/// The name that somebody of two names is shown by: a country's common one, a person's fuller one, a body's first, unless that is letters
/// alone and the other is not.
fn shown<'n>(name: &'n str, other: &'n str, kind: Option<ActorKind>, knowledge: &'n Knowledge) -> &'n str {
    let countries = knowledge.countries();
    if kind == Some(ActorKind::Person) {
        // "Norland's Edda Holm" is no fuller name.
        let of_country =
            |name: &str| name.split(' ').next().is_some_and(|word| countries.lookup(word).next().is_some());
        let whole = name.contains(' ') && of_country(other) && !of_country(name);
        let fuller = other.chars().count() > name.chars().count() && !whole;
        return if fuller { other } else { name };
    }
    let capital = |name| countries.of_capital(name).filter(|_| kind == Some(ActorKind::Government));
    let country = |name| countries.named(name).or_else(|| capital(name));
    if let Some(country) = country(name).or_else(|| country(other)) {
        return &country.name;
    }
    let letters = |name: &str| !name.contains(' ') && !name.chars().any(char::is_lowercase);
    let genitive = |name: &str| ["'s", "’s"].iter().any(|ending| name.ends_with(ending));
    if letters(name) && !letters(other) && !genitive(other) { other } else { name }
}

/// Joins what one report tells with what is in the ledger.
pub(crate) struct Linker<'c> {
    connection: &'c Connection,
    pub(crate) knowledge: &'c Knowledge,
    /// Entities that this report names already: who else is called by a last name alone is perhaps somebody else.
    entities: BTreeSet<i64>,
    /// Happenings that this report tells already: two of its events are not one.
    happenings: BTreeSet<i64>,
    /// Mentions in other reports that events of this one were compared with, by the number of the event.
    others: HashMap<i64, Other>,
    /// What is known of the reports that these are in, by the number of the report.
    told_in: HashMap<i64, ToldIn>,
    /// Events that may be the same because of the reports they are in, by type.
    beside: HashMap<String, BTreeSet<i64>>,
    /// What is decided already.
    bonds: Bonds,
    /// Words of mentions that earlier reports were compared with.
    remembered: Remembered,
}

/// The words of mentions that were read before, by the number of the event: reports that come in together are compared with the same ones.
#[derive(Debug, Default)]
pub(crate) struct Remembered(HashMap<i64, ReadWords>);

/// The words of a mention, and what they are read from.
#[derive(Debug)]
struct ReadWords {
    trigger: String,
    evidence: String,
    words: BTreeSet<String>,
    general: bool,
    event_words: Option<EventWords>,
}

/// Whom so many reports name is meant by their last name alone,
const RENOWNED: i64 = 8;
/// if so many of the reports that name somebody of that last name speak of them.
const NEARLY_ALL: f64 = 0.8;

struct Entity {
    key: i64,
    name: String,
    /// The name as names are compared.
    name_key: String,
    /// How many independent reports name it.
    reports: i64,
    /// What is known of it; of the words that describe it, those that also describe whom it is compared with.
    profile: Profile,
    /// All words that describe it, as JSON: very many, of those who are often named.
    described: String,
    /// An analyst said something of it.
    fixed: bool,
}

/// Who may be meant by a last name.
enum Bearer {
    /// Only this one.
    One(Entity),
    /// One of several, or somebody else.
    Unsure,
    /// Nobody who is known.
    Nobody,
}

impl<'c> Linker<'c> {
    pub(crate) fn new(connection: &'c Connection, knowledge: &'c Knowledge) -> Linker<'c> {
        Linker {
            connection,
            knowledge,
            entities: BTreeSet::new(),
            happenings: BTreeSet::new(),
            others: HashMap::new(),
            told_in: HashMap::new(),
            beside: HashMap::new(),
            bonds: Bonds::default(),
            remembered: Remembered::default(),
        }
    }

    /// The linker, with words that were read before.
    pub(crate) fn remembering(self, remembered: Remembered) -> Linker<'c> {
        Linker { remembered, ..self }
    }

    /// The words that it read, and those that it was given.
    pub(crate) fn remembered(mut self) -> Remembered {
        if self.remembered.0.len() > REMEMBERED {
            self.remembered.0.clear();
        }
        for (event, other) in self.others.drain().filter(|(_, other)| other.read) {
            let Other { trigger, evidence, told, words, .. } = other;
            let read = ReadWords { trigger, evidence, words: told.words, general: told.general, event_words: words };
            self.remembered.0.insert(event, read);
        }
        self.remembered
    }

    /// The linker, with what is known of a report that was linked before.
    pub(crate) fn bound(self, bonds: Bonds) -> Linker<'c> {
        Linker { bonds, ..self }
    }

    /// Takes in what analysts decided of a report's items.
    pub(crate) fn decide(&mut self, report: &str) -> rusqlite::Result<()> {
        self.bonds.decide(self.connection, report)
    }

    /// Keeps the keys of a report's signature.
    pub(crate) fn prints(&mut self, report: i64, of: &Report) -> rusqlite::Result<()> {
        let Some(signature) = of.signature.as_deref().and_then(|s| s.parse::<Signature>().ok()) else { return Ok(()) };
        let mut insert = self.connection.prepare_cached("INSERT OR IGNORE INTO print_key VALUES (?1, ?2)")?;
        signature.keys().try_for_each(|key| insert.execute(params![key, report]).map(|_| ()))
    }

    /// The entity that an actor is, made if need be. `None` for actors that no name is told of, and for those of whom it cannot be
    /// told which of several they are.
    pub(crate) fn entity(&mut self, actor: &Actor) -> rusqlite::Result<Option<i64>> {
        if !actor.mentions.iter().any(|m| m.form == MentionForm::Name) {
            return Ok(None);
        }
        let Some(name) = Name::new(&actor.name, actor.kind, self.knowledge) else { return Ok(None) };
        let own = Profile::of(actor, self.knowledge);
        let number = match self.bonds.entity(self.connection, &actor.id)? {
            Bond::This(entity) => {
                let entity = canonical(self.connection, entity)?;
                self.entities.insert(entity);
                return Ok(Some(entity));
            }
            Bond::New(number) => {
                let key = self.new_entity(actor, &name, &own, number)?;
                self.entities.insert(key);
                return Ok(Some(key));
            }
            Bond::Open(number) => number,
        };
        let known = self.entities_by("SELECT * FROM entity WHERE name_key = ?1 ORDER BY key", &name.key, &own)?;
        let judged: Vec<Option<bool>> = known.iter().map(|e| same_actor(&own, &e.profile, false)).collect();
        // Of what kind somebody is who has a single name, a report may not tell.
        let last = name.last.as_ref().or(Some(&name.key).filter(|_| actor.kind.is_none())).filter(|_| name.words == 1);
        let bearer = match last {
            Some(last) => self.bearer(last, &own)?,
            None => Bearer::Nobody,
        };
        // Of those called by this name alone the best known.
        let alone = known.iter().zip(&judged).filter(|(_, same)| **same == Some(true)).map(|(e, _)| e.reports).max();
        let better = |entity: &Entity| name.last.is_some() || alone.is_none_or(|reports| reports < entity.reports);
        let found = match (bearer, judged.iter().filter(|same| **same == Some(true)).count()) {
            (Bearer::One(entity), _) if better(&entity) => Some(entity),
            (_, 1) => judged.iter().position(|same| *same == Some(true)).and_then(|at| known.into_iter().nth(at)),
            (_, 0) if judged.contains(&None) => return Ok(None),
            (Bearer::Unsure, 0) if name.last.is_some() => return Ok(None),
            (_, 0) => self.in_other_words(&name, &own)?,
            _ => return Ok(None),
        };
        let key = match found {
            Some(entity) => canonical(self.connection, self.learn(entity, actor, &own)?)?,
            None => self.new_entity(actor, &name, &own, number)?,
        };
        self.entities.insert(key);
        Ok(Some(key))
    }

    /// Who it is that is called by a last name alone: whom a country or description tells to be meant, else the one of whom nearly all reports
    /// that name a bearer speak.
    fn bearer(&self, last: &str, own: &Profile) -> rusqlite::Result<Bearer> {
        let bearers =
            self.entities_by("SELECT * FROM entity WHERE last_name = ?1 AND name_key <> ?1 ORDER BY key", last, own)?;
        let (mut same, mut possible) = (Vec::new(), Vec::new());
        for entity in bearers {
            match same_actor(own, &entity.profile, true) {
                Some(true) => same.push(entity),
                Some(false) => {}
                None => possible.push(entity),
            }
        }
        let only = same.len() < 2;
        if same.is_empty() {
            if possible.is_empty() {
                return Ok(Bearer::Nobody);
            }
            let all: i64 = possible.iter().map(|entity| entity.reports).sum();
            let known =
                |entity: &Entity| entity.reports >= RENOWNED && entity.reports as f64 >= NEARLY_ALL * all as f64;
            same.extend(possible.into_iter().find(known));
        }
        Ok(match same.pop().filter(|one| only && !self.entities.contains(&one.key)) {
            Some(one) => Bearer::One(one),
            None => Bearer::Unsure,
        })
    }

    /// The only person of the same last name, and of no other country, whose name has all the words of this one, or the other way round: "Recep Tayyip
    /// Erdoğan" of "Tayyip Erdoğan".
    fn in_other_words(&self, name: &Name, own: &Profile) -> rusqlite::Result<Option<Entity>> {
        let Some(last) = name.last.as_ref().filter(|_| name.words > 1) else { return Ok(None) };
        let of = |key: &str| key.split(' ').map(str::to_string).collect::<BTreeSet<String>>();
        let words = of(&name.key);
        let mut same =
            self.entities_by("SELECT * FROM entity WHERE last_name = ?1 AND name_key <> ?1 ORDER BY key", last, own)?;
        same.retain(|entity| {
            let other = of(&entity.name_key);
            other.len() > 1
                && (words.is_subset(&other) || other.is_subset(&words))
                && same_actor(own, &entity.profile, true) != Some(false)
        });
        let only = same.len() < 2;
        Ok(same.pop().filter(|one| only && !self.entities.contains(&one.key)))
    }

    /// The entities that a query finds by a key, to be compared with `own`.
    fn entities_by(&self, query: &str, key: &str, own: &Profile) -> rusqlite::Result<Vec<Entity>> {
        let quoted: Vec<(&String, String)> = own.described.iter().map(|word| (word, json(word))).collect();
        let read = |row: &Row| {
            let list = |column: &str| -> rusqlite::Result<BTreeSet<String>> {
                Ok(serde_json::from_str(&row.get::<_, String>(column)?).unwrap_or_default())
            };
            let kind: Option<String> = row.get("kind")?;
            let described: String = row.get("described")?;
            let shared = quoted.iter().filter(|(_, quoted)| described.contains(quoted.as_str()));
            let mut profile = Profile {
                kind: kind.and_then(|kind| serde_json::from_value::<ActorKind>(kind.into()).ok()),
                country: row.get("country")?,
                sectors: list("sectors")?,
                described: shared.map(|(word, _)| (*word).clone()).collect(),
            };
            let fixed = row.get::<_, Option<String>>("fixed")?;
            if let Some(said) = fixed.as_deref().and_then(|f| serde_json::from_str::<serde_json::Value>(f).ok()) {
                // What an analyst says otherwise does not set apart those of whom it is read.
                profile.kind = profile.kind.filter(|_| said.get("kind").is_none());
                profile.country = profile.country.filter(|_| said.get("country").is_none());
                if said.get("sectors").is_some() {
                    profile.sectors.clear();
                }
            }
            let fixed = fixed.is_some();
            let (key, name_key, reports) = (row.get("key")?, row.get("name_key")?, row.get("reports")?);
            Ok(Entity { key, name: row.get("name")?, name_key, reports, profile, described, fixed })
        };
        self.connection.prepare_cached(query)?.query_map([key], read)?.collect()
    }

    /// Whether an analyst said that an entity is nobody.
    pub(crate) fn is_rejected(&self, entity: Option<i64>) -> bool {
        let rejected = "SELECT rejected FROM entity WHERE key = ?1 AND rejected";
        entity.is_some_and(|entity| {
            self.connection.prepare_cached(rejected).and_then(|mut s| s.exists([entity])).unwrap_or(false)
        })
    }

    fn learn(&self, entity: Entity, actor: &Actor, own: &Profile) -> rusqlite::Result<i64> {
        let mut profile = entity.profile.clone();
        profile.learn(own);
        // It is written anew only when something is new, and only then need all the words be known.
        let described = match profile.described == entity.profile.described {
            true => entity.described,
            false => {
                profile
                    .described
                    .extend(serde_json::from_str::<BTreeSet<String>>(&entity.described).unwrap_or_default());
                json(&profile.described)
            }
        };
        let name = shown(&entity.name, &actor.name, profile.kind, self.knowledge);
        if profile != entity.profile || *name != *entity.name {
            let mut update = self.connection.prepare_cached(
                "UPDATE entity SET name = ?2, kind = ?3, country = ?4, sectors = ?5, described = ?6 WHERE key = ?1",
            )?;
            let kind = profile.kind.as_ref().map(word);
            update.execute(params![entity.key, name, kind, profile.country, json(&profile.sectors), described])?;
            if entity.fixed {
                fix(self.connection, entity.key)?;
            }
        }
        Ok(entity.key)
    }

    /// Makes an entity, with a number if one is given.
    fn new_entity(&self, actor: &Actor, name: &Name, own: &Profile, number: Option<i64>) -> rusqlite::Result<i64> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO entity (name, name_key, last_name, kind, country, sectors, described, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let number = number.map_or_else(|| self.bonds.next(self.connection, "entity"), |number| Ok(Some(number)))?;
        let kind = own.kind.as_ref().map(word);
        let (sectors, described) = (json(&own.sectors), json(&own.described));
        let shown = shown(&actor.name, &actor.name, own.kind, self.knowledge);
        insert.execute(params![shown, name.key, name.last, kind, own.country, sectors, described, number])?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Makes a happening, with a number if one is given.
    fn new_happening(&self, event: &Event, number: Option<i64>) -> rusqlite::Result<i64> {
        let mut insert = self.connection.prepare_cached("INSERT INTO happening (type, key) VALUES (?1, ?2)")?;
        let number = number.map_or_else(|| self.bonds.next(self.connection, "happening"), |number| Ok(Some(number)))?;
        insert.execute(params![event.kind, number])?;
        Ok(self.connection.last_insert_rowid())
    }

    /// The happening that an event is a mention of, made if need be. `actors` and `recipients` are the entities that take part, `at` is its
    /// place with its number across reports.
    pub(crate) fn happening(
        &mut self,
        report: i64,
        event: &Event,
        (actors, recipients): (&[i64], &[i64]),
        at: Option<(&Place, i64)>,
        days: Option<&(String, String)>,
        published: Option<&str>,
    ) -> rusqlite::Result<i64> {
        let number = match self.bonds.happening(self.connection, &event.id)? {
            Bond::This(happening) => {
                self.happenings.insert(happening);
                return Ok(happening);
            }
            Bond::New(number) => {
                let happening = self.new_happening(event, number)?;
                self.happenings.insert(happening);
                return Ok(happening);
            }
            Bond::Open(number) => number,
        };
        let place = at.map(|(place, _)| place);
        let date = |day: &str| day.get(..10)?.parse::<Date>().ok();
        let mut own = Happening {
            kind: event.kind.clone(),
            days: days.and_then(|(first, last)| Some((date(first)?, date(last)?))),
            published: published.and_then(date),
            actors: actors.iter().chain(recipients).copied().collect(),
            doers: actors.iter().copied().collect(),
            parties: event.actors.len() + event.recipients.len(),
            ahead: is_ahead(&word(&event.status)),
            mode: event.mode.clone(),
            country: place.and_then(|p| p.country.clone()),
            at: place.filter(|p| local(p.kind.as_ref().map(word).as_deref())).and_then(|p| p.lat.zip(p.lon)),
            words: content_words(&event.evidence.text, self.knowledge),
            general: is_general(&event.trigger.text, self.knowledge),
        };
        let words = event_words(&event.trigger.text, &event.evidence.text, &own, self.knowledge);
        let published = own.published;
        let mut best: Option<(f64, i64)> = None;
        let connection = self.connection;
        for number in self.mentions_near(report, &own, at)? {
            if !self.others.contains_key(&number) {
                let mention = self.mention(number, report)?;
                self.others.insert(number, mention);
            }
            let Some(other) = self.others.get_mut(&number).filter(|o| !self.happenings.contains(&o.happening)) else {
                continue;
            };
            // Reports on one affair are near each other in time, where they do not say.
            (own.published, other.told.published) = match other.one_story {
                true => {
                    let near = |one: Option<Date>, another: Option<Date>| one.or(another).or(SOME_DAY);
                    (near(published, other.published), near(other.published, published))
                }
                false => (published, other.published),
            };
            // Most are of other days, and most of these of others: what is left to be known of them does not matter.
            if !other.print && days_apart(&own, &other.told) {
                continue;
            }
            other.complete(connection)?;
            if !other.print && apart(&own, &other.told) {
                continue;
            }
            other.read(self.knowledge);
            let like = match likeness(&own, &other.told) {
                // The same sentence in a reprint tells the same event.
                _ if other.print && other.told.kind == own.kind && other.told.words == own.words => 1.0,
                // Two that may be one, in reports on one affair: the words tell, as far as is learnt.
                may if may > 0.0 && other.one_story && !own.general && !other.told.general => {
                    let weights = HappeningWeights::english();
                    let likely = weights.likelihood(&words, other.event_words(self.knowledge));
                    may.max((likely / weights.threshold() * ONE_EVENT).min(0.99))
                }
                may => may,
            };
            if like >= ONE_EVENT && best.is_none_or(|(found, _)| like > found) {
                best = Some((like, other.happening));
            }
        }
        let happening = match best {
            Some((_, happening)) => happening,
            None => self.new_happening(event, number)?,
        };
        self.happenings.insert(happening);
        Ok(happening)
    }

    /// Events of other reports that may be the same: of its type and about its time, in which somebody of it takes part, at its place,
    /// in prints of the same text, or in reports on the same affair.
    fn mentions_near(&mut self, report: i64, own: &Happening, at: Option<(&Place, i64)>) -> rusqlite::Result<Vec<i64>> {
        let mut found = self.mentions_beside(report, &own.kind)?;
        let mut take = |rows: rusqlite::Result<Vec<i64>>| rows.map(|rows| found.extend(rows));
        let days = own.days.or(own.published.map(|day| (day, day)));
        if let Some((first, last)) = days {
            let (from, to) =
                (first.saturating_sub(WINDOW.days()).to_string(), last.saturating_add(WINDOW.days()).to_string());
            for entity in &own.actors {
                take(self.numbers(
                    "SELECT participant.event FROM participant JOIN event ON event.key = participant.event
                     WHERE participant.entity = ?1 AND participant.type = ?2 AND participant.day BETWEEN ?3 AND ?4 AND event.report <> ?5
                     LIMIT ?6",
                    params![entity, own.kind, from, to, report, COMPARED],
                ))?;
            }
            if let Some((_, spot)) = at.filter(|(place, _)| own.at.is_some() && place.gazetteer_id.is_some()) {
                take(self.numbers(
                    "SELECT key FROM event INDEXED BY event_spot WHERE spot = ?1 AND type = ?2 AND day BETWEEN ?3 AND ?4 AND report <> ?5
                     ORDER BY day, key LIMIT ?6",
                    params![spot, own.kind, from, to, report, COMPARED],
                ))?;
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Events of a type in prints of the same text, and in reports on the same affair.
    fn mentions_beside(&mut self, report: i64, kind: &str) -> rusqlite::Result<BTreeSet<i64>> {
        if let Some(found) = self.beside.get(kind) {
            return Ok(found.clone());
        }
        // From the report outwards: by type there would be ever more of them.
        let prints = "SELECT event.key FROM report AS own CROSS JOIN report ON report.print_of = own.print_of AND report.key <> own.key
                      CROSS JOIN event INDEXED BY event_place ON event.report = report.key WHERE own.key = ?1 AND event.type = ?2 LIMIT ?3";
        let affair = "SELECT event.key, story_report.report FROM story_report INDEXED BY story_report_story
                      CROSS JOIN event INDEXED BY event_place ON event.report = story_report.report
                      WHERE story_report.story = (SELECT story FROM story_report WHERE report = ?1) AND story_report.report <> ?1 AND event.type = ?2
                      ORDER BY story_report.report DESC";
        let mut found: BTreeSet<i64> = self.numbers(prints, params![report, kind, COMPARED])?.into_iter().collect();
        // From the newest report back: there may be very many on one affair.
        let (mut newest, mut last): (Vec<i64>, Option<i64>) = (Vec::new(), None);
        let mut find = self.connection.prepare_cached(affair)?;
        let mut rows = find.query(params![report, kind])?;
        while let Some(row) = rows.next()? {
            let within = row.get(1)?;
            if newest.len() >= COMPARED && last != Some(within) {
                break;
            }
            newest.push(row.get(0)?);
            last = Some(within);
        }
        newest.sort_unstable_by(|a, b| b.cmp(a));
        found.extend(newest.into_iter().take(COMPARED));
        self.beside.insert(kind.to_string(), found.clone());
        Ok(found)
    }

    fn numbers(&self, query: &str, with: impl rusqlite::Params) -> rusqlite::Result<Vec<i64>> {
        self.connection.prepare_cached(query)?.query_map(with, |row| row.get(0))?.collect()
    }

    /// A mention of an event in another report, without what tells no more than that it is another event.
    fn mention(&mut self, event: i64, report: i64) -> rusqlite::Result<Other> {
        let mut find = self.connection.prepare_cached(
            "SELECT happening, report, type, earliest, latest, trigger_text, evidence, place, mode, status FROM event WHERE key = ?1",
        )?;
        let day = |row: &Row, at: usize| -> rusqlite::Result<Option<Date>> {
            Ok(row.get_ref(at)?.as_str_or_null()?.and_then(|day| day.get(..10)?.parse().ok()))
        };
        let mut other = find.query_row([event], |row| {
            let days = day(row, 3)?.zip(day(row, 4)?);
            let ahead = is_ahead(row.get_ref(9)?.as_str()?);
            let told = Happening { kind: row.get(2)?, mode: row.get(8)?, days, ahead, ..Happening::default() };
            Ok(Other {
                event,
                report: row.get(1)?,
                happening: row.get(0)?,
                told,
                published: None,
                trigger: row.get(5)?,
                evidence: row.get(6)?,
                place: row.get(7)?,
                complete: false,
                read: false,
                words: None,
                print: false,
                one_story: false,
            })
        })?;
        let told_in = match self.told_in.get(&other.report) {
            Some(known) => *known,
            None => {
                let known = self.told_in(other.report, report)?;
                self.told_in.insert(other.report, known);
                known
            }
        };
        if let Some(read) = self.remembered.0.remove(&event)
            && read.trigger == other.trigger
            && read.evidence == other.evidence
        {
            (other.told.words, other.told.general, other.words) = (read.words, read.general, read.event_words);
            other.read = true;
        }
        (other.published, other.told.published) = (told_in.published, told_in.published);
        (other.print, other.one_story) = (told_in.print, told_in.one_story);
        Ok(other)
    }

    /// What is known of another report beside an own one.
    fn told_in(&self, report: i64, own: i64) -> rusqlite::Result<ToldIn> {
        let mut find = self.connection.prepare_cached(
            "SELECT day, print_of = (SELECT print_of FROM report WHERE key = ?2),
               coalesce((SELECT story FROM story_report WHERE report = ?1) = (SELECT story FROM story_report WHERE report = ?2), 0)
             FROM report WHERE key = ?1",
        )?;
        find.query_row([report, own], |row| {
            let day: Option<String> = row.get(0)?;
            let published = day.and_then(|day| day.get(..10)?.parse().ok());
            Ok(ToldIn { published, print: row.get(1)?, one_story: row.get(2)? })
        })
    }
}

/// A report that tells an event.
#[derive(Debug, Clone, Copy)]
struct ToldIn {
    /// When it was published, if it tells.
    published: Option<Date>,
    /// Whether it prints the same text.
    print: bool,
    /// Whether it is on the same affair.
    one_story: bool,
}

/// A mention of an event in another report.
struct Other {
    event: i64,
    report: i64,
    happening: i64,
    /// Its actors and place are known once it is `complete`, its words once it is `read`.
    told: Happening,
    complete: bool,
    read: bool,
    /// When that report was published, if it tells.
    published: Option<Date>,
    trigger: String,
    evidence: String,
    /// The id of its place in that report.
    place: Option<String>,
    /// The words of the mention, once they were asked for.
    words: Option<EventWords>,
    /// Whether it stands in a print of the same text.
    print: bool,
    /// Whether it stands in a report on the same affair.
    one_story: bool,
}

impl Other {
    /// Looks up who takes part in it, and where it is.
    fn complete(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.complete {
            return Ok(());
        }
        self.complete = true;
        if let Some(place) = &self.place {
            let mut find =
                connection.prepare_cached("SELECT country, kind, lat, lon FROM place WHERE report = ?1 AND id = ?2")?;
            let mut rows = find.query(params![self.report, place])?;
            if let Some(row) = rows.next()? {
                let kind: Option<String> = row.get(1)?;
                let at = row.get::<_, Option<f64>>(2)?.zip(row.get(3)?);
                self.told.country = row.get(0)?;
                self.told.at = at.filter(|_| local(kind.as_deref()));
            }
        }
        let actors = "SELECT entity, role = 'actor' FROM participant WHERE event = ?1";
        let mut find = connection.prepare_cached(actors)?;
        let mut rows = find.query([self.event])?;
        while let Some(row) = rows.next()? {
            self.told.parties += 1;
            let Some(entity) = row.get(0)? else { continue };
            self.told.actors.insert(entity);
            if row.get(1)? {
                self.told.doers.insert(entity);
            }
        }
        if let Some(words) = &mut self.words {
            (words.kind, words.actors) = (Some(self.told.kind.clone()), self.told.actors.clone());
        }
        Ok(())
    }

    /// Reads its words.
    fn read(&mut self, knowledge: &Knowledge) {
        if !self.read {
            self.read = true;
            self.told.words = content_words(&self.evidence, knowledge);
            self.told.general = is_general(&self.trigger, knowledge);
        }
    }

    fn event_words(&mut self, knowledge: &Knowledge) -> &EventWords {
        let (trigger, evidence, told) = (&self.trigger, &self.evidence, &self.told);
        self.words.get_or_insert_with(|| event_words(trigger, evidence, told, knowledge))
    }
}

/// The words of a mention, with its type and actors.
fn event_words(trigger: &str, evidence: &str, of: &Happening, knowledge: &Knowledge) -> EventWords {
    let mut words = EventWords::of(trigger, evidence, knowledge);
    (words.kind, words.actors) = (Some(of.kind.clone()), of.actors.clone());
    words
}

/// Whether an event of a status is still to come, if it comes.
fn is_ahead(status: &str) -> bool {
    matches!(status, "planned" | "possible")
}

/// Whether the words that tell an event are all general ones.
fn is_general(trigger: &str, knowledge: &Knowledge) -> bool {
    annalist_identity::words(trigger).all(|word| knowledge.sameness().is_general_event(&word))
}

/// Whether a place is smaller than a country or a part of one.
fn local(kind: Option<&str>) -> bool {
    let wide = [PlaceKind::Country, PlaceKind::Region, PlaceKind::Area].map(|kind| word(&kind));
    kind.is_some_and(|kind| !wide.iter().any(|w| w == kind))
}
