//! What is known of the words: of countries, bodies and offices, and of what ties them together.

use std::ops::Range;

use annalist_knowledge::{ActorWord, Country, CountryWord, NamedActor, WordClass};
use annalist_record::ActorKind;

use super::{Basis, Coder};

impl<'k> Coder<'k> {
    /// The words, each with what is known of it; longer names and phrases before shorter ones.
    pub(super) fn items<'t>(&self, text: &'t str, day: Option<&str>) -> Vec<Item<'t>>
    where
        'k: 't,
    {
        let tokens = tokens(text);
        let longest = self.actors.longest().max(self.countries.longest()) + 2;
        let mut items = Vec::with_capacity(tokens.len());
        let mut at = 0;
        'tokens: while at < tokens.len() {
            let word = &text[tokens[at].clone()];
            if !is_mark(word) && (self.actors.begins(word) || self.countries.begins(word)) {
                let end = (at + longest).min(tokens.len());
                for last in (at..end).rev() {
                    let ending = &text[tokens[last].clone()];
                    // A comma may stand within a name, nothing else.
                    let crossed =
                        tokens[at..last].iter().any(|t| matches!(&text[t.clone()], "(" | ")" | ";" | ":" | "\"" | "."));
                    if is_mark(ending) || crossed {
                        continue;
                    }
                    let range = tokens[at].start..tokens[last].end;
                    if let Some(what) = self.what(&text[range.clone()], last == at, day) {
                        let hyphen = hyphened(text, range.end);
                        items.push(Item { at: range.clone(), text: &text[range], what, hyphen });
                        at = last + 1;
                        continue 'tokens;
                    }
                }
            }
            let hyphen = hyphened(text, tokens[at].end);
            items.push(Item { at: tokens[at].clone(), text: word, what: plain(word), hyphen });
            at += 1;
        }
        quantities(&mut items);
        currencies(&mut items);
        unname(&mut items);
        items
    }

    fn what(&self, words: &str, single: bool, day: Option<&str>) -> Option<What<'k>> {
        if single && !matches!(plain(words), What::Unknown { .. }) {
            return None;
        }
        if let Some(actor) = self.actors.named(words, day) {
            return Some(What::Named(actor));
        }
        if let Some((kind, country)) = self.countries.lookup(words).next() {
            return Some(What::Country(kind, country));
        }
        match self.actors.word_and_number(words) {
            ([], _) => None,
            (known, plural) => Some(What::Word(known, plural)),
        }
    }
}

/// What a preposition says of the noun phrase after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Whose it is.
    Of,
    /// Where it is or comes from.
    In,
    /// Whom it speaks or acts for.
    For,
    /// Whom or what it is turned to.
    Toward,
    /// Anything else.
    Other,
}

/// What is known of a word or several.
#[derive(Debug, Clone)]
pub(super) enum What<'k> {
    Named(&'k NamedActor),
    Country(CountryWord, &'k Country),
    /// And whether it is in the plural.
    Word(&'k [ActorWord], bool),
    Link(Link),
    Genitive,
    And,
    Comma,
    Open,
    Close,
    Stop,
    /// A relative pronoun.
    Relative,
    /// An article, a number, a quotation mark.
    Filler,
    Unknown {
        capital: bool,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Item<'t> {
    pub(super) at: Range<usize>,
    pub(super) text: &'t str,
    pub(super) what: What<'t>,
    /// Whether a hyphen joins the next word to it.
    pub(super) hyphen: bool,
}

impl Item<'_> {
    /// Whether it can stand in a noun phrase before a name.
    pub(super) fn joins(&self) -> bool {
        match &self.what {
            What::Named(_) | What::Country(..) | What::Word(..) | What::Genitive => true,
            What::Unknown { capital } => *capital,
            _ => false,
        }
    }

    /// Whether it says what an actor is.
    pub(super) fn is_role(&self) -> bool {
        matches!(self.what, What::Named(_)) || self.role().is_some()
    }

    pub(super) fn class(&self, class: WordClass) -> Option<&ActorWord> {
        match &self.what {
            What::Word(all, _) => all.iter().find(|word| word.class == class),
            _ => None,
        }
    }

    pub(super) fn role(&self) -> Option<&ActorWord> {
        use WordClass::{Body, Office, People, Through};
        match &self.what {
            What::Word(all, _) => all.iter().find(|word| matches!(word.class, Office | Body | People | Through)),
            _ => None,
        }
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        match &self.what {
            What::Country(kind, country) => Some(Origin {
                country: Some(country.iso3.to_string()),
                international: None,
                basis: match kind {
                    CountryWord::Name => Basis::CountryName,
                    CountryWord::Demonym => Basis::Demonym,
                    CountryWord::Capital => Basis::Capital,
                },
            }),
            What::Named(actor) if actor.country.is_some() || actor.international.is_some() => Some(Origin {
                country: actor.country.as_deref().map(str::to_string),
                international: actor.international,
                basis: Basis::ActorName,
            }),
            _ => None,
        }
    }
}

/// Where an actor is from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) country: Option<String>,
    pub(super) international: Option<&'static str>,
    pub(super) basis: Basis,
}

fn hyphened(text: &str, end: usize) -> bool {
    text[end..].starts_with(['-', '–', '‑'])
}

/// What belongs to a number is no preposition: "about two dozen", "more than 60", "up to 250".
fn quantities(items: &mut [Item]) {
    let number = |item: &Item| {
        matches!(item.what, What::Filler)
            && (item.text.starts_with(|c: char| c.is_ascii_digit()) || is_number(item.text))
    };
    for at in 0..items.len().saturating_sub(1) {
        if matches!(items[at].what, What::Link(_)) && number(&items[at + 1]) {
            let compared = at > 0 && matches!(items[at - 1].what, What::Unknown { .. } | What::Filler);
            if at == 0 || compared {
                items[at].what = What::Filler;
            }
        }
    }
}

/// A country before its money is not spoken of: "US $50 million".
fn currencies(items: &mut [Item]) {
    for at in 1..items.len() {
        if items[at].text.starts_with('$') && matches!(items[at - 1].what, What::Country(..)) {
            items[at - 1].what = What::Filler;
        }
    }
}

fn is_number(word: &str) -> bool {
    const NUMBERS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "a",
        "several",
        "dozens",
        "hundreds",
        "thousands",
        "twenty",
        "thirty",
        "fifty",
    ];
    NUMBERS.iter().any(|number| word.eq_ignore_ascii_case(number))
}

/// Takes the country or people out of what is a person's name: a name of one word beside unknown capitalised ones.
fn unname(items: &mut [Item]) {
    let is_name = |item: &Item| match &item.what {
        What::Country(CountryWord::Name | CountryWord::Capital, _) => !item.text.contains([' ', '-']),
        What::Named(actor) => {
            matches!(actor.kind, Some(ActorKind::People | ActorKind::Company | ActorKind::Person))
                && !item.text.contains([' ', '-'])
        }
        _ => false,
    };
    let acronym = |item: &Item| !item.text.chars().any(char::is_lowercase);
    for at in 0..items.len() {
        if !is_name(&items[at]) || acronym(&items[at]) {
            continue;
        }
        let unknown = |item: Option<&Item>| item.is_some_and(|i| matches!(i.what, What::Unknown { capital: true }));
        let before = at > 0 && unknown(items.get(at - 1));
        if before || unknown(items.get(at + 1)) {
            items[at].what = What::Unknown { capital: true };
        }
    }
}

/// What a word is by its form alone.
fn plain(word: &str) -> What<'static> {
    match word {
        "'s" | "’s" | "'" | "’" => return What::Genitive,
        "," => return What::Comma,
        "(" => return What::Open,
        ")" => return What::Close,
        "." | ";" | ":" => return What::Stop,
        "\"" => return What::Filler,
        _ => {}
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return What::Filler;
    }
    match word.to_lowercase().as_str() {
        "of" => What::Link(Link::Of),
        "in" | "from" | "at" | "near" | "within" | "inside" | "outside" | "across" | "around" | "throughout" => {
            What::Link(Link::In)
        }
        "for" => What::Link(Link::For),
        "to" | "against" | "toward" | "towards" | "with" | "on" | "upon" | "about" => What::Link(Link::Toward),
        "by" | "over" | "into" | "between" | "after" | "before" | "during" | "since" | "as" | "than" | "under"
        | "alongside" | "among" | "amongst" | "amid" | "behind" | "beside" | "besides" | "beneath" | "below"
        | "above" | "beyond" | "despite" | "except" | "like" | "unlike" | "through" | "until" | "via" | "without"
        | "off" | "onto" | "including" | "concerning" | "regarding" => What::Link(Link::Other),
        "and" | "or" | "&" => What::And,
        "who" | "which" | "that" | "whose" | "where" => What::Relative,
        "the" | "a" | "an" | "his" | "her" | "its" | "their" | "our" | "this" | "these" | "some" | "several"
        | "many" | "any" => What::Filler,
        _ => What::Unknown { capital: word.starts_with(char::is_uppercase) },
    }
}

fn is_mark(word: &str) -> bool {
    matches!(plain(word), What::Genitive | What::Comma | What::Open | What::Close | What::Stop) || word == "\""
}

/// Words and marks; a hyphen parts words, a genitive's ending is a mark of its own, a period stays in an abbreviation.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let mark = matches!(c, ',' | '(' | ')' | '[' | ']' | ';' | ':' | '"' | '“' | '”' | '/' | '{' | '}' | '!' | '?');
        if c.is_whitespace() || mark || matches!(c, '-' | '–' | '—' | '‑') {
            if let Some(from) = start.take() {
                word(text, from..at, &mut tokens);
            }
            if mark && matches!(c, ',' | '(' | ')' | ';' | ':') {
                tokens.push(at..at + 1);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        word(text, from..text.len(), &mut tokens);
    }
    tokens
}

fn word(text: &str, mut range: Range<usize>, tokens: &mut Vec<Range<usize>>) {
    while text[range.clone()].starts_with(['\'', '‘', '`', '*']) && range.len() > 1 {
        range.start += text[range.clone()].chars().next().map_or(1, char::len_utf8);
    }
    let mut words = &text[range.clone()];
    let mut stop = None;
    // A period after a long word in small letters ends a sentence; after others it may be an abbreviation's.
    if let Some(bare) = words.strip_suffix('.')
        && !bare.contains('.')
    {
        let long = bare.chars().count() > 4;
        if long {
            stop = Some(range.end - 1..range.end);
        }
        words = bare;
        range.end -= 1;
    }
    let ending = ["'s", "’s"].into_iter().find(|ending| words.len() > ending.len() && words.ends_with(ending));
    let bare = ["s'", "s’"].into_iter().find(|ending| words.len() > ending.len() && words.ends_with(ending));
    let genitive = ending.map(str::len).or(bare.map(|e| e.len() - 1));
    let end = range.end - genitive.unwrap_or(0);
    if range.start < end {
        tokens.push(range.start..end);
    }
    if end < range.end {
        tokens.push(end..range.end);
    }
    tokens.extend(stop);
}

#[cfg(test)]
mod tests {
    use crate::actors::tests::coded;

    #[test]
    fn nothing_known_is_no_confidence() {
        let coding = coded("Quentin Zorb", None);
        assert_eq!((coding.confidence.value(), coding.evidence.len()), (0.0, 0));
        for words in ["", " ", "'s", ",", "the", "of", "and", "(", "Ländler-"] {
            assert!(coded(words, Some(words)).sectors.is_empty(), "{words}");
        }
    }
}
