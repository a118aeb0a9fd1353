//! The configuration file: defaults for options.

mod file;

pub(crate) use file::{Config, ConfigError, load};
