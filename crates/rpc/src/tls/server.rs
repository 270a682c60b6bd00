//! A server's certificate and key, which may be replaced while it runs.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use sha2::{Digest as _, Sha256};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        Error as RustlsError, InconsistentKeys, ServerConfig,
        pki_types::{PrivateKeyDer, pem::PemObject as _},
        sign::{CertifiedKey, SingleCertAndKey},
    },
};

use super::{HTTP_1_1, HTTP_2, TlsError, certificates_in, provider, read};

/// The certificate and key by which a server speaks TLS 1.2 and 1.3. Clones share them.
#[derive(Clone)]
pub struct ServerTls(Arc<Shared>);

struct Shared {
    certificate_file: PathBuf,
    key_file: PathBuf,
    current: RwLock<Pair>,
}

#[derive(Clone)]
struct Pair {
    config: Arc<ServerConfig>,
    /// Of both files, to see whether they changed: a date can be set.
    fingerprint: [u8; 32],
}

/// What reading the files again found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// The same.
    Unchanged,
    /// Another pair: new connections get it, and open ones go on with theirs.
    Replaced,
}

impl ServerTls {
    /// Reads a chain of certificates and the key of the first of them.
    ///
    /// # Errors
    /// When one cannot be read or they do not belong together.
    pub fn read(certificate_file: &Path, key_file: &Path) -> Result<Self, TlsError> {
        let current = RwLock::new(pair(certificate_file, key_file, None)?);
        let (certificate_file, key_file) = (certificate_file.to_owned(), key_file.to_owned());
        Ok(Self(Arc::new(Shared { certificate_file, key_file, current })))
    }

    /// Reads the files again. Whoever runs the server calls this every few seconds.
    ///
    /// # Errors
    /// When what is there now cannot be used: the server goes on with what it has.
    pub fn reload(&self) -> Result<Reload, TlsError> {
        let Shared { certificate_file, key_file, .. } = &*self.0;
        let current = self.current();
        let read = pair(certificate_file, key_file, Some(&current))?;
        if read.fingerprint == current.fingerprint {
            return Ok(Reload::Unchanged);
        }
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(Reload::Replaced)
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current().config)
    }

    fn current(&self) -> Pair {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What the files hold; the known pair, if they still hold that.
fn pair(certificate_file: &Path, key_file: &Path, known: Option<&Pair>) -> Result<Pair, TlsError> {
    let (certificate_pem, key_pem) = (read(certificate_file)?, read(key_file)?);
    let hash = Sha256::new().chain_update(Sha256::digest(&certificate_pem)).chain_update(Sha256::digest(&key_pem));
    let fingerprint: [u8; 32] = hash.finalize().into();
    if let Some(known) = known.filter(|known| known.fingerprint == fingerprint) {
        return Ok(known.clone());
    }
    let certificates = certificates_in(certificate_file, &certificate_pem)?;
    let key = PrivateKeyDer::from_pem_slice(&key_pem).map_err(|_| TlsError::NoKey(key_file.to_owned()))?;
    let unusable = |cause: RustlsError| TlsError::Unusable {
        certificate_file: certificate_file.to_owned(),
        key_file: key_file.to_owned(),
        cause: match cause {
            RustlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                "the key is that of another certificate".to_owned()
            }
            cause => cause.to_string(),
        },
    };
    let provider = provider();
    let certified = CertifiedKey::from_der(certificates, key, &provider).map_err(unusable)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1_1.to_vec()];
    Ok(Pair { config: Arc::new(config), fingerprint })
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerTls").field("certificate_file", &self.0.certificate_file).finish_non_exhaustive()
    }
}
