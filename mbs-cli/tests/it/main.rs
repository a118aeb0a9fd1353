//! The program as its users run it.

mod build;
mod index;
mod interrupted;
mod modules;
mod plan;
mod stored;
mod support;
mod usage;
mod validate;
