//! What the program knows before it reads: plain files under `data/`, a folder a language, that a person can read and edit.
//!
//! No country, person, outlet or verb is named in code: it is named in these files. A user's folder can hold files of the
//! same names; they take the place of the built-in ones ([`Knowledge::with_overrides`]).
//!
//! ```
//! use annalist_knowledge::Knowledge;
//!
//! let knowledge = Knowledge::english();
//! assert!(knowledge.abbreviations().get("gen").is_some_and(|a| !a.may_end_sentence));
//! ```
#![forbid(unsafe_code)]

mod abbreviations;
mod actors;
mod changes;
mod commitments;
mod countries;
mod cues;
mod datelines;
mod events;
mod figures;
mod gazetteer;
mod pages;
mod patterns;
mod places;
mod referents;
mod residue;
mod sameness;
mod sources;
mod times;
mod voice;

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

pub use abbreviations::Abbreviation;
pub use actors::{ActorWord, Actors, INTERNATIONAL, NamedActor, SECTORS, WordClass};
pub use changes::{ChangeWords, Stand};
pub use commitments::CommitmentWords;
pub use countries::{Countries, Country, CountryStatus, CountryWord};
pub use cues::{Complement, CueFrame, Cues};
pub use datelines::{Dateline, Datelines};
pub use events::{EventEntry, EventType, Events, Frame, Role, TriggerPart};
pub use figures::{FigureKind, FigureWords, Standing};
pub use gazetteer::{Feature, Gazetteer, GazetteerPlace, PlaceNumber, kilometres, pack, place_key};
pub use pages::{DateWords, Line, MetaNames, NameWords, Pages, Part};
pub use places::{Division, DivisionWord, PlaceType, PlaceWords};
pub use referents::{Gender, NounClass, Referents};
pub use residue::{Residue, ResidueKind};
pub use sameness::SamenessWords;
pub use sources::Sources;
pub use times::{Lexeme, Part as TimePart, PartValue, Tense, TimeKind, TimeMatch, TimeRule, Times};
pub use voice::{Measured, VoiceWords};

use std::collections::{HashMap, HashSet};

/// The edition of the built-in files, as records name it.
pub const EDITION: &str = "2026-11";

/// A knowledge file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KnowledgeError {
    /// A file of the user's that cannot be read.
    #[error("{path}: cannot be read ({source}); check the path and its permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is not in its form.
    #[error("{file}: {reason}; compare it with the built-in file of that name")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// All that is known of one language.
#[derive(Debug)]
pub struct Knowledge {
    abbreviations: HashMap<String, Abbreviation>,
    starters: HashSet<String>,
    cues: Cues,
    sources: Sources,
    residue: Residue,
    datelines: Datelines,
    /// Compiled when the first page is read: a plain report need not wait for it.
    pages: OnceLock<Pages>,
    countries: OnceLock<Countries>,
    actors: OnceLock<Actors>,
    /// Likewise, when the first text is read.
    times: OnceLock<Times>,
    /// Parsed when the first text was analysed, for the same reason.
    referents: OnceLock<Referents>,
    gazetteer: OnceLock<Gazetteer>,
    place_words: OnceLock<PlaceWords>,
    events: OnceLock<Events>,
    figures: OnceLock<FigureWords>,
    commitments: OnceLock<CommitmentWords>,
    changes: OnceLock<ChangeWords>,
    sameness: OnceLock<SamenessWords>,
    voice: OnceLock<VoiceWords>,
}

const COUNTRIES: &str = include_str!("../data/en/countries.tsv");
const AREAS: &str = include_str!("../data/en/areas.tsv");
const PLACE_WORDS: &str = include_str!("../data/en/places.toml");
const DIVISION_WORDS: &str = include_str!("../data/en/division_words.tsv");
static PLACES: &[u8] = include_bytes!("../data/en/gazetteer.bin");
const COUNTRY_WORDS: &str = include_str!("../data/en/country_words.tsv");

const ACTORS: &str = include_str!("../data/en/actors.tsv");
const ACTOR_WORDS: &str = include_str!("../data/en/actor_words.tsv");
const EVENT_TYPES: &str = include_str!("../data/en/event_types.tsv");
const EVENTS: &str = include_str!("../data/en/events.tsv");
const EVENT_WORDS: &str = include_str!("../data/en/event_words.toml");

static ENGLISH: LazyLock<Knowledge> =
    LazyLock::new(|| Knowledge::build(|_| Ok(None)).expect("the built-in knowledge files are tested"));

impl Knowledge {
    /// The built-in knowledge of English, compiled once.
    pub fn english() -> &'static Knowledge {
        &ENGLISH
    }

    /// The built-in knowledge, with the files that stand in `folder` in place of those of the same names. The lines of files
    /// `more_country_words.tsv`, `more_actor_words.tsv`, `more_actors.tsv`, `more_areas.tsv` and `more_events.tsv`, in the form of those without `more_`, are added to the
    /// built-in ones and preferred to them.
    ///
    /// # Errors
    /// A file of the folder that cannot be read or is malformed, by name.
    pub fn with_overrides(folder: &Path) -> Result<Knowledge, KnowledgeError> {
        Knowledge::build(|name| {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(source) => Err(KnowledgeError::Unreadable { path, source }),
            }
        })
    }

    fn build(user: impl Fn(&str) -> Result<Option<String>, KnowledgeError>) -> Result<Knowledge, KnowledgeError> {
        let file = |name: &str, built_in: &str| Ok(user(name)?.unwrap_or_else(|| built_in.to_string()));
        let malformed = |file: &str, reason: String| KnowledgeError::Malformed { file: file.to_string(), reason };
        let abbreviations = file("abbreviations.txt", include_str!("../data/en/abbreviations.txt"))?;
        let starters = file("sentence_starters.txt", include_str!("../data/en/sentence_starters.txt"))?;
        let cues = file("cues.toml", include_str!("../data/en/cues.toml"))?;
        let sources = file("sources.toml", include_str!("../data/en/sources.toml"))?;
        let residue = file("residue.toml", include_str!("../data/en/residue.toml"))?;
        let datelines = file("datelines.toml", include_str!("../data/en/datelines.toml"))?;
        let pages = OnceLock::new();
        if let Some(own) = user("pages.toml")? {
            let own = Pages::parse(&own).map_err(|reason| malformed("pages.toml", reason))?;
            pages.get_or_init(|| own);
        }
        let countries = OnceLock::new();
        let (table, words, more) =
            (user("countries.tsv")?, user("country_words.tsv")?, user("more_country_words.tsv")?);
        if table.is_some() || words.is_some() || more.is_some() {
            let table = table.as_deref().unwrap_or(COUNTRIES);
            let words = [words.as_deref().unwrap_or(COUNTRY_WORDS), more.as_deref().unwrap_or_default()];
            let own =
                Countries::parse(table, &words).map_err(|reason| malformed("countries.tsv or its words", reason))?;
            countries.get_or_init(|| own);
        }
        let actors = OnceLock::new();
        let own = ["actor_words.tsv", "more_actor_words.tsv", "actors.tsv", "more_actors.tsv"].map(&user);
        let [words, more_words, named, more_named] = own;
        let (words, more_words, named, more_named) = (words?, more_words?, named?, more_named?);
        if [&words, &more_words, &named, &more_named].iter().any(|file| file.is_some()) {
            let words = [words.as_deref().unwrap_or(ACTOR_WORDS), more_words.as_deref().unwrap_or_default()];
            let named = [named.as_deref().unwrap_or(ACTORS), more_named.as_deref().unwrap_or_default()];
            let countries = countries.get_or_init(built_in_countries);
            let own = Actors::parse(&words, &named, countries);
            let own = own.map_err(|reason| malformed("actors.tsv or actor_words.tsv", reason))?;
            actors.get_or_init(|| own);
        }
        let times = OnceLock::new();
        if let Some(own) = user("times.toml")? {
            let own = Times::parse(&own).map_err(|reason| malformed("times.toml", reason))?;
            times.get_or_init(|| own);
        }
        let referents = OnceLock::new();
        let own = [user("referents.toml")?, user("nouns.txt")?, user("first_names.txt")?];
        if own.iter().any(Option::is_some) {
            let own = Referents::with(own).map_err(|(file, reason)| malformed(file, reason))?;
            referents.get_or_init(|| own);
        }
        let gazetteer = OnceLock::new();
        let (areas, more) = (user("areas.tsv")?, user("more_areas.tsv")?);
        if areas.is_some() || more.is_some() {
            let areas = [areas.as_deref().unwrap_or(AREAS), more.as_deref().unwrap_or_default()];
            let own = Gazetteer::of_bytes(PLACES.into(), &areas).map_err(|reason| malformed("areas.tsv", reason))?;
            gazetteer.get_or_init(|| own);
        }
        let place_words = OnceLock::new();
        let (words, divisions) = (user("places.toml")?, user("division_words.tsv")?);
        if words.is_some() || divisions.is_some() {
            let (words, divisions) =
                (words.as_deref().unwrap_or(PLACE_WORDS), divisions.as_deref().unwrap_or(DIVISION_WORDS));
            let own = PlaceWords::parse(words, divisions)
                .map_err(|reason| malformed("places.toml or division_words.tsv", reason))?;
            place_words.get_or_init(|| own);
        }
        let events = OnceLock::new();
        let (types, lexicon, more, words) =
            (user("event_types.tsv")?, user("events.tsv")?, user("more_events.tsv")?, user("event_words.toml")?);
        if [&types, &lexicon, &more, &words].iter().any(|file| file.is_some()) {
            let lexicon = [lexicon.as_deref().unwrap_or(EVENTS), more.as_deref().unwrap_or_default()];
            let (types, words) = (types.as_deref().unwrap_or(EVENT_TYPES), words.as_deref().unwrap_or(EVENT_WORDS));
            let own = Events::parse(types, &lexicon, words)
                .map_err(|reason| malformed("events.tsv, its types or its words", reason))?;
            events.get_or_init(|| own);
        }
        let figures = OnceLock::new();
        if let Some(own) = user("figures.toml")? {
            let own = FigureWords::parse(&own).map_err(|reason| malformed("figures.toml", reason))?;
            figures.get_or_init(|| own);
        }
        let commitments = OnceLock::new();
        if let Some(own) = user("commitments.toml")? {
            let own = CommitmentWords::parse(&own).map_err(|reason| malformed("commitments.toml", reason))?;
            commitments.get_or_init(|| own);
        }
        let changes = OnceLock::new();
        if let Some(own) = user("changes.toml")? {
            let own = ChangeWords::parse(&own).map_err(|reason| malformed("changes.toml", reason))?;
            changes.get_or_init(|| own);
        }
        let sameness = OnceLock::new();
        if let Some(own) = user("sameness.toml")? {
            let own = SamenessWords::parse(&own).map_err(|reason| malformed("sameness.toml", reason))?;
            sameness.get_or_init(|| own);
        }
        let residue = Residue::parse(&residue).map_err(|reason| malformed("residue.toml", reason))?;
        let datelines = Datelines::parse(&datelines).map_err(|reason| malformed("datelines.toml", reason))?;
        // The built-in patterns are compiled when a line calls for them; a user's are tried out first.
        if user("residue.toml")?.is_some() {
            residue.check().map_err(|reason| malformed("residue.toml", reason))?;
        }
        if user("datelines.toml")?.is_some() {
            datelines.check().map_err(|reason| malformed("datelines.toml", reason))?;
        }
        Ok(Knowledge {
            abbreviations: abbreviations::parse(&abbreviations),
            starters: lines(&starters).flat_map(str::split_whitespace).map(str::to_string).collect(),
            cues: Cues::parse(&cues).map_err(|reason| malformed("cues.toml", reason))?,
            sources: toml::from_str(&sources).map_err(|e| malformed("sources.toml", e.to_string()))?,
            residue,
            datelines,
            pages,
            countries,
            actors,
            times,
            referents,
            gazetteer,
            place_words,
            events,
            figures,
            commitments,
            changes,
            sameness,
            voice: OnceLock::new(),
        })
    }

    /// Makes ready what reading a text needs and what is otherwise made ready when it is first asked for.
    pub fn prepare(&self) {
        self.times();
        self.referents();
        self.actors();
        self.gazetteer();
        self.place_words();
        self.events();
        self.figures();
        self.commitments();
        self.changes();
    }

    /// Abbreviations written with a period, by their lower-case letters without it.
    pub fn abbreviations(&self) -> &HashMap<String, Abbreviation> {
        &self.abbreviations
    }

    /// Whether a word begins a sentence when it stands, capitalised as given, after an abbreviation.
    pub fn is_sentence_starter(&self, word: &str) -> bool {
        self.starters.contains(word)
    }

    /// Attribution cues and the acts they stand for.
    pub fn cues(&self) -> &Cues {
        &self.cues
    }

    /// Words that tell how a source is named.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What parts of web pages are called, and how lines around a report are worded.
    pub fn pages(&self) -> &Pages {
        let built_in = || Pages::parse(include_str!("../data/en/pages.toml"));
        self.pages.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// The states and territories of the world.
    pub fn countries(&self) -> &Countries {
        self.countries.get_or_init(built_in_countries)
    }

    /// Bodies, offices and people, in general and by name.
    pub fn actors(&self) -> &Actors {
        let built_in = || Actors::parse(&[ACTOR_WORDS], &[ACTORS], self.countries());
        self.actors.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Words and rules of time expressions.
    pub fn times(&self) -> &Times {
        let built_in = || Times::parse(include_str!("../data/en/times.toml"));
        self.times.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// What nouns and first names refer to.
    pub fn referents(&self) -> &Referents {
        let built_in = || Referents::with([None, None, None]);
        self.referents.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// The places of the world.
    pub fn gazetteer(&self) -> &Gazetteer {
        let built_in = || Gazetteer::of_bytes(PLACES.into(), &[AREAS]);
        self.gazetteer.get_or_init(|| built_in().expect("the built-in gazetteer is tested"))
    }

    /// Words around the names of places, and how candidates are weighed.
    pub fn place_words(&self) -> &PlaceWords {
        let built_in = || PlaceWords::parse(PLACE_WORDS, DIVISION_WORDS);
        self.place_words.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// The types of events and the words that tell them.
    pub fn events(&self) -> &Events {
        let built_in = || Events::parse(EVENT_TYPES, &[EVENTS], EVENT_WORDS);
        self.events.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Numbers, their hedges, and what reports count.
    pub fn figures(&self) -> &FigureWords {
        let built_in = || FigureWords::parse(include_str!("../data/en/figures.toml"));
        self.figures.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Words by which somebody binds themselves.
    pub fn commitments(&self) -> &CommitmentWords {
        let built_in = || CommitmentWords::parse(include_str!("../data/en/commitments.toml"));
        self.commitments.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Words that tell changes of position.
    pub fn changes(&self) -> &ChangeWords {
        let built_in = || ChangeWords::parse(include_str!("../data/en/changes.toml"));
        self.changes.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Words that do not count when names and sentences are compared.
    pub fn sameness(&self) -> &SamenessWords {
        let built_in = || SamenessWords::parse(include_str!("../data/en/sameness.toml"));
        self.sameness.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// What tells comment from news. A user has no such file of their own: ledgers keep what it tells.
    pub fn voice(&self) -> &VoiceWords {
        let built_in = || VoiceWords::parse(include_str!("../data/en/voice.toml"));
        self.voice.get_or_init(|| built_in().expect("the built-in knowledge files are tested"))
    }

    /// Patterns of what web pages leave in a text.
    pub fn residue(&self) -> &Residue {
        &self.residue
    }

    /// Patterns of datelines, date lines and bylines.
    pub fn datelines(&self) -> &Datelines {
        &self.datelines
    }
}

fn built_in_countries() -> Countries {
    Countries::parse(COUNTRIES, &[COUNTRY_WORDS]).expect("the built-in knowledge files are tested")
}

/// The lines of a file that are neither blank nor comments.
fn lines(file: &str) -> impl Iterator<Item = &str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
