//! `perl(MODULE)` from the folders the interpreter searches.

use std::path::Path;

use super::files::{below, walk};
use super::probe::versioned;
use crate::deps::Capability;
use crate::programs::{arguments, run};

/// Prints the version, the build options that modules may ask for, and the search path.
const QUESTION: &str = r#"use Config; printf "%vd\n", $^V;
print join(" ", grep { ($Config{$_} // "") eq "define" } qw(useithreads use64bitall uselargefiles)), "\n";
print "$_\n" for @INC;"#;

/// What an interpreter says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Perl {
    pub(super) version: String,
    pub(super) options: Vec<String>,
    pub(super) folders: Vec<String>,
}

/// Asks the interpreter at `program`; nothing where it is absent or broken.
pub(super) fn ask(program: &Path) -> Option<Perl> {
    parse(&String::from_utf8(run(program, &arguments(["-e", QUESTION])).ok()?).ok()?)
}

pub(super) fn parse(answer: &str) -> Option<Perl> {
    let mut lines = answer.lines();
    let version = lines.next()?.to_owned();
    let options = lines.next()?.split_whitespace().map(str::to_owned).collect();
    let folders = lines.filter(|line| line.starts_with('/')).map(str::to_owned).collect();
    Some(Perl { version, options, folders })
}

/// Adds the interpreter's own capabilities and its modules. Modules get no version: it would have to be computed by
/// running them, so a versioned requirement on a module is taken as met.
pub(super) fn modules(root: &Path, perl: &Perl, found: &mut Vec<Capability>) {
    found.push(versioned("perl(:VERSION)".to_owned(), Some(&perl.version)));
    found.push(Capability::named(format!("perl(:MODULE_COMPAT_{})", perl.version)));
    for option in &perl.options {
        let names: &[&str] = match option.as_str() {
            "useithreads" => &["perl(:WITH_ITHREADS)", "perl(:WITH_THREADS)"],
            "use64bitall" => &["perl(:WITH_64BIT)"],
            "uselargefiles" => &["perl(:WITH_LARGEFILES)"],
            _ => &[],
        };
        found.extend(names.iter().map(|name| Capability::named(*name)));
    }
    for folder in &perl.folders {
        walk(&below(root, folder), &mut |relative| {
            let module = relative.to_str().and_then(|path| path.strip_suffix(".pm"));
            if let Some(module) = module.filter(|path| path.split('/').all(is_identifier)) {
                found.push(Capability::named(format!("perl({})", module.replace('/', "::"))));
            }
        });
    }
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
