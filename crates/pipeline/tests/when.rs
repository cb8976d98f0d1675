//! The days that a careful reader takes the times of invented sentences for. All are published on Wednesday, 18 September 2024.

use std::sync::LazyLock;

use annalist_pipeline::{Options, Reader};
use annalist_record::Record;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

fn read(text: &str) -> Record {
    let date = Some("2024-09-18".to_string());
    READER.read_plain(text, &Options { as_is: true, date, ..Options::default() }).unwrap()
}

fn values(text: &str) -> Vec<String> {
    read(text).times.into_iter().map(|t| t.value.unwrap_or_default()).collect()
}

/// Each text with the values of its times, apart by spaces.
fn expect(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(text, gold)| (text, gold, values(text).join(" ")))
        .filter(|(_, gold, found)| *gold != found)
        .map(|(text, gold, found)| format!("{text}\n  {gold} expected, {found} found"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_that_counts_or_follows_a_label_is_no_year() {
    expect(&[
        ("The council passed Resolution 1701 by a wide margin.", ""),
        ("Under Law 1874 the port may be closed.", ""),
        ("Flight 1907 never reached Elva.", ""),
        ("At least 1500 people fled the town of Elva.", ""),
        ("Some 2000 soldiers were sent to the border.", ""),
        ("The blast damaged 1200 homes in Elva.", ""),
        ("About 1400 were hurt in the clashes.", ""),
        ("The office is at 1650 Harbour Street in Elva.", ""),
        ("He won the 2012 elections in Norden.", "2012"),
        ("The 1967 war changed the region.", "1967"),
        ("The port was built in 1945.", "1945"),
        ("In 2011, 1500 people fled the town of Elva.", "2011"),
    ]);
}

#[test]
fn four_digits_before_a_zone_are_a_time_of_day() {
    expect(&[
        ("The blast struck at 1945 GMT.", "2024-09-18T19:45"),
        ("The blast struck at 0630 GMT on Monday.", "2024-09-16T06:30"),
        ("Polls closed at 5 p.m. (1400 GMT) on Sunday.", "2024-09-15T17:00 2024-09-15T14:00 2024-09-15"),
        ("Shelling began at 2030 local time on Sunday.", "2024-09-15T20:30"),
    ]);
}

#[test]
fn deadlines_are_ahead() {
    expect(&[
        ("The court ordered troops to leave by Friday.", "2024-09-20"),
        ("The UN urged both sides to respond by Friday.", "2024-09-20"),
        ("Officials told residents to leave their homes by Saturday.", "2024-09-21"),
        ("Ministers decided to meet again on Thursday.", "2024-09-19"),
        ("The government set elections for Sunday.", "2024-09-22"),
        ("They postponed the summit to Friday.", "2024-09-20"),
        ("The party has promised results on Friday.", "2024-09-20"),
        ("The party promised results by Friday.", "2024-09-20"),
        ("The president called elections for Sunday.", "2024-09-22"),
        ("The rebels gave the government until Friday to free the men.", "2024-09-20"),
        ("The judge ordered the port to reopen before Friday.", "2024-09-20"),
        ("The president has ordered a pause in the siege of Elva to begin on Friday.", "2024-09-20"),
        ("The two sides agreed on a truce to take effect on Saturday.", "2024-09-21"),
        ("The minister said on Monday that the border would reopen on Friday.", "2024-09-16 2024-09-20"),
        ("On Tuesday the court ordered the troops to leave by Thursday.", "2024-09-17 2024-09-19"),
    ]);
}

#[test]
fn what_is_over_stays_so() {
    expect(&[
        ("The army began to withdraw on Sunday.", "2024-09-15"),
        ("Troops managed to retake the bridge on Monday.", "2024-09-16"),
        ("The ferries were forced to return on Sunday.", "2024-09-15"),
        ("The port failed to reopen on Monday.", "2024-09-16"),
        ("He failed to appear in court on Tuesday.", "2024-09-17"),
        ("The fighting forced hundreds to flee on Monday.", "2024-09-16"),
        ("On Monday the court ordered the troops to leave.", "2024-09-16"),
        ("The court on Tuesday ordered the troops to leave.", "2024-09-17"),
        ("By Monday the rebels held the whole town.", "2024-09-16"),
        ("The fire was put out by Sunday.", "2024-09-15"),
        ("Several people were hurt in Sunday's clashes.", "2024-09-15"),
        ("Police used tear gas to break up Sunday's rally.", "2024-09-15"),
        ("Parliament will debate Monday's attack.", "2024-09-16"),
        ("Monday's attack is the worst in the town.", "2024-09-16"),
        ("He was arrested on Friday for refusing to leave.", "2024-09-13"),
        ("Lund is in hospital since Sunday.", "2024-09-15"),
        ("The strike, which began on Monday, will end on Friday.", "2024-09-16 2024-09-20"),
    ]);
}

#[test]
fn headlines_and_what_is_look_ahead() {
    expect(&[
        ("Lund to visit Norden on Tuesday", "2024-09-24"),
        ("Ministers to meet in Elva on Friday", "2024-09-20"),
        ("Blast kills 12 in Elva on Saturday", "2024-09-14"),
        ("The deadline is Friday.", "2024-09-20"),
        ("The vote is on Sunday.", "2024-09-22"),
        ("The hearing is scheduled for Thursday.", "2024-09-19"),
        ("Talks are due to begin on Monday.", "2024-09-23"),
        ("The summit opens on Monday.", "2024-09-23"),
        ("Voters go to the polls this Sunday.", "2024-09-22"),
        ("Campaigning ended ahead of this Sunday's vote.", "2024-09-22"),
        ("Rallies were held ahead of Sunday's election.", "2024-09-22"),
        ("The army reinforced the border in the run-up to Sunday's vote.", "2024-09-22"),
        ("Two men were shot this Monday.", "2024-09-16"),
    ]);
}

#[test]
fn a_day_of_the_month_under_a_past_verb_is_over() {
    expect(&[
        ("Gunmen killed 40 people in Elva on Oct. 21.", "2023-10-21"),
        ("The group denied any part in the Oct. 21 attack.", "2023-10-21"),
        ("He has been in prison since Oct. 21.", "2023-10-21"),
        ("The president called elections for Oct. 21.", "2024-10-21"),
        ("The trial was set for Oct. 21.", "2024-10-21"),
        ("The two sides agreed to meet on Oct. 21.", "2024-10-21"),
        ("Envoys will meet on Oct. 21.", "2024-10-21"),
        ("A decision was expected on Oct. 21.", "2024-10-21"),
        ("He spoke before the election on Oct. 21.", "2024-10-21"),
        ("The law took effect on Aug. 21.", "2024-08-21"),
        ("The report on the fire appeared three days before the vote.", "P3D"),
    ]);
}

#[test]
fn days_that_are_known_by_their_number() {
    expect(&[
        ("The war began with the Oct. 7 attack.", "2023-10-07"),
        ("He lost a brother in the Sept. 11 attacks.", "2001-09-11"),
        ("Security was tightened after 9/11.", "2001-09-11"),
    ]);
}

#[test]
fn the_next_morning_counts_from_the_day_of_the_text() {
    expect(&[
        ("Rebels shelled the town on Sunday. The next morning troops entered it.", "2024-09-15 2024-09-16TMO"),
        ("He arrived on 3 May 2019. The following night he was arrested.", "2019-05-03 2019-05-04TNI"),
        ("The bridge fell on 3 May 2019. The previous evening it had been closed.", "2019-05-03 2019-05-02TEV"),
        ("Troops entered the town this morning.", "2024-09-18TMO"),
    ]);
}

#[test]
fn a_weekday_of_a_week() {
    expect(&[
        ("The port was shelled on Monday of last week.", "2024-09-09"),
        ("The port was shelled on Friday last week.", "2024-09-13"),
        ("The summit opens on Tuesday of next week.", "2024-09-24"),
        ("The court will rule on Thursday next week.", "2024-09-26"),
        ("The court will rule on Thursday of this week.", "2024-09-19"),
    ]);
}

#[test]
fn the_time_of_a_statement_is_the_nearest_to_its_verb() {
    let record = read("After talks in March, Minister Ana Lund said on Friday that the port of Elva would close.");
    let time = record.statements[0].time.as_ref().and_then(|id| record.times.iter().find(|t| t.id == *id));
    assert_eq!(time.map(|t| t.span.text.as_str()), Some("Friday"));
}

#[test]
fn people_counted_without_a_comma_are_a_figure() {
    let figures = read("At least 1500 people fled the town of Elva on Monday.").figures;
    assert_eq!(figures.iter().map(|f| f.value).collect::<Vec<_>>(), [1500.0]);
}

#[test]
fn the_weekday_of_the_report_is_that_very_day() {
    expect(&[
        ("The council will meet on Wednesday.", "2024-09-18"),
        ("The council met on Wednesday.", "2024-09-18"),
        ("The court ordered the troops to leave by Wednesday.", "2024-09-18"),
        ("The council will meet next Wednesday.", "2024-09-25"),
        ("The council met last Wednesday.", "2024-09-11"),
        ("The council will meet on Wednesday, September 25.", "2024-09-25"),
    ]);
}

#[test]
fn the_tense_tells_which_weekend_is_this_one() {
    expect(&[
        ("The two leaders met this weekend.", "2024-W37-WE"),
        ("The two leaders will meet this weekend.", "2024-W38-WE"),
    ]);
}

#[test]
fn on_a_weekend_the_week_that_ends_is_the_last_one() {
    for (day, week) in
        [("2024-09-20", "2024-W37"), ("2024-09-21", "2024-W38"), ("2024-09-22", "2024-W38"), ("2024-09-23", "2024-W38")]
    {
        let options = Options { as_is: true, date: Some(day.to_string()), ..Options::default() };
        let record = READER.read_plain("The minister resigned last week.", &options).unwrap();
        assert_eq!(record.times[0].value.as_deref(), Some(week), "{day}");
    }
}

#[test]
fn what_has_been_so_since_is_over() {
    expect(&[
        ("The rebels have held the valley since they took the port in October.", "2023-10"),
        ("Two hundred have died since troops entered the town in October.", "2023-10"),
        ("Nobody has left the town since the strike in October.", "2023-10"),
        ("The port has been closed since October.", "2023-10"),
    ]);
}

#[test]
fn a_term_that_was_given_is_ahead() {
    expect(&[
        ("The army has given the rebels until Monday to leave the port.", "2024-09-23"),
        ("The court has extended the deadline until Friday.", "2024-09-20"),
        ("Until Thursday they had not met.", "2024-09-12"),
    ]);
}

#[test]
fn a_name_of_somebody_is_no_holiday() {
    expect(&[
        ("The singer Johnnie Christmas arrived in Elva. Christmas said he was tired.", ""),
        ("The port will close at Christmas.", "2024-12-25"),
    ]);
}

#[test]
fn a_time_that_opens_a_sentence_holds_for_what_is_told_next() {
    let told = |text: &str, trigger: &str, value: Option<&str>| {
        let record = read(text);
        let event = record.events.iter().find(|e| e.trigger.text == trigger).unwrap();
        let time = record.times.iter().find(|t| Some(&t.id) == event.time.as_ref());
        assert_eq!(time.and_then(|t| t.value.as_deref()), value, "{text}");
    };
    let persuaded = "Norland persuaded Sudland to hold off from an attack on Tarn. Norland";
    told(&format!("In May {persuaded} had promised to remove the militants."), "promised", Some("2024-05"));
    told(
        &format!("In May {persuaded} had promised on Monday to remove the militants."),
        "promised",
        Some("2024-09-16"),
    );
    // What had been done was done before Monday.
    told(&format!("On Monday {persuaded} had promised to remove the militants."), "promised", None);
    let bombed = "the army bombed towns held by rebels. Lund was present when 46 civilians were killed by a bomb.";
    told(&format!("In 2014 {bombed}"), "killed", Some("2014"));
    told(&format!("Since 2014 {bombed}"), "killed", None);
}
