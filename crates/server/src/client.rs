//! How the command line reaches a server: an address, a key, and errors that say what to do.

use std::{net::IpAddr, path::Path, time::Duration};

use analytics_proto::v1;
use analytics_rpc::ClientTls;
use anyhow::{Context, anyhow, bail};
use tonic::{
    Code, Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};

use crate::cli::ConnectArgs;

/// The file in the data directory that holds the admin key of the first start.
pub(crate) const ADMIN_KEY_FILE: &str = "admin-key";
const KEY_VARIABLE: &str = "ANALYTICS_API_KEY";
/// No call of the command line waits longer for an answer.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// As much as a server sends at once.
const MAX_ANSWER_BYTES: usize = 8 << 20;

type Keyed = InterceptedService<Channel, KeyInterceptor>;

/// A connection and the key to call with.
pub(crate) struct Client {
    channel: Channel,
    key: String,
    bearer: MetadataValue<Ascii>,
}

impl Client {
    /// Connects to the server.
    ///
    /// # Errors
    /// When there is no key to be found or no server at the address.
    pub(crate) async fn connect(args: &ConnectArgs) -> anyhow::Result<Self> {
        let endpoint = Endpoint::from_shared(args.endpoint.clone())
            .with_context(|| format!("--endpoint {} is no URL such as http://127.0.0.1:4000", args.endpoint))?
            .connect_timeout(Duration::from_secs(5));
        let endpoint = with_tls(endpoint, args)?;
        let key = key_for(args)?;
        let channel = endpoint.connect().await.map_err(|error| not_connected(args, &root_cause(&error)))?;
        let bearer = format!("Bearer {key}").parse().context("the API key holds characters that no key has")?;
        Ok(Self { channel, key, bearer })
    }

    pub(crate) fn admin(&self) -> v1::admin_service_client::AdminServiceClient<Keyed> {
        v1::admin_service_client::AdminServiceClient::with_interceptor(self.channel.clone(), self.interceptor())
    }

    pub(crate) fn query(&self) -> v1::query_service_client::QueryServiceClient<Keyed> {
        v1::query_service_client::QueryServiceClient::with_interceptor(self.channel.clone(), self.interceptor())
    }

    pub(crate) fn quarantine(&self) -> v1::quarantine_service_client::QuarantineServiceClient<Keyed> {
        v1::quarantine_service_client::QuarantineServiceClient::with_interceptor(
            self.channel.clone(),
            self.interceptor(),
        )
        .max_decoding_message_size(MAX_ANSWER_BYTES)
    }

    /// Where an import goes.
    pub(crate) fn import_target(&self, project: &str) -> analytics_import::ImportTarget {
        analytics_import::ImportTarget {
            channel: self.channel.clone(),
            key: self.key.clone(),
            project: project.to_owned(),
        }
    }

    fn interceptor(&self) -> KeyInterceptor {
        KeyInterceptor(self.bearer.clone())
    }
}

/// The server has to show a certificate that one of the usual authorities or of the file's vouches for. An address without TLS stays one.
fn with_tls(endpoint: Endpoint, args: &ConnectArgs) -> anyhow::Result<Endpoint> {
    if !is_tls(&args.endpoint) {
        return Ok(endpoint);
    }
    let mut tls = ClientTlsConfig::new().with_webpki_roots();
    if let Some(file) = &args.ca_file {
        // Says what is wrong with the file, which the framework does not.
        ClientTls::trusting(Some(file)).context("--ca-file")?;
        tls = tls.ca_certificate(Certificate::from_pem(std::fs::read(file).context("--ca-file")?));
    }
    endpoint.tls_config(tls).with_context(|| format!("--endpoint {}", args.endpoint))
}

fn is_tls(endpoint: &str) -> bool {
    endpoint.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

fn not_connected(args: &ConnectArgs, cause: &str) -> anyhow::Error {
    let endpoint = &args.endpoint;
    if cause.contains("certificate") {
        return anyhow!(
            "the server at {endpoint} cannot be trusted ({cause}): name it as its certificate does, and the authority that vouches for it \
             with --ca-file if it is none of the usual ones"
        );
    }
    anyhow!(
        "no server answers at {endpoint} ({cause}): start one with `analytics serve`, or name another with --endpoint"
    )
}

/// Puts the key, and a deadline that the server can see, on every call.
#[derive(Clone)]
pub(crate) struct KeyInterceptor(MetadataValue<Ascii>);

impl Interceptor for KeyInterceptor {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        request.set_timeout(CALL_TIMEOUT);
        Ok(request)
    }
}

/// The key of the environment, or the admin key that a server on this machine wrote.
fn key_for(args: &ConnectArgs) -> anyhow::Result<String> {
    match std::env::var(KEY_VARIABLE) {
        Ok(key) if !key.trim().is_empty() => return Ok(key.trim().to_owned()),
        _ => {}
    }
    if !is_this_machine(&args.endpoint) {
        bail!("no API key: set {KEY_VARIABLE} to a key of the server at {}", args.endpoint);
    }
    let path = args.data_dir.join(ADMIN_KEY_FILE);
    read_key(&path).with_context(|| {
        format!(
            "no API key: set {KEY_VARIABLE}, or name the server's data directory with --data-dir (its admin key was looked for in {})",
            path.display()
        )
    })
}

fn read_key(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path).map(|text| text.trim().to_owned())
}

/// The admin key is for this machine's own server only; it must not be sent elsewhere.
fn is_this_machine(endpoint: &str) -> bool {
    let Ok(uri) = endpoint.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Whether the connection ended without an answer. What is said of that depends on whether TLS's refusal of plain text, the end of the
/// connection or a failing write is noticed first.
fn hung_up(status: &Status) -> bool {
    let noticed = ["h2 protocol error", "transport error"].iter().any(|text| status.message().contains(text));
    status.code() == Code::Cancelled || noticed
}

/// A failed call, in the server's words; it says itself what to do.
pub(crate) fn failed(status: Status) -> anyhow::Error {
    match status.code() {
        Code::Unavailable if status.message().contains("transport") || status.message().contains("connect") => {
            anyhow!("the connection to the server broke: {}", root_cause(&status))
        }
        _ if hung_up(&status) => anyhow!(
            "the server ended the connection before it answered: try again; one that has a certificate is reached by an address that \
             begins with `https://` only"
        ),
        Code::DeadlineExceeded => {
            anyhow!("no answer within {} s: {}", CALL_TIMEOUT.as_secs(), status.message())
        }
        _ => anyhow!("{}", status.message()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_hangs_up_may_be_one_that_speaks_tls_only() {
        for status in [
            Status::cancelled("closed"),
            Status::internal("h2 protocol error: http2 error"),
            Status::unknown("transport error"),
        ] {
            assert!(failed(status).to_string().contains("begins with `https://`"));
        }
    }

    #[test]
    fn the_admin_key_goes_to_this_machine_only() {
        for here in ["http://127.0.0.1:4000", "http://localhost:4000", "http://[::1]:4000", "http://127.8.0.1"] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in
            ["http://10.0.0.1:4000", "https://analytics.example.com", "http://localhost.example.com", "nonsense"]
        {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
