//! `check-bans`: packages that must not be in the dependency tree.

use crate::error::TaskError;
use crate::{command, out};

/// Each needs a second C tool chain or a system library, for something the tree has already.
const EVERYWHERE: &[&str] = &["aws-lc-sys", "aws-lc-rs", "openssl-sys", "openssl", "native-tls"];
/// What this program must not need, so that it compiles on a machine with Rust alone.
const IN_XTASK: &[&str] = &["cc", "cmake", "pkg-config", "bindgen", "libc"];

/// Looks through `cargo tree`.
pub(crate) fn run() -> Result<(), TaskError> {
    let all = packages(&["--workspace"])?;
    let own = packages(&["--package", "xtask"])?;
    let mut found: Vec<String> = Vec::new();
    found.extend(
        all.iter().filter(|name| EVERYWHERE.contains(&name.as_str())).map(|name| {
            format!("`{name}` is in the dependency tree; `cargo tree --invert {name}` shows who asks for it")
        }),
    );
    found.extend(own.iter().filter(|name| needs_c(name)).map(|name| format!("xtask depends on `{name}`")));
    if found.is_empty() {
        out::say(&format!("bans:  {} packages, none of {}", all.len(), EVERYWHERE.join(", ")));
        return Ok(());
    }
    Err(TaskError::Check(found.join("\n")))
}

fn needs_c(name: &str) -> bool {
    name.ends_with("-sys") || IN_XTASK.contains(&name)
}

fn packages(which: &[&str]) -> Result<Vec<String>, TaskError> {
    let mut tree = command::cargo("tree");
    tree.args(which).args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"]);
    Ok(names(&command::output(&mut tree)?))
}

/// The package names of a tree without indentation, sorted, each once.
fn names(tree: &str) -> Vec<String> {
    let mut names: Vec<String> =
        tree.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_once_whatever_stands_behind_its_name() {
        assert_eq!(names("b v1.0.0 (*)\na v2.0.0 (proc-macro)\nb v1.0.0\n\n"), ["a", "b"]);
    }

    #[test]
    fn what_calls_a_c_compiler_is_known() {
        assert!(needs_c("libz-sys") && needs_c("cc"));
        assert!(!needs_c("serde") && !needs_c("sysinfo"));
    }
}
