//! Small operations on streams.

use crate::modulemd::model::{ModuleStream, ServiceLevel};
use chrono::NaiveDate;

impl ModuleStream {
    /// Drops everything that programs keep under `xmd`.
    pub fn clear_xmd(&mut self) {
        self.xmd = None;
    }

    /// The last day of a service level; nothing if there is no such level or it has no end.
    pub fn end_of_life(&self, level: &str) -> Option<NaiveDate> {
        self.servicelevels.get(level)?.eol
    }

    /// Whether a service level is there and has not ended before that day.
    pub fn is_served(&self, level: &str, day: NaiveDate) -> bool {
        self.servicelevels.get(level).is_some_and(|level| level.eol.is_none_or(|last| day <= last))
    }

    /// Adds or changes a service level; without a last day it has no end.
    pub fn set_service_level(&mut self, level: impl Into<String>, eol: Option<NaiveDate>) {
        self.servicelevels.insert(level.into(), ServiceLevel { eol });
    }
}
