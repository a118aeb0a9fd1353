//! The builds of a tag.

use super::{Build, BuildState, World};
use std::collections::{BTreeMap, BTreeSet};

/// Which builds of a tag.
#[derive(Debug, Clone, Default)]
pub(in crate::koji) struct Wanted<'a> {
    pub(in crate::koji) at: Option<i64>,
    pub(in crate::koji) inherit: bool,
    /// How many of each package at most, newest first.
    pub(in crate::koji) latest: Option<usize>,
    pub(in crate::koji) package: Option<&'a str>,
    pub(in crate::koji) prefix: Option<&'a str>,
    pub(in crate::koji) owner: Option<i64>,
    pub(in crate::koji) kind: Option<&'a str>,
}

impl World {
    /// Builds with the event and the tag of their tagging, the newest of the nearest tag first.
    ///
    /// A build counts only when its package is in the list of the tag and not blocked there.
    pub(in crate::koji) fn tagged(&self, tag: i64, wanted: &Wanted<'_>) -> Vec<(&Build, i64, i64)> {
        let only = match wanted.package {
            None => None,
            Some(name) => match self.packages.get(name) {
                None => return Vec::new(),
                found => found.copied(),
            },
        };
        let list = self.package_list(tag, wanted.at, true, only);
        let mut seen = BTreeSet::new();
        let mut count: BTreeMap<i64, usize> = BTreeMap::new();
        let mut builds = Vec::new();
        for (tag, _) in self.line(tag, wanted.at, wanted.inherit) {
            let mut here: Vec<_> = (self.tags.listing.range((tag, i64::MIN)..(tag + 1, i64::MIN), wanted.at))
                .filter_map(|((_, build), row)| Some((row.create, self.builds.get(build)?)))
                .collect();
            here.sort_by_key(|(event, build)| std::cmp::Reverse((*event, build.id)));
            for (event, build) in here {
                let listed = list.get(&build.package).is_some_and(|(_, entry)| !entry.blocked);
                let fits =
                    wanted.prefix.is_none_or(|prefix| build.name.to_lowercase().starts_with(&prefix.to_lowercase()))
                        && wanted.owner.is_none_or(|owner| build.owner == owner)
                        && wanted.kind.is_none_or(|kind| build.types.iter().any(|found| found == kind));
                if build.state != BuildState::Complete || !listed || !fits || !seen.insert(build.id) {
                    continue;
                }
                let so_far = count.entry(build.package).or_default();
                if wanted.latest.is_some_and(|most| *so_far >= most) {
                    continue;
                }
                *so_far += 1;
                builds.push((build, event, tag));
            }
        }
        builds
    }
}
