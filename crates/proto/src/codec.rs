//! How messages are read from the wire: as prost does, but for batches that would be many times larger in memory than they are there.
//!
//! An event of two bytes takes some hundred in memory, so that the largest message took 155 MiB when it was nothing but empty events. The rule of the
//! contract is checked too late for that: when everything was read.

use std::any::TypeId;

use prost::{Message, bytes::Buf as _};
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder},
};
use tonic_prost::{ProstCodec, ProstDecoder, ProstEncoder};

use crate::v1;

/// More events than this are not read. A few more than a batch may have: of those the rules of the contract say what is wrong.
const MAX_EVENTS: usize = 2000;
/// `TrackRequest.events` and `TrackStreamRequest.batch`.
const EVENTS_TAG: u32 = 2;
const BATCH_TAG: u32 = 2;

/// The codec of every service of the contract.
pub struct ContractCodec<T, U>(ProstCodec<T, U>);

impl<T, U> Default for ContractCodec<T, U> {
    fn default() -> Self {
        Self(ProstCodec::new())
    }
}

impl<T, U> Codec for ContractCodec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = ContractDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        self.0.encoder()
    }

    fn decoder(&mut self) -> Self::Decoder {
        ContractDecoder(self.0.decoder())
    }
}

/// See [`ContractCodec`].
pub struct ContractDecoder<U>(ProstDecoder<U>);

impl<U: Message + Default + 'static> Decoder for ContractDecoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        if events_in::<U>(buffer.chunk()) > MAX_EVENTS {
            // As for everything that is no message of the contract; the edge puts it into the words of the error table.
            return Err(Status::internal("it has more than 2000 events, and a batch at most 1000"));
        }
        self.0.decode(buffer)
    }
}

/// How many events a message holds, without reading them. What cannot be read is left to whoever reads it.
fn events_in<U: 'static>(message: &[u8]) -> usize {
    let message_type = TypeId::of::<U>();
    if message_type == TypeId::of::<v1::TrackRequest>() {
        Fields(message).filter(|(tag, _)| *tag == EVENTS_TAG).count()
    } else if message_type == TypeId::of::<v1::TrackStreamRequest>() {
        let batches = Fields(message).filter(|(tag, _)| *tag == BATCH_TAG);
        batches.map(|(_, batch)| events_in::<v1::TrackRequest>(batch)).sum()
    } else {
        0
    }
}

/// The tags of a message's fields, each with its bytes if it has a length. Ends at what is no field.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let key = varint(&mut self.0)?;
        let tag = u32::try_from(key >> 3).ok()?;
        let length = match key & 7 {
            0 => {
                varint(&mut self.0)?;
                0
            }
            1 => 8,
            2 => usize::try_from(varint(&mut self.0)?).ok()?,
            5 => 4,
            // The contract has no groups. Unknown ones are read over: their fields have tags of their own, which only makes the count larger.
            3 | 4 => 0,
            _ => return None,
        };
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, field))
    }
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    prost::encoding::decode_varint(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(events: usize) -> v1::TrackRequest {
        let event = v1::Event { name: "signup".to_owned(), url: "/\u{12}\u{0}".to_owned(), ..Default::default() };
        v1::TrackRequest { project: "projects/web".to_owned(), events: vec![event; events], ..Default::default() }
    }

    #[test]
    fn events_are_counted_without_being_read() {
        for events in [0, 1, 7, 1000, 3000] {
            let sent_at = Some(pbjson_types::Timestamp { seconds: 1, nanos: 2 });
            let request = v1::TrackRequest { sent_at, ack_level: 2, ..batch(events) };
            assert_eq!(events_in::<v1::TrackRequest>(&request.encode_to_vec()), events);
            let streamed = v1::TrackStreamRequest { batch_number: 9, batch: Some(request) }.encode_to_vec();
            assert_eq!(events_in::<v1::TrackStreamRequest>(&streamed), events);
            assert_eq!(events_in::<v1::CreateProjectRequest>(&streamed), 0, "another message");
        }
        // A batch in parts is one batch.
        let parts = [batch(600), batch(700)]
            .map(|part| v1::TrackStreamRequest { batch_number: 1, batch: Some(part) }.encode_to_vec());
        assert_eq!(events_in::<v1::TrackStreamRequest>(&parts.concat()), 1300);
        // An unknown group hides nothing.
        assert_eq!(events_in::<v1::TrackRequest>(&[0x5b, 0x5c, 0x12, 0, 0x12, 0]), 2);
        assert_eq!(events_in::<v1::TrackRequest>(&[0x12, 0, 0x12, 9]), 1, "the rest is no message");
    }
}
