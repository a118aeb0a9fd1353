//! From the text of a lock to the lock.

use super::error::{LockError, LockProblem};
use super::model::{FORMAT, Lock, LockedBuild, LockedComponent, LockedFile, LockedModule};
use super::write::DOCUMENT;
use crate::modulemd::{Diagnostic, KeyPath, read_own};
use crate::source::{Checksum, ChecksumKind, CommitHash, RepositoryUrl};
use crate::{ComponentName, Nsvc};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawLock {
    document: String,
    version: u64,
    modulemd: String,
    time: Option<u64>,
    platform: Option<String>,
    builds: Vec<RawBuild>,
    components: BTreeMap<String, RawComponent>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawBuild {
    nsvc: String,
    block: u64,
    modules: Vec<RawModule>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawModule {
    nsvc: String,
    base: bool,
    direct: bool,
    commit: Option<String>,
    digest: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawComponent {
    repository: String,
    #[serde(rename = "ref")]
    reference: Option<String>,
    commit: String,
    files: Vec<RawFile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawFile {
    path: String,
    checksum: String,
}

impl Lock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    /// [`LockError::Malformed`] with every problem and its place; [`LockError::Version`] for one of a later release.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        // Of a later version, unknown keys are no error worth telling.
        if let Some(found) = later_version(text) {
            return Err(LockError::Version { found });
        }
        let mut lock = None;
        let read = read_own::<RawLock>(text, "lock", |raw| {
            let mut problems = Problems::default();
            let found = problems.lock(raw);
            if problems.0.is_empty() {
                lock = Some(found);
            }
            problems.0
        });
        match (read, lock) {
            (Ok(_), Some(Some(lock))) => Ok(lock),
            (Ok(_), _) => Err(LockError::Malformed(Vec::new())),
            (Err(diagnostics), _) => Err(LockError::Malformed(diagnostics.into_iter().map(problem).collect())),
        }
    }
}

fn later_version(text: &str) -> Option<u64> {
    let number = text.lines().find_map(|line| line.strip_prefix("version:"))?;
    number.trim().parse().ok().filter(|found| *found > FORMAT)
}

fn problem(diagnostic: Diagnostic) -> LockProblem {
    let mut message = diagnostic.message;
    for (word, text) in [("found", diagnostic.found), ("expected", diagnostic.expected)] {
        if let Some(text) = text {
            message.extend([", ", word, " ", &text]);
        }
    }
    LockProblem { line: diagnostic.line, column: diagnostic.column, key: diagnostic.key_path, message }
}

/// Everything that is wrong with values, and where.
#[derive(Default)]
struct Problems(Vec<(KeyPath, String)>);

impl Problems {
    fn take<T, E: std::fmt::Display>(&mut self, path: KeyPath, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.0.push((path, error.to_string()))).ok()
    }

    fn lock(&mut self, raw: &RawLock) -> Option<Lock> {
        let root = KeyPath::default();
        if raw.document != DOCUMENT {
            self.0.push((root.key("document"), format!("`{}` is no lock file, expected `{DOCUMENT}`", raw.document)));
            // Whatever it is, the rest of it has another meaning.
            return None;
        }
        if raw.version != FORMAT {
            self.0.push((root.key("version"), format!("version {} is not known, expected {FORMAT}", raw.version)));
        }
        let modulemd = self.take(root.key("modulemd"), checksum(&raw.modulemd));
        let time = self.take(root.key("time"), raw.time.ok_or("the time of the document is missing"));
        let builds: Vec<Option<LockedBuild>> =
            raw.builds.iter().enumerate().map(|(at, build)| self.build(&root.key("builds").index(at), build)).collect();
        let mut components = BTreeMap::new();
        for (name, raw) in &raw.components {
            let path = root.key("components").key(name);
            let name = self.take(path.clone(), ComponentName::new(name));
            if let (Some(name), Some(component)) = (name, self.component(&path, raw)) {
                components.insert(name, component);
            }
        }
        let mut builds: Vec<LockedBuild> = builds.into_iter().collect::<Option<_>>()?;
        builds.sort();
        Some(Lock { modulemd: modulemd?, time: time?, platform: raw.platform.clone(), builds, components })
    }

    fn build(&mut self, path: &KeyPath, raw: &RawBuild) -> Option<LockedBuild> {
        let nsvc = self.take(path.key("nsvc"), raw.nsvc.parse::<Nsvc>());
        let block = usize::try_from(raw.block).map_err(|_| "is no number of a dependency block");
        let block = self.take(path.key("block"), block);
        let mut modules = Vec::new();
        for (at, module) in raw.modules.iter().enumerate() {
            let path = path.key("modules").index(at).key("nsvc");
            if let Some(nsvc) = self.take(path, module.nsvc.parse::<Nsvc>()) {
                let (commit, digest) = (module.commit.clone(), module.digest.clone());
                modules.push(LockedModule { nsvc, base: module.base, direct: module.direct, commit, digest });
            }
        }
        modules.sort();
        Some(LockedBuild { nsvc: nsvc?, block: block?, modules })
    }

    fn component(&mut self, path: &KeyPath, raw: &RawComponent) -> Option<LockedComponent> {
        let repository = match RepositoryUrl::parse(&raw.repository) {
            Ok(url) if url.credentials().is_some() => {
                Err("holds credentials, which do not belong into a lock file".to_owned())
            }
            Ok(url) => Ok(url.git_url()),
            Err(error) => Err(error.to_string()),
        };
        let repository = self.take(path.key("repository"), repository);
        let commit = self.take(path.key("commit"), CommitHash::new(&raw.commit));
        let mut files = Vec::new();
        for (at, file) in raw.files.iter().enumerate() {
            let path = path.key("files").index(at);
            if file.path.is_empty() {
                self.0.push((path.key("path"), "the path is missing".to_owned()));
            }
            if let Some(checksum) = self.take(path.key("checksum"), checksum(&file.checksum)) {
                files.push(LockedFile { path: file.path.clone(), checksum });
            }
        }
        files.sort();
        Some(LockedComponent { repository: repository?, reference: raw.reference.clone(), commit: commit?, files })
    }
}

/// `KIND:DIGITS`.
fn checksum(text: &str) -> Result<Checksum, String> {
    let parts = text.split_once(':');
    let known = |name: &str| ChecksumKind::ALL.into_iter().find(|kind| kind.as_str() == name);
    parts
        .and_then(|(kind, digits)| Checksum::new(known(kind)?, digits))
        .ok_or_else(|| format!("`{text}` is no checksum, expected a kind and digits, such as `sha256:0f...`"))
}
