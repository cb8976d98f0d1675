//! Corpora that mark whatever occurs, without PLOVER's types: TimeBank, AQUAINT (TimeML's classes) and MEANTIME (with factuality).
//!
//! A gold event is one that PLOVER may cover if its word stands in the event lexicon as telling such an event in half of its uses or
//! more. Recall is the share of those that an event's mention overlaps; precision the share of the events told whose trigger is marked
//! at all. Where the gold says how certain a matched event is and whether it is to come (MEANTIME, after FactBank), both
//! sides are put into three classes: a fact (certain, positive, not future), what is denied (negative), and all else; agreement stands
//! beside the share of the commonest class.

use std::io::Write;
use std::path::Path;

use annalist_knowledge::{Events, Knowledge};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::Found;
use crate::{Counts, Predictor, interval, percent, predict_all};

/// A text with what occurs in it.
#[derive(Deserialize)]
pub(super) struct Text {
    pub id: String,
    text: String,
    dct: Option<String>,
    events: Vec<Marked>,
    /// The sentences, and how many of them, from the first, are annotated; all, if that is not said.
    #[serde(default)]
    sentences: Vec<(usize, usize)>,
    annotated_sentences: Option<usize>,
}

/// An event as marked. One of several parts, or without a class, is a name of the others.
#[derive(Deserialize)]
struct Marked {
    start: usize,
    end: usize,
    text: String,
    class: Option<String>,
    certainty: Option<String>,
    polarity: Option<String>,
    time: Option<String>,
}

impl Text {
    /// Where the annotated part ends.
    fn read_to(&self) -> usize {
        let last = self.annotated_sentences.and_then(|n| self.sentences.get(n.checked_sub(1)?));
        last.map_or(usize::MAX, |sentence| sentence.1)
    }

    /// Whether the stretches lie in the text.
    pub fn check(&self) -> Result<()> {
        let end = self.text.chars().count();
        ensure!(self.events.iter().all(|e| e.start < e.end && e.end <= end), "an event lies outside the text");
        Ok(())
    }
}

/// In half of its uses or more.
const OFTEN: f32 = 0.5;

/// Words that a form may be of.
fn lemmas(form: &str) -> Vec<String> {
    let form = form.to_lowercase();
    let mut all = vec![form.clone()];
    for (ending, added) in
        [("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"), ("ing", ""), ("ing", "e")]
    {
        if let Some(stem) = form.strip_suffix(ending).filter(|stem| stem.len() > 2) {
            all.push(format!("{stem}{added}"));
            let mut letters = stem.chars().rev();
            if matches!(ending, "ed" | "ing") && letters.next() == letters.next() {
                all.push(stem[..stem.len() - stem.chars().last().map_or(0, char::len_utf8)].to_string());
            }
        }
    }
    all
}

fn covered(word: &str, lexicon: &Events) -> bool {
    lemmas(word).iter().any(|lemma| {
        let own = |e: &&annalist_knowledge::EventEntry| e.others.is_empty() && e.joined.is_empty();
        lexicon.with_head(lemma).filter(own).any(|e| e.kind.is_some() && e.strength >= OFTEN)
    })
}

/// A fact, a denial, or anything else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Factuality {
    Fact,
    Denied,
    Open,
}

impl Marked {
    fn factuality(&self) -> Option<Factuality> {
        let (certainty, polarity) = (self.certainty.as_deref()?, self.polarity.as_deref()?);
        Some(match (polarity, certainty, self.time.as_deref()) {
            ("NEG", ..) => Factuality::Denied,
            ("POS", "CERTAIN", Some("NON_FUTURE")) => Factuality::Fact,
            _ => Factuality::Open,
        })
    }
}

fn told(status: Option<&str>) -> Factuality {
    match status {
        Some("happened" | "ongoing") => Factuality::Fact,
        Some("denied") => Factuality::Denied,
        _ => Factuality::Open,
    }
}

/// What is counted of one text.
#[derive(Default)]
struct Score {
    covered: Counts,
    /// Of the events told in the annotated part, those whose trigger is marked.
    told: Counts,
    /// Of matched events with factuality: what the gold says, and whether the predictor says the same.
    factuality: Vec<(Factuality, bool)>,
}

fn score(gold: &Text, found: &Found, lexicon: &Events) -> Score {
    let over = |e: &Marked, s: &(usize, usize)| s.0 < e.end && e.start < s.1;
    let marked: Vec<&Marked> = gold.events.iter().filter(|e| e.class.is_some()).collect();
    let mut score = Score::default();
    for e in &marked {
        let match_of = found.events.iter().find(|f| over(e, &f.trigger) || f.also.iter().any(|s| over(e, s)));
        if covered(&e.text, lexicon) {
            score.covered.gold += 1;
            score.covered.right += usize::from(match_of.is_some());
        }
        if let (Some(f), Some(said)) = (match_of, e.factuality()) {
            score.factuality.push((said, said == told(f.status.as_deref())));
        }
    }
    for f in found.events.iter().filter(|f| f.trigger.1 <= gold.read_to()) {
        score.told.predicted += 1;
        score.told.right += usize::from(marked.iter().any(|e| over(e, &f.trigger)));
    }
    score
}

pub(super) fn run(
    texts: Vec<(Text, String)>,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    ensure!(predictions.is_none(), "predictions are not written in the form of this gold, which has no PLOVER types");
    let found = predict_all(&texts, threads, |(t, _)| {
        predictor.events(&t.text, t.dct.as_deref()).with_context(|| format!("text `{}`", t.id))
    })?;
    let lexicon = Knowledge::english().events();
    let scores: Vec<Score> = texts.iter().zip(&found).map(|((t, _), f)| score(t, f, lexicon)).collect();
    writeln!(out, "events ({} texts in which all that occurs is marked)", texts.len())?;
    writeln!(out, "recall of events whose words PLOVER's lexicon has, precision as any occurrence")?;
    let share = |count: &dyn Fn(&Score) -> (usize, usize), drawn: &mut dyn Iterator<Item = usize>| {
        let (right, all) = drawn.map(|i| count(&scores[i])).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (percent(right, all), right, all)
    };
    let mut print = |name: &str, count: &dyn Fn(&Score) -> (usize, usize)| -> Result<()> {
        let (value, right, all) = share(count, &mut (0..scores.len()));
        let (low, high) = interval(scores.len(), |drawn| share(count, &mut drawn.iter().copied()).0);
        writeln!(out, "{name:<12} {value:5.1}  [{low:.1}, {high:.1}]  (right {right} of {all})")?;
        Ok(())
    };
    print("recall", &|s| (s.covered.right, s.covered.gold))?;
    print("precision", &|s| (s.told.right, s.told.predicted))?;
    let judged: Vec<(Factuality, bool)> = scores.iter().flat_map(|s| s.factuality.iter().copied()).collect();
    if !judged.is_empty() {
        let right = judged.iter().filter(|j| j.1).count();
        writeln!(
            out,
            "factuality   agreement {:5.1}  (right {right} of {})",
            percent(right, judged.len()),
            judged.len()
        )?;
        for (name, class) in [("fact", Factuality::Fact), ("denied", Factuality::Denied), ("open", Factuality::Open)] {
            let of: Vec<bool> = judged.iter().filter(|j| j.0 == class).map(|j| j.1).collect();
            let right = of.iter().filter(|r| **r).count();
            writeln!(out, "  {name:<10} {:5.1}  (right {right} of {})", percent(right, of.len()), of.len())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::FoundEvent;
    use super::*;

    #[test]
    fn what_the_lexicon_has_is_covered_and_factuality_compared() {
        let gold: Text = serde_json::from_str(
            r#"{"id": "1", "text": "Rebels attacked Tarn and will not attack Elva; prices fell.", "events": [
                {"start": 7, "end": 15, "text": "attacked", "class": "OTHER", "certainty": "CERTAIN", "polarity": "POS", "time": "NON_FUTURE"},
                {"start": 34, "end": 40, "text": "attack", "class": "OTHER", "certainty": "CERTAIN", "polarity": "NEG", "time": "FUTURE"},
                {"start": 54, "end": 58, "text": "fell", "class": "OTHER"}]}"#,
        )
        .unwrap();
        gold.check().unwrap();
        let event =
            |trigger, status: &str| FoundEvent { trigger, status: Some(status.to_string()), ..FoundEvent::default() };
        let found = Found {
            events: vec![event((7, 15), "happened"), event((34, 40), "planned"), event((16, 20), "happened")],
            ..Found::default()
        };
        let score = score(&gold, &found, Knowledge::english().events());
        assert_eq!(score.covered, Counts { right: 2, predicted: 0, gold: 2 });
        assert_eq!(score.told, Counts { right: 2, predicted: 3, gold: 0 });
        let said: Vec<bool> = score.factuality.iter().map(|f| f.1).collect();
        assert_eq!(said, [true, false]);
    }

    #[test]
    fn forms_lead_to_words() {
        assert!(lemmas("Banned").contains(&"ban".to_string()));
        assert!(lemmas("carried").contains(&"carry".to_string()) && lemmas("seizes").contains(&"seize".to_string()));
        assert!(!lemmas("raids").contains(&"rai".to_string()));
        assert!(lemmas("raiding").contains(&"raid".to_string()) && lemmas("pledging").contains(&"pledge".to_string()));
    }
}
