//! What a host wants programs to leave alone (`robots.txt`, RFC 9309).

use std::time::Duration;

/// The rules of a `robots.txt` for one program.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Robots {
    /// Patterns of paths, and whether they may be fetched.
    rules: Vec<(String, bool)>,
    /// How long to wait between two requests, if it says so.
    pub pause: Option<Duration>,
}

impl Robots {
    /// Reads the rules for the program of a name: those of the groups that name it, else those for all.
    pub fn new(text: &str, program: &str) -> Robots {
        let (mut own, mut all) = (None, None);
        // Names of a group, and whether its rules have begun.
        let (mut names, mut begun): (Vec<String>, bool) = (Vec::new(), false);
        for line in text.lines().take(20_000) {
            let line = line.split('#').next().unwrap_or("");
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_lowercase(), value.trim());
            if key == "user-agent" {
                if begun {
                    names.clear();
                    begun = false;
                }
                names.push(value.to_lowercase());
                continue;
            }
            if !matches!(key.as_str(), "allow" | "disallow" | "crawl-delay") {
                continue;
            }
            begun = true;
            let mine = names.iter().any(|name| !name.is_empty() && name != "*" && program.eq_ignore_ascii_case(name));
            let group: &mut Option<Robots> = match names.iter().any(|name| name == "*") {
                _ if mine => &mut own,
                true => &mut all,
                false => continue,
            };
            let group = group.get_or_insert_default();
            match key.as_str() {
                "crawl-delay" => {
                    let seconds = value.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
                    group.pause = seconds.map(|s| Duration::from_secs_f64(s.min(3600.0))).or(group.pause);
                }
                _ if value.is_empty() => {}
                _ => group.rules.push((value.to_string(), key == "allow")),
            }
        }
        own.or(all).unwrap_or_default()
    }

    /// Whether a path (with its query) may be fetched: the longest pattern that fits it decides, and of two as long the one that allows.
    pub fn allows(&self, path: &str) -> bool {
        let path = if path.is_empty() { "/" } else { path };
        let fitting = self.rules.iter().filter(|(pattern, _)| fits(pattern.as_bytes(), path.as_bytes()));
        fitting.max_by_key(|(pattern, allows)| (pattern.len(), *allows)).is_none_or(|(_, allows)| *allows)
    }
}

/// Whether a path begins as a pattern says, in which `*` stands for anything and a `$` at the end for the end.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|b| *b == b'*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !whole || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if whole && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = (0..=rest.len().saturating_sub(piece.len())).find(|at| rest[*at..].starts_with(piece)) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_names_the_program_holds_else_that_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-Agent: other\nUser-agent: Annalist # ours\nAllow: /news/\nDisallow: /news/live\nCrawl-delay: 1.5\n";
        let own = Robots::new(text, "annalist");
        assert!(own.allows("/news/a") && own.allows("/about") && !own.allows("/news/live/1"));
        assert_eq!(own.pause, Some(Duration::from_millis(1500)));
        assert!(!Robots::new(text, "somebody").allows("/news/a"));
        assert!(Robots::new("", "annalist").allows("/x"));
        assert!(Robots::new("User-agent: *\nDisallow:\n", "annalist").allows("/x"));
    }

    #[test]
    fn the_longest_pattern_that_fits_decides() {
        let robots = Robots::new(
            "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a\nAllow: /a/b\nDisallow: /p*q/\nAllow: /same\nDisallow: /same\n",
            "x",
        );
        for (path, allowed) in [
            ("/x.pdf", false),
            ("/x.pdf?y", true),
            ("/a/c", false),
            ("/a/b/c", true),
            ("/pxq/", false),
            ("/pq/1", false),
            ("/p/q", true),
            ("/same", true),
            ("", true),
        ] {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
    }
}
