//! What is watched, as a TOML file says it.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use crate::Manners;
use crate::links::parts;

/// What is watched, and how.
///
/// ```
/// use annalist_fetch::Watched;
///
/// let watched: Watched = r#"
///     every = "15m"
///     contact = "https://desk.example/about"
///
///     [[feed]]
///     url = "https://press.example/rss"
///     every = "1h"
///
///     [[folder]]
///     path = "incoming"
/// "#.parse()?;
/// assert_eq!((watched.feeds.len(), watched.folders.len()), (1, 1));
/// # Ok::<(), annalist_fetch::WatchedError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// How hosts are asked.
    pub manners: Manners,
    /// How often folders are looked into.
    pub every: Duration,
    /// The feeds.
    pub feeds: Vec<Feed>,
    /// The folders.
    pub folders: Vec<Folder>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its address.
    pub url: String,
    /// Who publishes it, where its reports do not say.
    pub outlet: Option<String>,
    /// How often it is asked.
    pub every: Duration,
    /// Whether the pages that it names are fetched; otherwise what it says itself is the report.
    pub pages: bool,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

/// Why a file does not say what is watched.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum WatchedError {
    #[error("is not as it should be: {0}")]
    Form(#[from] toml::de::Error),
    #[error("\"{0}\" is no length of time; write a number and s, m, h or d, as in 15m")]
    Length(String),
    #[error("\"{0}\" is no address of a feed; it must begin with http:// or https://")]
    NoUrl(String),
    #[error("names nothing to watch; add a [[feed]] with a url, or a [[folder]] with a path")]
    Nothing,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    every: Option<String>,
    contact: Option<String>,
    pause: Option<String>,
    timeout: Option<String>,
    largest: Option<usize>,
    #[serde(default)]
    private: bool,
    robots: Option<bool>,
    #[serde(default)]
    feed: Vec<WrittenFeed>,
    #[serde(default)]
    folder: Vec<WrittenFolder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFeed {
    url: String,
    outlet: Option<String>,
    every: Option<String>,
    pages: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFolder {
    path: PathBuf,
}

/// Feeds and folders are looked at so often, unless the file says otherwise.
const EVERY: Duration = Duration::from_secs(900);

impl std::str::FromStr for Watched {
    type Err = WatchedError;

    fn from_str(text: &str) -> Result<Watched, WatchedError> {
        let written: Written = toml::from_str(text)?;
        let given = |value: &Option<String>, or: Duration| value.as_deref().map_or(Ok(or), length);
        let every = given(&written.every, EVERY)?;
        let default = Manners::default();
        let manners = Manners {
            user_agent: match &written.contact {
                Some(contact) => format!(
                    "{} (+{})",
                    default.user_agent,
                    contact.replace(|c: char| c.is_control() || !c.is_ascii(), "")
                ),
                None => default.user_agent,
            },
            timeout: given(&written.timeout, default.timeout)?.max(Duration::from_millis(100)),
            pause: given(&written.pause, default.pause)?,
            largest: written.largest.unwrap_or(default.largest),
            private: written.private,
            robots: written.robots.unwrap_or(default.robots),
            ..default
        };
        let mut feeds = Vec::new();
        for feed in written.feed {
            if parts(&feed.url).is_none() {
                return Err(WatchedError::NoUrl(feed.url));
            }
            let every = given(&feed.every, every)?;
            feeds.push(Feed { every, pages: feed.pages.unwrap_or(true), url: feed.url, outlet: feed.outlet });
        }
        let folders: Vec<Folder> = written.folder.into_iter().map(|folder| Folder { path: folder.path }).collect();
        if feeds.is_empty() && folders.is_empty() {
            return Err(WatchedError::Nothing);
        }
        Ok(Watched { manners, every, feeds, folders })
    }
}

/// A length of time: a number and its unit.
fn length(written: &str) -> Result<Duration, WatchedError> {
    let wrong = || WatchedError::Length(written.to_string());
    let trimmed = written.trim();
    let at = trimmed.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let (number, unit) = trimmed.split_at(at);
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let unit = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(number * unit).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_does_not_say_is_as_usual() {
        let watched: Watched =
            "pause = \"500ms\"\n[[feed]]\nurl = \"http://a.example/f\"\npages = false\noutlet = \"A\"".parse().unwrap();
        let feed = Feed { url: "http://a.example/f".into(), outlet: Some("A".into()), every: EVERY, pages: false };
        assert_eq!((watched.feeds, watched.manners.pause), (vec![feed], Duration::from_millis(500)));
        assert!(!watched.manners.private && watched.manners.robots);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, told) in [
            ("", "nothing to watch"),
            ("every = \"soon\"\n[[folder]]\npath = \"x\"", "\"soon\" is no length of time"),
            ("[[feed]]\nurl = \"ftp://a.example\"", "\"ftp://a.example\" is no address"),
            ("[[feed]]\nadress = \"http://a.example\"", "unknown field"),
            ("[[feed]", "is not as it should be"),
        ] {
            let error = text.parse::<Watched>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
