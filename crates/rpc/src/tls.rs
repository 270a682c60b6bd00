//! TLS on both sides of a connection, by files in PEM. One implementation of cryptography: ring.

mod client;
mod server;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_rustls::rustls::{
    self,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject as _},
};

pub use client::ClientTls;
pub use server::{Reload, ServerTls};

/// Files that TLS cannot be spoken with.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the file {} cannot be read: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file holds no certificate.
    #[error("the file {} holds no certificate that can be read: it takes PEM (`-----BEGIN CERTIFICATE-----`), a server's own one first, then those that vouch for it", .0.display())]
    NoCertificate(PathBuf),
    /// A file holds no private key.
    #[error("the file {} holds no private key that can be read: it takes one in PEM, without a password (PKCS#8, PKCS#1 or SEC1)", .0.display())]
    NoKey(PathBuf),
    /// Both can be read, and do not belong to each other or are of a kind that is not supported.
    #[error("the certificate in {} and the key in {} cannot be used together: {cause}", certificate_file.display(), key_file.display())]
    Unusable {
        /// The file of the certificate.
        certificate_file: PathBuf,
        /// The file of the key.
        key_file: PathBuf,
        /// Why.
        cause: String,
    },
    /// A certificate that was to be trusted is none that can vouch for others.
    #[error("the file {} holds a certificate that cannot be trusted as an authority: {cause}", file.display())]
    NoAuthority {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: rustls::Error,
    },
}

/// What protocols are offered in a handshake: HTTP/2 first.
const HTTP_2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(file).map_err(|cause| TlsError::Unreadable { file: file.to_owned(), cause })
}

/// At least one.
fn certificates_in(file: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    certificates
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or_else(|| TlsError::NoCertificate(file.to_owned()))
}
