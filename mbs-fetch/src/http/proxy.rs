//! Which proxy requests go through.

use mbs_core::source::{CacheUrl, UrlError};

/// Which proxy requests go through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Proxy {
    /// What the environment says: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, also in lower case.
    #[default]
    Environment,
    /// None, whatever the environment says.
    None,
    /// This one for everything. Its credentials, if any, are sent to it and never shown.
    Address(CacheUrl),
}

impl Proxy {
    /// The proxy at an `http` or `https` address.
    ///
    /// # Errors
    /// [`UrlError`] for another scheme or what is no address.
    pub fn at(text: &str) -> Result<Self, UrlError> {
        let url = CacheUrl::parse(text).map_err(|error| UrlError { kind: "proxy", ..error })?;
        if url.scheme() == "file" {
            let problem = "has a scheme that is not supported here";
            return Err(UrlError { kind: "proxy", shown: url.to_string(), problem });
        }
        Ok(Self::Address(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_web_address_and_hides_its_credentials() {
        let proxy = Proxy::at("http://ann:secret@proxy.example:3128/").expect("proxy");
        assert!(!format!("{proxy:?}").contains("secret"), "{proxy:?}");
        for bad in ["/run/proxy", "socks5://ann:secret@h", "proxy:3128"] {
            let error = Proxy::at(bad).expect_err(bad).to_string();
            assert!(error.starts_with("proxy `") && !error.contains("secret"), "{error}");
        }
    }
}
