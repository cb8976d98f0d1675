//! Places: which words name them, and where they are (as LGL, TR-News and GeoWebNews annotate them).
//!
//! **Recognition.** Exact spans of toponyms. What the gold calls a toponym counts, demonyms ("Turkish") and metonyms ("Moscow
//! denied it") too; the program gives all three and is scored on all three, though its record lists as places only those that are
//! named as places.
//!
//! **Resolution**, on toponyms whose point the gold gives: the share within 161 km (100 miles), mean and median error, the area
//! under the curve of ln(1 + error) over ln(1 + 20,039) (less is better; after Gritta, Pilehvar and Collier 2020), and the share
//! in the right country where the gold names one; a demonym's place is its country's. With the gold's mentions given, a toponym that
//! is not resolved has the largest error, 20,039 km; end to end, the same figures are of the toponyms that were found, and a
//! toponym is right if it was found within 161 km.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use annalist_knowledge::{Knowledge, kilometres};
use anyhow::{Context, Result, ensure};
use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Counts, Predictor, interval, jsonl, line, percent, predict_all};

/// Half the equator, rounded: as far as anything can be.
const FARTHEST: f64 = 20_039.0;
/// A hundred miles, in kilometres.
const CLOSE: f64 = 161.0;

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
    /// The host of the page it is from.
    domain: Option<String>,
    toponyms: Vec<Toponym>,
}

/// The name of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Toponym {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Degrees north, if it is known where the place is.
    #[serde(default)]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub lon: Option<f64>,
    /// The name or code of its country.
    #[serde(default)]
    pub country: Option<String>,
    /// The number of its GeoNames entry.
    #[serde(default)]
    pub geonames_id: Option<u64>,
    /// In what way it is named, as the predictor says: `name`, `demonym` or `metonym`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

impl Toponym {
    fn point(&self) -> Option<(f64, f64)> {
        Some((self.lat?, self.lon?))
    }
}

/// How far off a toponym is and whether its country is right (none where the gold names none).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Error {
    /// In kilometres.
    pub kilometres: f64,
    /// Whether it lies in the gold's country.
    pub country: Option<bool>,
}

impl Error {
    /// Compares a toponym of the gold with what was predicted; none if the gold gives no point.
    pub fn of(gold: &Toponym, predicted: Option<&Toponym>) -> Option<Error> {
        let point = gold.point()?;
        let kilometres = predicted.and_then(Toponym::point).map_or(FARTHEST, |p| kilometres(point, p).min(FARTHEST));
        let country = gold.country.as_deref().map(|country| {
            predicted.and_then(|p| p.country.as_deref()).is_some_and(|found| same_country(country, found))
        });
        Some(Error { kilometres, country })
    }
}

/// Whether two names or codes are of one country.
fn same_country(a: &str, b: &str) -> bool {
    let countries = Knowledge::english().countries();
    let code = |name: &str| countries.get(name).or_else(|| countries.named(name)).map(|country| country.iso3.clone());
    a == b || code(a).is_some_and(|a| Some(a) == code(b))
}

/// The figures of some errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Share within 161 km, in percent.
    pub close: f64,
    /// Mean error in kilometres.
    pub mean: f64,
    /// Median error in kilometres.
    pub median: f64,
    /// Area under the curve of the logarithms of errors, in 0..=1; less is better.
    pub area: f64,
    /// Share in the right country, in percent.
    pub country: f64,
}

impl Figures {
    /// Of these errors; zeros of none.
    pub fn of<'e>(errors: impl Iterator<Item = &'e Error>) -> Figures {
        let errors: Vec<&Error> = errors.collect();
        let mut far: Vec<f64> = errors.iter().map(|e| e.kilometres).collect();
        far.sort_by(f64::total_cmp);
        let close = far.iter().filter(|&&km| km <= CLOSE).count();
        let n = far.len().max(1);
        let median = match far.len() {
            0 => 0.0,
            n if n % 2 == 1 => far[n / 2],
            n => (far[n / 2 - 1] + far[n / 2]) / 2.0,
        };
        let logs: Vec<f64> = far.iter().map(|km| km.ln_1p() / FARTHEST.ln_1p()).collect();
        let area = match logs[..] {
            [] => 0.0,
            [one] => one,
            _ => logs.windows(2).map(|w| (w[0] + w[1]) / 2.0).sum::<f64>() / (logs.len() - 1) as f64,
        };
        let countries: Vec<bool> = errors.iter().filter_map(|e| e.country).collect();
        let right = countries.iter().filter(|right| **right).count();
        Figures {
            close: percent(close, far.len()),
            mean: far.iter().sum::<f64>() / n as f64,
            median,
            area,
            country: percent(right, countries.len()),
        }
    }
}

/// Spans of the gold lie in its text.
fn check(text: &Text) -> Result<()> {
    let n = text.text.chars().count();
    for t in &text.toponyms {
        ensure!(
            t.start < t.end && t.end <= n,
            "span [{}, {}] of text `{}` of {n} code points",
            t.start,
            t.end,
            text.id
        );
        ensure!(t.lat.is_some() == t.lon.is_some(), "half a point in text `{}`", text.id);
    }
    Ok(())
}

/// What is counted of one text.
struct Scores {
    spans: Counts,
    /// On the gold's mentions.
    given: Vec<Error>,
    /// Of those that were found.
    found: Vec<Error>,
    /// Found within 161 km, of those predicted that are not toponyms without a point, and of those with a point.
    right: Counts,
}

fn score(gold: &[Toponym], given: &[Option<Toponym>], predicted: &[Toponym]) -> Scores {
    let by_span: BTreeMap<(usize, usize), &Toponym> = predicted.iter().map(|t| ((t.start, t.end), t)).collect();
    let spans: BTreeSet<(usize, usize)> = gold.iter().map(|t| (t.start, t.end)).collect();
    let right = spans.iter().filter(|span| by_span.contains_key(span)).count();
    let found: Vec<Error> = gold.iter().filter_map(|t| Error::of(t, Some(by_span.get(&(t.start, t.end))?))).collect();
    let with_point = gold.iter().filter(|t| t.point().is_some()).count();
    let pointless: BTreeSet<(usize, usize)> =
        gold.iter().filter(|t| t.point().is_none()).map(|t| (t.start, t.end)).collect();
    let located = predicted.iter().filter(|t| t.point().is_some() && !pointless.contains(&(t.start, t.end))).count();
    let close = found.iter().filter(|e| e.kilometres <= CLOSE).count();
    Scores {
        spans: Counts { right, predicted: by_span.len(), gold: spans.len() },
        given: gold.iter().zip(given).filter_map(|(t, p)| Error::of(t, p.as_ref())).collect(),
        found,
        right: Counts { right: close, predicted: located, gold: with_point },
    }
}

/// Reads the texts of a gold file, scores and prints.
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
    let texts: Vec<(Text, String)> = jsonl::read(gold, check)?;
    jsonl::distinct(gold, "texts", texts.iter().map(|(text, _)| text.id.as_str()))?;
    let began = ProcessTime::now();
    let both = predict_all(&texts, threads, |(text, _)| {
        let spans: Vec<(usize, usize)> = text.toponyms.iter().map(|t| (t.start, t.end)).collect();
        let read = predictor.toponyms(&text.text, text.domain.as_deref(), &spans);
        read.with_context(|| format!("text `{}`", text.id))
    })?;
    let spent = began.elapsed();
    let scores: Vec<Scores> =
        texts.iter().zip(&both).map(|((text, _), (found, given))| score(&text.toponyms, given, found)).collect();
    writeln!(
        out,
        "places ({} texts); demonyms and metonyms count as toponyms, as the gold has them, a demonym's place is its country's",
        texts.len()
    )?;
    let mut forms: BTreeMap<&str, usize> = BTreeMap::new();
    for toponym in both.iter().flat_map(|(found, _)| found) {
        *forms.entry(toponym.form.as_deref().unwrap_or("toponym")).or_default() += 1;
    }
    writeln!(out, "predicted: {forms:?}")?;
    line(out, "toponyms", 20, &scores, |s| s.spans)?;
    line(out, "found within 161 km", 20, &scores, |s| s.right)?;
    errors(out, "on the gold's mentions (unresolved ones count as 20,039 km off)", &scores, |s| &s.given)?;
    errors(out, "end to end, of those found", &scores, |s| &s.found)?;
    crate::attribution::pace(out, texts.iter().map(|(text, _)| text.text.as_str()), spent)?;
    if let Some(path) = predictions {
        let lines = texts.into_iter().zip(both);
        jsonl::write(path, lines.map(|((_, line), (found, _))| (line, vec![("toponyms", json!(found))])))?;
    }
    Ok(())
}

fn errors(
    out: &mut dyn Write,
    name: &str,
    scores: &[Scores],
    of: impl for<'s> Fn(&'s Scores) -> &'s Vec<Error>,
) -> Result<()> {
    let n: usize = scores.iter().map(|s| of(s).len()).sum();
    let with_country = scores.iter().flat_map(&of).filter(|e| e.country.is_some()).count();
    writeln!(out, "{name}: n {n}, with a country {with_country}")?;
    let figures = Figures::of(scores.iter().flat_map(&of));
    type Figure = fn(&Figures) -> f64;
    let all: [(&str, Figure, usize); 5] = [
        ("within 161 km, %", |f| f.close, 1),
        ("mean error, km", |f| f.mean, 0),
        ("median error, km", |f| f.median, 1),
        ("AUC of ln(error)", |f| f.area, 3),
        ("country, %", |f| f.country, 1),
    ];
    for (name, figure, digits) in all {
        let (low, high) =
            interval(scores.len(), |drawn| figure(&Figures::of(drawn.iter().flat_map(|&i| of(&scores[i])))));
        writeln!(out, "  {name:<18} {:8.digits$}  [{low:.digits$}, {high:.digits$}]", figure(&figures))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toponym(start: usize, point: Option<(f64, f64)>, country: Option<&str>) -> Toponym {
        Toponym {
            start,
            end: start + 1,
            lat: point.map(|p| p.0),
            lon: point.map(|p| p.1),
            country: country.map(String::from),
            geonames_id: None,
            form: None,
        }
    }

    #[test]
    fn errors_are_distances_and_countries() {
        let gold = toponym(0, Some((0.0, 0.0)), Some("France"));
        let degree = 6371.0 * std::f64::consts::PI / 180.0;
        let error = Error::of(&gold, Some(&toponym(0, Some((0.0, 1.0)), Some("FRA")))).unwrap();
        assert!((error.kilometres - degree).abs() < 1e-6 && error.country == Some(true));
        let unresolved = Error::of(&gold, Some(&toponym(0, None, None))).unwrap();
        assert_eq!(unresolved, Error { kilometres: FARTHEST, country: Some(false) });
        assert_eq!(Error::of(&toponym(0, None, Some("France")), None), None);
        assert!(same_country("Atlantis", "Atlantis") && !same_country("Atlantis", "France"));
    }

    #[test]
    fn figures_are_shares_means_and_areas() {
        let error = |kilometres, country| Error { kilometres, country };
        let errors =
            [error(0.0, Some(true)), error(FARTHEST, Some(false)), error(160.0, None), error(162.0, Some(true))];
        let figures = Figures::of(errors.iter());
        assert_eq!((figures.close, figures.median), (50.0, 161.0));
        assert!((figures.mean - (FARTHEST + 322.0) / 4.0).abs() < 1e-9 && (figures.country - 200.0 / 3.0).abs() < 1e-9);
        // Two errors, none and the largest: half of the square lies under the curve.
        assert!((Figures::of(errors[..2].iter()).area - 0.5).abs() < 1e-12);
    }

    #[test]
    fn spans_must_be_exact_and_places_near() {
        let gold = [toponym(0, Some((10.0, 10.0)), None), toponym(5, Some((50.0, 10.0)), None), toponym(9, None, None)];
        let predicted = [
            toponym(0, Some((10.0, 11.0)), None),
            toponym(5, Some((10.0, 10.0)), None),
            toponym(7, Some((0.0, 0.0)), None),
        ];
        let given = [None, Some(toponym(5, Some((50.0, 10.0)), None)), None];
        let scores = score(&gold, &given, &predicted);
        assert_eq!(scores.spans, Counts { right: 2, predicted: 3, gold: 3 });
        assert_eq!(scores.right, Counts { right: 1, predicted: 3, gold: 2 });
        assert_eq!((scores.given.len(), scores.found.len()), (2, 2));
        assert_eq!((scores.given[0].kilometres, scores.given[1].kilometres), (FARTHEST, 0.0));
    }
}
