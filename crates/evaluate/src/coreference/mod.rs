//! Coreference on gold tokens (GUM's `Entity` in CoNLL-U): mentions are predicted.
//!
//! Scored are the documents of the genres nearest to reports: news, interviews, biographies, speeches (and documents without a
//! genre). The figures are given for all chains, as GUM annotates them, in which mentions of what is mentioned once count as chains
//! of one; and with such chains left out on both sides, as in OntoNotes. Mentions match by exact span; the line "by heads" counts
//! those as the same that have the same head.
//!
//! Pronouns are resolved when the mention other than a pronoun that precedes nearest in the predicted chain is one of the
//! gold chain (same head). Counted are first- and third-person pronouns, possessives and reflexives that the gold calls anaphoric (GUM's
//! link `ana`, so neither cataphors nor what points to a clause) and whose gold chain has such a mention before them.

mod scores;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;

use crate::parse::{self, Document};
use crate::{Predictor, interval, percent, predict_all};

pub use scores::{Measure, Scores};

/// The genres of GUM that are scored.
pub const GENRES: [&str; 4] = ["news", "interview", "bio", "speech"];

/// Chains of a document: mentions as ranges of its words, counted through the document.
pub type Chains = Vec<Vec<Range<usize>>>;

/// A document and its chains.
#[derive(Debug, Clone, Default)]
pub struct Annotated {
    /// Its words and trees.
    pub document: Document,
    /// Its chains.
    pub chains: Chains,
    /// The head of each mention, where the file tells (GUM's minimal span).
    pub heads: HashMap<Range<usize>, usize>,
    /// The mentions that the file calls anaphoric.
    pub anaphors: HashSet<Range<usize>>,
}

/// The documents of a CoNLL-U file with their chains.
///
/// # Errors
/// As [`parse::read_file`]; a bracket without its other.
pub fn read_file(path: &Path) -> Result<Vec<Annotated>> {
    let file = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    read(&file).with_context(|| format!("{}: not CoNLL-U with entities", path.display()))
}

/// Reads CoNLL-U with `Entity` brackets in MISC.
///
/// # Errors
/// As [`parse::read`]; a bracket without its other.
pub fn read(file: &str) -> Result<Vec<Annotated>> {
    let documents = parse::read(file)?;
    let mut words = file.lines().enumerate().filter_map(|(n, line)| {
        let id = line.split('\t').next().filter(|id| id.parse::<usize>().is_ok())?;
        (!line.starts_with('#') && !id.is_empty()).then(|| (n + 1, line.rsplit('\t').next().unwrap_or_default()))
    });
    let mut annotated = Vec::with_capacity(documents.len());
    for document in documents {
        let count: usize = document.sentences.iter().map(Vec::len).sum();
        let mut brackets = Brackets::default();
        for word in 0..count {
            let (line, misc) = words.next().context("fewer words than the sentences have")?;
            if let Some(entity) = misc.split('|').find_map(|m| m.strip_prefix("Entity=")) {
                brackets.take(entity, word).with_context(|| format!("line {line}"))?;
            }
        }
        ensure!(brackets.open.values().all(Vec::is_empty), "document `{}`: a mention is not closed", document.id);
        annotated.push(Annotated {
            document,
            chains: brackets.chains,
            heads: brackets.heads,
            anaphors: brackets.anaphors,
        });
    }
    Ok(annotated)
}

#[derive(Default)]
struct Brackets {
    chain_of: HashMap<String, usize>,
    chains: Chains,
    open: HashMap<String, Vec<(usize, Option<usize>, bool)>>,
    heads: HashMap<Range<usize>, usize>,
    anaphors: HashSet<Range<usize>>,
}

impl Brackets {
    /// Takes the brackets of a word: `(12-person-new-2-coref(13-…)12)`.
    fn take(&mut self, entity: &str, word: usize) -> Result<()> {
        let mut rest = entity;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('(') {
                let end = inner.find(['(', ')']).unwrap_or(inner.len());
                // A Wikipedia title may hold brackets, written as entities or not at all; ours ends at the first.
                let (fields, after) = inner.split_at(end);
                let mut fields = fields.split('-');
                let id = fields.next().unwrap_or_default().to_string();
                let first = fields.nth(2).and_then(|heads| heads.split(',').next()?.parse::<usize>().ok());
                let head = first.and_then(|position| (word + position).checked_sub(1));
                let anaphor = fields.next() == Some("ana");
                if let Some(after) = after.strip_prefix(')') {
                    self.close(&id, word..word + 1, head, anaphor);
                    rest = after;
                } else {
                    self.open.entry(id).or_default().push((word, head, anaphor));
                    rest = after;
                }
            } else {
                let end = rest.find(')').with_context(|| format!("`{entity}`: no closing bracket"))?;
                let id = &rest[..end];
                let (start, head, anaphor) = self
                    .open
                    .get_mut(id)
                    .and_then(Vec::pop)
                    .with_context(|| format!("`{entity}`: `{id}` was not opened"))?;
                self.close(id, start..word + 1, head, anaphor);
                rest = &rest[end + 1..];
            }
        }
        Ok(())
    }

    fn close(&mut self, id: &str, span: Range<usize>, head: Option<usize>, anaphor: bool) {
        let next = self.chains.len();
        let chain = *self.chain_of.entry(id.to_string()).or_insert(next);
        if chain == next {
            self.chains.push(Vec::new());
        }
        if let Some(head) = head {
            self.heads.insert(span.clone(), head);
        }
        if anaphor {
            self.anaphors.insert(span.clone());
        }
        if !self.chains[chain].contains(&span) {
            self.chains[chain].push(span);
        }
    }
}

impl Annotated {
    /// For each word, the word it depends on.
    fn governors(&self) -> Vec<Option<usize>> {
        let mut governors = Vec::new();
        for sentence in &self.document.parses {
            let first = governors.len();
            governors.extend(sentence.iter().map(|w| w.head.checked_sub(1).map(|h| first + h)));
        }
        governors
    }

    fn words(&self) -> Vec<(&str, &str)> {
        let sentences = self.document.sentences.iter().zip(&self.document.parses);
        sentences
            .flat_map(|(words, parse)| words.iter().zip(parse).map(|(w, p)| (w.form.as_str(), p.upos.as_str())))
            .collect()
    }
}

/// The scores of a document.
#[derive(Debug, Clone, Copy, Default)]
struct Scored {
    all: Scores,
    without: Scores,
    heads: Scores,
    heads_without: Scores,
    pronouns: [[usize; 2]; 3],
}

/// Groups of pronouns, as they are reported.
const GROUPS: [(&str, &[&str]); 3] = [
    ("he, she", &["he", "him", "his", "himself", "she", "her", "hers", "herself"]),
    ("it, they", &["it", "its", "itself", "they", "them", "their", "theirs", "themselves"]),
    ("I, we", &["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"]),
];

fn score(gold: &Annotated, predicted: &Chains) -> Scored {
    let governors = gold.governors();
    let head = |span: &Range<usize>| {
        let known = gold.heads.get(span).copied();
        known.unwrap_or_else(|| {
            span.clone().find(|&t| governors[t].is_none_or(|h| !span.contains(&h))).unwrap_or(span.start)
        })
    };
    let by_head = |chains: &Chains| {
        let mut seen = HashSet::new();
        let kept = chains.iter().map(|c| c.iter().map(head).filter(|&h| seen.insert(h)).collect::<Vec<_>>());
        kept.filter(|c| !c.is_empty()).collect::<Vec<_>>()
    };
    fn many<M: Clone>(chains: &[Vec<M>]) -> Vec<Vec<M>> {
        chains.iter().filter(|c| c.len() > 1).cloned().collect()
    }
    let spans = |chains: &Chains| {
        chains.iter().map(|c| c.iter().map(|s| (s.start, s.end)).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let (g, p) = (spans(&gold.chains), spans(predicted));
    let (gh, ph) = (by_head(&gold.chains), by_head(predicted));
    let mut result = Scored {
        all: Scores::of(&g, &p),
        without: Scores::of(&many(&g), &many(&p)),
        heads: Scores::of(&gh, &ph),
        heads_without: Scores::of(&many(&gh), &many(&ph)),
        pronouns: [[0; 2]; 3],
    };
    for (right, group) in pronouns(gold, predicted, head) {
        result.pronouns[group][1] += 1;
        result.pronouns[group][0] += usize::from(right);
    }
    result
}

/// For each pronoun that counts: whether it is resolved, and its group.
fn pronouns(gold: &Annotated, predicted: &Chains, head: impl Fn(&Range<usize>) -> usize) -> Vec<(bool, usize)> {
    let words = gold.words();
    let is_pronoun = |span: &Range<usize>| span.len() == 1 && matches!(words[span.start].1, "PRON" | "DET");
    let group = |span: &Range<usize>| {
        let form = words[span.start].0.to_lowercase();
        GROUPS.iter().position(|(_, forms)| span.len() == 1 && forms.contains(&form.as_str()))
    };
    let nearest = |chain: &[Range<usize>], before: usize| -> Option<Range<usize>> {
        chain.iter().filter(|s| !is_pronoun(s) && s.end <= before).max_by_key(|s| (head(s), s.start)).cloned()
    };
    let mut found = Vec::new();
    for chain in &gold.chains {
        let heads: HashSet<usize> = chain.iter().map(&head).collect();
        for span in chain {
            let Some(group) = group(span).filter(|_| gold.anaphors.contains(span)) else { continue };
            if nearest(chain, span.start).is_none() {
                continue;
            }
            let own = predicted.iter().find(|c| c.contains(span));
            let right = own.and_then(|c| nearest(c, span.start)).is_some_and(|s| heads.contains(&head(&s)));
            found.push((right, group));
        }
    }
    found
}

/// Predicts, scores and prints.
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
    let mut documents = read_file(gold)?;
    let all = documents.len();
    documents.retain(|d| d.document.genre.as_deref().is_none_or(|genre| GENRES.contains(&genre)));
    let began = ProcessTime::now();
    let predicted = predict_all(&documents, threads, |d| {
        let chains = predictor.coreference(&d.document.sentences);
        chains.with_context(|| format!("document `{}`", d.document.id))
    })?;
    let spent = began.elapsed();
    let results: Vec<Scored> = documents.iter().zip(&predicted).map(|(g, p)| score(g, p)).collect();
    report(&documents, all, &results, out)?;
    let texts: Vec<String> = documents.iter().map(|d| parse::text(&d.document)).collect();
    crate::attribution::pace(out, texts.iter().map(String::as_str), spent)?;
    if let Some(path) = predictions {
        std::fs::write(path, conllu(&documents, &predicted))
            .with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    Ok(())
}

fn report(documents: &[Annotated], all: usize, results: &[Scored], out: &mut dyn Write) -> Result<()> {
    writeln!(
        out,
        "coreference on gold tokens, predicted mentions: {} documents ({} of other genres than {} left out)",
        documents.len(),
        all - documents.len(),
        GENRES.join(", ")
    )?;
    type Column = fn(&Scored) -> Scores;
    let table: [(&str, Column); 4] = [
        ("all chains, exact spans", |r| r.all),
        ("chains of two or more, exact spans", |r| r.without),
        ("all chains, by heads", |r| r.heads),
        ("chains of two or more, by heads", |r| r.heads_without),
    ];
    for (title, of) in table {
        let sum: Scores = results.iter().map(of).sum();
        writeln!(out, "\n{title:<36}      P      R     F1")?;
        let rows = [("mentions", sum.mentions), ("MUC", sum.muc), ("B-cubed", sum.b_cubed), ("CEAF-e", sum.ceaf_e)];
        for (name, m) in rows {
            writeln!(
                out,
                "  {name:<34} {:6.2} {:6.2} {:6.2}",
                100.0 * m.precision(),
                100.0 * m.recall(),
                100.0 * m.f1()
            )?;
        }
        let (low, high) =
            interval(results.len(), |drawn| 100.0 * drawn.iter().map(|&i| of(&results[i])).sum::<Scores>().conll());
        writeln!(out, "  {:<34}               {:6.2}  [{low:.1}, {high:.1}]", "CoNLL", 100.0 * sum.conll())?;
    }
    let counted = |group: Option<usize>, drawn: &mut dyn Iterator<Item = usize>| {
        drawn.fold([0, 0], |mut sum, i| {
            for (g, [right, n]) in results[i].pronouns.iter().enumerate() {
                if group.is_none_or(|wanted| wanted == g) {
                    sum[0] += right;
                    sum[1] += n;
                }
            }
            sum
        })
    };
    let [right, n] = counted(None, &mut (0..results.len()));
    let (low, high) = interval(results.len(), |drawn| {
        let [right, n] = counted(None, &mut drawn.iter().copied());
        percent(right, n)
    });
    writeln!(out, "\npronouns resolved {:.1} % of {n}  [{low:.1}, {high:.1}]", percent(right, n))?;
    for (g, (name, _)) in GROUPS.iter().enumerate() {
        let [right, n] = counted(Some(g), &mut (0..results.len()));
        writeln!(out, "  {name:<10} {:.1} % of {n}", percent(right, n))?;
    }
    Ok(())
}

/// Documents with their predicted chains, as CoNLL-U.
fn conllu(documents: &[Annotated], predicted: &[Chains]) -> String {
    let mut file = String::new();
    for (annotated, chains) in documents.iter().zip(predicted) {
        let document = &annotated.document;
        let count: usize = document.sentences.iter().map(Vec::len).sum();
        // For each token, the mentions that begin or end there: the other border and the chain.
        let mut opens: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
        let mut closes = opens.clone();
        for (id, chain) in chains.iter().enumerate() {
            for span in chain {
                opens[span.start].push((span.end, id + 1));
                closes[span.end - 1].push((span.start, id + 1));
            }
        }
        if !document.id.is_empty() {
            let _ = writeln!(file, "# newdoc id = {}", document.id);
        }
        let _ = writeln!(file, "# global.Entity = GRP");
        if let Some(genre) = &document.genre {
            let _ = writeln!(file, "# meta::genre = {genre}");
        }
        let mut at = 0;
        for (words, parse) in document.sentences.iter().zip(&document.parses) {
            for (i, (word, p)) in words.iter().zip(parse).enumerate() {
                // Longer mentions open first and close last.
                opens[at].sort_by_key(|&(end, id)| (std::cmp::Reverse(end), id));
                closes[at].sort_by_key(|&(start, id)| (std::cmp::Reverse(start), id));
                let mut entity = String::new();
                for &(end, id) in &opens[at] {
                    let _ = if end == at + 1 { write!(entity, "({id})") } else { write!(entity, "({id}") };
                }
                for &(_, id) in closes[at].iter().filter(|&&(start, _)| start != at) {
                    let _ = write!(entity, "{id})");
                }
                let mut misc: Vec<String> = Vec::new();
                if !entity.is_empty() {
                    misc.push(format!("Entity={entity}"));
                }
                if !word.space_after {
                    misc.push("SpaceAfter=No".to_string());
                }
                let misc = if misc.is_empty() { "_".to_string() } else { misc.join("|") };
                let _ = writeln!(
                    file,
                    "{}\t{}\t{}\t{}\t_\t_\t{}\t{}\t_\t{misc}",
                    i + 1,
                    word.form,
                    p.lemma,
                    p.upos,
                    p.head,
                    p.deprel
                );
                at += 1;
            }
            file.push('\n');
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words with their tag and entity, one sentence.
    fn file(words: &[(&str, &str, &str)]) -> String {
        let mut file = "# newdoc id = d\n# meta::genre = news\n".to_string();
        for (i, (form, upos, entity)) in words.iter().enumerate() {
            let misc = if entity.is_empty() { "_".to_string() } else { format!("Entity={entity}") };
            let (head, deprel) = if i == 0 { (0, "root") } else { (i, "dep") };
            let _ = writeln!(file, "{}\t{form}\t{form}\t{upos}\t_\t_\t{head}\t{deprel}\t_\t{misc}", i + 1);
        }
        file.push('\n');
        file
    }

    const MARA: [(&str, &str, &str); 7] = [
        ("Mara", "PROPN", "(1-person-new-1,2-coref"),
        ("Lind", "PROPN", "1)"),
        ("saw", "VERB", ""),
        ("the", "DET", "(2-person-new-2-coref"),
        ("envoy", "NOUN", "2)"),
        ("and", "CCONJ", ""),
        ("her", "PRON", "(1-person-giv:act-1-ana)"),
    ];

    #[test]
    fn brackets_are_read() {
        let read = read(&file(&MARA)).unwrap();
        assert_eq!(read[0].chains, [vec![0..2, 6..7], vec![3..5]]);
        assert_eq!(read[0].heads[&(3..5)], 4);
        assert!(super::read(&file(&[("a", "X", "(1-x")])).is_err());
        assert!(super::read(&file(&[("a", "X", "1)")])).is_err());
    }

    #[test]
    fn nested_and_chained_brackets_are_read() {
        let words = [("its", "PRON", "(4-x-new-2-coref(5-x-new-1-ana)"), ("port", "NOUN", "4)(6-x-new-1-sgl)")];
        assert_eq!(read(&file(&words)).unwrap()[0].chains, [vec![0..1], vec![0..2], vec![1..2]]);
    }

    #[test]
    fn a_pronoun_is_resolved_by_the_nearest_mention_that_is_none() {
        let gold = &read(&file(&MARA)).unwrap()[0];
        let resolved = |predicted: &[Vec<Range<usize>>]| score(gold, &predicted.to_vec()).pronouns;
        assert_eq!(resolved(&[vec![0..2, 6..7], vec![3..5]])[0], [1, 1]);
        assert_eq!(resolved(&[vec![0..2], vec![3..5, 6..7]])[0], [0, 1]);
        assert_eq!(resolved(&[vec![0..2], vec![6..7]])[0], [0, 1]);
        // "Mara" has the head of "Mara Lind".
        assert_eq!(resolved(&[vec![0..1, 6..7]])[0], [1, 1]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let gold = read(&file(&MARA)).unwrap();
        let chains = vec![vec![0..2, 6..7], vec![3..5], vec![0..5]];
        let again = read(&conllu(&gold, &[chains])).unwrap();
        let mut found = again[0].chains.clone();
        found.iter_mut().for_each(|c| c.sort_by_key(|s| s.start));
        found.sort_by_key(|c| (c.len(), c[0].start));
        assert_eq!(found, [vec![0..5], vec![3..5], vec![0..2, 6..7]]);
    }
}
