//! Bytes to text.

use chardetng::EncodingDetector;
use encoding_rs::Encoding;

use crate::IntakeError;

/// A decoded input.
pub(crate) struct Decoded {
    pub text: String,
    pub warning: Option<String>,
}

const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"SQLite format 3\0", "a database"),
];

/// By byte order mark, as UTF-8, or by the best guess of the letters' frequencies.
pub(crate) fn decode(input: &str, bytes: &[u8]) -> Result<Decoded, IntakeError> {
    let binary = |what| IntakeError::Binary { input: input.to_string(), what };
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(binary(what));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, damaged) = encoding.decode_without_bom_handling(&bytes[mark..]);
        let warning = damaged.then(|| format!("some bytes are not {} and were replaced by U+FFFD", encoding.name()));
        return Ok(Decoded { text: text.into_owned(), warning });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let nuls = bytes.iter().filter(|&&b| b == 0).count();
        if nuls * 10 > bytes.len() {
            return Err(binary("binary data"));
        }
        return Ok(Decoded { text: text.to_string(), warning: None });
    }
    let controls = bytes.iter().filter(|&&b| b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 12 | 27)).count();
    if controls * 50 > bytes.len() {
        return Err(binary("binary data"));
    }
    // A few bad bytes in what is otherwise UTF-8 are damage, not another charset.
    let lossy = String::from_utf8_lossy(bytes);
    let bad = lossy.matches('\u{FFFD}').count();
    let good = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{FFFD}').count();
    if bad <= good {
        let warning = format!("{bad} bytes are not UTF-8 and were replaced by U+FFFD");
        return Ok(Decoded { text: lossy.into_owned(), warning: Some(warning) });
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    let encoding = detector.guess(None, false);
    let (text, _, _) = encoding.decode(bytes);
    let warning = format!("the charset is not declared; it was read as {}", encoding.name());
    Ok(Decoded { text: text.into_owned(), warning: Some(warning) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_are_told() {
        let text = |bytes: &[u8]| decode("a", bytes).unwrap().text;
        assert_eq!(text("\u{feff}déjà".as_bytes()), "déjà");
        assert_eq!(text(b"\xff\xfed\0\xe9\0"), "dé");
        assert_eq!(
            text(b"The caf\xe9 in the city was closed, the fa\xe7ade was burnt."),
            "The café in the city was closed, the façade was burnt."
        );
        assert_eq!(text(b"\xe2\x80\x9cWell\xe2\x80\x9d, he said\xff."), "“Well”, he said\u{FFFD}.");
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert!(decode("a", b"\x89PNG\r\n\x1a\n").is_err());
        assert!(decode("a", &[0, 159, 146, 150, 0, 1, 2, 3]).is_err());
        assert!(decode("a", &[0; 100]).is_err());
    }
}
