//! Inputs that are broken or made to do harm: one clear error or a usable report, bounded memory and time, and the stream goes
//! on after a bad document.

use std::io::{self, Cursor, Read, Write};

use annalist_intake::{Body, IntakeError, Kind, Options, Raw, open, report, report_of};
use annalist_knowledge::Knowledge;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

fn all(name: &str, stream: impl Read + Send + 'static) -> Vec<Result<Raw, IntakeError>> {
    open(name, stream, &Options::default()).collect()
}

fn kinds(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<&'static str> {
    let ok = |result: &Result<Raw, IntakeError>| result.as_ref().map_or_else(IntakeError::kind, |_| "ok");
    all(name, Cursor::new(bytes.into())).iter().map(ok).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A stream that is made as it is read: `head`, then `part` so many times, then `tail`.
fn made(head: &str, part: &'static str, times: usize, tail: &str) -> impl Read + Send + use<> {
    struct Parts(&'static str, usize, usize);
    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let mut filled = 0;
            while filled < buffer.len() && self.1 > 0 {
                let rest = &self.0.as_bytes()[self.2..];
                let count = rest.len().min(buffer.len() - filled);
                buffer[filled..filled + count].copy_from_slice(&rest[..count]);
                filled += count;
                self.2 += count;
                if self.2 == self.0.len() {
                    (self.1, self.2) = (self.1 - 1, 0);
                }
            }
            Ok(filled)
        }
    }
    Cursor::new(head.as_bytes().to_vec()).chain(Parts(part, times, 0)).chain(Cursor::new(tail.as_bytes().to_vec()))
}

#[test]
fn a_hundred_megabytes_are_refused_without_being_held() {
    for (head, part) in [
        ("", "The port reopened on Friday. "),
        ("<html><body>", "<p>The port reopened.</p>"),
        ("{\"text\": \"", "The port reopened. "),
        ("[{\"text\": \"", "The port reopened. "),
        ("From: a@b.example\nTo: c@d.example\nSubject: x\n\n", "The port reopened. "),
        (
            "From a@b.example Mon Aug 16 10:00:00 2021\nFrom: a@b.example\nTo: c@d.example\nSubject: x\n\n",
            "The port.\n",
        ),
        ("<rss><channel><item><description>", "The port reopened. "),
        ("title,text\nA,\"", "The port reopened. "),
        ("", "<div>"),
        ("{\"a\":", "["),
    ] {
        let found = all("big", made(head, part, 100_000_000 / part.len(), ""));
        assert_eq!(found.len(), 1, "{head}{part}");
        let error = found[0].as_ref().unwrap_err();
        assert!(matches!(error.kind(), "too_large" | "malformed"), "{error}");
        assert!(error.to_string().starts_with("big"), "{error}");
    }
}

#[test]
fn a_feed_of_fifty_thousand_items_is_read() {
    let item = "<item><title>Talks end</title><link>https://p.example/1</link><description>The talks ended.</description></item>\n";
    let feed = made("<?xml version=\"1.0\"?><rss><channel><title>P</title>", item, 50_000, "</channel></rss>");
    assert_eq!(open("feed", feed, &Options::default()).filter(Result::is_ok).count(), 50_000);
    let json = made(
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [",
        "{\"content_text\": \"Talks.\"},",
        50_000,
        "]}",
    );
    assert_eq!(open("feed", json, &Options::default()).filter(Result::is_ok).count(), 50_000);
}

#[test]
fn bombs_are_stopped() {
    let zeros = vec![b' '; 1 << 20];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"{\"text\": \"a\"}\n{\"text\": \"").unwrap();
    (0..300).for_each(|_| encoder.write_all(&zeros).unwrap());
    let bomb = encoder.finish().unwrap();
    let found = kinds("bomb.jsonl.gz", bomb.clone());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], "ok");
    assert!(matches!(found[1], "bomb" | "too_large"), "{found:?}");
    // Packed again and again.
    assert_eq!(kinds("a.gz", gzip(&gzip(b"The port reopened."))), ["ok"]);
    assert_eq!(kinds("a.gz", gzip(&zstd(b"The port reopened."))), ["ok"]);
    assert_eq!(kinds("a.gz", gzip(&gzip(&gzip(b"The port reopened.")))), ["nested"]);
}

#[test]
fn entities_are_not_multiplied() {
    let mut definitions = String::from("<!ENTITY e0 \"lol\">");
    for i in 1..30 {
        let previous = format!("&e{};", i - 1).repeat(10);
        definitions.push_str(&format!("<!ENTITY e{i} \"{previous}\">"));
    }
    let feed = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [{definitions}]><rss><channel><item><description>It is &e29;</description></item></channel></rss>"
    );
    let found = all("feed", Cursor::new(feed.into_bytes()));
    assert_eq!(found[0].as_ref().unwrap().body, Body::Text("It is &e29;".to_string()));
}

#[test]
fn deep_nesting_is_bounded() {
    let deep = "<a>".repeat(300_000);
    let started = std::time::Instant::now();
    let feed = format!(
        "<feed><entry><content type=\"xhtml\">{deep}x</content></entry><entry><content>y</content></entry></feed>"
    );
    kinds("feed", feed);
    let feed = format!("<feed><entry>{deep}x</entry><entry><content>y</content></entry></feed>");
    assert_eq!(kinds("feed", feed), ["no_text", "ok"]);
    assert_eq!(kinds("a", format!("[{{\"text\": {}", "[".repeat(300_000))), ["malformed"]);
    assert_eq!(
        kinds("a", format!("{{\"text\": {}1{}}}\n{{\"text\": \"b\"}}\n", "[".repeat(9_000), "]".repeat(9_000))),
        ["malformed", "ok"]
    );
    let ends = "</item>".repeat(200_000);
    assert_eq!(kinds("feed", format!("<rss><item><description><![CDATA[{ends}]]></description></item></rss>")), ["ok"]);
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn cut_streams_give_what_they_have() {
    let line = "{\"text\": \"The port reopened on Friday after the talks, number 12345.\"}\n";
    let lines: String = (0..20_000).map(|i| line.replace("12345", &format!("{}", i * 7919 % 100_003))).collect();
    for packed in [gzip(lines.as_bytes()), zstd(lines.as_bytes())] {
        let found = kinds("news.jsonl", &packed[..packed.len() * 2 / 3]);
        let good = found.iter().filter(|kind| **kind == "ok").count();
        assert!(good > 5_000, "{good}");
        assert_eq!(found.last(), Some(&"damaged"));
        assert_eq!(found.len(), good + 1);
        assert_eq!(kinds("news.jsonl", &packed[..8]), ["damaged"]);
    }
    let small = gzip(b"The port reopened on Friday.");
    assert_eq!(kinds("a.txt.gz", &small[..small.len() - 6]), ["damaged"]);
}

#[test]
fn nothing_is_an_error() {
    assert_eq!(kinds("a", ""), ["ok"]);
    for nothing in [&b""[..], b" \n\t", b"\xef\xbb\xbf", &gzip(b"")] {
        let error = report("a", nothing, &Options::default(), Knowledge::english()).unwrap_err();
        assert_eq!(error.kind(), "empty", "{error}");
    }
}

#[test]
fn nuls_and_controls_go_with_an_account() {
    let text = "The port\0 reopened\u{7} on Friday, the harbour master said to those who waited at the gate.\n";
    let found = report("a", text.as_bytes(), &Options::default(), Knowledge::english()).unwrap();
    assert_eq!(found.text, text.replace(['\0', '\u{7}'], ""));
    assert_eq!(
        found.removed.iter().map(|r| (r.start, r.end, r.reason.as_str())).collect::<Vec<_>>(),
        [(8, 9, "control"), (18, 19, "control")]
    );
    let json = "{\"text\": \"The port\\u0000 reopened \\ud83d on Friday.\"}";
    let found = report("a", json.as_bytes(), &Options::default(), Knowledge::english()).unwrap();
    assert_eq!(found.text, "The port reopened \u{fffd} on Friday.");
    assert_eq!(found.warnings.len(), 1);
}

#[test]
fn a_run_goes_on_after_what_is_bad() {
    let lines = "{\"text\": \"a\"}\nnot json\n{\"no\": \"text\"}\n{\"text\": \"b\"}\n\u{0}\u{1}\n{\"text\": \"c\"}\n";
    assert_eq!(kinds("a", lines), ["ok", "malformed", "no_text", "ok", "malformed", "ok"]);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"WARC/1.0\r\n".to_vec()),
        Just(b"WARC-Type: response\r\nContent-Length: 20\r\n\r\n".to_vec()),
        Just(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec()),
        Just(b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n".to_vec()),
        Just(b"<rss><channel><item>".to_vec()),
        Just(b"<feed><entry><content type=\"xhtml\">".to_vec()),
        Just(b"</item>".to_vec()),
        Just(b"</entry>".to_vec()),
        Just(b"<![CDATA[".to_vec()),
        Just(b"<!DOCTYPE rss [".to_vec()),
        Just(b"{\"text\": \"a\"}\n".to_vec()),
        Just(b"[{\"text\": ".to_vec()),
        Just(b"title,text\n".to_vec()),
        Just(b"a,\"b\n".to_vec()),
        Just(b"From: a@b.example\r\nSubject: x\r\nDate: y\r\n".to_vec()),
        Just(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".to_vec()),
        Just(b"PK\x03\x04".to_vec()),
        Just(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n".to_vec()),
        Just(b"\xff\xfe".to_vec()),
        Just(b"\xe2\x80".to_vec()),
        Just(b"\r\n\r\n".to_vec()),
        Just("[ad_1]\nKEEP READING:\nOne two three\nâ€™".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_comes_gives_reports_or_errors(input in pieces(), packed in 0usize..3) {
        let bytes = match packed {
            0 => input.clone(),
            1 => gzip(&input),
            _ => zstd(&input),
        };
        let mut count = 0;
        for raw in open("in", Cursor::new(bytes), &Options::default()) {
            count += 1;
            prop_assert!(count <= input.len() + 2);
            // What a page writes as references, and the spaces it joins, stand in no segment.
            let page = raw.as_ref().is_ok_and(|raw| raw.kind != Kind::Text);
            let report = match raw.and_then(|raw| report_of(raw, &Options::default(), Knowledge::english())) {
                Ok(report) => report,
                Err(error) => {
                    prop_assert!(error.to_string().starts_with("in"));
                    continue;
                }
            };
            // Segments cover the text, and with what was removed the input, without holes up to their last.
            let mut at = 0;
            for segment in &report.segments {
                prop_assert!(segment.text[0] == at || (page && segment.text[0] > at));
                at = segment.text[1];
            }
            let length = report.text.chars().count();
            prop_assert!(at == length || (page && at < length));
            let mut covered: Vec<[usize; 2]> = report.segments.iter().map(|s| s.input).collect();
            covered.extend(report.removed.iter().map(|r| [r.start, r.end]));
            covered.sort_unstable();
            prop_assert_eq!(covered.first().map(|c| c[0]), Some(0));
            prop_assert!(covered.windows(2).all(|pair| pair[0][1] == pair[1][0]));
        }
    }
}
