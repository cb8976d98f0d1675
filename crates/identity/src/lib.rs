//! When two things are one: two prints of one text, two reports on one affair, two actors, two mentions of an event, two quotations of one
//! saying, two statements on one matter. Used within a report and across
//! reports, so that there is one judgement, not two.
//!
//! Every judgement is conservative: what cannot be told is kept apart, because what was joined wrongly is hard to see afterwards.
#![forbid(unsafe_code)]

mod actors;
mod events;
mod happenings;
mod matters;
mod quotations;
mod signature;
mod stories;
mod words;

pub use actors::{Name, Profile, same_actor};
pub use events::{Happening, ONE_EVENT, apart, days_apart, likeness};
pub use happenings::{EventWords, HappeningWeights, evidence};
pub use matters::{Matter, Opposed, one_matter, opposed};
pub use quotations::{Difference, Quotation, differences, quoted};
pub use signature::{REPRINT, Signature, SignatureError, words};
pub use stories::{Group, NEWEST, Paper, SHARED, Shelf, Stories, Terms, average_linkage, regroup};
pub use words::{content_numbers, content_words, first_shared, overlap, tells_deed};
