//! Statements out of attribution graphs made by hand, so that what is tested is the reading and not the model.

use std::ops::Range;

use annalist_knowledge::Knowledge;
use annalist_language::{Analysis, Attribution, Token, sentences, tokens};
use annalist_reading::statements::statements;
use annalist_record::{Act, Quoted, SourceKind, Span, Statement};

/// An analysis with tokens and sentences of the program's own, lemmas that are the lower-cased words, and no tree.
fn analysis(text: &str) -> Analysis {
    let knowledge = Knowledge::english();
    let spans = tokens::tokenize(text, knowledge);
    let sentences = sentences::split(text, &spans, knowledge);
    let token = |t: &tokens::TokenSpan| Token {
        start: t.start,
        end: t.end,
        upos: if t.of(text).chars().next().is_some_and(char::is_uppercase) { "PROPN".into() } else { "X".into() },
        lemma: t.of(text).to_lowercase(),
        head: None,
        deprel: "dep".into(),
    };
    Analysis { tokens: spans.iter().map(token).collect(), sentences, ..Analysis::default() }
}

/// The tokens of the first place where `words` stand.
fn find(text: &str, analysis: &Analysis, words: &str) -> Range<usize> {
    let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the text"));
    let inside = |t: &Token| t.start >= start && t.end <= start + words.len();
    let first = analysis.tokens.iter().position(inside).unwrap();
    first..first + analysis.tokens[first..].iter().take_while(|t| inside(t)).count()
}

/// Reads a text whose attributions are given as (source, cue, content), empty for none.
fn read(text: &str, attributions: &[(&str, &str, &str)]) -> Vec<Statement> {
    let mut analysis = analysis(text);
    let at = |words: &str| if words.is_empty() { Vec::new() } else { vec![find(text, &analysis, words)] };
    let found: Vec<Attribution> = attributions
        .iter()
        .map(|(source, cue, content)| Attribution {
            anchor: at(cue)[0].start,
            cue: at(cue),
            source: at(source),
            content: at(content),
            confidence: 0.75,
            evidence: [0.0; 4],
        })
        .collect();
    analysis.attributions = found;
    statements(text, &analysis, Knowledge::english())
}

fn words(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|s| s.text.as_str()).collect()
}

#[test]
fn content_takes_in_its_quotation_marks_and_drops_stray_ones() {
    let found = read("“The gate is shut,” Ann said.", &[("Ann", "said", "The gate is shut")]);
    assert_eq!(words(&found[0].content), ["“The gate is shut,”"]);
    assert_eq!(found[0].quoted, Quoted::Direct);
    let found = read("Ann said, the gate is shut", &[("Ann", "said", ", the gate is shut")]);
    assert_eq!(words(&found[0].content), ["the gate is shut"]);
    assert_eq!(found[0].quoted, Quoted::Indirect);
}

#[test]
fn a_quotation_half_found_is_completed() {
    let text = "“The gate is shut. The road is closed. Nobody goes,” Ann said. “We wait.”";
    let found = read(text, &[("Ann", "said", "The gate is shut. The road")]);
    assert_eq!(words(&found[0].content), ["“The gate is shut. The road is closed. Nobody goes,”"]);
}

#[test]
fn whole_quotations_that_follow_have_the_same_speaker() {
    let said = |text: &str| {
        let found = read(text, &[("Ann", "said", "The gate is shut")]);
        found[0].content.iter().map(|s| s.text.clone()).collect::<Vec<_>>()
    };
    let first = "“The gate is shut,”";
    assert_eq!(said("“The gate is shut,” Ann said. “We wait here until noon.”"), [first, "“We wait here until noon.”"]);
    assert_eq!(
        said("“The gate is shut,” Ann said.\n\n“We wait here until noon.”"),
        [first, "“We wait here until noon.”"]
    );
    // Not after another sentence, nor where the question was put to somebody, nor where it is only part of a sentence.
    assert_eq!(said("“The gate is shut,” Ann said. It rained. “We wait here until noon.”"), [first]);
    assert_eq!(said("“The gate is shut?” Ann said.\n\n“We wait here until noon.”"), ["“The gate is shut?”"]);
    assert_eq!(said("“The gate is shut,” Ann said. “Wait here until noon” was on the door."), [first]);
    assert_eq!(said("“The gate is shut,” Ann said. “We wait here until noon, said Bo."), [first]);
}

#[test]
fn a_quotation_broken_by_its_cue_is_one() {
    let text = "“Every gate is shut,” Ann said, “and nobody goes.” She left.";
    let found = read(text, &[("Ann", "said", "“Every gate is shut")]);
    assert_eq!(words(&found[0].content), ["“Every gate is shut,”", "“and nobody goes.”"]);
    let text = "“Every gate is shut,” said Ann, who told all to “leave” at once.";
    let found = read(text, &[("Ann", "said", "“Every gate is shut")]);
    assert_eq!(words(&found[0].content), ["“Every gate is shut,”"]);
    let text = "“Every gate is shut,” Ann said, “Nobody goes.”";
    let found = read(text, &[("Ann", "said", "“Every gate is shut")]);
    assert_eq!(words(&found[0].content), ["“Every gate is shut,”"]);
}

#[test]
fn a_statement_told_within_a_quotation_is_not_the_quotation() {
    let text = "“Bo told us the gate is shut and the road is closed,” Ann said.";
    let found = read(
        text,
        &[
            ("Ann", "said", "Bo told us the gate is shut and the road is closed"),
            ("Bo", "told us", "the gate is shut and the road is closed"),
        ],
    );
    let inner = found.iter().find(|s| s.source[0].text == "Bo").unwrap();
    let outer = found.iter().find(|s| s.source[0].text == "Ann").unwrap();
    assert_eq!(inner.inside.as_deref(), Some(outer.id.as_str()));
    assert_eq!(outer.inside, None);
    assert!(inner.content[0].text.starts_with("the gate"));
}

#[test]
fn a_quotation_that_goes_on_in_the_next_paragraph_is_one() {
    let text = "Ann said: “The gate is shut and nobody is there.\n\n“We wait.”\n\nThe road is open.";
    let found = read(text, &[("Ann", "said", "The gate is shut and nobody is there.")]);
    assert_eq!(words(&found[0].content), ["“The gate is shut and nobody is there.\n\n“We wait.”"]);
}

#[test]
fn the_turns_of_a_transcript_last_until_the_next_one() {
    let text = "MARQUEZ: We heard the shots.\n\nThen we ran.\n\nOKABE: From where?\n\n(CROSSTALK)\n\nMARQUEZ: From the harbour.\n\nThe hearing went on.";
    let found = read(text, &[]);
    assert_eq!(found.iter().map(|s| s.source[0].text.as_str()).collect::<Vec<_>>(), ["MARQUEZ", "OKABE", "MARQUEZ"]);
    assert_eq!(words(&found[0].content), ["We heard the shots.\n\nThen we ran."]);
    assert_eq!(words(&found[1].content), ["From where?"]);
    assert_eq!(words(&found[2].content), ["From the harbour."]);
    assert!(read("WANTED: a boat.\n\nThe man said so.", &[]).is_empty());
}

#[test]
fn headings_are_no_speakers() {
    for text in [
        "KABUL: The gate is shut.\n\nLAHORE: Police wait.\n\nDHAKA: Ships go.",
        "KABUL: The gate is shut.\n\nLAHORE: Police wait.\n\nKABUL: Ships go.",
        "FRANCE: The gate is shut.\n\nGERMANY: Police wait.\n\nITALY: Ships go.\n\nFRANCE: It rains.",
        "CLAIM: The gate is shut.\n\nTHE FACTS: It is open.\n\nVERDICT: False.\n\nCLAIM: It rains.\n\nTHE FACTS: It is dry.",
        "WHO: Ann.\n\nWHEN: Noon.\n\nWHERE: The gate.",
    ] {
        assert!(read(text, &[]).is_empty(), "{text}: {:?}", read(text, &[]));
    }
}

#[test]
fn places_and_headings_do_not_end_a_transcript() {
    let text = "MARQUEZ: We heard the shots.\n\nJORDAN: From where?\n\nMARQUEZ: From the harbour.\n\nJORDAN: When?";
    let sources: Vec<String> = read(text, &[]).iter().map(|s| s.source[0].text.clone()).collect();
    assert_eq!(sources, ["MARQUEZ", "JORDAN", "MARQUEZ", "JORDAN"]);
}

#[test]
fn an_aside_between_dashes_is_no_dateline() {
    for (text, said, content) in [
        (
            "US troops leave the base – the last one – by noon, Ann said.",
            "US troops leave the base – the last one – by noon",
            "US troops leave the base – the last one – by noon",
        ),
        (
            "NATO – Elva’s shield – is late, Ann said.",
            "NATO – Elva’s shield – is late",
            "NATO – Elva’s shield – is late",
        ),
        ("PORT ELVA, Norrland — It is late, Ann said.", "PORT ELVA, Norrland — It is late", "It is late"),
        ("ELVA (Elva Press) – It is late, Ann said.", "ELVA (Elva Press) – It is late", "It is late"),
        ("ELVA — It is late, Ann said.", "ELVA — It is late", "It is late"),
    ] {
        assert_eq!(words(&read(text, &[("Ann", "said", said)])[0].content), [content], "{text}");
    }
}

#[test]
fn single_marks_quote_where_they_are_no_apostrophes() {
    let quoted = |text: &str, said: &str| {
        let found = read(text, &[("Ann", "said", said)]);
        (words(&found[0].content).join(" / "), found[0].quoted)
    };
    let direct = |text: &str, said: &str| {
        let (content, quoted) = quoted(text, said);
        assert_eq!(quoted, Quoted::Direct, "{text}: {content}");
        content
    };
    assert_eq!(direct("‘The gate is shut,’ Ann said.", "The gate is shut"), "‘The gate is shut,’");
    assert_eq!(direct("``The gate is shut,'' Ann said.", "The gate is shut"), "``The gate is shut,''");
    assert_eq!(direct("'The gate isn't shut,' Ann said.", "The gate is"), "'The gate isn't shut,'");
    // The quotation ends after the comma, not after the owners' apostrophe.
    let owners = "‘The drivers’ gate is shut,’ Ann said.";
    assert_eq!(direct(owners, "gate is shut"), "‘The drivers’ gate is shut,’");
    // Marks within marks.
    let nested = "“The sign said ‘shut’ all day,” Ann said.";
    assert_eq!(direct(nested, "The sign said ‘shut’ all day"), "“The sign said ‘shut’ all day,”");
    let nested = "‘The sign read “shut” all day,’ Ann said.";
    assert_eq!(direct(nested, "The sign read “shut” all day"), "‘The sign read “shut” all day,’");
    // Whose quotation it is that follows.
    let follows = "‘The gate is shut,’ Ann said. ‘We wait here until noon.’";
    assert_eq!(direct(follows, "The gate is shut"), "‘The gate is shut,’ / ‘We wait here until noon.’");
    let broken = "``Every gate is shut,'' Ann said, ``and nobody goes.''";
    assert_eq!(direct(broken, "Every gate is shut"), "``Every gate is shut,'' / ``and nobody goes.''");
    let parts = "Ann said: ‘The gate is shut.\n\n‘We wait.’";
    assert_eq!(direct(parts, "The gate is shut."), "‘The gate is shut.\n\n‘We wait.’");
    for plain in
        ["the drivers’ gate is shut", "‘em and the drivers’ gate are shut", "the '90s and the drivers' gate are gone"]
    {
        let text = format!("Ann said {plain}.");
        assert_eq!(quoted(&text, plain).1, Quoted::Indirect, "{text}");
    }
}

#[test]
fn a_signed_quotation_has_its_signature_for_a_source() {
    let found = read("“We heard the shots.” — Ana Marquez", &[]);
    assert_eq!(
        (words(&found[0].source), words(&found[0].content)),
        (vec!["Ana Marquez"], vec!["“We heard the shots.”"])
    );
    assert!(read("“We heard the shots.” — which nobody else did, it seems", &[]).is_empty());
}

#[test]
fn what_stands_in_another_paragraph_or_a_dateline_is_no_part_of_it() {
    let text = "Dockers wait at the gate\n\nELVA, March 12 — The gate is shut, Ann Okabe, a minister, said.";
    let found = read(
        text,
        &[(
            "gate\n\nELVA, March 12 — The gate is shut, Ann Okabe, a minister,",
            "said",
            "gate\n\nELVA, March 12 — The gate is shut,",
        )],
    );
    assert_eq!(words(&found[0].content), ["The gate is shut"]);
    let found = read(text, &[("Ann Okabe, a minister,", "said", "The gate is shut,")]);
    assert_eq!(words(&found[0].source), ["Ann Okabe, a minister"]);
}

#[test]
fn acts_come_from_the_cue_and_its_complement() {
    let act = |text, cue, content| read(text, &[("Ann", cue, content)])[0].act;
    assert_eq!(act("Ann say the gate is shut.", "say", "the gate is shut"), Act::Assert);
    assert_eq!(act("Ann tell Bo, to leave now.", "tell", "to leave now"), Act::Demand);
    assert_eq!(act("Ann deny that it is shut.", "deny", "that it is shut"), Act::Deny);
    assert_eq!(act("Ann ask whether it is shut.", "ask", "whether it is shut"), Act::Ask);
    // What is not done is not done, but who does not believe believes the contrary.
    assert_eq!(act("Ann do not deny that it is shut.", "do not deny", "that it is shut"), Act::Other);
    assert_eq!(act("Ann can not confirm that it is shut.", "can not confirm", "that it is shut"), Act::Other);
    assert_eq!(act("Ann have never threaten to leave now.", "have never threaten", "to leave now"), Act::Other);
    assert_eq!(act("Ann refuse to rule out that it is shut.", "refuse to rule out", "that it is shut"), Act::Other);
    assert_eq!(act("Ann not only deny that it is shut.", "not only deny", "that it is shut"), Act::Deny);
    assert_eq!(act("Ann do not believe that it is shut.", "do not believe", "that it is shut"), Act::Believe);
    assert_eq!(act("Ann do not recognise the gate.", "do not recognise", "the gate"), Act::Deny);
}

#[test]
fn sources_are_told_apart() {
    let kind = |text, source: &str| read(text, &[(source, "say", "it is shut")])[0].source_kind;
    assert_eq!(kind("Ann Okabe say it is shut.", "Ann Okabe"), SourceKind::Named);
    assert_eq!(kind("the driver say it is shut.", "the driver"), SourceKind::Described);
    assert_eq!(kind("sources say it is shut.", "sources"), SourceKind::Unnamed);
    assert_eq!(kind("statement say it is shut.", "statement"), SourceKind::Document);
    assert_eq!(kind("they say it is shut.", ""), SourceKind::None);
}

#[test]
fn ids_come_from_the_words_and_tell_twins_apart() {
    let text = "Ann say it is shut. Ann say it is shut.";
    let twice = read(text, &[("Ann", "say", "it is shut"), ("Ann", "say", "it is shut")]);
    assert_ne!(twice[0].id, twice[1].id);
    let later = read("Before that, it rained. Ann say it is shut.", &[("Ann", "say", "it is shut")]);
    assert_eq!(twice[0].id, later[0].id);
}
