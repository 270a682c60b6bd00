//! Clients that send as fast as they are answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use analytics_domain::{Clock as _, SystemClock};
use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient};
use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};

use super::batches::Batches;

/// Connections of all clients together, as of a few backends.
const CONNECTIONS: usize = 4;

/// What is sent, and to whom.
pub(crate) struct Sending {
    pub(crate) endpoint: String,
    pub(crate) key: String,
    pub(crate) batches: Arc<Batches>,
    /// How many batches wait for their answer at any time.
    pub(crate) in_flight: usize,
}

impl Sending {
    /// Sends so many batches and returns how long that took, in seconds.
    pub(crate) async fn send(&self, count: u64) -> Result<f64> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            channels.push(Channel::from_shared(self.endpoint.clone())?.connect().await?);
        }
        let authorization = MetadataValue::try_from(format!("Bearer {}", self.key))?;
        let next = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let mut clients = JoinSet::new();
        for number in 0..self.in_flight {
            let client = IngestServiceClient::new(channels[number % CONNECTIONS].clone());
            clients.spawn(send(client, authorization.clone(), self.batches.clone(), next.clone(), count));
        }
        while let Some(ended) = clients.join_next().await {
            ended??;
        }
        Ok(began.elapsed().as_secs_f64())
    }
}

async fn send(
    mut client: IngestServiceClient<Channel>,
    authorization: MetadataValue<Ascii>,
    batches: Arc<Batches>,
    next: Arc<AtomicU64>,
    count: u64,
) -> Result<()> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Ok(());
        }
        let mut request = Request::new(batches.batch(number, now()));
        request.metadata_mut().insert("authorization", authorization.clone());
        let answer = client.track(request).await.context("a batch was not taken")?.into_inner();
        // The peers answer nothing.
        let refused = answer.verdicts.iter().find(|verdict| verdict.verdict() != v1::Verdict::Accepted);
        ensure!(refused.is_none(), "an event was not taken: {refused:?}");
    }
}

fn now() -> pbjson_types::Timestamp {
    let micros = SystemClock.now().0;
    pbjson_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32,
    }
}
