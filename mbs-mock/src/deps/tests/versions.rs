use crate::deps::{Capability, Evr};

fn met(wanted: &str, offered: &str) -> bool {
    let wanted: Capability = wanted.parse().unwrap();
    wanted.is_met_by(&offered.parse().unwrap())
}

/// Each line was compared with what rpmbuild 4.18 says about the same `BuildRequires` and `Provides`.
#[test]
fn ranges_overlap_as_rpm_says() {
    for (wanted, offered, expected) in [
        ("a >= 9", "a", true),
        ("a", "a = 1", true),
        ("a = 1", "a = 1-2", true),
        ("a = 1-3", "a = 1-2", false),
        ("a > 1", "a = 1-2", false),
        ("a >= 1", "a = 1-2", true),
        ("a < 1", "a = 1-2", false),
        ("a <= 1", "a = 1-2", true),
        ("a = 1-5", "a = 1", true),
        ("a > 1-5", "a = 1", true),
        ("a < 1-5", "a = 1", true),
        ("a > 1", "a = 1", false),
        ("a = 1", "a = 2:1-1", false),
        ("a >= 5", "a = 2:1-1", true),
        ("a < 5", "a = 2:1-1", false),
        ("a = 0:1", "a = 2:1-1", false),
        ("a >= 0:1", "a = 1", true),
        ("a > 5", "a >= 2", true),
        ("a = 1", "a >= 2", false),
        ("a <= 2", "a >= 2", true),
        ("a", "b", false),
    ] {
        assert_eq!(met(wanted, offered), expected, "{wanted} / {offered}");
    }
}

#[test]
fn versions_are_ordered_as_rpm_orders_them() {
    let order = ["1.0~rc1", "1.0", "1.0^git1", "1.0.1", "1.10", "1:0.1", "2:0"];
    for pair in order.windows(2) {
        assert!(Evr::parse(pair[0]) < Evr::parse(pair[1]), "{pair:?}");
    }
    assert_eq!(Evr::parse("0:1-1"), Evr::parse("1-1"));
    assert!(Evr::parse("1") < Evr::parse("1-0"));
}

#[test]
fn a_version_is_split_at_the_first_colon_and_the_last_dash() {
    assert_eq!(Evr::parse("7:1.2-3").to_string(), "7:1.2-3");
    assert_eq!(Evr::parse(":1.2").to_string(), "1.2");
    assert_eq!(Evr::new(0, "1", "2").to_string(), "1-2");
}

#[test]
fn a_capability_with_a_mistake_is_refused() {
    for text in ["", "a >=", "a ~ 1", "a = 1 2"] {
        assert!(text.parse::<Capability>().is_err(), "{text}");
    }
}
