//! What names of places are looked up by.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of English names that are written out or not.
const SHORT: [(&str, &str); 3] = [("st", "saint"), ("mt", "mount"), ("ft", "fort")];

/// The key of a place's name: lower case, without accents, apostrophes and periods, words apart by single spaces, `St`, `Mt` and `Ft`
/// written out.
///
/// ```
/// assert_eq!(annalist_knowledge::place_key("St. John’s–Île"), "saint johns ile");
/// ```
pub fn place_key(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.nfkd().filter(|&c| !is_combining_mark(c)) {
        match c {
            '.' | '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´' | '′' | 'ʿ' | 'ʾ' | '\u{2bd}' => {}
            'ł' | 'Ł' => plain.push('l'),
            'ø' | 'Ø' => plain.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
            'ı' => plain.push('i'),
            'ħ' | 'Ħ' => plain.push('h'),
            'ß' | 'ẞ' => plain.push_str("ss"),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'þ' | 'Þ' => plain.push_str("th"),
            'ə' | 'Ə' => plain.push('a'),
            '&' => plain.push_str(" and "),
            c if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    let mut key = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(SHORT.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long));
    }
    key
}
