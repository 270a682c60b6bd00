//! Lines of bounded length.

use std::io::{self, BufRead};

/// A line without its end (`\n` or `\r\n`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its bytes.
    Whole(&'a [u8]),
    /// It is longer than allowed and was passed over.
    TooLong,
}

/// Reads lines into one buffer; a file without line ends takes no more memory than the longest line that is allowed.
pub(crate) struct Lines<R> {
    source: R,
    max_bytes: usize,
    buffer: Vec<u8>,
    content: blake3::Hasher,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(source: R, max_bytes: usize) -> Self {
        Self { source, max_bytes, buffer: Vec::new(), content: blake3::Hasher::new() }
    }

    /// The next line; none at the end.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let mut length = 0;
        loop {
            let available = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                return Ok((length > 0).then(|| self.line(length)));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            length += part.len();
            // One byte more than allowed, for a carriage return.
            let room = (self.max_bytes + 1).saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(&part[..part.len().min(room)]);
            let consumed = end.map_or(part.len(), |end| end + 1);
            self.content.update(&available[..consumed]);
            self.source.consume(consumed);
            if end.is_some() {
                return Ok(Some(self.line(length)));
            }
        }
    }

    /// A hash of everything that was read.
    pub(crate) fn digest(&self) -> [u8; 32] {
        *self.content.finalize().as_bytes()
    }

    fn line(&self, length: usize) -> Line<'_> {
        if length > self.buffer.len() {
            return Line::TooLong;
        }
        match self.buffer.strip_suffix(b"\r").unwrap_or(&self.buffer) {
            line if line.len() > self.max_bytes => Line::TooLong,
            line => Line::Whole(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn ends_are_cut_and_long_lines_passed_over() {
        let text = b"ab\n\nabcd\r\nabcde\nabcd\r\r\nlast".as_slice();
        // Buffers smaller and larger than the lines.
        for capacity in [1, 2, 3, 64] {
            let mut lines = Lines::new(BufReader::with_capacity(capacity, text), 4);
            let mut found = Vec::new();
            while let Some(line) = lines.next_line().unwrap() {
                found.push(match line {
                    Line::Whole(line) => String::from_utf8(line.to_vec()).unwrap(),
                    Line::TooLong => "(too long)".to_owned(),
                });
            }
            assert_eq!(found, ["ab", "", "abcd", "(too long)", "(too long)", "last"], "{capacity}");
        }
    }
}
