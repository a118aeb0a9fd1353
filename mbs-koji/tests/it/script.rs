//! A transport that plays prepared answers and keeps what it was sent.

use async_trait::async_trait;
use mbs_core::clock::Clock as _;
use mbs_koji::rpc::xml::{Limits, MethodCall, Value, WireFault, encode_answer, encode_fault};
use mbs_koji::rpc::{HttpRequest, HttpResponse, Hub, Identity, Login, Transport, TransportError};
use mbs_testkit::SimClock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use url::Url;

/// A prepared answer.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Result(Value),
    Fault(i64, &'static str),
    /// Another status.
    Status(u16, Vec<(&'static str, String)>),
    /// A body that is no XML-RPC, with status 200.
    Body(&'static str),
    /// The request may have arrived.
    Broken,
    /// It did not.
    NoConnection,
    BadCertificate,
    /// No answer, ever.
    Hang,
    /// What the receiver of an upload says of it.
    Receipt,
}

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) call: Option<MethodCall>,
    pub(crate) request: HttpRequest,
    pub(crate) at: i64,
}

impl Seen {
    pub(crate) fn method(&self) -> &str {
        self.call.as_ref().map_or("upload", |call| &call.method)
    }

    pub(crate) fn number(&self) -> Option<u64> {
        self.request.header("Koji-Session-Callnum").map(|number| number.parse().expect("a number"))
    }
}

/// The transport.
pub(crate) struct Script {
    replies: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<Seen>>,
    pub(crate) clock: SimClock,
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        let replies = Mutex::new(replies.into_iter().collect());
        Arc::new(Self { replies, seen: Mutex::default(), clock: SimClock::default() })
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("nobody panics with it").clone()
    }

    /// Methods and call numbers in order.
    pub(crate) fn calls(&self) -> Vec<(String, Option<u64>)> {
        self.seen().iter().map(|seen| (seen.method().to_owned(), seen.number())).collect()
    }

    /// A hub behind this transport, with a password.
    pub(crate) fn hub(self: &Arc<Self>) -> Hub {
        self.builder().login(Login::new(password())).build()
    }

    pub(crate) fn builder(self: &Arc<Self>) -> mbs_koji::rpc::HubBuilder {
        let url = Url::parse("https://hub.example/kojihub").expect("an address");
        Hub::builder(url, Arc::clone(self) as Arc<dyn Transport>, Arc::new(self.clock.clone()))
    }

    /// Runs to the end in the time of the test, and checks that all answers were fetched.
    pub(crate) fn run<F: Future>(&self, future: F) -> F::Output {
        let output = self.clock.run(future).expect("something always happens");
        let left = self.replies.lock().expect("nobody panics with it");
        assert!(left.is_empty(), "not asked for: {left:?}");
        output
    }
}

pub(crate) fn password() -> Identity {
    Identity::Password { user: "mbs".into(), password: "top-secret".into() }
}

pub(crate) fn opened(id: i64, key: &str) -> Reply {
    Reply::Result(Value::from([
        ("session-id", Value::Int(id)),
        ("session-key", Value::from(key)),
        ("header-auth", Value::Bool(true)),
    ]))
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let call = MethodCall::decode(&request.body, &Limits::default()).ok();
        let at = self.clock.now().timestamp();
        self.seen.lock().expect("nobody panics with it").push(Seen { call, request: request.clone(), at });
        let reply = self.replies.lock().expect("nobody panics with it").pop_front();
        let ok = |text: String| Ok(HttpResponse { status: 200, headers: Vec::new(), body: text.into_bytes() });
        match reply.expect("an answer for every request") {
            Reply::Result(value) => ok(encode_answer(&value).expect("a value")),
            Reply::Fault(code, text) => ok(encode_fault(&WireFault { code, text: text.to_owned() })),
            Reply::Status(status, headers) => {
                let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                Ok(HttpResponse { status, headers, body: b"no".to_vec() })
            }
            Reply::Body(text) => ok(text.to_owned()),
            Reply::Broken => Err(TransportError::Broken { detail: "reset".to_owned() }),
            Reply::NoConnection => Err(TransportError::Connect { detail: "refused".to_owned() }),
            Reply::BadCertificate => Err(TransportError::Certificate { detail: "expired".to_owned() }),
            Reply::Hang => futures::future::pending().await,
            Reply::Receipt => {
                let value = Value::from([
                    ("size", Value::Int(i64::try_from(request.body.len()).expect("small"))),
                    ("hexdigest", Value::from(adler32(&request.body))),
                ]);
                ok(encode_answer(&value).expect("a value"))
            }
        }
    }
}

/// The checksum in the plainest way.
pub(crate) fn adler32(bytes: &[u8]) -> String {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    format!("{high:04x}{low:04x}")
}

/// The answer to a login as a text.
pub(crate) fn opened_text() -> String {
    let value = Value::from([
        ("session-id", Value::Int(100)),
        ("session-key", Value::from("0-key")),
        ("header-auth", Value::Bool(true)),
    ]);
    encode_answer(&value).expect("a value")
}
