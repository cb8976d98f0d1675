//! What an abbreviation in brackets stands for: "the Elvan Harbour Authority (EHA)".
//!
//! A report puts the short form of a name right behind the long one (Schwartz and Hearst 2003). That it stands there tells more than
//! its letters, which may be those of another language: "the People's Protection Units (YPG)". The letters only tell where the long
//! form begins, if it could begin at several words.

use annalist_record::MentionForm;

use super::mentions::{Mention, Scene};

/// An abbreviation has so many letters.
const FEWEST_LETTERS: usize = 2;
const MOST_LETTERS: usize = 8;

/// That a name is shortened to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Definition {
    /// The mention that is the long form, by its number.
    pub long: usize,
    /// The token in brackets.
    pub short: usize,
}

/// All short forms that the text puts in brackets behind long ones, in its order; of each short form, the first.
pub(super) fn definitions(scene: &Scene, mentions: &[Mention]) -> Vec<Definition> {
    let mut found: Vec<Definition> = Vec::new();
    for short in 2..scene.lower.len().saturating_sub(1) {
        let bracketed = scene.word(short - 1) == "(" && matches!(scene.word(short + 1), ")" | "," | ";");
        let known = || found.iter().any(|d| scene.word(d.short) == scene.word(short));
        if !bracketed || !is_abbreviation(scene.word(short)) || known() {
            continue;
        }
        if let Some(long) = long_form(scene, mentions, short) {
            found.push(Definition { long, short });
        }
    }
    found
}

fn is_abbreviation(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let capital = |c: char| c.is_uppercase() || matches!(c, '.' | '-') || c.is_ascii_digit();
    (FEWEST_LETTERS..=MOST_LETTERS).contains(&letters) && word.chars().all(capital)
}

/// The mention that ends before the brackets, or holds them behind its name: of several, the one whose initials the letters are, else
/// the one that the name before the brackets is the name of.
fn long_form(scene: &Scene, mentions: &[Mention], short: usize) -> Option<usize> {
    let last = short - 2;
    let name = scene.name_of[last].map(|n| scene.analysis.names[n].tokens.clone());
    let capital = |t: usize| scene.word(t).starts_with(char::is_uppercase);
    let fits = |m: &Mention| {
        m.form != MentionForm::Pronoun
            && !m.together
            && m.head <= last
            && capital(m.head)
            && (m.tokens.contains(&last) || m.tokens.end == last + 1)
            && scene.name_kind(m.head) != Some("PER")
    };
    let letters: String = scene.word(short).chars().filter(|c| c.is_alphabetic()).collect();
    let spelled = |m: &Mention| initials_end_with(scene, m.tokens.start..last + 1, &letters);
    let own = |m: &Mention| name.as_ref().is_some_and(|name| name.contains(&m.head));
    // What stands where it lies is a place before the brackets: "Elva (AP)".
    let body = |m: &Mention| spelled(m) || (scene.name_kind(m.head) != Some("LOC") && (own(m) || last > m.head));
    let likely = mentions.iter().enumerate().filter(|(_, m)| fits(m) && body(m));
    let long = likely.max_by_key(|(_, m)| (spelled(m), own(m), m.tokens.len())).map(|(k, _)| k)?;
    let actors = scene.knowledge.actors();
    let name = |from: usize, to: usize| &scene.text[scene.analysis.tokens[from].start..scene.analysis.tokens[to].end];
    let whole = scene.name_of[mentions[long].head].map(|n| scene.analysis.names[n].tokens.start);
    let start = whole.unwrap_or(mentions[long].tokens.start).min(last);
    // Two bodies that are both known are not one for a bracket between them.
    let two = match (actors.named(name(start, last), None), actors.named(scene.word(short), None)) {
        (Some(long), Some(short)) => long.name != short.name && long.country != short.country,
        _ => false,
    };
    (!two).then_some(long)
}

/// Whether letters are the initials of the last words that are written with a capital.
fn initials_end_with(scene: &Scene, tokens: std::ops::Range<usize>, letters: &str) -> bool {
    let initial = |t: usize| scene.word(t).chars().next().filter(|c| c.is_uppercase());
    tokens.filter_map(initial).collect::<String>().ends_with(letters)
}
