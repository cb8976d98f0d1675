//! Who said what: source, cue, content, as token sets.
//!
//! Tokens are runs of word characters and each other non-space character, made from the gold text; a token belongs to a span
//! if they share a character. A *triple* is right when content overlaps with IoU ≥ .5 and source and cue share a token with
//! the gold's (or both have none), each gold and each prediction used once, best content first.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use annalist_record::{Record, Span};
use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Counts, Predictor, jsonl, line, percent, predict_all};

/// An article with its attributions.
#[derive(Debug, Clone, Deserialize)]
pub struct Article {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Who said what in it.
    pub attributions: Vec<Attribution>,
}

/// An attribution: stretches of code points, half-open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Who.
    pub source: Vec<[usize; 2]>,
    /// The words that attribute.
    pub cue: Vec<[usize; 2]>,
    /// What.
    pub content: Vec<[usize; 2]>,
}

const ROLES: [&str; 3] = ["content", "cue", "source"];

type Tokens = BTreeSet<usize>;

/// A letter or a number as Python's `str.isalnum` has it: `char::is_alphanumeric` also counts circled letters, left out here,
/// and the vowel signs of Indic and some other scripts, which are not: with those, words are longer here than there.
fn is_alphanumeric(c: char) -> bool {
    let circled = matches!(c, 'Ⓐ'..='ⓩ' | '🄰'..='🅉' | '🅐'..='🅩' | '🅰'..='🆉');
    c.is_alphanumeric() && !circled
}

/// White space as Python's `\s` has it: with the four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The tokens of a gold text.
pub(crate) struct TokenMap {
    /// For each code point, its token.
    at: Vec<Option<usize>>,
    /// For each token, whether it holds a letter or digit.
    word: Vec<bool>,
}

impl TokenMap {
    pub(crate) fn new(text: &str) -> TokenMap {
        let (mut at, mut word, mut in_word) = (Vec::new(), Vec::new(), false);
        for c in text.chars() {
            let alphanumeric = is_alphanumeric(c);
            let is_word = alphanumeric || c == '_';
            if is_word && in_word {
                at.push(Some(word.len() - 1));
                *word.last_mut().expect("a word was begun") |= alphanumeric;
            } else if is_space(c) {
                at.push(None);
            } else {
                at.push(Some(word.len()));
                word.push(alphanumeric);
            }
            in_word = is_word;
        }
        TokenMap { at, word }
    }

    pub(crate) fn set(&self, spans: &[[usize; 2]]) -> Tokens {
        spans
            .iter()
            .flat_map(|&[s, e]| {
                self.at[s.min(self.at.len())..e.min(self.at.len()).max(s.min(self.at.len()))].iter().flatten()
            })
            .copied()
            .collect()
    }

    fn words(&self, tokens: &Tokens) -> Tokens {
        tokens.iter().copied().filter(|&t| self.word[t]).collect()
    }
}

/// An attribution as token sets: content, cue, source.
struct Sets([Tokens; 3]);

impl Sets {
    fn of(a: &Attribution, map: &TokenMap) -> Sets {
        Sets([map.set(&a.content), map.set(&a.cue), map.set(&a.source)])
    }
}

fn iou(a: &Tokens, b: &Tokens) -> f64 {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

fn touch(a: &Tokens, b: &Tokens) -> bool {
    (a.is_empty() && b.is_empty()) || a.intersection(b).next().is_some()
}

/// One-to-one, best score first, ties by gold and then prediction order: gold index to prediction index.
fn match_up(
    gold: &[Sets],
    predicted: &[Sets],
    threshold: f64,
    score: impl Fn(&Sets, &Sets) -> f64,
) -> BTreeMap<usize, usize> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, p) in predicted.iter().enumerate() {
            let s = score(g, p);
            if s >= threshold && s > 0.0 {
                pairs.push((s, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut matched, mut used) = (BTreeMap::new(), BTreeSet::new());
    for (_, i, j) in pairs {
        if !matched.contains_key(&i) && used.insert(j) {
            matched.insert(i, j);
        }
    }
    matched
}

fn triple(g: &Sets, p: &Sets) -> f64 {
    let overlap = iou(&g.0[0], &p.0[0]);
    if overlap >= 0.5 && touch(&g.0[1], &p.0[1]) && touch(&g.0[2], &p.0[2]) { overlap } else { 0.0 }
}

/// The counts of one article.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scores {
    /// Tokens in any content, cue, source.
    pub tokens: [Counts; 3],
    /// Contents equal token for token.
    pub exact: Counts,
    /// Contents equal word for word.
    pub exact_words: Counts,
    /// Contents with IoU ≥ .5.
    pub content: Counts,
    /// Whole attributions.
    pub triple: Counts,
    /// Of gold with a source whose content was matched: how many, source overlaps, IoU ≥ .5, equal words.
    pub sources: [usize; 4],
    /// Of gold without a source whose content was matched: how many, predicted without one.
    pub sourceless: [usize; 2],
    /// Of matched contents: cue overlaps.
    pub cues: usize,
}

/// Scores one article.
pub fn score(text: &str, gold: &[Attribution], predicted: &[Attribution]) -> Scores {
    let map = TokenMap::new(text);
    let sets = |all: &[Attribution]| all.iter().map(|a| Sets::of(a, &map)).collect::<Vec<_>>();
    let (g, p) = (sets(gold), sets(predicted));
    let counts = |right| Counts { right, predicted: p.len(), gold: g.len() };
    let mut s = Scores::default();
    for role in 0..3 {
        let all = |sets: &[Sets]| sets.iter().flat_map(|x| x.0[role].iter().copied()).collect::<Tokens>();
        let (a, b) = (all(&g), all(&p));
        s.tokens[role] = Counts { right: a.intersection(&b).count(), predicted: b.len(), gold: a.len() };
    }
    let equal = |a: &Tokens, b: &Tokens| f64::from(u8::from(a == b && !a.is_empty()));
    s.exact = counts(match_up(&g, &p, 1.0, |a, b| equal(&a.0[0], &b.0[0])).len());
    s.exact_words = counts(match_up(&g, &p, 1.0, |a, b| equal(&map.words(&a.0[0]), &map.words(&b.0[0]))).len());
    let matched = match_up(&g, &p, 0.5, |a, b| iou(&a.0[0], &b.0[0]));
    s.content = counts(matched.len());
    for (&i, &j) in &matched {
        let ([_, gold_cue, gold_source], [_, cue, source]) = (&g[i].0, &p[j].0);
        s.cues += usize::from(touch(gold_cue, cue));
        if gold_source.is_empty() {
            s.sourceless[0] += 1;
            s.sourceless[1] += usize::from(source.is_empty());
        } else {
            s.sources[0] += 1;
            s.sources[1] += usize::from(gold_source.intersection(source).next().is_some());
            s.sources[2] += usize::from(iou(gold_source, source) >= 0.5);
            s.sources[3] += usize::from(map.words(gold_source) == map.words(source));
        }
    }
    s.triple = counts(match_up(&g, &p, 0.5, triple).len());
    s
}

/// Which of the predicted attributions are right as triples.
pub fn right(text: &str, gold: &[Attribution], predicted: &[Attribution]) -> BTreeSet<usize> {
    let map = TokenMap::new(text);
    let sets = |all: &[Attribution]| all.iter().map(|a| Sets::of(a, &map)).collect::<Vec<_>>();
    match_up(&sets(gold), &sets(predicted), 0.5, triple).into_values().collect()
}

/// Those whose content begins with a quotation mark.
pub fn direct(text: &str, all: &[Attribution]) -> Vec<Attribution> {
    let chars: Vec<char> = text.chars().collect();
    let begins = |a: &&Attribution| {
        let Some(&[s, e]) = a.content.iter().min() else { return false };
        let first = chars.get(s..e.min(chars.len())).into_iter().flatten().find(|c| !is_space(**c));
        first.is_some_and(|c| "\"“”„‟«‘'`".contains(*c))
    };
    all.iter().filter(begins).cloned().collect()
}

/// What is wrong with the attributions of an article, kind by kind.
pub fn errors(text: &str, gold: &[Attribution], predicted: &[Attribution], counts: &mut BTreeMap<&'static str, usize>) {
    let map = TokenMap::new(text);
    let sets = |all: &[Attribution]| all.iter().map(|a| Sets::of(a, &map)).collect::<Vec<_>>();
    let (g, p) = (sets(gold), sets(predicted));
    let right = match_up(&g, &p, 0.5, triple);
    let used: BTreeSet<usize> = right.values().copied().collect();
    let quoted: Vec<bool> = gold.iter().map(|a| !direct(text, std::slice::from_ref(a)).is_empty()).collect();
    let mut blamed = BTreeSet::new();
    let mut count = |kind| *counts.entry(kind).or_default() += 1;
    for i in (0..g.len()).filter(|i| !right.contains_key(i)) {
        let [content, cue, source] = &g[i].0;
        let free = || (0..p.len()).filter(|j| !used.contains(j));
        let near = free().max_by(|&a, &b| iou(content, &p[a].0[0]).total_cmp(&iou(content, &p[b].0[0])));
        let near = near.filter(|&j| {
            content.intersection(&p[j].0[0]).next().is_some() || cue.intersection(&p[j].0[1]).next().is_some()
        });
        let Some(j) = near else {
            count(match (quoted[i], source.is_empty()) {
                (true, _) => "missed: a direct quotation",
                (false, true) => "missed: indirect, no source in the text",
                (false, false)
                    if (0..g.len())
                        .any(|o| o != i && content.is_subset(&g[o].0[0]) && content.len() < g[o].0[0].len()) =>
                {
                    "missed: indirect, inside another's content"
                }
                (false, false) => "missed: indirect",
            });
            continue;
        };
        blamed.insert(j);
        let [their_content, their_cue, their_source] = &p[j].0;
        count(if iou(content, their_content) < 0.5 {
            if their_content.len() < content.len() { "content too short" } else { "content too long" }
        } else if !touch(source, their_source) {
            match (source.is_empty(), their_source.is_empty()) {
                (true, _) => "source given where the gold has none",
                (_, true) => "source missing",
                _ => "source wrong",
            }
        } else if !touch(cue, their_cue) {
            "cue wrong"
        } else {
            "taken by another gold attribution"
        });
    }
    for j in (0..p.len()).filter(|j| !used.contains(j) && !blamed.contains(j)) {
        count(match (p[j].0[2].is_empty(), direct(text, &predicted[j..=j]).is_empty()) {
            (_, false) => "spurious: a quotation",
            (true, _) => "spurious: no source",
            (false, _) => "spurious: indirect",
        });
    }
}

/// The statements of a record as attributions.
pub fn of_record(record: &Record) -> Vec<Attribution> {
    let offsets = |spans: &[Span]| spans.iter().map(|s| [s.start, s.end]).collect();
    let convert = |s: &annalist_record::Statement| Attribution {
        source: offsets(&s.source),
        cue: offsets(&s.cue),
        content: offsets(&s.content),
    };
    record.statements.iter().map(convert).collect()
}

fn print(out: &mut dyn Write, heading: &str, scores: &[Scores]) -> Result<()> {
    writeln!(out, "{heading}")?;
    let mut line = |name: &str, pick: &dyn Fn(&Scores) -> Counts| line(out, name, 26, scores, pick);
    for (role, name) in ROLES.iter().enumerate() {
        line(&format!("{name} tokens"), &|s| s.tokens[role])?;
    }
    line("content exact", &|s| s.exact)?;
    line("content exact nopunct", &|s| s.exact_words)?;
    line("content IoU>=.5", &|s| s.content)?;
    line("triple", &|s| s.triple)?;
    let add = |pick: &dyn Fn(&Scores) -> usize| scores.iter().map(pick).sum::<usize>();
    let [n, overlap, half, same] = [0, 1, 2, 3].map(|k| add(&|s| s.sources[k]));
    writeln!(
        out,
        "{:<26} overlap {:.1}  IoU>=.5 {:.1}  exact nopunct {:.1}  n {n}",
        "source acc | matched",
        percent(overlap, n),
        percent(half, n),
        percent(same, n)
    )?;
    let [n, none] = [0, 1].map(|k| add(&|s| s.sourceless[k]));
    writeln!(out, "{:<26} pred also has none {:.1}  n {n}", "no-source gold, matched", percent(none, n))?;
    let matched = add(&|s| s.content.right);
    writeln!(out, "{:<26} acc {:.1}  n {matched}", "cue overlap | matched", percent(add(&|s| s.cues), matched))?;
    Ok(())
}

/// How well confidence is calibrated: mean confidence against the share of right triples, in tenths.
fn calibration(
    out: &mut dyn Write,
    articles: &[(Article, String)],
    predicted: &[(Vec<Attribution>, Option<Vec<f32>>)],
) -> Result<()> {
    let mut bins = [(0usize, 0usize, 0.0f64); 10];
    for ((article, _), (found, confidences)) in articles.iter().zip(predicted) {
        let right = right(&article.text, &article.attributions, found);
        for (j, &c) in confidences.iter().flatten().enumerate() {
            let bin = &mut bins[((c * 10.0) as usize).min(9)];
            bin.0 += 1;
            bin.1 += usize::from(right.contains(&j));
            bin.2 += f64::from(c);
        }
    }
    let n: usize = bins.iter().map(|b| b.0).sum();
    if n == 0 {
        return Ok(());
    }
    let error: f64 = bins.iter().filter(|b| b.0 > 0).map(|b| (b.2 - b.1 as f64).abs()).sum::<f64>() / n as f64;
    writeln!(out, "\nconfidence (mean, share right, n), expected calibration error {error:.3}")?;
    for (n, right, confidence) in bins.into_iter().filter(|b| b.0 > 0) {
        writeln!(out, "  {:.2}  {:.2}  {n}", confidence / n as f64, right as f64 / n as f64)?;
    }
    Ok(())
}

/// Spans of the gold lie in its text.
fn check(article: &Article) -> Result<()> {
    let n = article.text.chars().count();
    for &[start, end] in article.attributions.iter().flat_map(|a| [&a.source, &a.cue, &a.content]).flatten() {
        ensure!(start <= end && end <= n, "span [{start}, {end}] of article `{}` of {n} code points", article.id);
    }
    Ok(())
}

/// Reads the articles of a gold file, scores and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let articles: Vec<(Article, String)> = jsonl::read(gold, check)?;
    jsonl::distinct(gold, "articles", articles.iter().map(|(article, _)| article.id.as_str()))?;
    let began = ProcessTime::now();
    let predicted = predict_all(&articles, threads, |(a, _)| {
        predictor.attributions_with_confidence(&a.text).with_context(|| format!("article `{}`", a.id))
    })?;
    let spent = began.elapsed();
    let all: Vec<Scores> =
        articles.iter().zip(&predicted).map(|((a, _), (p, _))| score(&a.text, &a.attributions, p)).collect();
    let quotes: Vec<Scores> = articles
        .iter()
        .zip(&predicted)
        .map(|((a, _), (p, _))| score(&a.text, &direct(&a.text, &a.attributions), &direct(&a.text, p)))
        .collect();
    print(out, &format!("all attributions ({} articles)", articles.len()), &all)?;
    print(out, "\ndirect quotations only", &quotes)?;
    calibration(out, &articles, &predicted)?;
    let mut kinds = BTreeMap::new();
    for ((a, _), (p, _)) in articles.iter().zip(&predicted) {
        errors(&a.text, &a.attributions, p, &mut kinds);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    writeln!(out, "\nerrors by kind")?;
    for (kind, n) in kinds {
        writeln!(out, "  {n:5}  {kind}")?;
    }
    pace(out, articles.iter().map(|(a, _)| a.text.as_str()), spent)?;
    if let Some(path) = predictions {
        jsonl::write(
            path,
            articles.into_iter().zip(predicted).map(|((_, line), (p, _))| (line, vec![("attributions", json!(p))])),
        )?;
    }
    Ok(())
}

/// Words (split at white space) a second of processor time.
pub(crate) fn pace<'t>(out: &mut dyn Write, texts: impl Iterator<Item = &'t str>, spent: Duration) -> Result<()> {
    let words: usize = texts.map(|t| t.split_whitespace().count()).sum();
    let seconds = spent.as_secs_f64();
    writeln!(
        out,
        "\n{words} words in {seconds:.1} CPU seconds: {:.0} words a CPU second",
        words as f64 / seconds.max(1e-9)
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ann said rain fell. “Stay,” Bo urged.";

    fn a(source: &[[usize; 2]], cue: &[[usize; 2]], content: &[[usize; 2]]) -> Attribution {
        Attribution { source: source.to_vec(), cue: cue.to_vec(), content: content.to_vec() }
    }

    fn gold() -> Vec<Attribution> {
        vec![a(&[[0, 3]], &[[4, 8]], &[[9, 18]]), a(&[[28, 30]], &[[31, 36]], &[[20, 27]])]
    }

    #[test]
    fn gold_against_itself_is_right() {
        let s = score(TEXT, &gold(), &gold());
        assert_eq!((s.triple.f1(), s.exact.f1(), s.tokens[0].f1()), (100.0, 100.0, 100.0));
    }

    #[test]
    fn a_triple_needs_half_the_content_and_a_touch_of_source_and_cue() {
        // Half of "rain fell": IoU 1/2 counts; a wrong source does not; a missing source does not.
        let half = a(&[[0, 3]], &[[4, 8]], &[[9, 13]]);
        assert_eq!(score(TEXT, &gold(), &[half]).triple.right, 1);
        let wrong = a(&[[28, 30]], &[[4, 8]], &[[9, 18]]);
        assert_eq!(score(TEXT, &gold(), std::slice::from_ref(&wrong)).triple.right, 0);
        assert_eq!(score(TEXT, &gold(), &[wrong]).content.right, 1);
        let none = a(&[], &[[4, 8]], &[[9, 18]]);
        assert_eq!(score(TEXT, &gold(), std::slice::from_ref(&none)).triple.right, 0);
        assert_eq!(score(TEXT, std::slice::from_ref(&none), std::slice::from_ref(&none)).triple.right, 1);
    }

    #[test]
    fn matching_is_greedy_by_score_and_one_to_one() {
        // Two predictions for one gold: the better one takes it, the other stays alone.
        let exact = gold()[0].clone();
        let long = a(&[[0, 3]], &[[4, 8]], &[[4, 18]]);
        let s = score(TEXT, &gold()[..1], &[long, exact]);
        assert_eq!((s.content.right, s.content.predicted), (1, 2));
        assert_eq!(s.exact.right, 1);
    }

    /// Tokens `first..=last` of a text of letters parted by spaces.
    fn letters(first: usize, last: usize) -> [usize; 2] {
        [2 * first, 2 * last + 1]
    }

    #[test]
    fn the_best_pair_is_taken_even_where_another_pairing_would_match_more() {
        // g0-p0 is 1, g1-p0 is 3/4, g0-p1 is 2/4, g1-p1 is 2/5: once g0-p0 is taken, g1 and p1 stay alone.
        let content = |first, last| a(&[], &[], &[letters(first, last)]);
        let s = score("a b c d e f g", &[content(3, 5), content(3, 6)], &[content(3, 5), content(2, 4)]);
        assert_eq!((s.content.right, s.triple.right, s.exact.right), (1, 1, 1));
        assert_eq!(s.tokens[0], Counts { right: 3, predicted: 4, gold: 4 });
    }

    #[test]
    fn ties_go_to_the_earlier_gold() {
        // Both halves have IoU 2/4 with the prediction; only one of them has its source.
        let ours = a(&[letters(4, 4)], &[], &[letters(0, 1)]);
        let other = a(&[letters(5, 5)], &[], &[letters(2, 3)]);
        let predicted = [a(&[letters(4, 4)], &[], &[letters(0, 3)])];
        let text = "a b c d e f";
        assert_eq!(score(text, &[ours.clone(), other.clone()], &predicted).sources, [1, 1, 1, 1]);
        assert_eq!(score(text, &[other.clone(), ours.clone()], &predicted).sources, [1, 0, 0, 0]);
        // The triple looks at source and cue before it matches.
        assert_eq!(score(text, &[other, ours], &predicted).triple.right, 1);
    }

    #[test]
    fn figures_by_hand() {
        // P 1/2, R 1/3, F1 2 · 1/6 / (5/6) = .4
        let c = Counts { right: 1, predicted: 2, gold: 3 };
        assert_eq!(format!("{:.1} {:.1} {:.1}", c.precision(), c.recall(), c.f1()), "50.0 33.3 40.0");
        assert_eq!(Counts::default().f1(), 0.0);
    }

    #[test]
    fn errors_are_counted_by_kind() {
        let text = "Ann said rain fell. “Stay,” Bo urged.";
        let found = |predicted: &[Attribution]| {
            let mut kinds = BTreeMap::new();
            errors(text, &gold(), predicted, &mut kinds);
            kinds.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(found(&gold()), []);
        assert_eq!(found(&gold()[..1]), [("missed: a direct quotation", 1)]);
        assert_eq!(found(&gold()[1..]), [("missed: indirect", 1)]);
        let with = |first: Attribution| [first, gold()[1].clone()];
        assert_eq!(found(&with(a(&[], &[[4, 8]], &[[9, 18]]))), [("source missing", 1)]);
        assert_eq!(found(&with(a(&[[28, 30]], &[[4, 8]], &[[9, 18]]))), [("source wrong", 1)]);
        assert_eq!(found(&with(a(&[[0, 3]], &[[31, 36]], &[[9, 18]]))), [("cue wrong", 1)]);
        assert_eq!(found(&with(a(&[[0, 3]], &[[4, 8]], &[[0, 30]]))), [("content too long", 1)]);
        let [one, two] = with(gold()[0].clone());
        assert_eq!(found(&[one, two, a(&[[0, 3]], &[], &[[14, 18]])]), [("spurious: indirect", 1)]);
    }

    #[test]
    fn letters_and_spaces_are_those_of_python() {
        // A circled letter is no letter, a superscript is a number, U+001C is a space.
        let kinds = ['é', '²', 'Ⅷ', '中', 'Ⓐ', '🅰', '€'].map(is_alphanumeric);
        assert_eq!(kinds, [true, true, true, true, false, false, false]);
        assert_eq!(TokenMap::new("a\u{1c}bⒶc").at, [Some(0), None, Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn tokens_are_runs_of_word_characters_and_single_marks() {
        let map = TokenMap::new("a_b—c’s é́");
        assert_eq!(map.at[..7], [Some(0), Some(0), Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(map.set(&[[3, 5]]), Tokens::from([1, 2]));
        assert_eq!(map.set(&[[90, 95]]), Tokens::new());
    }

    #[test]
    fn direct_quotations_begin_with_a_mark() {
        assert_eq!(direct(TEXT, &gold()), gold()[1..]);
    }
}
