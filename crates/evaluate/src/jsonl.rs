//! JSON Lines files.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;

/// The objects of a file, each with the line it was read from; `check` says what else may be wrong with one.
pub(crate) fn read<T: DeserializeOwned>(path: &Path, check: impl Fn(&T) -> Result<()>) -> Result<Vec<(T, String)>> {
    let file = fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    file.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(n, line)| {
            let place = || format!("{}, line {}", path.display(), n + 1);
            let value =
                serde_json::from_str(line).with_context(|| format!("{}: not a record of this task", place()))?;
            check(&value).with_context(place)?;
            Ok((value, line.to_string()))
        })
        .collect()
}

/// Refuses a file in which an id comes twice; `what` the ids are of, in the plural.
pub(crate) fn distinct<'i>(path: &Path, what: &str, mut ids: impl Iterator<Item = &'i str>) -> Result<()> {
    let mut seen = HashSet::new();
    match ids.find(|id| !seen.insert(*id)) {
        Some(id) => bail!("{}: two {what} have the id `{id}`", path.display()),
        None => Ok(()),
    }
}

/// The objects of a gold file with some fields replaced, a line each.
pub(crate) fn write(
    path: &Path,
    lines: impl Iterator<Item = (String, Vec<(&'static str, serde_json::Value)>)>,
) -> Result<()> {
    let mut file = String::new();
    for (line, fields) in lines {
        let mut object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line)?;
        for (name, value) in fields {
            object.insert(name.to_string(), value);
        }
        file.push_str(&serde_json::to_string(&object)?);
        file.push('\n');
    }
    fs::write(path, file).with_context(|| format!("{}: cannot be written", path.display()))
}
