//! What is counted from the publication or from a time named before, how long a time is, and how often.

use annalist_calendar::{Amount, Date, Granularity, PartialDate, Period, Season, Unit};

use super::fields::Fields;
use super::recorded::days_on;
use super::{Basis, Reading, Value};

/// What is compared with its like of a year before was named at most so many sentences before.
const COMPARED: usize = 6;

/// The longest that "a few" of a unit may be.
fn few(unit: Unit) -> Option<Period> {
    let (most, of) = match unit {
        Unit::Hour => (1, Unit::Day),
        Unit::Day => (1, Unit::Week),
        Unit::Week => (1, Unit::Month),
        Unit::Month => (1, Unit::Year),
        _ => return None,
    };
    Some(Period::new(Amount::whole(most), of))
}

impl Reading<'_> {
    /// The quarter whose figures the text is about: one that is over, if such was named.
    pub(super) fn quarter_spoken(&self, at: usize, sentences: usize) -> Option<(usize, PartialDate)> {
        let quarter = |d: &PartialDate| matches!(d, PartialDate::Quarter(..));
        let over = self.spoken(at, sentences, |d| quarter(d) && d.last() < self.anchor);
        over.or_else(|| self.spoken(at, sentences, quarter))
    }

    /// "last week", "this month", "next year", "last April".
    pub(super) fn unit(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let step = fields.integer("direction")?;
        let anchor = self.anchor;
        if let Some(month) = fields.month() {
            let of = |year| Some(PartialDate::Month(year, month));
            let this = PartialDate::Month(anchor.year(), month);
            let found = match step {
                -1 => self.in_year(-1, of).filter(|d| d.last() < anchor).or_else(|| this.years_on(-1)),
                1 => self.in_year(1, of).filter(|d| d.first() > anchor).or_else(|| this.years_on(1)),
                _ => Some(this),
            };
            return Some((Value::Date(found?), Basis::Published));
        }
        if let Some(season) = fields.text("season").and_then(Season::of_code) {
            let of = |year| Some(PartialDate::Season(year, season));
            let this = PartialDate::Season(anchor.year(), season);
            let found = match step {
                -1 => self.in_year(-1, of).filter(|d| d.last() < anchor).or_else(|| this.years_on(-1)),
                1 => self.in_year(1, of).filter(|d| d.first() > anchor).or_else(|| this.years_on(1)),
                _ => Some(this),
            };
            return Some((Value::Date(found?), Basis::Published));
        }
        let unit = fields.unit()?;
        if unit == Unit::Day && step != 0 {
            return self.stepped_from_text(at, Unit::Day, step);
        }
        if unit.granularity() < Granularity::Day {
            return None;
        }
        let this = PartialDate::holding(anchor, unit.granularity())?;
        let direction = self.expressions[at].side.direction;
        let weekend = PartialDate::holding(anchor, Granularity::Weekend)?;
        let this = match this {
            // The weekend that is over lies in the week before, until there is one in this week.
            PartialDate::Weekend(..) if step == -1 && anchor >= this.first() => this,
            // "They met this weekend", told on a Wednesday.
            PartialDate::Weekend(..) if step == 0 && direction < 0 && anchor < this.first() => this.stepped(-1)?,
            // On a weekend the week that ends with it has become the last one.
            PartialDate::Week(..) if step == -1 && direction < 0 && anchor >= weekend.first() => this,
            other => other.stepped(step)?,
        };
        Some((Value::Date(this), Basis::Published))
    }

    pub(super) fn shifted(&self, fields: &Fields, from: Date, direction: i32) -> Option<Value> {
        let unit = fields.unit()?;
        let amount = fields.amount();
        if amount == Amount::Some {
            let past = if direction < 0 { "PAST_REF" } else { "FUTURE_REF" };
            return Some(Value::Other(past.to_string()));
        }
        let period = Period::new(amount, unit);
        if unit.granularity() < Granularity::Day {
            return Some(Value::Date(PartialDate::Day(period.from(from, direction)?)));
        }
        if matches!(unit, Unit::Decade | Unit::Century | Unit::Millennium) {
            return Some(Value::Date(PartialDate::holding(period.from(from, direction)?, Granularity::Year)?));
        }
        Some(Value::Date(period.stretch_from(from, direction)?))
    }

    pub(super) fn ago(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        // Of a quarter's figures, "a year ago" is the same quarter of the year before.
        if fields.unit() == Some(Unit::Year)
            && fields.amount() == Amount::whole(1)
            && let Some((i, base)) = self.quarter_spoken(at, COMPARED)
        {
            return Some((Value::Date(base.years_on(-1)?), Basis::Text(i)));
        }
        Some((self.shifted(fields, self.anchor, -1)?, Basis::Published))
    }

    pub(super) fn shifted_from_text(&self, at: usize, fields: &Fields, direction: i32) -> Option<(Value, Basis)> {
        let unit = fields.unit()?;
        if let (Unit::Year, Some(number)) = (unit, fields.integer("ordinal").and_then(|n| i8::try_from(n).ok())) {
            let (quarter, basis) = self.quarter(at, fields, None, -1)?;
            let quarter = if (1..=4).contains(&number) { quarter.years_on(-1)? } else { quarter };
            return Some((Value::Date(quarter), basis));
        }
        // "a few days later": when, nobody knows.
        if fields.amount() == Amount::Some {
            return Some((Value::Period(Period::new(Amount::Some, unit), None), Basis::Words));
        }
        let fits = |d: &PartialDate| d.granularity() <= unit.granularity();
        let quarter = || self.quarter_spoken(at, COMPARED);
        let base = Some(unit).filter(|unit| *unit == Unit::Year).and_then(|_| quarter());
        match base.or_else(|| self.last(at, 2, fits)) {
            Some((i, base)) => {
                let whole = match fields.amount() {
                    Amount::Hundredths(n) if n % 100 == 0 => i16::try_from(n / 100).ok(),
                    _ => None,
                };
                let value = match (unit, base, whole) {
                    (
                        Unit::Year,
                        PartialDate::Quarter(..) | PartialDate::Half(..) | PartialDate::Season(..),
                        Some(years),
                    ) => Value::Date(base.years_on(years * direction as i16)?),
                    _ => self.shifted(fields, base.first(), direction)?,
                };
                Some((value, Basis::Text(i)))
            }
            None => Some((self.shifted(fields, self.anchor, direction)?, Basis::Published)),
        }
    }

    /// The unit that holds the time last named.
    pub(super) fn same(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let granularity = fields.unit().map_or(Granularity::Day, Unit::granularity);
        let (date, basis) = match self.last(at, usize::MAX, |d| d.granularity() <= granularity) {
            Some((i, base)) => (base.widened(granularity)?, Basis::Text(i)),
            None => (PartialDate::holding(self.anchor, granularity)?, Basis::Published),
        };
        Some((Value::Date(self.timed(date, fields)), basis))
    }

    pub(super) fn next(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let step = fields.integer("following").or_else(|| fields.integer("beside"))?;
        let unit = fields.unit().or_else(|| fields.has("part").then_some(Unit::Day))?;
        match self.stepped_from_text(at, unit, step)? {
            (Value::Date(date), basis) => Some((Value::Date(self.timed(date, fields)), basis)),
            other => Some(other),
        }
    }

    fn stepped_from_text(&self, at: usize, unit: Unit, step: i32) -> Option<(Value, Basis)> {
        let granularity = unit.granularity();
        let (base, basis) = match self.last(at, usize::MAX, |d| d.granularity() <= granularity) {
            Some((i, base)) => (base.widened(granularity)?, Basis::Text(i)),
            None => (PartialDate::holding(self.anchor, granularity)?, Basis::Published),
        };
        Some((Value::Date(base.stepped(step)?), basis))
    }

    /// The unit that is spoken of.
    pub(super) fn bare(&self, at: usize, fields: &Fields) -> Option<(Value, Basis)> {
        let unit = fields.unit().unwrap_or(Unit::Quarter);
        let granularity = unit.granularity();
        if unit == Unit::Quarter {
            if let Some(end) = self.ended(at) {
                return Some((Value::Date(PartialDate::holding(end, granularity)?), Basis::Published));
            }
            if let Some((i, base)) = self.quarter_spoken(at, usize::MAX) {
                return Some((Value::Date(base), Basis::Text(i)));
            }
            // Quarters are spoken of when they are over.
            let this = PartialDate::holding(self.anchor, granularity)?;
            return Some((Value::Date(this.stepped(-1)?), Basis::Published));
        }
        let this = PartialDate::holding(self.anchor, granularity)?;
        let ahead = self.expressions[at].side.direction > 0;
        let over = matches!(this, PartialDate::Weekend(..)) && !ahead && self.anchor < this.first();
        Some((Value::Date(if over { this.stepped(-1)? } else { this }), Basis::Published))
    }

    /// A day in the middle of the quarter that ends on the date that follows ("the quarter ended June 30").
    fn ended(&self, at: usize) -> Option<Date> {
        let (here, next) = (&self.expressions[at], self.expressions.get(at + 1)?);
        let between = self.text.get(here.bytes.end..next.bytes.start)?;
        let fields = Fields(&next.found);
        let ended = between.len() < 12 && fields.month().is_some() && next.found.rule.means == "date";
        let (end, _) = if ended { self.calendar(at + 1, &fields)? } else { return None };
        Some(days_on(end.last(), -45))
    }

    pub(super) fn period(&self, fields: &Fields, direction: i32) -> Option<(Value, Basis)> {
        let period = Period::new(fields.amount(), fields.unit()?);
        let there = match (direction, fields.amount()) {
            (0, _) => None,
            // "The coming days", "within weeks": how many nobody says, but fewer than make up the next unit.
            (1.., Amount::Some) => few(fields.unit()?).and_then(|few| few.from(self.anchor, direction)),
            _ => period.from(self.anchor, direction),
        };
        let days = there.map(|there| (there.min(self.anchor), there.max(self.anchor)));
        let basis = if direction == 0 { Basis::Words } else { Basis::Published };
        Some((Value::Period(period, days), basis))
    }

    /// Whether a length is one within which something is to come: 1, "will leave within a few days"; otherwise 0.
    pub(super) fn within(&self, at: usize) -> i32 {
        let here = &self.expressions[at];
        let before = self.text.get(..here.bytes.start).unwrap_or_default();
        let word = before.split_whitespace().next_back().unwrap_or_default();
        i32::from(here.side.direction > 0 && self.knowledge.times().tense().is_within(&word.to_lowercase()))
    }

    pub(super) fn set(&self, fields: &Fields) -> Option<(Value, Basis)> {
        let value = match (fields.weekday(), fields.unit()) {
            (Some(day), _) => {
                let part = fields.text("part").map_or(String::new(), |part| format!("T{part}"));
                format!("XXXX-WXX-{day}{part}")
            }
            (None, Some(unit)) => {
                let other = fields.integer("other").and_then(|n| u32::try_from(n).ok());
                Period::new(other.map_or_else(|| fields.amount(), Amount::whole), unit).to_string()
            }
            (None, None) => format!("XXXX-{:02}", fields.month()?),
        };
        Some((Value::Other(value), Basis::Words))
    }

    /// What a rule's own value says: a number and a unit's code, counted from the publication, or a TIMEX3 value.
    pub(super) fn stated(&self, value: &str) -> Option<(Value, Basis)> {
        let at = value.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(value.len());
        if let (Ok(step), Some(unit)) = (value[..at].parse::<i32>(), Unit::of_code(&value[at..])) {
            let date = PartialDate::holding(self.anchor, unit.granularity())?.stepped(step)?;
            return Some((Value::Date(date), Basis::Published));
        }
        if let Ok(date) = value.parse::<PartialDate>() {
            return Some((Value::Date(date), Basis::Words));
        }
        Some((Value::Other(value.to_string()), Basis::Words))
    }
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use crate::times::tests::{MONDAY, one, parsed, read};
    use crate::times::times;

    #[test]
    fn what_is_counted_from_the_publication_is_resolved() {
        assert_eq!(one("It closed last month", MONDAY), "2021-07");
        assert_eq!(one("It will open next week", MONDAY), "2021-W34");
        assert_eq!(one("It closed yesterday", MONDAY), "2021-08-15");
        assert_eq!(one("It closed last night", MONDAY), "2021-08-15TNI");
        assert_eq!(one("It closed six weeks ago", MONDAY), "2021-W27");
        assert_eq!(one("It closed at 10:35 p.m. yesterday", MONDAY), "2021-08-15T22:35");
        assert_eq!(one("It closed last March", MONDAY), "2021-03");
        assert_eq!(one("It closed over the weekend", MONDAY), "2021-W32-WE");
    }

    #[test]
    fn lengths_and_sets_have_values() {
        assert_eq!(one("They took the town in less than two weeks", MONDAY), "P2W");
        assert_eq!(one("They waited two and a half years", MONDAY), "P2Y6M");
        assert_eq!(one("They met every Thursday", MONDAY), "XXXX-WXX-4");
        assert_eq!(one("They meet every two months", MONDAY), "P2M");
        assert_eq!(one("They waited several hours", MONDAY), "PTXH");
    }

    #[test]
    fn a_time_in_the_text_is_counted_from() {
        let text = "The bridge fell on 3 May 2019 and that month the road closed ; a year earlier it was new";
        let values: Vec<String> = read(text, MONDAY).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["2019-05-03", "2019-05", "2018"]);
    }

    #[test]
    fn what_is_to_come_within_a_few_days_comes_within_a_week() {
        let bounds = |words: &[(&str, &str, usize, &str)]| {
            let (text, analysis) = parsed(words);
            let [time] = &times(&text, &analysis, Knowledge::english(), Some(MONDAY))[..] else { panic!("{text}") };
            assert_eq!(time.value.as_deref(), Some("PXD"));
            (time.earliest.clone(), time.latest.clone())
        };
        let ahead = bounds(&[
            ("Envoys", "NOUN", 3, "nsubj"),
            ("will", "AUX", 3, "aux"),
            ("leave", "VERB", 0, "root"),
            ("within", "ADP", 7, "case"),
            ("a", "DET", 7, "det"),
            ("few", "ADJ", 7, "amod"),
            ("days", "NOUN", 3, "obl"),
        ]);
        assert_eq!(ahead, (Some(MONDAY.to_string()), Some("2021-08-23".to_string())));
        // They may have left at any time.
        let over = bounds(&[
            ("Envoys", "NOUN", 2, "nsubj"),
            ("left", "VERB", 0, "root"),
            ("within", "ADP", 6, "case"),
            ("a", "DET", 6, "det"),
            ("few", "ADJ", 6, "amod"),
            ("days", "NOUN", 2, "obl"),
        ]);
        assert_eq!(over, (None, None));
    }
}
