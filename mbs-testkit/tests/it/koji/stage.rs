//! A hub with a session on it.

use chrono::{DateTime, TimeDelta, Utc};
use mbs_koji::rpc::xml::{KEYWORD_MARK, MethodCall, Value};
use mbs_testkit::koji::{Chunk, Credentials, Fault, Hub, HubVersion, Origin, Request};

/// A hub, one session of `mbs`, and a clock that goes on by a second with each call.
pub(super) struct Stage {
    pub(super) hub: Hub,
    pub(super) request: Request,
    pub(super) now: DateTime<Utc>,
}

/// Keyword arguments.
pub(super) fn keywords<const N: usize>(members: [(&str, Value); N]) -> Value {
    let Value::Struct(mut members) = Value::from(members) else { unreachable!("made from members") };
    members.insert(KEYWORD_MARK.to_owned(), true.into());
    Value::Struct(members)
}

pub(super) fn list<const N: usize>(items: [&str; N]) -> Value {
    items.map(Value::from).to_vec().into()
}

impl Stage {
    pub(super) fn new(version: HubVersion) -> Self {
        let now = DateTime::from_timestamp_micros(1_795_215_322_123_456).expect("in range");
        let mut stage = Self { hub: Hub::new(version), request: Request::default(), now };
        stage.request = stage.login("mbs");
        stage
    }

    /// A session of a user, which counts its calls from 0.
    pub(super) fn login(&mut self, user: &str) -> Request {
        let call = MethodCall::new("login", vec![user.into(), user.into()]);
        let answer = self.hub.call(&Request::default(), call, self.now).expect("the password is right");
        let session = answer.get("session-id").and_then(Value::as_int).expect("an id");
        let key = answer.get("session-key").and_then(Value::as_str).expect("a key").to_owned();
        Request { credentials: Some(Credentials { session, key, callnum: Some(0) }), origin: Origin::default() }
    }

    /// A call of the session, with the next number.
    pub(super) fn call(&mut self, method: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
        let request = self.request.clone();
        if let Some(credentials) = &mut self.request.credentials {
            credentials.callnum = credentials.callnum.map(|number| number + 1);
        }
        self.call_with(&request, method, arguments)
    }

    /// A call as it is given. One that faults must leave everything as it was.
    pub(super) fn call_with(&mut self, request: &Request, method: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
        self.now += TimeDelta::milliseconds(1001);
        self.hub.call(request, MethodCall::new(method, arguments), self.now)
    }

    /// A call that has to end well.
    #[track_caller]
    pub(super) fn good(&mut self, method: &str, arguments: Vec<Value>) -> Value {
        self.call(method, arguments).unwrap_or_else(|fault| panic!("`{method}`: {fault}"))
    }

    /// The number of the fault of a call.
    #[track_caller]
    pub(super) fn code(&mut self, method: &str, arguments: Vec<Value>) -> i64 {
        self.call(method, arguments).expect_err(method).code
    }

    pub(super) fn tick(&mut self) {
        self.now += TimeDelta::milliseconds(1001);
        self.hub.tick(self.now);
    }

    pub(super) fn upload(&mut self, folder: &str, name: &str, bytes: &[u8]) -> Result<Value, Fault> {
        let request = self.request.clone();
        self.upload_with(&request, folder, name, bytes)
    }

    pub(super) fn upload_with(
        &mut self,
        request: &Request,
        folder: &str,
        name: &str,
        bytes: &[u8],
    ) -> Result<Value, Fault> {
        let chunk = Chunk {
            filename: name.to_owned(),
            filepath: folder.to_owned(),
            fileverify: Some("adler32".to_owned()),
            offset: 0,
            overwrite: true,
        };
        self.hub.upload(request, &chunk, bytes, self.now)
    }

    /// Makes tasks that are cancelled until the next one gets this number.
    pub(super) fn pad_tasks(&mut self, next: i64) {
        loop {
            let task = self.hub.admin("newRepo", vec![1i64.into()]).expect("an admin");
            self.hub.admin("cancelTask", vec![task.clone()]).expect("an admin");
            if task == Value::Int(next - 1) {
                return;
            }
            assert!(task.as_int() < Some(next), "task {task:?} is past {next}");
        }
    }
}
