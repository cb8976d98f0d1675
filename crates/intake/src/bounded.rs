//! Reading from streams with bounded memory, and faults that tell more than an I/O error does.

use std::io::{self, BufRead, BufReader, Cursor, Read};

/// What every reader of documents reads from.
pub(crate) type Source = Box<dyn BufRead + Send>;

/// How much of a stream is looked at to tell its format, in bytes.
pub(crate) const HEAD: usize = 64 << 10;

/// What is wrong with a stream's content, carried inside an I/O error.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Fault {
    /// Compressed data that does not decompress.
    #[error("{0}")]
    Damaged(String),
    /// Compressed data that decompresses to far more than a text can.
    #[error("unpacks to more than {0} times its size")]
    Bomb(u64),
    /// One document larger than allowed.
    #[error("one document is larger than allowed")]
    TooLarge,
}

impl Fault {
    pub(crate) fn of(error: &io::Error) -> Option<&Fault> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }
}

/// Reads the first bytes of a stream (all of it, if it is shorter) and gives them with the whole stream. An error after the
/// first byte is kept for whoever reads on.
pub(crate) fn peek(mut stream: impl Read + Send + 'static) -> io::Result<(Vec<u8>, Source)> {
    let mut head = Vec::new();
    let fault = match (&mut stream).take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => None,
        Err(error) if head.is_empty() => return Err(error),
        Err(error) => Some(error),
    };
    let again = Cursor::new(head.clone()).chain(Failing(fault)).chain(stream);
    Ok((head, Box::new(BufReader::with_capacity(HEAD, again))))
}

/// Fails once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A stream to which bytes can be given back, and which counts what was taken from it.
pub(crate) struct PutBack {
    back: Vec<u8>,
    at: usize,
    source: Source,
    taken: u64,
    /// What went wrong while looking ahead.
    kept: Option<io::Error>,
}

impl PutBack {
    pub(crate) fn new(source: Source) -> PutBack {
        PutBack { back: Vec::new(), at: 0, source, taken: 0, kept: None }
    }

    /// Bytes taken and not given back.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Gives bytes back: they are read next.
    pub(crate) fn put_back(&mut self, bytes: &[u8]) {
        let mut back = bytes.to_vec();
        back.extend_from_slice(&self.back[self.at..]);
        (self.back, self.at) = (back, 0);
        self.taken = self.taken.saturating_sub(bytes.len() as u64);
    }

    /// Reads up to `count` bytes and gives them back. An error after the first byte is kept for who reads on.
    pub(crate) fn look(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let result = (&mut *self).take(count as u64).read_to_end(&mut bytes);
        self.put_back(&bytes);
        match result {
            Err(error) if bytes.is_empty() => return Err(error),
            Err(error) => self.kept = Some(error),
            Ok(_) => {}
        }
        Ok(bytes)
    }
}

impl Read for PutBack {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for PutBack {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.back.get(self.at..) {
            Some(rest) if !rest.is_empty() => Ok(rest),
            _ => match self.kept.take() {
                Some(error) => Err(error),
                None => self.source.fill_buf(),
            },
        }
    }

    fn consume(&mut self, count: usize) {
        self.taken += count as u64;
        if self.at < self.back.len() {
            self.at += count;
            return;
        }
        self.source.consume(count);
    }
}

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is in the buffer.
    Whole,
    /// It was longer than allowed and passed over; the buffer has its beginning.
    TooLong,
}

/// Reads a line without its end into `line`, which is cleared first; at most `limit` bytes are held. `None` at the end.
pub(crate) fn line(source: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> io::Result<Option<Line>> {
    line.clear();
    let (mut any, mut state) = (false, Line::Whole);
    loop {
        let ready = source.fill_buf()?;
        if ready.is_empty() {
            break;
        }
        any = true;
        let end = memchr::memchr(b'\n', ready);
        let part = &ready[..end.unwrap_or(ready.len())];
        let room = limit.saturating_sub(line.len());
        if part.len() > room + 1 {
            state = Line::TooLong;
        }
        line.extend_from_slice(&part[..part.len().min(room + 1)]);
        let used = part.len() + usize::from(end.is_some());
        source.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.len() > limit {
        state = Line::TooLong;
    }
    Ok(any.then_some(state))
}

/// Passes over the rest of a line.
pub(crate) fn skip_line(source: &mut impl BufRead) -> io::Result<()> {
    loop {
        let ready = source.fill_buf()?;
        if ready.is_empty() {
            return Ok(());
        }
        match memchr::memchr(b'\n', ready) {
            Some(at) => {
                source.consume(at + 1);
                return Ok(());
            }
            None => {
                let all = ready.len();
                source.consume(all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded() {
        let mut source = BufReader::with_capacity(3, Cursor::new(b"one\r\ntwo is longer\nthree\n\n4".to_vec()));
        let mut buffer = Vec::new();
        let mut read =
            || line(&mut source, 5, &mut buffer).unwrap().map(|l| (l, String::from_utf8(buffer.clone()).unwrap()));
        assert_eq!(read(), Some((Line::Whole, "one".to_string())));
        assert_eq!(read().map(|(l, _)| l), Some(Line::TooLong));
        assert_eq!(read(), Some((Line::Whole, "three".to_string())));
        assert_eq!(read(), Some((Line::Whole, String::new())));
        assert_eq!(read(), Some((Line::Whole, "4".to_string())));
        assert_eq!(read(), None);
    }

    #[test]
    fn what_is_put_back_comes_again() {
        let mut source = PutBack::new(Box::new(Cursor::new(b"abcdef".to_vec())));
        assert_eq!(source.look(3).unwrap(), b"abc");
        let mut two = [0; 2];
        source.read_exact(&mut two).unwrap();
        source.put_back(b"xy");
        let mut rest = String::new();
        source.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "xycdef");
        assert_eq!(source.taken(), 6);
    }
}
