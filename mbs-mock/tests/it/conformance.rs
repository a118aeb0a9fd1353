//! The embedded backend keeps the contract of all backends.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::read::GzDecoder;
use mbs_core::builder::{GenericBuilder, RequestKey};
use mbs_core::clock::Clock;
use mbs_core::source::{Checkout, CheckoutRequest, RefRequest, ResolvedRef, Source, SourceError};
use mbs_mock::{RpmbuildBuilder, RpmbuildConfig};
use mbs_testkit::builder::conformance::{BuilderFactory, Part, RepoContent, run_all};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes a spec that does what the name of the component says.
struct Specs;

fn spec(name: &str) -> String {
    let (header, build) = match name.split_once("--").unwrap_or((name, "")) {
        ("failing", _) => (String::new(), "exit 1".to_owned()),
        ("endless", _) => (String::new(), "while :; do sleep 1000; done".to_owned()),
        ("needing", rest) => {
            let other = rest.split_once("--").expect("number and name").1;
            (format!("BuildRequires: {other}\n"), format!("test -e /usr/share/suite/{other}"))
        }
        ("using", other) => (String::new(), format!("test -e /usr/share/suite/{other}")),
        _ => (String::new(), "true".to_owned()),
    };
    format!(
        "Name: {name}\nVersion: 1\nRelease: 1%{{?dist}}\nSummary: s\nLicense: MIT\nBuildArch: noarch\n{header}\
         %description\nd\n%build\n{build}\n%install\nmkdir -p %{{buildroot}}/usr/share/suite\n\
         touch %{{buildroot}}/usr/share/suite/{name}\n%files\n/usr/share/suite/{name}\n"
    )
}

#[async_trait]
impl Source for Specs {
    async fn resolve(&self, _requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        Vec::new()
    }

    async fn checkout(&self, request: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
        let file = format!("{}.spec", request.component);
        std::fs::create_dir_all(dest).map_err(SourceError::disk("make", dest))?;
        std::fs::write(dest.join(&file), spec(request.component.as_str())).map_err(SourceError::disk("write", dest))?;
        Ok(Checkout {
            spec: PathBuf::from(file),
            source_dir: PathBuf::new(),
            files: Vec::new(),
            commit_time: DateTime::UNIX_EPOCH,
        })
    }
}

struct TokioClock;

#[async_trait]
#[expect(clippy::disallowed_methods, reason = "the suite waits for programs that take real time")]
impl Clock for TokioClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn sleep_until(&self, when: DateTime<Utc>) {
        tokio::time::sleep((when - Utc::now()).to_std().unwrap_or_default()).await;
    }
}

struct Factory {
    root: PathBuf,
}

#[async_trait]
impl BuilderFactory for Factory {
    async fn open(&self) -> Arc<dyn GenericBuilder> {
        let config = RpmbuildConfig {
            state: self.root.join("state"),
            results: self.root.join("builds"),
            cache: self.root.join("cache"),
            work: self.root.join("work"),
            processes: NonZeroU32::MIN,
            extra_provides: Vec::new(),
        };
        Arc::new(RpmbuildBuilder::open(config, Arc::new(Specs), Arc::new(TokioClock)).expect("backend"))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(TokioClock)
    }

    fn good(&self, number: u32) -> Part {
        Part::named(&format!("good{number}")).expect("name")
    }

    fn failing(&self) -> Option<Part> {
        Part::named("failing").ok()
    }

    fn endless(&self) -> Option<Part> {
        Part::named("endless").ok()
    }

    fn needing(&self, number: u32, other: &Part) -> Option<Part> {
        Part::named(&format!("needing--{number}--{}", other.name)).ok()
    }

    fn using(&self, other: &Part) -> Option<Part> {
        Part::named(&format!("using--{}", other.name)).ok()
    }

    fn starts(&self, key: &RequestKey) -> Option<u32> {
        let log = self.root.join(format!("state/logs/{}/{}.{}.log", key.build, key.component, key.attempt));
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let begun = text.lines().filter(|line| line.starts_with("== fetching")).count();
        // Before the thread of the attempt has written a line, nothing can be told.
        u32::try_from(begun).ok().filter(|begun| *begun > 0)
    }

    async fn read_repo(&self, address: &str) -> Option<Result<RepoContent, String>> {
        Some(read_repository(Path::new(address)).map_err(|error| error.to_string()))
    }

    fn patience(&self) -> TimeDelta {
        TimeDelta::seconds(120)
    }
}

fn read_repository(folder: &Path) -> std::io::Result<RepoContent> {
    let mut content = RepoContent { rpms: BTreeSet::new(), modulemd: false };
    for entry in std::fs::read_dir(folder.join("repodata"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        content.modulemd |= name.contains("-modules.yaml");
        if name.contains("-primary.xml") {
            let mut text = String::new();
            GzDecoder::new(std::fs::File::open(&path)?).read_to_string(&mut text)?;
            let files = text.split("<location href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            content.rpms = files.filter(|file| !file.ends_with(".src.rpm")).map(str::to_owned).collect();
        }
    }
    Ok(content)
}

#[tokio::test]
async fn the_embedded_backend_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("folder");
    let report = run_all(&Factory { root: folder.path().to_owned() }).await;
    eprintln!("{report}");
    assert!(report.is_ok(), "{report}");
}
