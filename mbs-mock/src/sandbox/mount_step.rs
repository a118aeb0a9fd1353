//! The single steps of making a file tree, and the list that collects them.

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::error::SandboxError;

/// One step of making the file tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MountStep {
    /// Make a folder.
    Folder(CString),
    /// Make an empty file, as a place for a bind.
    File(CString),
    /// Make a symbolic link.
    Link { content: CString, path: CString },
    /// Mount an empty tmpfs.
    Tmpfs { target: CString, options: CString },
    /// Show a file or folder with everything mounted below it.
    Bind { source: CString, target: CString },
    /// Show several trees as one, read-only.
    Overlay { target: CString, options: CString },
    /// The process folder of the new PID namespace.
    Proc(CString),
    /// Terminals of the sandbox's own.
    Terminals(CString),
    /// Make everything below read-only.
    ReadOnly(CString),
    /// Make this writable again.
    Writable(CString),
    /// A step that may fail: the place stays empty then.
    Optional(Box<MountStep>),
}

impl MountStep {
    /// The place a step is about, for error messages.
    pub(super) fn place(&self) -> &CString {
        match self {
            Self::Folder(path)
            | Self::File(path)
            | Self::Proc(path)
            | Self::Terminals(path)
            | Self::ReadOnly(path)
            | Self::Writable(path)
            | Self::Link { path, .. } => path,
            Self::Tmpfs { target, .. } | Self::Bind { target, .. } | Self::Overlay { target, .. } => target,
            Self::Optional(step) => step.place(),
        }
    }
}

/// Collects steps and turns paths into C strings.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// In the order of carrying out.
    pub(super) list: Vec<MountStep>,
}

/// A path the kernel can take; it cannot hold a NUL byte once it exists on a file system.
pub(super) fn c_path(path: &Path) -> Result<CString, SandboxError> {
    CString::new(path.as_os_str().as_bytes())
        .map_err(|_| SandboxError::BadPath { path: path.to_owned(), reason: "it contains a NUL byte" })
}

impl Steps {
    /// Adds a step of this kind.
    pub(super) fn folder(&mut self, path: &Path) -> Result<(), SandboxError> {
        self.list.push(MountStep::Folder(c_path(path)?));
        Ok(())
    }

    /// Adds a step of this kind.
    pub(super) fn file(&mut self, path: &Path) -> Result<(), SandboxError> {
        self.list.push(MountStep::File(c_path(path)?));
        Ok(())
    }

    /// Adds a step of this kind.
    pub(super) fn link(&mut self, content: &Path, path: &Path) -> Result<(), SandboxError> {
        self.list.push(MountStep::Link { content: c_path(content)?, path: c_path(path)? });
        Ok(())
    }

    /// Adds a step of this kind.
    pub(super) fn tmpfs(&mut self, target: &Path, options: &str) -> Result<(), SandboxError> {
        let options = c_path(Path::new(options))?;
        self.list.push(MountStep::Tmpfs { target: c_path(target)?, options });
        Ok(())
    }

    /// Adds a step of this kind.
    pub(super) fn bind(&mut self, source: &Path, target: &Path) -> Result<(), SandboxError> {
        self.list.push(MountStep::Bind { source: c_path(source)?, target: c_path(target)? });
        Ok(())
    }

    /// Lets the last step fail without harm.
    pub(super) fn optional(&mut self) {
        if let Some(step) = self.list.pop() {
            self.list.push(MountStep::Optional(Box::new(step)));
        }
    }
}
