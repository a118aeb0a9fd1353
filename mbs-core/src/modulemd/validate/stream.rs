//! Rules over a whole stream document.

use super::checker::{Checker, Finding};
use super::place::Place;
use crate::modulemd::diagnostic::{Code, Severity};
use crate::modulemd::model::{ModuleStream, PackagerV2, StreamV1, Value};
use std::collections::BTreeSet;

/// Checks a stream document that was not read from a text. `build`: it is going to be built, so what only a build
/// needs is an error, not a warning. Paths begin with `data`.
pub fn validate(stream: &ModuleStream, build: bool) -> Vec<Finding> {
    let mut checker = Checker::new(build);
    check_stream(&mut checker, stream);
    checker.finish()
}

pub(crate) fn check_stream(checker: &mut Checker, stream: &ModuleStream) {
    let data = Place::top("data");
    checker.identity(&data, stream.name.as_deref(), stream.stream.as_deref(), stream.arch.as_deref());
    checker.context(&data, stream.context.as_deref(), stream.static_context);
    checker.texts(&data, stream.summary.as_deref(), stream.description.as_deref());
    checker.license(&data, &stream.license.module);
    checker.xmd(&data, stream.xmd.as_ref());
    checker.dependencies(&data, &stream.dependencies);
    checker.arches(&data.key("buildopts").key("arches"), &stream.buildopts.arches);
    checker.components(&data, &stream.components, &stream.buildopts.arches);
    checker.artifacts(&data, &stream.artifacts);
}

pub(crate) fn check_stream_v1(checker: &mut Checker, stream: &StreamV1) {
    let data = Place::top("data");
    checker.identity(&data, stream.name.as_deref(), stream.stream.as_deref(), stream.arch.as_deref());
    checker.context(&data, stream.context.as_deref(), false);
    checker.texts(&data, stream.summary.as_deref(), stream.description.as_deref());
    checker.license(&data, &stream.license.module);
    checker.xmd(&data, stream.xmd.as_ref());
    checker.dependencies_v1(&data, &stream.dependencies);
    checker.arches(&data.key("buildopts").key("arches"), &stream.buildopts.arches);
    // The format does not compare the architectures of version 1 components with those of the module.
    checker.components(&data, &stream.components, &BTreeSet::new());
    checker.rpms(&data, &stream.artifacts.rpms);
    if let Some(day) = stream.eol
        && let Some(other) = stream.servicelevels.get("rawhide").and_then(|level| level.eol)
        && day != other
    {
        checker
            .error(Code::EolTwice, &data.key("eol"), format!("`eol` is {day}, service level `rawhide` ends {other}"))
            .severity(Severity::Warning)
            .hint("`eol` counts here; keep one of the two");
    }
}

pub(crate) fn check_packager_v2(checker: &mut Checker, document: &PackagerV2) {
    let data = Place::top("data");
    checker.texts(&data, document.summary.as_deref(), document.description.as_deref());
    checker.license(&data, &document.license.module);
    checker.dependencies(&data, &document.dependencies);
    checker.components(&data, &document.components, &BTreeSet::new());
}

impl Checker {
    pub(super) fn texts(&mut self, data: &Place<'_>, summary: Option<&str>, description: Option<&str>) {
        if summary.is_none() {
            self.error(Code::NoSummary, &data.key("summary"), "`summary` is missing")
                .hint("add one line that says what the module is");
        }
        if description.is_none() {
            self.error(Code::NoDescription, &data.key("description"), "`description` is missing")
                .hint("add some sentences that say what the module is for");
        }
    }

    fn license(&mut self, data: &Place<'_>, license: &BTreeSet<String>) {
        if license.is_empty() {
            self.error(Code::NoLicense, &data.key("license").key("module"), "the module's licence is missing")
                .expected("a list of licences of the module document, such as `[MIT]`");
        }
    }

    pub(super) fn xmd(&mut self, data: &Place<'_>, xmd: Option<&Value>) {
        let severity = match xmd {
            None | Some(Value::Map(_)) => return,
            // The original takes a single value, and nothing can be found in it.
            Some(Value::Scalar(_)) => Severity::Warning,
            Some(Value::List(_)) => Severity::Error,
        };
        self.error(Code::XmdNotMap, &data.key("xmd"), "`xmd` is not a map").severity(severity).expected("a map");
    }
}
