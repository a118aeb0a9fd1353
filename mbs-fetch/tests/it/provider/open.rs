//! Places, told apart by looking.

use super::service::start;
use super::{builds, document, options};
use crate::support::World;
use mbs_core::build::ModuleState;
use mbs_core::repodata::attach_modules;
use mbs_fetch::provider::{OpenError, PlaceKind, SidecarError, open_provider};
use mbs_testkit::provider::sample;

fn repository(world: &World, text: &str) -> String {
    let made = attach_modules("<repomd><data type='primary'/></repomd>", text).expect("list");
    let folder = world.path("os");
    std::fs::create_dir_all(folder.join("repodata")).expect("folder");
    std::fs::write(folder.join("repodata/repomd.xml"), made.repomd).expect("written");
    std::fs::write(folder.join("repodata").join(made.file_name), made.file).expect("written");
    folder.to_str().expect("text").to_owned()
}

#[test]
fn places_are_told_apart() {
    let world = World::new();
    let os = repository(&world, &document("app:1:5:c0ffee00", ""));
    let file = world.path("m.yaml").to_str().expect("text").to_owned();
    std::fs::write(&file, "").expect("written");
    let (index, folder, service) = (PlaceKind::Index, PlaceKind::Repository, PlaceKind::Service);
    let of = |kind: fn(String) -> PlaceKind, text: &str| kind(text.to_owned());
    for (place, kind) in [
        (file.clone(), of(index, &file)),
        (format!("file://{file}"), of(index, &format!("file://{file}"))),
        (os.clone(), of(folder, &os)),
        (format!("file://{os}/"), of(folder, &format!("file://{os}/"))),
        (format!("{os}/repodata/repomd.xml"), of(folder, &format!("{os}/"))),
        ("https://h/f/os/".to_owned(), of(folder, "https://h/f/os/")),
        ("https://h/f/os/repodata/repomd.xml".to_owned(), of(folder, "https://h/f/os/")),
        ("https://h/f/modules.yaml.gz".to_owned(), of(index, "https://h/f/modules.yaml.gz")),
        ("https://h/module-build-service/1/".to_owned(), of(service, "https://h/module-build-service/1/")),
        ("mbs+http://h:5000/x".to_owned(), of(service, "mbs+http://h:5000/x")),
    ] {
        assert_eq!(PlaceKind::of(&place).expect(&place), kind);
    }
    let error = PlaceKind::of(world.dir.path().to_str().expect("text")).expect_err("a plain folder");
    assert!(matches!(error, OpenError::NoRepository { .. }), "{error}");
    let error = PlaceKind::of("/nowhere/m.yaml").expect_err("absent");
    assert!(matches!(error, OpenError::Absent { .. }), "{error}");
    let error = PlaceKind::of("ftp://ann:secret@h/x").expect_err("scheme").to_string();
    assert!(!error.contains("secret"), "{error}");
}

#[tokio::test]
async fn places_are_layered_in_their_order() {
    let world = World::new();
    let os = repository(&world, &(document("app:1:5:c0ffee00", "") + &document("app:1:6:c0ffee00", "")));
    let file = world.path("m.yaml");
    std::fs::write(&file, document("app:1:5:c0ffee00", "") + "---\nbroken: [\n...\n").expect("written");
    std::fs::write(world.path("m.states.yaml"), "app:1:5:c0ffee00: failed").expect("written");
    let server = start(&sample(0), "1", 100).await;
    let service = format!("mbs+{}", server.url.replace("://", "://ann:secret@"));
    let file = file.to_str().expect("text");

    let provider = open_provider(&[file, &os, &service], &options()).await.expect("opened");
    let found: Vec<_> =
        builds(&provider, "app").await.iter().map(|facts| (facts.nsvc.version.0, facts.state)).collect();
    assert_eq!(found, [(5, ModuleState::Failed), (6, ModuleState::Ready)]);
    assert_eq!(builds(&provider, "states").await.len(), 7);
    assert_eq!(provider.warnings().len(), 1);
    assert!(provider.places().all(|place| !place.contains("secret")), "{:?}", provider.places().collect::<Vec<_>>());
    assert!(!format!("{provider:?}").contains("secret"));

    let provider = open_provider(&[os.as_str(), file], &options()).await.expect("opened");
    assert!(builds(&provider, "app").await.iter().all(|facts| facts.state == ModuleState::Ready));
    assert!(builds(&open_provider::<&str>(&[], &options()).await.expect("nothing"), "app").await.is_empty());
}

#[tokio::test]
async fn a_named_sidecar_may_speak_of_any_place_but_of_nothing_else() {
    let world = World::new();
    let os = repository(&world, &document("app:1:6:c0ffee00", ""));
    let file = world.path("m.yaml");
    std::fs::write(&file, document("app:1:5:c0ffee00", "")).expect("written");
    let (file, named) = (file.to_str().expect("text"), world.path("named.yaml"));
    let mut options = options();
    options.sidecars = vec![named.to_str().expect("text").to_owned()];
    std::fs::write(&named, "app:1:5:c0ffee00: done\napp:1:6:c0ffee00: garbage").expect("written");
    let provider = open_provider(&[file, &os], &options).await.expect("opened");
    let states: Vec<_> = builds(&provider, "app").await.iter().map(|facts| facts.state).collect();
    assert_eq!(states, [ModuleState::Done, ModuleState::Garbage]);
    std::fs::write(&named, "app:1:7:c0ffee00: done").expect("written");
    let error = open_provider(&[file, &os], &options).await.expect_err("unknown");
    assert!(matches!(error, OpenError::Sidecar(SidecarError::UnknownBuild { .. })), "{error}");
}
