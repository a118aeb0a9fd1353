//! Advice on lists of binary packages: `api`, `filter`, profiles, `demodularized`.

use super::listed;
use super::parts::Parts;
use crate::modulemd::diagnostic::Code;
use crate::modulemd::validate::checker::Checker;
use crate::modulemd::validate::place::Place;
use crate::modulemd::yaml::tape::shorten;
use std::collections::{BTreeSet, HashSet};

impl Checker {
    pub(super) fn advise_packages(&mut self, parts: &Parts<'_>) {
        let data = Place::top("data");
        let built = built(parts);
        let api_place = data.key("api");
        let api_place = api_place.key("rpms");
        for name in parts.api {
            let place = api_place.item(name);
            if parts.filter.contains(name) {
                let message = format!("`api` names `{}`, which is filtered out", shorten(name));
                self.advise(Code::ApiFiltered, &place, message).hint("remove it from `api` or from `filter`");
            } else if !built.is_empty() && !built.contains(name.as_str()) {
                let message = format!("`api` names `{}`, which the module does not build", shorten(name));
                self.advise(Code::ApiNotBuilt, &place, message).expected("the name of a package of `artifacts.rpms`");
            }
        }
        let filter_place = data.key("filter");
        let filter_place = filter_place.key("rpms");
        for name in parts.filter.iter().filter(|name| built.contains(name.as_str())) {
            let message = format!("`{}` is filtered out and among the artifacts", shorten(name));
            self.advise(Code::FilteredBuilt, &filter_place.item(name), message);
        }
        self.advise_profiles(parts, &built);
        self.advise_demodularized(parts, &built);
    }

    fn advise_profiles(&mut self, parts: &Parts<'_>, built: &HashSet<&str>) {
        let data = Place::top("data");
        let profiles = data.key("profiles");
        for (profile, content) in parts.profiles {
            let place = profiles.key(profile);
            let rpms = place.key("rpms");
            if content.rpms.is_empty() {
                let message = format!("profile `{}` has no packages", shorten(profile));
                self.advise(Code::ProfileEmpty, &place, message).on_key();
            }
            for name in content.rpms.intersection(parts.filter) {
                let message =
                    format!("profile `{}` names `{}`, which is filtered out", shorten(profile), shorten(name));
                self.advise(Code::ProfileFiltered, &rpms.item(name), message)
                    .hint("remove it from the profile or from `filter`");
            }
            let absent: Vec<&str> = content
                .rpms
                .iter()
                .map(String::as_str)
                .filter(|name| !built.is_empty() && !built.contains(name) && !parts.filter.contains(*name))
                .collect();
            // A profile may take hundreds of packages from the base, so there is one finding for all.
            if let Some(first) = absent.first() {
                let message = format!(
                    "profile `{}` names what the module does not build: {}",
                    shorten(profile),
                    listed(absent.iter().copied())
                );
                self.advise(Code::ProfileNotBuilt, &rpms.item(first), message)
                    .hint("right if another module or the base has it");
            }
        }
    }

    fn advise_demodularized(&mut self, parts: &Parts<'_>, built: &HashSet<&str>) {
        let Some(gone) = parts.demodularized.filter(|gone| !gone.is_empty()) else { return };
        let data = Place::top("data");
        let place = data.key("demodularized");
        let place = place.key("rpms");
        for name in gone {
            let where_else = if built.contains(name.as_str()) {
                "among the artifacts"
            } else if parts.api.contains(name) {
                "in `api`"
            } else if parts.profiles.values().any(|profile| profile.rpms.contains(name)) {
                "in a profile"
            } else {
                continue;
            };
            let message = format!("`{}` left the module and is still {where_else}", shorten(name));
            self.advise(Code::DemodularizedBuilt, &place.item(name), message);
        }
    }
}

/// The names of the binary packages that were built; empty if that is not known.
fn built<'m>(parts: &Parts<'m>) -> HashSet<&'m str> {
    let wanted = !parts.api.is_empty() || !parts.profiles.is_empty() || !parts.filter.is_empty();
    let artifacts = parts.artifacts.filter(|_| wanted || parts.demodularized.is_some_and(|gone| !gone.is_empty()));
    artifacts.into_iter().flat_map(BTreeSet::iter).filter_map(|artifact| binary_name(artifact)).collect()
}

/// The name in `NAME-EPOCH:VERSION-RELEASE.ARCH`, unless it is a source package.
pub(super) fn binary_name(artifact: &str) -> Option<&str> {
    let (nevr, arch) = artifact.rsplit_once('.')?;
    let (nev, _) = nevr.rsplit_once('-')?;
    let (ne, _) = nev.rsplit_once(':')?;
    let (name, _) = ne.rsplit_once('-')?;
    (arch != "src" && arch != "nosrc").then_some(name)
}
