//! The form of the files: sections with keys, as Python's `configparser` reads them.

use super::error::ConfigError;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) path: PathBuf,
    pub(super) line: usize,
}

/// Sections with their keys; keys are in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Ini {
    pub(super) sections: BTreeMap<String, BTreeMap<String, Entry>>,
}

/// Keys of this section count in all others.
const DEFAULT: &str = "DEFAULT";

impl Ini {
    /// Reads one more file over what was read before.
    pub(super) fn add(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let problem = |line: usize, problem: String| ConfigError::Line { path: path.to_owned(), line, problem };
        let mut section: Option<String> = None;
        let mut key: Option<(String, usize)> = None;
        for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
            let trimmed = line.trim();
            // Also `#!` and the like.
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            if let (Some((key, own)), Some(section)) = (&key, &section)
                && indent > *own
            {
                let entry = self.sections.get_mut(section).and_then(|keys| keys.get_mut(key));
                if let Some(entry) = entry {
                    entry.value.push('\n');
                    entry.value.push_str(trimmed);
                }
                continue;
            }
            if let Some(rest) = trimmed.strip_prefix('[') {
                let name = rest.split_once(']').map(|(name, _)| name.to_owned());
                let name = name.ok_or_else(|| problem(number, "a section without `]`".to_owned()))?;
                self.sections.entry(name.clone()).or_default();
                section = Some(name);
                key = None;
                continue;
            }
            let Some(section) = &section else {
                return Err(problem(number, "a key before the first `[section]`".to_owned()));
            };
            let Some((name, value)) = trimmed.split_once(['=', ':']) else {
                return Err(problem(number, "neither `[section]`, `key = value` nor a comment".to_owned()));
            };
            let name = name.trim().to_lowercase();
            let entry = Entry { value: value.trim().to_owned(), path: path.to_owned(), line: number };
            self.sections.entry(section.clone()).or_default().insert(name.clone(), entry);
            key = Some((name, indent));
        }
        Ok(())
    }

    /// Names of the sections but the one for all.
    pub(super) fn names(&self) -> Vec<String> {
        self.sections.keys().filter(|name| *name != DEFAULT).cloned().collect()
    }

    /// A value with its references to other keys filled in.
    pub(super) fn get(&self, section: &str, key: &str) -> Result<Option<Entry>, ConfigError> {
        let Some(entry) = self.raw(section, key) else { return Ok(None) };
        let value = self.filled(section, entry, &entry.value, 0)?;
        Ok(Some(Entry { value, ..entry.clone() }))
    }

    fn raw(&self, section: &str, key: &str) -> Option<&Entry> {
        [section, DEFAULT].iter().find_map(|section| self.sections.get(*section)?.get(key))
    }

    fn filled(&self, section: &str, entry: &Entry, value: &str, depth: usize) -> Result<String, ConfigError> {
        let problem = |problem: String| ConfigError::Line { path: entry.path.clone(), line: entry.line, problem };
        if depth > 10 {
            return Err(problem("references that go round in a circle".to_owned()));
        }
        let mut filled = String::new();
        let mut rest = value;
        while let Some(at) = rest.find('%') {
            filled.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                filled.push('%');
                rest = after;
                continue;
            }
            let reference = rest.strip_prefix('(').and_then(|rest| rest.split_once(")s"));
            let (name, after) =
                reference.ok_or_else(|| problem("`%` that begins no `%(key)s`; write `%%` for one".to_owned()))?;
            let found = self.raw(section, &name.to_lowercase());
            let found = found.ok_or_else(|| problem(format!("`%({name})s` names no key")))?;
            filled.push_str(&self.filled(section, found, &found.value, depth + 1)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ini(text: &str) -> Result<Ini, ConfigError> {
        let mut ini = Ini::default();
        ini.add(Path::new("koji.conf"), text).map(|()| ini)
    }

    #[test]
    fn keys_comments_references_and_defaults() {
        let text = "#! old\n; note\n[DEFAULT]\nhost = koji.example\n[koji]\nServer: https://%(host)s/kojihub\n\
            percent = 100%%\nlong = a\n  b\n\n[other]\n";
        let ini = ini(text).expect("a file");
        let get = |section, key| ini.get(section, key).expect("a value").map(|entry| entry.value);
        assert_eq!(get("koji", "server").as_deref(), Some("https://koji.example/kojihub"));
        assert_eq!(get("koji", "percent").as_deref(), Some("100%"));
        assert_eq!(get("koji", "long").as_deref(), Some("a\nb"));
        assert_eq!(get("other", "host").as_deref(), Some("koji.example"));
        assert_eq!(ini.names(), ["koji", "other"]);
    }

    #[test]
    fn errors_name_file_and_line() {
        for (text, expected) in [
            ("a = b\n", "`koji.conf` line 1: a key before the first `[section]`"),
            ("[a]\nword\n", "`koji.conf` line 2: neither `[section]`, `key = value` nor a comment"),
            ("[a\n", "`koji.conf` line 1: a section without `]`"),
        ] {
            assert_eq!(ini(text).expect_err(text).to_string(), expected);
        }
        let broken = ini("[a]\nx = %(y)s\nz = 5%\nr = %(r)s\n").expect("a file");
        for (key, expected) in
            [("x", "line 2: `%(y)s` names no key"), ("z", "line 3: `%`"), ("r", "line 4: references")]
        {
            let error = broken.get("a", key).expect_err(key).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
