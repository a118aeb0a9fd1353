//! Uploads.

use crate::script::{Reply, Script, adler32, opened};
use mbs_koji::rpc::xml::Value;
use mbs_koji::rpc::{UploadError, UploadTarget};

const TARGET: UploadTarget<'_> = UploadTarget { directory: "cli-build/1.a", name: "a+b.src.rpm" };
const CHUNK: usize = 1 << 20;

fn queries(script: &Script) -> Vec<String> {
    let seen = script.seen();
    let uploads = seen.iter().filter(|seen| seen.method() == "upload");
    uploads.map(|seen| seen.request.url.query().unwrap_or_default().to_owned()).collect()
}

fn there(bytes: &[u8]) -> Reply {
    let size = i64::try_from(bytes.len()).expect("small");
    Reply::Result(Value::from([
        ("size", Value::Int(size)),
        ("mtime", Value::Double(1.0)),
        ("sumlength", Value::Int(size)),
        ("hexdigest", Value::from(adler32(bytes))),
    ]))
}

#[test]
fn a_file_goes_in_pieces_with_checksums_and_numbers() {
    let bytes: Vec<u8> = (0..CHUNK * 2 + 10).map(|n| u8::try_from(n % 251).expect("small")).collect();
    let script = Script::new([opened(1, "k"), Reply::Receipt, Reply::Receipt, Reply::Receipt]);
    script.run(script.hub().upload(TARGET, bytes.as_slice())).expect("uploaded");
    let base = "filename=a%2Bb.src.rpm&filepath=cli-build%2F1.a&fileverify=adler32&offset=";
    assert_eq!(queries(&script), [0, CHUNK, 2 * CHUNK].map(|offset| format!("{base}{offset}&overwrite=1")));
    let seen = script.seen();
    assert_eq!(seen[1].request.header("Content-Type"), Some("application/octet-stream"));
    let numbers: Vec<_> = seen[1..].iter().filter_map(crate::script::Seen::number).collect();
    assert_eq!(numbers, [0, 1, 2]);
    let sent: Vec<u8> = seen[1..].iter().flat_map(|seen| seen.request.body.to_vec()).collect();
    assert_eq!(sent, bytes);
}

#[test]
fn an_empty_file_is_one_empty_piece() {
    let script = Script::new([opened(1, "k"), Reply::Receipt]);
    script.run(script.hub().upload(TARGET, [].as_slice())).expect("uploaded");
    assert_eq!((queries(&script).len(), adler32(&[])), (1, "00000001".to_owned()));
}

#[test]
fn a_lost_or_damaged_piece_is_sent_again_and_the_whole_is_checked() {
    let wrong = Reply::Result(Value::from([("size", Value::Int(3)), ("hexdigest", Value::from("00000000"))]));
    for trouble in [Reply::Broken, wrong.clone(), Reply::Fault(1001, "locked")] {
        let script = Script::new([opened(1, "k"), trouble, Reply::Receipt, there(b"abc")]);
        script.run(script.hub().upload(TARGET, b"abc".as_slice())).expect("uploaded");
        assert_eq!(queries(&script).len(), 2);
    }
    let script = Script::new([opened(1, "k"), Reply::Broken, Reply::Receipt, there(b"ab")]);
    let error = script.run(script.hub().upload(TARGET, b"abc".as_slice())).expect_err("cut");
    assert!(matches!(error, UploadError::Damaged { .. }), "{error}");
    let script = Script::new(std::iter::once(opened(1, "k")).chain(vec![wrong; 10]));
    let error = script.run(script.hub().upload(TARGET, b"abc".as_slice())).expect_err("damaged");
    assert_eq!(error.to_string(), "upload of `a+b.src.rpm` arrived damaged at byte 0");
}

#[test]
fn an_upload_goes_on_where_it_stopped_if_what_is_there_is_its_start() {
    let bytes = vec![7_u8; CHUNK + 5];
    let script = Script::new([opened(1, "k"), there(&bytes[..CHUNK]), Reply::Receipt]);
    script.run(script.hub().resume_upload(TARGET, bytes.as_slice())).expect("uploaded");
    assert!(queries(&script)[0].contains(&format!("offset={CHUNK}&")));

    let script = Script::new([opened(1, "k"), there(&bytes)]);
    script.run(script.hub().resume_upload(TARGET, bytes.as_slice())).expect("nothing to do");

    for other in [Reply::Result(Value::Nil), there(b"something else"), there(&vec![7; CHUNK + 6])] {
        let script = Script::new([opened(1, "k"), other, Reply::Receipt, Reply::Receipt]);
        script.run(script.hub().resume_upload(TARGET, bytes.as_slice())).expect("uploaded");
        assert!(queries(&script)[0].contains("offset=0&"));
    }
}

#[test]
fn a_refused_upload_tells_where() {
    let script = Script::new([opened(1, "k"), Reply::Fault(1000, "not owner")]);
    let error = script.run(script.hub().upload(TARGET, b"abc".as_slice())).expect_err("refused");
    assert_eq!(error.to_string(), "upload of `a+b.src.rpm` at byte 0: `upload`: fault 1000: not owner");
}
