//! What is scored: anything that gives attributions, parses and names.
//!
//! The program itself ([`Reader`], as `annalist read --as-is` reads) and the predictions that any program wrote to a file
//! ([`File`]) are predictors. All spans are in code points of the text, half-open.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;

use annalist_knowledge::Knowledge;
use annalist_pipeline::{Description, Form, Options, Reader};
use annalist_reading::coreference::resolve;
use annalist_record::{CharIndex, Record};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::actors::{self, Asked, Coded};
use crate::attribution::{self, Attribution};
use crate::coreference::{self, Chains};
use crate::events::{self, Found};
use crate::happenings::{self, Told};
use crate::names::{self, Name};
use crate::parse::{self, ParsedWord, Word};
use crate::places::Toponym;
use crate::timelines::{self, Occurrence};
use crate::times::{self, Timex};
use crate::{Task, jsonl};

/// Gives what a scorer compares with the gold. The same input must give the same answer: documents are shared among threads.
pub trait Predictor {
    /// Who said what in a text.
    ///
    /// # Errors
    /// When the predictor has no answer; scoring then ends.
    fn attributions(&self, text: &str) -> Result<Vec<Attribution>>;

    /// As [`Predictor::attributions`], each with its confidence in 0..=1 where the predictor has such.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn attributions_with_confidence(&self, text: &str) -> Result<(Vec<Attribution>, Option<Vec<f32>>)> {
        Ok((self.attributions(text)?, None))
    }

    /// A document's sentences, their words as given: one parsed word for each word.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn parse(&self, document: &[Vec<Word>]) -> Result<Vec<Vec<ParsedWord>>>;

    /// The names in a text.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn names(&self, text: &str) -> Result<Vec<Name>>;

    /// What an actor is, by the words that name it.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn actor(&self, asked: &Asked) -> Result<Coded>;
    /// The time expressions in a text, given the day it was published (ISO 8601), if that is known.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn times(&self, text: &str, published: Option<&str>) -> Result<Vec<Timex>>;
    /// The chains of a document, whose words are given.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn coreference(&self, document: &[Vec<Word>]) -> Result<Chains>;
    /// The toponyms in a text from a host, each with its place; and for each of `given`, spans of toponyms, the same with its place,
    /// none where the predictor does not know.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn toponyms(&self, text: &str, host: Option<&str>, given: &[(usize, usize)]) -> Result<Toponyms>;
    /// The events, commitments and changes of position in a text, given the day it was published (ISO 8601), if that is known.
    ///
    /// # Errors
    /// As [`Predictor::attributions`].
    fn events(&self, text: &str, published: Option<&str>) -> Result<Found>;
    /// What is read of events whose words are given, as code points of the text: one for each; and the whole record.
    ///
    /// # Errors
    /// As [`Predictor::attributions`]; and where predictions are no reading.
    fn told(&self, text: &str, given: &[(usize, usize)]) -> Result<(Vec<Told>, Record)>;
    /// What each of some actors, given by name, took part in, given the day the text was published (ISO 8601), if that is known.
    ///
    /// # Errors
    /// As [`Predictor::told`].
    fn occurrences(&self, text: &str, published: Option<&str>, actors: &[String]) -> Result<Vec<Vec<Occurrence>>>;
}

/// The toponyms that were found, and those whose spans were given.
pub type Toponyms = (Vec<Toponym>, Vec<Option<Toponym>>);

impl Predictor for Reader {
    fn attributions(&self, text: &str) -> Result<Vec<Attribution>> {
        Ok(self.attributions_with_confidence(text)?.0)
    }

    fn attributions_with_confidence(&self, text: &str) -> Result<(Vec<Attribution>, Option<Vec<f32>>)> {
        let record = self.read_plain(text, &Options { as_is: true, ..Options::default() })?;
        let confidences = record.statements.iter().map(|s| s.confidence.value()).collect();
        Ok((attribution::of_record(&record), Some(confidences)))
    }

    fn parse(&self, document: &[Vec<Word>]) -> Result<Vec<Vec<ParsedWord>>> {
        let given = document.iter().map(|s| s.iter().map(|w| (w.form.as_str(), w.space_after)));
        let (_, analysis) = self.analyse_words(given)?;
        let mut sentences = Vec::with_capacity(document.len());
        let mut first = 0;
        for sentence in document {
            let tokens = analysis.tokens.get(first..first + sentence.len()).context("fewer tokens than words")?;
            let words = tokens.iter().map(|token| ParsedWord {
                upos: token.upos.to_string(),
                lemma: token.lemma.clone(),
                // A sentence that was cut for its length has roots in each part; the later ones are the first one's dependents.
                head: token.head.map_or(0, |h| h - first + 1),
                deprel: token.deprel.to_string(),
            });
            sentences.push(words.collect());
            first += sentence.len();
        }
        Ok(sentences)
    }

    fn names(&self, text: &str) -> Result<Vec<Name>> {
        let analysis = self.analyse(text)?;
        let index = CharIndex::new(text);
        let names = analysis.names.iter().map(|name| Name {
            start: index.point(analysis.tokens[name.tokens.start].start),
            end: index.point(analysis.tokens[name.tokens.end - 1].end),
            kind: name.kind.clone(),
        });
        Ok(names.collect())
    }

    fn actor(&self, asked: &Asked) -> Result<Coded> {
        let description = Description {
            words: &asked.words,
            context: asked.context.as_deref(),
            within: None,
            day: asked.day.as_deref(),
        };
        let coding = self.coder().code(&description);
        Ok(Coded {
            country: coding.place_code().map(str::to_string),
            sectors: coding.sectors.iter().map(|s| s.to_string()).collect(),
        })
    }

    fn times(&self, text: &str, published: Option<&str>) -> Result<Vec<Timex>> {
        let date = published.map(str::to_string);
        let record = self.read_plain(text, &Options { as_is: true, date, ..Options::default() })?;
        Ok(times::of_record(&record))
    }

    fn coreference(&self, document: &[Vec<Word>]) -> Result<Chains> {
        let given = document.iter().map(|s| s.iter().map(|w| (w.form.as_str(), w.space_after)));
        let (text, analysis) = self.analyse_words(given)?;
        let found = resolve(&text, &analysis, Knowledge::english());
        let spans = |chain: &Vec<usize>| chain.iter().map(|&m| found.mentions[m].tokens.clone()).collect();
        Ok(found.chains.iter().map(spans).collect())
    }

    fn toponyms(&self, text: &str, host: Option<&str>, given: &[(usize, usize)]) -> Result<Toponyms> {
        let index = CharIndex::new(text);
        let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let given: Vec<_> = given.iter().map(|&(start, end)| bytes[start]..bytes[end]).collect();
        let (found, given) = self.toponyms(text, host, &given)?;
        let gazetteer = Knowledge::english().gazetteer();
        let toponym = |t: &annalist_pipeline::Toponym| {
            let place = t.place.map(|number| gazetteer.place(number));
            Toponym {
                start: index.point(t.bytes.start),
                end: index.point(t.bytes.end),
                lat: place.map(|p| p.lat),
                lon: place.map(|p| p.lon),
                country: place.or(t.country.map(|n| gazetteer.place(n))).and_then(|p| p.iso3).map(str::to_string),
                geonames_id: place.and_then(|p| p.geonames).map(u64::from),
                form: Some(
                    match t.form {
                        Form::Name => "name",
                        Form::Demonym => "demonym",
                        Form::Metonym => "metonym",
                    }
                    .to_string(),
                ),
            }
        };
        Ok((found.iter().map(toponym).collect(), given.iter().map(|t| Some(toponym(t))).collect()))
    }

    fn events(&self, text: &str, published: Option<&str>) -> Result<Found> {
        let date = published.map(str::to_string);
        let record = self.read_plain(text, &Options { as_is: true, date, ..Options::default() })?;
        Ok(events::of_record(&record, self))
    }

    fn told(&self, text: &str, given: &[(usize, usize)]) -> Result<(Vec<Told>, Record)> {
        let options = Options { as_is: true, ..Options::default() };
        let (record, told) = self.read_and(text, &options, |setting| happenings::told(setting, given))?;
        // A text in which nothing is read has no events.
        Ok((told.unwrap_or_else(|| vec![Told::default(); given.len()]), record))
    }

    fn occurrences(&self, text: &str, published: Option<&str>, actors: &[String]) -> Result<Vec<Vec<Occurrence>>> {
        let options = Options { as_is: true, date: published.map(str::to_string), ..Options::default() };
        let found = self.before_events(text, &options, |setting| timelines::occurrences(setting, published, actors))?;
        Ok(found.unwrap_or_else(|| vec![Vec::new(); actors.len()]))
    }
}

/// Predictions that were written to a file, in the gold's own form.
///
/// JSON Lines are found by `id` (they need no `text`); a text of the gold that the file does not have counts as predicting
/// nothing, an id that the gold does not have is an error. CoNLL-U is found by its words and must have every document.
#[derive(Debug, Default)]
pub struct File {
    attributions: HashMap<String, Vec<Attribution>>,
    parses: HashMap<Vec<Vec<String>>, Vec<Vec<ParsedWord>>>,
    names: HashMap<String, Vec<Name>>,
    actors: HashMap<(String, usize), Coded>,
    times: HashMap<String, Vec<Timex>>,
    chains: HashMap<Vec<Vec<String>>, Chains>,
    toponyms: HashMap<String, Vec<Toponym>>,
    events: HashMap<String, Found>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Attributed {
    id: String,
    attributions: Vec<Attribution>,
}

#[derive(Deserialize)]
struct Timed {
    id: String,
    timexes: Vec<Timex>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    entities: Vec<Name>,
}

#[derive(Deserialize)]
struct Located {
    id: String,
    toponyms: Vec<Toponym>,
}

impl File {
    /// Loads the predictions for a gold file.
    ///
    /// # Errors
    /// Malformed files, by line; an id that the gold lacks or that comes twice; two texts of the gold that are the same but
    /// were predicted differently.
    pub fn load(task: Task, predictions: &Path, gold: &Path) -> Result<File> {
        let mut file = File::default();
        let name = predictions.display();
        match task {
            Task::Attribution => {
                let read = jsonl::read(predictions, |_: &Attributed| Ok(()))?;
                let pairs = read.into_iter().map(|(p, _)| (p.id, p.attributions));
                file.attributions = by_text(pairs, gold).with_context(|| name.to_string())?;
            }
            Task::Names => {
                let read = jsonl::read(predictions, |_: &Named| Ok(()))?;
                let pairs = read.into_iter().map(|(p, _)| (p.id, p.entities));
                file.names = by_text(pairs, gold).with_context(|| name.to_string())?;
            }
            Task::Actors => {
                for (key, coded) in actors::predicted(predictions)? {
                    insert(&mut file.actors, key, coded).with_context(|| name.to_string())?;
                }
            }
            Task::Times => {
                let read = jsonl::read(predictions, |_: &Timed| Ok(()))?;
                let pairs = read.into_iter().map(|(p, _)| (p.id, p.timexes));
                file.times = by_text(pairs, gold).with_context(|| name.to_string())?;
            }
            Task::Coreference => {
                for annotated in coreference::read_file(predictions)? {
                    let document = &annotated.document;
                    insert(&mut file.chains, forms(&document.sentences), annotated.chains)
                        .with_context(|| format!("{name}: document `{}`", document.id))?;
                }
            }
            Task::Places => {
                let read = jsonl::read(predictions, |_: &Located| Ok(()))?;
                let pairs = read.into_iter().map(|(p, _)| (p.id, p.toponyms));
                file.toponyms = by_text(pairs, gold).with_context(|| name.to_string())?;
            }
            Task::Events => {
                file.events =
                    by_text(events::predicted(predictions)?.into_iter(), gold).with_context(|| name.to_string())?;
            }
            Task::Extraction | Task::Metadata => bail!("web pages are read by the program itself, not out of a file"),
            Task::Stories | Task::Happenings | Task::Timelines => {
                bail!("reports are put together by the program itself, not out of a file")
            }
            Task::Parse => {
                for document in parse::read_file(predictions)? {
                    insert(&mut file.parses, forms(&document.sentences), document.parses)
                        .with_context(|| format!("{name}: document `{}`", document.id))?;
                }
            }
        }
        Ok(file)
    }
}

fn forms(sentences: &[Vec<Word>]) -> Vec<Vec<String>> {
    sentences.iter().map(|s| s.iter().map(|w| w.form.clone()).collect()).collect()
}

/// A predictor is asked by text, a file answers by id: the gold knows both.
fn by_text<P: PartialEq>(predicted: impl Iterator<Item = (String, P)>, gold: &Path) -> Result<HashMap<String, P>> {
    let texts = jsonl::read(gold, |_: &Id| Ok(()))?;
    let texts: HashMap<String, String> = texts.into_iter().map(|(t, _)| (t.id, t.text)).collect();
    let (mut found, mut seen) = (HashMap::new(), std::collections::HashSet::new());
    for (id, prediction) in predicted {
        let text = texts.get(&id).with_context(|| format!("id `{id}` is not in the gold {}", gold.display()))?;
        insert(&mut found, text.clone(), prediction).with_context(|| format!("id `{id}`"))?;
        ensure!(seen.insert(id.clone()), "id `{id}` comes twice");
    }
    Ok(found)
}

fn insert<K: Eq + Hash, P: PartialEq>(found: &mut HashMap<K, P>, key: K, prediction: P) -> Result<()> {
    if found.get(&key).is_some_and(|known| *known != prediction) {
        bail!("predicted differently from another of the same words; leave one of them out of the gold");
    }
    found.insert(key, prediction);
    Ok(())
}

impl Predictor for File {
    fn attributions(&self, text: &str) -> Result<Vec<Attribution>> {
        Ok(self.attributions.get(text).cloned().unwrap_or_default())
    }

    fn parse(&self, document: &[Vec<Word>]) -> Result<Vec<Vec<ParsedWord>>> {
        let begins = || document.iter().flatten().take(8).map(|w| w.form.as_str()).collect::<Vec<_>>().join(" ");
        let found = self.parses.get(&forms(document)).cloned();
        found.with_context(|| format!("the predictions have no document of exactly these words: {} …", begins()))
    }

    fn names(&self, text: &str) -> Result<Vec<names::Name>> {
        Ok(self.names.get(text).cloned().unwrap_or_default())
    }

    fn actor(&self, asked: &Asked) -> Result<Coded> {
        Ok(self.actors.get(&(asked.id.clone(), asked.nth)).cloned().unwrap_or_default())
    }

    fn times(&self, text: &str, _: Option<&str>) -> Result<Vec<Timex>> {
        Ok(self.times.get(text).cloned().unwrap_or_default())
    }

    fn coreference(&self, document: &[Vec<Word>]) -> Result<Chains> {
        let begins = || document.iter().flatten().take(8).map(|w| w.form.as_str()).collect::<Vec<_>>().join(" ");
        let found = self.chains.get(&forms(document)).cloned();
        found.with_context(|| format!("the predictions have no document of exactly these words: {} …", begins()))
    }

    fn toponyms(&self, text: &str, _host: Option<&str>, given: &[(usize, usize)]) -> Result<Toponyms> {
        let found = self.toponyms.get(text).cloned().unwrap_or_default();
        let of = |&(start, end): &(usize, usize)| found.iter().find(|t| (t.start, t.end) == (start, end)).cloned();
        let given = given.iter().map(of).collect();
        Ok((found, given))
    }

    fn events(&self, text: &str, _: Option<&str>) -> Result<Found> {
        Ok(self.events.get(text).cloned().unwrap_or_default())
    }

    fn told(&self, _: &str, _: &[(usize, usize)]) -> Result<(Vec<Told>, Record)> {
        bail!("reports are put together by the program itself, not out of a file")
    }

    fn occurrences(&self, _: &str, _: Option<&str>, _: &[String]) -> Result<Vec<Vec<Occurrence>>> {
        bail!("reports are put together by the program itself, not out of a file")
    }
}
