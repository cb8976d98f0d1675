//! Which words make up a participant: the mention that a word heads, and all that are conjoined with it.

use std::ops::Range;

use annalist_knowledge::{Frame, NounClass};
use annalist_record::MentionForm;

use super::Filler;
use super::subjects::DEEPEST;
use crate::events::{Candidate, Party};

/// No list of participants has more than so many.
const LONGEST_LIST: usize = 12;

/// A bracket after a name, of an abbreviation, holds at most so many tokens.
const LONGEST_BRACKET: usize = 3;

/// The name of a country, or of its people, has at most so many words.
const LONGEST_COUNTRY: usize = 4;

impl Filler<'_, '_> {
    /// The smallest mention that a token heads, else that holds it.
    fn mention_at(&self, t: usize) -> Option<usize> {
        let mentions = self.setting.coreference.mentions.iter().enumerate().filter(|(_, m)| m.tokens.contains(&t));
        mentions.min_by_key(|(_, m)| (m.head != t, m.tokens.len())).map(|(k, _)| k)
    }

    /// Somebody, by the token that heads the words for him; what is no one is whoever stands with it, or nothing.
    pub(super) fn party(&self, t: usize, recipient: bool) -> Option<Party> {
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

    /// Everybody who takes part as those of given tokens do: they, and who is conjoined with them, for a model that learnt one span a role
    /// may end before the conjunction. Nobody of `others`, who take part in another way.
    pub(super) fn all_of(&self, tokens: Range<usize>, others: &[Range<usize>]) -> Vec<Party> {
        let mut parties = self.parties_of(tokens);
        let Some(first) = parties.first().map(|p| self.first_of(self.top(&p.tokens))) else { return parties };
        for t in self.conjoined(first) {
            let held = |tokens: &Range<usize>| tokens.contains(&t);
            let known = parties.iter().any(|p| held(&p.tokens)) || others.iter().any(held);
            if !known && (self.refers(t) || self.acts(t)) {
                parties.extend(self.party_at(t));
            }
        }
        self.each_by_itself(parties)
    }

    /// Those who take part, without the chain of a mention that holds several of them: "harbour guards" of "harbour guards and dockers" are
    /// not both.
    fn each_by_itself(&self, mut parties: Vec<Party>) -> Vec<Party> {
        let heads: Vec<usize> = parties.iter().map(|p| self.top(&p.tokens)).collect();
        for (party, &head) in parties.iter_mut().zip(&heads) {
            let mention = self.mention_at(head).map(|m| &self.setting.coreference.mentions[m].tokens);
            let several = |m: &Range<usize>| heads.iter().any(|other| *other != head && m.contains(other));
            party.actor = party.actor.take().filter(|_| !mention.is_some_and(several));
        }
        parties
    }

    /// The first of those that are conjoined with a token.
    fn first_of(&self, t: usize) -> usize {
        let tree = self.tree;
        let mut first = t;
        while let Some(above) = tree.head(first).filter(|&h| tree.universal(first) == "conj" && h < first) {
            let nominal = matches!(tree.upos(above), "NOUN" | "PROPN" | "PRON" | "NUM");
            if !nominal {
                break;
            }
            // Of "Ann Lund, the mayor, and Bo Berg", where the tree joins Berg to the mayor.
            let described = tree.head(above).filter(|_| self.is_beside(above, first));
            first = described.unwrap_or(above);
        }
        first
    }

    /// A token and all that are conjoined with it, in order: its conjuncts and theirs, and names that the tree conjoins with what describes
    /// it ("Ann Lund, the mayor, and *Bo Berg*").
    pub(super) fn conjoined(&self, t: usize) -> Vec<usize> {
        let tree = self.tree;
        let excluded = |c: usize| {
            let word = |&k: &usize| matches!(tree.lower(k), "but" | "rather" | "not" | "instead");
            tree.children(c).iter().filter(|&&k| matches!(tree.universal(k), "cc" | "advmod")).any(word)
        };
        let joined = |c: &usize| tree.universal(*c) == "conj" && tree.upos(*c) != "VERB" && !excluded(*c);
        let mut found = vec![t];
        let mut next = 0;
        while let Some(&at) = found.get(next).filter(|_| found.len() <= LONGEST_LIST) {
            next += 1;
            let children = tree.children(at).iter().copied();
            let beside = children.clone().filter(|&c| tree.universal(c) == "appos").flat_map(|description| {
                tree.children(description).iter().copied().filter(move |&c| self.is_beside(description, c))
            });
            let more: Vec<usize> = children.chain(beside).filter(joined).filter(|c| !found.contains(c)).collect();
            found.extend(more);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether what the tree conjoins with a description is beside whom that describes: a name beside a name, not a second description.
    fn is_beside(&self, description: usize, conjunct: usize) -> bool {
        let tree = self.tree;
        tree.universal(description) == "appos"
            && tree.upos(description) == "NOUN"
            && tree.upos(conjunct) == "PROPN"
            && tree.universal(conjunct) == "conj"
    }

    /// A stretch that ends before the bracket with an abbreviation, with the noun of which it is the name: of "their Free Army", "their Free
    /// Army (FA) allies".
    fn past_bracket(&self, tokens: Range<usize>) -> Range<usize> {
        let tree = self.tree;
        let opens = tree.lower(tokens.end) == "(";
        let close = (tokens.end + 1..=tokens.end + 1 + LONGEST_BRACKET).find(|&t| tree.lower(t) == ")");
        let Some(close) = close.filter(|_| opens && !tokens.is_empty()) else { return tokens };
        let head = self.top(&tokens);
        let modifies = matches!(tree.universal(head), "compound" | "nmod" | "amod" | "flat");
        let noun = tree.head(head).filter(|&h| modifies && h > close && h <= close + 2 && self.refers(h));
        noun.map_or(tokens.clone(), |noun| tokens.start..noun + 1)
    }

    /// Somebody, by given tokens; each by himself if several are conjoined: "Norway and Sweden", "Norwegian and Swedish officials".
    pub(super) fn parties_of(&self, tokens: Range<usize>) -> Vec<Party> {
        let tokens = self.with_conjoined(tokens);
        let tree = self.tree;
        let tokens = self.whole(self.past_bracket(tokens));
        let head = self.top(&tokens);
        if let Some(parties) = self.of_countries(&tokens) {
            return parties;
        }
        let nominal = |c: &usize| matches!(tree.upos(*c), "NOUN" | "PROPN" | "PRON" | "NUM");
        let within = |c: &usize| *c == head || *c > head && tokens.contains(c) && nominal(c);
        let mut heads: Vec<usize> = self.conjoined(head).into_iter().filter(within).collect();
        // A name is not taken apart.
        let names = &self.setting.analysis.names;
        heads.dedup_by(|later, former| names.iter().any(|n| n.tokens.contains(&*later) && n.tokens.contains(&*former)));
        if heads.len() < 2 {
            return vec![self.party_of(tokens)];
        }
        // Each reaches from its own first word to before the next one's conjunction.
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
            // What stands between describes the one before.
            let own = heads.get(k + 1).and_then(|&next| tree.below(next, DEEPEST).first().map(|&f| f.min(next)));
            start = own.map_or(end, |own| own.max(end));
        }
        self.each_by_itself(parties)
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
    pub(super) fn whole(&self, tokens: Range<usize>) -> Range<usize> {
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
    pub(super) fn inferred_actor(
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
}
