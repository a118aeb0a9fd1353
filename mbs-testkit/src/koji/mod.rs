//! A Koji hub for tests: its rules for everything a module build needs, scriptable, counting, and able to fail.
//!
//! [`Hub`] holds the state and the rules and does no input or output. [`Front`] turns requests of HTTP into calls, counts
//! them ([`RequestLog`]) and lets things go wrong on the way ([`FaultPlan`]). [`FakeHub`] is the socket, on the loopback
//! interface only; the program `mbs-fake-hub` is that with a command line.
//!
//! ```text
//!  client ──HTTP──> FakeHub ──> Front ──call, upload──> Hub ──> users, tags, builds, tasks, repositories
//!                    socket     faults, counts           │
//!                                                  Script: how builds and repositories come out
//! ```
//!
//! Work on tasks goes on in ticks: every request that looks at tasks is one, so that a build "takes three polls" and no
//! test waits. What a repository holds is settled when its task begins, and a component gets its disttag from the macros
//! that are in its repository and its buildroot group, so that a client that does not wait builds wrong names.
//!
//! What it does not do: packages are not built and repositories have no files; a certificate is a name in
//! [`Front::certificate`]; drafts, volumes, hosts, policies other than those named in [`Script`], and Maven, Windows and
//! image builds are missing.
//!
//! # Example
//! ```
//! use mbs_koji::rpc::xml::{MethodCall, Value};
//! use mbs_testkit::koji::{Credentials, FakeHub, Hub, HubVersion, Injected, Outcome, Request, Rule};
//!
//! let mut hub = Hub::new(HubVersion::V1_35);
//! hub.admin("createTag", vec!["module-f42-build".into()])?;
//! hub.script().packages.insert("bash".to_owned(), [Outcome { polls: 3, ..Outcome::default() }].into());
//!
//! // Without a socket: log in and call.
//! let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("in range");
//! let login = hub.call(&Request::default(), MethodCall::new("login", vec!["mbs".into(), "mbs".into()]), now)?;
//! let (session, key) = (login.get("session-id").and_then(Value::as_int), login.get("session-key").and_then(Value::as_str));
//! let credentials = Credentials { session: session.unwrap(), key: key.unwrap().to_owned(), callnum: Some(0) };
//! let request = Request { credentials: Some(credentials), ..Request::default() };
//! let tag = hub.call(&request, MethodCall::new("createTag", vec!["module-x-1-1-c0ffee42".into()]), now)?;
//! assert_eq!(tag, Value::Int(2));
//!
//! // With one: give `url` to a client, then count.
//! let served = FakeHub::start(hub)?;
//! assert!(served.url().starts_with("http://127.0.0.1:"));
//! served.with(|front| front.plan.rules.push(Rule::method("build", Injected::ResetAfter)));
//! assert_eq!(served.requests().working(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod args;
mod calls;
mod fault;
mod http;
mod hub;
mod script;
mod sum;
mod table;
mod upload;
mod version;
mod work;
mod world;

pub use calls::Origin;
pub use fault::Fault;
pub use http::{FakeHub, FaultPlan, Front, Injected, RequestKind, RequestLog, Rule, Seen, Stop};
pub use hub::{Credentials, Hub, Request};
pub use script::{Binary, End, Outcome, Script};
pub use upload::Chunk;
pub use version::{HubVersion, UnknownVersion};
