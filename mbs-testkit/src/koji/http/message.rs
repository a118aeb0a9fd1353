//! Requests and replies of HTTP/1.1, as far as clients of a hub use them.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

/// Longest head of a request in bytes.
const MAX_HEAD: u64 = 64 << 10;
/// Longest body of a request in bytes; the hub's own limit is far below for calls.
const MAX_BODY: u64 = 256 << 20;

/// A request.
#[derive(Debug, Clone, Default)]
pub(super) struct HttpRequest {
    pub(super) method: String,
    pub(super) path: String,
    /// The query string, decoded.
    pub(super) query: BTreeMap<String, String>,
    /// By name in lower case.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

/// How much of a reply the client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    /// All of it.
    Whole,
    /// The head and so many bytes of the body, then the connection is reset.
    Cut(usize),
    /// Nothing: the connection is reset.
    Nothing,
}

/// A reply.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) delivery: Delivery,
    /// How long it takes until it is sent.
    pub(super) delay: std::time::Duration,
}

impl Reply {
    pub(super) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type", kind.to_owned())];
        Self { status, headers, body: body.into(), delivery: Delivery::Whole, delay: std::time::Duration::ZERO }
    }

    fn reason(&self) -> &'static str {
        match self.status {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            _ => "Status",
        }
    }

    /// Writes what the client gets; tells whether the connection stays.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<bool> {
        let sent = match self.delivery {
            Delivery::Whole => &self.body[..],
            Delivery::Cut(bytes) => &self.body[..bytes.min(self.body.len())],
            Delivery::Nothing => return Ok(false),
        };
        let mut head = format!("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n", self.status, self.reason(), self.body.len());
        for (name, value) in &self.headers {
            head.extend([name, ": ", value.as_str(), "\r\n"]);
        }
        head.push_str("\r\n");
        let mut whole = head.into_bytes();
        whole.extend_from_slice(sent);
        out.write_all(&whole)?;
        out.flush()?;
        Ok(self.delivery == Delivery::Whole)
    }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// Reads a request; none when the client has closed the connection.
pub(super) fn read(from: &mut (impl BufRead + Send), continues: &mut impl Write) -> io::Result<Option<HttpRequest>> {
    let mut first = String::new();
    if io::Read::take(&mut *from, MAX_HEAD).read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err(malformed("no request line")) };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request =
        HttpRequest { method: method.to_owned(), path: decode(path), query: pairs(query), ..HttpRequest::default() };
    loop {
        let mut line = String::new();
        if io::Read::take(&mut *from, MAX_HEAD).read_line(&mut line)? == 0 || request.headers.len() > 200 {
            return Err(malformed("no end of the head"));
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("a header without colon"))?;
        request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    if request.headers.get("expect").is_some_and(|expected| expected.eq_ignore_ascii_case("100-continue")) {
        continues.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if request.headers.get("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        request.body = chunks(from)?;
    } else if let Some(length) = request.headers.get("content-length") {
        let length: u64 =
            length.parse().ok().filter(|length| *length <= MAX_BODY).ok_or_else(|| malformed("a bad length"))?;
        io::Read::take(&mut *from, length).read_to_end_exact(&mut request.body, length)?;
    }
    Ok(Some(request))
}

trait ReadExact {
    fn read_to_end_exact(self, into: &mut Vec<u8>, length: u64) -> io::Result<()>;
}

impl<R: io::Read> ReadExact for R {
    fn read_to_end_exact(mut self, into: &mut Vec<u8>, length: u64) -> io::Result<()> {
        match u64::try_from(self.read_to_end(into)?) {
            Ok(read) if read == length => Ok(()),
            _ => Err(malformed("a body cut off")),
        }
    }
}

fn chunks(from: &mut (impl BufRead + Send)) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        io::Read::take(&mut *from, MAX_HEAD).read_line(&mut line)?;
        let size = line.trim().split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).map_err(|_| malformed("a bad chunk"))?;
        if size > MAX_BODY || body.len() as u64 > MAX_BODY {
            return Err(malformed("too long"));
        }
        let mut part = Vec::new();
        io::Read::take(&mut *from, size).read_to_end_exact(&mut part, size)?;
        body.append(&mut part);
        let mut end = String::new();
        io::Read::take(&mut *from, MAX_HEAD).read_line(&mut end)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn pairs(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Undoes the escapes of an address. What is no text stays escaped.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = if escaped.is_some() { &behind[2..] } else { behind };
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_with_a_length_and_in_chunks_are_read() {
        let text = b"POST /kojihub?filename=a%20b&overwrite=1 HTTP/1.1\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc\
            POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
        let mut from = io::BufReader::new(&text[..]);
        let first = read(&mut from, &mut Vec::new()).expect("good").expect("there");
        assert_eq!(
            (first.path.as_str(), first.query["filename"].as_str(), &first.body[..]),
            ("/kojihub", "a b", &b"abc"[..])
        );
        assert_eq!(first.headers["x-a"], "b");
        assert_eq!(read(&mut from, &mut Vec::new()).expect("good").expect("there").body, b"ab");
        assert!(read(&mut from, &mut Vec::new()).expect("the end").is_none());
    }
}
