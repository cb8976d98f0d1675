//! What all questions share: the ledger, the filter, the form of the answer.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use annalist_ledger::{Answer, Filter, Ledger, Mark, ROWS, ids, write_csv_with};
use anyhow::Result;
use clap::ValueEnum;

use super::inputs::day;

/// Where the ledger is.
#[derive(clap::Args)]
pub struct Where {
    /// The ledger [default: ANNALIST_LEDGER, else annals.db here].
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl Where {
    /// Its path.
    pub fn path(&self) -> PathBuf {
        let named = || std::env::var_os("ANNALIST_LEDGER").filter(|name| !name.is_empty()).map(PathBuf::from);
        self.ledger.clone().or_else(named).unwrap_or_else(|| PathBuf::from("annals.db"))
    }

    /// The ledger, for reading.
    pub fn open(&self) -> Result<Ledger> {
        Ok(Ledger::open(&self.path())?)
    }

    /// The ledger as it was at a moment, if one is given, for reading.
    pub fn open_as_of(&self, moment: Option<&str>) -> Result<Ledger> {
        match moment {
            Some(moment) => Ok(Ledger::open_as_of(&self.path(), moment)?),
            None => self.open(),
        }
    }

    /// The same, without what was published after the day that counts as today, if one does.
    pub fn open_on(&self, moment: Option<&str>, today: Option<&str>) -> Result<Ledger> {
        let ledger = self.open_as_of(moment)?;
        Ok(match today {
            Some(day) => ledger.as_read_on(day)?,
            None => ledger,
        })
    }
}

/// What a question is about.
#[derive(clap::Args)]
pub struct About {
    /// Only what somebody with these words in their name said, did or is bound to.
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Only what is of this country, by name or ISO 3166-1 code.
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// Only what is at this place, by name or gazetteer id.
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// With --place: and what is this many kilometres around it.
    #[arg(long, value_name = "KM", requires = "place")]
    within: Option<f64>,
    /// Only this PLOVER type of event, act of statement, or kind of commitment, actor, place or find.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only from this day on, as YYYY-MM-DD.
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<String>,
    /// Only up to this day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<String>,
    /// Only what came into the ledger since this day, or UTC moment (2026-03-12T10:00:00Z).
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    new_since: Option<String>,
    /// As the ledger was at the end of this day, or at this UTC moment: what came into it or was marked later does not count.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    pub as_of: Option<String>,
    /// Only from this outlet.
    #[arg(long, value_name = "OUTLET")]
    outlet: Option<String>,
    /// Only with this status of event, or outcome of a commitment or of what is due.
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only with all these words.
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// At most this many rows.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

impl About {
    /// The filter.
    pub fn filter(self) -> Filter {
        Filter {
            actor: self.actor,
            country: self.country,
            place: self.place,
            within: self.within,
            kind: self.kind,
            since: self.since,
            until: self.until,
            outlet: self.outlet,
            status: self.status,
            words: self.words,
            new_since: self.new_since,
            limit: self.limit,
        }
    }
}

/// A day, or a moment in UTC.
pub fn moment(given: &str) -> Result<String, String> {
    let stamp = given.parse::<jiff::Timestamp>().map(|stamp| format!("{stamp:.0}"));
    stamp
        .or_else(|_| day(given))
        .map_err(|_| "write a day, as 2026-03-31, or a moment, as 2026-03-31T10:00:00Z".to_string())
}

/// A question that is answered with rows.
#[derive(clap::Args)]
pub struct Question {
    #[command(flatten)]
    pub ledger: Where,
    #[command(flatten)]
    pub about: About,
    /// How to print: text for people; json, one list; jsonl, a row a line; csv.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub format: Form,
}

/// The forms of an answer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Form {
    Text,
    Json,
    Jsonl,
    Csv,
}

impl Question {
    /// Asks and prints.
    pub fn ask<A: Answer, E: Into<anyhow::Error>>(
        self,
        question: impl FnOnce(&Ledger, &Filter) -> Result<Vec<A>, E>,
    ) -> Result<ExitCode> {
        self.ask_on(None, question)
    }

    /// Asks as on a day, and prints.
    pub fn ask_on<A: Answer, E: Into<anyhow::Error>>(
        self,
        today: Option<&str>,
        question: impl FnOnce(&Ledger, &Filter) -> Result<Vec<A>, E>,
    ) -> Result<ExitCode> {
        let ledger = self.ledger.open_on(self.about.as_of.as_deref(), today)?;
        let filter = self.about.filter();
        let rows = question(&ledger, &filter).map_err(Into::into)?;
        let marks = rows.iter().map(|row| ledger.marks(ids(row).iter().map(String::as_str)));
        let marks = marks.collect::<Result<Vec<_>, _>>()?;
        print(&rows, &marks, self.format)?;
        if self.format == Form::Text && filter.limit.is_none() && rows.len() == ROWS {
            eprintln!(
                "annalist: there may be more than these {ROWS} (where rows are in order of time: of what is over the last, of what is to \
                 come the next); --limit N shows more, filters show fewer"
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A row with what analysts said of it, which the program did not.
#[derive(serde::Serialize)]
struct Marked<'a, A> {
    #[serde(flatten)]
    row: &'a A,
    marks: &'a [Mark],
}

fn print<A: Answer>(rows: &[A], marks: &[Vec<Mark>], form: Form) -> Result<()> {
    let marked = rows.iter().zip(marks).map(|(row, marks)| Marked { row, marks });
    let mut out = BufWriter::new(io::stdout().lock());
    match form {
        Form::Text if rows.is_empty() => eprintln!("annalist: nothing in the ledger answers to this"),
        Form::Text => {
            let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
            for Marked { row, marks } in marked {
                let (heading, below) = row.lines();
                wrapped(&mut out, &heading, "", "    ", width)?;
                for line in below {
                    wrapped(&mut out, &line, "  ", "  ", width)?;
                }
                for mark in marks {
                    wrapped(&mut out, &format!("* {mark}"), "  ", "    ", width)?;
                }
                writeln!(out)?;
            }
        }
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &marked.collect::<Vec<_>>()).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Form::Jsonl => {
            for row in marked {
                serde_json::to_writer(&mut out, &row).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Form::Csv => {
            let told = |marks: &[Mark]| marks.iter().map(Mark::to_string).collect::<Vec<_>>().join("; ");
            write_csv_with(rows, "marks", |i, _| marks.get(i).map(|marks| told(marks)).unwrap_or_default(), &mut out)?;
        }
    }
    Ok(out.flush()?)
}

/// A line for a terminal: control characters of a hostile text stay out of it.
fn wrapped(out: &mut impl Write, text: &str, first: &str, rest: &str, width: usize) -> io::Result<()> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let options = textwrap::Options::new(width.max(20)).initial_indent(first).subsequent_indent(rest);
    textwrap::wrap(&text, options).iter().try_for_each(|line| writeln!(out, "{line}"))
}
