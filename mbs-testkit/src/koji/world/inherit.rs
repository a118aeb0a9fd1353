//! Tags and their parents, in the order in which they are looked at.

use super::{Link, Listed, World};
use std::collections::{BTreeMap, BTreeSet};

/// A parent on the way up.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Step {
    pub(in crate::koji) child: i64,
    pub(in crate::koji) parent: i64,
    pub(in crate::koji) link: Link,
    pub(in crate::koji) depth: i64,
    pub(in crate::koji) next_depth: Option<i64>,
    pub(in crate::koji) noconfig: bool,
    pub(in crate::koji) filters: Vec<String>,
}

/// What limits the way behind a parent.
struct Way {
    depth: i64,
    left: Option<i64>,
    noconfig: bool,
    filters: Vec<String>,
}

impl World {
    /// The parents of a tag at an event, the first to be looked at first.
    pub(in crate::koji) fn parents(&self, tag: i64, at: Option<i64>) -> Vec<(i64, &Link)> {
        let range = (tag, i64::MIN)..(tag + 1, i64::MIN);
        let mut links: Vec<_> =
            self.tags.parents.range(range, at).map(|((_, parent), row)| (*parent, &row.value)).collect();
        links.sort_by_key(|(_, link)| link.priority);
        links
    }

    /// All parents, their parents and so on, depth first.
    pub(in crate::koji) fn walk(&self, tag: i64, at: Option<i64>) -> Vec<Step> {
        let mut steps = Vec::new();
        let way = Way { depth: 1, left: None, noconfig: false, filters: Vec::new() };
        self.climb(tag, tag, at, &way, &mut BTreeSet::new(), &mut steps);
        steps
    }

    fn climb(&self, top: i64, tag: i64, at: Option<i64>, way: &Way, seen: &mut BTreeSet<i64>, steps: &mut Vec<Step>) {
        for (parent, link) in self.parents(tag, at) {
            if parent == top || (link.intransitive && way.depth > 1) || !seen.insert(parent) {
                continue;
            }
            let next_depth = match (way.left.map(|left| left - 1), link.maxdepth) {
                (Some(left), Some(most)) => Some(left.min(most)),
                (left, most) => left.or(most),
            };
            let mut filters = way.filters.clone();
            filters.extend((!link.pkg_filter.is_empty()).then(|| link.pkg_filter.clone()));
            let noconfig = way.noconfig || link.noconfig;
            let link = link.clone();
            let below = Way { depth: way.depth + 1, left: next_depth, noconfig, filters: filters.clone() };
            steps.push(Step { child: tag, parent, link, depth: way.depth, next_depth, noconfig, filters });
            if next_depth.is_none_or(|left| left > 0) {
                self.climb(top, parent, at, &below, seen, steps);
            }
        }
    }

    /// The tag and all it inherits from, with the filters on the way.
    pub(in crate::koji) fn line(&self, tag: i64, at: Option<i64>, inherit: bool) -> Vec<(i64, Vec<String>)> {
        let mut line = vec![(tag, Vec::new())];
        if inherit {
            line.extend(self.walk(tag, at).into_iter().map(|step| (step.parent, step.filters)));
        }
        line
    }

    /// The package list: per package the tag it comes from and the entry. `package` narrows it to one.
    pub(in crate::koji) fn package_list(
        &self,
        tag: i64,
        at: Option<i64>,
        inherit: bool,
        package: Option<i64>,
    ) -> BTreeMap<i64, (i64, &Listed)> {
        let mut list = BTreeMap::new();
        for (tag, filters) in self.line(tag, at, inherit) {
            let (from, to) = package.map_or(((tag, i64::MIN), (tag + 1, i64::MIN)), |id| ((tag, id), (tag, id + 1)));
            for ((_, package), row) in self.tags.packages.range(from..to, at) {
                let name = self.package_names.get(package).map_or("", String::as_str);
                if filters.iter().all(|filter| passes(filter, name)) {
                    list.entry(*package).or_insert((tag, &row.value));
                }
            }
        }
        list
    }

    /// The last change of a tag or of anything it inherits from.
    pub(in crate::koji) fn last_change(&self, tag: i64) -> i64 {
        let line = self.line(tag, None, true).into_iter();
        line.map(|(tag, _)| self.tags.last_change(tag)).max().unwrap_or(0)
    }
}

/// Does a package pass a filter? It is a pattern for the beginning of the name.
fn passes(filter: &str, name: &str) -> bool {
    regex::Regex::new(&format!("^(?:{filter})")).is_ok_and(|pattern| pattern.is_match(name))
}
