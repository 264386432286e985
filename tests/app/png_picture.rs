//! A picture the program drew, and what can be asked of its pixels.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::ops::Range;
use std::path::Path;

/// Difference of a channel that the eye would see.
const VISIBLE: u8 = 12;

/// Pixels from left to right, then top to bottom.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    pub fn read(path: &Path) -> Self {
        let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(frame.bit_depth, png::BitDepth::Eight);
        let pixels = bytes[..frame.buffer_size()].chunks_exact(frame.color_type.samples()).map(|p| [p[0], p[1], p[2]]).collect();
        Self { width: frame.width as usize, height: frame.height as usize, pixels }
    }

    /// A part of it.
    pub fn part(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let pixels = rows.clone().flat_map(|y| self.pixels[y * self.width..][columns.clone()].iter().copied()).collect();
        Self { width: columns.len(), height: rows.len(), pixels }
    }

    /// Different colours in it.
    pub fn colours(&self) -> usize {
        self.shades(|_| true)
    }

    /// Different colours among the pixels that fit: flat signs have few, a lit surface has many.
    pub fn shades(&self, fits: impl Fn([u8; 3]) -> bool) -> usize {
        self.pixels.iter().filter(|pixel| fits(**pixel)).collect::<BTreeSet<_>>().len()
    }

    /// Share of the pixels that fit, 0 to 1.
    pub fn share(&self, fits: impl Fn([u8; 3]) -> bool) -> f64 {
        self.pixels.iter().filter(|pixel| fits(**pixel)).count() as f64 / self.pixels.len() as f64
    }

    /// Share of the pixels that look different, 0 to 1.
    pub fn difference(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let differs = |(a, b): &(&[u8; 3], &[u8; 3])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > VISIBLE);
        self.pixels.iter().zip(&other.pixels).filter(differs).count() as f64 / self.pixels.len() as f64
    }
}
