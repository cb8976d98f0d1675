//! Figures, commitments and changes of position out of invented reports, read whole.

use std::sync::LazyLock;

use annalist_pipeline::{Options, Reader};
use annalist_record::{CommitmentKind, Hedge, Participant, Record};

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

fn read(text: &str) -> Record {
    let date = Some("2024-03-12".to_string());
    READER.read_plain(text, &Options { as_is: true, date, ..Options::default() }).unwrap()
}

/// What is counted, the number, its upper end, and how exact it is.
type Count = (String, f64, Option<f64>, Hedge);

fn counts(text: &str) -> Vec<Count> {
    read(text).figures.into_iter().map(|f| (f.what, f.value, f.upper, f.hedge)).collect()
}

fn count(what: &str, value: f64, hedge: Hedge) -> Count {
    (what.to_string(), value, None, hedge)
}

/// The words for who did each event, and to whom.
fn sides(text: &str) -> Vec<[Vec<String>; 2]> {
    let words = |all: Vec<Participant>| all.into_iter().map(|p| p.span.text).collect();
    read(text).events.into_iter().map(|e| [words(e.actors), words(e.recipients)]).collect()
}

#[test]
fn what_several_countries_have_of_one_noun_is_each_ones_own() {
    let shelled = sides("Maltese and Norwegian warships shelled the port of Tarn on Monday.");
    assert_eq!(shelled[0][0], ["Maltese", "Norwegian warships"]);
    let condemned = sides("The ministry condemned German, French and Italian officials on Tuesday.");
    assert_eq!(condemned[0][1], ["German", "French", "Italian officials"]);
    let joint = sides("Maltese warships shelled the port of Tarn on Monday.");
    assert_eq!(joint[0][0], ["Maltese warships"]);
}

#[test]
fn what_is_promised_reaches_past_marks_and_is_not_due_before_it_is_told() {
    let bound = |text: &str| -> Vec<(String, Option<String>)> {
        let record = read(text);
        let due = |id: &str| record.times.iter().find(|t| t.id == id).map(|t| t.span.text.clone());
        let told = |c: &annalist_record::Commitment| (c.what.text.clone(), c.due.as_deref().and_then(due));
        record.commitments.iter().map(told).collect()
    };
    let marked = bound("The president vowed to “clean up” the city of Tarn.");
    assert_eq!(marked[0].0, "“clean up” the city of Tarn");
    let soon = bound("“The army will leave the port within a few days,” the minister promised on Monday.");
    assert_eq!(soon[0].1.as_deref(), Some("a few days"));
    let over = bound("The minister promised that the army would leave the port last week.");
    assert!(over.iter().all(|(_, due)| due.is_none()), "{over:?}");
}

#[test]
fn figures_in_all_voices() {
    assert_eq!(counts("A bomb killed 12 people in Elva on Monday."), [count("killed", 12.0, Hedge::Exact)]);
    assert_eq!(counts("At least three soldiers were killed near Elva."), [count("killed", 3.0, Hedge::AtLeast)]);
    assert_eq!(counts("The bombing left eight dead in the port."), [count("killed", 8.0, Hedge::Exact)]);
    assert_eq!(counts("The death toll rose to 30 on Tuesday."), [count("killed", 30.0, Hedge::Exact)]);
    assert_eq!(counts("The killing of two soldiers angered the town."), [count("killed", 2.0, Hedge::Exact)]);
    assert_eq!(
        counts("A shell hit the market in Elva, killing 12 people and injuring about thirty."),
        [count("killed", 12.0, Hedge::Exact), count("injured", 30.0, Hedge::About)]
    );
    assert_eq!(counts("More than 1,200 refugees fled the town."), [count("displaced", 1200.0, Hedge::AtLeast)]);
    assert_eq!(counts("Police arrested up to 40 demonstrators in Elva."), [count("detained", 40.0, Hedge::AtMost)]);
}

#[test]
fn figures_are_told_by_all_the_words_that_kill() {
    assert_eq!(counts("Two fishermen were shot to death near Elva."), [count("killed", 2.0, Hedge::Exact)]);
    assert_eq!(counts("At least 30 drivers were shot and killed last year."), [count("killed", 30.0, Hedge::AtLeast)]);
    assert_eq!(
        counts("One man was killed and two seriously injured in the blast."),
        [count("killed", 1.0, Hedge::Exact), count("injured", 2.0, Hedge::Exact)]
    );
}

#[test]
fn things_addresses_and_labels_are_no_figures() {
    for text in [
        "Missing from the office were two laptop computers and 30 DVDs.",
        "Ana Lund, 18, of 208 Routon St. was arrested on Friday.",
        "The group's number two was killed in an air strike near Elva.",
        "Had the quake struck at noon, the death toll would have been more than a thousand.",
        "Police have two recordings of the march, one captured by a camera in the square.",
    ] {
        assert!(counts(text).is_empty(), "{text}: {:?}", counts(text));
    }
}

#[test]
fn money_that_is_only_wanted_is_not_paid() {
    assert!(counts("The charity is asking for donations of $40 to keep the school open.").is_empty());
    let what = |text: &str| counts(text).into_iter().map(|(what, ..)| what).collect::<Vec<_>>();
    assert_eq!(what("The bank paid $3 million to the victims in May."), ["paid"]);
    assert_eq!(what("The bank agreed to pay $3 million to the victims."), ["pledged"]);
    assert_eq!(what("The bank will pay $3 million to the victims."), ["pledged"]);
}

#[test]
fn words_of_size_are_the_least_they_mean() {
    assert_eq!(counts("Dozens of villagers were wounded in Elva."), [count("injured", 24.0, Hedge::AtLeast)]);
    let displaced = counts("Hundreds of thousands of people have been displaced.");
    assert_eq!(displaced, [count("displaced", 200_000.0, Hedge::AtLeast)]);
    let released = counts("About two dozen prisoners were released on Friday.");
    assert_eq!(released, [count("released", 24.0, Hedge::About)]);
    assert!(counts("Several villagers were wounded in Elva.").is_empty());
}

#[test]
fn ranges_have_two_ends() {
    let range = |low, high| [("killed".to_string(), low, Some(high), Hedge::Range)];
    assert_eq!(counts("Between 20 and 30 people were killed in Elva."), range(20.0, 30.0));
    assert_eq!(counts("The army said 12-15 militants were killed."), range(12.0, 15.0));
}

#[test]
fn what_counts_nobody_is_no_figure() {
    assert!(counts("Ana Okabe, 30, was killed in 2019.").is_empty());
    assert!(counts("He was sentenced to 12 years in prison and died three days later.").is_empty());
    assert!(counts("The 12-year-old boy was killed by a truck.").is_empty());
    assert!(counts("The band released three songs and won 20 percent of the vote.").is_empty());
}

#[test]
fn money_is_told_with_its_currency() {
    let found = read("Norrland pledged $5.5 million to rebuild the port of Elva.").figures;
    assert_eq!((found[0].what.as_str(), found[0].value, found[0].of.as_deref()), ("pledged", 5_500_000.0, Some("$")));
}

#[test]
fn a_figure_is_told_by_whom_it_is_said() {
    let record = read("Police said 12 people were killed in the blast.");
    assert_eq!(record.figures[0].said_in, Some(record.statements[0].id.clone()));
    assert_eq!(record.figures[0].of.as_deref(), Some("people"));
}

/// Changes of position as the news tells them, each with a word of what was before.
const CHANGED: [(&str, &str); 15] = [
    (
        "The transport ministry on Thursday reversed its decision to close the northern ferry line, a day after dockers blocked the port of Elva.",
        "decision",
    ),
    (
        "After initially refusing to meet the miners, Governor Halvard Osk agreed to hold talks with their union on Friday.",
        "refusing",
    ),
    (
        "Prime Minister Tarja Velin, who had previously opposed the pipeline, said on Monday that her government would approve it.",
        "opposed",
    ),
    ("The company no longer supports the merger, its chairman Piet Okabe said.", "supports"),
    (
        "President Okabe backed away from his pledge to cut fuel taxes, telling reporters that the budget could not bear it.",
        "pledge",
    ),
    (
        "There were no plans to evacuate the embassy in Marland, spokeswoman Ana Reyes said on Sunday.\n\nOn Monday, Reyes said that part of the embassy would be evacuated after all.",
        "no plans",
    ),
    (
        "General Koro Adan had earlier denied that his troops crossed the river. He now admits that two battalions crossed it.",
        "crossed",
    ),
    ("In a reversal of its policy on water prices, the city council voted to drop the increase.", "policy"),
    (
        "Senator Maria Lund changed her mind on the treaty. Last week she said she would vote against it; on Tuesday she said she would back it.",
        "treaty",
    ),
    (
        "The rebels first demanded the release of all prisoners, but later dropped their demand and signed the truce.",
        "demand",
    ),
    (
        "Norrland was until recently opposed to foreign monitors, but it now welcomes them, Foreign Minister Olle Strand said.",
        "opposed",
    ),
    ("The minister softened his stance on the strike, saying the nurses deserved more pay.", "stance"),
    ("The airline's promise to keep all routes has been abandoned.", "promise"),
    (
        "Although he once denounced the accord as a betrayal, President Duarte praised it on Wednesday as a historic step.",
        "denounced",
    ),
    (
        "The mayor said on Monday that the bridge was safe. A day later, the mayor said that the bridge was not safe and would be closed.",
        "safe",
    ),
];

#[test]
fn changes_of_position_are_found_where_the_text_shows_them() {
    let found = |(text, before): &(&str, &str)| {
        let changes = read(text).changes;
        let right = changes.iter().any(|c| c.before.span.text.contains(before) && c.before.span != c.after.span);
        if !right {
            println!("not found: {text}\n  but {changes:?}");
        }
        right
    };
    let right = CHANGED.iter().filter(|case| found(case)).count();
    assert!(right >= 9, "{right} of {}", CHANGED.len());
}

/// What is planned by one and not by the same, as plainly as a paraphrase lets it: what was before, and a word of what holds now.
const TURNED: [(&str, &str, &str); 8] = [
    (
        "When the rebels took the port on Sunday, ambassador Ana Reyes said Norrland had no plans to evacuate its mission, although on Monday she said part of her staff would be evacuated.",
        "no plans",
        "evacuated",
    ),
    (
        "Defence Minister Olle Strand ruled out sending troops to Elva on Friday. On Sunday, Strand said that Norrland would send two hundred troops to Elva.",
        "sending",
        "send",
    ),
    (
        "Governor Halvard Osk said in March that he would not resign. Osk said on Tuesday that he would resign at the end of the month.",
        "not resign",
        "would resign",
    ),
    (
        "The ministry said last week that none of the three dams would be closed. On Thursday, the ministry announced that the dams will be closed for repairs.",
        "none",
        "closed",
    ),
    (
        "President Tarja Velin promised on Monday to withdraw all troops from the valley. On Friday, Velin said the troops would not be withdrawn.",
        "withdraw",
        "not be withdrawn",
    ),
    (
        "Okabe told reporters on Wednesday that he had no intention of meeting the union. But on Thursday Okabe said he would meet the union in Elva.",
        "no intention",
        "meet",
    ),
    (
        "The airline said on Monday it would not cancel any flights. A day later the airline said it will cancel forty flights.",
        "not cancel",
        "cancel",
    ),
    (
        "Piet Lund vowed in May to publish the report. In June, Lund refused to publish the report.",
        "publish",
        "refused",
    ),
];

#[test]
fn a_plan_and_its_denial_are_a_change() {
    let found = |(text, before, after): &(&str, &str, &str)| {
        let changes = read(text).changes;
        let right = changes.iter().any(|c| c.before.span.text.contains(before) && c.after.span.text.contains(after));
        if !right {
            println!("not found: {text}\n  but {changes:?}");
        }
        right
    };
    let right = TURNED.iter().filter(|case| found(case)).count();
    assert!(right >= 7, "{right} of {}", TURNED.len());
}

#[test]
fn what_is_asked_for_denied_or_somebody_elses_is_no_change() {
    for text in [
        "The opposition called on the government to reverse its decision to close the ferry line.",
        "Governor Osk said he would not change his mind on the mine.",
        "A court in Elva overturned the ruling of the lower court.",
        "Minister Velin said on Monday that talks would go on. She had earlier said that the talks were useful.",
        "The ship changed course near the island after a storm.",
        "Will the council abandon its plan for the bridge?",
        "The union rejected the offer and said it would strike on Friday.",
        "The new president reversed his predecessor's policy on water prices.",
        "Strand said Norrland would not send troops to Elva but would send doctors.",
        "The union said it would strike on Friday. The company said the drivers would not strike.",
        "Velin said she would not resign unless the council asked her to. She said the mayor would resign on Monday.",
    ] {
        assert!(read(text).changes.is_empty(), "{text}: {:?}", read(text).changes);
    }
}

#[test]
fn who_only_wants_denies_or_mocks_a_change_made_none() {
    for text in [
        "Unions demanded a reversal of the policy on Tuesday.",
        "Opposition leaders called for a U-turn on the fuel tax.",
        "Minister Piet Lund denied a U-turn on tariffs.",
        "Lund denied that he had reversed his decision on tariffs.",
        "Critics mocked the about-face on tariffs.",
        "There were calls in parliament for a change of course on the dam.",
        "The ministry ruled out a U-turn on pensions.",
    ] {
        assert!(read(text).changes.is_empty(), "{text}: {:?}", read(text).changes);
    }
}

#[test]
fn armies_and_crowds_that_go_back_hold_no_other_position() {
    for text in [
        "The army retreated from the eastern cities on Sunday.",
        "Rebel fighters retreated from their positions near the river.",
        "Protesters went back on the streets of Elva.",
        "The crowd backed away from the fence as police advanced.",
        "The group retreated from the battle after two days.",
    ] {
        assert!(read(text).changes.is_empty(), "{text}: {:?}", read(text).changes);
    }
}

#[test]
fn what_is_anothers_or_traded_is_no_position_of_ones_own() {
    for text in [
        "The Senate overturned his veto of the harbour bill on Friday.",
        "An appeals court in Elva overturned her order to close the mine.",
        "His veto was overturned on Friday.",
        "Airlines cancelled orders for 50 jets after the crash.",
        "The airline cancelled its order for 50 jets.",
        "The bank withdrew offers for two smaller rivals.",
    ] {
        assert!(read(text).changes.is_empty(), "{text}: {:?}", read(text).changes);
    }
}

/// Changes, with a word in the name of who changed and a word of what was before.
const WHO_CHANGED: [(&str, &str, &str); 12] = [
    ("The strike forced the government to abandon its plan to close the port.", "government", "plan"),
    ("Unions forced the government to abandon its plan to close the port.", "government", "plan"),
    (
        "A court in Elva compelled the transport ministry to drop its objection to the ferry line.",
        "ministry",
        "objection",
    ),
    ("Weeks of strikes pushed the government into a U-turn on pensions.", "government", "pensions"),
    ("Critics mocked the finance minister's U-turn on tariffs.", "minister", "tariffs"),
    ("The unions welcomed the ministry's about-face on night shifts.", "ministry", "night shifts"),
    ("The government made a U-turn on tariffs on Monday.", "government", "tariffs"),
    ("President Okabe retreated from his pledge to cut fuel taxes.", "Okabe", "pledge"),
    ("The party went back on its promise to build the dam.", "party", "promise"),
    ("The governor backed away from the deal on Monday.", "governor", "deal"),
    ("Governor Osk dropped his veto of the harbour bill.", "Osk", "veto"),
    ("The miners withdrew their offer to mediate in the strike.", "miners", "offer"),
];

#[test]
fn who_changed_is_who_gave_it_up_and_not_who_made_or_mocked_them() {
    let mut right = 0;
    for (text, who, before) in WHO_CHANGED {
        let record = read(text);
        let name = |id: &Option<String>| {
            let actor = record.actors.iter().find(|a| Some(&a.id) == id.as_ref());
            actor.map(|a| a.name.to_lowercase()).unwrap_or_default()
        };
        // Somebody else is never said to have changed.
        for change in record.changes.iter().filter(|c| c.who.is_some()) {
            assert!(name(&change.who).contains(&who.to_lowercase()), "{text}: {change:?}");
        }
        let found = record.changes.iter().any(|c| c.who.is_some() && c.before.span.text.contains(before));
        right += usize::from(found);
        if !found {
            println!("not found: {text}\n  but {:?}", record.changes);
        }
    }
    assert!(right >= 10, "{right} of {}", WHO_CHANGED.len());
}

#[test]
fn statements_bind_by_what_they_offer_and_guarantee() {
    for (text, words) in [
        ("The ministry confirmed that it would guarantee the safety of foreign ships.", "guarantee the safety"),
        ("The rebels assured the envoy that they would not attack the port.", "not attack the port"),
        ("President Okabe pledged to rebuild the bridge by June.", "rebuild the bridge"),
    ] {
        let bound = read(text).commitments;
        assert!(bound.iter().any(|c| c.what.text.contains(words)), "{text}: {bound:?}");
    }
}

#[test]
fn effects_habits_and_denials_bind_nobody() {
    for text in [
        "Economists say the tax would cost families about a thousand crowns a year.",
        "When he was a boy, Okabe would often walk to the river before school.",
        "The ministry has not promised to rebuild the bridge.",
        "The new road will help farmers in the valley.",
        "Lund warned that the closure will cost the town a hundred jobs.",
        "The bank must wait unless it wants to publish its accounts.",
    ] {
        assert!(read(text).commitments.is_empty(), "{text}: {:?}", read(text).commitments);
    }
}

#[test]
fn a_pronoun_in_what_is_said_is_the_speaker() {
    let record = read(
        "Senator Piet Lund met mayor Halvard Osk in Elva. Osk said he would rebuild the bridge. Lund promised that he would pay for it.",
    );
    let name = |id: &Option<String>| record.actors.iter().find(|a| Some(&a.id) == id.as_ref()).map(|a| a.name.clone());
    for c in &record.commitments {
        let by = name(&c.by).unwrap_or_default();
        let right = if c.what.text.contains("rebuild") { "Osk" } else { "Lund" };
        assert!(by.contains(right), "{by}: {c:?}");
    }
    assert!(!record.commitments.is_empty());
}

#[test]
fn a_condition_makes_no_threat_of_a_kindness() {
    let bound = read("\"If the council agrees, we will build a school in Elva,\" mayor Ana Reyes said.").commitments;
    assert!(bound.iter().all(|c| c.kind != CommitmentKind::Threat), "{bound:?}");
}

#[test]
fn who_refrains_threatens_nobody_and_no_plan_binds_nobody() {
    let bound =
        read("The rebels promised not to attack the embassy. The ministry said it had no plans to evacuate the town.");
    let told: Vec<(&str, CommitmentKind)> = bound.commitments.iter().map(|c| (c.what.text.as_str(), c.kind)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.contains("not to attack the embassy") && told[0].1 == CommitmentKind::Promise, "{told:?}");
}

/// The name of who is bound by each commitment.
fn bound(text: &str) -> Vec<(String, Option<String>)> {
    let record = read(text);
    let name = |id: &Option<String>| record.actors.iter().find(|a| Some(&a.id) == id.as_ref()).map(|a| a.name.clone());
    record.commitments.iter().map(|c| (c.what.text.clone(), name(&c.by))).collect()
}

#[test]
fn who_speaks_is_bound_by_what_he_says_of_himself() {
    for (text, who) in [
        (
            "Mayor Ana Reyes blamed governor Halvard Osk for the flood. “I will rebuild the bridge with my own money,” Osk said.",
            "Osk",
        ),
        (
            "Norrland asked Marland to take back its fighters. “We will not take back these men,” Marland's foreign minister Olle Strand said.",
            "Strand",
        ),
        ("Piet Lund met his son Adam in Elva. “I think we will never come back to this town,” said Lund.", "Lund"),
    ] {
        let found = bound(text);
        assert!(!found.is_empty(), "{text}");
        assert!(found.iter().all(|(_, by)| by.as_ref().is_some_and(|by| by.contains(who))), "{text}: {found:?}");
    }
}

#[test]
fn who_is_forced_or_would_only_like_to_binds_himself_to_nothing() {
    for text in [
        "“We will be forced to release the prisoners,” general Koro Adan said.",
        "Okabe said he would like to see the port open again.",
        "The fund offers rules to curb noise in the harbour.",
    ] {
        assert!(bound(text).is_empty(), "{text}: {:?}", bound(text));
    }
}

#[test]
fn nobody_is_bound_by_a_mere_phrase() {
    for text in [
        "Camp residents promised to leave the valley by Friday.",
        "Election pledges promise to cut the fuel tax.",
        "Children vowed to celebrate the victory in the streets.",
    ] {
        for c in read(text).commitments {
            assert!(c.by.is_none() && c.confidence.value() < 0.5, "{text}: {c:?}");
        }
    }
    let found = bound("Governor Halvard Osk announced that 300 soldiers will leave the valley by Friday.");
    assert!(found.iter().any(|(_, by)| by.as_deref().is_some_and(|by| by.contains("Osk"))), "{found:?}");
    let found = bound("The salvage team vowed to return to the wreck in May.");
    assert!(found.iter().any(|(_, by)| by.as_deref().is_some_and(|by| by.contains("team"))), "{found:?}");
}

#[test]
fn what_is_promised_does_not_break_off() {
    for (text, words) in [
        (
            "Prime Minister Tarja Velin promised to do everything in her power to end the strike in the northern ports of the country.",
            "everything in her power to end the strike",
        ),
        (
            "General Koro Adan vowed never to put the lives of his soldiers at risk for a few miles of empty desert.",
            "at risk",
        ),
        (
            "President Okabe pledged to do whatever it takes to bring the fishermen home.",
            "whatever it takes to bring the fishermen home",
        ),
        (
            "Minister Ines Okabe promised that the government would study “every serious proposal” about the port.",
            "study “every serious proposal”",
        ),
    ] {
        let found = bound(text);
        assert!(found.iter().any(|(what, _)| what.contains(words)), "{text}: {found:?}");
    }
}

#[test]
fn only_what_hurts_others_is_a_threat() {
    let threats = |text: &str| {
        let record = read(text);
        record.commitments.into_iter().filter(|c| c.kind == CommitmentKind::Threat).count()
    };
    assert_eq!(threats("General Koro Adan threatened to bomb the port of Elva."), 1);
    assert_eq!(threats("“We will fight for our own survival,” general Koro Adan said."), 0);
    assert_eq!(threats("“We will take back our fishermen one by one,” minister Olle Strand said."), 0);
}

#[test]
fn to_whom_something_is_given_is_to_whom_one_is_bound() {
    let record = read("Governor Halvard Osk promised to give the boy to Piet Lund, his uncle, by Friday.");
    let name = |id: &Option<String>| record.actors.iter().find(|a| Some(&a.id) == id.as_ref()).map(|a| a.name.clone());
    for c in &record.commitments {
        assert!(name(&c.to).is_none_or(|to| to.contains("Lund")), "{c:?}");
    }
    assert!(!record.commitments.is_empty());
}

#[test]
fn who_repeats_what_he_said_or_is_advised_to_change_has_not_changed() {
    for text in [
        "Minister Tarja Velin said on Monday that she would support the dam. On Tuesday Velin repeated that she would not oppose the dam.",
        "Minister Tarja Velin said in May that the port was safe. Velin still says in June that the port is not unsafe.",
        "Minister Tarja Velin could make a start by withdrawing her invitation to Okabe.",
        "The unions are trying to persuade the minister to drop her plan for the port.",
        "The minister's U-turn on Norrland surprised the unions.",
        "Critics praised the minister's reversal of the Lund-era policy on ports.",
    ] {
        assert!(read(text).changes.is_empty(), "{text}: {:?}", read(text).changes);
    }
}
