//! What a user can do when the kernel refuses a sandbox.

use std::fs;

use rustix::io::Errno;

use super::report::Stage;

/// The kernel settings that decide whether ordinary users may make namespaces; none where unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limits {
    /// `user.max_user_namespaces`
    pub(super) user_namespaces: Option<u64>,
    /// `kernel.unprivileged_userns_clone` (Debian and derived kernels)
    pub(super) unprivileged_clone: Option<u64>,
    /// `kernel.apparmor_restrict_unprivileged_userns` (Ubuntu)
    pub(super) apparmor_restricts: Option<u64>,
}

impl Limits {
    /// Reads them from the running kernel.
    pub(super) fn read() -> Self {
        let read = |path: &str| fs::read_to_string(path).ok()?.trim().parse().ok();
        Self {
            user_namespaces: read("/proc/sys/user/max_user_namespaces"),
            unprivileged_clone: read("/proc/sys/kernel/unprivileged_userns_clone"),
            apparmor_restricts: read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
        }
    }
}

/// Words for the end of an error message.
pub(super) fn remedy(stage: Stage, errno: Errno, limits: &Limits) -> String {
    let refused = matches!(errno, Errno::PERM | Errno::ACCESS | Errno::NOSPC);
    if refused && !matches!(stage, Stage::Staging | Stage::Demotion) {
        if limits.user_namespaces == Some(0) {
            return setting("user.max_user_namespaces", "65536");
        }
        if limits.unprivileged_clone == Some(0) {
            return setting("kernel.unprivileged_userns_clone", "1");
        }
        if limits.apparmor_restricts == Some(1) {
            return setting("kernel.apparmor_restrict_unprivileged_userns", "0");
        }
    }
    match (stage, errno) {
        (Stage::Namespaces, Errno::NOSPC) => {
            "too many namespaces exist: raise the sysctl `user.max_user_namespaces` or end other sandboxes".to_owned()
        }
        (Stage::Namespaces | Stage::IdentityMap, _) => format!(
            "this machine does not let ordinary users make namespaces (sysctl `user.max_user_namespaces`, \
             `kernel.unprivileged_userns_clone`, `kernel.apparmor_restrict_unprivileged_userns`); {CONTAINER}"
        ),
        (Stage::Staging | Stage::Demotion, Errno::PERM) => {
            format!("root has no right to mount or to change its user here: run it as an ordinary user, or {CONTAINER}")
        }
        (Stage::Mount | Stage::Pivot, Errno::NOSYS) => "Linux 5.12 or newer is needed".to_owned(),
        (Stage::Mount, _) => format!(
            "if the work folder lies on a network or overlay file system, choose another one with `--work-dir`; {CONTAINER}"
        ),
        _ => CONTAINER.to_owned(),
    }
}

const CONTAINER: &str = "in a container, allow namespaces and mounts (`--privileged` or `--cap-add SYS_ADMIN` with \
                         `--security-opt seccomp=unconfined`), or build on another machine";

fn setting(name: &str, value: &str) -> String {
    format!("allow it with `sysctl -w {name}={value}`, or build on another machine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidding_setting_is_named_with_its_value() {
        let cases = [
            (Limits { user_namespaces: Some(0), ..Limits::default() }, "user.max_user_namespaces=65536"),
            (Limits { unprivileged_clone: Some(0), ..Limits::default() }, "kernel.unprivileged_userns_clone=1"),
            (
                Limits { apparmor_restricts: Some(1), ..Limits::default() },
                "kernel.apparmor_restrict_unprivileged_userns=0",
            ),
        ];
        for (limits, expected) in cases {
            let text = remedy(Stage::Namespaces, Errno::PERM, &limits);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn apparmor_is_blamed_for_a_refused_mount_too() {
        let limits = Limits { apparmor_restricts: Some(1), ..Limits::default() };
        assert!(remedy(Stage::Mount, Errno::PERM, &limits).contains("apparmor"));
        assert!(remedy(Stage::Network, Errno::PERM, &limits).contains("apparmor"));
    }

    #[test]
    fn an_unsuitable_work_folder_names_the_option() {
        assert!(remedy(Stage::Mount, Errno::INVAL, &Limits::default()).contains("`--work-dir`"));
    }

    #[test]
    fn an_old_kernel_is_named() {
        assert!(remedy(Stage::Mount, Errno::NOSYS, &Limits::default()).contains("5.12"));
    }
}
