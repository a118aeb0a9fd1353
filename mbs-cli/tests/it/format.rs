//! `mbs fmt`, `mbs convert`, `mbs schema`.

use super::support::Home;

const MESSY: &str = "document: modulemd\nversion: 2\ndata:\n  stream: '1'\n  name: good\n  summary: x\n  description: x\n  \
                     license: {module: [MIT]}\n  odd: kept\n";

const PACKAGER: &str = "document: modulemd-packager\nversion: 3\ndata:\n  name: app\n  stream: \"1\"\n  summary: S\n  \
                        description: D\n  configurations:\n  - {context: b, platform: f29}\n  - {context: a, platform: \
                        f28}\n  profiles: {p: {rpms: [app], default: true}}\n";

fn read(home: &Home, name: &str) -> String {
    std::fs::read_to_string(home.path().join(name)).expect("a text")
}

#[test]
fn a_file_is_written_anew_once_and_keeps_unknown_keys() {
    let home = Home::new();
    home.write("a.yaml", MESSY);
    let ran = home.mbs(&["fmt", "--check", "a.yaml"]).with_code(1);
    assert_eq!((ran.stdout.as_str(), read(&home, "a.yaml").as_str()), ("a.yaml\n", MESSY));
    home.mbs(&["fmt", "a.yaml"]).with_code(0);
    let text = read(&home, "a.yaml");
    assert!(
        text.starts_with("---\ndocument: modulemd\n") && text.contains("  name: good\n  stream: \"1\"\n"),
        "{text}"
    );
    assert!(text.contains("odd: kept"), "{text}");
    home.mbs(&["fmt", "--check", "a.yaml"]).with_code(0);
    home.mbs(&["fmt", "a.yaml"]).with_code(0);
    assert_eq!(read(&home, "a.yaml"), text);
    // Nothing else lies there.
    assert_eq!(std::fs::read_dir(home.path()).expect("home").count(), 1);
}

#[test]
fn the_help_tells_what_happens_to_links_and_folded_texts() {
    let home = Home::new();
    let help = |command| home.mbs(&[command, "--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help("fmt").contains("folded text (`>`) becomes one long line") && help("fmt").contains("hard links"));
    assert!(help("edit").contains("hard links"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a pipe with a name comes from a shell")]
fn only_what_is_replaced_must_be_a_regular_file() {
    let home = Home::new();
    home.write("a.yaml", MESSY);
    home.mbs(&["fmt", "--check", "/dev/null"]).with_code(0);
    home.mbs(&["convert", "--to", "index", "/dev/null"]).with_code(0);
    home.mbs(&["convert", "--to", "index", "a.yaml", "-o", "/dev/null"]).with_code(0);
    // What a shell makes of `<(cat a.yaml)`; it cannot be replaced.
    for (args, code) in [("convert --to index", 0), ("fmt --output b.yaml", 0), ("fmt", 2)] {
        let line = format!("{} {args} <(cat a.yaml)", env!("CARGO_BIN_EXE_mbs"));
        let mut shell = std::process::Command::new("bash");
        let output = shell.current_dir(home.path()).args(["-c", &line]).output().expect("run");
        assert_eq!(output.status.code(), Some(code), "{args}: {output:?}");
    }
}

#[test]
fn comments_and_mistakes_stop_it_with_their_places() {
    let home = Home::new();
    let commented = format!("# why\n{}", MESSY.replace("summary: x", "summary: 'x # y' # z"));
    home.write("c.yaml", &commented);
    home.write("bad.yaml", "document: modulemd\nversion: 2\ndata: {}\n");
    home.write("twice.yaml", &format!("{MESSY}  summary: y\n"));
    home.write("good.yaml", MESSY);
    let ran = home.mbs(&["fmt", "c.yaml", "bad.yaml", "twice.yaml", "good.yaml"]).with_code(3);
    assert!(ran.stderr.contains("comments that would be lost, at c.yaml:1:1, c.yaml:7:20\n"), "{ran:?}");
    assert!(ran.stderr.contains("hint: `--strip-comments`"), "{ran:?}");
    assert!(ran.stderr.contains("bad.yaml` has 3 errors; nothing is written"), "{ran:?}");
    assert!(ran.stderr.contains("keys that stand twice that would be lost, at twice.yaml:10:3"), "{ran:?}");
    assert_eq!(read(&home, "c.yaml"), commented);
    assert!(read(&home, "good.yaml").starts_with("---\n"), "a bad file keeps no other from being written");
    home.mbs(&["fmt", "c.yaml"]).with_code(1);
    home.mbs(&["fmt", "c.yaml", "--strip-comments", "--output", "new.yaml"]).with_code(0);
    assert!(!read(&home, "new.yaml").contains("why") && read(&home, "new.yaml").contains("x # y"));
    assert_eq!(read(&home, "c.yaml"), commented);
    home.mbs(&["fmt", "a", "b", "-o", "c"]).with_code(2);
    home.mbs(&["fmt", "absent.yaml"]).with_code(1);
}

#[test]
fn a_packager_s_document_becomes_an_index_and_comes_back() {
    let home = Home::new();
    home.write("p.yaml", PACKAGER);
    let index = home.mbs(&["convert", "--to", "index", "p.yaml", "-o", "index.yaml"]).with_code(0);
    assert_eq!(index.stdout, "");
    let text = read(&home, "index.yaml");
    let kinds: Vec<&str> = text.lines().filter(|line| line.starts_with("document:")).collect();
    assert_eq!(kinds, ["document: modulemd-defaults", "document: modulemd", "document: modulemd"]);
    assert!(text.find("context: a").expect("a") < text.find("context: b").expect("b"));
    let back = home.mbs(&["convert", "--to", "packager-v3", "index.yaml"]).with_code(0).stdout;
    assert!(back.contains("document: modulemd-packager\nversion: 3\n") && back.contains("default: true"), "{back}");
    home.write("back.yaml", &back);
    home.mbs(&["validate", "-t", "modulemd-packager-v3", "back.yaml"]).with_code(0);
}

#[test]
fn losses_are_named_and_need_a_word() {
    let home = Home::new();
    home.write("p.yaml", PACKAGER);
    let ran = home.mbs(&["convert", "--to", "stream", "p.yaml"]).with_code(1);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("3 facts would be lost"), "{ran:?}");
    assert!(ran.stderr.contains("`data.profiles.p.default`") && ran.stderr.contains("hint: `--lossy`"), "{ran:?}");
    let ran = home.mbs(&["convert", "--to", "modulemd-v2", "--lossy", "p.yaml"]).with_code(0);
    assert!(ran.stdout.starts_with("---\ndocument: modulemd\nversion: 2\n"), "{ran:?}");
    assert!(ran.stderr.contains("lost: `data.configurations[0].context`"), "{ran:?}");
    home.write("s.yaml", MESSY);
    let ran = home.mbs(&["convert", "--to", "modulemd-v1", "s.yaml"]).with_code(1);
    assert!(ran.stderr.contains("cannot become `modulemd` version 1"), "{ran:?}");
    home.mbs(&["convert", "--to", "packager-v3", "s.yaml"]).with_code(1);
    home.mbs(&["convert", "--to", "nonsense", "s.yaml"]).with_code(2);
}

#[test]
fn every_kind_has_a_schema() {
    let home = Home::new();
    for kind in ["modulemd-v1", "modulemd-v2", "modulemd-packager-v2", "modulemd-packager-v3", "modulemd-defaults-v1"] {
        let schema = home.mbs(&["schema", kind]).with_code(0).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{kind}");
    }
    home.mbs(&["schema", "nonsense"]).with_code(2);
}
