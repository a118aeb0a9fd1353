//! What a repository says it has.

use super::error::ModulesProblem;
use super::place::Place;
use crate::repo::find_documents;
use crate::rpms::read_facts;
use mbs_core::modulemd::{Document, Limits, ModuleStream, ReadOptions, decode, read};
use mbs_core::repodata::{ListedPackage, MODULES, PRIMARY, Part, REPOMD, Repomd, packages};
use mbs_core::source::{Checksum, ChecksumKind, Hasher};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// Largest `repomd.xml` in bytes. Real ones have some thousand.
const MAX_LIST: u64 = 16 << 20;

/// Largest list of packages in bytes, without its compression. That of a whole distribution has some hundred million.
const MAX_PRIMARY: usize = 1 << 30;

/// A package of a repository.
#[derive(Debug, Clone)]
pub(super) struct Package {
    /// `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    pub(super) nevra: String,
    pub(super) arch: String,
    pub(super) checksum: Checksum,
    /// From the repository's folder.
    pub(super) path: Vec<String>,
}

/// What a repository has.
#[derive(Debug, Default)]
pub(super) struct Repository {
    pub(super) packages: Vec<Package>,
    /// Its stream documents.
    pub(super) documents: Vec<ModuleStream>,
}

type Read<T> = Result<T, ModulesProblem>;

fn metadata(error: impl std::fmt::Display) -> ModulesProblem {
    ModulesProblem::Metadata(error.to_string())
}

/// Trouble with a file or folder of a repository.
pub(super) fn disk(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ModulesProblem {
    let path = path.display().to_string();
    move |error| ModulesProblem::Metadata(format!("cannot {action} `{path}`: {error}"))
}

impl Repository {
    pub(super) fn read(place: &Place) -> Read<Self> {
        if let Some(list) = place.metadata(&REPOMD.split('/').collect::<Vec<_>>(), MAX_LIST)? {
            return Self::of_metadata(place, &list);
        }
        match place {
            Place::Folder(folder) if folder.is_dir() => Self::of_folder(folder),
            _ => Err(ModulesProblem::Gone),
        }
    }

    fn of_metadata(place: &Place, list: &[u8]) -> Read<Self> {
        let not_text = || ModulesProblem::Metadata("its `repomd.xml` is not UTF-8; make the metadata again".to_owned());
        let list = Repomd::parse(std::str::from_utf8(list).map_err(|_| not_text())?).map_err(metadata)?;
        let limits = Limits::default().with_bytes(MAX_PRIMARY);
        let primary = content(place, list.part(PRIMARY).map_err(metadata)?, &limits)?;
        let text = std::str::from_utf8(&primary)
            .map_err(|_| metadata("its list of packages is not UTF-8; make the metadata again"))?;
        let listed = packages(text).map_err(metadata)?;
        let documents = match list.part(MODULES) {
            Ok(part) => documents(&content(place, part, &Limits::default())?)?,
            Err(_) => Vec::new(),
        };
        Ok(Self { packages: listed.into_iter().map(Package::from).collect(), documents })
    }

    /// A folder without metadata: the RPM files directly in it.
    fn of_folder(folder: &Path) -> Read<Self> {
        let mut found = Self::default();
        for entry in fs::read_dir(folder).map_err(disk("list", folder))? {
            let entry = entry.map_err(disk("list", folder))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let is_rpm = path.extension().is_some_and(|extension| extension == "rpm") && path.is_file();
            if !is_rpm || name.starts_with('.') {
                continue;
            }
            let facts = read_facts(&path).map_err(metadata)?;
            let checksum = checksum(&path, ChecksumKind::Sha256).map_err(disk("read", &path))?;
            let arch = facts.artifact_arch().to_owned();
            found.packages.push(Package { nevra: facts.nevra(), arch, checksum, path: vec![name] });
        }
        if found.packages.is_empty() {
            return Err(ModulesProblem::Empty);
        }
        found.packages.sort_by(|one, two| one.nevra.cmp(&two.nevra));
        for path in find_documents(folder).map_err(metadata)? {
            let text = fs::read(&path).map_err(disk("read", &path))?;
            found.documents.extend(documents(&text)?);
        }
        Ok(found)
    }
}

impl From<ListedPackage> for Package {
    fn from(listed: ListedPackage) -> Self {
        let nevra = listed.nevra();
        Self { nevra, arch: listed.arch, checksum: listed.checksum, path: listed.path }
    }
}

/// The content of a part, compared with its entry.
fn content(place: &Place, part: &Part, limits: &Limits) -> Read<Vec<u8>> {
    let path = part.path().map_err(metadata)?;
    let packed = place.metadata(&path, limits.compressed_bytes() as u64)?.ok_or_else(|| {
        ModulesProblem::Metadata(format!("its `{}` does not exist; make the metadata again", path.join("/")))
    })?;
    part.check(&packed).map_err(metadata)?;
    let content = decode(&packed, limits).map_err(metadata)?.into_owned();
    part.check_open(&content).map_err(metadata)?;
    Ok(content)
}

/// The stream documents in a text. Others are of no account here, and so is what is wrong with them.
fn documents(text: &[u8]) -> Read<Vec<ModuleStream>> {
    let reading = read(text, "modules.yaml", &ReadOptions::lenient());
    let streams: Vec<ModuleStream> = reading
        .documents
        .into_iter()
        .filter_map(|document| match document.value {
            Document::Stream(stream) => Some(*stream),
            _ => None,
        })
        .collect();
    if streams.is_empty()
        && let Some(error) = reading.diagnostics.iter().find(|one| one.is_error())
    {
        return Err(ModulesProblem::Metadata(format!("its module documents: {}", error.message)));
    }
    Ok(streams)
}

/// The checksum of a file.
pub(super) fn checksum(path: &Path, kind: ChecksumKind) -> std::io::Result<Checksum> {
    let (mut file, mut hasher, mut buffer) = (File::open(path)?, Hasher::new(kind), vec![0; 128 << 10]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finish()),
            count => hasher.update(&buffer[..count]),
        }
    }
}
