//! Lengths of time.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;

use crate::{Granularity, PartialDate, ValueError};

/// What a period is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    const ALL: [(Unit, &str); 12] = [
        (Unit::Second, "TS"),
        (Unit::Minute, "TM"),
        (Unit::Hour, "TH"),
        (Unit::Day, "D"),
        (Unit::Weekend, "WE"),
        (Unit::Week, "W"),
        (Unit::Month, "M"),
        (Unit::Quarter, "Q"),
        (Unit::Year, "Y"),
        (Unit::Decade, "E"),
        (Unit::Century, "C"),
        (Unit::Millennium, "L"),
    ];

    /// The unit of a TIMEX3 code: `Y`, `Q`, `M`, `W`, `WE`, `D`, `E` (decade), `C`, `L` (millennium), and `TH`, `TM`, `TS` for those
    /// of the clock.
    pub fn of_code(code: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|(_, known)| *known == code).map(|(unit, _)| unit)
    }

    fn code(self) -> &'static str {
        Unit::ALL[self as usize].1
    }

    /// The granularity of a stretch as long as the unit; the century's for a millennium.
    pub fn granularity(self) -> Granularity {
        match self {
            Unit::Second => Granularity::Second,
            Unit::Minute => Granularity::Minute,
            Unit::Hour => Granularity::Hour,
            Unit::Day => Granularity::Day,
            Unit::Weekend => Granularity::Weekend,
            Unit::Week => Granularity::Week,
            Unit::Month => Granularity::Month,
            Unit::Quarter => Granularity::Quarter,
            Unit::Year => Granularity::Year,
            Unit::Decade => Granularity::Decade,
            Unit::Century | Unit::Millennium => Granularity::Century,
        }
    }

    /// The next finer unit and how many of it make this one, where that is a whole number that holds always.
    fn finer(self) -> Option<(Unit, u32)> {
        Some(match self {
            Unit::Minute => (Unit::Second, 60),
            Unit::Hour => (Unit::Minute, 60),
            Unit::Day => (Unit::Hour, 24),
            Unit::Week => (Unit::Day, 7),
            Unit::Quarter => (Unit::Month, 3),
            Unit::Year => (Unit::Month, 12),
            Unit::Decade => (Unit::Year, 10),
            Unit::Century => (Unit::Year, 100),
            Unit::Millennium => (Unit::Year, 1000),
            Unit::Second | Unit::Month | Unit::Weekend => return None,
        })
    }
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// So many hundredths: 150 is one and a half.
    Hundredths(u32),
    /// Some: "several", "recent". Written `X`.
    Some,
}

impl Amount {
    /// A whole number of them; the largest that can be held for more.
    pub fn whole(number: u32) -> Amount {
        Amount::Hundredths(number.saturating_mul(100))
    }
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many.
    pub amount: Amount,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// A period.
    pub fn new(amount: Amount, unit: Unit) -> Period {
        Period { amount, unit }
    }

    /// The day this long before (`-1`) or after (`1`) a day; periods shorter than a day count as none. `None` for an unknown amount
    /// and outside the calendar.
    pub fn from(&self, day: Date, direction: i32) -> Option<Date> {
        let Amount::Hundredths(hundredths) = self.amount else { return None };
        let counted = |per: i64| i64::from(hundredths) * per / 100 * i64::from(direction.signum());
        let span = match self.unit {
            Unit::Second | Unit::Minute => Ok(Span::new()),
            Unit::Hour => Span::new().try_days(counted(1) / 24),
            Unit::Day => Span::new().try_days(counted(1)),
            Unit::Weekend | Unit::Week => Span::new().try_days(counted(7)),
            Unit::Month => Span::new().try_months(counted(1)),
            Unit::Quarter => Span::new().try_months(counted(3)),
            Unit::Year => Span::new().try_months(counted(12)),
            Unit::Decade => Span::new().try_months(counted(120)),
            Unit::Century => Span::new().try_months(counted(1200)),
            Unit::Millennium => Span::new().try_months(counted(12_000)),
        };
        day.checked_add(span.ok()?).ok().filter(|day| day.year() > 0)
    }

    /// The stretch this long before or after a day, at the period's own granularity: "two months ago" is a month, "six weeks ago" a
    /// week. `None` as for [`Period::from`], and for units of the clock.
    pub fn stretch_from(&self, day: Date, direction: i32) -> Option<PartialDate> {
        PartialDate::holding(self.from(day, direction)?, self.unit.granularity())
    }
}

impl fmt::Display for Period {
    /// As a TIMEX3 value. Parts are written in the next finer unit (`P2Y6M`, `PT1H30M`); several decades, centuries and millennia
    /// in years.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (clock, letter) = match self.unit.code().strip_prefix('T') {
            Some(letter) => ("T", letter),
            None => ("", self.unit.code()),
        };
        match self.amount {
            Amount::Some => write!(f, "P{clock}X{letter}"),
            Amount::Hundredths(n) if n % 100 == 0 => match (self.unit, n / 100, self.unit.finer()) {
                (Unit::Decade | Unit::Century | Unit::Millennium, many @ 2.., Some((unit, per))) => {
                    Period::new(Amount::whole(many.saturating_mul(per)), unit).fmt(f)
                }
                (_, whole, _) => write!(f, "P{clock}{whole}{letter}"),
            },
            Amount::Hundredths(n) => {
                let rest = |per: u32| (n % 100).saturating_mul(per);
                match self.unit.finer().filter(|(_, per)| rest(*per) % 100 == 0) {
                    Some((unit, per)) => {
                        let rest = Period::new(Amount::Hundredths(rest(per)), unit).to_string();
                        match n / 100 {
                            0 => f.write_str(&rest),
                            // Clock units stand after one T.
                            whole => {
                                let prefix = if clock.is_empty() { "P" } else { "PT" };
                                write!(f, "{prefix}{whole}{letter}{}", rest.strip_prefix(prefix).unwrap_or(&rest[1..]))
                            }
                        }
                    }
                    None => {
                        write!(f, "P{clock}{}.{}{letter}", n / 100, format!("{:02}", n % 100).trim_end_matches('0'))
                    }
                }
            }
        }
    }
}

impl FromStr for Period {
    type Err = ValueError;

    /// Reads a TIMEX3 duration of one unit.
    fn from_str(value: &str) -> Result<Period, ValueError> {
        let read = || {
            let rest = value.strip_prefix('P')?;
            let (clock, rest) = match rest.strip_prefix('T') {
                Some(rest) => ("T", rest),
                None => ("", rest),
            };
            let at = rest.find(|c: char| !c.is_ascii_digit() && c != 'X' && c != '.')?;
            let (amount, letters) = rest.split_at(at);
            let unit = Unit::of_code(&format!("{clock}{letters}"))?;
            let amount = match amount.split_once('.') {
                _ if amount == "X" => Amount::Some,
                None => Amount::Hundredths(amount.parse::<u32>().ok()?.checked_mul(100)?),
                Some((whole, part)) if (1..=2).contains(&part.len()) => {
                    let part: u32 = format!("{part:0<2}").parse().ok()?;
                    Amount::Hundredths(whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)?)
                }
                Some(_) => return None,
            };
            Some(Period { amount, unit })
        };
        read().ok_or_else(|| ValueError(value.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_written_as_timex_values() {
        let written = |hundredths, unit| Period::new(Amount::Hundredths(hundredths), unit).to_string();
        assert_eq!(written(200, Unit::Week), "P2W");
        assert_eq!(written(150, Unit::Year), "P1Y6M");
        assert_eq!(written(50, Unit::Hour), "PT30M");
        assert_eq!(written(550, Unit::Hour), "PT5H30M");
        assert_eq!(written(150, Unit::Day), "P1DT12H");
        assert_eq!(written(150, Unit::Minute), "PT1M30S");
        assert_eq!(written(250, Unit::Month), "P2.5M");
        assert_eq!(written(100, Unit::Decade), "P1E");
        assert_eq!(written(400, Unit::Decade), "P40Y");
        assert_eq!(Period::new(Amount::Some, Unit::Hour).to_string(), "PTXH");
        for value in ["P2W", "PXM", "PT10H", "P2.5M", "P1E", "P2WE"] {
            assert_eq!(value.parse::<Period>().unwrap().to_string(), value);
        }
        for value in ["", "P", "P1", "2W", "PT1Y", "P1.234D", "P99999999999D"] {
            assert!(value.parse::<Period>().is_err(), "{value}");
        }
    }

    #[test]
    fn a_stretch_has_the_granularity_of_its_unit() {
        let day = Date::constant(2021, 8, 16);
        let stretch = |value: &str, direction| {
            value.parse::<Period>().unwrap().stretch_from(day, direction).map(|d| d.to_string()).unwrap_or_default()
        };
        assert_eq!(stretch("P11D", -1), "2021-08-05");
        assert_eq!(stretch("P6W", -1), "2021-W27");
        assert_eq!(stretch("P2M", 1), "2021-10");
        assert_eq!(stretch("P1E", -1), "201");
        assert_eq!(stretch("PXY", -1), "");
        assert_eq!(stretch("P9999Y", -1), "");
    }
}
