//! Driving and watching builds.

mod drive;
mod interrupt;
mod restore;
mod tail;

pub(crate) use drive::{Drive, Driven, drive, interrupt, report};
pub(crate) use interrupt::Interrupt;
pub(crate) use restore::restore;
pub(crate) use tail::{LOOK, Tail};
