//! `modulemd` versions 1 and 2.

use super::fields::Fields;
use super::parts::{buildopts, components, dependencies, license, packages, profiles, references, rpms};
use crate::modulemd::model::{ModuleStream, RpmMapEntry, ServiceLevel, StreamV1};
use chrono::{Datelike as _, NaiveDate};
use std::collections::BTreeMap;
use std::fmt;

pub(super) fn stream(fields: &mut Fields<'_, '_>, stream: &ModuleStream) {
    fields.option("name", stream.name.as_ref());
    fields.quoted("stream", stream.stream.as_ref());
    fields.unsigned("version", stream.version);
    fields.option("context", stream.context.as_ref());
    fields.flag("static_context", stream.static_context);
    fields.option("arch", stream.arch.as_ref());
    fields.option("summary", stream.summary.as_ref());
    fields.option("description", stream.description.as_ref());
    servicelevels(fields, &stream.servicelevels);
    license(fields, &stream.license);
    fields.value("xmd", stream.xmd.as_ref());
    dependencies(fields, &stream.dependencies);
    references(fields, &stream.references);
    profiles(fields, &stream.profiles);
    packages(fields, "api", &stream.api);
    packages(fields, "filter", &stream.filter);
    packages(fields, "demodularized", &stream.demodularized);
    buildopts(fields, &stream.buildopts);
    components(fields, &stream.components);
    fields.part("artifacts", |fields| {
        rpms(fields, &stream.artifacts.rpms);
        fields.nested("rpm-map", &stream.artifacts.rpm_map, rpm_map_entry);
    });
}

pub(super) fn stream_v1(fields: &mut Fields<'_, '_>, stream: &StreamV1) {
    fields.option("name", stream.name.as_ref());
    fields.quoted("stream", stream.stream.as_ref());
    fields.unsigned("version", stream.version);
    fields.option("context", stream.context.as_ref());
    fields.option("arch", stream.arch.as_ref());
    fields.option("summary", stream.summary.as_ref());
    fields.option("description", stream.description.as_ref());
    servicelevels(fields, &stream.servicelevels);
    // Behind the service levels: for other readers the last of two days for `rawhide` counts, and here this one does.
    fields.date("eol", stream.eol.map(Day));
    license(fields, &stream.license);
    fields.value("xmd", stream.xmd.as_ref());
    fields.part("dependencies", |fields| {
        fields.texts("buildrequires", &stream.dependencies.buildrequires);
        fields.texts("requires", &stream.dependencies.requires);
    });
    references(fields, &stream.references);
    profiles(fields, &stream.profiles);
    packages(fields, "api", &stream.api);
    packages(fields, "filter", &stream.filter);
    buildopts(fields, &stream.buildopts);
    components(fields, &stream.components);
    fields.part("artifacts", |fields| rpms(fields, &stream.artifacts.rpms));
}

fn servicelevels(fields: &mut Fields<'_, '_>, levels: &BTreeMap<String, ServiceLevel>) {
    fields.entries("servicelevels", levels, |fields, level| fields.date("eol", level.eol.map(Day)));
}

fn rpm_map_entry(fields: &mut Fields<'_, '_>, entry: &RpmMapEntry) {
    fields.text("name", &entry.name);
    fields.number("epoch", entry.epoch);
    fields.text("version", &entry.version);
    fields.text("release", &entry.release);
    fields.text("arch", &entry.arch);
    fields.text("nevra", &entry.nevra);
}

/// A day in the form of the format, which has no sign before years of five digits.
struct Day(NaiveDate);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}
