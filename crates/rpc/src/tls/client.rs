//! Whom a client trusts.

use std::{io, path::Path, sync::Arc};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use super::{HTTP_2, TlsError, certificates_in, provider, read};

/// Speaks TLS to servers that one of the trusted authorities vouches for, for HTTP/2. Cheap to clone.
#[derive(Clone)]
pub struct ClientTls(TlsConnector);

impl ClientTls {
    /// Trusts the authorities that browsers trust, and those in the file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no authority.
    pub fn trusting(authorities_file: Option<&Path>) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(file) = authorities_file {
            for certificate in certificates_in(file, &read(file)?)? {
                let added = roots.add(certificate);
                added.map_err(|cause| TlsError::NoAuthority { file: file.to_owned(), cause })?;
            }
        }
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("ring has what the default versions need")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![HTTP_2.to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    /// Makes a connection one of TLS, with the server of this name or address.
    ///
    /// # Errors
    /// When the other end does not speak TLS, or cannot show that it is this server: the certificate is another's, is not valid now,
    /// or nobody trusted vouches for it.
    pub async fn connect(&self, host: &str, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        self.0.connect(name, stream).await
    }
}

impl std::fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientTls")
    }
}
