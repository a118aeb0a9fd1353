//! Driving and watching builds.

mod drive;
mod interrupt;
mod tail;

pub(crate) use drive::{Drive, Driven, drive, interrupt, report};
pub(crate) use tail::{LOOK, Tail};
