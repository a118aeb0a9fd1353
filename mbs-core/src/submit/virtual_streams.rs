//! Build-required virtual streams of base modules become the stream of a build that offers them.

use super::blocks::replace_build_streams;
use super::submission::Warning;
use crate::ModuleName;
use crate::build::ModuleState;
use crate::identity::Padding;
use crate::modulemd::ModuleStream;
use crate::resolve::{ExpandOptions, ModuleFacts, Universe};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The base modules that the documents build-require: [`super::prepare_document`] has to know their builds.
pub fn base_names_needed(documents: &[ModuleStream], options: &ExpandOptions) -> BTreeSet<ModuleName> {
    let named = |name: &ModuleName| {
        let mut blocks = documents.iter().flat_map(|document| &document.dependencies);
        blocks.any(|block| block.buildrequires.contains_key(name.as_str()))
    };
    options.base_modules.iter().filter(|name| named(name)).cloned().collect()
}

/// Replaces build-required streams of base modules that no build has, by the stream of the newest build that offers
/// them as virtual streams. Streams that nobody offers stay: expansion tells of them.
///
/// As in the original, builds count in any state, unless [`ExpandOptions::ready_only`] is set; one that is not ready is
/// warned of. What is required at run time stays as it is.
pub(super) fn replace_virtual_streams(
    document: &mut ModuleStream,
    universe: &Universe,
    options: &ExpandOptions,
) -> Vec<Warning> {
    let mut replaced: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut warnings = BTreeMap::new();
    for block in &document.dependencies {
        for name in &options.base_modules {
            let Some(set) = block.buildrequires.get(name.as_str()) else { continue };
            for stream in set.0.iter().filter(|stream| !stream.starts_with('-')) {
                let Some(build) = offering(universe, name, stream, options) else { continue };
                let nsvc = &build.nsvc;
                replaced.entry(name.to_string()).or_default().insert(stream.clone(), nsvc.stream.to_string());
                if build.state != ModuleState::Ready {
                    let state = build.state.name();
                    let message = format!(
                        "virtual stream `{name}:{stream}` is taken as `{name}:{}`, whose build `{nsvc}` is in state `{state}`",
                        nsvc.stream
                    );
                    warnings.insert(nsvc.clone(), Warning { code: "MS0181", message });
                }
            }
        }
    }
    replace_build_streams(document, &replaced);
    warnings.into_values().collect()
}

/// The newest build that offers a virtual stream; none if a build has the stream itself.
fn offering<'u>(
    universe: &'u Universe,
    name: &ModuleName,
    stream: &str,
    options: &ExpandOptions,
) -> Option<&'u Arc<ModuleFacts>> {
    let counts = |build: &&Arc<ModuleFacts>| !options.ready_only || build.state == ModuleState::Ready;
    if universe.stream(name.as_str(), stream).iter().any(|build| counts(&build)) {
        return None;
    }
    let offers = universe.builds(name.as_str()).iter().filter(|build| build.virtual_streams.contains(stream));
    offers.filter(counts).max_by_key(|build| {
        let nsvc = &build.nsvc;
        let number = options.number(nsvc.stream.as_str(), Padding::Right);
        (number, nsvc.version, Reverse(nsvc.stream.clone()), Reverse(nsvc.context.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submit::testing::{bases, document, shown};
    use ModuleState::{Build, Failed, Garbage, Ready};

    fn replaced(builds: &[(&str, ModuleState, &[&str])], blocks: &[(&str, &str)]) -> (String, Vec<Warning>) {
        let mut document = document(blocks);
        let warnings = replace_virtual_streams(&mut document, &bases(builds), &ExpandOptions::default());
        (shown(&document), warnings)
    }

    #[test]
    fn a_virtual_stream_is_replaced_where_it_is_build_required() {
        let known = [("platform:el8.25.0:1:c", Ready, &["el8"][..])];
        let found = replaced(&known, &[("platform[el8]", "platform[el8]")]);
        assert_eq!(found, ("platform[el8.25.0]/platform[el8]".to_owned(), Vec::new()));
    }

    #[test]
    fn streams_that_exist_are_excluded_or_that_nobody_offers_stay() {
        let known = [
            ("platform:el8:1:c", Garbage, &[][..]),
            ("platform:el8.25.0:1:c", Ready, &["el8", "el9"]),
            ("other:1:1:c", Ready, &["el7"]),
        ];
        for (blocks, expected) in [
            ("platform[el8]", "platform[el8]/"),
            ("platform[-el9]", "platform[-el9]/"),
            ("platform[-x,el9]", "platform[-x,el8.25.0]/"),
            ("platform[el7]", "platform[el7]/"),
            ("platform[]", "platform[]/"),
            ("other[el7]", "other[el7]/"),
            ("platform[el9,el8.25.0]", "platform[el8.25.0]/"),
        ] {
            assert_eq!(replaced(&known, &[(blocks, "")]).0, expected, "{blocks}");
        }
    }

    #[test]
    fn the_highest_stream_number_is_taken_then_the_highest_version() {
        let known = [
            ("platform:el8.2.0:9:c", Ready, &["el8"][..]),
            ("platform:el8.10.0:1:c", Ready, &["el8"]),
            ("platform:el8.9.0:20:c", Ready, &["el8"]),
            ("platform:a7:1:c", Ready, &["el7"]),
            ("platform:b7:2:c", Ready, &["el7"]),
        ];
        assert_eq!(replaced(&known, &[("platform[el8]", "")]).0, "platform[el8.10.0]/");
        assert_eq!(replaced(&known, &[("platform[el7]", "")]).0, "platform[b7]/");
    }

    #[test]
    fn only_changed_blocks_move_to_the_end() {
        let known = [("platform:el8.25.0:1:c", Ready, &["el8"][..]), ("platform:a:1:c", Ready, &[])];
        let found = replaced(&known, &[("platform[a]", ""), ("platform[el8] x[1]", ""), ("platform[c]", "")]);
        assert_eq!(found.0, "platform[a]/ platform[c]/ platform[el8.25.0] x[1]/");
    }

    #[test]
    fn builds_in_any_state_count_with_a_warning_unless_only_ready_ones_may() {
        let known = [
            ("platform:el8.1.0:1:c", Ready, &["el8"][..]),
            ("platform:el8.2.0:1:c", Garbage, &["el8"]),
            ("platform:el9.0.0:1:c", Failed, &["el9"]),
            ("platform:el10:1:c", Build, &[]),
            ("platform:el10.1.0:1:c", Ready, &["el10"]),
        ];
        let (found, warnings) = replaced(&known, &[("platform[el8]", ""), ("platform[el8] x[1]", "")]);
        assert_eq!(found, "platform[el8.2.0]/ platform[el8.2.0] x[1]/");
        let text = "virtual stream `platform:el8` is taken as `platform:el8.2.0`, whose build `platform:el8.2.0:1:c` is in state `garbage`";
        assert_eq!(warnings, [Warning { code: "MS0181", message: text.to_owned() }]);

        let strict = ExpandOptions { ready_only: true, ..ExpandOptions::default() };
        for (blocks, expected) in [
            ("platform[el8]", "platform[el8.1.0]/"),
            ("platform[el9]", "platform[el9]/"),
            ("platform[el10]", "platform[el10.1.0]/"),
        ] {
            let mut document = document(&[(blocks, "")]);
            assert_eq!(replace_virtual_streams(&mut document, &bases(&known), &strict), []);
            assert_eq!(shown(&document), expected);
        }
    }

    #[test]
    fn only_base_modules_that_are_build_required_are_needed() {
        let base_modules = ["platform", "host", "other"].map(|name| ModuleName::new(name).expect("name")).to_vec();
        let options = ExpandOptions { base_modules, ..ExpandOptions::default() };
        let documents = [document(&[("platform[f28] gtk[1]", "other[1]")]), document(&[("host[]", "")])];
        let names: Vec<String> = base_names_needed(&documents, &options).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["host", "platform"]);
    }
}
