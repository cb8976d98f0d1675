//! Analysis and knowledge to record: one module a question.
//!
//! Pure functions of their input: no files, no network, no clock.
//!
//! * [`actors`] — what an actor is: its country, sectors and kind.
//! * [`statements`] — who said what, in what manner, and what was done by saying it; with [`layouts`], what a transcript's
//!   or a list's layout says of it, and [`quotation`], what stands between quotation marks.
//! * [`times`] — when: time expressions and the days they stand for.
//! * [`commitments`] — what somebody bound themselves to; [`changes`] — who changed position.
//! * [`figures`] — how many: of people killed, detained, displaced and the like.
//! * [`coreference`] — which mentions are of the same: names, descriptions and pronouns in chains; with [`participants`], the actors
//!   they are, and who speaks, to whom and through whom.
//! * [`events`] — what happened: triggers, types, participants, place, time and status.
//! * [`prominence`] — which country a place's name tells by itself.
//! * [`explanations`] — why: what decided each of them.
#![forbid(unsafe_code)]

pub mod actors;
pub mod changes;
mod clauses;
pub mod commitments;
pub mod coreference;
pub mod events;
pub mod explanations;
pub mod figures;
pub mod layouts;
pub mod participants;
pub mod places;
pub mod prominence;
pub mod quotation;
pub mod statements;
pub mod times;
