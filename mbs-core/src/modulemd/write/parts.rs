//! What several kinds of documents have in common.

use super::fields::Fields;
use crate::modulemd::model::{
    Api, BuildOpts, Components, Dependency, License, ModuleComponent, Profile, References, RpmComponent, StreamSet,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn license(fields: &mut Fields<'_, '_>, license: &License) {
    fields.part("license", |fields| {
        fields.set("module", &license.module);
        fields.set("content", &license.content);
    });
}

/// The stream's dependencies under one of their two keys.
pub(super) fn needs(fields: &mut Fields<'_, '_>, key: &'static str, modules: &BTreeMap<String, StreamSet>) {
    fields.sets(key, modules, |set| &set.0);
}

pub(super) fn dependencies(fields: &mut Fields<'_, '_>, items: &[Dependency]) {
    fields.items("dependencies", items, |fields, item| {
        needs(fields, "buildrequires", &item.buildrequires);
        needs(fields, "requires", &item.requires);
    });
}

pub(super) fn references(fields: &mut Fields<'_, '_>, references: &References) {
    fields.part("references", |fields| {
        fields.option("community", references.community.as_ref());
        fields.option("documentation", references.documentation.as_ref());
        fields.option("tracker", references.tracker.as_ref());
    });
}

pub(super) fn profiles(fields: &mut Fields<'_, '_>, profiles: &BTreeMap<String, Profile>) {
    fields.entries("profiles", profiles, |fields, profile| {
        fields.option("description", profile.description.as_ref());
        fields.set("rpms", &profile.rpms);
        fields.flag("default", profile.default);
    });
}

pub(super) fn packages(fields: &mut Fields<'_, '_>, key: &'static str, packages: &Api) {
    fields.part(key, |fields| rpms(fields, &packages.rpms));
}

pub(super) fn rpms(fields: &mut Fields<'_, '_>, rpms: &BTreeSet<String>) {
    fields.set("rpms", rpms);
}

pub(super) fn buildopts(fields: &mut Fields<'_, '_>, options: &BuildOpts) {
    fields.part("buildopts", |fields| {
        fields.part("rpms", |fields| {
            fields.option("macros", options.rpms.macros.as_ref());
            fields.set("whitelist", &options.rpms.whitelist);
        });
        fields.set("arches", &options.arches);
    });
}

pub(super) fn components(fields: &mut Fields<'_, '_>, components: &Components) {
    fields.part("components", |fields| {
        fields.entries("rpms", &components.rpms, rpm_component);
        fields.entries("modules", &components.modules, module_component);
    });
}

fn rpm_component(fields: &mut Fields<'_, '_>, component: &RpmComponent) {
    fields.option("rationale", component.rationale.as_ref());
    fields.option("name", component.name.as_ref());
    fields.option("repository", component.repository.as_ref());
    fields.option("cache", component.cache.as_ref());
    fields.option("ref", component.git_ref.as_ref());
    fields.flag("buildroot", component.buildroot);
    fields.flag("srpm-buildroot", component.srpm_buildroot);
    fields.signed("buildorder", component.buildorder);
    fields.set("buildafter", &component.buildafter);
    fields.flag("buildonly", component.buildonly);
    fields.set("arches", &component.arches);
    fields.set("multilib", &component.multilib);
}

fn module_component(fields: &mut Fields<'_, '_>, component: &ModuleComponent) {
    fields.option("rationale", component.rationale.as_ref());
    fields.option("repository", component.repository.as_ref());
    fields.option("ref", component.git_ref.as_ref());
    fields.signed("buildorder", component.buildorder);
    fields.flag("buildonly", component.buildonly);
}
