//! A hub that counts what it does, behind a network that loses, repeats and delays: nothing is done twice, and what the
//! caller is told is true.

use async_trait::async_trait;
use mbs_koji::rpc::xml::{Limits, MethodCall, Value, WireFault, encode_answer, encode_fault};
use mbs_koji::rpc::{
    Call, CallError, HttpRequest, HttpResponse, Hub, Identity, Login, Outcome, RetryPolicy, Transport, TransportError,
};
use mbs_testkit::SimClock;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// What befalls a request.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Good,
    /// It does not arrive.
    Lost,
    /// Its answer does not.
    AnswerLost,
    /// It arrives twice, and the second answer comes.
    Twice,
    /// It arrives a second time, after the next one.
    Late,
    /// The session expires before.
    Expired,
    /// The session is closed before.
    Closed,
    /// The hub is in maintenance.
    Offline,
}

#[derive(Default)]
struct State {
    fates: Vec<Fate>,
    /// Sessions: the last number that committed something, and whether it expired.
    sessions: BTreeMap<String, (Option<i64>, bool)>,
    opened: usize,
    late: Vec<HttpRequest>,
    done: BTreeMap<i64, u32>,
}

struct Model(Mutex<State>);

fn fault(code: i64) -> String {
    encode_fault(&WireFault { code, text: "no".to_owned() })
}

impl State {
    /// The hub's answer to one request.
    fn serve(&mut self, request: &HttpRequest) -> String {
        let call = MethodCall::decode(&request.body, &Limits::default()).expect("a call");
        let key = request.header("Koji-Session-Key").map(str::to_owned);
        let number: Option<i64> =
            request.header("Koji-Session-Callnum").map(|number| number.parse().expect("a number"));
        let mut stored = None;
        if let Some(key) = &key {
            let Some((last, expired)) = self.sessions.get(key).copied() else { return fault(1002) };
            if expired && call.method != "login" {
                return fault(1007);
            }
            match (last, number) {
                (Some(last), Some(number)) if number == last => return fault(1009),
                (Some(last), Some(number)) if number < last => return fault(1008),
                _ => stored = last,
            }
        }
        let id = match (call.method.as_str(), &key) {
            ("login", _) => {
                self.opened += 1;
                let new = format!("key-{}", self.opened);
                // A renewal keeps the last number under a new key.
                if let Some(key) = &key {
                    self.sessions.remove(key);
                }
                self.sessions.insert(new.clone(), (stored, false));
                let id = if key.is_some() { 1 } else { i64::try_from(self.opened).expect("few") };
                return encode_answer(&Value::from([
                    ("session-id", Value::Int(id)),
                    ("session-key", Value::from(new)),
                    ("header-auth", Value::Bool(true)),
                ]))
                .expect("a value");
            }
            (_, None) => return fault(1004),
            ("read", Some(_)) => return encode_answer(&self.done.len()).expect("a number"),
            (_, Some(key)) => {
                self.sessions.insert(key.clone(), (number, false));
                call.arguments[0].as_int().expect("which")
            }
        };
        *self.done.entry(id).or_default() += 1;
        encode_answer(&id).expect("a number")
    }
}

#[async_trait]
impl Transport for Model {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut state = self.0.lock().expect("nobody panics with it");
        let broken = || TransportError::Broken { detail: "reset".to_owned() };
        let fate = state.fates.pop().unwrap_or(Fate::Good);
        let body = match fate {
            Fate::Good => state.serve(&request),
            Fate::Lost => return Err(broken()),
            Fate::AnswerLost => {
                state.serve(&request);
                return Err(broken());
            }
            Fate::Twice => {
                state.serve(&request);
                state.serve(&request)
            }
            Fate::Late => {
                let answer = state.serve(&request);
                state.late.push(request);
                return Ok(HttpResponse { status: 200, headers: vec![], body: answer.into_bytes() });
            }
            Fate::Expired => {
                state.sessions.values_mut().for_each(|session| session.1 = true);
                state.serve(&request)
            }
            Fate::Closed => {
                state.sessions.clear();
                state.serve(&request)
            }
            Fate::Offline => fault(1014),
        };
        for late in std::mem::take(&mut state.late) {
            state.serve(&late);
        }
        Ok(HttpResponse { status: 200, headers: vec![], body: body.into_bytes() })
    }
}

fn any_fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Good),
        2 => Just(Fate::Lost),
        3 => Just(Fate::AnswerLost),
        2 => Just(Fate::Twice),
        2 => Just(Fate::Late),
        1 => Just(Fate::Expired),
        1 => Just(Fate::Closed),
        1 => Just(Fate::Offline),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_done_twice_and_what_is_told_is_true(fates in proptest::collection::vec(any_fate(), 0..60), patience in 0_u64..40) {
        let model = Arc::new(Model(Mutex::new(State { fates, ..State::default() })));
        let clock = SimClock::default();
        let url = Url::parse("https://hub.example/kojihub").expect("an address");
        let identity = Identity::Password { user: "u".into(), password: "p".into() };
        let policy = RetryPolicy { patience: Duration::from_secs(patience), ..RetryPolicy::default() };
        let hub = Hub::builder(url, Arc::clone(&model) as Arc<dyn Transport>, Arc::new(clock.clone()));
        let hub = hub.login(Login::new(identity)).policy(policy).build();
        let told = clock.run(async {
            let mut told = Vec::new();
            for id in 0..12_i64 {
                told.push(hub.submit(Call::<i64>::write("write").arg(id)).await);
                let read: Result<i64, CallError> = hub.call(Call::read("read")).await;
                if let Err(error) = read {
                    assert!(!error.is_doubtful(), "a read is never in doubt: {error}");
                }
            }
            told
        });
        let told = told.expect("it ends");
        let done = model.0.lock().expect("nobody panics with it").done.clone();
        for (id, told) in (0_i64..).zip(told) {
            let times = done.get(&id).copied().unwrap_or(0);
            match told {
                Ok(Outcome::Answer(answer)) => prop_assert_eq!((answer, times), (id, 1)),
                Ok(Outcome::AlreadyDone) => prop_assert_eq!(times, 1),
                Err(error) if error.is_doubtful() => prop_assert!(times <= 1),
                Err(error) => prop_assert_eq!(times, 0, "{}", error),
            }
        }
    }
}
