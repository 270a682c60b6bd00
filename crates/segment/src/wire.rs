//! The frame of an encoded column, and the plain values inside it.
//!
//! A frame is three magic bytes, the version of the format, and a zstd frame with a checksum. Arrow IPC was measured in its place:
//! it costs some 400 bytes a column, which is more than the whole column of a small site's day.

use bytes::Bytes;

use crate::DecodeError;

const MAGIC: &[u8; 3] = b"seg";
/// Raised by every change of what the bytes mean.
const FORMAT_VERSION: u8 = 1;
const COMPRESSION_LEVEL: i32 = 3;
/// No honest column is larger: it bounds what damaged bytes can make us allocate.
const MAX_PAYLOAD_BYTES: u64 = 4 << 30;

pub(crate) fn seal(payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(payload.len() / 3 + 64);
    frame.extend_from_slice(MAGIC);
    frame.push(FORMAT_VERSION);
    let written = zstd::stream::Encoder::new(frame, COMPRESSION_LEVEL).and_then(|mut encoder| {
        encoder.include_checksum(true)?;
        encoder.set_pledged_src_size(Some(payload.len() as u64))?;
        std::io::Write::write_all(&mut encoder, payload)?;
        encoder.finish()
    });
    Bytes::from(written.expect("compression into memory has nothing that can fail"))
}

pub(crate) fn open(frame: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let (magic, rest) = frame.split_at_checked(MAGIC.len()).ok_or(DecodeError::Damaged("it is too short"))?;
    if magic != MAGIC {
        return Err(DecodeError::Damaged("it does not begin as a column does"));
    }
    let (version, compressed) = rest.split_first().ok_or(DecodeError::Damaged("it is too short"))?;
    if *version != FORMAT_VERSION {
        return Err(DecodeError::UnknownFormat(*version));
    }
    let damaged = |_| DecodeError::Damaged("it cannot be decompressed");
    let mut payload = Vec::with_capacity(compressed.len().saturating_mul(4).min(64 << 20));
    let decoder = zstd::stream::Decoder::with_buffer(compressed).map_err(damaged)?.single_frame();
    let mut limited = std::io::Read::take(decoder, MAX_PAYLOAD_BYTES + 1);
    std::io::Read::read_to_end(&mut limited, &mut payload).map_err(damaged)?;
    if payload.len() as u64 > MAX_PAYLOAD_BYTES {
        return Err(DecodeError::Damaged("it is larger than any column"));
    }
    if !limited.into_inner().finish().is_empty() {
        return Err(DecodeError::Damaged("it goes on after its end"));
    }
    Ok(payload)
}

/// Writes whole numbers little-endian; arrays of wider ones as planes (all lowest bytes, then all second ones, and so on), which
/// compress better.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn u8(&mut self, number: u8) {
        self.0.push(number);
    }

    pub(crate) fn len(&mut self, len: usize) {
        self.0.extend_from_slice(&(len as u64).to_le_bytes());
    }

    pub(crate) fn i64(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn planes<const WIDTH: usize>(&mut self, items: impl ExactSizeIterator<Item = [u8; WIDTH]>) {
        let len = items.len();
        let start = self.0.len();
        self.0.resize(start + len * WIDTH, 0);
        let planes = &mut self.0[start..];
        for (place, item) in items.enumerate() {
            for (plane, byte) in item.into_iter().enumerate() {
                planes[plane * len + place] = byte;
            }
        }
    }
}

/// Reads what [`Writer`] wrote; every length is checked against what is there before anything is allocated.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn bytes(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(DecodeError::Damaged("it ends early"))?;
        self.0 = rest;
        Ok(bytes)
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], DecodeError> {
        Ok(self.bytes(LEN)?.try_into().expect("so many bytes were asked for"))
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn len(&mut self) -> Result<usize, DecodeError> {
        let len = u64::from_le_bytes(self.array()?);
        usize::try_from(len)
            .ok()
            .filter(|len| *len < u32::MAX as usize)
            .ok_or(DecodeError::Damaged("a length is too large"))
    }

    pub(crate) fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    pub(crate) fn planes<const WIDTH: usize, T>(
        &mut self,
        len: usize,
        item: impl Fn([u8; WIDTH]) -> T,
    ) -> Result<Vec<T>, DecodeError> {
        let bytes = self.bytes(len.checked_mul(WIDTH).ok_or(DecodeError::Damaged("a length is too large"))?)?;
        let planes: [&[u8]; WIDTH] = std::array::from_fn(|plane| &bytes[plane * len..(plane + 1) * len]);
        Ok((0..len).map(|place| item(std::array::from_fn(|plane| planes[plane][place]))).collect())
    }

    pub(crate) fn end(&self) -> Result<(), DecodeError> {
        if self.0.is_empty() { Ok(()) } else { Err(DecodeError::Damaged("it goes on after its end")) }
    }
}
