//! Rules over `modulemd-packager` version 3.

use super::checker::Checker;
use super::place::Place;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::model::{Configuration, PackagerV3, StreamSet};
use crate::modulemd::yaml::tape::shorten;
use crate::{ModuleName, StreamName};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn check_packager_v3(checker: &mut Checker, document: &PackagerV3) {
    let data = Place::top("data");
    let list = data.key("configurations");
    checker.identity(&data, document.name.as_deref(), document.stream.as_deref(), None);
    // What every stream must have and obey is decided where streams are made of the document: by a build, or by
    // `PackagerV3::expand`.
    checker
        .as_build_rules(|checker| checker.texts(&data, document.summary.as_deref(), document.description.as_deref()));
    checker.xmd(&data, document.xmd.as_ref());
    if document.configurations.is_empty() {
        let severity = checker.build_rule;
        checker
            .error(Code::NoConfiguration, &list, "there is no build configuration")
            .severity(severity)
            .expected("at least one item with `context` and `platform`");
    }
    let mut contexts = BTreeSet::new();
    // A component may be limited to what any configuration builds on.
    let mut arches = BTreeSet::new();
    let unlimited = document.configurations.iter().any(|one| one.buildopts.arches.is_empty());
    for (index, configuration) in document.configurations.iter().enumerate() {
        let path = list.index(index);
        checker.configuration(&path, configuration);
        if let Some(context) = &configuration.context
            && !contexts.insert(context)
        {
            checker.error(
                Code::SameContext,
                &path.key("context"),
                format!("context `{}` belongs to an earlier configuration", shorten(context)),
            );
        }
        if !unlimited {
            arches.extend(configuration.buildopts.arches.iter().cloned());
        }
    }
    checker.as_build_rules(|checker| checker.components(&data, &document.components, &arches));
}

impl Checker {
    fn configuration(&mut self, path: &Place<'_>, configuration: &Configuration) {
        const LONGEST: usize = 10;
        let context = configuration.context.as_deref().unwrap_or_default();
        let problem = if context.is_empty() {
            Some("is empty or missing")
        } else if context.len() > LONGEST {
            Some("is longer than 10 characters")
        } else if !context.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Some("holds a character other than letters and digits")
        } else {
            None
        };
        if let Some(problem) = problem {
            self.error(
                Code::BadContext,
                &path.key("context"),
                format!("context `{}` of a configuration {problem}", shorten(context)),
            )
            .expected("1 to 10 letters or digits");
        }
        match &configuration.platform {
            None => {
                self.error(Code::NoPlatform, &path.key("platform"), "the configuration names no platform");
            }
            Some(platform) => {
                self.name(Code::BadName, &path.key("platform"), StreamName::new(platform), false);
            }
        }
        self.single_streams(&path.key("buildrequires"), &configuration.buildrequires);
        self.single_streams(&path.key("requires"), &configuration.requires);
        self.arches(&path.key("buildopts").key("arches"), &configuration.buildopts.arches);
    }

    fn single_streams(&mut self, path: &Place<'_>, modules: &BTreeMap<String, StreamSet>) {
        for (module, streams) in modules {
            let path = path.key(module);
            self.name(Code::BadName, &path, ModuleName::new(module), true);
            if streams.0.len() == 1 {
                for stream in &streams.0 {
                    self.name(Code::BadName, &path.item(stream), StreamName::new(stream), false);
                }
            } else {
                self.error(
                    Code::OneStream,
                    &path,
                    format!("dependency `{}` does not name exactly one stream", shorten(module)),
                )
                .expected("a list of one stream, such as `[\"1.0\"]`");
            }
        }
    }
}
