//! The program `mbs-fake-hub`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

#[expect(clippy::disallowed_methods, reason = "the program is what is tested")]
fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mbs-fake-hub"))
}

/// Ends the program with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn help_is_printed_and_wrong_options_are_refused() {
    let help = program().arg("--help").output().expect("it starts");
    assert!(help.status.success() && help.stdout.starts_with(b"usage: mbs-fake-hub"));
    let wrong = program().args(["--hub-version", "2.0"]).output().expect("it starts");
    let said = String::from_utf8(wrong.stderr).expect("a text");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(said.contains("no hub version `2.0`: expected `1.29`, `1.30`, `1.34` or `1.35`"), "{said}");
}

#[test]
fn a_running_hub_is_steered_from_outside() {
    let started = program().args(["--hub-version", "1.30"]).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut running = Running(started);
    let mut url = String::new();
    BufReader::new(running.0.stdout.take().expect("a pipe")).read_line(&mut url).expect("the address");
    let address = url.trim().trim_start_matches("http://").trim_end_matches("/kojihub");
    let steer = |body: &str| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let length = body.len();
        write!(stream, "POST /control HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("sent");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("a reply");
        reply
    };
    let reply = steer(r#"{"calls": [{"method": "createTag", "params": ["base"]}], "script": {"repo_failures": 2}}"#);
    assert!(reply.starts_with("HTTP/1.1 200") && reply.contains(r#""results":[1]"#), "{reply}");
    assert!(steer(r#"{"colour": "red"}"#).starts_with("HTTP/1.1 400"));
}
