//! Puts module documents into the metadata.

use super::MODULES;
use super::repomd::{Repomd, RepomdError};
use crate::source::{ChecksumKind, Hasher};
use flate2::{Compression, GzBuilder};
use std::io::Write as _;

/// The same part in a compression that some readers prefer: it would hide the new one.
const ALSO_REPLACED: &str = "modules_zck";

/// What has to be written to put module documents into a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// The new `repomd.xml`.
    pub repomd: String,
    /// Name of the file with the documents, in the folder `repodata`. Part of it is the file's checksum, so a file of that
    /// name has that content.
    pub file_name: String,
    /// Its content, compressed with gzip.
    pub file: Vec<u8>,
    /// Locations of the files whose entries were replaced, as they stood there.
    pub replaced: Vec<String>,
}

/// Makes the file of the part `modules` and `repomd.xml` with it.
///
/// Entries for modules that are there are replaced; everything else stays byte for byte. The new part gets the time of the
/// newest other part (else the revision, if it is a number, else 0), so that the same input gives the same bytes.
///
/// # Errors
/// [`RepomdError`] when `repomd` is no list of parts.
pub fn attach_modules(repomd: &str, modules: &str) -> Result<Attachment, RepomdError> {
    let list = Repomd::parse(repomd)?;
    if !repomd[list.end..].starts_with("</") {
        let problem = "the list is an empty element, which has no room for an entry".to_owned();
        return Err(RepomdError::Broken { line: repomd[..list.end].matches('\n').count() + 1, problem });
    }
    let (old, others): (Vec<_>, Vec<_>) =
        list.parts.iter().partition(|part| part.kind == MODULES || part.kind == ALSO_REPLACED);
    let newest = others.iter().filter_map(|part| part.timestamp).max();
    let revision = || list.revision.as_ref().and_then(|revision| revision.parse().ok());
    let timestamp = newest.or_else(revision).unwrap_or(0);

    let file = gzip(modules.as_bytes());
    let checksum = Hasher::of(ChecksumKind::Sha256, &file);
    let open_checksum = Hasher::of(ChecksumKind::Sha256, modules.as_bytes());
    let file_name = format!("{}-modules.yaml.gz", checksum.hex());
    let lines = [
        format!("<checksum type=\"sha256\">{}</checksum>", checksum.hex()),
        format!("<open-checksum type=\"sha256\">{}</open-checksum>", open_checksum.hex()),
        format!("<location href=\"repodata/{file_name}\"/>"),
        format!("<timestamp>{timestamp}</timestamp>"),
        format!("<size>{}</size>", file.len()),
        format!("<open-size>{}</open-size>", modules.len()),
    ];

    // The entry looks like the last one, or like those that createrepo_c writes.
    let around = list.parts.last().map_or("\n  ", |part| blanks_before(repomd, part.span.start));
    let entry = entry(&lines, around, &list.prefix);
    let mut text = String::with_capacity(repomd.len() + entry.len() + around.len());
    let mut at = 0;
    for (number, part) in old.iter().enumerate() {
        let blanks = if number == 0 { "" } else { blanks_before(repomd, part.span.start) };
        text.push_str(&repomd[at..part.span.start - blanks.len()]);
        text.push_str(if number == 0 { &entry } else { "" });
        at = part.span.end;
    }
    if old.is_empty() {
        at = list.parts.last().map_or_else(|| list.end - blanks_before(repomd, list.end).len(), |part| part.span.end);
        text.push_str(&repomd[..at]);
        text.push_str(around);
        text.push_str(&entry);
    }
    text.push_str(&repomd[at..]);
    let replaced = old.iter().filter_map(|part| part.location.clone()).collect();
    Ok(Attachment { repomd: text, file_name, file, replaced })
}

/// The blanks that stand directly before a place.
fn blanks_before(text: &str, place: usize) -> &str {
    let before = &text[..place];
    &before[before.trim_end_matches([' ', '\t', '\r', '\n']).len()..]
}

/// The entry, indented as what stands before it says; in one line if that has no line end.
fn entry(lines: &[String], around: &str, prefix: &str) -> String {
    let (newline, indent) = match around.rfind('\n') {
        Some(end) if around[..end].ends_with('\r') => ("\r\n", &around[end + 1..]),
        Some(end) => ("\n", &around[end + 1..]),
        None => ("", ""),
    };
    let deeper = if newline.is_empty() { "" } else { "  " };
    let mut text = format!("<{prefix}data type=\"{MODULES}\">");
    for line in lines {
        let line = line.replace("</", &format!("</{prefix}"));
        text.extend([newline, indent, deeper, "<", prefix, &line[1..]]);
    }
    text.extend([newline, indent, "</", prefix, "data>"]);
    text
}

/// Without name and time, so that equal contents give equal files.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}
