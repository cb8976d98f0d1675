//! How the ledger bears many reports: adds varied copies of records, and asks every question of them.
//!
//! ```console
//! $ annalist read --format jsonl reports/ > records.jsonl
//! $ cargo run --example scale -- records.jsonl 100000 scale.db
//! ```
//!
//! A ledger that holds so many already is only asked; so is any if the number is 0.
//!
//! Each copy has days of its own, other names and other words than its pattern (letters are put in the place of letters, so that
//! spans stay where they are), an outlet out of forty, and one in twenty reprints another. Prints the rate of adding, at the start
//! and at the end, and for each question the time that 95 of 100 askings take at most. Times of the processor are printed beside
//! those of the clock, since a machine that does other things too makes the latter long.

use std::collections::HashMap;
use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};

use annalist_identity::Signature;
use annalist_ledger::{Added, Filter, Ledger};
use annalist_record::{CharIndex, Record};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

/// The rate is taken over so many reports.
const STRETCH: usize = 1000;
/// In so many ways.
const FILTERS: usize = 12;
/// So many seconds of the processor it takes to read a report of some 420 words, measured with `annalist read`.
const READING: f64 = 0.8;
/// A word has so many forms, two thirds of which are the word itself.
const FORMS: u64 = 97;
/// A question is asked so often.
const ASKED: usize = 96;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [records, count, path] = &arguments[..] else {
        return Err("usage: scale RECORDS.JSONL COUNT LEDGER.DB".into());
    };
    let (path, count) = (Path::new(path), count.parse::<usize>()?);
    let patterns: Vec<Value> = std::fs::read_to_string(records)?
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|record: &Value| record.get("report").is_some())
        .collect();
    if patterns.is_empty() {
        return Err(format!("{records}: holds no record").into());
    }
    if count > 0 {
        let mut ledger = Ledger::create(path)?;
        let held = ledger.reports()? as usize;
        add(&mut ledger, &patterns, held, count)?;
    }
    let ledger = Ledger::open(path)?;
    println!("{} reports, {} MB", ledger.reports()?, std::fs::metadata(path)?.len() >> 20);
    drop(ledger);
    ask(&Ledger::open(path)?, &patterns)
}

fn add(ledger: &mut Ledger, patterns: &[Value], held: usize, count: usize) -> Result<(), Box<dyn Error>> {
    let mut rates = Vec::new();
    let (mut clock, mut processor, mut making) = (Instant::now(), used(), Duration::ZERO);
    let (mut by_clock, mut from) = (Vec::new(), held);
    for i in held..count {
        let made = used();
        let record = varied(patterns, i)?;
        making += used().saturating_sub(made);
        let moment = format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + i * 28 / count, i / 60 % 24, i % 60);
        if ledger.add(&record, &format!("scale:{i}"), Some(record.report.text.as_bytes()), &moment)? == Added::Already {
            return Err(format!("report {i} was there already").into());
        }
        if (i + 1) % STRETCH == 0 {
            let (wall, cpu) = (clock.elapsed(), used().saturating_sub(processor).saturating_sub(making));
            let rate = |time: Duration| (i + 1 - from) as f64 / time.as_secs_f64().max(1e-9);
            println!(
                "{:>7} reports: {:.0} a second, {:.0} a second of the processor",
                i + 1,
                rate(wall.saturating_sub(making)),
                rate(cpu)
            );
            rates.push(rate(cpu));
            by_clock.push(rate(wall.saturating_sub(making)));
            (clock, processor, making, from) = (Instant::now(), used(), Duration::ZERO, i + 1);
        }
    }
    for (rates, by) in [(&rates, "by the processor"), (&by_clock, "by the clock")] {
        if let ([first, .., last], reports) = (&rates[..], STRETCH) {
            println!("the rate of the last {reports} is {:.2} of that of the first, {by}", last / first);
        }
    }
    // Whoever adds a report has read it first.
    if let [first, .., last] = &rates[..] {
        let whole = |rate: f64| READING + 1.0 / rate;
        println!("with the {READING} s that reading it takes: {:.2}", whole(*first) / whole(*last));
    }
    Ok(())
}

/// The time of the processor that this process has used, where the system tells (Linux); otherwise that of the clock.
fn used() -> Duration {
    thread_local!(static START: Instant = Instant::now());
    let told = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        // A hundred ticks a second, on all Linux systems of today.
        Some(Duration::from_millis(ticks * 10))
    };
    told().unwrap_or_else(|| START.with(Instant::elapsed))
}

/// The same in finer steps, of this thread.
fn used_now() -> Duration {
    // What a thread has used is added up when it steps aside.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(used, Duration::from_nanos)
}

fn number(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The record of a number.
fn varied(patterns: &[Value], i: usize) -> Result<Record, Box<dyn Error>> {
    // One in twenty prints what the one before it prints.
    let text_of = if i % 20 == 19 { i - 1 } else { i };
    let copy = text_of / patterns.len();
    let mut record = patterns[text_of % patterns.len()].clone();
    let days = (copy * 11 % 3650) as i64;
    let mut ids = HashMap::new();
    for list in ["actors", "places", "times", "statements", "events", "figures", "commitments", "changes"] {
        for item in record[list].as_array().into_iter().flatten() {
            if let Some(id) = item["id"].as_str() {
                ids.insert(id.to_string(), format!("{}{:012x}", &id[..1], number((id, copy)) >> 16));
            }
        }
    }
    let text = other_words(record["report"]["text"].as_str().unwrap_or_default(), copy);
    let index = CharIndex::new(&text);
    change(&mut record, &mut |field, value, span| {
        if let Some((start, end)) = span {
            return text.get(index.byte(start)..index.byte(end)).unwrap_or_default().to_string();
        }
        if let Some(id) = ids.get(value) {
            return id.clone();
        }
        match field {
            "published" | "modified" | "earliest" | "latest" => later(value, days),
            "value" => later(value, days),
            "name" | "title" | "about" | "of" | "described_as" => other_words(value, copy),
            _ => value.to_string(),
        }
    });
    let report = &mut record["report"];
    report["text"] = json!(text);
    report["id"] = json!(format!("{:016x}{:08x}", number(("report", i)), i));
    report["content_id"] = json!(format!("{:016x}{:08x}", number(("content", text_of)), text_of));
    report["signature"] = json!(Signature::of(&text).to_string());
    report["outlet"] = json!(format!("Outlet {}", number(("outlet", i)) % 40));
    report["url"] = Value::Null;
    report["published"] = match report["published"].as_str() {
        Some(day) => json!(day),
        None => json!(later("2020-01-01", days)),
    };
    Ok(serde_json::from_value(record)?)
}

/// Changes every string: told the field it is in, and the code points it stands on if it is the text of a span.
fn change(value: &mut Value, to: &mut impl FnMut(&str, &str, Option<(usize, usize)>) -> String) {
    let Value::Object(fields) = value else { return };
    let point = |name: &str| fields.get(name).and_then(Value::as_u64).map(|n| n as usize);
    let span = point("start").zip(point("end"));
    for (field, value) in fields.iter_mut() {
        match value {
            Value::String(words) => *words = to(field, words, span.filter(|_| field == "text")),
            Value::Array(all) => {
                for one in all {
                    match one {
                        Value::String(words) => *words = to(field, words, None),
                        one => change(one, to),
                    }
                }
            }
            value => change(value, to),
        }
    }
}

/// A day so many days later; what is no day stays.
fn later(day: &str, days: i64) -> String {
    let Some(date) = day.get(..10).and_then(|day| day.parse::<Date>().ok()) else { return day.to_string() };
    let moved = date.checked_add(days.days()).unwrap_or(date);
    format!("{moved}{}", &day[10..])
}

/// A text with a third of its words changed letter by letter; the same word of a copy always to the same. A word has no more than some
/// thirty other forms, and which of them it has is another in each copy: no two copies are of one text, and there are no more words than
/// many reports have.
fn other_words(text: &str, copy: usize) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut word = String::new();
    let end = |word: &mut String, changed: &mut String| {
        let known = word.to_lowercase();
        let form = number((&known, copy)) % FORMS;
        let key = number((known, form));
        if word.chars().count() > 3 && key.is_multiple_of(3) {
            changed.extend(word.chars().enumerate().map(|(i, c)| other_letter(c, key.rotate_left(7 * i as u32))));
        } else {
            changed.push_str(word);
        }
        word.clear();
    };
    for c in text.chars() {
        match c.is_alphabetic() {
            true => word.push(c),
            false => {
                end(&mut word, &mut changed);
                changed.push(c);
            }
        }
    }
    end(&mut word, &mut changed);
    changed
}

fn other_letter(c: char, key: u64) -> char {
    let among: &[u8] = match c.to_ascii_lowercase() {
        'a' | 'e' | 'i' | 'o' | 'u' => b"aeiou",
        'b'..='z' => b"bcdfghklmnprstvw",
        _ => return c,
    };
    let other = char::from(among[key as usize % among.len()]);
    if c.is_ascii_uppercase() { other.to_ascii_uppercase() } else { other }
}

/// A filter with a kind or status that a question knows.
fn narrowed(question: &str, filter: Filter, i: usize) -> Filter {
    let one = |of: &[&str]| of.get(i % of.len().max(1)).map(|word| word.to_string());
    let (kinds, states): (&[&str], &[&str]) = match question {
        "timeline" | "events" | "stories" if i.is_multiple_of(2) => (&["CONSULT", "AGREE", "ASSAULT", "PROTEST"], &[]),
        "timeline" | "events" | "stories" => (&[], &["denied", "planned", "ongoing"]),
        "statements" => (&["deny", "promise", "demand", "assert"], &[]),
        "commitments" => (&[], &["kept", "broken", "overdue", "open"]),
        "due" => (&[], &["took place", "unknown", "ahead"]),
        "actors" => (&["person", "organization"], &[]),
        "places" => (&["city", "country"], &[]),
        "search" => (&["report", "statement", "actor"], &[]),
        _ => (&[], &[]),
    };
    Filter { kind: one(kinds), status: one(states), ..filter }
}

fn ask(ledger: &Ledger, patterns: &[Value]) -> Result<(), Box<dyn Error>> {
    // Half of the askings are about what is named often, half about anything that is named.
    let named = |list: &str, field: &str| -> [Vec<String>; 2] {
        let items = patterns.iter().flat_map(|record| record[list].as_array().into_iter().flatten());
        let mut often: Vec<String> = items.filter_map(|item| item[field].as_str().map(str::to_string)).collect();
        often.sort_by_key(|name| number(name));
        let mut any = often.clone();
        any.dedup();
        // In an order of their own, so that each comes as often as it is named.
        let mut numbered: Vec<(u64, String)> =
            often.into_iter().enumerate().map(|(i, name)| (number(i), name)).collect();
        numbered.sort();
        [any, numbered.into_iter().map(|(_, name)| name).collect()]
    };
    let (actors, places, countries) = (named("actors", "name"), named("places", "name"), named("actors", "country"));
    let pick = |from: &[String], i: usize| from.get(i % from.len().max(1)).cloned();
    let either = |from: &[Vec<String>; 2], i: usize| pick(&from[i / FILTERS % 2], i);
    let words = [
        "talks",
        "ministry announced",
        "government",
        "released",
        "agreement",
        "killed people",
        "market",
        "president said",
    ];
    let of_words = |i: usize| Some(words[i / FILTERS % words.len()].to_string());
    // As people ask: all, somebody, a country, a place, a time, some words, an outlet, what is new, and several of these.
    let filter = |i: usize| match i % FILTERS {
        0 => Filter::default(),
        1 => Filter { actor: either(&actors, i), ..Filter::default() },
        2 => Filter { country: either(&countries, i), ..Filter::default() },
        3 => Filter { place: either(&places, i), ..Filter::default() },
        4 => Filter { place: either(&places, i), within: Some(100.0), ..Filter::default() },
        5 => Filter { since: Some("2011-03-01".into()), until: Some("2011-03-31".into()), ..Filter::default() },
        6 => Filter { words: of_words(i), ..Filter::default() },
        7 => {
            Filter { outlet: Some(format!("Outlet {}", i % 40)), since: Some("2012-01-01".into()), ..Filter::default() }
        }
        8 => Filter { new_since: Some("2026-01-28".into()), ..Filter::default() },
        9 => Filter { country: either(&countries, i), since: Some("2014-01-01".into()), ..Filter::default() },
        10 => Filter { actor: either(&actors, i), words: of_words(i), ..Filter::default() },
        // Of a kind or status: see `narrowed`.
        _ => Filter { until: Some("2018-12-31".into()), ..Filter::default() },
    };
    let one = |from: &[String], i: usize| pick(from, i).unwrap_or_default();
    type Question<'q> = (&'q str, Box<dyn Fn(&Filter, usize) -> Result<usize, annalist_ledger::LedgerError> + 'q>);
    let found = |name: &str| -> Result<Vec<String>, Box<dyn Error>> {
        Ok(match name {
            "E" => ledger.actors(&Filter::default())?.into_iter().map(|a| a.id).collect(),
            "H" => ledger.timeline(&Filter::default())?.into_iter().map(|t| t.id).collect(),
            "S" => ledger.stories(&Filter::default())?.into_iter().map(|s| s.id).collect(),
            _ => ledger.statements(&Filter::default())?.into_iter().map(|s| s.id).collect(),
        })
    };
    let (entities, happenings, stories, items) = (found("E")?, found("H")?, found("S")?, found("")?);
    let report = |i: usize| one(&items, i).split('/').next().unwrap_or_default().to_string();
    let questions: Vec<Question> = vec![
        ("timeline", Box::new(|f, _| Ok(ledger.timeline(f)?.len()))),
        ("events", Box::new(|f, _| Ok(ledger.events(f)?.len()))),
        ("statements", Box::new(|f, _| Ok(ledger.statements(f)?.len()))),
        ("commitments", Box::new(|f, _| Ok(ledger.commitments(f, None)?.len()))),
        ("due", Box::new(|f, _| Ok(ledger.due(f, None)?.len()))),
        ("contacts", Box::new(|f, _| Ok(ledger.contacts(f)?.len()))),
        ("actors", Box::new(|f, _| Ok(ledger.actors(f)?.len()))),
        ("places", Box::new(|f, _| Ok(ledger.places(f)?.len()))),
        ("stories", Box::new(|f, _| Ok(ledger.stories(f)?.len()))),
        ("positions", Box::new(|f, _| Ok(ledger.positions(f)?.len()))),
        ("quotations", Box::new(|f, _| Ok(ledger.quotations(f)?.len()))),
        ("search", Box::new(|f, i| Ok(ledger.search(words[i % words.len()], f)?.len()))),
        ("show report", Box::new(|_, i| ledger.show(&report(i)).map(|_| 1))),
        ("show story", Box::new(|_, i| ledger.show(&one(&stories, i)).map(|_| 1))),
        ("show item", Box::new(|_, i| ledger.show(&one(&items, i)).map(|_| 1))),
        ("show actor", Box::new(|_, i| ledger.show(&one(&entities, i)).map(|_| 1))),
        ("show happening", Box::new(|_, i| ledger.show(&one(&happenings, i)).map(|_| 1))),
        (
            "brief",
            Box::new(|f, _| {
                Ok(ledger
                    .brief(&Filter { since: f.since.clone().or(Some("2015-01-01".into())), ..f.clone() }, None)?
                    .len())
            }),
        ),
    ];
    println!("                 of the clock                  of the processor");
    println!(
        "{0:<16} {1:>8} {2:>8} {3:>8}   {1:>8} {2:>8} {3:>8}  slowest filters",
        "question", "median", "p95", "most"
    );
    for (name, question) in &questions {
        let mut times: Vec<(Duration, usize)> = Vec::new();
        let mut processor: Vec<(Duration, usize)> = Vec::new();
        for i in 0..ASKED {
            let filter = match i % FILTERS {
                11 => narrowed(name, filter(i), i / FILTERS),
                _ => filter(i),
            };
            let (before, start) = (used_now(), Instant::now());
            question(&filter, i)?;
            times.push((start.elapsed(), i));
            processor.push((used_now().saturating_sub(before), i));
        }
        times.sort();
        processor.sort();
        let at = |times: &[(Duration, usize)], part: f64| {
            times[((times.len() as f64 * part) as usize).min(times.len() - 1)].0.as_secs_f64() * 1e3
        };
        let slowest: Vec<String> = processor
            .iter()
            .rev()
            .take(10)
            .map(|(t, i)| format!("{} ({:.0})", i % FILTERS, t.as_secs_f64() * 1e3))
            .collect();
        println!(
            "{name:<16} {:>6.1}ms {:>6.1}ms {:>6.1}ms   {:>6.1}ms {:>6.1}ms {:>6.1}ms  {}",
            at(&times, 0.5),
            at(&times, 0.95),
            at(&times, 1.0),
            at(&processor, 0.5),
            at(&processor, 0.95),
            at(&processor, 1.0),
            slowest.join(" ")
        );
    }
    Ok(())
}
