//! A fetcher against a server that misbehaves.

mod server;

use std::time::{Duration, Instant};

use annalist_fetch::{FetchError, Fetched, Fetcher, Manners, Page, Validators};
use server::{Reply, Server, say};

fn manners() -> Manners {
    Manners {
        timeout: Duration::from_millis(2500),
        pause: Duration::ZERO,
        largest: 20_000,
        redirects: 3,
        private: true,
        ..Manners::default()
    }
}

fn page(fetched: Result<Fetched, FetchError>) -> Page {
    match fetched.unwrap() {
        Fetched::Page(page) => page,
        Fetched::Unchanged => panic!("unchanged"),
    }
}

#[test]
fn whatever_a_host_does_ends_in_time_and_is_told() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/good" => say(200, &[("Content-Type", "text/html; charset=\"ISO-8859-1\""), ("ETag", "\"a\"")], "<p>Good"),
        "/moved" => say(301, &[("Location", "/deep/../good")], ""),
        "/loop" => say(302, &[("Location", "/loop2")], ""),
        "/loop2" => say(302, &[("Location", "loop")], ""),
        "/nowhere" => say(302, &[], ""),
        "/file" => say(302, &[("Location", "file:///etc/passwd")], ""),
        "/picture" => say(200, &[("Content-Type", "image/png")], [0x89, b'P']),
        "/large" => say(200, &[("Content-Type", "text/html")], vec![b'x'; 20_001]),
        "/many" => say(429, &[("Retry-After", "120")], ""),
        "/broken" => say(500, &[], "oops"),
        "/gone" => say(410, &[], ""),
        "/silent" => Reply::Silence,
        "/drip" => Reply::Drip,
        "/endless" => Reply::Endless,
        "/cut" => Reply::Cut,
        "/noise" => Reply::Noise,
        path if path.starts_with("/chain/") => {
            let next: usize = path[7..].parse().unwrap();
            say(307, &[("Location", &format!("/chain/{}", next + 1))], "")
        }
        _ => say(404, &[], ""),
    });
    let fetcher = Fetcher::new(manners());
    let get = |path: &str| {
        let start = Instant::now();
        let got = fetcher.get(&server.url(path), None);
        assert!(start.elapsed() < Duration::from_secs(10), "{path} took {:?}", start.elapsed());
        got
    };
    let good = page(get("/moved"));
    assert_eq!((good.url, good.body.as_slice()), (server.url("/good"), &b"<p>Good"[..]));
    assert_eq!((good.media_type.as_str(), good.charset.as_deref()), ("text/html", Some("ISO-8859-1")));
    assert_eq!(good.validators.etag.as_deref(), Some("\"a\""));
    for path in ["/loop", "/chain/0", "/nowhere", "/file"] {
        assert!(matches!(get(path), Err(FetchError::Redirects { .. })), "{path}");
    }
    assert!(matches!(get("/picture"), Err(FetchError::NoText { .. })));
    for path in ["/large", "/endless"] {
        assert!(matches!(get(path), Err(FetchError::TooLarge { limit: 20_000, .. })), "{path}");
    }
    for path in ["/silent", "/drip"] {
        let told = get(path).unwrap_err();
        assert!(matches!(told, FetchError::TimedOut { .. }) && told.passes(), "{path}: {told}");
    }
    for path in ["/cut", "/noise"] {
        let told = get(path).unwrap_err();
        assert!(matches!(told, FetchError::Unreachable { .. }), "{path}: {told:?}");
    }
    let many = get("/many").unwrap_err();
    assert_eq!((many.wait(), many.passes()), (Some(Duration::from_secs(120)), true));
    assert!(get("/broken").unwrap_err().passes());
    let gone = get("/gone").unwrap_err();
    assert!(!gone.passes() && gone.to_string().contains("no longer there"), "{gone}");
    // A host without a listener.
    let told = fetcher.get("http://127.0.0.1:1/x", None).unwrap_err();
    assert!(told.passes(), "{told:?}");
    for url in ["ftp://a.example/", "no address", "http://user:word@127.0.0.1/"] {
        assert!(matches!(fetcher.get(url, None), Err(FetchError::NoUrl { .. })), "{url}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::new(|asked| match (asked.header("If-None-Match"), asked.header("If-Modified-Since")) {
        (Some("\"v1\""), Some("Sun, 06 Nov 1994 08:49:37 GMT")) => say(304, &[], ""),
        _ => say(200, &[("ETag", "\"v1\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")], "feed"),
    });
    let fetcher = Fetcher::new(manners());
    let first = page(fetcher.get(&server.url("/rss"), None));
    assert_eq!(fetcher.get(&server.url("/rss"), Some(&first.validators)).unwrap(), Fetched::Unchanged);
    assert!(matches!(fetcher.get(&server.url("/rss"), Some(&Validators::default())).unwrap(), Fetched::Page(_)));
    assert!(server.asked().iter().all(|asked| asked.header("User-Agent").unwrap().starts_with("annalist/")));
}

#[test]
fn a_host_is_asked_in_turn_and_its_rules_are_obeyed() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/robots.txt" => say(200, &[], "User-agent: annalist\nDisallow: /private\nCrawl-delay: 0.3\n"),
        "/out" => say(302, &[("Location", "/private/x")], ""),
        _ => say(200, &[], "x"),
    });
    let fetcher = Fetcher::new(manners());
    std::thread::scope(|scope| {
        for i in 0..4 {
            let (fetcher, url) = (&fetcher, server.url(&format!("/{i}")));
            scope.spawn(move || page(fetcher.get(&url, None)));
        }
    });
    let asked = server.asked();
    assert!(asked.windows(2).all(|two| two[1].at - two[0].at >= Duration::from_millis(280)), "{asked:?}");
    for path in ["/private/x", "/out"] {
        assert!(matches!(fetcher.get(&server.url(path), None), Err(FetchError::Robots { .. })), "{path}");
    }
    assert!(!server.paths().contains(&"/private/x".to_string()));
    let careless = Fetcher::new(Manners { robots: false, ..manners() });
    page(careless.get(&server.url("/private/x"), None));
    // A host that cannot tell its rules is left alone for now.
    let ill = Server::new(|asked| if asked.path == "/robots.txt" { say(503, &[], "") } else { say(200, &[], "x") });
    let told = Fetcher::new(manners()).get(&ill.url("/"), None).unwrap_err();
    assert!(matches!(told, FetchError::NoRobots { .. }) && told.passes(), "{told}");
    assert!(ill.paths().is_empty());
}

#[test]
fn addresses_that_are_not_public_are_refused_unless_they_are_allowed() {
    let server = Server::new(|_| say(200, &[], "inside"));
    let port = server.base.rsplit(':').next().unwrap().to_string();
    let fetcher = Fetcher::new(Manners { private: false, ..manners() });
    for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"] {
        let told = fetcher.get(&format!("http://{host}:{port}/"), None).unwrap_err();
        let refused = matches!(told, FetchError::NotPublic { .. });
        // Not every system reads the odd spellings, or has IPv6.
        assert!(refused || matches!(told, FetchError::NoRobots { .. } | FetchError::NoUrl { .. }), "{host}: {told:?}");
        assert!(refused || !matches!(host, "127.0.0.1" | "localhost" | "0.0.0.0"), "{host}: {told:?}");
    }
    assert!(server.paths().is_empty());
    page(Fetcher::new(manners()).get(&server.url("/"), None));
}
