//! What is read out of a report.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Span;

/// How likely an item is right, in 0..=1; written with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, JsonSchema)]
#[schemars(transparent)]
pub struct Confidence(#[schemars(range(min = 0.0, max = 1.0))] f32);

impl Confidence {
    /// A confidence; values outside 0..=1 are brought to the nearer end, and not-a-number to 0.
    pub fn new(value: f32) -> Confidence {
        Confidence(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    /// The value, in 0..=1.
    pub fn value(self) -> f32 {
        self.0
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((f64::from(self.0) * 1000.0).round() / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Confidence, D::Error> {
        let value = f32::deserialize(deserializer)?;
        match (0.0..=1.0).contains(&value) {
            true => Ok(Confidence(value)),
            false => Err(serde::de::Error::custom(format!("a confidence is between 0 and 1, not {value}"))),
        }
    }
}

/// The id of an item: a letter for its kind and a hash of the words it stands on and which of their like in the report they
/// are, so that it survives re-reading, and changes elsewhere in the report, when the words do.
///
/// `seen` counts the earlier items of the report with the same kind and words.
pub fn item_id<'s>(kind: char, spans: impl IntoIterator<Item = &'s Span>, seen: usize) -> String {
    // FNV-1a, 64 bits: stable across platforms and versions, and short.
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for span in spans {
        span.text.bytes().for_each(&mut mix);
        mix(0xff);
    }
    match seen {
        0 => format!("{kind}{:012x}", hash >> 16),
        n => format!("{kind}{:012x}.{n}", hash >> 16),
    }
}

/// Somebody or something that acts or speaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// Its id.
    pub id: String,
    /// The fullest name or description in the report.
    pub name: String,
    /// What it is.
    pub kind: Option<ActorKind>,
    /// ISO 3166-1 alpha-3 code of its country.
    pub country: Option<String>,
    /// PLOVER sectors.
    pub sectors: Vec<String>,
    /// How the report describes it.
    pub described_as: Vec<String>,
    /// Where it is mentioned.
    pub mentions: Vec<Mention>,
    /// How sure.
    pub confidence: Confidence,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ActorKind {
    Person,
    Office,
    Government,
    Military,
    Police,
    Party,
    ArmedGroup,
    Company,
    Media,
    Igo,
    Ngo,
    People,
}

/// A mention of an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// In what form.
    pub form: MentionForm,
}

/// How an actor is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum MentionForm {
    Name,
    Nominal,
    Pronoun,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Option<PlaceKind>,
    /// ISO 3166-1 alpha-3 code.
    pub country: Option<String>,
    /// First-order division.
    pub admin1: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Which gazetteer entry it is, as `gazetteer:id`.
    pub gazetteer_id: Option<String>,
    /// Where it is mentioned.
    pub mentions: Vec<Span>,
    /// How sure.
    pub confidence: Confidence,
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PlaceKind {
    Country,
    Region,
    Capital,
    City,
    Village,
    Site,
    Water,
    Area,
}

/// A time expression (TimeML TIMEX3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// Its id.
    pub id: String,
    /// The expression.
    pub span: Span,
    /// TIMEX3 type: `DATE`, `TIME`, `DURATION` or `SET`.
    #[serde(rename = "type")]
    pub kind: String,
    /// TIMEX3 value.
    pub value: Option<String>,
    /// `day`, `month`, `year`, …
    pub granularity: Option<String>,
    /// First day it may mean.
    pub earliest: Option<String>,
    /// Last day it may mean.
    pub latest: Option<String>,
    /// What it was resolved against: `published`, or another time's id.
    pub relative_to: Option<String>,
    /// How far from that it lies, as an ISO 8601 period with its sign (`P1D`, `-P1W`), where its day is not known but this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<String>,
    /// How sure.
    pub confidence: Confidence,
}

/// Somebody's word: what is said, thought or wanted, by whom, and the words that say so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Its id.
    pub id: String,
    /// The words that name the source; none if the report names none.
    pub source: Vec<Span>,
    /// The words that attribute.
    pub cue: Vec<Span>,
    /// What is attributed.
    pub content: Vec<Span>,
    /// The actor who speaks.
    pub speaker: Option<String>,
    /// How the source is named.
    pub source_kind: SourceKind,
    /// Whose words the content is in.
    pub quoted: Quoted,
    /// What is done by saying it.
    pub act: Act,
    /// The actor it is said to.
    pub addressee: Option<String>,
    /// When it was said.
    pub time: Option<String>,
    /// The statement in whose content this one stands.
    pub inside: Option<String>,
    /// Through whom it reached the report.
    pub via: Vec<String>,
    /// How sure.
    pub confidence: Confidence,
}

/// How a statement's source is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// By name.
    Named,
    /// By a description or pronoun.
    Described,
    /// As somebody who does not want to be named, or cannot be.
    Unnamed,
    /// A text: a statement, a report, a letter.
    Document,
    /// Not at all.
    None,
}

/// Whose words the content is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quoted {
    /// The source's own, in quotation marks.
    Direct,
    /// The reporter's.
    Indirect,
    /// Some of both.
    Mixed,
}

/// What is done by saying something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Act {
    Assert,
    Announce,
    Report,
    Deny,
    Admit,
    Accuse,
    Praise,
    Demand,
    Ask,
    Promise,
    Offer,
    Threaten,
    Warn,
    Plan,
    Predict,
    Believe,
    Other,
}

/// An event (PLOVER).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// PLOVER event type.
    #[serde(rename = "type")]
    pub kind: String,
    /// PLOVER mode.
    pub mode: Option<String>,
    /// PLOVER contexts.
    pub contexts: Vec<String>,
    /// The word that tells it.
    pub trigger: Span,
    /// Its other mentions.
    pub also: Vec<Span>,
    /// The sentence it stands in.
    pub evidence: Span,
    /// Who did it.
    pub actors: Vec<Participant>,
    /// To whom.
    pub recipients: Vec<Participant>,
    /// Where.
    pub place: Option<String>,
    /// When.
    pub time: Option<String>,
    /// Whether it happened.
    pub status: EventStatus,
    /// The statement that asserts it; none if the report does.
    pub said_in: Option<String>,
    /// How sure.
    pub confidence: Confidence,
}

/// An actor's part in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    /// The actor.
    pub actor: Option<String>,
    /// The words.
    pub span: Span,
}

/// Whether an event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EventStatus {
    Happened,
    Ongoing,
    Planned,
    Possible,
    Denied,
    Unreal,
}

/// A count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// What is counted: `killed`, `injured`, …
    pub what: String,
    /// The number; the lower one of a range.
    pub value: f64,
    /// The upper number of a range.
    pub upper: Option<f64>,
    /// How exact.
    pub hedge: Hedge,
    /// Of whom.
    pub of: Option<String>,
    /// The event it belongs to.
    pub event: Option<String>,
    /// The statement that gives it.
    pub said_in: Option<String>,
    /// The words.
    pub span: Span,
    /// How sure.
    pub confidence: Confidence,
}

/// How exact a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Hedge {
    Exact,
    About,
    AtLeast,
    AtMost,
    Range,
}

/// What somebody bound themselves to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Commitment {
    /// Its id.
    pub id: String,
    /// Who.
    pub by: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// To what.
    pub what: Span,
    /// In what way.
    pub kind: CommitmentKind,
    /// By when.
    pub due: Option<String>,
    /// The statement that makes it.
    pub statement: Option<String>,
    /// The event that makes it.
    pub event: Option<String>,
    /// How sure.
    pub confidence: Confidence,
}

/// How somebody bound themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CommitmentKind {
    Promise,
    Guarantee,
    Offer,
    Threat,
    Plan,
}

/// A change of position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// Whose.
    pub who: Option<String>,
    /// On what.
    pub about: String,
    /// The position before.
    pub before: Position,
    /// The position after.
    pub after: Position,
    /// How sure.
    pub confidence: Confidence,
}

/// A position somebody took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Position {
    /// The words.
    pub span: Span,
    /// The statement it was taken in.
    pub statement: Option<String>,
    /// The event it was taken by.
    pub event: Option<String>,
}
