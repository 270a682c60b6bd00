//! Certificates that are made for a test, and an authority that only the test trusts.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};

/// An authority, whose certificate stands in a file.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    #[allow(dead_code, reason = "not every test binary needs it")]
    pub(crate) pem: String,
    pub(crate) file: PathBuf,
}

/// The files of a server's certificate and key.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) certificate_file: PathBuf,
    pub(crate) key_file: PathBuf,
}

impl Authority {
    pub(crate) fn new(directory: &Path) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("signed").pem();
        let file = directory.join("authority.pem");
        std::fs::write(&file, &pem).expect("written");
        Self { issuer: Issuer::new(params, key), pem, file }
    }

    /// Writes a certificate for these names and addresses to files that begin with `file`, over what is there.
    pub(crate) fn certify(&self, directory: &Path, file: &str, names: &[&str]) -> Pair {
        self.write(directory, file, names, 2100)
    }

    /// The same, not valid any more.
    #[allow(dead_code, reason = "not every test binary needs it")]
    pub(crate) fn certify_expired(&self, directory: &Path, file: &str, names: &[&str]) -> Pair {
        self.write(directory, file, names, 2001)
    }

    fn write(&self, directory: &Path, file: &str, names: &[&str], until_year: i32) -> Pair {
        let key = KeyPair::generate().expect("a key");
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(until_year, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        let pair = Pair {
            certificate_file: directory.join(format!("{file}-certificate.pem")),
            key_file: directory.join(format!("{file}-key.pem")),
        };
        std::fs::write(&pair.key_file, key.serialize_pem()).expect("written");
        std::fs::write(&pair.certificate_file, certificate.pem()).expect("written");
        pair
    }
}
