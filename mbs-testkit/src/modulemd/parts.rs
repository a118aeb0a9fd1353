//! The parts that several kinds of documents share.

use super::Maker;
use mbs_core::modulemd::{
    Api, BuildOpts, Components, License, ModuleComponent, Profile, References, RpmBuildOpts, RpmComponent, Scalar,
    ServiceLevel, StreamSet, Value,
};
use std::collections::{BTreeMap, BTreeSet};

impl Maker {
    pub(super) fn license(&mut self) -> License {
        let mut module = self.set(2, Self::text);
        module.insert(self.text());
        License { module, content: self.set(3, Self::text) }
    }

    pub(super) fn servicelevels(&mut self) -> BTreeMap<String, ServiceLevel> {
        self.map(2, Self::text, |maker| ServiceLevel { eol: maker.option(Self::day) })
    }

    /// A day in the years that every reader can hold.
    pub(super) fn day(&mut self) -> chrono::NaiveDate {
        let (year, ordinal) = (self.rng.i32(1..=9999), self.rng.u32(1..=365));
        chrono::NaiveDate::from_yo_opt(year, ordinal).expect("every year has 365 days")
    }

    pub(super) fn references(&mut self) -> References {
        References {
            community: self.option(Self::text),
            documentation: self.option(Self::text),
            tracker: self.option(Self::text),
        }
    }

    pub(super) fn profiles(&mut self) -> BTreeMap<String, Profile> {
        self.map(3, Self::text, |maker| Profile {
            description: maker.option(Self::text),
            rpms: maker.set(3, Self::text),
            default: maker.flip(),
        })
    }

    pub(super) fn api(&mut self) -> Api {
        Api { rpms: self.set(3, Self::text) }
    }

    pub(super) fn buildopts(&mut self, arches: &BTreeSet<String>) -> BuildOpts {
        BuildOpts {
            rpms: RpmBuildOpts { macros: self.option(Self::text), whitelist: self.set(2, Self::text) },
            arches: arches.clone(),
        }
    }

    /// Free values: under `xmd` of what every reader can hold, or of anything.
    pub(super) fn xmd(&mut self) -> Option<Value> {
        self.option(|maker| Value::from(maker.map(4, Self::text, |maker| maker.value(3))))
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.rng.u8(0..5) {
            0 if depth > 0 => {
                let count = self.rng.usize(0..4);
                let mut items: Vec<Value> = (0..count).map(|_| self.value(depth - 1)).collect();
                if !self.any_value {
                    let first = items.first().map(kind);
                    items.retain(|item| Some(kind(item)) == first);
                }
                Value::List(items)
            }
            1 if depth > 0 => Value::from(self.map(3, Self::text, |maker| maker.value(depth - 1))),
            2 => {
                let text = self.text();
                Value::Scalar(Scalar::typed(text))
            }
            _ => Value::from(self.text()),
        }
    }

    /// Components that agree with the architectures of the module (none: all) and with each other about the order.
    pub(super) fn components(&mut self, module_arches: &BTreeSet<String>) -> Components {
        let mut rpms = self.map(4, Self::text, |maker| maker.rpm(module_arches));
        if self.flip() {
            let keys: Vec<String> = rpms.keys().cloned().collect();
            for component in rpms.values_mut() {
                component.buildorder = 0;
                component.buildafter = keys.iter().filter(|_| self.rng.bool()).cloned().collect();
            }
        }
        let modules = self.map(2, Self::text, |maker| ModuleComponent {
            rationale: maker.option(Self::text),
            repository: maker.option(Self::text),
            git_ref: maker.option(Self::text),
            buildorder: maker.order(),
            buildonly: maker.flip(),
        });
        Components { rpms, modules }
    }

    fn rpm(&mut self, module_arches: &BTreeSet<String>) -> RpmComponent {
        let arches = if module_arches.is_empty() {
            self.set(2, Self::text)
        } else {
            module_arches.iter().filter(|_| self.rng.bool()).cloned().collect()
        };
        RpmComponent {
            rationale: self.option(Self::text),
            name: self.option(Self::text),
            repository: self.option(Self::text),
            cache: self.option(Self::text),
            git_ref: self.option(Self::text),
            buildroot: self.flip(),
            srpm_buildroot: self.flip(),
            buildonly: self.flip(),
            buildorder: self.order(),
            buildafter: BTreeSet::new(),
            arches,
            multilib: self.set(2, Self::text),
        }
    }

    /// Streams that are all wanted or all excluded.
    pub(super) fn stream_set(&mut self) -> StreamSet {
        let excluded = self.flip();
        let streams = self.set(3, Self::text);
        let sign = |stream: String| {
            let bare = stream.trim_start_matches('-').to_owned();
            if excluded { format!("-{bare}") } else { bare }
        };
        StreamSet(streams.into_iter().map(sign).collect())
    }
}

/// What tells the kinds of list items apart for a reader whose lists hold texts, truth values, maps, or lists of one
/// and the same of these.
fn kind(value: &Value) -> String {
    match value {
        Value::Scalar(scalar) if matches!(scalar.as_str(), "TRUE" | "FALSE") => "flag".to_owned(),
        Value::Scalar(_) => "text".to_owned(),
        Value::List(items) => format!("list of {}", items.first().map(kind).unwrap_or_default()),
        Value::Map(_) => "map".to_owned(),
    }
}
