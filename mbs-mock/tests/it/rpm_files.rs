use std::fs;

use mbs_mock::rpms::{Comparison, RpmReadError, read_facts};

use crate::workshop::Workshop;

const SPEC: &str = r"
%global modularitylabel m:s:1:c0ffee
Name: tool
Epoch: 3
Version: 1.2~rc1
Release: 4.m
Summary: For a test
License: MIT AND Zlib
BuildArch: noarch
BuildRequires: libfoo-devel >= 9
BuildRequires: (a or b >= 2)
Provides: virtual = 7
Requires: plain
Requires(pre): shadow-utils
Requires(post): /sbin/ldconfig
Requires: (c if d)
Conflicts: enemy < 2
Obsoletes: older <= 1:5
%description
For a test.
%install
mkdir -p %{buildroot}/usr/bin
touch %{buildroot}/usr/bin/tool
%files
/usr/bin/tool
";

#[test]
fn the_headers_of_real_rpms_are_read() {
    let workshop = Workshop::new();
    let files = workshop.build(SPEC, "-ba");
    assert_eq!(files.len(), 2);
    let all: Vec<_> = files.iter().map(|file| read_facts(file).unwrap()).collect();
    let (binary, source) = if all[0].source { (&all[1], &all[0]) } else { (&all[0], &all[1]) };
    assert_eq!(binary.nevra(), "tool-3:1.2~rc1-4.m.noarch");
    assert_eq!(binary.file_name(), "tool-1.2~rc1-4.m.noarch.rpm");
    assert_eq!(binary.source_rpm.as_deref(), Some("tool-1.2~rc1-4.m.src.rpm"));
    assert_eq!(binary.license.as_deref(), Some("MIT AND Zlib"));
    assert_eq!(binary.modularity_label.as_deref(), Some("m:s:1:c0ffee"));
    assert_eq!(binary.files, ["/usr/bin/tool"]);
    let texts = |list: &[mbs_mock::rpms::Relation]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(texts(&binary.provides).contains(&"tool = 3:1.2~rc1-4.m".to_owned()));
    assert!(texts(&binary.provides).contains(&"virtual = 7".to_owned()));
    assert_eq!(texts(&binary.conflicts), ["enemy < 2"]);
    assert_eq!(texts(&binary.obsoletes), ["older <= 1:5"]);
    let required = |name: &str| binary.requires.iter().find(|one| one.name == name).unwrap();
    assert!(required("shadow-utils").flags.is_pre());
    assert!(required("/sbin/ldconfig").flags.is_post());
    assert!(required("(c if d)").is_rich());
    assert!(required("rpmlib(CompressedFileNames)").is_rpmlib());
    assert!(!required("plain").is_rpmlib());

    assert_eq!(source.source_rpm, None);
    assert_eq!(source.nevra(), "tool-3:1.2~rc1-4.m.src");
    let wanted = source.requires.iter().find(|one| one.name == "libfoo-devel").unwrap();
    assert_eq!((wanted.comparison, wanted.version.as_str()), (Some(Comparison::GreaterEqual), "9"));

    let stored = serde_json::to_string(binary).unwrap();
    assert_eq!(&serde_json::from_str::<mbs_mock::rpms::RpmFacts>(&stored).unwrap(), binary);
}

#[test]
fn errors_name_the_file() {
    let workshop = Workshop::new();
    let path = workshop.path().join("x.rpm");
    assert!(matches!(read_facts(&path), Err(RpmReadError::Io { .. })));
    for content in [&b"not an rpm"[..], &[0xed, 0xab, 0xee, 0xdb, 3, 0], &[0; 4096]] {
        fs::write(&path, content).unwrap();
        let error = read_facts(&path).unwrap_err();
        assert!(matches!(error, RpmReadError::Malformed { .. }), "{error:?}");
        assert!(error.to_string().contains("x.rpm"), "{error}");
    }
    let whole = fs::read(&workshop.build(SPEC, "-bb")[0]).unwrap();
    fs::write(&path, &whole[..2000]).unwrap();
    assert!(matches!(read_facts(&path), Err(RpmReadError::Malformed { .. })));
}
