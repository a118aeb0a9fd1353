//! Why a login failed.

use super::negotiate::NegotiateError;
use crate::rpc::client::{Fault, FaultKind, Trouble};
use crate::rpc::xml::XmlError;
use mbs_core::builder::Retry;

/// Why a login failed. No password, key or ticket is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The client was made without a way to log in.
    #[error("this call needs a login, and none is set up; set `authtype` in the profile")]
    NoIdentity,
    /// XML cannot hold the user's name or password.
    #[error("the name of the user or the password holds a control character")]
    Unsendable,
    /// The hub refused who asks.
    #[error("refused: {0}")]
    Refused(Fault),
    /// The hub could not be asked.
    #[error("{trouble} (given up after {tries} tries)")]
    Unreachable {
        /// How often it was tried.
        tries: u32,
        /// What the last try ended in.
        #[source]
        trouble: Trouble,
    },
    /// The hub asks for the certificate in the middle of a connection, and the other way to show it failed too.
    #[error("the hub did not see the client certificate ({direct}); by `curl`: {other}")]
    BothWays {
        /// What our own connection ended in.
        direct: Trouble,
        /// What the other one ended in.
        #[source]
        other: Trouble,
    },
    /// No ticket, or the library of Kerberos is not there.
    #[error(transparent)]
    Negotiate(#[from] NegotiateError),
    /// A ticket would travel without encryption.
    #[error("login by Kerberos needs an address with `https`")]
    NotEncrypted,
    /// The hub does not end the exchange of tickets.
    #[error("the hub does not take the Kerberos ticket (HTTP status 401)")]
    TicketRefused,
    /// The hub answered with something else than a session.
    #[error("the answer is no session: {0}")]
    Answer(XmlError),
}

impl LoginError {
    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unreachable { .. } => Retry::Exhausted,
            Self::Refused(fault) if fault.kind() != FaultKind::Auth => fault.retry(),
            _ => Retry::Never,
        }
    }
}
