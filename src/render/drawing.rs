//! Cards, ties, labels and boxes as SVG. Positions come from [`super::layout`].

use super::layout::cards::{FIELD, NAME, NAME_LINE, PAD, SUB, SUB_LINE};
use super::layout::geometry::{along, length};
use super::layout::{Course, GroupBox, Label, Layout, Pt, Rect, STRIP_SIZE, labels};
use super::markup::{Anchor, Markup, Type, id, number, point};
use super::scene::{Arrow, Emphasis, Line, Node, Part, Scene, Symbol, Tie};
use super::style::{self, INK, PALE, PAPER, RULE, SOFT, Style};
use super::{symbols, text};
use crate::model::Layer;

/// How far bent courses are rounded at corners.
const ROUND: f64 = 9.0;

/// Draws a scene's places: boxes, then ties, then cards, then labels over all.
pub fn draw(out: &mut Markup, scene: &Scene, places: &Layout, style: Style) {
    places.boxes.iter().for_each(|group| frame(out, scene, group));
    for (i, tie) in scene.ties().iter().enumerate() {
        tie_line(out, scene, tie, &places.courses[i], places.labels[i].as_ref(), style);
    }
    places.boxes.iter().for_each(|group| strip(out, group));
    for (i, node) in scene.nodes().iter().enumerate() {
        card(out, node, places, i, style);
    }
    for (tie, place) in scene.ties().iter().zip(&places.labels) {
        place.iter().for_each(|place| label(out, tie, place, style));
    }
}

fn frame(out: &mut Markup, scene: &Scene, group: &GroupBox) {
    out.open("g", &[("id", &id('g', &scene.groups[group.group].key))]);
    out.rect(&group.rect, 7.0, &[("fill", PALE), ("stroke", RULE), ("stroke-width", "1")]);
    out.close();
}

/// The name of a box, over the ties that may pass it.
fn strip(out: &mut Markup, group: &GroupBox) {
    out.rect(&group.strip.grown(-1.5), 2.0, &[("fill", PALE), ("fill-opacity", "0.92")]);
    let base = group.strip.y + group.strip.h / 2.0 + STRIP_SIZE * 0.36;
    out.text(group.strip.x + 4.0, base, Type::plain(STRIP_SIZE, SOFT).bold(), &group.name);
}

fn tie_line(
    out: &mut Markup,
    scene: &Scene,
    tie: &Tie,
    course: &Course,
    label: Option<&Label>,
    style: Style,
) {
    let points = course.points();
    if points.len() < 2 {
        return;
    }
    let (colour, width) = (style.tie(tie.line, tie.layer), style::width(tie.line, tie.voices));
    let name = |at: super::scene::At| text::label(&scene.nodes()[at.0].name);
    out.open("g", &[("id", &id('t', &tie.key)), ("class", "tie")]);
    let (ends, label_text) = (format!("{} – {}", name(tie.from), name(tie.to)), text::label(&tie.label));
    out.title(&if label_text.is_empty() { ends } else { format!("{ends} · {label_text}") });
    let head = 5.5 + width * 1.7;
    let cut = |wanted: bool| if wanted { head * 0.8 } else { 0.0 };
    let (back, forward) = match tie.arrow {
        Arrow::None => (false, false),
        Arrow::Forward => (false, true),
        Arrow::Back => (true, false),
        Arrow::Both => (true, true),
    };
    let d = path(&shortened(course, cut(back), cut(forward)));
    let dashes = style::dashes(tie.line, width);
    let cap = if dashes.starts_with("0.1") { "round" } else { "" };
    let width = number(width);
    let look = [("stroke", colour), ("stroke-width", &width), ("fill", "none")];
    out.leaf(
        "path",
        &[&[("d", d.as_str()), ("stroke-dasharray", &dashes), ("stroke-linecap", cap)], &look[..]].concat(),
    );
    let last = points.len() - 1;
    if forward {
        arrow_head(out, points[last - 1], points[last], head, colour);
    }
    if back {
        arrow_head(out, points[1], points[0], head, colour);
    }
    if style == Style::Print && tie.line != Line::Inferred {
        marks(out, tie, &points, label);
    }
    if tie.line == Line::Refuted {
        cross(out, &points, label, style);
    }
    out.close();
}

/// The marks of a tie's layer along its line, in black and white: at even distances, none under its label. A
/// short line has one between its label and an end.
fn marks(out: &mut Markup, tie: &Tie, points: &[Pt], label: Option<&Label>) {
    const EACH: f64 = 56.0;
    const ASIDE: [f64; 4] = [0.25, 0.75, 0.15, 0.85];
    let free = |at: &Pt| label.is_none_or(|label| !label.rect.grown(4.0).meets(&Rect::around(*at, 1.0, 1.0)));
    let place = |part: f64| Some(along(points, part).0).filter(free);
    let count = (length(points) / EACH).floor().max(1.0);
    let mut places: Vec<Pt> = (0..count as usize).filter_map(|k| place((k as f64 + 0.5) / count)).collect();
    if places.is_empty() {
        places.extend(ASIDE.into_iter().find_map(place));
    }
    places.into_iter().for_each(|at| layer_mark(out, tie.layer, at));
}

/// The mark of a layer in black and white.
pub fn layer_mark(out: &mut Markup, layer: Layer, at: Pt) {
    let Some((d, filled)) = style::mark(layer) else { return };
    let ink = "#222222";
    let place = format!("translate({} {})", number(at.x), number(at.y));
    let fill = if filled { ink } else { PAPER };
    out.leaf(
        "path",
        &[("transform", &place), ("d", d), ("fill", fill), ("stroke", ink), ("stroke-width", "1.1")],
    );
}

/// The star of what the picture is about, in black and white.
pub fn star(out: &mut Markup, at: Pt) {
    let place = format!("translate({} {})", number(at.x), number(at.y));
    let look = [("fill", "#222222"), ("stroke", PAPER), ("stroke-width", "1")];
    out.leaf("path", &[&[("transform", place.as_str()), ("d", style::STAR)], &look[..]].concat());
}

/// A course cut short at its ends, to make room for heads.
fn shortened(course: &Course, start: f64, end: f64) -> Course {
    let toward = |from: Pt, to: Pt, by: f64| from.toward(to, (by / from.far(to).max(1e-9)).min(0.9));
    match course {
        Course::Straight(a, b) => Course::Straight(toward(*a, *b, start), toward(*b, *a, end)),
        Course::Bow(a, c, b) => Course::Bow(toward(*a, *c, start), *c, toward(*b, *c, end)),
        Course::Bent(points) => {
            let mut out = points.clone();
            let last = out.len().saturating_sub(1);
            if last > 0 {
                out[0] = toward(points[0], points[1], start);
                out[last] = toward(points[last], points[last - 1], end);
            }
            Course::Bent(out)
        }
    }
}

fn path(course: &Course) -> String {
    match course {
        Course::Straight(a, b) => format!("M{}L{}", point(*a), point(*b)),
        Course::Bow(a, c, b) => format!("M{}Q{} {}", point(*a), point(*c), point(*b)),
        Course::Bent(points) => bent(points),
    }
}

fn bent(points: &[Pt]) -> String {
    let mut d = points.first().map_or(String::new(), |first| format!("M{}", point(*first)));
    for three in points.windows(3) {
        let near = |other: Pt| {
            let far = three[1].far(other).max(1e-9);
            three[1].toward(other, (ROUND / far).min(0.5))
        };
        d += &format!("L{}Q{} {}", point(near(three[0])), point(three[1]), point(near(three[2])));
    }
    points.last().map_or(d.clone(), |last| format!("{d}L{}", point(*last)))
}

fn arrow_head(out: &mut Markup, from: Pt, tip: Pt, size: f64, colour: &str) {
    let far = from.far(tip).max(1e-9);
    let (dx, dy) = ((tip.x - from.x) / far, (tip.y - from.y) / far);
    let base = Pt::new(tip.x - dx * size, tip.y - dy * size);
    let side = |by: f64| Pt::new(base.x - dy * by, base.y + dx * by);
    let d = format!("M{}L{}L{}z", point(tip), point(side(size * 0.38)), point(side(-size * 0.38)));
    out.leaf("path", &[("d", &d), ("fill", colour)]);
}

/// The cross of a disproved tie: at its label's side, else in the middle of its line.
fn cross(out: &mut Markup, points: &[Pt], label: Option<&Label>, style: Style) {
    let beside = label.map(|label| Pt::new(label.rect.x - 5.0, label.rect.middle().y));
    let at = beside.unwrap_or_else(|| along(points, 0.5).0);
    let ink = if style == Style::Print { "#222222" } else { SOFT };
    out.line(Pt::new(at.x - 4.5, at.y - 4.5), Pt::new(at.x + 4.5, at.y + 4.5), ink, 1.4);
    out.line(Pt::new(at.x - 4.5, at.y + 4.5), Pt::new(at.x + 4.5, at.y - 4.5), ink, 1.4);
}

fn card(out: &mut Markup, node: &Node, places: &Layout, i: usize, style: Style) {
    let (card, rect) = (&places.cards[i], &places.rects[i]);
    let (colour, subject) = (style.node(node), node.emphasis == Emphasis::Subject);
    out.open("g", &[("id", &id('n', &node.key)), ("data-key", &text::label(&node.key)), ("class", "node")]);
    let (name, sub) = (text::label(&node.name), text::label(&node.sub));
    out.title(&if sub.is_empty() { name } else { format!("{name} · {sub}") });
    let width = style::frame(node.part)
        + match style {
            Style::Colour if subject => 0.6,
            Style::Print if subject => 1.6,
            _ => 0.0,
        };
    if node.part == Part::Official {
        out.rect(&rect.grown(3.0), 7.5, &[("fill", PAPER), ("stroke", colour), ("stroke-width", "1")]);
    }
    let width = number(width);
    out.rect(
        rect,
        5.0,
        &[("fill", style.ground(node.emphasis)), ("stroke", colour), ("stroke-width", &width)],
    );
    field(out, node, rect, colour, style);
    let tall = card.name.len() as f64 * NAME_LINE + card.sub.len() as f64 * SUB_LINE;
    let x = rect.x + FIELD + PAD;
    let mut y = rect.y + (rect.h - tall) / 2.0;
    let ink = if node.emphasis == Emphasis::Context { SOFT } else { INK };
    let look = Type { bold: subject, ..Type::plain(NAME, ink) };
    for line in &card.name {
        out.text(x, y + NAME_LINE / 2.0 + NAME * 0.36, look, line);
        y += NAME_LINE;
    }
    for line in &card.sub {
        out.text(x, y + SUB_LINE / 2.0 + SUB * 0.36, Type::plain(SUB, SOFT), line);
        y += SUB_LINE;
    }
    badge(out, rect, &card.badge);
    if subject && style == Style::Print {
        star(out, Pt::new(rect.x, rect.y));
    }
    out.close();
}

/// The coloured field at the left of a card, with its symbol.
fn field(out: &mut Markup, node: &Node, rect: &Rect, colour: &str, style: Style) {
    let (x, y, h) = (rect.x, rect.y, rect.h);
    let d = format!(
        "M{}h{}v{}h-{}a5 5 0 0 1-5-5v-{}a5 5 0 0 1 5-5z",
        point(Pt::new(x + 5.0, y)),
        number(FIELD - 5.0),
        number(h),
        number(FIELD - 5.0),
        number(h - 10.0)
    );
    let (ground, ink) = if style == Style::Print { ("#e6e6e6", colour) } else { (colour, PAPER) };
    out.leaf("path", &[("d", &d), ("fill", ground)]);
    symbol(out, node.symbol.unwrap_or(Symbol::Person), Pt::new(x + FIELD / 2.0, y + h / 2.0), 19.0, ink);
}

/// A symbol around a point.
pub fn symbol(out: &mut Markup, symbol: Symbol, at: Pt, size: f64, ink: &str) {
    let (x, y) = (number(at.x - size / 2.0), number(at.y - size / 2.0));
    let place = format!("translate({x} {y}) scale({})", number(size / 24.0));
    let d = symbols::path(symbol);
    out.leaf("path", &[("transform", &place), ("d", d), ("fill", ink), ("fill-rule", "evenodd")]);
}

/// The number of those folded into a card, on its upper right corner.
fn badge(out: &mut Markup, rect: &Rect, text: &str) {
    if text.is_empty() {
        return;
    }
    let wide = text::width(text, 9.0) + 9.0;
    let pill = Rect { x: rect.right() - wide + 7.0, y: rect.y - 7.5, w: wide, h: 14.0 };
    out.rect(&pill, 7.0, &[("fill", SOFT), ("stroke", PAPER), ("stroke-width", "1.2")]);
    let look = Type::plain(9.0, PAPER).at(Anchor::Middle);
    out.text(pill.middle().x, pill.middle().y + 3.2, look, text);
}

fn label(out: &mut Markup, tie: &Tie, place: &Label, style: Style) {
    if let Some((from, to)) = place.leader() {
        out.line(from, to, SOFT, 0.6);
    }
    out.rect(&place.rect, 3.0, &[("fill", PAPER), ("fill-opacity", "0.94")]);
    let ink = match tie.line {
        Line::Inferred => style.tie(tie.line, tie.layer),
        Line::Refuted => SOFT,
        _ => INK,
    };
    let bold = tie.bold || place.tag;
    let look = Type { bold, ..Type::plain(labels::SIZE, ink).at(Anchor::Middle) };
    let top = place.rect.y + (place.rect.h - place.lines.len() as f64 * labels::LEADING) / 2.0;
    for (k, line) in place.lines.iter().enumerate() {
        let base = top + (k as f64 + 0.5) * labels::LEADING + labels::SIZE * 0.36;
        out.text(place.rect.middle().x, base, look, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_takes_its_room_from_the_line() {
        let line = Course::Straight(Pt::new(0.0, 0.0), Pt::new(100.0, 0.0));
        assert_eq!(shortened(&line, 0.0, 10.0), Course::Straight(Pt::new(0.0, 0.0), Pt::new(90.0, 0.0)));
        let bent = Course::Bent(vec![Pt::new(0.0, 0.0), Pt::new(0.0, 50.0), Pt::new(50.0, 50.0)]);
        assert_eq!(path(&bent), "M0 0L0 41Q0 50 9 50L50 50");
        assert_eq!(path(&Course::Bent(vec![])), "");
    }

    #[test]
    fn a_short_tie_shows_its_layer_beside_its_label() {
        let tie = Tie::between("t", crate::render::scene::At(0), crate::render::scene::At(1), Layer::Money);
        let label = Label {
            lines: vec!["9".into()],
            rect: Rect::around(Pt::new(30.0, 0.0), 20.0, 12.0),
            leads_to: None,
            tag: false,
        };
        let drawn = |length: f64| {
            let mut out = Markup::default();
            marks(&mut out, &tie, &[Pt::new(0.0, 0.0), Pt::new(length, 0.0)], Some(&label));
            out.finish().0.matches("<path").count()
        };
        assert_eq!((drawn(60.0), drawn(224.0)), (1, 3));
    }
}
