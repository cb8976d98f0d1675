//! What looks like a time and is none: rates, titles, persons, and numbers that count or label something.

use annalist_knowledge::{NounClass, PartValue};

use super::{Fields, Place};

/// Whether the words are no time here, though a rule finds them.
pub(super) fn is_another_thing(place: &Place) -> bool {
    is_rate(place) || is_title(place) || is_somebody(place) || is_number(place)
}

/// Whether it is what an amount is for each of: "four flights a week", "$500 million a year".
fn is_rate(place: &Place) -> bool {
    let Place { text, analysis, found, tokens, .. } = place;
    let word = |t: usize| text[analysis.tokens[t].start..analysis.tokens[t].end].to_lowercase();
    if found.rule.means != "period" || tokens.len() != 2 || !matches!(word(tokens.start).as_str(), "a" | "an") {
        return false;
    }
    let Some(before) = tokens.start.checked_sub(1) else { return false };
    match &*analysis.tokens[before].upos {
        "NUM" | "SYM" => true,
        "NOUN" => (before.saturating_sub(6)..before)
            .any(|t| analysis.tokens[t].head == Some(before) && &*analysis.tokens[t].deprel == "nummod"),
        _ => false,
    }
}

/// Whether it is the name of something else, by its capitals: "This Week" amid a sentence.
fn is_title(place: &Place) -> bool {
    let Place { lexemes, found, .. } = place;
    let words = &lexemes[found.lexemes.clone()];
    let before = found.lexemes.start.checked_sub(1).map(|l| &lexemes[l]);
    let title = found.rule.means == "unit" && words.len() > 1 && words.iter().all(|l| l.capital);
    title
        && words.iter().any(|l| l.range.len() > 1)
        && before.is_some_and(|l| !l.capital && !matches!(&*l.lower, "." | "!" | "?"))
        && Fields(found).month().is_none()
        && Fields(found).weekday().is_none()
}

/// Whether the name of a month, a season or a holiday is a person's: by the model, or where the report has a person of that name and no word before it tells
/// otherwise.
fn is_somebody(place: &Place) -> bool {
    let Place { text, analysis, knowledge, lexemes, found, .. } = place;
    let [word] = &lexemes[found.lexemes.clone()] else { return false };
    let fields = Fields(found);
    let borne = fields.month().is_some() || ["holiday_word", "season"].iter().any(|class| fields.has(class));
    if !word.capital || !borne {
        return false;
    }
    let spelt = &text[word.range.clone()];
    let persons =
        || analysis.names.iter().filter(|n| n.kind == "PER").filter_map(|n| analysis.tokens.get(n.tokens.clone()));
    if persons().any(|name| name.iter().any(|t| t.start < word.range.end && word.range.start < t.end)) {
        return true;
    }
    let before = found.lexemes.start.checked_sub(1).and_then(|l| lexemes.get(l));
    let dated = before.is_some_and(|l| knowledge.times().tense().is_before_month(&l.lower));
    !dated && persons().any(|name| name.len() > 1 && name.last().is_some_and(|t| &text[t.start..t.end] == spelt))
}

/// From this year on a number that counts things in general is more likely a year.
const YEARS: u32 = 1700;

/// Whether four digits count something or number it, and are no year: "1500 people", "Resolution 1701", "1650 Harbour Street".
fn is_number(place: &Place) -> bool {
    let Place { text, analysis, knowledge, found, tokens, .. } = place;
    let [part] = &found.parts[..] else { return false };
    let PartValue::Number(Some(number)) = part.value else { return false };
    if part.class != "year" {
        return false;
    }
    if found.modifier.is_none() && part.lexemes.start > found.lexemes.start {
        return false;
    }
    // No year is "at least" itself.
    if matches!(found.modifier, Some("MORE_THAN" | "LESS_THAN")) {
        return true;
    }
    let word = |t: usize| text[analysis.tokens[t].start..analysis.tokens[t].end].to_lowercase();
    let Some(own) = tokens.clone().next_back() else { return false };
    let (figures, referents, times) = (knowledge.figures(), knowledge.referents(), knowledge.times());
    // What it is the number of, before others of its kind: "resolutions 1559 and 1701".
    let mut label = tokens.start.checked_sub(1);
    while let Some([number, mark]) = label.and_then(|t| analysis.tokens.get(t.checked_sub(1)?..=t))
        && &*number.upos == "NUM"
        && (&*mark.upos == "CCONJ" || &*mark.upos == "PUNCT")
    {
        label = label.and_then(|t| t.checked_sub(2));
    }
    if label
        .map(word)
        .is_some_and(|label| figures.is_label(&label) || figures.is_money_mark(&label) || times.is_label(&label))
    {
        return true;
    }
    let after = || (own + 1..analysis.tokens.len()).take(4);
    let name = || after().take_while(|&t| &*analysis.tokens[t].upos == "PROPN");
    if name().any(|t| figures.is_street(&word(t))) {
        return true;
    }
    let round = number % 100 == 0 && !matches!(number, 1900 | 2000);
    let Some(head) = analysis.tokens[own].head else { return false };
    let relation = |t: usize| analysis.tokens[t].deprel.split(':').next().unwrap_or_default();
    let of = |at: usize| {
        (at.saturating_sub(12)..(at + 4).min(analysis.tokens.len()))
            .filter(move |&t| analysis.tokens[t].head == Some(at))
    };
    let about = found.modifier.is_some()
        || tokens.start.checked_sub(1).is_some_and(|t| figures.hedge_before(&[word(t)]).is_some());
    // "About 1400 were hurt"
    if about && analysis.tokens.len() > own + 1 && times.is_of_many(&word(own + 1)) {
        return true;
    }
    if relation(own) == "nsubj" {
        return about || of(head).any(|t| times.is_of_many(&word(t)));
    }
    if relation(own) == "obj" {
        return about || round || number < YEARS;
    }
    let noun = &analysis.tokens[head];
    let many = head > own && &*noun.upos == "NOUN" && word(head) != noun.lemma;
    if !(many || head > own && referents.is_plural(&word(head))) {
        return false;
    }
    let which = of(head).any(|t| t < own && (relation(t) == "det" || &*analysis.tokens[t].deprel == "nmod:poss"));
    let measured = figures.is_unit(&noun.lemma) || figures.is_currency(&noun.lemma);
    match referents.noun(&noun.lemma) {
        _ if about || measured => true,
        Some(NounClass::Person | NounClass::Animal) => !which || round || number < YEARS,
        Some(NounClass::Thing | NounClass::Group | NounClass::Place) => !which,
        _ => !which && (round || number < YEARS),
    }
}

#[cfg(test)]
mod tests {
    use annalist_knowledge::Knowledge;

    use crate::times::tests::{MONDAY, one, parsed, read};
    use crate::times::times;

    #[test]
    fn amounts_for_each_unit_and_titles_are_no_times() {
        let flights = parsed(&[
            ("four", "NUM", 2, "nummod"),
            ("flights", "NOUN", 0, "root"),
            ("a", "DET", 4, "det"),
            ("week", "NOUN", 2, "nmod:unmarked"),
        ]);
        assert!(times(&flights.0, &flights.1, Knowledge::english(), Some(MONDAY)).is_empty());
        assert_eq!(one("They stayed a week", MONDAY), "P1W");
        assert!(read("Seen on This Week by all", MONDAY).is_empty());
        assert!(read("A man in his 30s was seen", MONDAY).is_empty());
        let calm = parsed(&[
            ("the", "DET", 2, "det"),
            ("year", "NOUN", 5, "nsubj"),
            ("before", "ADV", 2, "advmod"),
            ("was", "AUX", 5, "cop"),
            ("calm", "ADJ", 0, "root"),
        ]);
        let found = times(&calm.0, &calm.1, Knowledge::english(), Some(MONDAY));
        assert_eq!(found.iter().map(|t| t.value.as_deref()).collect::<Vec<_>>(), [Some("2020")]);
        assert_eq!(one("It closed in recent months", MONDAY), "PXM");
    }

    #[test]
    fn the_name_of_a_person_is_no_month() {
        let read = |second: &[(&str, &str, usize, &str)]| {
            let first = [
                ("Ann", "PROPN", 3, "nsubj"),
                ("May", "PROPN", 1, "flat"),
                ("spoke", "VERB", 0, "root"),
                (".", "PUNCT", 3, "punct"),
            ];
            let words: Vec<(&str, &str, usize, &str)> = first.into_iter().chain(second.iter().copied()).collect();
            let (text, mut analysis) = parsed(&words);
            analysis.names.push(annalist_language::Name { tokens: 0..2, kind: "PER".to_string() });
            times(&text, &analysis, Knowledge::english(), Some(MONDAY)).len()
        };
        let talks = [("They", "PRON", 6, "nsubj"), ("met", "VERB", 3, "parataxis")];
        let with = |word| [talks[0], talks[1], (word, "ADP", 8, "case"), ("May", "PROPN", 6, "obl")];
        assert_eq!(read(&with("with")), 0);
        assert_eq!(read(&with("in")), 1);
    }
}
