//! Lays out texts for training exactly as the program will lay them out for reading.
//!
//! Reads JSON Lines from standard input, `{"id", "text"}` or `{"id", "sentences": [[[form, space_after], …], …]}`, and
//! writes, a line each, the tokens (code points), sentences, word pieces, features and windows.
//!
//! `cargo run --release -p annalist-language --example windows -- models/english/vocab.txt < texts.jsonl > layouts.jsonl`

use std::io::{BufRead, Write};

use annalist_knowledge::Knowledge;
use annalist_language::layout;
use annalist_language::pieces::PieceMaker;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Input {
    id: String,
    text: Option<String>,
    #[serde(default)]
    sentences: Vec<Vec<(String, bool)>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: windows VOCABULARY < TEXTS > LAYOUTS")?;
    let maker = PieceMaker::new(&std::fs::read_to_string(path)?);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let input: Input = serde_json::from_str(&line?)?;
        let (text, layout) = match input.text {
            Some(text) => {
                let layout = layout::lay_out(&text, &maker, Knowledge::english());
                (text, layout)
            }
            None => layout::lay_out_words(
                input.sentences.iter().map(|s| s.iter().map(|(form, space)| (form.as_str(), *space))),
                &maker,
            ),
        };
        let mut points = vec![0u32; text.len() + 1];
        let mut count = 0;
        for (byte, c) in text.char_indices() {
            points[byte] = count;
            count += 1;
            points[byte + c.len_utf8()] = count;
        }
        let range = |r: &std::ops::Range<usize>| [r.start, r.end];
        let record = json!({
            "id": input.id,
            "tokens": layout.tokens.iter().map(|t| [points[t.start], points[t.end]]).collect::<Vec<_>>(),
            "sentences": layout.sentences.iter().map(|s| [s.tokens.start, s.tokens.end, s.paragraph]).collect::<Vec<_>>(),
            "ids": layout.pieces.ids,
            "starts": layout.pieces.starts,
            "features": layout.pieces.features,
            "windows": layout.windows.iter().map(|w| json!({
                "tokens": range(&w.tokens), "own": range(&w.own),
                "sentences": range(&w.sentences), "own_sentences": range(&w.own_sentences),
            })).collect::<Vec<_>>(),
        });
        writeln!(out, "{record}")?;
    }
    Ok(())
}
