//! The names of authors.

use annalist_knowledge::NameWords;

/// Longer than this is a sentence, not names.
const LONGEST: usize = 200;

/// The persons a byline or field names, in order, each once.
pub(crate) fn persons(field: &str, words: &NameWords, outlet: Option<&str>) -> Vec<String> {
    let field = field.trim();
    if field.is_empty() || field.chars().count() > LONGEST || field.contains("://") {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for part in split(field, words) {
        if let Some(name) = name(&part, words, outlet)
            && !names.iter().any(|n| n.eq_ignore_ascii_case(&name))
        {
            names.push(name);
        }
    }
    names
}

/// At commas, semicolons, bars, ampersands and words such as "and".
fn split(field: &str, words: &NameWords) -> Vec<String> {
    let mut parts = vec![String::new()];
    for chunk in field.split_inclusive([',', ';', '|', '&', '/', '•', '·', '\n', '(', ')', '–', '—', '+']) {
        let cut = chunk.trim_end_matches([',', ';', '|', '&', '/', '•', '·', '\n', '(', ')', '–', '—', '+']);
        for word in cut.split_whitespace() {
            if words.between.contains(&word.to_lowercase()) {
                parts.push(String::new());
                continue;
            }
            let Some(last) = parts.last_mut() else { continue };
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
        if cut.len() < chunk.len() {
            parts.push(String::new());
        }
    }
    parts
}

fn name(part: &str, words: &NameWords, outlet: Option<&str>) -> Option<String> {
    let mut rest = part.trim().trim_matches(|c: char| matches!(c, ':' | '-' | '*' | '"' | '“' | '”' | '@' | '_' | '.') && c != '.');
    loop {
        let lower = rest.to_lowercase();
        let prefix = words.prefixes.iter().filter(|p| {
            lower.strip_prefix(p.as_str()).is_some_and(|r| r.is_empty() || r.starts_with([' ', ':']))
        });
        match prefix.map(String::len).max() {
            Some(length) if rest.is_char_boundary(length) => rest = rest[length..].trim_start_matches([':', ' ', '-']),
            _ => break,
        }
    }
    let mut kept = Vec::new();
    for word in rest.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if words.titles.contains(&bare) || word.contains('@') || word.chars().any(|c| c.is_ascii_digit()) {
            break;
        }
        kept.push(word);
    }
    let name = kept.join(" ");
    let name = name.trim_matches(|c: char| matches!(c, ',' | ':' | '-' | '|' | ' ' | '\'' | '"'));
    let lower = name.to_lowercase();
    let fits = (1..=5).contains(&kept.len())
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !words.nobody.contains(&lower)
        && outlet.is_none_or(|o| o.to_lowercase() != lower)
        && (name.chars().next().is_some_and(|c| !c.is_lowercase()) || kept.len() == 1);
    fits.then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use annalist_knowledge::Knowledge;

    #[test]
    fn bylines_name_persons() {
        let words = Knowledge::english().pages().names();
        let persons = |field: &str| persons(field, words, Some("Island Press"));
        assert_eq!(persons("By Ann Example and Bo Sample, Staff Writers"), ["Ann Example", "Bo Sample"]);
        assert_eq!(persons("Written by: Ann B. Example | Updated May 3"), ["Ann B. Example"]);
        assert_eq!(persons("Island Press"), [] as [&str; 0]);
        assert_eq!(persons("admin"), [] as [&str; 0]);
        assert_eq!(persons("https://a.example/ann"), [] as [&str; 0]);
    }
}
