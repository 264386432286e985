//! Line icons, drawn: no font has to carry them.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name is the picture")]
pub enum Icon {
    Play,
    Pause,
    Stop,
    Previous,
    Next,
    Search,
    Close,
    Trend,
    FlyTo,
    Frame,
    Home,
    Silence,
    Document,
    Check,
    ArrowUp,
    ArrowDown,
    ChevronRight,
    ChevronDown,
    Branch,
    Repair,
    Eye,
    Tag,
    Plus,
    Warning,
    Schematic,
    Explode,
    Cutaway,
    Measure,
    ClipPlane,
    Flow,
    Level,
    Valve,
    Pump,
    Sun,
    Settings,
    Tour,
    Help,
    Bell,
    Bookmark,
    Lock,
    User,
    ZoomFit,
    Overview,
    Unit,
    Equipment,
    Diagnostics,
    PreviousChange,
    NextChange,
    TimeRange,
    Package,
}

/// Paints an icon into a square.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32) {
    let side = rect.width().min(rect.height());
    let origin = rect.center() - egui::Vec2::splat(side / 2.0);
    let at = |x: f32, y: f32| pos2(origin.x + x * side, origin.y + y * side);
    let pen = Stroke::new((side * 0.095).max(1.2), colour);
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|(x, y)| at(*x, *y)).collect(), pen));
    };
    let fill = |points: &[(f32, f32)]| {
        painter.add(Shape::convex_polygon(points.iter().map(|(x, y)| at(*x, *y)).collect(), colour, Stroke::NONE));
    };
    let ring = |center: Pos2, radius: f32| {
        painter.circle_stroke(center, radius * side, pen);
    };
    // Degrees, clockwise from the right.
    let arc = |x: f32, y: f32, radius: f32, from: f32, to: f32| {
        let steps = ((to - from) / 15.0).ceil().max(1.0) as usize;
        let point = |i: usize| (from + (to - from) * i as f32 / steps as f32).to_radians();
        let points: Vec<(f32, f32)> = (0..=steps).map(|i| (x + radius * point(i).cos(), y + radius * point(i).sin())).collect();
        line(&points);
    };
    match icon {
        Icon::Play => fill(&[(0.28, 0.18), (0.82, 0.5), (0.28, 0.82)]),
        Icon::Pause => {
            fill(&[(0.26, 0.2), (0.42, 0.2), (0.42, 0.8), (0.26, 0.8)]);
            fill(&[(0.58, 0.2), (0.74, 0.2), (0.74, 0.8), (0.58, 0.8)]);
        }
        Icon::Stop => fill(&[(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]),
        Icon::Previous => {
            fill(&[(0.8, 0.2), (0.8, 0.8), (0.36, 0.5)]);
            fill(&[(0.2, 0.2), (0.3, 0.2), (0.3, 0.8), (0.2, 0.8)]);
        }
        Icon::Next => {
            fill(&[(0.2, 0.2), (0.64, 0.5), (0.2, 0.8)]);
            fill(&[(0.7, 0.2), (0.8, 0.2), (0.8, 0.8), (0.7, 0.8)]);
        }
        Icon::Search => {
            ring(at(0.43, 0.43), 0.26);
            line(&[(0.63, 0.63), (0.86, 0.86)]);
        }
        Icon::Close => {
            line(&[(0.25, 0.25), (0.75, 0.75)]);
            line(&[(0.75, 0.25), (0.25, 0.75)]);
        }
        Icon::Trend => {
            line(&[(0.14, 0.14), (0.14, 0.86), (0.88, 0.86)]);
            line(&[(0.28, 0.66), (0.46, 0.42), (0.6, 0.56), (0.84, 0.22)]);
        }
        Icon::FlyTo => {
            ring(at(0.5, 0.5), 0.24);
            for (from, to) in [((0.5, 0.08), (0.5, 0.3)), ((0.5, 0.7), (0.5, 0.92)), ((0.08, 0.5), (0.3, 0.5)), ((0.7, 0.5), (0.92, 0.5))] {
                line(&[from, to]);
            }
        }
        Icon::Frame => {
            for (a, b, c) in [
                ((0.15, 0.36), (0.15, 0.15), (0.36, 0.15)),
                ((0.64, 0.15), (0.85, 0.15), (0.85, 0.36)),
                ((0.85, 0.64), (0.85, 0.85), (0.64, 0.85)),
                ((0.36, 0.85), (0.15, 0.85), (0.15, 0.64)),
            ] {
                line(&[a, b, c]);
            }
            painter.circle_filled(at(0.5, 0.5), side * 0.1, colour);
        }
        Icon::Home => {
            line(&[(0.1, 0.52), (0.5, 0.16), (0.9, 0.52)]);
            line(&[(0.24, 0.44), (0.24, 0.84), (0.76, 0.84), (0.76, 0.44)]);
        }
        Icon::Silence => {
            line(&[(0.24, 0.68), (0.3, 0.6), (0.3, 0.42), (0.5, 0.2), (0.7, 0.42), (0.7, 0.6), (0.76, 0.68), (0.24, 0.68)]);
            line(&[(0.43, 0.82), (0.57, 0.82)]);
            line(&[(0.14, 0.14), (0.88, 0.88)]);
        }
        Icon::Document => {
            line(&[(0.26, 0.12), (0.58, 0.12), (0.76, 0.3), (0.76, 0.88), (0.26, 0.88), (0.26, 0.12)]);
            line(&[(0.38, 0.5), (0.64, 0.5)]);
            line(&[(0.38, 0.68), (0.64, 0.68)]);
        }
        Icon::Check => line(&[(0.18, 0.54), (0.42, 0.76), (0.84, 0.26)]),
        Icon::ArrowUp => fill(&[(0.5, 0.2), (0.84, 0.76), (0.16, 0.76)]),
        Icon::ArrowDown => fill(&[(0.16, 0.24), (0.84, 0.24), (0.5, 0.8)]),
        Icon::ChevronRight => line(&[(0.38, 0.22), (0.66, 0.5), (0.38, 0.78)]),
        Icon::ChevronDown => line(&[(0.22, 0.38), (0.5, 0.66), (0.78, 0.38)]),
        Icon::Branch => {
            line(&[(0.26, 0.26), (0.26, 0.74)]);
            line(&[(0.26, 0.62), (0.5, 0.5), (0.72, 0.42)]);
            for (x, y) in [(0.26, 0.18), (0.26, 0.82), (0.76, 0.36)] {
                painter.circle_filled(at(x, y), side * 0.11, colour);
            }
        }
        Icon::Repair => {
            line(&[(0.2, 0.82), (0.56, 0.46)]);
            painter.add(Shape::line(
                (0..=9)
                    .map(|i| {
                        let angle = -0.2 + i as f32 / 9.0 * 4.6;
                        at(0.66 + 0.2 * angle.cos(), 0.34 + 0.2 * angle.sin())
                    })
                    .collect(),
                pen,
            ));
        }
        Icon::Eye => {
            line(&[(0.08, 0.5), (0.28, 0.3), (0.5, 0.24), (0.72, 0.3), (0.92, 0.5), (0.72, 0.7), (0.5, 0.76), (0.28, 0.7), (0.08, 0.5)]);
            painter.circle_filled(at(0.5, 0.5), side * 0.13, colour);
        }
        Icon::Tag => {
            line(&[(0.12, 0.3), (0.6, 0.3), (0.88, 0.5), (0.6, 0.7), (0.12, 0.7), (0.12, 0.3)]);
            painter.circle_filled(at(0.62, 0.5), side * 0.07, colour);
        }
        Icon::Plus => {
            line(&[(0.5, 0.2), (0.5, 0.8)]);
            line(&[(0.2, 0.5), (0.8, 0.5)]);
        }
        Icon::Warning => {
            painter.rect_stroke(Rect::from_min_max(at(0.16, 0.16), at(0.84, 0.84)), 2.0, pen, StrokeKind::Middle);
            line(&[(0.5, 0.3), (0.5, 0.56)]);
            painter.circle_filled(at(0.5, 0.7), side * 0.06, colour);
        }
        Icon::Schematic => {
            ring(at(0.24, 0.3), 0.14);
            line(&[(0.38, 0.3), (0.62, 0.3)]);
            line(&[(0.62, 0.16), (0.62, 0.44), (0.88, 0.16), (0.88, 0.44), (0.62, 0.16)]);
            line(&[(0.24, 0.44), (0.24, 0.74), (0.5, 0.74)]);
            line(&[(0.5, 0.6), (0.86, 0.6), (0.86, 0.88), (0.5, 0.88), (0.5, 0.6)]);
        }
        Icon::Explode => {
            line(&[(0.38, 0.38), (0.62, 0.38), (0.62, 0.62), (0.38, 0.62), (0.38, 0.38)]);
            for (sx, sy) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                let point = |d: f32, e: f32| (0.5 + sx * d, 0.5 + sy * e);
                line(&[point(0.22, 0.22), point(0.4, 0.4)]);
                line(&[point(0.24, 0.4), point(0.4, 0.4), point(0.4, 0.24)]);
            }
        }
        Icon::Cutaway => {
            line(&[(0.5, 0.5), (0.5, 0.12)]);
            line(&[(0.5, 0.5), (0.88, 0.5)]);
            arc(0.5, 0.5, 0.38, 0.0, 270.0);
            ring(at(0.5, 0.5), 0.13);
        }
        Icon::Measure => {
            line(&[(0.1, 0.36), (0.9, 0.36), (0.9, 0.64), (0.1, 0.64), (0.1, 0.36)]);
            for (x, y) in [(0.26, 0.5), (0.42, 0.56), (0.58, 0.5), (0.74, 0.56)] {
                line(&[(x, 0.64), (x, y)]);
            }
        }
        Icon::ClipPlane => {
            line(&[(0.14, 0.34), (0.5, 0.14), (0.86, 0.34), (0.86, 0.68), (0.5, 0.88), (0.14, 0.68), (0.14, 0.34)]);
            fill(&[(0.14, 0.51), (0.5, 0.34), (0.86, 0.51), (0.5, 0.68)]);
        }
        Icon::Flow => {
            line(&[(0.1, 0.26), (0.66, 0.26)]);
            line(&[(0.1, 0.74), (0.66, 0.74)]);
            line(&[(0.2, 0.5), (0.86, 0.5)]);
            line(&[(0.68, 0.34), (0.88, 0.5), (0.68, 0.66)]);
        }
        Icon::Level => {
            line(&[(0.28, 0.12), (0.28, 0.88), (0.72, 0.88), (0.72, 0.12), (0.28, 0.12)]);
            fill(&[(0.3, 0.52), (0.7, 0.52), (0.7, 0.86), (0.3, 0.86)]);
            line(&[(0.8, 0.52), (0.92, 0.52)]);
        }
        Icon::Valve => {
            line(&[(0.12, 0.4), (0.12, 0.84), (0.88, 0.4), (0.88, 0.84), (0.12, 0.4)]);
            line(&[(0.5, 0.62), (0.5, 0.24)]);
            line(&[(0.32, 0.2), (0.68, 0.2)]);
        }
        Icon::Pump => {
            ring(at(0.48, 0.52), 0.32);
            fill(&[(0.34, 0.34), (0.78, 0.52), (0.34, 0.7)]);
            line(&[(0.24, 0.88), (0.72, 0.88)]);
        }
        Icon::Sun => {
            ring(at(0.5, 0.5), 0.18);
            for step in 0..8 {
                let (sin, cos) = (step as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
                line(&[(0.5 + 0.29 * cos, 0.5 + 0.29 * sin), (0.5 + 0.42 * cos, 0.5 + 0.42 * sin)]);
            }
        }
        Icon::Settings => {
            for (y, x) in [(0.24, 0.66), (0.5, 0.34), (0.76, 0.58)] {
                line(&[(0.12, y), (x - 0.1, y)]);
                line(&[(x + 0.1, y), (0.88, y)]);
                ring(at(x, y), 0.1);
            }
        }
        Icon::Tour => {
            ring(at(0.5, 0.5), 0.38);
            fill(&[(0.66, 0.34), (0.56, 0.56), (0.44, 0.44)]);
            fill(&[(0.34, 0.66), (0.44, 0.44), (0.56, 0.56)]);
        }
        Icon::Help => {
            arc(0.5, 0.36, 0.2, 180.0, 405.0);
            line(&[(0.64, 0.5), (0.5, 0.58), (0.5, 0.68)]);
            painter.circle_filled(at(0.5, 0.84), side * 0.065, colour);
        }
        Icon::Bell => {
            line(&[(0.2, 0.7), (0.28, 0.6), (0.28, 0.4), (0.5, 0.16), (0.72, 0.4), (0.72, 0.6), (0.8, 0.7), (0.2, 0.7)]);
            line(&[(0.42, 0.84), (0.58, 0.84)]);
        }
        Icon::Bookmark => line(&[(0.28, 0.12), (0.72, 0.12), (0.72, 0.88), (0.5, 0.68), (0.28, 0.88), (0.28, 0.12)]),
        Icon::Lock => {
            line(&[(0.22, 0.46), (0.78, 0.46), (0.78, 0.86), (0.22, 0.86), (0.22, 0.46)]);
            line(&[(0.34, 0.46), (0.34, 0.32)]);
            line(&[(0.66, 0.46), (0.66, 0.32)]);
            arc(0.5, 0.32, 0.16, 180.0, 360.0);
        }
        Icon::User => {
            ring(at(0.5, 0.32), 0.17);
            arc(0.5, 0.88, 0.32, 180.0, 360.0);
            line(&[(0.18, 0.88), (0.82, 0.88)]);
        }
        Icon::ZoomFit => {
            for (sx, sy) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                let point = |d: f32, e: f32| (0.5 + sx * d, 0.5 + sy * e);
                line(&[point(0.2, 0.38), point(0.38, 0.38), point(0.38, 0.2)]);
            }
            line(&[(0.36, 0.4), (0.64, 0.4), (0.64, 0.6), (0.36, 0.6), (0.36, 0.4)]);
        }
        Icon::Overview => {
            for (x, y) in [(0.14, 0.14), (0.56, 0.14), (0.14, 0.56), (0.56, 0.56)] {
                line(&[(x, y), (x + 0.3, y), (x + 0.3, y + 0.3), (x, y + 0.3), (x, y)]);
            }
        }
        Icon::Unit => {
            line(&[(0.1, 0.86), (0.1, 0.46), (0.36, 0.3), (0.36, 0.46), (0.62, 0.3), (0.62, 0.86), (0.1, 0.86)]);
            line(&[(0.74, 0.86), (0.74, 0.14), (0.9, 0.14), (0.9, 0.86), (0.62, 0.86)]);
        }
        Icon::Equipment => {
            line(&[(0.3, 0.3), (0.7, 0.3), (0.7, 0.78), (0.3, 0.78), (0.3, 0.3)]);
            arc(0.5, 0.3, 0.2, 180.0, 360.0);
            line(&[(0.34, 0.78), (0.28, 0.92)]);
            line(&[(0.66, 0.78), (0.72, 0.92)]);
            line(&[(0.7, 0.5), (0.9, 0.5)]);
        }
        // A step of a signal, and the way to it.
        Icon::PreviousChange => {
            line(&[(0.9, 0.24), (0.7, 0.24), (0.7, 0.76), (0.5, 0.76)]);
            fill(&[(0.42, 0.26), (0.42, 0.74), (0.08, 0.5)]);
        }
        Icon::NextChange => {
            line(&[(0.1, 0.76), (0.3, 0.76), (0.3, 0.24), (0.5, 0.24)]);
            fill(&[(0.58, 0.26), (0.58, 0.74), (0.92, 0.5)]);
        }
        Icon::TimeRange => {
            line(&[(0.14, 0.16), (0.14, 0.84)]);
            line(&[(0.86, 0.16), (0.86, 0.84)]);
            line(&[(0.26, 0.5), (0.74, 0.5)]);
            line(&[(0.36, 0.38), (0.26, 0.5), (0.36, 0.62)]);
            line(&[(0.64, 0.38), (0.74, 0.5), (0.64, 0.62)]);
        }
        Icon::Package => {
            line(&[(0.14, 0.34), (0.86, 0.34), (0.86, 0.86), (0.14, 0.86), (0.14, 0.34), (0.26, 0.14), (0.74, 0.14), (0.86, 0.34)]);
            line(&[(0.5, 0.14), (0.5, 0.34)]);
            line(&[(0.38, 0.54), (0.62, 0.54)]);
        }
        Icon::Diagnostics => line(&[(0.06, 0.54), (0.28, 0.54), (0.4, 0.22), (0.56, 0.82), (0.68, 0.54), (0.94, 0.54)]),
    }
}
