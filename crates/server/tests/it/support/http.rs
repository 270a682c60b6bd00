//! What a process tells on its management address.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

/// A whole response to a request of HTTP/1.1.
pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("it answers");
    String::from_utf8_lossy(&response).into_owned()
}

/// Asks for readiness until it is this status, and returns what is missing then.
pub(crate) fn wait_until_ready_is(management: SocketAddr, status: u16) -> String {
    loop {
        let response = get(management, "/readyz");
        if response.starts_with(&format!("HTTP/1.1 {status} ")) {
            return response.split_once("\r\n\r\n").expect("headers end").1.to_owned();
        }
    }
}

/// Asks for readiness until it names something.
pub(crate) fn wait_until_ready_says(management: SocketAddr, words: &str) {
    while !get(management, "/readyz").contains(words) {}
}

/// The sum of a counter or gauge over its series whose labels contain these; 0 when there is none yet.
pub(crate) fn metric(management: SocketAddr, name: &str, labels: &str) -> f64 {
    let metrics = get(management, "/metrics");
    let series = metrics.lines().filter(|line| {
        let rest = line.strip_prefix(name).filter(|rest| rest.starts_with(['{', ' ']));
        rest.is_some_and(|rest| rest.contains(labels))
    });
    series.map(|line| line.rsplit(' ').next().expect("a value").parse::<f64>().expect("a number")).sum()
}
