//! What a driver is made of.

use crate::build::Limits;
use crate::builder::GenericBuilder;
use crate::bus::EventBus;
use crate::clock::Clock;
use crate::identity::DisttagError;
use crate::source::Source;
use crate::store::{Store, StoreError};
use chrono::TimeDelta;
use std::sync::Arc;

/// The outside of a driver.
#[derive(Clone)]
pub struct Ports {
    /// Builds components.
    pub builder: Arc<dyn GenericBuilder>,
    /// Keeps builds.
    pub store: Arc<dyn Store>,
    /// Takes messages.
    pub bus: Arc<dyn EventBus>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Resolves refs.
    pub source: Arc<dyn Source>,
}

/// How a driver works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverConfig {
    /// Who drives, as others are told: a host and process, for example.
    pub holder: String,
    /// Limits on running components.
    pub limits: Limits,
    /// How often tasks are asked about without a hint.
    pub poll: TimeDelta,
    /// How often the driver looks for what others wrote to its builds: a cancel is seen within this time.
    pub watch: TimeDelta,
    /// How often a call that fails for a passing reason is made before it counts as failed.
    pub patience: u32,
}

impl DriverConfig {
    /// The usual settings: no limits, a poll every 30 s, a look every 0.5 s, 8 tries (about 2 minutes).
    pub fn new(holder: impl Into<String>) -> Self {
        Self {
            holder: holder.into(),
            limits: Limits::default(),
            poll: TimeDelta::seconds(30),
            watch: TimeDelta::milliseconds(500),
            patience: 8,
        }
    }
}

/// Why a driver stopped. Nothing is lost: another driver can go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The build's dist tag cannot be made.
    #[error(transparent)]
    Disttag(#[from] DisttagError),
}
