//! A brief as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.

use std::fmt::Write;

use crate::error::LedgerError;
use crate::filter::Filter;
use crate::store::Ledger;

/// How it looks, on a screen and on paper.
const STYLE: &str = "body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1,h2{font-family:system-ui,sans-serif;line-height:1.2}h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2rem;\
border-bottom:1px solid #ccc}ul{padding-left:1.2rem}li{margin:.35rem 0;overflow-wrap:anywhere}a{color:#0b5394;text-decoration:none}\
a:hover{text-decoration:underline}ol{font-size:.85rem}@media print{a{color:inherit}body{margin:0}}\
@media (prefers-color-scheme:dark){body{color:#ddd;background:#161616}a{color:#8ab4f8}}";

impl Ledger {
    /// [`Ledger::brief`] as an HTML file.
    ///
    /// # Errors
    /// As [`Ledger::brief`].
    pub fn brief_html(&self, filter: &Filter, today: Option<&str>) -> Result<String, LedgerError> {
        Ok(page(&self.brief(filter, today)?))
    }
}

/// What the lines of a brief are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    List,
    Numbered,
}

/// The brief's Markdown, of which only headings, lists, bold words, numbers of sources and escapes occur, as HTML.
fn page(markdown: &str) -> String {
    let mut title = "Brief".to_string();
    let (mut body, mut open) = (String::new(), Open::Nothing);
    for line in markdown.lines() {
        let numbered = line.split_once(". ").filter(|(number, _)| number.parse::<usize>().is_ok());
        let wants = match line {
            _ if line.starts_with("- ") => Open::List,
            _ if numbered.is_some() => Open::Numbered,
            _ => Open::Nothing,
        };
        if wants != open {
            body.push_str(match open {
                Open::Nothing => "",
                Open::List => "</ul>\n",
                Open::Numbered => "</ol>\n",
            });
            body.push_str(match wants {
                Open::Nothing => "",
                Open::List => "<ul>\n",
                Open::Numbered => "<ol>\n",
            });
            open = wants;
        }
        let _ = match (line, numbered) {
            (_, Some((number, source))) => writeln!(body, "<li id=\"source-{number}\">{}</li>", words(source)),
            _ if line.is_empty() => Ok(()),
            _ => match (line.strip_prefix("# "), line.strip_prefix("## "), line.strip_prefix("- ")) {
                (Some(heading), ..) => {
                    title = words(heading);
                    writeln!(body, "<h1>{title}</h1>")
                }
                (_, Some(heading), _) => writeln!(body, "<h2>{}</h2>", words(heading)),
                (_, _, Some(item)) => writeln!(body, "<li>{}</li>", words(item)),
                _ => writeln!(body, "<p>{}</p>", words(line)),
            },
        };
    }
    body.push_str(match open {
        Open::Nothing => "",
        Open::List => "</ul>\n",
        Open::Numbered => "</ol>\n",
    });
    // Bold words in a heading are none; the title is text alone.
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Words of a line: what is escaped in Markdown is plain, what means something in HTML is escaped.
fn words(line: &str) -> String {
    let mut html = String::with_capacity(line.len() + line.len() / 4);
    let mut bold = false;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("**") {
            html.push_str(if bold { "</strong>" } else { "<strong>" });
            (bold, rest) = (!bold, after);
            continue;
        }
        if let Some((number, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']'))
            && number.parse::<usize>().is_ok()
        {
            let _ = write!(html, "<a href=\"#source-{number}\">[{number}]</a>");
            rest = after;
            continue;
        }
        if rest.starts_with("https://") || rest.starts_with("http://") {
            let end = rest.find(|c: char| c.is_whitespace() || c == ',' || c == ')').unwrap_or(rest.len());
            let (link, after) = rest.split_at(end);
            let mut address = String::new();
            plain(link, &mut address);
            let _ = write!(html, "<a href=\"{address}\" rel=\"noreferrer\">{address}</a>");
            rest = after;
            continue;
        }
        let end = c.len_utf8() + if c == '\\' { rest.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
        let (these, after) = rest.split_at(end);
        plain(these, &mut html);
        rest = after;
    }
    if bold {
        html.push_str("</strong>");
    }
    html
}

/// Takes Markdown's backslashes away and escapes for HTML.
fn plain(words: &str, html: &mut String) {
    let mut escaped = false;
    for c in words.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        escaped = false;
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_reports_stay_words() {
        let markdown = "# Brief: a \\<b\\>\n\nas of 2026-03-14\n\n## What is new\n\n- **2026-03-12** She said \"\\<script\\>x\\</script\\>\" \\[1\\] \\*so\\* [1][2]\n\n\
                        ## Sources\n\n1. T, Press, https://press.example/a\\_b?x=\"y&z (b0)\n2. U (b1)\n";
        let html = page(markdown);
        assert!(html.contains("<title>Brief: a &lt;b&gt;</title>"));
        assert!(html.contains(
            "<li><strong>2026-03-12</strong> She said &quot;&lt;script&gt;x&lt;/script&gt;&quot; [1] *so* <a href=\"#source-1\">[1]</a><a href=\"#source-2\">[2]</a></li>"
        ), "{html}");
        assert!(html.contains("href=\"https://press.example/a_b?x=&quot;y&amp;z\""), "{html}");
        assert!(html.contains("<ol>\n<li id=\"source-1\">") && html.ends_with("</ol>\n</body>\n</html>\n"));
        assert_eq!(html.matches("<ul>").count(), html.matches("</ul>").count());
        assert!(!html.contains("<script"));
    }
}
