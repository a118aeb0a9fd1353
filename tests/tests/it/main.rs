//! Whole builds on this machine.
mod baseline;
mod dnf;
mod embedded;
mod kill;
mod module;
mod same_bytes;
