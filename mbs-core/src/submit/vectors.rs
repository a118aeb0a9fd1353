//! Identities that the original gave to whole documents.

use super::testing::bases;
use super::*;
use crate::build::ModuleState::Ready;
use crate::modulemd::Value;
use crate::resolve::{Universe, expand};
use crate::{Arch, Owner};
use chrono::DateTime;

fn platforms() -> Universe {
    bases(&[
        ("platform:f28:3:00000000", Ready, &[]),
        ("platform:f29.0.0:3:00000000", Ready, &["f29"]),
        ("platform:f29.1.0:3:00000000", Ready, &["f29"]),
        ("platform:f29.2.0:3:00000000", Ready, &["f29"]),
    ])
}

/// Everything from the text to the builds, each with its hashes and the keys that stand in its `xmd.mbs`.
fn built(text: &str, stream: &str, commit: Option<&str>) -> Vec<(String, String, String)> {
    let origin = Origin {
        commit: commit.map(str::to_owned),
        ..Origin::file(DateTime::from_timestamp(1_613_048_427, 0).expect("time"))
    };
    let owner = Owner::new("ann").expect("owner");
    let request = match commit {
        Some(commit) => SubmitRequest::scm(owner.clone(), format!("https://git.example/foo?#{commit}"), stream),
        None => {
            SubmitRequest { module_stream: Some(stream.to_owned()), ..SubmitRequest::yaml(owner.clone(), text, None) }
        }
    };
    let policy = SubmitPolicy::local();
    check_request(&request, &policy).expect("allowed");
    let fetched = FetchedDocument { text: text.to_owned(), file_name: "foo.yaml".to_owned(), origin };
    let input = input_documents(&fetched, &request, &policy).expect("documents");
    let settings = Settings::new("test", Arch::new("x86_64").expect("arch"), owner);
    let mut all = Vec::new();
    for document in input.documents {
        let document = prepare_document(document, &request, &policy, &platforms()).expect("prepared").document;
        let expansion = expand(&platforms(), &document, &policy.expand).expect("expansion");
        let keys = expansion.results[0].document.xmd_mbs().and_then(Value::as_map).expect("a map").keys().cloned();
        let keys = keys.collect::<Vec<_>>().join(" ");
        let made = assemble(&document, expansion, &[], &fetched.origin, &settings, &Commits::default());
        for build in made.expect("builds").builds {
            let hashes = format!("{} {}", build.contexts.build, build.contexts.runtime);
            all.push((build.new.nsvc.to_string(), hashes, keys.clone()));
        }
    }
    all
}

const CONTEXTS: &str = "document: modulemd\nversion: 2\ndata:\n  name: app\n  summary: A\n  description: B\n  \
    license: {module: [MIT]}\n  xmd:\n    mbs_options:\n      contexts:\n        context1:\n          \
    buildrequires: {platform: f28}\n          requires: {platform: f28, gtk: 1}\n        context2:\n          \
    buildrequires: {platform: f28}\n          requires: {platform: f28, gtk: 2}\n";
const PACKAGER: &str = "document: modulemd-packager\nversion: 3\ndata:\n  name: foo\n  summary: A\n  description: B\n  \
    license: [MIT]\n  configurations:\n  - {context: CTX1, platform: f28, requires: {nginx: [1]}}\n  \
    - {context: CTX2, platform: f29}\n";

#[test]
fn chosen_contexts_keep_their_names_and_get_the_hashes_and_versions_of_the_original() {
    let row = |nsvc: &str, hashes: &str, keys: &str| (nsvc.to_owned(), hashes.to_owned(), keys.to_owned());
    let keys = "buildrequires mse static_context";
    assert_eq!(
        built(CONTEXTS, "test", None),
        [
            row(
                "app:test:2820210211130027:context1",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201 cb33fa81bc376a8767a887f4cb5b45a67520f772",
                keys
            ),
            row(
                "app:test:2820210211130027:context2",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201 df4306c2bfd24fca495452b6b1867cdccf7aa776",
                keys
            ),
        ]
    );
    // A virtual stream becomes the newest that offers it, whose number leaves no room for a prefix.
    let packager = |keys| {
        [
            row(
                "foo:master:2820210211130027:CTX1",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201 b442a8057c5b16c25414d6d6909ace9f5487576f",
                keys,
            ),
            row(
                "foo:master:20210211130027:CTX2",
                "deb2cfe4e81122798c05a31f6b4bbf153a4dfe54 d64e1e812ab9b003a6055ee0ba3da6d3e6237ed7",
                keys,
            ),
        ]
    };
    assert_eq!(built(PACKAGER, "master", None), packager(keys));
    let commit = Some("0123456789012345678901234567890123456789");
    assert_eq!(built(PACKAGER, "master", commit), packager("branch buildrequires mse static_context"));
}
