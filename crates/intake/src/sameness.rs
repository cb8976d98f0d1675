//! Which reports are the same: ids of texts and of reports.

use annalist_identity::words;
use sha2::{Digest, Sha256};

/// The id of a text's words alone: 24 hexadecimal digits.
pub(crate) fn content_id(text: &str) -> String {
    let mut sha = Sha256::new();
    for word in words(text) {
        sha.update(word.as_bytes());
        sha.update(b" ");
    }
    digits(sha)
}

/// The id of a report: of its address, else of outlet, title and day if all are known, else of its words.
pub(crate) fn report_id(
    url: Option<&str>,
    outlet: Option<&str>,
    title: Option<&str>,
    day: Option<&str>,
    content_id: &str,
) -> String {
    let parts: Vec<String> = match (url, outlet, title, day) {
        (Some(url), ..) => vec!["url".to_string(), address(url)],
        (None, Some(outlet), Some(title), Some(day)) => {
            let joined = |text: &str| words(text).collect::<Vec<_>>().join(" ");
            vec!["title".to_string(), joined(outlet), joined(title), day.chars().take(10).collect()]
        }
        _ => return content_id.to_string(),
    };
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update(b"\n");
    }
    digits(sha)
}

/// Parameters of addresses that say how a reader came, not what is there.
const TRACKING: &[&str] =
    &["utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "cmpid", "ocid", "smid", "ref_src"];

/// An address as addresses are compared: without scheme, `www.`, fragment, tracking parameters, default port, and last slash.
fn address(url: &str) -> String {
    let url = url.trim();
    let url = url.split('#').next().unwrap_or(url);
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = host.to_lowercase();
    let host = host.trim_end_matches(":80").trim_end_matches(":443");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|parameter| {
            !parameter.is_empty() && !TRACKING.iter().any(|t| parameter.to_ascii_lowercase().starts_with(t))
        })
        .collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{host}{}{query}", path.trim_end_matches('/'))
}

fn digits(sha: Sha256) -> String {
    sha.finalize()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_id_is_the_words() {
        assert_eq!(content_id("The talks, he said, ended."), content_id("the talks\nhe said   ended"));
        assert_ne!(content_id("The talks ended"), content_id("The talk sended"));
        assert_eq!(content_id("“It’s the caf\u{e9}’s –\u{a0}own”"), content_id("\"It's the cafe\u{301}'s -- own\""));
        assert_eq!(content_id("of\u{ad}fice, \u{fb01}rst"), content_id("office, first"));
    }

    #[test]
    fn the_report_id_is_the_address_then_the_title() {
        let id = |url, outlet, title, day| report_id(url, outlet, title, day, "words");
        assert_eq!(id(None, None, Some("Talks end"), Some("2021-08-16")), "words");
        let by_url = id(Some("https://www.press.example/a/?utm_source=x&id=7#top"), None, None, None);
        assert_eq!(by_url, id(Some("http://press.example/a?id=7"), Some("P"), None, None));
        assert_ne!(by_url, id(Some("http://press.example/a?id=8"), None, None, None));
        let by_title = id(None, Some("Coastal Press"), Some("Talks end"), Some("2021-08-16T10:00:00Z"));
        assert_eq!(by_title, id(None, Some("Coastal press"), Some("Talks end."), Some("2021-08-16")));
        assert_ne!(by_title, id(None, Some("Coastal press"), Some("Talks end."), Some("2021-08-17")));
    }
}
