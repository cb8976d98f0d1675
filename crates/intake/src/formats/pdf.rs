//! PDF files that hold text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::IntakeError;
use crate::raw::{Body, Kind, Raw};

/// Reads the text of a PDF file, page by page. The dates in it are a file's and are left.
pub(crate) fn read(raw: &Raw, bytes: &[u8], largest: usize) -> Result<Raw, IntakeError> {
    let refused = |what| IntakeError::Binary { input: raw.name.clone(), what };
    // The extractor gives up on some damaged files by panicking.
    let pages = catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_from_mem_by_pages(bytes)))
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| refused("a PDF file that is damaged or encrypted"))?;
    let text = flow(&pages);
    if text.trim().is_empty() {
        return Err(refused("a PDF file of pictures"));
    }
    if text.len() > largest {
        return Err(IntakeError::TooLarge { input: raw.name.clone(), limit: largest });
    }
    let mut read = Raw::new(raw.name.clone(), Body::Text(text), Kind::Text);
    read.known = raw.known.clone();
    read.warnings = raw.warnings.clone();
    read.warnings.push("the text comes from a PDF file: the order of columns and lines may be wrong".to_string());
    Ok(read)
}

/// Joins the lines of paragraphs. A line goes on in the next one unless it is short for its page or a blank line follows; a
/// hyphen before a small letter is taken out. A paragraph may go on over the page.
fn flow(pages: &[String]) -> String {
    let mut out = String::new();
    for page in pages {
        let width = page.lines().map(|line| line.trim().chars().count()).max().unwrap_or(0);
        let mut fresh = !ends_open(&out);
        for line in page.lines().map(str::trim) {
            if line.is_empty() {
                fresh = fresh || !ends_open(&out);
                continue;
            }
            if out.is_empty() {
            } else if fresh {
                out.push_str("\n\n");
            } else if out.ends_with('-') && line.starts_with(char::is_lowercase) {
                out.pop();
            } else {
                out.push(' ');
            }
            out.push_str(line);
            let ended = line.ends_with(['.', '!', '?', ':', '”', '"']);
            fresh = line.chars().count() * 10 < width * 6 || (ended && line.chars().count() * 10 < width * 8);
        }
    }
    out.push('\n');
    out
}

/// Whether a text stops in the middle of a sentence.
fn ends_open(text: &str) -> bool {
    text.ends_with(|c: char| c.is_lowercase() || matches!(c, ',' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one page and one font.
    fn file(content: &str) -> Vec<u8> {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>".to_string(),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_string(),
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
                .to_string(),
            format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_string(),
        ];
        let (mut out, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
        for (i, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
        out.extend(places.iter().flat_map(|place| format!("{place:010} 00000 n \n").into_bytes()));
        out.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).bytes());
        out
    }

    fn parse(bytes: &[u8]) -> Result<Raw, IntakeError> {
        read(&Raw::new("a.pdf", Body::Bytes(Vec::new()), Kind::Pdf), bytes, 10_000)
    }

    #[test]
    fn the_text_of_a_page_is_read() {
        let content = "BT /F1 12 Tf 72 700 Td (The port reopened on Friday, the harbour master) Tj 0 -14 Td (said after the talks.) Tj ET";
        let raw = parse(&file(content)).unwrap();
        let expected = "The port reopened on Friday, the harbour master said after the talks.\n";
        assert_eq!(raw.body, Body::Text(expected.to_string()));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bytes in [&b"%PDF-1.7 ..."[..], &file("")[..], &file("BT")[..300]] {
            assert_eq!(parse(bytes).unwrap_err().kind(), "binary");
        }
    }

    #[test]
    fn lines_are_joined_to_paragraphs() {
        let page = "A headline\n\nThe harbour master said that the govern-\nment had reopened the port to all\nships.\n\nThe talks end in the";
        let next = "\nmorning of the next day.\n";
        assert_eq!(
            flow(&[page.to_string(), next.to_string()]),
            "A headline\n\nThe harbour master said that the government had reopened the port to all ships.\n\nThe talks end in the morning of the next day.\n"
        );
    }
}
