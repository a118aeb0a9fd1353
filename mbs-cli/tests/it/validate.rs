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

#[test]
fn an_endless_file_is_read_no_further_than_the_limit() {
    let ran = Home::new().mbs(&["validate", "/dev/zero"]).with_code(3);
    assert!(ran.stdout.contains("error[MD0001]"), "{ran:?}");
}

#[test]
fn a_compressed_file_is_built_from_or_refused_for_what_it_is() {
    let home = Home::new();
    std::fs::write(home.path().join("cut.yaml.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab").expect("written");
    let ran = home.mbs(&["build", "cut.yaml.gz", "--platform", "platform:f28"]);
    assert!(ran.stderr.contains("`cut.yaml.gz` cannot be read: the gzip data breaks off"), "{ran:?}");
}

/// A file with ten different mistakes.
const TEN: &str = include_str!("../fixtures/ten-mistakes.yaml");

#[test]
fn ten_mistakes_are_ten_diagnostics_at_their_places() {
    let home = Home::new();
    home.write("greenhouse.yaml", TEN);
    let ran = home.mbs(&["validate", "greenhouse.yaml"]).with_code(3);
    let places: Vec<String> = home
        .mbs(&["validate", "greenhouse.yaml", "--format", "json"])
        .with_code(3)
        .json()
        .as_array()
        .expect("list")
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().expect("text").to_owned();
            format!("{} {} {}:{} {}", text("severity"), text("code"), one["line"], one["column"], text("key_path"))
        })
        .collect();
    assert_eq!(
        places,
        [
            "warning MD0403 6:12 data.summary",
            "error MD0305 13:19 data.dependencies[0].buildrequires.platform",
            "error MD0201 17:5 data.references.comunity",
            "warning MD0406 20:24 data.profiles.default.rpms[1]",
            "warning MD0419 28:18 data.components.rpms.libgauge.arches[0]",
            "error MD0207 31:21 data.components.rpms.gaugectl.buildorder",
            "error MD0205 32:20 data.components.rpms.gaugectl.buildonly",
            "error MD0312 35:22 data.components.rpms.greenhouse-data.buildafter[0]",
            "error MD0323 36:16 data.components.rpms.greenhouse-data.cache",
            "error MD0306 39:9 data.artifacts.rpms[0]",
        ]
    );
    // The README shows the same text.
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(ran.stdout.trim_end()), "the README shows another text than:\n{}", ran.stdout);
}

#[test]
fn the_format_alone_and_lenient_reading_take_more() {
    let home = Home::new();
    home.write("odd.yaml", &format!("{GOOD}  odd: 1\n"));
    home.write("circle.yaml", &format!("{GOOD}  components: {{rpms: {{a: {{rationale: R, buildafter: [a]}}}}}}\n"));
    for (args, odd, circle) in [(&[][..], 3, 3), (&["--strict"], 3, 0), (&["--lenient"], 0, 0)] {
        home.mbs(&[&["validate", "odd.yaml"], args].concat()).with_code(odd);
        home.mbs(&[&["validate", "circle.yaml"], args].concat()).with_code(circle);
    }
    home.mbs(&["validate", "--strict", "--lenient", "odd.yaml"]).with_code(2);
}

#[test]
fn two_streams_of_one_identity_are_an_error_unless_lenient() {
    let home = Home::new();
    home.write("two.yaml", &format!("{GOOD}---\n{}", GOOD.replace("summary: x", "summary: y")));
    for (args, severity, code) in [(&[][..], "error", 3), (&["--strict"], "error", 3), (&["--lenient"], "warning", 0)] {
        let ran = home.mbs(&[&["validate", "two.yaml"], args].concat()).with_code(code);
        let head = format!("{severity}[MD0501]: the stream `good:1` differs in `data.summary`");
        assert!(ran.stdout.contains(&head) && ran.stdout.contains("begins in line 1"), "{ran:?}");
        assert!(ran.stdout.contains("two.yaml:9:1"), "{ran:?}");
    }
    home.write("same.yaml", &format!("{GOOD}---\n{GOOD}"));
    home.mbs(&["validate", "same.yaml"]).with_code(0);
}

#[test]
fn warnings_are_allowed_and_denied_by_code() {
    let home = Home::new();
    home.write("good.yaml", &GOOD.replace("summary: x", "summary: x."));
    let ran = home.mbs(&["validate", "good.yaml"]).with_code(0);
    assert!(ran.stdout.contains("warning[MD0403]") && ran.stderr.contains("0 errors, 1 warning\n"), "{ran:?}");
    for denied in [&["-W"][..], &["--deny-warnings"], &["--deny", "MD0403"], &["--deny", "md04"]] {
        let ran = home.mbs(&[&["validate", "good.yaml"], denied].concat()).with_code(3);
        assert!(ran.stdout.contains("error[MD0403]"), "{ran:?}");
    }
    let ran = home.mbs(&["validate", "good.yaml", "--allow", "MD0403", "-W"]).with_code(0);
    assert_eq!(ran.stdout, "");
    home.write("bad.yaml", BAD);
    home.mbs(&["validate", "bad.yaml", "--allow", "MD0201", "--allow", "MD0301"]).with_code(3);
    home.mbs(&["validate", "good.yaml", "--allow", "MD9"]).with_code(2);
}

#[test]
fn the_number_of_problems_that_are_listed_can_be_chosen() {
    let home = Home::new();
    let odd: String = (0..1_100).map(|number| format!("  odd{number}: x\n")).collect::<Vec<_>>().concat();
    home.write("odd.yaml", &format!("{GOOD}{odd}"));
    let listed = |args: &[&str]| {
        let ran = home.mbs(&[&["validate", "odd.yaml"], args].concat()).with_code(3);
        (ran.stdout.matches("error[MD0201]").count(), ran.stdout.contains("hint: the limit is `problems`"))
    };
    assert_eq!(listed(&[]), (1_000, true));
    assert_eq!(listed(&["--max-problems", "7"]), (7, true));
    assert_eq!(listed(&["--max-problems", "2000"]), (1_100, false));
    home.mbs(&["validate", "odd.yaml", "--max-problems", "0"]).with_code(2);
}

#[test]
fn a_type_asks_for_exactly_one_document_of_its_kind() {
    let home = Home::new();
    home.write("good.yaml", GOOD);
    home.write("old.yaml", &GOOD.replace("version: 2", "version: 1"));
    home.write("two.yaml", &format!("{GOOD}---\n{GOOD}"));
    home.mbs(&["validate", "--type", "modulemd-v2", "good.yaml"]).with_code(0);
    home.mbs(&["validate", "-t", "modulemd-v2", "old.yaml"]).with_code(0);
    let ran = home.mbs(&["validate", "--type", "modulemd-v1", "good.yaml"]).with_code(3);
    assert!(ran.stdout.contains("MD0332") && ran.stdout.contains("a `modulemd 2` document"), "{ran:?}");
    let ran = home.mbs(&["validate", "--type=modulemd-v2", "two.yaml"]).with_code(3);
    assert!(ran.stdout.contains("two.yaml:9:") && ran.stdout.contains("2 documents"), "{ran:?}");
    home.mbs(&["validate", "--type", "modulemd-v9", "good.yaml"]).with_code(2);
    for kind in ["defaults-v1", "obsoletes-v1", "packager-v2", "packager-v3", "translations-v1"] {
        home.mbs(&["validate", "--type", &format!("modulemd-{kind}"), "good.yaml"]).with_code(3);
    }
    // The options of the format's own checker.
    home.mbs(&["validate", "--debug", "--quiet", "good.yaml"]).with_code(0);
    assert!(home.mbs(&["validate", "-V"]).with_code(0).stdout.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn codes_are_explained_without_a_file() {
    let home = Home::new();
    let ran = home.mbs(&["validate", "--explain", "md0201"]).with_code(0);
    assert!(ran.stdout.starts_with("MD0201: The key is not known at this place."), "{ran:?}");
    let json = home.mbs(&["validate", "--explain", "MD0201", "--format", "json"]).with_code(0).json();
    assert_eq!(json["code"], "MD0201");
    let ran = home.mbs(&["validate", "--explain", "MD9999"]).with_code(2);
    assert!(ran.stderr.contains("there is no code `MD9999`"), "{ran:?}");
}

#[test]
fn sarif_is_for_diagnostics_only() {
    let home = Home::new();
    home.write("bad.yaml", BAD);
    let log = home.mbs(&["validate", "bad.yaml", "absent.yaml", "--format", "sarif"]).with_code(3).json();
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 2);
    let region = &results[1]["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&4.into(), &3.into()));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    home.mbs(&["builds", "--format", "sarif"]).with_code(2);
}
