//! Analysis and knowledge to record: one module a question.
//!
//! Pure functions of their input: no files, no network, no clock.
//!
//! * [`statements`] — who said what, in what manner, and what was done by saying it; with [`layouts`], what a transcript's
//!   or a list's layout says of it, and [`quotation`], what stands between quotation marks.
#![forbid(unsafe_code)]

pub mod layouts;
pub mod places;
pub mod quotation;
pub mod statements;
