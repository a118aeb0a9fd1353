//! Ways to make RPMs on this machine.

pub mod rpmbuild;
