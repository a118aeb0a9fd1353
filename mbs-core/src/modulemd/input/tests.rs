use super::{Compression, DecodeError, decode, read_file, read_from};
use crate::modulemd::{Code, Limits, ReadOptions, Reading, read};
use std::borrow::Cow;
use std::io::{self, Cursor, Read, Write as _};
use std::path::Path;

const TEXT: &[u8] = include_bytes!("../tests/compressed/text.yaml");

macro_rules! samples {
    ($($name:literal $kind:ident $parts:literal),* $(,)?) => {
        &[$(($name, Compression::$kind, $parts, include_bytes!(concat!("../tests/compressed/", $name)))),*]
    };
}

/// Name, compression, number of parts that are whole inputs if the rest is cut off, bytes.
const SAMPLES: &[(&str, Compression, usize, &[u8])] = samples! {
    "one.gz" Gzip 1,
    "members.gz" Gzip 2,
    "one.bz2" Bzip2 1,
    "streams.bz2" Bzip2 3,
    "crc64.xz" Xz 1,
    "sha256.xz" Xz 1,
    "none.xz" Xz 1,
    "streams.xz" Xz 2,
    "check.zst" Zstd 1,
    "plain.zst" Zstd 1,
    "frames.zst" Zstd 6,
};

/// Samples whose compression has no checksum of the content.
const UNCHECKED: [&str; 2] = ["none.xz", "plain.zst"];

fn text_of(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    decode(bytes, &Limits::default()).map(Cow::into_owned)
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn compressed_inputs_give_the_documents_of_their_text() {
    let plain = read(TEXT, "f", &ReadOptions::strict());
    assert_eq!(plain.documents.len(), 2, "{plain:?}");
    for (name, kind, _, bytes) in SAMPLES {
        assert_eq!(Compression::of(bytes), Some(*kind), "{name}");
        assert_eq!(text_of(bytes).as_deref(), Ok(TEXT), "{name}");
        // The name says something else, which nobody believes.
        assert_eq!(read(bytes, "f", &ReadOptions::strict()), plain, "{name}");
    }
    assert!(matches!(decode(TEXT, &Limits::default()), Ok(Cow::Borrowed(_))), "plain text is not copied");
}

#[test]
fn an_input_cut_off_anywhere_gives_no_part_of_a_document() {
    for (name, kind, parts, bytes) in SAMPLES {
        let mut whole = std::collections::BTreeSet::new();
        for end in 0..bytes.len() {
            let cut = &bytes[..end];
            if Compression::of(cut).is_none() {
                assert!(end < 4, "{name}: {end}");
                assert!(read(cut, name, &ReadOptions::lenient()).documents.is_empty(), "{name}: {end}");
                continue;
            }
            match text_of(cut) {
                // Where a part ends the input may end.
                Ok(text) => {
                    assert!(*parts > 1, "{name}: {end}");
                    whole.insert(text);
                }
                Err(DecodeError::Truncated { compression, length }) => {
                    assert_eq!((compression, length), (*kind, end), "{name}");
                    let reading = read(cut, name, &ReadOptions::lenient());
                    assert!(reading.documents.is_empty() && codes(&reading) == [Code::Truncated], "{name}: {end}");
                }
                // Filling that is cut short is no end of an xz input.
                Err(DecodeError::Damaged { .. }) if *name == "streams.xz" => {}
                Err(error) => panic!("{name}: {end}: {error}"),
            }
        }
        for text in &whole {
            assert!(TEXT.starts_with(text), "{name}");
            assert_eq!(read(text, name, &ReadOptions::strict()).diagnostics, [], "{name}: only whole documents");
        }
        assert!(whole.len() <= *parts, "{name}: {}", whole.len());
    }
}

#[test]
fn a_changed_bit_is_noticed_wherever_there_is_a_checksum() {
    for (name, _, _, bytes) in SAMPLES {
        let mut changed = bytes.to_vec();
        for bit in 0..bytes.len() * 8 {
            changed[bit / 8] ^= 1 << (bit % 8);
            match decode(&changed, &Limits::default()) {
                Ok(Cow::Owned(text)) if !UNCHECKED.contains(name) => assert_eq!(text, TEXT, "{name}: bit {bit}"),
                Err(error @ DecodeError::Damaged { .. }) => {
                    let shown = error.problem().found.unwrap_or_default();
                    assert!(shown.contains(&format!("of {} bytes", bytes.len())), "{name}: {shown}");
                }
                _ => {}
            }
            changed[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn nothing_that_is_made_of_pieces_of_compressed_data_ends_the_program() {
    let mut random = fastrand::Rng::with_seed(20);
    let limits = Limits::default().with_bytes(1 << 20);
    for round in 0..20_000 {
        let (_, _, _, bytes) = SAMPLES[round % SAMPLES.len()];
        let mut bytes = bytes.to_vec();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..bytes.len());
            match random.u8(..4) {
                0 => bytes[at] = random.u8(..),
                1 => bytes.insert(at, random.u8(..)),
                2 => drop(bytes.drain(at..bytes.len().min(at + random.usize(1..20)))),
                _ => {
                    let (_, _, _, other) = SAMPLES[random.usize(..SAMPLES.len())];
                    let from = random.usize(..other.len());
                    let to = other.len().min(from + random.usize(1..40));
                    bytes.splice(at..at, other[from..to].iter().copied());
                }
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        if let Ok(text) = decode(&bytes, &limits) {
            assert!(text.len() <= 1 << 20);
        }
    }
}

#[test]
fn the_limit_counts_what_comes_out() {
    for (name, kind, _, bytes) in SAMPLES {
        let exact = Limits::default().with_bytes(TEXT.len());
        assert_eq!(decode(bytes, &exact).as_deref(), Ok(TEXT), "{name}");
        let short = Limits::default().with_bytes(TEXT.len() - 1);
        let expected = DecodeError::TooLarge { limit: TEXT.len() - 1, compression: Some(*kind) };
        assert_eq!(decode(bytes, &short), Err(expected), "{name}");
    }
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let reading = read(&bomb.repeat(3), "b", &ReadOptions::lenient().with_limits(Limits::default().with_bytes(1000)));
    assert_eq!(codes(&reading), [Code::InputSize]);
    let shown = &reading.diagnostics[0];
    assert_eq!(shown.message, "the input has more than 1000 bytes without its compression");
    assert_eq!(shown.hint.as_deref(), Some("the limit is `bytes`"));
}

#[test]
fn parts_without_content_do_not_make_an_endless_input() {
    let empty = [gzip(b""), b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0".to_vec(), b"\x50\x2A\x4D\x18\0\0\0\0".to_vec()];
    for part in empty {
        assert_eq!(text_of(&part.repeat(5000)), Ok(Vec::new()));
        let limits = Limits::default().with_bytes(10);
        let input = part.repeat((64 << 10) / part.len() + 5);
        assert!(matches!(decode(&input, &limits), Err(DecodeError::TooLarge { limit: 10, .. })));
        let endless = Repeat { part: &part, at: 0 };
        let reading = read_from(endless, "e", &ReadOptions::lenient().with_limits(limits)).expect("readable");
        assert_eq!(codes(&reading), [Code::InputSize]);
    }
}

#[test]
fn streams_that_cost_much_more_than_they_hold_are_counted() {
    let error = text_of(&b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0".repeat(10_001)).expect_err("too many");
    assert_eq!(error.to_string(), "the bzip2 data is damaged: it has more than 10000 streams");
}

struct Repeat<'p> {
    part: &'p [u8],
    at: usize,
}

impl Read for Repeat<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in &mut *buffer {
            *byte = self.part[self.at];
            self.at = (self.at + 1) % self.part.len();
        }
        Ok(buffer.len())
    }
}

#[test]
fn what_stands_behind_compressed_data_is_not_taken_for_its_end() {
    for (name, _, _, bytes) in SAMPLES {
        for tail in [&b"x"[..], b"---\ndocument: modulemd\n", b"\x1f\x8b"] {
            assert!(text_of(&[bytes, tail].concat()).is_err(), "{name}");
        }
    }
}

#[test]
fn an_input_of_another_kind_is_named() {
    let reading = read(b"PK\x03\x04....", "f", &ReadOptions::lenient());
    assert_eq!(codes(&reading), [Code::Foreign]);
    assert_eq!(reading.diagnostics[0].message, "the input is ZIP data");
    // One layer is taken off.
    let twice = read(&gzip(&gzip(TEXT)), "f", &ReadOptions::lenient());
    assert!(twice.documents.is_empty() && twice.has_errors());
}

#[test]
fn utf16_may_be_compressed() {
    let text = std::str::from_utf8(TEXT).expect("text");
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&gzip(&wide), "f", &ReadOptions::strict()), read(&wide, "f", &ReadOptions::strict()));
}

#[test]
fn a_reader_that_fails_gives_its_error_and_no_documents() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the cable"))
        }
    }
    let options = ReadOptions::strict();
    let reading = read_from(Cursor::new(TEXT), "f", &options).expect("memory");
    assert_eq!(reading, read(TEXT, "f", &options));
    let error = read_from(Cursor::new(TEXT).chain(Broken), "f", &options).expect_err("broken");
    assert_eq!(error.to_string(), "the cable");
    let endless =
        read_from(io::repeat(b' '), "f", &ReadOptions::strict().with_limits(Limits::default().with_bytes(99)));
    assert_eq!(codes(&endless.expect("readable")), [Code::InputSize]);
}

#[test]
fn files_are_read_by_content_and_named_in_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/modulemd/tests/compressed");
    let reading = read_file(folder.join("streams.xz"), &ReadOptions::strict()).expect("a file");
    assert_eq!(reading.documents.len(), 2);
    let absent = read_file(folder.join("absent.yaml"), &ReadOptions::strict()).expect_err("absent");
    assert!(absent.to_string().starts_with("could not open `") && absent.to_string().contains("absent.yaml"));
    assert!(read_file(&folder, &ReadOptions::strict()).is_err(), "a folder is no file");
}
