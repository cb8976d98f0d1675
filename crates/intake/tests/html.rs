//! Web pages to reports. All pages here are invented.

use annalist_intake::html::{Page, read};
use annalist_knowledge::Knowledge;
use annalist_record::PublishedFrom;
use proptest::prelude::*;

fn page(html: &str) -> Page {
    read(html, None, Knowledge::english().pages())
}

const STORY: &str = r##"<!DOCTYPE html>
<html lang="en-GB"><head>
<title>Island port reopens after talks | Coastal Press</title>
<meta property="og:site_name" content="Coastal Press">
<meta property="og:title" content="Island port reopens after talks">
<link rel="canonical" href="https://coastal.example/news/port">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Island port reopens after talks",
"datePublished":"2021-05-03T10:15:00+01:00","dateModified":"2021-05-04","author":[{"@type":"Person","name":"Ann Example"}],
"articleSection":"Harbours","publisher":{"@type":"Organization","name":"Coastal Press"}}</script>
<style>p { color: red }</style></head>
<body class="has-sidebar category-latest-news">
<nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav>
<div class="cookie-banner"><p>We use cookies on this site to make it better for you and for all our partners.</p></div>
<article><header><h1>Island port reopens after talks</h1><p class="byline">By Ann Example</p></header>
<figure><img src="a.jpg"><figcaption>Dockers wait at the gate. Photo: B. Sample</figcaption></figure>
<div class="entry-content">
<p>The port of the northern island reopened on Friday, the harbour master&rsquo;s office said, after talks that went on for nine days.</p>
<p>&ldquo;We are glad that it is over,&rdquo; she said.<br>Ferries sail again from Saturday.</p>
<div class="social-share"><a href="#">Share</a> <a href="#">Tweet</a></div>
<p><a href="/ferry">Ferry company to cut its winter service</a></p>
<h2>What was agreed</h2>
<p>Dockers will get four per cent more from July, and the company will hire thirty people, both sides said in a joint statement.</p>
<blockquote class="twitter-tweet"><p>At last. The port is open, and we thank all who helped us.</p></blockquote>
<p>The strike had cost the island 2 million a day, according to the chamber of commerce &amp; industry.</p>
</div>
<h3>Related stories</h3>
<ul><li><a href="/storm">Storm closes coastal road for third day</a></li></ul>
</article>
<div id="comments"><h3>3 Comments</h3><p>I never believed that they would reach an agreement in this century, to be honest.</p></div>
<footer><p>© 2021 Coastal Press. All rights reserved.</p></footer></body></html>"##;

#[test]
fn a_story_is_its_paragraphs() {
    let page = page(STORY);
    assert_eq!(
        page.text,
        "The port of the northern island reopened on Friday, the harbour master’s office said, after talks that went on for nine \
         days.\n\n“We are glad that it is over,” she said.\nFerries sail again from Saturday.\n\nWhat was agreed\n\nDockers will \
         get four per cent more from July, and the company will hire thirty people, both sides said in a joint statement.\n\nAt \
         last. The port is open, and we thank all who helped us.\n\nThe strike had cost the island 2 million a day, according to \
         the chamber of commerce & industry."
    );
    assert!(page.leads.iter().any(|l| l == "Ferry company to cut its winter service"), "{:?}", page.leads);
}

#[test]
fn a_story_tells_of_itself() {
    let page = page(STORY);
    assert_eq!(page.title.as_deref(), Some("Island port reopens after talks"));
    assert_eq!(page.outlet.as_deref(), Some("Coastal Press"));
    assert_eq!(page.authors, ["Ann Example"]);
    assert_eq!(page.published.as_deref(), Some("2021-05-03T10:15:00+01:00"));
    assert_eq!(page.published_from, PublishedFrom::JsonLd);
    assert_eq!(page.modified.as_deref(), Some("2021-05-04"));
    assert_eq!(page.section.as_deref(), Some("Harbours"));
    assert_eq!(page.url.as_deref(), Some("https://coastal.example/news/port"));
    assert_eq!(page.language.as_deref(), Some("en-GB"));
}

#[test]
fn what_was_removed_has_its_reason() {
    let page = page(STORY);
    let source: Vec<char> = STORY.chars().collect();
    let reason = |needle: &str| {
        let found = page.removed.iter().find(|r| source[r.start..r.end].iter().collect::<String>().contains(needle));
        found.map(|r| r.reason.as_str())
    };
    assert_eq!(reason("Dockers wait at the gate"), Some("caption"));
    assert_eq!(reason("By Ann Example"), Some("byline"));
    assert_eq!(reason("We use cookies"), Some("overlay"));
    assert_eq!(reason("Tweet"), Some("share"));
    assert_eq!(reason("I never believed"), Some("comments"));
    assert_eq!(reason("color: red"), Some("markup"));
}

#[test]
fn dates_rest_on_what_there_is() {
    let from = |html: &str, url: Option<&str>| {
        let page = read(html, url, Knowledge::english().pages());
        (page.published.unwrap_or_default(), page.published_from)
    };
    let meta = r#"<meta property="article:published_time" content="2021-05-03T10:00:00Z"><p>Text.</p>"#;
    assert_eq!(from(meta, None), ("2021-05-03T10:00:00Z".to_string(), PublishedFrom::OpenGraph));
    let time = r#"<article><time datetime="2021-05-03">yesterday</time><p>Text.</p></article>"#;
    assert_eq!(from(time, None), ("2021-05-03".to_string(), PublishedFrom::TimeTag));
    let plain =
        "<h1>Port reopens</h1><p>Published: 3 May 2021</p><p>The port reopened, the harbour master said on Friday.</p>";
    assert_eq!(from(plain, None), ("2021-05-03".to_string(), PublishedFrom::Byline));
    let url = "https://coastal.example/2021/05/03/port";
    assert_eq!(from("<p>Text.</p>", Some(url)), ("2021-05-03".to_string(), PublishedFrom::Url));
    assert_eq!(from("<p>Text.</p>", None), (String::new(), PublishedFrom::None));
    // Late in the evening where it was written is the next day in UTC.
    let late = r#"<meta property="article:published_time" content="2021-05-04T02:00:00Z"><p>Text.</p>"#;
    assert_eq!(from(late, Some(url)), ("2021-05-03".to_string(), PublishedFrom::Url));
}

#[test]
fn the_day_shown_beside_the_headline_goes_before_the_day_in_data() {
    let from = |head: &str, beside: &str, url: Option<&str>| {
        let html = format!(
            "<html lang=en-US><head>{head}</head><body><header><h1>Port reopens</h1><p>Sunday, May 9, 2021</p></header><main><div class=no-promo><h1>Port reopens</h1>{beside}</div>\
             <p>The port of the northern island reopened on Friday, the harbour master said.</p></main>"
        );
        let page = read(&html, url, Knowledge::english().pages());
        (page.published.unwrap_or_default(), page.published_from)
    };
    let published = |day: &str| format!(r#"<meta property="article:published_time" content="{day}T02:00:00Z">"#);
    let modified = |day: &str| format!(r#"<meta property="article:modified_time" content="{day}T09:00:00Z">"#);
    let (data, shown) = (PublishedFrom::OpenGraph, PublishedFrom::Byline);
    // Nothing else tells.
    let date = "<span>May 3, 2021 - 11:28 AMT</span>";
    assert_eq!(from("", date, None), ("2021-05-03".to_string(), shown));
    // Where it was written it was still the third.
    assert_eq!(from(&published("2021-05-04"), date, None), ("2021-05-03".to_string(), shown));
    // The same day: data tell the time too; the address may have the day on which the story was begun.
    let url = Some("https://coastal.example/2021/05/02/port");
    assert_eq!(from(&published("2021-05-03"), date, url), ("2021-05-03T02:00:00Z".to_string(), data));
    // Data may tell when a draft was made.
    assert_eq!(from(&published("2021-04-30"), date, None), ("2021-05-03".to_string(), shown));
    let both =
        published("2021-04-30") + r#"<meta name="date" content="2021-05-03T08:00:00Z">"# + &modified("2021-05-03");
    assert_eq!(from(&both, date, None), ("2021-05-03T08:00:00Z".to_string(), PublishedFrom::Meta));
    // What is shown is the day of the last change.
    let changed = published("2021-04-30") + &modified("2021-05-03");
    assert_eq!(from(&changed, date, None).0, "2021-04-30T02:00:00Z");
    for date in ["<span>Updated May 3, 2021</span>", "Updated: <b>May 3, 2021</b>", "<b class=modified>May 3, 2021</b>"]
    {
        assert_eq!(from(&published("2021-04-30"), date, None).0, "2021-04-30T02:00:00Z", "{date}");
    }
    // Or today, or could be read two ways, or is no date line.
    let changed = published("2021-04-30") + &modified("2021-05-01");
    assert_eq!(from(&changed, date, None).0, "2021-04-30T02:00:00Z");
    for date in ["<span>3/5/2021</span>", "<h2>The talks of May 3, 2021</h2>", "<h2>1-3 May 2021</h2>", ""] {
        assert_eq!(from(&published("2021-04-30"), date, None).0, "2021-04-30T02:00:00Z", "{date}");
    }
}

#[test]
fn the_entries_of_a_live_blog_are_its_paragraphs_and_their_times_are_their_own() {
    let entry = |day: u32, text: &str| {
        format!(
            r#"<article class="entry" itemprop="liveBlogUpdate"><time itemprop="datePublished" datetime="2021-05-0{day}T10:42:00Z">May {day}, 2021, 10:42</time>
            <h3>Day {day} of the talks</h3><p>{text} officials said on the quay of the northern harbour, where the dockers wait.</p></article>"#
        )
    };
    let texts = ["The doors are closed,", "Both sides are back,", "Tea was served,", "The talks began,"];
    let entries: String = texts.iter().enumerate().map(|(i, text)| entry(8 - i as u32, text)).collect();
    let html =
        format!("<html lang=en><title>Port talks, live</title><body><main><h1>Port talks, live</h1>{entries}</main>");
    let found = page(&html);
    for text in texts {
        assert!(found.text.lines().any(|line| line.starts_with(text)), "{text}: {}", found.text);
    }
    assert!(found.text.contains("Day 8 of the talks") && !found.text.contains("10:42"), "{}", found.text);
    assert_eq!((found.published, found.published_from), (None, PublishedFrom::None));
    let stated = r#"<script type="application/ld+json">{"@type":"LiveBlogPosting","datePublished":"2021-05-05T08:00:00Z","liveBlogUpdate":
        [{"@type":"BlogPosting","datePublished":"2021-05-08T10:42:00Z"}]}</script>"#;
    assert_eq!(page(&(html + stated)).published.as_deref(), Some("2021-05-05T08:00:00Z"));
}

#[test]
fn a_page_that_states_its_text_in_data_only_is_read() {
    let body = "The port of the northern island reopened on Friday, the harbour master said. ".repeat(6);
    let html = format!(
        r#"<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script><div id="app">Loading</div>"#
    );
    assert_eq!(page(&html).text, body.trim());
}

#[test]
fn fragments_and_nothing() {
    assert_eq!(
        page("<p>The port reopened on Friday.</p><p>Ferries sail.</p>").text,
        "The port reopened on Friday.\n\nFerries sail."
    );
    assert_eq!(page("The port reopened on Friday.").text, "The port reopened on Friday.");
    assert_eq!(page(""), Page::default());
    assert_eq!(page("<html><body></body></html>").text, "");
}

#[test]
fn hostile_pages_end() {
    let sentence = "The port of the northern island reopened on Friday, the harbour master said. ";
    for html in [
        "<div class=share>".repeat(10_000) + sentence,
        "<b><p>".repeat(50_000) + sentence,
        "<table><tr><td>".repeat(10_000) + sentence,
        "<h1 class=author>".repeat(20_000) + sentence,
        format!("<title>{}</title><p>{sentence}", "a | b - ".repeat(50_000)),
        format!("<p>{sentence}</p>{}", "<h3>Related</h3><p>x</p>".repeat(20_000)),
        format!("<body><img>{}", format!("{sentence}<br><br><img>").repeat(10_000)),
        format!("<p>{sentence}\0\0 &#0; &#xFFFFFFFF; &#xD800; </p><p"),
        format!("<script type='application/ld+json'>{}</script>{sentence}", "[".repeat(100_000)),
        format!("<p>{sentence}<!-- {}", "--- ".repeat(50_000)),
        format!("<p {}>{sentence}", "class=ad ".repeat(50_000)),
        format!("<div class=entry><time datetime=2021-05-03>May 3, 2021</time><p>{sentence}</div>").repeat(5_000),
        "<div><h1>Port</h1><span>May 3, 2021</span>".repeat(20_000) + sentence,
        "<time><div>".repeat(20_000) + sentence,
    ] {
        let start = std::time::Instant::now();
        let read = page(&html);
        // Generous, for slow machines; what is quadratic takes minutes.
        assert!(start.elapsed().as_secs() < 20, "{}", &html[..40]);
        check(&html, &read).unwrap();
    }
}

/// Segments are the same characters on both sides; with what was removed they are the whole source, once.
fn check(html: &str, page: &Page) -> Result<(), TestCaseError> {
    let source: Vec<char> = html.chars().collect();
    let text: Vec<char> = page.text.chars().collect();
    let mut covered = vec![0u8; source.len()];
    let mut at = 0;
    for s in &page.segments {
        prop_assert!(s.text[0] >= at && s.text[1] > s.text[0]);
        at = s.text[1];
        prop_assert_eq!(&text[s.text[0]..s.text[1]], &source[s.input[0]..s.input[1]]);
        covered[s.input[0]..s.input[1]].iter_mut().for_each(|c| *c += 1);
    }
    for r in &page.removed {
        covered[r.start..r.end].iter_mut().for_each(|c| *c += 1);
    }
    prop_assert!(covered.iter().all(|&c| c == 1));
    // What of the text is in no segment is white space or was written as a reference.
    let outside = text.len() - page.segments.iter().map(|s| s.text[1] - s.text[0]).sum::<usize>();
    if !html.contains('&') && !page.segments.is_empty() {
        let spaces = text.iter().filter(|c| c.is_whitespace()).count();
        prop_assert!(outside <= spaces);
    }
    Ok(())
}

#[test]
fn the_story_is_accounted_for() {
    check(STORY, &page(STORY)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_page_is_accounted_for(parts in prop::collection::vec(prop_oneof![
        Just("<p>".to_string()), Just("</p>".to_string()), Just("<div class=\"related\">".to_string()), Just("</div>".to_string()),
        Just("<br>".to_string()), Just("<li><a href=x>".to_string()), Just("</a>".to_string()), Just("<h1>".to_string()),
        Just("<pre>".to_string()), Just("</pre>".to_string()), Just("<b".to_string()), Just("<!--".to_string()), Just("-->".to_string()),
        Just("<script>".to_string()), Just("</script>".to_string()), Just("&eacute;&nbsp;&amp".to_string()), Just("\r\n\t".to_string()),
        Just("The port reopened on Friday, the caf\u{e9} owner said, after nine days of talks. ".to_string()),
        Just("<table><tr><td>".to_string()), Just("<span hidden>".to_string()), "\\PC{0,12}", "[ -~]{0,12}",
    ], 0..40)) {
        let html = parts.concat();
        check(&html, &page(&html))?;
    }
}
