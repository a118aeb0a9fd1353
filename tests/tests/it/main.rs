//! Whole builds on this machine.
mod baseline;
mod embedded;
mod kill;
mod module;
mod same_bytes;
