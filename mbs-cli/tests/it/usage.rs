//! Help, usage errors, configuration, completions, manual.

use super::support::Home;

#[test]
fn help_lists_every_command_and_the_exit_codes() {
    let home = Home::new();
    let help = home.mbs(&["--help"]).with_code(0).stdout;
    for word in [
        "build",
        "plan",
        "validate",
        "fmt",
        "convert",
        "schema",
        "edit",
        "builds",
        "show",
        "log",
        "watch",
        "cancel",
        "resume",
        "history",
        "rm",
        "gc",
        "completions",
        "man",
        "--state-dir",
        "Exit codes:",
        "130",
    ] {
        assert!(help.contains(word), "{word}:\n{help}");
    }
    assert!(home.mbs(&["--version"]).with_code(0).stdout.starts_with("mbs "));
}

#[test]
fn wrong_usage_is_2_and_makes_nothing() {
    let home = Home::new();
    for args in [
        &[][..],
        &["nonsense"],
        &["build"],
        &["build", "x", "--jobs", "0"],
        &["build", "x", "--timeout", "soon"],
        &["build", "x", "--backend", "none"],
        &["build", "x", "--platform", "none"],
        &["build", "x", "--rpms-url", "ext::sh"],
        &["plan", "x", "-s", "gtk:1", "-s", "gtk:2"],
        &["show", "one"],
        &["builds", "--state", "nearly"],
        &["builds", "--format", "dot"],
        &["builds", "-q", "-v"],
        &["gc"],
    ] {
        let ran = home.mbs(args).with_code(2);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{args:?}: {ran:?}");
    }
    assert_eq!(std::fs::read_dir(home.path()).expect("home").count(), 0);
}

#[test]
fn the_configuration_gives_defaults_and_refuses_what_it_does_not_know() {
    let home = Home::new();
    home.write(".config/mbs/config.yaml", "state-dir: ~/elsewhere\n");
    home.mbs(&["builds"]).with_code(0);
    assert!(home.path().join("elsewhere/mbs.sqlite").exists());
    // The command line goes first, before or after the command.
    home.mbs(&["--state-dir", "a", "builds"]).with_code(0);
    home.mbs(&["builds", "--state-dir", "b"]).with_code(0);
    assert!(home.path().join("a/mbs.sqlite").exists() && home.path().join("b/mbs.sqlite").exists());

    let config = home.write("other.yaml", "jobs: 2\nstate_dir: x\n");
    let ran = home.mbs(&["builds", "--config", config.to_str().expect("text")]).with_code(2);
    assert!(ran.stderr.contains("state_dir") && ran.stderr.contains("line 2"), "{ran:?}");
    let ran = home.mbs(&["builds", "--config", "absent.yaml"]).with_code(2);
    assert!(ran.stderr.contains("`absent.yaml`"), "{ran:?}");
}

#[test]
fn completions_and_manual_work_without_state_and_with_a_broken_configuration() {
    let home = Home::new();
    home.write(".config/mbs/config.yaml", "nonsense: 1\n");
    for (shell, word) in [("bash", "_mbs()"), ("zsh", "#compdef mbs"), ("fish", "complete -c mbs")] {
        let ran = home.mbs(&["completions", shell]).with_code(0);
        assert!(ran.stdout.contains(word), "{shell}");
    }
    home.mbs(&["completions", "dos"]).with_code(2);
    home.mbs(&["man", "pages"]).with_code(0);
    let page = std::fs::read_to_string(home.path().join("pages/mbs-build.1")).expect("page");
    assert!(page.contains("mbs\\-build"), "{page}");
    assert!(!home.state().exists());
}

#[test]
fn a_folder_that_cannot_be_used_names_its_option() {
    let home = Home::new();
    let file = home.write("file", "x");
    let below = file.join("folder");
    let below = below.to_str().expect("text");
    for (command, option) in [(&["builds"][..], "--state-dir"), (&["plan", "file"], "--cache-dir")] {
        let args = [command, &[option, below]].concat();
        let ran = home.mbs(&args).with_code(5);
        assert!(ran.stderr.contains(&format!("hint: `{option}` names another folder\n")), "{ran:?}");
    }
    let ran = home.mbs(&["validate", "."]).with_code(1);
    assert!(ran.stderr.contains("could not read `.`"), "{ran:?}");
}
