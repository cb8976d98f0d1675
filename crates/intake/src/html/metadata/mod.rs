//! What the page tells of the report: title, authors, dates and the like, and what the date rests on.

mod dates;
mod json_ld;
mod names;
mod shown;
mod title;

use std::collections::HashMap;

use annalist_knowledge::{NameWords, Pages, Part};
use annalist_record::PublishedFrom;

use names::Kind;

use super::Page;
use super::blocks::Block;
use super::entities;
use super::parts::Parts;
use super::tags::Tag;
use super::tree::{Attr, Tree};

/// What is known of the report beside its text.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    /// With all but the text and what became of it.
    pub page: Page,
    /// All that the page gives for a title.
    pub titles: Vec<String>,
    /// The report's text as the page states it beside the text shown.
    pub stated_body: Option<String>,
}

/// Data beyond this many bytes in one script is not read.
const LARGEST_SCRIPT: usize = 4 << 20;
/// A longer text is no title.
const LONGEST_TITLE: usize = 400;
/// An element with more nodes than this is no time and no name.
const LARGEST_LINE: usize = 64;

/// What of the page tells something.
#[derive(Default)]
struct Evidence {
    metas: Vec<(String, String)>,
    /// Those that are properties of something on the page, which may be another work than the report.
    properties: Vec<(String, String)>,
    scripts: Vec<std::ops::Range<usize>>,
    title: Option<String>,
    headings: Vec<String>,
    /// Headings of the next two ranks.
    lesser: Vec<String>,
    canonical: Option<String>,
    language: Option<String>,
    /// Names in elements for them, the surest first.
    persons: [Vec<String>; 3],
    /// Times in elements for them: said to be of publication, others, of change.
    times: [Vec<String>; 3],
}

impl Evidence {
    /// The `<meta>` elements of these names, in the order of the names.
    fn metas<'e>(&'e self, names: &'e [String]) -> impl Iterator<Item = (&'e str, &'e str)> {
        let of = move |name: &'e String| self.metas.iter().chain(&self.properties).filter(move |(n, _)| n == name);
        names.iter().flat_map(of).map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

/// Gathers what the page tells. `blocks` are all its blocks.
///
/// `place` is the element with the report's text.
pub(crate) fn read(
    tree: &Tree,
    html: &str,
    blocks: &[Block],
    parts: &Parts,
    place: usize,
    url: Option<&str>,
    pages: &Pages,
) -> Metadata {
    let evidence = gather(tree, html, parts, pages);
    let scripts: Vec<&str> = evidence.scripts.iter().filter_map(|r| html.get(r.clone())).collect();
    let scripts: Vec<&str> = scripts.into_iter().filter(|s| s.len() <= LARGEST_SCRIPT).collect();
    let stated = json_ld::read(&scripts);
    let text = |s: &str| tidy(&entities::decode(s));
    let meta = |names| evidence.metas(names);
    let words = pages.meta();

    let outlet = meta(&words.outlet[..words.outlet.len().min(1)])
        .map(|(_, v)| tidy(v))
        .next()
        .or_else(|| stated.outlet.as_deref().map(text));
    let outlet = outlet.or_else(|| meta(&words.outlet).map(|(_, v)| tidy(v)).find(|v| v.chars().count() < 60));
    let outlet = outlet.filter(|o| o.chars().count() <= 100);
    let short = |t: &String| t.chars().count() <= LONGEST_TITLE;
    let mut titles: Vec<String> = meta(&words.title).map(|(_, v)| tidy(v)).filter(short).collect();
    let at = titles.len().min(1);
    titles.splice(at..at, stated.headline.as_deref().map(text).filter(short));
    let first_heading = blocks
        .iter()
        .filter(|b| tree.subtree(place).contains(&b.node))
        .take_while(|b| !b.is_prose())
        .find(|b| b.tag.is_heading())
        .map(|b| b.text.clone());
    let headings = title::Headings {
        first_rank: &evidence.headings,
        lesser: &evidence.lesser,
        over_text: first_heading.as_deref(),
    };
    let title = title::headline(&headings, &titles, evidence.title.as_deref(), outlet.as_deref());

    let language = evidence.language.clone().or(stated.language.clone());
    let day_first = language.as_deref().is_some_and(|l| {
        let l = l.to_lowercase().replace('_', "-");
        !l.starts_with("en") || (l.contains('-') && l != "en-us")
    });
    let read = |field: &str| dates::in_field(field, pages.dates(), day_first);
    let mut page = Page {
        title,
        authors: authors(
            &evidence,
            &stated,
            &blocks[..first_after(tree, blocks, place)],
            parts,
            pages,
            outlet.as_deref(),
        ),
        url: evidence.canonical.clone().or(stated.url.clone()).or(url.map(str::to_string)),
        section: stated.section.as_deref().map(text).or_else(|| meta(&words.section).map(|(_, v)| tidy(v)).next()),
        language,
        ..Page::default()
    };
    page.modified = stated
        .modified
        .as_deref()
        .and_then(read)
        .or_else(|| meta(&words.modified).find_map(|(_, v)| read(v)))
        .or_else(|| evidence.times[2].iter().find_map(|t| read(t)));
    let mut dates: Vec<(String, PublishedFrom)> = Vec::new();
    dates.extend(stated.published.as_deref().and_then(read).map(|d| (d, PublishedFrom::JsonLd)));
    for (name, value) in meta(&words.published) {
        let open = name.starts_with("og:") || name.starts_with("article:");
        dates.extend(read(value).map(|d| (d, if open { PublishedFrom::OpenGraph } else { PublishedFrom::Meta })));
    }
    let time = |rank: usize| evidence.times[rank].iter().find_map(|t| read(t)).map(|d| (d, PublishedFrom::TimeTag));
    dates.extend(time(0));
    let urls = [page.url.as_deref(), url];
    dates.extend(
        urls.into_iter().flatten().find_map(|u| dates::in_url(u, pages.dates())).map(|d| (d, PublishedFrom::Url)),
    );
    dates.extend(time(1));
    let headline = page.title.as_deref().unwrap_or_default();
    let shown = shown::beside(tree, html, blocks, parts, place, headline, pages.dates());
    let found = choose(&dates, &shown, page.modified.as_deref())
        .or_else(|| in_byline(tree, blocks, place, parts, pages, day_first).map(|d| (d, PublishedFrom::Byline)));
    if let Some((date, from)) = found {
        (page.published, page.published_from) = (Some(date), from);
    }

    titles.extend(evidence.headings.iter().cloned());
    if let Some(whole) = &evidence.title {
        titles.push(title::without_outlet(whole, outlet.as_deref()));
    }
    titles.extend(page.title.clone());
    page.outlet = outlet;
    Metadata { page, titles, stated_body: stated.body }
}

/// The surest date, unless nothing else agrees with it and two others agree with each other. The day that the page shows its
/// readers goes before the day its data give: data are in UTC or tell when a draft was made. But what is shown may be the day
/// of the last change, or today's. A time in UTC that falls on the day after the address's day is the address's day where the
/// report was written.
fn choose(
    dates: &[(String, PublishedFrom)],
    shown: &[String],
    modified: Option<&str>,
) -> Option<(String, PublishedFrom)> {
    fn day(date: &str) -> &str {
        date.get(..10).unwrap_or(date)
    }
    let of_day = |d: &str| dates.iter().find(|(other, _)| day(other) == d);
    let Some(first) = dates.first() else {
        return shown.first().map(|d| (d.clone(), PublishedFrom::Byline));
    };
    if shown.iter().any(|d| d == day(&first.0)) {
        return Some(first.clone());
    }
    let in_data = |d: &str| {
        let is_data = |from: &PublishedFrom| !matches!(from, PublishedFrom::TimeTag | PublishedFrom::Url);
        dates.iter().any(|(other, from)| day(other) == d && is_data(from))
    };
    let of_change = |d: &str| {
        modified.map(day).is_some_and(|m| if m == d { !in_data(d) } else { m < d && !dates::is_next_day(m, d) })
    };
    if let Some(day) = shown.iter().find(|d| !of_change(d)) {
        return Some(of_day(day).cloned().unwrap_or_else(|| (day.clone(), PublishedFrom::Byline)));
    }
    let votes = |d: &str| dates.iter().filter(|(other, _)| day(other) == day(d)).count();
    let address = dates.iter().find(|(_, from)| *from == PublishedFrom::Url);
    if let Some(address) = address
        && day(&address.0) < day(&first.0)
        && first.0.contains('T')
        && (first.0.ends_with('Z') || first.0.ends_with("+00:00"))
        && dates::is_next_day(day(&address.0), day(&first.0))
    {
        return Some(address.clone());
    }
    if votes(&first.0) == 1
        && let Some(other) = dates[1..].iter().find(|(d, _)| votes(d) >= 2)
    {
        return Some(other.clone());
    }
    Some(first.clone())
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a part of a page is not about its report: a list of others, readers' words, furniture.
fn is_other(part: Part) -> bool {
    matches!(
        part,
        Part::Related | Part::Comments | Part::Navigation | Part::Advertising | Part::Newsletter | Part::Overlay
    )
}

/// Whether what stands there is not about the report.
fn is_elsewhere(tree: &Tree, parts: &Parts, node: usize) -> bool {
    tree.ancestors(node).any(|n| parts.dropped[n].is_some_and(is_other))
}

/// Whether it stands in a list of other stories or among readers' words.
fn is_others(tree: &Tree, parts: &Parts, node: usize) -> bool {
    tree.ancestors(node).any(|n| parts.dropped[n].is_some_and(|p| matches!(p, Part::Related | Part::Comments)))
}

fn gather(tree: &Tree, html: &str, parts: &Parts, pages: &Pages) -> Evidence {
    let mut e = Evidence::default();
    let mut known = HashMap::new();
    for at in 1..tree.nodes.len() {
        let tag = tree.nodes[at].tag;
        if tag == Tag::Text {
            continue;
        }
        let get = |name: Attr| tree.attribute(at, name);
        match tag {
            Tag::Meta => {
                let content = get(Attr::Content).map(str::trim).filter(|c| !c.is_empty());
                for name in [Attr::Name, Attr::Property] {
                    if let (Some(name), Some(content)) = (get(name), content) {
                        e.metas.push((name.trim().to_lowercase(), content.to_string()));
                    }
                }
                if let (Some(name), Some(content)) = (get(Attr::Itemprop), content)
                    && !parts.in_entry(tree, at)
                {
                    e.properties.push((name.trim().to_lowercase(), content.to_string()));
                }
                continue;
            }
            Tag::Script if get(Attr::Type).is_some_and(|t| t.contains("ld+json")) => {
                e.scripts.extend(tree.nodes.get(at + 1).filter(|n| n.parent == at).map(|n| n.source.clone()));
            }
            Tag::Title if e.title.is_none() => {
                e.title = Some(tree.text(html, at)).filter(|t| !t.is_empty() && t.chars().count() <= LONGEST_TITLE)
            }
            Tag::H1
                if tree.subtree(at).len() <= LARGEST_LINE && e.headings.len() < 50 && !is_others(tree, parts, at) =>
            {
                e.headings
                    .extend(Some(tree.text(html, at)).filter(|t| !t.is_empty() && t.chars().count() <= LONGEST_TITLE));
            }
            Tag::H2 | Tag::H3 if e.lesser.len() < 200 && tree.subtree(at).len() <= LARGEST_LINE => {
                e.lesser
                    .extend(Some(tree.text(html, at)).filter(|t| !t.is_empty() && t.chars().count() <= LONGEST_TITLE));
            }
            Tag::Link if get(Attr::Rel).is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                e.canonical = get(Attr::Href).filter(|h| h.starts_with("http")).map(str::to_string);
            }
            Tag::Html => e.language = get(Attr::Lang).map(str::trim).filter(|l| !l.is_empty()).map(str::to_string),
            _ => {}
        }
        if tree.subtree(at).len() > LARGEST_LINE {
            continue;
        }
        times(tree, html, parts, at, &mut e);
        persons(tree, html, parts, pages, at, &mut known, &mut e);
    }
    e
}

fn times(tree: &Tree, html: &str, parts: &Parts, at: usize, e: &mut Evidence) {
    let get = |name: Attr| tree.attribute(at, name);
    let property = get(Attr::Itemprop).unwrap_or_default();
    let is_time = tree.nodes[at].tag == Tag::Time;
    if !(is_time || property.contains("date") || get(Attr::Datetime).is_some())
        || is_elsewhere(tree, parts, at)
        || parts.in_entry(tree, at)
    {
        return;
    }
    let value = get(Attr::Datetime).or(get(Attr::Content)).map(str::to_string).filter(|v| !v.trim().is_empty());
    let value = value.unwrap_or_else(|| tree.text(html, at));
    let named = format!("{} {property}", get(Attr::Class).unwrap_or_default()).to_lowercase();
    let rank = match Said::by_name(&named) {
        Said::Changed => 2,
        Said::Published => 0,
        Said::Nothing if is_time => 1,
        Said::Nothing => return,
    };
    e.times[rank].push(value);
}

/// What is said of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Published,
    Changed,
    Nothing,
}

impl Said {
    /// By what the makers of the page call its element, in lower case.
    fn by_name(named: &str) -> Said {
        let published = ["publ", "created", "entry-date", "post-date"].iter().any(|w| named.contains(w));
        if named.contains("modif") || (named.contains("updated") && !published) {
            Said::Changed
        } else if published {
            Said::Published
        } else {
            Said::Nothing
        }
    }
}

fn persons<'t>(
    tree: &'t Tree,
    html: &str,
    parts: &Parts,
    pages: &Pages,
    at: usize,
    known: &mut HashMap<&'t str, bool>,
    e: &mut Evidence,
) {
    let get = |name: Attr| tree.attribute(at, name);
    let property = get(Attr::Itemprop).is_some_and(|p| p.split_whitespace().any(|p| p == "author" || p == "creator"));
    let rel = get(Attr::Rel).is_some_and(|r| r.split_whitespace().any(|r| r == "author"));
    let mut named = || {
        let values = [Attr::Class, Attr::Id, Attr::Component].into_iter().filter_map(get);
        values.into_iter().any(|v| *known.entry(v).or_insert_with(|| pages.names_author(v)))
    };
    let rank = match (property, rel) {
        (true, _) => 0,
        (_, true) => 1,
        _ if named() => 2,
        _ => return,
    };
    if e.persons[rank].len() >= 8 || is_elsewhere(tree, parts, at) {
        return;
    }
    // The name within the author, if it is marked.
    let name = tree.subtree(at).skip(1).find(|&n| tree.attribute(n, Attr::Itemprop).is_some_and(|p| p == "name"));
    let text = match name {
        Some(n) => tree.attribute(n, Attr::Content).map(str::to_string).unwrap_or_else(|| tree.text(html, n)),
        None => tree.text(html, at),
    };
    if !text.is_empty() && text.chars().count() < 150 {
        e.persons[rank].push(text);
    }
}

fn authors(
    e: &Evidence,
    stated: &json_ld::Stated,
    blocks: &[Block],
    parts: &Parts,
    pages: &Pages,
    outlet: Option<&str>,
) -> Vec<String> {
    let words = pages.names();
    let read = |fields: &mut dyn Iterator<Item = String>, kind: Kind| -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for field in fields {
            for person in names::persons(&field, words, outlet, kind) {
                if !all.iter().any(|n| n.eq_ignore_ascii_case(&person)) {
                    all.push(person);
                }
            }
        }
        all
    };
    let mut found = read(&mut stated.authors.iter().map(|a| entities::decode(a)), Kind::Field);
    for (metas, most) in [(&e.metas, usize::MAX), (&e.properties, MOST_AUTHORS)] {
        for name in &pages.meta().author {
            if found.is_empty() {
                let fields: Vec<String> = metas.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect();
                found = read(&mut fields.into_iter(), Kind::Field);
                found.truncate(if found.len() > most { 0 } else { most });
            }
        }
    }
    // One word may be a first name or an outlet's; a byline with the whole name tells more.
    let whole = |names: &[String]| names.iter().any(|n| n.contains(' '));
    if !whole(&found) {
        let shown = shown_authors(e, blocks, parts, words, &read);
        if found.is_empty() || whole(&shown) {
            found = shown;
        }
    }
    if found.is_empty() {
        found = read(&mut stated.organisations.iter().cloned(), Kind::Field);
    }
    found
}

/// The authors that the page shows: in elements for them, in lines that begin with "By".
fn shown_authors(
    e: &Evidence,
    blocks: &[Block],
    parts: &Parts,
    words: &NameWords,
    read: &dyn Fn(&mut dyn Iterator<Item = String>, Kind) -> Vec<String>,
) -> Vec<String> {
    let fits = |found: &Vec<String>| !found.is_empty() && found.len() <= MOST_AUTHORS;
    let line = |text: &str| Some(read(&mut std::iter::once(text.to_string()), Kind::Line)).filter(fits);
    let [properties, links, named] = &e.persons;
    // A class name may stand on a box, a line and a link, each with the name.
    let one_of =
        |fields: &[String], kind: Kind| fields.iter().map(|f| read(&mut std::iter::once(f.clone()), kind)).find(fits);
    let near: Vec<&Block> =
        blocks.iter().filter(|b| b.weight < 100.0 && parts.dropped[b.node].is_none_or(|p| p == Part::Byline)).collect();
    let in_lines = || {
        near.iter().enumerate().find_map(|(i, block)| {
            let rest = names::after_prefix(block.text.lines().next().unwrap_or_default(), words)?;
            // The word may stand alone, and the name in the next element.
            line(if rest.trim().is_empty() { near.get(i + 1).map_or("", |b| b.text.as_str()) } else { rest })
        })
    };
    let all = Some(read(&mut properties.iter().cloned(), Kind::Field)).filter(fits);
    all.or_else(|| one_of(links, Kind::Field))
        .or_else(|| named.iter().filter_map(|n| names::after_prefix(n, words)).find_map(line))
        .or_else(in_lines)
        .or_else(|| named.iter().find_map(|n| line(n)))
        .unwrap_or_default()
}

/// The number of blocks up to the end of an element.
fn first_after(tree: &Tree, blocks: &[Block], place: usize) -> usize {
    blocks.partition_point(|b| b.node < tree.nodes[place].end)
}

/// More than so many named on the page are not the report's authors but those of works it lists.
const MOST_AUTHORS: usize = 6;

/// A date in the short lines before the report's text, best one that is said to be of publication; failing these, one of change.
fn in_byline(
    tree: &Tree,
    blocks: &[Block],
    place: usize,
    parts: &Parts,
    pages: &Pages,
    day_first: bool,
) -> Option<String> {
    let words = pages.dates();
    let mut other = None;
    let mut changed = None;
    let inside = tree.subtree(place);
    let text = blocks.iter().position(|b| b.is_prose() && inside.contains(&b.node)).unwrap_or(blocks.len());
    for (i, block) in blocks.iter().enumerate().filter(|(_, b)| b.weight < 120.0) {
        let before = i < text || parts.dropped[block.node] == Some(Part::Byline);
        let block = &blocks[i];
        if parts.dropped[block.node].is_some_and(|p| matches!(p, Part::Related | Part::Comments))
            || !block.text.bytes().any(|b| b.is_ascii_digit())
            || parts.in_entry(tree, block.node)
        {
            continue;
        }
        let Some(date) = dates::in_text(&block.text, words, day_first) else { continue };
        let lower = block.text.to_lowercase();
        if words.published.iter().any(|w| lower.contains(w.as_str())) {
            return Some(date);
        }
        if words.modified.iter().any(|w| lower.contains(w.as_str())) {
            changed.get_or_insert(date);
        } else if before && !block.is_prose() && parts.dropped[block.node] != Some(Part::Navigation) {
            other.get_or_insert(date);
        }
    }
    // When it was last changed is the nearest thing to when it came out.
    other.or(changed)
}
