//! `mbs edit`.

mod args;
mod file;
mod run;

pub(crate) use args::EditArgs;
pub(crate) use file::Source;
pub(crate) use run::run;
