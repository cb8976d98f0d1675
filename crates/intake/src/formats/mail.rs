//! Mail messages (RFC 5322, MIME).

use mail_parser::{Address, MessageParser, MimeHeaders, PartType};

use crate::IntakeError;
use crate::fields::clip;
use crate::raw::{Body, Kind, Known, Raw};

/// Takes a message apart: its text part, or else its HTML part, and what its headers say.
pub(crate) fn read(raw: &Raw, bytes: &[u8]) -> Result<Raw, IntakeError> {
    let malformed = || IntakeError::Malformed { input: raw.name.clone(), what: "a mail message".to_string() };
    let message = MessageParser::default().parse(bytes).ok_or_else(malformed)?;
    // Where the text part is made of nothing, HTML says more.
    let texts: Vec<&str> = message
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    let pages = || {
        message.html_bodies().find_map(|part| match &part.body {
            PartType::Html(page) => Some(page.as_ref()),
            _ => None,
        })
    };
    let text = texts.join("\n\n");
    let (body, kind) = match (text.trim().is_empty(), pages()) {
        (true, Some(page)) => (page.to_string(), Kind::Html),
        (true, None) => return Err(IntakeError::Empty { input: raw.name.clone() }),
        (false, _) => (text.replace("\r\n", "\n"), Kind::Text),
    };
    let mut read = Raw::new(raw.name.clone(), Body::Text(body), kind);
    read.known = raw.known.clone();
    read.warnings = raw.warnings.clone();
    let some = |text: &str| Some(text.trim().to_string()).filter(|t| !t.is_empty());
    let sender = message.from().and_then(Address::first).and_then(|from| from.name().or_else(|| from.address()));
    let own = Known {
        title: message.subject().and_then(some),
        authors: sender.and_then(some).into_iter().collect(),
        published: message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339()),
        input_id: message.message_id().and_then(some),
        ..Known::default()
    };
    read.known.title = own.title.or(read.known.title);
    read.known.published = own.published.or(read.known.published);
    read.known.input_id = own.input_id.or(read.known.input_id);
    if !own.authors.is_empty() {
        read.known.authors = own.authors;
    }
    let attached: Vec<String> =
        message.attachments().map(|part| clip(part.attachment_name().unwrap_or("without a name"))).collect();
    if !attached.is_empty() {
        let names = attached.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
        read.warnings
            .push(format!("{} attachments were not read ({names}); save and read them on their own", attached.len()));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(mail: &str) -> Result<Raw, IntakeError> {
        read(&Raw::new("a.eml", Body::Bytes(Vec::new()), Kind::Mail), mail.as_bytes())
    }

    #[test]
    fn a_message_is_its_text() {
        let mail = "From: =?utf-8?q?Caf=C3=A9_Desk?= <desk@press.example>\r\nSubject: =?iso-8859-1?Q?Talks_end_=E0_Paris?=\r\n\
            Date: Mon, 16 Aug 2021 10:00:00 +0200\r\nMessage-ID: <1@press.example>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
            --c\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            =93The talks ended=94, he said.\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>The talks</p>\r\n--c--\r\n\
            --b\r\nContent-Type: application/pdf; name=\"talks.pdf\"\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
        let raw = parse(mail).unwrap();
        assert!(matches!(&raw.body, Body::Text(t) if t.trim_end() == "“The talks ended”, he said."));
        assert_eq!(raw.known.title.as_deref(), Some("Talks end à Paris"));
        assert_eq!(raw.known.authors, ["Café Desk"]);
        assert_eq!(raw.known.published.as_deref(), Some("2021-08-16T10:00:00+02:00"));
        assert_eq!(raw.known.input_id.as_deref(), Some("1@press.example"));
        assert_eq!(raw.warnings.len(), 1);
    }

    #[test]
    fn a_message_of_html_alone_is_a_page() {
        let raw =
            parse("From: a@b.example\r\nSubject: A\r\nContent-Type: text/html\r\n\r\n<p>The talks ended.</p>").unwrap();
        assert_eq!(raw.kind, Kind::Html);
        assert!(parse("From: a@b.example\r\nSubject: A\r\n\r\n\r\n").is_err());
    }
}
