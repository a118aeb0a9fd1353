//! Macros that packages for RPM distributions take for granted and that other machines lack.
//!
//! A macro file cannot ask whether a macro exists, so the machine is asked first: expand [`support_probe`] with
//! `rpm --eval`, give the answer to [`support_macros`], and load the result before the module's own macros.

use std::collections::HashSet;
use std::fmt::Write as _;

/// One macro and what it stands for where the machine does not define it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportMacro {
    /// Its name without `%`.
    pub name: &'static str,
    /// Its body, with continued lines where it is long.
    pub body: &'static str,
}

const fn entry(name: &'static str, body: &'static str) -> SupportMacro {
    SupportMacro { name, body }
}

/// The macros that are added where they are missing.
pub const SUPPORT_MACROS: &[SupportMacro] = &[
    // Only the source package of something outside a module sees this one.
    entry("dist", "%{nil}"),
    entry("build_cflags", "%{optflags}"),
    entry("build_cxxflags", "%{optflags}"),
    entry("build_fflags", "%{optflags}"),
    entry("build_ldflags", "%{nil}"),
    entry(
        "set_build_flags",
        "\\\n  CFLAGS=\"${CFLAGS:-%{build_cflags}}\" ; export CFLAGS ; \\\n  \
         CXXFLAGS=\"${CXXFLAGS:-%{build_cxxflags}}\" ; export CXXFLAGS ; \\\n  \
         FFLAGS=\"${FFLAGS:-%{build_fflags}}\" ; export FFLAGS ; \\\n  \
         FCFLAGS=\"${FCFLAGS:-%{build_fflags}}\" ; export FCFLAGS ; \\\n  \
         LDFLAGS=\"${LDFLAGS:-%{build_ldflags}}\" ; export LDFLAGS",
    ),
    entry("make_build", "make %{?_smp_mflags} V=1 VERBOSE=1"),
    entry("make_install", "make install DESTDIR=%{buildroot} INSTALL=\"install -p\""),
    entry("ldconfig_scriptlets", "%{nil}"),
    entry("_rpmmacrodir", "%{_rpmconfigdir}/macros.d"),
    entry("rpmmacrodir", "%{_rpmconfigdir}/macros.d"),
    entry("_unitdir", "%{_prefix}/lib/systemd/system"),
    entry("_userunitdir", "%{_prefix}/lib/systemd/user"),
    entry("_sysusersdir", "%{_prefix}/lib/sysusers.d"),
    entry("_tmpfilesdir", "%{_prefix}/lib/tmpfiles.d"),
    entry("_udevrulesdir", "%{_prefix}/lib/udev/rules.d"),
    entry("_metainfodir", "%{_datadir}/metainfo"),
    entry("bash_completions_dir", "%{_datadir}/bash-completion/completions"),
    entry("__python3", "/usr/bin/python3"),
    entry("python3", "%{__python3}"),
    entry("python3_pkgversion", "3"),
    entry("python3_version", "%(%{__python3} -Ic \"import sys; print('.'.join(map(str, sys.version_info[:2])))\")"),
    entry(
        "python3_version_nodots",
        "%(%{__python3} -Ic \"import sys; print(''.join(map(str, sys.version_info[:2])))\")",
    ),
    // Debian's interpreter has a scheme of its own for what belongs to the system; elsewhere the default one does.
    entry(
        "python3_sitelib",
        "%(%{__python3} -Ic \"import sysconfig as s; n = 'deb_system'; \
         n = n if n in s.get_scheme_names() else s.get_default_scheme(); \
         print(s.get_path('purelib', n, {'base': '%{_prefix}', 'platbase': '%{_prefix}'}))\")",
    ),
    entry(
        "python3_sitearch",
        "%(%{__python3} -Ic \"import sysconfig as s; n = 'deb_system'; \
         n = n if n in s.get_scheme_names() else s.get_default_scheme(); \
         print(s.get_path('platlib', n, {'base': '%{_prefix}', 'platbase': '%{_prefix}'}))\")",
    ),
    entry("perl_vendorlib", "%(perl -MConfig -e 'print $Config{vendorlib}')"),
    entry("perl_vendorarch", "%(perl -MConfig -e 'print $Config{vendorarch}')"),
];

/// An expression that expands to the names of those macros that the machine defines, one a line.
pub fn support_probe() -> String {
    SUPPORT_MACROS.iter().fold(String::new(), |mut text, SupportMacro { name, .. }| {
        writeln!(text, "%{{?{name}:{name}}}").expect("writing to a string does not fail");
        text
    })
}

/// The macro file with all macros that are missing in the expanded [`support_probe`].
pub fn support_macros(expanded_probe: &str) -> String {
    let defined: HashSet<&str> = expanded_probe.lines().map(str::trim).collect();
    let mut text = String::from("# Macros that this machine does not define itself.\n");
    for SupportMacro { name, body } in SUPPORT_MACROS {
        if !defined.contains(name) {
            writeln!(text, "%{name} {body}").expect("writing to a string does not fail");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_macros_are_defined() {
        let text = support_macros("dist\n\n  make_build\n");
        assert!(!text.contains("%dist ") && !text.contains("%make_build "), "{text}");
        assert!(text.contains("\n%__python3 /usr/bin/python3\n"));
        assert!(text.contains("\n%set_build_flags \\\n  CFLAGS="));
    }

    #[test]
    fn the_probe_names_every_macro() {
        assert!(support_probe().starts_with("%{?dist:dist}\n%{?build_cflags:build_cflags}\n"));
        assert_eq!(support_probe().lines().count(), SUPPORT_MACROS.len());
    }

    #[test]
    fn every_continued_line_ends_in_a_backslash() {
        for SupportMacro { name, body } in SUPPORT_MACROS {
            let lines: Vec<&str> = body.lines().collect();
            let continued = &lines[..lines.len() - 1];
            assert!(continued.iter().all(|line| line.ends_with('\\')), "{name}");
        }
    }
}
