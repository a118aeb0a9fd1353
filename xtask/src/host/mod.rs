//! The machine this runs on: which distribution, what is missing, how to install it.

mod install;
mod os_release;
mod packages;
mod privilege;

pub(crate) use install::ensure;
pub(crate) use os_release::OsRelease;
pub(crate) use packages::{DEMO, TESTS};
