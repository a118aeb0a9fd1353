//! Lock files: `mbs plan --lock`, and `--locked` of `plan` and `build`.

use super::modules::{commit, module};
use super::support::{Home, Ran};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;

/// SHA-512 of `x` and a line end.
const CHECKSUM: &str = "45843648ecf9da8e513286f136e3f271e7d6dee4d29b947a50dde8c61f3e1976\
                        94c13bcdc279ce459839757cd8de19c11b23b33565384a97afcf360483578cd4";

/// 2021-02-11 13:00:27.
const OLD_TIME: &str = "1613048427";

/// A module `fine` for `platform:f28` whose component `quick` has a look-aside file, and its lock in `lock.yaml`.
fn locked(home: &Home) -> String {
    let document = module(home, "fine", "true");
    let text = std::fs::read_to_string(&document).expect("document");
    home.write("fine.yaml", &text.replace("  version: 7\n", ""));
    let sources = home.write("rpms/quick/sources", &format!("SHA512 (quick-1.tar.gz) = {CHECKSUM}\n"));
    // A small file may be in git as well, so no cache is needed.
    home.write("rpms/quick/quick-1.tar.gz", "x\n");
    commit(sources.parent().expect("folder"));
    lock_in(home, "lock.yaml").with_code(0);
    std::fs::read_to_string(home.path().join("lock.yaml")).expect("lock")
}

fn plan(home: &Home, more: &[&str]) -> Ran {
    home.mbs(&[&["plan", "fine.yaml", "--format", "json"], more].concat())
}

fn lock_in(home: &Home, target: &str) -> Ran {
    plan(home, &["--platform", "platform:f28", "--lock", target])
}

fn repeat(home: &Home) -> Ran {
    plan(home, &["--locked", "lock.yaml"])
}

/// A plan without what it says of reuse, which is off where a lock is repeated.
fn choices(mut plan: Value) -> Value {
    for build in plan["contexts"].as_array_mut().expect("contexts") {
        let build = build.as_object_mut().expect("a build");
        build.remove("reuse");
        build.remove("rebuild_strategy");
    }
    plan
}

fn value<'t>(lock: &'t str, key: &str) -> &'t str {
    let mut lines = lock.lines().map(str::trim_start);
    lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).expect(key)
}

#[test]
fn a_lock_holds_every_choice_and_is_repeated_after_branches_have_moved() {
    let home = Home::new();
    locked(&home);
    let before = lock_in(&home, "lock.yaml").with_code(0).json();
    let lock = std::fs::read_to_string(home.path().join("lock.yaml")).expect("lock");
    for part in [
        "document: mbs-lock\n",
        "- nsvc: platform:f28:1:00000000\n",
        "    ref: main\n",
        &format!("    - path: quick-1.tar.gz\n      checksum: sha512:{CHECKSUM}\n"),
    ] {
        assert!(lock.contains(part), "{part}:\n{lock}");
    }
    assert!(value(&lock, "platform").len() > 16, "{lock}");

    let spec = home.path().join("rpms/fine/fine.spec");
    let text = std::fs::read_to_string(&spec).expect("spec");
    std::fs::write(&spec, text.replace("\ntrue\n", "\nfalse\n")).expect("written");
    commit(spec.parent().expect("folder"));
    let after = repeat(&home).with_code(0).json();
    assert_eq!(choices(before), choices(after.clone()));
    assert!(after.to_string().contains(value(&lock, "commit").trim_matches('"')), "{after}");
    // Without it, the new commit is taken.
    lock_in(&home, "other.yaml").with_code(0);
    let other = std::fs::read_to_string(home.path().join("other.yaml")).expect("lock");
    assert_ne!(value(&other, "commit"), value(&lock, "commit"));

    let built = home.mbs(&["build", "fine.yaml", "--locked", "lock.yaml"]).with_code(0);
    assert!(built.stdout.contains("module-fine-1-28"), "{built:?}");
    let version = lock.lines().find_map(|line| line.strip_prefix("- nsvc: fine:1:")?.split(':').next());
    assert!(built.stdout.contains(version.expect("version")), "{built:?}");
}

#[test]
fn a_document_without_history_keeps_its_version() {
    let home = Home::new();
    let lock = locked(&home);
    let version = lock.lines().find_map(|line| line.strip_prefix("- nsvc: fine:1:")?.split(':').next());
    let old = lock.replace(value(&lock, "time"), OLD_TIME).replace(version.expect("version"), "2820210211130027");
    home.write("lock.yaml", &old);
    let json = repeat(&home).with_code(0).json();
    assert_eq!(json["contexts"][0]["version"], "2820210211130027", "{json}");
}

#[test]
fn every_difference_is_told_at_once() {
    let home = Home::new();
    let lock = locked(&home);
    let text = std::fs::read_to_string(home.path().join("fine.yaml")).expect("document");
    home.write("fine.yaml", &text.replace("summary: x", "summary: y"));
    home.write(
        "lock.yaml",
        &lock
            .replace(value(&lock, "platform"), "sha256:00")
            .replace("quick-1.tar.gz", "quick-2.tar.gz")
            .replace("rpms/quick\n", "rpms/slow\n"),
    );
    let ran = repeat(&home).with_code(1);
    assert_eq!(ran.stdout, "");
    for part in [
        "error: the module cannot be built as locked in `lock.yaml`: 3 choices are not as locked:\n",
        "\n  `components.quick.repository` is `file://",
        "\n  `modulemd`: the document was changed",
        "\n  `platform`: this machine offers other packages: locked is `sha256:00`, here it is `",
        "\nhint: ",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    // Nothing is stored.
    home.mbs(&["build", "fine.yaml", "--locked", "lock.yaml"]).with_code(1);
    assert_eq!(
        home.mbs(&["builds", "--format", "json"]).with_code(0).json()["builds"].as_array().map(Vec::len),
        Some(0)
    );

    // A document that comes to nothing is told together with the reason.
    home.write("fine.yaml", &text.replace("buildrequires: {platform: []}", "buildrequires: {platform: [el8]}"));
    let ran = repeat(&home).with_code(1);
    assert!(ran.stderr.contains("the document was changed") && ran.stderr.contains("platform:el8"), "{ran:?}");
}

#[test]
fn look_aside_files_of_the_locked_commit_are_compared() {
    let home = Home::new();
    let lock = locked(&home);
    home.write("lock.yaml", &lock.replace(CHECKSUM, &"cd".repeat(64)));
    let ran = repeat(&home).with_code(1);
    let line = format!("`components.quick.files.quick-1.tar.gz` is `sha512:{CHECKSUM}`");
    assert!(ran.stderr.contains(&line), "{ran:?}");
}

#[test]
fn a_module_that_is_gone_is_named_and_contexts_can_be_chosen() {
    let home = Home::new();
    let document = module(&home, "fine", "true");
    let text = std::fs::read_to_string(&document).expect("document");
    home.write("fine.yaml", &text.replace("{buildrequires: {platform: []}", "{buildrequires: {platform: [f28, f29]}"));
    let platform = |stream: &str| {
        format!(
            "---\ndocument: modulemd\nversion: 2\ndata:\n  name: platform\n  stream: {stream}\n  version: 3\n  \
             context: \"00000000\"\n  summary: x\n  description: x\n  license: {{module: [MIT]}}\n"
        )
    };
    let (f28, f29) = (platform("f28"), platform("f29"));
    home.write("modules.yaml", &format!("{f28}{f29}"));
    let lock = ["--modules", "modules.yaml", "--lock", "lock.yaml"];
    let both = plan(&home, &lock).with_code(0).json();
    let contexts: Vec<String> = both["contexts"]
        .as_array()
        .expect("contexts")
        .iter()
        .filter_map(|one| one["context"].as_str())
        .map(str::to_owned)
        .collect();
    assert_eq!(contexts.len(), 2, "{both}");
    let locked = ["--modules", "modules.yaml", "--locked", "lock.yaml"];
    let one = plan(&home, &[&locked[..], &["--context", &contexts[1]]].concat()).with_code(0).json();
    assert_eq!(one["contexts"][0]["nsvc"], both["contexts"][1]["nsvc"]);
    assert_eq!(one["contexts"].as_array().map(Vec::len), Some(1));
    plan(&home, &[&locked[..], &["--context", "absent"]].concat()).with_code(2);

    // A newer build of the platform makes no difference while the locked one is there.
    home.write("modules.yaml", &format!("{f28}{f29}{}", f28.replace("version: 3", "version: 4")));
    assert_eq!(choices(plan(&home, &locked).with_code(0).json()), choices(both));
    home.write("modules.yaml", &format!("{f29}{}", f28.replace("version: 3", "version: 4")));
    let ran = plan(&home, &locked).with_code(1);
    let gone =
        format!("`builds.fine:1:{}.modules.platform` is absent, locked is `platform:f28:3:00000000`", contexts[0]);
    assert!(ran.stderr.contains(&gone), "{gone}: {ran:?}");
}

#[test]
fn what_a_module_of_this_machine_offers_is_locked() {
    let home = Home::new();
    let document = module(&home, "tools", "true");
    home.mbs(&["build", "tools.yaml", "--platform", "platform:f28"]).with_code(0);
    let text = std::fs::read_to_string(&document).expect("document");
    let text = text
        .replace("{buildrequires: {platform: []}", "{buildrequires: {platform: [f28], tools: [\"1\"]}")
        .replace("name: tools", "name: fine");
    home.write("fine.yaml", &text);
    lock_in(&home, "lock.yaml").with_code(0);
    let lock = std::fs::read_to_string(home.path().join("lock.yaml")).expect("lock");
    let tools = lock.lines().find_map(|line| line.trim_start().strip_prefix("- nsvc: tools:")).expect("tools");
    home.write("lock.yaml", &lock.replace(value(&lock, "digest"), "sha256:00"));
    let ran = repeat(&home).with_code(1);
    assert!(ran.stderr.contains(".modules.tools.digest` is `") && ran.stderr.contains("1 choice is"), "{ran:?}");

    home.write("lock.yaml", &lock);
    home.mbs(&["build", "fine.yaml", "--locked", "lock.yaml"]).with_code(0);
    home.mbs(&["rm", "1", "--results"]).with_code(0);
    let ran = repeat(&home).with_code(1);
    let gone = format!(".modules.tools` is absent, locked is `tools:{tools}`");
    assert!(ran.stderr.contains(&gone), "{gone}: {ran:?}");
}

#[test]
fn a_damaged_lock_file_is_malformed_input() {
    let home = Home::new();
    let lock = locked(&home);
    for (from, to, place) in [
        ("block: 0", "block: [", "`lock.yaml`: the lock file cannot be read: "),
        ("ref: main", "branch: main", "unknown key `branch`"),
        ("version: 1\n", "version: 2\n", "version 2"),
        (&format!("time: {}\n", value(&lock, "time")), "", "`time`: the time of the document is missing"),
        ("commit: \"", "commit: \"x", "`components.quick.commit`"),
    ] {
        home.write("lock.yaml", &lock.replacen(from, to, 1));
        let ran = repeat(&home).with_code(3);
        assert!(ran.stderr.contains(place) && ran.stdout.is_empty(), "{place}: {ran:?}");
    }
    plan(&home, &["--locked", "absent.yaml"]).with_code(1);
}

#[test]
fn what_cannot_be_looked_up_is_not_locked_and_no_half_file_is_left() {
    let home = Home::new();
    let lock = locked(&home);
    let ran = lock_in(&home, "absent/lock.yaml").with_code(1);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("could not write `absent/lock.yaml`"), "{ran:?}");
    std::fs::create_dir(home.path().join("folder")).expect("folder");
    let ran = lock_in(&home, "folder");
    assert!(ran.code == Some(1) && ran.stdout.is_empty() && ran.stderr.contains("`folder`"), "{ran:?}");
    lock_in(&home, "/dev/null").with_code(2);

    let text = std::fs::read_to_string(home.path().join("fine.yaml")).expect("document");
    home.write("fine.yaml", &text.replace("ref: main, buildorder", "ref: absent, buildorder"));
    plan(&home, &["--platform", "platform:f28"]).with_code(0);
    let ran = lock_in(&home, "lock.yaml").with_code(1);
    assert!(ran.stderr.contains("absent") && ran.json()["error"]["code"] == "MS0212", "{ran:?}");
    assert_eq!(std::fs::read_to_string(home.path().join("lock.yaml")).expect("lock"), lock);
    let left = std::fs::read_dir(home.path()).expect("folder").filter_map(Result::ok);
    let left: Vec<_> =
        left.filter(|one| one.file_name().to_str().is_some_and(|name| name.starts_with(".mbs"))).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn credentials_of_repositories_are_not_written() {
    let home = Home::new();
    locked(&home);
    let quick = home.path().join("rpms/quick/.git");
    #[expect(clippy::disallowed_methods, reason = "a repository that plain files of a server are made of")]
    let status = std::process::Command::new("git").arg("update-server-info").current_dir(&quick).status();
    assert!(status.expect("git").success());
    let text = std::fs::read_to_string(home.path().join("fine.yaml")).expect("document");
    let port = serve(quick);
    let address = format!("http://ann:secret@127.0.0.1:{port}/quick");
    let old = format!("file://{}/rpms/quick", home.path().display());
    home.write("fine.yaml", &text.replace(&old, &address));
    lock_in(&home, "lock.yaml").with_code(0);
    let lock = std::fs::read_to_string(home.path().join("lock.yaml")).expect("lock");
    assert!(lock.contains(&format!("http://127.0.0.1:{port}/quick")) && !lock.contains("secret"), "{lock}");
    repeat(&home).with_code(0);
    home.write("lock.yaml", &lock.replace("http://127", "http://ann:secret@127"));
    let ran = repeat(&home).with_code(3);
    assert!(ran.stderr.contains("credentials") && !ran.stderr.contains("secret"), "{ran:?}");
}

/// Serves the files of a folder below `/quick`, until the test ends; gives the port.
fn serve(folder: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            let mut head = String::new();
            let mut lines = BufReader::new(&stream);
            while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
            let path = head.split([' ', '?']).nth(1).and_then(|path| path.strip_prefix("/quick/")).unwrap_or_default();
            let answer = match std::fs::read(folder.join(path)) {
                Ok(body) => [
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", body.len()).as_bytes(),
                    b"Connection: close\r\n\r\n",
                    &body,
                ]
                .concat(),
                Err(_) => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
            };
            // Whoever went away needs no answer.
            let _ = stream.write_all(&answer);
        }
    });
    port
}

#[test]
fn a_lock_is_not_read_and_written_at_once() {
    let home = Home::new();
    plan(&home, &["--lock", "a.yaml", "--locked", "b.yaml"]).with_code(2);
}
