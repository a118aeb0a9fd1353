//! The program as its users run it.

mod against;
mod build;
mod edit;
mod format;
mod index;
mod index_files;
mod interrupted;
mod lock;
mod modules;
mod plan;
mod stored;
mod support;
mod usage;
mod validate;
