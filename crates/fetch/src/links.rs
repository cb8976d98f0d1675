//! Addresses: their parts, and where a link in a page leads.

/// The parts of an address that is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'u> {
    /// `http` or `https`, as it is written.
    pub(crate) scheme: &'u str,
    /// Host, and port if one is named.
    pub(crate) authority: &'u str,
    /// From the first slash, query and all; perhaps empty.
    pub(crate) path: &'u str,
}

/// Takes an address apart; `None` if it is none of HTTP's, or holds a password, spaces or controls.
pub(crate) fn parts(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '\\' | '<' | '>' | '"');
    (!authority.is_empty() && !authority.contains(odd) && !path.contains(|c: char| c.is_control() || c == ' '))
        .then_some(Parts { scheme, authority, path })
}

impl Parts<'_> {
    /// What names the host: robots and pauses go by it.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", self.scheme.to_lowercase(), self.authority.to_lowercase())
    }
}

/// Where a link that stands at an address leads (RFC 3986, section 5.2); `None` if nowhere that can be fetched.
pub fn joined(base: &str, link: &str) -> Option<String> {
    let link = link.trim();
    let link = link.split('#').next().unwrap_or(link);
    let base = parts(base)?;
    let scheme = link.find(':').map(|colon| &link[..colon]);
    let absolute =
        scheme.is_some_and(|s| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)));
    let whole = if absolute {
        link.to_string()
    } else if let Some(rest) = link.strip_prefix("//") {
        format!("{}://{rest}", base.scheme)
    } else {
        let own = base.path.split('?').next().unwrap_or("");
        let path = match link.chars().next() {
            None => base.path.to_string(),
            Some('?') => format!("{own}{link}"),
            Some('/') => link.to_string(),
            Some(_) => format!("{}/{link}", own.rsplit_once('/').map_or("", |(folder, _)| folder)),
        };
        format!("{}://{}{}", base.scheme, base.authority, undotted(&path))
    };
    parts(&whole).is_some().then_some(whole)
}

/// A path without `.` and `..`.
fn undotted(path: &str) -> String {
    let (path, query) = match path.find('?') {
        Some(at) => path.split_at(at),
        None => (path, ""),
    };
    let mut kept: Vec<&str> = Vec::new();
    let last = path.rsplit('/').next().unwrap_or("");
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => _ = kept.pop(),
            segment => kept.push(segment),
        }
    }
    if matches!(last, "." | "..") {
        kept.push("");
    }
    format!("/{}{query}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_the_standard_says() {
        let base = "https://press.example/news/today/index.html?page=2";
        for (link, leads) in [
            ("story.html", "https://press.example/news/today/story.html"),
            ("../week/a?b=/../c", "https://press.example/news/week/a?b=/../c"),
            ("/top#part", "https://press.example/top"),
            ("//other.example/x", "https://other.example/x"),
            ("http://other.example", "http://other.example"),
            ("?page=3", "https://press.example/news/today/index.html?page=3"),
            ("../../../../x", "https://press.example/x"),
            ("./", "https://press.example/news/today/"),
        ] {
            assert_eq!(joined(base, link).as_deref(), Some(leads), "{link}");
        }
        for link in [
            "mailto:a@press.example",
            "javascript:alert(1)",
            "ftp://a.example/",
            "http://",
            "https://user:word@a.example/",
            "file:///etc/passwd",
        ] {
            assert_eq!(joined(base, link), None, "{link}");
        }
    }
}
