//! Records that were read elsewhere are checked before they are taken in.

mod hand;

use annalist_ledger::{Filter, Form, ImportError, Imported, imported};
use hand::*;
use serde_json::Value;

#[test]
fn what_is_exported_is_imported_and_what_is_unsound_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = situation(&file(&folder));
    let mut out = Vec::new();
    ledger.export(Form::Jsonl, &Filter::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let all: Vec<Imported> = text.lines().map(|line| imported(line).unwrap()).collect();
    assert_eq!(all[2], Imported::Record(Box::new(later())));
    let line = text.lines().nth(2).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(line).unwrap();
        change(&mut value);
        imported(&value.to_string()).unwrap_err()
    };
    assert!(matches!(
        with(&|v| v["events"][0]["trigger"]["start"] = 1.into()),
        ImportError::Misplaced { start: 1, .. }
    ));
    assert!(matches!(with(&|v| v["events"][0]["time"] = "t9".into()), ImportError::Dangling { .. }));
    assert!(matches!(with(&|v| v["actors"][1]["id"] = "a1".into()), ImportError::Twice(_)));
    assert!(matches!(with(&|v| v["events"][0]["status"] = "perhaps".into()), ImportError::Form(_)));
    assert!(matches!(with(&|v| v["schema_version"] = 9.into()), ImportError::Version(9)));
    assert!(matches!(with(&|v| v["report"]["id"] = "".into()), ImportError::Nameless));
    assert!(matches!(imported("{\"schema_version\":1"), Err(ImportError::Json(_))));
}
