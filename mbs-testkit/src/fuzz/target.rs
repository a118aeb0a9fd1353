//! The list.

use super::{build, decompress, edit, index, reading, scanners};

/// One thing to try.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Panics if the input shows a defect.
    pub body: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "read_lenient", body: reading::lenient },
    Target { name: "read_strict", body: reading::strict },
    Target { name: "read_for_build", body: build::read },
    Target { name: "index", body: index::index },
    Target { name: "scanners", body: scanners::chunk },
    Target { name: "whole", body: scanners::whole },
    Target { name: "edit", body: edit::edit },
    Target { name: "decompress", body: decompress::decompress },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|one| one.name == name)
}
