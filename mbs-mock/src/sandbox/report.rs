//! What the children of a sandbox tell the process that started it, through a pipe.

use std::os::fd::BorrowedFd;

use rustix::io::Errno;

/// The step of the set-up that a child was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Stage {
    /// Root binds what the build user could not reach.
    Staging = 1,
    /// Root becomes the build user.
    Demotion,
    /// Making the user namespace and all others.
    Namespaces,
    /// Mapping the own user and group.
    IdentityMap,
    /// Starting the first process of the namespaces, and tying it to its parent.
    FirstProcess,
    /// Leaving the host's file tree.
    Pivot,
    /// One of the mounts; the detail is its index.
    Mount,
    /// Taking the loopback interface up, or setting the host name.
    Network,
    /// Starting the command's process: limits, streams, working folder.
    Command,
    /// Giving up capabilities.
    Privileges,
    /// Running the program.
    Execute,
}

impl Stage {
    const ALL: [Self; 11] = [
        Self::Staging,
        Self::Demotion,
        Self::Namespaces,
        Self::IdentityMap,
        Self::FirstProcess,
        Self::Pivot,
        Self::Mount,
        Self::Network,
        Self::Command,
        Self::Privileges,
        Self::Execute,
    ];

    /// The words for an error message: "the kernel refused ...".
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Staging => "binding the folders that the build user needs",
            Self::Demotion => "becoming the build user",
            Self::Namespaces => "making user, mount, process and network namespaces",
            Self::IdentityMap => "mapping the own user into the user namespace",
            Self::FirstProcess => "starting the first process of the namespaces",
            Self::Pivot => "leaving the file tree of the host",
            Self::Mount => "mounting",
            Self::Network => "setting up the network namespace",
            Self::Command => "preparing the process of the command",
            Self::Privileges => "giving up capabilities",
            Self::Execute => "running the program",
        }
    }
}

/// A set-up step that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The step.
    pub(super) stage: Stage,
    /// Which one of several.
    pub(super) detail: u32,
    /// Why.
    pub(super) errno: Errno,
}

/// Names the step of a failing system call.
pub(super) trait AtStage<T> {
    /// The error with its step.
    fn at(self, stage: Stage) -> Result<T, Fault>;
}

impl<T> AtStage<T> for Result<T, Errno> {
    fn at(self, stage: Stage) -> Result<T, Fault> {
        self.map_err(|errno| Fault { stage, detail: 0, errno })
    }
}

/// One message of a child. Shorter than `PIPE_BUF`, so that each arrives whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    /// The command is about to run, at this moment in nanoseconds of the monotonic clock.
    Began(u64),
    /// The command ended with this raw wait status.
    Ended {
        /// The status.
        status: i32,
        /// When, in nanoseconds of the monotonic clock.
        at: u64,
    },
    /// There was no command: a step of the set-up failed.
    Failed(Fault),
}

/// Bytes of a record.
const LENGTH: usize = 16;

impl Record {
    fn encode(self) -> [u8; LENGTH] {
        let words = match self {
            Self::Ended { status, at } => [0, low(at), high(at), status],
            Self::Began(at) => [2, low(at), high(at), 0],
            Self::Failed(fault) => [
                1,
                i32::try_from(fault.stage as u32).unwrap_or(0),
                i32::try_from(fault.detail).unwrap_or(i32::MAX),
                fault.errno.raw_os_error(),
            ],
        };
        let mut bytes = [0; LENGTH];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_ne_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut words = bytes.chunks_exact(4).filter_map(|word| word.try_into().ok().map(i32::from_ne_bytes));
        let (kind, stage, detail, value) = (words.next()?, words.next()?, words.next()?, words.next()?);
        match kind {
            0 => return Some(Self::Ended { status: value, at: joined(stage, detail) }),
            2 => return Some(Self::Began(joined(stage, detail))),
            _ => {}
        }
        let stage = Stage::ALL.into_iter().find(|known| i32::try_from(*known as u32) == Ok(stage))?;
        let detail = u32::try_from(detail).ok()?;
        Some(Self::Failed(Fault { stage, detail, errno: Errno::from_raw_os_error(value) }))
    }

    /// Writes the record; a reader that is gone needs none.
    pub(super) fn send(self, pipe: BorrowedFd<'_>) {
        let _ = rustix::io::write(pipe, &self.encode());
    }

    /// The record that decides the outcome: a failed step if there is one, else the end of the command.
    pub(super) fn verdict(bytes: &[u8]) -> Option<Self> {
        let records: Vec<Self> = bytes.chunks_exact(LENGTH).filter_map(Self::decode).collect();
        let failed = records.iter().find(|record| matches!(record, Self::Failed(_)));
        failed.or(records.iter().rfind(|record| matches!(record, Self::Ended { .. }))).copied()
    }

    /// From when to when the command ran.
    pub(super) fn span(bytes: &[u8]) -> Option<(u64, u64)> {
        let records = || bytes.chunks_exact(LENGTH).filter_map(Self::decode);
        let began = records().find_map(|record| if let Self::Began(at) = record { Some(at) } else { None });
        let ended = records().find_map(|record| if let Self::Ended { at, .. } = record { Some(at) } else { None });
        began.zip(ended)
    }
}

/// The lower half of a number.
fn low(number: u64) -> i32 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// The upper half.
fn high(number: u64) -> i32 {
    let [.., a, b, c, d] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// The number of two halves.
fn joined(low: i32, high: i32) -> u64 {
    u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_survives_the_pipe() {
        for stage in Stage::ALL {
            let record = Record::Failed(Fault { stage, detail: 7, errno: Errno::PERM });
            assert_eq!(Record::verdict(&record.encode()), Some(record));
        }
        let ended = Record::Ended { status: 256, at: u64::MAX - 1 };
        assert_eq!(Record::verdict(&ended.encode()), Some(ended));
        let bytes = [Record::Began(1 << 40 | 1 << 31).encode(), ended.encode()].concat();
        assert_eq!(Record::verdict(&bytes), Some(ended));
        assert_eq!(Record::span(&bytes), Some((1 << 40 | 1 << 31, u64::MAX - 1)));
    }

    #[test]
    fn a_failed_step_beats_the_exit_of_the_process_that_failed() {
        let failed = Record::Failed(Fault { stage: Stage::Execute, detail: 0, errno: Errno::NOENT });
        let bytes = [failed.encode(), Record::Ended { status: 127 << 8, at: 0 }.encode()].concat();
        assert_eq!(Record::verdict(&bytes), Some(failed));
    }

    #[test]
    fn no_or_half_a_record_is_no_verdict() {
        assert_eq!(Record::verdict(&[]), None);
        assert_eq!(Record::verdict(&Record::Began(1).encode()), None);
        assert_eq!(Record::verdict(&[0; LENGTH - 1]), None);
    }
}
