//! Opening a session: by password, client certificate or Kerberos ticket.

mod curl;
mod error;
mod gssapi;
mod library;
mod method;
mod negotiate;

pub use curl::CurlTransport;
pub use error::LoginError;
pub use gssapi::SystemGssapi;
pub(in crate::rpc) use method::{Door, Failed};
pub use method::{Identity, Login};
pub use negotiate::{NegotiateError, Negotiation, Negotiator};
