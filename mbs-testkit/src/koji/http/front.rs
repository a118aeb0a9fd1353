//! From a request of HTTP to a reply, without input or output.

use super::log::{self, RequestLog, Seen};
use super::message::{Delivery, HttpRequest, Reply};
use super::plan::{FaultPlan, Injected, Stop};
use crate::koji::calls::Origin;
use crate::koji::fault::Fault;
use crate::koji::hub::{Credentials, Hub, Request, members};
use crate::koji::upload::Chunk;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_koji::rpc::xml::{Limits, MethodCall, Value, encode_answer, encode_fault};
use std::time::Duration;

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head><body>proxy error</body></html>\n";

/// A hub with its web server and all that can go wrong on the way to it.
#[derive(Debug, Clone)]
pub struct Front {
    /// The hub.
    pub hub: Hub,
    /// What is going to go wrong.
    pub plan: FaultPlan,
    /// The name in the certificate that every client shows where it is asked for one: at `ssllogin`. The header
    /// `X-Test-Certificate` of a request stands above it.
    pub certificate: Option<String>,
    /// How far the hub's clock is from that of the machine.
    pub clock: TimeDelta,
    log: RequestLog,
    stopped: bool,
}

impl Front {
    /// A hub of which every client holds the certificate of `mbs`.
    pub fn new(hub: Hub) -> Self {
        let (plan, log) = (FaultPlan::default(), RequestLog::default());
        Self { hub, plan, certificate: Some("mbs".to_owned()), clock: TimeDelta::zero(), log, stopped: false }
    }

    /// Which requests came.
    pub fn log(&self) -> &RequestLog {
        &self.log
    }

    /// Forgets which requests came; numbers begin at 1 again.
    pub fn clear_log(&mut self) {
        self.log = RequestLog::default();
    }

    /// Has it fallen silent?
    pub fn stopped(&self) -> bool {
        self.stopped
    }

    /// Ends the silence, and plans no other.
    pub fn resume(&mut self) {
        self.stopped = false;
        self.plan.stop = None;
    }

    /// The answer to a request.
    pub(super) fn handle(&mut self, request: &HttpRequest, now: DateTime<Utc>) -> Reply {
        let now = now + self.clock;
        if request.method != "POST" {
            let mut reply = Reply::new(405, "text/plain", "This server only handles POST requests.\n");
            reply.headers.push(("Allow", "POST".to_owned()));
            return reply;
        }
        let upload = request.headers.get("content-type").is_some_and(|kind| kind == "application/octet-stream");
        let call = if upload { Ok(MethodCall::new("upload", Vec::new())) } else { self.decode(request) };
        let call = match call {
            Ok(call) => call,
            Err(reply) => return reply,
        };
        let inside: Vec<String> = members(&call)
            .unwrap_or_default()
            .iter()
            .filter_map(|member| member.get("methodName")?.as_str().map(str::to_owned))
            .collect();
        let number = self.log.seen.len() as u64 + 1;
        if self.stopped || self.plan.stop == Some(Stop::Before(number)) {
            self.stopped = true;
            return silence();
        }
        let methods: Vec<&str> = inside.iter().map(String::as_str).chain([call.method.as_str()]).collect();
        let injected = self.plan.take(number, &methods);
        let (kind, method) = (log::kind(&call.method, &inside), call.method.clone());
        self.log.seen.push(Seen { number, method, members: inside, kind, fault: None, injected: injected.is_some() });
        let mut reply = self.answer(request, &call, injected, upload, now);
        reply.delay += self.plan.latency();
        if self.plan.stop == Some(Stop::After(number)) {
            self.stopped = true;
            return silence();
        }
        reply
    }

    fn decode(&self, request: &HttpRequest) -> Result<MethodCall, Reply> {
        let bad = |text: &str| Reply::new(400, "text/plain", format!("{text}\n"));
        if request.body.is_empty() {
            return Err(bad("Empty request"));
        }
        if request.body.len() > self.hub.scripted().max_request {
            return Err(bad("Request too long"));
        }
        MethodCall::decode(&request.body, &Limits::default()).map_err(|_| bad("Bad request"))
    }

    fn answer(
        &mut self,
        request: &HttpRequest,
        call: &MethodCall,
        injected: Option<Injected>,
        upload: bool,
        now: DateTime<Utc>,
    ) -> Reply {
        let run = |front: &mut Self| {
            let result = if upload { front.upload(request, now) } else { front.call(request, call.clone(), now) };
            front.reply(result)
        };
        match injected {
            None => run(self),
            Some(Injected::Status(status)) => Reply::new(status, "text/html", PAGE),
            Some(Injected::Html) => Reply::new(200, "text/html", PAGE),
            Some(Injected::ResetBefore) => silence(),
            Some(Injected::ResetAfter) => Reply { delivery: Delivery::Nothing, ..run(self) },
            Some(Injected::Cut(bytes)) => Reply { delivery: Delivery::Cut(bytes), ..run(self) },
            Some(Injected::Twice) => {
                run(self);
                run(self)
            }
            Some(Injected::TwiceFirst) => {
                let first = run(self);
                run(self);
                first
            }
            Some(Injected::Fault { code, text }) => self.reply(Err(Fault { code, text })),
            Some(Injected::Late(milliseconds)) => Reply { delay: Duration::from_millis(milliseconds), ..run(self) },
            Some(Injected::Expire) => {
                self.hub.expire_sessions();
                run(self)
            }
        }
    }

    fn reply(&mut self, result: Result<Value, Fault>) -> Reply {
        let result = result.and_then(|value| encode_answer(&value).map_err(|error| Fault::other(error.to_string())));
        let body = result.unwrap_or_else(|fault| {
            if let Some(seen) = self.log.seen.last_mut() {
                seen.fault = Some(fault.code);
            }
            encode_fault(&fault.into())
        });
        let mut reply = Reply::new(200, "text/xml", body);
        if self.hub.version().version_header() {
            reply.headers.push(("Koji-Version", self.hub.version().release().to_owned()));
        }
        reply
    }

    fn call(&mut self, request: &HttpRequest, call: MethodCall, now: DateTime<Utc>) -> Result<Value, Fault> {
        let given = self.request(request);
        self.hub.call(&given, call, now)
    }

    fn upload(&mut self, request: &HttpRequest, now: DateTime<Utc>) -> Result<Value, Fault> {
        let part = |name: &str| request.query.get(name).cloned();
        let offset = part("offset").unwrap_or_else(|| "0".to_owned());
        let chunk = Chunk {
            filename: part("filename").ok_or_else(|| Fault::other("<class 'KeyError'>: 'filename'"))?,
            filepath: part("filepath").ok_or_else(|| Fault::other("<class 'KeyError'>: 'filepath'"))?,
            fileverify: part("fileverify"),
            offset: offset.parse().map_err(|_| Fault::other(format!("<class 'ValueError'>: offset {offset}")))?,
            overwrite: request.query.contains_key("overwrite"),
        };
        let given = self.request(request);
        self.hub.upload(&given, &chunk, &request.body, now)
    }

    /// The session and the certificate of a request, as the release reads them.
    fn request(&self, request: &HttpRequest) -> Request {
        let version = self.hub.version();
        let header = |name: &str| request.headers.get(name);
        let number = |text: Option<&String>| text.and_then(|text| text.parse().ok());
        let in_headers = || {
            let (session, key) = (number(header("koji-session-id"))?, header("koji-session-key")?.clone());
            Some(Credentials { session, key, callnum: number(header(version.callnum_header())) })
        };
        let in_query = || {
            let part = |name: &str| request.query.get(name);
            let (session, key) = (number(part("session-id"))?, part("session-key")?.clone());
            Some(Credentials { session, key, callnum: number(part("callnum")) })
        };
        let mut credentials = if version.header_sessions() { in_headers() } else { None };
        if credentials.is_none() && (self.hub.scripted().url_sessions || !version.header_sessions()) {
            credentials = in_query();
        }
        // The web server asks for a certificate at this one place.
        let asked = request.path.ends_with("/ssllogin");
        let certificate = header("x-test-certificate").cloned().or_else(|| self.certificate.clone());
        let origin = Origin {
            certificate: certificate.filter(|name| asked && !name.is_empty()),
            principal: header("x-test-principal").cloned().filter(|_| asked),
        };
        Request { credentials, origin }
    }
}

fn silence() -> Reply {
    Reply { delivery: Delivery::Nothing, ..Reply::new(503, "text/plain", "") }
}
