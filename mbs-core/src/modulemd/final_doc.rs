//! The document of a finished build, one for each architecture: what package managers read in the repository.

use super::model::{ModuleStream, StreamRule, StreamSet};
use crate::{Arch, ModuleName, Nsvc, StreamName};
use std::collections::{BTreeMap, BTreeSet};

/// A package that the build made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Artifact {
    /// Package name.
    pub name: String,
    /// Epoch; 0 where the package has none.
    pub epoch: u64,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture as in the package; of no account for a source package, which is written as `src`.
    pub arch: String,
    /// Licence as in the package.
    pub license: Option<String>,
    /// Whether this is a source package.
    pub source: bool,
    /// Key of the component it was built from; nothing for what the build system adds itself.
    pub component: Option<String>,
}

impl Artifact {
    /// The identity as it stands in documents, `N-E:V-R.A`.
    pub fn nevra(&self) -> String {
        let arch = if self.source { "src" } else { &self.arch };
        format!("{}-{}:{}-{}.{arch}", self.name, self.epoch, self.version, self.release)
    }
}

/// What [`final_document`] needs beside the document that was built.
#[derive(Debug, Clone, Copy)]
pub struct FinalInput<'f> {
    /// Identity of the build.
    pub nsvc: &'f Nsvc,
    /// Architecture of the document.
    pub arch: &'f Arch,
    /// The stream that was taken for each module the document depends on, `platform` above all.
    pub streams: &'f BTreeMap<ModuleName, StreamName>,
    /// All packages of the build, of any architecture.
    pub artifacts: &'f [Artifact],
}

/// Makes the document of a finished build for one architecture.
///
/// * Name, stream, version, context and arch are set.
/// * A dependency that left the stream open, or excluded some, or named several, has the one stream that was taken,
///   if it is known.
/// * `repository` and `cache` of components and `xmd.mbs` are removed: they serve the build only.
/// * Packages of `buildonly` components join the filter.
/// * The artifacts are the packages of components for this architecture or none, without those in the filter, and the
///   source packages of what is left. A debug package goes with the package of its base name; without such a package,
///   with any package of its source.
/// * `license.content` holds the licences of the binary packages among them.
pub fn final_document(stream: &ModuleStream, input: FinalInput<'_>) -> ModuleStream {
    let mut document = stream.clone();
    document.name = Some(input.nsvc.name.to_string());
    document.stream = Some(input.nsvc.stream.to_string());
    document.version = input.nsvc.version.0;
    document.context = Some(input.nsvc.context.to_string());
    document.arch = Some(input.arch.to_string());
    for dependency in &mut document.dependencies {
        pin(&mut dependency.buildrequires, input.streams);
        pin(&mut dependency.requires, input.streams);
    }
    if let Some(map) = document.xmd.as_mut().and_then(super::model::Value::as_map_mut)
        && map.remove("mbs").is_some()
        && map.is_empty()
    {
        document.xmd = None;
    }
    for component in document.components.rpms.values_mut() {
        component.repository = None;
        component.cache = None;
    }
    for component in document.components.modules.values_mut() {
        component.repository = None;
    }
    let build_only = |key: &str| stream.components.rpms.get(key).is_some_and(|component| component.buildonly);
    for artifact in input.artifacts {
        if !artifact.source && artifact.component.as_deref().is_some_and(build_only) {
            document.filter.rpms.insert(artifact.name.clone());
        }
    }
    let kept = keep(&document.filter.rpms, input);
    document.artifacts.rpm_map.clear();
    document.artifacts.rpms = kept.iter().map(|artifact| artifact.nevra()).collect();
    document.license.content =
        kept.iter().filter(|artifact| !artifact.source).filter_map(|artifact| artifact.license.clone()).collect();
    document
}

fn pin(modules: &mut BTreeMap<String, StreamSet>, streams: &BTreeMap<ModuleName, StreamName>) {
    for (module, set) in modules {
        let one = matches!(set.rule(), StreamRule::Only(streams) if streams.len() == 1);
        if let Some(stream) = streams.get(module.as_str()).filter(|_| !one) {
            *set = StreamSet::one(stream.as_str());
        }
    }
}

/// The artifacts of the document.
fn keep<'f>(filter: &BTreeSet<String>, input: FinalInput<'f>) -> Vec<&'f Artifact> {
    let fits = |artifact: &&Artifact| artifact.arch == input.arch.as_str() || artifact.arch == "noarch";
    let binaries: Vec<&Artifact> = input
        .artifacts
        .iter()
        .filter(|artifact| !artifact.source && artifact.component.is_some())
        .filter(fits)
        .collect();
    let (debug, plain): (Vec<&Artifact>, Vec<&Artifact>) =
        binaries.into_iter().partition(|artifact| debug_base(&artifact.name).is_some());
    let built: BTreeSet<&str> = plain.iter().map(|artifact| artifact.name.as_str()).collect();
    let mut kept: Vec<&Artifact> = plain.into_iter().filter(|artifact| !filter.contains(&artifact.name)).collect();
    let names: BTreeSet<&str> = kept.iter().map(|artifact| artifact.name.as_str()).collect();
    let mut components: BTreeSet<&str> = kept.iter().filter_map(|artifact| artifact.component.as_deref()).collect();
    kept.extend(debug.into_iter().filter(|artifact| {
        let base = debug_base(&artifact.name).unwrap_or_default();
        let sourced = artifact.component.as_deref().is_some_and(|component| components.contains(component));
        !filter.contains(&artifact.name) && (names.contains(base) || (!built.contains(base) && sourced))
    }));
    components.extend(kept.iter().filter_map(|artifact| artifact.component.as_deref()));
    kept.extend(input.artifacts.iter().filter(|artifact| {
        artifact.source && artifact.component.as_deref().is_some_and(|component| components.contains(component))
    }));
    kept
}

/// The name without the ending of a debug package.
fn debug_base(name: &str) -> Option<&str> {
    name.strip_suffix("-debuginfo").or_else(|| name.strip_suffix("-debugsource"))
}

#[cfg(test)]
mod tests {
    use super::super::model::{Dependency, RpmComponent, Value};
    use super::*;

    fn artifact(name: &str, arch: &str, component: &str, license: &str) -> Artifact {
        Artifact {
            name: name.to_owned(),
            epoch: 0,
            version: "1.0".to_owned(),
            release: "1.module_f29+1+abc".to_owned(),
            arch: arch.to_owned(),
            license: Some(license.to_owned()),
            source: arch == "src",
            component: (!component.is_empty()).then(|| component.to_owned()),
        }
    }

    #[test]
    fn the_finished_document_names_what_is_shipped() {
        let mut stream = ModuleStream::default();
        stream.xmd_mut().insert("mbs".to_owned(), Value::default());
        stream.filter.rpms.insert("macros".to_owned());
        let any = BTreeMap::from([("platform".to_owned(), StreamSet::default())]);
        stream.dependencies.push(Dependency { buildrequires: any.clone(), requires: any });
        for (key, buildonly) in [("gauge", false), ("macros", false), ("helper", true)] {
            let component = RpmComponent {
                repository: Some("https://git.example/x".to_owned()),
                git_ref: Some("main".to_owned()),
                buildonly,
                ..RpmComponent::default()
            };
            stream.components.rpms.insert(key.to_owned(), component);
        }
        let artifacts = [
            artifact("gauge", "x86_64", "gauge", "MIT"),
            artifact("gauge", "s390x", "gauge", "MIT"),
            artifact("gauge-debuginfo", "x86_64", "gauge", "MIT"),
            artifact("gauge-debugsource", "x86_64", "gauge", "MIT"),
            artifact("gauge-doc", "noarch", "gauge", "CC0"),
            artifact("gauge", "src", "gauge", "MIT"),
            artifact("macros", "noarch", "macros", "GPL"),
            artifact("macros", "src", "macros", "GPL"),
            artifact("helper", "x86_64", "helper", "GPL"),
            artifact("helper", "src", "helper", "GPL"),
            artifact("module-build-macros", "noarch", "", "MIT"),
        ];
        let nsvc: Nsvc = "greenhouse:1.0:20:abcdef01".parse().expect("identity");
        let streams =
            BTreeMap::from([(ModuleName::new("platform").expect("name"), StreamName::new("f29").expect("stream"))]);
        let arch = Arch::new("x86_64").expect("arch");
        let input = FinalInput { nsvc: &nsvc, arch: &arch, streams: &streams, artifacts: &artifacts };
        let document = final_document(&stream, input);
        let rpms: Vec<&str> = document.artifacts.rpms.iter().map(String::as_str).collect();
        assert_eq!(
            rpms,
            [
                "gauge-0:1.0-1.module_f29+1+abc.src",
                "gauge-0:1.0-1.module_f29+1+abc.x86_64",
                "gauge-debuginfo-0:1.0-1.module_f29+1+abc.x86_64",
                "gauge-debugsource-0:1.0-1.module_f29+1+abc.x86_64",
                "gauge-doc-0:1.0-1.module_f29+1+abc.noarch",
            ]
        );
        assert_eq!(document.license.content, BTreeSet::from(["CC0".to_owned(), "MIT".to_owned()]));
        assert_eq!(document.dependencies[0].requires["platform"].single(), Some("f29"));
        assert_eq!(document.filter.rpms, BTreeSet::from(["helper".to_owned(), "macros".to_owned()]));
        assert_eq!((document.xmd, document.components.rpms["gauge"].repository.clone()), (None, None));
        assert_eq!(document.components.rpms["gauge"].git_ref.as_deref(), Some("main"));
        assert_eq!((document.version, document.arch.as_deref()), (20, Some("x86_64")));
    }
}
