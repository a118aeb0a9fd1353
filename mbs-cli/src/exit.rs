//! Exit codes: the one place that knows their numbers.

use crate::error::CliError;
use mbs_core::drive::{DriveError, RequestError};
use mbs_core::modulemd::edit::EditError;
use mbs_core::repodata::RepomdError;
use mbs_core::source::SourceError;
use mbs_core::store::StoreError;
use mbs_core::submit::SubmitError;
use mbs_core::{Blame, Failure};
use mbs_fetch::RepositoryError;
use mbs_mock::OpenError;
use mbs_mock::repo::RepoError;
use std::io;
use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything went well.
    Success,
    /// Failed, and the user can mend it.
    User,
    /// The command line or the configuration is wrong.
    Usage,
    /// The input is malformed; nothing was stored.
    Malformed,
    /// A dependency of the module cannot be resolved.
    Unresolved,
    /// Failed because of network, disk, backend or machine.
    Infra,
    /// Interrupted.
    Interrupted,
    /// A bug in this program.
    Bug,
}

/// The table as `--help` and the manual show it.
pub(crate) const TABLE: &str = "\
Exit codes:
  0    success
  1    failed, and the user can mend it: absent ref, repository or file, missing
       BuildRequires, %build, %check, time limit, ExclusiveArch, cancelled
  2    wrong usage or configuration
  3    malformed input, nothing stored
  4    a dependency of the module cannot be resolved
  5    failed because of network, disk, backend or machine
  130  interrupted: running components were stopped without blame; `mbs resume`
       starts them again
  101  a bug in mbs";

impl Exit {
    /// The number.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::User => 1,
            Self::Usage => 2,
            Self::Malformed => 3,
            Self::Unresolved => 4,
            Self::Infra => 5,
            Self::Interrupted => 130,
            Self::Bug => 101,
        }
    }

    /// Of several builds, how the first one that did not go well ended.
    pub(crate) fn worse(self, other: Self) -> Self {
        if self == Self::Success { other } else { self }
    }

    /// By whose fault something failed. What nobody knows the fault of is not the user's to mend.
    pub(crate) fn of_blame(blame: Blame) -> Self {
        match blame {
            Blame::User => Self::User,
            Blame::Infra | Blame::Unspecified => Self::Infra,
        }
    }

    /// By the failure of a build.
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        Self::of_blame(failure.blame)
    }

    /// By an error.
    pub(crate) fn of(error: &CliError) -> Self {
        match error {
            CliError::Usage { .. }
            | CliError::Config(_)
            | CliError::Platform(_)
            | CliError::UnknownBackend { .. }
            | CliError::Backend(OpenError::Capability { .. }) => Self::Usage,
            CliError::Malformed { .. }
            | CliError::Faulty { .. }
            | CliError::Breaks { .. }
            | CliError::Macros(_)
            | CliError::NotAttached { .. }
            | CliError::LockFile { .. }
            | CliError::NotImported { .. }
            | CliError::Merge(_) => Self::Malformed,
            CliError::Repository(error) => of_repository(error),
            CliError::Metadata(error) => of_metadata(error),
            CliError::Submit(error) => of_submit(error),
            CliError::Unresolved { source, .. } => of_submit(source),
            CliError::Modules(error) => Self::of_blame(error.blame()),
            CliError::Source(error) => of_source(error),
            CliError::Store(error)
            | CliError::Request(RequestError::Store(error))
            | CliError::Drive(DriveError::Store(error)) => of_store(error),
            CliError::WouldLose { .. }
            | CliError::Convert { .. }
            | CliError::Request(_)
            | CliError::Storing(_)
            | CliError::Packages(_)
            | CliError::NotAsLocked { .. }
            | CliError::Unlockable(_)
            | CliError::NoComponent { .. }
            | CliError::NoLog { .. }
            | CliError::Retired { .. }
            | CliError::ChangedMeanwhile { .. }
            | CliError::NoDocuments { .. } => Self::User,
            CliError::File { source, .. }
                if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory) =>
            {
                Self::User
            }
            CliError::Place { source, .. } => Self::of(source),
            CliError::Edit { source } => of_edit(source),
            CliError::Backend(_)
            | CliError::Drive(_)
            | CliError::File { .. }
            | CliError::NoGraphviz
            | CliError::Graphviz { .. }
            | CliError::Output(_)
            | CliError::ResultsGone { .. } => Self::Infra,
        }
    }
}

fn of_submit(error: &SubmitError) -> Exit {
    match error {
        error if error.is_unresolved() => Exit::Unresolved,
        SubmitError::Sources(problems) => {
            // The worst decides: what can be mended in the document goes before what is absent, and that before outages.
            let codes: Vec<Exit> = problems.iter().map(of_source).collect();
            [Exit::Malformed, Exit::User, Exit::Infra]
                .into_iter()
                .find(|code| codes.contains(code))
                .unwrap_or(Exit::Infra)
        }
        SubmitError::Arch { .. } => Exit::User,
        SubmitError::Provider(_) => Exit::Infra,
        _ => Exit::Malformed,
    }
}

fn of_source(error: &SourceError) -> Exit {
    match error {
        SourceError::Url(_)
        | SourceError::Ref(_)
        | SourceError::NoRepository { .. }
        | SourceError::NoModuleRepository { .. }
        | SourceError::UnsafePath { .. }
        | SourceError::NotText { .. }
        | SourceError::TooLarge { .. } => Exit::Malformed,
        other => Exit::of_blame(other.blame()),
    }
}

fn of_repository(error: &RepositoryError) -> Exit {
    match error {
        RepositoryError::Url(_) => Exit::Usage,
        RepositoryError::Source(error) => of_source(error),
        RepositoryError::Absent { .. }
        | RepositoryError::FileAbsent { .. }
        | RepositoryError::Repomd { source: RepomdError::NoPart { .. }, .. } => Exit::User,
        _ => Exit::Malformed,
    }
}

fn of_metadata(error: &RepoError) -> Exit {
    match error {
        RepoError::NoRepository { .. } => Exit::User,
        RepoError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => Exit::User,
        RepoError::List { .. } | RepoError::Repomd { .. } => Exit::Malformed,
        _ => Exit::Infra,
    }
}

fn of_edit(error: &EditError) -> Exit {
    match error {
        EditError::Utf16 { .. } | EditError::Compressed { .. } | EditError::Encoding { .. } | EditError::Syntax(_) => {
            Exit::Malformed
        }
        EditError::NoDocument { .. } | EditError::Ambiguous { .. } | EditError::Value { .. } => Exit::Usage,
        EditError::Inconsistent { .. } => Exit::Bug,
        _ => Exit::User,
    }
}

fn of_store(error: &StoreError) -> Exit {
    match error {
        StoreError::NotFound(_)
        | StoreError::Exists { .. }
        | StoreError::InUse { .. }
        | StoreError::LeaseHeld { .. } => Exit::User,
        _ => Exit::Infra,
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::BuildId;
    use mbs_core::source::RepositoryUrl;

    fn number(error: impl Into<CliError>) -> u8 {
        Exit::of(&error.into()).number()
    }

    #[test]
    fn the_table_names_every_code() {
        use Exit::{Bug, Infra, Interrupted, Malformed, Success, Unresolved, Usage, User};
        for exit in [Success, User, Usage, Malformed, Unresolved, Infra, Interrupted, Bug] {
            assert!(TABLE.contains(&format!("\n  {:<5}", exit.number())), "{exit:?}");
        }
    }

    #[test]
    fn errors_have_the_codes_of_the_table() {
        let absent = SourceError::RefAbsent { repository: "file:///r".into(), reference: "x".into() };
        let refused = SourceError::from(RepositoryUrl::parse("ext::sh").expect_err("refused"));
        let network = SourceError::Network { address: "https://h/".into(), detail: "reset".into() };
        assert_eq!(number(absent.clone()), 1);
        assert_eq!(number(refused.clone()), 3);
        assert_eq!(number(network.clone()), 5);
        assert_eq!(number(SubmitError::Sources(vec![network.clone(), absent.clone()])), 1);
        assert_eq!(number(SubmitError::Sources(vec![network, absent, refused])), 3);
        assert_eq!(number(SubmitError::Nothing(Vec::new())), 4);
        assert_eq!(number(SubmitError::NoStream), 3);
        assert_eq!(number(StoreError::NotFound(BuildId(1))), 1);
        assert_eq!(number(StoreError::Medium("disk full".into())), 5);
        assert_eq!(Exit::of_failure(&Failure::user("x")).number(), 1);
        assert_eq!(Exit::of_failure(&Failure::infra("x")).number(), 5);
    }
}
