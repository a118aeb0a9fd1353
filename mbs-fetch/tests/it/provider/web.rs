//! A server whose answers are made by a function.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query, or the whole address if the client takes the server for a proxy.
    pub(crate) target: String,
    /// Headers by name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes of the body that are sent before the server hangs up.
    pub(crate) sent: usize,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), sent: usize::MAX }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cut(self, sent: usize) -> Self {
        Self { sent, ..self }
    }
}

/// A server on the loopback interface.
pub(crate) struct Web {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Web {
    /// A server that answers with what the function makes of a request and its number, from 0.
    pub(crate) async fn start(answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let url = format!("http://{}", listener.local_addr().expect("address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).await.is_ok_and(|n| n == 1) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).expect("ASCII");
                let Some(target) = head.split(' ').nth(1) else { continue };
                let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
                let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
                let request = Asked { target: target.to_owned(), headers };
                let answer = {
                    let mut log = log.lock().expect("log");
                    log.push(request.clone());
                    answer(&request, log.len() - 1)
                };
                let mut text = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", answer.status);
                if answer.status != 304 {
                    text = format!("{text}content-length: {}\r\n", answer.body.len());
                }
                let lines: Vec<String> =
                    answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
                text += &lines.concat();
                let sent = &answer.body[..answer.body.len().min(answer.sent)];
                // A client that hangs up is no concern of the server.
                let _ = stream.write_all(&[text.as_bytes(), b"\r\n", sent].concat()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { url, asked }
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("log").clone()
    }
}
