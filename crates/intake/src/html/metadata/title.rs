//! The headline.

use super::super::clean::folded;

/// What stands between a headline and the outlet's name.
const SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " » ", " :: ", " · ", " • ", " « ", " / ", " : ", "｜", ": ", " |"];

/// The page's headings.
pub(crate) struct Headings<'p> {
    /// Those of the first rank.
    pub first_rank: &'p [String],
    /// Those of the next ranks.
    pub lesser: &'p [String],
    /// The first one of any rank over the report's text.
    pub over_text: Option<&'p str>,
}

/// The headline out of what the page offers: its headings, the titles its metadata give (`stated`), its `<title>`.
pub(crate) fn headline(
    headings: &Headings<'_>,
    stated: &[String],
    title: Option<&str>,
    outlet: Option<&str>,
) -> Option<String> {
    let (headings, lesser, first) = (headings.first_rank, headings.lesser, headings.over_text);
    let whole: Vec<String> = stated.iter().map(String::as_str).chain(title).map(folded).collect();
    let cut = |t: &str| without_outlet(t, outlet);
    // The outlet's name may be the heading of the first rank, and stand first in the title: then the title ends with the headline.
    if let (true, Some(title)) = (stated.is_empty(), title) {
        let all = folded(title);
        let last = lesser.iter().find(|h| {
            let f = folded(h);
            f.chars().count() >= 8 && f.len() < all.len() && all.ends_with(&f)
        });
        if let Some(last) = last {
            return Some(last.clone());
        }
    }
    // A heading that the other titles begin with, or that begins with one of them.
    for heading in headings {
        let f = folded(heading);
        let fits = f.chars().count() >= 4 && outlet.is_none_or(|o| folded(o) != f);
        // With a kicker before it, the heading is more than the headline.
        let kicker = stated.first().filter(|s| f.ends_with(&folded(s)) && folded(s).len() * 2 > f.len());
        if let (true, Some(stated)) = (fits, kicker) {
            return Some(if folded(stated) == f { heading.clone() } else { stated.clone() });
        }
        if fits && whole.iter().any(|w| w.starts_with(&f) || (w.chars().count() > 15 && f.starts_with(w.as_str()))) {
            return Some(heading.clone());
        }
    }
    if let Some(first) = first
        && stated.is_empty()
    {
        let f = folded(first);
        let confirmed = whole.iter().any(|w| w.starts_with(&f) || w.ends_with(&f));
        if confirmed || headings.is_empty() || !headings.iter().any(|h| whole.iter().any(|w| w.contains(&folded(h)))) {
            return Some(first.to_string());
        }
    }
    if let Some(first) = stated.first() {
        return Some(cut(first));
    }
    match (headings, title) {
        ([only], None) => Some(only.clone()),
        ([only], Some(title)) if folded(title).contains(&folded(only)) => Some(only.clone()),
        (_, Some(title)) => Some(cut(title)),
        ([first, ..], None) => Some(first.clone()),
        ([], None) => None,
    }
}

/// A title without the outlet's name at its end or start.
pub(crate) fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    let title = title.trim();
    let outlet = outlet.map(folded).filter(|o| !o.is_empty());
    let is_outlet = |part: &str| {
        let part = folded(part);
        outlet
            .as_ref()
            .is_some_and(|o| part == *o || (part.len() >= 4 && (o.contains(&part) || part.contains(o.as_str()))))
    };
    for separator in SEPARATORS {
        if let Some((head, tail)) = title.rsplit_once(separator)
            && !head.trim().is_empty()
            && (is_outlet(tail)
                || (outlet.is_none()
                    && !separator.starts_with(':')
                    && head.split_whitespace().count() >= 3
                    && tail.split_whitespace().count() <= 4))
        {
            return if outlet.is_some() { without_outlet(head, outlet.as_deref()) } else { head.trim().to_string() };
        }
        if let Some((head, tail)) = title.split_once(separator)
            && is_outlet(head)
            && !tail.trim().is_empty()
        {
            return tail.trim().to_string();
        }
    }
    title.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outlet_is_no_part_of_the_headline() {
        assert_eq!(without_outlet("Harbour reopens | Island Press", Some("Island Press")), "Harbour reopens");
        assert_eq!(without_outlet("Island Press - Harbour reopens", Some("Island Press")), "Harbour reopens");
        assert_eq!(without_outlet("Harbour reopens - at last", Some("Island Press")), "Harbour reopens - at last");
        assert_eq!(without_outlet("The harbour reopens | Island Press", None), "The harbour reopens");
    }

    #[test]
    fn a_heading_that_other_titles_confirm_wins() {
        let headings = ["Island Press".to_string(), "Harbour reopens".to_string()];
        let headings = Headings { first_rank: &headings, lesser: &[], over_text: None };
        let found = headline(&headings, &["Harbour reopens - Island Press".to_string()], None, Some("Island Press"));
        assert_eq!(found.as_deref(), Some("Harbour reopens"));
    }
}
