//! Numbers of states.

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

macro_rules! states {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$variant_doc:meta])* $variant:ident = $number:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A number that is not known here.
            Unknown(i64),
        }

        impl $name {
            /// The hub's number.
            pub fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Unknown(number) => number,
                }
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::Unknown(other),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.number())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Reader;
                impl Visitor<'_> for Reader {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("the number of ", $what))
                    }

                    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$name, E> {
                        Ok(number.into())
                    }
                }
                deserializer.deserialize_i64(Reader)
            }
        }
    };
}

states!(
    /// State of a task.
    TaskState, "a task's state", {
        /// Waits for a host.
        Free = 0,
        /// Runs.
        Open = 1,
        /// Ended well.
        Closed = 2,
        /// Was cancelled.
        Canceled = 3,
        /// Has a host and waits for it.
        Assigned = 4,
        /// Ended badly.
        Failed = 5,
    }
);

impl TaskState {
    /// All states of a task that goes on.
    pub const ACTIVE: [Self; 3] = [Self::Free, Self::Open, Self::Assigned];

    /// Does it go on?
    pub fn is_active(self) -> bool {
        Self::ACTIVE.contains(&self)
    }
}

states!(
    /// State of a build.
    BuildState, "a build's state", {
        /// Its task runs.
        Building = 0,
        /// Done.
        Complete = 1,
        /// Its files are gone.
        Deleted = 2,
        /// Ended badly.
        Failed = 3,
        /// Was cancelled.
        Canceled = 4,
    }
);

states!(
    /// State of a repository.
    RepoState, "a repository's state", {
        /// Being made.
        Init = 0,
        /// Usable.
        Ready = 1,
        /// Replaced by a newer one.
        Expired = 2,
        /// Its files are gone.
        Deleted = 3,
        /// Could not be made.
        Problem = 4,
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_both_ways_and_new_ones_survive() {
        for number in 0..9 {
            assert_eq!(TaskState::from(number).number(), number);
        }
        assert_eq!(TaskState::from(5), TaskState::Failed);
        assert_eq!(TaskState::from(8), TaskState::Unknown(8));
        assert!(TaskState::Assigned.is_active() && !TaskState::Canceled.is_active());
        assert_eq!(BuildState::from(1), BuildState::Complete);
        assert_eq!(RepoState::from(1), RepoState::Ready);
    }
}
