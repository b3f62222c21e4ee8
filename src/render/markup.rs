//! The SVG writer: elements, attributes, text. Hand-written, escaping everything, no scripts.
//!
//! Every text a picture shows goes through [`Markup::text`], which notes the characters the font
//! lacks. Numbers have at most two decimals, so the same places give the same bytes.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::layout::{Pt, Rect};
use super::{font, text};

/// Where a text stands at its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It starts there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Its size.
    pub size: f64,
    /// Its colour.
    pub fill: &'static str,
    /// Heavier, by a thin line around it: the font has one weight.
    pub bold: bool,
    /// Where it stands.
    pub anchor: Anchor,
}

impl Type {
    /// A plain text that starts at its x.
    pub const fn plain(size: f64, fill: &'static str) -> Self {
        Self { size, fill, bold: false, anchor: Anchor::Start }
    }

    /// The same, heavier.
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, with its middle or end at its x.
    pub const fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// An SVG document being written.
#[derive(Default)]
pub struct Markup {
    out: String,
    open: Vec<&'static str>,
    missing: BTreeSet<char>,
}

/// A number as an attribute: two decimals at most, no exponent.
pub fn number(value: f64) -> String {
    let mut out = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    out.truncate(out.trim_end_matches('0').trim_end_matches('.').len());
    if out == "-0" { "0".to_owned() } else { out }
}

/// A text with `& < > "` and `'` escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A key as an id: letters, digits and `-` stay, every other byte is `_` and two hex digits.
pub fn id(kind: char, key: &str) -> String {
    let mut out = format!("{kind}-");
    for byte in text::label(key).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "_{byte:02x}");
            }
        }
    }
    out
}

/// A path of straight pieces or anything else, piece by piece.
pub fn point(pt: Pt) -> String {
    format!("{} {}", number(pt.x), number(pt.y))
}

impl Markup {
    /// Writes an element without content; values are escaped.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>\n");
    }

    /// Opens an element; [`close`](Self::close) closes it.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.out, "<{name}");
        for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(self.out, " {key}=\"{}\"", escape(value));
        }
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = writeln!(self.out, "</{name}>");
        }
    }

    /// A title, which browsers show over its element. The text must be clean.
    pub fn title(&mut self, text: &str) {
        let _ = writeln!(self.out, "<title>{}</title>", escape(text));
    }

    /// A line of text with its base line at y. The text must be clean.
    pub fn text(&mut self, x: f64, y: f64, look: Type, text: &str) {
        if text.is_empty() {
            return;
        }
        self.missing.extend(text::missing(text));
        let anchor = match look.anchor {
            Anchor::Start => "",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let heavy = if look.bold { number(look.size * 0.035) } else { String::new() };
        let stroke = if look.bold { look.fill } else { "" };
        let (x, y, size) = (number(x), number(y), number(look.size));
        self.start(
            "text",
            &[
                ("x", &x),
                ("y", &y),
                ("font-size", &size),
                ("fill", look.fill),
                ("text-anchor", anchor),
                ("stroke", stroke),
                ("stroke-width", &heavy),
            ],
        );
        let _ = writeln!(self.out, ">{}</text>", escape(text));
    }

    /// A box with round corners.
    pub fn rect(&mut self, rect: &Rect, round: f64, attributes: &[(&str, &str)]) {
        let place = [number(rect.x), number(rect.y), number(rect.w), number(rect.h), number(round)];
        let names = ["x", "y", "width", "height", "rx"];
        let mut all: Vec<(&str, &str)> = names.into_iter().zip(place.iter().map(String::as_str)).collect();
        all.extend_from_slice(attributes);
        self.leaf("rect", &all);
    }

    /// Markup that plotters wrote, placed at the corner of an area; it escapes its texts itself.
    pub fn chart(&mut self, inner: &str, area: &Rect, attributes: &[(&str, &str)]) {
        let place = format!("translate({} {})", number(area.x), number(area.y));
        self.start("g", &[&[("transform", place.as_str())], attributes].concat());
        let _ = writeln!(self.out, ">{inner}</g>");
    }

    /// A straight line.
    pub fn line(&mut self, a: Pt, b: Pt, stroke: &str, width: f64) {
        let d = format!("M{}L{}", point(a), point(b));
        self.leaf(
            "path",
            &[("d", &d), ("stroke", stroke), ("stroke-width", &number(width)), ("fill", "none")],
        );
    }

    /// The document with the font it needs, and the characters that font lacks.
    pub fn finish(mut self) -> (String, Vec<char>) {
        while !self.open.is_empty() {
            self.close();
        }
        let rule = font::face_rule(&self.out);
        if let Some(after) = self.out.find('>').filter(|_| self.out.starts_with("<svg")) {
            self.out.insert_str(after + 1, &format!("\n<style>{rule}</style>"));
        }
        (self.out, self.missing.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_is_text() {
        let mut out = Markup::default();
        out.open("svg", &[("data-key", "\"><script>")]);
        out.title("</title><script>alert(1)</script>");
        out.text(1.0, 2.0, Type::plain(9.0, "#000"), "<script>'&");
        let (svg, _) = out.finish();
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.ends_with("</svg>\n"));
    }

    #[test]
    fn numbers_are_short_and_never_odd() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(2.345), "2.35");
        assert_eq!(number(f64::NAN), "0");
    }

    #[test]
    fn ids_differ_where_keys_do() {
        assert_ne!(id('n', "a b"), id('n', "a_b"));
        assert_eq!(id('n', "r-12"), "n-r-12");
    }

    #[test]
    fn what_the_font_lacks_is_told() {
        let mut out = Markup::default();
        out.text(0.0, 0.0, Type::plain(9.0, "#000"), "王𠀀x😀");
        assert_eq!(out.finish().1, ['😀', '𠀀']);
    }
}
