//! The arguments of `mbs edit`.

use clap::{Args, Subcommand};
use mbs_core::modulemd::{KeyPath, RpmComponent};
use std::path::PathBuf;

/// Change a modulemd file in place: comments, order and formatting of everything else stay
///
/// The file is replaced at once. One with several names (hard links) becomes a file of its own under the name given;
/// symbolic links stay.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    #[command(subcommand)]
    pub(super) change: Change,
}

#[derive(Debug, Subcommand)]
pub(super) enum Change {
    /// Set the git ref of a component
    SetRef {
        #[command(flatten)]
        place: Place,
        /// Name of the component
        #[arg(value_name = "COMPONENT")]
        component: String,
        /// Branch, tag or commit
        #[arg(value_name = "REF", value_parser = clap::builder::NonEmptyStringValueParser::new())]
        reference: String,
    },
    /// Add a package to the components: sorted if they are sorted, else at the end
    AddComponent {
        #[command(flatten)]
        place: Place,
        /// Key of the component
        #[arg(value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
        component: String,
        #[command(flatten)]
        fields: Fields,
    },
    /// Remove a component
    RemoveComponent {
        #[command(flatten)]
        place: Place,
        /// Name of the component
        #[arg(value_name = "NAME")]
        component: String,
    },
    /// Set a value, such as `data.summary` or `data.components.rpms["python3.11"].buildorder`
    Set {
        #[command(flatten)]
        place: Place,
        /// Keys from the root, as diagnostics show them
        #[arg(value_name = "PATH")]
        path: KeyPath,
        /// The value: a text, number or truth value as the format has it there; YAML for lists, maps and `xmd`
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
    /// Remove a key with its value, or an item of a list, such as `data.api.rpms["libfoo"]`
    Unset {
        #[command(flatten)]
        place: Place,
        /// Keys from the root, as diagnostics show them
        #[arg(value_name = "PATH")]
        path: KeyPath,
    },
    /// Add a text to a list, such as `data.api.rpms`: sorted if the list is sorted, else at the end
    Add {
        #[command(flatten)]
        place: Place,
        /// Keys from the root to the list, as diagnostics show them
        #[arg(value_name = "PATH")]
        path: KeyPath,
        /// The text
        #[arg(value_name = "TEXT", allow_hyphen_values = true)]
        text: String,
    },
}

impl Change {
    pub(super) fn place(&self) -> &Place {
        match self {
            Self::SetRef { place, .. }
            | Self::AddComponent { place, .. }
            | Self::RemoveComponent { place, .. }
            | Self::Set { place, .. }
            | Self::Unset { place, .. }
            | Self::Add { place, .. } => place,
        }
    }
}

/// Which document is changed, and whether.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The file; `-` reads standard input and writes the changed text to standard output
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Number of the document in a file with several, counted from 0
    #[arg(long, value_name = "N")]
    pub(super) document: Option<usize>,
    /// Write nothing; print what would change as a unified diff
    #[arg(long, visible_alias = "diff")]
    pub(super) dry_run: bool,
    /// Write nothing, and end with 3, if the document would have errors that it has not now; without this they are
    /// warnings
    #[arg(long)]
    pub(super) check: bool,
}

/// The fields of a new component.
#[derive(Debug, Args)]
pub(super) struct Fields {
    /// Why the package is in the module
    #[arg(long, value_name = "TEXT")]
    rationale: Option<String>,
    /// Name of the package, if it is not the key
    #[arg(long, value_name = "PACKAGE")]
    name: Option<String>,
    /// Address of the git repository
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// Address of the look-aside cache
    #[arg(long, value_name = "URL")]
    cache: Option<String>,
    /// Branch, tag or commit
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// Order of building
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, conflicts_with = "buildafter")]
    buildorder: Option<i64>,
    /// Components that are built before it; may be given several times
    #[arg(long, value_name = "COMPONENT", value_delimiter = ',')]
    buildafter: Vec<String>,
    /// Architectures it is built on; may be given several times
    #[arg(long, value_name = "ARCH", value_delimiter = ',')]
    arches: Vec<String>,
    /// Architectures it is multilib on; may be given several times
    #[arg(long, value_name = "ARCH", value_delimiter = ',')]
    multilib: Vec<String>,
    /// Install it in the buildroot
    #[arg(long)]
    buildroot: bool,
    /// Install it where source packages are made
    #[arg(long)]
    srpm_buildroot: bool,
    /// Do not ship it
    #[arg(long)]
    buildonly: bool,
}

impl Fields {
    pub(super) fn component(&self) -> RpmComponent {
        RpmComponent {
            rationale: self.rationale.clone(),
            name: self.name.clone(),
            repository: self.repository.clone(),
            cache: self.cache.clone(),
            git_ref: self.reference.clone(),
            buildroot: self.buildroot,
            srpm_buildroot: self.srpm_buildroot,
            buildonly: self.buildonly,
            buildorder: self.buildorder.unwrap_or_default(),
            buildafter: self.buildafter.iter().cloned().collect(),
            arches: self.arches.iter().cloned().collect(),
            multilib: self.multilib.iter().cloned().collect(),
        }
    }
}
