//! What a PDF file may cost, told before its text is taken out: the extractor unpacks streams whole, and draws what is drawn
//! within what is drawn for as long as that goes on.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use weezl::{BitOrder, LzwStatus, decode::Decoder};

/// The streams of a file may unpack to so many times what a document may be, pictures apart.
const UNPACKED: usize = 16;
/// Bytes of drawing that all pages may take, repetitions counted.
const DRAWN: u64 = 1 << 29;
/// So deep may drawings stand in drawings, and pages in groups of pages.
const DEEPEST: usize = 24;
/// Packed in packed data so many times.
const NESTED: usize = 3;

/// Whether the streams of a file, as far as they can be told from its bytes, unpack to little enough.
pub(super) fn unpacks_in_bounds(file: &[u8], largest: usize) -> bool {
    let mut left = largest.saturating_mul(UNPACKED);
    memmem::find_iter(file, b"stream").all(|at| {
        // The stream's dictionary stands right before.
        let head = &file[at.saturating_sub(1000)..at];
        let head = &head[memmem::rfind(head, b"obj").unwrap_or(0)..];
        let holds = |word: &[u8]| memmem::find(head, word).is_some();
        if holds(b"/Image") && !holds(b"ObjStm") || head.ends_with(b"end") {
            return true;
        }
        let body = file[at + b"stream".len()..].trim_ascii_start();
        spend(body, holds(b"LZW") || holds(b"#"), &mut left, 0)
    })
}

/// Takes what some bytes unpack to from what is left. Whether it was enough.
fn spend(packed: &[u8], may_be_lzw: bool, left: &mut usize, nested: usize) -> bool {
    if packed.first().is_some_and(|b| b & 0x0f == 8) {
        let mut head = Vec::new();
        let mut unpacked = ZlibDecoder::new(packed).take(*left as u64 + 1);
        // What comes before an error is unpacked all the same.
        let _ = (&mut unpacked).take(8 << 10).read_to_end(&mut head);
        let rest = std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap_or(0) as usize;
        let Some(now) = left.checked_sub(head.len() + rest) else { return false };
        *left = now;
        if nested + 1 < NESTED && head.first().is_some_and(|b| b & 0x0f == 8) && head.len() > 2 {
            let mut inner = Vec::new();
            let _ = ZlibDecoder::new(packed).take(*left as u64).read_to_end(&mut inner);
            return spend(&inner, may_be_lzw, left, nested + 1);
        }
    }
    !may_be_lzw || spend_lzw(packed, left)
}

fn spend_lzw(mut packed: &[u8], left: &mut usize) -> bool {
    let mut decoder = Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
    let mut out = vec![0; 64 << 10];
    loop {
        let step = decoder.decode_bytes(packed, &mut out);
        packed = &packed[step.consumed_in.min(packed.len())..];
        let Some(now) = left.checked_sub(step.consumed_out) else { return false };
        *left = now;
        if !matches!(step.status, Ok(LzwStatus::Ok)) {
            return true;
        }
    }
}

/// Takes the pictures out of a document, and tells whether drawing its pages ends soon enough.
pub(super) fn draws_in_bounds(document: &mut Document, largest: usize) -> bool {
    let mut left = largest.saturating_mul(UNPACKED);
    let encrypted = document.was_encrypted();
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if is(&stream.dict, b"Image") {
            stream.content = Vec::new();
        } else if encrypted && !spend(&stream.content, true, &mut left, 0) {
            return false;
        }
    }
    let mut known = HashMap::new();
    let mut left = DRAWN;
    document.get_pages().into_values().all(|page| {
        let Some(resources) = resources(document, page) else { return false };
        let content = document.get_page_content(page).unwrap_or_default();
        let cost = cost(document, &content, resources, &mut known, 0);
        match cost.and_then(|cost| left.checked_sub(cost)) {
            Some(now) => {
                left = now;
                true
            }
            None => false,
        }
    })
}

fn is(dictionary: &Dictionary, subtype: &[u8]) -> bool {
    dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == subtype)
}

fn dictionary<'d>(document: &'d Document, of: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
    document.dereference(of.get(key).ok()?).ok()?.1.as_dict().ok()
}

/// The resources of a page or of the groups it stands in; `None` if these go round in a circle.
fn resources(document: &Document, page: ObjectId) -> Option<Option<&Dictionary>> {
    let mut at = document.get_dictionary(page).ok();
    let mut found = None;
    for _ in 0..DEEPEST {
        let Some(dict) = at else { return Some(found) };
        found = found.or_else(|| dictionary(document, dict, b"Resources"));
        at = dict.get(b"Parent").and_then(Object::as_reference).and_then(|id| document.get_dictionary(id)).ok();
    }
    None
}

/// What drawing some content takes at most; `None` if it does not end, or stands too deep.
fn cost(
    document: &Document,
    content: &[u8],
    resources: Option<&Dictionary>,
    known: &mut HashMap<ObjectId, u64>,
    depth: usize,
) -> Option<u64> {
    let is_end = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
    let drawn = memmem::find_iter(content, b"Do")
        .filter(|&at| is_end(content.get(at + 2)) && is_end(at.checked_sub(1).and_then(|i| content.get(i))))
        .count() as u64;
    let own = content.len() as u64 + 1;
    let Some(drawings) = resources.and_then(|r| dictionary(document, r, b"XObject")).filter(|_| drawn > 0) else {
        return Some(own);
    };
    if depth >= DEEPEST {
        return None;
    }
    let mut most = 0;
    for (_, object) in drawings.iter() {
        let Ok((id, Object::Stream(stream))) = document.dereference(object) else { continue };
        if is(&stream.dict, b"Image") {
            continue;
        }
        let cost = match id.and_then(|id| known.get(&id)) {
            Some(&cost) => cost,
            None => {
                let cost = of_stream(document, stream, resources, known, depth)?;
                known.extend(id.map(|id| (id, cost)));
                cost
            }
        };
        most = most.max(cost);
    }
    own.checked_add(drawn.checked_mul(most)?)
}

fn of_stream(
    document: &Document,
    stream: &Stream,
    around: Option<&Dictionary>,
    known: &mut HashMap<ObjectId, u64>,
    depth: usize,
) -> Option<u64> {
    let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    let own = dictionary(document, &stream.dict, b"Resources").or(around);
    cost(document, &content, own, known, depth + 1)
}
