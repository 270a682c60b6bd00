use crate::Bitmap;

/// How many rows loops work on at a time: packed columns are unpacked so far ahead.
pub const BLOCK_ROWS: usize = 1024;

const BLOCK_WORDS: usize = BLOCK_ROWS / 64;

/// Numbers runs of neighbouring rows, such as those of one visitor: a bit for each row that begins a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    starts: Bitmap,
    /// How many runs begin before each block; the last entry is the number of runs.
    begun_before_block: Vec<u32>,
}

impl Runs {
    /// The runs that begin at these rows. Rows before the first one have no run.
    pub fn new(starts: Bitmap) -> Self {
        let mut begun = 0;
        let mut begun_before_block = vec![0];
        for block in starts.words().chunks(BLOCK_WORDS) {
            begun += block.iter().map(|word| word.count_ones()).sum::<u32>();
            begun_before_block.push(begun);
        }
        Self { starts, begun_before_block }
    }

    /// How many runs there are.
    pub fn count(&self) -> usize {
        self.begun_before_block.last().map_or(0, |count| *count as usize)
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.starts.len()
    }

    /// A bit for each row that begins a run.
    pub fn starts(&self) -> &Bitmap {
        &self.starts
    }

    /// Writes the number of the run of each row of a block, and returns how many rows the block has. Rows before the first run get
    /// `u32::MAX`.
    pub fn unpack(&self, block: usize, numbers: &mut [u32; BLOCK_ROWS]) -> usize {
        let first_row = block * BLOCK_ROWS;
        let rows = self.row_count().saturating_sub(first_row).min(BLOCK_ROWS);
        let words = &self.starts.words()[first_row / 64..(first_row + rows).div_ceil(64)];
        let mut number = self.begun_before_block[block].wrapping_sub(1);
        for (word, out) in words.iter().zip(numbers.chunks_exact_mut(64)) {
            if *word == 0 {
                out.fill(number);
                continue;
            }
            for (bit, slot) in out.iter_mut().enumerate() {
                number = number.wrapping_add((word >> bit & 1) as u32);
                *slot = number;
            }
        }
        rows
    }

    /// How many bytes it occupies in memory.
    pub fn memory_bytes(&self) -> usize {
        self.starts.words().len() * 8 + self.begun_before_block.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_gets_the_number_of_its_run_over_blocks() {
        let starts: Vec<bool> = (0..2500).map(|row| row % 7 == 3 || row == 1024).collect();
        let runs = Runs::new(starts.iter().copied().collect());
        let mut expected = u32::MAX;
        let mut numbers = [0; BLOCK_ROWS];
        for block in 0..3 {
            let rows = runs.unpack(block, &mut numbers);
            assert_eq!(rows, [1024, 1024, 452][block]);
            for (row, number) in numbers[..rows].iter().enumerate() {
                if starts[block * BLOCK_ROWS + row] {
                    expected = expected.wrapping_add(1);
                }
                assert_eq!(*number, expected);
            }
        }
        assert_eq!(runs.count(), expected as usize + 1);
    }
}
