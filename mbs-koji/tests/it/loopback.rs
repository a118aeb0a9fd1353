//! The transport over the network, against a small server that follows a script.

use crate::script::opened_text;
use mbs_koji::rpc::{
    CallError, HttpTransport, Hub, Identity, Login, RetryPolicy, Transport, TransportError, Trouble, calls,
};
use mbs_testkit::SimClock;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What the server does with a request.
#[derive(Clone)]
enum Act {
    /// Answers with these bytes and closes.
    Raw(String),
    /// Closes without a word.
    Close,
}

fn http(status: &str, body: &str) -> Act {
    Act::Raw(format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8(bytes.clone()).expect("text");
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
            if body.len() >= length.expect("every request tells its length") {
                return text;
            }
        }
        let n = stream.read(&mut buffer).await.expect("a request");
        assert!(n > 0, "a whole request");
        bytes.extend_from_slice(&buffer[..n]);
    }
}

/// Serves one request per act; gives the address and what was asked.
async fn serve(acts: Vec<Act>) -> (Url, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url =
        Url::parse(&format!("http://{}/kojihub", listener.local_addr().expect("an address"))).expect("an address");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&seen);
    tokio::spawn(async move {
        for act in acts {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let request = request(&mut stream).await;
            all.lock().expect("nobody panics with it").push(request);
            if let Act::Raw(text) = act {
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (url, seen)
}

fn hub(url: Url) -> Hub {
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(None, None).expect("TLS"));
    // Repeats follow at once, so that nobody has to wait.
    let policy = RetryPolicy { longest_pause: Duration::ZERO, tries: 3, ..RetryPolicy::default() };
    let login = Login::new(Identity::Password { user: "mbs".into(), password: "pw".into() });
    Hub::builder(url, transport, Arc::new(SimClock::default())).login(login).policy(policy).build()
}

const FIVE: &str = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><int>5</int></value>\n</param>\n</params>\n</methodResponse>\n";

#[tokio::test]
async fn requests_are_posts_with_a_length_and_the_session() {
    let (url, seen) = serve(vec![http("200 OK", &opened_text()), http("200 OK", FIVE)]).await;
    let hub = hub(url);
    // The futures may travel between threads.
    let id = tokio::spawn(async move { hub.call(calls::create_tag("t", &calls::TagChange::default())).await });
    assert_eq!(id.await.expect("no panic").expect("an answer"), 5);
    let seen = seen.lock().expect("nobody panics with it");
    assert!(seen[0].starts_with("POST /kojihub HTTP/1.1\r\n"), "{}", seen[0]);
    let head = seen[1].split_once("\r\n\r\n").expect("a head").0.to_lowercase();
    for line in ["content-type: text/xml", "user-agent: koji/1", "koji-session-id: 100", "koji-session-callnum: 0"] {
        assert!(head.contains(&format!("\r\n{line}")), "{head}");
    }
    assert!(!head.contains("transfer-encoding"), "{head}");
}

#[tokio::test]
async fn answers_that_are_cut_or_missing_are_asked_for_again() {
    let cut = Act::Raw(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", FIVE.len(), &FIVE[..60]));
    let short = http("200 OK", &FIVE[..60]);
    let (url, seen) = serve(vec![
        http("200 OK", &opened_text()),
        cut,
        short,
        Act::Close,
        http("502 Bad Gateway", "no"),
        http("200 OK", FIVE),
    ])
    .await;
    let hub = hub(url);
    let id = hub.call(calls::create_tag("t", &calls::TagChange::default())).await.expect("an answer");
    assert_eq!(id, 5);
    let seen = seen.lock().expect("nobody panics with it");
    assert!(seen[1..].iter().all(|request| request.to_lowercase().contains("koji-session-callnum: 0\r\n")));
}

#[tokio::test]
async fn other_addresses_are_not_followed() {
    let moved = Act::Raw("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x?session-key=1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".into());
    let (url, _) = serve(vec![moved]).await;
    let error = hub(url).read(calls::list_methods()).await.expect_err("moved");
    assert!(
        matches!(error, CallError::Unreachable { trouble: Trouble::Status { status: 302 }, tries: 1, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn nobody_there_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let transport = HttpTransport::new(None, None).expect("TLS");
    let request = mbs_koji::rpc::HttpRequest {
        url: Url::parse(&format!("http://{address}/kojihub?session-key=topsecret")).expect("an address"),
        headers: vec![],
        body: b"x".as_slice().into(),
        answer_limit: 100,
    };
    let error = transport.send(request).await.expect_err("nobody");
    assert!(matches!(error, TransportError::Connect { .. }) && !error.to_string().contains("topsecret"), "{error}");
}

#[tokio::test]
async fn a_long_answer_is_not_read_to_its_end() {
    let (url, _) = serve(vec![http("200 OK", &"x".repeat(10_000))]).await;
    let transport = HttpTransport::new(None, None).expect("TLS");
    let request = mbs_koji::rpc::HttpRequest { url, headers: vec![], body: b"x".as_slice().into(), answer_limit: 100 };
    assert_eq!(transport.send(request).await.expect_err("long"), TransportError::TooLarge { limit: 100 });
}
