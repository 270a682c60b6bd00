//! A client that sends one batch after the other by unary calls.

use analytics_proto::v1::{self, ingest_service_client::IngestServiceClient};
use tonic::transport::Channel;

use super::Shared;
use crate::calls::by;

pub(super) async fn client(shared: &Shared, number: u64, channels: &[Channel]) {
    let mut batch = 0;
    while !shared.is_over() {
        let request = shared.request(number, batch);
        // Each copy in another order, and by another gateway.
        let copies = shared.options.copies;
        let copies = (0..copies).map(|copy| {
            let mut request = request.clone();
            let middle = copy * request.events.len() / copies;
            request.events.rotate_left(middle);
            let channel = channels[(number as usize + batch as usize + copy) % channels.len()].clone();
            send(shared, IngestServiceClient::new(channel), request)
        });
        futures_of(copies).await;
        batch += 1;
    }
}

/// Waits for all of them at once.
async fn futures_of(copies: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut copies: Vec<_> = copies.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        copies.retain_mut(|copy| copy.as_mut().poll(context).is_pending());
        if copies.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// Sends a batch until every event of it is answered.
async fn send(shared: &Shared, mut client: IngestServiceClient<Channel>, mut request: v1::TrackRequest) {
    let mut earlier = None;
    while !request.events.is_empty() {
        let attempt = shared.begin(&request, earlier.take());
        match client.track(by(&shared.key, request.clone())).await {
            Ok(response) => request.events = shared.answered(attempt, request.events, response.into_inner()),
            Err(status) => {
                let delay = shared.delay_of(&status);
                earlier = Some(shared.failed(attempt));
                // As long as the server asks for, as every client should.
                tokio::time::sleep(delay).await;
            }
        }
    }
}
