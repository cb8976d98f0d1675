use std::io::{BufRead, Write};
use annalist_language::{Analysis, Name, Token, sentences::Sentence};
use annalist_knowledge::Knowledge;
use annalist_pipeline::{Options, Reader, in_order};
use annalist_reading::commitments::{Known, commitments, evidence};
use annalist_record::{Actor, Statement, Time};
use serde_json::{Value, json};
fn main() -> anyhow::Result<()> {
    let a: Vec<String> = std::env::args().collect();
    if a[1] == "make" {
        let reader = Reader::new()?;
        let every: usize = a.get(4).map_or(1, |n| n.parse().unwrap());
        let max: usize = a.get(5).map_or(usize::MAX, |n| n.parse().unwrap());
        let contents = std::fs::read_to_string(&a[2])?;
        let mut out = std::io::BufWriter::new(std::fs::File::create(&a[3])?);
        let read = |line: &str, (): &()| -> Value {
            let item: Value = serde_json::from_str(line).unwrap();
            let text = item["text"].as_str().unwrap();
            let date = item["dct"].as_str().or(item["date"].as_str()).and_then(|d| d.get(..10)).map(str::to_string);
            let r = reader.read_plain(text, &Options { as_is: true, date, ..Options::default() }).unwrap();
            let an = reader.analyse(text).unwrap();
            json!({"id": item["id"].as_str().or(item["url"].as_str()), "text": text, "statements": r.statements, "times": r.times, "actors": r.actors, "gold": item["commitments"],
              "tokens": an.tokens.iter().map(|t| json!([t.start, t.end, &*t.upos, t.lemma, t.head, &*t.deprel])).collect::<Vec<_>>(),
              "sentences": an.sentences.iter().map(|s| json!([s.tokens.start, s.tokens.end, s.paragraph])).collect::<Vec<_>>(),
              "names": an.names.iter().map(|n| json!([n.tokens.start, n.tokens.end, n.kind])).collect::<Vec<_>>()})
        };
        in_order(contents.lines().step_by(every).take(max), &[()], read, |v| { writeln!(out, "{v}").unwrap(); true });
        return Ok(());
    }
    let k = Knowledge::english();
    for line in std::io::BufReader::new(std::fs::File::open(&a[2])?).lines() {
        let v: Value = serde_json::from_str(&line?)?;
        let text = v["text"].as_str().unwrap();
        let n = |x: &Value| x.as_u64().unwrap() as usize;
        let mut an = Analysis::default();
        for t in v["tokens"].as_array().unwrap() {
            an.tokens.push(Token { start: n(&t[0]), end: n(&t[1]), upos: t[2].as_str().unwrap().into(), lemma: t[3].as_str().unwrap().into(), head: t[4].as_u64().map(|x| x as usize), deprel: t[5].as_str().unwrap().into() });
        }
        for s in v["sentences"].as_array().unwrap() { an.sentences.push(Sentence { tokens: n(&s[0])..n(&s[1]), paragraph: n(&s[2]) }); }
        for s in v["names"].as_array().unwrap() { an.names.push(Name { tokens: n(&s[0])..n(&s[1]), kind: s[2].as_str().unwrap().into() }); }
        let st: Vec<Statement> = serde_json::from_value(v["statements"].clone())?;
        let ti: Vec<Time> = serde_json::from_value(v["times"].clone())?;
        let ac: Vec<Actor> = serde_json::from_value(v["actors"].clone())?;
        let known = Known { statements: &st, times: &ti, actors: &ac, events: &[] };
        let out = match a[1].as_str() {
            "figures" => json!({"id": v["id"], "figures": annalist_reading::figures::figures(text, &an, k, &st, &ti, &[]), "statements": st, "times": ti, "actors": ac}),
            "changes" => json!({"id": v["id"], "changes": annalist_reading::changes::changes(text, &an, k, &st, &ac, &[]), "statements": st, "times": ti, "actors": ac}),
            "commitments" => json!({"id": v["id"], "commitments": commitments(text, &an, k, known), "statements": st, "times": ti, "actors": ac}),
            _ => json!({"id": v["id"], "text": text, "gold": v["gold"], "evidence": evidence(text, &an, k, known)}),
        };
        println!("{out}");
    }
    Ok(())
}
