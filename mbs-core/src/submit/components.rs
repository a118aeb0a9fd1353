//! From the components of documents to the input of planning and the sources.

use super::error::SubmitError;
use super::included::Included;
use super::srpms::CustomSrpms;
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

/// Where components come from.
pub(super) struct Sources<'a> {
    defaults: &'a Defaults,
    branch: Option<&'a GitRef>,
    refs: BTreeMap<String, String>,
    srpms: &'a CustomSrpms,
    found: BTreeMap<ComponentName, SourceRef>,
    problems: Vec<SourceError>,
}

impl<'a> Sources<'a> {
    /// None yet. Components in `refs` get the ref that stands there instead of their own, those in `srpms` are built
    /// from the source package.
    pub(super) fn new(
        defaults: &'a Defaults,
        branch: Option<&'a GitRef>,
        refs: BTreeMap<String, String>,
        srpms: &'a CustomSrpms,
    ) -> Self {
        Self { defaults, branch, refs, srpms, found: BTreeMap::new(), problems: Vec::new() }
    }

    /// Adds the components of a document and of everything it includes.
    pub(super) fn add(&mut self, stream: &ModuleStream, included: &[Included]) -> Result<(), NameError> {
        for (key, component) in &stream.components.rpms {
            let name = ComponentName::new(key)?;
            let package = ComponentName::new(component.package(key))?;
            if let Some(srpm) = self.srpms.get(&name) {
                let package = (package != name).then_some(package);
                self.found.insert(name, SourceRef { package, srpm: Some(srpm.clone()), ..SourceRef::default() });
                continue;
            }
            let completed = self.defaults.complete(
                &package,
                component.repository.as_deref(),
                component.cache.as_deref(),
                self.refs.get(key).or(component.git_ref.as_ref()).map(String::as_str),
                self.branch,
            );
            match completed {
                Ok(completed) => {
                    let source = SourceRef {
                        repository: completed.repository.secret_text().to_owned(),
                        git_ref: completed.reference.map(|reference| reference.as_str().to_owned()),
                        package: (package != name).then_some(package),
                        cache: completed.cache.map(|cache| cache.secret_url().to_string()),
                        ..SourceRef::default()
                    };
                    self.found.insert(name, source);
                }
                Err(problem) => self.problems.push(problem),
            }
        }
        for module in included {
            self.add(&module.stream, &module.included)?;
        }
        Ok(())
    }

    /// The sources by component.
    ///
    /// # Errors
    /// [`SubmitError::Sources`] with every problem.
    pub(super) fn into_map(self) -> Result<BTreeMap<ComponentName, SourceRef>, SubmitError> {
        if self.problems.is_empty() { Ok(self.found) } else { Err(SubmitError::Sources(self.problems)) }
    }
}
