//! Files and folders.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::IntakeError;

/// The files under `path`: itself, or for a folder everything below it in the order of names; hidden files are passed over.
///
/// # Errors
/// A path that does not exist or a folder that cannot be listed.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, IntakeError> {
    let unreadable = |source| IntakeError::Unreadable { input: path.display().to_string(), source };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = Vec::new();
    let visible = |e: &walkdir::DirEntry| e.depth() == 0 || !e.file_name().to_string_lossy().starts_with('.');
    for entry in walkdir::WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = entry.map_err(|e| unreadable(e.into()))?;
        if entry.file_type().is_file() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// Reads at most `largest` bytes of a stream, and one more if there are more, so that [`crate::report`] can refuse it without
/// its all being held.
///
/// # Errors
/// When the stream cannot be read.
pub fn read_limited(stream: impl Read, largest: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(largest as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file, at most `largest` bytes of it and one more.
///
/// # Errors
/// When the file cannot be read, by name.
pub fn read_file(path: &Path, largest: usize) -> Result<Vec<u8>, IntakeError> {
    let open = File::open(path).and_then(|file| read_limited(file, largest));
    open.map_err(|source| IntakeError::Unreadable { input: path.display().to_string(), source })
}
