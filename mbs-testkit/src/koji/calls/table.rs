//! Which methods there are.

use super::context::Method;
use super::{
    builds, content, groups, import, inheritance, packages, repos, rpms, session, system, tagging, tags, targets,
    tasks, users,
};
use crate::koji::version::HubVersion;

const ALL: [&[Method]; 15] = [
    system::METHODS,
    session::METHODS,
    users::METHODS,
    tags::METHODS,
    inheritance::METHODS,
    packages::METHODS,
    groups::METHODS,
    targets::METHODS,
    tasks::METHODS,
    builds::METHODS,
    rpms::METHODS,
    tagging::METHODS,
    repos::METHODS,
    content::METHODS,
    import::METHODS,
];

/// Did a release have the method?
fn known(name: &str, version: HubVersion) -> bool {
    !name.starts_with("repo.") || version >= HubVersion::V1_35
}

/// A method of a release.
pub(in crate::koji) fn find(name: &str, version: HubVersion) -> Option<Method> {
    let mut all = ALL.into_iter().flatten().copied();
    all.find(|(found, _, _)| *found == name).filter(|_| known(name, version))
}

/// The names of all methods of a release.
pub(in crate::koji) fn names(version: HubVersion) -> Vec<&'static str> {
    let mut names: Vec<_> =
        ALL.into_iter().flatten().map(|(name, _, _)| *name).filter(|name| known(name, version)).collect();
    names.extend(["multiCall", "system.multicall"]);
    names.sort_unstable();
    names
}
