//! Trust and client certificates.

use super::transport::TransportError;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::path::Path;
use std::sync::Arc;

fn setup(detail: String) -> TransportError {
    TransportError::Setup { detail }
}

/// A TLS configuration. `authority` replaces the machine's authorities; `client` is one PEM file with key and certificate.
pub(super) fn configure(authority: Option<&Path>, client: Option<&Path>) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(error.to_string()))?;
    let builder = match authority {
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path)? {
                let added = roots.add(certificate);
                added.map_err(|error| setup(format!("certificate authority `{}`: {error}", path.display())))?;
            }
            builder.with_root_certificates(roots)
        }
        None => builder.with_platform_verifier().map_err(|error| {
            setup(format!("no usable certificate authorities ({error}); install `ca-certificates` or set `serverca`"))
        })?,
    };
    let Some(path) = client else { return Ok(builder.with_no_client_auth()) };
    let key = PrivateKeyDer::from_pem_file(path)
        .map_err(|error| setup(format!("no private key without passphrase in `{}` ({error})", path.display())))?;
    let certified = builder.with_client_auth_cert(certificates(path)?, key);
    certified.map_err(|error| setup(format!("client certificate `{}`: {error}", path.display())))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let bad = |error| setup(format!("no certificate in `{}` ({error}), expected PEM", path.display()));
    let found: Vec<_> = CertificateDer::pem_file_iter(path).map_err(bad)?.collect::<Result<_, _>>().map_err(bad)?;
    if found.is_empty() {
        return Err(setup(format!("no certificate in `{}`, expected PEM", path.display())));
    }
    Ok(found)
}
