//! The file tree of a sandbox as a list of steps: decided here, carried out by the child.
//!
//! While the steps run, the root is a private tmpfs that holds two folders: `/oldroot` is the tree of the
//! host and `/newroot` becomes the tree of the sandbox.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::error::SandboxError;
use super::mount_step::{MountStep, Steps, c_path};

/// Where the work folder stands inside a sandbox, whatever its place on the host.
pub const WORK: &str = "/builddir";

/// Folders of the host's root that every sandbox replaces.
const REPLACED: [&str; 7] = ["proc", "sys", "dev", "tmp", "home", "root", "run"];

/// Folders of the host's root without which no program runs.
const ESSENTIAL: [&str; 7] = ["usr", "etc", "bin", "sbin", "lib", "lib32", "lib64"];

/// Device files that programs may expect anywhere.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// One entry of the host's root folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RootEntry {
    /// A folder.
    Folder(OsString),
    /// A symbolic link with its content.
    Link(OsString, PathBuf),
}

/// Something of the host that is shown at another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Absolute path as seen before leaving the host's tree.
    pub(super) source: PathBuf,
    /// Absolute path inside.
    pub(super) target: PathBuf,
    /// Whether it is a folder.
    pub(super) folder: bool,
}

/// A tree below the work folder laid over the host, with the names of its top folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layer {
    /// Path relative to the work folder.
    pub(super) tree: PathBuf,
    /// Names of the folders in it.
    pub(super) folders: Vec<OsString>,
}

/// What the tree is made of.
#[derive(Debug)]
pub(super) struct TreeFacts {
    /// The host's root folder, sorted by name.
    pub(super) root: Vec<RootEntry>,
    /// The work folder's place before leaving the host's tree.
    pub(super) work: PathBuf,
    /// Read-only binds.
    pub(super) shown: Vec<Shown>,
    /// First wins.
    pub(super) layers: Vec<Layer>,
    /// Further folders whose content must not be seen.
    pub(super) hidden: Vec<PathBuf>,
    /// Whether the host has `/var/tmp`.
    pub(super) var_tmp: bool,
}

/// `path` (absolute) as seen below `/newroot` or `/oldroot`.
fn below(root: &str, path: &Path) -> PathBuf {
    let relative = path.strip_prefix("/").unwrap_or(path);
    Path::new(root).join(relative)
}

/// A path inside the new tree.
fn new(path: impl AsRef<Path>) -> PathBuf {
    below("/newroot", path.as_ref())
}

/// All steps, in order.
pub(super) fn plan(facts: &TreeFacts) -> Result<Vec<MountStep>, SandboxError> {
    let mut steps = Steps::default();
    let root = new("/");
    steps.tmpfs(&root, "mode=0755,size=16m")?;
    host_folders(&mut steps, facts)?;
    for name in ["tmp", "home", "root", "run", "dev", "proc", "sys"] {
        steps.folder(&new(name))?;
    }
    let work = new(WORK);
    steps.folder(&work)?;
    steps.bind(&facts.work, &work)?;
    overlays(&mut steps, facts)?;
    hidden_folders(&mut steps, facts)?;
    steps.tmpfs(&new("/tmp"), "mode=1777")?;
    if facts.var_tmp {
        steps.tmpfs(&new("/var/tmp"), "mode=1777")?;
    }
    shown(&mut steps, facts)?;
    devices(&mut steps)?;
    steps.bind(Path::new("/oldroot/sys"), &new("/sys"))?;
    steps.optional();
    steps.list.push(MountStep::Proc(c_path(&new("/proc"))?));
    steps.list.push(MountStep::ReadOnly(c_path(&root)?));
    let mut writable = vec![WORK, "/tmp", "/dev/shm", "/dev/pts", "/proc"];
    writable.extend(facts.var_tmp.then_some("/var/tmp"));
    for path in writable {
        steps.list.push(MountStep::Writable(c_path(&new(path))?));
    }
    Ok(steps.list)
}

/// The host's folders that stay visible.
fn host_folders(steps: &mut Steps, facts: &TreeFacts) -> Result<(), SandboxError> {
    for entry in &facts.root {
        match entry {
            RootEntry::Link(name, content) if !is_one_of(name, &REPLACED) => steps.link(content, &new(name))?,
            RootEntry::Folder(name) if !is_one_of(name, &REPLACED) && !is_work(name) => {
                let target = new(name);
                steps.folder(&target)?;
                steps.bind(&below("/oldroot", Path::new(name)), &target)?;
                if !is_one_of(name, &ESSENTIAL) {
                    // A network or automatic mount that cannot be read must not stop a build.
                    steps.optional();
                }
            }
            RootEntry::Link(..) | RootEntry::Folder(_) => {}
        }
    }
    Ok(())
}

fn is_one_of(name: &OsStr, names: &[&str]) -> bool {
    names.iter().any(|known| name == *known)
}

/// The host may have a folder with the name of our work folder; ours wins.
fn is_work(name: &OsStr) -> bool {
    Path::new("/").join(name) == Path::new(WORK)
}

/// Lays the trees over the host's folders. They are lower layers all of them: nothing is written, so
/// neither unmapped owners nor the rules for upper layers matter.
fn overlays(steps: &mut Steps, facts: &TreeFacts) -> Result<(), SandboxError> {
    let mut names: Vec<&OsString> = facts.layers.iter().flat_map(|layer| &layer.folders).collect();
    names.sort();
    names.dedup();
    for name in names {
        if is_one_of(name, &REPLACED) || is_work(name) {
            continue;
        }
        if facts.root.iter().any(|entry| matches!(entry, RootEntry::Link(link, _) if link == name)) {
            let reason = "it is a folder, but a symbolic link on this machine";
            return Err(SandboxError::BadPath { path: Path::new("/").join(name), reason });
        }
        let on_host = facts.root.contains(&RootEntry::Folder(name.clone()));
        let mut options = b"lowerdir=".to_vec();
        let mut trees: Vec<PathBuf> = Vec::new();
        for layer in facts.layers.iter().filter(|layer| layer.folders.contains(name)) {
            trees.push(new(WORK).join(&layer.tree).join(name));
        }
        let target = new(name);
        if on_host {
            trees.push(below("/oldroot", Path::new(name)));
        } else {
            steps.folder(&target)?;
        }
        if let [only] = trees.as_slice() {
            // An overlay wants two layers.
            steps.bind(only, &target)?;
            continue;
        }
        for (index, tree) in trees.iter().enumerate() {
            if index > 0 {
                options.push(b':');
            }
            escape_layer(tree, &mut options);
        }
        options.extend_from_slice(b",userxattr");
        let options = c_path(Path::new(&OsString::from_vec(options)))?;
        steps.list.push(MountStep::Overlay { target: c_path(&target)?, options });
    }
    Ok(())
}

/// Overlay options separate with `,` and `:`.
fn escape_layer(path: &Path, options: &mut Vec<u8>) {
    for byte in path.as_os_str().as_bytes() {
        if matches!(byte, b',' | b':' | b'\\') {
            options.push(b'\\');
        }
        options.push(*byte);
    }
}

/// Covers what the caller wants hidden.
fn hidden_folders(steps: &mut Steps, facts: &TreeFacts) -> Result<(), SandboxError> {
    for path in &facts.hidden {
        let first = path.components().nth(1).map(|name| name.as_os_str().to_owned());
        if first.is_none_or(|name| is_one_of(&name, &REPLACED) || is_work(&name)) {
            continue;
        }
        steps.tmpfs(&new(path), "mode=0755,size=1m")?;
    }
    Ok(())
}

/// Read-only binds at places of their own.
fn shown(steps: &mut Steps, facts: &TreeFacts) -> Result<(), SandboxError> {
    let mut made: Vec<PathBuf> = Vec::new();
    for shown in &facts.shown {
        let parents: Vec<&Path> = shown.target.ancestors().skip(1).collect();
        for parent in parents.into_iter().rev().filter(|parent| *parent != Path::new("/")) {
            if !made.iter().any(|known| known == parent) {
                steps.folder(&new(parent))?;
                made.push(parent.to_owned());
            }
        }
        let target = new(&shown.target);
        if shown.folder {
            steps.folder(&target)?;
        } else {
            steps.file(&target)?;
        }
        steps.bind(&shown.source, &target)?;
    }
    Ok(())
}

/// A minimal `/dev`.
fn devices(steps: &mut Steps) -> Result<(), SandboxError> {
    for name in DEVICES {
        let target = new("/dev").join(name);
        steps.file(&target)?;
        steps.bind(&Path::new("/oldroot/dev").join(name), &target)?;
    }
    for (name, content) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ] {
        steps.link(Path::new(content), &new("/dev").join(name))?;
    }
    steps.folder(&new("/dev/shm"))?;
    steps.tmpfs(&new("/dev/shm"), "mode=1777")?;
    steps.folder(&new("/dev/pts"))?;
    steps.list.push(MountStep::Terminals(c_path(&new("/dev/pts"))?));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> TreeFacts {
        TreeFacts {
            root: vec![
                RootEntry::Link("bin".into(), "usr/bin".into()),
                RootEntry::Folder("etc".into()),
                RootEntry::Folder("home".into()),
                RootEntry::Folder("mnt".into()),
                RootEntry::Folder("root".into()),
                RootEntry::Folder("usr".into()),
            ],
            work: "/oldroot/home/me/w".into(),
            shown: Vec::new(),
            layers: Vec::new(),
            hidden: Vec::new(),
            var_tmp: true,
        }
    }

    fn place_of(step: &MountStep) -> &str {
        step.place().to_str().expect("plain text")
    }

    fn position(steps: &[MountStep], wanted: impl Fn(&MountStep) -> bool) -> usize {
        steps.iter().position(wanted).expect("the step is there")
    }

    #[test]
    fn home_and_root_are_empty_folders() {
        let steps = plan(&facts()).expect("a plan");
        for path in ["/newroot/home", "/newroot/root", "/newroot/run"] {
            let found: Vec<_> = steps.iter().filter(|step| place_of(step) == path).collect();
            assert!(matches!(found.as_slice(), [MountStep::Folder(_)]), "{path}: {found:?}");
        }
    }

    #[test]
    fn a_folder_that_is_not_needed_may_fail_to_bind() {
        let steps = plan(&facts()).expect("a plan");
        assert!(steps.iter().any(|step| matches!(step, MountStep::Optional(_)) && place_of(step) == "/newroot/mnt"));
        assert!(!steps.iter().any(|step| matches!(step, MountStep::Optional(_)) && place_of(step) == "/newroot/usr"));
    }

    #[test]
    fn everything_is_made_read_only_before_anything_becomes_writable() {
        let steps = plan(&facts()).expect("a plan");
        let read_only = position(&steps, |step| matches!(step, MountStep::ReadOnly(_)));
        let writable = position(&steps, |step| matches!(step, MountStep::Writable(_)));
        let last_mount = steps.iter().rposition(|step| matches!(step, MountStep::Bind { .. } | MountStep::Proc(_)));
        assert!(last_mount.expect("mounts") < read_only && read_only < writable);
    }

    #[test]
    fn a_layer_covers_the_hosts_folder_and_brings_its_own() {
        let mut facts = facts();
        facts.layers = vec![Layer { tree: "a:b".into(), folders: vec!["opt".into(), "tmp".into(), "usr".into()] }];
        let steps = plan(&facts).expect("a plan");
        let overlay = steps.iter().find_map(|step| match step {
            MountStep::Overlay { options, .. } => Some(options.to_str().expect("plain text")),
            _ => None,
        });
        assert_eq!(overlay, Some(r"lowerdir=/newroot/builddir/a\:b/usr:/oldroot/usr,userxattr"));
        assert!(steps.iter().any(|step| matches!(step, MountStep::Bind { source, target }
            if source.to_bytes() == b"/newroot/builddir/a:b/opt" && target.to_bytes() == b"/newroot/opt")));
    }

    #[test]
    fn a_layer_folder_where_the_host_has_a_link_is_refused() {
        let mut facts = facts();
        facts.layers = vec![Layer { tree: "root".into(), folders: vec!["bin".into()] }];
        assert!(matches!(plan(&facts), Err(SandboxError::BadPath { path, .. }) if path == Path::new("/bin")));
    }

    #[test]
    fn parents_of_binds_are_made_once() {
        let mut facts = facts();
        let file =
            |name: &str| Shown { source: "/oldroot/x".into(), target: Path::new("/inputs").join(name), folder: false };
        facts.shown = vec![file("0"), file("1")];
        let steps = plan(&facts).expect("a plan");
        assert_eq!(steps.iter().filter(|step| place_of(step) == "/newroot/inputs").count(), 1);
    }
}
