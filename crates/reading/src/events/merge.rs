//! One event of several mentions of it within a report.

use super::tree::Tree;
use super::{EventMention, Party, Setting};

/// Mentions further apart than this, in sentences, are of one event only if they share a participant.
const NEAR: usize = 3;

/// Groups of mentions of the same event, as numbers of mentions in the order of the text, the groups in the order of their first.
pub fn merge(mentions: &[EventMention], tree: &Tree, setting: &Setting) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (m, mention) in mentions.iter().enumerate() {
        let same = groups.iter().rposition(|group| {
            let agree = |&o: &usize| agree(&mentions[o], mention, tree, setting);
            let compatible = |&o: &usize| compatible(&mentions[o], mention, setting);
            group.iter().any(agree) && group.iter().all(compatible)
        });
        match same {
            Some(g) => groups[g].push(m),
            None => groups.push(vec![m]),
        }
    }
    groups
}

/// How two lists of participants stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Same,
    Unknown,
    Different,
}

fn parties(a: &[Party], b: &[Party], setting: &Setting) -> Standing {
    if a.is_empty() || b.is_empty() {
        return Standing::Unknown;
    }
    let same = |p: &Party, q: &Party| {
        p.tokens == q.tokens
            || p.actor.is_some() && p.actor == q.actor
            || words(p, setting).is_some_and(|w| words(q, setting).as_ref() == Some(&w))
    };
    if a.iter().any(|p| b.iter().any(|q| same(p, q))) { Standing::Same } else { Standing::Different }
}

fn words(p: &Party, setting: &Setting) -> Option<String> {
    let all = &setting.analysis.tokens;
    let (first, last) = (all.get(p.tokens.start)?, all.get(p.tokens.end.checked_sub(1)?)?);
    let words = setting.text.get(first.start..last.end)?.to_lowercase();
    Some(words.strip_prefix("the ").map(str::to_string).unwrap_or(words))
}

fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.is_some() && b.is_some() && a != b
}

/// Whether two mentions may be of one event: nothing that both tell differs.
fn compatible(a: &EventMention, b: &EventMention, setting: &Setting) -> bool {
    a.kind == b.kind
        && parties(&a.actors, &b.actors, setting) != Standing::Different
        && parties(&a.recipients, &b.recipients, setting) != Standing::Different
        && !differ(a.place, b.place)
        && !differ(a.time, b.time)
        && (a.status == b.status || lenient(a, b))
}

/// Of what happened and what goes on, both may be said.
fn lenient(a: &EventMention, b: &EventMention) -> bool {
    use annalist_record::EventStatus::{Happened, Ongoing};
    matches!((a.status, b.status), (Happened | Ongoing, Happened | Ongoing))
}

/// Whether two mentions are likely of one event: the same or kindred words, near each other or with a participant in common.
fn agree(a: &EventMention, b: &EventMention, tree: &Tree, setting: &Setting) -> bool {
    if !compatible(a, b, setting) || differ(a.mode.as_ref(), b.mode.as_ref()) {
        return false;
    }
    let shared = [parties(&a.actors, &b.actors, setting), parties(&a.recipients, &b.recipients, setting)];
    let shared = shared.iter().filter(|s| **s == Standing::Same).count();
    let distance = tree.sentence_number(b.head).abs_diff(tree.sentence_number(a.head));
    let kindred = kindred(tree.lemma(a.head), tree.lemma(b.head));
    let told = !b.actors.is_empty() || !b.recipients.is_empty();
    let definite = tree
        .child(b.head, &["det", "nmod:poss"])
        .is_some_and(|d| matches!(tree.lower(d), "the" | "this" | "that" | "these" | "those"));
    match (kindred, shared) {
        (true, 1..) => true,
        (true, 0) => distance <= NEAR && (!told || definite),
        (false, 2) => distance <= NEAR,
        (false, 1) => definite && distance <= NEAR,
        _ => definite && !told && distance <= 1,
    }
}

/// Whether two lemmas are of one root: they begin alike, for most of the shorter one.
fn kindred(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let shorter = a.chars().count().min(b.chars().count());
    common >= 4.min(shorter) && common + 2 >= shorter
}
