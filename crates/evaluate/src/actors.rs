//! Actors: country and sector, given the words that name them.
//!
//! Two forms of gold are told apart by their fields.
//!
//! * Actor strings (`actor`, `context`, `date`, `expected{country, code_1}`): accuracy of each over the records that state it; an
//!   empty value states that there is none. Left out and counted: of what is asked, the country of a person whose name or title says
//!   none (the network takes words of it for a person's name of at least two words, and no other word or the context is a country's), and the
//!   sector of a person of whom there is only the name. To tell them takes today's office holders or an encyclopedia. Sectors that
//!   PLOVER does not have count as wrong, and are counted apart. The figures with nothing left out are printed too.
//! * PLOVER's gold standard records (`text`, `source[{actorText, code, sector}]`, `target`): accuracy of `code`, and of `code` and
//!   `sector`, for each actor with the text as its context. The records are of 2016, when the United Nations and the European Union had
//!   no codes of their own beside other organisations: these count as the same here. Codes that are neither a country's nor PLOVER's
//!   are left out and counted.

use std::io::Write;
use std::path::Path;

use annalist_knowledge::{INTERNATIONAL, Knowledge, SECTORS};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Predictor, interval, jsonl, percent, predict_all};

/// An actor to be coded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The record it stands in.
    pub id: String,
    /// Which of the record's actors it is, sources before targets.
    pub nth: usize,
    /// The words that name it.
    pub words: String,
    /// What stands around them.
    pub context: Option<String>,
    /// The day they were written (`YYYY-MM-DD`).
    pub day: Option<String>,
}

/// What an actor is said to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coded {
    /// ISO 3166-1 alpha-3 code, or PLOVER's code in its place.
    pub country: Option<String>,
    /// PLOVER sectors, the first one first.
    pub sectors: Vec<String>,
}

#[derive(Deserialize)]
struct ActorString {
    id: String,
    actor: String,
    context: Option<String>,
    date: Option<String>,
    expected: Expected,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Expected {
    country: Option<String>,
    code_1: Option<String>,
    code_2: Option<String>,
}

#[derive(Deserialize)]
struct Standard {
    id: String,
    text: String,
    source: Vec<Participant>,
    target: Vec<Participant>,
}

#[derive(Deserialize)]
struct Participant {
    #[serde(rename = "actorText")]
    words: Option<String>,
    code: Option<String>,
    sector: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Gold {
    Strings(ActorString),
    Standard(Standard),
}

/// The predictions of a file in either form.
pub(crate) fn predicted(path: &Path) -> Result<Vec<((String, usize), Coded)>> {
    let mut all = Vec::new();
    let filled = |word: Option<String>| word.filter(|w| !w.is_empty());
    for (gold, _) in jsonl::read(path, |_: &Gold| Ok(()))? {
        match gold {
            Gold::Strings(ActorString { id, expected, .. }) => {
                let sectors = [expected.code_1, expected.code_2].into_iter().filter_map(filled).collect();
                all.push(((id, 0), Coded { country: filled(expected.country), sectors }));
            }
            Gold::Standard(Standard { id, source, target, .. }) => {
                for (nth, actor) in source.into_iter().chain(target).enumerate() {
                    let sectors = filled(actor.sector).into_iter().collect();
                    all.push(((id.clone(), nth), Coded { country: filled(actor.code), sectors }));
                }
            }
        }
    }
    Ok(all)
}

/// Codes the actors of a gold file, scores and prints.
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
    let mut strings = Vec::new();
    let mut standard = Vec::new();
    for (gold, line) in jsonl::read(gold, |_: &Gold| Ok(()))? {
        match gold {
            Gold::Strings(string) => strings.push((string, line)),
            Gold::Standard(record) => standard.push((record, line)),
        }
    }
    ensure!(strings.is_empty() || standard.is_empty(), "{}: records of two forms", gold.display());
    match standard.is_empty() {
        true => score_strings(strings, predictions, predictor, threads, out),
        false => score_standard(standard, predictions, predictor, threads, out),
    }
}

/// A value of a gold or a prediction that is or is not right.
struct Judged {
    right: bool,
    left_out: bool,
    out_of_list: bool,
}

fn line(out: &mut dyn Write, name: &str, judged: &[&Judged]) -> Result<()> {
    let right = judged.iter().filter(|j| j.right).count();
    let share = |drawn: &[usize]| percent(drawn.iter().filter(|&&i| judged[i].right).count(), drawn.len());
    let (low, high) = interval(judged.len(), |drawn| share(drawn));
    let accuracy = percent(right, judged.len());
    writeln!(out, "{name:<24} accuracy {accuracy:5.1}  [{low:.1}, {high:.1}]  (right {right} of {})", judged.len())?;
    Ok(())
}

fn score_strings(
    strings: Vec<(ActorString, String)>,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let coded = predict_all(&strings, threads, |(gold, _)| {
        let asked = Asked {
            id: gold.id.clone(),
            nth: 0,
            words: gold.actor.clone(),
            context: gold.context.clone(),
            day: gold.date.clone().filter(|day| is_day(day)),
        };
        let coded = predictor.actor(&asked).with_context(|| format!("record `{}`", gold.id))?;
        Ok((coded, person(predictor, gold)?))
    })?;
    let (mut countries, mut sectors, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for ((gold, _), (coded, person)) in strings.iter().zip(&coded) {
        let mut asked = Vec::new();
        if let Some(country) = &gold.expected.country {
            let leave = !country.is_empty() && person.country;
            asked.extend(leave.then_some("country"));
            countries.push(Judged {
                right: coded.country.as_deref().unwrap_or_default() == country,
                left_out: leave,
                out_of_list: false,
            });
        }
        if let Some(sector) = &gold.expected.code_1 {
            let leave = !sector.is_empty() && person.sector;
            asked.extend(leave.then_some("sector"));
            sectors.push(Judged {
                right: coded.sectors.first().map(String::as_str).unwrap_or_default() == sector,
                left_out: leave,
                out_of_list: !sector.is_empty() && !SECTORS.contains(&sector.as_str()),
            });
        }
        if !asked.is_empty() {
            left_out.push(format!("{} ({})", gold.actor, asked.join(", ")));
        }
    }
    writeln!(out, "actors ({} strings): what the words can tell", strings.len())?;
    let kept = |all: &'_ [Judged], keep: &dyn Fn(&Judged) -> bool| -> Vec<usize> {
        (0..all.len()).filter(|&i| keep(&all[i])).collect()
    };
    for (name, all) in [("country", &countries), ("sector", &sectors)] {
        let pick =
            |keep: &dyn Fn(&Judged) -> bool| -> Vec<&Judged> { kept(all, keep).into_iter().map(|i| &all[i]).collect() };
        line(out, name, &pick(&|j| !j.left_out))?;
        if all.iter().any(|j| j.out_of_list && !j.left_out) {
            line(out, &format!("{name}, PLOVER's only"), &pick(&|j| !j.left_out && !j.out_of_list))?;
        }
        line(out, &format!("{name}, none left out"), &pick(&|_| true))?;
    }
    writeln!(out, "left out, persons whose office the words do not tell: {}; {}", left_out.len(), left_out.join("; "))?;
    if let Some(path) = predictions {
        let lines = strings.into_iter().zip(coded).map(|((gold, line), (coded, _))| {
            let code = |nth: usize| coded.sectors.get(nth).map(String::as_str).unwrap_or_default();
            let mut fields = serde_json::Map::new();
            if gold.expected.country.is_some() {
                fields.insert("country".to_string(), json!(coded.country.as_deref().unwrap_or_default()));
            }
            if gold.expected.code_1.is_some() {
                fields.insert("code_1".to_string(), json!(code(0)));
            }
            if gold.expected.code_2.is_some() {
                fields.insert("code_2".to_string(), json!(code(1)));
            }
            (line, vec![("expected", Value::Object(fields))])
        });
        jsonl::write(path, lines)?;
    }
    Ok(())
}

/// What cannot be told of a person from the words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Person {
    country: bool,
    sector: bool,
}

/// Takes words for a person's name where the network does so in at least one of a few sentences about anything, and in no fewer
/// than it takes any for another kind of name: two words or more, which begin with capitals.
fn person(predictor: &dyn Predictor, gold: &ActorString) -> Result<Person> {
    // The network knows no words outside sentences.
    const SENTENCES: [(&str, &str); 4] = [
        ("", " said so on Monday."),
        ("The report is about ", " and was read by many."),
        ("There is news of ", " today."),
        ("", ", who was born in 1960, was at home."),
    ];
    let length = gold.actor.chars().count();
    let (mut persons, mut others): (Vec<(usize, usize)>, usize) = (Vec::new(), 0);
    for (before, after) in SENTENCES {
        let first = before.chars().count();
        let names = predictor.names(&format!("{before}{}{after}", gold.actor))?;
        let names = || names.iter().filter(|n| n.start >= first && n.end <= first + length);
        persons.extend(names().filter(|n| n.kind == "PER").map(|n| (n.start - first, n.end - first)).take(1));
        others += usize::from(names().all(|n| n.kind != "PER") && names().next().is_some());
    }
    if persons.len() < others {
        return Ok(Person::default());
    }
    // The shortest of what it takes for one: titles may be taken in.
    let words = |&(start, end): &(usize, usize)| -> Vec<String> {
        let name: String = gold.actor.chars().skip(start).take(end - start).collect();
        name.split_whitespace().map(str::to_string).collect()
    };
    let full = |span: &(usize, usize)| {
        let words = words(span);
        words.len() >= 2 && words.iter().all(|word| word.starts_with(char::is_uppercase))
    };
    let shortest = persons.into_iter().filter(full).min_by_key(|(start, end)| end - start);
    let Some((start, end)) = shortest else { return Ok(Person::default()) };
    let rest: String = gold.actor.chars().take(start).chain([' ']).chain(gold.actor.chars().skip(end)).collect();
    let around = format!("{rest} {}", gold.context.as_deref().unwrap_or_default());
    let words: Vec<&str> = around.split_whitespace().collect();
    let country = (0..words.len()).any(|from| {
        let longest = (words.len() - from).min(6);
        (1..=longest)
            .any(|n| Knowledge::english().countries().lookup(&words[from..from + n].join(" ")).next().is_some())
    });
    let titled = rest.split_whitespace().any(|word| !matches!(word.to_lowercase().as_str(), "the" | "a" | "an"));
    Ok(Person { country: !country, sector: !titled && gold.context.is_none() })
}

fn is_day(word: &str) -> bool {
    word.len() == 10
        && word.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

fn score_standard(
    records: Vec<(Standard, String)>,
    predictions: Option<&Path>,
    predictor: &(dyn Predictor + Sync),
    threads: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let coded = predict_all(&records, threads, |(gold, _)| {
        let actors = gold.source.iter().chain(&gold.target).enumerate();
        let coded = actors.map(|(nth, actor)| {
            let words = actor.words.clone().unwrap_or_default().trim().to_string();
            let asked = Asked { id: gold.id.clone(), nth, words, context: Some(gold.text.clone()), day: None };
            predictor.actor(&asked).with_context(|| format!("record `{}`", gold.id))
        });
        coded.collect::<Result<Vec<Coded>>>()
    })?;
    let (mut countries, mut both, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
    for ((gold, _), coded) in records.iter().zip(&coded) {
        for (actor, coded) in gold.source.iter().chain(&gold.target).zip(coded) {
            let Some(code) = actor.code.as_deref().filter(|_| actor.words.is_some()) else { continue };
            let Some(code) = standard_code(code) else {
                foreign.push(code);
                continue;
            };
            let country = coded.country.as_deref().and_then(standard_code);
            let right = country == Some(code);
            countries.push(Judged { right, left_out: false, out_of_list: false });
            if let Some(sector) = actor.sector.as_deref().filter(|s| SECTORS.contains(s)) {
                let right = right && coded.sectors.first().is_some_and(|s| s == sector);
                both.push(Judged { right, left_out: false, out_of_list: false });
            }
        }
    }
    writeln!(out, "actors ({} records), given the mention and its sentence", records.len())?;
    line(out, "country", &countries.iter().collect::<Vec<_>>())?;
    line(out, "country and sector", &both.iter().collect::<Vec<_>>())?;
    writeln!(out, "left out, codes of neither ISO 3166 nor PLOVER: {} ({})", foreign.len(), foreign.join(", "))?;
    if let Some(path) = predictions {
        let lines = records.into_iter().zip(coded).map(|((gold, line), coded)| {
            let (source, target) = coded.split_at(gold.source.len());
            let fields = |actors: &[Participant], coded: &[Coded]| -> Value {
                let all = actors.iter().zip(coded);
                all.map(|(a, c)| json!({"actorText": a.words, "code": c.country, "sector": c.sectors.first()}))
                    .collect()
            };
            (line, vec![("source", fields(&gold.source, source)), ("target", fields(&gold.target, target))])
        });
        jsonl::write(path, lines)?;
    }
    Ok(())
}

/// A code as the standard of 2016 has it; `None` if it is neither a country's nor PLOVER's.
pub(crate) fn standard_code(code: &str) -> Option<&str> {
    if INTERNATIONAL.contains(&code) {
        return Some(if matches!(code, "UNO" | "EUR") { "IGO" } else { code });
    }
    Knowledge::english().countries().get(code).map(|country| &*country.iso3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        assert_eq!(standard_code("UNO"), Some("IGO"));
        assert_eq!(standard_code("KOS"), Some("XKX"));
        assert_eq!(standard_code("FRA"), Some("FRA"));
        assert_eq!(standard_code("FRN"), None);
    }
}
