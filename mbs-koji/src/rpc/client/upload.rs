//! Uploads: raw bytes in pieces, each with its checksum.

use super::call::Effect;
use super::error::CallError;
use super::exchange::{Sending, owned};
use super::hub::{Hub, Outcome};
use super::policy::{Tries, Wait};
use crate::rpc::calls::{Uploaded, check_upload};
use crate::rpc::checksum::Adler32;
use serde::Deserialize;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// Bytes of a piece.
const CHUNK: usize = 1 << 20;
const METHOD: &str = "upload";

/// What is uploaded. Reading blocks for a piece of a mebibyte at most.
pub trait UploadSource: Send + Sync {
    /// How many bytes it has.
    ///
    /// # Errors
    /// What the system says.
    fn size(&self) -> io::Result<u64>;

    /// Fills the buffer with the bytes from this offset on.
    ///
    /// # Errors
    /// What the system says, or that there are fewer.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl UploadSource for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let found = start.checked_add(buffer.len()).and_then(|end| self.get(start..end));
        buffer.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl UploadSource for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(buffer, offset)
    }
}

/// Where an upload goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadTarget<'a> {
    /// A directory, as `cli-build/1700000000.5.abcdefgh`; it belongs to the first user who uploads there.
    pub directory: &'a str,
    /// A name in it, without `/` and not beginning with a dot.
    pub name: &'a str,
}

/// Why an upload failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The file cannot be read.
    #[error("cannot read what is uploaded as `{name}`: {source}")]
    Read {
        /// Name on the hub.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The hub refused a piece or could not be asked.
    #[error("upload of `{name}` at byte {offset}: {source}")]
    Call {
        /// Name on the hub.
        name: String,
        /// Where the piece begins.
        offset: u64,
        /// Why.
        source: Box<CallError>,
    },
    /// What the hub has is not what was sent, also after several tries.
    #[error("upload of `{name}` arrived damaged at byte {offset}")]
    Damaged {
        /// Name on the hub.
        name: String,
        /// Where the damaged piece begins.
        offset: u64,
    },
}

/// The hub's answer to a piece.
#[derive(Deserialize)]
struct Receipt {
    size: u64,
    hexdigest: String,
}

impl Hub {
    /// Uploads a file, in place of what may be there under its name.
    ///
    /// # Errors
    /// [`UploadError`]. After one, [`Hub::resume_upload`] goes on where it stopped.
    pub async fn upload<S: UploadSource + ?Sized>(
        &self,
        target: UploadTarget<'_>,
        source: &S,
    ) -> Result<(), UploadError> {
        self.upload_from(target, source, 0).await
    }

    /// Goes on with an upload that was interrupted: compares what the hub has with the file and sends what is missing, or all
    /// of it if it differs.
    ///
    /// # Errors
    /// [`UploadError`].
    pub async fn resume_upload<S: UploadSource + ?Sized>(
        &self,
        target: UploadTarget<'_>,
        source: &S,
    ) -> Result<(), UploadError> {
        let there = self.uploaded(target, 0).await?;
        let size = read(target, source.size())?;
        let Some(there) = there else { return self.upload_from(target, source, 0).await };
        let length = u64::try_from(there.size).unwrap_or(u64::MAX);
        let same = length <= size && is_start_of(target, source, length, &there)?;
        match (same, length == size) {
            (true, true) => Ok(()),
            (true, false) => self.upload_from(target, source, length).await,
            (false, _) => self.upload_from(target, source, 0).await,
        }
    }

    async fn uploaded(&self, target: UploadTarget<'_>, offset: u64) -> Result<Option<Uploaded>, UploadError> {
        let found = self.call(check_upload(target.directory, target.name)).await;
        found.map_err(|source| UploadError::Call { name: target.name.to_owned(), offset, source: Box::new(source) })
    }

    async fn upload_from<S: UploadSource + ?Sized>(
        &self,
        target: UploadTarget<'_>,
        source: &S,
        mut offset: u64,
    ) -> Result<(), UploadError> {
        let size = read(target, source.size())?;
        let mut repeated = false;
        loop {
            let length = (size - offset).min(CHUNK as u64);
            let mut chunk = vec![0; usize::try_from(length).unwrap_or(CHUNK)];
            read(target, source.read_at(offset, &mut chunk))?;
            repeated |= self.chunk(target, offset, chunk).await?;
            offset += length;
            // An empty file is one empty piece.
            if offset >= size {
                break;
            }
        }
        // A piece that was sent twice may have arrived late and cut off what followed it.
        if repeated {
            let there = self.uploaded(target, 0).await?;
            let whole = there.as_ref().is_some_and(|there| u64::try_from(there.size) == Ok(size));
            if !whole || !there.is_some_and(|there| is_start_of(target, source, size, &there).unwrap_or(false)) {
                return Err(UploadError::Damaged { name: target.name.to_owned(), offset: 0 });
            }
        }
        Ok(())
    }

    /// Sends one piece; true if that took several tries.
    async fn chunk(&self, target: UploadTarget<'_>, offset: u64, chunk: Vec<u8>) -> Result<bool, UploadError> {
        let (length, digest) = (chunk.len() as u64, Adler32::of(&chunk).hex());
        let mut url = self.inner.url.clone();
        url.query_pairs_mut()
            .append_pair("filename", target.name)
            .append_pair("filepath", target.directory)
            .append_pair("fileverify", "adler32")
            .append_pair("offset", &offset.to_string())
            .append_pair("overwrite", "1");
        let sending = Sending { url, content_type: "application/octet-stream", body: chunk.into() };
        let failed = |source| UploadError::Call { name: target.name.to_owned(), offset, source: Box::new(source) };
        let mut tries = Tries::new(&*self.inner.clock, self.inner.policy);
        let mut repeated = false;
        loop {
            // The hub takes an equal piece again.
            let done = self.inner.in_session(METHOD, Effect::Read, &sending, owned::<Receipt>).await.map_err(failed)?;
            repeated |= done.failed > 0;
            match done.outcome {
                Outcome::Answer(receipt) if receipt.size == length && receipt.hexdigest == digest => {
                    return Ok(repeated);
                }
                _ => repeated = true,
            }
            if !tries.again(Wait::Counted).await {
                return Err(UploadError::Damaged { name: target.name.to_owned(), offset });
            }
        }
    }
}

fn read<T>(target: UploadTarget<'_>, result: io::Result<T>) -> Result<T, UploadError> {
    result.map_err(|source| UploadError::Read { name: target.name.to_owned(), source })
}

/// Is what the hub has the first `length` bytes of the source?
fn is_start_of<S: UploadSource + ?Sized>(
    target: UploadTarget<'_>,
    source: &S,
    length: u64,
    there: &Uploaded,
) -> Result<bool, UploadError> {
    let mut sum = Adler32::default();
    let mut offset = 0;
    while offset < length {
        let piece = (length - offset).min(CHUNK as u64);
        let mut chunk = vec![0; usize::try_from(piece).unwrap_or(CHUNK)];
        read(target, source.read_at(offset, &mut chunk))?;
        sum.add(&chunk);
        offset += piece;
    }
    let summed = there.sumlength.is_none_or(|summed| summed == there.size);
    Ok(summed && there.hexdigest.as_deref() == Some(sum.hex().as_str()))
}
