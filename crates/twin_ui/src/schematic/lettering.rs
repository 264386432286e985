//! How big the writing is beside the symbols, and the room both take.

use super::SymbolKind;
use super::kind::Extent;
use super::topology::{Node, ValueSlot};
use crate::format;

/// Air between a symbol and the text below it, points at zoom 1.
pub const TEXT_GAP: f32 = 3.0;
/// Height of the tag below a symbol, at lettering 1.
const TAG_ROW: f32 = 15.0;
/// Height of a value with its bar, at lettering 1.
const VALUE_ROW: f32 = 15.0;
/// Width of a letter of a tag, at lettering 1.
const LETTER: f32 = 7.3;
/// Width of a digit, of a point, and of a letter of a unit, at lettering 1.
const DIGIT: f32 = 7.2;
const POINT: f32 = 3.6;
const UNIT_LETTER: f32 = 6.6;
/// Width of the quality letter and the gaps of a value, at lettering 1.
const QUALITY: f32 = 16.0;
/// Width of a letter before a value, and of the gap after them, at lettering 1.
const BEFORE: (f32, f32) = (7.6, 6.0);
/// A value without a range is as wide as this.
const SOME_VALUE: f64 = 999.0;
/// Radius of a bubble at lettering 1, and the part of the lettering it grows with: its letters stand inside.
const BUBBLE: (f32, f32) = (15.0, 0.8);

/// How big the writing is beside the symbols. A sheet that is shown small has writing so much bigger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Points of the layout per point of writing, 1 or more.
    pub scale: f32,
    /// What is measured stands in letters before each value.
    pub has_letters: bool,
}

impl Default for Lettering {
    fn default() -> Self {
        Self { scale: 1.0, has_letters: true }
    }
}

impl Lettering {
    /// Radius of an instrument bubble.
    pub fn bubble_radius(self) -> f32 {
        BUBBLE.0 * (BUBBLE.1 * self.scale).max(1.0)
    }

    /// Width of a tag.
    pub fn tag_width(self, name: &str) -> f32 {
        name.chars().count() as f32 * LETTER * self.scale
    }

    /// Height of a value with its bar.
    pub fn value_row(self) -> f32 {
        VALUE_ROW * self.scale
    }

    /// Width of the values below a symbol: that of the widest number of their ranges.
    pub fn value_width(self, node: &Node) -> f32 {
        node.values.iter().map(|slot| self.slot_width(slot)).fold(0.0, f32::max)
    }

    fn slot_width(self, slot: &ValueSlot) -> f32 {
        let (low, high) = slot.range.unwrap_or((0.0, SOME_VALUE));
        let width = |end: f64| {
            let letter = |letter: char| if letter.is_ascii_digit() { DIGIT } else { POINT };
            format::number(end, slot.decimals).chars().map(letter).sum::<f32>()
        };
        let number = width(low).max(width(high));
        let letters = if self.has_letters { slot.letters.chars().count() as f32 * BEFORE.0 + BEFORE.1 } else { 0.0 };
        (number + slot.unit.chars().count() as f32 * UNIT_LETTER + QUALITY + letters) * self.scale
    }

    /// Extent of the symbol of a node.
    pub fn extent(self, node: &Node) -> Extent {
        let extent = node.symbol.extent();
        let around = |half_width: f32, half_height: f32| Extent { half_width, above: half_height, below: half_height };
        match node.symbol {
            kind if kind.is_bubble() => around(self.bubble_radius(), self.bubble_radius()),
            SymbolKind::Connector => around(extent.half_width.max(self.tag_width(&node.name) * 0.5 + 12.0), extent.above * self.scale),
            _ => extent,
        }
    }

    /// Half width of a node and how far it reaches below the point its lines aim at.
    pub fn body(self, node: &Node) -> (f32, f32) {
        let extent = self.extent(node);
        let text = if node.has_tag_below() { self.tag_width(&node.name) } else { 0.0 };
        let half = (text.max(self.value_width(node)) / 2.0).max(extent.half_width);
        (half, extent.below + self.values_from(node) + node.values.len() as f32 * self.value_row())
    }

    /// From the lower edge of a symbol to its first value.
    pub fn values_from(self, node: &Node) -> f32 {
        match (node.has_tag_below(), node.values.is_empty()) {
            (true, _) => TEXT_GAP + TAG_ROW * self.scale,
            (false, false) => TEXT_GAP,
            (false, true) => 0.0,
        }
    }
}
