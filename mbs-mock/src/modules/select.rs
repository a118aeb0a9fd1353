//! Which packages of a repository belong to a module build.

use mbs_core::Nsvc;
use mbs_core::modulemd::ModuleStream;
use std::collections::BTreeSet;

/// The profiles whose packages every buildroot gets.
const BUILDROOT_PROFILES: [&str; 2] = ["buildroot", "srpm-buildroot"];

/// What the documents of a repository say about a build.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The repository has no documents at all.
    NoDocuments,
    /// It has documents of other builds only; their identities.
    Others(Vec<String>),
    /// Documents of the build.
    About {
        /// The artifacts for this machine, as listed; none if none are listed.
        artifacts: Option<BTreeSet<String>>,
        /// The packages of its buildroot profiles.
        buildroot: BTreeSet<String>,
    },
}

/// Asks documents about a build. One build may have a document for each architecture: those for `arch` count, or if
/// there are none, all.
pub(super) fn ask(documents: &[ModuleStream], module: &Nsvc, arch: &str) -> Said {
    if documents.is_empty() {
        return Said::NoDocuments;
    }
    let is_it = |document: &&ModuleStream| {
        document.name.as_deref() == Some(module.name.as_str())
            && document.stream.as_deref() == Some(module.stream.as_str())
            && document.version == module.version.0
            && document.context.as_deref().unwrap_or(mbs_core::identity::DEFAULT_CONTEXT) == module.context.as_str()
    };
    let mut about: Vec<&ModuleStream> = documents.iter().filter(is_it).collect();
    if about.is_empty() {
        let names: BTreeSet<String> = documents.iter().map(identity).collect();
        return Said::Others(names.into_iter().collect());
    }
    if about.iter().any(|document| document.arch.as_deref() == Some(arch)) {
        about.retain(|document| document.arch.as_deref() == Some(arch));
    }
    let all: BTreeSet<&str> = about.iter().flat_map(|document| &document.artifacts.rpms).map(String::as_str).collect();
    let artifacts = all.iter().filter(|artifact| fits_name(artifact, arch)).map(|artifact| with_epoch(artifact));
    let profiles = about.iter().flat_map(|document| &document.profiles);
    let chosen = profiles.filter(|(name, _)| BUILDROOT_PROFILES.contains(&name.as_str()));
    Said::About {
        artifacts: (!all.is_empty()).then(|| artifacts.collect()),
        buildroot: chosen.flat_map(|(_, profile)| profile.rpms.iter().cloned()).collect(),
    }
}

fn identity(document: &ModuleStream) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let (name, stream, context) = (part(&document.name), part(&document.stream), part(&document.context));
    format!("{name}:{stream}:{}:{context}", document.version)
}

/// Whether packages of that architecture can be installed here: a 64-bit machine is not asked to take 32-bit packages.
pub(super) fn fits(package_arch: &str, arch: &str) -> bool {
    package_arch == arch || package_arch == "noarch"
}

fn fits_name(artifact: &str, arch: &str) -> bool {
    artifact.rsplit_once('.').is_some_and(|(_, one)| fits(one, arch))
}

/// Documents name the epoch; some of old do not.
fn with_epoch(artifact: &str) -> String {
    let mut parts = artifact.rsplitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(rest), Some(version), Some(name)) if !version.contains(':') => format!("{name}-0:{version}-{rest}"),
        _ => artifact.to_owned(),
    }
}

/// Whether a package may be listed and yet not be here: debug packages have repositories of their own.
pub(super) fn is_debug(artifact: &str) -> bool {
    let name = artifact.rsplitn(3, '-').nth(2).unwrap_or_default();
    name.ends_with("-debuginfo") || name.ends_with("-debugsource")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::modulemd::Profile;

    fn document(context: &str, arch: &str, artifacts: &[&str]) -> ModuleStream {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut document = ModuleStream {
            name: Some("tools".to_owned()),
            stream: Some("1".to_owned()),
            version: 5,
            context: Some(context.to_owned()),
            arch: Some(arch.to_owned()),
            ..ModuleStream::default()
        };
        document.artifacts.rpms = set(artifacts);
        for (name, rpms) in
            [("buildroot", &["macros"][..]), ("srpm-buildroot", &["macros", "gen"]), ("default", &["x"])]
        {
            document.profiles.insert(name.to_owned(), Profile { rpms: set(rpms), ..Profile::default() });
        }
        document
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_document_of_the_build_and_machine_says_what_belongs_to_it() {
        let module: Nsvc = "tools:1:5:c0ffee00".parse().unwrap();
        let listed = ["a-0:1-1.x86_64", "a-0:1-1.i686", "b-1-1.noarch", "a-0:1-1.src"];
        let documents = [
            document("c0ffee00", "s390x", &["z-0:1-1.noarch"]),
            document("c0ffee00", "x86_64", &listed),
            document("deadbeef", "x86_64", &["y-0:1-1.noarch"]),
        ];
        let Said::About { artifacts, buildroot } = ask(&documents, &module, "x86_64") else { panic!() };
        assert_eq!(artifacts, Some(set(&["a-0:1-1.x86_64", "b-0:1-1.noarch"])));
        assert_eq!(buildroot, set(&["macros", "gen"]));
        let empty = [document("c0ffee00", "x86_64", &[])];
        assert!(matches!(ask(&empty, &module, "x86_64"), Said::About { artifacts: None, .. }));
        assert_eq!(ask(&documents[2..], &module, "x86_64"), Said::Others(vec!["tools:1:5:deadbeef".to_owned()]));
        assert_eq!(ask(&[], &module, "x86_64"), Said::NoDocuments);
    }

    #[test]
    fn debug_packages_are_told_by_their_names() {
        assert!(is_debug("a-debuginfo-0:1-1.x86_64") && is_debug("a-b-debugsource-0:1-1.x86_64"));
        assert!(!is_debug("debuginfo-tools-0:1-1.x86_64"));
    }
}
