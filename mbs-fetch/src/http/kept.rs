//! Answers of servers that are kept, so that the next question can be whether something has changed.
//!
//! A file is one line of JSON with what the server said about the answer, then the answer. It is written beside its
//! place and moved there, so that a reader sees a whole file or none. What is damaged counts as not kept, and so does
//! what cannot be read: a cache never makes a question fail.

use crate::cache::CacheDir;
use crate::lookaside::blocking;
use mbs_core::source::{ChecksumKind, Hasher};
use reqwest::header::{ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use serde::{Deserialize, Serialize};
use std::io::{self, Write as _};

/// Version of the file format.
const VERSION: u32 = 1;

/// The folder of kept answers.
#[derive(Debug, Clone)]
pub(crate) struct KeptAnswers {
    cache: CacheDir,
}

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptAnswer {
    about: About,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What is known about an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    version: u32,
    /// Without credentials.
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    sha256: String,
}

impl KeptAnswers {
    pub(crate) fn new(cache: CacheDir) -> Self {
        Self { cache }
    }

    /// The kept answer of an address without credentials, if it is whole and not above `limit` bytes.
    pub(crate) async fn find(&self, address: &str, limit: u64) -> Option<KeptAnswer> {
        let path = self.cache.http(address);
        let address = address.to_owned();
        let read = move || {
            let bytes = std::fs::read(path)?;
            Ok(KeptAnswer::parse(bytes, &address).filter(|kept| kept.body.len() as u64 <= limit))
        };
        blocking(read).await.ok().flatten()
    }

    /// Keeps an answer, if that is possible.
    pub(crate) async fn keep(&self, address: &str, headers: &HeaderMap, body: &[u8]) {
        let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::to_owned);
        let about = About {
            version: VERSION,
            address: address.to_owned(),
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
            sha256: Hasher::of(ChecksumKind::Sha256, body).hex().to_owned(),
        };
        let (path, tmp, body) = (self.cache.http(address), self.cache.tmp(), body.to_vec());
        let written = blocking(move || {
            let mut file = tempfile::NamedTempFile::new_in(tmp)?;
            serde_json::to_writer(&mut file, &about)?;
            file.write_all(b"\n")?;
            file.write_all(&body)?;
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            file.persist(path).map(|_| ()).map_err(|error| error.error)
        });
        if let Err(error) = written.await {
            tracing::debug!(%error, address, "an answer is not kept");
        }
    }

    /// Forgets an answer: the server says that it is gone.
    pub(crate) async fn forget(&self, address: &str) {
        let path = self.cache.http(address);
        let _ = blocking(move || match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await;
    }
}

impl KeptAnswer {
    fn parse(mut bytes: Vec<u8>, address: &str) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let about: About = serde_json::from_slice(&bytes[..end]).ok()?;
        bytes.drain(..=end);
        let whole = about.version == VERSION
            && about.address == address
            && Hasher::of(ChecksumKind::Sha256, &bytes).hex() == about.sha256;
        whole.then_some(Self { about, body: bytes })
    }

    /// The headers that ask whether it is still current; none if the server gave nothing to ask by.
    pub(crate) fn conditions(&self) -> HeaderMap {
        let known = [(IF_NONE_MATCH, &self.about.etag), (IF_MODIFIED_SINCE, &self.about.last_modified)];
        let value = |text: &String| HeaderValue::try_from(text.as_str()).ok();
        known.into_iter().filter_map(|(name, text)| Some((name, text.as_ref().and_then(value)?))).collect()
    }
}
