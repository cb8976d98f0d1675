//! An HTTP server on this machine that does as it is told, also badly.
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub at: Instant,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
pub enum Reply {
    /// A status, headers and a body.
    Say(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Nothing, ever.
    Silence,
    /// A byte of the body now and then.
    Drip,
    /// A body without end.
    Endless,
    /// Half of what was promised, then the line is cut.
    Cut,
    /// Something that is no HTTP.
    Noise,
}

pub fn say(status: u16, headers: &[(&'static str, &str)], body: impl AsRef<[u8]>) -> Reply {
    Reply::Say(status, headers.iter().map(|(n, v)| (*n, v.to_string())).collect(), body.as_ref().to_vec())
}

pub struct Server {
    pub base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (answer.clone(), log.clone());
                std::thread::spawn(move || drop(serve(stream, &*answer, &log)));
            }
        });
        Server { base, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What was asked so far, `robots.txt` left out.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path != "/robots.txt").cloned().collect()
    }

    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Asked) -> Reply, log: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let path = first.split_whitespace().nth(1).unwrap_or_default().to_string();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_string(), value.trim().to_string()));
        }
    }
    let asked = Asked { path, headers, at: Instant::now() };
    log.lock().unwrap().push(asked.clone());
    let mut out = stream;
    match answer(&asked) {
        Reply::Say(status, headers, body) => {
            write!(out, "HTTP/1.1 {status} Said\r\nConnection: close\r\n")?;
            if status != 304 {
                write!(out, "Content-Length: {}\r\n", body.len())?;
            }
            for (name, value) in headers {
                write!(out, "{name}: {value}\r\n")?;
            }
            write!(out, "\r\n")?;
            out.write_all(&body)?;
        }
        Reply::Silence => std::thread::sleep(Duration::from_secs(30)),
        Reply::Drip => {
            write!(out, "HTTP/1.1 200 Said\r\nContent-Length: 100000\r\nContent-Type: text/html\r\n\r\n")?;
            loop {
                out.write_all(b"x")?;
                out.flush()?;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Reply::Endless => {
            write!(out, "HTTP/1.1 200 Said\r\nContent-Type: text/html\r\n\r\n")?;
            loop {
                out.write_all(&[b'x'; 4096])?;
            }
        }
        Reply::Cut => {
            write!(out, "HTTP/1.1 200 Said\r\nContent-Length: 100000\r\nContent-Type: text/html\r\n\r\n<p>Half")?;
            out.flush()?;
        }
        Reply::Noise => out.write_all(b"\x16\x03\x01 hello\r\n\r\n")?,
    }
    out.flush()
}
