//! What a careful reader counts, and what they do not: invented sentences, read whole.

use std::sync::LazyLock;

use annalist_pipeline::{Options, Reader};
use annalist_record::Record;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

fn read(text: &str) -> Record {
    let date = Some("2024-03-12".to_string());
    READER.read_plain(text, &Options { as_is: true, date, ..Options::default() }).unwrap()
}

/// Asserts what is counted in each text, and how many, in any order.
fn assert_counted(table: &[(&str, &[(&str, f64)])]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let mut found: Vec<(String, f64)> = read(text).figures.into_iter().map(|f| (f.what, f.value)).collect();
        let mut expected: Vec<(String, f64)> = expected.iter().map(|(what, n)| (what.to_string(), *n)).collect();
        for list in [&mut found, &mut expected] {
            list.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        }
        if found != expected {
            wrong.push(format!("{text}\n    is {expected:?}, read as {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn what_did_not_happen_is_not_counted() {
    assert_counted(&[
        ("No one was killed in the blast.", &[]),
        ("No one else was hurt, police in Elva said.", &[]),
        ("None of the 200 passengers was hurt.", &[]),
        ("Neither of the two drivers was injured.", &[]),
        ("The three drivers were not injured.", &[]),
        ("Police did not arrest the two men.", &[]),
        ("Not one soldier died.", &[]),
        ("The rivals killed one another in a feud over land.", &[]),
        ("The bank has never paid $3 million to the victims.", &[]),
        // What is negated is something else.
        ("No group has said it planted the bomb, which killed 12 people.", &[("killed", 12.0)]),
        ("Not only were 12 people killed, but the port was destroyed.", &[("killed", 12.0)]),
        ("No fewer than 12 people were killed in the blast.", &[("killed", 12.0)]),
        ("Twelve people were killed, not by the blast but by the smoke.", &[("killed", 12.0)]),
        ("One was killed and two were wounded.", &[("killed", 1.0), ("injured", 2.0)]),
    ]);
}

#[test]
fn what_is_planned_possible_or_denied_is_not_counted_as_done() {
    assert_counted(&[
        ("The offensive could displace a million people, the envoy warned.", &[]),
        ("The ministry will dismiss 300 teachers next week.", &[]),
        ("The general denied killing three men.", &[]),
        ("The navy tried to rescue 40 sailors.", &[]),
        ("The sect plotted to kill 12 judges.", &[]),
        ("The government plans to deport 300 people.", &[]),
        ("Thousands of people will be displaced by the dam.", &[]),
        ("Ministers demanded the release of 12 sailors.", &[]),
        ("The army said it would free 20 sailors if the truce held.", &[]),
        ("Norrland has agreed to evacuate 600 villagers.", &[]),
        ("The court refused to convict the two officers.", &[]),
        ("Police prevented the gang from killing two witnesses.", &[]),
        ("The drought could lead to thousands of deaths.", &[]),
        ("The death toll could rise to 200.", &[]),
        // Told as done, though an infinitive or a modal verb stands near.
        ("The fire forced the town to evacuate 600 people.", &[("evacuated", 600.0)]),
        ("The gunman went on to kill four people.", &[("killed", 4.0)]),
        ("The rebels are believed to have killed 12 villagers.", &[("killed", 12.0)]),
        ("Crews managed to rescue 40 sailors.", &[("rescued", 40.0)]),
        ("The mayor would not say why 12 people were killed.", &[("killed", 12.0)]),
        ("Prosecutors will investigate the deaths of 12 miners.", &[("killed", 12.0)]),
        ("The flood that killed 12 people could have been foreseen.", &[("killed", 12.0)]),
    ]);
}

#[test]
fn who_fires_on_others_is_not_fired() {
    assert_counted(&[
        ("Two drivers fired at police.", &[]),
        ("The two fired on the patrol.", &[]),
        ("Four men charged at officers outside the court.", &[]),
        ("The plant fired 40 workers.", &[("dismissed", 40.0)]),
        ("Forty workers were fired in May.", &[("dismissed", 40.0)]),
        ("Four men were charged with murder.", &[("convicted", 4.0)]),
    ]);
}

#[test]
fn what_rose_to_a_number_is_that_number() {
    assert_counted(&[
        ("The death toll rose from 12 to 15.", &[("killed", 15.0)]),
        ("The death toll from the quake climbed from 1,200 to 1,500 on Sunday.", &[("killed", 1500.0)]),
        ("The number of injured increased from 30 to 42.", &[("injured", 42.0)]),
    ]);
}

#[test]
fn all_ways_to_tell_the_same_are_counted() {
    assert_counted(&[
        ("At least half a million villagers have already been killed.", &[("killed", 500_000.0)]),
        ("The wars took the lives of half a million villagers.", &[("killed", 500_000.0)]),
        ("The charity gave tens of millions of dollars to the hospital.", &[("paid", 20_000_000.0)]),
        ("Thousands of villagers are believed to have returned to their homes.", &[("returned", 2000.0)]),
        ("Six climbers are known to have died.", &[("killed", 6.0)]),
        ("Thirteen people were found dead in a house in Elva.", &[("killed", 13.0)]),
        ("Thousands of people remain homeless after the flood.", &[("displaced", 2000.0)]),
        ("More than three million people have been forced to leave the country.", &[("displaced", 3_000_000.0)]),
        ("The war has forced six million people to flee abroad.", &[("displaced", 6_000_000.0)]),
        ("Some 900 teachers are being held in prison.", &[("detained", 900.0)]),
        ("The strikes killed 12 soldiers and nine foreign advisers.", &[("killed", 12.0), ("killed", 9.0)]),
        ("Thousands of people have reportedly fled.", &[("displaced", 2000.0)]),
    ]);
}

#[test]
fn verbs_and_nouns_that_the_tree_hardly_knows_are_counted_all_the_same() {
    assert_counted(&[
        ("Seventeen people have been indicted in the case.", &[("convicted", 17.0)]),
        ("Three climbers were said to have been rescued.", &[("rescued", 3.0)]),
        ("The court replaced two agents charged in the bombing.", &[("convicted", 2.0)]),
        ("The bomb killed 250 people on the ship and 11 in the port.", &[("killed", 250.0), ("killed", 11.0)]),
        ("The blast brought to nine the number of dead.", &[("killed", 9.0)]),
        ("The victims in Elva numbered 213, including 12 sailors.", &[("casualties", 213.0), ("casualties", 12.0)]),
        ("A clerk shot three people on Monday.", &[("casualties", 3.0)]),
        ("A clerk shot and killed three guards.", &[("killed", 3.0)]),
        ("He was convicted of the murder of a guard and the injury of two others.", &[("injured", 2.0)]),
        ("Five people received treatment after the quake.", &[("injured", 5.0)]),
        ("The ministry offered a reward of $5 million.", &[("pledged", 5e6)]),
        ("More than 31, 000 people were killed in the quake.", &[("killed", 31_000.0)]),
        ("It killed 612 people and injured more than 1, 400 in Velland.", &[("killed", 612.0), ("injured", 1400.0)]),
        ("Three of the men were granted bail.", &[("released", 3.0)]),
        // No count of those who were shot or killed.
        ("A Tarn man, 87, was killed in the crash.", &[]),
        ("Drivers with a concentration of .08 killed nobody.", &[]),
        ("The evening was hard for dozens of people after a man was shot.", &[]),
        ("A 63 - year - old woman was shot in Elva.", &[]),
    ]);
}

#[test]
fn the_best_of_many_is_no_number() {
    assert_counted(&[
        ("She was killed a week later - one of the bravest women of the town.", &[]),
        ("One in five adults was wounded.", &[]),
    ]);
}

#[test]
fn a_figure_belongs_to_what_it_is_told_of() {
    let typed = |text: &str| {
        let record = read(text);
        let of = |id: &String| record.events.iter().find(|e| &e.id == id).map(|e| e.kind.clone());
        record.figures.iter().map(|f| f.event.as_ref().and_then(of)).collect::<Vec<_>>()
    };
    assert_eq!(typed("Gunmen killed 12 people in Elva on Monday."), [Some("ASSAULT".to_string())]);
    let of_meeting = typed("The leaders of Norrland and Velland met in Elva after floods killed 12 people.");
    assert_eq!(of_meeting.len(), 1);
    assert_ne!(of_meeting[0].as_deref(), Some("CONSULT"));
}
