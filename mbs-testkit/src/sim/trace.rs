//! What happened in a run, as data: hashed always, kept in part or in full, written as text only when somebody reads it.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::fmt;
use std::hash::{Hash, Hasher};

/// How much of a run is kept to be shown if it fails.
const TAIL: usize = 80;

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it, and only people read them")]
pub enum What {
    Module { build: u64, components: usize, keep_going: bool, graph: bool },
    Starts { driver: usize },
    Attached { driver: usize, build: u64, fence: u64 },
    Ran { driver: usize, how: &'static str },
    Wrote { driver: usize, build: u64, revision: u64, event: &'static str, component: u32, attempt: u32 },
    Delivered { driver: usize, build: u64, seq: u64 },
    StoreRefused { driver: usize, call: &'static str },
    Crashed { driver: usize, free: bool },
    Frozen { driver: usize, milliseconds: i64 },
    Asked { driver: usize, call: &'static str, build: u64, component: u32, fault: &'static str },
    TaskBegan { task: u64, build: u64, component: u32, attempt: u32, milliseconds: i64 },
    TaskOver { task: u64, how: &'static str },
    Hint { driver: usize, what: &'static str },
    Regenerated { build: u64, components: usize },
    Finalized { build: u64, success: bool },
    Message { build: u64, seq: u64, again: bool },
    Operator { build: u64, what: &'static str, done: bool },
    StopAsked { driver: usize },
    FaultsEnd,
    Settled,
}

/// One thing and when it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since the run began.
    pub milliseconds: i64,
    /// What happened.
    pub what: What,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>12.3} {:?}",
            std::time::Duration::from_millis(self.milliseconds.unsigned_abs()).as_secs_f64(),
            self.what
        )
    }
}

/// The trace of a run.
#[derive(Debug)]
pub(super) struct Trace {
    start: DateTime<Utc>,
    hasher: Bytes,
    kept: VecDeque<Moment>,
    full: bool,
}

impl Trace {
    pub(super) fn new(start: DateTime<Utc>, full: bool) -> Self {
        Self { start, hasher: Bytes(Sha256::new(), Vec::new()), kept: VecDeque::new(), full }
    }

    pub(super) fn note(&mut self, now: DateTime<Utc>, what: What) {
        let moment = Moment { milliseconds: (now - self.start).num_milliseconds(), what };
        moment.milliseconds.hash(&mut self.hasher);
        moment.what.hash(&mut self.hasher);
        if !self.full && self.kept.len() == TAIL {
            self.kept.pop_front();
        }
        self.kept.push_back(moment);
    }

    /// The hash over everything, in hex, and what was kept.
    pub(super) fn finish(self) -> (String, Vec<Moment>) {
        use std::fmt::Write as _;
        let Bytes(mut sha, rest) = self.hasher;
        sha.update(&rest);
        let mut hex = String::with_capacity(64);
        for byte in sha.finalize() {
            // Writing to a text does not fail.
            let _ = write!(hex, "{byte:02x}");
        }
        (hex, self.kept.into())
    }
}

/// Collects what is hashed and hands it on in blocks.
#[derive(Debug)]
struct Bytes(Sha256, Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.1.extend_from_slice(bytes);
        if self.1.len() >= 4096 {
            self.0.update(&self.1);
            self.1.clear();
        }
    }

    fn finish(&self) -> u64 {
        0
    }
}
