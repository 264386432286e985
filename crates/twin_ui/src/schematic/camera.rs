//! What part of the schematic is on the screen.

use egui::{Pos2, Rect, Vec2};

/// Smallest and largest magnification.
const ZOOM: (f32, f32) = (0.03, 4.0);
/// Largest magnification a small plant is fitted with.
const LARGEST_FIT: f32 = 1.4;
/// Air around a fitted schematic, points.
const MARGIN: f32 = 4.0;

/// Pan and zoom. Until somebody moves it, it fits the whole schematic into the panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Points on the screen per point of the layout.
    pub zoom: f32,
    /// Where the layout's corner lies, from the corner of the panel.
    pub offset: Vec2,
    /// Somebody has moved it.
    pub is_moved: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self { zoom: 1.0, offset: Vec2::ZERO, is_moved: false }
    }
}

impl Camera {
    /// The camera that shows a layout of this size whole, in the middle of the panel.
    pub fn fitting(size: Vec2, panel: Rect) -> Self {
        let room = (panel.size() - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(1.0));
        let zoom = (room.x / size.x.max(1.0)).min(room.y / size.y.max(1.0)).clamp(ZOOM.0, LARGEST_FIT);
        Self { zoom, offset: (panel.size() - size * zoom) / 2.0, is_moved: false }
    }

    /// Moves by points on the screen.
    pub fn pan(&mut self, by: Vec2) {
        self.offset += by;
        self.is_moved = true;
    }

    /// Magnifies; what lies below the pointer stays there.
    pub fn zoom_at(&mut self, pointer: Pos2, factor: f32, panel: Rect) {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        let from_corner = pointer - panel.min;
        self.offset = from_corner - (from_corner - self.offset) * (zoom / self.zoom);
        self.zoom = zoom;
        self.is_moved = true;
    }

    /// Brings a place of the layout into the panel, when it is outside.
    pub fn reveal(&mut self, place: Rect, panel: Rect) {
        let on_screen = self.rect(place, panel);
        let room = panel.shrink(MARGIN.min(panel.width() / 4.0).min(panel.height() / 4.0));
        if !room.contains_rect(on_screen) {
            self.pan(room.center() - on_screen.center());
        }
    }

    /// A point of the layout on the screen.
    pub fn point(&self, at: Pos2, panel: Rect) -> Pos2 {
        panel.min + self.offset + at.to_vec2() * self.zoom
    }

    /// A rectangle of the layout on the screen.
    pub fn rect(&self, rect: Rect, panel: Rect) -> Rect {
        Rect::from_min_max(self.point(rect.min, panel), self.point(rect.max, panel))
    }
}
