//! Why the items of a record are as they are: which rule, line of a knowledge file or score decided.

use annalist_knowledge::Knowledge;
use annalist_language::Analysis;
use annalist_record::{Actor, CharIndex, Explanation, Place, SourceKind, Span, Statement, Time};

use crate::actors::{Coding, Told};
use crate::coreference::Coreference;
use crate::participants::Participants;
use crate::places::{self, Form, Setting, Toponym};
use crate::statements::Origin;
use crate::times;

/// A text with what is known of it.
#[derive(Clone, Copy)]
pub struct Read<'r> {
    /// The text.
    pub text: &'r str,
    /// Its analysis.
    pub analysis: &'r Analysis,
    /// What was known before.
    pub knowledge: &'r Knowledge,
}

fn because(item: &str, field: &str, by: String, words: Option<&str>, score: Option<f32>) -> Explanation {
    let (item, field, words) = (item.to_string(), field.to_string(), words.map(str::to_string));
    Explanation { item, field, by, words, score: score.map(|s| (s * 1000.0).round() / 1000.0) }
}

/// Of actors: which words told country, kind and sectors, and how sure each mention is of them.
pub fn of_actors(participants: &Participants, codings: &[Coding], coreference: &Coreference) -> Vec<Explanation> {
    let mut found = Vec::new();
    let mentions_of = |number: usize| {
        let own = participants.actor_of.iter().zip(&coreference.certainty);
        own.filter(move |(actor, _)| **actor == Some(number)).map(|(_, certainty)| *certainty)
    };
    for (number, actor) in participants.actors.iter().enumerate() {
        for clue in codings.get(number).into_iter().flat_map(|coding| &coding.evidence) {
            let field = match clue.tells {
                Told::Country => "country",
                Told::Sectors => "sectors",
            };
            found.push(because(&actor.id, field, clue.basis.file().to_string(), Some(&clue.words), None));
        }
        found.extend(mentions(actor, mentions_of(number)));
    }
    found
}

fn mentions(actor: &Actor, certainty: impl Iterator<Item = f32>) -> Vec<Explanation> {
    let told = |(mention, certainty): (&annalist_record::Mention, f32)| {
        let by = "coreference: likelihood of its link".to_string();
        because(&actor.id, "mentions", by, Some(&mention.span.text), Some(certainty))
    };
    actor.mentions.iter().zip(certainty).map(told).collect()
}

/// Of statements: what the model scored or that the layout told, and which entry of the lexicon told what is done by them.
pub fn of_statements(statements: &[Statement], origins: &[Origin], knowledge: &Knowledge) -> Vec<Explanation> {
    let mut found = Vec::new();
    for (s, origin) in statements.iter().zip(origins) {
        match origin.evidence {
            Some([anchor, content, source, _]) => {
                let mut score = |field: &str, of: &str, score| {
                    let by = format!("attribution: {of} (logit)");
                    found.push(because(&s.id, field, by, None, Some(score)));
                };
                score("cue", "that the word is a cue", anchor);
                score("content", "how certain its extent is", content);
                if !s.source.is_empty() {
                    score("source", "how certain its extent is", source);
                }
            }
            None => found.push(because(&s.id, "cue", "layout: a turn or a signed quotation".to_string(), None, None)),
        }
        let cue = words(&s.cue);
        let entry = origin.entry.as_ref().map_or("cues.toml: no entry".to_string(), |e| format!("cues.toml: {e}"));
        found.push(because(&s.id, "act", entry, Some(&cue), None));
        let sources = knowledge.sources();
        let list = match s.source_kind {
            SourceKind::Document => Some("sources.toml: document"),
            SourceKind::Unnamed => Some("sources.toml: unnamed"),
            _ => None,
        };
        if let Some(list) = list {
            let source = words(&s.source);
            let known = |w: &&str| sources.is_document(&w.to_lowercase()) || sources.is_unnamed(&w.to_lowercase());
            let word = source.split_whitespace().find(known);
            // Not the source's own word but one of the sentence: "on condition of anonymity".
            let by =
                if word.is_none() && s.source_kind == SourceKind::Unnamed { "sources.toml: withheld" } else { list };
            found.push(because(&s.id, "source_kind", by.to_string(), Some(word.unwrap_or(&source)), None));
        }
    }
    found
}

fn words(spans: &[Span]) -> String {
    spans.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Of times: the rule that found each, and what its verb says of where it lies.
pub fn of_times(times: &[Time], read: Read) -> Vec<Explanation> {
    let index = CharIndex::new(read.text);
    let mut found = Vec::new();
    for (bytes, rule, means, direction) in times::rules(read.text, read.analysis, read.knowledge) {
        let start = index.point(bytes.start);
        let Some(time) = times.iter().find(|t| t.span.start == start) else { continue };
        let told = |field: &str, by: String| because(&time.id, field, by, Some(&time.span.text), None);
        found.push(told("value", format!("times.toml: {rule} ({means})")));
        match direction {
            0 => {}
            1 => found.push(told("value", "tense: ahead".to_string())),
            _ => found.push(told("value", "tense: in the past".to_string())),
        }
        if let Some(from) = &time.relative_to {
            found.push(told("relative_to", format!("counted from {from}")));
        }
    }
    found
}

/// Of places: what spoke for the one that was chosen.
pub fn of_places(items: &[Place], toponyms: &[Toponym], setting: Setting, read: Read) -> Vec<Explanation> {
    let index = CharIndex::new(read.text);
    let reasons = places::reasons(read.text, read.analysis, read.knowledge, setting, toponyms);
    let mut found = Vec::new();
    for item in items {
        let first =
            |t: &Toponym| t.form == Form::Name && item.mentions.iter().any(|m| m.start == index.point(t.bytes.start));
        let Some(k) = toponyms.iter().position(first) else { continue };
        let words = &item.mentions[0].text;
        if toponyms[k].place.is_none() {
            found.push(because(&item.id, "gazetteer_id", "gazetteer.bin: no entry".to_string(), Some(words), None));
        }
        for (feature, score) in &reasons[k] {
            let by = format!("places.toml: {feature} (added to the logit)");
            found.push(because(&item.id, "gazetteer_id", by, Some(words), Some(*score)));
        }
    }
    found
}
