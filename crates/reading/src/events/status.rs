//! Whether an event happened: by tense, modal verbs, negation, conditions, and the words it depends on.

use annalist_knowledge::Knowledge;
use annalist_record::EventStatus;

use super::Candidate;
use super::tree::Tree;

/// So many words above a trigger are asked for what they say of it.
const HIGHEST: usize = 4;

/// The status of a candidate, as the words around it tell it.
pub fn status(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> EventStatus {
    let events = knowledge.events();
    let head = candidate.head;
    let is_verb = matches!(tree.upos(head), "VERB" | "AUX");
    if let Some(status) = settled(tree, candidate, knowledge) {
        return status;
    }
    if let Some(status) = own(tree, candidate, knowledge, is_verb) {
        return status;
    }
    // What stands above: "plans to attack", "denied attacking", "refused an offer of talks".
    let mut below = head;
    for above in tree.above(head).take(HIGHEST) {
        let relation = tree.universal(below);
        let carries = match relation {
            "xcomp" | "ccomp" | "csubj" => true,
            "obj" | "nmod" | "acl" | "compound" => tree.relation(below) != "acl:relcl",
            "nsubj" => tree.relation(below) == "nsubj:pass" || !is_verb,
            "obl" => !is_verb || tree.case(below).is_some_and(|c| matches!(c, "of" | "from" | "for")),
            "advcl" => mark(tree, below).is_some_and(|m| matches!(m, "of" | "from" | "if" | "unless" | "to")),
            "conj" => tree.child(below, &["aux", "nsubj"]).is_none(),
            _ => false,
        };
        if !carries {
            break;
        }
        let told = events.governs(tree.lemma(above));
        match told {
            // "decided to attack" is planned; "the decision hit them" tells nothing of an object.
            Some(EventStatus::Planned) if matches!(relation, "obj" | "nsubj" | "obl") && is_verb => {}
            Some(EventStatus::Planned) if relation == "obj" && events.performs(tree.lemma(above)) => {}
            Some(EventStatus::Possible) if relation == "ccomp" || relation == "nsubj" => {}
            Some(EventStatus::Denied) if relation == "nsubj" => {}
            Some(status) => return status,
            None => {}
        }
        if let Some(status) = auxiliaries(tree, above, knowledge).filter(|_| relation != "ccomp") {
            return status;
        }
        below = above;
    }
    default(tree, candidate, knowledge, is_verb)
}

fn mark<'t>(tree: &'t Tree, t: usize) -> Option<&'t str> {
    tree.child(t, &["mark"]).map(|m| tree.lemma(m))
}

/// Whether a word of the trigger is negated: "did *not* attack", "*no* talks".
pub fn negated(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> bool {
    let negation = |c: &usize| {
        matches!(tree.universal(*c), "advmod" | "det" | "cc")
            && knowledge.events().is_negation(tree.lemma(*c))
            && !candidate.words.contains(c)
    };
    candidate.words.iter().chain([&candidate.head]).any(|&word| tree.children(word).iter().any(negation))
}

/// What the words around a trigger settle, whatever the model makes of its own form: a negation, a condition, an auxiliary of what ought to
/// be, and words above that carry it without telling it as done ("the risk of extradition", "lacks the capacity to suppress protests").
pub fn settled(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> Option<EventStatus> {
    let events = knowledge.events();
    let head = candidate.head;
    let is_verb = matches!(tree.upos(head), "VERB" | "AUX");
    if negated(tree, candidate, knowledge) {
        return Some(negation(tree, head, knowledge));
    }
    let none = |s: usize| {
        let denies = |t: usize| events.is_negation(tree.lemma(t));
        denies(s) || tree.children(s).iter().any(|&c| tree.universal(c) == "det" && denies(c))
    };
    if tree.child(head, &["nsubj"]).is_some_and(|s| s < head && none(s)) {
        return Some(EventStatus::Denied);
    }
    // "a planned march", "a foiled plot"; of what is alleged nobody knows whether it was.
    let before =
        |c: &usize| Some(*c).filter(|&c| tree.universal(c) == "amod").and_then(|c| events.modifies(tree.lower(c)));
    let not_yet = |s: &EventStatus| matches!(s, EventStatus::Planned | EventStatus::Unreal);
    if let Some(status) = tree.children(head).iter().filter_map(before).find(not_yet).filter(|_| !is_verb) {
        return Some(status);
    }
    // What is demanded, blamed or granted is said in these very forms: there the words are the deed.
    let said = events.quad(&candidate.kind).is_some_and(|quad| quad.starts_with("verbal"));
    let definite = !is_verb && tree.child(head, &["det", "nmod:poss"]).is_some_and(|d| is_definite(tree, d));
    let mut below = head;
    for step in 0..=HIGHEST {
        if let Some(status) = mark(tree, below).and_then(|m| events.opens(m)).filter(|_| !definite) {
            // "asked if they had met" leaves it open.
            return Some(if tree.universal(below) == "ccomp" { EventStatus::Possible } else { status });
        }
        let helped = tree.children(below).iter().filter(|&&c| tree.universal(c) == "aux");
        let own = |c: &&usize| !candidate.words.contains(*c) && events.is_ought(tree.lemma(**c));
        if let Some(&ought) = helped.clone().find(own).filter(|_| !said && (step == 0 || !definite)) {
            // "They should have left": they did not. "They must have left": it is thought that they did.
            let have = helped.clone().any(|&c| tree.lemma(c) == "have") && tree.lemma(ought) != "must";
            return Some(if have { EventStatus::Unreal } else { EventStatus::Possible });
        }
        let above = tree.head(below).filter(|_| step < HIGHEST && is_carried(tree, below))?;
        // A conjunct is governed by what governs the first, and not by the first.
        if tree.universal(below) == "conj" {
            below = above;
            continue;
        }
        if events.is_granting(tree.lemma(above)) {
            return None;
        }
        let denies = tree.children(above).iter().any(|&c| events.is_negation(tree.lemma(c)));
        if denies && events.is_undertaking(tree.lemma(above)) && tree.universal(below) != "ccomp" {
            return Some(EventStatus::Denied);
        }
        // Not by what is itself negated, and not of what is known to be: "the fear of the war".
        let by = events.settles(tree.lemma(above)).filter(|_| !said && !denies && !definite);
        if let Some(status) = by.filter(|_| !candidate.words.contains(&above)) {
            return Some(status);
        }
        below = above;
    }
    None
}

/// Whether what stands above a token says something of its being done.
fn is_carried(tree: &Tree, t: usize) -> bool {
    let case = || tree.case(t).or_else(|| mark(tree, t));
    match tree.universal(t) {
        "xcomp" | "ccomp" | "csubj" | "obj" | "compound" => true,
        "acl" => tree.relation(t) != "acl:relcl",
        "nsubj" => tree.relation(t) == "nsubj:pass",
        "nmod" | "obl" | "advcl" => {
            case().is_some_and(|c| matches!(c, "of" | "from" | "for" | "against" | "as" | "about"))
        }
        // A conjunct without its own subject and auxiliaries shares those of the first.
        "conj" => tree.child(t, &["aux", "nsubj", "mark"]).is_none(),
        _ => false,
    }
}

/// Whether a determiner says that what it stands with is known: "the", "this", "their".
fn is_definite(tree: &Tree, determiner: usize) -> bool {
    tree.universal(determiner) == "nmod"
        || matches!(tree.lemma(determiner), "the" | "this" | "that" | "these" | "those")
}

/// What a negated deed is: denied where it is told that it was not done, possible where it could not or must not be, or somebody demands
/// that it not be done.
fn negation(tree: &Tree, head: usize, knowledge: &Knowledge) -> EventStatus {
    let events = knowledge.events();
    let helps = |c: &usize| matches!(tree.universal(*c), "aux" | "cop");
    let helping = || tree.children(head).iter().copied().filter(helps);
    let open = |c: usize| events.is_ought(tree.lemma(c)) || matches!(tree.lower(c), "can" | "ca" | "may" | "might");
    if helping().any(open) {
        return EventStatus::Possible;
    }
    // "that they not attack", "not to attack": no tense tells that it was so.
    let tenseless = tree.upos(head) == "VERB"
        && helping().next().is_none()
        && (tree.lower(head) == tree.lemma(head) || mark(tree, head) == Some("to"));
    let demanded = tree.head(head).is_some_and(|above| events.is_demanding(tree.lemma(above)));
    let complement = matches!(tree.universal(head), "ccomp" | "xcomp" | "acl" | "advcl");
    match mark(tree, head).and_then(|m| events.opens(m)) {
        Some(status) => status,
        None if tenseless && demanded && complement => EventStatus::Possible,
        None => EventStatus::Denied,
    }
}

/// Whether a verb's complement is what its verb says is not so: "denied that it had shelled the town", but not "did not deny".
pub fn denied(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge) -> bool {
    let events = knowledge.events();
    let complement = matches!(tree.universal(candidate.head), "ccomp" | "xcomp");
    let Some(verb) = tree.head(candidate.head).filter(|_| complement) else { return false };
    let plain = !tree.children(verb).iter().any(|&c| events.is_negation(tree.lemma(c)));
    plain && events.governs(tree.lemma(verb)) == Some(EventStatus::Denied)
}

/// What stands with the trigger itself.
fn own(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge, is_verb: bool) -> Option<EventStatus> {
    let events = knowledge.events();
    let head = candidate.head;
    for &word in candidate.words.iter().chain([&head]) {
        for &c in tree.children(word) {
            if matches!(tree.universal(c), "amod" | "compound" | "advmod")
                && !is_verb
                && let Some(status) = events.modifies(tree.lower(c))
            {
                return Some(status);
            }
        }
    }
    if is_verb {
        return auxiliaries(tree, head, knowledge);
    }
    // A noun with a copula: "there will be talks".
    auxiliaries(tree, head, knowledge)
}

/// What auxiliaries and adverbs of a verb tell.
fn auxiliaries(tree: &Tree, v: usize, knowledge: &Knowledge) -> Option<EventStatus> {
    let events = knowledge.events();
    let mut told = None;
    for &c in tree.children(v) {
        let lemma = tree.lemma(c);
        match tree.universal(c) {
            "aux" => {
                let status = match (events.governs(tree.lower(c)), events.governs(lemma)) {
                    (Some(status), _) | (None, Some(status)) => Some(status),
                    _ => None,
                };
                told = told.or(status);
                // "would have" is of what did not happen.
                let have = tree.children(v).iter().any(|&h| tree.universal(h) == "aux" && tree.lemma(h) == "have");
                if matches!(tree.lower(c), "would" | "could" | "might") && have {
                    told = Some(EventStatus::Unreal);
                }
                if tree.lower(c) == "would" && !have {
                    told = Some(EventStatus::Planned);
                }
            }
            "advmod" if events.is_negation(lemma) => return Some(EventStatus::Denied),
            "advmod" => {
                told = told.or_else(|| {
                    events.governs(lemma).filter(|s| matches!(s, EventStatus::Ongoing | EventStatus::Possible))
                })
            }
            _ => {}
        }
    }
    told
}

/// What the form of the trigger tells by itself.
fn default(tree: &Tree, candidate: &Candidate, knowledge: &Knowledge, is_verb: bool) -> EventStatus {
    let events = knowledge.events();
    let head = candidate.head;
    if !is_verb {
        let lasting = candidate.words.iter().any(|&t| events.lasts(tree.lemma(t)));
        return if lasting { EventStatus::Ongoing } else { EventStatus::Happened };
    }
    let form = tree.lower(head);
    let helped = |lemmas: &[&str]| {
        tree.children(head).iter().any(|&c| tree.universal(c) == "aux" && lemmas.contains(&tree.lemma(c)))
    };
    if form.ends_with("ing") && (helped(&["be"]) || matches!(tree.universal(head), "acl" | "amod")) {
        let past =
            tree.children(head).iter().any(|&c| tree.universal(c) == "aux" && matches!(tree.lower(c), "was" | "were"));
        return if past { EventStatus::Happened } else { EventStatus::Ongoing };
    }
    let present = form == tree.lemma(head) || form.ends_with('s') && !form.ends_with("ss");
    let finite = !matches!(mark(tree, head), Some("to")) && !helped(&["do", "have", "be", "will"]);
    let subject = tree.child(head, &["nsubj"]).is_some();
    if present && finite && subject && !tree.passive(head) && events.type_lasts(&candidate.kind) {
        return EventStatus::Ongoing;
    }
    EventStatus::Happened
}
