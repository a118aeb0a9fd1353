//! Bad input: each problem is told, nothing is stored, nothing outside is touched.

use crate::baseline::greenhouse;
use mbs_tests::mbs::{Done, Mbs, contents};

/// Builds from a text that stands in `case.yaml`.
fn build(mbs: &Mbs, text: &str) -> Done {
    std::fs::write(mbs.path("case.yaml"), text).expect("written");
    mbs.run(["build", "case.yaml"])
}

/// Nothing was stored or made.
#[track_caller]
fn nothing_is_stored(mbs: &Mbs) {
    for folder in ["state", "results", "work"] {
        assert!(!mbs.path(folder).exists(), "`{folder}` was made");
    }
}

#[test]
fn every_problem_of_a_document_is_listed_with_its_place() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let text = "document: modulemd\nversion: 2\ndata:\n  stream: [a]\n  summary: S\n  nonsense: 1\n  \
                license: {module: [MIT]}\n  components:\n    rpms:\n      ../up: {rationale: x}\n      \
                -option: {rationale: x}\n      a/b: {rationale: x}\n      \"c\\x07d\": {rationale: x}\n      \
                ok: {rationale: x, buildorder: many}\n";
    let done = build(&mbs, text).expect(3);
    for (place, key) in [
        ("case.yaml:4:11", "data.stream"),
        ("case.yaml:6:3", "data.nonsense"),
        ("case.yaml:10:7", "../up"),
        ("case.yaml:11:7", "-option"),
        ("case.yaml:12:7", "a/b"),
        ("case.yaml:13:7", "data.components.rpms"),
        ("case.yaml:14:38", "data.components.rpms.ok.buildorder"),
    ] {
        let line = done
            .stderr
            .lines()
            .find(|line| line.contains(place))
            .unwrap_or_else(|| panic!("no {place}: {}", done.stderr));
        assert!(line.contains(key), "{line}");
    }
    assert!(done.stderr.contains("`description` is missing"), "{}", done.text());
    nothing_is_stored(&mbs);
}

#[test]
fn text_that_is_no_yaml_is_refused_with_the_place() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let done = build(&mbs, "a: [b\nc: d").expect(3);
    assert!(done.stderr.contains("case.yaml:2:"), "{}", done.text());
    nothing_is_stored(&mbs);
}

#[test]
fn addresses_that_are_commands_or_options_are_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let text = std::fs::read_to_string(greenhouse().modulemd()).expect("modulemd");
    let good = format!("\"{}/rpms/libgauge\"", greenhouse().repositories.url());
    let mark = mbs.path("mark");
    for bad in [
        format!("ext::sh -c touch% {}", mark.display()),
        "ext::touch".to_owned(),
        format!("--upload-pack=touch {}", mark.display()),
        "-u".to_owned(),
    ] {
        let done = build(&mbs, &text.replace(&good, &format!("\"{bad}\""))).expect(3);
        assert!(done.stderr.contains("git repository"), "{}", done.text());
        let done = mbs.run(["build", "--", &format!("{bad}?#main")]);
        assert!(matches!(done.status.code(), Some(1 | 3)), "{}", done.text());
    }
    let done = build(&mbs, &text.replacen("ref: main", "ref: \"--upload-pack=touch\"", 1)).expect(3);
    assert!(done.stderr.contains("--upload-pack"), "{}", done.text());
    assert!(!mark.exists());
    nothing_is_stored(&mbs);
}

#[test]
fn what_needs_modules_that_nobody_knows_cannot_be_resolved() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let text = std::fs::read_to_string(greenhouse().modulemd()).expect("modulemd");
    let block = "    - buildrequires:\n        platform: []\n      requires:\n        platform: []\n";
    assert!(text.contains(block));
    let needs = block.replacen("platform: []", "platform: []\n        zebra: [\"1\"]", 1);
    let done = build(&mbs, &text.replace(block, &needs)).expect(4);
    assert!(done.stderr.contains("`zebra:1`"), "{}", done.text());
    nothing_is_stored(&mbs);
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let wrong: [&[&str]; 6] = [
        &[],
        &["build"],
        &["build", "--bogus", "x"],
        &["build", "--timeout", "soon", "x"],
        &["build", "--backend", "nothing", "x"],
        &["--format", "dot", "builds"],
    ];
    for args in wrong {
        let done = mbs.run(args).expect(2);
        assert!(done.stderr.contains("error"), "{}", done.text());
    }
    nothing_is_stored(&mbs);
}

#[test]
fn credentials_in_addresses_are_never_shown() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    // Nobody listens on this port.
    let secret = "http://ann:s3cr3t@127.0.0.1:1/x";
    let text = std::fs::read_to_string(greenhouse().modulemd()).expect("modulemd");
    let text = text.replace(&format!("{}/rpms/libgauge", greenhouse().repositories.url()), secret);
    std::fs::write(mbs.path("case.yaml"), &text).expect("written");
    let mut printed = String::new();
    for args in
        [["-vv", "build", &format!("{secret}?#main")], ["-vv", "validate", "case.yaml"], ["-vv", "plan", "case.yaml"]]
    {
        printed += &mbs.run(args).text();
    }
    printed += &mbs.run(["plan", "case.yaml", "--format", "json"]).text();
    printed += &mbs.run(["build", "--cache-url", "ftp://ann:s3cr3t@h/x", "case.yaml"]).expect(2).text();
    // Refs are looked up before anything is stored.
    printed += &mbs.run(["-vv", "build", "case.yaml"]).expect(5).text();
    for command in
        [&["show", "1"][..], &["builds"], &["history", "1"], &["cancel", "1"], &["watch", "1"], &["log", "1"]]
    {
        printed += &mbs.run(command).text();
        printed += &mbs.run([command, &["--format", "json"]].concat()).text();
    }
    assert!(printed.contains("***@127.0.0.1:1"), "{printed}");
    let told: Vec<_> = printed.lines().filter(|line| line.contains("s3cr3t")).collect();
    assert!(told.is_empty(), "{told:?}");
    for (name, bytes) in contents(&mbs.path("state")) {
        let held = bytes.windows(6).any(|window| window == b"s3cr3t");
        assert!(!held || name.starts_with("mbs.sqlite"), "`{name}`");
    }
}
