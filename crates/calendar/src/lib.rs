//! Partial dates: what "last week", "August 1988" or "Friday evening" name once it is known what they are counted from.
//!
//! [`PartialDate`] is a stretch of the civil calendar with a [`Granularity`], first and last day, and arithmetic; [`Period`] is
//! a length of time. Both are written and read as TIMEX3 values (TimeML 1.2.1, which follows ISO 8601): `1989-Q3`, `1998-W07`,
//! `2021-08-16TEV`, `P2W`. Civil arithmetic is `jiff`'s. There is no clock: nothing here knows what day it is.
//!
//! ```
//! use annalist_calendar::{Granularity, PartialDate};
//!
//! let published: PartialDate = "2021-08-16".parse().unwrap();
//! let week_before = published.widened(Granularity::Week).unwrap().stepped(-1).unwrap();
//! assert_eq!(week_before.to_string(), "2021-W32");
//! assert_eq!(week_before.first().to_string(), "2021-08-09");
//! assert_eq!(week_before.last().to_string(), "2021-08-15");
//! ```
#![forbid(unsafe_code)]

mod partial;
mod period;

pub use jiff::civil::{Date, Weekday};
pub use partial::{DayPart, Granularity, PartialDate, Season, days_from};
pub use period::{Amount, Period, Unit};

/// A TIMEX3 value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError(
    /// The value.
    pub String,
);

impl std::fmt::Display for ValueError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "`{}` is not a TIMEX3 value of this kind", self.0)
    }
}

impl std::error::Error for ValueError {}
