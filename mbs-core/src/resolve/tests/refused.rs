//! Documents that are refused, and what the errors say.

use super::{F28, expand_in, fedora, two_platforms};
use crate::build::ModuleState;
use crate::resolve::ExpandError;
use crate::resolve::testing::Facts;

#[test]
fn refused_examples_say_what_is_missing() {
    for (case, blocks, code, expected) in [
        (
            "J",
            &[("gtk[1]", "")][..],
            "MR0102",
            "no dependency block build-requires a base module (`platform`) in any stream; add one, for example `platform: []`",
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
            "the document build-requires `nope:1`, and no build of that exists; build `nope:1`, or name another stream",
        ),
        (
            "N",
            &[],
            "MR0102",
            "no dependency block build-requires a base module (`platform`) in any stream; add one, for example `platform: []`",
        ),
    ] {
        let error = expand_in(two_platforms(), blocks, &fedora()).expect_err(case);
        assert_eq!((error.code(), error.to_string().as_str()), (code, expected), "{case}");
    }
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
    let blocks = [bad, ("platform[f28] innocent[1]", ""), (bad.0, "platform[f28]")];
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
         build `gone:7`, or name another stream"
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
