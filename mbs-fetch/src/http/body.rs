//! The body of an answer, into memory.

use super::client::describe;
use futures::StreamExt as _;
use mbs_core::source::SourceError;
use reqwest::Response;

/// The body of an answer of at most `limit` bytes. `address` names it in errors.
pub(crate) async fn body(response: Response, address: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
    let too_large = || SourceError::TooLarge { address: address.to_string(), limit };
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let network = |error| SourceError::Network { address: address.to_string(), detail: describe(error) };
        let chunk = chunk.map_err(network)?;
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
