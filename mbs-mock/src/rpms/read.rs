//! Reads the header of an RPM file.

use std::path::{Path, PathBuf};

use rpm::{Dependency, Error, PackageMetadata};
use thiserror::Error as ThisError;

use super::facts::RpmFacts;
use super::relation::Relation;

/// Why the header of an RPM could not be read.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum RpmReadError {
    /// The file is absent or cannot be read.
    #[error("cannot read the RPM `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no RPM, or a broken one.
    #[error("`{}` is not a readable RPM: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What the reader met.
        #[source]
        source: Box<rpm::Error>,
    },
    /// A field that every RPM has is missing or of another type.
    #[error("the RPM `{}` has no usable `{field}` in its header: {source}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// Name of the header field.
        field: &'static str,
        /// What the reader met.
        #[source]
        source: Box<rpm::Error>,
    },
}

/// Reads the header of the RPM at `path`. The file is read up to the end of its header only.
pub fn read_facts(path: &Path) -> Result<RpmFacts, RpmReadError> {
    let metadata = PackageMetadata::open(path).map_err(|error| match error {
        Error::Io(source) if source.kind() != std::io::ErrorKind::UnexpectedEof => {
            RpmReadError::Io { path: path.to_owned(), source }
        }
        other => RpmReadError::Malformed { path: path.to_owned(), source: Box::new(other) },
    })?;
    let at = Header { path, metadata: &metadata };
    let source = metadata.is_source_package();
    Ok(RpmFacts {
        name: at.text("Name", metadata.get_name())?,
        epoch: at.optional("Epoch", metadata.get_epoch())?.unwrap_or(0),
        version: at.text("Version", metadata.get_version())?,
        release: at.text("Release", metadata.get_release())?,
        arch: at.text("Arch", metadata.get_arch())?,
        source,
        source_rpm: if source { None } else { at.optional_text("Sourcerpm", metadata.get_source_rpm())? },
        license: at.optional_text("License", metadata.get_license())?,
        modularity_label: at.optional_text(
            "Modularitylabel",
            metadata.header.get_entry_data_as_string(rpm::IndexTag::RPMTAG_MODULARITYLABEL),
        )?,
        provides: at.relations("Provides", metadata.get_provides())?,
        requires: at.relations("Requires", metadata.get_requires())?,
        conflicts: at.relations("Conflicts", metadata.get_conflicts())?,
        obsoletes: at.relations("Obsoletes", metadata.get_obsoletes())?,
        files: at.files()?,
    })
}

struct Header<'a> {
    path: &'a Path,
    metadata: &'a PackageMetadata,
}

impl Header<'_> {
    fn fail(&self, field: &'static str, source: Error) -> RpmReadError {
        RpmReadError::Field { path: self.path.to_owned(), field, source: Box::new(source) }
    }

    fn text(&self, field: &'static str, value: Result<&str, Error>) -> Result<String, RpmReadError> {
        value.map(str::to_owned).map_err(|error| self.fail(field, error))
    }

    fn optional<T>(&self, field: &'static str, value: Result<T, Error>) -> Result<Option<T>, RpmReadError> {
        match value {
            Ok(value) => Ok(Some(value)),
            Err(Error::TagNotFound(_)) => Ok(None),
            Err(error) => Err(self.fail(field, error)),
        }
    }

    fn optional_text(&self, field: &'static str, value: Result<&str, Error>) -> Result<Option<String>, RpmReadError> {
        Ok(self.optional(field, value)?.map(str::to_owned))
    }

    fn relations(
        &self,
        field: &'static str,
        value: Result<Vec<Dependency>, Error>,
    ) -> Result<Vec<Relation>, RpmReadError> {
        let list = self.optional(field, value)?.unwrap_or_default();
        Ok(list.into_iter().map(|entry| Relation::from_header(entry.name, entry.flags.bits(), entry.version)).collect())
    }

    fn files(&self) -> Result<Vec<String>, RpmReadError> {
        let pairs = self.metadata.get_file_paths_split().map_err(|error| self.fail("Filenames", error))?;
        Ok(pairs.into_iter().map(|(folder, name)| format!("{folder}{name}")).collect())
    }
}
