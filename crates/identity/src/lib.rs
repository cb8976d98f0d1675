//! When two things are one: two prints of one text, two actors, two mentions of an event. Used within a report and across
//! reports, so that there is one judgement, not two.
//!
//! Every judgement is conservative: what cannot be told is kept apart, because what was joined wrongly is hard to see afterwards.
#![forbid(unsafe_code)]

mod actors;
mod events;
mod signature;
mod words;

pub use actors::{Name, Profile, same_actor};
pub use events::{Happening, ONE_EVENT, likeness};
pub use signature::{REPRINT, Signature, SignatureError, words};
pub use words::{content_words, overlap};
