//! Which requests came.

use crate::koji::hub::is_poll;
use std::collections::BTreeMap;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestKind {
    /// A login, a logout or another call about sessions.
    Session,
    /// A look at tasks and requests for repositories, and at nothing else.
    Poll,
    /// A part of a file.
    Upload,
    /// Everything else.
    Work,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number, from 1.
    pub number: u64,
    /// The method, or `upload`.
    pub method: String,
    /// The methods inside a multicall.
    pub members: Vec<String>,
    /// What it is for.
    pub kind: RequestKind,
    /// The number of the fault it was answered with.
    pub fault: Option<i64>,
    /// Did a fault between client and hub hit it?
    pub injected: bool,
}

/// All requests since the start, those that failed included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestLog {
    pub(super) seen: Vec<Seen>,
}

impl RequestLog {
    /// All, in order.
    pub fn all(&self) -> &[Seen] {
        &self.seen
    }

    /// How many.
    pub fn total(&self) -> usize {
        self.seen.len()
    }

    /// How many of a kind.
    pub fn of(&self, kind: RequestKind) -> usize {
        self.seen.iter().filter(|seen| seen.kind == kind).count()
    }

    /// How many that are no polls: what an orchestration is measured by.
    pub fn working(&self) -> usize {
        self.total() - self.of(RequestKind::Poll)
    }

    /// How often a method was called, multicalls included.
    pub fn calls(&self, method: &str) -> usize {
        let inside = |seen: &Seen| seen.members.iter().filter(|member| *member == method).count();
        self.seen.iter().map(|seen| inside(seen) + usize::from(seen.method == method)).sum()
    }

    /// Requests by method; calls inside a multicall do not count.
    pub fn by_method(&self) -> BTreeMap<&str, usize> {
        self.seen.iter().fold(BTreeMap::new(), |mut count, seen| {
            *count.entry(seen.method.as_str()).or_default() += 1;
            count
        })
    }
}

/// What a request with these calls is for.
pub(super) fn kind(method: &str, members: &[String]) -> RequestKind {
    let poll = |name: &str| is_poll(name) || name == "listBuilds";
    match method {
        "upload" => RequestKind::Upload,
        "login" | "sslLogin" | "logout" | "subsession" | "exclusiveSession" | "sharedSession" => RequestKind::Session,
        "multiCall" | "system.multicall"
            if members.iter().all(|name| poll(name)) && members.iter().any(|name| is_poll(name)) =>
        {
            RequestKind::Poll
        }
        name if is_poll(name) => RequestKind::Poll,
        _ => RequestKind::Work,
    }
}
