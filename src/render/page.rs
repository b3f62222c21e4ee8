//! The page: A4 landscape, with title, drawing, source table, legend, notes and footer.
//!
//! The drawing is made as large as it needs and then scaled to what the rest leaves; nothing of
//! the rest lies over it. Start at [`page`].

use super::drawing::{self, symbol};
use super::font;
use super::layout::{Pt, Rect, layout};
use super::markup::{Anchor, Markup, Type, number};
use super::scene::{Emphasis, Entry, Line, Mark, Part, Scene};
use super::style::{self, INK, PALE, PAPER, RULE, SOFT, Style};
use super::text;
use crate::model::Layer;

/// Width of the page: A4 landscape at 96 dots an inch.
pub const WIDTH: f64 = 1122.5;
/// Height of the page.
pub const HEIGHT: f64 = 793.7;

const MARGIN: f64 = 32.0;
const HEAD: f64 = 84.0;
const FOOT: f64 = 46.0;
const TABLE: f64 = 240.0;
const LARGEST: f64 = 1.25;
const ENTRY: f64 = 20.0;
const SMALL: f64 = 9.5;
const NOTE: f64 = 9.5;

/// The whole picture as SVG, and the characters its font lacks.
pub fn page(scene: &Scene, style: Style) -> (String, Vec<char>) {
    framed(scene, style, |out, area| picture(out, scene, area, style))
}

/// The page of a scene with something else drawn in the area left by head, foot, notes, legend and
/// source table.
pub fn framed(scene: &Scene, style: Style, draw: impl FnOnce(&mut Markup, &Rect)) -> (String, Vec<char>) {
    let mut out = Markup::default();
    let size = format!("0 0 {} {}", number(WIDTH), number(HEIGHT));
    let lang = text::label(&scene.lang);
    out.open(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("width", "297mm"),
            ("height", "210mm"),
            ("viewBox", &size),
            ("font-family", font::FALLBACK),
            ("font-kerning", "none"),
            ("lang", &lang),
            ("role", "img"),
        ],
    );
    out.title(&text::clean(&scene.title, text::LINE));
    out.rect(&Rect { x: 0.0, y: 0.0, w: WIDTH, h: HEIGHT }, 0.0, &[("fill", PAPER)]);
    head(&mut out, scene);
    foot(&mut out, scene);
    let body = Rect { x: MARGIN, y: HEAD, w: WIDTH - 2.0 * MARGIN, h: HEIGHT - HEAD - FOOT };
    let body = notes(&mut out, scene, body);
    let body = legend(&mut out, scene, body, style);
    let body = table(&mut out, scene, body);
    draw(&mut out, &body);
    out.finish()
}

fn head(out: &mut Markup, scene: &Scene) {
    handling(out, scene, 20.0);
    let counts = text::fit(&text::clean(&scene.counts, text::LINE), 10.5, 380.0);
    let room = WIDTH - 2.0 * MARGIN;
    let title = text::fit(&text::clean(&scene.title, text::LINE), 19.0, room);
    out.text(MARGIN, 47.0, Type::plain(19.0, INK).bold(), &title);
    let room = room - text::width(&counts, 10.5) - 24.0;
    let subtitle = text::fit(&text::clean(&scene.subtitle, text::LINE), 10.5, room);
    out.text(MARGIN, 66.0, Type::plain(10.5, SOFT), &subtitle);
    out.text(WIDTH - MARGIN, 66.0, Type::plain(10.5, SOFT).at(Anchor::End), &counts);
    out.line(Pt::new(MARGIN, 75.5), Pt::new(WIDTH - MARGIN, 75.5), RULE, 1.0);
}

fn handling(out: &mut Markup, scene: &Scene, y: f64) {
    let line = text::fit(&text::clean(&scene.handling, text::LINE), SMALL, WIDTH - 2.0 * MARGIN);
    out.text(WIDTH / 2.0, y, Type::plain(SMALL, INK).bold().at(Anchor::Middle), &line);
}

fn foot(out: &mut Markup, scene: &Scene) {
    let y = HEIGHT - FOOT + 10.0;
    out.line(Pt::new(MARGIN, y), Pt::new(WIDTH - MARGIN, y), RULE, 1.0);
    let line = text::fit(&text::clean(&scene.footer, text::LINE), 8.5, WIDTH - 2.0 * MARGIN);
    out.text(MARGIN, y + 13.0, Type::plain(8.5, SOFT), &line);
    handling(out, scene, HEIGHT - 10.0);
}

/// The notes at the bottom of an area; what is left of it.
fn notes(out: &mut Markup, scene: &Scene, area: Rect) -> Rect {
    const LEADING: f64 = 14.0;
    let lines: Vec<String> = scene.notes.iter().map(|note| text::clean(note, text::LINE)).collect();
    let lines: Vec<String> =
        lines.iter().flat_map(|note| text::wrap(note, NOTE, area.w, 2)).take(5).collect();
    let tall = lines.len() as f64 * LEADING;
    for (k, line) in lines.iter().enumerate() {
        let y = area.bottom() - tall + k as f64 * LEADING + 11.0;
        out.text(area.x, y, Type::plain(NOTE, SOFT), line);
    }
    Rect { h: area.h - tall - if lines.is_empty() { 0.0 } else { 4.0 }, ..area }
}

/// The legend in a strip at the bottom of an area; what is left of it.
fn legend(out: &mut Markup, scene: &Scene, area: Rect, style: Style) -> Rect {
    let shown: Vec<&Entry> = scene.legend.iter().filter(|entry| shows(entry.mark, style)).collect();
    if shown.is_empty() {
        return area;
    }
    let title = text::label(&scene.legend_title);
    let first = area.x + 10.0 + if title.is_empty() { 0.0 } else { text::width(&title, SMALL) + 16.0 };
    let (mut x, mut row) = (first, 0.0);
    let mut places = Vec::new();
    for entry in shown {
        let name = text::fit(&text::label(&entry.text), SMALL, 220.0);
        let wide = sample(entry.mark) + 6.0 + text::width(&name, SMALL) + 18.0;
        if x + wide > area.right() && x > first {
            (x, row) = (first, row + 1.0);
        }
        places.push((x, row, entry.mark, name));
        x += wide;
    }
    let tall = (row + 1.0) * ENTRY + 8.0;
    let top = area.bottom() - tall;
    out.rect(&Rect { y: top, h: tall, ..area }, 4.0, &[("fill", PALE)]);
    let middle = |row: f64| top + 4.0 + (row + 0.5) * ENTRY;
    out.text(area.x + 10.0, middle(0.0) + SMALL * 0.36, Type::plain(SMALL, INK).bold(), &title);
    for (x, row, mark, name) in places {
        draw_mark(out, mark, Pt::new(x, middle(row)), style);
        out.text(x + sample(mark) + 6.0, middle(row) + SMALL * 0.36, Type::plain(SMALL, INK), &name);
    }
    Rect { h: area.h - tall - 8.0, ..area }
}

fn shows(mark: Mark, style: Style) -> bool {
    // In print, layers are told by words and the subject by a heavier frame.
    !matches!(mark, Mark::Layer(_) | Mark::Subject) || style == Style::Colour
}

/// The width of a mark's sample.
fn sample(mark: Mark) -> f64 {
    match mark {
        Mark::Symbol(_) => 15.0,
        Mark::Layer(_) => 12.0,
        Mark::Frame(_) | Mark::Subject | Mark::Context | Mark::Folded => 22.0,
        Mark::Line(_) | Mark::Width => 34.0,
    }
}

fn draw_mark(out: &mut Markup, mark: Mark, at: Pt, style: Style) {
    let wide = sample(mark);
    let end = Pt::new(at.x + wide, at.y);
    let card = Rect { x: at.x, y: at.y - 6.5, w: wide, h: 13.0 };
    match mark {
        Mark::Symbol(of) => symbol(out, of, Pt::new(at.x + 7.5, at.y), 15.0, style.symbol(of)),
        Mark::Layer(of) => {
            let colour = style.layer(of).unwrap_or(INK);
            out.rect(&Rect { x: at.x, y: at.y - 2.0, w: wide, h: 4.0 }, 2.0, &[("fill", colour)]);
        }
        Mark::Frame(part) => mark_frame(out, part, &card, style),
        Mark::Subject => out.rect(&card, 3.0, &[("fill", style.ground(Emphasis::Subject)), ("stroke", INK)]),
        Mark::Context => out.rect(&card, 3.0, &[("fill", "#eceff1"), ("stroke", "#8b95a1")]),
        Mark::Folded => {
            let pill = Rect { y: at.y - 6.5, h: 13.0, ..card };
            out.rect(&pill, 6.5, &[("fill", SOFT)]);
            let look = Type::plain(8.5, PAPER).at(Anchor::Middle);
            out.text(pill.middle().x, at.y + 3.1, look, "+n");
        }
        Mark::Line(line) => mark_line(out, line, at, end, style),
        Mark::Width => {
            out.line(
                Pt::new(at.x, at.y - 4.0),
                Pt::new(end.x, at.y - 4.0),
                SOFT,
                style::width(Line::Confirmed, 1),
            );
            out.line(
                Pt::new(at.x, at.y + 3.0),
                Pt::new(end.x, at.y + 3.0),
                SOFT,
                style::width(Line::Confirmed, 4),
            );
        }
    }
}

fn mark_frame(out: &mut Markup, part: Part, card: &Rect, style: Style) {
    let of = if part == Part::Official { super::scene::Symbol::Official } else { super::scene::Symbol::Gang };
    let colour = style.symbol(of);
    let width = number(style::frame(part));
    if part == Part::Official {
        out.rect(card, 4.0, &[("fill", PAPER), ("stroke", colour), ("stroke-width", "1")]);
        out.rect(&card.grown(-2.6), 2.0, &[("fill", PAPER), ("stroke", colour), ("stroke-width", &width)]);
    } else {
        out.rect(&card.grown(-1.0), 3.0, &[("fill", PAPER), ("stroke", colour), ("stroke-width", &width)]);
    }
}

fn mark_line(out: &mut Markup, line: Line, a: Pt, b: Pt, style: Style) {
    let layer = if line == Line::Inferred { Layer::Identity } else { Layer::Finding };
    let width = style::width(line, 1);
    let dashes = style::dashes(line, width);
    let cap = if dashes.starts_with("0.1") { "round" } else { "" };
    let d = format!("M{} {}L{} {}", number(a.x), number(a.y), number(b.x), number(b.y));
    let (colour, width) = (style.tie(line, layer), number(width));
    out.leaf(
        "path",
        &[
            ("d", &d),
            ("stroke", colour),
            ("stroke-width", &width),
            ("stroke-dasharray", &dashes),
            ("stroke-linecap", cap),
            ("fill", "none"),
        ],
    );
    if line == Line::Refuted {
        let at = a.toward(b, 0.5);
        out.line(Pt::new(at.x - 4.0, at.y - 4.0), Pt::new(at.x + 4.0, at.y + 4.0), SOFT, 1.3);
        out.line(Pt::new(at.x - 4.0, at.y + 4.0), Pt::new(at.x + 4.0, at.y - 4.0), SOFT, 1.3);
    }
}

/// The source table at the right of an area; what is left of it.
fn table(out: &mut Markup, scene: &Scene, area: Rect) -> Rect {
    if scene.sources.is_empty() {
        return area;
    }
    let x = area.right() - TABLE;
    out.text(x, area.y + 16.0, Type::plain(10.5, INK).bold(), &text::label(&scene.sources_title));
    out.line(Pt::new(x, area.y + 23.5), Pt::new(area.right(), area.y + 23.5), INK, 0.9);
    let digits = |row: &super::scene::SourceRow| text::width(&text::label(&row.number), SMALL);
    let column = scene.sources.iter().map(digits).fold(14.0, f64::max).min(60.0) + 8.0;
    let mut y = area.y + 27.0;
    for (k, row) in scene.sources.iter().enumerate() {
        let lines = text::wrap(&text::clean(&row.text, text::LINE), SMALL, TABLE - column, 2);
        let detail = text::fit(&text::clean(&row.detail, text::LINE), 8.5, TABLE - column);
        let tall = lines.len() as f64 * 12.5 + if detail.is_empty() { 0.0 } else { 11.5 } + 6.0;
        let last = k + 1 == scene.sources.len();
        if y + tall > area.bottom() - if last { 0.0 } else { 16.0 } {
            let more = scene.more.replace("{}", &(scene.sources.len() - k).to_string());
            out.text(x, y + 12.0, Type::plain(8.5, SOFT), &text::fit(&text::label(&more), 8.5, TABLE));
            break;
        }
        let number = text::fit(&text::label(&row.number), SMALL, column - 6.0);
        out.text(x, y + 11.0, Type::plain(SMALL, INK).bold(), &number);
        for (k, line) in lines.iter().enumerate() {
            out.text(x + column, y + 11.0 + k as f64 * 12.5, Type::plain(SMALL, INK), line);
        }
        let base = y + 10.0 + lines.len() as f64 * 12.5;
        out.text(x + column, base, Type::plain(8.5, SOFT), &detail);
        y += tall;
        out.line(Pt::new(x, y - 1.0), Pt::new(area.right(), y - 1.0), RULE, 0.6);
    }
    Rect { w: area.w - TABLE - 20.0, ..area }
}

/// The drawing, in the middle of an area and as large as it may be.
fn picture(out: &mut Markup, scene: &Scene, area: &Rect, style: Style) {
    let places = layout(scene, (area.w, area.h));
    let lost = places.unlabelled(scene);
    let area = if lost > 0 && !scene.unlabelled.is_empty() {
        let note = scene.unlabelled.replace("{}", &lost.to_string());
        let note = text::fit(&text::clean(&note, text::LINE), NOTE, area.w);
        out.text(area.x, area.bottom() - 4.0, Type::plain(NOTE, SOFT), &note);
        Rect { h: area.h - 18.0, ..*area }
    } else {
        *area
    };
    let extent = places.extent.grown(4.0);
    let scale = (area.w / extent.w).min(area.h / extent.h).min(LARGEST);
    let (mid, centre) = (area.middle(), extent.middle());
    let place = format!(
        "translate({} {}) scale({:.4}) translate({} {})",
        number(mid.x),
        number(mid.y),
        scale,
        number(-centre.x),
        number(-centre.y)
    );
    out.open("g", &[("transform", &place)]);
    drawing::draw(out, scene, &places, style);
    out.close();
}
