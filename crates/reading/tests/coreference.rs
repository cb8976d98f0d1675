//! Chains and actors out of trees made by hand, so that what is tested is the reading and not the model.

use annalist_knowledge::Knowledge;
use annalist_language::sentences::Sentence;
use annalist_language::{Analysis, Attribution, Name, Token};
use annalist_reading::coreference::{Coreference, resolve};
use annalist_reading::participants::{Participants, participants};
use annalist_reading::statements::statements;
use annalist_record::{SourceKind, Statement};

/// A text of sentences; each word is `form/UPOS/head/relation`, with `/lemma` where that is not the form in lower case. Heads
/// count in the sentence, from 1.
fn analysis(sentences: &[&str], names: &[(&str, &str)]) -> (String, Analysis) {
    let (mut text, mut analysis) = (String::new(), Analysis::default());
    for sentence in sentences {
        let first = analysis.tokens.len();
        for word in sentence.split_whitespace() {
            let fields: Vec<&str> = word.split('/').collect();
            let touching = matches!(fields[0], "," | "." | "”" | "'s") || text.ends_with('“');
            if !text.is_empty() && !touching {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(fields[0]);
            analysis.tokens.push(Token {
                start,
                end: text.len(),
                upos: fields[1].into(),
                lemma: fields.get(4).map_or_else(|| fields[0].to_lowercase(), |lemma| lemma.to_string()),
                head: fields[2].parse::<usize>().unwrap().checked_sub(1).map(|h| first + h),
                deprel: fields[3].into(),
            });
        }
        analysis.sentences.push(Sentence { tokens: first..analysis.tokens.len(), paragraph: 0 });
    }
    for (words, kind) in names {
        for (at, _) in text.match_indices(words) {
            let start = analysis.tokens.iter().position(|t| t.start == at).unwrap();
            let end = analysis.tokens.iter().position(|t| t.end == at + words.len()).unwrap() + 1;
            if !analysis.names.iter().any(|n| n.tokens.start < end && start < n.tokens.end) {
                analysis.names.push(Name { tokens: start..end, kind: kind.to_string() });
            }
        }
    }
    analysis.names.sort_by_key(|n| n.tokens.start);
    (text, analysis)
}

/// The chains of two or more, in words.
fn chains(text: &str, analysis: &Analysis, found: &Coreference) -> Vec<Vec<String>> {
    let words = |m: usize| {
        let tokens = &found.mentions[m].tokens;
        text[analysis.tokens[tokens.start].start..analysis.tokens[tokens.end - 1].end].to_string()
    };
    let several = found.chains.iter().filter(|c| c.len() > 1);
    several.map(|c| c.iter().map(|&m| words(m)).collect()).collect()
}

fn read(sentences: &[&str], names: &[(&str, &str)]) -> Vec<Vec<String>> {
    let (text, analysis) = analysis(sentences, names);
    let found = resolve(&text, &analysis, Knowledge::english());
    chains(&text, &analysis, &found)
}

/// An attribution by its tokens: source, cue, content.
fn attribution(source: (usize, usize), cue: usize, content: (usize, usize)) -> Attribution {
    Attribution {
        anchor: cue,
        cue: vec![cue..cue + 1],
        source: vec![source.0..source.1],
        content: vec![content.0..content.1],
        confidence: 0.9,
        evidence: [0.0; 4],
    }
}

fn speakers(text: &str, analysis: &Analysis) -> (Participants, Vec<Statement>) {
    let knowledge = Knowledge::english();
    let found = resolve(text, analysis, knowledge);
    let mut said = statements(text, analysis, knowledge);
    (participants(text, analysis, &found, &mut said, knowledge), said)
}

const OKABE: [&str; 3] = [
    "Harbour/NOUN/2/compound official/NOUN/3/nmod:desc Ines/PROPN/5/nsubj Okabe/PROPN/3/flat visited/VERB/0/root/visit the/DET/7/det pier/NOUN/5/obj on/ADP/9/case Monday/PROPN/5/obl ./PUNCT/5/punct",
    "Okabe/PROPN/2/nsubj said/VERB/0/root/say that/SCONJ/8/mark the/DET/5/det gates/NOUN/8/nsubj:pass/gate would/AUX/8/aux be/AUX/8/aux:pass opened/VERB/2/ccomp/open ./PUNCT/2/punct",
    "She/PRON/2/nsubj added/VERB/0/root/add that/SCONJ/6/mark her/PRON/5/nmod:poss staff/NOUN/6/nsubj agreed/VERB/2/ccomp/agree ./PUNCT/2/punct",
];

#[test]
fn a_surname_and_pronouns_take_up_a_full_name() {
    let found = read(&OKABE, &[("Ines Okabe", "PER"), ("Okabe", "PER")]);
    assert!(
        found.contains(&["Harbour official Ines Okabe", "Okabe", "She", "her"].map(str::to_string).to_vec()),
        "{found:?}"
    );
}

#[test]
fn the_speaker_of_a_pronoun_is_the_actor_with_its_name_and_description() {
    let (text, mut analysis) = analysis(&OKABE, &[("Ines Okabe", "PER"), ("Okabe", "PER")]);
    analysis.attributions = vec![attribution((19, 20), 20, (21, 25))];
    let (found, said) = speakers(&text, &analysis);
    let speaker = found.actors.iter().find(|a| Some(&a.id) == said[0].speaker.as_ref()).unwrap();
    assert_eq!(
        (speaker.name.as_str(), &speaker.described_as[..]),
        ("Ines Okabe", &["Harbour official".to_string()][..])
    );
    assert_eq!(said[0].source_kind, SourceKind::Described);
}

#[test]
fn a_name_of_one_gender_is_no_antecedent_of_the_other_s_pronoun() {
    let found = read(
        &[
            "Mr./PROPN/2/compound Tavi/PROPN/3/nsubj met/VERB/0/root/meet Mrs./PROPN/5/compound Lorne/PROPN/3/obj ./PUNCT/3/punct",
            "He/PRON/2/nsubj left/VERB/0/root/leave early/ADV/2/advmod ./PUNCT/2/punct",
        ],
        &[("Mr. Tavi", "PER"), ("Mrs. Lorne", "PER")],
    );
    assert_eq!(found, [["Mr. Tavi", "He"]]);
}

#[test]
fn a_ministry_its_short_form_and_its_possessive_are_one() {
    let found = read(
        &[
            "The/DET/3/det Elvan/ADJ/3/amod Ministry/PROPN/6/nsubj of/ADP/5/case Fisheries/PROPN/3/nmod closed/VERB/0/root/close two/NUM/8/nummod ports/NOUN/6/obj/port ./PUNCT/6/punct",
            "The/DET/2/det ministry/NOUN/3/nsubj said/VERB/0/root/say that/SCONJ/8/mark its/PRON/6/nmod:poss inspectors/NOUN/8/nsubj/inspector had/AUX/8/aux/have left/VERB/3/ccomp/leave ./PUNCT/3/punct",
        ],
        &[("Elvan Ministry of Fisheries", "ORG")],
    );
    assert!(
        found.contains(&["The Elvan Ministry of Fisheries", "The ministry", "its"].map(str::to_string).to_vec()),
        "{found:?}"
    );
}

#[test]
fn a_first_person_in_a_quotation_is_its_speaker() {
    let (text, mut analysis) = analysis(
        &[
            "“/PUNCT/4/punct I/PRON/4/nsubj am/AUX/4/cop/be ready/ADJ/7/ccomp ,/PUNCT/7/punct ”/PUNCT/4/punct said/VERB/0/root/say Captain/NOUN/9/nmod:desc Joris/PROPN/7/nsubj Veld/PROPN/9/flat ./PUNCT/7/punct",
            "“/PUNCT/4/punct I/PRON/4/nsubj will/AUX/4/aux sail/VERB/7/ccomp ,/PUNCT/7/punct ”/PUNCT/4/punct said/VERB/0/root/say Veld/PROPN/7/nsubj ./PUNCT/7/punct",
        ],
        &[("Joris Veld", "PER"), ("Veld", "PER")],
    );
    analysis.attributions = vec![attribution((7, 10), 6, (0, 6)), attribution((18, 19), 17, (11, 17))];
    let found = resolve(&text, &analysis, Knowledge::english());
    let found = chains(&text, &analysis, &found);
    assert!(
        found.iter().any(|c| c.iter().any(|w| w == "I") && c.iter().any(|w| w == "Captain Joris Veld" || w == "Veld")),
        "{found:?}"
    );
}

#[test]
fn whose_a_document_is_speaks() {
    let (text, mut analysis) = analysis(
        &[
            "A/DET/2/det statement/NOUN/6/nsubj from/ADP/5/case Elvan/ADJ/5/amod rebels/NOUN/2/nmod/rebel said/VERB/0/root/say talks/NOUN/8/nsubj/talk failed/VERB/6/ccomp/fail ./PUNCT/6/punct",
        ],
        &[],
    );
    analysis.attributions = vec![attribution((0, 5), 5, (6, 8))];
    let (found, said) = speakers(&text, &analysis);
    let speaker = found.actors.iter().find(|a| Some(&a.id) == said[0].speaker.as_ref()).unwrap();
    assert_eq!((speaker.name.as_str(), said[0].source_kind), ("Elvan rebels", SourceKind::Document));
}

#[test]
fn an_empty_text_has_no_mentions() {
    let analysis = Analysis::default();
    let found = resolve("", &analysis, Knowledge::english());
    assert!(found.mentions.is_empty() && found.chains.is_empty());
}

/// The name of an actor by its id.
fn name_of<'f>(found: &'f Participants, id: &Option<String>) -> Option<&'f str> {
    found.actors.iter().find(|a| Some(&a.id) == id.as_ref()).map(|a| a.name.as_str())
}

#[test]
fn the_speaker_of_a_relative_pronoun_is_the_noun_before_its_clause() {
    let (text, mut analysis) = analysis(
        &[
            "The/DET/2/det mayor/NOUN/8/nsubj ,/PUNCT/5/punct who/PRON/5/nsubj said/VERB/2/acl:relcl/say it/PRON/7/nsubj rained/VERB/5/ccomp/rain left/VERB/0/root/leave ./PUNCT/8/punct",
        ],
        &[],
    );
    analysis.attributions = vec![attribution((3, 4), 4, (5, 7))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("mayor"));
}

#[test]
fn whom_a_statement_is_said_to_and_what_carried_it_depend_on_its_cue() {
    let (text, mut analysis) = analysis(
        &[
            "Okabe/PROPN/2/nsubj told/VERB/0/root/tell Harbour/PROPN/4/compound Radio/PROPN/2/obj that/SCONJ/7/mark gates/NOUN/7/nsubj/gate opened/VERB/2/ccomp/open ./PUNCT/2/punct",
            "Okabe/PROPN/2/nsubj said/VERB/0/root/say to/ADP/5/case the/DET/5/det sailors/NOUN/2/obl/sailor that/SCONJ/8/mark gates/NOUN/8/nsubj/gate closed/VERB/2/ccomp/close ./PUNCT/2/punct",
            "In/ADP/3/case an/DET/3/det interview/NOUN/8/obl with/ADP/6/case the/DET/6/det newspaper/NOUN/3/nmod Okabe/PROPN/8/nsubj said/VERB/0/root/say gates/NOUN/10/nsubj/gate rust/VERB/8/ccomp ./PUNCT/8/punct",
        ],
        &[("Okabe", "PER"), ("Harbour Radio", "ORG")],
    );
    analysis.attributions =
        vec![attribution((0, 1), 1, (4, 7)), attribution((8, 9), 9, (13, 16)), attribution((23, 24), 24, (25, 27))];
    let (found, said) = speakers(&text, &analysis);
    let told = |k: usize| {
        let via: Vec<_> = said[k].via.iter().filter_map(|id| name_of(&found, &Some(id.clone()))).collect();
        (name_of(&found, &said[k].addressee), via)
    };
    assert_eq!(told(0), (Some("Harbour Radio"), vec!["Harbour Radio"]));
    assert_eq!(told(1), (Some("sailors"), vec![]));
    assert_eq!(told(2), (Some("newspaper"), vec!["newspaper"]));
}

#[test]
fn what_belongs_to_two_persons_is_two_things() {
    let found = read(
        &[
            "Lind/PROPN/3/nmod:poss 's/PART/1/case office/NOUN/4/nsubj opened/VERB/0/root/open ./PUNCT/4/punct",
            "Okabe/PROPN/3/nmod:poss 's/PART/1/case office/NOUN/4/nsubj closed/VERB/0/root/close ./PUNCT/4/punct",
        ],
        &[("Lind", "PER"), ("Okabe", "PER")],
    );
    assert!(!found.iter().any(|chain| chain.iter().filter(|m| m.ends_with("office")).count() > 1), "{found:?}");
}

#[test]
fn we_are_those_an_interview_is_with() {
    let found = read(
        &[
            "Ann/PROPN/6/nsubj Lind/PROPN/1/flat and/CCONJ/4/cc Ben/PROPN/1/conj Okoro/PROPN/4/flat sail/VERB/0/root ./PUNCT/6/punct",
            "Do/AUX/3/aux you/PRON/3/nsubj race/VERB/0/root ?/PUNCT/3/punct",
            "We/PRON/2/nsubj race/VERB/0/root ./PUNCT/2/punct",
            "Do/AUX/3/aux you/PRON/3/nsubj win/VERB/0/root ?/PUNCT/3/punct",
            "We/PRON/2/nsubj win/VERB/0/root ./PUNCT/2/punct",
            "Do/AUX/3/aux you/PRON/3/nsubj rest/VERB/0/root ?/PUNCT/3/punct",
            "We/PRON/2/nsubj rest/VERB/0/root ./PUNCT/2/punct",
        ],
        &[("Ann Lind", "PER"), ("Ben Okoro", "PER")],
    );
    let together = found.iter().find(|chain| chain[0] == "Ann Lind and Ben Okoro").unwrap();
    assert_eq!(together[1..], ["We", "We", "We"].map(str::to_string));
}

#[test]
fn we_takes_in_those_whom_a_speaker_calls_their_own() {
    let speech = |address: &'static str| {
        let chains = read(
            &[
                address,
                "We/PRON/2/nsubj/we built/VERB/0/root/build this/DET/4/det harbour/NOUN/2/obj ./PUNCT/2/punct",
                "You/PRON/2/nsubj/you know/VERB/0/root our/PRON/4/nmod:poss/our debts/NOUN/2/obj/debt ./PUNCT/2/punct",
            ],
            &[],
        );
        chains.into_iter().find(|c| c.iter().any(|words| words == "We")).unwrap_or_default()
    };
    let called = "Thank/VERB/0/root you/PRON/1/obj ,/PUNCT/6/punct my/PRON/6/nmod:poss/my fellow/ADJ/6/amod islanders/NOUN/1/vocative/islander ./PUNCT/1/punct";
    assert_eq!(speech(called), ["my fellow islanders", "We", "our"]);
    // Of whom something is told is not who is spoken to.
    let told = "I/PRON/2/nsubj/i joined/VERB/0/root/join my/PRON/5/nmod:poss/my fellow/ADJ/5/amod islanders/NOUN/2/obj/islander ./PUNCT/2/punct";
    assert!(!speech(told).contains(&"my fellow islanders".to_string()));
}

#[test]
fn who_is_called_out_to_is_not_she() {
    let chains = read(
        &[
            "Madam/PROPN/5/vocative/madam Speaker/PROPN/1/flat/speaker ,/PUNCT/1/punct Lind/PROPN/5/nsubj/lind asked/VERB/0/root/ask for/ADP/8/case the/DET/8/det floor/NOUN/5/obl ./PUNCT/5/punct",
            "She/PRON/2/nsubj/she waited/VERB/0/root/wait ./PUNCT/2/punct",
        ],
        &[("Lind", "PER")],
    );
    assert!(
        !chains.iter().any(|c| c.iter().any(|w| w.starts_with("Madam")) && c.contains(&"She".to_string())),
        "{chains:?}"
    );
}

/// The chain that holds a mention with these words.
fn chain_with<'c>(chains: &'c [Vec<String>], words: &str) -> Option<&'c Vec<String>> {
    chains.iter().find(|chain| chain.iter().any(|w| w == words))
}

#[test]
fn he_is_not_of_many() {
    let found = read(
        &[
            "Elvan/ADJ/3/amod harbour/NOUN/3/compound officials/NOUN/4/nsubj/official met/VERB/0/root/meet Mr./PROPN/6/compound Tavi/PROPN/4/obj ./PUNCT/4/punct",
            "Elvans/PROPN/2/nsubj/elvans agreed/VERB/0/root/agree ./PUNCT/2/punct",
            "His/PRON/2/nmod:poss claim/NOUN/3/nsubj failed/VERB/0/root/fail ./PUNCT/3/punct",
        ],
        &[("Mr. Tavi", "PER")],
    );
    assert_eq!(chain_with(&found, "His").map(|c| c[0].as_str()), Some("Mr. Tavi"), "{found:?}");
}

#[test]
fn what_somebody_says_does_not_name_them() {
    let (text, mut analysis) = analysis(
        &[
            "Mr./PROPN/2/compound Tavi/PROPN/3/nsubj waited/VERB/0/root/wait ./PUNCT/3/punct",
            "Mr./PROPN/2/compound Lorne/PROPN/3/nsubj left/VERB/6/ccomp/leave ,/PUNCT/3/punct he/PRON/6/nsubj said/VERB/0/root/say ./PUNCT/6/punct",
        ],
        &[("Mr. Tavi", "PER"), ("Mr. Lorne", "PER")],
    );
    analysis.attributions = vec![attribution((8, 9), 9, (4, 7))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("Tavi"));
}

#[test]
fn the_writer_is_nobody_who_is_written_about() {
    let (text, mut analysis) = analysis(
        &[
            "Mr./PROPN/2/compound Tavi/PROPN/6/vocative ,/PUNCT/2/punct I/PRON/6/nsubj/i will/AUX/6/aux write/VERB/0/root ./PUNCT/6/punct",
            "I/PRON/2/nsubj/i think/VERB/0/root you/PRON/4/nsubj/you won/VERB/2/ccomp/win ./PUNCT/2/punct",
            "He/PRON/2/nsubj won/VERB/0/root/win ./PUNCT/2/punct",
        ],
        &[("Mr. Tavi", "PER")],
    );
    analysis.attributions = vec![attribution((7, 8), 8, (9, 11))];
    let (mut found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("I"));
    annalist_reading::participants::sign(&mut found, &["Ana Sol".to_string()]);
    assert_eq!(name_of(&found, &said[0].speaker), Some("Ana Sol"));
    let tavi = found.actors.iter().find(|a| a.name == "Tavi").unwrap();
    assert!(!tavi.mentions.iter().any(|m| m.span.text == "I"), "{:?}", tavi.mentions);
}

#[test]
fn a_description_with_words_of_its_own_is_somebody_else() {
    let (text, mut analysis) = analysis(
        &[
            "Ms./PROPN/2/compound Okabe/PROPN/3/nsubj plans/VERB/0/root/plan to/PART/5/mark visit/VERB/3/xcomp Elva/PROPN/5/obj ,/PUNCT/3/punct according/VERB/12/case/accord to/ADP/8/fixed a/DET/12/det campaign/NOUN/12/compound aide/NOUN/3/obl ./PUNCT/3/punct",
            "At/ADP/3/case her/PRON/3/nmod:poss picnic/NOUN/7/obl the/DET/6/det band/NOUN/6/compound leader/NOUN/7/nsubj sang/VERB/0/root/sing ./PUNCT/7/punct",
        ],
        &[("Ms. Okabe", "PER"), ("Elva", "LOC")],
    );
    analysis.attributions = vec![attribution((9, 12), 7, (0, 6))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("campaign aide"));
    let okabe = found.actors.iter().find(|a| a.name == "Okabe").unwrap();
    assert!(okabe.described_as.iter().all(|d| !d.contains("leader") && !d.contains("aide")), "{okabe:?}");
}

#[test]
fn two_full_names_with_one_surname_are_two_persons() {
    let found = read(
        &[
            "Ben/PROPN/3/nsubj Okoro/PROPN/1/flat spoke/VERB/0/root/speak ./PUNCT/3/punct",
            "Okoro/PROPN/2/nsubj smiled/VERB/0/root/smile ./PUNCT/2/punct",
            "Later/ADV/4/advmod Tim/PROPN/4/nsubj Okoro/PROPN/2/flat left/VERB/0/root/leave ./PUNCT/4/punct",
        ],
        &[("Ben Okoro", "PER"), ("Tim Okoro", "PER"), ("Okoro", "PER")],
    );
    let ben = chain_with(&found, "Ben Okoro").unwrap();
    assert!(ben.contains(&"Okoro".to_string()) && !ben.contains(&"Tim Okoro".to_string()), "{found:?}");
}

#[test]
fn two_full_names_with_one_first_name_are_two_persons() {
    let found = read(
        &[
            "Ben/PROPN/3/nsubj Okoro/PROPN/1/flat spoke/VERB/0/root/speak ./PUNCT/3/punct",
            "Later/ADV/4/advmod Ben/PROPN/4/nsubj Lindqvist/PROPN/2/flat spoke/VERB/0/root/speak ./PUNCT/4/punct",
            "Lindqvist/PROPN/2/nsubj smiled/VERB/0/root/smile ./PUNCT/2/punct",
        ],
        &[("Ben Okoro", "PER"), ("Ben Lindqvist", "PER"), ("Lindqvist", "PER")],
    );
    let okoro = chain_with(&found, "Ben Okoro");
    assert!(okoro.is_none_or(|chain| !chain.iter().any(|words| words.contains("Lindqvist"))), "{found:?}");
    let other = chain_with(&found, "Ben Lindqvist").unwrap();
    assert!(other.contains(&"Lindqvist".to_string()), "{found:?}");
}

#[test]
fn one_office_of_two_states_is_two_persons() {
    let found = read(
        &[
            "The/DET/3/det Norwegian/ADJ/3/amod president/NOUN/4/nsubj spoke/VERB/0/root/speak ./PUNCT/4/punct",
            "The/DET/3/det Swedish/ADJ/3/amod president/NOUN/4/nsubj spoke/VERB/0/root/speak ./PUNCT/4/punct",
            "The/DET/3/det Norwegian/ADJ/3/amod president/NOUN/4/nsubj left/VERB/0/root/leave ./PUNCT/4/punct",
        ],
        &[],
    );
    assert!(
        found
            .iter()
            .all(|chain| !(chain.iter().any(|w| w.contains("Norw")) && chain.iter().any(|w| w.contains("Swed")))),
        "{found:?}"
    );
    assert!(found.iter().any(|chain| chain.len() == 2), "{found:?}");
}

#[test]
fn a_son_is_not_his_father_of_the_same_name() {
    let found = read(
        &[
            "Ben/PROPN/3/nsubj Okoro/PROPN/1/flat spoke/VERB/0/root/speak ./PUNCT/3/punct",
            "Ben/PROPN/4/nsubj Okoro/PROPN/1/flat Jr./PROPN/1/flat laughed/VERB/0/root/laugh ./PUNCT/4/punct",
        ],
        &[("Ben Okoro Jr.", "PER"), ("Ben Okoro", "PER")],
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_is_known_for_the_name_of_a_body_is_one() {
    // The first is taken for a person's name, and half of the second for none.
    let (text, analysis) = analysis(
        &[
            "Isis/PROPN/2/nsubj said/VERB/0/root/say it/PRON/4/nsubj won/VERB/2/ccomp/win ./PUNCT/2/punct",
            "Elva/PROPN/2/nsubj attacked/VERB/0/root/attack Islamic/ADJ/4/amod State/PROPN/2/obj ./PUNCT/2/punct",
        ],
        &[("Isis", "PER"), ("Elva", "LOC")],
    );
    let found =
        participants(&text, &analysis, &resolve(&text, &analysis, Knowledge::english()), &mut [], Knowledge::english());
    let names: Vec<&str> = found.actors.iter().map(|a| a.name.as_str()).collect();
    assert!(names.contains(&"Islamic State") && !names.contains(&"State"), "{names:?}");
    let isis = found.actors.iter().find(|a| a.name == "Isis").unwrap();
    assert!(isis.kind.is_none(), "{isis:?}");
}

/// Sentences about the weather, which name nobody.
fn weather(n: usize) -> Vec<&'static str> {
    vec!["Rain/NOUN/2/nsubj fell/VERB/0/root/fall on/ADP/4/case ships/NOUN/2/obl/ship ./PUNCT/2/punct"; n]
}

#[test]
fn an_office_stands_for_the_one_person_who_holds_it_however_far() {
    let mut sentences = vec![
        "Sen./PROPN/2/nmod:desc/sen. Ines/PROPN/4/nsubj Okabe/PROPN/2/flat visited/VERB/0/root/visit Elva/PROPN/4/obj ./PUNCT/4/punct",
        "Former/ADJ/2/amod President/PROPN/3/nmod:desc/president Karl/PROPN/5/nsubj Lorne/PROPN/3/flat slept/VERB/0/root/sleep ./PUNCT/5/punct",
    ];
    sentences.extend(weather(8));
    sentences.push("The/DET/2/det senator/NOUN/3/nsubj declined/VERB/0/root/decline ./PUNCT/3/punct");
    sentences.extend(weather(8));
    sentences.push("The/DET/2/det president/NOUN/3/nsubj declined/VERB/0/root/decline ./PUNCT/3/punct");
    let found = read(&sentences, &[("Ines Okabe", "PER"), ("Karl Lorne", "PER"), ("Elva", "LOC")]);
    assert!(
        chain_with(&found, "The senator").is_some_and(|c| c.iter().any(|w| w.ends_with("Ines Okabe"))),
        "{found:?}"
    );
    // A former one is not the present one.
    assert!(chain_with(&found, "The president").is_none_or(|c| !c.iter().any(|w| w.ends_with("Lorne"))), "{found:?}");
}

#[test]
fn a_company_is_the_one_that_was_named_and_no_committee() {
    let found = read(
        &[
            "Lorne/PROPN/3/nsubj Works/PROPN/1/flat closed/VERB/0/root/close piers/NOUN/3/obj/pier ./PUNCT/3/punct",
            "Rain/NOUN/2/nsubj fell/VERB/0/root/fall ./PUNCT/2/punct",
            "The/DET/2/det company/NOUN/3/nsubj declined/VERB/0/root/decline ./PUNCT/3/punct",
        ],
        &[("Lorne Works", "ORG")],
    );
    assert_eq!(chain_with(&found, "The company").map(|c| c[0].as_str()), Some("Lorne Works"), "{found:?}");
    let found = read(
        &[
            "The/DET/3/det Harbour/PROPN/3/compound Committee/PROPN/4/nsubj/committee met/VERB/0/root/meet ./PUNCT/4/punct",
            "The/DET/2/det company/NOUN/3/nsubj declined/VERB/0/root/decline ./PUNCT/3/punct",
        ],
        &[("Harbour Committee", "ORG")],
    );
    assert_eq!(chain_with(&found, "The company"), None, "{found:?}");
}

#[test]
fn nobody_in_particular_speaks() {
    let (text, mut analysis) = analysis(
        &[
            "No/DET/2/det one/NOUN/3/nsubj knew/VERB/0/root/know ships/NOUN/5/nsubj/ship sank/VERB/3/ccomp/sink ./PUNCT/3/punct",
            "You/PRON/2/nsubj/you think/VERB/0/root ships/NOUN/4/nsubj/ship float/VERB/2/ccomp ./PUNCT/2/punct",
            "Neither/DET/2/det captain/NOUN/3/nsubj said/VERB/0/root/say ships/NOUN/5/nsubj/ship burn/VERB/3/ccomp ./PUNCT/3/punct",
        ],
        &[],
    );
    analysis.attributions =
        vec![attribution((0, 2), 2, (3, 5)), attribution((6, 7), 7, (8, 10)), attribution((11, 13), 13, (14, 16))];
    let (found, said) = speakers(&text, &analysis);
    let speakers: Vec<_> = said.iter().map(|s| name_of(&found, &s.speaker)).collect();
    assert_eq!(speakers, [None, None, None]);
}

#[test]
fn who_is_the_person_named_right_before_or_the_nearest_person() {
    let (text, mut analysis) = analysis(
        &[
            "Guests/NOUN/10/nsubj/guest ,/PUNCT/4/punct including/VERB/4/case/include Ann/PROPN/1/nmod Lind/PROPN/4/flat ,/PUNCT/8/punct who/PRON/8/nsubj said/VERB/1/acl:relcl/say ships/NOUN/8/obj/ship left/VERB/0/root/leave ./PUNCT/10/punct",
            "Callers/NOUN/6/nsubj/caller to/ADP/4/case his/PRON/4/nmod:poss programme/NOUN/1/nmod who/PRON/6/nsubj complained/VERB/4/acl:relcl/complain of/ADP/8/case rain/NOUN/6/obl hung/VERB/0/root/hang up/ADP/9/compound:prt ./PUNCT/9/punct",
        ],
        &[("Ann Lind", "PER")],
    );
    analysis.attributions = vec![attribution((6, 7), 7, (8, 9)), attribution((15, 16), 16, (17, 19))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("Ann Lind"));
    assert!(name_of(&found, &said[1].speaker).is_some_and(|n| n.starts_with("Callers")), "{found:?}");
}

#[test]
fn two_who_are_named_together_are_they() {
    let (text, mut analysis) = analysis(
        &[
            "Ann/PROPN/5/nsubj Lind/PROPN/1/flat and/CCONJ/4/cc Okoro/PROPN/1/conj met/VERB/0/root/meet ./PUNCT/5/punct",
            "They/PRON/2/nsubj said/VERB/0/root/say ships/NOUN/4/nsubj/ship sank/VERB/2/ccomp/sink ./PUNCT/2/punct",
        ],
        &[("Ann Lind", "PER"), ("Okoro", "PER")],
    );
    analysis.attributions = vec![attribution((6, 7), 7, (8, 10))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("Ann Lind and Okoro"));
    // Who is never taken up together is not listed so.
    let (text, mut analysis) = (text, analysis);
    analysis.attributions.clear();
    analysis.tokens[6].upos = "X".into();
    let (found, _) = speakers(&text, &analysis);
    assert!(found.actors.iter().all(|a| !a.name.contains(" and ")), "{found:?}");
}

#[test]
fn a_paper_that_is_called_post_is_no_document() {
    let (text, mut analysis) = analysis(
        &[
            "The/DET/3/det Elva/PROPN/3/compound Post/PROPN/4/nsubj/post said/VERB/0/root/say ships/NOUN/6/nsubj/ship sank/VERB/4/ccomp/sink ./PUNCT/4/punct",
        ],
        &[("Elva Post", "ORG")],
    );
    analysis.attributions = vec![attribution((0, 3), 3, (4, 6))];
    let (found, said) = speakers(&text, &analysis);
    assert_eq!(name_of(&found, &said[0].speaker), Some("Elva Post"));
}

#[test]
fn a_pronoun_does_not_pass_over_a_new_subject() {
    let found = read(
        &[
            "Mr./PROPN/2/compound Tavi/PROPN/3/nsubj smiled/VERB/0/root/smile ./PUNCT/3/punct",
            "He/PRON/2/nsubj knew/VERB/0/root/know his/PRON/4/nmod:poss crew/NOUN/2/obj ./PUNCT/2/punct",
            "Mr./PROPN/2/compound Lorne/PROPN/3/nsubj disagreed/VERB/0/root/disagree with/ADP/5/case him/PRON/3/obl ./PUNCT/3/punct",
            "He/PRON/2/nsubj left/VERB/0/root/leave ./PUNCT/2/punct",
        ],
        &[("Mr. Tavi", "PER"), ("Mr. Lorne", "PER")],
    );
    assert_eq!(chain_with(&found, "Mr. Lorne").map(Vec::len), Some(2), "{found:?}");
    assert_eq!(chain_with(&found, "him").map(|c| c[0].as_str()), Some("Mr. Tavi"), "{found:?}");
}

#[test]
fn the_insurgents_are_the_one_armed_group_and_the_country_is_the_one_named_last() {
    let found = read(
        &[
            "Peru/PROPN/2/nsubj met/VERB/0/root/meet the/DET/4/det Taliban/PROPN/2/obj in/ADP/6/case Chad/PROPN/2/obl ./PUNCT/2/punct",
            "The/DET/2/det insurgents/NOUN/3/nsubj/insurgent hold/VERB/0/root the/DET/5/det country/NOUN/3/obj ./PUNCT/3/punct",
        ],
        &[("Taliban", "ORG"), ("Peru", "LOC"), ("Chad", "LOC")],
    );
    assert!(chain_with(&found, "The insurgents").is_some_and(|c| c[0].ends_with("Taliban")), "{found:?}");
    assert!(chain_with(&found, "the country").is_none_or(|c| c[0] != "Peru"), "{found:?}");
    let found = read(
        &[
            "Rebels/NOUN/2/nsubj/rebel held/VERB/0/root/hold Lima/PROPN/2/obj ./PUNCT/2/punct",
            "They/PRON/2/nsubj left/VERB/0/root/leave the/DET/4/det country/NOUN/2/obj ./PUNCT/2/punct",
        ],
        &[("Lima", "LOC")],
    );
    assert!(chain_with(&found, "the country").is_none_or(|c| c[0] != "Lima"), "{found:?}");
}

#[test]
fn what_stands_in_brackets_is_another_name_whatever_its_letters() {
    let mut text = vec![
        "The/DET/4/det Elvan/ADJ/4/amod Harbour/PROPN/4/compound Units/PROPN/8/nsubj (/PUNCT/6/punct QZX/PROPN/4/nmod )/PUNCT/6/punct closed/VERB/0/root/close ports/NOUN/8/obj/port ./PUNCT/8/punct",
    ];
    text.extend(weather(5));
    text.push("QZX/PROPN/2/nsubj opened/VERB/0/root/open them/PRON/2/obj ./PUNCT/2/punct");
    let found = read(&text, &[("Elvan Harbour Units", "ORG"), ("QZX", "ORG")]);
    let units = found.iter().find(|c| c.iter().any(|w| w.starts_with("The Elvan Harbour Units")));
    assert!(units.is_some_and(|c| c.iter().filter(|w| *w == "QZX").count() == 2), "{found:?}");
    // A person's party is not the person.
    let found = read(
        &[
            "Ann/PROPN/6/nsubj Lind/PROPN/1/flat (/PUNCT/4/punct QZX/PROPN/1/dep )/PUNCT/4/punct spoke/VERB/0/root/speak ./PUNCT/6/punct",
            "QZX/PROPN/2/nsubj won/VERB/0/root/win ./PUNCT/2/punct",
        ],
        &[("Ann Lind", "PER"), ("QZX", "ORG")],
    );
    assert!(!found.iter().any(|c| c.iter().any(|w| w == "QZX") && c.iter().any(|w| w.starts_with("Ann"))), "{found:?}");
}

#[test]
fn two_bodies_of_one_noun_are_two() {
    let found = read(
        &[
            "The/DET/2/det Bank/PROPN/5/nsubj of/ADP/4/case Elva/PROPN/2/nmod lent/VERB/0/root/lend money/NOUN/5/obj ./PUNCT/5/punct",
            "The/DET/3/det Harbour/PROPN/3/compound Bank/PROPN/4/nsubj agreed/VERB/0/root/agree ./PUNCT/4/punct",
            "The/DET/2/det Bank/PROPN/5/nsubj of/ADP/4/case Elva/PROPN/2/nmod paid/VERB/0/root/pay ./PUNCT/5/punct",
        ],
        &[("Bank of Elva", "ORG"), ("Harbour Bank", "ORG")],
    );
    assert!(found.contains(&["The Bank of Elva", "The Bank of Elva"].map(str::to_string).to_vec()), "{found:?}");
    assert!(chain_with(&found, "The Harbour Bank").is_none(), "{found:?}");
}

#[test]
fn a_surname_of_two_is_whose_first_name_does_not_stand_alone() {
    let mut text = vec![
        "Ann/PROPN/3/nsubj Lind/PROPN/1/flat fetched/VERB/0/root/fetch Ben/PROPN/3/obj Lind/PROPN/4/flat ./PUNCT/3/punct",
        "Ben/PROPN/2/nsubj slept/VERB/0/root/sleep ./PUNCT/2/punct",
    ];
    text.push("Lind/PROPN/2/nsubj called/VERB/0/root/call a/DET/4/det doctor/NOUN/2/obj ./PUNCT/2/punct");
    let found = read(&text, &[("Ann Lind", "PER"), ("Ben Lind", "PER"), ("Ben", "PER"), ("Lind", "PER")]);
    let lind = chain_with(&found, "Lind");
    assert!(lind.is_some_and(|c| c[0] == "Ann Lind" && c.iter().all(|w| !w.starts_with("Ben"))), "{found:?}");
}

#[test]
fn i_is_who_speaks_also_where_the_quotation_comes_first() {
    let (text, mut analysis) = analysis(
        &[
            "Ben/PROPN/3/nsubj Okoro/PROPN/1/flat slept/VERB/0/root/sleep ./PUNCT/3/punct",
            "He/PRON/2/nsubj dreamt/VERB/0/root/dream ./PUNCT/2/punct",
            "“/PUNCT/4/punct I/PRON/4/nsubj am/AUX/4/cop/be sure/ADJ/7/ccomp ,/PUNCT/7/punct ”/PUNCT/4/punct said/VERB/0/root/say Ines/PROPN/7/nsubj Okabe/PROPN/8/flat ./PUNCT/7/punct",
        ],
        &[("Ben Okoro", "PER"), ("Ines Okabe", "PER")],
    );
    analysis.attributions = vec![attribution((14, 16), 13, (7, 12))];
    let found = resolve(&text, &analysis, Knowledge::english());
    let found = chains(&text, &analysis, &found);
    assert_eq!(chain_with(&found, "I").map(|c| c.join(" ")).as_deref(), Some("I Ines Okabe"), "{found:?}");
}

#[test]
fn who_says_something_is_not_whom_it_names_after_the_pronoun() {
    let (text, mut analysis) = analysis(
        &[
            "Mr./PROPN/2/compound Lorne/PROPN/3/nsubj slept/VERB/0/root/sleep ./PUNCT/3/punct",
            "And/CCONJ/7/cc ,/PUNCT/4/punct he/PRON/4/nsubj said/VERB/7/parataxis/say ,/PUNCT/4/punct Lorne/PROPN/7/nsubj snores/VERB/0/root/snore ./PUNCT/7/punct",
        ],
        &[("Mr. Lorne", "PER"), ("Lorne", "PER")],
    );
    analysis.attributions = vec![attribution((6, 7), 7, (9, 11))];
    let found = resolve(&text, &analysis, Knowledge::english());
    let found = chains(&text, &analysis, &found);
    assert!(chain_with(&found, "he").is_none_or(|c| !c.iter().any(|w| w.ends_with("Lorne"))), "{found:?}");
    assert!(chain_with(&found, "Lorne").is_some_and(|c| c.len() == 2), "{found:?}");
}

#[test]
fn a_person_named_beside_a_description_is_whom_it_describes() {
    // The tree puts the name inside the phrase.
    let found = read(
        &[
            "An/DET/3/det Elvan/ADJ/3/amod official/NOUN/8/nsubj ,/PUNCT/5/punct Ines/PROPN/3/nmod Okabe/PROPN/5/flat ,/PUNCT/5/punct resigned/VERB/0/root/resign ./PUNCT/8/punct",
        ],
        &[("Ines Okabe", "PER")],
    );
    assert!(found.contains(&["An Elvan official", "Ines Okabe"].map(str::to_string).to_vec()), "{found:?}");
    // Of a list, each is somebody.
    let found = read(
        &[
            "Police/NOUN/2/nsubj held/VERB/0/root/hold Ann/PROPN/2/obj Lind/PROPN/3/flat ,/PUNCT/7/punct a/DET/7/det sailor/NOUN/3/conj ,/PUNCT/9/punct Ines/PROPN/3/conj Okabe/PROPN/9/flat and/CCONJ/12/cc others/NOUN/3/conj/other ./PUNCT/2/punct",
        ],
        &[("Ann Lind", "PER"), ("Ines Okabe", "PER")],
    );
    assert!(chain_with(&found, "Ines Okabe").is_none(), "{found:?}");
}

#[test]
fn the_defendant_is_nobody_who_is_not_called_so() {
    let found = read(
        &[
            "Attorney/NOUN/2/nmod:desc Ann/PROPN/4/nsubj Lind/PROPN/2/flat spoke/VERB/0/root/speak ./PUNCT/4/punct",
            "The/DET/2/det defendant/NOUN/3/nsubj slept/VERB/0/root/sleep ./PUNCT/3/punct",
        ],
        &[("Ann Lind", "PER")],
    );
    assert!(chain_with(&found, "The defendant").is_none(), "{found:?}");
}

#[test]
fn a_name_that_ends_in_a_word_for_bodies_is_no_person_and_a_genitive_is_no_part_of_one() {
    let (text, analysis) = analysis(
        &[
            "Elva/PROPN/3/compound Fisheries/PROPN/3/compound Ministry/PROPN/4/nsubj closed/VERB/0/root/close ports/NOUN/4/obj/port ./PUNCT/4/punct",
            "Ines/PROPN/4/nmod:poss Okabe/PROPN/1/flat 's/PART/1/case staff/NOUN/5/nsubj left/VERB/0/root/leave ./PUNCT/5/punct",
        ],
        &[("Elva Fisheries Ministry", "PER"), ("Ines Okabe's", "PER")],
    );
    let (found, _) = speakers(&text, &analysis);
    let kind = |name: &str| found.actors.iter().find(|a| a.name == name).map(|a| a.kind);
    assert_eq!(kind("Elva Fisheries Ministry"), Some(None), "{found:?}");
    assert_eq!(kind("Ines Okabe"), Some(Some(annalist_record::ActorKind::Person)), "{found:?}");
}

#[test]
fn an_actor_is_called_by_its_whole_name_and_a_description_without_its_clause() {
    let (text, analysis) = analysis(
        &[
            "The/DET/3/det Public/ADJ/3/amod Prosecutor/PROPN/5/nmod:poss/prosecutor 's/PART/3/case Office/PROPN/6/nsubj/Office declined/VERB/0/root/decline ./PUNCT/6/punct",
            "Harbour/NOUN/2/compound guards/NOUN/6/nsubj/guard backed/VERB/2/acl/back by/ADP/5/case dockers/NOUN/3/obl/docker slept/VERB/0/root/sleep ./PUNCT/6/punct",
            "At/ADP/2/case least/ADJ/3/obl nine/NUM/4/nummod dockers/NOUN/5/nsubj/docker left/VERB/0/root/leave ./PUNCT/5/punct",
        ],
        &[("Office", "ORG")],
    );
    let knowledge = Knowledge::english();
    let found = participants(&text, &analysis, &resolve(&text, &analysis, knowledge), &mut [], knowledge);
    let names: Vec<&str> = found.actors.iter().map(|a| &*a.name).collect();
    assert!(names.contains(&"Public Prosecutor's Office"), "{names:?}");
    assert!(names.contains(&"Harbour guards"), "{names:?}");
    assert!(names.contains(&"At least nine dockers"), "{names:?}");
}
