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

    /// The picture with every pixel changed.
    pub fn map(&self, change: impl Fn([u8; 3]) -> [u8; 3]) -> Self {
        Self { width: self.width, height: self.height, pixels: self.pixels.iter().copied().map(change).collect() }
    }

    /// Connected marks on a plain ground whose width and height lie in `size`, from left to right: the width of each of
    /// their rows from the first to the last pixel that is not ground.
    pub fn blobs(&self, size: Range<usize>) -> Vec<Vec<usize>> {
        let ground = self.commonest();
        let is_ink = |at: usize| self.pixels[at].iter().zip(ground).any(|(c, g)| c.abs_diff(g) > 2 * VISIBLE);
        let mut seen = vec![false; self.pixels.len()];
        let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
        for start in 0..self.pixels.len() {
            if seen[start] || !is_ink(start) {
                continue;
            }
            let mut stack = vec![start];
            let mut rows: std::collections::BTreeMap<usize, (usize, usize)> = std::collections::BTreeMap::new();
            seen[start] = true;
            while let Some(at) = stack.pop() {
                let (x, y) = (at % self.width, at / self.width);
                let row = rows.entry(y).or_insert((x, x));
                *row = (row.0.min(x), row.1.max(x));
                for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
                    let (Some(x), Some(y)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else { continue };
                    if x < self.width && y < self.height && !seen[y * self.width + x] && is_ink(y * self.width + x) {
                        seen[y * self.width + x] = true;
                        stack.push(y * self.width + x);
                    }
                }
            }
            let left = rows.values().map(|row| row.0).min().unwrap_or(0);
            let right = rows.values().map(|row| row.1).max().unwrap_or(0);
            if size.contains(&rows.len()) && size.contains(&(right - left + 1)) {
                found.push((left, rows.values().map(|(from, to)| to - from + 1).collect()));
            }
        }
        found.sort();
        found.into_iter().map(|(_, widths)| widths).collect()
    }

    /// The colour most pixels have.
    fn commonest(&self) -> [u8; 3] {
        let mut counts = std::collections::BTreeMap::new();
        for pixel in &self.pixels {
            *counts.entry(*pixel).or_insert(0_usize) += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(pixel, _)| pixel).unwrap()
    }
}
