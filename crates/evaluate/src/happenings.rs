//! Events across reports (ECB+): mentions of one event, the mentions being given.
//!
//! Documents are put together in stories as [`crate::stories`] does; the gold's stories and topics are not used. Mentions of a story are put together
//! by average linkage of how likely two are one event ([`annalist_identity::HappeningWeights`]). Scored are mentions in sentences that the
//! gold annotates whole (`gold_sentences`), by the CoNLL measures over the whole file at once, so that what is wrongly joined across stories
//! counts. Beside it stand two baselines: mentions with the same head lemma are one event, anywhere; and those within the stories found. End to end, the
//! mentions are those that are read, which are of PLOVER's types only, and their chains those of a ledger.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use annalist_identity::{EventWords, HappeningWeights, average_linkage};
use annalist_knowledge::Knowledge;
use annalist_ledger::{Filter, Ledger};
use annalist_reading::events::Setting;
use annalist_reading::events::tree::Tree;
use annalist_record::{CharIndex, MentionForm, Record, Report};
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::coreference::Scores;
use crate::{Predictor, jsonl, predict_all, stories};

#[derive(Debug, Deserialize)]
struct Document {
    id: String,
    #[serde(default)]
    topic: u32,
    #[serde(default)]
    story: String,
    text: String,
    sentences: Vec<(i64, usize, usize)>,
    gold_sentences: Vec<i64>,
    mentions: Vec<Mention>,
}

#[derive(Debug, Deserialize)]
struct Mention {
    id: String,
    start: usize,
    end: usize,
    text: String,
    kind: String,
    sentence: i64,
    chain: Option<String>,
}

/// What is read of an event whose words are given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The lemma of the word that the others depend on.
    pub lemma: String,
    /// PLOVER type, if there is an event that these words tell.
    pub kind: Option<String>,
    /// Who is named in its sentence: names as names are compared.
    pub actors: BTreeSet<String>,
}

/// What a reading says of events whose words are given, by code points.
pub(crate) fn told(setting: &Setting, given: &[(usize, usize)]) -> Vec<Told> {
    let (tree, index) = (Tree::new(setting.text, setting.analysis), CharIndex::new(setting.text));
    let events = annalist_reading::events::mentions(setting, &tree);
    let tokens = &setting.analysis.tokens;
    let at = |start: usize, end: usize| -> Range<usize> {
        let (start, end) = (index.byte(start), index.byte(end));
        let first = tokens.partition_point(|t| t.end <= start);
        first..tokens.partition_point(|t| t.start < end).max(first)
    };
    let mut named: Vec<(usize, String)> = Vec::new();
    for actor in setting.actors.iter().filter(|a| a.mentions.iter().any(|m| m.form == MentionForm::Name)) {
        let Some(name) = annalist_identity::Name::new(&actor.name, actor.kind, setting.knowledge) else { continue };
        // Reports call a person by the last name.
        let key = name.last.unwrap_or(name.key);
        named.extend(actor.mentions.iter().map(|m| (at(m.span.start, m.span.end).start, key.clone())));
    }
    given
        .iter()
        .map(|&(start, end)| {
            let own = at(start, end);
            let inside = |t: &usize| tokens.get(*t).is_some_and(|token| token.head.is_none_or(|h| !own.contains(&h)));
            let head = own.clone().find(inside).unwrap_or(own.start);
            let sentence =
                setting.analysis.sentences.iter().find(|s| s.tokens.contains(&own.start)).map(|s| s.tokens.clone());
            let in_sentence = |t: usize| sentence.as_ref().is_some_and(|s| s.contains(&t));
            Told {
                lemma: tokens.get(head).map(|t| t.lemma.to_lowercase()).unwrap_or_default(),
                kind: events
                    .iter()
                    .find(|e| e.trigger.start < own.end && own.start < e.trigger.end)
                    .map(|e| e.kind.clone()),
                actors: named.iter().filter(|(t, _)| in_sentence(*t)).map(|(_, name)| name.clone()).collect(),
            }
        })
        .collect()
}

/// A mention that is scored.
struct Scored {
    document: usize,
    /// Its number among the document's mentions.
    number: usize,
    told: Told,
    words: EventWords,
}

/// The mentions that are scored, with what is read of them, document by document; and the records.
fn read(
    documents: &[(Document, String)],
    predictor: &(dyn Predictor + Sync),
    threads: usize,
) -> Result<(Vec<Scored>, Vec<Record>)> {
    let counted = |d: &Document| -> Vec<usize> {
        let scored = |m: &Mention| m.kind == "event" && d.gold_sentences.contains(&m.sentence);
        d.mentions.iter().enumerate().filter(|(_, m)| scored(m)).map(|(i, _)| i).collect()
    };
    let all = predict_all(documents, threads, |(d, _)| {
        let given: Vec<(usize, usize)> =
            counted(d).iter().filter_map(|&i| d.mentions.get(i)).map(|m| (m.start, m.end)).collect();
        predictor.told(&d.text, &given).with_context(|| format!("document `{}`", d.id))
    })?;
    let mut numbers: HashMap<String, i64> = HashMap::new();
    let (mut scored, mut records) = (Vec::new(), Vec::with_capacity(documents.len()));
    for (document, ((d, _), (told, record))) in documents.iter().zip(all).enumerate() {
        records.push(record);
        let index = CharIndex::new(&d.text);
        for (number, told) in counted(d).into_iter().zip(told) {
            let Some(mention) = d.mentions.get(number) else { continue };
            let sentence = d.sentences.iter().find(|s| s.0 == mention.sentence);
            let sentence = sentence.and_then(|&(_, start, end)| d.text.get(index.byte(start)..index.byte(end)));
            let mut words = EventWords::of(&mention.text, sentence.unwrap_or(&mention.text), Knowledge::english());
            words.kind = told.kind.clone();
            for name in &told.actors {
                let next = numbers.len() as i64;
                words.actors.insert(*numbers.entry(name.clone()).or_insert(next));
            }
            scored.push(Scored { document, number, told, words });
        }
    }
    Ok((scored, records))
}

/// The mentions of a file, by the chains of some names.
fn chains<K: Eq + std::hash::Hash>(of: impl IntoIterator<Item = K>) -> Vec<Vec<usize>> {
    let (mut at, mut chains): (HashMap<K, usize>, Vec<Vec<usize>>) = (HashMap::new(), Vec::new());
    for (mention, name) in of.into_iter().enumerate() {
        let next = chains.len();
        let chain = *at.entry(name).or_insert(next);
        if chain == next {
            chains.push(Vec::new());
        }
        if let Some(chain) = chains.get_mut(chain) {
            chain.push(mention);
        }
    }
    chains
}

/// The chain of each mention: its story's number and the number of its first mention.
fn happenings(mentions: &[Scored], story_of: &[i64]) -> Vec<(i64, usize)> {
    let weights = HappeningWeights::english();
    let story = |m: &Scored| story_of.get(m.document).copied().unwrap_or(-1);
    let mut found = vec![(-1, 0); mentions.len()];
    for group in chains(mentions.iter().map(story)) {
        let of = |i: &usize| mentions.get(*i);
        let like: Vec<Vec<f64>> = group
            .iter()
            .filter_map(of)
            .map(|a| group.iter().filter_map(of).map(|b| weights.likelihood(&a.words, &b.words)).collect())
            .collect();
        for (at, first) in average_linkage(&like, weights.threshold()).into_iter().enumerate() {
            if let (Some(&mention), Some(&first)) = (group.get(at), group.get(first))
                && let (Some(chain), Some(m)) = (found.get_mut(mention), mentions.get(mention))
            {
                *chain = (story(m), first);
            }
        }
    }
    found
}

/// The chains of events as a ledger has them after all documents were added to it: those of their mentions that stand in scored sentences. A
/// mention that overlaps one of the gold is that one, others are counted on from there.
fn end_to_end(documents: &[(Document, String)], mentions: &[Scored], records: &[Record]) -> Result<Vec<Vec<usize>>> {
    let mut ledger = Ledger::create(Path::new(":memory:"))?;
    for ((d, _), record) in documents.iter().zip(records) {
        // Each is a report, whatever its words are.
        let report = Report { id: d.id.clone(), ..record.report.clone() };
        ledger.add(&Record { report, ..record.clone() }, &d.id, None, "2000-01-01T00:00:00Z")?;
    }
    let every = Filter { limit: Some(usize::MAX), ..Filter::default() };
    let happening_of: HashMap<String, String> =
        ledger.events(&every)?.into_iter().map(|e| (e.id, e.happening)).collect();
    let (mut used, mut next, mut chain_of) = (BTreeSet::new(), mentions.len(), Vec::new());
    for (document, ((d, _), record)) in documents.iter().zip(records).enumerate() {
        let scored = |at: usize| {
            d.sentences.iter().any(|(n, start, end)| d.gold_sentences.contains(n) && *start <= at && at < *end)
        };
        for event in &record.events {
            let happening = happening_of.get(&format!("{}/{}", d.id, event.id)).cloned();
            let chain = happening.unwrap_or_else(|| format!("{}/{}", d.id, event.id));
            for span in std::iter::once(&event.trigger).chain(&event.also).filter(|span| scored(span.start)) {
                let gold = mentions.iter().enumerate().position(|(i, m)| {
                    let meets = |g: &Mention| g.start < span.end && span.start < g.end;
                    m.document == document && !used.contains(&i) && d.mentions.get(m.number).is_some_and(meets)
                });
                let mention = gold.unwrap_or_else(|| {
                    next += 1;
                    next - 1
                });
                used.insert(mention);
                chain_of.push((mention, chain.clone()));
            }
        }
    }
    let groups = chains(chain_of.iter().map(|(_, chain)| chain));
    let number = |i: &usize| chain_of.get(*i).map(|(mention, _)| *mention);
    Ok(groups.iter().map(|group| group.iter().filter_map(number).collect()).collect())
}

/// Puts the mentions together, scores and prints.
///
/// # Errors
/// As [`crate::run`].
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let documents = jsonl::read(gold, |_: &Document| Ok(()))?;
    jsonl::distinct(gold, "documents", documents.iter().map(|(d, _)| d.id.as_str()))?;
    let (mentions, records) = read(&documents, predictor, threads)?;
    let story_of = stories::put_together(documents.iter().map(|(d, _)| d.text.as_str()));
    let mention = |m: &Scored| documents.get(m.document).and_then(|(d, _)| Some((d, d.mentions.get(m.number)?)));
    let golds = chains(mentions.iter().map(|m| match mention(m) {
        Some((_, Mention { chain: Some(chain), .. })) => chain.clone(),
        Some((d, m)) => format!("{}/{}", d.id, m.id),
        None => String::new(),
    }));
    let found = happenings(&mentions, &story_of);
    writeln!(out, "{} mentions of {} events in {} documents", mentions.len(), golds.len(), documents.len())?;
    let mut line = |name: &str, found: Vec<Vec<usize>>| -> Result<f64> {
        let s = Scores::of(&golds, &found);
        let of = |m: crate::coreference::Measure| format!("{:.3} ({:.3}, {:.3})", m.f1(), m.precision(), m.recall());
        let (muc, cubed, ceaf) = (of(s.muc), of(s.b_cubed), of(s.ceaf_e));
        writeln!(out, "{name:<28} CoNLL F1 {:.3}   MUC {muc}  B-cubed {cubed}  CEAF-e {ceaf}   (F1, P, R)", s.conll())?;
        Ok(s.conll())
    };
    let own = line("happenings", chains(found.iter().copied()))?;
    let lemma = line("head lemma", chains(mentions.iter().map(|m| m.told.lemma.clone())))?;
    let within = line(
        "head lemma within stories",
        chains(mentions.iter().map(|m| (story_of.get(m.document).copied(), m.told.lemma.clone()))),
    )?;
    line("end to end", end_to_end(&documents, &mentions, &records)?)?;
    writeln!(
        out,
        "over the head lemma {:+.1} points, over the head lemma within stories {:+.1}",
        100.0 * (own - lemma),
        100.0 * (own - within)
    )?;
    if let Some(predictions) = predictions {
        let mut chain_of: HashMap<(usize, usize), String> = HashMap::new();
        for (m, (story, first)) in mentions.iter().zip(&found) {
            chain_of.insert((m.document, m.number), format!("S{story}-{first}"));
        }
        let lines = documents.iter().enumerate().map(|(d, (_, line))| {
            let mut object: Value = serde_json::from_str(line).unwrap_or_default();
            let mut all = object.get_mut("mentions").map(Value::take).unwrap_or_default();
            for (number, mention) in all.as_array_mut().into_iter().flatten().enumerate() {
                if let (Some(chain), Some(fields)) = (chain_of.get(&(d, number)), mention.as_object_mut()) {
                    fields.insert("chain".to_string(), json!(chain));
                }
            }
            (line.clone(), vec![("mentions", all)])
        });
        jsonl::write(predictions, lines)?;
    }
    Ok(())
}

/// Writes every two scored mentions of one gold story as a line: topic, story, their numbers in it, whether they are of one event, the roots
/// of the words that tell each, and the evidence. The first line names the columns. For `training/happenings.py`.
///
/// # Errors
/// As [`crate::run`].
pub fn evidence(gold: &Path, predictor: &(dyn Predictor + Sync), threads: usize, out: &mut dyn Write) -> Result<()> {
    let documents = jsonl::read(gold, |_: &Document| Ok(()))?;
    let (mentions, _) = read(&documents, predictor, threads)?;
    let names = annalist_identity::evidence(&EventWords::default(), &EventWords::default());
    let names: Vec<&str> = names.into_iter().map(|(name, _)| name).collect();
    writeln!(out, "topic\tstory\tone\tother\tsame\twords\twords\t{}", names.join("\t"))?;
    let of = |m: &Scored| documents.get(m.document).and_then(|(d, _)| Some((d, d.mentions.get(m.number)?)));
    for group in chains(mentions.iter().map(|m| of(m).map(|(d, _)| d.story.clone()))) {
        for (j, b) in group.iter().enumerate() {
            for (i, a) in group.iter().enumerate().take(j) {
                let (Some(a), Some(b)) = (mentions.get(*a), mentions.get(*b)) else { continue };
                let (Some((d, x)), Some((_, y))) = (of(a), of(b)) else { continue };
                let same = u8::from(x.chain.is_some() && x.chain == y.chain);
                let evidence = annalist_identity::evidence(&a.words, &b.words);
                let evidence: Vec<String> = evidence.iter().map(|(_, value)| format!("{value:.3}")).collect();
                let (x, y) = (a.words.told().join(" "), b.words.told().join(" "));
                writeln!(out, "{}\t{}\t{i}\t{j}\t{same}\t{x}\t{y}\t{}", d.topic, d.story, evidence.join("\t"))?;
            }
        }
    }
    Ok(())
}
