//! What happens outside of calls: build daemons work on tasks, and repositories are made.
//!
//! Nothing here waits. Time passes in ticks; a request that looks at tasks is a tick.

mod builds;
mod repos;
mod tasks;

pub(super) use builds::hex;
