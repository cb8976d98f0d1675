//! The names of authors.

use annalist_knowledge::NameWords;

/// Longer than this is a sentence, not names.
const LONGEST: usize = 200;

/// Where a name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In a field for it: what stands there is a name.
    Field,
    /// In a line of text: names begin with capitals, and other words may follow them.
    Line,
}

/// The persons a byline or field names, in order, each once.
pub(crate) fn persons(field: &str, words: &NameWords, outlet: Option<&str>, kind: Kind) -> Vec<String> {
    let field = field.trim();
    let is_outlet = outlet.is_some_and(|o| o.eq_ignore_ascii_case(field));
    if field.is_empty() || field.chars().count() > LONGEST || field.contains("://") || is_outlet {
        return Vec::new();
    }
    let mut names: Vec<String> = Vec::new();
    for part in split(field, words) {
        if let Some(name) = name(&part, words, outlet, kind)
            && !names.iter().any(|n| n.eq_ignore_ascii_case(&name))
        {
            names.push(name);
        }
    }
    names
}

/// What follows the words before an author's name, if a line begins with such words, or holds "by" after its date.
pub(crate) fn after_prefix<'l>(line: &'l str, words: &NameWords) -> Option<&'l str> {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let begins = |text: &'l str, prefix: &str| {
        let head = text.get(..prefix.len())?;
        let rest = &text[prefix.len()..];
        let ends = rest.is_empty()
            || rest.starts_with([' ', ':', '\u{a0}'])
            || (head == "By" && rest.starts_with(char::is_uppercase));
        (head.eq_ignore_ascii_case(prefix) && ends).then_some(rest)
    };
    let by = words.prefixes.iter().filter(|p| p.ends_with("by") || p.starts_with("author"));
    let longest = by.clone().filter_map(|p| begins(line, p)).min_by_key(|rest| rest.len());
    if longest.is_some() || !line.bytes().any(|b| b.is_ascii_digit()) {
        return longest;
    }
    line.match_indices(' ').find_map(|(i, _)| by.clone().find_map(|p| begins(&line[i + 1..], p)))
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

fn name(part: &str, words: &NameWords, outlet: Option<&str>, kind: Kind) -> Option<String> {
    let mut rest = part.trim().trim_matches(|c: char| matches!(c, ':' | '-' | '*' | '"' | '“' | '”' | '@' | '_'));
    let strip = |rest: &str| -> Option<usize> {
        let lower = rest.to_lowercase();
        let prefixes = words
            .prefixes
            .iter()
            .filter(|p| lower.strip_prefix(p.as_str()).is_some_and(|r| r.is_empty() || r.starts_with([' ', ':'])));
        prefixes.map(String::len).max().filter(|&length| rest.is_char_boundary(length))
    };
    while let Some(length) = strip(rest) {
        rest = rest[length..].trim_start_matches([':', ' ', '-']);
    }
    let mut kept = Vec::new();
    for word in rest.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let ends = kind == Kind::Line && words.titles.contains(&bare);
        if ends || word.contains('@') || (kind == Kind::Line && word.starts_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        kept.push(word);
    }
    let name = kept.join(" ");
    let name = name.trim_matches(|c: char| matches!(c, ',' | ':' | '-' | '|' | ' ' | '\'' | '"'));
    let lower = name.to_lowercase();
    let capital = |word: &&str| word.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    let looks = match kind {
        Kind::Field => true,
        Kind::Line => {
            let capitals = kept.iter().filter(|w| capital(w)).count();
            kept.first().is_some_and(capital) && capitals * 2 >= kept.len()
        }
    };
    let fits = (1..=6).contains(&kept.len())
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !words.nobody.contains(&lower)
        && outlet.is_none_or(|o| o.to_lowercase() != lower)
        && !lower.contains(" by ")
        && looks;
    fits.then(|| name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use annalist_knowledge::Knowledge;

    #[test]
    fn bylines_name_persons() {
        let words = Knowledge::english().pages().names();
        let persons = |field: &str| persons(field, words, Some("Island Press"), Kind::Line);
        assert_eq!(persons("By Ann Example and Bo Sample, Staff Writers"), ["Ann Example", "Bo Sample"]);
        assert_eq!(persons("Written by: Ann B. Example | Updated May 3"), ["Ann B. Example"]);
        assert_eq!(persons("Island Press"), [] as [&str; 0]);
        assert_eq!(persons("admin"), [] as [&str; 0]);
        assert_eq!(persons("https://a.example/ann"), [] as [&str; 0]);
    }
}
