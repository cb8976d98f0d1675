//! Who said what: the attribution graph to [`Statement`]s.

use std::collections::HashMap;
use std::ops::Range;

use annalist_knowledge::{Complement, CueFrame, Knowledge, NounClass};
use annalist_language::{Analysis, Attribution};
use annalist_record::{CharIndex, Confidence, Quoted, SourceKind, Span, Statement, item_id};

use crate::layouts;
use crate::quotation::{self, Place};

/// Reads the statements out of an analysed text, in the order of the text.
pub fn statements(text: &str, analysis: &Analysis, knowledge: &Knowledge) -> Vec<Statement> {
    statements_with_origins(text, analysis, knowledge).into_iter().map(|(statement, _)| statement).collect()
}

/// What a statement was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// What the model scored ([`Attribution::evidence`]); none where the layout told.
    pub evidence: Option<[f32; 4]>,
    /// The entry of the cue lexicon that told the act.
    pub entry: Option<String>,
}

/// As [`statements`], each with what it was read from.
pub fn statements_with_origins(text: &str, analysis: &Analysis, knowledge: &Knowledge) -> Vec<(Statement, Origin)> {
    let index = CharIndex::new(text);
    let places = quotation::places(text, analysis, knowledge.sources());
    let quotations = quotation::quotations(text, analysis, &places);
    let read = Reading {
        text,
        analysis,
        knowledge,
        places: &places,
        quotations: &quotations,
        words_before: words_before(text, analysis),
    };
    let mut attributions =
        layouts::merge(&analysis.attributions, layouts::attributions(text, analysis, knowledge, &places));
    for a in &mut attributions {
        a.source = read.whole_names(&read.tidy(&read.in_paragraph(&a.source, a.anchor)));
    }
    let mut found: Vec<(&Attribution, Vec<Range<usize>>)> = attributions
        .iter()
        .filter_map(|a| {
            let content = read.clean(&read.at_home(&read.complete(a), a.anchor));
            (!content.is_empty()).then_some((a, content))
        })
        .collect();
    read.carry_on(&mut found);
    found.sort_by_key(|(a, content)| {
        let first = |spans: &[Range<usize>]| spans.first().map_or(usize::MAX, |s| s.start);
        (first(&a.cue).min(first(content)).min(first(&a.source)), a.anchor)
    });
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut statements: Vec<Statement> = found
        .iter()
        .map(|(a, content)| {
            let spans = |stretches: &[Range<usize>]| stretches.iter().map(|s| read.span(&index, s)).collect::<Vec<_>>();
            let (source, cue, said) = (spans(&a.source), spans(&a.cue), spans(content));
            let like = item_id('s', source.iter().chain(&cue).chain(&said), 0);
            let before = seen.entry(like).or_default();
            let id = item_id('s', source.iter().chain(&cue).chain(&said), *before);
            *before += 1;
            Statement {
                id,
                source_kind: read.source_kind(&a.source, a.anchor),
                quoted: read.quoted(content),
                act: read.act(a, content),
                source,
                cue,
                content: said,
                speaker: None,
                addressee: None,
                time: None,
                inside: None,
                via: Vec::new(),
                confidence: Confidence::new(if read.is_mere_deed(a, content) {
                    a.confidence * MERE_DEED
                } else {
                    a.confidence
                }),
            }
        })
        .collect();
    for (i, outer) in enclosing(&found).into_iter().enumerate() {
        statements[i].inside = outer.map(|o| statements[o].id.clone());
    }
    let origin = |(a, content): &(&Attribution, Vec<Range<usize>>)| Origin {
        evidence: analysis.attributions.iter().any(|m| m.anchor == a.anchor && m.cue == a.cue).then_some(a.evidence),
        entry: read.with_frame(a, content, |frame| knowledge.cues().entry(frame)),
    };
    statements.into_iter().zip(found.iter().map(origin)).collect()
}

/// For each statement, the smallest other one in whose content the whole of its cue stands, and most of its content.
fn enclosing(found: &[(&Attribution, Vec<Range<usize>>)]) -> Vec<Option<usize>> {
    let size = |spans: &[Range<usize>]| spans.iter().map(Range::len).sum::<usize>();
    let within = |spans: &[Range<usize>], outer: &[Range<usize>]| {
        let overlap = |s: &Range<usize>, o: &Range<usize>| s.end.min(o.end).saturating_sub(s.start.max(o.start));
        spans.iter().map(|s| outer.iter().map(|o| overlap(s, o)).sum::<usize>()).sum::<usize>()
    };
    let first = |spans: &[Range<usize>]| spans.first().map_or(0, |s| s.start);
    let last = |spans: &[Range<usize>]| spans.last().map_or(0, |s| s.end);
    // A sweep over the text: the statements whose content has begun and not yet ended.
    let (mut by_content, mut by_cue): (Vec<usize>, Vec<usize>) =
        ((0..found.len()).collect(), (0..found.len()).collect());
    by_content.sort_by_key(|&i| first(&found[i].1));
    by_cue.sort_by_key(|&i| first(&found[i].0.cue));
    let (mut open, mut coming) = (Vec::new(), by_content.into_iter().peekable());
    let mut outer = vec![None; found.len()];
    for i in by_cue {
        let (inner, content) = &found[i];
        let at = first(&inner.cue);
        while let Some(o) = coming.next_if(|&o| first(&found[o].1) <= at) {
            open.push(o);
        }
        open.retain(|&o| last(&found[o].1) > at);
        outer[i] = open
            .iter()
            .copied()
            .filter(|&o| o != i && size(&found[o].1) > size(content))
            .filter(|&o| within(&inner.cue, &found[o].1) == size(&inner.cue))
            .filter(|&o| within(content, &found[o].1) * 2 > size(content))
            .min_by_key(|&o| size(&found[o].1));
    }
    outer
}

/// Stretches in order, those that overlap or touch made one.
fn union(mut stretches: Vec<Range<usize>>) -> Vec<Range<usize>> {
    stretches.sort_by_key(|s| s.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(stretches.len());
    for s in stretches {
        match joined.last_mut() {
            Some(before) if before.end >= s.start => before.end = before.end.max(s.end),
            _ => joined.push(s),
        }
    }
    joined
}

/// What "to" may stand before without opening an infinitive.
const NOMINAL: [&str; 6] = ["ADJ", "DET", "NOUN", "NUM", "PRON", "PROPN"];

/// From words that withhold a name to whose it is there are at most so many steps.
const LONGEST_CLIMB: usize = 8;

/// How much of the confidence in a statement is left that looks like a mere deed: of 22 such in 17 reports that were judged, 7 were
/// statements, of all others two in three.
const MERE_DEED: f32 = 0.5;

/// A quotation of fewer words is not carried on.
const LEAST_CARRIED: usize = 4;

struct Reading<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    knowledge: &'a Knowledge,
    places: &'a [Place],
    quotations: &'a [Vec<Range<usize>>],
    /// For each token, and the end, how many words stand before it.
    words_before: Vec<u32>,
}

fn words_before(text: &str, analysis: &Analysis) -> Vec<u32> {
    let mut count = 0;
    let mut before = Vec::with_capacity(analysis.tokens.len() + 1);
    for token in &analysis.tokens {
        before.push(count);
        count += u32::from(text[token.start..token.end].chars().any(char::is_alphanumeric));
    }
    before.push(count);
    before
}

impl Reading<'_> {
    fn word(&self, t: usize) -> &str {
        let token = &self.analysis.tokens[t];
        &self.text[token.start..token.end]
    }

    fn is_word(&self, t: usize) -> bool {
        self.word(t).chars().any(char::is_alphanumeric)
    }

    fn span(&self, index: &CharIndex, tokens: &Range<usize>) -> Span {
        let bytes = self.analysis.tokens[tokens.start].start..self.analysis.tokens[tokens.end - 1].end;
        Span::of_bytes(self.text, index, bytes)
    }

    /// Content with the rest of the quotations it holds a good part of: who said the one half said the other. A cue within the
    /// quotation tells of a statement that is told in it, and leaves it as it is.
    fn complete(&self, attribution: &Attribution) -> Vec<Range<usize>> {
        let mut content = attribution.content.clone();
        let (Some(first), Some(last)) = (content.first().map(|c| c.start), content.last().map(|c| c.end)) else {
            return content;
        };
        let words = |range: Range<usize>| {
            (self.words_before[range.end.max(range.start)] - self.words_before[range.start]) as usize
        };
        let begin = self.quotations.partition_point(|q| q.last().is_none_or(|q| q.end <= first));
        for quotation in self.quotations[begin..].iter().take_while(|q| q[0].start < last) {
            let size: usize = quotation.iter().cloned().map(words).sum();
            let held =
                |q: &Range<usize>| content.iter().map(|c| words(c.start.max(q.start)..c.end.min(q.end))).sum::<usize>();
            let held: usize = quotation.iter().map(held).sum();
            let within = quotation.iter().any(|q| q.contains(&attribution.anchor));
            if !within && held < size && held * 3 > size {
                content.extend(quotation.iter().cloned());
                content = union(content);
            }
        }
        content
    }

    /// Gives quotations that nobody is said to have spoken to whoever spoke just before: "…," she said. "…" A quotation does so
    /// that makes up whole sentences and follows a sentence with a quotation and its cue, in its paragraph or at the end of the one
    /// before, if that was no question.
    fn carry_on(&self, found: &mut [(&Attribution, Vec<Range<usize>>)]) {
        let sentences = &self.analysis.sentences;
        let words = |range: &Range<usize>| (self.words_before[range.end] - self.words_before[range.start]) as usize;
        let overlap =
            |a: &Range<usize>, b: &Range<usize>| a.start.max(b.start)..a.end.min(b.end).max(a.start.max(b.start));
        // The statement to which the quotation that ended last was given.
        let mut last: Option<(usize, usize)> = None;
        for quotation in self.quotations {
            let (Some(start), Some(end)) = (quotation.first().map(|q| q.start), quotation.last().map(|q| q.end)) else {
                continue;
            };
            let (from, to) = (self.sentence_of(start), self.sentence_of(end - 1));
            let whole = self.places[end - 1] == Place::Closing
                && sentences[from].tokens.start == start
                && !(end..sentences[to].tokens.end).any(|t| self.is_word(t));
            let size: usize = quotation.iter().map(words).sum();
            let told = |a: &Attribution, content: &[Range<usize>]| {
                let within = quotation.iter().any(|q| q.contains(&a.anchor));
                let held = |q: &Range<usize>| content.iter().map(|c| words(&overlap(c, q))).sum::<usize>();
                !within && quotation.iter().map(held).sum::<usize>() * 3 > size
            };
            if !whole || size < LEAST_CARRIED || from == 0 || found.iter().any(|(a, content)| told(a, content)) {
                continue;
            }
            let before = &sentences[from - 1];
            let speaks = |(a, content): &(&Attribution, Vec<Range<usize>>)| {
                before.tokens.contains(&a.anchor)
                    && content.iter().cloned().flatten().any(|t| self.places[t] == Place::Inside)
            };
            let speaker = match last {
                Some((i, end)) if end >= before.tokens.start => Some(i),
                _ => (0..found.len())
                    .filter(|&i| speaks(&found[i]))
                    .max_by_key(|&i| found[i].1.iter().map(Range::len).sum::<usize>()),
            };
            let Some(speaker) = speaker else { continue };
            let asked = || {
                found[speaker].1.last().is_some_and(|c| (c.end.saturating_sub(2)..c.end).any(|t| self.word(t) == "?"))
            };
            let apart = sentences[from].paragraph - before.paragraph;
            if apart > 1 || (apart == 1 && asked()) {
                continue;
            }
            found[speaker].1.extend(quotation.iter().cloned());
            found[speaker].1 = union(std::mem::take(&mut found[speaker].1));
            last = Some((speaker, end));
        }
    }

    /// A source stands in one paragraph: the cue's, if it is there at all.
    fn in_paragraph(&self, source: &[Range<usize>], anchor: usize) -> Vec<Range<usize>> {
        let pieces = self.by_paragraph(source);
        let home = |s: &&Range<usize>| self.paragraph(s.start) == self.paragraph(anchor);
        let kept: Vec<Range<usize>> = pieces.iter().filter(home).cloned().collect();
        if kept.is_empty() { pieces } else { kept }
    }

    /// Content outside quotation marks does not run on from the cue's paragraph into another one, nor into a dateline.
    fn at_home(&self, content: &[Range<usize>], anchor: usize) -> Vec<Range<usize>> {
        let pieces = self.by_paragraph(content);
        let home = |s: &Range<usize>| self.paragraph(s.start) == self.paragraph(anchor);
        if !pieces.iter().any(home) {
            return content.to_vec();
        }
        let laid_out = self.word(anchor) == ":";
        let kept = pieces.into_iter().filter(|s| home(s) || laid_out || self.places[s.start] != Place::Outside);
        let from_dateline = |s: Range<usize>| {
            let sentence = self.sentence_of(s.start);
            let after = layouts::after_dateline(self.text, self.analysis, self.knowledge.datelines(), sentence)
                .filter(|&after| s.start < after && after < s.end);
            after.unwrap_or(s.start)..s.end
        };
        union(kept.map(from_dateline).collect())
    }

    fn by_paragraph(&self, stretches: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut pieces = Vec::with_capacity(stretches.len());
        for s in stretches {
            let mut start = s.start;
            for sentence in &self.analysis.sentences[self.sentence_of(s.start)..] {
                let end = sentence.tokens.end.min(s.end);
                if end == s.end || self.paragraph(end) != sentence.paragraph {
                    pieces.push(start..end);
                    start = end;
                }
                if end == s.end {
                    break;
                }
            }
        }
        pieces
    }

    fn sentence_of(&self, token: usize) -> usize {
        self.analysis.sentences.partition_point(|s| s.tokens.end <= token)
    }

    fn paragraph(&self, token: usize) -> usize {
        self.analysis.sentences.get(self.sentence_of(token)).map_or(usize::MAX, |s| s.paragraph)
    }

    /// Stretches without marks at their edges that belong to the sentence around them.
    fn tidy(&self, stretches: &[Range<usize>]) -> Vec<Range<usize>> {
        let trim = |s: &Range<usize>| {
            let mut s = s.clone();
            while s.start < s.end && self.stray(s.start) {
                s.start += 1;
            }
            while s.start < s.end && self.dangling(s.end - 1) {
                s.end -= 1;
            }
            s
        };
        stretches.iter().map(trim).filter(|s| s.clone().any(|t| self.is_word(t))).collect()
    }

    /// Stretches that do not begin within a name: those begin with it.
    fn whole_names(&self, stretches: &[Range<usize>]) -> Vec<Range<usize>> {
        let begun = |t: usize| self.analysis.names.iter().find(|name| name.tokens.start < t && t < name.tokens.end);
        let whole = |s: &Range<usize>| begun(s.start).map_or(s.start, |name| name.tokens.start)..s.end;
        union(stretches.iter().map(whole).collect())
    }

    /// As [`Self::dangling`], but for a comma that stands before the mark that closes its quotation.
    fn dangles(&self, t: usize) -> bool {
        self.dangling(t) && self.places.get(t + 1) != Some(&Place::Closing)
    }

    /// A mark that a stretch cannot end with.
    fn dangling(&self, t: usize) -> bool {
        matches!(self.word(t), "," | ":" | ";" | "—" | "–" | "--" | "(")
    }

    /// Content with its quotation marks: a stretch takes in the mark that opens or closes what it holds, and gives up marks
    /// at its edges that belong to its neighbours, and stretches without a word.
    fn clean(&self, content: &[Range<usize>]) -> Vec<Range<usize>> {
        let last = self.places.len();
        let mut cleaned: Vec<Range<usize>> = Vec::with_capacity(content.len());
        for stretch in content {
            let mut s = stretch.clone();
            while s.start < s.end && (self.places[s.start] == Place::Closing || self.stray(s.start)) {
                s.start += 1;
            }
            while s.start < s.end && (self.places[s.end - 1] == Place::Opening || self.dangles(s.end - 1)) {
                s.end -= 1;
            }
            if s.is_empty() || !s.clone().any(|t| self.is_word(t)) {
                continue;
            }
            while s.start > 0 && self.places[s.start - 1] == Place::Opening {
                s.start -= 1;
            }
            if s.end + 1 < last
                && self.places[s.end + 1] == Place::Closing
                && matches!(self.word(s.end), "." | "," | "?" | "!")
            {
                s.end += 1;
            }
            while s.end < last && self.places[s.end] == Place::Closing {
                s.end += 1;
            }
            match cleaned.last_mut() {
                Some(before) if before.end >= s.start => before.end = before.end.max(s.end),
                _ => cleaned.push(s),
            }
        }
        cleaned
    }

    /// A comma, colon or dash that a stretch cannot begin with.
    fn stray(&self, t: usize) -> bool {
        matches!(self.word(t), "," | ":" | ";" | "—" | "–" | "--" | "." | ")")
    }

    fn quoted(&self, content: &[Range<usize>]) -> Quoted {
        let (mut inside, mut outside) = (0, 0);
        for t in content.iter().cloned().flatten().filter(|&t| self.is_word(t)) {
            match self.places[t] {
                Place::Outside => outside += 1,
                _ => inside += 1,
            }
        }
        match (inside, outside) {
            (0, _) => Quoted::Indirect,
            (_, 0) => Quoted::Direct,
            _ => Quoted::Mixed,
        }
    }

    /// The token of the source on which its other tokens depend.
    fn head_of(&self, source: &[Range<usize>]) -> Option<usize> {
        let holds = |t: usize| source.iter().any(|s| s.contains(&t));
        let words = || source.iter().cloned().flatten().filter(|&t| self.is_word(t));
        words().find(|&t| self.analysis.tokens[t].head.is_none_or(|h| !holds(h))).or_else(|| words().next())
    }

    fn source_kind(&self, source: &[Range<usize>], anchor: usize) -> SourceKind {
        let Some(head) = self.head_of(source) else { return SourceKind::None };
        let sources = self.knowledge.sources();
        let token = &self.analysis.tokens[head];
        if sources.is_document(&token.lemma.to_lowercase()) {
            return SourceKind::Document;
        }
        let unnamed = |t: usize| sources.is_unnamed(&self.word(t).to_lowercase());
        let anonymous = |t: usize| self.word(t).to_lowercase().starts_with("anonym");
        match () {
            () if unnamed(head) || source.iter().cloned().flatten().any(anonymous) => SourceKind::Unnamed,
            () if self.is_named(source, head) => SourceKind::Named,
            () if self.withholds_name(head, anchor) => SourceKind::Unnamed,
            () => SourceKind::Described,
        }
    }

    /// Whether a source is called by a name: its head is one, or has one beside it ("an official, Piet Lund"), or is a body told by
    /// one ("Elva's police", "the Norwegian ministry"). A name that only tells whose or where they are ("a US official", "officials in
    /// Kyiv") names nobody.
    fn is_named(&self, source: &[Range<usize>], head: usize) -> bool {
        let tokens = &self.analysis.tokens;
        let referents = self.knowledge.referents();
        let relation = |t: usize| tokens[t].deprel.split(':').next().unwrap_or_default();
        let below = |t: usize| source.iter().cloned().flatten().filter(move |&k| k != t && tokens[k].head == Some(t));
        let noun = |t: usize| referents.noun(&tokens[t].lemma.to_lowercase());
        let name = |t: usize| {
            self.analysis.names.iter().any(|n| n.tokens.contains(&t))
                || &*tokens[t].upos == "PROPN" && noun(t) != Some(NounClass::Person)
        };
        let beside = |t: usize| below(t).any(|k| matches!(relation(k), "flat" | "appos" | "conj") && name(k));
        if name(head) || beside(head) {
            return true;
        }
        let word = self.word(head).to_lowercase();
        let lemma = tokens[head].lemma.to_lowercase();
        // "a Norwegian company", "Norwegian companies": any of many.
        let any = word != lemma && !referents.is_plural(&word)
            || below(head).any(|k| matches!(self.word(k).to_lowercase().as_str(), "a" | "an" | "some" | "any" | "one"));
        let tells = |k: usize| {
            matches!(relation(k), "nmod" | "compound" | "amod")
                && (name(k) || self.knowledge.countries().of_demonym(self.word(k)).is_some())
        };
        noun(head) == Some(NounClass::Group) && !any && below(head).any(tells)
    }

    /// Whether the sentence says of the source, or of its saying this, that it does not want to be named.
    fn withholds_name(&self, head: usize, anchor: usize) -> bool {
        let tokens = &self.analysis.tokens;
        let Some(sentence) = self.analysis.sentences.get(self.sentence_of(anchor)) else { return false };
        let words: Vec<String> = sentence.tokens.clone().map(|t| self.word(t).to_lowercase()).collect();
        let said = self.knowledge.sources().withheld(&words);
        said.into_iter().any(|n| {
            let mut at = sentence.tokens.start + n;
            for _ in 0..LONGEST_CLIMB {
                if at == head || at == anchor {
                    return true;
                }
                // What stands in what is said is told of others.
                match tokens[at].head.filter(|_| &*tokens[at].deprel != "ccomp") {
                    Some(above) => at = above,
                    None => return false,
                }
            }
            false
        })
    }

    fn act(&self, attribution: &Attribution, content: &[Range<usize>]) -> annalist_record::Act {
        self.with_frame(attribution, content, |frame| self.knowledge.cues().act(frame))
    }

    /// Asks about a cue as it stands in its sentence.
    fn with_frame<T>(&self, attribution: &Attribution, content: &[Range<usize>], ask: impl Fn(&CueFrame) -> T) -> T {
        let cue: Vec<usize> = attribution.cue.iter().cloned().flatten().collect();
        let lemma = |t: usize| {
            let known = self.knowledge.cues();
            known.lemma(&self.word(t).to_lowercase(), &self.analysis.tokens[t].lemma.to_lowercase())
        };
        let lemmas: Vec<String> = cue.iter().map(|&t| lemma(t)).collect();
        let lemmas: Vec<&str> = lemmas.iter().map(String::as_str).collect();
        let negated = self.is_negated(&cue, attribution.anchor);
        let complement = self.complement(&cue, content);
        let passive = self.below(attribution.anchor).any(|t| {
            let relation = &*self.analysis.tokens[t].deprel;
            matches!(relation, "aux:pass" | "nsubj:pass")
        });
        let wanted = self.is_wanted(&cue, content);
        ask(&CueFrame { lemmas: &lemmas, complement, negated, passive, wanted })
    }

    /// Whether a statement is likely nothing but a deed: its cue is of words that the lexicon does not know, and its content no clause and
    /// not in quotation marks ("vetoed the bill", "adopted the plan").
    fn is_mere_deed(&self, attribution: &Attribution, content: &[Range<usize>]) -> bool {
        let tokens = &self.analysis.tokens;
        let cue: Vec<usize> = attribution.cue.iter().cloned().flatten().collect();
        let tells = |t: usize| matches!(&*tokens[t].upos, "VERB" | "NOUN" | "ADJ");
        let known = |t: usize| {
            let lemma = self.knowledge.cues().lemma(&self.word(t).to_lowercase(), &tokens[t].lemma.to_lowercase());
            self.knowledge.cues().has(&lemma)
        };
        let governs = |t: usize| tokens[t].head.is_some_and(|h| cue.contains(&h));
        let clause = |t: usize| {
            governs(t)
                && (matches!(&*tokens[t].upos, "VERB" | "AUX") || self.below(t).any(|k| &*tokens[k].deprel == "cop"))
        };
        cue.iter().any(|&t| tells(t))
            && !cue.iter().any(|&t| tells(t) && known(t))
            && self.quoted(content) == Quoted::Indirect
            && !content.iter().cloned().flatten().any(clause)
    }

    /// What depends on a token, in its sentence.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let sentence = self.analysis.sentences.get(self.sentence_of(at)).map_or(at..at, |s| s.tokens.clone());
        sentence.filter(move |&t| self.analysis.tokens.get(t).is_some_and(|token| token.head == Some(at)))
    }

    /// Whether the clause that is said has "should" or, with a subject of one, a bare verb: "suggested that he (should) leave".
    fn is_wanted(&self, cue: &[usize], content: &[Range<usize>]) -> bool {
        let tokens = &self.analysis.tokens;
        let clause = content
            .iter()
            .cloned()
            .flatten()
            .find(|&t| tokens[t].deprel.starts_with("ccomp") && tokens[t].head.is_some_and(|h| cue.contains(&h)));
        let Some(verb) = clause else { return false };
        let word = |t: usize| self.word(t).to_lowercase();
        let auxiliary = |t: &usize| matches!(&*tokens[*t].deprel, "aux" | "aux:pass" | "cop");
        if self.below(verb).any(|t| auxiliary(&t) && word(t) == "should") {
            return true;
        }
        let one = self.below(verb).any(|t| {
            tokens[t].deprel.starts_with("nsubj")
                && match &*tokens[t].upos {
                    "PRON" => matches!(word(t).as_str(), "he" | "she" | "it"),
                    "NOUN" | "PROPN" => word(t) == tokens[t].lemma.to_lowercase(),
                    _ => false,
                }
        });
        let mut auxiliaries = self.below(verb).filter(auxiliary).peekable();
        let bare = match auxiliaries.peek() {
            Some(&first) => word(first) == "be",
            None => &*tokens[verb].upos == "VERB" && word(verb) == tokens[verb].lemma.to_lowercase(),
        };
        let told_apart = auxiliaries.peek().is_some() || !self.knowledge.cues().has_past_alike(&word(verb));
        one && bare && told_apart
    }

    /// Whether a cue is negated: by a word of it, or by one that depends on it ("did not deny", "no threat", "without confirming").
    fn is_negated(&self, cue: &[usize], anchor: usize) -> bool {
        let tokens = &self.analysis.tokens;
        // "not only denied": it is done.
        let only = |t: usize| {
            let next = if t + 1 < tokens.len() { self.word(t + 1).to_lowercase() } else { String::new() };
            matches!(next.as_str(), "only" | "just" | "merely" | "simply")
        };
        let within = cue.iter().any(|&t| {
            let of_cue = tokens[t].head.is_none_or(|h| cue.contains(&h));
            matches!(tokens[t].lemma.to_lowercase().as_str(), "not" | "never" | "n't" | "n’t") && of_cue && !only(t)
        });
        within
            || (anchor.saturating_sub(4)..(anchor + 4).min(tokens.len())).any(|t| {
                let lemma = tokens[t].lemma.to_lowercase();
                let determines = lemma != "no" || &*tokens[t].deprel == "det";
                let beside = matches!(&*tokens[t].deprel, "discourse" | "parataxis");
                tokens[t].head == Some(anchor)
                    && self.knowledge.events().is_negation(&lemma)
                    && determines
                    && !beside
                    && !only(t)
            })
    }

    /// How the content begins, by the clause that depends on the cue, else by its first word.
    fn complement(&self, cue: &[usize], content: &[Range<usize>]) -> Complement {
        let tokens = &self.analysis.tokens;
        let words = || content.iter().cloned().flatten().filter(|&t| self.is_word(t));
        let first: Vec<String> = words().take(2).map(|t| self.word(t).to_lowercase()).collect();
        let begins = match first.first().map(String::as_str) {
            Some("to") if words().nth(1).is_some_and(|t| NOMINAL.contains(&&*tokens[t].upos)) => None,
            Some("to") => Some(Complement::To),
            Some("not") if first.get(1).is_some_and(|w| w == "to") => Some(Complement::Not),
            Some("that") => Some(Complement::That),
            Some("whether" | "if" | "who" | "what" | "why" | "how" | "when" | "where" | "which") => {
                Some(Complement::Whether)
            }
            Some("for") => Some(Complement::For),
            Some("on" | "upon") => Some(Complement::On),
            Some("with") => Some(Complement::With),
            _ => None,
        };
        let clause = || {
            words().find_map(|t| {
                let depends = tokens[t].head.is_some_and(|h| cue.contains(&h));
                match tokens[t].deprel.split(':').next() {
                    Some("xcomp") if depends => Some(self.infinitive(t)),
                    Some("ccomp") if depends => Some(Complement::That),
                    _ => None,
                }
            })
        };
        let ends_with_to =
            || cue.last().is_some_and(|&t| self.word(t).eq_ignore_ascii_case("to")).then_some(Complement::To);
        begins.or_else(clause).or_else(ends_with_to).unwrap_or(Complement::Bare)
    }

    fn infinitive(&self, verb: usize) -> Complement {
        let tokens = &self.analysis.tokens;
        let to = (verb.saturating_sub(4)..verb)
            .any(|t| tokens[t].head == Some(verb) && self.word(t).eq_ignore_ascii_case("to"));
        if to { Complement::To } else { Complement::Bare }
    }
}
