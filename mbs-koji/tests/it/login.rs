//! Logging in by password, certificate and ticket.

use crate::script::{Reply, Script, opened, password};
use async_trait::async_trait;
use mbs_koji::rpc::xml::{Value, encode_base64};
use mbs_koji::rpc::{CallError, Hub, Identity, Login, LoginError, NegotiateError, Negotiation, Negotiator, Transport};
use std::sync::{Arc, Mutex};
use url::Url;

fn login_error(error: CallError) -> LoginError {
    match error {
        CallError::Login { source, .. } => *source,
        other => panic!("{other}"),
    }
}

#[test]
fn a_wrong_password_is_refused_once_and_never_shown() {
    let script = Script::new([Reply::Fault(1002, "invalid username or password")]);
    let hub = script.builder().login(Login::new(password())).build();
    let error = script.run(hub.log_in()).expect_err("refused");
    assert!(!format!("{error} {error:?} {:?}", script.seen()[0].request).contains("top-secret"));
    assert!(matches!(login_error(error), LoginError::Refused(_)));
    assert_eq!(script.seen()[0].method(), "login");
}

#[test]
fn a_hub_in_maintenance_is_waited_for() {
    let script = Script::new([Reply::NoConnection, Reply::Fault(1014, "offline"), Reply::Broken, opened(1, "k")]);
    script.run(script.hub().log_in()).expect("a session");
}

#[test]
fn something_else_than_a_session_is_told() {
    let script = Script::new([Reply::Result(Value::from("0-secret-key"))]);
    let error = script.run(script.hub().log_in()).expect_err("a text");
    assert!(!error.to_string().contains("secret-key"));
    assert!(matches!(login_error(error), LoginError::Answer(_)));
}

/// Runs a login by certificate: what the direct connection and the other one say.
fn by_certificate(
    direct: Vec<Reply>,
    other: Option<Vec<Reply>>,
) -> (Result<(), CallError>, Arc<Script>, Option<Arc<Script>>) {
    let main = Script::new([]);
    let (direct, other) = (Script::new(direct), other.map(Script::new));
    let identity = Identity::Certificate {
        direct: Arc::clone(&direct) as Arc<dyn Transport>,
        other: other.clone().map(|other| other as Arc<dyn Transport>),
    };
    let hub = main.builder().login(Login::new(identity)).build();
    (main.run(hub.log_in()), direct, other)
}

#[test]
fn a_certificate_is_shown_below_the_hubs_address_only() {
    let (result, direct, _) = by_certificate(vec![opened(1, "k")], Some(vec![]));
    result.expect("a session");
    let seen = &direct.seen()[0];
    assert_eq!(seen.request.url.path(), "/kojihub/ssllogin");
    let call = seen.call.as_ref().expect("a call");
    assert_eq!((call.method.as_str(), call.keywords.get("proxyuser")), ("sslLogin", Some(&Value::Nil)));
}

#[test]
fn a_hub_that_asks_for_the_certificate_later_gets_it_another_way() {
    for unseen in [Reply::Status(403, vec![]), Reply::Broken, Reply::Fault(1002, "no certificate")] {
        let (result, direct, other) = by_certificate(vec![unseen], Some(vec![opened(1, "k")]));
        result.expect("a session");
        assert_eq!((direct.seen().len(), other.expect("another way").seen().len()), (1, 1));
    }
    let (result, ..) = by_certificate(vec![Reply::Status(403, vec![])], Some(vec![Reply::Status(403, vec![])]));
    let error = login_error(result.expect_err("refused both ways"));
    assert!(matches!(error, LoginError::BothWays { .. }), "{error}");
    let (result, ..) = by_certificate(vec![Reply::Status(403, vec![])], Some(vec![Reply::Fault(1002, "unknown user")]));
    assert!(matches!(login_error(result.expect_err("refused")), LoginError::Refused(_)));
    let (result, ..) = by_certificate(vec![Reply::Status(403, vec![])], None);
    assert!(matches!(login_error(result.expect_err("refused")), LoginError::Unreachable { tries: 1, .. }));
}

/// Tokens that count.
struct Counting {
    steps: Arc<Mutex<Tokens>>,
    ticket: bool,
}

#[async_trait]
impl Negotiator for Counting {
    async fn start(&self, host: &str) -> Result<Box<dyn Negotiation>, NegotiateError> {
        assert_eq!(host, "hub.example");
        Ok(Box::new(Counting { steps: Arc::clone(&self.steps), ticket: self.ticket }))
    }
}

#[async_trait]
impl Negotiation for Counting {
    async fn step(&mut self, token: Option<Vec<u8>>) -> Result<Vec<u8>, NegotiateError> {
        if !self.ticket {
            return Err(NegotiateError::Expired { detail: "Ticket expired".to_owned() });
        }
        let mut steps = self.steps.lock().expect("nobody panics with it");
        steps.push(token);
        Ok(format!("token {}", steps.len()).into_bytes())
    }
}

type Tokens = Vec<Option<Vec<u8>>>;

fn by_ticket(replies: Vec<Reply>, ticket: bool) -> (Result<(), CallError>, Arc<Script>, Tokens) {
    let script = Script::new(replies);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let negotiator = Arc::new(Counting { steps: Arc::clone(&steps), ticket });
    let hub = script.builder().login(Login::new(Identity::Ticket { negotiator }).proxy_user("mbs")).build();
    let result = script.run(hub.log_in());
    let steps = steps.lock().expect("nobody panics with it").clone();
    (result, script, steps)
}

#[test]
fn tokens_are_exchanged_until_the_hub_answers() {
    let challenge = vec![("www-authenticate", format!("Negotiate {}", encode_base64(b"theirs")))];
    let (result, script, steps) = by_ticket(vec![Reply::Status(401, challenge.clone()), opened(1, "k")], true);
    result.expect("a session");
    assert_eq!(steps, [None, Some(b"theirs".to_vec())]);
    let seen = script.seen();
    for (seen, token) in seen.iter().zip(["token 1", "token 2"]) {
        let expected = format!("Negotiate {}", encode_base64(token.as_bytes()));
        assert_eq!(seen.request.header("Authorization"), Some(expected.as_str()));
        assert_eq!(seen.call.as_ref().expect("a call").keywords.get("proxyuser"), Some(&Value::from("mbs")));
    }
    // Without a token of the server, or with ever more of them, it ends.
    let plain = vec![("www-authenticate", "Negotiate".to_owned())];
    let (result, ..) = by_ticket(vec![Reply::Status(401, plain)], true);
    assert_eq!(login_error(result.expect_err("refused")), LoginError::TicketRefused);
    let (result, ..) = by_ticket(vec![Reply::Status(401, challenge); 5], true);
    assert_eq!(login_error(result.expect_err("refused")), LoginError::TicketRefused);
}

#[test]
fn an_expired_ticket_says_what_to_do() {
    let (result, ..) = by_ticket(vec![], false);
    let error = result.expect_err("expired").to_string();
    assert_eq!(
        error,
        "login at hub `https://hub.example/kojihub`: the Kerberos ticket expired: Ticket expired; run `kinit`"
    );
}

#[test]
fn a_ticket_does_not_travel_without_encryption() {
    let script = Script::new([]);
    let negotiator = Arc::new(Counting { steps: Arc::default(), ticket: true });
    let url = Url::parse("http://hub.example/kojihub").expect("an address");
    let hub = Hub::builder(url, Arc::clone(&script) as Arc<dyn Transport>, Arc::new(script.clock.clone()));
    let hub = hub.login(Login::new(Identity::Ticket { negotiator })).build();
    let error = login_error(script.run(hub.log_in()).expect_err("refused"));
    assert_eq!(error, LoginError::NotEncrypted);
}
