//! An async client of a Koji hub.
//!
//! ```text
//! calls::get_tag("f42") -> Call<Option<Tag>>        what to ask, with the type of the result
//!        |            \
//!   Hub::read       Multicall::add -> Handle         alone, or many in one request
//!   Hub::call         Hub::multicall
//!   Hub::submit       Answers::get(handle)
//!        |
//!   session, call number, repeats                    what is safe to send again, and when to stop
//!        |
//!   Transport                                        reqwest; curl for late certificates; a script in tests
//! ```
//!
//! * [`Hub::read`] needs no login and runs beside other requests. [`Hub::call`] and [`Hub::submit`] use the session.
//! * A call whose answer is lost is sent again with its number. If the hub has done it, the outcome is
//!   [`Outcome::AlreadyDone`]; if that cannot be known, the error is [`CallError::FateUnknown`]. Nothing is ever done twice.
//! * [`calls`] has the calls a module build needs; any other is made with [`Call::read`] and [`Call::write`].
//! * [`config`] reads Koji's own profiles. Time comes from a [`Clock`](mbs_core::clock::Clock), so tests do not wait.
//!
//! # Example
//!
//! A transport of three lines stands for the hub here; [`HttpTransport`] or [`config::Profile::connect`] reach a real one.
//!
//! ```
//! use async_trait::async_trait;
//! use mbs_koji::rpc::xml::encode_answer;
//! use mbs_koji::rpc::{Hub, HttpRequest, HttpResponse, Multicall, Transport, TransportError, calls};
//! use mbs_testkit::SimClock;
//! use std::sync::Arc;
//!
//! struct OneTask;
//!
//! #[async_trait]
//! impl Transport for OneTask {
//!     async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
//!         let task = std::collections::BTreeMap::from([("id", 7), ("state", 2)]);
//!         let body = encode_answer(&[[[Some(task), None]]]).expect("a small answer");
//!         Ok(HttpResponse { status: 200, headers: vec![], body: body.into_bytes() })
//!     }
//! }
//!
//! let clock = SimClock::default();
//! let url = "https://koji.example.org/kojihub".parse()?;
//! let hub = Hub::builder(url, Arc::new(OneTask), Arc::new(clock.clone())).build();
//!
//! let mut together = Multicall::new();
//! let tasks = together.add(calls::get_task_infos(&[7, 8], false));
//! let answers = clock.run(hub.read_all(together))??;
//! let tasks = answers.get(tasks)?;
//! assert_eq!(tasks[0].as_ref().map(|task| task.state), Some(calls::TaskState::Closed));
//! assert!(tasks[1].is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
