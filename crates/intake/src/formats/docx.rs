//! Word documents (ECMA-376): the text of the main part, paragraph by paragraph.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::IntakeError;
use crate::raw::{Body, Kind, Raw};

/// Markup around a text is at most this many times its size.
const MARKUP: u64 = 16;

/// Reads a Word document. The dates in it are a file's and are left.
pub(crate) fn read(raw: &Raw, bytes: &[u8], largest: usize) -> Result<Raw, IntakeError> {
    let input = || raw.name.clone();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| IntakeError::Binary {
        input: input(),
        what: "a ZIP archive or office document that is damaged",
    })?;
    let limit = largest as u64 * MARKUP;
    let main = part(&mut archive, "word/document.xml", limit).ok_or_else(|| IntakeError::Binary {
        input: input(),
        what: "a ZIP archive or office document, but no Word document",
    })?;
    if main.len() as u64 > limit {
        return Err(IntakeError::TooLarge { input: input(), limit: largest });
    }
    let text = paragraphs(&main, largest)
        .map_err(|what| IntakeError::Malformed { input: input(), what: format!("a Word document ({what})") })?;
    if text.len() > largest {
        return Err(IntakeError::TooLarge { input: input(), limit: largest });
    }
    let mut read = Raw::new(input(), Body::Text(text), Kind::Text);
    read.known = raw.known.clone();
    read.warnings = raw.warnings.clone();
    if let Some(properties) = part(&mut archive, "docProps/core.xml", 1 << 20) {
        let value = |name: &str| property(&properties, name);
        read.known.title = read.known.title.or_else(|| value("title"));
        if read.known.authors.is_empty() {
            read.known.authors.extend(value("creator"));
        }
    }
    Ok(read)
}

/// A part of the archive as text, up to one byte more than `limit`.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limit: u64) -> Option<String> {
    let file = archive.by_name(name).ok()?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn paragraphs(xml: &str, largest: usize) -> Result<String, String> {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut in_text, mut hidden) = (String::new(), false, 0usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        // Text that was struck out by a reviser, and the fallback of a drawing, which says it twice.
        let is_hidden = |name: &[u8]| matches!(name, b"w:del" | b"w:moveFrom" | b"mc:Fallback");
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let opens = matches!(event, Event::Start(_));
                match tag.name().as_ref() {
                    "w:t" => in_text = opens,
                    "w:tab" if hidden == 0 && !text.ends_with('\n') && !text.is_empty() => text.push('\t'),
                    "w:br" | "w:cr" if hidden == 0 => text.push('\n'),
                    "w:noBreakHyphen" if hidden == 0 => text.push('‑'),
                    name if opens && is_hidden(name.as_bytes()) => hidden += 1,
                    _ => {}
                }
            }
            Event::End(tag) => match tag.name().as_ref() {
                "w:t" => in_text = false,
                "w:p" if hidden == 0 && !text.is_empty() && !text.ends_with("\n\n") => text.push_str("\n\n"),
                name if is_hidden(name.as_bytes()) => hidden = hidden.saturating_sub(1),
                _ => {}
            },
            Event::Text(run) if in_text && hidden == 0 => text.push_str(&run.xml10_content()),
            Event::CData(run) if in_text && hidden == 0 => text.push_str(run),
            Event::GeneralRef(name) if in_text && hidden == 0 => match name.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => text.push_str(quick_xml::escape::resolve_xml_entity(name).unwrap_or_default()),
            },
            Event::Eof => break,
            _ => {}
        }
        if text.len() > largest {
            break;
        }
    }
    let kept = text.trim_end().len();
    text.truncate(kept);
    text.push('\n');
    Ok(text)
}

fn property(xml: &str, name: &str) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    let (mut inside, mut value) = (false, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => inside = tag.local_name().as_ref() == name,
            Event::End(_) if inside => break,
            Event::Text(text) if inside => value.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if inside => {
                value.push_str(quick_xml::escape::resolve_xml_entity(&entity).unwrap_or_default());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
    Some(value.trim().to_string()).filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn document(main: &str) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [
            ("word/document.xml", main),
            (
                "docProps/core.xml",
                "<cp:coreProperties><dc:title>Talks &amp; more</dc:title><dc:creator>Desk</dc:creator></cp:coreProperties>",
            ),
        ] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn parse(bytes: &[u8]) -> Result<Raw, IntakeError> {
        read(&Raw::new("a.docx", Body::Bytes(Vec::new()), Kind::Docx), bytes, 1000)
    }

    #[test]
    fn paragraphs_are_read() {
        let main = "<w:document><w:body><w:p><w:r><w:t>Talks </w:t></w:r><w:r><w:t xml:space=\"preserve\">end &amp; so</w:t></w:r></w:p><w:p/>\
            <w:p><w:r><w:t>Gone:</w:t><w:br/></w:r><w:del><w:r><w:t>never</w:t></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>all</w:t></w:r></w:p></w:body></w:document>";
        let raw = parse(&document(main)).unwrap();
        assert_eq!(raw.body, Body::Text("Talks end & so\n\nGone:\nall\n".to_string()));
        assert_eq!(raw.known.title.as_deref(), Some("Talks & more"));
        assert_eq!(raw.known.published, None);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert_eq!(parse(b"PK\x03\x04 broken").unwrap_err().kind(), "binary");
        let long = format!("<w:p><w:t>{}</w:t></w:p>", "a".repeat(5000));
        assert_eq!(parse(&document(&long)).unwrap_err().kind(), "too_large");
        assert_eq!(parse(&document(&" ".repeat(1 << 20))).unwrap_err().kind(), "too_large");
    }
}
