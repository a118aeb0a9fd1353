//! Names that become file names, tags and arguments.

use super::checker::Checker;
use super::place::Place;
use crate::modulemd::diagnostic::{Code, Severity};
use crate::modulemd::model::{DependenciesV1, Dependency, StreamRule, StreamSet};
use crate::modulemd::yaml::tape::shorten;
use crate::{Arch, Context, ModuleName, NameError, StreamName};
use std::collections::{BTreeMap, BTreeSet};

impl Checker {
    /// Notes a name that is refused.
    pub(super) fn name(&mut self, code: Code, path: &Place<'_>, name: Result<(), NameError>, on_key: bool) {
        let severity = self.build_rule;
        if let Err(error) = name {
            let finding = self
                .error(code, path, format!("{} `{}` {}", error.kind, shorten(&error.text), error.problem))
                .severity(severity);
            if on_key {
                finding.on_key();
            }
        }
    }

    pub(super) fn arches(&mut self, path: &Place<'_>, arches: &BTreeSet<String>) {
        for arch in arches {
            self.name(Code::BadArch, &path.item(arch), Arch::check(arch), false);
        }
    }

    /// Name, stream and arch of the document itself.
    pub(super) fn identity(&mut self, data: &Place<'_>, name: Option<&str>, stream: Option<&str>, arch: Option<&str>) {
        if let Some(name) = name {
            self.name(Code::BadName, &data.key("name"), ModuleName::check(name), false);
        }
        if let Some(stream) = stream {
            self.name(Code::BadName, &data.key("stream"), StreamName::check(stream), false);
        }
        if let Some(arch) = arch {
            self.name(Code::BadArch, &data.key("arch"), Arch::check(arch), false);
        }
    }

    /// A context: any name, or for a packager's own one the narrow form.
    pub(super) fn context(&mut self, data: &Place<'_>, context: Option<&str>, is_static: bool) {
        const LONGEST: usize = 13;
        let Some(context) = context else { return };
        let path = data.key("context");
        if !is_static {
            self.name(Code::BadName, &path, Context::check(context), false);
            return;
        }
        let problem = if context.is_empty() {
            "is empty"
        } else if context.len() > LONGEST {
            "is longer than 13 characters"
        } else if !context.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            "holds a character other than letters, digits and `_`"
        } else {
            return;
        };
        self.error(Code::BadContext, &path, format!("static context `{}` {problem}", shorten(context)))
            .expected("1 to 13 letters, digits or `_`");
    }

    pub(super) fn dependencies(&mut self, data: &Place<'_>, dependencies: &[Dependency]) {
        let list = data.key("dependencies");
        for (index, item) in dependencies.iter().enumerate() {
            let item_path = list.index(index);
            self.modules(&item_path.key("buildrequires"), &item.buildrequires);
            self.modules(&item_path.key("requires"), &item.requires);
        }
    }

    /// Names only: no other rule of the format looks at the dependencies of version 1.
    pub(super) fn dependencies_v1(&mut self, data: &Place<'_>, dependencies: &DependenciesV1) {
        let place = data.key("dependencies");
        for (key, modules) in [("buildrequires", &dependencies.buildrequires), ("requires", &dependencies.requires)] {
            let place = place.key(key);
            for (module, stream) in modules {
                let place = place.key(module);
                self.name(Code::BadName, &place, ModuleName::check(module), true);
                self.name(Code::BadName, &place, StreamName::check(stream), false);
            }
        }
    }

    pub(super) fn modules(&mut self, path: &Place<'_>, modules: &BTreeMap<String, StreamSet>) {
        for (module, streams) in modules {
            let path = path.key(module);
            self.name(Code::BadName, &path, ModuleName::check(module), true);
            if streams.rule() == StreamRule::Mixed {
                let severity = if self.takes_mixed_streams { Severity::Warning } else { Severity::Error };
                self.error(
                    Code::MixedSigns,
                    &path,
                    format!("dependency `{}` mixes wanted and excluded streams", shorten(module)),
                )
                .severity(severity)
                .hint("write either only streams that are wanted, or only excluded ones with a leading `-`");
                if severity == Severity::Error {
                    continue;
                }
            }
            for stream in &streams.0 {
                let bare = stream.strip_prefix('-').unwrap_or(stream);
                self.name(Code::BadName, &path.item(stream), StreamName::check(bare), false);
            }
        }
    }
}
