//! Rows as an Apache Parquet file, which R, pandas, DuckDB and Spark read.
//!
//! As much of the format as tables of ours need (Parquet 2.x with data pages of version 1): optional columns of UTF-8 strings, doubles
//! and 64-bit integers, plainly encoded, compressed with gzip, in row groups. The crates at hand bring some forty others along.
//! See <https://parquet.apache.org/docs/file-format/>.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::answers::Answer;
use crate::error::LedgerError;

/// So many rows are a row group.
const GROUP: usize = 1 << 16;

/// The columns that hold numbers, whatever table they stand in.
const DOUBLES: [&str; 5] = ["lat", "lon", "confidence", "value", "upper"];
const INTEGERS: [&str; 4] = ["reports", "statements", "events", "times"];

/// Parquet's number for a type, an encoding, a codec.
const INT64: i64 = 2;
const DOUBLE: i64 = 5;
const BYTE_ARRAY: i64 = 6;
const PLAIN: i64 = 0;
const RLE: i64 = 3;
const GZIP: i64 = 2;

/// A column chunk as the file's end describes it.
struct Chunk {
    kind: i64,
    name: String,
    values: i64,
    offset: i64,
    plain: i64,
    packed: i64,
}

/// Writes rows as one Parquet file. Lists are joined with `; `; what is not known is null.
///
/// # Errors
/// When the output cannot be written.
pub fn write_parquet<A: Answer>(rows: &[A], out: &mut dyn Write) -> Result<(), LedgerError> {
    let names = A::columns();
    let kind = |name: &str| match name {
        name if DOUBLES.contains(&name) => DOUBLE,
        name if INTEGERS.contains(&name) => INT64,
        _ => BYTE_ARRAY,
    };
    out.write_all(b"PAR1")?;
    let (mut at, mut groups) = (4i64, Vec::new());
    for group in rows.chunks(GROUP) {
        let values: Vec<Value> =
            group.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(std::io::Error::from)?;
        let mut chunks = Vec::new();
        for name in names {
            let column: Vec<&Value> = values.iter().map(|row| row.get(*name).unwrap_or(&Value::Null)).collect();
            let page = page(kind(name), &column);
            let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
            gzip.write_all(&page)?;
            let packed = gzip.finish()?;
            let head = page_head(column.len(), page.len(), packed.len());
            out.write_all(&head)?;
            out.write_all(&packed)?;
            chunks.push(Chunk {
                kind: kind(name),
                name: name.to_string(),
                values: column.len() as i64,
                offset: at,
                plain: (head.len() + page.len()) as i64,
                packed: (head.len() + packed.len()) as i64,
            });
            at += (head.len() + packed.len()) as i64;
        }
        groups.push(chunks);
    }
    let end = file_end(names, kind, rows.len() as i64, &groups);
    out.write_all(&end)?;
    out.write_all(&u32::try_from(end.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    out.write_all(b"PAR1")?;
    Ok(())
}

/// A data page: which values are there, then those.
fn page(kind: i64, column: &[&Value]) -> Vec<u8> {
    let mut levels = Vec::new();
    for run in column.chunk_by(|a, b| a.is_null() == b.is_null()) {
        varint((run.len() as u64) << 1, &mut levels);
        levels.push(u8::from(run.first().is_some_and(|value| !value.is_null())));
    }
    let mut page = (levels.len() as u32).to_le_bytes().to_vec();
    page.append(&mut levels);
    for value in column.iter().filter(|value| !value.is_null()) {
        match kind {
            DOUBLE => page.extend(value.as_f64().unwrap_or(f64::NAN).to_le_bytes()),
            INT64 => page.extend(value.as_i64().unwrap_or_default().to_le_bytes()),
            _ => {
                let words = match value {
                    Value::String(words) => words.clone(),
                    Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
                    other => other.to_string(),
                };
                page.extend((words.len() as u32).to_le_bytes());
                page.extend(words.as_bytes());
            }
        }
    }
    page
}

fn page_head(values: usize, plain: usize, packed: usize) -> Vec<u8> {
    let mut head = Thrift::default();
    head.number(1, I32, 0);
    head.number(2, I32, plain as i64);
    head.number(3, I32, packed as i64);
    head.structure(5, |data| {
        data.number(1, I32, values as i64);
        data.number(2, I32, PLAIN);
        data.number(3, I32, RLE);
        data.number(4, I32, RLE);
    });
    head.end()
}

fn file_end(names: &[&str], kind: impl Fn(&str) -> i64, rows: i64, groups: &[Vec<Chunk>]) -> Vec<u8> {
    let mut end = Thrift::default();
    end.number(1, I32, 2);
    end.list(2, STRUCT, names.len() + 1, |list| {
        list.element(|root| {
            root.text(4, "annalist");
            root.number(5, I32, names.len() as i64);
        });
        for name in names {
            list.element(|column| {
                column.number(1, I32, kind(name));
                // Optional.
                column.number(3, I32, 1);
                column.text(4, name);
                if kind(name) == BYTE_ARRAY {
                    // UTF-8, as older readers know it and as newer ones do.
                    column.number(6, I32, 0);
                    column.structure(10, |logical| logical.structure(1, |_| {}));
                }
            });
        }
    });
    end.number(3, I64, rows);
    end.list(4, STRUCT, groups.len(), |list| {
        for chunks in groups {
            list.element(|group| {
                group.list(1, STRUCT, chunks.len(), |list| {
                    for chunk in chunks {
                        list.element(|column| {
                            column.number(2, I64, chunk.offset);
                            column.structure(3, |about| {
                                about.number(1, I32, chunk.kind);
                                about.list(2, I32, 2, |list| [PLAIN, RLE].iter().for_each(|code| list.bare(*code)));
                                about.list(3, BINARY, 1, |list| list.bare_text(&chunk.name));
                                about.number(4, I32, GZIP);
                                about.number(5, I64, chunk.values);
                                about.number(6, I64, chunk.plain);
                                about.number(7, I64, chunk.packed);
                                about.number(9, I64, chunk.offset);
                            });
                        });
                    }
                });
                group.number(2, I64, chunks.iter().map(|chunk| chunk.plain).sum());
                group.number(3, I64, chunks.first().map_or(0, |chunk| chunk.values));
            });
        }
    });
    end.text(6, concat!("annalist version ", env!("CARGO_PKG_VERSION")));
    end.end()
}

/// Types of Thrift's compact protocol.
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A structure in Thrift's compact protocol, in which Parquet describes itself.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    last: u8,
}

impl Thrift {
    fn field(&mut self, id: u8, kind: u8) {
        // Ids rise by less than 16 from field to field here.
        self.bytes.push((id - self.last) << 4 | kind);
        self.last = id;
    }

    fn number(&mut self, id: u8, kind: u8, value: i64) {
        self.field(id, kind);
        self.bare(value);
    }

    fn bare(&mut self, value: i64) {
        varint(((value << 1) ^ (value >> 63)) as u64, &mut self.bytes);
    }

    fn text(&mut self, id: u8, words: &str) {
        self.field(id, BINARY);
        self.bare_text(words);
    }

    fn bare_text(&mut self, words: &str) {
        varint(words.len() as u64, &mut self.bytes);
        self.bytes.extend(words.as_bytes());
    }

    fn structure(&mut self, id: u8, fill: impl FnOnce(&mut Thrift)) {
        self.field(id, STRUCT);
        self.element(fill);
    }

    /// A structure in a list.
    fn element(&mut self, fill: impl FnOnce(&mut Thrift)) {
        let mut inner = Thrift::default();
        fill(&mut inner);
        self.bytes.append(&mut inner.end());
    }

    fn list(&mut self, id: u8, kind: u8, length: usize, fill: impl FnOnce(&mut Thrift)) {
        self.field(id, LIST);
        match length {
            0..15 => self.bytes.push((length as u8) << 4 | kind),
            _ => {
                self.bytes.push(0xf0 | kind);
                varint(length as u64, &mut self.bytes);
            }
        }
        fill(self);
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::answers::PlaceAnswer;

    fn place(name: &str, lat: Option<f64>, reports: i64) -> PlaceAnswer {
        PlaceAnswer {
            id: None,
            name: name.into(),
            kind: None,
            country: Some("NOR".into()).filter(|_| reports > 1),
            lat,
            lon: lat,
            reports,
            events: 0,
            first: None,
            last: None,
        }
    }

    /// Reads a chunk's page back, told its offset and size.
    fn unpacked(file: &[u8], head: usize) -> Vec<u8> {
        let mut page = Vec::new();
        // Gzip's magic bytes begin it.
        let at = file[head..].windows(2).position(|two| two == [0x1f, 0x8b]).unwrap() + head;
        flate2::read::GzDecoder::new(&file[at..]).read_to_end(&mut page).unwrap();
        page
    }

    #[test]
    fn values_stand_where_the_format_wants_them() {
        let rows = [place("Elva", Some(58.2), 2), place("Tarn–Øst", None, 1)];
        let mut file = Vec::new();
        write_parquet(&rows, &mut file).unwrap();
        assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"));
        let length = u32::from_le_bytes(file[file.len() - 8..file.len() - 4].try_into().unwrap()) as usize;
        let end = &file[file.len() - 8 - length..file.len() - 8];
        assert!(PlaceAnswer::columns().iter().all(|name| end.windows(name.len()).any(|part| part == name.as_bytes())));
        // The first column, `id`: two nulls are one run of zeros, and no value.
        assert_eq!(unpacked(&file, 4), [2, 0, 0, 0, 4, 0]);
        let names = file.windows(3).enumerate().filter(|(_, w)| *w == [0x1f, 0x8b, 8]).nth(1).unwrap().0;
        let mut page = vec![2, 0, 0, 0, 4, 1, 4, 0, 0, 0];
        page.extend(b"Elva");
        page.extend([11, 0, 0, 0]);
        page.extend("Tarn–Øst".as_bytes());
        assert_eq!(unpacked(&file, names), page);
        let lat = file.windows(3).enumerate().filter(|(_, w)| *w == [0x1f, 0x8b, 8]).nth(4).unwrap().0;
        let mut page = vec![4, 0, 0, 0, 2, 1, 2, 0];
        page.extend(58.2f64.to_le_bytes());
        assert_eq!(unpacked(&file, lat), page);
    }
}
