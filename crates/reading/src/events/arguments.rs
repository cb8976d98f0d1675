//! Who, to whom, where and when: what a candidate does not tell yet, from the tree and from what else was read.
//!
//! Participants are looked for where the candidate's frame says they stand. The subject of a verb without one is that of the
//! verb it depends on (control, raising, participles, conjunction); a relative pronoun is its antecedent; an event or thing that
//! stands where somebody should is whoever did or has it ("*Norwegian* shells hit the town"). What is found is widened to the
//! mention that it heads, and to all that are conjoined with it.

use std::ops::Range;

use annalist_knowledge::{Frame, Knowledge, NounClass, Role};
use annalist_record::{CharIndex, EventStatus, MentionForm, Span, Statement, Time};

use super::tree::Tree;
use super::{Candidate, EventMention, Party, Scored, Setting, tokens_of};
use crate::times::says_when;

/// No search follows more links than this.
const DEEPEST: usize = 8;

/// A place or time further from a trigger than this, in tokens, is not taken for its own unless the tree joins them.
const NEAR: usize = 14;

/// A scored span below this is not taken before the tree is asked.
const LEAST: f32 = 0.5;
/// A scored span below this is not taken where the tree says nothing.
const LIKELY: f32 = 0.3;
/// Where the model's likeliest span is below this, the tree is not asked.
const DOUBTED: f32 = 0.12;

/// The name of a country, or of its people, has at most so many words.
const LONGEST_COUNTRY: usize = 4;

/// Fills what candidates lack.
pub struct Filler<'s, 'a> {
    setting: &'s Setting<'a>,
    tree: &'s Tree<'a>,
    /// For each place, its mentions as tokens.
    places: Vec<Vec<Range<usize>>>,
    /// For each time, its tokens.
    times: Vec<Range<usize>>,
    /// For each time, whether it tells when something is, and not how long or how often.
    dated: Vec<bool>,
    /// For each statement, the stretches of tokens of its content, and how many they are.
    contents: Vec<(Vec<Range<usize>>, usize)>,
    /// For each statement, its source's tokens.
    sources: Vec<Vec<Range<usize>>>,
}

/// Whether a time tells when something is, or is a stretch between known days.
fn tells_when(time: &Time) -> bool {
    let lasts = !matches!(&*time.kind, "DATE" | "TIME");
    says_when(time) || lasts && time.earliest.is_some()
}

impl<'s, 'a> Filler<'s, 'a> {
    /// Makes ready what all candidates of a text need.
    pub fn new(setting: &'s Setting<'a>, tree: &'s Tree<'a>, index: &CharIndex) -> Filler<'s, 'a> {
        let tokens = |span: &Span| tokens_of(setting.analysis, index, span);
        let all = |spans: &[Span]| spans.iter().map(tokens).filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let contents = setting.statements.iter().map(|s| {
            let stretches = all(&s.content);
            let size = stretches.iter().map(Range::len).sum();
            (stretches, size)
        });
        Filler {
            setting,
            tree,
            places: setting.places.iter().map(|p| all(&p.mentions)).collect(),
            times: setting.times.iter().map(|t| tokens(&t.span)).collect(),
            dated: setting.times.iter().map(tells_when).collect(),
            contents: contents.collect(),
            sources: setting.statements.iter().map(|s| all(&s.source)).collect(),
        }
    }

    fn knowledge(&self) -> &'a Knowledge {
        self.setting.knowledge
    }

    /// A statement by its number.
    pub fn statement(&self, number: Option<usize>) -> Option<&'a Statement> {
        number.and_then(|n| self.setting.statements.get(n))
    }

    /// The mention that a candidate makes; `others` are all candidates of the text. Its status is the candidate's, or `Happened`.
    pub fn fill(&self, candidate: &Candidate, others: &[Candidate]) -> EventMention {
        let verb = matches!(self.tree.upos(candidate.head), "VERB" | "AUX" | "ADJ");
        let known = candidate.frame.or_else(|| self.known_frame(candidate));
        let frame = known.unwrap_or_else(|| self.knowledge().events().default_frame(verb));
        let said_in = self.said_in(candidate.head);
        let scored = |s: &Option<Scored>, least: f32| {
            s.as_ref().filter(|s| s.score >= least && s.tokens.end <= self.tree.len()).map(|s| s.tokens.clone())
        };
        // What the model is sure of, then what the tree says, unless the model is sure that there is none; then what the model thinks likely.
        let doubted = |s: &Option<Scored>| candidate.seen && s.as_ref().is_none_or(|s| s.score < DOUBTED);
        let mut actors = match scored(&candidate.actor, LEAST) {
            Some(tokens) => self.parties_of(tokens),
            None if doubted(&candidate.actor) => Vec::new(),
            None => self.find(candidate, &frame.actor, None, false),
        };
        if actors.is_empty() {
            actors.extend(scored(&candidate.actor, LIKELY).into_iter().flat_map(|tokens| self.parties_of(tokens)));
        }
        let mut recipients = match scored(&candidate.recipient, LEAST) {
            Some(tokens) => self.parties_of(tokens),
            None if doubted(&candidate.recipient) => Vec::new(),
            None => self.find(candidate, &frame.recipient, actors.first(), true),
        };
        if recipients.is_empty() {
            recipients
                .extend(scored(&candidate.recipient, LIKELY).into_iter().flat_map(|tokens| self.parties_of(tokens)));
        }
        // Nobody does a thing to himself: of the same words, the actor is meant.
        recipients.retain(|r| !actors.iter().any(|a| a.tokens.contains(&self.top(&r.tokens))));
        // Nor where two names or descriptions are known to be one; of pronouns that is never sure enough.
        let named = |p: &Party| self.tree.upos(self.top(&p.tokens)) != "PRON";
        let one = |a: &Party, r: &Party| a.actor.is_some() && a.actor == r.actor && named(a) && named(r);
        recipients.retain(|r| !actors.iter().any(|a| one(a, r)));
        if actors.is_empty() && !doubted(&candidate.actor) {
            actors = self.inferred_actor(candidate, frame, said_in, &recipients, others);
            // "Lund said that he had been accused": whoever says so did not accuse himself.
            let same = |a: &Party, r: &Party| a.actor.is_some() && a.actor == r.actor;
            actors.retain(|a| !recipients.iter().any(|r| same(a, r)));
        }
        let spoken: Vec<Range<usize>> = actors.iter().chain(&recipients).map(|p| p.tokens.clone()).collect();
        let place = match scored(&candidate.place, LEAST) {
            Some(tokens) => self.place_at(&tokens),
            None if doubted(&candidate.place) => None,
            None => self.place(candidate, &spoken, said_in),
        };
        let time = match scored(&candidate.time, LEAST) {
            Some(tokens) => {
                let meets = |t: &Range<usize>| t.start < tokens.end && tokens.start < t.end;
                (0..self.times.len()).find(|&n| self.dated[n] && meets(&self.times[n]))
            }
            None if doubted(&candidate.time) => None,
            None => self.time(candidate, None),
        };
        // When something was said tells roughly when what was said happened, but nothing of what is still to come, and less than a time
        // that stands within what was said.
        let of_the_saying =
            |&t: &usize| self.times.get(t).is_some_and(|t| self.of_the_saying(t, candidate.head, said_in));
        let time = match time.filter(of_the_saying) {
            None => time,
            Some(_) => {
                let within = self.time(candidate, said_in);
                let to_come = matches!(candidate.status, Some(EventStatus::Planned | EventStatus::Possible));
                within.or(time.filter(|_| !to_come))
            }
        };
        EventMention {
            trigger: candidate.trigger.clone(),
            head: candidate.head,
            kind: candidate.kind.clone(),
            mode: candidate.mode.clone(),
            actors,
            recipients,
            place,
            time,
            status: candidate.status.unwrap_or(EventStatus::Happened),
            said_in,
            same: candidate.same.clone(),
            score: candidate.score,
        }
    }

    /// The frame that the lexicon has for the trigger's head and type.
    fn known_frame(&self, candidate: &Candidate) -> Option<&'a Frame> {
        let fits = |e: &&annalist_knowledge::EventEntry| {
            e.kind.as_deref() == Some(&*candidate.kind) && e.part.admits(self.tree.upos(candidate.head))
        };
        let entries = self.knowledge().events().with_head(self.tree.lemma(candidate.head));
        entries.filter(fits).min_by_key(|e| e.others.len()).map(|e| &*e.frame)
    }

    /// The innermost statement in whose content a token stands, by number.
    fn said_in(&self, t: usize) -> Option<usize> {
        let holds = |n: &usize| self.contents.get(*n).is_some_and(|(s, _)| s.iter().any(|s| s.contains(&t)));
        (0..self.contents.len()).filter(holds).min_by_key(|&n| self.contents.get(n).map_or(0, |c| c.1))
    }

    /// The participants at the first of some roles that has any.
    fn find(&self, candidate: &Candidate, roles: &[Role], not: Option<&Party>, recipient: bool) -> Vec<Party> {
        for role in roles {
            let mut parties: Vec<Party> = Vec::new();
            for t in self.at(candidate, role) {
                if candidate.words.contains(&t) || not.is_some_and(|p| p.tokens.contains(&t)) {
                    continue;
                }
                for t in self.with_conjuncts(t) {
                    if let Some(party) = self.party(t, recipient).filter(|p| !parties.contains(p)) {
                        parties.push(party);
                    }
                }
            }
            if !parties.is_empty() {
                return parties;
            }
        }
        Vec::new()
    }

    /// The tokens at a role.
    fn at(&self, candidate: &Candidate, role: &Role) -> Vec<usize> {
        let tree = self.tree;
        let head = candidate.head;
        match role {
            Role::Subject => self.subject(head, 0).into_iter().collect(),
            Role::Object => self.object(head).into_iter().collect(),
            Role::Indirect => tree.child(head, &["iobj"]).into_iter().collect(),
            Role::ClauseSubject => {
                let clause = tree.child(head, &["ccomp", "xcomp", "advcl"]);
                clause.and_then(|c| tree.child(c, &["nsubj", "nsubj:pass"])).into_iter().collect()
            }
            Role::Possessor => {
                let own = candidate.words.iter().chain([&head]).find_map(|&w| tree.child(w, &["nmod:poss"]));
                own.into_iter().collect()
            }
            Role::Modifier => {
                candidate.words.iter().chain([&head]).find_map(|&w| self.modifier(w)).into_iter().collect()
            }
            Role::Governor => self.governor_subject(head, 0).into_iter().collect(),
            Role::GovernorObject => {
                let verb = tree.head(head).filter(|_| tree.relation(head) == "nsubj");
                verb.filter(|&v| tree.upos(v) == "VERB").and_then(|v| self.object(v)).into_iter().collect()
            }
            Role::Preposition(word) => self.by_preposition(candidate, word),
        }
    }

    /// What a preposition joins to the trigger's words, or to the verb the trigger depends on.
    fn by_preposition(&self, candidate: &Candidate, word: &str) -> Vec<usize> {
        let tree = self.tree;
        let joined = |site: usize| -> Vec<usize> {
            let fits = |c: &&usize| {
                matches!(tree.universal(**c), "obl" | "nmod" | "advcl" | "acl") && tree.case(**c) == Some(word)
            };
            tree.children(site).iter().filter(fits).copied().collect()
        };
        let mut sites: Vec<usize> = vec![candidate.head];
        sites.extend(candidate.words.iter().filter(|w| **w != candidate.head));
        for site in sites {
            let found = joined(site);
            if !found.is_empty() {
                return found;
            }
        }
        // "carried out an attack on them", "talks were held with them": the tree may join the phrase to the verb.
        let noun = !matches!(tree.upos(candidate.head), "VERB" | "AUX");
        let governs = matches!(tree.universal(candidate.head), "obj" | "nsubj" | "obl" | "xcomp");
        let verb = tree.head(candidate.head).filter(|_| noun && governs);
        let after = |c: &usize| *c > candidate.head || tree.relation(candidate.head) == "nsubj:pass";
        verb.map(|v| joined(v).into_iter().filter(after).filter(|&c| c != candidate.head).collect()).unwrap_or_default()
    }

    /// A token with all that are conjoined with it.
    fn with_conjuncts(&self, t: usize) -> Vec<usize> {
        let conjuncts = self.tree.children(t).iter().filter(|&&c| self.tree.universal(c) == "conj").copied();
        std::iter::once(t).chain(conjuncts.filter(|&c| self.tree.upos(c) != "VERB")).collect()
    }

    /// Who does what a verb says: its subject, or whom "by" names if it is passive.
    fn subject(&self, v: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        if let Some(doer) = self.hyphenated(v) {
            return Some(doer);
        }
        if tree.passive(v) {
            let by = |c: &&usize| tree.universal(**c) == "obl" && tree.case(**c) == Some("by") && !self.is_time(**c);
            return tree.child(v, &["obl:agent"]).or_else(|| tree.children(v).iter().find(by).copied());
        }
        self.surface_subject(v, depth)
    }

    /// "*US*-backed": who stands before a participle and its hyphen.
    fn hyphenated(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        let before = v.checked_sub(2)?;
        let hyphen = matches!(tree.lower(v - 1), "-" | "‑" | "–");
        (hyphen && matches!(tree.upos(before), "PROPN" | "NOUN" | "ADJ") && tree.past_participle(v)).then_some(before)
    }

    /// The grammatical subject of a verb, its own or the one it shares.
    fn surface_subject(&self, v: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        if let Some(subject) = tree.child(v, &["nsubj", "nsubj:pass"]) {
            return Some(self.antecedent(subject));
        }
        let head = tree.head(v)?;
        match tree.relation(v) {
            "acl:relcl" => Some(head),
            "acl" if tree.lower(v).ends_with("ing") => Some(head),
            "acl" => self.noun_subject(head, depth + 1),
            "amod" => Some(head),
            "conj" => self.surface_subject(head, depth + 1),
            "xcomp" | "advcl" | "ccomp" | "parataxis" | "csubj" => {
                let object = || tree.child(head, &["obj", "iobj"]).map(|o| self.antecedent(o));
                let controls = tree.relation(v) == "xcomp"
                    && !self.knowledge().events().subject_controls(tree.lemma(head))
                    || tree.relation(v) == "advcl"
                        && tree.child(v, &["mark"]).is_some_and(|m| matches!(tree.lemma(m), "of" | "from" | "for"));
                if controls && let Some(object) = object() {
                    return Some(object);
                }
                self.surface_subject(head, depth + 1)
            }
            // "in attacking the town", "after being arrested"
            "obl" | "nmod" | "dep" | "obj" | "nsubj" => match tree.upos(head) {
                "VERB" | "AUX" => self.surface_subject(head, depth + 1),
                _ => self.noun_subject(head, depth + 1),
            },
            _ => None,
        }
    }

    /// Who does what a noun says.
    fn noun_subject(&self, n: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        let own = tree.child(n, &["nmod:poss"]).or_else(|| self.modifier(n));
        own.or_else(|| self.governor_subject(n, depth + 1))
    }

    /// The subject of the verb that a noun depends on, if the verb says no more than that it is done: whoever launched the attack, not
    /// whoever recalled it.
    fn governor_subject(&self, n: usize, depth: usize) -> Option<usize> {
        let tree = self.tree;
        if depth > DEEPEST {
            return None;
        }
        let head = tree.head(n)?;
        let verb = matches!(tree.upos(head), "VERB" | "AUX" | "ADJ");
        if verb && !self.knowledge().events().is_light(tree.lemma(head)) {
            return None;
        }
        match tree.relation(n) {
            "obj" | "xcomp" if verb => self.subject(head, depth + 1),
            "nsubj:pass" => self.subject(head, depth + 1).filter(|&s| s != n),
            "conj" if !verb => self.noun_subject(head, depth + 1).filter(|&s| s != n),
            // "a wave of attacks", "the peace talks"; of "parties to the conflict" nobody knows whether they do it.
            "nmod" | "compound" if !verb && matches!(tree.case(n), None | Some("of")) => {
                self.noun_subject(head, depth + 1).filter(|&s| s != n)
            }
            relation if relation.starts_with("obl") && verb => {
                // "died in attacks": nobody of the sentence did it; "took part in attacks": the subject.
                let plain = !tree.passive(head)
                    && matches!(tree.case(n), Some("in" | "with" | "for" | "to" | "from" | "into" | "of" | "on"));
                plain.then(|| self.surface_subject(head, depth + 1)).flatten().filter(|&s| s != n)
            }
            _ => None,
        }
    }

    /// To whom a verb's doing is done: its object, or the subject of a passive one.
    fn object(&self, v: usize) -> Option<usize> {
        let tree = self.tree;
        if tree.passive(v) {
            if let Some(subject) = tree.child(v, &["nsubj:pass", "nsubj"]) {
                return Some(self.antecedent(subject));
            }
            return match tree.relation(v) {
                "acl" | "amod" | "acl:relcl" => tree.head(v),
                _ => self.surface_subject(v, 0),
            };
        }
        if let Some(object) = tree.child(v, &["obj", "iobj"]) {
            return Some(self.antecedent(object));
        }
        // "the men they killed"
        let own = tree.child(v, &["nsubj"]);
        let relative = tree.relation(v) == "acl:relcl" && own.is_some_and(|s| !self.is_relative(s));
        let hyphenated = tree.relation(v) == "amod" && self.hyphenated(v).is_some();
        (relative || hyphenated).then(|| tree.head(v)).flatten()
    }

    /// What stands before a noun and tells whose it is: "*rebel* attacks", "*Norwegian* troops", "*UN*-led talks".
    fn modifier(&self, n: usize) -> Option<usize> {
        let tree = self.tree;
        let before = |c: &&usize| **c < n && matches!(tree.universal(**c), "compound" | "amod" | "nmod");
        let modifiers: Vec<usize> = tree.children(n).iter().filter(before).copied().collect();
        for &m in &modifiers {
            if let Some(doer) = self.hyphenated(m).filter(|&d| self.acts(d)) {
                return Some(doer);
            }
        }
        let acting = |m: &&usize| self.acts(**m) && !self.is_place_only(**m);
        modifiers.iter().find(acting).or_else(|| modifiers.iter().find(|&&m| self.acts(m))).copied()
    }

    /// Whether a modifier can be somebody: a name, a people's adjective, a noun for persons or groups.
    fn acts(&self, m: usize) -> bool {
        let tree = self.tree;
        let countries = self.knowledge().countries();
        let word = tree.words(&(m..m + 1));
        let capital = word.starts_with(char::is_uppercase);
        if capital && countries.lookup(word).next().is_some() {
            return true;
        }
        let class = self.knowledge().referents().noun(tree.lemma(m));
        let name = self.setting.analysis.names.iter().any(|n| n.tokens.contains(&m) && n.kind != "EVENT");
        match tree.upos(m) {
            "PROPN" => name || matches!(class, Some(NounClass::Person | NounClass::Group)),
            "NOUN" => matches!(class, Some(NounClass::Person | NounClass::Group)),
            "ADJ" => name && capital,
            _ => false,
        }
    }

    /// Whether a modifier names a place and no country: "the *Raqqa* offensive".
    fn is_place_only(&self, m: usize) -> bool {
        let place = self.setting.analysis.names.iter().any(|n| n.tokens.contains(&m) && n.kind == "LOC");
        place && self.knowledge().countries().lookup(self.tree.words(&(m..m + 1))).next().is_none()
    }

    fn is_relative(&self, t: usize) -> bool {
        let tree = self.tree;
        let word = matches!(tree.lower(t), "who" | "which" | "that" | "whom" | "whose");
        let within = std::iter::once(t).chain(tree.above(t)).find(|&a| tree.relation(a) == "acl:relcl");
        word && matches!(tree.upos(t), "PRON" | "DET" | "SCONJ") && within.is_some()
    }

    /// What a relative pronoun stands for; the token itself if it is none.
    fn antecedent(&self, t: usize) -> usize {
        if !self.is_relative(t) {
            return t;
        }
        let clause = std::iter::once(t).chain(self.tree.above(t)).find(|&a| self.tree.relation(a) == "acl:relcl");
        clause.and_then(|c| self.tree.head(c)).unwrap_or(t)
    }

    fn is_time(&self, t: usize) -> bool {
        self.times.iter().any(|time| time.contains(&t))
    }

    /// The smallest mention that a token heads, else that holds it.
    fn mention_at(&self, t: usize) -> Option<usize> {
        let mentions = self.setting.coreference.mentions.iter().enumerate().filter(|(_, m)| m.tokens.contains(&t));
        mentions.min_by_key(|(_, m)| (m.head != t, m.tokens.len())).map(|(k, _)| k)
    }

    /// Somebody, by the token that heads the words for him; what is no one is whoever stands with it, or nothing.
    fn party(&self, t: usize, recipient: bool) -> Option<Party> {
        let t = self.antecedent(t);
        if self.is_time(t) {
            return None;
        }
        let mention = self.mention_at(t).filter(|&m| self.setting.coreference.mentions[m].head == t);
        let class = mention.and_then(|m| self.setting.coreference.mentions[m].class);
        let noun = matches!(self.tree.upos(t), "NOUN");
        let doing = matches!(class, Some(NounClass::Event | NounClass::Abstract | NounClass::Thing | NounClass::Time));
        if noun && doing {
            let of = |c: &&usize| {
                self.tree.universal(**c) == "nmod"
                    && matches!(self.tree.case(**c), Some("of" | "by" | "against" | "on"))
            };
            let whose = self.tree.child(t, &["nmod:poss"]).or_else(|| self.modifier(t));
            let whose = whose.or_else(|| self.tree.children(t).iter().find(of).copied());
            if let Some(whose) = whose.filter(|&w| w != t && (self.acts(w) || self.refers(w))) {
                return self.party_at(whose);
            }
            // Things can be done something to; they do nothing.
            if !recipient || !matches!(class, Some(NounClass::Thing)) {
                return None;
            }
        }
        if !matches!(self.tree.upos(t), "NOUN" | "PROPN" | "PRON" | "DET" | "NUM" | "ADJ") {
            return None;
        }
        self.party_at(t)
    }

    /// Whether a token heads a mention of a person or group, or a pronoun.
    fn refers(&self, t: usize) -> bool {
        self.mention_at(t).is_some_and(|m| {
            let m = &self.setting.coreference.mentions[m];
            m.head == t
                && (m.form == MentionForm::Pronoun
                    || matches!(m.class, Some(NounClass::Person | NounClass::Group | NounClass::Place)))
        })
    }

    fn party_at(&self, t: usize) -> Option<Party> {
        // Expletives and questions are no one.
        if matches!(self.tree.lower(t), "it" | "there" | "what" | "this" | "that") && self.tree.universal(t) == "expl" {
            return None;
        }
        match self.mention_at(t) {
            Some(m) => {
                let mention = &self.setting.coreference.mentions[m];
                // A modifier within a mention of something else is its own words.
                let tokens = if mention.head == t { self.trimmed(&mention.tokens, t) } else { self.own_words(t) };
                let actor =
                    (mention.head == t).then(|| self.setting.participants.actor_of.get(m).copied().flatten()).flatten();
                Some(Party { tokens, actor, inferred: false })
            }
            None => Some(Party { tokens: self.own_words(t), actor: None, inferred: false }),
        }
    }

    /// A mention without the clauses that say more of it, and without what marks it as an owner: "the rebels" of "the rebels who fled".
    fn trimmed(&self, tokens: &Range<usize>, head: usize) -> Range<usize> {
        let clauses = self.tree.children(head).iter().filter(|&&c| c > head && self.tree.universal(c) == "acl");
        let begins = |&c: &usize| self.tree.below(c, DEEPEST).first().map_or(c, |&first| first.min(c));
        let mut end = clauses.map(begins).filter(|&b| b > head).min().map_or(tokens.end, |b| b.min(tokens.end));
        while end > head + 1 && matches!(self.tree.upos(end - 1), "PUNCT" | "PART") {
            end -= 1;
        }
        tokens.start..end.max(head + 1)
    }

    /// A token with the name it belongs to.
    fn own_words(&self, t: usize) -> Range<usize> {
        let name = self.setting.analysis.names.iter().find(|n| n.tokens.contains(&t));
        name.map_or(t..t + 1, |n| n.tokens.clone())
    }

    /// Somebody, by given tokens; each by himself if several are conjoined: "Norway and Sweden", "Norwegian and Swedish officials".
    fn parties_of(&self, tokens: Range<usize>) -> Vec<Party> {
        let tokens = self.with_conjoined(tokens);
        let tree = self.tree;
        let tokens = self.whole(tokens);
        let head = self.top(&tokens);
        let with = |t: usize| {
            let conjuncts = tree.children(t).iter().filter(|&&c| c > t && tree.universal(c) == "conj");
            conjuncts.copied().filter(|c| tokens.contains(c)).collect::<Vec<usize>>()
        };
        let nominal = |c: &usize| matches!(tree.upos(*c), "NOUN" | "PROPN" | "PRON" | "NUM");
        let mut heads: Vec<usize> = with(head).into_iter().filter(nominal).collect();
        if let Some(parties) = self.of_countries(&tokens) {
            return parties;
        }
        if !heads.is_empty() {
            heads.insert(0, head);
        }
        // A name is not taken apart.
        let names = &self.setting.analysis.names;
        heads.dedup_by(|later, former| names.iter().any(|n| n.tokens.contains(&*later) && n.tokens.contains(&*former)));
        if heads.len() < 2 {
            return vec![self.party_of(tokens)];
        }
        // Each reaches from after the last one's conjunction to before its own.
        let joins = |t: usize| matches!(tree.universal(t), "cc" | "punct") || tree.upos(t) == "PUNCT";
        let mut parties = Vec::with_capacity(heads.len());
        let mut start = tokens.start;
        for (k, &head) in heads.iter().enumerate() {
            let end = match heads.get(k + 1) {
                Some(&next) => (head + 1..next).find(|&t| joins(t)).unwrap_or(head + 1),
                None => tokens.end,
            };
            while start < head && joins(start) {
                start += 1;
            }
            parties.push(self.party_of(start..end));
            start = end;
        }
        parties
    }

    /// A country's adjective with the other countries' that are conjoined with it and the noun that they share: of "Norwegian", "Norwegian and
    /// Swedish ships".
    fn with_conjoined(&self, tokens: Range<usize>) -> Range<usize> {
        let tree = self.tree;
        let countries = self.knowledge().countries();
        let country = |t: usize| t < tree.len() && countries.of_demonym(tree.words(&(t..t + 1))).is_some();
        let mut end = tokens.end;
        if tokens.is_empty() || !tokens.clone().all(country) {
            return tokens;
        }
        while end < tree.len() && (tree.universal(end) == "cc" || tree.lower(end) == ",") && country(end + 1) {
            end += 2;
        }
        let noun = end < tree.len() && tree.upos(end) == "NOUN";
        if end > tokens.end && noun { tokens.start..end + 1 } else { tokens }
    }

    /// What several countries have of one noun, each by itself, if a stretch names such: "Norwegian, Swedish and Danish officials". Only the
    /// words are looked at, since trees of these differ.
    fn of_countries(&self, tokens: &Range<usize>) -> Option<Vec<Party>> {
        let tree = self.tree;
        let countries = self.knowledge().countries();
        let named = |start: usize| {
            let ends = (start + 1..=(start + LONGEST_COUNTRY).min(tokens.end)).rev();
            let known = |end: &usize| {
                [start, end - 1].iter().all(|&t| tree.upos(t) != "PUNCT")
                    && countries.lookup(tree.words(&(start..*end))).next().is_some()
            };
            ends.into_iter().find(known)
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut at = tokens.start;
        while at < tokens.end {
            if let Some(end) = named(at) {
                found.push(at..end);
                at = end;
            } else if found.is_empty() || tree.universal(at) == "cc" || tree.lower(at) == "," {
                at += 1;
            } else {
                break;
            }
        }
        let last = found.last()?;
        // Of "Norwegian and Swedish" alone, what they have.
        let above =
            |t: usize| tree.head(t).filter(|&h| tree.upos(h) == "NOUN" && (last.end..last.end + 3).contains(&h));
        let have = found.iter().find_map(|r| above(r.end - 1));
        let end = if last.end == tokens.end { have.map_or(tokens.end, |h| h + 1) } else { tokens.end };
        let tokens = tokens.start..end;
        // Their noun follows, and is no country; a comma alone joins nothing.
        let joined = found.len() > 1 && (found[0].end..last.start).any(|t| tree.universal(t) == "cc");
        let noun = (last.end..tokens.end).any(|t| matches!(tree.upos(t), "NOUN" | "PROPN"));
        if !joined || !noun || matches!(tree.upos(last.end), "PUNCT" | "CCONJ") {
            return None;
        }
        let starts = std::iter::once(tokens.start).chain(found[1..].iter().map(|r| r.start));
        let ends = found[..found.len() - 1].iter().map(|r| r.end).chain([tokens.end]);
        Some(starts.zip(ends).map(|(start, end)| self.party_within(start..end)).collect())
    }

    /// A stretch of tokens without the marks, prepositions and conjunctions it begins or ends with; an article with the words that it
    /// stands before.
    fn whole(&self, tokens: Range<usize>) -> Range<usize> {
        let tree = self.tree;
        let (mut start, mut end) = (tokens.start, tokens.end.min(tree.len()));
        // Of "(left) and Ann Lind", what is not cut through.
        let opens = |t: &usize| matches!(tree.lower(*t), "(" | "[");
        let closes = |t: &usize| matches!(tree.lower(*t), ")" | "]");
        if let Some(close) = (start..end).find(closes).filter(|&c| !(start..c).any(|t| opens(&t)) && c + 1 < end) {
            start = close + 1;
        }
        if let Some(open) = (start..end).rev().find(opens).filter(|&o| !(o..end).any(|t| closes(&t)) && o > start) {
            end = open;
        }
        let joins = |t: usize| matches!(tree.upos(t), "PUNCT" | "ADP" | "CCONJ" | "SCONJ");
        while start + 1 < end && joins(start) {
            start += 1;
        }
        while start + 1 < end && joins(end - 1) {
            end -= 1;
        }
        // "disperse the marchers": whom it is done to.
        let object = |t: usize| tree.children(t).iter().any(|&c| c < end && tree.universal(c) == "obj");
        if start + 1 < end && tree.upos(start) == "VERB" && object(start) {
            start += 1;
        }
        let article = |t: usize| tree.upos(t) == "DET" && tree.universal(t) == "det";
        match tree.head(start).filter(|&h| (start..end).all(article) && h >= end) {
            Some(head) => start..head + 1,
            None => self.phrase(start..end),
        }
    }

    /// The phrase of which a stretch is a part: of "least", the "at least 50 people"; of "led coalition", "the US-led coalition". A stretch
    /// that is a whole phrase, or more, stays.
    fn phrase(&self, tokens: Range<usize>) -> Range<usize> {
        let tree = self.tree;
        let nominal = |t: usize| matches!(tree.upos(t), "NOUN" | "PROPN" | "PRON" | "NUM" | "ADJ");
        let mut head = self.top(&tokens);
        // Up from words that only tell how many, and from marks, within the phrase.
        for _ in 0..3 {
            let part = matches!(tree.universal(head), "advmod" | "nummod" | "det" | "case" | "punct" | "fixed");
            match tree.head(head).filter(|_| part && !nominal(head) || tree.universal(head) == "nummod") {
                Some(above) => head = above,
                None => break,
            }
        }
        let Some(mention) = self.mention_at(head).map(|m| &self.setting.coreference.mentions[m]) else { return tokens };
        let phrase = self.trimmed(&mention.tokens, head);
        let (start, end) = (phrase.start.min(tokens.start), phrase.end.max(tokens.end));
        let fits = mention.head == head && nominal(head) && tree.sentence(head) == tree.sentence(tokens.start);
        // What is conjoined with it is somebody else.
        let others = tree
            .children(head)
            .iter()
            .any(|&c| tree.universal(c) == "conj" && !tokens.contains(&c) && phrase.contains(&c));
        if fits && !others && start <= head && head < end { start..end } else { tokens }
    }

    /// Somebody, by given tokens.
    fn party_of(&self, tokens: Range<usize>) -> Party {
        let head = self.top(&tokens);
        let mentions = &self.setting.coreference.mentions;
        let own = |m: &usize| {
            let mention = &mentions[*m];
            mention.head == head || tokens.start <= mention.tokens.start && mention.tokens.end <= tokens.end
        };
        let mention = self.mention_at(head).filter(own);
        let actor = mention.and_then(|m| self.setting.participants.actor_of.get(m).copied().flatten());
        Party { tokens, actor, inferred: false }
    }

    /// Somebody, by given tokens, who is of a chain only if the mention has no more words.
    fn party_within(&self, tokens: Range<usize>) -> Party {
        let mention = self.mention_at(self.top(&tokens)).map(|m| &self.setting.coreference.mentions[m].tokens);
        let within = mention.is_some_and(|m| tokens.start <= m.start && m.end <= tokens.end);
        let mut party = self.party_of(tokens);
        party.actor = party.actor.filter(|_| within);
        party
    }

    /// Who did it, where the tree names no one by the trigger: the speaker of what is said, if the event is one of words; the actor of
    /// the event that the trigger depends on.
    fn inferred_actor(
        &self,
        candidate: &Candidate,
        frame: &Frame,
        said_in: Option<usize>,
        recipients: &[Party],
        others: &[Candidate],
    ) -> Vec<Party> {
        if frame.actor.is_empty() {
            return Vec::new();
        }
        let verbal = self.knowledge().events().quad(&candidate.kind).is_some_and(|q| q.starts_with("verbal"));
        if let Some(n) = said_in.filter(|_| verbal)
            && let Some(source) = self.sources.get(n).and_then(|s| s.first())
        {
            let mut party = self.party_of(source.clone());
            party.inferred = true;
            return vec![party];
        }
        // "an attack that killed two": the killing is the attackers'.
        for above in self.tree.above(candidate.head).take(3) {
            let Some(other) = others.iter().find(|o| o.head == above && o.kind == candidate.kind) else { continue };
            let Some(frame) = other.frame else { continue };
            let mut found = self.find(other, &frame.actor, None, false);
            found.retain(|p| !recipients.iter().any(|r| r.tokens == p.tokens));
            if !found.is_empty() {
                found.iter_mut().for_each(|p| p.inferred = true);
                return found;
            }
        }
        Vec::new()
    }

    /// Who is visited where nobody else is named: the place, by its mention nearest to the trigger in its sentence.
    pub fn host(&self, place: usize, trigger: usize) -> Option<Party> {
        let sentence = self.tree.sentence(trigger);
        let mentions = self.places.get(place)?.iter().filter(|m| sentence.contains(&m.start));
        mentions.min_by_key(|m| m.start.abs_diff(trigger)).map(|m| self.party_of(m.clone()))
    }

    fn place_at(&self, tokens: &Range<usize>) -> Option<usize> {
        let meets = |m: &Range<usize>| m.start < tokens.end && tokens.start < m.end;
        self.places.iter().position(|mentions| mentions.iter().any(meets))
    }

    /// The token of a stretch that the others depend on.
    fn top(&self, tokens: &Range<usize>) -> usize {
        let outside = |t: &usize| self.tree.head(*t).is_none_or(|h| !tokens.contains(&h));
        tokens.clone().find(outside).unwrap_or(tokens.start)
    }

    /// How far up from a token it is to the trigger or to the verb that the trigger depends on; `None` if they are not joined.
    fn joined(&self, top: usize, candidate: &Candidate) -> Option<usize> {
        let tree = self.tree;
        let mut clause = vec![candidate.head];
        clause.extend(candidate.words.iter().copied());
        let noun = !matches!(tree.upos(candidate.head), "VERB" | "AUX");
        if noun {
            let governor = tree.head(candidate.head).filter(|&g| tree.upos(g) == "VERB");
            clause.extend(governor);
        }
        for (steps, above) in tree.above(top).take(4).enumerate() {
            if clause.contains(&above) {
                return Some(steps);
            }
            // Not across a clause of its own.
            if matches!(tree.universal(above), "ccomp" | "advcl" | "parataxis" | "acl" | "conj" | "root") {
                break;
            }
        }
        None
    }

    /// Whether the clause in which a token stands is also that of another, or one above it: what stands in a clause below tells of that.
    fn over(&self, t: usize, other: usize) -> bool {
        let tree = self.tree;
        let heads_clause = |t: &usize| {
            let relation = tree.universal(*t);
            matches!(relation, "acl" | "advcl" | "ccomp" | "parataxis" | "csubj" | "xcomp")
                || relation == "conj" && matches!(tree.upos(*t), "VERB" | "AUX")
        };
        let clause = std::iter::once(t).chain(tree.above(t)).find(heads_clause);
        clause.is_none_or(|clause| clause == other || tree.above(other).any(|above| above == clause))
    }

    /// Where: a place whose mention stands after a preposition of place and is joined to the trigger, else the nearest of its sentence.
    fn place(&self, candidate: &Candidate, spoken: &[Range<usize>], said_in: Option<usize>) -> Option<usize> {
        let tree = self.tree;
        let sentence = tree.sentence(candidate.head);
        let events = self.knowledge().events();
        let mut best: Option<((usize, usize), usize)> = None;
        for (number, mentions) in self.places.iter().enumerate() {
            for tokens in mentions.iter().filter(|m| sentence.contains(&m.start)) {
                if spoken.iter().any(|s| s.start < tokens.end && tokens.start < s.end) {
                    continue;
                }
                let top = self.top(tokens);
                let case = tree.case(top).is_some_and(|c| events.is_place_preposition(c));
                let of = tree.case(top) == Some("of");
                let distance = top.abs_diff(candidate.head);
                let modifier = matches!(tree.universal(top), "compound" | "nmod")
                    && tree.head(top) == Some(candidate.head)
                    && top < candidate.head;
                let rank = match self.joined(top, candidate) {
                    Some(steps) if case => steps,
                    Some(steps) if of || modifier => steps + 2,
                    _ if case
                        && distance <= NEAR
                        && self.over(top, candidate.head)
                        && !self.of_the_saying(tokens, candidate.head, said_in) =>
                    {
                        6
                    }
                    _ => continue,
                };
                if best.is_none_or(|(known, _)| (rank, distance) < known) {
                    best = Some(((rank, distance), number));
                }
            }
        }
        best.map(|(_, number)| number)
    }

    /// Whether a time of the trigger's sentence says when something was said, and not when what was said happens: it stands outside the words
    /// of the statement in which the trigger stands.
    fn of_the_saying(&self, time: &Range<usize>, trigger: usize, said_in: Option<usize>) -> bool {
        let Some((stretches, _)) = said_in.and_then(|n| self.contents.get(n)) else { return false };
        self.tree.sentence(trigger).contains(&time.start) && !stretches.iter().any(|s| s.contains(&time.start))
    }

    /// When: a time that is joined to the trigger or to a verb above it, else the nearest of its sentence; given the statement in which the
    /// trigger stands, only a time within it.
    fn time(&self, candidate: &Candidate, said_in: Option<usize>) -> Option<usize> {
        let tree = self.tree;
        let sentence = tree.sentence(candidate.head);
        let mut best: Option<((usize, usize), usize)> = None;
        for (number, tokens) in self.times.iter().enumerate() {
            if tokens.is_empty()
                || !self.dated[number]
                || !sentence.contains(&tokens.start)
                || self.of_the_saying(tokens, candidate.head, said_in)
            {
                continue;
            }
            let top = self.top(tokens);
            let distance = top.abs_diff(candidate.head);
            let rank = match self.joined(top, candidate) {
                Some(steps) => steps,
                None if distance <= NEAR && self.over(top, candidate.head) => 6,
                None => continue,
            };
            if best.is_none_or(|(known, _)| (rank, distance) < known) {
                best = Some(((rank, distance), number));
            }
        }
        best.map(|(_, number)| number)
    }
}
