//! `modulemd-packager` versions 2 and 3.

use super::fields::Fields;
use super::parts::{buildopts, components, dependencies, needs, packages, profiles, references};
use crate::modulemd::model::{PackagerV2, PackagerV3};

pub(super) fn packager_v2(fields: &mut Fields<'_, '_>, document: &PackagerV2) {
    fields.flag("static_context", document.static_context);
    fields.option("summary", document.summary.as_ref());
    fields.option("description", document.description.as_ref());
    fields.part("license", |fields| {
        fields.set("module", &document.license.module);
        // The format has no such key here: where a reader finds it, it is among the unknown ones.
        if !document.license.content.is_empty() {
            fields.set("content", &document.license.content);
        }
    });
    dependencies(fields, &document.dependencies);
    references(fields, &document.references);
    profiles(fields, &document.profiles);
    packages(fields, "api", &document.api);
    packages(fields, "filter", &document.filter);
    packages(fields, "demodularized", &document.demodularized);
    components(fields, &document.components);
}

pub(super) fn packager_v3(fields: &mut Fields<'_, '_>, document: &PackagerV3) {
    fields.option("name", document.name.as_ref());
    fields.quoted("stream", document.stream.as_ref());
    fields.option("summary", document.summary.as_ref());
    fields.option("description", document.description.as_ref());
    fields.set("license", &document.license);
    fields.value("xmd", document.xmd.as_ref());
    fields.items("configurations", &document.configurations, |fields, configuration| {
        fields.option("context", configuration.context.as_ref());
        fields.option("platform", configuration.platform.as_ref());
        needs(fields, "buildrequires", &configuration.buildrequires);
        needs(fields, "requires", &configuration.requires);
        buildopts(fields, &configuration.buildopts);
    });
    references(fields, &document.references);
    profiles(fields, &document.profiles);
    packages(fields, "api", &document.api);
    packages(fields, "filter", &document.filter);
    packages(fields, "demodularized", &document.demodularized);
    components(fields, &document.components);
}
