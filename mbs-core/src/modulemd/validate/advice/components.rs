//! Advice on components: rationale, order, use.

use super::packages::binary_name;
use super::parts::Parts;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::{Components, RpmComponent};
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use crate::modulemd::yaml::tape::shorten;
use std::collections::{BTreeSet, HashSet};

/// Words of a rationale that say that somebody needs the component.
const NEEDS: [&str; 9] = ["depend", "requir", "need", "used by", "runtime", "run-time", "build", "plugin", "librar"];

impl Checker {
    pub(super) fn advise_components(&mut self, parts: &Parts<'_>) {
        let data = Place::top("data");
        let all = data.key("components");
        let (rpms, modules) = (all.key("rpms"), all.key("modules"));
        let components = parts.components;
        let each =
            components.rpms.iter().map(|(key, one)| (&rpms, key, &one.rationale, &one.git_ref, "component")).chain(
                components
                    .modules
                    .iter()
                    .map(|(key, one)| (&modules, key, &one.rationale, &one.git_ref, "included module")),
            );
        for (list, key, rationale, git_ref, kind) in each {
            let place = list.key(key);
            if rationale.as_deref().is_none_or(|text| text.trim().is_empty()) {
                let message = format!("{kind} `{}` has no rationale", shorten(key));
                let finding = self.advise(Code::NoRationale, &place, message);
                finding.on_key().hint("say in `rationale` why it is in the module");
            }
            if parts.version != 0 && git_ref.as_deref().is_none_or(str::is_empty) {
                let message = format!("{kind} `{}` of a built module has no `ref`", shorten(key));
                self.advise(Code::NoRef, &place, message).on_key();
            }
        }
        self.advise_order(&rpms, &modules, components);
        self.advise_after(&rpms, components);
        self.advise_use(&rpms, parts);
    }

    fn advise_order(&mut self, rpms: &Place<'_>, modules: &Place<'_>, components: &Components) {
        let all = || {
            let rpms_orders = components.rpms.iter().map(|(key, one)| (rpms, key, one.buildorder));
            rpms_orders.chain(components.modules.iter().map(|(key, one)| (modules, key, one.buildorder)))
        };
        let Some((list, key, order)) = all().next() else { return };
        if order != 0 && all().all(|(_, _, other)| other == order) {
            let message = if all().nth(1).is_none() {
                "`buildorder` orders nothing: there is one component".to_owned()
            } else {
                format!("`buildorder` orders nothing: it is {order} for every component")
            };
            self.advise(Code::IdleOrder, &list.key(key).key("buildorder"), message).hint("leave it out");
        }
    }

    fn advise_after(&mut self, rpms: &Place<'_>, components: &Components) {
        for (key, component) in &components.rpms {
            if component.buildafter.len() < 2 {
                continue;
            }
            let after = &component.buildafter;
            for (implied, by) in implied(components, key, after) {
                let message = format!(
                    "`{}` need not wait for `{}`: `{}` does already",
                    shorten(key),
                    shorten(implied),
                    shorten(by)
                );
                self.advise(Code::ImpliedAfter, &rpms.key(key).key("buildafter").item(implied), message)
                    .hint("leave it out");
            }
        }
    }

    fn advise_use(&mut self, rpms: &Place<'_>, parts: &Parts<'_>) {
        let components = parts.components;
        let last = components.rpms.values().map(|one| one.buildorder);
        let last = last.chain(components.modules.values().map(|one| one.buildorder)).max().unwrap_or(0);
        let waited: HashSet<&str> =
            components.rpms.values().flat_map(|one| &one.buildafter).map(String::as_str).collect();
        if waited.iter().any(|key| !components.rpms.contains_key(*key)) {
            // A name is mistyped, and the component that is meant is waited for.
            return;
        }
        let named = parts.api.iter().chain(parts.profiles.values().flat_map(|profile| &profile.rpms));
        let mut offered: Vec<&str> = named.map(String::as_str).collect();
        if !offered.is_empty() {
            // What is shipped may be wanted by people, whether it is promised or not.
            offered.extend(parts.artifacts.into_iter().flatten().filter_map(|artifact| binary_name(artifact)));
        }
        for (key, component) in &components.rpms {
            if component.buildorder < last || waited.contains(key.as_str()) {
                continue;
            }
            let place = rpms.key(key);
            if component.buildonly {
                let message = format!("component `{}` is `buildonly`, and nothing is built after it", shorten(key));
                self.advise(Code::UnusedComponent, &place, message)
                    .on_key()
                    .hint("give it a lower `buildorder`, name it in `buildafter`, or remove it");
            } else if !offered.is_empty() && !is_needed(component) && !resembles(component.package(key), &offered) {
                let message = format!(
                    "component `{}` seems unused: nothing is built after it, and neither `api` nor a profile names a \
                     package like it",
                    shorten(key)
                );
                self.advise(Code::UnusedComponent, &place, message)
                    .on_key()
                    .hint("say in `rationale` what needs it, or remove it");
            }
        }
    }
}

/// Whether the rationale or the options say that something needs the component.
fn is_needed(component: &RpmComponent) -> bool {
    let rationale = component.rationale.as_deref().unwrap_or_default().to_lowercase();
    component.buildroot || component.srpm_buildroot || NEEDS.iter().any(|word| rationale.contains(word))
}

/// Whether any name shares a word with the name of a source package. Packages of a source are often called otherwise
/// than it, but seldom have nothing in common: `python-pygit2` makes `pygit2`.
fn resembles(package: &str, names: &[&str]) -> bool {
    let words: Vec<&str> = package.split(['-', '_', '.', '+']).filter(|word| word.len() > 2).collect();
    names.iter().any(|name| *name == package || words.iter().any(|word| name.contains(word)))
}

/// Entries of `after` that another entry waits for already, and that entry. Nothing for components in a circle.
fn implied<'c>(components: &'c Components, key: &str, after: &'c BTreeSet<String>) -> Vec<(&'c str, &'c str)> {
    /// Components that are looked at for one list: enough for real modules, and the time stays bounded for others.
    const MOST: usize = 2_000;
    let mut found = Vec::new();
    let mut budget = MOST;
    for by in after {
        let mut seen: HashSet<&str> = HashSet::from([by.as_str()]);
        let mut open: Vec<&str> = vec![by];
        while let Some(at) = open.pop() {
            let Some(component) = components.rpms.get(at) else { continue };
            for next in &component.buildafter {
                if next == key || next == by || budget == 0 {
                    return Vec::new();
                }
                if seen.insert(next) {
                    budget -= 1;
                    open.push(next);
                    if after.contains(next) {
                        found.push((next.as_str(), by.as_str()));
                    }
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(implied, _)| *implied);
    found
}
