//! Mail archives in the mbox form (RFC 4155): messages one after the other, each after a line `From `, an address and a time.

use super::{fault, too_large};
use crate::bounded::{self, Line, Source};
use crate::raw::{Body, Kind, Raw};
use crate::{IntakeError, Options};

/// Whether a line stands before a message: `From desk@press.example Mon Aug 16 10:00:00 2021`. A sentence that begins with
/// "From" has no time and year at its end.
pub(super) fn is_postmark(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let words: Vec<&[u8]> = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let is_time = |word: &&[u8]| {
        let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
        matches!(digits, 3..=6)
            && word.contains(&b':')
            && digits + word.iter().filter(|&&b| b == b':').count() == word.len()
    };
    line.len() <= 400 && words.len() <= 12 && words.iter().any(is_time) && words.iter().rev().take(3).any(is_year)
}

/// The messages of an archive.
pub(super) struct Messages {
    input: String,
    source: Source,
    options: Options,
    line: Vec<u8>,
    number: usize,
    ended: bool,
}

impl Messages {
    pub(super) fn new(input: String, source: Source, options: Options) -> Messages {
        Messages { input, source, options, line: Vec::new(), number: 0, ended: false }
    }

    fn message(&mut self) -> Result<Vec<u8>, IntakeError> {
        let name = format!("{}#{}", self.input, self.number);
        let (mut message, mut after_blank, mut large) = (Vec::new(), false, false);
        loop {
            let read = bounded::line(&mut self.source, self.options.largest, &mut self.line);
            match read.map_err(|error| fault(&name, &self.options, error)) {
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Ok(Some(Line::TooLong)) => large = true,
                Ok(Some(Line::Whole)) if after_blank && is_postmark(&self.line) => break,
                Ok(Some(Line::Whole)) => {}
            }
            after_blank = self.line.is_empty();
            // What would be taken for the head of the next message was marked when the archive was written.
            let marks = self.line.iter().take_while(|&&b| b == b'>').count();
            let marked = marks > 0 && self.line[marks..].starts_with(b"From ");
            let line = &self.line[usize::from(marked)..];
            large |= message.len() + line.len() > self.options.largest;
            if !large {
                message.extend_from_slice(line);
                message.push(b'\n');
            }
        }
        if large { Err(too_large(&name, &self.options)) } else { Ok(message) }
    }
}

impl Iterator for Messages {
    type Item = Result<Raw, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.number == 0 {
            // The archive's first line; it was looked at already.
            if let Err(error) = bounded::line(&mut self.source, self.options.largest, &mut self.line) {
                self.ended = true;
                return Some(Err(fault(&self.input, &self.options, error)));
            }
        }
        while !self.ended {
            self.number += 1;
            match self.message() {
                Ok(message) if message.trim_ascii().is_empty() => {}
                Ok(message) => {
                    let name = format!("{}#{}", self.input, self.number);
                    return Some(Ok(Raw::new(name, Body::Bytes(message), Kind::Mail)));
                }
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;

    const ARCHIVE: &str = "From desk@press.example Mon Aug 16 10:00:00 2021\nFrom: Desk <desk@press.example>\nTo: all@press.example\n\
        Subject: Talks end\n\nThe talks ended.\n\nFrom now on ferries sail again.\n>From Monday the port is open.\n\n\
        From a@b.example Tue Aug 17 09:30:00 +0200 2021\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: Port\r\n\r\nThe port reopened.\r\n";

    #[test]
    fn messages_are_read_one_by_one() {
        let raws: Vec<Raw> = open("old.mbox", ARCHIVE.as_bytes(), &Options::default()).map(Result::unwrap).collect();
        let texts: Vec<String> = raws
            .iter()
            .map(|raw| match &raw.body {
                Body::Bytes(bytes) => String::from_utf8(bytes.clone()).unwrap(),
                Body::Text(text) => text.clone(),
            })
            .collect();
        assert_eq!((raws[0].name.as_str(), raws[1].name.as_str(), raws.len()), ("old.mbox#1", "old.mbox#2", 2));
        assert!(
            texts[0].ends_with("From now on ferries sail again.\nFrom Monday the port is open.\n\n"),
            "{}",
            texts[0]
        );
        assert_eq!(texts[1], "From: a@b.example\nTo: c@d.example\nSubject: Port\n\nThe port reopened.\n");
    }

    #[test]
    fn a_message_that_is_too_large_costs_itself_alone() {
        let options = Options { largest: 150, ..Options::default() };
        let long = ARCHIVE.replace("The talks ended.", &"The talks ended. ".repeat(100));
        let kinds: Vec<&str> = open("old.mbox", std::io::Cursor::new(long), &options)
            .map(|raw| raw.map_or_else(|error| error.kind(), |_| "ok"))
            .collect();
        assert_eq!(kinds, ["too_large", "ok"]);
    }

    #[test]
    fn sentences_are_no_postmarks() {
        assert!(is_postmark(b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011"));
        assert!(!is_postmark(b"From 10:30 on the port was closed."));
        assert!(!is_postmark(b"From 2011 on, the port was closed."));
    }
}
