//! `mbs validate`.

use super::support::Home;
use std::io::Write as _;
use std::process::Stdio;

const GOOD: &str = "document: modulemd\nversion: 2\ndata:\n  name: good\n  stream: \"1\"\n  summary: x\n  description: x\n  \
                    license: {module: [MIT]}\n";
const BAD: &str = "document: modulemd\nversion: 2\ndata:\n  sumary: x\n  description: x\n  license: {module: [MIT]}\n";

#[test]
fn good_files_are_0_and_every_problem_of_bad_ones_has_its_place() {
    let home = Home::new();
    home.write("good.yaml", GOOD);
    home.write("bad.yaml", BAD);
    let ran = home.mbs(&["validate", "good.yaml"]).with_code(0);
    assert_eq!(ran.stdout, "");
    let ran = home.mbs(&["validate", "good.yaml", "bad.yaml"]).with_code(3);
    assert!(ran.stdout.contains("bad.yaml:4:3") && ran.stdout.contains("`summary` is missing"), "{ran:?}");
    assert!(ran.stdout.contains("unknown key `sumary`"), "{ran:?}");
    assert!(ran.stderr.contains("2 files, 2 errors"), "{ran:?}");
}

#[test]
fn json_has_line_column_and_key_path() {
    let home = Home::new();
    home.write("bad.yaml", BAD);
    let all = home.mbs(&["validate", "bad.yaml", "--format", "json"]).with_code(3).json();
    let unknown = all.as_array().expect("list").iter().find(|one| one["code"] == "MD0201").expect("unknown key");
    assert_eq!((&unknown["file"], &unknown["line"], &unknown["column"]), (&"bad.yaml".into(), &4.into(), &3.into()));
    assert_eq!(unknown["key_path"], "data.sumary");
}

#[test]
fn a_file_that_is_absent_does_not_hide_the_others() {
    let home = Home::new();
    home.write("bad.yaml", BAD);
    home.mbs(&["validate", "absent.yaml"]).with_code(1);
    let ran = home.mbs(&["validate", "absent.yaml", "bad.yaml"]).with_code(3);
    assert!(ran.stderr.contains("`absent.yaml`") && ran.stdout.contains("bad.yaml:4:3"), "{ran:?}");
}

#[test]
fn standard_input_and_bytes_that_are_no_text_are_read() {
    let home = Home::new();
    let mut child = home.command(&["validate", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("run");
    child.stdin.take().expect("pipe").write_all(b"document: modulemd\nversion: 2\ndata: \xff\n").expect("written");
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stdout).expect("text").contains("UTF-8"));
}

#[test]
fn a_malformed_document_is_not_built_and_nothing_is_stored() {
    let home = Home::new();
    home.write("bad.yaml", BAD);
    let ran = home.mbs(&["build", "bad.yaml", "--platform", "platform:f28"]).with_code(3);
    assert!(ran.stderr.contains("bad.yaml:4:3"), "{ran:?}");
    assert!(ran.stderr.contains("error: `bad.yaml` has 2 errors and is not built"), "{ran:?}");
    assert!(!home.state().exists());
}
