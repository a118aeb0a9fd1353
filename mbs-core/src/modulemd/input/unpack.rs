//! Takes off a compression.
//!
//! Members, streams and frames are read one by one, because where one ends decides whether the input may end there.

use super::compression::Compression;
use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, ErrorKind, Read};

/// Largest window that compressed data may ask for, in bytes. The strongest ordinary settings of the tools ask for
/// 64 MiB (xz) and 128 MiB (zstd).
const WINDOW: u32 = 128 << 20;

/// Most streams in a bzip2 input. Each needs some MiB that are cleared first, and may have 14 bytes.
const BZIP2_STREAMS: usize = 10_000;

/// Why there is no result.
pub(super) enum Stopped {
    /// More than the limit would come out.
    TooLarge,
    /// The input ends within a member.
    Truncated,
    /// The input is wrong; so many bytes of it were not looked at.
    Damaged { problem: String, left: usize },
}

/// The content of all members, if all are whole and it has at most `limit` bytes.
pub(super) fn unpack(compression: Compression, bytes: &[u8], limit: usize) -> Result<Vec<u8>, Stopped> {
    let mut output = Output { bytes: Vec::new(), limit };
    match compression {
        Compression::Gzip => gzip(bytes, &mut output),
        Compression::Bzip2 => bzip2(bytes, &mut output),
        Compression::Xz => xz(bytes, &mut output),
        Compression::Zstd => zstd(bytes, &mut output),
    }?;
    Ok(output.bytes)
}

/// What has come out.
struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    /// Takes everything that a reader gives; `Ok(Err(_))` is the reader's error. Stops behind the limit.
    fn take(&mut self, reader: &mut impl Read) -> Result<io::Result<()>, Stopped> {
        let room = (self.limit - self.bytes.len()) as u64 + 1;
        let taken = reader.take(room).read_to_end(&mut self.bytes);
        if self.bytes.len() > self.limit { Err(Stopped::TooLarge) } else { Ok(taken.map(drop)) }
    }
}

fn damaged(problem: &(impl ToString + ?Sized), left: &[u8]) -> Stopped {
    Stopped::Damaged { problem: problem.to_string(), left: left.len() }
}

/// What an error of a decoder means that tells the end of its input by the kind of the error.
fn stopped(error: &io::Error, left: &[u8]) -> Stopped {
    if error.kind() == ErrorKind::UnexpectedEof { Stopped::Truncated } else { damaged(error, left) }
}

fn gzip(mut input: &[u8], output: &mut Output) -> Result<(), Stopped> {
    loop {
        let member = output.take(&mut GzDecoder::new(&mut input))?;
        member.map_err(|error| stopped(&error, input))?;
        // Zeros behind the last member are filling, as on tapes; the format's own tool takes them too.
        if input.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
    }
}

fn bzip2(mut input: &[u8], output: &mut Output) -> Result<(), Stopped> {
    for _ in 0..BZIP2_STREAMS {
        let stream = output.take(&mut BzDecoder::new(&mut input))?;
        stream.map_err(|error| stopped(&error, input))?;
        if input.is_empty() {
            return Ok(());
        }
    }
    Err(damaged(&format!("it has more than {BZIP2_STREAMS} streams"), input))
}

fn xz(mut input: &[u8], output: &mut Output) -> Result<(), Stopped> {
    // The limit is one on the decoder's whole memory, of which the window is nearly all.
    let streams = output.take(&mut XzReader::new_mem_limit(&mut input, true, (WINDOW >> 10) + (1 << 10)))?;
    streams.map_err(|error| match error.kind() {
        ErrorKind::OutOfMemory => damaged(&format!("it asks for a window of more than {WINDOW} bytes"), input),
        _ => stopped(&error, input),
    })
}

fn zstd(mut input: &[u8], output: &mut Output) -> Result<(), Stopped> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(u64::from(WINDOW));
    while !input.is_empty() {
        let before = output.bytes.len();
        let mut frame = match StreamingDecoder::new_with_decoder(&mut input, &mut decoder) {
            Ok(frame) => frame,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                input = input.get(length..).ok_or(Stopped::Truncated)?;
                continue;
            }
            Err(error) => return Err(frame_stopped(&error, input)),
        };
        let taken = output.take(&mut frame)?;
        taken.map_err(|error| frame_stopped(&error, input))?;
        let size = decoder.content_size();
        if size != 0 && size != (output.bytes.len() - before) as u64 {
            return Err(damaged("a frame has another size than it names", input));
        }
        if decoder.get_checksum_from_data().is_some_and(|told| decoder.get_calculated_checksum() != Some(told)) {
            return Err(damaged("the checksum of a frame is wrong", input));
        }
    }
    Ok(())
}

/// The decoder wraps the kind of an error too deep to look at, but it fails for the end of its input only there.
fn frame_stopped(error: &impl ToString, left: &[u8]) -> Stopped {
    if left.is_empty() { Stopped::Truncated } else { damaged(error, left) }
}
