//! Rules of [`Store::find`].

use super::factory::StoreFactory;
use super::session::Session;
use crate::fixture::{new_build, parse};
use mbs_core::Version;
use mbs_core::build::{ModuleState, NewBuild};
use mbs_core::store::{BuildQuery, Page, Store};
use std::sync::Arc;

async fn found(store: &Arc<dyn Store>, query: &BuildQuery, page: Page) -> (Vec<u64>, u64) {
    let (found, total) = store.find(query, page).await.expect("list");
    (found.iter().map(|summary| summary.id.0).collect(), total)
}

/// Five builds that differ in every field: number 5 is ready, number 4 is in state build.
async fn five(factory: &dyn StoreFactory) -> Arc<dyn Store> {
    let store = factory.open().await;
    let build = |name: &str, stream: &str, version, context: &str| {
        let mut new = new_build(name, &[]);
        new.nsvc.stream = parse(stream);
        new.nsvc.version = Version(version);
        new.nsvc.context = parse(context);
        new
    };
    let bobs = NewBuild { owner: parse("bob"), ..build("m", "1.0", 3, "aa") };
    let scratch = NewBuild { scratch: true, ..build("m", "2.0", 3, "bb") };
    for new in [build("m", "1.0", 1, "aa"), build("n", "1.0", 1, "aa"), bobs] {
        Session::create(&store, new).await;
    }
    Session::create(&store, scratch).await.start().await;
    Session::create(&store, build("m", "1.0", 1, "bb")).await.finish().await;
    store
}

/// The newest build stands first.
pub async fn the_newest_comes_first(factory: &dyn StoreFactory) {
    let store = five(factory).await;
    assert_eq!(found(&store, &BuildQuery::default(), Page::ALL).await, (vec![5, 4, 3, 2, 1], 5));
}

/// Each field narrows the list, and all of them together.
pub async fn every_field_filters(factory: &dyn StoreFactory) {
    let store = five(factory).await;
    let all = BuildQuery::default;
    let cases = [
        (BuildQuery { name: Some(parse("n")), ..all() }, vec![2]),
        (BuildQuery { stream: Some(parse("2.0")), ..all() }, vec![4]),
        (BuildQuery { version: Some(Version(3)), ..all() }, vec![4, 3]),
        (BuildQuery { context: Some(parse("bb")), ..all() }, vec![5]),
        (BuildQuery { context: Some(parse("bb_1")), ..all() }, vec![4]),
        (BuildQuery { owner: Some(parse("bob")), ..all() }, vec![3]),
        (BuildQuery { scratch: Some(true), ..all() }, vec![4]),
        (BuildQuery { scratch: Some(false), ..all() }, vec![5, 3, 2, 1]),
        (BuildQuery { states: vec![ModuleState::Ready], ..all() }, vec![5]),
        (BuildQuery { states: vec![ModuleState::Ready, ModuleState::Build], ..all() }, vec![5, 4]),
        (BuildQuery { states: vec![ModuleState::Garbage], ..all() }, vec![]),
        (BuildQuery::nsvc(&"m:1.0:1:aa".parse().expect("identity")), vec![1]),
        (BuildQuery { owner: Some(parse("bob")), version: Some(Version(1)), ..all() }, vec![]),
        // A name is a value, never a pattern or a piece of a query.
        (BuildQuery { name: Some(parse("%")), ..all() }, vec![]),
        (BuildQuery { name: Some(parse("m'OR'1'='1")), ..all() }, vec![]),
    ];
    for (query, ids) in cases {
        let total = ids.len() as u64;
        assert_eq!(found(&store, &query, Page::ALL).await, (ids, total), "{query:?}");
        let (summaries, _) = store.find(&all(), Page::ALL).await.expect("list");
        let matching = summaries.iter().filter(|summary| query.matches(summary)).count() as u64;
        assert_eq!(matching, total, "{query:?}");
    }
}

/// A page is a part of what matches; the total counts all that matches.
pub async fn pages_are_cut_after_filtering(factory: &dyn StoreFactory) {
    let store = five(factory).await;
    let query = BuildQuery { name: Some(parse("m")), ..BuildQuery::default() };
    for (offset, limit, ids) in [
        (0, 2, vec![5, 4]),
        (2, 2, vec![3, 1]),
        (3, 2, vec![1]),
        (4, 2, vec![]),
        (0, 0, vec![]),
        (1, u64::MAX, vec![4, 3, 1]),
        (u64::MAX, u64::MAX, vec![]),
    ] {
        assert_eq!(found(&store, &query, Page { offset, limit }).await, (ids, 4), "{offset} {limit}");
    }
}

/// Versions around 2^63 and 2^64 are not taken for each other.
pub async fn versions_are_told_apart_over_the_whole_range(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let versions = [0, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX];
    for version in versions {
        let mut new = new_build("m", &[]);
        new.nsvc.version = Version(version);
        Session::create(&store, new).await;
    }
    for (id, version) in (1..).zip(versions) {
        let query = BuildQuery { version: Some(Version(version)), ..BuildQuery::default() };
        assert_eq!(found(&store, &query, Page::ALL).await, (vec![id], 1), "{version}");
    }
}
