//! What is done by saying something, how its source is named, and where it begins, out of invented reports read whole.

use std::sync::LazyLock;

use annalist_pipeline::{Options, Reader};
use annalist_record::{Act, Quoted, SourceKind, Statement};

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

fn statements(text: &str) -> Vec<Statement> {
    READER.read_plain(text, &Options { as_is: true, ..Options::default() }).unwrap().statements
}

/// The statement whose cue holds a word.
fn said(text: &str, cue: &str) -> Statement {
    let found = statements(text);
    let told = found.iter().find(|s| s.cue.iter().any(|span| span.text.contains(cue)));
    told.unwrap_or_else(|| panic!("{text}: no {cue:?} in {found:?}")).clone()
}

#[test]
fn who_did_not_deny_has_not_denied() {
    let act = |text, cue| said(text, cue).act;
    assert_eq!(act("The ministry denied that it had ordered the strike on the port.", "denied"), Act::Deny);
    assert_eq!(act("The ministry did not deny that it had ordered the strike on the port.", "deny"), Act::Other);
    assert_eq!(act("Lund did not rule out that the talks would fail.", "rule out"), Act::Other);
    assert_eq!(act("The army could not confirm that the bridge had been hit.", "confirm"), Act::Other);
    assert_eq!(act("Lund not only denied that he had met the rebels but sued the paper.", "denied"), Act::Deny);
    assert_eq!(act("Lund does not believe that the bridge is safe.", "believe"), Act::Believe);
}

#[test]
fn a_name_that_tells_only_whose_somebody_is_names_nobody() {
    let kind = |text, cue| said(text, cue).source_kind;
    for text in [
        "A senior US official said the talks in Elva would go on.",
        "US officials said the talks in Elva would go on.",
        "Officials in Kyiv said the bridge had been closed.",
        "A Hamas official said the bridge had been closed.",
        "The Norwegian prime minister said the bridge had been closed.",
        "Olle Strand's lawyer said the bridge had been closed.",
    ] {
        assert_eq!(kind(text, "said"), SourceKind::Described, "{text}");
    }
    for text in [
        "Foreign Minister Olle Strand said the bridge had been closed.",
        "Olle Strand, a US official, said the bridge had been closed.",
        "A US official, Olle Strand, said the bridge had been closed.",
        "Hamas said the bridge had been closed.",
        "Kyiv said the bridge had been closed.",
        "Ukraine's foreign ministry said the bridge had been closed.",
    ] {
        assert_eq!(kind(text, "said"), SourceKind::Named, "{text}");
    }
}

#[test]
fn a_name_is_withheld_wherever_the_sentence_says_so() {
    let kind = |text, cue| said(text, cue).source_kind;
    for text in [
        "A US official, speaking on condition of anonymity, said the talks would go on.",
        "A US official said on condition of anonymity that the talks would go on.",
        "“The talks will go on,” said an officer who was not authorised to speak publicly.",
    ] {
        assert_eq!(kind(text, "said"), SourceKind::Unnamed, "{text}");
    }
    let text = "The minister said a US official, speaking on condition of anonymity, had offered him a truce.";
    assert_eq!(kind(text, "said"), SourceKind::Described);
}

#[test]
fn single_and_typewriter_marks_are_quotation_marks() {
    for (text, content) in [
        ("‘We will not leave the port,’ said Olle Strand.", "‘We will not leave the port,’"),
        ("``We will not leave the port,'' said Olle Strand.", "``We will not leave the port,''"),
        ("'We will not leave the port,' said Olle Strand.", "'We will not leave the port,'"),
    ] {
        let found = said(text, "said");
        let words: Vec<&str> = found.content.iter().map(|s| s.text.as_str()).collect();
        assert_eq!((words, found.quoted), (vec![content], Quoted::Direct), "{text}");
    }
    let text = "The drivers’ union said the owners’ offer was too low.";
    assert_eq!(said(text, "said").quoted, Quoted::Indirect);
}

#[test]
fn a_claim_is_not_cut_at_a_dash() {
    let text = "US troops will leave the Elva base – the last in the country – by June, the minister said.";
    assert!(said(text, "said").content[0].text.starts_with("US troops"), "{:?}", said(text, "said"));
    let text = "ELVA, Norrland — Norwegian troops will leave the base by June, the minister said.";
    assert!(said(text, "said").content[0].text.starts_with("Norwegian troops"), "{:?}", said(text, "said"));
}

#[test]
fn forms_of_words_that_are_known_are_known() {
    let act = |text, cue| said(text, cue).act;
    assert_eq!(act("The ministry strongly denies that it ordered the strike on the port.", "denies"), Act::Deny);
    assert_eq!(act("Okabe joked that the new bridge was made of cheese.", "joked"), Act::Assert);
    assert_eq!(act("“I never sleep,” Okabe joked.", "joked"), Act::Assert);
}

#[test]
fn what_is_suggested_is_offered_only_if_it_should_be() {
    let act = |text, cue| said(text, cue).act;
    assert_eq!(act("The report suggests that the bridge could fall.", "suggests"), Act::Assert);
    assert_eq!(act("Strand suggested that both sides should meet in Elva.", "suggested"), Act::Offer);
    assert_eq!(act("Strand suggested that the mayor meet the miners.", "suggested"), Act::Offer);
}

#[test]
fn what_is_said_of_somebody_is_no_demand_of_him() {
    for text in ["The rebels were said to have crossed the river.", "Okabe is said to be in Norrland."] {
        let found = statements(text);
        assert!(found.iter().all(|s| s.act != Act::Demand), "{text}: {found:?}");
    }
}

#[test]
fn marks_that_stand_apart_from_their_words_are_quotation_marks() {
    let found = said("Lund said the ` Black Harbour ' plan had ruined the town .", "said");
    assert_eq!(found.quoted, Quoted::Mixed, "{found:?}");
    let found = said("Lund said the drivers ' union had ruined the town .", "said");
    assert_eq!(found.quoted, Quoted::Indirect, "{found:?}");
}
