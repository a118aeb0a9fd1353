//! Advice on names of architectures.

use super::parts::Parts;
use crate::Arch;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use crate::modulemd::yaml::tape::shorten;
use std::collections::BTreeSet;

/// Architectures that RPM knows, in byte order.
const KNOWN: &[&str] = &[
    "aarch64",
    "alpha",
    "alphaev5",
    "alphaev56",
    "alphaev6",
    "alphaev67",
    "alphapca56",
    "amd64",
    "armv3l",
    "armv4b",
    "armv4l",
    "armv5tejl",
    "armv5tel",
    "armv5tl",
    "armv6hl",
    "armv6l",
    "armv7hl",
    "armv7hnl",
    "armv7l",
    "armv8hl",
    "armv8l",
    "athlon",
    "geode",
    "i386",
    "i486",
    "i586",
    "i686",
    "ia32e",
    "ia64",
    "loongarch64",
    "m68k",
    "mips",
    "mips64",
    "mips64el",
    "mips64r6",
    "mips64r6el",
    "mipsel",
    "mipsr6",
    "mipsr6el",
    "noarch",
    "pentium3",
    "pentium4",
    "ppc",
    "ppc32dy4",
    "ppc64",
    "ppc64iseries",
    "ppc64le",
    "ppc64p7",
    "ppc64pseries",
    "ppc8260",
    "ppc8560",
    "ppciseries",
    "ppcpseries",
    "riscv",
    "riscv32",
    "riscv64",
    "s390",
    "s390x",
    "sh",
    "sh3",
    "sh4",
    "sh4a",
    "sparc",
    "sparc64",
    "sparc64v",
    "sparcv8",
    "sparcv9",
    "sparcv9v",
    "src",
    "x86_64",
    "x86_64_v2",
    "x86_64_v3",
    "x86_64_v4",
];

impl Checker {
    pub(super) fn advise_arches(&mut self, parts: &Parts<'_>) {
        let data = Place::top("data");
        if let Some(arch) = parts.arch {
            self.advise_arch(&data.key("arch"), arch);
        }
        if let Some(arches) = parts.arches {
            self.advise_arch_names(&data.key("buildopts").key("arches"), arches);
        }
        let components = data.key("components");
        let components = components.key("rpms");
        for (key, component) in &parts.components.rpms {
            let place = components.key(key);
            self.advise_arch_names(&place.key("arches"), &component.arches);
            self.advise_arch_names(&place.key("multilib"), &component.multilib);
        }
    }

    pub(super) fn advise_arch_names(&mut self, place: &Place<'_>, arches: &BTreeSet<String>) {
        for arch in arches {
            self.advise_arch(&place.item(arch), arch);
        }
    }

    fn advise_arch(&mut self, place: &Place<'_>, arch: &str) {
        // What is no name at all was told already.
        if KNOWN.binary_search(&arch).is_ok() || Arch::new(arch).is_err() {
            return;
        }
        let plain = |text: &str| text.to_ascii_lowercase().replace('-', "_");
        let meant = KNOWN.iter().find(|known| plain(known) == plain(arch));
        let finding = self.advise(Code::UnknownArch, place, format!("RPM knows no architecture `{}`", shorten(arch)));
        if let Some(meant) = meant {
            finding.hint(format!("did you mean `{meant}`?"));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_can_be_searched() {
        assert!(super::KNOWN.is_sorted());
    }
}
