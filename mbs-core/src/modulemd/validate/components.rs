//! Rules over components: names, order, architectures.

use super::checker::Checker;
use super::cycle::cycles;
use super::place::Place;
use crate::ComponentName;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::Components;
use crate::modulemd::yaml::tape::shorten;
use crate::source::{CacheUrl, GitRef, RepositoryUrl, UrlError, redact};
use std::collections::BTreeSet;
use std::fmt;

/// What a source belongs to; a text only in a finding.
#[derive(Clone, Copy)]
struct Owner<'k> {
    kind: &'static str,
    key: &'k str,
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, shorten(self.key))
    }
}

impl Checker {
    /// `module_arches` are the architectures of the module's build options; empty means no limit.
    pub(super) fn components(&mut self, data: &Place<'_>, components: &Components, module_arches: &BTreeSet<String>) {
        let all = data.key("components");
        let rpms = all.key("rpms");
        let ordered = components.rpms.iter().find(|(_, component)| component.buildorder != 0).map(|(key, _)| key);
        for (key, component) in &components.rpms {
            let path = rpms.key(key);
            self.name(Code::BadComponent, &path, ComponentName::check(key), true);
            if let Some(name) = &component.name {
                self.name(Code::BadComponent, &path.key("name"), ComponentName::check(name), false);
            }
            let owner = Owner { kind: "component", key };
            self.source(&path, owner, component.repository.as_deref(), component.git_ref.as_deref());
            if let Some(cache) = &component.cache
                && let Err(error) = CacheUrl::check(cache)
            {
                self.address(Code::BadCache, &path.key("cache"), owner, cache, &error);
            }
            self.arches(&path.key("arches"), &component.arches);
            self.arches(&path.key("multilib"), &component.multilib);
            if !component.buildafter.is_empty() {
                if component.buildorder != 0 {
                    self.error(
                        Code::OrderMixedComponent,
                        &path.key("buildorder"),
                        format!("component `{}` has both `buildorder` and `buildafter`", shorten(key)),
                    )
                    .hint("keep `buildafter`, the finer of the two");
                } else if let Some(other) = ordered {
                    self.error(
                        Code::OrderMixedModule,
                        &path.key("buildafter"),
                        format!("`buildafter` in a module whose component `{}` has a `buildorder`", shorten(other)),
                    )
                    .on_key()
                    .hint("use the same of the two for all components");
                }
            }
            for after in &component.buildafter {
                if !components.rpms.contains_key(after) {
                    self.error(
                        Code::UnknownAfter,
                        &path.key("buildafter").item(after),
                        format!("`buildafter` names `{}`, which is no component", shorten(after)),
                    )
                    .expected("a key of `components.rpms`");
                }
            }
            for arch in &component.arches {
                if !module_arches.is_empty() && !module_arches.contains(arch) {
                    self.error(
                        Code::ArchOutside,
                        &path.key("arches").item(arch),
                        format!("component `{}` is built on `{}`, the module is not", shorten(key), shorten(arch)),
                    )
                    .expected("an architecture of `buildopts.arches`");
                }
            }
        }
        let modules = all.key("modules");
        for (key, module) in &components.modules {
            let path = modules.key(key);
            self.name(Code::BadName, &path, crate::ModuleName::check(key), true);
            let owner = Owner { kind: "included module", key };
            self.source(&path, owner, module.repository.as_deref(), module.git_ref.as_deref());
        }
        self.circles(&rpms, components);
    }

    /// Where a component or an included module comes from.
    fn source(&mut self, path: &Place<'_>, owner: Owner<'_>, repository: Option<&str>, git_ref: Option<&str>) {
        let severity = self.build_rule;
        if let Some(text) = repository
            && let Err(error) = RepositoryUrl::check(text)
        {
            self.address(Code::BadRepository, &path.key("repository"), owner, text, &error);
        }
        if let Some(text) = git_ref
            && let Err(error) = GitRef::check(text)
        {
            let message = format!("{owner}: {} `{}` {}", error.kind, shorten(text), error.problem);
            self.error(Code::BadRef, &path.key("ref"), message).severity(severity);
        }
    }

    /// An address that is refused, without its credentials.
    fn address(&mut self, code: Code, path: &Place<'_>, owner: Owner<'_>, text: &str, error: &UrlError) {
        let severity = self.build_rule;
        let message = format!("{owner}: {} `{}` {}", error.kind, shorten(&redact(text)), error.problem);
        self.error(code, path, message).severity(severity);
    }

    fn circles(&mut self, rpms: &Place<'_>, components: &Components) {
        let severity = self.build_rule;
        for circle in cycles(&components.rpms) {
            let (Some(first), Some(second)) = (circle.first(), circle.get(1)) else { continue };
            let shown: Vec<String> = circle.iter().map(|key| format!("`{}`", shorten(key))).collect();
            self.error(
                Code::AfterCycle,
                &rpms.key(first).key("buildafter").item(second),
                format!("components wait for each other in a circle: {}", shown.join(" after ")),
            )
            .severity(severity)
            .hint("remove one of these `buildafter` entries");
        }
    }
}
