//! The page: A4 landscape, with title, drawing, source table, legend, notes and footer.
//!
//! The drawing is made as large as it needs and then scaled to what the rest leaves; nothing of
//! the rest lies over it. Start at [`page`].

use super::drawing::{self, symbol};
use super::font;
use super::layout::{Layout, Pt, Rect, labels, layout};
use super::markup::{Anchor, Markup, Type, number};
use super::scene::{Emphasis, Line, Mark, Part, Scene};
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

/// The least a drawing may be scaled by: the smallest text of it is then printed in 5.5 points.
pub const LEAST: f64 = 5.5 / (0.75 * labels::SIZE);

/// How much a scene's drawing is scaled by on its page. Cost: a layout, or a few.
pub fn scale(scene: &Scene) -> f64 {
    let body = body(&mut Markup::default(), scene, Style::Colour);
    Placed::on(scene, &body).scale
}

/// The whole picture as SVG, and the characters its font lacks.
pub fn page(scene: &Scene, style: Style) -> (String, Vec<char>) {
    framed(scene, style, |out, area| picture(out, scene, area, style))
}

/// The page of a scene with something else drawn in the area left by head, foot, notes and legend.
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
    let body = body(&mut out, scene, style);
    draw(&mut out, &body);
    out.finish()
}

/// Draws notes and legend; the area that is left.
fn body(out: &mut Markup, scene: &Scene, style: Style) -> Rect {
    let body = Rect { x: MARGIN, y: HEAD, w: WIDTH - 2.0 * MARGIN, h: HEIGHT - HEAD - FOOT };
    let body = notes(out, scene, body);
    legend(out, scene, body, style)
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
    if scene.legend.is_empty() {
        return area;
    }
    let title = text::label(&scene.legend_title);
    let first = area.x + 10.0 + if title.is_empty() { 0.0 } else { text::width(&title, SMALL) + 16.0 };
    let (mut x, mut row) = (first, 0.0);
    let mut places = Vec::new();
    for entry in &scene.legend {
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
        Mark::Layer(of) => match style.layer(of) {
            Some(colour) => {
                out.rect(&Rect { x: at.x, y: at.y - 2.0, w: wide, h: 4.0 }, 2.0, &[("fill", colour)]);
            }
            None => drawing::layer_mark(out, of, Pt::new(at.x + wide / 2.0, at.y)),
        },
        Mark::Frame(part) => mark_frame(out, part, &card, style),
        Mark::Subject => {
            out.rect(&card, 3.0, &[("fill", style.ground(Emphasis::Subject)), ("stroke", INK)]);
            if style == Style::Print {
                drawing::star(out, Pt::new(card.x + 1.0, card.y + 1.0));
            }
        }
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

/// A row of the table beside the drawing: a source, or a label that had no room.
struct Row {
    number: String,
    text: String,
    detail: String,
    /// Whether it is a label: that is told to its end.
    label: bool,
}

/// How closely the rows of the table are set: the looser first.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    /// Two lines and a line of detail.
    Loose,
    /// One line and a line of detail.
    Close,
    /// One line.
    Tight,
}

/// A table in its columns at the right of an area: what it holds, and how.
struct Table {
    rows: Vec<Row>,
    /// Sources that have no room.
    left: usize,
    columns: usize,
    set: Set,
}

impl Table {
    /// Columns at most; the widths of one column by how many there are.
    const WIDTHS: [f64; 3] = [TABLE, 205.0, 180.0];
    const GAP: f64 = 14.0;
    const TOP: f64 = 27.0;

    fn wide(&self) -> f64 {
        Self::WIDTHS[self.columns - 1]
    }

    /// What it takes of an area's width, with the space before it.
    fn room(&self) -> f64 {
        self.columns as f64 * (self.wide() + Self::GAP) - Self::GAP + 20.0
    }

    /// The width of the numbers' column.
    fn digits(&self) -> f64 {
        let wide = self.rows.iter().map(|row| text::width(&row.number, SMALL)).fold(14.0, f64::max);
        wide.min(60.0) + 8.0
    }

    fn lines(&self, row: &Row) -> (Vec<String>, String) {
        let wide = self.wide() - self.digits();
        let most = match self.set {
            _ if row.label => 4,
            Set::Loose => 2,
            Set::Close | Set::Tight => 1,
        };
        let text = if most == 1 {
            vec![text::fit(&row.text, SMALL, wide)]
        } else {
            text::wrap(&row.text, SMALL, wide, most)
        };
        let detail = if self.set == Set::Tight { String::new() } else { text::fit(&row.detail, 8.5, wide) };
        (text, detail)
    }

    fn tall(&self, row: &Row) -> f64 {
        let (lines, detail) = self.lines(row);
        let pad = if self.set == Set::Loose { 6.0 } else { 3.5 };
        lines.len() as f64 * 12.5 + if detail.is_empty() { 0.0 } else { 11.5 } + pad
    }

    /// Where each row stands: its column and its height in it; shorter than the rows where some have no room.
    fn places(&self, tall: f64) -> Vec<(usize, f64)> {
        let (mut column, mut y) = (0, Self::TOP);
        let tall = if self.left > 0 { tall - 14.0 } else { tall };
        let mut places = Vec::new();
        for row in &self.rows {
            let high = self.tall(row);
            if y + high > tall && y > Self::TOP {
                (column, y) = (column + 1, Self::TOP);
            }
            if column == self.columns {
                return places;
            }
            places.push((column, y));
            y += high;
        }
        places
    }

    fn fits(&self, tall: f64) -> bool {
        self.places(tall).len() == self.rows.len()
    }

    fn draw(&self, out: &mut Markup, scene: &Scene, area: &Rect) {
        let left = area.right() - self.room() + 20.0;
        let title = text::label(&scene.sources_title);
        out.text(left, area.y + 16.0, Type::plain(10.5, INK).bold(), &title);
        out.line(Pt::new(left, area.y + 23.5), Pt::new(area.right(), area.y + 23.5), INK, 0.9);
        let places = self.places(area.h);
        for (row, &(column, y)) in self.rows.iter().zip(&places) {
            let (x, y) = (left + column as f64 * (self.wide() + Self::GAP), area.y + y);
            let (lines, detail) = self.lines(row);
            let number = text::fit(&row.number, SMALL, self.digits() - 6.0);
            out.text(x, y + 11.0, Type::plain(SMALL, INK).bold(), &number);
            for (k, line) in lines.iter().enumerate() {
                out.text(x + self.digits(), y + 11.0 + k as f64 * 12.5, Type::plain(SMALL, INK), line);
            }
            let base = y + 10.0 + lines.len() as f64 * 12.5;
            out.text(x + self.digits(), base, Type::plain(8.5, SOFT), &detail);
            let under = y + self.tall(row) - 1.0;
            out.line(Pt::new(x, under), Pt::new(x + self.wide(), under), RULE, 0.6);
        }
        let left_out = self.left + self.rows.len() - places.len();
        if left_out > 0 {
            let more = scene.more.replace("{}", &left_out.to_string());
            let more = text::fit(&text::label(&more), 8.5, self.room() - 20.0);
            out.text(left, area.bottom() + 1.0, Type::plain(8.5, SOFT), &more);
        }
    }

    /// Leaves out the last sources, so that the labels and as many sources as may be fit; whether they do.
    fn cut(&mut self, tall: f64) -> bool {
        self.set = Set::Tight;
        while !self.fits(tall) {
            let Some(last) = self.rows.iter().rposition(|row| !row.label) else { return false };
            self.rows.remove(last);
            self.left += 1;
        }
        true
    }
}

/// The rows of a scene's table: its sources, then the labels that had no room on their lines.
fn rows(scene: &Scene, places: &Layout) -> Vec<Row> {
    let clean = |of: &str| text::clean(of, text::LINE);
    let source = |row: &super::scene::SourceRow| Row {
        number: text::label(&row.number),
        text: clean(&row.text),
        detail: clean(&row.detail),
        label: false,
    };
    let tag = |(letter, tie): (&str, &super::scene::Tie)| {
        let name = |at: super::scene::At| scene.nodes().get(at.0).map_or("", |node| node.name.as_str());
        let ends = format!("{} – {}", name(tie.from), name(tie.to));
        Row { number: letter.to_owned(), text: clean(&tie.label), detail: clean(&ends), label: true }
    };
    scene.sources.iter().map(source).chain(places.tags(scene).into_iter().map(tag)).collect()
}

/// Places for the drawing and, beside it, a table of all labels without room and of as many sources as fit
/// one column: the drawing needs its width more than the last sources do.
fn tabled(scene: &Scene, area: &Rect) -> (Layout, Option<Table>) {
    if scene.sources.is_empty() {
        return (layout(scene, (area.w, area.h)), None);
    }
    let mut table = Table { rows: vec![], left: 0, columns: 1, set: Set::Loose };
    loop {
        let places = layout(scene, (area.w - table.room(), area.h));
        table.rows = rows(scene, &places);
        table.left = 0;
        let fits = [Set::Loose, Set::Close, Set::Tight].into_iter().any(|set| {
            table.set = set;
            table.fits(area.h)
        });
        if fits || table.cut(area.h) || table.columns == Table::WIDTHS.len() {
            return (places, Some(table));
        }
        table.columns += 1;
    }
}

/// A drawing on its page: its places, the table beside it, the area it fills and its scale.
struct Placed {
    places: Layout,
    table: Option<Table>,
    area: Rect,
    scale: f64,
}

impl Placed {
    fn on(scene: &Scene, area: &Rect) -> Self {
        let (places, table) = tabled(scene, area);
        let wide = area.w - table.as_ref().map_or(0.0, Table::room);
        // A line at the bottom says how many labels found no place.
        let line = if places.unlabelled(scene) > 0 && !scene.unlabelled.is_empty() { 18.0 } else { 0.0 };
        let area = Rect { w: wide, h: area.h - line, ..*area };
        let extent = places.extent.grown(4.0);
        let scale = (area.w / extent.w).min(area.h / extent.h).min(LARGEST);
        Self { places, table, area, scale }
    }
}

/// The drawing, in the middle of an area and as large as it may be, with its table at the right.
fn picture(out: &mut Markup, scene: &Scene, whole: &Rect, style: Style) {
    let Placed { places, table, area, scale } = Placed::on(scene, whole);
    table.iter().for_each(|table| table.draw(out, scene, whole));
    if area.h < whole.h {
        let note = scene.unlabelled.replace("{}", &places.unlabelled(scene).to_string());
        let note = text::fit(&text::clean(&note, text::LINE), NOTE, area.w);
        out.text(area.x, whole.bottom() - 4.0, Type::plain(NOTE, SOFT), &note);
    }
    let (mid, centre) = (area.middle(), places.extent.middle());
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
