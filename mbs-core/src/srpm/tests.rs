//! The written bytes, read back by the rules of the format.

use super::*;
use crate::identity::digest::{md5, sha256_hex};
use std::collections::BTreeMap;
use std::io::Read as _;

fn sample() -> SourceRpm {
    SourceRpm {
        name: "module-build-macros".into(),
        version: "0.1".into(),
        release: "1.module+f28+2+17375cf7".into(),
        arch: "noarch".into(),
        summary: "Macros".into(),
        licence: "MIT".into(),
        description: "Two\nlines".into(),
        modularity_label: Some("a:b:1:c".into()),
        spec: SourceFile::new("m.spec", "Name: m\n"),
        sources: vec![SourceFile::new("z", "zz"), SourceFile::new("a", vec![0, 255, 1])],
        build_time: 1_613_048_427,
        build_host: "localhost".into(),
    }
}

struct Entry {
    kind: u32,
    offset: usize,
    count: usize,
}

struct Header {
    entries: Vec<(u32, Entry)>,
    store: Vec<u8>,
    size: usize,
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn read(bytes: &[u8]) -> Header {
    assert_eq!(bytes[..8], [0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0]);
    let (count, size) = (number(bytes, 8) as usize, number(bytes, 12) as usize);
    let entries = (0..count).map(|entry| {
        let at = 16 + entry * 16;
        let offset = number(bytes, at + 8) as usize;
        (number(bytes, at), Entry { kind: number(bytes, at + 4), offset, count: number(bytes, at + 12) as usize })
    });
    let data = 16 + count * 16;
    Header { entries: entries.collect(), store: bytes[data..data + size].to_vec(), size: data + size }
}

impl Header {
    fn entry(&self, tag: u32) -> &Entry {
        &self.entries.iter().find(|(found, _)| *found == tag).unwrap_or_else(|| panic!("tag {tag}")).1
    }

    fn texts(&self, tag: u32) -> Vec<&str> {
        let Entry { offset, count, .. } = *self.entry(tag);
        let mut texts = self.store[offset..].split(|byte| *byte == 0);
        (0..count).map(|_| std::str::from_utf8(texts.next().expect("text")).expect("utf-8")).collect()
    }

    fn numbers(&self, tag: u32) -> Vec<u32> {
        let Entry { offset, count, kind } = *self.entry(tag);
        assert_eq!(kind, 4, "tag {tag}");
        (0..count).map(|at| number(&self.store, offset + 4 * at)).collect()
    }

    fn check_region(&self, region: u32) {
        let (tag, Entry { kind, offset, count }) = &self.entries[0];
        assert_eq!((*tag, *kind, *count), (region, 7, 16));
        assert_eq!(number(&self.store, *offset), region);
        let back = number(&self.store, offset + 8).wrapping_neg() as usize;
        assert_eq!(back, self.entries.len() * 16);
        assert_eq!(offset + 16, self.store.len());
    }
}

/// Signature, main header and payload of a package.
fn parts(package: &[u8]) -> (Header, Header, &[u8], &[u8]) {
    assert_eq!(package[..4], [0xed, 0xab, 0xee, 0xdb]);
    assert_eq!(package[6..8], [0, 1], "a source package");
    let signature = read(&package[96..]);
    let start = (96 + signature.size).next_multiple_of(8);
    let main = read(&package[start..]);
    let end = start + main.size;
    (signature, main, &package[start..end], &package[end..])
}

fn unpacked(payload: &[u8]) -> (Vec<u8>, BTreeMap<String, Vec<u8>>) {
    let mut archive = Vec::new();
    flate2::read::GzDecoder::new(payload).read_to_end(&mut archive).expect("gzip");
    let mut files = BTreeMap::new();
    let mut at = 0;
    loop {
        assert_eq!(&archive[at..at + 6], b"070701");
        let field = |index: usize| {
            let text = std::str::from_utf8(&archive[at + 6 + index * 8..][..8]).expect("digits");
            usize::from_str_radix(text, 16).expect("hex number")
        };
        let (size, name_size) = (field(6), field(11));
        let name = std::str::from_utf8(&archive[at + 110..][..name_size - 1]).expect("name").to_owned();
        let data = (at + 110 + name_size).next_multiple_of(4);
        if name == "TRAILER!!!" {
            break;
        }
        assert_eq!((field(1), field(5)), (0o100_644, 1_613_048_427));
        files.insert(name, archive[data..data + size].to_vec());
        at = (data + size).next_multiple_of(4);
    }
    (archive, files)
}

#[test]
fn the_header_describes_a_source_package_with_its_spec_file() {
    let package = sample().to_bytes().expect("package");
    let (_, main, _, _) = parts(&package);
    main.check_region(63);
    assert_eq!(main.texts(1000), ["module-build-macros"]);
    assert_eq!(main.texts(1002), ["1.module+f28+2+17375cf7"]);
    assert_eq!(main.texts(5096), ["a:b:1:c"]);
    assert_eq!(main.numbers(1106), [1]);
    assert_eq!(main.texts(1117), ["a", "m.spec", "z"]);
    assert_eq!(main.numbers(1037), [0, 32, 0]);
    assert_eq!(main.texts(1118), [""]);
    assert_eq!(main.texts(1089), ["noarch"]);
    assert_eq!(main.numbers(1034), [1_613_048_427; 3]);
    assert!(!main.entries.iter().any(|(tag, _)| *tag == 1044), "a source package names no source package");
}

#[test]
fn data_lies_in_the_order_of_ascending_tags() {
    let package = sample().to_bytes().expect("package");
    let (signature, main, _, _) = parts(&package);
    for header in [&signature, &main] {
        for pair in header.entries[1..].windows(2) {
            assert!(pair[0].0 < pair[1].0 && pair[0].1.offset < pair[1].1.offset, "tag {}", pair[1].0);
        }
    }
}

#[test]
fn sizes_and_digests_match_what_follows() {
    let package = sample().to_bytes().expect("package");
    let (signature, main, header, payload) = parts(&package);
    signature.check_region(62);
    assert_eq!(signature.texts(273), [sha256_hex(header)]);
    assert_eq!(signature.numbers(1000)[0] as usize, header.len() + payload.len());
    let Entry { kind, offset, count } = *signature.entry(1004);
    assert_eq!((kind, count), (7, 16));
    assert_eq!(signature.store[offset..offset + 16], md5(&[header, payload].concat()));
    let (archive, files) = unpacked(payload);
    assert_eq!(signature.numbers(1007)[0] as usize, archive.len());
    assert_eq!(main.texts(5092), [sha256_hex(payload)]);
    assert_eq!(main.texts(5097), [sha256_hex(&archive)]);
    assert_eq!(files["a"], [0, 255, 1]);
    assert_eq!(files["m.spec"], b"Name: m\n");
    let digests: Vec<String> = files.values().map(|bytes| sha256_hex(bytes)).collect();
    assert_eq!(main.texts(1035), digests);
    assert_eq!(main.numbers(1028), [3, 8, 2]);
}

#[test]
fn the_same_description_gives_the_same_bytes_and_files_are_sorted() {
    let mut other = sample();
    other.sources.reverse();
    let package = sample().to_bytes().expect("package");
    assert_eq!(package, sample().to_bytes().expect("package"));
    let mixed = other.to_bytes().expect("package");
    assert_eq!(parts(&package).3, parts(&mixed).3);
}

#[test]
fn optional_tags_stay_away() {
    let package = SourceRpm { arch: "x86_64".into(), modularity_label: None, sources: Vec::new(), ..sample() };
    let bytes = package.to_bytes().expect("package");
    let (_, main, _, _) = parts(&bytes);
    for tag in [1018, 1089, 5096] {
        assert!(!main.entries.iter().any(|(found, _)| *found == tag), "tag {tag}");
    }
    assert_eq!(package.file_name(), "module-build-macros-0.1-1.module+f28+2+17375cf7.src.rpm");
}

#[test]
fn what_a_source_package_cannot_hold_is_refused() {
    let refused = |change: &dyn Fn(&mut SourceRpm)| {
        let mut package = sample();
        change(&mut package);
        package.to_bytes().expect_err("refused").to_string()
    };
    assert!(refused(&|it| it.sources[0].name = "../z".into()).contains("`../z` is not a bare file name"));
    assert!(refused(&|it| it.sources[0].name = "m.spec".into()).contains("`m.spec` is given twice"));
    assert!(refused(&|it| it.version = "1-2".into()).starts_with("version `1-2`"));
    assert!(refused(&|it| it.release = String::new()).starts_with("release ``"));
    assert!(refused(&|it| it.name = "a/b".into()).starts_with("package name `a/b`"));
    assert!(refused(&|it| it.name = "-".into()).starts_with("package name `-`"));
    assert!(refused(&|it| it.summary = "a\nb".into()).starts_with("summary `a\\nb`"));
    assert!(refused(&|it| it.modularity_label = Some("a\0b".into())).starts_with("modularity label"));
    assert!(refused(&|it| it.build_time = 1 << 32).contains("32 bits"));
}
