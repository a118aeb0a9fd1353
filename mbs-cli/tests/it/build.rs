//! Real builds: these need the programs that builds need.

use super::modules::module;
use super::support::Home;

#[test]
fn a_module_is_built_once_and_again_only_as_scratch_build() {
    let home = Home::new();
    module(&home, "fine", "true");
    let args = ["build", "fine.yaml", "--platform", "platform:f28", "--results", "out"];
    let ran = home.mbs(&args).with_code(0);
    let repository = home.path().join("out/module-fine-1-287/results");
    assert_eq!(ran.stdout.trim_end(), repository.to_str().expect("text"));
    assert!(repository.join("repodata/repomd.xml").exists());
    assert!(ran.stderr.contains(" - MBS - INFO - The user \"ann\" submitted the build \"fine:1:287:"), "{ran:?}");
    assert!(ran.stderr.lines().any(|line| line.contains("quick ") && line.ends_with("building")), "{ran:?}");

    let again = home.mbs(&args).with_code(0);
    assert_eq!(again.stdout, ran.stdout);
    assert!(!again.stderr.contains("building"), "{again:?}");

    std::fs::remove_dir_all(&repository).expect("removed");
    let restored = home.mbs(&[&args[..4], &["--results", "other", "--timeout", "1h", "--keep-going"]].concat());
    let restored = restored.with_code(0);
    assert_eq!(restored.stdout, ran.stdout);
    assert!(repository.join("repodata/repomd.xml").exists() && !restored.stderr.contains("building"), "{restored:?}");
    let kept = format!("`--results {}`, no `--timeout`, no `--keep-going`\n", home.path().join("out").display());
    assert!(restored.stderr.contains(&kept), "{restored:?}");

    std::fs::remove_dir_all(&repository).expect("removed");
    std::fs::remove_dir_all(home.state().join("builds/1/attempts")).expect("removed");
    let gone = home.mbs(&args).with_code(5);
    assert!(gone.stdout.is_empty() && gone.stderr.contains("--again") && gone.stderr.contains("mbs rm 1"), "{gone:?}");

    let json = home.mbs(&["build", "fine.yaml", "--platform", "platform:f28", "--again", "--format", "json"]);
    let json = json.with_code(0).json();
    assert_eq!((&json["build"]["id"], &json["build"]["state"]), (&2.into(), &"done".into()));
    assert!(json["build"]["context"].as_str().expect("text").ends_with("_1"), "{json}");
    // Without `--results` it went where it goes by default.
    assert!(json["repository"].as_str().expect("text").contains("/modulebuild/builds/"), "{json}");
}

#[test]
fn a_failing_component_is_1_with_its_log_and_is_resumed() {
    let home = Home::new();
    module(&home, "broken", "echo last words; false");
    let args = ["build", "broken.yaml", "--platform", "platform:f28"];
    let ran = home.mbs(&args).with_code(1);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("last words") && ran.stderr.contains("logs/1/broken.1.log"), "{ran:?}");
    let ran = home.mbs(&args).with_code(1);
    assert!(ran.stderr.contains("build 1 of broken:1:287:") && ran.stderr.contains("broken.2.log"), "{ran:?}");
    assert!(!ran.stderr.contains("quick"), "what is built is not built again: {ran:?}");
    assert!(home.mbs(&["log", "1"]).with_code(0).stdout.contains("last words"));
}

#[test]
fn a_time_limit_is_the_packagers() {
    let home = Home::new();
    module(&home, "slow", "sleep 300");
    let args = ["build", "slow.yaml", "--platform", "platform:f28", "--timeout", "3s"];
    let ran = home.mbs(&args).with_code(1);
    assert!(ran.stderr.contains("slow"), "{ran:?}");
    let json = home.mbs(&["show", "1", "--format", "json"]).with_code(0).json();
    assert_eq!(json["build"]["blame"], "user");
}
