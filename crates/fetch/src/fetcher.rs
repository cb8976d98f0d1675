//! Asking a host, in turn.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use ureq::Agent;
use ureq::http::{HeaderMap, header};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use crate::address::{NotPublic, OnlyPublic};
use crate::links::{joined, parts};
use crate::robots::Robots;
use crate::{FetchError, Fetched, Manners, Page, Validators};

/// A `robots.txt` is read anew after so long.
const ROBOTS_HOLD: Duration = Duration::from_secs(86_400);
/// No more of a `robots.txt` is read, in bytes (RFC 9309 wants at least 500 KiB).
const ROBOTS_LARGEST: usize = 512 << 10;
/// Kinds of answers that are no texts.
const NO_TEXT: [&str; 5] = ["image/", "video/", "audio/", "font/", "model/"];
/// No host makes us wait longer by its word.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 86_400);

/// Asks hosts. Shared by threads: requests to one host wait for each other, those to others do not.
pub struct Fetcher {
    agent: Agent,
    manners: Manners,
    hosts: Mutex<HashMap<String, Arc<Mutex<Host>>>>,
}

/// What is known of a host.
#[derive(Default)]
struct Host {
    /// When it was last asked.
    asked: Option<Instant>,
    /// Its rules, and when they were read.
    robots: Option<(Robots, Instant)>,
}

/// An answer, of whatever status.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Fetcher {
    /// A fetcher of these manners.
    pub fn new(manners: Manners) -> Fetcher {
        let config = Agent::config_builder()
            .user_agent(manners.user_agent.clone())
            .accept("text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, text/*;q=0.8, */*;q=0.5")
            .timeout_global(Some(manners.timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // Through a proxy nobody could tell where an address leads.
            .proxy(None)
            .build();
        let agent = match manners.private {
            true => Agent::with_parts(config, DefaultConnector::default(), DefaultResolver::default()),
            false => Agent::with_parts(config, DefaultConnector::default(), OnlyPublic),
        };
        Fetcher { agent, manners, hosts: Mutex::default() }
    }

    /// Fetches an address, if it has changed since an earlier answer. Follows redirects; waits for its turn with each host.
    ///
    /// # Errors
    /// Why there is no answer: see [`FetchError`].
    pub fn get(&self, url: &str, known: Option<&Validators>) -> Result<Fetched, FetchError> {
        let mut at = url.to_string();
        let mut seen = vec![at.clone()];
        loop {
            let answer = self.in_turn(&at, known)?;
            match answer.status {
                304 => return Ok(Fetched::Unchanged),
                301 | 302 | 303 | 307 | 308 => {
                    let next = text(&answer.headers, header::LOCATION).and_then(|link| joined(&at, &link));
                    let next = next.ok_or_else(|| FetchError::Redirects { url: url.to_string() })?;
                    if seen.len() > self.manners.redirects || seen.contains(&next) {
                        return Err(FetchError::Redirects { url: url.to_string() });
                    }
                    seen.push(next.clone());
                    at = next;
                }
                200..=299 => return Ok(Fetched::Page(page(at, answer))),
                status => {
                    let wait = text(&answer.headers, header::RETRY_AFTER).and_then(|value| after(&value));
                    return Err(FetchError::Status { url: at, status, wait });
                }
            }
        }
    }

    /// Asks once, when it is the host's turn and its rules allow it.
    fn in_turn(&self, url: &str, known: Option<&Validators>) -> Result<Answer, FetchError> {
        let parts = parts(url).ok_or_else(|| FetchError::NoUrl { url: url.to_string() })?;
        let origin = parts.origin();
        let host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            hosts.entry(origin.clone()).or_default().clone()
        };
        let mut host = host.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pause = self.manners.pause;
        if self.manners.robots {
            if host.robots.as_ref().is_none_or(|(_, read)| read.elapsed() > ROBOTS_HOLD) {
                host.robots = Some((self.robots(&origin, url, &mut host)?, Instant::now()));
            }
            if let Some((robots, _)) = &host.robots {
                if !robots.allows(parts.path) {
                    return Err(FetchError::Robots { url: url.to_string() });
                }
                pause = pause.max(robots.pause.unwrap_or_default());
            }
        }
        self.ask(url, known, self.manners.largest, pause, &mut host)
    }

    /// A host's rules. A host without any allows everything; one that cannot tell them allows nothing for now.
    fn robots(&self, origin: &str, url: &str, host: &mut Host) -> Result<Robots, FetchError> {
        let unread = |reason: String| FetchError::NoRobots { url: url.to_string(), reason };
        let mut at = format!("{origin}/robots.txt");
        for _ in 0..=self.manners.redirects {
            let answer = match self.ask(&at, None, ROBOTS_LARGEST, Duration::ZERO, host) {
                Ok(answer) => answer,
                Err(FetchError::NotPublic { address, .. }) => {
                    return Err(FetchError::NotPublic { url: url.to_string(), address });
                }
                // Rules so long, or of another kind, are none.
                Err(FetchError::TooLarge { .. } | FetchError::NoText { .. }) => return Ok(Robots::default()),
                Err(error) => return Err(unread(error.to_string())),
            };
            match answer.status {
                200..=299 => {
                    let program = self.manners.user_agent.split('/').next().unwrap_or_default();
                    return Ok(Robots::new(&String::from_utf8_lossy(&answer.body), program));
                }
                301 | 302 | 303 | 307 | 308 => {
                    match text(&answer.headers, header::LOCATION).and_then(|link| joined(&at, &link)) {
                        Some(next) => at = next,
                        None => return Ok(Robots::default()),
                    }
                }
                429 | 500..=599 => return Err(unread(format!("status {}", answer.status))),
                _ => return Ok(Robots::default()),
            }
        }
        Ok(Robots::default())
    }

    fn ask(
        &self,
        url: &str,
        known: Option<&Validators>,
        largest: usize,
        pause: Duration,
        host: &mut Host,
    ) -> Result<Answer, FetchError> {
        if let Some(asked) = host.asked {
            std::thread::sleep(pause.saturating_sub(asked.elapsed()));
        }
        let answer = self.ask_now(url, known, largest);
        host.asked = Some(Instant::now());
        answer
    }

    fn ask_now(&self, url: &str, known: Option<&Validators>, largest: usize) -> Result<Answer, FetchError> {
        let mut request = self.agent.get(url);
        for (name, value) in known
            .into_iter()
            .flat_map(|known| [(header::IF_NONE_MATCH, &known.etag), (header::IF_MODIFIED_SINCE, &known.last_modified)])
        {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let response = request.call().map_err(|error| self.fault(url, error))?;
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        let media_type = media_type(&head.headers).0;
        let mut bytes = Vec::new();
        if (200..300).contains(&status) {
            if NO_TEXT.iter().any(|kind| media_type.starts_with(kind)) {
                return Err(FetchError::NoText { url: url.to_string(), media_type });
            }
            let mut body = body.into_reader().take(largest as u64 + 1);
            body.read_to_end(&mut bytes).map_err(|error| {
                let inner = error.get_ref().is_some_and(|inner| inner.is::<ureq::Error>());
                match error.into_inner().and_then(|inner| inner.downcast::<ureq::Error>().ok()) {
                    Some(error) if inner => self.fault(url, *error),
                    _ => FetchError::Unreachable { url: url.to_string(), reason: "the answer broke off".to_string() },
                }
            })?;
            if bytes.len() > largest {
                return Err(FetchError::TooLarge { url: url.to_string(), limit: largest });
            }
        }
        Ok(Answer { status, headers: head.headers, body: bytes })
    }

    fn fault(&self, url: &str, error: ureq::Error) -> FetchError {
        let url = url.to_string();
        match error {
            ureq::Error::Timeout(_) | ureq::Error::BodyStalled => {
                FetchError::TimedOut { url, seconds: self.manners.timeout.as_secs().max(1) }
            }
            ureq::Error::Other(inner) if inner.is::<NotPublic>() => {
                let address = inner.downcast::<NotPublic>().map(|inner| inner.0.to_string()).unwrap_or_default();
                FetchError::NotPublic { url, address }
            }
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => FetchError::NoUrl { url },
            error => FetchError::Unreachable { url, reason: error.to_string() },
        }
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_string)
}

/// The media type and the charset.
fn media_type(headers: &HeaderMap) -> (String, Option<String>) {
    let value = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = value.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_string())
    });
    (media_type, charset.filter(|charset| !charset.is_empty()))
}

fn page(url: String, answer: Answer) -> Page {
    let (media_type, charset) = media_type(&answer.headers);
    let validators = Validators {
        etag: text(&answer.headers, header::ETAG),
        last_modified: text(&answer.headers, header::LAST_MODIFIED),
    };
    Page { url, media_type, charset, body: answer.body, validators }
}

/// What `Retry-After` says: seconds, or a date.
fn after(value: &str) -> Option<Duration> {
    let wait = match value.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => http_date(value.trim())?.duration_since(SystemTime::now()).unwrap_or_default(),
    };
    Some(wait.min(LONGEST_WAIT))
}

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(value: &str) -> Option<SystemTime> {
    let [_, day, month, year, time, "GMT"] = value.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|m| *m == month)? as i64 + 1;
    let (day, year) = (day.parse::<i64>().ok()?, year.parse::<i64>().ok().filter(|y| (1970..10_000).contains(y))?);
    let clock: Vec<u64> = time.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [hours, minutes, seconds] = clock[..] else { return None };
    // Days since 1970, by counting years from March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    let days = u64::try_from(days).ok()?;
    Some(
        SystemTime::UNIX_EPOCH
            + Duration::from_secs(days * 86_400 + hours.min(23) * 3600 + minutes.min(59) * 60 + seconds.min(60)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read() {
        let seconds =
            |value: &str| http_date(value).map(|t| t.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs());
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(seconds("Sunday, 06-Nov-94 08:49:37 GMT"), None);
        assert_eq!(after("120"), Some(Duration::from_secs(120)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
    }
}
