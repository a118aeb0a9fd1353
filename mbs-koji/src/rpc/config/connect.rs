//! From a profile to a hub.

use super::error::ConfigError;
use super::profile::{AuthType, Profile};
use crate::rpc::client::{Hub, HubBuilder, RetryPolicy};
use crate::rpc::http::HttpTransport;
use crate::rpc::login::{CurlTransport, Identity, Login, SystemGssapi};
use mbs_core::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// An answer that takes longer never comes; Koji's own 12 hours would stop a build for that long.
const LONGEST_TIMEOUT: Duration = Duration::from_mins(10);

impl Profile {
    /// A client of the profile's hub with the profile's login. Nothing is sent yet.
    ///
    /// Of the profile's numbers the timeouts are kept, at most ten minutes, and the pause between tries. How long a hub is
    /// waited for is [`RetryPolicy::patience`], set with [`HubBuilder::policy`].
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if the login needs a key that is not there, [`ConfigError::Unusable`] if a certificate
    /// cannot be used.
    pub fn connect(&self, clock: Arc<dyn Clock>) -> Result<HubBuilder, ConfigError> {
        let authority = self.server_ca.as_deref();
        let unusable = |problem| ConfigError::Unusable { profile: self.name.clone(), problem };
        let missing = |key, expected| ConfigError::Missing { profile: self.name.clone(), key, expected };
        let transport = Arc::new(HttpTransport::new(authority, None).map_err(unusable)?);
        let policy = RetryPolicy {
            timeout: self.timeout.min(LONGEST_TIMEOUT),
            login_timeout: self.auth_timeout.min(LONGEST_TIMEOUT),
            longest_pause: self.retry_interval,
            ..RetryPolicy::default()
        };
        let hub = Hub::builder(self.server.clone(), transport, clock).policy(policy);
        let identity = match self.effective_auth_type() {
            AuthType::None => return Ok(hub),
            AuthType::Certificate => {
                let file = self.cert.as_ref();
                let file = file.ok_or_else(|| missing("cert", "a PEM file with a certificate and its key"))?;
                let direct = HttpTransport::new(authority, Some(file)).map_err(unusable)?;
                let other = CurlTransport::new(file, self.server_ca.clone());
                Identity::Certificate { direct: Arc::new(direct), other: Some(Arc::new(other)) }
            }
            AuthType::Password => Identity::Password {
                user: self.user.clone().ok_or_else(|| missing("user", "the name of a user"))?,
                password: self.password.clone().ok_or_else(|| missing("password", "the user's password"))?,
            },
            AuthType::Ticket => {
                let mut tickets = SystemGssapi::new();
                if let Some(keytab) = &self.keytab {
                    tickets = tickets.keytab(keytab);
                }
                if let Some(principal) = &self.principal {
                    tickets = tickets.principal(principal);
                }
                Identity::Ticket { negotiator: Arc::new(tickets) }
            }
        };
        Ok(hub.login(Login::new(identity)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::config::Places;
    use mbs_testkit::SimClock;
    use std::fs;
    use tempfile::TempDir;

    /// What a profile with these lines becomes.
    fn connect(lines: &str) -> Result<HubBuilder, ConfigError> {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("koji.conf");
        fs::write(&file, format!("[koji]\nserver = https://hub.example/kojihub\n{lines}\n")).expect("a file");
        let places = Places { system: folder.path().to_owned(), home: None, named: None };
        Profile::read("koji", &places)?.connect(Arc::new(SimClock::default()))
    }

    #[test]
    fn each_way_to_log_in_needs_its_keys() {
        for good in ["authtype = noauth", "authtype = password\nuser = me\npassword = pw", "authtype = gssapi", ""] {
            connect(good).expect(good);
        }
        for (bad, key) in
            [("authtype = ssl", "cert"), ("authtype = password", "user"), ("user=me\nauthtype=password", "password")]
        {
            let error = connect(bad).expect_err(bad).to_string();
            assert!(error.starts_with(&format!("profile `koji`: `{key}` is missing, expected ")), "{error}");
        }
        let error = connect("cert = /no/such/file.pem").expect_err("no file").to_string();
        assert!(error.contains("/no/such/file.pem"), "{error}");
    }
}
