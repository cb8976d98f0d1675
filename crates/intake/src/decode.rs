//! Bytes to text.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::IntakeError;

/// A decoded input.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub text: String,
    pub warning: Option<String>,
}

/// By byte order mark, as UTF-8, as declared, or by the best guess of the letters' frequencies. `declared` is a charset's label.
///
/// What is UTF-8 is read as UTF-8 whatever is declared: letters in other charsets are never that by chance.
pub(crate) fn decode(input: &str, bytes: &[u8], declared: Option<&str>) -> Result<Decoded, IntakeError> {
    let binary = || Err(IntakeError::Binary { input: input.to_string(), what: "binary data" });
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(with(encoding, &bytes[mark..]));
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let nuls = bytes.iter().filter(|&&b| b == 0).count();
    if nuls * 10 > bytes.len() {
        return match utf_16(bytes) {
            Some(encoding) => Ok(with(encoding, bytes)),
            None => binary(),
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Seven-bit charsets that shift are ASCII to look at.
        if let Some(encoding) = declared.filter(|e| e.name() == "ISO-2022-JP" && bytes.contains(&0x1b)) {
            return Ok(with(encoding, bytes));
        }
        return Ok(Decoded { text: text.to_string(), warning: None });
    }
    let controls = bytes.iter().filter(|&&b| b < 32 && !matches!(b, b'\t' | b'\n' | b'\r' | 12 | 27)).count();
    if controls * 50 > bytes.len() {
        return binary();
    }
    if let Some(encoding) = declared.filter(|&e| e != UTF_8 && e.is_ascii_compatible()) {
        let decoded = with(encoding, bytes);
        if decoded.text.matches('\u{FFFD}').count() * 100 <= decoded.text.chars().filter(|c| !c.is_ascii()).count() {
            return Ok(decoded);
        }
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

/// Decodes an HTML or XML document: as [`decode`], where nothing is declared from outside also by what it declares itself.
pub(crate) fn decode_markup(input: &str, bytes: &[u8], declared: Option<&str>) -> Result<Decoded, IntakeError> {
    let own = declared.map(str::to_string).or_else(|| own_charset(bytes));
    decode(input, bytes, own.as_deref())
}

/// The charset in the first bytes' `<meta charset=…>`, `<meta http-equiv … content="…charset=…">` or `<?xml encoding=…?>`.
fn own_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let label = |rest: &str| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')))?;
        (end > 0).then(|| rest[..end].to_string())
    };
    let xml =
        || head.strip_prefix("<?xml")?.split_once("?>")?.0.split_once("encoding").and_then(|(_, rest)| label(rest));
    let meta = || {
        head.match_indices("<meta").find_map(|(at, _)| {
            let tag = head[at..].split('>').next()?;
            tag.split_once("charset").and_then(|(_, rest)| label(&format!("{rest} ")))
        })
    };
    xml().or_else(meta)
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let warning = damaged.then(|| format!("some bytes are not {} and were replaced by U+FFFD", encoding.name()));
    Decoded { text: text.into_owned(), warning }
}

/// UTF-16 without a mark: in Latin text every second byte is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let encoding = match (even, odd) {
        (e, o) if o * 10 > bytes.len() * 3 && e * 50 < o => UTF_16LE,
        (e, o) if e * 10 > bytes.len() * 3 && o * 50 < e => UTF_16BE,
        _ => return None,
    };
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    (!damaged && !text.contains('\0')).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets_are_told() {
        let text = |bytes: &[u8]| decode("a", bytes, None).unwrap().text;
        assert_eq!(text("\u{feff}déjà".as_bytes()), "déjà");
        assert_eq!(text(b"\xff\xfed\0\xe9\0"), "dé");
        assert_eq!(text(b"T\0h\0e\0 \0e\0n\0d\0\n\0"), "The end\n");
        assert_eq!(text(b"\0T\0h\0e\0 \0e\0n\0d\0\n"), "The end\n");
        assert_eq!(
            text(b"The caf\xe9 in the city was closed, the fa\xe7ade was burnt."),
            "The café in the city was closed, the façade was burnt."
        );
        assert_eq!(text(b"\xe2\x80\x9cWell\xe2\x80\x9d, he said\xff."), "“Well”, he said\u{FFFD}.");
    }

    #[test]
    fn what_is_declared_holds_unless_it_cannot() {
        let text = |bytes: &[u8], label| decode("a", bytes, Some(label)).unwrap().text;
        assert_eq!(text(b"\xa3\xf3d\xbc", "iso-8859-2"), "Łódź");
        assert_eq!(text(b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251"), "Привет");
        assert_eq!(text("Łódź".as_bytes(), "iso-8859-1"), "Łódź");
        assert_eq!(text(b"caf\xe9 au lait, d\xe9j\xe0 vu", "utf-8"), "café au lait, déjà vu");
        assert_eq!(text(b"\x1b$B4A;z\x1b(B", "iso-2022-jp"), "漢字");
        assert_eq!(text(b"plain", "no-such-charset"), "plain");
    }

    #[test]
    fn pages_declare_their_charset() {
        let text = |bytes: &[u8]| decode_markup("a", bytes, None).unwrap().text;
        assert!(
            text(b"<html><head><meta charset=\"windows-1251\"></head>\xcf\xf0\xe8\xe2\xe5\xf2").ends_with("Привет")
        );
        assert!(
            text(b"<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-2'>\xa3\xf3d\xbc")
                .ends_with("Łódź")
        );
        assert!(text(b"<?xml version='1.0' encoding='iso-8859-2'?><html>\xa3\xf3d\xbc").ends_with("Łódź"));
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert!(decode("a", &[0, 159, 146, 150, 0, 1, 2, 3], None).is_err());
        assert!(decode("a", &[0; 100], None).is_err());
    }
}
