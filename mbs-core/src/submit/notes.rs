//! What the build system notes under `xmd.mbs` of a document.

use super::origin::Origin;
use crate::ComponentName;
use crate::build::SourceRef;
use crate::modulemd::{ModuleStream, Value};
use std::collections::BTreeMap;

/// Notes where a document came from, beside what the expansion noted.
///
/// A branch that is noted already was named by the request and stays.
pub(super) fn note_origin(document: &mut ModuleStream, origin: &Origin) {
    let text = |text: Option<&str>| Value::from(text.unwrap_or_default());
    let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
    mbs.insert("commit".to_owned(), text(origin.commit.as_deref()));
    mbs.insert("scmurl".to_owned(), text(origin.scmurl.as_deref()));
    if let Some(branch) = origin.branch.as_deref().filter(|branch| !branch.is_empty()) {
        mbs.entry("branch".to_owned()).or_insert_with(|| Value::from(branch));
    }
}

/// Notes the commits of components, if they are known. Components of included modules are among them.
pub(super) fn note_commits<'a>(
    document: &mut ModuleStream,
    sources: impl Iterator<Item = (&'a ComponentName, &'a SourceRef)>,
) {
    let entry = |commit: &str| Value::from_iter([("ref".to_owned(), Value::from(commit))]);
    let mut noted: BTreeMap<String, Value> = BTreeMap::new();
    for (component, source) in sources {
        match (&source.commit, &source.srpm) {
            (Some(commit), None) => noted.insert(component.to_string(), entry(commit)),
            // A source package has no commit: nothing, which is kept as an empty text.
            (_, Some(_)) => noted.insert(component.to_string(), entry("")),
            // One that is not known yet would make the list look complete.
            (None, None) => return,
        };
    }
    if !noted.is_empty() {
        let mbs = document.xmd_mut().entry("mbs".to_owned()).or_default().make_map();
        mbs.insert("rpms".to_owned(), noted.into_iter().collect());
    }
}

/// The refs that the request gives to components instead of their own.
pub(super) fn ref_overrides(document: &ModuleStream) -> BTreeMap<String, String> {
    let overrides = document.xmd_mbs().and_then(|mbs| mbs.get("rpm_component_ref_overrides")?.as_map());
    let text = |(name, reference): (&String, &Value)| Some((name.clone(), reference.as_str()?.to_owned()));
    overrides.into_iter().flat_map(|map| map.iter()).filter_map(text).collect()
}
