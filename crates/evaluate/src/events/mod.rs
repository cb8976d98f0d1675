//! Events: who did what to whom, when and where (PLOVER), and what was promised and changed.
//!
//! Three forms of gold are told apart by their fields.
//!
//! * **Desk** (`events`, and `commitments` and `changes` if it has them): events of openings of reports. A predicted event finds a gold
//!   one of its type whose trigger, or another of whose mentions (`also`), its trigger overlaps, one to one, closest first. Of
//!   events so matched: overlap of actor, recipient, place and time, in precision, recall and F1 over those that either side has, and
//!   accuracy of status and mode. An argument is right if its span overlaps the gold's. The gold names one of an actor's or a
//!   place's mentions, and the predictor may name another: any mention of the same actor or place that overlaps the gold's span is
//!   right, too. Of several actors of one event only the first is compared. Commitments match where the words of `what` have a Jaccard
//!   index of at least .3, changes where both spans overlap. Real reports and synthetic ones (`corpus` is `ngec`) are scored apart and together.
//! * **PLOVER's gold standard records** (`event_2021`, `quad`, `source`, `target`): the event of the sentence that is told first is its
//!   type, an act that is only announced being what its announcement does (see `plover_type` of the knowledge crate); accuracy and macro F1 of the type, accuracy of the quad class, and precision, recall and F1 of the sets of country codes of
//!   that event's actors and recipients. Codes of the gold that are known errors are read as what they stand for; as in
//!   [`crate::actors`], the United Nations and the European Union count as organisations, and codes of neither list are left out.
//! * **TimeBank, AQUAINT and MEANTIME** (`events` with a `class`): whatever occurs is marked; recall over what PLOVER's lexicon covers,
//!   precision as any occurrence, and agreement on factuality.

mod desk;
mod marked;
mod plover;

use std::path::Path;

use annalist_pipeline::{Description, Reader};
use annalist_record::{Record, Span};
use anyhow::{Result, ensure};
use serde::Deserialize;

use crate::{Predictor, jsonl};

/// Code points of the text, half-open.
pub type Stretch = (usize, usize);

/// What a predictor says of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What happened.
    pub events: Vec<FoundEvent>,
    /// What was promised, threatened, offered or planned.
    pub commitments: Vec<FoundCommitment>,
    /// Changes of position; `None` if the predictor does not tell such.
    pub changes: Option<Vec<[Stretch; 2]>>,
}

/// An event.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundEvent {
    /// PLOVER type.
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// `happened`, `ongoing`, `planned`, `possible`, `denied` or `unreal`.
    pub status: Option<String>,
    /// The words that tell it.
    pub trigger: Stretch,
    /// Its other mentions.
    pub also: Vec<Stretch>,
    /// Who did it: the first one.
    pub actor: Option<Argument>,
    /// To whom: the first one.
    pub recipient: Option<Argument>,
    /// Where.
    pub place: Option<Argument>,
    /// When.
    pub time: Option<Argument>,
    /// Country codes of all who did it, or PLOVER's in their place.
    pub sources: Vec<String>,
    /// The same of all to whom it was done.
    pub targets: Vec<String>,
    /// How sure, in 0..=1, where the predictor tells.
    pub confidence: Option<f32>,
}

/// Somebody or something that takes part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Argument {
    /// The words in this event.
    pub span: Stretch,
    /// All mentions of the same.
    pub mentions: Vec<Stretch>,
}

/// A commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCommitment {
    /// To what.
    pub what: Stretch,
    /// `promise`, `guarantee`, `offer`, `threat` or `plan`.
    pub kind: String,
}

fn stretch(span: &Span) -> Stretch {
    (span.start, span.end)
}

/// The events, commitments and changes of a record; `reader` codes its actors.
pub fn of_record(record: &Record, reader: &Reader) -> Found {
    let coder = reader.coder();
    let actor = |id: &Option<String>| id.as_ref().and_then(|id| record.actors.iter().find(|a| a.id == *id));
    let argument = |p: &annalist_record::Participant| Argument {
        span: stretch(&p.span),
        mentions: actor(&p.actor).map(|a| a.mentions.iter().map(|m| stretch(&m.span)).collect()).unwrap_or_default(),
    };
    let code = |p: &annalist_record::Participant| {
        let known = actor(&p.actor).and_then(|a| {
            let coding = coder.code_actor(a, None);
            coding.place_code().map(str::to_string).or_else(|| a.country.clone())
        });
        known.or_else(|| {
            let coding = coder.code(&Description { words: &p.span.text, context: None, within: None, day: None });
            coding.place_code().map(str::to_string)
        })
    };
    use erased::Word;
    let events = record.events.iter().map(|e| {
        let near = |s: &Stretch| (s.0.max(e.trigger.end) - e.trigger.end) + (e.trigger.start.max(s.1) - s.1);
        let place = e.place.as_ref().and_then(|id| record.places.iter().find(|p| p.id == *id)).and_then(|p| {
            let mentions: Vec<Stretch> = p.mentions.iter().map(stretch).collect();
            Some(Argument { span: *mentions.iter().min_by_key(|s| near(s))?, mentions })
        });
        let time = e.time.as_ref().and_then(|id| record.times.iter().find(|t| t.id == *id));
        FoundEvent {
            kind: e.kind.clone(),
            mode: e.mode.clone(),
            status: e.status.word(),
            trigger: stretch(&e.trigger),
            also: e.also.iter().map(stretch).collect(),
            actor: e.actors.first().map(argument),
            recipient: e.recipients.first().map(argument),
            place,
            time: time.map(|t| Argument { span: stretch(&t.span), mentions: Vec::new() }),
            sources: e.actors.iter().filter_map(code).collect(),
            targets: e.recipients.iter().filter_map(code).collect(),
            confidence: Some(e.confidence.value()),
        }
    });
    let commitments = record
        .commitments
        .iter()
        .map(|c| FoundCommitment { what: stretch(&c.what), kind: c.kind.word().unwrap_or_default() });
    let changes = record.changes.iter().map(|c| [stretch(&c.before.span), stretch(&c.after.span)]);
    Found { events: events.collect(), commitments: commitments.collect(), changes: Some(changes.collect()) }
}

/// Names of enumerated values as records write them.
mod erased {
    /// A value that is written as a word.
    pub trait Word {
        fn word(&self) -> Option<String>;
    }

    impl<T: serde::Serialize> Word for T {
        fn word(&self) -> Option<String> {
            serde_json::to_value(self).ok()?.as_str().map(str::to_string)
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Gold {
    Desk(desk::Report),
    Plover(plover::Record),
    Marked(marked::Text),
}

/// The predictions of a file in either form, by id.
pub(crate) fn predicted(path: &Path) -> Result<Vec<(String, Found)>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Line {
        Desk(desk::Predicted),
        Plover(plover::Predicted),
    }
    let lines = jsonl::read(path, |_: &Line| Ok(()))?;
    Ok(lines
        .into_iter()
        .map(|(line, _)| match line {
            Line::Desk(report) => report.found(),
            Line::Plover(record) => record.found(),
        })
        .collect())
}

/// Reads the texts of a gold file, scores and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn std::io::Write,
) -> Result<()> {
    let (mut reports, mut records, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let check = |gold: &Gold| match gold {
        Gold::Desk(report) => report.check(),
        Gold::Plover(_) => Ok(()),
        Gold::Marked(text) => text.check(),
    };
    for (gold, line) in jsonl::read(gold, check)? {
        match gold {
            Gold::Desk(report) => reports.push((report, line)),
            Gold::Plover(record) => records.push((record, line)),
            Gold::Marked(text) => texts.push((text, line)),
        }
    }
    let forms = [reports.is_empty(), records.is_empty(), texts.is_empty()];
    ensure!(forms.iter().filter(|empty| !**empty).count() <= 1, "{}: records of two forms", gold.display());
    let ids = reports.iter().map(|(r, _)| r.id.as_str()).chain(records.iter().map(|(r, _)| r.id.as_str()));
    jsonl::distinct(gold, "texts", ids.chain(texts.iter().map(|(t, _)| t.id.as_str())))?;
    match (records.is_empty(), texts.is_empty()) {
        (false, _) => plover::run(records, predictions, predictor, threads, out),
        (_, false) => marked::run(texts, predictions, predictor, threads, out),
        _ => desk::run(reports, predictions, predictor, threads, out),
    }
}
