//! The document of one expanded build.

use super::error::ExpandError;
use super::expansion::{Expanded, Pick};
use super::facts::FactsSource;
use super::options::ExpandOptions;
use crate::identity::{Contexts, runtime_requires};
use crate::modulemd::{Dependency, ModuleStream, StreamRule, StreamSet, Value};
use crate::{Context, ModuleName, StreamName};
use std::collections::BTreeMap;

/// Whether the packager chose the context.
pub(super) fn has_static_context(document: &ModuleStream) -> bool {
    document.static_context || document.xmd_mbs().is_some_and(|mbs| mbs.get("static_context").is_some())
}

/// Makes the document of a solution of a block.
///
/// The solved block moves to the end, and takes the place of all that are equal to it. The others stay, and so take
/// part in the runtime context.
pub(super) fn generate(
    original: &ModuleStream,
    block: usize,
    picks: Vec<Pick>,
    options: &ExpandOptions,
) -> Result<Expanded, ExpandError> {
    let mut document = original.clone();
    let before = document.dependencies[block].clone();
    document.dependencies.retain(|other| *other != before);
    document.dependencies.push(solved(&before, &picks));
    let sides = document.dependencies.iter().flat_map(|block| block.buildrequires.iter().chain(&block.requires));
    if let Some((module, _)) = sides.into_iter().find(|(_, set)| set.rule() == StreamRule::Mixed) {
        return Err(ExpandError::Mixed { module: module.clone() });
    }
    let streams: BTreeMap<ModuleName, StreamName> =
        picks.iter().map(|pick| (pick.facts.nsvc.name.clone(), pick.facts.nsvc.stream.clone())).collect();
    let contexts = Contexts::compute(
        &streams,
        &runtime_requires(&document.dependencies)?,
        &options.base_modules.iter().cloned().collect(),
    );
    let is_static = has_static_context(original);
    let context = match original.context.as_deref() {
        Some(text) if is_static => Context::new(text)?,
        None if is_static => return Err(ExpandError::NoContext),
        _ => contexts.context.clone(),
    };
    let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
    let entries = picks.iter().map(|pick| (pick.facts.nsvc.name.to_string(), entry(pick)));
    mbs.insert("buildrequires".to_owned(), entries.collect());
    mbs.insert("mse".to_owned(), Value::from(true));
    if is_static {
        mbs.insert("static_context".to_owned(), Value::from(true));
    }
    document.context = Some(context.to_string());
    Ok(Expanded { block, document, contexts, context, picks })
}

/// The block with one stream for everything that is built against.
///
/// What is required at run time keeps its streams as written, unless the same streams are build-required.
fn solved(before: &Dependency, picks: &[Pick]) -> Dependency {
    let stream_of = |name: &str| {
        let pick = picks.iter().find(|pick| pick.facts.nsvc.name.as_str() == name);
        pick.map(|pick| StreamSet::one(pick.facts.nsvc.stream.as_str()))
    };
    let one = |(name, set): (&String, &StreamSet)| {
        let same = before.buildrequires.get(name) == Some(set);
        (name.clone(), same.then(|| stream_of(name)).flatten().unwrap_or_else(|| set.clone()))
    };
    let buildrequires = before.buildrequires.keys();
    Dependency {
        buildrequires: buildrequires.filter_map(|name| Some((name.clone(), stream_of(name)?))).collect(),
        requires: before.requires.iter().map(one).collect(),
    }
}

/// What `xmd.mbs.buildrequires` notes of a module that is built against.
fn entry(pick: &Pick) -> Value {
    let facts = &pick.facts;
    let commit = facts.commit.as_deref().filter(|_| facts.source == FactsSource::Stored);
    let texts = [
        ("context", facts.nsvc.context.to_string()),
        ("koji_tag", facts.koji_tag.clone().unwrap_or_default()),
        ("ref", commit.unwrap_or_default().to_owned()),
        ("stream", facts.nsvc.stream.to_string()),
        ("version", facts.nsvc.version.to_string()),
    ];
    texts.into_iter().map(|(key, text)| (key.to_owned(), Value::from(text))).collect()
}
