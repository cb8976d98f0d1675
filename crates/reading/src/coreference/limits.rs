//! What cannot be meant, however much else speaks for it.
//!
//! Weights weigh; a wrong name for a whole chain costs more than a mention left alone. So some links are refused: "he" does not take
//! up what is of many; what somebody says does not name them ("the minister has left, he said"); nobody written about is the "I" of
//! the text itself; a name, and a description that brings new words, joins a chain of another kind only where the sentence ties
//! them ("the envoy, Ann Lind", "she is a doctor").

use annalist_knowledge::NounClass;
use annalist_language::Attribution;
use annalist_record::{ActorKind, MentionForm};

use super::chains::{Chain, Chains};
use super::mentions::{Determiner, Mention, Number, Scene};
use crate::quotation::Place;

/// A phrase with more words than these is a description of its own: "the leader", not "the leader of the band".
const BARE: usize = 2;
/// A name that stands beside a description is one of so many mentions after it.
const APPOSED_WITHIN: usize = 6;
/// A subject that was named in the sentence of a pronoun or in so many before it is passed over by none.
const NEW_SUBJECTS: usize = 2;
/// Whoever spoke last did so in at most so many sentences before.
const SPOKE_BEFORE: usize = 3;
/// Words of one meaning that are spelled in two ways begin with so many letters that are the same.
const SPELLED_ALIKE: usize = 5;

impl Scene<'_> {
    /// Whether the words of a mention, by its number, and of an earlier one, `a`, with its chain, say that they are not of one.
    pub(crate) fn refuses(&self, m: usize, a: usize, chains: &Chains) -> bool {
        let (this, that) = (&chains.mentions[m], &chains.mentions[a]);
        let chain = chains.of(a);
        match this.form {
            MentionForm::Pronoun => {
                self.of_many(this, chain, chains)
                    || self.names_its_speaker(m, chain, chains)
                    || self.narrates_of_others(this, chain, chains)
                    || self.passes_over(m, chain, chains)
                    || self.thing_of_person(this, chain, chains)
                    || self.many_of_person(this, chain, chains)
            }
            MentionForm::Name => {
                self.strange_name(this, that, chain, chains)
                    || self.namesake(m, chain, chains)
                    || self.another_full_name(this, that, chain, chains)
                    || self.another_body(this, chain, chains)
                    || self.narrator(chain, chains)
            }
            MentionForm::Nominal => {
                let members = || chain.members.iter().map(|&k| &chains.mentions[k]);
                !self.tied(this, that)
                    && (members().any(|other| self.of_two_states(this, other))
                        || self.called_otherwise(m, chain, chains)
                        || self.narrator(chain, chains)
                        || self.holds_itself(this, chain, chains)
                        || self.another_kind(this, chain, chains)
                        || self.strange_description(this, that, chain, chains)
                        || self.part_of_many(this, chain, chains)
                        || self.another_country(m, chain, chains))
            }
        }
    }

    /// Whether the sentence says of two mentions that they are one.
    fn tied(&self, m: &Mention, a: &Mention) -> bool {
        match self.structure(m, a) {
            "appos" | "appos beside" | "copula" | "complement" => true,
            // "She serves as a judge", not "she spoke of him as a judge".
            "as" => self.head(m.head).is_some_and(|verb| {
                let others = |c: &&usize| matches!(self.relation(**c), "obj" | "obl") && **c != m.head;
                self.children[verb].iter().find(others).is_none()
            }),
            _ => false,
        }
    }

    /// Whether the sentence, or what stands right before, could say of a name whose it is.
    fn tied_by_name(&self, m: &Mention, a: &Mention) -> bool {
        self.structure(m, a) != "as" && (self.tied(m, a) || self.structure(m, a) == "beside")
    }

    /// Whether one is meant, and the chain is of many.
    fn of_many(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let many = |k: &usize| {
            let a = &chains.mentions[*k];
            a.form == MentionForm::Name && self.plural_name[a.head]
        };
        matches!(m.pronoun, Some("he" | "she"))
            && (chain.number() == Some(Number::Plural) || chain.members.iter().any(many))
    }

    /// Whether a pronoun is who says something, and what is said, in the same sentence, names the chain. Whoever spoke last before may
    /// still be meant: "Lind cannot come, she said".
    fn names_its_speaker(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        if !matches!(this.pronoun, Some("he" | "she" | "it" | "they")) {
            return false;
        }
        let own = |s: &&Attribution| s.source.iter().any(|r| r.len() == 1 && r.contains(&this.head));
        let Some(saying) = self.attributions.iter().find(own) else { return false };
        let sentence = &self.analysis.sentences[this.sentence].tokens;
        let told = |a: &Mention| {
            a.form != MentionForm::Pronoun
                && sentence.contains(&a.head)
                && saying.content.iter().any(|r| r.contains(&a.head))
        };
        if chain.members.iter().any(|&k| told(&chains.mentions[k])) {
            return this.quoted || !self.spoke_last(m, chain, chains);
        }
        // "And, he said, Lind has left": of a person who is named only after the pronoun, too.
        let person = |a: &Mention| a.form == MentionForm::Name && self.name_kind(a.head) == Some("PER");
        let named = |a: &Mention| {
            let called = |k: &usize| {
                let b = &chains.mentions[*k];
                person(b) && matches!(self.likeness(a, b), "same name" | "surname" | "part of name" | "longer name")
            };
            person(a) && told(a) && chain.members.iter().any(called)
        };
        let after = chains.mentions[m + 1..].iter().take_while(|a| a.sentence == this.sentence);
        matches!(this.pronoun, Some("he" | "she"))
            && after.filter(|a| !a.together).any(named)
            && !self.spoke_last(m, chain, chains)
    }

    /// Whether of all who say something in the sentences before a mention, by name or description, the chain is the last.
    fn spoke_last(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        let speaks = |k: &usize| {
            let a = &chains.mentions[*k];
            !a.quoted
                && self
                    .attributions
                    .iter()
                    .enumerate()
                    .any(|(s, at)| at.source.iter().any(|r| r.contains(&a.head)) && self.speaks(a, s))
        };
        let lately = (0..m)
            .rev()
            .take_while(|&k| this.sentence - chains.mentions[k].sentence.min(this.sentence) <= SPOKE_BEFORE);
        let last = lately.filter(|&k| chains.mentions[k].sentence < this.sentence).find(speaks);
        last.is_some_and(|k| chain.members.contains(&k))
    }

    /// Whether "they" would be one person with a full name.
    fn many_of_person(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let person = |k: &usize| {
            let a = &chains.mentions[*k];
            a.form == MentionForm::Name
                && !a.together
                && self.name_kind(a.head) == Some("PER")
                && !self.plural_name[a.head]
        };
        let they = |k: &usize| chains.mentions[*k].pronoun == Some("they") || chains.mentions[*k].together;
        m.pronoun == Some("they") && chain.members.iter().any(person) && !chain.members.iter().any(they)
    }

    /// Whether a mention is in the text's own first person: outside quotation marks, and in nobody's words but the writer's.
    pub(crate) fn narrates(&self, m: &Mention) -> bool {
        matches!(m.pronoun, Some("i" | "we")) && !m.quoted && !self.writer_named && !self.in_others_words(m.head)
    }

    /// Whether a token stands in what is said by somebody other than "I" and "we".
    fn in_others_words(&self, t: usize) -> bool {
        self.others_words.get(t).is_some_and(|&is| is)
    }

    /// Which tokens stand in what is said by somebody other than "I" and "we".
    pub(crate) fn words_of_others(&self) -> Vec<bool> {
        let first = |t: usize| matches!(self.knowledge.referents().pronoun(&self.lower[t]), Some("i" | "we"));
        let others = |a: &&Attribution| !a.source.is_empty() && !a.source.iter().cloned().flatten().any(first);
        let mut words = vec![false; self.lower.len()];
        for stretch in self.attributions.iter().filter(others).flat_map(|a| &a.content) {
            words[stretch.clone()].fill(true);
        }
        words
    }

    /// Whether a chain is the writer's.
    fn narrator(&self, chain: &Chain, chains: &Chains) -> bool {
        let i = |k: &usize| chains.mentions[*k].pronoun == Some("i") && self.narrates(&chains.mentions[*k]);
        chain.members.iter().any(i)
    }

    /// Whether a pronoun would make the writer somebody who is written about.
    fn narrates_of_others(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let others = |k: &usize| {
            let a = &chains.mentions[*k];
            a.form != MentionForm::Pronoun || matches!(a.pronoun, Some("he" | "she" | "it" | "they"))
        };
        match m.pronoun {
            Some("i") if self.narrates(m) => chain.members.iter().any(others),
            Some("he" | "she" | "it" | "they") => self.narrator(chain, chains) || self.reader(chain, chains),
            // "you" is the reader, unless somebody is called out to.
            Some("you") if !m.quoted && !self.in_others_words(m.head) => {
                let called = |k: &usize| self.relation(chains.mentions[*k].head) == "vocative";
                chain.members.iter().any(others) && !chain.members.iter().any(called)
            }
            _ => false,
        }
    }

    /// Whether a chain is of who reads: "you" outside quotation marks, said to nobody who is called by name.
    fn reader(&self, chain: &Chain, chains: &Chains) -> bool {
        let you = |k: &usize| {
            let m = &chains.mentions[*k];
            m.pronoun == Some("you") && !m.quoted && !self.in_others_words(m.head)
        };
        let called = |k: &usize| self.relation(chains.mentions[*k].head) == "vocative";
        !chain.named && chain.members.iter().any(you) && !chain.members.iter().any(called)
    }

    /// How many sentences lie between two, and the last of them, without those that are within quotation marks.
    fn told_since(&self, before: usize, sentence: usize) -> usize {
        let quoted = |s: &usize| {
            let tokens = &self.analysis.sentences[*s].tokens;
            tokens.clone().take(2).any(|t| self.places[t] == Place::Inside)
        };
        (before + 1..=sentence).filter(|s| *s == sentence || !quoted(s)).count()
    }

    /// Whether "he" or "she" would pass over a person who is named as the subject of a clause since the chain was last mentioned, and
    /// whom it might be.
    fn passes_over(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        if !matches!(this.pronoun, Some("he" | "she")) || this.quoted {
            return false;
        }
        // What is only said, and who is only told of in passing ("with him"), is not what the text goes on about.
        let subject = matches!(self.role(this.head), "subject" | "passive");
        let kept = |k: &&usize| {
            let a = &chains.mentions[**k];
            let passing = subject
                && a.sentence < this.sentence
                && a.form == MentionForm::Pronoun
                && !matches!(self.role(a.head), "subject" | "passive" | "poss");
            !a.quoted && !passing
        };
        let Some(last) = chain.members.iter().rev().find(kept).copied() else { return false };
        let own = |k: usize| {
            // A subject is not its own verb's object.
            let governor = self.head(this.head);
            let reflexive = self.lower[this.head].ends_with("self");
            governor.is_some() && governor == self.head(chains.mentions[k].head) && !reflexive
        };
        let might_be = |k: &usize| {
            let that = &chains.mentions[*k];
            that.form == MentionForm::Name
                && !that.together
                && !that.quoted
                && self.name_kind(that.head) == Some("PER")
                && self.told_since(that.sentence, this.sentence) < NEW_SUBJECTS
                && matches!(self.role(self.beside_whom(that.head)), "subject" | "passive")
                && !matches!((this.gender, chains.of(*k).gender()), (Some(x), Some(y)) if x != y)
                && !own(*k)
                && !self.names_its_speaker(m, chains.of(*k), chains)
        };
        (last + 1..m).any(|k| might_be(&k))
    }

    /// The head that a name is apposed to, or itself.
    fn beside_whom(&self, t: usize) -> usize {
        self.head(t).filter(|&h| self.relation(t) == "appos" && h < t).unwrap_or(t)
    }

    /// Whether a person's name would join a chain that has none, by no tie.
    fn strange_name(&self, m: &Mention, that: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let person = self.name_kind(m.head) == Some("PER");
        if !person || self.tied_by_name(m, that) {
            return false;
        }
        let described = |k: &usize| chains.mentions[*k].form == MentionForm::Nominal;
        let alike = |k: &usize| self.likeness(m, &chains.mentions[*k]) != "-";
        !chain.named && chain.members.iter().any(described) && !chain.members.iter().any(alike)
    }

    /// Whether a full name would join those who are only called by its surname, though another who bears it was named in full before.
    fn namesake(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        let bearer = |a: &Mention| {
            a.form == MentionForm::Name
                && self.name_kind(a.head) == Some("PER")
                && self.surname(a) == self.surname(this)
        };
        let members = || chain.members.iter().map(|&k| &chains.mentions[k]);
        bearer(this)
            && self.name_len(this) > 1
            && members().any(bearer)
            && members().filter(|a| bearer(a)).all(|a| self.name_len(a) == 1)
            && chains.mentions[..m].iter().any(|a| bearer(a) && self.name_len(a) > 1 && self.differ(this, a))
    }

    /// Whether a full name would join a person with another full name, of whose words neither has the other's surname: "Vladimir Orlov" is
    /// not "Vladimir Petrov".
    fn another_full_name(&self, m: &Mention, that: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let full =
            |a: &Mention| a.form == MentionForm::Name && self.name_kind(a.head) == Some("PER") && self.name_len(a) > 1;
        if !full(m) || self.tied_by_name(m, that) {
            return false;
        }
        // Spellings differ at the end more than at the beginning.
        let begins = |word: &str| word.chars().take(4).collect::<String>();
        let has = |of: &Mention, surname: &str| self.name_words(of).any(|word| begins(word) == begins(surname));
        let shares = |a: &Mention| has(a, self.surname(m)) || has(m, self.surname(a));
        let mut names = chain.members.iter().map(|&k| &chains.mentions[k]).filter(|a| full(a)).peekable();
        names.peek().is_some() && !names.any(shares)
    }

    /// Whether the name of a body would join one by another name, each with a word that the other lacks: "Bank of Elva" is not "Harbour
    /// Bank".
    fn another_body(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let own = self.body_words(m);
        if own.len() < 2 {
            return false;
        }
        let other = |k: &usize| {
            let a = &chains.mentions[*k];
            // The same name, as mostly, is soon told.
            if self.name_words(m).next().is_some() && self.name_words(m).eq(self.name_words(a)) {
                return false;
            }
            let words = self.body_words(a);
            let lacks = |x: &[usize], y: &[usize]| x.iter().any(|&t| !y.iter().any(|&u| self.same_word(t, u)));
            words.len() > 1
                && lacks(&own, &words)
                && lacks(&words, &own)
                && !self.one_actor(m, a)
                && !self.is_acronym(m, a)
                && !self.is_acronym(a, m)
        };
        chain.members.iter().any(other)
    }

    /// The words that make the name of a body or of something that is no person, place or time.
    fn body_words(&self, m: &Mention) -> Vec<usize> {
        let none = self.name_of[m.head].is_none();
        let body = match self.name_kind(m.head) {
            Some("ORG") => true,
            None => !matches!(m.class, Some(NounClass::Person | NounClass::Place | NounClass::Time)),
            _ => false,
        };
        if m.form != MentionForm::Name || m.together || !body {
            return Vec::new();
        }
        let tokens = if none { m.tokens.clone() } else { self.name_tokens(m) };
        let capital = |t: &usize| self.word(*t).starts_with(char::is_uppercase);
        let content = |t: &usize| matches!(self.upos(*t), "PROPN" | "NOUN" | "ADJ" | "VERB" | "X") && capital(t);
        // What stands after a mark is not of the name.
        let ends = |t: usize| t > m.head && matches!(self.word(t), "(" | "," | "–" | "—" | "-");
        tokens.take_while(|&t| !ends(t)).filter(content).collect()
    }

    /// Whether two words of names are one: the same, almost the same ("Defence", "Defense"), or of one country.
    fn same_word(&self, t: usize, u: usize) -> bool {
        let countries = self.knowledge.countries();
        let country = |t: usize| countries.named(self.word(t)).or_else(|| countries.of_demonym(self.word(t)));
        let begins = |t: usize| self.lower[t].chars().take(SPELLED_ALIKE).collect::<String>();
        let alike = || begins(t).chars().count() == SPELLED_ALIKE && begins(t) == begins(u);
        let of_one = || matches!((country(t), country(u)), (Some(x), Some(y)) if x.iso3 == y.iso3);
        self.lower[t] == self.lower[u] || self.lemma[t] == self.lemma[u] || alike() || of_one()
    }

    /// Whether two names are known for names of one.
    fn one_actor(&self, m: &Mention, a: &Mention) -> bool {
        let known = |m: &Mention| self.knowledge.actors().named(self.name_as_written(m), None);
        matches!((known(m), known(a)), (Some(x), Some(y)) if x.name == y.name)
    }

    /// The words of a name as they are written.
    pub(crate) fn name_as_written(&self, m: &Mention) -> &str {
        let tokens = self.name_tokens(m);
        let last = tokens.end.max(tokens.start + 1) - 1;
        let (first, last) = (&self.analysis.tokens[tokens.start], &self.analysis.tokens[last]);
        &self.text[first.start..last.end.max(first.start)]
    }

    /// Whether a description stands within one of the chain, or holds one: "the child of a sailor" is no sailor.
    fn holds_itself(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let overlaps = |k: &usize| {
            let a = &chains.mentions[*k];
            a.form != MentionForm::Pronoun && a.tokens.start < m.tokens.end && m.tokens.start < a.tokens.end
        };
        chain.members.iter().any(overlaps)
    }

    /// Whether a description says of what kind a body is, and a body of the chain is of another: no ministry is "the firm".
    fn another_kind(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let actors = self.knowledge.actors();
        let kind = |words: &str| actors.word(words).first().and_then(|word| word.kind);
        let business = |kind: ActorKind| kind == ActorKind::Company;
        let Some(own) = kind(&self.lemma[m.head]).filter(|_| m.class == Some(NounClass::Group)) else { return false };
        let other = |k: &usize| {
            let a = &chains.mentions[*k];
            if a.form != MentionForm::Name || self.name_kind(a.head) != Some("ORG") {
                return false;
            }
            let known = actors.named(self.name_as_written(a), None).and_then(|known| known.kind);
            let by_word = || self.name_tokens(a).find_map(|t| kind(&self.lemma[t]));
            known.or_else(by_word).is_some_and(|that| {
                let public = |kind| matches!(kind, ActorKind::Government | ActorKind::Military | ActorKind::Police);
                (business(own) && public(that)) || (public(own) && business(that))
            })
        };
        chain.members.iter().any(other)
    }

    /// Whether "it" would be a person with a name.
    fn thing_of_person(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let person = |k: &usize| {
            let a = &chains.mentions[*k];
            let first = self.name_tokens(a).start;
            a.form == MentionForm::Name
                && self.name_kind(a.head) == Some("PER")
                && self.name_len(a) > 1
                && self.knowledge.referents().first_name(&self.lower[first]).is_some()
        };
        matches!(m.pronoun, Some("it" | "this" | "that")) && chain.members.iter().any(person)
    }

    /// Whether two descriptions by one noun are of two states: "the Norwegian president", "the US president".
    pub(crate) fn of_two_states(&self, m: &Mention, a: &Mention) -> bool {
        if m.form != MentionForm::Nominal || a.form != MentionForm::Nominal || self.lemma[m.head] != self.lemma[a.head]
        {
            return false;
        }
        let states = |of: &Mention| -> Vec<&str> {
            let before = (of.tokens.start..of.head)
                .filter(|&t| self.head(t) == Some(of.head) && matches!(self.relation(t), "amod" | "compound" | "nmod"));
            let countries = self.knowledge.countries();
            let named = |t: usize| countries.named(self.word(t)).or_else(|| countries.of_demonym(self.word(t)));
            before.filter_map(named).map(|country| &*country.iso3).collect()
        };
        let (own, other) = (states(m), states(a));
        !own.is_empty() && !other.is_empty() && own.iter().all(|state| !other.contains(state))
    }

    /// Whether a description is told in the same breath to be a person of another name: "the treasurer, Ann Lind" is not Ben Okoro.
    fn called_otherwise(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        let person = |a: &Mention| a.form == MentionForm::Name && self.name_kind(a.head) == Some("PER");
        let apposed =
            |a: &&Mention| person(a) && self.relation(a.head) == "appos" && self.head(a.head) == Some(this.head);
        // "the carmaker Harbour Motors" is no other carmaker.
        let described = |a: &&Mention| {
            a.form == MentionForm::Name
                && self.name_kind(a.head) == Some("ORG")
                && self.head(this.head) == Some(a.head)
                && matches!(self.relation(this.head), "nmod" | "compound")
                && this.determiner == Determiner::None
        };
        let near = || chains.mentions[m + 1..].iter().take(APPOSED_WITHIN);
        let around = || chains.mentions[..m].iter().rev().take(APPOSED_WITHIN).chain(near());
        if let Some(name) = around().find(described) {
            let named = |k: &usize| chains.mentions[*k].form == MentionForm::Name;
            return chain.members.iter().any(named)
                && chain.members.iter().filter(|k| named(k)).all(|&k| self.likeness(name, &chains.mentions[k]) == "-");
        }
        let Some(name) = near().find(apposed) else { return false };
        let mut names = chain.members.iter().map(|&k| &chains.mentions[k]).filter(|a| person(a)).peekable();
        names.peek().is_some() && names.all(|a| self.differ(name, a))
    }

    /// Whether "the country" would be one that was named before another, and was not called so yet.
    fn another_country(&self, m: usize, chain: &Chain, chains: &Chains) -> bool {
        let this = &chains.mentions[m];
        let country =
            |a: &Mention| a.form == MentionForm::Name && self.knowledge.countries().named(self.word(a.head)).is_some();
        let members = || chain.members.iter().map(|&k| &chains.mentions[k]);
        let called_so = |a: &Mention| a.form == MentionForm::Nominal && self.lemma[a.head] == self.lemma[this.head];
        // A capital is no country, whatever else it stands for.
        let capital = |a: &Mention| {
            a.form == MentionForm::Name && self.knowledge.countries().of_capital(self.word(a.head)).is_some()
        };
        let whole = self.knowledge.referents().is_country(&self.lemma[this.head]);
        if whole && members().any(capital) && !members().any(country) {
            return true;
        }
        if this.class != Some(NounClass::Place) || !members().any(country) || members().any(called_so) {
            return false;
        }
        let latest = (0..m).rev().find(|&k| country(&chains.mentions[k]));
        latest.is_some_and(|k| !chain.members.contains(&k))
    }

    /// Whether many are described as they were not before: "northern fishermen" are not all "fishermen".
    fn part_of_many(&self, m: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let bare = m.determiner == Determiner::None && m.number == Some(Number::Plural);
        let alike = |k: &usize| {
            let a = &chains.mentions[*k];
            a.form == MentionForm::Nominal && self.lemma[a.head] == self.lemma[m.head]
        };
        let mut same = chain.members.iter().filter(|k| alike(k)).peekable();
        bare && same.peek().is_some()
            && same.all(|&k| matches!(self.extent(m, &chains.mentions[k]), "more" | "some" | "others"))
    }

    /// Whether a description would join a person's chain, or one of a body, by words that nothing there bears out.
    fn strange_description(&self, m: &Mention, that: &Mention, chain: &Chain, chains: &Chains) -> bool {
        let alike = |k: &usize| self.likeness(m, &chains.mentions[*k]) != "-";
        if self.reader(chain, chains) {
            return true;
        }
        // A man and a child, both new, are two.
        let described = |k: &usize| chains.mentions[*k].form == MentionForm::Nominal;
        if m.determiner == Determiner::Indefinite
            && chain.members.iter().any(described)
            && !chain.members.iter().any(alike)
        {
            return true;
        }
        if !chain.named || chain.members.iter().any(alike) {
            return false;
        }
        // A body is no person.
        let person = |class: Option<NounClass>| class == Some(NounClass::Person);
        if m.class.is_some() && chain.class().is_some() && person(m.class) != person(chain.class()) {
            return true;
        }
        // Anybody in a family or a case may be the child or the defendant.
        if chain.class() == Some(NounClass::Person) && self.knowledge.referents().is_part(&self.lemma[m.head]) {
            return true;
        }
        match m.determiner {
            Determiner::Indefinite => true,
            Determiner::Definite | Determiner::Possessive | Determiner::None => {
                chain.class() == Some(NounClass::Person) && m.tokens.len() > BARE && that.form != MentionForm::Nominal
            }
            _ => false,
        }
    }
}
