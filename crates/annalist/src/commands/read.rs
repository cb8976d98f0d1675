//! `annalist read`: reports in, who said what out.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annalist_pipeline::Reader;
use annalist_record::Line;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::commands::inputs::{Intake, Threads, list, sources};
use crate::render::{self, Style};

/// What to read and how to print it.
#[derive(clap::Args)]
pub struct Arguments {
    /// Files, folders (read recursively), or - for standard input (the default).
    #[arg(value_name = "FILE|FOLDER|-")]
    inputs: Vec<PathBuf>,
    /// How to print: text for people; json, indented; jsonl, one record a line.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    intake: Intake,
    /// Say for every item why it is so: which rule, line of a knowledge file or score decided.
    #[arg(long)]
    explain: bool,
    /// Colour the text: auto does on a terminal, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Wrap text at this many columns (the terminal's width, or 80).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..=1000))]
    width: Option<u16>,
    #[command(flatten)]
    threads: Threads,
    /// Write here instead of to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Reads and prints.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let reader = Reader::new()?.explaining(arguments.explain);
    let (sources, mut failures) = sources(&arguments.inputs);
    if sources.is_empty() && failures.is_empty() {
        bail!("there is no file to read in {}", list(&arguments.inputs));
    }
    let options = arguments.intake.options();
    let workers = arguments.threads.number();
    let mut printer = Printer::new(&arguments, sources.len() + failures.len())?;
    for failure in &failures {
        printer.print(Line::Error(failure.clone()))?;
    }
    let mut outcome = Ok(());
    let progress = progress(sources.len());
    let mut failed = !failures.is_empty();
    failures.clear();
    reader.read_all(&sources, &options, workers, |i, line| {
        failed |= matches!(line, Line::Error(_));
        progress.set_message(sources[i].name());
        outcome = progress.suspend(|| printer.print(line));
        progress.set_position(i as u64);
        outcome.is_ok()
    });
    progress.finish_and_clear();
    outcome?;
    printer.finish()?;
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn progress(reports: usize) -> ProgressBar {
    if reports < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(reports as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left  {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

struct Printer {
    out: Box<dyn Write>,
    format: Format,
    style: Style,
    several: bool,
    /// The first line of JSON, until it is known whether it is the only one.
    held: Option<Line>,
    printed: usize,
}

impl Printer {
    fn new(arguments: &Arguments, reports: usize) -> Result<Printer> {
        let stdout = io::stdout();
        let terminal = arguments.output.is_none() && stdout.is_terminal();
        let out: Box<dyn Write> = match &arguments.output {
            Some(path) => Box::new(BufWriter::new(create(path)?)),
            None => Box::new(BufWriter::new(stdout)),
        };
        let color = match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let detected = || terminal_size::terminal_size().filter(|_| terminal).map(|(width, _)| width.0);
        let width = arguments.width.or_else(detected).unwrap_or(80);
        Ok(Printer {
            out,
            format: arguments.format,
            style: Style { color, width: usize::from(width) },
            several: reports > 1,
            held: None,
            printed: 0,
        })
    }

    /// A record goes to the output; so does an error, as a record, unless people read the output: they get a message.
    fn print(&mut self, line: Line) -> Result<()> {
        match (self.format, &line) {
            (Format::Text, Line::Error(error)) => eprintln!("annalist: {}", error.error.message),
            (Format::Text, Line::Record(record)) => {
                if self.printed > 0 {
                    writeln!(self.out)?;
                }
                self.out.write_all(render::record(record, self.style).as_bytes())?;
                self.printed += 1;
            }
            (Format::Json, _) if !self.several => match self.held.take() {
                None => self.held = Some(line),
                Some(first) => {
                    self.several = true;
                    self.line(&first)?;
                    self.line(&line)?;
                }
            },
            (Format::Json | Format::Jsonl, line) => self.line(line)?,
        }
        self.out.flush()?;
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<()> {
        serde_json::to_writer(&mut self.out, line).map_err(io::Error::from)?;
        Ok(writeln!(self.out)?)
    }

    fn finish(mut self) -> Result<()> {
        if let Some(only) = self.held.take() {
            serde_json::to_writer_pretty(&mut self.out, &only).map_err(io::Error::from)?;
            writeln!(self.out)?;
        }
        self.out.flush()?;
        Ok(())
    }
}

fn create(path: &Path) -> Result<File> {
    File::create(path)
        .with_context(|| format!("{}: cannot be written; check the path and its permissions", path.display()))
}
