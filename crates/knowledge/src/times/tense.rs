//! Which words tell on what side of its report a time lies.

use serde::Deserialize;

/// Words that tell whether a clause's time lies ahead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tense {
    future: Vec<String>,
    modal: Vec<String>,
    past: Vec<String>,
    present: Vec<String>,
    until: Vec<String>,
    months: Vec<String>,
    perfect: Vec<String>,
    granting: Vec<String>,
    not: Vec<String>,
    ability: Vec<String>,
    planning: Vec<String>,
    forward: Vec<String>,
    willing: Vec<String>,
    deadline: Vec<String>,
    since: Vec<String>,
    back: Vec<String>,
    on: Vec<String>,
    #[serde(rename = "for")]
    meant: Vec<String>,
    towards: Vec<String>,
    present_perfect: Vec<String>,
    commanding: Vec<String>,
    moving: Vec<String>,
    managing: Vec<String>,
    scheduled: Vec<String>,
    arranged: Vec<String>,
    ahead_of: Vec<String>,
    coming: Vec<String>,
    deeds: Vec<String>,
    #[serde(default)]
    within: Vec<String>,
}

impl Tense {
    /// Whether an auxiliary of this form, in lower case, makes its verb's time a future one.
    pub fn is_future(&self, form: &str) -> bool {
        self.future.iter().any(|word| word == form)
    }

    /// Whether the form is that of a modal auxiliary.
    pub fn is_modal(&self, form: &str) -> bool {
        self.modal.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes its verb's time a past one.
    pub fn is_past(&self, form: &str) -> bool {
        self.past.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form leaves its verb's time a present one.
    pub fn is_present(&self, form: &str) -> bool {
        self.present.iter().any(|word| word == form)
    }

    /// Whether a word right before the name of a month tells it from a person of that name.
    pub fn is_before_month(&self, form: &str) -> bool {
        self.months.iter().any(|word| word == form)
    }

    /// Whether a word before a time says that what lasts until then is not over.
    pub fn is_until(&self, form: &str) -> bool {
        self.until.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes its verb's time one that is over at another.
    pub fn is_perfect(&self, form: &str) -> bool {
        self.perfect.iter().any(|word| word == form)
    }

    /// Whether a verb of this lemma sets a term, so that it is ahead though it was set before: "has given them until Tuesday".
    pub fn is_granting(&self, lemma: &str) -> bool {
        self.granting.iter().any(|word| word == lemma)
    }

    /// Whether a word denies its verb.
    pub fn is_not(&self, form: &str) -> bool {
        self.not.iter().any(|word| word == form)
    }

    /// Whether a modal auxiliary, when denied, tells what was not done: "could not be reached".
    pub fn is_ability(&self, form: &str) -> bool {
        self.ability.iter().any(|word| word == form)
    }

    /// Whether a day named with a verb of this lemma and its object is the object's: "planned a march on Saturday".
    pub fn is_planning(&self, lemma: &str) -> bool {
        self.planning.iter().any(|word| word == lemma)
    }

    /// Whether a word of this lemma looks ahead: "plan", "deadline".
    pub fn looks_ahead(&self, lemma: &str) -> bool {
        self.forward.iter().any(|word| word == lemma)
    }

    /// Whether the infinitive of a word of this lemma is still to come, though the word itself may be over: "agreed to meet".
    pub fn is_willing(&self, lemma: &str) -> bool {
        self.willing.iter().any(|word| word == lemma)
    }

    /// Whether what is to be done by a time that follows this word is not yet over: "by Friday".
    pub fn is_deadline(&self, form: &str) -> bool {
        self.deadline.iter().any(|word| word == form)
    }

    /// Whether a length after this word is one in which something is to come: "within a few days".
    pub fn is_within(&self, form: &str) -> bool {
        self.within.iter().any(|word| word == form)
    }

    /// Whether a time after this word is over: "since October".
    pub fn is_since(&self, form: &str) -> bool {
        self.since.iter().any(|word| word == form)
    }

    /// Whether what is after this word and a time need not be ahead: "is up from Monday".
    pub fn is_back(&self, form: &str) -> bool {
        self.back.iter().any(|word| word == form)
    }

    /// Whether this word before a day says only that something was on it.
    pub fn is_on(&self, form: &str) -> bool {
        self.on.iter().any(|word| word == form)
    }

    /// Whether something is meant for a day that follows this word.
    pub fn is_for(&self, form: &str) -> bool {
        self.meant.iter().any(|word| word == form)
    }

    /// Whether something is moved to a day that follows this word.
    pub fn is_towards(&self, form: &str) -> bool {
        self.towards.iter().any(|word| word == form)
    }

    /// Whether an auxiliary of this form makes a present perfect, which takes no day: "has promised results on Friday".
    pub fn is_present_perfect(&self, form: &str) -> bool {
        self.present_perfect.iter().any(|word| word == form)
    }

    /// Whether a verb of this lemma asks somebody for something that may have a term: "told them to leave by Friday".
    pub fn is_commanding(&self, lemma: &str) -> bool {
        self.commanding.iter().any(|word| word == lemma)
    }

    /// Whether a verb of this lemma moves what it is said of to another day: "postponed the talks to Friday".
    pub fn is_moving(&self, lemma: &str) -> bool {
        self.moving.iter().any(|word| word == lemma)
    }

    /// Whether the infinitive of a word of this lemma has the word's own time: "managed to leave by Friday".
    pub fn is_managing(&self, lemma: &str) -> bool {
        self.managing.iter().any(|word| word == lemma)
    }

    /// Whether a verb of this lemma, or lemma and object, tells in the present tense what is arranged: "opens on Monday".
    pub fn is_scheduled(&self, lemma: &str) -> bool {
        self.scheduled.iter().any(|word| word == lemma)
    }

    /// Whether an infinitive of this lemma, or lemma and object, with its day tells what is arranged for that: "a truce to begin on Tuesday".
    pub fn is_arranged(&self, lemma: &str) -> bool {
        self.arranged.iter().any(|word| word == lemma)
    }

    /// Whether words, in lower case, end in such as say that what follows is ahead: "in the run-up to".
    pub fn leads_to(&self, words: &str) -> bool {
        let ends = |phrase: &String| {
            words.strip_suffix(phrase.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
        };
        self.ahead_of.iter().any(ends)
    }

    /// Whether a noun of this lemma, with a day as its name, is ahead as far as nothing else is told: "Sunday's vote".
    pub fn is_coming(&self, lemma: &str) -> bool {
        self.coming.iter().any(|word| word == lemma)
    }

    /// Whether a noun of this lemma, with a day as its name, is over: "Monday's attack".
    pub fn is_deed(&self, lemma: &str) -> bool {
        self.deeds.iter().any(|word| word == lemma)
    }
}
