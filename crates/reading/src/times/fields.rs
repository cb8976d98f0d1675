//! What the words of an expression say: its month, weekday, unit, amount and the like.

use annalist_calendar::{Amount, Unit};
use annalist_knowledge::{PartValue, TimeMatch};

/// The parts of an expression, by class.
pub(super) struct Fields<'m>(pub(super) &'m TimeMatch<'m>);

impl Fields<'_> {
    pub(super) fn text(&self, class: &str) -> Option<&str> {
        self.0.parts.iter().find(|p| p.class == class).and_then(|p| match &p.value {
            PartValue::Text(text) => Some(text.as_str()),
            PartValue::Number(_) => None,
        })
    }

    pub(super) fn has(&self, class: &str) -> bool {
        self.0.parts.iter().any(|p| p.class == class)
    }

    /// A word's or number's value as an integer.
    pub(super) fn integer(&self, class: &str) -> Option<i32> {
        self.0.parts.iter().find(|p| p.class == class).and_then(|p| match &p.value {
            PartValue::Text(text) => text.parse().ok(),
            PartValue::Number(n) => n.and_then(|n| i32::try_from(n).ok()),
        })
    }

    pub(super) fn month(&self) -> Option<i8> {
        let month =
            self.integer("month").or_else(|| self.integer("short_month")).or_else(|| self.integer("month_number"))?;
        i8::try_from(month).ok()
    }

    pub(super) fn weekday(&self) -> Option<i8> {
        let day =
            self.integer("weekday").or_else(|| self.integer("short_weekday")).or_else(|| self.integer("weekdays"))?;
        i8::try_from(day).ok()
    }

    /// Whether it names a day by its weekday, its number or from the publication.
    pub(super) fn is_day(&self) -> bool {
        let dated = self.month().is_some() && (self.has("day") || self.has("ordinal"));
        dated || self.weekday().is_some() || self.has("deictic")
    }

    pub(super) fn year(&self) -> Option<i16> {
        let short = |n: i32| if n < 40 { 2000 + n } else { 1900 + n };
        i16::try_from(self.integer("year").or_else(|| self.integer("short_year").map(short))?).ok()
    }

    pub(super) fn unit(&self) -> Option<Unit> {
        // "the year-earlier nine months" are months.
        let code = ["units", "unit", "spoken_unit", "adverb", "daily", "unit_year"]
            .iter()
            .find_map(|class| self.text(class))?;
        Unit::of_code(code)
    }

    /// The amount; one where no number is told with a singular, some with a plural.
    pub(super) fn amount(&self) -> Amount {
        let numbers: Vec<Option<u32>> = self
            .0
            .parts
            .iter()
            .filter(|p| p.class == "n")
            .map(|p| match p.value {
                PartValue::Number(n) => n,
                PartValue::Text(_) => None,
            })
            .collect();
        let half = self.integer("halves").and_then(|h| u32::try_from(h).ok()).unwrap_or(0);
        match numbers.as_slice() {
            [] if self.has("units") => Amount::Some,
            [] => Amount::whole(1),
            [Some(n), ..] => Amount::Hundredths(n.saturating_add(half)),
            [None, ..] => Amount::Some,
        }
    }
}
