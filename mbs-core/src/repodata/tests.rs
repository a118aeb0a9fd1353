use super::{Part, PartError, Repomd, RepomdError, attach_modules};
use crate::modulemd::{Limits, decode};
use crate::source::{ChecksumKind, Hasher};

const LIST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000000</revision>
  <tags><content>data</content></tags>
  <data type="primary">
    <checksum type="sha256">1c</checksum>
    <location href="repodata/1c-primary.xml.gz"/>
    <timestamp>1700000005</timestamp>
    <size>134</size>
  </data>
  <!-- <data type="modules"/> -->
  <data type="a&amp;b"><timestamp>1699999999.25</timestamp><size>&#49;2</size></data>
</repomd>
"#;

fn broken(text: &str) -> (usize, String) {
    match Repomd::parse(text) {
        Err(RepomdError::Broken { line, problem }) => (line, problem),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_list_names_its_parts() {
    let list = Repomd::parse(LIST).expect("a list");
    assert_eq!(list.revision.as_deref(), Some("1700000000"));
    let [primary, other] = list.parts.as_slice() else { panic!("{list:?}") };
    assert_eq!(primary.kind, "primary");
    assert_eq!(primary.path(), Ok(vec!["repodata", "1c-primary.xml.gz"]));
    assert_eq!(primary.checksum, Some(("sha256".to_owned(), "1c".to_owned())));
    assert_eq!((primary.size, primary.open_size, primary.timestamp), (Some(134), None, Some(1_700_000_005)));
    assert!(LIST[primary.span.clone()].starts_with("<data type=\"primary\">"));
    assert!(LIST[primary.span.clone()].ends_with("</data>"));
    assert_eq!((other.kind.as_str(), other.size, other.timestamp), ("a&b", Some(12), Some(1_699_999_999)));
    let error = list.part("modules").expect_err("absent");
    assert_eq!(
        error.to_string(),
        "the repository has no `modules` metadata, only `primary`, `a&b`; `mbs index attach` adds it to a local one"
    );
}

#[test]
fn of_several_parts_of_a_kind_the_newest_counts() {
    let entry = |location: &str, time: u32| {
        format!("<data type='modules'><location href='{location}'/><timestamp>{time}</timestamp></data>")
    };
    let text = format!("<repomd>{}{}{}</repomd>", entry("a", 1), entry("b", 7), entry("c", 7));
    let list = Repomd::parse(&text).expect("a list");
    assert_eq!(list.part("modules").expect("a part").location.as_deref(), Some("b"));
}

#[test]
fn what_is_no_list_is_told_with_its_place() {
    assert_eq!(broken("").0, 1);
    assert_eq!(broken("<repomd>\n<data type='x'>\n"), (3, "it ends too early".to_owned()));
    assert_eq!(broken("<repomd>\n\n</data></repomd>").0, 3);
    assert_eq!(broken("<repomd>\n<data type=x></data></repomd>").0, 2);
    assert_eq!(broken("<repomd><revision>\n&bomb;</revision></repomd>"), (2, "unknown entity `&bomb;`".to_owned()));
    let page = Repomd::parse("<!DOCTYPE html>\n<html><body/></html>").expect_err("a page");
    assert_eq!(
        page.to_string(),
        "`repomd.xml` begins with `<html>`, expected `<repomd>`; is this the address of a repository?"
    );
    for end in 0..LIST.len() - 1 {
        assert!(Repomd::parse(&LIST[..end]).is_err(), "{end}");
    }
}

#[test]
fn depth_and_size_of_foreign_elements_do_not_matter() {
    let deep = format!("<repomd>{}{}</repomd>", "<x>".repeat(50_000), "</x>".repeat(50_000));
    assert_eq!(Repomd::parse(&deep).expect("a list").parts, []);
}

fn part(location: &str) -> Part {
    Part { kind: "modules".to_owned(), location: Some(location.to_owned()), ..Part::default() }
}

#[test]
fn a_part_lies_inside_its_repository() {
    assert_eq!(part("./repodata/x").path(), Ok(vec!["repodata", "x"]));
    for bad in ["", "/etc/passwd", "../x", "repodata/../../x", "repodata//x", "a\\..\\x", "http://h/x"] {
        assert!(matches!(part(bad).path(), Err(PartError::Outside { .. })), "{bad}");
    }
    let elsewhere = Part { base: Some("http://ann:secret@h/".to_owned()), ..part("x") };
    let error = elsewhere.path().expect_err("elsewhere").to_string();
    assert!(error.contains("@h/ x") && !error.contains("secret"), "{error}");
    assert!(matches!(Part::default().path(), Err(PartError::Incomplete { missing: "location", .. })));
}

#[test]
fn a_file_is_compared_by_size_and_checksum() {
    let sum = |kind: ChecksumKind| Hasher::of(kind, b"abc").hex().to_owned();
    let entry = |kind: &str, digits: String| Part { checksum: Some((kind.to_owned(), digits)), ..part("x") };
    for (name, kind) in [("sha", ChecksumKind::Sha1), ("md5", ChecksumKind::Md5), ("sha512", ChecksumKind::Sha512)] {
        assert_eq!(entry(name, sum(kind)).check(b"abc"), Ok(()));
        assert!(matches!(entry(name, sum(kind)).check(b"abd"), Err(PartError::Checksum { open: false, .. })));
    }
    assert!(matches!(entry("sha3", "00".to_owned()).check(b""), Err(PartError::UnknownChecksum { .. })));
    assert!(matches!(entry("sha256", "00".to_owned()).check(b""), Err(PartError::UnknownChecksum { .. })));
    assert!(matches!(part("x").check(b""), Err(PartError::Incomplete { missing: "checksum", .. })));
    let sized = Part { size: Some(4), open_size: Some(5), ..entry("sha", sum(ChecksumKind::Sha1)) };
    assert!(matches!(sized.check(b"abc"), Err(PartError::Size { open: false, expected: 4, found: 3, .. })));
    let error = sized.check_open(b"abc").expect_err("size");
    assert!(error.to_string().starts_with("`modules` has 3 bytes without its compression, expected 5;"), "{error}");
    assert_eq!(part("x").check_open(b"abc"), Ok(()));
}

#[test]
fn modules_are_added_behind_the_other_parts_and_nothing_else_changes() {
    let made = attach_modules(LIST, "---\n").expect("a list");
    let at = LIST.find("\n</repomd>").expect("the end");
    assert!(made.repomd.starts_with(&LIST[..at]) && made.repomd.ends_with(&LIST[at..]), "{}", made.repomd);
    let added = &made.repomd[at..made.repomd.len() - (LIST.len() - at)];
    let hex = made.file_name.strip_suffix("-modules.yaml.gz").expect("a name");
    let open = Hasher::of(ChecksumKind::Sha256, b"---\n");
    assert_eq!(
        added,
        format!(
            "\n  <data type=\"modules\">\n    <checksum type=\"sha256\">{hex}</checksum>\n    \
             <open-checksum type=\"sha256\">{}</open-checksum>\n    \
             <location href=\"repodata/{hex}-modules.yaml.gz\"/>\n    <timestamp>1700000005</timestamp>\n    \
             <size>{}</size>\n    <open-size>4</open-size>\n  </data>",
            open.hex(),
            made.file.len()
        )
    );
    let list = Repomd::parse(&made.repomd).expect("a list");
    let part = list.part("modules").expect("added");
    assert_eq!(part.check(&made.file), Ok(()));
    let text = decode(&made.file, &Limits::default()).expect("gzip");
    assert_eq!((part.check_open(&text), &*text), (Ok(()), &b"---\n"[..]));
    assert!(made.replaced.is_empty());
}

#[test]
fn modules_that_are_there_are_replaced_at_their_place() {
    let first = attach_modules(LIST, "one").expect("a list");
    let second = attach_modules(&first.repomd, "two").expect("a list");
    assert_eq!(second.replaced, [format!("repodata/{}", first.file_name)]);
    assert_eq!(attach_modules(LIST, "two").expect("a list").repomd, second.repomd);
    assert_eq!(attach_modules(&second.repomd, "two").expect("a list").repomd, second.repomd, "the same bytes again");

    let many = "<repomd>\r\n\t<data type=\"modules_zck\"/>\r\n\t<data type=\"primary\"></data>\r\n\t\
                <data type=\"modules\"><location href=\"m\"/></data>\r\n</repomd>";
    let made = attach_modules(many, "one").expect("a list");
    assert_eq!(made.replaced, ["m"]);
    assert!(made.repomd.starts_with("<repomd>\r\n\t<data type=\"modules\">\r\n\t  <checksum "), "{}", made.repomd);
    assert!(made.repomd.ends_with("\r\n\t</data>\r\n\t<data type=\"primary\"></data>\r\n</repomd>"), "{}", made.repomd);
    assert!(made.repomd.contains("<timestamp>0</timestamp>"));
}

#[test]
fn lists_of_other_shapes_keep_their_shape() {
    let tight = attach_modules("<repomd><revision>7</revision><data type='x'/></repomd>", "m").expect("a list");
    assert!(
        tight.repomd.starts_with("<repomd><revision>7</revision><data type='x'/><data type=\"modules\"><checksum ")
    );
    assert!(tight.repomd.contains("<timestamp>7</timestamp>") && !tight.repomd.contains('\n'));
    let prefixed = attach_modules("\u{FEFF}<r:repomd xmlns:r=\"u\">\n</r:repomd>\n", "m").expect("a list").repomd;
    assert!(prefixed.starts_with("\u{FEFF}<r:repomd xmlns:r=\"u\">\n  <r:data type=\"modules\">\n    <r:checksum "));
    assert!(prefixed.ends_with("</r:open-size>\n  </r:data>\n</r:repomd>\n"), "{prefixed}");
    assert_eq!(Repomd::parse(&prefixed).expect("a list").parts.len(), 1);
    assert!(attach_modules("<repomd/>", "m").is_err());
}
