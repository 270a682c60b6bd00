//! A segment file: a header, the directory of its columns, their bytes. All numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `ANLYSEG` and a line feed, which a transfer as text would damage |
//! | 4 | the version of this format, 1 |
//! | 4 | the length of the directory in bytes |
//! | 4 | the CRC-32 of the directory |
//! | … | the directory: for each column 2 bytes with the length of its name, the name (UTF-8), 8 bytes with the offset of its bytes in the file, 8 with their length, 4 with their CRC-32 |
//! | … | the bytes of the columns |
//!
//! A CRC finds what disks do (a flipped bit, a page of zeros, a truncated file). Who can write the file could forge any checksum.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
};

use analytics_domain::ports::EncodedColumn;
use bytes::Bytes;

const MAGIC: &[u8; 8] = b"ANLYSEG\n";
const FORMAT_VERSION: u32 = 1;
const HEADER_BYTES: usize = MAGIC.len() + 4 + 4 + 4;
/// The bytes of a directory entry beside its name.
const ENTRY_BYTES: usize = 2 + 8 + 8 + 4;

/// Why a file could not be read.
#[derive(Debug)]
pub(super) enum ReadError {
    Io(io::Error),
    /// The file is not what was written.
    Damaged(&'static str),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            Self::Damaged("the file is too short")
        } else {
            Self::Io(error)
        }
    }
}

/// A column that cannot be stored.
#[derive(Debug)]
pub(super) struct NameTooLong;

/// Where a column stands in its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ColumnPlace {
    pub(super) name: String,
    offset: u64,
    length: u64,
    crc32: u32,
}

/// The header and directory of a file with these columns.
pub(super) fn preamble(columns: &[EncodedColumn]) -> Result<Vec<u8>, NameTooLong> {
    let directory_bytes: usize = columns.iter().map(|column| ENTRY_BYTES + column.name.len()).sum();
    let mut offset = (HEADER_BYTES + directory_bytes) as u64;
    let mut directory = Vec::with_capacity(directory_bytes);
    for column in columns {
        let name_bytes = u16::try_from(column.name.len()).map_err(|_| NameTooLong)?;
        directory.extend_from_slice(&name_bytes.to_le_bytes());
        directory.extend_from_slice(column.name.as_bytes());
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(&(column.bytes.len() as u64).to_le_bytes());
        directory.extend_from_slice(&crc32fast::hash(&column.bytes).to_le_bytes());
        offset += column.bytes.len() as u64;
    }
    let mut preamble = Vec::with_capacity(HEADER_BYTES + directory.len());
    preamble.extend_from_slice(MAGIC);
    preamble.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    preamble.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    preamble.extend_from_slice(&crc32fast::hash(&directory).to_le_bytes());
    preamble.extend_from_slice(&directory);
    Ok(preamble)
}

/// Writes a whole file.
pub(super) fn write(file: &mut File, preamble: &[u8], columns: &[EncodedColumn]) -> io::Result<()> {
    file.write_all(preamble)?;
    columns.iter().try_for_each(|column| file.write_all(&column.bytes))
}

/// Reads the directory.
pub(super) fn read_directory(file: &File) -> Result<Vec<ColumnPlace>, ReadError> {
    let mut header = [0; HEADER_BYTES];
    file.read_exact_at(&mut header, 0)?;
    let mut header = Cursor(&header);
    if header.take(MAGIC.len())? != MAGIC {
        return Err(ReadError::Damaged("it is no segment file"));
    }
    if header.u32()? != FORMAT_VERSION {
        return Err(ReadError::Damaged("it was written by another version"));
    }
    let (directory_bytes, crc32) = (header.u32()?, header.u32()?);
    if u64::from(directory_bytes) > file.metadata()?.len() {
        return Err(ReadError::Damaged("the file is too short"));
    }
    let mut directory = vec![0; directory_bytes as usize];
    file.read_exact_at(&mut directory, HEADER_BYTES as u64)?;
    if crc32fast::hash(&directory) != crc32 {
        return Err(ReadError::Damaged("its directory has another checksum"));
    }
    let mut directory = Cursor(&directory);
    let mut places = Vec::new();
    while !directory.0.is_empty() {
        places.push(directory.place()?);
    }
    Ok(places)
}

/// Reads the bytes of one column.
pub(super) fn read_column(file: &File, place: &ColumnPlace) -> Result<Bytes, ReadError> {
    if place.offset.saturating_add(place.length) > file.metadata()?.len() {
        return Err(ReadError::Damaged("the file is too short"));
    }
    let mut bytes = vec![0; place.length as usize];
    file.read_exact_at(&mut bytes, place.offset)?;
    if crc32fast::hash(&bytes) != place.crc32 {
        return Err(ReadError::Damaged("a column has another checksum"));
    }
    Ok(bytes.into())
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ReadError::Damaged("its directory is cut off"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        self.take(N)?.try_into().map_err(|_| ReadError::Damaged("its directory is cut off"))
    }

    fn u32(&mut self) -> Result<u32, ReadError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, ReadError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn place(&mut self) -> Result<ColumnPlace, ReadError> {
        let name_bytes = u16::from_le_bytes(self.array()?);
        let name = self.take(name_bytes.into())?.to_vec();
        Ok(ColumnPlace {
            name: String::from_utf8(name).map_err(|_| ReadError::Damaged("the name of a column is no text"))?,
            offset: self.u64()?,
            length: self.u64()?,
            crc32: self.u32()?,
        })
    }
}
