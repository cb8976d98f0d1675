//! What an actor took part in, and when, over several reports (SemEval-2015 task 4, from raw text).
//!
//! The gold names an actor and lists mentions of events with their dates; its texts stand in the file `meantime.…` beside it. Its events are of any
//! kind, most of them of business, so plain occurrences serve here: verbs, and nouns and predicates that tell an event, of which the actor is an
//! argument in the tree. A mention counts as right if it overlaps a mention of the gold's timeline and has its date, written as precisely; precision,
//! recall and F1 are over all actors. Beside it stands temporal awareness (UzZaman and Allen 2011), as the task has it: a timeline as relations, of each
//! event with the next (before, or at the same time) and with its date; precision is the part of the program's relations that hold in the gold, recall
//! the part of the gold's that hold in the program's. The gold's events without a place in the order have no relations.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;

use annalist_identity::words;
use annalist_reading::events::Setting;
use annalist_reading::events::tree::Tree;
use annalist_record::CharIndex;
use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bootstrap::line;
use crate::{Counts, Predictor, jsonl, predict_all};

/// What the file of texts is called, where the gold is called [`OWN`].
const TEXTS: &str = "meantime";
const OWN: &str = "timelines";

#[derive(Debug, Deserialize)]
struct Timeline {
    entity: String,
    corpus: String,
    timeline: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    order: usize,
    date: String,
    mentions: Vec<Place>,
}

#[derive(Debug, Deserialize)]
struct Place {
    doc: String,
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Document {
    id: String,
    corpus: String,
    dct: Option<String>,
    text: String,
}

/// Something an actor took part in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Occurrence {
    /// Code points of the word that tells it.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The date, as TimeML writes it; `None` if it is not known.
    pub date: Option<String>,
}

/// What each of some actors took part in, as a reading has it; `published` is the day of the report.
pub(crate) fn occurrences(setting: &Setting, published: Option<&str>, actors: &[String]) -> Vec<Vec<Occurrence>> {
    let (tree, index) = (Tree::new(setting.text, setting.analysis), CharIndex::new(setting.text));
    let tokens = &setting.analysis.tokens;
    let told: BTreeSet<usize> =
        annalist_reading::events::mentions(setting, &tree).into_iter().map(|mention| mention.head).collect();
    let times: Vec<(usize, &str)> = setting
        .times
        .iter()
        .filter(|t| matches!(t.kind.as_str(), "DATE" | "TIME"))
        .filter_map(|t| {
            let start = index.byte(t.span.start);
            let value = t.value.as_deref().filter(|v| v.starts_with(|c: char| c.is_ascii_digit()))?;
            Some((tokens.partition_point(|token| token.end <= start), value.get(..10).unwrap_or(value)))
        })
        .collect();
    let when = |event: usize| {
        let (sentence, own) = (tree.sentence(event), tree.below(event, 4));
        let inside = times.iter().filter(|(t, _)| sentence.contains(t));
        // A time that depends on the word, else the only one of the sentence, else the report's day.
        let of_word = inside.clone().filter(|(t, _)| own.contains(t)).min_by_key(|(t, _)| t.abs_diff(event));
        let only = inside.clone().next().filter(|_| inside.clone().count() == 1);
        of_word.or(only).map(|(_, value)| value.to_string()).or(published.map(str::to_string))
    };
    let actor = |name: &String| {
        let mut events: BTreeSet<usize> = BTreeSet::new();
        for head in heads(setting, &tree, &index, name) {
            takes_part(&tree, &told, head, &mut events);
        }
        let occurrence = |&t: &usize| {
            let token = tokens.get(t)?;
            Some(Occurrence { start: index.point(token.start), end: index.point(token.end), date: when(t) })
        };
        events.iter().filter_map(occurrence).collect()
    };
    actors.iter().map(actor).collect()
}

/// The head tokens of phrases that name an actor, or stand for it.
fn heads(setting: &Setting, tree: &Tree, index: &CharIndex, name: &str) -> BTreeSet<usize> {
    let known = setting.knowledge.sameness();
    let wanted: BTreeSet<String> = words(name).filter(|word| !known.is_function_word(word)).collect();
    // Half of a name's words call it.
    let names =
        |found: &BTreeSet<String>| !found.is_empty() && found.is_subset(&wanted) && 2 * found.len() >= wanted.len();
    let tokens = &setting.analysis.tokens;
    let mut heads = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        let (mut run, mut found) = (at, BTreeSet::new());
        while run < tokens.len() {
            let own: Vec<String> = words(tree.lower(run)).filter(|word| !known.is_function_word(word)).collect();
            let matches =
                |word: &String| wanted.contains(word) || word.strip_suffix('s').is_some_and(|w| wanted.contains(w));
            if own.is_empty() || !own.iter().all(matches) {
                break;
            }
            found.extend(own.into_iter().map(|word| match wanted.contains(&word) {
                true => word,
                false => word.trim_end_matches('s').to_string(),
            }));
            run += 1;
        }
        if run > at && names(&found) {
            heads.extend((at..run).find(|&t| tree.head(t).is_none_or(|h| !(at..run).contains(&h))));
        }
        at = run.max(at + 1);
    }
    // Pronouns and descriptions in a chain with such a name.
    for actor in setting.actors {
        let own: BTreeSet<String> = words(&actor.name).filter(|word| !known.is_function_word(word)).collect();
        if names(&own) {
            for mention in &actor.mentions {
                let (start, end) = (index.byte(mention.span.start), index.byte(mention.span.end));
                let first = tokens.partition_point(|t| t.end <= start);
                let span = first..tokens.partition_point(|t| t.start < end).max(first);
                heads.extend(span.clone().find(|&t| tree.head(t).is_none_or(|h| !span.contains(&h))));
            }
        }
    }
    heads
}

/// Adds the words that tell an event of which the phrase with this head is an argument.
fn takes_part(tree: &Tree, told: &BTreeSet<usize>, head: usize, events: &mut BTreeSet<usize>) {
    let mut t = head;
    // Up to the word that it is an argument of.
    for _ in 0..6 {
        let Some(above) = tree.head(t) else { return };
        match tree.universal(t) {
            "nsubj" | "obj" | "iobj" | "obl" | "csubj" => {
                let subject = tree.universal(t) == "nsubj";
                match (tree.upos(above), tree.child(above, &["cop"])) {
                    (_, Some(copula)) => _ = events.insert(copula),
                    ("VERB" | "AUX", None) => _ = events.insert(above),
                    _ => {}
                }
                if subject {
                    // What else the same subject does.
                    for &other in tree.children(above) {
                        let shares = matches!(tree.universal(other), "conj" | "xcomp") && tree.upos(other) == "VERB";
                        if shares && tree.child(other, &["nsubj"]).is_none() {
                            events.insert(other);
                        }
                    }
                }
                return;
            }
            "nmod" | "compound" if told.contains(&above) => {
                events.insert(above);
                t = above;
            }
            "nmod" | "appos" | "conj" | "compound" | "flat" => t = above,
            _ => return,
        }
    }
}

/// A date, compared: without what is left open.
fn date(written: &str) -> &str {
    written.trim_end_matches("-XX")
}

/// The events of a timeline by number, each with its place in the order (0: none) and its date.
type Placed = BTreeMap<usize, (usize, String)>;

/// What a timeline says of an event.
#[derive(Debug, PartialEq)]
enum Relation {
    /// It is at the time of another.
    With(usize, usize),
    /// It is before another.
    Before(usize, usize),
    /// It is of a date.
    On(usize, String),
}

impl Relation {
    fn holds(&self, events: &Placed) -> bool {
        let place = |event: &usize| events.get(event).map(|(order, _)| *order).filter(|order| *order > 0);
        match self {
            Relation::With(a, b) => place(a).zip(place(b)).is_some_and(|(a, b)| a == b),
            Relation::Before(a, b) => place(a).zip(place(b)).is_some_and(|(a, b)| a < b),
            Relation::On(event, day) => place(event).is_some() && events[event].1 == *day,
        }
    }
}

/// The fewest relations of which all others of a timeline follow.
fn relations(events: &Placed) -> Vec<Relation> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut relations = Vec::new();
    for (&event, (order, day)) in events.iter().filter(|(_, (order, _))| *order > 0) {
        groups.entry(*order).or_default().push(event);
        if !day.starts_with("XXXX") {
            relations.push(Relation::On(event, day.clone()));
        }
    }
    let mut before = None;
    for group in groups.into_values() {
        let Some((&first, others)) = group.split_first() else { continue };
        relations.extend(others.iter().map(|&other| Relation::With(first, other)));
        relations.extend(before.replace(first).map(|before| Relation::Before(before, first)));
    }
    relations
}

/// The events of a timeline, and those that were found for it: these have the numbers of the gold's that they overlap, or numbers of their own.
fn placed(gold: &Timeline, found: &BTreeMap<&str, Vec<Occurrence>>) -> (Placed, Placed) {
    let of_gold = gold.timeline.iter().enumerate().map(|(n, e)| (n, (e.order, date(&e.date).to_string())));
    let mut days: Vec<&str> = found.values().flatten().filter_map(|o| o.date.as_deref()).map(date).collect();
    days.sort_unstable();
    days.dedup();
    let mut own = Placed::new();
    for (doc, occurrence) in found.iter().flat_map(|(doc, all)| all.iter().map(move |o| (*doc, o))) {
        let meets = |m: &Place| {
            let span = m.start.zip(m.end);
            m.doc == doc && span.is_some_and(|(start, end)| start < occurrence.end && occurrence.start < end)
        };
        let met = gold.timeline.iter().enumerate().find(|(n, e)| !own.contains_key(n) && e.mentions.iter().any(meets));
        let number = met.map_or(gold.timeline.len() + own.len(), |(n, _)| n);
        let day = occurrence.date.as_deref().map(date);
        let order = day.and_then(|day| days.binary_search(&day).ok()).map_or(0, |at| at + 1);
        own.insert(number, (order, day.unwrap_or("XXXX").to_string()));
    }
    (of_gold.collect(), own)
}

/// Reads the texts, scores and prints.
///
/// # Errors
/// As [`crate::run`]; a gold file without texts beside it.
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let timelines = jsonl::read(gold, |_: &Timeline| Ok(()))?;
    let name = gold.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let texts = gold.with_file_name(name.replace(OWN, TEXTS));
    let documents = jsonl::read(&texts, |_: &Document| Ok(()))
        .with_context(|| format!("the texts of {} are to stand in {}", gold.display(), texts.display()))?;
    let asked = |d: &Document| -> Vec<String> {
        timelines.iter().filter(|(t, _)| t.corpus == d.corpus).map(|(t, _)| t.entity.clone()).collect()
    };
    let started = ProcessTime::now();
    let read = predict_all(&documents, threads, |(d, _)| {
        predictor.occurrences(&d.text, d.dct.as_deref(), &asked(d)).with_context(|| format!("document `{}`", d.id))
    })?;
    let mut found: HashMap<(&str, &str), BTreeMap<&str, Vec<Occurrence>>> = HashMap::new();
    for ((d, _), of_each) in documents.iter().zip(read) {
        let entities = timelines.iter().filter(|(t, _)| t.corpus == d.corpus);
        for ((t, _), occurrences) in entities.zip(of_each) {
            found.entry((t.corpus.as_str(), t.entity.as_str())).or_default().insert(&d.id, occurrences);
        }
    }
    let none = BTreeMap::new();
    let (mut scores, mut undated) = (Vec::new(), Vec::new());
    // Relations that hold on the other side, and all: the program's, the gold's.
    let (mut precise, mut recalled) = ((0usize, 0usize), (0usize, 0usize));
    for (t, _) in &timelines {
        let own = found.get(&(t.corpus.as_str(), t.entity.as_str())).unwrap_or(&none);
        let mentions: Vec<(&Place, &str)> =
            t.timeline.iter().flat_map(|e| e.mentions.iter().map(|m| (m, e.date.as_str()))).collect();
        let count = |dated: bool| {
            let mut used = BTreeSet::new();
            let mut counts = Counts { gold: mentions.len(), ..Counts::default() };
            for (doc, occurrence) in own.iter().flat_map(|(doc, all)| all.iter().map(move |o| (*doc, o))) {
                counts.predicted += 1;
                let meets = |(i, (m, told)): &(usize, &(&Place, &str))| {
                    let overlaps =
                        m.start.zip(m.end).is_some_and(|(start, end)| start < occurrence.end && occurrence.start < end);
                    let unknown = told.starts_with("XXXX");
                    let same = occurrence.date.as_deref().map_or(unknown, |own| !unknown && date(own) == date(told));
                    m.doc == doc && overlaps && (same || !dated) && !used.contains(i)
                };
                if let Some((i, _)) = mentions.iter().enumerate().find(meets) {
                    used.insert(i);
                    counts.right += 1;
                }
            }
            counts
        };
        let (gold, own) = placed(t, own);
        for (sum, of, other) in [(&mut precise, &own, &gold), (&mut recalled, &gold, &own)] {
            let relations = relations(of);
            *sum = (sum.0 + relations.iter().filter(|r| r.holds(other)).count(), sum.1 + relations.len());
        }
        scores.push(count(true));
        undated.push(count(false));
    }
    writeln!(
        out,
        "{} timelines over {} documents; read in {:.1} CPU seconds",
        timelines.len(),
        documents.len(),
        started.elapsed().as_secs_f64()
    )?;
    line(out, "events with dates", 20, &scores, |s| *s)?;
    line(out, "events", 20, &undated, |s| *s)?;
    let part = |(held, all): (usize, usize)| 100.0 * held as f64 / all.max(1) as f64;
    let (p, r) = (part(precise), part(recalled));
    let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
    writeln!(
        out,
        "temporal awareness   P {p:>5.1}  R {r:>5.1}  F1 {f:>5.1}  (relations of order and date: {} of {}, {} of {})",
        precise.0, precise.1, recalled.0, recalled.1
    )?;
    if let Some(predictions) = predictions {
        let lines = timelines.iter().map(|(t, written)| {
            let own = found.get(&(t.corpus.as_str(), t.entity.as_str())).unwrap_or(&none);
            let mut entries: Vec<_> =
                own.iter().flat_map(|(doc, all)| all.iter().map(move |o| (o.date.clone(), *doc, o))).collect();
            entries.sort();
            let entries: Vec<_> = entries
                .into_iter()
                .enumerate()
                .map(|(i, (date, doc, o))| {
                    json!({"order": i + 1, "date": date.unwrap_or("XXXX-XX-XX".to_string()),
                        "mentions": [{"doc": doc, "start": o.start, "end": o.end}]})
                })
                .collect();
            (written.clone(), vec![("timeline", json!(entries))])
        });
        jsonl::write(predictions, lines)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeline_is_known_by_its_fewest_relations() {
        let placed = |events: &[(usize, usize, &str)]| -> Placed {
            events.iter().map(|(n, order, day)| (*n, (*order, day.to_string()))).collect()
        };
        let gold = placed(&[(0, 1, "2007"), (1, 1, "2007"), (2, 2, "2008"), (3, 0, "XXXX")]);
        use Relation::{Before, On, With};
        let day = |event, day: &str| On(event, day.to_string());
        assert_eq!(relations(&gold), [day(0, "2007"), day(1, "2007"), day(2, "2008"), With(0, 1), Before(0, 2)]);
        // What follows of the relations holds, too.
        let other = placed(&[(1, 1, "2007"), (2, 2, "2009"), (9, 3, "2010")]);
        let held: Vec<bool> = relations(&other).iter().map(|r| r.holds(&gold)).collect();
        assert_eq!(held, [true, false, false, true, false]);
    }

    #[test]
    fn a_date_is_compared_as_precisely_as_it_is_known() {
        assert_eq!(date("2007-10-XX"), "2007-10");
        assert_eq!(date("2007-XX-XX"), "2007");
        assert_ne!(date("2007-10-19"), date("2007-10"));
    }
}
