//! Gzip and Zstandard streams of any number of members, unpacked as they are read.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use crate::bounded::{Fault, PutBack, Source};

/// A stream that has unpacked to more than this many bytes …
const SUSPECT_FROM: u64 = 64 << 20;
/// … and to more than this many times its size holds no reports: text shrinks to a tenth, a crawl of equal pages to a fiftieth.
const BOMB: u64 = 150;

const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether bytes begin a gzip stream.
pub(crate) fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&GZIP)
}

/// Whether bytes begin a Zstandard stream.
pub(crate) fn is_zstd(head: &[u8]) -> bool {
    head.starts_with(&ZSTD) || is_skippable(head)
}

fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

fn check(unpacked: u64, packed: u64) -> io::Result<()> {
    match unpacked > SUSPECT_FROM && unpacked / packed.max(1) > BOMB {
        true => Err(Fault::Bomb(BOMB).into()),
        false => Ok(()),
    }
}

fn damage(error: io::Error) -> io::Error {
    if Fault::of(&error).is_some() {
        return error;
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Fault::Damaged("ends in the middle of its compressed data".to_string()).into(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            Fault::Damaged(format!("holds compressed data that is damaged ({error})")).into()
        }
        _ => error,
    }
}

/// Unpacks gzip. A damaged member is an error once; what is read next comes from the next member, if there is one.
pub(crate) struct Gunzip {
    state: Gz,
    unpacked: u64,
}

enum Gz {
    Between(PutBack),
    Member(Box<GzDecoder<PutBack>>),
    Lost(PutBack),
    End,
}

impl Gunzip {
    pub(crate) fn new(source: Source) -> Gunzip {
        Gunzip { state: Gz::Between(PutBack::new(source)), unpacked: 0 }
    }
}

impl Read for Gunzip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, Gz::End) {
                Gz::End => return Ok(0),
                Gz::Between(mut source) => {
                    let head = source.look(3)?;
                    match head.as_slice() {
                        head if is_gzip(head) => self.state = Gz::Member(Box::new(GzDecoder::new(source))),
                        // Tapes and some archives fill up with zeros; whatever else follows the last member is no content.
                        _ => return Ok(0),
                    }
                }
                Gz::Lost(mut source) => {
                    if find_member(&mut source)? {
                        self.state = Gz::Member(Box::new(GzDecoder::new(source)));
                    }
                }
                Gz::Member(mut decoder) => match decoder.read(buffer) {
                    Ok(0) => self.state = Gz::Between(decoder.into_inner()),
                    Ok(count) => {
                        self.unpacked += count as u64;
                        check(self.unpacked, decoder.get_ref().taken())?;
                        self.state = Gz::Member(decoder);
                        return Ok(count);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                        self.state = Gz::Member(decoder);
                        return Err(error);
                    }
                    Err(error) => {
                        let error = damage(error);
                        if Fault::of(&error).is_some() {
                            self.state = Gz::Lost(decoder.into_inner());
                        }
                        return Err(error);
                    }
                },
            }
        }
    }
}

/// Goes on to what looks like the head of a member.
fn find_member(source: &mut PutBack) -> io::Result<bool> {
    loop {
        let ready = source.fill_buf()?;
        if ready.is_empty() {
            return Ok(false);
        }
        match memchr::memchr(GZIP[0], ready) {
            None => {
                let all = ready.len();
                source.consume(all);
            }
            Some(at) => {
                source.consume(at);
                let head = source.look(4)?;
                // The high flag bits are reserved and zero.
                if is_gzip(&head) && head.get(3).is_some_and(|flags| flags & 0xe0 == 0) {
                    return Ok(true);
                }
                source.consume(1);
            }
        }
    }
}

/// Unpacks Zstandard.
pub(crate) struct Unzst {
    state: Zst,
    unpacked: u64,
}

enum Zst {
    Between(PutBack, Option<Box<FrameDecoder>>),
    Frame(Box<StreamingDecoder<PutBack, FrameDecoder>>),
    End,
}

impl Unzst {
    pub(crate) fn new(source: Source) -> Unzst {
        Unzst { state: Zst::Between(PutBack::new(source), None), unpacked: 0 }
    }
}

impl Read for Unzst {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, Zst::End) {
                Zst::End => return Ok(0),
                Zst::Between(mut source, decoder) => {
                    let head = source.look(8)?;
                    if let (true, Some(size)) = (is_skippable(&head), head.get(4..8)) {
                        let size = u32::from_le_bytes([size[0], size[1], size[2], size[3]]);
                        io::copy(&mut (&mut source).take(8 + u64::from(size)), &mut io::sink())?;
                        self.state = Zst::Between(source, decoder);
                    } else if head.starts_with(&ZSTD) {
                        let frame = StreamingDecoder::new_with_decoder(
                            source,
                            decoder.map_or_else(FrameDecoder::new, |decoder| *decoder),
                        );
                        let damaged =
                            |error| Fault::Damaged(format!("holds compressed data that is damaged ({error})"));
                        self.state = Zst::Frame(Box::new(frame.map_err(damaged)?));
                    } else if head.is_empty() {
                        return Ok(0);
                    } else {
                        return Err(Fault::Damaged("has other bytes after its compressed data".to_string()).into());
                    }
                }
                Zst::Frame(mut frame) => match frame.read(buffer) {
                    Ok(0) => {
                        let (source, decoder) = frame.into_parts();
                        self.state = Zst::Between(source, Some(Box::new(decoder)));
                    }
                    Ok(count) => {
                        self.unpacked += count as u64;
                        check(self.unpacked, frame.get_ref().taken())?;
                        self.state = Zst::Frame(frame);
                        return Ok(count);
                    }
                    Err(error) => return Err(damage(error)),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read(mut stream: impl Read) -> (Vec<u8>, Option<io::Error>) {
        let mut all = Vec::new();
        let error = stream.read_to_end(&mut all).err();
        (all, error)
    }

    #[test]
    fn members_follow_each_other() {
        let two = [gzip(b"one "), gzip(b"two"), vec![0; 20]].concat();
        assert_eq!(read(Gunzip::new(Box::new(Cursor::new(two)))).0, b"one two");
        let two = [zstd(b"one "), vec![0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9], zstd(b"two")].concat();
        let (all, error) = read(Unzst::new(Box::new(Cursor::new(two))));
        assert!(error.is_none(), "{error:?}");
        assert_eq!(all, b"one two");
    }

    #[test]
    fn after_a_damaged_member_comes_the_next() {
        let mut first = gzip(&(0..20_000u32).flat_map(|i| (i * i).to_le_bytes()).collect::<Vec<_>>());
        let middle = first.len() / 2;
        first[middle..middle + 40].fill(0x5a);
        let mut stream = Gunzip::new(Box::new(Cursor::new([first, gzip(b"two")].concat())));
        let mut all = Vec::new();
        let error = loop {
            if let Err(error) = stream.read_to_end(&mut all) {
                break error;
            }
        };
        assert!(matches!(Fault::of(&error), Some(Fault::Damaged(_))));
        all.clear();
        while stream.read_to_end(&mut all).is_err() {}
        assert!(all.ends_with(b"two"));
    }

    #[test]
    fn cut_streams_are_damaged_and_end() {
        let bytes: Vec<u8> = (0..9_000u32).flat_map(|i| (i * i).to_le_bytes()).collect();
        for cut in [5, 100, 2_000] {
            let packed = gzip(&bytes);
            let (_, error) = read(Gunzip::new(Box::new(Cursor::new(packed[..packed.len() - cut].to_vec()))));
            assert!(matches!(Fault::of(&error.unwrap()), Some(Fault::Damaged(_))));
            let packed = zstd(&bytes);
            let (_, error) = read(Unzst::new(Box::new(Cursor::new(packed[..packed.len() - cut].to_vec()))));
            assert!(matches!(Fault::of(&error.unwrap()), Some(Fault::Damaged(_))));
        }
    }

    #[test]
    fn bombs_are_stopped() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        for _ in 0..200 {
            encoder.write_all(&vec![b'a'; 1 << 20]).unwrap();
        }
        let mut stream = Gunzip::new(Box::new(Cursor::new(encoder.finish().unwrap())));
        let error = io::copy(&mut stream, &mut io::sink()).unwrap_err();
        assert!(matches!(Fault::of(&error), Some(Fault::Bomb(_))));
        assert_eq!(io::copy(&mut stream, &mut io::sink()).unwrap(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_comes_ends(mut bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0usize..3) {
            let magic: &[u8] = [&GZIP[..], &ZSTD[..], &[]][head];
            bytes.splice(0..0, magic.iter().copied());
            for _ in 0..2 {
                let mut streams: [Box<dyn Read>; 2] = [
                    Box::new(Gunzip::new(Box::new(Cursor::new(bytes.clone())))),
                    Box::new(Unzst::new(Box::new(Cursor::new(bytes.clone())))),
                ];
                for stream in &mut streams {
                    let mut faults = 0;
                    while io::copy(stream, &mut io::sink()).is_err() {
                        faults += 1;
                        prop_assert!(faults < 200);
                    }
                }
            }
        }
    }
}
