//! Worked examples: which documents come out.

use super::{expand_in, fedora, picked, results, shown, toolkits, two_platforms};
use crate::modulemd::Value;
use crate::resolve::ExpandError;
use crate::resolve::testing::Facts;

#[test]
fn excluded_streams_beside_wanted_ones_say_nothing_unless_they_would_stay() {
    let found = |blocks| expand_in(two_platforms(), blocks, &fedora());
    let mixed = found(&[("platform[f28] gtk[-2,1]", "gtk[-2,1]")]).expect("a result");
    assert_eq!(results(&mixed), ["gtk[1] platform[f28] / gtk[1] / e1e005fb"]);
    let stays = ExpandError::Mixed { module: "gtk".to_owned() };
    assert_eq!(found(&[("platform[f28]", "gtk[-2,1]")]), Err(stays.clone()));
    assert_eq!(found(&[("platform[f28]", ""), ("platform[f29] gtk[-2,1]", "")]), Err(stays));
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
fn equal_blocks_are_replaced_together() {
    let twice = [("platform[]", "platform[]"); 2];
    let found = expand_in(two_platforms(), &twice, &fedora()).expect("results");
    assert!(found.results.iter().all(|one| one.document.dependencies.len() == 1));
    let streams = results(&found);
    assert_eq!(streams[..2], streams[2..], "each block comes to the same builds");
    assert!(streams[0].ends_with(" / 9c690d0e") && streams[1].ends_with(" / 6c81f848"), "{streams:?}");
}

#[test]
fn a_block_that_an_earlier_one_expands_to_makes_no_builds_of_its_own() {
    let both = [("platform[f29] gtk[]", "gtk[]"), ("platform[f29] gtk[1,2]", "gtk[1,2]")];
    let found = expand_in(two_platforms(), &both, &fedora()).expect("results");
    assert!(found.results.iter().all(|one| one.block == 0));
    let kept: Vec<_> = found.results.iter().map(|one| shown(&one.document.dependencies[0].requires)).collect();
    assert_eq!(kept, ["gtk[1,2]", "gtk[1,2]"]);
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
