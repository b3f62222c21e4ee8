//! Colours and lines. Colour never carries confidence: the line's style does.
//!
//! The palette is after Okabe and Ito, darkened for thin lines on white; red is left out, since it
//! would say "guilty". In print everything is grey, and small marks along a line tell its layer.

use super::scene::{Emphasis, Line, Node, Part, Symbol};
use crate::model::Layer;

/// Colour or black and white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// For the screen.
    #[default]
    Colour,
    /// For a black-and-white printer.
    Print,
}

/// Text.
pub const INK: &str = "#1b2430";
/// Text that matters less.
pub const SOFT: &str = "#566170";
/// Rules and frames of the page.
pub const RULE: &str = "#c9d0d8";
/// What stands behind text in boxes.
pub const PALE: &str = "#f5f7f9";
/// Paper.
pub const PAPER: &str = "#ffffff";

const CONTEXT: &str = "#8b95a1";
const INFERRED: &str = "#a0468f";

impl Style {
    /// The field and frame of a node.
    pub fn node(self, node: &Node) -> &'static str {
        match (self, node.emphasis) {
            (Self::Print, Emphasis::Context) => "#9a9a9a",
            (Self::Print, _) => "#3a3a3a",
            (Self::Colour, Emphasis::Context) => CONTEXT,
            (Self::Colour, _) if node.part == Part::Official => symbol(Symbol::Official),
            (Self::Colour, _) if matches!(node.part, Part::Leader | Part::Core | Part::Member) => {
                symbol(Symbol::Gang)
            }
            (Self::Colour, _) => symbol(node.symbol.unwrap_or(Symbol::Person)),
        }
    }

    /// A symbol's colour in a legend.
    pub fn symbol(self, of: Symbol) -> &'static str {
        if self == Self::Print { "#3a3a3a" } else { symbol(of) }
    }

    /// A card's ground.
    pub fn ground(self, emphasis: Emphasis) -> &'static str {
        match (self, emphasis) {
            (Self::Colour, Emphasis::Subject) => "#fff8e6",
            (Self::Colour, Emphasis::Context) | (Self::Print, Emphasis::Context) => "#f6f7f8",
            _ => PAPER,
        }
    }

    /// A tie's colour.
    pub fn tie(self, line: Line, of: Layer) -> &'static str {
        match (self, line) {
            (Self::Print, Line::Inferred) => "#7d7d7d",
            (Self::Print, _) => "#222222",
            (Self::Colour, Line::Inferred) => INFERRED,
            (Self::Colour, Line::Refuted) => CONTEXT,
            (Self::Colour, _) => layer(of),
        }
    }

    /// A layer's colour in a legend; `None` in print, where layers are told by marks.
    pub fn layer(self, of: Layer) -> Option<&'static str> {
        (self == Self::Colour).then(|| layer(of))
    }
}

/// The star at the card of what the picture is about, in black and white: a path around the origin.
pub const STAR: &str = "M0 -6.5L1.6 -2.2L6.2 -2L2.6 0.8L3.8 5.3L0 2.7L-3.8 5.3L-2.6 0.8L-6.2 -2L-1.6 -2.2z";

/// The mark of a layer on a line in black and white: a path around the origin, within 4 of it, and
/// whether it is filled. None for what the line's own style tells.
pub const fn mark(of: Layer) -> Option<(&'static str, bool)> {
    match of {
        Layer::Kinship => Some(("M-3.4 0L0-3.4L3.4 0L0 3.4z", false)),
        Layer::Social => Some(("M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", false)),
        // Not a cross, which says that a tie is disproved.
        Layer::Communication => Some(("M0 3.2L3.2-2.4h-6.4z", true)),
        Layer::Money => Some(("M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z", true)),
        Layer::Duty => Some(("M-2.6-2.6h5.2v5.2h-5.2z", false)),
        Layer::Crime => Some(("M-2.6-2.6h5.2v5.2h-5.2z", true)),
        Layer::Report => Some(("M0-3.2L3.2 2.4h-6.4z", false)),
        Layer::Finding => Some(("M-3.4 0L0-3.4L3.4 0L0 3.4z", true)),
        Layer::Other => Some(("M0-3.4V3.4", false)),
        Layer::Identity => None,
    }
}

fn symbol(of: Symbol) -> &'static str {
    match of {
        Symbol::Official | Symbol::Agency => "#1f5f99",
        Symbol::Gang => "#5d3f86",
        Symbol::Person => "#4a5765",
        Symbol::Company | Symbol::Organisation => "#8a5a12",
        Symbol::Case | Symbol::Lead | Symbol::Document | Symbol::Event => "#6b6257",
        Symbol::Account => "#1d7a64",
        Symbol::Phone => "#35739c",
        Symbol::Vehicle | Symbol::Address => "#5b6b3a",
        Symbol::Fold => "#6d7682",
    }
}

fn layer(of: Layer) -> &'static str {
    match of {
        Layer::Kinship => "#b45f06",
        Layer::Social => "#9a8200",
        Layer::Communication => "#2f78b0",
        Layer::Money => "#0f7f63",
        Layer::Duty => "#5f6b78",
        Layer::Crime => "#5d3f86",
        Layer::Report => "#87705c",
        Layer::Finding => "#1b2430",
        Layer::Other => "#7a828c",
        Layer::Identity => INFERRED,
    }
}

/// The dashes of a line, for a width; empty for none.
pub fn dashes(line: Line, width: f64) -> String {
    match line {
        Line::Confirmed | Line::Refuted => String::new(),
        Line::Unconfirmed => format!("{:.1} {:.1}", 6.0 + width, 3.5 + width * 0.6),
        Line::Tentative | Line::Inferred => format!("0.1 {:.1}", width * 1.2 + 2.8),
    }
}

/// The width of a tie by the number of its independent sources.
pub fn width(line: Line, voices: u32) -> f64 {
    let wide = 1.1 + 0.65 * f64::from(voices.clamp(1, 5));
    if line == Line::Refuted { 1.0 } else { wide }
}

/// The width of a card's frame.
pub fn frame(part: Part) -> f64 {
    match part {
        Part::Plain | Part::Member => 1.2,
        Part::Official => 1.4,
        Part::Core => 2.0,
        Part::Leader => 3.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_colour_says_guilty() {
        let red = |colour: &str| {
            let part = |at: usize| i32::from_str_radix(&colour[at..at + 2], 16).unwrap();
            part(1) > 150 && part(3) < 90 && part(5) < 90 && part(1) > 2 * part(3)
        };
        assert!(Symbol::ALL.iter().all(|&of| !red(symbol(of))));
        assert!(Layer::ALL.iter().all(|&of| !red(layer(of))));
        assert!(red("#cc2222"));
    }

    #[test]
    fn in_print_the_line_alone_tells_how_sure() {
        let mut seen: Vec<_> = Line::ALL
            .map(|line| (dashes(line, 2.0), width(line, 1) > 1.0, Style::Print.tie(line, Layer::Money)))
            .to_vec();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), Line::ALL.len());
    }

    #[test]
    fn in_print_each_layer_has_a_mark_of_its_own() {
        let mut marks: Vec<_> = Layer::ALL.iter().filter_map(|&of| mark(of)).collect();
        assert_eq!(marks.len(), Layer::ALL.len() - 1);
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), Layer::ALL.len() - 1);
    }

    #[test]
    fn more_sources_are_wider_up_to_a_limit() {
        assert!(width(Line::Confirmed, 3) > width(Line::Confirmed, 1));
        assert!(width(Line::Confirmed, 900) < 5.0);
    }
}
