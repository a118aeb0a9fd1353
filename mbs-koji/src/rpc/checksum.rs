//! The checksum of uploads.

/// Largest prime below 2 to the 16.
const MODULUS: u32 = 65_521;
/// So many bytes can be added before the sums must be reduced.
const RUN: usize = 5_552;

/// Adler-32 of RFC 1950, added up piece by piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Adler32 {
    low: u32,
    high: u32,
}

impl Default for Adler32 {
    fn default() -> Self {
        Self { low: 1, high: 0 }
    }
}

impl Adler32 {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut sum = Self::default();
        sum.add(bytes);
        sum
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for run in bytes.chunks(RUN) {
            for byte in run {
                self.low += u32::from(*byte);
                self.high += self.low;
            }
            self.low %= MODULUS;
            self.high %= MODULUS;
        }
    }

    /// Eight hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        format!("{:08x}", self.high << 16 | self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sums() {
        assert_eq!(Adler32::of(b"").hex(), "00000001");
        assert_eq!(Adler32::of(b"Wikipedia").hex(), "11e60398");
        let mut sum = Adler32::default();
        vec![255_u8; 1 << 20].chunks(1000).for_each(|piece| sum.add(piece));
        assert_eq!(sum, Adler32::of(&vec![255_u8; 1 << 20]));
    }
}
