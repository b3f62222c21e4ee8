//! Text before it is drawn: made harmless, measured, cut, wrapped.
//!
//! Everything a picture shows goes through [`clean`] first; nothing here can fail. Start there.

use unicode_segmentation::UnicodeSegmentation;

use super::font;

/// The most a label holds, in graphemes: shaping far longer ones costs seconds.
pub const LABEL: usize = 64;
/// The most a line of running text (title, source) holds.
pub const LINE: usize = 240;
/// A grapheme keeps this many of its characters; the rest are piled-up marks.
const MARKS: usize = 4;
/// No grapheme is looked for beyond this many bytes.
const REACH: usize = 8192;

/// A label made harmless: no control characters, no hidden direction marks, at most [`LABEL`] long.
pub fn label(text: &str) -> String {
    clean(text, LABEL)
}

/// A text with what cannot be drawn taken out, what would turn text around shown as `⟦RLO⟧`, line
/// breaks as spaces, and at most `most` graphemes, the last being `…` where it was cut.
pub fn clean(text: &str, most: usize) -> String {
    let near = &text[..text.floor_char_boundary(REACH)];
    let mut plain = String::new();
    near.chars().for_each(|c| push(&mut plain, c));
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let mut graphemes = plain.graphemes(true);
    for grapheme in graphemes.by_ref().take(most) {
        out.extend(grapheme.chars().take(MARKS));
    }
    let cut = graphemes.next().is_some();
    if cut {
        drop_last(&mut out);
    }
    if cut || near.len() < text.len() {
        out.push('…');
    }
    out
}

fn push(out: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
        _ if hidden(c) => {}
        _ => match direction(c) {
            Some(name) => out.extend(["⟦", name, "⟧"]),
            None => out.push(c),
        },
    }
}

/// Characters that no reader sees: controls, non-characters, zero-width ones, variation selectors, tags.
fn hidden(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || code & 0xFFFE == 0xFFFE
        // What stands for a control character where text is tamed for a terminal.
        || matches!(code, 0x2400..=0x2426)
        || matches!(code, 0xFDD0..=0xFDEF | 0xAD | 0x200B..=0x200D | 0x2060..=0x2064 | 0xFEFF)
        || matches!(code, 0xFE00..=0xFE0F | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF | 0x206A..=0x206F)
        || matches!(code, 0x115F | 0x1160 | 0x3164 | 0xFFA0)
}

/// Marks that turn text around, by the name they are shown under.
fn direction(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{061C}' => "ALM",
        _ => return None,
    })
}

fn drop_last(text: &mut String) {
    if let Some((at, _)) = text.grapheme_indices(true).next_back() {
        text.truncate(at);
    }
}

/// The width of a text at a size.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(font::advance).sum::<f64>() * size
}

/// A text cut to a width, with `…` where it was cut.
pub fn fit(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let room = most - width("…", size);
    let mut out = String::new();
    let mut used = 0.0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme, size);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// A text in at most `lines` lines of a width, cut with `…` at the end of the last.
pub fn wrap(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && out.len() + 1 < lines && width(rest, size) > most {
        let (line, after) = rest.split_at(line_end(rest, size, most));
        out.push(line.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        out.push(fit(rest, size, most));
    }
    out
}

/// Where the first line of a text ends: at the last good place to break, or else anywhere.
fn line_end(text: &str, size: f64, most: f64) -> usize {
    let (mut used, mut good, mut any) = (0.0, 0, 0);
    let mut before: Option<&str> = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        if before.is_some_and(|before| breaks(before, grapheme)) {
            good = at;
        }
        used += width(grapheme, size);
        if used > most && at > 0 {
            break;
        }
        any = at + grapheme.len();
        before = Some(grapheme);
    }
    if good > 0 { good } else { any }
}

/// Whether a line may break between two graphemes.
fn breaks(left: &str, right: &str) -> bool {
    const CLOSING: &str = "，。、；：？！）》」』】〉”’,.;:?!)]}…·%";
    const OPENING: &str = "（《「『【〈“‘([{";
    if CLOSING.contains(right) || OPENING.contains(left) {
        return false;
    }
    let wide = |text: &str| text.chars().next().is_some_and(|c| u32::from(c) >= 0x2E80);
    // A date stays whole: 2019-08-22.
    let digit = right.chars().all(|c| c.is_ascii_digit());
    let hyphen = matches!(left, "-" | "/" | "·" | "–") && !(left == "-" && digit);
    left == " " || right == " " || wide(left) || wide(right) || hyphen
}

/// The characters of a text that the font cannot show.
pub fn missing(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|&c| !c.is_whitespace() && !font::shows(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_turns_text_around_is_shown() {
        assert_eq!(label("abc\u{202E}def"), "abc⟦RLO⟧def");
        assert_eq!(label("\u{2066}x\u{2069}"), "⟦LRI⟧x⟦PDI⟧");
    }

    #[test]
    fn what_cannot_be_drawn_is_taken_out() {
        assert_eq!(label("a\u{0}b\u{1}\u{FFFE}\u{FFFF}\u{1b}[31mc\u{200B}\u{FEFF}"), "ab[31mc");
        assert_eq!(label("  two\nlines\t "), "two lines");
    }

    #[test]
    fn long_texts_and_piled_marks_are_cut() {
        let long = "王".repeat(100_000);
        assert_eq!(label(&long).chars().count(), LABEL);
        let piled = format!("e{}", "\u{301}".repeat(20_000));
        assert!(label(&piled).starts_with('e') && label(&piled).chars().count() <= MARKS + 1);
        assert_eq!(label("王伟"), "王伟");
    }

    #[test]
    fn a_text_breaks_where_a_reader_would() {
        assert_eq!(wrap("Harbour Lane Trading", 10.0, 75.0, 2), ["Harbour Lane", "Trading"]);
        assert_eq!(wrap("江州市宏达建筑工程有限公司", 10.0, 80.0, 2), ["江州市宏达建筑工", "程有限公司"]);
        assert_eq!(wrap("一二三四（五六）", 10.0, 45.0, 2), ["一二三四", "（五六）"]);
    }

    proptest! {
        #[test]
        fn a_fitted_text_fits(text in "\\PC{0,80}", most in 60.0..200.0) {
            prop_assert!(width(&fit(&text, 10.0, most), 10.0) <= most + 1e-6);
            for line in wrap(&text, 10.0, most, 3) {
                prop_assert!(width(&line, 10.0) <= most + 1e-6);
            }
        }

        #[test]
        fn a_clean_text_stays_so(text in any::<String>()) {
            let once = label(&text);
            prop_assert_eq!(label(&once), once);
        }
    }
}
