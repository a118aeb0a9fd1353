//! Which builds a clean-up removes.

use super::query::BuildSummary;
use crate::build::ModuleState;
use crate::{BuildId, ModuleName, StreamName};
use std::collections::BTreeMap;

/// What competes for a place among the kept ones: builds of one module stream of the same worth. A series of failures
/// must not push out the builds that can be used.
type Kind<'a> = (&'a ModuleName, &'a StreamName, bool, bool);

/// The builds that are not among the `keep` newest of their kind, oldest first.
///
/// A kind is a module stream, scratch or not, usable (done or ready) or not (failed or garbage). Builds that go on are
/// never among them and take no place; neither do imported builds. The newest is the one submitted last.
pub fn expired(builds: &[BuildSummary], keep: usize) -> Vec<BuildId> {
    let mut kinds: BTreeMap<Kind<'_>, Vec<BuildId>> = BTreeMap::new();
    for build in builds {
        // Somebody brought it here; nothing here makes it again.
        if build.imported {
            continue;
        }
        let usable = match build.state {
            ModuleState::Init | ModuleState::Wait | ModuleState::Build => continue,
            ModuleState::Done | ModuleState::Ready => true,
            ModuleState::Failed | ModuleState::Garbage => false,
        };
        kinds.entry((&build.nsvc.name, &build.nsvc.stream, build.scratch, usable)).or_default().push(build.id);
    }
    let mut expired: Vec<BuildId> = kinds
        .into_values()
        .flat_map(|mut ids| {
            ids.sort_unstable_by(|a, b| b.cmp(a));
            ids.into_iter().skip(keep)
        })
        .collect();
    expired.sort_unstable();
    expired
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;
    use chrono::DateTime;

    fn build(id: u64, nsvc: &str, state: ModuleState, scratch: bool) -> BuildSummary {
        BuildSummary {
            id: BuildId(id),
            nsvc: nsvc.parse().expect("identity"),
            owner: Owner::new("ann").expect("owner"),
            scratch,
            imported: false,
            backend: "memory".to_owned(),
            folder: String::new(),
            state,
            reason: None,
            blame: None,
            batch: 0,
            revision: 1,
            components: 0,
            complete: 0,
            running: 0,
            submitted: DateTime::UNIX_EPOCH,
            modified: DateTime::UNIX_EPOCH,
            completed: None,
        }
    }

    fn removed(builds: &[BuildSummary], keep: usize) -> Vec<u64> {
        expired(builds, keep).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn each_module_stream_keeps_its_newest() {
        use ModuleState::Ready;
        let builds = [
            build(5, "a:1:3:c", Ready, false),
            build(4, "a:2:1:c", Ready, false),
            build(3, "b:1:1:c", Ready, false),
            build(2, "a:1:9:c", Ready, false),
            build(1, "a:1:2:c", Ready, false),
        ];
        assert_eq!(removed(&builds, 1), [1, 2]);
        assert_eq!(removed(&builds, 2), [1]);
        assert_eq!(removed(&builds, 0), [1, 2, 3, 4, 5]);
        assert_eq!(removed(&builds, 9), Vec::<u64>::new());
    }

    #[test]
    fn failures_and_scratch_builds_do_not_push_out_what_is_ready() {
        use ModuleState::{Done, Failed, Garbage, Ready};
        let builds = [
            build(6, "a:1:1:c_2", Done, true),
            build(5, "a:1:4:c", Failed, false),
            build(4, "a:1:3:c", Garbage, false),
            build(3, "a:1:2:c", Failed, false),
            build(2, "a:1:1:c_1", Done, true),
            build(1, "a:1:1:c", Ready, false),
        ];
        assert_eq!(removed(&builds, 1), [2, 3, 4]);
    }

    #[test]
    fn imported_builds_stay_and_take_no_place() {
        let imported = |id, nsvc| BuildSummary { imported: true, ..build(id, nsvc, ModuleState::Ready, false) };
        let builds = [imported(3, "a:1:3:c"), imported(2, "a:1:2:c"), build(1, "a:1:1:c", ModuleState::Ready, false)];
        assert_eq!(removed(&builds, 1), Vec::<u64>::new());
        assert_eq!(removed(&builds, 0), [1]);
    }

    #[test]
    fn builds_that_go_on_stay_and_take_no_place() {
        use ModuleState::{Build, Init, Ready, Wait};
        let builds = [
            build(4, "a:1:4:c", Build, false),
            build(3, "a:1:3:c", Wait, false),
            build(2, "a:1:2:c", Init, false),
            build(1, "a:1:1:c", Ready, false),
        ];
        assert_eq!(removed(&builds, 1), Vec::<u64>::new());
        assert_eq!(removed(&builds, 0), [1]);
    }
}
