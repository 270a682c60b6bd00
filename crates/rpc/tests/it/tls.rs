//! TLS on a port: both versions of HTTP, certificates that are replaced, and callers that do not shake hands.

use std::{future::Future, net::SocketAddr, path::Path, time::Duration};

use analytics_proto::v1::ingest_service_client::IngestServiceClient;
use analytics_rpc::{ClientTls, Drain, Limits, Port, Reload, ServerTls, TrustedProxies, serve};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

use crate::{
    certificates::{Authority, Pair},
    probe::{Signals, ask, limits, probe, text},
};

struct Running {
    directory: TempDir,
    authority: Authority,
    tls: ServerTls,
    address: SocketAddr,
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), what).await.expect("in time")
}

fn read(pair: &Pair) -> Result<ServerTls, String> {
    ServerTls::read(&pair.certificate_file, &pair.key_file).map_err(|error| error.to_string())
}

/// A server whose certificate `server` is good for `localhost`.
async fn start(limits: Limits) -> Running {
    let directory = TempDir::new().expect("a directory");
    let authority = Authority::new(directory.path());
    let tls = read(&authority.certify(directory.path(), "server", &["localhost"])).expect("good");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (port, service) = (Port::with_tls(listener, tls.clone()), probe(&limits, Signals::default()));
    tokio::spawn(async move {
        serve(port, service, &limits, TrustedProxies::none(), &Drain::new(Duration::ZERO)).await;
    });
    Running { directory, authority, tls, address }
}

impl Running {
    fn path(&self) -> &Path {
        self.directory.path()
    }

    async fn client(&self, authority: &Authority) -> Result<IngestServiceClient<Channel>, tonic::transport::Error> {
        let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&authority.pem)).domain_name("localhost");
        let endpoint = Endpoint::from_shared(format!("https://{}", self.address)).expect("an address");
        Ok(IngestServiceClient::new(endpoint.tls_config(tls)?.connect().await?))
    }

    async fn connect(&self, host: &str) -> std::io::Result<impl Sized + use<>> {
        let tls = ClientTls::trusting(Some(&self.authority.file)).expect("an authority");
        tls.connect(host, TcpStream::connect(self.address).await.expect("connected")).await
    }
}

#[tokio::test]
async fn calls_go_over_tls_and_nothing_goes_without() {
    let running = start(limits()).await;
    let mut client = running.client(&running.authority).await.expect("trusted");
    assert_eq!(text(client.track(ask("address")).await.expect("told")), "127.0.0.1");

    let mut plain = TcpStream::connect(running.address).await.expect("connected");
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    // It is closed without an answer in the clear, in order or not.
    let _ = soon(plain.read_to_end(&mut answer)).await;
    assert!(!answer.starts_with(b"HTTP/"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn who_does_not_shake_hands_in_time_is_let_go() {
    let running = start(Limits { tls_handshake_timeout: Duration::from_millis(100), ..limits() }).await;
    let mut silent = TcpStream::connect(running.address).await.expect("connected");
    let mut hesitant = TcpStream::connect(running.address).await.expect("connected");
    // The beginning of a handshake that never goes on.
    hesitant.write_all(&[22, 3, 1, 2, 0]).await.expect("sent");
    for held in [&mut silent, &mut hesitant] {
        soon(held.read_to_end(&mut Vec::new())).await.expect("closed in order");
    }
}

#[tokio::test]
async fn silence_holds_up_nobody_else() {
    let hour = Duration::from_secs(3600);
    let running = start(Limits { tls_handshake_timeout: hour, ..limits() }).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(running.address).await.expect("connected"));
    }
    let mut client = soon(running.client(&running.authority)).await.expect("trusted");
    assert_eq!(text(client.track(ask("")).await.expect("done")), "done");
}

#[tokio::test]
async fn a_new_certificate_is_for_new_connections_and_open_ones_go_on() {
    let running = start(limits()).await;
    let mut old = running.client(&running.authority).await.expect("trusted");
    assert_eq!(text(old.track(ask("")).await.expect("done")), "done");
    assert_eq!(running.tls.reload().expect("still good"), Reload::Unchanged);

    let other_directory = TempDir::new().expect("a directory");
    let other = Authority::new(other_directory.path());
    other.certify(running.path(), "server", &["localhost"]);
    assert_eq!(running.tls.reload().expect("good"), Reload::Replaced);
    let mut new = running.client(&other).await.expect("the new one is shown");
    assert_eq!(text(new.track(ask("")).await.expect("done")), "done");
    running.client(&running.authority).await.expect_err("the old one is not shown any more");
    assert_eq!(text(old.track(ask("")).await.expect("goes on")), "done");
}

#[tokio::test]
async fn a_bad_pair_leaves_the_old_one_in_use() {
    let running = start(limits()).await;
    std::fs::write(running.path().join("server-certificate.pem"), "no certificate").expect("written");
    let error = running.tls.reload().expect_err("bad").to_string();
    assert!(error.contains("server-certificate.pem holds no certificate"), "{error}");
    running.client(&running.authority).await.expect("the old one is still shown");
    // Put right again.
    running.authority.certify(running.path(), "server", &["localhost"]);
    assert_eq!(running.tls.reload().expect("good"), Reload::Replaced);
}

#[test]
fn what_cannot_be_used_is_refused_with_the_file_and_the_reason() {
    let directory = TempDir::new().expect("a directory");
    let authority = Authority::new(directory.path());
    let good = authority.certify(directory.path(), "good", &["localhost"]);
    let other = authority.certify(directory.path(), "other", &["localhost"]);
    let absent = directory.path().join("absent.pem");
    for (pair, problem) in [
        (Pair { certificate_file: absent.clone(), ..good.clone() }, "absent.pem cannot be read"),
        (Pair { key_file: absent, ..good.clone() }, "absent.pem cannot be read"),
        (Pair { certificate_file: good.key_file.clone(), ..good.clone() }, "good-key.pem holds no certificate"),
        (Pair { key_file: good.certificate_file.clone(), ..good.clone() }, "good-certificate.pem holds no private key"),
        (Pair { key_file: other.key_file, ..good.clone() }, "the key is that of another certificate"),
    ] {
        let error = read(&pair).expect_err(problem);
        assert!(error.contains(problem), "{error}");
    }
    read(&good).expect("good");
    let error = ClientTls::trusting(Some(&good.key_file)).expect_err("a key").to_string();
    assert!(error.contains("good-key.pem holds no certificate"), "{error}");
}

#[tokio::test]
async fn a_client_trusts_only_who_is_vouched_for_by_name_and_now() {
    let running = start(limits()).await;
    running.connect("localhost").await.map(drop).expect("trusted");
    let error = running.connect("127.0.0.1").await.map(drop).expect_err("another name").to_string();
    assert!(error.contains("certificate"), "{error}");

    running.authority.certify_expired(running.path(), "server", &["localhost"]);
    running.tls.reload().expect("a pair");
    let error = running.connect("localhost").await.map(drop).expect_err("expired").to_string();
    assert!(error.contains("certificate") && error.contains("expired"), "{error}");

    let stranger = ClientTls::trusting(None).expect("no file");
    let stream = TcpStream::connect(running.address).await.expect("connected");
    let error = stranger.connect("localhost", stream).await.map(drop).expect_err("nobody known").to_string();
    assert!(error.contains("certificate"), "{error}");
}
