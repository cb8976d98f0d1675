//! Article text of the pages in `FOLDER/ground_truth.dev.jsonl` by dom_smoothie: `smoothie FOLDER OUT`. See page_peers.py.

use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use cpu_time::ProcessTime;
use dom_smoothie::{Config, Readability, TextMode};
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out] = &arguments[..] else { return Err("usage: smoothie FOLDER OUT".into()) };
    let mut pages = Vec::new();
    for line in fs::read_to_string(Path::new(folder).join("ground_truth.dev.jsonl"))?.lines() {
        let gold: Value = serde_json::from_str(line)?;
        let name = gold["html"].as_str().ok_or("a record without `html`")?;
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(File::open(Path::new(folder).join(name))?).read_to_end(&mut bytes)?;
        let url = gold["url"].as_str().map(str::to_string);
        pages.push((
            gold["id"].as_str().unwrap_or_default().to_string(),
            url,
            String::from_utf8_lossy(&bytes).into_owned(),
        ));
    }
    let read = |url: Option<&str>, page: &str| -> Option<String> {
        let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
        Some(Readability::new(page, url, Some(config)).ok()?.parse().ok()?.text_content.to_string())
    };
    let began = ProcessTime::now();
    let texts: Vec<Option<String>> = pages.iter().map(|(_, url, page)| read(url.as_deref(), page)).collect();
    println!("{:.2} CPU-seconds for {} pages", began.elapsed().as_secs_f64(), pages.len());
    let all: Map<String, Value> =
        pages.into_iter().zip(texts).map(|((id, ..), text)| (id, text.unwrap_or_default().into())).collect();
    Ok(fs::write(out, serde_json::to_string(&all)?)?)
}
