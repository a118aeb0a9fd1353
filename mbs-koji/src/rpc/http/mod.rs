//! How requests travel.

mod client;
mod tls;
mod transport;

pub use client::HttpTransport;
pub(in crate::rpc) use transport::shown;
pub use transport::{HttpRequest, HttpResponse, Transport, TransportError};
