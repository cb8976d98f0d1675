//! One event of several mentions of it within a report.
//!
//! Two mentions of one type are judged by a logistic function of what speaks for and against their being one ([`Pair`]); a mention takes up
//! the event with a mention that is likeliest the same, or begins one (as in mention-pair coreference, Soon et al. 2001).

use super::tree::Tree;
use super::{EventMention, Party, Setting};

/// Mentions that are likelier than this of one event are put together.
const SAME: f32 = 0.5;

/// How many kinds of evidence a [`Pair`] has beside what the model tells.
pub const EVIDENCE: usize = 14;

/// What speaks for and against two mentions being of one event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// How likely the model thinks it, as a logit, if it sees both together.
    pub told: Option<f32>,
    /// What words, participants, place and time tell.
    pub evidence: [f32; EVIDENCE],
}

/// Weights of the evidence, after a constant; `training/event_pairs.py` learns them from what the example `event_pairs` of the evaluation
/// crate prints.
const WEIGHTS: [f32; EVIDENCE + 1] =
    [-1.142, 1.053, 0.975, -0.438, -0.151, 1.412, -0.054, 1.390, -0.101, 0.915, 0.644, -0.389, -1.111, 0.832, -0.268];

/// How what the model tells and the sum of the evidence are joined where there are both: a constant, then their weights.
const JOINED: [f32; 3] = [0.593, 0.458, 0.404];

impl Pair {
    /// What is told of two mentions, the first standing before the second.
    pub fn of(a: &EventMention, b: &EventMention, tree: &Tree, setting: &Setting) -> Pair {
        let flag = |b: bool| f32::from(u8::from(b));
        let told = told_same(a, b);
        let (x, y) = (tree.lemma(a.head), tree.lemma(b.head));
        let distance = tree.sentence_number(b.head).abs_diff(tree.sentence_number(a.head));
        let (who, whom) = (parties(&a.actors, &b.actors, setting), parties(&a.recipients, &b.recipients, setting));
        let known = |a: &Option<usize>, b: &Option<usize>| match (a, b) {
            (Some(a), Some(b)) if a == b => 1.0,
            (Some(_), Some(_)) => -1.0,
            _ => 0.0,
        };
        let definite = tree.child(b.head, &["det", "nmod:poss"]).is_some_and(|d| {
            matches!(tree.lower(d), "the" | "this" | "that" | "these" | "those" | "his" | "her" | "its" | "their")
        });
        let noun = !matches!(tree.upos(b.head), "VERB" | "AUX");
        let evidence = [
            flag(x == y),
            flag(x != y && kindred(x, y)),
            (distance as f32).ln_1p(),
            flag(distance == 0),
            flag(who == Standing::Same),
            flag(who == Standing::Different),
            flag(whom == Standing::Same),
            flag(whom == Standing::Different),
            known(&a.place, &b.place),
            known(&a.time, &b.time),
            flag(a.status != b.status && !lenient(a, b)),
            flag(a.mode.is_some() && b.mode.is_some() && a.mode != b.mode),
            flag(definite && noun),
            flag(who == Standing::Different && whom == Standing::Different),
        ];
        Pair { told: told.map(|p| p.clamp(0.002, 0.998)).map(|p| (p / (1.0 - p)).ln()), evidence }
    }

    /// How likely the mentions are of one event, in 0..=1.
    pub fn likelihood(&self) -> f32 {
        let [constant, weights @ ..] = WEIGHTS;
        let sum: f32 = constant + weights.iter().zip(self.evidence).map(|(w, e)| w * e).sum::<f32>();
        let sum = self.told.map_or(sum, |told| JOINED[0] + JOINED[1] * told + JOINED[2] * sum);
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Groups of mentions of the same event, as numbers of mentions in the order of the text, the groups in the order of their first.
pub fn merge(mentions: &[EventMention], tree: &Tree, setting: &Setting) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (m, mention) in mentions.iter().enumerate() {
        let likeliest = |group: &Vec<usize>| {
            let of_kind = group.iter().map(|&o| &mentions[o]).filter(|o| o.kind == mention.kind);
            if of_kind.clone().any(|o| contradict(o, mention) || turned(o, mention, setting)) {
                return 0.0;
            }
            let likelihood = |o: &EventMention| {
                let likely = Pair::of(o, mention, tree, setting).likelihood().clamp(0.001, 0.999);
                let sum = (likely / (1.0 - likely)).ln() + bond(o, mention, tree, setting);
                1.0 / (1.0 + (-sum).exp())
            };
            of_kind.map(likelihood).fold(0.0, f32::max)
        };
        let best = groups.iter().map(likeliest).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((g, likely)) if likely >= SAME => groups[g].push(m),
            _ => groups.push(vec![m]),
        }
    }
    groups
}

/// What is added to the logit where a verb does no more than introduce the other: "launched an operation".
const INTRODUCED: f32 = 3.0;

/// What is added where the tree makes one trigger the circumstance of the other: "killed in an attack", "an attack that killed two". Of such
/// pairs of the training reports, 58 of 80 are of one event.
const CIRCUMSTANCE: f32 = 1.0;

/// What the tree tells of two mentions of one sentence being of one event, as logits to be added.
fn bond(a: &EventMention, b: &EventMention, tree: &Tree, setting: &Setting) -> f32 {
    let below = |top: usize, t: usize, relations: &[&str]| {
        tree.head(t) == Some(top) && (relations.contains(&tree.relation(t)) || relations.contains(&tree.universal(t)))
    };
    let verb = |t: usize| matches!(tree.upos(t), "VERB" | "AUX");
    let [introduces, circumstance] = [(a.head, b.head), (b.head, a.head)].iter().fold([false; 2], |found, &(x, y)| {
        let light = verb(x) && !verb(y) && setting.knowledge.events().is_light(tree.lemma(x));
        let within = below(x, y, &["obl"]) && verb(x) && !verb(y) && matches!(tree.case(y), Some("in" | "during"));
        let telling = !verb(x) && verb(y) && below(x, y, &["acl:relcl"]);
        [found[0] || light && below(x, y, &["obj", "nsubj:pass"]), found[1] || within || telling]
    });
    match (introduces, circumstance) {
        (true, _) => INTRODUCED,
        (false, true) => CIRCUMSTANCE,
        (false, false) => 0.0,
    }
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

/// Whether one is denied and the other told as happened: what is denied is not what happened, for whoever denies it.
fn contradict(a: &EventMention, b: &EventMention) -> bool {
    use annalist_record::EventStatus::{Denied, Happened, Ongoing};
    matches!((a.status, b.status), (Denied, Happened | Ongoing) | (Happened | Ongoing, Denied))
}

/// Whether who did the one harm suffered the other: a raider's raids are not the strike that killed him.
fn turned(a: &EventMention, b: &EventMention, setting: &Setting) -> bool {
    let same = |a: &[Party], b: &[Party]| parties(a, b, setting) == Standing::Same;
    let harm = setting.knowledge.events().quad(&a.kind).is_some_and(|class| class == "material-conflict");
    let crossed = || same(&a.actors, &b.recipients) || same(&a.recipients, &b.actors);
    harm && crossed() && !same(&a.actors, &b.actors) && !same(&a.recipients, &b.recipients)
}

/// Of what happened and what goes on, both may be said.
fn lenient(a: &EventMention, b: &EventMention) -> bool {
    use annalist_record::EventStatus::{Happened, Ongoing};
    matches!((a.status, b.status), (Happened | Ongoing, Happened | Ongoing))
}

/// How likely the model thinks that two mentions of one window are of one event; none if it does not see them together.
fn told_same(a: &EventMention, b: &EventMention) -> Option<f32> {
    let says = |a: &EventMention, b: &EventMention| {
        a.same.iter().find(|(t, _)| b.trigger.contains(t)).map(|(_, likely)| *likely)
    };
    let both = [says(a, b), says(b, a)];
    let told: Vec<f32> = both.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.iter().sum::<f32>() / told.len() as f32)
}

/// Whether two lemmas are of one root: they begin alike, for most of the shorter one.
fn kindred(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let shorter = a.chars().count().min(b.chars().count());
    common >= 4.min(shorter) && common + 2 >= shorter
}
