//! `mbs index show`, `merge`, `search` and `diff`.

use super::support::Home;

fn stream(name: &str, stream: &str, version: u64, more: &str) -> String {
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: \"{stream}\"\n  version: {version}\n  \
         context: abcdef12\n  arch: x86_64\n  summary: {name} {stream}\n  description: x\n  \
         license: {{module: [MIT]}}\n  profiles: {{client: {{rpms: [a]}}, server: {{rpms: [b]}}}}\n{more}...\n"
    )
}

fn other(kind: &str, data: &str) -> String {
    format!("---\ndocument: modulemd-{kind}\nversion: 1\ndata: {{{data}}}\n...\n")
}

/// Old and new files with a bit of everything.
fn files(home: &Home) {
    let old = [
        stream("app", "1", 10, "  artifacts: {rpms: [app-0:1-1.x86_64, app-doc-0:1-1.noarch]}\n"),
        stream("app", "2", 1, ""),
        other("defaults", "module: app, modified: 1, stream: \"1\", profiles: {\"1\": [client]}"),
        other(
            "obsoletes",
            "module: app, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: m, obsoleted_by: {module: app, stream: \"2\"}",
        ),
        other("defaults", "module: only, stream: main, profiles: {main: [all]}"),
    ];
    let new = [
        stream("app", "1", 11, "  artifacts: {rpms: [app-0:2-1.x86_64, app-doc-0:1-1.noarch]}\n"),
        stream("app", "2", 1, "  references: {tracker: t}\n"),
        other("defaults", "module: app, modified: 1, stream: \"2\", profiles: {\"1\": [client]}"),
        other(
            "obsoletes",
            "module: app, stream: \"2\", modified: \"2020-01-01T00:00Z\", message: m, eol_date: \"9000-01-01T00:00Z\"",
        ),
    ];
    home.write("old.yaml", &old.concat());
    home.write("new.yaml", &new.concat());
}

#[test]
fn what_is_in_a_file_is_a_line_for_each_stream() {
    let home = Home::new();
    files(&home);
    let shown = home.mbs(&["index", "show", "old.yaml"]).with_code(0);
    assert_eq!(
        shown.stdout,
        "MODULE  STREAM    VERSION  CONTEXT   ARCH    PROFILES            STATUS              SUMMARY\n\
         app     1 [d]     10       abcdef12  x86_64  client [d], server  obsoleted by app:2  app 1\n\
         app     2         1        abcdef12  x86_64  client, server                          app 2\n\
         only    main [d]                             all [d]\n"
    );
    assert_eq!(shown.stderr, "2 modules, 2 stream documents\n");
    let both = home.mbs(&["index", "show", "old.yaml", "new.yaml", "--quiet"]).with_code(0);
    assert!(both.stdout.starts_with("old.yaml:\n") && both.stdout.contains("\n\nnew.yaml:\n"), "{both:#?}");
    assert!(both.stdout.contains("eol on 9000-01-01T00:00Z"), "{both:#?}");
    let json = home.mbs(&["index", "show", "old.yaml", "--format", "json"]).with_code(0).json();
    assert_eq!(json.as_array().map(Vec::len), Some(5));
    assert_eq!(json[0]["data"]["stream"], "1");
}

#[test]
fn what_is_found_is_in_the_order_of_the_file_whatever_was_looked_for() {
    let home = Home::new();
    let rpms = "  artifacts: {rpms: [node-0:1-1.x86_64]}\n";
    home.write(
        "node.yaml",
        &(stream("node", "8", 1, rpms) + &stream("node", "10", 2, rpms) + &stream("node", "10", 10, rpms)),
    );
    for by in [&["node:*"][..], &["--rpm", "node-*"], &["--name", "node"], &["--name", "node", "--rpm", "*"]] {
        let found =
            home.mbs(&[&["index", "search"], by, &["node.yaml", "--format", "json"]].concat()).with_code(0).json();
        let streams: Vec<_> =
            found.as_array().expect("a list").iter().map(|hit| (&hit["stream"], &hit["version"])).collect();
        assert_eq!(serde_json::json!(streams), serde_json::json!([["8", "1"], ["10", "2"], ["10", "10"]]), "{by:?}");
    }
}

#[test]
fn values_are_the_same_for_programs_whichever_command_shows_them() {
    let home = Home::new();
    home.write("none.yaml", "");
    let free = "  xmd: {big: 18446744073709551616, float: 5.10, hex: 0x1F, sign: +5, inf: .inf, yes: TRUE, n: 7}\n";
    home.write("some.yaml", &(stream("app", "1", 1, free) + "---\ndocument: future\nversion: 1\nk: 1234567e12\n...\n"));
    let shown = home.mbs(&["index", "show", "some.yaml", "--format", "json"]).with_code(0).json();
    let wanted = serde_json::json!({"big": "18446744073709551616", "float": "5.10", "hex": "0x1F", "sign": "+5",
        "inf": ".inf", "yes": true, "n": 7});
    assert_eq!(shown[0]["data"]["xmd"], wanted);
    assert_eq!(shown[1]["k"], "1234567e12");
    let merged = home.mbs(&["index", "merge", "some.yaml", "none.yaml", "--format", "json"]).with_code(0).json();
    assert_eq!(merged["documents"], shown);
    home.write("bare.yaml", &stream("app", "1", 1, ""));
    let differs = home.mbs(&["index", "diff", "bare.yaml", "some.yaml", "--format", "json"]).with_code(0).json();
    assert_eq!(differs["modules"][0]["streams"][0]["fields"][0]["new"], wanted);
}

#[test]
fn a_bad_document_is_told_and_the_others_are_shown() {
    let home = Home::new();
    let text = stream("app", "1", 1, "") + &stream("app", "1", 1, "  xmd: {a: b}\n") + "---\ndocument: modulemd\n...\n";
    home.write("bad.yaml", &text);
    let shown = home.mbs(&["index", "show", "bad.yaml"]).with_code(3);
    assert_eq!(shown.stdout.lines().count(), 2, "{shown:#?}");
    assert!(
        shown.stderr.contains("bad.yaml:15: module `app`: the stream `app:1:1:abcdef12:x86_64` differs in `data.xmd`"),
        "{shown:#?}"
    );
    assert!(shown.stderr.contains("error[MD0104]"), "{shown:#?}");
    let merged = home.mbs(&["index", "merge", "bad.yaml", "-o", "out.yaml"]).with_code(3);
    assert!(merged.stderr.ends_with("error: the documents have errors; nothing was merged\n"), "{merged:#?}");
    assert!(!home.path().join("out.yaml").exists());
}

#[test]
fn files_are_merged_and_what_was_left_out_is_told() {
    let home = Home::new();
    files(&home);
    let merged = home.mbs(&["index", "merge", "old.yaml", "new.yaml"]).with_code(0);
    let warnings: Vec<&str> = merged.stderr.lines().collect();
    assert_eq!(
        warnings,
        [
            "warning: module `app`: the stream `app:2:1:abcdef12:x86_64` differs in `data.references.tracker`: \
             old.yaml:16 is kept, new.yaml:16 is left out: it came first",
            "warning: module `app`: the default stream differs: neither `1` in old.yaml:30 nor `2` in new.yaml:31 counts: \
             both are equally new",
        ]
    );
    assert!(!merged.stdout.contains("tracker"), "{merged:#?}");
    // The result is the same text when it goes through once more, wherever it is written.
    home.write("merged.yaml", &merged.stdout);
    home.mbs(&["index", "merge", "merged.yaml", "-o", "out.yaml"]).with_code(0);
    let written = std::fs::read_to_string(home.path().join("out.yaml")).expect("written");
    assert_eq!(written, merged.stdout);
    home.mbs(&["index", "merge", "new.yaml", "-o", "out.yaml"]).with_code(0);
    assert!(std::fs::read_to_string(home.path().join("out.yaml")).expect("written").contains("tracker"));
    let names: Vec<_> = std::fs::read_dir(home.path()).expect("a folder").collect();
    assert_eq!(names.len(), 4, "nothing is left beside: {names:?}");
    assert_eq!(home.mbs(&["index", "merge", "-o", "none/out.yaml", "new.yaml"]).code, Some(1));
}

#[test]
fn a_higher_priority_replaces_defaults() {
    let home = Home::new();
    files(&home);
    let json = |args: &[&str]| {
        let base = ["index", "merge", "old.yaml", "new.yaml", "--format", "json"];
        home.mbs(&[base.as_slice(), args].concat()).with_code(0).json()
    };
    let merged = json(&["--priority", "old.yaml=7"]);
    assert_eq!(merged["documents"][0]["data"]["stream"], "1");
    let conflict = &merged["conflicts"][1];
    assert_eq!((&conflict["reason"], &conflict["kept"]), (&"priority".into(), &"second".into()), "{merged:#}");
    assert_eq!((&conflict["first"]["file"], &conflict["first"]["index"]), (&"new.yaml".into(), &1.into()));
    assert_eq!(json(&["--priority", "new.yaml=1"])["documents"][0]["data"]["stream"], "2");
    for wrong in ["old.yaml", "old.yaml=x", "old.yaml=1001", "other.yaml=1"] {
        home.mbs(&["index", "merge", "old.yaml", "--priority", wrong]).with_code(2);
    }
}

#[test]
fn strict_merges_refuse_what_lenient_ones_leave_out() {
    let home = Home::new();
    files(&home);
    let strict = home.mbs(&["index", "merge", "old.yaml", "new.yaml", "--strict-defaults"]).with_code(3);
    assert!(strict.stderr.contains("error: module `app`: the default stream differs"), "{strict:#?}");
    assert_eq!(strict.stdout, "");
    // How files are read is another matter.
    home.mbs(&["index", "merge", "old.yaml", "new.yaml", "--strict"]).with_code(0);
    let strict = home.mbs(&["index", "merge", "old.yaml", "new.yaml", "--strict-streams"]).with_code(3);
    assert!(strict.stderr.contains("error: module `app`: the stream `app:2:1:abcdef12:x86_64` differs"), "{strict:#?}");
    home.write("unknown.yaml", &stream("app", "1", 1, "  future: x\n"));
    home.mbs(&["index", "merge", "unknown.yaml", "--strict"]).with_code(3);
    let kept = home.mbs(&["index", "merge", "unknown.yaml", "--lenient"]).with_code(0);
    assert!(kept.stdout.contains("  future: x\n"), "{kept:#?}");
}

#[test]
fn a_merge_that_keeps_going_writes_what_is_good_and_tells_the_rest() {
    let home = Home::new();
    files(&home);
    home.write("bad.yaml", &(stream("good", "1", 1, "") + "---\ndocument: modulemd\n...\n"));
    let refused = home.mbs(&["index", "merge", "old.yaml", "bad.yaml", "-o", "out.yaml"]).with_code(3);
    assert!(refused.stderr.contains("nothing was merged") && !home.path().join("out.yaml").exists(), "{refused:#?}");
    for option in ["--keep-going", "-k"] {
        let merged = home.mbs(&["index", "merge", "old.yaml", "bad.yaml", option, "-o", "out.yaml"]).with_code(3);
        assert!(merged.stderr.contains("error[MD0104]"), "{merged:#?}");
        assert!(
            merged.stderr.ends_with("error: the documents have errors; only the others were merged\n"),
            "{merged:#?}"
        );
        let written = std::fs::read_to_string(home.path().join("out.yaml")).expect("written");
        assert!(written.contains("name: good") && written.contains("name: app"), "{written}");
        std::fs::remove_file(home.path().join("out.yaml")).expect("removed");
    }
    home.mbs(&["index", "merge", "old.yaml", "--keep-going"]).with_code(0);
}

#[test]
fn streams_are_found_by_patterns() {
    let home = Home::new();
    files(&home);
    let found = |args: &[&str]| home.mbs(&[["index", "search"].as_slice(), args].concat()).with_code(0).stdout;
    assert_eq!(found(&["app:1:*", "old.yaml"]), "app:1:10:abcdef12:x86_64\n");
    assert_eq!(
        found(&["app:1:*", "old.yaml", "new.yaml"]),
        "old.yaml: app:1:10:abcdef12:x86_64\nnew.yaml: app:1:11:abcdef12:x86_64\n"
    );
    assert_eq!(found(&["--stream", "[12]", "--version", "1", "old.yaml"]), "app:2:1:abcdef12:x86_64\n");
    assert_eq!(found(&["--rpm", "app-0*", "old.yaml"]), "app:1:10:abcdef12:x86_64 app-0:1-1.x86_64\n");
    let none = home.mbs(&["index", "search", "other:*", "old.yaml"]).with_code(0);
    assert_eq!((none.stdout.as_str(), none.stderr.as_str()), ("", "nothing found\n"));
    let json = home.mbs(&["index", "search", "app:1*", "old.yaml", "--format", "json"]).with_code(0).json();
    assert_eq!((&json[0]["version"], &json[0]["file"]), (&"10".into(), &"old.yaml".into()));
    home.mbs(&["index", "search", "app:*"]).with_code(2);
    home.mbs(&["index", "search", "*", "absent.yaml"]).with_code(1);
}

#[test]
fn a_difference_is_told_by_document_and_key() {
    let home = Home::new();
    files(&home);
    let differ = home.mbs(&["index", "diff", "old.yaml", "new.yaml"]).with_code(0);
    assert_eq!(
        differ.stdout,
        "~ module app\n  \
           ~ defaults\n      data.stream: \"1\" -> \"2\"\n  \
           - obsoletes of 1, 2020-01-01T00:00Z\n  \
           + obsoletes of 2, 2020-01-01T00:00Z\n  \
           ~ app:1:11:abcdef12:x86_64 (was version 10)\n      data.artifacts.rpms:\n        - app-0:1-1.x86_64\n        \
             + app-0:2-1.x86_64\n  \
           ~ app:2:1:abcdef12:x86_64\n      data.references.tracker: + \"t\"\n\
         - module only\n  - defaults\n"
    );
    home.mbs(&["index", "diff", "old.yaml", "new.yaml", "--exit-code"]).with_code(1);
    let same = home.mbs(&["index", "diff", "old.yaml", "old.yaml", "--exit-code"]).with_code(0);
    assert_eq!(same.stdout, "");
    let json = home.mbs(&["index", "diff", "old.yaml", "new.yaml", "--format", "json"]).with_code(0).json();
    let stream = &json["modules"][0]["streams"][0];
    assert_eq!((&stream["change"], &stream["from"]), (&"updated".into(), &10.into()), "{json:#}");
    assert_eq!(stream["fields"][0]["added"][0], "app-0:2-1.x86_64");
}
