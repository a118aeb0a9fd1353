//! The system's `curl` program as a transport, for the one request that our TLS library cannot make.
//!
//! A server that wants a client certificate only below some address asks for it after it has read the request: by
//! renegotiation in TLS 1.2, by post-handshake authentication in 1.3. rustls does neither. `curl` does.

use crate::rpc::http::{HttpRequest, HttpResponse, Transport, TransportError};
use async_trait::async_trait;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Sends requests with the `curl` program. Everything it is told, secrets included, goes through its standard input, so
/// that its command line shows nothing.
#[derive(Debug, Clone)]
pub struct CurlTransport {
    program: OsString,
    certificate: PathBuf,
    authority: Option<PathBuf>,
}

impl CurlTransport {
    /// `certificate` is a PEM file with a key and its certificate, `authority` one with the authorities that the hub's
    /// certificate may be of, instead of the machine's.
    pub fn new(certificate: impl Into<PathBuf>, authority: Option<PathBuf>) -> Self {
        Self { program: "curl".into(), certificate: certificate.into(), authority }
    }

    /// Another program than the first `curl` in the search path.
    pub fn program(mut self, program: impl Into<OsString>) -> Self {
        self.program = program.into();
        self
    }

    /// The configuration for one request. HTTP/2 knows neither way of asking for a certificate later.
    fn configuration(&self, request: &HttpRequest) -> Result<String, TransportError> {
        let mut lines = vec![
            "silent".to_owned(),
            "show-error".to_owned(),
            "http1.1".to_owned(),
            "tlsv1.2".to_owned(),
            // Curl would wait for a leave to send bodies over a mebibyte.
            "header = \"Expect:\"".to_owned(),
            format!("url = {}", quoted(request.url.as_str())?),
            // Curl takes what follows a colon for a passphrase.
            format!("cert = {}", quoted(&path(&self.certificate)?.replace('\\', "\\\\").replace(':', "\\:"))?),
            format!("max-filesize = {}", request.answer_limit),
            // After the body, because headers of an interim answer would be printed too.
            "write-out = \"\\n%{http_code}\"".to_owned(),
        ];
        if let Some(authority) = &self.authority {
            lines.push(format!("cacert = {}", quoted(&path(authority)?)?));
        }
        for (name, value) in &request.headers {
            lines.push(format!("header = {}", quoted(&format!("{name}: {}", value.reveal()))?));
        }
        let body = std::str::from_utf8(&request.body).map_err(|_| setup("the body of the request is not text"))?;
        lines.push(format!("data-raw = {}", quoted(body)?));
        lines.push(String::new());
        Ok(lines.join("\n"))
    }

    #[expect(clippy::disallowed_methods, reason = "this file owns the curl program")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            // First, so that no configuration of the user is read.
            .arg("-q")
            .args(["-K", "-"])
            .env("LC_ALL", "C")
            // A log of the session's keys and a debugging library have no place here.
            .env_remove("SSLKEYLOGFILE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

fn setup(detail: &str) -> TransportError {
    TransportError::Setup { detail: detail.to_owned() }
}

fn path(path: &Path) -> Result<String, TransportError> {
    let absolute = std::path::absolute(path).map_err(|error| TransportError::Setup { detail: error.to_string() })?;
    let text = absolute.to_str().ok_or_else(|| setup("the path of the client certificate is not UTF-8"))?;
    Ok(text.to_owned())
}

/// A text as curl's configuration wants it.
fn quoted(text: &str) -> Result<String, TransportError> {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => return Err(setup("a control character in what `curl` is told")),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

#[async_trait]
impl Transport for CurlTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let configuration = self.configuration(&request)?;
        let mut child = self.command().spawn().map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                setup("the program `curl` is not installed")
            } else {
                TransportError::Setup { detail: format!("cannot start `curl`: {error}") }
            }
        })?;
        let broken = |error: io::Error| TransportError::Broken { detail: format!("`curl`: {error}") };
        let mut stdin = child.stdin.take().expect("standard input is piped");
        // It reads all of its configuration before it says anything, so this cannot block for ever. What it does not read
        // is told by its end.
        let _ = stdin.write_all(configuration.as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await.map_err(broken)?;
        if !output.status.success() {
            let said = std::str::from_utf8(&output.stderr).unwrap_or_default();
            return Err(failure(output.status.code(), said));
        }
        let end = output.stdout.iter().rposition(|byte| *byte == b'\n');
        let status = end.and_then(|end| std::str::from_utf8(&output.stdout[end + 1..]).ok()?.parse().ok());
        let (Some(end), Some(status)) = (end, status) else {
            return Err(TransportError::Broken { detail: "`curl` gave no status".to_owned() });
        };
        let mut body = output.stdout;
        body.truncate(end);
        Ok(HttpResponse { status, headers: Vec::new(), body })
    }
}

/// What an exit status of curl stands for. An address in its words is left out, because it may hold a session.
fn failure(code: Option<i32>, said: &str) -> TransportError {
    let line = said.lines().find(|line| line.starts_with("curl:")).unwrap_or("curl: no reason given");
    let detail = match line.find("://") {
        Some(_) => format!("curl: exit status {}", code.unwrap_or(-1)),
        None => line.chars().filter(|c| !c.is_control()).take(300).collect(),
    };
    match code {
        Some(5..=7) => TransportError::Connect { detail },
        Some(60) => TransportError::Certificate { detail },
        Some(35 | 56 | 55 | 52 | 18) => TransportError::Broken { detail },
        Some(28) => TransportError::TimedOut { seconds: 0 },
        Some(63) => TransportError::TooLarge { limit: 0 },
        _ => TransportError::Setup { detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::secret::Secret;
    use url::Url;

    #[test]
    fn secrets_stand_in_the_configuration_and_not_on_the_command_line() {
        let transport = CurlTransport::new("/keys/a:b\"c.pem", Some("/keys/ca.pem".into()));
        let request = HttpRequest {
            url: Url::parse("https://hub.example/kojihub/ssllogin").expect("an address"),
            headers: vec![("Koji-Session-Key", Secret::new("0-key"))],
            body: b"<a b=\"c\">\n\\</a>".as_slice().into(),
            answer_limit: 1000,
        };
        let text = transport.configuration(&request).expect("a configuration");
        assert!(text.contains("header = \"Koji-Session-Key: 0-key\"\n"), "{text}");
        assert!(text.contains("data-raw = \"<a b=\\\"c\\\">\\n\\\\</a>\"\n"), "{text}");
        assert!(text.contains("cert = \"/keys/a\\\\:b\\\"c.pem\"\n"), "{text}");
        let command = format!("{:?}", transport.command());
        assert!(!command.contains("0-key") && !command.contains("hub.example"), "{command}");
    }

    #[test]
    fn an_address_in_curls_words_is_not_told() {
        let error = failure(Some(3), "curl: (3) URL malformed: https://h/?session-key=abc");
        assert_eq!(error, TransportError::Setup { detail: "curl: exit status 3".to_owned() });
        assert!(matches!(failure(Some(7), "curl: (7) refused"), TransportError::Connect { .. }));
    }
}
