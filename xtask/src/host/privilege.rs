//! Who runs this, and how it becomes root.

use std::path::PathBuf;

use super::packages::has_program;

/// How a command that changes the system is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privilege {
    /// This already is root.
    Root,
    /// Through `sudo`, which may ask for a password.
    Sudo,
    /// Not at all.
    None,
}

impl Privilege {
    pub(crate) fn of_this_process(search: &[PathBuf]) -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        if effective_uid(&status) == Some(0) {
            Self::Root
        } else if has_program("sudo", search) {
            Self::Sudo
        } else {
            Self::None
        }
    }
}

/// The second number of the `Uid:` line in `/proc/PID/status`, see proc(5). The standard library has no call for it.
fn effective_uid(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effective_user_counts_not_the_real_one() {
        assert_eq!(effective_uid("Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n"), Some(0));
        assert_eq!(effective_uid("Name:\tx\n"), None);
    }
}
