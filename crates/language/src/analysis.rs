//! What is known of a text after one pass of the encoder.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

pub use rten::ThreadPool;
use rten_tensor::prelude::*;
use serde::Deserialize;

use annalist_knowledge::Knowledge;

use crate::kinds;
use crate::layout::{self, Layout};
use crate::lemmas::{LemmaRule, Lexicon};
use crate::model::{Model, ModelError, Scores, argmax};
use crate::names::{Emissions, Typed, names, people};
use crate::persons;
use crate::pieces::PieceMaker;
use crate::segments::stretches;
use crate::sentences::Sentence;
use crate::tree;
use crate::windows::Window;

/// A text, analysed.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// The tokens, in order.
    pub tokens: Vec<Token>,
    /// The sentences, in order; together they hold every token once.
    pub sentences: Vec<Sentence>,
    /// The names, in order, none overlapping.
    pub names: Vec<Name>,
    /// The attributions, by their anchors.
    pub attributions: Vec<Attribution>,
    /// What may be words of events, in order, also what is not likely to be.
    pub triggers: Vec<Trigger>,
    /// What somebody commits themselves to, in order.
    pub pledges: Vec<Pledge>,
}

/// A word or mark.
#[derive(Debug, Clone)]
pub struct Token {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Universal part of speech.
    pub upos: Arc<str>,
    /// Dictionary form.
    pub lemma: String,
    /// The token this one depends on; `None` for the root of a sentence.
    pub head: Option<usize>,
    /// Universal dependency relation to the head.
    pub deprel: Arc<str>,
}

/// A name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What bears it: `PER`, `ORG`, `LOC` or `EVENT`.
    pub kind: String,
}

/// Somebody's word: a cue with what it attributes and to whom (source, cue, content after Pareti 2015 and Newell et al. 2018).
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The token that tells the cue.
    pub anchor: usize,
    /// The cue's tokens, as stretches.
    pub cue: Vec<Range<usize>>,
    /// The source's tokens; none if the text names no source.
    pub source: Vec<Range<usize>>,
    /// The content's tokens.
    pub content: Vec<Range<usize>>,
    /// How likely it is that a careful reader would list this attribution with this source and content, in 0..=1.
    pub confidence: f32,
    /// What confidence is computed from: the anchor's logit, the certainty of content and of source (logits, about -6..6), and 1
    /// where there is no source, else 0.
    pub evidence: [f32; 4],
}

/// Words that may tell of an event (PLOVER), with what a reader of the window makes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The word that tells most.
    pub anchor: usize,
    /// All of its words.
    pub tokens: Range<usize>,
    /// PLOVER event type.
    pub kind: Arc<str>,
    /// How likely it is that there is an event of any type, in 0..=1.
    pub likelihood: f32,
    /// How likely the type is, given that there is an event, in 0..=1.
    pub certainty: f32,
    /// PLOVER mode.
    pub mode: Option<Arc<str>>,
    /// Whether it happened, in the words of the record, and how sure that is, in 0..=1.
    pub status: (Arc<str>, f32),
    /// Tokens of the actor, of the recipient, of the place and of the time, each stretch with how likely its likeliest token is one,
    /// in 0..=1; where none is likely, the likeliest if it is not unlikely either.
    pub arguments: [Vec<(Range<usize>, f32)>; 4],
    /// Anchors of other triggers of the window, each with how likely it tells of the same event, in 0..=1.
    pub same: Vec<(usize, f32)>,
}

/// What somebody commits themselves to.
#[derive(Debug, Clone, PartialEq)]
pub struct Pledge {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// In what way, in the words of the record.
    pub kind: Arc<str>,
    /// How likely, in 0..=1: the mean over its tokens.
    pub likelihood: f32,
}

/// How scores become an attribution graph; shipped with the model, set on development data.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Decoding {
    /// Anchors below this probability are not followed.
    pub anchor: f32,
    /// What opening a stretch costs, in logits: content, source, cue.
    pub prices: [f32; 3],
    /// What is added to every token's logit first: content, source, cue.
    pub shifts: [f32; 3],
    /// Attributions below this confidence are dropped.
    pub confidence: f32,
    /// Logistic regression that calibrates confidence: the constant, then a weight for each part of [`Attribution::evidence`].
    pub calibration: [f32; 5],
    /// Tokens below this probability of triggering an event are left out.
    pub trigger: f32,
    /// What is added to every token's logit of being an argument: actor, recipient, place, time.
    pub argument_shifts: [f32; 4],
    /// Tokens below this probability of belonging to a commitment are left out.
    pub pledge: f32,
}

/// The files a model is made of.
pub struct Parts<'p> {
    /// The network, `model.onnx`.
    pub network: &'static [u8],
    /// Its large tensors, `model.onnx.data`: used where they are, not copied. Empty for a network that has its own.
    pub weights: &'static [u8],
    /// `labels.json`.
    pub labels: &'p str,
    /// `vocab.txt`.
    pub vocabulary: &'p str,
    /// `lemmas.tsv`.
    pub lemmas: &'p str,
    /// `decoding.json`.
    pub decoding: &'p str,
}

/// The analyser: a model, its vocabulary, and how to read its scores.
pub struct Analyser {
    model: Model,
    maker: PieceMaker,
    rules: Vec<Option<LemmaRule>>,
    lexicon: Lexicon,
    decoding: Decoding,
}

impl Analyser {
    /// Loads a model from its parts.
    pub fn load(parts: &Parts) -> Result<Analyser, ModelError> {
        // The network takes as long to load as all the rest.
        let (model, maker, lexicon) = std::thread::scope(|scope| {
            let maker = scope.spawn(|| PieceMaker::new(parts.vocabulary));
            let lexicon = scope.spawn(|| Lexicon::parse(parts.lemmas));
            let model = Model::load(parts.network, parts.weights, parts.labels);
            (model, joined(maker), joined(lexicon))
        });
        let model = model?;
        let malformed = |file, reason| ModelError::Companion { file, reason };
        let decoding = serde_json::from_str(parts.decoding).map_err(|e| malformed("decoding.json", e.to_string()))?;
        let lexicon = lexicon.map_err(|reason| malformed("lemmas.tsv", reason))?;
        let rules = model.labels.lemmas.iter().map(|rule| LemmaRule::parse(rule)).collect();
        Ok(Analyser { model, maker, rules, lexicon, decoding })
    }

    /// Changes how scores become attributions.
    pub fn with_decoding(mut self, decoding: Decoding) -> Analyser {
        self.decoding = decoding;
        self
    }

    /// Analyses a plain text, as many windows at a time as there are `pools` (at least one), each on a pool of its own.
    pub fn analyse(
        &self,
        text: &str,
        knowledge: &Knowledge,
        pools: &[Arc<ThreadPool>],
    ) -> Result<Analysis, ModelError> {
        self.fill(text, layout::lay_out(text, &self.maker, knowledge), pools, knowledge)
    }

    /// Analyses sentences whose words are given, each with whether a space follows; returns the text they make, too.
    ///
    /// The analysis may have more sentences than given, where one was too long for a window, never fewer tokens.
    pub fn analyse_words<'w, S>(
        &self,
        document: impl IntoIterator<Item = S>,
        pools: &[Arc<ThreadPool>],
        knowledge: &Knowledge,
    ) -> Result<(String, Analysis), ModelError>
    where
        S: IntoIterator<Item = (&'w str, bool)>,
    {
        let (text, layout) = layout::lay_out_words(document, &self.maker);
        let analysis = self.fill(&text, layout, pools, knowledge)?;
        Ok((text, analysis))
    }

    fn fill(
        &self,
        text: &str,
        layout: Layout,
        pools: &[Arc<ThreadPool>],
        knowledge: &Knowledge,
    ) -> Result<Analysis, ModelError> {
        let mut whole = Analysis { tokens: Vec::with_capacity(layout.tokens.len()), ..Analysis::default() };
        let mut typed = Vec::new();
        for part in over_pools(&layout.windows, pools, |window, pool| self.part(text, &layout, window, pool, knowledge))
        {
            let (part, names) = part?;
            whole.tokens.extend(part.tokens);
            typed.extend(names);
            whole.attributions.extend(part.attributions);
            whole.triggers.extend(part.triggers);
            whole.pledges.extend(part.pledges);
        }
        whole.attributions.sort_by_key(|a| a.anchor);
        whole.names = kinds::agreed(text, &whole.tokens, typed);
        whole.sentences = layout.sentences;
        Ok(whole)
    }

    /// What one window tells of the sentences it owns, and their names; indices are the text's.
    fn part(
        &self,
        text: &str,
        layout: &Layout,
        window: &Window,
        pool: &Arc<ThreadPool>,
        knowledge: &Knowledge,
    ) -> Result<(Analysis, Vec<Typed>), ModelError> {
        let mut analysis = Analysis::default();
        let scores = self.model.read(&layout.pieces, window, pool)?;
        let names = self.words(text, layout, window, &scores, pool, knowledge, &mut analysis)?;
        self.attributions(window, &scores, pool, &mut analysis)?;
        analysis.triggers = self.triggers(window, &scores, pool)?;
        analysis.pledges = self.pledges(window, &scores);
        Ok((analysis, names))
    }

    /// Tags, lemmas and trees of the sentences that the window owns; returns their names.
    #[allow(clippy::too_many_arguments)]
    fn words(
        &self,
        text: &str,
        layout: &Layout,
        window: &Window,
        scores: &Scores,
        pool: &Arc<ThreadPool>,
        knowledge: &Knowledge,
        analysis: &mut Analysis,
    ) -> Result<Vec<Typed>, ModelError> {
        let tags = &self.model.labels;
        let mut found = Vec::new();
        // Heads of the window's rows: 0 for the root (and for rows of sentences it does not own), else 1 + the head's row.
        let mut heads = vec![0; window.tokens.len()];
        let own = &layout.sentences[window.own_sentences.clone()];
        for sentence in own {
            let base = sentence.tokens.start - window.tokens.start;
            let tree = tree::heads(sentence.tokens.len(), |head, dependent| {
                scores.arcs[[base + dependent - 1, if head == 0 { 0 } else { base + head }]]
            });
            for (i, head) in tree.into_iter().enumerate() {
                heads[base + i] = if head == 0 { 0 } else { base + head };
            }
        }
        let labels = self.model.labels(scores, &heads, pool)?;
        for sentence in own {
            let before = analysis.tokens.len();
            for t in sentence.tokens.clone() {
                let row = t - window.tokens.start;
                let form = layout.tokens[t].of(text);
                let upos = tags.upos[best(row, &scores.upos)].clone();
                analysis.tokens.push(Token {
                    start: layout.tokens[t].start,
                    end: layout.tokens[t].end,
                    lemma: self.lemma(form, &upos, scores, row),
                    upos,
                    head: heads[row].checked_sub(1).map(|h| window.tokens.start + h),
                    deprel: tags.deprels[best(row, &labels)].clone(),
                });
            }
            let base = sentence.tokens.start - window.tokens.start;
            let emissions = Emissions { tags: &tags.names, score: &|t, k| scores.names[[base + t, k]] };
            let (tokens, first) = (&mut analysis.tokens[before..], sentence.tokens.start);
            let referents = knowledge.referents();
            let spans = emissions.spans(tokens.len());
            let people = people(text, tokens, first, &spans, |given, family| {
                let common = [given, family].iter().any(|name| referents.noun(name).is_some());
                !common && referents.first_name(given).is_some()
            });
            let apart = |span: &&Range<usize>| people.iter().all(|p| span.end <= p.start || p.end <= span.start);
            let persons = emissions.persons(&spans).filter(apart).chain(&people).cloned();
            persons::mend(text, tokens, first, persons, |w| self.lexicon.rule(w, "VERB").is_some());
            found.extend(names(text, tokens, first, &emissions, &spans, &people));
        }
        Ok(found)
    }

    /// The lemma by the rule of the lexicon, else by the network's best rule that fits the form; of an inflected verb, one that takes the
    /// ending off, and best one that leaves a verb which the lexicon knows.
    fn lemma(&self, form: &str, upos: &str, scores: &Scores, row: usize) -> String {
        if let Some(lemma) = self.lexicon.rule(form, upos).and_then(|rule| rule.apply(form)) {
            return lemma;
        }
        let inflected = upos == "VERB" && is_inflected(form);
        let row = scores.lemma.slice(row);
        let mut order: Vec<(usize, f32)> = row.iter().copied().enumerate().collect();
        let keep = order.len().min(if inflected { 12 } else { 4 });
        if keep > 0 && keep < order.len() {
            order.select_nth_unstable_by(keep - 1, |a, b| b.1.total_cmp(&a.1));
            order.truncate(keep);
        }
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let fitting = || order.iter().filter_map(|&(rule, _)| self.rules[rule].as_ref()?.apply(form));
        if inflected {
            let first = form.chars().flat_map(char::to_lowercase).next();
            let stem = |lemma: &String| lemma.len() < form.len() && lemma.chars().next() == first;
            let known = |lemma: &String| {
                self.lexicon.rule(lemma, upos).is_some_and(|rule| rule.apply(lemma).as_ref() == Some(lemma))
            };
            if let Some(lemma) = fitting().filter(stem).find(known).or_else(|| fitting().find(stem)) {
                return lemma;
            }
        }
        fitting().next().unwrap_or_else(|| form.to_lowercase())
    }

    /// The triggers that the window owns.
    fn triggers(&self, window: &Window, scores: &Scores, pool: &Arc<ThreadPool>) -> Result<Vec<Trigger>, ModelError> {
        let (d, labels) = (&self.decoding, &self.model.labels);
        let base = window.tokens.start;
        /// Neighbouring tokens of one type, in the window; the anchor is the likeliest.
        struct Run {
            tokens: Range<usize>,
            anchor: usize,
            kind: usize,
            likelihood: f32,
            certainty: f32,
        }
        let mut runs: Vec<Run> = Vec::new();
        for t in window.own.start - base..window.own.end - base {
            let row = softmax(scores.event_types.slice(t).iter().copied());
            let Some((none, types)) = row.split_first() else { continue };
            let likelihood = 1.0 - none;
            if likelihood < d.trigger {
                continue;
            }
            let kind = argmax(types.iter().copied());
            let certainty = types.get(kind).map_or(0.0, |p| p / likelihood.max(f32::EPSILON));
            match runs.last_mut() {
                Some(run) if run.tokens.end == t && run.kind == kind + 1 => {
                    run.tokens.end = t + 1;
                    if likelihood > run.likelihood {
                        (run.anchor, run.likelihood, run.certainty) = (t, likelihood, certainty);
                    }
                }
                _ => runs.push(Run { tokens: t..t + 1, anchor: t, kind: kind + 1, likelihood, certainty }),
            }
        }
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let anchors: Vec<(usize, usize)> = runs.iter().map(|run| (run.anchor, run.kind)).collect();
        let told = self.model.told(scores, &anchors, pool)?;
        let mut logits = vec![0.0; window.tokens.len()];
        let triggers = runs.into_iter().enumerate().map(|(e, run)| {
            let arguments = [0, 1, 2, 3].map(|role| {
                for (t, logit) in logits.iter_mut().enumerate() {
                    *logit = told.arguments[[e, t, role]] + d.argument_shifts[role];
                }
                let surest =
                    |s: &Range<usize>| sigmoid(logits[s.clone()].iter().copied().fold(f32::NEG_INFINITY, f32::max));
                let placed = |s: Range<usize>| (s.start + base..s.end + base, surest(&s));
                let mut found = stretches(&logits, 0.0);
                if found.is_empty() {
                    found.extend(likeliest(&logits));
                }
                found.into_iter().map(placed).collect()
            });
            let others = anchors.iter().enumerate().filter(|(other, _)| *other != e);
            let status = softmax(told.status.slice(e).iter().copied());
            let likeliest = argmax(status.iter().copied());
            let mode = &labels.event_modes[best(e, &told.modes)];
            Trigger {
                anchor: run.anchor + base,
                tokens: run.tokens.start + base..run.tokens.end + base,
                kind: labels.event_types[run.kind].clone(),
                likelihood: run.likelihood,
                certainty: run.certainty,
                mode: (&**mode != "-").then(|| mode.clone()),
                status: (labels.event_status[likeliest].clone(), status.get(likeliest).copied().unwrap_or(0.0)),
                arguments,
                same: others.map(|(_, &(t, _))| (t + base, sigmoid(told.arguments[[e, t, 4]]))).collect(),
            }
        });
        Ok(triggers.collect())
    }

    /// The commitments whose first tokens the window owns.
    fn pledges(&self, window: &Window, scores: &Scores) -> Vec<Pledge> {
        let base = window.tokens.start;
        let mut found: Vec<(Range<usize>, usize, f32)> = Vec::new();
        for t in window.own.start - base..window.own.end - base {
            let row = softmax(scores.commitments.slice(t).iter().copied());
            let Some((none, tags)) = row.split_first() else { continue };
            if 1.0 - none < self.decoding.pledge {
                continue;
            }
            // Two tags a kind: one for its first token, one for those that follow.
            let tag = argmax(tags.iter().copied());
            match found.last_mut() {
                Some((tokens, kind, sum))
                    if tokens.end == t && (tag % 2 == 1 || *kind == tag / 2 && tokens.len() == 1) =>
                {
                    tokens.end = t + 1;
                    *sum += 1.0 - none;
                }
                _ => found.push((t..t + 1, tag / 2, 1.0 - none)),
            }
        }
        let pledge = |(tokens, kind, sum): (Range<usize>, usize, f32)| Pledge {
            likelihood: sum / tokens.len() as f32,
            tokens: tokens.start + base..tokens.end + base,
            kind: self.model.labels.commitments[kind].clone(),
        };
        found.into_iter().map(pledge).collect()
    }

    /// The attributions whose anchors the window owns.
    fn attributions(
        &self,
        window: &Window,
        scores: &Scores,
        pool: &Arc<ThreadPool>,
        analysis: &mut Analysis,
    ) -> Result<(), ModelError> {
        let d = &self.decoding;
        let base = window.tokens.start;
        let own = window.own.start - base..window.own.end - base;
        let anchors: Vec<usize> = own.filter(|&t| sigmoid(scores.marks[[t, 0]]) >= d.anchor).collect();
        if anchors.is_empty() {
            return Ok(());
        }
        let graph = self.model.graph(scores, &anchors, pool)?;
        let mut logits = vec![0.0; window.tokens.len()];
        for (c, &anchor) in anchors.iter().enumerate() {
            let mut role = |r: usize| {
                for (t, logit) in logits.iter_mut().enumerate() {
                    *logit = graph[[c, t, r]] + d.shifts[r];
                }
                let found = stretches(&logits, d.prices[r]);
                let margin = certainty(&logits, &found);
                (found.into_iter().map(|s| s.start + base..s.end + base).collect::<Vec<_>>(), margin)
            };
            let (content, content_margin) = role(0);
            let (source, source_margin) = role(1);
            let (mut cue, _) = role(2);
            if content.is_empty() {
                continue;
            }
            let telling = anchor + base;
            if !cue.iter().any(|s| s.contains(&telling)) {
                cue.push(telling..telling + 1);
                cue.sort_by_key(|s| s.start);
            }
            let logit = scores.marks[[anchor, 0]].clamp(-6.0, 6.0);
            let evidence = [logit, content_margin, source_margin, f32::from(u8::from(source.is_empty()))];
            let weighed: f32 = evidence.iter().zip(&d.calibration[1..]).map(|(e, w)| e * w).sum();
            let confidence = sigmoid(d.calibration[0] + weighed);
            if confidence >= d.confidence {
                analysis.attributions.push(Attribution { anchor: telling, cue, source, content, confidence, evidence });
            }
        }
        Ok(())
    }
}

/// Applies `work` to every item, on as many threads as there are pools; the results, in the items' order.
fn over_pools<I: Sync, P: Sync, R: Send>(items: &[I], pools: &[P], work: impl Fn(&I, &P) -> R + Sync) -> Vec<R> {
    let workers = pools.len().min(items.len());
    if workers <= 1 {
        return pools.first().map_or_else(Vec::new, |pool| items.iter().map(|item| work(item, pool)).collect());
    }
    let next = AtomicUsize::new(0);
    let share = |pool: &P| {
        let mut done = Vec::new();
        while let Some((i, item)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, items.get(i)?))) {
            done.push((i, work(item, pool)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let (share, mine) = (&share, &pools[0]);
        let others: Vec<_> = pools[1..workers].iter().map(|pool| scope.spawn(move || share(pool))).collect();
        let mut done = share(mine);
        for other in others {
            done.extend(joined(other));
        }
        done
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

fn joined<R>(thread: ScopedJoinHandle<R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// How sure the scores are of the stretches taken: the mean size of the logits (at most 6) of the tokens within and of the
/// two beside each stretch, negative where a token was taken or left against its score.
fn certainty(logits: &[f32], found: &[Range<usize>]) -> f32 {
    let (mut sum, mut count) = (0.0, 0);
    let mut see = |value: f32| {
        sum += value.clamp(-6.0, 6.0);
        count += 1;
    };
    if found.is_empty() {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        see(-highest);
    }
    for s in found {
        logits[s.clone()].iter().for_each(|&l| see(l));
        for outside in [s.start.checked_sub(1), s.start.checked_sub(2), Some(s.end), Some(s.end + 1)] {
            if let Some(&l) = outside.and_then(|t| logits.get(t)) {
                see(-l);
            }
        }
    }
    sum / count.max(1) as f32
}

fn best(row: usize, values: &rten_tensor::NdTensor<f32, 2>) -> usize {
    argmax(values.slice(row).iter().copied())
}

/// Tokens less likely than this to be an argument, in logits, are none.
const UNLIKELY: f32 = -2.2;
/// A likeliest token's neighbours stand with it if their logits are no lower than its own by more than this.
const KINDRED: f32 = 1.5;

/// The likeliest token with those beside it, where none is likely; none where all are unlikely.
fn likeliest(logits: &[f32]) -> Option<Range<usize>> {
    let best = argmax(logits.iter().copied());
    let highest = *logits.get(best).filter(|&&logit| logit >= UNLIKELY)?;
    let beside = |logit: &&f32| **logit >= highest - KINDRED && **logit >= UNLIKELY;
    let before = logits[..best].iter().rev().take_while(beside).count();
    let after = logits[best..].iter().take_while(beside).count();
    Some(best - before..best + after)
}

/// The probabilities that logits stand for.
fn softmax(logits: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values: Vec<f32> = logits.collect();
    let highest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.iter_mut().for_each(|v| *v = (*v - highest).exp());
    let sum: f32 = values.iter().sum();
    values.iter_mut().for_each(|v| *v /= sum);
    values
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
/// Whether a verb's form, unknown otherwise, bears the ending of a past tense or a participle: "thronged" and "tinkering", but not
/// "proceed" and "string".
fn is_inflected(form: &str) -> bool {
    let lower = form.to_lowercase();
    let vowel = |stem: &str| stem.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let past = lower.strip_suffix("ed").is_some_and(|stem| !stem.ends_with('e') && vowel(stem));
    past || lower.strip_suffix("ing").is_some_and(vowel)
}

#[cfg(test)]
mod tests {
    use super::is_inflected;

    #[test]
    fn an_ending_is_told_from_a_stem_that_looks_like_one() {
        assert!(["thronged", "Deplored", "tinkering"].into_iter().all(is_inflected));
        assert!(!["proceed", "string", "shed", "Élan", "ed"].into_iter().any(is_inflected));
    }
}
