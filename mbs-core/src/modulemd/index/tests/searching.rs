//! Searches and their order.

use super::{index, stream};
use crate::modulemd::{Glob, ModuleIndex, ModuleStream, StreamId, StreamQuery};

fn sample() -> ModuleIndex {
    let rpms = |names: &str| format!("artifacts: {{rpms: [{names}]}}");
    index(
        &[
            stream("b:1:1:c2:x86_64", &rpms("bash-0:1-1.x86_64, bash-doc-0:1-1.noarch")),
            stream("b:1:10:c1:x86_64", &rpms("zsh-0:1-1.x86_64")),
            stream("b:1:10:c1:s390x", &rpms("bash-0:1-1.s390x")),
            stream("b:1:9:c1:x86_64", ""),
            stream("b:2", ""),
            stream("a:1:1:c1", ""),
        ]
        .concat(),
    )
}

fn ids<'s>(streams: impl IntoIterator<Item = &'s ModuleStream>) -> Vec<String> {
    streams.into_iter().map(|stream| StreamId::of(stream).to_string()).collect()
}

#[test]
fn the_highest_version_comes_first() {
    let all = ids(sample().search_streams(&StreamQuery::new()));
    let wanted = ["a:1:1:c1", "b:1:10:c1:s390x", "b:1:10:c1:x86_64", "b:1:9:c1:x86_64", "b:1:1:c2:x86_64", "b:2"];
    assert_eq!(all, wanted);
}

#[test]
fn every_part_is_a_pattern_that_an_unset_part_never_fits() {
    let index = sample();
    let found = |query: StreamQuery| ids(index.search_streams(&query));
    assert_eq!(found(StreamQuery::new().name("a")), ["a:1:1:c1"]);
    assert_eq!(found(StreamQuery::new().version("1?")).len(), 2);
    assert_eq!(found(StreamQuery::new().version("0")), ["b:2"]);
    assert_eq!(found(StreamQuery::new().arch("*")).len(), 4);
    assert_eq!(found(StreamQuery::new().context("c[!1]")), ["b:1:1:c2:x86_64"]);
    assert_eq!(found(StreamQuery::new().stream("2")), ["b:2"]);
}

#[test]
fn identities_are_matched_as_texts_in_the_order_of_adding() {
    let index = sample();
    let found = |pattern: &str| ids(index.search_nsvca_glob(&Glob::new(pattern)));
    assert_eq!(found("b:1:*:x86_64"), ["b:1:1:c2:x86_64", "b:1:10:c1:x86_64", "b:1:9:c1:x86_64"]);
    assert_eq!(found("?:?"), ["b:2"]);
    assert_eq!(found("a:*"), ["a:1:1:c1"]);
}

#[test]
fn packages_are_matched_as_texts() {
    let index = sample();
    let found = index.search_rpms(&Glob::new("bash-*"));
    assert_eq!(ids(found.iter().map(|one| one.stream)), ["b:1:1:c2:x86_64", "b:1:10:c1:s390x"]);
    assert_eq!(found[0].rpms, ["bash-0:1-1.x86_64", "bash-doc-0:1-1.noarch"]);
    assert!(index.search_rpms(&Glob::new("bash")).is_empty());
}

#[test]
fn profiles_are_matched_by_their_names() {
    let index = index(&stream("a:1", "profiles: {minimal: {}, server: {}, server-tls: {}}"));
    let stream = index.streams().next().expect("a stream");
    assert_eq!(stream.search_profiles(&Glob::new("server*")), ["server", "server-tls"]);
}
