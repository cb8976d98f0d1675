//! What a record says of a time: its value, its first and last day, and from what it was counted.

use std::collections::HashMap;

use annalist_calendar::{Date, Granularity, PartialDate, days_from};
use annalist_knowledge::TimeKind;
use annalist_record::{CharIndex, Confidence, Span, Time, item_id};

use super::fields::Fields;
use super::{Basis, Expression, Meaning, PUBLISHED, Reading, Value};

impl Reading<'_> {
    /// The times as records have them. `supposed` is the day they were counted from if that of publication is not known.
    pub(super) fn record(&self, supposed: Option<Date>) -> Vec<Time> {
        let index = CharIndex::new(self.text);
        let mut seen: HashMap<String, usize> = HashMap::new();
        let ids: Vec<String> = self
            .expressions
            .iter()
            .map(|e| {
                let span = Span::of_bytes(self.text, &index, e.bytes.clone());
                let before = seen.entry(span.text.clone()).or_default();
                *before += 1;
                item_id('t', [&span], *before - 1)
            })
            .collect();
        // What depends on the publication, at one or more removes.
        let mut dated = vec![false; self.before.len()];
        for (i, meaning) in self.before.iter().enumerate() {
            dated[i] = match meaning.basis {
                Basis::Words => true,
                Basis::Published => supposed.is_none(),
                Basis::Text(of) => dated[of],
            };
        }
        let day = |i: usize| match self.before[i].value {
            Value::Date(date) if date.granularity() <= Granularity::Day => Some(date.first()),
            _ => None,
        };
        // The time from which undated days are counted.
        let pivot = supposed.and_then(|supposed| {
            let weekday = |i: &usize| Fields(&self.expressions[*i].found).weekday().is_some();
            let mut undated = (0..self.before.len()).filter(|&i| !dated[i] && weekday(&i));
            let all: Vec<usize> = undated.by_ref().filter(|&i| day(i).is_some()).collect();
            all.iter().copied().find(|&i| day(i) == Some(supposed)).or_else(|| all.first().copied())
        });
        let mut times = Vec::with_capacity(self.expressions.len());
        for (i, (e, meaning)) in self.expressions.iter().zip(&self.before).enumerate() {
            let rule = e.found.rule;
            let Some(kind) = rule.kind else { continue };
            let mut time = Time {
                id: ids[i].clone(),
                span: Span::of_bytes(self.text, &index, e.bytes.clone()),
                kind: match meaning.value {
                    Value::Period(..) if kind == TimeKind::Date => TimeKind::Duration,
                    _ => kind,
                }
                .name()
                .to_string(),
                value: None,
                granularity: None,
                earliest: None,
                latest: None,
                relative_to: match meaning.basis {
                    Basis::Words => None,
                    Basis::Published => Some(PUBLISHED.to_string()),
                    Basis::Text(of) => Some(ids[of].clone()),
                },
                offset: None,
                confidence: Confidence::new(self.confidence(e, meaning, dated[i])),
            };
            match &meaning.value {
                Value::Date(date) if dated[i] => {
                    let (first, last) = self.narrowed(date, e.found.modifier, supposed.is_none());
                    time.value = Some(date.to_string());
                    time.granularity = Some(date.granularity().name().to_string());
                    (time.earliest, time.latest) = (Some(first.to_string()), Some(last.to_string()));
                }
                Value::Date(date) => {
                    time.granularity = Some(date.granularity().name().to_string());
                    time.value = Some(self.undated(date, e));
                    if meaning.basis == Basis::Published {
                        match pivot.filter(|_| day(i).is_some()) {
                            Some(p) if p != i => {
                                time.relative_to = Some(ids[p].clone());
                                time.offset = day(p).zip(day(i)).map(|(from, to)| days_between(from, to));
                            }
                            Some(_) => {}
                            None => time.offset = offset(self.anchor, date),
                        }
                    }
                }
                Value::Period(period, days) => {
                    time.value = Some(period.to_string());
                    time.granularity = Some(period.unit.granularity().name().to_string());
                    if let Some((first, last)) = days.filter(|_| supposed.is_none()) {
                        (time.earliest, time.latest) = (Some(first.to_string()), Some(last.to_string()));
                    }
                }
                Value::Other(value) => {
                    if supposed.is_none() && value == "PAST_REF" {
                        time.latest = Some(self.anchor.to_string());
                        time.relative_to = Some(PUBLISHED.to_string());
                    }
                    if supposed.is_none() && value == "FUTURE_REF" {
                        time.earliest = Some(self.anchor.to_string());
                        time.relative_to = Some(PUBLISHED.to_string());
                    }
                    time.value = Some(value.clone());
                }
                Value::Unknown => {}
            }
            times.push(time);
        }
        times
    }

    /// The days that a modified date may mean.
    fn narrowed(&self, date: &PartialDate, modifier: Option<&str>, known: bool) -> (Date, Date) {
        let (first, last) = (date.first(), date.last());
        let length = days_from(first, last);
        let third = length / 3;
        let two_thirds = length - length / 3;
        match modifier {
            Some("START") => (first, days_on(first, third)),
            Some("MID") => (days_on(first, third), days_on(first, two_thirds)),
            Some("END") => (days_on(first, two_thirds), last),
            Some("BEFORE") if known && first <= self.anchor => (first, last.min(self.anchor)),
            Some("AFTER") if known && self.anchor <= last => (first.max(self.anchor), last),
            _ => (first, last),
        }
    }

    /// A TIMEX3 value with what is not known left open.
    fn undated(&self, date: &PartialDate, e: &Expression) -> String {
        let fields = Fields(&e.found);
        let value = date.to_string();
        let time = value.find('T').map_or("", |at| &value[at..]);
        match date {
            PartialDate::Century(_) => "XX".to_string(),
            PartialDate::Decade(_) => "XXX".to_string(),
            PartialDate::Year(_) => "XXXX".to_string(),
            PartialDate::Half(_, h) if fields.has("half") => format!("XXXX-H{h}"),
            PartialDate::Half(..) => "XXXX-HX".to_string(),
            PartialDate::Season(..) => format!("XXXX{}", &value[4..]),
            PartialDate::Quarter(_, q) if fields.has("ordinal") => format!("XXXX-Q{q}"),
            PartialDate::Quarter(..) => "XXXX-QX".to_string(),
            PartialDate::Month(_, m) if fields.month().is_some() => format!("XXXX-{m:02}"),
            PartialDate::Month(..) => "XXXX-XX".to_string(),
            PartialDate::Week(..) => "XXXX-WXX".to_string(),
            PartialDate::Weekend(..) => "XXXX-WXX-WE".to_string(),
            PartialDate::Day(d) | PartialDate::Part(d, _) | PartialDate::Clock(d, ..) => match fields.weekday() {
                Some(weekday) if fields.month().is_none() => format!("XXXX-WXX-{weekday}{time}"),
                _ if fields.month().is_some() => format!("XXXX-{:02}-{:02}{time}", d.month(), d.day()),
                _ => format!("XXXX-XX-XX{time}"),
            },
        }
    }

    fn confidence(&self, e: &Expression, meaning: &Meaning, dated: bool) -> f32 {
        let known = self.knowledge.times().confidence(&e.found.rule.means);
        match (&meaning.value, meaning.basis) {
            (Value::Unknown, _) => 0.2,
            (Value::Date(_), Basis::Words) => known.max(0.95),
            (Value::Date(_), Basis::Published) if !dated => known * 0.8,
            (Value::Date(_), _) if e.side.direction == 0 && e.found.rule.means == "date" => known * 0.9,
            _ => known,
        }
    }
}

/// The day `days` days on; the same one at the ends of the calendar.
pub(super) fn days_on(day: Date, days: i32) -> Date {
    PartialDate::Day(day).stepped(days).map_or(day, |there| there.first())
}

/// A period of so many days, with its sign.
fn days_between(from: Date, to: Date) -> String {
    signed(days_from(from, to), 'D')
}

fn signed(number: i32, unit: char) -> String {
    format!("{}P{}{unit}", if number < 0 { "-" } else { "" }, number.unsigned_abs())
}

/// How far a date lies from the supposed day, in its own unit, where that is the same whatever the day is.
fn offset(from: Date, date: &PartialDate) -> Option<String> {
    let this = PartialDate::holding(from, date.granularity().max(Granularity::Day))?;
    let unit = match date.granularity() {
        Granularity::Week => 'W',
        Granularity::Month => 'M',
        Granularity::Year => 'Y',
        g if g <= Granularity::Day => 'D',
        _ => return None,
    };
    let there = date.widened(this.granularity())?;
    (-400..=400).find(|&steps| this.stepped(steps) == Some(there)).map(|steps| signed(steps, unit))
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use crate::times::tests::{MONDAY, flat, parsed};
    use crate::times::times;

    #[test]
    fn modifiers_narrow_the_days() {
        let interval = |text: &str| {
            let times = times(text, &flat(text), Knowledge::english(), Some(MONDAY));
            (times[0].earliest.clone().unwrap(), times[0].latest.clone().unwrap())
        };
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(interval("It closed in July 2021"), pair("2021-07-01", "2021-07-31"));
        assert_eq!(interval("It closed late last month"), pair("2021-07-21", "2021-07-31"));
        assert_eq!(interval("It closed earlier this month"), pair("2021-08-01", "2021-08-16"));
        assert_eq!(interval("In the past two weeks it closed"), pair("2021-08-02", "2021-08-16"));
    }

    #[test]
    fn without_a_date_days_keep_their_order() {
        let (text, analysis) = parsed(&[
            ("On", "ADP", 2, "case"),
            ("Monday", "PROPN", 4, "obl"),
            ("envoys", "NOUN", 4, "nsubj"),
            ("met", "VERB", 0, "root"),
            ("and", "CCONJ", 7, "cc"),
            ("will", "AUX", 7, "aux"),
            ("meet", "VERB", 4, "conj"),
            ("Tuesday", "PROPN", 7, "obl"),
            ("and", "CCONJ", 11, "cc"),
            ("had", "AUX", 11, "aux"),
            ("met", "VERB", 4, "conj"),
            ("Sunday", "PROPN", 11, "obl"),
        ]);
        let undated = times(&text, &analysis, Knowledge::english(), None);
        let found: Vec<_> = undated.iter().map(|t| (t.value.as_deref().unwrap(), t.offset.as_deref())).collect();
        assert_eq!(found, [("XXXX-WXX-1", None), ("XXXX-WXX-2", Some("P1D")), ("XXXX-WXX-7", Some("-P1D"))]);
        assert!(undated.iter().all(|t| t.earliest.is_none() && t.latest.is_none()));
        assert_eq!(undated[1].relative_to.as_ref(), Some(&undated[0].id));
        let dated = times(&text, &analysis, Knowledge::english(), Some(MONDAY));
        let days: Vec<_> = dated.iter().map(|t| t.earliest.as_deref().unwrap()).collect();
        assert_eq!(days, ["2021-08-16", "2021-08-17", "2021-08-15"]);
        assert_eq!(undated[0].id, dated[0].id);
    }
}
