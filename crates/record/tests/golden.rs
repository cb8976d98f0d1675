//! Version 1 of the record is frozen by a hand-made example: it reads, writes back the same, and is what the schema says.

use annalist_record::{Record, schema};
use serde_json::Value;

const GOLDEN: &str = include_str!("golden/record-v1.json");

fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

#[test]
fn the_example_is_read_and_written_back_the_same() {
    let record: Record = serde_json::from_str(GOLDEN).unwrap();
    assert_eq!(serde_json::to_value(&record).unwrap(), golden());
    record.validate().unwrap();
}

#[test]
fn the_example_is_what_the_schema_says() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    assert!(schema.is_valid(&golden()));
    let mut wrong = golden();
    wrong["statements"][0]["act"] = "sing".into();
    assert!(!schema.is_valid(&wrong));
    let mut short = golden();
    short["statements"][0].as_object_mut().unwrap().remove("cue");
    assert!(!schema.is_valid(&short));
}

#[test]
fn a_misplaced_span_is_found() {
    let mut record: Record = serde_json::from_str(GOLDEN).unwrap();
    record.statements[0].cue[0].start += 1;
    record.statements[0].cue[0].end += 1;
    assert_eq!(record.validate().unwrap_err().0.text, "said");
}
