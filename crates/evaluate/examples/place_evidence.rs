//! What the candidate places of a gold file's toponyms are judged by, to learn their weights from.
//!
//! `cargo run -p annalist-evaluate --example place_evidence -- GOLD ROUND`: a line of JSON a toponym with a point, with the number
//! of its document from 0 and, for each candidate, its distance from the gold in kilometres, whether it is the gold's entry, and its features.

use annalist_knowledge::{Knowledge, kilometres};
use annalist_pipeline::Reader;
use anyhow::{Context, bail};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [gold, round] = &arguments[..] else { bail!("usage: place_evidence GOLD ROUND") };
    let (round, reader) = (round.parse()?, Reader::new()?);
    let gazetteer = Knowledge::english().gazetteer();
    for (number, line) in std::fs::read_to_string(gold)?.lines().enumerate() {
        let gold: Value = serde_json::from_str(line)?;
        let text = gold["text"].as_str().context("no text")?;
        let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let toponyms = gold["toponyms"].as_array().context("no toponyms")?;
        let point = |t: &Value, at: &str| t[at].as_u64().and_then(|point| bytes.get(point as usize).copied());
        let words: Option<Vec<_>> = toponyms.iter().map(|t| Some(point(t, "start")?..point(t, "end")?)).collect();
        let words = words.context("a toponym without a span")?;
        let evidence = reader.place_evidence(text, gold["domain"].as_str(), &words, round)?;
        for (toponym, candidates) in toponyms.iter().zip(evidence) {
            let (Some(lat), Some(lon)) = (toponym["lat"].as_f64(), toponym["lon"].as_f64()) else { continue };
            let id = toponym["geonames_id"].as_u64();
            let candidate = |(number, features): &(_, _)| {
                let place = gazetteer.place(*number);
                let same = id.is_some() && place.geonames.map(u64::from) == id;
                let features: &[f32; annalist_pipeline::PLACE_FEATURES] = features;
                json!([kilometres((lat, lon), (place.lat, place.lon)), same, features.to_vec()])
            };
            let candidates: Vec<Value> = candidates.iter().map(candidate).collect();
            if !candidates.is_empty() {
                println!("{}", json!({"doc": number, "c": candidates}));
            }
        }
    }
    Ok(())
}
