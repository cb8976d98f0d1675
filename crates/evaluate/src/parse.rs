//! Tags, lemmas and trees on gold tokens (Universal Dependencies, CoNLL-U).
//!
//! A treebank's documents are read as wholes, so that windows are those of running text. Documents of GUM's non-commercial
//! genres are left out unless [`Genres::All`] is asked for. Every word counts. LAS compares relations without their subtypes, as the CoNLL 2018 shared task does.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use cpu_time::ProcessTime;

use crate::{Predictor, interval, percent, predict_all};

/// Genres of GUM whose texts are for non-commercial use.
const NON_COMMERCIAL: [&str; 2] = ["whow", "fiction"];

/// Which documents are scored, by `# meta::genre`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Genres {
    /// All but GUM's non-commercial genres, `whow` and `fiction`.
    #[default]
    Open,
    /// All.
    All,
}

/// A word as given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// The word as it stands.
    pub form: String,
    /// Whether a space follows.
    pub space_after: bool,
}

/// What a treebank, or a predictor, says of a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedWord {
    /// Universal part of speech.
    pub upos: String,
    /// Dictionary form.
    pub lemma: String,
    /// Position of the head in the sentence, from 1; 0 for the root.
    pub head: usize,
    /// Universal dependency relation, with its subtype.
    pub deprel: String,
}

/// A document: its sentences, and what is said of their words, one for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its id; empty where the file names none.
    pub id: String,
    /// Its genre, as GUM gives it.
    pub genre: Option<String>,
    /// The words, sentence by sentence.
    pub sentences: Vec<Vec<Word>>,
    /// What is said of them.
    pub parses: Vec<Vec<ParsedWord>>,
}

/// The documents of a CoNLL-U file.
///
/// # Errors
/// A file that cannot be read, or is malformed, by line.
pub fn read_file(path: &Path) -> Result<Vec<Document>> {
    let file = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    read(&file).with_context(|| format!("{}: not CoNLL-U", path.display()))
}

/// Reads CoNLL-U: words only; the parts of a multiword token are words, with the token's space after the last. Empty nodes
/// are passed over.
///
/// # Errors
/// A line that is not of ten columns, whose numbers are none, whose word is out of order or whose head is not in the
/// sentence, by its number.
pub fn read(file: &str) -> Result<Vec<Document>> {
    let mut documents: Vec<Document> = Vec::new();
    let mut sentence: Vec<(Word, ParsedWord)> = Vec::new();
    let mut lines_of_words = Vec::new();
    let mut fused: Option<(usize, bool)> = None;
    for (n, line) in file.lines().chain([""]).enumerate() {
        let at = || format!("line {}", n + 1);
        if let Some(id) = line.strip_prefix("# newdoc id = ") {
            documents.push(Document { id: id.to_string(), ..Document::default() });
        } else if let (Some(genre), Some(document)) = (line.strip_prefix("# meta::genre = "), documents.last_mut()) {
            document.genre = Some(genre.to_string());
        } else if line.is_empty() {
            for (line, (word, parsed)) in lines_of_words.drain(..).zip(&sentence) {
                let (head, words) = (parsed.head, sentence.len());
                ensure!(head <= words, "line {line}: head {head} of `{}` in a sentence of {words} words", word.form);
            }
            if !sentence.is_empty() {
                if documents.is_empty() {
                    documents.push(Document::default());
                }
                let document = documents.last_mut().expect("one was made");
                let (words, parse) = std::mem::take(&mut sentence).into_iter().unzip();
                document.sentences.push(words);
                document.parses.push(parse);
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
                ensure!(id == sentence.len() + 1, "{}: word {id} after word {}", at(), sentence.len());
                let space_after = match fused {
                    Some((last, _)) if id < last => false,
                    Some((last, space)) if id == last => space,
                    _ => space_after,
                };
                lines_of_words.push(n + 1);
                sentence.push((
                    Word { form: form.to_string(), space_after },
                    ParsedWord {
                        lemma: lemma.to_string(),
                        upos: upos.to_string(),
                        head: head.parse().with_context(at)?,
                        deprel: deprel.to_string(),
                    },
                ));
            }
        }
    }
    Ok(documents)
}

/// Asks the predictor, and makes sure that it answered for every word.
fn predict(predictor: &(dyn Predictor + Sync), document: &Document) -> Result<Vec<Vec<ParsedWord>>> {
    let parses = predictor.parse(&document.sentences).with_context(|| format!("document `{}`", document.id))?;
    let lengths = |sentences: &mut dyn Iterator<Item = usize>| sentences.collect::<Vec<_>>();
    ensure!(
        lengths(&mut parses.iter().map(Vec::len)) == lengths(&mut document.sentences.iter().map(Vec::len)),
        "document `{}`: the predictor gave other sentences or words than it was given",
        document.id
    );
    Ok(parses)
}

/// How many words of a sentence are right: UPOS, lemma (any, where the gold has none), UAS, LAS, LAS with subtypes.
pub fn score(gold: &[ParsedWord], predicted: &[ParsedWord]) -> [usize; 5] {
    let mut right = [0; 5];
    let universal = |relation: &str| relation.split(':').next().unwrap_or_default().to_string();
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
pub fn run(
    gold: &Path,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    genres: Genres,
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let mut documents = read_file(gold)?;
    let all = documents.len();
    documents.retain(|d| genres == Genres::All || d.genre.as_deref().is_none_or(|g| !NON_COMMERCIAL.contains(&g)));
    let began = ProcessTime::now();
    let parsed = predict_all(&documents, threads, |d| predict(predictor, d))?;
    let spent = began.elapsed();
    let mut scores: Vec<([usize; 5], usize)> = Vec::new();
    for (document, sentences) in documents.iter().zip(&parsed) {
        let sum = document
            .parses
            .iter()
            .zip(sentences)
            .map(|(g, p)| score(g, p))
            .fold([0; 5], |a, b| std::array::from_fn(|k| a[k] + b[k]));
        scores.push((sum, document.sentences.iter().map(Vec::len).sum()));
    }
    let words: usize = scores.iter().map(|(_, n)| n).sum();
    writeln!(
        out,
        "parse on gold tokens: {words} words, {} documents ({} of the non-commercial genres {} left out)",
        documents.len(),
        all - documents.len(),
        NON_COMMERCIAL.join(" and ")
    )?;
    for (k, figure) in ["UPOS", "lemma", "UAS", "LAS", "LAS with subtypes"].into_iter().enumerate() {
        let share = |drawn: &mut dyn Iterator<Item = usize>| {
            let (right, n) = drawn.fold((0, 0), |(right, n), i| (right + scores[i].0[k], n + scores[i].1));
            percent(right, n)
        };
        let (low, high) = interval(scores.len(), |drawn| share(&mut drawn.iter().copied()));
        writeln!(out, "{figure:<18} {:5.2}  [{low:.1}, {high:.1}]", share(&mut (0..scores.len())))?;
    }
    // Words as everywhere else: what white space parts, so that speeds can be compared.
    let texts: Vec<String> = documents.iter().map(text).collect();
    crate::attribution::pace(out, texts.iter().map(String::as_str), spent)?;
    if let Some(path) = predictions {
        std::fs::write(path, conllu(&documents, &parsed))
            .with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    Ok(())
}

/// A document's words as running text.
pub(crate) fn text(document: &Document) -> String {
    let mut text = String::new();
    for sentence in &document.sentences {
        for word in sentence {
            text.push_str(&word.form);
            text.push_str(if word.space_after { " " } else { "" });
        }
        text.push('\n');
    }
    text
}

fn conllu(documents: &[Document], parsed: &[Vec<Vec<ParsedWord>>]) -> String {
    let mut file = String::new();
    for (document, sentences) in documents.iter().zip(parsed) {
        if !document.id.is_empty() {
            let _ = writeln!(file, "# newdoc id = {}", document.id);
        }
        for (words, parse) in document.sentences.iter().zip(sentences) {
            for (i, (word, p)) in words.iter().zip(parse).enumerate() {
                let space = if word.space_after { "_" } else { "SpaceAfter=No" };
                let _ = writeln!(
                    file,
                    "{}\t{}\t{}\t{}\t_\t_\t{}\t{}\t_\t{space}",
                    i + 1,
                    word.form,
                    p.lemma,
                    p.upos,
                    p.head,
                    p.deprel
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
    }

    #[test]
    fn malformed_files_are_refused_by_line() {
        let refused = |file: &str| read(file).unwrap_err().to_string();
        assert!(refused("1\tx\n").contains("line 1: 2 columns"));
        assert!(refused("# c\n1\ta\ta\tX\t_\t_\tno\troot\t_\t_\n").contains("line 2"));
        assert!(refused("2\ta\ta\tX\t_\t_\t0\troot\t_\t_\n").contains("line 1: word 2 after word 0"));
        let heads = "1\ta\ta\tX\t_\t_\t0\troot\t_\t_\n2\tb\tb\tX\t_\t_\t3\tobj\t_\t_\n\n";
        assert!(refused(heads).contains("line 2: head 3 of `b` in a sentence of 2 words"));
    }

    #[test]
    fn las_compares_universal_relations() {
        let word =
            |head, deprel: &str| ParsedWord { head, deprel: deprel.to_string(), lemma: "a".into(), upos: "X".into() };
        let gold = [word(0, "root"), word(1, "nmod:poss"), word(1, "obj")];
        let predicted = [word(0, "root"), word(1, "nmod"), word(2, "obj")];
        assert_eq!(score(&gold, &predicted), [3, 3, 2, 2, 1]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let documents = read(FILE).unwrap();
        let parsed: Vec<_> = documents.iter().map(|d| d.parses.clone()).collect();
        let again = read(&conllu(&documents, &parsed)).unwrap();
        assert_eq!((&again[0].sentences, &again[0].parses), (&documents[0].sentences, &documents[0].parses));
    }
}
