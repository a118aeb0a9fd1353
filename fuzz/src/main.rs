//! libFuzzer around one of the bodies in [`mbs_testkit::fuzz`], which the environment names.
//!
//! One program for all targets, so that everything is compiled and linked once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mbs_testkit::fuzz::{TARGETS, Target, target};
use std::sync::OnceLock;

/// Names the target; `list` prints all names instead.
const VARIABLE: &str = "MBS_FUZZ_TARGET";

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

fn choose() {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    if name == "list" {
        for one in TARGETS {
            println!("{}", one.name);
        }
        std::process::exit(0);
    }
    let chosen = target(&name).unwrap_or_else(|| panic!("{VARIABLE} names no target: `{name}`"));
    CHOSEN.get_or_init(|| chosen);
}

fuzz_target!(init: choose(), |data: &[u8]| {
    (CHOSEN.wait().body)(data);
});
