//! Base modules: numbers, virtual streams, and what was built on which.

use super::{F28, F29, expand_in, fedora, picked, results, toolkits, two_platforms};
use crate::resolve::ExpandOptions;
use crate::resolve::testing::Facts;

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
