//! Why an item of the record is as it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What decided a field of an item: a rule, a line of a knowledge file, or a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The item's id.
    pub item: String,
    /// Its field.
    pub field: String,
    /// What decided: the knowledge file and its entry, the rule, or what was scored.
    pub by: String,
    /// The words of the report that it was told by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The score that decided, if one did; what it is of and its range are told by `by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}
