//! The repository of a build: while it grows, and when it is final.

use super::files::{FileError, TEMPORARY, failed, link_or_copy, make_folder};
use super::layout::Layout;
use super::manifest::{Manifest, Outcome};
use super::registry::{Kind, Registry};
use crate::repo::{RepoError, RepoRequest, write_repository};
use crate::rpms::RpmFacts;
use mbs_core::ComponentName;
use mbs_core::builder::{FinalizeRequest, PublishRequest, RequestKey};
use mbs_core::modulemd::{Artifact, BuildInputError, FinalInput, ReadOptions, final_document, read_for_build, write};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Why the repository cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum FinishError {
    #[error(transparent)]
    Repo(#[from] RepoError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the result of attempt {0} is not there any more")]
    Gone(RequestKey),
    #[error("the components to be published are not tagged")]
    Untagged,
    #[error("the stored document cannot be read: {0}")]
    Document(#[from] BuildInputError),
}

/// Brings everything that is tagged into the repository.
pub(super) fn regenerate(layout: &Layout, request: &PublishRequest) -> Result<(), FinishError> {
    let build = request.module.build;
    let tagged = Registry::read(layout, build, Kind::Tagged)?;
    if !tagged.holds(&request.components) {
        return Err(FinishError::Untagged);
    }
    let published = Registry::read(layout, build, Kind::Published)?;
    let folder = layout.results(&request.module.folder);
    make_folder(&folder)?;
    let mut files = Vec::new();
    for (name, entry) in &tagged.components {
        let key = RequestKey { build, component: name.clone(), attempt: entry.attempt };
        let is_there = published.components.get(name) == Some(entry);
        for (path, facts) in packages(layout, &key)? {
            let file = facts.file_name();
            let place = folder.join(&file);
            if !(is_there && place.is_file()) {
                link_or_copy(&path, &place)?;
            }
            files.push(file);
        }
    }
    write_repository(&RepoRequest {
        folder: &folder,
        files: &files,
        revision: request.module.source_epoch,
        durable: false,
        modules: None,
    })?;
    tagged.write(layout, build, Kind::Published)?;
    Ok(())
}

/// Makes the final repository: without what is filtered, with the module's document.
pub(super) fn finalize(layout: &Layout, request: &FinalizeRequest) -> Result<(), FinishError> {
    let module = &request.module;
    let options = ReadOptions::lenient();
    let mut stream = read_for_build(module.modulemd.as_bytes(), "stored document", &options)?.stream;
    stream.filter.rpms.extend(module.filter.iter().cloned());
    let mut all: Vec<(PathBuf, RpmFacts, Option<ComponentName>)> = Vec::new();
    for component in &request.components {
        let key = &component.published.key;
        let is_macros = key.component.as_str() == mbs_core::plan::MACROS_COMPONENT;
        for (path, facts) in packages(layout, key)? {
            if component.build_only && !is_macros && !facts.source {
                stream.filter.rpms.insert(facts.name.clone());
            }
            all.push((path, facts, (!is_macros).then(|| key.component.clone())));
        }
    }
    let artifacts: Vec<Artifact> =
        all.iter().map(|(_, facts, component)| artifact(facts, component.as_ref())).collect();
    let document = final_document(
        &stream,
        FinalInput { nsvc: &module.nsvc, arch: &module.arch, streams: &BTreeMap::new(), artifacts: &artifacts },
    );
    let folder = layout.results(&module.folder);
    make_folder(&folder)?;
    let mut files = Vec::new();
    for (path, facts, _) in &all {
        if document.artifacts.rpms.contains(&facts.nevra()) {
            let file = facts.file_name();
            link_or_copy(path, &folder.join(&file))?;
            files.push(file);
        }
    }
    let modules = write(&document);
    write_repository(&RepoRequest {
        folder: &folder,
        files: &files,
        revision: module.source_epoch,
        durable: true,
        modules: Some(&modules),
    })?;
    let place = folder.join("modules.yaml");
    fs::write(&place, &modules).map_err(failed("write", &place))?;
    remove_others(&folder, &files.into_iter().collect())?;
    Ok(())
}

/// Packages that the final repository does not list, and what a killed process was about to put there.
fn remove_others(folder: &Path, keep: &BTreeSet<String>) -> Result<(), FileError> {
    for entry in fs::read_dir(folder).map_err(failed("list", folder))? {
        let entry = entry.map_err(failed("list", folder))?;
        let name = entry.file_name();
        let is_rpm = Path::new(&name).extension().is_some_and(|extension| extension == "rpm");
        let is_unfinished = name.to_str().is_some_and(|name| name.starts_with(TEMPORARY)) && !entry.path().is_dir();
        if is_unfinished || (is_rpm && !name.to_str().is_some_and(|name| keep.contains(name))) {
            fs::remove_file(entry.path()).map_err(failed("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// The packages of a finished attempt.
fn packages(layout: &Layout, key: &RequestKey) -> Result<Vec<(PathBuf, RpmFacts)>, FinishError> {
    let folder = layout.attempt(key);
    match Manifest::read(&folder)? {
        Some(Manifest { outcome: Outcome::Complete { packages, .. }, .. }) => {
            Ok(packages.into_iter().map(|facts| (folder.join(facts.file_name()), facts)).collect())
        }
        _ => Err(FinishError::Gone(key.clone())),
    }
}

fn artifact(facts: &RpmFacts, component: Option<&ComponentName>) -> Artifact {
    Artifact {
        name: facts.name.clone(),
        epoch: u64::from(facts.epoch),
        version: facts.version.clone(),
        release: facts.release.clone(),
        arch: facts.arch.clone(),
        license: facts.license.clone(),
        source: facts.source,
        component: component.map(ToString::to_string),
    }
}
