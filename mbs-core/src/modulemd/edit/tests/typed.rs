//! Changes in the words of the format.

use super::{edited, editor, path, refused, shown, with};
use crate::modulemd::RpmComponent;
use crate::modulemd::edit::{EditError, TextSet};

const COMPONENTS: &str = "components:\n  rpms:\n    # the base\n    alpha:\n      rationale: a\n      ref: main # for now\n\n    \
                          # the rest\n    gamma:\n      rationale: g\n      arches: [x86_64]\n  modules:\n    delta: {ref: d}\n";

#[test]
fn refs_of_packages_and_modules_are_set() {
    let text = with(COMPONENTS);
    let changed = edited(&text, |editor| editor.set_ref("alpha", "00000000").map(drop));
    assert_eq!(changed, text.replace("main #", "\"00000000\" #"));
    assert_eq!(edited(&text, |editor| editor.set_ref("delta", "e").map(drop)), text.replace("ref: d", "ref: e"));
    assert_eq!(
        edited(&text, |editor| editor.set_ref("gamma", "e").map(drop)),
        text.replace("rationale: g\n", "rationale: g\n        ref: e\n")
    );
    let error = refused(&text, |editor| editor.set_ref("alhpa", "x"));
    assert_eq!(error.to_string(), "there is no component `alhpa`; did you mean `alpha`?");
    let both = with("components: {rpms: {a: {}}, modules: {a: {}}}\n");
    assert!(matches!(refused(&both, |editor| editor.set_ref("a", "x")), EditError::TwoComponents { .. }));
}

#[test]
fn components_come_in_order_where_the_others_are() {
    let text = with(COMPONENTS);
    let mut new = RpmComponent { rationale: Some("b".into()), git_ref: Some("1.0".into()), ..RpmComponent::default() };
    new.buildafter.insert("alpha".into());
    new.buildroot = true;
    new.arches.insert("x86_64".into());
    let beta = "    beta:\n      rationale: b\n      ref: \"1.0\"\n      buildroot: true\n      buildafter: [alpha]\n      arches: [x86_64]\n";
    let changed = edited(&text, |editor| editor.add_component("beta", &new));
    assert_eq!(shown(&changed), COMPONENTS.replace("# for now\n", &format!("# for now\n{beta}")));
    let unsorted = COMPONENTS.replace("alpha", "zeta");
    let changed = edited(&with(&unsorted), |editor| editor.add_component("beta", &new));
    assert_eq!(shown(&changed), unsorted.replace("[x86_64]\n  m", &format!("[x86_64]\n{beta}  m")));
    assert!(matches!(refused(&text, |editor| editor.add_component("gamma", &new)), EditError::Exists { line: 12, .. }));
    let changed = edited(&with("summary: s\n"), |editor| editor.add_component("a", &RpmComponent::default()));
    assert_eq!(shown(&changed), "summary: s\ncomponents:\n  rpms:\n    a: {}\n");
}

#[test]
fn removed_components_leave_the_comments_of_others() {
    let text = with(COMPONENTS);
    let changed = edited(&text, |editor| editor.remove_component("alpha").map(drop));
    assert_eq!(shown(&changed), COMPONENTS.replace("    alpha:\n      rationale: a\n      ref: main # for now\n", ""));
    assert!(matches!(refused(&text, |editor| editor.remove_component("x")), EditError::NoComponent { .. }));
}

#[test]
fn names_streams_versions_and_orders_are_set() {
    let text = edited(&with(COMPONENTS), |editor| {
        editor.set_name("app")?;
        editor.set_stream("5.10")?;
        editor.set_version(3)?;
        editor.set_context("c0ffee42")?;
        editor.set_buildorder("alpha", -1)?;
        Ok(())
    });
    let head = "name: app\nstream: \"5.10\"\nversion: 3\ncontext: c0ffee42\n";
    assert_eq!(
        shown(&text),
        format!("{head}{}", COMPONENTS.replace("# for now\n", "# for now\n      buildorder: -1\n"))
    );
}

#[test]
fn sets_gain_and_lose_texts() {
    let text =
        with("api:\n  rpms:\n  - a\n  - c # x\nfilter:\n  rpms: f\ndependencies:\n- requires: {platform: [f29]}\n");
    let mut editor = editor(&text);
    let block = |module: &str| TextSet::BuildRequires(0, module.to_owned());
    assert_eq!(editor.add_text(&TextSet::Api, "b"), Ok(true));
    assert_eq!(editor.add_text(&TextSet::Api, "c"), Ok(false));
    assert_eq!(editor.remove_text(&TextSet::Api, "a"), Ok(true));
    assert_eq!(editor.remove_text(&TextSet::Api, "a"), Ok(false));
    assert_eq!(editor.add_text(&TextSet::Filter, "g"), Ok(true));
    assert_eq!(editor.add_text(&TextSet::Requires(0, "platform".into()), "f30"), Ok(true));
    assert_eq!(editor.add_text(&block("platform"), "f30"), Ok(true));
    assert_eq!(editor.add_text(&TextSet::Profile("default".into()), "p"), Ok(true));
    let result = String::from_utf8(editor.into_bytes()).expect("text");
    assert_eq!(
        shown(&result),
        "api:\n  rpms:\n  - b\n  - c # x\nfilter:\n  rpms:\n  - f\n  - g\ndependencies:\n- buildrequires:\n    platform: [f30]\n  \
         requires: {platform: [f29, f30]}\nprofiles:\n  default:\n    rpms:\n    - p\n"
    );
}

#[test]
fn packager_3_has_its_own_places() {
    let text = "document: modulemd-packager\nversion: 3\ndata:\n  license: [MIT]\n  configurations:\n  - context: A\n    platform: f29\n";
    let changed = edited(text, |editor| {
        editor.add_text(&TextSet::License, "GPL-2.0")?;
        editor.add_text(&TextSet::Requires(0, "perl".into()), "5.30")?;
        editor.set_name("m")?;
        Ok(())
    });
    assert_eq!(
        shown(&changed),
        "name: m\nlicense: [MIT, GPL-2.0]\nconfigurations:\n- context: A\n  platform: f29\n  requires:\n    perl: [\"5.30\"]\n"
    );
}

#[test]
fn texts_of_a_command_line_become_what_the_place_holds() {
    let editor = editor(&with(COMPONENTS));
    let parse = |at: &str, text: &str| editor.parse_value(&path(at), text).map(|value| format!("{value:?}"));
    for (at, text, typed) in [
        ("data.summary", "5.10", false),
        ("data.stream", "true", false),
        ("data.version", "7", true),
        ("data.components.rpms.alpha.buildorder", "-3", true),
        ("data.components.rpms.alpha.buildroot", "true", true),
        ("data.xmd.a", "7", true),
        ("data.xmd.a", "'7'", false),
        ("data.api.rpms[0]", "7", false),
    ] {
        let shown = parse(at, text).expect(at);
        assert_eq!(shown.contains("typed: true"), typed, "{at}: {shown}");
    }
    assert!(parse("data.api.rpms", "[a, b]").is_ok());
    for (at, text) in [
        ("data.version", "x"),
        ("data.components.rpms.alpha.buildorder", "1.5"),
        ("data.components.rpms.alpha.buildroot", "yes"),
        ("data.api.rpms", "{a: b}"),
        ("data.components", "a"),
        ("data.xmd", "[a"),
    ] {
        assert!(matches!(editor.parse_value(&path(at), text), Err(EditError::Value { .. })), "{at}");
    }
}

#[test]
fn one_text_stands_for_a_list_of_one() {
    let text = with("dependencies:\n- requires: {platform: [f28]}\n");
    let place = path("data.dependencies[0].requires.platform");
    let set = |value: &str| {
        edited(&text, |editor| {
            let value = editor.parse_value(&place, value)?;
            editor.set(&place, value).map(drop)
        })
    };
    assert_eq!(set("f29"), text.replace("[f28]", "[f29]"));
    assert_eq!(set("5.10"), text.replace("[f28]", "[\"5.10\"]"));
    assert_eq!(set("[f29, f30]"), text.replace("[f28]", "[f29, f30]"));
}

#[test]
fn a_removed_component_is_told_with_those_that_are_built_after_it() {
    let mut editor =
        editor(&with("components:\n  rpms:\n    a: {}\n    b: {buildafter: [a]}\n    c: {buildafter: a}\n    d: {}\n"));
    assert_eq!(editor.remove_component("d"), Ok(Vec::new()));
    assert_eq!(editor.remove_component("a"), Ok(vec!["b".to_owned(), "c".to_owned()]));
}

#[test]
fn only_new_problems_are_told() {
    let whole = "name: m\nstream: s\nsummary: S\ndescription: D\nlicense: {module: [MIT]}\nodd: 1\ndependencies:\n\
                 - {}\n- requires: {a: [x, -y]}\n";
    let mut editor = editor(&with(whole));
    assert_eq!(editor.new_problems(), []);
    editor.remove(&path("data.dependencies[0]")).expect("removed");
    assert_eq!(editor.new_problems(), [], "what was wrong before has only moved");
    editor.remove(&path("data.summary")).expect("removed");
    editor.set(&path("data.foo"), "x").expect("set");
    let codes: Vec<&str> = editor.new_problems().iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["MD0301", "MD0201"]);
}

#[test]
fn version_1_has_one_stream_for_a_module_and_no_static_context() {
    let text = "document: modulemd\nversion: 1\ndata:\n  dependencies:\n    requires: {platform: f28}\n";
    let place = path("data.dependencies.requires.platform");
    assert!(matches!(refused(text, |editor| editor.add_text_at(&place, "f29")), EditError::NoList { .. }));
    let mut editor = editor(text);
    editor.set(&path("data.static_context"), true).expect("set");
    assert_eq!(editor.new_problems()[0].code.as_str(), "MD0201");
}
