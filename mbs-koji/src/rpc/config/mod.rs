//! Koji's own configuration files and the profiles in them.
//!
//! Files are read in the order of the original client, and what is said later counts: `/etc/koji.conf.d/*.conf`,
//! `/etc/koji.conf`, then one named file or folder, or `~/.koji/config.d/*.conf` and `~/.koji/config`.

mod connect;
mod error;
mod ini;
mod place;
mod profile;

pub use error::ConfigError;
pub use place::Places;
pub use profile::{AuthType, Profile};
