//! Why a call failed.

use super::fault::Fault;
use crate::rpc::http::TransportError;
use crate::rpc::login::LoginError;
use crate::rpc::xml::XmlError;
use mbs_core::{Blame, builder::Retry};

/// What an exchange with a hub ended in instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// No complete answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// An answer with another status than 200.
    #[error("HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// An answer that is no XML-RPC.
    #[error("the answer is no XML-RPC: {0}")]
    Body(XmlError),
    /// A fault that tells of a state which passes.
    #[error(transparent)]
    Fault(Fault),
}

impl Trouble {
    /// May the call have had its effect?
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Transport(error) => error.may_have_arrived(),
            // The hub never ran what it refused as a request.
            Self::Status { status } => !matches!(status, 300..=499),
            Self::Body(_) => true,
            Self::Fault(_) => false,
        }
    }

    /// May it be over soon?
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Transport(error) => error.may_pass(),
            Self::Status { status } => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Body(error) => error.is_transient(),
            Self::Fault(_) => true,
        }
    }
}

/// Why a call failed. `method` names the call; arguments are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The hub refused it. It had no effect.
    #[error("`{method}`: {fault}")]
    Fault {
        /// The call.
        method: String,
        /// The hub's words.
        #[source]
        fault: Fault,
    },
    /// The hub could not be asked. The call had no effect.
    #[error("`{method}`: hub `{hub}`: {trouble} (given up after {tries} tries)")]
    Unreachable {
        /// The call.
        method: String,
        /// Address of the hub.
        hub: String,
        /// How often it was tried.
        tries: u32,
        /// What the last try ended in.
        #[source]
        trouble: Trouble,
    },
    /// It was sent, and whether it had its effect is not known. Read the state before it is sent again.
    #[error(
        "`{method}`: hub `{hub}`: {trouble}; whether the call was done is not known (given up after {tries} tries)"
    )]
    FateUnknown {
        /// The call.
        method: String,
        /// Address of the hub.
        hub: String,
        /// How often it was tried.
        tries: u32,
        /// What the last try ended in.
        #[source]
        trouble: Trouble,
    },
    /// It had its effect, and the answer, which the caller needs, is lost. Read the state.
    #[error("`{method}`: the call is done, but its answer was lost")]
    AnswerLost {
        /// The call.
        method: String,
    },
    /// The hub answered with a value of another type.
    #[error("`{method}`: the answer is not what this call gives: {source}")]
    Answer {
        /// The call.
        method: String,
        /// What is wrong.
        source: XmlError,
    },
    /// The arguments cannot be written as XML-RPC.
    #[error("`{method}`: an argument {source}")]
    Argument {
        /// The call.
        method: String,
        /// What is wrong.
        source: XmlError,
    },
    /// The arguments are more than a hub reads.
    #[error("`{method}`: a request of {size} bytes, more than the {limit} that a hub reads")]
    TooLarge {
        /// The call.
        method: String,
        /// Length in bytes.
        size: usize,
        /// Greatest length.
        limit: usize,
    },
    /// The login failed.
    #[error("login at hub `{hub}`: {source}")]
    Login {
        /// Address of the hub.
        hub: String,
        /// Why.
        source: Box<LoginError>,
    },
}

impl CallError {
    /// The fault, if the hub refused the call.
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault { fault, .. } => Some(fault),
            _ => None,
        }
    }

    /// May the call have had its effect, so that the state has to be read before it is made again?
    pub fn is_doubtful(&self) -> bool {
        matches!(self, Self::FateUnknown { .. } | Self::AnswerLost { .. } | Self::Answer { .. })
    }

    /// Whose it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Fault { fault, .. } => fault.blame(),
            Self::Argument { .. } => Blame::Unspecified,
            _ => Blame::Infra,
        }
    }

    /// Whether to make the call again. After a doubtful end that is [`Retry::Never`]: read the state first.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Fault { fault, .. } => fault.retry(),
            Self::Unreachable { .. } => Retry::Exhausted,
            Self::Login { source, .. } => source.retry(),
            _ => Retry::Never,
        }
    }
}
