//! Users, permissions, sessions and uploaded files.

use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// How a user logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::koji) enum Way {
    Password = 0,
    Certificate = 2,
    Ticket = 3,
}

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct User {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) name: String,
    pub(in crate::koji) password: Option<String>,
    /// 0 a person, 1 a host.
    pub(in crate::koji) kind: i64,
    pub(in crate::koji) blocked: bool,
    pub(in crate::koji) permissions: BTreeSet<i64>,
}

/// A session of a user.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Session {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) key: String,
    pub(in crate::koji) user: i64,
    pub(in crate::koji) way: Way,
    pub(in crate::koji) master: Option<i64>,
    /// The number of the last call that committed something.
    pub(in crate::koji) callnum: Option<i64>,
    /// When it was begun or renewed.
    pub(in crate::koji) begun: DateTime<Utc>,
    pub(in crate::koji) exclusive: bool,
    pub(in crate::koji) expired: bool,
    pub(in crate::koji) closed: bool,
}

/// A folder of uploaded files.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::koji) struct Folder {
    pub(in crate::koji) owner: i64,
    pub(in crate::koji) files: BTreeMap<String, (Vec<u8>, Option<DateTime<Utc>>)>,
}
