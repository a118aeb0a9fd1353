//! The worked examples of the original's expansion.

use super::testing::{Facts, document, universe};
use super::*;
use crate::build::ModuleState;
use crate::modulemd::{Dependency, Value};

fn shown(side: &std::collections::BTreeMap<String, crate::modulemd::StreamSet>) -> String {
    let one = |(name, set): (&String, &crate::modulemd::StreamSet)| {
        format!("{name}[{}]", set.0.iter().map(String::as_str).collect::<Vec<_>>().join(","))
    };
    side.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// `buildrequires / requires / context` of each result, with the last block only.
fn results(found: &Expansion) -> Vec<String> {
    let one = |one: &Expanded| {
        let Dependency { buildrequires, requires } = one.document.dependencies.last().expect("a block");
        format!("{} / {} / {}", shown(buildrequires), shown(requires), one.context)
    };
    found.results.iter().map(one).collect()
}

/// What is built against, as `name:stream:version`, of each result.
fn picked(found: &Expansion) -> Vec<String> {
    let one = |pick: &Pick| {
        let nsvc = &pick.facts.nsvc;
        format!("{}:{}:{}", nsvc.name, nsvc.stream, nsvc.version)
    };
    found.results.iter().map(|result| result.picks.iter().map(one).collect::<Vec<_>>().join(" ")).collect()
}

fn fedora() -> ExpandOptions {
    ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() }
}

const F28: &str = "platform:f28:0:c10";
const F29: &str = "platform:f29:0:c11";

/// gtk and foo in streams 1 and 2 on two platforms, and a module named like the input on one.
fn two_platforms() -> Vec<Facts> {
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

fn expand_in(builds: Vec<Facts>, blocks: &[(&str, &str)], options: &ExpandOptions) -> Result<Expansion, ExpandError> {
    expand(&universe(builds, options), &document(blocks), options)
}

#[test]
fn worked_examples_on_two_platforms() {
    for (case, blocks, expected) in [
        (
            "A",
            &[("platform[f28] gtk[1,2]", "gtk[1,2]")][..],
            &["gtk[1] platform[f28] / gtk[1] / e1e005fb", "gtk[2] platform[f28] / gtk[2] / ce132a1e"][..],
        ),
        ("B", &[("platform[f28] gtk[1]", "gtk[1,2]")], &["gtk[1] platform[f28] / gtk[1,2] / e6475530"]),
        (
            "C",
            &[("platform[]", "platform[]")],
            &["platform[f28] / platform[f28] / 9c690d0e", "platform[f29] / platform[f29] / 6c81f848"],
        ),
        (
            "D",
            &[("platform[] gtk[]", "platform[] gtk[]")],
            &[
                "gtk[1] platform[f28] / gtk[1] platform[f28] / 00a23e75",
                "gtk[1] platform[f29] / gtk[1] platform[f29] / 05c9e0d2",
                "gtk[2] platform[f28] / gtk[2] platform[f28] / 83292f3a",
                "gtk[2] platform[f29] / gtk[2] platform[f29] / e1d3a346",
            ],
        ),
        ("E", &[("platform[-f29] gtk[-2]", "gtk[-2]")], &["gtk[1] platform[f28] / gtk[1] / e1e005fb"]),
        ("F", &[("platform[f29]", "platform[f28,f29]")], &["platform[f29] / platform[f28,f29] / d57884de"]),
        (
            "G",
            &[("platform[f28] gtk[1]", "gtk[1]"), ("platform[f29] foo[2]", "foo[2]")],
            &["gtk[1] platform[f28] / gtk[1] / c1851b84", "foo[2] platform[f29] / foo[2] / a64280f5"],
        ),
        ("H", &[("platform[f29] app[1]", "")], &["app[1] platform[f29] /  / a6551637"]),
        ("I", &[("platform[f28] gtk[1]", "gtk[]")], &["gtk[1] platform[f28] / gtk[] / 2bc054d2"]),
    ] {
        let found = expand_in(two_platforms(), blocks, &fedora()).expect("results");
        assert_eq!(results(&found), expected, "{case}");
        assert_eq!(found.warnings, [], "{case}");
    }
}

#[test]
fn unsolved_blocks_stay_before_the_solved_one() {
    let blocks = [("platform[f28] gtk[1]", "gtk[1]"), ("platform[f29] foo[2]", "foo[2]")];
    let found = expand_in(two_platforms(), &blocks, &fedora()).expect("results");
    let all: Vec<Vec<String>> = found
        .results
        .iter()
        .map(|one| one.document.dependencies.iter().map(|block| shown(&block.buildrequires)).collect())
        .collect();
    let (first, second) = ("gtk[1] platform[f28]".to_owned(), "foo[2] platform[f29]".to_owned());
    assert_eq!(all, [vec![second.clone(), first.clone()], vec![first, second]]);
}

#[test]
fn refused_examples_say_what_is_missing() {
    for (case, blocks, code, expected) in [
        (
            "J",
            &[("gtk[1]", "")][..],
            "MR0102",
            "no dependency block build-requires a base module (`platform`); add one, for example `platform: []`",
        ),
        (
            "L",
            &[("platform[f99]", "")],
            "MR0102",
            "no build-required stream of a base module (`platform`) has a ready build: `platform:f99`; name one that exists",
        ),
        (
            "M",
            &[("platform[f28] nope[1]", "")],
            "MR0105",
            "the document build-requires `nope:1`, and no build of that exists; build it, or name another stream",
        ),
        (
            "N",
            &[],
            "MR0102",
            "no dependency block build-requires a base module (`platform`); add one, for example `platform: []`",
        ),
    ] {
        let error = expand_in(two_platforms(), blocks, &fedora()).expect_err(case);
        assert_eq!((error.code(), error.to_string().as_str()), (code, expected), "{case}");
    }
}

#[test]
fn what_was_built_against_is_noted() {
    let found = expand_in(two_platforms(), &[("platform[f28] gtk[1,2]", "gtk[1,2]")], &fedora()).expect("results");
    let document = &found.results[0].document;
    let entry = |name: &str, key: &str| {
        let entry = document.xmd_mbs()?.get("buildrequires")?.get(name)?;
        entry.get(key)?.as_str().map(str::to_owned)
    };
    for (name, expected) in [("gtk", ["1", "0", "c2", "ref_c2", ""]), ("platform", ["f28", "0", "c10", "ref_c10", ""])]
    {
        let found = ["stream", "version", "context", "ref", "koji_tag"].map(|key| entry(name, key).expect("a text"));
        assert_eq!(found, expected);
    }
    assert_eq!(document.xmd_mbs().and_then(|mbs| mbs.get("mse")).and_then(Value::as_bool), Some(true));
    assert_eq!(document.context.as_deref(), Some("e1e005fb"));
}

/// gtk 3 and 4 and qt 4 and 5 on both platforms, and mess:1 with two alternatives.
fn toolkits() -> Vec<Facts> {
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

#[test]
fn combinations_of_toolkits() {
    for (blocks, expected) in [
        (&[("platform[]", "")][..], &["platform:f28:0", "platform:f29:0"][..]),
        (
            &[("platform[] gtk[] qt[]", "")],
            &[
                "gtk:3:0 platform:f28:0 qt:4:0",
                "gtk:3:0 platform:f28:0 qt:5:0",
                "gtk:3:0 platform:f29:0 qt:4:0",
                "gtk:3:0 platform:f29:0 qt:5:0",
                "gtk:4:0 platform:f28:0 qt:4:0",
                "gtk:4:0 platform:f28:0 qt:5:0",
                "gtk:4:0 platform:f29:0 qt:4:0",
                "gtk:4:0 platform:f29:0 qt:5:0",
            ],
        ),
        (
            &[("qt[] platform[f28]", ""), ("gtk[] platform[f29]", "")],
            &["platform:f28:0 qt:4:0", "platform:f28:0 qt:5:0", "gtk:3:0 platform:f29:0", "gtk:4:0 platform:f29:0"],
        ),
        (&[("mess[] platform[]", "")], &["gtk:3:0 mess:1:0 platform:f28:0", "gtk:4:0 mess:1:0 platform:f29:0"]),
        // A block without base module is built on the newest one that others brought in.
        (
            &[("platform[]", ""), ("gtk[] qt[]", "")],
            &[
                "platform:f28:0",
                "platform:f29:0",
                "gtk:3:0 platform:f29:0 qt:4:0",
                "gtk:3:0 platform:f29:0 qt:5:0",
                "gtk:4:0 platform:f29:0 qt:4:0",
                "gtk:4:0 platform:f29:0 qt:5:0",
            ],
        ),
        (
            &[("platform[]", ""), ("mess[]", "")],
            &["platform:f28:0", "platform:f29:0", "gtk:3:0 mess:1:0 platform:f28:0"],
        ),
    ] {
        let found = expand_in(toolkits(), blocks, &fedora()).expect("results");
        assert_eq!(picked(&found), expected, "{blocks:?}");
    }
}

#[test]
fn a_platform_that_nothing_was_built_on_gives_no_result() {
    let mut builds = toolkits();
    builds.push(Facts::base("platform:f30:0:c12"));
    let found = expand_in(builds, &[("platform[] gtk[3]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["gtk:3:0 platform:f28:0", "gtk:3:0 platform:f29:0"]);
}

#[test]
fn a_build_that_fits_every_platform_is_taken_on_another_one() {
    let mut builds = two_platforms();
    builds[0] = Facts::base(F28).answers_to("fedora");
    builds[1] = Facts::base(F29).answers_to("fedora");
    builds.push(Facts::on("any:1:0:c1", F29, "platform[]"));
    let found = expand_in(builds, &[("platform[f28] any[1]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["any:1:0 platform:f28:0"]);
}

const EL80: &str = "platform:el8.0.0:0:c1";
const EL81: &str = "platform:el8.1.0:0:c1";
const EL82: &str = "platform:el8.2.0.z:0:c1";

fn numbered_platforms() -> Vec<Facts> {
    vec![
        Facts::base(EL80).answers_to("el8"),
        Facts::base(EL81).answers_to("el8"),
        Facts::base(EL82).answers_to("el8"),
        Facts::base("platform:el7.6.0:0:c1").answers_to("el7"),
        Facts::on("gtk:3:0:c8", EL80, "platform[el8]"),
        Facts::on("gtk:3:1:c8", EL82, "platform[el8]"),
        Facts::on("mess:1:0:c0", EL81, "gtk[3] platform[el8]"),
    ]
}

#[test]
fn numbered_platforms_take_what_was_built_on_the_same_or_an_older_one() {
    let suffix = crate::Pattern::new(r"el\d+\.\d+\.\d+\.z").expect("a pattern");
    let options = ExpandOptions { stream_suffixes: vec![(suffix, 0.1)], ..ExpandOptions::default() };
    for (buildrequires, expected) in [
        ("platform[]", &["platform:el7.6.0:0", "platform:el8.0.0:0", "platform:el8.1.0:0", "platform:el8.2.0.z:0"][..]),
        ("platform[el8.1.0] gtk[3]", &["gtk:3:0 platform:el8.1.0:0"]),
        ("platform[el8.2.0.z] gtk[3]", &["gtk:3:1 platform:el8.2.0.z:0"]),
        ("platform[el8.2.0.z] mess[1]", &["gtk:3:1 mess:1:0 platform:el8.2.0.z:0"]),
        ("platform[el8.1.0] mess[1]", &["gtk:3:0 mess:1:0 platform:el8.1.0:0"]),
    ] {
        let found = expand_in(numbered_platforms(), &[(buildrequires, "")], &options).expect("results");
        assert_eq!(picked(&found), expected, "{buildrequires}");
    }
}

#[test]
fn a_module_built_on_something_newer_is_refused() {
    let options = ExpandOptions::default();
    let error = expand_in(numbered_platforms(), &[("platform[el8.0.0] mess[1]", "")], &options).expect_err("newer");
    assert_eq!(error.code(), "MR0105");
    assert!(error.to_string().contains("`mess:1`, and no build of that was made on a base module in question"));
}

#[test]
fn the_newest_base_stream_with_a_build_hides_the_older_ones_of_its_major_number() {
    let (p0, p1, p2) = ("platform:f29.0.0:3:c", "platform:f29.1.0:3:c", "platform:f29.2.0:3:c");
    let builds = || {
        let mut builds: Vec<Facts> = [p0, p1, p2].iter().map(|base| Facts::base(base).answers_to("f29")).collect();
        for (version, base) in [(0, p0), (1, p1), (2, p1), (3, p2)] {
            builds.push(Facts::on(&format!("gtk:1:{version}:c{version}"), base, "platform[f29]"));
        }
        builds
    };
    for (platform, expected) in [
        ("f29.0.0", "gtk[1] platform[f29.0.0] / platform[f29] / f4de35d9"),
        ("f29.1.0", "gtk[1] platform[f29.1.0] / platform[f29] / 5f19e05f"),
        ("f29.2.0", "gtk[1] platform[f29.2.0] / platform[f29] / 0f67b988"),
        ("", "gtk[1] platform[f29.2.0] / platform[f29] / 0f67b988"),
    ] {
        let block = (format!("gtk[1] platform[{platform}]"), "platform[f29]");
        let found = expand_in(builds(), &[(&block.0, block.1)], &ExpandOptions::default()).expect("results");
        assert_eq!(results(&found), [expected], "{platform}");
        let version = match platform {
            "f29.0.0" => "gtk:1:0",
            "f29.1.0" => "gtk:1:2",
            _ => "gtk:1:3",
        };
        assert!(picked(&found)[0].starts_with(version));
    }
}

#[test]
fn requires_are_rewritten_where_both_sides_are_the_same() {
    let builds = || vec![Facts::base("platform:f29:0:c"), Facts::base("platform:f30:0:c")];
    for (buildrequires, requires, expected) in [
        ("platform[f29,f30]", "platform[f29,f30]", &["f29] / platform[f29]", "f30] / platform[f30]"][..]),
        ("platform[f29,f30]", "platform[f30]", &["f29] / platform[f30]", "f30] / platform[f30]"]),
        ("platform[f30]", "platform[f29,f30]", &["f30] / platform[f29,f30]"]),
    ] {
        let found = expand_in(builds(), &[(buildrequires, requires)], &fedora()).expect("results");
        let found = results(&found);
        assert_eq!(found.len(), expected.len());
        for (one, expected) in found.iter().zip(expected) {
            assert!(one.starts_with(&format!("platform[{expected} / ")), "{one}");
        }
    }
}

#[test]
fn builds_that_are_not_ready_are_taken_with_a_warning_or_not_at_all() {
    let retired = Facts::base("platform:f27:0:c").answers_to("fedora").state(ModuleState::Garbage);
    let failed = Facts::base("platform:f28:0:b").answers_to("fedora").state(ModuleState::Failed);
    let builds = || {
        vec![
            retired.clone(),
            failed.clone(),
            Facts::base(F28).answers_to("fedora"),
            Facts::on("old:1:0:c", "platform:f27:0:c", "platform[fedora]"),
        ]
    };
    let found = expand_in(builds(), &[("platform[f28] old[1]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["old:1:0 platform:f28:0"]);
    assert_eq!(found.warnings.iter().map(ExpandWarning::code).collect::<Vec<_>>(), ["MR0201"]);
    assert_eq!(
        found.warnings[0].to_string(),
        "`platform:f28:0:b` is taken, though its state is `failed`; allow only ready builds to avoid it"
    );
    let strict = ExpandOptions { ready_only: true, ..fedora() };
    let error = expand_in(builds(), &[("platform[f28] old[1]", "")], &strict).expect_err("nothing on a ready base");
    assert_eq!(error.code(), "MR0105");
    let found = expand_in(builds(), &[("platform[f28]", "")], &strict).expect("results");
    assert_eq!(found.results[0].picks[0].facts.nsvc.to_string(), F28);
    assert_eq!(found.warnings, []);
}

#[test]
fn circles_and_layered_diamonds_end_soon() {
    let mut builds = vec![Facts::base(F28)];
    for (name, requires) in [("a", "b[1]"), ("b", "c[1]"), ("c", "a[1]")] {
        builds.push(Facts::on(&format!("{name}:1:0:c"), F28, requires));
    }
    let layers: Vec<Vec<String>> = (0..5).map(|layer| (0..2).map(|side| format!("l{layer}{side}")).collect()).collect();
    for (layer, names) in layers.iter().enumerate() {
        let below = layers
            .get(layer + 1)
            .map_or(String::new(), |names| names.iter().map(|name| format!("{name}[1]")).collect::<Vec<_>>().join(" "));
        for name in names {
            builds.push(Facts::on(&format!("{name}:1:0:c"), F28, &below));
        }
    }
    let found = expand_in(builds, &[("platform[f28] a[1] l00[1] l01[1]", "")], &fedora()).expect("results");
    assert_eq!(found.results.len(), 1);
    assert_eq!(found.results[0].picks.len(), 14);
    assert!(found.steps < 100, "{} steps", found.steps);
}

#[test]
fn unrelated_modules_cost_the_sum_of_their_streams() {
    let mut builds = vec![Facts::base(F28)];
    for name in ["a", "b", "c", "d", "e"] {
        for stream in 1..=5 {
            builds.push(Facts::on(&format!("{name}:{stream}:0:c"), F28, "platform[f28]"));
        }
    }
    let block = [("platform[] a[] b[] c[] d[] e[]", "")];
    let found = expand_in(builds.clone(), &block, &fedora()).expect("results");
    assert_eq!(found.results.len(), 3125);
    assert!(found.steps < 3125 + 100, "{} steps", found.steps);
    let few = ExpandOptions { limit: 1000, ..fedora() };
    let error = expand_in(builds, &block, &few).expect_err("too many");
    assert!(matches!(error, ExpandError::TooMany { block: 1, steps: 3125.., limit: 1000 }), "{error}");
}

#[test]
fn a_conflict_names_both_sides_and_every_unsolvable_block() {
    let builds = || {
        vec![
            Facts::base(F28),
            Facts::on("gtk:1:0:c01", F28, "bar[1]"),
            Facts::on("foo:1:0:c02", F28, "baz[1]"),
            Facts::on("baz:1:0:c05", F28, "bar[2]"),
            Facts::on("bar:1:0:c03", F28, "platform[f28]"),
            Facts::on("bar:2:0:c04", F28, "platform[f28]"),
            Facts::on("innocent:1:0:c06", F28, "platform[f28]"),
        ]
    };
    let bad = ("platform[f28] foo[1] gtk[1] innocent[1]", "");
    let blocks = [bad, ("platform[f28] innocent[1]", ""), bad];
    let error = expand_in(builds(), &blocks, &fedora()).expect_err("conflict");
    let ExpandError::Unsolvable(found) = &error else { unreachable!("{error}") };
    assert_eq!(found.iter().map(|one| one.block).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        found[0].to_string(),
        "dependency block 1 has no solution: `foo:1:0:c02` -> `baz:1:0:c05` requires `bar:2:0:c04`, but \
         `gtk:1:0:c01` -> `bar:1:0:c03` is taken; change the streams of `foo`, `gtk` in its buildrequires"
    );
}

#[test]
fn missing_requires_tell_who_needs_them() {
    let builds = vec![Facts::base(F28), Facts::on("a:1:0:c", F28, "b[1]"), Facts::on("b:1:0:c", F28, "gone[7]")];
    let error = expand_in(builds, &[("platform[f28] a[1]", "")], &fedora()).expect_err("missing");
    assert_eq!(
        error.to_string(),
        "the document build-requires `a:1:0:c` -> `b:1:0:c`, which requires `gone:7`, and no build of that exists; \
         build it, or name another stream"
    );
}

#[test]
fn what_cannot_be_a_dependency_is_refused() {
    let mut plain = Facts::on("a:1:0:c1", F28, "");
    plain.0.commit = None;
    plain.0.mse = false;
    let busy = Facts::on("a:1:0:c2", F28, "").state(ModuleState::Build);
    let error = expand_in(vec![Facts::base(F28), plain, busy], &[("platform[f28] a[1]", "")], &fedora());
    let ExpandError::Unusable(found) = error.expect_err("unusable") else { unreachable!("another error") };
    assert_eq!(found.len(), 3);
    assert!(found[0].to_string().contains("`a:1:0:c2` of the same version is in state `build`"));
}

#[test]
fn a_choice_made_by_others_is_the_newest_of_one_stream_and_the_smallest_text_of_several() {
    let builds = || {
        vec![
            Facts::base(F28),
            Facts::base(F29),
            Facts::on("top:1:0:c", F28, "low[3]"),
            Facts::on("low:3:9:c", F28, "platform[]"),
            Facts::on("low:3:10:c", F29, "platform[]"),
            Facts::on("wide:1:0:c", F28, "many[9,10]"),
            Facts::on("many:9:0:c", F28, ""),
            Facts::on("many:10:0:c", F28, ""),
        ]
    };
    let blocks = [("platform[f28] top[1]", ""), ("platform[f29]", "")];
    let found = expand_in(builds(), &blocks, &fedora()).expect("results");
    assert_eq!(picked(&found)[0], "low:3:10 platform:f28:0 top:1:0");
    let found = expand_in(builds(), &[("platform[f28] wide[1]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["many:10:0 platform:f28:0 wide:1:0"]);
}

#[test]
fn assumed_builds_count_as_built_on_what_they_require() {
    let mut assumed = Facts::base("lib:1:5:c");
    assumed.0.source = FactsSource::Assumed;
    assumed.0.commit = None;
    let assumed = assumed.or("platform[f28]");
    let found = expand_in(vec![assumed, Facts::base(F28)], &[("platform[] lib[]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["lib:1:5 platform:f28:0"]);
    assert_eq!(found.warnings.iter().map(ExpandWarning::code).collect::<Vec<_>>(), ["MR0202"]);
}

#[test]
fn only_what_is_looked_at_is_fetched() {
    let provider = MemoryProvider::new(two_platforms().into_iter().map(|facts| facts.0));
    let wanted = [document(&[("platform[f28] gtk[]", "foo[]")])];
    let found = futures::executor::block_on(gather(&provider, &wanted, &fedora())).expect("a universe");
    assert!(found.knows("platform") && found.knows("gtk") && !found.knows("foo"));
    assert_eq!(expand(&found, &wanted[0], &fedora()).expect("results").results.len(), 2);
}
