//! Openings of reports with their events, commitments and changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Argument, Found, FoundCommitment, FoundEvent, Stretch};
use crate::attribution::TokenMap;
use crate::{Counts, Predictor, interval, jsonl, line, percent, predict_all};

/// The corpus of synthetic reports.
const SYNTHETIC: &str = "ngec";

/// A text with its events.
#[derive(Deserialize)]
pub(super) struct Report {
    pub id: String,
    text: String,
    date: Option<String>,
    #[serde(default)]
    corpus: String,
    events: Vec<Event>,
    #[serde(default)]
    commitments: Vec<Commitment>,
    #[serde(default)]
    changes: Vec<Change>,
}

/// The same, predicted: a text is not needed, nor what is not told.
#[derive(Deserialize)]
pub(super) struct Predicted {
    id: String,
    events: Vec<Event>,
    #[serde(default)]
    commitments: Vec<Commitment>,
    changes: Option<Vec<Change>>,
}

#[derive(Deserialize, Clone)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    mode: Option<String>,
    status: Option<String>,
    trigger: Words,
    #[serde(default)]
    also: Vec<Words>,
    actor: Option<Words>,
    recipient: Option<Words>,
    place: Option<Words>,
    time: Option<Words>,
    confidence: Option<f32>,
}

/// A stretch; of a prediction, with the mentions of the same.
#[derive(Deserialize, Clone)]
struct Words {
    start: usize,
    end: usize,
    #[serde(default)]
    mentions: Vec<Stretch>,
}

#[derive(Deserialize, Clone)]
struct Commitment {
    kind: String,
    what: Words,
}

#[derive(Deserialize, Clone)]
struct Change {
    before: Words,
    after: Words,
}

impl Words {
    fn stretch(&self) -> Stretch {
        (self.start, self.end)
    }

    fn argument(&self) -> Argument {
        Argument { span: self.stretch(), mentions: self.mentions.clone() }
    }
}

impl Report {
    /// Spans of the gold lie in its text.
    pub fn check(&self) -> Result<()> {
        let n = self.text.chars().count();
        let events = self.events.iter().flat_map(|e| {
            let arguments = [&e.actor, &e.recipient, &e.place, &e.time].into_iter().flatten();
            [&e.trigger].into_iter().chain(&e.also).chain(arguments)
        });
        let others = self.commitments.iter().map(|c| &c.what);
        let changes = self.changes.iter().flat_map(|c| [&c.before, &c.after]);
        for words in events.chain(others).chain(changes) {
            let (start, end) = words.stretch();
            ensure!(start < end && end <= n, "span [{start}, {end}] of text `{}` of {n} code points", self.id);
        }
        Ok(())
    }
}

impl Predicted {
    pub fn found(self) -> (String, Found) {
        let events = self.events.into_iter().map(|e| FoundEvent {
            trigger: e.trigger.stretch(),
            also: e.also.iter().map(Words::stretch).collect(),
            actor: e.actor.as_ref().map(Words::argument),
            recipient: e.recipient.as_ref().map(Words::argument),
            place: e.place.as_ref().map(Words::argument),
            time: e.time.as_ref().map(Words::argument),
            kind: e.kind,
            mode: e.mode,
            status: e.status,
            confidence: e.confidence,
            ..FoundEvent::default()
        });
        let commitments =
            self.commitments.into_iter().map(|c| FoundCommitment { what: c.what.stretch(), kind: c.kind });
        let changes = self.changes.map(|all| all.iter().map(|c| [c.before.stretch(), c.after.stretch()]).collect());
        (self.id, Found { events: events.collect(), commitments: commitments.collect(), changes })
    }
}

fn overlap(a: Stretch, b: Stretch) -> usize {
    a.1.min(b.1).saturating_sub(a.0.max(b.0))
}

/// One-to-one, best score first, ties by gold and then prediction order: gold index and prediction index.
fn pairs<S: PartialOrd + Copy>(
    gold: usize,
    predicted: usize,
    score: impl Fn(usize, usize) -> Option<S>,
) -> Vec<(usize, usize)> {
    let every = (0..gold).flat_map(|g| (0..predicted).map(move |p| (g, p)));
    let mut all: Vec<(S, usize, usize)> = every.filter_map(|(g, p)| Some((score(g, p)?, g, p))).collect();
    all.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(std::cmp::Ordering::Equal).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_gold, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut chosen = Vec::new();
    for (_, g, p) in all {
        if !used_gold.contains(&g) && !used.contains(&p) {
            used_gold.insert(g);
            used.insert(p);
            chosen.push((g, p));
        }
    }
    chosen.sort_unstable();
    chosen
}

/// How well a predicted trigger meets a gold event: whether by its trigger, and in how many code points.
fn meets(gold: &Event, predicted: &FoundEvent) -> Option<(bool, usize)> {
    let own = overlap(gold.trigger.stretch(), predicted.trigger);
    if own > 0 {
        return Some((true, own));
    }
    let other = gold.also.iter().map(|a| overlap(a.stretch(), predicted.trigger)).max().unwrap_or_default();
    (other > 0).then_some((false, other))
}

/// Whether an argument is the gold's.
fn same(gold: &Words, predicted: &Argument) -> bool {
    let gold = gold.stretch();
    overlap(gold, predicted.span) > 0 || predicted.mentions.iter().any(|&m| overlap(gold, m) > 0)
}

/// What is counted of one text.
#[derive(Debug, Clone, Default)]
struct Score {
    events: Counts,
    triggers: Counts,
    by_type: BTreeMap<String, Counts>,
    /// Actor, recipient, place, time of matched events.
    arguments: [Counts; 4],
    /// Of matched events: right status, right mode.
    status: usize,
    mode: usize,
    /// Gold and predicted status of matched events whose status is wrong.
    statuses: Vec<(String, String)>,
    commitments: Counts,
    kinds: usize,
    changes: Option<Counts>,
    /// Types missed, spurious, and taken one for another.
    errors: Vec<String>,
    /// Confidence of each predicted event that has one, and whether it is right.
    confidence: Vec<(f32, bool)>,
}

const ARGUMENTS: [&str; 4] = ["actor", "recipient", "place", "time"];

/// The least Jaccard index of the words of two commitments that match.
const COMMITMENTS: f64 = 0.3;

fn score(report: &Report, found: &Found) -> Score {
    let (gold, predicted) = (&report.events, &found.events);
    let counts = |right: usize, predicted: usize, gold: usize| Counts { right, predicted, gold };
    let by_kind = |g: usize, p: usize| gold[g].kind == predicted[p].kind;
    let matched = pairs(gold.len(), predicted.len(), |g, p| meets(&gold[g], &predicted[p]).filter(|_| by_kind(g, p)));
    let any = pairs(gold.len(), predicted.len(), |g, p| meets(&gold[g], &predicted[p]));
    let mut s = Score {
        events: counts(matched.len(), predicted.len(), gold.len()),
        triggers: counts(any.len(), predicted.len(), gold.len()),
        ..Score::default()
    };
    for e in gold {
        s.by_type.entry(e.kind.clone()).or_default().gold += 1;
    }
    for e in predicted {
        s.by_type.entry(e.kind.clone()).or_default().predicted += 1;
    }
    for &(g, p) in &matched {
        let (g, p) = (&gold[g], &predicted[p]);
        s.by_type.entry(g.kind.clone()).or_default().right += 1;
        let own = [&g.actor, &g.recipient, &g.place, &g.time];
        let theirs = [&p.actor, &p.recipient, &p.place, &p.time];
        for ((own, theirs), counts) in own.into_iter().zip(theirs).zip(&mut s.arguments) {
            counts.gold += usize::from(own.is_some());
            counts.predicted += usize::from(theirs.is_some());
            counts.right += usize::from(own.as_ref().zip(theirs.as_ref()).is_some_and(|(g, p)| same(g, p)));
        }
        s.status += usize::from(g.status == p.status);
        s.mode += usize::from(g.mode == p.mode);
        if g.status != p.status {
            s.statuses.push((g.status.clone().unwrap_or_default(), p.status.clone().unwrap_or_default()));
        }
    }
    let used_gold: BTreeSet<usize> = matched.iter().map(|m| m.0).collect();
    let used: BTreeSet<usize> = matched.iter().map(|m| m.1).collect();
    let left = |p: usize| !used.contains(&p);
    let wrong = pairs(gold.len(), predicted.len(), |g, p| {
        meets(&gold[g], &predicted[p]).filter(|_| !used_gold.contains(&g) && left(p))
    });
    for &(g, p) in &wrong {
        s.errors.push(format!("{} taken for {}", gold[g].kind, predicted[p].kind));
    }
    let confused_gold: BTreeSet<usize> = wrong.iter().map(|m| m.0).collect();
    let confused: BTreeSet<usize> = wrong.iter().map(|m| m.1).collect();
    for g in (0..gold.len()).filter(|g| !used_gold.contains(g) && !confused_gold.contains(g)) {
        s.errors.push(format!("{} missed", gold[g].kind));
    }
    for p in (0..predicted.len()).filter(|&p| left(p) && !confused.contains(&p)) {
        let again = gold.iter().any(|g| meets(g, &predicted[p]).is_some());
        s.errors.push(format!("{} {}", predicted[p].kind, if again { "told twice" } else { "spurious" }));
    }
    s.confidence = (0..predicted.len()).filter_map(|p| Some((predicted[p].confidence?, used.contains(&p)))).collect();
    let map = TokenMap::new(&report.text);
    let words = |(start, end): Stretch| map.set(&[[start, end]]);
    let (own, theirs) = (&report.commitments, &found.commitments);
    let promised = pairs(own.len(), theirs.len(), |g, p| {
        let (a, b) = (words(own[g].what.stretch()), words(theirs[p].what));
        let both = a.intersection(&b).count();
        let jaccard = both as f64 / (a.len() + b.len() - both).max(1) as f64;
        (jaccard >= COMMITMENTS).then_some(jaccard)
    });
    s.commitments = counts(promised.len(), theirs.len(), own.len());
    s.kinds = promised.iter().filter(|&&(g, p)| own[g].kind == theirs[p].kind).count();
    s.changes = found.changes.as_ref().map(|theirs| {
        let matched = pairs(report.changes.len(), theirs.len(), |g, p| {
            let own = &report.changes[g];
            let (before, after) =
                (overlap(own.before.stretch(), theirs[p][0]), overlap(own.after.stretch(), theirs[p][1]));
            (before > 0 && after > 0).then_some(before + after)
        });
        counts(matched.len(), theirs.len(), report.changes.len())
    });
    s
}

fn accuracy(out: &mut dyn Write, name: &str, scores: &[&Score], of: impl Fn(&Score) -> (usize, usize)) -> Result<()> {
    let sum = |drawn: &mut dyn Iterator<Item = usize>| {
        drawn.fold((0, 0), |(right, all), i| {
            let (r, n) = of(scores[i]);
            (right + r, all + n)
        })
    };
    let (low, high) = interval(scores.len(), |drawn| {
        let (right, all) = sum(&mut drawn.iter().copied());
        percent(right, all)
    });
    let (right, all) = sum(&mut (0..scores.len()));
    writeln!(out, "{name:<14} accuracy {:5.1}  [{low:.1}, {high:.1}]  (right {right} of {all})", percent(right, all))?;
    Ok(())
}

fn print(out: &mut dyn Write, heading: &str, scores: &[&Score], whole: bool) -> Result<()> {
    writeln!(out, "{heading}")?;
    if scores.is_empty() {
        writeln!(out, "none")?;
        return Ok(());
    }
    line(out, "trigger, type", 14, scores, |s: &&Score| s.events)?;
    line(out, "trigger", 14, scores, |s: &&Score| s.triggers)?;
    for (i, name) in ARGUMENTS.iter().enumerate() {
        line(out, name, 14, scores, |s: &&Score| s.arguments[i])?;
    }
    accuracy(out, "status", scores, |s| (s.status, s.events.right))?;
    accuracy(out, "mode", scores, |s| (s.mode, s.events.right))?;
    line(out, "commitments", 14, scores, |s: &&Score| s.commitments)?;
    accuracy(out, "their kind", scores, |s| (s.kinds, s.commitments.right))?;
    if scores.iter().any(|s| s.changes.is_some()) {
        line(out, "changes", 14, scores, |s: &&Score| s.changes.unwrap_or_default())?;
    }
    if !whole {
        return Ok(());
    }
    let mut types: BTreeMap<&str, Counts> = BTreeMap::new();
    for (kind, c) in scores.iter().flat_map(|s| &s.by_type) {
        let all = types.entry(kind).or_default();
        *all = [*all, *c].into_iter().sum();
    }
    writeln!(out, "\nby type")?;
    for (kind, c) in types {
        let (p, r, f1) = (c.precision(), c.recall(), c.f1());
        writeln!(out, "  {kind:<10} P {p:5.1}  R {r:5.1}  F1 {f1:5.1}  (predicted {}, gold {})", c.predicted, c.gold)?;
    }
    commonest(out, "commonest errors", 24, scores.iter().flat_map(|s| s.errors.iter().cloned()))?;
    let statuses = scores.iter().flat_map(|s| &s.statuses).map(|(gold, theirs)| format!("{gold} taken for {theirs}"));
    commonest(out, "status of matched events", 8, statuses)?;
    calibration(out, scores)
}

fn commonest(out: &mut dyn Write, heading: &str, most: usize, all: impl Iterator<Item = String>) -> Result<()> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    all.for_each(|one| *counted.entry(one).or_default() += 1);
    let mut counted: Vec<(String, usize)> = counted.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    writeln!(out, "\n{heading}")?;
    for (error, n) in counted.into_iter().take(most) {
        writeln!(out, "  {n:>4}  {error}")?;
    }
    Ok(())
}

/// How well confidence is calibrated: its mean against the share of right events, in tenths.
fn calibration(out: &mut dyn Write, scores: &[&Score]) -> Result<()> {
    let mut bins = [(0usize, 0usize, 0.0f64); 10];
    for &(confidence, right) in scores.iter().flat_map(|s| &s.confidence) {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + usize::from(right), bin.2 + f64::from(confidence));
    }
    let n: usize = bins.iter().map(|b| b.0).sum();
    if n == 0 {
        return Ok(());
    }
    let error: f64 = bins.iter().map(|b| (b.2 - b.1 as f64).abs()).sum::<f64>() / n as f64;
    writeln!(out, "\nconfidence (mean, share right, n), expected calibration error {error:.3}")?;
    for (n, right, confidence) in bins.into_iter().filter(|b| b.0 > 0) {
        writeln!(out, "  {:.2}  {:.2}  {n}", confidence / n as f64, right as f64 / n as f64)?;
    }
    Ok(())
}

/// The scores of reports.
fn pick(all: Vec<&(bool, Score)>) -> Vec<&Score> {
    all.into_iter().map(|(_, s)| s).collect()
}

pub(super) fn run(
    reports: Vec<(Report, String)>,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let began = ProcessTime::now();
    let found = predict_all(&reports, threads, |(r, _)| {
        predictor.events(&r.text, r.date.as_deref()).with_context(|| format!("text `{}`", r.id))
    })?;
    let spent = began.elapsed();
    let scores: Vec<(bool, Score)> =
        reports.iter().zip(&found).map(|((r, _), f)| (r.corpus == SYNTHETIC, score(r, f))).collect();
    let (made, real): (Vec<_>, Vec<_>) = scores.iter().partition(|(made, _)| *made);
    let (made, real) = (pick(made), pick(real));
    let all: Vec<&Score> = scores.iter().map(|(_, s)| s).collect();
    if !made.is_empty() && !real.is_empty() {
        print(out, &format!("events, real reports ({})", real.len()), &real, false)?;
        print(out, &format!("\nevents, synthetic reports ({})", made.len()), &made, false)?;
        writeln!(out)?;
    }
    print(out, &format!("events, all reports ({})", all.len()), &all, true)?;
    crate::attribution::pace(out, reports.iter().map(|(r, _)| r.text.as_str()), spent)?;
    if let Some(path) = predictions {
        jsonl::write(path, reports.into_iter().zip(&found).map(|((report, line), f)| (line, fields(&report, f))))?;
    }
    Ok(())
}

/// The fields of a prediction, in place of the gold's; an argument has the mentions of the same beside it.
fn fields(report: &Report, found: &Found) -> Vec<(&'static str, Value)> {
    let chars: Vec<char> = report.text.chars().collect();
    let words = |(start, end): Stretch| {
        let words: String = chars.get(start..end).unwrap_or_default().iter().collect();
        json!({"start": start, "end": end, "text": words})
    };
    let argument = |a: &Option<Argument>| {
        a.as_ref().map(|a| {
            let mut value = words(a.span);
            if let Some(object) = value.as_object_mut().filter(|_| !a.mentions.is_empty()) {
                object.insert("mentions".to_string(), json!(a.mentions));
            }
            value
        })
    };
    let events = found.events.iter().map(|e| {
        json!({
            "type": e.kind, "mode": e.mode, "status": e.status, "trigger": words(e.trigger),
            "also": e.also.iter().map(|&a| words(a)).collect::<Vec<_>>(),
            "actor": argument(&e.actor), "recipient": argument(&e.recipient),
            "place": argument(&e.place), "time": argument(&e.time), "confidence": e.confidence,
        })
    });
    let commitments = found.commitments.iter().map(|c| json!({"kind": c.kind, "what": words(c.what)}));
    let mut fields = vec![("events", events.collect::<Value>()), ("commitments", commitments.collect())];
    let change = |c: &[Stretch; 2]| {
        Value::Object(Map::from_iter([("before".to_string(), words(c[0])), ("after".to_string(), words(c[1]))]))
    };
    if let Some(changes) = &found.changes {
        fields.push(("changes", changes.iter().map(change).collect()));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        serde_json::from_str(
            r#"{"id": "a", "text": "Ann hit Bo in Ulm. The blow shook him. Ann vowed to leave.", "date": null, "events": [
                {"type": "ASSAULT", "mode": "beat", "status": "happened", "trigger": {"start": 4, "end": 7},
                 "also": [{"start": 23, "end": 27}], "actor": {"start": 0, "end": 3}, "recipient": {"start": 8, "end": 10},
                 "place": {"start": 14, "end": 17}, "time": null},
                {"type": "AGREE", "mode": null, "status": "planned", "trigger": {"start": 43, "end": 48},
                 "actor": null, "recipient": null, "place": null, "time": null}],
                "commitments": [{"kind": "promise", "what": {"start": 49, "end": 57}}],
                "changes": [{"before": {"start": 0, "end": 7}, "after": {"start": 43, "end": 57}}]}"#,
        )
        .unwrap()
    }

    fn event(kind: &str, trigger: Stretch) -> FoundEvent {
        FoundEvent { kind: kind.to_string(), trigger, ..FoundEvent::default() }
    }

    #[test]
    fn events_match_by_type_and_any_mention_once() {
        let report = report();
        let by_also = Found { events: vec![event("ASSAULT", (23, 27))], ..Found::default() };
        assert_eq!(score(&report, &by_also).events, Counts { right: 1, predicted: 1, gold: 2 });
        let twice = Found {
            events: vec![event("ASSAULT", (23, 27)), event("ASSAULT", (0, 5)), event("THREATEN", (43, 48))],
            ..Found::default()
        };
        let s = score(&report, &twice);
        assert_eq!(s.events, Counts { right: 1, predicted: 3, gold: 2 });
        assert_eq!(s.triggers.right, 2);
        assert_eq!(s.errors, ["AGREE taken for THREATEN", "ASSAULT told twice"]);
        assert_eq!(s.by_type["ASSAULT"], Counts { right: 1, predicted: 2, gold: 1 });
    }

    #[test]
    fn arguments_are_compared_of_matched_events_by_any_mention() {
        let report = report();
        let mut one = event("ASSAULT", (4, 7));
        one.actor = Some(Argument { span: (39, 42), mentions: vec![(0, 3), (39, 42)] });
        one.recipient = Some(Argument { span: (34, 37), mentions: vec![] });
        one.time = Some(Argument { span: (0, 1), mentions: vec![] });
        one.status = Some("happened".to_string());
        let s = score(&report, &Found { events: vec![one], ..Found::default() });
        let counts = |right, predicted, gold| Counts { right, predicted, gold };
        assert_eq!(s.arguments, [counts(1, 1, 1), counts(0, 1, 1), counts(0, 0, 1), counts(0, 1, 0)]);
        assert_eq!((s.status, s.mode), (1, 0));
    }

    #[test]
    fn commitments_match_by_their_words_and_changes_by_both_spans() {
        let report = report();
        let commitment = |what| FoundCommitment { what, kind: "plan".to_string() };
        // One word of four: .25; two of two.
        let found = |what, changes| Found { commitments: vec![commitment(what)], changes, ..Found::default() };
        assert_eq!(score(&report, &found((35, 51), None)).commitments.right, 0);
        let s = score(&report, &found((49, 57), Some(vec![[(5, 6), (50, 51)], [(5, 6), (8, 9)]])));
        assert_eq!((s.commitments.right, s.kinds), (1, 0));
        assert_eq!(s.changes, Some(Counts { right: 1, predicted: 2, gold: 1 }));
    }
}
