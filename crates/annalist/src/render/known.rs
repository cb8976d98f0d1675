//! What is known about one record, as text: names and values, one under the other, in the order in which they are given.

use serde_json::Value;

use super::shown;

/// The text of a value that was shown: what is empty is left out, and a span is its words.
pub fn known(value: &Value) -> String {
    let mut out = String::new();
    tell(value, 0, &mut out);
    out
}

/// A value that goes on the line of its name.
fn short(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(is) => Some(if *is { "yes" } else { "no" }.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(shown(text.trim())).filter(|text| !text.is_empty()),
        Value::Object(fields) => {
            let words = fields.get("text").filter(|_| fields.contains_key("start") && fields.contains_key("end"))?;
            short(words).map(|words| format!("“{words}”"))
        }
        Value::Array(items) => {
            let all: Option<Vec<String>> = items.iter().map(short).collect();
            all.filter(|all| !all.is_empty()).map(|all| all.join(", "))
        }
    }
}

fn tell(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = shown(&name.replace('_', " "));
                if let Some(line) = short(value) {
                    out.push_str(&format!("{indent}{name}: {line}\n"));
                    continue;
                }
                let mut below = String::new();
                tell(value, depth + 1, &mut below);
                if !below.is_empty() {
                    out.push_str(&format!("{indent}{name}:\n{below}"));
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let mut below = String::new();
                match short(item) {
                    Some(line) => below.push_str(&format!("{indent}  {line}\n")),
                    None => tell(item, depth + 1, &mut below),
                }
                // A dash before the first line.
                if let Some(rest) = below.strip_prefix(&format!("{indent}  ")) {
                    out.push_str(&format!("{indent}- {rest}"));
                }
            }
        }
        value => out.extend(short(value).map(|line| format!("{indent}{line}\n"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::known;

    #[test]
    fn values_stand_under_their_names() {
        let told = known(&json!({
            "id": "r1/e1",
            "item": {"trigger": {"start": 3, "end": 7, "text": "sank\u{1b}"}, "mode": null, "actors": [], "contexts": ["sea", "storm"]},
            "told": [{"by": "Elva Press", "sure": true}, {"by": "Coastal Post", "reports": 2}],
        }));
        let expected = "id: r1/e1\nitem:\n  contexts: sea, storm\n  trigger: “sank ”\ntold:\n  - by: Elva Press\n    sure: yes\n  \
                        - by: Coastal Post\n    reports: 2\n";
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
            lines.sort();
            lines
        };
        assert_eq!(lines(&told), lines(expected), "{told}");
        assert_eq!(known(&json!(null)), "");
    }
}
