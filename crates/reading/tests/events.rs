//! Events out of trees made by hand, so that what is tested is the reading and not the model.

use annalist_knowledge::Knowledge;
use annalist_language::sentences::Sentence;
use annalist_language::{Analysis, Name, Token};
use annalist_reading::coreference::resolve;
use annalist_reading::events::{Candidate, Scored, Setting, events, events_of, happened_by, lexicon, tree::Tree};
use annalist_reading::participants::participants;
use annalist_record::{Confidence, Event, EventStatus, Time};

/// A text of sentences; each word is `form/UPOS/head/relation`, with `/lemma` where that is not the form in lower case. Heads
/// count in the sentence, from 1.
fn analysis(sentences: &[&str], names: &[(&str, &str)]) -> (String, Analysis) {
    let (mut text, mut analysis) = (String::new(), Analysis::default());
    for sentence in sentences {
        let first = analysis.tokens.len();
        for word in sentence.split_whitespace() {
            let fields: Vec<&str> = word.split('/').collect();
            let touching = matches!(fields[0], "," | "." | "'s" | "-") || text.ends_with('-');
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
            analysis.names.push(Name { tokens: start..end, kind: kind.to_string() });
        }
    }
    analysis.names.sort_by_key(|n| n.tokens.start);
    (text, analysis)
}

fn with<T>(text: &str, analysis: &Analysis, read: impl Fn(&Setting) -> T) -> T {
    let knowledge = Knowledge::english();
    let coreference = resolve(text, analysis, knowledge);
    let participants = participants(text, analysis, &coreference, &mut [], knowledge);
    read(&Setting {
        text,
        analysis,
        knowledge,
        coreference: &coreference,
        participants: &participants,
        actors: &participants.actors,
        statements: &[],
        places: &[],
        times: &[],
    })
}

fn read(sentences: &[&str], names: &[(&str, &str)]) -> Vec<Event> {
    let (text, analysis) = analysis(sentences, names);
    with(&text, &analysis, |setting| {
        let tree = Tree::new(setting.text, setting.analysis);
        events_of(setting, &tree, lexicon::candidates(&tree, setting.knowledge))
    })
}

/// Trigger, type, actors, recipients.
fn told(event: &Event) -> (&str, &str, Vec<&str>, Vec<&str>) {
    let words =
        |all: &'_ [annalist_record::Participant]| -> Vec<String> { all.iter().map(|p| p.span.text.clone()).collect() };
    let (actors, recipients) = (words(&event.actors), words(&event.recipients));
    let leak = |all: Vec<String>| all.into_iter().map(|s| &*s.leak()).collect();
    (&event.trigger.text, &event.kind, leak(actors), leak(recipients))
}

const ACTIVE: &str =
    "Rebels/NOUN/2/nsubj/rebel attacked/VERB/0/root/attack the/DET/4/det soldiers/NOUN/2/obj/soldier ./PUNCT/2/punct";
const PASSIVE: &str = "The/DET/2/det soldiers/NOUN/4/nsubj:pass/soldier were/AUX/4/aux:pass/be attacked/VERB/0/root/attack by/ADP/6/case rebels/NOUN/4/obl:agent/rebel ./PUNCT/4/punct";

#[test]
fn active_and_passive_tell_the_same() {
    for (sentence, actor, recipient) in [(ACTIVE, "Rebels", "the soldiers"), (PASSIVE, "rebels", "The soldiers")] {
        let found = read(&[sentence], &[]);
        assert_eq!(found.len(), 1);
        assert_eq!(told(&found[0]), ("attacked", "ASSAULT", vec![actor], vec![recipient]));
        assert_eq!(found[0].status, EventStatus::Happened);
        assert_eq!(found[0].evidence.text.len(), found[0].evidence.end);
    }
}

#[test]
fn nouns_have_participants_too() {
    // "Norway's attack on the rebels"
    let found = read(
        &[
            "Norway/PROPN/3/nmod:poss 's/PART/1/case attack/NOUN/7/nsubj on/ADP/6/case the/DET/6/det rebels/NOUN/3/nmod/rebel failed/VERB/0/root/fail ./PUNCT/7/punct",
        ],
        &[("Norway", "LOC")],
    );
    assert_eq!(told(&found[0]), ("attack", "ASSAULT", vec!["Norway"], vec!["the rebels"]));
}

#[test]
fn phrases_may_stand_apart_and_count_as_one() {
    // "The ministers held two days of talks with the rebels."
    let found = read(
        &[
            "The/DET/2/det ministers/NOUN/3/nsubj/minister held/VERB/0/root/hold two/NUM/5/nummod days/NOUN/3/obj/day of/ADP/7/case talks/NOUN/5/nmod/talk with/ADP/10/case the/DET/10/det rebels/NOUN/7/nmod/rebel ./PUNCT/3/punct",
        ],
        &[],
    );
    assert_eq!(found.len(), 1);
    let (_, kind, actors, recipients) = told(&found[0]);
    assert_eq!((kind, actors, recipients), ("CONSULT", vec!["The ministers"], vec!["the rebels"]));
}

#[test]
fn what_is_joined_by_hyphens_is_known() {
    // "Norway-backed rebels fled." and "a heart attack"
    let found = read(
        &[
            "Norway/PROPN/3/obl -/PUNCT/3/punct backed/VERB/4/amod/back rebels/NOUN/5/nsubj/rebel slept/VERB/0/root/sleep ./PUNCT/5/punct",
        ],
        &[("Norway", "LOC")],
    );
    let (_, kind, actors, recipients) = told(&found[0]);
    assert_eq!(kind, "AID");
    assert_eq!(actors, ["Norway"]);
    assert!(recipients.len() == 1 && recipients[0].contains("rebels"));
    let none = read(
        &["She/PRON/2/nsubj had/VERB/0/root/have a/DET/5/det heart/NOUN/5/compound attack/NOUN/2/obj ./PUNCT/2/punct"],
        &[],
    );
    assert_eq!(none, []);
}

#[test]
fn relative_clauses_control_and_conjunction_share_subjects() {
    // "The rebels who kidnapped the judge vowed to attack the port."
    let found = read(
        &[
            "The/DET/2/det rebels/NOUN/7/nsubj/rebel who/PRON/4/nsubj kidnapped/VERB/2/acl:relcl/kidnap the/DET/6/det judge/NOUN/4/obj vowed/VERB/0/root/vow to/PART/9/mark attack/VERB/7/xcomp the/DET/11/det soldiers/NOUN/9/obj/soldier ./PUNCT/7/punct",
        ],
        &[],
    );
    let by = |trigger: &str| {
        found.iter().find(|e| e.trigger.text.contains(trigger)).map(|e| (told(e).2, told(e).3, e.status))
    };
    let (actors, recipients, status) = by("kidnapped").unwrap();
    assert!(actors[0].contains("rebels") && recipients == ["the judge"] && status == EventStatus::Happened);
    let (actors, recipients, status) = by("attack").unwrap();
    assert!(actors[0].contains("rebels") && recipients == ["the soldiers"] && status == EventStatus::Planned);
}

#[test]
fn status_is_told_by_the_words_around() {
    let attack = |before: &str| {
        // Words before "attack", which is token 3.
        let sentence = format!(
            "Rebels/NOUN/3/nsubj/rebel {before} attack/VERB/0/root the/DET/5/det soldiers/NOUN/3/obj/soldier ./PUNCT/3/punct"
        );
        read(&[&sentence], &[])[0].status
    };
    assert_eq!(attack("will/AUX/3/aux"), EventStatus::Planned);
    assert_eq!(attack("may/AUX/3/aux"), EventStatus::Possible);
    assert_eq!(attack("never/ADV/3/advmod"), EventStatus::Denied);
    let denied = read(
        &[
            "Rebels/NOUN/2/nsubj/rebel denied/VERB/0/root/deny attacking/VERB/2/xcomp/attack the/DET/5/det soldiers/NOUN/3/obj/soldier ./PUNCT/2/punct",
        ],
        &[],
    );
    let attack = denied.iter().find(|e| e.trigger.text == "attacking").unwrap();
    assert_eq!((attack.status, told(attack).2), (EventStatus::Denied, vec!["Rebels"]));
}

#[test]
fn mentions_of_one_event_are_one_and_others_are_not() {
    let again = "The/DET/2/det attack/NOUN/3/nsubj shocked/VERB/0/root/shock many/ADJ/3/obj ./PUNCT/3/punct";
    let named = "The/DET/2/det attack/NOUN/6/nsubj by/ADP/5/case the/DET/5/det rebels/NOUN/2/nmod/rebel shocked/VERB/0/root/shock many/ADJ/6/obj ./PUNCT/6/punct";
    for again in [again, named] {
        let found = read(&[ACTIVE, again], &[]);
        assert_eq!(found.len(), 1, "{again}");
        assert_eq!(found[0].also.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["attack"]);
    }
    // Another's attack is another.
    let other =
        "Pirates/NOUN/2/nsubj/pirate attacked/VERB/0/root/attack the/DET/4/det nurses/NOUN/2/obj/nurse ./PUNCT/2/punct";
    assert_eq!(read(&[ACTIVE, other], &[]).len(), 2);
}

#[test]
fn candidates_of_another_maker_are_filled_where_they_say_nothing() {
    let (text, analysis) = analysis(&[ACTIVE], &[]);
    with(&text, &analysis, |setting| {
        let tree = Tree::new(&text, &analysis);
        let own = lexicon::candidates(&tree, setting.knowledge);
        let learnt = Candidate {
            kind: "COERCE".to_string(),
            status: Some(EventStatus::Unreal),
            actor: Some(Scored { tokens: 2..4, score: 0.9 }),
            frame: None,
            score: 0.99,
            ..own[0].clone()
        };
        let odd = Candidate { trigger: 90..99, head: 90, ..learnt.clone() };
        let found = events_of(setting, &tree, [own, vec![learnt, odd]].concat());
        assert_eq!(found.len(), 1);
        assert_eq!((told(&found[0]).1, found[0].status), ("COERCE", EventStatus::Unreal));
        assert_eq!(told(&found[0]).2, ["the soldiers"]);
        // The surer of the two; that such scores are right less often than they say is reckoned with.
        assert!((0.9..0.99).contains(&found[0].confidence.value()));
    });
}

#[test]
fn what_has_happened_is_not_dated_after_its_report() {
    let event = &read(&[ACTIVE], &[])[0];
    let lasting = |status, kind: &str, first: &str, last: &str| {
        let time = Time {
            id: "t".to_string(),
            span: event.trigger.clone(),
            kind: kind.to_string(),
            value: None,
            granularity: None,
            earliest: Some(first.to_string()),
            latest: Some(last.to_string()),
            relative_to: None,
            offset: None,
            confidence: Confidence::new(0.9),
        };
        let mut events = [Event { status, time: Some("t".to_string()), ..event.clone() }];
        happened_by(&mut events, &[time], "2021-08-16T09:00:00Z");
        events[0].time.is_some()
    };
    let dated = |status, day: &str| lasting(status, "DATE", day, day);
    // What happened did not happen in the coming days; a plan may, and in this month it may have.
    assert!(!lasting(EventStatus::Happened, "DURATION", "2021-08-16", "2021-08-23"));
    assert!(lasting(EventStatus::Planned, "DURATION", "2021-08-16", "2021-08-23"));
    assert!(lasting(EventStatus::Happened, "DATE", "2021-08-01", "2021-08-31"));
    assert!(dated(EventStatus::Happened, "2021-08-16"));
    assert!(!dated(EventStatus::Happened, "2021-08-17"));
    assert!(!dated(EventStatus::Ongoing, "2021-09-01"));
    assert!(dated(EventStatus::Planned, "2021-08-17"));
}

#[test]
fn what_is_announced_for_a_day_is_an_event_though_no_model_sees_it() {
    let found = |sentence: &str| {
        let (text, analysis) = analysis(&[sentence], &[]);
        with(&text, &analysis, events)
    };
    let announced = found(
        "Envoys/NOUN/3/nsubj/envoy will/AUX/3/aux meet/VERB/0/root/meet rebels/NOUN/3/obj/rebel in/ADP/6/case Oslo/PROPN/4/nmod on/ADP/8/case Tuesday/PROPN/3/obl ./PUNCT/3/punct",
    );
    let [meeting] = &announced[..] else { panic!("{announced:?}") };
    assert_eq!((&*meeting.kind, meeting.status), ("CONSULT", EventStatus::Planned));
    // Without a day, or told as done, the model has to see it.
    let undated =
        "Envoys/NOUN/3/nsubj/envoy will/AUX/3/aux meet/VERB/0/root/meet rebels/NOUN/3/obj/rebel ./PUNCT/3/punct";
    assert!(found(undated).is_empty());
    let done = "Envoys/NOUN/2/nsubj/envoy met/VERB/0/root/meet rebels/NOUN/2/obj/rebel on/ADP/5/case Tuesday/PROPN/2/obl ./PUNCT/2/punct";
    assert!(found(done).is_empty());
}

/// The status of the event with a trigger, where a model takes all triggers for what has happened.
fn status_of(sentence: &str, trigger: &str) -> EventStatus {
    let (text, analysis) = analysis(&[sentence], &[]);
    let found = with(&text, &analysis, |setting| {
        let tree = Tree::new(&text, &analysis);
        let own = lexicon::candidates(&tree, setting.knowledge).into_iter();
        let told = own.map(|c| Candidate { status: Some(EventStatus::Happened), ..c });
        events_of(setting, &tree, told.collect())
    });
    found.iter().find(|e| e.trigger.text.contains(trigger)).map(|e| e.status).unwrap_or_else(|| panic!("{found:?}"))
}

#[test]
fn what_words_above_carry_is_not_told_as_done_whatever_the_model_says() {
    use EventStatus::{Denied, Happened, Planned, Possible, Unreal};
    let cases = [
        // "The minister blocked suggestions of attacking the rebels."
        (
            "The/DET/2/det minister/NOUN/3/nsubj blocked/VERB/0/root/block suggestions/NOUN/3/obj/suggestion of/SCONJ/6/mark attacking/VERB/4/acl/attack the/DET/8/det rebels/NOUN/6/obj/rebel ./PUNCT/3/punct",
            "attacking",
            Possible,
        ),
        // "The army lacks the capacity to attack the rebels."
        (
            "The/DET/2/det army/NOUN/3/nsubj lacks/VERB/0/root/lack the/DET/5/det capacity/NOUN/3/obj to/PART/7/mark attack/VERB/5/acl the/DET/9/det rebels/NOUN/7/obj/rebel ./PUNCT/3/punct",
            "attack",
            Possible,
        ),
        // "Guards prevented rebels from attacking the judge."
        (
            "Guards/NOUN/2/nsubj/guard prevented/VERB/0/root/prevent rebels/NOUN/2/obj/rebel from/SCONJ/5/mark attacking/VERB/2/advcl/attack the/DET/7/det judge/NOUN/5/obj ./PUNCT/2/punct",
            "attacking",
            Unreal,
        ),
        // "The army threatened an attack." and "The army described an attack."
        (
            "The/DET/2/det army/NOUN/3/nsubj threatened/VERB/0/root/threaten an/DET/5/det attack/NOUN/3/obj ./PUNCT/3/punct",
            "attack",
            Planned,
        ),
        (
            "The/DET/2/det army/NOUN/3/nsubj described/VERB/0/root/describe an/DET/5/det attack/NOUN/3/obj ./PUNCT/3/punct",
            "attack",
            Happened,
        ),
        // "They never sought to attack the judge." and "They failed to attack the judge."
        (
            "They/PRON/3/nsubj never/ADV/3/advmod sought/VERB/0/root/seek to/PART/5/mark attack/VERB/3/xcomp the/DET/7/det judge/NOUN/5/obj ./PUNCT/3/punct",
            "attack",
            Denied,
        ),
        (
            "They/PRON/2/nsubj failed/VERB/0/root/fail to/PART/4/mark attack/VERB/2/xcomp the/DET/6/det judge/NOUN/4/obj ./PUNCT/2/punct",
            "attack",
            Denied,
        ),
        // "Rebels must attack the soldiers."
        (
            "Rebels/NOUN/3/nsubj/rebel must/AUX/3/aux attack/VERB/0/root the/DET/5/det soldiers/NOUN/3/obj/soldier ./PUNCT/3/punct",
            "attack",
            Possible,
        ),
        // "The port will close if rebels attacked the soldiers." and "She wondered whether rebels attacked the soldiers."
        (
            "The/DET/2/det port/NOUN/4/nsubj will/AUX/4/aux close/VERB/0/root if/SCONJ/7/mark rebels/NOUN/7/nsubj/rebel attacked/VERB/4/advcl/attack the/DET/9/det soldiers/NOUN/7/obj/soldier ./PUNCT/4/punct",
            "attacked",
            Unreal,
        ),
        (
            "She/PRON/2/nsubj wondered/VERB/0/root/wonder whether/SCONJ/5/mark rebels/NOUN/5/nsubj/rebel attacked/VERB/2/ccomp/attack the/DET/7/det soldiers/NOUN/5/obj/soldier ./PUNCT/2/punct",
            "attacked",
            Possible,
        ),
        // "Many described a planned attack."
        (
            "Many/ADJ/2/nsubj described/VERB/0/root/describe a/DET/5/det planned/ADJ/5/amod attack/NOUN/2/obj ./PUNCT/2/punct",
            "attack",
            Planned,
        ),
        // "The army must regret attacking the rebels."
        (
            "The/DET/2/det army/NOUN/4/nsubj must/AUX/4/aux regret/VERB/0/root attacking/VERB/4/xcomp/attack the/DET/7/det rebels/NOUN/5/obj/rebel ./PUNCT/4/punct",
            "attacking",
            Happened,
        ),
        // What is known to be is feared, and is all the same: "The rebels feared the attack."
        (
            "The/DET/2/det rebels/NOUN/3/nsubj/rebel feared/VERB/0/root/fear the/DET/5/det attack/NOUN/3/obj ./PUNCT/3/punct",
            "attack",
            Happened,
        ),
    ];
    for (sentence, trigger, status) in cases {
        assert_eq!(status_of(sentence, trigger), status, "{sentence}");
    }
}

#[test]
fn only_what_is_told_not_to_have_been_done_is_denied() {
    use EventStatus::{Denied, Possible};
    let cases = [
        // "Rebels did not attack the soldiers." and "Rebels can not attack the soldiers."
        (
            "Rebels/NOUN/4/nsubj/rebel did/AUX/4/aux/do not/PART/4/advmod attack/VERB/0/root the/DET/6/det soldiers/NOUN/4/obj/soldier ./PUNCT/4/punct",
            Denied,
        ),
        (
            "Rebels/NOUN/4/nsubj/rebel can/AUX/4/aux not/PART/4/advmod attack/VERB/0/root the/DET/6/det soldiers/NOUN/4/obj/soldier ./PUNCT/4/punct",
            Possible,
        ),
        // "She insisted that rebels not attack the soldiers." and "She insisted that rebels did not attack the soldiers."
        (
            "She/PRON/2/nsubj insisted/VERB/0/root/insist that/SCONJ/6/mark rebels/NOUN/6/nsubj/rebel not/PART/6/advmod attack/VERB/2/ccomp the/DET/8/det soldiers/NOUN/6/obj/soldier ./PUNCT/2/punct",
            Possible,
        ),
        (
            "She/PRON/2/nsubj insisted/VERB/0/root/insist that/SCONJ/7/mark rebels/NOUN/7/nsubj/rebel did/AUX/7/aux/do not/PART/7/advmod attack/VERB/2/ccomp the/DET/9/det soldiers/NOUN/7/obj/soldier ./PUNCT/2/punct",
            Denied,
        ),
        // "None attacked the soldiers." and "No rebels attacked the soldiers."
        (
            "None/PRON/2/nsubj attacked/VERB/0/root/attack the/DET/4/det soldiers/NOUN/2/obj/soldier ./PUNCT/2/punct",
            Denied,
        ),
        (
            "No/DET/2/det rebels/NOUN/3/nsubj/rebel attacked/VERB/0/root/attack the/DET/5/det soldiers/NOUN/3/obj/soldier ./PUNCT/3/punct",
            Denied,
        ),
    ];
    for (sentence, status) in cases {
        assert_eq!(status_of(sentence, "attack"), status, "{sentence}");
    }
}

/// The event with a trigger, where a model finds its participants at these tokens.
fn modelled(
    sentence: &str,
    names: &[(&str, &str)],
    trigger: &str,
    actor: Option<std::ops::Range<usize>>,
    recipient: Option<std::ops::Range<usize>>,
) -> Event {
    let (text, analysis) = analysis(&[sentence], names);
    let found = with(&text, &analysis, |setting| {
        let tree = Tree::new(&text, &analysis);
        let sure = |tokens: &Option<std::ops::Range<usize>>| tokens.clone().map(|tokens| Scored { tokens, score: 0.9 });
        let own = lexicon::candidates(&tree, setting.knowledge);
        let own = own.into_iter().filter(|c| tree.words(&c.trigger).contains(trigger));
        let told = own.map(|c| Candidate {
            seen: true,
            status: Some(EventStatus::Happened),
            actor: sure(&actor),
            recipient: sure(&recipient),
            ..c
        });
        events_of(setting, &tree, told.collect())
    });
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn all_that_are_conjoined_take_part_though_the_model_names_one() {
    // "Norway and its allies attacked rebels."
    let attack = modelled(
        "Norway/PROPN/5/nsubj and/CCONJ/4/cc its/PRON/4/nmod:poss allies/NOUN/1/conj/ally attacked/VERB/0/root/attack rebels/NOUN/5/obj/rebel ./PUNCT/5/punct",
        &[("Norway", "LOC")],
        "attacked",
        Some(0..1),
        Some(5..6),
    );
    assert_eq!(told(&attack).2, ["Norway", "its allies"]);
    // "Police arrested Ann Lund, the mayor of Oslo, and Bo Berg.", with Berg joined to Lund or to the mayor; from the first alone, or as a list.
    for berg in ["4", "7"] {
        for recipient in [2..4, 2..13] {
            let sentence = format!(
                "Police/NOUN/2/nsubj arrested/VERB/0/root/arrest Ann/PROPN/2/obj Lund/PROPN/3/flat ,/PUNCT/7/punct the/DET/7/det mayor/NOUN/3/appos of/ADP/9/case Oslo/PROPN/7/nmod ,/PUNCT/12/punct and/CCONJ/12/cc Bo/PROPN/{}/conj Berg/PROPN/12/flat ./PUNCT/2/punct",
                if berg == "4" { "3" } else { berg }
            );
            let names = [("Ann Lund", "PER"), ("Bo Berg", "PER"), ("Oslo", "LOC")];
            let arrest = modelled(&sentence, &names, "arrested", Some(0..1), Some(recipient));
            let recipients = told(&arrest).3;
            assert_eq!(recipients.len(), 2, "{recipients:?}");
            assert!(recipients[0].starts_with("Ann Lund") && recipients[1] == "Bo Berg", "{recipients:?}");
        }
    }
    // Whom the model names for the other role is no second of the first: "Norway and Sweden attacked" of Norway attacking Sweden.
    let other = modelled(
        "Norway/PROPN/4/nsubj and/CCONJ/3/cc rebels/NOUN/1/conj/rebel attacked/VERB/0/root/attack ./PUNCT/4/punct",
        &[("Norway", "LOC")],
        "attacked",
        Some(0..1),
        Some(2..3),
    );
    assert_eq!((told(&other).2, told(&other).3), (vec!["Norway"], vec!["rebels"]));
}

#[test]
fn the_subject_of_a_passive_verb_is_no_actor() {
    // "The soldiers were attacked near Oslo."
    let attack = modelled(
        "The/DET/2/det soldiers/NOUN/4/nsubj:pass/soldier were/AUX/4/aux:pass/be attacked/VERB/0/root/attack near/ADP/6/case Oslo/PROPN/4/obl ./PUNCT/4/punct",
        &[],
        "attacked",
        Some(0..2),
        None,
    );
    assert_eq!((told(&attack).2, told(&attack).3), (vec![], vec!["The soldiers"]));
    // "The murder of the judge shocked many."
    let murder = modelled(
        "The/DET/2/det murder/NOUN/6/nsubj of/ADP/5/case the/DET/5/det judge/NOUN/2/nmod shocked/VERB/0/root/shock many/ADJ/6/obj ./PUNCT/6/punct",
        &[],
        "murder",
        Some(3..5),
        None,
    );
    assert_eq!((told(&murder).2, told(&murder).3), (vec![], vec!["the judge"]));
}

#[test]
fn those_whom_a_deed_helps_are_not_those_it_is_done_to() {
    // "Norway launched strikes in support of the rebels."
    let helped = "Norway/PROPN/2/nsubj launched/VERB/0/root/launch strikes/NOUN/2/obj/strike in/ADP/5/case support/NOUN/3/nmod of/ADP/8/case the/DET/8/det rebels/NOUN/5/nmod/rebel ./PUNCT/2/punct";
    let event = modelled(helped, &[("Norway", "LOC")], "strikes", Some(0..1), Some(6..8));
    assert_eq!((told(&event).2, told(&event).3), (vec!["Norway"], vec![]));
    let hit = "Norway/PROPN/2/nsubj launched/VERB/0/root/launch strikes/NOUN/2/obj/strike on/ADP/6/case the/DET/6/det rebels/NOUN/3/nmod/rebel ./PUNCT/2/punct";
    let event = modelled(hit, &[("Norway", "LOC")], "strikes", Some(0..1), Some(4..6));
    assert_eq!(told(&event).3, ["the rebels"]);
}

#[test]
fn whoever_is_described_by_a_hyphen_takes_part_and_not_the_describer() {
    // "Rebels attacked Norway-backed soldiers."
    let sentence = "Rebels/NOUN/2/nsubj/rebel attacked/VERB/0/root/attack Norway/PROPN/5/obl -/PUNCT/3/punct backed/VERB/6/amod/back soldiers/NOUN/2/obj/soldier ./PUNCT/2/punct";
    for recipient in [2..3, 2..5] {
        let event = modelled(sentence, &[("Norway", "LOC")], "attacked", Some(0..1), Some(recipient));
        assert_eq!(told(&event).3, ["Norway-backed soldiers"]);
    }
}

#[test]
fn what_describes_somebody_is_one_event_by_whom_the_hyphen_follows() {
    // "The Norway-backed rebels slept.", with the rebels or the helper taken for the trigger's doer, and two triggers.
    let sentence = "The/DET/5/det Norway/PROPN/4/obl -/PUNCT/4/punct backed/VERB/5/amod/back rebels/NOUN/6/nsubj/rebel slept/VERB/0/root/sleep ./PUNCT/6/punct";
    let (text, analysis) = analysis(&[sentence], &[("Norway", "LOC")]);
    let found = with(&text, &analysis, |setting| {
        let tree = Tree::new(&text, &analysis);
        let own = lexicon::candidates(&tree, setting.knowledge);
        let wrong = |trigger: std::ops::Range<usize>| Candidate {
            head: trigger.start,
            words: trigger.clone().collect(),
            trigger,
            seen: true,
            actor: Some(Scored { tokens: 4..5, score: 0.9 }),
            recipient: None,
            ..own[0].clone()
        };
        events_of(setting, &tree, vec![own[0].clone(), wrong(1..2), wrong(3..4)])
    });
    let [backing] = &found[..] else { panic!("{found:?}") };
    let (trigger, kind, actors, recipients) = told(backing);
    assert_eq!((trigger, kind, actors), ("backed", "AID", vec!["Norway"]));
    assert!(recipients.len() == 1 && recipients[0].contains("rebels"));
}

#[test]
fn who_only_says_it_in_a_relative_clause_does_not_do_it() {
    // "Norway fought militias that it says attacked soldiers."
    let attack = modelled(
        "Norway/PROPN/2/nsubj fought/VERB/0/root/fight militias/NOUN/2/obj/militia that/PRON/7/nsubj it/PRON/6/nsubj says/VERB/3/acl:relcl/say attacked/VERB/6/ccomp/attack soldiers/NOUN/7/obj/soldier ./PUNCT/2/punct",
        &[("Norway", "LOC")],
        "attacked",
        Some(4..5),
        Some(7..8),
    );
    assert!(told(&attack).2.len() == 1 && told(&attack).2[0].contains("militias"), "{attack:?}");
}

#[test]
fn a_verb_that_introduces_a_deed_is_that_deed() {
    // "Norway launched an attack.", with a model that takes "launched" for a trigger of its own.
    let sentence = "Norway/PROPN/2/nsubj launched/VERB/0/root/launch an/DET/4/det attack/NOUN/2/obj ./PUNCT/2/punct";
    let (text, analysis) = analysis(&[sentence], &[("Norway", "LOC")]);
    let found = with(&text, &analysis, |setting| {
        let tree = Tree::new(&text, &analysis);
        let own = lexicon::candidates(&tree, setting.knowledge);
        let by_word = |t: usize| Candidate { trigger: t..t + 1, head: t, words: vec![t], ..own[0].clone() };
        events_of(setting, &tree, vec![by_word(1), by_word(3)])
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].also.len(), 1);
}

#[test]
fn whose_a_participle_behind_a_comma_is_the_model_knows_better() {
    let accused = modelled(
        "Police/NOUN/2/nsubj arrested/VERB/0/root/arrest two/NUM/4/nummod men/NOUN/2/obj/man ,/PUNCT/2/punct accused/VERB/2/advcl/accuse of/ADP/8/case theft/NOUN/6/obl ./PUNCT/2/punct",
        &[],
        "accused",
        Some(0..1),
        Some(2..4),
    );
    let (_, _, actors, recipients) = told(&accused);
    assert_eq!((actors, recipients), (vec!["Police"], vec!["two men"]));
}

#[test]
fn one_of_two_who_are_named_together_is_not_both() {
    let attack = modelled(
        "Harbour/NOUN/2/compound guards/NOUN/8/nsubj/guard and/CCONJ/4/cc dockers/NOUN/2/conj/docker across/ADP/7/case the/DET/7/det bay/NOUN/2/nmod attacked/VERB/0/root/attack rebels/NOUN/8/obj/rebel ./PUNCT/8/punct",
        &[],
        "attacked",
        Some(0..2),
        Some(8..9),
    );
    let who: Vec<(&str, bool)> = attack.actors.iter().map(|p| (&*p.span.text, p.actor.is_some())).collect();
    assert_eq!(who[0], ("Harbour guards", false));
    assert_eq!(who[1].0, "dockers");
}
