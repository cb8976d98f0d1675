//! Makes a web archive of a folder of pages, and streams one.
//!
//! ```text
//! cargo run --release -p annalist-intake --example warc -- make PAGES 10000 pages.warc.gz
//! cargo run --release -p annalist-intake --example warc -- read pages.warc.gz
//! ```
//!
//! `make` takes the folder's files in turn (`.gz` unpacked) until there are as many records as asked for; a member of gzip a
//! record, as crawlers do. `read` prints how many documents there are, how many a second, and the largest amount of memory held.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use annalist_intake::{Options, files, open_file, report_of};
use annalist_knowledge::Knowledge;
use flate2::Compression;
use flate2::write::GzEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder, count, out] => make(Path::new(folder), count.parse()?, Path::new(out)),
        ["read", file] => read(Path::new(file), false),
        ["report", file] => read(Path::new(file), true),
        _ => Err("make FOLDER COUNT OUT, read FILE, or report FILE".into()),
    }
}

fn make(folder: &Path, count: usize, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut pages = Vec::new();
    for path in files(folder)? {
        let mut bytes = std::fs::read(&path)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked)?;
            bytes = unpacked;
        }
        pages.push(bytes);
    }
    let mut archive = BufWriter::new(File::create(out)?);
    for (i, page) in (0..count).zip(pages.iter().cycle()) {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        let mut member = GzEncoder::new(&mut archive, Compression::default());
        write!(
            member,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://pages.example/{i}\r\nWARC-Date: 2021-08-16T10:00:00Z\r\n\
             WARC-Record-ID: <urn:uuid:{i:032x}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            answer.len() + page.len()
        )?;
        member.write_all(answer)?;
        member.write_all(page)?;
        member.write_all(b"\r\n\r\n")?;
        member.finish()?;
    }
    archive.flush()?;
    Ok(())
}

fn read(file: &Path, reports: bool) -> Result<(), Box<dyn Error>> {
    let (started, options) = (Instant::now(), Options::default());
    let (mut documents, mut bytes, mut errors) = (0usize, 0usize, 0usize);
    for raw in open_file(file, &options) {
        let size = raw.as_ref().map_or(0, |raw| raw.body.len());
        let done = match raw {
            Ok(raw) if reports => report_of(raw, &options, Knowledge::english()).map(|_| ()),
            other => other.map(|_| ()),
        };
        match done {
            Ok(()) => (documents, bytes) = (documents + 1, bytes + size),
            Err(error) => {
                errors += 1;
                if errors <= 5 {
                    eprintln!("{error}");
                }
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{documents} documents of {:.1} MB in {seconds:.2} s: {:.0} a second, {:.1} MB a second; {errors} errors; {} of memory at most",
        bytes as f64 / 1e6,
        documents as f64 / seconds,
        bytes as f64 / 1e6 / seconds,
        peak_memory().unwrap_or_else(|| "unknown".to_string()),
    );
    Ok(())
}

/// The process's largest resident set, where the system tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(format!("{:.1} MB", kilobytes / 1e3))
}
