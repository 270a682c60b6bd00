//! A way to Redis on which messages nobody asked for come late.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Forwards connections to a server. It ends with the test's runtime.
pub(crate) struct Relay {
    port: u16,
    is_slow: Arc<AtomicBool>,
}

impl Relay {
    pub(crate) async fn to(server_port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let is_slow = Arc::new(AtomicBool::new(false));
        let slow = Arc::clone(&is_slow);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server_port)).await.expect("the server is there");
                tokio::spawn(forward(client, server, Arc::clone(&slow)));
            }
        });
        Self { port, is_slow }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on what the server says unasked waits for its answer to the client's next request.
    pub(crate) fn hold_back_what_nobody_asked_for(&self) {
        self.is_slow.store(true, Ordering::SeqCst);
    }
}

async fn forward(mut client: TcpStream, mut server: TcpStream, is_slow: Arc<AtomicBool>) -> std::io::Result<()> {
    let (mut asked, mut said) = ([0; 4096], [0; 4096]);
    let mut held = Vec::new();
    let mut has_asked = false;
    loop {
        tokio::select! {
            bytes = client.read(&mut asked) => match bytes? {
                0 => return Ok(()),
                bytes => {
                    has_asked = true;
                    server.write_all(&asked[..bytes]).await?;
                }
            },
            bytes = server.read(&mut said) => match bytes? {
                0 => return Ok(()),
                bytes => {
                    held.extend_from_slice(&said[..bytes]);
                    if has_asked || !is_slow.load(Ordering::SeqCst) {
                        client.write_all(&held).await?;
                        held.clear();
                        has_asked = false;
                    }
                }
            },
        }
    }
}
