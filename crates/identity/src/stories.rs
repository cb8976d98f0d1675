//! Which reports are on one affair.
//!
//! Reports on one affair have the same pairs of words: names, and what was done with what. Two reports are as like each other as the pairs of
//! neighbouring content words that they share are many and rare (cosine of tf-idf, Salton and Buckley 1988). Pairs are counted among the
//! reports that are compared, not among all that are known: what many reports on one subject say does not tell its affairs apart, and a
//! report's story does not depend on what else is kept.
//!
//! Reports are put together by average linkage (Sokal and Michener 1958). A report that comes in is put together with those that share pairs
//! with it and with the stories that these are in, so that stories can grow together, or apart, as more is known.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::OnceLock;

use annalist_knowledge::Knowledge;
use jiff::civil::Date;

use crate::signature::hash;
use crate::words::content;

/// Reports at least this like each other, on average, are on one affair. Chosen on the training part of ECB+.
const ONE_STORY: f64 = 0.08;
/// A pair of words is as rare as if it stood in no other of so many reports than those compared.
const OTHERS: f64 = 200.0;
/// A report has at most so many pairs: what comes later in it is background.
const PAIRS: usize = 1500;
/// So many pairs are the keys by which a report is found.
const KEYS: usize = 64;
/// Reports that share fewer keys are not compared.
pub const SHARED: usize = 2;
/// At most so many reports, those that share most keys, say with which stories a new one is compared,
const NEAR: usize = 30;
/// with at most so many stories,
const NEAR_STORIES: usize = 8;
/// and of each with at most so many reports, the newest.
pub const NEWEST: usize = 60;
/// Reports that were published so many days apart are as like as their words are. Set by hand.
const SAME_TIME: f64 = 10.0;
/// So many days further, half as much.
const HALF: f64 = 30.0;

/// The pairs of neighbouring content words of a text, as numbers, each with how often it stands there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// In the order of the numbers.
    counts: Vec<(u32, u8)>,
    /// In the order of their weight in the text: those that stand in it most often, then those that come first.
    keys: Vec<u32>,
}

impl Terms {
    /// The pairs of a text.
    pub fn of(text: &str, knowledge: &Knowledge) -> Terms {
        let mut counts: BTreeMap<u32, (u8, usize)> = BTreeMap::new();
        let mut before: Option<String> = None;
        for (at, word) in content(text, knowledge).enumerate() {
            if let Some(before) = before.replace(word.clone()) {
                let number = (hash(format!("{before} {word}").as_bytes()) & u64::from(u32::MAX)) as u32;
                if counts.len() < PAIRS || counts.contains_key(&number) {
                    let (count, _) = counts.entry(number).or_insert((0, at));
                    *count = count.saturating_add(1);
                }
            }
        }
        let mut weighty: Vec<(u32, (u8, usize))> = counts.iter().map(|(&n, &c)| (n, c)).collect();
        weighty.sort_by_key(|&(_, (count, at))| (std::cmp::Reverse(count), at));
        let keys = weighty.into_iter().take(KEYS).map(|(number, _)| number).collect();
        Terms { counts: counts.into_iter().map(|(number, (count, _))| (number, count)).collect(), keys }
    }

    /// By which a report is found among many: reports that share some may be on one affair.
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    /// Five bytes a pair, to be kept. The keys are not in them.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.counts.iter().flat_map(|(number, count)| number.to_le_bytes().into_iter().chain([*count])).collect()
    }

    /// What [`Terms::to_bytes`] gave, without keys; bytes that are left over are passed over.
    pub fn from_bytes(bytes: &[u8]) -> Terms {
        let counts =
            bytes.as_chunks::<5>().0.iter().map(|&[a, b, c, d, count]| (u32::from_le_bytes([a, b, c, d]), count));
        Terms { counts: counts.collect(), keys: Vec::new() }
    }
}

/// A report, as stories are told apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paper {
    /// Its number; lower numbers came in before.
    pub number: i64,
    /// Its pairs of words.
    pub terms: Terms,
    /// When it was published.
    pub day: Option<Date>,
}

/// Reports that are known, and the stories they are in.
pub trait Shelf {
    /// What may go wrong.
    type Error;
    /// The reports that have some of the keys, each with how many and with its story; those with fewer than [`SHARED`] need not be told.
    ///
    /// # Errors
    /// When they cannot be had.
    fn sharing(&self, keys: &[u32]) -> Result<Vec<(i64, usize, i64)>, Self::Error>;
    /// The newest reports of a story, at most [`NEWEST`] of them.
    ///
    /// # Errors
    /// When they cannot be had.
    fn newest(&self, story: i64) -> Result<Vec<Paper>, Self::Error>;
}

/// Reports that are on one affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The story that it is from now on; `None` for a new one.
    pub story: Option<i64>,
    /// The numbers of the reports that were compared.
    pub reports: Vec<i64>,
    /// Stories that are this one from now on, with all their reports, also those that were not compared.
    pub merged: Vec<i64>,
}

/// The stories of a new report and of all that it was compared with. A story keeps its number with most of its reports.
///
/// # Errors
/// When the shelf has one.
pub fn regroup<S: Shelf>(new: Paper, shelf: &S) -> Result<Vec<Group>, S::Error> {
    let mut near = shelf.sharing(new.terms.keys())?;
    near.retain(|(_, shared, _)| *shared >= SHARED);
    near.sort_by_key(|&(number, shared, _)| (std::cmp::Reverse(shared), number));
    let mut stories: Vec<i64> = Vec::new();
    for (_, _, story) in near.into_iter().take(NEAR) {
        if !stories.contains(&story) && stories.len() < NEAR_STORIES {
            stories.push(story);
        }
    }
    let (mut papers, mut before) = (Vec::new(), BTreeMap::new());
    for &story in &stories {
        for paper in shelf.newest(story)? {
            before.insert(paper.number, story);
            papers.push(paper);
        }
    }
    papers.sort_by_key(|p| p.number);
    papers.push(new);
    let group_of = average_linkage(&likenesses(&papers), ONE_STORY);
    let mut groups: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    for (paper, group) in papers.iter().zip(group_of) {
        groups.entry(group).or_default().push(paper.number);
    }
    // Which story each group is most of, and the largest group of each story.
    let mut claims: Vec<(usize, i64, usize)> = Vec::new();
    for (&group, numbers) in &groups {
        let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
        numbers.iter().filter_map(|n| before.get(n)).for_each(|&story| *votes.entry(story).or_default() += 1);
        claims.extend(votes.into_iter().map(|(story, votes)| (votes, story, group)));
    }
    claims.sort_by_key(|&(votes, story, group)| (std::cmp::Reverse(votes), story, group));
    let (mut given, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for &(_, story, group) in &claims {
        if !given.contains_key(&group) && taken.insert(story) {
            given.insert(group, story);
        }
    }
    let whole = |story: i64, group: usize| claims.iter().all(|&(_, s, g)| s != story || g == group);
    let found = groups.into_iter().map(|(group, reports)| {
        let story = given.get(&group).copied();
        let merged = claims.iter().filter(|&&(_, s, g)| g == group && Some(s) != story && whole(s, g));
        Group { story, merged: merged.map(|&(_, s, _)| s).collect(), reports }
    });
    Ok(found.collect())
}

/// How like each other reports are, in 0..=1.
fn likenesses(papers: &[Paper]) -> Vec<Vec<f64>> {
    let mut all: Vec<Having> = Vec::with_capacity(papers.iter().map(|paper| paper.terms.counts.len()).sum());
    for (paper, of) in papers.iter().enumerate() {
        all.extend(of.terms.counts.iter().map(|&(number, count)| Having { number, paper, x: repeated(count) }));
    }
    by_number(&mut all);
    // What one report alone has tells nothing of any two.
    let mut lengths = vec![0.0; papers.len()];
    let mut shared: Vec<Having> = Vec::new();
    for having in all.chunk_by(|a, b| a.number == b.number).filter(|having| having.len() > 1) {
        let weight = ((OTHERS + 1.0) / (having.len() as f64 + 0.5)).ln().max(0.1);
        for one in having {
            let x = weight * one.x;
            lengths[one.paper] += x * x;
            shared.push(Having { x, ..*one });
        }
    }
    lengths.iter_mut().for_each(|length| *length = f64::sqrt(*length));
    shared.iter_mut().for_each(|one| one.x /= lengths[one.paper]);
    // Pair of words by pair of words, over those that have it: most of two reports have nothing in common.
    let mut like = vec![vec![0.0; papers.len()]; papers.len()];
    for all in shared.chunk_by(|a, b| a.number == b.number) {
        for (at, one) in all.iter().enumerate() {
            let row = &mut like[one.paper];
            all[..at].iter().for_each(|other| row[other.paper] += one.x * other.x);
        }
    }
    for i in 0..papers.len() {
        for j in 0..i {
            like[i][j] *= nearness(papers[i].day, papers[j].day);
            like[j][i] = like[i][j];
        }
    }
    like
}

/// A report that has a pair of words.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Having {
    /// The pair.
    number: u32,
    /// The place of the report among those that are compared.
    paper: usize,
    /// How much it tells there.
    x: f64,
}

/// How much it tells that a pair of words stands in a report so often.
fn repeated(count: u8) -> f64 {
    static REPEATED: OnceLock<Vec<f64>> = OnceLock::new();
    let all = REPEATED.get_or_init(|| (0..=u8::MAX).map(|count| 1.0 + f64::from(count).ln()).collect());
    all.get(usize::from(count)).copied().unwrap_or(1.0)
}

/// Puts them in order of their pairs; those of one pair stay in theirs. A radix sort (Knuth, The Art of Computer Programming, volume 3,
/// 5.2.5): there are some ten thousands, each time a report comes in.
fn by_number(all: &mut Vec<Having>) {
    const BITS: u32 = 11;
    let mut sorted = vec![Having::default(); all.len()];
    for shift in [0, BITS, 2 * BITS] {
        let digit = |one: &Having| (one.number >> shift) as usize & ((1 << BITS) - 1);
        let mut next = [0usize; 1 << BITS];
        all.iter().for_each(|one| next[digit(one)] += 1);
        let mut before = 0;
        next.iter_mut().for_each(|place| before += std::mem::replace(place, before));
        for one in all.iter() {
            let place = &mut next[digit(one)];
            sorted[*place] = *one;
            *place += 1;
        }
        std::mem::swap(all, &mut sorted);
    }
}

/// How much reports of two days may be on one affair, in 0..=1; 1 where a day is not known.
fn nearness(a: Option<Date>, b: Option<Date>) -> f64 {
    let Some((a, b)) = a.zip(b) else { return 1.0 };
    let days = a.until(b).map_or(f64::MAX, |span| f64::from(span.get_days()).abs());
    1.0 / (1.0 + (days - SAME_TIME).max(0.0) / HALF)
}

/// The group of each, as the number of its first member. The two groups whose members are most like each other on average are put together,
/// as long as that is at least `least`; of equals, the first. `like` is square and symmetric.
pub fn average_linkage(like: &[Vec<f64>], least: f64) -> Vec<usize> {
    let n = like.len();
    // Square, whatever was given.
    let value = |i: usize, j: usize| like.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0.0);
    let mut sums: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| value(i, j)).collect()).collect();
    let mut size = vec![1.0; n];
    let mut group_of: Vec<usize> = (0..n).collect();
    let mut alive: Vec<usize> = (0..n).collect();
    // Of each, the later one that is most like it; of equals, the first.
    let best_of = |i: usize, alive: &[usize], sums: &[Vec<f64>], size: &[f64]| {
        let later = alive.partition_point(|&j| j <= i);
        let means = alive[later..].iter().map(|&j| (sums[i][j] / (size[i] * size[j]), j));
        means.filter(|(mean, _)| !mean.is_nan()).fold(None, |best: Option<(f64, usize)>, (mean, j)| match best {
            Some((most, _)) if mean <= most => best,
            _ => Some((mean, j)),
        })
    };
    let mut best: Vec<Option<(f64, usize)>> = (0..n).map(|i| best_of(i, &alive, &sums, &size)).collect();
    loop {
        let mut most: Option<(f64, usize, usize)> = None;
        for &i in &alive {
            if let Some((mean, j)) = best[i].filter(|(mean, _)| *mean >= least)
                && most.is_none_or(|(most, _, _)| mean > most)
            {
                most = Some((mean, i, j));
            }
        }
        let Some((_, i, j)) = most else { break };
        for &k in &alive {
            sums[i][k] += sums[j][k];
            sums[k][i] = sums[i][k];
        }
        size[i] += size[j];
        alive.retain(|&k| k != j);
        group_of.iter_mut().filter(|g| **g == j).for_each(|g| *g = i);
        for &k in alive.iter().take_while(|&&k| k < j) {
            match best[k] {
                Some((_, of)) if k == i || of == i || of == j => best[k] = best_of(k, &alive, &sums, &size),
                Some((most, of)) if k < i => {
                    let mean = sums[k][i] / (size[k] * size[i]);
                    if mean > most || (mean == most && i < of) {
                        best[k] = Some((mean, i));
                    }
                }
                _ => {}
            }
        }
    }
    group_of
}

/// Stories in memory.
///
/// ```
/// use annalist_identity::{Paper, Stories, Terms};
/// use annalist_knowledge::Knowledge;
///
/// let mut stories = Stories::default();
/// for (number, text) in ["The Elva ferry sank off Tarn rocks on Monday.", "Divers reached the Elva ferry off Tarn rocks."].iter().enumerate() {
///     let terms = Terms::of(text, Knowledge::english());
///     stories.add(Paper { number: number as i64, terms, day: None });
/// }
/// assert_eq!(stories.story(0), stories.story(1));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Stories {
    story_of: BTreeMap<i64, i64>,
    papers: BTreeMap<i64, Vec<Paper>>,
    having: BTreeMap<u32, Vec<i64>>,
    next: i64,
}

impl Shelf for Stories {
    type Error = Infallible;

    fn sharing(&self, keys: &[u32]) -> Result<Vec<(i64, usize, i64)>, Infallible> {
        let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
        keys.iter().filter_map(|k| self.having.get(k)).flatten().for_each(|&n| *shared.entry(n).or_default() += 1);
        Ok(shared.into_iter().filter_map(|(n, count)| Some((n, count, self.story(n)?))).collect())
    }

    fn newest(&self, story: i64) -> Result<Vec<Paper>, Infallible> {
        let papers = self.papers.get(&story).map(Vec::as_slice).unwrap_or_default();
        Ok(papers.iter().skip(papers.len().saturating_sub(NEWEST)).cloned().collect())
    }
}

impl Stories {
    /// Adds a report, whose number must be higher than those before.
    pub fn add(&mut self, paper: Paper) {
        let Ok(groups) = regroup(paper.clone(), self);
        for key in paper.terms.keys() {
            self.having.entry(*key).or_default().push(paper.number);
        }
        let mut moved: BTreeMap<i64, Paper> = BTreeMap::from([(paper.number, paper)]);
        let stories: BTreeSet<i64> =
            groups.iter().flat_map(|g| &g.reports).filter_map(|n| self.story_of.get(n).copied()).collect();
        for story in stories {
            moved.extend(self.papers.remove(&story).into_iter().flatten().map(|p| (p.number, p)));
        }
        for group in groups {
            let story = group.story.unwrap_or_else(|| {
                self.next += 1;
                self.next
            });
            group.reports.iter().for_each(|&n| _ = self.story_of.insert(n, story));
            self.story_of.values_mut().filter(|s| group.merged.contains(s)).for_each(|s| *s = story);
        }
        for (number, paper) in moved {
            if let Some(story) = self.story_of.get(&number) {
                self.papers.entry(*story).or_default().push(paper);
            }
        }
        self.papers.values_mut().for_each(|papers| papers.sort_by_key(|p| p.number));
    }

    /// The story of a report.
    pub fn story(&self, number: i64) -> Option<i64> {
        self.story_of.get(&number).copied()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn pairs_are_put_in_order_and_reports_stay_in_theirs() {
        let numbers = [u32::MAX, 5, 1 << 22, 5, 0, (1 << 11) + 5, 5];
        let having = |(paper, number)| super::Having { number, paper, x: 1.0 };
        let mut all: Vec<_> = numbers.into_iter().enumerate().map(having).collect();
        super::by_number(&mut all);
        assert_eq!(all.iter().map(|one| one.paper).collect::<Vec<_>>(), [4, 1, 3, 6, 5, 2, 0]);
    }

    use super::*;

    const FERRY: [&str; 3] = [
        "The ferry Halcyon ran onto Tarn rocks in thick fog on Monday. Divers from Elva harbour searched the hull of the ferry Halcyon.",
        "Fog and a broken radar put the ferry Halcyon on Tarn rocks, the owners said. Divers from Elva harbour found nobody inside.",
        "Owners of the ferry Halcyon will pay for the salvage. She ran onto Tarn rocks in thick fog.",
    ];
    const STRIKE: [&str; 2] = [
        "Elva harbour pilots walked out over night shifts on Thursday. The pilots' union asked the harbour board for talks.",
        "Talks with the pilots' union failed, the harbour board said, and Elva harbour pilots stay out over night shifts.",
    ];

    fn told(texts: &[&str], days: &[Option<Date>]) -> Vec<i64> {
        let mut stories = Stories::default();
        for (i, text) in texts.iter().enumerate() {
            let terms = Terms::of(text, Knowledge::english());
            stories.add(Paper { number: i as i64, terms, day: days.get(i).copied().flatten() });
        }
        (0..texts.len()).map(|i| stories.story(i as i64).unwrap()).collect()
    }

    #[test]
    fn reports_on_one_affair_are_one_story_and_those_on_another_are_not() {
        let of = told(&[FERRY[0], STRIKE[0], FERRY[1], STRIKE[1], FERRY[2]], &[]);
        assert!(of[0] == of[2] && of[2] == of[4] && of[1] == of[3] && of[0] != of[1], "{of:?}");
    }

    #[test]
    fn the_same_words_years_later_are_another_story() {
        let day = |year| Some(Date::constant(year, 3, 1));
        let of = told(&[FERRY[0], FERRY[1]], &[day(2020), day(2026)]);
        assert_ne!(of[0], of[1]);
    }

    #[test]
    fn what_is_kept_comes_back_and_odd_bytes_do_no_harm() {
        let terms = Terms::of(FERRY[0], Knowledge::english());
        let again = Terms::from_bytes(&terms.to_bytes());
        assert_eq!(again.counts, terms.counts);
        assert!(!terms.counts.is_empty() && terms.keys().len() <= KEYS);
        assert_eq!(Terms::from_bytes(&[1, 2, 3]), Terms::default());
        assert_eq!(told(&["", "the of", FERRY[0]], &[]).len(), 3);
    }
}
