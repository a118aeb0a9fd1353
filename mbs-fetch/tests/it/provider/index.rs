//! Index files.

use super::{builds, document, name, options};
use crate::support::World;
use mbs_core::build::ModuleState;
use mbs_core::resolve::{DocumentProvider, FactsSource, Provider};
use mbs_core::{BuildId, StreamName};
use mbs_fetch::provider::{IndexProvider, OpenError, SidecarError};
use std::path::PathBuf;

const STORED: &str = "  xmd:\n    mbs:\n      mse: TRUE\n      commit: abc\n      koji_tag: module-a\n      \
                      buildrequires:\n        platform: {stream: f29, version: \"3\", context: \"00000000\", ref: virtual}\n";

fn write(world: &World, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = world.path(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

async fn open(paths: &[&PathBuf]) -> Result<IndexProvider, OpenError> {
    let places: Vec<&str> = paths.iter().map(|path| path.to_str().expect("text")).collect();
    IndexProvider::open(&places, &options()).await
}

fn refused(result: Result<IndexProvider, OpenError>) -> OpenError {
    result.expect_err("refused")
}

#[tokio::test]
async fn a_document_says_what_it_says_and_the_rest_is_assumed() {
    let world = World::new();
    let text = document("a:1:5:c0ffee00", STORED) + &document("b:1:5:c0ffee00", "");
    let provider = open(&[&write(&world, "modules.yaml", text)]).await.expect("index");
    let stored = &builds(&provider, "a").await[0];
    assert_eq!(
        (stored.source, stored.state, stored.repository.as_deref()),
        (FactsSource::Stored, ModuleState::Ready, None)
    );
    assert_eq!(stored.built_on[0].to_string(), "platform:f29:3:00000000");
    assert_eq!((stored.koji_tag.as_deref(), stored.commit.as_deref()), (Some("module-a"), Some("abc")));
    assert_eq!(builds(&provider, "b").await[0].source, FactsSource::Assumed);
    assert_eq!((provider.len(), provider.modules().len()), (2, 2));
    let known = provider.documents_of(&name("a"), &StreamName::new("1").expect("name")).await.expect("documents");
    assert_eq!(known[0].document.xmd_mbs().and_then(|mbs| mbs.get("commit")?.as_str()), Some("abc"));
    assert!(provider.documents_of(&name("a"), &StreamName::new("2").expect("name")).await.expect("none").is_empty());
}

#[tokio::test]
async fn sidecars_are_found_by_their_names() {
    for (index, sidecar) in [
        ("modules.yaml", "modules.yaml.states.yaml"),
        ("modules.yaml", "modules.states.json"),
        ("modules.yaml.gz", "modules.states.yml"),
        ("modules.yaml.gz", "modules.yaml.states.json"),
        ("index", "index.states.yaml"),
    ] {
        let world = World::new();
        let path = write(&world, index, document("a:1:5:c0ffee00", ""));
        write(&world, sidecar, "{\"a:1:5:c0ffee00\": {\"state\": 4, \"id\": 12}}");
        let provider = open(&[&path]).await.expect(sidecar);
        assert_eq!(builds(&provider, "a").await[0].state, ModuleState::Failed, "{index} {sidecar}");
        let known = provider.documents_of(&name("a"), &StreamName::new("1").expect("name")).await.expect("documents");
        assert_eq!(known[0].record.id, Some(BuildId(12)));
    }
}

#[tokio::test]
async fn a_named_sidecar_adds_to_the_one_beside_the_index() {
    let world = World::new();
    let index = write(&world, "m.yaml", document("a:1:5:c0ffee00", "") + &document("a:1:6:c0ffee00", ""));
    write(&world, "m.states.yaml", "a:1:5:c0ffee00: {state: done, id: 3}\na:1:6:c0ffee00: failed");
    let named = write(&world, "named.json", "{\"a:1:5:c0ffee00\": \"garbage\"}");
    let mut options = options();
    options.sidecars = vec![named.to_str().expect("text").to_owned()];
    let provider = IndexProvider::open(&[index.to_str().expect("text")], &options).await.expect("index");
    let states: Vec<_> = builds(&provider, "a").await.iter().map(|facts| facts.state).collect();
    assert_eq!(states, [ModuleState::Garbage, ModuleState::Failed]);
    let known = provider.documents_of(&name("a"), &StreamName::new("1").expect("name")).await.expect("documents");
    assert_eq!(known[0].record.id, Some(BuildId(3)));
}

#[tokio::test]
async fn mistakes_in_sidecars_are_refused() {
    let world = World::new();
    let index = write(&world, "m.yaml", document("a:1:5:c0ffee00", ""));
    let sidecar = write(&world, "m.states.yaml", "a:1:6:c0ffee00: ready");
    let error = refused(open(&[&index]).await);
    assert!(matches!(error, OpenError::Sidecar(SidecarError::UnknownBuild { .. })), "{error}");
    for part in ["m.states.yaml` names the build `a:1:6:c0ffee00`", "m.yaml`"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    write(&world, "m.yaml.states.json", "{}");
    let error = refused(open(&[&index]).await);
    assert!(matches!(error, OpenError::Sidecar(SidecarError::Several { .. })), "{error}");
    std::fs::remove_file(sidecar).expect("removed");

    let mut options = options();
    options.sidecars = vec!["/nowhere/s.yaml".to_owned()];
    let error = refused(IndexProvider::open(&[index.to_str().expect("text")], &options).await);
    assert_eq!(error.to_string(), "the sidecar `/nowhere/s.yaml` does not exist");
}

#[tokio::test]
async fn the_first_index_wins_with_what_stands_beside_it() {
    let world = World::new();
    let first = write(&world, "1.yaml", document("a:1:5:c0ffee00", STORED));
    let second = write(&world, "2.yaml", document("a:1:5:c0ffee00", "") + &document("a:1:6:c0ffee00", ""));
    write(&world, "2.states.yaml", "a:1:5:c0ffee00: failed\na:1:6:c0ffee00: failed");
    let provider = open(&[&first, &second]).await.expect("index");
    let found: Vec<_> = builds(&provider, "a").await.iter().map(|facts| (facts.source, facts.state)).collect();
    assert_eq!(found, [(FactsSource::Stored, ModuleState::Ready), (FactsSource::Assumed, ModuleState::Failed)]);
}

#[tokio::test]
async fn what_cannot_be_a_build_is_left_out_and_told() {
    let world = World::new();
    let text = [
        document("a:1:5:c0ffee00", ""),
        document("b:1:5:c0ffee00", "").replace("  stream: \"1\"\n", ""),
        document("c:1:5:c0ffee00", "").replace("  summary: S\n", "  summary: [S\n"),
        document("d:1:5:c0ffee00", "").replace("\"1\"", "\"a b\""),
        "---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: a}\n...\n".to_owned(),
        "---\ndocument: modulemd-packager\nversion: 3\ndata:\n  summary: S\n  description: D\n  license: [MIT]\n  \
         configurations: [{context: x, platform: f29}]\n...\n"
            .to_owned(),
        document("e:1:5:c0ffee00", ""),
    ];
    let path = write(&world, "m.yaml", text.concat());
    let provider = open(&[&path]).await.expect("index");
    let names: Vec<_> = provider.modules().map(ToString::to_string).collect();
    assert_eq!(names, ["a", "e"]);
    let told: Vec<String> = provider.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:#?}");
    for (problem, part) in told.iter().zip([
        "stream name `` is empty",
        "did not find expected",
        "`a b` contains",
        "describes how to build",
    ]) {
        assert!(problem.contains(part), "{part}: {told:#?}");
    }
    assert!(told.iter().all(|problem| problem.starts_with(&format!("{}:", path.display()))), "{told:#?}");
}

#[tokio::test]
async fn what_is_no_index_at_all_is_refused() {
    let world = World::new();
    let error = refused(open(&[&world.path("absent.yaml")]).await);
    assert!(matches!(error, OpenError::Absent { .. }), "{error}");
    let error = refused(open(&[&write(&world, "a.gz", b"\x1f\x8b\x08\0\0")]).await);
    assert!(matches!(error, OpenError::Content { .. }), "{error}");
    let error = refused(open(&[&write(&world, "page", "<!DOCTYPE html>\n<html><body class=\"x\">\n</html>\n")]).await);
    assert!(matches!(error, OpenError::NoDocuments { .. }), "{error}");
    assert!(error.to_string().contains("page` is no module index"), "{error}");
    assert!(open(&[&write(&world, "empty", "")]).await.expect("empty").is_empty());
    let mut options = options();
    options.limits = options.limits.with_bytes(100);
    let large = write(&world, "large", document("a:1:5:c0ffee00", ""));
    let error = refused(IndexProvider::open(&[large.to_str().expect("text")], &options).await);
    assert!(matches!(error, OpenError::Content { .. }), "{error}");
}

#[tokio::test]
async fn documents_for_several_architectures_are_one_build() {
    let world = World::new();
    let on = |arch: &str| document("a:1:5:c0ffee00", &format!("  arch: {arch}\n"));
    let provider = open(&[&write(&world, "m.yaml", on("x86_64") + &on("aarch64"))]).await.expect("index");
    assert_eq!(builds(&provider, "a").await.len(), 1);
    let known = provider.documents_of(&name("a"), &StreamName::new("1").expect("name")).await.expect("documents");
    assert_eq!(known[0].document.arch.as_deref(), Some("x86_64"));
    assert!(provider.builds(&name("b")).await.expect("none").is_empty());
}

#[tokio::test]
async fn an_index_that_is_read_in_parts_reads_as_a_whole() {
    let world = World::new();
    let notes = format!("{STORED}    other: \"{}\"\n", "x".repeat(1000));
    let mut text: String =
        (0..2500).map(|number| document(&format!("m{}:1:{number}:c0ffee00", number % 7), &notes)).collect();
    assert!(text.len() > 3 << 20);
    let line = text.lines().count() + 1;
    text += "--- # broken\ndocument: [\n...\n";
    text += &document("last:1:1:c0ffee00", &notes);
    // A mark at the beginning makes the reader take all at once.
    let parts = open(&[&write(&world, "1.yaml", &text)]).await.expect("index");
    let whole = open(&[&write(&world, "2.yaml", format!("\u{FEFF}{text}"))]).await.expect("index");
    assert_eq!((parts.len(), whole.len()), (2501, 2501));
    for name in parts.modules() {
        assert_eq!(parts.builds(name).await.expect("builds"), whole.builds(name).await.expect("builds"));
        let stream = StreamName::new("1").expect("name");
        let documents = parts.documents_of(name, &stream).await.expect("documents");
        assert_eq!(documents, whole.documents_of(name, &stream).await.expect("documents"));
    }
    let place = |provider: &IndexProvider| {
        assert_eq!(provider.warnings().len(), 1, "{:?}", provider.warnings());
        provider.warnings()[0].place.rsplit_once(':').map(|(_, line)| line.to_owned())
    };
    assert_eq!(place(&parts), place(&whole));
    let told: usize = place(&parts).and_then(|line| line.parse().ok()).expect("a line");
    assert!((line..line + 3).contains(&told), "{told} {line}");
}
