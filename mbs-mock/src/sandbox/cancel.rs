//! A switch that ends running jobs.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, OnceLock};

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

/// Ends all jobs it was given to, running and future. Clones are the same switch; once thrown it stays so.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    // Made when first needed, so that a switch can be had without a fallible constructor.
    event: Arc<OnceLock<Result<OwnedFd, Errno>>>,
}

impl Cancel {
    /// A switch that was not thrown.
    pub fn new() -> Self {
        Self::default()
    }

    fn event(&self) -> Result<&OwnedFd, Errno> {
        let made = self.event.get_or_init(|| eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK));
        made.as_ref().map_err(|errno| *errno)
    }

    /// Throws the switch. Returns at once; the jobs end soon after.
    pub fn cancel(&self) {
        if let Ok(event) = self.event() {
            // The counter can only be full when the switch was thrown already.
            let _ = rustix::io::write(event, &1_u64.to_ne_bytes());
        }
    }

    /// Readable once the switch is thrown.
    pub(super) fn descriptor(&self) -> Result<BorrowedFd<'_>, Errno> {
        self.event().map(OwnedFd::as_fd)
    }
}
