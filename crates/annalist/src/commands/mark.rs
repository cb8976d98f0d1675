//! `annalist mark`: an analyst's word on a record.

use std::process::ExitCode;

use annalist_ledger::{Judgement, Ledger};
use clap::Subcommand;

use super::add::now;
use super::asking::Where;
use super::inputs::stamp;

/// What is said of what.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    verdict: Verdict,
}

#[derive(Subcommand)]
enum Verdict {
    /// It is right; once rejected, it counts again.
    Accept(Several),
    /// It is wrong and does not count.
    Reject(Several),
    /// A field of it should hold something else.
    Edit {
        /// The id of an item (REPORT/ITEM), actor (E…) or happening (H…).
        id: String,
        /// What it should hold: words of the report, a name, a day, or JSON, as the field wants it; nothing for what is not known.
        #[arg(value_name = "FIELD=VALUE", required = true)]
        fields: Vec<String>,
        #[command(flatten)]
        word: Word,
    },
    /// Something to know about it; give the words with --words.
    Note(Several),
    /// It is one with another of its kind.
    Merge {
        /// The ids of what is one with the last of them.
        #[arg(value_name = "ID", num_args = 2.., required = true)]
        ids: Vec<String>,
        #[command(flatten)]
        word: Word,
    },
    /// It is several: name the items that are another one, or the words of its parts.
    Split {
        /// The id.
        id: String,
        /// The items of an actor (E…) or happening (H…) that are another one.
        items: Vec<String>,
        /// The words of a part of an item; at least twice.
        #[arg(long = "part", value_name = "WORDS")]
        parts: Vec<String>,
        #[command(flatten)]
        word: Word,
    },
}

/// Several things of which the same is said.
#[derive(clap::Args)]
struct Several {
    /// The ids of reports, items (REPORT/ITEM), actors (E…) or happenings (H…).
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    word: Word,
}

/// Whose word it is.
#[derive(clap::Args)]
struct Word {
    #[command(flatten)]
    ledger: Where,
    /// Who says so.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// When, if not now: a UTC moment (2026-03-12T10:00:00Z).
    #[arg(long, value_name = "MOMENT", value_parser = stamp)]
    at: Option<String>,
    /// A note, or the reason.
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
}

/// Writes it into the ledger.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (judged, word): (Vec<(String, Judgement)>, Word) = match arguments.verdict {
        Verdict::Accept(several) => each(several, &Judgement::Accept),
        Verdict::Reject(several) => each(several, &Judgement::Reject),
        Verdict::Note(several) => {
            anyhow::ensure!(several.word.words.is_some(), "a note has words; give them with --words");
            each(several, &Judgement::Note)
        }
        Verdict::Edit { id, fields, word } => {
            let mut judged = Vec::new();
            for edit in fields {
                let Some((field, value)) = edit.split_once('=') else {
                    anyhow::bail!(
                        "{edit} does not say what a field should hold; write FIELD=VALUE, as in status=planned"
                    )
                };
                judged.push((
                    id.clone(),
                    Judgement::Edit { field: field.trim().to_string(), value: value.trim().to_string() },
                ));
            }
            (judged, word)
        }
        Verdict::Merge { mut ids, word } => {
            let into = ids.pop().unwrap_or_default();
            (ids.into_iter().map(|id| (id, Judgement::Merge { into: into.clone() })).collect(), word)
        }
        Verdict::Split { id, items, parts, word } => (vec![(id, Judgement::Split { items, parts })], word),
    };
    let path = word.ledger.path();
    // Only a ledger that is there is marked.
    drop(Ledger::open(&path)?);
    let mut ledger = Ledger::create(&path)?;
    let moment = word.at.unwrap_or_else(now);
    for (id, judgement) in judged {
        for mark in ledger.mark(&id, &judgement, word.words.as_deref(), &word.by, &moment)? {
            println!("{}: {mark}", mark.id);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn each(several: Several, judgement: &Judgement) -> (Vec<(String, Judgement)>, Word) {
    (several.ids.into_iter().map(|id| (id, judgement.clone())).collect(), several.word)
}
