//! The embedded fonts: Didymos Sans, whose digits all have one width, before the fonts of egui for what it lacks.

use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

const REGULAR_FILE: &[u8] = include_bytes!("../../../assets/fonts/DidymosSans-Regular.otf");
const SEMIBOLD_FILE: &[u8] = include_bytes!("../../../assets/fonts/DidymosSans-SemiBold.otf");

/// The family of titles and of the values that matter most. It stands in the place of the monospaced one: nothing here
/// is set in a typewriter face, and a family that egui always has can be drawn before [`definitions`] are active. A family
/// with a name of its own would end the program in the first frame.
pub fn semibold() -> FontFamily {
    FontFamily::Monospace
}

/// Both families, proportional and [`semibold`]. Each falls back on the fonts of egui, arrows and signs included.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let monospace = fonts.families.get(&FontFamily::Monospace).cloned().unwrap_or_default();
    let mut fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for lender in monospace {
        if !fallback.contains(&lender) {
            fallback.push(lender);
        }
    }
    for (name, file, family) in
        [("Didymos Sans", REGULAR_FILE, FontFamily::Proportional), ("Didymos Sans SemiBold", SEMIBOLD_FILE, semibold())]
    {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(file)));
        let mut names = vec![name.to_owned()];
        names.extend(fallback.iter().cloned());
        fonts.families.insert(family, names);
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::FontId;

    fn context() -> egui::Context {
        let ctx = egui::Context::default();
        ctx.set_fonts(definitions());
        let _output = ctx.run_ui(egui::RawInput::default(), |_| {});
        ctx
    }

    #[test]
    fn a_number_keeps_its_width_whatever_its_digits() {
        let ctx = context();
        for family in [FontFamily::Proportional, semibold()] {
            for size in [11.0, 13.0, 26.0] {
                let font = FontId::new(size, family.clone());
                let width = |text: String| ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text, font.clone(), egui::Color32::WHITE).size().x);
                let zeros = width("00000".to_owned());
                assert!(zeros > size, "the font is there");
                for digit in '1'..='9' {
                    let text: String = std::iter::repeat_n(digit, 5).collect();
                    assert!((width(text) - zeros).abs() < 0.01, "{digit} at {size} in {family:?}");
                }
                assert!((width("17401".to_owned()) - zeros).abs() < 0.01, "kerning leaves digits alone");
            }
        }
    }

    #[test]
    fn every_character_a_text_or_a_unit_needs_is_there() {
        let ctx = context();
        let units: String = twin_model::unit::UNITS.iter().map(|unit| unit.symbol).collect();
        let texts: String = crate::text::LANGUAGES
            .iter()
            .filter_map(|code| crate::text::built_in(code))
            .flat_map(|texts| texts.entries())
            .map(|(_, text)| text)
            .collect();
        let signs = "0123456789.,:+−—–·…×÷±≈≤≥°²³⁻¹₀₁₂₃Δµηρ\u{2009}";
        for character in units.chars().chain(texts.chars()).chain(signs.chars()) {
            for family in [FontFamily::Proportional, semibold()] {
                let font = FontId::new(13.0, family);
                assert!(ctx.fonts_mut(|fonts| fonts.has_glyph(&font, character)), "{character:?} in {font:?}");
            }
        }
    }
}
