//! Tests of the expansion, most of them examples of the original's.

mod availability;
mod explain;
mod failures;
mod platforms;
mod refused;
mod search;
mod worked;

use super::testing::{Facts, document, universe};
use super::{ExpandError, ExpandOptions, Expanded, Expansion, Pick, expand};
use crate::modulemd::Dependency;

pub(super) fn shown(side: &std::collections::BTreeMap<String, crate::modulemd::StreamSet>) -> String {
    let one = |(name, set): (&String, &crate::modulemd::StreamSet)| {
        format!("{name}[{}]", set.0.iter().map(String::as_str).collect::<Vec<_>>().join(","))
    };
    side.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// `buildrequires / requires / context` of each result, with the last block only.
pub(super) fn results(found: &Expansion) -> Vec<String> {
    let one = |one: &Expanded| {
        let Dependency { buildrequires, requires } = one.document.dependencies.last().expect("a block");
        format!("{} / {} / {}", shown(buildrequires), shown(requires), one.context)
    };
    found.results.iter().map(one).collect()
}

/// What is built against, as `name:stream:version`, of each result.
pub(super) fn picked(found: &Expansion) -> Vec<String> {
    let one = |pick: &Pick| {
        let nsvc = &pick.facts.nsvc;
        format!("{}:{}:{}", nsvc.name, nsvc.stream, nsvc.version)
    };
    found.results.iter().map(|result| result.picks.iter().map(one).collect::<Vec<_>>().join(" ")).collect()
}

pub(super) fn fedora() -> ExpandOptions {
    ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() }
}

pub(super) const F28: &str = "platform:f28:0:c10";
pub(super) const F29: &str = "platform:f29:0:c11";

/// gtk and foo in streams 1 and 2 on two platforms, and a module named like the input on one.
pub(super) fn two_platforms() -> Vec<Facts> {
    let mut builds = vec![Facts::base(F28), Facts::base(F29)];
    for name in ["gtk", "foo"] {
        for (stream, on_28, on_29) in [(1, "c2", "c3"), (2, "c4", "c5")] {
            builds.push(Facts::on(&format!("{name}:{stream}:0:{on_28}"), F28, "platform[f28]"));
            builds.push(Facts::on(&format!("{name}:{stream}:0:{on_29}"), F29, "platform[f29]"));
        }
    }
    builds.push(Facts::on("app:1:0:c6", F29, "platform[f29]"));
    builds
}

pub(super) fn expand_in(
    builds: Vec<Facts>,
    blocks: &[(&str, &str)],
    options: &ExpandOptions,
) -> Result<Expansion, ExpandError> {
    expand(&universe(builds, options), &document(blocks), options)
}

/// gtk 3 and 4 and qt 4 and 5 on both platforms, and mess:1 with two alternatives.
pub(super) fn toolkits() -> Vec<Facts> {
    let mut builds = vec![Facts::base(F28), Facts::base(F29)];
    for (name, streams) in [("gtk", [3, 4]), ("qt", [4, 5])] {
        for stream in streams {
            builds.push(Facts::on(&format!("{name}:{stream}:0:c8"), F28, "platform[f28]"));
            builds.push(Facts::on(&format!("{name}:{stream}:0:c9"), F29, "platform[f29]"));
        }
    }
    builds.push(Facts::on("mess:1:0:c0", F28, "gtk[3] platform[f28]").or("gtk[4] platform[f29]"));
    builds
}
