//! The macros of every rpm call: fixed places, reproducible bytes, and what hosts other than Fedora lack.

use super::layout::{BUILD_REQUIRES, DATABASE, RESULT, SCRIPTS, SOURCE_RPM, SOURCES, TOP, TREE};
use super::steps::Settings;
use crate::sandbox::WORK;

/// Macros that specs expect from Fedora's macro packages, with what they mean on a host without them.
const SUPPORT: [(&str, &str); 24] = [
    ("__python3", "/usr/bin/python3"),
    ("python3", "%{__python3}"),
    ("python3_version", "%(%{__python3} -Ic 'import sys; print(\"%d.%d\" % sys.version_info[:2])' | tr -d '\\n')"),
    (
        "python3_version_nodots",
        "%(%{__python3} -Ic 'import sys; print(\"%d%d\" % sys.version_info[:2])' | tr -d '\\n')",
    ),
    // Debian's interpreter looks in a folder of its own for what packages install.
    (
        "python3_sitelib",
        "%(%{__python3} -Ic 'import sysconfig as s; print(s.get_path(\"purelib\", \"deb_system\" if \"deb_system\" in s.get_scheme_names() else s.get_default_scheme(), vars={\"base\": \"/usr\"}))')",
    ),
    (
        "python3_sitearch",
        "%(%{__python3} -Ic 'import sysconfig as s; print(s.get_path(\"platlib\", \"deb_system\" if \"deb_system\" in s.get_scheme_names() else s.get_default_scheme(), vars={\"base\": \"/usr\", \"platbase\": \"/usr\"}))')",
    ),
    ("py3_build", "CFLAGS=\"${CFLAGS:-%{optflags}}\" %{__python3} setup.py build"),
    (
        "py3_install",
        "CFLAGS=\"${CFLAGS:-%{optflags}}\" %{__python3} setup.py install -O1 --skip-build --root %{buildroot} --prefix /usr",
    ),
    ("build_cflags", "%{optflags}"),
    ("build_cxxflags", "%{optflags}"),
    ("build_fflags", "%{optflags}"),
    ("build_ldflags", "%{nil}"),
    (
        "set_build_flags",
        "CFLAGS=\"${CFLAGS:-%{build_cflags}}\" ; export CFLAGS ; CXXFLAGS=\"${CXXFLAGS:-%{build_cxxflags}}\" ; export CXXFLAGS ; FFLAGS=\"${FFLAGS:-%{build_fflags}}\" ; export FFLAGS ; LDFLAGS=\"${LDFLAGS:-%{build_ldflags}}\" ; export LDFLAGS",
    ),
    ("_rpmmacrodir", "%{_rpmconfigdir}/macros.d"),
    ("_unitdir", "/usr/lib/systemd/system"),
    ("_userunitdir", "/usr/lib/systemd/user"),
    ("_presetdir", "/usr/lib/systemd/system-preset"),
    ("_tmpfilesdir", "/usr/lib/tmpfiles.d"),
    ("_sysusersdir", "/usr/lib/sysusers.d"),
    ("_udevrulesdir", "/usr/lib/udev/rules.d"),
    ("_metainfodir", "%{_datadir}/metainfo"),
    ("_pkgdocdir", "%{_docdir}/%{name}"),
    ("bash_completions_dir", "%{_datadir}/bash-completion/completions"),
    ("ldconfig_scriptlets", "%{nil}"),
];

/// An rpm expression that tells which of [`SUPPORT`] this host defines: one `1` or `0` each.
pub(super) fn question() -> String {
    SUPPORT.iter().flat_map(|(name, _)| ["%{?", name, ":1}%{!?", name, ":0}"]).collect()
}

/// The macro file for a host that answered [`question`] with `answer`.
pub(super) fn host_support(answer: &str) -> String {
    let mut file = String::new();
    for ((name, body), defined) in SUPPORT.iter().zip(answer.trim().chars()) {
        if defined == '0' {
            // In a macro file `%%` would stay; only the `%d` of the bodies needs protection.
            let body = body.replace("%d", "%%d").replace("% sys", "%% sys");
            file.extend(["%", name, " ", &body, "\n"]);
        }
    }
    file
}

/// The macros of a call of rpmbuild, each `NAME BODY`.
pub(super) fn definitions(settings: &Settings, source_rpms: SourceRpms) -> Vec<String> {
    let source_folder = match source_rpms {
        SourceRpms::First => SOURCE_RPM,
        SourceRpms::BuildRequires => BUILD_REQUIRES,
        SourceRpms::Result => RESULT,
    };
    let mut all = vec![
        format!("_topdir {WORK}/{TOP}"),
        format!("_specdir {WORK}/{SOURCES}"),
        format!("_sourcedir {WORK}/{SOURCES}"),
        format!("_srcrpmdir {WORK}/{source_folder}"),
        format!("_rpmdir {WORK}/{RESULT}"),
        "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm".to_owned(),
        format!("_tmppath {WORK}/{SCRIPTS}"),
        format!("_dbpath {WORK}/{TREE}{DATABASE}"),
        "_buildhost localhost".to_owned(),
        "use_source_date_epoch_as_buildtime 1".to_owned(),
        // The given epoch is the one; the changelog must not replace it.
        "source_date_epoch_from_changelog 0".to_owned(),
        "clamp_mtime_to_source_date_epoch 1".to_owned(),
        // The same for rpm 4.20 and newer.
        "build_mtime_policy clamp_to_source_date_epoch".to_owned(),
        // Sources belong to whoever checked them out.
        "_srcdefattr (-,root,root)".to_owned(),
        format!("_smp_build_ncpus {}", settings.processes),
    ];
    if !settings.debuginfo {
        all.push("_build_id_links none".to_owned());
    }
    all.extend(settings.definitions.iter().map(|(name, body)| format!("{name} {body}")));
    all
}

/// Where a call of rpmbuild leaves source packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceRpms {
    /// The one that tells the static build requirements.
    First,
    /// The ones with generated build requirements.
    BuildRequires,
    /// The one of the result.
    Result,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_host_lacks_is_defined() {
        let all = "1".repeat(SUPPORT.len());
        assert_eq!(host_support(&all), "");
        let first = format!("0{}\n", "1".repeat(SUPPORT.len() - 1));
        assert_eq!(host_support(&first), "%__python3 /usr/bin/python3\n");
    }
}
