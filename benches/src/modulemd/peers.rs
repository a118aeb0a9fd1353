//! The C programs that this one is compared with.

use super::child::Program;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why there is no such peer.
#[derive(Debug)]
pub enum Absent {
    /// `pkg-config` does not know the library.
    Headers {
        /// The library.
        library: &'static str,
        /// Debian's package with its headers.
        package: &'static str,
    },
    /// A program is missing.
    Tool {
        /// Its name.
        tool: &'static str,
    },
    /// The peer does not compile here.
    Compile {
        /// The library.
        library: &'static str,
        /// What the compiler wrote.
        told: String,
    },
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headers { library, package } => write!(f, "{library} headers not installed (Debian: {package})"),
            Self::Tool { tool } => write!(f, "there is no `{tool}` on this machine"),
            Self::Compile { library, told } => write!(f, "the peer for {library} does not compile: {told}"),
        }
    }
}

/// The peers of this machine.
#[derive(Debug)]
pub struct Peers {
    /// The library that everybody uses.
    pub libmodulemd: Result<Program, Absent>,
    /// The scan below it: libyaml itself, or its Rust translation where there are no headers.
    pub libyaml: Program,
    /// Why it is the translation, if it is.
    pub libyaml_absent: Option<Absent>,
}

impl Peers {
    /// Compiles them into a folder.
    pub fn compile(folder: &Path) -> std::io::Result<Self> {
        let libmodulemd = compile(folder, "libmodulemd", "modulemd-2.0", "libmodulemd-dev");
        let (libyaml, libyaml_absent) = match compile(folder, "libyaml", "yaml-0.1", "libyaml-dev") {
            Ok(path) => (Program::peer("libyaml scan", path), None),
            Err(absent) => (Program::ours_as("libyaml-rs scan")?, Some(absent)),
        };
        Ok(Self { libmodulemd: libmodulemd.map(|path| Program::peer("libmodulemd", path)), libyaml, libyaml_absent })
    }
}

fn compile(
    folder: &Path,
    library: &'static str,
    known_as: &'static str,
    package: &'static str,
) -> Result<PathBuf, Absent> {
    let mut ask = command("pkg-config");
    let flags = ask.args(["--cflags", "--libs", known_as]).output();
    let flags = flags.map_err(|_| Absent::Tool { tool: "pkg-config" })?;
    if !flags.status.success() {
        return Err(Absent::Headers { library, package });
    }
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| error.to_string());
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(format!("{library}.c"));
    let program = folder.join(library);
    let mut gcc = command("gcc");
    gcc.args(["-O2", "-o"]).arg(&program).arg(source);
    let done = gcc.args(text(flags.stdout).split_whitespace()).output();
    let done = done.map_err(|_| Absent::Tool { tool: "gcc" })?;
    if done.status.success() { Ok(program) } else { Err(Absent::Compile { library, told: text(done.stderr) }) }
}

#[expect(clippy::disallowed_methods, reason = "the compiler of the peers")]
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}
