//! What tells comment from news: how often words of some classes stand outside quotation marks, and what each class weighs.

use std::collections::HashMap;

use serde::Deserialize;

/// Classes of words that tell whether a text speaks for its writer, and the weights of a logistic function over them and some signs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceWords {
    bias: f64,
    signs: Signs,
    class: Vec<Class>,
    #[serde(skip)]
    classes: HashMap<String, usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    #[allow(dead_code, reason = "it is for whoever reads the file")]
    name: String,
    weight: f64,
    words: String,
}

/// What the signs beside the classes weigh.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    /// Question marks of a thousand words.
    questions: f64,
    /// Numbers in digits of a thousand words.
    numbers: f64,
    /// Words with a capital that follow another word, with nothing but spaces and commas between, of a thousand words.
    names: f64,
    /// The share of the text that stands inside quotation marks, the marks and the ends of lines counted in.
    quoted: f64,
    /// Words of a sentence.
    length: f64,
    /// 1 where a note at the end tells who wrote it, else 0.
    note: f64,
}

/// What a text is told by, as rates that [`VoiceWords::likelihood`] weighs: words of each class of a thousand words, then
/// the signs.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured(Vec<f64>);

impl Measured {
    /// The rates, classes first, in the order of the file, then questions, numbers, names, quoted, length, note.
    pub fn rates(&self) -> &[f64] {
        &self.0
    }
}

/// Rates of fewer words than these are taken as if there were so many.
const FEW: usize = 50;

impl VoiceWords {
    /// Reads the file.
    pub(crate) fn parse(file: &str) -> Result<VoiceWords, String> {
        let mut voice: VoiceWords = toml::from_str(file).map_err(|error| error.to_string())?;
        for (number, class) in voice.class.iter().enumerate() {
            for word in class.words.split_whitespace() {
                if voice.classes.insert(word.to_string(), number).is_some() {
                    return Err(format!("`{word}` stands in two classes"));
                }
            }
        }
        Ok(voice)
    }

    /// What a text has of the classes and signs; `noted`: whether a note at its end tells who wrote it.
    pub fn measure(&self, text: &str, noted: bool) -> Measured {
        // As typewriters and some agencies write them.
        let text = text.replace("''", "\"").replace('’', "'");
        let mut rates = vec![0.0; self.class.len()];
        let (mut words, mut questions, mut sentences, mut numbers, mut names, mut outside) = (0usize, 0, 0, 0, 0, 0);
        for stretch in outside_quotations(&text) {
            outside += stretch.len();
            questions += stretch.matches('?').count();
            sentences += stretch.matches(['.', '?', '!']).count();
            let mut before = None;
            for word in stretch.split(|c: char| !(c.is_alphanumeric() || c == '\'')) {
                let Some(first) = word.chars().next() else { continue };
                let after = before.replace(word);
                numbers += usize::from(first.is_ascii_digit());
                if !first.is_alphabetic() {
                    continue;
                }
                words += 1;
                names += usize::from(
                    first.is_uppercase() && after.is_some_and(|after: &str| within_sentence(stretch, after, word)),
                );
                // The US is no "us".
                let initials = word.len() > 1 && word.chars().all(char::is_uppercase);
                if !initials && let Some(&class) = self.classes.get(&word.to_lowercase()) {
                    rates[class] += 1.0;
                }
            }
        }
        let length = words as f64 / sentences.max(1) as f64;
        let thousands = words.max(FEW) as f64 / 1000.0;
        let counted = [questions, numbers, names].map(|count| count as f64);
        rates.extend(counted);
        rates.iter_mut().for_each(|rate| *rate /= thousands);
        let quoted = (text.len() - outside) as f64 / text.len().max(1) as f64;
        rates.extend([quoted, length, f64::from(noted)]);
        Measured(rates)
    }

    /// How likely a text speaks for its writer, from 0 to 1: the logistic function of the weighted square roots of what it has, so that
    /// each further word tells less.
    pub fn likelihood(&self, measured: &Measured) -> f64 {
        let s = &self.signs;
        let signs = [s.questions, s.numbers, s.names, s.quoted, s.length, s.note];
        let weights = self.class.iter().map(|class| class.weight).chain(signs);
        let sum: f64 = weights.zip(&measured.0).map(|(weight, rate)| weight * rate.max(0.0).sqrt()).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }
}

/// Whether nothing but spaces and commas stands between two words, the first before the second, of one stretch.
fn within_sentence(stretch: &str, before: &str, word: &str) -> bool {
    let at = |part: &str| part.as_ptr() as usize - stretch.as_ptr() as usize;
    let between = stretch.get(at(before) + before.len()..at(word)).unwrap_or_default();
    between.chars().all(|c| c.is_whitespace() || c == ',')
}

/// The stretches of a text outside its double quotation marks. One that is not closed ends with its paragraph.
fn outside_quotations(text: &str) -> impl Iterator<Item = &str> {
    const MARKS: [char; 3] = ['“', '”', '"'];
    text.split('\n').flat_map(|paragraph| {
        let mut quoted = false;
        paragraph.split_inclusive(MARKS).filter_map(move |stretch| {
            let outside = !quoted;
            quoted = match stretch.chars().next_back() {
                Some('“') => true,
                Some('”') => false,
                Some('"') => !quoted,
                _ => quoted,
            };
            outside.then(|| stretch.trim_end_matches(MARKS))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "bias = -1\n[signs]\nquestions = 1\nnumbers = 0\nnames = 0\nquoted = 0\nlength = 0\nnote = 2\n\
        [[class]]\nname = 'said'\nweight = -1\nwords = 'said says'\n[[class]]\nname = 'we'\nweight = 0.5\nwords = 'we our'\n";

    #[test]
    fn weighs_the_roots_of_rates() {
        let voice = VoiceWords::parse(FILE).unwrap();
        let measured = |rates: [f64; 8]| voice.likelihood(&Measured(rates.to_vec()));
        // -1 - 1 * 2 + 0.5 * 4 + 1 * 1 = 0
        assert!((measured([4.0, 16.0, 1.0, 9.0, 9.0, 0.5, 20.0, 0.0]) - 0.5).abs() < 1e-9);
        assert!(measured([4.0, 16.0, 1.0, 9.0, 9.0, 0.5, 20.0, 1.0]) > 0.85);
    }

    #[test]
    fn measures_what_stands_outside_quotation_marks() {
        let voice = VoiceWords::parse(FILE).unwrap();
        // 50 words count as the least; those of the quotation do not count.
        let text = "“We go? We must,” Holm of Tarn said, and on May 3, Ada Lind said: \"Our 5 men\". What will the US do? We wait.";
        let measured = voice.measure(text, true);
        let per = 1000.0 / 50.0;
        let rates = measured.rates();
        assert_eq!(&rates[..2], [2.0 * per, per]);
        assert_eq!(&rates[2..5], [per, per, 5.0 * per]);
        assert!(rates[5] > 0.25 && rates[5] < 0.35);
        assert_eq!(&rates[6..], [17.0 / 3.0, 1.0]);
        assert_eq!(voice.measure("", false).rates(), [0.0; 8]);
    }

    #[test]
    fn quotations_are_left_out() {
        let outside = |text: &'static str| outside_quotations(text).collect::<Vec<_>>().join("|");
        assert_eq!(outside("He said “we go” and left"), "He said | and left");
        assert_eq!(outside("\"We go\", he said"), "|, he said");
        assert_eq!(outside("“We go\nThey went"), "|They went");
    }

    #[test]
    fn a_word_is_of_one_class() {
        let twice = FILE.replace("we our", "we says");
        assert_eq!(VoiceWords::parse(&twice).unwrap_err(), "`says` stands in two classes");
    }
}
