//! A small file over HTTP, into memory.

use super::place::Means;
use crate::http::describe;
use crate::retry::Attempts;
use futures::StreamExt as _;
use mbs_core::source::{CacheUrl, SourceError};
use reqwest::StatusCode;

/// The file's bytes; none if the server says that there is no such file. Trouble with the network is met by trying again.
pub(super) async fn download(url: &CacheUrl, means: &Means<'_>, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
    let mut attempts = Attempts::new(means.clock, means.options);
    loop {
        match attempt(url, means, limit).await {
            Err(error) => attempts.after(error).await?,
            found => return found,
        }
    }
}

async fn attempt(url: &CacheUrl, means: &Means<'_>, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
    let network = |detail: String| SourceError::Network { address: url.to_string(), detail };
    let too_large = || SourceError::TooLarge { address: url.to_string(), limit };
    let response = means.http.get(url, 0).await?;
    let status = response.status();
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let detail = format!("the server answered {status}");
            return Err(SourceError::AccessDenied { address: url.to_string(), detail });
        }
        _ => return Err(network(format!("the server answered {status}"))),
    }
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut body = response.bytes_stream();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| network(describe(error)))?;
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}
