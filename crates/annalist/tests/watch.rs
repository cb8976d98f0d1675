//! Feeds and folders are watched, and pages added, against a server that does not always do as it should.

#[path = "../../fetch/tests/server/mod.rs"]
mod server;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use server::{Reply, Server, say};

fn annalist(ledger: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annalist"));
    command.args(arguments).env("ANNALIST_LEDGER", ledger).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PAGE: &str = "<html><head><title>Pilots go out</title><meta property=\"og:site_name\" content=\"Elva Press\">\
<meta property=\"article:published_time\" content=\"2026-03-12T08:00:00Z\"></head><body><article><h1>Pilots go out</h1>\
<p>The harbour master of Elva, Ines Okabe, said on Thursday that the pilots would go out at dawn. The ferries stayed at their berths all morning, \
and the dockers waited at the gates until the tide had turned.</p><p>She told reporters that nobody had been hurt.</p></article></body></html>";

fn feed(base: &str, items: &[(&str, &str)]) -> String {
    let item = |(path, words): &(&str, &str)| {
        format!(
            "<item><title>About {path}</title><link>{base}{path}</link><description>{words}</description><pubDate>Thu, 12 Mar 2026 08:00:00 GMT</pubDate></item>"
        )
    };
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Coastal Post</title>{}</channel></rss>",
        items.iter().map(item).collect::<String>()
    )
}

const FED: &str =
    "The dockers’ union said on Thursday that the gates of the harbour would stay closed until the mines were found.";

#[test]
fn feeds_are_watched_politely_and_dead_ones_survived() {
    let asked_for_late = Arc::new(AtomicUsize::new(0));
    let late = asked_for_late.clone();
    let server = Server::new(move |asked| {
        let base = format!("http://{}", asked.header("Host").unwrap());
        match asked.path.as_str() {
            "/robots.txt" => say(200, &[], "User-agent: *\nDisallow: /closed\n"),
            "/rss" if asked.header("If-None-Match") == Some("\"one\"") => say(304, &[], ""),
            "/rss" => say(
                200,
                &[("ETag", "\"one\""), ("Content-Type", "application/rss+xml")],
                feed(&base, &[("/page", "Short."), ("/closed/page", FED), ("/gone", FED), ("/late", "Later.")]),
            ),
            "/page" => say(200, &[("Content-Type", "text/html")], PAGE),
            "/late" if late.fetch_add(1, Ordering::SeqCst) == 0 => say(503, &[("Retry-After", "1")], ""),
            "/late" => say(
                200,
                &[("Content-Type", "text/html")],
                PAGE.replace("Pilots go out", "Ferries sail").replace("dawn", "noon"),
            ),
            "/dead" => say(500, &[], ""),
            "/slow" => Reply::Silence,
            "/picture" => say(200, &[("Content-Type", "image/png")], "x"),
            _ => say(404, &[], ""),
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let (ledger, incoming) = (folder.path().join("annals.db"), folder.path().join("incoming"));
    fs::create_dir(&incoming).unwrap();
    fs::write(incoming.join("a.txt"), "Transport Minister Ines Okabe said on Monday that the harbour would reopen.")
        .unwrap();
    let watched = folder.path().join("feeds.toml");
    let feeds = ["/rss", "/dead", "/slow", "/picture"]
        .map(|path| format!("[[feed]]\nurl = \"{}\"\n", server.url(path)))
        .concat();
    let text_of = |private: bool| {
        format!(
            "pause = \"1ms\"\ntimeout = \"3s\"\nprivate = {private}\nevery = \"2s\"\n{feeds}\n[[folder]]\npath = \"{}\"\n",
            incoming.display()
        )
    };
    fs::write(&watched, text_of(false)).unwrap();
    let watch = || annalist(&ledger, &["watch", watched.to_str().unwrap(), "--once"]);
    let refused = watch();
    assert!(text(&refused.stderr).contains("which is not a public address"), "{}", text(&refused.stderr));
    assert!(server.paths().is_empty());
    assert!(
        text(&refused.stdout).contains("1 added"),
        "the folder is looked into all the same: {}",
        text(&refused.stdout)
    );

    fs::write(&watched, text_of(true)).unwrap();
    // Hosts that failed are spared for a while.
    std::thread::sleep(std::time::Duration::from_secs(6));
    let first = watch();
    let told = text(&first.stderr);
    // The page, and what the feed says of two pages that cannot be had: these are one text.
    assert!(text(&first.stdout).contains("3 added, of these 1 reprints"), "{} {told}", text(&first.stdout));
    assert!(text(&first.stdout).contains("3 feeds without answer"), "{}", text(&first.stdout));
    assert!(
        told.contains("/dead: the host answered with status 500")
            && told.contains("/slow: did not answer")
            && told.contains("/picture: is image/png"),
        "{told}"
    );
    assert!(!server.paths().iter().any(|path| path.starts_with("/closed")));
    let said = text(&annalist(&ledger, &["statements", "--outlet", "Elva Press"]).stdout);
    assert!(said.contains("go out at dawn") && said.contains("2026-03-12"), "{said}");

    // The page that was late is had the next time, and nothing else is fetched again.
    std::thread::sleep(std::time::Duration::from_secs(6));
    let before = server.paths().iter().filter(|path| *path == "/page").count();
    let second = watch();
    assert!(text(&second.stdout).contains("1 added"), "{} {}", text(&second.stdout), text(&second.stderr));
    let third = watch();
    assert!(text(&third.stdout).contains("0 added"), "{}", text(&third.stdout));
    let paths = server.paths();
    assert_eq!(paths.iter().filter(|path| *path == "/page").count(), before);
    assert_eq!(paths.iter().filter(|path| *path == "/late").count(), 2);
    assert!(server.asked().iter().any(|asked| asked.header("If-None-Match") == Some("\"one\"")));
}

#[test]
fn a_page_is_added_by_its_address() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/page" => say(200, &[("Content-Type", "text/html")], PAGE),
        _ => say(404, &[], ""),
    });
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("annals.db");
    let refused = annalist(&ledger, &["add", &server.url("/page")]);
    assert!(text(&refused.stderr).contains("not a public address"), "{}", text(&refused.stderr));
    let added = annalist(&ledger, &["add", "--private", &server.url("/page"), &server.url("/none")]);
    assert_eq!(added.status.code(), Some(1));
    assert!(text(&added.stdout).starts_with("1 added, 1 failed"), "{}", text(&added.stdout));
    let again = annalist(&ledger, &["add", "--private", &server.url("/page")]);
    assert!(text(&again.stdout).starts_with("0 added, 1 already there"), "{}", text(&again.stdout));
    let records = text(&annalist(&ledger, &["export", "jsonl"]).stdout);
    let record: serde_json::Value = serde_json::from_str(&records).unwrap();
    assert_eq!(record["report"]["url"], server.url("/page"));
    assert!(record["report"]["retrieved"].is_string());
}
