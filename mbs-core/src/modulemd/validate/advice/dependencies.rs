//! Advice on dependencies.

use super::parts::Parts;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::{PackagerV3, StreamSet};
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use std::collections::BTreeMap;

type Modules = BTreeMap<String, StreamSet>;

impl Checker {
    pub(super) fn advise_dependencies(&mut self, parts: &Parts<'_>) {
        let Some(dependencies) = parts.dependencies else { return };
        let data = Place::top("data");
        let list = data.key("dependencies");
        // The base of all modules needs no other one.
        let is_base = parts.name == Some("platform");
        if dependencies.is_empty() && !is_base && !parts.components.is_empty() {
            self.advise(Code::NoBase, &list, "the module has no dependencies, not even on `platform`")
                .hint("without them nobody knows on which base it is built and runs");
        }
        for (index, item) in dependencies.iter().enumerate() {
            let place = list.index(index);
            for (side, modules, purpose) in
                [("buildrequires", &item.buildrequires, "build with"), ("requires", &item.requires, "run on")]
            {
                // Another module may bring its own base.
                if modules.is_empty() && !is_base {
                    self.advise(Code::NoBase, &place.key(side), format!("`{side}` names no module to {purpose}"))
                        .hint("`platform: []` means every stream of the base");
                }
                self.advise_self(&place.key(side), modules, parts.name);
            }
        }
    }

    pub(super) fn advise_configurations(&mut self, packager: &PackagerV3) {
        let data = Place::top("data");
        let list = data.key("configurations");
        for (index, one) in packager.configurations.iter().enumerate() {
            let place = list.index(index);
            self.advise_self(&place.key("buildrequires"), &one.buildrequires, packager.name.as_deref());
            self.advise_self(&place.key("requires"), &one.requires, packager.name.as_deref());
            self.advise_arch_names(&place.key("buildopts").key("arches"), &one.buildopts.arches);
        }
    }

    fn advise_self(&mut self, place: &Place<'_>, modules: &Modules, name: Option<&str>) {
        // A module may be built with an earlier stream of itself; it cannot need itself to run.
        if let Some(name) = name
            && modules.contains_key(name)
            && place.is_key("requires")
        {
            self.advise(Code::SelfDependency, &place.key(name), "the module requires itself").on_key();
        }
    }
}
