//! UTF-8 that was read as Windows-1252 on its way here (“â€™” for “’”), made good.

use annalist_record::Segment;

/// A repaired text and which of its stretches is which stretch of the text as it came, in code points. Stretches of different
/// lengths are repaired ones, a character each.
pub(crate) struct Repaired {
    pub text: String,
    pub segments: Vec<Segment>,
    /// How many characters were repaired.
    pub count: usize,
}

/// Repairs a text; `None` if there is nothing to repair.
///
/// One curly quotation mark or dash that was misread is proof enough: three such characters in a row mean nothing else. Misread
/// accented letters are pairs that might stand for themselves; they count when there are two of them, or one beside a misread
/// mark, and hardly any of their characters stands otherwise in the text.
pub(crate) fn repair(text: &str) -> Option<Repaired> {
    if !text.contains(['Ã', 'Â', 'â', 'Å', 'Ä', 'Ð', 'Ñ', 'Î', 'Ï']) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut marks, mut letters, mut others) = (Vec::new(), 0, 0, 0);
    let mut i = 0;
    while i < chars.len() {
        match misread(&chars[i..]) {
            Some((length, c)) => {
                if length >= 3 {
                    marks += 1;
                } else {
                    letters += 1;
                }
                found.push((i, length, c));
                i += length;
            }
            None => {
                others += usize::from(matches!(chars[i], 'À'..='ÿ'));
                i += 1;
            }
        }
    }
    let proven = marks > 0 || letters >= 2;
    if !proven || others > marks + letters {
        return None;
    }
    let mut out = Repaired { text: String::with_capacity(text.len()), segments: Vec::new(), count: found.len() };
    let (mut at, mut from) = (0, 0);
    let keep = |out: &mut Repaired, from: usize, to: usize, at: &mut usize| {
        if from < to {
            out.text.extend(&chars[from..to]);
            out.segments.push(Segment { text: [*at, *at + to - from], input: [from, to] });
            *at += to - from;
        }
    };
    for (i, length, c) in found {
        keep(&mut out, from, i, &mut at);
        out.text.push(c);
        out.segments.push(Segment { text: [at, at + 1], input: [i, i + length] });
        at += 1;
        from = i + length;
    }
    keep(&mut out, from, chars.len(), &mut at);
    Some(out)
}

/// The character that was misread as those that begin here, and how many they are.
fn misread(chars: &[char]) -> Option<(usize, char)> {
    let first = byte(*chars.first()?)?;
    let length = match first {
        0xc2..=0xd1 => 2,
        0xe2 => 3,
        0xf0 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = chars.iter().take(length).map_while(|&c| byte(c)).collect();
    if bytes.len() == length
        && let Some(c) = std::str::from_utf8(&bytes).ok().and_then(|s| s.chars().next())
    {
        // What news has: letters with accents, Greek and Cyrillic, marks, currencies, arrows and the like, pictures.
        let usual = matches!(c, '\u{a0}'..='\u{17f}' | '\u{391}'..='\u{44f}' | '\u{2000}'..='\u{22ff}' | '\u{2500}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}');
        return usual.then_some((length, c));
    }
    // The third byte of ” has no character in Windows-1252 and is often lost.
    let lost = first == 0xe2 && chars.get(1) == Some(&'€') && chars.get(2).is_none_or(|c| c.is_ascii());
    lost.then_some((2, '”'))
}

/// The byte that Windows-1252 reads as this character, if it is not ASCII.
fn byte(c: char) -> Option<u8> {
    if c.is_ascii() {
        return None;
    }
    if matches!(c, '\u{80}'..='\u{ff}') {
        return u8::try_from(u32::from(c)).ok();
    }
    let encoded = encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).0.into_owned();
    match encoded.as_slice() {
        [byte] if *byte >= 0x80 => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn misread_as_1252(text: &str) -> String {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    fn repaired(text: &str) -> Option<String> {
        repair(text).map(|r| r.text)
    }

    #[test]
    fn misread_texts_are_made_good() {
        for text in
            ["“It’s over” – he said", "The café’s façade", "Zoë and Łukasz were in Malmö", "a naïve €5 plan in “Łódź”"]
        {
            assert_eq!(repaired(&misread_as_1252(text)).as_deref(), Some(text));
        }
        assert_eq!(repaired("â€œWellâ€ he said").as_deref(), Some("“Well” he said"));
    }

    #[test]
    fn right_texts_are_left() {
        for text in ["“It’s over” – he said", "Er macht “Spaß” und ‘Maß’.", "São Paulo, Ängelholm, Âge", "PÂTÉ", "â"]
        {
            assert_eq!(repaired(text), None, "{text}");
        }
        assert_eq!(repaired("one stray Â© sign"), None);
    }

    proptest! {
        #[test]
        fn segments_cover_both_texts(parts in prop::collection::vec(prop_oneof![
            Just("â€™"), Just("Ã©"), Just("Â"), Just("a "), Just("é"), Just("â€"), Just("\u{1F600}")], 0..30)) {
            let text = parts.concat();
            if let Some(r) = repair(&text) {
                let (mut at, mut from) = (0, 0);
                let (new, old): (Vec<char>, Vec<char>) = (r.text.chars().collect(), text.chars().collect());
                for s in &r.segments {
                    prop_assert_eq!((s.text[0], s.input[0]), (at, from));
                    (at, from) = (s.text[1], s.input[1]);
                    if s.text[1] - s.text[0] == s.input[1] - s.input[0] {
                        prop_assert_eq!(&new[s.text[0]..at], &old[s.input[0]..from]);
                    }
                }
                prop_assert_eq!((at, from), (new.len(), old.len()));
            }
        }
    }
}
