//! A small file over HTTP, into memory.

use super::location::{Means, bare};
use crate::http::{KeptAnswer, body};
use crate::retry::Attempts;
use mbs_core::source::{CacheUrl, SourceError};
use reqwest::StatusCode;

/// The file's bytes; none if the server says that there is no such file. Trouble with the network is met by trying again.
///
/// With a cache the server is asked whether the kept answer is still current; offline the kept answer is all there is.
pub(super) async fn download(url: &CacheUrl, means: &Means<'_>, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
    let kept = kept(url, means, limit).await;
    if means.offline {
        let absent = || SourceError::NotCached { address: url.to_string() };
        return kept.map(|kept| Some(kept.body)).ok_or_else(absent);
    }
    let mut attempts = Attempts::new(means.clock, means.options);
    let answer = loop {
        match attempt(url, means, kept.as_ref(), limit).await {
            Err(error) => attempts.after(error).await?,
            Ok(answer) => break answer,
        }
    };
    Ok(match answer {
        Answer::Absent => None,
        Answer::New(bytes) => Some(bytes),
        Answer::Unchanged => kept.map(|kept| kept.body),
    })
}

/// The kept answer, without asking the server.
pub(super) async fn kept(url: &CacheUrl, means: &Means<'_>, limit: u64) -> Option<KeptAnswer> {
    means.kept?.find(&bare(url), limit).await
}

enum Answer {
    Absent,
    New(Vec<u8>),
    Unchanged,
}

async fn attempt(
    url: &CacheUrl,
    means: &Means<'_>,
    kept: Option<&KeptAnswer>,
    limit: u64,
) -> Result<Answer, SourceError> {
    let shown = url.to_string();
    let conditions = kept.map(KeptAnswer::conditions).unwrap_or_default();
    let asked_for_changes = !conditions.is_empty();
    let response = means.http.get_with(url.secret_url().clone(), &shown, conditions).await?;
    let status = response.status();
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED if asked_for_changes => return Ok(Answer::Unchanged),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            if let Some(answers) = means.kept {
                answers.forget(&bare(url)).await;
            }
            return Ok(Answer::Absent);
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let detail = format!("the server answered {status}");
            return Err(SourceError::AccessDenied { address: shown, detail });
        }
        _ => return Err(SourceError::Network { address: shown, detail: format!("the server answered {status}") }),
    }
    let headers = response.headers().clone();
    let bytes = body(response, &shown, limit).await?;
    if let Some(answers) = means.kept {
        answers.keep(&bare(url), &headers, &bytes).await;
    }
    Ok(Answer::New(bytes))
}
