//! A profile: one hub and how to log in there.

use super::error::ConfigError;
use super::ini::{Entry, Ini};
use super::place::Places;
use crate::rpc::secret::Secret;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// The way to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthType {
    /// Not at all.
    None,
    /// By client certificate.
    Certificate,
    /// By Kerberos ticket.
    Ticket,
    /// By password.
    Password,
}

/// A profile.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Address of the hub.
    pub server: Url,
    /// Address of the web pages.
    pub weburl: Option<String>,
    /// Address of the files.
    pub topurl: Option<String>,
    /// Folder of the files.
    pub topdir: PathBuf,
    /// The way to log in; none if the profile does not say, which means the first that works.
    pub auth_type: Option<AuthType>,
    /// The client certificate with its key.
    pub cert: Option<PathBuf>,
    /// The authorities that the hub's certificate may be of.
    pub server_ca: Option<PathBuf>,
    /// Name of the user, for a password.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// The Kerberos principal to be.
    pub principal: Option<String>,
    /// A file with its keys.
    pub keytab: Option<PathBuf>,
    /// How often a call is tried.
    pub max_retries: u32,
    /// The pause between tries.
    pub retry_interval: Duration,
    /// The longest wait for an answer.
    pub timeout: Duration,
    /// The longest wait for the answer to a login.
    pub auth_timeout: Duration,
    /// How often tasks are looked at.
    pub poll_interval: Duration,
}

impl Profile {
    /// Reads a profile from the files at these places.
    ///
    /// # Errors
    /// [`ConfigError`] if there is no such profile or a value is wrong.
    pub fn read(name: &str, places: &Places) -> Result<Self, ConfigError> {
        let (ini, files) = places.read()?;
        if !ini.sections.contains_key(name) {
            return Err(ConfigError::NoProfile { name: name.to_owned(), searched: files, known: ini.names() });
        }
        let section = Section { ini: &ini, name, places };
        let server = section.get("server")?.ok_or(ConfigError::Missing {
            profile: name.to_owned(),
            key: "server",
            expected: "the address of the hub",
        })?;
        if let Some(entry) = section.get("no_ssl_verify")?
            && section.yes("no_ssl_verify")?
        {
            let problem =
                "`no_ssl_verify` would let anybody be the hub; set `serverca` to the authority of its certificate";
            return Err(wrong(&entry, problem));
        }
        Ok(Self {
            name: name.to_owned(),
            server: Section::address(&server)?,
            weburl: section.text("weburl")?,
            topurl: section.text("topurl")?,
            topdir: section.text("topdir")?.unwrap_or_else(|| "/mnt/koji".to_owned()).into(),
            auth_type: section.auth_type()?,
            cert: section.file("cert", "~/.koji/client.crt")?,
            server_ca: section.file("serverca", "~/.koji/serverca.crt")?,
            user: section.text("user")?,
            password: section.text("password")?.map(Secret::new),
            principal: section.text("principal")?,
            keytab: section.text("keytab")?.map(|path| places.expand(&path)),
            max_retries: section.number("max_retries", 30)?,
            retry_interval: section.seconds("retry_interval", 20)?,
            timeout: section.seconds("timeout", 43_200)?,
            auth_timeout: section.seconds("auth_timeout", 60)?,
            poll_interval: section.seconds("poll_interval", 6)?,
        })
    }

    /// The way to log in: what the profile says, else what it has the means for.
    pub fn effective_auth_type(&self) -> AuthType {
        self.auth_type.unwrap_or(if self.cert.is_some() {
            AuthType::Certificate
        } else if self.user.is_some() && self.password.is_some() {
            AuthType::Password
        } else {
            AuthType::Ticket
        })
    }
}

fn wrong(entry: &Entry, problem: impl Into<String>) -> ConfigError {
    ConfigError::Line { path: entry.path.clone(), line: entry.line, problem: problem.into() }
}

struct Section<'a> {
    ini: &'a Ini,
    name: &'a str,
    places: &'a Places,
}

impl Section<'_> {
    fn get(&self, key: &str) -> Result<Option<Entry>, ConfigError> {
        Ok(self.ini.get(self.name, key)?.filter(|entry| !entry.value.is_empty()))
    }

    fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.get(key)?.map(|entry| entry.value))
    }

    fn number<T: FromStr>(&self, key: &str, usual: T) -> Result<T, ConfigError> {
        let Some(entry) = self.get(key)? else { return Ok(usual) };
        entry
            .value
            .parse()
            .map_err(|_| wrong(&entry, format!("`{key}` is `{}`, expected a whole number", entry.value.escape_debug())))
    }

    fn seconds(&self, key: &str, usual: u64) -> Result<Duration, ConfigError> {
        self.number(key, usual).map(Duration::from_secs)
    }

    fn yes(&self, key: &str) -> Result<bool, ConfigError> {
        let Some(entry) = self.get(key)? else { return Ok(false) };
        match entry.value.to_lowercase().as_str() {
            "1" | "yes" | "true" | "on" => Ok(true),
            "0" | "no" | "false" | "off" => Ok(false),
            _ => Err(wrong(&entry, format!("`{key}` is neither `yes` nor `no`"))),
        }
    }

    /// A file that is named, or the usual one if it is there.
    fn file(&self, key: &str, usual: &str) -> Result<Option<PathBuf>, ConfigError> {
        if let Some(path) = self.text(key)? {
            return Ok(Some(self.places.expand(&path)));
        }
        let usual = self.places.expand(usual);
        Ok((usual.is_absolute() && usual.exists()).then_some(usual))
    }

    fn address(entry: &Entry) -> Result<Url, ConfigError> {
        // The value is not shown: it may hold a password.
        let problem = || wrong(entry, "`server` is no address with `https` or `http`");
        let url = Url::parse(&entry.value).map_err(|_| problem())?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(problem());
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(wrong(entry, "`server` holds a user or a query, expected a plain address"));
        }
        Ok(url)
    }

    fn auth_type(&self) -> Result<Option<AuthType>, ConfigError> {
        let Some(entry) = self.get("authtype")? else { return Ok(None) };
        Ok(Some(match entry.value.as_str() {
            "noauth" => AuthType::None,
            "ssl" => AuthType::Certificate,
            "kerberos" | "gssapi" => AuthType::Ticket,
            "password" => AuthType::Password,
            other => {
                let problem = format!(
                    "`authtype` is `{}`, expected `ssl`, `kerberos`, `gssapi`, `password` or `noauth`",
                    other.escape_debug()
                );
                return Err(wrong(&entry, problem));
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    fn machine(files: &[(&str, &str)]) -> (TempDir, Places) {
        let folder = TempDir::new().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let home = folder.path().join("home");
        let places = Places { system: folder.path().join("etc"), home: Some(home), named: None };
        (folder, places)
    }

    #[test]
    fn later_files_win_in_the_clients_order() {
        let server = |host: &str| format!("[koji]\nserver = https://{host}/kojihub\n");
        let order = ["etc/koji.conf.d/a.conf", "etc/koji.conf.d/b.conf", "etc/koji.conf", "home/.koji/config.d/x.conf"];
        let hosts = ["a", "b", "c", "d"];
        for last in 0..order.len() {
            let texts: Vec<_> = hosts.iter().map(|host| server(host)).collect();
            let files: Vec<_> = (0..=last).map(|i| (order[i], texts[i].as_str())).collect();
            let (_folder, places) = machine(&files);
            let profile = Profile::read("koji", &places).expect("a profile");
            assert_eq!(profile.server.host_str(), Some(hosts[last]));
        }
        let (_folder, places) = machine(&[
            ("home/.koji/config", "[koji]\ncert = ~/my.pem\n"),
            ("etc/koji.conf", "[koji]\nserver = https://c/kojihub\nauthtype = ssl\n"),
            ("etc/koji.conf.d/notes.txt", "no configuration"),
        ]);
        let profile = Profile::read("koji", &places).expect("a profile");
        assert_eq!(profile.cert, places.home.as_ref().map(|home| home.join("my.pem")));
        assert_eq!(profile.effective_auth_type(), AuthType::Certificate);
        assert_eq!(profile.timeout, Duration::from_hours(12));
    }

    #[test]
    fn a_named_file_replaces_those_at_home_and_must_be_there() {
        let (folder, places) = machine(&[
            ("home/.koji/config", "[koji]\nserver=https://home/\n"),
            ("my.conf", "[koji]\nserver=https://my/\n"),
        ]);
        let named = places.clone().named(folder.path().join("my.conf"));
        assert_eq!(Profile::read("koji", &named).expect("a profile").server.host_str(), Some("my"));
        let error = Profile::read("koji", &places.named(folder.path().join("none"))).expect_err("missing");
        assert!(matches!(error, ConfigError::Read { .. }), "{error}");
    }

    #[test]
    fn wrong_values_name_file_and_line_and_no_password() {
        for (text, expected) in [
            ("server = ftp://me:secret@h/", "`server` is no address"),
            ("server = https://me:secret@h/", "`server` holds a user"),
            ("server = https://h/\nauthtype = magic", "`authtype` is `magic`"),
            ("server = https://h/\nmax_retries = many", "`max_retries` is `many`, expected a whole number"),
            ("server = https://h/\nno_ssl_verify = yes", "`no_ssl_verify` would let"),
        ] {
            let text = format!("[koji]\n{text}\n");
            let (_folder, places) = machine(&[("etc/koji.conf", text.as_str())]);
            let error = Profile::read("koji", &places).expect_err(&text).to_string();
            let line = text.trim_end().lines().count();
            assert!(error.contains(expected) && error.contains(&format!("koji.conf` line {line}:")), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        let (_folder, places) = machine(&[("etc/koji.conf", "[koji]\nauthtype = ssl\n[stage]\n")]);
        let error = Profile::read("koji", &places).expect_err("no server").to_string();
        assert_eq!(error, "profile `koji`: `server` is missing, expected the address of the hub");
        let error = Profile::read("prod", &places).expect_err("no profile").to_string();
        assert!(error.starts_with("no profile `prod` in `") && error.ends_with("known are `koji`, `stage`"), "{error}");
    }
}
