//! An async client of a Koji hub.

pub mod calls;
mod checksum;
mod client;
pub mod config;
mod http;
mod login;
mod secret;
pub mod xml;

pub use client::{
    Answers, Call, CallError, Effect, Fault, FaultKind, Handle, Hub, HubBuilder, MemberError, Multicall, Outcome,
    RetryPolicy, SplitLimits, Trouble, UploadError, UploadSource, UploadTarget,
};
pub use http::{HttpRequest, HttpResponse, HttpTransport, Transport, TransportError};
pub use login::{CurlTransport, Identity, Login, LoginError, NegotiateError, Negotiation, Negotiator, SystemGssapi};
pub use secret::Secret;
