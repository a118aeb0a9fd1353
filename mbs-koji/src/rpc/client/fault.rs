//! Faults of a hub: their kinds, whose they are, what to do.

use crate::rpc::xml::WireFault;
use mbs_core::{Blame, builder::Retry};
use std::time::Duration;

/// What a hub's number of a fault stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// 1: an error that the hub did not foresee.
    Server,
    /// 1000: everything without a number of its own; only the text tells more.
    Generic,
    /// 1001: another upload of the same file runs.
    Lock,
    /// 1002: a bad login, a closed session, or no access as content generator.
    Auth,
    /// 1003: a build cannot be tagged or untagged.
    Tag,
    /// 1004: a permission or a policy is against it.
    NotAllowed,
    /// 1005, 1010, 1011, 1012: what a failed build task left.
    Build,
    /// 1006: another session of the same user is exclusive.
    AuthLock,
    /// 1007: the session expired.
    AuthExpired,
    /// 1008: the call number is lower than one that was committed.
    Sequence,
    /// 1009: the call with this number was committed before.
    Repeated,
    /// 1014: maintenance.
    Offline,
    /// 1016, 1017: a plug-in of the hub failed.
    Plugin,
    /// 1019: wrong arguments.
    Parameter,
    /// 1020: an import is refused.
    Import,
    /// Any other number.
    Other,
}

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fault {code}: {text}")]
pub struct Fault {
    /// The hub's number.
    pub code: i64,
    /// The hub's text, without control characters except line feeds.
    pub text: String,
}

impl From<WireFault> for Fault {
    fn from(fault: WireFault) -> Self {
        let text = fault.text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        Self { code: fault.code, text }
    }
}

/// Pause before a call that met a lock is made again.
pub(super) const LOCK_PAUSE: Duration = Duration::from_secs(20);

impl Fault {
    /// What the number stands for.
    pub fn kind(&self) -> FaultKind {
        match self.code {
            1 => FaultKind::Server,
            1000 => FaultKind::Generic,
            1001 => FaultKind::Lock,
            1002 => FaultKind::Auth,
            1003 => FaultKind::Tag,
            1004 => FaultKind::NotAllowed,
            1005 | 1010 | 1011 | 1012 => FaultKind::Build,
            1006 => FaultKind::AuthLock,
            1007 => FaultKind::AuthExpired,
            1008 => FaultKind::Sequence,
            1009 => FaultKind::Repeated,
            1014 => FaultKind::Offline,
            1016 | 1017 => FaultKind::Plugin,
            1019 => FaultKind::Parameter,
            1020 => FaultKind::Import,
            _ => FaultKind::Other,
        }
    }

    /// Whose it is, as far as the number tells.
    pub fn blame(&self) -> Blame {
        match self.kind() {
            FaultKind::Build => Blame::User,
            FaultKind::Generic | FaultKind::Tag | FaultKind::Other => Blame::Unspecified,
            _ => Blame::Infra,
        }
    }

    /// Whether the call may succeed when it is made again. The client itself has done so where that is safe.
    pub fn retry(&self) -> Retry {
        match self.kind() {
            FaultKind::Lock | FaultKind::AuthLock | FaultKind::Offline => Retry::After(LOCK_PAUSE),
            FaultKind::AuthExpired | FaultKind::Sequence => Retry::After(Duration::ZERO),
            FaultKind::Plugin => Retry::Exhausted,
            FaultKind::Server if self.is_deadlock() => Retry::Exhausted,
            _ => Retry::Never,
        }
    }

    /// Did two transactions of the hub's database meet?
    pub(super) fn is_deadlock(&self) -> bool {
        self.kind() == FaultKind::Server
            && ["deadlock detected", "could not serialize"].iter().any(|words| self.text.contains(words))
    }

    /// A tag, target or build of this name is there already.
    pub fn is_already_there(&self) -> bool {
        self.kind() == FaultKind::Generic && self.text.contains("already exists")
    }

    /// The thing named is not there.
    pub fn is_unknown_thing(&self) -> bool {
        self.kind() == FaultKind::Generic
            && ["No such", "no such", "query returned no rows"].iter().any(|words| self.text.contains(words))
    }

    /// The hub has no such method: it is too old for the call.
    pub fn is_unknown_method(&self) -> bool {
        self.kind() == FaultKind::Generic && self.text.contains("Invalid method")
    }

    /// The task did not end yet.
    pub fn is_not_finished(&self) -> bool {
        self.kind() == FaultKind::Generic && self.text.contains("is not finished")
    }

    /// The task was cancelled.
    pub fn is_canceled(&self) -> bool {
        self.kind() == FaultKind::Generic && self.text.contains("is canceled")
    }

    /// The build is in the tag already.
    pub fn is_already_tagged(&self) -> bool {
        self.kind() == FaultKind::Tag && self.text.contains("already tagged")
    }

    /// The package is not in the tag's list of packages.
    pub fn is_not_in_list(&self) -> bool {
        self.kind() == FaultKind::Tag && self.text.contains("not in list for")
    }
}
