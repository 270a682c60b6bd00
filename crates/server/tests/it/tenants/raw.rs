//! Calls of any RPC, without knowing its messages.

use bytes::{Buf as _, BufMut as _};
use tokio_stream::StreamExt as _;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

use super::rows::Row;

pub(super) struct Caller(Channel);

impl Caller {
    pub(super) fn new(channel: Channel) -> Self {
        Self(channel)
    }

    /// All messages of the answer, one after another.
    pub(super) async fn call(&self, row: &Row, key: Option<&str>, origin: Option<&str>) -> Result<Vec<u8>, Status> {
        let mut request = Request::new(tokio_stream::once(row.message.clone()));
        if let Some(key) = key {
            request.metadata_mut().insert("authorization", format!("Bearer {key}").parse().expect("a key"));
        }
        if let Some(origin) = origin {
            request.metadata_mut().insert("origin", origin.parse().expect("a header"));
        }
        let mut grpc = Grpc::new(self.0.clone());
        grpc.ready().await.expect("it listens");
        let answers = grpc.streaming(request, row.path.parse().expect("a path"), Bytes).await?;
        let mut answers = answers.into_inner();
        let mut all = Vec::new();
        while let Some(answer) = answers.next().await {
            all.extend(answer?);
        }
        Ok(all)
    }
}

struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}
