//! One dependency entry of an RPM header.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a version is compared in a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Comparison {
    /// `<`
    #[serde(rename = "<")]
    Less,
    /// `<=`
    #[serde(rename = "<=")]
    LessEqual,
    /// `=`
    #[serde(rename = "=")]
    Equal,
    /// `>=`
    #[serde(rename = ">=")]
    GreaterEqual,
    /// `>`
    #[serde(rename = ">")]
    Greater,
}

impl Comparison {
    /// The operator as it stands in a spec file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Equal => "=",
            Self::GreaterEqual => ">=",
            Self::Greater => ">",
        }
    }

    /// Reads an operator; rpm also takes `=<`, `=>` and `==`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "<" => Some(Self::Less),
            "<=" | "=<" => Some(Self::LessEqual),
            "=" | "==" => Some(Self::Equal),
            ">=" | "=>" => Some(Self::GreaterEqual),
            ">" => Some(Self::Greater),
            _ => None,
        }
    }

    /// Whether the named version itself is inside the range.
    pub fn has_equal(self) -> bool {
        matches!(self, Self::LessEqual | Self::Equal | Self::GreaterEqual)
    }

    /// Whether lower versions are inside the range.
    pub fn has_less(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual)
    }

    /// Whether higher versions are inside the range.
    pub fn has_greater(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterEqual)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a dependency is for, as the bits rpm stores beside it (`RPMSENSE_*`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RelationFlags(u32);

impl RelationFlags {
    const COMPARISON: u32 = 0b1110;
    const POSTTRANS: u32 = 1 << 5;
    const PRETRANS: u32 = 1 << 7;
    const INTERPRETER: u32 = 1 << 8;
    const PRE: u32 = 1 << 9;
    const POST: u32 = 1 << 10;
    const PREUN: u32 = 1 << 11;
    const POSTUN: u32 = 1 << 12;
    const FOUND: u32 = 1 << 14;
    const MISSING_OK: u32 = 1 << 19;
    const RPMLIB: u32 = 1 << 24;

    /// Takes the bits of a header; the comparison bits are left out, see [`Relation::comparison`].
    pub fn from_header(bits: u32) -> Self {
        Self(bits & !Self::COMPARISON)
    }

    /// The stored bits.
    pub fn bits(self) -> u32 {
        self.0
    }

    fn any(self, mask: u32) -> bool {
        self.0 & mask != 0
    }

    /// Needed by a scriptlet that runs before or while the package is installed (`%pre`, `%pretrans`).
    pub fn is_pre(self) -> bool {
        self.any(Self::PRE | Self::PRETRANS)
    }

    /// Needed by a scriptlet that runs after the package was installed (`%post`, `%posttrans`).
    pub fn is_post(self) -> bool {
        self.any(Self::POST | Self::POSTTRANS)
    }

    /// Needed by a scriptlet that runs when the package is removed (`%preun`, `%postun`).
    pub fn is_uninstall(self) -> bool {
        self.any(Self::PREUN | Self::POSTUN)
    }

    /// The interpreter of a scriptlet.
    pub fn is_interpreter(self) -> bool {
        self.any(Self::INTERPRETER)
    }

    /// Found by rpm's dependency generators, not written in the spec.
    pub fn is_generated(self) -> bool {
        self.any(Self::FOUND)
    }

    /// A feature of rpm itself (`rpmlib(...)`), never offered by a package.
    pub fn is_rpmlib(self) -> bool {
        self.any(Self::RPMLIB)
    }

    /// Only a hint: the package installs without it.
    pub fn is_missing_ok(self) -> bool {
        self.any(Self::MISSING_OK)
    }
}

/// A dependency entry as the header holds it: for a boolean dependency `name` is the whole expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Relation {
    /// Capability, file path or, beginning with `(`, a boolean expression.
    pub name: String,
    /// How `version` is compared; absent when any version will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// `[EPOCH:]VERSION[-RELEASE]`, empty without a comparison.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// What the dependency is for.
    #[serde(default)]
    pub flags: RelationFlags,
}

impl Relation {
    /// A relation as an rpm header stores it: name, flag bits and version.
    pub fn from_header(name: String, bits: u32, version: String) -> Self {
        let comparison = match bits & RelationFlags::COMPARISON {
            0b0010 => Some(Comparison::Less),
            0b0100 => Some(Comparison::Greater),
            0b1000 => Some(Comparison::Equal),
            0b1010 => Some(Comparison::LessEqual),
            0b1100 => Some(Comparison::GreaterEqual),
            _ => None,
        }
        .filter(|_| !version.is_empty());
        let version = if comparison.is_some() { version } else { String::new() };
        Self { name, comparison, version, flags: RelationFlags::from_header(bits) }
    }

    /// Whether this is a boolean ("rich") dependency.
    pub fn is_rich(&self) -> bool {
        self.name.starts_with('(')
    }

    /// Whether this asks for a feature of rpm itself.
    pub fn is_rpmlib(&self) -> bool {
        self.flags.is_rpmlib() || self.name.starts_with("rpmlib(")
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.comparison {
            Some(comparison) => write!(f, " {comparison} {}", self.version),
            None => Ok(()),
        }
    }
}
