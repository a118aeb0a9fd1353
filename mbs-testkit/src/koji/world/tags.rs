//! Tags and what hangs on them.

use crate::koji::table::Versioned;
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

/// The settings of a tag.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct TagConfig {
    pub(in crate::koji) name: String,
    pub(in crate::koji) arches: String,
    pub(in crate::koji) perm: Option<i64>,
    pub(in crate::koji) locked: bool,
    pub(in crate::koji) maven_support: bool,
    pub(in crate::koji) maven_include_all: bool,
}

/// A parent of a tag.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Link {
    pub(in crate::koji) priority: i64,
    pub(in crate::koji) maxdepth: Option<i64>,
    pub(in crate::koji) intransitive: bool,
    pub(in crate::koji) noconfig: bool,
    pub(in crate::koji) pkg_filter: String,
}

/// A package in the list of a tag.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Listed {
    pub(in crate::koji) owner: i64,
    pub(in crate::koji) blocked: bool,
    pub(in crate::koji) extra_arches: Value,
}

/// A group of a tag, or a package of a group: what was given beside the names.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Grouped {
    pub(in crate::koji) blocked: bool,
    pub(in crate::koji) options: BTreeMap<String, Value>,
}

/// What builds are built in and tagged into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::koji) struct Target {
    pub(in crate::koji) build_tag: i64,
    pub(in crate::koji) dest_tag: i64,
}

/// Tags, groups and targets with their history. Keys are ids.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::koji) struct Tags {
    pub(in crate::koji) names: BTreeMap<String, i64>,
    pub(in crate::koji) config: Versioned<i64, TagConfig>,
    /// A value of none is a blocked key.
    pub(in crate::koji) extra: Versioned<(i64, String), Option<Value>>,
    /// By child and parent.
    pub(in crate::koji) parents: Versioned<(i64, i64), Link>,
    /// By tag and package.
    pub(in crate::koji) packages: Versioned<(i64, i64), Listed>,
    pub(in crate::koji) group_names: BTreeMap<String, i64>,
    /// By tag and group.
    pub(in crate::koji) groups: Versioned<(i64, i64), Grouped>,
    /// By tag, group and package.
    pub(in crate::koji) group_packages: Versioned<(i64, i64, String), Grouped>,
    pub(in crate::koji) target_names: BTreeMap<String, i64>,
    pub(in crate::koji) targets: Versioned<i64, Target>,
    /// By tag and build.
    pub(in crate::koji) listing: Versioned<(i64, i64), ()>,
    /// By tag and external repository: name, address, priority.
    pub(in crate::koji) external: Versioned<(i64, i64), (String, String, i64)>,
}

impl Tags {
    /// The name of a group.
    pub(in crate::koji) fn group_name(&self, id: i64) -> &str {
        self.group_names.iter().find(|(_, found)| **found == id).map_or("", |(name, _)| name)
    }

    /// The event of the last change of a tag itself, parents not looked at.
    pub(in crate::koji) fn last_change(&self, tag: i64) -> i64 {
        let next = tag + 1;
        let none = String::new;
        [
            self.config.last_change(tag..next),
            self.extra.last_change((tag, none())..(next, none())),
            self.parents.last_change((tag, i64::MIN)..(next, i64::MIN)),
            self.packages.last_change((tag, i64::MIN)..(next, i64::MIN)),
            self.groups.last_change((tag, i64::MIN)..(next, i64::MIN)),
            self.group_packages.last_change((tag, i64::MIN, none())..(next, i64::MIN, none())),
            self.listing.last_change((tag, i64::MIN)..(next, i64::MIN)),
            self.external.last_change((tag, i64::MIN)..(next, i64::MIN)),
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(0)
    }
}
