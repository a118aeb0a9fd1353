//! Raw uploads.

use super::fault::Fault;
use super::hub::{Hub, Request};
use super::sum::digest;
use super::world::{Folder, record};
use chrono::{DateTime, Utc};
use mbs_koji::rpc::xml::{MethodCall, Value};

/// Where a chunk goes: the query string of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chunk {
    /// Name of the file.
    pub filename: String,
    /// Its folder.
    pub filepath: String,
    /// Kind of the checksum to answer; none: no checksum.
    pub fileverify: Option<String>,
    /// Place of the first byte; -1: at the end.
    pub offset: i64,
    /// Is the file cut at the offset first?
    pub overwrite: bool,
}

impl Hub {
    /// Takes a chunk of a file.
    ///
    /// # Errors
    /// The fault; then nothing is stored.
    pub fn upload(
        &mut self,
        request: &Request,
        chunk: &Chunk,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Value, Fault> {
        self.world().now = now;
        let caller = self.authenticate(request, &MethodCall::default())?;
        let Some(caller) = caller else {
            let text = if self.scripted().url_sessions {
                return Err(Fault::auth("session-id not specified in session args"));
            } else {
                "you must be logged in to upload"
            };
            return Err(Fault::not_allowed(text));
        };
        check_names(chunk)?;
        let sum = match chunk.fileverify.as_deref().filter(|kind| !kind.is_empty()) {
            None => Value::Nil,
            Some(kind) => digest(kind, bytes)
                .map(Value::from)
                .ok_or_else(|| Fault::generic(format!("Unsupported verify type: {kind}")))?,
        };
        let world = self.world();
        let folder = world.folders.get(&chunk.filepath);
        if folder.is_some_and(|folder| folder.owner != caller.user) {
            return Err(Fault::generic(format!("Invalid upload directory, not owner: {}", chunk.filepath)));
        }
        let length = folder.and_then(|folder| folder.files.get(&chunk.filename)).map(|(bytes, _)| bytes.len());
        let there = length.unwrap_or(0);
        let offset =
            if chunk.offset == -1 { there } else { usize::try_from(chunk.offset).map_err(|_| bad_offset(chunk))? };
        if !chunk.overwrite && offset == 0 && length.is_some() && chunk.offset != -1 {
            return Err(Fault::generic(format!("upload path exists: {}/{}", chunk.filepath, chunk.filename)));
        }
        if !chunk.overwrite && there > offset + bytes.len() {
            return Err(Fault::generic(format!("file length does not match: {}/{}", chunk.filepath, chunk.filename)));
        }
        let folder = world
            .folders
            .entry(chunk.filepath.clone())
            .or_insert_with(|| Folder { owner: caller.user, ..Folder::default() });
        let (file, time) = folder.files.entry(chunk.filename.clone()).or_default();
        if chunk.overwrite {
            file.truncate(offset);
        }
        // A gap is not refused; it is filled with zeros.
        let end = offset + bytes.len();
        file.resize(file.len().max(end), 0);
        file[offset..end].copy_from_slice(bytes);
        *time = Some(now);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(record! {
            "size": size, "fileverify": chunk.fileverify.clone(), "offset": chunk.offset, "hexdigest": sum,
        })
    }
}

fn bad_offset(chunk: &Chunk) -> Fault {
    Fault::generic(format!("Invalid upload offset: {}", chunk.offset))
}

fn check_names(chunk: &Chunk) -> Result<(), Fault> {
    let path = &chunk.filepath;
    if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err(Fault::generic(format!("Invalid upload path: {path}")));
    }
    if path.starts_with("tasks/") {
        return Err(Fault::not_allowed("task does not belong to the user"));
    }
    let name = &chunk.filename;
    if name.is_empty() || name.starts_with('.') || name.contains('/') {
        return Err(Fault::generic(format!("Invalid upload filename: {name}")));
    }
    Ok(())
}
