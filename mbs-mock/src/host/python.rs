//! `python3dist(NAME)` and `python(abi)` from the folders the interpreter searches.

use std::path::Path;

use super::files::{below, entries, name, text};
use super::probe::versioned;
use crate::deps::Capability;
use crate::programs::{arguments, run};

const QUESTION: &str = "import sys\nprint('%d.%d' % sys.version_info[:2])\nprint('%d.%d.%d' % sys.version_info[:3])\nprint('\\n'.join(sys.path))";

/// What an interpreter says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Python {
    /// `X.Y`.
    pub(super) abi: String,
    /// `X.Y.Z`.
    pub(super) version: String,
    pub(super) folders: Vec<String>,
}

/// Asks the interpreter at `program`, isolated from the user's own folders; nothing where it is absent or broken.
pub(super) fn ask(program: &Path) -> Option<Python> {
    parse(&String::from_utf8(run(program, &arguments(["-I", "-c", QUESTION])).ok()?).ok()?)
}

pub(super) fn parse(answer: &str) -> Option<Python> {
    let mut lines = answer.lines();
    let abi = lines.next()?.to_owned();
    let version = lines.next()?.to_owned();
    let folders = lines.filter(|line| line.starts_with('/')).map(str::to_owned).collect();
    Some(Python { abi, version, folders })
}

/// Adds the interpreter's own capability and the distributions it finds.
pub(super) fn distributions(root: &Path, python: &Python, found: &mut Vec<Capability>) {
    found.push(versioned("python(abi)".to_owned(), Some(&python.abi)));
    for folder in &python.folders {
        for path in entries(&below(root, folder)) {
            let Some(file) = name(&path) else { continue };
            let metadata = if file.ends_with(".dist-info") {
                text(&path.join("METADATA"))
            } else if file.ends_with(".egg-info") {
                text(&path.join("PKG-INFO")).or_else(|| text(&path))
            } else {
                None
            };
            let Some((distribution, version)) = metadata.as_deref().and_then(identity) else { continue };
            let version = rpm_version(&version);
            for name in spellings(&distribution) {
                found.push(versioned(format!("python3dist({name})"), version.as_deref()));
                found.push(versioned(format!("python{}dist({name})", python.abi), version.as_deref()));
            }
        }
    }
}

fn identity(metadata: &str) -> Option<(String, String)> {
    let header = metadata.split("\n\n").next()?;
    let field = |key: &str| header.lines().find_map(|line| line.strip_prefix(key)).map(|text| text.trim().to_owned());
    Some((field("Name:")?, field("Version:")?))
}

/// The spellings rpm's generator writes: separators as one dash, and dots kept.
pub(super) fn spellings(name: &str) -> Vec<String> {
    let squeeze = |is_separator: fn(char) -> bool| {
        let parts = name.split(is_separator).filter(|part| !part.is_empty()).map(str::to_lowercase);
        parts.collect::<Vec<_>>().join("-")
    };
    let mut names =
        vec![squeeze(|c| matches!(c, '-' | '_' | '.')), squeeze(|c| !c.is_ascii_alphanumeric() && c != '.')];
    names.dedup();
    names
}

/// A Python version in rpm's order: trailing zeros go, as rpm's generator drops them on both sides of a dependency;
/// pre-releases sort before and post-releases after the release.
pub(super) fn rpm_version(version: &str) -> Option<String> {
    let version = version.trim().to_ascii_lowercase();
    let version = version.split('+').next()?.trim_start_matches('v');
    let (epoch, version) = version.split_once('!').map_or((None, version), |(epoch, rest)| (Some(epoch), rest));
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let mut release: Vec<&str> = version[..end].split('.').filter(|part| !part.is_empty()).collect();
    while release.len() > 1 && release.last().is_some_and(|part| part.bytes().all(|byte| byte == b'0')) {
        release.pop();
    }
    if release.is_empty() {
        return None;
    }
    let suffix: String = version[end..].chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = suffix.find(|c: char| c.is_ascii_digit()).unwrap_or(suffix.len());
    let digits: String = suffix[letters..].chars().take_while(char::is_ascii_digit).collect();
    let digits = if digits.is_empty() { "0" } else { digits.as_str() };
    // What follows the first mark (`1.0a1.dev2`) is dropped by rpm's generator too.
    let suffix = match &suffix[..letters] {
        "" if suffix.is_empty() => String::new(),
        "" | "post" | "rev" | "r" => format!("^post{digits}"),
        "dev" => format!("~~dev{digits}"),
        "a" | "alpha" => format!("~a{digits}"),
        "b" | "beta" => format!("~b{digits}"),
        "c" | "rc" | "pre" | "preview" => format!("~rc{digits}"),
        _ => return None,
    };
    let epoch = epoch.map(|epoch| format!("{epoch}:")).unwrap_or_default();
    Some(format!("{epoch}{}{suffix}", release.join(".")))
}
