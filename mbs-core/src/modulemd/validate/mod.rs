//! Rules between values, checked on a finished model.
//!
//! The findings carry key paths, so that a model that was made by a program can be checked as well as one that was
//! read; the reader looks the paths up in its text.

mod advice;
mod artifacts;
mod checker;
mod components;
mod configurations;
mod cycle;
mod names;
mod others;
mod place;
mod stream;

pub use advice::advise;
pub use checker::Finding;
pub use stream::validate;

pub(crate) use advice::{check_advice, duplicates};
pub(crate) use checker::Checker;
pub(crate) use configurations::check_packager_v3;
pub(crate) use others::{check_defaults, check_obsoletes, check_translations};
pub(crate) use stream::{check_packager_v2, check_stream, check_stream_v1};
