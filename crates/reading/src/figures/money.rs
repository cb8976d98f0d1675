//! What an amount of money is: paid, pledged or asked for, and by which word that is told.

use super::{Counted, Number, Reading, Told};

impl<'a> Reading<'a> {
    /// What a payment is, seen from what governs it: none that is only wanted or weighed, pledged if it is still to be made.
    fn made(&self, payment: usize, what: &'a str) -> Option<&'a str> {
        let c = self.c;
        let among = |t: usize, is: &dyn Fn(&str) -> bool| is(self.word(t)) || is(self.lemma(t));
        let (wanted, coming) = (|w: &str| self.words.is_wanted(w), |w: &str| self.words.is_coming(w));
        let mut told = what;
        let mut at = payment;
        for _ in 0..4 {
            let own = |is: &dyn Fn(&str) -> bool| c.children[at].iter().any(|&k| c.is(k, &["aux"]) && among(k, is));
            if own(&wanted) || c.children[at].iter().any(|&k| k < at && c.negates(k)) {
                return None;
            }
            if own(&coming) {
                told = self.words.still_to_come().unwrap_or(told);
            }
            let Some(above) = c.head(at) else { break };
            if !c.is(at, &["obj", "xcomp", "ccomp", "obl", "acl", "nmod", "nsubj:pass"])
                || c.relation(at) == "acl:relcl"
            {
                break;
            }
            if among(above, &wanted) {
                return None;
            }
            if c.is(at, &["xcomp", "acl", "ccomp"]) && among(above, &coming) {
                told = self.words.still_to_come().unwrap_or(told);
            }
            at = above;
        }
        Some(told)
    }

    /// An amount of money that is paid or pledged.
    pub(super) fn paid(&self, number: &Number, top: usize) -> Option<Counted<'a>> {
        let c = self.c;
        let word = |t: usize| self.word(t);
        // A price, or the same amount in another currency.
        let end = number.tokens.end;
        let each = matches!(word(end), "each" | "apiece" | "per")
            || (word(end) == "a" && c.upos(end + 1) == "NOUN")
            || (word(end) == "-" && self.glued(end));
        let converted = number.tokens.start > 0 && word(number.tokens.start - 1) == "(";
        if each || converted {
            return None;
        }
        let mut at = top;
        for _ in 0..4 {
            let head = c.head(at)?;
            // A clause that only stands beside it does not govern it.
            if c.is(at, &["advcl", "parataxis", "ccomp", "csubj", "nsubj"]) && c.is_verb(at) {
                return None;
            }
            let governs = c.is(
                at,
                &[
                    "obj",
                    "iobj",
                    "nmod",
                    "nummod",
                    "compound",
                    "appos",
                    "conj",
                    "amod",
                    "obl",
                    "dep",
                    "nsubj:pass",
                    "nsubj",
                    "acl",
                    "xcomp",
                ],
            );
            // Only "of" leads on from a noun: "a package of $5 million", "millions in aid".
            let leads = !c.is(at, &["nmod"]) || matches!(self.case_of(at), "of" | "in" | "");
            let named = c.is(at, &["nummod", "compound", "amod"]) && c.upos(head) == "PROPN";
            if !governs || !leads || named {
                return None;
            }
            if !number.tokens.contains(&head)
                && let Some(what) = self.words.payment(self.lemma(head))
            {
                // "paid in …" and "raised by …" tell no amount.
                let by = c.is(at, &["obl"]) && !matches!(self.case_of(at), "with" | "to" | "of" | "for" | "up" | "");
                if !by {
                    let what = self.made(head, what)?;
                    return Some(Counted {
                        what,
                        of: number.money.clone(),
                        told_by: head,
                        range: self.range(number, &[top, head]),
                        told: Told::Paid,
                    });
                }
            }
            at = head;
        }
        None
    }
}
