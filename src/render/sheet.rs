//! A sheet of running text: one A4 page, upright, for briefs that are read on paper.
//!
//! Blocks are set one under the other. A sheet that would run over its page is set smaller, and if
//! even that does not help its last table is cut and says so: nothing runs off the page. Start at
//! [`draw`].

use super::font;
use super::layout::{Pt, Rect};
use super::markup::{Anchor, Markup, Type, number};
use super::picture::Picture;
use super::style::{INK, PALE, PAPER, RULE, SOFT};
use super::text;

/// Width of the page: A4 upright at 96 dots an inch.
pub const WIDTH: f64 = 793.7;
/// Height of the page.
pub const HEIGHT: f64 = 1122.5;
const MARGIN: f64 = 48.0;
const TOP: f64 = 44.0;
const FOOT: f64 = 52.0;
const BODY: f64 = 11.0;
/// The longest running text of a block, in graphemes.
const LONG: usize = 600;
/// How much smaller a sheet may be set, step by step.
const SCALES: [f64; 5] = [1.0, 0.94, 0.88, 0.82, 0.76];

/// One block of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The title.
    Title(String),
    /// A line in small grey.
    Small(String),
    /// Lines in a box: the first one heavier.
    Box(Vec<String>),
    /// A heading.
    Heading(String),
    /// A sentence with a number before it.
    Point(String, String),
    /// A sentence with a dot before it.
    Bullet(String),
    /// A table; widths are shares of the page.
    Table(Table),
}

/// A table of short texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The heads.
    pub heads: Vec<String>,
    /// How wide each column is, as a share of the whole.
    pub widths: Vec<f64>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// What stands under the table when it was cut, with `{}` for how many rows are left out.
    pub more: String,
}

/// A whole sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The document's title.
    pub title: String,
    /// The language tag.
    pub lang: String,
    /// The handling line, top and bottom.
    pub handling: String,
    /// The last line.
    pub footer: String,
    /// The blocks.
    pub blocks: Vec<Block>,
}

/// Draws a sheet.
pub fn draw(sheet: &Sheet) -> Picture {
    let fits = |pen: &Pen| pen.y <= HEIGHT - FOOT;
    let mut set = SCALES.iter().map(|&scale| set(sheet, scale, usize::MAX));
    let pen = set.find(fits).unwrap_or_else(|| cut(sheet));
    let (svg, missing) = pen.finish(sheet);
    Picture { svg, title: text::clean(&sheet.title, text::LINE), lang: text::label(&sheet.lang), missing }
}

/// The sheet at its smallest with as many rows of its tables as fit. Blocks that still do not fit
/// are left out.
fn cut(sheet: &Sheet) -> Pen {
    let most =
        sheet.blocks.iter().map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 });
    let most = most.max().unwrap_or(0);
    let smallest = SCALES[SCALES.len() - 1];
    let fitting = (0..most).rev().map(|rows| set(sheet, smallest, rows)).find(|pen| pen.y <= HEIGHT - FOOT);
    fitting.unwrap_or_else(|| set(sheet, smallest, 0))
}

fn set(sheet: &Sheet, scale: f64, rows: usize) -> Pen {
    let mut pen = Pen::new(scale);
    for block in &sheet.blocks {
        pen.block(block, rows);
    }
    pen
}

/// Where the next line goes.
struct Pen {
    out: Markup,
    scale: f64,
    y: f64,
}

impl Pen {
    fn new(scale: f64) -> Self {
        let mut out = Markup::default();
        let view = format!("0 0 {} {}", number(WIDTH), number(HEIGHT));
        out.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("width", "210mm"),
                ("height", "297mm"),
                ("viewBox", &view),
                ("font-family", font::FALLBACK),
                ("font-kerning", "none"),
            ],
        );
        out.rect(&Rect { x: 0.0, y: 0.0, w: WIDTH, h: HEIGHT }, 0.0, &[("fill", PAPER)]);
        Self { out, scale, y: TOP }
    }

    fn finish(mut self, sheet: &Sheet) -> (String, Vec<char>) {
        let line = text::fit(&text::clean(&sheet.handling, text::LINE), 9.5, WIDTH - 2.0 * MARGIN);
        let middle = Type::plain(9.5, INK).bold().at(Anchor::Middle);
        self.out.text(WIDTH / 2.0, 26.0, middle, &line);
        self.out.text(WIDTH / 2.0, HEIGHT - 16.0, middle, &line);
        let foot = text::fit(&text::clean(&sheet.footer, text::LINE), 8.5, WIDTH - 2.0 * MARGIN);
        let y = HEIGHT - FOOT + 8.0;
        self.out.line(Pt::new(MARGIN, y), Pt::new(WIDTH - MARGIN, y), RULE, 1.0);
        self.out.text(MARGIN, y + 13.0, Type::plain(8.5, SOFT), &foot);
        self.out.finish()
    }

    fn block(&mut self, block: &Block, rows: usize) {
        let body = BODY * self.scale;
        match block {
            Block::Title(title) => self.lines(title, Type::plain(19.0 * self.scale, INK).bold(), 0.0, 2),
            Block::Small(line) => self.lines(line, Type::plain(9.5 * self.scale, SOFT), 0.0, 2),
            Block::Heading(heading) => self.heading(heading),
            Block::Box(lines) => self.boxed(lines),
            Block::Point(size, sentence) => self.marked(size, sentence, 46.0 * self.scale, body),
            Block::Bullet(sentence) => self.marked("·", sentence, 14.0 * self.scale, body),
            Block::Table(table) => self.table(table, rows),
        }
    }

    /// A text over the whole width, in at most so many lines.
    fn lines(&mut self, words: &str, look: Type, indent: f64, most: usize) {
        let room = WIDTH - 2.0 * MARGIN - indent;
        for line in text::wrap(&text::clean(words, LONG), look.size, room, most) {
            self.y += look.size * 1.5;
            self.out.text(MARGIN + indent, self.y, look, &line);
        }
    }

    fn heading(&mut self, heading: &str) {
        self.y += 9.0 * self.scale;
        self.lines(heading, Type::plain(12.5 * self.scale, INK).bold(), 0.0, 1);
        let y = self.y + 4.5 * self.scale;
        self.out.line(Pt::new(MARGIN, y), Pt::new(WIDTH - MARGIN, y), RULE, 1.0);
        self.y = y + 1.0;
    }

    /// Lines in a pale box. The box is written before its lines, so its height is reckoned first.
    fn boxed(&mut self, lines: &[String]) {
        let size = BODY * self.scale;
        let room = WIDTH - 2.0 * MARGIN - 24.0;
        let set: Vec<Vec<String>> =
            lines.iter().map(|line| text::wrap(&text::clean(line, LONG), size, room, 3)).collect();
        let count = set.iter().map(Vec::len).sum::<usize>() as f64;
        let tall = count * size * 1.5 + 12.0 * self.scale;
        self.y += 8.0 * self.scale;
        let rect = Rect { x: MARGIN, y: self.y, w: WIDTH - 2.0 * MARGIN, h: tall };
        self.out.rect(&rect, 4.0, &[("fill", PALE), ("stroke", RULE)]);
        self.y += 3.0 * self.scale;
        for (at, line) in
            set.iter().enumerate().flat_map(|(at, lines)| lines.iter().map(move |line| (at, line)))
        {
            self.y += size * 1.5;
            let look = Type::plain(size, INK);
            self.out.text(MARGIN + 12.0, self.y, if at == 0 { look.bold() } else { look }, line);
        }
        self.y = rect.bottom();
    }

    /// A sentence with a mark before it.
    fn marked(&mut self, mark: &str, sentence: &str, indent: f64, size: f64) {
        let y = self.y + size * 1.5;
        let mark = text::label(mark);
        self.out.text(MARGIN + indent - 8.0, y, Type::plain(size, SOFT).at(Anchor::End), &mark);
        self.lines(sentence, Type::plain(size, INK), indent, 4);
    }

    fn table(&mut self, table: &Table, most: usize) {
        let size = 9.0 * self.scale;
        self.y += 8.0 * self.scale;
        self.row(&table.heads, &table.widths, Type::plain(size, SOFT).bold());
        for row in table.rows.iter().take(most) {
            self.row(row, &table.widths, Type::plain(size, INK));
        }
        let left_out = table.rows.len().saturating_sub(most);
        if left_out > 0 {
            let more = table.more.replace("{}", &left_out.to_string());
            self.lines(&more, Type::plain(size, SOFT), 0.0, 1);
        }
    }

    fn row(&mut self, cells: &[String], widths: &[f64], look: Type) {
        self.y += look.size * 1.65;
        let mut x = MARGIN;
        for (cell, share) in cells.iter().zip(widths) {
            let room = share * (WIDTH - 2.0 * MARGIN);
            let cell = text::fit(&text::clean(cell, text::LINE), look.size, room - 8.0);
            self.out.text(x, self.y, look, &cell);
            x += room;
        }
        let y = self.y + look.size * 0.45;
        self.out.line(Pt::new(MARGIN, y), Pt::new(WIDTH - MARGIN, y), RULE, 0.5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Format;

    fn sheet(rows: usize) -> Sheet {
        let row = |at: usize| vec![at.to_string(), "王建国 → 宏达公司: 持股".to_owned()];
        let table = Table {
            heads: vec!["号".to_owned(), "内容".to_owned()],
            widths: vec![0.1, 0.9],
            rows: (1..=rows).map(row).collect(),
            more: "另有 {} 行".to_owned(),
        };
        Sheet {
            title: "t".to_owned(),
            lang: "zh".to_owned(),
            handling: "内部".to_owned(),
            footer: "f".to_owned(),
            blocks: vec![
                Block::Title("题".to_owned()),
                Block::Box(vec!["很可能".to_owned(), "线索".repeat(80)]),
                Block::Heading("理由".to_owned()),
                Block::Point("+1.8".to_owned(), "亲属持股".repeat(40)),
                Block::Bullet("查".to_owned()),
                Block::Table(table),
            ],
        }
    }

    fn lowest(svg: &str) -> f64 {
        let ys = svg.split(" y=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<f64>().ok());
        ys.filter(|y| *y < HEIGHT - FOOT + 21.5 - 0.5 || *y > HEIGHT).fold(0.0, f64::max)
    }

    #[test]
    fn a_short_sheet_is_set_whole_and_a_long_one_says_what_it_left_out() {
        assert!(!draw(&sheet(10)).svg.contains("另有"));
        let long = draw(&sheet(500)).svg;
        assert!(long.contains("另有") && lowest(&long) <= HEIGHT - FOOT, "{}", lowest(&long));
    }

    #[test]
    fn the_same_sheet_gives_the_same_page() {
        let (one, two) = (draw(&sheet(3)), draw(&sheet(3)));
        assert_eq!(one.bytes(Format::Pdf).unwrap(), two.bytes(Format::Pdf).unwrap());
        assert!(one.missing.is_empty(), "{:?}", one.missing);
    }
}
