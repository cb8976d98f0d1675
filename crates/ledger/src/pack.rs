//! Bytes as they are kept: deflated.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

pub(crate) fn deflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

pub(crate) fn inflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut all)?;
    Ok(all)
}
