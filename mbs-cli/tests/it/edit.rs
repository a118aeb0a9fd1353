//! `mbs edit`.

use super::support::{Home, Ran};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Stdio;

const APP: &str = "# A module.\n---\ndocument: modulemd\nversion: 2\ndata:\n  # filled in by the service: name, stream\n  \
                   summary: An app\n  description: >-\n    More words.\n  license:\n    module: [MIT]\n  components:\n    \
                   rpms:\n      app:   # the program\n        rationale: 'it''s it'\n        ref: main     # for now\n\n      \
                   # the library\n      libapp:\n        rationale: Needed.\n        buildorder: -1\n        arches: [ x86_64 ]\n";

fn read(home: &Home, name: &str) -> String {
    std::fs::read_to_string(home.path().join(name)).expect("file")
}

fn edit(home: &Home, args: &[&str]) -> Ran {
    home.mbs(&[&["edit"], args].concat())
}

#[test]
fn a_ref_is_set_and_everything_else_stays() {
    let home = Home::new();
    let file = home.write("app.yaml", APP);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("app.yaml", home.path().join("link.yaml")).expect("link");
    let ran = edit(&home, &["set-ref", "link.yaml", "app", "v1.2"]).with_code(0);
    assert_eq!(ran.stdout, "link.yaml:16: data.components.rpms.app.ref: main -> v1.2\n");
    assert_eq!(read(&home, "app.yaml"), APP.replace("ref: main ", "ref: v1.2 "));
    assert!(home.path().join("link.yaml").is_symlink());
    assert_eq!(file.metadata().expect("file").permissions().mode() & 0o777, 0o640);
    assert_eq!(std::fs::read_dir(home.path()).expect("folder").count(), 2, "nothing is left behind");
    // The state of the program is no business of this command.
    assert!(!home.state().exists());
}

#[test]
fn nothing_is_written_where_nothing_changes() {
    let home = Home::new();
    let file = home.write("app.yaml", APP);
    let before = file.metadata().expect("file").modified().expect("time");
    let ran = edit(&home, &["set-ref", "app.yaml", "app", "main"]).with_code(0);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("nothing to change"), "{ran:?}");
    let ran = edit(&home, &["set", "app.yaml", "data.summary", "New", "--dry-run"]).with_code(0);
    assert_eq!(
        ran.stdout,
        "--- app.yaml\n+++ app.yaml\n@@ -4,7 +4,7 @@\n version: 2\n data:\n   # filled in by the service: name, stream\n\
         -  summary: An app\n+  summary: New\n   description: >-\n     More words.\n   license:\n"
    );
    assert!(edit(&home, &["set", "app.yaml", "data.summary", "New", "--diff"]).stdout.contains("+  summary: New"));
    assert_eq!(read(&home, "app.yaml"), APP);
    assert_eq!(file.metadata().expect("file").modified().expect("time"), before);
}

#[test]
fn components_are_added_and_removed() {
    let home = Home::new();
    home.write("app.yaml", APP);
    let args = ["add-component", "app.yaml", "expat", "--rationale", "Parses.", "--ref", "1.0", "--repository"];
    let more = ["https://ann:secret@h/expat", "--buildafter", "app,libapp", "--arches", "x86_64"];
    let ran = edit(&home, &[&args[..], &more].concat()).with_code(0);
    assert!(!ran.stdout.contains("secret"), "{ran:?}");
    let new = "      expat:\n        rationale: Parses.\n        repository: \"https://ann:secret@h/expat\"\n        \
               ref: \"1.0\"\n        buildafter: [app, libapp]\n        arches: [x86_64]\n";
    let wanted = APP.replace("for now\n", &format!("for now\n{new}"));
    assert_eq!(read(&home, "app.yaml"), wanted.replace("\"https://ann:secret@h/expat\"", "https://ann:secret@h/expat"));
    let ran = edit(&home, &["add-component", "app.yaml", "expat"]).with_code(1);
    assert!(ran.stderr.contains("`data.components.rpms.expat` is there already, in line 17"), "{ran:?}");
    edit(&home, &["add-component", "app.yaml", "x", "--buildorder", "1", "--buildafter", "app"]).with_code(2);
    edit(&home, &["remove-component", "app.yaml", "expat"]).with_code(0);
    assert_eq!(read(&home, "app.yaml"), APP);
    let ran = edit(&home, &["remove-component", "app.yaml", "libap"]).with_code(1);
    assert_eq!(ran.stderr, "error: there is no component `libap`; did you mean `libapp`?\n");
}

#[test]
fn values_are_set_added_and_removed_by_path() {
    let home = Home::new();
    home.write("app.yaml", APP);
    for (args, old, new) in [
        (&["set", "app.yaml", "data.stream", "5.10"][..], "  # filled in", "  stream: \"5.10\"\n  # filled in"),
        (&["set", "app.yaml", "data.components.rpms.libapp.buildorder", "-5"], "buildorder: -1", "buildorder: -5"),
        (&["add", "app.yaml", "data.license.module", "BSD"], "[MIT]", "[MIT, BSD]"),
        (&["unset", "app.yaml", "data.license.module[\"MIT\"]"], "[MIT, BSD]", "[BSD]"),
        (&["unset", "app.yaml", "data.components.rpms.libapp.arches"], "        arches: [ x86_64 ]\n", ""),
        (&["set", "app.yaml", "data.xmd.a", "{b: 1}"], "  components:", "  xmd:\n    a:\n      b: 1\n  components:"),
    ] {
        let before = read(&home, "app.yaml");
        edit(&home, args).with_code(0);
        assert_eq!(read(&home, "app.yaml"), before.replace(old, new), "{args:?}");
    }
    let before = read(&home, "app.yaml");
    for (args, code, word) in [
        (&["set", "app.yaml", "data.components.rpms.app.buildorder", "soon"][..], 2, "expected a whole number"),
        (&["set", "app.yaml", "data..x", "y"], 2, "a key is expected"),
        (&["unset", "app.yaml", "data.sumary"], 1, "did you mean `summary`?"),
        (&["set", "app.yaml", "data.summary.x", "y"], 1, "is a text, not a map"),
        (&["set", "absent.yaml", "data.summary", "y"], 1, "`absent.yaml`"),
        (&["set", ".", "data.summary", "y"], 1, "`.`"),
    ] {
        let ran = edit(&home, args).with_code(code);
        assert!(ran.stderr.contains(word) && ran.stdout.is_empty(), "{ran:?}");
    }
    assert_eq!(read(&home, "app.yaml"), before);
    let json = edit(&home, &["set", "app.yaml", "data.summary", "S", "--format", "json"]).with_code(0).json();
    assert_eq!((&json[0]["line"], &json[0]["path"]), (&8.into(), &"data.summary".into()));
}

#[test]
fn what_a_change_breaks_is_told_and_refused_if_wanted() {
    let home = Home::new();
    let text = APP.replace("buildorder: -1", "buildafter: [app]");
    home.write("app.yaml", &text);
    let remove = ["remove-component", "app.yaml", "app"];
    let ran = edit(&home, &[&remove[..], &["--check"]].concat()).with_code(3);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("MD0312") && ran.stderr.contains("nothing is written"));
    assert_eq!(read(&home, "app.yaml"), text);
    let ran = edit(&home, &remove).with_code(0);
    assert!(ran.stderr.contains("`libapp` still names the removed component in `buildafter`"), "{ran:?}");
    assert!(
        ran.stderr.contains("warning") && ran.stderr.contains("MD0312") && !ran.stderr.contains("error"),
        "{ran:?}"
    );
    assert!(!read(&home, "app.yaml").contains("      app:"));
    let ran = edit(&home, &["set", "app.yaml", "data.version", "7", "--check"]).with_code(0);
    assert!(!ran.stderr.contains("MD0312"), "what was wrong before is no matter of this change: {ran:?}");
}

#[test]
fn one_of_several_documents_is_named_by_its_number() {
    let home = Home::new();
    let two = format!("{APP}...\n{APP}");
    home.write("two.yaml", &two);
    let ran = edit(&home, &["set-ref", "two.yaml", "app", "x"]).with_code(2);
    assert!(ran.stderr.contains("0 (line 2, modulemd), 1 (line 25, modulemd)"), "{ran:?}");
    assert!(ran.stderr.contains("hint: `--document N`"), "{ran:?}");
    edit(&home, &["set-ref", "two.yaml", "app", "x", "--document", "1"]).with_code(0);
    assert_eq!(read(&home, "two.yaml"), format!("{APP}...\n{}", APP.replace("ref: main", "ref: x")));
    home.write("bad.yaml", "a: [\n");
    edit(&home, &["set", "bad.yaml", "a", "b"]).with_code(3);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let home = Home::new();
    let mut command = home.command(&["edit", "set-ref", "-", "app", "x"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("run");
    child.stdin.take().expect("pipe").write_all(APP.replace('\n', "\r\n").as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(0));
    let changed = APP.replace("ref: main", "ref: x").replace('\n', "\r\n");
    assert_eq!(String::from_utf8(output.stdout).expect("text"), changed);
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(told, "standard input:16: data.components.rpms.app.ref: main -> x\n");
}
