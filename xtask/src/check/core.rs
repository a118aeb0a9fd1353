//! `check-core`: `mbs-core` opens no file, socket or process, but for one function that reads a modulemd file.
//!
//! Two looks: at the paths its source names, and at the packages it depends on.

use super::source;
use crate::error::TaskError;
use crate::{command, out, workspace};

/// Modules of the standard library that reach outside.
const STD: &[&str] = &["fs", "net", "process", "os", "env"];
/// Crates that do so, or that bring a runtime.
const CRATES: &[&str] = &["tokio", "rustix", "libc", "reqwest", "rusqlite", "mbs_fetch", "mbs_mock", "mbs_store"];

/// The file that may open a file, and what it may use for that: see decision 0006.
const ALLOWED: (&str, &str) = ("mbs-core/src/modulemd/input/file.rs", "std::fs");

/// Looks at the source and the dependencies of `mbs-core`.
pub(crate) fn run() -> Result<(), TaskError> {
    let root = workspace::root();
    let mut found = Vec::new();
    let files = workspace::rust_files(&root.join("mbs-core/src"))?;
    for path in &files {
        let text = std::fs::read_to_string(path).map_err(TaskError::io("read", path))?;
        let (code, _) = source::without_tests(&source::masked(&text));
        let shown = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        found.extend(refused(&shown, &code).into_iter().map(|what| format!("`{shown}` uses `{what}`")));
    }
    let mut tree = command::cargo("tree");
    tree.args(["--package", "mbs-core", "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    let packages = command::output(&mut tree)?;
    for package in packages.lines().filter_map(|line| line.split_whitespace().next()) {
        if CRATES.contains(&package.replace('-', "_").as_str()) && package != "libc" {
            found.push(format!("`mbs-core` depends on `{package}`"));
        }
    }
    if found.is_empty() {
        out::say(&format!("core:  {} files open no file, socket or process, but for `{}`", files.len(), ALLOWED.0));
        return Ok(());
    }
    Err(TaskError::Check(format!("mbs-core reaches outside:\n  {}", found.join("\n  "))))
}

/// The forbidden paths that the masked code of a file names and may not.
fn refused(path: &str, code: &str) -> Vec<String> {
    forbidden(code).into_iter().filter(|what| (path, what.as_str()) != ALLOWED).collect()
}

/// The forbidden paths that masked code names, sorted, each once.
fn forbidden(code: &str) -> Vec<String> {
    let tight: String =
        code.split_whitespace().collect::<Vec<_>>().join(" ").replace(" :: ", "::").replace(":: ", "::");
    let mut found = Vec::new();
    for (at, _) in tight.match_indices("std::") {
        if starts_inside_a_name(&tight, at) {
            continue;
        }
        let rest = &tight[at + "std::".len()..];
        let heads = if rest.starts_with('{') { group_heads(rest) } else { vec![name(rest)] };
        found.extend(heads.iter().filter(|head| STD.contains(head)).map(|head| format!("std::{head}")));
    }
    for krate in CRATES {
        for (at, _) in tight.match_indices(&format!("{krate}::")) {
            if !starts_inside_a_name(&tight, at) && !tight[..at].ends_with("::") {
                found.push((*krate).to_owned());
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn starts_inside_a_name(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn name(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// First names of the members of a `{a::b, c::{d, e}}` group.
fn group_heads(text: &str) -> Vec<&str> {
    let mut heads = Vec::new();
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(c, '{' | ',') {
            heads.push(name(text[at + 1..].trim_start()));
        }
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_grouped_paths_are_found() {
        assert_eq!(forbidden("use std::fs::File;"), ["std::fs"]);
        assert_eq!(forbidden("use std::{fmt, net::{TcpStream, IpAddr}, process};"), ["std::net", "std::process"]);
        assert_eq!(forbidden("let x = ::std :: fs :: read(p);"), ["std::fs"]);
        assert_eq!(forbidden("tokio::spawn(f)"), ["tokio"]);
    }

    #[test]
    fn one_file_may_open_files_and_nothing_else() {
        let (path, _) = ALLOWED;
        assert_eq!(refused(path, "use std::fs::File;"), Vec::<String>::new());
        assert_eq!(refused(path, "use std::{fs, env};"), ["std::env"]);
        assert_eq!(refused("mbs-core/src/modulemd/input/reader.rs", "use std::fs::File;"), ["std::fs"]);
    }

    #[test]
    fn harmless_paths_pass() {
        let code = "use std::{fmt, collections::{BTreeMap, fs_like}}; mystd::fs::x(); crate::tokio::y(); a_tokio::z()";
        assert_eq!(forbidden(code), Vec::<String>::new());
    }
}
