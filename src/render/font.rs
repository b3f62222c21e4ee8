//! The one font of every picture, inside the program.
//!
//! System fonts are never looked at: the same scene gives the same picture everywhere. The subset
//! has no layout features, so a text is as wide as the sum of its characters (see
//! `assets/subset-font.py`).

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Source};
use ttf_parser::Face;

pub(super) static DATA: &[u8] = include_bytes!("../../assets/ParasolSansSC-Regular.ttf");

/// The family's name, as the SVG asks for it.
pub const FAMILY: &str = "Parasol Sans SC";

/// What a browser without our font may take instead.
pub const FALLBACK: &str = "'Parasol Sans SC','Noto Sans SC','Source Han Sans SC','Microsoft YaHei',\
                            'PingFang SC',sans-serif";

/// The width of a character the font does not have, in ems: that of the box shown instead.
const BOX: f64 = 1.0;

/// The font's file, for pages that bring it along.
pub fn file() -> &'static [u8] {
    DATA
}

fn face() -> Option<&'static Face<'static>> {
    static FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    FACE.get_or_init(|| Face::parse(DATA, 0).ok()).as_ref()
}

/// The database the rasteriser and the PDF writer look fonts up in: ours alone.
pub fn database() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut fonts = Database::new();
        fonts.load_font_source(Source::Binary(Arc::new(DATA)));
        fonts.set_sans_serif_family(FAMILY);
        Arc::new(fonts)
    }))
}

/// The rule that brings the characters of a text into an SVG.
pub fn face_rule(text: &str) -> String {
    super::subset::font_face(FAMILY, DATA, text)
}

/// The width of a character, in ems. Cost: a look into a table, which the first call makes.
pub fn advance(c: char) -> f64 {
    static ADVANCES: OnceLock<Vec<f64>> = OnceLock::new();
    let known = ADVANCES.get_or_init(advances).get(c as usize).copied();
    known.unwrap_or_else(|| face().and_then(|face| measured(face, c)).unwrap_or(BOX))
}

/// The widths of the characters of the basic plane, by their numbers: a layout asks for the same few hundred
/// thousands of times, and the font's own table is a search.
fn advances() -> Vec<f64> {
    const BASIC: usize = 0x1_0000;
    let mut all = vec![BOX; BASIC];
    let Some(face) = face() else { return all };
    for table in face.tables().cmap.iter().flat_map(|cmap| cmap.subtables) {
        table.codepoints(|code| {
            let wide = char::from_u32(code).and_then(|c| measured(face, c));
            if let Some((place, wide)) = all.get_mut(code as usize).zip(wide) {
                *place = wide;
            }
        });
    }
    all
}

/// The width that the font's own tables give, where the font has the character.
fn measured(face: &Face<'_>, c: char) -> Option<f64> {
    let wide = face.glyph_hor_advance(face.glyph_index(c)?)?;
    Some(f64::from(wide) / f64::from(face.units_per_em()))
}

/// Whether the font can show a character.
pub fn shows(c: char) -> bool {
    face().is_some_and(|face| face.glyph_index(c).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_latin_and_our_marks_are_in_the_font() {
        for c in "保护伞行贿至今喆玥ABCxyz0189·–…→⟦⟧（）《》、。éß".chars() {
            assert!(shows(c), "{c}");
        }
        assert!(!shows('\u{20000}'));
    }

    #[test]
    fn widths_are_ems() {
        assert!((advance('国') - 1.0).abs() < 1e-9);
        assert!(advance('i') < advance('W'));
        assert!((advance('\u{20000}') - BOX).abs() < 1e-9);
    }

    #[test]
    fn the_table_of_widths_is_the_fonts_own() {
        let face = face().unwrap();
        for c in (0..0x2_1000).filter_map(char::from_u32) {
            assert_eq!(advance(c), measured(face, c).unwrap_or(BOX), "{c:?}");
        }
    }

    #[test]
    fn the_database_holds_our_family_alone() {
        let fonts = database();
        let families: Vec<_> = fonts.faces().flat_map(|face| face.families.clone()).collect();
        assert!(families.iter().all(|(name, _)| name == FAMILY) && !families.is_empty(), "{families:?}");
    }
}
