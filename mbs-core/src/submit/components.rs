//! From the components of documents to the input of planning and the sources.

use super::included::Included;
use crate::build::SourceRef;
use crate::modulemd::ModuleStream;
use crate::plan::{IncludedModule, PlanComponent, PlanInput, Weight};
use crate::source::{Defaults, GitRef, SourceError};
use crate::{Arch, ComponentName, NameError};
use std::collections::{BTreeMap, BTreeSet};

/// What planning needs of a document and of everything it includes.
pub(super) fn plan_input(stream: &ModuleStream, included: &[Included]) -> Result<PlanInput, NameError> {
    let mut input = PlanInput::default();
    for (key, component) in &stream.components.rpms {
        let names = component.buildafter.iter().map(ComponentName::new).collect::<Result<BTreeSet<_>, _>>()?;
        let arches = component.arches.iter().map(Arch::new).collect::<Result<BTreeSet<_>, _>>()?;
        input.components.push(PlanComponent {
            name: ComponentName::new(key)?,
            buildorder: component.buildorder,
            buildafter: names,
            weight: Weight::default(),
            arches,
            buildonly: component.buildonly,
            // The source package of the result is made where the component is built: macros that only the spec's parsing
            // needs have to be there too.
            buildroot: component.buildroot || component.srpm_buildroot,
        });
    }
    for module in included {
        input.modules.push(IncludedModule {
            name: module.name.clone(),
            buildorder: module.buildorder,
            input: plan_input(&module.stream, &module.included)?,
        });
    }
    Ok(input)
}

/// Where every component comes from, by name. All problems are collected.
pub(super) fn sources(
    stream: &ModuleStream,
    included: &[Included],
    defaults: &Defaults,
    branch: Option<&GitRef>,
    found: &mut BTreeMap<ComponentName, SourceRef>,
    problems: &mut Vec<SourceError>,
) -> Result<(), NameError> {
    for (key, component) in &stream.components.rpms {
        let name = ComponentName::new(key)?;
        let package = ComponentName::new(component.package(key))?;
        let completed = defaults.complete(
            &package,
            component.repository.as_deref(),
            component.cache.as_deref(),
            component.git_ref.as_deref(),
            branch,
        );
        match completed {
            Ok(completed) => {
                let source = SourceRef {
                    repository: completed.repository.secret_text().to_owned(),
                    git_ref: completed.reference.map(|reference| reference.as_str().to_owned()),
                    package: (package != name).then_some(package),
                    cache: completed.cache.map(|cache| cache.secret_url().to_string()),
                    commit: None,
                };
                found.insert(name, source);
            }
            Err(problem) => problems.push(problem),
        }
    }
    for module in included {
        sources(&module.stream, &module.included, defaults, branch, found, problems)?;
    }
    Ok(())
}
