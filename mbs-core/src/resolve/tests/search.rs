//! The search: circles, bounds, and who is chosen of several.

use super::{F28, F29, expand_in, fedora, picked};
use crate::resolve::testing::Facts;
use crate::resolve::{ExpandError, ExpandOptions};

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
fn twice_as_many_builds_take_about_twice_the_steps() {
    let steps = |size: usize| {
        let mut builds = vec![Facts::base(F28)];
        for number in 0..size {
            let needs = format!("needed{number}[1]");
            builds.push(Facts::on(&format!("many:{number}:0:c"), F28, &needs));
            builds.push(Facts::on(&format!("needed{number}:1:0:c"), F28, "shared[1]"));
        }
        builds.push(Facts::on("shared:1:0:c", F28, ""));
        let found = expand_in(builds, &[("platform[f28] many[]", "")], &fedora()).expect("results");
        assert_eq!(found.results.len(), size);
        found.steps
    };
    let (small, large) = (steps(200), steps(400));
    assert!(large <= 2 * small + 10, "{small} and {large} steps");
}
