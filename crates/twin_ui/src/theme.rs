//! The look, as data: a site owns its palette and can keep it in a file.
//!
//! Calm greys after ISA-101: colour belongs to what is abnormal. One accent, violet, marks the selection and everything
//! simulated. Alarm colours mark alarms and nothing else, NE 107 colours mark health and nothing else.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, vec2};
use serde::{Deserialize, Serialize};
use twin_model::alarm::{AlarmClass, HealthState};

/// A palette and the sizes that go with it. Colours are written `#rrggbb` in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Theme {
    /// Name for people.
    pub name: String,
    /// Light text on dark ground.
    pub is_dark: bool,
    /// Behind everything: gaps, tab bars.
    #[serde(with = "hex")]
    pub window: Color32,
    /// Ground of a panel.
    #[serde(with = "hex")]
    pub panel: Color32,
    /// Buttons, cards, the row under the pointer.
    #[serde(with = "hex")]
    pub raised: Color32,
    /// Text fields, plots, bars.
    #[serde(with = "hex")]
    pub sunken: Color32,
    /// Hairlines.
    #[serde(with = "hex")]
    pub line: Color32,
    /// Ordinary text.
    #[serde(with = "hex")]
    pub text: Color32,
    /// Values and titles.
    #[serde(with = "hex")]
    pub text_strong: Color32,
    /// Labels, explanations.
    #[serde(with = "hex")]
    pub text_weak: Color32,
    /// Units, ages, what is there but quiet.
    #[serde(with = "hex")]
    pub text_faint: Color32,
    /// Selection, and the mark of everything simulated.
    #[serde(with = "hex")]
    pub accent: Color32,
    /// Text on the accent.
    #[serde(with = "hex")]
    pub on_accent: Color32,
    /// Fill of a selected row.
    #[serde(with = "hex")]
    pub selected: Color32,
    /// The normal band of a value.
    #[serde(with = "hex")]
    pub normal_band: Color32,
    /// The indicator of a value in its band.
    #[serde(with = "hex")]
    pub indicator: Color32,
    /// Alarm priority 1, 2, 3.
    #[serde(with = "hex_list")]
    pub priority: [Color32; 3],
    /// Alert.
    #[serde(with = "hex")]
    pub alert: Color32,
    /// Dark ground of outlined badges and health letters, the same by day and night.
    #[serde(with = "hex")]
    pub badge_ground: Color32,
    /// Text on an alarm colour.
    #[serde(with = "hex")]
    pub on_alarm: Color32,
    /// NE 107: maintenance required, out of specification, function check, failure.
    #[serde(with = "hex_list")]
    pub health: [Color32; 4],
    /// Tint of a thing in good health (HEALTH mode only).
    #[serde(with = "hex")]
    pub health_good: Color32,
    /// Tint of a thing without usable data.
    #[serde(with = "hex")]
    pub health_unknown: Color32,
    /// Sky overhead, and at the horizon where the haze ends.
    #[serde(with = "hex")]
    pub scene_sky: Color32,
    /// Horizon.
    #[serde(with = "hex")]
    pub scene_horizon: Color32,
    /// Ground around the plant.
    #[serde(with = "hex")]
    pub scene_ground: Color32,
    /// Pens of the trends; none of them an alarm colour.
    #[serde(with = "hex_list")]
    pub pens: [Color32; 6],
    /// Ordinary text size, points.
    pub text_size: f32,
    /// Size of labels and units, points.
    pub small_size: f32,
}

impl Default for Theme {
    fn default() -> Self {
        Self::graphite()
    }
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// Dark neutral grey, for a control room.
    pub fn graphite() -> Self {
        Self {
            name: "Graphite".to_owned(),
            is_dark: true,
            window: rgb(0x17181A),
            panel: rgb(0x202224),
            raised: rgb(0x2C2E31),
            sunken: rgb(0x191A1C),
            line: rgb(0x333639),
            text: rgb(0xC9CDD1),
            text_strong: rgb(0xF1F3F4),
            text_weak: rgb(0x969BA1),
            text_faint: rgb(0x73787E),
            accent: rgb(0xA590F5),
            on_accent: rgb(0x171326),
            selected: rgb(0x383352),
            normal_band: rgb(0x3D4145),
            indicator: rgb(0xB9BEC3),
            priority: [rgb(0xEE4B4B), rgb(0xF58B1F), rgb(0xF2CF3A)],
            alert: rgb(0xB7CCE4),
            badge_ground: rgb(0x17181A),
            on_alarm: rgb(0x0E0E0F),
            health: [rgb(0x5B95EC), rgb(0xE3C74A), rgb(0xE5933F), rgb(0xE25A5A)],
            health_good: rgb(0x6EA87C),
            health_unknown: rgb(0x8A8F95),
            scene_sky: rgb(0x26282B),
            scene_horizon: rgb(0x3A3D41),
            scene_ground: rgb(0x55585B),
            pens: [rgb(0x7CB7D1), rgb(0x9CC59E), rgb(0xD2A8C4), rgb(0xC3BA93), rgb(0x8FA6DE), rgb(0xCFA58C)],
            text_size: 13.0,
            small_size: 11.0,
        }
    }

    /// Light neutral grey, the classic ground of high-performance displays.
    pub fn paper() -> Self {
        Self {
            name: "Paper".to_owned(),
            is_dark: false,
            window: rgb(0xC9CBCD),
            panel: rgb(0xDDDFE0),
            raised: rgb(0xECEDEE),
            sunken: rgb(0xD1D3D5),
            line: rgb(0xBCBFC2),
            text: rgb(0x32363A),
            text_strong: rgb(0x121416),
            text_weak: rgb(0x5B6066),
            text_faint: rgb(0x787D83),
            accent: rgb(0x6348C8),
            on_accent: rgb(0xFFFFFF),
            selected: rgb(0xCBC2EC),
            normal_band: rgb(0xB5B9BD),
            indicator: rgb(0x3F4449),
            priority: [rgb(0xE53C3C), rgb(0xF07E0C), rgb(0xEEC512)],
            alert: rgb(0x9DBFE6),
            badge_ground: rgb(0x2A2D30),
            on_alarm: rgb(0x0E0E0F),
            health: [rgb(0x6CA4F5), rgb(0xE3C74A), rgb(0xE89844), rgb(0xEB6868)],
            health_good: rgb(0x5C9A6B),
            health_unknown: rgb(0xA5AAB0),
            scene_sky: rgb(0xA9B4BE),
            scene_horizon: rgb(0xD3D7DA),
            scene_ground: rgb(0xB9BCBE),
            pens: [rgb(0x1F6E8F), rgb(0x3E7A48), rgb(0x944E7E), rgb(0x7A6C2E), rgb(0x3C58A8), rgb(0x8E5536)],
            text_size: 13.0,
            small_size: 11.0,
        }
    }

    /// Makes this the look of a context. Cheap enough for every start, not meant for every frame.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_fonts(fonts());
        ctx.set_theme(if self.is_dark { egui::Theme::Dark } else { egui::Theme::Light });
        ctx.all_styles_mut(|style| self.apply_to(style));
    }

    fn apply_to(&self, style: &mut egui::Style) {
        style.text_styles = [
            (TextStyle::Heading, FontId::new(self.text_size + 3.0, FontFamily::Proportional)),
            (TextStyle::Body, FontId::new(self.text_size, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(self.text_size, FontFamily::Proportional)),
            (TextStyle::Small, FontId::new(self.small_size, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(self.text_size - 0.5, FontFamily::Monospace)),
        ]
        .into();
        let spacing = &mut style.spacing;
        spacing.item_spacing = vec2(8.0, 4.0);
        spacing.button_padding = vec2(8.0, 3.0);
        spacing.interact_size = vec2(24.0, 22.0);
        spacing.menu_margin = Margin::same(6);
        spacing.window_margin = Margin::same(14);
        spacing.indent = 14.0;
        spacing.slider_rail_height = 3.0;
        spacing.icon_width = 14.0;
        spacing.scroll = egui::style::ScrollStyle::thin();
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.35;
        style.animation_time = 0.09;
        self.apply_visuals(&mut style.visuals);
    }

    fn apply_visuals(&self, visuals: &mut egui::Visuals) {
        let radius = CornerRadius::same(4);
        visuals.dark_mode = self.is_dark;
        visuals.override_text_color = None;
        visuals.weak_text_color = Some(self.text_weak);
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.window_corner_radius = CornerRadius::same(8);
        visuals.menu_corner_radius = CornerRadius::same(6);
        let shadow = Shadow { offset: [0, 6], blur: 24, spread: 0, color: Color32::from_black_alpha(if self.is_dark { 120 } else { 50 }) };
        visuals.window_shadow = shadow;
        visuals.popup_shadow = shadow;
        visuals.extreme_bg_color = self.sunken;
        visuals.text_edit_bg_color = Some(self.sunken);
        visuals.faint_bg_color = self.raised;
        visuals.code_bg_color = self.sunken;
        visuals.hyperlink_color = self.accent;
        visuals.warn_fg_color = self.text_strong;
        visuals.error_fg_color = self.text_strong;
        visuals.selection.bg_fill = self.selected;
        visuals.selection.stroke = Stroke::new(1.0, self.text_strong);
        visuals.slider_trailing_fill = true;
        visuals.handle_shape = egui::style::HandleShape::Circle;
        visuals.striped = false;
        visuals.indent_has_left_vline = false;
        visuals.button_frame = true;
        visuals.collapsing_header_frame = false;
        let hover = self.raised.lerp_to_gamma(self.text, 0.10);
        let widgets = &mut visuals.widgets;
        widgets.noninteractive.bg_fill = self.panel;
        widgets.noninteractive.weak_bg_fill = self.panel;
        widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.line);
        widgets.noninteractive.fg_stroke = Stroke::new(1.0, self.text);
        for (state, fill, text, border) in [
            (&mut widgets.inactive, self.raised, self.text, Color32::TRANSPARENT),
            (&mut widgets.hovered, hover, self.text_strong, self.line),
            (&mut widgets.active, hover, self.text_strong, self.accent),
            (&mut widgets.open, hover, self.text_strong, self.line),
        ] {
            state.bg_fill = fill;
            state.weak_bg_fill = fill;
            state.bg_stroke = Stroke::new(1.0, border);
            state.fg_stroke = Stroke::new(1.2, text);
            state.corner_radius = radius;
            state.expansion = 0.0;
        }
        widgets.noninteractive.corner_radius = radius;
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
        self.panel.lerp_to_gamma(self.raised, 0.55)
    }

    /// Pen of the n-th trend.
    pub fn pen(&self, index: usize) -> Color32 {
        self.pens[index % self.pens.len()]
    }

    /// Font of ordinary text.
    pub fn body(&self) -> FontId {
        FontId::new(self.text_size, FontFamily::Proportional)
    }

    /// Font of labels and units.
    pub fn small(&self) -> FontId {
        FontId::new(self.small_size, FontFamily::Proportional)
    }

    /// Font of values: its figures all have one width.
    pub fn figures(&self, size: f32) -> FontId {
        FontId::new(size, FontFamily::Proportional)
    }

    /// Font of the numeral or letter inside a badge: heavier, so that it reads at a distance.
    pub fn numerals(&self, size: f32) -> FontId {
        FontId::new(size, FontFamily::Monospace)
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

/// egui's own fonts; the monospaced one also lends its arrows and mathematical signs to the proportional one.
fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::default();
    let lenders = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        for lender in lenders {
            if !family.contains(&lender) {
                family.insert(1.min(family.len()), lender);
            }
        }
    }
    fonts
}

fn to_hex(colour: Color32) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.r(), colour.g(), colour.b())
}

fn from_hex(text: &str) -> Option<Color32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok().map(rgb)
}

mod hex {
    use super::{Color32, from_hex, to_hex};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(colour: &Color32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(*colour))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
        let text = String::deserialize(deserializer)?;
        from_hex(&text).ok_or_else(|| D::Error::custom(format!("a colour needs the form #rrggbb, found: {text}")))
    }
}

mod hex_list {
    use super::{Color32, from_hex, to_hex};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub fn serialize<S: Serializer, const N: usize>(colours: &[Color32; N], serializer: S) -> Result<S::Ok, S::Error> {
        colours.iter().map(|colour| to_hex(*colour)).collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[Color32; N], D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let colours: Option<Vec<Color32>> = texts.iter().map(|text| from_hex(text)).collect();
        colours
            .and_then(|colours| <[Color32; N]>::try_from(colours).ok())
            .ok_or_else(|| D::Error::custom(format!("{N} colours of the form #rrggbb are needed here")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio after WCAG 2.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |c: Color32| {
            let [r, g, b, _] = egui::Rgba::from(c).to_array();
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (high, low) = (luminance(a).max(luminance(b)), luminance(a).min(luminance(b)));
        (high + 0.05) / (low + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground() {
        for theme in [Theme::graphite(), Theme::paper()] {
            for ground in [theme.panel, theme.raised, theme.sunken, theme.selected] {
                assert!(contrast(theme.text, ground) > 4.5, "{}: text on {ground:?}", theme.name);
                assert!(contrast(theme.text_strong, ground) > 7.0, "{}: strong text on {ground:?}", theme.name);
            }
            assert!(contrast(theme.text_weak, theme.panel) > 4.5, "{}: weak text", theme.name);
            assert!(contrast(theme.text_faint, theme.panel) > 3.0, "{}: units", theme.name);
            assert!(contrast(theme.on_accent, theme.accent) > 4.5, "{}: SIM mark", theme.name);
        }
    }

    #[test]
    fn alarm_colours_are_used_for_nothing_else() {
        for theme in [Theme::graphite(), Theme::paper()] {
            let others = [theme.accent, theme.text, theme.indicator, theme.normal_band, theme.selected];
            for alarm in theme.priority {
                assert!(!others.contains(&alarm) && !theme.pens.contains(&alarm));
            }
        }
    }
}
