//! A small font for each SVG: our font cut to the characters the picture has, so that a browser
//! without any Chinese font shows it as PNG and PDF do.
//!
//! A TrueType file of the fewest tables, written by hand; glyphs are copied, those made of others
//! with their parts. Start at [`font_face`].

use std::collections::{BTreeMap, BTreeSet};

use ttf_parser::{Face, RawFace, Tag};

/// The `@font-face` rule with the characters of a text; empty if the font could not be cut.
pub fn font_face(family: &str, data: &[u8], text: &str) -> String {
    let chars: BTreeSet<char> = text.chars().filter(|c| !c.is_control()).collect();
    let Some(font) = cut(data, &chars) else { return String::new() };
    format!("@font-face{{font-family:'{family}';src:url(data:font/ttf;base64,{})}}", base64(&font))
}

/// The font with the glyphs of some characters only.
fn cut(data: &[u8], chars: &BTreeSet<char>) -> Option<Vec<u8>> {
    let (raw, face) = (RawFace::parse(data, 0).ok()?, Face::parse(data, 0).ok()?);
    let table = |name: &[u8; 4]| raw.table(Tag::from_bytes(name));
    let wanted: Vec<(char, u16)> =
        chars.iter().filter_map(|&c| face.glyph_index(c).map(|glyph| (c, glyph.0))).collect();
    let glyphs = Glyphs::gather(&raw, wanted.iter().map(|(_, glyph)| *glyph))?;
    let count = u16::try_from(glyphs.order.len()).ok()?;
    let (glyf, loca) = glyphs.tables()?;
    let mut head = table(b"head")?.to_vec();
    put(&mut head, 8, &[0; 4])?;
    put(&mut head, 50, &1u16.to_be_bytes())?;
    let mut hhea = table(b"hhea")?.to_vec();
    put(&mut hhea, 34, &count.to_be_bytes())?;
    let mut maxp = table(b"maxp")?.to_vec();
    put(&mut maxp, 4, &count.to_be_bytes())?;
    let mut post = vec![0, 3, 0, 0];
    post.resize(32, 0);
    let tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::from([
        (*b"OS/2", table(b"OS/2")?.to_vec()),
        (*b"cmap", cmap(&wanted, &glyphs.place)),
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", hhea),
        (*b"hmtx", hmtx(&face, &glyphs.order)),
        (*b"loca", loca),
        (*b"maxp", maxp),
        (*b"name", table(b"name")?.to_vec()),
        (*b"post", post),
    ]);
    Some(file(&tables))
}

fn put(table: &mut [u8], at: usize, bytes: &[u8]) -> Option<()> {
    table.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
    Some(())
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

/// The glyphs that are kept, and the number each gets.
struct Glyphs<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    long: bool,
    order: Vec<u16>,
    place: BTreeMap<u16, u16>,
}

impl<'a> Glyphs<'a> {
    fn gather(raw: &RawFace<'a>, wanted: impl Iterator<Item = u16>) -> Option<Self> {
        let table = |name: &[u8; 4]| raw.table(Tag::from_bytes(name));
        let (glyf, loca) = (table(b"glyf")?, table(b"loca")?);
        let long = short(table(b"head")?, 50)? != 0;
        let mut glyphs = Self { glyf, loca, long, order: vec![], place: BTreeMap::new() };
        glyphs.keep(0);
        wanted.for_each(|glyph| glyphs.keep(glyph));
        let mut next = 0;
        while let Some(&glyph) = glyphs.order.get(next) {
            next += 1;
            for at in parts(glyphs.data(glyph)?) {
                let part = short(glyphs.data(glyph)?, at)?;
                glyphs.keep(part);
            }
        }
        Some(glyphs)
    }

    fn keep(&mut self, glyph: u16) {
        let next = self.order.len() as u16;
        if let std::collections::btree_map::Entry::Vacant(free) = self.place.entry(glyph) {
            free.insert(next);
            self.order.push(glyph);
        }
    }

    fn data(&self, glyph: u16) -> Option<&'a [u8]> {
        let offset = |at: usize| {
            if self.long {
                let bytes = self.loca.get(at * 4..at * 4 + 4)?;
                bytes.try_into().ok().map(|bytes| u32::from_be_bytes(bytes) as usize)
            } else {
                short(self.loca, at * 2).map(|half| usize::from(half) * 2)
            }
        };
        self.glyf.get(offset(usize::from(glyph))?..offset(usize::from(glyph) + 1)?)
    }

    /// `glyf` and `loca`, the parts of glyphs under their new numbers.
    fn tables(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (mut glyf, mut loca) = (Vec::new(), vec![0; 4]);
        for &glyph in &self.order {
            let mut data = self.data(glyph)?.to_vec();
            for at in parts(self.data(glyph)?) {
                let part = self.place.get(&short(&data, at)?)?;
                put(&mut data, at, &part.to_be_bytes())?;
            }
            glyf.extend(data);
            glyf.resize(glyf.len().next_multiple_of(4), 0);
            loca.extend((glyf.len() as u32).to_be_bytes());
        }
        Some((glyf, loca))
    }
}

/// Where the numbers of a glyph's parts stand; none for a glyph with outlines of its own.
fn parts(data: &[u8]) -> Vec<usize> {
    const WORDS: u16 = 1;
    const MORE: u16 = 0x20;
    let mut out = Vec::new();
    if short(data, 0).is_none_or(|contours| contours < 0x8000) {
        return out;
    }
    let mut at = 10;
    while let Some(flags) = short(data, at) {
        out.push(at + 2);
        let scale = match flags & 0xC8 {
            0x08 => 2,
            0x40 => 4,
            0x80 => 8,
            _ => 0,
        };
        at += 4 + if flags & WORDS != 0 { 4 } else { 2 } + scale;
        if flags & MORE == 0 {
            break;
        }
    }
    out
}

fn hmtx(face: &Face<'_>, order: &[u16]) -> Vec<u8> {
    let mut out = Vec::new();
    for &glyph in order {
        let glyph = ttf_parser::GlyphId(glyph);
        out.extend(face.glyph_hor_advance(glyph).unwrap_or(0).to_be_bytes());
        out.extend(face.glyph_hor_side_bearing(glyph).unwrap_or(0).to_be_bytes());
    }
    out
}

/// A character map of format 12, one group a character.
fn cmap(wanted: &[(char, u16)], place: &BTreeMap<u16, u16>) -> Vec<u8> {
    let mut out = Vec::new();
    for half in [0u16, 1, 3, 10] {
        out.extend(half.to_be_bytes());
    }
    out.extend(12u32.to_be_bytes());
    out.extend([0, 12, 0, 0]);
    let groups = wanted.len() as u32;
    for word in [16 + 12 * groups, 0, groups] {
        out.extend(word.to_be_bytes());
    }
    for (c, glyph) in wanted {
        let (code, glyph) = (u32::from(*c), place.get(glyph).copied().unwrap_or(0));
        for word in [code, code, u32::from(glyph)] {
            out.extend(word.to_be_bytes());
        }
    }
    out
}

/// The file: its directory, then its tables.
fn file(tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = tables.len() as u16;
    let power = count.ilog2() as u16;
    let mut out = vec![0, 1, 0, 0];
    for half in [count, 16 << power, power, (count - (1 << power)) * 16] {
        out.extend(half.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (name, table) in tables {
        out.extend(name);
        for word in [sum(table), offset as u32, table.len() as u32] {
            out.extend(word.to_be_bytes());
        }
        offset += table.len().next_multiple_of(4);
    }
    for table in tables.values() {
        out.extend(table);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn sum(table: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut bytes = [0; 4];
        bytes.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        u32::from_be_bytes(bytes)
    };
    table.chunks(4).map(word).fold(0, u32::wrapping_add)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| three.get(at).copied().map_or(0, u32::from);
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let six = (word >> (18 - 6 * digit) & 63) as usize;
            out.push(if digit <= three.len() { char::from(DIGITS[six]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::font;
    use super::*;

    #[test]
    fn base64_is_as_everybody_has_it() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
    }

    #[test]
    fn a_cut_font_has_its_characters_as_wide_and_as_drawn_as_before() {
        let text = "保护伞 é Ệ A→·⟦";
        let font = cut(font::DATA, &text.chars().collect()).unwrap();
        assert!(font.len() < 20_000, "{}", font.len());
        let (small, whole) = (Face::parse(&font, 0).unwrap(), Face::parse(font::DATA, 0).unwrap());
        for c in text.chars() {
            let (a, b) = (small.glyph_index(c).unwrap(), whole.glyph_index(c).unwrap());
            assert_eq!(small.glyph_hor_advance(a), whole.glyph_hor_advance(b), "{c}");
            assert_eq!(small.glyph_bounding_box(a), whole.glyph_bounding_box(b), "{c}");
        }
        assert!(small.glyph_index('国').is_none());
    }
}
