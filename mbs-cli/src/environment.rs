//! What the process finds around it: variables and the user.

use mbs_core::Owner;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Variables that matter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) home: Option<OsString>,
    pub(crate) xdg_state_home: Option<OsString>,
    xdg_config_home: Option<OsString>,
    xdg_cache_home: Option<OsString>,
    user: Option<OsString>,
}

impl Environment {
    /// The environment of this process.
    pub(crate) fn here() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    /// The environment that `variable` tells.
    pub(crate) fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        Self {
            home: variable("HOME"),
            xdg_state_home: variable("XDG_STATE_HOME"),
            xdg_config_home: variable("XDG_CONFIG_HOME"),
            xdg_cache_home: variable("XDG_CACHE_HOME"),
            user: variable("USER").or_else(|| variable("LOGNAME")),
        }
    }

    /// As the XDG base directory specification says, empty and relative values count as unset.
    fn absolute(value: Option<&OsString>) -> Option<PathBuf> {
        value.map(PathBuf::from).filter(|path| path.is_absolute())
    }

    /// `$XDG_CONFIG_HOME/mbs/config.yaml`, else `~/.config/mbs/config.yaml`.
    pub(crate) fn default_config(&self) -> Option<PathBuf> {
        let base = Self::absolute(self.xdg_config_home.as_ref())
            .or_else(|| Self::absolute(self.home.as_ref()).map(|home| home.join(".config")))?;
        Some(base.join("mbs/config.yaml"))
    }

    /// `$XDG_CACHE_HOME/mbs`, else `~/.cache/mbs`.
    pub(crate) fn default_cache(&self) -> Option<PathBuf> {
        mbs_fetch::CacheDir::default_root(|name| match name {
            "XDG_CACHE_HOME" => self.xdg_cache_home.clone(),
            "HOME" => self.home.clone(),
            _ => None,
        })
    }

    /// `~/modulebuild/builds`, where other tools look for results too.
    pub(crate) fn default_results(&self) -> Option<PathBuf> {
        Some(Self::absolute(self.home.as_ref())?.join("modulebuild/builds"))
    }

    /// The path behind `~/`, if it starts so.
    pub(crate) fn home_relative(&self, path: &Path) -> Option<PathBuf> {
        let rest = path.strip_prefix("~").ok()?;
        Some(Self::absolute(self.home.as_ref())?.join(rest))
    }

    /// Who asks: the login name, else the number of the user.
    pub(crate) fn owner(&self) -> Owner {
        let named = self.user.as_ref().and_then(|user| user.to_str()).and_then(|user| Owner::new(user).ok());
        named.unwrap_or_else(|| {
            let number = format!("uid{}", rustix::process::getuid().as_raw());
            Owner::new(number).expect("letters and digits are a name")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &'static [(&str, &str)]) -> Environment {
        Environment::of(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn places_follow_the_xdg_rules() {
        let home = with(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "relative")]);
        assert_eq!(home.default_config(), Some(PathBuf::from("/h/.config/mbs/config.yaml")));
        assert_eq!(home.default_results(), Some(PathBuf::from("/h/modulebuild/builds")));
        assert_eq!(home.default_cache(), Some(PathBuf::from("/h/.cache/mbs")));
        let xdg = with(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x"), ("XDG_CACHE_HOME", "/c")]);
        assert_eq!(xdg.default_config(), Some(PathBuf::from("/x/mbs/config.yaml")));
        assert_eq!(xdg.default_cache(), Some(PathBuf::from("/c/mbs")));
        assert_eq!(with(&[]).default_results(), None);
    }

    #[test]
    fn the_owner_is_the_login_name_if_it_can_be_one() {
        assert_eq!(with(&[("USER", "ann")]).owner().as_str(), "ann");
        assert_eq!(with(&[("LOGNAME", "bob")]).owner().as_str(), "bob");
        assert!(with(&[("USER", "a b")]).owner().as_str().starts_with("uid"));
    }
}
