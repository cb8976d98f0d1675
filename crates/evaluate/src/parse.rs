//! Tags, lemmas and trees on gold tokens (Universal Dependencies, CoNLL-U).
//!
//! A treebank's documents are read as wholes, so that windows are those of running text. Documents of GUM's non-commercial
//! genres are left out. LAS compares relations without their subtypes, as the CoNLL 2018 shared task does.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use annalist_pipeline::Reader;
use anyhow::{Context, Result, bail};
use cpu_time::ProcessTime;
use rayon::prelude::*;

use crate::{interval, percent};

/// Genres of GUM whose texts are for non-commercial use.
const NON_COMMERCIAL: [&str; 2] = ["whow", "fiction"];

/// A word of a treebank, or of a prediction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// The word as it stands.
    pub form: String,
    /// Whether a space follows.
    pub space_after: bool,
    /// Dictionary form.
    pub lemma: String,
    /// Universal part of speech.
    pub upos: String,
    /// Position of the head in the sentence, from 1; 0 for the root.
    pub head: usize,
    /// Universal dependency relation.
    pub deprel: String,
}

/// A document: its sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    id: String,
    genre: Option<String>,
    sentences: Vec<Vec<Word>>,
}

/// Reads CoNLL-U: words only; the parts of a multiword token are words, with the token's space after the last.
///
/// # Errors
/// A line that is not of ten columns, or whose numbers are none, by its number.
pub fn read(file: &str) -> Result<Vec<Document>> {
    let mut documents: Vec<Document> = Vec::new();
    let mut sentence: Vec<Word> = Vec::new();
    let mut fused: Option<(usize, bool)> = None;
    for (n, line) in file.lines().chain([""]).enumerate() {
        let at = || format!("line {}", n + 1);
        if let Some(id) = line.strip_prefix("# newdoc id = ") {
            documents.push(Document { id: id.to_string(), ..Document::default() });
        } else if let (Some(genre), Some(document)) = (line.strip_prefix("# meta::genre = "), documents.last_mut()) {
            document.genre = Some(genre.to_string());
        } else if line.is_empty() {
            if !sentence.is_empty() {
                if documents.is_empty() {
                    documents.push(Document::default());
                }
                let document = documents.last_mut().expect("one was made");
                document.sentences.push(std::mem::take(&mut sentence));
            }
            fused = None;
        } else if !line.starts_with('#') {
            let columns: Vec<&str> = line.split('\t').collect();
            let [id, form, lemma, upos, _, _, head, deprel, _, misc] = columns[..] else {
                bail!("{}: {} columns, not 10", at(), columns.len());
            };
            let space_after = !misc.split('|').any(|m| m == "SpaceAfter=No");
            if let Some((_, last)) = id.split_once('-') {
                fused = Some((last.parse().with_context(at)?, space_after));
            } else if !id.contains('.') {
                let id: usize = id.parse().with_context(at)?;
                let space_after = match fused {
                    Some((last, _)) if id < last => false,
                    Some((last, space)) if id == last => space,
                    _ => space_after,
                };
                sentence.push(Word {
                    form: form.to_string(),
                    space_after,
                    lemma: lemma.to_string(),
                    upos: upos.to_string(),
                    head: head.parse().with_context(at)?,
                    deprel: deprel.to_string(),
                });
            }
        }
    }
    Ok(documents)
}

/// Parses a document's words, sentence by sentence as given.
fn predict(reader: &Reader, document: &Document) -> Result<Vec<Vec<Word>>> {
    let given = document.sentences.iter().map(|s| s.iter().map(|w| (w.form.as_str(), w.space_after)));
    let (_, analysis) = reader.analyse_words(given)?;
    let mut sentences = Vec::with_capacity(document.sentences.len());
    let mut first = 0;
    for sentence in &document.sentences {
        let tokens = &analysis.tokens[first..first + sentence.len()];
        let words = sentence.iter().zip(tokens).map(|(word, token)| Word {
            form: word.form.clone(),
            space_after: word.space_after,
            lemma: token.lemma.clone(),
            upos: token.upos.to_string(),
            // A sentence that was cut for its length has roots in each part; the later ones are the first one's dependents.
            head: token.head.map_or(0, |h| h - first + 1),
            deprel: token.deprel.to_string(),
        });
        sentences.push(words.collect());
        first += sentence.len();
    }
    Ok(sentences)
}

/// Right out of how many words: UPOS, lemma, UAS, LAS, LAS with subtypes.
fn score(gold: &[Word], predicted: &[Word]) -> [usize; 5] {
    let mut right = [0; 5];
    let universal = |relation: &str| relation.split(':').next().map(str::to_string);
    for (g, p) in gold.iter().zip(predicted) {
        let head = g.head == p.head;
        let relation = universal(&g.deprel) == universal(&p.deprel);
        let checks = [
            g.upos == p.upos,
            g.lemma == p.lemma || g.lemma == "_",
            head,
            head && relation,
            head && g.deprel == p.deprel,
        ];
        right.iter_mut().zip(checks).for_each(|(count, right)| *count += usize::from(right));
    }
    right
}

/// Parses the gold's words, scores and prints.
///
/// # Errors
/// Malformed gold, by line; files that cannot be read or written.
pub fn run(gold: &Path, predictions: Option<&Path>, reader: &Reader, out: &mut dyn Write) -> Result<()> {
    let name = gold.display();
    let file = std::fs::read_to_string(gold).with_context(|| format!("{name}: cannot be read"))?;
    let mut documents = read(&file).with_context(|| format!("{name}: not CoNLL-U"))?;
    let all = documents.len();
    documents.retain(|d| d.genre.as_deref().is_none_or(|g| !NON_COMMERCIAL.contains(&g)));
    let began = ProcessTime::now();
    let parsed = documents.par_iter().map(|d| predict(reader, d)).collect::<Result<Vec<_>>>()?;
    let spent = began.elapsed();
    let mut scores: Vec<([usize; 5], usize)> = Vec::new();
    for (document, sentences) in documents.iter().zip(&parsed) {
        let sum = document
            .sentences
            .iter()
            .zip(sentences)
            .map(|(g, p)| score(g, p))
            .fold([0; 5], |a, b| std::array::from_fn(|k| a[k] + b[k]));
        scores.push((sum, document.sentences.iter().map(Vec::len).sum()));
    }
    let words: usize = scores.iter().map(|(_, n)| n).sum();
    writeln!(
        out,
        "parse on gold tokens: {words} words, {} documents ({} of non-commercial genres left out)",
        documents.len(),
        all - documents.len()
    )?;
    for (k, figure) in ["UPOS", "lemma", "UAS", "LAS", "LAS with subtypes"].into_iter().enumerate() {
        let share = |drawn: &mut dyn Iterator<Item = usize>| {
            let (right, n) = drawn.fold((0, 0), |(right, n), i| (right + scores[i].0[k], n + scores[i].1));
            percent(right, n)
        };
        let (low, high) = interval(scores.len(), |drawn| share(&mut drawn.iter().copied()));
        writeln!(out, "{figure:<18} {:5.2}  [{low:.1}, {high:.1}]", share(&mut (0..scores.len())))?;
    }
    writeln!(
        out,
        "\n{words} words in {:.1} CPU seconds: {:.0} words a CPU second",
        spent.as_secs_f64(),
        words as f64 / spent.as_secs_f64().max(1e-9)
    )?;
    if let Some(path) = predictions {
        std::fs::write(path, conllu(&documents, &parsed))
            .with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    Ok(())
}

fn conllu(documents: &[Document], parsed: &[Vec<Vec<Word>>]) -> String {
    let mut file = String::new();
    for (document, sentences) in documents.iter().zip(parsed) {
        let _ = writeln!(file, "# newdoc id = {}", document.id);
        for sentence in sentences {
            for (i, w) in sentence.iter().enumerate() {
                let space = if w.space_after { "_" } else { "SpaceAfter=No" };
                let _ = writeln!(
                    file,
                    "{}\t{}\t{}\t{}\t_\t_\t{}\t{}\t_\t{space}",
                    i + 1,
                    w.form,
                    w.lemma,
                    w.upos,
                    w.head,
                    w.deprel
                );
            }
            file.push('\n');
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# newdoc id = a\n# meta::genre = news\n\
        1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
        1\tdo\tdo\tAUX\t_\t_\t0\troot\t_\t_\n2\tn't\tnot\tPART\t_\t_\t1\tadvmod\t_\t_\n3\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_\n\
        3.1\tx\tx\tX\t_\t_\t_\t_\t_\t_\n";

    #[test]
    fn multiword_tokens_and_empty_nodes_are_passed_over() {
        let documents = read(FILE).unwrap();
        let words = &documents[0].sentences[0];
        assert_eq!(words.len(), 3);
        assert_eq!(words.iter().map(|w| w.space_after).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(documents[0].genre.as_deref(), Some("news"));
        assert!(read("1\tx\n").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn las_compares_universal_relations() {
        let word = |head, deprel: &str| Word {
            head,
            deprel: deprel.to_string(),
            lemma: "a".into(),
            upos: "X".into(),
            ..Word::default()
        };
        let gold = [word(0, "root"), word(1, "nmod:poss"), word(1, "obj")];
        let predicted = [word(0, "root"), word(1, "nmod"), word(2, "obj")];
        assert_eq!(score(&gold, &predicted), [3, 3, 2, 2, 1]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let documents = read(FILE).unwrap();
        let parsed: Vec<_> = documents.iter().map(|d| d.sentences.clone()).collect();
        let again = read(&conllu(&documents, &parsed)).unwrap();
        assert_eq!(again[0].sentences, documents[0].sentences);
    }
}
