//! PDF files that hold text.

mod bounds;

use std::fmt::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{ConvertToFmt, Document, PlainTextOutput, output_doc_page};

use crate::IntakeError;
use crate::raw::{Body, Kind, Raw};

/// Reads the text of a PDF file, page by page. The dates in it are a file's and are left.
pub(crate) fn read(raw: &Raw, bytes: &[u8], largest: usize) -> Result<Raw, IntakeError> {
    let refused = |what| IntakeError::Binary { input: raw.name.clone(), what };
    let too_much = || refused("a PDF file that unpacks to far more than a text");
    let broken = || refused("a PDF file that is damaged or encrypted");
    if !bounds::unpacks_in_bounds(bytes, largest) {
        return Err(too_much());
    }
    // The extractor gives up on some damaged files by panicking.
    let guarded = |read: &mut dyn FnMut() -> Option<bool>| catch_unwind(AssertUnwindSafe(read)).ok().flatten();
    let mut document = None;
    let opened = guarded(&mut || {
        let mut read = Document::load_mem(bytes).ok()?;
        if read.is_encrypted() {
            read.decrypt("").ok()?;
        }
        let fits = bounds::draws_in_bounds(&mut read, largest);
        document = Some(read);
        Some(fits)
    });
    let document = match opened.zip(document) {
        None => return Err(broken()),
        Some((false, _)) => return Err(too_much()),
        Some((true, document)) => document,
    };
    let (mut pages, mut left, mut failed) = (Vec::new(), largest, 0);
    for number in document.get_pages().into_keys() {
        let mut text = Text { text: String::new(), left, full: false };
        let drawn = guarded(&mut || {
            output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).ok()?;
            Some(true)
        });
        if text.full {
            return Err(IntakeError::TooLarge { input: raw.name.clone(), limit: largest });
        }
        left = text.left;
        failed += usize::from(drawn.is_none());
        pages.push(text.text);
    }
    let text = flow(&pages);
    if text.trim().is_empty() {
        return Err(if failed > 0 || pages.is_empty() { broken() } else { refused("a PDF file of pictures") });
    }
    let mut read = Raw::new(raw.name.clone(), Body::Text(text), Kind::Text);
    read.known = raw.known.clone();
    read.warnings = raw.warnings.clone();
    read.warnings.push("the text comes from a PDF file: the order of columns and lines may be wrong".to_string());
    if failed > 0 {
        read.warnings.push(format!("{failed} of {} pages could not be read whole", pages.len()));
    }
    Ok(read)
}

/// Text that takes no more once it is as long as it may be.
struct Text {
    text: String,
    left: usize,
    full: bool,
}

impl Write for Text {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let Some(left) = self.left.checked_sub(more.len()) else {
            self.full = true;
            return Err(fmt::Error);
        };
        self.left = left;
        self.text.push_str(more);
        Ok(())
    }
}

impl<'t> ConvertToFmt for &'t mut Text {
    type Writer = &'t mut Text;

    fn convert(self) -> Self::Writer {
        self
    }
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
        with_drawing("", content.as_bytes(), "", b"")
    }

    /// A file with one page, what is said of its content, and a drawing `/X` with what is said of it.
    fn with_drawing(said: &str, content: &[u8], said_of_drawing: &str, drawing: &[u8]) -> Vec<u8> {
        let stream = |said: &str, content: &[u8]| {
            let mut stream = format!("<<{said}/Length {}>>\nstream\n", content.len()).into_bytes();
            stream.extend_from_slice(content);
            stream.extend_from_slice(b"\nendstream");
            stream
        };
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>"
                .to_vec(),
            stream(said, content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
            stream(&format!("/Type/XObject{said_of_drawing}"), drawing),
        ];
        let (mut out, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
        for (i, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend(format!("{} 0 obj\n", i + 1).bytes());
            out.extend(object);
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
        out.extend(places.iter().flat_map(|place| format!("{place:010} 00000 n \n").into_bytes()));
        out.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1).bytes());
        out
    }

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut encoder, content).unwrap();
        encoder.finish().unwrap()
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
    fn what_unpacks_or_draws_without_end_is_refused() {
        let flate = "/Filter/FlateDecode";
        let large = packed(&vec![b' '; 1_000_000]);
        let circle = b"BT /F1 12 Tf (The port) Tj ET /X Do";
        let wide = "/X Do ".repeat(30_000);
        for file in [
            with_drawing(flate, &large, "", b""),
            with_drawing("/Filter[/FlateDecode/FlateDecode]", &packed(&packed(&vec![b' '; 50_000_000])), "", b""),
            with_drawing("", circle, "/Subtype/Form", circle),
            with_drawing("", wide.as_bytes(), "/Subtype/Form", " q Q".repeat(10_000).as_bytes()),
        ] {
            let error = parse(&file).unwrap_err();
            assert!(error.to_string().contains("unpacks to far more than a text"), "{error}");
        }
    }

    #[test]
    fn what_is_drawn_once_is_read_and_pictures_cost_nothing() {
        let content = b"BT /F1 12 Tf 72 700 Td (The port reopened on Friday.) Tj ET /X Do";
        let form = b"BT /F1 12 Tf 72 600 Td (The talks ended.) Tj ET";
        let raw = parse(&with_drawing("/Filter/FlateDecode", &packed(content), "/Subtype/Form", form)).unwrap();
        assert!(
            matches!(&raw.body, Body::Text(t) if t.contains("reopened on Friday.") && t.contains("The talks ended."))
        );
        let picture = packed(&vec![0; 5_000_000]);
        let raw = parse(&with_drawing("", content, "/Subtype/Image/Filter/FlateDecode", &picture)).unwrap();
        assert!(matches!(&raw.body, Body::Text(t) if t.contains("reopened on Friday.")));
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
