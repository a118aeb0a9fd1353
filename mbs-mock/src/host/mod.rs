//! What this machine offers to a build.

mod provides;

pub use provides::HostProvides;
