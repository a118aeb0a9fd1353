//! What has to be equal beside the sources when builds are made on one machine.

use super::candidate::ReuseCandidate;
use super::fingerprint::LocalFingerprint;
use super::plan::ReuseReason;
use super::reason::ReuseCode;
use crate::Arch;
use crate::build::BuildRequest;

/// What counts of the build to be made.
pub(super) struct LocalSide<'a> {
    arch: &'a Arch,
    macros: &'a str,
    fingerprint: Option<&'a LocalFingerprint>,
}

impl<'a> LocalSide<'a> {
    pub(super) fn of(request: &'a BuildRequest) -> Self {
        Self { arch: &request.arch, macros: &request.macros, fingerprint: request.fingerprint.as_ref() }
    }
}

/// Why nothing of an earlier build may be taken on this machine; empty if it may.
pub(super) fn local_reasons(new: &LocalSide<'_>, one: &ReuseCandidate) -> Vec<ReuseReason> {
    let nsvc = &one.nsvc;
    let mut reasons = Vec::new();
    if let Some(arch) = one.arch.as_ref().filter(|arch| *arch != new.arch) {
        reasons.push(
            ReuseCode::OtherArch.because(format!("built for `{}` here, `{nsvc}` was built for `{arch}`", new.arch)),
        );
    }
    if one.macros != new.macros {
        reasons.push(ReuseCode::OtherMacros.because(format!("the RPM macros here are not those of `{nsvc}`")));
    }
    let (Some(ours), Some(theirs)) = (new.fingerprint, one.fingerprint.as_ref()) else {
        let whose = if new.fingerprint.is_none() { "this build".to_owned() } else { format!("`{nsvc}`") };
        let message = format!("what the machine and the modules offered to {whose} was not recorded");
        reasons.push(ReuseCode::FingerprintUnknown.because(message));
        return reasons;
    };
    if ours.platform != theirs.platform {
        let message = format!(
            "the machine offers {} here, for `{nsvc}` it offered {}",
            short(&ours.platform),
            short(&theirs.platform)
        );
        reasons.push(ReuseCode::OtherPlatform.because(message));
    }
    let (ours, theirs) = (ours.by_name(), theirs.by_name());
    let mut names: Vec<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let message = match (ours.get(name), theirs.get(name)) {
            (Some((_, one)), Some((_, other))) if one == other => continue,
            (Some((own, one)), Some((other_nsvc, other))) => format!(
                "the packages of `{own}` ({}) are not those of `{other_nsvc}` ({}) that `{nsvc}` was built against",
                short(one),
                short(other)
            ),
            (Some((own, _)), None) => format!("`{own}` is built against here, `{nsvc}` was not built against it"),
            (None, Some((other, _))) => format!("`{nsvc}` was built against `{other}`, which is not here"),
            (None, None) => continue,
        };
        reasons.push(ReuseCode::OtherDependency.because(message));
    }
    reasons
}

/// The beginning of a digest or commit.
pub(super) fn short(text: &str) -> &str {
    text.char_indices().nth(12).map_or(text, |(end, _)| &text[..end])
}
