//! The few fields of a shared library that dependencies are made of.
//!
//! Reads the dynamic section through the program headers, as the loader does; section headers may be stripped.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

const CLASS_64: u8 = 2;
const LITTLE_ENDIAN: u8 = 1;
const SEGMENT_LOAD: u64 = 1;
const SEGMENT_DYNAMIC: u64 = 2;
const TAG_STRINGS: u64 = 5;
const TAG_STRINGS_SIZE: u64 = 10;
const TAG_SONAME: u64 = 14;
const TAG_VERSIONS: u64 = 0x6fff_fffc;
const TAG_VERSION_COUNT: u64 = 0x6fff_fffd;
const VERSION_OF_FILE: u64 = 1;
const MACHINE_ALPHA: [u64; 2] = [41, 0x9026];
/// Bounds for tables of a damaged file.
const MAX_TABLE: u64 = 16 << 20;
const MAX_ENTRIES: u64 = 65_536;

/// What a shared library offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Library {
    /// The name programs are linked to.
    pub(super) soname: String,
    /// Names of the symbol versions it defines.
    pub(super) versions: Vec<String>,
    /// `(64bit)` or nothing, as rpm marks the two kinds of libraries apart.
    pub(super) marker: &'static str,
}

impl Library {
    /// The capabilities in rpm's notation.
    pub(super) fn provides(&self) -> Vec<String> {
        let Self { soname, versions, marker } = self;
        let mut found: Vec<String> = versions.iter().map(|version| format!("{soname}({version}){marker}")).collect();
        found.push(if marker.is_empty() { soname.clone() } else { format!("{soname}(){marker}") });
        found
    }
}

/// Reads a library; nothing for another kind of file or one without a soname.
pub(super) fn read(path: &Path) -> Option<Library> {
    let reader = Reader::open(path)?;
    let segments = reader.segments()?;
    let dynamic = reader.dynamic(&segments)?;
    let value = |tag: u64| dynamic.iter().find(|entry| entry.0 == tag).map(|entry| entry.1);
    let strings = reader.bytes(file_offset(&segments, value(TAG_STRINGS)?)?, value(TAG_STRINGS_SIZE)?)?;
    let soname = string(&strings, value(TAG_SONAME)?)?;
    let versions = match (value(TAG_VERSIONS), value(TAG_VERSION_COUNT)) {
        (Some(address), Some(count)) => {
            reader.versions(file_offset(&segments, address)?, count, &strings).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    Some(Library { soname, versions, marker: reader.marker })
}

struct Segment {
    kind: u64,
    offset: u64,
    address: u64,
    size: u64,
}

fn file_offset(segments: &[Segment], address: u64) -> Option<u64> {
    let inside = |segment: &&Segment| {
        segment.kind == SEGMENT_LOAD && address >= segment.address && address - segment.address < segment.size
    };
    segments.iter().find(inside)?.offset.checked_add(address - segments.iter().find(inside)?.address)
}

fn string(table: &[u8], at: u64) -> Option<String> {
    let rest = table.get(usize::try_from(at).ok()?..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    String::from_utf8(rest[..end].to_vec()).ok().filter(|text| !text.is_empty())
}

struct Reader {
    file: File,
    wide: bool,
    little: bool,
    marker: &'static str,
}

impl Reader {
    fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let mut ident = [0; 20];
        file.read_exact_at(&mut ident, 0).ok()?;
        if &ident[..4] != b"\x7fELF" {
            return None;
        }
        let wide = ident[4] == CLASS_64;
        let mut reader = Self { file, wide, little: ident[5] == LITTLE_ENDIAN, marker: "" };
        let machine = reader.number(&ident, 18, 2)?;
        if wide && !MACHINE_ALPHA.contains(&machine) {
            reader.marker = "(64bit)";
        }
        Some(reader)
    }

    fn bytes(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        if length > MAX_TABLE {
            return None;
        }
        let mut buffer = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact_at(&mut buffer, offset).ok()?;
        Some(buffer)
    }

    fn number(&self, bytes: &[u8], at: usize, length: usize) -> Option<u64> {
        let slice = bytes.get(at..at.checked_add(length)?)?;
        let fold = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        Some(if self.little { slice.iter().rev().fold(0, fold) } else { slice.iter().fold(0, fold) })
    }

    /// A field that is 8 bytes in 64-bit files and 4 in others.
    fn word(&self, bytes: &[u8], at_wide: usize, at_narrow: usize) -> Option<u64> {
        if self.wide { self.number(bytes, at_wide, 8) } else { self.number(bytes, at_narrow, 4) }
    }

    fn segments(&self) -> Option<Vec<Segment>> {
        let header = self.bytes(0, if self.wide { 64 } else { 52 })?;
        let offset = self.word(&header, 32, 28)?;
        let (size, count) = if self.wide { (54, 56) } else { (42, 44) };
        let (size, count) = (self.number(&header, size, 2)?, self.number(&header, count, 2)?);
        let table = self.bytes(offset, size * count)?;
        let size = usize::try_from(size).ok().filter(|size| *size > 0)?;
        table
            .chunks_exact(size)
            .map(|entry| {
                Some(Segment {
                    kind: self.number(entry, 0, 4)?,
                    offset: self.word(entry, 8, 4)?,
                    address: self.word(entry, 16, 8)?,
                    size: self.word(entry, 32, 16)?,
                })
            })
            .collect()
    }

    fn dynamic(&self, segments: &[Segment]) -> Option<Vec<(u64, u64)>> {
        let segment = segments.iter().find(|segment| segment.kind == SEGMENT_DYNAMIC)?;
        let table = self.bytes(segment.offset, segment.size)?;
        let width = if self.wide { 16 } else { 8 };
        table
            .chunks_exact(width)
            .map(|entry| Some((self.word(entry, 0, 0)?, self.word(entry, 8, 4)?)))
            .take_while(|entry| entry.is_none_or(|entry| entry.0 != 0))
            .collect()
    }

    /// The version definitions but the one that names the file itself.
    fn versions(&self, mut offset: u64, count: u64, strings: &[u8]) -> Option<Vec<String>> {
        let mut found = Vec::new();
        for _ in 0..count.min(MAX_ENTRIES) {
            let entry = self.bytes(offset, 20)?;
            let flags = self.number(&entry, 2, 2)?;
            let names = self.number(&entry, 12, 4)?;
            if flags & VERSION_OF_FILE == 0 {
                let name = self.bytes(offset.checked_add(names)?, 8)?;
                found.extend(string(strings, self.number(&name, 0, 4)?));
            }
            let next = self.number(&entry, 16, 4)?;
            if next == 0 {
                break;
            }
            offset = offset.checked_add(next)?;
        }
        Some(found)
    }
}
