//! The card of each node: how its texts break, and how large it is.

use super::super::scene::{Emphasis, Node, Scene};
use super::super::text;

/// Size of a name.
pub const NAME: f64 = 12.5;
/// Size of what stands under it.
pub const SUB: f64 = 10.0;
/// Width of the coloured field with the symbol.
pub const FIELD: f64 = 30.0;
/// Space between field and text, and right of the text.
pub const PAD: f64 = 8.0;
/// Height of a line of the name.
pub const NAME_LINE: f64 = 16.0;
/// Height of a line under it.
pub const SUB_LINE: f64 = 13.0;

const WIDEST: f64 = 138.0;
const NARROWEST: f64 = 44.0;
const UPRIGHT: f64 = 6.0;
const LOWEST: f64 = 34.0;

/// A card, not yet placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The lines of the name.
    pub name: Vec<String>,
    /// The lines under it.
    pub sub: Vec<String>,
    /// The badge with the number of those folded in; empty for none.
    pub badge: String,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// The card of a node.
pub fn card(node: &Node) -> Card {
    let widest = if node.emphasis == Emphasis::Subject { WIDEST + 16.0 } else { WIDEST };
    let name = balanced(&text::label(&node.name), NAME, widest);
    let sub = balanced(&text::label(&node.sub), SUB, widest);
    let wide = |lines: &[String], size| lines.iter().map(|line| text::width(line, size)).fold(0.0, f64::max);
    let inner = wide(&name, NAME).max(wide(&sub, SUB)).max(NARROWEST);
    let tall = name.len() as f64 * NAME_LINE + sub.len() as f64 * SUB_LINE + 2.0 * UPRIGHT;
    let badge = if node.folded > 0 { format!("+{}", node.folded) } else { String::new() };
    Card { name, sub, badge, w: (FIELD + 2.0 * PAD + inner).ceil(), h: tall.max(LOWEST) }
}

/// A text in one line if it fits, else in two of like width.
fn balanced(text: &str, size: f64, widest: f64) -> Vec<String> {
    let lines = text::wrap(text, size, widest, 2);
    if lines.len() < 2 || lines[1].ends_with('…') {
        return lines;
    }
    let half = text::width(text, size) / 2.0;
    let tries =
        [1.02, 1.1, 1.2, 1.35, 1.5].map(|share| text::wrap(text, size, (half * share).min(widest), 2));
    tries.into_iter().find(|lines| !lines.iter().any(|line| line.ends_with('…'))).unwrap_or(lines)
}

/// The cards of a scene, in its order.
pub fn cards(scene: &Scene) -> Vec<Card> {
    scene.nodes().iter().map(card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_as_wide_as_its_text_but_no_wider_than_the_limit() {
        let short = card(&Node { name: "王伟".to_owned(), ..Node::default() });
        let long = card(&Node { name: "王".repeat(500), sub: "局长".repeat(90), ..Node::default() });
        assert!(short.w < long.w && long.w <= FIELD + 2.0 * PAD + WIDEST + 1.0);
        assert_eq!((long.name.len(), long.sub.len()), (2, 2));
        assert!(short.badge.is_empty());
    }
}
