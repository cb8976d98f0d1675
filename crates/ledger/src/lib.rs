//! The ledger: many reports, one situation, in one SQLite file.
//!
//! One process writes, many read. Adding a report is one transaction: after it the report is on the disk whole, before it nothing of
//! it is. Again is nothing; other words under the same id are a new version; the same words under another id are a reprint. The
//! tables are described in `schema.sql`.
//!
//! The ledger takes [`annalist_record::Record`]s and knows nothing of how they were read.
#![forbid(unsafe_code)]

mod add;
mod answers;
mod as_of;
mod brief;
mod brief_html;
mod deeds;
mod due;
mod error;
mod export;
mod filter;
mod first;
mod follow;
mod import;
mod items;
mod link;
mod marks;
mod named;
mod newsworthy;
mod numbers;
mod pack;
mod parquet;
mod polecat;
mod positions;
mod questions;
mod quotations;
mod show;
mod store;
mod stories;
mod sums;
mod voice;
mod watching;

pub use add::{Added, Kept, Tally};
pub use answers::{
    ActorAnswer, Answer, CommitmentAnswer, ContactAnswer, DueAnswer, EventAnswer, PlaceAnswer, PositionAnswer,
    QuotationAnswer, SearchAnswer, StatementAnswer, StoryAnswer, TimelineAnswer,
};
pub use error::LedgerError;
pub use export::{Form, Table, write_csv, write_csv_with};
pub use filter::Filter;
pub use import::{ImportError, Imported, imported};
pub use marks::tell::ids;
pub use marks::{Judgement, Mark};
pub use parquet::write_parquet;
pub use questions::ROWS;
pub use store::Ledger;
pub use watching::{FeedState, LookedAt};
