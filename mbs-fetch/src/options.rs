//! Limits and programs of a fetcher.

use crate::http::Proxy;
use std::ffi::OsString;
use std::time::Duration;

/// Limits and programs of a [`Fetcher`](crate::Fetcher).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchOptions {
    /// The git program: a name searched in `PATH`, or a path.
    pub git: OsString,
    /// Longest time one git command may take.
    pub git_timeout: Duration,
    /// Longest silence of a server during a download.
    pub http_timeout: Duration,
    /// The proxy of downloads; git takes its own from its configuration and the environment.
    pub proxy: Proxy,
    /// How often something that failed for the network is tried in all, at least once.
    pub attempts: u32,
    /// Wait before the second attempt; doubled before each further one.
    pub backoff: Duration,
    /// How many refs are resolved at the same time.
    pub parallel: usize,
    /// Largest look-aside file in bytes.
    pub max_file_size: u64,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            git: OsString::from("git"),
            git_timeout: Duration::from_mins(10),
            http_timeout: Duration::from_mins(1),
            proxy: Proxy::default(),
            attempts: 4,
            backoff: Duration::from_secs(1),
            parallel: 8,
            max_file_size: 16 << 30,
        }
    }
}
