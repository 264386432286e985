//! The design system in one file: palette, type scale, spacing, radii, motion. A site owns it and can keep it in a file.
//!
//! Calm greys after ISA-101: colour belongs to what is abnormal. One accent, violet, marks the selection and everything
//! simulated. Alarm colours mark alarms and nothing else, NE 107 colours mark health and nothing else.

mod hex;

use crate::fonts;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, vec2};
use serde::{Deserialize, Serialize};
use twin_model::alarm::{AlarmClass, HealthState};

/// Distances in points, on a grid of four.
pub mod space {
    /// Between an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between things of one group.
    pub const S: f32 = 8.0;
    /// Margin of a panel.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 16.0;
    /// Around what stands alone.
    pub const XL: f32 = 24.0;
}

/// Corner radii in points.
pub mod radius {
    /// Marks, pills, bars.
    pub const S: u8 = 3;
    /// Buttons, fields, rows.
    pub const M: u8 = 5;
    /// Cards, menus, windows.
    pub const L: u8 = 8;
}

/// Widths of lines in points.
pub mod stroke {
    /// Between areas.
    pub const HAIRLINE: f32 = 1.0;
    /// Around the widget that has the keyboard.
    pub const FOCUS: f32 = 2.0;
    /// Around a scene that does not show the plant as it is.
    pub const LANE_FRAME: f32 = 4.0;
}

/// A palette and the sizes that go with it. Colours are written `#rrggbb` in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Theme {
    /// Name for people.
    pub name: String,
    /// Light text on dark ground.
    pub is_dark: bool,
    /// Behind everything: gaps, tab bars.
    #[serde(with = "hex::one")]
    pub window: Color32,
    /// Ground of a panel.
    #[serde(with = "hex::one")]
    pub panel: Color32,
    /// Buttons, cards, the row under the pointer.
    #[serde(with = "hex::one")]
    pub raised: Color32,
    /// Text fields, plots, bars.
    #[serde(with = "hex::one")]
    pub sunken: Color32,
    /// Hairlines.
    #[serde(with = "hex::one")]
    pub line: Color32,
    /// Ordinary text.
    #[serde(with = "hex::one")]
    pub text: Color32,
    /// Values and titles.
    #[serde(with = "hex::one")]
    pub text_strong: Color32,
    /// Labels, explanations.
    #[serde(with = "hex::one")]
    pub text_weak: Color32,
    /// Units, ages, what is there but quiet.
    #[serde(with = "hex::one")]
    pub text_faint: Color32,
    /// Selection, and the mark of everything simulated.
    #[serde(with = "hex::one")]
    pub accent: Color32,
    /// Text on the accent.
    #[serde(with = "hex::one")]
    pub on_accent: Color32,
    /// Fill of a selected row.
    #[serde(with = "hex::one")]
    pub selected: Color32,
    /// The normal band of a value.
    #[serde(with = "hex::one")]
    pub normal_band: Color32,
    /// The indicator of a value in its band.
    #[serde(with = "hex::one")]
    pub indicator: Color32,
    /// Alarm priority 1, 2, 3.
    #[serde(with = "hex::list")]
    pub priority: [Color32; 3],
    /// Alert.
    #[serde(with = "hex::one")]
    pub alert: Color32,
    /// Dark ground of outlined badges and health letters, the same by day and night.
    #[serde(with = "hex::one")]
    pub badge_ground: Color32,
    /// Text on an alarm colour.
    #[serde(with = "hex::one")]
    pub on_alarm: Color32,
    /// NE 107: maintenance required, out of specification, function check, failure.
    #[serde(with = "hex::list")]
    pub health: [Color32; 4],
    /// Tint of a thing in good health (HEALTH mode only).
    #[serde(with = "hex::one")]
    pub health_good: Color32,
    /// Tint of a thing without usable data.
    #[serde(with = "hex::one")]
    pub health_unknown: Color32,
    /// Pens of the trends; none of them an alarm colour.
    #[serde(with = "hex::list")]
    pub pens: [Color32; 6],
    /// The 3D scene: sky overhead.
    #[serde(with = "hex::one")]
    pub scene_sky: Color32,
    /// The 3D scene: haze at the horizon, into which distant things fade.
    #[serde(with = "hex::one")]
    pub scene_horizon: Color32,
    /// The 3D scene: ground around the plant.
    #[serde(with = "hex::one")]
    pub scene_ground: Color32,
    /// The 3D scene: lines of the ground grid.
    #[serde(with = "hex::one")]
    pub scene_grid: Color32,
    /// The 3D scene: tint of everything while a simulated lane is shown.
    #[serde(with = "hex::one")]
    pub scene_sim_tint: Color32,
    /// Nothing slides or fades, and what nobody has acknowledged stands bright instead of flashing.
    pub has_reduced_motion: bool,
    /// Ordinary text size, points.
    pub text_size: f32,
    /// Size of labels and units, points.
    pub small_size: f32,
}

impl Default for Theme {
    fn default() -> Self {
        Self::paper()
    }
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// The themes that come with the program, by the word that settings and command lines use.
    pub const NAMES: [&'static str; 2] = ["control-room", "night"];

    /// The theme with one of the [`Theme::NAMES`].
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "control-room" => Some(Self::paper()),
            "night" => Some(Self::graphite()),
            _ => None,
        }
    }

    /// Light neutral grey, the classic ground of high-performance displays. The default.
    pub fn paper() -> Self {
        Self {
            name: "Control room".to_owned(),
            is_dark: false,
            window: rgb(0xC1C6CA),
            panel: rgb(0xD5D9DC),
            raised: rgb(0xE6E9EB),
            sunken: rgb(0xCACFD2),
            line: rgb(0xAFB5BA),
            text: rgb(0x262B30),
            text_strong: rgb(0x0C0F12),
            text_weak: rgb(0x40464C),
            text_faint: rgb(0x4B5157),
            accent: rgb(0x5038B4),
            on_accent: rgb(0xFFFFFF),
            selected: rgb(0xCAC7DF),
            normal_band: rgb(0xAEB5BA),
            indicator: rgb(0x31373C),
            priority: [rgb(0xEE4242), rgb(0xF0800F), rgb(0xF0C814)],
            alert: rgb(0xA6C6EA),
            badge_ground: rgb(0x101214),
            on_alarm: rgb(0x0B0C0D),
            health: [rgb(0x6CA4F5), rgb(0xE3C74A), rgb(0xE89844), rgb(0xEB6868)],
            health_good: rgb(0x7FA98A),
            health_unknown: rgb(0xA5AAB0),
            pens: [rgb(0x33687F), rgb(0x47734F), rgb(0x86507A), rgb(0x6F6434), rgb(0x4A5F9E), rgb(0x80573F)],
            scene_sky: rgb(0xCBD1D6),
            scene_horizon: rgb(0xE2E5E7),
            scene_ground: rgb(0xBCC0C2),
            scene_grid: rgb(0xA7ACAF),
            scene_sim_tint: rgb(0xD3CDEA),
            has_reduced_motion: false,
            text_size: 13.0,
            small_size: 11.0,
        }
    }

    /// Dark neutral grey, for a room without light.
    pub fn graphite() -> Self {
        Self {
            name: "Night".to_owned(),
            is_dark: true,
            window: rgb(0x15171A),
            panel: rgb(0x1F2225),
            raised: rgb(0x2A2E32),
            sunken: rgb(0x181B1D),
            line: rgb(0x363B40),
            text: rgb(0xCDD2D7),
            text_strong: rgb(0xF3F5F7),
            text_weak: rgb(0xADB3BA),
            text_faint: rgb(0xA1A8AF),
            accent: rgb(0xB3A2F7),
            on_accent: rgb(0x171326),
            selected: rgb(0x36344C),
            normal_band: rgb(0x42474C),
            indicator: rgb(0xBCC2C8),
            priority: [rgb(0xEF4848), rgb(0xF58B1F), rgb(0xF2CF3A)],
            alert: rgb(0xB7CCE4),
            badge_ground: rgb(0x101214),
            on_alarm: rgb(0x0B0C0D),
            health: [rgb(0x5B95EC), rgb(0xE3C74A), rgb(0xE5933F), rgb(0xE25A5A)],
            health_good: rgb(0x6C9A78),
            health_unknown: rgb(0x8A8F95),
            pens: [rgb(0x86B6CA), rgb(0x9CC59E), rgb(0xD2A8C4), rgb(0xC3BA93), rgb(0x8FA6DE), rgb(0xCFA58C)],
            scene_sky: rgb(0x1B1E21),
            scene_horizon: rgb(0x34393D),
            scene_ground: rgb(0x303437),
            scene_grid: rgb(0x42474B),
            scene_sim_tint: rgb(0x4B4568),
            has_reduced_motion: false,
            text_size: 13.0,
            small_size: 11.0,
        }
    }

    /// Makes this the look of a context. Cheap enough for every start, not meant for every frame.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_fonts(fonts::definitions());
        ctx.set_theme(if self.is_dark { egui::Theme::Dark } else { egui::Theme::Light });
        ctx.all_styles_mut(|style| self.apply_to(style));
        ctx.add_plugin(FocusRing);
    }

    fn apply_to(&self, style: &mut egui::Style) {
        style.text_styles = [
            (TextStyle::Heading, self.title()),
            (TextStyle::Body, self.body()),
            (TextStyle::Button, self.body()),
            (TextStyle::Small, self.small()),
            (TextStyle::Monospace, self.body()),
        ]
        .into();
        style.number_formatter = egui::style::NumberFormatter::new(|value, decimals| {
            crate::format::number(value, u8::try_from(*decimals.start()).unwrap_or(u8::MAX))
        });
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.35;
        style.animation_time = self.motion_secs(0.09);
        style.scroll_animation = if self.has_reduced_motion { egui::style::ScrollAnimation::none() } else { style.scroll_animation };
        Self::apply_spacing(&mut style.spacing);
        self.apply_visuals(&mut style.visuals);
        self.apply_widgets(&mut style.visuals.widgets);
    }

    fn apply_spacing(spacing: &mut egui::Spacing) {
        spacing.item_spacing = vec2(space::S, space::XS);
        spacing.button_padding = vec2(10.0, space::XS);
        spacing.interact_size = vec2(24.0, 24.0);
        spacing.menu_margin = Margin::same(6);
        spacing.window_margin = Margin::same(16);
        spacing.menu_spacing = space::XS;
        spacing.indent = space::L;
        spacing.slider_rail_height = 4.0;
        spacing.icon_width = 16.0;
        spacing.icon_width_inner = 8.0;
        spacing.icon_spacing = 6.0;
        spacing.tooltip_width = 360.0;
        let mut scroll = egui::style::ScrollStyle::floating();
        scroll.bar_width = 8.0;
        scroll.floating_width = 4.0;
        scroll.floating_allocated_width = 6.0;
        scroll.bar_inner_margin = 2.0;
        scroll.bar_outer_margin = 1.0;
        scroll.handle_min_length = 28.0;
        scroll.dormant_handle_opacity = 0.35;
        scroll.active_handle_opacity = 0.55;
        scroll.interact_handle_opacity = 0.8;
        scroll.active_background_opacity = 0.0;
        scroll.interact_background_opacity = 0.0;
        spacing.scroll = scroll;
    }

    fn apply_visuals(&self, visuals: &mut egui::Visuals) {
        visuals.dark_mode = self.is_dark;
        visuals.override_text_color = None;
        visuals.weak_text_color = Some(self.text_weak);
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.raised;
        visuals.window_stroke = Stroke::new(stroke::HAIRLINE, self.line);
        visuals.window_corner_radius = CornerRadius::same(radius::L);
        visuals.menu_corner_radius = CornerRadius::same(radius::L);
        visuals.window_shadow = self.shadow();
        visuals.popup_shadow = self.shadow();
        visuals.extreme_bg_color = self.sunken;
        visuals.text_edit_bg_color = Some(self.field());
        visuals.faint_bg_color = self.raised;
        visuals.code_bg_color = self.sunken;
        visuals.hyperlink_color = self.accent;
        visuals.warn_fg_color = self.text_strong;
        visuals.error_fg_color = self.text_strong;
        visuals.selection.bg_fill = self.selected;
        visuals.selection.stroke = Stroke::new(stroke::HAIRLINE, self.text_strong);
        visuals.text_cursor.stroke = Stroke::new(1.5, self.accent);
        visuals.slider_trailing_fill = true;
        visuals.handle_shape = egui::style::HandleShape::Rect { aspect_ratio: 0.5 };
        visuals.striped = false;
        visuals.indent_has_left_vline = false;
        visuals.button_frame = true;
        visuals.collapsing_header_frame = false;
    }

    /// Flat, with a hairline; the pointer lifts the fill and nothing else moves.
    fn apply_widgets(&self, widgets: &mut egui::style::Widgets) {
        let edge = self.line.lerp_to_gamma(self.text, 0.18);
        for (state, fill, text, border) in [
            (&mut widgets.noninteractive, self.panel, self.text, self.line),
            (&mut widgets.inactive, self.raised, self.text, self.line),
            (&mut widgets.hovered, self.hover(), self.text_strong, edge),
            (&mut widgets.active, self.hover(), self.text_strong, self.accent),
            (&mut widgets.open, self.hover(), self.text_strong, edge),
        ] {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(stroke::HAIRLINE, border);
            state.fg_stroke = Stroke::new(1.25, text);
            state.corner_radius = CornerRadius::same(radius::M);
            state.expansion = 0.0;
        }
    }

    /// Fill under the pointer.
    pub fn hover(&self) -> Color32 {
        self.raised.lerp_to_gamma(if self.is_dark { self.text } else { Color32::WHITE }, if self.is_dark { 0.06 } else { 0.65 })
    }

    /// Ground of a text field: what can be written on is the lightest thing by day, the darkest by night.
    pub fn field(&self) -> Color32 {
        if self.is_dark { self.sunken } else { self.hover() }
    }

    /// Shadow of what floats.
    pub fn shadow(&self) -> Shadow {
        Shadow { offset: [0, 4], blur: 20, spread: 0, color: Color32::from_black_alpha(if self.is_dark { 130 } else { 60 }) }
    }

    /// How long something may move, seconds: `secs`, or nothing with reduced motion.
    pub fn motion_secs(&self, secs: f32) -> f32 {
        if self.has_reduced_motion { 0.0 } else { secs }
    }

    /// True in the bright half of the flash of what nobody has acknowledged; always with reduced motion.
    pub fn is_flash_bright(&self, time_secs: f64) -> bool {
        self.has_reduced_motion || crate::marks::flash_on(time_secs)
    }

    /// Colour of an alarm badge.
    pub fn alarm(&self, class: AlarmClass, priority: Option<u8>) -> Color32 {
        match (class, priority) {
            (AlarmClass::Alarm, Some(1)) => self.priority[0],
            (AlarmClass::Alarm, Some(2)) => self.priority[1],
            (AlarmClass::Alarm, _) => self.priority[2],
            (AlarmClass::Alert, _) => self.alert,
            (AlarmClass::Event | AlarmClass::Advisory, _) => self.text_weak,
        }
    }

    /// An alarm colour for a line or a mark that lies on a panel without a badge, such as a limit in a trend: by day as much
    /// darker as it takes to be seen. Words beside it are written in a text colour.
    pub fn alarm_ink(&self, class: AlarmClass, priority: Option<u8>) -> Color32 {
        let colour = self.alarm(class, priority);
        let end = if self.is_dark { Color32::WHITE } else { Color32::BLACK };
        (0..20).map(|step| colour.lerp_to_gamma(end, step as f32 * 0.05)).find(|ink| contrast(*ink, self.sunken) >= 3.0).unwrap_or(end)
    }

    /// Colour of a health state.
    pub fn health(&self, state: HealthState) -> Color32 {
        match state {
            HealthState::Good => self.health_good,
            HealthState::MaintenanceRequired => self.health[0],
            HealthState::OutOfSpecification => self.health[1],
            HealthState::FunctionCheck => self.health[2],
            HealthState::Failure => self.health[3],
            HealthState::Unknown => self.health_unknown,
        }
    }

    /// Ground of a card on a panel.
    pub fn card(&self) -> Color32 {
        self.panel.lerp_to_gamma(self.raised, 0.7)
    }

    /// Pen of the n-th trend.
    pub fn pen(&self, index: usize) -> Color32 {
        self.pens[index % self.pens.len()]
    }

    /// Font of marks and of the captions above groups.
    pub fn caption(&self) -> FontId {
        FontId::new(self.small_size - 0.5, fonts::semibold())
    }

    /// Font of labels and units.
    pub fn small(&self) -> FontId {
        FontId::new(self.small_size, FontFamily::Proportional)
    }

    /// Font of ordinary text.
    pub fn body(&self) -> FontId {
        FontId::new(self.text_size, FontFamily::Proportional)
    }

    /// Font of what a row is about.
    pub fn strong(&self) -> FontId {
        FontId::new(self.text_size, fonts::semibold())
    }

    /// Font of the title of a panel or a faceplate.
    pub fn title(&self) -> FontId {
        FontId::new(self.text_size + 3.0, fonts::semibold())
    }

    /// Font of the one figure a display is about.
    pub fn display(&self) -> FontId {
        FontId::new(self.text_size * 2.0, fonts::semibold())
    }

    /// Font of values and units: its figures all have one width.
    pub fn figures(&self, size: f32) -> FontId {
        FontId::new(size, FontFamily::Proportional)
    }

    /// As [`Theme::figures`], for the value that matters most: setpoint, alarm, clock.
    pub fn strong_figures(&self, size: f32) -> FontId {
        FontId::new(size, fonts::semibold())
    }

    /// Font of the numeral or letter inside a badge: heavier, so that it reads at a distance.
    pub fn numerals(&self, size: f32) -> FontId {
        FontId::new(size, fonts::semibold())
    }

    /// Height of a row in trees and tables, points.
    pub fn row_height(&self) -> f32 {
        self.text_size + 10.0
    }

    /// Inner margin of a panel.
    pub fn panel_margin(&self) -> Margin {
        Margin::symmetric(12, 10)
    }

    /// Size of a square icon button.
    pub fn icon_button(&self) -> Vec2 {
        Vec2::splat(24.0)
    }
}

/// Contrast ratio of two colours after WCAG 2.2: 1 for none, 21 for black on white.
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let [r, g, b, _] = egui::Rgba::from(colour).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (high, low) = (luminance(a).max(luminance(b)), luminance(a).min(luminance(b)));
    (high + 0.05) / (low + 0.05)
}

/// Marks the widget that has the keyboard, whatever kind of widget it is.
struct FocusRing;

impl egui::Plugin for FocusRing {
    fn debug_name(&self) -> &'static str {
        "focus ring"
    }

    fn on_end_pass(&mut self, ui: &mut egui::Ui) {
        let focused = ui.memory(|memory| memory.focused()).and_then(|id| ui.read_response(id));
        let Some(response) = focused.filter(egui::Response::has_focus) else { return };
        let rect = response.interact_rect.expand(stroke::FOCUS);
        let colour = ui.global_style().visuals.widgets.active.bg_stroke.color;
        let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::new("focus ring"));
        let pen = Stroke::new(stroke::FOCUS, colour);
        ui.layer_painter(layer).rect_stroke(rect, CornerRadius::same(radius::M + 1), pen, egui::StrokeKind::Middle);
    }
}

#[cfg(test)]
mod tests;
