//! Which language a text is in.

/// A paragraph of fewer characters does not tell its language.
const SHORTEST: usize = 120;

/// So many characters of a text tell its language, and so many of its paragraphs whether it is mixed.
const ENOUGH: (usize, usize) = (20_000, 400);

/// What was found.
pub(crate) struct Found {
    /// ISO 639-1 code, if it could be told.
    pub language: Option<String>,
    /// Other languages with the share of the text that is in them.
    pub others: Vec<(String, f64)>,
}

/// The language of a text, and those of paragraphs that are in another. What the container declares is believed where the
/// text does not tell.
pub(crate) fn find(text: &str, declared: Option<&str>) -> Found {
    let (mut parts, mut total): (Vec<(String, usize)>, usize) = (Vec::new(), 0);
    // Of a very long text, every so many paragraphs.
    let step = text.lines().count() / ENOUGH.1 + 1;
    for paragraph in text.lines().step_by(step) {
        let length = paragraph.chars().count();
        total += length;
        if length < SHORTEST {
            continue;
        }
        if let Some(own) = sure(paragraph) {
            match parts.iter_mut().find(|(language, _)| *language == own) {
                Some((_, sum)) => *sum += length,
                None => parts.push((own, length)),
            }
        }
    }
    let most = || parts.iter().max_by_key(|(_, sum)| *sum).map(|(language, _)| language.clone());
    let language = reliable(text).or_else(most).or_else(|| declared.map(str::to_string));
    let share = |sum: usize| sum as f64 / total.max(1) as f64;
    let others = parts.into_iter().filter(|(other, _)| language.as_ref() != Some(other));
    let others = others.map(|(other, sum)| (other, share(sum))).filter(|(_, share)| *share >= 0.1).collect();
    Found { language, others }
}

fn reliable(text: &str) -> Option<String> {
    let end = text.char_indices().nth(ENOUGH.0).map_or(text.len(), |(at, _)| at);
    let found = whatlang::detect(&text[..end])?;
    found.is_reliable().then(|| iso_639_1(found.lang())).flatten().map(str::to_string)
}

/// For a paragraph alone more is asked than for a text.
fn sure(paragraph: &str) -> Option<String> {
    let found = whatlang::detect(paragraph)?;
    (found.is_reliable() && found.confidence() >= 0.9).then(|| iso_639_1(found.lang())).flatten().map(str::to_string)
}

/// The ISO 639-1 code in a declaration such as `en`, `en-GB` or `en_US`. Names of languages are not understood.
pub(crate) fn code(declared: &str) -> Option<String> {
    let code = declared.trim().split(['-', '_', ',', ';']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// The language from which a machine translated a page, where its language tag says so: translators of pages write the extension "t" of
/// BCP 47 with the mechanism "t0" (RFC 6497), as in `en-t-es-t0-und`, or the private `en-x-mtfrom-es`.
pub(crate) fn machine_translated_from(declared: &str) -> Option<String> {
    let tag = declared.trim().to_ascii_lowercase().replace('_', "-");
    let from = match tag.split_once("-x-mtfrom-") {
        Some((_, from)) => from,
        None => tag.split_once("-t-").filter(|(_, rest)| rest.contains("-t0-"))?.1,
    };
    code(from)
}

fn iso_639_1(language: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang::*;
    Some(match language {
        Eng => "en",
        Fra => "fr",
        Deu => "de",
        Spa => "es",
        Por => "pt",
        Ita => "it",
        Nld => "nl",
        Rus => "ru",
        Ukr => "uk",
        Pol => "pl",
        Ces => "cs",
        Ron => "ro",
        Hun => "hu",
        Bul => "bg",
        Srp => "sr",
        Hrv => "hr",
        Ell => "el",
        Tur => "tr",
        Ara => "ar",
        Heb => "he",
        Pes => "fa",
        Urd => "ur",
        Hin => "hi",
        Ben => "bn",
        Cmn => "zh",
        Jpn => "ja",
        Kor => "ko",
        Vie => "vi",
        Tha => "th",
        Ind => "id",
        Swe => "sv",
        Dan => "da",
        Nob => "nb",
        Fin => "fi",
        Kat => "ka",
        Hye => "hy",
        Aze => "az",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str = "Die Außenministerin sagte am Dienstag, dass die Gespräche über den Waffenstillstand in der kommenden \
        Woche fortgesetzt werden sollen, sobald alle Vertreter der Stadt eingetroffen sind.";
    const ENGLISH: &str = "The foreign minister said on Tuesday that the talks about the ceasefire would go on in the coming week, \
        as soon as all the representatives of the city had arrived at the port.";

    #[test]
    fn mixed_texts_are_told() {
        let found = find(&format!("{ENGLISH}\n\n{ENGLISH}\n\n{GERMAN}"), None);
        assert_eq!(found.language.as_deref(), Some("en"));
        assert_eq!(found.others.len(), 1);
        assert_eq!(found.others[0].0, "de");
        assert!((0.2..0.5).contains(&found.others[0].1));
        assert!(find(ENGLISH, None).others.is_empty());
    }

    #[test]
    fn what_is_declared_counts_where_the_text_does_not_tell() {
        assert_eq!(find("Ok.", Some("en")).language.as_deref(), Some("en"));
        assert_eq!(find(GERMAN, Some("en")).language.as_deref(), Some("de"));
        assert_eq!(code("en-GB").as_deref(), Some("en"));
        assert_eq!(code("English"), None);
    }
}
