//! Runs one program over the host's files, which it cannot change, without network and without rights.
//!
//! ```text
//!  host process                         supervisor              process 1             command
//!  ------------                         ----------              ---------             -------
//!  thread of the job
//!    clone ---------------------------> (root: bind what the
//!    poll: end, cancel, time limit       build user needs,
//!         |                              become that user)
//!         |                              unshare user, mount,
//!         |                              PID, net, IPC, UTS
//!         |                              clone --------------> make the tree:
//!         |                              wait for its end       host ro, WORK rw
//!         | SIGTERM on cancel ---------> SIGKILL ------------> clone -------------> no capabilities
//!         |                                                     collect orphans     execve
//!         | <------------------- report through a pipe ------------ | <----------------- |
//! ```
//!
//! - It is library code: no program is run again, and other threads may do what they like. The children do
//!   nothing but system calls on data made before, until the program is executed.
//! - Nothing outlives the host process. The supervisor is told when the host process dies, process 1 when the
//!   supervisor dies, and the kernel kills a PID namespace with its process 1. The supervisor ends last, so a
//!   file lock on a descriptor given with [`Job::hold`] is free only when nothing is left.
//! - The thread that starts the supervisor lives as long as that does, because the kernel takes the end of the
//!   starting *thread* for the death of the parent.
//! - The supervisor and process 1 are copies of the host process. They cannot be inspected from inside.
//! - Started by root, everything runs as the ordinary user [`BUILD_ID`]; else as the own user. Inside,
//!   that user is [`USER_ID`] without any capability, or 0 with [`Privileges::Namespace`].
//!
//! The tree: the host's folders recursively read-only; `/home`, `/root`, `/run` empty; `/tmp`, `/var/tmp` and
//! `/dev/shm` private; `/dev` minimal; `/proc` of the own PID namespace; the work folder at [`WORK`]. A
//! layer ([`Job::layer`]) is merged over the host's `/usr`, `/etc` and so on as a lower layer of a read-only overlay.
//! Mounts below such a folder are not visible through the overlay.
//!
//! A program inside may leave links in the work folder that lead anywhere: whoever reads or writes there
//! from outside must not follow them ([`Sandbox::adopt`] and [`reclaim`] do not).
//!
//! What it is not: protection of the host's readable files outside of the hidden folders, or against a fault
//! in the kernel.

mod cancel;
mod child;
mod error;
mod job;
mod mount_step;
mod mounts;
mod owner;
mod prepared;
mod probe;
mod remedy;
mod report;
mod run;
mod running;
mod sys;

pub use cancel::Cancel;
pub use error::SandboxError;
pub use job::{Ended, Job, Privileges, USER, USER_ID};
pub use mounts::WORK;
pub use owner::{BUILD_ID, changes_user, reclaim};
pub use run::Sandbox;
pub use running::Running;
